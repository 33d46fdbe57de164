"""The scores of communities, day by day."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.regions.fields import RegionCodeField


class QualityScore(models.Model):
    """How good the records of a community were on a day: people counted, the score, and how many records have each fault."""

    region_follows = "never"  # what was counted then, of the community of then

    region_code = RegionCodeField()
    on = models.DateField(_("日期"))
    people = models.IntegerField(_("在册人数"))
    lost = models.FloatField(_("扣分"))
    score = models.DecimalField(_("得分"), max_digits=4, decimal_places=1)
    counts = models.JSONField(_("各项问题数"), default=dict)

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
