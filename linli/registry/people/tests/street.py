"""A small base for tests: homes in two communities, and people with valid numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.kernel.citizen_number import checksum
from linli.regions import names
from linli.regions.models import Level, Region
from linli.registry.people import actions
from linli.registry.people.models import HEAD, Household, HouseholdMember, Person
from linli.registry.places.models import Building, Estate, Home

OUTSIDE = "130730"  # 怀来县


def make_regions() -> None:
    """The path down to both communities, and a county elsewhere."""
    if Region.objects.exists():
        return
    parents: dict[str, Region] = {}
    for key, level, name in (
        ("11", Level.PROVINCE, "北京市"),
        ("13", Level.PROVINCE, "河北省"),
        ("1101", Level.CITY, "市辖区"),
        ("1307", Level.CITY, "张家口市"),
        ("110119", Level.DISTRICT, "延庆区"),
        ("130730", Level.DISTRICT, "怀来县"),
        ("110119002", Level.STREET, "香水园街道"),
        (COMMUNITY, Level.COMMUNITY, "东外社区居委会"),
        (NEIGHBOUR, Level.COMMUNITY, "川北东社区居委会"),
    ):
        parent = max((one for one in parents if key.startswith(one)), key=len, default="")
        parents[key] = Region.objects.create(
            region_code=key,
            level=level,
            name=name,
            short_name=name.removesuffix("居委会") if name.endswith("居委会") else "",
            parent=parents.get(parent),
        )
    names.forget()


def make_homes(region_code: str = COMMUNITY, count: int = 3, estate: str = "新兴小区") -> list[Home]:
    """Homes of one building."""
    make_regions()
    place = Estate.objects.create(region_code=region_code, name=estate, initials="x")
    building = Building.objects.create(region_code=region_code, estate=place, name="1号楼")
    return [
        Home.objects.create(
            region_code=region_code,
            building=building,
            door=f"{n}01",
            floor=n,
            full_address=f"{estate}1号楼{n}01室",
        )
        for n in range(1, count + 1)
    ]


def number(born: date, sex: str, serial: int) -> str:
    """A valid citizen number of 延庆区."""
    middle = serial * 2 + (1 if sex == "1" else 0)
    first = f"110119{born:%Y%m%d}{middle:03d}"
    return first + checksum(first)


def register(
    user: Any,
    home: Home | None,
    name: str,
    *,
    born: date = date(1960, 5, 6),
    sex: str = "1",
    serial: int = 1,
    **more: Any,
) -> Person:
    """Somebody who lives in a home and has their hukou there."""
    more.setdefault("hukou", actions.Place(home_id=home.pk) if home is not None else None)
    more.setdefault("share_home", True)
    more.setdefault("since", date(2000, 1, 1))
    values = {"name": name, "id_number": number(born, sex, serial), **more.pop("values", {})}
    return actions.register_person(
        acting_user=user, values=values, home_id=home.pk if home is not None else None, **more
    )


def make_family(user: Any, home: Home, *, serial: int = 10) -> tuple[Household, Person, Person, Person]:
    """Husband (head), wife and son."""
    head = register(user, home, "王建国", serial=serial, family=actions.Family(kind="family"))
    household = Household.objects.get(members__person=head)
    wife = register(
        user,
        home,
        "李秀英",
        born=date(1962, 3, 4),
        sex="2",
        serial=serial,
        family=actions.Family(household.pk, "12"),
    )
    son = register(
        user, home, "王磊", born=date(1988, 7, 8), serial=serial, family=actions.Family(household.pk, "21")
    )
    return household, head, wife, son


def head_of(household: Household) -> list[str]:
    running = HouseholdMember.objects.filter(
        household=household, relation=HEAD, period__endswith__isnull=True
    )
    return list(running.values_list("person__name", flat=True))


def relation(person: Person) -> str | None:
    running = HouseholdMember.objects.filter(person=person, period__endswith__isnull=True)
    return running.values_list("relation", flat=True).first()
