"""Two hundred claims and steps at once on the same cases: no lost step, nothing taken by two."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connections
from django.db.models import Count

from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.testing import COMMUNITY
from linli.audit.recording import RuleError
from linli.flow import actions
from linli.flow.models import Assignment, Case
from linli.flow.tests.conftest import Cast, officer_of

CASES, TRIES, THREADS = 8, 200, 6


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_hundred_claims_and_steps_at_once(cast: Cast) -> None:
    team = [officer_of(cast.water, f"shui{n}", f"水务{n}") for n in range(5)]
    cases = []
    for number in range(CASES):
        case = actions.open_case(
            acting_user=cast.people.worker,
            kind="test_whistle",
            title=f"积水 {number}",
            region_code=COMMUNITY,
            coordinator=cast.street,
            give=[cast.street],
        )
        cases.append(
            actions.move(acting_user=cast.people.officer, case=case, step="assign", units=[cast.water])
        )
    tasks = {case.pk: case.assignments.get(unit=cast.water, ended_at__isnull=True) for case in cases}
    random.seed(20261126)
    tries = [
        (random.choice(cases).pk, random.choice(team).pk, random.choice(["claim", "claim", "finish", "back"]))
        for _number in range(TRIES)
    ]

    def attempt(one: tuple[int, int, str]) -> str:
        close_old_connections()
        case_id, user_id, deed = one
        case, user = Case.objects.get(pk=case_id), User.objects.get(pk=user_id)
        try:
            if deed == "claim":
                actions.claim(acting_user=user, assignment=tasks[case_id])
            elif deed == "finish":
                actions.move(acting_user=user, case=case, step="finish", text="已抽水")
            else:
                actions.send_back(acting_user=user, assignment=tasks[case_id], reason="不属于本单位")
            return f"{deed}:{case_id}"
        except (RuleError, NotPermitted):
            return ""
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        done = [said for said in pool.map(attempt, tries) if said]

    assert not Case.objects.annotate(n=Count("steps", distinct=True)).exclude(n__gte=3).exists()
    for case in Case.objects.all():
        numbers = list(case.steps.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        ends = [said for said in done if said in (f"finish:{case.pk}", f"back:{case.pk}")]
        assert len(ends) <= 1
        kept = [step.key for step in case.steps.all() if step.key in ("finish", "send_back")]
        assert len(kept) == len(ends)
        assert case.steps.filter(key="claim").count() <= 1
    twice = (
        Assignment.objects.filter(ended_at__isnull=True, is_lead=True)
        .values("case")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    assert not twice.exists()
    assert len(done) >= CASES
