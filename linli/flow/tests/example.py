"""A kind of case for the tests: a street calls departments to a problem."""

from __future__ import annotations

from linli.flow.rules.clocks import Limit, Measure
from linli.flow.rules.kinds import Actor, Gives, Kind, State, Step

WHISTLE = Kind(
    key="test_whistle",
    name="街乡吹哨",
    prefix="CS",
    limit=Limit(10, Measure.WORKING_DAYS),
    states=(
        State("open", "待派办", Limit(4, Measure.WORKING_HOURS), task="派办"),
        State("handling", "办理中", Limit(5, Measure.WORKING_DAYS), task="到现场办理"),
        State("waiting", "等待补充", Limit(5, Measure.WORKING_DAYS), task="补充情况", pauses=True),
        State("checking", "待评价", Limit(2, Measure.WORKING_DAYS), task="评价"),
        State("closed", "已办结", ends=True, outcome="办结"),
        State("refused", "不予办理", ends=True, outcome="不予办理"),
    ),
    steps=(
        Step("assign", "派办", ("open",), "handling", (Actor.COORDINATOR,), Gives.CHOSEN),
        Step("refuse", "不予办理", ("open",), "refused", (Actor.COORDINATOR,), Gives.NOBODY, reason=True),
        Step("ask", "请补充", ("handling",), "waiting", (Actor.LEAD,), Gives.ORIGIN, reason=True),
        Step("supply", "补充", ("waiting",), "handling", (Actor.ORIGIN,), Gives.CHOSEN),
        Step("finish", "报告办结", ("handling",), "checking", (Actor.LEAD,), Gives.ORIGIN, waits=True),
        Step("accept", "满意", ("checking",), "closed", (Actor.ORIGIN,), Gives.NOBODY),
        Step("reject", "不满意", ("checking",), "open", (Actor.ORIGIN,), Gives.COORDINATOR, reason=True),
        Step(
            "reopen",
            "重新办理",
            ("closed", "refused"),
            "open",
            (Actor.ORIGIN,),
            Gives.COORDINATOR,
            reason=True,
        ),
    ),
)
