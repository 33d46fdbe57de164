"""Plain data that pages hand to the kit's templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kpi:
    """A figure of the home page: what, how many, compared with what, and the rows behind it (`url`).

    `change_tone` is ok, warn or danger; `tone` danger marks the whole card.
    """

    label: Any
    value: Any
    icon: str
    unit: Any = ""
    change: str = ""
    change_tone: str = ""
    under: Any = ""
    url: str = ""
    tone: str = ""


def chart(kind: str, x: list[Any], series: dict[str, list[Any]], unit: str = "") -> dict[str, Any]:
    """Data of a chart for <c-chart>. `kind`: line, bar, stack (bars upon each other) or pie (one series)."""
    if kind not in {"line", "bar", "stack", "pie"}:
        raise ValueError(kind)
    return {
        "kind": kind,
        "x": x,
        "unit": unit,
        "series": [{"name": name, "data": data} for name, data in series.items()],
    }
