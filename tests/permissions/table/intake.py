"""Import, returned rosters, change requests, quality, sources, matching."""

from __future__ import annotations

from typing import Any

from linli.access.testing import COMMUNITY
from tests.permissions.table.rows import Row, lookers, managers, workers


def kept(name: str, key: str, status: int = 200, **more: Any) -> Row:
    """A record of the worker's community that stands among the world's further ones."""
    return Row(name, status, status, 403, 404, 403, 403, arguments=lambda w: {"pk": w.extra[key].pk}, **more)


ROWS: tuple[Row, ...] = (
    workers("intake:import"),
    workers("returns:list"),
    workers("returns:organisations"),
    workers("returns:organisation_template"),
    workers("returns:group_template", arguments=lambda _w: {"code": "volunteer"}),
    *(
        Row(
            name,
            status,
            404,
            403,
            404,
            403,
            403,
            arguments=lambda w, more=more: {"pk": w.extra["returned"].pk} | more,
        )  # type: ignore[misc]
        for name, status, more in (
            ("returns:return", 200, {}),
            ("returns:column", 200, {"column": 1}),
            ("returns:values", 200, {"column": 3}),
            ("returns:file", 404, {}),
        )
    ),
    lookers("changes:list"),
    lookers("changes:propose_by_number"),
    Row(
        "changes:propose",
        200,
        200,
        200,
        404,
        403,
        403,
        arguments=lambda w: {"about": "home", "pk": w.home.pk},
    ),
    Row("changes:proposal", 200, 200, 200, 404, 403, 403, arguments=lambda w: {"pk": w.extra["change"].pk}),
    Row("changes:evidence", 404, 404, 404, 404, 403, 403, arguments=lambda w: {"pk": w.extra["change"].pk}),
    workers("quality:overview"),
    Row("quality:community", 200, 200, 403, 404, 403, 403, arguments=lambda w: {"region": COMMUNITY}),
    Row(
        "quality:check",
        200,
        200,
        403,
        404,
        403,
        403,
        arguments=lambda w: {"region": COMMUNITY, "check": "no_phone"},
    ),
    Row(
        "quality:aside",
        200,
        200,
        403,
        404,
        403,
        403,
        arguments=lambda w: {"region": COMMUNITY, "check": "home_owned_empty"},
    ),
    Row(
        "quality:again",
        302,
        302,
        403,
        404,
        403,
        403,
        post=True,
        arguments=lambda w: {"region": COMMUNITY, "check": "home_owned_empty"},
    ),
    workers("sources:conflicts"),
    managers("sources:kinds"),
    managers("sources:kind", arguments=lambda w: {"pk": w.extra["source_kind"].pk}),
    workers("matching:list"),
    workers("matching:merges"),
    workers("matching:scan", 302, post=True),
    kept("matching:pair", "pair"),
    kept("matching:merge", "merge"),
    workers("intake:export_people"),
    workers("intake:template"),
)
