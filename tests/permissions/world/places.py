"""What stands around an estate."""

from __future__ import annotations

from typing import Any

from linli.access.testing import COMMUNITY
from linli.registry.places.models import (
    BackStreet,
    Entrance,
    Estate,
    EstateManagement,
)


def around(estate: Estate) -> dict[str, Any]:
    """What stands around an estate."""
    return {
        "management": EstateManagement.objects.create(
            region_code=COMMUNITY, estate=estate, way="self", period=(None, None)
        ),
        "entrance": Entrance.objects.create(region_code=COMMUNITY, estate=estate, name="东门"),
        "back_street": BackStreet.objects.create(region_code=COMMUNITY, name="东外胡同"),
    }
