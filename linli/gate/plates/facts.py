"""What can be asked of plates and bodies."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.gate.plates.models import Form
from linli.gate.plates.rules import State
from linli.registry.places.facts import add_region_elements


def _cases(column: str, choices: list[tuple[str, str]]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{label}'" for key, label in choices) + " END"


plate = dictionary.add(
    Subject(
        "plate",
        "机构牌子",
        table="plates_plate",
        region="region_code",
        also=("牌子", "挂牌", "组织机构", "机构挂牌"),
        default="hanging",
        permission=Permission.VIEW_GATE,
        page="plates:plate",
        order="{t}.region_code, {t}.id",
        columns=("name", "form", "community", "who", "state", "remove_by"),
        note="社区挂的一块牌子，或按部门要求设的一个机构（领导小组、工作站等）。",
    )
)
plate.condition(
    "hanging",
    "现有",
    also=("在挂", "现挂"),
    sql="{t}.state NOT IN ('proposed', 'refused') AND {t}.since <= {on} AND ({t}.removed_on IS NULL OR {t}.removed_on > {on})",
)
plate.condition(
    "ever",
    "登记过的",
    also=("清理前",),
    sql="{t}.state NOT IN ('proposed', 'refused') AND {t}.since <= {on}",
    replaces_default=True,
    note="挂过的全部，包括已经摘除的。",
)
plate.condition(
    "removed",
    "已摘除",
    also=("已清理", "已取消"),
    sql="{t}.removed_on <= {on}",
    replaces_default=True,
)
plate.condition(
    "removed_this_year",
    "本年摘除",
    also=("今年清理",),
    sql="{t}.removed_on <= {on} AND {t}.removed_on >= date_trunc('year', {on}::date)",
    replaces_default=True,
)
plate.condition(
    "due_soon",
    "三十天内到期未摘",
    sql="{t}.state = 'removing' AND {t}.remove_by >= {on} AND {t}.remove_by <= {on}::date + 30",
)
plate.condition(
    "photographed",
    "摘除有前后照片",
    sql="(SELECT count(DISTINCT f.kind) FROM plates_platephoto f WHERE f.plate_id = {t}.id AND f.kind IN ('before', 'after')) = 2",
)
plate.condition("allowed", "允许悬挂", also=("保留",), sql="{t}.state = 'allowed'")
plate.condition("listed", "经准入", sql="{t}.state = 'listed'")
plate.condition("unsettled", "待处理", also=("未处理",), sql="{t}.state = 'found'")
plate.condition("removing", "限期摘除", sql="{t}.state = 'removing'")
plate.condition(
    "overdue", "逾期未摘除", also=("超期未摘",), sql="{t}.state = 'removing' AND {t}.remove_by < {on}"
)
plate.condition("bodies", "机构", also=("领导小组", "工作机构"), sql="{t}.form IN ('body', 'both')")
plate.condition("boards", "牌子", also=("挂牌",), sql="{t}.form <> 'body'")
add_region_elements(plate)
plate.element("name", "牌子名称", also=("机构名称", "牌子上写的", "挂牌名称"), sql="{t}.name")
plate.element("form", "形式", sql=_cases("{t}.form", [(one.value, str(one.label)) for one in Form]))
plate.element(
    "kind",
    "牌子种类",
    sql="coalesce((SELECT k.name FROM plates_platekind k WHERE k.id = {t}.kind_id), '没有种类')",
    note="区里允许悬挂的种类；其他的不分种类。",
)
plate.element(
    "days_over",
    "逾期天数",
    sql="CASE WHEN {t}.state = 'removing' AND {t}.remove_by < {on} THEN {on}::date - {t}.remove_by END",
    kind=Kind.INTEGER,
    unit="天",
)
plate.element(
    "payer",
    "摘除费用由谁出",
    sql="(SELECT u.name FROM access_unit u WHERE u.id = {t}.payer_id)",
)
plate.element(
    "who",
    "要求设立的部门",
    also=("责任部门", "要求挂牌单位", "设立部门"),
    sql="coalesce((SELECT u.name FROM access_unit u WHERE u.id = {t}.unit_id), nullif({t}.unit_name, ''))",
)
plate.element("place", "悬挂位置", also=("挂在哪里", "挂牌位置"), sql="nullif({t}.place, '')")
plate.element("since", "挂牌日期", also=("发现日期", "设立日期"), sql="{t}.since", kind=Kind.DATE)
plate.element("state", "处理情况", sql=_cases("{t}.state", [(one.value, one.label) for one in State]))
plate.element("remove_by", "摘除期限", also=("清理期限",), sql="{t}.remove_by", kind=Kind.DATE)
plate.element("removed_on", "摘除日期", also=("清理日期",), sql="{t}.removed_on", kind=Kind.DATE)
plate.element("cost", "摘除费用", sql="{t}.cost", kind=Kind.MONEY, unit="元")
plate.measure("plates", "机构牌子数", also=("牌子数", "挂牌数", "牌子总数"), unit="块")
plate.measure("bodies", "机构数", also=("领导小组数", "工作机构数"), where=("bodies",), unit="个")
plate.measure("boards", "挂牌块数", where=("boards",), unit="块")
plate.measure("overdue", "逾期未摘除数", where=("overdue",), unit="块")
plate.measure(
    "removed_this_year", "本年摘除数", also=("今年摘牌数",), where=("removed_this_year",), unit="块"
)
plate.measure("cost", "摘除费用合计", where=("ever",), sql="coalesce(sum({t}.cost), 0)", unit="元")

community = dictionary.subject("community")
_OF_COMMUNITY = "(SELECT count(*) FROM plates_plate p WHERE p.region_code = {t}.region_code AND <which>)"
community.element(
    "plates_now",
    "现有机构牌子数",
    also=("现挂牌子数",),
    sql=_OF_COMMUNITY.replace(
        "<which>",
        "p.state NOT IN ('proposed', 'refused') AND p.since <= {on} AND (p.removed_on IS NULL OR p.removed_on > {on})",
    ),
    kind=Kind.INTEGER,
    unit="块",
)
community.element(
    "plates_removed_this_year",
    "本年摘除牌子数",
    sql=_OF_COMMUNITY.replace(
        "<which>", "p.removed_on <= {on} AND p.removed_on >= date_trunc('year', {on}::date)"
    ),
    kind=Kind.INTEGER,
    unit="块",
)
