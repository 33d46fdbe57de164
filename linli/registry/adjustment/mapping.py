"""A plan on the map: the buildings coloured by their community, for picking on the drawing map and as two sheets beside
each other, today and under the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import cos, hypot, radians
from typing import Any

from django.db.models import Q
from django.urls import reverse

from linli.registry.adjustment.rules import Base, Block, Draft
from linli.registry.places.mapping import Name, Plane, Shape, Sheet
from linli.registry.places.models import Building

TONES = 5  # colours of communities; neighbours get different ones as far as five go
_NEAR = 5  # communities that count as neighbours of one

Point = tuple[float, float]


def outlines(base: Base) -> dict[int, list[list[float]]]:
    """The foot prints that are known of the plan's buildings."""
    known = Building.objects.filter(~Q(outline=None), pk__in=list(base.blocks))
    return {pk: outline for pk, outline in known.values_list("pk", "outline") if outline}


def corners(block: Block, known: Mapping[int, list[list[float]]]) -> list[list[float]]:
    """Where a building stands: its foot print, else its point as the only corner, else nothing."""
    return known.get(block.id) or ([list(block.place)] if block.place else [])


def centres(blocks: Iterable[tuple[Block, str]]) -> dict[str, Point]:
    """The middle of each community's buildings, in degrees; of those that have a position."""
    sums: dict[str, tuple[float, float, int]] = {}
    for block, key in blocks:
        if block.place is not None and key:
            east, north, count = sums.get(key, (0.0, 0.0, 0))
            sums[key] = (east + block.place[0], north + block.place[1], count + 1)
    return {key: (east / count, north / count) for key, (east, north, count) in sums.items()}


def tones(found: Mapping[str, Point]) -> dict[str, int]:
    """A colour 1–5 for every community, unlike those of the nearest ones."""
    picked: dict[str, int] = {}
    for key, (east, north) in found.items():
        scale = cos(radians(north))

        def distance(other: str, east: float = east, north: float = north, scale: float = scale) -> float:
            return hypot((found[other][0] - east) * scale, found[other][1] - north)

        near = sorted(picked, key=lambda other: (distance(other), other))[:_NEAR]
        # The nearest weighs most, so that where five colours do not go round the far one is repeated.
        weight = Counter({picked[other]: 0 for other in near})
        for rank, other in enumerate(near):
            weight[picked[other]] += 2 ** (_NEAR - rank)
        used = Counter(picked.values())
        picked[key] = min(range(1, TONES + 1), key=lambda tone: (weight[tone], used[tone], tone))
    return picked


def _tones_of(base: Base, draft: Draft) -> dict[str, int]:
    """One colour a community for both sides of the plan, so that what moves shows."""
    blocks = base.blocks.values()
    today = centres((block, block.community) for block in blocks)
    after = centres((block, draft.target(block)) for block in blocks)
    return tones(dict(sorted((today | after).items())))


def picking(base: Base, draft: Draft, listed: Iterable[int]) -> dict[str, Any]:
    """The data of the drawing map; `listed` are the buildings that the list beside it can tick, the others are drawn pale."""
    communities, tone, known, shown = (
        draft.communities(base),
        _tones_of(base, draft),
        outlines(base),
        set(listed),
    )
    buildings = []
    for block in base.blocks.values():
        placed = corners(block, known)
        if not placed:
            continue
        target = draft.target(block)
        name = communities[target].name if target in communities else "未定社区"
        buildings.append(
            {
                "id": block.id,
                "label": f"{block.title}：{name}，{block.households:,} 户",
                "tone": tone.get(target, 0),
                "moved": target != block.community,
                "pale": block.id not in shown,
                **({"shape": placed} if len(placed) > 2 else {"point": placed[0]}),
            }
        )
    middle = centres((block, draft.target(block)) for block in base.blocks.values())
    return {
        "mode": "pick",
        "field": "pk",
        "areas": [],
        "names": [{"point": list(at), "label": communities[key].name} for key, at in middle.items()],
        "buildings": buildings,
    }


def unplaced(base: Base) -> int:
    """How many of the plan's buildings no map can show."""
    known = outlines(base)
    return sum(not corners(block, known) for block in base.blocks.values())


def sheets(base: Base, draft: Draft) -> tuple[Sheet, Sheet]:
    """Two drawings of one frame: today, and under the plan with what moves marked. Both are empty where no position is known."""
    known, tone, communities = outlines(base), _tones_of(base, draft), draft.communities(base)
    placed = {block.id: found for block in base.blocks.values() if (found := corners(block, known))}
    today, after = Sheet(), Sheet()
    if not placed:
        return today, after
    plane = Plane([corner for found in placed.values() for corner in found])
    sides = ((today, lambda block: block.community), (after, draft.target))
    for sheet, lies in sides:
        sheet.width, sheet.height = round(plane.width, 1), round(plane.height, 1)
        blocks = [base.blocks[pk] for pk in placed]
        for block in blocks:
            key = lies(block)
            name = communities[key].name if key in communities else "未定社区"
            moved = draft.target(block) != block.community
            found = placed[block.id]
            sheet.shapes.append(
                Shape(
                    reverse("places:building", args=[block.id]),
                    plane.path(found) if len(found) > 2 else plane.square(found[0]),
                    f"tone-{tone.get(key, 0)}{' moved' if moved else ''}",
                    f"{block.title}：{name}{'（划转）' if moved else ''}",
                )
            )
        for key, at in centres((block, lies(block)) for block in blocks).items():
            x, y = plane.at(at)
            sheet.names.append(
                Name(round(x, 1), round(y, 1), communities[key].name if key in communities else key)
            )
    return today, after
