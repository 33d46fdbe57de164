"""Measuring anew, and turning a fault into somebody's to-do."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import require
from linli.access.models import Permission, Post
from linli.access.roles import Role
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.kernel.scope import within
from linli.notices import actions as notices
from linli.regions import names
from linli.registry.people.models import Person
from linli.registry.quality import measuring, rules

VIEW, EDIT = Permission.VIEW_PEOPLE, Permission.EDIT_PEOPLE
WORKERS = (Role.COMMUNITY_WORKER, Role.COMMUNITY_HEAD, Role.GRID_WORKER)


def measure(*, acting_user: Any, region_code: str) -> int:
    """Count the faults of a region's communities now; returns how many communities. Only where the user may see people."""
    scopes = within(acting_user.scopes(VIEW), region_code)
    if not scopes:
        require(acting_user, VIEW, region_code)
    with audit.action(acting_user, "quality.measure") as act:
        found = [one for scope in scopes for one in measuring.keep(scope.low, timezone.localdate())]
        act.record(
            None,
            _("计算数据质量：%(n)s 个社区") % {"n": len(found)},
            region_code=region_code,
        )
    return len(found)


def make_todo(*, acting_user: Any, region_code: str, check: str) -> int:
    """Put a fault on the bells of those who work in the community, with the number of records and the way to them; returns how
    many were told. The to-do closes by itself when it is asked for again and nothing is left."""
    if check not in rules.BY_KEY:
        raise RuleError(_("没有这一项检查，请刷新页面。"))
    require(acting_user, EDIT, region_code)
    with audit.action(acting_user, "quality.todo") as act:
        today = timezone.localdate()
        left = measuring.people_with(Person.objects.in_region(region_code), check, today).count()
        posts = (
            Post.objects.in_region(region_code)
            .select_related("user")
            .filter(role__in=WORKERS, user__is_active=True)
        )
        users = {post.user_id for post in posts if post.in_force(today)} if left else set()
        label = rules.BY_KEY[check].label
        notices.keep_todo(
            f"quality-{check}-{region_code}",
            users,
            _("%(where)s有 %(n)s 人“%(what)s”，请核实补正")
            % {"where": names.title(region_code), "n": f"{left:,}", "what": label},
            body=rules.BY_KEY[check].says,
            url=reverse("quality:check", args=[region_code, check]),
        )
        act.record(
            None,
            _("数据质量“%(what)s”转为待办：%(n)s 人") % {"what": label, "n": len(users)},
            region_code=region_code,
        )
    return len(users)
