"""Reading a filled form: its headings as an empty one's, and its rows."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl import load_workbook

from linli.audit.recording import RuleError
from linli.facts.dictionary import Dictionary
from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import BadWorkbook, Picture, open_workbook, pictures
from linli.ledgers.meaning.lexicon import Lexicons, lexicons_of
from linli.ledgers.meaning.matching import match_columns
from linli.ledgers.meaning.population import Population
from linli.ledgers.recognition import ROSTER, Recognition, recognise
from linli.ledgers.sheet.layout import find_layout

REASON = "退回原因"
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Column:
    """A column that is read: its place, heading, what the dictionary calls it and what it becomes; of a list of the form's own
    what its codes mean and what was decided about it (`ledgers.meaning.own_lists`)."""

    column: int
    label: str
    path: str
    target: Any
    options: tuple[str, ...] = ()
    says: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Uncomputed:
    """A cell whose formula has no result in the file, or an error for one (`error`): what it says cannot be known."""

    error: str = ""

    @property
    def why(self) -> str:
        """What is wrong with it, and what to do."""
        if self.error:
            return f"公式算出的是错误（{self.error}），请改正公式，或直接写上内容"
        return "是公式，文件里没有算好的结果；请用 Excel 或 WPS 打开后保存一次再上传，或直接写上内容"


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


def recognise_filled(data: bytes, name: str, words: Dictionary, subjects: Container[str]) -> Recognition:
    """Recognise a filled form by its headings alone: what stands below them is answers, not questions.

    Raises RuleError (field file) when there are no headings, or when the form is no roster of one of the subjects.
    """
    return _recognise(open_pictures(data), words, name, subjects)


# Sheets that explain a roster or show how to fill it in.
_EXPLAINS = re.compile(r"说明|示例|样例|样表|范例|模板|字典|代码|选项|目录|封面|填报须知|须知")


def recognise_sheets(
    data: bytes, name: str, words: Dictionary, subjects: Container[str]
) -> tuple[list[Recognition], list[str]]:
    """(the rosters of a workbook, the other sheets that have rows under headings and are none). Each roster is recognised by
    itself; sheets without a table of their own explain all of them.

    Raises RuleError (field file) when no sheet is a roster.
    """
    drawn = open_pictures(data)
    known = lexicons_of(words).known
    tables = [
        one
        for one in drawn
        if not one.hidden
        and not _EXPLAINS.search(one.name)
        and (found := find_layout([one], known, name)) is not None
        and any(row >= found[0].first_row for row in one.by_row)
    ]
    if len(tables) < 2:
        return [_recognise(drawn, words, name, subjects)], []
    others = [one for one in drawn if one not in tables]
    made: list[Recognition] = []
    left: list[str] = []
    refused: RuleError | None = None
    for table in tables:
        try:
            made.append(_recognise([table, *others], words, name, subjects))
        except RuleError as error:
            refused = refused or error
            left.append(table.name)
    if refused is not None and not made:
        raise refused
    return made, left


def _recognise(drawn: list[Picture], words: Dictionary, name: str, subjects: Container[str]) -> Recognition:
    found = find_layout(drawn, lexicons_of(words).known, name)
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
    if made.subject == "person":
        _as_staff(made, empty, lexicons_of(words), name)
    if made.declined:
        raise RuleError(f"这张表涉及“{made.declined}”，系统按设计不收集这类信息，不能入库。", field="file")
    if made.kind != ROSTER:
        raise RuleError(
            "这是汇总表或单张的卡片，不是逐行登记的名册。汇总的数由系统按登记的内容算出，不能入库；"
            "卡片上的内容请在居民、房屋的页面修改。",
            field="file",
        )
    if made.subject not in subjects:
        said = f"（{'；'.join(made.population.reasons)}）" if made.population.reasons else ""
        raise RuleError(
            f"没有认出这是一张逐行登记居民、家庭户、房屋、楼栋、小区、单位或从业人员的名册{said}。"
            "请确认表头里有姓名、身份证号、房屋地址、单位名称这样的列。",
            field="file",
        )
    return made


_POST = frozenset(("职务", "岗位", "职务类别", "担任职务", "职位"))
_SPELL = re.compile(r"(?:入职|离职|任职|离任|从业)(?:时间|日期)")


def _as_staff(made: Recognition, drawn: list[Picture], lexicons: Lexicons, name: str) -> None:
    """A roster of people with a post and the days of it lists an organisation's staff (从业人员), not residents."""
    found = find_layout(drawn, lexicons.known, name)
    if found is None:
        return
    layout, picture = found
    leaves = {squash(column.leaf) for column in layout.columns if column.leaf}
    if not leaves & _POST or not any(_SPELL.search(leaf) for leaf in leaves):
        return
    subject = lexicons.words.subject("position")
    made.population = Population(
        subject.key, 0.9, reasons=[f"每行一个“{subject.label}”：表头中有职务和任职的日期"]
    )
    made.population_label = subject.label
    made.mappings = match_columns(layout, picture, lexicons, made.population)


def data_rows(
    data: bytes, recognition: Recognition, wanted: list[Column]
) -> Iterator[tuple[int, dict[int, Any]]]:
    """(row number, cells by column) of the rows that say anything in the wanted columns. A cell that computes itself says what the
    file keeps as its result; where it keeps none it is `Uncomputed`, and a row of nothing else is none.

    Raises RuleError when there are too many.
    """
    drawn = next((one for one in open_pictures(data) if one.name == recognition.sheet), None)
    if drawn is None:
        raise RuleError("上传的名册已不在，请重新上传。", field="file")
    places = {column.column for column in wanted}
    computed = _computed(data, drawn, places, recognition.first_row)
    count = 0
    for row in sorted({*drawn.by_row, *computed}):
        cells = {**drawn.by_row.get(row, {}), **computed.get(row, {})}
        if row < recognition.first_row or row in recognition.hint_rows:
            continue
        if recognition.footer_row and row >= recognition.footer_row:
            break
        if not any(_says_something(cells.get(place)) for place in places):
            continue
        count += 1
        if count > MOST_ROWS:
            raise RuleError(
                f"名册一次最多 {MOST_ROWS:,} 行，请分成几份；更多的请用“导入”的模板。", field="file"
            )
        yield row, cells


def _says_something(value: Any) -> bool:
    return not isinstance(value, Uncomputed) and bool(str(value or "").strip())


def _computed(data: bytes, drawn: Picture, columns: Container[int], first: int) -> dict[int, dict[int, Any]]:
    """What the cells that compute themselves say in the columns, by row: the results that whoever saved the file last has kept."""
    places = [place for place in drawn.formulas if place[0] >= first and place[1] in columns]
    if not places:
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), data_only=True)
    except Exception:  # the same file was just read; should its results be spoilt, none of them is known
        return {row: {at: Uncomputed() for line, at in places if line == row} for row, _at in places}
    cells = book[drawn.name]._cells
    found: dict[int, dict[int, Any]] = {}
    for row, column in places:
        cell = cells.get((row, column))
        value = cell.value if cell is not None else None
        if value is None:
            value = Uncomputed()
        elif cell.data_type == "e":
            value = Uncomputed(str(value))
        found.setdefault(row, {})[column] = value
    return found
