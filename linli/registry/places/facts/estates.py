"""What can be asked of estates, buildings and back streets."""

# ruff: noqa: S608  the SQL is put together from constants
from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.kernel import codes
from linli.registry.places.facts.regions import KNOWN_RESIDENT, add_region_elements

estate = dictionary.add(
    Subject(
        "estate",
        "小区",
        table="places_estate",
        region="region_code",
        also=("居民小区", "住宅小区", "院落"),
        permission=Permission.VIEW_PLACES,
        page="places:estate",
        columns=("name", "community", "address", "management", "buildings"),
        order="{t}.region_code, {t}.name",
    )
)
add_region_elements(estate)
estate.element("name", "小区名称", also=("小区", "小区/地址", "小区（院落）名称", "院落名称"), sql="{t}.name")
estate.element("address", "小区地址", also=("地址", "详细地址"), sql="{t}.address")


def _managed(column: str) -> str:
    """SQL for what the management of an estate is on the day."""
    return f"(SELECT {column} FROM places_estatemanagement m WHERE m.estate_id = {{t}}.id AND m.period @> {{on}})"


estate.element(
    "management",
    "管理方式",
    also=("物业管理方式", "管理类型", "物业管理模式"),
    sql=_managed(
        "CASE m.way WHEN 'property' THEN '物业管理' WHEN 'self' THEN '居民自管' WHEN 'unit' THEN '单位代管' "
        "WHEN 'abandoned' THEN '弃管' END"
    ),
)
estate.element(
    "property_company",
    "物业公司",
    also=(
        "物业服务企业",
        "物业名称",
        "物业公司名称",
        "物业管理单位",
        "物业管理单位名称",
        "物业服务单位",
        "物业单位",
    ),
    sql=_managed("nullif(m.company, '')"),
)
estate.element(
    "property_phone",
    "物业电话",
    also=("物业联系电话", "物业公司电话"),
    sql=_managed("nullif(m.phone, '')"),
)
estate.element(
    "property_fee",
    "物业费标准",
    also=("物业费", "物业收费标准", "物业费单价"),
    sql=_managed("m.fee"),
    kind=Kind.MONEY,
    unit="元/平方米·月",
)
estate.element(
    "managed_since",
    "管理开始日期",
    also=("物业进驻时间", "物业合同开始日期", "合同开始日期"),
    sql=_managed("lower(m.period)"),
    kind=Kind.DATE,
)
estate.element(
    "contract_until",
    "物业合同到期日",
    also=("合同到期日", "合同到期时间", "物业合同到期时间", "合同截止日期"),
    sql=_managed("m.contract_until"),
    kind=Kind.DATE,
)
estate.element("developer", "开发商", also=("开发单位", "建设单位"), sql="nullif({t}.developer, '')")
estate.element(
    "heating",
    "供暖方式",
    also=("采暖方式", "取暖方式"),
    sql="CASE {t}.heating WHEN 'central' THEN '集中供暖' WHEN 'gas' THEN '燃气壁挂炉' WHEN 'electric' THEN '电采暖' "
    "WHEN 'stove' THEN '煤炉、土暖气' WHEN 'none' THEN '无供暖' END",
)
estate.element(
    "parking_indoor",
    "室内车位数",
    also=("地下车位数", "车库车位数"),
    sql="{t}.parking_indoor",
    kind=Kind.INTEGER,
    unit="个",
)
estate.element(
    "parking_outdoor",
    "室外车位数",
    also=("地面车位数", "露天车位数", "地上车位数"),
    sql="{t}.parking_outdoor",
    kind=Kind.INTEGER,
    unit="个",
)
estate.element("safety_officer", "安全负责人", also=("消防安全责任人",), sql="nullif({t}.safety_officer, '')")
estate.element(
    "safety_phone", "安全负责人电话", also=("安全负责人联系电话",), sql="nullif({t}.safety_phone, '')"
)
estate.element(
    "entrances",
    "出入口数",
    also=("出入口数量", "大门数"),
    sql="(SELECT count(*) FROM places_entrance x WHERE x.estate_id = {t}.id)",
    kind=Kind.INTEGER,
    unit="个",
)
estate.element(
    "homes",
    "户数",
    also=("总户数", "房屋套数", "户室数"),
    sql="(SELECT count(*) FROM places_home h JOIN places_building b ON b.id = h.building_id WHERE b.estate_id = {t}.id "
    "AND (h.began_on IS NULL OR h.began_on <= {on}) AND (h.ended_on IS NULL OR h.ended_on > {on}))",
    kind=Kind.INTEGER,
    unit="户",
)
estate.element(
    "residents",
    "居住人数",
    also=("常住人数", "居住人口", "人口数", "约居住人数"),
    sql="(SELECT count(*) FROM people_residence r JOIN places_home h ON h.id = r.home_id JOIN places_building b "
    "ON b.id = h.building_id WHERE b.estate_id = {t}.id AND r.kind = 'living' AND r.period @> {on} "
    + KNOWN_RESIDENT
    + ")",
    kind=Kind.INTEGER,
    unit="人",
)
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
for _way, _label, _also in (
    ("property", "物业管理", ("有物业", "专业化物业管理")),
    ("self", "居民自管", ("自管", "业主自管")),
    ("unit", "单位代管", ("单位管理",)),
    ("abandoned", "弃管", ("无物业", "无人管理", "失管", "三无小区")),
):
    estate.condition(
        _way,
        _label,
        also=_also,
        sql=_managed("true").replace("m.period @>", f"m.way = '{_way}' AND m.period @>"),
    )
estate.condition(
    "contract_due",
    "物业合同将到期",
    also=("合同到期", "物业合同到期"),
    sql=_managed("true").replace(
        "m.period @>", "m.contract_until IS NOT NULL AND m.contract_until < {on} + 90 AND m.period @>"
    ),
    note="现行合同在 90 天内到期，或已到期未续签。",
)
estate.condition(
    "old",
    "2000 年底前建成",
    also=("老旧小区", "老旧住宅小区", "老旧院落"),
    sql="{t}.built_year <= 2000",
    note="国办发〔2020〕23号：2000 年底前建成的为重点改造对象；建成年份没有登记的不算在内。",
)
estate.measure("estates", "小区数", also=("住宅小区数", "小区个数"), unit="个")
estate.measure("estates_managed", "物业管理小区数", where=("property",), unit="个")
estate.measure(
    "estates_abandoned", "弃管小区数", also=("无物业小区数", "三无小区数"), where=("abandoned",), unit="个"
)

building = dictionary.add(
    Subject(
        "building",
        "楼栋",
        table="places_building",
        region="region_code",
        also=("楼宇", "建筑", "居民楼", "楼房"),
        permission=Permission.VIEW_PLACES,
        page="places:building",
        columns=("name", "community", "kind", "floors", "homes", "residents"),
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
building.element(
    "estate_name",
    "小区名称",
    also=("小区", "所属小区", "所在小区", "小区（院落）名称", "院落名称"),
    path="estate.name",
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
_LIFTS_RECORDED = "(SELECT count(*) FROM places_lift l WHERE l.building_id = {t}.id)"
building.element(
    "lifts_recorded",
    "逐部登记的电梯数",
    also=("已登记电梯数",),
    sql=_LIFTS_RECORDED,
    kind=Kind.INTEGER,
    unit="部",
    note="电梯数是这栋楼有几部；逐部登记的少于它，是还没有登记全。",
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
building.element(
    "basements", "地下层数", also=("地下楼层数",), sql="{t}.basements", kind=Kind.INTEGER, unit="层"
)
building.element(
    "lifts_since",
    "电梯安装年份",
    also=("电梯安装时间", "电梯投用年份"),
    sql="{t}.lifts_since",
    kind=Kind.INTEGER,
    unit="年",
)
building.element(
    "lifts_checked_until",
    "电梯检验有效期至",
    also=("电梯下次检验日期", "下次检验日期", "电梯检验日期"),
    sql="{t}.lifts_checked_until",
    kind=Kind.DATE,
)
building.element(
    "heating",
    "供暖方式",
    also=("采暖方式", "取暖方式"),
    sql="CASE coalesce(nullif({t}.heating, ''), {>estate}.heating) WHEN 'central' THEN '集中供暖' "
    "WHEN 'gas' THEN '燃气壁挂炉' WHEN 'electric' THEN '电采暖' WHEN 'stove' THEN '煤炉、土暖气' WHEN 'none' THEN '无供暖' END",
)
building.element(
    "structure",
    "建筑结构",
    also=("结构", "房屋结构", "结构类型"),
    sql="nullif({t}.structure, '')",
    kind=Kind.CODE,
    codes=codes.STRUCTURE,
    standard="GB/T 17986.1",
)
building.element(
    "property_company",
    "物业公司",
    also=("物业管理单位", "物业服务单位", "物业服务企业", "物业单位"),
    path="estate.property_company",
)
building.element("property_phone", "物业电话", also=("物业联系电话",), path="estate.property_phone")
building.element("property_fee", "物业费标准", path="estate.property_fee", kind=Kind.MONEY)
building.element(
    "shops",
    "底商数",
    also=("底商", "商铺数"),
    sql="(SELECT count(*) FROM places_home h WHERE h.building_id = {t}.id AND h.use = 'shop' "
    "AND (h.began_on IS NULL OR h.began_on <= {on}) AND (h.ended_on IS NULL OR h.ended_on > {on}))",
    kind=Kind.INTEGER,
    unit="户",
)
building.element(
    "area",
    "建筑面积",
    also=("总面积", "建筑面积（平方米）"),
    sql="{t}.area",
    kind=Kind.DECIMAL,
    unit="平方米",
)
building.element("longitude", "经度", sql="{t}.longitude", kind=Kind.DECIMAL, standard="CGCS2000（WGS-84）")
building.element("latitude", "纬度", sql="{t}.latitude", kind=Kind.DECIMAL, standard="CGCS2000（WGS-84）")
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
    also=("总户数", "户数", "住户数", "房屋套数", "房间数"),
    sql="(SELECT count(*) FROM places_home h WHERE h.building_id = {t}.id AND (h.began_on IS NULL OR h.began_on <= {on}) AND (h.ended_on IS NULL OR h.ended_on > {on}))",
    kind=Kind.INTEGER,
    unit="户",
)
building.element(
    "residents",
    "居住人数",
    also=("常住人数", "居住人口", "人口数", "人数", "约居住人数"),
    sql="(SELECT count(*) FROM people_residence r JOIN places_home h ON h.id = r.home_id "
    "WHERE h.building_id = {t}.id AND r.kind = 'living' AND r.period @> {on} " + KNOWN_RESIDENT + ")",
    kind=Kind.INTEGER,
    unit="人",
)
building.condition("with_lift", "有电梯", also=("带电梯",), sql="{t}.lifts > 0")
building.condition(
    "lifts_unrecorded",
    "电梯没有逐部登记全",
    sql="{t}.lifts > " + _LIFTS_RECORDED,
    note="登记的电梯部数比这栋楼的电梯数少，检验到期提醒不全。",
)
building.condition("without_lift", "无电梯", also=("没有电梯",), sql="{t}.lifts = 0")
building.condition(
    "lift_check_due",
    "电梯检验到期",
    also=("电梯超期未检",),
    sql="{t}.lifts > 0 AND {t}.lifts_checked_until < {on} + 30",
    note="检验有效期已过，或在 30 天内到期。",
)
building.condition("without_gas", "未通燃气", sql="{t}.has_gas = false")
building.condition(
    "old",
    "2000 年底前建成",
    also=("老旧楼栋", "老旧小区楼栋"),
    sql="{t}.built_year <= 2000",
    note="国办发〔2020〕23号：2000 年底前建成的为重点改造对象。",
)
building.measure("lifts", "电梯数", also=("电梯总数",), sql="coalesce(sum({t}.lifts), 0)", unit="部")
building.measure("buildings", "楼栋数", also=("居民楼栋数", "楼房栋数"), unit="栋")

back_street = dictionary.add(
    Subject(
        "back_street",
        "背街小巷",
        table="places_backstreet",
        region="region_code",
        also=("街巷", "小巷", "胡同"),
        permission=Permission.VIEW_PLACES,
        page="places:back_street",
        columns=("name", "community", "course", "length"),
        order="{t}.region_code, {t}.name",
    )
)
add_region_elements(back_street)
back_street.element("name", "街巷名称", also=("背街小巷名称", "街巷名", "胡同名称", "名称"), sql="{t}.name")
back_street.element(
    "course", "起止点", also=("起止位置", "起止点位", "起点终点"), sql="nullif({t}.course, '')"
)
back_street.element("facing", "临街情况", also=("沿线情况", "周边情况"), sql="nullif({t}.facing, '')")
back_street.element(
    "length", "长度", also=("长度（米）", "街巷长度", "全长"), sql="{t}.length", kind=Kind.INTEGER, unit="米"
)
back_street.element(
    "width", "宽度", also=("宽度（米）", "街巷宽度"), sql="{t}.width", kind=Kind.DECIMAL, unit="米"
)
back_street.element(
    "condition",
    "现状",
    also=("环境现状", "街巷现状"),
    sql="CASE {t}.condition WHEN 'good' THEN '良好' WHEN 'fair' THEN '一般' WHEN 'poor' THEN '较差' END",
)
back_street.element(
    "renewal",
    "整治情况",
    also=("整治提升情况", "改造情况", "整治进度"),
    sql="CASE {t}.renewal WHEN 'planned' THEN '已列入计划' WHEN 'under_way' THEN '整治中' WHEN 'done' THEN '已完成' "
    "ELSE '未列入' END",
)
back_street.element(
    "renewed_on", "整治完成日期", also=("完成时间", "整治完成时间"), sql="{t}.renewed_on", kind=Kind.DATE
)
back_street.element("keeper", "街巷长", also=("街巷长姓名", "街长", "巷长"), sql="nullif({t}.keeper, '')")
back_street.element(
    "keeper_phone",
    "街巷长电话",
    also=("街巷长联系电话", "街长电话", "巷长电话", "街巷长手机", "街巷长联系方式"),
    sql="nullif({t}.keeper_phone, '')",
    note="街巷长公示牌上的电话。",
)
back_street.condition("renewed", "已整治", also=("已完成整治",), sql="{t}.renewal = 'done'")
back_street.measure("back_streets", "背街小巷数", also=("街巷条数", "背街小巷条数"), unit="条")
back_street.measure(
    "back_street_metres",
    "背街小巷总长",
    also=("街巷总长度",),
    sql="coalesce(sum({t}.length), 0)",
    unit="米",
)
back_street.measure("back_streets_renewed", "已整治背街小巷数", where=("renewed",), unit="条")
