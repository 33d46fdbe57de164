"""Lists that people make for themselves, the bands by which tables divide numbers, and what is sent by schedule."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import User, scopes_q
from linli.access.roles import Permission
from linli.lists import rules
from linli.lists.rules import Definition
from linli.regions.fields import RegionCodeField


class SavedListQuerySet(models.QuerySet["SavedList"]):
    """Kept lists; a definition that one may not use does not exist, for it tells something itself."""

    def readable(self, user: Any) -> SavedListQuerySet:
        """One's own, and those shared in an area that one's own meets, if one holds every permission they need."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        mine = [one.value for one in Permission if user.can(one)]
        areas = Q(pk__in=[])
        for one in Permission:
            scopes = user.scopes(one)
            above = {scope.low[:length] for scope in scopes for length in range(len(scope.low) + 1)}
            areas |= Q(main_permission=one.value) & (
                scopes_q("region_code", scopes) | Q(region_code__in=above)
            )
        return self.filter(
            Q(owner_id=user.pk) | (Q(is_shared=True, needs__contained_by=mine) & areas)
        ).select_related("owner")


class SavedList(models.Model):
    """A list or a table under a name. `definition` are the pairs of `rules.Definition`; `needs` the permissions without
    which it cannot be used, `main_permission` that of its subject; `region_code` where it is shared."""

    region_follows = "region"

    owner = models.ForeignKey(User, models.CASCADE, related_name="lists", verbose_name=_("制作人"))
    name = models.TextField(_("名称"))
    note = models.TextField(_("说明"), blank=True, default="")
    subject = models.TextField(_("主题"))
    definition = models.JSONField(_("定义"), default=list)
    is_table = models.BooleanField(_("统计表"), default=False)
    needs = ArrayField(models.TextField(), verbose_name=_("所需权限"), default=list)
    main_permission = models.TextField(_("主题权限"))
    region_code = RegionCodeField(blank=True, default="")
    is_shared = models.BooleanField(_("与同事共用"), default=False)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now)
    updated_at = models.DateTimeField(_("修改时间"), default=timezone.now)

    objects = SavedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("名单")
        verbose_name_plural = _("名单")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_list_name")]
        indexes = [
            models.Index(fields=["region_code"], condition=Q(is_shared=True), name="saved_list_shared")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list's page."""
        return reverse("lists:list", args=[self.pk])

    def read(self) -> Definition:
        """The definition. Raises rules.BadDefinition."""
        return Definition.read([(str(key), str(value)) for key, value in self.definition])


class Every(models.TextChoices):
    """How often a list is sent."""

    DAILY = rules.DAILY, _("每个工作日")
    WEEKLY = rules.WEEKLY, _("每周")
    MONTHLY = rules.MONTHLY, _("每月")


class Schedule(models.Model):
    """A list that comes to somebody's inbox as a workbook by itself, never on a day off. `day` is the weekday (1 Monday) or
    the day of the month. The receiver's own permissions decide what is in it, at each run."""

    saved_list = models.ForeignKey(SavedList, models.CASCADE, related_name="schedules")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("接收人"))
    every = models.TextField(_("多久一次"), choices=Every.choices)
    day = models.SmallIntegerField(_("哪一天"), default=1)
    purpose = models.TextField(_("用途"))
    unmask = models.BooleanField(_("不隐去号码"), default=False)
    next_on = models.DateField(_("下次日期"))
    last_at = models.DateTimeField(_("上次生成"), null=True, blank=True)

    class Meta:
        verbose_name = _("定时名单")
        verbose_name_plural = _("定时名单")
        ordering = ["next_on", "id"]
        constraints = [models.UniqueConstraint(fields=["saved_list", "user"], name="schedule_once")]
        indexes = [models.Index(fields=["next_on"], name="schedule_due")]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """每周一, 每月 5 日 …"""
        if self.every == Every.WEEKLY:
            return f"每周{'一二三四五六日'[self.day - 1]}"
        if self.every == Every.MONTHLY:
            return f"每月 {self.day} 日"
        return str(Every.DAILY.label)


class Bands(models.Model):
    """Named bands of a number: the lower edges of each, e.g. ages 0, 15, 60, 65. Below the first edge is a band as well
    (it is not shown while it is empty)."""

    key = models.TextField(_("编码"), unique=True)
    name = models.TextField(_("名称"))
    subject = models.TextField(_("主题"))
    path = models.TextField(_("数据元"))
    edges = ArrayField(models.FloatField(), verbose_name=_("起点"))
    source = models.TextField(_("依据"), blank=True, default="")

    class Meta:
        verbose_name = _("分段")
        verbose_name_plural = _("分段")
        ordering = ["subject", "id"]

    def __str__(self) -> str:
        return self.name
