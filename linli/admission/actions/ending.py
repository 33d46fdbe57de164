"""Trials and items about to end: the community office decides in time, the department asks to renew in time."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from linli.access.units import members
from linli.admission.models import Admission
from linli.admission.settings import office_of, setting_of
from linli.audit.recording import RuleError
from linli.notices import actions as notices

TRIAL, END = "admission.trial.", "admission.end."
# Opinions are asked before a trial is decided on: the office begins a month before its end.
TRIAL_AHEAD = timedelta(days=30)
# A renewal goes the way of an application: it is reminded of so much before the time that takes.
RENEW_AHEAD = timedelta(days=30)


def remind_of_ends(on: date) -> dict[str, int]:
    """Keep a to-do for each trial that ends within a month or has ended undecided (the office's) and each item whose renewal should be asked for now
    (the department's). Returns how many there are of each."""
    trials, ends = {}, {}
    waits = Q(trial_until__isnull=False, application__case__state="trial")
    found = Admission.objects.filter(Q(item__until__gt=on) | waits).select_related(
        "item", "application__unit", "application__case"
    )
    for admission in found.order_by("pk"):
        application, until = admission.application, admission.item.until
        assert until is not None
        if admission.trial_until is not None:
            if application.state == "trial" and until - TRIAL_AHEAD <= on:
                trials[f"{TRIAL}{application.pk}"] = (application, until)
            continue
        ahead = RENEW_AHEAD + timedelta(days=2 * setting_of(application.region_code).ahead_days)
        asked = application.renewals.exclude(case__state__in=["refused", "withdrawn"]).exists()
        if until - ahead <= on and not asked:
            ends[f"{END}{application.pk}"] = (application, until)
    for key, (application, until) in trials.items():
        try:
            people = members(office_of(application.region_code))
        except RuleError:
            continue
        over = until <= on
        said = f"“{application.title}”试行到 {until}，请征求意见并在到期前审定"
        if over:
            said = f"“{application.title}”试行已于 {until} 期满，部门不能再下派，请审定"
        notices.keep_todo(
            key,
            [one.pk for one in people],
            said,
            url=application.get_absolute_url(),
            is_urgent=over,
            due_on=until,
        )
    for key, (application, until) in ends.items():
        said = f"事项“{application.title}”{until} 到期，还要继续的请申请续期"
        people = members(application.unit)
        notices.keep_todo(
            key, [one.pk for one in people], said, url=application.get_absolute_url(), due_on=until
        )
    notices.settle_kept(TRIAL, besides=trials)
    notices.settle_kept(END, besides=ends)
    return {"trials": len(trials), "items": len(ends)}
