"""Who said what of whom, and when."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.regions.fields import RegionCodeField
from linli.registry.people.models import Person


@tracked()
class SourceKind(models.Model):
    """A kind of source and how reliable it is (0 to 100): the higher one's word holds."""

    code = models.TextField(_("编码"), unique=True)
    name = models.TextField(_("来源"))
    rank = models.SmallIntegerField(_("可靠程度"))

    class Meta:
        verbose_name = _("来源种类")
        verbose_name_plural = _("来源种类")
        ordering = ["-rank", "pk"]

    def __str__(self) -> str:
        return self.name


class ClaimState(models.TextChoices):
    """What became of what was said."""

    TAKEN = "taken", _("已采用")
    AGREED = "agreed", _("与库里一致")
    CONFLICT = "conflict", _("有冲突，待核定")
    REFUSED = "refused", _("核定不采用")


@tracked()
class Claim(models.Model):
    """A source said of a person that a fact is so, on a day. `value` is the code or text; numbers stand in `sealed` instead."""

    history_hidden = ("sealed",)

    region_code = RegionCodeField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="claims", verbose_name=_("居民"))
    element = models.TextField(_("数据项"))
    value = models.TextField(_("内容"), blank=True, default="")
    sealed = SealedTextField(_("号码"), purpose="claim")
    source = models.ForeignKey(SourceKind, models.PROTECT, related_name="+", verbose_name=_("来源"))
    said_by = models.TextField(_("出处"), blank=True, default="")
    on = models.DateField(_("来源日期"))
    state = models.TextField(_("状态"), choices=ClaimState.choices)
    heard_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    heard_by = models.TextField(_("登记人"))
    decided_at = models.DateTimeField(_("核定时间"), null=True, blank=True)
    decided_by = models.TextField(_("核定人"), blank=True, default="")
    note = models.TextField(_("核定说明"), blank=True, default="")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("来源记录")
        verbose_name_plural = _("来源记录")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person", "element", "-id"], name="claim_person"),
            models.Index(
                fields=["region_code", "-id"], condition=models.Q(state="conflict"), name="claim_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.element}"
