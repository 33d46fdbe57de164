"""What can be asked of duties: an item of the catalogue in one community where it holds."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.flow.rules.warrants import Per, Thing
from linli.gate.catalogue.rules import terms
from linli.registry.places.facts import add_region_elements


def _cases(column: str, labels: dict[str, str]) -> str:
    return (
        f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{label}'" for key, label in labels.items()) + " END"
    )


_HOLDS = "{t}.since <= {on} AND ({t}.until IS NULL OR {t}.until > {on})"
_THERE = "({t}.opened IS NULL OR {t}.opened <= {on}) AND ({t}.closed IS NULL OR {t}.closed > {on})"
_SUSPENDED = "coalesce((SELECT w.suspended FROM flow_warrant w WHERE w.id = {t}.warrant_id), '')"
_SENT = (
    "(SELECT count(*) FROM flow_dispatch d WHERE d.warrant_id = {t}.warrant_id AND d.region_code = {t}.region_code "
    "AND d.cancelled_at IS NULL AND d.day <= {on} AND d.day >= date_trunc('year', {on})::date)"
)
_THINGS = " || ".join(
    f"CASE WHEN '{one.value}' = ANY({{t}}.things) THEN '、{one.label}' ELSE '' END" for one in Thing
)
_FREQUENCY = (
    "CASE WHEN {t}.times IS NOT NULL THEN "
    + _cases("{t}.per", {one.value: one.label for one in Per})
    + " || ' ' || {t}.times || ' 次' WHEN coalesce({t}.expected, 0) > 0 THEN '不定期（每年约 ' || {t}.expected || ' 次）' "
    "ELSE '不定期' END"
)
_BASES = (
    "nullif(concat_ws('；', (SELECT string_agg('《' || regexp_replace(b.title, '^中华人民共和国', '') || '》' || b.article, '；' "
    "ORDER BY b.id) FROM catalogue_basis b WHERE b.id = ANY({t}.bases)), nullif({t}.basis_note, '')), '')"
)

duty = dictionary.add(
    Subject(
        "duty",
        "社区事项",
        table="catalogue_duty",
        region="region_code",
        also=("社区工作事项", "事项清单", "社区工作事项清单"),
        default="in_force",
        permission=Permission.VIEW_REGIONS,
        page="catalogue:item",
        page_by="item",
        order="{t}.region_code, {t}.code, {t}.item_id",
        columns=("code", "title", "department", "responsibility", "frequency", "yearly_hours", "community"),
        note="清单里的一个事项在一个社区：全区实施的事项，每个社区各一行。内容是事项现在的，或退出时的。",
    )
)
duty.condition("in_force", "现行", also=("有效",), sql=f"{_HOLDS} AND {_THERE}", note="截至日期当天有效的。")
duty.condition(
    "left",
    "已退出清单",
    also=("已取消的事项",),
    sql=f"{{t}}.until <= {{on}} AND {_THERE}",
    replaces_default=True,
    note="取消、转出、合并、撤销或到期的。",
)
duty.condition("perform", "依法履行", sql="{t}.responsibility = 'perform'")
duty.condition("assist", "依法协助", sql="{t}.responsibility = 'assist'")
duty.condition(
    "sends", "可以下派", sql="cardinality({t}.things) > 0", note="责任部门可以据此下派报表、检查、会议等。"
)
duty.condition("paid", "有经费的事项", sql="{t}.money > 0")
duty.condition("suspended", "暂停的事项", sql=f"{_SUSPENDED} <> ''")
duty.condition("asked_this_year", "本年下派过的", sql=f"{_SENT} > 0")
duty.condition(
    "ends_soon", "三个月内到期", sql="{t}.until > {on} AND {t}.until <= {on} + interval '3 months'"
)
add_region_elements(duty)
duty.element("item", "事项序号", sql="{t}.item_id", kind=Kind.INTEGER)
duty.element("code", "事项编号", sql="{t}.code")
duty.element("title", "事项名称", also=("工作事项", "社区工作事项名称"), sql="{t}.title")
duty.element("category", "事项类别", also=("事项分类", "事项大类"), sql="{t}.category")
duty.element("content", "事项内容", also=("社区做什么", "具体工作内容"), sql="nullif({t}.content, '')")
duty.element(
    "department",
    "事项责任部门",
    also=("事项主管部门", "事项牵头部门"),
    sql="(SELECT u.name FROM access_unit u WHERE u.id = {t}.unit_id)",
)
duty.element(
    "responsibility",
    "职责类型",
    also=("履职方式", "依法履行或协助"),
    sql=_cases("{t}.responsibility", {one.value: one.label for one in terms.Responsibility}),
)
duty.element("kind", "事项办理方式", sql=_cases("{t}.kind", {one.value: one.label for one in terms.Kind}))
duty.element("things", "可下派的内容", sql=f"nullif(substr({_THINGS}, 2), '')")
duty.element("frequency", "事项频次", also=("工作频次",), sql=_FREQUENCY)
duty.element("yearly_times", "每年次数", sql="{t}.yearly_times", kind=Kind.INTEGER, unit="次")
duty.element("hours", "每次工时", sql="{t}.hours", kind=Kind.DECIMAL, unit="小时")
duty.element("yearly_hours", "事项全年工时", sql="{t}.yearly_hours", kind=Kind.DECIMAL, unit="小时")
duty.element(
    "money",
    "事项经费",
    also=("工作经费",),
    sql="{t}.money",
    kind=Kind.MONEY,
    unit="元",
    note="每个社区每年。",
)
duty.element("basis", "事项依据", also=("政策依据", "法律法规依据"), sql=_BASES)
duty.element("evidence", "要求的材料", also=("留痕材料",), sql="nullif({t}.evidence, '')")
duty.element("since", "事项生效日期", sql="{t}.since", kind=Kind.DATE)
duty.element("until", "事项有效期至", sql="{t}.until", kind=Kind.DATE)
duty.element(
    "state",
    "事项状态",
    sql="CASE WHEN {t}.since > {on} THEN '未生效' WHEN {t}.until <= {on} THEN coalesce(nullif("
    + _cases("{t}.ended_how", {one.value: one.label for one in terms.Fate})
    + f", ''), '已退出') WHEN {_SUSPENDED} <> '' THEN '暂停' ELSE '现行' END",
)
duty.element("sent_this_year", "本年下派次数", sql=_SENT, kind=Kind.INTEGER, unit="次")
duty.measure(
    "duties",
    "社区事项数",
    also=("社区工作事项数", "承担事项数", "事项总数"),
    sql="count(DISTINCT {t}.item_id)",
    unit="项",
    note="一个事项不论在几个社区实施，只算一项，所以各社区之和大于全区。",
)
duty.measure(
    "duty_places",
    "社区承担事项项次",
    unit="项次",
    note="逐个社区计：全区等于各社区之和。",
)
duty.measure(
    "duty_hours",
    "社区事项全年总工时",
    also=("事项工时合计",),
    sql="coalesce(sum({t}.yearly_hours), 0)",
    unit="小时",
    note="各社区全年工时相加：全区等于各社区之和。",
)
duty.measure(
    "duty_hours_each",
    "平均每个社区全年事项工时",
    sql="round(coalesce(sum({t}.yearly_hours), 0) / nullif(count(DISTINCT {t}.region_code), 0), 1)",
    unit="小时",
    note="全年总工时除以社区数，不能相加。",
)
duty.measure(
    "duty_money",
    "社区事项全年经费",
    sql="coalesce(sum({t}.money), 0)",
    unit="元",
    note="清单写明的，逐个社区相加。",
)

_OF_COMMUNITY = (
    "(SELECT {what} FROM catalogue_duty x WHERE x.region_code = {{t}}.region_code AND x.since <= {{on}} "
    "AND (x.until IS NULL OR x.until > {{on}}))"
)
community = dictionary.subject("community")
community.element(
    "duties",
    "承担的社区事项数",
    also=("社区事项数量",),
    sql=_OF_COMMUNITY.format(what="count(*)"),
    kind=Kind.INTEGER,
    unit="项",
)
community.element(
    "duty_hours",
    "社区事项全年工时",
    sql=_OF_COMMUNITY.format(what="coalesce(sum(x.yearly_hours), 0)"),
    kind=Kind.DECIMAL,
    unit="小时",
)
