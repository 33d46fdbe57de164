"""Figures of areas wider than a street are counted each night, and anew by day, so that nobody waits for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.models import Post
from linli.facts import kept
from linli.facts.dictionary import dictionary
from linli.jobs.daily import daily, now_and_then
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.office.actions import RECOUNT

AGAIN_AFTER = timedelta(hours=1)
WORKED = range(7, 20)
"""The hours of the day in which figures are counted anew."""


@handler(RECOUNT, title="重新统计全区数字")
def recount(running: Running) -> None:
    """Count everything that is kept."""
    dictionary.refresh()
    keys = kept.counters()
    running.stage(_("统计"), len(keys), unit=_("项"))
    regions = 0
    for number, key in enumerate(keys, start=1):
        regions = max(regions, kept.keep(key, timezone.localdate()))
        running.progress(number)
    running.finish(_("已统计 %(n)s 个社区，工作台、网格和人群页面上的数字已更新。") % {"n": regions})


def _keep_all(on: date) -> int:
    dictionary.refresh()
    return max((kept.keep(key, on) for key in kept.counters()), default=0)


def is_wanted() -> bool:
    """Whether anybody works for more than a street; else nothing kept is ever read."""
    posts = Post.objects.annotate(length=Length("region_code"))
    return posts.filter(length__lt=kept.STREET, valid_to__isnull=True).exists()


@daily("office.counts")
def count_daily(on: date) -> str:
    """The day's figures."""
    return f"统计了 {_keep_all(on)} 个社区的数字" if is_wanted() else "没有全区岗位，不用统计"


@now_and_then("office.counts")
def count_by_day(now: datetime) -> None:
    """Within working hours figures are at most so old."""
    last = kept.last_counted()
    if now.hour in WORKED and last is not None and now - last >= AGAIN_AFTER and is_wanted():
        _keep_all(now.date())
