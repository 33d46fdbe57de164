"""Every write of the case engine.

All raise `RuleError` for what the rules refuse, and `NotPermitted` for cases that the acting user may not see or act on.
"""

from linli.flow.actions.assigning import add_units, claim, hand_over, report, send_back, withdraw
from linli.flow.actions.cases import follow, move, open_case, unfollow
from linli.flow.actions.clocks import extend, look_at_clocks, recount_all
from linli.flow.actions.kinds import draft_edition, ensure_kind, publish_edition
from linli.flow.actions.warrants import (
    cancel_dispatch,
    dispatch,
    end_warrant,
    extend_warrant,
    make_warrant,
    may_send,
    resume_warrant,
    suspend_warrant,
)

__all__ = [
    "add_units",
    "cancel_dispatch",
    "claim",
    "dispatch",
    "draft_edition",
    "end_warrant",
    "ensure_kind",
    "extend",
    "extend_warrant",
    "follow",
    "hand_over",
    "look_at_clocks",
    "make_warrant",
    "may_send",
    "move",
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
