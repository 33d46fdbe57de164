"""Schemathesis against the program itself: whatever the description allows, the answers keep it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from linli.site.wsgi import application
from tests.sharing.conftest import PURPOSE, Api

STATISTICS = "统计"


@pytest.fixture
def described(api: Api) -> Any:
    """The description as it is served, with a client that may call without end."""
    api.entitle(operations=["lookup", "batch", "changes"])
    api.entitle(purposes=[STATISTICS], operations=["counts"], elements=[], measures=["residents"])
    api.client.per_minute = api.client.people_per_day = 10**7
    api.client.save()
    # As Django's own test client does: a request's end does not close the test's connection.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_operation_keeps_its_description(api: Api, described: Any) -> None:
    tried = set()
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def keeps(case: schemathesis.Case) -> None:
            # Half of what is made up names a purpose that holds, so that not everything ends at the first check.
            for part in (case.body, case.query):
                if isinstance(part, dict) and len(str(part.get("purpose", "-"))) % 2 == 0:
                    part["purpose"] = STATISTICS if "measure" in part else PURPOSE
            # A day to come or a cursor of elsewhere has the right shape and is refused all the same.
            answer = case.call_and_validate(
                headers={"Authorization": f"Bearer {api.key}"}, excluded_checks=[positive_data_acceptance]
            )
            tried.add((case.operation.label, answer.status_code))

        keeps()
    assert {label.split("/")[-1] for label, _status in tried} == {
        "batch",
        "changes",
        "counts",
        "entitlements",
        "lookup",
    }
    assert {status for _label, status in tried} >= {200, 400, 403}
