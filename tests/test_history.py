"""History by trigger: what a row was before each change, bulk and raw writes included."""

from __future__ import annotations

import pytest
from django.db import connection

from linli.audit import history
from linli.audit.recording import SYSTEM, action
from linli.registry.people.models import Person

pytestmark = pytest.mark.django_db


def _person() -> Person:
    return Person.objects.create(region_code="110119002001", name="王甲", phone="13800000000")


def test_an_update_inside_an_action_says_who(db: None) -> None:
    person = _person()
    with action(SYSTEM, "people.update") as act:
        person.name = "王乙"
        person.save()
        act.record(person, "改名")
    (change,) = history.changes(person)
    assert (change.label, change.before, change.after, change.user_name) == ("姓名", "王甲", "王乙", "系统")
    assert [e.summary for e in history.events_of(person)] == ["改名"]


def test_bulk_and_raw_updates_are_kept(db: None) -> None:
    person = _person()
    Person.objects.filter(pk=person.pk).update(sex="1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET sex = '2', marital = '20' WHERE id = %s", [person.pk])
    person.refresh_from_db()
    said = [(c.label, c.before, c.after) for c in history.changes(person)]
    assert ("性别", "男性", "女性") in said or ("性别", "男", "女") in said
    assert any(label == "婚姻状况" and after == "已婚" for label, _before, after in said)
    assert len(said) == 3


def test_sealed_columns_show_only_that_they_changed(db: None) -> None:
    person = _person()
    person.phone = "13900000000"
    person.save()
    (change,) = history.changes(person)
    assert (change.before, change.after) == ("（已加密）", "（已加密）")


def test_an_update_that_changes_nothing_leaves_nothing(db: None) -> None:
    person = _person()
    Person.objects.filter(pk=person.pk).update(name="王甲")
    assert history.changes(person) == []
