"""Reviews of many memberships at once: a round of visits found that all of them still belong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.registry.groups import actions, reviews
from linli.registry.groups.models import Matter

MOST = 500


def confirm_reviews(
    *, acting_user: Any, membership_ids: Iterable[int], on: date, how: str
) -> tuple[int, list[str]]:
    """All of these still belong, verified `how` on a day. Returns how many, and in words who could not be reviewed so: an end
    that falls due needs a new one for each.

    Raises RuleError without a word on how it was verified, for a day to come, and when nothing is due of them.
    """
    if len(how.strip()) < 2:
        raise RuleError(_("请写明怎样核实的，例如“入户核实，情况没有变化”。"), field="how")
    if on > timezone.localdate():
        raise RuleError(_("核实日期还没有到，请填写今天或以前的日期。"), field="on")
    ids = list(membership_ids)
    if len(ids) > MOST:
        raise RuleError(_("一次最多办理 %(n)d 项，请用条件分批选择。") % {"n": MOST})
    done, problems = 0, []
    with audit.action(acting_user, "groups.confirm_reviews") as act:
        due: Any = reviews.visible(acting_user, timezone.localdate())
        found = list(due.filter(pk__in=ids).select_related("person", "group").order_by("person_id", "pk"))
        if not found:
            raise RuleError(_("这些都已经办过了，请刷新列表。"))
        for one in found:
            said = f"{one.person.name}（{one.group.name}）"
            if one.matter == Matter.EXPIRY:
                problems.append(
                    _("%(who)s：%(day)s 到期，请点“继续”填新的到期日期") % {"who": said, "day": one.due_on}
                )
                continue
            try:
                actions.confirm_membership(
                    acting_user=acting_user, membership_id=one.pk, on=on, how=how.strip()
                )
                done += 1
            except RuleError as error:
                problems.append(f"{said}：{error.message}")
        act.nothing_to_record()  # each membership recorded its own
    return done, problems
