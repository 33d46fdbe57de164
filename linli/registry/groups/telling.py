"""To-dos of groups: what is due and what waits for a decision, one for each community and each user nearest to it, counting only
groups that the user may see. Kept by the night's work, and brought up to date after each decision."""

from __future__ import annotations

from datetime import date
from threading import local
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.holders import nearest_holders
from linli.access.roles import Permission
from linli.notices import actions as notices
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level
from linli.registry.groups import proposals, reviews, seeing
from linli.registry.groups.models import Group

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
DUE, PROPOSED = "groups.due:", "groups.proposed:"
_pending = local()


def soon(region_code: str) -> None:
    """Bring the to-dos of a community up to date once this transaction is committed; many calls make one."""
    waiting: set[str] = _pending.__dict__.setdefault("regions", set())
    waiting.add(region_code[:COMMUNITY])
    transaction.on_commit(_tell_pending, robust=True)


def _tell_pending() -> None:
    waiting: set[str] = _pending.__dict__.setdefault("regions", set())
    today = timezone.localdate()
    while waiting:
        region = waiting.pop()
        tell_due(today, region)
        tell_proposed(today, region)


def tell_due(on: date, community: str = "") -> int:
    """Keep the to-dos of reviews and ends, of one community or of all. Returns how many communities have some."""
    groups = {group.pk: group for group in Group.objects.all()}
    by_community: dict[str, dict[int, reviews.Due]] = {}
    for (region, group), found in reviews.counts(on, length=COMMUNITY, within=community).items():
        by_community.setdefault(region, {})[group] = found
    keys = []
    for region, dues in by_community.items():
        for user in nearest_holders(Permission.EDIT_GROUPS, region):
            mine = [found for group, found in dues.items() if seeing.sees(user, groups[group], region)]
            if not mine:
                continue
            number, late = sum(one.number for one in mine), sum(one.overdue for one in mine)
            key = f"{DUE}{region}:{user.pk}"
            keys.append(key)
            notices.keep_todo(
                key,
                [user.pk],
                _("%(place)s：%(n)s 项人群复核或到期要办")
                % {"place": names.title(region), "n": f"{number:,}"},
                body=_("其中 %(n)s 项已经逾期。") % {"n": f"{late:,}"} if late else "",
                url=_list("groups:due", region),
                due_on=min(one.first for one in mine),
            )
    notices.settle_kept(DUE + community, besides=keys)
    return len(by_community)


def tell_proposed(on: date, community: str = "") -> int:
    """Keep the to-dos of proposals that wait for a decision, in the same manner."""
    groups = {group.pk: group for group in Group.objects.all()}
    by_community: dict[str, dict[int, int]] = {}
    for (region, group), number in proposals.open_counts(length=COMMUNITY, within=community).items():
        by_community.setdefault(region, {})[group] = number
    keys = []
    for region, counted in by_community.items():
        for user in nearest_holders(Permission.EDIT_GROUPS, region):
            mine = {
                groups[group].name: n
                for group, n in counted.items()
                if seeing.sees(user, groups[group], region)
            }
            if not mine:
                continue
            key = f"{PROPOSED}{region}:{user.pk}"
            keys.append(key)
            notices.keep_todo(
                key,
                [user.pk],
                _("%(place)s：%(n)s 条人群建议等您确认")
                % {"place": names.title(region), "n": f"{sum(mine.values()):,}"},
                body=_most(mine),
                url=_list("groups:proposals", region),
            )
    notices.settle_kept(PROPOSED + community, besides=keys)
    return len(by_community)


def _most(counted: dict[str, int]) -> str:
    """独居老人 3 条、高龄津贴 2 条等."""
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    said = "、".join(_("%(name)s %(n)s 条") % {"name": name, "n": f"{n:,}"} for name, n in ordered[:3])
    return said + _("等。") if len(ordered) > 3 else said + "。"


def _list(name: str, region: str) -> str:
    return f"{reverse(name)}?{urlencode({'region': region})}"
