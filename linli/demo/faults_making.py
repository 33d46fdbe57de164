"""What is not right in a base that people keep: a few faults of the kinds that the page of data quality finds.

Drawn from the written rows, evenly and the same at every making. Nothing of it changes how many live in the street, in which homes
and groups they are counted, or where buildings stand.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Q

from linli.kernel.credit_code import ALPHABET
from linli.registry.groups.models import Membership
from linli.registry.lettings.models import Letting
from linli.registry.organisations.models import Organisation, Premises, PremisesUse
from linli.registry.people.models import HouseholdMember, Residence
from linli.registry.places.models import Home

_SONS_AND_DAUGHTERS: Final = ("20", "21", "22", "30", "31", "32")


def make_faults() -> None:
    """Leave out, mistype and forget here and there."""
    _homes()
    _lettings()
    _households()
    _organisations()
    _groups()


def _some(rows: Any, number: int) -> list[int]:
    """The numbers of so many rows, evenly out of all."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    return ids[:: max(1, len(ids) // number)][:number] if ids else []


def _homes() -> None:
    lived = Home.objects.filter(use="living", ended_on=None)
    Home.objects.filter(pk__in=_some(lived.filter(area__isnull=False), 24)).update(area=None)
    full = lived.filter(tenure="let", area__isnull=False).annotate(
        people=Count("residences", filter=Q(residences__kind="living", residences__period__upper_inf=True))
    )
    Home.objects.filter(pk__in=_some(full.filter(people__gte=4), 3)).update(area=18)


def _lettings() -> None:
    """Some tenants have moved on within the street and nobody ended the letting: the next one's tenant stands in it."""
    running = Letting.objects.filter(period__upper_inf=True, tenant__isnull=False)
    tenants = {
        pk: (person, name) for pk, person, name in running.values_list("pk", "tenant_id", "tenant_name")
    }
    for pk in _some(running, 9):
        after = next((other for other in sorted(tenants) if other > pk), None)
        if after is not None:
            person, name = tenants[after]
            Letting.objects.filter(pk=pk).update(tenant=person, tenant_name=name)


def _households() -> None:
    """Some grown children were written down with their parents' household, while home and hukou are next door by now; some brothers
    and sisters are written down as children."""
    for relations, child in ((("71", "73"), "29"), (("75", "77"), "39")):
        siblings = HouseholdMember.objects.filter(relation__in=relations, period__upper_inf=True)
        HouseholdMember.objects.filter(pk__in=_some(siblings, 2)).update(relation=child)
    children = HouseholdMember.objects.filter(
        relation__in=_SONS_AND_DAUGHTERS,
        period__upper_inf=True,
        person__standing="registered",
        household__kind="family",
        household__home__unit__isnull=False,
    )
    for member in HouseholdMember.objects.filter(pk__in=_some(children, 7)).select_related("household__home"):
        home = member.household.home
        assert home is not None
        next_door = (
            Home.objects.filter(unit=home.unit_id, tenure="owned")
            .exclude(pk=home.pk)
            .annotate(
                people=Count(
                    "residences", filter=Q(residences__kind="living", residences__period__upper_inf=True)
                )
            )
            .filter(people__gte=3)
            .order_by("pk")
            .first()
        )
        if next_door is not None:
            Residence.objects.filter(person=member.person_id, period__upper_inf=True, home=home).update(
                home=next_door
            )


def _organisations() -> None:
    """Two codes are mistyped, three shops have a branch where somebody lives."""
    shops = Organisation.objects.filter(kind="shop", closed_on=None)
    for organisation in Organisation.objects.filter(pk__in=_some(shops.exclude(credit_code=""), 2)):
        last = ALPHABET[(ALPHABET.index(organisation.credit_code[-1]) + 1) % len(ALPHABET)]
        organisation.credit_code = organisation.credit_code[:-1] + last
        organisation.save(update_fields=["credit_code"])
    homes = Residence.objects.filter(kind="living", period__upper_inf=True, home__use="living", home__floor=1)
    for pk in _some(shops, 3):
        shop = Organisation.objects.get(pk=pk)
        near = homes.filter(region_code__startswith=shop.region_code[:12])
        home = near.order_by("pk").values_list("home", flat=True).first()
        if home is not None:
            Premises.objects.create(
                region_code=shop.region_code,
                organisation=shop,
                home_id=home,
                use=PremisesUse.BRANCH,
                period=DateRange(None, None),
            )


def _groups() -> None:
    """Of some nobody asked what their group asks."""
    told = Membership.objects.filter(group__code__in=("disabled", "low_income"), period__upper_inf=True)
    Membership.objects.filter(pk__in=_some(told, 16)).update(details={})
