"""What a form asks, what of it is held already, and a community's rows as a grid of cells. No Django, no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from linli.kernel.textnorm import squash
from linli.ledgers.meaning.mapping import DECLINED, ELEMENT, NEVER, SERIAL, Mapping

MOST_DAYS = 60  # working days until which a form may be due
KEPT_FOR = 90  # calendar days for which an earlier task counts as asked already


class State(StrEnum):
    """How far a community is with its copy."""

    SENT = "sent"
    FILLING = "filling"
    CHECKING = "checking"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            State.SENT: "待签收",
            State.FILLING: "填报中",
            State.CHECKING: "待审核",
            State.SIGNED: "已报送",
            State.WITHDRAWN: "已收回",
        }[self]


OPEN = (State.SENT, State.FILLING, State.CHECKING)


def is_late(state: str, due: date | None, today: date, signed: date | None) -> bool:
    """Whether a copy is (or came) after its last day."""
    if due is None or state == State.WITHDRAWN:
        return False
    return (signed or today) > due if state == State.SIGNED else today > due


@dataclass(frozen=True)
class Asked:
    """One column: its heading, what the dictionary calls it ("" when nothing does), and how it is treated."""

    label: str
    element: str
    element_label: str
    target: str

    @property
    def is_held(self) -> bool:
        """Whether the base holds it."""
        return self.target == ELEMENT

    @property
    def counts(self) -> bool:
        """Whether it asks something of anybody: running numbers, signatures and what is declined do not."""
        return self.target not in (SERIAL, NEVER, DECLINED)

    @property
    def key(self) -> str:
        """What two forms that ask the same have in common."""
        return self.element or squash(self.label)


@dataclass(frozen=True)
class Held:
    """What a form asks: columns that the base holds, columns that are new, columns for a hand, columns that are declined."""

    held: tuple[Asked, ...]
    new: tuple[Asked, ...]
    by_hand: tuple[Asked, ...]
    declined: tuple[Asked, ...]

    @property
    def total(self) -> int:
        """Columns that ask something."""
        return len(self.held) + len(self.new)

    @property
    def percent(self) -> int:
        """The share of them that is held, rounded down: never 100 while one is new."""
        return len(self.held) * 100 // self.total if self.total else 0


def held(mappings: Iterable[Mapping]) -> Held:
    """What the columns of a form ask."""
    asked = [
        Asked(m.label, m.element if m.target == ELEMENT else "", m.element_label, m.target) for m in mappings
    ]
    return Held(
        tuple(one for one in asked if one.is_held),
        tuple(one for one in asked if one.counts and not one.is_held),
        tuple(one for one in asked if one.target in (SERIAL, NEVER)),
        tuple(one for one in asked if one.target == DECLINED),
    )


@dataclass
class GridRow:
    """One row of a roster: the sheet's row, the record behind it (None for one added by hand), the cells."""

    at: int
    id: int | None
    cells: list[Any]


@dataclass
class Grid:
    """The rows of a copy, for looking and correcting. `columns` are the sheet's columns in the order of the form's mappings;
    `kinds` says whether a column holds dates, numbers or texts; `edits` are the cells changed on the page since the workbook
    was kept, as (row, place) → value. Dates are ISO texts."""

    columns: list[int]
    kinds: list[str]
    rows: list[GridRow] = field(default_factory=list)
    edits: dict[tuple[int, int], Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "columns": self.columns,
            "kinds": self.kinds,
            "rows": [[row.at, row.id, row.cells] for row in self.rows],
            "edits": [[row, place, value] for (row, place), value in self.edits.items()],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Grid:
        """The grid back from `as_json`."""
        return cls(
            data["columns"],
            data["kinds"],
            [GridRow(at, pk, cells) for at, pk, cells in data["rows"]],
            {(row, place): value for row, place, value in data["edits"]},
        )

    @property
    def ids(self) -> list[int]:
        """The records behind the rows."""
        return [row.id for row in self.rows if row.id is not None]

    def blanks(self, places: Sequence[int]) -> Counter[int]:
        """Empty cells by place, of the places asked."""
        found: Counter[int] = Counter(dict.fromkeys(places, 0))
        for row in self.rows:
            found.update(place for place in places if is_blank(row.cells[place]))
        return found


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def plain(value: Any) -> Any:
    """A cell as JSON holds it: dates as ISO texts, other things as they are or as text."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value.strip() if isinstance(value, str) else value
    return str(value)


def kind_of(values: Iterable[Any]) -> str:
    """date, number or text: what all cells of a column are that say something; text for none."""
    kinds = set()
    for value in values:
        if is_blank(value):
            continue
        if isinstance(value, date):
            kinds.add("date")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            kinds.add("number")
        else:
            return "text"
    return kinds.pop() if len(kinds) == 1 else "text"


def typed(text: str, kind: str) -> Any:
    """What somebody typed, as the grid keeps it. Raises ValueError with a sentence when it is no date or number."""
    wanted = " ".join(text.split())
    if not wanted:
        return None
    if kind == "number":
        try:
            number = float(wanted.replace(",", ""))
        except ValueError:
            raise ValueError("请只填数字。") from None
        if number != number or number in (float("inf"), float("-inf")):
            raise ValueError("请只填数字。")
        return int(number) if number.is_integer() else number
    if kind == "date":
        try:
            return date.fromisoformat(wanted.replace("/", "-").replace(".", "-")).isoformat()
        except ValueError:
            raise ValueError("请按 2026-01-31 的样子填写日期。") from None
    return wanted


def for_sheet(value: Any, kind: str) -> Any:
    """A kept cell as a sheet holds it."""
    if kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


@dataclass(frozen=True)
class Difference:
    """One cell (or, with an empty column, one row) that differs between two states of a copy. `row` counts from 1."""

    row: int
    name: str
    column: str
    before: str
    after: str
    what: str = "changed"


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def match_rows(
    before: Sequence[GridRow], after: Sequence[GridRow], keys: Sequence[Sequence[int]]
) -> dict[int, int]:
    """Which row of `after` is which of `before`, by place: found by the first of the keys (places of cells that name the row)
    that both say, each row once."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for places in keys:
        waiting: dict[tuple[str, ...], list[int]] = {}
        for number, row in enumerate(before):
            key = tuple(squash(_text(row.cells[place])) for place in places)
            if number not in taken and any(key):
                waiting.setdefault(key, []).append(number)
        for number, row in enumerate(after):
            key = tuple(squash(_text(row.cells[place])) for place in places)
            if number in found or not any(key) or not waiting.get(key):
                continue
            found[number] = waiting[key].pop(0)
            taken.add(found[number])
    return found


def differences(
    before: Grid,
    after: Grid,
    pairs: dict[int, int],
    labels: Sequence[str],
    places: Sequence[int],
    name: int | None,
) -> Iterator[Difference]:
    """What changed from one state to the other: cells of matched rows, rows added, rows left out."""

    def called(row: GridRow) -> str:
        return _text(row.cells[name]) if name is not None else ""

    for number, row in enumerate(after.rows):
        old = pairs.get(number)
        if old is None:
            yield Difference(number + 1, called(row), "", "", "", "added")
            continue
        for place in places:
            was, now = _text(before.rows[old].cells[place]), _text(row.cells[place])
            if was != now:
                yield Difference(number + 1, called(row), labels[place], was, now)
    kept = set(pairs.values())
    for number, row in enumerate(before.rows):
        if number not in kept:
            yield Difference(number + 1, called(row), "", "", "", "removed")
