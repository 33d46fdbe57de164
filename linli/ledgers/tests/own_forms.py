"""Forms as other places would write them, built here, each with what its blanks ask in the dictionary's terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from linli.ledgers.tests.sheets import THIN, as_bytes, plain


@dataclass(frozen=True)
class OwnForm:
    """One form: how it is made and what is expected of it."""

    name: str
    make: Callable[[], Workbook]
    expect: dict[str, Any]

    @property
    def data(self) -> bytes:
        return as_bytes(self.make())


def laid(rows: list[list[str | None]], merges: str = "", *, name: str = "Sheet1") -> Workbook:
    """A bordered sheet of these texts; None is a blank."""
    book = Workbook()
    page: Any = book.active
    page.title = name
    width = max(len(row) for row in rows)
    for number, row in enumerate(rows, start=1):
        for column in range(1, width + 1):
            page.cell(number, column).border = THIN
            if column <= len(row) and row[column - 1] is not None:
                page.cell(number, column, row[column - 1])
    for one in merges.split():
        page.merge_cells(one)
    return book


def columns(*asked: str) -> dict[str, str]:
    """Expectations of columns from A on."""
    return {chr(65 + place): path for place, path in enumerate(asked)}


def person(*conditions: str) -> dict[str, Any]:
    return {"subject": "person", "conditions": list(conditions)}


FORMS: tuple[OwnForm, ...] = (
    OwnForm(
        "老年人花名册",
        lambda: plain(
            [
                "序号",
                "姓 名",
                "性别",
                "民族",
                "身份证号",
                "年龄",
                "文化程度",
                "户籍地址",
                "现住址",
                "联系电话",
            ],
            "××街道60周岁以上老年人花名册",
        ),
        {
            "scope": person("aged_60"),
            "columns": columns(
                "serial",
                "name",
                "sex",
                "ethnic",
                "id_number",
                "age",
                "education",
                "hukou_address",
                "address",
                "phone",
            ),
        },
    ),
    OwnForm(
        "残疾人和监护人",
        lambda: plain(
            ["姓名", "残疾类别", "残疾等级", "残疾证号", "监护人姓名", "联系电话", "与监护人关系", "备注"],
            "持证残疾人基本情况登记表",
        ),
        {
            "scope": person("in_disabled"),
            "columns": columns(
                "name",
                "disabled_class",
                "disabled_level",
                "disabled.certificate",
                "guardian_name",
                "guardian_phone",
                "guardian_relation",
                "never",
            ),
        },
    ),
    OwnForm(
        "低保户一户一行",
        lambda: plain(
            [
                "序号",
                "户主姓名",
                "户主身份证号",
                "家庭人口",
                "保障人口",
                "低保证号",
                "低保金额",
                "家庭住址",
                "签字",
            ],
            "城市低保家庭花名册",
        ),
        {
            "scope": {"subject": "household", "conditions": ["in_low_income"]},
            "columns": columns(
                "serial",
                "head.name",
                "head.id_number",
                "size",
                "low_income_persons",
                "low_income.certificate",
                "low_income_amount",
                "address",
                "never",
            ),
        },
    ),
    OwnForm(
        "出租房",
        lambda: plain(
            ["出租房地址", "房东姓名", "身份证号码", "联系电话", "实住人数", "月租金（元）"], "出租房屋登记表"
        ),
        {
            "scope": {"subject": "home", "conditions": ["let"]},
            "columns": columns(
                "address", "owner_name", "owner_id_number", "owner_phone", "residents", "rent"
            ),
        },
    ),
    OwnForm(
        "社会组织",
        lambda: plain(["社会组织名称", "法定代表人", "联系电话", "地址", "从业人数"], "社会组织名录"),
        {
            "scope": {"subject": "organisation", "conditions": ["social"]},
            "columns": columns("name", "legal_person", "phone", "address", "staff"),
        },
    ),
    OwnForm(
        "老人信息卡",
        lambda: laid(
            [
                ["老年人基本信息采集卡", None, None, None],
                ["姓名", None, "性别", "□男 □女"],
                ["出生年月", "    年  月", "民族", None],
                ["身份证号", None, "婚姻状况", "未婚（ ） 已婚（ ） 丧偶（ ） 离婚（ ）"],
                ["年龄", "□60-69岁 □70-79岁 □80-89岁 □90岁以上", "居住情况", "□独居 □与配偶同住 □与家人同住"],
                ["现住址", None, "联系电话", None],
                ["紧急联系人", None, "联系电话", None],
                ["采集人签字", None, "照片", None],
            ],
            "A1:D1",
        ),
        {
            "scope": person("aged_60"),
            "blanks": {
                "B2": "name",
                "D2": "sex",
                "B3": "birth_date",
                "D3": "ethnic",
                "B4": "id_number",
                "D4": "marital",
                "B5": "age",
                "D5": "living_arrangement",
                "B6": "address",
                "D6": "phone",
                "B7": "contact_name",
                "D7": "contact_phone|unknown",
                "B8": "never",
                "D8": "never",
            },
        },
    ),
    OwnForm(
        "家庭情况表",
        lambda: laid(
            [
                ["居民家庭情况登记表", None, None, None, None],
                ["户主姓名", None, "联系电话", None, None],
                ["户主身份证号", None, "家庭人口", None, None],
                ["家庭成员", "姓名", "性别", "与户主关系", "出生日期"],
                [None, None, None, None, None],
                [None, None, None, None, None],
                [None, None, None, None, None],
                ["社区意见", None, None, None, None],
            ],
            "A1:E1 D2:E2 D3:E3 A4:A7 B8:E8",
        ),
        {
            "scope": {"subject": "household"},
            "blanks": {
                "B2": "head.name",
                "D2": "head.phone",
                "B3": "head.id_number",
                "D3": "size",
                "B8": "never",
            },
            "members": [
                {
                    "of": "members",
                    "rows": [5, 7],
                    "columns": {"B": "name", "C": "sex", "D": "relation", "E": "birth_date"},
                }
            ],
        },
    ),
    OwnForm(
        "一句话里几个空",
        lambda: laid(
            [
                ["流动人口核查单", None, None, None],
                ["姓名：          性别：        民族：", None, None, None],
                ["身份证号", None, "流入原因", None],
                ["现居住地址：", None, None, None],
                ["户籍地址", None, "来本地日期", "    年  月  日"],
            ],
            "A1:D1 A2:D2 A4:D4",
        ),
        {
            "scope": person("floating"),
            "blanks": {"B3": "id_number", "D3": "inflow_reason", "B5": "hukou_address", "D5": "moved_in_on"},
        },
    ),
    OwnForm(
        "年龄性别表",
        lambda: laid(
            [
                ["常住人口年龄结构统计表", None, None, None],
                ["年龄段", "人数", "其中", None],
                [None, None, "男", "女"],
                ["合计", None, None, None],
                ["0-17岁", None, None, None],
                ["18-59岁", None, None, None],
                ["60岁及以上", None, None, None],
                ["其中：80岁以上", None, None, None],
            ],
            "A1:D1 A2:A3 B2:B3 C2:D2",
        ),
        {
            "grids": [
                {
                    "rows": {
                        "4 合计": {},
                        "5 0-17岁": {"narrow": {"age": {"from": 0, "to": 17}}},
                        "6 18-59岁": {"narrow": {"age": {"from": 18, "to": 59}}},
                        "7 60岁及以上": {"narrow": {"age": {"from": 60}}},
                        "8 其中：80岁以上": {"narrow": {"age": {"from": 80}}},
                    },
                    "columns": {
                        "B 人数": {"count": "person"},
                        "C 男": {"count": "person", "where": ["male"]},
                        "D 女": {"count": "person", "where": ["female"]},
                    },
                }
            ]
        },
    ),
    OwnForm(
        "指标表",
        lambda: laid(
            [
                ["社区基本情况报表", None, None, None],
                ["指标名称", "代码", "计量单位", "数量"],
                ["甲", "乙", "丙", "1"],
                ["一、人口", None, None, None],
                ["常住人口", "01", "人", None],
                ["其中：女", "02", "人", None],
                ["流动人口", "03", "人", None],
                ["家庭户数", "04", "户", None],
                ["二、保障", None, None, None],
                ["低保人数", "05", "人", None],
                ["低保户数", "06", "户", None],
                ["残疾人数", "07", "人", None],
                ["信访件数", "08", "件", None],
            ],
            "A1:D1",
        ),
        {
            "blanks": {
                "D5": {"count": "person"},
                "D6": {"count": "person", "where": ["female"]},
                "D7": {"count": "person", "where": ["floating"]},
                "D8": {"count": "household"},
                "D10": {"count": "person", "where": ["in_low_income"]},
                "D11": {"count": "household", "where": ["in_low_income"]},
                "D12": {"count": "person", "where": ["in_disabled"]},
                "D13": "unknown",
            }
        },
    ),
    OwnForm(
        "从业人员花名册",
        lambda: plain(
            ["姓名", "身份证号", "联系电话", "职务", "入职时间", "居住地址"], "辖区单位从业人员花名册"
        ),
        {
            "scope": {"subject": "position"},
            "columns": columns("name", "id_number", "phone", "role", "since", "address"),
        },
    ),
    OwnForm(
        "消防重点单位",
        lambda: plain(
            ["场所名称", "场所地址", "单位性质", "消防等级", "治安责任人", "注册资本（万元）", "主管部门"],
            "消防安全重点场所登记表",
        ),
        {
            "scope": {"subject": "organisation", "conditions": ["key_unit"]},
            "columns": columns(
                "name", "address", "ownership", "fire_grade", "security_head", "capital", "supervisor"
            ),
        },
    ),
    OwnForm(
        "居家养老待遇",
        lambda: plain(["姓名", "身份证号", "待遇类别", "备注"], "居家养老服务对象花名册"),
        {
            "scope": person("in_home_care"),
            "columns": columns("name", "id_number", "home_care_class", "never"),
        },
    ),
    OwnForm(
        "评残申请",
        lambda: plain(["姓名", "身份证号", "申请评定残疾类别", "残疾等级"], "持证残疾人名册"),
        {
            "scope": person("in_disabled"),
            "columns": columns("name", "id_number", "disabled_class", "disabled_level"),
        },
    ),
    OwnForm(
        "各社区汇总",
        lambda: plain(
            [
                "序号",
                "社区名称",
                "总人口",
                "男",
                "女",
                "60岁以上老年人数",
                "低保人数",
                "残疾人数",
                "上访人次",
            ],
            "各社区人口情况汇总表",
        ),
        {
            "regions": "community",
            "first_row": 3,
            "columns": {
                "A": "serial",
                "B": "region",
                "C": {"count": "person"},
                "D": {"count": "person", "where": ["male"]},
                "E": {"count": "person", "where": ["female"]},
                "F": {"count": "person", "where": ["aged_60"]},
                "G": {"count": "person", "where": ["in_low_income"]},
                "H": {"count": "person", "where": ["in_disabled"]},
                "I": "unknown",
            },
        },
    ),
)
