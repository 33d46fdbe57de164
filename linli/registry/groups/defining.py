"""Which groups there are, who may see them, and the rules that propose members: administrators write them on a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted
from linli.access.models import Role
from linli.access.roles import GRANTS, Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.facts.dictionary import Sensitivity
from linli.registry.groups import proposals, rules
from linli.registry.groups.models import Category, Group, GroupRule, Membership, Move

MANAGE = Permission.MANAGE_SYSTEM
# The roles of which a group may choose its viewers: those that may see groups at all.
VIEWERS = tuple(role for role in Role if Permission.VIEW_GROUPS in GRANTS[role])
FIELDS = (
    "name",
    "also",
    "category",
    "sensitivity",
    "viewers",
    "classes",
    "levels",
    "evidence",
    "needs_certificate",
    "review_months",
    "keeper",
    "shown_on_chart",
    "is_active",
)


def _require(user: Any) -> None:
    if not user.can(MANAGE):
        raise NotPermitted(MANAGE)


def _group(pk: int) -> Group:
    found = Group.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotPermitted(MANAGE)
    return found


def _put(group: Group, values: dict[str, Any]) -> list[str]:
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"no such field: {', '.join(sorted(unknown))}")
    changed = []
    for key, value in values.items():
        if isinstance(value, str):
            value = value.replace("\x00", "").strip()
        if getattr(group, key) != value:
            setattr(group, key, value)
            changed.append(key)
    return changed


def _check(group: Group) -> None:
    others = Group.objects.exclude(pk=group.pk).values_list("name", "also")
    taken = [word for name, also in others for word in (name, *also)]
    if problem := rules.group_name_problem(group.name, group.also, taken):
        raise RuleError(problem, field="name")
    if group.category not in Category.values:
        raise RuleError(_("请选择类别。"), field="category")
    if group.sensitivity not in [int(one) for one in Sensitivity]:
        raise RuleError(_("请选择敏感程度。"), field="sensitivity")
    if not 0 <= group.review_months <= 120:
        raise RuleError(_("复核周期应在 0 到 120 个月之间，0 表示不用复核。"), field="review_months")
    needed = Permission.VIEW_SENSITIVE_GROUPS if group.is_sensitive else Permission.VIEW_GROUPS
    for role in group.viewers:
        if role not in VIEWERS or needed not in GRANTS[role]:
            raise RuleError(
                _("“%(role)s”没有查看这类人群的权限，请去掉。")
                % {"role": dict(Role.choices).get(role, role)},
                field="viewers",
            )


def _check_used(group: Group, field: str, label: str) -> None:
    """Options that memberships have stay."""
    kept = [one["code"] for one in getattr(group, f"{field}es" if field == "class" else f"{field}s")]
    gone = (
        Membership.objects.filter(group=group)
        .exclude(**{f"{field}_code__in": ["", *kept]})
        .values_list(f"{field}_code", flat=True)
        .first()
    )
    if gone is not None:
        raise RuleError(
            _("还有成员的%(label)s是“%(code)s”，不能删去这一项；可以改它的名称，编号不变。")
            % {"label": label, "code": gone},
            field=f"{field}es" if field == "class" else f"{field}s",
        )


def add_group(*, acting_user: Any, name: str, category: str, **fields: Any) -> Group:
    """A new kind of group; it becomes conditions, elements and a measure of the dictionary at once.

    Raises RuleError for names that are taken or left out by design.
    """
    with audit.action(acting_user, "groups.define") as act:
        _require(acting_user)
        group = Group(code="")
        _put(group, {"name": name, "category": category, **fields})
        _check(group)
        last = Group.objects.select_for_update().order_by("-pk").first()
        group.code = f"own_{(last.pk if last else 0) + 1}"
        group.save()
        act.record(group, _("新增人群“%(name)s”") % {"name": group.name})
    proposals.conditions()
    return group


def update_group(*, acting_user: Any, group_id: int, **changes: Any) -> Group:
    """Change what a group asks for and who may see it; only what differs is written."""
    with audit.action(acting_user, "groups.redefine") as act:
        _require(acting_user)
        group = _group(group_id)
        changed = _put(group, changes)
        if not changed:
            act.nothing_to_record()
            return group
        _check(group)
        if "classes" in changed:
            _check_used(group, "class", _("类别"))
        if "levels" in changed:
            _check_used(group, "level", _("等级"))
        if {"sensitivity", "viewers"} & set(changed):
            for rule in group.rules.all():
                if problem := proposals.rule_problem(group, rule.when, rule.unless):
                    raise RuleError(problem, field="sensitivity")
        group.save()
        labels = "、".join(str(getattr(Group._meta.get_field(key), "verbose_name", key)) for key in changed)
        act.record(group, _("修改人群“%(name)s”：") % {"name": group.name} + labels)
    proposals.conditions()
    return group


def add_rule(
    *, acting_user: Any, group_id: int, move: str, when: Sequence[str], unless: Sequence[str] = ()
) -> GroupRule:
    """A rule that proposes members of a group, or their end."""
    with audit.action(acting_user, "groups.add_rule") as act:
        _require(acting_user)
        group = _group(group_id)
        if move not in Move.values:
            raise RuleError(_("请选择建议加入还是退出。"), field="move")
        if problem := proposals.rule_problem(group, when, unless):
            raise RuleError(problem, field="when")
        if both := set(when) & set(unless):
            label = proposals.conditions()[min(both)].label
            raise RuleError(_("“%(label)s”不能既要求符合又要求不符合。") % {"label": label}, field="unless")
        wanted = {"move": move, "when": list(when), "unless": list(unless)}
        if GroupRule.objects.filter(group=group, is_active=True, **wanted).exists():
            raise RuleError(_("已经有一条同样的规则。"))
        rule = GroupRule.objects.create(group=group, **wanted)
        act.record(
            group,
            _("人群“%(name)s”新增规则：%(rule)s → 建议%(move)s")
            % {"name": group.name, "rule": proposals.in_words(rule), "move": rule.get_move_display()},
        )
    return rule


def stop_rule(*, acting_user: Any, rule_id: int, reason: str = "") -> GroupRule:
    """A rule proposes no more; what it proposed and nobody decided lapses with the next day's work."""
    with audit.action(acting_user, "groups.stop_rule", reason=reason) as act:
        _require(acting_user)
        rule = (
            GroupRule.objects.select_for_update(of=("self",))
            .select_related("group")
            .filter(pk=rule_id)
            .first()
        )
        if rule is None:
            raise NotPermitted(MANAGE)
        if not rule.is_active:
            act.nothing_to_record()
            return rule
        rule.is_active = False
        rule.save(update_fields=["is_active"])
        act.record(
            rule.group,
            _("人群“%(name)s”停用规则：%(rule)s")
            % {"name": rule.group.name, "rule": proposals.in_words(rule)},
        )
    return rule
