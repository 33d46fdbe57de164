"""What rows are read against, taken from the database once per import."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from linli.access.models import Permission
from linli.access.sealed import vault
from linli.kernel.scope import Scope
from linli.regions.models import KEY_LENGTH, Level, OfficialCode, Region
from linli.regions.rules import NAMELESS
from linli.registry.groups import seeing
from linli.registry.groups.models import Group
from linli.registry.intake.rules.facts import Context, Tag
from linli.registry.intake.rules.words import building_key
from linli.registry.places.models import Building

_SHORTER = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


def read_context(user: Any, region: Region) -> Context:
    """Everything a workbook for `region` (a community or a street) may name, as far as the user may import there."""
    inside = [
        one
        for one in Region.objects.filter(
            level=Level.COMMUNITY,
            region_code__gte=region.scope.low,
            region_code__lt=region.scope.high,
            valid_to__isnull=True,
        )
        if user.can(Permission.IMPORT_REGISTRY, one.region_code)
    ]
    communities = _names(inside)
    around = Scope.of(region.region_code[: KEY_LENGTH[Level.DISTRICT]])
    others = Region.objects.filter(
        level=Level.COMMUNITY, region_code__gte=around.low, region_code__lt=around.high
    )
    seal = vault().seal
    digest = vault().digest
    return Context(
        today=timezone.localdate(),
        communities=communities,
        outside=frozenset(_names(others)) - frozenset(communities),
        only=region.region_code if region.level == Level.COMMUNITY else "",
        region_title=region.title,
        grids=_grids(region),
        buildings=_buildings(region),
        tags=_tags(user, region),
        sees_health=user.can(Permission.VIEW_SENSITIVE_GROUPS, region.region_code),
        hukou=hukou_resolver(region),
        seal=lambda text, purpose: seal(text, purpose=purpose),
        digest=lambda text, purpose: digest(text, purpose=purpose),
    )


def _names(regions: Iterable[Region]) -> dict[str, str]:
    """Full name, short name, order key and newest official codes → order key."""
    regions = list(regions)
    found: dict[str, str] = {}
    for one in regions:
        for name in (one.name, one.short_name, one.region_code):
            if name:
                found.setdefault(name, one.region_code)
    by_id = {one.pk: one.region_code for one in regions}
    for pk, code in OfficialCode.objects.filter(region_id__in=by_id).values_list("region_id", "code"):
        found.setdefault(code, by_id[pk])
    return found


def _grids(region: Region) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for one in Region.objects.filter(
        level=Level.GRID, region_code__gte=region.scope.low, region_code__lt=region.scope.high
    ):
        community = one.region_code[: KEY_LENGTH[Level.COMMUNITY]]
        for name in (one.name, one.short_name, one.region_code):
            if name:
                found.setdefault((community, name), one.region_code)
    return found


def _buildings(region: Region) -> dict[tuple[str, str, str], tuple[str, int | None]]:
    length = KEY_LENGTH[Level.COMMUNITY]
    rows = Building.objects.filter(
        estate__region_code__gte=region.scope.low, estate__region_code__lt=region.scope.high
    ).values_list("estate__region_code", "estate__name", "name", "floors")
    found: dict[tuple[str, str, str], tuple[str, int | None]] = {}
    for code, estate, name, floors in rows:
        found.setdefault((code[:length], estate, building_key(name)), (name, floors))
    return found


def _tags(user: Any, region: Region) -> dict[str, Tag]:
    found: dict[str, Tag] = {}
    groups = list(Group.objects.filter(is_active=True).order_by("pk"))
    for group in groups:
        tag = Tag(
            group.pk,
            group.name,
            _option_words(group.classes),
            _option_words(group.levels),
            seeing.may_edit(user, group, region.region_code),
        )
        found[group.name] = tag
    for group in groups:
        for name in group.also:
            found.setdefault(name, found[group.name])
    return found


def _option_words(options: list[dict[str, Any]]) -> dict[str, str]:
    words: dict[str, str] = {}
    for option in options:
        words.setdefault(option["label"], option["code"])
    for option in options:
        for word in option.get("also", ()):
            words.setdefault(word, option["code"])
    return words


def hukou_resolver(region: Region) -> Callable[[str], str | None]:
    """Reads a division where somebody's hukou is: a code, or names from the province, city or county on.

    Counties are told by their full path, from the city on, or alone where the name is used once; streets and
    communities are known for the workbook's own district.
    """
    rows = list(
        Region.objects.filter(level__lte=Level.DISTRICT).values_list("region_code", "name", "short_name")
    )
    around = Scope.of(region.region_code[: KEY_LENGTH[Level.DISTRICT]])
    rows += list(
        Region.objects.filter(
            level__in=(Level.STREET, Level.COMMUNITY),
            region_code__gte=around.low,
            region_code__lt=around.high,
        ).values_list("region_code", "name", "short_name")
    )
    names = {key: (name, short) for key, name, short in rows}
    words: dict[str, str] = {}
    twice: set[str] = set()
    for key in names:
        for text in _ways(key, names):
            if words.setdefault(text, key) != key and len(words[text]) == len(key):
                twice.add(text)
    for text in twice:
        words.pop(text, None)
    codes = dict(
        OfficialCode.objects.filter(region__region_code__in=names)
        .order_by("version")
        .values_list("code", "region__region_code")
    )

    def resolve(text: str) -> str | None:
        bare = "".join(c for c in text if c not in " 　/／-—·,，、、")
        if bare.isascii() and bare.isdecimal():
            padded = bare.rstrip("0")
            padded += "0" * (len(padded) % 2)
            return codes.get(bare) or (bare if bare in names else None) or codes.get(padded)
        return words.get(bare)

    return resolve


def _ways(key: str, names: dict[str, tuple[str, str]]) -> set[str]:
    """The ways in which a division is written: 北京市延庆区, 延庆区; 河南省周口市川汇区, 河南周口市川汇区, 周口市川汇区."""
    chain = [key[:length] for length in (2, 4, 6, 9, 12) if length <= len(key) and key[:length] in names]
    parts = [names[one][0] for one in chain if names[one][0] not in NAMELESS]
    if not parts or names[key][0] in NAMELESS:
        return set()
    endings = {parts[-1], names[key][1] or parts[-1]}
    found: set[str] = set()
    for start in range(len(parts)):
        for last in endings:
            found.add("".join(parts[start:-1]) + last)
        if start == 0:
            shorter = next((parts[0].removesuffix(s) for s in _SHORTER if parts[0].endswith(s)), parts[0])
            if shorter != parts[0] and len(shorter) >= 2:
                found.add(shorter + "".join(parts[1:-1]) + parts[-1] if len(parts) > 1 else shorter)
    return found
