"""Pages of those who issue certificates and look after the list."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.certificates import actions, counting, filters, knowing, listing, sheets
from linli.certificates.actions.issuing import frozen, open_paper
from linli.certificates.actions.preparing import reread_body
from linli.certificates.forms import communities
from linli.certificates.models import (
    Certificate,
    Edition,
    Office,
    Refusal,
    Seal,
    SealUse,
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
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


class _RoomPage:
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


class CertificateList(_RoomPage, ListPage):
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


class RefusalList(_RoomPage, ListPage):
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


class SealTable(Table):
    """The seal log."""

    number = tables.Column(verbose_name=_("编号"), attrs={"td": {"class": "title"}})
    at = tables.DateTimeColumn(verbose_name=_("用印时间"), format="Y-m-d H:i")
    paper = tables.Column(verbose_name=_("文件"), attrs={"td": {"class": "wraps"}})
    copies = NumberColumn(verbose_name=_("份数"))
    reason = tables.Column(verbose_name=_("事由"), attrs={"td": {"class": "wraps"}})
    requested_by = tables.Column(verbose_name=_("申请人"))
    approved_by = tables.Column(verbose_name=_("批准人"))
    hand = tables.Column(verbose_name=_("盖章人"))
    seal = tables.Column(verbose_name=_("印章"), accessor="seal__name", attrs={"td": {"class": "wraps"}})

    class Meta(Table.Meta):
        model = SealUse
        fields: tuple[str, ...] = ()

    def render_number(self, record: SealUse) -> str:
        """2026-0012"""
        return f"{record.year}-{record.number:04d}"

    def render_paper(self, record: SealUse) -> Any:
        """With the way to the certificate."""
        if record.certificate_id is None:
            return record.paper
        return html.drawer_link(
            reverse("certificates:certificate", args=[record.certificate_id]), record.paper
        )


class SealLog(_RoomPage, ListPage):
    """/certificates/seals/"""

    model = SealUse
    permission = VIEW
    tab = "seals"
    template_name = "certificates/seals.html"
    title = _("用印登记")
    subtitle = _("谁申请、谁批准、谁盖的章、盖了几份，一次一行，不能改写。")
    noun = _("次")
    filterset_class = filters.SealFilters
    table_class = SealTable
    export_url_name = "certificates:seals_export"
    create_url_name = "certificates:seal_log"
    create_label = _("登记其他用印")
    create_permission = ISSUE
    empty_title = _("还没有用印")
    empty_hint = _("出具证明时自动登记；其他文件用印在这里登记。")

    def get_queryset(self) -> QuerySet:
        """With seals."""
        return super().get_queryset().select_related("seal")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the seals."""
        user: Any = self.request.user
        return super().get_context_data(
            seals=[
                {
                    "seal": one,
                    "where": names.title(one.region_code),
                    "can_edit": user.can(APPROVE, one.region_code),
                }
                for one in Seal.objects.permitted(user, VIEW)[:50]
            ],
            can_add=user.can(APPROVE),
            **kwargs,
        )


class SealLogExport(Permitted, View):
    """/certificates/seals/export: the log as a workbook, with the filters of the page."""

    model = SealUse
    permission = VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        """The workbook."""
        rows = filters.SealFilters(
            request.GET, queryset=self.get_queryset().select_related("seal"), request=request
        ).qs.order_by("issuer_code", "year", "number")
        found = list(rows[:20_000])
        for one in found:
            one.local_at = timezone.localtime(one.at)
        return _workbook(sheets.seal_log(found), _t("用印登记"))


def _workbook(data: bytes, name: str) -> HttpResponse:
    filename = f"{name}{timezone.localdate():%Y%m%d}.xlsx"
    return HttpResponse(
        data,
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(True, filename) or ""},
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Askers(Permitted, TemplateView):
    """/certificates/askers/: the organisations that keep asking, and what came of talking to them."""

    permission = VIEW
    template_name = "certificates/askers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts by organisation and kind."""
        user: Any = self.request.user
        since, until = _day(self.request.GET.get("since", "")), _day(self.request.GET.get("until", ""))
        rows = counting.askings(user, since=since, until=until)
        query = self.request.GET.urlencode()
        return super().get_context_data(
            title=_t("谁在要证明"),
            subtitle=_t("向居民要不该社区开的证明的单位，由社区减负办公室（区委社会工作部）逐个交涉。"),
            rows=rows,
            times=sum(one.times for one in rows),
            since=since,
            until=until,
            can_answer=user.can(MANAGE),
            export_url=reverse("certificates:askers_export") + (f"?{query}" if query else ""),
            room_tabs=room_tabs(user, "askers"),
            **kwargs,
        )


class AskersExport(Permitted, View):
    """/certificates/askers/export"""

    permission = VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        """The workbook."""
        rows = counting.askings(
            request.user,
            since=_day(request.GET.get("since", "")),
            until=_day(request.GET.get("until", "")),
        )
        return _workbook(sheets.askings(rows), _t("要求出具证明的单位"))


def explained(edition: Edition, region_code: str) -> dict[str, Any]:
    """An edition with its offices, for the pages of the list."""
    return {
        "edition": edition,
        "code": edition.kind.code,
        "is_allowed": edition.standing == Standing.ALLOWED,
        "is_ended": edition.standing == Standing.ENDED,
        "desks": listing.desks(region_code, edition.offices) if edition.offices else [],
    }


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
            found=[explained(one, community) for one in found[:6]],
            allowed=[explained(one, community) for one in editions if one.standing == Standing.ALLOWED],
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


class Kinds(Permitted, TemplateView):
    """/certificates/kinds/: the list as it holds for the user, and what the district may change."""

    permission = VIEW
    template_name = "certificates/kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list and the offices."""
        user: Any = self.request.user
        scopes = user.scopes(VIEW)
        here = scopes[0].low if scopes else ""
        editions = listing.in_force(here)
        text = self.request.GET.get("q", "").strip()[:60]
        return super().get_context_data(
            title=_t("证明清单"),
            subtitle=names.title(here) if here else "",
            asked=text,
            rows=[explained(one, here) for one in listing.find(text, editions)],
            offices=[
                {"office": one, "where": names.title(one.region_code)}
                for one in Office.objects.filter(region_code__in=listing.upwards(here))
                | Office.objects.permitted(user, VIEW)
            ],
            can_manage=user.can(MANAGE),
            public_url=f"{reverse('certificates:public')}?region={here}",
            room_tabs=room_tabs(user, "kinds"),
            **kwargs,
        )


class _Pdf(Permitted, View):
    """A PDF shown in the browser; kept nowhere on the way."""

    def answer(self, data: bytes, name: str) -> HttpResponse:
        """The file."""
        return HttpResponse(
            data,
            content_type="application/pdf",
            headers={
                "Content-Disposition": content_disposition_header(False, f"{name}.pdf") or "",
                "Cache-Control": "no-store",
            },
        )


class Paper(_Pdf):
    """/certificates/<id>/paper: the frozen PDF, or the preview of what is prepared; either is recorded as a disclosure."""

    model = Certificate
    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF."""
        user: Any = request.user
        found = (
            self.get_queryset()
            .select_related("edition", "person", "receiver", "approved_by")
            .filter(pk=pk)
            .first()
        )
        if found is None or not user.can(REVEAL, found.region_code) or found.state == State.DROPPED:
            raise Http404
        try:
            if found.number is None:
                return self.answer(
                    actions.preview(acting_user=user, certificate=found), f"{found.edition.title}预览"
                )
            return self.answer(open_paper(acting_user=user, certificate=found), found.number_text)
        except RuleError as problem:
            messages.error(request, problem.message)
            return HttpResponseRedirect(found.get_absolute_url())


class Slip(_Pdf):
    """/certificates/refusals/<id>/paper"""

    model = Refusal
    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF."""
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        try:
            return self.answer(frozen(found.file, found.sha256), found.number_text)
        except RuleError as problem:
            messages.error(request, problem.message)
            return HttpResponseRedirect(found.get_absolute_url())


class OfficeRemove(Permitted, View):
    """/certificates/offices/<id>/remove"""

    permission = MANAGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it off."""
        actions.remove_office(acting_user=request.user, office_id=pk)
        messages.success(request, _t("已删去。"))
        return HttpResponseRedirect(reverse("certificates:kinds"))


class _Button(Permitted, View):
    """A button on a certificate's page: do it, say so, come back."""

    http_method_names = ["post"]
    permission = ISSUE
    said: Any = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        back = reverse("certificates:certificate", args=[pk])
        try:
            self.perform(pk)
            messages.success(request, str(self.said))
        except RuleError as problem:
            messages.error(request, problem.message)
        return HttpResponseRedirect(back)

    def perform(self, pk: int) -> None:
        """The deed."""
        raise NotImplementedError


class Submit(_Button):
    """/certificates/<id>/submit"""

    said = _("已提交，社区书记、主任会在消息里看到。")

    def perform(self, pk: int) -> None:
        actions.submit(acting_user=self.request.user, certificate_id=pk)


class Approve(_Button):
    """/certificates/<id>/approve"""

    permission = APPROVE
    said = _("已审批，可以出具了。")

    def perform(self, pk: int) -> None:
        actions.approve(acting_user=self.request.user, certificate_id=pk)


class Reread(_Button):
    """/certificates/<id>/reread"""

    said = _("已按现在的登记重新读取，请核对。")

    def perform(self, pk: int) -> None:
        actions.reread(acting_user=self.request.user, certificate_id=pk)
