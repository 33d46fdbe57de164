"""One ready draft of an adjustment for the demonstration street: what `adjustment.solving` proposes for it by the law's norm of
1,000 to 3,000 households, kept as estates and communities so that making the street need not wait for the solver."""

from __future__ import annotations

from datetime import date
from typing import Final

from linli.audit.recording import SYSTEM, ActingUser
from linli.demo.places_making import STREET
from linli.registry.adjustment import actions, solving
from linli.registry.adjustment.base import read_base
from linli.registry.adjustment.models import Norm, NormKind, Plan
from linli.registry.adjustment.rules import Base, Draft
from linli.registry.adjustment.seeds import ensure_norms

NAME: Final = "香水园街道社区设置调整方案（示范）"
NOTE: Final = "示范用的草案，没有提交。16 个社区里有 13 个不足 1,000 户，方案按小区整体划转，让每个社区都在法定的规模之内。"
# Community given up → the one that the rest of it goes to.
MERGED: Final = {"001": "002", "003": "007", "009": "005", "010": "014"}
# Estate → the community it moves to.
MOVED: Final = {
    "教师家属院": "004",
    "川北后街": "004",
    "妫水人家": "008",
    "石河营老街": "012",
    "泰安嘉园": "013",
    "新兴公寓": "006",
    "新兴花园": "012",
}


def draft_for(base: Base) -> Draft:
    """The draft over a base that has all sixteen communities."""
    draft = Draft()
    for key, into in MERGED.items():
        draft = draft.merge(base, STREET + key, STREET + into)
    for estate, to in MOVED.items():
        ids = [block.id for block in base.blocks.values() if block.estate_name == estate]
        draft = draft.move(base, ids, STREET + to)
    return draft


def make_plan(on: date, *, acting_user: ActingUser = SYSTEM) -> Plan:
    """Write the draft, with what it comes to in words."""
    ensure_norms(acting_user=acting_user)
    base = read_base(STREET, on)
    rule = Norm.objects.filter(kind=NormKind.HOUSEHOLDS, region_code="").earliest("pk").rule
    plan = actions.open_plan(acting_user=acting_user, region_code=STREET, name=NAME, note=NOTE)
    draft = draft_for(base)
    return actions.put_proposal(
        acting_user=acting_user,
        plan=plan,
        draft=draft,
        explanation=solving.describe(base, draft, rule),
    )
