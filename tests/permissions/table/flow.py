"""Cases."""

from __future__ import annotations

from typing import Any

from tests.permissions.table.rows import Row, everybody, managers
from tests.permissions.world import World


def handlers(name: str, **more: Any) -> Row:
    """Pages of all who handle cases."""
    return Row(name, 200, 200, 200, 200, 403, 403, **more)


def on_case(
    name: str, worker: int, officer: int, department: int, *, post: bool = False, **extra: Any
) -> Row:
    """Something about the case that the worker's community began, the street coordinates and a department supports."""

    def arguments(world: World) -> dict[str, Any]:
        found = {
            key: world.extra[value].pk if value in world.extra else value for key, value in extra.items()
        }
        return {"pk": world.extra["case"].pk, **found}

    return Row(name, worker, officer, department, 404, 403, 403, arguments=arguments, post=post)


ROWS: tuple[Row, ...] = (
    handlers("flow:inbox"),
    everybody("flow:kinds"),
    everybody("flow:kind", arguments=lambda w: {"key": "test_whistle"}),
    managers("flow:kind_limits", arguments=lambda w: {"key": "test_whistle"}),
    managers("flow:kind_publish", 404, arguments=lambda w: {"key": "test_whistle"}),
    on_case("flow:case", 200, 200, 200),
    on_case("flow:follow", 302, 302, 302, post=True),
    on_case("flow:add_units", 404, 200, 404),
    on_case("flow:step", 404, 200, 404, step="assign"),
    on_case("flow:extend", 404, 200, 404, clock="clock"),
    on_case("flow:paper", 404, 404, 404, file=1),
    on_case("flow:claim", 404, 302, 404, task="lead", post=True),
    on_case("flow:report", 404, 404, 200, task="support"),
    on_case("flow:send_back", 404, 404, 200, task="support"),
    on_case("flow:withdraw", 404, 200, 404, task="support"),
    on_case("flow:hand_over", 404, 200, 404, task="lead"),
)
