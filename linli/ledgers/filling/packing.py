"""Cards for more people than one workbook holds: a zip of workbooks, each with a sheet for everybody of its share."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook

from linli.audit.recording import RuleError
from linli.facts import plan, sight
from linli.facts.dictionary import Dictionary
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import open_workbook
from linli.ledgers.filling.account import Account, ColumnAccount
from linli.ledgers.filling.cards import MOST_CARDS, fill_cards
from linli.ledgers.filling.scope import check_fillable, permitted_scopes, refuse_sensitive, wish_for
from linli.ledgers.recognition import CARD, Recognition

# Beyond this many cards nobody prints or reads them: a smaller area is asked for.
MOST_PACKED = 3_000

# The workbook in the zip that says where everybody is.
INDEX = "目录.xlsx"
_INDEXED = {
    "person": (("姓名", "证件号码末四位"), ("name", "id_number")),
    "household": (("户主", "证件号码末四位"), ("head.name", "head.id_number")),
    "home": (("地址",), ("address",)),
}

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
    places: list[tuple[int, str, str]] = []
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
            name = f"{stem}（第{start + 1}—{start + len(share)}张）.xlsx"
            package.writestr(name, kept.getvalue())
            places.extend(
                (identity, name, sheet) for identity, sheet in zip(account.ids, account.sheets, strict=True)
            )
            whole = account if whole is None else together(whole, account)
        if whole is not None:
            index, read = _index(recognition, words, places, region_code=region_code, on=on, user=user)
            package.writestr(INDEX, index)
            whole.elements = list(dict.fromkeys([*whole.elements, *read]))
    if whole is None:
        raise RuleError("所选区域里没有符合条件的人或户，请检查填报范围和日期。", field="region")
    whole.workbooks = -(-len(ids) // MOST_CARDS)
    return out.getvalue(), whole


def _index(
    recognition: Recognition,
    words: Dictionary,
    places: Sequence[tuple[int, str, str]],
    *,
    region_code: str,
    on: date,
    user: Any,
) -> tuple[bytes, list[str]]:
    """The workbook that says in which file and on which sheet everybody stands, by name and the last four of their number
    (where the user may see it), and the elements that it tells."""
    scopes = permitted_scopes(user, region_code)
    heads, paths = _INDEXED.get(recognition.subject, (("名称",), ("name",)))
    kept = [
        (head, path)
        for head, path in zip(heads, paths, strict=True)
        if not sight.withheld(recognition.subject, user, scopes, paths=[path], words=words)
    ]
    wish = replace(
        wish_for(recognition, [], words, scopes, on),
        elements=[path for _head, path in kept],
        ids=[identity for identity, _file, _sheet in places],
    )
    told = dict(plan.rows(wish, words)) if kept else {}
    book = Workbook()
    page = book.worksheets[0]
    page.title = "目录"
    page.append(["序号", *(head for head, _path in kept), "文件", "工作表"])
    for number, (identity, file, sheet) in enumerate(places, 1):
        values = [str(value or "") for value in told.get(identity, [""] * len(kept))]
        shown = [
            value[-4:] if path.endswith("id_number") else value
            for value, (_head, path) in zip(values, kept, strict=True)
        ]
        page.append([number, *shown, file, sheet])
    for cells in page.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for cell in page[1]:
        cell.font = Font(bold=True)
    for column in range(1, page.max_column + 1):
        width = {1: 6}.get(column, 40 if column == page.max_column - 1 else 18)
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), [path for _head, path in kept]


def together(one: Account, other: Account) -> Account:
    """The account of two fillings of the same form: everybody of both, the first rows of the first."""
    return replace(
        one,
        rows=one.rows + other.rows,
        ids=[*one.ids, *other.ids],
        columns=[_added(a, b) for a, b in zip(one.columns, other.columns, strict=True)],
        continued=[*one.continued, *other.continued],
        sheets=[*one.sheets, *other.sheets],
    )


def _added(one: ColumnAccount, other: ColumnAccount) -> ColumnAccount:
    problems = dict(one.problems)
    for text, times in other.problems.items():
        problems[text] = problems.get(text, 0) + times
    return replace(one, filled=one.filled + other.filled, blank=one.blank + other.blank, problems=problems)


__all__ = ["MOST_PACKED", "fill_packed", "many_ids", "together"]
