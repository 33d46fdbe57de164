"""Organisations."""

from __future__ import annotations

from tests.permissions.table.rows import Row, lookers, own, place, workers

ROWS: tuple[Row, ...] = (
    lookers("organisations:organisations"),
    workers("organisations:add"),
    place("organisations:organisation", "organisation"),
    own("organisations:edit", "organisation"),
    own("organisations:close", "organisation"),
    own("organisations:reopen", "organisation"),
    own("organisations:contact", "organisation"),
    lookers("organisations:export"),
    lookers("organisations:options"),
    lookers("organisations:checks"),
    own("organisations:premises_add", "organisation"),
    own("organisations:position_add", "organisation"),
    own("organisations:tie_add", "organisation"),
    own("organisations:estate_add", "organisation"),
    own("organisations:check_add", "organisation"),
    own("organisations:premises_end", "premises"),
    own("organisations:position_end", "position"),
    own("organisations:tie_end", "tie"),
    own("organisations:estate_remove", "managed"),
    own("organisations:check_finish", "check"),
)
