"""What can be asked of the agenda: inspections, contests and meetings that came, and the hours they took."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.gate.agenda.models import THINGS, State
from linli.gate.agenda.rules import Ceiling
from linli.registry.places.facts import add_region_elements


def _cases(column: str, choices: list[tuple[str, str]]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{label}'" for key, label in choices) + " END"


_SPENT = "coalesce({t}.spent_hours, {t}.hours * ({t}.last_day - {t}.day + 1) + {t}.prep_hours)"

visit = dictionary.add(
    Subject(
        "visit",
        "检查会议",
        table="agenda_visit",
        region="region_code",
        also=("检查考核", "会议", "迎检参会", "进社区安排"),
        default="happened",
        permission=Permission.VIEW_GATE,
        page="agenda:visit",
        order="{t}.day DESC, {t}.id DESC",
        columns=("day", "thing", "title", "who", "community", "spent"),
        note="进到一个社区的一次检查考核、评比创建或会议。未经准入来的也登记，另有口径区分。",
    )
)
visit.condition(
    "happened",
    "已进行",
    also=("已完成",),
    sql="{t}.state IN ('fixed', 'done') AND {t}.day <= {on}",
    note="截至日期当天或以前的；包括未经准入、事后登记的。",
)
visit.condition(
    "coming",
    "还没到",
    also=("待进行", "已排定"),
    sql="{t}.state = 'fixed' AND {t}.day > {on}",
    replaces_default=True,
)
visit.condition("inspections", "检查考核", also=("检查", "考核", "迎检"), sql="{t}.thing = 'inspection'")
visit.condition("contests", "评比创建", also=("评比", "创建达标", "达标评比"), sql="{t}.thing = 'contest'")
visit.condition("meetings", "会议", also=("参会",), sql="{t}.thing = 'meeting'")
visit.condition("joint", "联合检查", sql="{t}.joint_id IS NOT NULL")
visit.condition("unlisted", "未经准入", also=("清单外",), sql="{t}.is_unlisted")
visit.condition("listed", "经准入", also=("清单内",), sql="NOT {t}.is_unlisted")
visit.condition("this_year", "本年度", also=("今年", "年内"), sql="{t}.day >= date_trunc('year', {on})::date")
visit.condition("this_month", "本月", sql="{t}.day >= date_trunc('month', {on})::date")
visit.condition("this_week", "本周", sql="{t}.day >= date_trunc('week', {on})::date")
add_region_elements(visit)
visit.element(
    "day", "日期", also=("检查日期", "会议日期", "检查时间", "会议时间"), sql="{t}.day", kind=Kind.DATE
)
visit.element(
    "thing", "类型", also=("类别",), sql=_cases("{t}.thing", [(key, str(label)) for key, label in THINGS])
)
visit.element("title", "名称", also=("检查名称", "会议名称", "检查内容", "会议主题"), sql="{t}.title")
visit.element(
    "who",
    "来的单位",
    also=("检查单位", "检查部门", "主办单位", "召集单位", "组织单位"),
    sql="coalesce((SELECT u.name FROM access_unit u WHERE u.id = {t}.unit_id), nullif({t}.unit_name, ''))",
)
visit.element(
    "planned",
    "计划工时",
    sql="{t}.hours * ({t}.last_day - {t}.day + 1) + {t}.prep_hours",
    kind=Kind.DECIMAL,
    unit="小时",
)
visit.element(
    "spent",
    "实际工时",
    also=("用时", "占用时间", "时长"),
    sql=_SPENT,
    kind=Kind.DECIMAL,
    unit="小时",
    note="社区登记的实际时间；还没登记的用计划时间。",
)
visit.element(
    "people", "参加人数", also=("社区参加人数",), sql="{t}.spent_people", kind=Kind.INTEGER, unit="人"
)
visit.element(
    "findings", "检查结果", also=("发现的问题", "存在问题", "会议结果"), sql="nullif({t}.findings, '')"
)
visit.element("state", "状态", sql=_cases("{t}.state", [(one.value, str(one.label)) for one in State]))
visit.element("unlisted", "未经准入", sql="{t}.is_unlisted", kind=Kind.BOOLEAN)
visit.element(
    "month", "月份", also=("检查月份", "会议月份"), sql="to_char({t}.day, 'YYYY-MM')", note="如 2026-11。"
)
visit.element(
    "item",
    "准入事项",
    also=("依据的事项",),
    sql="(SELECT w.title FROM agenda_proposal p JOIN flow_warrant w ON w.id = p.warrant_id WHERE p.id = {t}.proposal_id)",
    note="未经准入的没有。",
)
visit.condition(
    "last_month",
    "上月",
    sql="date_trunc('month', {t}.day) = date_trunc('month', {on}::date) - interval '1 month'",
)
visit.condition("consented", "街道同意才进的", sql="{t}.consent_reason <> ''")
visit.condition("recorded", "已记实际用时", sql="{t}.spent_hours IS NOT NULL")
# A joint visit is one occasion, however many departments come.
_ONCE = "count(DISTINCT coalesce(-{t}.joint_id, {t}.id))"
visit.measure("visits", "检查会议次数", sql=_ONCE, unit="次")
visit.measure(
    "inspections",
    "检查考核次数",
    also=("接受检查次数", "迎检次数", "检查次数", "考核次数"),
    where=("inspections",),
    sql=_ONCE,
    unit="次",
)
visit.measure(
    "contests", "评比创建次数", also=("创建达标次数", "评比次数"), where=("contests",), sql=_ONCE, unit="次"
)
visit.measure("meetings", "会议次数", also=("参加会议次数", "参会次数"), where=("meetings",), unit="次")
visit.measure(
    "inspections_year",
    "全年检查考核次数",
    also=("年度检查次数", "本年迎检次数"),
    where=("inspections", "this_year"),
    sql=_ONCE,
    unit="次",
)
visit.measure(
    "meetings_year",
    "全年会议次数",
    also=("年度会议次数", "本年参会次数"),
    where=("meetings", "this_year"),
    unit="次",
)
visit.measure("unlisted", "未经准入次数", also=("清单外次数",), where=("unlisted",), unit="次")
visit.measure(
    "hours",
    "检查会议工时",
    also=("迎检参会时间", "迎检参会小时数"),
    sql=f"coalesce(sum({_SPENT}), 0)",
    unit="小时",
)
visit.measure(
    "hours_year",
    "全年检查会议工时",
    also=("年度迎检参会时间",),
    sql=f"coalesce(sum({_SPENT}), 0)",
    where=("this_year",),
    unit="小时",
)
visit.measure(
    "contests_year",
    "全年评比创建次数",
    also=("年度评比次数",),
    where=("contests", "this_year"),
    sql=_ONCE,
    unit="次",
)
visit.measure(
    "hours_month",
    "本月检查会议工时",
    also=("当月迎检参会时间",),
    sql=f"coalesce(sum({_SPENT}), 0)",
    where=("this_month",),
    unit="小时",
)

# Load of a community against the ceiling that binds it: of the nearest region above that has one, else the house's own.
_IN_MONTH = (
    "(SELECT coalesce(sum(coalesce(v.spent_hours, v.hours * (v.last_day - v.day + 1) + v.prep_hours)), 0) FROM agenda_visit v "
    "WHERE v.region_code = {t}.region_code AND v.state IN ('fixed', 'done') "
    "AND v.day >= date_trunc('month', {on}::date) AND v.day < date_trunc('month', {on}::date) + interval '1 month')"
)
_TOP_OF_MONTH = (
    "coalesce((SELECT r.month_hours FROM agenda_loadrule r WHERE starts_with({t}.region_code, r.region_code) "
    "AND r.since <= {on} ORDER BY length(r.region_code) DESC, r.since DESC LIMIT 1), "
    "<house>)"
).replace("<house>", str(Ceiling().month_hours))
community = dictionary.subject("community")
community.element(
    "agenda_month_hours",
    "本月检查会议占用小时",
    also=("当月检查会议小时数",),
    sql=_IN_MONTH,
    kind=Kind.DECIMAL,
    unit="小时",
    note="这个月已定和已完成的，社区登记了实际用时的按实际。",
)
community.element(
    "agenda_month_ceiling",
    "每月检查会议上限",
    also=("负担上限",),
    sql=_TOP_OF_MONTH,
    kind=Kind.DECIMAL,
    unit="小时",
    note="街道没有设定的按区里的，都没有的按系统自带的；0 表示不限。",
)
community.element(
    "agenda_month_share",
    "占每月上限的百分比",
    sql=f"round({_IN_MONTH} * 100 / nullif({_TOP_OF_MONTH}, 0))",
    kind=Kind.INTEGER,
    unit="%",
)
community.condition(
    "agenda_over",
    "本月检查会议超过上限",
    also=("检查会议超负担",),
    sql=f"{_TOP_OF_MONTH} > 0 AND {_IN_MONTH} > {_TOP_OF_MONTH}",
)
