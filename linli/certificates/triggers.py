"""What the database itself holds: published wording and issued papers are not rewritten, numbers have no gaps."""

from __future__ import annotations

import pgtrigger

# Issued papers: only withdrawal, copies and the count of checks may still be written, and who holds it when records are merged
# or communities adjusted.
_KEPT = """
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.number IS NOT NULL THEN
            RAISE EXCEPTION 'an issued paper is not deleted' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.number IS NOT NULL AND ({columns}) THEN
        RAISE EXCEPTION 'an issued paper is not rewritten' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
    END IF;
    RETURN NEW;
END;
"""

# The number is the one after the last of its series.
_NEXT = """
DECLARE last integer;
BEGIN
    IF NEW.number IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.number IS NULL) THEN
        SELECT coalesce(max(number), 0) INTO last FROM {table}
            WHERE issuer_code = NEW.issuer_code AND year = NEW.year AND id <> NEW.id;
        IF NEW.number <> last + 1 THEN
            RAISE EXCEPTION 'number % does not follow %', NEW.number, last
                USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
        END IF;
    END IF;
    RETURN NEW;
END;
"""

_FROZEN = """
BEGIN
    RAISE EXCEPTION '{what}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
END;
"""


def kept(name: str, *columns: str) -> pgtrigger.Trigger:
    """Once numbered, these columns stay and the row is not deleted."""
    changed = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in columns)
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=_KEPT.replace("{name}", name).replace("{columns}", changed),
    )


def in_series(name: str, table: str) -> pgtrigger.Trigger:
    """Numbers follow one another within issuer and year. The action locks the series' row; this finds who did not."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=_NEXT.replace("{name}", name).replace("{table}", table),
    )


def append_only(name: str, what: str, *, operations: pgtrigger.Operation | None = None) -> pgtrigger.Trigger:
    """Rows are written once."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=operations or (pgtrigger.Update | pgtrigger.Delete),
        func=_FROZEN.replace("{name}", name).replace("{what}", what),
    )
