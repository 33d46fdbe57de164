# ruff: noqa: F811  fixtures of the import's own tests are used here
"""Every stored fact of people and homes has its column: template → filled → imported → read by the dictionary → taken away again."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.conf import settings as conf
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from linli.access.models import Permission, User
from linli.access.testing import COMMUNITY, Characters
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish, rows
from linli.jobs import actions as jobs
from linli.kernel.scope import Scope
from linli.regions.lookup import by_code
from linli.registry.intake.actions import Outcome, import_workbook
from linli.registry.intake.columns import BY_KEY, COLUMNS, EVERY, match_heading
from linli.registry.intake.exporting import export_people
from linli.registry.intake.further import DATES, FURTHER, HOME_KEYS, PERSON_KEYS, WHOLE
from linli.registry.intake.reading import MOST_COLUMNS
from linli.registry.intake.tests.test_import import FAMILY, cast  # noqa: F401  a fixture
from linli.registry.people.models import Kinship, Person
from linli.registry.places.models import Home

# Columns of the registry that stand on no template, and why.
NOT_ON_TEMPLATES = {
    "person": {
        "id": "the row's own number",
        "death_date": "a death is registered by itself, with what follows from it",
        "verified_on": "said by who looks, not by a list",
        "region_code": "follows from the home",
        "standing": "follows from home and hukou",
        "source": "written by the import itself",
        "created_at": "written by the base",
        "updated_at": "written by the base",
        "initials": "follow from the name",
    },
    "residence": {
        "region_code": "follows from the home",
        "address": "of a place outside; the hukou's stands in 户籍详址",
        "came_from": "written by moving",
        "went_to": "written by moving",
        "home_id": "is the home of the row",
    },
    "home": {
        "id": "the row's own number",
        "region_code": "follows from the building",
        "full_address": "follows from estate, building, unit and door",
        "building_id": "is the building of the row",
        "began_on": "written by dividing",
        "ended_on": "written by dividing",
    },
}
NAMED_OTHERWISE = {"residence": {"station": "hukou_station"}, "person": {}, "home": {"note": "home_note"}}
_STORED = re.compile(r"(?:nullif\()?(?:CASE )?\{t\}\.(\w+)(?:, '')?\)?(?: WHEN .*)?$", re.DOTALL)


@pytest.mark.parametrize("subject", NOT_ON_TEMPLATES)
def test_every_stored_fact_has_a_column_or_a_reason(subject: str) -> None:
    words = dictionary
    stored = {
        match[1]
        for element in words.subject(subject).elements.values()
        if not element.path and (match := _STORED.fullmatch(element.sql.strip()))
    }
    assert len(stored) > 5
    wanted = {NAMED_OTHERWISE[subject].get(one, one) for one in stored - set(NOT_ON_TEMPLATES[subject])}
    assert wanted <= set(BY_KEY), wanted - set(BY_KEY)


def test_no_heading_means_two_columns() -> None:
    seen: dict[str, str] = {}
    for column in EVERY:
        assert match_heading(column.heading) == column.key
        for word in (column.heading, *column.also):
            assert seen.setdefault(word, column.key) == column.key, word


VALUES: dict[str, Any] = {
    "former_name": "王小英", "native_place": "河北省怀来县", "birth_place": "北京市延庆区", "occupation": "中学教师",
    "landline": "010-69101234", "email": "xiuying@example.com", "skills": "书法、合唱", "started_work_on": "1968-07-01",
    "permit_number": "YQ20260012", "permit_until": "2027-06-30", "rooms": "3", "layout": "三室一厅",
    "certificate": "京房权证延字第001122号", "certificate_on": "2008-05-20", "land_certificate": "京延国用2003第12号",
    "land_certificate_on": "2003-05-06", "school_since": "2024", "height": "165", "other_address": "永宁镇阜民街3号",
    "contact_name": "王建军", "contact_phone": "13801234567", "hukou_station": "延庆分局永宁派出所", "permit_on": "2026-03-01",
    "permit_place": "香水园登记站", "owner_address": "东外大街8号", "home_note": "顶层漏过雨",
}  # fmt: skip


def filled(owner: str) -> dict[str, Any]:
    """A row in which every further column says something."""
    found = {**VALUES, "owner_id_number": owner}
    for column in FURTHER:
        if column.codes is not None:
            found[column.key] = column.codes.items[1].label
    assert set(found) == {one.key for one in FURTHER}
    return found


def as_told(key: str, value: str) -> Any:
    """A cell as the dictionary tells it."""
    column = BY_KEY[key]
    if column.codes is not None:
        return column.codes.items[1].code
    if key in DATES:
        return date.fromisoformat(value)
    return int(value) if key in WHOLE else value


@pytest.fixture
def bring(cast: Characters, tmp_path: Path) -> Any:
    def run(lines: list[dict[str, Any]], *, user: Any = None) -> Outcome:
        keys = [key for key in BY_KEY if any(key in line for line in lines)]
        book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
        sheet = book.add_worksheet("居民与房屋")
        sheet.write_row(0, 0, [BY_KEY[key].heading for key in keys])
        for number, line in enumerate(lines, 1):
            sheet.write_row(number, 0, [line.get(key, "") for key in keys])
        book.close()
        return import_workbook(
            acting_user=user or cast.worker, path=tmp_path / "a.xlsx", region=by_code(COMMUNITY)
        )

    return run


def told(subject: str, keys: list[str]) -> dict[str, Any]:
    wish = Wish(subject, (Scope.of(COMMUNITY),), timezone.localdate(), elements=tuple(keys))
    ((_pk, values),) = [one for one in rows(wish) if subject == "home" or one[0] == _head().pk]
    return dict(zip(keys, values, strict=True))


def _head() -> Person:
    return Person.objects.get(name="王秀英")


# What the dictionary says in words stands in the registry as a code.
_PATHS = {"home_note": "note"}


def check(said: dict[str, Any]) -> None:
    """That people and homes hold what the row said, read as lists read it."""
    person = told("person", list(PERSON_KEYS))
    for key in PERSON_KEYS:
        assert person[key] == as_told(key, said[key]), key
    keys = [key for key in HOME_KEYS if _PATHS.get(key, key) in dictionary.subject("home").elements]
    home = told("home", [_PATHS.get(key, key) for key in keys])
    for key in keys:
        value = home[_PATHS.get(key, key)]
        column = BY_KEY[key]
        wanted = {as_told(key, said[key])} | ({column.codes.items[1].label} if column.codes else set())
        assert value in wanted, key
    assert Home.objects.get().note == said["home_note"]


def test_every_further_column_comes_in_is_read_and_goes_out_again(
    bring: Any,
    cast: Characters,
    tmp_path: Path,
) -> None:
    said = filled(FAMILY[1]["id_number"])
    outcome = bring([{**FAMILY[0], **said}, *FAMILY[1:]])
    assert (outcome.new, outcome.rejected) == (3, 0), outcome.wrong
    check(said)
    again = bring([{**FAMILY[0], **said}, *FAMILY[1:]])
    assert (again.updated, again.homes_updated, again.rejected) == (0, 0, 0)
    assert not Person.pgh_event_model.objects.exists()
    assert not Home.pgh_event_model.objects.exists()

    job = export_people(
        acting_user=cast.worker, people=Person.objects.all(), unmask=True, purpose="核对居住证"
    )
    done = jobs.perform_inline(job)
    heads, *lines = openpyxl.load_workbook(Path(conf.MEDIA_ROOT) / done.result_file).active.iter_rows(
        values_only=True
    )
    keys = [match_heading(head) or "" for head in heads]
    row = next(line for line in lines if line[keys.index("name")] == "王秀英")
    may = cast.worker.can(Permission.VIEW_SENSITIVE_GROUPS, COMMUNITY)
    for key, value in said.items():
        if key not in ("health", "self_care", "labour") or may:
            assert str(row[keys.index(key)] or "") == value, key
    masked = export_people(acting_user=cast.worker, people=Person.objects.all())
    book = openpyxl.load_workbook(Path(conf.MEDIA_ROOT) / jobs.perform_inline(masked).result_file)
    text = str(list(book.active.iter_rows(values_only=True)))
    for hidden in (
        said["permit_number"],
        said["landline"].replace("-", ""),
        said["owner_id_number"],
        said["contact_phone"],
    ):
        assert hidden not in text


def test_a_second_list_changes_what_it_says_and_leaves_the_rest(bring: Any) -> None:
    said = filled(FAMILY[1]["id_number"])
    bring([{**FAMILY[0], **said}, *FAMILY[1:]])
    outcome = bring(
        [{**FAMILY[0], "landline": "010-69105678", "permit_until": "2028-01-31", "layout": "四室"}]
    )
    assert (outcome.updated, outcome.homes_updated, outcome.rejected) == (1, 1, 0)
    check({**said, "landline": "010-69105678", "permit_until": "2028-01-31", "layout": "四室"})


def test_whom_to_call_is_one_at_a_time_and_what_was_goes_by(bring: Any) -> None:
    line = {**FAMILY[0], "contact_name": "王建军", "contact_phone": "13801234567", "contact_relation": "子"}
    assert bring([line, *FAMILY[1:]]).new == 3
    (first,) = Kinship.objects.filter(relation="contact")
    assert (first.relative_name, first.relative_phone, first.how) == ("王建军", "13801234567", "20")
    assert bring([line]).updated == 0
    assert bring([{**line, "contact_phone": "13900001111"}]).updated == 1
    first.refresh_from_db()
    assert (first.relative_name, first.relative_phone) == ("王建军", "13900001111")
    first.period = DateRange(date(2020, 1, 1), None)
    first.save()
    outcome = bring([{**FAMILY[0], "contact_name": "李邻居", "contact_phone": "13700002222"}])
    assert (outcome.updated, outcome.rejected) == (1, 0)
    before, now = Kinship.objects.filter(relation="contact").order_by("pk")
    assert (before.period.upper, now.period.lower) == (timezone.localdate(), timezone.localdate())
    assert (now.relative_name, now.how, now.period.upper) == ("李邻居", "", None)


def test_the_station_of_a_hukou_is_put_right_where_it_is(bring: Any) -> None:
    bring([{**FAMILY[0], "hukou_station": "永宁派出所"}, *FAMILY[1:]])
    assert bring([{**FAMILY[0], "hukou_station": "永宁派出所"}]).updated == 0
    assert bring([{**FAMILY[0], "hukou_station": "康庄派出所"}]).updated == 1
    (spell,) = _head().residences.filter(kind="hukou")
    assert spell.station == "康庄派出所"


def test_facts_of_a_home_may_stand_in_any_of_its_rows_but_not_contradict(bring: Any) -> None:
    outcome = bring(
        [{**FAMILY[0], "layout": "两室一厅"}, {**FAMILY[1], "rooms": "2"}, {**FAMILY[2], "layout": "三室"}]
    )
    (wrong,) = [one for faults in outcome.wrong.values() for one in faults]
    assert "同一套房屋的户型与第 2 行写的不一样" in wrong.reason
    home = Home.objects.get()
    assert (home.layout, home.rooms) == ("两室一厅", 2)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("email", "王秀英", "电子邮箱“王秀英”不对"),
        ("rooms", "很多", "应为 1 到 99"),
        ("height", "一米七", "应为 30 到 250"),
        ("school_since", "1949", "应为 1950 到"),
        ("school_since", "1950", "还不到 2 岁"),
        ("contact_phone", "13801234567", "没有写是谁"),
        ("started_work_on", "1950-01-01", "不到 10 岁"),
        ("permit_number", "证号不明", "只有数字和字母"),
        ("owner_id_number", "110105194912310029", "末位都对不上"),
        ("blood_type", "甲型", "不认识的血型"),
        ("certificate_on", "2099-01-01", "晚于今天"),
        ("layout", "大" * 21, "最多 20 个"),
    ],
)
def test_what_cannot_be_is_given_back_with_a_reason(bring: Any, key: str, value: str, reason: str) -> None:
    outcome = bring([{**FAMILY[0], key: value}])
    assert outcome.rejected == 1
    assert reason in " ".join(one.reason for faults in outcome.wrong.values() for one in faults)


def test_a_number_with_the_kind_of_those_who_have_none_is_asked_about(bring: Any) -> None:
    outcome = bring([{**FAMILY[0], "permit_kind": "未办理", "permit_number": "YQ1"}])
    assert "不能是“未办理”" in " ".join(one.reason for faults in outcome.wrong.values() for one in faults)


def test_health_is_only_for_those_who_may_know(bring: Any, cast: Characters, monkeypatch: Any) -> None:
    can = User.can
    monkeypatch.setattr(
        User,
        "can",
        lambda self, permission, *where: (
            permission != Permission.VIEW_SENSITIVE_GROUPS and can(self, permission, *where)
        ),
    )
    outcome = bring([{**FAMILY[0], "health": BY_KEY["health"].codes.items[1].label}])
    assert "没有登记健康情况的权限" in " ".join(
        one.reason for faults in outcome.wrong.values() for one in faults
    )


def test_the_template_with_all_columns_has_them_all(client: Client, cast: Characters, tmp_path: Path) -> None:
    client.force_login(cast.worker)
    for query, wanted in (("", len(COLUMNS)), ("?all=1", len(EVERY))):
        answer = client.get(f"/intake/template{query}")
        target = tmp_path / "t.xlsx"
        target.write_bytes(b"".join(answer.streaming_content))
        heads = [cell.value for cell in openpyxl.load_workbook(target).worksheets[0][1]]
        assert len(heads) == wanted
        assert None not in [match_heading(head) for head in heads]


def test_the_template_with_all_columns_is_narrow_enough_to_come_in_again() -> None:
    given_back = 2  # the number of the row and the reason stand beside the columns
    assert len(EVERY) + given_back <= MOST_COLUMNS
