"""The departments of the demonstration district (区直部门) as units."""

from __future__ import annotations

from typing import Final

from linli.access.models import Unit, UnitKind

# As departments of a Beijing district are named; the district's name goes before.
DEPARTMENTS: Final = (
    "区委办",
    "区纪委监委",
    "区委组织部",
    "区委宣传部",
    "区委统战部",
    "区委政法委",
    "区委社会工作部",
    "区委老干部局",
    "区发展改革委",
    "区教委",
    "区科委",
    "区公安分局",
    "区民政局",
    "区司法局",
    "区财政局",
    "区人力社保局",
    "区规划自然资源分局",
    "区生态环境局",
    "区住房城乡建设委",
    "区城管委",
    "区城管执法局",
    "区交通局",
    "区水务局",
    "区农业农村局",
    "区商务局",
    "区文化旅游局",
    "区卫生健康委",
    "区疾控局",
    "区退役军人局",
    "区应急管理局",
    "区消防救援支队",
    "区市场监管局",
    "区体育局",
    "区统计局",
    "区医保局",
    "区信访办",
    "区园林绿化局",
    "区人武部",
    "区总工会",
    "团区委",
    "区妇联",
    "区科协",
    "区残联",
    "区红十字会",
    "区文明办",
    "区城市管理指挥中心",
)


def named(short: str, district: str = "延庆") -> str:
    """区民政局 → 延庆区民政局, 团区委 → 共青团延庆区委."""
    return f"共青团{district}区委" if short == "团区委" else district + short


def make_departments(region_code: str) -> dict[str, Unit]:
    """The departments that are not there yet are added. Returns all by their short name."""
    have = set(Unit.objects.filter(region_code=region_code).values_list("name", flat=True))
    Unit.objects.bulk_create(
        Unit(region_code=region_code, kind=UnitKind.DEPARTMENT, name=named(one))
        for one in DEPARTMENTS
        if named(one) not in have
    )
    found = {unit.name: unit for unit in Unit.objects.filter(region_code=region_code)}
    return {one: found[named(one)] for one in DEPARTMENTS}
