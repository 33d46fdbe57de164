"""What can be asked of people and households."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Sensitivity, Subject, dictionary
from linli.kernel import codes
from linli.kernel.codes import Code, CodeList
from linli.registry.places.facts import (
    PERSONAL_PHONE,
    SENSITIVE_NUMBER,
    add_region_elements,
    opened,
    region_path_sql,
)

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
        Code("alone", "独居", ("单独居住", "独自居住", "独居老人")),
        Code("couple", "与配偶同住", ("空巢", "夫妻同住", "与家人同居", "与家人同住")),
        Code("family", "与家人同住", ("与家人同居", "与子女同住", "与亲属同住", "和家人同住")),
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

_LIVING = "{r}.person_id = {t}.id AND {r}.kind = 'living' AND {r}.period @> {on}"
_HUKOU = "{r}.person_id = {t}.id AND {r}.kind = 'hukou' AND {r}.period @> {on}"

residence = dictionary.add(
    Subject(
        "residence",
        "居住记录",
        table="people_residence",
        region="region_code",
        permission=Permission.VIEW_PEOPLE,
        note="现居住或户籍所在，按日期。",
    )
)
residence.link("home", "房屋", to="home", on="{r}.id = {t}.home_id")
residence.link("estate", "小区", to="estate", path="home.building.estate")
residence.link("building", "楼栋", to="building", path="home.building")
add_region_elements(residence)
_PLACE = "coalesce(nullif({>home}.full_address, ''), {t}.address)"
residence.element("place", "详址", also=("详细地址", "门牌详址"), sql=_PLACE)
residence.element(
    "full_address",
    "地址",
    also=("住址", "详细地址"),
    sql=f"nullif(concat({region_path_sql('{t}.region_code', 2, 9)}, {_PLACE}), '')",
)
residence.element("from_date", "起始日期", sql="lower({t}.period)", kind=Kind.DATE)
residence.element("until_date", "终止日期", sql="upper({t}.period)", kind=Kind.DATE)
residence.element(
    "reason", "流入原因", sql="nullif({t}.reason, '')", kind=Kind.CODE, codes=codes.INFLOW_REASON
)
residence.element(
    "dwelling", "住所类型", sql="nullif({t}.dwelling, '')", kind=Kind.CODE, codes=codes.DWELLING_TYPE
)
residence.element(
    "hukou_nature", "户口性质", sql="nullif({t}.hukou_nature, '')", kind=Kind.CODE, codes=codes.HUKOU_NATURE
)
residence.element("came_from", "迁自", sql="nullif({t}.came_from, '')")
residence.element("went_to", "迁往", sql="nullif({t}.went_to, '')")
residence.element(
    "permit_number",
    "居住证号",
    sql="{t}.permit_number",
    sensitivity=Sensitivity.PERSONAL,
    decode=opened("permit"),
)
residence.element("permit_until", "居住证有效期至", sql="{t}.permit_until", kind=Kind.DATE)

household = dictionary.add(
    Subject(
        "household",
        "家庭户",
        table="people_household",
        region="region_code",
        also=("户", "住户", "家庭"),
        default="inhabited",
        permission=Permission.VIEW_PEOPLE,
        page="people:household",
        columns=("number", "head.name", "size", "address"),
        order="{t}.region_code, {t}.number",
    )
)
_MEMBERS = "SELECT 1 FROM people_householdmember m WHERE m.household_id = {t}.id AND m.period @> {on}"
household.condition("inhabited", "在册", sql=f"EXISTS ({_MEMBERS})")
household.condition("family", "家庭户", sql="{t}.kind = 'family'", also=("户籍户",))
household.condition("collective", "集体户", sql="{t}.kind = 'collective'")
household.link("home", "房屋", to="home", on="{r}.id = {t}.home_id")
household.link(
    "head",
    "户主",
    to="person",
    also=("申请人", "户主（申请人）"),
    lateral="SELECT p.* FROM people_householdmember m JOIN people_person p ON p.id = m.person_id "
    "WHERE m.household_id = {t}.id AND m.relation = '02' AND m.period @> {on} LIMIT 1",
)
add_region_elements(household)
household.element("number", "户号", also=("户编号", "家庭编号", "户口号", "家庭户号"), sql="{t}.number")
household.element(
    "kind", "户类型", also=("户别", "户口类别"), sql="{t}.kind", kind=Kind.CODE, codes=HUKOU_BOOK
)
household.element("address", "家庭住址", also=("住址", "地址", "家庭地址"), path="home.address")
household.element(
    "size",
    "家庭人口数",
    also=("家庭人口", "户内人数", "人口数", "家庭成员数", "家庭总人口", "全家人口", "家庭人数"),
    sql="(SELECT count(*) FROM people_householdmember m WHERE m.household_id = {t}.id AND m.period @> {on})",
    kind=Kind.INTEGER,
    unit="人",
)
household.measure("households", "户数", also=("家庭户数", "总户数"), unit="户")

member = dictionary.add(
    Subject(
        "member",
        "家庭成员",
        table="people_householdmember",
        region="region_code",
        permission=Permission.VIEW_PEOPLE,
        note="某人在某户，按日期。",
    )
)
member.element("region_code", "区域序码", sql="{t}.region_code")
member.element(
    "relation",
    "与户主关系",
    sql="{t}.relation",
    kind=Kind.CODE,
    codes=codes.KINSHIP,
    standard="GB/T 4761",
)

kin = dictionary.add(
    Subject(
        "kin",
        "亲属",
        table="people_kinship",
        region="region_code",
        permission=Permission.VIEW_PEOPLE,
        note="监护人、父母；可不在册。",
    )
)
kin.link("person", "本人", to="person", on="{r}.id = {t}.relative_id")
kin.element("region_code", "区域序码", sql="{t}.region_code")
kin.element(
    "name",
    "姓名",
    sql="coalesce({>person}.name, nullif({t}.relative_name, ''))",
    sensitivity=Sensitivity.PERSONAL,
)
kin.element(
    "phone",
    "联系电话",
    also=("电话", "手机", "手机号码", "联系方式", "联系手机"),
    sql="coalesce(nullif({>person}.phone, ''), {t}.relative_phone)",
    **PERSONAL_PHONE,
)
kin.element(
    "id_number",
    "公民身份号码",
    also=("身份证号", "身份证号码", "证件号码", "身份证"),
    sql="{>person}.id_number",
    **SENSITIVE_NUMBER,
)

person = dictionary.add(
    Subject(
        "person",
        "居民",
        table="people_person",
        region="living.region_code",
        also=("人口", "人员", "居民个人", "个人"),
        default="present",
        permission=Permission.VIEW_PEOPLE,
        page="people:person",
        columns=("name", "sex", "age", "address", "phone"),
        order="{>living}.region_code, {>living}.home_id, {>membership}.relation = '02' DESC NULLS LAST, {t}.id",
    )
)
person.link(
    "living", "现居住地", to="residence", also=("现住地", "居住地", "现住", "现住址", "现居住"), on=_LIVING
)
person.link("hukou", "户籍地", to="residence", also=("户籍", "户口所在地", "户口地"), on=_HUKOU)
person.link("membership", "户内成员", to="member", on="{r}.person_id = {t}.id AND {r}.period @> {on}")
person.link(
    "household",
    "家庭户",
    to="household",
    also=("家庭",),
    lateral="SELECT h.* FROM people_householdmember m JOIN people_household h ON h.id = m.household_id "
    "WHERE m.person_id = {t}.id AND m.period @> {on} LIMIT 1",
)
person.link("head", "户主", to="person", path="household.head")
person.link(
    "spouse",
    "配偶",
    to="person",
    also=("丈夫", "妻子", "男方", "爱人", "夫", "丈夫信息", "男方信息", "女方"),
    lateral="SELECT p.* FROM people_kinship k JOIN people_person p ON p.id = k.relative_id "
    "WHERE k.person_id = {t}.id AND k.relation = 'spouse' AND k.period @> {on} LIMIT 1",
)
for _key, _label, _also in (
    ("guardian", "监护人", ("监护人（联系人）", "法定监护人", "委托监护人")),
    ("father", "父亲", ()),
    ("mother", "母亲", ()),
):
    person.link(
        _key,
        _label,
        to="kin",
        also=_also,
        lateral="SELECT k.* FROM people_kinship k WHERE k.person_id = {t}.id "  # noqa: S608
        f"AND k.relation = '{_key}' AND k.period @> {{on}} LIMIT 1",
    )
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
    sql="{>living}.id IS NOT NULL AND ({t}.death_date IS NULL OR {t}.death_date > {on})",
    replaces_default=True,
)
person.condition(
    "registered",
    "户籍",
    also=("户籍人口", "户籍在册", "本地户籍"),
    sql="{>hukou}.id IS NOT NULL AND ({t}.death_date IS NULL OR {t}.death_date > {on})",
    region="hukou.region_code",
    replaces_default=True,
)
_LIVES_AT_HUKOU = "left({>living}.region_code, 12) = left({>hukou}.region_code, 12)"
_SAME_COUNTY = "left({>living}.region_code, 6) = left({>hukou}.region_code, 6)"
person.condition("registered_here", "人户一致", sql=f"{_LIVES_AT_HUKOU}", also=("户籍常住",))
person.condition(
    "here_only",
    "人在户不在",
    also=("寄住",),
    sql=f"{_SAME_COUNTY} AND NOT ({_LIVES_AT_HUKOU})",
)
person.condition(
    "hukou_only",
    "户在人不在",
    also=("空挂户",),
    sql=f"({{>living}}.id IS NULL OR NOT ({_LIVES_AT_HUKOU})) AND ({{t}}.death_date IS NULL OR {{t}}.death_date > {{on}})",
    region="hukou.region_code",
    replaces_default=True,
)
person.condition(
    "floating",
    "流动人口",
    also=("流动", "外来人口", "暂住人口", "外来流动人口", "流入人口"),
    sql=f"{{>hukou}}.region_code <> '' AND NOT ({_SAME_COUNTY})",
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
            *(("老年人", "老人", "老龄") if _age == 60 else ()),
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
_ALONE = (
    "{>living}.home_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM people_residence o WHERE o.home_id = {>living}.home_id "
    "AND o.kind = 'living' AND o.period @> {on} AND o.person_id <> {t}.id)"
)
person.condition("lives_alone", "独自居住", also=("独居",), sql=_ALONE, note="同一房屋内没有其他现居住人。")
person.condition(
    "elderly_alone",
    "独自居住的老年人",
    sql=f"{{t}}.birth_date <= ({{on}} - interval '60 years')::date AND {_ALONE}",
)

# --- elements -------------------------------------------------------------------------------------------------
person.element(
    "name",
    "姓名",
    also=(
        "居民姓名",
        "人员姓名",
        "本人姓名",
        "申请人姓名",
        "申请人",
        "老人姓名",
        "残疾人姓名",
        "党员姓名",
        "志愿者姓名",
    ),
    sql="{t}.name",
    sort="{t}.initials",
    standard="GB/T 31000",
)
person.element(
    "former_name",
    "曾用名",
    also=("曾用名（别名）", "曾用名/别名", "别名"),
    sql="nullif({t}.former_name, '')",
    standard="GB/T 31000",
)
person.element("sex", "性别", sql="{t}.sex", kind=Kind.CODE, codes=codes.SEX, standard="GB/T 2261.1")
person.element(
    "birth_date",
    "出生日期",
    also=("出生年月日", "生日", "出生年月", "出生时间"),
    sql="{t}.birth_date",
    kind=Kind.DATE,
)
person.element(
    "age",
    "年龄",
    also=("周岁", "实足年龄", "年龄（周岁）", "年龄（岁）"),
    sql="extract(year from age({on}, {t}.birth_date))::int",
    kind=Kind.INTEGER,
    unit="岁",
)
person.element(
    "id_kind",
    "证件类型",
    also=("证件种类", "证件名称", "有效证件类型"),
    sql="nullif({t}.id_kind, '')",
    kind=Kind.CODE,
    codes=codes.ID_KIND,
    standard="GB/T 31000",
)
person.element(
    "id_number",
    "公民身份号码",
    also=(
        "身份证号码",
        "身份证号",
        "证件号码",
        "公民身份证号",
        "公民身份证号码",
        "身份证",
        "证件号",
        "居民身份证号码",
        "身份号码",
        "本人身份证号",
        "居民身份证号",
        "身份证件号码",
        "公民身份证",
    ),
    sql="{t}.id_number",
    **SENSITIVE_NUMBER,
)
person.element(
    "ethnic", "民族", sql="nullif({t}.ethnic, '')", kind=Kind.CODE, codes=codes.ETHNIC, standard="GB/T 3304"
)
person.element("native_place", "籍贯", sql="nullif({t}.native_place, '')", standard="GB/T 31000")
person.element(
    "marital",
    "婚姻状况",
    also=("婚姻", "婚姻情况", "婚否", "婚姻状态"),
    sql="nullif({t}.marital, '')",
    kind=Kind.CODE,
    codes=codes.MARITAL,
    standard="GB/T 2261.2",
)
person.element(
    "political",
    "政治面貌",
    also=("政策面貌", "政治身份", "政治面目"),
    sql="nullif({t}.political, '')",
    kind=Kind.CODE,
    codes=codes.POLITICAL,
    standard="GB/T 4762",
)
person.element(
    "education",
    "文化程度",
    also=("学历", "受教育程度", "最高学历", "教育程度", "学历情况"),
    sql="nullif({t}.education, '')",
    kind=Kind.CODE,
    codes=codes.EDUCATION,
    standard="GB/T 4658",
)
person.element(
    "employment",
    "从业状况",
    also=("就业状况", "就业情况", "工作学习情况", "工作状况", "从业情况", "工作情况"),
    sql="nullif({t}.employment, '')",
    kind=Kind.CODE,
    codes=codes.EMPLOYMENT,
    standard="GB/T 2261.4",
)
person.element(
    "occupation", "职业", also=("职业类别", "从事职业", "从事工作"), sql="nullif({t}.occupation, '')"
)
person.element(
    "employer",
    "工作单位",
    also=(
        "单位名称",
        "服务处所",
        "就业单位",
        "工作单位（学校）",
        "单位",
        "工作单位名称",
        "工作单位或就读学校",
        "工作/学习单位",
        "工作学习单位",
        "工作单位/就读学校",
        "工作处所",
    ),
    sql="nullif({t}.employer, '')",
)
person.element(
    "phone",
    "手机号码",
    also=(
        "联系手机",
        "手机",
        "手机号",
        "联系电话",
        "联系方式",
        "电话",
        "电话号码",
        "本人电话",
        "移动电话",
        "联系电话（手机）",
    ),
    sql="{t}.phone",
    **PERSONAL_PHONE,
)
person.element(
    "landline",
    "固定电话",
    also=("座机", "住宅电话", "家庭电话", "固话"),
    sql="{t}.landline",
    **PERSONAL_PHONE,
)
person.element(
    "email",
    "电子邮箱",
    also=("电子邮件", "邮箱", "E-mail", "Email"),
    sql="nullif({t}.email, '')",
    sensitivity=Sensitivity.PERSONAL,
)
person.element(
    "blood_type",
    "血型",
    sql="nullif({t}.blood_type, '')",
    kind=Kind.CODE,
    codes=codes.BLOOD_TYPE,
    sensitivity=Sensitivity.SENSITIVE,
    permissions=(Permission.VIEW_SENSITIVE_GROUPS,),
)
person.element(
    "health",
    "健康状况",
    also=("身体状况", "健康情况"),
    sql="nullif({t}.health, '')",
    kind=Kind.CODE,
    codes=codes.HEALTH,
    standard="GB/T 2261.3",
    sensitivity=Sensitivity.SENSITIVE,
    permissions=(Permission.VIEW_SENSITIVE_GROUPS,),
)
person.element(
    "is_dead",
    "是否已死亡",
    also=("是否死亡", "死亡标识"),
    sql="coalesce({t}.death_date <= {on}, false)",
    kind=Kind.BOOLEAN,
)
person.element("death_date", "死亡日期", also=("死亡时间",), sql="{t}.death_date", kind=Kind.DATE)
person.element(
    "verified_on",
    "核实日期",
    also=("核实时间", "采集时间", "采集日期", "登记日期", "核查时间"),
    sql="{t}.verified_on",
    kind=Kind.DATE,
)
person.element(
    "standing",
    "人口类型",
    also=("人户状态", "人户情况", "人员类别", "居民类型", "居住类型", "人口类别", "人口性质", "人员类型"),
    sql="CASE WHEN {t}.death_date <= {on} THEN 'dead' WHEN {>living}.id IS NULL AND {>hukou}.id IS NULL THEN 'gone' "
    "WHEN {>living}.id IS NULL THEN 'hukou_only' WHEN {>hukou}.id IS NULL OR {>hukou}.region_code = '' THEN 'newcomer' "
    f"WHEN {_LIVES_AT_HUKOU} THEN 'registered' WHEN {_SAME_COUNTY} THEN 'here_only' ELSE 'floating' END",
    kind=Kind.CODE,
    codes=STANDING,
)
person.element(
    "is_separated",
    "是否人户分离",
    also=("人户分离", "人户分离情况", "是否人户分离（是/否）"),
    sql=f"{{>living}}.id IS NOT NULL AND {{>hukou}}.region_code <> '' AND NOT ({_LIVES_AT_HUKOU})",
    kind=Kind.BOOLEAN,
)
person.element(
    "is_consistent",
    "人户一致",
    also=("人户一致标识", "是否人户一致"),
    sql=f"coalesce({_LIVES_AT_HUKOU}, false)",
    kind=Kind.BOOLEAN,
    standard="GB/T 31000",
)
person.element(
    "is_floating",
    "是否流动人口",
    sql=f"{{>hukou}}.region_code <> '' AND NOT ({_SAME_COUNTY})",
    kind=Kind.BOOLEAN,
)
person.element(
    "has_moved_out",
    "是否已迁出",
    also=("是否迁出", "迁出标识"),
    sql="{>living}.id IS NULL AND upper({>last_living}.period) <= {on}",
    kind=Kind.BOOLEAN,
)
person.element(
    "moved_out_on",
    "迁出日期",
    also=("迁出时间", "离开日期", "搬离日期"),
    sql="CASE WHEN {>living}.id IS NULL THEN upper({>last_living}.period) END",
    kind=Kind.DATE,
)
person.element(
    "moved_to",
    "迁往地",
    also=("迁出去向", "迁往何处"),
    sql="CASE WHEN {>living}.id IS NULL THEN nullif({>last_living}.went_to, '') END",
)
person.element(
    "moved_in_on",
    "入住日期",
    also=(
        "迁入时间",
        "迁入日期",
        "来本地日期",
        "入住时间",
        "居住起始日期",
        "来此居住时间",
        "居住时间",
        "居住日期",
        "流入时间",
        "流入日期",
    ),
    path="living.from_date",
)
person.element(
    "separated_address",
    "实际居住地",
    also=("实际居住地址", "实际住址"),
    sql=(
        f"CASE WHEN {{>living}}.id IS NOT NULL AND {{>hukou}}.region_code <> '' AND NOT ({_LIVES_AT_HUKOU}) THEN "  # noqa: S608
        f"concat({region_path_sql('{>living}.region_code', 2, 9)}, "
        "(SELECT h.full_address FROM places_home h WHERE h.id = {>living}.home_id)) END"
    ),
)
person.element("came_from", "流出地", also=("来源地", "何处迁来", "迁自"), path="living.came_from")
person.element(
    "inflow_reason",
    "流入原因",
    also=("来本地原因", "流动原因", "来京原因", "居住事由", "迁入原因"),
    path="living.reason",
)
person.element(
    "dwelling", "住所类型", also=("居住处所", "住所类别", "居住处所类型", "暂住处所"), path="living.dwelling"
)
person.element(
    "permit_number",
    "居住证号",
    also=("居住证号码", "暂住证号", "居住证编号", "暂住证号码"),
    path="living.permit_number",
)
person.element(
    "permit_until",
    "居住证有效期至",
    also=("居住证到期日期", "暂住证有效期", "居住证有效期"),
    path="living.permit_until",
)
person.element(
    "address",
    "现住地址",
    also=(
        "现住址",
        "居住地址",
        "家庭住址",
        "现居住地址",
        "住址",
        "联系地址",
        "家庭地址",
        "现居住详细地址",
        "常住地址",
        "居住详细地址",
        "现住地详细地址",
        "现居地址",
        "住所地址",
        "现居住地",
        "地址",
        "详细地址",
        "居住地详细地址",
    ),
    path="living.full_address",
)
person.element("place", "现住地详址", also=("现住地门牌详址", "现居住地详址"), path="living.place")
person.element(
    "estate",
    "现住小区",
    also=("小区", "所在小区", "小区名称", "现住小区/建筑", "居住小区"),
    path="living.home.building.estate.name",
)
person.element(
    "building", "现住楼栋", also=("楼栋", "楼号", "楼栋号", "幢号"), path="living.home.building.name"
)
person.element("unit", "现住单元", also=("单元", "单元号"), path="living.home.unit")
person.element("door", "现住门牌号", also=("房号", "门牌号", "室号", "房间号"), path="living.home.door")
person.element("unit_door", "门牌地址", also=("单元门牌", "楼门牌号"), path="living.home.unit_door")
person.element(
    "grid", "所属网格", also=("网格", "所在网格", "网格名称", "片组片格", "所属片格"), path="living.grid"
)
person.element(
    "community",
    "所属社区",
    also=("社区", "村居", "社区名称", "所在社区", "社区（村）", "居委会", "村/社区", "现住社区"),
    path="living.community",
)
person.element(
    "street",
    "所属街道",
    also=("街道", "街道（乡镇）", "乡镇", "乡镇/街道", "街镇", "镇街", "所属乡镇"),
    path="living.street",
)
person.element("district", "所属区县", also=("区县", "区", "县", "区（县）", "县区"), path="living.district")
person.element("city", "所属市", also=("市", "地市"), path="living.city")
person.element("province", "所属省", also=("省", "省份"), path="living.province")
person.element(
    "living_division",
    "现住地区划",
    also=("现住地省市县区", "居住地区划", "现居住地区划"),
    path="living.division",
)
person.element(
    "living_postcode", "邮政编码", also=("邮编", "现住地邮编", "联系地址邮编"), path="living.postcode"
)
person.element(
    "hukou_address",
    "户籍地址",
    also=(
        "户籍详细地址",
        "户口所在地",
        "户籍所在地",
        "户籍地",
        "户口地址",
        "户籍地详细地址",
        "户口所在地址",
        "户籍住址",
        "户籍地址（详细）",
        "户口所在地详细地址",
    ),
    path="hukou.full_address",
)
person.element("hukou_place", "户籍地门牌详址", also=("户籍地详址",), path="hukou.place")
person.element(
    "hukou_division",
    "户籍地区划",
    also=("户籍地省市县区", "户口所在地区划", "户籍省市县", "户籍地省市县（区）"),
    path="hukou.division",
)
person.element("hukou_province", "户籍省份", also=("户籍所在省", "户籍地省"), path="hukou.province")
person.element("hukou_city", "户籍地市", also=("户籍所在市",), path="hukou.city")
person.element(
    "hukou_district", "户籍区县", also=("户籍所在县", "户籍地区县", "户籍地县"), path="hukou.district"
)
person.element("hukou_street", "户籍街道", also=("户籍乡镇", "户籍街道（乡镇）"), path="hukou.street")
person.element("hukou_community", "户籍社区", also=("户籍村居",), path="hukou.community")
person.element("hukou_estate", "户籍小区", also=("户籍小区/建筑",), path="hukou.home.building.estate.name")
person.element("hukou_postcode", "户籍地邮编", path="hukou.postcode")
person.element(
    "hukou_nature",
    "户口性质",
    also=("户籍类别", "户口类别", "户籍性质", "户口类型", "户籍类型", "户口种类"),
    path="hukou.hukou_nature",
)
person.element(
    "hukou_category",
    "户口类别",
    also=("户口类型", "户籍类别", "户籍类型"),
    sql="CASE WHEN {>hukou}.hukou_nature IN ('1', '2', '3') AND {>household}.kind IN ('family', 'collective') "
    "THEN {>hukou}.hukou_nature || CASE {>household}.kind WHEN 'family' THEN 'f' ELSE 'c' END END",
    kind=Kind.CODE,
    codes=HUKOU_CATEGORY,
    note="户口性质和户别合在一起，供要求这样填的表用。",
)
person.element(
    "hukou_since", "户口迁入日期", also=("落户时间", "户口迁入时间", "落户日期"), path="hukou.from_date"
)
person.element(
    "relation",
    "与户主关系",
    also=("户主关系", "家庭关系", "与户主的关系", "与其他人员关系", "与户主之间的关系"),
    path="membership.relation",
)
person.element("is_head", "是否户主", sql="coalesce({>membership}.relation = '02', false)", kind=Kind.BOOLEAN)
person.element(
    "household_number",
    "户号",
    also=("户编号", "家庭编号", "户口簿号", "户口号", "户籍号"),
    path="household.number",
)
person.element("household_kind", "户别", also=("户类型",), path="household.kind")
person.element(
    "household_size",
    "家庭人口数",
    also=("家庭人口", "户内人数", "家庭人数", "家庭总人口"),
    path="household.size",
)
person.element("head_name", "户主姓名", also=("户主", "户主名"), path="household.head.name")
person.element(
    "head_id_number",
    "户主身份证号",
    also=("户主身份证号码", "户主证件号码", "户主公民身份号码"),
    path="household.head.id_number",
)
person.element(
    "head_phone",
    "户主电话",
    also=("户主联系电话", "户主手机", "户主联系方式", "户主联系手机"),
    path="household.head.phone",
)
person.element(
    "guardian_name",
    "监护人姓名",
    also=("监护人", "监护人名", "监护人（联系人）姓名", "监护人（姓名）"),
    path="guardian.name",
)
person.element(
    "guardian_phone",
    "监护人电话",
    also=("监护人联系电话", "监护人联系方式", "监护人手机"),
    path="guardian.phone",
)
person.element(
    "guardian_id_number",
    "监护人证件号码",
    also=("监护人身份证号", "监护人身份证号码"),
    path="guardian.id_number",
)
person.element("father_name", "父亲姓名", also=("父亲",), path="father.name")
person.element("mother_name", "母亲姓名", also=("母亲",), path="mother.name")
person.element(
    "spouse_name", "配偶姓名", also=("丈夫姓名", "妻子姓名", "男方姓名", "爱人姓名"), path="spouse.name"
)
person.element(
    "living_arrangement",
    "居住情况",
    also=("居住状况", "居住方式", "是否独居", "居住形式"),
    sql=f"CASE WHEN {{>living}}.id IS NULL THEN NULL WHEN {_ALONE} THEN 'alone' WHEN EXISTS (SELECT 1 FROM people_kinship k "  # noqa: S608
    "JOIN people_residence o ON o.person_id = k.relative_id AND o.kind = 'living' AND o.period @> {on} "
    "WHERE k.person_id = {t}.id AND k.relation = 'spouse' AND k.period @> {on} AND o.home_id = {>living}.home_id "
    "AND 2 = (SELECT count(*) FROM people_residence a WHERE a.home_id = o.home_id AND a.kind = 'living' "
    "AND a.period @> {on})) THEN 'couple' WHEN {>membership}.id IS NOT NULL THEN 'family' ELSE 'shared' END",
    kind=Kind.CODE,
    codes=LIVING_ARRANGEMENT,
)
person.element("lives_alone", "是否独居", also=("独居",), sql=f"coalesce({_ALONE}, false)", kind=Kind.BOOLEAN)
person.element("registered_on", "登记时间", sql="{t}.created_at::date", kind=Kind.DATE)

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
