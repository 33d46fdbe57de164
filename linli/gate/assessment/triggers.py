"""What the database itself holds of the assessment: a published plan is frozen, a closed one takes no scores."""

from __future__ import annotations

import pgtrigger

from linli.flow.triggers import row_trigger

_PLAN = """
BEGIN
    IF TG_OP = 'DELETE' OR NEW.year <> OLD.year OR NEW.region_code <> OLD.region_code
        OR NEW.least_satisfaction <> OLD.least_satisfaction OR NEW.state = 'draft'
        OR (OLD.state = 'closed' AND NEW.state <> 'closed') THEN
        RAISE EXCEPTION 'a published plan is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_frozen';
    END IF;
    RETURN NEW;
END;
"""

_PART = """
DECLARE s text;
BEGIN
    SELECT state INTO s FROM assessment_plan WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
    IF s <> 'draft' THEN
        RAISE EXCEPTION 'a published plan is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'part_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
"""

_SCORE = """
DECLARE s text;
BEGIN
    SELECT p.state INTO s FROM assessment_plan p JOIN assessment_part a ON a.plan_id = p.id
    WHERE a.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.part_id ELSE NEW.part_id END;
    IF s <> 'published' THEN
        RAISE EXCEPTION 'no scores now' USING ERRCODE = 'check_violation', CONSTRAINT = 'score_open';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
"""


def plan_frozen() -> pgtrigger.Trigger:
    """A published plan keeps its year and terms, and is not deleted; a closed one stays closed."""
    return row_trigger(
        "plan_frozen",
        _PLAN,
        pgtrigger.Update | pgtrigger.Delete,
        condition=~pgtrigger.Q(old__state="draft"),
    )


def part_frozen() -> pgtrigger.Trigger:
    """The parts of a published plan are not changed."""
    return row_trigger("part_frozen", _PART, pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)


def score_open() -> pgtrigger.Trigger:
    """Scores are given between publishing and closing."""
    return row_trigger("score_open", _SCORE, pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)
