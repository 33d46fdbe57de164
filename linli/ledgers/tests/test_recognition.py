"""What forms of our own making are recognised as, by a dictionary without a database behind it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from linli.facts.dictionary import Dictionary
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import BadWorkbook, pictures
from linli.ledgers.meaning.lexicon import Lexicons
from linli.ledgers.meaning.numbers import NumberReader, explained
from linli.ledgers.recognition import Recognition, recognise
from linli.ledgers.tests.own_forms import laid
from linli.ledgers.tests.sheets import choices, elderly, hinted, plain
from linli.ledgers.tests.street import groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(db: None) -> Dictionary:
    groups()
    return words()


def seen(book: Workbook, terms: Dictionary, name: str = "") -> Recognition:
    return recognise(pictures(book), terms, name)


def meanings(found: Recognition) -> list[str]:
    return [mapping.element or mapping.target for mapping in found.mappings]


def test_title_unit_line_heading_block_and_footer(terms: Dictionary) -> None:
    found = seen(elderly(), terms)
    assert found.title == "60岁以上老年人花名册"
    assert found.header_rows == (3, 4)
    assert (found.first_row, found.footer_row) == (5, 7)
    assert found.subject == "person"
    assert found.population.conditions == ["aged_60"]
    assert [(blank.what, blank.inside) for blank in found.blanks] == [("unit", False), ("inside", True)]
    assert meanings(found) == [
        "serial",
        "name",
        "sex",
        "birth_date",
        "hukou_province",
        "hukou_city",
        "hukou_district",
        "education",
        "guardian_name",
        "guardian_phone",
        "is_low_income",
        "declined",
    ]
    assert found.mappings[1].required
    assert found.mappings[-1].who


def test_a_hint_row_tells_manners_and_is_to_be_deleted(terms: Dictionary) -> None:
    found = seen(hinted(), terms)
    assert found.hint_rows == [2]
    assert found.delete_hints
    assert found.first_row == 3
    assert meanings(found) == ["name", "id_number", "birth_date", "is_separated", "standing", "care_groups"]
    assert found.mappings[2].manner["date"] == "YYYYMMDD"
    assert (found.mappings[3].manner["yes"], found.mappings[3].manner["no"]) == ("1", "0")
    assert found.mappings[5].manner["joint"] == ","


def test_repeated_headings_belong_to_whoever_was_named_before(terms: Dictionary) -> None:
    book = plain(
        [
            "姓名",
            "证件号码",
            "联系电话",
            "户籍地址",
            "邮编",
            "联系地址",
            "邮编",
            "监护人姓名",
            "证件号码",
            "联系电话",
        ],
        "残疾人名单",
    )
    assert meanings(seen(book, terms)) == [
        "name",
        "id_number",
        "phone",
        "hukou_address",
        "hukou.postcode",
        "address",
        "living.postcode",
        "guardian_name",
        "guardian.id_number",
        "guardian.phone",
    ]


def test_a_stranger_s_phone_is_never_taken_for_the_person_s(terms: Dictionary) -> None:
    found = seen(plain(["姓名", "性别", "年龄", "包保干部姓名", "联系电话"], "独居老人台账"), terms)
    assert found.mappings[3].target in ("unknown", "asked")
    assert found.mappings[4].target == "asked"


def test_a_bracket_says_whose(terms: Dictionary) -> None:
    found = seen(
        plain(["姓名", "身份证号", "联系电话（监护人）", "联系电话（网格员）", "年龄（周岁）"], "儿童名单"),
        terms,
    )
    assert meanings(found)[2:] == ["guardian.phone", "unknown", "age"]


def test_glued_numbers_padding_and_misspellings(terms: Dictionary) -> None:
    book = plain(
        ["01姓　名：", "A.2.5 身份证号", "政 策\n面 貌", "户藉地址", "出 生 年 月", "婚姻状况（必填）"],
        "党员花名册",
    )
    assert meanings(seen(book, terms)) == [
        "name",
        "id_number",
        "political",
        "hukou_address",
        "birth_date",
        "marital",
    ]


def test_doubtful_headings_are_asked_not_guessed(terms: Dictionary) -> None:
    found = seen(plain(["姓名", "身份证号", "下乡日期", "迁出去向地", "血压"], "居民名册"), terms)
    assert [m.target for m in found.mappings[2:]] == ["asked", "asked", "unknown"] or all(
        m.target in ("asked", "unknown") for m in found.mappings[2:]
    )
    assert not any(m.element for m in found.mappings[2:])


def test_options_decide_against_a_reading(terms: Dictionary) -> None:
    book = plain(["姓名", "身份证号", "人员类型"], "居民名册")
    choices(book.active, "C", '"编制内,合同制,劳务派遣"', 3, 9)
    mapping = seen(book, terms).mappings[2]
    assert mapping.target != "element"
    assert "对不上" in "".join(mapping.reasons)


def test_options_that_are_the_group_s_classes_tell_the_class(terms: Dictionary) -> None:
    book = plain(["姓名", "身份证号", "党籍状况"], "社区党员名册")
    choices(book.active, "C", '"正式党员,预备党员"', 3, 9)
    assert meanings(seen(book, terms))[2] == "party_class"
    book = plain(["姓名", "身份证号", "党籍状况"], "社区党员名册")
    choices(book.active, "C", '"在册党员,流动党员"', 3, 9)
    assert meanings(seen(book, terms))[2] != "party_class"


def test_staff_are_listed_only_where_the_title_speaks_of_them(terms: Dictionary) -> None:
    heads = ["姓名", "身份证号", "联系电话", "职务", "入职时间"]
    assert seen(plain(heads, "从业人员登记表"), terms).subject == "position"
    assert seen(plain(heads, "社区志愿者名册"), terms).subject == "person"
    assert seen(plain(["序号", "姓名", "缴费金额"], "党员缴费明细表"), terms).subject == "person"


def test_on_a_card_an_address_after_the_guardian_is_the_person_s_own(terms: Dictionary) -> None:
    book = laid(
        [
            ["姓名", None, "性别", None],
            ["监护人", None, "监护关系", None],
            ["住址", None, None, None],
            ["公民身份号码", None, "民族", None],
            ["文化程度", None, "婚姻状况", None],
        ],
        "B3:D3",
        name="常住人口登记卡",
    )
    found = seen(book, terms)
    assert {m.path[-1]: m.element for m in found.mappings}["住址"] == "address"


def test_a_group_s_name_beside_its_number_needs_no_other_explanation(terms: Dictionary) -> None:
    reader = NumberReader(Lexicons(terms))
    named = reader.meaning(("流动人口和特殊人群管理", "流动人口数"), ())
    assert explained(named)
    assert (named.subject, named.conditions) == ("person", ["floating"])
    assert not explained(reader.meaning(("流动人口和特殊人群管理", "闲散青少年数"), ()))


def test_a_population_that_is_not_known_is_asked(terms: Dictionary) -> None:
    found = seen(plain(["姓名", "身份证号", "联系电话"], "滑翔伞爱好者登记表"), terms)
    assert found.population.doubt
    assert not found.fillable


def test_severe_disability_narrows_by_level_and_class_by_its_name(terms: Dictionary) -> None:
    severe = seen(plain(["姓名", "身份证号", "残疾类别"], "重残人员名单"), terms).population
    assert severe.conditions == ["in_disabled"]
    assert severe.filters == [("disabled_level", ("1", "2"))]
    sight = seen(plain(["姓名", "身份证号", "残疾等级"], "视力残疾人名单"), terms).population
    assert sight.filters == [("disabled_class", ("1",))]


@pytest.mark.parametrize(
    "title",
    [
        "社区矫正对象登记表",
        "吸毒人员信息表",
        "艾滋病感染者名单",
        "易肇事肇祸精神病人花名册",
        "信教群众登记表",
    ],
)
def test_groups_left_out_by_design_are_declined(title: str, terms: Dictionary) -> None:
    found = seen(plain(["姓名", "身份证号", "住址"], title), terms)
    if "信教" in title:
        assert found.declined or found.population.doubt
    assert found.declined
    assert found.keeper
    assert not found.fillable


def test_ledgers_of_dealings_are_not_filled_with_residents(terms: Dictionary) -> None:
    found = seen(plain(["姓名", "联系电话", "发生时间", "诉求内容", "办理结果"], "民情台账"), terms)
    assert not found.fillable


def test_homes_buildings_organisations_and_households(terms: Dictionary) -> None:
    assert (
        seen(plain(["房屋地址", "房主姓名", "联系电话", "是否出租"], "出租房屋登记表"), terms).subject
        == "home"
    )
    assert seen(plain(["楼栋名称", "楼层数", "单元数", "电梯数"], "楼栋信息表"), terms).subject == "building"
    assert (
        seen(plain(["单位名称", "统一社会信用代码", "法定代表人", "从业人数"], "驻区单位名录"), terms).subject
        == "organisation"
    )
    low = seen(plain(["户主姓名", "户主身份证号", "家庭人口", "低保金额", "家庭住址"], "低保户花名册"), terms)
    assert low.subject == "household"
    assert low.population.conditions == ["in_low_income"]


def test_the_owner_named_before_owns_the_number_after(terms: Dictionary) -> None:
    found = seen(plain(["房东姓名", "身份证号码", "联系电话", "出租房地址"], "出租房登记表"), terms)
    assert meanings(found) == ["owner_name", "owner_id_number", "owner_phone", "address"]


def test_a_sheet_without_headings_is_no_form(terms: Dictionary) -> None:
    book = Workbook()
    book.active["A1"] = "请假条"
    with pytest.raises(BadWorkbook):
        seen(book, terms)


def test_on_a_list_of_women_the_woman_s_half_is_hers_and_the_man_s_her_husband_s(terms: Dictionary) -> None:
    book = Workbook()
    page = book.active
    page.append(["育龄妇女花名册"])
    page.append(["女方信息", None, None, "男方信息", None])
    page.append(["姓名", "身份证号", "血型", "姓名", "联系手机"])
    page.merge_cells("A1:E1")
    page.merge_cells("A2:C2")
    page.merge_cells("D2:E2")
    assert meanings(seen(book, terms)) == ["name", "id_number", "blood_type", "spouse.name", "spouse.phone"]


def test_a_date_after_something_unknown_may_be_that_thing_s(terms: Dictionary) -> None:
    found = seen(
        plain(["姓名", "身份证号", "流入地党支部", "流入时间", "监护人", "监护人姓名"], "党员名册"), terms
    )
    assert [m.target for m in found.mappings[3:]] == ["asked", "asked", "element"]


def test_a_card_with_a_table_of_members_is_not_a_roster(terms: Dictionary) -> None:
    book = Workbook()
    page = book.active
    page.append(["就业困难人员申请表"])
    page.append(["姓名", None, "性别", None, "民族", None])
    page.append(["身份证号", None, "联系电话", None, "文化程度", None])
    page.append(["家庭成员", "姓名", "性别", "身份证号", "与本人关系", "工作单位"])
    found = seen(book, terms)
    assert found.kind == "card"
    asked = {m.where: m.element for m in found.mappings}
    assert asked == {
        "B2": "name",
        "D2": "sex",
        "F2": "ethnic",
        "B3": "id_number",
        "D3": "phone",
        "F3": "education",
    }


def test_recognition_survives_json(terms: Dictionary) -> None:
    import json

    found = seen(elderly(), terms)
    again = Recognition.from_json(json.loads(json.dumps(found.as_json(), ensure_ascii=False)))
    assert again.as_json() == found.as_json()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.text(alphabet="姓名户籍*（）：1年月\n a#", max_size=6), max_size=5), max_size=6))
def test_nothing_that_is_written_crashes_it(rows: list[list[str]]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append([text if not text.startswith("=") else "" for text in row])
    try:
        found = recognise(pictures(book), words())
    except BadWorkbook:
        return
    assert found.mappings is not None


def test_town_and_country_narrow_who_gets_aid(terms: Dictionary) -> None:
    def scope(title: str) -> list[tuple[str, tuple[str, ...]]]:
        return seen(plain(["序号", "姓名", "身份证号", "现住址"], title), terms).population.filters

    assert scope("农村低保对象花名册") == [("area_kind", ("2",))]
    assert scope("城镇居民最低生活保障人员名册") == [("area_kind", ("1",))]
    assert scope("城乡低保对象花名册") == []
    assert scope("城市低保、农村低保人员名册") == []
    assert scope("低保对象花名册") == []
