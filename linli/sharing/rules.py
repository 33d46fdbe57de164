"""Decisions of sharing on plain data: keys, cursors, what a call may ask. No Django."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

KEY_HEAD = "linli"
_KEY = re.compile(rf"{KEY_HEAD}_([0-9a-f]{{12}})_([A-Za-z0-9_-]{{43}})")
MOST_NUMBERS = 1_000
MOST_CHANGES = 500
# A cursor older than so many transactions cannot be told from a younger one any more.
OLDEST_CURSOR = 2**30


class BadCursor(ValueError):
    """A cursor that this installation did not give out, or that has grown too old; the reader begins again."""


def write_key(public: str, secret: str) -> str:
    """The key as the client keeps it: linli_<public part>_<secret>."""
    return f"{KEY_HEAD}_{public}_{secret}"


def read_key(header: str) -> tuple[str, str] | None:
    """(public part, secret) of `Bearer linli_…_…`, None for anything else."""
    scheme, _space, text = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        return None
    found = _KEY.fullmatch(text.strip())
    return (found[1], found[2]) if found else None


@dataclass(frozen=True)
class Cursor:
    """Where a reader of changes stands: every change of a transaction before `since` has been read. While a window is read in
    pages, `until` is its end and `last` the last person of the page before; otherwise they are 0.

    `base` names the database: numbers of transactions mean nothing in another.
    """

    base: str
    since: int
    until: int = 0
    last: int = 0

    def text(self) -> str:
        """As the client keeps it."""
        plain = f"1.{self.base}.{self.since}.{self.until}.{self.last}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, base: str, now: int) -> Cursor:
        """The reverse; `now` is the next transaction's number. Raises BadCursor."""
        if len(text) > 200 or not re.fullmatch(r"[A-Za-z0-9_-]+", text):
            raise BadCursor
        try:
            plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            raise BadCursor from None
        parts = plain.split(".")
        if len(parts) != 5 or parts[0] != "1" or parts[1] != base:
            raise BadCursor
        if not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts[2:]):
            raise BadCursor
        since, until, last = (int(part) for part in parts[2:])
        if since > now or until > now or (until and until < since) or (since and now - since > OLDEST_CURSOR):
            raise BadCursor
        return cls(base, since, until, last)


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether something holds on a day (`valid_to` is the last day on which it does)."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


def overlapping_purposes(mine: Iterable[str], others: Iterable[Iterable[str]]) -> list[str]:
    """The purposes that another entitlement of the same subject names already: a call's purpose must tell which holds."""
    taken = {purpose for one in others for purpose in one}
    return [purpose for purpose in mine if purpose in taken]


def read_purposes(text: str) -> list[str]:
    """Purposes from what is typed, one a line."""
    return list(dict.fromkeys(line.strip()[:100] for line in text.splitlines() if line.strip()))
