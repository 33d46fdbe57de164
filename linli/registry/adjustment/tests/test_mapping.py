"""A plan on the map, as plain data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.adjustment import mapping, reasons
from linli.registry.adjustment.rules import Base, Draft
from linli.registry.adjustment.tests.test_rules import A, B, base

SPOT = st.tuples(st.floats(115.9, 116.1), st.floats(40.4, 40.6))


def placed() -> Base:
    """The base of the other tests, its buildings in a row."""
    known = base()
    blocks = {pk: replace(one, place=(116.0 + pk / 1000, 40.5)) for pk, one in known.blocks.items()}
    return replace(known, blocks=blocks)


@given(st.lists(SPOT, min_size=2, max_size=5, unique=True))
def test_up_to_five_communities_all_have_colours_of_their_own(spots: list[tuple[float, float]]) -> None:
    found = mapping.tones({str(n): spot for n, spot in enumerate(spots)})
    assert sorted(found.values()) == list(range(1, len(spots) + 1))


@given(st.dictionaries(st.text("123456", min_size=1, max_size=3), SPOT, max_size=40))
def test_every_community_has_a_colour(spots: dict[str, tuple[float, float]]) -> None:
    found = mapping.tones(spots)
    assert found.keys() == spots.keys()
    assert all(1 <= tone <= mapping.TONES for tone in found.values())


@pytest.mark.django_db
def test_what_moves_is_marked_and_takes_the_colour_of_where_it_goes() -> None:
    plain, draft = placed(), Draft().move(placed(), [1], B)
    by_id = {one["id"]: one for one in mapping.picking(plain, draft, [1, 2])["buildings"]}
    assert by_id[1]["moved"]
    assert not by_id[2]["moved"]
    assert by_id[1]["tone"] == by_id[7]["tone"] != by_id[2]["tone"]
    assert by_id[1]["label"] == "东外小区1号楼：川北社区，100 户"
    assert [one["pale"] for one in by_id.values()] == [pk not in (1, 2) for pk in by_id]


@pytest.mark.django_db
def test_today_and_after_share_a_frame_and_differ_in_what_moves() -> None:
    plain = placed()
    today, after = mapping.sheets(plain, Draft().move(plain, [1], B))
    assert (today.width, today.height) == (after.width, after.height)
    changed = [
        (was.css, becomes.css)
        for was, becomes in zip(today.shapes, after.shapes, strict=True)
        if was.css != becomes.css
    ]
    assert len(changed) == 1
    assert all(css.endswith(" moved") for css in changed[0])
    assert {one.text for one in after.names} == {"东外社区", "川北社区", "高塔社区"}


@pytest.mark.django_db
def test_buildings_without_position_are_counted_and_not_drawn() -> None:
    assert mapping.unplaced(base()) == len(base().blocks)
    today, after = mapping.sheets(base(), Draft().merge(base(), A, B))
    assert not today.shapes
    assert not after.shapes


def test_a_community_that_would_lie_in_pieces_is_told() -> None:
    # 1–6 are the first community's, 7–9 the second's, 10–12 the third's, all in a row from west to east.
    assert reasons.scattered(placed(), Draft()) == []
    assert reasons.scattered(placed(), Draft().move(placed(), [4, 5, 6], B)) == []
    (said,) = reasons.scattered(placed(), Draft().move(placed(), [10, 11, 12], A))
    assert said == "东外社区会分成不相连的 2 片，高塔小区和其余的不挨着。"
    assert reasons.scattered(base(), Draft().move(base(), [10, 11, 12], A)) == []
