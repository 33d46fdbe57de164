"""Every write of the case engine.

All raise `RuleError` for what the rules refuse, and `NotPermitted` for cases that the acting user may not see or act on.
"""

from linli.flow.actions.assigning import add_units, claim, hand_over, report, send_back, withdraw
from linli.flow.actions.cases import follow, move, open_case, unfollow
from linli.flow.actions.clocks import extend, look_at_clocks, recount_all
from linli.flow.actions.kinds import draft_edition, ensure_kind, publish_edition
from linli.flow.actions.refusing import note
from linli.flow.actions.warrants import (
    NewWarrant,
    cancel_dispatch,
    change_warrants,
    dispatch,
    end_warrant,
    end_warrants,
    extend_warrant,
    make_warrant,
    make_warrants,
    may_send,
    resume_warrant,
    suspend_warrant,
)

__all__ = [
    "NewWarrant",
    "add_units",
    "cancel_dispatch",
    "change_warrants",
    "claim",
    "dispatch",
    "draft_edition",
    "end_warrant",
    "end_warrants",
    "ensure_kind",
    "extend",
    "extend_warrant",
    "follow",
    "hand_over",
    "look_at_clocks",
    "make_warrant",
    "make_warrants",
    "may_send",
    "move",
    "note",
    "open_case",
    "publish_edition",
    "recount_all",
    "report",
    "resume_warrant",
    "send_back",
    "suspend_warrant",
    "unfollow",
    "withdraw",
]
