"""A row of the permission table, and the shapes that many rows have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.permissions.world import World

Arguments = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """The expected status of each character for one address."""

    name: str
    worker: int
    officer: int
    department: int
    neighbour: int
    administrator: int
    stranger: int
    arguments: Arguments = field(default=lambda world: {})
    query: dict[str, str] = field(default_factory=dict)
    post: bool = False
    open_to_all: bool = False


def record(world: World, attribute: str) -> Any:
    """A record of the world, by its attribute or its name among the extra ones."""
    return world.extra[attribute] if attribute in world.extra else getattr(world, attribute)


def pk(attribute: str) -> Arguments:
    return lambda world: {"pk": record(world, attribute).pk}


def everybody(name: str, status: int = 200, **more: Any) -> Row:
    """The same for every account."""
    return Row(name, status, status, status, status, status, status, **more)


def lookers(name: str, **more: Any) -> Row:
    """Lists that all who look at places may open: the administrator and the stranger may not."""
    return Row(name, 200, 200, 200, 200, 403, 403, **more)


def place(name: str, attribute: str, status: int = 200, **more: Any) -> Row:
    """A record of the worker's community that all who look at places in its area may see."""
    return Row(name, status, status, status, 404, 403, 403, arguments=pk(attribute), **more)


def own(
    name: str, attribute: str, status: int = 200, *, extra: dict[str, Any] | None = None, **more: Any
) -> Row:
    """A record that only those who work in its area may see or change; `extra` are further parts of the address."""

    def arguments(world: World) -> dict[str, Any]:
        found = {"pk": record(world, attribute).pk, **(extra or {})}
        return {key: value(world) if callable(value) else value for key, value in found.items()}

    return Row(name, status, status, 403, 404, 403, 403, arguments=arguments, **more)


def workers(name: str, status: int = 200, **more: Any) -> Row:
    """Pages of those who work with residents."""
    return Row(name, status, status, 403, status, 403, 403, **more)


def managers(name: str, status: int = 200, **more: Any) -> Row:
    """Pages of the administrator."""
    return Row(name, 403, 403, 403, 403, status, 403, **more)


def planners(
    name: str, status: int = 200, *, key: str = "", more: dict[str, Any] | None = None, **rest: Any
) -> Row:
    """Plans of communities: the street's officer, who plans there, and none of the other characters."""

    def arguments(world: World) -> dict[str, Any]:
        return ({"pk": world.extra[key].pk} if key else {}) | (more or {})

    return Row(name, 403, status, 403, 403, 403, 403, arguments=arguments, **rest)


def senders(name: str, status: int = 200, **more: Any) -> Row:
    """Pages of departments and streets that send things to communities."""
    return Row(name, 403, status, status, 403, 403, 403, **more)


def of_department(name: str, key: str, status: int = 200, **more: Any) -> Row:
    """What only the department may do that a thing comes from."""
    return Row(name, 403, 404, status, 403, 403, 403, arguments=pk(key), **more)


def everybody_but(name: str, key: str) -> Row:
    """What only the head of the street's office or of the district may do: none of the characters."""
    return Row(name, *[403] * 6, arguments=lambda world: {"pk": world.extra[key].pk})
