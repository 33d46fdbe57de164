"""Forms of several departments about the same people are proposed to be asked as one (合并下发), agreed to, decided, carried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.holders import nearest_holders
from linli.access.models import User
from linli.access.roles import Permission
from linli.access.units import members as people_of
from linli.audit.recording import RuleError, action
from linli.collecting import joint_reading, joint_rules, keeping, reading, rules
from linli.collecting.actions import telling
from linli.collecting.actions.drafting import keep_lists
from linli.collecting.actions.issuing import check_area, check_terms, send_out
from linli.collecting.actions.working import SEND, require_reason
from linli.collecting.common_form import draw_common
from linli.collecting.joint_reading import Partner
from linli.collecting.models import FormPart, FormTask, Joined, Joint
from linli.collecting.rules import JointState, Stance, State
from linli.flow.actions import may_send
from linli.flow.rules.warrants import Thing
from linli.notices import actions as notices
from linli.office.calendar import current as current_calendar
from linli.regions import names

NOTICE = "collecting.joint"
COORDINATE = Permission.COORDINATE_AGENDA


def propose(
    *,
    acting_user: Any,
    task: FormTask,
    reason: str,
    communities: Iterable[str] = (),
    purpose: str = "",
    on: date | None = None,
    working_days: int = 0,
) -> Joint:
    """Propose that a form be asked as one with the others about the same people: by its department, or, of issued forms, by whoever
    coordinates what comes into the communities. Of a draft it is said to which communities, what for, of which day and within how many
    working days it would be issued. Where one of the others is in a proposal already, it joins that one, and they are asked anew. Forms
    of one department alone are asked as one at once.

    Raises RuleError without a reason, for terms that make no sense or that the gate would refuse, and when nothing fits.
    """
    why = require_reason(reason, "请写明为什么合在一起，参与的部门和街道会看到。")
    with action(acting_user, "collecting.propose_joint", reason=why) as act:
        kept = _locked_task(acting_user, task.pk)
        if joint_reading.proposal_of(kept) is not None:
            raise RuleError("这份报表已经在一份合并下发的提议里，等决定。")
        if kept.is_draft:
            own = _of_draft(acting_user, kept, sorted(set(communities)), purpose, on, working_days)
        else:
            own = _of_issued(acting_user, kept)
        found = [one for one in joint_reading.partners(kept, own.communities) if _offered(one, own)]
        if not found:
            raise RuleError("在这些社区没有别的报表能和它合并：要的不是同样的人，或者社区已经填好了。")
        joint = next((one.joint for one in found if one.joint is not None), None)
        if joint is None:
            joint = _made(acting_user, own, found, why)
        else:
            joint = _joined(acting_user, own, joint)
        act.record(
            joint,
            f"提议把《{kept.title}》和{len(found)} 份报表合并下发",
            tasks=[kept.pk, *(one.task.pk for one in found)],
        )
        if joint.members.exclude(stance=Stance.AGREED).exclude(stance=Stance.DECLINED).exists():
            _tell(joint)
        else:
            _carry_out(act, acting_user, joint, "都是本单位的报表")
    return joint


def _locked_task(user: Any, pk: int) -> FormTask:
    found = (
        FormTask.objects.select_for_update(of=("self",))
        .select_related("unit", "warrant")
        .filter(pk=pk, joint=None)
        .first()
    )
    if found is None or not (reading.sends(user, found) or (not found.is_draft and user.can(COORDINATE))):
        raise NotPermitted(SEND)
    return found


def _of_draft(
    user: Any, task: FormTask, keys: Sequence[str], purpose: str, on: date | None, working_days: int
) -> Partner:
    day = on or timezone.localdate()
    check_terms(keys, purpose, day, working_days)
    check_area(user, task, keys)
    for key in keys:
        if why := may_send(task.warrant, Thing.FORM, key, timezone.localdate()):
            raise RuleError(why, field="communities")
    due_on = current_calendar().add_working_days(timezone.localdate(), working_days)
    return Partner(task, (), tuple(keys), day, due_on, purpose.strip())


def _of_issued(user: Any, task: FormTask) -> Partner:
    keys = joint_reading.open_communities([task])[task.pk]
    if not reading.sends(user, task):
        keys = [key for key in keys if user.can(COORDINATE, key)]
        if not keys:
            raise NotPermitted(COORDINATE)
    if not keys or task.on is None or task.due_on is None:
        raise RuleError("这份报表的社区都已经填好了，不用再合并。")
    return Partner(task, (), tuple(keys), task.on, task.due_on, task.purpose)


def _offered(partner: Partner, own: Partner) -> bool:
    """Whether the two meet in a community."""
    return bool(set(partner.communities) & set(own.communities))


def _made(user: Any, own: Partner, found: Sequence[Partner], why: str) -> Joint:
    meeting = [key for one in found for key in one.communities if key in set(own.communities)]
    joint = Joint.objects.create(
        region_code=rules.common_key(meeting),
        title=f"《{own.task.title}》等 {len(found) + 1} 份报表",
        reason=why,
        proposed_by=user,
    )
    for one in (own, *found):
        _member(user, joint, one)
    return joint


def _member(user: Any, joint: Joint, one: Partner) -> Joined:
    """A form takes part; its department agrees where it is the one that proposes."""
    mine = reading.sends(user, one.task)
    return Joined.objects.create(
        joint=joint,
        task=one.task,
        communities=list(one.communities),
        on=one.on,
        due_on=one.due_on,
        purpose=one.purpose,
        stance=(Stance.AGREED if mine else Stance.WAITING).value,
        said_by=user if mine else None,
        said_at=timezone.now() if mine else None,
    )


def _joined(user: Any, own: Partner, joint: Joint) -> Joint:
    """A further form joins a proposal: what it comes to is another now, so that the others are asked anew."""
    kept = Joint.objects.select_for_update().get(pk=joint.pk)
    Joined.objects.filter(joint=kept, task=own.task).delete()
    _member(user, kept, own)
    kept.members.filter(stance=Stance.AGREED).exclude(task__unit__in=user.unit_ids).update(
        stance=Stance.WAITING.value, said_by=None, said_at=None
    )
    kept.members.filter(stance=Stance.WAITING, task__unit__in=user.unit_ids).update(
        stance=Stance.AGREED.value, said_by=user, said_at=timezone.now()
    )
    kept.region_code = rules.common_key(
        [
            kept.region_code,
            *(key for keys in _groups(kept).values() for key in keys if key in set(own.communities)),
        ]
    )
    first = kept.members.exclude(stance=Stance.DECLINED).select_related("task").order_by("pk")[0]
    n = kept.members.exclude(stance=Stance.DECLINED).count()
    kept.title = f"《{first.task.title}》等 {n} 份报表"
    kept.save(update_fields=["region_code", "title"])
    return kept


def _groups(joint: Joint) -> dict[frozenset[int], list[str]]:
    return joint_rules.together(joint_reading.asked_by(joint_reading.members_of(joint)))


def _locked(user: Any, pk: int) -> Joint:
    """A proposal that the user may see, locked. Raises NotPermitted, and RuleError once it is decided."""
    found = Joint.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None or not Joint.objects.visible(user).filter(pk=pk).exists():
        raise NotPermitted(SEND)
    if not found.is_proposed:
        raise RuleError(f"这份提议已经有了结果：{found.get_state_display()}。")
    return found


def _own_members(user: Any, joint: Joint) -> list[Joined]:
    rows = joint.members.select_for_update(of=("self",)).select_related("task__unit").order_by("pk")
    found = [one for one in rows if joint_reading.speaks_for(user, one)]
    if not found:
        raise NotPermitted(SEND)
    return found


def agree(*, acting_user: Any, joint: Joint) -> Joint:
    """A department agrees that its form be asked with the others. Once all have agreed it is carried out.

    Raises RuleError when it is decided already, and for what the gate refuses."""
    with action(acting_user, "collecting.agree_joint") as act:
        kept = _locked(acting_user, joint.pk)
        for one in _own_members(acting_user, kept):
            _say(one, acting_user, Stance.AGREED)
            act.record(kept, f"{one.task.unit.name}同意把《{one.task.title}》合并下发")
        left = kept.members.exclude(stance=Stance.DECLINED)
        if not left.exclude(stance=Stance.AGREED).exists() and left.count() > 1:
            _carry_out(act, acting_user, kept, "参加的单位都同意")
        else:
            _tell(kept)
    return kept


def decline(*, acting_user: Any, joint: Joint, reason: str) -> Joint:
    """A department does not take part: its form stays by itself. Where fewer than two are left nothing is merged.

    Raises RuleError without a reason."""
    why = require_reason(reason, "请写明为什么不参加，其他部门和街道会看到。")
    with action(acting_user, "collecting.decline_joint", reason=why) as act:
        kept = _locked(acting_user, joint.pk)
        for one in _own_members(acting_user, kept):
            _say(one, acting_user, Stance.DECLINED, why)
            act.record(kept, f"{one.task.unit.name}的《{one.task.title}》不参加合并下发")
        left = list(kept.members.exclude(stance=Stance.DECLINED))
        if len(left) < 2:
            _end(act, acting_user, kept, "参加的报表不到两份")
        elif all(one.stance == Stance.AGREED for one in left):
            _carry_out(act, acting_user, kept, "参加的单位都同意")
        else:
            _tell(kept)
    return kept


def _say(member: Joined, user: Any, stance: Stance, why: str = "") -> None:
    member.stance, member.why = stance.value, why
    member.said_by, member.said_at = user, timezone.now()
    member.save(update_fields=["stance", "why", "said_by", "said_at"])


def accept(*, acting_user: Any, joint: Joint, reason: str) -> Joint:
    """Whoever coordinates what comes into the communities has the forms asked as one, also those whose departments have not said
    anything; not those that do not take part. Raises RuleError without a reason, and for what the gate refuses."""
    why = require_reason(reason, "请写明为什么合并，参与的部门会看到。")
    with action(acting_user, "collecting.accept_joint", reason=why) as act:
        kept = _locked(acting_user, joint.pk)
        if not joint_reading.decides(acting_user, kept):
            raise NotPermitted(COORDINATE)
        _carry_out(act, acting_user, kept, why)
    return kept


def refuse(*, acting_user: Any, joint: Joint, reason: str) -> Joint:
    """Whoever coordinates leaves the forms apart. Raises RuleError without a reason."""
    why = require_reason(reason, "请写明为什么不合并，参与的部门会看到。")
    with action(acting_user, "collecting.refuse_joint", reason=why) as act:
        kept = _locked(acting_user, joint.pk)
        if not joint_reading.decides(acting_user, kept):
            raise NotPermitted(COORDINATE)
        _end(act, acting_user, kept, why)
    return kept


def _end(act: Any, user: Any, joint: Joint, why: str) -> None:
    _decide(joint, user, JointState.REFUSED, why)
    act.record(joint, f"{joint.title}：不合并")
    _tell_result(joint, f"不合并：{why}")


def _decide(joint: Joint, user: Any, state: JointState, why: str) -> None:
    joint.state, joint.why = state.value, why
    joint.decided_by, joint.decided_at = user, timezone.now()
    joint.save(update_fields=["state", "why", "decided_by", "decided_at", "on", "due_on"])
    notices.settle_key(f"{NOTICE}:{joint.pk}")


def _carry_out(act: Any, user: Any, joint: Joint, why: str) -> None:
    """Issue the drafts through the gate, and give each community one common copy in place of those that come together there."""
    members = list(
        joint.members.exclude(stance=Stance.DECLINED).select_related("said_by").order_by("due_on", "pk")
    )
    tasks = {
        one.pk: one
        for one in FormTask.objects.select_for_update(of=("self",))
        .select_related("unit", "warrant")
        .filter(pk__in=[one.task_id for one in members])
        .order_by("pk")
    }
    for one in members:
        one.task = tasks[one.task_id]
    asked = joint_reading.asked_by(members)
    groups = joint_rules.together(asked)
    if not groups:
        raise RuleError("已经没有两份报表要同一个社区了（有的社区已经填好），不用再合并。可以选“不合并”。")
    today = timezone.localdate()
    taking = [one for one in members if any(one.task_id in forms for forms in groups)]
    joint.on, joint.due_on = joint_reading.latest(taking), joint_reading.earliest(taking, today)
    drafts = [one for one in taking if one.task.is_draft]
    for one in drafts:
        due_on = max(one.due_on, current_calendar().add_working_days(today, 1))
        send_out(user, one.task, one.communities, one.purpose, one.on, due_on, f"合并下发：{joint.reason}")
        act.record(
            one.task,
            f"下发报表《{one.task.title}》到 {len(one.communities)} 个社区，{due_on} 截止",
            communities=one.communities,
        )
    copies = 0
    for forms, keys in groups.items():
        copies += _ask_together(user, joint, [one for one in taking if one.task_id in forms], keys)
    alone = FormPart.objects.filter(task__in=[one.task_id for one in drafts], joined_to=None)
    for part in alone.select_related("task__unit"):
        telling.todo(part)
    _decide(joint, user, JointState.CARRIED_OUT, why)
    act.record(
        joint,
        f"{joint.title}：{len(taking)} 份报表合并下发到 {copies} 个社区，{joint.due_on} 截止",
        tasks=[one.task_id for one in taking],
        communities=sorted(key for keys in groups.values() for key in keys),
    )
    _tell_result(joint, f"已合并下发，{joint.due_on} 截止")


def _ask_together(user: Any, joint: Joint, members: Sequence[Joined], keys: Sequence[str]) -> int:
    """One common form for the communities in which just these come together. Returns how many."""
    tasks = [one.task for one in members]
    lead = tasks[0]
    title = f"{lead.title}等 {len(tasks)} 份合并填报表"
    drawn = draw_common(tasks, title)
    task = FormTask(
        region_code=rules.common_key(keys),
        warrant=lead.warrant,
        unit=lead.unit,
        joint=joint,
        title=title,
        name=f"{title}.xlsx",
        path=keeping.keep(drawn.data),
        fingerprint=drawn.recognition.fingerprint,
        sources=drawn.sources,
        askers="、".join(dict.fromkeys(one.unit.name for one in tasks)),
        purpose="；".join(
            dict.fromkeys(
                f"{one.task.unit.name}：{(one.task.purpose or one.purpose).rstrip('。')}" for one in members
            )
        ),
        on=joint.on,
        due_on=joint.due_on,
        made_by_id=user.pk or None,
        issued_at=timezone.now(),
    )
    keep_lists(task, drawn.recognition)
    common = FormPart.objects.bulk_create([FormPart(region_code=key, task=task) for key in keys])
    by_key = {one.region_code: one for one in common}
    own = FormPart.objects.select_for_update(of=("self",)).filter(
        task__in=tasks, region_code__in=keys, state__in=rules.JOINABLE
    )
    for part in own.select_related("task__unit"):
        part.joined_to, part.state = by_key[part.region_code], State.JOINED.value
        part.save(update_fields=["joined_to", "state"])
        telling.todo(part)
    names.learn(keys)
    for part in common:
        telling.todo(part)
    return len(common)


def _people(joint: Joint, stances: Iterable[Stance]) -> set[User]:
    found = joint.members.filter(stance__in=list(stances)).select_related("task__unit")
    return {user for one in found for user in people_of(one.task.unit)}


def _tell(joint: Joint) -> None:
    """Keep the to-dos: of departments that have not said anything, and of those who decide."""
    waiting = _people(joint, [Stance.WAITING])
    deciding = nearest_holders(COORDINATE, joint.region_code)
    notices.keep_todo(
        f"{NOTICE}:{joint.pk}",
        [one.pk for one in {*waiting, *deciding}],
        f"请看能不能合并下发：{joint.title}",
        body=joint.reason,
        url=reverse("collecting:joint", args=[joint.pk]),
    )


def _tell_result(joint: Joint, said: str) -> None:
    """News for all departments that were asked."""
    for user in _people(joint, Stance):
        notices.send(user, f"{joint.title}：{said}", url=joint.get_absolute_url())
