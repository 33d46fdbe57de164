"""What the rooms above know about homes: who lives there, what shop it is. They register here in `ready()`.

Places stand below people and organisations and may not import them; the building chart and the page of a home ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Occupancy:
    """What is known of one home on one day, as far as the asking user may know it.

    `people` counts who lives there; `name` is the head's, else the first resident's, or the shop's; `care` names the groups
    of care; `missing` says what has not been recorded, in words.
    """

    people: int = 0
    name: str = ""
    care: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def __add__(self, other: Occupancy) -> Occupancy:
        return Occupancy(
            self.people + other.people,
            self.name or other.name,
            self.care + other.care,
            self.missing + other.missing,
        )


NOBODY = Occupancy()
Source = Callable[[Sequence[int], date, Any], dict[int, Occupancy]]
Follower = Callable[[Sequence[int]], None]


@dataclass(frozen=True)
class Panel:
    """A part of a home's page: `context(home, on, user)` gives what `template` needs, None to leave it out."""

    key: str
    label: Any
    template: str
    context: Callable[[Any, date, Any], dict[str, Any] | None]
    order: int = 0


@dataclass(frozen=True)
class Occupant:
    """Somebody or something that is recorded in a home, and must go somewhere when the home is split, merged or ended.

    `key` is the source's own ("people-12"); occupants with the same `together` word go the same way unless it is said otherwise.
    """

    key: str
    home_id: int
    label: str
    together: str = ""


@dataclass(frozen=True)
class MapLayer:
    """What the overview map may be coloured by: `values(building_ids, on, user)` gives a number a building (missing: 0).

    `bounds` are the highest values of the bands but the last; `permission` hides the layer from those who hold it nowhere.
    """

    key: str
    label: Any
    unit: str
    bounds: tuple[int, ...]
    values: Callable[[Sequence[int], date, Any], dict[int, int]]
    order: int = 0
    note: Any = ""
    permission: Any = None


_layers: dict[str, MapLayer] = {}


@dataclass(frozen=True)
class UnitNote:
    """What is said under a unit's name on the building chart; `url` leads to where it can be mended."""

    text: str
    tone: str = ""
    url: str = ""


UnitNotes = Callable[[Any, date, Any], dict[int | None, list[UnitNote]]]
_unit_notes: dict[str, UnitNotes] = {}
Listing = Callable[[Sequence[int], Any], list[Occupant]]
Moving = Callable[[Any, Any, dict[Occupant, Any], date], None]
_occupants: dict[str, tuple[Listing, Moving]] = {}
_sources: dict[str, tuple[int, Source]] = {}
_panels: dict[str, Panel] = {}
_followers: dict[str, Follower] = {}
_building_followers: dict[str, Follower] = {}


def register_source(key: str, source: Source, *, order: int = 0) -> None:
    """Add a source: `source(home_ids, on, user)` answers for all homes with one query. Lower `order` names first."""
    _sources[key] = (order, source)


def register_panel(panel: Panel) -> None:
    """Add a part to the page of a home."""
    _panels[panel.key] = panel


def register_follower(key: str, follower: Follower) -> None:
    """Add what must follow when homes come to lie in another region: `follower(home_ids)`, in the same transaction."""
    _followers[key] = follower


def register_building_follower(key: str, follower: Follower) -> None:
    """Add what must follow when buildings come to lie in another region: `follower(building_ids)`, in the same transaction."""
    _building_followers[key] = follower


def register_map_layer(layer: MapLayer) -> None:
    """Add something that the overview map may be coloured by."""
    _layers[layer.key] = layer


def map_layers(user: Any) -> list[MapLayer]:
    """What this user may colour the map by, in order."""
    found = [one for one in _layers.values() if one.permission is None or user.can(one.permission)]
    return sorted(found, key=lambda one: one.order)


def map_layer(key: str) -> MapLayer | None:
    """A layer by its key."""
    return _layers.get(key)


def register_unit_notes(key: str, notes: UnitNotes) -> None:
    """Add what is said of units: `notes(building, on, user)` by unit id, None for homes outside units. `building.unit_ids` lists the
    units of the chart."""
    _unit_notes[key] = notes


def unit_notes(building: Any, on: date, user: Any) -> dict[int | None, list[UnitNote]]:
    """What the rooms above say of the units of a building on a day."""
    found: dict[int | None, list[UnitNote]] = {}
    for source in _unit_notes.values():
        for unit, notes in source(building, on, user).items():
            found.setdefault(unit, []).extend(notes)
    return found


def register_occupants(key: str, listing: Listing, moving: Moving) -> None:
    """Add a source of occupants, whose keys begin with `key` and a dash: `listing(home_ids, user)` names them all, whoever asks;
    `moving(act, user, {occupant: home}, on)` puts them into other homes from a day on, in the caller's action."""
    _occupants[key] = (listing, moving)


def occupants(home_ids: Iterable[int], user: Any) -> list[Occupant]:
    """Everybody and everything that is recorded in these homes today."""
    ids = list(home_ids)
    if not ids:
        return []
    return [one for listing, _moving in _occupants.values() for one in listing(ids, user)]


def move_occupants(act: Any, user: Any, wanted: dict[Occupant, Any], on: date) -> None:
    """Put occupants into other homes from a day on."""
    for key, (_listing, moving) in _occupants.items():
        own = {one: home for one, home in wanted.items() if one.key.startswith(f"{key}-")}
        if own:
            moving(act, user, own, on)


def occupancy(home_ids: Iterable[int], on: date, user: Any) -> dict[int, Occupancy]:
    """What is known of these homes on that day; homes of which nothing is known are left out. One query a source."""
    ids = list(home_ids)
    found: dict[int, Occupancy] = {}
    if not ids:
        return found
    for _, source in sorted(_sources.values(), key=lambda one: one[0]):
        for pk, known in source(ids, on, user).items():
            found[pk] = found[pk] + known if pk in found else known
    return found


def panels() -> list[Panel]:
    """The parts of a home's page, in order."""
    return sorted(_panels.values(), key=lambda one: one.order)


def followed(home_ids: Iterable[int]) -> None:
    """Tell the rooms above that these homes lie in another region now."""
    ids = list(home_ids)
    if ids:
        for follower in _followers.values():
            follower(ids)


def buildings_followed(building_ids: Iterable[int]) -> None:
    """Tell the rooms above that these buildings lie in another region now."""
    ids = list(building_ids)
    if ids:
        for follower in _building_followers.values():
            follower(ids)
