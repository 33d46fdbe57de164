"""Forms whose lists are the department's own: codes in front of words, codes explained on a sheet of their own, words of no standard."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, asked, book, choices, of


def coded() -> Workbook:
    """Codes in front of words that tell, and a list whose words tell nothing."""
    made = book(
        [
            ["社区居民核查登记表"] + [None] * 6,
            ["序号", "姓名", "身份证号", "政治面貌", "婚姻状况", "文化程度", "现住址"],
        ],
        "A1:G1",
        empty=5,
    )
    page: Any = made.active
    choices(page, "D", '"1-中共党员,2-共青团员,3-群众,4-民主党派"', 3, 7)
    choices(page, "E", '"A-未婚,B-已婚,C-丧偶,D-离异"', 3, 7)
    choices(page, "F", '"甲类,乙类,丙类"', 3, 7)
    return made


OWN_CODES: tuple[Unseen, ...] = (
    Unseen(
        "190核查登记",
        coded,
        {
            "scope": of("person"),
            "columns": asked("serial", "name", "id_number", "political", "marital", "unknown", "address"),
        },
    ),
)
