"""Emergency approvals: at once, for a few days, looked back on afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, Unit, User
from linli.audit.history import tracked
from linli.flow.models import Warrant
from linli.regions.fields import RegionCodeField


@tracked()
class Emergency(models.Model):
    """An emergency approval (应急通道): at once, for a few days, by a named person, told in public, looked back on afterwards.

    Its warrant ends by itself on `until`, the first day it no longer holds.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("提出部门"))
    warrant = models.OneToOneField(
        Warrant, models.PROTECT, related_name="emergency", verbose_name=_("下派依据")
    )
    title = models.TextField(_("应急事项"))
    reason = models.TextField(_("为什么来不及走准入"))
    until = models.DateField(_("自动失效日期"))
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("批准人"))
    approved_at = models.DateTimeField(_("批准时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("提前结束"), null=True, blank=True)
    review = models.TextField(_("事后复盘"), blank=True, default="")
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复盘人")
    )
    reviewed_at = models.DateTimeField(_("复盘时间"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("应急事项")
        verbose_name_plural = _("应急事项")
        ordering = ["-id"]
        indexes = [models.Index(fields=["region_code", "-id"], name="admission_emergency_region")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | ~Q(review=""), name="admission_review_said"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("admission:emergency", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether it no longer holds."""
        return self.ended_at is not None or self.until <= timezone.localdate()
