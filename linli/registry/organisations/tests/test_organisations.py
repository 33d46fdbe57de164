"""Organisations: rules, writes and pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.pages import search
from linli.registry.organisations import actions, filters, rules
from linli.registry.organisations.models import Organisation
from linli.registry.places import actions as places
from linli.registry.places.models import Home
from linli.registry.places.tests.street import make_regions

TODAY = date(2026, 11, 22)


def _valid_code() -> str:
    from stdnum.cn import uscc

    body = "91110229MA01ABCDE"
    return body + uscc.calc_check_digit(body)


def test_credit_codes_are_checked_and_kept_in_one_way() -> None:
    code = _valid_code()
    assert rules.credit_code(f" {code.lower()} ") == code
    assert rules.credit_code("") == ""
    for wrong in ("123", code[:-1] + ("1" if code[-1] != "1" else "2"), "I" + code[1:]):
        with pytest.raises(rules.Refused) as refused:
            rules.credit_code(wrong)
        assert refused.value.field == "credit_code"


@pytest.mark.parametrize(
    ("founded", "closed", "field"),
    [
        (date(2027, 1, 1), None, "founded_on"),
        (None, date(2027, 1, 1), "closed_on"),
        (date(2020, 1, 2), date(2020, 1, 1), "closed_on"),
    ],
)
def test_lives_that_cannot_be(founded: date | None, closed: date | None, field: str) -> None:
    with pytest.raises(rules.Refused) as refused:
        rules.life(founded, closed, TODAY)
    assert refused.value.field == field
    rules.life(date(2020, 1, 1), date(2020, 1, 1), TODAY)


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def shop(who: Characters) -> Organisation:
    return actions.add_organisation(
        acting_user=who.worker,
        region_code=COMMUNITY,
        name="妫川便利店",
        kind="shop",
        credit_code=_valid_code(),
        contact_phone="139 1001 8017",
    )


@pytest.fixture
def premises(who: Characters) -> Home:
    estate = places.add_estate(acting_user=who.worker, region_code=COMMUNITY, name="东里小区")
    building = places.add_building(acting_user=who.worker, estate=estate, name="1号楼")
    return places.add_home(acting_user=who.worker, building=building, door="底商1", use="shop")


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_new_organisation_is_recorded_and_its_phone_sealed(who: Characters, shop: Organisation) -> None:
    assert (shop.initials, shop.contact_phone) == ("gcbld", "13910018017")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_phone FROM organisations_organisation")
        assert b"13910018017" not in bytes(cursor.fetchone()[0])
    assert Event.objects.get(verb="organisations.add").target_id == shop.pk


def test_the_same_credit_code_twice_is_refused(who: Characters, shop: Organisation) -> None:
    with pytest.raises(RuleError) as refused:
        actions.add_organisation(
            acting_user=who.worker,
            region_code=COMMUNITY,
            name="又一家",
            kind="shop",
            credit_code=shop.credit_code,
        )
    assert refused.value.field == "credit_code"
    for name in ("甲店", "乙店"):
        actions.add_organisation(acting_user=who.worker, region_code=COMMUNITY, name=name, kind="shop")


def test_only_who_may_edit_there(who: Characters, shop: Organisation) -> None:
    for user in (who.department, who.neighbour, who.administrator, who.stranger):
        with pytest.raises(NotPermitted):
            actions.add_organisation(acting_user=user, region_code=COMMUNITY, name="别家", kind="shop")
        with pytest.raises(NotPermitted):
            actions.update_organisation(acting_user=user, organisation=shop, name="改名")
        with pytest.raises(NotPermitted):
            actions.close_organisation(acting_user=user, organisation=shop, closed_on=date(2026, 1, 1))
        with pytest.raises(NotPermitted):
            actions.reveal_contact(acting_user=user, organisation=shop, purpose="x")
    with pytest.raises(NotPermitted):
        actions.update_organisation(acting_user=who.worker, organisation=shop, region_code=NEIGHBOUR)
    assert (
        actions.update_organisation(acting_user=who.officer, organisation=shop, name="妫川超市").initials
        == "gccs"
    )


def test_premises_give_the_address_and_lie_in_the_community(
    who: Characters, shop: Organisation, premises: Home
) -> None:
    changed = actions.update_organisation(acting_user=who.worker, organisation=shop, premises=premises)
    assert changed.address == premises.full_address
    with pytest.raises(RuleError) as refused:
        actions.add_organisation(
            acting_user=who.officer, region_code=NEIGHBOUR, name="别家", kind="shop", premises=premises
        )
    assert refused.value.field == "premises"


def test_closing_and_taking_it_back(who: Characters, shop: Organisation) -> None:
    actions.close_organisation(
        acting_user=who.worker, organisation=shop, closed_on=date(2026, 1, 31), reason="搬走"
    )
    with pytest.raises(RuleError, match="2026-01-31"):
        actions.close_organisation(acting_user=who.worker, organisation=shop, closed_on=date(2026, 2, 1))
    assert actions.reopen_organisation(acting_user=who.worker, organisation=shop).closed_on is None
    assert Event.objects.get(verb="organisations.close").reason == "搬走"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "x"}, "kind"),
        ({"staff": -1}, "staff"),
        ({"contact_phone": "139"}, "contact_phone"),
    ],
)
def test_bad_values_are_refused(
    who: Characters, shop: Organisation, change: dict[str, Any], field: str
) -> None:
    if field == "contact_phone":
        change = {"contact_phone": "1391001801"}
    with pytest.raises(RuleError) as refused:
        actions.update_organisation(acting_user=who.worker, organisation=shop, **change)
    assert refused.value.field == field


@pytest.mark.parametrize("typed", ["妫川", "便利店", "gcb", "GCBLD", "91110229", "9111 0229 ma01"])
def test_found_by_name_initials_and_code(shop: Organisation, typed: str) -> None:
    assert list(filters.find(Organisation.objects.all(), typed)) == [shop]


@pytest.mark.parametrize("typed", ["超市", "xyz", "92"])
def test_not_found_by_anything_else(shop: Organisation, typed: str) -> None:
    assert not filters.find(Organisation.objects.all(), typed).exists()


def test_every_page_for_every_character(who: Characters, shop: Organisation) -> None:
    expected = {
        "worker": (200, 200),
        "officer": (200, 200),
        "department": (200, 403),
        "neighbour": (404, 404),
    }
    for name, user in who.all().items():
        client = _client(user)
        looking, editing = expected.get(name, (403, 403))
        assert client.get(shop.get_absolute_url()).status_code == looking, name
        for page in ("edit", "close", "reopen", "contact"):
            url = reverse(f"organisations:{page}", args=[shop.pk])
            assert client.get(url).status_code == editing, (name, page)
    assert [g.key for g in search.find(who.worker, "妫川便利店", 5)] == ["organisations"]
    assert search.find(who.neighbour, "妫川便利店", 5) == []


def test_the_list_and_its_filters(who: Characters, shop: Organisation) -> None:
    url, link = reverse("organisations:organisations"), f'href="{shop.get_absolute_url()}"'
    for query, found in (
        ("", True),
        ("kind=shop&state=open", True),
        ("kind=social", False),
        ("state=closed", False),
        (f"region={COMMUNITY}", True),
        ("q=gcb&sort=-name", True),
    ):
        assert (link in _client(who.worker).get(f"{url}?{query}").content.decode()) is found, query
    assert link not in _client(who.neighbour).get(url).content.decode()


def test_registering_and_editing_on_the_web(who: Characters, premises: Home) -> None:
    client = _client(who.worker)
    data = {
        "name": "安居物业",
        "kind": "property",
        "region_code": COMMUNITY,
        "premises": str(premises.pk),
        "staff": "12",
    }
    answer = client.post(reverse("organisations:add"), {**data, "contact_phone": "13910018017"})
    made = Organisation.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.premises, made.address, made.staff) == (premises, premises.full_address, 12)
    url = reverse("organisations:edit", args=[made.pk])
    assert "139****8017" in client.get(url).content.decode()
    client.post(url, {**data, "name": "安居物业公司"})
    made.refresh_from_db()
    assert (made.name, made.contact_phone) == ("安居物业公司", "13910018017")
    for wrong in (
        {"credit_code": "123"},
        {"premises": "999999"},
        {"premises": "x"},
        {"region_code": NEIGHBOUR},
    ):
        assert client.post(url, {**data, **wrong}).status_code == 422, wrong
    url = reverse("organisations:contact", args=[made.pk])
    assert "13910018017" in client.post(url, {"purpose": "通知安全检查"}).content.decode()
    answer = client.post(
        reverse("organisations:close", args=[made.pk]), {"closed_on": "2026-01-31", "reason": "迁走"}
    )
    assert "2026-01-31 注销" in client.get(answer["Location"]).content.decode()
