"""What a person who read a form says that its blanks ask, in the dictionary's terms. Read from YAML, never from recognition.

Beside a workbook `NAME.xlsx` stands `NAME.yaml` or, in a folder of its own, `NAME.yaml` or `NNN.yaml` where the name
starts with that number. Keys of a roster's columns are `A heading`, of blanks `B3 label`; values are
`path`, `path|other path` where either is right, or `serial`, `never`, `unknown`, `declined`; `unknown|path` may stay
blank. Numbers are written as maps (see `Number`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linli.audit.recording import RuleError

WORDS = frozenset(("serial", "never", "unknown", "declined", "asked"))


@dataclass(frozen=True)
class Number:
    """What a number counts: rows of `count` (a subject), or the sum of the element `sum` of its rows, under `where`
    (conditions) and `narrow` (element path → values, or {from, to}); `unit` divides; `share_of` makes it a percentage of
    another number."""

    count: str
    where: tuple[str, ...] = ()
    narrow: tuple[tuple[str, Any], ...] = ()
    sum: str = ""
    average: str = ""
    measure: str = ""
    unit: str = ""
    share_of: Number | None = None


@dataclass(frozen=True)
class Expected:
    """One blank. `place` is a column's letters or a cell's; `options` are what may stand there."""

    place: str
    label: str
    options: tuple[str, ...]
    number: Number | None = None
    answerable: str = ""

    @property
    def may_be_blank(self) -> bool:
        """Whether a blank is right."""
        return self.number is None and any(
            o in ("never", "unknown", "declined", "asked") for o in self.options
        )

    @property
    def paths(self) -> tuple[str, ...]:
        """The element paths that are right."""
        return tuple(option for option in self.options if option not in WORDS)


@dataclass
class Members:
    """Fixed rows of a card for the members of a collection (`family`, `children`, `members`)."""

    of: str
    first_row: int
    last_row: int
    columns: list[Expected] = field(default_factory=list)


@dataclass
class FormExpectation:
    """All that is expected of a form. `whole` is declined or unknown for forms that stay empty altogether; `parts` are its
    regions in reading order; `halves` the first columns of one list that goes on beside itself."""

    whole: str = ""
    sheet: str = ""
    subject: str = ""
    conditions: tuple[str, ...] = ()
    narrow: dict[str, Any] = field(default_factory=dict)
    columns: list[Expected] = field(default_factory=list)
    blanks: list[Expected] = field(default_factory=list)
    members: list[Members] = field(default_factory=list)
    regions: str = ""
    region_column: str = ""
    first_row: int = 0
    total_row: int = 0
    parts: list[FormExpectation] = field(default_factory=list)
    halves: tuple[str, ...] = ()
    answerable: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """roster, card or aggregate, by what is given."""
        if self.columns and not self.regions:
            return "roster"
        numbers = any(blank.number for blank in [*self.blanks, *self.columns])
        return "aggregate" if numbers or self.regions or not self.subject else "card"


def _split(key: str) -> tuple[str, str]:
    place, _space, label = key.strip().partition(" ")
    return place.partition(":")[0], label.strip()


def _number(given: dict[str, Any]) -> Number:
    known = {
        "count": given.get("count", given.get("of", "")),
        "where": tuple(given.get("where", ())),
        "narrow": tuple((given.get("narrow") or {}).items()),
        "sum": given.get("sum", ""),
        "average": given.get("average", ""),
        "measure": given.get("measure", ""),
        "unit": given.get("unit", ""),
        "share_of": _number(given["share_of"]) if given.get("share_of") else None,
    }
    return Number(**known)


def _expected(key: str, given: Any, answerable: dict[str, str]) -> Expected:
    place, label = _split(key)
    may = answerable.get(place, "")
    if isinstance(given, dict):
        return Expected(place, label, (), _number(given), may)
    return Expected(place, label, tuple(part.strip() for part in str(given).split("|")), None, may)


def _merged(row: dict[str, Any], column: dict[str, Any]) -> dict[str, Any]:
    """A cell's number from what its row and its column say: conditions and narrowings of both, the rest of either."""
    made = {**row, **column}
    made["where"] = [*row.get("where", ()), *column.get("where", ())]
    made["narrow"] = {**(row.get("narrow") or {}), **(column.get("narrow") or {})}
    return made


def _grid(given: dict[str, Any], answerable: dict[str, str]) -> list[Expected]:
    found = []
    for row_key, row in given["rows"].items():
        for column_key, column in given["columns"].items():
            row_place, row_label = _split(str(row_key))
            column_place, column_label = _split(str(column_key))
            place = f"{column_place}{row_place}"
            label = f"{row_label} / {column_label}"
            may = answerable.get(column_place, answerable.get(place, ""))
            plain = next((v for v in (row, column) if isinstance(v, str)), None)
            if plain is not None:
                found.append(Expected(place, label, tuple(plain.split("|")), None, may))
            else:
                found.append(Expected(place, label, (), _number(_merged(row or {}, column or {})), may))
    return found


def parse(given: dict[str, Any], described: dict[str, Any] | None = None) -> FormExpectation:
    """The expectation of a form; `described` is the workbook's own description, which says what is answerable."""
    answerable = _answerable(described or given)
    scope = given.get("scope") or {}
    made = FormExpectation(
        whole=given.get("whole", ""),
        sheet=given.get("sheet", "") or (described or {}).get("sheet", ""),
        subject=scope.get("subject", ""),
        conditions=tuple(scope.get("conditions", ())),
        narrow=dict(scope.get("narrow") or {}),
        regions=str(given.get("regions", "")),
        region_column=str(given.get("region_column", "")),
        first_row=int(given.get("first_row", 0)),
        total_row=int(given.get("total_row", 0)),
        parts=[parse(one, described) for one in given.get("parts") or ()],
        halves=tuple(given.get("halves") or ()),
        answerable=answerable,
    )
    made.columns = [_expected(k, v, answerable) for k, v in (given.get("columns") or {}).items()]
    made.blanks = [_expected(k, v, answerable) for k, v in (given.get("blanks") or {}).items()]
    for grid in given.get("grids") or ():
        made.blanks.extend(_grid(grid, answerable))
    for one in given.get("members") or ():
        made.members.append(
            Members(
                one["of"],
                one["rows"][0],
                one["rows"][1],
                [_expected(k, v, answerable) for k, v in one["columns"].items()],
            )
        )
    return made


def _answerable(described: dict[str, Any]) -> dict[str, str]:
    found = {}
    for one in described.get("fields") or ():
        place = one.get("column") or str(one.get("blank", "")).partition(":")[0]
        found[re.sub(r"^.*!", "", place)] = str(one.get("answerable", ""))
        if ":" in str(one.get("blank", "")) and one.get("repeats"):
            found[re.sub(r"\d+$", "", place)] = str(one.get("answerable", ""))
    return found


def inline(described: dict[str, Any]) -> dict[str, Any]:
    """The expectation that a description carries itself: `expect:` of each field."""
    columns, blanks = {}, {}
    for one in described.get("fields") or ():
        if "expect" not in one:
            continue
        if one.get("column"):
            columns[f"{one['column']} {one.get('label', '')}"] = one["expect"]
        else:
            blanks[f"{str(one.get('blank', '')).partition(':')[0]} {one.get('label', '')}"] = one["expect"]
    kept: dict[str, Any] = {
        key: described[key] for key in ("scope", "whole", "members", "grids", "regions") if key in described
    }
    if isinstance(kept.get("scope"), str):
        kept["scope"] = described.get("expect_scope") or {"subject": described.get("subject", "")}
    return {**kept, "columns": columns, "blanks": blanks} if columns or blanks or "whole" in described else {}


def _read(path: Path) -> Any:
    """A YAML file. Raises RuleError when the reader of YAML is not installed (it is no part of what users need)."""
    try:
        import yaml
    except ModuleNotFoundError:
        raise RuleError("量表要用 PyYAML 读说明，请先安装：pip install PyYAML。") from None
    return yaml.safe_load(path.read_text("utf-8"))


def find(form: Path, folder: Path | None) -> FormExpectation | None:
    """What is expected of a workbook: from `folder`, else from the description beside it; None when nothing is said."""
    beside = form.with_suffix(".yaml")
    described = _read(beside) if beside.is_file() else None
    number = re.match(r"\d+", form.stem)
    names = [form.stem, *([number.group(0)] if number else [])]
    if folder is not None:
        for name in names:
            path = folder / f"{name}.yaml"
            if path.is_file():
                return parse(_read(path), described)
    if described is not None and (own := inline(described)):
        return parse(own, described)
    return None
