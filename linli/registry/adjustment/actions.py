"""Every write of adjustments: norms, drafts and their edits, handing in, approval, carrying out.

All raise `RuleError` (one Chinese sentence, with the field) for what cannot be, and `NotPermitted` outside the acting user's area.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.access import guard
from linli.access.roles import Permission
from linli.audit.recording import SYSTEM, RuleError, action
from linli.facts.plan import Wish, total
from linli.kernel.scope import Scope
from linli.regions import names
from linli.regions.models import Level, Recut, Region
from linli.registry.adjustment import rules
from linli.registry.adjustment.base import figures, read_base
from linli.registry.adjustment.carrying import Carrying, Done, left_behind
from linli.registry.adjustment.models import Norm, NormKind, Plan, PlanState, Step
from linli.registry.adjustment.rules import Base, Draft

PLAN, APPROVE = Permission.PLAN_ADJUSTMENT, Permission.APPROVE_ADJUSTMENT
KEPT_STEPS = 200


@contextmanager
def ruled() -> Iterator[None]:
    """Let what the rules refuse come to the user."""
    try:
        yield
    except rules.Refused as refused:
        raise RuleError(refused.message, field=refused.field) from refused


# -- norms ---------------------------------------------------------------------------------------------------------


def put_norm(
    *,
    acting_user: Any,
    norm: Norm | None = None,
    region_code: str,
    kind: str,
    source: str,
    low: Decimal | None = None,
    high: Decimal | None = None,
    below: int | None = None,
    basis: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Norm:
    """A new norm, or other values for one. A norm of the whole country may only be put by who plans there, or the system."""
    for key in {region_code, norm.region_code if norm else region_code}:
        _require_norm(acting_user, key)
    if kind not in NormKind.values:
        raise RuleError("请选择标准内容。", field="kind")
    if low is None and high is None:
        raise RuleError("下限和上限至少填一个。", field="low")
    if any(value is not None and value < 0 for value in (low, high)):
        raise RuleError("标准的数值不能是负数。", field="low")
    if low is not None and high is not None and low > high:
        raise RuleError("下限不能大于上限。", field="high")
    if valid_from and valid_to and valid_to <= valid_from:
        raise RuleError("停用日期要晚于施行日期。", field="valid_to")
    _check_values(kind, low, high)
    if not source.strip():
        raise RuleError("请填写标准的来源，例如文件名和文号。", field="source")
    values = {
        "region_code": region_code,
        "kind": kind,
        "low": low,
        "high": high,
        "below": below,
        "source": source.strip(),
        "basis": basis.strip(),
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    with action(acting_user, "adjustment.put_norm") as act:
        kept = Norm.objects.select_for_update().get(pk=norm.pk) if norm else Norm()
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save()
        act.record(kept, f"{'修改' if norm else '新增'}设置标准：{kept}")
    return kept


# Which of the two numbers a kind is read from.
_NEEDS = {
    NormKind.STAFF: "high",
    NormKind.LEADERS: "high",
    NormKind.STAFF_LEAST: "low",
    NormKind.STAFF_PER_PEOPLE: "low",
    NormKind.ROOMS: "low",
    NormKind.ROOMS_PER_100: "low",
    NormKind.MONEY: "low",
    NormKind.MONEY_PER_HOUSEHOLD: "low",
}


def _check_values(kind: str, low: Decimal | None, high: Decimal | None) -> None:
    needed = _NEEDS.get(NormKind(kind))
    if needed == "high" and not high:
        raise RuleError("“每多少户 1 人”填在上限里，例如 250。", field="high")
    if needed == "low" and not low:
        raise RuleError("这一项标准填在下限里，例如“不少于 300 平方米”填 300。", field="low")
    if kind == NormKind.REPRESENTATIVES and not (low and high):
        raise RuleError("居民代表的标准要填下限和上限，例如 20 和 50。", field="low")


def _require_norm(acting_user: Any, region_code: str) -> None:
    if acting_user is SYSTEM:
        return
    guard.require(acting_user, PLAN, region_code)


# -- drafts --------------------------------------------------------------------------------------------------------


def open_plan(*, acting_user: Any, region_code: str, name: str, note: str = "") -> Plan:
    """A new, empty draft for a street or district."""
    guard.require(acting_user, PLAN, region_code)
    region = Region.objects.filter(region_code=region_code, level__in=(Level.DISTRICT, Level.STREET)).first()
    if region is None:
        raise RuleError("请选择要调整的街道（乡镇）或区县。", field="region_code")
    name = name.strip()
    if not name:
        raise RuleError("请填写方案名称，例如“2027年社区调整方案”。", field="name")
    with action(acting_user, "adjustment.open_plan") as act:
        plan = Plan.objects.create(
            region_code=region_code,
            name=name,
            note=note.strip(),
            content=Draft().as_json(),
            created_by_id=acting_user.pk or None,  # the system has no account
        )
        act.record(plan, f"拟定社区调整方案“{name}”")
    return plan


def _locked(acting_user: Any, plan: Plan, permission: Permission = PLAN) -> Plan:
    return guard.locked(Plan, plan.pk, acting_user, permission)


def edit_draft(
    *,
    acting_user: Any,
    plan: Plan,
    edit: Callable[[Draft, Base], Draft],
    said: str,
    explanation: Sequence[str] | None = None,
) -> Plan:
    """One edit of a draft, kept for undoing. `edit` works on plain data and may refuse."""
    with action(acting_user, "adjustment.edit_draft") as act:
        kept = _locked(acting_user, plan)
        if not kept.is_open:
            raise RuleError("只有草案可以修改。已提交的方案请先撤回为草案。")
        before = kept.content
        with ruled():
            changed = edit(kept.draft, read_base(kept.region_code, timezone.localdate()))
        content = changed.as_json()
        if content == before:
            act.nothing_to_record()
            return kept
        Step.objects.create(plan=kept, said=said, before=before, by=acting_user.name)
        old = kept.steps.values_list("pk", flat=True)[KEPT_STEPS : KEPT_STEPS + 50]
        Step.objects.filter(pk__in=list(old)).delete()
        kept.content = content
        kept.explanation = list(explanation or ())  # what was said of a proposal holds of no other draft
        kept.save(update_fields=["content", "explanation", "updated_at"])
        act.record(kept, f"修改方案“{kept.name}”：{said}")
    return kept


def move_buildings(*, acting_user: Any, plan: Plan, ids: Iterable[int], to: str) -> Plan:
    """Put buildings into a community of the plan."""
    wanted = list(ids)
    name = _name_in(plan, to)
    return edit_draft(
        acting_user=acting_user,
        plan=plan,
        edit=lambda draft, base: draft.move(base, wanted, to),
        said=f"{len(wanted)} 栋楼划入{name}",
    )


def found_community(
    *, acting_user: Any, plan: Plan, name: str, code: str = "", ids: Iterable[int] = ()
) -> Plan:
    """Set a community up, out of these buildings if any are given."""
    wanted = list(ids)

    def edit(draft: Draft, base: Base) -> Draft:
        if wanted:
            return draft.split(base, wanted, name, code)
        return draft.found(base, name, code)[0]

    return edit_draft(acting_user=acting_user, plan=plan, edit=edit, said=f"新设{name.strip()}")


def rename_community(*, acting_user: Any, plan: Plan, key: str, name: str, code: str = "") -> Plan:
    """Another name or proposed code for a community to be set up."""
    return edit_draft(
        acting_user=acting_user,
        plan=plan,
        edit=lambda draft, base: draft.rename(base, key, name, code),
        said=f"新设社区改为{name.strip()}",
    )


def merge_community(*, acting_user: Any, plan: Plan, key: str, into: str) -> Plan:
    """Give a community up in favour of another."""
    return edit_draft(
        acting_user=acting_user,
        plan=plan,
        edit=lambda draft, base: draft.merge(base, key, into),
        said=f"{_name_in(plan, key)}并入{_name_in(plan, into)}",
    )


def keep_community(*, acting_user: Any, plan: Plan, key: str) -> Plan:
    """Take a community's end, or its setting up, out of the plan."""
    return edit_draft(
        acting_user=acting_user,
        plan=plan,
        edit=lambda draft, base: draft.drop(key) if key.startswith(rules.NEW) else draft.restore(key),
        said=f"撤去对{_name_in(plan, key)}的调整",
    )


def tidy_draft(*, acting_user: Any, plan: Plan) -> Plan:
    """Bring a draft up to the base of today."""
    return edit_draft(acting_user=acting_user, plan=plan, edit=rules.tidied, said="按现状整理")


def put_proposal(
    *,
    acting_user: Any,
    plan: Plan,
    draft: Draft,
    explanation: Sequence[str],
    said: str = "采用系统拟定的方案",
) -> Plan:
    """Put what the solver proposes in the place of the draft; it can be undone like any edit."""
    return edit_draft(
        acting_user=acting_user,
        plan=plan,
        edit=lambda _draft, base: rules.tidied(draft, base),
        said=said,
        explanation=explanation,
    )


def undo(*, acting_user: Any, plan: Plan) -> Plan:
    """Take the last edit back."""
    with action(acting_user, "adjustment.undo") as act:
        kept = _locked(acting_user, plan)
        last = kept.steps.first()
        if not kept.is_open or last is None:
            raise RuleError("没有可以撤销的修改。")
        kept.content, kept.explanation = last.before, []
        kept.save(update_fields=["content", "explanation", "updated_at"])
        act.record(kept, f"撤销修改：{last.said}")
        last.delete()
    return kept


def _name_in(plan: Plan, key: str) -> str:
    return next((one.name for one in plan.draft.founded if one.key == key), "") or names.title(key)


# -- handing in, approval ------------------------------------------------------------------------------------------


def submit(*, acting_user: Any, plan: Plan) -> Plan:
    """Hand a draft in for approval. Refuses one with grave problems or without changes."""
    with action(acting_user, "adjustment.submit") as act:
        kept = _locked(acting_user, plan)
        if not kept.is_open:
            raise RuleError("这个方案已经提交。")
        _refuse_problems(kept.draft, read_base(kept.region_code, timezone.localdate()))
        kept.state = PlanState.SUBMITTED
        kept.save(update_fields=["state", "updated_at"])
        act.record(kept, f"提交社区调整方案“{kept.name}”")
    return kept


def _refuse_problems(draft: Draft, base: Base) -> None:
    if draft.is_empty:
        raise RuleError("方案还没有任何调整，请先划转楼栋、新设或撤并社区。")
    grave = [problem.text for problem in rules.problems(draft, base) if problem.grave]
    if grave:
        raise RuleError("方案还不能提交：" + grave[0])


def withdraw(*, acting_user: Any, plan: Plan, reason: str = "") -> Plan:
    """Take a plan that was handed in or approved back to a draft, as long as it is not carried out."""
    with action(acting_user, "adjustment.withdraw", reason=reason) as act:
        kept = _locked(acting_user, plan)
        needs_approver = kept.state == PlanState.APPROVED
        if kept.state not in (PlanState.SUBMITTED, PlanState.APPROVED):
            raise RuleError("只有待批准或待执行的方案可以退回为草案。")
        if needs_approver:
            guard.require(acting_user, APPROVE, kept.region_code)
        kept.state, kept.approval, kept.effective_on, kept.approved_by = PlanState.DRAFT, "", None, ""
        kept.save(update_fields=["state", "approval", "effective_on", "approved_by", "updated_at"])
        act.record(kept, f"方案“{kept.name}”退回为草案")
    return kept


def discard(*, acting_user: Any, plan: Plan, reason: str = "") -> Plan:
    """Put a draft aside for good; it stays on record."""
    with action(acting_user, "adjustment.discard", reason=reason) as act:
        kept = _locked(acting_user, plan)
        if not kept.is_open:
            raise RuleError("只有草案可以作废。")
        kept.state = PlanState.WITHDRAWN
        kept.save(update_fields=["state", "updated_at"])
        act.record(kept, f"作废方案“{kept.name}”")
    return kept


def approve(*, acting_user: Any, plan: Plan, approval: str, effective_on: date) -> Plan:
    """Record the approval of the district's government (Organic Law 2026, Art. 3) and the day from which the plan holds.

    One that holds from today or earlier waits for `carry_out`, a later one for the day's work.
    """
    with action(acting_user, "adjustment.approve", reason=approval.strip()) as act:
        kept = _locked(acting_user, plan, APPROVE)
        if kept.state != PlanState.SUBMITTED:
            raise RuleError("只有待批准的方案可以批准。")
        if not approval.strip():
            raise RuleError("请填写区（市）人民政府的批准文号。", field="approval")
        area = Scope.of(kept.region_code)
        for cut in Recut.objects.filter(on__gte=effective_on):
            if area.covers(Scope.of(cut.region_code)) or Scope.of(cut.region_code).covers(area):
                raise RuleError(
                    f"这个范围在 {cut.on:%Y-%m-%d} 已执行“{cut.title}”，生效日期要晚于这一天。",
                    field="effective_on",
                )
        _refuse_problems(kept.draft, read_base(kept.region_code, timezone.localdate()))
        kept.state, kept.approval = PlanState.APPROVED, approval.strip()
        kept.effective_on, kept.approved_by = effective_on, acting_user.name
        kept.save(update_fields=["state", "approval", "effective_on", "approved_by", "updated_at"])
        act.record(kept, f"批准方案“{kept.name}”，自 {effective_on:%Y-%m-%d} 起执行", approval=kept.approval)
    return kept


# -- carrying out --------------------------------------------------------------------------------------------------


def carry_out(*, acting_user: Any, plan: Plan, told: Callable[[str], None] = lambda _said: None) -> Done:
    """Carry an approved plan out, all or nothing. People, households, homes, money … of the area are counted before and after;
    a difference, or a row left behind in a closed community, undoes everything.

    `told` hears the steps. Raises RuleError before the day, for a plan that no longer fits the base, and for one already
    carried out.
    """
    today = timezone.localdate()
    with action(acting_user, "adjustment.carry_out") as act:
        kept = _locked(acting_user, plan, APPROVE)
        if kept.state == PlanState.DONE:
            raise RuleError("这个方案已经执行过了。")
        if kept.state != PlanState.APPROVED or kept.effective_on is None:
            raise RuleError("方案还没有批准，不能执行。")
        if kept.effective_on > today:
            raise RuleError(f"生效日期是 {kept.effective_on:%Y-%m-%d}，到时系统自动执行。")
        told("核对方案")
        list(Region.objects.select_for_update().filter(region_code=kept.region_code))
        base = read_base(kept.region_code, today)
        draft = kept.draft
        _refuse_problems(draft, base)
        before = area_totals(kept.region_code, today)
        told("划转楼栋、居民和其他记录")
        try:
            with transaction.atomic():
                done = Carrying(base, draft, kept.region_code, kept.effective_on, kept.name).run()
        except IntegrityError as error:
            raise RuleError("执行时发现数据冲突，没有作任何改动。请用“按现状整理”后再试。") from error
        told("核对执行结果")
        after = area_totals(kept.region_code, today)
        _refuse_losses(before, after, left_behind(done.closed), done)
        kept.state, kept.done_at = PlanState.DONE, timezone.now()
        kept.result = {
            "rows": done.rows,
            "opened": done.opened,
            "closed": done.closed,
            "grids": done.grids,
            "posts": done.posts,
            "buildings": done.buildings,
            "explained": rules.explain(draft, base),
        }
        kept.save(update_fields=["state", "done_at", "result", "updated_at"])
        act.record(
            kept,
            f"执行方案“{kept.name}”：{done.buildings} 栋楼划转，新设 {len(done.opened)} 个、撤销 {len(done.closed)} 个社区",
            **kept.result,
        )
    return done


def area_totals(region_code: str, on: date) -> dict[str, Any]:
    """What an adjustment must leave as it is: the figures of the whole area."""
    wishes = [(figure, Wish(figure.subject, [Scope.of(region_code)], on)) for figure in figures()]
    return {figure.label: total(wish, figure.measure) for figure, wish in wishes}


def _refuse_losses(before: dict[str, Any], after: dict[str, Any], left: dict[str, int], done: Done) -> None:
    changed = {label: (value, after[label]) for label, value in before.items() if after[label] != value}
    if changed:
        said = "；".join(f"{label} {was} → {now}" for label, (was, now) in changed.items())
        raise RuleError(f"执行前后合计不一致（{said}），没有作任何改动。请联系系统管理员。")
    if left:
        said = "、".join(f"{table} {rows} 条" for table, rows in left.items())
        raise RuleError(f"撤销的社区还有记录没有转出（{said}），没有作任何改动。请联系系统管理员。")


def carry_out_due(on: date) -> list[tuple[Plan, str]]:
    """Carry out every approved plan whose day has come, as the system. A plan that cannot be stays approved; returns the plans
    with what was said of each."""
    said = []
    due = Plan.objects.filter(state=PlanState.APPROVED, effective_on__lte=on).order_by("effective_on", "pk")
    for plan in due:
        try:
            done = carry_out(acting_user=SYSTEM, plan=plan)
            said.append((plan, f"“{plan.name}”已执行，划转 {done.buildings} 栋楼。"))
        except RuleError as refused:
            said.append((plan, f"“{plan.name}”没有执行：{refused.message}"))
    return said
