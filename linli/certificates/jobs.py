"""What is done once a day, and the seal log as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.roles import Permission
from linli.certificates import sheets
from linli.certificates.actions import checking
from linli.certificates.models import SealUse
from linli.jobs.daily import daily
from linli.jobs.registry import handler
from linli.jobs.running import Running

EXPORT: Final = "certificates.seal_log"
_BLOCK = 2_000


def logged(user: Any, ids: Sequence[int]) -> Iterator[SealUse]:
    """These lines of the seal log that the user may see, in the order of the book, a block at a time."""
    rows = SealUse.objects.permitted(user, Permission.VIEW_CERTIFICATES).filter(pk__in=ids)
    return rows.select_related("seal").order_by("issuer_code", "year", "number").iterator(_BLOCK)


@handler(EXPORT, title="导出用印登记")
def export_seal_log(running: Running, *, ids: list[int]) -> None:
    """Write the lines of the seal log to a workbook."""
    running.stage(_("写入表格"), len(ids), unit=_("条"))
    file = running.folder() / "seals.xlsx"
    written = 0

    def heard() -> Iterator[SealUse]:
        nonlocal written
        for one in logged(running.user, ids):
            written += 1
            if written % _BLOCK == 0:
                running.progress(written)
            yield one

    sheets.seal_log(heard(), file)
    running.finish(
        _("已导出 %(n)s 条。") % {"n": f"{written:,}"},
        file=file,
        name=f"{_('用印登记')}-{timezone.localdate():%Y%m%d}.xlsx",
    )


@daily("certificates.tries")
def forget_tries(on: date) -> str:
    """Forget what was counted for the limits of the public checks."""
    return f"清理 {checking.forget_tries(timezone.now() - timedelta(days=1))} 条"
