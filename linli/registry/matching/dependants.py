"""What hangs on a record: found in the models, not listed by hand, so that a new table with a foreign key is never forgotten.

How rows change hands when two records become one follows from the constraints they stand under (ADR 0021):
- `repoint`: no constraint names the key; the rows simply point to the survivor.
- `spells`: one spell at a time; where spells of both overlap, those of the chosen side stay and the others are cut to what is left.
- `once`: one row for each; where both have one, that of the chosen side stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pghistory.models
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from linli.audit.columns import column

REPOINT, SPELLS, ONCE = "repoint", "spells", "once"


class Unhandled(Exception):
    """A constraint on a foreign key that no treatment understands: teach `dependants`, or give the model a plainer one."""


@dataclass(frozen=True)
class Dependant:
    """A foreign key to the subject: how its rows change hands. `keys` are the columns that make two rows the same matter
    besides the foreign key, `within` narrows to the rows that the constraint is about."""

    model: type[models.Model]
    field: models.ForeignKey
    treatment: str
    keys: tuple[str, ...] = ()
    within: Q | None = None

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def column(self) -> str:
        return self.field.column

    @property
    def same_matter(self) -> bool:
        """Whether rows with equal keys speak of one thing of the base (the same group), so that blanks may be filled from
        the one that goes."""
        return any(
            isinstance(field, models.ForeignKey) and field.attname in self.keys
            for field in self.model._meta.concrete_fields
        )


def foreign_keys(subject: type[models.Model]) -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Every foreign key to the subject in any installed model; kept history is no dependant, it stays as written."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, pghistory.models.Event) or model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is subject:
                yield model, field


def _attname(model: type[models.Model], name: str) -> str:
    return str(column(model, name).column)


def _names(expression: object) -> str:
    return expression if isinstance(expression, str) else getattr(expression, "name", "")


def _of_constraint(
    model: type[models.Model], field: models.ForeignKey, constraint: models.BaseConstraint
) -> Dependant | None:
    """How a constraint bears on the foreign key; None when it does not."""
    own = {field.name, field.attname}
    if isinstance(constraint, ExclusionConstraint):
        parts = [(_names(expression), operator) for expression, operator in constraint.expressions]
        if not any(name in own for name, _operator in parts):
            return None
        ranged = [name for name, operator in parts if operator == RangeOperators.OVERLAPS]
        equal = [name for name, operator in parts if operator == RangeOperators.EQUAL and name not in own]
        if ranged != ["period"] or not isinstance(model._meta.get_field("period"), DateRangeField):
            raise Unhandled(f"{model._meta.label}.{field.name}: {constraint.name}")
        keys = tuple(_attname(model, name) for name in equal)
        return Dependant(model, field, SPELLS, keys, _within(constraint.condition))
    if isinstance(constraint, models.UniqueConstraint):
        if constraint.expressions:
            raise Unhandled(f"{model._meta.label}.{field.name}: {constraint.name}")
        if not own & set(constraint.fields):
            return None
        keys = tuple(_attname(model, name) for name in constraint.fields if name not in own)
        if "period__upper_inf" in repr(constraint.condition):
            return Dependant(model, field, SPELLS, keys, _within(constraint.condition))
        return Dependant(model, field, ONCE, keys, constraint.condition)
    if isinstance(constraint, models.CheckConstraint):
        return None
    raise Unhandled(f"{model._meta.label}.{field.name}: {constraint.name}")


def _within(condition: Q | None) -> Q | None:
    """What a spell's condition says besides whether the spell is open-ended."""
    if condition is None:
        return None
    kept = Q()
    for child in condition.children:
        if isinstance(child, Q):
            inner = _within(child)
            if inner is not None:
                kept &= inner
        elif child[0] != "period__upper_inf":  # type: ignore[index]
            kept &= Q(child)
    return kept or None


def of_field(model: type[models.Model], field: models.ForeignKey) -> list[Dependant]:
    """The treatments of one foreign key: by the constraints that name it, else it is repointed.

    Raises Unhandled.
    """
    found: list[Dependant] = []
    if field.unique:
        found.append(Dependant(model, field, ONCE))
    for together in model._meta.unique_together:
        if field.name in together:
            keys = tuple(_attname(model, name) for name in together if name != field.name)
            found.append(Dependant(model, field, ONCE, keys))
    for constraint in model._meta.constraints:
        one = _of_constraint(model, field, constraint)
        if one is not None and not any(
            (one.treatment, one.keys, one.within) == (other.treatment, other.keys, other.within)
            for other in found
        ):
            found.append(one)
    return found or [Dependant(model, field, REPOINT)]


def dependants(subject: type[models.Model]) -> list[Dependant]:
    """All treatments of all foreign keys to a subject, in the order in which rows change hands.

    Raises Unhandled for a constraint that nobody has thought of.
    """
    return [one for model, field in foreign_keys(subject) for one in of_field(model, field)]


def columns_of(subject: type[models.Model]) -> dict[str, list[str]]:
    """Table → its columns that point to the subject."""
    found: dict[str, list[str]] = {}
    for model, field in foreign_keys(subject):
        found.setdefault(model._meta.db_table, []).append(field.column)
    return found


def model_of(table: str) -> type[models.Model]:
    """The model that a table belongs to."""
    return next(
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table == table and not model._meta.proxy
    )
