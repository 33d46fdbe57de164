"""The pages of a plan as a planner uses them: what was ticked is kept, the map shows what moves, the result tells the people."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.registry.adjustment import actions
from linli.registry.adjustment.base import read_base
from linli.registry.adjustment.rules import Draft
from linli.registry.people.models import Person
from tests.adjustment.street import STREET, buildings, carried_out, head, make_street, plan_of

pytestmark = pytest.mark.django_db
A, B = STREET + "001", STREET + "002"


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_picking_keeps_what_was_ticked_and_the_map_follows_the_plan() -> None:
    today = timezone.localdate()
    make_street(today)
    user = head()
    plan, client = plan_of(user), _client(user)
    picked = buildings("001", today)[:2]
    url = reverse("adjustment:buildings", args=[plan.pk])

    refused = client.post(url, {"pk": picked, "do": "found", "name": ""})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "请填写新社区的名称" in page
    assert {int(pk) for pk in re.findall(r'value="(\d+)" data-pick checked', page)} == set(picked)

    assert client.post(url, {"pk": picked, "do": "move", "to": B}).status_code == 302
    found = re.search(r'<script id="map-data"[^>]*>(.*?)</script>', client.get(url).content.decode(), re.S)
    assert found is not None
    data = json.loads(found[1])
    assert {one["id"] for one in data["buildings"] if one["moved"]} == set(picked)
    sheet = client.get(reverse("adjustment:plan", args=[plan.pk]), {"tab": "map"}).content.decode()
    assert sheet.count('moved"') == 2 * len(picked)

    book = openpyxl.load_workbook(
        BytesIO(b"".join(client.get(reverse("adjustment:plan_export", args=[plan.pk]))))
    )
    assert book.sheetnames == ["社区", "划转楼栋", "说明"]
    moved = list(book["划转楼栋"].values)[1:]
    assert len(moved) == len(picked)
    assert {(row[3], row[4]) for row in moved} == {("东外社区", "川北东社区")}
    listed = list(book["社区"].values)
    assert sum(row[2] for row in listed[1:]) == sum(row[3] for row in listed[1:]) > 0

    # Nothing to bring up to date: the button is not offered for a mere hint.
    client.post(url, {"pk": buildings("001", today)[2:4], "do": "found", "name": "东外南社区"})
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "还没有拟用代码" in page
    assert "按现状整理" not in page


def test_what_was_carried_out_says_how_many_people_moved() -> None:
    today = timezone.localdate()
    make_street(today)
    user = head()
    plan = actions.merge_community(acting_user=user, plan=plan_of(user), key=A, into=B)
    words = _client(user).get(plan.get_absolute_url(), {"tab": "words"}).content.decode()
    assert "为什么这样调整" in words
    assert re.search("东外社区现有 [0-9,]+ 户，[^<]*撤销，并入川北东社区。", words)
    people = Person.objects.filter(region_code__startswith=A).count()
    carried_out(user, plan, today)
    page = _client(user).get(plan.get_absolute_url()).content.decode()
    assert people
    # The division tells where it went, and is no longer among those of today.
    client = _client(user)
    closed = client.get(reverse("region", args=[A])).content.decode()
    assert "停用" in closed
    assert "撤销东外社区" in closed
    assert plan.get_absolute_url() in closed
    assert f'{reverse("region", args=[A])}"' not in client.get(reverse("regions")).content.decode()
    assert f'{reverse("region", args=[A])}"' in client.get(reverse("region", args=[STREET])).content.decode()
    assert f'<div class="value">{people:,}<small>人' in page


def test_what_the_solver_said_is_not_said_of_another_draft() -> None:
    today = timezone.localdate()
    make_street(today)
    user = head()
    plan = plan_of(user)
    first, second = buildings("001", today)[:2]
    proposed = Draft().move(read_base(STREET, today), [first], B)
    plan = actions.put_proposal(acting_user=user, plan=plan, draft=proposed, explanation=["移动 1 栋。"])
    assert plan.explanation == ["移动 1 栋。"]
    plan = actions.move_buildings(acting_user=user, plan=plan, ids=[second], to=B)
    assert plan.explanation == []
    plan = actions.put_proposal(acting_user=user, plan=plan, draft=proposed, explanation=["移动 1 栋。"])
    assert actions.undo(acting_user=user, plan=plan).explanation == []
