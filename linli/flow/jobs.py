"""Long work of the flow: working the limits out anew after the calendar changed."""

from __future__ import annotations

from linli.flow.actions import recount_all
from linli.jobs.registry import handler
from linli.jobs.running import Running


@handler("flow.recount", title="按新的工作日历重算期限")
def recount(running: Running) -> None:
    """Recount every running clock."""
    changed = recount_all()
    running.finish(f"已按新的工作日历重算，{changed} 个期限有变化。" if changed else "所有期限都不受影响。")
