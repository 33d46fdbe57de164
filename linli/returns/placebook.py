"""The places that forms name: homes by their addresses, divisions by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from linli.regions.models import Level, Region
from linli.regions.rules import NAMELESS
from linli.registry.intake.context import hukou_resolver
from linli.registry.intake.rules.words import building_name, door_name, unit_name
from linli.registry.places.addresses import full_address
from linli.registry.places.models import Building, Estate, Home
from linli.returns.addresses import address_key
from linli.returns.saying import unit_and_door


class PlaceBook:
    """The homes of a region by their addresses, and divisions by their names."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.homes: dict[str, int] = {}
        standing = Home.objects.in_region(region.region_code).filter(ended_on=None)
        for pk, address in standing.values_list("pk", "full_address"):
            self.homes[self.key(address)] = pk

    @cached_property
    def resolve(self) -> Callable[[str], str | None]:
        """Reads divisions by their names."""
        return hukou_resolver(self.region)

    @cached_property
    def buildings(self) -> dict[str, int]:
        """The buildings by estate and name: 新兴小区12楼."""
        self.building_regions: dict[int, str] = {}
        found: dict[str, int] = {}
        rows = Building.objects.in_region(self.region.region_code).values_list(
            "pk", "region_code", "estate__name", "name"
        )
        for pk, code, estate, name in rows:
            found.setdefault(self.key(estate + name), pk)
            self.building_regions[pk] = code
        return found

    @cached_property
    def estates(self) -> dict[str, int]:
        """The estates by their names."""
        rows = Estate.objects.in_region(self.region.region_code).values_list("name", "pk")
        return {self.key(name): pk for name, pk in rows}

    @cached_property
    def regions(self) -> dict[str, str]:
        """The communities and grids of the region by their names, those that two have left out."""
        found: dict[str, str] = {}
        twice: set[str] = set()
        here = Region.objects.filter(
            level__in=(Level.COMMUNITY, Level.GRID),
            region_code__gte=self.region.scope.low,
            region_code__lt=self.region.scope.high,
            valid_to__isnull=True,
        )
        for one in here:
            for name in {one.name, one.short_name, one.region_code} - {""}:
                if found.setdefault(name, one.region_code) != one.region_code:
                    twice.add(name)
        return {name: code for name, code in found.items() if name not in twice}

    def building(self, estate: str, name: str) -> int | None:
        """The building of an estate's name and its own, or of both written as one."""
        if not name:
            return None
        return self.buildings.get(self.key(estate + building_name(name))) or self.buildings.get(
            self.key(building_name(name))
        )

    def building_at_end_of(self, text: str) -> int | None:
        """The building that a name or address ends in, whatever stands before it."""
        key = self.key(text)
        for start in range(max(1, len(key) - 2)):
            if (found := self.buildings.get(key[start:])) is not None:
                return found
        return None

    def door_of(self, estate: str, building: str, unit: str, door: str) -> tuple[int, str, str] | None:
        """(building, unit, door) of a home that is not on record in a building that is."""
        found = self.building(estate, building) if estate and building and door else None
        name = door_name(door)
        return (found, unit_name(unit) if unit else "", name) if found is not None and name else None

    def door_in(self, address: str) -> tuple[int, str, str] | None:
        """The same of an address written as one: 新兴小区12号楼3单元603室."""
        key = self.key(address)
        for start in range(max(1, len(key) - 2)):
            for end in range(len(key), start + 2, -1):
                if (found := self.buildings.get(key[start:end])) is None:
                    continue
                unit, door = unit_and_door(key[end:].lstrip("-－—"))
                name = door_name(door)
                return (found, unit_name(unit) if unit else "", name) if name else None
        return None

    @staticmethod
    def key(address: str) -> str:
        """An address as it is compared."""
        return address_key(address)

    def by_text(self, address: str) -> int | None:
        """The home that an address ends in, whatever regions stand before it."""
        key = self.key(address)
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
        return self.homes.get(self.key(address))

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
