"""Code lists of this room that no standard has, and the fragments that several files share."""

# ruff: noqa: S608  the SQL is put together from constants

from __future__ import annotations

from linli.kernel.codes import Code, CodeList

STANDING = CodeList(
    "standing",
    "人口类型",
    "本系统",
    (
        Code("registered", "户籍人口", ("常住人口", "户籍常住", "人户一致", "人户同在", "常住")),
        Code("here_only", "人户分离", ("人在户不在", "常住人口", "寄住人口")),
        Code("hukou_only", "户在人不在", ("人户分离", "空挂户")),
        Code("floating", "流动人口", ("外来人口", "流动", "暂住人口", "人在户不在")),
        Code("newcomer", "户籍待补", ()),
        Code("gone", "已迁出", ()),
        Code("dead", "已故", ("死亡",)),
    ),
)
LIVING_ARRANGEMENT = CodeList(
    "living_arrangement",
    "居住情况",
    "本系统",
    (
        Code(
            "alone",
            "独居",
            ("单独居住", "独自居住", "独居老人", "孤寡、独居", "孤寡独居", "一人独居", "单独生活"),
        ),
        Code(
            "couple",
            "与配偶同住",
            ("空巢", "夫妻同住", "与家人同居", "与家人同住", "与配偶居住", "与老伴同住"),
        ),
        Code(
            "family",
            "与家人同住",
            (
                "与家人同居",
                "与子女同住",
                "与亲属同住",
                "和家人同住",
                "与子女亲友共住",
                "与子女或亲戚朋友同住",
                "与子女或亲友同住",
                "与子女共同居住",
                "与子女居住",
            ),
        ),
        Code("shared", "与他人合住", ("合租", "合住")),
    ),
)
HUKOU_CATEGORY = CodeList(
    "hukou_category",
    "户口类别",
    "本系统",
    (
        Code("1f", "非农业家庭户口", ("非农家庭户口", "非农业家庭户")),
        Code("1c", "非农业集体户口", ("非农集体户口", "非农业集体户")),
        Code("2f", "农业家庭户口", ("农业家庭户",)),
        Code("2c", "农业集体户口", ("农业集体户",)),
        Code("3f", "居民家庭户口", ("居民家庭户", "家庭户口")),
        Code("3c", "居民集体户口", ("居民集体户", "集体户口")),
    ),
)
HUKOU_BOOK = CodeList(
    "hukou_book",
    "户别",
    "本系统",
    (
        Code("family", "家庭户", ("家庭户口", "居民家庭户")),
        Code("collective", "集体户", ("集体户口",)),
        Code("living", "居住户", ()),
    ),
)


# A spell whose beginning is not known holds on a day when its person was in the base by then, or is known to have been somewhere
# by then: else whoever is registered tomorrow without a date would appear in last year's report (ADR 0013).
_BY_THEN = "{p}.created_at < {after} OR EXISTS (SELECT 1 FROM people_residence ks WHERE ks.person_id = {p}.id AND lower(ks.period) <= {on})"
# Of today that is so of everybody, and not asked.
_KNOWN = "{past}AND (NOT lower_inf({r}.period) OR " + _BY_THEN.replace("{p}", "{t}") + "){/past}"
KNOWN_MEMBER = (
    "(TRUE {past}AND (NOT lower_inf(m.period) OR EXISTS (SELECT 1 FROM people_person kp WHERE kp.id = m.person_id AND ("
    + _BY_THEN.replace("{p}", "kp")
    + "))){/past})"
)
# The same of somebody else's living spell.
KNOWN_OTHER = KNOWN_MEMBER.replace("m.p", "o.p")
LIVING = "{r}.person_id = {t}.id AND {r}.kind = 'living' AND {r}.period @> {on} " + _KNOWN
HUKOU = "{r}.person_id = {t}.id AND {r}.kind = 'hukou' AND {r}.period @> {on} " + _KNOWN
MEMBERSHIP = "{r}.person_id = {t}.id AND {r}.period @> {on} " + _KNOWN
# Born by the day and not dead on it.
ALIVE = (
    "({t}.death_date IS NULL OR {t}.death_date > {on}) AND ({t}.birth_date IS NULL OR {t}.birth_date <= {on})"
)

LIVES_AT_HUKOU = "left({>living}.region_code, 12) = left({>hukou}.region_code, 12)"
SAME_COUNTY = "left({>living}.region_code, 6) = left({>hukou}.region_code, 6)"
ALONE = (
    "{>living}.home_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM people_residence o WHERE o.home_id = {>living}.home_id "
    "AND o.kind = 'living' AND o.period @> {on} AND o.person_id <> {t}.id AND " + KNOWN_OTHER + ")"
)
