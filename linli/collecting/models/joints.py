"""Merged asking (合并下发): several departments' forms about the same people become one that a community fills once."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import User, scopes_q
from linli.access.roles import Permission
from linli.collecting.models.tasks import FormTask
from linli.collecting.rules import JointState, Stance
from linli.regions.fields import RegionCodeField


class JointQuerySet(models.QuerySet):
    """Merged askings, and who may see them."""

    def visible(self, user: Any) -> Self:
        """Those in which a form of the user's units takes part, and those of the area whose coordination is the user's."""
        if not getattr(user, "is_authenticated", False) or not user.can(Permission.SEND_TO_COMMUNITIES):
            return self.none()
        mine = Joined.objects.filter(joint=OuterRef("pk"), task__unit__in=user.unit_ids)
        return self.filter(scopes_q("region_code", user.scopes(Permission.COORDINATE_AGENDA)) | Exists(mine))

    def proposed(self) -> Self:
        """Not decided yet."""
        return self.filter(state=JointState.PROPOSED)


class Joint(models.Model):
    """A proposal that forms about the same people be asked as one, and what became of it. `region_code` is the smallest region that
    holds the communities: who coordinates there decides. `on` is the day whose state is asked, `due_on` the last day: the latest and
    the earliest of what the forms want, set when it is carried out."""

    region_follows = "never"  # asked then, of the communities of then

    region_code = RegionCodeField()
    title = models.TextField(_("合并下发"))
    state = models.TextField(
        _("状态"),
        choices=[(one.value, one.label) for one in JointState],
        default=JointState.PROPOSED.value,
    )
    reason = models.TextField(_("提议的理由"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提议人"))
    proposed_at = models.DateTimeField(_("提议时间"), default=timezone.now)
    on = models.DateField(_("数据日期"), null=True, blank=True)
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    why = models.TextField(_("决定的理由"), blank=True, default="")

    objects = models.Manager.from_queryset(JointQuerySet)()

    class Meta:
        verbose_name = _("合并下发")
        verbose_name_plural = _("合并下发")
        ordering = ["-id"]
        indexes = [models.Index(fields=["region_code"], condition=Q(state="proposed"), name="joint_proposed")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="carried_out") | Q(on__isnull=False, due_on__isnull=False),
                name="joint_carried_out_whole",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("collecting:joint", args=[self.pk])

    @property
    def is_proposed(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == JointState.PROPOSED


class Joined(models.Model):
    """A form that takes part in a merged asking, and what its department says to it. Of a draft `communities`, `on`, `due_on` and
    `purpose` are what the department would issue it with; of an issued form they are its own."""

    joint = models.ForeignKey(Joint, models.CASCADE, related_name="members", verbose_name=_("合并下发"))
    task = models.ForeignKey(FormTask, models.CASCADE, related_name="joinings", verbose_name=_("报表任务"))
    communities = ArrayField(models.TextField(), verbose_name=_("要的社区"))
    on = models.DateField(_("数据日期"))
    due_on = models.DateField(_("截止日期"))
    purpose = models.TextField(_("用途"))
    stance = models.TextField(
        _("意见"),
        choices=[(one.value, one.label) for one in Stance],
        default=Stance.WAITING.value,
    )
    why = models.TextField(_("不参加的原因"), blank=True, default="")
    said_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("表态人")
    )
    said_at = models.DateTimeField(_("表态时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("参与合并的报表")
        verbose_name_plural = _("参与合并的报表")
        ordering = ["joint", "id"]
        constraints = [models.UniqueConstraint(fields=["joint", "task"], name="joined_once")]

    def __str__(self) -> str:
        return self.task.title

    def is_late(self, today: date) -> bool:
        """Whether its own last day is over before anything was decided."""
        return self.due_on < today
