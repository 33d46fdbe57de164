"""A department's own list to be completed: rows that already name somebody get what is missing, and nothing else.

Each row is found by its number, else by its name where only one bears it; a row whose number and name speak of different
people, or of nobody here, stays as it is with the reason. What the department wrote is never overwritten.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import Dictionary
from linli.facts.figures import Narrowing, narrowed
from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import picture
from linli.ledgers.filling.account import EMPTY, PREVIEW_ROWS, Account, ColumnAccount, opened
from linli.ledgers.filling.scope import permitted_scopes, usable, wish_for
from linli.ledgers.filling.unit_line import fill_unit_line
from linli.ledgers.filling.values import ColumnWriter, Words, shown
from linli.ledgers.meaning.mapping import ELEMENT, Mapping
from linli.ledgers.recognition import Recognition

NUMBERS = ("id_number", "head.id_number", "head_id_number", "credit_code")
NAMES = ("name", "head.name", "head_name", "address", "door")
# Beyond this many rows a list without names is not looked through for its numbers.
MOST_SCANNED = 60_000


@dataclass
class _Known:
    """Who may be meant: the values of every candidate, found by number and by name."""

    rows: dict[int, Sequence[Any]] = field(default_factory=dict)
    by_number: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"[\s·•]", "", str(value if value is not None else "")).upper()


def _key(mappings: Sequence[Mapping], wanted: tuple[str, ...]) -> Mapping | None:
    return next((m for path in wanted for m in mappings if m.target == ELEMENT and m.element == path), None)


def fill_given(
    book: Workbook, recognition: Recognition, words: Dictionary, *, region_code: str, on: date, user: Any
) -> Account:
    """Complete the rows of `recognition.given` in place. Raises RuleError when nobody of the list can be found by what it tells."""
    scopes = permitted_scopes(user, region_code)
    sheet = book[recognition.sheet]
    account = Account(first_row=recognition.given[0], rows=len(recognition.given))
    used, hidden = usable(recognition.mappings, recognition.subject, user, scopes, words)
    for place, mapping in enumerate(recognition.mappings):
        line = opened(mapping)
        account.columns.append(line)
        if place in hidden:
            line.target, line.reasons = "withheld", [f"您没有查看“{hidden[place]}”信息的权限"]
    number, name = _key(used, NUMBERS), _key(used, NAMES)
    if number is None and name is None:
        raise RuleError("表里已经列出了名单，但没有姓名、身份证号这样的列可以对人，不能自动补全。")
    known = _candidates(recognition, used, number, name, sheet, words, scopes, on)
    writers = _writers(recognition, used, words, sheet, account)
    knowledge = Words(words, recognition.subject)
    first = account.columns[recognition.mappings.index(number or name)]  # type: ignore[arg-type]
    for row in recognition.given:
        identity, problem = _who(sheet, row, number, name, known)
        if identity is not None and not (number and _plain(sheet.cell(row, number.column).value)):
            # By the name alone: what else the row tells must not speak against it.
            against = _against(sheet, row, known.rows[identity], writers)
            if against:
                identity, problem = None, f"只有姓名对得上，{against}对不上，没有补，请核对"
        if identity is None:
            first.problems[problem] = first.problems.get(problem, 0) + 1
            _count_blanks(sheet, row, account)
            continue
        account.ids.append(identity)
        _complete(sheet, row, known.rows[identity], writers)
        if len(account.preview) < PREVIEW_ROWS:
            account.preview.append(
                [shown(sheet.cell(row, m.column).value, m, knowledge) for m in recognition.mappings]
            )
    account.elements = [mapping.element for mapping in used]
    account.unit_cells = fill_unit_line(book, recognition, region_code, on)
    return account


def _candidates(
    recognition: Recognition,
    used: list[Mapping],
    number: Mapping | None,
    name: Mapping | None,
    sheet: Worksheet,
    words: Dictionary,
    scopes: Any,
    on: date,
) -> _Known:
    """Everybody on record who bears a name of the list; without names, everybody whose number may stand on it."""
    whole = replace(
        recognition,
        population=replace(
            recognition.population,
            conditions=["on_record"] if "on_record" in words.subject(recognition.subject).conditions else [],
            filters=[],
        ),
    )
    wish = wish_for(whole, used, words, scopes, on)
    if name is not None:
        names = {str(sheet.cell(row, name.column).value or "").strip() for row in recognition.given} - {""}
        wish = narrowed(wish, [Narrowing(name.element, tuple(sorted(names)))], words)
    elif plan.total(wish, words=words) > MOST_SCANNED:
        raise RuleError("名单上只有号码没有姓名，所选区域太大，请选择一个社区或街道。", field="region")
    places = {path: place for place, path in enumerate(wish.elements)}
    known = _Known()
    for identity, values in plan.rows(wish, words):
        known.rows[identity] = values
        if number is not None and (held := _plain(values[places[number.element]])):
            known.by_number[held].append(identity)
        if name is not None:
            known.by_name[_plain(values[places[name.element]])].append(identity)
    return known


def _who(
    sheet: Worksheet, row: int, number: Mapping | None, name: Mapping | None, known: _Known
) -> tuple[int | None, str]:
    """Whom a row means, or why nobody."""
    said = _plain(sheet.cell(row, number.column).value) if number is not None else ""
    called = _plain(sheet.cell(row, name.column).value) if name is not None else ""
    if said:
        found = known.by_number.get(said, [])
        if len(found) == 1:
            bears = known.by_name.get(called, []) if called else found
            return (
                (found[0], "")
                if found[0] in bears
                else (None, "号码是另一个人的，姓名对不上，没有补，请核对")
            )
        if called in known.by_name:
            return None, "登记库里这个姓名的人号码不同，没有补，请核对"
        return None, "登记库里没有这个人"
    found = known.by_name.get(called, [])
    if len(found) == 1:
        return found[0], ""
    return None, "登记库里没有这个人" if not found else "有几个同名的人，名单上没有号码可分辨，没有补"


def _against(sheet: Worksheet, row: int, values: Sequence[Any], writers: _Writers) -> str:
    """Which of the row's own facts contradicts what is held of somebody; "" when none does."""
    for mapping, place, convert, _line in writers:
        said = sheet.cell(row, mapping.column).value
        if mapping.element not in ("sex", "birth_date", "age") or said in (None, "") or values[place] is None:
            continue
        held = convert(values[place], {})[0]
        if mapping.element == "birth_date":
            digits = ["".join(re.findall(r"\d", str(one)[:10])) for one in (said, values[place])]
            same = digits[0][:6] == digits[1][:6]
        else:
            same = squash(str(said)) == squash(str(held))
        if not same:
            return mapping.element_label or mapping.label
    return ""


_Writers = list[tuple[Mapping, int, ColumnWriter, ColumnAccount]]


def _writers(
    recognition: Recognition, used: list[Mapping], words: Dictionary, sheet: Worksheet, account: Account
) -> _Writers:
    drawn, knowledge = picture(sheet), Words(words, recognition.subject)
    elements = list(dict.fromkeys(mapping.element for mapping in used))
    return [
        (
            mapping,
            elements.index(mapping.element),
            ColumnWriter(
                mapping,
                words.walk(recognition.subject, mapping.element)[2],
                drawn.options(recognition.given[0], mapping.column),
                knowledge,
                "",
            ),
            account.columns[recognition.mappings.index(mapping)],
        )
        for mapping in used
    ]


def _complete(sheet: Worksheet, row: int, values: Sequence[Any], writers: _Writers) -> None:
    """Write what is missing of one row."""
    written: dict[int, Any] = {}
    for mapping, place, convert, line in writers:
        cell: Any = sheet.cell(row, mapping.column)
        if isinstance(cell, MergedCell) or squash(str(cell.value or "")):
            written[mapping.column] = cell.value
            continue
        value, problem = convert(values[place], written)
        written[mapping.column] = value
        if problem:
            line.problems[problem] = line.problems.get(problem, 0) + 1
        if value is None:
            line.blank += 1
            continue
        number_format = cell.number_format
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        cell.number_format = number_format
        line.filled += 1


def _count_blanks(sheet: Worksheet, row: int, account: Account) -> None:
    for line in account.columns:
        if line.target in ({ELEMENT} | EMPTY) and sheet.cell(row, line.column).value in (None, ""):
            line.blank += 1
