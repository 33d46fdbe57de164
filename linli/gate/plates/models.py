"""Plates and bodies of communities, the kinds that a district allows, and walks that count them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, Unit, User
from linli.access.sealed_files import SealedFile
from linli.audit.history import tracked
from linli.flow.models import Dispatch, Warrant
from linli.gate.plates import rules, triggers
from linli.gate.plates.rules import State
from linli.regions.fields import RegionCodeField

STATES = [(one.value, one.label) for one in State]


class PlateKind(models.Model):
    """A kind of plate in a district; those allowed may hang in every community, one of each."""

    region_follows = "region"

    region_code = RegionCodeField()
    name = models.TextField(_("名称"))
    is_allowed = models.BooleanField(_("允许悬挂"), default=True)
    basis = models.TextField(_("依据"), blank=True, default="")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("牌子种类")
        verbose_name_plural = _("牌子种类")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["region_code", "name"], name="plate_kind_once")]

    def __str__(self) -> str:
        return self.name


class Form(models.TextChoices):
    """Whether there is a body, a board on the wall, or both."""

    BOARD = "board", _("牌子")
    BODY = "body", _("机构（没有牌子）")
    BOTH = "both", _("机构和牌子")
    PLAQUE = "plaque", _("评比奖牌、创建标牌")


@tracked()
class Plate(models.Model):
    """A plate that hangs in a community, or a body that it was told to set up (领导小组、工作站 …), whatever its right.

    `since` is when it came or was first found. It hangs by right when it is of an allowed kind or has its `dispatch`; a trigger
    holds that. Until `remove_by` it is to go, `payer` pays; `removed_on` it was gone. `seen_on` is the last walk that saw it.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    name = models.TextField(_("牌子上写的"))
    form = models.TextField(_("形式"), choices=Form.choices, default=Form.BOARD)
    kind = models.ForeignKey(
        PlateKind, models.PROTECT, null=True, blank=True, related_name="plates", verbose_name=_("种类")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="plates", verbose_name=_("要求设立的部门")
    )
    unit_name = models.TextField(_("要求设立的部门（没有登记的）"), blank=True, default="")
    place = models.TextField(_("挂在哪里"), blank=True, default="")
    since = models.DateField(_("挂牌或发现日期"), default=timezone.localdate)
    state = models.TextField(_("状态"), choices=STATES, default=State.FOUND.value)
    warrant = models.ForeignKey(
        Warrant, models.PROTECT, null=True, blank=True, related_name="plates", verbose_name=_("准入事项")
    )
    dispatch = models.OneToOneField(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="plate", verbose_name=_("下派")
    )
    purpose = models.TextField(_("为什么要设"), blank=True, default="")
    reason = models.TextField(_("处理的理由"), blank=True, default="")
    remove_by = models.DateField(_("摘除期限"), null=True, blank=True)
    payer = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("费用由谁出")
    )
    cost = models.DecimalField(_("费用（元）"), max_digits=9, decimal_places=2, null=True, blank=True)
    removed_on = models.DateField(_("摘除日期"), null=True, blank=True)
    seen_on = models.DateField(_("最近盘点"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("机构牌子")
        verbose_name_plural = _("机构牌子")
        ordering = ["region_code", "id"]
        indexes = [
            models.Index(fields=["region_code", "state"], name="plate_region_state"),
            models.Index(fields=["remove_by"], condition=Q(state="removing"), name="plate_remove_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="removing") | Q(remove_by__isnull=False), name="plate_removal_has_limit"
            ),
            models.CheckConstraint(
                condition=Q(state="removed", removed_on__isnull=False)
                | (~Q(state="removed") & Q(removed_on__isnull=True)),
                name="plate_removed_on_a_day",
            ),
        ]
        triggers = [triggers.plate_guarded()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plates:plate", args=[self.pk])

    @property
    def who(self) -> str:
        """The department that wanted it."""
        return self.unit.name if self.unit is not None else self.unit_name

    @property
    def has_board(self) -> bool:
        """Whether something hangs on a wall."""
        return self.form != Form.BODY

    def is_overdue(self, on: date | None = None) -> bool:
        """Whether it should be gone by now."""
        return rules.overdue(State(self.state), self.remove_by, on or timezone.localdate())


class PhotoKind(models.TextChoices):
    """What a picture or paper shows."""

    BEFORE = "before", _("摘除前")
    AFTER = "after", _("摘除后")
    PAPER = "paper", _("文件")


class PlatePhoto(SealedFile):
    """A photograph of a plate, or the paper that asked for it: encrypted at rest, read only through the plate's page."""

    plate = models.ForeignKey(Plate, models.PROTECT, related_name="photos", verbose_name=_("牌子"))
    kind = models.TextField(_("内容"), choices=PhotoKind.choices)
    added_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta(SealedFile.Meta):
        verbose_name = _("牌子照片")
        verbose_name_plural = _("牌子照片")


class Walk(models.Model):
    """A walk through a community's offices that counted the plates (盘点)."""

    region_follows = "never"

    region_code = RegionCodeField()
    on = models.DateField(_("日期"), default=timezone.localdate)
    walker = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("盘点人"))
    hanging = models.SmallIntegerField(_("还在的"))
    gone = models.SmallIntegerField(_("不在了的"))
    made_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    objects: Any = PermittedManager()

    class Meta:
        verbose_name = _("牌子盘点")
        verbose_name_plural = _("牌子盘点")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["region_code", "-on"], name="walk_region")]

    def __str__(self) -> str:
        return f"{self.region_code} {self.on}"
