"""The calendars: a street's matrix, a community's month and week, the year, and the ceilings."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from linli.access.models import Unit, scopes_q
from linli.gate.agenda import actions, calendars, forms, ics, reading, rules
from linli.gate.agenda.actions.joining import joinable
from linli.gate.agenda.models import LoadRule, State, Visit
from linli.gate.agenda.pages import COORDINATE, SEND, STREET, TONES, VIEW
from linli.gate.agenda.visit_pages import RECEIVE, community_or_404
from linli.pages.parts import Kpi
from linli.pages.views import EditPage, Permitted
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region

# What a study of 2024 found in one community in one year, before anything was cut down.
FOUND_CHECKS, FOUND_MEETINGS = 30, 150
WEEK = timedelta(days=7)


def _day_asked(request: HttpRequest, name: str) -> date:
    """A day of the address; today for anything else."""
    try:
        asked = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return timezone.localdate()
    return asked if 2000 <= asked.year <= 2100 else timezone.localdate()


class Home(Permitted, TemplateView):
    """/agenda/?street=&from=: the communities of a street × eight weeks; those of one community go straight to it."""

    permission = VIEW
    template_name = "agenda/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A community's people see their month."""
        user: Any = request.user
        lows = [scope.low for scope in user.scopes(VIEW)]
        if lows and all(len(low) >= KEY_LENGTH[Level.COMMUNITY] for low in lows):
            return HttpResponseRedirect(reverse("agenda:month", args=[lows[0][:12]]))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The matrix, what waits, what could come together."""
        user: Any = self.request.user
        mine = Region.objects.filter(scopes_q("region_code", user.scopes(VIEW)), valid_to__isnull=True)
        streets = list(mine.filter(level=Level.STREET).order_by("region_code"))
        keys = [one.region_code for one in streets]
        busy = (
            Visit.objects.permitted(user, VIEW).order_by("-pk").values_list("region_code", flat=True).first()
        )
        asked = self.request.GET.get("street", "")
        street = asked if asked in keys else (busy or "")[:STREET] if busy else (keys or [""])[0]
        monday = rules.week_of(_day_asked(self.request, "from"))
        communities = list(
            mine.filter(level=Level.COMMUNITY, region_code__startswith=street)
            .order_by("region_code")
            .values_list("region_code", flat=True)
        )
        rows = calendars.matrix(communities, monday) if street else []
        until = monday + calendars.WEEKS * WEEK - timedelta(days=1)
        together = joinable(reading.visits_between(communities, monday, until), timezone.localdate())
        waiting = Visit.objects.permitted(user, VIEW).filter(state=State.PROPOSED)
        return super().get_context_data(
            title=_("检查会议日程"),
            streets=[(one.region_code, one.title) for one in streets],
            street=street,
            street_name=names.title(street) if street else "",
            rows=rows,
            weeks=[monday + n * WEEK for n in range(calendars.WEEKS)],
            before=monday - 4 * WEEK,
            after=monday + 4 * WEEK,
            this_week=rules.week_of(timezone.localdate()),
            waiting=waiting.values("proposal").distinct().count(),
            over=sum(cell.load.is_over for row in rows for cell in row.cells),
            together=[
                (names.title(code), code, week, len(ones)) for (code, week), ones in sorted(together.items())
            ],
            may_join=user.can(COORDINATE, street) if street else False,
            may_send=user.can(SEND),
            **kwargs,
        )


class _OfCommunity(Permitted, TemplateView):
    """A page about one community."""

    permission = VIEW

    @property
    def code(self) -> str:
        """Its key."""
        return community_or_404(self.request.user, self.kwargs["region_code"], VIEW)

    def shared(self, code: str) -> dict[str, Any]:
        """What both calendars show around."""
        user: Any = self.request.user
        return {
            "code": code,
            "name": names.title(code),
            "tones": TONES,
            "may_receive": user.can(RECEIVE, code),
            "may_join": user.can(COORDINATE, code),
            "may_send": user.can(SEND),
            "unrecorded": Visit.objects.filter(
                region_code=code, state=State.FIXED, last_day__lt=timezone.localdate()
            ).count(),
        }


class Month(_OfCommunity):
    """/agenda/<community>/?month=2026-11"""

    template_name = "agenda/month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The weeks with their load."""
        code, today = self.code, timezone.localdate()
        asked = self.request.GET.get("month", "")
        try:
            first = date.fromisoformat(f"{asked}-01") if asked else today.replace(day=1)
        except ValueError:
            first = today.replace(day=1)
        if not 2000 <= first.year <= 2100:
            first = today.replace(day=1)
        weeks, load, visits = calendars.month(code, first, today)
        together = joinable(visits, today)
        for one in weeks:
            one.joinable = len(together.get((code, one.monday), []))
        inside = [one for one in visits if one.day.month == first.month]
        name = names.title(code)
        return super().get_context_data(
            **self.shared(code),
            title=f"{name} {first.year} 年 {first.month} 月",
            weeks=weeks,
            load=load,
            count=len(inside),
            waiting=sum(one.state == State.PROPOSED for one in inside),
            before=first - timedelta(days=1),
            after=first + timedelta(days=32),
            weekdays=rules.WEEKDAYS,
            crumbs=[(str(_("检查会议日程")), reverse("agenda:home")), (name, "")],
            **kwargs,
        )


class WeekPage(_OfCommunity):
    """/agenda/<community>/week/?day="""

    template_name = "agenda/week.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The seven days, what stands in the way of what is proposed, what could come together."""
        code, today = self.code, timezone.localdate()
        monday = rules.week_of(_day_asked(self.request, "day"))
        week, visits = calendars.week(code, monday, today)
        looks = {
            one.visit.pk: one for one in reading.look([one for one in visits if one.state == State.PROPOSED])
        }
        found = joinable(visits, today).get((code, monday), [])
        name = names.title(code)
        return super().get_context_data(
            **self.shared(code),
            title=f"{name} {rules.said(monday)}起的一周",
            week=week,
            days=[
                (day, [(one, TONES[State(one.state)], looks.get(one.pk)) for one in day.visits])
                for day in week.days
            ],
            joinable=found,
            before=monday - WEEK,
            after=monday + WEEK,
            crumbs=[
                (str(_("检查会议日程")), reverse("agenda:home")),
                (name, reverse("agenda:month", args=[code])),
                (rules.said(monday), ""),
            ],
            **kwargs,
        )


class Ics(Permitted, View):
    """/agenda/<community>/calendar.ics: from four weeks ago to half a year ahead."""

    permission = VIEW

    def get(self, request: HttpRequest, region_code: str) -> HttpResponse:
        """The file."""
        code, today = community_or_404(request.user, region_code, VIEW), timezone.localdate()
        visits = reading.visits_between([code], today - 4 * WEEK, today + 26 * WEEK)
        return HttpResponse(
            ics.write(names.title(code), visits, timezone.now()),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="agenda-{code}.ics"'},
        )


class Year(Permitted, TemplateView):
    """/agenda/year/?year=: what came in the year, by community and by department."""

    permission = VIEW
    template_name = "agenda/year.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts and hours."""
        user: Any = self.request.user
        today = timezone.localdate()
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else today.year
        visits = calendars.year_rows(Visit.objects.permitted(user, VIEW), year, today)
        rows = sorted(calendars.year_by(visits, "region_code"), key=lambda one: one["region_code"])
        for one in rows:
            one["name"] = names.title(one["region_code"])
            one["checks"] = one["inspections"] + one["contests"]
        units = calendars.year_by(visits, "unit_id", "unit_name")
        known = dict(Unit.objects.filter(pk__in=[one["unit_id"] for one in units]).values_list("pk", "name"))
        for one in units:
            one["name"] = known.get(one["unit_id"]) or one["unit_name"] or str(_("没有写明"))
        units.sort(key=lambda one: (-one["spent"], one["name"]))
        many = max(len(rows), 1)
        checks = Decimal(sum(one["checks"] for one in rows)) / many
        meetings = Decimal(sum(one["meetings"] for one in rows)) / many
        return super().get_context_data(
            title=f"{year} 年的检查和会议",
            year=year,
            today=today,
            rows=rows,
            units=units[:30],
            kpis=[
                Kpi(
                    _("平均每个社区的检查、评比"),
                    round(checks, 1),
                    "clipboard-check",
                    _("次"),
                    under=f"减负前的调查是 {FOUND_CHECKS} 余次",
                ),
                Kpi(
                    _("平均每个社区的会议"),
                    round(meetings, 1),
                    "users-group",
                    _("次"),
                    under=f"减负前的调查是 {FOUND_MEETINGS} 余次",
                ),
                Kpi(
                    _("社区用掉的时间"),
                    sum((one["spent"] for one in rows), Decimal(0)),
                    "clock",
                    _("小时"),
                    under=_("社区登记的实际时间"),
                ),
                Kpi(
                    _("未经准入"),
                    sum(one["unlisted"] for one in rows),
                    "alert-triangle",
                    _("次"),
                    under=_("直接找上门的"),
                    tone="danger" if any(one["unlisted"] for one in rows) else "",
                    url=f"{reverse('agenda:visits')}?state=unlisted",
                ),
            ],
            crumbs=[(str(_("检查会议日程")), reverse("agenda:home")), (f"{year} 年", "")],
            **kwargs,
        )


class Ceilings(Permitted, TemplateView):
    """/agenda/ceilings/: the ceilings in force and to come, for everybody whom they bind."""

    permission = VIEW
    template_name = "agenda/ceilings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Of the user's regions and those above; where the user may set one."""
        user: Any = self.request.user
        above = {scope.low[:length] for scope in user.scopes(VIEW) for length in range(2, len(scope.low) + 1)}
        mine = LoadRule.objects.permitted(user, VIEW)
        found = (LoadRule.objects.filter(region_code__in=above) | mine).order_by("region_code", "-since")
        regions = Region.objects.filter(
            scopes_q("region_code", user.scopes(COORDINATE)),
            level__in=[Level.DISTRICT, Level.STREET],
            valid_to__isnull=True,
        ).order_by("region_code")
        return super().get_context_data(
            title=_("负担上限"),
            rules=[(one, names.title(one.region_code)) for one in found],
            house=rules.Ceiling(),
            regions=[(one.region_code, one.title) for one in regions],
            crumbs=[(str(_("检查会议日程")), reverse("agenda:home")), (str(_("负担上限")), "")],
            **kwargs,
        )


class EditCeiling(EditPage):
    """/agenda/ceilings/<region>/"""

    permission = COORDINATE
    title = _("设定负担上限")
    intro = _("从起用日期起，新的申请按这个上限算；以前定下的不变。街道没有设定的，按区里的。")
    form_class: Any = forms.CeilingForm

    def get_object(self) -> None:
        """A district or street in which the user coordinates."""
        user: Any = self.request.user
        code = self.kwargs["region_code"]
        if len(code) not in (6, STREET) or not user.can(COORDINATE, code) or names.title(code) == code:
            raise Http404
        self.subtitle = names.title(code)

    def get_form_kwargs(self) -> dict[str, Any]:
        """That in force."""
        code = self.kwargs["region_code"]
        newest = LoadRule.objects.filter(region_code=code).order_by("-since").first()
        near = reading.ceilings([code])[code]
        made = newest or LoadRule(
            week_hours=near.week_hours,
            month_hours=near.month_hours,
            day_entries=near.day_entries,
            week_checks=near.week_checks,
            lead_days=near.lead_days,
            excess=near.excess.value,
            collision=near.collision.value,
        )
        made.since = timezone.localdate()
        return super().get_form_kwargs() | {"instance": made}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("agenda:ceilings")

    def perform(self, form: Any) -> str:
        """Set it."""
        actions.set_ceiling(
            acting_user=self.request.user,
            region_code=self.kwargs["region_code"],
            ceiling=form.ceiling(),
            since=form.cleaned_data["since"],
            basis=form.cleaned_data["basis"],
        )
        return reverse("agenda:ceilings")
