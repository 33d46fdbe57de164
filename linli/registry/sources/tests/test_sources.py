"""Sources: whose word holds, and what a person settles."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.testing import NEIGHBOUR, Characters, characters
from linli.audit.recording import RuleError
from linli.registry.people import actions as people
from linli.registry.people import standing
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, make_regions, number, register
from linli.registry.sources import actions, knowing, rules
from linli.registry.sources.models import Claim, ClaimState, SourceKind
from linli.registry.sources.rules import AGREE, CONFLICT, TAKE, Known

OLD, NEW = date(2024, 1, 1), date(2026, 11, 1)


@pytest.mark.parametrize(
    ("element", "known", "said", "word"),
    [
        ("education", Known("61", 60, OLD), Known("61", 20, NEW), AGREE),
        ("education", Known("", 60, OLD), Known("61", 20, OLD), TAKE),
        ("education", Known("61", 60, NEW), Known("21", 90, OLD), TAKE),
        ("education", Known("61", 60, OLD), Known("21", 60, NEW), TAKE),
        ("education", Known("61", 60, NEW), Known("21", 60, OLD), CONFLICT),
        ("education", Known("61", 60, OLD), Known("21", 20, NEW), CONFLICT),
        ("name", Known("王建国", 20, OLD), Known("王建军", 90, NEW), CONFLICT),
        ("birth_date", Known("", 60, OLD), Known("1960-05-06", 20, OLD), TAKE),
    ],
)
def test_whose_word_holds(element: str, known: Known, said: Known, word: str) -> None:
    assert rules.decide(element, known, said) == word


VALUES = st.sampled_from(["", "61", "21"])
KNOWN = st.builds(Known, VALUES, st.integers(0, 100), st.dates(date(2000, 1, 1), date(2026, 1, 1)))


@given(KNOWN, KNOWN)
def test_nothing_is_taken_from_the_less_reliable(known: Known, said: Known) -> None:
    if said.is_blank:
        with pytest.raises(ValueError, match="blank"):
            rules.decide("education", known, said)
        return
    word = rules.decide("education", known, said)
    if word == TAKE and not known.is_blank:
        assert (said.rank, said.on) >= (known.rank, known.on)
    if known.value == said.value:
        assert word == AGREE


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def person(who: Characters) -> Person:
    (home, *_rest) = make_homes()
    return register(who.worker, home, "王建国", values={"education": "61", "employer": "妫川小学"})


def hear(who: Characters, person: Person, kind: str, on: date = NEW, **values: Any) -> actions.Heard:
    return actions.hear(
        acting_user=who.worker,
        person_id=person.pk,
        values=values,
        source=knowing.kind(kind),
        said_by="延庆区某局",
        on=on,
        reason="名册",
    )


def test_blanks_say_nothing_and_what_agrees_is_kept_once(who: Characters, person: Person) -> None:
    found = hear(who, person, "civil", education="61", employer="", occupation=None)
    assert (found.agreed, found.taken, found.conflicts) == (["education"], [], [])
    hear(who, person, "civil", education="61")
    assert Claim.objects.count() == 1
    person.refresh_from_db()
    assert person.employer == "妫川小学"


def test_the_more_reliable_is_taken_and_the_less_reliable_asked_about(
    who: Characters, person: Person
) -> None:
    assert hear(who, person, "civil", education="21").taken == ["education"]
    person.refresh_from_db()
    assert person.education == "21"
    found = hear(who, person, "self", education="31", phone="13910018017")
    assert (found.conflicts, found.taken) == (["education"], ["phone"])
    person.refresh_from_db()
    assert (person.education, person.phone) == ("21", "13910018017")
    claim = Claim.objects.get(state=ClaimState.CONFLICT)
    actions.settle(acting_user=who.worker, claim_id=claim.pk, take=False, reason="看了毕业证")
    assert hear(who, person, "self", education="31").conflicts == []
    with pytest.raises(RuleError, match="已经核定"):
        actions.settle(acting_user=who.worker, claim_id=claim.pk, take=True)


def test_taking_a_contradiction_changes_the_fact(who: Characters, person: Person) -> None:
    hear(who, person, "self", education="31")
    claim = Claim.objects.get(state=ClaimState.CONFLICT)
    for user in (who.neighbour, who.department, who.stranger):
        with pytest.raises(NotPermitted):
            actions.settle(acting_user=user, claim_id=claim.pk, take=True)
    actions.settle(acting_user=who.worker, claim_id=claim.pk, take=True)
    person.refresh_from_db()
    assert person.education == "31"


def test_who_somebody_is_is_never_changed_by_a_list(who: Characters, person: Person) -> None:
    other = number(date(1961, 1, 1), "1", 5)
    found = hear(who, person, "police", name="王建军", id_number=other, sex="1")
    assert set(found.conflicts) == {"name", "id_number"}
    person.refresh_from_db()
    assert person.name == "王建国"
    claim = Claim.objects.get(element="id_number")
    assert (claim.value, claim.sealed) == ("", other)


def test_values_that_cannot_be_are_refused(who: Characters, person: Person) -> None:
    for wrong in ({"phone": "1391001801"}, {"education": "zz"}, {"id_number": "110"}):
        with pytest.raises(RuleError):
            hear(who, person, "self", **wrong)
    with pytest.raises(RuleError, match="还没有到"):
        hear(who, person, "self", on=date(2090, 1, 1), education="31")


def test_claims_follow_the_person(who: Characters, person: Person) -> None:
    hear(who, person, "civil", education="21")
    (elsewhere,) = make_homes(NEIGHBOUR, 1, "川北小区")
    people.move_within(
        acting_user=who.officer, person_id=person.pk, home_id=elsewhere.pk, on=date(2025, 1, 1)
    )
    assert Claim.objects.get().region_code == NEIGHBOUR
    assert {table for table, _column in standing.followers()} >= {
        "people_householdmember",
        "people_kinship",
        "groups_membership",
        "sources_claim",
    }


def test_on_the_web(who: Characters, person: Person) -> None:
    hear(who, person, "self", education="31", employer="县医院")
    client = Client()
    client.force_login(who.worker)
    page = client.get("/sources/").content.decode()
    assert "自报：延庆区某局" in page
    page = client.get(f"{person.get_absolute_url()}?tab=sources").content.decode()
    assert "去核定" in page
    assert "妫川小学" in page
    ids = list(Claim.objects.order_by("pk").values_list("pk", flat=True))
    client.post("/sources/", {"action": "take", "pk": ids[0]})
    client.post("/sources/", {"action": "keep", "pk": ids[1]})
    person.refresh_from_db()
    assert {person.education, person.employer} == {"31", "妫川小学"} or person.employer == "县医院"
    assert not Claim.objects.filter(state=ClaimState.CONFLICT).exists()
    client.force_login(who.neighbour)
    assert "王建国" not in client.get("/sources/?state=taken").content.decode()
    client.force_login(who.administrator)
    kind = SourceKind.objects.get(code="self")
    assert client.post(f"/sources/kinds/{kind.pk}/", {"rank": "65", "reason": "试点"}).status_code == 302
    kind.refresh_from_db()
    assert kind.rank == 65
