"""Every write of the form tasks.

All raise `RuleError` for what the rules refuse, and `NotPermitted` for tasks and copies that the acting user may not see or act on.
"""

from linli.collecting.actions.answering import correct_row, download, receive, take_workbook, to_base
from linli.collecting.actions.drafting import choose_scope, discard, draft, set_column
from linli.collecting.actions.filling import fill_part
from linli.collecting.actions.handing_over import hand_over, merged
from linli.collecting.actions.issuing import issue, remind, take_back
from linli.collecting.actions.signing import reopen, send_back, sign, submit
from linli.collecting.actions.telling import tell_due

__all__ = [
    "choose_scope",
    "correct_row",
    "discard",
    "download",
    "draft",
    "fill_part",
    "hand_over",
    "issue",
    "merged",
    "receive",
    "remind",
    "reopen",
    "send_back",
    "set_column",
    "sign",
    "submit",
    "take_back",
    "take_workbook",
    "tell_due",
    "to_base",
]
