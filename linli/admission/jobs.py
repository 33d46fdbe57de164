"""Daily work of admission: money that falls due and is late, emergencies to look back on, trials and items about to end."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linli.admission import actions
from linli.admission.actions.emergencies import remind_reviews
from linli.admission.actions.ending import remind_of_ends
from linli.jobs.daily import daily


@daily("admission.arrears")
def look_at_arrears(on: date) -> str:
    """Suspend items whose money is late beyond the rule, resume those paid, tell departments what is due."""
    done = actions.look_at_arrears(on)
    return _("因欠款暂停 %(s)s 项，付清恢复 %(r)s 项，提醒 %(t)s 项应付款。") % {
        "s": done["suspended"],
        "r": done["resumed"],
        "t": done["told"],
    }


@daily("admission.emergencies")
def look_at_emergencies(on: date) -> str:
    """Ask for the reviews of emergencies that are over."""
    return _("已失效、待复盘的应急事项 %(n)s 项。") % {"n": remind_reviews(on)}


@daily("admission.ends")
def look_at_ends(on: date) -> str:
    """Remind of trials and items that end soon."""
    done = remind_of_ends(on)
    return _("试行将满 %(t)s 项，将到期 %(e)s 项。") % {"t": done["trials"], "e": done["items"]}
