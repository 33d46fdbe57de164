"""The working calendar: the published one with what administrators have settled, and its page."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.kernel.working_time import Calendar
from linli.office import actions
from linli.office.models import SettledDay, SettledYear
from linli.pages.views import EditPage, Permitted
from linli.pages.widgets import DateInput

FIRST, LAST = 2004, 2100


def current() -> Calendar:
    """The calendar in force: the State Council's days 2004–2026 and what has been settled since."""
    return Calendar(
        dict(SettledDay.objects.values_list("day", "is_worked")),
        published=SettledYear.objects.values_list("year", flat=True),
    )


class CalendarPage(Permitted, TemplateView):
    """A year at a glance: worked days, days off, settled days."""

    template_name = "office/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and FIRST <= int(asked) <= LAST else timezone.localdate().year
        found = current()
        settled = {one.day: one for one in SettledDay.objects.filter(day__year=year)}
        today = timezone.localdate()
        grid = [
            {
                "month": month,
                "weeks": [
                    [
                        {
                            "day": day,
                            "here": day.month == month,
                            "worked": found.is_working_day(day),
                            "unusual": found.is_working_day(day) == (day.weekday() >= 5),
                            "settled": settled.get(day),
                            "today": day == today,
                        }
                        for day in week
                    ]
                    for week in months.Calendar().monthdatescalendar(year, month)
                ],
            }
            for month in range(1, 13)
        ]
        worked = sum(
            found.is_working_day(date.fromordinal(n))
            for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        )
        user: Any = self.request.user
        return super().get_context_data(
            year=year,
            grid=grid,
            worked=worked,
            weekdays="一二三四五六日",
            provisional=found.is_provisional(date(year, 7, 1)),
            complete=SettledYear.objects.filter(year=year).exists(),
            settled=list(settled.values()),
            may_settle=user.can(Permission.MANAGE_SYSTEM),
            **kwargs,
        )


class DayForm(forms.Form):
    """A day, and whether it is worked."""

    day = forms.DateField(label=_("日期"), widget=DateInput())
    is_worked = forms.ChoiceField(label=_("这一天"), choices=(("0", _("休息")), ("1", _("上班"))))
    note = forms.CharField(
        label=_("说明"), required=False, max_length=100, help_text=_("例如：国务院办公厅通知，国庆节调休。")
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not FIRST <= day.year <= LAST:
            raise forms.ValidationError(_("年份须在 2004 到 2100 之间。"))
        return day


class SettleDay(EditPage):
    """Settle one day."""

    permission = Permission.MANAGE_SYSTEM
    form_class = DayForm
    title = _("设定工作日")
    success_message = _("已设定，所有期限按新的日历计算。")

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        actions.settle_day(
            acting_user=self.request.user,
            day=data["day"],
            is_worked=data["is_worked"] == "1",
            note=data["note"],
        )
        return f"{reverse('calendar')}?year={data['day'].year}"

    def cancel_url(self) -> str:
        return reverse("calendar")


class UnsettleDay(Permitted, View):
    """Take a settled day back."""

    permission = Permission.MANAGE_SYSTEM

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        settled = SettledDay.objects.filter(pk=pk).first()
        if settled is None:
            raise Http404
        year = settled.day.year
        actions.unsettle_day(acting_user=request.user, settled=settled)
        return redirect(f"{reverse('calendar')}?year={year}")


class SettleYear(Permitted, View):
    """Say that a year's days are all entered, or not."""

    permission = Permission.MANAGE_SYSTEM

    def post(self, request: HttpRequest, year: int) -> HttpResponse:
        if not FIRST <= year <= LAST:
            raise Http404
        actions.settle_year(acting_user=request.user, year=year, complete=request.POST.get("complete") == "1")
        return redirect(f"{reverse('calendar')}?year={year}")
