"""Seals and the log of their use."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted, locked, require
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.certificates.actions.steps import SEAL, community_of, next_number, required
from linli.certificates.models import Certificate, Seal, SealUse

ISSUE = Permission.ISSUE_CERTIFICATES
MOST_COPIES = 500


def save_seal(
    *,
    acting_user: Any,
    region_code: str,
    name: str,
    keeper: str,
    in_use: bool = True,
    seal_id: int | None = None,
) -> Seal:
    """Register a community's seal, or say who keeps it now. Raises RuleError, NotPermitted."""
    community = community_of(region_code)
    require(acting_user, Permission.APPROVE_CERTIFICATES, community)
    title = required(name, "name", _("请填写印章名称，例如“东外社区居民委员会公章”。"), 60)
    held_by = required(keeper, "keeper", _("请填写保管人姓名。"), 30)
    with action(acting_user, "certificates.save_seal") as act:
        seal = locked(Seal, seal_id, acting_user, Permission.APPROVE_CERTIFICATES) if seal_id else Seal()
        seal.region_code, seal.name, seal.keeper, seal.in_use = community, title, held_by, in_use
        seal.save()
        act.record(seal, _("登记印章“%(name)s”，保管人%(who)s") % {"name": title, "who": held_by})
    return seal


def seal_for(community: str, seal_id: int | None) -> Seal:
    """The community's seal, in use. Raises RuleError."""
    found = Seal.objects.filter(pk=seal_id, region_code=community, in_use=True).first() if seal_id else None
    if found is None:
        raise RuleError(
            _("请选择要盖的印章；还没有登记印章的，请社区书记、主任先到“印章”页登记。"), field="seal"
        )
    return found


def write_line(
    *,
    community: str,
    seal: Seal,
    paper: str,
    copies: int,
    reason: str,
    requested_by: str,
    approved_by: str,
    hand: str,
    certificate: Certificate | None = None,
) -> SealUse:
    """One line of the log, numbered. Call it inside an action."""
    if not 1 <= copies <= MOST_COPIES:
        raise RuleError(_("份数请填 1 到 %(most)s。") % {"most": MOST_COPIES}, field="copies")
    now = timezone.localtime()
    return SealUse.objects.create(
        region_code=community,
        seal=seal,
        issuer_code=community,
        year=now.year,
        number=next_number(community, SEAL, now.year),
        at=now,
        paper=paper,
        certificate=certificate,
        copies=copies,
        reason=reason,
        requested_by=requested_by,
        approved_by=approved_by,
        hand=required(hand, "hand", _("请填写盖章人姓名。"), 30),
    )


def log_use(
    *,
    acting_user: Any,
    region_code: str,
    seal_id: int | None,
    paper: str,
    copies: int,
    reason: str,
    requested_by: str,
    approved_by: str,
    hand: str,
) -> SealUse:
    """Log the use of a seal on a paper that is no certificate of this system. Raises RuleError, NotPermitted."""
    community = community_of(region_code)
    if not acting_user.can(ISSUE, community):
        raise NotPermitted(ISSUE)
    with action(acting_user, "certificates.log_use") as act:
        made = write_line(
            community=community,
            seal=seal_for(community, seal_id),
            paper=required(paper, "paper", _("请填写用印的文件名称。"), 100),
            copies=copies,
            reason=required(reason, "reason", _("请填写用印事由。")),
            requested_by=required(requested_by, "requested_by", _("请填写申请人。"), 30),
            approved_by=required(approved_by, "approved_by", _("请填写批准人。"), 30),
            hand=hand,
        )
        act.record(made, _("用印：%(paper)s %(n)s 份") % {"paper": made.paper, "n": copies})
    return made
