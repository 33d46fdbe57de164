"""A tour: several departments' inspections in several communities come together, each community its slot, in one decision."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import Unit
from linli.audit.recording import RuleError
from linli.gate.agenda import actions, calendars, rules, touring
from linli.gate.agenda.models import OPEN, State, Tour, Visit
from linli.gate.agenda.pages import COORDINATE, STREET, TONES, VIEW
from linli.pages.views import DetailPage, HistoryTab, Permitted, Tab
from linli.regions import names

_MANY = 40


class PlanTour(Permitted, TemplateView):
    """/agenda/tour/<street>/?p=: which inspections could come together, with days, collisions and load of each community; nothing is
    arranged until the whole is sent."""

    permission = COORDINATE
    template_name = "agenda/plan_tour.html"

    def prepare(self) -> None:
        """The street and what could come together in it. Raises Http404 outside the user's streets."""
        user: Any = self.request.user
        self.street = self.kwargs["region_code"]
        if len(self.street) != STREET or not user.can(COORDINATE, self.street):
            raise Http404
        visits = (
            Visit.objects.filter(
                region_code__startswith=self.street, state__in=OPEN, day__gt=timezone.localdate()
            )
            .select_related("unit", "joint", "proposal__unit")
            .order_by("region_code", "day", "pk")
        )
        self.everything = touring.tourable(visits, timezone.localdate())

    def wanted(self) -> set[int]:
        """The proposals chosen."""
        given = self.request.GET.getlist("p")
        return {int(one) for one in given if one.isdecimal() and len(one) < 19}

    def chosen(self) -> dict[str, list[Visit]]:
        """By community, the visits of the chosen proposals, where at least two departments come."""
        wanted = self.wanted()
        visits = [one for ones in self.everything.values() for one in ones if one.proposal_id in wanted]
        return touring.tourable(visits, timezone.localdate())

    def given(self, name: str, default: str = "") -> str:
        """What was sent, else what the address says."""
        return self.request.POST.get(name) or self.request.GET.get(name) or default

    def figures(self) -> tuple[Decimal, int]:
        """Hours in each community, and how many communities a day."""
        try:
            hours = Decimal(self.given("hours", "3"))
        except InvalidOperation:
            hours = Decimal(3)
        many = self.given("per_day", "2")
        return (
            min(max(hours, Decimal("0.5")), Decimal(12)) if hours.is_finite() else Decimal(3),
            min(max(int(many) if many.isdecimal() and len(many) < 3 else 2, 1), 8),
        )

    def days(self, found: dict[str, list[Visit]]) -> dict[str, tuple[date, time]]:
        """The days and hours that were sent."""
        kept = {}
        for code in found:
            try:
                day = date.fromisoformat(self.request.POST.get(f"day_{code}", ""))
                at = time.fromisoformat(self.request.POST.get(f"at_{code}", "") or "09:00")
            except ValueError:
                continue
            if timezone.localdate() < day and day.year <= 2100:
                kept[code] = (day, at)
        return kept

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What could come together, or the plan of what was chosen."""
        self.prepare()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look again, or do it."""
        self.prepare()
        found = self.chosen()
        if not found:
            raise Http404
        if request.POST.get("do") != "join":
            return self.render_to_response(self.get_context_data(**kwargs))
        hours, _many = self.figures()
        days, picked = self.days(found), request.POST.getlist("stop")
        try:
            missing = [code for code in picked if code in found and code not in days]
            if missing:
                raise RuleError(f"{names.title(missing[0])}：请选今天以后的一天。")
            lead = Unit.objects.filter(pk__in=[one.unit_id for ones in found.values() for one in ones])
            who = request.POST.get("lead", "")
            leading = lead.filter(pk=int(who)).first() if who.isdecimal() and len(who) < 19 else None
            if leading is None:
                raise RuleError("请选牵头单位。", field="lead")
            tour = actions.join_tour(
                acting_user=request.user,
                stops=[
                    actions.Together(found[code], *days[code]) for code in sorted(found) if code in picked
                ],
                hours=hours,
                lead=leading,
                title=request.POST.get("title", "")[:80],
                reason=request.POST.get("reason", "")[:300],
            )
        except RuleError as problem:
            return self.render_to_response(
                self.get_context_data(problem=problem.message, **kwargs), status=422
            )
        messages.success(request, f"已安排 {tour.joints.count()} 个社区的联合检查，已通知部门和社区。")
        return HttpResponseRedirect(tour.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The proposals to choose from, and the stops of those chosen."""
        kwargs.pop("region_code", None)
        proposals: dict[int, dict[str, Any]] = {}
        for ones in self.everything.values():
            for one in ones:
                if one.proposal is not None:
                    row = proposals.setdefault(one.proposal_id or 0, {"proposal": one.proposal, "n": 0})
                    row["n"] += 1
        wanted, found = self.wanted(), self.chosen()
        hours, per_day = self.figures()
        sent = self.days(found) if self.request.method == "POST" else {}
        stops = touring.stops(found, hours=hours, per_day=per_day, chosen=sent) if found else []
        picked = self.request.POST.getlist("stop") if self.request.method == "POST" else None
        units = {one.unit_id: one.who for ones in found.values() for one in ones}
        return super().get_context_data(
            title=_("几个社区的联合检查"),
            street=self.street,
            street_name=names.title(self.street),
            proposals=[row | {"picked": key in wanted} for key, row in sorted(proposals.items())][:_MANY],
            picked_many=len(wanted & set(proposals)),
            stops=[
                {
                    "stop": one,
                    "name": names.title(one.region_code),
                    "said": rules.said(one.day),
                    "level": calendars.Level(one.week_hours, one.ceiling.week_hours),
                    "picked": (picked is None and not one.must_move)
                    or (picked is not None and one.region_code in picked),
                    "better": [rules.said(better.day) for better in one.better],
                }
                for one in stops
            ],
            alone=sum((one.alone_hours for one in stops), Decimal(0)),
            together=sum((hours + max(v.prep_hours for v in one.visits) for one in stops), Decimal(0)),
            asks_consent=any(one.asks_consent for one in stops),
            units=sorted(units.items(), key=lambda row: row[1]),
            lead=self.given("lead"),
            hours=hours,
            per_day=per_day,
            name=self.given("title") or "联合检查",
            reason=self.given("reason"),
            crumbs=[
                (str(_("检查会议日程")), f"{reverse('agenda:home')}?street={self.street}"),
                (str(_("几个社区的联合检查")), ""),
            ],
            **kwargs,
        )


class TourPage(HistoryTab, DetailPage):
    """/agenda/tours/<id>/: each community of a tour with its slot."""

    model = Tour
    permission = VIEW
    template_name = "agenda/tour.html"
    tabs = (Tab("stops", _("各社区"), "agenda/_tour.html"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The joint visits, and how far each is."""
        tour: Tour = self.object
        user: Any = self.request.user
        rows = []
        for joint in tour.joints.prefetch_related("visits__unit").order_by("day", "starts_at", "region_code"):
            visits = list(joint.visits.all())
            rows.append(
                {
                    "joint": joint,
                    "name": names.title(joint.region_code),
                    "said": rules.said(joint.day),
                    "visits": [(one, TONES[State(one.state)]) for one in visits],
                }
            )
        mine = {
            one.proposal_id: one.proposal
            for one in Visit.objects.filter(
                joint__tour=tour, unit__in=user.unit_ids, state=State.PROPOSED
            ).select_related("proposal")
        }
        return super().get_context_data(
            rows=rows,
            to_fix=list(mine.values()),
            crumbs=[(str(_("检查会议日程")), reverse("agenda:home")), (str(tour), "")],
            **kwargs,
        )
