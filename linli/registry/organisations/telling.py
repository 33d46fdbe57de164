"""To-dos of what falls due of organisations: one for each community and each user nearest to it."""

from __future__ import annotations

from datetime import date, timedelta
from threading import local
from urllib.parse import urlencode

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.holders import nearest_holders
from linli.access.roles import Permission
from linli.kernel.scope import Scope
from linli.notices import actions as notices
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
DUE = "organisations.due:"
SOON_DAYS = 30
_pending = local()

_COUNTS = """
SELECT left(region_code, %(length)s), count(*), count(*) FILTER (WHERE due_on < %(on)s), min(due_on)
FROM organisations_check WHERE result = '' AND due_on <= %(last)s AND region_code >= %(low)s AND region_code < %(high)s
GROUP BY 1
"""


def soon(region_code: str) -> None:
    """Bring the to-dos of a community up to date once this transaction is committed; many calls make one."""
    waiting: set[str] = _pending.__dict__.setdefault("regions", set())
    waiting.add(region_code[:COMMUNITY])
    transaction.on_commit(_tell_pending, robust=True)


def _tell_pending() -> None:
    waiting: set[str] = _pending.__dict__.setdefault("regions", set())
    while waiting:
        tell(timezone.localdate(), waiting.pop())


def tell(on: date, community: str = "") -> int:
    """Keep the to-dos of one community or of all. Returns how many communities have some."""
    low, high = Scope.of(community)
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            {"on": on, "last": on + timedelta(days=SOON_DAYS), "length": COMMUNITY, "low": low, "high": high},
        )
        found = cursor.fetchall()
    keys = []
    for region, number, late, first in found:
        key = f"{DUE}{region}"
        keys.append(key)
        notices.keep_todo(
            key,
            [user.pk for user in nearest_holders(Permission.EDIT_ORGANISATIONS, region)],
            _("%(place)s：%(n)s 项单位检查、换届或到期要办")
            % {"place": names.title(region), "n": f"{number:,}"},
            body=_("其中 %(n)s 项已经逾期。") % {"n": f"{late:,}"} if late else "",
            url=f"{reverse('organisations:checks')}?{urlencode({'region': region})}",
            due_on=first,
        )
    notices.settle_kept(DUE + community, besides=keys)
    return len(found)
