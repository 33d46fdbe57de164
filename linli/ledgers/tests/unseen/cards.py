"""Cards: one person, household, home or organisation a sheet."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from linli.ledgers.tests.sheets import THIN
from linli.ledgers.tests.unseen.build import Unseen, book, choices, draw, of


def disabled() -> Workbook:
    """Ticks, boxes for the number in cells of their own, templates of dates, a photo, a guardian's line."""
    made = Workbook()
    page: Any = made.active
    page.title = "登记卡"
    draw(
        page,
        [
            ["残疾人基本信息采集表"] + [None] * 21,
            ["编号：", *[None] * 21],
            ["姓名（必填）", *[None] * 4, "性别", *[None] * 4, "民族", *[None] * 5, "贴照片处", *[None] * 5],
            ["身份证号", *[None] * 21],
            ["出生日期", "    年  月  日", *[None] * 8, "婚姻状况", "□未婚 □已婚 □丧偶 □离婚", *[None] * 10],
            ["残疾证号", *[None] * 9, "残疾类别", "□视力 □听力 □言语 □肢体 □智力 □精神 □多重", *[None] * 10],
            ["残疾等级", "□一级 □二级 □三级 □四级", *[None] * 8, "联系电话", *[None] * 11],
            ["户籍地址", *[None] * 21],
            ["现住址", *[None] * 21],
            ["监护人姓名", *[None] * 4, "与残疾人关系", *[None] * 4, "监护人电话", *[None] * 11],
            ["康复需求", "□医疗 □训练 □辅具 □护理 □无需求", *[None] * 20],
            ["采集人：", *[None] * 9, "采集日期：", *[None] * 11],
        ],
        "A1:V1 B3:E3 F3:F3 G3:J3 L3:P3 Q3:V4 B5:J5 L5:V5 B6:J6 L6:V6 B7:J7 L7:V7 B8:V8 B9:V9 B10:E10 G10:J10 L10:V10 B11:V11".replace(
            " F3:F3", ""
        ).replace("Q3:V4", "Q3:V3"),
        bare=(2, 12),
    )
    for place in range(2, 20):
        page.cell(4, place).border = THIN
    return made


def relief() -> Workbook:
    """A household's relief card: labels in two pairs a line, five fixed rows of members, opinions below."""
    return book(
        [
            ["困难家庭入户调查表", *[None] * 7],
            ["户主姓名", None, "性别", None, "出生年月", None, "民族", None],
            ["身份证号", None, None, None, "联系电话", None, None, None],
            ["家庭住址", None, None, None, "家庭人口", None, "住房面积", None],
            ["家\n庭\n成\n员", "姓名", "性别", "与户主关系", "身份证号", None, "文化程度", "联系电话"],
            *[[None] * 8 for _ in range(4)],
            ["致困原因", *[None] * 7],
            ["入户调查意见", *[None] * 7],
            ["村（居）委会意见", *[None] * 7],
        ],
        "A1:H1 B3:D3 F3:H3 B4:D4 A5:A9 E5:F5 E6:F6 E7:F7 E8:F8 E9:F9 B10:H10 B11:H11 B12:H12",
    )


def residence() -> Workbook:
    """Sentences with blanks drawn by underlines and by spaces after labels without frames."""
    return book(
        [
            ["流动人口居住登记信息核对单"],
            ["姓名：__________    性别：______    民族：________"],
            ["公民身份号码：______________________"],
            ["户籍地址：________________________________"],
            ["现居住地址：________________________________"],
            ["联系电话：______________    来本地日期：____年__月__日"],
            ["核对人（签字）：____________"],
        ],
        framed=(99, 99),
    )


def shop() -> Workbook:
    """An organisation's card with full-width brackets and ticks."""
    return book(
        [
            ["经营单位信息采集卡", None, None, None],
            ["单位名称（全称）", None, "统一社会信用代码", None],
            ["经营地址", None, "成立日期", "    年    月    日"],
            ["法定代表人", None, "联系电话", None],
            ["从业人数（人）", None, "注册资本（万元）", None],
            ["经营范围", None, None, None],
            ["消防器材配备情况", None, "安全出口数量", None],
            ["单位负责人签字", None, "社区审核（盖章）", None],
        ],
        "A1:D1 B6:D6",
    )


def letting() -> Workbook:
    """A card of a rented home: landlord and tenant."""
    return book(
        [
            ["房屋出租信息登记卡", None, None, None, None, None],
            ["房屋地址", None, None, None, "建筑面积", "      平方米"],
            ["出租人姓名", None, "身份证号码", None, "联系电话", None],
            ["承租人姓名", None, "居住人数", "    人", "月租金", "     元"],
            ["起租日期", "    年  月  日", "到期日期", "    年  月  日", "是否签订治安责任书", "□是 □否"],
            ["房东签字", None, "民警签字", None, "登记日期", None],
        ],
        "A1:F1 B2:D2",
    )


def child() -> Workbook:
    """A child's card with father, mother and guardian as lines, labels in capitals of two languages."""
    return book(
        [
            ["困境儿童信息登记卡", *[None] * 5],
            ["姓名 Name", None, "性别 Sex", None, "出生日期 Date of Birth", None],
            ["身份证号 ID No.", None, None, "户籍所在地", None, None],
            ["家庭成员", "姓名", "身份证号", "联系电话", "健康状况", "工作单位"],
            ["父亲", *[None] * 5],
            ["母亲", *[None] * 5],
            ["实际监护人姓名", None, "监护人与儿童关系", None, "监护人联系电话", None],
            ["就读学校", None, "年级", None, "享受救助情况", None],
        ],
        "A1:F1 B3:C3 E3:F3",
    )


def officer() -> Workbook:
    """A card that names a choice by a drop-down and by numbers in a box, sections numbered in Chinese."""
    made = book(
        [
            ["就业困难人员认定申请表", *[None] * 5],
            ["一、本人基本情况", *[None] * 5],
            ["姓名", None, "性别", None, "年龄", None],
            ["身份证号码", None, None, "文化程度", None, None],
            ["户口性质", "1.农业  2.非农业  □", None, "政治面貌", None, None],
            ["家庭住址", None, None, None, "联系电话", None],
            ["二、申请认定类别", *[None] * 5],
            ["□大龄失业 □残疾失业 □低保失业 □连续失业一年以上", *[None] * 5],
            ["三、审核意见", *[None] * 5],
            [None, *[None] * 5],
        ],
        "A1:F1 A2:F2 B4:C4 E4:F4 B5:C5 E5:F5 B6:D6 A7:F7 A8:F8 A9:F9 A10:F10",
    )
    page: Any = made.active
    choices(page, "E", '"研究生,大学本科,大学专科,中专,高中,初中,小学及以下"', 4, 4)
    return made


CARDS: tuple[Unseen, ...] = (
    Unseen(
        "141残疾人采集表",
        disabled,
        {
            "scope": of("person", "in_disabled"),
            "blanks": {
                "B3 姓名": "name",
                "G3 性别": "sex",
                "L3 民族": "ethnic",
                "B5 出生日期": "birth_date",
                "L5 婚姻": "marital",
                "B6 残疾证号": "disabled.certificate",
                "L6 残疾类别": "disabled_class",
                "B7 残疾等级": "disabled_level",
                "L7 电话": "phone",
                "B8 户籍地址": "hukou_address",
                "B9 现住址": "address",
                "B10 监护人": "guardian.name",
                "G10 关系": "guardian_relation",
                "L10 监护人电话": "guardian.phone",
                "B11 康复需求": "unknown",
            },
        },
    ),
    Unseen(
        "142困难家庭调查表",
        relief,
        {
            "scope": of("household"),
            "blanks": {
                "B2 户主": "head.name",
                "D2 性别": "head.sex",
                "F2 出生年月": "head.birth_date",
                "H2 民族": "head.ethnic",
                "B3 身份证号": "head.id_number",
                "F3 电话": "head.phone",
                "B4 住址": "address",
                "F4 人口": "size",
                "H4 面积": "home.area",
                "B10 致困": "unknown",
                "B11 意见": "never",
                "B12 意见": "never",
            },
            "members": [
                {
                    "of": "members",
                    "rows": [6, 9],
                    "columns": {
                        "B": "name",
                        "C": "sex",
                        "D": "relation",
                        "E": "id_number",
                        "G": "education",
                        "H": "phone",
                    },
                }
            ],
        },
    ),
    Unseen(
        "143居住登记核对单",
        residence,
        {
            "scope": of("person", "floating"),
            "blanks": {
                "A3 身份号码": "id_number",
                "A4 户籍地址": "hukou_address",
                "A5 现居住地址": "address",
            },
        },
    ),
    Unseen(
        "144经营单位采集卡",
        shop,
        {
            "scope": of("organisation"),
            "blanks": {
                "B2 名称": "name",
                "D2 信用代码": "credit_code",
                "B3 地址": "address",
                "D3 成立": "founded_on",
                "B4 法人": "legal_person",
                "D4 电话": "phone",
                "B5 人数": "staff",
                "D5 资本": "capital",
                "B6 范围": "business_scope",
                "B7 器材": "unknown",
                "D7 出口": "unknown",
                "B8 签字": "never",
                "D8 盖章": "never",
            },
        },
    ),
    Unseen(
        "145出租登记卡",
        letting,
        {
            "scope": of("home", "let"),
            "blanks": {
                "B2 地址": "address",
                "F2 面积": "area",
                "B3 出租人": "landlord_name",
                "D3 身份证": "landlord_id_number",
                "F3 电话": "landlord_phone",
                "B4 承租人": "tenant_name",
                "D4 人数": "residents",
                "F4 租金": "rent",
                "B5 起租": "let_from",
                "D5 到期": "let_until",
                "F5 责任书": "safety_signed",
                "B6 签字": "never",
                "D6 签字": "never",
                "F6 登记日期": "never|unknown",
            },
        },
    ),
    Unseen(
        "146困境儿童登记卡",
        child,
        {
            "scope": of("person", "in_orphan"),
            "blanks": {
                "B2 姓名": "name",
                "D2 性别": "sex",
                "F2 出生": "birth_date",
                "B3 身份证": "id_number",
                "E3 户籍": "hukou_address",
                "B5 父亲姓名": "father.name",
                "C5 父亲身份证": "father.id_number",
                "D5 父亲电话": "father.phone",
                "F5 父亲单位": "father.person.employer|unknown",
                "E5 父亲健康": "father.person.health|unknown",
                "B6 母亲姓名": "mother.name",
                "C6 母亲身份证": "mother.id_number",
                "D6 母亲电话": "mother.phone",
                "B7 监护人": "guardian.name",
                "D7 关系": "guardian_relation",
                "F7 监护人电话": "guardian.phone",
                "B8 学校": "school",
                "D8 年级": "grade",
                "F8 救助": "aid_groups|unknown",
            },
        },
    ),
    Unseen(
        "147就业困难认定",
        officer,
        {
            "scope": of("person"),
            "blanks": {
                "B3 姓名": "name",
                "D3 性别": "sex",
                "F3 年龄": "age",
                "B4 身份证": "id_number",
                "E4 文化程度": "education",
                "B5 户口性质": "hukou_nature",
                "E5 政治面貌": "political",
                "B6 住址": "address",
                "F6 电话": "phone",
                "A8 类别": "unknown",
                "A10 意见": "never|unknown",
            },
        },
    ),
)
