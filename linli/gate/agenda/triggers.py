"""What the database itself holds of the agenda: nothing is fixed in a community without its dispatch."""

from __future__ import annotations

import pgtrigger

from linli.flow.triggers import row_trigger

# What came without the gate can only be told afterwards, and is told as such.
_GUARD = """
DECLARE d flow_dispatch; w integer;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.is_unlisted <> OLD.is_unlisted THEN
        RAISE EXCEPTION 'what came unlisted stays so' USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_unlisted';
    END IF;
    IF NEW.is_unlisted THEN
        IF NEW.dispatch_id IS NOT NULL OR NEW.state <> 'done'
            OR NEW.day > (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
            RAISE EXCEPTION 'nothing unlisted is arranged' USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_unlisted';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state IN ('fixed', 'done') THEN
        SELECT * INTO d FROM flow_dispatch WHERE id = NEW.dispatch_id;
        SELECT warrant_id INTO w FROM agenda_proposal WHERE id = NEW.proposal_id;
        IF d.id IS NULL OR d.cancelled_at IS NOT NULL OR d.thing <> NEW.thing OR d.region_code <> NEW.region_code
            OR d.day <> NEW.day OR d.warrant_id IS DISTINCT FROM w THEN
            RAISE EXCEPTION 'nothing is fixed without its dispatch'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_dispatched';
        END IF;
    END IF;
    RETURN NEW;
END;
"""


def visit_guarded() -> pgtrigger.Trigger:
    """A visit is fixed only with the dispatch of its thing to its community on its day."""
    return row_trigger("visit_guarded", _GUARD, pgtrigger.Insert | pgtrigger.Update)
