"""Rosters of homes, buildings, estates, organisations, their staff, and households: matched, compared, applied by the rooms'
actions, and safe to run twice."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from linli.access import sealed_files
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.ledgers.tests.street import GRID, Street, build
from linli.regions import names
from linli.registry.lettings.models import Hazard, Letting
from linli.registry.organisations.models import Organisation, Position
from linli.registry.people.models import Household
from linli.registry.places.models import Building, Estate, EstateManagement, Home
from linli.returns import actions, rules
from linli.returns.models import Return
from linli.returns.tests.test_returns import look, roster, send

CODE = "91110229MA01ABCD9X"


@pytest.fixture
def street(db: Any) -> Street:
    made = build()
    names.forget()
    return made


@pytest.fixture
def who(street: Street) -> Characters:
    return characters()


def valid_code(body: str = "91110229MA01ABCD9") -> str:
    """A credit code with its right last character."""
    from stdnum.cn import uscc

    return body + str(uscc.calc_check_digit(body + "0"))


def kinds(found: dict[str, list[dict[str, Any]]]) -> dict[int, str]:
    return {row["row"]: kind for kind, rows in found.items() for row in rows}


def changed(
    found: dict[str, list[dict[str, Any]]], kind: str = rules.CHANGED
) -> dict[str, tuple[str, str, str]]:
    return {
        label: (before, after, word)
        for row in found.get(kind, [])
        for label, before, after, word in row["changes"]
    }


def apply(who: Characters, returned: Return) -> Return:
    return actions.apply_return(acting_user=who.worker, return_id=returned.pk)


def again(who: Characters, book: Any, **more: Any) -> set[str]:
    """What a second sending of the same form would do."""
    return set(look(who, send(who, book, **more)))


LET = [
    "出租房地址",
    "房东姓名",
    "房屋用途",
    "出租房性质",
    "出租用途",
    "限住人数",
    "月租金",
    "承租人",
    "隐患程度",
    "隐患情况",
]


def test_a_roster_of_rented_homes_updates_home_letting_and_hazards(who: Characters, street: Street) -> None:
    book = roster(
        LET,
        [
            "新兴小区12号楼3单元602室",
            "葛房东",
            "住宅",
            "私房",
            "住房",
            4,
            2500,
            "苏外来",
            "一般",
            "厨房电线老化",
        ],
        title="出租房屋登记表",
    )
    returned = send(who, book, name="出租房.xlsx")
    found = look(who, returned)
    said = changed(found)
    assert said["房屋性质"] == ("", "私房", "")
    assert said["月租金（元）"][:2] == ("2300.00", "2500")
    assert "厨房电线老化" in said["隐患"][1]
    assert not Hazard.objects.exists()
    apply(who, returned)
    street.let.refresh_from_db()
    letting = Letting.objects.get()
    assert (street.let.ownership, letting.most, str(letting.rent), letting.tenant_name) == (
        "private",
        4,
        "2500.00",
        "苏外来",
    )
    hazard = Hazard.objects.get()
    assert (hazard.kind, hazard.severity, hazard.found_on) == ("01", "ordinary", returned.on)
    assert Event.objects.filter(verb="lettings.update", reason__contains="延庆区民政局").exists()
    assert again(who, book) == {rules.SAME}


def test_a_home_without_a_letting_gets_one_and_a_new_door_is_added(who: Characters, street: Street) -> None:
    book = roster(
        ["房屋详细地址", "是否出租", "房主姓名", "出租人联系电话", "月租金", "出租时间"],
        ["新兴小区12号楼3单元501室", "是", "郭老汉", "13912345678", 1800, "2026-05-01"],
        ["延庆区香水园街道新兴小区12号楼3单元603室", "否", "马新", "", "", ""],
        ["新兴小区15号楼3单元603室", "否", "马新", "", "", ""],
        title="房屋信息登记表",
    )
    returned = send(who, book)
    found = look(who, returned)
    assert kinds(found) == {3: rules.CHANGED, 4: rules.NEW, 5: rules.UNKNOWN}
    done = apply(who, returned)
    assert not [row["problems"] for row in done.rows if row["problems"] and row["kind"] != "unknown"]
    letting = Letting.objects.get(home=street.home)
    assert (letting.landlord_name, letting.landlord_phone, letting.period.lower) == (
        "郭老汉",
        "13912345678",
        date(2026, 5, 1),
    )
    made = Home.objects.get(full_address="新兴小区12号楼3单元603室")
    assert (made.owner_name, made.floor) == ("马新", 6)
    assert set(kinds(look(who, send(who, book))).values()) == {rules.SAME, rules.UNKNOWN}


def test_an_older_ledger_does_not_overwrite_what_is_known(who: Characters, street: Street) -> None:
    book = roster(
        ["房屋详细地址", "房主姓名", "间数", "产权证号"], ["新兴小区12号楼3单元602室", "葛二", 3, "京房1号"]
    )
    book.active.cell(1, 1, "房屋信息登记表")
    returned = send(who, book, source="ledger", on=date(2020, 1, 1))
    found = look(who, returned)
    said = changed(found)
    assert said["产权证号"] == ("", "京房1号", "")  # nothing was known
    assert said["房主姓名"] == ("葛房东", "葛二", "note")
    apply(who, returned)
    street.let.refresh_from_db()
    assert (street.let.owner_name, street.let.rooms, street.let.certificate) == ("葛房东", 2, "京房1号")
    another = send(who, book, source="ledger", on=date(2020, 1, 1))
    actions.choose_options(acting_user=who.worker, return_id=another.pk, chosen={"override": "on"})
    look(who, another)
    apply(who, another)
    street.let.refresh_from_db()
    assert (street.let.owner_name, street.let.rooms) == ("葛二", 3)


def test_a_community_visit_is_taken_unless_something_newer_is_known(who: Characters, street: Street) -> None:
    from linli.registry.places import actions as places

    Home.objects.filter(pk=street.let.pk).update(updated_at="2020-01-01T00:00:00Z")
    book = roster(
        ["房屋详细地址", "房主姓名", "间数"], ["新兴小区12号楼3单元602室", "葛二", 3], title="房屋信息登记表"
    )
    before = send(who, book, source="visit", on=date(2026, 10, 1))
    assert changed(look(who, before))["间数"] == ("2", "3", "")
    street.let.refresh_from_db()
    places.update_home(acting_user=who.worker, home=street.let, rooms=4)
    after = changed(look(who, before))
    assert after["间数"] == ("4", "3", "note")


BUILDINGS = [
    "小区名称",
    "楼栋名称",
    "楼宇类型",
    "层数",
    "电梯数",
    "是否通燃气",
    "建成年份",
    "建筑结构",
    "物业联系电话",
]


def test_rosters_of_buildings(who: Characters, street: Street) -> None:
    book = roster(
        BUILDINGS,
        ["新兴小区", "12号楼", "普通住宅", 6, 2, "是", 1998, "砖混结构", "69109999"],
        ["新兴小区", "14号楼", "写字楼", 9, 1, "否", 2005, "", ""],
        ["没有的小区", "1号楼", "住宅", 6, 0, "", "", "", ""],
        title="楼宇信息登记表",
    )
    returned = send(who, book)
    assert returned.recognition.subject == "building"
    found = look(who, returned)
    assert kinds(found) == {3: rules.CHANGED, 4: rules.NEW, 5: rules.UNKNOWN}
    done = apply(who, returned)
    one = Building.objects.get(name="12号楼")
    assert (one.lifts, one.has_gas, one.built_year, one.structure) == (2, True, 1998, "4")
    assert EstateManagement.objects.get().phone == "69109999"
    new = Building.objects.get(name="14号楼")
    assert (new.kind, new.floors, new.region_code) == ("office", 9, GRID)
    assert done.sent_back
    assert set(kinds(look(who, send(who, book))).values()) == {rules.SAME, rules.UNKNOWN}


def test_rosters_of_estates(who: Characters, street: Street) -> None:
    book = roster(
        ["小区名称", "小区地址", "管理方式", "物业公司", "物业费标准", "开发商", "室外车位数"],
        ["新兴小区", "延庆区新兴路8号", "物业管理", "安居物业", 1.2, "延庆建设", 80],
        ["安泰里", "湖南路3号", "居民自管", "", "", "", ""],
        title="住宅小区台账",
    )
    returned = send(who, book)
    assert returned.recognition.subject == "estate"
    found = look(who, returned)
    assert kinds(found) == {3: rules.CHANGED, 4: rules.NEW}, found
    apply(who, returned)
    old = Estate.objects.get(name="新兴小区")
    assert (old.developer, old.parking_outdoor, old.address) == ("延庆建设", 80, "新兴路8号")
    assert str(old.managements.get().fee) == "1.20"
    assert Estate.objects.get(name="安泰里").managements.get().way == "self"
    assert again(who, book) == {rules.SAME}


FIRMS = [
    "单位名称",
    "统一社会信用代码",
    "单位地址",
    "法定代表人",
    "从业人数",
    "是否重点单位",
    "治安负责人",
    "所属网格",
]


def test_rosters_of_organisations(who: Characters, street: Street) -> None:
    code = valid_code()
    book = roster(
        FIRMS,
        ["延庆小吃店", code, "新兴小区12号楼3单元602室", "马店主", 5, "是", "马强", ""],
        ["妫水书店", "", "妫水大街1号", "赵书", 2, "否", "", "东外第一网格"],
        ["妫水书店", "", "妫水大街1号", "赵书", 2, "否", "", "东外第一网格"],
        ["代码错的店", "911102290000000000", "", "", "", "", "", ""],
        title="驻区单位登记表",
    )
    returned = send(who, book)
    assert returned.recognition.subject == "organisation"
    found = look(who, returned)
    assert kinds(found) == {3: rules.CHANGED, 4: rules.NEW, 5: rules.WRONG, 6: rules.WRONG}, found
    assert changed(found)["从业人数"] == ("3", "5", "")
    done = apply(who, returned)
    shop = Organisation.objects.get(name="延庆小吃店")
    assert (shop.credit_code, shop.staff, shop.is_key) == (code, 5, True)
    assert Position.objects.get(organisation=shop).name == "马强"
    new = Organisation.objects.get(name="妫水书店")
    assert (new.kind, new.region_code, new.legal_person) == ("resident_unit", GRID, "赵书")
    back = load_workbook(io.BytesIO(sealed_files.read(done.sent_back))).active
    reasons = [row[-1].value for row in back.iter_rows(min_row=3) if row[0].value]
    assert any("同一个单位" in str(one) for one in reasons)
    # The second time the code alone finds it, under another name as well.
    renamed = roster(FIRMS, ["延庆小吃总店", code, "", "", 6, "", "", ""], title="驻区单位登记表")
    said = changed(look(who, send(who, renamed)))
    assert said["从业人数"][:2] == ("5", "6")
    assert said["单位名称"][2].startswith("名称不由名册改")


def test_social_organisations_have_their_own_facts(who: Characters, street: Street) -> None:
    book = roster(
        ["组织名称", "组织类别", "法定代表人", "登记证号码", "成员数", "党员人数", "注册资本"],
        ["东外夕阳红艺术团", "文体类", "钱团长", "备2024-3", 30, 8, 5],
        title="社会组织信息登记表",
    )
    returned = send(who, book)
    found = look(who, returned)
    (row,) = found[rules.NEW]
    assert ["注册资本（万元）", "", "5", "这类单位没有这一项"] in row["changes"]
    apply(who, returned)
    one = Organisation.objects.get(name="东外夕阳红艺术团")
    assert (one.kind, one.social_class, one.members, one.registration_number) == (
        "social",
        "culture",
        30,
        "备2024-3",
    )
    assert rules.NEW not in again(who, book)


def test_organisations_outside_are_not_touched(who: Characters, street: Street) -> None:
    code = valid_code()
    Organisation.objects.create(region_code=NEIGHBOUR, name="川北书店", kind="shop", credit_code=code)
    book = roster(FIRMS, ["川北书店", code, "", "", 9, "", "", ""], title="驻区单位登记表")
    found = look(who, send(who, book))
    (row,) = found[rules.UNKNOWN]
    assert row["record"] is None
    assert "川北" not in str(row["problems"])


STAFF = ["姓名", "身份证号码", "电话号码", "职务", "入职时间", "离职时间", "居住地址"]


def test_rosters_of_staff(who: Characters, street: Street) -> None:
    shop = Organisation.objects.get()
    book = roster(
        STAFF,
        ["苏外来", "130730198804040041", "13900000004", "33-职员", "2025-03-01", "", ""],
        ["外地员工", "", "13922221111", "保安", "2024-01-01", "2025-01-01", ""],
        ["职务怪", "", "", "吉祥物", "", "", ""],
        title="从业人员导入表",
    )
    returned = send(who, book)
    assert returned.recognition.subject == "position"
    assert set(kinds(look(who, returned)).values()) == {rules.UNKNOWN}
    actions.choose_options(
        acting_user=who.worker, return_id=returned.pk, chosen={"organisation": str(shop.pk), "register": "on"}
    )
    found = look(who, returned)
    assert kinds(found) == {3: rules.CHANGED, 4: rules.CHANGED, 5: rules.CHANGED}
    apply(who, returned)
    clerk = Position.objects.get(person=street.lodger)
    assert (clerk.role, clerk.period.lower) == ("clerk", date(2025, 3, 1))
    guard = Position.objects.get(name="外地员工")
    assert (guard.role, guard.phone, guard.period.upper) == ("guard", "13922221111", date(2025, 1, 1))
    second = send(who, book)
    actions.choose_options(
        acting_user=who.worker, return_id=second.pk, chosen={"organisation": str(shop.pk), "register": "on"}
    )
    assert rules.CHANGED not in look(who, second)
    left = roster(
        ["单位名称", *STAFF],
        ["延庆小吃店", "苏外来", "130730198804040041", "", "职员", "", "2026-09-30", ""],
        title="从业人员名册",
    )
    third = send(who, left)
    assert changed(look(who, third))["离职时间"] == ("", "2026-09-30", "")
    apply(who, third)
    clerk.refresh_from_db()
    assert clerk.period.upper == date(2026, 9, 30)


def test_rosters_of_households(who: Characters, street: Street) -> None:
    book = roster(
        ["户主姓名", "户主身份证号", "户号", "家庭人口", "家庭住址", "家庭电话"],
        ["郭老汉", "110229194910010016", "H0012345", 3, "新兴小区12号楼3单元501室", "69101212"],
        ["没有这户", "110229194910010999", "", 2, "", ""],
        title="家庭户花名册",
    )
    returned = send(who, book)
    assert returned.recognition.subject == "household"
    found = look(who, returned)
    assert kinds(found) == {3: rules.CHANGED, 4: rules.UNKNOWN}, found
    assert list(changed(found)) == ["户主固定电话"]
    apply(who, returned)
    street.head.refresh_from_db()
    assert street.head.landline == "69101212"
    assert Household.objects.get().number == "H0012345"
    assert set(kinds(look(who, send(who, book))).values()) == {rules.SAME, rules.UNKNOWN}


def test_deaths_and_departures_are_done_only_when_asked_for(who: Characters, street: Street) -> None:
    book = roster(
        ["姓名", "身份证号", "是否已死亡", "死亡日期", "是否已迁出", "迁出日期", "迁往地"],
        ["韩玉梅", "110229195202020024", "是", "2026-08-08", "", "", ""],
        ["苏外来", "130730198804040041", "", "", "是", "2026-09-09", "河北省张家口市"],
    )
    returned = send(who, book)
    assert kinds(look(who, returned)) == {3: rules.CONFLICT, 4: rules.CONFLICT}
    actions.choose_options(acting_user=who.worker, return_id=returned.pk, chosen={"event": "on"})
    assert kinds(look(who, returned)) == {3: rules.CHANGED, 4: rules.CHANGED}
    apply(who, returned)
    for person in (street.wife, street.lodger):
        person.refresh_from_db()
    assert street.wife.death_date == date(2026, 8, 8)
    gone = street.lodger.residences.get(kind="living", home=street.let)
    assert gone.period.upper == date(2026, 9, 9)


def test_what_does_not_come_back_says_why(who: Characters, street: Street) -> None:
    for headings, title, said in (
        (["社区", "总人口", "男", "女"], "人口统计表", "汇总表"),
        (["日期", "来访人", "诉求内容", "办理结果"], "民生诉求台账", "没有认出"),
    ):
        with pytest.raises(RuleError, match=said):
            send(who, roster(headings, ["东外", 1, 2, 3], title=title))


def test_columns_that_are_only_looked_at_say_why(who: Characters, street: Street) -> None:
    from django.test import Client

    returned = send(who, roster([*LET, "实住人数"], title="出租房屋登记表"))
    client = Client()
    client.force_login(who.worker)
    page = client.get(returned.get_absolute_url()).content.decode()
    assert "由住在这里的居民算出" in page
    assert "库里没有、所在楼栋在册的，新增房屋" in page
    assert COMMUNITY not in page


def test_whose_land_and_what_kind_of_owner_come_back_from_a_roster_of_homes(
    who: Characters, street: Street
) -> None:
    book = roster(
        ["房屋详细地址", "产权人类型", "产权人姓名", "土地凭证", "土地使用权证号", "土地权证发证时间"],
        [
            "新兴小区12号楼3单元602室",
            "法人",
            "延庆区供销社",
            "国有土地使用证",
            "京延国用（2003）第0012号",
            "2003-05-06",
        ],
        title="房屋信息登记表",
    )
    returned = send(who, book)
    look(who, returned)
    apply(who, returned)
    street.let.refresh_from_db()
    home = street.let
    assert (home.owner_kind, home.land_paper, home.land_certificate, home.land_certificate_on) == (
        "unit",
        "state",
        "京延国用(2003)第0012号",
        date(2003, 5, 6),
    )
    assert again(who, book) == {rules.SAME}
