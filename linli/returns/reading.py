"""Reading a filled form: its headings as an empty one's, and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from linli.audit.recording import RuleError
from linli.facts.dictionary import Dictionary
from linli.ledgers.book.workbook import BadWorkbook, Picture, open_workbook, pictures
from linli.ledgers.meaning.lexicon import Lexicons
from linli.ledgers.meaning.mapping import ELEMENT
from linli.ledgers.recognition import ROSTER, Recognition, recognise
from linli.ledgers.sheet.layout import find_layout
from linli.returns import writable
from linli.returns.writable import HOME, PERSON, Target

REASON = "退回原因"
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Column:
    """A column that is read: its place, heading, what the dictionary calls it and what it becomes."""

    column: int
    label: str
    path: str
    target: Target
    options: tuple[str, ...] = ()


def _without_reasons(drawn: Picture) -> Picture:
    """A sheet without the column of reasons that an earlier sending back has added."""
    marked = {column for (_row, column), value in drawn.values.items() if value == REASON}
    if not marked:
        return drawn
    return replace(drawn, values={at: value for at, value in drawn.values.items() if at[1] not in marked})


def open_pictures(data: bytes) -> list[Picture]:
    """The sheets of a workbook. Raises RuleError (field file)."""
    try:
        return [_without_reasons(one) for one in pictures(open_workbook(data))]
    except BadWorkbook as problem:
        raise RuleError(str(problem), field="file") from None


def recognise_filled(data: bytes, name: str, words: Dictionary) -> Recognition:
    """Recognise a filled form by its headings alone: what stands below them is answers, not questions.

    Raises RuleError (field file) when there are no headings, or when the form is no roster of people or homes.
    """
    drawn = open_pictures(data)
    found = find_layout(drawn, Lexicons(words).known, name)
    if found is None:
        raise RuleError("没有在工作簿里找到表头，请上传填好的名册。", field="file")
    layout, picture = found
    empty = [
        replace(
            one,
            values={at: value for at, value in one.values.items() if at[0] < layout.first_row},
            styled_rows={row for row in one.styled_rows if row <= layout.first_row},
        )
        if one is picture
        else one
        for one in drawn
    ]
    try:
        made = recognise(empty, words, name)
    except BadWorkbook as problem:
        raise RuleError(str(problem), field="file") from None
    made.footer_row = layout.footer_row
    if made.declined:
        raise RuleError(f"这张表涉及“{made.declined}”，系统按设计不收集这类信息，不能入库。", field="file")
    if made.kind != ROSTER or made.subject not in (PERSON, HOME):
        raise RuleError(
            "没有认出这是一张逐行登记居民或房屋的名册。请确认表头里有姓名、身份证号或房屋地址这样的列。",
            field="file",
        )
    return made


def columns(recognition: Recognition, groups: frozenset[str]) -> list[Column]:
    """The columns that are read back."""
    found = []
    for mapping in recognition.mappings:
        if mapping.target != ELEMENT:
            continue
        meant = writable.target(recognition.subject, mapping.element, groups)
        if meant is not None:
            found.append(
                Column(mapping.column, mapping.label, mapping.element, meant, tuple(mapping.options))
            )
    return found


def data_rows(
    data: bytes, recognition: Recognition, wanted: list[Column]
) -> Iterator[tuple[int, dict[int, Any]]]:
    """(row number, cells by column) of the rows that say anything in the wanted columns.

    Raises RuleError when there are too many.
    """
    drawn = next((one for one in open_pictures(data) if one.name == recognition.sheet), None)
    if drawn is None:
        raise RuleError("上传的名册已不在，请重新上传。", field="file")
    places = {column.column for column in wanted}
    count = 0
    for row, cells in drawn.by_row.items():
        if row < recognition.first_row or row in recognition.hint_rows:
            continue
        if recognition.footer_row and row >= recognition.footer_row:
            break
        if not any(str(cells.get(place) or "").strip() for place in places):
            continue
        count += 1
        if count > MOST_ROWS:
            raise RuleError(
                f"名册一次最多 {MOST_ROWS:,} 行，请分成几份；更多的请用“导入”的模板。", field="file"
            )
        yield row, cells
