"""Keys, cursors and purposes on plain data."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.sharing import rules
from linli.sharing.rules import BadCursor, Cursor

NUMBERS = st.integers(0, 2**62)


@given(NUMBERS, st.integers(0, 1000), st.integers(0, 1000), NUMBERS)
def test_a_cursor_comes_back(since: int, width: int, later: int, last: int) -> None:
    stand = Cursor("7x5", since, since + width, last)
    assert Cursor.read(stand.text(), "7x5", since + width + later) == stand
    with pytest.raises(BadCursor):
        Cursor.read(stand.text(), "7x6", since + width + later)


@given(st.text(max_size=40))
def test_nothing_else_is_a_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.read(text, "7x5", 100)


def test_cursors_of_the_future_and_of_long_ago_are_refused() -> None:
    with pytest.raises(BadCursor):
        Cursor.read(Cursor("b", 101).text(), "b", 100)
    with pytest.raises(BadCursor):
        Cursor.read(Cursor("b", 5).text(), "b", 5 + rules.OLDEST_CURSOR + 1)
    # From the beginning is never too old.
    assert Cursor.read(Cursor("b", 0).text(), "b", 2**40).since == 0


def test_keys_are_read_only_as_they_are_written() -> None:
    public, secret = "0123456789ab", "A" * 43
    text = rules.write_key(public, secret)
    assert rules.read_key(f"Bearer {text}") == (public, secret)
    assert rules.read_key(f"bearer  {text} ") == (public, secret)
    for wrong in ("", text, f"Basic {text}", f"Bearer {text}x", "Bearer linli_zz_" + "A" * 43):
        assert rules.read_key(wrong) is None


def test_the_last_day_counts() -> None:
    assert rules.in_force(date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 2))
    assert not rules.in_force(date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3))
    assert rules.in_force(date(2026, 1, 1), None, date(2030, 1, 1))


def test_purposes_tell_entitlements_apart() -> None:
    assert rules.read_purposes(" 低保复核 \n\n高龄津贴\n低保复核") == ["低保复核", "高龄津贴"]
    assert rules.overlapping_purposes(["a", "b"], [["c"], ["b"]]) == ["b"]
