"""Deciding what rules propose: confirmed proposals are carried out, refused ones are not made again unless the facts change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.registry.groups import actions, telling
from linli.registry.groups.models import Membership, Move, Proposal, ProposalState
from linli.registry.groups.proposals import OPEN, visible

MOST = 500


def _open(user: Any, proposal_ids: Iterable[int]) -> list[Proposal]:
    """Those of the proposals that are open and the user's to decide, locked, persons first."""
    ids = list(proposal_ids)
    if len(ids) > MOST:
        raise RuleError(_("一次最多处理 %(n)d 条，请少选一些。") % {"n": MOST})
    rows = visible(user).filter(pk__in=ids, state=OPEN)
    return list(
        rows.select_for_update(of=("self",)).select_related("group", "person").order_by("person_id", "pk")
    )


def _decide(found: Sequence[Proposal], user: Any, state: ProposalState, reason: str) -> None:
    Proposal.objects.filter(pk__in=[one.pk for one in found]).update(
        state=state, reason=reason, decided_by_id=user.pk or None, decided_at=timezone.now()
    )


def confirm(
    *, acting_user: Any, proposal_ids: Iterable[int], on: date, evidence: str
) -> tuple[int, list[str]]:
    """Carry proposals out from a day on, on stated evidence. Returns how many, and in words what could not be.

    Raises RuleError for groups whose members are entered one by one (class, level or certificate), and when nothing is left.
    """
    with audit.action(acting_user, "groups.confirm_proposals") as act:
        found = _open(acting_user, proposal_ids)
        if not found:
            raise RuleError(_("这些建议已经处理过了，请刷新列表。"))
        for group in {one.group for one in found if one.move == Move.JOIN}:
            if group.classes or group.levels or group.needs_certificate:
                raise RuleError(
                    _("“%(group)s”要逐人填写类别、等级或证件号，请点建议里的“加入”逐人办理。")
                    % {"group": group.name}
                )
        done, problems = [], []
        for one in found:
            try:
                if one.move == Move.JOIN:
                    actions.add_membership(
                        acting_user=acting_user,
                        person_id=one.person_id,
                        group_code=one.group.code,
                        evidence=evidence,
                        since=on,
                        source=_("规则建议"),
                    )
                else:
                    membership = _current(one, on)
                    actions.end_membership(
                        acting_user=acting_user, membership_id=membership, on=on, reason=evidence
                    )
                done.append(one)
            except RuleError as error:
                if error.field in ("evidence", "reason"):
                    raise RuleError(error.message, field="evidence") from error
                problems.append(f"{one.person.name}：{error.message}")
        _decide(done, acting_user, ProposalState.CONFIRMED, evidence.strip()[:200])
        act.nothing_to_record()  # each membership recorded its own
    return len(done), problems


def refuse(*, acting_user: Any, proposal_ids: Iterable[int], reason: str) -> int:
    """Say that proposals are not to be carried out, and why; they are not made again unless the facts change."""
    if len(reason.strip()) < 2:
        raise RuleError(_("请写明不采纳的理由，例如“子女同住，只是没有登记”。"), field="reason")
    with audit.action(acting_user, "groups.refuse_proposals", reason=reason.strip()) as act:
        found = _open(acting_user, proposal_ids)
        if not found:
            raise RuleError(_("这些建议已经处理过了，请刷新列表。"))
        _decide(found, acting_user, ProposalState.REFUSED, reason.strip()[:200])
        for region, n in sorted(Counter(one.region_code[:12] for one in found).items()):
            telling.soon(region)
            act.record(None, _("不采纳 %(n)d 条人群建议") % {"n": n}, region_code=region)
    return len(found)


def _current(one: Proposal, on: date) -> int:
    found = Membership.objects.filter(
        person=one.person_id, group=one.group_id, period__contains=on
    ).values_list("pk", flat=True)
    if not found:
        raise RuleError(_("%(day)s 已不在“%(group)s”中。") % {"day": on, "group": one.group.name})
    return int(found[0])
