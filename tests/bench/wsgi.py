"""The server's application, and in front of it the baseline: the statements of a page through psycopg, and an empty page.

GET /bench/3/ runs the fourth list of statements in the file BENCH_STATEMENTS, then answers as the empty page does.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from linli.site.wsgi import application as linli

_STATEMENTS: list[list[str]] = json.loads(Path(os.environ["BENCH_STATEMENTS"]).read_text())
_EMPTY = os.environ["BENCH_EMPTY"]


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The WSGI application."""
    if found := re.fullmatch(r"/bench/(\d+)/", environ["PATH_INFO"]):
        from django.db import connection

        connection.ensure_connection()
        with connection.connection.cursor() as cursor:
            for statement in _STATEMENTS[int(found[1])]:
                cursor.execute(statement)
                if cursor.description:
                    cursor.fetchall()
        environ["PATH_INFO"] = _EMPTY
    answer: Iterable[bytes] = linli(environ, start_response)
    return answer
