"""A small made-up community for the tests: two homes, one household of three and a lodger, groups and a guardian.

Every value differs from every other, so that a neighbouring column cannot pass for the right one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from linli.access.testing import COMMUNITY, STREET
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.groups.models import Group, Membership
from linli.registry.groups.seeds import SEEDS
from linli.registry.lettings.models import Letting
from linli.registry.organisations.models import Organisation
from linli.registry.people import standing
from linli.registry.people.models import Household, HouseholdMember, Kinship, Person, Residence
from linli.registry.people.sealing import id_columns, phone_columns
from linli.registry.places.models import Building, Estate, EstateManagement, Home, Unit

ON = date(2026, 11, 1)
GRID = f"{COMMUNITY}001"
ELSEWHERE = "130730"

_NAMES = {
    "11": "北京市",
    "1101": "市辖区",
    "110119": "延庆区",
    STREET: "香水园街道",
    COMMUNITY: "东外社区",
    "110119002002": "川北东社区",
    GRID: "东外第一网格",
    "13": "河北省",
    "1307": "张家口市",
    ELSEWHERE: "怀来县",
}


@dataclass
class Street:
    """The people and homes of the made-up community."""

    head: Person
    wife: Person
    son: Person
    lodger: Person
    household: Household
    home: Home
    let: Home


def regions() -> None:
    """The divisions that the tests need."""
    by_length = {length: level for level, length in KEY_LENGTH.items()}
    made: dict[str, Region] = {}
    for code in sorted(_NAMES, key=len):
        parent = next((made[code[:n]] for n in range(len(code) - 1, 0, -1) if code[:n] in made), None)
        postcode = {COMMUNITY: "102100", ELSEWHERE: "075400"}.get(code, "")
        made[code], _new = Region.objects.get_or_create(
            region_code=code,
            defaults={
                "parent": parent,
                "level": by_length[len(code)],
                "name": _NAMES[code],
                "postcode": postcode,
            },
        )
    assert Level.GRID == 6


def groups() -> None:
    """The seeded groups, if they are not there yet."""
    for seed in SEEDS:
        Group.objects.get_or_create(
            code=seed["code"], defaults={k: v for k, v in seed.items() if k != "code"}
        )


def _person(name: str, number: str, phone: str, **more: object) -> Person:
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return Person.objects.create(
        region_code=GRID,
        name=name,
        id_kind="01",
        id_number=number,
        birth_date=born,
        phone=phone,
        **id_columns(number),
        **phone_columns(phone),
        **more,
    )


def _since(year: int) -> DateRange:
    return DateRange(date(year, 3, 5), None)


def build() -> Street:
    """Make the community."""
    regions()
    groups()
    estate = Estate.objects.create(
        region_code=GRID,
        name="新兴小区",
        address="新兴路8号",
    )
    EstateManagement.objects.create(
        region_code=GRID,
        estate=estate,
        way="property",
        company="安居物业",
        phone="69101234",
        period=_since(2020),
    )
    building = Building.objects.create(
        region_code=GRID, estate=estate, name="12号楼", number="12", floors=6, lifts=0
    )
    unit = Unit.objects.create(region_code=GRID, building=building, name="3单元")
    home = Home.objects.create(
        region_code=GRID,
        building=building,
        unit=unit,
        door="501",
        floor=5,
        full_address="新兴小区12号楼3单元501室",
    )
    let = Home.objects.create(
        region_code=GRID,
        building=building,
        unit=unit,
        door="602",
        floor=6,
        full_address="新兴小区12号楼3单元602室",
        tenure="let",
        owner_name="葛房东",
        owner_phone="13900000009",
        owner_id_number="11022919660606003X",
        rooms=2,
        area="61.50",
    )
    Letting.objects.create(
        region_code=GRID,
        home=let,
        landlord_name="葛房东",
        rent="2300.00",
        use="02",
        period=(None, None),
    )
    head = _person(
        "郭老汉",
        "110229194910010016",
        "13900000001",
        sex="1",
        ethnic="01",
        marital="20",
        political="01",
        education="70",
        occupation="退休",
        employer="延庆机械厂",
        landline="69100001",
        former_name="郭狗剩",
        blood_type="3",
        health="31",
        native_place="北京延庆",
        employment="80",
    )
    wife = _person(
        "韩玉梅",
        "110229195202020024",
        "13900000002",
        sex="2",
        ethnic="11",
        marital="20",
        political="13",
        education="80",
        health="10",
    )
    son = _person(
        "郭建军",
        "110229197803030038",
        "13900000003",
        sex="1",
        ethnic="01",
        marital="10",
        political="13",
        education="31",
        employer="世园公司",
        employment="17",
    )
    lodger = _person(
        "苏外来",
        "130730198804040041",
        "13900000004",
        sex="2",
        ethnic="10",
        marital="40",
        political="03",
        education="21",
        employer="小吃店",
        employment="24",
    )
    household = Household.objects.create(region_code=GRID, number="H0012345", home=home)
    for person, relation in ((head, "02"), (wife, "12"), (son, "20")):
        HouseholdMember.objects.create(
            region_code=GRID, household=household, person=person, relation=relation, period=_since(1990)
        )
        for kind in ("living", "hukou"):
            Residence.objects.create(
                region_code=GRID,
                person=person,
                kind=kind,
                home=home,
                period=_since(1998 if kind == "living" else 1991),
                hukou_nature="1" if kind == "hukou" else "",
            )
    Residence.objects.create(
        region_code=GRID,
        person=lodger,
        kind="living",
        home=let,
        period=_since(2024),
        reason="01",
        dwelling="02",
        permit_number="J110000123",
    )
    Residence.objects.create(
        region_code=ELSEWHERE,
        person=lodger,
        kind="hukou",
        address="沙城镇和平街7号",
        period=_since(1989),
        hukou_nature="2",
    )
    Kinship.objects.create(
        region_code=GRID, person=head, relation="spouse", relative=wife, period=_since(1975)
    )
    Kinship.objects.create(
        region_code=GRID, person=wife, relation="spouse", relative=head, period=_since(1975)
    )
    Kinship.objects.create(
        region_code=GRID, person=son, relation="guardian", relative=head, period=_since(1996)
    )
    disabled = Group.objects.get(code="disabled")
    Membership.objects.create(
        region_code=GRID,
        group=disabled,
        person=son,
        class_code="5",
        level_code="2",
        certificate="11022919780303003852",
        period=_since(2012),
    )
    low = Group.objects.get(code="low_income")
    Membership.objects.create(
        region_code=GRID,
        group=low,
        person=son,
        amount="1320.00",
        certificate="D2020-088",
        period=_since(2020),
    )
    Organisation.objects.create(
        region_code=GRID,
        name="延庆小吃店",
        kind="shop",
        legal_person="马店主",
        contact_phone="13900000010",
        staff=3,
    )
    standing.refresh(None, on=ON)
    return Street(head, wife, son, lodger, household, home, let)
