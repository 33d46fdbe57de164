"""Finding regions by name, pinyin and code."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from linli.kernel.scope import Scope
from linli.regions.models import Level, OfficialCode, Region


class RegionNotFound(LookupError):
    """No such region; the text is a Chinese sentence."""


def by_code(code: str) -> Region:
    """The region with that official code (newest version first) or order key.

    Raises RegionNotFound.
    """
    text = code.strip()
    official = OfficialCode.objects.filter(code=text).select_related("region").order_by("-version").first()
    found = Region.objects.filter(region_code=text).first() or (official.region if official else None)
    if found is None:
        raise RegionNotFound(f"没有代码为“{code}”的区划。请用 12 位社区代码，例如 110119002001。")
    return found


def search(
    text: str, scopes: Iterable[Scope] | None = None, *, level: Level | None = None
) -> QuerySet[Region]:
    """Regions whose name contains the text, whose pinyin or initials begin with it, or whose code begins with it.

    `scopes` keeps to what a user may see; None means everywhere.
    """
    query = " ".join(text.split())
    found = Region.objects.all()
    if scopes is not None:
        inside = Q(pk__in=[])
        for scope in scopes:
            inside |= Q(region_code__gte=scope.low, region_code__lt=scope.high)
        found = found.filter(inside)
    if level is not None:
        found = found.filter(level=level)
    if query:
        lower = query.lower()
        match = Q(name__contains=query) | Q(short_name__contains=query)
        if lower.isascii():
            match |= Q(initials__startswith=lower) | Q(pinyin__startswith=lower.replace(" ", ""))
        if query.isdigit():
            match |= Q(region_code__startswith=query) | Q(codes__code__startswith=query)
        found = found.filter(match).distinct()
    return found.order_by("level", "region_code")
