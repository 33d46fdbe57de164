"""The accounts with which one may look around the demonstration."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.contrib.auth.hashers import make_password

from linli.access.models import Post, User
from linli.access.roles import Role
from linli.access.units import named_unit, own_unit
from linli.demo.places_making import STREET
from linli.demo.records import Grid

PASSWORD: Final = "Xiangshui-2026"  # noqa: S105  printed at every start: the demonstration's residents are made up


class Account(NamedTuple):
    """An account, as printed at the start."""

    username: str
    password: str
    name: str
    role: str
    where: str


_DISTRICT: Final = STREET[:6]
_WHO: Final = (
    ("dongwai", "陈静怡", Role.COMMUNITY_WORKER, STREET + "001", "", "东外社区"),
    ("dongwai.wang", "王建华", Role.COMMUNITY_HEAD, STREET + "001", "", "东外社区"),
    ("chuanbei", "刘秀敏", Role.COMMUNITY_WORKER, STREET + "002", "", "川北东社区"),
    ("chuanbei.li", "李玉兰", Role.COMMUNITY_HEAD, STREET + "002", "", "川北东社区"),
    ("xinxing", "赵文斌", Role.COMMUNITY_WORKER, STREET + "011", "", "新兴西社区"),
    ("grid", "孙志芳", Role.GRID_WORKER, STREET + "001001", "", "东外第一网格"),
    ("jiedao", "李立军", Role.STREET_OFFICER, STREET, "", "香水园街道"),
    ("zhuren", "周玉琴", Role.STREET_HEAD, STREET, "", "香水园街道"),
    ("minzheng", "郭晓峰", Role.DEPARTMENT_OFFICER, _DISTRICT, "延庆区民政局", "延庆区民政局"),
    ("weijian", "沈志宏", Role.DEPARTMENT_OFFICER, _DISTRICT, "延庆区卫生健康委", "延庆区卫生健康委"),
    ("canlian", "于海涛", Role.DEPARTMENT_OFFICER, _DISTRICT, "延庆区残联", "延庆区残联"),
    ("yingji", "韩春雷", Role.DEPARTMENT_OFFICER, _DISTRICT, "延庆区应急管理局", "延庆区应急管理局"),
    ("quji", "马海英", Role.DISTRICT_OFFICER, _DISTRICT, "延庆区委社会工作部", "延庆区"),
    ("guanli", "高雪松", Role.ADMINISTRATOR, _DISTRICT, "", "延庆区"),
    ("shenji", "宋雅琴", Role.AUDITOR, _DISTRICT, "", "延庆区"),
)
# The workers of the other communities: nobody logs in as them, but what is to be done there is theirs and not the street's.
_OTHERS: Final = (
    ("003", "何美玲"),
    ("004", "郑秋菊"),
    ("005", "冯少华"),
    ("006", "曹丽君"),
    ("007", "许国强"),
    ("008", "邓小燕"),
    ("009", "彭桂兰"),
    ("010", "蒋文娟"),
    ("012", "蔡永福"),
    ("013", "潘雨晴"),
    ("014", "田淑珍"),
    ("015", "董志强"),
    ("016", "袁晓梅"),
)
ACCOUNTS: Final = [
    Account(username, PASSWORD, name, str(role.label), where) for username, name, role, _, _, where in _WHO
]


def make_accounts(grids: list[Grid], regions: set[str]) -> int:
    """Add the accounts (those of regions that are there), and accounts without password for the workers of the other communities and
    for each grid's.

    Accounts that exist are left alone. Returns how many were made.
    """
    have = set(User.objects.values_list("username", flat=True))
    hashed = make_password(PASSWORD)
    wanted = [
        (User(username=username, name=name, password=hashed), role, region, unit)
        for username, name, role, region, unit, _ in _WHO
        if region in regions
    ]
    wanted += [
        (
            User(username=f"sq{suffix}", name=name, password=make_password(None)),
            Role.COMMUNITY_WORKER,
            STREET + suffix,
            "",
        )
        for suffix, name in _OTHERS
        if STREET + suffix in regions
    ]
    held = {region for _, role, region, _ in wanted if role == Role.GRID_WORKER}
    wanted += [
        (
            User(username=f"wg{g.region[9:]}", name=g.worker, password=make_password(None)),
            Role.GRID_WORKER,
            g.region,
            "",
        )
        for g in grids
        if g.worker and g.region not in held
    ]
    wanted = [row for row in wanted if row[0].username not in have]
    User.objects.bulk_create([row[0] for row in wanted])
    Post.objects.bulk_create(
        [
            Post(
                user=user,
                role=role,
                region_code=region,
                unit=named_unit(region, unit) if unit else own_unit(region),
            )
            for user, role, region, unit in wanted
        ]
    )
    return len(wanted)
