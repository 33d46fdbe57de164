"""Answers that hold until somebody does something.

Every write leaves an event, and the chain of events numbers it when its transaction commits (`audit.sql`). An answer is kept with the
number of the last deed: the next deed of anybody, in any process, makes it be found out anew. Work in bulk whose event comes at its
end is seen at the latest after `LINLI_COUNT_SECONDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connection

from linli.kernel.brief import Brief

T = TypeVar("T")


def last_deed() -> int:
    """The number of the last deed in the chain of events, 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM audit_chainhead")
        row = cursor.fetchone()
    return row[0] if row else 0


class Unchanged(Generic[T]):
    """Answers by question, each until the next deed; the `most` last used are held."""

    def __init__(self, most: int) -> None:
        self._held: Brief[T] = Brief(most)

    def get(self, question: Hashable, find_out: Callable[[], T]) -> T:
        """The answer held, or found out now: always now within a transaction, which may have written what no deed tells of yet."""
        seconds = settings.LINLI_COUNT_SECONDS
        if not seconds or connection.in_atomic_block:
            return find_out()
        return self._held.get((question, last_deed()), find_out, seconds)

    def forget(self) -> None:
        """Hold nothing any more."""
        self._held.forget()
