"""Counts that are kept, because counting a whole district again at every look would take too long."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.regions.fields import RegionCodeField


class KeptCounts(models.Model):
    """What one counter (`key`) found in a community on a day: numbers by name. A day counted again replaces what it had.

    Rows that lie in no community (a person known only by their street) are counted under the shorter key. A wider area is the
    sum of these rows.
    """

    region_follows = "never"  # what was counted, in the communities of that day

    key = models.TextField(_("统计项"))
    region_code = RegionCodeField(blank=True)
    on = models.DateField(_("日期"))
    numbers = models.JSONField(_("数"), default=dict)
    counted_at = models.DateTimeField(_("统计时间"), default=timezone.now)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("统计数")
        verbose_name_plural = _("统计数")
        ordering = ["key", "-on", "region_code"]
        constraints = [
            models.UniqueConstraint(fields=["key", "on", "region_code"], name="counts_kept_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.region_code} {self.on}"
