"""Money promised to communities with the items admitted, paid by departments, received by communities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedQuerySet, Unit, User, scopes_q
from linli.access.roles import Permission
from linli.admission.models.applications import Admission, Application
from linli.audit.history import tracked
from linli.regions import names
from linli.regions.fields import RegionCodeField


class InstalmentQuerySet(PermittedQuerySet):
    """Instalments: who may see them, and which are late."""

    def visible(self, user: Any) -> Self:
        """Those that one's department pays, and those of communities in whose area one sees admissions."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        own = Q(unit__in=user.unit_ids) if user.can(Permission.APPLY_ADMISSION) else Q(pk__in=[])
        seen = user.scopes(Permission.DECIDE_ADMISSION) + user.scopes(Permission.GIVE_OPINIONS)
        return self.filter(own | scopes_q("region_code", seen))

    def unpaid(self) -> Self:
        """Those of which something rests."""
        return self.filter(paid__lt=F("amount"))

    def unsaid(self) -> Self:
        """Those paid, at least in part, of which the community has not said what came."""
        return self.filter(paid__gt=0, said_at__isnull=True)

    def disputed(self) -> Self:
        """Those of which the community says that other than what was paid has come."""
        return self.filter(said_at__isnull=False).exclude(received=F("paid"))

    def late(self, on: date | None = None) -> Self:
        """Those that should have been paid before a day (today)."""
        return self.unpaid().filter(due_on__lt=on or timezone.localdate())


@tracked()
class Instalment(models.Model):
    """Money that a department owes one community for the days [since, until), due on `due_on`; `paid` is the sum of its parts of
    payments, `received` of what the community says has come (元). `said_at` is when it last said something; None while it has not.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    admission = models.ForeignKey(
        Admission, models.PROTECT, related_name="instalments", verbose_name=_("准入事项")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("付款部门"))
    since = models.DateField(_("期间起"))
    until = models.DateField(_("期间止"))
    due_on = models.DateField(_("应付日期"))
    amount = models.DecimalField(_("应付（元）"), max_digits=12, decimal_places=2)
    paid = models.DecimalField(_("已付（元）"), max_digits=12, decimal_places=2, default=Decimal(0))
    received = models.DecimalField(_("社区收到（元）"), max_digits=12, decimal_places=2, default=Decimal(0))
    said_at = models.DateTimeField(_("社区核对时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(InstalmentQuerySet)()

    class Meta:
        verbose_name = _("应付款")
        verbose_name_plural = _("应付款")
        ordering = ["due_on", "region_code", "id"]
        indexes = [
            models.Index(fields=["region_code", "due_on"], name="admission_due_region"),
            models.Index(fields=["due_on"], condition=Q(paid__lt=F("amount")), name="admission_due_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, paid__gte=0, paid__lte=F("amount")), name="admission_due_paid"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="admission_due_period"),
            models.CheckConstraint(condition=Q(received__gte=0), name="admission_due_received"),
        ]

    def __str__(self) -> str:
        return f"{names.title(self.region_code)} {self.due_on}"

    @property
    def rest(self) -> Decimal:
        """What is still to be paid (元)."""
        return self.amount - self.paid

    @property
    def is_late(self) -> bool:
        """Whether it should have been paid before today."""
        return self.rest > 0 and self.due_on < timezone.localdate()

    @property
    def standing(self) -> tuple[str, str]:
        """How what was paid and what came agree, as a word and its tone; "" while nothing was paid or said."""
        if self.said_at is None:
            return ("待社区核对", "warn") if self.paid else ("", "")
        return ("已到账", "ok") if self.received == self.paid else ("对不上", "danger")


class Payment(models.Model):
    """Money paid (拨付), with the paper that shows it. Never edited; a wrong one is cancelled with a reason."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="payments", verbose_name=_("准入申请")
    )
    paid_on = models.DateField(_("付款日期"))
    amount = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2)
    voucher = models.TextField(_("凭证号"), blank=True, default="")
    path = models.TextField(editable=False)
    name = models.TextField(_("凭证"))
    media_type = models.TextField(_("类型"))
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    cancelled_why = models.TextField(_("作废原因"), blank=True, default="")

    class Meta:
        verbose_name = _("拨付")
        verbose_name_plural = _("拨付")
        ordering = ["-paid_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="admission_payment_some")]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.amount}"


class PaymentPart(models.Model):
    """The part of a payment that goes to one instalment."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="parts", verbose_name=_("拨付"))
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="parts", verbose_name=_("应付款"))
    amount = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("拨付明细")
        verbose_name_plural = _("拨付明细")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="admission_part_some")]

    def __str__(self) -> str:
        return f"{self.instalment} {self.amount}"


class Receipt(models.Model):
    """What a community says has come of an instalment (到账): on which day, how much (元), 0 with a remark for nothing. Never edited; a wrong
    one is cancelled."""

    instalment = models.ForeignKey(
        Instalment, models.PROTECT, related_name="receipts", verbose_name=_("应付款")
    )
    received_on = models.DateField(_("到账日期"))
    amount = models.DecimalField(_("收到（元）"), max_digits=12, decimal_places=2)
    remark = models.TextField(_("说明"), blank=True, default="")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("到账")
        verbose_name_plural = _("到账")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) | (Q(amount=0) & ~Q(remark="")), name="admission_receipt_says"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instalment} {self.amount}"
