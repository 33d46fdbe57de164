"""Long work of places: exporting large lists."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linli.facts.dictionary import dictionary
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.registry.places import sheets


@handler("places.export", title="导出房屋")
def run_export(running: Running, *, subject: str, ids: list[int]) -> None:
    """Write a list to a workbook."""
    label = dictionary.subject(subject).label
    running.stage(_("写入表格"), len(ids), unit=_("行"))
    file = running.folder() / "places.xlsx"
    count = sheets.write(running.user, subject, ids, file, running)
    running.finish(
        _("已导出 %(n)s 行。") % {"n": f"{count:,}"},
        file=file,
        name=f"{label}-{date.today():%Y%m%d}.xlsx",
    )
