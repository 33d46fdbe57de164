"""Looking at and applying long rosters."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.access import sealed_files
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.returns import actions, rules
from linli.returns.models import Return, State

PREVIEW, APPLY, IMPORT = "returns.preview", "returns.apply", "returns.import"


@handler(PREVIEW, title="名册预览")
def run_preview(running: Running, *, returned: int) -> None:
    """Try all rows; run again it looks anew."""
    running.stage(_("逐行核对"), unit=_("行"))
    made = actions.preview_return(acting_user=running.user, return_id=returned, progress=running.progress)
    running.finish(
        _("预览好了，请回到名册看会改什么：%(said)s。") % {"said": actions.sentence(made)},
        result={
            "counts": [
                [label, made.counts[kind], _("行")] for kind, label in rules.KINDS if made.counts.get(kind)
            ]
        },
    )


@handler(APPLY, title="名册入库")
def run_apply(running: Running, *, returned: int) -> None:
    """Apply all rows; run again it finds most of them unchanged."""
    running.stage(_("逐行入库"), unit=_("行"))
    _finish(
        running,
        actions.apply_return(acting_user=running.user, return_id=returned, progress=running.progress),
    )


@handler(IMPORT, title="导入单位")
def run_import(running: Running, *, returned: int) -> None:
    """Import the template of organisations; the refused rows come back as a marked workbook."""
    running.stage(_("逐行导入"), unit=_("行"))
    _finish(
        running,
        actions.import_return(acting_user=running.user, return_id=returned, progress=running.progress),
    )


def _finish(running: Running, made: Return) -> None:
    file = None
    if made.state == State.APPLIED and made.sent_back:
        file = running.folder() / "sent-back.xlsx"
        file.write_bytes(sealed_files.read(made.sent_back))
    running.finish(
        _("已入库：%(said)s。") % {"said": actions.sentence(made)},
        result={
            "counts": [
                [label, made.counts[kind], _("行")] for kind, label in rules.KINDS if made.counts.get(kind)
            ]
        },
        file=file,
        name=f"{made.title}（退回）.xlsx",
    )
