"""What can be wrong with who is in which group. Whom a group is for comes from the rules of groups."""
# ruff: noqa: S608  the fragments are ours

from __future__ import annotations

from typing import Final

from linli.registry.groups.rules import LIMITS
from linli.registry.quality.rules.checks import HERE, IMPOSSIBLE, MISSING, STALE, Check, base

CARD_YEARS: Final = 10
"""How long a card of a disabled person holds: 残疾人证管理办法 (2017)."""
_FROM = "FROM groups_membership t JOIN groups_group g ON g.id = t.group_id AND g.is_active JOIN people_person p ON p.id = t.person_id"
_RUNNING = f"{HERE} AND t.period @> %(today)s::date"
_ALIVE = "p.standing NOT IN ('dead', 'gone')"
_AGE = "extract(year FROM age(%(today)s::date, p.birth_date))"
_LIMITED = ", ".join(
    f"('{code}', {one.youngest}, {one.youngest if one.youngest_woman is None else one.youngest_woman}, {one.below or 999})"
    for code, one in LIMITS.items()
    if one.youngest or one.below
)
_HERE_ONLY = "(" + ", ".join(f"'{code}'" for code, one in LIMITS.items() if one.here) + ")"

GROUPS: Final[tuple[Check, ...]] = (
    base(
        "membership",
        "membership_dead",
        "已去世，还在人群里",
        IMPOSSIBLE,
        0.8,
        "办理退出；涉及补贴的，报主管部门停发。",
        f"SELECT t.id, t.region_code, '' {_FROM} WHERE {_RUNNING} AND p.standing = 'dead'",
        fix="groups:end",
    ),
    base(
        "membership",
        "membership_gone",
        "已不在本辖区，还在人群里",
        IMPOSSIBLE,
        0.5,
        "人和户籍都不在了的，办理退出。",
        f"SELECT t.id, t.region_code, '' {_FROM} WHERE {_RUNNING} AND p.standing = 'gone' AND g.code IN {_HERE_ONLY}",
        fix="groups:end",
    ),
    base(
        "membership",
        "membership_age",
        "年龄不符合这类人群的条件",
        IMPOSSIBLE,
        0.5,
        "核对出生日期；年龄不到或已超过的，办理退出。",
        f"""SELECT t.id, t.region_code, '' {_FROM} JOIN (VALUES {_LIMITED}) v(code, youngest, woman, below) ON v.code = g.code
        WHERE {_RUNNING} AND {_ALIVE}
        AND ({_AGE} < CASE WHEN p.sex = '2' THEN v.woman ELSE v.youngest END OR {_AGE} >= v.below)""",
        fix="groups:end",
    ),
    base(
        "membership",
        "membership_not_alone",
        "登记独居，同一套房屋还住着别人",
        IMPOSSIBLE,
        0.5,
        "不再独居的，办理退出；别人已搬走的，登记搬走。",
        f"""SELECT t.id, t.region_code, '' {_FROM}
        JOIN people_residence r ON r.person_id = t.person_id AND r.kind = 'living' AND r.period @> %(today)s::date
        WHERE {_RUNNING} AND g.code = 'elderly_alone' AND EXISTS (SELECT 1 FROM people_residence o WHERE o.home_id = r.home_id
            AND o.kind = 'living' AND o.person_id <> t.person_id AND o.period @> %(today)s::date)""",
        fix="groups:end",
        may_stand=True,
    ),
    base(
        "membership",
        "membership_no_class",
        "没有类别、等级或证件号",
        MISSING,
        0.3,
        "补上这类人群必须登记的类别、等级和证件号。",
        f"""SELECT t.id, t.region_code, '' {_FROM} WHERE {_RUNNING} AND {_ALIVE} AND (
            jsonb_array_length(g.classes) > 0 AND t.class_code = '' OR jsonb_array_length(g.levels) > 0 AND t.level_code = ''
            OR g.needs_certificate AND octet_length(t.certificate) = 0)""",
        fix="groups:edit",
    ),
    base(
        "membership",
        "membership_no_details",
        "登记项目一项没填，同社区多数已填",
        MISSING,
        0.2,
        "补上这类人群的登记项目。",
        f"""SELECT t.id, t.region_code, '' {_FROM} WHERE {_RUNNING} AND {_ALIVE} AND t.details = '{{}}'
        AND (t.group_id, left(t.region_code, 12)) IN (SELECT n.group_id, left(n.region_code, 12) FROM groups_membership n
            WHERE {HERE.replace("t.", "n.")} AND n.period @> %(today)s::date GROUP BY 1, 2
            HAVING count(*) >= 4 AND count(*) FILTER (WHERE n.details <> '{{}}') * 2 >= count(*))""",
        fix="groups:edit",
    ),
    base(
        "membership",
        "membership_paper_over",
        "证件或认定已过有效期",
        STALE,
        0.3,
        "看新证，改日期；没有换证的，提醒本人去换。",
        f"""SELECT t.id, t.region_code, '' {_FROM} WHERE {_RUNNING} AND {_ALIVE} AND (
            g.code = 'disabled' AND t.details ->> 'issued_on' < (%(today)s::date - interval '{CARD_YEARS} years')::date::text
            OR EXISTS (SELECT 1 FROM jsonb_array_elements(g.details) d WHERE d ->> 'kind' = 'date'
                AND d ->> 'label' ~ '有效期|有效至|到期' AND t.details ->> (d ->> 'code') < %(today)s::date::text))""",
        fix="groups:edit",
        source="《残疾人证管理办法》：残疾人证有效期十年。",
    ),
    base(
        "membership",
        "membership_review_over",
        "过了复核日期没有复核",
        STALE,
        0.2,
        "入户或查询核实后，点“继续”或“退出”。",
        f"SELECT t.id, t.region_code, to_char(t.review_on, 'YYYY-MM-DD') || ' 应复核' {_FROM} "
        f"WHERE {_RUNNING} AND {_ALIVE} AND t.review_on < %(today)s::date",
        fix="groups:confirm",
    ),
)
