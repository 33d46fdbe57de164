"""What PostgreSQL itself refuses: a copy without its dispatch, rewriting what was sent and what was changed."""

from __future__ import annotations

import pgtrigger

from linli.flow.triggers import row_trigger

_GUARD = """
DECLARE d flow_dispatch; w integer; j bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.dispatch_id IS NOT DISTINCT FROM OLD.dispatch_id AND NEW.task_id = OLD.task_id
        AND NEW.region_code = OLD.region_code THEN
        RETURN NEW;
    END IF;
    SELECT warrant_id, joint_id INTO w, j FROM collecting_formtask WHERE id = NEW.task_id;
    IF j IS NOT NULL AND NEW.dispatch_id IS NULL AND EXISTS (
        SELECT 1 FROM collecting_formpart p JOIN collecting_joined m ON m.task_id = p.task_id
        WHERE m.joint_id = j AND p.region_code = NEW.region_code AND p.dispatch_id IS NOT NULL
            AND p.state <> 'withdrawn') THEN
        RETURN NEW;
    END IF;
    SELECT * INTO d FROM flow_dispatch WHERE id = NEW.dispatch_id;
    IF d.id IS NULL OR d.cancelled_at IS NOT NULL OR d.thing <> 'form' OR d.region_code <> NEW.region_code
        OR d.warrant_id IS DISTINCT FROM w THEN
        RAISE EXCEPTION 'no form is asked without its dispatch'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'part_dispatched';
    END IF;
    RETURN NEW;
END;
"""


def part_guarded() -> pgtrigger.Trigger:
    """A community's copy has the dispatch of a form to it, under the task's own warrant; the common copy of a merged asking rests on
    the dispatches of the forms that it stands for."""
    return row_trigger("part_guarded", _GUARD, pgtrigger.Insert | pgtrigger.Update)


def kept_as_it_was(name: str) -> pgtrigger.Protect:
    """Rows are added, never changed or deleted."""
    return pgtrigger.Protect(name=f"{name}_kept", operation=pgtrigger.Update | pgtrigger.Delete)


_ONLY_REGION = """
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'region_code' = to_jsonb(OLD) - 'region_code' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are added, never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END;
"""


def kept_where_it_lies(name: str) -> pgtrigger.Trigger:
    """Rows are added, never changed or deleted; but they go with their community when communities are adjusted."""
    return row_trigger(f"{name}_kept", _ONLY_REGION, pgtrigger.Update | pgtrigger.Delete)
