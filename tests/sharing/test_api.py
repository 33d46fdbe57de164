"""What a department's system gets, and what it does not."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone

from linli.access.testing import COMMUNITY, STREET
from linli.audit.models import Channel, DisclosedPerson, Disclosure
from linli.audit.recording import RuleError
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish, total
from linli.kernel.scope import Scope
from linli.sharing import actions
from linli.sharing.models import Call, Key, Tally
from tests.sharing.conftest import PURPOSE, Api

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "openapi-v1.yaml"
NOBODY = "11011919500101001X"


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem; its content type and its language."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.content)
    assert said["status"] == status
    assert any("一" <= one <= "鿿" for one in said["detail"])
    return said


def test_a_record_under_the_entitlement_and_its_trace(api: Api) -> None:
    api.entitle()
    person = api.here[0]
    answer = api.post("lookup", id_number=person.id_number.lower())
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["values"]["name"] == "王建国"
    assert found["values"]["sex"] == {"code": "1", "label": "男"}
    assert found["values"]["id_number"] == person.id_number
    assert found["values"]["birth_date"] == "1960-05-06"
    assert answer["Cache-Control"] == "no-store"
    told = Disclosure.objects.get()
    assert (told.channel, told.purpose, told.client_id) == (Channel.API, PURPOSE, api.client.pk)
    assert told.user_name == "低保核对系统"
    assert "person.id_number" in told.elements
    assert list(DisclosedPerson.objects.values_list("person_id", flat=True)) == [person.pk]
    call = Call.objects.get()
    assert (call.operation, call.asked, call.found, call.status, call.purpose) == (
        "lookup",
        1,
        1,
        200,
        PURPOSE,
    )
    # The person's page says so to those who may know.
    head = api.who.officer
    post = head.posts.get()
    post.role = "street_head"
    post.save()
    browser = Browser()
    browser.force_login(head)
    page = browser.get(f"/people/{person.pk}/?tab=looks").content.decode()
    assert "低保核对系统" in page
    assert PURPOSE in page
    assert api.post("lookup", id_number=person.id_number, elements=["name"]).json()["values"] == {
        "name": "王建国"
    }


def test_outside_is_absent_and_tells_nothing(api: Api) -> None:
    api.entitle(conditions=["aged_80"])
    bodies = []
    # Outside the region, outside the conditions, and not there at all: the very same answer.
    for number in (api.there.id_number, api.here[0].id_number, NOBODY):
        answer = api.post("lookup", id_number=number)
        problem(answer, 404)
        bodies.append(answer.content)
    assert len(set(bodies)) == 1
    answer = api.post("batch", id_numbers=[api.there.id_number, api.here[1].id_number, NOBODY]).json()
    assert [one["found"] for one in answer["results"]] == [False, True, False]
    assert answer["results"][0]["record"] is None
    assert answer["results"][1]["record"]["values"]["name"] == "李秀英"
    assert list(DisclosedPerson.objects.values_list("person_id", flat=True)) == [api.here[1].pk]
    # Elements that are not entitled are as unknown as those that do not exist.
    for path in ("phone", "nothing_such"):
        said = problem(api.post("lookup", id_number=api.here[1].id_number, elements=[path]), 404)
        assert said["detail"] == f"没有名为“{path}”的数据元，或没有授权。"
    problem(api.post("lookup", id_number=api.here[1].id_number, purpose="别的"), 403)
    problem(api.get("counts", measure="residents"), 403)
    problem(Browser().get("/api/v1/people/nobody", **api.headers()), 404)  # type: ignore[arg-type]
    problem(Browser().delete("/api/v1/counts", **api.headers()), 405)  # type: ignore[arg-type]


def test_only_entitlements_confirmed_by_another_hold_and_only_in_their_time(api: Api) -> None:
    ask = lambda: api.post("lookup", id_number=api.here[0].id_number).status_code  # noqa: E731
    made = actions.grant(
        acting_user=api.who.administrator,
        client_id=api.client.pk,
        subject="person",
        region_code=COMMUNITY,
        operations=["lookup"],
        purposes=[PURPOSE],
        basis="办法",
        elements=["name"],
    )
    assert ask() == 403
    with pytest.raises(RuleError, match="两个人"):
        actions.confirm(acting_user=api.who.administrator, entitlement_id=made.pk)
    with pytest.raises(Exception, match="没有找到"):
        actions.confirm(acting_user=api.who.worker, entitlement_id=made.pk)
    other = api.who.department
    post = other.posts.get()
    post.role = "district_officer"
    post.save()
    other = type(other).objects.get(pk=other.pk)
    actions.confirm(acting_user=other, entitlement_id=made.pk)
    assert ask() == 200
    with pytest.raises(RuleError, match="已有一条授权"):
        api.entitle()
    made.refresh_from_db()
    made.valid_to = timezone.localdate() - timedelta(days=1)
    made.save()
    assert ask() == 403
    made.valid_to = None
    made.save()
    actions.end_entitlement(acting_user=other, entitlement_id=made.pk, reason="协议到期")
    assert ask() == 403
    with pytest.raises(RuleError, match="接入方的区域"):
        api.entitle(region_code="110119")
    with pytest.raises(RuleError, match="只适用于居民"):
        api.entitle(subject="home", elements=[], measures=["homes"])


def test_keys_open_only_while_they_are_good(api: Api) -> None:
    api.entitle()
    person = api.here[0]
    ask = lambda: api.post("lookup", id_number=person.id_number).status_code  # noqa: E731
    assert ask() == 200
    stored = Key.objects.get()
    assert api.key.rpartition("_")[2].encode() not in bytes(stored.digest)
    old, api.key = api.key, api.key[:-1] + ("A" if api.key[-1] != "A" else "B")
    answer = api.post("lookup", id_number=person.id_number)
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"
    problem(Browser().get("/api/v1/entitlements"), 401)
    api.key = old
    # Change over: both are good until the old one is revoked.
    _key, fresh = actions.issue_key(
        acting_user=api.who.administrator, client_id=api.client.pk, expires_on=timezone.localdate()
    )
    assert ask() == 200
    actions.revoke_key(acting_user=api.who.administrator, key_id=stored.pk)
    assert ask() == 401
    api.key = fresh
    assert ask() == 200
    Key.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert ask() == 401
    Key.objects.update(expires_on=timezone.localdate())
    api.client.valid_to = timezone.localdate() - timedelta(days=1)
    api.client.save()
    assert ask() == 401
    assert not Call.objects.filter(status=401).exists()


def test_limits_say_when_to_come_back(api: Api) -> None:
    api.entitle()
    api.client.per_minute, api.client.people_per_day = 3, 4
    api.client.save()
    # A batch counts its people, and one call for each hundred of them.
    answer = api.post("batch", id_numbers=[NOBODY] * 150)
    assert answer.status_code == 200
    assert api.post("lookup", id_number=NOBODY).status_code == 404
    answer = api.post("lookup", id_number=NOBODY)
    said = problem(answer, 429)
    assert "每分钟最多 3 次" in said["detail"]
    assert 0 < int(answer["Retry-After"]) <= 60
    Tally.objects.filter(kind="minute").delete()
    numbers = [f"11011919500101{n:03d}X" for n in range(3)]
    answer = api.post("batch", id_numbers=numbers)
    problem(answer, 429)
    assert int(answer["Retry-After"]) > 0
    assert Call.objects.filter(status=429).count() == 2
    assert actions.forget_tallies(timezone.now() + timedelta(days=1)) >= 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"id_number": "1"}, "id_number"),
        ({}, "id_number"),
        ({"id_number": NOBODY, "on": "2999-01-01"}, "on"),
        ({"id_number": NOBODY, "on": "x"}, "on"),
        ({"id_number": NOBODY, "elements": "name"}, "elements"),
        ({"id_number": NOBODY, "elements": ["a b"]}, "elements.0"),
        ({"id_number": NOBODY, "purpose": ""}, "purpose"),
    ],
)
def test_bad_input_gets_a_sentence_beside_its_field(api: Api, body: dict[str, Any], field: str) -> None:
    api.entitle()
    said = problem(api.post("lookup", **body), 400)
    assert said["errors"][0]["field"] == field
    assert any("一" <= one <= "鿿" for one in said["errors"][0]["message"])


def test_a_batch_has_its_limit(api: Api) -> None:
    api.entitle()
    said = problem(api.post("batch", id_numbers=[NOBODY] * 1001), 400)
    assert "最多 1000 个" in said["errors"][0]["message"]
    raw = Browser().post(
        "/api/v1/people/batch",
        "{",
        content_type="application/json",
        **api.headers(),  # type: ignore[arg-type]
    )
    problem(raw, 400)


def test_counts_agree_with_the_dictionary(api: Api) -> None:
    api.entitle(operations=["counts"], measures=["residents", "elderly"], elements=[], region_code=STREET)
    answer = api.get("counts", measure="residents", by="community").json()
    assert {one["region"]: one["value"] for one in answer["counts"]} == {COMMUNITY: 3, "110119002002": 1}
    whole = api.get("counts", measure="residents").json()["counts"]
    dictionary.refresh()
    assert whole[0]["value"] == total(Wish("person", (Scope.of(STREET),), timezone.localdate()), "residents")
    assert api.get("counts", measure="elderly", on="2019-01-01").json()["counts"][0]["value"] == 1
    problem(api.get("counts", measure="floating"), 404)
    problem(api.get("counts", measure="residents", by="street'"), 400)
    found = api.get("entitlements").json()
    assert found["entitlements"][0]["measures"][0]["label"] == "常住人口数"


def test_the_committed_schema_is_the_schema(db: None, tmp_path: Path) -> None:
    made = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    assert made.read_text("utf-8") == SCHEMA.read_text("utf-8"), (
        "the API changed: look at it, then `linli manage spectacular --file docs/openapi-v1.yaml`"
    )
    served = Browser().get("/api/v1/schema")
    assert served.status_code == 200
    assert set(yaml.safe_load(served.content)["paths"]) == set(
        yaml.safe_load(SCHEMA.read_text("utf-8"))["paths"]
    )
    manual = Browser().get("/sharing/docs").content.decode()
    assert "按号码批量查" in manual
    assert "http://" not in manual.replace("http://www.w3.org", "").replace("http://testserver/", "")
    assert '<script src="/static' in manual


def test_pages_of_those_who_run_it(api: Api) -> None:
    browser = Browser()
    browser.force_login(api.who.administrator)
    page = f"/sharing/{api.client.pk}/"
    assert "低保核对系统" in browser.get("/sharing/").content.decode()
    wrong = browser.post(f"{page}grant", {"purposes": "x", "basis": "y"})
    assert wrong.status_code == 422
    sent = browser.post(
        f"{page}grant",
        {
            "operations": ["lookup"],
            "purposes": "高龄津贴\n社会救助",
            "basis": "办法",
            "region_code": COMMUNITY,
            "valid_from": "2026-01-01",
            "elements": ["name", "health"],
            "conditions": ["aged_80"],
        },
    )
    assert sent.status_code == 302, sent.content.decode()[-3000:]
    shown = browser.get(page).content.decode()
    for word in ("待确认", "高龄津贴、社会救助", "健康状况", "80岁及以上", "要由另一个人确认"):
        assert word in shown
    made = api.client.entitlements.get()
    refused = browser.post(f"/sharing/entitlements/{made.pk}/confirm", follow=True).content.decode()
    assert "两个人" in refused
    key = browser.post(f"{page}key", {"expires_on": f"{timezone.localdate():%Y-%m-%d}"})
    assert key.status_code == 200
    assert "只显示这一次" in key.content.decode()
    text = key.content.decode()
    fresh = text[text.index("linli_") :][:62]
    assert Browser().get("/api/v1/entitlements", HTTP_AUTHORIZATION=f"Bearer {fresh}").status_code == 200
    assert fresh not in browser.get(f"{page}?tab=keys").content.decode()
    assert "1" in browser.get(f"{page}?tab=calls").content.decode()
    assert browser.get("/sharing/calls").status_code == 200
    far = browser.post(f"{page}key", {"expires_on": "2099-01-01"})
    assert far.status_code == 422
    assert date.today()
