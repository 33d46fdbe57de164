"""What can be asked of certificates and refusals, and what communities say of them."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.certificates.carried.allowed import ALLOWED
from linli.certificates.carried.not_allowed import TWENTY
from linli.certificates.models import State, Why
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.registry.places.facts import add_region_elements

VIEW = Permission.VIEW_CERTIFICATES


def _cases(column: str, choices: list[tuple[str, str]]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{label}'" for key, label in choices) + " END"


def _of_kind(code: str) -> str:
    """The rows of a kind of the list, whichever edition held."""
    return _OF_KIND.replace("<code>", code)


_OF_KIND = (
    "{t}.edition_id IN (SELECT e.id FROM certificates_edition e JOIN certificates_kind k ON k.id = e.kind_id "
    "WHERE k.code = '<code>')"
)
_MONTH = "to_char({t}.issued_on, 'YYYY-MM')"
_TITLE = "(SELECT e.title FROM certificates_edition e WHERE e.id = {t}.edition_id)"

certificate = dictionary.add(
    Subject(
        "certificate",
        "社区证明",
        table="certificates_certificate",
        region="region_code",
        also=("社区出具的证明",),
        permission=VIEW,
        page="certificates:certificate",
        columns=("number", "kind", "receiver", "issued_on"),
        default="numbered",
        order="{t}.issuer_code, {t}.year, {t}.number",
        note="社区出具的证明，包括后来作废的。",
    )
)
certificate.condition("numbered", "已出具的证明", sql="{t}.number IS NOT NULL AND {t}.issued_on <= {on}")
certificate.condition(
    "numbered_this_year",
    "本年出具的证明",
    sql="{t}.number IS NOT NULL AND {t}.issued_on <= {on} AND {t}.year = extract(year FROM {on}::date)",
    replaces_default=True,
)
certificate.condition(
    "withdrawn",
    "已作废的证明",
    sql="{t}.withdrawn_at IS NOT NULL AND ({t}.withdrawn_at AT TIME ZONE 'Asia/Shanghai')::date <= {on}",
    replaces_default=True,
)
certificate.condition(
    "numbered_this_month",
    "本月出具的证明",
    sql="{t}.number IS NOT NULL AND {t}.issued_on <= {on} AND {t}.issued_on >= date_trunc('month', {on}::date)",
    replaces_default=True,
)
certificate.condition(
    "valid",
    "仍有效的证明",
    sql="{t}.number IS NOT NULL AND {t}.issued_on <= {on} AND ({t}.valid_until IS NULL OR {t}.valid_until >= {on}) "
    "AND ({t}.withdrawn_at IS NULL OR {t}.withdrawn_at >= {after})",
    replaces_default=True,
    note="在有效期内、没有作废的。",
)
certificate.condition(
    "at_once",
    "当天出具的证明",
    sql="{t}.issued_on = ({t}.prepared_at AT TIME ZONE 'Asia/Shanghai')::date",
    note="登记当天就出具的，不用居民再跑一趟。",
)
certificate.condition("approved", "经主任审批的证明", sql="{t}.approved_at IS NOT NULL")
for _kind in ALLOWED:
    certificate.condition(f"kind_{_kind.code}", f"已出具的{_kind.title}", sql=_of_kind(_kind.code))
add_region_elements(certificate)
certificate.element("number", "证明编号", sql="{t}.number_text")
certificate.element("kind", "证明事项", also=("证明名称", "证明种类"), sql=_TITLE)
certificate.element(
    "receiver",
    "证明接收单位",
    sql="(SELECT a.name FROM certificates_asker a WHERE a.id = {t}.receiver_id)",
)
certificate.element("purpose", "证明用途", sql="{t}.purpose")
certificate.element("issued_on", "证明出具日期", sql="{t}.issued_on", kind=Kind.DATE)
certificate.element("month", "证明出具月份", sql=_MONTH, note="如 2026-11。")
certificate.element(
    "days_taken",
    "证明办理天数",
    sql="{t}.issued_on - ({t}.prepared_at AT TIME ZONE 'Asia/Shanghai')::date",
    kind=Kind.INTEGER,
    unit="天",
    note="从登记到出具过了几天，当天出具的是 0。",
)
certificate.element("valid_until", "证明有效期至", sql="{t}.valid_until", kind=Kind.DATE)
certificate.element("copies", "证明份数", sql="{t}.copies", kind=Kind.INTEGER, unit="份")
certificate.element("checks", "证明核验次数", sql="{t}.checks", kind=Kind.INTEGER, unit="次")
certificate.element(
    "state", "证明状态", sql=_cases("{t}.state", [(one.value, str(one.label)) for one in State])
)
certificate.measure("certificates", "出具证明数", also=("开具证明数", "出具证明件数"), unit="件")
certificate.measure("certificate_copies", "出具证明份数", sql="coalesce(sum({t}.copies), 0)", unit="份")
certificate.measure("at_once", "当天出具证明数", also=("当场办结证明数",), where=("at_once",), unit="件")
certificate.measure(
    "days_total",
    "证明办理天数合计",
    sql="coalesce(sum({t}.issued_on - ({t}.prepared_at AT TIME ZONE 'Asia/Shanghai')::date), 0)",
    unit="天",
    note="除以件数就是平均几天；统计表里也可以直接对“证明办理天数”求平均。",
)
certificate.measure("certificate_checks", "证明核验次数合计", sql="coalesce(sum({t}.checks), 0)", unit="次")

refusal = dictionary.add(
    Subject(
        "refusal",
        "不予出具告知单",
        table="certificates_refusal",
        region="region_code",
        permission=VIEW,
        page="certificates:refusal",
        columns=("number", "asked", "asker", "why", "issued_on"),
        default="given",
        order="{t}.issuer_code, {t}.year, {t}.number",
        note="社区不予出具证明时给居民的告知单。",
    )
)
refusal.condition("given", "已开的告知单", sql="{t}.issued_on <= {on}")
refusal.condition(
    "given_this_year",
    "本年开的告知单",
    sql="{t}.issued_on <= {on} AND {t}.year = extract(year FROM {on}::date)",
    replaces_default=True,
)
refusal.condition(
    "given_this_month",
    "本月开的告知单",
    sql="{t}.issued_on <= {on} AND {t}.issued_on >= date_trunc('month', {on}::date)",
    replaces_default=True,
)
refusal.condition("must_not", "不应由社区出具的", sql="{t}.why = 'not_allowed'")
refusal.condition("not_listed", "清单上没有的", sql="{t}.why = 'not_listed'")
for _forbidden in TWENTY:
    refusal.condition(
        f"kind_{_forbidden.code}", f"不予出具的{_forbidden.title}", sql=_of_kind(_forbidden.code)
    )
add_region_elements(refusal)
refusal.element("number", "告知单编号", sql="{t}.number_text")
refusal.element("asked", "要求出具的证明", sql="{t}.asked")
refusal.element(
    "kind",
    "不予出具的事项",
    sql=f"coalesce({_TITLE}, '清单上没有')",
    note="清单上的名称；清单上没有的不分。",
)
refusal.element("month", "告知月份", sql=_MONTH, note="如 2026-11。")
refusal.element(
    "asker", "要求出具的单位", sql="(SELECT a.name FROM certificates_asker a WHERE a.id = {t}.asker_id)"
)
refusal.element("why", "不予出具的理由", sql=_cases("{t}.why", [(one.value, str(one.label)) for one in Why]))
refusal.element("issued_on", "告知日期", sql="{t}.issued_on", kind=Kind.DATE)
refusal.measure("refusals", "不予出具数", also=("不予出具证明数", "拒绝出具证明数"), unit="件")

seal_use = dictionary.add(
    Subject(
        "seal_use",
        "用印",
        table="certificates_sealuse",
        region="region_code",
        also=("用印登记", "盖章登记"),
        permission=VIEW,
        page="certificates:seal_use",
        columns=("number", "on", "paper", "copies", "seal", "hand"),
        default="used",
        order="{t}.issuer_code, {t}.year, {t}.number",
        note="一次用印：出具证明的自动登记，其他文件的由社区登记。",
    )
)
_USED_ON = "({t}.at AT TIME ZONE 'Asia/Shanghai')::date"
seal_use.condition("used", "已用印", sql=f"{_USED_ON} <= {{on}}")
seal_use.condition(
    "used_this_year",
    "本年用印",
    sql=f"{_USED_ON} <= {{on}} AND {_USED_ON} >= date_trunc('year', {{on}}::date)",
    replaces_default=True,
)
seal_use.condition("of_certificates", "出具证明用印", sql="{t}.certificate_id IS NOT NULL")
seal_use.condition("of_others", "其他文件用印", sql="{t}.certificate_id IS NULL")
add_region_elements(seal_use)
seal_use.element("number", "用印编号", sql="{t}.year || '-' || lpad({t}.number::text, 4, '0')")
seal_use.element("on", "用印日期", sql=_USED_ON, kind=Kind.DATE)
seal_use.element("month", "用印月份", sql=f"to_char({_USED_ON}, 'YYYY-MM')", note="如 2026-11。")
seal_use.element("paper", "用印文件", sql="{t}.paper")
seal_use.element("copies", "用印份数", sql="{t}.copies", kind=Kind.INTEGER, unit="份")
seal_use.element("reason", "用印事由", sql="{t}.reason")
seal_use.element("asked_by", "用印申请人", sql="{t}.requested_by")
seal_use.element("approved_by", "用印批准人", sql="{t}.approved_by")
seal_use.element("hand", "盖章人", sql="{t}.hand")
seal_use.element("seal", "印章名称", sql="(SELECT s.name FROM certificates_seal s WHERE s.id = {t}.seal_id)")
seal_use.measure("seal_uses", "用印次数", also=("盖章次数",), unit="次")

_COUNT = (
    "(SELECT count(*) FROM {table} x WHERE x.region_code >= {{t}}.region_code AND x.region_code < {{t}}.region_code || '~' "
    "AND x.number IS NOT NULL AND x.issued_on <= {{on}} AND x.year = extract(year FROM {{on}}::date))"
)
community = dictionary.subject("community")
community.element(
    "certificates_this_year",
    "本年出具证明数",
    also=("今年出具证明数", "年度开具证明数"),
    sql=_COUNT.format(table="certificates_certificate"),
    kind=Kind.INTEGER,
    unit="件",
)
community.element(
    "refusals_this_year",
    "本年不予出具数",
    also=("今年不予出具证明数",),
    sql=_COUNT.format(table="certificates_refusal"),
    kind=Kind.INTEGER,
    unit="件",
)
