"""The places that forms name: homes by their addresses, divisions by their names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from linli.regions.models import Region
from linli.regions.rules import NAMELESS
from linli.registry.intake.context import hukou_resolver
from linli.registry.intake.rules import building_name, door_name, unit_name
from linli.registry.places.addresses import full_address
from linli.registry.places.models import Home


class PlaceBook:
    """The homes of a region by their addresses, and divisions by their names."""

    def __init__(self, region: Region) -> None:
        self.homes: dict[str, int] = {}
        for pk, address in Home.objects.in_region(region.region_code).values_list("pk", "full_address"):
            self.homes[self._key(address)] = pk
        self.resolve = hukou_resolver(region)

    @staticmethod
    def _key(address: str) -> str:
        bare = "".join(unicodedata.normalize("NFKC", address).split()).replace("号楼", "楼")
        return bare.removesuffix("室")

    def by_text(self, address: str) -> int | None:
        """The home that an address ends in, whatever regions stand before it."""
        key = self._key(address)
        for start in range(max(1, len(key) - 2)):
            found = self.homes.get(key[start:])
            if found is not None:
                return found
        return None

    def by_parts(self, estate: str, building: str, unit: str, door: str) -> int | None:
        """The home of these parts, however they are written: 12, 12号楼; 3, 三单元; 501室."""
        if not (estate and building and door):
            return None
        address = full_address(
            "".join(estate.split()), building_name(building), unit_name(unit) if unit else "", door_name(door)
        )
        return self.homes.get(self._key(address))

    def division(self, parts: Iterable[str]) -> str:
        """The division that names from the province down mean; "" when it cannot be told."""
        named: list[str] = []
        for part in parts:
            if part and part not in NAMELESS and part not in named:
                named.append(part)
        for start in range(len(named)):
            if found := self.resolve("".join(named[start:])):
                return found
        return ""

    def division_before(self, address: str) -> tuple[str, str]:
        """(division, the rest) of an address that begins with one."""
        bare = "".join(address.split())
        for end in range(min(len(bare), 24), 2, -1):
            if found := self.resolve(bare[:end]):
                return found, bare[end:]
        return "", bare
