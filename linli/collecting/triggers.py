"""What PostgreSQL itself refuses: rewriting what was sent and what was changed."""

from __future__ import annotations

import pgtrigger


def kept_as_it_was(name: str) -> pgtrigger.Protect:
    """Rows are added, never changed or deleted."""
    return pgtrigger.Protect(name=f"{name}_kept", operation=pgtrigger.Update | pgtrigger.Delete)
