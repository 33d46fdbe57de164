"""准入申请: the list, and an application with its checks, opinions, decisions and money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_tables2 as tables
from django.db.models import Count, F, Max, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.admission import checking, filters, rights
from linli.admission.actions.applying import FIELDS, named_bases
from linli.admission.models import Application, Opinion, Report
from linli.admission.money import groups_of
from linli.admission.rules.completeness import lacking
from linli.admission.settings import setting_of
from linli.flow.models import Case, Dispatch
from linli.flow.pages import due_tag
from linli.flow.rules.warrants import Thing
from linli.kernel.working_time import Calendar
from linli.office.calendar import current as current_calendar
from linli.pages import cells, html
from linli.pages.tables import Table, TitleColumn
from linli.pages.views import DetailPage, ListPage, Permitted, Tab
from linli.regions import names

VIEW = Permission.VIEW_ADMISSION
TONES = {
    "draft": "",
    "received": "brand",
    "consulting": "brand",
    "correcting": "warn",
    "trial": "brand",
    "admitted": "ok",
    "refused": "danger",
    "dropped": "danger",
    "withdrawn": "",
}


class Visible(Permitted):
    """Applications that the user may see."""

    permission: Permission | None = VIEW
    model = Application

    def get_queryset(self) -> QuerySet[Application]:
        """With what their pages show."""
        user: Any = self.request.user
        return (
            Application.objects.visible(user)
            .select_related("unit", "case__edition__kind", "renews", "made_by")
            .prefetch_related("areas")
        )


class ApplicationTable(Table):
    """Applications."""

    title = TitleColumn(verbose_name=_("事项"))
    number = tables.Column(verbose_name=_("编号"), accessor="case__number")
    unit = tables.Column(verbose_name=_("申请部门"))
    state = tables.Column(verbose_name=_("进度"), accessor="state", orderable=False)
    checks = tables.Column(verbose_name=_("系统检查"), empty_values=(), orderable=False)
    where = tables.Column(verbose_name=_("实施范围"), empty_values=(), orderable=False)
    due_at = tables.Column(verbose_name=_("期限"), accessor="case__due_at")
    submitted_at = tables.DateTimeColumn(verbose_name=_("提交"), format="Y-m-d")

    class Meta(Table.Meta):
        pass

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar, read once for all rows."""
        return current_calendar()

    def render_state(self, record: Application) -> Any:
        """The state as a tag."""
        return html.tag(record.state_name, TONES.get(record.state, ""))

    def render_checks(self, record: Any) -> Any:
        """How many findings forbid, how many are to be weighed."""
        if not record.newest:
            return html.DASH
        report: Report = record.newest[0]
        stops, warns = report.count("stop"), report.count("warn")
        if not stops and not warns:
            return html.tag(_("都符合"), "ok")
        shown = [(f"不符合 {stops}", "danger")] if stops else []
        shown += [(f"要核对 {warns}", "warn")] if warns else []
        return html.tags(shown)

    def render_where(self, record: Application) -> str:
        """The areas' names."""
        return where_said([one.region_code for one in record.areas.all()]) or html.DASH

    def render_due_at(self, value: Any) -> Any:
        """What is left."""
        return due_tag(value, self.calendar)


def where_said(areas: list[str]) -> str:
    """东外社区、川北东社区 等 5 个."""
    named = [names.title(key) for key in areas]
    return f"{'、'.join(named[:3])} 等 {len(named)} 个" if len(named) > 3 else "、".join(named)


class ApplicationList(Visible, ListPage):
    """/admission/"""

    template_name = "admission/applications.html"
    title = _("准入申请")
    subtitle = _("部门要交给社区做的事，先申请、后进清单；没有准入的，社区可以不做")
    noun = _("件")
    filterset_class = filters.ApplicationFilters
    table_class = ApplicationTable
    exact_count = True
    create_url_name = "admission:application_new"
    create_label = _("新的准入申请")
    create_permission = Permission.APPLY_ADMISSION
    empty_title = _("没有准入申请")
    empty_hint = _("部门要交给社区做新的事，先在这里申请，批准以后才能下派。")

    def get_rows(self, filterset: Any) -> QuerySet:
        """With the newest report of each."""
        newest = Report.objects.order_by("application_id", "-id").distinct("application_id")
        return filterset.qs.prefetch_related(Prefetch("reports", newest, to_attr="newest"))

    def get_table(self, rows: QuerySet) -> Any:
        """With the names of the areas on the page."""
        table = super().get_table(rows)
        names.learn(area.region_code for one in cells.records(table) for area in one.areas.all())
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the user may set the district's rules."""
        user: Any = self.request.user
        may_set = user.can(Permission.DECIDE_ADMISSION)
        return super().get_context_data(may_set=may_set, **kwargs)


class ApplicationPage(Visible, DetailPage):
    """/admission/<id>/"""

    template_name = "admission/application.html"

    def get_tabs(self) -> list[Tab]:
        """What there is to see of it."""
        application: Application = self.object
        tabs = [
            Tab("asked", _("申请内容"), "admission/_asked.html"),
            Tab("checks", _("系统检查"), "admission/_checks.html"),
        ]
        if application.consult_until or application.opinions.exists():
            tabs.append(Tab("opinions", _("意见"), "admission/_opinions.html", application.opinions.count()))
        if application.admissions.exists():
            tabs.append(Tab("money", _("经费"), "admission/_money.html"))
        return tabs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The application as the user stands to it."""
        application: Application = self.object
        user: Any = self.request.user
        context = super().get_context_data(
            may=rights.look(application, user),
            areas=[(one.region_code, names.title(one.region_code)) for one in application.areas.all()],
            bases=named_bases(application),
            forms=list(application.forms.all()),
            decisions=list(application.decisions.select_related("user")),
            admissions=list(application.admissions.select_related("item__warrant")),
            tone=TONES.get(application.state, ""),
            crumbs=[(str(_("准入申请")), reverse("admission:applications")), (application.title, "")],
            trial=trial_of(application) if application.state == "trial" else None,
            setting=setting_of(application.region_code),
            case_open=application.case_id is not None
            and Case.objects.visible(user).filter(pk=application.case_id).exists(),
            **kwargs,
        )
        return context | self._of_tab(context["current_tab"].key, application)

    def _of_tab(self, tab: str, application: Application) -> dict[str, Any]:
        if tab == "checks":
            return self._checks(application)
        if tab == "opinions":
            said = application.opinions.select_related("unit", "user").order_by("-round", "region_code")
            waiting = []
            if application.case is not None and application.is_asking:
                held = application.case.assignments.filter(ended_at__isnull=True, is_lead=False)
                waiting = [one.unit for one in held.select_related("unit")]
            return {"opinions": said, "waiting": waiting}
        if tab == "money":
            return {
                "groups": groups_of(application, self.request.user),
                "payments": application.payments.select_related("user"),
            }
        return {"missing": self._missing(application) if application.editable else []}

    def _missing(self, application: Application) -> list[str]:
        areas = [one.region_code for one in application.areas.all()]
        values = {name: getattr(application, name) for name in FIELDS}
        values["bases"] = application.bases
        return [says for _name, says in lacking(values | {"areas": areas})]

    def _checks(self, application: Application) -> dict[str, Any]:
        """The kept report; of one that may still be changed, what would be found now."""
        if application.editable:
            found, load = checking.check(application)
            return {"findings": [one.as_json() for one in found], "load": load, "preview": True}
        report = application.reports.first()
        return {
            "findings": report.findings if report else [],
            "report": report,
            "load": checking.load_of(application, [one.region_code for one in application.areas.all()]),
        }


@dataclass(frozen=True)
class Trial:
    """How a trial stands: until when, how many days are left (or have passed since, below nought), what was sent under it so far, and how
    much of that is of a day still to come."""

    until: date
    days: int
    sent: list[tuple[str, int]]
    coming: int


def trial_of(application: Application) -> Trial | None:
    """The trial of an application; None where nothing is tried."""
    brought = application.admissions.filter(trial_until__isnull=False)
    until = brought.aggregate(until=Max("trial_until"))["until"]
    if until is None:
        return None
    today = timezone.localdate()
    rows = Dispatch.objects.filter(warrant__item__admission__in=brought, cancelled_at__isnull=True)
    counts = dict(rows.order_by().values_list("thing").annotate(n=Count("pk")))
    sent = [(one.label, counts[one.value]) for one in Thing if one.value in counts]
    return Trial(until, (until - today).days, sent, rows.filter(day__gt=today).count())


class Consultations(Visible, TemplateView):
    """/admission/consultations/: where opinions are asked."""

    permission = Permission.GIVE_OPINIONS
    template_name = "admission/consultations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The applications on which opinions are asked, each with what one's units said."""
        user: Any = self.request.user
        seen: Any = self.get_queryset()
        rows = list(seen.asking().order_by("consult_until", "pk"))
        said = Opinion.objects.filter(
            application__in=rows, unit__in=user.unit_ids, round=F("application__opinion_round")
        )
        mine = {one.application_id: one for one in said.select_related("unit")}
        found = [
            (row, mine.get(row.pk), where_said([one.region_code for one in row.areas.all()])) for row in rows
        ]
        return super().get_context_data(rows=found, **kwargs)
