"""The kinds of case that admission brings: the application's way to its decision, and an objection's to its answer.

Limits are as practised in 西城区 (2018): decided within 15 working days.
"""

from __future__ import annotations

from linli.flow.rules.clocks import Limit, Measure
from linli.flow.rules.kinds import Actor, Gives, Kind, State, Step

ROOM = "admission"


def _days(amount: int) -> Limit:
    return Limit(amount, Measure.WORKING_DAYS)


ADMISSION = Kind(
    key="admission",
    name="准入申请",
    prefix="ZR",
    limit=_days(15),
    states=(
        State("received", "待受理", _days(3), task="受理准入申请"),
        State("consulting", "征求意见", task="汇总意见，审定"),
        State("correcting", "待补正", task="补正准入申请", pauses=True),
        State("trial", "试行中", task="试行期满审定", pauses=True),
        State("admitted", "准予准入", ends=True, outcome="准予准入"),
        State("refused", "不予准入", ends=True, outcome="不予准入"),
        State("dropped", "试行后不予准入", ends=True, outcome="试行后不予准入"),
        State("withdrawn", "已撤回", ends=True, outcome="申请部门撤回"),
    ),
    steps=(
        Step("consult", "征求意见", ("received",), "consulting", (Actor.LEAD,)),
        Step(
            "correct",
            "退回补正",
            ("received", "consulting"),
            "correcting",
            (Actor.LEAD,),
            Gives.ORIGIN,
            reason=True,
        ),
        Step("resubmit", "重新提交", ("correcting",), "received", (Actor.ORIGIN,), Gives.COORDINATOR),
        Step("admit", "准予准入", ("consulting",), "admitted", (Actor.LEAD,), Gives.NOBODY),
        Step("try", "先试行", ("consulting",), "trial", (Actor.LEAD,), Gives.COORDINATOR),
        Step(
            "refuse",
            "不予准入",
            ("received", "consulting"),
            "refused",
            (Actor.LEAD,),
            Gives.NOBODY,
            reason=True,
            tone="danger",
        ),
        Step("confirm", "试行期满，准予准入", ("trial",), "admitted", (Actor.LEAD,), Gives.NOBODY),
        Step(
            "drop",
            "试行后不予准入",
            ("trial",),
            "dropped",
            (Actor.LEAD,),
            Gives.NOBODY,
            reason=True,
            tone="danger",
        ),
        Step(
            "withdraw",
            "撤回申请",
            ("received", "correcting", "consulting"),
            "withdrawn",
            (Actor.ORIGIN,),
            Gives.NOBODY,
            reason=True,
        ),
    ),
)

OBJECTION = Kind(
    key="admission_objection",
    name="事项异议",
    prefix="YY",
    limit=_days(10),
    states=(
        State("open", "待答复", task="答复异议"),
        State("explained", "已说明", ends=True, outcome="已说明理由，事项不变"),
        State("upheld", "异议成立", ends=True, outcome="异议成立"),
    ),
    steps=(
        Step("explain", "说明理由", ("open",), "explained", (Actor.LEAD,), Gives.NOBODY, reason=True),
        Step("uphold", "异议成立", ("open",), "upheld", (Actor.LEAD,), Gives.NOBODY, reason=True),
    ),
)
