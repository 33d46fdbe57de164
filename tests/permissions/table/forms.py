"""Forms filled, and lists of one's own."""

from __future__ import annotations

from typing import Any

from tests.permissions.table.rows import Row, lookers, managers, workers
from tests.permissions.world import World


def private(
    name: str, attribute: str, status: int = 200, *, extra: dict[str, Any] | None = None, **more: Any
) -> Row:
    """The worker's own piece of work with residents' data: nobody else's, whatever their area."""

    def arguments(world: World) -> dict[str, Any]:
        return {"pk": getattr(world, attribute).pk, **(extra or {})}

    return Row(name, status, 404, 403, 404, 403, 403, arguments=arguments, **more)


def _bands(world: World) -> dict[str, Any]:
    from linli.lists.models import Bands
    from linli.lists.seeds import ensure_bands

    ensure_bands()
    return {"pk": Bands.objects.earliest("pk").pk}


def _list(world: World) -> dict[str, Any]:
    return {"pk": world.extra["list"].pk}


TABLE_QUERY = {"subject": "person", "rows": "element:sex"}


ROWS: tuple[Row, ...] = (
    # forms
    workers("forms"),
    private("form", "form"),
    private("form_column", "form", extra={"column": 1}),
    private("form_column_forget", "form", 302, extra={"column": 1}, post=True),
    private("form_values", "form", extra={"column": 3}),
    private("form_values_forget", "form", 302, extra={"column": 3}, post=True),
    private("form_scope", "form"),
    private("form_scope_part", "form", extra={"part": 0}),
    private("form_again", "form", 302, post=True),
    private("filled_form", "filled"),
    private("filled_file", "filled"),
    private("filled_paper", "filled", 302, post=True),
    # lists of one's own
    lookers("lists:index"),
    managers("lists:bands"),
    managers("lists:band_add"),
    managers("lists:band_edit", arguments=_bands),
    managers("lists:band_delete", 302, arguments=_bands, post=True),
    lookers("lists:make"),
    Row("lists:table", 200, 200, 422, 200, 403, 403, query=TABLE_QUERY),
    Row("lists:table_file", 200, 200, 422, 200, 403, 403, query=TABLE_QUERY),
    Row("lists:pick", 200, 200, 422, 200, 403, 403, query={"subject": "person", "kind": "condition"}),
    Row("lists:compare", 200, 200, 422, 200, 403, 403, query={"subject": "person", "path": "age"}),
    Row("lists:save", 200, 200, 422, 200, 403, 403, query={"subject": "person"}),
    Row("lists:export", 200, 200, 422, 200, 403, 403, query={"subject": "person"}),
    Row("lists:list", 200, 404, 404, 404, 403, 403, arguments=_list),
    Row("lists:schedule", 200, 404, 404, 404, 403, 403, arguments=_list),
    Row("lists:unschedule", 302, 404, 404, 404, 403, 403, arguments=_list, post=True),
    Row("lists:delete", 302, 404, 404, 404, 403, 403, arguments=_list, post=True),
)
