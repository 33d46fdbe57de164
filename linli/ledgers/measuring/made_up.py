"""A made-up street whose every value differs, so that a neighbouring column cannot pass for the right one.

Built inside a transaction that is rolled back: nothing of it stays, and it stands in a street of its own, so that the
people of a real base are never mixed in. Set-based and small: three communities, some fifty people each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, cycle
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import TextChoices

from linli.kernel import citizen_number, codes
from linli.regions.models import KEY_LENGTH, Region
from linli.registry.groups import detail_rules
from linli.registry.groups.models import Group, Membership
from linli.registry.groups.seeds import SEEDS
from linli.registry.lettings.models import Grade, Hazard, LandlordKind, Letting
from linli.registry.organisations.models import (
    LegalForm,
    Organisation,
    OrganisationKind,
    Position,
    PositionRole,
    SocialClass,
)
from linli.registry.organisations.models import Ownership as UnitOwnership
from linli.registry.people import standing
from linli.registry.people.models import Household, HouseholdMember, Kinship, Person, Residence
from linli.registry.people.sealing import id_columns, phone_columns
from linli.registry.places.models import (
    Building,
    Estate,
    EstateManagement,
    Home,
    HomeCategory,
    HomeOrigin,
    LandPaper,
    OwnerKind,
    Ownership,
    Unit,
)

ON = date(2026, 11, 1)
STREET = "110119998"
COMMUNITIES = tuple(f"{STREET}{number:03d}" for number in (1, 2, 3))
COMMUNITY = COMMUNITIES[0]
_NAMES = {
    "11": "北京市",
    "1101": "市辖区",
    "110119": "延庆区",
    STREET: "量衡街道",
    COMMUNITIES[0]: "甲秀社区",
    COMMUNITIES[1]: "乙林社区",
    COMMUNITIES[2]: "丙泉社区",
    **{
        f"{one}{grid:03d}": f"{name}第{word}网格"
        for one, name in zip(COMMUNITIES, ("甲秀", "乙林", "丙泉"), strict=True)
        for grid, word in ((1, "一"), (2, "二"))
    },
    "34": "安徽省",
    "3401": "合肥市",
    "340104": "蜀山区",
    "13": "河北省",
    "1307": "张家口市",
    "130730": "怀来县",
}
OUTSIDE = ("340104", "130730")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
_GIVEN = "安邦昌达恩福光海嘉康磊明宁平谦荣瑞生泰维祥兴延永元泽志忠春夏秋冬梅兰竹菊琴棋书画雪月霞云"
_JOBS = ("国家工作人员", "教师", "个体工商户", "农民", "学生", "待业", "专业技术人员", "服务业从业人员")


@dataclass
class MadeUp:
    """What was made, so far."""

    number: Any = field(default_factory=lambda: count(1))
    people: list[Person] = field(default_factory=list)
    members: list[HouseholdMember] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)
    kin: list[Kinship] = field(default_factory=list)

    def next(self) -> int:
        """A number never given before."""
        return int(next(self.number))

    def name(self) -> str:
        """A name never given before."""
        number = self.next()
        rest, first = divmod(number * 7, len(_SURNAMES))
        third, second = divmod(rest, len(_GIVEN))
        return _SURNAMES[first] + _GIVEN[second] + _GIVEN[(third * 11 + number) % len(_GIVEN)]

    def phone(self) -> str:
        """A mobile number never given before."""
        return f"139{self.next() * 7919 % 10**8:08d}"

    def day(self, year: int) -> date:
        """A day of a year; the days of one year repeat late."""
        return date(year, 1, 1) + timedelta(days=self.next() * 37 % 365)

    def since(self, year: int) -> DateRange:
        """A spell from a day of a year on."""
        return DateRange(self.day(year), None)


def regions() -> None:
    """The divisions that the street needs, and postcodes for them."""
    by_length = {length: level for level, length in KEY_LENGTH.items()}
    made: dict[str, Region] = {}
    for code in sorted(_NAMES, key=len):
        parent = next((made[code[:n]] for n in range(len(code) - 1, 0, -1) if code[:n] in made), None)
        made[code], _new = Region.objects.get_or_create(
            region_code=code,
            defaults={"parent": parent, "level": by_length[len(code)], "name": _NAMES[code]},
        )
    for place, postcode in (
        (COMMUNITIES[0], "102131"),
        (COMMUNITIES[1], "102132"),
        (COMMUNITIES[2], "102133"),
        ("340104", "230031"),
        ("130730", "075431"),
    ):
        Region.objects.filter(region_code=place).update(postcode=postcode)


def _pick(codes_of: codes.CodeList, number: int) -> str:
    items = [
        item.code
        for item in codes_of.items
        if item.label not in ("其他", "其它") and item.code not in ("0", "9")
    ]
    return items[number * 5 % len(items)]


def _choice(choices: type[TextChoices], number: int) -> str:
    return choices.values[number % len(choices.values)]


def _person(made: MadeUp, grid: str, sex: str, born: int, **more: Any) -> Person:
    number = made.next()
    birth = made.day(born)
    body = f"110229{birth:%Y%m%d}{number % 499 * 2 + (1 if sex == '1' else 0):03d}"
    identity = body + citizen_number.checksum(body)
    phone = made.phone()
    age = ON.year - born
    values: dict[str, Any] = {
        "ethnic": _pick(codes.ETHNIC, number),
        "native_place": f"河北省第{number}县",
        "political": "13" if age < 18 else _pick(codes.POLITICAL, number),
        "education": "92" if age < 6 else ("81" if age < 13 else _pick(codes.EDUCATION, number)),
        "employment": "80" if age > 60 else ("31" if age < 18 else _pick(codes.EMPLOYMENT, number)),
        "occupation": "" if age < 18 else _JOBS[number % len(_JOBS)],
        "employer": f"第{number}号单位",
        "email": f"p{number}@example.cn",
        "blood_type": str(number % 4 + 1),
        "health": _pick(codes.HEALTH, number),
        "former_name": f"曾{number}",
        "birth_place": f"河北省第{number}县第{number * 3 % 17 + 1}镇",
        "skills": f"特长{number}",
        "started_work_on": made.day(born + 19) if age >= 22 else None,
        "schooling": _pick(codes.SCHOOLING, number) if 3 <= age < 23 else "",
        "self_care": _pick(codes.SELF_CARE, number) if age >= 60 else codes.SELF_CARE.items[0].code,
        "labour": _pick(codes.LABOUR, number // 2),
        "medical_insurance": _pick(codes.MEDICAL_INSURANCE, number),
        "pension_insurance": _pick(codes.PENSION_INSURANCE, number // 3),
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
            reason=_pick(codes.INFLOW_REASON, number),
            dwelling=_pick(codes.DWELLING_TYPE, number),
            permit_kind=_pick(codes.PERMIT, number),
            permit_number=f"J{number:08d}",
            permit_until=made.day(2027),
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


def _estate(made: MadeUp, community: str, place: int) -> list[Home]:
    """Two estates with three buildings of twelve homes."""
    homes: list[Home] = []
    for which in (1, 2):
        grid = f"{community}{which:03d}"
        number = made.next()
        estate = Estate.objects.create(
            region_code=grid,
            name=f"锦{'绣和平安康'[place + which]}苑{number}号",
            address=f"建设路{number}号",
            built_year=1999,
            developer=f"宏远置业{number}公司",
            parking_indoor=number % 83 + 110,
            parking_outdoor=number % 47 + 21,
            safety_officer=made.name(),
            safety_phone=made.phone(),
        )
        EstateManagement.objects.create(
            region_code=grid,
            estate=estate,
            way="property",
            company=f"安居物业{number}公司",
            phone=f"010-8100{number:04d}",
            fee=f"{1 + number % 3}.{number % 9 + 1}0",
            period=made.since(2020),
        )
        for tower in (1, 2):
            number = made.next()
            building = Building.objects.create(
                region_code=grid,
                estate=estate,
                name=f"{number}号楼",
                number=str(number),
                floors=6 + tower,
                lifts=tower,
                built_year=1980 + number % 40,
                structure=_pick(codes.STRUCTURE, number),
                area=f"{5000 + number}.50",
                address=f"建设路{number}号院",
                has_gas=bool(tower - 1),
                position=tower,
                longitude=f"115.9{number:04d}",
                latitude=f"40.4{number:04d}",
            )
            unit = Unit.objects.create(region_code=grid, building=building, name=f"{tower + 2}单元")
            for door in range(1, 7):
                number = made.next()
                let = door >= 5
                flat = f"{door}{number % 90 + 10}"
                homes.append(
                    Home(
                        region_code=grid,
                        building=building,
                        unit=unit,
                        door=flat,
                        floor=door,
                        full_address=f"{estate.name}{building.name}{unit.name}{flat}室",
                        tenure="let" if let else "owned",
                        area=f"{60 + number % 80}.{number % 9 + 1}0",
                        rooms=number % 4 + 1,
                        ownership=_choice(Ownership, number),
                        category=_choice(HomeCategory, number + 1),
                        layout=f"{number % 4 + 1}室{number % 2 + 1}厅{number % 3 + 1}卫",
                        origin=_choice(HomeOrigin, number),
                        certificate=f"京房权证延字第{number:06d}号",
                        certificate_on=made.day(2002 + number % 15),
                        land_paper=_choice(LandPaper, number),
                        land_certificate=f"京延国用第{number:06d}号",
                        land_certificate_on=made.day(2001 + number % 13),
                        owner_kind=_choice(OwnerKind, number),
                        owner_name=made.name(),
                        owner_phone=made.phone(),
                        owner_id_number=_number(made),
                    )
                )
    Home.objects.bulk_create(homes)
    _let(made, homes)
    return homes


def _let(made: MadeUp, homes: list[Home]) -> None:
    """A running letting, and a hazard, for every home that is let."""
    for home in homes:
        if home.tenure != "let":
            continue
        number = made.next()
        Letting.objects.create(
            region_code=home.region_code,
            home=home,
            landlord_kind=_choice(LandlordKind, number),
            landlord_name=home.owner_name if number % 2 else made.name(),
            landlord_phone=home.owner_phone if number % 2 else made.phone(),
            landlord_number=home.owner_id_number if number % 2 else _number(made),
            rent=f"{1500 + number}.00",
            rooms=number % 5 + 2,
            most=number % 7 + 9,
            use="02",
            record_number=f"延租备{number:06d}",
            safety_signed=number % 2 == 0,
            safe_exit=number % 3 == 0,
            fire_lane=number % 5 < 3,
            grade=_choice(Grade, number),
            agreed_until=made.day(2028),
            period=made.since(2023),
        )
        Hazard.objects.create(
            region_code=home.region_code,
            home=home,
            kind="01",
            description=f"隐患{number}",
            found_on=made.day(2025),
        )


def _number(made: MadeUp) -> str:
    body = f"110108{made.day(1970):%Y%m%d}{made.next() % 999:03d}"
    return body + citizen_number.checksum(body)


def _households(made: MadeUp, community: str, homes: list[Home]) -> None:
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


def _age(person: Person) -> int:
    return ON.year - (person.birth_date.year if person.birth_date else ON.year)


def _fits(code: str, person: Person) -> bool:
    age = _age(person)
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


def _groups(made: MadeUp) -> None:
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


def _organisations(made: MadeUp, community: str, homes: list[Home]) -> None:
    """Two organisations of every kind, each with two people of the base and one known by name only in a post."""
    grown = [one for one in made.people if one.region_code.startswith(community) and _age(one) >= 20]
    staff = cycle(grown)
    for place, kind in enumerate(OrganisationKind):
        for again in (0, 1):
            number = made.next()
            is_social = kind is OrganisationKind.SOCIAL
            organisation = Organisation.objects.create(
                region_code=f"{community}{again + 1:03d}",
                name=f"{kind.label}第{number}号",
                credit_code=f"91110229MA{number:07d}X",
                kind=kind.value,
                industry=f"行业{number}",
                address=f"建设路{number}号底商",
                legal_person=made.name(),
                contact=made.name(),
                contact_phone=made.phone(),
                landline=f"010-6918{number:04d}",
                staff=number % 90 + 3,
                founded_on=made.day(2012),
                premises=homes[place] if again else None,
                ownership=_choice(UnitOwnership, number),
                supervisor=f"主管局{number}处",
                is_key=again == 1,
                fire_grade=number % 4 + 1,
                legal_form=_choice(LegalForm, number),
                capital=f"{number * 3}.50",
                business_scope=f"经营项目{number}",
                registered_address=f"登记大街{number}号",
                registration_number=f"延社证字第{number:05d}号",
                registered_on=made.day(2014),
                valid_until=made.day(2029),
                social_class=_choice(SocialClass, number) if is_social else "",
                members=number % 60 + 100 if is_social else None,
                party_members=number % 20 + 5 if is_social else None,
                duties=f"职责{number}" if is_social else "",
            )
            _posts(made, organisation, [next(staff), next(staff)])


def _posts(made: MadeUp, organisation: Organisation, people: list[Person]) -> None:
    roles = (PositionRole.SECURITY_HEAD, PositionRole.CLERK, PositionRole.GUARD)
    for role, person in zip(roles, (*people, None), strict=True):
        Position.objects.create(
            region_code=organisation.region_code,
            organisation=organisation,
            person=person,
            name="" if person else made.name(),
            phone=None if person else made.phone(),
            role=role,
            period=made.since(2022),
        )


def build() -> MadeUp:
    """Make the street. Call it inside a transaction."""
    made = MadeUp()
    regions()
    homes = {}
    for place, community in enumerate(COMMUNITIES):
        homes[community] = _estate(made, community, place)
        _households(made, community, homes[community])
    Person.objects.bulk_create(made.people)
    HouseholdMember.objects.bulk_create(made.members)
    Residence.objects.bulk_create(made.residences)
    Kinship.objects.bulk_create(made.kin)
    _groups(made)
    for community in COMMUNITIES:
        _organisations(made, community, homes[community])
    standing.refresh([person.pk for person in made.people], on=ON)
    return made
