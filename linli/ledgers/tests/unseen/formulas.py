"""Forms that compute part of themselves: totals down and across, checks, ages from numbers. No formula is asked anything."""

from __future__ import annotations

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, asked, book, count, of

BANDS: tuple[tuple[str, dict[str, int]], ...] = (
    ("0-17岁", {"from": 0, "to": 17}),
    ("18-59岁", {"from": 18, "to": 59}),
    ("60岁及以上", {"from": 60}),
)
SEXES = (("C", "male"), ("D", "female"))


def total_first() -> Workbook:
    """Bands of age under a first row of totals that adds them up, and sums across."""
    return book(
        [
            ["常住人口年龄结构统计表", None, None, None],
            ["年龄段", "合计", "男", "女"],
            ["合计", "=SUM(B4:B6)", "=SUM(C4:C6)", "=SUM(D4:D6)"],
            *[[name, f"=C{row}+D{row}", None, None] for row, (name, _band) in enumerate(BANDS, start=4)],
        ],
        "A1:D1",
    )


def one_sum() -> Workbook:
    """A single formula among the blanks of a table, and a check beside it outside the frame."""
    made = book(
        [
            ["常住人口年龄性别统计表", None, None, None],
            ["年龄段", "人数", "男", "女"],
            *[[name, None, None, None] for name, _band in BANDS],
            ["80岁及以上", "=C6+D6", None, None],
        ],
        "A1:D1",
    )
    made.active["G6"] = '=IF(B6=C6+D6,"√","×")'
    return made


def streets() -> Workbook:
    """A row for each community, a total of them all at the end, people added across."""
    return book(
        [
            ["各社区人口情况统计表", None, None, None, None],
            ["社区名称", "总人口", "男", "女", "60岁以上老年人数"],
            [None, "=C3+D3", None, None, None],
            *[[None, f"=C{row}+D{row}", None, None, None] for row in (4, 5)],
            ["合计", *[f"=SUM({letter}3:{letter}5)" for letter in "BCDE"]],
        ],
        "A1:E1",
    )


def numbered_list() -> Workbook:
    """A list whose rows number themselves, with a formula across and a total below that no word announces."""
    return book(
        [
            ["低保对象花名册", None, None, None, None],
            ["序号", "姓名", "身份证号", "联系电话", "号码位数"],
            *[["=ROW()-2", None, None, None, f"=LEN(C{row})"] for row in (3, 4, 5)],
            [None, None, None, None, "=SUM(E3:E5)"],
        ],
        "A1:E1",
    )


def computed_card() -> Workbook:
    """A card whose sex and age are told from the number by the form itself."""
    return book(
        [
            ["60岁以上老年人信息卡", None, None, None],
            ["姓名", None, "性别", '=IF(MOD(MID(B3,17,1),2)=1,"男","女")'],
            ["身份证号", None, "年龄", "=2026-MID(B3,7,4)"],
            ["民族", None, "联系电话", None],
            ["现住址", None, "文化程度", None],
        ],
        "A1:D1",
    )


def divided() -> Workbook:
    """Sexes and ages below one another, each 其中 of the row right above it."""
    return book(
        [
            ["常住人口结构统计表", None],
            ["项目", "人数"],
            *[
                [name, None]
                for name in (
                    "合计",
                    "男",
                    "女",
                    "18-59岁",
                    "其中：男",
                    "女",
                    "60岁及以上",
                    "其中：80岁及以上",
                )
            ],
        ],
        "A1:B1",
    )


FORMULAS: tuple[Unseen, ...] = (
    Unseen(
        "181合计在前带公式",
        total_first,
        {
            "blanks": {
                f"{letter}{row}": count("person", sex, age=band)
                for row, (_name, band) in enumerate(BANDS, start=4)
                for letter, sex in SEXES
            }
        },
    ),
    Unseen(
        "182一格公式",
        one_sum,
        {
            "blanks": {
                **{f"B{row}": count(age=band) for row, (_name, band) in enumerate(BANDS, start=3)},
                **{
                    f"{letter}{row}": count("person", sex, age=band)
                    for row, (_name, band) in enumerate([*BANDS, ("", {"from": 80})], start=3)
                    for letter, sex in SEXES
                },
            }
        },
    ),
    Unseen(
        "186其中各分各的",
        divided,
        {
            "blanks": {
                "B3": count(),
                "B4": count("person", "male"),
                "B5": count("person", "female"),
                "B6": count(age={"from": 18, "to": 59}),
                "B7": count("person", "male", age={"from": 18, "to": 59}),
                "B8": count("person", "female", age={"from": 18, "to": 59}),
                "B9": count(age={"from": 60}),
                "B10": count(age={"from": 80}),
            }
        },
    ),
    Unseen(
        "183各社区合计带公式",
        streets,
        {
            "regions": "community",
            "first_row": 3,
            "columns": {
                "A": "region",
                "C": count("person", "male"),
                "D": count("person", "female"),
                "E": count("person", "aged_60"),
            },
        },
    ),
    Unseen(
        "184自动编号",
        numbered_list,
        {"scope": of("person", "in_low_income"), "columns": asked("", "name", "id_number", "phone", "")},
    ),
    Unseen(
        "185卡上有公式",
        computed_card,
        {
            "scope": of("person", "aged_60"),
            "blanks": {
                "B2": "name",
                "B3": "id_number",
                "B4": "ethnic",
                "D4": "phone",
                "B5": "address",
                "D5": "education",
            },
        },
    ),
)
