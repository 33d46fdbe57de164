"""As of (截至日期): the day a page speaks of, asked for by ?on=YYYY-MM-DD and kept in every address that leads on from it.

A page that can answer for another day says `dated = True` and reads `self.on`; filters and exports read `day_of(request)`.
What has a date of its own (where somebody lives, households, groups) is read from its spells; see ADR 0013.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

PARAM = "on"
EARLIEST = date(1949, 10, 1)


def _asked(request: HttpRequest) -> tuple[date, str]:
    """The day asked for, today where none or an impossible one is given; and what was wrong with it, in words."""
    today = timezone.localdate()
    text = request.GET.get(PARAM, "").strip()
    if not text:
        return today, ""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return today, _("截至日期“%(text)s”不是日期，请按 2025-12-31 这样填写。") % {"text": text[:20]}
    if wanted > today:
        return today, _("截至日期不能晚于今天，现在显示的是今天的情况。")
    if wanted < EARLIEST:
        return today, _("截至日期不能早于 %(day)s，现在显示的是今天的情况。") % {"day": EARLIEST}
    return wanted, ""


def day_of(request: HttpRequest) -> date:
    """The day asked for by ?on=, today where none or no possible one is given."""
    return _asked(request)[0]


def is_past(on: date) -> bool:
    """Whether the day is not today."""
    return on != timezone.localdate()


def end_of(on: date) -> datetime:
    """The first moment after the day, in the installation's time zone: what was recorded before it was known that day."""
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))


def carry(url: str, request: Any) -> str:
    """An address with the day of the page it is shown on, where that is not today."""
    asked = getattr(request, "as_of", None)
    if asked is None or not asked.past or not url:
        return url
    plain, hash_sign, fragment = url.partition("#")
    return f"{plain}{'&' if '?' in plain else '?'}{urlencode({PARAM: asked.on.isoformat()})}{hash_sign}{fragment}"


@dataclass(frozen=True)
class AsOf:
    """What the control and the banner of a dated page need."""

    on: date
    today: date
    wrong: str
    kept: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, request: HttpRequest) -> AsOf:
        """As the address says."""
        on, wrong = _asked(request)
        kept = tuple(
            (key, value)
            for key in request.GET
            if key not in (PARAM, "page")
            for value in request.GET.getlist(key)
            if value
        )
        return cls(on, timezone.localdate(), wrong, kept)

    @property
    def past(self) -> bool:
        """Whether the page speaks of another day than today."""
        return self.on != self.today

    def query(self, on: date | None) -> str:
        """The address' query for another day; None for today."""
        pairs = [*self.kept, *([] if on is None else [(PARAM, on.isoformat())])]
        return f"?{urlencode(pairs)}" if pairs else "?"

    @property
    def back(self) -> str:
        """The query that leads back to today."""
        return self.query(None)

    @property
    def choices(self) -> list[tuple[str, date, str]]:
        """The days that reports ask for: (name, day, query)."""
        first = self.today.replace(day=1)
        quarter = first.replace(month=(first.month - 1) // 3 * 3 + 1)
        days = (
            (_("上月末"), first - timedelta(days=1)),
            (_("上季度末"), quarter - timedelta(days=1)),
            (_("去年年末"), first.replace(month=1) - timedelta(days=1)),
            (_("去年今天"), _year_before(self.today)),
        )
        return [(name, day, self.query(day)) for name, day in days]


def _year_before(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


class Dated:
    """What list and detail pages have in common: `dated` pages honour ?on=, and show `as_of_says` when it is not today. The
    others show today whatever is asked, and then say so, with the reason `today_because`."""

    dated = False
    as_of_says: Any = ""
    today_because: Any = ""
    request: HttpRequest

    @property
    def as_of(self) -> AsOf | None:
        """The day asked for; None where the page only speaks of today."""
        if not self.dated:
            return None
        found: AsOf | None = getattr(self.request, "as_of", None)
        if found is None:
            found = AsOf.of(self.request)
            self.request.as_of = found  # type: ignore[attr-defined]
        return found

    @property
    def asked_in_vain(self) -> bool:
        """Whether another day was asked for, of a page that only speaks of today."""
        return not self.dated and is_past(day_of(self.request))

    @property
    def on(self) -> date:
        """The day the page speaks of."""
        asked = self.as_of
        return asked.on if asked is not None else timezone.localdate()

    @property
    def past(self) -> bool:
        """Whether that day is not today: nothing is written from such a page."""
        asked = self.as_of
        return asked is not None and asked.past
