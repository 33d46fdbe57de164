"""`linli import`: the same import from the command line."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from django.core.management import CommandError

from linli.access.models import User
from linli.audit.recording import SYSTEM, RuleError
from linli.regions.lookup import RegionNotFound, by_code
from linli.registry.intake.actions import Listener, import_workbook
from linli.registry.intake.sheets import write_marked


class _Printer(Listener):
    """Prints how far it is: one line that grows on a terminal, a line a step elsewhere."""

    def __init__(self) -> None:
        self.text, self.total, self.unit, self.shown = "", 0, "", -1

    def stage(self, text: str, total: int = 0, *, unit: str | None = None) -> None:
        self.text, self.total, self.unit, self.shown = text, total, unit or self.unit, -1
        if not sys.stderr.isatty():
            sys.stderr.write(f"{text}……\n")

    def progress(self, done: int, total: int | None = None) -> None:
        percent = int(done * 100 / self.total) if self.total else 0
        if sys.stderr.isatty() and percent != self.shown:
            self.shown = percent
            end = "\n" if self.total and done >= self.total else ""
            sys.stderr.write(f"\r{self.text}：{done:,} / {self.total:,} {self.unit}　{end}")
            sys.stderr.flush()


def import_command(workbook: Path, region: str, user: str | None = None) -> str:
    """Import a workbook for the region of that code, as a user (the system when none is named).

    The refused rows are written beside the workbook. Raises CommandError with a sentence.
    """
    acting = SYSTEM if user is None else User.objects.filter(username__iexact=user).first()
    if acting is None:
        raise CommandError(f"没有用户名为“{user}”的账号。")
    workbook = Path(workbook)
    target = workbook.with_name(f"{workbook.stem}-退回.xlsx")
    try:
        outcome = import_workbook(
            acting_user=acting,
            path=workbook,
            region=by_code(region),
            name=workbook.name,
            listener=_Printer(),
            give_back=partial(write_marked, target),
        )
    except (RegionNotFound, RuleError) as error:
        raise CommandError(str(error)) from None
    lines = [
        outcome.sentence(),
        f"用时 {outcome.seconds:.1f} 秒，每秒 {outcome.rows / max(outcome.seconds, 0.001):,.0f} 行。",
    ]
    if outcome.rejected:
        lines += [f"退回的行和原因在 {target}，改好后直接再导入它。"]
    return "\n".join(lines)
