"""Drafts of an edition: begun from the list in force, edited entry by entry or in bulk, given up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Max
from django.utils import timezone

from linli.access.guard import locked, require
from linli.access.roles import Permission
from linli.audit.recording import Act, RuleError, action
from linli.gate.catalogue.actions.terms import checked, lock_catalogue
from linli.gate.catalogue.models import DISTRICT, Edition, Entry, Item
from linli.gate.catalogue.rules.terms import Fate

MANAGE = Permission.MANAGE_CATALOGUE


def start_draft(*, acting_user: Any, region_code: str, title: str, note: str = "") -> Edition:
    """A draft of the next edition with all items in force, in the order of the newest edition.

    Raises RuleError without a title, below the district, and when there is a draft already.
    """
    require(acting_user, MANAGE, region_code)
    if len(region_code) != DISTRICT:
        raise RuleError("清单按区建立，请选择区。", field="region_code")
    if not title.strip():
        raise RuleError("请填写清单名称，例如“延庆区社区工作事项清单（2026 年）”。", field="title")
    with action(acting_user, "catalogue.start_draft") as act:
        lock_catalogue(region_code)
        if Edition.objects.filter(region_code=region_code, published_at__isnull=True).exists():
            raise RuleError("已经有一份草案在修改，请先发布或放弃它。")
        last = Edition.objects.filter(region_code=region_code).aggregate(n=Max("number"))["n"] or 0
        edition = Edition.objects.create(
            region_code=region_code, number=last + 1, title=title.strip(), note=note.strip()
        )
        items = list(
            Item.objects.of_catalogue(region_code).filter(since__lte=timezone.localdate()).in_force()
        )
        known = dict(
            Entry.objects.filter(edition__region_code=region_code, edition__number=last, fate=Fate.KEEP.value)
            .exclude(item=None)
            .values_list("item_id", "position")
        )
        items.sort(key=lambda one: (known.get(one.pk, 1 << 30), one.code))
        Entry.objects.bulk_create(
            Entry(edition=edition, item=one, position=place, **one.values)
            for place, one in enumerate(_by_class(items), 1)
        )
        act.record(edition, f"起草“{edition.title}”，从现行的 {len(items)} 项开始")
    return edition


def _by_class(items: list[Item]) -> list[Item]:
    groups: dict[str, list[Item]] = {}
    for one in items:
        groups.setdefault(one.category, []).append(one)
    return [one for ones in groups.values() for one in ones]


def held_draft(edition: Edition, user: Any) -> Edition:
    """The edition, locked, while it is a draft. Raises RuleError when it has been published."""
    kept: Edition = locked(Edition, edition.pk, user, MANAGE)
    if not kept.is_draft:
        raise RuleError("这一版已经发布，不能再改。要调整请起草新的一版。")
    return kept


def describe_draft(*, acting_user: Any, edition: Edition, title: str, note: str) -> Edition:
    """Change a draft's title and note. Raises RuleError without a title."""
    if not title.strip():
        raise RuleError("请填写清单名称。", field="title")
    with action(acting_user, "catalogue.describe_draft") as act:
        kept = held_draft(edition, acting_user)
        kept.title, kept.note = title.strip(), note.strip()
        kept.save(update_fields=["title", "note"])
        act.record(kept, f"修改草案的名称和说明：{kept.title}")
    return kept


def discard_draft(*, acting_user: Any, edition: Edition, reason: str = "") -> None:
    """Give a draft up; nothing in force changes."""
    with action(acting_user, "catalogue.discard_draft", reason=reason) as act:
        kept = held_draft(edition, acting_user)
        act.record(kept, f"放弃草案“{kept.title}”")
        kept.entries.filter(into__isnull=False).update(fate=Fate.KEEP.value, into=None, reason="")
        kept.delete()


def _place(edition: Edition, category: str) -> int:
    """Behind the last entry of the class, else at the end; the entries behind make room."""
    rows = edition.entries
    last = rows.filter(category=category).aggregate(n=Max("position"))["n"]
    if last is None:
        return (rows.aggregate(n=Max("position"))["n"] or 0) + 1
    rows.filter(position__gt=last).update(position=F("position") + 1)
    return int(last) + 1


def _free_title(edition: Edition, title: str, but: int = 0) -> None:
    same = edition.entries.filter(title=title, fate=Fate.KEEP.value).exclude(pk=but).exists()
    if same:
        raise RuleError(f"草案里已经有“{title}”。", field="title")


def add_entry(*, acting_user: Any, edition: Edition, **terms: Any) -> Entry:
    """A new item in a draft; see `admit` for the terms. Raises RuleError for terms that make no sense and a taken name."""
    with action(acting_user, "catalogue.add_entry") as act:
        kept = held_draft(edition, acting_user)
        values = checked(terms, kept.region_code)
        _free_title(kept, values["title"])
        entry = Entry.objects.create(edition=kept, position=_place(kept, values["category"]), **values)
        act.record(kept, f"草案新增“{entry.title}”")
    return entry


def change_entry(*, acting_user: Any, entry: Entry, **terms: Any) -> Entry:
    """Change an entry's terms in a draft; terms not given stay. Raises RuleError for terms that make no sense."""
    with action(acting_user, "catalogue.change_entry") as act:
        edition = held_draft(entry.edition, acting_user)
        kept = Entry.objects.select_for_update().get(pk=entry.pk)
        if kept.fate != Fate.KEEP.value:
            raise RuleError("这一项在草案里已经不保留，请先恢复再修改。")
        values = checked({**kept.values, **terms}, edition.region_code)
        changed = [name for name in Entry.FIELDS if getattr(kept, name) != values[name]]
        if not changed:
            act.nothing_to_record()
            return kept
        if "title" in changed:
            _free_title(edition, values["title"], kept.pk)
        if "category" in changed:
            kept.position = _place(edition, values["category"])
        for name in changed:
            setattr(kept, name, values[name])
        kept.save(update_fields=[*changed, "position"])
        act.record(edition, f"草案修改“{kept.title}”")
    return kept


def _picked(edition: Edition, entries: Iterable[Entry]) -> list[Entry]:
    wanted = [one.pk for one in entries]
    if not wanted:
        raise RuleError("请先勾选事项。")
    rows = list(edition.entries.select_for_update().filter(pk__in=wanted))
    if len(rows) != len(set(wanted)):
        raise RuleError("勾选的事项有变化，请刷新后重新勾选。")
    return rows


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RuleError("请填写原因，发布后居民和社区都看得到。", field="reason")
    return reason.strip()


def _drop(edition: Edition, rows: list[Entry], act: Act) -> list[Entry]:
    """New entries that go were never in force: they leave the draft. Returns the others."""
    fresh = [one.pk for one in rows if one.item_id is None]
    if fresh:
        edition.entries.filter(pk__in=fresh).delete()
    return [one for one in rows if one.item_id is not None]


def let_go(*, acting_user: Any, edition: Edition, entries: Iterable[Entry], fate: str, reason: str) -> int:
    """Entries leave the list in a draft: cancelled, or moved out to a purchased service. Returns how many.

    Raises RuleError without a reason, and for one that others are merged into.
    """
    how, why = Fate(fate), _reason(reason)
    if how not in (Fate.CANCEL, Fate.MOVE):
        raise RuleError("请选择取消，或者转出购买服务。", field="fate")
    with action(acting_user, "catalogue.let_go", reason=why) as act:
        kept = held_draft(edition, acting_user)
        rows = _picked(kept, entries)
        taken = kept.entries.filter(into__in=[one.pk for one in rows]).select_related("into").first()
        if taken is not None and taken.into is not None:
            raise RuleError(f"“{taken.title}”已并入“{taken.into.title}”，请先恢复它。")
        rows = _drop(kept, rows, act)
        kept.entries.filter(pk__in=[one.pk for one in rows]).update(fate=how.value, into=None, reason=why)
        act.record(
            kept, f"草案{how.label} {len(rows)} 项", entries=[one.title for one in rows][:200], fate=how.value
        )
    return len(rows)


def merge_entries(
    *, acting_user: Any, edition: Edition, entries: Iterable[Entry], into: Entry, reason: str
) -> int:
    """Entries are merged into another one of the draft; what had been merged into them goes along. Returns how many.

    Raises RuleError without a reason, for an aim that is not kept, and when nothing but the aim is given.
    """
    why = _reason(reason)
    with action(acting_user, "catalogue.merge_entries", reason=why) as act:
        kept = held_draft(edition, acting_user)
        aim = kept.entries.select_for_update().filter(pk=into.pk).first()
        if aim is None or aim.fate != Fate.KEEP.value:
            raise RuleError("要并入的事项在草案里没有保留，请另选一项。", field="into")
        rows = [one for one in _picked(kept, entries) if one.pk != aim.pk]
        if not rows:
            raise RuleError("请再勾选至少一项要并入的事项。", field="into")
        going = [one.pk for one in rows]
        kept.entries.filter(into__in=going).update(into=aim)
        rows = _drop(kept, rows, act)
        kept.entries.filter(pk__in=[one.pk for one in rows]).update(
            fate=Fate.MERGE.value, into=aim, reason=why
        )
        act.record(kept, f"草案把 {len(rows)} 项并入“{aim.title}”", entries=[one.title for one in rows][:200])
    return len(rows)


def bring_back(*, acting_user: Any, edition: Edition, entries: Iterable[Entry]) -> int:
    """Entries that were to go stay after all. Returns how many. Raises RuleError where a kept entry has the name."""
    with action(acting_user, "catalogue.bring_back") as act:
        kept = held_draft(edition, acting_user)
        rows = [one for one in _picked(kept, entries) if one.fate != Fate.KEEP.value]
        for one in rows:
            _free_title(kept, one.title, one.pk)
        kept.entries.filter(pk__in=[one.pk for one in rows]).update(
            fate=Fate.KEEP.value, into=None, reason=""
        )
        if rows:
            act.record(kept, f"草案恢复 {len(rows)} 项", entries=[one.title for one in rows][:200])
        else:
            act.nothing_to_record()
    return len(rows)


def rename_class(*, acting_user: Any, edition: Edition, old: str, new: str) -> int:
    """A class of the draft gets another name; one that is there already takes the items in. Returns how many items."""
    name = new.strip()
    if not name:
        raise RuleError("请填写类的名称。", field="new")
    with action(acting_user, "catalogue.rename_class") as act:
        kept = held_draft(edition, acting_user)
        changed = kept.entries.filter(category=old).update(category=name)
        if not changed:
            raise RuleError(f"草案里没有“{old}”这一类。", field="old")
        act.record(kept, f"草案把“{old}”类改为“{name}”类，{changed} 项")
    return changed


def follow_admission(item: Item) -> None:
    """An item admitted while a draft is being made comes into the draft. Called by the actions on items."""
    edition = _open_draft(item)
    if edition is not None:
        Entry.objects.create(
            edition=edition, item=item, position=_place(edition, item.category), **item.values
        )


def follow_renewal(item: Item) -> None:
    """A draft learns that an item holds longer."""
    edition = _open_draft(item)
    if edition is not None:
        edition.entries.filter(item=item).update(until=item.until)


def follow_end(item: Item) -> None:
    """A draft learns that an item has left the list."""
    edition = _open_draft(item)
    if edition is not None:
        edition.entries.filter(item=item, fate=Fate.KEEP.value).update(
            fate=Fate.CANCEL.value, reason=item.ended_why
        )


def _open_draft(item: Item) -> Edition | None:
    return (
        Edition.objects.select_for_update()
        .filter(region_code=item.region_code[:DISTRICT], published_at__isnull=True)
        .first()
    )
