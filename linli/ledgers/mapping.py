"""What one column of a form asks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

# From here on a mapping is filled without asking.
SURE = 0.7

ELEMENT, SERIAL, NEVER, DECLINED, ASKED, UNKNOWN = (
    "element",
    "serial",
    "never",
    "declined",
    "asked",
    "unknown",
)


@dataclass
class Mapping:
    """What one column asks. `path` are its headings; `element` the path in the dictionary when `target` is one;
    `remembered` says whose choice it is and of when, "" when it was recognised."""

    column: int
    path: tuple[str, ...]
    target: str = UNKNOWN
    element: str = ""
    element_label: str = ""
    confidence: float = 0.0
    reasons: list[str] = field(default_factory=list)
    required: bool = False
    options: tuple[str, ...] = ()
    manner: dict[str, Any] = field(default_factory=dict)
    suggestions: list[tuple[str, str]] = field(default_factory=list)
    who: str = ""
    remembered: str = ""

    @property
    def label(self) -> str:
        """The heading as one line: 户籍地 / 省."""
        return " / ".join(" ".join(part.split()) for part in self.path)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Mapping:
        """The mapping back from `as_json`."""
        return cls(
            **{
                **data,
                "path": tuple(data["path"]),
                "options": tuple(data["options"]),
                "suggestions": [(key, label) for key, label in data["suggestions"]],
            }
        )
