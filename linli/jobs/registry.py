"""Which kinds of long work there are. Rooms declare theirs in their `jobs.py`:

    @handler("intake.import", title="导入居民和房屋")
    def run_import(running: Running, *, path: str) -> None: ...

A handler must be safe to run twice: a worker may be killed at any moment and the job is then run again from the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Handler:
    """A kind of work: `function(running, **params)`. `files` names the parameters that are uploaded files under
    MEDIA_ROOT, deleted when the job is over."""

    kind: str
    title: str
    function: Callable[..., Any]
    files: tuple[str, ...] = ()


class UnknownKind(LookupError):
    """No room declares this kind of job."""


_handlers: dict[str, Handler] = {}
_looked = False


def handler(
    kind: str, *, title: str, files: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the function that does jobs of a kind."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        have = _handlers.get(kind)
        if have is not None and have.function.__qualname__ != function.__qualname__:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = Handler(kind, title, function, files)
        return function

    return register


def find(kind: str) -> Handler:
    """The handler of a kind; the rooms' `jobs.py` are read at the first asking.

    Raises UnknownKind.
    """
    global _looked
    if kind not in _handlers and not _looked:
        autodiscover_modules("jobs")
        _looked = True
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None
