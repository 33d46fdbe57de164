"""Admission: how long it takes until a department sees what of its attached form is held already, from the upload to the checks."""

from __future__ import annotations

import statistics
from datetime import timedelta
from decimal import Decimal

from tests.bench.ground import line, seconds

LIMIT = 2.0
RUNS = 5


def run() -> None:
    """Attach a form of 34 columns, check the application, and hand it to the page; nothing is kept."""
    from django.db import transaction
    from django.utils import timezone

    from linli.access import sealed_files
    from linli.access.units import named_unit
    from linli.admission import actions, checking
    from linli.audit.recording import SYSTEM
    from linli.demo.admission_making import HEADINGS, TITLE
    from linli.demo.places_making import STREET
    from tests.bench.forms import form

    day = timezone.localdate()
    paths = []
    with transaction.atomic():
        unit = named_unit(STREET[:6], "延庆区民政局")
        application = actions.save_draft(
            acting_user=SYSTEM,
            unit=unit,
            areas=[STREET],
            title="高龄津贴发放对象季度核对",
            content="核对享受高龄津贴的老人是否健在",
            things=["form"],
            times=4,
            since=day + timedelta(days=60),
            until=day + timedelta(days=400),
            hours=Decimal(8),
            money=Decimal(800),
        )

        def shown(number: int) -> None:
            attached = actions.attach_form(
                acting_user=SYSTEM,
                application=application,
                name="核对表.xlsx",
                data=form(tuple(HEADINGS), f"{TITLE}{number}"),
            )
            paths.append(attached.path)
            checking.check(application)
            attached.delete()

        shown(0)
        times = [seconds(lambda number=number: shown(number)) for number in range(1, RUNS + 1)]  # type: ignore[misc]
        transaction.set_rollback(True)
    for path in paths:
        sealed_files.drop(path)
    line(
        f"准入申请附 {len(HEADINGS)} 列的空表：识别、与底数和已有的表对照、全部检查",
        f"{statistics.median(times):.2f} 秒",
        f"标准 {LIMIT:g} 秒以内",
    )
