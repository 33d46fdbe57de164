"""Proposals: inside the norm, connected, whole estates, the same every time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from linli.registry.adjustment import neighbours, solving
from linli.registry.adjustment.norms import Rule
from linli.registry.adjustment.rules import Base, Block, Community, cut_estates, problems, sizes

LAW = Rule("households", "", "法", low=Decimal(1000), high=Decimal(3000), pk=1)
STREET = "110119002"


def town(*counts: list[int], placed: bool = True) -> Base:
    """Communities in a row, each of estates with so many households in four buildings, side by side from west to east."""
    communities, blocks = {}, {}
    pk = estate = 0
    for number, estates in enumerate(counts, 1):
        key = f"{STREET}{number:03d}"
        communities[key] = Community(key, f"第{number}社区")
        for households in estates:
            estate += 1
            for n in range(1, 5):
                pk += 1
                place = (
                    (115.9 + 0.004 * estate + 0.0005 * (n % 2), 40.4 + 0.0005 * (n // 3)) if placed else None
                )
                blocks[pk] = Block(
                    pk,
                    key,
                    estate,
                    f"{estate}号院",
                    f"{n}号楼",
                    households // 4,
                    households,
                    households,
                    n,
                    place,
                )
    return Base(communities, blocks)


def _checked(base: Base) -> solving.Proposal:
    found = solving.propose(base, LAW)
    assert not [p for p in problems(found.draft, base) if p.grave]
    after = sizes(base, found.draft.assignment(base))
    assert set(after) == set(found.draft.staying(base))
    if found.inside:
        assert all(1000 <= size.households <= 3000 for size in after.values())
    assert sum(size.households for size in after.values()) == sum(b.households for b in base.blocks.values())
    goes = found.draft.assignment(base)
    pieces = neighbours.pieces_of(base, 10**6)
    for key in after:
        mine = {piece.index for piece in pieces if any(goes[pk] == key for pk in piece.ids)}
        assert len(neighbours.components(mine, pieces)) == 1, key
    return found


def test_a_community_that_is_too_small_gets_the_estate_beside_it() -> None:
    base = town([600, 200], [400, 1200], [1600])
    found = _checked(base)
    assert found.inside
    assert found.moved_households == 400
    assert found.draft.changes(base) == dict.fromkeys(range(9, 13), f"{STREET}001")
    assert found.said[0].startswith("移动 4 栋、400 户")
    assert not cut_estates(base, found.draft.assignment(base))


def test_one_that_is_too_large_is_split() -> None:
    base = town([1600, 1200, 1400], [2900])
    found = _checked(base)
    assert found.inside
    assert len(found.draft.founded) == 1
    assert not cut_estates(base, found.draft.assignment(base))


def test_two_small_ones_are_merged() -> None:
    base = town([600], [500], [2000])
    found = _checked(base)
    assert found.inside
    assert len(found.draft.merged) == 1
    assert found.moved_households <= 600


@pytest.mark.parametrize("placed", [True, False])
def test_the_same_base_gives_the_same_plan(placed: bool) -> None:
    base = town([800, 300], [500], [900, 900], [700, 400], placed=placed)
    assert _checked(base) == _checked(base)


def test_what_cannot_be_is_said() -> None:
    base = town([300])
    found = solving.propose(base, LAW)
    assert not found.inside
    assert "仍在标准之外" in found.said[-1]
    with pytest.raises(solving.Unsolved, match="还没有楼栋"):
        solving.propose(Base({}, {}), LAW)
