"""Hearing what sources say of people, and settling what contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted
from linli.access.models import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.registry.people import actions as people
from linli.registry.people.actions import steps
from linli.registry.people.actions.registering import clean
from linli.registry.sources import knowing, rules
from linli.registry.sources.models import Claim, ClaimState, SourceKind
from linli.registry.sources.rules import AGREE, CONFLICT, TAKE, Known

EDIT = Permission.EDIT_PEOPLE


@dataclass
class Heard:
    """What became of what was said: the elements taken over, those that agree, those that contradict, and those that were
    refused before in the same words."""

    taken: list[str] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def cleaned(person: Any, values: Mapping[str, Any]) -> dict[str, str]:
    """Values in the shape in which they are kept, as claims write them; blanks left out. Raises RuleError."""
    given = {key: value for key, value in values.items() if value not in (None, "")}
    if "id_number" in given and "id_kind" not in given:
        given["id_kind"] = person.id_kind
    # A number is read by itself; whether sex and birth date agree with it is a question of conflicts, not of form.
    together: dict[str, Any] = {key: given[key] for key in ("id_kind", "id_number") if key in given}
    rest = {key: value for key, value in given.items() if key not in together}
    wanted = clean(rest) | (
        {key: clean(together)[key] for key in together} if "id_number" in together else together
    )
    return {
        key: text
        for key in given
        if key in wanted
        and (text := knowing.as_text(key, wanted[key]))
        and not (key == "sex" and text == "0")
    }


def hear(
    *,
    acting_user: Any,
    person_id: int,
    values: Mapping[str, Any],
    source: SourceKind,
    said_by: str,
    on: date,
    settled: Mapping[str, bool] | None = None,
    reason: str = "",
) -> Heard:
    """A source says these things of a person. What the rule takes over is written, what contradicts is kept for a person to
    settle, blanks say nothing. `settled` are elements that a person has already decided on: True takes the value.

    Raises RuleError for values that cannot be, and for a day in the future.
    """
    found = Heard()
    steps.refuse(rules.date_problem(on, steps.today()), "on")
    with audit.action(acting_user, "sources.hear", reason=reason) as act:
        person = steps.lock_person(acting_user, person_id)
        said = cleaned(person, {key: value for key, value in values.items() if key in knowing.ELEMENTS})
        known = knowing.known_of([person], said)
        before = set(
            Claim.objects.filter(person=person, state=ClaimState.REFUSED, source=source).values_list(
                "element", "value", "on"
            )
        )
        claims: list[Claim] = []
        for element, text in said.items():
            now = known[person.pk, element]
            word = rules.decide(element, now, Known(text, source.rank, on))
            if settled is not None and element in settled and word != AGREE:
                word = TAKE if settled[element] else "refuse"
            if word == CONFLICT and element not in knowing.SEALED and (element, text, on) in before:
                found.refused.append(element)
                continue
            state = {
                TAKE: ClaimState.TAKEN,
                AGREE: ClaimState.AGREED,
                CONFLICT: ClaimState.CONFLICT,
            }.get(word, ClaimState.REFUSED)
            {
                TAKE: found.taken,
                AGREE: found.agreed,
                CONFLICT: found.conflicts,
            }.get(word, found.refused).append(element)
            claims.append(_claim(person, element, text, source, said_by, on, state, acting_user))
        taken = {key: knowing.as_value(key, said[key]) for key in found.taken}
        if taken:
            people.update_person(acting_user=acting_user, person_id=person.pk, values=taken, reason=reason)
        _write(person, claims)
        if found.conflicts:
            labels = "、".join(knowing.label(key) for key in found.conflicts)
            act.record(
                person,
                _("%(source)s（%(by)s）说的 %(name)s 的%(labels)s与库里不同，待核定")
                % {"source": source.name, "by": said_by, "name": person.name, "labels": labels},
            )
        else:
            act.nothing_to_record()
    return found


def _claim(
    person: Any,
    element: str,
    text: str,
    source: SourceKind,
    said_by: str,
    on: date,
    state: str,
    user: Any,
) -> Claim:
    sealed = element in knowing.SEALED
    return Claim(
        region_code=person.region_code,
        person=person,
        element=element,
        value="" if sealed else text,
        sealed=text if sealed else "",
        source=source,
        said_by=said_by[:100],
        on=on,
        state=state,
        heard_by=user.name,
    )


def _write(person: Any, claims: Iterable[Claim]) -> None:
    """Keep claims; what the same source said in the same words before is only renewed."""
    listed = list(claims)
    old: dict[tuple[str, int, str], Claim] = {}
    for one in Claim.objects.filter(person=person, element__in=[c.element for c in listed]):
        if one.state != ClaimState.REFUSED:
            old[one.element, one.source_id, knowing.value_of(one)] = one
    new = []
    for claim in listed:
        before = old.get((claim.element, claim.source_id, knowing.value_of(claim)))
        if before is None:
            new.append(claim)
        elif before.on < claim.on or before.state != claim.state:
            before.on, before.said_by, before.state = max(before.on, claim.on), claim.said_by, claim.state
            before.heard_at, before.heard_by = claim.heard_at, claim.heard_by
            before.save(update_fields=["on", "said_by", "state", "heard_at", "heard_by"])
    Claim.objects.bulk_create(new)


def settle(*, acting_user: Any, claim_id: int, take: bool, reason: str = "") -> Claim:
    """Settle what contradicts: the source is believed and the person's fact changed, or what is known stays, and the same word
    of that source is not asked about again."""
    with audit.action(acting_user, "sources.settle", reason=reason) as act:
        claim = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
        if claim is None:
            raise NotPermitted(EDIT)
        person = steps.lock_person(acting_user, claim.person_id)
        if claim.state != ClaimState.CONFLICT:
            raise RuleError(_("这一项已经核定过了，请刷新后再看。"))
        text = knowing.value_of(claim)
        if take:
            people.update_person(
                acting_user=acting_user,
                person_id=person.pk,
                values={claim.element: knowing.as_value(claim.element, text)},
                reason=reason,
            )
        claim.state = ClaimState.TAKEN if take else ClaimState.REFUSED
        claim.decided_at, claim.decided_by, claim.note = (
            timezone.now(),
            acting_user.name,
            reason.strip()[:200],
        )
        claim.save(update_fields=["state", "decided_at", "decided_by", "note"])
        if take:
            others = Claim.objects.filter(
                person=person, element=claim.element, state=ClaimState.CONFLICT
            ).exclude(pk=claim.pk)
            for other in others:
                if knowing.value_of(other) == text:
                    other.state = ClaimState.AGREED
                    other.save(update_fields=["state"])
        act.record(
            person,
            _("核定 %(name)s 的%(what)s：%(said)s%(source)s（%(by)s）的说法")
            % {
                "name": person.name,
                "what": knowing.label(claim.element),
                "said": _("采用") if take else _("不采用"),
                "source": claim.source.name,
                "by": claim.said_by,
            },
        )
    return claim


def set_rank(*, acting_user: Any, kind_id: int, rank: int, reason: str = "") -> SourceKind:
    """Say how reliable a kind of source is. What was decided before stays decided."""
    if not acting_user.can(Permission.MANAGE_SYSTEM):
        raise NotPermitted(Permission.MANAGE_SYSTEM)
    if not 0 <= rank <= 100:
        raise RuleError(_("可靠程度填 0 到 100 的整数。"), field="rank")
    with audit.action(acting_user, "sources.set_rank", reason=reason) as act:
        kind = SourceKind.objects.select_for_update().get(pk=kind_id)
        if kind.rank == rank:
            act.nothing_to_record()
            return kind
        before, kind.rank = kind.rank, rank
        kind.save(update_fields=["rank"])
        act.record(
            kind,
            _("来源“%(name)s”的可靠程度由 %(before)s 改为 %(after)s")
            % {"name": kind.name, "before": before, "after": rank},
        )
    return kind
