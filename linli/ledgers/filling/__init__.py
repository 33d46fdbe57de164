"""Filling a recognised form: rosters, tables of numbers, cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from openpyxl.workbook.workbook import Workbook

from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import Dictionary
from linli.ledgers.filling.account import EMPTY, Account, ColumnAccount, opened, problems
from linli.ledgers.filling.cards import fill_cards
from linli.ledgers.filling.given import fill_given
from linli.ledgers.filling.numbers import fill_numbers
from linli.ledgers.filling.paper import set_cards, set_lists
from linli.ledgers.filling.printed import complete, stated, verify
from linli.ledgers.filling.rosters import fill_roster
from linli.ledgers.filling.scope import check_fillable, permitted_scopes, wish_for
from linli.ledgers.recognition import AGGREGATE, CARD, Recognition


def fill(
    book: Workbook,
    recognition: Recognition,
    words: Dictionary,
    *,
    region_code: str,
    on: date,
    user: Any,
    highlight: bool = False,
    ids: Sequence[int] | None = None,
) -> Account:
    """Fill the workbook in place. `ids` picks rows of a card's population (one sheet each; without it, all).

    Raises RuleError when it may not or cannot be filled.
    """
    check_fillable(recognition)
    set_cards(book, recognition)
    printed = stated(book, recognition)
    if recognition.parts:
        account = _fill_all(
            book, recognition, words, region_code=region_code, on=on, user=user, highlight=highlight, ids=ids
        )
    else:
        account = _fill_region(
            book, recognition, words, region_code=region_code, on=on, user=user, highlight=highlight, ids=ids
        )
    set_lists(book, recognition)
    if printed:
        told = list(zip(recognition.regions_of_form, account.everywhere, strict=True))
        complete(book, printed, told)
        account.relations = [one.as_json() for one in verify(book, printed, told)]
    return account


def _fill_all(
    book: Workbook, recognition: Recognition, words: Dictionary, *, ids: Sequence[int] | None, **how: Any
) -> Account:
    """Fill every region, the lowest first: rows put in above move what is filled already. A further region that cannot be
    filled stays empty with the reason; the first one's problem is the form's."""
    done: list[tuple[Recognition, Account]] = []
    for region in lowest_first(recognition):
        here = replace(region, parts=[])
        for earlier, account in done:
            if earlier.sheet == here.sheet and account.pushed is not None:
                follow(here, *account.pushed)
        try:
            check_fillable(here)
            account = _fill_region(book, here, words, ids=ids if region is recognition else None, **how)
        except RuleError as problem:
            if region is recognition:
                raise
            account = Account(problem=str(problem))
            account.columns = [opened(mapping) for mapping in region.mappings]
        account.subject = region.subject
        if account.pushed is not None:
            before, delta = account.pushed
            for earlier, other in done:
                if earlier.sheet == here.sheet and earlier.header_rows[0] + other.moved >= before:
                    other.moved += delta
                    other.first_row += delta
        done.append((region, account))
    made = done[-1][1]
    made.parts = [next(account for one, account in done if one is part) for part in recognition.parts]
    return made


def lowest_first(recognition: Recognition) -> list[Recognition]:
    """The regions of a form in the order in which they are written: rows put in above move what is written already. The form's first
    region comes last."""
    further = sorted(
        recognition.parts,
        key=lambda one: (one.sheet, -one.first_row, -min((m.column for m in one.mappings), default=0)),
    )
    return [*further, recognition]


def follow(region: Recognition, before: int, delta: int) -> None:
    """Rows put in below a region's first row push its footer down as well."""
    if region.footer_row >= before:
        region.footer_row += delta
    if region.regions is not None:
        kept = region.regions
        region.regions = replace(
            kept,
            footer_row=kept.footer_row + (delta if kept.footer_row >= before else 0),
            total_row=kept.total_row + (delta if kept.total_row >= before else 0),
        )


def _fill_region(
    book: Workbook,
    recognition: Recognition,
    words: Dictionary,
    *,
    region_code: str,
    on: date,
    user: Any,
    highlight: bool = False,
    ids: Sequence[int] | None = None,
) -> Account:
    if recognition.kind == AGGREGATE:
        return fill_numbers(book, recognition, words, region_code=region_code, on=on, user=user)
    if recognition.kind == CARD:
        return fill_cards(book, recognition, words, region_code=region_code, on=on, user=user, ids=ids)
    if recognition.given:
        return fill_given(book, recognition, words, region_code=region_code, on=on, user=user)
    return fill_roster(
        book, recognition, words, region_code=region_code, on=on, user=user, highlight=highlight
    )


def expected_rows(
    recognition: Recognition, words: Dictionary, *, region_code: str, on: date, user: Any
) -> int:
    """How many rows (cards) the filled form will have. Raises RuleError as `fill` does."""
    check_fillable(recognition)
    scopes = permitted_scopes(user, region_code)
    if recognition.parts:
        return sum(
            expected_rows(replace(one, parts=[]), words, region_code=region_code, on=on, user=user)
            for one in recognition.regions_of_form
            if one is recognition or one.fillable
        )
    if recognition.kind == AGGREGATE:
        return 1
    if recognition.given:
        return len(recognition.given)
    return int(plan.total(wish_for(recognition, [], words, scopes, on), words=words))


def chosen_ids(
    recognition: Recognition, words: Dictionary, who: str, *, region_code: str, on: date, user: Any
) -> list[int] | None:
    """The rows of a card's population that are called so (a head's name for households, an address for homes); None
    without names. Raises RuleError when one is not there."""
    wanted = [one for one in re.split(r"[、,，;；\s]+", who) if one]
    if not wanted or recognition.kind != CARD:
        return None
    path = {"household": "head.name", "home": "address"}.get(recognition.subject, "name")
    scopes = permitted_scopes(user, region_code)
    wish = replace(wish_for(recognition, [], words, scopes, on), elements=[path])
    found: dict[str, list[int]] = {}
    for identity, values in plan.rows(wish, words):
        found.setdefault(str(values[0]), []).append(identity)
    missing = [one for one in wanted if one not in found]
    if missing:
        raise RuleError(
            f"所选区域的“{recognition.population_label}”里没有“{missing[0]}”，请检查姓名。", field="who"
        )
    return [identity for one in wanted for identity in found[one]]


__all__ = [
    "EMPTY",
    "Account",
    "ColumnAccount",
    "check_fillable",
    "chosen_ids",
    "expected_rows",
    "fill",
    "follow",
    "lowest_first",
    "problems",
]
