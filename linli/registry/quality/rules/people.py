"""What can be wrong with the record of a person. `where` is SQL over the person `p`."""
# ruff: noqa: S608  the fragments are ours

from __future__ import annotations

import re
from typing import Final

from linli.registry.quality.rules.checks import DOUBLE, IMPOSSIBLE, MISSING, STALE, Check

_RUNNING = "upper_inf({r}.period) AND NOT isempty({r}.period)"


def _near(column: str) -> str:
    """Marks where a sub-query is narrowed to the people of a small area: see `near`."""
    return f"/*near {column}*/"


def near(where: str, condition: str) -> str:
    """A check's SQL with its sub-queries narrowed by a condition on `{id}`, the column that holds people's numbers.

    Every sub-query yields the numbers of all people with a fault, so that a district asks each once and not once a person; of a
    community it need not look at the others.
    """
    return re.sub(
        r"/\*near ([a-z_.]+)\*/", lambda found: " AND " + condition.replace("{id}", found[1]), where
    )


_AGE = "extract(year FROM age(%(today)s::date, p.birth_date))"

PEOPLE: Final[tuple[Check, ...]] = (
    Check(
        "too_old",
        "年龄超过 120 岁",
        IMPOSSIBLE,
        1.0,
        f"{_AGE} > 120",
        "出生日期多半登记错了，或已去世没有登记。",
        "people:edit",
    ),
    Check(
        "before_birth",
        "居住记录早于出生",
        IMPOSSIBLE,
        1.0,
        "p.id IN (SELECT r.person_id FROM people_residence r JOIN people_person q ON q.id = r.person_id "
        f"WHERE lower(r.period) < q.birth_date{_near('r.person_id')})",
        "出生日期或入住日期有一个错了。",
        tab="places",
    ),
    Check(
        "young_parent",
        "父母与本人年龄差不到 12 岁",
        IMPOSSIBLE,
        1.0,
        "p.id IN (SELECT k.person_id FROM people_kinship k JOIN people_person q ON q.id = k.relative_id "
        "JOIN people_person c ON c.id = k.person_id WHERE k.relation IN ('father', 'mother') AND upper_inf(k.period) "
        f"AND q.birth_date > c.birth_date - interval '12 years'{_near('k.person_id')})",
        "父母登记成了别人，或出生日期错了。",
        tab="family",
    ),
    Check(
        "two_spouses",
        "同时有两个配偶",
        IMPOSSIBLE,
        1.0,
        f"p.id IN (SELECT k.relative_id FROM people_kinship k WHERE k.relation = 'spouse' AND upper_inf(k.period)"
        f"{_near('k.relative_id')} GROUP BY 1 HAVING count(DISTINCT k.person_id) > 1)",
        "有两个人都登记他为配偶，请结束已经不在的那一条。",
        tab="family",
    ),
    Check(
        "married_child",
        "未满 18 岁却登记已婚",
        IMPOSSIBLE,
        1.0,
        f"{_AGE} < 18 AND left(p.marital, 1) IN ('2', '3', '4')",
        "婚姻状况或出生日期错了。",
        "people:edit",
    ),
    Check(
        "child_alone",
        "未满 16 岁独自一户当户主",
        IMPOSSIBLE,
        0.8,
        f"{_AGE} < 16 AND p.id IN (SELECT m.person_id FROM people_householdmember m WHERE m.relation = '02' "
        f"AND {_RUNNING.format(r='m')}{_near('m.person_id')} AND NOT EXISTS (SELECT 1 FROM people_householdmember o "
        f"WHERE o.household_id = m.household_id AND o.id <> m.id AND {_RUNNING.format(r='o')}))",
        "应该归入监护人的户。",
        "people:join",
    ),
    Check(
        "wrong_sex",
        "与户主关系和性别不符",
        IMPOSSIBLE,
        0.5,
        "p.id IN (SELECT m.person_id FROM people_householdmember m JOIN people_person q ON q.id = m.person_id "
        f"WHERE {_RUNNING.format(r='m')}{_near('m.person_id')} "
        "AND (q.sex = '2' AND m.relation IN ('11', '20', '21', '22', '23', '24', '41', '51', '61', '71', '73') "
        "OR q.sex = '1' AND m.relation IN ('12', '30', '31', '32', '33', '34', '42', '52', '62', '75', '77')))",
        "关系或性别有一个错了。",
        tab="family",
    ),
    Check(
        "double",
        "很可能登记了两次",
        DOUBLE,
        0.5,
        """p.id IN (SELECT unnest(ARRAY[x."left", x."right"]) FROM matching_pair x
        WHERE x.subject = 'person' AND x.state = 'open' AND x.score >= 60)""",
        "到“查重合并”核对。",
        "matching:list",
    ),
    Check(
        "contradiction",
        "来源说法不一，待核定",
        DOUBLE,
        0.2,
        "p.id IN (SELECT c.person_id FROM sources_claim c WHERE c.state = 'conflict')",
        "到“来源冲突”核定。",
        "sources:conflicts",
    ),
    Check("no_number", "没有证件号码", MISSING, 0.5, "p.id_digest IS NULL", "补上证件号码。", "people:edit"),
    Check("no_birth", "没有出生日期", MISSING, 0.5, "p.birth_date IS NULL", "补上出生日期。", "people:edit"),
    Check(
        "no_hukou",
        "不知道户籍在哪里",
        MISSING,
        0.3,
        "p.standing = 'newcomer'",
        "问清户籍地，补上。",
        "people:hukou",
    ),
    Check(
        "hukou_homeless",
        "户籍在本地却没有落到房屋",
        MISSING,
        0.2,
        f"p.id IN (SELECT r.person_id FROM people_residence r WHERE r.kind = 'hukou' AND {_RUNNING.format(r='r')} "
        f"AND r.home_id IS NULL AND length(r.region_code) >= 12{_near('r.person_id')})",
        "选上户籍所在的房屋。",
        "people:hukou",
    ),
    Check(
        "no_household",
        "没有归入家庭户",
        MISSING,
        0.3,
        "p.id IN (SELECT r.person_id FROM people_residence r LEFT JOIN people_householdmember m ON m.person_id = r.person_id "
        f"AND {_RUNNING.format(r='m')} WHERE r.kind = 'living' AND {_RUNNING.format(r='r')} AND m.id IS NULL{_near('r.person_id')})",
        "加入一户，或立户。",
        "people:join",
    ),
    Check(
        "no_phone",
        "成年人没有电话",
        MISSING,
        0.2,
        f"p.phone_digest IS NULL AND octet_length(p.landline) = 0 AND {_AGE} BETWEEN 18 AND 79",
        "补上联系电话。",
        "people:edit",
    ),
    Check(
        "stale",
        "两年没有核实",
        STALE,
        0.1,
        "coalesce(p.verified_on, p.created_at::date) < %(today)s::date - 730",
        "入户或电话核实后，点“核实无误”。",
        tab="basic",
    ),
)
