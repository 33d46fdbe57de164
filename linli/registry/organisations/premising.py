"""The spells of premises behind `Organisation.premises`. Called by actions, inside their transaction."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from linli.registry.organisations.models import Organisation, Premises, PremisesUse


def follow(one: Organisation, before: int | None, since: date | None) -> None:
    """The main premises are another home from a day on (None: since nobody knows when); the spell in the one before ends."""
    today = timezone.localdate()
    if before is not None and before != one.premises_id:
        running = Premises.objects.filter(
            organisation=one, home=before, use=PremisesUse.MAIN, period__upper_inf=True
        )
        for spell in running:
            end(spell, today)
    if one.premises_id is None:
        return
    there = Premises.objects.filter(organisation=one, home=one.premises_id, period__contains=today)
    if not there.exists() and one.closed_on is None:
        Premises.objects.create(
            region_code=one.region_code,
            organisation=one,
            home_id=one.premises_id,
            period=DateRange(since, None),
        )


def end(spell: Premises, on: date) -> None:
    """A spell ends on a day; one that began then or later never was."""
    if spell.period.lower is not None and spell.period.lower >= on:
        spell.delete()
    else:
        spell.period = DateRange(spell.period.lower, on)
        spell.save(update_fields=["period"])


def end_all(one: Organisation, on: date) -> None:
    """Every running spell ends; the main premises stay named, as where it was last."""
    for spell in Premises.objects.filter(organisation=one):
        upper = spell.period.upper
        if not spell.period.isempty and (upper is None or upper > on):
            end(spell, on)


def main_of(one: Organisation, on: date) -> int | None:
    """The home of the main premises on a day: of several the one entered last."""
    found = (
        Premises.objects.filter(organisation=one, use=PremisesUse.MAIN, period__contains=on)
        .order_by("-period", "-pk")
        .values_list("home_id", flat=True)
        .first()
    )
    return int(found) if found is not None else None
