"""Region keys to names, held for a minute: a page of fifty rows asks for the same few names, and another process may change one."""

from __future__ import annotations

import time
from collections.abc import Iterable

from linli.regions.models import KEY_LENGTH, Level, Region
from linli.regions.rules import NAMELESS

_MOST = 20_000
_LENGTHS = tuple(sorted(set(KEY_LENGTH.values())))
_SECONDS = 60
_cache: dict[str, str | None] = {}  # None: there is no such region
_since = 0.0


def forget() -> None:
    """Drop the cache; actions that change regions call it."""
    _cache.clear()


def _known(region_codes: Iterable[str]) -> dict[str, str]:
    """The names of those of the regions that there are; the ones not asked for before in one statement."""
    global _since
    now = time.monotonic()
    if now - _since > _SECONDS:
        _cache.clear()
        _since = now
    held = {code: _cache.get(code, "?") for code in region_codes}
    wanted = [code for code, name in held.items() if name == "?"]
    if wanted:
        rows = Region.objects.filter(region_code__in=wanted).order_by()
        found = {
            code: short or name for code, short, name in rows.values_list("region_code", "short_name", "name")
        }
        if len(_cache) + len(wanted) > _MOST:
            _cache.clear()
        learnt = {code: found.get(code) for code in wanted}
        _cache.update(learnt)
        held.update(learnt)
    return {code: name for code, name in held.items() if name is not None}


def title(region_code: str) -> str:
    """The spoken name of a region; the key itself when it is not known."""
    return _known([region_code]).get(region_code, region_code)


def titles(region_codes: Iterable[str]) -> dict[str, str]:
    """The spoken names of many regions: one statement at most."""
    codes = set(region_codes)
    known = _known(codes)
    return {code: known.get(code, code) for code in codes}


def learn(region_codes: Iterable[str]) -> None:
    """Ask for the names of all that rows lie in, before each is asked for by itself."""
    wanted = {code[:length] for code in set(region_codes) for length in _LENGTHS if len(code) >= length}
    _known(wanted)


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
    keys = [at_level(region_code, level) for level in Level if since <= level <= until]
    named = titles(key for key in keys if key)
    found = [named[key] for key in keys if key]
    return joint.join(name for name in found if name and name not in NAMELESS)
