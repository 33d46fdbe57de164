"""Importing a workbook of residents and homes: all of it in one transaction, so that a death on the way leaves nothing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.audit import recording as audit
from linli.regions.models import Level, Region
from linli.registry.intake.columns import Headings
from linli.registry.intake.outcome import Listener, Outcome
from linli.registry.intake.reading import BadWorkbook, check
from linli.registry.intake.rules.facts import Wrong
from linli.registry.intake.run import Run

__all__ = ["Listener", "Outcome", "import_workbook", "may_import"]

# Writes the refused rows: the headings, (row number, cells) and what is wrong with them.
GiveBack = Callable[[Headings, Iterable[tuple[int, Sequence[Any]]], Mapping[int, list[Wrong]]], Any]


def may_import(user: Any, region: Region) -> None:
    """Refuse regions that are no community or street, and those where the user may not import.

    Raises RuleError.
    """
    if region.level not in (Level.STREET, Level.COMMUNITY):
        raise audit.RuleError(_("请选择一个社区或街道（乡镇）导入。"), field="region")
    scopes = user.scopes(Permission.IMPORT_REGISTRY)
    inside = any(region.region_code in scope or region.scope.covers(scope) for scope in scopes)
    if not inside:
        raise audit.RuleError(_("您没有在“%(name)s”导入的权限。") % {"name": region.title}, field="region")


def import_workbook(
    *,
    acting_user: Any,
    path: Path,
    region: Region,
    name: str = "",
    listener: Listener | None = None,
    give_back: GiveBack | None = None,
) -> Outcome:
    """Read, check and merge a workbook. Importing it again changes nothing.

    Rows with faults are left out, told in the outcome, and handed to `give_back` when there are any, as soon as the others are in.
    Raises RuleError when the file as a whole cannot be used.
    """
    may_import(acting_user, region)
    heard = listener or Listener()
    begun = time.monotonic()
    try:
        heard.stage(_("检查文件"))
        sheet = check(path, name)
        for attempt in (1, 2):
            heard.stage(_("打开文件"))
            run = Run(acting_user, region, path, sheet, heard)
            with contextlib.closing(run.reading) as reading:
                try:
                    outcome = run.run()
                except IntegrityError:
                    # Somebody has registered one of the people while we were at it; the second look sees them.
                    if attempt == 1:
                        continue
                    raise audit.RuleError(
                        _("导入时有人正在登记同一些居民，没有导入。请稍后重新上传。"), field="file"
                    ) from None
                if give_back is not None and outcome.wrong:
                    give_back(sheet.headings, reading.cells(outcome.wrong), outcome.wrong)
            outcome.seconds = time.monotonic() - begun
            return outcome
    except BadWorkbook as error:
        raise audit.RuleError(str(error), field="file") from None
    raise AssertionError
