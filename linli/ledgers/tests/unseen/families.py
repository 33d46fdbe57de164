"""Lists of residents, women, children and party members."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from linli.ledgers.tests.unseen.build import Unseen, asked, book, choices, of


def veterans() -> Workbook:
    """Instructions above, a unit line in five cells, headings of two rows, a footer of three offices."""
    made = book(
        [
            ["退役军人信息采集台账"] + [None] * 15,
            [
                "填表说明：1.本台账由村（社区）退役军人服务站填写，一人一行，不得漏项；2.联系电话填写本人常用手机。"
            ]
            + [None] * 15,
            [
                "填报单位（盖章）：",
                None,
                None,
                None,
                None,
                "填报时间：    年  月  日",
                None,
                None,
                None,
                None,
                "填报人：",
                None,
                None,
                "联系电话：",
            ],
            [
                "序\n号",
                "姓  名",
                "性\n别",
                "身份证号码",
                "出生年月",
                "政治面貌",
                "文化程度",
                "入伍时间",
                "退役时间",
                "退役军人优待证号",
                "地    址",
                None,
                "联系方式",
                None,
                "现工作单位",
                "备  注",
            ],
            [None] * 10 + ["户籍所在地", "现居住地", "手机", "固定电话", None, None],
        ],
        "A1:P1 A2:P2 " + " ".join(f"{c}4:{c}5" for c in "ABCDEFGHIJOP") + " K4:L4 M4:N4",
        empty=6,
        bare=(2, 3),
        name="台账",
    )
    page: Any = made.active
    for place, text in (("A12", "单位负责人："), ("F12", "审核人："), ("K12", "填表人：")):
        page[place] = text
    choices(page, "F", '"中共党员,中共预备党员,共青团员,民主党派,群众"', 6, 11)
    page.print_title_rows = "4:5"
    page.page_setup.orientation = "landscape"
    return made


def newcomers() -> Workbook:
    """Chinese and English headings, stars, an example row to leave, a drop-down."""
    heads = [
        "序号\nNo.",
        "姓名（必填）\nName",
        "性别（必填）\nGender",
        "民族\nEthnic",
        "证件号码（必填）\nID No.",
        "手机号码（必填）\nMobile",
        "现居住地址（必填）\nAddress",
        "户籍地址",
        "来本市日期",
        "来本市原因",
        "与房东关系",
        "备注\nRemarks",
    ]
    made = book(
        [
            ["来穗人员信息登记表"] + [None] * 11,
            heads,
            [
                "例",
                "张三",
                "男",
                "汉族",
                "440106199001011234",
                "13800000000",
                "越秀区××路1号101房",
                "湖南省××市",
                "2024-03-01",
                "务工就业",
                "租赁",
                None,
            ],
        ],
        "A1:L1",
        empty=5,
    )
    page: Any = made.active
    choices(page, "C", '"男,女"', 3, 8)
    choices(
        page,
        "J",
        '"务工,务农,经商,服务,因公出差,借读培训,治病疗养,保姆,投靠亲友,探亲访友,旅游观光,其他"',
        3,
        8,
    )
    return made


def wives() -> Workbook:
    """Wife and husband as groups on one row, children by sex."""
    return book(
        [
            ["育龄妇女基本情况登记册"] + [None] * 15,
            [
                "编号",
                "女方",
                None,
                None,
                None,
                None,
                "男方",
                None,
                None,
                None,
                "现有子女数",
                None,
                "避孕措施",
                "结婚日期",
                "现居住地址",
                "备注",
            ],
            [
                None,
                "姓名",
                "出生日期",
                "身份证号码",
                "文化程度",
                "户籍地址",
                "姓名",
                "出生日期",
                "身份证号码",
                "联系电话",
                "男",
                "女",
                None,
                None,
                None,
                None,
            ],
        ],
        "A1:P1 A2:A3 B2:F2 G2:J2 K2:L2 M2:M3 N2:N3 O2:O3 P2:P3",
        empty=6,
    )


def party() -> Workbook:
    """Headings with one character to a line and padding; hidden system columns; the title only as the sheet's name."""
    made = book(
        [
            [
                "序\n号",
                "UUID",
                "姓\n名",
                "性\n别",
                "民\n族",
                "籍\n贯",
                "出\n生\n年\n月",
                "学\n历",
                "公民身份号码",
                "党员类别",
                "入党时间",
                "转正时间",
                "所在党支部",
                "联系电话（手机）",
                "家庭住址",
                "是否流动党员",
            ]
        ],
        title=False,
        empty=8,
        name="党员花名册",
    )
    page: Any = made.active
    page.column_dimensions["B"].hidden = True
    choices(page, "J", '"正式党员,预备党员"', 2, 9)
    return made


def infants() -> Workbook:
    """A list of children with their parents, headings below two lines of title, filled by the grid."""
    return book(
        [
            ["附件2：", *[None] * 11],
            ["3岁以下婴幼儿照护服务需求摸底表", *[None] * 11],
            ["        街道        社区                         填表日期：   年   月   日", *[None] * 11],
            [
                "序号",
                "儿童姓名",
                "性别",
                "出生日期",
                "身份证号",
                "户籍地址",
                "家庭住址",
                "父亲姓名",
                "父亲联系电话",
                "母亲姓名",
                "母亲联系电话",
                "是否愿意入托",
            ],
        ],
        "A2:L2 A3:L3",
        title=False,
        framed=(4, 4),
        empty=5,
    )


def kept_together() -> Workbook:
    """Members of a household on rows of their own, the head's name repeated; glued numbers, full-width letters."""
    return book(
        [
            ["常住人口信息核查表"] + [None] * 13,
            [
                "01户主姓名",
                "02户主身份证号",
                "03姓名",
                "04与户主关系",
                "05性别",
                "06身份证号",
                "07民族",
                "08婚姻状况",
                "09文化程度",
                "10职业",
                "11工作单位",
                "12联系电话",
                "13所属网格",
                "14备注",
            ],
        ],
        "A1:N1",
        empty=5,
    )


def helped() -> Workbook:
    """Volunteers: an untidy sheet with empty first column and rows, the title in the middle."""
    made = Workbook()
    page: Any = made.active
    page["D3"] = "社区志愿者信息汇总表"
    page["D3"].font = Font(size=16, bold=True)
    for place, head in enumerate(
        [
            "姓 名",
            "性 别",
            "年 龄",
            "政治面貌",
            "联 系 电 话",
            "家 庭 住 址",
            "服务特长",
            "志愿服务时长（小时）",
        ],
        start=2,
    ):
        page.cell(5, place, head)
    return made


FAMILIES: tuple[Unseen, ...] = (
    Unseen(
        "101退役军人采集台账",
        veterans,
        {
            "scope": of("person", "in_veteran"),
            "columns": asked(
                "serial",
                "name",
                "sex",
                "id_number",
                "birth_date",
                "political",
                "education",
                "veteran_joined_on",
                "veteran_left_on",
                "veteran.certificate|unknown",
                "hukou_address",
                "address",
                "phone",
                "landline",
                "employer",
                "never",
            ),
        },
    ),
    Unseen(
        "102来穗人员登记表",
        newcomers,
        {
            "scope": of("person", "floating"),
            "columns": asked(
                "serial",
                "name",
                "sex",
                "ethnic",
                "id_number",
                "phone",
                "address",
                "hukou_address",
                "moved_in_on",
                "inflow_reason",
                "unknown",
                "never",
            ),
        },
    ),
    Unseen(
        "104育龄妇女登记册",
        wives,
        {
            "scope": of("person", "child_bearing"),
            "columns": asked(
                "serial",
                "name",
                "birth_date",
                "id_number",
                "education",
                "hukou_address",
                "spouse.name",
                "spouse.birth_date",
                "spouse.id_number",
                "spouse.phone",
                "sons",
                "daughters",
                "unknown",
                "unknown",
                "address",
                "never",
            ),
        },
    ),
    Unseen(
        "105党员花名册",
        party,
        {
            "scope": of("person", "in_party"),
            "columns": asked(
                "serial",
                "unknown",
                "name",
                "sex",
                "ethnic",
                "native_place",
                "birth_date",
                "education",
                "id_number",
                "party_class",
                "party_joined_on",
                "party_full_on",
                "party_branch",
                "phone",
                "address",
                "party_floating_card|unknown",
            ),
        },
    ),
    Unseen(
        "106婴幼儿摸底表",
        infants,
        {
            "scope": of("person", "under_3"),
            "columns": asked(
                "serial",
                "name",
                "sex",
                "birth_date",
                "id_number",
                "hukou_address",
                "address",
                "father.name",
                "father.phone",
                "mother.name",
                "mother.phone",
                "unknown",
            ),
        },
    ),
    Unseen(
        "108常住人口核查表",
        kept_together,
        {
            "scope": of("person"),
            "columns": asked(
                "head_name",
                "head_id_number",
                "name",
                "relation",
                "sex",
                "id_number",
                "ethnic",
                "marital",
                "education",
                "occupation|employment",
                "employer",
                "phone",
                "grid",
                "never",
            ),
        },
    ),
    Unseen(
        "110志愿者汇总表",
        helped,
        {
            "scope": of("person", "in_volunteer"),
            "columns": asked(
                "name", "sex", "age", "political", "phone", "address", "unknown", "unknown", first="B"
            ),
        },
    ),
)
