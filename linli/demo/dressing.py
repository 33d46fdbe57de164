"""What a made-up person is called and does: names, numbers, schooling, work, health. Some facts are left out on purpose,
as they are in every real base, so that lists of what is missing have something to show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Final

from linli.demo import names
from linli.demo.chances import Chances, day_between, years_before
from linli.demo.numbers import YANQING_DISTRICT, Numbers, county_elsewhere, native_place
from linli.demo.records import Family, Person

_ETHNIC: Final = Chances.read("01 966 11 17 03 8 02 4.5 10 1 06 0.6 15 1 08 1 07 0.4")
_EDUCATION: Final = (
    (1945, Chances.read("91 26 81 46 71 18 61 6 41 2 21 2")),
    (1958, Chances.read("91 6 81 33 71 38 61 14 41 4 31 3 21 2")),
    (1970, Chances.read("91 1 81 10 71 47 61 22 41 8 31 8 21 4")),
    (1982, Chances.read("81 3 71 36 61 16 41 12 44 4 31 17 21 11 14 1")),
    (1992, Chances.read("71 18 61 12 41 9 44 4 47 2 31 25 21 27 14 3")),
    (2100, Chances.read("71 8 61 9 41 5 44 3 47 3 31 31 21 37 14 4")),
)
_WORK: Final = (
    # (schooling at least, employment by weight)
    (14, Chances.read("11 24 13 52 17 14 21 9 51 1")),
    (21, Chances.read("11 14 13 30 17 34 21 8 24 4 51 5 54 3 70 2")),
    (31, Chances.read("11 4 13 15 17 39 21 5 24 16 51 9 54 7 70 5")),
    (61, Chances.read("13 2 17 28 24 31 21 2 51 16 54 11 70 10")),
    (99, Chances.read("17 16 24 38 27 3 51 19 54 12 70 12")),
)
_OCCUPATIONS: Final = {
    "11": ["公务员", "机关工作人员", "科员"],
    "13": ["中学教师", "小学教师", "医生", "护士", "会计", "工程师", "技术员", "幼儿教师", "药师", "设计师"],
    "17": [
        "社区工作者",
        "文员",
        "出纳",
        "客服",
        "营业员",
        "导游",
        "收费员",
        "前台",
        "银行柜员",
        "行政人员",
        "保安",
        "驾驶员",
    ],
    "21": ["部门经理", "店长", "项目经理", "企业管理人员"],
    "24": [
        "电工",
        "焊工",
        "维修工",
        "保洁员",
        "厨师",
        "装配工",
        "快递员",
        "环卫工",
        "供暖工",
        "建筑工",
        "服务员",
        "绿化工",
    ],
    "27": ["果树种植", "蔬菜种植"],
    "51": ["网约车司机", "家政服务", "外卖骑手", "装修工", "保险代理", "自由撰稿", "钟点工"],
    "54": ["个体经营", "早点经营", "服装零售", "超市经营", "理发", "汽车修理", "水果零售"],
}
_PLACES: Final = {
    "11": ["延庆区某机关", "乡镇人民政府", "街道办事处", "区直属机关"],
    "13": [
        "妫川中学",
        "香水园小学",
        "延川中学",
        "夏都医院",
        "妫水门诊部",
        "海坨设计院",
        "夏都幼儿园",
        "北京延川建设工程有限公司",
    ],
    "17": [
        "夏都商场",
        "延川供热中心",
        "妫水物业公司",
        "海坨旅游公司",
        "妫川商业银行支行",
        "延川公交公司",
        "社区居委会",
        "夏都超市",
    ],
    "21": ["北京延川建设工程有限公司", "北京妫川食品有限公司", "夏都宾馆", "海坨冰雪文化公司"],
    "24": [
        "北京妫川食品有限公司",
        "延川供热中心",
        "延川环卫中心",
        "海坨园林绿化公司",
        "夏都宾馆",
        "北京延川建设工程有限公司",
        "妫水热力站",
    ],
}
_SCHOOLS: Final = (
    (6, ("妫川幼儿园", "香水园幼儿园", "夏都幼儿园")),
    (12, ("妫川第一小学", "香水园小学", "高塔小学")),
    (15, ("妫川中学", "延川中学")),
    (18, ("延川高级中学", "妫川职业学校")),
    (25, ("北京某大学", "外地高校", "北京某职业学院")),
)
_HEALTH_OLD: Final = Chances.read("10 30 20 18 31 25 32 5 37 9 33 4 34 3 38 1 41 1.5 30 3.5")
_HEALTH: Final = Chances.read("10 92 20 4 31 2 37 1 34 1")
_BLOOD: Final = Chances.read("1 28 2 32 3 29 4 10 5 1")
_SOURCES: Final = Chances.read("入户登记 52 户籍底册 30 居民自报 9 派出所共享 9")


def dress(family: Family, rng: Random, numbers: Numbers, on: date, *, local: float) -> None:
    """Give everybody of a family names, numbers and particulars. `local` is the chance that somebody was born here."""
    ethnic = _ETHNIC.pick(rng)
    away_from = county_elsewhere(rng)
    # Parents who are not in the base have a name, for their children's sake.
    absent = [
        parent
        for person in family.people
        for parent in (person.father, person.mother)
        if parent is not None and parent not in family.people
    ]
    for person in sorted([*absent, *family.people], key=lambda p: (p.birth, p.id)):
        _name(person, rng, ethnic)
        _origin(person, rng, local, away_from)
    for person in family.people:
        person.id_number = numbers.citizen(person.county, person.birth, person.sex)
    line = numbers.landline()
    for person in family.people:
        _particulars(person, rng, on)
        _reach(person, rng, numbers, on, line)


def _name(person: Person, rng: Random, ethnic: str) -> None:
    parent = person.father or person.mother
    if parent is not None:
        named_after = (
            person.mother if person.mother and (person.father is None or rng.random() < 0.02) else parent
        )
        person.ethnic = parent.ethnic
        family = names_surname(named_after)
    else:
        person.ethnic = ethnic if rng.random() < 0.9 else "01"
        family = names.surname(rng, person.ethnic)
    person.name = names.full_name(rng, family, person.sex, person.birth.year)
    while parent is not None and person.name in {c.name for c in parent.children if c is not person}:
        person.name = names.full_name(rng, family, person.sex, person.birth.year)
    if person.birth.year < 1990 and rng.random() < 0.012:
        person.former_name = names.full_name(rng, family, person.sex, person.birth.year)


def names_surname(person: Person) -> str:
    """The surname of a named person."""
    return person.name[:2] if person.name[:2] in ("欧阳", "司马") else person.name[:1]


def _origin(person: Person, rng: Random, local: float, away_from: str) -> None:
    parent = person.father or person.mother
    if parent is not None and person.birth.year > 1998 and rng.random() < 0.9:
        person.county = parent.county
    elif rng.random() < local:
        person.county = YANQING_DISTRICT
    else:
        person.county = away_from if rng.random() < 0.7 else county_elsewhere(rng)
    person.native_place = (
        "" if rng.random() < 0.2 else native_place(parent.county if parent else person.county)
    )


def _particulars(person: Person, rng: Random, on: date) -> None:
    age = person.age(on)
    year = person.birth.year
    person.marital = _marital(person, rng, age)
    person.education = _education(rng, age, year)
    _work(person, rng, age)
    person.political = _politics(rng, age, person.education)
    if rng.random() < 0.14:
        person.blood_type = _BLOOD.pick(rng)
    if rng.random() < (0.72 if age >= 60 else 0.3):
        person.health = (_HEALTH_OLD if age >= 60 else _HEALTH).pick(rng)
    if rng.random() < 0.05:
        person.education = ""
    if rng.random() < 0.9:
        person.verified_on = day_between(rng, years_before(on, 1.6), on)
    if person.birth > (person.verified_on or on):
        person.verified_on = None
    person.source = _SOURCES.pick(rng)


def _marital(person: Person, rng: Random, age: int) -> str:
    if person.spouse is not None:
        if person.spouse.death is not None:
            return "30"
        return "20" if rng.random() < 0.86 else "21" if rng.random() < 0.85 else "22"
    if age < 20:
        return "10"
    if person.children:
        return "30" if age >= 60 or rng.random() < 0.25 else "40"
    if age >= 60:
        return "30" if rng.random() < 0.82 else "40" if rng.random() < 0.6 else "10"
    if age >= 36 and rng.random() < 0.45:
        return "40"
    return "10" if rng.random() < 0.97 else ""


def _education(rng: Random, age: int, year: int) -> str:
    if age < 6:
        return "92"
    if age < 12:
        return "81"
    if age < 15:
        return "71" if age > 12 else "81"
    if age < 18:
        return "61" if rng.random() < 0.75 else "44"
    if age < 22:
        return "21" if rng.random() < 0.5 else "31" if rng.random() < 0.8 else "61"
    return next(table for before, table in _EDUCATION if year < before).pick(rng)


def _work(person: Person, rng: Random, age: int) -> None:
    retired = 60 if person.sex == "1" else 52
    if age < 3:
        person.employment = "90"
        return
    studying = age < 18 or (age < 23 and rng.random() < 0.78) or (age < 26 and rng.random() < 0.1)
    if studying:
        person.employment = "31" if age >= 6 else "90"
        person.occupation = "学生" if age >= 6 else ""
        schools = next(found for before, found in _SCHOOLS if age < before or before == 25)
        if rng.random() < 0.8:
            person.employer = rng.choice(schools)
        return
    if age >= retired + (3 if rng.random() < 0.3 else 0):
        farmer = rng.random() < (0.16 if person.education in ("81", "91", "71") else 0.02)
        person.employment = "27" if farmer and age < 75 else "80" if rng.random() < 0.86 else "70"
        if person.employment == "80" and rng.random() < 0.5:
            person.employer = rng.choice(_PLACES[rng.choice(("13", "17", "24"))])
        return
    level = int(person.education or 99)
    table = next(found for at_most, found in _WORK if level <= at_most)
    person.employment = (
        "37" if person.sex == "1" and 18 <= age < 27 and rng.random() < 0.02 else table.pick(rng)
    )
    if person.employment in _OCCUPATIONS and rng.random() < 0.9:
        person.occupation = rng.choice(_OCCUPATIONS[person.employment])
    if person.employment in _PLACES and rng.random() < 0.82:
        person.employer = rng.choice(_PLACES[person.employment])
    if rng.random() < 0.04:
        person.employment = ""


def _politics(rng: Random, age: int, education: str) -> str:
    """Everything but party members, who are chosen by community later."""
    if age < 14:
        return "13"
    if age < 28 and rng.random() < 0.5:
        return "03"
    if education in ("21", "14", "11") and rng.random() < 0.006:
        return rng.choice(("04", "05", "06", "07", "10"))
    return "" if rng.random() < 0.03 else "13"


def _reach(person: Person, rng: Random, numbers: Numbers, on: date, line: str) -> None:
    age = person.age(on)
    if person.death is None:
        chance = 0.97 if 18 <= age < 80 else 0.76 if age >= 80 else 0.35 if age >= 12 else 0
        if rng.random() < chance:
            person.phone = numbers.mobile()
        if 22 <= age < 55 and rng.random() < 0.06:
            person.email = f"{person.phone or numbers.mobile()}@example.com"
    if age >= 60 and rng.random() < 0.4:
        person.landline = line


def stranger(rng: Random, numbers: Numbers, *, year: int) -> tuple[str, str, str]:
    """Name, phone and citizen number of somebody outside the base: an owner who lives elsewhere."""
    sex = rng.choice("12")
    county = YANQING_DISTRICT if rng.random() < 0.6 else county_elsewhere(rng)
    birth = day_between(rng, date(year, 1, 1), date(year, 12, 31))
    name = names.full_name(rng, names.surname(rng), sex, year)
    return name, numbers.mobile(), numbers.citizen(county, birth, sex)


def everyone(families: Iterable[Family]) -> list[Person]:
    """All people of these families."""
    return [person for family in families for person in family.people]
