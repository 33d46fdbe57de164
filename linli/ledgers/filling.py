"""Filling a recognised form: one wish, one query, the rows written in the form's own manner, and an account of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.facts import plan, sight
from linli.facts.dictionary import Dictionary, Element, Kind, Sensitivity
from linli.kernel.scope import Scope, within
from linli.kernel.textnorm import squash
from linli.ledgers import unitline
from linli.ledgers.dropdowns import Choices
from linli.ledgers.manner import Manner, fit_code, fit_text, write_date, write_number
from linli.ledgers.mapping import ASKED, DECLINED, ELEMENT, SERIAL, UNKNOWN, Mapping
from linli.ledgers.matching import hinted_options
from linli.ledgers.recognition import Recognition
from linli.ledgers.workbook import Picture, picture
from linli.ledgers.writing import write_rows
from linli.regions import names
from linli.regions.models import Level
from linli.regions.rules import NAMELESS

PLACES = frozenset(("province", "city", "district", "street", "community"))
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


@dataclass
class Account:
    """What became of the form: rows written, per column filled and blank, whose rows, and the first rows to look at."""

    rows: int = 0
    first_row: int = 0
    columns: list[ColumnAccount] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)
    unit_cells: list[str] = field(default_factory=list)
    preview: list[list[str]] = field(default_factory=list)

    @property
    def filled(self) -> int:
        return sum(column.filled for column in self.columns)

    @property
    def blank(self) -> int:
        return sum(column.blank for column in self.columns)

    @property
    def asked(self) -> int:
        """Columns left for a person to decide."""
        return sum(1 for column in self.columns if column.target == "asked")


class _ColumnWriter:
    """Turns one element's values into what the column wants."""

    def __init__(
        self, mapping: Mapping, element: Element, choices: Choices | None, words: Words, hint: str
    ) -> None:
        self.mapping, self.element, self.choices = mapping, element, choices
        self.manner = Manner(**mapping.manner) if mapping.manner else Manner()
        self.words = words
        self.soft = hinted_options(hint)
        self.memo: dict[Any, tuple[Any, str]] = {}
        self.seen: dict[Any, tuple[Any, str]] = {}
        # Texts without a drop-down go as they are; dates, numbers and yes or no are many times the same.
        self.as_is = element.kind is Kind.TEXT and choices is None
        self.once = element.kind in (Kind.DATE, Kind.BOOLEAN, Kind.INTEGER)
        key = mapping.element.rpartition(".")[2]
        self.place = key in PLACES or key.rpartition("_")[2] in PLACES

    def __call__(self, value: Any, written: dict[int, Any]) -> tuple[Any, str]:
        """(cell value or None, problem)."""
        if value is None or value == "" or value == []:
            return None, ""
        if self.as_is:
            return (value if type(value) is str else str(value)), ""
        if not self.once:
            return self._written(value, written)
        found = self.seen.get(value)
        if found is None:
            found = self.seen[value] = self._written(value, written)
        return found

    def _written(self, value: Any, written: dict[int, Any]) -> tuple[Any, str]:
        kind = self.element.kind
        if kind is Kind.DATE:
            return write_date(value, self.manner.date), ""
        if kind is Kind.BOOLEAN:
            return (self.manner.yes if value else self.manner.no) or None, ""
        if kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY):
            return write_number(value, self.manner.factor), ""
        if kind is Kind.CODES:
            return self._several(list(value))
        options = self._options(written)
        key = (value, options)
        if key not in self.memo:
            self.memo[key] = (
                self._code(str(value), options) if kind is Kind.CODE else self._text(str(value), options)
            )
        return self.memo[key]

    def _options(self, written: dict[int, Any]) -> tuple[str, ...]:
        if self.choices is None:
            return ()
        if self.choices.depends_on:
            return self.choices.given(written.get(self.choices.depends_on))
        return self.choices.options

    def _code(self, code: str, options: tuple[str, ...]) -> tuple[Any, str]:
        codes = self.element.codes
        label = codes.label(code) if codes is not None else code
        if codes is None:
            return self._text(label, options)
        if options:
            found = fit_code(codes, code, options)
            return (found, "") if found is not None else (None, f"下拉选项中没有“{label}”")
        if self.soft:
            return fit_code(codes, code, self.soft) or label, ""
        return label, ""

    def _text(self, text: str, options: tuple[str, ...]) -> tuple[Any, str]:
        if not options:
            if self.choices is not None and self.choices.depends_on and self.place:
                return text, f"下拉选项中没有“{text}”，按现行区划名称填写"
            return text, ""
        found = fit_text(text, options)
        if found is not None:
            return found, ""
        if self.place:
            return text, f"下拉选项中没有“{text}”，按现行区划名称填写"
        return None, f"下拉选项中没有“{text}”"

    def _several(self, values: list[Any]) -> tuple[Any, str]:
        codes = self.element.codes
        labels = [codes.label(str(value)) if codes is not None else str(value) for value in values]
        options = self.choices.options if self.choices is not None else ()
        if not options:
            return self.manner.joint.join(labels), ""
        for label in labels:
            for name in self.words.group_words(label):
                if (found := fit_text(name, options)) is not None:
                    return found, ""
        return None, f"下拉选项中没有“{'、'.join(labels)}”"


class Words:
    """The dictionary with what the writers ask of it."""

    def __init__(self, dictionary: Dictionary, subject: str) -> None:
        self.dictionary, self.subject = dictionary, dictionary.subject(subject)
        self._groups = {
            squash(c.label): [c.label, *c.also]
            for c in self.subject.conditions.values()
            if c.key.startswith("in_")
        }

    def group_words(self, label: str) -> list[str]:
        """A group's name and its synonyms."""
        return self._groups.get(squash(label), [label])


def permitted_scopes(user: Any, region_code: str) -> tuple[Scope, ...]:
    """Where in the region the user may fill forms. Raises RuleError when nowhere."""
    scopes = within(user.scopes(Permission.FILL_FORMS), region_code)
    if not scopes:
        raise RuleError("您没有为该区域填表的权限，请选择自己负责的社区。", field="region")
    return scopes


def wish_for(
    recognition: Recognition,
    mappings: Sequence[Mapping],
    words: Dictionary,
    scopes: Sequence[Scope],
    on: date,
) -> plan.Wish:
    """The one wish behind a roster."""
    population = recognition.population
    clauses, params = [], {}
    for number, (path, codes) in enumerate(population.filters):
        links, _subject, element = words.walk(population.subject, path)
        if links:
            raise RuleError(f"限定条件“{element.label}”不能用于筛选，请改选填报范围。")
        clauses.append(f"({element.sql}) = ANY(%(narrow{number})s)")
        params[f"narrow{number}"] = list(codes)
    return plan.Wish(
        subject=population.subject,
        scopes=scopes,
        on=on,
        elements=list(dict.fromkeys(mapping.element for mapping in mappings)),
        conditions=tuple(population.conditions),
        where_sql=" AND ".join(clauses),
        where_params=params,
    )


def check_fillable(recognition: Recognition) -> None:
    """Raises RuleError, saying what to do, when the form cannot be filled as recognised."""
    if recognition.declined:
        raise RuleError(
            f"这张表涉及“{recognition.declined}”，系统按设计不收集这类信息，不代填；名单由{recognition.keeper}掌握，请向其索取。"
        )
    if recognition.kind != "roster":
        raise RuleError(recognition.why_not)
    if not recognition.subject:
        reason = (
            recognition.population.reasons[0] if recognition.population.reasons else "没有认出每行列的是什么"
        )
        raise RuleError(f"{reason}，不能自动填写。")
    if recognition.population.doubt:
        raise RuleError(
            f"不能确定这张表要填哪些人或物（“{recognition.population.doubt}”），请先选择填报范围。",
            field="scope",
        )
    if not recognition.count(ELEMENT):
        raise RuleError("没有一列能从登记库填写，请先更正列的对应关系。")


def fill(
    book: Workbook,
    recognition: Recognition,
    words: Dictionary,
    *,
    region_code: str,
    on: date,
    user: Any,
    highlight: bool = False,
) -> Account:
    """Fill the workbook in place. Raises RuleError when it may not or cannot be filled."""
    check_fillable(recognition)
    scopes = permitted_scopes(user, region_code)
    knowledge = Words(words, recognition.subject)
    population = recognition.population
    asked = [path for path, _codes in population.filters]
    if sight.withheld(
        population.subject, user, scopes, paths=asked, conditions=population.conditions, words=words
    ):
        raise RuleError("这张表列的是敏感人群，您没有查看的权限，请由有权限的同事填写。")
    sheet = book[recognition.sheet]
    drawn = picture(sheet)
    account = Account()
    used: list[Mapping] = []
    for mapping in recognition.mappings:
        column = ColumnAccount(
            mapping.column,
            mapping.label,
            mapping.target,
            mapping.element_label,
            mapping.confidence,
            list(mapping.reasons),
            who=mapping.who,
        )
        account.columns.append(column)
        if mapping.target == ELEMENT:
            hidden = sight.withheld(population.subject, user, scopes, paths=[mapping.element], words=words)
            if hidden:
                column.target = "withheld"
                column.reasons = [f"您没有查看“{hidden[0]}”信息的权限"]
            else:
                used.append(mapping)
    wish = wish_for(recognition, used, words, scopes, on)
    rows = list(plan.rows(wish, words))
    if len(rows) > 1_000_000:
        raise RuleError("名单超过一百万行，放不进一张工作表，请选择较小的区域。")
    writer = _row_writer(recognition, drawn, used, wish, knowledge, account)
    account.first_row = write_rows(
        sheet,
        rows,
        writer,
        first_row=recognition.first_row,
        footer_row=recognition.footer_row,
        columns=[mapping.column for mapping in recognition.mappings],
        hint_rows=recognition.hint_rows if recognition.delete_hints else (),
        highlight=highlight,
    )
    account.rows = len(rows)
    for column in account.columns:
        if column.target in EMPTY:
            column.blank = account.rows
    account.ids = [identity for identity, _values in rows]
    account.elements = [mapping.element for mapping in used]
    account.unit_cells = _fill_unit_line(book, recognition, region_code, on)
    return account


def expected_rows(
    recognition: Recognition, words: Dictionary, *, region_code: str, on: date, user: Any
) -> int:
    """How many rows the filled form will have. Raises RuleError as `fill` does."""
    check_fillable(recognition)
    scopes = permitted_scopes(user, region_code)
    return int(plan.total(wish_for(recognition, [], words, scopes, on), words=words))


def _row_writer(
    recognition: Recognition,
    drawn: Picture,
    used: list[Mapping],
    wish: plan.Wish,
    knowledge: Words,
    account: Account,
) -> Any:
    places = {path: number for number, path in enumerate(wish.elements)}
    by_column = {column.column: column for column in account.columns}
    writers: list[tuple[int, int, _ColumnWriter, ColumnAccount]] = []
    for mapping in used:
        element = knowledge.dictionary.walk(recognition.subject, mapping.element)[2]
        hint = next(
            (
                drawn.text(row, mapping.column)
                for row in recognition.hint_rows
                if drawn.text(row, mapping.column)
            ),
            "",
        )
        choices = drawn.options(recognition.first_row, mapping.column)
        writers.append(
            (
                mapping.column,
                places[mapping.element],
                _ColumnWriter(mapping, element, choices, knowledge, hint),
                by_column[mapping.column],
            )
        )
    serials = [mapping.column for mapping in recognition.mappings if mapping.target == SERIAL]

    def write(number: int, _identity: int, values: Sequence[Any]) -> list[tuple[int, Any]]:
        written: dict[int, Any] = {}
        for column in serials:
            written[column] = number
            by_column[column].filled += 1
        for column, place, convert, tally in writers:
            asked = values[place]
            if asked is None:
                written[column] = None
                tally.blank += 1
                continue
            if convert.as_is and type(asked) is str and asked:
                written[column] = asked
                tally.filled += 1
                continue
            value, problem = convert(asked, written)
            written[column] = value
            if value is None:
                tally.blank += 1
            else:
                tally.filled += 1
            if problem:
                tally.problems[problem] = tally.problems.get(problem, 0) + 1
        if len(account.preview) < PREVIEW_ROWS:
            account.preview.append(
                [_shown(written.get(m.column), m, knowledge) for m in recognition.mappings]
            )
        return list(written.items())

    return write


def _shown(value: Any, mapping: Mapping, knowledge: Words) -> str:
    """A cell of the preview: personal data masked."""
    if value is None:
        return ""
    text = f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
    if mapping.target != ELEMENT:
        return text
    element = knowledge.dictionary.walk(knowledge.subject.key, mapping.element)[2]
    if element.mask is not None:
        return element.mask(text)
    if element.sensitivity >= Sensitivity.SENSITIVE and element.kind is Kind.TEXT:
        return "••••"
    return text


def _fill_unit_line(book: Workbook, recognition: Recognition, region_code: str, on: date) -> list[str]:
    """Write the unit line; returns the cells written."""
    unit = unit_name(region_code)
    done = []
    for blank in recognition.blanks:
        cell = book[blank.sheet].cell(blank.row, blank.column)
        if isinstance(cell, MergedCell):
            continue
        if blank.inside:
            cell.value = unitline.complete(str(cell.value), unit, on)
        elif blank.what == unitline.DATE:
            cell.value = f"{on:%Y-%m-%d}"
        elif blank.what == unitline.UNIT:
            cell.value = unit
        elif value := level_name(region_code, blank.what):
            cell.value = value
        else:
            continue
        done.append(f"{blank.sheet}!{cell.coordinate}")
    return done


def level_name(region_code: str, what: str) -> str:
    """The name of the region's ancestor at a level of the unit line; "" below the region itself."""
    level = {
        unitline.PROVINCE: Level.PROVINCE,
        unitline.CITY: Level.CITY,
        unitline.DISTRICT: Level.DISTRICT,
        unitline.STREET: Level.STREET,
        unitline.COMMUNITY: Level.COMMUNITY,
    }[what]
    name = names.title_at(region_code, level)
    return names.title_at(region_code, Level.PROVINCE) if name in NAMELESS else name


def unit_name(region_code: str) -> str:
    """How the region names itself on a form: 香水园街道东外社区."""
    return names.path(region_code, since=Level.STREET, until=Level.COMMUNITY) or names.title(region_code)


def problems(account: Account) -> Counter[str]:
    """Every problem with how many cells it touched."""
    found: Counter[str] = Counter()
    for column in account.columns:
        for text, times in column.problems.items():
            found[f"{column.label}：{text}"] += times
    return found
