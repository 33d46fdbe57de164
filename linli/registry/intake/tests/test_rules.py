"""Every fault of a row has its sentence, and right rows are read right. No database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.intake.columns import COLUMNS, PLACE_OF, Headings, find_headings, match_heading
from linli.registry.intake.rules import words
from linli.registry.intake.rules.facts import Context, HomeFacts, PersonFacts, Tag
from linli.registry.intake.rules.reader import RowReader

TODAY = date(2026, 11, 22)
HEADINGS = Headings(0, dict(PLACE_OF), tuple(c.heading for c in COLUMNS))
RIGHT: dict[str, Any] = {
    "community": "东外社区",
    "estate": "和平里",
    "building": "12",
    "unit": "3",
    "door": "501室",
    "relation": "户主",
    "household": "119002000123",
    "name": "王建国",
    "id_number": "11010519491231002X",
    "sex": "女",
    "hukou_place": "与现住址一致",
    "groups": "残疾人（肢体二级）、志愿者",
    "phone": "139 1234 8017",
}


def context(**changes: Any) -> Context:
    values: dict[str, Any] = {
        "today": TODAY,
        "communities": {"东外社区": "110119002001", "高塔社区": "110119002003"},
        "outside": frozenset({"别处社区"}),
        "grids": {("110119002001", "第一网格"): "110119002001001"},
        "buildings": {("110119002001", "和平里", "7"): ("7栋", 6)},
        "tags": {
            "残疾人": Tag(1, "残疾人", {"肢体": "4", "肢体残疾": "4"}, {"二级": "2"}),
            "志愿者": Tag(2, "志愿者"),
            "低保": Tag(3, "低保", allowed=False),
        },
        "hukou": {"河南省周口市川汇区": "411602", "东外社区": "110119002001"}.get,
    }
    return Context(**(values | changes))


def row(**changes: Any) -> list[Any]:
    values = {**RIGHT, **changes}
    return [values.get(column.key, "") for column in COLUMNS]


def read(*rows: list[Any], **changes: Any) -> list[Any]:
    reader = RowReader(context(**changes), HEADINGS)
    return [reader.read(number, one) for number, one in enumerate(rows, 1)]


def test_a_right_row() -> None:
    (found,) = read(row())
    assert isinstance(found, PersonFacts)
    assert (found.name, found.initials, found.sex, found.birth) == ("王建国", "wjg", "2", date(1949, 12, 31))
    assert (found.id_kind, found.relation, found.hukou) == ("01", "02", "home")
    assert found.phone == b"13912348017"
    assert found.tags == ((1, "4", "2"), (2, "", ""))


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("checksum", {"id_number": "110105194912310021"}, "id_number", "最后一位应为“X”"),
    ("letter", {"id_number": "1101O519491231002X"}, "id_number", "第 5 位是“O”"),
    ("17 digits", {"id_number": "11010519491231002"}, "id_number", "应为 18 位，现在是 17 位"),
    ("float", {"id_number": 1.1010519491231e17}, "id_number", "被表格软件存成了数字"),
    ("birth date", {"birth_date": "1949-12-30"}, "birth_date", "与身份证号中的"),
    ("sex", {"sex": "男"}, "sex", "按身份证号应为“女”"),
    ("future", {"moved_in": "2027-01-01"}, "moved_in", "晚于今天"),
    ("1899", {"moved_in": datetime(1899, 12, 31)}, "moved_in", "早于 1900 年"),
    ("serial", {"birth_date": 29221.0}, "birth_date", "日期序号"),
    ("no date", {"moved_in": "去年春天"}, "moved_in", "不是日期"),
    ("no such day", {"moved_in": "2015-02-30"}, "moved_in", "不是真实存在的日期"),
    ("before birth", {"moved_in": "1940-01-01"}, "moved_in", "早于出生日期"),
    ("no community", {"community": ""}, "community", "没有填社区"),
    ("unknown community", {"community": "月球社区"}, "community", "没有名为“月球社区”的社区"),
    ("outside", {"community": "别处社区"}, "community", "不在您负责的区域内"),
    ("grid", {"grid": "第九网格"}, "grid", "没有名为“第九网格”的网格"),
    ("name", {"name": ""}, "name", "没有填姓名"),
    ("digits in name", {"name": "王123"}, "name", "里有数字"),
    ("sign in name", {"name": "王$国"}, "name", "不能用在姓名中的符号"),
    ("short name", {"name": "王"}, "name", "只有一个字"),
    ("estate", {"estate": ""}, "estate", "没有填小区"),
    ("building", {"building": ""}, "building", "没有填楼栋"),
    ("door", {"door": ""}, "door", "没有填门牌号"),
    ("relation", {"relation": "邻居家的猫"}, "relation", "不认识的与户主关系"),
    ("no relation", {"relation": ""}, "relation", "没有填与户主关系"),
    ("ethnic", {"ethnic": "火星族"}, "ethnic", "不认识的民族"),
    ("marital", {"marital": "说不清"}, "marital", "不认识的婚姻状况"),
    ("education", {"education": "气功班"}, "education", "不认识的文化程度"),
    ("id kind", {"id_kind": "饭卡"}, "id_kind", "不认识的证件类型"),
    ("passport", {"id_kind": "护照", "id_number": "??"}, "id_number", "不像护照的号码"),
    ("phone", {"phone": "1391234"}, "phone", "手机号码应为 11 位"),
    ("owner's phone", {"owner_phone": "没有"}, "owner_phone", "数字以外的内容"),
    ("area", {"area": "很大"}, "area", "不是数字"),
    ("negative area", {"area": -3.0}, "area", "不能是负数"),
    ("area nought", {"area": "0"}, "area", "不合理"),
    ("floor", {"floor": "999"}, "floor", "不可能"),
    ("floor nought", {"floor": "0"}, "floor", "不可能"),
    ("floor a word", {"floor": "顶层"}, "floor", "应为整数"),
    ("floor too high", {"building": "7号楼", "floor": "9"}, "floor", "登记为地上 6 层"),
    ("long", {"employer": "长" * 101}, "employer", "最多 100 个"),
    ("error cell", {"employer": "#REF!"}, "employer", "公式的出错结果"),
    ("tag", {"groups": "飞行员协会"}, "groups", "没有名为“飞行员协会”的人群标签"),
    ("tag's detail", {"groups": "残疾人（蓝色）"}, "groups", "没有名为“蓝色”的类别或等级"),
    ("tag not allowed", {"groups": "低保"}, "groups", "没有登记“低保”的权限"),
    ("division", {"hukou_place": "亚特兰蒂斯"}, "hukou_place", "不认识的户籍地区划"),
    ("no division", {"hukou_place": "", "hukou_address": "某村"}, "hukou_place", "没有填户籍地区划"),
    ("nobody known", {"id_number": "", "birth_date": ""}, "id_number", "至少填一项"),
]


@pytest.mark.parametrize(("changes", "key", "words"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_every_fault_has_its_sentence(changes: dict[str, Any], key: str, words: str) -> None:
    (found,) = read(row(**changes))
    assert isinstance(found, list)
    assert [(w.key, words in w.reason) for w in found] == [(key, True)]
    assert found[0].reason.endswith("。")


def test_there_are_more_than_twenty_kinds() -> None:
    assert len({words for *_rest, words in WRONG}) > 20


def test_all_the_faults_of_a_row_are_told() -> None:
    (found,) = read(row(name="", phone="1", door=""))
    assert {w.key for w in found} == {"name", "phone", "door"}


def test_the_same_number_twice_keeps_the_first() -> None:
    first, second = read(row(), row(door="502", household="9"))
    assert isinstance(first, PersonFacts)
    assert "与第 2 行的证件号码相同" in second[0].reason


def test_a_refused_first_row_does_not_stand_in_the_way() -> None:
    first, second = read(row(phone="1"), row())
    assert isinstance(first, list)
    assert isinstance(second, PersonFacts)


def test_without_number_name_birth_and_home_tell_a_person() -> None:
    plain = {"id_number": "", "birth_date": "1980-01-31", "sex": ""}
    first, second, third = read(row(**plain), row(**plain), row(**plain, door="502", household="8"))
    assert isinstance(first, PersonFacts)
    assert "是同一个人" in second[0].reason
    assert isinstance(third, PersonFacts)


def test_rows_of_one_home_must_agree_on_it() -> None:
    other = {"id_number": "", "birth_date": "1980-01-31", "sex": "", "name": "李小明", "relation": "儿子"}
    first, second, third = read(
        row(area="86.5"), row(**other, area="90"), row(**{**other, "name": "李小红"}, area=86.5)
    )
    assert isinstance(first, PersonFacts)
    assert "建筑面积与第 2 行写的不一样" in second[0].reason
    assert isinstance(third, PersonFacts)
    assert third.home == first.home


def test_a_row_without_person_is_an_empty_home() -> None:
    reader = RowReader(context(), HEADINGS)
    nobody = {c.key: "" for c in COLUMNS if c.of_person}
    found = reader.read(1, row(**nobody))
    assert isinstance(found, HomeFacts)
    assert (found.building, found.unit, found.door) == ("12号楼", "3单元", "501")


def test_a_building_that_is_known_is_found_however_it_is_written() -> None:
    reader = RowReader(context(), HEADINGS)
    assert isinstance(reader.read(1, row(building="7号楼")), PersonFacts)
    assert [home.building for home in reader.homes.values()] == ["7栋"]


def test_masked_numbers_say_nothing() -> None:
    (found,) = read(row(id_number="110105********002X", phone="139****8017", birth_date="1949-12-31"))
    assert isinstance(found, PersonFacts)
    assert found.id_digest is None
    assert found.phone_digest is None


def test_the_household_of_a_refused_head_waits_for_them() -> None:
    reader = RowReader(context(), HEADINGS)
    reader.read(1, row(phone="1"))
    assert reader.pending == {("number", "119002000123")}


def test_a_workbook_for_one_community_takes_no_other() -> None:
    (found,) = read(row(community="高塔社区"), only="110119002001", region_title="东外社区")
    assert "是为东外社区导入的" in found[0].reason
    (blank,) = read(row(community=""), only="110119002001")
    assert isinstance(blank, PersonFacts)


def test_a_cell_with_a_spreadsheet_error_is_told() -> None:
    found = RowReader(context(), HEADINGS).read(1, row(), {PLACE_OF["employer"]: "#DIV/0!"})
    assert isinstance(found, list)
    assert "#DIV/0!" in found[0].reason


@pytest.mark.parametrize(
    "heading", ["*姓名", "姓 名", "姓名：", "公民身份号码", "建筑面积（平方米）", "户籍地\n区划"]
)
def test_headings_are_known_in_any_dress(heading: str) -> None:
    assert match_heading(heading) is not None


def test_missing_headings_are_named() -> None:
    found = find_headings([["说明"], ["小区", "楼栋", "姓名", "性别"]])
    assert found is not None
    assert found.row == 1
    assert found.missing == ["门牌号", "证件号码（或出生日期）"]


CELL = st.one_of(
    st.text(max_size=40),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["", "#N/A", "户主", "11010519491231002X", "1980-1-1", 45000.0, "\x00", "残疾人（", "、、"]
    ),
)


@given(st.lists(st.lists(CELL, max_size=len(COLUMNS) + 3), max_size=4))
def test_no_cell_breaks_the_reader(rows: list[list[Any]]) -> None:
    reader = RowReader(context(), HEADINGS)
    for number, cells in enumerate(rows):
        found = reader.read(number, cells)
        if isinstance(found, list):
            assert found
            assert all(w.reason.endswith("。") for w in found)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("12", "12号楼"),
        ("12#", "12号楼"),
        ("12#楼", "12号楼"),
        ("12号楼", "12号楼"),
        ("甲3号楼", "甲3号楼"),
        ("１２", "12号楼"),
    ],
)
def test_building_names(written: str, name: str) -> None:
    assert words.building_name(written) == name


@pytest.mark.parametrize(
    ("written", "name"), [("3", "3单元"), ("三单元", "3单元"), ("十二单元", "12单元"), ("东门", "东门")]
)
def test_unit_names(written: str, name: str) -> None:
    assert words.unit_name(written) == name
