"""Kinds of cases and their editions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.audit.recording import SYSTEM, RuleError, action
from linli.flow.models import CaseKind, KindEdition
from linli.flow.rules import kinds as rules


def current_edition(key: str) -> KindEdition:
    """The newest published edition of a kind. Raises LookupError when there is none: a programming error."""
    found = (
        KindEdition.objects.filter(kind__key=key, published_at__isnull=False)
        .select_related("kind")
        .order_by("-number")
        .first()
    )
    if found is None:
        raise LookupError(f"no published edition of {key}")
    return found


def ensure_kind(kind: rules.Kind) -> KindEdition:
    """See that a room's kind is there with its first edition; editions made by users are left alone."""
    rules.check(kind)
    with action(SYSTEM, "flow.ensure_kind") as act:
        row, made = CaseKind.objects.get_or_create(key=kind.key, defaults={"name": kind.name})
        if not made:
            act.nothing_to_record()
            return current_edition(kind.key)
        edition = KindEdition.objects.create(
            kind=row, number=1, table=rules.to_json(kind), published_at=timezone.now()
        )
        act.record(row, f"启用办件种类“{kind.name}”")
    return edition


def _manager(acting_user: Any) -> None:
    if not acting_user.can(Permission.MANAGE_SYSTEM):
        raise NotPermitted(Permission.MANAGE_SYSTEM)


def draft_edition(*, acting_user: Any, kind: CaseKind, table: dict[str, Any], note: str = "") -> KindEdition:
    """Keep a changed table as the kind's draft (there is one at most).

    Raises RuleError when the table does not hold together, or changes the kind's key or prefix.
    """
    _manager(acting_user)
    try:
        found = rules.from_json(table)
    except rules.KindProblem as problem:
        raise RuleError(str(problem)) from problem
    published = current_edition(kind.key).rules
    if (found.key, found.prefix) != (published.key, published.prefix):
        raise RuleError("种类的标识和编号前缀不能改。")
    with action(acting_user, "flow.draft_edition") as act:
        last = kind.editions.order_by("-number").first()
        assert last is not None
        if last.published_at is None:
            draft = last
            draft.table, draft.note = rules.to_json(found), note
            draft.save(update_fields=["table", "note"])
        else:
            draft = KindEdition.objects.create(
                kind=kind, number=last.number + 1, table=rules.to_json(found), note=note
            )
        act.record(kind, f"起草“{kind.name}”流程第 {draft.number} 版")
    return draft


def publish_edition(*, acting_user: Any, edition: KindEdition) -> KindEdition:
    """Publish a draft: new cases begin under it; those under way go on as they began."""
    _manager(acting_user)
    with action(acting_user, "flow.publish_edition") as act:
        kept = KindEdition.objects.select_for_update(of=("self",)).select_related("kind").get(pk=edition.pk)
        if kept.published_at is not None:
            raise RuleError("这一版已经发布。")
        kept.published_at = timezone.now()
        kept.save(update_fields=["published_at"])
        act.record(kept.kind, f"发布“{kept.kind.name}”流程第 {kept.number} 版")
    return kept
