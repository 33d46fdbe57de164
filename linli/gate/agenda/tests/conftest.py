from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from linli.access.testing import COMMUNITY, DISTRICT
from linli.audit.recording import SYSTEM
from linli.flow.actions import make_warrant
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Per, Thing
from linli.flow.tests.conftest import Cast, cast
from linli.gate.agenda import actions
from linli.gate.agenda.models import Proposal
from linli.office.calendar import current

__all__ = ["cast"]


def working_day(n: int = 1) -> date:
    """The n-th working day after next week's Monday, so that no test depends on the day it runs; Monday to Thursday only."""
    calendar = current()
    day = timezone.localdate() + timedelta(days=21)
    day -= timedelta(days=day.weekday())
    while not all(calendar.is_working_day(day + timedelta(days=k)) for k in range(5)):
        day += timedelta(days=7)
    return day + timedelta(days=n - 1)


@pytest.fixture
def warrant(cast: Cast) -> Warrant:
    """The civil affairs bureau may inspect and call meetings in the district as often as it needs."""
    return a_warrant(cast)


def a_warrant(cast: Cast, **more: Any) -> Warrant:
    terms: dict[str, Any] = {
        "region_code": DISTRICT,
        "title": "养老服务检查",
        "issuer": cast.department,
        "things": [Thing.INSPECTION, Thing.MEETING],
        "since": timezone.localdate() - timedelta(days=10),
        "until": timezone.localdate() + timedelta(days=300),
        "per": Per.YEAR,
    }
    return make_warrant(acting_user=SYSTEM, **(terms | more))


Propose = Callable[..., Proposal]


@pytest.fixture
def propose(cast: Cast, warrant: Warrant) -> Propose:
    def make(**more: Any) -> Proposal:
        values: dict[str, Any] = {
            "acting_user": cast.people.department,
            "warrant": warrant,
            "thing": Thing.INSPECTION,
            "title": "养老驿站检查",
            "purpose": "看服务记录",
            "communities": [COMMUNITY],
            "first_day": working_day(2),
            "hours": Decimal(2),
        }
        return actions.propose(**(values | more))

    return make
