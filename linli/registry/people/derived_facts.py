"""What of a person follows from others and from spells: the family, whom to call, being away, how long here."""

# ruff: noqa: S608  the SQL is put together from constants of these files, never from what a user typed
from __future__ import annotations

from linli.facts.dictionary import Kind, Sensitivity
from linli.facts.gatherings import gather
from linli.kernel import codes
from linli.kernel.codes import Code, CodeList
from linli.registry.people.facts import person
from linli.registry.people.facts.words import LIVES_AT_HUKOU, SAME_COUNTY
from linli.registry.places.facts import PERSONAL_PHONE, region_name_sql, region_path_sql

STAY_LENGTH = CodeList(
    "stay_length",
    "已居住时限",
    "本系统",
    (
        Code("1", "一个月以下", ("不满一个月", "1个月以下", "一个月以内", "一个月内")),
        Code("2", "一个月至一年", ("1个月至1年", "一个月以上一年以下", "一年以下", "一年以内")),
        Code("3", "一年以上", ("1年以上", "满一年", "一年及以上")),
    ),
)
HUKOU_LOCAL = CodeList(
    "hukou_local",
    "常住类型",
    "WS/T 778 个人基本信息表",
    (
        Code("1", "户籍", ("本地户籍", "户籍常住", "本区户籍")),
        Code("2", "非户籍", ("外地户籍", "非本地户籍", "流动")),
    ),
)
# --- the many of one ------------------------------------------------------------------------------------------
_CHILD_CODE = "CASE WHEN c.sex = '2' THEN '30' ELSE '20' END"
# The member's relation to the owner: by kinship, else from both relations to the head.
_RELATION = f"""CASE
    WHEN EXISTS (SELECT 1 FROM people_kinship k WHERE k.person_id = me.id AND k.relative_id = c.id AND k.relation = 'spouse'
        AND k.period @> {{on}}) THEN CASE WHEN c.sex = '2' THEN '12' ELSE '11' END
    WHEN EXISTS (SELECT 1 FROM people_kinship k WHERE k.person_id = me.id AND k.relative_id = c.id AND k.relation = 'father'
        AND k.period @> {{on}}) THEN '51'
    WHEN EXISTS (SELECT 1 FROM people_kinship k WHERE k.person_id = me.id AND k.relative_id = c.id AND k.relation = 'mother'
        AND k.period @> {{on}}) THEN '52'
    WHEN EXISTS (SELECT 1 FROM people_kinship k WHERE k.person_id = c.id AND k.relative_id = me.id
        AND k.relation IN ('father', 'mother') AND k.period @> {{on}}) THEN {_CHILD_CODE}
    WHEN mine.relation = '02' THEN other.relation
    WHEN other.relation = '02' AND mine.relation IN ('10', '11', '12') THEN CASE WHEN c.sex = '2' THEN '12' ELSE '11' END
    WHEN other.relation = '02' AND left(mine.relation, 1) IN ('2', '3') AND mine.relation NOT IN ('28', '38')
        THEN CASE WHEN c.sex = '2' THEN '52' ELSE '51' END
    END"""
_ORDERED = "(other.relation = '02') DESC NULLS LAST, other.relation NULLS LAST, c.birth_date, c.id"
gather(
    "person",
    "family",
    "家庭成员",
    to="person",
    also=(
        "家庭人员",
        "家属",
        "家庭成员情况",
        "家庭人员基本情况",
        "家庭主要成员",
        "共同生活的家庭成员",
        "家庭情况",
    ),
    pairs=f"SELECT me.id, c.id, {_RELATION} FROM people_person me "
    "JOIN people_householdmember mine ON mine.person_id = me.id AND mine.period @> {on} "
    "JOIN people_householdmember other ON other.household_id = mine.household_id AND other.period @> {on} "
    "JOIN people_person c ON c.id = other.person_id AND c.id <> me.id "
    f"WHERE me.id = ANY({{ids}}) ORDER BY me.id, {_ORDERED}",
)
gather(
    "person",
    "children",
    "子女",
    to="person",
    also=("子女情况", "儿女", "赡养人", "赡养人情况", "法定赡养人"),
    pairs=f"SELECT k.relative_id, c.id, max({_CHILD_CODE}) FROM people_kinship k JOIN people_person c ON c.id = k.person_id "
    "WHERE k.relation IN ('father', 'mother') AND k.period @> {on} AND k.relative_id = ANY({ids}) "
    "GROUP BY k.relative_id, c.id ORDER BY k.relative_id, c.birth_date, c.id",
)
gather(
    "person",
    "companions",
    "同住人员",
    to="person",
    also=("随同亲友", "随同人员", "同住人", "共同居住人", "同行人员", "随行人员"),
    pairs=f"SELECT me.id, c.id, {_RELATION} FROM people_person me "
    "JOIN people_residence here ON here.person_id = me.id AND here.kind = 'living' AND here.period @> {on} "
    "JOIN people_residence there ON there.home_id = here.home_id AND there.kind = 'living' AND there.period @> {on} "
    "JOIN people_person c ON c.id = there.person_id AND c.id <> me.id "
    "LEFT JOIN people_householdmember mine ON mine.person_id = me.id AND mine.period @> {on} "
    "LEFT JOIN people_householdmember other ON other.person_id = c.id AND other.household_id = mine.household_id "
    "AND other.period @> {on} "
    f"WHERE me.id = ANY({{ids}}) ORDER BY me.id, {_ORDERED}",
)
gather(
    "household",
    "members",
    "家庭成员",
    to="person",
    also=("家庭人员", "家庭成员情况", "家庭成员信息", "共同生活的家庭成员", "户内成员", "成员情况"),
    conditions=("household_member",),
    pairs="SELECT m.household_id, m.person_id, m.relation FROM people_householdmember m "
    "JOIN people_person c ON c.id = m.person_id "
    "WHERE m.household_id = ANY({ids}) AND m.period @> {on} AND m.relation <> '02' "
    "ORDER BY m.household_id, m.relation, c.birth_date, c.id",
)

# --- away from where the hukou is ---------------------------------------------------------------------------
_AWAY = f"({{>hukou}}.id IS NOT NULL AND length({{>hukou}}.region_code) >= 12 AND ({{>living}}.id IS NULL OR NOT ({LIVES_AT_HUKOU})))"
person.element(
    "is_away",
    "是否外出",
    also=("外出", "是否在外", "是否外出居住"),
    sql=f"CASE WHEN length({{>hukou}}.region_code) >= 12 THEN {_AWAY} END",
    kind=Kind.BOOLEAN,
    note="户籍在本地，人不住在户籍地。",
)
for _key, _label, _also, _length in (
    ("province", "外出去向省", ("去往省", "外出地省"), 2),
    ("city", "外出去向市", ("去往市", "外出地市"), 4),
    ("district", "外出去向区县", ("去往区县", "外出地区县", "外出去向县"), 6),
):
    person.element(
        f"away_{_key}",
        _label,
        also=_also,
        sql=f"CASE WHEN {_AWAY} THEN {region_name_sql('{>living}.region_code', _length)} END",
        standard="GB/T 2260",
    )
person.element(
    "away_address",
    "外出详址",
    also=("外出去向", "外出地址", "外出详细地址", "外出居住地址", "外出地详细地址"),
    sql=(
        f"CASE WHEN {_AWAY} AND {{>living}}.id IS NOT NULL THEN nullif(concat({region_path_sql('{>living}.region_code', 2, 9)}, "
        "coalesce((SELECT nullif(h.full_address, '') FROM places_home h WHERE h.id = {>living}.home_id), {>living}.address)), '') END"
    ),
)
person.element(
    "away_since",
    "外出日期",
    also=("外出时间", "离开时间", "外出起始时间", "外出务工时间"),
    sql=f"CASE WHEN {_AWAY} THEN coalesce(lower({{>living}}.period), upper({{>last_living}}.period)) END",
    kind=Kind.DATE,
    note="户籍在本地、人不住在户籍地的，住到现在的地方的那一天；去向不明的，离开的那一天。",
)
person.element(
    "away_reason",
    "外出原因",
    also=("外出事由", "外出目的", "外出务工原因", "在外原因"),
    sql=f"CASE WHEN {_AWAY} THEN nullif({{>living}}.reason, '') END",
    kind=Kind.CODE,
    codes=codes.INFLOW_REASON,
    note="人不住在户籍地的，住到现在的地方的原因。",
)
person.element(
    "stay_length",
    "已居住时限",
    also=("居住时限", "已居住时间", "已居住期限", "来本地时长"),
    sql="CASE WHEN lower({>living}.period) > ({on} - interval '1 month')::date THEN '1' "
    "WHEN lower({>living}.period) > ({on} - interval '1 year')::date THEN '2' "
    "WHEN lower({>living}.period) IS NOT NULL THEN '3' END",
    kind=Kind.CODE,
    codes=STAY_LENGTH,
)
person.element(
    "hukou_local",
    "常住类型",
    also=("户籍情况", "是否本地户籍"),
    sql=f"CASE WHEN {{>hukou}}.region_code <> '' THEN CASE WHEN {SAME_COUNTY} THEN '1' ELSE '2' END END",
    kind=Kind.CODE,
    codes=HUKOU_LOCAL,
)
person.element(
    "has_hukou",
    "是否登记户口",
    also=("是否已登记户口", "是否上户口", "有无户口", "是否落户"),
    sql="CASE WHEN {>hukou}.region_code <> '' THEN TRUE END",
    kind=Kind.BOOLEAN,
    note="户籍所在知道的填“是”；不知道的留空，不推断为没有户口。",
)
person.element(
    "is_party_member",
    "是否党员",
    also=("是否中共党员", "是否为党员", "党员否"),
    sql="CASE WHEN {t}.political <> '' THEN {t}.political IN ('01', '02') END",
    kind=Kind.BOOLEAN,
)
_CHILDREN = (
    "(SELECT count(DISTINCT k.person_id) FROM people_kinship k JOIN people_person c ON c.id = k.person_id "
    "WHERE k.relative_id = {{t}}.id AND k.relation IN ('father', 'mother') AND k.period @> {{on}}{sex})"
)
_BY_SEX: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("sons", "男孩数", ("儿子数", "子女数男", "男孩个数", "现有男孩数"), " AND c.sex = '1'"),
    ("daughters", "女孩数", ("女儿数", "子女数女", "女孩个数", "现有女孩数"), " AND c.sex = '2'"),
    ("children", "子女数", ("子女人数", "子女个数", "现有子女数", "孩子数", "生育子女数"), ""),
)
for _key, _label, _names, _sex in _BY_SEX:
    person.element(
        _key,
        _label,
        also=_names,
        sql=_CHILDREN.format(sex=_sex),
        kind=Kind.INTEGER,
        unit="个",
        note="在册登记了父母关系的子女。",
    )
person.element(
    "family_text",
    "家庭成员情况",
    also=("家庭成员", "家庭主要成员", "家庭成员及关系", "共同生活的家庭成员"),
    sql=(
        "(SELECT string_agg(coalesce(CASE left(o.relation, 1) WHEN '1' THEN '配偶' WHEN '2' THEN '子' WHEN '3' THEN '女' "
        "WHEN '5' THEN '父母' ELSE CASE WHEN o.relation = '02' THEN '户主' ELSE '成员' END END, '') || ' ' || p.name, '；' "
        "ORDER BY (o.relation = '02') DESC, o.relation, p.birth_date, p.id) FROM people_householdmember m "
        "JOIN people_householdmember o ON o.household_id = m.household_id AND o.period @> {on} AND o.person_id <> {t}.id "
        "JOIN people_person p ON p.id = o.person_id WHERE m.person_id = {t}.id AND m.period @> {on})"
    ),
    sensitivity=Sensitivity.PERSONAL,
    note="同户成员按与户主的关系列出。",
)
# --- whom to call ---------------------------------------------------------------------------------------------
_CALLED = "登记了紧急联系人的取紧急联系人；没有登记的，依次取有电话的监护人、配偶、父亲、母亲。"
_FIRST_PHONE = (
    "coalesce(nullif({>guardian.person}.phone, ''), {>guardian}.relative_phone, nullif({>spouse}.phone, ''), "
    "nullif({>father.person}.phone, ''), {>father}.relative_phone, nullif({>mother.person}.phone, ''), {>mother}.relative_phone)"
)
person.element(
    "relative_phone",
    "家属联系方式",
    also=("家属联系电话", "家属电话", "亲属电话", "亲属联系电话", "亲属联系方式", "家属手机"),
    sql=_FIRST_PHONE,
    note="依次取监护人、配偶、父亲、母亲的电话。",
    **PERSONAL_PHONE,
)
person.element(
    "contact_name",
    "联系人姓名",
    also=("联系人", "紧急联系人", "紧急联系人姓名", "家属姓名", "亲属姓名"),
    sql="coalesce({>contact.person}.name, nullif({>contact}.relative_name, ''))",
    sensitivity=Sensitivity.PERSONAL,
    note=_CALLED,
)
person.element(
    "contact_phone",
    "联系人电话",
    also=(
        "联系人联系电话",
        "紧急联系人电话",
        "紧急联系电话",
        "联系人手机",
        "紧急联系人手机",
        "紧急联系人联系电话",
        "紧急联系人联系方式",
        "联系人联系方式",
    ),
    sql="coalesce(nullif({>contact.person}.phone, ''), nullif({>contact}.relative_phone, ''))",
    note=_CALLED,
    **PERSONAL_PHONE,
)
person.element(
    "contact_relation",
    "联系人与本人关系",
    also=(
        "紧急联系人与本人关系",
        "紧急联系人关系",
        "联系人关系",
        "与联系人关系",
        "与紧急联系人关系",
        "紧急联系人与本人的关系",
    ),
    path="contact.relation",
    note=_CALLED,
)
person.element(
    "guardian_relation",
    "监护人与本人关系",
    also=(
        "监护关系",
        "与监护人关系",
        "监护人与被监护人关系",
        "与被监护人关系",
        "与监护者关系",
        "监护人关系",
        "与监护人的关系",
        "监护人与残疾人关系",
    ),
    sql="CASE WHEN {>guardian}.id IS NULL THEN NULL WHEN {>guardian}.how <> '' THEN {>guardian}.how "
    "WHEN {>guardian}.relative_id = {>spouse}.id THEN CASE WHEN {>spouse}.sex = '2' THEN '12' ELSE '11' END "
    "WHEN {>guardian}.relative_id = {>father}.relative_id THEN '51' "
    "WHEN {>guardian}.relative_id = {>mother}.relative_id THEN '52' "
    "WHEN EXISTS (SELECT 1 FROM people_kinship k WHERE k.person_id = {>guardian}.relative_id AND k.relative_id = {t}.id "
    "AND k.relation IN ('father', 'mother') AND k.period @> {on}) "
    "THEN CASE WHEN {>guardian.person}.sex = '2' THEN '30' ELSE '20' END "
    "WHEN {>membership}.relation = '02' THEN (SELECT m.relation FROM people_householdmember m "
    "WHERE m.person_id = {>guardian}.relative_id AND m.household_id = {>household}.id AND m.period @> {on} LIMIT 1) END",
    kind=Kind.CODE,
    codes=codes.KINSHIP,
    standard="GB/T 4761",
)
