"""What can be asked of organisations."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.registry.organisations.models import OrganisationKind
from linli.registry.places.facts import PERSONAL_PHONE, add_region_elements

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
for _kind, _label, _also in (
    ("resident_unit", "驻区单位", ("辖区单位", "驻地单位")),
    ("shop", "商户网点", ("商户", "商铺", "沿街商铺", "个体工商户")),
    ("social", "社会组织", ("社区社会组织",)),
    ("property", "物业公司", ()),
    ("owners", "业主委员会", ("业委会",)),
):
    organisation.condition(_kind, _label, also=_also, sql=f"{{t}}.kind = '{_kind}'")
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
organisation.element(
    "kind", "单位类别", also=("单位类型", "类别", "机构类型", "单位性质", "组织类别", "场所类型"), sql=_KIND
)
organisation.element("industry", "行业", also=("所属行业", "行业类别"), sql="nullif({t}.industry, '')")
organisation.element(
    "address",
    "单位地址",
    also=("地址", "详细地址", "住所", "单位详细地址", "住所地址", "场所地址", "注册地址", "经营地址"),
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
organisation.measure("organisations", "单位数", also=("驻区单位数",), unit="个")
