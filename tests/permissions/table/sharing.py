"""Sharing with departments."""

from __future__ import annotations

from typing import Any

from tests.permissions.table.rows import Row, everybody, managers
from tests.permissions.world import World


def _client(world: World) -> dict[str, Any]:
    return {"pk": world.extra["entitlement"].client_id}


def _entitlement(world: World) -> dict[str, Any]:
    return {"pk": world.extra["entitlement"].pk}


ROWS: tuple[Row, ...] = (
    managers("sharing:clients"),
    managers("sharing:client_add"),
    managers("sharing:client", arguments=_client),
    managers("sharing:client_edit", arguments=_client),
    managers("sharing:key_issue", arguments=_client),
    managers("sharing:grant", arguments=_client),
    managers("sharing:key_revoke", 302, arguments=lambda w: {"pk": w.extra["key"].pk}, post=True),
    managers("sharing:confirm", 302, arguments=_entitlement, post=True),
    managers("sharing:end", arguments=_entitlement),
    managers("sharing:calls"),
    everybody("sharing:docs", open_to_all=True),
)
