"""What can be asked of groups: every group in the base becomes conditions, elements and a measure of people."""

from __future__ import annotations

from typing import Any

from linli.access.roles import Permission
from linli.facts.dictionary import (
    Condition,
    Dictionary,
    Element,
    Kind,
    Link,
    Measure,
    Seen,
    Sensitivity,
    Subject,
    dictionary,
)
from linli.kernel.codes import Code, CodeList
from linli.kernel.scope import Scope
from linli.registry.groups import as_of, seeing
from linli.registry.groups.detail_facts import details_as_terms, settle_names
from linli.registry.people.facts import household, person
from linli.registry.places.facts import opened


def _all_groups(user: Any) -> tuple[Scope, ...]:
    """Where a user may see who is in every group: only there may rows of all groups stand in one list."""
    found: tuple[Scope, ...] | None = None
    for seen in {id(one): one for one in _kinds}.values():
        mine = seen(user)
        found = mine if found is None else tuple(s for s in found if any(m.covers(s) for m in mine))
    return found or ()


_brought: list[
    tuple[dict[str, Any], str]
] = []  # the terms brought at the last reading: gone groups take theirs along
_kinds: list[Any] = []  # how each active group is seen, brought up to date with the terms
membership = dictionary.add(
    Subject(
        "membership",
        "人群成员",
        table="groups_membership",
        region="region_code",
        permission=Permission.VIEW_GROUPS,
        note="某人在某人群，按日期。",
        undated=as_of.RECORDED,
        history="groups_membershipevent",
        created="created_at",
        seen=lambda user: _all_groups(user),
    )
)
membership.link("person", "本人", to="person", on="{r}.id = {t}.person_id")
membership.element("region_code", "区域序码", sql="{t}.region_code")
membership.element("class_code", "类别", sql="nullif({t}.class_code, '')")
membership.element("level_code", "等级", sql="nullif({t}.level_code, '')")
membership.element(
    "certificate",
    "证件号",
    also=("证号", "证编号", "证号码", "登记证号", "证书编号", "证书号", "证件编号", "登记证编号"),
    sql="{t}.certificate",
    sensitivity=Sensitivity.SENSITIVE,
    decode=opened("certificate"),
)
membership.element(
    "from_date",
    "认定日期",
    also=("享受起始日期", "享受起始时间", "享受时间", "起始扶助日期", "起始日期"),
    sql="lower({t}.period)",
    kind=Kind.DATE,
)
membership.element("until_date", "到期日期", also=("享受结束日期",), sql="upper({t}.period)", kind=Kind.DATE)
membership.element("review_on", "复核日期", sql="{t}.review_on", kind=Kind.DATE)
membership.element(
    "amount",
    "月补助金额",
    also=(
        "补助金额",
        "保障金额",
        "发放金额",
        "领取金额",
        "享受金额",
        "扶助金额",
        "救助金额",
        "补贴金额",
        "金额",
    ),
    sql="{t}.amount",
    kind=Kind.MONEY,
    unit="元",
)
membership.element("evidence", "认定依据", sql="nullif({t}.evidence, '')")

_IN = (
    "EXISTS (SELECT 1 FROM groups_membership gm WHERE gm.person_id = {{t}}.id AND gm.group_id = {id} "
    "AND gm.period @> {{on}})"
)


def _code_list(key: str, label: str, items: list[dict[str, Any]]) -> CodeList:
    return CodeList(
        key,
        label,
        "",
        tuple(Code(item["code"], item["label"], tuple(item.get("also", ()))) for item in items),
    )


_OF_MEMBERS = (
    "FROM groups_membership gm JOIN people_householdmember hm ON hm.person_id = gm.person_id AND hm.period @> {{on}} "
    "WHERE hm.household_id = {{t}}.id AND gm.group_id = {id} AND gm.period @> {{on}}"
)


def asked(sensitivity: Sensitivity) -> tuple[Permission, ...]:
    """What one must hold to use a group of that sensitivity in any way."""
    more = (Permission.VIEW_SENSITIVE_GROUPS,) if sensitivity >= Sensitivity.SENSITIVE else ()
    return (Permission.VIEW_GROUPS, *more)


_SPELLS = "FROM groups_membership gm WHERE gm.person_id = {{t}}.id AND gm.group_id = {id}"
_SPELLS_OF_MEMBERS = (
    "FROM groups_membership gm JOIN people_householdmember hm ON hm.person_id = gm.person_id AND hm.period @> {{on}} "
    "WHERE hm.household_id = {{t}}.id AND gm.group_id = {id}"
)


def _since_words(group: Any) -> tuple[str, ...]:
    """失业时间, 登记失业时间: since when somebody is without work is since when they are in the group."""
    if group.category != "employment":
        return ()
    stems = {word.removesuffix("人员").removesuffix("对象") for word in (group.name, *group.also)}
    told = {name for one in group.asks for name in one.names}
    words = (f"{stem}{tail}" for stem in sorted(stems) for tail in ("时间", "日期"))
    return tuple(word for word in words if word not in told)


def _spells(subject: Subject, group: Any, spells: str, sensitivity: Sensitivity, seen: Seen) -> None:
    """When the present spell in a group began, and when the last one ended where there is none now."""
    current = f"{spells} AND gm.period @> {{on}}"
    for key, label, sql in (
        ("since", "纳入日期", f"(SELECT min(lower(gm.period)) {current})"),
        (
            "ended",
            "退出日期",
            f"(SELECT max(upper(gm.period)) {spells} AND upper(gm.period) <= {{on}} AND NOT EXISTS (SELECT 1 {current}))",
        ),
    ):
        subject.elements[f"{group.code}_{key}"] = Element(
            f"{group.code}_{key}",
            f"{group.name}{label}",
            _since_words(group) if key == "since" else (),
            sql=sql,
            kind=Kind.DATE,
            sensitivity=sensitivity,
            permissions=asked(sensitivity),
            seen=seen,
        )


def _households(group: Any, *, inside_members: str, sensitivity: Sensitivity, seen: Seen) -> None:
    """The same of households: those with a member in the group, their money together, how many are covered."""
    words = (group.name, *group.also)
    household.conditions[f"in_{group.code}"] = Condition(
        f"in_{group.code}",
        group.name,
        (*group.also, f"{group.name}家庭"),
        sql=f"EXISTS (SELECT 1 {inside_members})",
        sensitivity=sensitivity,
        note="户内有人在册。",
        permissions=asked(sensitivity),
        seen=seen,
    )
    household.links[group.code] = Link(
        group.code,
        group.name,
        "membership",
        tuple(group.also),
        lateral=f"SELECT gm.* {inside_members.replace('groups_membership', '{=membership}', 1)} ORDER BY (hm.relation = '02') DESC, gm.id LIMIT 1",
        permissions=asked(sensitivity),
        seen=seen,
    )
    for field, tails, sql, kind, unit in (
        (
            "amount",
            ("金额", "保障金额", "补助金额", "救助金额", "保障金"),
            "sum(gm.amount)",
            Kind.MONEY,
            "元",
        ),
        ("persons", ("人数", "享受人数", "救助人数", "保障人数", "保障人口"), "count(*)", Kind.INTEGER, "人"),
    ):
        household.elements[f"{group.code}_{field}"] = Element(
            f"{group.code}_{field}",
            f"{group.name}{tails[0]}",
            tuple(f"{word}{tail}" for word in words for tail in tails)[1:],
            sql=f"(SELECT {sql} {inside_members.replace('groups_membership gm', '{=membership gm}', 1)})",
            kind=kind,
            unit=unit,
            sensitivity=sensitivity,
            permissions=asked(sensitivity),
            seen=seen,
        )


@dictionary.provider
def groups_as_terms(words: Dictionary) -> None:
    """Declare each active group: condition `in_<code>`, element `is_<code>`, link `<code>` and a measure."""
    from linli.registry.groups.models import Group

    for terms, key in _brought:
        terms.pop(key, None)
    _kinds.clear()
    shelves: list[dict[str, Any]] = [
        shelf
        for subject in (person, household)
        for shelf in (subject.elements, subject.conditions, subject.measures, subject.links)
    ]
    before = [set(shelf) for shelf in shelves]
    details: list[tuple[Subject, list[str]]] = [(person, []), (household, [])]
    for group in Group.objects.filter(is_active=True):
        sensitivity, seen = Sensitivity(group.sensitivity), seeing.seen_by(group)
        _kinds.append(seen)
        inside = _IN.format(id=group.pk)
        also = tuple(group.also)
        person.conditions[f"in_{group.code}"] = Condition(
            f"in_{group.code}",
            group.name,
            also,
            sql=inside,
            sensitivity=sensitivity,
            note=group.evidence,
            permissions=asked(sensitivity),
            seen=seen,
        )
        person.elements[f"is_{group.code}"] = Element(
            f"is_{group.code}",
            f"是否{group.name}",
            tuple(f"是否{word}" for word in also)
            + tuple(
                f"是否{verb}{word}证"
                for verb in ("持有", "持", "有")
                for word in (group.name, *also)
                if len(word) <= 4
            )
            + tuple(f"是否属于{word}" for word in (group.name, *also)),
            sql=inside,
            kind=Kind.BOOLEAN,
            sensitivity=sensitivity,
            permissions=asked(sensitivity),
            seen=seen,
        )
        person.links[group.code] = Link(
            group.code,
            group.name,
            "membership",
            also,
            lateral="SELECT gm.* FROM {=membership} gm WHERE gm.person_id = {t}.id "  # noqa: S608
            f"AND gm.group_id = {group.pk} AND gm.period @> {{on}} LIMIT 1",
            permissions=asked(sensitivity),
            seen=seen,
        )
        for field, name, items in (("class", "类别", group.classes), ("level", "等级", group.levels)):
            if items:
                stem = group.also[0] if group.also else group.name
                person.elements[f"{group.code}_{field}"] = Element(
                    f"{group.code}_{field}",
                    f"{group.name}{name}",
                    tuple(f"{word}{name}" for word in also),
                    sql=f"nullif({{>{group.code}}}.{field}_code, '')",
                    kind=Kind.CODE,
                    codes=_code_list(f"{group.code}_{field}", f"{stem}{name}", items),
                    sensitivity=sensitivity,
                    permissions=asked(sensitivity),
                    seen=seen,
                )
        for subject, keys in details:
            keys += details_as_terms(subject, group, sensitivity, asked(sensitivity), seen)
        _households(group, inside_members=_OF_MEMBERS.format(id=group.pk), sensitivity=sensitivity, seen=seen)
        _spells(person, group, _SPELLS.format(id=group.pk), sensitivity, seen)
        _spells(household, group, _SPELLS_OF_MEMBERS.format(id=group.pk), sensitivity, seen)
        person.measures[f"in_{group.code}"] = Measure(
            f"in_{group.code}",
            f"{group.name}人数",
            tuple(f"{w}人数" for w in also),
            where=(f"in_{group.code}",),
            unit="人",
        )
    for subject, keys in details:
        settle_names(subject, keys)
    _brought[:] = [
        (shelf, key) for shelf, had in zip(shelves, before, strict=True) for key in shelf if key not in had
    ]


# The tags of all groups of care together: only where sensitive groups may be seen too. Groups of chosen roles never stand in it.
_CARED = (
    "FROM groups_membership gm JOIN groups_group g ON g.id = gm.group_id WHERE gm.person_id = {t}.id AND gm.period @> {on} "
    "AND g.category IN ('care', 'aid', 'disability', 'honour') AND g.viewers = '{}'"
)


def _sees_sensitive(user: Any) -> tuple[Scope, ...]:
    return seeing.scopes_for(user, is_sensitive=True, viewers=())


person.element(
    "care_groups",
    "人群标签",
    also=(
        "重点类别",
        "人员标签",
        "特殊人群",
        "特殊群体类别",
        "人员类型",
        "申请人类别",
        "申请人员类别",
        "人员类别",
    ),
    sql=f"(SELECT array_agg(g.name ORDER BY g.id) {_CARED})",
    kind=Kind.CODES,
    sensitivity=Sensitivity.PERSONAL,
    permissions=asked(Sensitivity.SENSITIVE),
    seen=_sees_sensitive,
)
person.element(
    "is_cared_for",
    "是否重点人员",
    also=("是否重点关注", "重点人员", "是否重点人群", "是否特殊人群"),
    sql=f"EXISTS (SELECT 1 {_CARED})",
    kind=Kind.BOOLEAN,
    permissions=asked(Sensitivity.SENSITIVE),
    seen=_sees_sensitive,
)

# --- what rules of groups ask for besides ---------------------------------------------------------------------
person.element(
    "kept_region", "管理区域序码", sql="{t}.region_code", note="居住在这里，或户籍在这里，或最后住过这里。"
)
_INSIDE = (
    "EXISTS (SELECT 1 FROM people_residence i WHERE i.person_id = {t}.id AND i.period @> {on} "
    "AND length(i.region_code) >= 12)"
)
person.condition(
    "on_record",
    "登记在册（含已迁出、已故）",
    region="kept_region",
    replaces_default=True,
    note="登记过的所有人。",
)
person.condition(
    "moved_away",
    "人户都已不在本地",
    sql=f"NOT {_INSIDE} AND ({{t}}.death_date IS NULL OR {{t}}.death_date > {{on}})",
    region="kept_region",
    replaces_default=True,
    note="既不住在本地，户籍也不在本地。",
)
person.condition(
    "deceased", "已登记去世", sql="{t}.death_date <= {on}", region="kept_region", replaces_default=True
)
for _age in (16, 18):
    person.condition(
        f"reached_{_age}",
        f"年满{_age}周岁",
        sql=f"{{t}}.birth_date <= ({{on}} - interval '{_age} years')::date",
    )
person.condition(
    "age_of_4050",
    "“4050”年龄段",
    sql="{t}.birth_date <= ({on} - CASE {t}.sex WHEN '2' THEN interval '40 years' ELSE interval '50 years' END)::date "
    "AND {t}.birth_date > ({on} - CASE {t}.sex WHEN '2' THEN interval '55 years' ELSE interval '60 years' END)::date "
    "AND {t}.sex IN ('1', '2')",
    note="女满40周岁未满55周岁，男满50周岁未满60周岁。",
)
person.condition(
    "elderly_couple",
    "只有老年夫妇同住",
    sql="{t}.birth_date <= ({on} - interval '60 years')::date AND {>living}.home_id IS NOT NULL AND ("
    "SELECT count(*) = 1 AND bool_and(p.birth_date <= ({on} - interval '60 years')::date AND EXISTS ("
    "SELECT 1 FROM people_kinship k WHERE k.person_id = {t}.id AND k.relative_id = p.id AND k.relation = 'spouse' "
    "AND k.period @> {on})) FROM people_residence o JOIN people_person p ON p.id = o.person_id "
    "WHERE o.home_id = {>living}.home_id AND o.kind = 'living' AND o.period @> {on} AND o.person_id <> {t}.id)",
    note="同一房屋内只住着60周岁及以上的夫妇两人。",
)
person.measure(
    "monthly_aid",
    "月补助金额合计",
    also=("补助金额合计", "救助金额合计"),
    sql="coalesce(sum((SELECT sum(gm.amount) FROM {=membership gm} WHERE gm.person_id = {t}.id "
    "AND gm.period @> {on})), 0)",
    unit="元",
    note="常住居民在各类人群登记的月补助金额之和。",
)

_AID = (
    "FROM groups_membership gm JOIN groups_group g ON g.id = gm.group_id WHERE gm.person_id = {t}.id "
    "AND gm.period @> {on} AND g.category = 'aid' AND g.viewers = '{}'"
)
_AID_THEN = _AID.replace("groups_membership gm", "{=membership gc}").replace("gm.", "gc.")
person.element(
    "aid_groups",
    "救助类别",
    also=(
        "困难类型",
        "困难类别",
        "对象类别",
        "救助对象类别",
        "救助类型",
        "困难情况",
        "困难状况",
        "享受救助情况",
        "救助帮扶情况",
    ),
    sql=f"(SELECT array_agg(g.name ORDER BY g.id) {_AID})",
    kind=Kind.CODES,
    sensitivity=Sensitivity.SENSITIVE,
    permissions=asked(Sensitivity.SENSITIVE),
    seen=_sees_sensitive,
)
person.element(
    "aid_certificate",
    "救助证号",
    also=("困难证号", "救助证件号", "困难证编号", "救助证编号"),
    sql=f"(SELECT gc.certificate {_AID_THEN} AND gc.certificate IS NOT NULL ORDER BY g.code <> 'low_income', g.id LIMIT 1)",
    decode=opened("certificate"),
    sensitivity=Sensitivity.SENSITIVE,
    permissions=asked(Sensitivity.SENSITIVE),
    seen=_sees_sensitive,
)
person.element(
    "lives_on_low_income",
    "低保户",
    also=("是否低保户", "是否为低保户", "低保家庭", "是否低保家庭"),
    sql="EXISTS (SELECT 1 FROM people_householdmember hm JOIN groups_membership gm ON gm.person_id = hm.person_id "
    "JOIN groups_group g ON g.id = gm.group_id AND g.code = 'low_income' WHERE hm.household_id = {>household}.id "
    "AND hm.period @> {on} AND gm.period @> {on}) OR EXISTS (SELECT 1 FROM groups_membership gm JOIN groups_group g "
    "ON g.id = gm.group_id AND g.code = 'low_income' WHERE gm.person_id = {t}.id AND gm.period @> {on})",
    kind=Kind.BOOLEAN,
    sensitivity=Sensitivity.SENSITIVE,
    permissions=asked(Sensitivity.SENSITIVE),
    seen=_sees_sensitive,
)

MILITARY = CodeList(
    "military",
    "兵役状况",
    "GA/T 2000 兵役状况",
    (
        Code("1", "未服兵役", ("未服役", "没有服过兵役")),
        Code("2", "退出现役", ("退役", "已退役", "退伍", "复员")),
        Code("4", "服现役", ("现服役", "正在服现役", "现役", "服役")),
    ),
)
person.element(
    "military",
    "兵役状况",
    also=("兵役情况", "服役情况", "兵役"),
    sql="CASE WHEN {t}.employment = '37' THEN '4' WHEN EXISTS (SELECT 1 FROM groups_membership gm JOIN groups_group g "
    "ON g.id = gm.group_id WHERE gm.person_id = {t}.id AND g.code = 'veteran' AND gm.period @> {on}) THEN '2' END",
    kind=Kind.CODE,
    codes=MILITARY,
    note="现役军人、登记的退役军人之外不推断。",
    permissions=asked(Sensitivity.PERSONAL),
    seen=_sees_sensitive,
)
