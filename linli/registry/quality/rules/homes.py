"""What can be wrong with homes and lettings. `quality_home` are the standing homes of the region with how many live in each."""
# ruff: noqa: S608  the fragments are ours

from __future__ import annotations

from typing import Final

from linli.registry.quality.rules.checks import DOUBLE, HERE, IMPOSSIBLE, MISSING, STALE, Check, base

LEAST_FLOOR: Final = (
    ("11", 5, "京建法〔2013〕13号：出租房屋人均居住面积不得低于 5 平方米"),
    ("31", 5, "《上海市居住房屋租赁管理办法》：人均居住面积不得低于 5 平方米"),
)
"""Square metres of living space that a city asks for each who lives in a rented home, by the key of the city. Elsewhere the
setting LINLI_LEAST_FLOOR (5 unless set). The floor area recorded is wider than the living space, so less of it is less of that."""
_LEAST = (
    "(CASE left(t.region_code, 2) "
    + " ".join(f"WHEN '{key}' THEN {least}" for key, least, _source in LEAST_FLOOR)
) + " ELSE %(floor)s END)"


def _as_neighbours(known: str, among: str) -> str:
    """Homes of a building in which at least half of the homes `among` have something `known`."""
    return f"t.building_id IN (SELECT n.building_id FROM quality_home n WHERE {among} GROUP BY 1 HAVING count(*) FILTER (WHERE {known}) * 2 >= count(*))"


_DOOR = "ltrim(regexp_replace(translate(upper({t}.door), '０１２３４５６７８９', '0123456789'), '[室号户#[:space:]]', '', 'g'), '0')"
_LETTING = "l.period @> %(today)s::date"
_RUNNING = "t.period @> %(today)s::date"
_LIVED = "(SELECT count(*) FROM people_residence r WHERE r.home_id = t.home_id AND r.kind = 'living' AND r.period @> %(today)s::date)"

HOMES: Final[tuple[Check, ...]] = (
    base(
        "home",
        "home_ended_lived",
        "已注销的房屋里还有人",
        IMPOSSIBLE,
        1.0,
        "拆除或并入别户的房屋不会住人。把人迁到现在的住处，或恢复这套房屋。",
        f"""SELECT t.id, t.region_code, count(DISTINCT r.person_id) || ' 人'
        FROM places_home t JOIN people_residence r ON r.home_id = t.id AND r.period @> %(today)s::date
        WHERE {HERE} AND t.ended_on <= %(today)s::date GROUP BY t.id""",
    ),
    base(
        "home",
        "home_above",
        "所在层超过楼栋层数",
        IMPOSSIBLE,
        0.5,
        "所在层或楼栋的地上层数有一个错了。",
        """SELECT t.id, t.region_code, '登记在 ' || t.floor || ' 层，楼栋共 ' || b.floors || ' 层'
        FROM quality_home t JOIN places_building b ON b.id = t.building_id WHERE t.floor > b.floors""",
        fix="places:home_edit",
    ),
    base(
        "home",
        "home_crowded",
        "人均面积小于标准",
        IMPOSSIBLE,
        0.5,
        "核对面积和人数；确实是群租的，上报隐患。",
        f"""SELECT t.id, t.region_code, trim_scale(t.area) || ' 平方米住 ' || t.people || ' 人'
        FROM quality_home t WHERE t.use = 'living' AND t.tenure <> 'dormitory' AND t.area > 0 AND t.people > 1
        AND t.area / t.people < {_LEAST}""",
        fix="places:home_edit",
        may_stand=True,
        source="每人少于 5 平方米："
        + "；".join(source for _key, _least, source in LEAST_FLOOR)
        + "；其他地方参照，可由管理员调整。",
    ),
    base(
        "home",
        "home_over_most",
        "住的人超过租约限住人数",
        IMPOSSIBLE,
        0.5,
        "核对租约的限住人数和实际住的人。",
        f"""SELECT t.id, t.region_code, '限住 ' || min(l.most) || ' 人，住 ' || t.people || ' 人'
        FROM quality_home t JOIN lettings_letting l ON l.home_id = t.id AND {_LETTING}
        GROUP BY t.id, t.region_code, t.people HAVING t.people > sum(l.most)""",
    ),
    base(
        "home",
        "home_owned_empty",
        "登记自住，却没有登记住的人",
        MISSING,
        0.2,
        "有人住的，把人登记进来；确实空着的，设为情况属实。",
        """SELECT t.id, t.region_code, '' FROM quality_home t
        WHERE t.use = 'living' AND t.tenure = 'owned' AND t.people = 0
        AND NOT EXISTS (SELECT 1 FROM people_residence r WHERE r.home_id = t.id AND r.period @> %(today)s::date)""",
        may_stand=True,
    ),
    base(
        "home",
        "home_let_not_said",
        "有在租的租约，居住方式却不是出租",
        IMPOSSIBLE,
        0.2,
        "整套出租的，把居住方式改为出租；只租其中几间、房主还住的，可设为情况属实。",
        f"""SELECT DISTINCT t.id, t.region_code, '' FROM quality_home t
        JOIN lettings_letting l ON l.home_id = t.id AND {_LETTING} WHERE t.tenure NOT IN ('let', 'public')""",
        fix="places:home_edit",
        may_stand=True,
    ),
    base(
        "home",
        "home_door_twice",
        "同一单元里门牌号像是同一套",
        DOUBLE,
        0.5,
        "只是写法不同（501、0501、501室）的，保留一套，把另一套并进来。",
        f"""SELECT t.id, t.region_code, '与 ' || min(o.door) || ' 相像'
        FROM (SELECT h.*, {_DOOR.format(t="h")} AS bare FROM quality_home h) t
        JOIN (SELECT h.*, {_DOOR.format(t="h")} AS bare FROM quality_home h) o
            ON o.building_id = t.building_id AND coalesce(o.unit_id, 0) = coalesce(t.unit_id, 0) AND o.bare = t.bare AND o.id <> t.id
        WHERE t.bare <> '' GROUP BY t.id, t.region_code""",
        may_stand=True,
    ),
    base(
        "home",
        "home_no_area",
        "没有面积，同楼多数已登记",
        MISSING,
        0.2,
        "补上建筑面积。",
        "SELECT t.id, t.region_code, '' FROM quality_home t WHERE t.use = 'living' AND t.area IS NULL AND "
        + _as_neighbours("n.area IS NOT NULL", "n.use = 'living'"),
        fix="places:home_edit",
    ),
    base(
        "home",
        "home_no_tenure",
        "有人住，没有居住方式，同楼多数已登记",
        MISSING,
        0.2,
        "问清是自住、出租还是借住，补上。",
        "SELECT t.id, t.region_code, '' FROM quality_home t WHERE t.use = 'living' AND t.people > 0 AND t.tenure = 'unknown' AND "
        + _as_neighbours("n.tenure <> 'unknown'", "n.use = 'living' AND n.people > 0"),
        fix="places:home_edit",
    ),
    base(
        "home",
        "home_no_category",
        "没有房屋类别，同楼多数已登记",
        MISSING,
        0.1,
        "补上房屋类别（套房、平房、地下室……）。",
        "SELECT t.id, t.region_code, '' FROM quality_home t WHERE t.use = 'living' AND t.category = '' AND "
        + _as_neighbours("n.category <> ''", "n.use = 'living'"),
        fix="places:home_edit",
    ),
    base(
        "home",
        "home_let_no_letting",
        "登记出租，没有租约",
        MISSING,
        0.3,
        "补登租约：谁租给谁、到哪天。",
        f"""SELECT t.id, t.region_code, '' FROM quality_home t WHERE t.tenure = 'let'
        AND NOT EXISTS (SELECT 1 FROM lettings_letting l WHERE l.home_id = t.id AND {_LETTING})""",
        fix="lettings:add",
    ),
    base(
        "letting",
        "letting_tenant_away",
        "登记的承租人不住在这里",
        IMPOSSIBLE,
        0.3,
        "承租人已搬走的，办退租；替别人租的，可设为情况属实。",
        f"""SELECT t.id, t.region_code, '' FROM lettings_letting t
        WHERE {HERE} AND {_RUNNING} AND t.tenant_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM people_residence r
            WHERE r.person_id = t.tenant_id AND r.kind = 'living' AND r.home_id = t.home_id AND r.period @> %(today)s::date)""",
        fix="lettings:end",
        may_stand=True,
    ),
    base(
        "letting",
        "letting_over",
        "租约到期，人还住着",
        STALE,
        0.3,
        "续租的，改租约到期日；已退租的，办退租并登记搬走。",
        f"""SELECT t.id, t.region_code, to_char(t.agreed_until, 'YYYY-MM-DD') || ' 到期' FROM lettings_letting t
        WHERE {HERE} AND {_RUNNING} AND t.agreed_until < %(today)s::date AND {_LIVED} > 0""",
        fix="lettings:edit",
    ),
    base(
        "letting",
        "letting_over_empty",
        "租约到期，已没有人住",
        STALE,
        0.3,
        "办退租。",
        f"""SELECT t.id, t.region_code, to_char(t.agreed_until, 'YYYY-MM-DD') || ' 到期' FROM lettings_letting t
        WHERE {HERE} AND {_RUNNING} AND t.agreed_until < %(today)s::date AND {_LIVED} = 0""",
        fix="lettings:end",
    ),
)
