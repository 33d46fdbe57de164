"""What groups add to the shell and to the pages of people: an entry of the sidebar, a filter, a batch action, a tab."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.facts import kept
from linli.pages import nav
from linli.pages.timeline import Moment
from linli.registry.groups import seeing
from linli.registry.groups.models import Membership
from linli.registry.groups.tables import due_of, masked
from linli.registry.people import extensions, lives
from linli.registry.people.models import Person, describe_period

VIEW = Permission.VIEW_GROUPS


def choices(user: Any) -> list[tuple[str, Any]]:
    """The groups to filter residents by."""
    if not user.can(VIEW):
        return []
    shown = [one for one in seeing.all_groups(user) if one.is_active and seeing.scopes(user, one)]
    return [(group.code, group.name) for group in shown]


def of_group(rows: QuerySet, value: str, user: Any, on: date) -> QuerySet:
    """The residents who were in a group on that day."""
    wanted = seeing.memberships(user).filter(group__code=value, period__contains=on)
    return rows.filter(pk__in=wanted.order_by().values("person_id"))


def _shown(membership: Membership, user: Any) -> dict[str, Any]:
    today = timezone.localdate()
    group = membership.group
    now = membership.period.upper is None or membership.period.upper > today
    return {
        "membership": membership,
        "group": group,
        "class": group.class_label(membership.class_code),
        "level": group.level_label(membership.level_code),
        "certificate": masked(membership.certificate) if membership.certificate else "",
        "told": membership.told,
        "when": describe_period(membership.period),
        "due": due_of(membership) if now else None,
        "now": now,
        "can_edit": now and seeing.may_edit(user, group, membership.region_code),
        "can_reveal": user.can(Permission.REVEAL_PEOPLE, membership.region_code),
    }


def groups_of(person: Person, user: Any) -> dict[str, Any] | None:
    """A person's groups, now and before, as far as the user may see them."""
    if not user.can(VIEW, person.region_code):
        return None
    rows = seeing.memberships(user).filter(person=person).select_related("group")
    listed = [_shown(one, user) for one in rows.order_by("-period") if not one.period.isempty]
    current = [one for one in listed if one["now"]]
    return {
        "current": current,
        "past": [one for one in listed if not one["now"]],
        "count": len(current),
        "can_add": user.can(Permission.EDIT_GROUPS, person.region_code) and person.death_date is None,
    }


def moments(person: Person, user: Any) -> list[Moment]:
    """Joining and leaving groups, as far as the user may see them."""
    if not user.can(VIEW, person.region_code):
        return []
    found = []
    for one in seeing.memberships(user).filter(person=person).select_related("group"):
        if one.period.isempty:
            continue
        name = {"group": one.group.name}
        found.append(Moment(one.period.lower, _t("人群"), _t("列入%(group)s") % name))
        if one.period.upper is not None:
            found.append(Moment(one.period.upper, _t("人群"), _t("退出%(group)s") % name))
    return found


def register() -> None:
    """Called once, when the app is ready."""
    kept.register(seeing.COUNTS, seeing.counted)
    lives.register("groups", moments)
    nav.register(nav.NavItem(nav.PEOPLE, _("人群"), "groups:list", "tags", VIEW, 12))
    nav.register(
        nav.NavItem(nav.SYSTEM, _("人群目录"), "groups:kinds", "list-details", Permission.MANAGE_SYSTEM, 85)
    )
    extensions.register_filter(extensions.ListFilter("group", _("人群"), choices, of_group))
    extensions.register_tab(
        extensions.PersonTab("groups", _("人群"), "groups/_person.html", groups_of, order=10)
    )
    extensions.register_action(
        extensions.PickedAction("groups", _("加入人群"), "tag", "groups:add_people", Permission.EDIT_GROUPS)
    )
