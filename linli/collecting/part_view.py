"""What stands on a copy's page: its rows as they are shown, what is missing and who can know, what was changed, the table drawn."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _gettext

from linli.audit.recording import RuleError
from linli.collecting import forms, keeping, shapes
from linli.collecting.actions.cells import name_place
from linli.collecting.models import FormPart
from linli.collecting.rules import Grid, QuestionState
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import picture
from linli.ledgers.drawing import Drawing, draw
from linli.ledgers.meaning.mapping import ELEMENT
from linli.ledgers.meaning.wording import who_knows

MOST_CHANGES = 200


@dataclass(frozen=True)
class Cell:
    """A cell of a copy as the page shows it."""

    text: str
    is_blank: bool


def shown_rows(part: FormPart, grid: Grid, numbers: list[int]) -> list[dict[str, Any]]:
    """The rows as they are shown: personal numbers masked, blanks that are asked marked."""
    recognition, terms = part.task.recognition, words()
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
                "url": reverse("collecting:row", args=[part.pk, number]),
                "new": row.id is None,
                "why": row.why,
            }
        )
    return found


def why_blank(target: str, about: dict[str, Any]) -> str:
    """Why cells of a column are empty: the base lacks the column, has not recorded it of everybody, or the form's list lacks it."""
    if target != ELEMENT:
        return str(about.get("explanation", ""))
    said = [f"{text}（{times} 格）" for text, times in dict(about.get("problems") or {}).items()]
    return "；".join(said) or _gettext("登记库里还没有登记")


def missing_columns(part: FormPart, grid: Grid) -> list[dict[str, Any]]:
    """The columns with empty cells: how many, why, who can know."""
    recognition = part.task.recognition
    account = {(one.get("row") or 0, one["column"]): one for one in part.account}
    blanks = grid.blanks(keeping.asked_places(recognition.mappings))
    found = []
    for place, n in blanks.items():
        mapping = recognition.mappings[place]
        if not n:
            continue
        about = account.get((mapping.row, mapping.column), {})
        found.append(
            {
                "place": place,
                "label": mapping.label,
                "n": n,
                "all": n == len(grid.rows) and not part.task.is_table,
                "why": why_blank(mapping.target, about),
                "who": about.get("who_knows") or mapping.who or who_knows(mapping.label),
            }
        )
    return sorted(found, key=lambda one: -one["n"])


def shown_changes(part: FormPart, rows: QuerySet) -> list[dict[str, Any]]:
    """The trace as it is shown: personal numbers masked."""
    recognition, terms = part.task.recognition, words()
    by_label = {one.label: one for one in recognition.mappings}
    found = []
    for one in rows.select_related("by")[:MOST_CHANGES]:
        row, name, before, after = json.loads(one.said)
        mapping = by_label.get(one.column)
        if mapping is not None:
            before = forms.masked(before, mapping, terms, recognition.subject)
            after = forms.masked(after, mapping, terms, recognition.subject)
        found.append({"change": one, "row": row, "name": name, "before": before, "after": after})
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


def drawn_copy(part: FormPart, grid: Grid) -> Drawing | None:
    """A table as its sheet looks, with the numbers of the copy; None when its file is gone."""
    recognition = part.task.recognition
    try:
        book = keeping.blank_book(part.task)
    except RuleError:
        return None
    sheet = book[recognition.sheet]
    shapes.put_cells(sheet, grid, 0, keeping.asked_places(recognition.mappings))
    made = draw(picture(sheet), recognition)
    asked = {
        recognition.mappings[place].where: grid.is_blank(0, place)
        for place in keeping.asked_places(recognition.mappings)
    }
    for row in made.rows:
        for cell in row.cells:
            is_blank = cell.head and asked.get(cell.letter, False)
            cell.tone = "asked" if is_blank else ""
            if is_blank:
                cell.text = _gettext("空")
    return made
