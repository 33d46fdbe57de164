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
    Sensitivity,
    Subject,
    dictionary,
)
from linli.kernel.codes import Code, CodeList
from linli.registry.people.facts import household, person
from linli.registry.places.facts import opened

membership = dictionary.add(
    Subject(
        "membership",
        "人群成员",
        table="groups_membership",
        region="region_code",
        permission=Permission.VIEW_GROUPS,
        note="某人在某人群，按日期。",
    )
)
membership.element("region_code", "区域序码", sql="{t}.region_code")
membership.element("class_code", "类别", sql="nullif({t}.class_code, '')")
membership.element("level_code", "等级", sql="nullif({t}.level_code, '')")
membership.element(
    "certificate",
    "证件号",
    also=("证号", "证编号", "证号码"),
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


def _households(group: Any, *, inside_members: str, sensitivity: Sensitivity) -> None:
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
    )
    household.links[group.code] = Link(
        group.code,
        group.name,
        "membership",
        tuple(group.also),
        lateral=f"SELECT gm.* {inside_members} ORDER BY (hm.relation = '02') DESC, gm.id LIMIT 1",
        permissions=asked(sensitivity),
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
            sql=f"(SELECT {sql} {inside_members})",
            kind=kind,
            unit=unit,
            sensitivity=sensitivity,
            permissions=asked(sensitivity),
        )


@dictionary.provider
def groups_as_terms(words: Dictionary) -> None:
    """Declare each active group: condition `in_<code>`, element `is_<code>`, link `<code>` and a measure."""
    from linli.registry.groups.models import Group

    for key in [k for k in person.conditions if k.startswith("in_")]:
        del person.conditions[key]
        household.conditions.pop(key, None)
    for group in Group.objects.filter(is_active=True):
        sensitivity = Sensitivity(group.sensitivity)
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
        )
        person.elements[f"is_{group.code}"] = Element(
            f"is_{group.code}",
            f"是否{group.name}",
            tuple(f"是否{word}" for word in also) + tuple(f"是否属于{word}" for word in (group.name, *also)),
            sql=inside,
            kind=Kind.BOOLEAN,
            sensitivity=sensitivity,
            permissions=asked(sensitivity),
        )
        person.links[group.code] = Link(
            group.code,
            group.name,
            "membership",
            also,
            lateral="SELECT gm.* FROM groups_membership gm WHERE gm.person_id = {t}.id "  # noqa: S608
            f"AND gm.group_id = {group.pk} AND gm.period @> {{on}} LIMIT 1",
            permissions=asked(sensitivity),
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
                )
        _households(group, inside_members=_OF_MEMBERS.format(id=group.pk), sensitivity=sensitivity)
        person.measures[f"in_{group.code}"] = Measure(
            f"in_{group.code}",
            f"{group.name}人数",
            tuple(f"{w}人数" for w in also),
            where=(f"in_{group.code}",),
            unit="人",
        )


person.element(
    "care_groups",
    "人群标签",
    also=("重点类别", "人员标签", "特殊人群", "特殊群体类别", "人员类型", "困难类型"),
    sql="(SELECT array_agg(g.name ORDER BY g.id) FROM groups_membership gm JOIN groups_group g ON g.id = gm.group_id "
    "WHERE gm.person_id = {t}.id AND gm.period @> {on} AND g.category IN ('care', 'aid', 'disability', 'honour'))",
    kind=Kind.CODES,
    sensitivity=Sensitivity.PERSONAL,
    permissions=asked(Sensitivity.SENSITIVE),
)
person.element(
    "is_cared_for",
    "是否重点人员",
    also=("是否重点关注", "重点人员", "是否重点人群", "是否特殊人群"),
    sql="EXISTS (SELECT 1 FROM groups_membership gm JOIN groups_group g ON g.id = gm.group_id WHERE gm.person_id = {t}.id "
    "AND gm.period @> {on} AND g.category IN ('care', 'aid', 'disability', 'honour'))",
    kind=Kind.BOOLEAN,
    permissions=asked(Sensitivity.SENSITIVE),
)
person.measure(
    "monthly_aid",
    "月补助金额合计",
    also=("补助金额合计", "救助金额合计"),
    sql="coalesce(sum((SELECT sum(gm.amount) FROM groups_membership gm WHERE gm.person_id = {t}.id "
    "AND gm.period @> {on})), 0)",
    unit="元",
    note="常住居民在各类人群登记的月补助金额之和。",
)
