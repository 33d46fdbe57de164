"""Organisations whose premises are split, merged or ended go along as it is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from linli.access import guard
from linli.access.roles import Permission
from linli.registry.organisations import premising
from linli.registry.organisations.models import Organisation
from linli.registry.places import occupancy


def occupants(home_ids: Sequence[int], user: Any) -> list[occupancy.Occupant]:
    """The organisations that are in these homes and have not closed."""
    rows = Organisation.objects.filter(premises__in=home_ids, closed_on=None).order_by("premises_id", "pk")
    return [
        occupancy.Occupant(f"organisations-{one.pk}", one.premises_id or 0, f"{one.name}（单位）")
        for one in rows
    ]


def move(act: Any, user: Any, wanted: dict[occupancy.Occupant, Any], on: date) -> None:
    """Their premises are another home from now on."""
    for one, home in wanted.items():
        organisation = guard.locked(
            Organisation, int(one.key.split("-")[1]), user, Permission.EDIT_ORGANISATIONS
        )
        before, organisation.premises = organisation.premises_id, home
        organisation.updated_at = timezone.now()
        organisation.save(update_fields=["premises", "updated_at"])
        premising.follow(organisation, before, on)
        act.record(organisation, f"房屋拆分合并，改在{home.full_address}")


def register() -> None:
    """Called once, when the app is ready."""
    occupancy.register_occupants("organisations", occupants, move)
