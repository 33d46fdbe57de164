"""In which year pupils entered their school, whom to call for those who live alone or far from home, where hukous are kept and when
residence permits were taken out: a pass of its own with its own chances, so that what was made before stays as it was."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final

from linli.demo import names
from linli.demo.numbers import Numbers, place_name
from linli.demo.records import Kin, Person, Street

_TOWNS: Final = ("城关", "城东", "城西", "河东", "新华路", "人民路", "东关", "西关")
_USUAL_AGE: Final = {"1": 3, "2": 6, "3": 12, "4": 15, "7": 18, "8": 22}
_SEPTEMBER: Final = 9


def make_asked(street: Street, *, seed: int | str) -> None:
    """Give people these facts."""
    rng = Random(f"linli asked {seed}")
    numbers = Numbers(Random(f"linli asked numbers {seed}"))
    numbers.keep(*(one.phone for one in street.people if one.phone))
    alone = {one.person.id for one in street.memberships if one.group == "elderly_alone" and not one.period[1]}
    guarded = {one.person.id for one in street.kin if one.relation == "guardian"}
    for person in street.people:
        if person.death is not None:
            continue
        _school(person, street, rng)
        _papers(person, street, rng)
        if person.id in guarded:
            continue
        if person.id in alone and rng.random() < 0.8:
            _contact_of_the_old(person, street, rng, numbers)
        elif person.standing == "floating" and person.age(street.on) >= 18 and rng.random() < 0.25:
            _contact_at_home(person, street, rng, numbers)


def _school(person: Person, street: Street, rng: Random) -> None:
    """Children enter in the September in which they are old enough; some schools were not told."""
    if person.schooling not in _USUAL_AGE or rng.random() < 0.08:
        return
    born = person.birth.year + (person.birth.month >= _SEPTEMBER)
    entered = born + _USUAL_AGE[person.schooling]
    first_day = (street.on.year, street.on.month) >= (entered, _SEPTEMBER)
    person.school_since = entered if first_day else None


def _papers(person: Person, street: Street, rng: Random) -> None:
    hukou, living = person.at("hukou", street.on), person.at("living", street.on)
    if hukou is not None and hukou.home is None and len(hukou.region) >= 6 and rng.random() < 0.6:
        county = place_name(hukou.region[:6])
        hukou.station = f"{county}{rng.choice(_TOWNS)}派出所" if county else ""
    if living is not None and living.permit_until is not None:
        begun = living.permit_until - timedelta(days=365)
        living.permit_on = max(begun, living.period[0] or begun)
        living.permit_place = "延庆区香水园派出所登记站"


def _contact_of_the_old(person: Person, street: Street, rng: Random, numbers: Numbers) -> None:
    """A child where there is one in the base, else one who lives elsewhere, or a neighbour."""
    since = max(person.birth, street.on - timedelta(days=rng.randint(60, 2000)))
    here = [one for one in person.children if one.death is None and one.phone and one.region]
    if here:
        child = here[0]
        street.kin.append(
            Kin(person, "contact", (since, None), child, how="30" if child.sex == "2" else "20")
        )
        return
    sex = rng.choice("12")
    neighbour = rng.random() < 0.3
    family = names.surname(rng) if neighbour or person.sex == "2" else person.name[:1]
    born = person.birth.year + (rng.randint(-12, 20) if neighbour else rng.randint(23, 34))
    how = "99" if neighbour else "30" if sex == "2" else "20"
    name = names.full_name(rng, family, sex, born)
    street.kin.append(Kin(person, "contact", (since, None), None, name, numbers.mobile(), how=how))


def _contact_at_home(person: Person, street: Street, rng: Random, numbers: Numbers) -> None:
    """A parent in the place they came from."""
    living = person.at("living", street.on)
    since = living.period[0] if living is not None else None
    sex = rng.choice("12")
    family = person.name[:1] if sex == "1" else names.surname(rng)
    name = names.full_name(rng, family, sex, person.birth.year - rng.randint(22, 30))
    how = "52" if sex == "2" else "51"
    street.kin.append(Kin(person, "contact", (since, None), None, name, numbers.mobile(), how=how))
