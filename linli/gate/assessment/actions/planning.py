"""Every write of the composite assessment. Each asks for MANAGE_ASSESSMENT in the district."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access import guard
from linli.access.guard import NotPermitted, require
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.facts.dictionary import UnknownTerm
from linli.gate.assessment import measures, rules
from linli.gate.assessment.models import (
    Contest,
    Fate,
    Objection,
    ObjectionState,
    Part,
    Plan,
    PlanState,
    Score,
)
from linli.gate.assessment.rules import Way
from linli.gate.plates import actions as plates
from linli.gate.plates.models import Form, Plate
from linli.gate.plates.rules import HANGING
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region

MANAGE = Permission.MANAGE_ASSESSMENT
DISTRICT = KEY_LENGTH[Level.DISTRICT]


def communities_of(region_code: str) -> list[str]:
    """The communities of a region that exist."""
    rows = Region.objects.filter(
        level=Level.COMMUNITY, region_code__startswith=region_code, valid_to__isnull=True
    )
    return list(rows.order_by("region_code").values_list("region_code", flat=True))


def draft_plan(
    *,
    acting_user: Any,
    region_code: str,
    year: int,
    title: str,
    note: str = "",
    least_satisfaction: int = 30,
    objection_days: int = 7,
    answer_days: int = 10,
) -> Plan:
    """Begin the plan of a district's year. Raises RuleError when the year has one."""
    require(acting_user, MANAGE, region_code)
    if len(region_code) != DISTRICT:
        raise RuleError("综合考核由区里统一组织。", field="region_code")
    if not 2000 <= year <= 2100:
        raise RuleError("年度要在 2000 到 2100 之间。", field="year")
    if not title.strip():
        raise RuleError("请填写名称。", field="title")
    if not 0 <= least_satisfaction <= 100:
        raise RuleError("满意度最低权重要在 0 到 100 之间。", field="least_satisfaction")
    if not 1 <= objection_days <= 60:
        raise RuleError("申诉期要在 1 到 60 个工作日之间。", field="objection_days")
    if not 1 <= answer_days <= 60:
        raise RuleError("答复期限要在 1 到 60 个工作日之间。", field="answer_days")
    if Plan.objects.filter(region_code=region_code, year=year).exists():
        raise RuleError(f"{year} 年已经有方案，一年只有一个。", field="year")
    with action(acting_user, "assessment.draft", reason=note.strip()) as act:
        made = Plan.objects.create(
            region_code=region_code,
            year=year,
            title=title.strip(),
            note=note.strip(),
            least_satisfaction=least_satisfaction,
            objection_days=objection_days,
            answer_days=answer_days,
        )
        act.record(made, f"起草{names.title(region_code)} {year} 年综合考核方案")
    return made


def _drafted(acting_user: Any, plan: Plan) -> Plan:
    kept = guard.locked(Plan, plan.pk, acting_user, MANAGE)
    if kept.state != PlanState.DRAFT:
        raise RuleError("方案已经公布，不能再改。")
    return kept


def set_part(
    *,
    acting_user: Any,
    plan: Plan,
    title: str,
    weight: int,
    way: str,
    part: Part | None = None,
    how: str = "",
    measure: str = "",
    per: str = "",
    zero_at: Decimal | None = None,
    full_at: Decimal | None = None,
) -> Part:
    """Add a part to a draft, or change one of it."""
    wrong, field = rules.part_problem(title, weight, Way(way), measure, zero_at, full_at)
    if wrong:
        raise RuleError(wrong, field=field)
    with action(acting_user, "assessment.part") as act:
        kept = _drafted(acting_user, plan)
        if part is not None and part.plan_id != kept.pk:
            raise NotPermitted(MANAGE)
        one = part or Part(plan=kept)
        measured = Way(way) is Way.MEASURED
        one.title, one.weight, one.way, one.how = title.strip(), weight, way, how.strip()
        one.measure, one.per = (measure, per) if measured else ("", "")
        one.zero_at, one.full_at = (zero_at, full_at) if measured else (None, None)
        one.save()
        act.record(kept, f"{'修改' if part else '增加'}考核内容“{one.title}”，权重 {weight}%")
    return one


def drop_part(*, acting_user: Any, part: Part) -> None:
    """Take a part out of a draft."""
    with action(acting_user, "assessment.drop_part") as act:
        kept = _drafted(acting_user, part.plan)
        act.record(kept, f"删去考核内容“{part.title}”")
        part.delete()


def publish(*, acting_user: Any, plan: Plan) -> Plan:
    """Publish a plan; it cannot be changed any more. Raises RuleError while its weights do not add up."""
    with action(acting_user, "assessment.publish") as act:
        kept = _drafted(acting_user, plan)
        wrong = rules.plan_problem([one.plain for one in kept.parts.all()], kept.least_satisfaction)
        if wrong:
            raise RuleError(wrong)
        kept.state, kept.published_at = PlanState.PUBLISHED, timezone.now()
        kept.save(update_fields=["state", "published_at"])
        act.record(kept, f"公布{kept.title}")
    return kept


def _open(acting_user: Any, plan: Plan) -> Plan:
    kept = guard.locked(Plan, plan.pk, acting_user, MANAGE)
    if kept.state != PlanState.PUBLISHED:
        raise RuleError("方案公布以后、结束以前才能评分。")
    return kept


def enter(*, acting_user: Any, part: Part, scores: Mapping[str, Decimal], note: str = "") -> list[Score]:
    """Enter the points of communities for a part; measured parts are computed instead."""
    with action(acting_user, "assessment.enter", reason=note.strip()) as act:
        kept = _open(acting_user, part.plan)
        if part.way == Way.MEASURED:
            raise RuleError("这一项由系统计算，不用录入。")
        if not scores:
            raise RuleError("请至少填一个社区的得分。")
        known = set(communities_of(kept.region_code))
        for community, given in scores.items():
            if community not in known:
                raise NotPermitted(MANAGE)
            if not 0 <= given <= 100:
                raise RuleError(f"{names.title(community)}的得分要在 0 到 100 之间。")
        made = _keep(part, {key: (value, None) for key, value in scores.items()}, note.strip())
        act.record(kept, f"录入“{part.title}”的得分，{len(made)} 个社区")
    return made


def enter_many(
    *, acting_user: Any, plan: Plan, scores: Mapping[int, Mapping[str, Decimal]], note: str = ""
) -> int:
    """Enter the points of several parts at once, as they come from a workbook: all or none. Returns how many."""
    with action(acting_user, "assessment.enter_many", reason=note.strip()) as act:
        kept = _open(acting_user, plan)
        parts = {one.pk: one for one in kept.parts.all()}
        n = 0
        for key, given in scores.items():
            if key not in parts:
                raise NotPermitted(MANAGE)
            if given:
                n += len(enter(acting_user=acting_user, part=parts[key], scores=given, note=note))
        if not n:
            raise RuleError("表里没有填得分，请填好再传。", field="file")
        act.record(kept, f"用表格录入{kept.title}的 {n} 个得分")
    return n


def _keep(
    part: Part,
    found: Mapping[str, tuple[Decimal | None, Decimal | None]],
    note: str = "",
    as_of: date | None = None,
) -> list[Score]:
    return Score.objects.bulk_create(
        [
            Score(part=part, region_code=key, points=points, value=value, note=note, as_of=as_of)
            for key, (points, value) in found.items()
        ],
        update_conflicts=True,
        unique_fields=["part", "region_code"],
        update_fields=["points", "value", "note", "as_of", "at"],
    )


def compute(*, acting_user: Any, plan: Plan, on: date | None = None) -> int:
    """Work out the measured parts of a plan from what is recorded on a day (today unless given). What was changed upon an objection stays.

    Returns how many scores.
    """
    day = on or timezone.localdate()
    with action(acting_user, "assessment.compute") as act:
        kept = _open(acting_user, plan)
        n, everywhere = 0, communities_of(kept.region_code)
        for part in kept.parts.filter(way=Way.MEASURED):
            try:
                found = measures.values(part.measure, part.per, kept.region_code, everywhere, day)
                known = measures.recorded(part.measure, kept.region_code, day)
            except UnknownTerm as error:
                raise RuleError(f"“{part.title}”用的数字已经没有了：{error}") from error
            settled = set(
                part.scores.filter(objections__state=ObjectionState.UPHELD).values_list(
                    "region_code", flat=True
                )
            )
            assert part.zero_at is not None
            assert part.full_at is not None
            zero, full = part.zero_at, part.full_at
            n += len(
                _keep(
                    part,
                    {
                        key: (rules.measured_points(value, zero, full, recorded=key in known), value)
                        for key, value in found.items()
                        if key not in settled
                    },
                    as_of=day,
                )
            )
        act.record(kept, f"计算{kept.title}的 {n} 个得分，截至 {day}")
    return n


def close(*, acting_user: Any, plan: Plan) -> Plan:
    """End a year's assessment; its scores stay as they are."""
    with action(acting_user, "assessment.close") as act:
        kept = _open(acting_user, plan)
        waiting = Objection.objects.filter(score__part__plan=kept, state=ObjectionState.OPEN).count()
        if waiting:
            raise RuleError(f"还有 {waiting} 件申诉没有答复，答复以后再结束。")
        kept.state, kept.closed_at = PlanState.CLOSED, timezone.now()
        kept.save(update_fields=["state", "closed_at"])
        act.record(kept, f"{kept.title}结束")
    return kept


def add_contest(
    *,
    acting_user: Any,
    region_code: str,
    title: str,
    unit: Unit | None = None,
    times: Decimal | None = None,
    hours: Decimal | None = None,
    plaque: str = "",
) -> Contest:
    """Put an old contest on the list that is cleared."""
    require(acting_user, MANAGE, region_code)
    if not title.strip():
        raise RuleError("请填写项目名称。", field="title")
    if Contest.objects.filter(region_code=region_code, title=title.strip()).exists():
        raise RuleError("这个项目已经在清单里。", field="title")
    with action(acting_user, "assessment.add_contest") as act:
        made = Contest.objects.create(
            region_code=region_code,
            title=title.strip(),
            unit=unit,
            times=times,
            hours=hours,
            plaque=plaque.strip(),
        )
        act.record(made, f"考核评比项目“{made.title}”列入清理")
    return made


def decide(
    *,
    acting_user: Any,
    contest: Contest,
    fate: str,
    reason: str,
    on: date | None = None,
    part: Part | None = None,
    remove_by: date | None = None,
) -> Contest:
    """Keep an old contest, take it into the composite assessment, or cancel it, with a reason.

    What hangs on walls for one that is not kept is ordered away by `remove_by` (see `gate.plates`), its department pays.
    """
    if fate not in (Fate.KEPT, Fate.MERGED, Fate.CANCELLED):
        raise RuleError("请选择保留、并入还是取消。", field="fate")
    if not reason.strip():
        raise RuleError("请写明理由；保留的写明市级以上的依据。", field="reason")
    with action(acting_user, "assessment.decide", reason=reason.strip()) as act:
        kept = guard.locked(Contest, contest.pk, acting_user, MANAGE)
        if fate == Fate.MERGED and (part is None or part.plan.region_code != kept.region_code):
            raise RuleError("请选择并入哪一项考核内容。", field="part")
        kept.fate, kept.reason = fate, reason.strip()
        kept.decided_on, kept.part = on or timezone.localdate(), part if fate == Fate.MERGED else None
        kept.save(update_fields=["fate", "reason", "decided_on", "part"])
        act.record(kept, f"“{kept.title}”{kept.get_fate_display()}")
        if remove_by is not None and fate != Fate.KEPT and kept.plaque:
            hanging = Plate.objects.filter(
                region_code__startswith=kept.region_code,
                form=Form.PLAQUE,
                name=kept.plaque,
                state__in=HANGING,
            )
            if hanging:
                plates.order_removal(
                    acting_user=acting_user,
                    plates=hanging,
                    remove_by=remove_by,
                    reason=f"“{kept.title}”已{kept.get_fate_display()}",
                    payer=kept.unit,
                )
    return kept


def hours_saved(contests: Any) -> Decimal:
    """The hours a year that a community no longer spends on these."""
    return sum(
        (
            (one.times or Decimal(0)) * (one.hours or Decimal(0))
            for one in contests.exclude(fate__in=[Fate.OPEN, Fate.KEPT])
        ),
        Decimal(0),
    )
