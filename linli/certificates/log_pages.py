"""The seal log, and the organisations that keep asking."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from linli.certificates import counting, filters, sheets
from linli.certificates.jobs import EXPORT, logged
from linli.certificates.models import Seal, SealUse
from linli.certificates.pages import APPROVE, ISSUE, MANAGE, VIEW, RoomPage, room_tabs
from linli.jobs import actions as jobs
from linli.pages import html
from linli.pages.tables import NumberColumn, Table
from linli.pages.views import HISTORY_TAB, DetailPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names

MOST = 500_000
"""So many lines of the log are taken away at once."""
AT_ONCE = 10_000
"""So many are written while the user waits."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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

    def render_number(self, record: SealUse) -> Any:
        """2026-0012, which opens the line."""
        return html.drawer_link(record.get_absolute_url(), str(record))

    def render_paper(self, record: SealUse) -> Any:
        """With the way to the certificate."""
        if record.certificate_id is None:
            return record.paper
        return html.drawer_link(
            reverse("certificates:certificate", args=[record.certificate_id]), record.paper
        )


class SealLog(RoomPage, ListPage):
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


class SealUsePage(HistoryTab, DetailPage):
    """/certificates/seals/<id>/: one line of the log."""

    model = SealUse
    permission = VIEW
    template_name = "certificates/seal_use.html"

    def get_queryset(self) -> QuerySet:
        """With seal and certificate."""
        return super().get_queryset().select_related("seal", "certificate__edition")

    def get_tabs(self) -> list[Any]:
        """The line, and the deeds."""
        return [Tab("use", _("用印"), "certificates/_seal_use.html"), HISTORY_TAB]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where it was."""
        one: SealUse = self.object
        return super().get_context_data(
            where=names.title(one.region_code),
            crumbs=[(_t("用印登记"), reverse("certificates:seals")), (str(one), "")],
            **kwargs,
        )


class SealLogExport(Permitted, View):
    """/certificates/seals/export: the log as a workbook, with the filters of the page; a long one is made by a job."""

    model = SealUse
    permission = VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        """The workbook, the job that makes it, or what to do when a sheet cannot hold so much."""
        user: Any = request.user
        ids = list(
            filters.SealFilters(request.GET, queryset=self.get_queryset(), request=request)
            .qs.order_by()
            .values_list("pk", flat=True)[: MOST + 1]
        )
        if len(ids) > MOST:
            messages.error(
                request, _t("一次最多导出 %(n)s 条，请先按社区或日期筛选，分几次导出。") % {"n": f"{MOST:,}"}
            )
            return HttpResponseRedirect(f"{reverse('certificates:seals')}?{request.GET.urlencode()}")
        if len(ids) > AT_ONCE:
            job = jobs.start(
                acting_user=user,
                kind=EXPORT,
                title=_t("导出用印登记 %(n)s 条") % {"n": f"{len(ids):,}"},
                unit=_t("条"),
                ids=ids,
                region_code=user.main_post.region_code if user.main_post else "",
            )
            return HttpResponseRedirect(reverse("job", args=[job.pk]))
        out = io.BytesIO()
        sheets.seal_log(logged(user, ids), out)
        return _workbook(out.getvalue(), _t("用印登记"))


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
