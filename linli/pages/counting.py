"""How many rows a list has, counted once for as long as nothing is written.

Turning the pages of a street's 45,000 people would count them on every page. A count is kept with the number of the last deed in
the chain of events, which is given when a transaction commits: the next deed of anybody makes it be counted anew. Work in bulk
whose event comes at its end is seen at the latest after `LINLI_COUNT_SECONDS`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from linli.audit.models import ChainHead
from linli.kernel.brief import Brief

Count = tuple[int, bool]

_kept: Brief[Count] = Brief(most=2_000)


def counted(rows: QuerySet, count: Callable[[], Count]) -> Count:
    """What `count` says of the rows (their number, and whether there are more), or said of the very same question before."""
    seconds = settings.LINLI_COUNT_SECONDS
    if not seconds:
        return count()
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return 0, False
    last_deed = ChainHead.objects.values_list("seq", flat=True).first() or 0
    return _kept.get((statement, repr(values), last_deed), count, seconds)
