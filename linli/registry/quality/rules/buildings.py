"""What can be wrong with buildings and estates. `quality_outline` are the borders of communities as polygons."""
# ruff: noqa: S608  the fragments are ours

from __future__ import annotations

from typing import Final

from linli.registry.quality.rules.checks import HERE, IMPOSSIBLE, MISSING, STALE, Check, base

LIFT_FROM: Final = 7
"""Floors from which a residential building has lifts: GB 50096-2011 (住宅设计规范) 6.4.1."""
_DWELLING = "t.kind IN ('residential', 'mixed')"
_MANAGED = "m.estate_id = t.id AND m.period @> %(today)s::date"

BUILDINGS: Final[tuple[Check, ...]] = (
    base(
        "building",
        "building_outside",
        "位置不在本社区的边界里",
        IMPOSSIBLE,
        0.5,
        "在地图上把楼栋放到对的位置；社区边界画错了的，改边界。",
        f"""SELECT t.id, t.region_code, '' FROM places_building t
        JOIN quality_outline o ON o.region_code = left(t.region_code, 12)
        WHERE {HERE} AND t.longitude IS NOT NULL AND t.latitude IS NOT NULL
        AND NOT o.border @> point(t.longitude::float, t.latitude::float)""",
        fix="places:building_position",
        may_stand=True,
    ),
    base(
        "building",
        "building_no_homes",
        "住宅楼里一套房屋也没有",
        MISSING,
        0.5,
        "在楼盘表里按层、按单元建房屋。",
        f"""SELECT t.id, t.region_code, '' FROM places_building t WHERE {HERE} AND {_DWELLING}
        AND NOT EXISTS (SELECT 1 FROM places_home h WHERE h.building_id = t.id AND (h.ended_on IS NULL OR h.ended_on > %(today)s::date))""",
        fix="places:homes_add",
        may_stand=True,
    ),
    base(
        "building",
        "building_no_grid",
        "不在任何网格里",
        MISSING,
        0.5,
        "选上楼栋所在的网格，这楼的事才有人管。",
        f"""SELECT t.id, t.region_code, '' FROM places_building t WHERE {HERE} AND length(t.region_code) = 12
        AND EXISTS (SELECT 1 FROM regions_region g WHERE g.level = 6 AND g.valid_to IS NULL
            AND g.region_code > t.region_code AND g.region_code < t.region_code || '~')""",
        fix="places:building_edit",
    ),
    base(
        "building",
        "building_no_year",
        "没有建成年份",
        MISSING,
        0.3,
        "补上楼栋或小区的建成年份，老旧小区按它统计。",
        f"""SELECT t.id, t.region_code, '' FROM places_building t JOIN places_estate e ON e.id = t.estate_id
        WHERE {HERE} AND t.built_year IS NULL AND e.built_year IS NULL""",
        fix="places:building_edit",
    ),
    base(
        "building",
        "building_no_lifts",
        "七层以上住宅楼没有登记电梯",
        MISSING,
        0.3,
        "补上电梯数；没有电梯的填 0。",
        f"""SELECT t.id, t.region_code, t.floors || ' 层' FROM places_building t
        WHERE {HERE} AND {_DWELLING} AND t.floors >= {LIFT_FROM} AND t.lifts IS NULL
        AND NOT EXISTS (SELECT 1 FROM places_lift l WHERE l.building_id = t.id)""",
        fix="places:building_edit",
        source="《住宅设计规范》GB 50096-2011 第 6.4.1 条：七层及以上住宅必须设置电梯。",
    ),
    base(
        "building",
        "building_floor_gap",
        "楼盘表中间缺楼层",
        MISSING,
        0.3,
        "在楼盘表里补上这几层的房屋；本来就没有这一层的（设备层、避难层、跳过的层号），可设为情况属实。",
        f"""SELECT t.id, t.region_code, '缺 ' || string_agg(n::text, '、' ORDER BY n) || ' 层'
        FROM places_building t
        JOIN (SELECT h.building_id, min(h.floor)::int AS low, max(h.floor)::int AS high, array_agg(DISTINCT h.floor::int) AS have
            FROM quality_home h WHERE h.floor >= 1 GROUP BY 1) f ON f.building_id = t.id
        CROSS JOIN LATERAL generate_series(f.low, f.high) n
        WHERE {HERE} AND f.high - f.low < 200 AND cardinality(f.have) < f.high - f.low + 1 AND NOT n = ANY(f.have)
        GROUP BY t.id""",
        fix="places:chart_edit",
        may_stand=True,
    ),
    base(
        "building",
        "building_unit_gap",
        "单元不连号",
        MISSING,
        0.3,
        "补上缺的单元；本来就没有的，可设为情况属实。",
        f"""SELECT t.id, t.region_code, '缺 ' || string_agg(n || '单元', '、' ORDER BY n)
        FROM places_building t
        JOIN (SELECT u.building_id, array_agg(DISTINCT substring(u.name FROM '^([0-9]{{1,2}})单元$')::int) AS have
            FROM places_unit u JOIN places_building b ON b.id = u.building_id
            WHERE {HERE.replace("t.", "b.")} AND u.name ~ '^[0-9]{{1,2}}单元$' GROUP BY 1) f ON f.building_id = t.id
        CROSS JOIN LATERAL generate_series(1, (SELECT max(x) FROM unnest(f.have) x)) n
        WHERE NOT n = ANY(f.have) GROUP BY t.id""",
        fix="places:chart_edit",
        may_stand=True,
    ),
    base(
        "estate",
        "estate_no_management",
        "没有登记谁在管理",
        MISSING,
        0.5,
        "登记管理情况：物业管理、居民自管、单位代管或弃管。",
        f"""SELECT t.id, t.region_code, '' FROM places_estate t
        WHERE {HERE} AND NOT EXISTS (SELECT 1 FROM places_estatemanagement m WHERE {_MANAGED})""",
        fix="places:management_set",
    ),
    base(
        "estate",
        "estate_no_company",
        "物业管理，没有写物业公司",
        MISSING,
        0.3,
        "补上物业公司的名称。",
        f"""SELECT t.id, t.region_code, '' FROM places_estate t JOIN places_estatemanagement m ON {_MANAGED}
        WHERE {HERE} AND m.way = 'property' AND btrim(m.company) = ''""",
    ),
    base(
        "estate",
        "estate_contract_over",
        "物业合同已到期",
        STALE,
        0.3,
        "已续签的，改合同到期日；换了公司或没人管了的，登记新的管理情况。",
        f"""SELECT t.id, t.region_code, to_char(m.contract_until, 'YYYY-MM-DD') || ' 到期'
        FROM places_estate t JOIN places_estatemanagement m ON {_MANAGED}
        WHERE {HERE} AND m.contract_until < %(today)s::date""",
        fix="places:management_set",
    ),
)
