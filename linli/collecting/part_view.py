"""What stands on a copy's page: its rows as they are shown, what is missing and who can know, what was changed, the table drawn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _gettext

from linli.audit.recording import RuleError
from linli.collecting import forms, keeping, shapes
from linli.collecting.actions.asking import accounts_of
from linli.collecting.actions.cells import name_place
from linli.collecting.models import FormPart
from linli.collecting.models.answers import WRITES
from linli.collecting.rules import Grid, QuestionState, Tally
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import picture
from linli.ledgers.drawing import Drawing, draw
from linli.ledgers.meaning.mapping import ELEMENT
from linli.ledgers.meaning.wording import who_knows
from linli.ledgers.recognition import AGGREGATE, Recognition

MOST_CHANGES = 200


@dataclass(frozen=True)
class Cell:
    """A cell of a copy as the page shows it."""

    text: str
    is_blank: bool


@dataclass(frozen=True)
class ListShown:
    """One list of a copy as its page names it: its number, what it is called, how much of it there is."""

    number: int
    name: str
    amount: str
    tally: Tally
    is_current: bool


def lists_of(part: FormPart, current: int) -> list[ListShown]:
    """The lists of a copy's form."""
    task = part.task
    told = part.by_list or [Tally() for _one in task.kinds]
    return [
        ListShown(number, name, task.said_of_list(number, tally), tally, number == current)
        for number, (name, tally) in enumerate(zip(shapes.list_names(task.recognition), told, strict=True))
    ]


def shown_rows(
    part: FormPart, recognition: Recognition, which: int, grid: Grid, numbers: list[int]
) -> list[dict[str, Any]]:
    """The rows of one list as they are shown: personal numbers masked, blanks that are asked marked."""
    terms = words()
    asked = set(keeping.asked_places(recognition.mappings))
    name = name_place(recognition)
    found = []
    for number in numbers:
        row = grid.rows[number]
        called = [Cell(row.name, False)] if row.name else []
        cells = [
            Cell(
                forms.masked("" if value is None else str(value), mapping, terms, recognition.subject),
                place in asked and grid.is_blank(number, place),
            )
            for place, (value, mapping) in enumerate(zip(row.cells, recognition.mappings, strict=True))
        ]
        found.append(
            {
                "number": number + 1,
                "name": row.name or (cells[name].text if name is not None else str(number + 1)),
                "cells": [*called, *cells],
                "blanks": sum(one.is_blank for one in cells),
                "url": row_url("row", part.pk, which, number),
                "new": row.id is None,
                "why": row.why,
            }
        )
    return found


def row_url(name: str, part: int, which: int, *more: int) -> str:
    """The address of something about a list of a copy; the first list has the short one."""
    return reverse(f"collecting:{name}", args=[part, which, *more] if which else [part, *more])


def why_blank(target: str, about: dict[str, Any]) -> str:
    """Why cells of a column are empty: the base lacks the column, has not recorded it of everybody, or the form's list lacks it."""
    if target != ELEMENT:
        return str(about.get("explanation", ""))
    said = [f"{text}（{times} 格）" for text, times in dict(about.get("problems") or {}).items()]
    return "；".join(said) or _gettext("登记库里还没有登记")


def missing_columns(part: FormPart, grids: Sequence[Grid]) -> list[dict[str, Any]]:
    """The columns of all lists with empty cells: how many, why, who can know."""
    recognition = part.task.recognition
    names = shapes.list_names(recognition) if part.task.is_several else [""]
    found = []
    for number, (listed, grid) in enumerate(zip(recognition.regions_of_form, grids, strict=True)):
        account = accounts_of(part, number)
        is_table = listed.kind == AGGREGATE and listed.regions is None
        for place, n in grid.blanks(keeping.asked_places(listed.mappings)).items():
            mapping = listed.mappings[place]
            if not n:
                continue
            about = account.get((mapping.row, mapping.column), {})
            found.append(
                {
                    "listed": number,
                    "called": names[number],
                    "place": place,
                    "label": mapping.label,
                    "n": n,
                    "all": n == len(grid.rows) and not is_table,
                    "why": why_blank(mapping.target, about),
                    "who": about.get("who_knows") or mapping.who or who_knows(mapping.label),
                    "askable": shapes.subject_of(listed) in WRITES,
                }
            )
    return sorted(found, key=lambda one: (one["listed"], -one["n"]))


def shown_changes(part: FormPart, rows: QuerySet) -> list[dict[str, Any]]:
    """The trace as it is shown: personal numbers masked."""
    recognition, terms = part.task.recognition, words()
    regions = recognition.regions_of_form
    names = shapes.list_names(recognition) if part.task.is_several else [""]
    by_label = [{one.label: one for one in listed.mappings} for listed in regions]
    found = []
    for one in rows.select_related("by")[:MOST_CHANGES]:
        row, name, before, after = json.loads(one.said)
        mapping = by_label[one.listed].get(one.column)
        if mapping is not None:
            subject = regions[one.listed].subject
            before = forms.masked(before, mapping, terms, subject)
            after = forms.masked(after, mapping, terms, subject)
        found.append(
            {
                "change": one,
                "called": names[one.listed],
                "row": row,
                "name": name,
                "before": before,
                "after": after,
            }
        )
    return found


def asked_of(part: FormPart) -> dict[str, Any]:
    """How far the asking on the spot is for a copy: how many blanks wait, were answered, could not be found out and why."""
    states = Counter(part.askings.values_list("question__state", flat=True))
    given_up = part.askings.filter(question__state=QuestionState.GIVEN_UP).select_related("question")
    return {
        "waiting": states[QuestionState.OPEN.value],
        "answered": states[QuestionState.ANSWERED.value] + states[QuestionState.DROPPED.value],
        "given_up": [(one.question.label, one.question.why) for one in given_up[:20]],
    }


def drawn_copy(part: FormPart, listed: Recognition, grid: Grid) -> Drawing | None:
    """A table as its sheet looks, with the numbers of the copy; None when its file is gone."""
    try:
        book = keeping.blank_book(part.task)
    except RuleError:
        return None
    sheet = book[listed.sheet]
    shapes.put_cells(sheet, listed, grid)
    made = draw(picture(sheet), listed)
    asked = {
        listed.mappings[place].where: grid.is_blank(0, place)
        for place in keeping.asked_places(listed.mappings)
    }
    for row in made.rows:
        for cell in row.cells:
            is_blank = cell.head and asked.get(cell.letter, False)
            cell.tone = "asked" if is_blank else ""
            if is_blank:
                cell.text = _gettext("空")
    return made
