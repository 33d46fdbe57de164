"""Who gets which answer from which address: one row per URL name.

Columns: the worker of the community the record lies in, the officer of its street, the officer of a district department, the
worker of the neighbouring community, the administrator of the district, a stranger with an account but no post. Nobody logged
in is always sent to the login page, except where `open_to_all`.

200 shown (for a form sent with GET) · 302 done and sent on · 403 the permission is held nowhere · 404 held, but not there ·
405 only by POST.
"""

from __future__ import annotations

from tests.permissions.table import (
    adjustment,
    admission,
    certificates,
    collecting,
    flow,
    forms,
    gate,
    intake,
    office,
    organisations,
    people,
    places,
    sharing,
)
from tests.permissions.table.rows import Row

__all__ = ["ROOMS", "TABLE", "Row"]

ROOMS: dict[str, tuple[Row, ...]] = {
    room.__name__.rpartition(".")[2]: tuple(room.ROWS)
    for room in (
        office,
        collecting,
        places,
        organisations,
        people,
        intake,
        forms,
        admission,
        flow,
        gate,
        adjustment,
        sharing,
        certificates,
    )
}
TABLE: tuple[Row, ...] = tuple(row for rows in ROOMS.values() for row in rows)
