"""Proposals: how a department begins one, the list, the page on which it is settled."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.agenda import actions, filters, forms, reading, rules
from linli.gate.agenda.models import OPEN, Proposal, State, Visit
from linli.pages import html
from linli.pages.tables import DateColumn, Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region

VIEW, SEND = Permission.VIEW_GATE, Permission.SEND_TO_COMMUNITIES
COORDINATE = Permission.COORDINATE_AGENDA
STREET, COMMUNITY = KEY_LENGTH[Level.STREET], KEY_LENGTH[Level.COMMUNITY]
TONES = {
    State.PROPOSED: "warn",
    State.FIXED: "brand",
    State.DONE: "ok",
    State.REFUSED: "danger",
    State.CANCELLED: "",
}


def own_warrants(user: Any) -> QuerySet[Warrant]:
    """The warrants of the user's units that let something come onto agendas and have not run out."""
    return Warrant.objects.filter(
        Q(period__endswith__isnull=True) | Q(period__endswith__gt=timezone.localdate()),
        issuer__in=user.unit_ids,
        things__overlap=[one.value for one in rules.COMES],
    ).select_related("issuer")


class Choose(Permitted, TemplateView):
    """/agenda/propose/: under which of one's admitted items."""

    permission = SEND
    template_name = "agenda/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items of the user's units, with what each lets through."""
        found = [
            (
                one,
                one.terms,
                "、".join(thing.label for thing in rules.COMES if thing in one.terms.things),
                names.title(one.region_code),
            )
            for one in own_warrants(self.request.user)
        ]
        return super().get_context_data(
            title=_("申请进社区"),
            items=found,
            crumbs=[(str(_("检查会议日程")), reverse("agenda:home")), (str(_("申请进社区")), "")],
            **kwargs,
        )


class Propose(EditPage):
    """/agenda/propose/<warrant>/?street=: the form."""

    permission = SEND
    template_name = "agenda/propose.html"
    form_class: Any = forms.ProposeForm
    title = _("申请进社区")
    submit_label = _("提交申请")
    success_message = _("已提交，街道和社区都能看到了。请看各社区的情况，没有冲突的可以确定。")

    def get_object(self) -> Warrant:
        """The warrant: one of the user's units'."""
        found = own_warrants(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.subtitle = f"{found.title} · {found.terms.frequency}"
        return found

    def streets(self) -> list[tuple[str, str]]:
        """The streets of the warrant's region in which the user may send."""
        user: Any = self.request.user
        code = self.object.region_code
        if len(code) >= STREET:
            return [(code[:STREET], names.title(code[:STREET]))]
        rows = Region.objects.filter(
            level=Level.STREET, region_code__startswith=code, valid_to__isnull=True
        ).order_by("region_code")
        return [(one.region_code, one.title) for one in rows if user.can(SEND, one.region_code)]

    def street(self) -> str:
        """The street chosen, else the first."""
        offered = [key for key, _name in self.streets()]
        asked = self.request.GET.get("street", "")
        return asked if asked in offered else (offered or [""])[0]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The communities of the street that the warrant covers."""
        street, code = self.street(), self.object.region_code
        rows = Region.objects.filter(
            level=Level.COMMUNITY, region_code__startswith=max(street, code, key=len), valid_to__isnull=True
        ).order_by("region_code")
        offered = [(one.region_code, one.title) for one in rows] if street else []
        return super().get_form_kwargs() | {"warrant": self.object, "communities": offered}

    def get_initial(self) -> dict[str, Any]:
        """The warrant's title and first thing; every community."""
        things = [one for one in rules.COMES if one.value in self.object.things]
        return {"title": self.object.title, "thing": things[0].value if things else ""}

    def cancel_url(self) -> str:
        """Back to the choice."""
        return reverse("agenda:choose")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The streets to choose from."""
        return super().get_context_data(
            streets=self.streets(),
            street=self.street(),
            crumbs=[(str(_("检查会议日程")), reverse("agenda:home")), (str(_("申请进社区")), "")],
            **kwargs,
        )

    def perform(self, form: Any) -> Proposal:
        """Propose."""
        return actions.propose(acting_user=self.request.user, warrant=self.object, **form.values())


class ProposalTable(Table):
    """Proposals."""

    title = TitleColumn(verbose_name=_("名称"))
    thing = tables.Column(verbose_name=_("类型"))
    unit = tables.Column(verbose_name=_("申请单位"))
    first = DateColumn(verbose_name=_("最早日期"))
    places = tables.Column(verbose_name=_("社区"), empty_values=(), orderable=False)
    waiting = tables.Column(verbose_name=_("进展"), empty_values=())

    class Meta(Table.Meta):
        model = Proposal
        fields: tuple[str, ...] = ()

    def render_title(self, record: Proposal) -> SafeString:
        """To the page: there is much on it."""
        return html.format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    def render_places(self, record: Any) -> str:
        """How many, or which one."""
        return f"{record.total} 个社区" if record.total != 1 else names.title(record.region_code)

    def render_waiting(self, record: Any) -> SafeString:
        """How many wait, are fixed, are over."""
        parts = [
            (f"{record.waiting} 待定", "warn") if record.waiting else None,
            (f"{record.fixed} 已定", "brand") if record.fixed else None,
            (f"{record.done} 完成", "ok") if record.done else None,
        ]
        return html.tags([one for one in parts if one]) or html.tag("已取消")


class ProposalList(ListPage):
    """/agenda/proposals/"""

    model = Proposal
    permission = VIEW
    title = _("进社区申请")
    subtitle = _("部门要到社区开展的检查、评比和会议，先申请，后确定")
    noun = _("件")
    filterset_class = filters.ProposalFilters
    table_class = ProposalTable
    create_url_name = "agenda:choose"
    create_label = _("申请进社区")
    create_permission = SEND
    empty_title = _("还没有申请")
    empty_hint = _("部门在准入事项下申请后，这里能看到。")

    def get_queryset(self) -> QuerySet:
        """Those that the user may see, counted."""

        def of(*states: State) -> Count:
            return Count("visits", filter=Q(visits__state__in=states))

        rows = Proposal.objects.visible(self.request.user).select_related("unit")
        return rows.annotate(
            first=Min("visits__day"),
            total=Count("visits"),
            waiting=of(State.PROPOSED),
            fixed=of(State.FIXED),
            done=of(State.DONE),
        )


class ProposalPage(HistoryTab, DetailPage):
    """/agenda/proposals/<id>/: every community with its day, what stands in the way, which days are better."""

    model = Proposal
    permission = VIEW
    template_name = "agenda/proposal.html"
    tabs = (
        Tab("visits", _("各社区"), "agenda/_visits.html"),
        Tab("facts", _("申请内容"), "agenda/_proposal.html"),
    )

    def get_queryset(self) -> QuerySet:
        """Those that the user may see."""
        return Proposal.objects.visible(self.request.user).select_related("unit", "warrant", "proposed_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each visit as the rules see it, and what the user may do."""
        user: Any = self.request.user
        proposal: Proposal = self.object
        visits = list(proposal.visits.select_related("unit", "joint").order_by("region_code"))
        if proposal.unit_id not in user.unit_ids:
            visits = [one for one in visits if user.can(VIEW, one.region_code)]
        looks = reading.look(visits)
        waiting = [one for one in looks if one.visit.state == State.PROPOSED]
        mine = proposal.unit_id in user.unit_ids
        coordinates = user.can(COORDINATE, proposal.region_code)
        asked = [one for one in waiting if one.open and not one.must_move]
        live = [one for one in visits if one.state in OPEN]
        return super().get_context_data(
            looks=[(one, names.title(one.visit.region_code), TONES[State(one.visit.state)]) for one in looks],
            area=names.title(proposal.region_code),
            waiting=len(waiting),
            clear=sum(1 for one in waiting if not one.open),
            asked=len(asked),
            must_move=sum(1 for one in waiting if one.must_move),
            mine=mine,
            may_fix=mine and bool(waiting),
            may_consent=coordinates and bool(asked),
            may_refuse=coordinates and bool(waiting),
            may_cancel=bool(live) and (mine or coordinates),
            hours=sum(one.total_hours for one in visits if one.state != State.CANCELLED),
            crumbs=[
                (str(_("检查会议日程")), reverse("agenda:home")),
                (str(_("进社区申请")), reverse("agenda:proposals")),
                (proposal.title, ""),
            ],
            **kwargs,
        )


class _Settle(EditPage):
    """A form about a proposal's visits: which, and why. `allowed(visit)` says which are the user's to settle so."""

    model = Proposal
    permission: Any = VIEW
    form_class: Any = forms.PickForm
    states: tuple[str, ...] = (State.PROPOSED,)

    def get_queryset(self) -> QuerySet:
        """Those that the user may see."""
        return Proposal.objects.visible(self.request.user)

    def allowed(self, visit: Visit) -> bool:
        """Whether the visit may be chosen."""
        user: Any = self.request.user
        return bool(user.can(COORDINATE, visit.region_code))

    def get_object(self) -> Proposal:
        """A proposal with something to settle."""
        found: Proposal = super().get_object()
        rows = found.visits.filter(state__in=self.states).select_related("unit", "joint")
        self.offered = [one.pk for one in rows if self.allowed(one)]
        if not self.offered:
            raise Http404
        self.subtitle = str(found)
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those that may be chosen."""
        rows = Visit.objects.filter(pk__in=self.offered).order_by("region_code")
        return super().get_form_kwargs() | {"visits": rows}

    def get_initial(self) -> dict[str, Any]:
        """All of them."""
        return {"visits": self.offered}


class Consent(_Settle):
    """/agenda/proposals/<id>/consent/: the street puts up with what stands in the way."""

    permission = COORDINATE
    title = _("同意在这些日子进社区")
    intro = _("有时间冲突或超过负担上限。同意要写明理由，部门和社区都能看到；改期后要重新同意。")
    submit_label = _("同意")
    success_message = _("已同意，部门可以确定了。")

    def allowed(self, visit: Visit) -> bool:
        """Those with something to consent to."""
        (seen,) = reading.look([visit], better=False)
        return super().allowed(visit) and bool(seen.open) and not seen.must_move

    def perform(self, form: Any) -> Proposal:
        """Consent."""
        actions.consent(acting_user=self.request.user, **form.cleaned_data)
        return self.object


class Refuse(_Settle):
    """/agenda/proposals/<id>/refuse/"""

    permission = COORDINATE
    title = _("不同意进社区")
    submit_label = _("不同意")
    tone = "danger"
    success_message = _("已回复部门。")

    def perform(self, form: Any) -> Proposal:
        """Refuse."""
        actions.refuse(acting_user=self.request.user, **form.cleaned_data)
        return self.object


class Cancel(_Settle):
    """/agenda/proposals/<id>/cancel/"""

    permission = SEND
    title = _("取消安排")
    intro = _("取消后，这次不再计入频次。已经定下的，会通知社区。")
    submit_label = _("取消这些安排")
    tone = "danger"
    success_message = _("已取消。")
    states = OPEN

    def allowed(self, visit: Visit) -> bool:
        """The department's own, and what the street coordinates."""
        user: Any = self.request.user
        return visit.unit_id in user.unit_ids or super().allowed(visit)

    def perform(self, form: Any) -> Proposal:
        """Cancel."""
        actions.cancel(acting_user=self.request.user, **form.cleaned_data)
        return self.object


class Fix(Permitted, View):
    """/agenda/proposals/<id>/fix/: all that is proposed, or the communities with nothing in the way."""

    permission = SEND

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Fix them."""
        user: Any = request.user
        proposal = Proposal.objects.filter(unit__in=user.unit_ids, pk=pk).first()
        if proposal is None:
            raise Http404
        visits = None
        if request.POST.get("only") == "clear":
            waiting = proposal.visits.filter(state=State.PROPOSED).select_related("unit", "joint")
            visits = [one.visit for one in reading.look(list(waiting), better=False) if not one.open]
        try:
            done = actions.fix(acting_user=user, proposal=proposal, visits=visits)
            messages.success(
                request, f"已确定 {len(done)} 个社区的{Thing(proposal.thing).label}，已通知社区。"
            )
        except RuleError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(proposal.get_absolute_url())
