"""清单外要求: figures by department, what the gate refused, what communities report, the answers, and what the public sees."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import Count, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.flow.models import Refusal, RefusedPlace
from linli.gate.agenda.models import State, Visit
from linli.gate.offlist import actions, filters, forms, reading
from linli.gate.offlist.models import Report
from linli.pages import html
from linli.pages.files import SealedFile
from linli.pages.parts import Kpi
from linli.pages.tables import NumberColumn, Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

GATE = Permission.VIEW_GATE
SEE, REPORT, ANSWER = Permission.VIEW_OFFLIST, Permission.REPORT_OFFLIST, Permission.ANSWER_OFFLIST
STREET = KEY_LENGTH[Level.STREET]
PLACES_SHOWN = 400


class Home(Permitted, TemplateView):
    """/offlist/: a year by department, as far as the user sees it."""

    permission = GATE
    template_name = "offlist/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, and the ways on."""
        user: Any = self.request.user
        today = timezone.localdate()
        parts = (reading.seen_places(user), Report.objects.visible(user), reading.unlisted_of(user))
        years = reading.years(*parts, today)
        year = reading.asked_year(self.request.GET.get("year", ""), years)
        rows = reading.departments(*parts, year)
        late = parts[1].waiting().filter(due_on__lt=today).count()
        waiting = sum(one.waiting for one in rows)
        reports = reverse("offlist:reports")
        return super().get_context_data(
            title=_("清单外要求"),
            year=year,
            years=years,
            rows=rows,
            may_report=user.can(REPORT),
            is_department=not user.can(SEE),
            kpis=[
                Kpi(
                    _("系统拦下"),
                    sum(one.refused for one in rows),
                    "ban",
                    _("次"),
                    under=_("没有准入、过期、超次数的下派"),
                    url=reverse("offlist:refusals"),
                ),
                Kpi(
                    _("社区反映"),
                    sum(one.reported for one in rows),
                    "message-report",
                    _("件"),
                    under=_("纸质、微信群、电话等要求的"),
                    url=reports,
                ),
                Kpi(
                    _("核实属实"),
                    sum(one.confirmed for one in rows),
                    "flag",
                    _("件"),
                    under=f"另有未经准入的检查会议 {sum(one.unlisted for one in rows):,} 次",
                    url=f"{reports}?stands=confirmed",
                ),
                Kpi(
                    _("待答复"),
                    waiting,
                    "clock",
                    _("件"),
                    under=f"其中逾期 {late} 件",
                    tone="danger" if late else "",
                    url=f"{reports}?stands=waiting",
                ),
            ],
            **kwargs,
        )


class RefusalTable(Table):
    """What the gate refused."""

    title = tables.Column(verbose_name=_("要下派的"), attrs={"td": {"class": "title"}})
    unit = tables.Column(verbose_name=_("单位"), accessor="unit__name")
    thing = tables.Column(verbose_name=_("类型"))
    communities = NumberColumn(verbose_name=_("社区数"))
    why = tables.Column(verbose_name=_("为什么拦下"), empty_values=(), orderable=False)
    at = tables.DateTimeColumn(verbose_name=_("时间"), format="Y-m-d H:i")

    class Meta(Table.Meta):
        model = Refusal
        fields: tuple[str, ...] = ()

    def render_title(self, value: str, record: Refusal) -> Any:
        """As a link to its drawer."""
        return html.drawer_link(reverse("offlist:refusal", args=[record.pk]), value)

    def render_why(self, record: Any) -> str:
        """The first reason."""
        places = record.places.all()
        return places[0].why if places else ""


class SeenRefusals(Permitted):
    """What the gate refused, as far as the user may see it."""

    permission: Permission | None = GATE
    model = Refusal

    def get_queryset(self) -> QuerySet[Refusal]:
        """With the unit."""
        return reading.refusals_of(self.request.user).select_related("unit", "warrant")


class RefusalList(SeenRefusals, ListPage):
    """/offlist/refused/"""

    title = _("系统拦下的下派")
    subtitle = _("没有准入、已经到期、经费没到位或次数用完的，系统不放行，并留下记录")
    noun = _("次")
    filterset_class = filters.RefusalFilters
    table_class = RefusalTable
    empty_title = _("还没有拦下过下派")
    empty_hint = _("没有准入、到期、超过次数的下派，系统不放行，记在这里。")

    def get_queryset(self) -> QuerySet[Refusal]:
        """With the number of communities and their reasons."""
        rows = super().get_queryset()
        return rows.annotate(communities=Count("places")).prefetch_related("places")


class RefusalPage(SeenRefusals, DetailPage):
    """/offlist/refused/<id>/: who, what, to which communities, why not."""

    template_name = "offlist/refusal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The communities by reason, those of the user's area alone."""
        user: Any = self.request.user
        one: Refusal = self.object
        groups: dict[str, list[RefusedPlace]] = {}
        places = reading.seen_places(user).filter(refusal=one).order_by("region_code")[:PLACES_SHOWN]
        for place in places:
            groups.setdefault(place.why, []).append(place)
        own = one.unit_id in user.unit_ids
        return super().get_context_data(
            groups=[
                (
                    why,
                    sorted({f"{found.day:%Y-%m-%d}" for found in here}),
                    [names.title(found.region_code) for found in here],
                )
                for why, here in groups.items()
            ],
            way=WAYS_TRIED.get(one.verb, _("下派")),
            show_user=own or user.can(ANSWER),
            crumbs=[
                (str(_("清单外要求")), reverse("offlist:home")),
                (str(_("系统拦下的下派")), reverse("offlist:refusals")),
                (one.title, ""),
            ],
            **kwargs,
        )


# In which action it was tried, in the words of pages.
WAYS_TRIED = {
    "collecting.issue": _("下发报表"),
    "agenda.propose": _("申请进社区"),
    "agenda.fix": _("确定进社区的日期"),
    "agenda.move": _("改期"),
    "agenda.join": _("合并为联合检查"),
    "plates.propose": _("申请挂牌"),
    "plates.accept": _("同意挂牌"),
    "flow.add_units": _("把办件派给社区"),
    "flow.move": _("把办件派给社区"),
    "flow.open_case": _("把办件派给社区"),
}


class ReportTable(Table):
    """Reports of communities."""

    title = TitleColumn(verbose_name=_("要社区做什么"))
    who = tables.Column(verbose_name=_("要求的单位"), order_by=("unit__name", "unit_name"))
    region_code = tables.Column(verbose_name=_("社区"))
    by = tables.Column(verbose_name=_("怎么要求的"))
    asked_on = tables.DateColumn(verbose_name=_("哪天要求的"), format="Y-m-d")
    standing = tables.Column(verbose_name=_("进度"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        model = Report
        fields: tuple[str, ...] = ()

    def render_region_code(self, value: str, record: Report, table: Any) -> str:
        """The community; for its department the street alone."""
        return place_said(record, table.request.user)

    def render_standing(self, record: Report) -> Any:
        """How it stands."""
        return html.tag(*record.standing)


def place_said(report: Report, user: Any) -> str:
    """Where it was asked: a department that is told of a confirmed one is not told which community spoke."""
    if user.can(SEE, report.region_code):
        return names.title(report.region_code)
    return f"{names.title(report.region_code[:STREET])}的社区"


class SeenReports(Permitted):
    """Reports that the user may see."""

    permission: Permission | None = GATE
    model = Report

    def get_queryset(self) -> QuerySet[Report]:
        """With the unit."""
        return Report.objects.visible(self.request.user).select_related(
            "unit", "item", "reported_by", "answered_by"
        )


class ReportList(SeenReports, ListPage):
    """/offlist/reports/"""

    title = _("社区反映的清单外要求")
    subtitle = _("清单里没有、却要社区做的事；街道或社区办 5 个工作日内核实答复")
    noun = _("件")
    filterset_class = filters.ReportFilters
    table_class = ReportTable
    exact_count = True
    create_url_name = "offlist:report_new"
    create_label = _("反映清单外要求")
    create_permission = REPORT
    empty_title = _("没有反映过清单外的要求")
    empty_hint = _("社区遇到清单里没有的要求，可以在这里反映，由街道或社区办核实答复。")


class ReportPage(HistoryTab, SeenReports, DetailPage):
    """/offlist/reports/<id>/"""

    template_name = "offlist/report.html"
    tabs = (Tab("facts", _("情况"), "offlist/_report.html"),)

    def get_tabs(self) -> list[Tab]:
        """Its history only for those of its area."""
        return super().get_tabs() if self.is_near else list(self.tabs)

    @property
    def is_near(self) -> bool:
        """Whether the user sees it as one of its area, not as the department's."""
        user: Any = self.request.user
        return bool(user.can(SEE, self.object.region_code))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The papers, and what the user may do."""
        user: Any = self.request.user
        one: Report = self.object
        word, tone = one.standing
        own = one.is_waiting and user.can(REPORT, one.region_code)
        return super().get_context_data(
            area=place_said(one, user),
            is_near=self.is_near,
            word=word,
            tone=tone,
            files=list(one.files.all()) if self.is_near else [],
            may_answer=one.is_waiting and user.can(ANSWER, one.region_code),
            may_add=own,
            may_withdraw=own,
            crumbs=[
                (str(_("清单外要求")), reverse("offlist:home")),
                (str(_("社区反映")), reverse("offlist:reports")),
                (one.title, ""),
            ],
            **kwargs,
        )


class NewReport(EditPage):
    """/offlist/reports/new/; ?community= picks the community."""

    permission = REPORT
    title = _("反映清单外要求")
    intro = _(
        "清单里没有的事，不管是发文件、在群里通知还是打电话要求的，都可以在这里反映。街道和区社区办会核实，要求的单位看不到是哪个社区反映的。"
    )
    form_class: Any = forms.ReportForm
    submit_label = _("反映")
    success_message = _("已反映，街道会在 5 个工作日内核实答复。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose communities."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """The community of the address."""
        asked = self.request.GET.get("community", "")
        return {"region_code": asked} if asked else {}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("offlist:reports")

    def perform(self, form: Any) -> Report:
        """Report it."""
        return actions.report(acting_user=self.request.user, **form.cleaned_data)


class _OnReport(EditPage):
    """A form about a report that waits."""

    model = Report
    permission: Any = REPORT

    def get_object(self) -> Report:
        """One that waits."""
        found: Report = super().get_object()
        if not found.is_waiting:
            raise Http404
        self.subtitle = f"{names.title(found.region_code)} · {found.who} · {found.title}"
        return found


class Answer(_OnReport):
    """/offlist/reports/<id>/answer/"""

    permission = ANSWER
    title = _("核实答复")
    form_class: Any = forms.AnswerForm
    submit_label = _("答复")
    success_message = _("已答复，社区会收到通知。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units and items to choose from."""
        return super().get_form_kwargs() | {"report": self.object}

    def perform(self, form: Any) -> Report:
        """Answer it."""
        return actions.answer(acting_user=self.request.user, report=self.object, **form.cleaned_data)


class Withdraw(_OnReport):
    """/offlist/reports/<id>/withdraw/"""

    title = _("撤回反映")
    form_class: Any = forms.ReasonForm
    submit_label = _("撤回")
    success_message = _("已撤回。")
    tone = "danger"

    def perform(self, form: Any) -> Report:
        """Take it back."""
        return actions.withdraw(acting_user=self.request.user, report=self.object, **form.cleaned_data)


class AddPapers(_OnReport):
    """/offlist/reports/<id>/papers/"""

    title = _("补充材料")
    form_class: Any = forms.PapersForm
    submit_label = _("补充")
    success_message = _("已补充。")

    def perform(self, form: Any) -> Report:
        """Add them."""
        return actions.add_papers(acting_user=self.request.user, report=self.object, **form.cleaned_data)


class File(SealedFile):
    """/offlist/reports/<id>/files/<file>/: a paper of a report that the user may see."""

    model = Report
    permission = SEE


class Public(TemplateView):
    """/offlist/open/: counted by department and month, for anybody; no community and no person is named."""

    template_name = "offlist/public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A year's counts."""
        parts = (
            RefusedPlace.objects.all(),
            Report.objects.confirmed(),
            Visit.objects.filter(is_unlisted=True, state=State.DONE),
        )
        years = reading.years(*parts, timezone.localdate())
        year = reading.asked_year(self.request.GET.get("year", ""), years)
        rows = reading.departments(*parts, year)
        return super().get_context_data(
            title=_("清单外要求公开"),
            under=_(
                "清单里没有、却要社区做的事，按部门公开次数。社区反映的，核实属实才计入；系统拦下的没有到社区。"
            ),
            area=_("清单外要求"),
            year=year,
            years=years,
            months=range(1, 13),
            rows=rows,
            reached=html.thousands(sum(one.reached for one in rows)),
            refused=html.thousands(sum(one.refused for one in rows)),
            **kwargs,
        )
