"""Long work of the intake: importing and exporting."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.regions.models import Region
from linli.registry.intake import exporting
from linli.registry.intake.actions import import_workbook
from linli.registry.intake.sheets import write_marked


@handler("intake.import", title="导入居民与房屋", files=("path",))
def run_import(running: Running, *, path: str, region: str, name: str = "") -> None:
    """Import an uploaded workbook; the refused rows come back as a marked one."""
    file = Path(settings.MEDIA_ROOT) / path
    refused = running.folder() / "refused.xlsx"
    outcome = import_workbook(
        acting_user=running.user,
        path=file,
        region=Region.objects.get(region_code=region),
        name=name,
        listener=running,  # type: ignore[arg-type]
        give_back=partial(write_marked, refused),
    )
    running.finish(
        outcome.sentence(),
        result={
            "counts": [
                [_("新增"), outcome.new, _("人")],
                [_("更新"), outcome.updated, _("人")],
                [_("无变化"), outcome.unchanged, _("人")],
                [_("迁居"), outcome.moved, _("人")],
                [_("新增房屋"), outcome.homes, _("套")],
                [_("退回"), outcome.rejected, _("行")],
            ],
            "notes": outcome.notes(),
            "seconds": round(outcome.seconds, 1),
        },
        file=refused if outcome.rejected else None,
        name=_("退回的行-%(name)s.xlsx") % {"name": Path(name).stem or f"{date.today():%Y%m%d}"},
    )


@handler("intake.export_people", title="导出居民")
def run_export_people(
    running: Running,
    *,
    ids: list[int],
    columns: list[str],
    unmask: bool = False,
    purpose: str = "",
    on: str = "",
) -> None:
    """Write people to a workbook, as of a day where one is given."""
    running.stage(_("写入表格"), len(ids), unit=_("人"))
    file = running.folder() / "people.xlsx"
    day = date.fromisoformat(on) if on else None
    count = exporting.write_people(
        running.user, ids, columns, file, running, unmask=unmask, purpose=purpose, on=day
    )
    running.finish(
        _("已导出 %(n)s 人。") % {"n": f"{count:,}"},
        file=file,
        name=_("居民-%(day)s.xlsx") % {"day": f"{day or date.today():%Y%m%d}"},
    )


@handler("intake.export_homes", title="导出房屋")
def run_export_homes(running: Running, *, ids: list[int], columns: list[str]) -> None:
    """Write homes to a workbook."""
    running.stage(_("写入表格"), len(ids), unit=_("套"))
    file = running.folder() / "homes.xlsx"
    count = exporting.write_homes(running.user, ids, columns, file, running)
    running.finish(
        _("已导出 %(n)s 套。") % {"n": f"{count:,}"},
        file=file,
        name=_("房屋-%(day)s.xlsx") % {"day": f"{date.today():%Y%m%d}"},
    )
