"""The scores of communities, day by day, and the findings: what is wrong with which record, from when until when."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, User
from linli.regions.fields import RegionCodeField


class QualityScore(models.Model):
    """How good the records of a community were on a day: the score, and how many records have each fault.

    `parts` has of each part of the base (`rules.PARTS`) its records and what their gravest faults take; `people` and `lost` are those
    of its people. A score from before other parts were judged has no `parts`.
    """

    region_follows = "never"  # what was counted then, of the community of then

    region_code = RegionCodeField()
    on = models.DateField(_("日期"))
    people = models.IntegerField(_("在册人数"))
    lost = models.FloatField(_("扣分"))
    score = models.DecimalField(_("得分"), max_digits=4, decimal_places=1)
    counts = models.JSONField(_("各项问题数"), default=dict)
    parts = models.JSONField(
        _("各部分"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )

    objects = PermittedManager()

    class Meta:
        verbose_name = _("数据质量")
        verbose_name_plural = _("数据质量")
        ordering = ["region_code", "-on"]
        constraints = [models.UniqueConstraint(fields=["region_code", "on"], name="quality_once_a_day")]

    def __str__(self) -> str:
        return f"{self.region_code} {self.on} {self.score}"

    def get_absolute_url(self) -> str:
        """The community's faults."""
        return reverse("quality:community", args=[self.region_code])

    @property
    def judged(self) -> dict[str, tuple[int, float]]:
        """Records and loss of each part."""
        found = self.parts or {"people": (self.people, self.lost)}
        return {key: (records, lost) for key, (records, lost) in found.items()}


class Finding(models.Model):
    """That a check found a record other than a person's to have a fault, from the day it was first found until it was gone.

    `fault` is the check, `row` the number of the record of the check's subject; `rests_on` says in words what it rests on. One that
    is so and right is set aside with a reason (情况属实) and no longer counts; when what it rests on changes it counts again.
    """

    region_follows = "region"  # goes to the successor; the next look puts it where its record lies

    region_code = RegionCodeField()
    fault = models.TextField(_("问题"), db_collation="C")
    subject = models.TextField(_("对象"), db_collation="C")
    row = models.BigIntegerField(_("编号"))
    rests_on = models.TextField(_("情况"), blank=True)
    period = DateRangeField(_("起止日期"))
    aside_reason = models.TextField(_("属实理由"), blank=True, default="")
    aside_on = models.DateField(_("认定属实日期"), null=True, blank=True)
    aside_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("认定人")
    )

    objects = PermittedManager()

    class Meta:
        verbose_name = _("数据问题")
        verbose_name_plural = _("数据问题")
        ordering = ["region_code", "fault", "row"]
        constraints = [
            models.UniqueConstraint(
                fields=["fault", "row"], condition=Q(period__upper_inf=True), name="one_open_finding"
            )
        ]
        indexes = [models.Index(fields=["region_code", "fault"], name="finding_region")]

    def __str__(self) -> str:
        return f"{self.fault} {self.subject} {self.row}"

    def get_absolute_url(self) -> str:
        """The community's findings of the check."""
        return reverse("quality:check", args=[self.region_code[:12], self.fault])
