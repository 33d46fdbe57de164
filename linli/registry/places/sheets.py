"""Lists of places as workbooks: the rows a user may see, through the dictionary, without residents' data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, dictionary
from linli.facts.plan import Wish, rows

# Columns of each list: element paths of the dictionary.
COLUMNS: dict[str, tuple[str, ...]] = {
    "estate": (
        "community", "name", "address", "management", "property_company", "property_phone", "property_fee", "managed_since",
        "contract_until", "built_year", "buildings", "homes", "residents", "heating", "parking_indoor", "parking_outdoor",
        "entrances", "safety_officer", "safety_phone",
    ),
    "building": (
        "community", "grid", "name", "kind", "address", "floors", "basements", "units", "homes", "residents", "structure",
        "built_year", "area", "lifts", "lifts_since", "lifts_checked_until", "has_gas", "heating", "shops", "property_company",
        "longitude", "latitude",
    ),
    "home": (
        "community", "grid", "address", "estate_name", "building_name", "unit", "door", "floor", "use", "tenure", "area",
        "rooms", "ownership", "category", "structure", "certificate", "residents",
    ),
    "back_street": (
        "community", "name", "course", "facing", "length", "width", "condition", "renewal", "renewed_on", "keeper", "keeper_phone",
    ),
}  # fmt: skip
MOST = 300_000


def register_columns(subject: str, paths: tuple[str, ...]) -> None:
    """The columns of a list of a room above, whose list page then exports as those of places do."""
    COLUMNS[subject] = paths


def write(
    user: Any,
    subject: str,
    ids: Sequence[int],
    target: Path | BinaryIO,
    heard: Any = None,
    on: date | None = None,
) -> int:
    """Write those rows of a subject that the user may see as of a day (today), one column an element. Returns how many.

    `heard.progress(n)` is told of progress where it is given.
    """
    paths = COLUMNS[subject]
    elements = [dictionary.element(subject, path) for path in paths]
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    head = book.add_format(
        {"bold": True, "bg_color": "#E4F0F4", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(dictionary.subject(subject).label)
    sheet.freeze_panes(1, 0)
    for column, element in enumerate(elements):
        label = f"{element.label}（{element.unit}）" if element.unit else element.label
        sheet.set_column(column, column, max(10, min(34, 2 * len(label) + 2)))
        sheet.write_string(0, column, label, head)
    wish = Wish(
        subject,
        user.scopes(dictionary.subject(subject).permission or Permission.VIEW_PLACES),
        on or timezone.localdate(),
        elements=paths,
        ids=list(ids),
        conditions=("ever",) if "ever" in dictionary.subject(subject).conditions else (),
    )
    count = 0
    for _pk, values in rows(wish):
        count += 1
        for column, (element, value) in enumerate(zip(elements, values, strict=True)):
            if value is None or value == "":
                continue
            if element.codes is not None:
                sheet.write_string(count, column, element.codes.label(str(value)))
            elif element.kind is Kind.DATE:
                sheet.write_datetime(count, column, value, day)
            elif isinstance(value, bool):
                sheet.write_string(count, column, "是" if value else "否")
            elif isinstance(value, str):
                sheet.write_string(count, column, value)
            else:
                sheet.write_number(count, column, float(value))
        if heard is not None and count % 500 == 0:
            heard.progress(count)
    if count:
        sheet.autofilter(0, 0, count, len(paths) - 1)
    book.close()
    return count
