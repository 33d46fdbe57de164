"""The address by which a calendar program reads the agenda."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.flow.tests.conftest import Cast
from linli.gate.agenda import actions
from linli.gate.agenda.actions import feeding
from linli.gate.agenda.models import Feed
from linli.gate.agenda.tests.conftest import Propose, a_warrant, working_day

pytestmark = pytest.mark.django_db


def _read(token: str):
    return Client().get(reverse("agenda:feed", args=[token]))


def test_an_address_reads_its_posts_agenda_and_no_more(cast: Cast, propose: Propose) -> None:
    here = propose(title="本社区检查", asks="联系人王某13800000000")
    propose(title="邻社区检查", communities=[NEIGHBOUR], first_day=working_day(4))
    post = cast.people.worker.posts.get()
    token = actions.renew_feed(acting_user=cast.people.worker, post_id=post.pk)
    found = _read(token)
    text = found.content.decode()
    assert found["Content-Type"].startswith("text/calendar")
    assert "本社区检查" in text
    assert "邻社区检查" not in text
    assert "13800000000" not in text
    assert here.unit.name in text.replace("\r\n ", "")
    assert token not in Feed.objects.get().token_digest
    assert Feed.objects.get().last_read_at is not None


def test_a_department_reads_its_own_visits(cast: Cast, propose: Propose) -> None:
    propose(title="民政检查")
    water = a_warrant(cast, issuer=cast.water, title="防汛检查")
    propose(acting_user=cast.water_officer, warrant=water, title="防汛检查", first_day=working_day(4))
    token = actions.renew_feed(acting_user=cast.water_officer, post_id=cast.water_officer.posts.get().pk)
    text = _read(token).content.decode()
    assert "防汛检查" in text
    assert "民政检查" not in text


def test_it_is_renewed_revoked_and_ends_with_the_post(cast: Cast) -> None:
    worker = cast.people.worker
    post = worker.posts.get()
    old = actions.renew_feed(acting_user=worker, post_id=post.pk)
    new = actions.renew_feed(acting_user=worker, post_id=post.pk)
    assert (_read(old).status_code, _read(new).status_code) == (404, 200)
    with pytest.raises(NotPermitted):
        actions.revoke_feed(acting_user=cast.people.neighbour, post_id=post.pk)
    with pytest.raises(NotPermitted):
        actions.renew_feed(acting_user=cast.people.neighbour, post_id=post.pk)
    post.valid_to = timezone.localdate()
    post.save()
    assert _read(new).status_code == 404
    post.valid_to = None
    post.save()
    worker.is_active = False
    worker.save()
    assert _read(new).status_code == 404
    worker.is_active = True
    worker.save()
    assert _read(new).status_code == 200
    actions.revoke_feed(acting_user=worker, post_id=post.pk)
    assert _read(new).status_code == 404
    assert _read("guessed").status_code == 404


def test_it_is_not_read_too_often(cast: Cast) -> None:
    worker = cast.people.worker
    token = actions.renew_feed(acting_user=worker, post_id=worker.posts.get().pk)
    feed = Feed.objects.get()
    Feed.objects.update(reads=feeding.MOST, reads_since=timezone.now())
    refused = _read(token)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3601
    Feed.objects.filter(pk=feed.pk).update(reads_since=timezone.now() - timedelta(hours=2))
    assert _read(token).status_code == 200
    assert Feed.objects.get().reads == 1


def test_the_page_shows_an_address_once(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.people.worker)
    post = cast.people.worker.posts.get()
    made = client.post(reverse("agenda:feed_renew", args=[post.pk]))
    assert "/agenda/feed/" in made.content.decode()
    again = client.get(reverse("agenda:feeds")).content.decode()
    assert "/agenda/feed/" not in again
    assert "换一个地址" in again
    client.post(reverse("agenda:feed_revoke", args=[post.pk]))
    assert not Feed.objects.exists()
    other = cast.people.neighbour.posts.get()
    assert client.post(reverse("agenda:feed_renew", args=[other.pk])).status_code == 404
    assert COMMUNITY in client.get(reverse("agenda:month", args=[COMMUNITY])).content.decode()
