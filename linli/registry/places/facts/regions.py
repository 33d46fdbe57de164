"""The regions that every row lies in, and the communities; the makings that facts of other rooms share."""

# ruff: noqa: S608  the SQL is put together from constants of this file, never from what a user typed
from __future__ import annotations

from typing import Any

from linli.access.roles import Permission
from linli.access.sealed import open_sealed
from linli.facts.dictionary import Kind, Sensitivity, Subject, dictionary
from linli.kernel import citizen_number, phone
from linli.kernel.codes import Code, CodeList
from linli.regions import rules

# A living spell whose beginning is not known holds on a day when its person was known by then (ADR 0013).
KNOWN_RESIDENT = (
    "{past}AND (NOT lower_inf(r.period) OR EXISTS (SELECT 1 FROM people_person kp WHERE kp.id = r.person_id AND (kp.created_at < {after} "
    "OR EXISTS (SELECT 1 FROM people_residence ks WHERE ks.person_id = kp.id AND lower(ks.period) <= {on})))){/past}"
)

# Public names of the levels of the tree, by the length of the region order key.
LEVELS = (
    ("province", "省", ("省份", "省（自治区、直辖市）", "所在省"), 2),
    ("city", "市", ("地市", "所在市"), 4),
    ("district", "区县", ("区", "县", "县区", "县（市、区）", "所属区县", "市/县/区"), 6),
    (
        "street",
        "街道",
        (
            "办事处（街道）",
            "街道办事处",
            "办事处",
            "街道（镇）",
            "镇（街道）",
            "乡镇",
            "街道（乡镇）",
            "乡镇/街道",
            "街镇",
            "所属街道",
            "乡（镇）、街道",
        ),
        9,
    ),
    (
        "community",
        "社区",
        (
            "村（社区）",
            "社区居委会",
            "村居",
            "社区/村",
            "居委会",
            "所属社区",
            "社区（村）",
            "村（居）委会",
            "居（村）委会",
        ),
        12,
    ),
    ("grid", "所属网格", ("网格", "网格名称", "所在网格", "网格号", "片组片格", "所属片格"), 15),
)

# Middle levels of the official lists that are not names, as SQL.
NAMELESS = "(" + ", ".join(f"'{name}'" for name in rules.NAMELESS) + ")"


def region_name_sql(key: str, length: int) -> str:
    """SQL for the spoken name of the ancestor of a region key at a level. The city of a municipality's district is
    the municipality: 市辖区 is no name that anybody writes."""
    name = "coalesce(nullif(g.short_name, ''), g.name)"
    if length == 4:
        name = (
            f"CASE WHEN g.name IN {NAMELESS} THEN (SELECT p.name FROM regions_region p "
            f"WHERE p.region_code = left({key}, 2)) ELSE {name} END"
        )
    return (
        f"(SELECT {name} FROM regions_region g "
        f"WHERE g.region_code = left({key}, {length}) AND length({key}) >= {length})"
    )


def region_path_sql(key: str, first: int = 2, last: int = 12) -> str:
    """SQL for the names from one level to another in one string: 北京市延庆区香水园街道. Nameless middle levels
    (市辖区) are left out."""
    return (
        f"(SELECT string_agg(coalesce(nullif(g.short_name, ''), g.name), '' ORDER BY g.region_code) "
        f"FROM regions_region g WHERE g.region_code = ANY(ARRAY[left({key},2), left({key},4), left({key},6), "
        f"left({key},9), left({key},12)]) AND length(g.region_code) BETWEEN {first} AND {last} "
        f"AND g.name NOT IN {NAMELESS})"
    )


AREA_KIND = CodeList(
    "area_kind",
    "城乡",
    "GB/T 10114：第 10 至 12 位 001–199 居民委员会、200–399 村民委员会、400–499 类似居委会、500–599 类似村委会",
    (Code("1", "城市", ("城镇", "城市社区", "居委会")), Code("2", "农村", ("乡村", "村委会", "行政村"))),
)


def add_region_elements(subject: Subject, key: str = "{t}.region_code") -> None:
    """Give a subject the names of the regions its row lies in."""
    subject.element("region_code", "区域序码", sql=key)
    for name, label, also, length in LEVELS:
        subject.element(
            name, label, also=also, sql=region_name_sql(key, length), standard="GB/T 2260、GB/T 10114"
        )
    subject.element(
        "area_kind",
        "城乡",
        also=("城乡类别", "城乡分类"),
        sql=f"CASE WHEN length({key}) >= 12 THEN CASE WHEN substr({key}, 10, 1) IN ('2', '3', '5') THEN '2' ELSE '1' END END",
        kind=Kind.CODE,
        codes=AREA_KIND,
        standard="GB/T 10114",
    )
    subject.element(
        "division",
        "所属区划",
        also=("行政区划", "区划"),
        sql=region_path_sql(key, 2, 6),
        standard="GB/T 2260",
    )
    subject.element(
        "division_code",
        "区划代码",
        also=("行政区划代码",),
        sql=f"left({key}, 6)",
        standard="GB/T 2260",
    )
    subject.element(
        "postcode",
        "邮政编码",
        also=("邮编",),
        sql=(
            "(SELECT g.postcode FROM regions_region g WHERE g.postcode <> '' AND g.region_code = ANY(ARRAY["
            f"left({key},4), left({key},6), left({key},9), left({key},12)]) ORDER BY g.region_code DESC LIMIT 1)"
        ),
    )


def opened(purpose: str) -> Any:
    """A decoder for a sealed column."""
    return lambda value: open_sealed(value, purpose)


def empty_to_none(value: Any) -> Any:
    return value or None


SENSITIVE_NUMBER = {
    "sensitivity": Sensitivity.SENSITIVE,
    "decode": opened("id_number"),
    "mask": citizen_number.mask,
    "standard": "GB 11643",
}
PERSONAL_PHONE = {"sensitivity": Sensitivity.PERSONAL, "decode": opened("phone"), "mask": phone.mask}

community = dictionary.add(
    Subject(
        "community",
        "社区",
        table="regions_region",
        region="region_code",
        also=("居委会", "村居", "村"),
        permission=Permission.VIEW_REGIONS,
        page="region",
        page_by="region_code",
        columns=("name", "street", "phone"),
        default="in_force",
        order="{t}.region_code",
        note="设居民委员会（村民委员会）的区域。",
    )
)
community.condition(
    "in_force",
    "现行",
    sql="{t}.level = 5 AND ({t}.valid_from IS NULL OR {t}.valid_from <= {on}) AND ({t}.valid_to IS NULL OR {t}.valid_to > {on})",
)
add_region_elements(community)
community.element("name", "社区名称", also=("居委会名称", "村（居）名称", "单位名称"), sql="{t}.name")
community.element("address", "办公地址", also=("社区地址",), sql="{t}.address")
community.element("phone", "办公电话", also=("社区电话", "联系电话"), sql="{t}.phone")
community.measure("communities", "社区数", also=("居委会个数",), unit="个")
