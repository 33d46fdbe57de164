"""Cards for more people than one workbook holds: a zip of workbooks, each with a sheet for everybody of its share."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from openpyxl.workbook.workbook import Workbook

from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import Dictionary
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import open_workbook
from linli.ledgers.filling.account import Account, ColumnAccount
from linli.ledgers.filling.cards import MOST_CARDS, fill_cards
from linli.ledgers.filling.scope import check_fillable, permitted_scopes, refuse_sensitive, wish_for
from linli.ledgers.recognition import CARD, Recognition

# Beyond this many cards nobody prints or reads them: a smaller area is asked for.
MOST_PACKED = 3_000

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\s]+')


def many_ids(
    recognition: Recognition, words: Dictionary, *, region_code: str, on: date, user: Any
) -> list[int]:
    """Whom the cards are about where one workbook does not hold them; none where it does, or where the form is no card.

    Raises RuleError when the user may not fill it there, or when there are more than a zip takes.
    """
    if recognition.kind != CARD or recognition.parts:
        return []
    check_fillable(recognition)
    scopes = permitted_scopes(user, region_code)
    refuse_sensitive(recognition, user, scopes, words)
    wish = wish_for(recognition, [], words, scopes, on)
    if plan.total(wish, words=words) <= MOST_CARDS:
        return []
    path = {"household": "head.name", "home": "address"}.get(recognition.subject, "name")
    wish = replace(wish, elements=[path], limit=MOST_PACKED + 1)
    found = [identity for identity, _values in plan.rows(wish, words)]
    if len(found) > MOST_PACKED:
        raise RuleError(
            f"符合条件的超过 {MOST_PACKED:,} 个，一次填不了这么多张；请选择较小的区域、限定填报范围，或只选要填的人。",
            field="region",
        )
    return found


def fill_packed(
    data: bytes,
    recognition: Recognition,
    words: Dictionary,
    ids: Sequence[int],
    *,
    region_code: str,
    on: date,
    user: Any,
    title: str,
    finish: Callable[[Workbook, Account], None],
) -> tuple[bytes, Account]:
    """The zip of filled workbooks and the account of them all. `finish` is called with each workbook before it is kept."""
    out = io.BytesIO()
    whole: Account | None = None
    stem = _FORBIDDEN.sub("", title)[:60] or "表"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for start in range(0, len(ids), MOST_CARDS):
            share = ids[start : start + MOST_CARDS]
            book = open_workbook(data)
            account = fill_cards(
                book, recognition, words, region_code=region_code, on=on, user=user, ids=share
            )
            finish(book, account)
            kept = io.BytesIO()
            save(book, kept)
            package.writestr(f"{stem}（第{start + 1}—{start + len(share)}张）.xlsx", kept.getvalue())
            whole = account if whole is None else together(whole, account)
    if whole is None:
        raise RuleError("所选区域里没有符合条件的人或户，请检查填报范围和日期。", field="region")
    whole.workbooks = -(-len(ids) // MOST_CARDS)
    return out.getvalue(), whole


def together(one: Account, other: Account) -> Account:
    """The account of two fillings of the same form: everybody of both, the first rows of the first."""
    return replace(
        one,
        rows=one.rows + other.rows,
        ids=[*one.ids, *other.ids],
        columns=[_added(a, b) for a, b in zip(one.columns, other.columns, strict=True)],
        continued=[*one.continued, *other.continued],
    )


def _added(one: ColumnAccount, other: ColumnAccount) -> ColumnAccount:
    problems = dict(one.problems)
    for text, times in other.problems.items():
        problems[text] = problems.get(text, 0) + times
    return replace(one, filled=one.filled + other.filled, blank=one.blank + other.blank, problems=problems)


__all__ = ["MOST_PACKED", "fill_packed", "many_ids", "together"]
