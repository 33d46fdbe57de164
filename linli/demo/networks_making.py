"""Door heads, group leaders and back streets of the street, with gaps: fewer where nobody manages the estate."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from linli.demo.places_making import COMMUNITIES, COMMUNITY_NAMES, STREET
from linli.demo.records import BackStreet, Building, NetworkPost, Person, Street, Unit

_HAN: Final = "零一二三四五六七八九十"
Stair = tuple[Building, Unit | None]


def make_networks(street: Street, *, seed: int | str) -> None:
    """Add the posts; some staircases, households and grids stay without anybody."""
    rng = Random(f"linli networks {seed}")
    living: dict[int, list[Person]] = {}
    for person in street.people:
        spell = person.at("living", street.on)
        if spell is not None and spell.home is not None and person.death is None:
            living.setdefault(spell.home.id, []).append(person)
    households: dict[int, int] = {}
    held = {m.household.id for m in street.members if m.period[1] is None or m.period[1] > street.on}
    for household in street.households:
        if household.home is not None and household.id in held:
            households[household.home.id] = households.get(household.home.id, 0) + 1
    busy: set[int] = set()
    for suffix in COMMUNITIES:
        community = STREET + suffix
        buildings = [one for one in street.buildings if one.region[:12] == community]
        stairs: list[Stair] = []
        for building in buildings:
            stairs += [(building, unit) for unit in building.units]
            if any(home.unit is None and home.use == "living" for home in building.homes):
                stairs.append((building, None))
        _door_heads(street, rng, community, stairs, living, busy)
        _leaders(street, rng, community, stairs, living, households, busy)
        if buildings:
            _back_streets(street, rng, suffix, buildings)
        _police(street, community, suffix)
    # Two grids wait for a new worker.
    for grid in rng.sample(street.grids, min(2, len(street.grids) // 8)):
        if grid.region != f"{STREET}001001":
            grid.worker = ""


_OFFICERS: Final = (
    "高志强",
    "孙建华",
    "马立新",
    "郑国栋",
    "许海涛",
    "韩立军",
    "曹永刚",
    "邓文斌",
    "彭少华",
    "袁继东",
    "蒋卫民",
)


def _police(street: Street, community: str, suffix: str) -> None:
    """The officer of a community, of the street's station; one community still waits for a new one. Without chance, so that nothing
    else on the street changes."""
    number = list(COMMUNITIES).index(suffix)
    if number == 7:
        return
    street.posts.append(
        NetworkPost(
            "police",
            community,
            None,
            (street.on - timedelta(days=200 + 90 * number), None),
            "",
            [],
            name=_OFFICERS[number % len(_OFFICERS)],
            phone=f"1391000{7100 + number}",
            unit="香水园派出所",
        )
    )


def _homes_of(stair: Stair) -> list[int]:
    building, unit = stair
    return [home.id for home in building.homes if home.unit is unit and home.use == "living"]


def _somebody(
    rng: Random, street: Street, stairs: list[Stair], living: dict[int, list[Person]], busy: set[int]
) -> Person | None:
    """A resident of these staircases of the age at which people take such posts."""
    fit = [
        person
        for stair in stairs
        for home in _homes_of(stair)
        for person in living.get(home, [])
        if 42 <= person.age(street.on) <= 76 and person.id not in busy
    ]
    if not fit:
        return None
    found = rng.choice(fit)
    busy.add(found.id)
    return found


def _since(rng: Random, on: date) -> date:
    return on - timedelta(days=rng.randint(60, 2400))


def _door_heads(
    street: Street,
    rng: Random,
    community: str,
    stairs: list[Stair],
    living: dict[int, list[Person]],
    busy: set[int],
) -> None:
    for stair in stairs:
        likely = 0.35 if stair[0].estate.management == "abandoned" else 0.93
        person = _somebody(rng, street, [stair], living, busy) if rng.random() < likely else None
        if person is not None:
            street.posts.append(
                NetworkPost("door_head", community, person, (_since(rng, street.on), None), "", [stair])
            )


def _leaders(
    street: Street,
    rng: Random,
    community: str,
    stairs: list[Stair],
    living: dict[int, list[Person]],
    households: dict[int, int],
    busy: set[int],
) -> None:
    """Neighbouring staircases together, up to about fifty households; a few groups have grown past it."""
    number, count = 0, 0
    group: list[Stair] = []
    limit = 50
    for stair in [*stairs, None]:
        own = sum(households.get(home, 0) for home in _homes_of(stair)) if stair is not None else 0
        if group and (stair is None or count + own > limit):
            number += 1
            person = _somebody(rng, street, group, living, busy) if rng.random() < 0.9 else None
            if person is not None:
                street.posts.append(
                    NetworkPost(
                        "group_leader",
                        community,
                        person,
                        (_since(rng, street.on), None),
                        f"第{_han(number)}居民小组",
                        group,
                    )
                )
            group, count = [], 0
            limit = 66 if rng.random() < 0.07 else 50
        if stair is not None:
            group = [*group, stair]
            count += own


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _HAN[ones]
    return f"{_HAN[tens] if tens > 1 else ''}十{_HAN[ones] if ones else ''}"


def _back_streets(street: Street, rng: Random, suffix: str, buildings: list[Building]) -> None:
    """One to three lanes of a community."""
    name = COMMUNITY_NAMES[suffix]
    for word in rng.sample(("南巷", "北巷", "后街", "东巷", "胡同"), rng.randint(1, 3)):
        start = rng.randrange(len(buildings))
        along = buildings[start : start + rng.randint(2, 5)]
        renewal = rng.choice(("none", "none", "planned", "under_way", "done", "done"))
        street.back_streets.append(
            BackStreet(
                STREET + suffix,
                f"{name}{word}",
                f"{along[0].estate.name}{along[0].name}至{along[-1].estate.name}{along[-1].name}",
                rng.randrange(90, 620, 10),
                rng.choice((3, 3.5, 4, 5, 6)),
                "good" if renewal == "done" else rng.choice(("fair", "poor")),
                renewal,
                date(rng.randint(2018, street.on.year - 1), rng.randint(4, 11), 20)
                if renewal == "done"
                else None,
                along,
            )
        )
