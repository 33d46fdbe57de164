"""Proposing a change, accepting or refusing it, withdrawing it. Nothing is overwritten silently."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access import sealed_files
from linli.access.guard import NotPermitted
from linli.access.models import Post, User
from linli.access.roles import GRANTS, Permission, Role
from linli.access.sealed import digest
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.kernel import citizen_number
from linli.kernel import phone as phones
from linli.notices import actions as notices
from linli.notices.models import NoticeKind
from linli.registry.changes import deeds, facts_of, rules
from linli.registry.changes.models import EDITS, About, AskedVia, ChangeRequest, State
from linli.registry.organisations import actions as organisations
from linli.registry.people.models import Person
from linli.registry.places import actions as places
from linli.registry.sources import actions as sources
from linli.registry.sources import knowing

PROPOSE = Permission.PROPOSE_CHANGES
VIEWS = {
    About.PERSON: Permission.VIEW_PEOPLE,
    About.HOME: Permission.VIEW_PLACES,
    About.ORGANISATION: Permission.VIEW_ORGANISATIONS,
}


def may_see_to_propose(user: Any, about: str) -> QuerySet:
    """The records that the user may see and so propose changes of."""
    if about not in VIEWS or not user.can(PROPOSE):
        raise NotPermitted(PROPOSE)
    found: QuerySet = facts_of.MODELS[about].objects.permitted(user, VIEWS[About(about)])
    return found


def find_by_number(user: Any, name: str, number: str) -> Person:
    """The person whom a department names by number and name, in its area, without being shown anything else of them.

    Raises RuleError when both do not agree with one person there.
    """
    plain = citizen_number.normalise(number)
    found = (
        Person.objects.permitted(user, PROPOSE).filter(id_digest=digest(plain, "id_number")).first()
        if plain
        else None
    )
    if found is None or found.name != "".join(name.split()):
        raise RuleError(
            _("没有找到姓名和证件号码都对得上的居民，请核对；不在本辖区的请向那里的社区提出。"),
            field="number",
        )
    return found


def _source_of(user: Any) -> tuple[str, str]:
    """(kind of source, unit) of whoever proposes: departments speak as departments, others as who went there."""
    post = user.main_post
    unit = str(post.unit.name) if post is not None and post.unit is not None else ""
    if post is not None and post.role == Role.DEPARTMENT_OFFICER:
        if "公安" in unit or "派出所" in unit:
            return "police", unit
        return ("civil" if "民政" in unit else "department"), unit
    return "visit", unit


def propose_change(
    *,
    acting_user: Any,
    about: str,
    target_id: int,
    element: str,
    after: str,
    reason: str,
    file: Any = None,
    by_number: bool = False,
    asked_by: str = "",
    asked_phone: str = "",
    asked_via: str = "",
) -> ChangeRequest:
    """Say that a fact should be another, with a reason and perhaps a paper. The community that may edit it is told.

    `asked_by`: a resident on whose behalf a worker enters it, with telephone and the way it came; then it counts as that resident's own word.
    `by_number`: the author named the person by number (`find_by_number`) and need not be allowed to see people. Raises RuleError for
    values that cannot be, for what is so already, and for a second open proposal of the same fact by the same author.
    """
    if about not in EDITS or not facts_of.known(about, element):
        raise RuleError(_("请选择要更正的内容。"), field="element")
    if problem := rules.reason_problem(reason):
        raise RuleError(problem, field="reason")
    asked_by = " ".join(asked_by.split())[:40]
    if (asked_phone or asked_via) and not asked_by:
        raise RuleError(_("请填写反映人的姓名；不是替居民提的，电话和方式都不用填。"), field="asked_by")
    if asked_by and asked_via not in AskedVia.values:
        raise RuleError(_("请选择居民是怎么反映的。"), field="asked_via")
    try:
        number = phones.normalise(asked_phone) if asked_phone else ""
    except phones.InvalidPhone as error:
        raise RuleError(str(error), field="asked_phone") from None
    with audit.action(acting_user, "changes.propose", reason=reason.strip()) as act:
        if by_number and about == About.PERSON:
            seen: QuerySet = Person.objects.permitted(acting_user, PROPOSE)
        else:
            seen = may_see_to_propose(acting_user, about)
        record = seen.filter(pk=target_id).first()
        if record is None:
            raise NotPermitted(PROPOSE)
        wanted = facts_of.read(about, element, after)
        now = facts_of.as_text(about, record, element)
        if wanted == now:
            raise RuleError(_("现在登记的就是这个，不用更正。"), field="after")
        waiting = ChangeRequest.objects.filter(
            author=acting_user, asked_by=asked_by, state=State.OPEN, element=element, **{about: record}
        )
        if waiting.exists():
            raise RuleError(_("您对这一项的申请还在处理，请等答复，或先撤回。"), field="element")
        kept = sealed_files.keep(file, folder="changes") if file else None
        kind, unit = _source_of(acting_user)
        kind = "self" if asked_by else kind
        sealed = element in facts_of.SEALED
        made = ChangeRequest.objects.create(
            region_code=record.region_code,
            about=about,
            element=element,
            before="" if sealed else now,
            after="" if sealed else wanted,
            sealed=f"{now}\n{wanted}" if sealed else "",
            reason=reason.strip()[:500],
            evidence=kept.path if kept else "",
            evidence_name=kept.name if kept else "",
            evidence_type=kept.media_type if kept else "",
            source=knowing.kind(kind),
            author=acting_user,
            unit=unit,
            asked_by=asked_by,
            asked_phone=number,
            asked_via=asked_via,
            **{about: record},
        )
        who = _("居民%(name)s") % {"name": asked_by} if asked_by else unit or acting_user.name
        title = _("%(who)s提出更正%(what)s") % {"who": who, "what": _what(made)}
        for user in deciders(made):
            notices.send(
                user,
                title,
                body=made.reason[:200],
                url=made.get_absolute_url(),
                kind=NoticeKind.TODO,
                key=_key(made),
            )
        act.record(made, title)
    return made


def _key(proposal: ChangeRequest) -> str:
    return f"change-{proposal.pk}"


def _what(proposal: ChangeRequest) -> str:
    name = proposal.target.name if proposal.about != About.HOME else proposal.target.full_address
    return f"{name}的{facts_of.label(proposal.about, proposal.element)}"


def deciders(proposal: ChangeRequest) -> list[User]:
    """Whose to-do a proposal is: the workers of the community who may edit the fact; where there are none, the street's."""
    permission = EDITS[About(proposal.about)]
    roles = [role for role in (Role.COMMUNITY_WORKER, Role.COMMUNITY_HEAD) if permission in GRANTS[role]]
    today = timezone.localdate()
    community = proposal.region_code[:12]
    for region, wanted in ((community, roles), (community[:9], [Role.STREET_OFFICER, Role.STREET_HEAD])):
        posts = Post.objects.select_related("user").filter(
            role__in=wanted, region_code=region, user__is_active=True
        )
        found = {post.user_id: post.user for post in posts if post.in_force(today)}
        if found:
            return list(found.values())
    return []


def decide_change(
    *, acting_user: Any, proposal_id: int, accept: bool, answer: str = "", anyway: bool = False
) -> ChangeRequest:
    """Accept or refuse. Accepting writes the fact by the action that owns it, as what the author's source says; a deed is done by its own
    action before, and accepting says so.

    Raises RuleError for a deed of which the record shows nothing yet. Raises RuleError (field anyway) when the fact was changed since the proposal, unless `anyway` says that this was looked at; a
    refusal needs its reason.
    """
    if problem := rules.answer_problem(accept, answer):
        raise RuleError(problem, field="answer")
    with audit.action(acting_user, "changes.decide", reason=answer.strip()) as act:
        proposal = (
            ChangeRequest.objects.to_decide(acting_user)
            .filter(pk=proposal_id)
            .select_for_update(of=("self",))
            .first()
        )
        if proposal is None:
            raise NotPermitted(PROPOSE)
        if proposal.state != State.OPEN:
            raise RuleError(_("这份申请已经处理过了，请刷新后再看。"))
        before, after = proposal.values
        now = facts_of.as_text(proposal.about, proposal.target, proposal.element)
        deed = deeds.find(proposal.about, proposal.element)
        if accept and deed is not None and deed.now is not None and now == before:
            raise RuleError(
                _("登记的还是“%(now)s”。请先办好：%(how)s办好了再点这里；不该改的，点“不采纳”。")
                % {"now": now or _("（空）"), "how": deed.how}
            )
        if accept and deed is None and rules.overtaken(before, now, after) and not anyway:
            raise RuleError(
                _("提出之后，这一项已改为“%(now)s”。请核对；仍要改成“%(after)s”，请勾选“已核对”。")
                % {
                    "now": facts_of.shown(proposal.about, proposal.element, now) or _("（空）"),
                    "after": facts_of.shown(proposal.about, proposal.element, after),
                },
                field="anyway",
            )
        if accept and deed is None and now != after:
            _write(acting_user, proposal, after)
        proposal.state = State.ACCEPTED if accept else State.REFUSED
        proposal.answer, proposal.decided_by = answer.strip()[:500], acting_user.name
        proposal.decided_at = timezone.now()
        proposal.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        notices.settle_key(_key(proposal))
        said = _("已采纳") if accept else _("未采纳")
        notices.send(
            proposal.author,
            _("您提出的更正%(said)s：%(what)s") % {"said": said, "what": _what(proposal)},
            body=proposal.answer,
            url=proposal.get_absolute_url(),
            key=f"change-{proposal.pk}-{proposal.state}",
        )
        act.record(proposal, _("%(said)s更正申请：%(what)s") % {"said": said, "what": _what(proposal)})
    return proposal


def _write(user: Any, proposal: ChangeRequest, after: str) -> None:
    value = facts_of.as_value(proposal.element, after)
    why = _("采纳更正申请：%(reason)s") % {"reason": proposal.reason[:150]}
    if proposal.about == About.PERSON:
        heard = sources.hear(
            acting_user=user,
            person_id=proposal.target.pk,
            values={proposal.element: value},
            source=proposal.source,
            said_by=proposal.asked_by or proposal.unit or proposal.author.name,
            on=timezone.localdate(proposal.made_at),
            settled={proposal.element: True},
            reason=why,
        )
        if proposal.element not in (*heard.taken, *heard.agreed):
            raise RuleError(_("没有改成，请打开居民的页面直接修改。"))
    elif proposal.about == About.HOME:
        places.update_home(acting_user=user, home=proposal.target, reason=why, **{proposal.element: value})
    else:
        organisations.update_organisation(
            acting_user=user, organisation=proposal.target, **{proposal.element: value}
        )


def withdraw_change(*, acting_user: Any, proposal_id: int) -> ChangeRequest:
    """The author takes an open proposal back."""
    with audit.action(acting_user, "changes.withdraw") as act:
        proposal = (
            ChangeRequest.objects.select_for_update()
            .filter(pk=proposal_id, author_id=acting_user.pk or 0)
            .first()
        )
        if proposal is None:
            raise NotPermitted(PROPOSE)
        if proposal.state != State.OPEN:
            raise RuleError(_("这份申请已经处理过了，不能撤回。"))
        proposal.state, proposal.decided_at = State.WITHDRAWN, timezone.now()
        proposal.save(update_fields=["state", "decided_at"])
        notices.settle_key(_key(proposal))
        act.record(proposal, _("撤回更正申请：%(what)s") % {"what": _what(proposal)})
    return proposal
