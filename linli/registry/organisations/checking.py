"""Checks that follow from what is recorded: the end of a term, of a licence, of a contract. Called by actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from linli.registry.organisations import rules
from linli.registry.organisations.models import Check, CheckKind, CheckResult, Organisation, Tie


def _keep(one: Organisation, source: str, kind: str, due_on: date | None) -> None:
    """One open check of a source, on its day; none where there is no day, or where it was dealt with."""
    running = Check.objects.filter(organisation=one, source=source, result="").first()
    if due_on is None or one.closed_on is not None:
        if running is not None:
            running.delete()
        return
    if running is not None:
        if running.due_on != due_on:
            running.due_on = due_on
            running.save(update_fields=["due_on"])
        return
    if not Check.objects.filter(organisation=one, source=source, due_on=due_on).exists():
        Check.objects.create(
            region_code=one.region_code, organisation=one, kind=kind, due_on=due_on, source=source
        )


def follow(one: Organisation) -> None:
    """Bring the checks of the organisation's own days up to date."""
    for field, kind in rules.AUTOMATIC.items():
        _keep(one, field, kind, getattr(one, field))


def follow_tie(tie: Tie) -> None:
    """Bring the check of a contract's end up to date."""
    running = tie.period.upper is None or tie.period.upper > timezone.localdate()
    _keep(
        tie.organisation,
        f"tie:{tie.pk}",
        CheckKind.CONTRACT,
        tie.contract_until if running else None,
    )


def stop(one: Organisation, user: Any, reason: str) -> None:
    """Nothing is due any more of an organisation that is gone."""
    Check.objects.filter(organisation=one, result="").exclude(source="").delete()
    Check.objects.filter(organisation=one, result="").update(
        result=CheckResult.NOT_APPLICABLE,
        said=reason,
        done_on=timezone.localdate(),
        done_by_id=getattr(user, "pk", None) or None,
    )
