"""Long and nightly work of places: exporting large lists; contracts and inspections that run out."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.access.holders import nearest_holders
from linli.access.roles import Permission
from linli.facts.dictionary import dictionary
from linli.jobs.daily import daily
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.notices import actions as notices
from linli.regions import names
from linli.registry.places import sheets
from linli.registry.places.actions import COMMUNITY
from linli.registry.places.models import Building, EstateManagement

CONTRACTS, LIFTS = "places.contracts:", "places.lifts:"
CONTRACT_DAYS, LIFT_DAYS = 90, 30


@handler("places.export", title="导出房屋")
def run_export(running: Running, *, subject: str, ids: list[int], on: str = "") -> None:
    """Write a list to a workbook."""
    label = dictionary.subject(subject).label
    running.stage(_("写入表格"), len(ids), unit=_("行"))
    file = running.folder() / "places.xlsx"
    day = date.fromisoformat(on) if on else date.today()
    count = sheets.write(running.user, subject, ids, file, running, on=day)
    running.finish(
        _("已导出 %(n)s 行。") % {"n": f"{count:,}"},
        file=file,
        name=f"{label}-{day:%Y%m%d}.xlsx",
    )


@daily("places.due")
def tell_what_runs_out(on: date) -> str:
    """To-dos of property contracts and lift inspections that run out, one for each community, on the bells of those nearest."""
    contracts = EstateManagement.objects.filter(
        period__contains=on, contract_until__lt=on + timedelta(days=CONTRACT_DAYS)
    )
    lifts = Building.objects.filter(lifts__gt=0, lifts_checked_until__lt=on + timedelta(days=LIFT_DAYS))
    told = _tell(
        contracts,
        "contract_until",
        CONTRACTS,
        _("%(place)s：%(n)d 个小区的物业合同到期或快到期"),
        lambda region: (
            f"{reverse('places:estates')}?{urlencode({'region': region, 'sort': 'contract_until'})}"
        ),
    )
    told += _tell(
        lifts,
        "lifts_checked_until",
        LIFTS,
        _("%(place)s：%(n)d 栋楼的电梯检验到期或快到期"),
        lambda region: f"{reverse('places:buildings')}?{urlencode({'region': region, 'lift_check': 'over'})}",
    )
    return f"提醒 {told} 件"


def _tell(rows: QuerySet, field: str, prefix: str, title: str, url: object) -> int:
    found = (
        rows.order_by()
        .annotate(community=Substr("region_code", 1, COMMUNITY))
        .values("community")
        .annotate(n=Count("pk"), first=Min(field))
    )
    keys = []
    for row in found:
        region = row["community"]
        key = f"{prefix}{region}"
        keys.append(key)
        notices.keep_todo(
            key,
            [user.pk for user in nearest_holders(Permission.EDIT_PLACES, region)],
            title % {"place": names.title(region), "n": row["n"]},
            url=url(region),  # type: ignore[operator]
            due_on=row["first"],
        )
    notices.settle_kept(prefix, besides=keys)
    return len(keys)
