"""What can be asked of certificates and refusals, and what communities say of them."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.certificates.models import State, Why
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.registry.places.facts import add_region_elements

VIEW = Permission.VIEW_CERTIFICATES


def _cases(column: str, choices: list[tuple[str, str]]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{label}'" for key, label in choices) + " END"


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
certificate.element("valid_until", "证明有效期至", sql="{t}.valid_until", kind=Kind.DATE)
certificate.element("copies", "证明份数", sql="{t}.copies", kind=Kind.INTEGER, unit="份")
certificate.element("checks", "证明核验次数", sql="{t}.checks", kind=Kind.INTEGER, unit="次")
certificate.element(
    "state", "证明状态", sql=_cases("{t}.state", [(one.value, str(one.label)) for one in State])
)
certificate.measure("certificates", "出具证明数", also=("开具证明数", "出具证明件数"), unit="件")
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
add_region_elements(refusal)
refusal.element("number", "告知单编号", sql="{t}.number_text")
refusal.element("asked", "要求出具的证明", sql="{t}.asked")
refusal.element(
    "asker", "要求出具的单位", sql="(SELECT a.name FROM certificates_asker a WHERE a.id = {t}.asker_id)"
)
refusal.element("why", "不予出具的理由", sql=_cases("{t}.why", [(one.value, str(one.label)) for one in Why]))
refusal.element("issued_on", "告知日期", sql="{t}.issued_on", kind=Kind.DATE)
refusal.measure("refusals", "不予出具数", also=("不予出具证明数", "拒绝出具证明数"), unit="件")

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
