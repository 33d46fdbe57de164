"""Deciding on pairs, merging, and taking a merge back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted
from linli.access.models import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.regions.models import KEY_LENGTH
from linli.registry.matching import rowwork, rules
from linli.registry.matching.dependants import model_of
from linli.registry.matching.models import Merge, Pair, PairState, SubjectKind
from linli.registry.matching.subjects import (
    SUBJECTS,
    Choice,
    MergeSubject,
    headless,
    households_of,
    refuse_headless,
)
from linli.registry.people import standing
from linli.registry.people.models import Household

__all__ = ["Choice", "decide_pair", "merge_records", "undo_merge"]


def region_of(left: str, right: str) -> str:
    """The smallest region that holds both."""
    return rules.common_region(left, right, tuple(KEY_LENGTH.values()))


def _locked_pair(user: Any, pair_id: int) -> Pair:
    pair = Pair.objects.select_for_update().filter(pk=pair_id).first()
    if pair is None or not user.can(SUBJECTS[pair.subject].edit, pair.region_code):
        raise NotPermitted(Permission.EDIT_PEOPLE)
    return pair


def decide_pair(*, acting_user: Any, pair_id: int, decision: str, note: str = "") -> Pair:
    """Say that a pair is not the same (`different`, remembered for good), or to be looked at later, or open again."""
    if decision not in (PairState.DIFFERENT, PairState.LATER, PairState.OPEN):
        raise RuleError(_("请选择处理结果。"), field="decision")
    with audit.action(acting_user, "matching.decide", reason=note) as act:
        pair = _locked_pair(acting_user, pair_id)
        if pair.state == PairState.SAME:
            raise RuleError(_("这两条记录已经合并，请刷新后再看。"))
        pair.state, pair.note = decision, note.strip()[:300]
        pair.decided_at, pair.decided_by = timezone.now(), acting_user.name
        pair.save(update_fields=["state", "note", "decided_at", "decided_by"])
        act.record(
            pair,
            _("疑似重复的%(what)s（%(left)s、%(right)s）：%(said)s")
            % {
                "what": pair.get_subject_display(),
                "left": pair.left,
                "right": pair.right,
                "said": pair.get_state_display(),
            },
        )
    return pair


def _lock(user: Any, subject: MergeSubject, ids: Iterable[int]) -> dict[int, Any]:
    wanted = sorted(set(ids))
    rows: Any = (
        subject.model._default_manager.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    )
    found: dict[int, Any] = {row.pk: row for row in rows}
    if len(found) != 2 or any(not user.can(subject.edit, row.region_code) for row in found.values()):
        raise NotPermitted(subject.edit)
    return found


def merge_records(
    *,
    acting_user: Any,
    subject: str,
    survivor_id: int,
    merged_id: int,
    choice: Choice | None = None,
    reason: str = "",
) -> Merge:
    """Make two records one. `choice.fields` are the fields whose value is taken from the record that goes; `choice.sides` the
    tables (or "table:key") whose rows of the record that goes stay where both stand in each other's way.

    Everything that hangs on the merged record changes hands; its number leads to the survivor. Raises RuleError where the
    result would break a rule of the house; nothing is changed then.
    """
    what = SUBJECTS[subject]
    made = choice or Choice()
    with audit.action(acting_user, "matching.merge", reason=reason) as act:
        households: list[int] = []
        if subject == SubjectKind.PERSON:
            households = households_of([survivor_id, merged_id])
            list(Household.objects.select_for_update(of=("self",)).filter(pk__in=households).order_by("pk"))
        rows = _lock(acting_user, what, [survivor_id, merged_id])
        survivor, merged = rows[survivor_id], rows[merged_id]
        was_headless = headless(households) if households else set()
        ids = [survivor_id, merged_id]
        before = rowwork.take_down(what.model, ids)
        region = region_of(survivor.region_code, merged.region_code)
        names = (str(survivor), str(merged))
        what.before(survivor, merged, made)
        try:
            with transaction.atomic():
                _perform(what, survivor, merged, made)
        except IntegrityError as error:
            raise RuleError(
                _("合并后会有两条互相矛盾的记录，没有合并。请先核对双方的居住、家庭和人群记录。")
            ) from error
        if households:
            refuse_headless(was_headless, households)
        after = rowwork.take_down(what.model, ids)
        done = Merge.objects.create(
            subject=subject,
            survivor=survivor_id,
            merged=merged_id,
            region_code=region,
            name=names[0] if names[0] == names[1] else f"{names[0]}（{names[1]}）",
            reason=reason.strip()[:300],
            choices={
                "fields": sorted(made.fields),
                "sides": dict(made.sides),
                "relation": made.relation,
            },
            rows=rowwork.difference(before, after),
            made_by=acting_user.name,
        )
        _close_pairs(acting_user, subject, survivor_id, merged_id)
        survivor.refresh_from_db()
        act.record(
            survivor,
            _("合并重复的%(what)s：%(merged)s（编号 %(n)s）并入 %(survivor)s")
            % {"what": SubjectKind(subject).label, "merged": names[1], "n": merged_id, "survivor": names[0]},
            merge=done.pk,
            merged=merged_id,
        )
    return done


def _perform(what: MergeSubject, survivor: Any, merged: Any, choice: Choice) -> None:
    from linli.registry.matching.dependants import dependants

    for dependant in dependants(what.model):
        rowwork.settle(dependant, survivor.pk, merged.pk, choice.sides)
    rowwork.repoint(what.model, survivor.pk, merged.pk)
    taken = {
        name: getattr(merged, name)
        for one in what.fields()
        if one.name in choice.fields
        for name in what.with_companions(one.attname)
    }
    # Numbers are unique: the record that goes makes room first.
    what.model._default_manager.filter(pk=merged.pk).delete()
    if taken:
        for name, value in taken.items():
            setattr(survivor, name, value)
        if any(one.name == "updated_at" for one in what.model._meta.concrete_fields):
            survivor.updated_at = timezone.now()
            taken["updated_at"] = None
        survivor.save(update_fields=[_field_name(what.model, name) for name in taken])
    what.after(survivor, merged)


def _field_name(model: type[models.Model], attname: str) -> str:
    return next(one.name for one in model._meta.concrete_fields if attname in (one.attname, one.name))


def _close_pairs(user: Any, subject: str, survivor: int, merged: int) -> None:
    """The pair is decided; what was said of the merged record and others holds of the survivor."""
    now = timezone.now()
    left, right = min(survivor, merged), max(survivor, merged)
    Pair.objects.filter(subject=subject, left=left, right=right).update(
        state=PairState.SAME, decided_at=now, decided_by=user.name
    )
    for pair in Pair.objects.filter(Q(left=merged) | Q(right=merged), subject=subject).exclude(
        left=left, right=right
    ):
        other = pair.right if pair.left == merged else pair.left
        one, two = min(survivor, other), max(survivor, other)
        kept, made = Pair.objects.get_or_create(
            subject=subject,
            left=one,
            right=two,
            defaults={
                "region_code": pair.region_code,
                "score": pair.score,
                "reasons": pair.reasons,
                "state": pair.state,
                "decided_at": pair.decided_at,
                "decided_by": pair.decided_by,
                "note": pair.note,
            },
        )
        if not made and pair.state == PairState.DIFFERENT and kept.state != PairState.SAME:
            kept.state = PairState.DIFFERENT
            kept.save(update_fields=["state"])
    Pair.objects.filter(
        Q(left=merged) | Q(right=merged), subject=subject, state__in=[PairState.OPEN, PairState.LATER]
    ).exclude(left=left, right=right).delete()


def undo_merge(*, acting_user: Any, merge_id: int, reason: str) -> Merge:
    """Take a merge back: the rows it touched are again exactly what they were, and the merged record stands under its own
    number. What was added to the survivor since stays with the survivor.

    Raises RuleError without a reason, and when one of these rows was changed since.
    """
    if not reason.strip():
        raise RuleError(_("请说明撤销的原因。"), field="reason")
    with audit.action(acting_user, "matching.undo", reason=reason.strip()) as act:
        merge = Merge.objects.select_for_update().filter(pk=merge_id).first()
        if merge is None or not acting_user.can(SUBJECTS[merge.subject].edit, merge.region_code):
            raise NotPermitted(Permission.EDIT_PEOPLE)
        if merge.undone_at is not None:
            raise RuleError(_("这次合并已经撤销过了。"))
        what = SUBJECTS[merge.subject]
        if not what.model._default_manager.filter(pk=merge.survivor).exists():
            raise RuleError(_("保留的记录后来又并入了别的记录，请先撤销后一次合并，再撤销这一次。"))
        try:
            with transaction.atomic():
                rowwork.put_back(what.model, merge.rows)
        except rowwork.ChangedSince as error:
            label = model_of(error.table)._meta.verbose_name
            raise RuleError(
                _(
                    "合并以后“%(what)s”又改过，不能自动撤销。请先把后来的改动恢复（后来又合并的，先撤销后一次），再试。"
                )
                % {"what": label}
            ) from error
        except IntegrityError as error:
            raise RuleError(
                _(
                    "合并以后又登记了与原记录冲突的内容（如新的住址或证件号码），不能自动撤销，请先更正后来的登记。"
                )
            ) from error
        if merge.subject == SubjectKind.PERSON:
            standing.refresh([merge.survivor, merge.merged])
        merge.undone_at, merge.undone_by = timezone.now(), acting_user.name
        merge.undone_reason = reason.strip()[:300]
        merge.save(update_fields=["undone_at", "undone_by", "undone_reason"])
        Pair.objects.filter(
            subject=merge.subject,
            left=min(merge.survivor, merge.merged),
            right=max(merge.survivor, merge.merged),
        ).update(state=PairState.LATER, decided_at=merge.undone_at, decided_by=acting_user.name)
        survivor = what.model._default_manager.get(pk=merge.survivor)
        act.record(
            survivor,
            _("撤销合并：编号 %(n)s 恢复为单独的%(what)s")
            % {"n": merge.merged, "what": SubjectKind(merge.subject).label},
            merge=merge.pk,
        )
    return merge
