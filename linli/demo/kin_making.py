"""Kinship rows: husband and wife both ways, father, mother, and guardians of children, of the disabled and of the old."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from linli.demo import names
from linli.demo.chances import years_after
from linli.demo.dressing import names_surname
from linli.demo.numbers import Numbers
from linli.demo.records import Kin, Person, Street


def link_grown_children(street: Street, rng: Random, share: float = 0.55) -> int:
    """Tie old couples to grown children who live elsewhere on the street: same surname, fitting ages. Returns how many."""
    on = street.on
    parents: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for family in street.families:
        if family.shape != "old_couple" or family.sort in ("gone", "floating"):
            continue
        man = next((p for p in family.people if p.sex == "1"), None)
        if man is not None and man.spouse is not None and rng.random() < share:
            parents[names_surname(man), man.ethnic].append(man)
    linked = 0
    for family in street.families:
        if family.shape not in ("nuclear", "grown_child", "young_couple") or family.sort in (
            "gone",
            "floating",
        ):
            continue
        for person in family.people:
            if person.father is not None or person.mother is not None or person.age(on) < 24:
                continue
            if rng.random() > 0.5:
                continue
            waiting = parents.get((names_surname(person), person.ethnic), [])
            for man in waiting:
                woman = man.spouse
                if (
                    woman is None
                    or len(man.children) >= 3
                    or woman.family is family
                    or man.family is person.family
                ):
                    continue
                gap = person.birth.year - woman.birth.year
                names_taken = {c.name for c in man.children}
                if (
                    21 <= gap <= 36
                    and person.birth.year - man.birth.year >= 23
                    and person.name not in names_taken
                ):
                    person.father, person.mother = man, woman
                    man.children.append(person)
                    woman.children.append(person)
                    # Their wedding was before their first child.
                    wedding = min(c.birth for c in man.children) - timedelta(days=300)
                    legal = max(years_after(man.birth, 20), years_after(woman.birth, 20))
                    if man.married_on is not None and man.married_on > wedding:
                        man.married_on = woman.married_on = max(legal, wedding)
                    linked += 1
                    break
    return linked


def make_kin(street: Street, rng: Random, numbers: Numbers, in_need: set[int]) -> None:
    """Add the kinship rows. `in_need` holds the numbers of adults who need a guardian or a person to call."""
    on = street.on
    here = {id(p) for p in street.people}
    for person in street.people:
        _spouse(street, person, here)
        for relation, parent in (("father", person.father), ("mother", person.mother)):
            if parent is not None and id(parent) in here:
                street.kin.append(Kin(person, relation, (person.birth, None), parent))
            elif parent is not None:
                phone = numbers.mobile() if rng.random() < 0.6 else ""
                street.kin.append(Kin(person, relation, (person.birth, None), None, parent.name, phone))
        if person.death is not None:
            continue
        if person.age(on) < 18:
            _parents_outside(street, rng, numbers, person)
            _guardian_of_child(street, rng, numbers, person, here)
        elif person.id in in_need or (person.age(on) >= 85 and rng.random() < 0.5):
            _guardian_of_adult(street, rng, numbers, person, here)


def _spouse(street: Street, person: Person, here: set[int]) -> None:
    spouse = person.spouse
    if spouse is None or id(spouse) not in here:
        return
    ends = [p.death for p in (person, spouse) if p.death is not None]
    street.kin.append(Kin(person, "spouse", (person.married_on, min(ends) if ends else None), spouse))


def _outside(rng: Random, numbers: Numbers, surname: str, sex: str, year: int) -> tuple[str, str]:
    phone = numbers.mobile() if rng.random() < 0.93 else ""
    return names.full_name(rng, surname, sex, year), phone


def _parents_outside(street: Street, rng: Random, numbers: Numbers, child: Person) -> None:
    """Father and mother who are not in the base, by name and phone."""
    for relation, parent, sex in (("father", child.father, "1"), ("mother", child.mother, "2")):
        if parent is None and rng.random() < 0.8:
            surname = names_surname(child) if sex == "1" else names.surname(rng)
            name, phone = _outside(rng, numbers, surname, sex, child.birth.year - rng.randint(23, 33))
            street.kin.append(Kin(child, relation, (child.birth, None), None, name, phone))


def _guardian_of_child(street: Street, rng: Random, numbers: Numbers, child: Person, here: set[int]) -> None:
    living = [p for p in (child.mother, child.father) if p is not None and p.death is None and id(p) in here]
    if living:
        guardian: Person | None = living[0] if rng.random() < 0.6 else living[-1]
    else:
        family = child.family
        elders = [p for p in (family.people if family else []) if p.age(street.on) >= 18 and p.death is None]
        guardian = elders[-1] if elders else None
    if guardian is not None:
        street.kin.append(Kin(child, "guardian", (child.birth, None), guardian))
        return
    name, phone = _outside(rng, numbers, names_surname(child), "1", child.birth.year - 27)
    street.kin.append(Kin(child, "guardian", (child.birth, None), None, name, phone or numbers.mobile()))


def _guardian_of_adult(street: Street, rng: Random, numbers: Numbers, person: Person, here: set[int]) -> None:
    on = street.on
    since: date = years_after(on, -rng.uniform(0.2, 6))
    near = [person.spouse, *person.children, person.mother, person.father]
    for relative in near:
        if relative is None or id(relative) not in here:
            continue
        if relative.death is None and 18 <= relative.age(on) < 80:
            street.kin.append(Kin(person, "guardian", (since, None), relative))
            return
    sex = rng.choice("12")
    year = (
        person.birth.year + rng.randint(22, 34)
        if person.age(on) > 55
        else person.birth.year - rng.randint(22, 30)
    )
    surname = names_surname(person) if person.sex == "1" or rng.random() < 0.3 else names.surname(rng)
    name, phone = _outside(rng, numbers, surname, sex, year)
    street.kin.append(Kin(person, "guardian", (since, None), None, name, phone or numbers.mobile()))
