"""Families that make sense: who belongs to whom, and when each was born and married.

A family is made from one of a dozen shapes. Ages are drawn from the children upwards, so that a mother is 21 to 41 and
a father at least 22 at each birth. How often each shape comes is what gives the street its pyramid: a small county town
near Beijing that is ageing, with few children to a family.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Final

from linli.demo.chances import Chances, around, years_after, years_before
from linli.demo.records import Family, Person

Maker = Callable[["Families"], Family]
MAN, WOMAN = "1", "2"


class Families:
    """Makes families of people as of one day; everybody made is kept in `people`, in order."""

    def __init__(self, rng: Random, on: date) -> None:
        self.rng = rng
        self.on = on
        self.people: list[Person] = []

    def make(self, shape: str) -> Family:
        """A family of that shape."""
        return _SHAPES[shape](self)

    # -- people and ties ----------------------------------------------------------------------------------

    def person(self, sex: str, birth: date) -> Person:
        made = Person(len(self.people) + 1, sex, min(birth, self.on))
        self.people.append(made)
        return made

    def aged(self, sex: str, low: float, high: float) -> Person:
        """Somebody of an age in years from `low` to `high`."""
        return self.person(sex, years_before(self.on, self.rng.uniform(low, high)))

    def sex(self, boys: float = 0.51) -> str:
        return MAN if self.rng.random() < boys else WOMAN

    def marry(self, man: Person, woman: Person, before: date | None = None) -> None:
        """Make two people husband and wife; `before` is a day by which they were."""
        rng = self.rng
        earliest = max(years_after(man.birth, 22.1), years_after(woman.birth, 20.1))
        if before is None:
            day = max(earliest, years_after(woman.birth, around(rng, 25.5, 3, 20.2, 38)))
        else:
            day = max(earliest, years_before(before, rng.uniform(0.8, 3.5)))
        man.married_on = woman.married_on = min(day, years_before(self.on, 0.05))
        man.spouse, woman.spouse = woman, man

    def bear(self, child: Person, father: Person | None, mother: Person | None) -> None:
        """Tie a child to its parents."""
        child.father, child.mother = father, mother
        for parent in (father, mother):
            if parent is not None:
                parent.children.append(child)

    def parents_of(self, child: Person) -> tuple[Person, Person]:
        """A married couple whose first child this is."""
        rng = self.rng
        at_birth = around(rng, 26.3, 3.4, 21, 38)
        mother = self.person(WOMAN, years_before(child.birth, at_birth))
        older = around(rng, 1.6, 2.6, -4, 9)
        father = self.person(MAN, years_before(child.birth, max(23, at_birth + older)))
        self.marry(father, mother, child.birth)
        self.bear(child, father, mother)
        return father, mother

    def next_child(self, father: Person, mother: Person, after: Person) -> Person | None:
        """A younger brother or sister, if the mother is not too old and the day not too early."""
        birth = years_after(after.birth, self.rng.uniform(1.6, 8))
        if birth > years_before(self.on, 0.03) or birth > years_after(mother.birth, 41):
            return None
        child = self.person(self.sex(), birth)
        self.bear(child, father, mother)
        return child

    def children_of(self, first: Person, more: float) -> tuple[Person, Person, list[Person]]:
        """Parents of a first child and, by that chance, of a second (rarely a third)."""
        father, mother = self.parents_of(first)
        children = [first]
        while self.rng.random() < more and len(children) < 3:
            child = self.next_child(father, mother, children[-1])
            if child is None:
                break
            children.append(child)
            more *= 0.12
        return father, mother, children

    def couple(self, man_low: float, man_high: float) -> tuple[Person, Person]:
        """A married couple, the husband of that age."""
        man = self.aged(MAN, man_low, man_high)
        younger = around(self.rng, 1.6, 2.6, -4, 9)
        latest = years_before(self.on, 20.4)
        woman = self.person(WOMAN, min(latest, years_after(man.birth, younger)))
        self.marry(man, woman)
        return man, woman

    def late_spouse(self, left: Person) -> Person:
        """The husband or wife who has died, in the last years, of somebody old."""
        rng = self.rng
        sex = MAN if left.sex == WOMAN else WOMAN
        shift = around(rng, 2, 3, -4, 9) * (-1 if sex == MAN else 1)
        birth = min(years_after(left.birth, shift), years_before(self.on, 50))
        late = self.person(sex, birth)
        man, woman = (late, left) if sex == MAN else (left, late)
        self.marry(man, woman)
        late.death = years_before(self.on, rng.uniform(0.1, 6))
        return late

    def child_gone_away(self, father: Person | None, mother: Person | None) -> Person | None:
        """A grown child who lives elsewhere, if the parents are old enough."""
        woman_or_man = mother or father
        assert woman_or_man is not None
        birth = years_after(woman_or_man.birth, around(self.rng, 26, 3, 22, 36))
        if father is not None:
            birth = max(birth, years_after(father.birth, 22))
        if not years_before(self.on, 36) <= birth <= years_before(self.on, 18.5):
            return None
        child = self.person(self.sex(), birth)
        child.away = True
        self.bear(child, father, mother)
        return child


# -- shapes -------------------------------------------------------------------------------------------------


def _single(f: Families) -> Family:
    one = f.aged(f.sex(0.48), 21, 44)
    return Family("single", [one], one)


def _young_couple(f: Families) -> Family:
    man, woman = f.couple(24, 36)
    return Family("young_couple", [man, woman], man)


def _first_child_age(f: Families) -> float:
    return f.rng.triangular(0.1, 23, 12)


def _nuclear(f: Families) -> Family:
    first = f.person(f.sex(), years_before(f.on, _first_child_age(f)))
    father, mother, children = f.children_of(first, 0.22)
    head = mother if f.rng.random() < 0.24 else father
    return Family("nuclear", [father, mother, *children], head)


def _grown_child(f: Families) -> Family:
    first = f.person(f.sex(0.47), years_before(f.on, f.rng.triangular(18, 33, 20)))
    father, mother, children = f.children_of(first, 0.12)
    head = mother if f.rng.random() < 0.22 else father
    return Family("grown_child", [father, mother, *children], head)


def _old_age(f: Families) -> float:
    return 60 + f.rng.triangular(0, 32, 6)


def _old_couple(f: Families) -> Family:
    age = _old_age(f)
    man, woman = f.couple(age, age + 1)
    return Family("old_couple", [man, woman], woman if f.rng.random() < 0.18 else man)


def _old_alone(f: Families) -> Family:
    age = 63 + f.rng.triangular(0, 34, 15)
    one = f.aged(f.sex(0.3), age, age + 1)
    people = [one]
    if f.rng.random() < 0.5:
        people.append(f.late_spouse(one))
    return Family("old_alone", people, one)


def _three_generations(f: Families) -> Family:
    rng = f.rng
    first = f.person(f.sex(), years_before(f.on, rng.triangular(0.3, 28, 17)))
    father, mother, children = f.children_of(first, 0.2)
    parent = father if rng.random() < 0.82 else mother
    grandmother = f.person(WOMAN, years_before(parent.birth, around(rng, 25.5, 3, 20.5, 36)))
    older = around(rng, 1.8, 2.6, -3, 9)
    grandfather_birth = min(years_after(grandmother.birth, -older), years_before(parent.birth, 22.3))
    grandfather = f.person(MAN, grandfather_birth)
    f.marry(grandfather, grandmother, parent.birth)
    f.bear(parent, grandfather, grandmother)
    people = [grandfather, grandmother, father, mother, *children]
    chance = rng.random()
    if chance < 0.34:
        dead = grandfather if chance < 0.24 else grandmother
        dead.death = years_before(f.on, rng.uniform(0.1, 6))
    alive = [p for p in (grandfather, grandmother) if p.death is None]
    head = alive[0] if rng.random() < 0.55 else parent
    return Family("three_generations", people, head)


def _single_parent(f: Families) -> Family:
    child = f.person(f.sex(), years_before(f.on, f.rng.uniform(3, 24)))
    parent = f.person(WOMAN, years_before(child.birth, around(f.rng, 26, 3.5, 21, 38)))
    if f.rng.random() < 0.25:
        parent.sex = MAN
    f.bear(child, *((parent, None) if parent.sex == MAN else (None, parent)))
    return Family("single_parent", [parent, child], parent)


def _couple_alone(f: Families) -> Family:
    man, woman = f.couple(46, 60)
    people = [man, woman]
    if f.rng.random() < 0.65:
        child = f.child_gone_away(man, woman)
        if child is not None:
            people.append(child)
    return Family("couple_alone", people, woman if f.rng.random() < 0.22 else man)


def _grandchild(f: Families) -> Family:
    child = f.person(f.sex(), years_before(f.on, f.rng.uniform(2, 15)))
    grandmother = f.person(WOMAN, years_before(child.birth, around(f.rng, 51, 4, 46, 60)))
    # The parent in between is elsewhere or dead, and not in the base.
    parent = Person(0, MAN, years_before(child.birth, 25))
    f.bear(child, parent, None)
    people = [grandmother, child]
    head = grandmother
    if f.rng.random() < 0.7:
        grandfather = f.person(MAN, years_before(grandmother.birth, around(f.rng, 1.8, 2.4, -3, 8)))
        f.marry(grandfather, grandmother)
        people.insert(0, grandfather)
        head = grandfather
        f.bear(parent, grandfather, grandmother)
    else:
        f.bear(parent, None, grandmother)
    return Family("grandchild", people, head)


def _shared_flat(f: Families) -> Family:
    sex = f.sex()
    people = [f.aged(sex, 19, 34) for _ in range(f.rng.choice((2, 3, 3, 4)))]
    return Family("shared_flat", people, people[0])


_SHAPES: Final[dict[str, Maker]] = {
    "single": _single,
    "young_couple": _young_couple,
    "nuclear": _nuclear,
    "grown_child": _grown_child,
    "old_couple": _old_couple,
    "old_alone": _old_alone,
    "three_generations": _three_generations,
    "single_parent": _single_parent,
    "couple_alone": _couple_alone,
    "grandchild": _grandchild,
    "shared_flat": _shared_flat,
}
SETTLED: Final = Chances.read("""
    single 3 young_couple 4 nuclear 30.5 grown_child 15 old_couple 13 old_alone 6.5 three_generations 28
    single_parent 2.5 couple_alone 5 grandchild 0.8
""")
NEWCOMERS: Final = Chances.read("""
    single 16 young_couple 17 nuclear 44 grown_child 5 three_generations 6 single_parent 2 couple_alone 4 shared_flat 6
""")
SMALL: Final = Chances.read("single 1")


# -- what somebody is to the head ---------------------------------------------------------------------------


def _ordinal(person: Person, parent: Person) -> str:
    """The code of a son or daughter by birth order (GB/T 4761): only, eldest, second …"""
    base = 20 if person.sex == MAN else 30
    if len(parent.children) == 1:
        return str(base + 1)
    same = sorted((c for c in parent.children if c.sex == person.sex), key=lambda c: (c.birth, c.id))
    return str(base + 2 + min(same.index(person), 4))


def relation_to(head: Person, person: Person) -> str:
    """The relation of a person to the head of the household, GB/T 4761; 99 for those not of the family."""
    man = person.sex == MAN
    if person is head:
        return "02"
    if person.spouse is head:
        return "11" if man else "12"
    if head in (person.father, person.mother):
        return _ordinal(person, head)
    if person in (head.father, head.mother):
        return "51" if man else "52"
    partner = head.spouse
    if partner is not None and person in (partner.father, partner.mother):
        return ("55" if man else "56") if head.sex == MAN else ("53" if man else "54")
    if partner is not None and partner in (person.father, person.mother):
        return _ordinal(person, partner)
    if person.spouse is not None and head in (person.spouse.father, person.spouse.mother):
        return "28" if man else "38"
    for parent in (person.father, person.mother):
        if parent is None:
            continue
        if head in (parent.father, parent.mother):
            through_son = parent.sex == MAN
            return ("41" if man else "42") if through_son else ("43" if man else "44")
        if parent in (head.father, head.mother):
            older = person.birth <= head.birth
            return ("71" if older else "73") if man else ("75" if older else "77")
    for parent in (head.father, head.mother):
        if parent is not None and person in (parent.father, parent.mother):
            through_father = parent.sex == MAN
            return ("61" if man else "62") if through_father else ("63" if man else "64")
    return "99"
