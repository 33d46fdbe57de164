"""From the counter to the approval: what is asked, the preview read from the base, the head's word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted, locked
from linli.access.models import Post, User
from linli.access.roles import GRANTS, Permission
from linli.audit.recording import RuleError, action
from linli.certificates import knowing, listing
from linli.certificates.actions.steps import asker_named, community_of, required
from linli.certificates.models import Certificate, Edition, State
from linli.certificates.rules import numbers
from linli.kernel import citizen_number
from linli.notices import actions as notices
from linli.notices.models import NoticeKind
from linli.registry.people.models import Person

ISSUE, APPROVE = Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES
MOST_COPIES = 20


def person_for(acting_user: Any, person_id: int) -> Person:
    """The person, where the acting user issues certificates. Raises NotPermitted."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None or not acting_user.can(ISSUE, person.region_code):
        raise NotPermitted(ISSUE)
    return person


def prepare(
    *,
    acting_user: Any,
    person_id: int,
    code: str,
    as_of: date,
    asker_kind: str,
    asker_paper: str,
    purpose: str,
    receiver: str,
    asker_name: str = "",
    answers: Mapping[str, str] | None = None,
    copies: int = 1,
) -> Certificate:
    """Prepare a certificate about a person: what the base says on a day, put into the wording of the kind's edition in force.

    Raises RuleError with what stands in the way (facts that are missing or do not agree are put right in the registry, not
    here), NotPermitted.
    """
    person = person_for(acting_user, person_id)
    community = community_of(person.region_code)
    edition = listing.one_in_force(community, code)
    if edition is None or edition.standing != "allowed":
        raise RuleError(_("这一项不在可以出具的清单上，请改开不予出具告知单。"), field="code")
    today = timezone.localdate()
    if as_of > today:
        raise RuleError(_("情况截止日期不能晚于今天。"), field="as_of")
    if not 1 <= copies <= MOST_COPIES:
        raise RuleError(_("份数请填 1 到 %(most)s。") % {"most": MOST_COPIES}, field="copies")
    if asker_kind not in edition.askers:
        raise RuleError(
            _("这项证明只能由%(who)s申请。") % {"who": "、".join(edition.asker_labels)}, field="asker_kind"
        )
    asker = ""
    if asker_kind != "self":
        asker = required(asker_name, "asker_name", _("不是本人来的，请填写来办的人的姓名。"), 30)
    paper = required(asker_paper, "asker_paper", _("请写明核对了什么，例如“居民身份证原件”。"), 100)
    why = required(purpose, "purpose", _("请填写用途，例如“子女入学报名”。"), 100)
    given = _answers(edition, answers or {})
    with action(acting_user, "certificates.prepare") as act:
        made = Certificate(
            region_code=community,
            edition=edition,
            person=person,
            as_of=as_of,
            asker_kind=asker_kind,
            asker_name=asker,
            asker_paper=paper,
            purpose=why,
            receiver=asker_named(receiver, community, "receiver"),
            answers=json.dumps(given, ensure_ascii=False),
            copies=copies,
            prepared_by=acting_user,
        )
        _read(made)
        made.save()
        act.record(
            made,
            _("准备%(title)s：%(name)s，用途：%(purpose)s")
            % {"title": edition.title, "name": made.holder_masked, "purpose": why},
            reason_of=why,
        )
    return made


def _answers(edition: Edition, given: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for one in edition.inputs:
        text = required(
            given.get(one["key"], ""),
            f"answer_{one['key']}",
            _("请填写“%(label)s”。") % {"label": one["label"]},
            int(one.get("most", 60)),
        )
        if "{" in text or "}" in text:
            raise RuleError(_("请不要填写花括号。"), field=f"answer_{one['key']}")
        if "号码" in one["key"]:
            text = text.upper()
            if not citizen_number.is_valid(text):
                raise RuleError(
                    _("“%(label)s”不对：应为 18 位，请对照身份证检查。") % {"label": one["label"]},
                    field=f"answer_{one['key']}",
                )
        found[one["key"]] = text
    return found


def answers_of(certificate: Certificate) -> dict[str, str]:
    """What was answered at the counter."""
    return dict(json.loads(certificate.answers or "{}"))


def _read(certificate: Certificate) -> None:
    """Read the base and write the preview. Raises RuleError with everything that stands in the way."""
    known = knowing.known(certificate.person, certificate.as_of, certificate.region_code)
    obstacles = known.obstacles(certificate.edition)
    if obstacles:
        raise RuleError("".join(one.text for one in obstacles))
    certificate.body = known.body(certificate.edition, answers_of(certificate))
    certificate.holder_masked = numbers.masked_name(known.facts["姓名"].text)
    certificate.holder_tail = numbers.last_four(known.facts["证件号码"].text)


def reread_body(certificate: Certificate) -> str:
    """The text as the base gives it now; "" when something stands in the way."""
    known = knowing.known(certificate.person, certificate.as_of, certificate.region_code)
    if known.obstacles(certificate.edition):
        return ""
    return known.body(certificate.edition, answers_of(certificate))


def opened(acting_user: Any, pk: int, permission: Permission, *states: str) -> Certificate:
    """The certificate, locked, in one of the states. Raises NotPermitted, RuleError."""
    found = locked(Certificate, pk, acting_user, permission)
    if states and found.state not in states:
        raise RuleError(_("这份证明现在是“%(state)s”，不能这样处理。") % {"state": found.get_state_display()})
    return found


def reread(*, acting_user: Any, certificate_id: int) -> Certificate:
    """Read the base again into the preview; an approval of another text lapses. Raises RuleError, NotPermitted."""
    with action(acting_user, "certificates.reread") as act:
        found = opened(acting_user, certificate_id, ISSUE, State.DRAFT, State.WAITING)
        before = found.body
        _read(found)
        if found.body == before:
            act.nothing_to_record()
            return found
        found.state, found.approved_by, found.approved_at = State.DRAFT, None, None
        found.save()
        _settle(found)
        act.record(found, _("重新读取底数：%(title)s") % {"title": found.edition.title})
    return found


def submit(*, acting_user: Any, certificate_id: int) -> Certificate:
    """Ask the community's head to approve; they find it on their bell. Raises RuleError, NotPermitted."""
    with action(acting_user, "certificates.submit") as act:
        found = opened(acting_user, certificate_id, ISSUE, State.DRAFT)
        if not found.edition.needs_head:
            raise RuleError(_("这项证明不用审批，可以直接出具。"))
        if found.approved_at is not None:
            raise RuleError(_("已经审批过了，可以出具。"))
        found.state, found.returned = State.WAITING, ""
        found.save(update_fields=["state", "returned"])
        for head in _heads(found.region_code):
            notices.send(
                head,
                _("待审批：%(title)s") % {"title": found.edition.title},
                body=_("%(who)s 提交，用途：%(why)s") % {"who": acting_user.name, "why": found.purpose},
                url=found.get_absolute_url(),
                kind=NoticeKind.TODO,
                key=_key(found),
            )
        act.record(found, _("提交审批：%(title)s") % {"title": found.edition.title})
    return found


def approve(*, acting_user: Any, certificate_id: int) -> Certificate:
    """The head approves this text. Raises RuleError, NotPermitted."""
    with action(acting_user, "certificates.approve") as act:
        found = opened(acting_user, certificate_id, APPROVE, State.DRAFT, State.WAITING)
        if not found.edition.needs_head:
            raise RuleError(_("这项证明不用审批，可以直接出具。"))
        if found.approved_at is not None:
            raise RuleError(_("已经审批过了，可以出具。"))
        found.state, found.approved_by, found.approved_at = State.DRAFT, acting_user, timezone.now()
        found.save(update_fields=["state", "approved_by", "approved_at"])
        _settle(found)
        _tell(acting_user, found, _("已审批，可以出具：%(title)s"))
        act.record(found, _("审批同意：%(title)s") % {"title": found.edition.title})
    return found


def send_back(*, acting_user: Any, certificate_id: int, reason: str) -> Certificate:
    """The head does not approve, and says why. Raises RuleError, NotPermitted."""
    said = required(reason, "reason", _("请写明退回的原因，经办人好改正。"))
    with action(acting_user, "certificates.send_back", reason=said) as act:
        found = opened(acting_user, certificate_id, APPROVE, State.WAITING)
        found.state, found.returned = State.DRAFT, said
        found.save(update_fields=["state", "returned"])
        _settle(found)
        _tell(acting_user, found, _("审批退回：%(title)s"))
        act.record(found, _("审批退回：%(title)s") % {"title": found.edition.title})
    return found


def drop(*, acting_user: Any, certificate_id: int, reason: str) -> Certificate:
    """Give a certificate up before it is issued; it keeps no number. Raises RuleError, NotPermitted."""
    said = required(reason, "reason", _("请写明为什么不出具了。"))
    with action(acting_user, "certificates.drop", reason=said) as act:
        found = opened(acting_user, certificate_id, ISSUE, State.DRAFT, State.WAITING)
        found.state, found.returned = State.DROPPED, said
        found.save(update_fields=["state", "returned"])
        _settle(found)
        act.record(found, _("放弃出具：%(title)s") % {"title": found.edition.title})
    return found


def _key(certificate: Certificate) -> str:
    return f"certificate:{certificate.pk}"


def _settle(certificate: Certificate) -> None:
    notices.settle_key(_key(certificate))


def _tell(acting_user: Any, certificate: Certificate, title: str) -> None:
    if certificate.prepared_by_id != acting_user.pk:
        notices.send(
            certificate.prepared_by,
            title % {"title": certificate.edition.title},
            body=certificate.returned,
            url=certificate.get_absolute_url(),
        )


def _heads(community: str) -> list[User]:
    roles = [role for role, held in GRANTS.items() if APPROVE in held]
    today = timezone.localdate()
    posts = Post.objects.filter(region_code=community, role__in=roles, user__is_active=True).select_related(
        "user"
    )
    return list({post.user_id: post.user for post in posts if post.in_force(today)}.values())
