"""What groups ask of their members besides: administrators add, change and take away details on a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.registry.groups import detail_rules, proposals
from linli.registry.groups.detail_rules import Detail
from linli.registry.groups.models import Group, Membership

MANAGE = Permission.MANAGE_SYSTEM


def _locked(user: Any, group_id: int) -> Group:
    if not user.can(MANAGE):
        raise NotPermitted(MANAGE)
    found = Group.objects.select_for_update().filter(pk=group_id).first()
    if found is None:
        raise NotPermitted(MANAGE)
    return found


def _one(group: Group, code: str) -> Detail:
    found = next((one for one in group.asks if one.code == code), None)
    if found is None:
        raise NotPermitted(MANAGE)
    return found


def _keep(group: Group, details: list[Detail]) -> None:
    group.details = [one.as_json() for one in details]
    group.save(update_fields=["details"])


def _check(detail: Detail, others: list[Detail]) -> None:
    if problem := detail_rules.definition_problem(detail, others):
        raise RuleError(problem, field="options" if "选项" in problem or "项，请清空" in problem else "label")


def used(group: Group, code: str) -> int:
    """How many memberships, past ones included, have something written there."""
    return Membership.objects.filter(group=group, details__has_key=code).count()


def add_detail(
    *,
    acting_user: Any,
    group_id: int,
    label: str,
    kind: str,
    also: list[str] | None = None,
    options: list[dict[str, Any]] | None = None,
    unit: str = "",
) -> Detail:
    """A group asks one thing more of its members; forms, lists and counts know it at once.

    Raises RuleError for names that the group has already, and for options that do not fit the kind.
    """
    with audit.action(acting_user, "groups.add_detail") as act:
        group = _locked(acting_user, group_id)
        others = list(group.asks)
        made = Detail(
            detail_rules.next_code(others),
            label.strip(),
            kind,
            tuple(also or ()),
            tuple(options or ()),
            unit.strip(),
        )
        _check(made, others)
        _keep(group, [*others, made])
        act.record(
            group, _("人群“%(name)s”增加登记项目“%(label)s”") % {"name": group.name, "label": made.label}
        )
    proposals.conditions()
    return made


def update_detail(
    *,
    acting_user: Any,
    group_id: int,
    code: str,
    label: str,
    kind: str,
    also: list[str] | None = None,
    options: list[dict[str, Any]] | None = None,
    unit: str = "",
) -> Detail:
    """Change what a detail is called and offers. What is written already stays readable: the kind changes only where nothing is,
    and options that are in use stay."""
    with audit.action(acting_user, "groups.update_detail") as act:
        group = _locked(acting_user, group_id)
        before = _one(group, code)
        others = [one for one in group.asks if one.code != code]
        after = replace(
            before,
            label=label.strip(),
            kind=kind,
            also=tuple(also or ()),
            options=tuple(options or ()),
            unit=unit.strip(),
        )
        if after == before:
            act.nothing_to_record()
            return before
        _check(after, others)
        if after.kind != before.kind and (n := used(group, code)):
            raise RuleError(
                _("已有 %(n)s 人填了这一项，不能改填法；请另外增加一项。") % {"n": f"{n:,}"}, field="kind"
            )
        kept = {one["code"] for one in after.options}
        for option in before.options if after.kind == detail_rules.CODE else ():
            if (
                option["code"] not in kept
                and Membership.objects.filter(group=group, details__contains={code: option["code"]}).exists()
            ):
                raise RuleError(
                    _("还有成员填的是“%(label)s”，不能删去这一项；可以改它的名称，编号不变。")
                    % {"label": option["label"]},
                    field="options",
                )
        _keep(group, [after if one.code == code else one for one in group.asks])
        act.record(
            group, _("人群“%(name)s”修改登记项目“%(label)s”") % {"name": group.name, "label": after.label}
        )
    proposals.conditions()
    return after


def remove_detail(*, acting_user: Any, group_id: int, code: str) -> None:
    """A group asks something no more. Raises RuleError where anything is written there."""
    with audit.action(acting_user, "groups.remove_detail") as act:
        group = _locked(acting_user, group_id)
        gone = _one(group, code)
        if n := used(group, code):
            raise RuleError(
                _("已有 %(n)s 人填了“%(label)s”，不能删除，以免丢失。") % {"n": f"{n:,}", "label": gone.label}
            )
        _keep(group, [one for one in group.asks if one.code != code])
        act.record(
            group, _("人群“%(name)s”删除登记项目“%(label)s”") % {"name": group.name, "label": gone.label}
        )
    proposals.conditions()
