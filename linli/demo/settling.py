"""Filling the homes: who lives in each, on what terms, and where those who own but do not live there have gone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from linli.demo.chances import Chances, day_between, years_after, years_before
from linli.demo.dressing import dress, stranger
from linli.demo.numbers import Numbers
from linli.demo.people_making import NEWCOMERS, SETTLED, SMALL, Families
from linli.demo.records import Family, Home, Person, Residence, Street
from linli.demo.spells import Spells

_TENURE: Final = Chances.read("owned 836 let 132 lent 12 public 12 dormitory 8")
_OWNER_SORT: Final = Chances.read("registered 800 floating 52 district 82 street 60 newcomer 6")
_TENANT_SORT: Final = Chances.read("floating 66 district 33 newcomer 1")
_LETTING: Final = Chances.read("02 93 01 4 04 2 05 1")
_DWELLING: Final = {"owned": "01", "let": "02", "lent": "04", "dormitory": "05", "public": "02"}


class Settling:
    """Fills the street's homes with people until the wanted number lives there."""

    def __init__(self, street: Street, rng: Random, numbers: Numbers) -> None:
        self.street = street
        self.rng = rng
        self.numbers = numbers
        self.on = street.on
        self.families = Families(rng, street.on)
        self.spells = Spells(street, rng, numbers)
        self._waiting: list[Family] = []  # hukou still at another home of the street

    def fill(self, residents: int) -> None:
        """Settle exactly so many residents, spread over the communities by their homes."""
        by_community: dict[str, list[Home]] = {}
        for home in self.street.homes:
            if home.use == "living":
                by_community.setdefault(home.region[:12], []).append(home)
        total = sum(map(len, by_community.values()))
        left, homes_left = residents, total
        for homes in by_community.values():
            target = round(left * len(homes) / homes_left)
            self._fill_community(homes, target)
            left -= target
            homes_left -= len(homes)
        self._find_old_homes()
        self._leave_books(share=0.027)
        self._people_who_left(share=0.016)
        self._owners()
        for number, person in enumerate(self.street.people, 1):
            person.id = number

    def _fill_community(self, homes: list[Home], target: int) -> None:
        rng = self.rng
        order = homes[:]
        rng.shuffle(order)
        left = target
        for home in order:
            if left <= 0:
                break
            tenure = _TENURE.pick(rng)
            if home.building.kind == "bungalow" and rng.random() < 0.4:
                tenure = "let"
            shape = (SETTLED if tenure == "owned" else NEWCOMERS).pick(rng)
            if tenure == "dormitory":
                shape = "shared_flat"
            family = self.families.make(shape)
            while self._living(family) > left:
                family = self.families.make(SMALL.pick(rng))
            home.tenure = tenure
            left -= self._settle(family, home, tenure)
        while left > 0:
            # Too few homes for so many people: the last ones live with others.
            family = self.families.make("single")
            left -= self._settle(family, rng.choice(order), "let")

    @staticmethod
    def _living(family: Family) -> int:
        return sum(1 for p in family.people if p.death is None and not p.away)

    # -- one family ---------------------------------------------------------------------------------------

    def _settle(self, family: Family, home: Home, tenure: str) -> int:
        """Settle a family; returns how many live there today."""
        rng, spells = self.rng, self.spells
        if tenure == "dormitory":
            sort = "collective" if rng.random() < 0.5 else "floating"
        else:
            sort = (_OWNER_SORT if tenure == "owned" else _TENANT_SORT).pick(rng)
        if sort not in ("registered", "street"):
            self._forget_away(family)
        local = {"registered": 0.86, "floating": 0.0, "district": 0.9, "collective": 0.3}.get(sort, 0.8)
        dress(family, rng, self.numbers, self.on, local=local)
        family.sort, family.home = sort, home
        if tenure == "owned":
            longest = 14 if sort == "street" else 60
        else:
            longest = 4
        since = spells.move_in(family, home, longest=longest)
        family.since = home.since = since
        home.families.append(family)
        self.street.families.append(family)
        self.street.people.extend(family.people)
        starts: dict[int, date] = {}
        for person in family.people:
            start = spells.start_of(person, family, since)
            starts[person.id] = start
            if person.away:
                gone = max(start, years_after(person.birth, rng.uniform(18, 18.4)))
                if gone > start:
                    spells.live(person, home, start, gone)
                spells.live_outside(person, gone)
            else:
                spells.live(person, home, start, person.death)
        self._hukou(family, home, sort, starts, tenure)
        if family.shape == "shared_flat" and sort != "collective":
            return self._living(family)
        if sort != "street":
            kind = {"registered": "family", "collective": "collective"}.get(sort, "living")
            spells.open_household(family, home, kind)
            spells.enrol(family, starts)
        else:
            self._waiting.append(family)
        return self._living(family) + self._maybe_carer(family, home)

    @staticmethod
    def _forget_away(family: Family) -> None:
        """Grown children elsewhere are known only where their hukou is in the book here."""
        gone = [p for p in family.people if p.away]
        family.people = [p for p in family.people if not p.away]
        for parent in family.people:
            parent.children = [c for c in parent.children if c not in gone]

    def _hukou(self, family: Family, home: Home, sort: str, starts: dict[int, date], tenure: str) -> None:
        rng, spells = self.rng, self.spells
        people = family.people
        afar: list[Person] = []
        if sort in ("registered", "collective"):
            nature = spells.nature("local")
            outsiders = self._outsiders(family)
            for person in people:
                if person not in outsiders:
                    start = spells.hukou_start(person, starts[person.id])
                    if start is None or start < self.on:
                        spells.hukou_at(person, home, start, nature)
            if outsiders:
                if rng.random() < 0.55:
                    afar = outsiders
                    spells.hukou_far(outsiders)
                else:
                    spells.hukou_elsewhere_in_district(outsiders, None)
        elif sort == "floating":
            afar = people
            spells.hukou_far(people)
        elif sort == "district":
            spells.hukou_elsewhere_in_district(people, family.since)
        for person in afar:
            spell = person.at("living", self.on)
            if spell is not None and spell.home is not None:
                spells.came_from_afar(person, spell, _DWELLING[tenure])

    def _outsiders(self, family: Family) -> list[Person]:
        """Members of a registered family whose own hukou is elsewhere: a husband or wife, or the grandparents."""
        rng = self.rng
        if family.shape in ("young_couple", "nuclear", "three_generations") and rng.random() < 0.05:
            return [
                p
                for p in family.people
                if p.spouse is not None
                and p is not family.head
                and p.father is None
                and p.spouse.death is None
                and p.death is None
                and p.sex == "2"
                and p.age(self.on) < 60
            ][:1]
        if family.shape == "three_generations" and family.head.father is not None and rng.random() < 0.3:
            return [p for p in (family.head.father, family.head.mother) if p is not None]
        return []

    def _maybe_carer(self, family: Family, home: Home) -> int:
        """A live-in carer for some of the very old."""
        if family.head.age(self.on) < 78 or not family.shape.startswith("old") or self.rng.random() > 0.07:
            return 0
        carer = self.families.aged("2", 44, 59)
        made = Family("carer", [carer], carer, sort="floating", home=home)
        dress(made, self.rng, self.numbers, self.on, local=0.0)
        made.since = years_before(self.on, self.rng.uniform(0.1, 2.5))
        home.families.append(made)
        self.street.families.append(made)
        self.street.people.append(carer)
        carer.employment, carer.occupation = "51", "住家保姆"
        spell = self.spells.live(carer, home, made.since)
        self.spells.hukou_far([carer])
        self.spells.came_from_afar(carer, spell, "04")
        self.spells.open_household(made, home, "living")
        self.spells.enrol(made, {carer.id: made.since})
        return 1

    # -- second homes and those who left ------------------------------------------------------------------

    def _spare(self) -> list[Home]:
        """Homes that somebody may own without living there: let or empty, not a shop, in chance order."""
        spare = [
            h
            for h in self.street.homes
            if h.use == "living" and (not h.families or h.tenure in ("let", "lent")) and not h.owner_name
        ]
        self.rng.shuffle(spare)
        return spare

    def _find_old_homes(self) -> None:
        """Give families whose hukou stayed behind the home they came from, where they lived before."""
        rng, spells = self.rng, self.spells
        spare = self._spare()
        for family in self._waiting:
            since, here = family.since, family.home
            assert since is not None
            assert here is not None
            old = next(
                (
                    h
                    for h in spare
                    if h.region[:12] != here.region[:12]
                    and (h.since is None or h.since >= since)
                    and h.building.built + 2 < since.year
                ),
                None,
            )
            if old is None:
                old = here
                first = since
            else:
                spare.remove(old)
                earliest = max(date(old.building.built + 1, 1, 1), years_after(family.head.birth, 18))
                first = day_between(
                    rng, min(earliest, since - timedelta(days=90)), since - timedelta(days=60)
                )
                self._own(old, family.head)
            nature = spells.nature("local")
            starts: dict[int, date] = {}
            for person in family.people:
                start = spells.start_of(person, family, first)
                starts[person.id] = start
                current = person.residences[0]
                if start < since and current.period[0] == since and old is not here:
                    person.residences.insert(0, spells.live(person, old, start, since))
                    person.residences.pop()
                hukou = spells.hukou_start(person, start)
                if hukou is None or hukou < self.on:
                    spells.hukou_at(person, old, hukou, nature)
            spells.open_household(family, old, "family")
            spells.enrol(family, starts)

    def _leave_books(self, share: float) -> None:
        """Families whose hukou book stayed here while they live elsewhere (户在人不在)."""
        rng, spells = self.rng, self.spells
        homes = [h for h in self.street.homes if h.use == "living"]
        for home in self._spare()[: round(len(homes) * share)]:
            shape = rng.choice(
                ("nuclear", "nuclear", "grown_child", "young_couple", "old_couple", "couple_alone")
            )
            family = self.families.make(shape)
            built = date(home.building.built + 1, 1, 1)
            if years_after(family.head.birth, 21) > years_before(self.on, 3):
                continue
            dress(family, rng, self.numbers, self.on, local=0.88)
            first = spells.move_in(family, home, shortest=2.5)
            first = max(first, built)
            left = day_between(rng, first + timedelta(days=300), min(home.since or self.on, self.on))
            left = min(max(left, first + timedelta(days=30)), self.on - timedelta(days=5))
            family.sort, family.home, family.since = "hukou_only", home, first
            self.street.families.append(family)
            self.street.people.extend(family.people)
            nature = spells.nature("local")
            starts: dict[int, date] = {}
            away: Residence | None = None  # where the family lives now, together
            for person in family.people:
                start = spells.start_of(person, family, first)
                starts[person.id] = start
                if start < left:
                    spells.live(person, home, start, left)
                spells.live_outside(person, max(start, left))
                away = away or person.residences[-1]
                person.residences[-1].region, person.residences[-1].address = away.region, away.address
                hukou = spells.hukou_start(person, start)
                if hukou is not None:
                    hukou = min(hukou, self.on - timedelta(days=1))
                spells.hukou_at(person, home, hukou, nature)
            spells.open_household(family, home, "family")
            spells.enrol(family, starts)
            self._own(home, family.head)

    def _people_who_left(self, share: float) -> None:
        """Families who lived in a home before those of today and moved out of the street."""
        rng, spells = self.rng, self.spells
        homes = [
            h
            for h in self.street.homes
            if h.since is not None
            and h.since > years_before(self.on, 7)
            and h.building.built + 9 < h.since.year
        ]
        rng.shuffle(homes)
        for home in homes[: round(len(self.street.homes) * share)]:
            assert home.since is not None
            left = day_between(rng, years_before(home.since, 1), home.since)
            since = years_before(left, rng.uniform(1.2, 7))
            if any(
                m.period[1] is None or m.period[1] > since
                for f in home.families
                for p in f.people
                for m in p.residences
                if m.home is home and m.kind == "living" and m.period[0] is not None and m.period[0] < left
            ):
                continue
            family = self.families.make(
                rng.choice(("single", "young_couple", "nuclear", "nuclear", "old_couple"))
            )
            if years_after(family.head.birth, 20) > since:
                continue
            family.people = [p for p in family.people if p.birth < left - timedelta(days=40)]
            for parent in family.people:
                parent.children = [c for c in parent.children if c in family.people]
            registered = rng.random() < 0.6
            dress(family, rng, self.numbers, self.on, local=0.85 if registered else 0.0)
            family.sort, family.home, family.since = "gone", home, since
            self.street.families.append(family)
            self.street.people.extend(family.people)
            starts = {p.id: max(since, p.birth) for p in family.people}
            to = spells.destination()
            for person in family.people:
                spells.live(person, home, starts[person.id], left).went_to = to
                if registered:
                    hukou = spells.hukou_at(person, home, starts[person.id], spells.nature("local"))
                    hukou.period = (hukou.period[0], min(self.on, left + timedelta(days=rng.randint(5, 60))))
                    hukou.went_to = to
                person.verified_on = min(person.verified_on or left, left)
            if not registered:
                spells.hukou_far(family.people)
            spells.open_household(family, home, "family" if registered else "living")
            spells.enrol(family, starts, until=left)

    # -- owners -------------------------------------------------------------------------------------------

    def _own(self, home: Home, owner: Person) -> None:
        home.owner_name = owner.name
        home.owner_phone = owner.phone
        home.owner_id_number = owner.id_number

    def _owners(self) -> None:
        """Owners, certificates and letting terms of every home."""
        rng = self.rng
        for home in self.street.homes:
            if home.use != "living":
                continue
            if home.tenure == "owned" and home.families:
                family = home.families[0]
                owner = family.head
                if owner.spouse is not None and owner.spouse.death is None and rng.random() < 0.25:
                    owner = owner.spouse
                self._own(home, owner)
            elif not home.owner_name and home.tenure not in ("public", "dormitory"):
                name, phone, number = stranger(rng, self.numbers, year=rng.randint(1948, 1990))
                home.owner_name = name
                home.owner_phone = phone if rng.random() < 0.9 else ""
                home.owner_id_number = number if rng.random() < 0.7 else ""
            elif home.tenure in ("public", "dormitory"):
                home.owner_name = "延庆区保障性住房管理中心" if home.tenure == "public" else ""
            if rng.random() < 0.7 and home.tenure not in ("public", "dormitory"):
                serial = rng.randrange(10**6)
                home.certificate = (
                    f"X京房权证延字第{serial:06d}号"
                    if rng.random() < 0.6
                    else f"京（{rng.randint(2016, 2024)}）延不动产权第00{serial % 10**5:05d}号"
                )
            if not home.families:
                home.tenure = "owned" if rng.random() < 0.7 else "unknown"
            elif home.tenure == "let":
                self._terms(home)
            elif rng.random() < 0.035:
                home.tenure = "unknown"
            if rng.random() < 0.012:
                home.hazard = rng.choice(("01", "01", "01", "03", "99"))
            elif rng.random() < 0.4:
                home.hazard = "00"

    def _terms(self, home: Home) -> None:
        rng = self.rng
        since = home.since or self.on
        home.letting_use = _LETTING.pick(rng)
        if rng.random() < 0.93:
            home.let_from = since
            years = max(1, -(-(self.on - since).days // 365))
            ends = years_after(since, years)
            home.let_until = ends if rng.random() < 0.94 else self.on - timedelta(days=rng.randint(3, 120))
            if home.let_until <= since:
                home.let_until = ends
        if rng.random() < 0.85:
            area = float(home.area or 50)
            home.rent = Decimal(round(area * rng.uniform(18, 30) / 50) * 50)
