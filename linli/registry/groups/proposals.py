"""Memberships and ends of memberships that rules propose, for a person to confirm or refuse.

A rule is data: conditions of the dictionary (`GroupRule`). The dictionary's plan turns it into one query over all people, so
that a rule costs the same work however many it finds. Nothing joins or leaves a group before somebody has said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.recording import SYSTEM
from linli.facts.dictionary import Condition, Sensitivity, dictionary
from linli.facts.plan import Wish, compile_rows
from linli.kernel.scope import Scope
from linli.registry.groups import seeing
from linli.registry.groups.models import Group, GroupRule, Move, Proposal, ProposalState

EDIT = Permission.EDIT_GROUPS
OPEN = ProposalState.OPEN

# What a proposal rests on: when one of these changes, a refused proposal may be made again.
_FACTS = """
SELECT p.id, p.region_code,
    concat_ws('|', p.birth_date, p.sex, p.death_date, living.id, hukou.id, hm.id) AS facts
FROM people_person p
LEFT JOIN people_residence living ON living.person_id = p.id AND living.kind = 'living' AND living.period @> %(on)s::date
LEFT JOIN people_residence hukou ON hukou.person_id = p.id AND hukou.kind = 'hukou' AND hukou.period @> %(on)s::date
LEFT JOIN people_householdmember hm ON hm.person_id = p.id AND hm.period @> %(on)s::date
"""
_FOUND = (
    "CREATE TEMPORARY TABLE groups_found ON COMMIT DROP AS WITH q AS ({rule}) {facts} JOIN q ON q.id = p.id"
)
_LAPSE = """
UPDATE groups_proposal o SET state = 'lapsed'
WHERE o.rule_id = %(rule)s AND o.state IN ('open', 'refused')
    AND NOT EXISTS (SELECT 1 FROM groups_found f WHERE f.id = o.person_id AND f.facts = o.facts)
"""
_PROPOSE = """
INSERT INTO groups_proposal (region_code, group_id, rule_id, person_id, move, facts, state, made_on, reason)
SELECT f.region_code, %(group)s, %(rule)s, f.id, %(move)s, f.facts, 'open', %(on)s, ''
FROM groups_found f
WHERE NOT EXISTS (SELECT 1 FROM groups_proposal o WHERE o.rule_id = %(rule)s AND o.person_id = f.id
    AND o.facts = f.facts AND o.state IN ('open', 'refused'))
ON CONFLICT DO NOTHING
"""


def conditions() -> dict[str, Condition]:
    """The conditions of people that rules may name, by key."""
    return dictionary.refresh().subject("person").conditions


def in_words(rule: GroupRule) -> str:
    """What a rule asks: 80岁及以上，户籍；且不是：独居."""
    known = conditions()

    def labels(keys: Iterable[str]) -> str:
        return "、".join(known[key].label if key in known else key for key in keys)

    parts = [labels(rule.when)] if rule.when else []
    if rule.unless:
        parts.append((_("且不属于：") if rule.when else _("不再属于：")) + labels(rule.unless))
    return "；".join(parts)


def rule_problem(group: Group, when: Sequence[str], unless: Sequence[str]) -> str:
    """A rule names known conditions, at least one, and none that tells more than the group's own viewers may know."""
    known = conditions()
    if not when and not unless:
        return _("请至少选择一个条件。")
    for key in [*when, *unless]:
        if key not in known:
            return _("没有“%(key)s”这个条件，请从列表中选择。") % {"key": key}
        if key == f"in_{group.code}":
            return _("条件不能是这类人群自己。")
        other = Group.objects.filter(code=key.removeprefix("in_")).first() if key.startswith("in_") else None
        tells_more = known[key].sensitivity >= Sensitivity.SENSITIVE and not group.is_sensitive
        if other is not None and other.viewers:
            tells_more = tells_more or not group.viewers or not set(group.viewers) <= set(other.viewers)
        if tells_more:
            return _(
                "“%(label)s”比“%(group)s”更敏感，用作条件会让不该知道的人推断出来。请换一个条件，或提高这类人群的敏感程度。"
            ) % {"label": known[key].label, "group": group.name}
    return ""


def _wish(rule: GroupRule, on: date) -> Wish:
    known = conditions()
    member = (
        "EXISTS (SELECT 1 FROM groups_membership gm WHERE gm.person_id = {t}.id AND gm.group_id = %(in_group)s "
        "AND gm.period "
    )
    where = [f"({known[key].sql}) IS NOT TRUE" for key in rule.unless]
    if rule.move == Move.JOIN:
        wanted = list(rule.when)
        where.append(f"NOT {member} && daterange({{on}}, NULL))")
        where.append("({t}.death_date IS NULL OR {t}.death_date > {on})")
    else:
        wanted = ["on_record", *rule.when]
        where.append(f"{member} @> {{on}})")
    return Wish(
        "person",
        [Scope.of("")],
        on,
        conditions=wanted,
        where_sql=" AND ".join(where),
        where_params={"in_group": rule.group_id},
        order="{t}.id",
    )


def propose(rule: GroupRule, on: date) -> int:
    """Bring a rule's proposals up to date: what does not hold any more lapses, what holds anew is proposed. Returns how many were
    proposed. Runs inside the caller's transaction; one query over all people."""
    sql, params, _elements = compile_rows(_wish(rule, on))
    given = {**params, "on": on, "rule": rule.pk, "group": rule.group_id, "move": rule.move}
    with connection.cursor() as cursor:
        cursor.execute(_FOUND.format(rule=sql, facts=_FACTS), given)
        cursor.execute("CREATE INDEX ON groups_found (id)")
        cursor.execute(_LAPSE, given)
        cursor.execute(_PROPOSE, given)
        made = cursor.rowcount
        cursor.execute("DROP TABLE groups_found")
    return made


def propose_all(on: date, *, group: Group | None = None) -> int:
    """Let every active rule (of one group, or of all) propose; returns how many proposals were made."""
    with audit.action(SYSTEM, "groups.propose") as act:
        rules = GroupRule.objects.filter(is_active=True, group__is_active=True)
        if group is not None:
            rules = rules.filter(group=group)
        made = sum(propose(rule, on) for rule in rules)
        stopped = Proposal.objects.filter(state=OPEN).exclude(rule__is_active=True, group__is_active=True)
        stopped.update(state=ProposalState.LAPSED)
        if made:
            act.record(None, _("按规则提出 %(n)s 条人群建议") % {"n": f"{made:,}"})
        else:
            act.nothing_to_record()
    return made


def visible(user: Any) -> QuerySet[Proposal]:
    """The proposals that the user may decide: where they may edit groups, of groups they may see."""
    found: QuerySet[Proposal] = Proposal.objects.permitted(user, EDIT)
    return found.filter(seeing.of_visible_groups(user))


def open_counts(*, length: int, within: str = "") -> dict[tuple[str, int], int]:
    """How many open proposals each community (region keys cut to `length`) has of each group, `within` a region."""
    low, high = Scope.of(within)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(region_code, %s), group_id, count(*) FROM groups_proposal WHERE state = 'open' "
            "AND region_code >= %s AND region_code < %s GROUP BY 1, 2",
            [length, low, high],
        )
        return {(region, group): n for region, group, n in cursor.fetchall()}


def settle(*, person_ids: Iterable[int], group_id: int, move: Move, user: Any) -> None:
    """What was done by hand needs no proposal any more; called by the actions on memberships."""
    Proposal.objects.filter(person__in=list(person_ids), group=group_id, move=move, state=OPEN).update(
        state=ProposalState.CONFIRMED, decided_by_id=user.pk or None, decided_at=timezone.now()
    )


def do_not_propose_again(*, person_id: int, group_id: int, on: date, reason: str, user: Any) -> None:
    """Somebody was taken out of a group: its rules propose them again only when the facts change."""
    rules = list(GroupRule.objects.filter(group=group_id, move=Move.JOIN, is_active=True))
    if not rules:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"{_FACTS} WHERE p.id = %(id)s LIMIT 1", {"on": on, "id": person_id})
        _id, region, facts = cursor.fetchone()
    Proposal.objects.bulk_create(
        Proposal(
            region_code=region,
            group_id=group_id,
            rule=rule,
            person_id=person_id,
            move=Move.JOIN,
            facts=facts,
            state=ProposalState.REFUSED,
            made_on=on,
            reason=reason[:200],
            decided_by_id=user.pk or None,
            decided_at=timezone.now(),
        )
        for rule in rules
    )
