"""The columns of the residents-and-homes workbook (居民与房屋): headings, what may stand in them, how they are recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linli.kernel import codes
from linli.kernel.codes import Code, CodeList
from linli.kernel.textnorm import squash
from linli.registry.intake.column import Column
from linli.registry.intake.further import FURTHER

HOME_USE: Final = CodeList(
    "home_use",
    "房屋用途",
    "本系统",
    (
        Code("living", "住宅", ("居住", "住房", "居民住宅")),
        Code("shop", "商铺", ("商业", "门面", "底商", "店面", "商用")),
        Code("office", "办公", ("办公用房", "写字楼")),
        Code("store", "仓储", ("仓库", "库房")),
        Code("other", "其他", ("其它",)),
    ),
)
TENURE: Final = CodeList(
    "tenure",
    "居住方式",
    "本系统",
    (
        Code("owned", "自住", ("自有", "自有自住", "产权自住")),
        Code("let", "出租", ("租住", "租赁", "出租房", "租房")),
        Code("lent", "借住", ("借用", "借居")),
        Code("public", "公租房", ("廉租房", "保障房", "公房")),
        Code("dormitory", "单位宿舍", ("宿舍", "集体宿舍")),
        Code("unknown", "未登记", ("不详", "未知")),
    ),
)
HOUSEHOLD_KIND: Final = CodeList(
    "household_kind",
    "户类型",
    "本系统",
    (
        Code("family", "家庭户", ("家庭", "家庭户口")),
        Code("collective", "集体户", ("集体", "集体户口")),
        Code("living", "居住户", ("居住户（无本地户口簿）", "流动户", "租住户")),
    ),
)

SAME_PLACE: Final = "与现住址一致"
REASON_HEADING: Final = "退回原因"
ROW_HEADING: Final = "原行号"


COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "community",
        "社区",
        "条件",
        "按社区导入可不填；按街道导入必须填，写社区名称或 12 位代码。",
        width=16,
        also=("所属社区", "村居", "社区名称", "居委会"),
        of_person=False,
    ),
    Column(
        "grid",
        "网格",
        "",
        "社区下已有网格的名称；不知道就空着。",
        width=16,
        also=("所属网格", "网格名称"),
        of_person=False,
    ),
    Column(
        "estate",
        "小区",
        "必填",
        "小区或院落的名称；沿街平房写街巷名。",
        width=16,
        also=("小区名称", "院落"),
        example="和平小区",
        of_person=False,
    ),
    Column(
        "building",
        "楼栋",
        "必填",
        "如 12号楼；只写 12 也可以，按“12号楼”登记。",
        also=("楼号", "楼栋号", "楼栋名称", "栋", "幢号"),
        example="12号楼",
        of_person=False,
    ),
    Column(
        "unit",
        "单元",
        "",
        "如 3单元；没有单元的空着。",
        width=8,
        also=("单元号",),
        example="3单元",
        of_person=False,
    ),
    Column(
        "door",
        "门牌号",
        "必填",
        "如 501；平房写 12号。",
        width=9,
        also=("房号", "室号", "房间号", "户室号", "门牌"),
        example="501",
        of_person=False,
    ),
    Column(
        "floor",
        "所在层",
        "",
        "整数，地下一层写 -1。空着时按门牌号推算（501 为 5 层）。",
        width=8,
        also=("楼层", "层"),
        example="5",
        of_person=False,
    ),
    Column(
        "use",
        "房屋用途",
        "",
        "从下拉中选。",
        HOME_USE,
        width=10,
        also=("用途", "房屋使用性质"),
        example="住宅",
        of_person=False,
    ),
    Column(
        "tenure",
        "居住方式",
        "",
        "从下拉中选。",
        TENURE,
        width=10,
        also=("房屋性质", "居住类型"),
        example="自住",
        of_person=False,
    ),
    Column(
        "area",
        "建筑面积",
        "",
        "平方米，如 86.5。",
        width=10,
        also=("面积", "建筑面积（平方米）", "房屋面积"),
        example="86.5",
        of_person=False,
    ),
    Column(
        "owner_name",
        "房主姓名",
        "",
        "",
        width=10,
        also=("产权人", "房主", "业主", "业主姓名"),
        example="王建国",
        of_person=False,
    ),
    Column(
        "owner_phone",
        "房主电话",
        "",
        "手机号码，或带区号的固定电话。",
        width=15,
        also=("业主电话", "房主联系电话"),
        of_person=False,
    ),
    Column(
        "household",
        "户号",
        "",
        "户口簿上的户号。没有时空着：住同一套房、没写户号的人算一户。",
        most=30,
        width=14,
        also=("户编号", "户口号", "家庭编号"),
        example="119002000123",
    ),
    Column(
        "household_kind",
        "户类型",
        "",
        "从下拉中选。",
        HOUSEHOLD_KIND,
        width=9,
        also=("户别", "户口类别"),
        example="家庭户",
    ),
    Column(
        "relation",
        "与户主关系",
        "条件",
        "写了户号就要填；每户必须有且只有一位“户主”。",
        codes.KINSHIP,
        width=12,
        also=("家庭关系", "与户主的关系", "关系", "户主关系"),
        example="户主",
    ),
    Column(
        "name",
        "姓名",
        "条件",
        "有居民的行必须填；只登记空房时整行的人口各列都空着。",
        width=10,
        most=50,
        also=("居民姓名", "人员姓名"),
        example="王建国",
    ),
    Column(
        "id_kind",
        "证件类型",
        "",
        "空着时按居民身份证。",
        codes.ID_KIND,
        width=14,
        also=("证件种类", "有效证件类型"),
        example="居民身份证",
    ),
    Column(
        "id_number",
        "证件号码",
        "条件",
        "身份证号 18 位。证件号码和出生日期至少填一项。",
        width=21,
        also=("身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "证件号", "身份证"),
        example="11010519491231002X",
    ),
    Column("sex", "性别", "", "有身份证号时可空着。", codes.SEX, width=7, example="女"),
    Column(
        "birth_date",
        "出生日期",
        "条件",
        "如 1949-12-31。有身份证号时可空着。",
        width=12,
        also=("出生年月日", "生日"),
        example="1949-12-31",
    ),
    Column("ethnic", "民族", "", "", codes.ETHNIC, width=9, example="汉族"),
    Column("marital", "婚姻状况", "", "", codes.MARITAL, width=9, also=("婚姻", "婚姻情况"), example="已婚"),
    Column("political", "政治面貌", "", "", codes.POLITICAL, width=11, example="群众"),
    Column(
        "education",
        "文化程度",
        "",
        "",
        codes.EDUCATION,
        width=11,
        also=("学历", "受教育程度"),
        example="高中",
    ),
    Column(
        "employment",
        "从业状况",
        "",
        "",
        codes.EMPLOYMENT,
        width=12,
        also=("就业状况", "职业状况"),
        example="退休",
    ),
    Column("employer", "工作单位", "", "", width=20, most=100, also=("单位", "服务处所", "工作单位名称")),
    Column(
        "phone",
        "手机号码",
        "",
        "手机号码，或带区号的固定电话。",
        width=15,
        also=("手机", "手机号", "联系电话", "电话", "联系方式"),
        example="13912348017",
    ),
    Column(
        "moved_in",
        "入住日期",
        "",
        "什么时候住进这套房的，如 2015-06-01。不知道就空着。",
        width=12,
        also=("居住日期", "来本地日期", "入住时间"),
        example="2015-06-01",
    ),
    Column(
        "hukou_place",
        "户籍地区划",
        "",
        f"户口就在这套房写“{SAME_PLACE}”；在别处写到区县，如 河南省周口市川汇区，或写区划代码。",
        width=22,
        most=60,
        also=("户籍地", "户籍所在地", "户口所在地", "户籍地（省市区）"),
        example=SAME_PLACE,
    ),
    Column(
        "hukou_address",
        "户籍详址",
        "",
        "户籍在别处时，区县以下的地址。",
        width=26,
        most=120,
        also=("户籍地址", "户籍地详址", "户口地址"),
    ),
    Column("hukou_nature", "户口性质", "", "", codes.HUKOU_NATURE, width=10, example="居民户口"),
    Column(
        "reason",
        "流入原因",
        "",
        "流动人口填写。",
        codes.INFLOW_REASON,
        width=10,
        also=("来本地原因", "流动原因"),
    ),
    Column(
        "groups",
        "人群标签",
        "",
        "可写多个，用顿号隔开；类别和等级写在括号里，如 残疾人（肢体二级）、独居老人。",
        width=26,
        most=200,
        also=("标签", "人员标签", "人群"),
        example="",
    ),
    Column("note", "备注", "", "", width=20, most=500),
)
# The usual columns, and those that only some communities keep.
EVERY: Final = (*COLUMNS, *FURTHER)
BY_KEY: Final = {column.key: column for column in EVERY}
PLACE_OF: Final = {column.key: place for place, column in enumerate(COLUMNS)}
PERSON_KEYS: Final = tuple(c.key for c in EVERY if c.of_person)

# Without these columns no row could be right.
REQUIRED: Final = ("estate", "building", "door", "name")

_WORDS: Final = {squash(word): c.key for c in EVERY for word in (c.heading, *c.also)}
_BRACKET: Final = re.compile(r"\([^()]*\)$")


def match_heading(text: object) -> str | None:
    """The column that a heading means; stars, brackets, blanks and line breaks are no matter."""
    bare = squash(str(text or ""))
    return _WORDS.get(bare) or _WORDS.get(_BRACKET.sub("", bare))


@dataclass(frozen=True)
class Headings:
    """Where the headings stand: `row` counted from 0, and the sheet's column (from 0) of each key."""

    row: int
    places: dict[str, int]
    texts: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """The needed headings that are not there."""
        have = set(self.places)
        wanted = [BY_KEY[key].heading for key in REQUIRED if key not in have]
        if not have & {"id_number", "birth_date"}:
            wanted.append("证件号码（或出生日期）")
        return wanted


def find_headings(rows: Sequence[Sequence[object]]) -> Headings | None:
    """The row of headings among a sheet's first rows: the one with the most known headings, at least three."""
    best: Headings | None = None
    for number, row in enumerate(rows):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            key = match_heading(cell)
            if key is not None:
                places.setdefault(key, place)
        if len(places) >= 3 and (best is None or len(places) > len(best.places)):
            best = Headings(number, places, tuple(str(cell or "").strip() for cell in row))
    return best
