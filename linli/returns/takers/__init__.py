"""Who takes the rows of which subject."""

from __future__ import annotations

from typing import Any, Final

from linli.facts.dictionary import Dictionary
from linli.returns.models import Return
from linli.returns.takers.base import Taker
from linli.returns.takers.buildings import BuildingTaker, EstateTaker
from linli.returns.takers.homes import HomeTaker
from linli.returns.takers.households import HouseholdTaker
from linli.returns.takers.organisations import OrganisationTaker
from linli.returns.takers.people_steps import PeopleTaker
from linli.returns.takers.positions import PositionTaker

TAKERS: Final[dict[str, type[Taker]]] = {
    one.subject: one
    for one in (
        PeopleTaker,
        HouseholdTaker,
        HomeTaker,
        BuildingTaker,
        EstateTaker,
        OrganisationTaker,
        PositionTaker,
    )
}


def taker_for(returned: Return, user: Any, words: Dictionary) -> Taker:
    """The taker of a roster's subject. Raises KeyError for subjects that do not come back; those are refused at the upload."""
    return TAKERS[returned.recognition.subject](returned, user, words)
