"""What each character may see: the scope rules and the querysets that follow from them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.access import actions
from linli.access.guard import NotPermitted
from linli.access.models import Permission, Post, Role, User
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET, characters
from linli.audit.recording import SYSTEM, RuleError
from linli.kernel.scope import Scope, merge, within

KEYS = st.sampled_from(["", "11", "1101", "110119", "110119002", "110119002001", "110119002001001", "4313"])


@given(st.lists(KEYS), KEYS)
def test_merging_scopes_changes_nothing(keys: list[str], key: str) -> None:
    scopes = [Scope.of(k) for k in keys]
    assert any(key in s for s in scopes) == any(key in s for s in merge(scopes))


@given(st.lists(KEYS), KEYS, KEYS)
def test_within_is_the_intersection(keys: list[str], region: str, key: str) -> None:
    scopes = [Scope.of(k) for k in keys]
    inside = within(scopes, region)
    assert any(key in s for s in inside) == (key in Scope.of(region) and any(key in s for s in scopes))


@pytest.mark.django_db
def test_post_gives_its_region_and_all_in_it() -> None:
    people = characters()
    assert people.worker.can(Permission.VIEW_PEOPLE, COMMUNITY)
    assert people.worker.can(Permission.VIEW_PEOPLE, COMMUNITY + "002")
    assert not people.worker.can(Permission.VIEW_PEOPLE, NEIGHBOUR)
    assert not people.worker.can(Permission.VIEW_PEOPLE, STREET)
    assert people.officer.can(Permission.VIEW_PEOPLE, NEIGHBOUR)
    assert not people.department.can(Permission.VIEW_PEOPLE)
    assert not people.administrator.can(Permission.VIEW_PEOPLE)
    assert people.administrator.can(Permission.MANAGE_USERS, STREET)
    assert not people.stranger.can(Permission.VIEW_REGIONS)


@pytest.mark.django_db
def test_ended_and_future_posts_give_nothing() -> None:
    user = characters().worker
    today = date.today()
    Post.objects.filter(user=user).update(valid_to=today)
    assert not User.objects.get(pk=user.pk).can(Permission.VIEW_PEOPLE)
    Post.objects.filter(user=user).update(valid_from=today + timedelta(1), valid_to=None)
    assert not User.objects.get(pk=user.pk).can(Permission.VIEW_PEOPLE)


@pytest.mark.django_db
def test_permitted_rows_follow_the_post() -> None:
    people = characters()
    rows = Post.objects.permitted(people.administrator, Permission.MANAGE_USERS)
    assert rows.count() == 5
    assert not Post.objects.permitted(people.worker, Permission.MANAGE_USERS).exists()
    assert set(actions.users_in_area(people.administrator)) == set(people.all().values())


@pytest.mark.django_db
def test_administrator_cannot_give_posts_outside_the_area() -> None:
    people = characters()
    with pytest.raises(NotPermitted):
        actions.give_post(
            acting_user=people.administrator, user=people.stranger, role=Role.AUDITOR, region_code="11"
        )
    with pytest.raises(NotPermitted):
        actions.give_post(
            acting_user=people.worker, user=people.stranger, role=Role.AUDITOR, region_code=COMMUNITY
        )
    post = actions.give_post(
        acting_user=people.administrator, user=people.stranger, role=Role.AUDITOR, region_code=STREET
    )
    with pytest.raises(RuleError):
        actions.give_post(
            acting_user=people.administrator, user=people.stranger, role=Role.AUDITOR, region_code=STREET
        )
    actions.end_post(acting_user=people.administrator, post=post)
    assert not User.objects.get(pk=people.stranger.pk).can(Permission.VIEW_AUDIT)


@pytest.mark.django_db
def test_administrator_of_a_part_cannot_touch_an_account_of_the_whole() -> None:
    people = characters()
    district = actions.create_user(
        acting_user=SYSTEM,
        username="citywide",
        name="高位人",
        password="Whole-City-2026",
        role=Role.DISTRICT_OFFICER,
        region_code="1101",
    )
    with pytest.raises(NotPermitted):
        actions.reset_password(acting_user=people.administrator, user=district, password="Something-2026")
