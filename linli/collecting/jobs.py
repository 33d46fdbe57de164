"""Long work of form tasks: filling a community's copy, merging what was signed, making PDF; and the reminders of the day."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted
from linli.collecting.actions import (
    drop_known,
    fill_part,
    merged,
    print_ledger,
    print_part,
    tell_due,
    tell_reviews,
)
from linli.collecting.actions.answering import FILL
from linli.collecting.actions.handing_over import SHEETS
from linli.collecting.actions.standing import FILL as FILL_FORMS
from linli.collecting.actions.working import RECEIVE, SEND
from linli.collecting.models import FormPart, FormTask, Ledger
from linli.jobs.daily import daily
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.ledgers.jobs import hand_paper
from linli.ledgers.recognition import CARD

MERGE = "collecting.merge"
PRINT_PART = "collecting.print"
PRINT_LEDGER = "collecting.print_ledger"


@handler(FILL, title="填报表任务")
def run_fill(running: Running, *, part: int) -> None:
    """Fill a copy. Run a second time it finds it filled."""
    found = FormPart.objects.select_related("task__unit").filter(pk=part).first()
    if found is None:
        raise NotPermitted(RECEIVE)
    running.stage(_("读取登记库并填写"))
    made = fill_part(acting_user=running.user, part=found)
    running.finish(
        _("已填好 %(rows)s 行，还有 %(blank)s 格空白。请核对后提交审核。")
        % {"rows": made.rows, "blank": made.blanks},
        result={
            "counts": [[_("行数"), made.rows, _("行")], [_("空白"), made.blanks, _("格")]],
            "url": made.get_absolute_url(),
        },
    )


@handler(MERGE, title="合并报送的表")
def run_merge(running: Running, *, task: int, way: str) -> None:
    """One workbook of what was signed."""
    found = FormTask.objects.select_related("unit").filter(pk=task).first()
    if found is None:
        raise NotPermitted(SEND)
    running.stage(_("合并各社区报送的表"), found.parts.count(), unit=_("个社区"))
    made = merged(acting_user=running.user, task=found, way=way, tick=running.progress)
    file = running.folder() / f"merged.{made.ending}"
    file.write_bytes(made.data)
    suffix = _("分社区") if way == SHEETS else _("汇总")
    unit = _("张") if found.kind == CARD else _("行")
    running.finish(
        _("已合并 %(n)s 个社区的“%(title)s”。") % {"n": made.communities, "title": found.title},
        result={"counts": [[_("社区"), made.communities, _("个")], [_("内容"), made.rows, unit]]},
        file=file,
        name=f"{found.name.rsplit('.', 1)[0]}（{suffix}）.{made.ending}",
    )


@handler(PRINT_PART, title="打印报表")
def run_print(running: Running, *, part: int) -> None:
    """A community's copy as PDF."""
    found = FormPart.objects.select_related("task__unit").filter(pk=part).first()
    if found is None:
        raise NotPermitted(RECEIVE)
    running.stage(_("排版成 PDF"))
    hand_paper(running, *print_part(acting_user=running.user, part=found))


@handler(PRINT_LEDGER, title="打印台账")
def run_print_ledger(running: Running, *, ledger: int, on: str) -> None:
    """A standing ledger as of a day as PDF."""
    found = Ledger.objects.filter(pk=ledger).first()
    if found is None:
        raise NotPermitted(FILL_FORMS)
    running.stage(_("填写台账，排版成 PDF"))
    hand_paper(running, *print_ledger(acting_user=running.user, ledger=found, on=date.fromisoformat(on)))


@daily("collecting.due")
def remind_of_due(on: date) -> str:
    """Remind of copies that are due or late."""
    return f"核对 {tell_due(on)} 份没有报送的报表"


@daily("collecting.known")
def drop_known_questions(on: date) -> str:
    """Questions that the base answers by now need not be asked any more."""
    return f"{drop_known(on)} 处入户采集不用再问"


@daily("collecting.ledgers")
def remind_of_reviews(on: date) -> str:
    """Ask the keepers of standing ledgers that are due to look through them."""
    return f"{tell_reviews(on)} 本台账该核对"
