"""Drawing by weight and by date, from a given source of chance only: the same seed gives the same street."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Chances(Generic[T]):
    """Things with weights, drawn in proportion."""

    __slots__ = ("_sums", "things")

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        held = [(thing, weight) for thing, weight in pairs if weight > 0]
        self.things: Sequence[T] = tuple(thing for thing, _ in held)
        self._sums = list(accumulate(weight for _, weight in held))

    @staticmethod
    def read(text: str) -> Chances[str]:
        """From words and weights in turn: ``王 98 张 88``."""
        words = text.split()
        return Chances(zip(words[::2], map(float, words[1::2]), strict=True))

    def pick(self, rng: Random) -> T:
        """One thing."""
        return self.things[bisect(self._sums, rng.random() * self._sums[-1])]


def years_before(on: date, years: float) -> date:
    """The day so many years before another; fractions count as days."""
    return on - timedelta(days=round(years * 365.2425))


def years_after(day: date, years: float) -> date:
    """The day so many years after another."""
    return day + timedelta(days=round(years * 365.2425))


def day_between(rng: Random, first: date, last: date) -> date:
    """A day from the first to the last, both included; the first when they are the wrong way round."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def around(rng: Random, mean: float, spread: float, low: float, high: float) -> float:
    """A number near the mean (normal), kept between two bounds."""
    return min(high, max(low, rng.gauss(mean, spread)))
