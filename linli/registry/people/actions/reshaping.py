"""People go along when a home is split or merged: nobody moves house, the house is spoken of anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.audit.recording import Act
from linli.registry.people.actions import steps
from linli.registry.people.actions.steps import Place
from linli.registry.people.models import HEAD, Household, HouseholdMember, Person, Residence, ResidenceKind
from linli.registry.places.models import Home


def follow_home(
    act: Act,
    user: Any,
    people: Sequence[tuple[int, int, Home]],
    households: Mapping[int, Home],
    on: date,
) -> None:
    """People (by id) of a home (by id) are in another from a day on: what ran in the old home, living or hukou, runs on in the new
    one. `households` that nobody of lives there follow by themselves; the others with their head.

    Works in the caller's action. Raises NotPermitted for people whom the user may not edit.
    """
    locked = steps.lock_with_households(user, [pk for pk, _old, _home in people])
    by_id = {person.pk: person for person in locked}
    for pk, old, home in people:
        person = by_id[pk]
        for kind in (ResidenceKind.LIVING, ResidenceKind.HUKOU):
            spell = steps.running(person, kind)
            if spell is not None and spell.home_id == old:
                _carry(person, spell, home, on)
        act.record(person, _("房屋拆分合并，改在%(home)s") % {"home": home.full_address})
    for member in HouseholdMember.objects.filter(
        person__in=by_id, relation=HEAD, period__endswith__isnull=True, period__isempty=False
    ).select_related("household"):
        for pk, old, home in people:
            if pk == member.person_id and member.household.home_id == old:
                _rehouse(member.household, home)
    for household in Household.objects.select_for_update(of=("self",)).filter(pk__in=households):
        _rehouse(household, households[household.pk])
    steps.settle(user, locked)


def _carry(person: Person, spell: Residence, home: Home, on: date) -> None:
    begun = spell.period.lower
    if begun is not None and begun >= on:
        spell.home, spell.region_code = home, home.region_code
        spell.save(update_fields=["home", "region_code"])
        return
    steps.end_residence(spell, on, went_to=home.full_address)
    steps.begin_residence(
        person,
        spell.kind,
        Place(home_id=home.pk),
        on,
        home=home,
        reason=spell.reason,
        dwelling=spell.dwelling,
        hukou_nature=spell.hukou_nature,
        station=spell.station,
        **steps.permit_of(spell),
    )


def _rehouse(household: Household, home: Home) -> None:
    household.home, household.region_code = home, home.region_code
    household.save(update_fields=["home", "region_code", "updated_at"])
