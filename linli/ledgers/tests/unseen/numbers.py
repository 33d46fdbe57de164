"""Tables of numbers: by area, by indicator, crossed, by month."""

from __future__ import annotations

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, book, count


def by_community() -> Workbook:
    """A row for each community under headings of two rows, numbered columns, a total first."""
    return book(
        [
            ["街道各社区基本情况汇总表", *[None] * 10],
            ["序号", "社区", "户数", "人口数", None, None, "重点人群", None, None, None, "备注"],
            [
                None,
                None,
                None,
                "总人口",
                "其中：男",
                "其中：女",
                "60岁以上老人",
                "残疾人",
                "低保对象",
                "党员",
                None,
            ],
            ["甲", "乙", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        ],
        "A1:K1 A2:A3 B2:B3 C2:C3 D2:F2 G2:J2 K2:K3",
        empty=4,
    )


def indicators() -> Workbook:
    """Indicator, unit, number; section lines; money in ten thousands; what nobody holds among it."""
    return book(
        [
            ["村（社区）基本情况表", None, None, None],
            ["指标名称", "计量单位", "栏次", "数量"],
            ["一、人口情况", None, None, None],
            ["总户数", "户", "1", None],
            ["户籍人口", "人", "2", None],
            ["  其中：少数民族", "人", "3", None],
            ["常住人口", "人", "4", None],
            ["  其中：65岁及以上老人", "人", "5", None],
            ["  其中：18岁以下未成年人", "人", "6", None],
            ["流动人口", "人", "7", None],
            ["二、组织情况", None, None, None],
            ["党员总数", "人", "8", None],
            ["社会组织", "个", "9", None],
            ["物业公司", "家", "10", None],
            ["三、经济情况", None, None, None],
            ["集体经济收入", "万元", "11", None],
            ["耕地面积", "亩", "12", None],
        ],
        "A1:D1",
    )


def disability() -> Workbook:
    """Classes down, levels across, totals at both ends."""
    return book(
        [
            ["持证残疾人分类分级统计表", *[None] * 5],
            ["残疾类别", "合计", "一级", "二级", "三级", "四级"],
            *[
                [name, *[None] * 5]
                for name in (
                    "合计",
                    "视力残疾",
                    "听力残疾",
                    "言语残疾",
                    "肢体残疾",
                    "智力残疾",
                    "精神残疾",
                    "多重残疾",
                )
            ],
            ["填表人：", None, "审核人：", None, "填表日期：", None],
        ],
        "A1:F1",
    )


def schooling() -> Workbook:
    """Levels of schooling by sex, the subject only in the title."""
    return book(
        [
            ["常住人口文化程度统计表", *[None] * 3],
            ["文化程度", "人数（人）", None, None],
            [None, "小计", "男", "女"],
            *[[name, None, None, None] for name in ("总计", "大学本科", "大学专科", "初中", "小学")],
        ],
        "A1:D1 A2:A3 B2:D2",
    )


def monthly() -> Workbook:
    """Twelve months of happenings that no registry of people holds."""
    return book(
        [
            ["社区矛盾纠纷排查调处月统计表", *[None] * 12],
            ["类别", *[f"{m}月" for m in range(1, 13)]],
            *[[name, *[None] * 12] for name in ("婚姻家庭", "邻里纠纷", "物业纠纷", "劳资纠纷", "合计")],
        ],
        "A1:M1",
    )


def across() -> Workbook:
    """One line of numbers under three rows of headings: every label is on top."""
    return book(
        [
            ["老年人口信息统计表", *[None] * 7],
            ["填报单位：", *[None] * 4, "填报日期：", None, None],
            [
                "社区名称",
                "60周岁以上老年人数",
                None,
                None,
                "80周岁以上人数",
                "独居老人数",
                "空巢老人数",
                "享受高龄津贴人数",
            ],
            [None, "合计", "男", "女", *[None] * 4],
        ],
        "A1:H1 A3:A4 B3:D3 E3:E4 F3:F4 G3:G4 H3:H4",
        empty=3,
        bare=(2,),
    )


NUMBERS: tuple[Unseen, ...] = (
    Unseen(
        "131各社区汇总",
        by_community,
        {
            "regions": "community",
            "first_row": 5,
            "columns": {
                "A": "serial",
                "B": "region",
                "C": count("household"),
                "D": count(),
                "E": count("person", "male"),
                "F": count("person", "female"),
                "G": count("person", "aged_60"),
                "H": count("person", "in_disabled"),
                "I": count("person", "in_low_income"),
                "J": count("person", "in_party"),
                "K": "never",
            },
        },
    ),
    Unseen(
        "132村社区指标",
        indicators,
        {
            "blanks": {
                "D4": count("household"),
                "D5": count("person", "registered"),
                "D6": count("person", "registered", "minority"),
                "D7": count(),
                "D8": count("person", "aged_65"),
                "D9": count("person", "under_18"),
                "D10": count("person", "floating"),
                "D12": count("person", "in_party"),
                "D13": count("organisation", "social"),
                "D14": count("organisation", "property"),
                "D16": "unknown",
                "D17": "unknown",
            },
        },
    ),
    Unseen(
        "133残疾分类分级",
        disability,
        {
            "grids": [
                {
                    "rows": {
                        "3 合计": {},
                        **{
                            f"{4 + place} {name}": {"narrow": {"disabled_class": [str(place + 1)]}}
                            for place, name in enumerate(
                                (
                                    "视力残疾",
                                    "听力残疾",
                                    "言语残疾",
                                    "肢体残疾",
                                    "智力残疾",
                                    "精神残疾",
                                    "多重残疾",
                                )
                            )
                        },
                    },
                    "columns": {
                        "B 合计": count("person", "in_disabled"),
                        **{
                            f"{letter} {name}": count("person", "in_disabled", disabled_level=[level])
                            for letter, name, level in (
                                ("C", "一级", "1"),
                                ("D", "二级", "2"),
                                ("E", "三级", "3"),
                                ("F", "四级", "4"),
                            )
                        },
                    },
                }
            ],
        },
    ),
    Unseen(
        "134文化程度",
        schooling,
        {
            "grids": [
                {
                    "rows": {
                        "4 总计": {},
                        "5 大学本科": {"narrow": {"education": ["20", "21", "22", "23", "28"]}},
                        "6 大学专科": {"narrow": {"education": ["30", "31", "32", "33"]}},
                        "7 初中": {"narrow": {"education": ["70", "71", "73"]}},
                        "8 小学": {"narrow": {"education": ["80", "81", "83"]}},
                    },
                    "columns": {
                        "B 小计": count(),
                        "C 男": count("person", "male"),
                        "D 女": count("person", "female"),
                    },
                }
            ],
        },
    ),
    Unseen(
        "135纠纷月统计",
        monthly,
        {"whole": "unknown", "fields": [{"column": "B", "label": "1月", "answerable": "no"}]},
    ),
    Unseen(
        "136老年人口统计",
        across,
        {
            "regions": "community",
            "first_row": 5,
            "columns": {
                "A": "region",
                "B": count("person", "aged_60"),
                "C": count("person", "aged_60", "male"),
                "D": count("person", "aged_60", "female"),
                "E": count("person", "aged_80"),
                "F": count("person", "in_elderly_alone"),
                "G": count("person", "in_empty_nest"),
                "H": count("person", "in_old_age_allowance"),
            },
        },
    ),
)
