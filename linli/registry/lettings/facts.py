"""What can be asked of lettings and hazards, and what they say of homes."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Sensitivity, Subject, dictionary
from linli.kernel import codes
from linli.registry.lettings.models import Grade, LandlordKind
from linli.registry.places.facts import PERSONAL_PHONE, SENSITIVE_NUMBER, add_region_elements
from linli.registry.places.words import OWNER_PAPER


def _cases(column: str, choices: list[tuple[str, str]]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{label}'" for key, label in choices) + " END"


def _listed(choices: type[LandlordKind] | type[Grade]) -> list[tuple[str, str]]:
    return [(one.value, str(one.label)) for one in choices]


letting = dictionary.add(
    Subject(
        "letting",
        "租约",
        table="lettings_letting",
        region="region_code",
        also=("租赁合同",),
        default="running",
        permission=Permission.VIEW_PEOPLE,
        page="lettings:letting",
        order="{t}.region_code, {t}.home_id, {t}.id",
        note="一套房屋（或其中几间）的一次出租。",
    )
)
letting.condition("running", "在租", sql="{t}.period @> {on}")
letting.condition(
    "overdue",
    "租约到期未续",
    also=("租约已到期",),
    sql="{t}.period @> {on} AND {t}.agreed_until < {on}",
    replaces_default=True,
)
letting.link("home", "房屋", to="home", on="{r}.id = {t}.home_id")
letting.link("landlord", "出租人", to="person", also=("房东",), on="{r}.id = {t}.landlord_id")
letting.link("tenant", "承租人", to="person", also=("租户",), on="{r}.id = {t}.tenant_id")
add_region_elements(letting)
letting.element("address", "房屋地址", also=("出租房地址", "地址"), path="home.address")
letting.element("landlord_kind", "出租人类型", sql=_cases("{t}.landlord_kind", _listed(LandlordKind)))
letting.element(
    "landlord_name",
    "出租人姓名",
    also=("出租人", "房东姓名", "房东"),
    sql="{t}.landlord_name",
    sensitivity=Sensitivity.PERSONAL,
)
letting.element(
    "landlord_phone",
    "出租人电话",
    also=("房东电话", "出租人联系电话"),
    sql="CASE WHEN octet_length({t}.landlord_phone) > 0 THEN {t}.landlord_phone ELSE {>landlord}.phone END",
    **PERSONAL_PHONE,
)
letting.element(
    "landlord_paper",
    "出租人证件类型",
    also=("房东证件类型", "出租人证件种类"),
    sql="nullif({t}.landlord_paper, '')",
    kind=Kind.CODE,
    codes=OWNER_PAPER,
)
letting.element(
    "landlord_number",
    "出租人证件号码",
    also=("出租人身份证号", "房东身份证号"),
    sql="CASE WHEN octet_length({t}.landlord_number) > 0 THEN {t}.landlord_number ELSE {>landlord}.id_number END",
    **SENSITIVE_NUMBER,
)
letting.element(
    "tenant_name",
    "承租人姓名",
    also=("承租人", "租户", "租客"),
    sql="nullif({t}.tenant_name, '')",
    sensitivity=Sensitivity.PERSONAL,
)
letting.element(
    "tenant_phone",
    "承租人电话",
    also=("租户电话", "承租人联系电话"),
    sql="CASE WHEN octet_length({t}.tenant_phone) > 0 THEN {t}.tenant_phone ELSE {>tenant}.phone END",
    **PERSONAL_PHONE,
)
letting.element(
    "since", "起租日期", also=("出租日期", "租赁开始日期"), sql="lower({t}.period)", kind=Kind.DATE
)
letting.element(
    "agreed_until", "租约到期日", also=("到期日期", "租期至"), sql="{t}.agreed_until", kind=Kind.DATE
)
letting.element("rent", "月租金", also=("租金", "房租"), sql="{t}.rent", kind=Kind.MONEY, unit="元")
letting.element(
    "use",
    "出租用途",
    sql="nullif({t}.use, '')",
    kind=Kind.CODE,
    codes=codes.LETTING_USE,
    standard="GB/T 31000",
)
letting.measure("lettings", "租约数", also=("在租户数",), unit="份")
letting.measure("rent_total", "月租金合计", sql="coalesce(sum({t}.rent), 0)", unit="元")

# What homes say of their lettings on the day. Of several that run beside each other the earliest speaks, and rents are added.
_RUNNING = "FROM lettings_letting l WHERE l.home_id = {t}.id AND l.period @> {on}"


def _of(column: str) -> str:
    return f"(SELECT {column} {_RUNNING} ORDER BY lower(l.period) NULLS FIRST, l.id LIMIT 1)"


_OPEN = "FROM lettings_hazard z WHERE z.home_id = {t}.id AND z.found_on <= {on} AND (z.fixed_on IS NULL OR z.fixed_on > {on})"
home = dictionary.subject("home")
home.element(
    "letting_use",
    "出租用途",
    also=("租赁用途", "出租房用途", "出租房屋用途"),
    sql=_of("nullif(l.use, '')"),
    kind=Kind.CODE,
    codes=codes.LETTING_USE,
    standard="GB/T 31000",
)
home.element(
    "let_from",
    "起租日期",
    also=("租赁开始日期", "出租日期", "租赁起始时间", "出租时间"),
    sql=_of("lower(l.period)"),
    kind=Kind.DATE,
)
home.element(
    "let_until",
    "租赁到期日期",
    also=("租赁截止日期", "租期至", "到期日期"),
    sql=_of("l.agreed_until"),
    kind=Kind.DATE,
)
home.element(
    "rent",
    "月租金",
    also=("租金", "月租金（元）", "房租", "月租金(RMB)"),
    sql=f"(SELECT sum(l.rent) {_RUNNING})",
    kind=Kind.MONEY,
    unit="元",
)
home.element("rooms_let", "出租间数", sql=f"(SELECT sum(l.rooms) {_RUNNING})", kind=Kind.INTEGER, unit="间")
home.element(
    "most",
    "限住人数",
    also=("核定人数", "最多居住人数"),
    sql=f"(SELECT sum(l.most) {_RUNNING})",
    kind=Kind.INTEGER,
    unit="人",
)
home.element(
    "record_number",
    "租赁备案证号",
    also=("租赁备案号", "房屋租赁备案证号", "出租房屋备案号"),
    sql=_of("nullif(l.record_number, '')"),
)
home.element(
    "safety_signed",
    "签订治安责任书",
    also=("是否签订治安责任保证书", "是否签订责任书", "是否签订治安责任书"),
    sql=_of("l.safety_signed"),
    kind=Kind.BOOLEAN,
)
home.element(
    "safe_exit", "有安全通道", also=("有无安全通道", "安全通道"), sql=_of("l.safe_exit"), kind=Kind.BOOLEAN
)
home.element(
    "fire_lane", "有消防通道", also=("有无消防通道", "消防通道"), sql=_of("l.fire_lane"), kind=Kind.BOOLEAN
)
home.element("grade", "管理类别", also=("出租房管理类别",), sql=_of(_cases("l.grade", _listed(Grade))))
home.element("landlord_kind", "出租人类型", sql=_of(_cases("l.landlord_kind", _listed(LandlordKind))))


def _lets(of_letting: str, of_owner: str) -> str:
    """What the running letting tells of who lets the home; of a home that is let without one, what the owner's record tells."""
    return (
        f"CASE WHEN EXISTS (SELECT 1 {_RUNNING}) THEN {_of(of_letting)} "
        f"WHEN {{t}}.tenure = 'let' THEN {of_owner} END"
    )


def _landlords(column: str, of_person: str, of_owner: str) -> str:
    """A sealed fact of the landlord: the letting's, else of the person it points to, else of the owner of that name."""
    return _lets(
        f"CASE WHEN octet_length(l.{column}) > 0 THEN l.{column} "  # noqa: S608
        f"WHEN l.landlord_id IS NOT NULL THEN (SELECT p.{of_person} FROM people_person p WHERE p.id = l.landlord_id) "
        f"WHEN l.landlord_name = {{t}}.owner_name THEN {{t}}.{of_owner} END",
        f"{{t}}.{of_owner}",
    )


home.element(
    "landlord_name",
    "出租人姓名",
    also=("出租人", "出租方", "出租人（房东）"),
    sql=_lets("l.landlord_name", "nullif({t}.owner_name, '')"),
    sensitivity=Sensitivity.PERSONAL,
    note="在租的租约上的出租人；没有租约的出租房取房主。",
)
home.element(
    "landlord_phone",
    "出租人电话",
    also=("出租人联系电话", "出租人手机", "出租人联系手机", "出租方电话"),
    sql=_landlords("landlord_phone", "phone", "owner_phone"),
    note="在租的租约上的出租人；没有租约的出租房取房主。",
    **PERSONAL_PHONE,
)
home.element(
    "landlord_id_number",
    "出租人证件号码",
    also=("出租人身份证号", "出租人身份证号码"),
    sql=_landlords("landlord_number", "id_number", "owner_id_number"),
    note="在租的租约上的出租人；没有租约的出租房取房主。",
    **SENSITIVE_NUMBER,
)
home.element(
    "landlord_paper",
    "出租人证件类型",
    also=("出租人证件种类", "出租方证件类型", "出租人证件名称"),
    sql=_lets(
        "coalesce(nullif(l.landlord_paper, ''), CASE WHEN l.landlord_name = {t}.owner_name THEN nullif({t}.owner_paper, '') END)",
        "nullif({t}.owner_paper, '')",
    ),
    kind=Kind.CODE,
    codes=OWNER_PAPER,
    note="租约上的；出租人就是房主的，取房主的。",
)
home.element(
    "landlord_address",
    "出租人住址",
    also=("出租人联系地址", "出租人地址", "出租人现住址"),
    sql=_lets(
        "CASE WHEN l.landlord_name = {t}.owner_name THEN nullif({t}.owner_address, '') END",
        "nullif({t}.owner_address, '')",
    ),
    sensitivity=Sensitivity.PERSONAL,
    note="出租人就是房主时取房主住址。",
)
home.element(
    "tenant_name",
    "承租人",
    also=("承租人姓名", "租户", "租户姓名", "租客", "租赁人"),
    sql=f"(SELECT string_agg(nullif(l.tenant_name, ''), '、' ORDER BY l.id) {_RUNNING})",
    sensitivity=Sensitivity.PERSONAL,
    permissions=(Permission.VIEW_PEOPLE,),
)
home.element(
    "hazard",
    "隐患类型",
    also=("安全隐患", "隐患"),
    sql=f"coalesce((SELECT z.kind {_OPEN} ORDER BY z.severity DESC, z.id LIMIT 1), "
    + _of("CASE WHEN l.checked_on IS NOT NULL THEN '00' END")
    + ")",
    kind=Kind.CODE,
    codes=codes.HAZARD,
    standard="GB/T 31000",
)
home.element(
    "hazard_level",
    "隐患程度",
    also=("隐患等级", "安全程度"),
    sql=f"coalesce((SELECT CASE WHEN bool_or(z.severity = 'severe') THEN '严重' ELSE '一般' END {_OPEN} HAVING count(*) > 0), "
    + _of("CASE WHEN l.checked_on IS NOT NULL THEN '安全' END")
    + ")",
)
home.element(
    "hazard_told",
    "隐患情况",
    also=("隐患描述", "隐患内容", "存在隐患"),
    sql=f"(SELECT string_agg(nullif(z.description, ''), '；' ORDER BY z.id) {_OPEN})",
)
home.condition("hazardous", "有未整改隐患", also=("存在安全隐患", "有隐患"), sql=f"EXISTS (SELECT 1 {_OPEN})")
home.condition("let_overdue", "租约到期未续", sql=f"EXISTS (SELECT 1 {_RUNNING} AND l.agreed_until < {{on}})")
home.measure("homes_hazardous", "有隐患房屋套数", also=("隐患房屋数",), where=("hazardous",), unit="套")
