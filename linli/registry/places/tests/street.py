"""A small base for tests: a street with two communities and a grid."""

from __future__ import annotations

from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.regions import names
from linli.regions.models import LEVEL_BY_LENGTH, Region

GRID = COMMUNITY + "001"


def make_regions() -> None:
    """The path down to both communities, and a grid in the first."""
    made: dict[str, Region] = {}
    for key, name, short in (
        ("11", "北京市", ""),
        ("1101", "市辖区", ""),
        ("110119", "延庆区", ""),
        ("110119002", "香水园街道", ""),
        (COMMUNITY, "东外社区居委会", "东外社区"),
        (NEIGHBOUR, "川北东社区居委会", "川北东社区"),
        (GRID, "第一网格", ""),
    ):
        parent = max((one for one in made if key.startswith(one)), key=len, default="")
        made[key] = Region.objects.create(
            region_code=key,
            level=LEVEL_BY_LENGTH[len(key)],
            name=name,
            short_name=short,
            parent=made.get(parent),
        )
    names.forget()
