"""What can be asked of places: estates, buildings, homes, and the communities they stand in."""

# ruff: noqa: S608  the SQL is put together from constants of this file, never from what a user typed
from __future__ import annotations

from typing import Any

from linli.access.sealed import open_sealed
from linli.facts.dictionary import Kind, Sensitivity, Subject, dictionary
from linli.kernel import citizen_number, codes, phone
from linli.regions import rules

# Public names of the levels of the tree, by the length of the region order key.
LEVELS = (
    ("province", "省", ("省份", "省（自治区、直辖市）", "所在省"), 2),
    ("city", "市", ("地市", "所在市"), 4),
    ("district", "区县", ("区", "县", "县区", "县（市、区）", "所属区县", "市/县/区"), 6),
    ("street", "街道", ("乡镇", "街道（乡镇）", "乡镇/街道", "街镇", "所属街道", "乡（镇）、街道"), 9),
    (
        "community",
        "社区",
        ("村居", "社区/村", "居委会", "所属社区", "社区（村）", "村（居）委会", "居（村）委会"),
        12,
    ),
    ("grid", "所属网格", ("网格", "网格名称", "所在网格", "网格号", "片组片格", "所属片格"), 15),
)

# Middle levels of the official lists that are not names, as SQL.
NAMELESS = "(" + ", ".join(f"'{name}'" for name in rules.NAMELESS) + ")"


def region_name_sql(key: str, length: int) -> str:
    """SQL for the spoken name of the ancestor of a region key at a level. The city of a municipality's district is
    the municipality: 市辖区 is no name that anybody writes."""
    name = "coalesce(nullif(g.short_name, ''), g.name)"
    if length == 4:
        name = (
            f"CASE WHEN g.name IN {NAMELESS} THEN (SELECT p.name FROM regions_region p "
            f"WHERE p.region_code = left({key}, 2)) ELSE {name} END"
        )
    return (
        f"(SELECT {name} FROM regions_region g "
        f"WHERE g.region_code = left({key}, {length}) AND length({key}) >= {length})"
    )


def region_path_sql(key: str, first: int = 2, last: int = 12) -> str:
    """SQL for the names from one level to another in one string: 北京市延庆区香水园街道. Nameless middle levels
    (市辖区) are left out."""
    return (
        f"(SELECT string_agg(coalesce(nullif(g.short_name, ''), g.name), '' ORDER BY g.region_code) "
        f"FROM regions_region g WHERE g.region_code = ANY(ARRAY[left({key},2), left({key},4), left({key},6), "
        f"left({key},9), left({key},12)]) AND length(g.region_code) BETWEEN {first} AND {last} "
        f"AND g.name NOT IN {NAMELESS})"
    )


def add_region_elements(subject: Subject, key: str = "{t}.region_code") -> None:
    """Give a subject the names of the regions its row lies in."""
    subject.element("region_code", "区域序码", sql=key)
    for name, label, also, length in LEVELS:
        subject.element(
            name, label, also=also, sql=region_name_sql(key, length), standard="GB/T 2260、GB/T 10114"
        )
    subject.element(
        "division",
        "所属区划",
        also=("行政区划", "区划"),
        sql=region_path_sql(key, 2, 6),
        standard="GB/T 2260",
    )
    subject.element(
        "division_code",
        "区划代码",
        also=("行政区划代码",),
        sql=f"left({key}, 6)",
        standard="GB/T 2260",
    )
    subject.element(
        "postcode",
        "邮政编码",
        also=("邮编",),
        sql=(
            "(SELECT g.postcode FROM regions_region g WHERE g.postcode <> '' AND g.region_code = ANY(ARRAY["
            f"left({key},4), left({key},6), left({key},9), left({key},12)]) ORDER BY g.region_code DESC LIMIT 1)"
        ),
    )


def opened(purpose: str) -> Any:
    """A decoder for a sealed column."""
    return lambda value: open_sealed(value, purpose)


def empty_to_none(value: Any) -> Any:
    return value or None


SENSITIVE_NUMBER = {
    "sensitivity": Sensitivity.SENSITIVE,
    "decode": opened("id_number"),
    "mask": citizen_number.mask,
    "standard": "GB 11643",
}
PERSONAL_PHONE = {"sensitivity": Sensitivity.PERSONAL, "decode": opened("phone"), "mask": phone.mask}

community = dictionary.add(
    Subject(
        "community",
        "社区",
        table="regions_region",
        region="region_code",
        also=("居委会", "村居", "村"),
        default="in_force",
        order="{t}.region_code",
        note="设居民委员会（村民委员会）的区域。",
    )
)
community.condition(
    "in_force",
    "现行",
    sql="{t}.level = 5 AND ({t}.valid_from IS NULL OR {t}.valid_from <= {on}) AND ({t}.valid_to IS NULL OR {t}.valid_to > {on})",
)
add_region_elements(community)
community.element("name", "社区名称", also=("居委会名称", "村（居）名称", "单位名称"), sql="{t}.name")
community.element("address", "办公地址", also=("社区地址",), sql="{t}.address")
community.element("phone", "办公电话", also=("社区电话", "联系电话"), sql="{t}.phone")
community.measure("communities", "社区数", also=("居委会个数",), unit="个")

estate = dictionary.add(
    Subject(
        "estate",
        "小区",
        table="places_estate",
        region="region_code",
        also=("居民小区", "住宅小区", "院落"),
        order="{t}.region_code, {t}.name",
    )
)
add_region_elements(estate)
estate.element("name", "小区名称", also=("小区", "小区/地址", "小区（院落）名称", "院落名称"), sql="{t}.name")
estate.element("address", "小区地址", also=("地址", "详细地址"), sql="{t}.address")
estate.element(
    "management",
    "管理方式",
    also=("物业管理方式", "管理类型"),
    sql="CASE {t}.management WHEN 'property' THEN '物业管理' WHEN 'self' THEN '居民自管' WHEN 'unit' THEN '单位代管' "
    "WHEN 'abandoned' THEN '弃管' END",
)
estate.element(
    "property_company",
    "物业公司",
    also=("物业服务企业", "物业名称", "物业公司名称", "物业管理单位", "物业管理单位名称", "物业单位"),
    sql="{t}.property_company",
)
estate.element("property_phone", "物业电话", also=("物业联系电话", "物业公司电话"), sql="{t}.property_phone")
estate.element(
    "built_year", "建成年份", also=("建成时间", "建成年代"), sql="{t}.built_year", kind=Kind.INTEGER
)
estate.element(
    "buildings",
    "楼栋数",
    also=("楼栋总数", "幢数"),
    sql="(SELECT count(*) FROM places_building b WHERE b.estate_id = {t}.id)",
    kind=Kind.INTEGER,
    unit="栋",
)
estate.measure("estates", "小区数", unit="个")

building = dictionary.add(
    Subject(
        "building",
        "楼栋",
        table="places_building",
        region="region_code",
        also=("楼宇", "建筑", "居民楼", "楼房"),
        order="{t}.region_code, {t}.estate_id, {t}.position, {t}.id",
    )
)
building.link("estate", "所属小区", to="estate", also=("小区",), on="{r}.id = {t}.estate_id")
add_region_elements(building)
building.element("id", "楼栋编号", sql="{t}.id", kind=Kind.INTEGER, note="本系统内的编号。")
building.element(
    "name",
    "楼栋名称",
    also=("楼宇名称", "楼名", "楼栋", "建筑名称", "楼栋号", "幢名称", "小区/建筑名称"),
    sql="{>estate}.name || {t}.name",
)
building.element("number", "楼号", also=("幢", "栋", "楼栋号", "幢号", "栋号"), sql="{t}.number")
building.element(
    "address",
    "楼栋地址",
    also=("楼宇地址", "地址", "详细地址", "建筑地址"),
    sql="coalesce(nullif({t}.address, ''), {>estate}.address)",
)
building.element(
    "kind",
    "楼栋类型",
    also=("楼宇类型", "建筑类型", "房屋类型", "类型"),
    sql="CASE {t}.kind WHEN 'residential' THEN '住宅楼' WHEN 'mixed' THEN '商住楼' WHEN 'bungalow' THEN '平房' "
    "WHEN 'office' THEN '办公楼' WHEN 'commercial' THEN '商业楼' ELSE '其他' END",
)
building.element(
    "floors",
    "楼层数",
    also=("层数", "总层数", "地上层数", "楼层"),
    sql="{t}.floors",
    kind=Kind.INTEGER,
    unit="层",
)
building.element(
    "lifts", "电梯数", also=("电梯数量", "电梯部数"), sql="{t}.lifts", kind=Kind.INTEGER, unit="部"
)
building.element("has_lift", "有无电梯", also=("是否有电梯",), sql="{t}.lifts > 0", kind=Kind.BOOLEAN)
building.element(
    "has_gas", "通燃气", also=("是否通燃气", "是否通天然气"), sql="{t}.has_gas", kind=Kind.BOOLEAN
)
building.element(
    "built_year",
    "建成年份",
    also=("建成时间", "建成年代", "建造年代", "建筑年代"),
    sql="{t}.built_year",
    kind=Kind.INTEGER,
    unit="年",
)
building.element("structure", "结构", also=("建筑结构", "房屋结构"), sql="{t}.structure")
building.element(
    "area",
    "建筑面积",
    also=("总面积", "建筑面积（平方米）"),
    sql="{t}.area",
    kind=Kind.DECIMAL,
    unit="平方米",
)
building.element("longitude", "经度", sql="{t}.longitude", kind=Kind.DECIMAL, standard="GCJ-02")
building.element("latitude", "纬度", sql="{t}.latitude", kind=Kind.DECIMAL, standard="GCJ-02")
building.element(
    "units",
    "单元数",
    also=("单元数量", "单元个数"),
    sql="(SELECT count(*) FROM places_unit u WHERE u.building_id = {t}.id)",
    kind=Kind.INTEGER,
    unit="个",
)
building.element(
    "homes",
    "户室数",
    also=("总户数", "户数", "房屋套数", "房间数"),
    sql="(SELECT count(*) FROM places_home h WHERE h.building_id = {t}.id)",
    kind=Kind.INTEGER,
    unit="户",
)
building.element(
    "residents",
    "居住人数",
    also=("常住人数", "居住人口", "人口数", "人数", "约居住人数"),
    sql="(SELECT count(*) FROM people_residence r JOIN places_home h ON h.id = r.home_id "
    "WHERE h.building_id = {t}.id AND r.kind = 'living' AND r.period @> {on})",
    kind=Kind.INTEGER,
    unit="人",
)
building.measure("buildings", "楼栋数", also=("居民楼栋数", "楼房栋数"), unit="栋")

_EMPTY = "NOT EXISTS (SELECT 1 FROM people_residence r WHERE r.home_id = {t}.id AND r.kind = 'living' AND r.period @> {on})"

home = dictionary.add(
    Subject(
        "home",
        "房屋",
        table="places_home",
        region="region_code",
        also=("实有房屋", "住房", "户室", "出租房", "出租房屋"),
        order="{t}.region_code, {t}.building_id, {t}.unit_id, {t}.floor, {t}.position, {t}.id",
    )
)
home.link("building", "所在楼栋", to="building", on="{r}.id = {t}.building_id")
home.link("estate", "所属小区", to="estate", path="building.estate")
add_region_elements(home)
home.element(
    "address",
    "房屋地址",
    also=(
        "房屋详细地址",
        "详细地址",
        "地址",
        "房屋坐落",
        "坐落",
        "出租房屋地址",
        "出租屋地址",
        "房屋准确地址",
        "出租房地址",
        "地址名称",
        "房屋所在地址",
        "住址",
    ),
    sql="{t}.full_address",
)
home.element(
    "door", "门牌号", also=("室", "房屋编号", "房号", "室号", "房间号", "户室", "门牌地址"), sql="{t}.door"
)
home.element(
    "unit", "单元", also=("单元号",), sql="(SELECT u.name FROM places_unit u WHERE u.id = {t}.unit_id)"
)
home.element(
    "unit_door",
    "单元门牌",
    also=("门牌地址", "单元房号", "单元室"),
    sql="coalesce((SELECT u.name FROM places_unit u WHERE u.id = {t}.unit_id), '') || {t}.door || '室'",
)
home.element("floor", "所在层", also=("楼层", "所在楼层"), sql="{t}.floor", kind=Kind.INTEGER, unit="层")
home.element(
    "building_name", "楼栋名称", also=("楼栋", "楼宇名称", "幢号", "楼号", "建筑物名称"), path="building.name"
)
home.element("estate_name", "小区名称", also=("小区", "所属小区"), path="building.estate.name")
home.element(
    "use",
    "房屋用途",
    also=("用途", "建筑用途", "使用性质"),
    sql="CASE {t}.use WHEN 'living' THEN '住宅' WHEN 'shop' THEN '商铺' WHEN 'office' THEN '办公' WHEN 'store' THEN '仓储' "
    "ELSE '其他' END",
    standard="GB/T 31000",
)
home.element(
    "tenure",
    "居住方式",
    also=("房屋使用情况", "使用情况", "居住类型", "房屋性质"),
    sql="CASE WHEN {t}.tenure <> 'let' AND "
    + _EMPTY
    + " THEN '空置' ELSE CASE {t}.tenure WHEN 'owned' THEN '自住' "
    "WHEN 'let' THEN '出租' WHEN 'lent' THEN '借住' WHEN 'public' THEN '公租房' WHEN 'dormitory' THEN '单位宿舍' END END",
)
home.element(
    "is_let",
    "是否出租",
    also=("出租", "是否为出租房", "是否出租房", "是否出租房屋"),
    sql="{t}.tenure = 'let'",
    kind=Kind.BOOLEAN,
)
home.element(
    "is_empty", "是否空置", also=("空置",), sql="{t}.tenure <> 'let' AND " + _EMPTY, kind=Kind.BOOLEAN
)
home.element(
    "area",
    "建筑面积",
    also=(
        "面积",
        "房屋面积",
        "建筑面积（平方米）",
        "出租面积",
        "住房面积",
        "出租房面积",
        "出租房屋面积",
        "本户建筑面积",
    ),
    sql="{t}.area",
    kind=Kind.DECIMAL,
    unit="平方米",
)
home.element(
    "rooms", "间数", also=("房间数", "出租间数", "房屋间数"), sql="{t}.rooms", kind=Kind.INTEGER, unit="间"
)
home.element(
    "certificate",
    "产权证号",
    also=("房产证号", "房屋权证号", "房屋产权证号", "不动产权证号", "房产证号码"),
    sql="{t}.certificate",
)
home.element(
    "owner_name",
    "房主姓名",
    also=(
        "房主",
        "产权人",
        "房东姓名",
        "房东",
        "出租人",
        "出租人姓名",
        "业主",
        "业主姓名",
        "户主（房主）",
        "代表人/业主",
        "产权人姓名",
    ),
    sql="{t}.owner_name",
    sensitivity=Sensitivity.PERSONAL,
)
home.element(
    "owner_phone",
    "房主电话",
    also=(
        "房主联系电话",
        "房东电话",
        "出租人电话",
        "出租人联系电话",
        "产权人电话",
        "业主电话",
        "房东联系电话",
        "房东手机",
        "出租人手机",
        "产权人手机",
        "业主手机",
        "房主手机",
    ),
    sql="{t}.owner_phone",
    **PERSONAL_PHONE,
)
home.element(
    "owner_id_number",
    "房主证件号码",
    also=(
        "房主身份证号",
        "房主身份证号码",
        "出租人身份证号",
        "出租人证件号码",
        "房东身份证号",
        "业主身份证号",
        "产权人证件号码",
        "业主证件号码",
        "房东证件号码",
        "产权人身份证号",
        "房主证件号",
    ),
    sql="{t}.owner_id_number",
    **SENSITIVE_NUMBER,
)
home.element(
    "letting_use",
    "出租用途",
    also=(
        "租赁用途",
        "出租房用途",
        "出租房屋用途",
    ),
    sql="nullif({t}.letting_use, '')",
    kind=Kind.CODE,
    codes=codes.LETTING_USE,
    standard="GB/T 31000",
)
home.element(
    "let_from",
    "起租日期",
    also=("租赁开始日期", "出租日期", "租赁起始时间", "出租时间"),
    sql="{t}.let_from",
    kind=Kind.DATE,
)
home.element(
    "let_until",
    "租赁到期日期",
    also=("租赁截止日期", "租期至", "到期日期"),
    sql="{t}.let_until",
    kind=Kind.DATE,
)
home.element(
    "rent", "月租金", also=("租金", "月租金（元）", "房租"), sql="{t}.rent", kind=Kind.MONEY, unit="元"
)
home.element(
    "hazard",
    "隐患类型",
    also=("隐患情况", "安全隐患", "隐患"),
    sql="nullif({t}.hazard, '')",
    kind=Kind.CODE,
    codes=codes.HAZARD,
    standard="GB/T 31000",
)
home.element(
    "residents",
    "居住人数",
    also=("现住人数", "入住人数", "人数", "租住人数", "承租人数", "实住人数", "实际居住人数"),
    sql="(SELECT count(*) FROM people_residence r WHERE r.home_id = {t}.id AND r.kind = 'living' AND r.period @> {on})",
    kind=Kind.INTEGER,
    unit="人",
)
home.condition("for_living", "住宅", sql="{t}.use = 'living'")
home.condition("let", "出租", also=("出租房", "出租房屋", "租赁房屋", "群租房"), sql="{t}.tenure = 'let'")
home.condition(
    "empty",
    "空置",
    also=("空置房",),
    sql="{t}.use = 'living' AND {t}.tenure <> 'let' AND " + _EMPTY,
    note="住宅，没有出租，也没有人居住。",
)
home.measure("homes", "房屋套数", also=("住房套数", "户室数", "房屋数"), unit="套")
home.measure("homes_let", "出租房屋套数", also=("出租房数", "出租屋数"), where=("let",), unit="套")
home.measure("homes_empty", "空置房屋套数", where=("empty",), unit="套")
