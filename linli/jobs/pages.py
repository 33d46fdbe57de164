"""One's jobs: how far they are, what came of them, and the file they made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_tables2 as tables
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, View

from linli.audit.recording import RuleError
from linli.jobs import actions
from linli.jobs.models import Job
from linli.pages.html import tag
from linli.pages.tables import Table
from linli.pages.views import ListPage, Permitted, asks_for


class JobTable(Table):
    """One's jobs, newest first."""

    title = tables.Column(
        verbose_name=_("任务"), orderable=False, linkify=True, attrs={"td": {"class": "title"}}
    )
    state = tables.Column(verbose_name=_("状态"), orderable=False)
    message = tables.Column(verbose_name=_("结果"), orderable=False)
    created_at = tables.DateTimeColumn(verbose_name=_("提交时间"), format="Y-m-d H:i", orderable=False)

    class Meta(Table.Meta):
        model = Job
        fields = ("title", "state", "message", "created_at")

    def render_state(self, record: Job) -> Any:
        """The state as a coloured word."""
        return tag(record.get_state_display(), record.tone)


class JobList(ListPage):
    """The jobs one has asked for."""

    title = _("我的任务")
    subtitle = _("导入、导出、填表等需要一些时间的工作")
    noun = _("项")
    model = Job
    table_class = JobTable
    filterset_class = None
    empty_title = _("还没有任务")
    empty_hint = _("导入、导出这些要等一会儿的事，进度和做好的文件在这里。")

    def get_queryset(self) -> QuerySet[Job]:
        """One's own."""
        return Job.objects.of(self.request.user)


class OwnJob(Permitted):
    """A job of one's own; another's does not exist."""

    kwargs: dict[str, Any]

    def get_object(self, queryset: Any = None) -> Job:
        """The job named in the address."""
        found = Job.objects.of(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found


class JobPage(OwnJob, DetailView):
    """A job with its progress; htmx asks for the same address again and again until it is over."""

    def get_template_names(self) -> list[str]:
        """The fragment for htmx, the page otherwise."""
        return ["jobs/_progress.html" if asks_for(self.request, "progress") else "jobs/job.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The job and where its kind's own result is shown."""
        job: Job = self.object
        return super().get_context_data(
            job=job,
            crumbs=[(_("我的任务"), reverse("jobs")), (job.title, "")],
            counts=job.result.get("counts", []),
            notes=job.result.get("notes", []),
            **kwargs,
        )


class JobFile(OwnJob, View):
    """The file a job made, for whoever asked for it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        job = self.get_object()
        root = Path(settings.MEDIA_ROOT).resolve()
        file = (root / job.result_file).resolve()
        if not job.result_file or root not in file.parents or not file.is_file():
            raise Http404
        return FileResponse(file.open("rb"), as_attachment=True, filename=job.result_name or file.name)


class JobCancel(OwnJob, View):
    """Stop a job."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask it to stop and go back to its page."""
        job = self.get_object()
        try:
            actions.cancel(acting_user=request.user, job=job)
        except RuleError as error:
            messages.warning(request, error.message)
        return redirect(job)
