"""Editions, the list in force and drafts read as plain lines, and compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from linli.gate.catalogue.models import DISTRICT, Basis, Edition, Entry, Item, Terms
from linli.gate.catalogue.rules import comparison
from linli.gate.catalogue.rules.comparison import Comparison, Going, Line
from linli.gate.catalogue.rules.terms import Fate
from linli.kernel.money import format_yuan
from linli.regions.models import Level, Region


def shown(one: Terms, bases: dict[int, Basis]) -> dict[str, str]:
    """An item's terms in words, by label: what two editions are compared in."""
    return {
        "名称": one.title,
        "类": one.category,
        "职责": one.get_responsibility_display(),
        "方式": one.get_kind_display(),
        "责任部门": one.unit.name,
        "社区做什么": one.content,
        "可下派": "、".join(one.thing_labels) or "不下派",
        "频次": one.frequency,
        "每次工时": f"{one.hours.normalize():f} 小时",
        "经费": f"每年 {format_yuan(one.money)} 元" if one.money else "无",
        "要求的材料": one.evidence or "无",
        "依据": "；".join(
            [str(bases[n]) for n in one.bases if n in bases] + [one.basis_note] * bool(one.basis_note)
        ),
        "有效期至": f"{one.until}" if one.until else "长期",
    }


def lines(rows: Iterable[Any]) -> list[Line]:
    """Items or kept entries as lines; a new entry of a draft is known by its own number, negative."""
    found = list(rows)
    bases = Basis.objects.in_bulk({n for one in found for n in one.bases})
    return [
        Line(
            (one.pk if isinstance(one, Item) else one.item_id or -one.pk),
            one.title,
            one.category,
            one.yearly_hours,
            shown(one, bases),
        )
        for one in found
    ]


def published(region_code: str) -> list[Edition]:
    """A district's published editions, newest first."""
    return list(
        Edition.objects.filter(region_code=region_code[:DISTRICT], published_at__isnull=False).order_by(
            "-number"
        )
    )


def current(region_code: str) -> Edition | None:
    """The edition in force: the newest one carried out."""
    return (
        Edition.objects.filter(region_code=region_code[:DISTRICT], applied_at__isnull=False)
        .order_by("-number")
        .first()
    )


def draft(region_code: str) -> Edition | None:
    """The draft of a district, if one is being made."""
    return Edition.objects.filter(region_code=region_code[:DISTRICT], published_at__isnull=True).first()


def kept_entries(edition: Edition) -> Any:
    """The entries that make up the edition's list."""
    return edition.entries.filter(fate=Fate.KEEP.value).select_related("unit")


def _going(editions: Iterable[Edition]) -> dict[int, Going]:
    rows = (
        Entry.objects.filter(edition__in=list(editions), item__isnull=False)
        .exclude(fate=Fate.KEEP.value)
        .select_related("into")
        .order_by("edition__number")
    )
    return {
        one.item_id: Going(
            Fate(one.fate), (one.into.item_id or -one.into.pk) if one.into is not None else None, one.reason
        )
        for one in rows
        if one.item_id is not None
    }


def _ended(keys: Iterable[int]) -> dict[int, Going]:
    rows = Item.objects.filter(pk__in=list(keys)).exclude(ended_how="")
    return {one.pk: Going(Fate(one.ended_how), one.successor_id, one.ended_why) for one in rows}


def compare(before: Edition, after: Edition) -> Comparison:
    """Two editions of a district, the lower number first."""
    if before.number > after.number:
        before, after = after, before
    between = Edition.objects.filter(
        region_code=after.region_code, number__gt=before.number, number__lte=after.number
    )
    old, new = lines(kept_entries(before)), lines(kept_entries(after))
    going = _ended(one.key for one in old) | _going(between)
    return comparison.compare(old, new, going)


def compare_with_today(edition: Edition, on: date | None = None) -> Comparison:
    """An edition and the list in force: what was admitted, changed and ended one by one since."""
    old = lines(kept_entries(edition))
    items = in_force(edition.region_code, on)
    return comparison.compare(old, lines(items), _ended(one.key for one in old))


def in_force(region_code: str, on: date | None = None) -> Any:
    """The items of a district's list in force."""
    return Item.objects.of_catalogue(region_code).in_force(on).select_related("unit", "warrant")


def communities(region_code: str) -> int:
    """How many communities and villages the district has today."""
    return (
        Region.objects.filter(region_code__startswith=region_code[:DISTRICT], level=Level.COMMUNITY)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=timezone.localdate()))
        .count()
    )


@dataclass(frozen=True)
class Class:
    """A class of a list with its rows."""

    name: str
    rows: tuple[Any, ...]

    @property
    def hours(self) -> Any:
        """Hours in a year in one community."""
        return sum(one.yearly_hours for one in self.rows)


def by_class(rows: Iterable[Any]) -> list[Class]:
    """Rows grouped by class, in the order in which the classes first come."""
    groups: dict[str, list[Any]] = {}
    for one in rows:
        groups.setdefault(one.category, []).append(one)
    return [Class(name, tuple(ones)) for name, ones in groups.items()]


def differences(before: Terms, after: Terms) -> list[tuple[str, str, str]]:
    """(label, before, after) of the terms in which two differ."""
    bases = Basis.objects.in_bulk({*before.bases, *after.bases})
    old, new = shown(before, bases), shown(after, bases)
    return [(label, old[label], new[label]) for label in old if old[label] != new[label]]
