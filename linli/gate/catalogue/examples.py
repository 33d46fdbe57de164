"""The example lists (示范清单): one as districts have them before a reform, and a reformed one; and the reform between the two.

Written after report 002 (40余类240余项 → 20类80项), the statutes and published practice; hours are estimates for a community of
about two thousand households.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from linli.access.models import Unit, UnitKind
from linli.access.units import named_unit
from linli.audit.recording import RuleError, action
from linli.flow.rules.warrants import Per, Thing
from linli.gate.catalogue import actions
from linli.gate.catalogue.models import DISTRICT, Basis, Edition, Entry, Item
from linli.gate.catalogue.rules.terms import Fate, Kind, Responsibility
from linli.regions.models import Region


class Example(StrEnum):
    """Which example."""

    REFORMED = "reformed"
    BEFORE = "before_reform"

    @property
    def label(self) -> str:
        """As forms offer it."""
        rows = read(self)
        what = {
            Example.REFORMED: "减负后的示范清单",
            Example.BEFORE: "减负前的示范清单（用来对照、逐项清理）",
        }
        return f"{what[self]}：{len({one.category for one in rows})} 类 {len(rows)} 项"


@dataclass(frozen=True)
class Row:
    """A row of an example: the terms in words, and in the list before the reform what becomes of it."""

    category: str
    title: str
    department: str
    terms: dict[str, Any]
    bases: tuple[str, ...]
    fate: Fate = Fate.KEEP
    into: str = ""
    reason: str = ""


_PER = {one.label: one for one in Per}
_THINGS = {one.label: one.value for one in Thing}
_RESPONSIBILITY = {one.label: one.value for one in Responsibility}
_KIND = {one.label: one.value for one in Kind}
_FATE = {one.label: one for one in Fate}


@cache
def read(example: Example) -> tuple[Row, ...]:
    """The rows of an example."""
    source = resources.files("linli.gate.catalogue") / "data" / f"{example.value}.csv"
    with source.open(encoding="utf-8") as lines:
        return tuple(_row(one) for one in csv.DictReader(lines))


def _row(one: dict[str, str]) -> Row:
    terms = {
        "title": one["title"],
        "category": one["category"],
        "content": one["content"],
        "responsibility": _RESPONSIBILITY[one["responsibility"]],
        "kind": _KIND[one["kind"]],
        "things": sorted(_THINGS[word] for word in one["things"].split("、") if word),
        "times": int(one["times"]) if one["times"] else None,
        "per": _PER[one["per"]].value if one["per"] else Per.YEAR.value,
        "expected": int(one["expected"]) if one["expected"] else None,
        "hours": Decimal(one["hours"]),
        "money": Decimal(one["money"]) if one["money"] else None,
        "evidence": one["evidence"],
        "basis_note": one["basis_note"],
    }
    return Row(
        one["category"],
        one["title"],
        one["department"],
        terms,
        tuple(word for word in one["bases"].split("；") if word),
        _FATE[one.get("fate") or Fate.KEEP.label],
        one.get("into") or "",
        one.get("reason") or "",
    )


def _departments(region_code: str, short_names: Iterable[str]) -> dict[str, Unit]:
    """The district's units for 区民政局, 团区委 …; those that are not there are added. Call it inside an action."""
    district = Region.objects.filter(region_code=region_code).first()
    name = district.title if district is not None else ""
    have = list(Unit.objects.filter(region_code=region_code, is_active=True))
    found = {}
    for short in sorted(set(short_names)):
        full = f"共青团{name}委" if short == "团区委" else name + short.removeprefix("区")
        known = next((one for one in have if one.name in (full, short)), None)
        found[short] = known or named_unit(region_code, full, UnitKind.DEPARTMENT)
    return found


class _Terms:
    """Rows of an example as terms of a district's items."""

    def __init__(self, region_code: str, rows: Iterable[Row]) -> None:
        self._units = _departments(region_code, (one.department for one in rows))
        self._bases = {
            f"{one.title.removeprefix('中华人民共和国')}{one.article}": one.pk
            for one in Basis.objects.filter(region_code="").order_by("effective_on")
        }

    def of(self, row: Row) -> dict[str, Any]:
        """The terms as entries store them."""
        return row.terms | {
            "unit_id": self._units[row.department].pk,
            "bases": [self._bases[word] for word in row.bases],
        }


def draft_from_example(
    *, acting_user: Any, region_code: str, example: Example, title: str, note: str = ""
) -> Edition:
    """A draft with the rows of an example, for a district that has no list yet; its departments are added where missing.

    Raises RuleError when the district has a list or a draft.
    """
    with action(acting_user, "catalogue.draft_from_example") as act:
        actions.ensure_bases(acting_user=acting_user)
        edition = actions.start_draft(
            acting_user=acting_user, region_code=region_code, title=title, note=note
        )
        if Item.objects.of_catalogue(region_code).exists():
            raise RuleError("本区已经有清单，请从现行清单起草。", field="example")
        rows = read(example)
        terms = _Terms(region_code, rows)
        Entry.objects.bulk_create(
            Entry(edition=edition, position=place, **terms.of(one)) for place, one in enumerate(rows, 1)
        )
        act.record(edition, f"以{example.label}起步")
    return edition


def carry_out_reform(*, acting_user: Any, edition: Edition) -> None:
    """Do in a draft, step by step, what report 002 describes: cancel, move out, merge, adjust and add, until the reformed list
    stands. For a draft begun from the example before the reform.

    Raises RuleError when the draft lacks its items.
    """
    old, new = read(Example.BEFORE), {one.title: one for one in read(Example.REFORMED)}
    entries = {one.title: one for one in edition.entries.filter(fate=Fate.KEEP.value)}
    if missing := [one.title for one in old if one.title not in entries]:
        raise RuleError(f"草案里没有“{missing[0]}”，不是从减负前的示范清单起步的。")
    terms = _Terms(edition.region_code[:DISTRICT], new.values())
    with action(acting_user, "catalogue.carry_out_reform") as act:
        going: dict[tuple[Fate, str], list[Entry]] = defaultdict(list)
        for one in old:
            if one.fate in (Fate.CANCEL, Fate.MOVE):
                going[one.fate, one.reason].append(entries[one.title])
        for (fate, reason), rows in going.items():
            actions.let_go(acting_user=acting_user, edition=edition, entries=rows, fate=fate, reason=reason)
        kept = {}
        for one in old:
            if one.fate is Fate.KEEP:
                kept[one.into] = actions.change_entry(
                    acting_user=acting_user, entry=entries[one.title], **terms.of(new[one.into])
                )
        for one in old:
            if one.fate is Fate.MERGE:
                actions.merge_entries(
                    acting_user=acting_user,
                    edition=edition,
                    entries=[entries[one.title]],
                    into=kept[one.into],
                    reason=one.reason,
                )
        for title, row in new.items():
            if title not in kept:
                actions.add_entry(acting_user=acting_user, edition=edition, **terms.of(row))
        act.record(edition, f"草案按减负方案调整：{len(old)} 项减为 {len(new)} 项")
