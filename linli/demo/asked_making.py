"""In which year pupils entered their school, whom to call for those who live alone or far from home, where hukous are kept and when
residence permits were taken out: a pass of its own with its own chances, so that what was made before stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from linli.demo import names
from linli.demo.chances import years_after
from linli.demo.numbers import Numbers, place_name
from linli.demo.records import Kin, Membership, Person, Street

_TOWNS: Final = ("城关", "城东", "城西", "河东", "新华路", "人民路", "东关", "西关")
_USUAL_AGE: Final = {"1": 3, "2": 6, "3": 12, "4": 15, "7": 18, "8": 22}
_SEPTEMBER: Final = 9
_ONE_REGISTER: Final = date(2015, 3, 1)  # 不动产登记暂行条例 in force


def make_asked(street: Street, *, seed: int | str) -> None:
    """Give people these facts."""
    rng = Random(f"linli asked {seed}")
    numbers = Numbers(Random(f"linli asked numbers {seed}"))
    numbers.keep(*(one.phone for one in street.people if one.phone))
    alone = {
        one.person.id for one in street.memberships if one.group == "elderly_alone" and not one.period[1]
    }
    guarded = {one.person.id for one in street.kin if one.relation == "guardian"}
    _homes(street, rng)
    _doctors(street, rng)
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


def _homes(street: Street, rng: Random) -> None:
    """By which papers homes and their owners are known, and what public housing is."""
    for home in street.homes:
        if home.owner_id_number:
            home.owner_paper = "identity"
        if home.tenure == "public":
            home.public_kind = (
                "rental" if home.building.built >= 2008 else rng.choice(("direct", "direct", "self"))
            )
            home.deed = "use"
        elif home.certificate:
            dated = home.certificate_on
            home.deed = "title" if dated is not None and dated >= _ONE_REGISTER else "ownership"


def _doctors(street: Street, rng: Random) -> None:
    """Elderly and disabled people signed with a family doctor, for a year at a time; each community has its team. Injuries of
    soldiers have their grade."""
    disabled = {one.person.id for one in street.memberships if one.group == "disabled" and not one.period[1]}
    teams: dict[str, list[tuple[str, str]]] = {}
    chosen = []
    for person in street.people:
        if person.death is not None or person.standing not in ("registered", "here_only"):
            continue
        chance = 0.45 if person.age(street.on) >= 65 else 0.4 if person.id in disabled else 0.0
        if chance and rng.random() < chance:
            chosen.append(person)
    for person in chosen:
        community = person.region[:12]
        if community not in teams:
            teams[community] = [
                (
                    names.full_name(rng, names.surname(rng), rng.choice("12"), 1980),
                    f"010-6914{rng.randrange(10**4):04d}",
                )
                for _ in range(2)
            ]
        doctor, phone = rng.choice(teams[community])
        signed = max(street.on - timedelta(days=rng.randint(5, 350)), person.birth)
        street.memberships.append(
            Membership(
                "family_doctor",
                person,
                (signed, None),
                evidence=f"{signed} 家庭医生签约服务协议书",
                review_on=years_after(signed, 1),
                details={
                    "doctor": doctor,
                    "doctor_phone": phone,
                    "team": f"{doctor}团队",
                    "institution": "香水园社区卫生服务中心",
                    "signed_on": signed.isoformat(),
                    "valid_until": years_after(signed, 1).isoformat(),
                    "package": rng.choice(("基础服务包", "基础服务包", "老年人服务包", "慢病服务包")),
                },
            )
        )
    for one in street.memberships:
        if one.group == "entitled" and one.class_code == "4":
            one.details["injury_level"] = str(rng.choices(range(1, 11), (1, 1, 2, 2, 4, 6, 9, 12, 10, 8))[0])
            one.details["injury_nature"] = rng.choices("123", (3, 6, 2))[0]


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
