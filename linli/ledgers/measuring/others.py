"""Cards and tables of numbers compared with the truth."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from openpyxl.utils import column_index_from_string, coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from linli.facts import plan
from linli.facts.dictionary import Dictionary, Element, Kind
from linli.facts.gatherings import gathering, members
from linli.kernel import codes
from linli.kernel.textnorm import squash
from linli.ledgers.measuring import comparing
from linli.ledgers.measuring.expectations import Expected, FormExpectation, Members
from linli.ledgers.measuring.made_up import ON
from linli.ledgers.measuring.outcomes import ASKED, BLANK, DECLINED, RIGHT, UNTESTED, WRONG, BlankResult
from linli.ledgers.measuring.truth import Truth, known_paths, number_of
from linli.ledgers.recognition import Recognition

_MARK = re.compile(r"[☑■√●✓]")


def targets_of(recognition: Recognition) -> dict[tuple[int, int], str]:
    """What became of each blank by its cell."""
    return {(m.row, m.column): m.target for m in recognition.mappings if m.row}


# --- cards ---------------------------------------------------------------------------------------------------
def said_in(before: str, after: str) -> str:
    """What was written into a cell that held something: what is new, or the words that got a mark."""
    if not before.strip():
        return after
    if _MARK.search(after) and not _MARK.search(before):
        return "".join(_MARK.findall(after)) + after
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return after[start : len(after) - end].strip() or after


def _ticked(after: str) -> list[str]:
    """The words that are ticked: the words behind ☑, or before （√）."""
    if "☑" in after or "●" in after:
        return [part.split("□")[0].strip(" \n；;") for part in re.split(r"[☑●]", after)[1:]]
    found = []
    for match in re.finditer(r"([^（()）；;\s]+)\s*[（(]√[)）]", after):
        found.append(match.group(1))
    return found


def card_says(
    before: str, cell: Any, value: Any, element: Element, group_words: dict[str, list[str]]
) -> bool:
    """Whether a card's cell says a value."""
    after: Any = "" if cell is None else cell
    if not before.strip() or not isinstance(after, str):
        return comparing.agrees(after, value, element)
    if _MARK.search(after) and ("□" in before or re.search(r"[（(]\s*[)）]", before)):
        words = _ticked(after)
        if element.kind is Kind.BOOLEAN:
            return words == (["是"] if value else ["否"]) or words == (["有"] if value else ["无"])
        if element.kind is Kind.INTEGER:
            return len(words) == 1 and _in_words(int(value), words[0])
        if element.kind is Kind.CODES:
            held = {n for one in value for n in group_words.get(squash(str(one)), [str(one)])}
            return bool(words) and all(
                any(len(n) >= 2 and squash(n) in squash(w) for n in held) for w in words
            )
        return len(words) == 1 and comparing.agrees(words[0], value, element, (words[0],))
    if re.search(r"\d\s*\S+.*□", before):
        new = said_in(before, after)
        digit = re.search(r"\d", new)
        offered: dict[str, str] = {}
        for number, word in re.findall(r"(\d)[\s.、]*([^\s□\d]+)", before):
            offered.setdefault(number, word)
        if element.key == "ethnic" and digit is not None and "少数民族" in before:
            return ("少数" in offered.get(digit.group(0), "")) == (value != "01")
        return digit is not None and comparing.agrees(offered.get(digit.group(0), ""), value, element, ("x",))
    if element.kind is Kind.DATE:
        digits = re.findall(r"\d", after)
        if len(digits) in (6, 8) and f"{value:%Y%m%d}".startswith("".join(digits)):
            return True
        return comparing.agrees(said_in(before, after), value, element) or comparing.agrees(
            after, value, element
        )
    new = said_in(before, after)
    return comparing.agrees(new, value, element) or squash(str(value)) in squash(after)


def _offered(before: str, value: Any, element: Element, group_words: dict[str, list[str]]) -> bool:
    """Whether a text of choices has an option that says the value."""
    if re.search(r"\d\s*\S+.*□", before, re.S):
        words = [word for _digit, word in re.findall(r"(\d)[\s.、]*([^\s□\d]+)", before)]
    elif "□" in before and not re.fullmatch(r"[□\s年月日]+", before):
        words = [part.strip(" \n；;") for part in before.split("□")[1:]]
    elif len(re.findall(r"[（(]\s*[)）]", before)) >= 2:
        words = re.findall(r"([^（()）；;\s]+)\s*[（(]\s*[)）]", before)
    else:
        return True
    if element.kind is Kind.INTEGER:
        return any(_in_words(int(value), word) for word in words if re.search(r"\d", word))
    if element.kind is Kind.BOOLEAN:
        return True
    if element.kind is Kind.CODES:
        held = {n for one in value for n in group_words.get(squash(str(one)), [str(one)])}
        return any(
            len(n) >= 2 and squash(n) in squash(word) and ("边缘" in word) == ("边缘" in n)
            for n in held
            for word in words
        )
    if element.key == "ethnic" and "少数民族" in before:
        return True
    return any(comparing.agrees(word, value, element, (word,)) for word in words)


def _in_words(number: int, word: str) -> bool:
    found = [int(one) for one in re.findall(r"\d+", word)]
    if len(found) == 2:
        return found[0] <= number <= found[1]
    return number >= found[0] if "以上" in word else number < found[0]


def card_blanks(
    expected: FormExpectation,
    recognition: Recognition,
    before: Worksheet,
    sheet: Worksheet,
    words: Dictionary,
    truth: Truth,
    row: int,
) -> list[BlankResult]:
    """The blanks of one card. `row` is the place of its person among the truth's rows."""
    group_words = {
        squash(c.label): [c.label, *c.also]
        for c in words.subject("person").conditions.values()
        if c.key.startswith("in_")
    }
    targets = targets_of(recognition)
    found = []
    for blank in expected.blanks:
        at = coordinate_to_tuple(blank.place)
        text = str(before.cell(*at).value or "")
        cell = sheet.cell(*at).value
        one = BlankResult(blank.place, blank.label, blank.answerable, UNTESTED)
        one.known = any(path in truth.values for path in blank.paths)
        changed = ("" if cell is None else str(cell)) != text
        one.stayed_free = blank.may_be_blank and not changed
        one.by_design = "declined" in blank.options
        held = [(p, truth.values[p][row]) for p in blank.paths if p in truth.values]
        told = [(p, v) for p, v in held if v not in (None, "", [])]
        told = [(p, v) for p, v in told if _offered(text, v, truth.elements[p], group_words)]
        target = targets.get(at, "")
        if not changed:
            if blank.may_be_blank:
                one.outcome = DECLINED if "declined" in blank.options and target == "declined" else RIGHT
                if target == "asked" and blank.paths:
                    one.outcome = ASKED
            elif target == "asked":
                one.outcome = ASKED
            elif not told:
                one.outcome = UNTESTED if one.known else BLANK
            else:
                one.outcome = BLANK
                one.note = f"{told[0][0]}={told[0][1]!r}"
        elif any(card_says(text, cell, v, truth.elements[p], group_words) for p, v in told):
            one.outcome = RIGHT
        else:
            one.outcome = WRONG
            one.note = f"{cell!r} ≠ {told[:1]!r}"
        found.append(one)
    return found


def member_blanks(
    expected: FormExpectation, listed: Members, sheet: Worksheet, owner: int, words: Dictionary
) -> list[BlankResult]:
    """The columns of one list of a card."""
    one = gathering(expected.subject, listed.of)
    found = members(one, [owner], ON)[owner][: listed.last_row - listed.first_row + 1]
    truth = Truth()
    paths = known_paths(one.to, [b for b in listed.columns if b.options != ("relation",)], words, truth)
    wish = plan.Wish(
        one.to, _everywhere(), ON, elements=paths, ids=[m for m, _r in found], conditions=one.conditions
    )
    values = dict(plan.rows(wish, words))
    results = []
    for blank in listed.columns:
        column = column_index_from_string(blank.place)
        result = BlankResult(f"{blank.place}{listed.first_row}", blank.label, blank.answerable, UNTESTED)
        result.known = bool(set(blank.paths) & set(paths)) or blank.options == ("relation",)
        result.stayed_free = blank.may_be_blank
        for number, (member, relation) in enumerate((m, r) for m, r in found if m in values):
            cell = sheet.cell(listed.first_row + number, column).value
            result.stayed_free = result.stayed_free and comparing.is_blank(cell)
            result.cells[_member(blank, cell, relation, values[member], paths, truth)] += 1
        result.cells.pop("", None)
        result.outcome = (
            WRONG
            if result.cells[WRONG]
            else BLANK
            if result.cells[BLANK]
            else RIGHT
            if result.cells[RIGHT] or blank.may_be_blank
            else UNTESTED
        )
        results.append(result)
    return results


def _everywhere() -> Any:
    from linli.kernel.scope import Scope

    return (Scope.of(""),)


def _member(
    blank: Expected, cell: Any, relation: str, values: list[Any], paths: list[str], truth: Truth
) -> str:
    if blank.options == ("relation",):
        if comparing.is_blank(cell):
            return BLANK if relation else ""
        return (
            RIGHT if codes.KINSHIP.match(cell) == relation or cell == codes.KINSHIP.label(relation) else WRONG
        )
    held = [(p, values[paths.index(p)]) for p in blank.paths if p in paths]
    told = [(p, v) for p, v in held if v not in (None, "", [])]
    if comparing.is_blank(cell):
        return BLANK if told and not blank.may_be_blank else ""
    return RIGHT if any(comparing.agrees(cell, v, truth.elements[p]) for p, v in told) else WRONG


# --- numbers -------------------------------------------------------------------------------------------------
def same_number(cell: Any, value: Any, unit: str) -> bool:
    """Whether a cell holds a number in the form's unit."""
    number = comparing.as_number(cell)
    if number is None:
        return False
    factor = Decimal("0.0001") if unit in ("万元", "万人") else Decimal(1)
    return abs(number - Decimal(str(value or 0)) * factor) < Decimal("0.006") * factor + Decimal("0.00006")


def number_blanks(
    expected: FormExpectation,
    recognition: Recognition,
    sheet: Worksheet,
    words: Dictionary,
    region: str,
    *,
    moved: int = 0,
) -> list[BlankResult]:
    """The cells of a table of numbers; `moved` tells by how many rows lists above have pushed it down."""
    targets = targets_of(recognition)
    found = []
    for blank in expected.blanks:
        at = coordinate_to_tuple(blank.place)
        cell = sheet.cell(at[0] + moved, at[1]).value
        one = BlankResult(blank.place, blank.label, blank.answerable, RIGHT, known=blank.number is not None)
        one.by_design = "declined" in blank.options
        target = targets.get(at, "")
        if blank.number is not None:
            value = number_of(blank.number, words, region, ON)
            if comparing.is_blank(cell):
                one.outcome = ASKED if target == "asked" else BLANK
                one.note = str(value)
            elif not same_number(cell, value, blank.number.unit):
                one.outcome, one.note = WRONG, f"{cell!r} ≠ {value}"
        elif not comparing.is_blank(cell):
            one.outcome, one.note = WRONG, f"{cell!r}，应空"
        elif "declined" in blank.options and target == "declined":
            one.outcome = DECLINED
        found.append(one)
    return found


def region_blanks(
    expected: FormExpectation,
    recognition: Recognition,
    sheet: Worksheet,
    words: Dictionary,
    regions: list[tuple[str, str]],
    whole: str,
) -> list[BlankResult]:
    """The columns of a table with a row for each region; `regions` are (key, name), `whole` the region of the total."""
    targets = {m.column: m.target for m in recognition.mappings}
    lines = [(expected.first_row + n, key, name) for n, (key, name) in enumerate(regions)]
    total = int(expected.total_row) if expected.total_row else 0
    found = []
    for blank in expected.columns:
        column = column_index_from_string(blank.place)
        one = BlankResult(
            blank.place,
            blank.label,
            blank.answerable,
            RIGHT,
            known=bool(blank.number) or "region" in blank.options,
        )
        checks = [*lines, (total, whole, "")] if total and blank.number else lines
        for row, key, name in checks:
            cell = sheet.cell(row, column).value
            one.cells[_region_cell(blank, cell, key, name, row - expected.first_row + 1, words)] += 1
        one.outcome = next((o for o in (WRONG, BLANK) if one.cells[o]), RIGHT)
        if one.outcome == BLANK and targets.get(column) == "asked":
            one.outcome = ASKED
        found.append(one)
    return found


def _region_cell(blank: Expected, cell: Any, key: str, name: str, serial: int, words: Dictionary) -> str:
    if "region" in blank.options:
        return RIGHT if cell == name else BLANK if comparing.is_blank(cell) else WRONG
    if "serial" in blank.options:
        return RIGHT if cell == serial else WRONG
    if blank.number is None:
        return RIGHT if comparing.is_blank(cell) else WRONG
    if comparing.is_blank(cell):
        return BLANK
    return RIGHT if same_number(cell, number_of(blank.number, words, key, ON), blank.number.unit) else WRONG
