"""Pages of those who issue certificates and look after the list."""

from __future__ import annotations

import re
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.certificates import filters, knowing, listing
from linli.certificates.actions.preparing import reread_body
from linli.certificates.forms import communities
from linli.certificates.models import (
    Certificate,
    Refusal,
    Standing,
    State,
)
from linli.certificates.rules import wording
from linli.kernel import citizen_number
from linli.pages import html
from linli.pages.tables import DateColumn, NumberColumn, Table, TitleColumn
from linli.pages.views import HISTORY_TAB, DetailPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names
from linli.regions.models import Level
from linli.registry.people.models import Person

VIEW, ISSUE = Permission.VIEW_CERTIFICATES, Permission.ISSUE_CERTIFICATES
APPROVE, MANAGE = Permission.APPROVE_CERTIFICATES, Permission.MANAGE_CERTIFICATES
REVEAL = Permission.REVEAL_PEOPLE
STATE_TONES = {
    State.DRAFT: "brand",
    State.WAITING: "warn",
    State.ISSUED: "ok",
    State.WITHDRAWN: "danger",
    State.DROPPED: "",
}


def room_tabs(user: Any, current: str) -> list[dict[str, Any]]:
    """The ways between the pages of this room."""
    wanted = [
        ("counter", _t("窗口办理"), "certificates:counter", ISSUE),
        ("issued", _t("证明"), "certificates:list", VIEW),
        ("refusals", _t("不予出具"), "certificates:refusals", VIEW),
        ("seals", _t("用印登记"), "certificates:seals", VIEW),
        ("askers", _t("谁在要证明"), "certificates:askers", VIEW),
        ("kinds", _t("证明清单"), "certificates:kinds", VIEW),
    ]
    return [
        {"url": reverse(url), "label": label, "current": key == current}
        for key, label, url, permission in wanted
        if user.can(permission)
    ]


def state_tag(one: Certificate) -> Any:
    """The state in its tone; expired ones say so."""
    if one.state == State.ISSUED and one.standing() == "expired":
        return html.tag(_("已过有效期"))
    return html.tag(one.get_state_display(), STATE_TONES[State(one.state)])


def hidden_numbers(text: str) -> str:
    """A text with the middles of citizen numbers hidden."""
    return re.sub(r"(?<!\d)\d{17}[\dXx](?!\d)", lambda found: citizen_number.mask(found.group()), text)


class RoomPage:
    """A list with the tabs of the room above."""

    tab = ""
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the tabs."""
        return super().get_context_data(room_tabs=room_tabs(self.request.user, self.tab), **kwargs)  # type: ignore[misc]


class CertificateTable(Table):
    """Certificates."""

    number_text = TitleColumn(verbose_name=_("编号"), empty_values=())
    edition = tables.Column(verbose_name=_("证明事项"), accessor="edition__title")
    person = tables.Column(verbose_name=_("居民"), accessor="person__name")
    receiver = tables.Column(verbose_name=_("接收单位"), accessor="receiver__name")
    state = tables.Column(verbose_name=_("状态"))
    issued_on = DateColumn(verbose_name=_("出具日期"))
    valid_until = DateColumn(verbose_name=_("有效期至"))
    checks = NumberColumn(verbose_name=_("核验次数"))

    class Meta(Table.Meta):
        model = Certificate
        fields: tuple[str, ...] = ()

    def render_number_text(self, record: Certificate) -> Any:
        """The number; what it is while there is none."""
        return html.drawer_link(record.get_absolute_url(), record.number_text or _t("未编号"))

    def render_state(self, record: Certificate) -> Any:
        """In its tone."""
        return state_tag(record)


class CertificateList(RoomPage, ListPage):
    """/certificates/"""

    model = Certificate
    permission = VIEW
    tab = "issued"
    template_name = "certificates/list.html"
    title = _("证明用印")
    subtitle = _("证明的内容由登记的底数带出，编号连续，每次用印都有记录，对方扫码可以核验。")
    noun = _("份")
    filterset_class = filters.CertificateFilters
    table_class = CertificateTable
    create_url_name = "certificates:counter"
    create_label = _("窗口办理")
    create_permission = ISSUE
    empty_title = _("还没有证明")
    empty_hint = _("居民来开证明，点“窗口办理”，先查清单上有没有这一项。")

    def get_queryset(self) -> QuerySet:
        """With what the table shows."""
        return super().get_queryset().select_related("edition", "person", "receiver")


class CertificatePage(HistoryTab, DetailPage):
    """/certificates/<id>/"""

    model = Certificate
    permission = VIEW
    template_name = "certificates/certificate.html"

    def get_queryset(self) -> QuerySet:
        """With what the page shows."""
        return (
            super()
            .get_queryset()
            .select_related(
                "edition__kind",
                "person",
                "receiver",
                "prepared_by",
                "approved_by",
                "issued_by",
                "withdrawn_by",
            )
        )

    def get_tabs(self) -> list[Any]:
        """The paper, and the deeds."""
        return [Tab("paper", _("证明"), "certificates/_paper.html"), HISTORY_TAB]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The text with its numbers hidden, and what may be done."""
        one: Certificate = self.object
        user: Any = self.request.user
        may_issue = user.can(ISSUE, one.region_code)
        sees = user.can(REVEAL, one.region_code)
        prepared = one.state in (State.DRAFT, State.WAITING)
        changed = False
        if prepared and may_issue:
            changed = reread_body(one) != one.body
        needs = one.edition.needs_head and one.approved_at is None
        return super().get_context_data(
            state=state_tag(one),
            body=wording.paragraphs(hidden_numbers(one.body)) if sees else [],
            sees=sees,
            prepared=prepared,
            issued=one.number is not None,
            changed=changed,
            can_issue=may_issue and one.state == State.DRAFT and not needs,
            can_submit=may_issue
            and one.state == State.DRAFT
            and needs
            and not user.can(APPROVE, one.region_code),
            can_approve=prepared and needs and user.can(APPROVE, one.region_code),
            can_return=one.state == State.WAITING and user.can(APPROVE, one.region_code),
            can_drop=prepared and may_issue,
            can_copy=may_issue and one.standing() == "valid",
            can_withdraw=may_issue and one.state == State.ISSUED,
            can_open=sees and (one.number is not None or prepared),
            seal_uses=list(one.seal_uses.select_related("seal")) if one.number is not None else [],
            check_url=reverse("certificates:check"),
            crumbs=[(_t("证明用印"), reverse("certificates:list")), (str(one), "")],
            **kwargs,
        )


class RefusalTable(Table):
    """Slips."""

    number_text = TitleColumn(verbose_name=_("编号"))
    asked = tables.Column(verbose_name=_("要求出具的证明"))
    name = tables.Column(verbose_name=_("申请人"))
    asker = tables.Column(verbose_name=_("要求的单位"), accessor="asker__name")
    why = tables.Column(verbose_name=_("理由"))
    issued_on = DateColumn(verbose_name=_("日期"))

    class Meta(Table.Meta):
        model = Refusal
        fields: tuple[str, ...] = ()


class RefusalList(RoomPage, ListPage):
    """/certificates/refusals/"""

    model = Refusal
    permission = VIEW
    tab = "refusals"
    template_name = "certificates/list.html"
    title = _("不予出具")
    subtitle = _("不该社区开的，给居民一张告知单：为什么不开、到哪里办、带什么。")
    noun = _("份")
    filterset_class = filters.RefusalFilters
    table_class = RefusalTable
    create_url_name = "certificates:refuse"
    create_label = _("开告知单")
    create_permission = ISSUE
    empty_title = _("还没有告知单")
    empty_hint = _("居民要开的证明社区不应出具时，从“开证明”出一张告知单，写明去哪里办。")

    def get_queryset(self) -> QuerySet:
        """With organisations."""
        return super().get_queryset().select_related("asker")


class RefusalPage(HistoryTab, DetailPage):
    """/certificates/refusals/<id>/"""

    model = Refusal
    permission = VIEW
    template_name = "certificates/refusal.html"

    def get_queryset(self) -> QuerySet:
        """With what the page shows."""
        return super().get_queryset().select_related("asker", "person", "issued_by", "edition")

    def get_tabs(self) -> list[Any]:
        """The slip, and the deeds."""
        return [Tab("slip", _("告知单"), "certificates/_slip.html"), HISTORY_TAB]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The slip."""
        return super().get_context_data(
            crumbs=[(_t("不予出具"), reverse("certificates:refusals")), (self.object.number_text, "")],
            **kwargs,
        )


class Counter(Permitted, TemplateView):
    """/certificates/counter/: somebody stands at the counter and asks for a certificate: what does the list say?"""

    permission = ISSUE
    template_name = "certificates/counter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the list says to the words asked."""
        user: Any = self.request.user
        mine = communities(user)
        community = mine[0][0] if mine else ""
        asked = self.request.GET.get("q", "").strip()[:60]
        person = _person(user, self.request.GET.get("person", ""))
        if person is not None:
            community = names.at_level(person.region_code, Level.COMMUNITY) or community
        editions = listing.in_force(community)
        found = listing.find(asked, editions) if asked else []
        return super().get_context_data(
            title=_t("窗口办理"),
            subtitle=_t("先查居民要的证明社区能不能开，再往下办。"),
            asked=asked,
            found=[listing.explained(one, community) for one in found[:6]],
            allowed=[
                listing.explained(one, community) for one in editions if one.standing == Standing.ALLOWED
            ],
            person=person,
            waiting=list(
                Certificate.objects.permitted(user, ISSUE)
                .filter(state__in=[State.DRAFT, State.WAITING])
                .select_related("edition", "person", "receiver")[:20]
            ),
            room_tabs=room_tabs(user, "counter"),
            **kwargs,
        )


def _person(user: Any, text: str) -> Person | None:
    if not text.isdecimal() or len(text) > 18:
        return None
    return Person.objects.permitted(user, ISSUE).filter(pk=int(text)).first()


class OfPerson(Permitted, TemplateView):
    """/certificates/people/<id>/: what can be issued about a person, and what stands in the way of the rest."""

    model = Person
    permission = ISSUE
    template_name = "certificates/of_person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Kinds, obstacles, and what was issued before."""
        person = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if person is None:
            raise Http404
        community = person.region_code[:12]
        today = timezone.localdate()
        known = knowing.known(person, today, community)
        kinds = []
        for edition in listing.allowed(community):
            obstacles = [
                {"text": one.text, "url": reverse(one.fix, args=[person.pk]) if one.fix else ""}
                for one in known.obstacles(edition)
            ]
            kinds.append({"edition": edition, "code": edition.kind.code, "obstacles": obstacles})
        return super().get_context_data(
            title=_t("开证明"),
            subtitle=person.name,
            person=person,
            kinds=sorted(kinds, key=lambda one: bool(one["obstacles"])),
            warnings=known.warnings,
            earlier=list(
                Certificate.objects.filter(person=person, number__isnull=False).select_related(
                    "edition", "receiver"
                )[:10]
            ),
            crumbs=[
                (_t("证明用印"), reverse("certificates:list")),
                (person.name, person.get_absolute_url()),
                (_t("开证明"), ""),
            ],
            **kwargs,
        )
