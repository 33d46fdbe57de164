"""What the database itself holds of the catalogue: a published edition is frozen."""

from __future__ import annotations

import pgtrigger

_EDITION = """
IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'applied_at' <> to_jsonb(OLD) - 'applied_at'
    OR (OLD.applied_at IS NOT NULL AND NEW.applied_at IS DISTINCT FROM OLD.applied_at) THEN
    RAISE EXCEPTION 'a published edition is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'catalogue_frozen';
END IF;
RETURN NEW;
"""

_ENTRY = """
IF EXISTS (SELECT 1 FROM catalogue_edition e WHERE e.published_at IS NOT NULL
    AND (TG_OP <> 'DELETE' AND e.id = NEW.edition_id OR TG_OP <> 'INSERT' AND e.id = OLD.edition_id)) THEN
    RAISE EXCEPTION 'a published edition is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'catalogue_frozen';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


def edition_frozen() -> pgtrigger.Trigger:
    """A published edition is neither rewritten nor deleted; only the moment it took effect is written, once."""
    return pgtrigger.Trigger(
        name="catalogue_edition_frozen",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__published_at__isnull=False),
        func=pgtrigger.Func(_EDITION.strip()),
    )


def entry_frozen() -> pgtrigger.Trigger:
    """Nothing is added to, changed in or taken from a published edition."""
    return pgtrigger.Trigger(
        name="catalogue_entry_frozen",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=pgtrigger.Func(_ENTRY.strip()),
    )


def kept() -> pgtrigger.Trigger:
    """Rows are never deleted: frozen editions name them by number."""
    return pgtrigger.Protect(name="catalogue_basis_kept", operation=pgtrigger.Delete)
