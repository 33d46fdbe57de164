"""The divisions of the made-up street, and numbers, names and days that are never given twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import TextChoices

from linli.kernel import citizen_number, codes
from linli.regions.models import KEY_LENGTH, Region
from linli.registry.people.models import HouseholdMember, Kinship, Person, Residence

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


def pick(codes_of: codes.CodeList, number: int) -> str:
    """A code of a list, never “other” or “unknown”; another one for another number."""
    items = [
        item.code
        for item in codes_of.items
        if item.label not in ("其他", "其它") and item.code not in ("0", "9")
    ]
    return items[number * 5 % len(items)]


def choice(choices: type[TextChoices], number: int) -> str:
    """One of the choices; another one for another number."""
    return choices.values[number % len(choices.values)]


def age_of(person: Person) -> int:
    """How many years after that of birth."""
    return ON.year - (person.birth_date.year if person.birth_date else ON.year)


def id_number(made: MadeUp) -> str:
    """A citizen number never given before."""
    body = f"110108{made.day(1970):%Y%m%d}{made.next() % 999:03d}"
    return body + citizen_number.checksum(body)
