"""Finding a kind of certificate by what people call it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from rapidfuzz import fuzz

_NEAR: Final = 72
# Words that say nothing about which certificate is meant.
_SPOKEN: Final = (("丢了", "丢失"), ("没了", "丢失"), ("了", ""))
_EMPTY: Final = ("开具", "出具", "证明", "情况", "状况", "的", "一份", "开", "办", "要")


class Named(NamedTuple):
    """Something with a name and other names."""

    key: int
    title: str
    also: tuple[str, ...]


def core(text: str) -> str:
    """What is left of a name when the empty words are taken away; the text itself where nothing would be."""
    kept = "".join(text.split())
    for spoken, written in _SPOKEN:
        kept = kept.replace(spoken, written)
    for word in _EMPTY:
        kept = kept.replace(word, "")
    return kept or "".join(text.split())


def _score(wanted: str, name: str) -> float:
    if wanted == name or core(wanted) == core(name):
        return 100.0
    short, other = core(wanted), core(name)
    if short and (short in other or other in short):
        return 90.0 - abs(len(short) - len(other))
    return fuzz.ratio(short, other)


def find(text: str, names: Iterable[Named]) -> list[int]:
    """The keys that a text may mean, best first; all of them, in their order, for an empty text."""
    wanted = "".join(text.split())
    listed = list(names)
    if not wanted:
        return [one.key for one in listed]
    scored = [
        (max(_score(wanted, name) for name in (one.title, *one.also)), -place, one.key)
        for place, one in enumerate(listed)
    ]
    return [key for score, _place, key in sorted(scored, reverse=True) if score >= _NEAR]
