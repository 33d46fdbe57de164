"""What communities must not be asked for, found in an application's words. The list is data with its sources."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent.parent / "data" / "off_limits.csv"
# “不作为责任主体” says the opposite.
_DENIED = re.compile(r"(?:不|非|无需|不得|禁止|不再|避免)[^，。；、]{0,6}$")


@dataclass(frozen=True)
class Ban:
    """Words that point to what must not be asked, why, and who says so; `forbids` whether it can never be admitted."""

    words: re.Pattern[str]
    why: str
    source: str
    forbids: bool


@cache
def bans() -> tuple[Ban, ...]:
    """The list."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Ban(re.compile(row["pattern"]), row["why"], row["source"], row["forbids"] == "1")
            for row in csv.DictReader(lines)
        )


def find(text: str) -> list[tuple[str, str, str, bool]]:
    """What a text asks that must not be asked: (word, why, source, whether it forbids), each ban once."""
    found = []
    for ban in bans():
        for match in ban.words.finditer(text):
            if not _DENIED.search(text[: match.start()]):
                found.append((match.group(), ban.why, ban.source, ban.forbids))
                break
    return found
