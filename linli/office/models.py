"""What the office itself settles: days that differ from the calendar known."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SettledDay(models.Model):
    """A day whose being worked or off was entered by an administrator, after the State Council's notice. It wins over
    the published calendar that Linli carries."""

    day = models.DateField(_("日期"), unique=True)
    is_worked = models.BooleanField(_("上班"))
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = _("工作日调整")
        verbose_name_plural = _("工作日调整")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {'上班' if self.is_worked else '休息'}"


class SettledYear(models.Model):
    """A year for which all the State Council's days have been entered; its answers are no longer provisional."""

    year = models.SmallIntegerField(_("年份"), unique=True)

    class Meta:
        verbose_name = _("已公布年份")
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)
