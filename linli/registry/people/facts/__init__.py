"""What can be asked of people and households."""

from linli.registry.people.facts.households import household
from linli.registry.people.facts.kin import kin
from linli.registry.people.facts.persons import person
from linli.registry.people.facts.residences import residence

# isort: split
# The elements of a person, in the order in which lists offer them.
from linli.registry.people.facts import families, identity, whereabouts  # noqa: F401

__all__ = ["household", "kin", "person", "residence"]
