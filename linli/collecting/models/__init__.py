"""What form tasks, what is asked on the spot, and standing ledgers keep."""

from linli.collecting.models.answers import Answer, Asking, Question
from linli.collecting.models.joints import Joined, Joint
from linli.collecting.models.standing import Ledger
from linli.collecting.models.tasks import OPEN, STATES, CellChange, FormList, FormPart, FormTask, Sending

__all__ = [
    "OPEN",
    "STATES",
    "Answer",
    "Asking",
    "CellChange",
    "FormList",
    "FormPart",
    "FormTask",
    "Joined",
    "Joint",
    "Ledger",
    "Question",
    "Sending",
]
