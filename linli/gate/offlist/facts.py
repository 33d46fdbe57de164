"""What can be asked of what was asked off the list: communities' reports, and what the gate refused, community by community."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.flow.models import THINGS
from linli.gate.offlist.models import ASKED, By
from linli.gate.offlist.rules import CONFIRMED, Outcome
from linli.registry.places.facts import add_region_elements

VIEW = Permission.VIEW_OFFLIST


def _cases(column: str, choices: list[tuple[str, str]]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{label}'" for key, label in choices) + " END"


_CONFIRMED = "{t}.outcome IN (" + ", ".join(f"'{one.value}'" for one in CONFIRMED) + ")"

asked = dictionary.add(
    Subject(
        "offlist",
        "清单外要求",
        table="offlist_report",
        region="region_code",
        also=("清单外反映", "清单外事项"),
        default="reported",
        permission=VIEW,
        page="offlist:report",
        order="{t}.asked_on DESC, {t}.id DESC",
        columns=("asked_on", "title", "who", "by", "community", "outcome"),
        note="社区反映的、清单里没有却要社区做的一件事；撤回的不算。",
    )
)
asked.condition(
    "reported",
    "反映过的",
    sql="{t}.withdrawn_at IS NULL AND {t}.asked_on <= {on}",
    note="截至日期以前要求的。",
)
asked.condition("confirmed", "核实属实", also=("属实",), sql=_CONFIRMED)
asked.condition("waiting", "待答复的反映", sql="{t}.outcome = ''")
asked.condition("complied", "社区已经照办", sql="{t}.is_done")
asked.condition("this_year", "本年要求的", sql="{t}.asked_on >= date_trunc('year', {on})::date")
add_region_elements(asked)
asked.element("title", "清单外要求内容", also=("要社区做什么",), sql="{t}.title")
asked.element(
    "who",
    "提出要求的单位",
    also=("要求的单位",),
    sql="coalesce((SELECT u.name FROM access_unit u WHERE u.id = {t}.unit_id), nullif({t}.unit_name, ''))",
)
asked.element("thing", "清单外要求类型", sql=_cases("{t}.thing", [(key, str(label)) for key, label in ASKED]))
asked.element(
    "by", "要求方式", also=("怎么要求的",), sql=_cases("{t}.by", [(one.value, str(one.label)) for one in By])
)
asked.element("asked_on", "要求日期", sql="{t}.asked_on", kind=Kind.DATE)
asked.element("wanted_by", "要求完成日期", sql="{t}.wanted_by", kind=Kind.DATE)
asked.element("hours", "清单外用时", sql="{t}.hours", kind=Kind.DECIMAL, unit="小时")
asked.element("outcome", "核实结果", sql=_cases("{t}.outcome", [(one.value, one.label) for one in Outcome]))
asked.element("answer", "清单外反映的答复", sql="nullif({t}.answer, '')")
asked.measure("offlist", "清单外反映件数", also=("反映清单外要求件数",), unit="件")
asked.measure("confirmed", "清单外要求属实件数", also=("清单外要求件数",), where=("confirmed",), unit="件")
asked.measure(
    "offlist_hours", "清单外要求用时", sql="coalesce(sum({t}.hours), 0)", where=("confirmed",), unit="小时"
)


_OF = "(SELECT {} FROM flow_refusal r WHERE r.id = {{t}}.refusal_id)"
_AT = "(r.at AT TIME ZONE 'Asia/Shanghai')::date"
refused = dictionary.add(
    Subject(
        "refused",
        "拦下的下派",
        table="flow_refusedplace",
        region="region_code",
        also=("系统拦下的下派",),
        default="tried",
        permission=VIEW,
        order="{t}.id DESC",
        columns=("tried_on", "title", "who", "thing", "community", "why"),
        note="系统没有放行到一个社区的一次下派。一次要发到几个社区的，每个社区一行。",
    )
)
refused.condition("tried", "拦下过的", sql=f"{_OF.format(_AT)} <= {{on}}")
refused.condition("this_year", "本年拦下的", sql=f"{_OF.format(_AT)} >= date_trunc('year', {{on}})::date")
add_region_elements(refused)
refused.element("title", "拦下的标题", sql=_OF.format("r.title"))
refused.element(
    "who",
    "要下派的单位",
    sql="(SELECT u.name FROM flow_refusal r JOIN access_unit u ON u.id = r.unit_id WHERE r.id = {t}.refusal_id)",
)
refused.element(
    "thing", "拦下的类型", sql=_OF.format(_cases("r.thing", [(key, str(label)) for key, label in THINGS]))
)
refused.element("tried_on", "拦下日期", sql=_OF.format(_AT), kind=Kind.DATE)
refused.element("why", "拦下的原因", sql="{t}.why")
refused.measure(
    "refused",
    "拦下的下派数",
    also=("系统拦下次数",),
    unit="个次",
    note="逐个社区计：一次要发到五个社区算五个次，所以全区等于各社区之和。",
)
refused.measure(
    "attempts",
    "拦下的下派批次",
    sql="count(DISTINCT {t}.refusal_id)",
    unit="次",
    note="一次下派不论几个社区算一次，所以各社区之和会大于全区。",
)
