"""What the database itself holds of the flow: nothing reaches a community without a warrant, nothing done is rewritten."""

from __future__ import annotations

import pgtrigger

# The warrant's row is locked, so that two sendings at the same moment are counted one after the other.
_GUARD = """
DECLARE w flow_warrant; since date; until date; sent integer; months integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.warrant_id <> OLD.warrant_id OR NEW.thing <> OLD.thing OR NEW.day <> OLD.day
            OR NEW.region_code <> OLD.region_code
            OR (OLD.cancelled_at IS NOT NULL AND NEW.cancelled_at IS DISTINCT FROM OLD.cancelled_at) THEN
            RAISE EXCEPTION 'a dispatch is not rewritten' USING ERRCODE = 'check_violation', CONSTRAINT = 'dispatch_kept';
        END IF;
        RETURN NEW;
    END IF;
    NEW.sent_at := now();
    SELECT * INTO w FROM flow_warrant WHERE id = NEW.warrant_id FOR UPDATE;
    IF NOT starts_with(NEW.region_code, w.region_code) THEN
        RAISE EXCEPTION 'the warrant does not hold there' USING ERRCODE = 'check_violation', CONSTRAINT = 'warrant_region';
    END IF;
    IF NOT NEW.thing = ANY (w.things) THEN
        RAISE EXCEPTION 'the warrant does not allow this' USING ERRCODE = 'check_violation', CONSTRAINT = 'warrant_thing';
    END IF;
    IF NOT w.period @> NEW.day OR NEW.day < (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION 'the warrant is not in force then' USING ERRCODE = 'check_violation', CONSTRAINT = 'warrant_period';
    END IF;
    IF w.suspended <> '' THEN
        RAISE EXCEPTION 'the warrant is suspended' USING ERRCODE = 'check_violation', CONSTRAINT = 'warrant_suspended';
    END IF;
    IF w.times IS NOT NULL THEN
        IF w.per = 'once' THEN
            since := lower(w.period); until := 'infinity';
        ELSIF w.per = 'week' THEN
            since := date_trunc('week', NEW.day)::date; until := since + 7;
        ELSE
            months := CASE w.per WHEN 'year' THEN 12 WHEN 'half' THEN 6 WHEN 'quarter' THEN 3 ELSE 1 END;
            since := make_date(extract(year from NEW.day)::int,
                ((extract(month from NEW.day)::int - 1) / months) * months + 1, 1);
            until := (since + make_interval(months => months))::date;
        END IF;
        SELECT count(*) INTO sent FROM flow_dispatch d
        WHERE d.warrant_id = NEW.warrant_id AND d.region_code = NEW.region_code AND d.cancelled_at IS NULL
            AND d.day >= since AND d.day < until;
        IF sent >= w.times THEN
            RAISE EXCEPTION 'sent too often' USING ERRCODE = 'check_violation', CONSTRAINT = 'warrant_frequency';
        END IF;
    END IF;
    RETURN NEW;
END;
"""

# What a community began itself comes back to it without a warrant.
_WARRANTED = """
DECLARE u access_unit; sent flow_dispatch;
BEGIN
    SELECT * INTO u FROM access_unit WHERE id = NEW.unit_id;
    IF u.kind <> 'community' OR NEW.unit_id = (SELECT origin_id FROM flow_case WHERE id = NEW.case_id) THEN
        RETURN NEW;
    END IF;
    SELECT * INTO sent FROM flow_dispatch WHERE id = NEW.dispatch_id;
    IF sent.id IS NULL OR sent.region_code <> u.region_code OR sent.cancelled_at IS NOT NULL THEN
        RAISE EXCEPTION 'nothing is given to a community without a warrant'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_warranted';
    END IF;
    RETURN NEW;
END;
"""

_FROZEN = """
BEGIN
    IF TG_OP = 'DELETE' OR NEW."table" IS DISTINCT FROM OLD."table" OR NEW.kind_id <> OLD.kind_id
        OR NEW.number <> OLD.number OR NEW.published_at IS DISTINCT FROM OLD.published_at THEN
        RAISE EXCEPTION 'a published edition is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_frozen';
    END IF;
    RETURN NEW;
END;
"""


def row_trigger(
    name: str, body: str, operation: pgtrigger.Operation, condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    """A row trigger from a whole plpgsql body with its own declarations."""
    declared, _begin, rest = body.partition("BEGIN\n")
    variables = [part.split() for part in declared.replace("DECLARE", "").split(";") if part.strip()]
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=operation,
        condition=condition,
        declare=[(variable, kind) for variable, kind in variables] or None,
        func=pgtrigger.Func(rest.strip().removesuffix("END;").rstrip()),
    )


def dispatch_guarded() -> pgtrigger.Trigger:
    """A dispatch needs its warrant in force, for that thing, there, and not too often."""
    return row_trigger("dispatch_guarded", _GUARD, pgtrigger.Insert | pgtrigger.Update)


def assignment_warranted() -> pgtrigger.Trigger:
    """A case given to a community needs a dispatch to it."""
    return row_trigger("assignment_warranted", _WARRANTED, pgtrigger.Insert | pgtrigger.Update)


def edition_frozen() -> pgtrigger.Trigger:
    """A published edition is not rewritten and not deleted."""
    return row_trigger(
        "edition_frozen",
        _FROZEN,
        pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__published_at__isnull=False),
    )


def append_only() -> pgtrigger.Trigger:
    """Rows are neither changed nor deleted."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
