"""What can be asked of the composite assessment: scores of communities, and objections to them."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.gate.assessment.models import ObjectionState
from linli.registry.places.facts import add_region_elements

_PLAN = "(SELECT p.<what> FROM assessment_plan p JOIN assessment_part a ON a.plan_id = p.id WHERE a.id = {t}.part_id)"
_LEFT_OUT = (
    "(SELECT coalesce(sum(o.weight), 0) FROM assessment_part a JOIN assessment_part o ON o.plan_id = a.plan_id "
    "JOIN assessment_score s ON s.part_id = o.id "
    "WHERE a.id = {t}.part_id AND s.region_code = {t}.region_code AND s.points IS NULL)"
)
_PART = "(SELECT a.<what> FROM assessment_part a WHERE a.id = {t}.part_id)"

score = dictionary.add(
    Subject(
        "score",
        "考核得分",
        table="assessment_score",
        region="region_code",
        also=("综合考核得分",),
        default="given",
        permission=Permission.VIEW_GATE,
        page="assessment:score",
        order="{t}.region_code, {t}.part_id",
        columns=("year", "part", "community", "points", "weight"),
        note="一个社区在年度综合考核一项内容上的得分。",
    )
)
score.condition("given", "已评分", sql="({t}.at AT TIME ZONE 'Asia/Shanghai')::date <= {on}")
score.condition(
    "this_year", "本年度的考核", sql=_PLAN.replace("<what>", "year") + " = extract(year FROM {on}::date)"
)
score.condition("computed", "由系统计算的", sql="{t}.as_of IS NOT NULL")
score.condition("unrecorded", "没有记录、不计分的", sql="{t}.points IS NULL")
score.condition(
    "objected", "申诉过的得分", sql="EXISTS (SELECT 1 FROM assessment_objection o WHERE o.score_id = {t}.id)"
)
add_region_elements(score)
score.element("year", "考核年度", sql=_PLAN.replace("<what>", "year"), kind=Kind.INTEGER)
score.element("part", "考核项目", sql=_PART.replace("<what>", "title"))
score.element("weight", "考核权重", sql=_PART.replace("<what>", "weight"), kind=Kind.INTEGER, unit="%")
score.element("points", "考核项得分", sql="{t}.points", kind=Kind.DECIMAL, unit="分")
score.element(
    "weighted",
    "考核加权得分",
    sql="round({t}.points * "
    + _PART.replace("<what>", "weight")
    + " / nullif(100 - "
    + _LEFT_OUT
    + ", 0), 2)",
    kind=Kind.DECIMAL,
    unit="分",
    note="各项相加就是总分；没有记录的项目不计分，按其余各项的权重折算。",
)
score.element("value", "考核依据的数值", sql="{t}.value", kind=Kind.DECIMAL)
score.measure("scores", "评分个数", unit="个")

_OF_SCORE = "(SELECT a.title FROM assessment_score s JOIN assessment_part a ON a.id = s.part_id WHERE s.id = {t}.score_id)"
objection = dictionary.add(
    Subject(
        "objection",
        "考核申诉",
        table="assessment_objection",
        region="region_code",
        default="made",
        permission=Permission.VIEW_GATE,
        page="assessment:score",
        page_by="score",
        order="{t}.id DESC",
        columns=("part", "community", "made_on", "state", "due_on"),
        note="社区对综合考核一项得分的申诉和答复。",
    )
)
objection.condition("made", "已提出的申诉", sql="({t}.made_at AT TIME ZONE 'Asia/Shanghai')::date <= {on}")
objection.condition("open", "待答复的申诉", sql="{t}.state = 'open'")
objection.condition("late", "逾期未答复的申诉", sql="{t}.state = 'open' AND {t}.due_on < {on}")
objection.condition("upheld", "申诉后改分", sql="{t}.state = 'upheld'")
add_region_elements(objection)
objection.element("score", "得分编号", sql="{t}.score_id", kind=Kind.INTEGER)
objection.element("part", "申诉的考核项目", sql=_OF_SCORE)
objection.element(
    "made_on", "申诉日期", sql="({t}.made_at AT TIME ZONE 'Asia/Shanghai')::date", kind=Kind.DATE
)
objection.element("due_on", "申诉答复期限", sql="{t}.due_on", kind=Kind.DATE)
objection.element(
    "state",
    "申诉结果",
    sql="CASE {t}.state "
    + " ".join(f"WHEN '{one.value}' THEN '{one.label}'" for one in ObjectionState)
    + " END",
)
objection.element("points_then", "申诉时得分", sql="{t}.points_then", kind=Kind.DECIMAL, unit="分")
objection.element("points_after", "答复后得分", sql="{t}.points_after", kind=Kind.DECIMAL, unit="分")
objection.measure("objections", "考核申诉件数", unit="件")
objection.measure("upheld", "申诉后改分件数", where=("upheld",), unit="件")
