"""Publishing an edition: from then it is frozen, and on its day items and warrants are as it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from linli.access.models import Post
from linli.audit.recording import SYSTEM, RuleError, action
from linli.flow import actions as flow
from linli.flow.actions import NewWarrant
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Per, Thing
from linli.gate.catalogue.actions.drafts import held_draft
from linli.gate.catalogue.actions.terms import lock_catalogue, next_code
from linli.gate.catalogue.models import DISTRICT, Basis, Edition, Entry, Item, Terms
from linli.gate.catalogue.rules.terms import Fate
from linli.notices.actions import send_all


def publish(*, acting_user: Any, edition: Edition, on: date, tell: bool = True) -> Edition:
    """Freeze a draft as the edition that holds from a day.

    New items are made with their warrants, items that go lose theirs on that day, those that stay keep theirs; other terms of
    theirs hold from that day (see `take_effect`), at once when it is not ahead. All of it or nothing. With `tell` the
    district's people find it on their bells.
    Raises RuleError for an empty draft, a day not after the last edition's, and entries merged into one that goes.
    """
    with action(acting_user, "catalogue.publish") as act:
        lock_catalogue(edition.region_code)
        kept = held_draft(edition, acting_user)
        _check(kept, on)
        entries = list(kept.entries.select_related("item__warrant", "into__item", "unit"))
        staying = [one for one in entries if one.fate == Fate.KEEP.value]
        fresh = [one for one in staying if one.item_id is None]
        leaving = [one for one in entries if one.fate != Fate.KEEP.value]
        quoted = _Quoted(entries)
        _make(acting_user, kept, fresh, on, quoted)
        _end(acting_user, kept, leaving, on)
        _hold_longer(staying)
        kept.since, kept.published_at = on, timezone.now()
        kept.published_by_id = acting_user.pk or None
        kept.save(update_fields=["since", "published_at", "published_by"])
        act.record(
            kept,
            f"发布“{kept.title}”，{on} 起施行：{len(staying)} 项，新增 {len(fresh)} 项，退出 {len(leaving)} 项",
            on=on.isoformat(),
        )
        if on <= timezone.localdate():
            take_effect(kept)
        if tell:
            _tell(kept, len(staying), len(leaving), acting_user)
    kept.refresh_from_db()
    return kept


def _check(edition: Edition, on: date) -> None:
    if not edition.entries.filter(fate=Fate.KEEP.value).exists():
        raise RuleError("草案里还没有保留的事项，不能发布。")
    last = Edition.objects.filter(region_code=edition.region_code, published_at__isnull=False).first()
    if last is not None and last.since is not None and on <= last.since:
        raise RuleError(f"施行日期要晚于上一版的 {last.since}。", field="on")
    if last is not None and last.applied_at is None:
        raise RuleError(f"上一版要到 {last.since} 才施行，施行后再发布新的一版。")
    lost = (
        edition.entries.filter(fate=Fate.MERGE.value)
        .exclude(into__fate=Fate.KEEP.value)
        .select_related("into")
        .first()
    )
    if lost is not None and lost.into is not None:
        raise RuleError(f"“{lost.title}”要并入的“{lost.into.title}”在草案里没有保留，请先改好。")


class _Quoted:
    """The bases of many entries in words, read once."""

    def __init__(self, rows: Iterable[Terms]) -> None:
        self._bases = Basis.objects.in_bulk({n for one in rows for n in one.bases})

    def of(self, one: Terms) -> str:
        """As a warrant quotes them."""
        known = [str(self._bases[n]) for n in one.bases if n in self._bases]
        return "；".join([*known, *([one.basis_note] if one.basis_note else [])])


def _warrant(one: Terms, region_code: str, since: date, quoted: _Quoted) -> NewWarrant:
    return NewWarrant(
        region_code=region_code,
        title=one.title,
        issuer=one.unit,
        things=[Thing(each) for each in one.things],
        since=since,
        until=one.until,
        basis=quoted.of(one),
        times=one.times,
        per=Per(one.per),
    )


def _make(user: Any, edition: Edition, fresh: list[Entry], on: date, quoted: _Quoted) -> None:
    """Items for new entries, with warrants for those that let things be sent."""
    for one in fresh:
        if one.until is not None and one.until <= on:
            raise RuleError(f"“{one.title}”的有效期在施行日期之前就到了，请先改好。")
    sending = [one for one in fresh if one.things]
    made = flow.make_warrants(
        acting_user=user, terms=[_warrant(one, edition.region_code, on, quoted) for one in sending]
    )
    by_entry = {one.pk: warrant for one, warrant in zip(sending, made, strict=True)}
    number = next_code(edition.region_code)
    items = Item.objects.bulk_create(
        Item(
            region_code=edition.region_code,
            code=f"{number + place:04d}",
            since=on,
            warrant=by_entry.get(one.pk),
            **one.values,
        )
        for place, one in enumerate(fresh)
    )
    for one, item in zip(fresh, items, strict=True):
        one.item = item
    Entry.objects.bulk_update(fresh, ["item"])


def _end(user: Any, edition: Edition, leaving: list[Entry], on: date) -> None:
    """Items that go end on the day, with where they went; their warrants too."""
    ending = []
    for one in leaving:
        item = one.item
        if item is None or (item.until is not None and item.until <= on):
            continue
        item.until = max(on, item.since)
        item.ended_how, item.ended_why = one.fate, one.reason
        item.successor = one.into.item if one.into is not None else None
        ending.append(item)
    Item.objects.bulk_update(ending, ["until", "ended_how", "ended_why", "successor"])
    flow.end_warrants(
        acting_user=user,
        warrants=[one.warrant for one in ending if one.warrant is not None],
        on=on,
        reason=f"{edition.title}（第 {edition.number} 版）不再保留",
    )


def _hold_longer(staying: list[Entry]) -> None:
    """Until when an item holds is agreed at once: later renewals build on it. The warrants follow with the other terms."""
    changed = []
    for one in staying:
        if one.item is not None and one.item.until != one.until:
            if one.until is not None and one.until < one.item.since:
                raise RuleError(f"“{one.title}”的有效期早于它的生效日期，请先改好。")
            one.item.until = one.until
            changed.append(one.item)
    Item.objects.bulk_update(changed, ["until"])


def take_effect(edition: Edition) -> Edition:
    """Carry a published edition out on its day: items that stay get their terms, their warrants too. Done once.

    Raises RuleError before its day.
    """
    with action(SYSTEM, "catalogue.take_effect") as act:
        kept = Edition.objects.select_for_update().get(pk=edition.pk)
        if kept.applied_at is not None:
            act.nothing_to_record()
            return kept
        if kept.published_at is None or kept.since is None or kept.since > timezone.localdate():
            raise RuleError("这一版还没有到施行日期。")
        entries = list(
            kept.entries.filter(fate=Fate.KEEP.value).select_related("item__warrant", "unit").order_by("pk")
        )
        quoted = _Quoted(entries)
        names = [name for name in Terms.FIELDS if name != "until"]
        changed: list[Item] = []
        terms: dict[int, NewWarrant] = {}
        ended: list[Warrant] = []
        for one in entries:
            item = one.item
            assert item is not None
            if not item.in_force(kept.since):
                continue
            warrant = item.warrant
            differs = any(getattr(item, name) != getattr(one, name) for name in names)
            for name in names:
                setattr(item, name, getattr(one, name))
            until = item.until
            if differs:
                changed.append(item)
            if warrant is not None and not item.things:
                ended.append(warrant)
                item.warrant = None
            elif warrant is not None and (differs or warrant.period.upper != until):
                terms[warrant.pk] = _warrant(item, item.region_code, item.since, quoted)
            elif warrant is None and item.things:
                item.warrant = flow.make_warrant(
                    acting_user=SYSTEM, **vars(_warrant(item, item.region_code, kept.since, quoted))
                )
        Item.objects.bulk_update(changed, [*names, "warrant"])
        why = f"{kept.title}（第 {kept.number} 版）施行"
        flow.change_warrants(acting_user=SYSTEM, changes=terms, reason=why)
        flow.end_warrants(acting_user=SYSTEM, warrants=ended, on=kept.since, reason=why)
        kept.applied_at = timezone.now()
        kept.save(update_fields=["applied_at"])
        act.record(kept, f"“{kept.title}”施行，调整 {len(changed)} 项")
    return kept


def apply_due(on: date) -> int:
    """Carry out the editions whose day has come. Returns how many."""
    due = list(Edition.objects.filter(published_at__isnull=False, applied_at__isnull=True, since__lte=on))
    for one in due:
        take_effect(one)
    return len(due)


def _tell(edition: Edition, staying: int, leaving: int, acting_user: Any) -> None:
    """News for everybody of the district's communities and departments."""
    today = timezone.localdate()
    posts = Post.objects.filter(
        region_code__startswith=edition.region_code[:DISTRICT], user__is_active=True
    ).select_related("user")
    users = {post.user_id for post in posts if post.in_force(today)} - {acting_user.pk}
    send_all(
        users,
        f"{edition.title}已发布，{edition.since} 起施行",
        key=f"catalogue.edition.{edition.pk}",
        body=f"保留 {staying} 项，退出 {leaving} 项。清单外的事项，社区可以不接。",
        url=reverse("catalogue:edition", args=[edition.pk]),
    )
