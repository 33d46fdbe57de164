"""What people do each night: to-dos of residence permits that run out, and of newcomers of whom something is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.access.holders import nearest_holders
from linli.access.roles import Permission
from linli.jobs.daily import daily
from linli.notices import actions as notices
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level
from linli.registry.people.filters import PERMIT_SOON, permits_running_out
from linli.registry.people.models import Person, Standing

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
PERMITS, NEWCOMERS = "people.permits:", "people.newcomers:"


@daily("people.permits")
def tell_permits(on: date) -> str:
    """Residence permits that have run out or soon will."""
    found = permits_running_out(on).values_list("region_code", "permit_until")
    late, soon = Counter[str](), Counter[str]()
    for region, until in found:
        (late if until is not None and until < on else soon)[region[:COMMUNITY]] += 1
    said = {
        region: (
            _("%(place)s：%(n)s 人的居住证 %(days)d 天内到期或已过期")
            % {
                "place": names.title(region),
                "n": f"{late[region] + soon[region]:,}",
                "days": PERMIT_SOON.days,
            },
            _("其中 %(n)s 人已经过期，请提醒续签或核实是否还住在这里。") % {"n": f"{late[region]:,}"}
            if late[region]
            else _("请提醒续签。"),
        )
        for region in late | soon
    }
    _keep(PERMITS, said, {"missing": "permit"})
    return f"{len(said)} 个社区有居住证到期"


@daily("people.newcomers")
def tell_newcomers(on: date) -> str:
    """People who live here and whose hukou nobody has put down for a week."""
    rows = Person.objects.filter(standing=Standing.NEWCOMER, created_at__date__lte=on - timedelta(days=7))
    counted = Counter(region[:COMMUNITY] for region in rows.values_list("region_code", flat=True))
    said = {
        region: (
            _("%(place)s：%(n)s 人户籍待补") % {"place": names.title(region), "n": f"{number:,}"},
            _("登记已满一周，还不知道户籍在哪里，请补登记。"),
        )
        for region, number in counted.items()
    }
    _keep(NEWCOMERS, said, {"standing": Standing.NEWCOMER.value})
    return f"{len(said)} 个社区有户籍待补的人"


def _keep(prefix: str, said: Mapping[str, tuple[str, str]], query: dict[str, Any]) -> None:
    """One to-do for each community on the bells of those nearest to it; closed where nothing is left."""
    keys = []
    for region, (title, body) in said.items():
        users = [user.pk for user in nearest_holders(Permission.EDIT_PEOPLE, region)]
        if users:
            keys.append(f"{prefix}{region}")
            url = f"{reverse('people:list')}?{urlencode({'region': region, **query})}"
            notices.keep_todo(keys[-1], users, title, body=body, url=url)
    notices.settle_kept(prefix, besides=keys)
