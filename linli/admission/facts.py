"""What can be asked of admission: applications and what came of them, money owed and paid to communities, emergencies."""

# ruff: noqa: S608  the SQL is put together from constants of this file, never from what a user typed
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linli.access.roles import Permission
from linli.admission.kinds import ADMISSION
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.kernel.scope import Scope
from linli.registry.places.facts import add_region_elements

VIEW = Permission.VIEW_ADMISSION


def _decides(user: Any) -> Sequence[Scope]:
    return tuple(user.scopes(Permission.DECIDE_ADMISSION))


def _sees(user: Any) -> Sequence[Scope]:
    """Where one sees the money of all departments; a department sees its own on the page of money."""
    return (*user.scopes(Permission.DECIDE_ADMISSION), *user.scopes(Permission.GIVE_OPINIONS))


def _unit(column: str) -> str:
    return f"(SELECT u.name FROM access_unit u WHERE u.id = {column})"


_DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"
_CASE = "(SELECT {} FROM flow_case c WHERE c.id = {{t}}.case_id)"
_STATES = (
    "CASE c.state "
    + " ".join(f"WHEN '{one.key}' THEN '{one.outcome or one.name}'" for one in ADMISSION.states)
    + " END"
)
_SUBMITTED = _DAY.format("{t}.submitted_at")
_CLOSED = _CASE.format(_DAY.format("c.closed_at"))

application = dictionary.add(
    Subject(
        "application",
        "准入申请",
        table="admission_application",
        region="region_code",
        also=("准入申请事项", "申请准入事项"),
        default="handed_in",
        permission=VIEW,
        seen=_decides,
        page="admission:application",
        order="{t}.id DESC",
        columns=("title", "department", "submitted_on", "state", "decided_on"),
        note="部门提交的一份准入申请，包括续期；草稿不算。",
    )
)
application.condition("handed_in", "已提交", sql=f"{_SUBMITTED} <= {{on}}")
for _key, _label, _sql in (
    ("admitted", "准予准入的", "c.state = 'admitted'"),
    ("on_trial", "试行中的", "c.state = 'trial'"),
    ("refused", "不予准入的", "c.state IN ('refused', 'dropped')"),
    ("withdrawn", "部门撤回的", "c.state = 'withdrawn'"),
    ("undecided", "还没审定的", "c.state IN ('received', 'consulting', 'correcting')"),
):
    application.condition(_key, _label, sql=_CASE.format(_sql))
application.condition("this_year", "本年提交的", sql=f"{_SUBMITTED} >= date_trunc('year', {{on}})::date")
application.condition("renewal", "续期申请", sql="{t}.renews_id IS NOT NULL")
add_region_elements(application)
application.element("number", "准入申请编号", sql=_CASE.format("c.number"))
application.element("title", "申请事项名称", also=("申请准入事项名称",), sql="{t}.title")
application.element("department", "申请部门", also=("申请准入部门",), sql=_unit("{t}.unit_id"))
application.element("state", "审定结果", also=("准入审批结果",), sql=_CASE.format(_STATES))
application.element("submitted_on", "准入申请提交日期", sql=_SUBMITTED, kind=Kind.DATE)
application.element("decided_on", "审定日期", sql=_CLOSED, kind=Kind.DATE)
application.element("since", "申请开始日期", sql="{t}.since", kind=Kind.DATE)
application.element("until", "申请结束日期", sql="{t}.until", kind=Kind.DATE)
application.element(
    "hours_year",
    "申请的全年总工时",
    sql="(SELECT r.hours_year FROM admission_report r WHERE r.application_id = {t}.id ORDER BY r.id DESC LIMIT 1)",
    kind=Kind.DECIMAL,
    unit="小时",
    note="提交时系统估算的：每次工时 × 每年次数 × 社区数。",
)
application.element(
    "communities",
    "涉及社区数",
    sql="(SELECT r.communities FROM admission_report r WHERE r.application_id = {t}.id ORDER BY r.id DESC LIMIT 1)",
    kind=Kind.INTEGER,
    unit="个",
)
application.measure("applications", "准入申请件数", also=("申请准入件数",), unit="件")
application.measure("admitted", "准予准入件数", where=("admitted",), unit="件")
application.measure("refused", "不予准入件数", where=("refused",), unit="件")

instalment = dictionary.add(
    Subject(
        "instalment",
        "事项应付款",
        table="admission_instalment",
        region="region_code",
        also=("费随事转经费", "准入事项经费"),
        default="due",
        permission=VIEW,
        seen=_sees,
        order="{t}.due_on, {t}.region_code, {t}.id",
        columns=("item", "department", "community", "due_on", "amount", "paid", "arrears"),
        note="部门答应付给一个社区的一期经费；到期的。",
    )
)
instalment.condition("due", "已到期的应付款", sql="{t}.due_on <= {on}")
instalment.condition("promised", "答应的全部经费", sql="TRUE", replaces_default=True, note="包括还没到期的。")
instalment.condition("late", "逾期未付清的", sql="{t}.due_on < {on} AND {t}.paid < {t}.amount")
instalment.condition("this_year", "本年到期的", sql="{t}.due_on >= date_trunc('year', {on})::date")
add_region_elements(instalment)
instalment.element(
    "item",
    "付款事项",
    sql="(SELECT i.title FROM admission_admission a JOIN catalogue_item i ON i.id = a.item_id WHERE a.id = {t}.admission_id)",
)
instalment.element("department", "付款部门", sql=_unit("{t}.unit_id"))
instalment.element("since", "付款期间起", sql="{t}.since", kind=Kind.DATE)
instalment.element("due_on", "应付日期", sql="{t}.due_on", kind=Kind.DATE)
instalment.element("amount", "应付经费", sql="{t}.amount", kind=Kind.MONEY, unit="元")
instalment.element("paid", "已付经费", sql="{t}.paid", kind=Kind.MONEY, unit="元")
instalment.element("arrears", "未付经费", sql="{t}.amount - {t}.paid", kind=Kind.MONEY, unit="元")
instalment.measure("amount", "事项应付经费", sql="coalesce(sum({t}.amount), 0)", unit="元")
instalment.measure("paid", "事项已付经费", sql="coalesce(sum({t}.paid), 0)", unit="元")
instalment.measure(
    "arrears", "事项欠付经费", sql="coalesce(sum({t}.amount - {t}.paid), 0)", where=("late",), unit="元"
)

emergency = dictionary.add(
    Subject(
        "emergency",
        "应急事项",
        table="admission_emergency",
        region="region_code",
        also=("应急通道事项",),
        default="approved",
        permission=VIEW,
        page="admission:emergency",
        order="{t}.id DESC",
        columns=("title", "department", "approved_on", "until", "reviewed"),
        note="来不及走准入、临时批准的事项。在全区实施的记在区里，一个社区的名单里没有。",
    )
)
_APPROVED = _DAY.format("{t}.approved_at")
emergency.condition("approved", "批准过的", sql=f"{_APPROVED} <= {{on}}")
emergency.condition("this_year", "本年批准的", sql=f"{_APPROVED} >= date_trunc('year', {{on}})::date")
emergency.condition(
    "unreviewed",
    "没有复盘的",
    sql="{t}.reviewed_at IS NULL AND ({t}.until <= {on} OR {t}.ended_at IS NOT NULL)",
)
add_region_elements(emergency)
emergency.element("title", "应急事项名称", sql="{t}.title")
emergency.element("department", "应急提出部门", sql=_unit("{t}.unit_id"))
emergency.element("approved_on", "应急批准日期", sql=_APPROVED, kind=Kind.DATE)
emergency.element("until", "应急失效日期", sql="{t}.until", kind=Kind.DATE)
emergency.element("reviewed", "应急已复盘", sql="{t}.reviewed_at IS NOT NULL", kind=Kind.BOOLEAN)
emergency.measure("emergencies", "应急通道次数", also=("应急事项数",), unit="次")
