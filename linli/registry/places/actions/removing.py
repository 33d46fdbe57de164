"""Taking away what was recorded by mistake: only what nothing refers to."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from linli.access import guard
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.registry.places.actions.keeping import EDIT
from linli.registry.places.models import Building, Entrance, Estate, EstateManagement, Home, Unit

P = TypeVar("P", bound=models.Model)


def remove(
    acting_user: Any,
    record: P,
    verb: str,
    reason: str,
    busy: str,
    said: str,
    along: tuple[type[models.Model], ...] = (),
) -> None:
    """Take a record away that nothing refers to but what goes `along` with it."""
    with audit.action(acting_user, verb, reason=reason) as act:
        kept = guard.locked(type(record), record.pk, acting_user, EDIT)
        for relation in kept._meta.related_objects:
            found: Any = relation.related_model
            if hasattr(found, "pgh_tracked_model") or found in along:
                continue
            if found._base_manager.filter(**{relation.field.name: kept.pk}).exists():
                raise RuleError(busy)
        act.record(kept, said)
        for model in along:
            model._default_manager.filter(estate=kept.pk).delete()
        kept.delete()


def remove_home(*, acting_user: Any, home: Home, reason: str = "") -> None:
    """Take away a home that was recorded by mistake: only when nobody ever lived there and nothing refers to it."""
    remove(
        acting_user,
        home,
        "places.remove_home",
        reason,
        "这套房屋已经登记过住户、户籍或单位，不能删除。门牌写错了可以改门牌。",
        f"删除房屋“{home.full_address}”",
    )


def remove_unit(*, acting_user: Any, unit: Unit, reason: str = "") -> None:
    """Take away a unit without homes."""
    said = f"删除单元“{unit}”"
    remove(acting_user, unit, "places.remove_unit", reason, "单元里还有房屋，不能删除。", said)


def remove_building(*, acting_user: Any, building: Building, reason: str = "") -> None:
    """Take away a building without units and homes."""
    said = f"删除楼栋“{building}”"
    remove(acting_user, building, "places.remove_building", reason, "楼里还有单元或房屋，不能删除。", said)


def remove_estate(*, acting_user: Any, estate: Estate, reason: str = "") -> None:
    """Take away an estate without buildings; who managed it and its gates go with it, the history keeps them."""
    said = f"删除小区“{estate}”"
    remove(
        acting_user,
        estate,
        "places.remove_estate",
        reason,
        "小区里还有楼栋，不能删除。",
        said,
        (EstateManagement, Entrance),
    )
