"""Pairs of records that may be one, and merges that can be taken back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.regions.fields import RegionCodeField
from linli.registry.matching import rules


class SubjectKind(models.TextChoices):
    """What can be found twice."""

    PERSON = "person", _("居民")
    HOUSEHOLD = "household", _("家庭户")
    ORGANISATION = "organisation", _("单位")


class PairState(models.TextChoices):
    """What was decided on a pair. A decision of "different" is remembered: the pair is never asked again."""

    OPEN = "open", _("待核对")
    LATER = "later", _("以后再看")
    SAME = "same", _("已合并")
    DIFFERENT = "different", _("不是同一个")


class Pair(models.Model):
    """Two records that may be one (`left` < `right`, their numbers), with the score and its reasons.

    `region_code` is the smallest region that holds both, so that nobody judges a pair of which they may see only one.
    """

    region_follows = "region"

    subject = models.TextField(_("类别"), choices=SubjectKind.choices)
    left = models.BigIntegerField(_("记录一"))
    right = models.BigIntegerField(_("记录二"))
    region_code = RegionCodeField(blank=True, default="")
    score = models.SmallIntegerField(_("相似程度"))
    reasons = models.JSONField(_("理由"), default=list)
    state = models.TextField(_("状态"), choices=PairState.choices, default=PairState.OPEN)
    found_at = models.DateTimeField(_("发现时间"), default=timezone.now)
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decided_by = models.TextField(_("处理人"), blank=True, default="")
    note = models.TextField(_("说明"), blank=True, default="")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("疑似重复")
        verbose_name_plural = _("疑似重复")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "left", "right"], name="pair_once"),
            models.CheckConstraint(condition=Q(left__lt=models.F("right")), name="pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["region_code", "state", "-score"], name="pair_queue"),
            models.Index(fields=["subject", "right"], name="pair_right"),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.left}/{self.right}"

    def get_absolute_url(self) -> str:
        """Both records side by side."""
        return reverse("matching:pair", args=[self.pk])

    @property
    def band(self) -> str:
        """The score in a word."""
        return rules.band(self.score)

    @property
    def said(self) -> str:
        """The reasons in words, the weightiest first."""
        return "、".join(one["said"] for one in self.reasons)


class Merge(models.Model):
    """Two records made one. `rows` holds every row that the merge touched, before and after: undoing puts them back.

    Each is {"table", "pk", "before", "after"}; `before` None was made by the merge, `after` None was deleted by it. The
    number of the record that went, `merged`, leads to `survivor` from then on.
    """

    region_follows = "region"

    subject = models.TextField(_("类别"), choices=SubjectKind.choices)
    survivor = models.BigIntegerField(_("保留的记录"))
    merged = models.BigIntegerField(_("并入的记录"))
    region_code = RegionCodeField(blank=True, default="")
    name = models.TextField(_("名称"))
    reason = models.TextField(_("说明"), blank=True, default="")
    choices = models.JSONField(_("取值"), default=dict)
    rows = models.JSONField(_("改动的行"), default=list)
    made_at = models.DateTimeField(_("合并时间"), default=timezone.now)
    made_by = models.TextField(_("合并人"))
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.TextField(_("撤销人"), blank=True, default="")
    undone_reason = models.TextField(_("撤销原因"), blank=True, default="")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("合并记录")
        verbose_name_plural = _("合并记录")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["region_code", "-id"], name="merge_region"),
            models.Index(fields=["subject", "merged"], name="merge_redirect"),
            models.Index(fields=["subject", "survivor"], name="merge_survivor"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """What it did, and how to take it back."""
        return reverse("matching:merge", args=[self.pk])


def successor(subject: str, pk: Any) -> int | None:
    """The record into which this one was merged, through merges of merges; None when it never was."""
    here, seen = int(pk), set[int]()
    while here not in seen:
        seen.add(here)
        found = (
            Merge.objects.filter(subject=subject, merged=here, undone_at__isnull=True)
            .order_by("-pk")
            .values_list("survivor", flat=True)
            .first()
        )
        if found is None:
            break
        here = found
    return here if here != int(pk) else None
