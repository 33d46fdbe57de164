"""How fast people are exported, against xlsxwriter alone writing the same cells."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter

from linli.registry.intake.columns import COLUMNS


class _Deaf:
    def progress(self, done: int, total: int | None = None) -> None:
        """Nobody listens."""


def run(count: int = 100_000) -> None:
    """Export the base's people (at most `count`), then write the same cells with xlsxwriter alone."""
    import python_calamine

    from linli.audit.recording import SYSTEM
    from linli.registry.intake.exporting import write_people
    from linli.registry.people.models import Person
    from tests.bench.ground import line, pair

    keys = [column.key for column in COLUMNS]
    ids = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:count])
    with tempfile.TemporaryDirectory() as folder:
        ours, alone = Path(folder) / "ours.xlsx", Path(folder) / "alone.xlsx"
        write_people(SYSTEM, ids, keys, ours, _Deaf(), unmask=False, purpose="")
        rows: list[list[Any]] = (
            python_calamine.CalamineWorkbook.from_path(str(ours)).get_sheet_by_index(0).to_python()
        )

        def baseline() -> None:
            book = xlsxwriter.Workbook(alone, {"constant_memory": True})
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for at, value in enumerate(row):
                    if value != "":
                        sheet.write_string(number, at, str(value))
            book.close()

        found = pair(
            lambda: write_people(SYSTEM, ids, keys, ours, _Deaf(), unmask=False, purpose=""),
            baseline,
            runs=3,
            warm=0,
        )
    line(
        "导出居民",
        f"{len(ids):,} 人 {found.ours:.1f} 秒，是单用 xlsxwriter 的 {found.ratio:.2f} 倍",
        "标准 1.5 倍以内",
    )
