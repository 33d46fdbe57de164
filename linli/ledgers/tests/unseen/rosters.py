"""Rosters of people as other provinces and departments draw them."""

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


def severe() -> Workbook:
    """A population narrowed by a level; a guardian's group; months to sign; a total with a formula."""
    months = [f"{m}月" for m in range(1, 7)]
    made = book(
        [
            ["重度残疾人护理补贴发放花名册（2026年上半年）"] + [None] * 17,
            ["单位：元"] + [None] * 17,
            [
                "序号",
                "姓名",
                "性别",
                "身份证号",
                "残疾证号",
                "残疾类别",
                "残疾等级",
                "监护人",
                None,
                None,
                "补贴标准",
                "发放月份",
                *[None] * 5,
                "领取人签字",
            ],
            [None] * 7 + ["姓名", "与残疾人关系", "联系电话", None, *months, None],
        ],
        "A1:R1 A2:R2 " + " ".join(f"{c}3:{c}4" for c in "ABCDEFGKR") + " H3:J3 L3:Q3",
        empty=4,
        bare=(2,),
    )
    page: Any = made.active
    page["A9"] = "合计"
    page["K9"] = "=SUM(K5:K8)"
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


def oldest() -> Workbook:
    """A quarter's allowance list: cut-off age, months, a row total with formula, a footer with sums."""
    made = book(
        [
            ["2026年第三季度高龄津贴发放表"] + [None] * 10,
            [
                "序号",
                "姓名",
                "性别",
                "身份证号码",
                "年龄",
                "户籍所在地",
                "开户银行",
                "银行账号",
                "7月",
                "8月",
                "9月",
            ],
        ],
        "A1:K1",
        empty=5,
    )
    page: Any = made.active
    page["A8"] = "合    计"
    for letter in "IJK":
        page[f"{letter}8"] = f"=SUM({letter}3:{letter}7)"
    page["A9"] = "注：1.本表一式两份。2.年龄按周岁填写。"
    page["A10"] = "经办人：                审核人：                负责人："
    page.merge_cells("A9:K9")
    page.merge_cells("A10:K10")
    return made


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


def seekers() -> Workbook:
    """Unemployed people: a row of column numbers, options in a hint row, notes below."""
    made = book(
        [
            ["登记失业人员帮扶台账", *[None] * 11],
            [
                "姓名",
                "性别",
                "年龄",
                "身份证号码",
                "文化程度",
                "联系电话",
                "居住地址",
                "失业登记时间",
                "失业原因",
                "就业意向",
                "是否享受低保",
                "帮扶责任人",
            ],
            ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"],
        ],
        "A1:L1",
        empty=4,
    )
    page: Any = made.active
    page["A8"] = "说明：第9栏按单位裁员、合同到期、个人辞职、毕业未就业填写。"
    page.merge_cells("A8:L8")
    return made


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


def aided() -> Workbook:
    """Low-income households with three-row headings and 其中."""
    return book(
        [
            ["城乡低保对象信息表"] + [None] * 12,
            [
                "序号",
                "户主姓名",
                "户主身份证号码",
                "家庭人口",
                "保障人口",
                None,
                None,
                "月保障金额（元）",
                "家庭住址",
                "联系电话",
                "开户银行",
                "账号",
                "批准时间",
            ],
            [None, None, None, None, "小计", "其中", None, *[None] * 6],
            [None, None, None, None, None, "老年人", "残疾人", *[None] * 6],
        ],
        "A1:M1 " + " ".join(f"{c}2:{c}4" for c in "ABCDHIJKLM") + " E2:G2 E3:E4 F3:G3",
        empty=5,
    )


def entitled() -> Workbook:
    """Entitled people of the army: dates by parts, ticks in one of several columns for the sex."""
    return book(
        [
            ["优抚对象数据核查表"] + [None] * 12,
            [
                "序号",
                "姓名",
                "性别",
                None,
                "出生日期",
                "公民身份号码",
                "优抚对象类别",
                "证件编号",
                "定期抚恤补助金额（元/月）",
                "户籍地",
                None,
                None,
                "联系电话",
            ],
            [None, None, "男", "女", None, None, None, None, None, "省", "市", "区（县）", None],
        ],
        "A1:M1 A2:A3 B2:B3 C2:D2 E2:E3 F2:F3 G2:G3 H2:H3 I2:I3 J2:L2 M2:M3",
        empty=4,
    )


def carers() -> Workbook:
    """People under care with 紧急联系人 twice and a responsible cadre whose name and telephone nobody should guess."""
    return book(
        [
            ["独居老人探访关爱登记表"] + [None] * 13,
            [
                "序号",
                "老人姓名",
                "性别",
                "年龄",
                "身份证号",
                "居住地址",
                "老人电话",
                "紧急联系人信息",
                None,
                None,
                "探访责任人",
                None,
                "探访频次",
                "健康状况",
            ],
            [None] * 7 + ["姓名", "关系", "电话", "姓名", "电话", None, None],
        ],
        "A1:N1 " + " ".join(f"{c}2:{c}3" for c in "ABCDEFGMN") + " H2:J2 K2:L2",
        empty=5,
    )


ROSTERS: tuple[Unseen, ...] = (
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
        "103重残护理补贴",
        severe,
        {
            "scope": of("person", "in_disabled_care_allowance"),
            "columns": asked(
                "serial",
                "name",
                "sex",
                "id_number",
                "disabled.certificate",
                "disabled_class",
                "disabled_level",
                "guardian.name",
                "guardian_relation",
                "guardian.phone",
                "disabled_care_allowance.amount|unknown",
                *["unknown"] * 6,
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
        "107高龄津贴发放表",
        oldest,
        {
            "scope": of("person", "in_old_age_allowance"),
            "columns": asked(
                "serial",
                "name",
                "sex",
                "id_number",
                "age",
                "hukou_address",
                "unknown",
                "unknown",
                "unknown",
                "unknown",
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
        "109失业人员帮扶台账",
        seekers,
        {
            "scope": of("person", "in_unemployed"),
            "columns": asked(
                "name",
                "sex",
                "age",
                "id_number",
                "education",
                "phone",
                "address",
                "unemployed.from_date|unemployed_since",
                "unemployed_cause",
                "unknown",
                "is_low_income",
                "unknown",
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
    Unseen(
        "111城乡低保对象",
        aided,
        {
            "scope": of("household", "in_low_income"),
            "columns": asked(
                "serial",
                "head.name",
                "head.id_number",
                "size",
                "low_income_persons",
                "unknown",
                "unknown",
                "low_income_amount",
                "address",
                "head.phone|landline",
                "unknown",
                "unknown",
                "low_income_since|unknown",
            ),
        },
    ),
    Unseen(
        "112优抚对象核查表",
        entitled,
        {
            "scope": of("person", "in_entitled"),
            "columns": {
                **asked("serial", "name"),
                "E": "birth_date",
                "F": "id_number",
                "G": "entitled_class",
                "H": "entitled.certificate",
                "I": "entitled.amount",
                "J": "hukou_province",
                "K": "hukou_city",
                "L": "hukou_district",
                "M": "phone",
            },
        },
    ),
    Unseen(
        "113独居老人探访",
        carers,
        {
            "scope": of("person", "in_elderly_alone"),
            "columns": asked(
                "serial",
                "name",
                "sex",
                "age",
                "id_number",
                "address",
                "phone",
                "contact_name",
                "unknown",
                "contact_phone",
                "unknown",
                "unknown",
                "unknown",
                "health",
            ),
        },
    ),
)
