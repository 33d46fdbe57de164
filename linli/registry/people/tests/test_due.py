"""What the night's work puts on the bells: permits that run out, newcomers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.access.testing import characters
from linli.notices.models import Notice
from linli.registry.people import actions, jobs
from linli.registry.people.models import Person
from linli.registry.people.tests.street import OUTSIDE, make_homes, register

pytestmark = pytest.mark.django_db


def test_permits_and_newcomers_are_told_until_they_are_done() -> None:
    who, homes, today = characters(), make_homes(), timezone.localdate()
    away = register(who.worker, homes[0], "赵外来", serial=60, hukou=actions.Place(region_code=OUTSIDE))
    fresh = register(who.worker, homes[1], "孙待补", serial=61, hukou=None)
    jobs.tell_permits(today)
    jobs.tell_newcomers(today)
    assert not Notice.objects.filter(user=who.worker).exists(), "no permit yet, and the newcomer is fresh"

    Person.objects.filter(pk=fresh.pk).update(created_at=timezone.now() - timedelta(days=8))
    actions.update_living(
        acting_user=who.worker,
        person_id=away.pk,
        permit_number="A123",
        permit_until=today + timedelta(days=9),
    )
    jobs.tell_permits(today)
    jobs.tell_newcomers(today)
    todos = {one.title: one.url for one in Notice.objects.filter(user=who.worker, done_at__isnull=True)}
    assert len(todos) == 2
    assert not Notice.objects.filter(user=who.neighbour).exists()
    client = Client()
    client.force_login(who.worker)
    for title, url in todos.items():
        page = client.get(url).content.decode()
        assert ("赵外来" in page) == ("居住证" in title)
        assert ("孙待补" in page) == ("户籍待补" in title)

    actions.update_living(
        acting_user=who.worker,
        person_id=away.pk,
        permit_number="A123",
        permit_until=today + timedelta(days=300),
    )
    actions.set_hukou(acting_user=who.worker, person_id=fresh.pk, place=actions.Place(home_id=homes[1].pk))
    jobs.tell_permits(today)
    jobs.tell_newcomers(today)
    assert not Notice.objects.filter(user=who.worker, done_at__isnull=True).exists()
