"""Where a family lives and where its hukou is: spells that fit births, marriages, deaths and the age of the building."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

from linli.demo.chances import Chances, years_after, years_before
from linli.demo.numbers import (
    DATA,
    YANQING_DISTRICT,
    Numbers,
    county_elsewhere,
    district_of_beijing,
    place_name,
)
from linli.demo.people_making import relation_to
from linli.demo.places_making import STREET
from linli.demo.records import Family, Home, Household, Member, Person, Residence, Street

_NATURE: Final = {
    "local": Chances.read("1 56 3 30 2 9 - 5"),
    "floating": Chances.read("2 58 1 24 3 13 - 5"),
}
_TOWNS: Final = ["城关", "兴隆", "太平", "河西", "东风", "新安", "柳林", "永丰", "大营", "石桥"]
_VILLAGES: Final = [
    "前进",
    "红旗",
    "团结",
    "王家庄",
    "李家营",
    "西沟",
    "上河",
    "南关",
    "北庄",
    "杨树底",
    "东大街",
    "胜利路",
]


@cache
def other_communities() -> tuple[tuple[str, str], ...]:
    """Communities and villages of 延庆 outside the street: code and name."""
    with (DATA / "communities.csv").open(encoding="utf-8") as file:
        return tuple(
            (row["code"], row["name"])
            for row in csv.DictReader(file)
            if row["code"].startswith(YANQING_DISTRICT) and not row["code"].startswith(STREET)
        )


class Spells:
    """Writes spells and households for families; counts household numbers by community."""

    def __init__(self, street: Street, rng: Random, numbers: Numbers) -> None:
        self.street = street
        self.rng = rng
        self.numbers = numbers
        self.on = street.on
        self._counts: Counter[tuple[str, str]] = Counter()

    # -- starts -------------------------------------------------------------------------------------------

    def move_in(self, family: Family, home: Home, *, longest: float = 60, shortest: float = 0.05) -> date:
        """A day on which the family may have come: the house stands, the head is grown, nobody has died."""
        earliest = max(
            date(home.building.built + 1, 1, 1),
            years_after(family.head.birth, 20),
            years_before(self.on, longest),
        )
        latest = years_before(self.on, shortest)
        deaths = [p.death for p in family.people if p.death is not None]
        if deaths:
            latest = min(latest, years_before(min(deaths), 0.6))
        if latest <= earliest:
            return latest
        # More came early than late: people stay.
        days = (latest - earliest).days
        return earliest + timedelta(days=int(days * self.rng.triangular(0, 1, 0.2)))

    def start_of(self, person: Person, family: Family, since: date) -> date:
        """When this member came: with the family, by birth, or by marriage."""
        start = max(since, person.birth)
        spouse = person.spouse
        if spouse is None or person.married_on is None or spouse not in family.people:
            return start
        rooted = any(p in family.people for p in (person.father, person.mother) if p is not None)
        spouse_rooted = any(p in family.people for p in (spouse.father, spouse.mother) if p is not None)
        joins = not rooted and (spouse_rooted or spouse is family.head)
        if joins and person.married_on > start:
            start = person.married_on
            if person.death is not None and start >= person.death:
                start = since
        return start

    # -- spells -------------------------------------------------------------------------------------------

    def live(self, person: Person, home: Home, start: date, until: date | None = None) -> Residence:
        spell = Residence("living", home.region, home, (start, until))
        person.residences.append(spell)
        return spell

    def live_outside(self, person: Person, start: date | None) -> None:
        """Living outside the street since a day: mostly elsewhere in Beijing."""
        chance = self.rng.random()
        if chance < 0.1:
            region, _name = self.rng.choice(other_communities())
            address = self._flat()
        elif chance < 0.72:
            region, address = district_of_beijing(self.rng), self._flat()
        else:
            region, address = county_elsewhere(self.rng), ""
        person.residences.append(Residence("living", region, None, (start, None), address=address))

    def hukou_at(self, person: Person, home: Home, start: date | None, nature: str) -> Residence:
        """A hukou spell at a home, ended some days after a death."""
        end = None
        if person.death is not None:
            end = min(self.on, person.death + timedelta(days=self.rng.randint(6, 25)))
        spell = Residence("hukou", home.region, home, (start, end), nature=nature)
        if start is not None and self.rng.random() < 0.3 and start > person.birth:
            spell.came_from = place_name(self._came_from(person))
        person.residences.append(spell)
        return spell

    def _came_from(self, person: Person) -> str:
        return YANQING_DISTRICT if person.county.startswith("1102") else person.county

    def hukou_start(self, person: Person, start: date) -> date | None:
        """When the hukou came: after a birth within weeks, else within a year; for some it is not known."""
        if self.rng.random() < 0.03:
            return None
        if start == person.birth:
            return start + timedelta(days=self.rng.randint(3, 40))
        lag = start + timedelta(days=self.rng.randint(0, 320))
        latest = (person.death or self.on) - timedelta(days=1)
        return max(start, min(lag, latest)) if latest > start else start

    def nature(self, kind: str) -> str:
        return _NATURE[kind].pick(self.rng).strip("-")

    def destination(self) -> str:
        """Where people who moved out went, in words."""
        chance = self.rng.random()
        if chance < 0.3:
            return "延庆区" + self.rng.choice(other_communities())[1].removesuffix("居委会").removesuffix(
                "委会"
            )
        if chance < 0.75:
            return place_name(district_of_beijing(self.rng))
        return place_name(county_elsewhere(self.rng))

    def _flat(self) -> str:
        rng = self.rng
        return f"{rng.choice(_VILLAGES)}小区{rng.randint(1, 24)}号楼{rng.randint(1, 5)}单元{rng.randint(1, 6)}0{rng.randint(1, 3)}室"

    def _farm(self) -> str:
        rng = self.rng
        return f"{rng.choice(_TOWNS)}镇{rng.choice(_VILLAGES)}村{rng.randint(1, 190)}号"

    def hukou_elsewhere_in_district(self, people: list[Person], moved: date | None) -> None:
        """Hukou in another community or village of the district."""
        region, name = self.rng.choice(other_communities())
        village = name.endswith("村委会")
        address = f"{name.removesuffix('委会')}{self.rng.randint(1, 260)}号" if village else self._flat()
        nature = "2" if village and self.rng.random() < 0.6 else self.nature("local")
        for person in people:
            start = person.birth if self.rng.random() < 0.4 else None
            end = None if person.death is None else person.death + timedelta(days=12)
            person.residences.append(
                Residence("hukou", region, None, (start, end), address=address, nature=nature)
            )

    def hukou_far(self, people: list[Person]) -> None:
        """Hukou in another county: of one place for the family, or each their own."""
        rng = self.rng
        if rng.random() < 0.13:
            home_county, address = district_of_beijing(rng), self._flat()
        else:
            home_county, address = "", self._farm()
        nature = self.nature("floating")
        for person in people:
            own = person.county if not person.county.startswith("1101") and person.county != "110229" else ""
            region = home_county or own or county_elsewhere(rng)
            if not home_county:
                home_county = region if rng.random() < 0.8 else ""
            end = None if person.death is None else person.death + timedelta(days=12)
            person.residences.append(
                Residence(
                    "hukou",
                    region,
                    None,
                    (None, end),
                    address="" if rng.random() < 0.15 else address,
                    nature=nature,
                )
            )

    def came_from_afar(self, person: Person, spell: Residence, dwelling: str) -> None:
        """What is asked of floating people: why they came, how they live, their permit."""
        rng, age = self.rng, person.age(self.on)
        if age < 16:
            reason = "04" if age >= 6 and rng.random() < 0.35 else "06"
        elif person.employment in ("80", "70", "27") and age >= 50:
            reason = "06" if rng.random() < 0.7 else "08"
        elif person.employment == "54":
            reason = "03"
        elif person.employment == "31":
            reason = "04"
        elif person.employment == "70":
            reason = "06" if person.sex == "2" else "08"
        else:
            reason = "01" if rng.random() < 0.88 else "09" if rng.random() < 0.5 else "03"
        spell.reason = "" if rng.random() < 0.03 else reason
        spell.dwelling = "" if rng.random() < 0.04 else dwelling
        hukou = person.at("hukou", self.on)
        if hukou is not None:
            spell.came_from = place_name(hukou.region)
        if age >= 16 and rng.random() < 0.62:
            spell.permit = self.numbers.permit()
            spell.permit_until = self.on + timedelta(days=rng.randint(-60, 365))
            spell.permit_kind = "02"
        elif age >= 16:
            # Half a year as a registered resident comes before the permit (居住证暂行条例 Art. 2).
            spell.permit_kind = "01" if person.id % 3 else "00"

    # -- households ---------------------------------------------------------------------------------------

    def open_household(self, family: Family, home: Home, kind: str) -> Household:
        """A household with a number of its community."""
        community = home.region[:12]
        self._counts[community, kind] += 1
        digit = {"family": "0", "collective": "8", "living": "9"}[kind]
        number = f"{community[6:]}{digit}{self._counts[community, kind]:04d}"
        made = Household(len(self.street.households) + 1, home.region, number, kind, home)
        self.street.households.append(made)
        family.household = made
        return made

    def enrol(self, family: Family, starts: dict[int, date], until: date | None = None) -> None:
        """Membership of everybody in the family's household, with the head's change when a head has died."""
        household = family.household
        assert household is not None
        head = family.head
        former = next(
            (
                p
                for p in family.people
                if p.death is not None
                and p.sex == "1"
                and starts[p.id] <= min(starts.values())
                and head.age(p.death) >= 18
            ),
            None,
        )
        for person in family.people:
            start, end = starts[person.id], person.death or until
            person.family = family
            person.relation = relation_to(head, person)
            if former is None or start >= former.death:  # type: ignore[operator]
                spans = [(head, start, end)]
            elif end is not None and end <= former.death:  # type: ignore[operator]
                spans = [(former, start, end)]
            else:
                spans = [(former, start, former.death), (head, former.death, end)]  # type: ignore[list-item]
            for chief, first, last in spans:
                self.street.members.append(
                    Member(household, person, relation_to(chief, person), (first, last))
                )
