"""Why a plan is as it is, in sentences: each community before and after against the norm, and whether it still hangs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from linli.registry.adjustment.neighbours import components, pieces_of
from linli.registry.adjustment.norms import Finding
from linli.registry.adjustment.rules import Base, Block, Draft
from linli.registry.adjustment.showing import CommunityRow

MOST = 800
"""Areas of more buildings are not looked at for being in one piece: every building is compared with every other."""
_PLACED = 0.9  # the part of the buildings of which a position must be known


def of_rows(rows: Sequence[CommunityRow]) -> list[str]:
    """One sentence for each community that the plan changes: 东外社区现有 737 户，少 263 户，撤销，并入川北东社区。"""
    names = {row.community.key: row.community.name for row in rows}
    found = []
    for row in rows:
        name = row.community.name
        if row.community.into:
            into = names.get(row.community.into, row.community.into)
            found.append(
                f"{name}现有 {row.today.households:,} 户{_judged(row.findings_today)}，撤销，并入{into}。"
            )
        elif row.community.is_new:
            found.append(f"新设{name}，{row.after.households:,} 户{_judged(row.findings)}。")
        elif row.is_changed:
            found.append(
                f"{name}现有 {row.today.households:,} 户{_judged(row.findings_today)}；"
                f"调整后 {row.after.households:,} 户{_judged(row.findings)}。"
            )
    return found


def _judged(findings: Sequence[Finding]) -> str:
    return f"，{findings[0].text}" if findings else ""


def scattered(base: Base, draft: Draft) -> list[str]:
    """The communities that hang together today, or are new, and would lie in several pieces: with what lies apart.

    Only told where nearly all buildings have positions, of those that have one, and where there are not too many of them.
    """
    blocks = [block for block in base.blocks.values() if block.place is not None]
    if len(blocks) > MOST or len(blocks) < _PLACED * len(base.blocks):
        return []
    today = _parts(replace(base, blocks={block.id: block for block in blocks}))
    after = _parts(replace(base, blocks={b.id: replace(b, community=draft.target(b)) for b in blocks}))
    communities = draft.communities(base)
    found = []
    for key, parts in after.items():
        if key in communities and len(parts) > 1 and len(today.get(key, [[]])) == 1:
            rest = sorted(parts, key=len)[:-1]
            apart = "、".join(dict.fromkeys(block.estate_name for part in rest for block in part))
            found.append(f"{communities[key].name}会分成不相连的 {len(parts)} 片，{apart}和其余的不挨着。")
    return found


def _parts(base: Base) -> dict[str, list[list[Block]]]:
    """The buildings of every community by connected part."""
    pieces = pieces_of(base, max(1, sum(block.households for block in base.blocks.values())))
    inside: dict[str, set[int]] = {}
    for piece in pieces:
        inside.setdefault(piece.community, set()).add(piece.index)
    return {
        key: [
            [block for index in part for block in pieces[index].blocks]
            for part in components(indexes, pieces)
        ]
        for key, indexes in inside.items()
    }
