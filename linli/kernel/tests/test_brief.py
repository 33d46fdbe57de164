"""What is remembered for a moment."""

from __future__ import annotations

import pytest

from linli.kernel import brief
from linli.kernel.brief import Brief


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(brief, "time", made)
    return made


def test_an_answer_is_held_no_longer_than_said(clock: Clock) -> None:
    held: Brief[int] = Brief(most=2)
    assert held.get("q", lambda: 1, 30) == 1
    clock.now += 29
    assert held.get("q", lambda: 2, 30) == 1
    clock.now += 1
    assert held.get("q", lambda: 2, 30) == 2


def test_no_seconds_hold_nothing(clock: Clock) -> None:
    held: Brief[int] = Brief(most=2)
    assert [held.get("q", lambda n=n: n, 0) for n in (1, 2)] == [1, 2]  # type: ignore[misc]
    assert len(held) == 0


def test_the_last_used_are_held(clock: Clock) -> None:
    held: Brief[int] = Brief(most=2)
    for name in ("a", "b", "a", "c"):
        held.get(name, lambda: 1, 30)
    assert held.get("a", lambda: 2, 30) == 1
    assert held.get("b", lambda: 2, 30) == 2


def test_empty_answers_are_held_too(clock: Clock) -> None:
    held: Brief[list[int]] = Brief(most=2)
    assert held.get("q", list, 30) == []
    assert held.get("q", lambda: [1], 30) == []


def test_forgetting() -> None:
    held: Brief[int] = Brief(most=2)
    held.get("q", lambda: 1, 30)
    held.forget()
    assert held.get("q", lambda: 2, 30) == 2
