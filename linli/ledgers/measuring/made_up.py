"""A made-up street whose every value differs, so that a neighbouring column cannot pass for the right one.

Built inside a transaction that is rolled back: nothing of it stays, and it stands in a street of its own, so that the
people of a real base are never mixed in. Set-based and small: three communities, some fifty people each.
"""

from __future__ import annotations

from linli.ledgers.measuring.made_people import groups, households
from linli.ledgers.measuring.made_places import estate, organisations
from linli.ledgers.measuring.made_street import COMMUNITIES, COMMUNITY, ON, STREET, MadeUp, regions
from linli.registry.people import standing
from linli.registry.people.models import HouseholdMember, Kinship, Person, Residence

__all__ = ["COMMUNITY", "ON", "STREET", "MadeUp", "build"]


def build() -> MadeUp:
    """Make the street. Call it inside a transaction."""
    made = MadeUp()
    regions()
    homes = {}
    for place, community in enumerate(COMMUNITIES):
        homes[community] = estate(made, community, place)
        households(made, community, homes[community])
    Person.objects.bulk_create(made.people)
    HouseholdMember.objects.bulk_create(made.members)
    Residence.objects.bulk_create(made.residences)
    Kinship.objects.bulk_create(made.kin)
    groups(made)
    for community in COMMUNITIES:
        organisations(made, community, homes[community])
    standing.refresh([person.pk for person in made.people], on=ON)
    return made
