"""The regions that a user may choose from in filters and forms."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.kernel.brief import Brief
from linli.kernel.scope import Scope
from linli.pages.choices import Offered
from linli.regions import names
from linli.regions.models import Level, Region

# A list of choices longer than this is cut to the levels above.
MOST = 800

_offered: Brief[Offered] = Brief(most=500)


def filter_choices(user: Any, permission: Permission) -> Offered:
    """What a list can be narrowed to: communities and grids of a street, streets and communities of a district, and so on."""
    scopes = user.scopes(permission)
    return _offered.get(scopes, lambda: Offered(_within(scopes)), settings.LINLI_COUNT_SECONDS)


def _within(scopes: tuple[Scope, ...]) -> list[tuple[str, str]]:
    mine = _current(scopes)
    for levels in (
        (Level.COMMUNITY, Level.GRID),
        (Level.STREET, Level.COMMUNITY),
        (Level.DISTRICT, Level.STREET),
    ):
        found = _labelled(mine.filter(level__in=levels), MOST + 1)
        if len(found) <= MOST:
            return found
    return _labelled(mine.filter(level__in=(Level.PROVINCE, Level.CITY)), MOST)


def map_choices(user: Any, permission: Permission) -> list[tuple[str, str]]:
    """What a map can show: streets and communities; grids for those who have no more."""
    mine = _mine(user, permission)
    found = _labelled(mine.filter(level__in=(Level.STREET, Level.COMMUNITY)), MOST)
    return found or _labelled(mine.filter(level=Level.GRID), MOST)


def place_choices(user: Any, permission: Permission, within: str = "") -> list[tuple[str, str]]:
    """Where a place may be put: the communities and grids in which the user holds the permission; `within` a community."""
    mine = _mine(user, permission).filter(level__in=(Level.COMMUNITY, Level.GRID))
    return _labelled(mine.filter(region_code__startswith=within), 5 * MOST)


def _mine(user: Any, permission: Permission) -> Any:
    return _current(user.scopes(permission))


def _current(scopes: tuple[Scope, ...]) -> Any:
    return Region.objects.filter(scopes_q("region_code", scopes), valid_to__isnull=True)


def _labelled(found: Any, most: int) -> list[tuple[str, str]]:
    rows = list(
        found.order_by("region_code").values_list("region_code", "level", "name", "short_name")[:most]
    )
    names.learn(code for code, level, _name, _short in rows if level == Level.GRID)
    return [(code, _label(code, level, short or name)) for code, level, name, short in rows]


def _label(code: str, level: int, title: str) -> str:
    """A grid is named with its community."""
    return f"{names.title_at(code, Level.COMMUNITY)} {title}" if level == Level.GRID else title


def community_of(region_code: str) -> str:
    """The spoken name of the community, and of the grid where there is one: 东外社区 · 第二网格."""
    return " · ".join(
        title for level in (Level.COMMUNITY, Level.GRID) if (title := names.title_at(region_code, level))
    ) or names.title(region_code)
