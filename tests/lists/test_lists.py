"""Lists of one's own: who sees what of them, what cells lead to, what is taken away, what comes by itself."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from linli.access.guard import NotPermitted
from linli.access.models import Post
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, STREET
from linli.audit.models import DisclosedPerson, Disclosure, Event
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.jobs import actions as jobs
from linli.jobs.models import Job, State
from linli.lists import actions, banding, tables
from linli.lists.asking import Question
from linli.lists.models import Bands, Every, SavedList, Schedule
from linli.lists.rules import AxisChoice, Clause, Definition, Filter
from linli.notices.models import Notice
from linli.registry.people.models import Person
from tests.lists.conftest import ON, World

OLD = Definition("person", clauses=(Clause(("aged_60",)),), on=ON)
NUMBERS = OLD.but(columns=("name", "id_number", "phone", "head.name", "head.phone"))


def grid_worker(world: World) -> Any:
    """The neighbour, made a grid worker of the community: no sensitive groups, no exports."""
    post = Post.objects.get(user=world.who.neighbour)
    post.role, post.region_code = Role.GRID_WORKER, COMMUNITY
    post.save()
    return type(world.who.neighbour).objects.get(pk=world.who.neighbour.pk)


def ids(definition: Definition, user: Any) -> set[int]:
    asked = Question(definition, user)
    return {pk for pk, _values in plan.rows(asked.wish(), asked.words)}


def test_rows_are_ones_own_area_and_masked(world: World) -> None:
    mine, streets = ids(OLD, world.who.worker), ids(OLD, world.who.officer)
    assert mine
    assert mine < streets
    people = Person.objects.filter(pk__in=mine)
    assert all(one.region_code.startswith(COMMUNITY) for one in people)
    shown = world.text("worker", f"{reverse('lists:make')}?{NUMBERS.query()}")
    numbers = [one.id_number for one in people if one.id_number]
    phones = [one.phone for one in people if one.phone]
    assert numbers
    assert phones
    assert not [one for one in (*numbers, *phones) if one in shown]
    assert f"{numbers[0][:4]}" in shown
    # Somewhere else is refused, with a sentence.
    there = OLD.but(region="110119002002")
    assert "不在您的权限范围内" in world.text("worker", f"{reverse('lists:make')}?{there.query()}", 422)
    # A department looks at places, not at people.
    world.text("department", f"{reverse('lists:make')}?{OLD.query()}", 422)
    assert "共" in world.text("department", f"{reverse('lists:make')}?subject=home")


SENSITIVE = (
    Definition("person", clauses=(Clause(("in_disabled",)),)),
    Definition("person", clauses=(Clause(("in_disabled",), "none"),)),
    Definition("person", filters=(Filter("health", "filled"),)),
    Definition("person", filters=(Filter("is_disabled", "yes"),)),
    Definition("person", columns=("name", "health")),
    Definition("person", columns=("name", "care_groups")),
    Definition("person", columns=("name", "disabled.certificate")),
    Definition("person", columns=("name", "head.disabled_level")),
    Definition("person", sort="disabled_level"),
    Definition("person", rows=AxisChoice("conditions", "aged_60|in_disabled")),
    Definition("person", across=AxisChoice("element", "disabled_class")),
    Definition("household", clauses=(Clause(("in_disabled",)),)),
)


def test_sensitive_groups_cannot_be_used_in_any_place(world: World) -> None:
    user = grid_worker(world)
    for wanted in SENSITIVE:
        with pytest.raises(RuleError, match="没有权限"):
            Question(wanted, user)
        page = "lists:table" if wanted.is_table else "lists:make"
        world.text("neighbour", f"{reverse(page)}?{wanted.query()}", 422)
        # The worker holds the permission and may.
        Question(wanted, world.who.worker)
    offered = world.text("neighbour", f"{reverse('lists:pick')}?subject=person&kind=condition")
    assert "残疾人" not in offered
    assert "残疾人" in world.text("worker", f"{reverse('lists:pick')}?subject=person&kind=condition")


def test_terms_are_found_by_name_synonym_and_initials(world: World) -> None:
    address = f"{reverse('lists:pick')}?subject=person&kind="
    assert "独自居住" in world.text("worker", f"{address}condition&q=独居")
    assert "公民身份号码" in world.text("worker", f"{address}column&q=身份证")
    assert "低保" in world.text("worker", f"{address}condition&q=db")
    assert "户主 · 姓名" in world.text("worker", f"{address}column&q=姓名")
    assert "没有找到" in world.text("worker", f"{address}column&q=宇宙飞船")
    # What is ticked is in the list that follows.
    answer = world.client("worker").get(f"{address}condition&pick=aged_80&pick=lives_alone&how=any")
    assert answer.status_code == 302
    assert "aged_80%7Clives_alone" in answer["Location"]
    assert "80岁及以上 或 独自居住" in world.text("worker", answer["Location"])


def test_an_element_is_compared_by_a_plain_form(world: World) -> None:
    address = f"{reverse('lists:compare')}?subject=person&path=age"
    assert "在两个数之间" in world.text("worker", address)
    wrong = world.text("worker", f"{address}&op=between&between_v=x&between_v=", 422)
    assert "请填写数字" in wrong
    assert 'value="x"' in wrong
    answer = world.client("worker").get(f"{address}&op=between&between_v=30&between_v=39")
    page = world.text("worker", answer["Location"])
    assert "年龄 30–39岁" in page


def test_every_cell_leads_to_its_rows(world: World) -> None:
    for rows, across in (
        ("band:age:age_usual", "element:sex"),
        ("region:grid", "element:education"),
        ("conditions:in_low_income|in_party|aged_80", "band:age:age_three"),
        ("date:birth_date:year", "conditions:lives_alone"),
        ("element:is_separated", "element:community"),
    ):
        wanted = Definition(
            "person",
            on=ON,
            rows=AxisChoice.read(rows),
            across=AxisChoice.read(across),
            before=date(2020, 1, 1),
        )
        counted = tables.count(Question(wanted, world.who.officer))
        cells = [c for line in (*counted.lines, counted.foot) for c in (*line.cells, line.total)]
        assert len(cells) > 5
        for cell in cells[:: max(1, len(cells) // 12)]:
            for query, value in ((cell.query, cell.value), (cell.before_query, cell.before)):
                assert len(ids(Definition.read(parse_qsl(query)), world.who.officer)) == value
    page = world.text("officer", f"{reverse('lists:table')}?{wanted.query()}")
    link = html.unescape(re.findall(r'<a href="(/lists/new\?[^"]+)"', page)[0])
    assert "共 <b>" in world.text("officer", link)
    answer = world.client("officer").get(f"{reverse('lists:table_file')}?{wanted.query()}")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_names_are_no_axis(world: World) -> None:
    wanted = Definition("person", rows=AxisChoice("element", "id_number"))
    world.text("officer", f"{reverse('lists:table')}?{wanted.query()}", 422)
    many = Definition("person", across=AxisChoice("element", "name"))
    assert "太多" in world.text("officer", f"{reverse('lists:table')}?{many.query()}", 422)


def test_sharing_gives_the_definition_and_ones_own_rows(world: World) -> None:
    kept = actions.save_list(acting_user=world.who.officer, definition=OLD, name="老人", share_in=STREET)
    address = reverse("lists:list", args=[kept.pk])
    mine = world.text("worker", address)
    assert f"共 <b>{len(ids(OLD, world.who.worker))}</b>" in mine
    assert len(ids(OLD, world.who.worker)) < len(ids(OLD, world.who.officer))
    assert "老人" in world.text("worker", reverse("lists:index"))
    world.text("department", address, 404)
    # A sensitive one is not there for those who may not use it, nor is its name.
    disabled = Definition("person", clauses=(Clause(("in_disabled",)),))
    other = actions.save_list(
        acting_user=world.who.officer, definition=disabled, name="残疾人", share_in=STREET
    )
    grid_worker(world)
    world.text("neighbour", reverse("lists:list", args=[other.pk]), 404)
    assert "残疾人" not in world.text("neighbour", reverse("lists:index"))
    assert "老人" in world.text("neighbour", reverse("lists:index"))
    # One's own are one's own to change; names are used once; areas are one's own.
    with pytest.raises(Exception, match="没有找到"):
        actions.save_list(acting_user=world.who.worker, definition=OLD, name="改", list_id=kept.pk)
    with pytest.raises(RuleError, match="已经有"):
        actions.save_list(acting_user=world.who.officer, definition=OLD, name=" 老人 ")
    with pytest.raises(RuleError, match="自己负责的区域"):
        actions.save_list(acting_user=world.who.worker, definition=OLD, name="街道的", share_in=STREET)
    assert world.client("worker").post(reverse("lists:delete", args=[kept.pk])).status_code == 404
    assert world.client("officer").post(reverse("lists:delete", args=[kept.pk])).status_code == 302
    assert not SavedList.objects.filter(pk=kept.pk).exists()
    assert Event.objects.filter(verb="lists.delete").exists()


def _sheet(job: Job) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(Path(settings.MEDIA_ROOT) / job.result_file, read_only=True)
    return list(book["名单"].iter_rows(values_only=True))


def test_taking_away_needs_a_purpose_and_is_recorded(world: World) -> None:
    worker = world.who.worker
    with pytest.raises(RuleError, match="用途"):
        actions.export_list(acting_user=worker, definition=NUMBERS, title="老人")
    user = grid_worker(world)
    with pytest.raises(RuleError, match="没有导出"):
        actions.export_list(acting_user=user, definition=NUMBERS, title="老人", purpose="慰问")
    masked = jobs.perform_inline(
        actions.export_list(acting_user=worker, definition=NUMBERS, title="老人", purpose="慰问")
    )
    people = {one.pk: one for one in Person.objects.filter(pk__in=ids(OLD, worker))}
    numbers = {one.id_number for one in people.values() if one.id_number}
    assert masked.state == State.DONE
    rows = _sheet(masked)
    assert rows[0] == ("序号", "姓名", "公民身份号码", "手机号码", "户主 · 姓名", "户主 · 手机号码")
    assert len(rows) == len(people) + 1
    assert not numbers & {row[2] for row in rows}
    assert not Disclosure.objects.exists()
    full = jobs.perform_inline(
        actions.export_list(acting_user=worker, definition=NUMBERS, title="老人", purpose="慰问", unmask=True)
    )
    assert numbers <= {row[2] for row in _sheet(full)}
    told = Disclosure.objects.get()
    assert (told.purpose, told.user_name) == ("慰问", worker.name)
    assert set(told.elements) == {"person.id_number", "person.phone", "person.head.phone"}
    disclosed = set(DisclosedPerson.objects.values_list("person_id", flat=True))
    assert set(people) <= disclosed
    heads = {
        pk for _id, (pk,) in plan.rows(Question(OLD, worker).wish(elements=["head.id"])) if pk is not None
    }
    assert heads <= disclosed
    # A list of a sensitive group tells of it even without numbers.
    disabled = Definition("person", clauses=(Clause(("in_disabled",)),), columns=("name",), on=ON)
    jobs.perform_inline(
        actions.export_list(acting_user=worker, definition=disabled, title="残疾人", purpose="走访")
    )
    assert Disclosure.objects.order_by("-pk")[0].elements == ["person.in_disabled"]


def test_schedules_come_to_the_inbox_with_a_file(world: World) -> None:
    worker = world.who.worker
    kept = actions.save_list(acting_user=world.who.officer, definition=NUMBERS, name="老人", share_in=STREET)
    page = world.client("worker").post(
        reverse("lists:schedule", args=[kept.pk]), {"every": "weekly", "weekday": "4", "purpose": "每周走访"}
    )
    assert page.status_code == 302
    due = Schedule.objects.get(user=worker)
    assert due.words == "每周四"
    assert actions.start_due(ON) == 0
    assert actions.start_due(due.next_on) == 1
    again = Schedule.objects.get(pk=due.pk)
    assert again.next_on > due.next_on
    assert actions.start_due(due.next_on) == 0
    job = jobs.perform_inline(Job.objects.get(user=worker))
    assert job.state == State.DONE
    assert job.result_file
    assert Notice.objects.filter(user=worker, title__contains="老人（每周四）").exists()
    assert len(_sheet(job)) == len(ids(OLD, worker)) + 1
    # When the list is no longer shared, the receiver hears of it and it ends.
    actions.save_list(acting_user=world.who.officer, definition=NUMBERS, name="老人", list_id=kept.pk)
    assert actions.start_due(again.next_on) == 0
    assert not Schedule.objects.filter(user=worker).exists()
    assert Notice.objects.filter(user=worker, title__contains="没有生成").exists()
    wrong = world.client("officer").post(
        reverse("lists:schedule", args=[kept.pk]), {"every": "monthly", "purpose": "统计"}
    )
    assert wrong.status_code == 422
    assert "请填每月的几日" in wrong.content.decode()
    actions.schedule_list(
        acting_user=world.who.officer, saved_list=kept, every=Every.DAILY, day=1, purpose="统计"
    )
    assert world.client("officer").post(reverse("lists:unschedule", args=[kept.pk])).status_code == 302
    assert not Schedule.objects.exists()


def test_a_table_comes_to_the_inbox_too_and_asks_for_no_purpose(world: World) -> None:
    worker = world.who.worker
    wanted = OLD.but(rows=AxisChoice("region", "community"), across=AxisChoice("element", "sex"))
    kept = actions.save_list(acting_user=worker, definition=wanted, name="老人男女")
    form = world.text("worker", reverse("lists:schedule", args=[kept.pk]))
    assert "多久一次" in form
    assert "用途" not in form
    answer = world.client("worker").post(
        reverse("lists:schedule", args=[kept.pk]), {"every": "monthly", "day": "1"}
    )
    assert answer.status_code == 302
    due = Schedule.objects.get(user=worker)
    assert actions.start_due(due.next_on) == 1
    job = jobs.perform_inline(Job.objects.get(user=worker))
    assert (job.state, job.title) == (State.DONE, "统计表：老人男女（每月 1 日）")
    book = openpyxl.load_workbook(Path(settings.MEDIA_ROOT) / job.result_file)
    rows = list(book["统计表"].iter_rows(values_only=True))
    assert rows[0][-1] == rows[-1][0] == "合计"
    assert rows[-1][-1] == len(ids(OLD, worker))
    assert not Disclosure.objects.exists()


def test_bands_are_made_changed_and_deleted_by_the_administrator(world: World) -> None:
    address = reverse("lists:band_add")
    new = {"what": "person.age", "name": "走访年龄", "edges": "60，70、80 90", "source": "街道走访办法"}
    assert world.client("administrator").post(address, new).status_code == 302
    made = Bands.objects.get(name="走访年龄")
    assert (made.subject, made.path, made.edges) == ("person", "age", [60, 70, 80, 90])
    assert "60–69岁、70–79岁、80–89岁、90岁及以上" in world.text("administrator", reverse("lists:bands"))
    for wrong, said in (
        ({"name": "走访年龄", "edges": "1"}, "请换一个名字"),
        ({"name": "倒着", "edges": "9，3"}, "从小到大"),
        ({"name": "没数", "edges": "老人"}, "请填数字"),
        ({"name": "不是数", "edges": "1", "what": "person.name"}, "分的是什么"),
    ):
        answer = world.client("administrator").post(address, new | wrong)
        assert answer.status_code == 422, wrong
        assert said in answer.content.decode()

    # A kept table follows, and keeps its bands from being deleted.
    wanted = Definition("person", rows=AxisChoice("band", "age", made.key))
    kept = actions.save_list(acting_user=world.who.officer, definition=wanted, name="走访统计")
    edit = reverse("lists:band_edit", args=[made.pk])
    assert "有 1 份保存的统计表在用" in world.text("administrator", edit)
    changed = {"name": "走访年龄", "edges": "60，85", "source": ""}
    assert world.client("administrator").post(edit, changed).status_code == 302
    assert "60–84岁" in world.text("officer", reverse("lists:list", args=[kept.pk]))
    delete = reverse("lists:band_delete", args=[made.pk])
    assert "不能删除" in world.client("administrator").post(delete, follow=True).content.decode()
    actions.delete_list(acting_user=world.who.officer, list_id=kept.pk)
    assert world.client("administrator").post(delete).status_code == 302
    assert not Bands.objects.filter(pk=made.pk).exists()
    assert Event.objects.filter(verb="lists.bands_delete").exists()
    with pytest.raises(NotPermitted):
        banding.save_bands(acting_user=world.who.officer, name="a", edges=(1,), subject="person", path="age")


def test_pages_ask_the_database_a_fixed_number_of_times(
    world: World, django_assert_max_num_queries: Any, settings: Any
) -> None:
    settings.LINLI_BADGE_SECONDS = 600
    client = world.client("officer")
    for name in ("make", "table"):
        address = f"{reverse(f'lists:{name}')}?{OLD.query()}" + (
            "&rows=region:community" if name == "table" else ""
        )
        client.get(address)
        with django_assert_max_num_queries(11):
            assert client.get(address).status_code == 200
