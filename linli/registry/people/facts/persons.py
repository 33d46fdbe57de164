"""People: the ways from a person to others, whom one can count (口径), and the counts."""

# ruff: noqa: S608  the SQL is put together from constants
from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Subject, dictionary
from linli.registry.people.facts.words import (
    ALIVE,
    ALONE,
    HUKOU,
    KNOWN_MEMBER,
    LIVES_AT_HUKOU,
    LIVING,
    MEMBERSHIP,
    SAME_COUNTY,
)

# What has no date of its own; standing and region are derived, and deaths are dated.
UNDATED = (
    "name",
    "former_name",
    "sex",
    "birth_date",
    "id_kind",
    "id_number",
    "ethnic",
    "native_place",
    "marital",
    "political",
    "education",
    "employment",
    "occupation",
    "employer",
    "phone",
    "landline",
    "email",
    "blood_type",
    "health",
    "skills",
    "started_work_on",
    "birth_place",
    "schooling",
    "self_care",
    "labour",
    "medical_insurance",
    "pension_insurance",
    "school_since",
    "height",
    "other_address",
    "verified_on",
    "note",
)

person = dictionary.add(
    Subject(
        "person",
        "居民",
        table="people_person",
        region="living.region_code",
        permission=Permission.VIEW_PEOPLE,
        page="people:person",
        columns=("name", "sex", "age", "address", "phone"),
        undated=UNDATED,
        history="people_personevent",
        created="created_at",
        also=("人口", "人员", "居民个人", "个人"),
        default="present",
        order="{>living}.region_code, {>living}.home_id, {>membership}.relation = '02' DESC NULLS LAST, {t}.id",
    )
)
person.link(
    "living", "现居住地", to="residence", also=("现住地", "居住地", "现住", "现住址", "现居住"), on=LIVING
)
person.link("hukou", "户籍地", to="residence", also=("户籍", "户口所在地", "户口地"), on=HUKOU)
person.link("membership", "户内成员", to="member", on=MEMBERSHIP)
person.link(
    "household",
    "家庭户",
    to="household",
    also=("家庭",),
    lateral="SELECT h.* FROM people_householdmember m JOIN {=household} h ON h.id = m.household_id "
    "WHERE m.person_id = {t}.id AND m.period @> {on} AND " + KNOWN_MEMBER + " LIMIT 1",
)
person.link("head", "户主", to="person", path="household.head")
person.link(
    "spouse",
    "配偶",
    to="person",
    also=("丈夫", "妻子", "男方", "爱人", "夫", "丈夫信息", "男方信息", "女方"),
    lateral="SELECT p.* FROM people_kinship k JOIN {=person} p ON p.id = k.relative_id "
    "WHERE k.person_id = {t}.id AND k.relation = 'spouse' AND k.period @> {on} LIMIT 1",
)
for _key, _label, _also in (
    ("guardian", "监护人", ("监护人（联系人）", "法定监护人", "委托监护人", "受委托监护人", "实际监护人")),
    ("father", "父亲", ()),
    ("mother", "母亲", ()),
):
    person.link(
        _key,
        _label,
        to="kin",
        also=_also,
        lateral="SELECT k.* FROM people_kinship k WHERE k.person_id = {t}.id "
        f"AND k.relation = '{_key}' AND k.period @> {{on}} LIMIT 1",
    )
# Whom to call: who was named for it, else the nearest of whom a number is known. Nobody who has died by then.
person.link(
    "contact",
    "紧急联系人",
    to="kin",
    also=("紧急联络人", "应急联系人", "紧急联系人信息", "紧急联系人情况"),
    lateral="SELECT k.* FROM people_kinship k LEFT JOIN people_person r ON r.id = k.relative_id WHERE k.person_id = {t}.id "
    "AND k.period @> {on} AND (r.death_date IS NULL OR r.death_date > {on}) ORDER BY k.relation = 'contact' DESC, "
    "(octet_length(r.phone) > 0 OR octet_length(k.relative_phone) > 0) IS TRUE DESC, "
    "array_position(ARRAY['guardian', 'spouse', 'father', 'mother'], k.relation), k.id LIMIT 1",
    note="登记了紧急联系人的取本人指定的；没有登记的依次取有电话的监护人、配偶、父亲、母亲。",
)
person.link("home", "居住房屋", to="home", also=("现住房屋", "住房", "出租房屋"), path="living.home")
# The last spell of each kind, for those who have left or died.
person.link(
    "last_living",
    "最近居住",
    to="residence",
    lateral="SELECT r.* FROM people_residence r WHERE r.person_id = {t}.id AND r.kind = 'living' "
    "AND lower(r.period) <= {on} ORDER BY lower(r.period) DESC LIMIT 1",
)

person.condition(
    "present",
    "常住",
    also=("现居住", "实有人口", "常住人口", "辖区内居住", "居住人口"),
    sql="{>living}.id IS NOT NULL AND " + ALIVE,
    replaces_default=True,
)
person.condition(
    "registered",
    "户籍",
    also=("户籍人口", "户籍在册", "本地户籍"),
    sql="{>hukou}.id IS NOT NULL AND " + ALIVE,
    region="hukou.region_code",
    replaces_default=True,
)
person.condition(
    "household_member",
    "户内成员",
    sql=f"{{>household}}.id IS NOT NULL AND {ALIVE}",
    region="household.region_code",
    replaces_default=True,
    note="在册户的成员，不论住在何处；按户所在的区域。",
)
person.condition("registered_here", "人户一致", sql=f"{LIVES_AT_HUKOU}", also=("户籍常住",))
person.condition(
    "here_only",
    "人在户不在",
    also=("寄住",),
    sql=f"{SAME_COUNTY} AND NOT ({LIVES_AT_HUKOU})",
)
person.condition(
    "hukou_only",
    "户在人不在",
    also=("空挂户",),
    sql=f"({{>living}}.id IS NULL OR NOT ({LIVES_AT_HUKOU})) AND {ALIVE}",
    region="hukou.region_code",
    replaces_default=True,
)
person.condition(
    "floating",
    "流动人口",
    also=(
        "流动",
        "外来人口",
        "暂住人口",
        "外来流动人口",
        "流入人口",
        "流动人员",
        "外来人员",
        "外来务工人员",
        "新市民",
    ),
    sql=f"{{>hukou}}.region_code <> '' AND NOT ({SAME_COUNTY})",
    note="现住在本地、户籍在其他县级区划的人。",
)

for _age in (60, 65, 70, 80, 90, 100):
    person.condition(
        f"aged_{_age}",
        f"{_age}岁及以上",
        also=(
            f"{_age}岁以上",
            f"{_age}周岁以上",
            f"{_age}周岁及以上",
            *(("老年人", "老人", "老龄", "老年人口", "老龄人口") if _age == 60 else ()),
            *(("高龄老人", "高龄") if _age == 80 else ()),
            *(("百岁老人",) if _age == 100 else ()),
        ),
        sql=f"{{t}}.birth_date <= ({{on}} - interval '{_age} years')::date",
    )
for _key, _label, _names, _years in (
    ("under_3", "3岁以下婴幼儿", ("婴幼儿", "0-3岁"), 3),
    ("under_7", "7岁以下儿童", ("0-6岁儿童", "学龄前儿童"), 7),
    ("under_16", "16岁以下", ("儿童", "未满16周岁"), 16),
    ("under_18", "未成年人", ("18岁以下", "未满18周岁"), 18),
):
    person.condition(
        _key, _label, also=_names, sql=f"{{t}}.birth_date > ({{on}} - interval '{_years} years')::date"
    )
person.condition(
    "child_bearing",
    "育龄妇女",
    also=("15-49岁妇女", "15至49岁妇女", "育龄"),
    sql="{t}.sex = '2' AND {t}.birth_date <= ({on} - interval '15 years')::date "
    "AND {t}.birth_date > ({on} - interval '50 years')::date",
    note="年满15周岁至未满50周岁的女性。",
)
person.condition(
    "working_age",
    "劳动年龄人口",
    also=("16-59岁", "劳动年龄"),
    sql="{t}.birth_date <= ({on} - interval '16 years')::date AND {t}.birth_date > ({on} - interval '60 years')::date",
)
person.condition("male", "男性", also=("男",), sql="{t}.sex = '1'")
person.condition("female", "女性", also=("女", "妇女"), sql="{t}.sex = '2'")
person.condition("party_member", "政治面貌为中共党员", sql="{t}.political IN ('01', '02')")
person.condition("minority", "少数民族", sql="{t}.ethnic NOT IN ('', '01')")
person.condition(
    "head_of_household",
    "户主",
    sql="{>membership}.relation = '02'",
)
person.condition("lives_alone", "独自居住", also=("独居",), sql=ALONE, note="同一房屋内没有其他现居住人。")
person.condition(
    "elderly_alone",
    "独自居住的老年人",
    sql=f"{{t}}.birth_date <= ({{on}} - interval '60 years')::date AND {ALONE}",
)

person.measure(
    "residents",
    "常住人口数",
    also=("常住人口", "实有人口数", "总人口", "居民人数"),
    where=("present",),
    unit="人",
)
person.measure("registered", "户籍人口数", also=("户籍人口",), where=("registered",), unit="人")
person.measure("floating", "流动人口数", also=("流动人口", "外来人口数"), where=("floating",), unit="人")
person.measure("elderly", "60岁及以上人口数", also=("老年人口数", "老年人数"), where=("aged_60",), unit="人")
person.measure("aged_80", "80岁及以上人口数", also=("高龄老人数",), where=("aged_80",), unit="人")
person.measure("elderly_alone", "独自居住的老年人数", where=("elderly_alone",), unit="人")
person.measure("party_members", "政治面貌为中共党员人数", where=("party_member",), unit="人")
person.measure("child_bearing", "育龄妇女人数", also=("育龄妇女数",), where=("child_bearing",), unit="人")
