"""What communities report was asked of them off the list (清单外要求), with what shows it and what came of it.

What the gate itself refused is `flow.Refusal`; inspections and meetings that came without it are unlisted visits of the agenda.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedQuerySet, Unit, User, scopes_q
from linli.access.roles import Permission
from linli.access.sealed_files import SealedFile
from linli.audit.history import tracked
from linli.flow.models import THINGS
from linli.gate.catalogue.models import Item
from linli.gate.offlist import rules
from linli.gate.offlist.rules import Outcome
from linli.regions.fields import RegionCodeField

ASKED = [*THINGS, ("other", _("其他"))]


class By(models.TextChoices):
    """How it was asked."""

    PAPER = "paper", _("纸质文件、通知")
    CHAT = "chat", _("微信等工作群")
    PHONE = "phone", _("电话")
    FACE = "face", _("当面、会上")
    SYSTEM = "system", _("其他系统、应用")
    OTHER = "other", _("其他")


class ReportQuerySet(PermittedQuerySet):
    """Reports, and who may see them."""

    def visible(self, user: Any) -> Self:
        """Those of one's area; and for a department those about it that were confirmed (it is not told of the others)."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen = scopes_q("region_code", user.scopes(Permission.VIEW_OFFLIST))
        told = Q(unit__in=user.unit_ids, outcome__in=rules.CONFIRMED) if user.pk else Q(pk__in=[])
        return self.filter(seen | told)

    def waiting(self) -> Self:
        """Those that nobody has answered."""
        return self.filter(outcome="", withdrawn_at__isnull=True)

    def confirmed(self) -> Self:
        """Those found to be so."""
        return self.filter(outcome__in=rules.CONFIRMED)


@tracked()
class Report(models.Model):
    """A community says that something was asked of it that is not on the list: on paper, in a chat, by telephone.

    `unit` or `unit_name` asked it. `hours` is what it took (小时). `due_on` is the day by which the street, or the district's community
    office, answers. `item` is the item of the list that it turned out to rest on.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    title = models.TextField(_("要社区做什么"))
    thing = models.TextField(_("类型"), choices=ASKED)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("要求的单位")
    )
    unit_name = models.TextField(_("要求的单位（没有登记的）"), blank=True, default="")
    by = models.TextField(_("怎么要求的"), choices=By.choices)
    asked_on = models.DateField(_("哪天要求的"))
    wanted_by = models.DateField(_("要求哪天完成"), null=True, blank=True)
    text = models.TextField(_("情况"), blank=True, default="")
    is_done = models.BooleanField(_("社区已经照办"), default=False)
    hours = models.DecimalField(_("用了几小时"), max_digits=6, decimal_places=1, null=True, blank=True)
    reported_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("反映人")
    )
    reported_at = models.DateTimeField(_("反映时间"), default=timezone.now, editable=False)
    due_on = models.DateField(_("答复期限"))
    outcome = models.TextField(
        _("答复结果"), choices=[(one.value, one.label) for one in Outcome], blank=True, default=""
    )
    answer = models.TextField(_("答复"), blank=True, default="")
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("清单里的事项")
    )
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_why = models.TextField(_("撤回原因"), blank=True, default="")

    objects = models.Manager.from_queryset(ReportQuerySet)()

    class Meta:
        verbose_name = _("清单外反映")
        verbose_name_plural = _("清单外反映")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["region_code", "-id"], name="offlist_region"),
            models.Index(fields=["unit", "asked_on"], name="offlist_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^\d{12}$"), name="offlist_of_a_community"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(unit_name=""), name="offlist_somebody_asked"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True)
                | (~Q(outcome="") & ~Q(answer="") & Q(answered_at__isnull=False, withdrawn_at__isnull=True)),
                name="offlist_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("offlist:report", args=[self.pk])

    @property
    def who(self) -> str:
        """The unit that asked."""
        return self.unit.name if self.unit is not None else self.unit_name

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be answered."""
        return not self.outcome and self.withdrawn_at is None

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, as a word and its tone."""
        return rules.standing(self.outcome, self.withdrawn_at is not None, self.due_on, timezone.localdate())


class ReportFile(SealedFile):
    """A photograph or paper that shows what was asked: encrypted at rest, read only through the report's page."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="files", verbose_name=_("清单外反映"))
    added_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta(SealedFile.Meta):
        verbose_name = _("清单外反映的材料")
        verbose_name_plural = _("清单外反映的材料")
