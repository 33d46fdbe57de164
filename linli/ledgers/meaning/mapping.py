"""What one column of a form asks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

# From here on a mapping is filled without asking.
SURE = 0.7

ELEMENT, NUMBER, RELATION, SERIAL, NEVER, DECLINED, ASKED, UNKNOWN = (
    "element",
    "number",
    "relation",
    "serial",
    "never",
    "declined",
    "asked",
    "unknown",
)


# The `form` of a cell that a formula of the form fills.
FORMULA = "formula"


@dataclass
class Mapping:
    """What one blank asks: a column of a roster (`row` 0), or a cell. `path` are its headings; `element` the path in the dictionary when `target` is one;
    `part` is the region of the workbook (0 the first), `number` what it counts when it is one; `form`, `text`, `piece` and `ordinal` tell how a cell takes its value (see
    `sheet.cards.Place`); `remembered` says whose choice it is and of when, "" when it was recognised.
    Of a list of the form's own (see `meaning.own_lists`) `says` is what its codes mean, `values` what is written for each of our
    values as somebody decided, `valued` who and when; `open_list` says that only
    the list is asked about, the heading is known."""

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
    row: int = 0
    form: str = ""
    text: str = ""
    piece: int = 0
    ordinal: int = 0
    says: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    valued: str = ""
    open_list: bool = False
    part: int = 0
    number: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The heading as one line: 户籍地 / 省."""
        return " / ".join(" ".join(part.split()) for part in self.path)

    @property
    def key(self) -> int:
        """The number by which pages speak of it: the column of a roster, else the cell and the blank within it."""
        return self.part * 10**12 + self.piece * 10**9 + self.row * 20_000 + self.column

    @property
    def where(self) -> str:
        """Where it stands: a column's letters, or a cell's name."""
        return f"{get_column_letter(self.column)}{self.row or ''}"

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
