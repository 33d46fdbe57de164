"""Every write of plates and bodies.

All raise `RuleError` for what the rules or the gate refuse, and `NotPermitted` for what the acting user may not do there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from linli.access import guard, sealed_files
from linli.access.guard import NotPermitted, require
from linli.access.holders import nearest_holders
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.access.units import members
from linli.audit.recording import RuleError, action
from linli.flow.actions import dispatch, may_send, note
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.plates import rules
from linli.gate.plates.models import Form, PhotoKind, Plate, PlateKind, PlatePhoto, Walk
from linli.gate.plates.rules import State
from linli.notices import actions as notices
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

EDIT, DECIDE, SEND = Permission.EDIT_PLATES, Permission.DECIDE_PLATES, Permission.SEND_TO_COMMUNITIES
DISTRICT, STREET = KEY_LENGTH[Level.DISTRICT], KEY_LENGTH[Level.STREET]
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
PREFIX = "plates."


def kinds_of(district: str) -> list[PlateKind]:
    """The kinds of a district; the usual three are made where it has none. Call it inside an action."""
    found = list(PlateKind.objects.filter(region_code=district))
    if not found:
        found = [
            PlateKind.objects.create(region_code=district, name=name, basis="对外只悬挂三块牌子")
            for name in rules.ALLOWED
        ]
    return found


def set_kind(
    *, acting_user: Any, region_code: str, name: str, is_allowed: bool, basis: str = ""
) -> PlateKind:
    """Add a kind of plate to a district, or change whether it may hang.

    Raises RuleError while plates hang by right of a kind that is to be allowed no more.
    """
    require(acting_user, DECIDE, region_code)
    if len(region_code) != DISTRICT:
        raise RuleError("牌子种类由区里统一规定。")
    if not name.strip():
        raise RuleError("请填写名称。", field="name")
    if is_allowed and not basis.strip():
        raise RuleError("允许悬挂的牌子要写明依据。", field="basis")
    with action(acting_user, "plates.set_kind", reason=basis.strip()) as act:
        kinds_of(region_code)
        kind, _made = PlateKind.objects.get_or_create(region_code=region_code, name=name.strip())
        if not is_allowed and (n := Plate.objects.filter(kind=kind, state=State.ALLOWED).count()):
            raise RuleError(f"还有 {n} 块这种牌子按“保留”登记，请先改为限期摘除。", field="is_allowed")
        kind.is_allowed, kind.basis = is_allowed, basis.strip()
        kind.save(update_fields=["is_allowed", "basis"])
        act.record(kind, f"牌子“{kind.name}”{'允许悬挂' if is_allowed else '不允许悬挂'}")
    return kind


def _keep(plate: Plate, kind: PhotoKind, uploads: Iterable[Any], field: str) -> int:
    n = 0
    for upload in uploads:
        kept = sealed_files.keep(upload, folder="plates", field=field)
        if kind is not PhotoKind.PAPER and not kept.media_type.startswith("image/"):
            sealed_files.drop(kept.path)
            raise RuleError("照片要是 JPG 或 PNG。", field=field)
        PlatePhoto.objects.create(
            plate=plate,
            kind=kind,
            path=kept.path,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
        )
        n += 1
    return n


def register(
    *,
    acting_user: Any,
    region_code: str,
    name: str,
    form: str = Form.BOARD,
    kind_name: str = "",
    unit: Unit | None = None,
    unit_name: str = "",
    place: str = "",
    since: date | None = None,
    photos: Iterable[Any] = (),
    papers: Iterable[Any] = (),
) -> Plate:
    """Register a plate or body that is there. Of an allowed kind (`kind_name`) it stays; any other waits to be dealt with.

    Raises RuleError for a second plate of an allowed kind, and for one that is registered already.
    """
    require(acting_user, EDIT, region_code)
    if len(region_code) != COMMUNITY:
        raise RuleError("牌子要登记到社区。")
    if not name.strip():
        raise RuleError("请填写牌子上写的字，或机构的名称。", field="name")
    day = since or timezone.localdate()
    if day > timezone.localdate():
        raise RuleError("日期不能晚于今天。", field="since")
    with action(acting_user, "plates.register") as act:
        kind = None
        if kind_name:
            kind = next((one for one in kinds_of(region_code[:DISTRICT]) if one.name == kind_name), None)
            if kind is None or not kind.is_allowed:
                raise RuleError("请从列表中选择允许悬挂的牌子。", field="kind_name")
        here = Plate.objects.filter(region_code=region_code, state__in=rules.HANGING)
        if kind is not None and here.filter(kind=kind).exists():
            raise RuleError(f"“{kind.name}”的牌子已经登记，每种只挂一块。", field="kind_name")
        if here.filter(name=name.strip(), place=place.strip()).exists():
            raise RuleError("同样位置的这块牌子已经登记。", field="name")
        plate = Plate.objects.create(
            region_code=region_code,
            name=name.strip(),
            form=form,
            kind=kind,
            unit=unit,
            unit_name="" if unit else unit_name.strip(),
            place=place.strip(),
            since=day,
            seen_on=day,
            state=State.ALLOWED if kind is not None else State.FOUND,
        )
        _keep(plate, PhotoKind.BEFORE, photos, "photos")
        _keep(plate, PhotoKind.PAPER, papers, "papers")
        act.record(plate, f"登记{plate.get_form_display()}“{plate.name}”，{State(plate.state).label}")
    return plate


def propose(
    *,
    acting_user: Any,
    warrant: Warrant,
    communities: Iterable[str],
    name: str,
    purpose: str,
    form: str = Form.BOARD,
    place: str = "",
    papers: Iterable[Any] = (),
) -> list[Plate]:
    """A department asks for a plate or body in communities, under an item of its own that allows plates.

    Raises RuleError, with what to do, for what the gate does not let through.
    """
    keys = sorted(set(communities))
    if not keys:
        raise RuleError("请至少选一个社区。", field="communities")
    for key in keys:
        require(acting_user, SEND, key)
    if acting_user.pk and warrant.issuer_id not in acting_user.unit_ids:
        raise NotPermitted(SEND)
    for text, field, asked in ((name, "name", "名称"), (purpose, "purpose", "为什么要设")):
        if not text.strip():
            raise RuleError(f"请填写{asked}。", field=field)
    given = list(papers)
    with action(acting_user, "plates.propose") as act:
        _ask_gate(warrant, keys, name.strip())
        made = []
        for key in keys:
            plate = Plate.objects.create(
                region_code=key,
                name=name.strip(),
                form=form,
                unit=warrant.issuer,
                place=place.strip(),
                purpose=purpose.strip(),
                warrant=warrant,
                state=State.PROPOSED,
            )
            for upload in given:
                upload.seek(0)
            _keep(plate, PhotoKind.PAPER, given, "papers")
            act.record(plate, f"申请在{names.title(key)}设{plate.get_form_display()}“{plate.name}”")
            made.append(plate)
        tell_proposed(keys[0][:STREET])
    return made


def _ask_gate(warrant: Warrant, communities: Iterable[str], title: str) -> None:
    refused: dict[str, list[str]] = {}
    for key in communities:
        if why := may_send(warrant, Thing.PLATE, key, timezone.localdate()):
            refused.setdefault(why, []).append(names.title(key))
    if refused:
        note(Thing.PLATE, warrant, {}, title=title, sender=warrant.issuer)
        raise RuleError(
            " ".join(f"{'、'.join(where)}：{why}" for why, where in refused.items()), field="communities"
        )


def _put_up(plate: Plate, warrant: Warrant, acting_user: Any) -> None:
    (sent,) = dispatch(
        acting_user=acting_user,
        warrant=warrant,
        thing=Thing.PLATE,
        communities=[plate.region_code],
        title=plate.name,
        sender=warrant.issuer,
    )
    plate.warrant, plate.dispatch, plate.state = warrant, sent, State.LISTED.value


def accept(*, acting_user: Any, plate: Plate, reason: str, warrant: Warrant | None = None) -> Plate:
    """Let a proposed plate be put up, or one that was found stay under a department's item for plates: dispatched through the gate."""
    if not reason.strip():
        raise RuleError("请写明理由。", field="reason")
    with action(acting_user, "plates.accept", reason=reason.strip()) as act:
        kept = guard.locked(Plate, plate.pk, acting_user, DECIDE)
        under = kept.warrant or warrant
        if kept.state not in (State.PROPOSED, State.FOUND, State.REMOVING):
            raise RuleError(f"这块牌子现在是“{State(kept.state).label}”，不用再批准。")
        if under is None:
            raise RuleError("没有准入事项的牌子不能保留。请部门先申请准入，或限期摘除。", field="warrant")
        if kept.state == State.PROPOSED:
            kept.since = timezone.localdate()
        kept.reason, kept.remove_by = reason.strip(), None
        _put_up(kept, under, acting_user)
        kept.save()
        act.record(kept, f"同意设“{kept.name}”")
        _tell_unit(kept, f"同意在{names.title(kept.region_code)}设“{kept.name}”")
        tell_proposed(kept.region_code[:STREET])
    return kept


def refuse(*, acting_user: Any, plate: Plate, reason: str) -> Plate:
    """Refuse a proposed plate, for a reason."""
    if not reason.strip():
        raise RuleError("请写明不同意的理由。", field="reason")
    with action(acting_user, "plates.refuse", reason=reason.strip()) as act:
        kept = guard.locked(Plate, plate.pk, acting_user, DECIDE)
        if kept.state != State.PROPOSED:
            raise RuleError(f"这块牌子现在是“{State(kept.state).label}”，不能再回复申请。")
        kept.state, kept.reason = State.REFUSED.value, reason.strip()
        kept.save(update_fields=["state", "reason"])
        act.record(kept, f"不同意设“{kept.name}”")
        _tell_unit(kept, f"不同意在{names.title(kept.region_code)}设“{kept.name}”：{reason.strip()}")
        tell_proposed(kept.region_code[:STREET])
    return kept


def order_removal(
    *,
    acting_user: Any,
    plates: Iterable[Plate],
    remove_by: date,
    reason: str,
    payer: Unit | None = None,
    cost: Decimal | None = None,
) -> list[Plate]:
    """Order plates and bodies to be gone by a day, and say who pays. Those of allowed kinds stay.

    Raises RuleError for a day that is past and where nothing of it can be ordered away.
    """
    if not reason.strip():
        raise RuleError("请写明为什么摘除。", field="reason")
    wrong, field = rules.removal_problem(remove_by, cost, timezone.localdate())
    if wrong:
        raise RuleError(wrong, field=field)
    with action(acting_user, "plates.order_removal", reason=reason.strip()) as act:
        done = []
        for pk in sorted(one.pk for one in plates):
            kept = guard.locked(Plate, pk, acting_user, DECIDE)
            if not rules.may_be_ordered_away(State(kept.state)):
                continue
            kept.state, kept.remove_by, kept.reason = State.REMOVING.value, remove_by, reason.strip()
            kept.payer, kept.cost = payer, cost
            kept.save(update_fields=["state", "remove_by", "reason", "payer", "cost"])
            act.record(kept, f"“{kept.name}”{remove_by} 前摘除")
            done.append(kept)
        if not done:
            raise RuleError("所选的牌子都不用摘除：允许的三块牌子和已经摘除的不在内。")
        for community in sorted({one.region_code for one in done}):
            n = sum(one.region_code == community for one in done)
            for user in nearest_holders(EDIT, community):
                if user.pk != acting_user.pk:
                    notices.send(
                        user,
                        f"{remove_by} 前要摘除 {n} 块牌子",
                        url=reverse("plates:community", args=[community]),
                        due_on=remove_by,
                    )
    return done


def remove(
    *,
    acting_user: Any,
    plate: Plate,
    removed_on: date,
    photos: Iterable[Any] = (),
    papers: Iterable[Any] = (),
    note: str = "",
) -> Plate:
    """Say that a plate or body is gone; a board needs a photograph of the place where it hung."""
    given = list(photos)
    with action(acting_user, "plates.remove", reason=note.strip()) as act:
        kept = guard.locked(Plate, plate.pk, acting_user, EDIT)
        if kept.state not in rules.HANGING:
            raise RuleError(f"这块牌子现在是“{State(kept.state).label}”。")
        wrong, field = rules.removed_problem(
            removed_on,
            kept.since,
            timezone.localdate(),
            has_board=kept.has_board,
            photographs=len(given),
        )
        if wrong:
            raise RuleError(wrong, field=field)
        kept.state, kept.removed_on = State.REMOVED.value, removed_on
        kept.save(update_fields=["state", "removed_on"])
        _keep(kept, PhotoKind.AFTER, given, "photos")
        _keep(kept, PhotoKind.PAPER, papers, "papers")
        act.record(kept, f"“{kept.name}”已{'摘除' if kept.has_board else '撤销'}")
        tell_overdue(timezone.localdate(), kept.region_code)
    return kept


def add_photo(*, acting_user: Any, plate: Plate, photos: Iterable[Any]) -> Plate:
    """Add photographs of a plate as it hangs."""
    given = list(photos)
    if not given:
        raise RuleError("请选择照片。", field="photos")
    with action(acting_user, "plates.add_photo") as act:
        kept = guard.locked(Plate, plate.pk, acting_user, EDIT)
        when = PhotoKind.AFTER if kept.state == State.REMOVED else PhotoKind.BEFORE
        n = _keep(kept, when, given, "photos")
        act.record(kept, f"“{kept.name}”添加 {n} 张照片")
    return kept


def walk(*, acting_user: Any, region_code: str, seen: Mapping[int, bool], on: date | None = None) -> Walk:
    """What a walk found of the plates registered in a community: still hanging (True) or gone (False).

    Gone ones count as removed that day, without a photograph; removed ones that hang again wait to be dealt with anew.
    """
    require(acting_user, EDIT, region_code)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise RuleError("盘点日期不能晚于今天。", field="on")
    with action(acting_user, "plates.walk") as act:
        rows = Plate.objects.select_for_update(of=("self",)).filter(
            region_code=region_code, state__in=rules.EVER, pk__in=list(seen)
        )
        hanging = gone = 0
        for plate in rows:
            if seen[plate.pk]:
                hanging += 1
                plate.seen_on = day
                if plate.state == State.REMOVED:
                    plate.state, plate.removed_on, plate.since = State.FOUND.value, None, day
                    act.record(plate, f"“{plate.name}”又挂上了")
                plate.save(update_fields=["seen_on", "state", "removed_on", "since"])
            elif plate.state != State.REMOVED:
                gone += 1
                plate.state, plate.removed_on = State.REMOVED.value, max(day, plate.since)
                plate.save(update_fields=["state", "removed_on"])
                act.record(plate, f"盘点时“{plate.name}”已经不在")
        made = Walk.objects.create(
            region_code=region_code,
            on=day,
            walker_id=acting_user.pk or None,
            hanging=hanging,
            gone=gone,
        )
        act.record(made, f"盘点{names.title(region_code)}的牌子：还在 {hanging}，不在 {gone}")
        tell_overdue(timezone.localdate(), region_code)
    return made


def _tell_unit(plate: Plate, said: str) -> None:
    if plate.unit is not None:
        for user in members(plate.unit):
            notices.send(user, said, url=plate.get_absolute_url())


def tell_proposed(street: str) -> None:
    """Keep the to-do of a street's proposed plates as it stands."""
    n = Plate.objects.filter(state=State.PROPOSED, region_code__startswith=street).count()
    notices.keep_todo(
        f"{PREFIX}proposed:{street}",
        [user.pk for user in nearest_holders(DECIDE, street)] if n else [],
        f"{names.title(street)}：{n} 块牌子申请待回复",
        url=f"{reverse('plates:list')}?region={street}&state=proposed",
    )


def tell_overdue(on: date, within: str = "") -> int:
    """Keep one to-do for each community with plates that should be gone; returns for how many."""
    rows = Plate.objects.filter(state=State.REMOVING, remove_by__lt=on, region_code__startswith=within)
    found: dict[str, list[Plate]] = {}
    for plate in rows.select_related("payer"):
        found.setdefault(plate.region_code, []).append(plate)
    keys = []
    for community, late in found.items():
        key = f"{PREFIX}overdue:{community}"
        keys.append(key)
        people = {user.pk for user in nearest_holders(EDIT, community)}
        for plate in late:
            people |= {user.pk for user in members(plate.payer)} if plate.payer is not None else set()
        notices.keep_todo(
            key,
            people,
            f"{names.title(community)}：{len(late)} 块牌子超过期限还没摘除",
            url=f"{reverse('plates:list')}?region={community}&state=overdue",
            is_urgent=True,
            due_on=min(plate.remove_by for plate in late if plate.remove_by),
        )
    notices.settle_kept(f"{PREFIX}overdue:{within}", besides=keys)
    return len(keys)
