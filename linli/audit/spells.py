"""Spells: dated ranges of which one thing may have only one at a time, guarded by the database (ADR 0009)."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q


def one_at_a_time(name: str, *of: str, where: Q | None = None) -> list[models.BaseConstraint]:
    """Constraints: for the same `of` at most one open-ended spell, and no two closed ones that overlap.

    Bulk inserts are nearly all open-ended: a unique index costs them a tenth of what an exclusion constraint does.
    What is left, an open spell over a closed one, is `no_overlap`'s. `where` narrows to some rows.
    """
    narrowed = where if where is not None else Q()
    return [
        models.UniqueConstraint(
            fields=list(of), condition=Q(period__upper_inf=True) & narrowed, name=f"{name}_open"
        ),
        ExclusionConstraint(
            name=f"{name}_closed",
            expressions=[
                *((field, RangeOperators.EQUAL) for field in of),
                ("period", RangeOperators.OVERLAPS),
            ],
            condition=Q(period__upper_inf=False) & narrowed,
        ),
    ]


_CHECK = """
    IF EXISTS (
        SELECT 1 FROM new_rows n JOIN {meta.db_table} o ON {same} AND o.id <> n.id AND o.period && n.period
        WHERE upper_inf(o.period) <> upper_inf(n.period) {narrowed}
    ) THEN
        RAISE EXCEPTION 'spells of {name} overlap' USING ERRCODE = 'exclusion_violation', CONSTRAINT = '{name}';
    END IF;
    RETURN NULL;
"""


def no_overlap(name: str, *columns: str, where: str = "") -> list[pgtrigger.Trigger]:
    """Triggers for `Meta.triggers`: after each statement, no open spell overlaps a closed one of the same `columns`.

    `where` is SQL over {row}, e.g. "{row}.relation = '02'".
    """
    same = " AND ".join(f"o.{column} = n.{column}" for column in columns)
    narrowed = f"AND {where.replace('{row}', 'n')} AND {where.replace('{row}', 'o')}" if where else ""
    check = _CHECK.replace("{same}", same).replace("{narrowed}", narrowed).replace("{name}", name)
    return [
        pgtrigger.Trigger(
            name=f"{name}_{label}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=pgtrigger.Func(check),
        )
        for label, operation in (("insert", pgtrigger.Insert), ("update", pgtrigger.Update))
    ]
