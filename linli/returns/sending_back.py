"""The rows that could not be used, in the sender's own form, with the reasons: to be put right and uploaded again as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import open_workbook
from linli.ledgers.recognition import Recognition
from linli.returns.reading import REASON

_WRONG = PatternFill("solid", fgColor="FAD7A0")
_SAID = Font(color="AB2F28")


def write_back(
    data: bytes, recognition: Recognition, problems: Mapping[int, Sequence[Sequence[str]]], out: BinaryIO
) -> int:
    """The workbook with only the rows that have problems, the faulty cells coloured, the reasons in a last column. Headings and
    notes stay, so that the form is recognised again. Returns how many rows it holds."""
    book = open_workbook(data)
    sheet = book[recognition.sheet]
    last = max((mapping.column for mapping in recognition.mappings), default=1)
    for column in range(1, sheet.max_column + 1):
        for row in range(1, recognition.first_row):
            if sheet.cell(row, column).value == REASON:
                last = min(last, column - 1)
    end = (recognition.footer_row or sheet.max_row + 1) - 1
    columns = range(1, sheet.max_column + 1)
    kept = [
        (row, [sheet.cell(row, column).value for column in columns])
        for row in sorted(problems)
        if recognition.first_row <= row <= end
    ]
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row >= recognition.first_row and merged.max_row <= end:
            sheet.unmerge_cells(str(merged))
    for row in range(recognition.first_row, end + 1):
        for column in columns:
            sheet.cell(row, column).value = None
    by_label = {mapping.label: mapping.column for mapping in recognition.mappings}
    sheet.cell(recognition.header_rows[1], last + 1, REASON).font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(last + 1)].width = 60
    for at, (row, values) in enumerate(kept, recognition.first_row):
        for column, value in zip(columns, values, strict=True):
            if column <= last:
                sheet.cell(at, column).value = value
        said = problems[row]
        for label, reason in said:
            if label in by_label:
                cell = sheet.cell(at, by_label[label])
                cell.fill = _WRONG
                cell.comment = Comment(reason, "邻里")
        cell = sheet.cell(
            at,
            last + 1,
            "；".join(f"{label}：{reason}" if label else reason for label, reason in said),
        )
        cell.font, cell.alignment = _SAID, Alignment(wrap_text=True, vertical="top")
    save(book, out)
    return len(kept)
