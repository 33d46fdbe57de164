"""What the database itself holds of plates: none hangs by right without being of an allowed kind or dispatched."""

from __future__ import annotations

import pgtrigger

from linli.flow.triggers import row_trigger

# A plate that follows its community into another keeps the dispatch of then.
_GUARD = """
DECLARE d flow_dispatch; k plates_platekind;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state = OLD.state AND NEW.dispatch_id IS NOT DISTINCT FROM OLD.dispatch_id
        AND NEW.kind_id IS NOT DISTINCT FROM OLD.kind_id THEN
        RETURN NEW;
    END IF;
    IF NEW.state = 'allowed' THEN
        SELECT * INTO k FROM plates_platekind WHERE id = NEW.kind_id;
        IF k.id IS NULL OR NOT k.is_allowed OR NOT starts_with(NEW.region_code, k.region_code) THEN
            RAISE EXCEPTION 'the plate is of no allowed kind' USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_allowed';
        END IF;
    END IF;
    IF NEW.state = 'listed' THEN
        SELECT * INTO d FROM flow_dispatch WHERE id = NEW.dispatch_id;
        IF d.id IS NULL OR d.cancelled_at IS NOT NULL OR d.thing <> 'plate' OR d.region_code <> NEW.region_code THEN
            RAISE EXCEPTION 'no plate is put up without its dispatch'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_dispatched';
        END IF;
    END IF;
    RETURN NEW;
END;
"""


def plate_guarded() -> pgtrigger.Trigger:
    """A plate hangs by right only when it is of an allowed kind or has the dispatch of a warrant for plates."""
    return row_trigger("plate_guarded", _GUARD, pgtrigger.Insert | pgtrigger.Update)
