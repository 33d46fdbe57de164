"""What can be asked of homes."""

# ruff: noqa: S608  the SQL is put together from constants
from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Sensitivity, Subject, dictionary
from linli.kernel import codes
from linli.registry.places.facts.regions import (
    KNOWN_RESIDENT,
    PERSONAL_PHONE,
    SENSITIVE_NUMBER,
    add_region_elements,
)
from linli.registry.places.words import (
    DEED,
    LAND_PAPER,
    ORIGIN,
    ORIGIN_KIND,
    OWNER_KIND,
    OWNER_PAPER,
    PUBLIC_HOUSING,
)

_EMPTY = (
    "NOT EXISTS (SELECT 1 FROM people_residence r WHERE r.home_id = {t}.id AND r.kind = 'living' AND r.period @> {on} "
    + KNOWN_RESIDENT
    + ")"
)

home = dictionary.add(
    Subject(
        "home",
        "房屋",
        table="places_home",
        region="region_code",
        also=("实有房屋", "住房", "户室", "出租房", "出租房屋"),
        permission=Permission.VIEW_PLACES,
        page="places:home",
        columns=("address", "tenure", "residents", "owner_name", "owner_phone"),
        order="{t}.region_code, {t}.building_id, {t}.unit_id, {t}.floor, {t}.position, {t}.id",
        default="standing",
        undated=(
            "use",
            "tenure",
            "area",
            "rooms",
            "layout",
            "origin",
            "certificate",
            "certificate_on",
            "land_paper",
            "land_certificate",
            "land_certificate_on",
            "deed",
            "public_kind",
            "owner_kind",
            "owner_paper",
            "owner_name",
            "owner_phone",
            "owner_id_number",
            "owner_address",
            "letting_use",
            "let_from",
            "let_until",
            "rent",
            "hazard",
            "note",
        ),
        history="places_homeevent",
    )
)
home.condition(
    "standing",
    "现有房屋",
    sql="({t}.began_on IS NULL OR {t}.began_on <= {on}) AND ({t}.ended_on IS NULL OR {t}.ended_on > {on})",
    note="拆分、合并或拆除后注销的房屋不算。",
)
home.condition("ever", "含已注销的房屋", replaces_default=True)
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
home.element("estate_name", "小区名称", also=("小区", "所属小区", "所在小区"), path="building.estate.name")
home.element(
    "use",
    "房屋用途",
    also=("用途", "建筑用途", "建筑物用途", "使用性质"),
    sql="CASE {t}.use WHEN 'living' THEN '住宅' WHEN 'shop' THEN '商铺' WHEN 'office' THEN '办公' WHEN 'store' THEN '仓储' "
    "ELSE '其他' END",
    standard="GB/T 31000",
)
home.element(
    "tenure",
    "居住方式",
    also=("房屋使用情况", "使用情况", "居住类型"),
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
home.element("rooms", "间数", also=("房间数", "房屋间数"), sql="{t}.rooms", kind=Kind.INTEGER, unit="间")
home.element(
    "ownership",
    "房屋性质",
    also=("出租房性质", "产权性质", "出租房屋性质"),
    sql="CASE {t}.ownership WHEN 'private' THEN '私房' WHEN 'public' THEN '公房' WHEN 'company' THEN '企业产房' "
    "WHEN 'other' THEN '其他' END",
)
home.element(
    "category",
    "房屋类别",
    also=("出租房类别", "出租房屋类别"),
    sql="CASE {t}.category WHEN 'flat' THEN '套房' WHEN 'bungalow' THEN '平房' WHEN 'basement' THEN '地下室' "
    "WHEN 'whole' THEN '通天房' WHEN 'other' THEN '其他' END",
)
home.element("layout", "户型", also=("房屋户型", "住房户型", "居室类型"), sql="nullif({t}.layout, '')")
home.element(
    "origin",
    "房屋取得方式",
    also=("取得方式", "自有产权", "房屋取得形式", "产权取得方式"),
    sql="nullif({t}.origin, '')",
    kind=Kind.CODE,
    codes=ORIGIN,
)
home.element(
    "origin_kind",
    "房屋来源",
    also=("住房来源",),
    sql="CASE {t}.origin WHEN '' THEN NULL WHEN 'public' THEN 'rented' ELSE 'owned' END",
    kind=Kind.CODE,
    codes=ORIGIN_KIND,
    note="自有产权还是租赁公房；怎样取得的见“房屋取得方式”。",
)
home.element(
    "certificate_on",
    "产权证发证日期",
    also=(
        "房屋权证发证时间",
        "房产证发证时间",
        "房产证发证日期",
        "产权证发证时间",
        "不动产权证发证日期",
        "房屋权证发证日期",
    ),
    sql="{t}.certificate_on",
    kind=Kind.DATE,
)
home.element(
    "structure",
    "房屋结构",
    also=("出租房结构", "建筑结构", "结构"),
    path="building.structure",
    kind=Kind.CODE,
    codes=codes.STRUCTURE,
)
home.element(
    "built_year", "建成年份", also=("建成时间", "建造年代"), path="building.built_year", kind=Kind.INTEGER
)
home.element(
    "property_company",
    "物业公司",
    also=("物业管理单位", "物业管理单位名称", "物业服务单位", "物业服务企业", "物业单位"),
    path="building.estate.property_company",
)
home.element(
    "certificate",
    "产权证号",
    also=("房产证号", "房屋权证号", "房屋产权证号", "不动产权证号", "房产证号码"),
    sql="{t}.certificate",
)
home.element(
    "land_paper",
    "土地凭证",
    also=("土地证种类", "土地证类型", "土地权属证明", "土地凭证种类"),
    sql="nullif({t}.land_paper, '')",
    kind=Kind.CODE,
    codes=LAND_PAPER,
)
home.element(
    "land_certificate",
    "土地权证号",
    also=(
        "土地使用权证号",
        "土地使用证号",
        "土地证号",
        "国有土地使用证号",
        "国有土地使用权证号",
        "集体土地使用证号",
        "土地证编号",
        "土地权证",
        "土地使用权证",
        "土地证",
    ),
    sql="nullif({t}.land_certificate, '')",
    note="不动产统一登记后，新发的不动产权证同时载明土地使用权，只填产权证号。",
)
home.element(
    "land_certificate_on",
    "土地权证发证日期",
    also=(
        "土地权证发证时间",
        "土地证发证时间",
        "土地证发证日期",
        "土地使用权证发证日期",
        "土地使用证发证日期",
    ),
    sql="{t}.land_certificate_on",
    kind=Kind.DATE,
)
home.element(
    "owner_kind",
    "产权人类型",
    also=(
        "房主类型",
        "业主类型",
        "产权人性质",
        "房屋所有人类型",
        "所有权人类型",
        "产权所有人类型",
        "产权人类别",
    ),
    sql="nullif({t}.owner_kind, '')",
    kind=Kind.CODE,
    codes=OWNER_KIND,
)
home.element(
    "owner_paper",
    "产权人证件类型",
    also=(
        "房主证件类型",
        "业主证件类型",
        "房东证件类型",
        "产权人证件种类",
        "房主证件种类",
        "业主证件种类",
        "产权人证件名称",
    ),
    sql="nullif({t}.owner_paper, '')",
    kind=Kind.CODE,
    codes=OWNER_PAPER,
    standard="不动产登记操作规范",
)
home.element(
    "public_kind",
    "公房种类",
    also=("公房类型", "公房类别", "公房性质", "租赁公房", "公有住房种类", "公有住房类别", "公房产权类别"),
    sql="nullif({t}.public_kind, '')",
    kind=Kind.CODE,
    codes=PUBLIC_HOUSING,
    standard=PUBLIC_HOUSING.standard,
)
home.element(
    "deed",
    "房屋凭证",
    also=(
        "房屋凭证种类",
        "产权证种类",
        "产权证类型",
        "房产证类型",
        "房屋权属证明",
        "权属凭证",
        "房屋权证种类",
    ),
    sql="nullif({t}.deed, '')",
    kind=Kind.CODE,
    codes=DEED,
)
home.element(
    "owner_name",
    "房主姓名",
    also=(
        "房主",
        "产权人",
        "房东姓名",
        "房东",
        "业主",
        "业主姓名",
        "户主（房主）",
        "代表人/业主",
        "产权人姓名",
        "房屋责任人",
        "房屋责任人姓名",
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
        "产权人电话",
        "业主电话",
        "房东联系电话",
        "房东手机",
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
    "owner_address",
    "房主住址",
    also=("房主现居详址", "房东地址", "房主地址", "房东住址", "业主住址", "产权人住址", "房主现住址"),
    sql="nullif({t}.owner_address, '')",
    standard="GB/T 31000",
    sensitivity=Sensitivity.PERSONAL,
)
home.element(
    "residents",
    "居住人数",
    also=("现住人数", "入住人数", "人数", "租住人数", "承租人数", "实住人数", "实际居住人数"),
    sql="(SELECT count(*) FROM people_residence r WHERE r.home_id = {t}.id AND r.kind = 'living' AND r.period @> {on} "
    + KNOWN_RESIDENT
    + ")",
    kind=Kind.INTEGER,
    unit="人",
)
_PUBLIC = "({t}.ownership = 'public' OR {t}.tenure = 'public' OR {t}.public_kind <> '')"
home.condition(
    "public_housing",
    "公房",
    also=("公有住房", "公有房屋", "公产房"),
    sql=_PUBLIC,
    note="房屋性质是公房、居住方式是公租房，或登记了公房种类的。",
)
for _key, _label, _also in (
    ("direct", "直管公房", ("直管公有住房",)),
    ("self", "自管公房", ("单位自管公房", "单位公房")),
):
    home.condition(f"public_{_key}", _label, also=_also, sql=f"{{t}}.public_kind = '{_key}'")
home.condition("for_living", "住宅", sql="{t}.use = 'living'")
home.condition("let", "出租", also=("出租房", "出租房屋", "租赁房屋"), sql="{t}.tenure = 'let'")
home.condition(
    "empty",
    "空置",
    also=("空置房",),
    sql="{t}.use = 'living' AND {t}.tenure <> 'let' AND " + _EMPTY,
    note="住宅，没有出租，也没有人居住。",
)
home.measure("homes", "房屋套数", also=("住房套数", "户室数", "房屋数"), unit="套")
home.measure(
    "homes_public", "公房套数", also=("公有住房套数", "公房户数"), where=("public_housing",), unit="套"
)
home.measure("homes_let", "出租房屋套数", also=("出租房数", "出租屋数"), where=("let",), unit="套")
home.measure("homes_empty", "空置房屋套数", where=("empty",), unit="套")
