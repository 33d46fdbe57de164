"""Which rows follow which when communities are adjusted, derived from the models.

Every model with a region key says, or its foreign keys tell, how its rows come to lie where they lie:

- a *holder* (`region_holder`: 1 a building, 2 an estate, 3 a person) is moved by itself, and what hangs on it follows;
- a row with a way of foreign keys to a holder follows it, a building rather than an estate or a person, unless
  `region_follows` names the foreign key; where the way is empty (a household without a home) the row stays as long as its
  community does and goes with it to the successor;
- `region_follows = "region"`: named by its region alone (a post, a form's upload) and goes to the successor;
- `region_follows = "never"`: a record of the past (an event), or not a place of its own.

A model that says nothing and has no way to a holder raises `NoWay`: a test walks all models, so that a new table cannot be
forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from linli.regions.fields import RegionCodeField


class NoWay(TypeError):
    """A model with a region key neither says what it follows nor leads to a holder by foreign keys."""


@dataclass(frozen=True)
class Step:
    """One foreign key on the way: `column` of the row, and the table whose id it holds."""

    column: str
    table: str


@dataclass(frozen=True)
class Way:
    """How the rows of a table come to lie where they lie.

    `kind`: "holder" (moved by itself), "inside" (follows the holder at the end of `steps`), "region" (named by its region).
    """

    table: str
    columns: tuple[str, ...]
    kind: str
    holder: str = ""
    steps: tuple[Step, ...] = ()
    name_once: bool = False  # a name stands once in a region

    def joins(self, row: str, prefix: str) -> tuple[str, str]:
        """SQL left joins from alias `row` towards the holder, and the expression for the holder's id.

        The last foreign key is not joined: it already is the holder's id.
        """
        sql, here = "", row
        for number, step in enumerate(self.steps[:-1]):
            there = f"{prefix}{number}"
            sql += f" LEFT JOIN {step.table} {there} ON {there}.id = {here}.{step.column}"
            here = there
        last = self.steps[-1].column if self.steps else "id"
        return sql, f"{here}.{last}"


def is_history(model: type[models.Model]) -> bool:
    """Whether the model keeps another's past rows."""
    return hasattr(model, "pgh_tracked_model")


def has_region(model: type[models.Model]) -> bool:
    """Whether rows of the model carry a region key of their own."""
    return any(
        isinstance(field, RegionCodeField) and field.name == "region_code"
        for field in model._meta.concrete_fields
    )


def _fks(model: type[models.Model]) -> Iterator[models.ForeignKey[Any, Any]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            yield field


def _way_to_holder(
    model: type[models.Model], named: str
) -> tuple[type[models.Model], tuple[Step, ...]] | None:
    """The holder of the lowest rank that foreign keys lead to, by the shortest way in the order of the fields.

    The way does not pass through another holder. `named` fixes its first foreign key.
    """
    best: tuple[int, type[models.Model], tuple[Step, ...]] | None = None
    trails: list[tuple[type[models.Model], tuple[Step, ...]]] = [(model, ())]
    seen = {model}
    while trails:
        further: list[tuple[type[models.Model], tuple[Step, ...]]] = []
        for here, steps in trails:
            for field in _fks(here):
                target: Any = field.related_model
                if target in seen or not has_region(target) or (not steps and named not in ("", field.name)):
                    continue
                seen.add(target)
                way = (*steps, Step(field.column, target._meta.db_table))
                rank = getattr(target, "region_holder", 0)
                if not rank:
                    further.append((target, way))
                elif best is None or rank < best[0]:
                    best = (rank, target, way)
        trails = further
    return best[1:] if best is not None else None


def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.column for field in model._meta.concrete_fields if field.column)


def unique_in_region(model: type[models.Model]) -> list[tuple[str, ...]]:
    """The fields of the model's unique constraints that name the region key: two communities that become one may clash in them."""
    return [
        tuple(one.fields)
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and "region_code" in one.fields
    ]


def name_once(model: type[models.Model]) -> bool:
    """Whether a name stands once in a region; when two communities become one, the newcomer of a name says where it came from."""
    return ("region_code", "name") in unique_in_region(model)


def way_of(model: type[models.Model]) -> Way | None:
    """The way of a model; None for rows that never follow.

    Raises NoWay.
    """
    table, columns = model._meta.db_table, _columns(model)
    said = getattr(model, "region_follows", "")
    if said == "never":
        return None
    once = name_once(model)
    if getattr(model, "region_holder", 0):
        return Way(table, columns, "holder", table, name_once=once)
    if said == "region":
        return Way(table, columns, "region", name_once=once)
    found = _way_to_holder(model, said)
    if found is None:
        raise NoWay(
            f"{model._meta.label} has a region key: give it a foreign key to a building or person, or region_follows"
        )
    holder, steps = found
    return Way(table, columns, "inside", holder._meta.db_table, steps, once)


@cache
def ways() -> dict[str, Way]:
    """The ways of all tables with a region key, by table, holders first.

    A model without a way is treated as named by its region; the test of all models tells its author.
    """
    found = []
    for model in apps.get_models():
        if not has_region(model) or is_history(model):
            continue
        try:
            way = way_of(model)
        except NoWay:
            way = Way(model._meta.db_table, _columns(model), "region")
        if way is not None:
            found.append(way)
    order = {"holder": 0, "inside": 1, "region": 2}
    return {way.table: way for way in sorted(found, key=lambda w: (order[w.kind], len(w.steps), w.table))}


@cache
def tables_with_region() -> frozenset[str]:
    """All tables whose rows carry a region key, those that follow nothing included."""
    return frozenset(model._meta.db_table for model in apps.get_models() if has_region(model))
