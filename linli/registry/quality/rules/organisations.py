"""What can be wrong with organisations that are not closed."""
# ruff: noqa: S608  the fragments are ours

from __future__ import annotations

from typing import Final

from linli.kernel.credit_code import ALPHABET, DEPARTMENTS
from linli.registry.quality.rules.checks import DOUBLE, HERE, IMPOSSIBLE, MISSING, STALE, Check, base

_OPEN = f"{HERE} AND t.closed_on IS NULL"
# GB 32100: the weights are 3^(i-1) mod 31; the check character makes the sum of all a multiple of 31.
_SUM = " + ".join(
    f"{pow(3, place, 31)} * (strpos('{ALPHABET}', substr(t.credit_code, {place + 1}, 1)) - 1)"
    for place in range(17)
)
_SHAPE = f"^[{''.join(DEPARTMENTS)}][0-9][0-9]{{6}}[{ALPHABET}]{{10}}$"
_WRONG_CODE = f"(t.credit_code !~ '{_SHAPE}' OR strpos('{ALPHABET}', substr(t.credit_code, 18, 1)) - 1 <> (31 - ({_SUM}) %% 31) %% 31)"
_POSITIONS = "FROM organisations_position o JOIN people_person p ON p.id = o.person_id WHERE o.organisation_id = t.id AND o.period @> %(today)s::date"

ORGANISATIONS: Final[tuple[Check, ...]] = (
    base(
        "organisation",
        "organisation_wrong_code",
        "统一社会信用代码不对",
        IMPOSSIBLE,
        0.5,
        "位数、字符或最后的校验位不对，对照证照改正。",
        f"SELECT t.id, t.region_code, t.credit_code FROM organisations_organisation t WHERE {_OPEN} AND t.credit_code <> '' AND {_WRONG_CODE}",
        fix="organisations:edit",
        source="GB 32100-2015《法人和其他组织统一社会信用代码编码规则》",
    ),
    base(
        "organisation",
        "organisation_dead_holder",
        "任职的人已去世",
        IMPOSSIBLE,
        0.5,
        "给这项任职填离任日期，再登记接任的人。",
        f"SELECT t.id, t.region_code, c.n || ' 项任职' FROM organisations_organisation t, LATERAL (SELECT count(*) AS n {_POSITIONS} "
        f"AND p.standing = 'dead') c WHERE {_OPEN} AND c.n > 0",
    ),
    base(
        "organisation",
        "organisation_gone_holder",
        "业委会、社会组织任职的人已迁走",
        IMPOSSIBLE,
        0.3,
        "不再任职的，填离任日期；人搬走了还在任的，可设为情况属实。",
        f"SELECT t.id, t.region_code, c.n || ' 项任职' FROM organisations_organisation t, LATERAL (SELECT count(*) AS n {_POSITIONS} "
        f"AND p.standing = 'gone') c WHERE {_OPEN} AND t.kind IN ('owners', 'social') AND c.n > 0",
        may_stand=True,
    ),
    base(
        "organisation",
        "organisation_in_home",
        "在有人住的住宅里经营或办公",
        IMPOSSIBLE,
        0.2,
        "核对地址。住宅改为经营用，要有利害关系的业主一致同意；已同意的，可设为情况属实。",
        f"""SELECT t.id, t.region_code, string_agg(DISTINCT h.full_address, '、') FROM organisations_organisation t
        JOIN organisations_premises r ON r.organisation_id = t.id AND r.period @> %(today)s::date AND r.use <> 'registered'
        JOIN places_home h ON h.id = r.home_id AND h.use = 'living'
        WHERE {_OPEN} AND EXISTS (SELECT 1 FROM people_residence l WHERE l.home_id = h.id AND l.kind = 'living' AND l.period @> %(today)s::date)
        GROUP BY t.id""",
        tab="premises",
        may_stand=True,
        source="《民法典》第二百七十九条（住宅改变为经营性用房）",
    ),
    base(
        "organisation",
        "organisation_double",
        "很可能登记了两次",
        DOUBLE,
        0.5,
        "同一社区里同名，或查重认为是同一家。到“查重合并”核对；不是同一家的，在那里确认。",
        f"""WITH named AS MATERIALIZED (
            SELECT o.name, left(o.region_code, 12) AS community, array_agg(o.id) AS ids FROM organisations_organisation o
            WHERE o.region_code >= left(%(low)s, 12) AND (o.region_code < %(high)s OR left(o.region_code, 12) = left(%(low)s, 12))
                AND o.closed_on IS NULL GROUP BY 1, 2 HAVING count(*) > 1
        )
        SELECT t.id, t.region_code, '' FROM organisations_organisation t WHERE {_OPEN} AND t.id IN (
            SELECT unnest(ARRAY[x."left", x."right"]) FROM matching_pair x
            WHERE x.subject = 'organisation' AND x.state = 'open' AND x.score >= 60
            UNION SELECT a.id FROM named, unnest(named.ids) a(id), unnest(named.ids) b(id)
            WHERE a.id <> b.id AND NOT EXISTS (SELECT 1 FROM matching_pair x WHERE x.subject = 'organisation'
                AND x.state = 'different' AND x."left" = least(a.id, b.id) AND x."right" = greatest(a.id, b.id)))""",
        fix="matching:list",
    ),
    base(
        "organisation",
        "organisation_no_contact",
        "没有联系电话，也没有任职的人",
        MISSING,
        0.3,
        "补上联系人和电话，或登记负责人。",
        f"""SELECT t.id, t.region_code, '' FROM organisations_organisation t
        WHERE {_OPEN} AND octet_length(t.contact_phone) = 0 AND t.landline = '' AND NOT EXISTS (
            SELECT 1 FROM organisations_position o WHERE o.organisation_id = t.id AND o.period @> %(today)s::date)""",
        fix="organisations:edit",
    ),
    base(
        "organisation",
        "organisation_no_premises",
        "没有登记场所",
        MISSING,
        0.2,
        "选上商户所在的房屋；驻区单位至少写上地址。不在本辖区办公的，可设为情况属实。",
        f"""SELECT t.id, t.region_code, '' FROM organisations_organisation t
        WHERE {_OPEN} AND (t.kind = 'shop' OR t.kind = 'resident_unit' AND t.address = '') AND t.premises_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM organisations_premises r WHERE r.organisation_id = t.id AND r.period @> %(today)s::date)""",
        fix="organisations:premises_add",
        may_stand=True,
    ),
    base(
        "organisation",
        "owners_term_over",
        "业主委员会任期已满",
        STALE,
        0.5,
        "已换届的，改任期和委员；没有换届的，提请街道指导换届。",
        f"""SELECT t.id, t.region_code, to_char(t.term_until, 'YYYY-MM-DD') || ' 届满' FROM organisations_organisation t
        WHERE {_OPEN} AND t.kind = 'owners' AND t.term_until < %(today)s::date""",
        fix="organisations:edit",
    ),
    base(
        "organisation",
        "organisation_check_overdue",
        "应办的检查过期没办",
        STALE,
        0.3,
        "办完的，登记结果；不适用的，写明。",
        f"""SELECT t.id, t.region_code, count(*) || ' 项' FROM organisations_organisation t
        JOIN organisations_check k ON k.organisation_id = t.id AND k.result = '' AND k.due_on < %(today)s::date
        WHERE {_OPEN} AND NOT (t.kind = 'owners' AND k.source = 'term_until') GROUP BY t.id""",
        tab="checks",
    ),
)
