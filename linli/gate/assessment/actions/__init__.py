"""Every write of the composite assessment. Planning and scoring ask for MANAGE_ASSESSMENT in the district; a community objects."""

from linli.gate.assessment.actions.objecting import (
    answer_objection,
    last_day,
    may_object,
    may_withdraw,
    object_to,
    withdraw_objection,
)
from linli.gate.assessment.actions.planning import (
    add_contest,
    close,
    communities_of,
    compute,
    decide,
    draft_plan,
    drop_part,
    enter,
    enter_many,
    hours_saved,
    publish,
    set_part,
)

__all__ = [
    "add_contest",
    "answer_objection",
    "close",
    "communities_of",
    "compute",
    "decide",
    "draft_plan",
    "drop_part",
    "enter",
    "enter_many",
    "hours_saved",
    "last_day",
    "may_object",
    "may_withdraw",
    "object_to",
    "publish",
    "set_part",
    "withdraw_objection",
]
