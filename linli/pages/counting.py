"""How many rows a list has, counted once for as long as nothing is written.

Turning the pages of a street's 45,000 people would count them on every page. A count is kept with the number of the last deed in
the chain of events, which is given when a transaction commits: the next deed of anybody makes it be counted anew. Work in bulk
whose event comes at its end is seen at the latest after `LINLI_COUNT_SECONDS`.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from linli.audit.models import ChainHead

Count = tuple[int, bool]
MOST_KEPT = 2_000

_kept: OrderedDict[tuple[str, int], tuple[float, Count]] = OrderedDict()
_lock = Lock()


def counted(rows: QuerySet, count: Callable[[], Count]) -> Count:
    """What `count` says of the rows (their number, and whether there are more), or said of the very same question before."""
    seconds = settings.LINLI_COUNT_SECONDS
    if not seconds:
        return count()
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return 0, False
    key = (f"{statement}{values!r}", ChainHead.objects.values_list("seq", flat=True).first() or 0)
    now = time.monotonic()
    with _lock:
        at, found = _kept.get(key, (0.0, (0, False)))
        if at and now - at < seconds:
            _kept.move_to_end(key)
            return found
    found = count()
    with _lock:
        _kept[key] = (now, found)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found
