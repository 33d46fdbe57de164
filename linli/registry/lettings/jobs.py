"""Nightly work of rented homes: contracts that have run out while somebody lives there still."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Min
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.access.holders import nearest_holders
from linli.access.roles import Permission
from linli.jobs.daily import daily
from linli.notices import actions as notices
from linli.regions import names
from linli.registry.lettings.models import Letting
from linli.registry.places.actions import COMMUNITY

OVERDUE = "lettings.overdue:"


@daily("lettings.overdue")
def tell_overdue(on: date) -> str:
    """To-dos of lettings past their contract's end, one for each community."""
    found = (
        Letting.objects.filter(period__contains=on, agreed_until__lt=on)
        .order_by()
        .annotate(community=Substr("region_code", 1, COMMUNITY))
        .values("community")
        .annotate(n=Count("pk"), first=Min("agreed_until"))
    )
    keys = []
    for row in found:
        region = row["community"]
        key = f"{OVERDUE}{region}"
        keys.append(key)
        notices.keep_todo(
            key,
            [user.pk for user in nearest_holders(Permission.EDIT_PLACES, region)],
            _("%(place)s：%(n)s 份租约到期未续，请核实")
            % {"place": names.title(region), "n": f"{row['n']:,}"},
            url=f"{reverse('lettings:list')}?{urlencode({'region': region, 'state': 'over'})}",
            due_on=row["first"],
        )
    notices.settle_kept(OVERDUE, besides=keys)
    return f"提醒 {len(keys)} 件"
