"""Every write of the duty catalogue.

All raise `RuleError` for what the rules refuse and `NotPermitted` outside the area whose catalogue the acting user keeps.
"""

from linli.gate.catalogue.actions.bases import add_document, bases_of, ensure_bases, named, selectable
from linli.gate.catalogue.actions.items import admit, renew, resume, revoke, suspend

__all__ = [
    "add_document",
    "admit",
    "bases_of",
    "ensure_bases",
    "named",
    "renew",
    "resume",
    "revoke",
    "selectable",
    "suspend",
]
