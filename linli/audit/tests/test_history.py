"""History's triggers in bulk."""

from __future__ import annotations

from django.db import connection


def test_triggers_find_said_that_none_is_ignored(db: None) -> None:
    """Unsaid, each row of a bulk update costs a subtransaction given up (site.home.NOTHING_IGNORED)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore')::text[]")
        assert cursor.fetchone() == ([],)
