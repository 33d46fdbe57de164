"""Region keys to names, cached: a page of fifty rows asks for the same few names."""

from __future__ import annotations

from functools import lru_cache

from linli.regions.models import KEY_LENGTH, Level, Region
from linli.regions.rules import NAMELESS


@lru_cache(maxsize=20_000)
def _known(region_code: str) -> tuple[str, str] | None:
    found = Region.objects.filter(region_code=region_code).values_list("short_name", "name").first()
    return (found[0] or found[1], found[1]) if found else None


def forget() -> None:
    """Drop the cache; actions that change regions call it."""
    _known.cache_clear()


def title(region_code: str) -> str:
    """The spoken name of a region; the key itself when it is not known."""
    known = _known(region_code)
    return known[0] if known else region_code


def at_level(region_code: str, level: Level) -> str:
    """The key of the region's ancestor (or itself) at a level; "" when the key is shorter."""
    length = KEY_LENGTH[level]
    return region_code[:length] if len(region_code) >= length else ""


def title_at(region_code: str, level: Level) -> str:
    """The spoken name of the ancestor at a level, "" when there is none."""
    key = at_level(region_code, level)
    return title(key) if key else ""


def path(
    region_code: str, *, since: Level = Level.DISTRICT, until: Level = Level.GRID, joint: str = ""
) -> str:
    """The names from one level to another in order: 延庆区香水园街道东外社区. Middle levels that are no names (市辖区)
    are left out."""
    names = [title_at(region_code, level) for level in Level if since <= level <= until]
    return joint.join(name for name in names if name and name not in NAMELESS)
