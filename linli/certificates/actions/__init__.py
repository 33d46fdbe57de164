"""Every write of this room."""

from linli.certificates.actions.checking import Told, check_by_file, check_by_number, check_by_token
from linli.certificates.actions.issuing import add_copies, issue, open_paper, preview, withdraw
from linli.certificates.actions.lists import ensure_list, publish, remove_office, save_office
from linli.certificates.actions.preparing import approve, drop, prepare, reread, send_back, submit
from linli.certificates.actions.refusing import answer_asker, refuse
from linli.certificates.actions.seals import log_use, save_seal

__all__ = [
    "Told",
    "add_copies",
    "answer_asker",
    "approve",
    "check_by_file",
    "check_by_number",
    "check_by_token",
    "drop",
    "ensure_list",
    "issue",
    "log_use",
    "open_paper",
    "prepare",
    "preview",
    "publish",
    "refuse",
    "remove_office",
    "reread",
    "save_office",
    "save_seal",
    "send_back",
    "submit",
    "withdraw",
]
