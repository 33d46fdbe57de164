"""The duty catalogue of the demonstration district: the list before the reform, then the reform of report 002."""

from __future__ import annotations

from datetime import date

from linli.access.models import User
from linli.audit.recording import SYSTEM
from linli.gate.catalogue import actions, examples
from linli.gate.catalogue.examples import Example
from linli.gate.catalogue.models import Edition, Item
from linli.regions import names

NOTE = "梳理社区承担的事务，取消没有依据的、应由部门自己做的和重复的，保留以公共事务、公益事业为主和居民利益有关的事项。"


def make_catalogue(region_code: str, on: date) -> Edition:
    """Both editions; the reformed one takes effect on the first of the month. The community office's officer publishes."""
    officer = User.objects.filter(username="quji").first() or SYSTEM
    title = f"{names.title(region_code)}社区工作事项清单"
    before = examples.draft_from_example(
        acting_user=officer, region_code=region_code, example=Example.BEFORE, title=title
    )
    actions.publish(acting_user=officer, edition=before, on=date(on.year - 2, 1, 1), tell=False)
    reformed = actions.start_draft(acting_user=officer, region_code=region_code, title=title, note=NOTE)
    examples.carry_out_reform(acting_user=officer, edition=reformed)
    reformed = actions.publish(acting_user=officer, edition=reformed, on=on.replace(day=1), tell=False)
    rests = Item.objects.get(title="住户抽样调查协助", until=None)
    actions.suspend(acting_user=officer, item=rests, reason="部门承诺的经费还没有拨付到社区")
    return reformed
