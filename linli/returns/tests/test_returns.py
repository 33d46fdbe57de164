"""Filled rosters come back: what agrees changes nothing, what is new is taken, what contradicts is asked about."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from linli.access import sealed_files
from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.jobs import actions as jobs
from linli.ledgers.actions import fill_form, upload_form
from linli.ledgers.models import ValueChoice
from linli.ledgers.tests import sheets
from linli.ledgers.tests.street import ON, Street, build
from linli.ledgers.value_actions import set_values
from linli.regions import names
from linli.regions.models import Region
from linli.registry.groups.models import Membership
from linli.registry.matching.tests.test_merging import everything
from linli.registry.people.models import Person, Residence
from linli.registry.sources import knowing
from linli.registry.sources.models import Claim, ClaimState
from linli.returns import actions, reading, rules
from linli.returns.jobs import APPLY, PREVIEW
from linli.returns.models import Return, SenderColumn, State

FORMS = Path(__file__).resolve().parents[3].parent / "shared" / "forms"
# The roster shapes whose rows come back.
SHAPES = (
    "001",
    "002",
    "003",
    "004",
    "005",
    "006",
    "007",
    "008",
    "009",
    "010",
    "011",
    "012",
    "015",
    "016",
    "017",
    "018",
    "020",
    "025",
    "032",
    "033",
    "037",
    "041",
    "042",
)


@pytest.fixture
def street(db: Any) -> Street:
    made = build()
    names.forget()
    return made


@pytest.fixture
def who(street: Street) -> Characters:
    return characters()


def send(
    who: Characters, book: Workbook | bytes, *, name: str = "名册.xlsx", source: str = "civil", **more: Any
) -> Return:
    given: dict[str, Any] = {
        "acting_user": who.worker,
        "name": name,
        "data": book if isinstance(book, bytes) else sheets.as_bytes(book),
        "region": Region.objects.get(region_code=COMMUNITY),
        "sender": "延庆区民政局",
        "source": knowing.kind(source),
        "on": ON,
    }
    return actions.upload_return(**(given | more))


def roster(headings: list[str], *rows: list[Any], title: str = "居民花名册") -> Workbook:
    book = sheets.plain(headings, title, rows=len(rows))
    page = book.active
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            page.cell(number, column, value)
    return book


def look(who: Characters, returned: Return) -> dict[str, list[dict[str, Any]]]:
    made = actions.preview_return(acting_user=who.worker, return_id=returned.pk)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in made.rows:
        found.setdefault(row["kind"], []).append(row)
    return found


def said(found: dict[str, list[dict[str, Any]]]) -> list[Any]:
    """What differs, for a failing test."""
    return [
        (row["who"], row["changes"], row["problems"])
        for kind, rows in found.items()
        for row in rows
        if kind != rules.SAME
    ]


def aside(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """The base without the rosters and forms themselves, and without what sources said."""
    return {
        table: listed
        for table, listed in rows.items()
        if not table.startswith(("returns_", "ledgers_", "sources_"))
    }


def test_a_filled_form_that_comes_back_unchanged_changes_nothing(who: Characters) -> None:
    """What Linli fills it can read back: no new, changed or contradicting row, and not one row of the base differs."""
    form = upload_form(acting_user=who.worker, name="老人.xlsx", data=sheets.as_bytes(sheets.elderly()))
    filled = fill_form(acting_user=who.worker, upload=form, region_code=COMMUNITY, on=ON)
    with filled.file.open("rb") as stored:
        returned = send(who, stored.read())
    before = aside(everything())
    found = look(who, returned)
    assert set(found) <= {rules.SAME}, said(found)
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    assert aside(everything()) == before


@pytest.mark.skipif(not FORMS.is_dir(), reason="the real forms are not beside this checkout")
@pytest.mark.parametrize("shape", SHAPES)
def test_the_real_shapes_come_back_unchanged(who: Characters, shape: str) -> None:
    (path,) = FORMS.glob(f"{shape}_*.xlsx")
    form = upload_form(acting_user=who.worker, name=path.name, data=path.read_bytes())
    if not form.recognition.fillable:
        pytest.skip("not a form that is filled by itself")
    filled = fill_form(acting_user=who.worker, upload=form, region_code=COMMUNITY, on=ON)
    if not filled.rows:
        pytest.skip("nobody of this kind in the made-up community")
    with filled.file.open("rb") as stored:
        returned = send(who, stored.read(), name=path.name)
    before = aside(everything())
    found = look(who, returned)
    assert set(found) <= {rules.SAME}, said(found)
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    assert aside(everything()) == before


def test_what_a_roster_says_is_taken_and_blanks_never_erase(who: Characters, street: Street) -> None:
    book = roster(
        ["序号", "姓名", "身份证号", "性别", "文化程度", "工作单位", "联系电话", "民族"],
        [1, "郭建军", "110229197803030038", "男", "大学本科", "", "13911112222", ""],
        [2, "苏外来", "130730198804040041", "女", "", None, "", "满族"],
    )
    returned = send(who, book)
    found = look(who, returned)
    assert [row["who"] for row in found[rules.CHANGED]] == ["郭建军", "苏外来"]
    shown = {label: (old, new) for row in found[rules.CHANGED] for label, old, new, _word in row["changes"]}
    assert shown["手机号码"] == ("139****0003", "139****2222")
    street.son.refresh_from_db()
    assert street.son.phone == "13900000003"  # a preview changes nothing
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    street.son.refresh_from_db()
    street.lodger.refresh_from_db()
    assert (street.son.phone, street.son.education[:1], street.son.employer) == (
        "13911112222",
        "2",
        "世园公司",
    )
    assert (street.lodger.ethnic, street.lodger.employer) == ("11", "小吃店")
    assert Event.objects.filter(target_id=street.son.pk, reason__contains="延庆区民政局").exists()
    again = send(who, book)
    assert set(look(who, again)) == {rules.SAME}


def test_the_less_reliable_is_asked_about_and_identity_never_changed(who: Characters, street: Street) -> None:
    book = roster(
        ["姓名", "身份证号", "文化程度", "出生日期"],
        ["郭建军", "110229197803030038", "高中", "1978-03-04"],
        ["郭老汉儿", "110229194910010016", "", ""],
    )
    returned = send(who, book, source="self")
    found = look(who, returned)
    assert [row["who"] for row in found[rules.CONFLICT]] == ["郭建军", "郭老汉"]
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    street.son.refresh_from_db()
    assert street.son.birth_date == date(1978, 3, 3)
    waiting = Claim.objects.filter(state=ClaimState.CONFLICT).values_list("person__name", "element")
    assert set(waiting) == {("郭建军", "education"), ("郭建军", "birth_date"), ("郭老汉", "name")}


def test_group_rosters_bring_class_level_and_certificate(who: Characters, street: Street) -> None:
    Membership.objects.filter(group__code="disabled").delete()
    book = roster(
        ["姓名", "身份证号码", "残疾类别", "残疾等级", "残疾证号"],
        ["郭建军", "110229197803030038", "肢体残疾", "二级", "11022919780303003842"],
        title="残疾人花名册",
    )
    returned = send(who, book)
    found = look(who, returned)
    assert len(found[rules.CHANGED]) == 1, found
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    member = Membership.objects.get(person=street.son, group__code="disabled")
    assert (member.certificate, member.evidence.startswith("延庆区民政局")) == ("11022919780303003842", True)
    assert member.group.level_label(member.level_code) == "二级"


def test_newcomers_are_registered_where_the_form_says_they_live(who: Characters, street: Street) -> None:
    number = "110119199001010018"
    from linli.kernel.citizen_number import checksum

    number = number[:17] + checksum(number[:17])
    headings = ["姓名", "身份证号", "小区", "楼栋", "单元", "门牌号", "联系电话"]
    book = roster(
        headings,
        ["程新来", number, "新兴小区", "12", "3", "602", "13922223333"],
        ["没地址", "11011919900101003" + checksum("11011919900101003"), "别的小区", "1", "1", "101", ""],
        ["", "", "新兴小区", "12", "3", "602", ""],
        ["号码错", "110119199001010999", "新兴小区", "12", "3", "602", ""],
    )
    returned = send(who, book)
    found = look(who, returned)
    assert [row["who"] for row in found[rules.NEW]] == ["程新来"]
    assert [row["who"] for row in found[rules.UNKNOWN]] == ["没地址"]
    assert ["校验不通过" in row["problems"][0][1] for row in found[rules.WRONG]] == [False, True]
    assert not Person.objects.filter(name="程新来").exists()
    made = actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    person = Person.objects.get(name="程新来")
    assert Residence.objects.get(person=person, kind="living").home == street.let
    assert person.source == "名册 延庆区民政局"
    back = load_workbook(io.BytesIO(sealed_files.read(made.sent_back))).active
    texts = [[cell.value for cell in row] for row in back.iter_rows()]
    assert texts[1][-1] == reading.REASON
    assert [row[0] for row in texts[2:4]] == ["没地址", None]
    assert "库里没有这个人" in texts[2][-1]
    # Put right, it is uploaded again as it is: the same structure.
    back.cell(3, 3, "新兴小区")
    back.cell(3, 4, "12")
    back.cell(3, 5, "3")
    back.cell(3, 6, "501")
    again = send(who, back.parent)
    assert again.fingerprint == returned.fingerprint
    assert [row["who"] for row in look(who, again)[rules.NEW]] == ["没地址"]


def test_rows_without_a_number_are_matched_by_everything_else(who: Characters, street: Street) -> None:
    book = roster(
        ["姓名", "出生日期", "现住址", "文化程度"],
        ["郭建军", "1978-03-03", "新兴小区12号楼3单元501室", "大学本科"],
        ["郭建军", "", "", "高中"],
    )
    found = look(who, send(who, book))
    assert {row["row"]: kind for kind, rows in found.items() for row in rows}[3] in (
        rules.SAME,
        rules.CHANGED,
    )
    assert {row["row"]: kind for kind, rows in found.items() for row in rows}[4] == rules.UNKNOWN


def test_a_number_with_a_slip_is_never_taken_for_somebody_unseen(who: Characters, street: Street) -> None:
    slip = "110229197803030" + "11"
    from linli.kernel.citizen_number import checksum

    book = roster(
        ["姓名", "身份证号", "现住址"], ["郭建军", slip + checksum(slip), "新兴小区12号楼3单元501室"]
    )
    found = look(who, send(who, book))
    (row,) = found[rules.UNSURE]
    assert row["hits"][0][:2] == [street.son.pk, "郭建军"]


def test_homes_come_back(who: Characters, street: Street) -> None:
    book = roster(
        ["小区名称", "楼栋名称", "单元", "门牌号", "房主姓名", "房主电话", "建筑面积", "房屋用途"],
        ["新兴小区", "12号楼", "3单元", "602", "葛房东", "13988887777", "70.5", ""],
        ["新兴小区", "99号楼", "3单元", "602", "甲", "", "", ""],
        title="出租房屋台账",
    )
    returned = send(who, book)
    found = look(who, returned)
    assert [len(found.get(kind, [])) for kind in (rules.CHANGED, rules.UNKNOWN)] == [1, 1], found
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    street.let.refresh_from_db()
    assert (street.let.owner_phone, str(street.let.area)) == ("13988887777", "70.50")


def test_columns_are_picked_once_for_a_sender(who: Characters, street: Street) -> None:
    book = roster(["姓名", "身份证号", "念到几年级"], ["郭建军", "110229197803030038", "高中"])
    returned = send(who, book)
    with pytest.raises(RuleError, match="数据字典"):
        actions.pick_column(acting_user=who.worker, return_id=returned.pk, column=3, element="nothing")
    actions.pick_column(acting_user=who.worker, return_id=returned.pk, column=3, element="education")
    (row,) = look(who, returned)[rules.CHANGED]
    assert row["changes"][0][0] == "文化程度"
    again = send(who, book)
    assert again.recognition.mappings[2].element == "education"
    assert send(who, book, sender="东外社区").recognition.mappings[2].element == ""
    assert SenderColumn.objects.count() == 1
    with pytest.raises(NotPermitted):
        actions.pick_column(acting_user=who.officer, return_id=returned.pk, column=3, element="")


def test_what_is_no_roster_is_refused(who: Characters) -> None:
    for book in (Workbook(), roster(["社区", "总人口", "男", "女"], ["东外", 1, 2, 3], title="人口统计表")):
        with pytest.raises(RuleError) as refused:
            send(who, book)
        assert refused.value.field == "file"
    good = roster(["姓名", "身份证号"], ["郭建军", "110229197803030038"])
    with pytest.raises(RuleError):
        send(who, good, sender=" ")
    with pytest.raises(RuleError):
        send(who, good, acting_user=who.neighbour)
    returned = send(who, good)
    with pytest.raises(RuleError, match="先预览"):
        actions.apply_return(acting_user=who.worker, return_id=returned.pk)


def test_on_the_web_from_upload_to_the_base(who: Characters, street: Street) -> None:
    client = Client()
    client.force_login(who.worker)
    assert client.get("/returns/").status_code == 200
    book = roster(["姓名", "身份证号", "民族"], ["苏外来", "130730198804040041", "满族"])
    data = {
        "region": COMMUNITY,
        "sender": "延庆区民政局",
        "source": str(knowing.kind("civil").pk),
        "on": "2026-11-01",
    }
    assert client.post("/returns/", data).status_code == 422
    answer = client.post("/returns/", data | {"file": SimpleUploadedFile("名册.xlsx", sheets.as_bytes(book))})
    returned = Return.objects.get()
    assert answer["Location"] == returned.get_absolute_url()
    assert "预览会改什么" in client.get(returned.get_absolute_url()).content.decode()
    assert "文化程度" in client.get(f"/returns/{returned.pk}/columns/3/").content.decode()
    client.post(returned.get_absolute_url(), {"do": "preview", "register": "on", "group": "on"})
    page = client.get(returned.get_absolute_url()).content.decode()
    assert "还没有改动库里的内容" in page
    assert "满族" in page
    client.post(returned.get_absolute_url(), {"do": "apply"})
    street.lodger.refresh_from_db()
    assert street.lodger.ethnic == "11"
    assert "已于" in client.get(returned.get_absolute_url()).content.decode()
    assert client.get(f"/returns/{returned.pk}/file").status_code == 404
    client.force_login(who.officer)
    assert client.get(returned.get_absolute_url()).status_code == 404


def test_long_rosters_run_as_jobs(who: Characters, street: Street) -> None:
    book = roster(["姓名", "身份证号", "民族"], ["苏外来", "130730198804040041", "满族"], ["某某", "", ""])
    returned = send(who, book)
    for kind, state in ((PREVIEW, State.PREVIEWED), (APPLY, State.APPLIED)):
        job = jobs.start(
            acting_user=who.worker, kind=kind, title="x", region_code=COMMUNITY, returned=returned.pk
        )
        done = jobs.perform_inline(job)
        assert done.state == "done", done.message
        returned.refresh_from_db()
        assert returned.state == state
    assert done.result_file


def test_a_roster_says_which_residence_permit_somebody_has(who: Characters, street: Street) -> None:
    person = Person.objects.get(name="苏外来")
    book = roster(
        ["姓名", "身份证号", "居住证类型", "居住证号", "居住证有效期至"],
        ["苏外来", person.id_number, "居住证件", "J20260001", "2027-05-01"],
        title="流动人口名册",
    )
    returned = send(who, book, source="police")
    look(who, returned)
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    living = Residence.objects.get(person=person, kind="living", period__endswith=None)
    assert (living.permit_kind, living.permit_number, living.permit_until) == (
        "02",
        "J20260001",
        date(2027, 5, 1),
    )
    assert set(look(who, send(who, book, source="police"))) == {rules.SAME}
    contradicting = roster(
        ["姓名", "身份证号", "居住证类型"], ["苏外来", person.id_number, "未办理"], title="流动人口名册"
    )
    assert "不能是“未办理”" in str(look(who, send(who, contradicting, source="police")))


def test_codes_of_the_form_s_own_are_read_back_as_what_they_mean(street: Street, who: Characters) -> None:
    heads = ["姓名", "身份证号", "政治面貌（1.党员 2.团员 3.群众）"]
    book = sheets.plain(heads, "居民信息表")
    for number, (person, code) in enumerate(((street.head, "1"), (street.wife, "2"), (street.son, "7")), 3):
        book.active.cell(number, 1, person.name)
        book.active.cell(number, 2, person.id_number)
        book.active.cell(number, 3, code)
    made = actions.preview_return(acting_user=who.worker, return_id=send(who, book).pk)
    told = {row["who"]: row for row in made.rows}
    assert told[street.head.name]["kind"] == rules.SAME
    assert [change[1:3] for change in told[street.wife.name]["changes"]] == [["群众", "共青团员"]]
    assert "不在表上的代码里" in str(told[street.son.name]["problems"])


def test_a_sender_s_own_list_is_set_on_the_roster_s_page(street: Street, who: Characters) -> None:
    book = roster(["姓名", "身份证号", "政治面貌"], [street.wife.name, street.wife.id_number, "乙类"])
    sheets.choices(book.active, "C", '"甲类,乙类"', 3, 20)
    returned = send(who, book)
    browser = Client()
    browser.force_login(who.worker)
    address = reverse("returns:values", args=[returned.pk, 3])
    assert address in browser.get(returned.get_absolute_url()).content.decode()
    assert "甲类" in browser.get(address).content.decode()
    assert browser.post(address, {}).status_code == 422
    assert browser.post(address, {"value_03": "乙类"}).status_code == 302
    kept = ValueChoice.objects.get()
    assert (kept.sender, kept.values) == ("延庆区民政局", {"03": "乙类"})
    again = send(who, book)
    assert again.recognition.mappings[2].values == {"03": "乙类"}
    assert "共青团员" in str(look(who, again)[rules.CHANGED][0]["changes"])
    with pytest.raises(RuleError):
        actions.pick_values(acting_user=who.worker, return_id=again.pk, column=9, values={"03": "乙类"})


def test_a_list_that_was_set_is_read_back(street: Street, who: Characters) -> None:
    def roster(word: str) -> Workbook:
        book = sheets.plain(["姓名", "身份证号", "政治面貌"], "居民信息表")
        sheets.choices(book.active, "C", '"甲类,乙类"', 3, 20)
        if word:
            for column, value in enumerate((street.wife.name, street.wife.id_number, word), 1):
                book.active.cell(3, column, value)
        return book

    empty = upload_form(acting_user=who.worker, name="空表.xlsx", data=sheets.as_bytes(roster("")))
    set_values(
        acting_user=who.worker,
        upload=empty,
        column=empty.recognition.mappings[2].key,
        values={"01": "甲类", "02": "甲类", "03": "乙类"},
    )

    def row(word: str) -> dict[str, Any]:
        made = actions.preview_return(acting_user=who.worker, return_id=send(who, roster(word)).pk)
        return next(one for one in made.rows if one["who"] == street.wife.name)

    assert [change[1:3] for change in row("乙类")["changes"]] == [["群众", "共青团员"]]
    assert "分成" in str(row("甲类")["problems"])
    street.wife.political = "02"
    street.wife.save()
    assert row("甲类")["kind"] == rules.SAME
