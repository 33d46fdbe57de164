"""Daily work of sharing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.jobs.daily import daily
from linli.sharing import actions, touches

# A reader that has not come for so long is answered from the rows themselves, which takes longer.
TOUCHES_KEPT_DAYS = 90


@daily("sharing.tallies")
def forget_old_tallies(on: date) -> str:
    """Limits look back a day at most."""
    before = timezone.make_aware(datetime.combine(on - timedelta(days=2), time()))
    return _("清理 %(n)s 条过期的用量计数。") % {"n": actions.forget_tallies(before)}


@daily("sharing.touches")
def forget_old_touches(on: date) -> str:
    """Readers come daily; what is older is not needed."""
    before = timezone.make_aware(datetime.combine(on - timedelta(days=TOUCHES_KEPT_DAYS), time()))
    return _("清理 %(n)s 条过期的变动标记。") % {"n": touches.forget(before)}
