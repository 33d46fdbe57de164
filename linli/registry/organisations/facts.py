"""What can be asked of organisations."""

from __future__ import annotations

from typing import Any

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Sensitivity, Subject, dictionary
from linli.kernel.codes import Code, CodeList
from linli.registry.organisations.models import (
    CheckKind,
    CheckResult,
    LegalForm,
    OrganisationKind,
    Ownership,
    PositionRole,
    Registration,
    SocialClass,
)
from linli.registry.places import sheets
from linli.registry.places.facts import PERSONAL_PHONE, SENSITIVE_NUMBER, add_region_elements

_KIND = "CASE {t}.kind " + " ".join(f"WHEN '{k.value}' THEN '{k.label}'" for k in OrganisationKind) + " END"

organisation = dictionary.add(
    Subject(
        "organisation",
        "单位",
        table="organisations_organisation",
        region="region_code",
        also=("实有单位", "驻区单位", "机构", "社会组织", "企业", "单位组织"),
        default="open",
        permission=Permission.VIEW_ORGANISATIONS,
        page="organisations:organisation",
        columns=("name", "kind", "address", "contact", "phone"),
        order="{t}.region_code, {t}.name",
    )
)
organisation.condition("open", "在册", sql="{t}.closed_on IS NULL OR {t}.closed_on > {on}")
organisation.condition("ever", "在册和已注销", sql="TRUE", replaces_default=True)
_label: str
_also: tuple[str, ...]
_KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("resident_unit", "驻区单位", ("辖区单位", "驻地单位")),
    ("shop", "商户网点", ("商户", "商铺", "沿街商铺", "个体工商户")),
    ("social", "社会组织", ("社区社会组织",)),
    ("property", "物业公司", ("物业服务企业", "物业企业", "物业服务公司")),
    ("owners", "业主委员会", ("业委会",)),
    ("vendor", "服务商", ("服务企业", "供应商")),
    ("department", "政府部门", ()),
)
for _kind, _label, _also in _KINDS:
    organisation.condition(_kind, _label, also=_also, sql=f"{{t}}.kind = '{_kind}'")
organisation.condition("outlet", "便民网点", also=("便民服务网点", "便民商业网点"), sql="{t}.is_outlet")
organisation.condition(
    "key_unit",
    "重点单位",
    also=("消防安全重点单位", "治安重点单位", "消防安全重点", "消防重点单位"),
    sql="{t}.is_key",
)
organisation.condition("registered_social", "登记的社会组织", sql="{t}.registration = 'registered'")
organisation.condition(
    "filed_social", "备案的社会组织", also=("备案社区社会组织",), sql="{t}.registration = 'filed'"
)
organisation.condition("term_over", "任期已届满", also=("到期未换届",), sql="{t}.term_until <= {on}")
organisation.condition("licence_over", "证照已过期", sql="{t}.valid_until < {on}")
organisation.condition(
    "check_late",
    "有检查逾期未办",
    sql="EXISTS (SELECT 1 FROM organisations_check c WHERE c.organisation_id = {t}.id AND c.due_on < {on} "
    "AND (c.done_on IS NULL OR c.done_on > {on}))",
)
organisation.link("home", "所在房屋", to="home", on="{r}.id = {t}.premises_id")
add_region_elements(organisation)
organisation.element(
    "name",
    "单位名称",
    also=("名称", "机构名称", "组织名称", "企业名称", "社会组织名称", "单位全称", "场所名称", "商户名称"),
    sql="{t}.name",
)
organisation.element(
    "credit_code",
    "统一社会信用代码",
    also=("社会信用代码", "信用代码", "组织机构代码", "营业执照号码", "营业执照号"),
    sql="nullif({t}.credit_code, '')",
    standard="GB 32100",
)
organisation.element("kind", "单位种类", also=("单位类型", "类别", "机构类型", "场所类型"), sql=_KIND)
organisation.element(
    "industry", "行业", also=("所属行业", "行业类别", "经营类别"), sql="nullif({t}.industry, '')"
)
organisation.element(
    "address",
    "单位地址",
    also=(
        "地址",
        "详细地址",
        "住所",
        "单位详细地址",
        "住所地址",
        "场所地址",
        "注册地址",
        "经营地址",
        "办公地址",
        "活动场所地址",
        "活动地址",
        "营业地址",
    ),
    sql="nullif({t}.address, '')",
)
organisation.element(
    "legal_person",
    "法定代表人",
    also=("法人代表", "法人", "负责人", "单位负责人", "法定代表人姓名", "法人姓名"),
    sql="nullif({t}.legal_person, '')",
)
organisation.element("contact", "联系人", also=("联系人姓名",), sql="nullif({t}.contact, '')")
organisation.element(
    "phone",
    "联系电话",
    also=(
        "单位电话",
        "联系人电话",
        "联系方式",
        "电话",
        "负责人电话",
        "法人电话",
        "负责人联系电话",
        "负责人手机",
        "联系手机",
    ),
    sql="{t}.contact_phone",
    **PERSONAL_PHONE,
)
organisation.element(
    "staff",
    "从业人数",
    also=("员工人数", "职工人数", "从业人员数", "员工数"),
    sql="{t}.staff",
    kind=Kind.INTEGER,
    unit="人",
)
organisation.element(
    "founded_on",
    "成立日期",
    also=("成立时间", "注册日期", "开业时间", "登记时间"),
    sql="{t}.founded_on",
    kind=Kind.DATE,
)


def _codes(key: str, label: str, choices: Any, also: dict[str, tuple[str, ...]] | None = None) -> CodeList:
    return CodeList(
        key,
        label,
        "本系统",
        tuple(Code(str(one.value), str(one.label), (also or {}).get(str(one.value), ())) for one in choices),
    )


OWNERSHIP = _codes(
    "ownership",
    "单位性质",
    Ownership,
    {
        "organ": ("政府", "机关", "行政机关", "国家机关"),
        "private": ("民营企业", "私企"),
        "state": ("国企",),
        "institution": ("事业",),
        "foreign": ("外商独资企业",),
        "joint": ("中外合资企业",),
    },
)
for _key, _label, _also, _kind2, _codes2 in (
    ("ownership", "单位性质", ("单位类别", "企业性质", "单位属性", "企业类型"), Kind.CODE, OWNERSHIP),
    (
        "legal_form",
        "经济性质",
        ("经济类型", "登记类型", "注册类型"),
        Kind.CODE,
        _codes("legal_form", "经济性质", LegalForm, {"shares": ("股份有限公司",), "limited": ("有限公司",)}),
    ),
    (
        "registration",
        "登记或备案",
        ("登记形式", "是否登记备案"),
        Kind.CODE,
        _codes("registration", "登记或备案", Registration),
    ),
    (
        "social_class",
        "社会组织类别",
        ("组织类别", "社会组织类型", "组织类型"),
        Kind.CODE,
        _codes("social_class", "社会组织类别", SocialClass),
    ),
    ("supervisor", "主管部门", ("业务主管单位", "主管单位", "管理部门", "业务指导单位"), Kind.TEXT, None),
    ("landline", "固定电话", ("座机", "单位座机", "办公电话"), Kind.TEXT, None),
    ("business_scope", "经营范围", ("业务范围", "主营业务"), Kind.TEXT, None),
    ("registered_address", "注册地址", ("登记住所",), Kind.TEXT, None),
    ("opening_hours", "营业时间", ("开放时间", "服务时间"), Kind.TEXT, None),
    (
        "registration_number",
        "登记证号码",
        ("登记证号", "备案号", "登记号", "登记证书号", "备案编号"),
        Kind.TEXT,
        None,
    ),
    ("duties", "主要职责", ("职责", "主要业务", "主要活动内容"), Kind.TEXT, None),
    ("note", "备注", (), Kind.TEXT, None),
):
    organisation.element(
        _key,
        _label,
        also=_also,
        sql=f"nullif({{t}}.{_key}, '')",
        kind=_kind2,
        codes=_codes2,
    )
for _key, _label, _also in (
    (
        "registered_on",
        "登记或备案日期",
        ("有效期开始日期", "登记日期", "备案日期", "备案时间", "发证日期"),
    ),
    (
        "valid_until",
        "证照有效期至",
        ("有效期至", "有效期结束日期", "有效期限", "营业期限", "证书有效期"),
    ),
    ("term_from", "任期开始", ("本届成立日期", "任期起始", "换届时间")),
    ("term_until", "任期届满", ("任期截止", "届满日期", "任期至")),
    ("closed_on", "注销日期", ("注销时间", "迁出日期")),
):
    organisation.element(_key, _label, also=_also, sql=f"{{t}}.{_key}", kind=Kind.DATE)
for _key, _label, _also, _unit in (
    ("members", "成员数", ("会员数", "成员人数", "会员人数"), "人"),
    ("party_members", "党员人数", ("党员数", "党员"), "人"),
    ("seats", "委员人数", ("业委会委员人数", "委员数"), "人"),
):
    organisation.element(_key, _label, also=_also, sql=f"{{t}}.{_key}", kind=Kind.INTEGER, unit=_unit)
organisation.element(
    "capital",
    "注册资本",
    also=("注册资本(万元)", "注册资金", "注册资本（万元）"),
    sql="{t}.capital",
    kind=Kind.DECIMAL,
    unit="万元",
)
organisation.element("fire_grade", "消防等级", sql="(ARRAY['一级', '二级', '三级', '四级'])[{t}.fire_grade]")
organisation.element("is_key", "是否重点单位", also=("重点单位",), sql="{t}.is_key", kind=Kind.BOOLEAN)
organisation.element("is_outlet", "是否便民网点", sql="{t}.is_outlet", kind=Kind.BOOLEAN)
_HOLDER = (
    "(SELECT string_agg(coalesce(p.name, h.name), '、' ORDER BY h.id) FROM organisations_position h "
    "LEFT JOIN people_person p ON p.id = h.person_id WHERE h.organisation_id = {{t}}.id AND h.role = '{role}' "
    "AND h.period @> {{on}})"
)
for _role, _label, _also in (
    ("security_head", "治安负责人", ("治安责任人", "治保负责人", "内保负责人")),
    ("fire_head", "消防安全责任人", ("消防责任人", "消防负责人", "安全责任人")),
    ("chair", "业委会主任", ("业主委员会主任",)),
    ("project_manager", "物业项目经理", ("项目经理", "物业经理", "项目负责人")),
    ("party_secretary", "党组织书记", ("党支部书记", "书记")),
    ("president", "会长或理事长", ("会长", "理事长")),
):
    organisation.element(_role, _label, also=_also, sql=_HOLDER.format(role=_role))
_HOLDERS_PHONE = (
    "(SELECT CASE WHEN count(*) = 1 THEN (array_agg(CASE WHEN h.person_id IS NULL THEN h.phone ELSE p.phone END))[1] END "
    "FROM organisations_position h LEFT JOIN people_person p ON p.id = h.person_id WHERE h.organisation_id = {{t}}.id "
    "AND h.role = '{role}' AND h.period @> {{on}})"
)
for _role, _label, _also in (
    ("security_head", "治安负责人电话", ("治安责任人电话", "治保负责人电话", "治安负责人联系电话")),
    ("fire_head", "消防安全责任人电话", ("消防责任人电话", "消防负责人电话", "消防安全责任人联系电话")),
    ("chair", "业委会主任电话", ("业主委员会主任电话", "业委会主任联系电话", "业委会主任手机")),
    (
        "project_manager",
        "物业项目经理电话",
        ("项目经理电话", "物业经理电话", "项目经理联系电话", "项目负责人电话"),
    ),
    ("party_secretary", "党组织书记电话", ("党支部书记电话", "书记电话", "党组织书记联系电话")),
    ("president", "会长或理事长电话", ("会长电话", "理事长电话")),
):
    organisation.element(
        f"{_role}_phone",
        _label,
        also=_also,
        sql=_HOLDERS_PHONE.format(role=_role),
        permissions=(Permission.VIEW_PEOPLE,),
        note="只有一人任职时填。",
        **PERSONAL_PHONE,
    )
# An estate's project manager is its property company's, where the company has one.
_MANAGER = (
    "(SELECT CASE WHEN count(*) = 1 THEN (array_agg({what}))[1] END FROM organisations_managedestate m "
    "JOIN places_estatemanagement g ON g.id = m.management_id AND g.period @> {{on}} "
    "JOIN organisations_position h ON h.organisation_id = m.organisation_id AND h.role = 'project_manager' "
    "AND h.period @> {{on}} LEFT JOIN people_person p ON p.id = h.person_id WHERE g.estate_id = {{t}}.id)"
)
estate = dictionary.subject("estate")
estate.element(
    "project_manager",
    "物业项目经理",
    also=("项目经理", "物业经理", "项目负责人", "物业负责人", "项目经理姓名"),
    sql=_MANAGER.format(what="coalesce(p.name, h.name)"),
    note="物业公司登记了一名项目经理的填；有几名、不知道哪一名管这个小区的，留空。",
)
estate.element(
    "project_manager_phone",
    "物业项目经理电话",
    also=("项目经理电话", "物业经理电话", "项目经理联系电话", "物业负责人电话"),
    sql=_MANAGER.format(what="CASE WHEN h.person_id IS NULL THEN h.phone ELSE p.phone END"),
    permissions=(Permission.VIEW_PEOPLE,),
    **PERSONAL_PHONE,
)
for _key in ("building", "home"):
    _subject = dictionary.subject(_key)
    _subject.element(
        "project_manager", "物业项目经理", also=("项目经理", "物业经理"), path="estate.project_manager"
    )
    _subject.element(
        "project_manager_phone",
        "物业项目经理电话",
        also=("项目经理电话", "物业经理电话"),
        path="estate.project_manager_phone",
    )
organisation.element(
    "positions",
    "登记任职人数",
    sql="(SELECT count(DISTINCT coalesce(h.person_id::text, h.name)) FROM organisations_position h "
    "WHERE h.organisation_id = {t}.id AND h.period @> {on})",
    kind=Kind.INTEGER,
    unit="人",
)
organisation.element(
    "next_due",
    "最近应办日期",
    sql="(SELECT min(c.due_on) FROM organisations_check c WHERE c.organisation_id = {t}.id AND c.result = '')",
    kind=Kind.DATE,
)
organisation.element(
    "estates_managed",
    "管理的小区",
    also=("服务小区", "管理项目", "服务项目"),
    sql="(SELECT string_agg(e.name, '、' ORDER BY e.id) FROM organisations_managedestate m "
    "JOIN places_estatemanagement g ON g.id = m.management_id AND g.period @> {on} "
    "JOIN places_estate e ON e.id = g.estate_id WHERE m.organisation_id = {t}.id)",
)
organisation.measure("organisations", "单位数", also=("驻区单位数",), unit="个")
for _key, _label, _also in (
    ("social", "社会组织数", ("社会组织个数", "社区社会组织数")),
    ("shop", "商户数", ("商户网点数", "沿街商户数")),
    ("outlet", "便民网点数", ("便民服务网点数",)),
    ("owners", "业主委员会数", ("业委会数", "成立业委会数")),
    ("property", "物业公司数", ("物业服务企业数",)),
    ("resident_unit", "驻区单位数", ("辖区单位数",)),
    ("key_unit", "重点单位数", ()),
    ("check_late", "有检查逾期的单位数", ()),
):
    organisation.measure(f"{_key}_number", _label, also=_also, where=(_key,), unit="个")
organisation.measure(
    "staff_total", "从业人员总数", also=("从业人数合计",), sql="coalesce(sum({t}.staff), 0)", unit="人"
)
organisation.measure(
    "social_members", "社会组织成员总数", sql="coalesce(sum({t}.members), 0)", where=("social",), unit="人"
)

# --- who is what in an organisation ---------------------------------------------------------------------------
ROLES = _codes(
    "position_role",
    "职务类别",
    PositionRole,
    {
        "legal_person": ("法人代表", "法人", "01-法人代表"),
        "security_head": ("治安负责人", "02-治安责任人", "治保人员", "04-治保人员"),
        "engineer": ("32-技术人员",),
        "clerk": ("33-职员", "员工"),
        "guard": ("36-保安", "保卫干部"),
        "long_term": ("08-长期服务人员",),
        "short_term": ("09-临时服务人员",),
        "head": ("98-其他部门负责人", "其他部门负责人", "主要负责人"),
        "other": ("99-其他人员",),
    },
)
position = dictionary.add(
    Subject(
        "position",
        "从业人员",
        table="organisations_position",
        region="region_code",
        also=("任职人员", "单位人员", "从业者", "员工"),
        default="serving",
        permission=Permission.VIEW_PEOPLE,
        page="organisations:organisation",
        page_by="organisation_id",
        columns=("organisation.name", "name", "role", "since"),
        order="{t}.region_code, {t}.organisation_id, {t}.id",
    )
)
position.condition("serving", "在职", sql="{t}.period @> {on}")
position.condition("served", "在职和离职", sql="TRUE", replaces_default=True)
position.condition(
    "committee_member",
    "业委会成员",
    also=("业主委员会委员",),
    sql="{t}.role IN ('chair', 'vice_chair', 'committee')",
)
position.link(
    "organisation",
    "单位",
    to="organisation",
    also=("工作单位", "所在单位"),
    on="{r}.id = {t}.organisation_id",
)
position.link("person", "居民", to="person", on="{r}.id = {t}.person_id")
position.element("region_code", "区域序码", sql="{t}.region_code")
position.element("organisation_id", "单位编号", sql="{t}.organisation_id", kind=Kind.INTEGER)
position.element(
    "name",
    "姓名",
    also=("人员姓名", "从业人员姓名"),
    sql="coalesce({>person}.name, nullif({t}.name, ''))",
    sensitivity=Sensitivity.PERSONAL,
)
position.element(
    "id_number",
    "公民身份号码",
    also=("身份证号码", "身份证号", "证件号码"),
    sql="{>person}.id_number",
    **SENSITIVE_NUMBER,
)
position.element(
    "phone",
    "电话号码",
    also=("联系电话", "手机号码", "电话", "手机", "联系方式"),
    sql="CASE WHEN {t}.person_id IS NULL THEN {t}.phone ELSE {>person}.phone END",
    **PERSONAL_PHONE,
)
position.element(
    "role", "职务", also=("职务类别", "岗位", "担任职务"), sql="{t}.role", kind=Kind.CODE, codes=ROLES
)
position.element("title", "职务名称", sql="nullif({t}.title, '')")
position.element(
    "since",
    "入职时间",
    also=("任职日期", "入职日期", "任职时间", "从业时间"),
    sql="lower({t}.period)",
    kind=Kind.DATE,
)
position.element(
    "until", "离职时间", also=("离任日期", "离职日期", "离任时间"), sql="upper({t}.period)", kind=Kind.DATE
)
position.element(
    "address", "居住地址", also=("家庭住址", "住址", "现住址"), path="person.living.full_address"
)

# --- what falls due of organisations --------------------------------------------------------------------------
check = dictionary.add(
    Subject(
        "check",
        "单位检查",
        table="organisations_check",
        region="region_code",
        also=("单位检查记录",),
        permission=Permission.VIEW_ORGANISATIONS,
        page="organisations:organisation",
        page_by="organisation_id",
        columns=("organisation.name", "kind", "due_on", "result"),
        order="{t}.due_on, {t}.id",
    )
)
check.link("organisation", "单位", to="organisation", on="{r}.id = {t}.organisation_id")
check.element("region_code", "区域序码", sql="{t}.region_code")
check.element("organisation_id", "单位编号", sql="{t}.organisation_id", kind=Kind.INTEGER)
check.element(
    "kind", "检查事项", sql="{t}.kind", kind=Kind.CODE, codes=_codes("check_kind", "检查事项", CheckKind)
)
check.element("due_on", "应办日期", also=("应检日期", "检查期限"), sql="{t}.due_on", kind=Kind.DATE)
check.element("done_on", "办理日期", also=("检查日期", "检查时间"), sql="{t}.done_on", kind=Kind.DATE)
check.element(
    "result",
    "检查结果",
    also=("检查情况",),
    sql="nullif({t}.result, '')",
    kind=Kind.CODE,
    codes=_codes("check_result", "检查结果", CheckResult),
)
check.element("said", "情况说明", also=("存在问题", "整改情况"), sql="nullif({t}.said, '')")
check.condition("waiting", "还没有办的检查", sql="{t}.done_on IS NULL OR {t}.done_on > {on}")
check.condition("late", "逾期的检查", sql="{t}.due_on < {on} AND ({t}.done_on IS NULL OR {t}.done_on > {on})")
check.condition("to_mend", "需整改或不合格的检查", sql="{t}.result IN ('mend', 'failed')")
check.measure("checks", "检查次数", unit="次")
check.measure("checks_late", "逾期检查数", where=("late",), unit="次")

sheets.register_columns(
    "organisation",
    (
        "community", "grid", "name", "kind", "ownership", "credit_code", "industry", "address", "legal_person", "contact",
        "landline", "staff", "founded_on", "supervisor", "is_key", "is_outlet", "opening_hours", "social_class",
        "registration", "registration_number", "registered_on", "valid_until", "members", "party_members", "term_from",
        "term_until", "next_due", "closed_on",
    ),
)  # fmt: skip
