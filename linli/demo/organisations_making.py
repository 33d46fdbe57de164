"""Organisations of the street: resident units, shops on the ground floors, social organisations, property companies."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from linli.demo import names
from linli.demo.chances import day_between, years_before
from linli.demo.numbers import Numbers
from linli.demo.places_making import COMMUNITY_NAMES
from linli.demo.records import Organisation, Street

RESIDENT_UNITS: Final = 99
_WORDS: Final = [
    "妫川",
    "夏都",
    "延川",
    "海坨",
    "香水园",
    "妫水",
    "玉渡",
    "古崖",
    "川北",
    "高塔",
    "龙庆",
    "缙阳",
]
# Kinds of resident units: words after the made-up name, industry, registering department and class, staff.
_UNITS: Final = (
    ("小学", "教育", "1", "2", 40, 120),
    ("中学", "教育", "1", "2", 60, 190),
    ("幼儿园", "教育", "5", "2", 15, 60),
    ("社区卫生服务站", "卫生和社会工作", "1", "2", 6, 30),
    ("口腔门诊部", "卫生和社会工作", "9", "1", 4, 18),
    ("供热中心", "电力、热力、燃气及水生产和供应业", "9", "1", 30, 160),
    ("自来水营业所", "电力、热力、燃气及水生产和供应业", "9", "1", 10, 60),
    ("燃气服务站", "电力、热力、燃气及水生产和供应业", "9", "1", 8, 30),
    ("邮政支局", "交通运输、仓储和邮政业", "9", "1", 8, 40),
    ("储蓄银行营业所", "金融业", "9", "1", 8, 30),
    ("宾馆有限公司", "住宿和餐饮业", "9", "1", 20, 110),
    ("建设工程有限公司", "建筑业", "9", "1", 20, 300),
    ("商贸有限公司", "批发和零售业", "9", "1", 5, 60),
    ("超市有限公司", "批发和零售业", "9", "1", 10, 80),
    ("旅游服务有限公司", "租赁和商务服务业", "9", "1", 5, 40),
    ("文化馆", "文化、体育和娱乐业", "1", "2", 8, 40),
    ("图书馆", "文化、体育和娱乐业", "1", "2", 6, 30),
    ("养老照料中心", "卫生和社会工作", "5", "2", 12, 50),
    ("公共交通场站", "交通运输、仓储和邮政业", "9", "1", 20, 120),
    ("园林绿化有限公司", "水利、环境和公共设施管理业", "9", "1", 10, 90),
    ("律师事务所", "租赁和商务服务业", "3", "1", 4, 20),
    ("职业培训学校", "教育", "5", "2", 6, 40),
    ("汽车维修有限公司", "居民服务、修理和其他服务业", "9", "1", 4, 30),
    ("食品有限公司", "制造业", "9", "1", 20, 180),
)
_SHOPS: Final = (
    ("便民超市", "批发和零售业"),
    ("水果店", "批发和零售业"),
    ("药店", "批发和零售业"),
    ("理发店", "居民服务、修理和其他服务业"),
    ("早点铺", "住宿和餐饮业"),
    ("家常菜馆", "住宿和餐饮业"),
    ("面馆", "住宿和餐饮业"),
    ("文具店", "批发和零售业"),
    ("五金店", "批发和零售业"),
    ("洗衣店", "居民服务、修理和其他服务业"),
    ("熟食店", "批发和零售业"),
    ("烟酒店", "批发和零售业"),
    ("家电维修部", "居民服务、修理和其他服务业"),
    ("鲜花店", "批发和零售业"),
    ("宠物店", "居民服务、修理和其他服务业"),
    ("房产经纪门店", "房地产业"),
)
_SOCIAL: Final = (
    "夕阳红合唱团",
    "邻里互助会",
    "书画社",
    "太极拳队",
    "巾帼志愿服务队",
    "阳光助残社",
    "乒乓球协会",
    "手工坊",
)


def make_organisations(street: Street, rng: Random, numbers: Numbers, *, scale: float = 1.0) -> None:
    """Add the organisations; 99 resident units for the whole street."""
    communities = sorted({grid.region[:12] for grid in street.grids})
    taken: set[str] = set()
    for number in range(max(1, round(RESIDENT_UNITS * scale))):
        word, industry, department, kind, low, high = _UNITS[number % len(_UNITS)]
        _add(
            street,
            rng,
            numbers,
            rng.choice(communities),
            _fresh(rng, taken, word),
            "resident_unit",
            industry,
            department + kind,
            (low, high),
        )
    for home in street.homes:
        if home.use == "shop" and rng.random() < 0.94:
            word, industry = rng.choice(_SHOPS)
            shop = _add(
                street, rng, numbers, home.region, _fresh(rng, taken, word), "shop", industry, "92", (1, 9)
            )
            shop.premises = home
            shop.address = f"{home.building.estate.name}{home.building.name}{home.door}"
            home.tenure = "let" if rng.random() < 0.7 else "owned"
            home.owner_name = home.owner_name or shop.legal_person
    for community in communities:
        if rng.random() < 0.6:
            name = f"{COMMUNITY_NAMES[community[9:]]}社区{rng.choice(_SOCIAL)}"
            _add(
                street,
                rng,
                numbers,
                community,
                name,
                "social",
                "公共管理、社会保障和社会组织",
                "51" if rng.random() < 0.4 else "",
                (3, 60),
            )
    for company in sorted({e.company for e in street.estates if e.company}):
        first = next(e for e in street.estates if e.company == company)
        _add(street, rng, numbers, first.region, company, "property", "房地产业", "91", (15, 90))
    for estate in street.estates:
        if estate.management == "property" and rng.random() < 0.3:
            _add(street, rng, numbers, estate.region, f"{estate.name}业主委员会", "owners", "", "", (5, 9))


def _fresh(rng: Random, taken: set[str], word: str) -> str:
    """A name not given yet."""
    while True:
        name = (
            rng.choice(_WORDS)
            + rng.choice(
                ("", "", "宏达", "永兴", "惠民", "安康", "新城", "和顺", "福泰", "金桥", "第二", "东方")
            )
            + word
        )
        if name.endswith("公司"):
            name = "北京" + name
        elif word in ("小学", "中学", "幼儿园", "文化馆", "图书馆"):
            name = "延庆" + name
        if name not in taken:
            taken.add(name)
            return name


def _add(
    street: Street,
    rng: Random,
    numbers: Numbers,
    region: str,
    name: str,
    kind: str,
    industry: str,
    credit: str,
    staff: tuple[int, int],
) -> Organisation:
    """One organisation with a made-up person in charge. `credit` holds the first two characters of its credit code."""
    year = rng.randint(1962, 1992)
    person = names.full_name(rng, names.surname(rng), rng.choice("112"), year)
    estate = rng.choice([e for e in street.estates if e.region[:12] == region[:12]])
    made = Organisation(
        region=region,
        name=name,
        kind=kind,
        credit_code=numbers.credit(credit[0], credit[1]) if credit and rng.random() < 0.97 else "",
        industry=industry,
        address=estate.address if kind != "owners" else f"{estate.address}{name.removesuffix('业主委员会')}",
        legal_person=person,
        contact=person
        if rng.random() < 0.5
        else names.full_name(rng, names.surname(rng), rng.choice("12"), 1985),
        phone=numbers.mobile() if rng.random() < 0.6 else numbers.landline(),
        staff=rng.randint(*staff) if rng.random() < 0.9 else None,
        founded_on=day_between(rng, date(1996, 1, 1), years_before(street.on, 0.2))
        if rng.random() < 0.92
        else None,
    )
    street.organisations.append(made)
    return made
