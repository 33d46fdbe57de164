"""What can be asked of places: estates, buildings, homes, back streets, and the communities they stand in."""

from linli.registry.places.facts import estates, homes, lifts  # noqa: F401  they declare their terms
from linli.registry.places.facts.regions import (
    LEVELS,
    NAMELESS,
    PERSONAL_PHONE,
    SENSITIVE_NUMBER,
    add_region_elements,
    empty_to_none,
    opened,
    region_name_sql,
    region_path_sql,
)

__all__ = [
    "LEVELS",
    "NAMELESS",
    "PERSONAL_PHONE",
    "SENSITIVE_NUMBER",
    "add_region_elements",
    "empty_to_none",
    "opened",
    "region_name_sql",
    "region_path_sql",
]
