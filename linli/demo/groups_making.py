"""Who belongs to which group: care, aid, disability, honours, employment, party and volunteers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from linli.demo.chances import Chances, day_between, years_after, years_before
from linli.demo.numbers import disability_card
from linli.demo.records import Family, Home, Membership, Person, Street
from linli.kernel.ages import birthday_in
from linli.registry.groups.seeds import SEEDS

# Party members whose organisation is the community's (2012): eight communities over 100, three of them over 150.
PARTY: Final = dict(
    zip(
        (f"{number:03d}" for number in range(1, 17)),
        (128, 106, 121, 158, 136, 58, 113, 49, 44, 182, 438, 38, 34, 31, 27, 24),
        strict=True,
    )
)
_CLASSES: Final = Chances.read("4 58 1 12 2 11 3 2 5 7 6 7 7 3")
_LEVELS: Final = Chances.read("1 13 2 20 3 27 4 40")
_LOW_INCOME: Final = Chances.read("1 25 2 45 3 30")
_AMOUNTS: Final = {"1": 1450, "2": 1180, "3": 860}
# On what ground somebody is put into a group: what the group asks for, without its explanation.
_GROUNDS: Final = {
    seed["code"]: seed["evidence"].partition("：")[0].rstrip("。") for seed in SEEDS if seed.get("evidence")
} | {"age_4050": "就业困难人员认定表"}


def evidence_for(group: str, since: date) -> str:
    """The ground of a membership and its day: 2024-03-18 入户核实."""
    return f"{since} {_GROUNDS[group]}"


def turned(person: Person, years: int) -> date:
    """The birthday on which somebody became so old."""
    return birthday_in(person.birth, person.birth.year + years)


class Groups:
    """Adds memberships to a street; each rule is one method."""

    def __init__(self, street: Street, rng: Random, *, scale: float = 1.0) -> None:
        self.street = street
        self.rng = rng
        self.on = street.on
        self.scale = scale
        self._in: defaultdict[str, set[int]] = defaultdict(set)
        self.here = [
            p for p in street.people if (r := p.at("living", self.on)) is not None and r.home is not None
        ]
        self.registered = [
            p for p in street.people if p.standing in ("registered", "hukou_only", "here_only")
        ]
        self.settled = [p for p in self.here if p.standing in ("registered", "here_only")]
        self._at_home: Counter[int] = Counter()
        for person in self.here:
            self._at_home[self._home(person).id] += 1

    def make(self) -> set[int]:
        """Add every membership; returns the numbers of adults who need a guardian."""
        in_need = self._disabled()
        self._alone()
        self._poor()
        self._children()
        self._old()
        self._honoured()
        self._work()
        self._party()
        self._neighbours()
        self._ended()
        return in_need

    # -- helpers ------------------------------------------------------------------------------------------

    def _home(self, person: Person) -> Home:
        spell = person.at("living", self.on)
        assert spell is not None
        assert spell.home is not None
        return spell.home

    def _here_since(self, person: Person, unknown: date) -> date:
        """When somebody came to where they live."""
        spell = person.at("living", self.on)
        return (spell.period[0] if spell is not None else None) or unknown

    def add(
        self, group: str, person: Person, since: date, *, review: int = 0, **more: object
    ) -> Membership | None:
        """A membership from a day on, unless they are in it already; `review` in months sets the next review."""
        if person.id in self._in[group]:
            return None
        self._in[group].add(person.id)
        since = max(since, person.birth)
        review_on = None
        if review:
            # The next review after the last one; some are overdue.
            review_on = self.on + timedelta(days=self.rng.randint(-45, review * 30))
        more.setdefault("evidence", evidence_for(group, since))
        made = Membership(group, person, (since, None), review_on=review_on, **more)  # type: ignore[arg-type]
        self.street.memberships.append(made)
        return made

    def some(self, people: Iterable[Person], count: float, fit: Callable[[Person], bool]) -> list[Person]:
        """So many of the people who fit (fewer if there are fewer), by chance; the count shrinks with the street."""
        fitting = [p for p in people if fit(p)]
        wanted = max(1, round(count * self.scale))
        return self.rng.sample(fitting, min(wanted, len(fitting)))

    def ago(self, low: float, high: float) -> date:
        """A day so many years back."""
        return years_before(self.on, self.rng.uniform(low, high))

    # -- care ---------------------------------------------------------------------------------------------

    def _disabled(self) -> set[int]:
        rng, in_need = self.rng, set()
        for person in self.registered:
            age = person.age(self.on)
            chance = 0.004 if age < 18 else 0.012 if age < 45 else 0.028 if age < 65 else 0.055
            if rng.random() >= chance:
                continue
            kind, level = _CLASSES.pick(rng), _LEVELS.pick(rng)
            if kind == "5" and age > 70:
                kind = "4"
            card = disability_card(person.id_number, kind, level)
            since = max(years_after(person.birth, min(age, rng.uniform(1, 60))), date(2009, 1, 1))
            self.add(
                "disabled",
                person,
                min(since, years_before(self.on, 0.05)),
                class_code=kind,
                level_code=level,
                certificate=card,
            )
            person.health = f"6{kind}"
            if kind == "5":
                person.education = rng.choice(("91", "81", "71"))
            if level in "12":
                person.employment = "70" if 18 <= age < 60 else person.employment
                if person.employment == "70":
                    person.occupation = person.employer = ""
            if level in "12" or kind in "56":
                in_need.add(person.id)
        return in_need

    def _alone(self) -> None:
        """Old people who live alone, and old couples with nobody else in the home: exactly those whom the spells show."""
        for person in self.here:
            age = person.age(self.on)
            if age < 60:
                continue
            home = self._home(person)
            living_since = self._here_since(person, self.on)
            spouse = person.spouse
            if self._at_home[home.id] == 1:
                left = spouse.death if spouse is not None and spouse.death is not None else living_since
                since = max(left, turned(person, 60))
                self.add("elderly_alone", person, since, review=6)
            elif (
                self._at_home[home.id] == 2
                and spouse is not None
                and spouse.death is None
                and spouse.age(self.on) >= 60
                and (there := spouse.at("living", self.on)) is not None
                and there.home is home
            ):
                since = max(living_since, turned(person, 60), turned(spouse, 60))
                self.add("empty_nest", person, since, review=12)

    def _old(self) -> None:
        rng = self.rng
        for person in self.registered:
            age = person.age(self.on)
            if age < 80:
                continue
            if rng.random() < 0.95:
                amount = 800 if age >= 100 else 500 if age >= 90 else 100
                self.add("old_age_allowance", person, turned(person, 80), amount=Decimal(amount))
            if rng.random() < 0.3 and person.standing != "hukou_only":
                kind = "1" if rng.random() < 0.6 else "2"
                self.add("home_care", person, self.ago(0.1, 4), review=12, class_code=kind)

    def _children(self) -> None:
        small = [
            p
            for f in self.street.families
            if f.shape == "grandchild" and f.sort not in ("gone", "hukou_only")
            for p in f.people
            if p.age(self.on) < 16
        ]
        for person in self.some(small, 14, lambda p: p.mother is None):
            self.add("orphan", person, max(person.birth, self.ago(0.3, 5)), review=12, amount=Decimal(2450))
        for person in self.some(small, 20, lambda p: p.id not in self._in["orphan"]):
            self.add("left_behind_child", person, self.ago(0.2, 3), review=6)
        couples = [
            p
            for p in self.settled
            if p.sex == "2" and 49 <= p.age(self.on) < 80 and not p.children and p.spouse
        ]
        for woman in self.some(couples, 34, lambda p: p.spouse is not None and p.spouse.death is None):
            since = self.ago(0.5, 12)
            kind = "1" if self.rng.random() < 0.7 else "2"
            for one in (woman, woman.spouse):
                if one is not None:
                    self.add(
                        "bereaved", one, max(since, turned(one, 49)), review=12, class_code=kind,
                        amount=Decimal(900 if kind == "1" else 740),
                    )  # fmt: skip

    # -- aid ----------------------------------------------------------------------------------------------

    def _poor(self) -> None:
        rng = self.rng
        families = [
            f
            for f in self.street.families
            if f.sort in ("registered", "district") and f.household is not None
        ]
        needy = [
            f
            for f in families
            if any(p.id in self._in["disabled"] for p in f.people)
            or f.shape in ("single_parent", "old_alone")
        ]
        rng.shuffle(needy)
        whole = round(165 * self.scale) or 1
        for number, family in enumerate(needy[: whole + (round(60 * self.scale) or 1)]):
            since = self._joined(family, self.ago(0.2, 9))
            kind = _LOW_INCOME.pick(rng)
            for person in family.people:
                if person.death is not None or person.away:
                    continue
                if number < whole:
                    self.add(
                        "low_income", person, since, review=12, class_code=kind,
                        certificate=f"延低保{family.household.number}" if family.household else "",
                        amount=Decimal(_AMOUNTS[kind]),
                    )  # fmt: skip
                else:
                    self.add("low_income_edge", person, since, review=12)
        single = self.some(
            self.settled,
            24,
            lambda p: (
                p.id in self._in["elderly_alone"] and not p.children and p.id not in self._in["low_income"]
            ),
        )
        for person in single:
            self.add(
                "destitute",
                person,
                max(self.ago(0.5, 6), turned(person, 60)),
                review=12,
                class_code="1",
                amount=Decimal(2180),
            )
        for person in self.some(self.settled, 60, lambda p: p.age(self.on) >= 18 and p.health[:1] in "34"):
            self.add("aided", person, self.ago(0.05, 0.9), amount=None)

    def _joined(self, family: Family, day: date) -> date:
        return max(day, family.since or day)

    # -- honours and work ---------------------------------------------------------------------------------

    def _honoured(self) -> None:
        rng = self.rng
        men = self.some(
            self.settled, 430, lambda p: p.sex == "1" and 23 <= p.age(self.on) < 92 and p.employment != "37"
        )
        women = self.some(self.settled, 18, lambda p: p.sex == "2" and 23 <= p.age(self.on) < 60)
        for person in men + women:
            left = years_after(person.birth, rng.uniform(20, 26))
            self.add("veteran", person, min(left, years_before(self.on, 0.1)))
        veterans = [p for p in men if p.age(self.on) >= 45]
        for kind, count, letters in (("4", 22, "京军H"), ("5", 6, ""), ("6", 9, ""), ("7", 28, "")):
            for person in self.some(
                veterans,
                count,
                lambda p, old=80 if kind == "5" else 0: (  # type: ignore[misc]
                    p.id not in self._in["entitled"] and p.age(self.on) >= old
                ),
            ):
                number = f"{letters}{rng.randrange(10**6):06d}" if letters else ""
                self.add("entitled", person, self.ago(1, 20), class_code=kind, certificate=number)
        for kind, count in (("1", 4), ("2", 3), ("3", 8)):
            for person in self.some(
                self.settled, count, lambda p: p.age(self.on) >= 50 and p.id not in self._in["entitled"]
            ):
                self.add("entitled", person, self.ago(2, 25), class_code=kind)

    def _work(self) -> None:
        rng = self.rng
        jobless = [p for p in self.settled if p.employment == "70" and 18 <= p.age(self.on) < 60]
        for person in self.some(jobless, 420, lambda p: p.sex == "1" or p.age(self.on) < 52):
            number = f"110119{rng.randint(2021, 2026)}{rng.randrange(10**6):06d}"
            self.add("unemployed", person, self.ago(0.05, 2), review=6, certificate=number)

        def older(p: Person) -> bool:
            age = p.age(self.on)
            return p.employment in ("70", "51") and (50 <= age < 60 if p.sex == "1" else 40 <= age < 55)

        for person in self.some(self.settled, 236, older):
            since = max(self.ago(0.1, 3), turned(person, 50 if person.sex == "1" else 40))
            self.add("age_4050", person, since, review=12)
            if rng.random() < 0.8:
                self.add("hard_to_employ", person, since, review=12)
        for person in self.some(jobless, 70, lambda p: p.id in self._in["disabled"]):
            self.add("hard_to_employ", person, self.ago(0.1, 3), review=12)

    # -- party and neighbours -----------------------------------------------------------------------------

    def _party(self) -> None:
        """Party members by community, as many as the study says; people of the communities, older and schooled first."""
        rng = self.rng
        by_community: defaultdict[str, list[Person]] = defaultdict(list)
        for person in self.here:
            if (
                person.standing in ("registered", "here_only")
                and person.age(self.on) >= 20
                and person.ethnic != "03"
                and person.political in ("13", "03", "")
            ):
                by_community[person.region[:12]].append(person)
        for community, people in sorted(by_community.items()):
            wanted = round(PARTY[community[9:]] * self.scale)
            keyed = sorted(people, key=lambda p: rng.random() ** (1 / self._party_weight(p)), reverse=True)
            for person in keyed[:wanted]:
                joined = years_after(
                    person.birth, rng.uniform(19.5, min(55, max(20, person.age(self.on) - 0.5)))
                )
                new = joined > years_before(self.on, 1)
                person.political = "02" if new else "01"
                entered = self._here_since(person, joined)
                since = min(max(joined, entered), years_before(self.on, 0.02))
                self.add("party", person, since, class_code="2" if new else "1")

    def _party_weight(self, person: Person) -> float:
        age, weight = person.age(self.on), 1.0
        weight *= 0.6 if age < 30 else 1 if age < 45 else 1.5 if age < 60 else 2.6
        weight *= (
            3
            if person.education in ("21", "14", "11", "31")
            else 1.4
            if person.education in ("41", "61")
            else 0.6
        )
        weight *= 1.6 if person.sex == "1" else 1
        return weight * (2 if person.id in self._in["veteran"] else 1)

    def _neighbours(self) -> None:
        """Volunteers, representatives (one for some forty households), group leaders (one for fifty), heads of doors."""
        rng = self.rng
        able = [p for p in self.settled if 18 <= p.age(self.on) < 78 and p.id not in self._in["disabled"]]
        for person in self.some(
            able, 2250, lambda p: rng.random() < (0.8 if p.age(self.on) >= 50 or p.political == "01" else 0.3)
        ):
            self.add("volunteer", person, max(self.ago(0.1, 8), turned(person, 18)))
        by_community: defaultdict[str, list[Person]] = defaultdict(list)
        by_unit: defaultdict[int, list[Person]] = defaultdict(list)
        for person in able:
            if person.age(self.on) >= 28:
                by_community[person.region[:12]].append(person)
                home = self._home(person)
                if home.unit is not None and 40 <= person.age(self.on) < 76:
                    by_unit[home.unit.id].append(person)
        households: Counter[str] = Counter(h.region[:12] for h in self.street.households)
        elected = years_before(self.on, 1.4)
        for community, people in sorted(by_community.items()):
            count = households[community]
            for group, each in (("representative", 40), ("group_leader", 50)):
                for person in rng.sample(people, min(len(people), max(1, round(count / each)))):
                    self.add(group, person, max(elected, self._here_since(person, elected)))
        for _, people in sorted(by_unit.items()):
            if rng.random() < 0.82:
                person = rng.choice(people)
                self.add(
                    "door_head",
                    person,
                    max(self.ago(0.2, 5), self._here_since(person, elected)),
                )

    def _ended(self) -> None:
        """Memberships that have ended, so that there is history: work found, terms over, those who died."""
        rng = self.rng
        for person in self.some(
            self.settled,
            160,
            lambda p: p.employment in ("24", "17", "51") and p.id not in self._in["unemployed"],
        ):
            since = self.ago(1.5, 4)
            until = day_between(rng, since + timedelta(days=60), since + timedelta(days=500))
            self.street.memberships.append(
                Membership("unemployed", person, (since, until), evidence=evidence_for("unemployed", since))
            )
        for person in self.street.people:
            if person.death is None:
                continue
            eighty = turned(person, 80)
            if eighty < person.death:
                self.street.memberships.append(
                    Membership(
                        "old_age_allowance",
                        person,
                        (eighty, person.death),
                        amount=Decimal(100),
                        evidence=evidence_for("old_age_allowance", eighty),
                    )
                )
