"""What groups do each night: rules propose, and to-dos say what is due and what waits for a decision."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.jobs.daily import daily
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.registry.groups import proposals, telling
from linli.registry.groups.models import Group


@handler("groups.propose", title="按规则提出人群建议")
def propose_now(running: Running, *, group: int) -> None:
    """Let the rules of one group propose, because somebody has just changed them."""
    found = Group.objects.get(pk=group)
    running.stage(_("核对规则"))
    made = proposals.propose_all(timezone.localdate(), group=found)
    telling.tell_proposed(timezone.localdate())
    running.finish(
        _("“%(group)s”的规则提出了 %(n)s 条新建议。") % {"group": found.name, "n": f"{made:,}"}
        if made
        else _("“%(group)s”的规则没有新的建议。") % {"group": found.name}
    )


@daily("groups.1_propose")
def propose_daily(on: date) -> str:
    """The rules propose."""
    made = proposals.propose_all(on)
    told = telling.tell_proposed(on)
    return f"新提出 {made:,} 条人群建议，{told} 个社区有待确认的建议"


@daily("groups.2_due")
def tell_what_is_due(on: date) -> str:
    """To-dos of what is due."""
    return f"{telling.tell_due(on)} 个社区有到期事项"
