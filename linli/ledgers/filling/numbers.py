"""Filling a table of numbers: the cells of one population in one query, in the form's units, zero written as 0."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from linli.facts import sight
from linli.facts.dictionary import Dictionary
from linli.facts.figures import Figure, Narrowing, figures
from linli.facts.plan import Wish
from linli.kernel.scope import Scope
from linli.ledgers.book.computing import computed
from linli.ledgers.book.workbook import formula_of
from linli.ledgers.book.writing import write_rows
from linli.ledgers.filling.account import PREVIEW_ROWS, Account, opened
from linli.ledgers.filling.checks import SEX, Difference, differences
from linli.ledgers.filling.scope import permitted_scopes
from linli.ledgers.filling.unit_line import fill_unit_line
from linli.ledgers.meaning.mapping import FORMULA, NUMBER, Mapping
from linli.ledgers.meaning.numbers import ADDED, AVERAGE, ENDED, SHARE, SUM, NumberMeaning
from linli.ledgers.recognition import Recognition
from linli.regions.models import KEY_LENGTH, Level, Region

LEVELS = {
    "grid": Level.GRID,
    "community": Level.COMMUNITY,
    "street": Level.STREET,
    "district": Level.DISTRICT,
}


@dataclass(frozen=True)
class _Group:
    """Numbers that one query answers: same subject, same conditions that change the population, same day."""

    subject: str
    base: tuple[str, ...]
    on: date


def day_of(meaning: NumberMeaning, on: date) -> date | None:
    """The day a number speaks of; None for months that have not ended."""
    if not meaning.month:
        return on
    last = date(on.year, meaning.month, calendar.monthrange(on.year, meaning.month)[1])
    if last <= on:
        return last
    return on if meaning.month == on.month else None


def _spell(meaning: NumberMeaning, words: Dictionary, on: date) -> tuple[list[str], list[Narrowing]]:
    """The conditions and narrowings of numbers of new and ended ones: by the dates of the group's spell."""
    start = date(on.year, 1 if meaning.of_year else on.month, 1)
    group = next(key for key in meaning.conditions if key.startswith("in_"))
    code = group.removeprefix("in_")
    if meaning.period == ADDED:
        return list(meaning.conditions), [Narrowing(f"{code}_since", low=start, high=on)]
    rest = [key for key in meaning.conditions if key != group]
    return rest, [Narrowing(f"{code}_ended", low=start, high=on)]


def figure_of(meaning: NumberMeaning, words: Dictionary, on: date) -> tuple[tuple[str, ...], Figure]:
    """The conditions that change the population, and the figure."""
    subject = words.subject(meaning.subject)
    conditions = list(meaning.conditions)
    narrow = [Narrowing(path, tuple(values), low, high) for path, values, low, high in meaning.narrow]
    if meaning.period in (ADDED, ENDED):
        conditions, more = _spell(meaning, words, on)
        narrow.extend(more)
    base = tuple(
        key
        for key in conditions
        if subject.conditions[key].replaces_default or subject.conditions[key].region
    )
    own = tuple(key for key in conditions if key not in base)
    aggregate = {SUM: "sum", AVERAGE: "avg"}.get(meaning.aggregate, "")
    return base, Figure(own, tuple(narrow), "", aggregate, meaning.element if aggregate else "")


def in_units(value: Any, factor: str) -> Any:
    """A number in the form's unit; whole numbers without decimals, others rounded to four places (two for 元)."""
    number = Decimal(str(value)) * Decimal(factor)
    places = Decimal("0.0001") if factor != "1" else Decimal("0.01")
    rounded = number.quantize(places)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded.normalize())


def answers(
    meanings: Sequence[NumberMeaning],
    words: Dictionary,
    scopes: Sequence[Scope],
    on: date,
    by_region_length: int = 0,
) -> list[dict[str, Any]]:
    """For each meaning its value by region key prefix ("" unless grouped); empty for days to come."""
    found: list[dict[str, Any]] = [{} for _ in range(2 * len(meanings))]
    groups: dict[_Group, list[tuple[int, Figure]]] = defaultdict(list)
    for place, meaning in enumerate(meanings):
        day = day_of(meaning, on)
        if day is None:
            continue
        base, figure = figure_of(meaning, words, day)
        groups[_Group(meaning.subject, base, day)].append((place, figure))
        if meaning.aggregate == SHARE:
            groups[_Group(meaning.subject, base, day)].append((len(meanings) + place, Figure()))
    for group, wanted in groups.items():
        wish = Wish(subject=group.subject, scopes=scopes, on=group.on, conditions=group.base)
        table = figures(wish, [figure for _place, figure in wanted], words, by_region_length=by_region_length)
        for key, values in table.items():
            for (place, _figure), value in zip(wanted, values, strict=True):
                factor = meanings[place % len(meanings)].factor
                found[place][key] = in_units(value or 0, factor)
    for place, meaning in enumerate(meanings):
        if meaning.aggregate == SHARE:
            wholes = found[len(meanings) + place]
            found[place] = {
                key: round(100 * part / wholes[key], 2)
                for key, part in found[place].items()
                if wholes.get(key)
            }
    return found[: len(meanings)]


def _withheld(meaning: NumberMeaning, words: Dictionary, user: Any, scopes: Sequence[Scope]) -> str:
    """What a number tells of that the user may not know there."""
    paths = [path for path, _values, _low, _high in meaning.narrow]
    if meaning.element:
        paths.append(meaning.element)
    found = sight.withheld(
        meaning.subject, user, scopes, paths=paths, conditions=meaning.conditions, words=words
    )
    return found[0] if found else ""


def fill_numbers(
    book: Workbook, recognition: Recognition, words: Dictionary, *, region_code: str, on: date, user: Any
) -> Account:
    """Fill a table of numbers in place. Raises RuleError when the user may not fill there."""
    scopes = permitted_scopes(user, region_code)
    account = Account(first_row=recognition.first_row)
    used: list[tuple[Mapping, NumberMeaning]] = []
    formulas: list[tuple[Mapping, NumberMeaning]] = []
    for mapping in recognition.mappings:
        line = opened(mapping)
        account.columns.append(line)
        if mapping.form == FORMULA and mapping.number:
            meaning = NumberMeaning.from_json(mapping.number)
            if not _withheld(meaning, words, user, scopes):
                formulas.append((mapping, meaning))
        if mapping.target != NUMBER:
            continue
        meaning = NumberMeaning.from_json(mapping.number)
        if hidden := _withheld(meaning, words, user, scopes):
            line.target, line.reasons = "withheld", [f"您没有查看“{hidden}”信息的权限"]
            continue
        used.append((mapping, meaning))
    if recognition.regions is not None:
        _by_regions(book, recognition, words, scopes, region_code, on, used, account)
    else:
        _cells(book, recognition, words, scopes, on, used, account)
        _compare_formulas(book[recognition.sheet], formulas, words, scopes, on, account)
    account.unit_cells = fill_unit_line(book, recognition, region_code, on)
    return account


def _cells(
    book: Workbook,
    recognition: Recognition,
    words: Dictionary,
    scopes: Sequence[Scope],
    on: date,
    used: list[tuple[Mapping, NumberMeaning]],
    account: Account,
) -> None:
    sheet = book[recognition.sheet]
    found = answers([meaning for _mapping, meaning in used], words, scopes, on)
    lines = {(line.row, line.column): line for line in account.columns}
    values: dict[tuple[int, int], Any] = {}
    for (mapping, meaning), value in zip(used, found, strict=True):
        number = value.get("", 0 if day_of(meaning, on) is not None else None)
        cell = sheet.cell(mapping.row, mapping.column)
        line = lines[mapping.row, mapping.column]
        if number is None or isinstance(cell, MergedCell) or formula_of(cell):
            line.blank += 1
            continue
        cell.value = number
        values[mapping.row, mapping.column] = number
        line.filled += 1
    found_apart, account.checked = differences(used, values)
    account.differing = [_told(one, words) for one in found_apart]
    for line in account.columns:
        if not line.filled and line.target != "never":
            line.blank = 1
    account.rows = 1
    account.preview = [[str(values.get((m.row, m.column), "")) for m in recognition.mappings]]


def _compare_formulas(
    sheet: Worksheet,
    formulas: Sequence[tuple[Mapping, NumberMeaning]],
    words: Dictionary,
    scopes: Sequence[Scope],
    on: date,
    account: Account,
) -> None:
    """What the form's own formulas come to against the registry's numbers of the same meaning; the formulas stay."""
    if not formulas:
        return
    found = answers([meaning for _mapping, meaning in formulas], words, scopes, on)
    for (mapping, meaning), value in zip(formulas, found, strict=True):
        shown = computed(sheet, mapping.row, mapping.column)
        if shown is None or day_of(meaning, on) is None:
            continue
        account.formulas += 1
        held = Decimal(str(value.get("", 0)))
        if abs(shown - held) > Decimal("0.005"):
            account.other_formulas.append(
                f"{mapping.where}（{'·'.join(' '.join(part.split()) for part in mapping.path)}）："
                f"表里的公式算出 {shown.normalize():,f}，登记库是 {held.normalize():,f}"
            )


def _told(one: Difference, words: Dictionary) -> str:
    """A total that is not the sum of its parts, in words: the registry's own figures stand."""
    subject = one.mapping.number.get("subject", "person")
    what = "性别" if one.path == SEX else words.label(subject, one.path)
    return (
        f"{one.mapping.where}（{'·'.join(' '.join(part.split()) for part in one.mapping.path)}）填的是 {one.total}，"
        f"各项加起来是 {one.parts}：有没登记{what}的，或者不在表列的各项里"
    )


def _by_regions(
    book: Workbook,
    recognition: Recognition,
    words: Dictionary,
    scopes: Sequence[Scope],
    region_code: str,
    on: date,
    used: list[tuple[Mapping, NumberMeaning]],
    account: Account,
) -> None:
    place = recognition.regions
    assert place is not None
    keys, length = region_rows(region_code, place.level)
    found = answers([meaning for _m, meaning in used], words, scopes, on, length)
    totals = answers([meaning for _m, meaning in used], words, scopes, on) if place.total_row else []
    lines = {line.column: line for line in account.columns}
    sheet = book[recognition.sheet]
    total_first = place.total_row == place.first_row
    first = place.first_row + (1 if total_first else 0)
    ends = [row for row in (place.footer_row, place.total_row) if row and row >= first]
    footer = min(ends) if ends else 0
    columns = [m.column for m in recognition.mappings]

    def write(number: int, _identity: int, values: Sequence[Any]) -> list[tuple[int, Any]]:
        name, key = values
        written: list[tuple[int, Any]] = [(place.name_column, name)]
        if place.serial_column:
            written.append((place.serial_column, number))
        for (mapping, meaning), value in zip(used, found, strict=True):
            held = value.get(key, 0) if day_of(meaning, on) is not None else None
            written.append((mapping.column, held))
            lines[mapping.column].filled += 1
        if len(account.preview) < PREVIEW_ROWS:
            by_column = dict(written)
            account.preview.append([str(by_column.get(m.column, "")) for m in recognition.mappings])
        return written

    rows = [(number, (name, key)) for number, (key, name) in enumerate(keys)]
    account.first_row = write_rows(
        sheet,
        rows,
        write,
        first_row=first,
        footer_row=footer,
        columns=[place.name_column, *columns, *([place.serial_column] if place.serial_column else [])],
    )
    more = len(rows) - (footer - account.first_row)
    account.pushed = (footer, more) if footer and more > 0 else None
    if place.total_row:
        moved = max(0, len(rows) - (footer - first)) if footer and place.total_row >= footer else 0
        account.total_row = place.total_row + moved
        for (mapping, _meaning), value in zip(used, totals, strict=True):
            cell = sheet.cell(account.total_row, mapping.column)
            if not isinstance(cell, MergedCell) and not formula_of(cell):
                cell.value = value.get("", 0)
    account.rows = len(rows)
    for line in account.columns:
        if line.target in ("unknown", "asked", "declined", "withheld"):
            line.blank = account.rows


def region_rows(region_code: str, level: str) -> tuple[list[tuple[str, str]], int]:
    """The regions that a table lists (key, spoken name) and the length of their keys: those of the named level within
    the region, its children where any area is meant, itself where there are none."""
    length = len(region_code)
    if level == "any":
        deeper = sorted(one for one in KEY_LENGTH.values() if one > length)
        wanted = deeper[0] if deeper and length < KEY_LENGTH[Level.COMMUNITY] else length
    else:
        wanted = KEY_LENGTH[LEVELS[level]]
    if wanted > length:
        rows = Region.objects.filter(region_code__startswith=region_code, valid_to__isnull=True)
        found = [
            (code, short or name)
            for code, short, name in rows.order_by("region_code").values_list(
                "region_code", "short_name", "name"
            )
            if len(code) == wanted
        ]
        if found:
            return found, wanted
    here = Region.objects.filter(region_code=region_code).values_list("short_name", "name").first()
    return [(region_code, (here[0] or here[1]) if here else region_code)], length


__all__ = ["answers", "fill_numbers", "region_rows"]
