"""Every write of the form tasks.

All raise `RuleError` for what the rules refuse, and `NotPermitted` for tasks and copies that the acting user may not see or act on.
"""

from linli.collecting.actions.answering import (
    correct_row,
    download,
    print_part,
    receive,
    take_workbook,
    to_base,
)
from linli.collecting.actions.asking import answer, ask_missing, drop_known, give_up
from linli.collecting.actions.drafting import (
    choose_scope,
    discard,
    draft,
    forget_values,
    set_column,
    set_values,
)
from linli.collecting.actions.filling import fill_part
from linli.collecting.actions.handing_over import hand_over, merged
from linli.collecting.actions.issuing import issue, remind, take_back
from linli.collecting.actions.joining import accept, agree, decline, propose, refuse
from linli.collecting.actions.rows import add_row, remove_row
from linli.collecting.actions.signing import reopen, send_back, sign, submit
from linli.collecting.actions.standing import (
    change_ledger,
    close_ledger,
    export_ledger,
    keep_ledger,
    print_ledger,
    review_ledger,
    tell_reviews,
    write_ledger,
)
from linli.collecting.actions.telling import tell_due

__all__ = [
    "accept",
    "add_row",
    "agree",
    "answer",
    "ask_missing",
    "change_ledger",
    "choose_scope",
    "close_ledger",
    "correct_row",
    "decline",
    "discard",
    "download",
    "draft",
    "drop_known",
    "export_ledger",
    "fill_part",
    "forget_values",
    "give_up",
    "hand_over",
    "issue",
    "keep_ledger",
    "merged",
    "print_ledger",
    "print_part",
    "propose",
    "receive",
    "refuse",
    "remind",
    "remove_row",
    "reopen",
    "review_ledger",
    "send_back",
    "set_column",
    "set_values",
    "sign",
    "submit",
    "take_back",
    "take_workbook",
    "tell_due",
    "tell_reviews",
    "to_base",
    "write_ledger",
]
