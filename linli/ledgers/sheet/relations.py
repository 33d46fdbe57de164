"""The relations between numbers that a form prints: 合计=男+女, 1栏=2栏+3栏, 审核关系：(1)≥(2). Which cells they speak of, as rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture

COLUMNS, ROWS = "columns", "rows"
MOST_RELATIONS = 60

_SIGN = re.compile(
    r"≥|≧|>=|≤|≦|<=|=|＝|>|＞|<|＜|不小于|大于等于|大于或等于|不大于|小于等于|小于或等于|等于|大于|小于|应等于"
)
_SIGNS = {
    **dict.fromkeys(("≥", "≧", ">=", "不小于", "大于等于", "大于或等于"), "≥"),
    **dict.fromkeys(("≤", "≦", "<=", "不大于", "小于等于", "小于或等于"), "≤"),
    **dict.fromkeys(("=", "＝", "等于", "应等于"), "="),
    **dict.fromkeys((">", "＞", "大于"), ">"),
    **dict.fromkeys(("<", "＜", "小于"), "<"),
}
_LEAD = re.compile(
    r"^.{0,12}?(?:审核|表内|逻辑|平衡|勾稽|列间|栏间|行间|钩稽|校验|表间)(?:审核|平衡|逻辑)?(?:关系|公式|说明)+(?:式|说明)?\s*[:：]?|^(?:注|说明|其中)\s*[:：]"
)
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[、．]|\d{1,2}\.(?=[^\d])|[①-⑳]\s*(?=[^\s=＝≥≤<>＋+]))\s*")
_CIRCLED = {chr(0x2460 + n): str(n + 1) for n in range(20)}
_PART = re.compile(
    r"\s*(?:(?P<place>第?\s*[(（\[〔]?\s*\d{1,3}\s*[)）\]〕]?\s*(?:栏|列|行|项)|(?:栏|列|行|项)\s*\d{1,3}|[(（\[〔]\s*\d{1,3}\s*[)）\]〕])"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<sign>[-+*/()＋－—×÷（）])|(?P<label>[\u4e00-\u9fff“”\"][^-+*/＋－×÷=＝≥≤<>]*))"
)
_PLAIN = {"＋": "+", "－": "-", "—": "-", "×": "*", "÷": "/", "（": "(", "）": ")"}


@dataclass(frozen=True)
class Relation:
    """One relation as it is printed: its sign and both sides as (kind, text) tokens of `book.computing.Expression`, where the
    kinds `column`, `row`, `number` and `label` stand for places. `axis` says whether the text speaks of 栏 or of 行."""

    text: str
    sign: str
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The tokens that name places."""
        return [one for one in (*self.left, *self.right) if one[0] not in ("sign", "number")]


@dataclass
class Axes:
    """What the lines of a table are called: labels (outermost first) and printed numbers of columns and of rows."""

    labels: dict[str, dict[int, tuple[str, ...]]] = field(default_factory=lambda: {COLUMNS: {}, ROWS: {}})
    numbers: dict[str, dict[int, int]] = field(default_factory=lambda: {COLUMNS: {}, ROWS: {}})


def _side(text: str) -> tuple[tuple[str, str], ...] | None:
    """A side as tokens; None when it is no expression."""
    made: list[tuple[str, str]] = []
    at = 0
    plain = text.strip().strip("。.;；,，、 ")
    while at < len(plain):
        match = _PART.match(plain, at)
        if match is None:
            return None
        kind, said = str(match.lastgroup), match.group().strip()
        at = match.end()
        if kind == "sign":
            made.append(("sign", _PLAIN.get(said, said)))
        elif kind == "place":
            axis = "column" if re.search("[栏列]", said) else "row" if "行" in said else "bare"
            made.append((axis, str(int(re.sub(r"\D", "", said)))))
        else:
            made.append((kind, said.strip('“”" ')))
    return tuple(made) or None


def relations_in(text: str) -> list[Relation]:
    """The relations that a text states; a chain (1=2+3=4) is several."""
    if not _SIGN.search(text) or len(text) > 2_000:
        return []
    for mark, number in _CIRCLED.items():
        text = text.replace(mark, f"({number})")
    found = []
    for line in text.splitlines():
        for clause in re.split(r"[;；。]|[,，、](?=[^,，、;；]*(?:[=＝≥≤<>＜＞]|等于|大于|小于))", line):
            plain = _NUMBERED.sub("", _LEAD.sub("", clause.strip()).strip())
            signs = [_SIGNS[one] for one in _SIGN.findall(plain)]
            sides = [_side(one) for one in _SIGN.split(plain)]
            for sign, left, right in zip(signs, sides, sides[1:], strict=False):
                if left is None or right is None:
                    continue
                made = Relation(" ".join(plain.split()), sign, left, right)
                if made.terms or any(kind == "number" for kind, _t in left):
                    found.append(made)
    return found[:MOST_RELATIONS]


_NUMBER = re.compile(r"^[(（\[〔]?\s*(\d{1,3})\s*[)）\]〕]?$")
_OF_LABEL = re.compile(r"^\s*[(（]?(\d{1,2})\s*[)）.、．]|[(（]\s*(\d{1,2})\s*[)）]\s*$")
_HEAD_ROWS = 30


def _printed(value: object) -> tuple[int, str]:
    """The number of a line as it is printed in a row or column of numbers, with what it is said to be: 3=1+2 → 3."""
    text = str(value).strip()
    for mark, number in _CIRCLED.items():
        text = text.replace(mark, number)
    head = re.split(r"[=＝]", text)[0].strip()
    match = _NUMBER.match(head)
    return (int(match.group(1)), text if head != text else "") if match else (0, "")


def numbered_columns(picture: Picture, before: int) -> tuple[dict[int, int], list[str]]:
    """Printed number → column from the row of numbers under the headings, and the relations printed in it (3=1+2)."""
    for row, cells in picture.by_row.items():
        if row > max(before, 1) + 3 or row > _HEAD_ROWS:
            break
        told = {column: _printed(value) for column, value in cells.items()}
        numbers = {number: column for column, (number, _said) in told.items() if number}
        others = [str(cells[column]).strip() for column, (number, _said) in told.items() if not number]
        counts_on = sorted(numbers) == list(range(min(numbers, default=0), max(numbers, default=0) + 1))
        if (
            len(numbers) >= 2
            and counts_on
            and all(one in "甲乙丙丁戊" or squash(one) in ("栏次", "序号", "列次") for one in others)
        ):
            return numbers, [said for _n, said in told.values() if said]
    return {}, []


def numbered_rows(picture: Picture, rows: Sequence[int]) -> dict[int, int]:
    """Printed number → row from a column of numbers that count on beside the labels of the rows."""
    by_column: dict[int, dict[int, int]] = {}
    for row in rows:
        for column, value in picture.by_row.get(row, {}).items():
            number, _said = _printed(value)
            if number:
                by_column.setdefault(column, {})[number] = row
    for column in sorted(by_column):
        found = by_column[column]
        ordered = [found[number] for number in sorted(found)]
        if len(found) >= 3 and sorted(found) == list(range(1, len(found) + 1)) and ordered == sorted(ordered):
            return found
    return {}


def labelled(labels: Mapping[int, tuple[str, ...]]) -> dict[int, int]:
    """Printed number → line where the labels carry the numbers: (1)总人口, 男性（2）."""
    found: dict[int, int] = {}
    for line, path in labels.items():
        match = _OF_LABEL.search(path[-1]) if path else None
        if match is not None:
            number = int(match.group(1) or match.group(2))
            if number in found:
                return {}
            found[number] = line
    return found if len(found) >= 2 else {}


def bare_label(text: str) -> str:
    """A label without numbers and units around it, for comparing."""
    plain = re.sub(r"[(（]\s*\d{1,2}\s*[)）]", "", text)
    plain = re.sub(r"^\s*\d{1,2}\s*[.、．)）]", "", plain)
    plain = re.sub(r"^其中[:：]?", "", squash(plain))
    return re.sub(r"\((?:人|户|个|元|万元|人次|件|名|套)\)$", "", plain)


Resolved = list[tuple[str, dict[tuple[str, str], int]]]


def resolve(relation: Relation, axes: Axes) -> Resolved:
    """(axis, term → line) for each group of lines that a relation speaks of; none where it cannot be told which."""
    said = {kind for kind, _text in relation.terms}
    wanted = [COLUMNS] if "column" in said else [ROWS] if "row" in said else [COLUMNS, ROWS]
    if {"column", "row"} <= said:
        return []
    made = [found for axis in wanted if (found := _on(relation, axis, axes))]
    return made[0] if len(made) == 1 else []


def _on(relation: Relation, axis: str, axes: Axes) -> Resolved:
    numbers, labels = axes.numbers[axis], axes.labels[axis]
    fixed: dict[tuple[str, str], int] = {}
    named: dict[tuple[str, str], list[int]] = {}
    for kind, text in (*relation.left, *relation.right):
        if kind == "sign":
            continue
        if kind == "label":
            lines = [
                line for line, path in labels.items() if path and bare_label(path[-1]) == bare_label(text)
            ]
            if not lines:
                return []
            named[kind, text] = lines
        elif kind == "number" and (int(text) if text.isdigit() else 0) not in numbers:
            # 5=4/10000*100: a number that no line has is a number.
            continue
        elif int(text) in numbers:
            fixed[kind, text] = numbers[int(text)]
        else:
            return []
    if not fixed and not named:
        return []
    if all(len(lines) == 1 for lines in named.values()):
        return [(axis, {**fixed, **{term: lines[0] for term, lines in named.items()}})]
    # 合计=男+女 under each of several groups: within the group of the same labels above.
    made: Resolved = []
    parents = sorted({labels[line][:-1] for lines in named.values() for line in lines})
    for parent in parents:
        inside = {term: [one for one in lines if labels[one][:-1] == parent] for term, lines in named.items()}
        if all(len(lines) == 1 for lines in inside.values()):
            made.append((axis, {**fixed, **{term: lines[0] for term, lines in inside.items()}}))
    return made
