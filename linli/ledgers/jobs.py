"""Long work of the forms: filling a large roster, and making a PDF."""

from __future__ import annotations

import shutil
from datetime import date

from django.utils.translation import gettext as _

from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.ledgers.actions import fill_form, own_filled, own_upload, print_filled
from linli.ledgers.models import FilledForm
from linli.ledgers.printing import Printed, paper_name

FILL = "ledgers.fill"
PRINT = "ledgers.print"


@handler(FILL, title="填表")
def run_fill(
    running: Running, *, upload: int, region: str, on: str, notes: bool, highlight: bool, who: str = ""
) -> None:
    """Fill an uploaded form. Run a second time it gives what the first run kept."""
    form = own_upload(running.user, upload)
    day = date.fromisoformat(on)
    made = FilledForm.objects.filter(
        upload=form,
        made_by_id=running.user.pk,
        region_code=region,
        on=day,
        made_at__gte=running.job.created_at,
    ).first()
    if made is None:
        running.stage(_("读取登记库并填写"))
        made = fill_form(
            acting_user=running.user,
            upload=form,
            region_code=region,
            on=day,
            notes=notes,
            highlight=highlight,
            who=who,
        )
    file = running.folder() / f"filled{made.suffix}"
    with made.file.open("rb") as stored, file.open("wb") as out:
        shutil.copyfileobj(stored, out)
    running.finish(
        _("已填好 %(rows)s 行，空白 %(blank)s 格。") % {"rows": made.rows, "blank": made.blank_cells},
        result={"counts": [[_("行数"), made.rows, _("行")], [_("已填"), made.filled_cells, _("格")]]},
        file=file,
        name=made.download_name,
    )


@handler(PRINT, title="打印")
def run_print(running: Running, *, filled: int) -> None:
    """A filled form as PDF."""
    found = own_filled(running.user, filled)
    running.stage(_("排版成 PDF"))
    hand_paper(running, print_filled(acting_user=running.user, filled=found), found.download_name)


def hand_paper(running: Running, made: Printed, name: str) -> None:
    """Give the PDF of the workbook of that name to whoever asked for it."""
    file = running.folder() / "paper.pdf"
    file.write_bytes(made.data)
    running.finish(made.message, file=file, name=paper_name(name))
