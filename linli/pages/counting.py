"""How many rows a list has, counted once for as long as nothing is done: turning the pages of a street's 45,000 people would count
them on every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from linli.audit.unchanged import Unchanged

Count = tuple[int, bool]

_kept: Unchanged[Count] = Unchanged(most=2_000)


def counted(rows: QuerySet, count: Callable[[], Count]) -> Count:
    """What `count` says of the rows (their number, and whether there are more), or said of the very same question before."""
    if not settings.LINLI_COUNT_SECONDS:
        return count()
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return 0, False
    return _kept.get((statement, repr(values)), count)
