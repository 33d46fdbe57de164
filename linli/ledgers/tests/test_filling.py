"""Filled forms: every cell against the registry, the form's own manner, what stays as it was."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from openpyxl import Workbook, load_workbook

from linli.access.testing import COMMUNITY, STREET, Characters
from linli.audit.models import DisclosedPerson, Disclosure
from linli.audit.recording import SYSTEM, RuleError
from linli.kernel import codes
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import pictures
from linli.ledgers.book.writing import shift_formula
from linli.ledgers.filling import Account, fill
from linli.ledgers.meaning.manner import fit_code, fit_group, fit_text, write_date
from linli.ledgers.notes import SHEET, add_notes
from linli.ledgers.recognition import recognise
from linli.ledgers.tests.own_forms import laid
from linli.ledgers.tests.sheets import as_bytes, choices, elderly, hinted, plain
from linli.ledgers.tests.street import ON, Street
from linli.registry.people.models import HouseholdMember


def filled(
    book: Workbook, *, region: str = COMMUNITY, user: Any = SYSTEM, on: date = ON, highlight: bool = False
) -> tuple[Workbook, Account]:
    terms = words()
    found = recognise(pictures(book), terms)
    account = fill(book, found, terms, region_code=region, on=on, user=user, highlight=highlight)
    return load_workbook(io.BytesIO(as_bytes(book))), account


def row(book: Workbook, number: int) -> list[Any]:
    return [cell.value for cell in book.worksheets[0][number]]


def test_the_elderly_in_the_form_s_own_manner(street: Street) -> None:
    book, account = filled(elderly())
    assert account.rows == 2
    assert row(book, 5) == [
        1, "郭老汉", "1-男", "1949-10-01", "北京", "北京市", "延庆区", "初中", None, None, "否", None,
    ]  # fmt: skip
    assert row(book, 6)[1:4] == ["韩玉梅", "2-女", "1952-02-02"]
    page = book.worksheets[0]
    assert page["B2"].value == "香水园街道东外社区"
    assert page["I2"].value == "填表日期：2026年11月1日"
    assert page["A7"].value == "填表人："


def test_a_list_grows_and_the_footer_goes_down_with_its_format(street: Street) -> None:
    form = elderly()
    form.worksheets[0]["A1"] = "实有人口花名册"
    form.worksheets[0].title = "名册"
    book, account = filled(form)
    page = book.worksheets[0]
    assert account.rows == 4
    assert [page.cell(r, 2).value for r in range(5, 9)] == ["郭老汉", "韩玉梅", "郭建军", "苏外来"]
    assert page["A9"].value == "填表人："
    assert page["K9"].value == "=COUNTA(B5:B8)"
    assert page.row_dimensions[9].height == 33
    assert "F9:H9" in {str(one) for one in page.merged_cells.ranges}
    assert page["B8"].border.left.style == "thin"
    rules = {r.formula1: str(r.sqref) for r in page.data_validations.dataValidation}
    assert rules['"1-男,2-女"'] == "C5:C8"


def test_hints_are_replaced_by_rows_and_manners_followed(street: Street) -> None:
    book, _account = filled(hinted())
    page = book.worksheets[0]
    assert [cell.value for cell in page[2]] == [
        "郭老汉", "110229194910010016", "19491001", "0", "常住人口", None,
    ]  # fmt: skip
    assert [cell.value for cell in page[4]][5] == "残疾人,低保"
    assert [cell.value for cell in page[5]][3:5] == ["1", "流动人口"]
    assert not page["A2"].font.italic
    assert book.worksheets[1]["A1"].value


def test_the_guardian_s_and_the_addresses_own_values(street: Street) -> None:
    form = plain(
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
            "残疾类别",
            "残疾等级",
            "残疾证号",
        ],
        "重残人员名单",
    )
    book, account = filled(form)
    assert account.rows == 1
    assert row(book, 3) == [
        "郭建军", "110229197803030038", "13900000003", "北京市延庆区香水园街道新兴小区12号楼3单元501室", "102100",
        "北京市延庆区香水园街道新兴小区12号楼3单元501室", "102100", "郭老汉", "110229194910010016", "13900000001",
        "智力残疾", "二级", "11022919780303003852",
    ]  # fmt: skip


def test_a_lodger_s_hukou_is_elsewhere(street: Street) -> None:
    form = plain(["姓名", "户籍地址", "邮编", "流入原因", "流入时间", "居住证号"], "流动人口登记表")
    book, account = filled(form)
    assert account.rows == 1
    assert row(book, 3) == [
        "苏外来", "河北省张家口市怀来县沙城镇和平街7号", "075400", "务工", "2024-03-05", "J110000123",
    ]  # fmt: skip


def test_homes_with_their_owners(street: Street) -> None:
    form = plain(
        ["序号", "出租房地址", "房东姓名", "身份证号码", "联系电话", "月租金（元）", "出租面积", "实住人数"],
        "出租房屋登记表",
    )
    book, _account = filled(form)
    assert row(book, 3) == [
        1, "新兴小区12号楼3单元602室", "葛房东", "11022919660606003X", "13900000009", 2300, 61.5, 1,
    ]  # fmt: skip


def test_low_income_households_in_one_go(street: Street) -> None:
    form = plain(
        ["序号", "户主姓名", "户主身份证号", "家庭人口", "救助人数", "低保金额", "低保证号"], "低保户花名册"
    )
    book, _account = filled(form)
    assert row(book, 3) == [1, "郭老汉", "110229194910010016", 3, 1, 1320, "D2020-088"]


def test_aid_of_the_country_lists_nobody_of_a_town(street: Street) -> None:
    heads = ["姓名", "身份证号", "保障金额"]
    town, account = filled(plain(heads, "城市低保对象花名册"))
    assert account.rows == filled(plain(heads, "低保对象花名册"))[1].rows > 0
    assert town.worksheets[0]["A3"].value
    assert filled(plain(heads, "农村低保对象花名册"))[1].rows == 0


def test_what_no_option_says_stays_blank_and_is_told(street: Street) -> None:
    form = plain(["姓名", "身份证号", "民族", "职业"], "老年人名单")
    choices(form.active, "C", '"汉族,回族"', 3, 9)
    choices(form.active, "D", '"教师,工人"', 3, 9)
    book, account = filled(form)
    assert row(book, 3)[2:] == ["汉族", None]
    assert row(book, 4)[2] is None
    assert account.columns[2].problems == {"下拉选项中没有“满族”": 1}
    assert account.columns[2].blank == 1


def test_cells_with_a_date_format_get_real_dates(street: Street) -> None:
    form = plain(["姓名", "身份证号", "出生日期"], "老年人名单")
    for number in range(3, 6):
        form.active.cell(number, 3).number_format = "yyyy/m/d"
    book, _account = filled(form)
    cell = book.worksheets[0]["C3"]
    assert cell.value.date() == date(1949, 10, 1)
    assert cell.number_format == "yyyy/m/d"


def test_as_of_an_earlier_day(street: Street) -> None:
    _book, account = filled(plain(["姓名", "身份证号", "年龄"], "实有人口名册"), on=date(2020, 1, 1))
    assert account.rows == 3


def test_members_beyond_a_card_s_rows_go_on_in_its_shape(street: Street) -> None:
    form = laid(
        [
            ["居民家庭情况登记表", None, None, None, None],
            ["户主姓名", None, "联系电话", None, None],
            ["户主身份证号", None, "家庭人口", None, None],
            ["家庭成员", "姓名", "性别", "与户主关系", "出生日期"],
            [None, None, None, None, None],
            [None, None, None, None, None],
            ["社区意见", None, None, None, None],
        ],
        "A1:E1 D2:E2 D3:E3 A4:A6 B7:E7",
    )
    HouseholdMember.objects.create(
        region_code=street.household.region_code,
        household=street.household,
        person=street.lodger,
        relation="97",
        period=DateRange(date(2024, 1, 1), None),
    )
    book, account = filled(form)
    whole = next(page for page in book.worksheets if page["B2"].value == "郭老汉")
    more = book.worksheets[book.index(whole) + 1]
    assert account.continued == [more.title]
    assert more.title == f"{whole.title}续表1"
    names = [page.cell(row, 2).value for page in (whole, more) for row in (5, 6)]
    assert names == ["韩玉梅", "郭建军", "苏外来", None]
    assert [more.cell(6, column).value for column in range(2, 6)] == [None] * 4
    assert more["B2"].value == "郭老汉"
    assert {str(one) for one in more.merged_cells.ranges} == {str(one) for one in whole.merged_cells.ranges}
    assert account.rows == len(account.ids) == len(book.worksheets) - 1


def test_more_cards_than_a_workbook_holds_come_as_a_zip(
    street: Street, cast: Characters, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.ledgers.actions import fill_form, upload_form
    from linli.ledgers.filling import packing

    monkeypatch.setattr(packing, "MOST_CARDS", 1)
    card = laid(
        [
            ["老年人信息卡", None, None, None],
            ["姓名", None, "性别", None],
            ["身份证号", None, "民族", None],
            ["联系电话", None, "文化程度", None],
        ],
        "A1:D1",
    )
    upload = upload_form(acting_user=cast.worker, name="老人卡.xlsx", data=as_bytes(card))
    made = fill_form(acting_user=cast.worker, upload=upload, region_code=COMMUNITY, on=ON)
    assert (made.rows, made.download_name) == (2, "老人卡（已填）.zip")
    assert made.file.name.endswith(".zip")
    with made.file.open("rb") as stored, zipfile.ZipFile(stored) as package:
        books = {name: load_workbook(io.BytesIO(package.read(name))) for name in package.namelist()}
    index = books.pop("目录.xlsx").worksheets[0]
    assert {row[1] for row in index.iter_rows(min_row=2, values_only=True)} == {"郭老汉", "韩玉梅"}
    assert list(books) == ["老年人信息卡（第1—1张）.xlsx", "老年人信息卡（第2—2张）.xlsx"]
    assert {one.worksheets[0]["B2"].value for one in books.values()} == {"郭老汉", "韩玉梅"}
    assert all(SHEET in one.sheetnames for one in books.values())
    assert made.filled_cells == 12
    assert set(
        DisclosedPerson.objects.filter(disclosure=made.disclosure_id).values_list("person_id", flat=True)
    ) == {street.head.pk, street.wife.pk}
    alone = fill_form(acting_user=cast.worker, upload=upload, region_code=COMMUNITY, on=ON, who="韩玉梅")
    assert (alone.rows, alone.suffix) == (1, ".xlsx")
    monkeypatch.setattr(packing, "MOST_PACKED", 1)
    with pytest.raises(RuleError, match="超过 1 个"):
        fill_form(acting_user=cast.worker, upload=upload, region_code=COMMUNITY, on=ON)


def test_totals_are_compared_with_their_parts(street: Street) -> None:
    def table(*bands: str) -> Workbook:
        return laid(
            [
                ["常住人口年龄统计表", None, None, None],
                ["年龄段", "合计", "男", "女"],
                *[[name, None, None, None] for name in bands],
            ],
            "A1:D1",
        )

    book, account = filled(table("合计", "0-17岁", "18-59岁", "60岁及以上", "其中：80岁以上"))
    page = book.worksheets[0]
    assert page["B3"].value == sum(page.cell(row, 2).value for row in (4, 5, 6))
    assert (account.checked, account.differing) == (3 + 5, [])
    book, account = filled(table("0-17岁", "60岁及以上", "合计"))
    page = book.worksheets[0]
    parts = sum(page.cell(row, 2).value for row in (3, 4))
    assert page["B5"].value > parts
    assert account.differing[0] == (
        f"B5（合计·合计）填的是 {page['B5'].value}，各项加起来是 {parts}：有没登记年龄的，或者不在表列的各项里"
    )


def test_formulas_in_the_rows_are_carried_on(street: Street) -> None:
    form = plain(["姓名", "身份证号", "年龄"], "实有人口名册", rows=2)
    form.active["C3"] = "=LEN(B3)"
    book, _account = filled(form)
    assert [book.worksheets[0].cell(r, 3).value for r in (3, 4, 6)] == ["=LEN(B3)", "=LEN(B4)", "=LEN(B6)"]


def test_text_that_looks_like_a_formula_stays_text(street: Street) -> None:
    street.head.employer = "=HYPERLINK(1)"
    street.head.save()
    form = plain(["姓名", "身份证号", "工作单位"], "老年人名单")
    terms = words()
    found = recognise(pictures(form), terms)
    fill(form, found, terms, region_code=COMMUNITY, on=ON, user=SYSTEM)
    assert form.active["C3"].data_type == "s"


def test_nobody_fills_outside_their_area(street: Street, cast: Characters) -> None:
    form = plain(["姓名", "身份证号", "年龄"], "老年人名单")
    _book, account = filled(form, user=cast.worker, region=STREET)
    assert account.rows == 2
    for user in (cast.neighbour, cast.administrator, cast.stranger, cast.department):
        with pytest.raises(RuleError):
            filled(plain(["姓名", "身份证号", "年龄"], "老年人名单"), user=user, region=COMMUNITY)


def test_sensitive_groups_need_their_own_permission(
    street: Street, cast: Characters, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.access.models import Permission, User

    held = User.scopes
    monkeypatch.setattr(
        User, "scopes", lambda self, p: () if p == Permission.VIEW_SENSITIVE_GROUPS else held(self, p)
    )
    with pytest.raises(RuleError, match="敏感人群"):
        filled(plain(["姓名", "身份证号"], "残疾人名单"), user=cast.worker)
    book, account = filled(plain(["姓名", "身份证号", "是否低保"], "实有人口名册"), user=cast.worker)
    assert account.columns[2].target == "withheld"
    assert row(book, 3)[2] is None


def test_the_account_is_added_behind_the_form(street: Street) -> None:
    form = elderly()
    terms = words()
    found = recognise(pictures(form), terms)
    account = fill(form, found, terms, region_code=COMMUNITY, on=ON, user=SYSTEM)
    add_notes(form, found, account, region="东外社区", on=ON, user="陈小静")
    assert form.sheetnames == ["老人名册", "省份", SHEET]
    assert form.active.title == "老人名册"
    said = {r[1].value: r for r in form[SHEET].iter_rows(min_row=6)}
    assert said["宗教信仰"][2].value == "不代填"
    assert "民族宗教" in said["宗教信仰"][8].value


def test_blanks_are_coloured_only_when_wanted(street: Street) -> None:
    book, _account = filled(elderly(), highlight=True)
    assert book.worksheets[0]["I5"].fill.fgColor.rgb.endswith("FFF4CC")
    book, _account = filled(elderly())
    assert book.worksheets[0]["I5"].fill.fgColor.rgb in ("00000000", None)


def test_the_preview_is_masked(street: Street) -> None:
    _book, account = filled(plain(["姓名", "身份证号", "联系电话"], "老年人名单"))
    assert account.preview[0][0] == "郭老汉"
    assert "110229194910010016" not in str(account.preview)
    assert "13900000001" not in str(account.preview)


def test_disclosure_names_every_person(street: Street, cast: Characters) -> None:
    from linli.ledgers.actions import fill_form, upload_form

    data = as_bytes(plain(["姓名", "身份证号"], "老年人名单"))
    upload = upload_form(acting_user=cast.worker, name="老人.xlsx", data=data)
    made = fill_form(acting_user=cast.worker, upload=upload, region_code=COMMUNITY, on=ON)
    shown = Disclosure.objects.get(pk=made.disclosure_id)
    assert shown.purpose == "填表：老年人名单"
    assert set(DisclosedPerson.objects.filter(disclosure=shown).values_list("person_id", flat=True)) == {
        street.head.pk,
        street.wife.pk,
    }


@pytest.mark.parametrize(
    ("code", "options", "expected"),
    [
        ("02", ("101-本人", "102-户主"), "102-户主"),
        ("12", ("户主", "配偶", "子女"), "配偶"),
        ("22", ("户主", "配偶", "子女"), "子女"),
        ("38", ("户主", "配偶", "子女"), None),
        ("51", ("配偶父母", "父母"), "父母"),
        ("42", ("子女", "孙子（女）", "外孙（女）"), "孙子（女）"),
        ("44", ("子女", "孙子（女）", "外孙（女）"), "外孙（女）"),
        ("99", ("户主", "其他"), None),
    ],
)
def test_kinship_in_coarser_words(code: str, options: tuple[str, ...], expected: str | None) -> None:
    assert fit_code(codes.KINSHIP, code, options) == expected


def test_other_lists_in_coarser_words() -> None:
    assert fit_code(codes.MARITAL, "21", ("未婚", "已婚", "离婚", "丧偶")) == "已婚"
    assert fit_code(codes.EDUCATION, "41", ("小学", "初中", "高中\\中专", "大专")) == "高中\\中专"
    assert fit_code(codes.EDUCATION, "44", ("小学", "高中\\中专", "大专")) == "高中\\中专"
    assert fit_code(codes.EDUCATION, "70", ("小学", "初中", "高中")) == "初中"
    assert fit_code(codes.POLITICAL, "01", ("群众", "中国共产党党员")) == "中国共产党党员"
    assert fit_code(codes.ETHNIC, "11", ("汉", "满")) == "满"
    assert fit_code(codes.INFLOW_REASON, "01", ("务工经商", "投亲靠友")) == "务工经商"
    assert fit_code(codes.HEALTH, "10", ("健康", "体弱")) == "健康"
    assert fit_text("北京市", ("北京", "上海")) == "北京"
    assert fit_text("延庆区", ("延庆县",)) is None


def test_other_words_for_the_same_are_written() -> None:
    places = ("01-宾馆", "25-企事业单位内部", "31-居民家中", "42-临时工棚", "43-水上船舶")
    assert fit_code(codes.DWELLING_TYPE, "05", places) == "25-企事业单位内部"
    assert fit_code(codes.DWELLING_TYPE, "04", places) == "31-居民家中"
    assert fit_code(codes.DWELLING_TYPE, "06", places) == "42-临时工棚"
    assert fit_code(codes.INFLOW_REASON, "04", ("求学入托", "投亲靠友")) == "求学入托"


def test_a_group_is_found_behind_its_ending_and_never_in_another_s_name() -> None:
    assert fit_group("三无人员", ("特困职工", "三无对象")) == "三无对象"
    assert fit_group("低保", ("低保边缘户", "低保户")) == "低保户"
    assert fit_group("低保", ("低保边缘户", "特困")) is None


def test_a_narrower_kind_is_never_written() -> None:
    assert fit_code(codes.HEALTH, "31", ("健康", "冠心病", "高血压")) is None
    assert fit_code(codes.DWELLING_TYPE, "02", ("01-宾馆", "02-公寓")) is None
    assert fit_code(codes.INFLOW_REASON, "01", ("01-内部单位合同工", "03-建筑民工")) is None


@pytest.mark.parametrize(
    ("shape", "text"),
    [("YYYY-MM-DD", "2008-03-05"), ("YYYYMMDD", "20080305"), ("YYYY/MM/DD", "2008/3/5"), ("YYYY年M月D日", "2008年3月5日"),
     ("YYYY-MM", "2008-03"), ("YYYY.MM", "2008.03")],
)  # fmt: skip
def test_date_shapes(shape: str, text: str) -> None:
    assert write_date(date(2008, 3, 5), shape) == text


def test_references_follow_rows_put_in() -> None:
    assert shift_formula("=SUM(D5:D9)+E12", "表", 10, 3) == "=SUM(D5:D12)+E15"
    assert shift_formula("=D9+别表!A20+表!A20", "表", 10, 3) == "=D9+别表!A20+表!A23"
    assert shift_formula("=SUM($D$2:$D$4)", "表", 10, 3) == "=SUM($D$2:$D$4)"
