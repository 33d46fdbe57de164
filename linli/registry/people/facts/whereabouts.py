"""Where a person lives and where their hukou is; how they stand to the area; whence and whither."""

from __future__ import annotations

from linli.facts.dictionary import Kind
from linli.registry.people.facts.persons import person
from linli.registry.people.facts.words import HUKOU_CATEGORY, LIVES_AT_HUKOU, SAME_COUNTY, STANDING
from linli.registry.places.facts import region_path_sql

person.element(
    "standing",
    "人口类型",
    also=("人户状态", "人户情况", "人员类别", "居民类型", "居住类型", "人口类别", "人口性质", "人员类型"),
    sql="CASE WHEN {t}.death_date <= {on} THEN 'dead' WHEN {>living}.id IS NULL AND {>hukou}.id IS NULL THEN 'gone' "
    "WHEN {>living}.id IS NULL THEN 'hukou_only' WHEN {>hukou}.id IS NULL OR {>hukou}.region_code = '' THEN 'newcomer' "
    f"WHEN {LIVES_AT_HUKOU} THEN 'registered' WHEN {SAME_COUNTY} THEN 'here_only' ELSE 'floating' END",
    kind=Kind.CODE,
    codes=STANDING,
)
person.element(
    "is_separated",
    "是否人户分离",
    also=("人户分离", "人户分离情况", "是否人户分离（是/否）"),
    sql=f"{{>living}}.id IS NOT NULL AND {{>hukou}}.region_code <> '' AND NOT ({LIVES_AT_HUKOU})",
    kind=Kind.BOOLEAN,
)
person.element(
    "is_consistent",
    "人户一致",
    also=("人户一致标识", "是否人户一致"),
    sql=f"coalesce({LIVES_AT_HUKOU}, false)",
    kind=Kind.BOOLEAN,
    standard="GB/T 31000",
)
person.element(
    "is_floating",
    "是否流动人口",
    sql=f"{{>hukou}}.region_code <> '' AND NOT ({SAME_COUNTY})",
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
        f"CASE WHEN {{>living}}.id IS NOT NULL AND {{>hukou}}.region_code <> '' AND NOT ({LIVES_AT_HUKOU}) THEN "  # noqa: S608
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
    "permit_kind",
    "居住登记证件种类",
    also=(
        "居住证种类",
        "居住证类型",
        "居住证类别",
        "居住证件种类",
        "居住证件类型",
        "居住登记种类",
        "居住登记类型",
        "暂住证种类",
        "办证类型",
        "办证种类",
    ),
    path="living.permit_kind",
)
person.element(
    "has_permit",
    "是否办理居住登记",
    also=(
        "是否办理居住证",
        "是否办理暂住证",
        "是否有居住证",
        "有无居住证",
        "是否持有居住证",
        "是否居住登记",
        "有无暂住证",
        "是否办证",
    ),
    path="living.has_permit",
)
person.element(
    "permit_number",
    "居住证号",
    also=("居住证号码", "暂住证号", "居住证编号", "暂住证号码", "登记证编号", "居住登记证号"),
    path="living.permit_number",
)
person.element(
    "permit_on",
    "居住证发证日期",
    also=(
        "居住证签发日期",
        "居住证发证时间",
        "居住证签发时间",
        "居住证办理日期",
        "居住证办理时间",
        "居住登记日期",
        "暂住证发证日期",
        "办证日期",
        "办证时间",
    ),
    path="living.permit_on",
)
person.element(
    "permit_place",
    "居住证登记地",
    also=("居住证办理地", "居住证签发地", "居住证申领地", "居住证登记地址", "居住证等级地", "暂住证办理地"),
    path="living.permit_place",
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
person.element("area_kind", "现住地城乡", also=("城乡类别",), path="living.area_kind")
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
        "户口登记地",
        "户籍登记地",
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
