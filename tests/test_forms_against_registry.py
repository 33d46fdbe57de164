"""Every cell of four departments' forms against the registry read through its models, not through what filled them.

The forms are written here with the same headings (facts); where departments' own empty workbooks lie beside the checkout,
they are held to the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from linli.access.testing import COMMUNITY
from linli.audit.recording import SYSTEM
from linli.demo.testing import build_small
from linli.kernel import codes
from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.book.workbook import open_workbook
from linli.ledgers.filling import fill
from linli.ledgers.tests.sheets import as_bytes, choices
from linli.regions.models import Region
from linli.registry.groups.models import Membership
from linli.registry.people.models import HouseholdMember, Kinship, Person, Residence

FORMS = Path(__file__).resolve().parents[2] / "shared" / "forms"
ON = date(2026, 11, 22)
MIDDLE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
CARED = ("care", "aid", "disability", "honour")


def division(key: str, length: int) -> str | None:
    """The name that people say of a region's ancestor."""
    if len(key) < length:
        return None
    found = Region.objects.get(region_code=key[:length])
    if found.name in MIDDLE:
        return division(key, 2) if length == 4 else None
    return found.short_name or found.name


def path(key: str, last: int) -> str:
    """The names from the province down, without the nameless middle levels."""
    parts = []
    for length in (2, 4, 6, 9, 12):
        if length <= min(last, len(key)):
            found = Region.objects.get(region_code=key[:length])
            parts.append("" if found.name in MIDDLE else found.short_name or found.name)
    return "".join(parts)


def postcode(key: str) -> str | None:
    for length in (12, 9, 6, 4):
        found = Region.objects.filter(region_code=key[:length]).first() if len(key) >= length else None
        if found is not None and found.postcode:
            return str(found.postcode)
    return None


@dataclass
class Known:
    """What the registry's tables hold of one person on the day."""

    person: Person
    row: int

    def spell(self, kind: str) -> Residence | None:
        return Residence.objects.filter(person=self.person, kind=kind, period__contains=ON).first()

    @cached_property
    def living(self) -> Residence | None:
        return self.spell("living")

    @cached_property
    def hukou(self) -> Residence | None:
        return self.spell("hukou")

    @cached_property
    def member(self) -> HouseholdMember | None:
        return HouseholdMember.objects.filter(person=self.person, period__contains=ON).first()

    @cached_property
    def groups(self) -> dict[str, Membership]:
        found = Membership.objects.filter(person=self.person, period__contains=ON).select_related("group")
        return {one.group.code: one for one in found.order_by("group_id")}

    @cached_property
    def guardian(self) -> Kinship | None:
        return Kinship.objects.filter(person=self.person, relation="guardian", period__contains=ON).first()

    def place(self, spell: Residence | None) -> str | None:
        if spell is None:
            return None
        return (spell.home.full_address if spell.home else "") or spell.address or None

    def full(self, spell: Residence | None) -> str | None:
        return (path(spell.region_code, 9) + (self.place(spell) or "")) or None if spell else None

    @property
    def kind(self) -> str:
        home, book = self.living, self.hukou
        if book is None or not book.region_code or home is None:
            return "户籍待补"
        return "常住人口" if home.region_code[:6] == book.region_code[:6] else "流动人口"

    @property
    def separated(self) -> bool | None:
        home, book = self.living, self.hukou
        if book is None or not book.region_code or home is None:
            return None
        return home.region_code[:12] != book.region_code[:12]

    @property
    def alone(self) -> bool:
        assert self.living is not None
        here = Residence.objects.filter(home=self.living.home, kind="living", period__contains=ON)
        return not here.exclude(person=self.person).exists()


Asked = Callable[[Known], Any]


def of_living(read: Callable[[Residence], Any]) -> Asked:
    return lambda k: read(k.living) if k.living else None


def of_hukou(read: Callable[[Residence], Any]) -> Asked:
    return lambda k: read(k.hukou) if k.hukou else None


def coded(attribute: str, listed: codes.CodeList, **other: str) -> Asked:
    """A code's own label, or the form's word for it: `_21="本科"`."""

    def read(k: Known) -> str | None:
        code = getattr(k.person, attribute)
        return (other.get(f"_{code}") or listed.label(code)) if code else None

    return read


def plain(attribute: str) -> Asked:
    return lambda k: getattr(k.person, attribute) or None


def schooling(k: Known) -> str | None:
    code = k.person.education
    if code in ("91", "92"):
        return {"91": "文盲", "92": "学龄前"}[code]
    words_of = {"1": "研究生", "2": "大学本科", "3": "大专", "4": "高中\\中专", "6": "高中\\中专"}
    return {**words_of, "7": "初中", "8": "小学"}[code[0]] if code else None


def party(k: Known) -> Any:
    """Where the form's word for a small party is its own spelling, nothing is compared."""
    named = {
        "": None,
        "01": "中国共产党党员",
        "02": "中国共产党预备党员",
        "03": "中国共青团团员",
        "13": "群众",
    }
    return named.get(k.person.political, ...)


def tag(k: Known) -> Any:
    """The form's word for one of the person's groups; None where it has no word for any."""
    offered = {"elderly_alone": "孤寡老人", "low_income": "低保", "destitute": "特困"}
    return {offered[code] for code in k.groups if code in offered} or None


def tags(k: Known) -> str | None:
    return ",".join(m.group.name for m in k.groups.values() if m.group.category in CARED) or None


def category(k: Known) -> str | None:
    nature = k.hukou.hukou_nature if k.hukou else ""
    book = k.member.household.kind if k.member else ""
    if not nature or book not in ("family", "collective"):
        return None
    return (
        {"1": "非农业", "2": "农业", "3": "居民"}[nature] + ("家庭" if book == "family" else "集体") + "户口"
    )


def relation(k: Known) -> str | None:
    return codes.KINSHIP.label(k.member.relation) if k.member else None


def short_province(k: Known) -> str | None:
    name = division(k.hukou.region_code, 2) if k.hukou else None
    for word in ("内蒙古", "广西", "西藏", "宁夏", "新疆"):
        if name and name.startswith(word):
            return word
    return name.rstrip("省市") if name else None


NAME, NUMBER, PHONE = plain("name"), plain("id_number"), plain("phone")
SEX = coded("sex", codes.SEX)
ETHNIC = coded("ethnic", codes.ETHNIC)
IMPAIRED = {f"_{code}": "残疾" for code in range(60, 70)}
MARRIED = {f"_{code}": "已婚" for code in ("20", "21", "22", "23")}
GRID = of_living(lambda r: division(r.region_code, 15))
DISTRICT = of_living(lambda r: division(r.region_code, 6))
HUKOU_ADDRESS: Asked = lambda k: k.full(k.hukou)  # noqa: E731
LIVING_ADDRESS: Asked = lambda k: k.full(k.living)  # noqa: E731
OCCUPATIONS = "国家工作人员,教师,军人,生产企业工作人员,流通企业工作人员,服务业从业人员,专业技术人员,个体工商户,农民,学生,待业,其他"

# Number of the form → heading by heading from column A: path of headings, drop-down, what the registry holds.
Heading = tuple[str, str, Asked | None]
ELDERLY: tuple[Heading, ...] = (
    ("姓名*", "", NAME),
    ("所属网格*", "", GRID),
    ("性别*", "男,女,不明", SEX),
    ("出生日期", "", lambda k: k.person.birth_date.isoformat()),
    ("身份证号码*", "", NUMBER),
    (
        "户籍地/省*",
        "北京,天津,河北,山西,内蒙古,辽宁,吉林,黑龙江,上海,江苏,浙江,安徽,福建,江西,山东,河南,湖北,湖南,广东,广西,海南,重庆,四川,贵州,云南,"
        "西藏,陕西,甘肃,青海,宁夏,新疆",
        short_province,
    ),
    ("户籍地/市*", "", of_hukou(lambda r: division(r.region_code, 4))),
    ("户籍地/区县*", "", of_hukou(lambda r: division(r.region_code, 6))),
    ("关注程度", "一般,中等,严重", None),
    ("户籍详细地址", "", HUKOU_ADDRESS),
    ("现住地址*", "", LIVING_ADDRESS),
    ("其他地址", "", None),
    ("曾用名", "", plain("former_name")),
    ("工作单位", "", plain("employer")),
    ("联系电话", "", PHONE),
    ("联系手机", "", PHONE),
    ("电子邮件", "", plain("email")),
    ("民族*", "", ETHNIC),
    ("政治面貌*", "群众,中国共产党党员,中国共青团团员,中国共产党预备党员,无党派民主人士", party),
    ("文化程度*", "博士,研究生,大学本科,大专,高中\\中专,初中,小学,学龄前,文盲", schooling),
    (
        "职业",
        OCCUPATIONS,
        lambda k: (
            {"31": "学生", "27": "农民", "37": "军人"}.get(k.person.employment)
            if not k.person.occupation
            else k.person.occupation
            if k.person.occupation in OCCUPATIONS.split(",")
            else None
        ),
    ),
    ("婚姻状况*", "未婚,已婚,离婚,丧偶,其他", coded("marital", codes.MARITAL, **MARRIED)),
    ("血型", "A型,B型,O型,AB型,其他", None),
    ("宗教信仰", "无,佛教,道教,其他", None),
    ("身高(CM)", "", None),
    ("老年人证号", "", None),
    ("人员类型", "未知,孤寡老人,低保,劳模,特困,重病,其他", tag),
    ("当前状况", "欢度晚年,料理家务,其他", None),
    ("居住情况", "与家人同居,独居,敬老院集体居住", lambda k: "独居" if k.alone else {"与家人同居", None}),
)
DISABLED: tuple[Heading, ...] = (
    ("入库数据名称", "", lambda k: k.row),
    ("区县", "", DISTRICT),
    ("街道", "", of_living(lambda r: division(r.region_code, 9))),
    ("姓名", "", NAME),
    ("性别", "", SEX),
    ("出生日期", "date", lambda k: k.person.birth_date),
    ("联系电话", "", PHONE),
    ("证件号码", "", NUMBER),
    (
        "残疾类别",
        "",
        lambda k: (
            ("", "视力", "听力", "言语", "肢体", "智力", "精神", "多重")[int(k.groups["disabled"].class_code)]
            + "残疾"
        ),
    ),
    ("残疾等级", "", lambda k: ("", "一级", "二级", "三级", "四级")[int(k.groups["disabled"].level_code)]),
    ("户籍地址", "", HUKOU_ADDRESS),
    ("邮编", "", of_hukou(lambda r: postcode(r.region_code))),
    ("联系地址", "", LIVING_ADDRESS),
    ("邮编", "", of_living(lambda r: postcode(r.region_code))),
    (
        "户籍类别",
        "",
        of_hukou(
            lambda r: codes.HUKOU_NATURE.label(r.hukou_nature) if r.hukou_nature else None,
        ),
    ),
    ("是否属于低保", "", lambda k: "是" if "low_income" in k.groups else "否"),
    (
        "监护人姓名",
        "",
        lambda k: (
            (k.guardian.relative.name if k.guardian.relative else k.guardian.relative_name)
            if k.guardian
            else None
        ),
    ),
    (
        "证件号码",
        "",
        lambda k: (k.guardian.relative.id_number or None) if k.guardian and k.guardian.relative else None,
    ),
    (
        "联系电话",
        "",
        lambda k: (
            ((k.guardian.relative.phone if k.guardian.relative else "") or k.guardian.relative_phone or None)
            if k.guardian
            else None
        ),
    ),
)
GRID_WORK: tuple[Heading, ...] = (
    ("姓名|必填，真实姓名", "", NAME),
    ("与其他人员关系|如：户主、配偶、子女、父母、租户（可选）", "", relation),
    ("身份证号|必填，18位身份证号", "", NUMBER),
    ("性别|男/女", "", SEX),
    ("出生日期|YYYYMMDD", "", lambda k: f"{k.person.birth_date:%Y%m%d}"),
    ("联系电话|多个电话用;分隔", "", PHONE),
    ("现住小区/建筑|系统内小区名称", "", of_living(lambda r: r.home.building.estate.name)),
    (
        "门牌地址|如1单元101室",
        "",
        of_living(lambda r: f"{r.home.unit.name if r.home.unit else ''}{r.home.door}室"),
    ),
    ("所属网格|自动关联", "", GRID),
    ("人员类型|常住人口/流动人口", "", lambda k: k.kind),
    ("是否重点人员|1=是，0=否", "", lambda k: "1" if tags(k) else "0"),
    ("重点类别|多个类别用,分隔，如独居老人,低保户", "", tags),
    (
        "户籍小区/建筑|本社区内户籍小区",
        "",
        of_hukou(lambda r: r.home.building.estate.name if r.home else None),
    ),
    ("户籍地址|外地户籍填写完整地址", "", HUKOU_ADDRESS),
    ("户编号|如有则填写", "", lambda k: k.member.household.number if k.member else None),
    (
        "是否人户分离|1=是，0=否",
        "",
        lambda k: None if k.separated is None else "1" if k.separated else "0",
    ),
    ("实际居住地|人户分离时填写实际居住地址", "", lambda k: k.full(k.living) if k.separated else None),
    ("是否已迁出|1=是，0=否", "", lambda k: "0"),
    ("迁出日期|YYYYMMDD", "", lambda k: None),
    ("迁往地|迁往省市区", "", lambda k: None),
    ("是否已死亡|1=是，0=否", "", lambda k: "0"),
    ("死亡日期|YYYYMMDD", "", lambda k: None),
    ("民族|如汉族、回族等", "", ETHNIC),
    ("政治面貌|如中共党员、群众等", "", coded("political", codes.POLITICAL)),
    (
        "婚姻状况|未婚/已婚/离异/丧偶",
        "",
        coded("marital", codes.MARITAL, _40="离异", **MARRIED),
    ),
    (
        "文化程度|小学/初中/高中/本科等",
        "",
        coded("education", codes.EDUCATION, _21="本科", _61="高中"),
    ),
    ("工作学习情况|在职/退休/无业等", "", coded("employment", codes.EMPLOYMENT, _70="无业", _80="退休")),
    ("健康状况|健康/良好/残疾/疾病等", "", coded("health", codes.HEALTH, **IMPAIRED)),
)
RESIDENTS: tuple[Heading, ...] = (
    ("序号", "", lambda k: k.row),
    ("姓名", "", NAME),
    ("公民身份证号", "", NUMBER),
    ("户号", "", lambda k: k.member.household.number if k.member else None),
    ("与户主关系", "", relation),
    ("性别", "", SEX),
    ("出生日期", "", lambda k: k.person.birth_date.isoformat()),
    ("联系电话", "", PHONE),
    ("户籍地区划", "", of_hukou(lambda r: path(r.region_code, 6) or None)),
    ("户籍地详址", "", lambda k: k.place(k.hukou)),
    ("现住地区划", "", of_living(lambda r: path(r.region_code, 6))),
    ("现住地详址", "", lambda k: k.place(k.living)),
    ("户号", "", lambda k: k.member.household.number if k.member else None),
    ("户口类别", "", category),
    ("迁入时间", "", of_living(lambda r: r.period.lower.isoformat())),
    ("其它住址省市县区", "", None),
    ("其他住址详址", "", None),
    (
        "核实时间",
        "",
        lambda k: k.person.verified_on.isoformat() if k.person.verified_on else None,
    ),
)
ASKED: dict[int, tuple[str, str, tuple[Heading, ...]]] = {
    7: ("老年人信息登记表", "老年人登记表", ELDERLY),
    29: ("", "申请重残人员居民医疗保险", DISABLED),
    32: ("", "Person", GRID_WORK),
    41: ("", "Sheet1", RESIDENTS),
}


def written(number: int) -> bytes:
    """Our own sheet with the form's headings."""
    title, name, headings = ASKED[number]
    book = Workbook()
    page: Any = book.active
    page.title = name
    top = 1
    if title:
        page["A1"] = title
        page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=12)
        top = 3
    deep = any("/" in heading.split("|")[0] and "*" in heading for heading, _options, _read in headings)
    for column, (heading, options, _read) in enumerate(headings, start=1):
        label, _bar, hint = heading.partition("|")
        group, _slash, leaf = label.partition("/") if deep else ("", "", label)
        page.cell(top, column, group if leaf else label)
        if deep and not leaf:
            page.merge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)
        elif deep:
            page.cell(top + 1, column, leaf)
        if not deep:
            page.cell(top, column, label)
        if hint:
            page.cell(top + 1, column, hint)
        first = top + (2 if deep or hint else 1)
        if options == "date":
            page.cell(first, column).number_format = "yyyy-mm-dd"
        elif options:
            letter = get_column_letter(column)
            if len(options) < 250:
                choices(page, letter, f'"{options}"', first, first + 500)
    if deep:
        start = next(n for n, (heading, *_rest) in enumerate(headings, 1) if "/" in heading)
        page.merge_cells(start_row=top, end_row=top, start_column=start, end_column=start + 2)
    if number == 32:
        notes = book.create_sheet("注意事项")
        notes["A1"] = "导入前请删除第二行的注释"
    return as_bytes(book)


def population(number: int) -> set[int]:
    """Who belongs on the form."""
    people = Person.objects.filter(
        residences__kind="living",
        residences__period__contains=ON,
        residences__region_code__startswith=COMMUNITY,
    ).exclude(death_date__lte=ON)
    if number == 7:
        people = people.filter(birth_date__lte=date(ON.year - 60, ON.month, ON.day))
    if number == 29:
        heavy = Membership.objects.filter(
            group__code="disabled", period__contains=ON, level_code__in=("1", "2")
        )
        people = people.filter(pk__in=heavy.values("person_id"))
    return set(people.values_list("pk", flat=True))


def check(number: int, data: bytes) -> None:
    """Fill, then compare cell by cell."""
    terms = words()
    recognition = recognise_bytes(data, "表.xlsx", terms)
    book = open_workbook(data)
    account = fill(book, recognition, terms, region_code=COMMUNITY, on=ON, user=SYSTEM)
    page: Any = book[recognition.sheet]
    headings = ASKED[number][2]
    key = next(n for n, (_heading, _options, read) in enumerate(headings, 1) if read is NUMBER)
    assert account.rows == len(population(number)) > 0
    by_number = {person.id_number: person for person in Person.objects.filter(pk__in=population(number))}
    seen, wrong = set(), []
    for place in range(account.rows):
        row = account.first_row + place
        person = by_number[page.cell(row, key).value]
        seen.add(person.pk)
        known = Known(person, place + 1)
        for column, (heading, _options, read) in enumerate(headings, start=1):
            if read is None:
                continue
            holds, said = read(known), page.cell(row, column).value
            if isinstance(holds, date):
                said = said.date() if hasattr(said, "date") else said
            if holds is ...:
                continue
            if said not in (holds if isinstance(holds, set) else {holds}):
                wrong.append(f"{heading} row {row}: {said!r}, registry holds {holds!r}")
    assert not wrong, f"{len(wrong)} cells: {wrong[:12]}"
    assert seen == population(number)


@pytest.mark.django_db
def test_our_own_forms_hold_what_the_registry_holds() -> None:
    build_small(communities=1, homes=150, on=ON)
    for number in ASKED:
        check(number, written(number))


@pytest.mark.django_db
@pytest.mark.skipif(not FORMS.is_dir(), reason="no forms beside this checkout")
def test_departments_forms_hold_what_the_registry_holds() -> None:
    build_small(communities=1, homes=150, on=ON)
    for number in ASKED:
        check(number, next(FORMS.glob(f"{number:03d}_*.xlsx")).read_bytes())
