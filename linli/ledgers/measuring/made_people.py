"""The people of the made-up street: households, where they live and have their hukou, kin and groups."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from linli.kernel import citizen_number, codes
from linli.ledgers.measuring.made_street import (
    ON,
    OUTSIDE,
    MadeUp,
    age_of,
    pick,
)
from linli.registry.groups import detail_rules
from linli.registry.groups.models import Group, Membership
from linli.registry.groups.seeds import SEEDS
from linli.registry.people.models import Household, HouseholdMember, Kinship, Person, Residence
from linli.registry.people.sealing import id_columns, phone_columns
from linli.registry.places.models import (
    Home,
)

_JOBS = ("国家工作人员", "教师", "个体工商户", "农民", "学生", "待业", "专业技术人员", "服务业从业人员")


def _person(made: MadeUp, grid: str, sex: str, born: int, **more: Any) -> Person:
    number = made.next()
    birth = made.day(born)
    body = f"110229{birth:%Y%m%d}{number % 499 * 2 + (1 if sex == '1' else 0):03d}"
    identity = body + citizen_number.checksum(body)
    phone = made.phone()
    age = ON.year - born
    values: dict[str, Any] = {
        "ethnic": pick(codes.ETHNIC, number),
        "native_place": f"河北省第{number}县",
        "political": "13" if age < 18 else pick(codes.POLITICAL, number),
        "education": "92" if age < 6 else ("81" if age < 13 else pick(codes.EDUCATION, number)),
        "employment": "80" if age > 60 else ("31" if age < 18 else pick(codes.EMPLOYMENT, number)),
        "occupation": "" if age < 18 else _JOBS[number % len(_JOBS)],
        "employer": f"第{number}号单位",
        "email": f"p{number}@example.cn",
        "blood_type": str(number % 4 + 1),
        "health": pick(codes.HEALTH, number),
        "former_name": f"曾{number}",
        "birth_place": f"河北省第{number}县第{number * 3 % 17 + 1}镇",
        "skills": f"特长{number}",
        "started_work_on": made.day(born + 19) if age >= 22 else None,
        "schooling": pick(codes.SCHOOLING, number) if 3 <= age < 23 else "",
        "school_since": 2026 - number % 3 if 3 <= age < 23 else None,
        "height": 150 + number % 41,
        "other_address": f"旧居第{number}号",
        "self_care": pick(codes.SELF_CARE, number) if age >= 60 else codes.SELF_CARE.items[0].code,
        "labour": pick(codes.LABOUR, number // 2),
        "medical_insurance": pick(codes.MEDICAL_INSURANCE, number),
        "pension_insurance": pick(codes.PENSION_INSURANCE, number // 3),
        "verified_on": made.day(2025),
        "landline": f"010-69{made.next() * 31 % 10**6:06d}",
        "marital": "10" if age < 22 else "90",
        **more,
    }
    person = Person(
        region_code=grid,
        name=made.name(),
        sex=sex,
        birth_date=birth,
        id_kind="01",
        id_number=identity,
        phone=phone,
        **id_columns(identity),
        **phone_columns(phone),
        **values,
    )
    made.people.append(person)
    return person


def _live(made: MadeUp, person: Person, grid: str, home: Home | None, year: int) -> None:
    number = made.next()
    made.residences.append(
        Residence(
            region_code=grid,
            person=person,
            kind="living",
            home=home,
            period=made.since(year),
            reason=pick(codes.INFLOW_REASON, number),
            dwelling=pick(codes.DWELLING_TYPE, number),
            permit_kind=pick(codes.PERMIT, number),
            permit_number=f"J{number:08d}",
            permit_on=made.day(2026),
            permit_until=made.day(2027),
            permit_place=f"第{number}登记站",
            came_from=f"来处{number}",
        )
    )


def _book(made: MadeUp, person: Person, region: str, home: Home | None, year: int, nature: str) -> None:
    made.residences.append(
        Residence(
            region_code=region,
            person=person,
            kind="hukou",
            home=home,
            period=made.since(year),
            address="" if home else f"和平街{made.next()}号",
            station=f"第{len(made.residences)}派出所",
            hukou_nature=nature,
        )
    )


def _join(made: MadeUp, household: Household, person: Person, relation: str) -> None:
    made.members.append(
        HouseholdMember(
            region_code=household.region_code,
            household=household,
            person=person,
            relation=relation,
            period=made.since(1990),
        )
    )


def _wed(made: MadeUp, one: Person, other: Person) -> None:
    one.marital = other.marital = "20"
    for person, relative in ((one, other), (other, one)):
        made.kin.append(
            Kinship(
                region_code=person.region_code,
                person=person,
                relation="spouse",
                relative=relative,
                period=made.since(1985),
            )
        )


def _parents(made: MadeUp, child: Person, father: Person, mother: Person) -> None:
    for relation, relative in (("father", father), ("mother", mother), ("guardian", mother)):
        made.kin.append(
            Kinship(
                region_code=child.region_code,
                person=child,
                relation=relation,
                relative=relative,
                period=made.since(2000),
            )
        )


def _guarded(made: MadeUp, person: Person, guardian: Person) -> None:
    made.kin.append(
        Kinship(
            region_code=person.region_code,
            person=person,
            relation="guardian",
            relative=guardian,
            period=made.since(2010),
        )
    )


def households(made: MadeUp, community: str, homes: list[Home]) -> None:
    """A family of five, an old couple, someone old and alone, a couple with a child … a household to each home."""
    for place, home in enumerate(homes):
        grid, here = home.region_code, place % 6
        if home.tenure == "let":
            lodger = _person(made, grid, "12"[place % 2], 1985 + place % 15)
            _live(made, lodger, grid, home, 2024 if place % 3 else 2026)
            _book(made, lodger, OUTSIDE[place % 2], None, 2001, "2")
            if place % 2:
                mate = _person(made, grid, "21"[place % 2], 1986 + place % 12)
                _live(made, mate, grid, home, 2025)
                _book(made, mate, OUTSIDE[(place + 1) % 2], None, 2002, "2")
                _wed(made, lodger, mate)
            continue
        household = Household.objects.create(
            region_code=grid,
            number=f"H{made.next():07d}",
            home=home,
            kind="collective" if here == 3 and place > 12 else "family",
        )
        husband = _person(made, grid, "1", (1948, 1940, 1931, 1978, 1924, 1990)[here])
        family = [(husband, "02")]
        if here != 2:
            wife = _person(made, grid, "2", (1952, 1943, 1935, 1984, 1930, 1993)[here])
            family.append((wife, "12"))
            _wed(made, husband, wife)
        if here in (0, 3, 5):
            son = _person(made, grid, "1", 1985 if here == 0 else 2016)
            daughter = _person(made, grid, "2", 1988 if here == 0 else 2021)
            family.extend([(son, "20"), (daughter, "30")])
            for child in (son, daughter):
                _parents(made, child, husband, wife)
        for person, relation in family:
            _join(made, household, person, relation)
            _live(made, person, grid, home, 2010)
            _book(made, person, grid, home, 1999, "3" if place % 2 else "1")
        if here == 4:
            _guarded(made, husband, wife)
        if here == 2:
            other = _person(made, grid, "2", 1966)
            _live(made, other, OUTSIDE[0], None, 2015)
            _book(made, other, grid, home, 1995, "1")
            _join(made, household, other, "30")
            _guarded(made, husband, other)


def _fits(code: str, person: Person) -> bool:
    age = age_of(person)
    if code in (
        "elderly_alone",
        "empty_nest",
        "home_care",
        "care_allowance",
        "service_allowance",
        "combined_allowance",
        "retired",
    ):
        return age >= 62
    if code == "old_age_allowance":
        return age >= 82
    if code in ("orphan", "left_behind_child"):
        return age < 16
    if code.startswith("disabled") or code in ("low_income", "aided", "destitute", "low_income_edge"):
        return True
    return 20 <= age < 60 if code in ("unemployed", "hard_to_employ", "age_4050") else age >= 20


def _told(made: MadeUp, group: Group) -> dict[str, Any]:
    """A value for everything that a group asks besides."""
    found: dict[str, Any] = {}
    for detail in group.asks:
        number = made.next()
        found[detail.code] = {
            detail_rules.TEXT: f"{detail.label}之{number}",
            detail_rules.DATE: made.day(2008 + number % 9).isoformat(),
            detail_rules.CODE: detail.options[number % len(detail.options)]["code"] if detail.options else "",
            detail_rules.MONEY: f"{900 + number}.00",
            detail_rules.NUMBER: number,
            detail_rules.FLAG: number % 2 == 0,
        }[detail.kind]
    return found


def groups(made: MadeUp) -> None:
    """Every group with the people that fit it."""
    for seed in SEEDS:
        Group.objects.get_or_create(
            code=seed["code"], defaults={k: v for k, v in seed.items() if k != "code"}
        )
    rows = []
    for order, group in enumerate(Group.objects.filter(is_active=True).order_by("id")):
        fit = [person for person in made.people if _fits(group.code, person)]
        for place, person in enumerate(fit):
            if (place * (order % 2 + 1) + order) % 3:
                continue
            number = made.next()
            ended = number % 11 == 0
            period = (
                DateRange(made.day(2019), date(2026, 10, 5 + number % 20))
                if ended
                else made.since(2018 + number % 8)
            )
            rows.append(
                Membership(
                    region_code=person.region_code,
                    group=group,
                    person=person,
                    period=period,
                    class_code=group.classes[number % len(group.classes)]["code"] if group.classes else "",
                    level_code=group.levels[number % len(group.levels)]["code"] if group.levels else "",
                    certificate=f"Z{number:09d}",
                    amount=f"{300 + number}.00",
                    evidence=f"第{number}号文书",
                    review_on=made.day(2027),
                    details=_told(made, group),
                )
            )
    rows.extend(_veterans_of_the_party(made, rows))
    Membership.objects.bulk_create(rows)


def _veterans_of_the_party(made: MadeUp, rows: list[Membership]) -> list[Membership]:
    """Some party members are veterans: forms ask for both at once."""
    veteran = Group.objects.get(code="veteran")
    already = {row.person_id for row in rows if row.group_id == veteran.pk}
    party = [row for row in rows if row.group.code == "party" and row.person_id not in already]
    return [
        Membership(
            region_code=row.region_code,
            group=veteran,
            person=row.person,
            period=made.since(2021),
            certificate=f"T{made.next():09d}",
            evidence="退役证件",
            details=_told(made, veteran),
        )
        for row in party[::2]
    ]
