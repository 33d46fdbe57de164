"""What a row is read against, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple


class Wrong(NamedTuple):
    """One fault: the column it is in, and the sentence that says what to do."""

    key: str
    reason: str


@dataclass(frozen=True)
class Tag:
    """A group of care and concern as tags name it: words of its classes and levels to their codes."""

    pk: int
    name: str
    classes: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    allowed: bool = True


@dataclass
class Context:
    """What a row is read against: the regions it may name, the buildings and groups there are, and today."""

    today: date
    communities: Mapping[str, str]
    outside: frozenset[str] = frozenset()
    only: str = ""
    region_title: str = ""
    grids: Mapping[tuple[str, str], str] = field(default_factory=dict)
    buildings: Mapping[tuple[str, str, str], tuple[str, int | None]] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    sees_health: bool = True
    hukou: Callable[[str], str | None] = lambda text: None
    seal: Callable[[str, str], bytes] = lambda text, purpose: text.encode()
    digest: Callable[[str, str], bytes] = lambda text, purpose: text.encode()


@dataclass(slots=True)
class HomeFacts:
    """What the rows of one home say together."""

    number: int
    row: int
    community: str
    grid: str
    estate: str
    building: str
    unit: str
    door: str
    floor: int | None = None
    use: str = ""
    tenure: str = ""
    area: str | None = None
    owner_name: str = ""
    owner_phone: str = ""
    further: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class PersonFacts:
    """One row's person. Empty texts and None mean that the row does not say; `further` holds the columns beyond the usual
    ones as JSON, numbers sealed."""

    row: int
    home: int
    household: int
    relation: str
    name: str
    initials: str
    id_kind: str
    id_number: bytes
    id_digest: bytes | None
    id_tail: bytes | None
    sex: str
    birth: date | None
    ethnic: str
    marital: str
    political: str
    education: str
    employment: str
    employer: str
    phone: bytes
    phone_digest: bytes | None
    phone_tail: bytes | None
    moved_in: date | None
    hukou: str
    hukou_region: str
    hukou_address: str
    hukou_nature: str
    reason: str
    note: str
    tags: tuple[tuple[int, str, str], ...]
    further: str = ""


# What a row says of its home: its key (community, estate, building, unit, door), then grid, floor, use, tenure, area,
# owner's name and telephone, and the columns beyond the usual ones by key.
HomeSaid = tuple[
    tuple[str, str, str, str, str], str, "int | None", str, str, "str | None", str, str, "dict[str, Any]"
]
# A row examined by itself: its number; what is wrong as (key, reason); its home; its household's key, or None; the
# household's kind, and whether the person is its head; the digest of the person's number, the name and the day of birth as an ordinal (by these the same
# person in two rows is found); and the person, None where the row names nobody or is wrong.
Examined = tuple[
    int,
    "list[tuple[str, str]]",
    HomeSaid,
    "tuple[str, str] | None",
    str,
    bool,
    "bytes | None",
    str,
    "int | None",
    Any,
]
