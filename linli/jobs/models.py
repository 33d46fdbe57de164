"""Long work, and how far it is."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
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
    CANCELLED = "cancelled", _("已取消")


OVER = (State.DONE, State.FAILED, State.CANCELLED)


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs; a user sees their own and nobody else's."""

    def of(self, user: Any) -> JobQuerySet:
        """The jobs that this user asked for."""
        return self.filter(user_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()


class Job(models.Model):
    """One piece of long work: who asked for what, how far it is, what came of it.

    `done` of `total` counts in `unit`s (行, 人 …). `result` is JSON of the kind's own; `result_file` lies under MEDIA_ROOT
    and is named `result_name` when downloaded. A job without a user is the system's. `stop_asked` is heeded at the next
    sign of progress.
    """

    region_follows = "region"

    kind = models.TextField(_("类别"))
    title = models.TextField(_("名称"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="jobs")
    region_code = RegionCodeField(blank=True, default="")
    params = models.JSONField(default=dict)
    state = models.TextField(_("状态"), choices=State.choices, default=State.WAITING)
    stage = models.TextField(_("步骤"), blank=True, default="")
    unit = models.TextField(_("单位"), default="行")
    done = models.BigIntegerField(_("已完成"), default=0)
    total = models.BigIntegerField(_("总数"), default=0)
    attempts = models.SmallIntegerField(_("尝试次数"), default=0)
    stop_asked = models.BooleanField(_("已要求停止"), default=False)
    message = models.TextField(_("结果"), blank=True, default="")
    result = models.JSONField(default=dict)
    result_file = models.TextField(blank=True, default="")
    result_name = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="job_user"),
            models.Index(fields=["finished_at"], condition=~Q(result_file=""), name="job_with_file"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The job's page."""
        from django.urls import reverse

        return reverse("job", args=[self.pk])

    @property
    def percent(self) -> int:
        """Progress from 0 to 100."""
        if self.state == State.DONE:
            return 100
        return max(0, min(99, int(self.done * 100 / self.total))) if self.total else 0

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def tone(self) -> str:
        """The colour of the state, as the kit's tags name it."""
        return {
            State.DONE: "ok",
            State.FAILED: "danger",
            State.RUNNING: "brand",
            State.WAITING: "",
            State.CANCELLED: "warn",
        }[State(self.state)]


class DailyRun(models.Model):
    """That the work of a day was done (`linli.jobs.daily`), and what each part said."""

    on = models.DateField(_("日期"), unique=True)
    said = models.JSONField(default=dict)
    finished_at = models.DateTimeField(_("完成时间"), default=timezone.now)

    class Meta:
        verbose_name = _("每日工作")
        verbose_name_plural = _("每日工作")
        ordering = ["-on"]

    def __str__(self) -> str:
        return str(self.on)
