"""Lists of allowances, aid, disability, old age and work."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, asked, book, of


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


AID: tuple[Unseen, ...] = (
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
                "contact_name|contact.name",
                "contact.relation",
                "contact_phone|contact.phone",
                "unknown",
                "unknown",
                "unknown",
                "health",
            ),
        },
    ),
)
