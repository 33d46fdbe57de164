"""A workbook imported into the registry: what comes in, what a second time changes, moves, permissions, deaths on the way."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.db import connection
from django.test import Client, override_settings

from linli.access.models import User
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET, Characters, characters
from linli.audit.models import Disclosure, Event
from linli.audit.recording import SYSTEM, RuleError
from linli.jobs import actions as jobs
from linli.jobs.models import Job, State
from linli.jobs.testing import run_now
from linli.regions import loading
from linli.regions.lookup import by_code
from linli.regions.rules import Division
from linli.registry.groups.models import Membership
from linli.registry.groups.seeds import ensure_groups
from linli.registry.intake.actions import Outcome, import_workbook
from linli.registry.intake.columns import COLUMNS
from linli.registry.intake.exporting import export_homes, export_people
from linli.registry.people import actions as people
from linli.registry.people import standing
from linli.registry.people.models import Household, HouseholdMember, Person, Residence
from linli.registry.places.models import Building, Home

NUMBERS = ("11010519491231002X", "110101198001010010", "110101200505050021", "110101195002020035")


def _numbers() -> tuple[str, ...]:
    from linli.kernel.citizen_number import checksum

    return tuple(n[:17] + checksum(n[:17]) for n in NUMBERS)


N = _numbers()
HOME = {"estate": "和平里", "building": "12号楼", "unit": "3单元", "door": "501"}


def person(number: int, name: str, relation: str = "户主", **more: Any) -> dict[str, Any]:
    return {**HOME, "household": "H1", "relation": relation, "name": name, "id_number": N[number], **more}


FAMILY = [
    person(
        0,
        "王秀英",
        sex="女",
        area="86.5",
        owner_phone="13912348017",
        hukou_place="与现住址一致",
        groups="独居老人",
    ),
    person(1, "李建国", "儿子", phone="13912348018", hukou_place="与现住址一致"),
    person(2, "李小红", "孙女", hukou_place="河南省周口市川汇区", hukou_address="某乡某村", reason="务工"),
]


def workbook(path: Path, rows: list[dict[str, Any]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("居民与房屋")
    sheet.write_row(0, 0, [column.heading for column in COLUMNS])
    for number, row in enumerate(rows, 1):
        for at, column in enumerate(COLUMNS):
            if (value := row.get(column.key, "")) != "":
                sheet.write(number, at, value)
    book.close()
    return path


def make_regions() -> None:
    """The few divisions that the tests name."""
    named = {
        "11": "北京市", "1101": "市辖区", "110119": "延庆区", "110119002": "香水园街道",
        "110119002001": "东外社区居委会", "110119002002": "川北东社区居委会",
        "41": "河南省", "4116": "周口市", "411602": "川汇区",
    }  # fmt: skip
    loading.load(
        SYSTEM, [Division(*one) for one in named.items()], source=loading.NBS, version=loading.NBS_VERSION
    )


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Characters:
    settings.MEDIA_ROOT = tmp_path
    make_regions()
    ensure_groups(acting_user=SYSTEM)
    return characters()


@pytest.fixture
def bring(cast: Characters, tmp_path: Path) -> Any:
    def run(rows: list[dict[str, Any]], *, user: Any = None, region: str = COMMUNITY) -> Outcome:
        return import_workbook(
            acting_user=user or cast.worker, path=workbook(tmp_path / "a.xlsx", rows), region=by_code(region)
        )

    return run


def reasons(outcome: Outcome) -> str:
    return " ".join(w.reason for wrongs in outcome.wrong.values() for w in wrongs)


def test_a_family_comes_in_with_home_household_hukou_and_tags(bring: Any) -> None:
    outcome = bring(FAMILY)
    assert (outcome.new, outcome.rejected, outcome.homes, outcome.households) == (3, 0, 1, 1)
    home = Home.objects.get()
    assert (home.full_address, home.floor, home.owner_phone) == ("和平里12号楼3单元501室", 5, "13912348017")
    head = Person.objects.get(name="王秀英")
    assert (head.id_number, head.standing, head.region_code, head.initials) == (
        N[0],
        "registered",
        COMMUNITY,
        "wxy",
    )
    assert Person.objects.get(name="李小红").standing == "floating"
    assert dict(HouseholdMember.objects.values_list("person__name", "relation")) == {
        "王秀英": "02",
        "李建国": "20",
        "李小红": "42",
    }
    assert Membership.objects.get().group.code == "elderly_alone"
    assert Residence.objects.filter(kind="living", home=home).count() == 3
    assert Event.objects.filter(verb="intake.import", region_code=COMMUNITY).count() == 1


def test_what_is_derived_is_right_at_once(bring: Any) -> None:
    bring(FAMILY)
    assert standing.refresh(None) == 0


def test_a_second_time_changes_nothing(bring: Any) -> None:
    bring(FAMILY)
    before = Event.objects.count()
    again = bring(FAMILY)
    assert (again.new, again.updated, again.unchanged, again.homes, again.homes_updated) == (0, 0, 3, 0, 0)
    assert Event.objects.count() == before
    assert Residence.objects.count() == 6


def test_empty_cells_change_nothing_and_filled_ones_do(bring: Any) -> None:
    bring(FAMILY)
    outcome = bring([{**HOME, "name": "李建国", "id_number": N[1], "employer": "区医院"}])
    assert (outcome.updated, outcome.new) == (1, 0)
    found = Person.objects.get(name="李建国")
    assert (found.employer, found.phone) == ("区医院", "13912348018")
    assert HouseholdMember.objects.filter(person=found).exists()


def test_a_person_who_lived_elsewhere_has_moved(bring: Any) -> None:
    bring(FAMILY)
    there = {"estate": "光明里", "building": "1号楼", "door": "101"}
    outcome = bring([person(1, "李建国", **there, household="H2", moved_in="2026-06-01")])
    assert (outcome.new, outcome.updated, outcome.moved) == (0, 1, 1)
    spells = Residence.objects.filter(person__name="李建国", kind="living").order_by("pk")
    assert [(s.home.door, s.period.lower, s.period.upper) for s in spells] == [
        ("501", None, date(2026, 6, 1)),
        ("101", date(2026, 6, 1), None),
    ]
    assert Event.objects.filter(summary__contains="李建国 迁入").exists()
    assert "迁居" in " ".join(outcome.notes())
    again = bring([person(1, "李建国", **there, household="H2", moved_in="2026-06-01")])
    assert (again.updated, again.moved) == (0, 0)


def test_a_head_who_moves_away_is_followed_by_another(bring: Any) -> None:
    bring(FAMILY)
    bring([person(0, "王秀英", estate="光明里", building="1", door="101", unit="", household="H2")])
    open_heads = HouseholdMember.objects.filter(relation="02", period__endswith__isnull=True)
    assert dict(open_heads.values_list("household__number", "person__name")) == {
        "H1": "李建国",
        "H2": "王秀英",
    }


def test_a_change_of_head(bring: Any) -> None:
    bring(FAMILY)
    outcome = bring([person(0, "王秀英", "母亲"), person(1, "李建国", "户主")])
    assert (outcome.rejected, outcome.updated) == (0, 2)
    now = HouseholdMember.objects.filter(period__endswith__isnull=True)
    assert dict(now.values_list("person__name", "relation")) == {
        "王秀英": "52",
        "李建国": "02",
        "李小红": "42",
    }


def test_another_head_without_a_word_about_the_present_one_is_refused(bring: Any) -> None:
    bring(FAMILY)
    outcome = bring([person(3, "赵大海", "户主")])
    assert "户主是另一个人" in reasons(outcome)
    assert not Person.objects.filter(name="赵大海").exists()


def test_without_number_name_birth_and_home_find_the_person(bring: Any) -> None:
    bring([{**HOME, "name": "王秀英", "birth_date": "1949-12-31"}])
    outcome = bring([{**HOME, "name": "王秀英", "id_number": N[0]}])
    assert (outcome.new, outcome.updated) == (0, 1)
    assert Person.objects.get().id_number == N[0]
    assert bring([{**HOME, "name": "王秀英", "birth_date": "1949-12-31"}]).unchanged == 1


def test_households_without_number_are_found_again(bring: Any) -> None:
    rows = [{**row, "household": ""} for row in FAMILY]
    assert bring(rows).households == 1
    assert bring(rows).households == 0
    assert Household.objects.get().number.startswith(COMMUNITY)


def test_two_heads_no_head_two_homes(bring: Any) -> None:
    rows = [person(0, "王秀英"), person(1, "李建国", "户主"), person(2, "李小红", "孙女", door="502")]
    outcome = bring(rows)
    assert "第 2 行已经是户主" in reasons(outcome)
    assert "写在了不同的房屋" in reasons(outcome)
    assert outcome.new == 1
    assert "没有户主" in reasons(bring([person(3, "赵大海", "儿子", household="H9", door="601")]))


def test_the_corrected_head_completes_the_household(bring: Any) -> None:
    broken = [person(0, "王秀英", phone="1"), *FAMILY[1:]]
    first = bring(broken)
    assert (first.new, first.rejected, first.headless) == (2, 1, 1)
    second = bring([person(0, "王秀英")])
    assert (second.new, second.rejected, second.headless) == (1, 0, 0)
    assert Household.objects.count() == 1


def test_people_of_a_household_whose_head_was_given_back_may_leave_it(bring: Any) -> None:
    bring([person(0, "王秀英", phone="1"), *FAMILY[1:]])
    stays = HouseholdMember.objects.order_by("pk").first()
    assert stays is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL linli.heads_checked = ''"
        )  # a later transaction, in which nobody has looked
        people.leave_household(acting_user=SYSTEM, person_id=stays.person_id, on=date.today())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert HouseholdMember.objects.filter(period__endswith__isnull=True).count() == 1
    assert bring([person(0, "王秀英")]).headless == 0


def test_a_number_known_under_another_name_and_the_dead_are_refused(bring: Any) -> None:
    bring(FAMILY)
    Person.objects.filter(name="李小红").update(death_date=date(2026, 1, 1))
    outcome = bring([person(0, "刘秀英"), person(2, "李小红", "孙女")])
    assert "另一个姓名" in reasons(outcome)
    assert "已去世" in reasons(outcome)


def test_rows_outside_ones_area_are_refused(bring: Any, cast: Characters) -> None:
    outcome = bring([{**FAMILY[0], "community": "川北东社区"}], user=cast.worker, region=STREET)
    assert "不在您负责的区域内" in reasons(outcome)
    with pytest.raises(RuleError, match="没有在"):
        bring(FAMILY, user=cast.worker, region=NEIGHBOUR)
    with pytest.raises(RuleError, match="没有在"):
        bring(FAMILY, user=cast.department)
    assert bring([{**FAMILY[0], "community": "川北东社区"}], user=cast.officer, region=STREET).new == 1


def test_a_household_number_used_elsewhere_is_refused(bring: Any, cast: Characters) -> None:
    bring(FAMILY, user=cast.neighbour, region=NEIGHBOUR)
    outcome = bring([person(3, "赵大海")], user=cast.worker)
    assert "区域以外使用" in reasons(outcome)


def test_buildings_that_are_there_are_used(bring: Any) -> None:
    bring(FAMILY)
    bring([{**HOME, "building": "12", "door": "502"}])
    assert Building.objects.count() == 1
    assert Home.objects.count() == 2


def test_a_tag_gets_its_class_later(bring: Any) -> None:
    bring([{**FAMILY[0], "groups": "残疾人"}])
    assert bring([{**FAMILY[0], "groups": "残疾人（肢体二级）"}]).updated == 1
    found = Membership.objects.get()
    assert (found.class_code, found.level_code) == ("4", "2")


# -- as a job ----------------------------------------------------------------------------------------------


def _upload(client: Client, file: Path | bytes, name: str = "a.xlsx", region: str = COMMUNITY) -> Any:
    content = io.BytesIO(file if isinstance(file, bytes) else file.read_bytes())
    content.name = name
    return client.post("/intake/", {"region": region, "file": content})


@pytest.fixture
def client(cast: Characters) -> Client:
    client = Client()
    client.force_login(cast.worker)
    return client


def test_the_refused_rows_come_back_marked_and_can_be_uploaded_again(client: Client, tmp_path: Path) -> None:
    rows = [FAMILY[0], {**FAMILY[1], "phone": "1391234", "name": "李1"}, FAMILY[2]]
    answer = _upload(client, workbook(tmp_path / "a.xlsx", rows))
    assert answer.status_code == 302
    job = run_now()
    assert (job.state, job.result["counts"][0][1], job.result["counts"][-1][1]) == (State.DONE, 2, 1)
    assert not list((tmp_path / "intake").iterdir())
    marked = tmp_path / job.result_file
    sheet = openpyxl.load_workbook(marked)["居民与房屋"]
    headings = [cell.value for cell in sheet[1]]
    phone = sheet.cell(2, headings.index("手机号码") + 1)
    assert phone.value == "1391234"
    assert phone.fill.fgColor.rgb == "FFFAD7A0"
    assert "应为 11 位" in phone.comment.text
    assert "里有数字" in str(sheet.cell(2, headings.index("退回原因") + 1).value)
    phone.value = "13912348018"
    sheet.cell(2, headings.index("姓名") + 1).value = "李建国"
    book = sheet.parent
    book.save(tmp_path / "b.xlsx")
    _upload(client, tmp_path / "b.xlsx")
    assert run_now().result["counts"][0][1] == 1
    assert Person.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "空"),
        (b"name,id\n", "a.csv", "不是 Excel 文件"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "a.xlsx", "加了密码"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "a.xls", "旧格式"),
        (b"PK\x03\x04 broken", "a.xlsx", "损坏"),
    ],
)
def test_what_is_no_workbook_gets_a_sentence(client: Client, content: bytes, name: str, words: str) -> None:
    answer = _upload(client, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_missing_columns_are_named(client: Client, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "c.xlsx")
    book.add_worksheet("表").write_row(0, 0, ["小区", "楼栋", "性别", "民族"])
    book.close()
    page = _upload(client, tmp_path / "c.xlsx").content.decode()
    assert "“门牌号”、“姓名”" in page


def test_what_is_too_large_is_refused_unread(client: Client) -> None:
    with override_settings(LINLI_UPLOAD_MAX_BYTES=10):
        answer = client.generic(
            "POST", "/intake/", b"x" * 3_000_000, content_type="multipart/form-data; boundary=x"
        )
    assert answer.status_code == 413
    assert "文件太大" in answer.content.decode()


def test_the_token_is_still_asked_for(cast: Characters, tmp_path: Path) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.worker)
    assert _upload(strict, workbook(tmp_path / "a.xlsx", FAMILY)).status_code == 403


def test_the_page_offers_ones_own_regions_only(client: Client, cast: Characters) -> None:
    page = client.get("/intake/").content.decode()
    assert COMMUNITY in page
    assert NEIGHBOUR not in page
    client.force_login(cast.stranger)
    assert client.get("/intake/").status_code == 403


def test_the_template_is_a_workbook_that_can_be_filled(client: Client, tmp_path: Path) -> None:
    answer = client.get("/intake/template")
    (tmp_path / "t.xlsx").write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames[:3] == ["居民与房屋", "填写说明", "示例"]
    assert book["居民与房屋"]["C1"].value == "*小区"
    assert len(book["居民与房屋"].data_validations.dataValidation) > 10
    page = _upload(client, tmp_path / "t.xlsx")
    assert page.status_code == 302
    assert run_now().result["counts"][0][1] == 0


# -- export ------------------------------------------------------------------------------------------------


def test_an_export_masks_and_comes_in_again_unchanged(bring: Any, cast: Characters, tmp_path: Path) -> None:
    bring(FAMILY)
    job = run_now(export_people(acting_user=cast.worker, people=Person.objects.all()))
    assert job.state == State.DONE
    text = json.dumps(
        [[c.value for c in row] for row in openpyxl.load_workbook(tmp_path / job.result_file).active.rows]
    )
    assert N[0] not in text
    assert "110105********002X" in text
    assert not Disclosure.objects.exists()
    again = import_workbook(
        acting_user=cast.worker, path=tmp_path / job.result_file, region=by_code(COMMUNITY)
    )
    assert reasons(again) == ""
    assert (again.unchanged, again.updated, again.new, again.rejected) == (3, 0, 0, 0)


def test_unmasked_exports_need_a_purpose_and_are_recorded(
    bring: Any, cast: Characters, tmp_path: Path
) -> None:
    bring(FAMILY)
    with pytest.raises(RuleError, match="用途"):
        export_people(acting_user=cast.worker, people=Person.objects.all(), unmask=True)
    job = run_now(
        export_people(
            acting_user=cast.worker, people=Person.objects.all(), unmask=True, purpose="疫苗接种通知"
        )
    )
    values = [c.value for row in openpyxl.load_workbook(tmp_path / job.result_file).active.rows for c in row]
    assert N[0] in values
    record = Disclosure.objects.get()
    assert (record.persons, record.purpose, record.channel) == (3, "疫苗接种通知", "export")


def test_nobody_exports_what_they_may_not_see(bring: Any, cast: Characters) -> None:
    bring(FAMILY)
    with pytest.raises(RuleError, match="没有可以导出的内容"):
        export_people(acting_user=cast.neighbour, people=Person.objects.all())
    with pytest.raises(RuleError, match="没有可以导出的内容"):
        export_people(acting_user=cast.administrator, people=Person.objects.all())


def test_homes_come_out_and_in_again(bring: Any, cast: Characters, tmp_path: Path) -> None:
    bring(FAMILY)
    job = run_now(export_homes(acting_user=cast.worker, homes=Home.objects.all()))
    sheet = openpyxl.load_workbook(tmp_path / job.result_file).active
    assert [c.value for c in sheet[2]][2:6] == ["和平里", "12号楼", "3单元", "501"]


# -- deaths ------------------------------------------------------------------------------------------------


@pytest.fixture
def committed(transactional_db: None, settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = tmp_path
    make_regions()
    ensure_groups(acting_user=SYSTEM)
    return characters().worker


def test_a_death_on_the_way_leaves_nothing_and_the_second_run_brings_all(
    committed: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.registry.intake.run import Run

    class Killed(BaseException):
        pass

    def die(self: Any) -> None:
        raise Killed

    (tmp_path / "intake").mkdir()
    workbook(tmp_path / "intake" / "a.xlsx", FAMILY)
    job = jobs.start(
        acting_user=committed,
        kind="intake.import",
        title="导入",
        path="intake/a.xlsx",
        region=COMMUNITY,
        name="a.xlsx",
    )
    with monkeypatch.context() as patch:
        patch.setattr(Run, "_settle", die)
        with pytest.raises(Killed):
            jobs.perform(job.pk)
    assert not Person.objects.exists()
    assert not Home.objects.exists()
    assert Job.objects.get(pk=job.pk).state == State.RUNNING
    done = jobs.perform(job.pk)
    assert done is not None
    assert (done.state, done.attempts) == (State.DONE, 2)
    assert Person.objects.count() == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person GROUP BY id_digest HAVING count(*) > 1")
        assert cursor.fetchall() == []
