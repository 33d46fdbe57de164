"""Every write of group memberships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted, require
from linli.access.models import Permission, scopes_q
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import Act, RuleError
from linli.registry.groups import detail_rules, proposals, reviews, rules, seeing, telling
from linli.registry.groups.models import Group, Matter, Membership, Move, Outcome
from linli.registry.people.models import Person, Standing

EDIT = Permission.EDIT_GROUPS


def kind_of(group: Group) -> rules.Kind:
    """A group as the rules know it."""
    return rules.Kind(
        group.name,
        tuple(one["code"] for one in group.classes),
        tuple(one["code"] for one in group.levels),
        group.needs_certificate,
        group.review_months,
    )


def _refuse(problem: str, field: str) -> None:
    if problem:
        raise RuleError(problem, field=field)


def _may(user: Any, group: Group, region_code: str) -> None:
    """Editing groups there, and seeing who is in this one."""
    require(user, EDIT, region_code)
    if not seeing.sees(user, group, region_code):
        raise NotPermitted(EDIT)


def _group(code: str) -> Group:
    group = Group.objects.filter(code=code, is_active=True).first()
    if group is None:
        raise NotPermitted(EDIT)
    return group


def _person(user: Any, person_id: int) -> Person:
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotPermitted(EDIT)
    require(user, EDIT, person.region_code)
    return person


def locked_membership(user: Any, membership_id: int) -> Membership:
    """The membership, locked after its person, if the user may edit the group there."""
    found = Membership.objects.filter(pk=membership_id).values_list("person_id", flat=True).first()
    if found is None:
        raise NotPermitted(EDIT)
    _person(user, found)
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("group", "person")
        .filter(pk=membership_id)
        .first()
    )
    if membership is None:
        raise NotPermitted(EDIT)
    _may(user, membership.group, membership.region_code)
    return membership


def _check(
    group: Group, *, class_code: str, level_code: str, certificate: str, evidence: str, amount: Decimal | None
) -> None:
    kind = kind_of(group)
    _refuse(rules.class_problem(kind, class_code), "class_code")
    _refuse(rules.level_problem(kind, level_code), "level_code")
    _refuse(rules.certificate_problem(kind, certificate), "certificate")
    _refuse(rules.evidence_problem(evidence), "evidence")
    _refuse(rules.amount_problem(amount), "amount")


def _details(
    group: Group, person: Person, kept: Mapping[str, Any], given: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What is kept of the group's details after some were given. Raises RuleError naming the field `detail_<code>`."""
    try:
        return detail_rules.merged(
            group.asks, kept, given or {}, born=person.birth_date, today=timezone.localdate()
        )
    except detail_rules.Wrong as error:
        raise RuleError(error.message, field=f"detail_{error.code}") from error


def _limits_problem(group: Group, person: Person, on: date) -> str:
    return rules.limits_problem(
        group.code,
        group.name,
        sex=person.sex,
        born=person.birth_date,
        is_here=person.standing not in (Standing.GONE, Standing.DEAD),
        died=person.death_date,
        on=on,
    )


def _spans(
    person: Person, group: Group, *, besides: int | None = None
) -> list[tuple[date | None, date | None]]:
    found = Membership.objects.filter(person=person, group=group)
    if besides is not None:
        found = found.exclude(pk=besides)
    return [(p.lower, p.upper) for p in found.values_list("period", flat=True) if not p.isempty]


def in_words(membership: Membership) -> str:
    """Group with class and level: 残疾人（肢体残疾，二级）."""
    group = membership.group
    parts = [
        group.class_label(membership.class_code) if membership.class_code else "",
        group.level_label(membership.level_code) if membership.level_code else "",
    ]
    more = "，".join(part for part in parts if part)
    return f"{group.name}（{more}）" if more else group.name


def record(act: Act, membership: Membership, what: str) -> None:
    """Record a deed on a membership, and have the to-dos follow. `what` has %(name)s and %(group)s. Events of guarded groups stand on the membership
    and do not name the group, for people's events are read by more people than may see those."""
    group = membership.group
    telling.soon(membership.region_code)
    if group.is_guarded:
        said = what % {"name": membership.person.name, "group": _("（敏感类人群）")}
        act.record(membership, said)
    else:
        said = what % {"name": membership.person.name, "group": in_words(membership)}
        act.record(membership.person, said, group=group.code, membership=membership.pk)


def add_membership(
    *,
    acting_user: Any,
    person_id: int,
    group_code: str,
    evidence: str,
    since: date | None = None,
    until: date | None = None,
    class_code: str = "",
    level_code: str = "",
    certificate: str = "",
    amount: Decimal | None = None,
    review_on: date | None = None,
    source: str = "",
    note: str = "",
    details: Mapping[str, Any] | None = None,
) -> Membership:
    """Put somebody into a group from a day (today), on stated evidence. The review date follows from the group's months;
    `details` are what the group asks besides, by code.

    Raises RuleError for classes and levels that are not the group's, and when they are in it already.
    """
    with audit.action(acting_user, "groups.add") as act:
        group = _group(group_code)
        person = _person(acting_user, person_id)
        _may(acting_user, group, person.region_code)
        today = timezone.localdate()
        start = since or today
        certificate = "".join(certificate.split()).upper()
        _check(
            group,
            class_code=class_code,
            level_code=level_code,
            certificate=certificate,
            evidence=evidence,
            amount=amount,
        )
        _refuse(
            rules.since_problem(start, born=person.birth_date, died=person.death_date, today=today), "since"
        )
        _refuse(_limits_problem(group, person, start), "person")
        _refuse(rules.until_problem(start, until), "until")
        _refuse(rules.overlap_problem(kind_of(group), start, until, _spans(person, group)), "since")
        told = _details(group, person, {}, details)
        if person.death_date is not None:
            until = min(until, person.death_date) if until else person.death_date
        membership = Membership.objects.create(
            region_code=person.region_code,
            group=group,
            person=person,
            class_code=class_code,
            level_code=level_code,
            certificate=certificate,
            evidence=evidence.strip(),
            amount=amount,
            period=DateRange(start, until),
            review_on=review_on or rules.next_review(kind_of(group), start, until),
            source=source.strip()[:50],
            note=note.strip()[:500],
            details=told,
        )
        proposals.settle(person_ids=[person.pk], group_id=group.pk, move=Move.JOIN, user=acting_user)
        record(act, membership, _("%(name)s 加入人群：%(group)s"))
    return membership


def add_people(
    *, acting_user: Any, person_ids: Iterable[int], group_code: str, evidence: str, since: date | None = None
) -> tuple[int, int]:
    """Put many people into a group that asks for no class, level or certificate; returns how many were added, and how many
    were left out because they are in it, have died, or are not those whom the group is for.

    Raises RuleError for groups that must be filled in one by one.
    """
    ids = list(dict.fromkeys(person_ids))
    with audit.action(acting_user, "groups.add") as act:
        group = _group(group_code)
        if group.classes or group.levels or group.needs_certificate:
            raise RuleError(
                _("“%(group)s”要逐人填写类别、等级或证件号，请打开居民逐个加入。") % {"group": group.name},
                field="group",
            )
        _refuse(rules.evidence_problem(evidence), "evidence")
        today = timezone.localdate()
        start = since or today
        _refuse(rules.since_problem(start, born=None, died=None, today=today), "since")
        people = Person.objects.permitted(acting_user, EDIT).filter(
            scopes_q("region_code", seeing.scopes(acting_user, group))
        )
        listed = list(people.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
        kind = kind_of(group)
        spans: dict[int, list[tuple[date | None, date | None]]] = {}
        for person_id, period in Membership.objects.filter(group=group, person_id__in=ids).values_list(
            "person_id", "period"
        ):
            if not period.isempty:
                spans.setdefault(person_id, []).append((period.lower, period.upper))
        wanted = [
            one
            for one in listed
            if one.death_date is None
            and (one.birth_date is None or one.birth_date <= start)
            and not _limits_problem(group, one, start)
            and not rules.overlap_problem(kind, start, None, spans.get(one.pk, ()))
        ]
        review = rules.next_review(kind, start)
        made = Membership.objects.bulk_create(
            [
                Membership(
                    region_code=one.region_code,
                    group=group,
                    person=one,
                    evidence=evidence.strip(),
                    period=DateRange(start, None),
                    review_on=review,
                )
                for one in wanted
            ]
        )
        proposals.settle(
            person_ids=[one.pk for one in wanted], group_id=group.pk, move=Move.JOIN, user=acting_user
        )
        for membership in made:
            record(act, membership, _("%(name)s 加入人群：%(group)s"))
        if not wanted:
            act.nothing_to_record()
    return len(wanted), len(listed) - len(wanted)


def update_membership(*, acting_user: Any, membership_id: int, **values: Any) -> Membership:
    """Put right class, level, certificate, evidence, amount, dates or note; only what differs is written.

    Takes `class_code`, `level_code`, `certificate`, `evidence`, `amount`, `since`, `until`, `review_on`, `note`, and `details`:
    those given are put in place of what was known, a blank takes one away.
    """
    with audit.action(acting_user, "groups.update") as act:
        membership = locked_membership(acting_user, membership_id)
        group, person = membership.group, membership.person
        since = values.pop("since", membership.period.lower)
        until = values.pop("until", membership.period.upper)
        details = _details(group, person, membership.details, values.pop("details", None))
        fields = ("class_code", "level_code", "certificate", "evidence", "amount", "review_on", "note")
        unknown = set(values) - set(fields)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        wanted = {field: values.get(field, getattr(membership, field)) for field in fields}
        wanted["certificate"] = "".join(wanted["certificate"].split()).upper()
        wanted["evidence"], wanted["note"] = wanted["evidence"].strip(), wanted["note"].strip()[:500]
        _check(group, **{key: wanted[key] for key in fields if key not in ("review_on", "note")})
        if since is not None:
            _refuse(
                rules.since_problem(
                    since, born=person.birth_date, died=person.death_date, today=timezone.localdate()
                ),
                "since",
            )
            if since != membership.period.lower:
                _refuse(_limits_problem(group, person, since), "since")
        _refuse(rules.until_problem(since, until), "until")
        _refuse(
            rules.overlap_problem(kind_of(group), since, until, _spans(person, group, besides=membership.pk)),
            "since",
        )
        wanted |= {"period": DateRange(since, until), "details": details}
        changed = [
            key
            for key, value in wanted.items()
            if (getattr(membership, key) != value)
            and not (key == "period" and (membership.period.lower, membership.period.upper) == (since, until))
        ]
        if not changed:
            act.nothing_to_record()
            return membership
        for key in changed:
            setattr(membership, key, wanted[key])
        membership.updated_at = timezone.now()
        membership.save(update_fields=[*changed, "updated_at"])
        labels = "、".join(
            str(getattr(Membership._meta.get_field(key), "verbose_name", key)) for key in changed
        )
        record(act, membership, _("修改 %(name)s 的%(group)s：") + labels)
    return membership


def end_membership(*, acting_user: Any, membership_id: int, on: date, reason: str) -> Membership:
    """Take somebody out of a group from a day on, for a stated reason."""
    if len(reason.strip()) < 2:
        raise RuleError(_("请写明退出的原因，例如“年审未通过”。"), field="reason")
    with audit.action(acting_user, "groups.end", reason=reason.strip()) as act:
        membership = locked_membership(acting_user, membership_id)
        since, until = membership.period.lower, membership.period.upper
        today = timezone.localdate()
        if until is not None and until <= today:
            raise RuleError(_("已于 %(day)s 结束。") % {"day": until})
        if on > today:
            raise RuleError(_("退出日期还没有到，请填写今天或以前的日期。"), field="on")
        if since is not None and on <= since:
            raise RuleError(
                _("退出日期应晚于认定日期 %(day)s；如果登记错了，请用“更正”。") % {"day": since}, field="on"
            )
        _note_review(membership, Outcome.ENDED, on, reason, acting_user)
        membership.period = DateRange(since, on)
        membership.updated_at = timezone.now()
        membership.save(update_fields=["period", "updated_at"])
        reviews.note(
            membership,
            matter=Matter.EXPIRY,
            due_on=on,
            outcome=Outcome.ENDED,
            on=today,
            reason=reason,
            user=acting_user,
        )
        proposals.settle(
            person_ids=[membership.person_id],
            group_id=membership.group_id,
            move=Move.END,
            user=acting_user,
        )
        proposals.do_not_propose_again(
            person_id=membership.person_id,
            group_id=membership.group_id,
            on=today,
            reason=_("已退出：%(reason)s") % {"reason": reason.strip()},
            user=acting_user,
        )
        record(act, membership, _("%(name)s 退出人群：%(group)s"))
    return membership


def _note_review(membership: Membership, outcome: Outcome, on: date, reason: str, user: Any) -> None:
    """The review that was due, or is done ahead of its day, got this outcome."""
    if membership.review_on is not None:
        reviews.note(
            membership,
            matter=Matter.REVIEW,
            due_on=membership.review_on,
            outcome=outcome,
            on=on,
            reason=reason,
            user=user,
        )


def confirm_membership(
    *,
    acting_user: Any,
    membership_id: int,
    evidence: str = "",
    on: date | None = None,
    until: date | None = None,
    how: str = "",
) -> Membership:
    """Somebody still belongs: the next review follows from the group's months. A membership with an end goes on `until` a new
    one; one that ended already is renewed so, from where it ended. New `evidence` takes the place of the old; `how` it was
    verified is kept with the review alone."""
    with audit.action(acting_user, "groups.confirm") as act:
        membership = locked_membership(acting_user, membership_id)
        group, person = membership.group, membership.person
        day = on or timezone.localdate()
        since, ends = membership.period.lower, membership.period.upper
        if day > timezone.localdate():
            raise RuleError(_("复核日期还没有到，请填写今天或以前的日期。"), field="on")
        if ends is None and until is not None:
            raise RuleError(_("长期有效，不用填新的到期日期；要改成有期限，请用“更正”。"), field="until")
        if ends is not None and until is None and ends <= day:
            raise RuleError(
                _("已于 %(day)s 到期。继续享受的请填写新的到期日期；不再符合的请点“退出”。") % {"day": ends},
                field="until",
            )
        if ends is not None and until is not None:
            if until <= max(ends, day):
                raise RuleError(_("新的到期日期应晚于 %(day)s。") % {"day": max(ends, day)}, field="until")
            _refuse(
                rules.overlap_problem(
                    kind_of(group), since, until, _spans(person, group, besides=membership.pk)
                ),
                "until",
            )
            reviews.note(
                membership,
                matter=Matter.EXPIRY,
                due_on=ends,
                outcome=Outcome.RENEWED,
                on=day,
                reason=evidence or how,
                user=acting_user,
            )
            membership.period = DateRange(since, until)
        _note_review(membership, Outcome.RENEWED, day, evidence or how, acting_user)
        if evidence.strip():
            _refuse(rules.evidence_problem(evidence), "evidence")
            membership.evidence = evidence.strip()
        membership.review_on = rules.next_review(kind_of(group), day, membership.period.upper)
        membership.updated_at = timezone.now()
        membership.save(update_fields=["evidence", "review_on", "period", "updated_at"])
        record(act, membership, _("复核 %(name)s 的%(group)s：仍符合条件"))
    return membership


def set_aside(*, acting_user: Any, membership_id: int, matter: str, reason: str) -> Membership:
    """What is due does not apply here, for a stated reason: a review is not asked for again, an end comes by itself."""
    if len(reason.strip()) < 2:
        raise RuleError(_("请写明为什么不适用，例如“终身残疾，不用年审”。"), field="reason")
    with audit.action(acting_user, "groups.set_aside", reason=reason.strip()) as act:
        membership = locked_membership(acting_user, membership_id)
        due_on = reviews.due_day(membership, matter)
        reviews.note(
            membership,
            matter=Matter(matter),
            due_on=due_on,
            outcome=Outcome.NOT_APPLICABLE,
            on=timezone.localdate(),
            reason=reason,
            user=acting_user,
        )
        if matter == Matter.REVIEW:
            membership.review_on = None
            membership.updated_at = timezone.now()
            membership.save(update_fields=["review_on", "updated_at"])
        what = _("复核") if matter == Matter.REVIEW else _("到期")
        record(act, membership, what + _("不适用：%(name)s 的%(group)s"))
    return membership


def reveal_certificate(*, acting_user: Any, membership_id: int, purpose: str) -> str:
    """Show a membership's certificate number for a purpose; the disclosure is recorded before anything is shown."""
    if len(purpose.strip()) < 2:
        raise RuleError(_("请填写查看用途，例如“核对残疾人证”。"), field="purpose")
    membership = (
        Membership.objects.permitted(acting_user, Permission.REVEAL_PEOPLE)
        .select_related("group")
        .filter(pk=membership_id)
        .first()
    )
    if membership is None:
        raise NotPermitted(Permission.REVEAL_PEOPLE)
    require(acting_user, Permission.VIEW_GROUPS, membership.region_code)
    if not seeing.sees(acting_user, membership.group, membership.region_code):
        raise NotPermitted(Permission.REVEAL_PEOPLE)
    audit.disclose(
        acting_user=acting_user,
        person_ids=[membership.person_id],
        elements=[f"certificate:{membership.group.code}"],
        purpose=purpose[:200],
        channel=Channel.PAGE,
        region_code=membership.region_code,
    )
    return membership.certificate


def end_at_death(act: Act, person: Person, died: date) -> str:
    """Memberships end with their bearer's life; called by `people.record_death`. What began later never held."""
    names = []
    for membership in Membership.objects.select_related("group").filter(person=person):
        since, until = membership.period.lower, membership.period.upper
        if membership.period.isempty or (until is not None and until <= died):
            continue
        if since is not None and since >= died:
            membership.delete()
        else:
            membership.period = DateRange(since, died)
            membership.updated_at = timezone.now()
            membership.save(update_fields=["period", "updated_at"])
        names.append(membership.group.name)
    # The event is read by all who may see the person, so sensitive groups are not named in it.
    return _("结束 %(n)d 项人群资格") % {"n": len(names)} if names else ""
