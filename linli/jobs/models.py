"""Long work, and how far it is."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import User
from linli.regions.fields import RegionCodeField


class State(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


class Job(models.Model):
    """One piece of long work: who asked for what, how far it is, what came of it.

    `done` of `total` counts in `unit`s (行, 人 …). `result` is JSON of the kind's own; `result_file` lies under MEDIA_ROOT.
    """

    kind = models.TextField(_("类别"))
    title = models.TextField(_("名称"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="jobs")
    region_code = RegionCodeField(blank=True, default="")
    params = models.JSONField(default=dict)
    state = models.TextField(_("状态"), choices=State.choices, default=State.WAITING)
    stage = models.TextField(_("步骤"), blank=True)
    unit = models.TextField(_("单位"), default="行")
    done = models.BigIntegerField(_("已完成"), default=0)
    total = models.BigIntegerField(_("总数"), default=0)
    attempts = models.SmallIntegerField(_("尝试次数"), default=0)
    message = models.TextField(_("结果"), blank=True)
    result = models.JSONField(default=dict)
    result_file = models.TextField(blank=True)
    result_name = models.TextField(blank=True)
    created_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="job_user")]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """Progress from 0 to 100."""
        if self.state == State.DONE:
            return 100
        return min(99, int(self.done * 100 / self.total)) if self.total else 0

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED)
