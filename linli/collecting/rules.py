"""What a form asks, what of it is held already, and a community's rows as a grid of cells. No Django, no database."""

from __future__ import annotations

import calendar
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from linli.kernel.textnorm import squash
from linli.ledgers.meaning.mapping import DECLINED, ELEMENT, NEVER, NUMBER, SERIAL, Mapping

MOST_DAYS = 60  # working days until which a form may be due
KEPT_FOR = 90  # calendar days for which an earlier task counts as asked already


class State(StrEnum):
    """How far a community is with its copy."""

    SENT = "sent"
    FILLING = "filling"
    CHECKING = "checking"
    JOINED = "joined"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            State.SENT: "待签收",
            State.FILLING: "填报中",
            State.CHECKING: "待审核",
            State.JOINED: "合并填报中",
            State.SIGNED: "已报送",
            State.WITHDRAWN: "已收回",
        }[self]


# What the department still waits for; a joined copy waits with the community's common one.
OPEN = (State.SENT, State.FILLING, State.CHECKING, State.JOINED)
# What can still be asked together: nobody has checked it yet.
JOINABLE = (State.SENT, State.FILLING)


class JointState(StrEnum):
    """How far a merged asking is."""

    PROPOSED = "proposed"
    CARRIED_OUT = "carried_out"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            JointState.PROPOSED: "待决定",
            JointState.CARRIED_OUT: "已合并下发",
            JointState.REFUSED: "不合并",
        }[self]


class Stance(StrEnum):
    """What a department says to having its form asked with others."""

    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {Stance.WAITING: "还没表态", Stance.AGREED: "同意", Stance.DECLINED: "不参加"}[self]


class QuestionState(StrEnum):
    """What became of a question that is asked on the spot."""

    OPEN = "open"
    ANSWERED = "answered"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            QuestionState.OPEN: "待采集",
            QuestionState.ANSWERED: "已采集",
            QuestionState.GIVEN_UP: "问不到",
            QuestionState.DROPPED: "不用问了",
        }[self]


# Days for which an answer that has no place in the base fills further forms without being asked again.
ANSWER_HOLDS = 365


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
        return self.target in (ELEMENT, NUMBER)

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
    def held_labels(self) -> list[str]:
        """The headings of what is held, each once."""
        return list(dict.fromkeys(one.label for one in self.held))

    @property
    def new_labels(self) -> list[str]:
        """The headings of what is new, each once."""
        return list(dict.fromkeys(one.label for one in self.new))

    @property
    def percent(self) -> int:
        """The share of them that is held, rounded down: never 100 while one is new."""
        return len(self.held) * 100 // self.total if self.total else 0


_NUMBER_SAYS = ("subject", "conditions", "narrow", "aggregate", "element", "period", "of_year", "month")


_AGED = re.compile(r"aged_(\d+)$")
# What counts anyway where nothing else is said.
_USUAL = frozenset(("present",))


def number_key(number: dict[str, Any]) -> str:
    """What two cells that ask the same number have in common, whatever their labels, units and the words by which they say it:
    老年人, and 60 and over, are one."""
    said: dict[str, Any] = {key: number.get(key) for key in _NUMBER_SAYS}
    ranges: dict[str, tuple[int, float]] = {}
    conditions, others = [], []
    for key in number.get("conditions") or ():
        if found := _AGED.match(key):
            ranges["age"] = _both(ranges.get("age"), int(found[1]), None)
        elif key not in _USUAL:
            conditions.append(key)
    for path, codes, low, high in number.get("narrow") or ():
        if codes:
            others.append([path, sorted(codes), low, high])
        else:
            ranges[path] = _both(ranges.get(path), low, high)
    said["conditions"] = sorted(conditions)
    said["narrow"] = sorted([*others, *([path, *ends] for path, ends in ranges.items())], key=str)
    return "n:" + json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _both(one: tuple[int, float] | None, low: int | None, high: int | None) -> tuple[int, float]:
    """What lies in both ranges."""
    first, last = one or (0, 1e9)
    return max(first, low or 0), min(last, high if high is not None else 1e9)


def asks(mapping: Mapping) -> Asked:
    """What one column or cell asks."""
    element = mapping.element if mapping.target == ELEMENT else ""
    if mapping.target == NUMBER:
        element = number_key(mapping.number)
    return Asked(mapping.label, element, mapping.element_label, mapping.target)


def held(mappings: Iterable[Mapping]) -> Held:
    """What the columns of a form ask."""
    asked = [asks(one) for one in mappings]
    return Held(
        tuple(one for one in asked if one.is_held),
        tuple(one for one in asked if one.counts and not one.is_held),
        tuple(one for one in asked if one.target in (SERIAL, NEVER)),
        tuple(one for one in asked if one.target == DECLINED),
    )


@dataclass
class GridRow:
    """One row of a roster, one card, or the cells of a table: the sheet's row, the record behind it (None for one added by hand),
    the cells; of cards and tables the sheet on which they stand; of cards, and of rows that are regions, what they are called; why
    a row stands there though nothing in the base put it there."""

    at: int
    id: int | None
    cells: list[Any]
    sheet: str = ""
    name: str = ""
    why: str = ""


@dataclass
class Grid:
    """The cells of a copy, for looking and correcting. `columns` are the sheet's columns in the order of the form's mappings, `lines`
    the sheet's rows of those that stand in one cell (0: in every row); `kinds` says whether a place holds dates, numbers, texts, or
    any of these; `printed` is what the empty form prints in a place; `edits` are the cells changed on the page since the workbook
    was kept, as (row, place) → value. Dates are ISO texts. `is_rewritten`: rows were added or left out on the page, so that the
    workbook is written anew from the empty form when it leaves."""

    columns: list[int]
    kinds: list[str]
    rows: list[GridRow] = field(default_factory=list)
    edits: dict[tuple[int, int], Any] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    is_rewritten: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "columns": self.columns,
            "kinds": self.kinds,
            "rows": [[row.at, row.id, row.cells, row.sheet, row.name, row.why] for row in self.rows],
            "edits": [[row, place, value] for (row, place), value in self.edits.items()],
            "lines": self.lines,
            "printed": self.printed,
            "is_rewritten": self.is_rewritten,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Grid:
        """The grid back from `as_json`."""
        return cls(
            data["columns"],
            data["kinds"],
            [GridRow(*row) for row in data["rows"]],
            {(row, place): value for row, place, value in data["edits"]},
            data.get("lines", []),
            data.get("printed", []),
            data.get("is_rewritten", False),
        )

    @property
    def ids(self) -> list[int]:
        """The records behind the rows."""
        return [row.id for row in self.rows if row.id is not None]

    def spot(self, row: int, place: int) -> tuple[int, int]:
        """The sheet's row and column of a cell."""
        line = self.lines[place] if place < len(self.lines) else 0
        return line or self.rows[row].at, self.columns[place]

    def is_blank(self, row: int, place: int) -> bool:
        """Whether a cell says nothing, or no more than the empty form prints there."""
        value = self.rows[row].cells[place]
        if is_blank(value):
            return True
        printed = self.printed[place] if place < len(self.printed) else ""
        return bool(printed) and squash(str(value)) == squash(printed)

    def blanks(self, places: Sequence[int]) -> Counter[int]:
        """Empty cells by place, of the places asked."""
        found: Counter[int] = Counter(dict.fromkeys(places, 0))
        for row in range(len(self.rows)):
            found.update(place for place in places if self.is_blank(row, place))
        return found


@dataclass(frozen=True)
class Tally:
    """How much of one list stands in a copy: rows, cells that are asked, of them the empty ones; why it could not be filled."""

    rows: int = 0
    cells: int = 0
    blanks: int = 0
    problem: str = ""

    @property
    def percent(self) -> int:
        """How much of what is asked stands there, rounded down."""
        return (self.cells - self.blanks) * 100 // self.cells if self.cells else 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.rows + other.rows,
            self.cells + other.cells,
            self.blanks + other.blanks,
            self.problem or other.problem,
        )


def tallies(plain: Iterable[Sequence[Any]]) -> list[Tally]:
    """Tallies back from how they are kept: rows, cells, blanks, problem."""
    return [Tally(*one) for one in plain]


def summed_tallies(copies: Iterable[Sequence[Tally]]) -> list[Tally]:
    """The tallies of several copies, list by list."""
    found: list[Tally] = []
    for copy in copies:
        for number, one in enumerate(copy):
            if number < len(found):
                found[number] += one
            else:
                found.append(one)
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
    if kind == "any" and not re.fullmatch(r"-?[\d,]*\.?\d+", wanted):
        return wanted
    if kind in ("number", "any"):
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


_NO_SUM = re.compile(r"率|比例|比重|占比|平均|人均|户均|[%％]")


def adds_up(mapping: Mapping) -> bool:
    """Whether the cells of several communities make a sum: counts and amounts do, shares and averages do not."""
    if _NO_SUM.search(mapping.label):
        return False
    return str(mapping.number.get("aggregate") or "") not in ("share", "avg")


def summed(values: Iterable[Any]) -> int | float | None:
    """The sum of the cells that are numbers; None when none is, or one is a text."""
    numbers: list[int | float] = []
    for value in values:
        if is_blank(value):
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        numbers.append(value)
    if not numbers:
        return None
    total = sum(numbers)
    return round(total, 4) if isinstance(total, float) else total


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the month's last where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def common_key(keys: Sequence[str]) -> str:
    """The smallest region that holds all: their community, street, district or city."""
    return next(
        (keys[0][:length] for length in (12, 9, 6) if len({key[:length] for key in keys}) == 1), keys[0][:4]
    )


SAME_PEOPLE, PART_OF, AROUND, PERHAPS = "同一批", "本表是其中一部分", "那份表是本表的一部分", "可能有重叠"
Population = tuple[Sequence[str], Sequence[tuple[str, Sequence[Any]]]]


def alike(mine: Population, theirs: Population) -> str:
    """How two populations stand to each other by the words that narrow them: every further condition makes one smaller."""
    first, second = (
        {*conditions, *(f"{path}={'/'.join(sorted(map(str, codes)))}" for path, codes in filters)}
        for conditions, filters in (mine, theirs)
    )
    if first == second:
        return SAME_PEOPLE
    if first > second:
        return PART_OF
    return AROUND if first < second else PERHAPS
