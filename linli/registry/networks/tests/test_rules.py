"""The rules of networks, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.networks import choosing, rules
from linli.registry.networks.rules import Covered


@pytest.mark.parametrize(("households", "needed"), [(0, 0), (1, 1), (50, 1), (51, 2), (101, 3)])
def test_one_leader_for_fifty_households(households: int, needed: int) -> None:
    assert rules.leaders_needed(households) == needed


def test_one_representative_for_twenty_to_fifty_households() -> None:
    assert rules.representatives(1000) == (20, 50)
    assert rules.representatives(1001) == (21, 50)


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (Covered(1), Covered(1, 2), True),
        (Covered(1, 2), Covered(1, 2), True),
        (Covered(1, 2), Covered(1, 3), False),
        (Covered(1, 2), Covered(1, None, 7), True),
        (Covered(1, 3), Covered(1, None, 7), False),
        (Covered(1, None, 7), Covered(1, None, 8), False),
        (Covered(1, None, 7), Covered(1, None, 7), True),
        (Covered(1), Covered(2), False),
    ],
)
def test_places_that_meet(one: Covered, other: Covered, meets: bool) -> None:
    units = {7: 2, 8: 2}
    assert rules.overlap(one, other, units) is meets
    assert rules.overlap(other, one, units) is meets
    assert (rules.double([one], [other], units) is not None) is meets


@given(
    st.builds(Covered, st.integers(1, 10**9), st.none() | st.integers(1, 99), st.none() | st.integers(1, 99))
)
def test_a_box_tells_its_place(place: Covered) -> None:
    assert choosing.covered(choosing.key(place)) == place
