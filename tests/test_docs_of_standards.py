"""What the page about GB/T 31000 says is held, is held: every path of its second column is in the dictionary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linli.facts.dictionary import dictionary

PAGE = Path(__file__).resolve().parents[1] / "docs" / "gb-t-31000.md"
_PATH = re.compile(r"`(\w+)\.([\w.]+)`")


def table_rows() -> list[tuple[str, str, str]]:
    """(element, held as, why not) of every row of the page's tables."""
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| 标准的数据元"):
            element, held, why = (cell.strip() for cell in line.strip().strip("|").split("|"))
            found.append((element, held, why))
    return found


def paths() -> list[tuple[str, str]]:
    text = "\n".join(" ".join(row) for row in table_rows())
    return [(subject, path) for subject, path in _PATH.findall(text) if subject != "tests"]


def test_the_page_has_its_tables() -> None:
    rows = table_rows()
    assert len(rows) > 60
    assert len({element for element, _held, _why in rows}) >= len(rows) - 3


@pytest.mark.parametrize(("subject", "path"), sorted(set(paths())))
def test_what_is_held_is_in_the_dictionary(subject: str, path: str) -> None:
    dictionary.walk(subject, path)


def test_what_is_not_held_says_why() -> None:
    for element, held, why in table_rows():
        assert held.startswith("`") or (held == "—" and len(why) > 5), element
