"""What became of a filled form: per column (or blank) what was filled, what stayed blank and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from linli.ledgers.meaning.mapping import ASKED, DECLINED, UNKNOWN, Mapping

PREVIEW_ROWS = 20
# Columns that stay empty in every row though the form asks them; what is for a person's hand does not count.
EMPTY = frozenset((UNKNOWN, ASKED, DECLINED, "withheld"))


@dataclass
class ColumnAccount:
    """What became of one column."""

    column: int
    label: str
    target: str
    element_label: str = ""
    confidence: float = 0.0
    reasons: list[str] = field(default_factory=list)
    filled: int = 0
    blank: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    who: str = ""
    row: int = 0
    part: int = 0


@dataclass
class Account:
    """What became of the form (or of a region of it): rows written, per column filled and blank, whose rows, and the first rows
    to look at. `pushed` says before which row how many were put in, `moved` by how many rows what was put in above moved it,
    `total_row` where the total of all areas stands once rows were put in,
    `problem` why a further region stayed empty, `continued` the sheets on which cards go on with members beyond their rows,
    `sheets` the sheet of each of `ids` where they are cards,
    `workbooks` over how many of them the cards are spread; `checked` how many totals were compared with the sum of their
    parts, `differing` a sentence for each that is another number; `relations` what became of those that the form prints (of the
    whole form, see `printed.Verified`); `formulas` how many of the form's own formulas were compared with the registry's number,
    `other_formulas` a sentence for each that comes to another."""

    rows: int = 0
    first_row: int = 0
    columns: list[ColumnAccount] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)
    unit_cells: list[str] = field(default_factory=list)
    total_row: int = 0
    pushed: tuple[int, int] | None = None
    moved: int = 0
    subject: str = ""
    problem: str = ""
    parts: list[Account] = field(default_factory=list)
    preview: list[list[str]] = field(default_factory=list)
    continued: list[str] = field(default_factory=list)
    workbooks: int = 1
    differing: list[str] = field(default_factory=list)
    checked: int = 0
    sheets: list[str] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    formulas: int = 0
    other_formulas: list[str] = field(default_factory=list)

    @property
    def everywhere(self) -> list[Account]:
        """This account and those of the further regions."""
        return [self, *self.parts]

    @property
    def all_columns(self) -> list[ColumnAccount]:
        """The columns of every region."""
        return [column for one in self.everywhere for column in one.columns]

    @property
    def filled(self) -> int:
        return sum(column.filled for column in self.all_columns)

    @property
    def blank(self) -> int:
        return sum(column.blank for column in self.all_columns)

    @property
    def asked(self) -> int:
        """Columns left for a person to decide."""
        return sum(1 for column in self.all_columns if column.target == "asked")


def opened(mapping: Mapping) -> ColumnAccount:
    """The account of a mapping before anything is filled."""
    return ColumnAccount(
        mapping.column,
        mapping.label,
        mapping.target,
        mapping.element_label,
        mapping.confidence,
        list(mapping.reasons),
        who=mapping.who,
        row=mapping.row,
        part=mapping.part,
    )


def problems(account: Account) -> Counter[str]:
    """Every problem with how many cells it touched."""
    found: Counter[str] = Counter()
    for column in account.all_columns:
        for text, times in column.problems.items():
            found[f"{column.label}：{text}"] += times
    return found
