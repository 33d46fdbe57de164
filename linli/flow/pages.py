"""The pages of cases: the inbox, a case with its way, and what can be done with it."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.flow import actions, filters, forms, inbox, owners, rights
from linli.flow.models import Assignment, Case, Clock
from linli.flow.rules import clocks as clock_rules
from linli.flow.rules.kinds import Gives, Step
from linli.office.calendar import current as current_calendar
from linli.pages import html
from linli.pages.files import SealedFile
from linli.pages.tables import Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, ListPage, Permitted, Tab
from linli.regions import names

HANDLE = Permission.HANDLE_CASES


def due_tag(due_at: Any, calendar: Any) -> Any:
    """How much time is left, in the tone of its urgency; "" without a limit."""
    if due_at is None:
        return ""
    now = timezone.now()
    said = clock_rules.left(calendar, due_at, now)
    days = calendar.working_days_between(timezone.localtime(now).date(), timezone.localtime(due_at).date())
    return html.tag(said, "danger" if due_at < now else "warn" if days <= 1 else "")


class Visible(Permitted):
    """Cases that the user may see."""

    permission = HANDLE
    model = Case

    def get_queryset(self) -> QuerySet[Case]:
        """With what their pages show."""
        user: Any = self.request.user
        return Case.objects.visible(user).select_related("edition__kind", "origin", "coordinator")


class CaseTable(Table):
    """Cases."""

    title = TitleColumn(verbose_name=_("标题"), wide=True)
    number = tables.Column(verbose_name=_("编号"))
    kind = tables.Column(verbose_name=_("种类"), accessor="edition__kind__name", order_by="edition__kind")
    state = tables.Column(verbose_name=_("状态"))
    holders = tables.Column(verbose_name=_("在办单位"), empty_values=(), orderable=False)
    due_at = tables.Column(verbose_name=_("期限"))
    opened_at = tables.DateTimeColumn(verbose_name=_("发起"), format="Y-m-d")

    class Meta(Table.Meta):
        pass

    def render_title(self, record: Case, value: str) -> Any:
        """The title, marked when urgent."""
        link = html.drawer_link(record.get_absolute_url(), value, wide=True)
        return format_html("{} {}", html.tag(_("紧急"), "danger"), link) if record.is_urgent else link

    def render_state(self, record: Case) -> Any:
        """The state's name, and the outcome once it is over."""
        return html.tag(record.outcome or record.state_name, "ok" if record.closed_at else "brand")

    def render_holders(self, record: Case) -> str:
        """Who holds it, with the handler."""
        held = [
            f"{one.unit.name}（{one.handler.name}）" if one.handler else one.unit.name
            for one in record.held  # type: ignore[attr-defined]
        ]
        return "、".join(held) or html.DASH

    def render_due_at(self, value: Any) -> Any:
        """What is left."""
        return due_tag(value, self.calendar)

    @property
    def calendar(self) -> Any:
        """The working calendar, read once a table."""
        if not hasattr(self, "_calendar"):
            self._calendar = current_calendar()
        return self._calendar


class Inbox(Visible, ListPage):
    """/cases/"""

    template_name = "flow/inbox.html"
    title = _("办件")
    noun = _("件")
    filterset_class = filters.CaseFilters
    table_class = CaseTable
    exact_count = True
    empty_title = _("没有办件")
    empty_hint = _("派给本单位的、本单位发起的办件，会出现在这里。")

    def get_rows(self, filterset: Any) -> QuerySet:
        """The box's cases, the most pressing first."""
        held = Assignment.objects.filter(ended_at__isnull=True).select_related("unit", "handler")
        rows = filterset.in_box.narrow(filterset.qs, self.request.user)
        if not self.request.GET.get("sort"):
            rows = rows.order_by("closed_at", "due_at", "-id")
        return rows.prefetch_related(Prefetch("assignments", held, to_attr="held"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The boxes with how many cases ask for work."""
        current = inbox.find(self.request.GET.get("box", ""))
        found = inbox.counts(self.request.user)
        boxes = [(box, found.get(box.key), box.key == current.key) for box in inbox.BOXES]
        context = super().get_context_data(boxes=boxes, box=current, **kwargs)
        return context | {"subtitle": current.hint}


class CasePage(Visible, DetailPage):
    """/cases/<id>/"""

    template_name = "flow/case.html"
    tabs = (Tab("way", _("办理"), "flow/_way.html"), Tab("rules", _("流程和期限"), "flow/_rules.html"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The holders, the way so far, and what this user can do."""
        case: Case = self.object
        user: Any = self.request.user
        calendar = current_calendar()
        work = rights.look(case, user)
        clocks = list(case.clocks.select_related("assignment__unit").order_by("id"))
        held = case.assignments.select_related("unit", "handler").order_by("-is_lead", "id")
        return super().get_context_data(
            area=names.path(case.region_code),
            state=case.rules.state(case.state),
            moves=rights.moves(work),
            owner=(owner := owners.of(case.rules.key)),
            owner_url=owner.page(case) if owner is not None else "",
            held=[
                (one, rights.TaskRights(work, one), "" if one.ended_at else due_tag(one.due_at, calendar))
                for one in held
            ],
            may_add=rights.may_call_others(work),
            follows=case.watchers.filter(pk=user.pk).exists(),
            steps=case.steps.select_related("unit").prefetch_related("papers").order_by("-number"),
            limits=[(one, due_tag(one.due_at, calendar)) for one in clocks if one.stopped_at is None],
            may_extend=rights.may_extend(work),
            all_limits=clocks,
            crumbs=[(str(_("办件")), reverse("flow:inbox")), (case.number, "")],
            **kwargs,
        )


class _OnCase(Visible, EditPage):
    """A form about a case."""

    @property
    def case(self) -> Case:
        """The case of the address."""
        return self.object

    def cancel_url(self) -> str:
        """Back to the case."""
        return self.case.get_absolute_url()


class TakeStep(_OnCase):
    """/cases/<id>/steps/<key>/: one step of its table."""

    form_class = forms.StepForm
    success_message = _("已办理。")

    def get_object(self) -> Case:
        """The case; a step that is not the user's to take does not exist."""
        case: Case = super().get_object()
        found = case.rules.step(self.kwargs["step"])
        if found is None or not set(found.by) & rights.look(case, self.request.user).actors:
            raise Http404
        if owners.address(case.rules.key, found.key, case):
            raise Http404
        self.step: Step = found
        self.title = found.name
        self.submit_label = found.name
        self.tone = found.tone
        self.subtitle = case.title
        if found.gives is Gives.CHOSEN:
            self.intro = str(_("选择交给哪些单位办理。"))
        return case

    def get_form_kwargs(self) -> dict[str, Any]:
        """The case and the step, which say what is asked."""
        return super().get_form_kwargs() | {"case": self.case, "step": self.step}

    def perform(self, form: Any) -> Case:
        """Take it."""
        data = dict(form.cleaned_data)
        return actions.move(
            acting_user=self.request.user,
            case=self.case,
            step=self.step.key,
            units=list(data.pop("units", ())),
            **data,
        )


class AddUnits(_OnCase):
    """/cases/<id>/units/"""

    title = _("请其他单位协办")
    form_class = forms.AddUnitsForm
    submit_label = _("派办")

    def get_object(self) -> Case:
        """The case, for those who may call others."""
        case: Case = super().get_object()
        if not rights.may_call_others(rights.look(case, self.request.user)):
            raise Http404
        return case

    def get_form_kwargs(self) -> dict[str, Any]:
        """The case, which says which units there are."""
        return super().get_form_kwargs() | {"case": self.case}

    def perform(self, form: Any) -> Case:
        """Call them."""
        data = dict(form.cleaned_data)
        actions.add_units(
            acting_user=self.request.user, case=self.case, units=list(data.pop("units")), **data
        )
        return self.case


class ExtendClock(_OnCase):
    """/cases/<id>/clocks/<clock>/"""

    title = _("延期")
    form_class = forms.ExtendForm
    submit_label = _("延期")

    def get_object(self) -> Case:
        """The case; its clock must run."""
        case: Case = super().get_object()
        clock = case.clocks.filter(pk=self.kwargs["clock"], stopped_at__isnull=True).first()
        if clock is None or not rights.may_extend(rights.look(case, self.request.user)):
            raise Http404
        self.clock: Clock = clock
        self.intro = f"{clock.get_scope_display()}期限 {clock.limit}，按{clock.get_measure_display()}延长。"
        return case

    def perform(self, form: Any) -> Case:
        """Give more time."""
        actions.extend(acting_user=self.request.user, clock=self.clock, **form.cleaned_data)
        return self.case


class _OnTask(_OnCase):
    """A form about one unit's task; `right` names the one of `TaskRights` that it needs."""

    right = ""

    def get_object(self) -> Case:
        """The case; the task must be one of its, and the user's to do this with."""
        case: Case = super().get_object()
        found = (
            case.assignments.select_related("unit", "handler", "case").filter(pk=self.kwargs["task"]).first()
        )
        if found is None or not getattr(
            rights.TaskRights(rights.look(case, self.request.user), found), self.right
        ):
            raise Http404
        self.task: Assignment = found
        self.subtitle = f"{found.unit} · {found.task}"
        return case


class Report(_OnTask):
    """/cases/<id>/tasks/<task>/report/"""

    right = "report"
    title = _("反馈办理情况")
    form_class = forms.ReportForm
    submit_label = _("反馈")

    def get_object(self) -> Case:
        """The case; one whose room takes reports itself is not reported on here."""
        case = super().get_object()
        if owners.address(case.rules.key, owners.REPORT, case):
            raise Http404
        return case

    def perform(self, form: Any) -> Case:
        """Report."""
        actions.report(acting_user=self.request.user, assignment=self.task, **form.cleaned_data)
        return self.case


class SendBack(_OnTask):
    """/cases/<id>/tasks/<task>/back/"""

    right = "send_back"
    title = _("退回")
    form_class = forms.WhyForm
    intro = _("不属于本单位职责的，写明理由退回，由统筹单位重新派办。")
    submit_label = _("退回")
    tone = "danger"

    def perform(self, form: Any) -> Case:
        """Refuse it."""
        actions.send_back(acting_user=self.request.user, assignment=self.task, **form.cleaned_data)
        return self.case


class Withdraw(_OnTask):
    """/cases/<id>/tasks/<task>/withdraw/"""

    right = "withdraw"
    title = _("收回任务")
    form_class = forms.WhyForm
    submit_label = _("收回")
    tone = "danger"

    def perform(self, form: Any) -> Case:
        """Take it back."""
        actions.withdraw(acting_user=self.request.user, assignment=self.task, **form.cleaned_data)
        return self.case


class HandOver(_OnTask):
    """/cases/<id>/tasks/<task>/hand-over/"""

    right = "hand_over"
    title = _("转给同事")
    form_class = forms.HandOverForm
    submit_label = _("转交")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The task, whose unit's people there are."""
        return super().get_form_kwargs() | {"assignment": self.task}

    def perform(self, form: Any) -> Case:
        """Hand it over."""
        actions.hand_over(acting_user=self.request.user, assignment=self.task, **form.cleaned_data)
        return self.case


class _Do(Visible, View):
    """A button of a case's page."""

    def found(self) -> Case:
        """The case of the address."""
        case = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if case is None:
            raise Http404
        return case


class Claim(_Do):
    """/cases/<id>/tasks/<task>/claim/"""

    def post(self, request: HttpRequest, pk: int, task: int) -> HttpResponse:
        """Take the task on."""
        case = self.found()
        assignment = case.assignments.select_related("case").filter(pk=task).first()
        if assignment is None:
            raise Http404
        try:
            actions.claim(acting_user=request.user, assignment=assignment)
            messages.success(request, _("已签收，由您经办。"))
        except RuleError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(case.get_absolute_url())


class Follow(_Do):
    """/cases/<id>/follow/: follow, or follow no more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn it."""
        case = self.found()
        if case.watchers.filter(pk=request.user.pk).exists():
            actions.unfollow(acting_user=request.user, case=case)
            messages.success(request, _("不再关注。"))
        else:
            actions.follow(acting_user=request.user, case=case)
            messages.success(request, _("已关注，每一步都会通知您。"))
        return HttpResponseRedirect(case.get_absolute_url())


class PaperFile(Visible, SealedFile):
    """/cases/<id>/papers/<file>/: a paper of a case that the user may see."""

    files = "papers"
