"""The life of a division: when it was set up and given up, what rooms above know of its adjustments, and where they lead from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.pages.timeline import Moment, Year, by_year
from linli.regions.models import OfficialCode, Region

# What a room above knows of a region's life: moments(region, user).
Source = Callable[[Region, Any], list[Moment]]
_sources: dict[str, Source] = {}


@dataclass(frozen=True)
class Link:
    """A way from a division's page to a page of a room above."""

    label: Any
    url: str
    icon: str


# Where a room above leads from a region: links(region, user).
Leading = Callable[[Region, Any], list[Link]]
_leading: dict[str, Leading] = {}


def register(key: str, source: Source) -> None:
    """Add what a room above knows; the same key replaces."""
    _sources[key] = source


def register_links(key: str, leading: Leading) -> None:
    """Add where a room above leads; the same key replaces."""
    _leading[key] = leading


def links_of(region: Region, user: Any) -> list[Link]:
    """The links of all rooms above, for this user."""
    return [link for leading in _leading.values() for link in leading(region, user)]


def of_region(region: Region, user: Any, on: Any) -> list[Year]:
    """Set up, other codes, adjustments, given up; newest first."""
    found = [*_own(region)]
    for source in _sources.values():
        found += source(region, user)
    return by_year(found, on)


def _own(region: Region) -> Iterator[Moment]:
    if region.valid_from is not None:
        yield Moment(region.valid_from, _("设立"), _("%(name)s 设立") % {"name": region.title})
    if region.valid_to is not None:
        yield Moment(region.valid_to, _("停用"), _("%(name)s 停用") % {"name": region.title})
    codes = OfficialCode.objects.filter(region=region).select_related("predecessor__region")
    for code in codes:
        if code.predecessor is not None and code.valid_from is not None:
            before = code.predecessor
            said = _("代码 %(code)s，由 %(name)s %(before)s 沿革而来") % {
                "code": code.code,
                "name": before.region.title,
                "before": before.code,
            }
            url = "" if before.region_id == region.pk else f"/regions/{before.region.region_code}"
            yield Moment(code.valid_from, _("代码"), said, url)
        if code.valid_to is not None:
            yield Moment(code.valid_to, _("代码"), _("代码 %(code)s 停用") % {"code": code.code})
