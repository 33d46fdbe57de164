"""Every write of the duty catalogue.

All raise `RuleError` for what the rules refuse and `NotPermitted` outside the area whose catalogue the acting user keeps.
"""

from linli.gate.catalogue.actions.bases import add_document, bases_of, ensure_bases, named, selectable
from linli.gate.catalogue.actions.drafts import (
    add_entry,
    bring_back,
    change_entry,
    describe_draft,
    discard_draft,
    let_go,
    merge_entries,
    rename_class,
    start_draft,
)
from linli.gate.catalogue.actions.items import admit, renew, resume, revoke, suspend, tell_end
from linli.gate.catalogue.actions.publishing import apply_due, publish, take_effect

__all__ = [
    "add_document",
    "add_entry",
    "admit",
    "apply_due",
    "bases_of",
    "bring_back",
    "change_entry",
    "describe_draft",
    "discard_draft",
    "ensure_bases",
    "let_go",
    "merge_entries",
    "named",
    "publish",
    "rename_class",
    "renew",
    "resume",
    "revoke",
    "selectable",
    "start_draft",
    "suspend",
    "take_effect",
    "tell_end",
]
