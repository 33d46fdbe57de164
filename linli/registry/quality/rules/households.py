"""What can be wrong with households. `quality_member` are today's members of the households of the region."""
# ruff: noqa: S608  the fragments are ours

from __future__ import annotations

from typing import Final

from linli.registry.quality.rules.checks import DOUBLE, HERE, IMPOSSIBLE, Check, base

# GB/T 4761: children by blood, parents, grandchildren, grandparents; in-law and adopted ones may be of any age.
_CHILDREN = "('20', '21', '22', '23', '24', '25', '26', '29', '30', '31', '32', '33', '34', '35', '36', '39')"
_PARENTS = "('50', '51', '52')"
_GRANDCHILDREN = "('40', '41', '42', '43', '44')"
_GRANDPARENTS = "('60', '61', '62', '63', '64')"
_AT_HOME = (
    "EXISTS (SELECT 1 FROM people_residence r WHERE r.person_id = {m}.person_id AND r.home_id = {m}.home_id "
    "AND r.period @> %(today)s::date)"
)

HOUSEHOLDS: Final[tuple[Check, ...]] = (
    base(
        "household",
        "household_no_head",
        "没有户主",
        IMPOSSIBLE,
        0.8,
        "确定户主；只有一个人的户，他就是户主。",
        """SELECT t.household_id, t.region_code, count(*) || ' 人' FROM quality_member t
        GROUP BY 1, 2 HAVING NOT bool_or(t.relation = '02')""",
    ),
    base(
        "household",
        "household_two_spouses",
        "户主同时有两个配偶",
        IMPOSSIBLE,
        0.8,
        "有一个人的“与户主关系”登记错了，或离婚、去世没有登记。",
        """SELECT t.household_id, t.region_code, count(*) || ' 人登记为配偶' FROM quality_member t
        WHERE t.relation IN ('10', '11', '12') GROUP BY 1, 2 HAVING count(*) > 1""",
    ),
    base(
        "household",
        "household_ages",
        "与户主关系和年龄对不上",
        IMPOSSIBLE,
        0.5,
        "亲生子女、父母与户主相差不到 12 岁，或孙辈、祖辈不到 24 岁：关系或出生日期错了。",
        f"""SELECT t.household_id, t.region_code, count(*) || ' 人' FROM quality_member t
        JOIN quality_member h ON h.household_id = t.household_id AND h.relation = '02'
        WHERE t.relation IN {_CHILDREN} AND t.birth_date < h.birth_date + interval '12 years'
            OR t.relation IN {_PARENTS} AND t.birth_date > h.birth_date - interval '12 years'
            OR t.relation IN {_GRANDCHILDREN} AND t.birth_date < h.birth_date + interval '24 years'
            OR t.relation IN {_GRANDPARENTS} AND t.birth_date > h.birth_date - interval '24 years'
        GROUP BY 1, 2""",
    ),
    base(
        "household",
        "household_minors",
        "全户都是未成年人",
        IMPOSSIBLE,
        0.5,
        "应归入监护人的户；确实只有孩子的（父母户籍在外地等），可设为情况属实。",
        """SELECT t.household_id, t.region_code, count(*) || ' 人' FROM quality_member t WHERE t.kind <> 'collective'
        GROUP BY 1, 2 HAVING count(*) > 1 AND bool_and(coalesce(t.birth_date > %(today)s::date - interval '18 years', FALSE))""",
        may_stand=True,
    ),
    base(
        "household",
        "household_head_away",
        "户主不住在这里，户籍也不在这里",
        IMPOSSIBLE,
        0.5,
        "户主已迁走的，变更户主；整户搬走的，办整户迁移；户籍还在这里的，给户主补登户籍地址。",
        f"""SELECT t.household_id, t.region_code, '' FROM quality_member t
        WHERE t.relation = '02' AND t.kind <> 'collective' AND t.home_id IS NOT NULL AND NOT {_AT_HOME.format(m="t")}""",
    ),
    base(
        "household",
        "household_members_away",
        "有成员住在别处，又没有登记人户分离",
        IMPOSSIBLE,
        0.3,
        "户籍还在这里的，给他登记户籍地址（就是人户分离）；已不是这一户的，移出或分户。",
        f"""SELECT t.household_id, t.region_code, count(*) || ' 人' FROM quality_member t
        JOIN quality_member h ON h.household_id = t.household_id AND h.relation = '02'
        WHERE t.relation <> '02' AND t.kind <> 'collective' AND t.home_id IS NOT NULL
            AND NOT {_AT_HOME.format(m="t")} AND {_AT_HOME.format(m="h")}
        GROUP BY 1, 2""",
    ),
    base(
        "household",
        "household_double",
        "很可能登记了两次",
        DOUBLE,
        0.5,
        "到“查重合并”核对。",
        f"""SELECT DISTINCT t.id, t.region_code, '' FROM people_household t
        JOIN (SELECT unnest(ARRAY[x."left", x."right"]) AS id FROM matching_pair x
            WHERE x.subject = 'household' AND x.state = 'open' AND x.score >= 60) d ON d.id = t.id
        WHERE {HERE}""",
        fix="matching:list",
    ),
)
