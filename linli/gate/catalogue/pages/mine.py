"""A community's own page: what it may be asked for, by whom, how often, and what has been sent in this stretch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import scopes_q
from linli.flow.models import Dispatch
from linli.flow.rules import warrants as warrant_rules
from linli.flow.rules.warrants import Per
from linli.gate.catalogue import reading, ways
from linli.gate.catalogue.models import Item
from linli.gate.catalogue.pages.shared import VIEW
from linli.pages.views import Permitted
from linli.pages.widgets import Combobox
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region


@dataclass(frozen=True)
class Asked:
    """An item for a community, with how often it was used in the stretch that holds today."""

    item: Item
    sent: int

    @property
    def category(self) -> str:
        """Its class."""
        return self.item.category

    @property
    def used_up(self) -> bool:
        """Whether nothing more may be sent in this stretch."""
        return (
            self.item.times is not None and self.item.warrant_id is not None and self.sent >= self.item.times
        )


def asked_of(community: str, on: date) -> list[Asked]:
    """The items that hold for a community on a day, with what was sent."""
    items = list(
        Item.objects.in_force(on).for_community(community).select_related("unit", "warrant").order_by("code")
    )
    # The stretches differ by item, so the sendings of the longest are read once and counted here.
    since = min((_since(one, on) for one in items if one.warrant_id is not None), default=on)
    sent = Dispatch.objects.filter(
        region_code=community,
        cancelled_at__isnull=True,
        day__gte=since,
        warrant__in=[one.warrant_id for one in items if one.warrant_id is not None],
    ).values_list("warrant", "day")
    days: dict[int, list[date]] = {}
    for warrant, day in sent:
        days.setdefault(warrant, []).append(day)
    found = []
    for one in items:
        first, until = warrant_rules.stretch(Per(one.per), on, one.since)
        used = [d for d in days.get(one.warrant_id or 0, []) if first <= d and (until is None or d < until)]
        found.append(Asked(one, len(used)))
    return found


def _since(item: Item, on: date) -> date:
    return warrant_rules.stretch(Per(item.per), on, item.since)[0]


class PickForm(forms.Form):
    """Which community, and a word."""

    community = forms.ChoiceField(label=_("社区"), required=False, widget=Combobox())
    q = forms.CharField(label=_("关键字"), required=False, max_length=40)


class Mine(Permitted, TemplateView):
    """/catalogue/mine/"""

    permission = VIEW
    template_name = "catalogue/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The community of the user's post, or the one asked for among those the user sees."""
        user: Any = self.request.user
        today = timezone.localdate()
        choices = self._choices(user)
        form = PickForm(self.request.GET)
        field: Any = form.fields["community"]
        field.choices = [("", ""), *choices]
        wanted = self.request.GET.get("community", "")
        known = dict(choices)
        community = wanted if wanted in known else next(iter(known), "") if len(known) == 1 else ""
        rows = asked_of(community, today) if community else []
        word = self.request.GET.get("q", "").strip()
        shown = [one for one in rows if word in one.item.title or word in one.item.unit.name]
        edition = reading.current(community) if community else None
        place = dict(edition.entries.exclude(item=None).values_list("item_id", "position")) if edition else {}
        shown.sort(key=lambda one: (place.get(one.item.pk, 1 << 30), one.item.code))
        return super().get_context_data(
            community=community,
            area=known.get(community, ""),
            choices=choices,
            form=form,
            groups=reading.by_class(shown),
            total=len(rows),
            sending=sum(1 for one in rows if one.item.warrant_id is not None),
            used_up=sum(1 for one in rows if one.used_up),
            ways=ways.offered(user, community) if community else [],
            resting=sum(1 for one in rows if one.item.suspended),
            hours=sum((one.item.yearly_hours for one in rows), 0),
            crumbs=[(str(_("社区事项清单")), reverse("catalogue:items")), (str(_("本社区的事项")), "")],
            **kwargs,
        )

    def _choices(self, user: Any) -> list[tuple[str, str]]:
        """The communities of the user's posts; a grid worker's own one."""
        scopes = user.scopes(VIEW)
        around = {scope.low[:12] for scope in scopes if len(scope.low) > KEY_LENGTH[Level.COMMUNITY]}
        rows = Region.objects.filter(level=Level.COMMUNITY).filter(
            scopes_q("region_code", scopes) | Q(region_code__in=around)
        )
        today = timezone.localdate()
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).order_by("region_code")
        return [(one.region_code, f"{names.title(one.region_code[:9])} {one.title}") for one in rows[:2000]]
