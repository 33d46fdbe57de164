"""Standing ledgers (台账): a form that a community keeps: always current, and as it was on any day."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, User
from linli.audit.history import tracked
from linli.ledgers.recognition import Recognition
from linli.regions.fields import RegionCodeField


@tracked()
class Ledger(models.Model):
    """A form kept as a standing ledger of a region. The empty form lies sealed under `path`. Its rows are not stored: they are what the
    base says of the day asked for, and of columns that the base lacks what was answered by then."""

    region_follows = "region"

    region_code = RegionCodeField()
    title = models.TextField(_("台账名称"))
    name = models.TextField(_("文件名"))
    path = models.TextField(editable=False)
    fingerprint = models.TextField(_("结构指纹"), db_collation="C")
    recognised = models.JSONField(_("识别结果"))
    subject = models.TextField(_("主题"), blank=True, default="")
    keeper = models.ForeignKey(
        User, models.PROTECT, related_name="ledgers_kept", verbose_name=_("谁管这本台账")
    )
    review_every = models.SmallIntegerField(_("几个月核对一次"), default=3)
    reviewed_on = models.DateField(_("上次核对"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核对人")
    )
    review_due = models.DateField(_("下次核对"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("建立人"))
    made_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("台账")
        verbose_name_plural = _("台账")
        ordering = ["region_code", "title", "id"]
        indexes = [models.Index(fields=["region_code"], name="ledger_region")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("collecting:ledger", args=[self.pk])

    @property
    def recognition(self) -> Recognition:
        """What was recognised of the form, corrections included."""
        return Recognition.from_json(self.recognised)

    @property
    def kind(self) -> str:
        """roster, aggregate or card."""
        return str(self.recognised.get("kind", ""))

    def is_due(self, today: date) -> bool:
        """Whether it should have been looked through by now."""
        return self.closed_on is None and self.review_due <= today
