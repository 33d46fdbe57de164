"""Warrants, and what is sent under them. `linli.gate` is the only caller of `make_warrant`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.flow.actions.refusing import note
from linli.flow.models import Dispatch, Warrant
from linli.flow.rules import warrants as rules
from linli.flow.rules.warrants import Per, Thing
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]


@dataclass(frozen=True)
class NewWarrant:
    """The terms of a warrant to be made; `until` is the first day it no longer holds."""

    region_code: str
    title: str
    issuer: Unit
    things: Iterable[Thing]
    since: date
    until: date | None
    basis: str = ""
    times: int | None = None
    per: Per = Per.YEAR
    is_emergency: bool = False

    def row(self) -> Warrant:
        """The row, not saved. Raises RuleError for terms that make no sense."""
        return Warrant(
            region_code=self.region_code,
            title=self.title,
            basis=self.basis,
            issuer=self.issuer,
            things=_allowed(self.things),
            times=_times(self.times),
            per=self.per,
            period=DateRange(*_period(self.since, self.until, self.is_emergency)),
            is_emergency=self.is_emergency,
        )


def _allowed(things: Iterable[Thing]) -> list[str]:
    allowed = sorted({Thing(one).value for one in things})
    if not allowed:
        raise RuleError("请至少选一项可以下派的内容。", field="things")
    return allowed


def _times(times: int | None) -> int | None:
    if times is not None and not 1 <= times <= 999:
        raise RuleError("次数上限要在 1 到 999 之间。", field="times")
    return times


def _period(since: date, until: date | None, is_emergency: bool) -> tuple[date, date | None]:
    if until is not None and until <= since:
        raise RuleError("有效期的截止日期要晚于起始日期。", field="until")
    if is_emergency and until is None:
        raise RuleError("应急通道必须写明失效日期。", field="until")
    return since, until


def make_warrant(
    *,
    acting_user: Any,
    region_code: str,
    title: str,
    issuer: Unit,
    things: Iterable[Thing],
    since: date,
    until: date | None,
    basis: str = "",
    times: int | None = None,
    per: Per = Per.YEAR,
    is_emergency: bool = False,
) -> Warrant:
    """A new warrant for the communities of a region; `until` is the first day it no longer holds.

    Raises RuleError for terms that make no sense.
    """
    terms = NewWarrant(region_code, title, issuer, things, since, until, basis, times, per, is_emergency)
    return make_warrants(acting_user=acting_user, terms=[terms])[0]


def make_warrants(*, acting_user: Any, terms: Iterable[NewWarrant]) -> list[Warrant]:
    """Several new warrants at once, in the given order. Raises RuleError for terms that make no sense."""
    rows = [one.row() for one in terms]
    with action(acting_user, "flow.make_warrant") as act:
        made = Warrant.objects.bulk_create(rows)
        if len(made) == 1:
            words = "、".join(Thing(one).label for one in made[0].things)
            act.record(made[0], f"事项“{made[0].title}”可以向社区下派{words}")
        elif made:
            act.record(
                None,
                f"{len(made)} 项事项可以向社区下派",
                region_code=made[0].region_code,
                warrants=[one.pk for one in made],
            )
        else:
            act.nothing_to_record()
    return made


def _locked(warrant: Warrant) -> Warrant:
    return Warrant.objects.select_for_update().get(pk=warrant.pk)


def _reason(text: str) -> str:
    if not text.strip():
        raise RuleError("请填写原因。", field="reason")
    return text.strip()


def suspend_warrant(*, acting_user: Any, warrant: Warrant, reason: str) -> Warrant:
    """Nothing more is sent under it until it is resumed. Raises RuleError without a reason, or when it rests already."""
    why = _reason(reason)
    with action(acting_user, "flow.suspend_warrant", reason=why) as act:
        kept = _locked(warrant)
        if kept.suspended:
            raise RuleError(f"事项“{kept.title}”已经暂停：{kept.suspended}。")
        kept.suspended = why
        kept.save(update_fields=["suspended"])
        act.record(kept, f"暂停事项“{kept.title}”的下派")
    return kept


def resume_warrant(*, acting_user: Any, warrant: Warrant, reason: str) -> Warrant:
    """Things may be sent under it again. Raises RuleError without a reason, or when it does not rest."""
    why = _reason(reason)
    with action(acting_user, "flow.resume_warrant", reason=why) as act:
        kept = _locked(warrant)
        if not kept.suspended:
            raise RuleError(f"事项“{kept.title}”没有暂停。")
        kept.suspended = ""
        kept.save(update_fields=["suspended"])
        act.record(kept, f"恢复事项“{kept.title}”的下派")
    return kept


def end_warrant(*, acting_user: Any, warrant: Warrant, on: date, reason: str) -> Warrant:
    """From `on` it no longer holds. One that had not begun by then never will. Raises RuleError when it has ended before."""
    why = _reason(reason)
    with action(acting_user, "flow.end_warrant", reason=why) as act:
        kept = _locked(warrant)
        if kept.period.upper is not None and kept.period.upper <= on:
            raise RuleError(f"事项“{kept.title}”已于 {kept.period.upper} 到期或取消。")
        _end(kept, on, why)
        kept.save(update_fields=["period", "suspended"])
        act.record(kept, f"事项“{kept.title}”从 {on} 起不再下派", on=on.isoformat())
    return kept


def _end(warrant: Warrant, on: date, why: str) -> None:
    lower = warrant.period.lower
    if on <= lower:
        warrant.period = DateRange(lower, lower + timedelta(days=1))
        warrant.suspended = f"生效前已取消：{why}"
    else:
        warrant.period = DateRange(lower, on)


def end_warrants(*, acting_user: Any, warrants: Iterable[Warrant], on: date, reason: str) -> int:
    """From `on` they no longer hold; those that have ended by then are left alone. Returns how many ended."""
    why = _reason(reason)
    with action(acting_user, "flow.end_warrant", reason=why) as act:
        wanted = [one.pk for one in warrants]
        kept = Warrant.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        ending = [one for one in kept if one.period.upper is None or one.period.upper > on]
        for one in ending:
            _end(one, on, why)
        Warrant.objects.bulk_update(ending, ["period", "suspended"])
        if ending:
            act.record(
                None,
                f"{len(ending)} 项事项从 {on} 起不再下派",
                region_code=ending[0].region_code,
                warrants=[one.pk for one in ending],
                on=on.isoformat(),
            )
        else:
            act.nothing_to_record()
    return len(ending)


def change_warrants(*, acting_user: Any, changes: Mapping[int, NewWarrant], reason: str) -> int:
    """Give warrants (by number) other terms from now on; when they began stays, a suspension stays. Returns how many changed.

    Raises RuleError for terms that make no sense.
    """
    why = _reason(reason)
    fields = ("title", "basis", "issuer_id", "things", "times", "per")
    with action(acting_user, "flow.change_warrant", reason=why) as act:
        changed = []
        for kept in Warrant.objects.select_for_update().filter(pk__in=list(changes)).order_by("pk"):
            row = changes[kept.pk].row()
            period = DateRange(kept.period.lower, row.period.upper)
            same = all(getattr(kept, name) == getattr(row, name) for name in fields)
            if same and kept.period.upper == period.upper:
                continue
            for name in fields:
                setattr(kept, name, getattr(row, name))
            kept.period = period
            changed.append(kept)
        Warrant.objects.bulk_update(changed, [*fields, "period"])
        if changed:
            act.record(
                None,
                f"调整 {len(changed)} 项事项的下派内容、频次或期限",
                region_code=changed[0].region_code,
                warrants=[one.pk for one in changed],
            )
        else:
            act.nothing_to_record()
    return len(changed)


def extend_warrant(*, acting_user: Any, warrant: Warrant, until: date | None, reason: str) -> Warrant:
    """It holds longer: until `until`, or without end. Raises RuleError when that is no later than now agreed."""
    why = _reason(reason)
    with action(acting_user, "flow.extend_warrant", reason=why) as act:
        kept = _locked(warrant)
        lower, upper = kept.period.lower, kept.period.upper
        if upper is None or (until is not None and until <= upper):
            raise RuleError(f"新的有效期要晚于现在的 {upper or '长期'}。", field="until")
        kept.period = DateRange(lower, until)
        kept.save(update_fields=["period"])
        act.record(kept, f"事项“{kept.title}”延期到 {until or '长期'}")
    return kept


def sent_before(warrant: Warrant, community: str, day: date) -> int:
    """How often something was sent to the community under the warrant in the stretch of its frequency that holds the day."""
    since, until = rules.stretch(Per(warrant.per), day, warrant.period.lower)
    sent = Dispatch.objects.filter(
        warrant=warrant, region_code=community, cancelled_at__isnull=True, day__gte=since
    )
    return (sent.filter(day__lt=until) if until else sent).count()


def may_send(warrant: Warrant, thing: Thing, community: str, day: date) -> str:
    """Why the thing may not be sent to the community on that day, with what to do; "" when it may.

    Asked inside an action that ends refused, the attempt is kept (`refusing.note`).
    """
    why = rules.refusal(warrant.terms, thing, community, day, sent_before(warrant, community, day))
    if why:
        note(thing, warrant, {community: (day, why)})
    return why


def dispatch(
    *,
    acting_user: Any,
    warrant: Warrant,
    thing: Thing,
    communities: Iterable[str],
    title: str,
    sender: Unit,
    day: date | None = None,
) -> list[Dispatch]:
    """Send a thing to communities under a warrant: all of them or, when one is refused, none.

    `day` is the day of the meeting or inspection, else today. Raises RuleError that names the communities refused and why.
    """
    keys = sorted(set(communities))
    if not keys:
        raise RuleError("请选择要下派的社区。", field="communities")
    when = day or timezone.localdate()
    with action(acting_user, "flow.dispatch") as act:
        if when < timezone.localdate():
            why = "日期不能早于今天，请改为今天或以后的一天。"
            note(thing, warrant, dict.fromkeys(keys, (when, why)), title=title, sender=sender)
            raise RuleError(why, field="day")
        kept = Warrant.objects.select_for_update().get(pk=warrant.pk)
        refused: dict[str, list[str]] = {}
        for key in keys:
            if why := may_send(kept, thing, key, when):
                refused.setdefault(why, []).append(names.title(key))
        if refused:
            note(thing, kept, {}, title=title, sender=sender)
            raise RuleError(
                " ".join(
                    why if len(keys) == 1 else f"{'、'.join(where)}：{why}" for why, where in refused.items()
                ),
                field="communities",
            )
        try:
            with transaction.atomic():
                made = [
                    Dispatch.objects.create(
                        region_code=key,
                        warrant=kept,
                        thing=thing,
                        title=title,
                        day=when,
                        sender=sender,
                        sent_by_id=acting_user.pk or None,
                    )
                    for key in keys
                ]
        except IntegrityError as error:
            why = "准入事项刚刚有变化，没有下派。请刷新后再试。"
            note(thing, kept, dict.fromkeys(keys, (when, why)), title=title, sender=sender)
            raise RuleError(why) from error
        act.record(
            kept,
            f"下派{thing.label}“{title}”到 {len(keys)} 个社区",
            communities=keys,
            day=when.isoformat(),
        )
    return made


def cancel_dispatch(*, acting_user: Any, sent: Dispatch, reason: str) -> Dispatch:
    """Take back what was sent; it no longer counts for the frequency. The sending unit's people may, and those who coordinate what
    comes into the community, with a reason."""

    if (
        acting_user.pk
        and sent.sender_id not in acting_user.unit_ids
        and not acting_user.can(Permission.COORDINATE_AGENDA, sent.region_code)
    ):
        raise NotPermitted(Permission.HANDLE_CASES)
    if not reason.strip():
        raise RuleError("请填写撤销的原因。", field="reason")
    with action(acting_user, "flow.cancel_dispatch", reason=reason.strip()) as act:
        kept = Dispatch.objects.select_for_update().get(pk=sent.pk)
        if kept.cancelled_at is not None:
            raise RuleError("这次下派已经撤销。")
        kept.cancelled_at = timezone.now()
        kept.save(update_fields=["cancelled_at"])
        act.record(kept, f"撤销下派“{kept.title}”")
    return kept
