"""Whether two duties are the same under two names: by title, what is done, who asks, what is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from linli.kernel.textnorm import squash

# Words that most duties have and that say nothing about which one it is.
_COMMON = (
    "协助",
    "开展",
    "配合",
    "做好",
    "组织",
    "社区",
    "居民",
    "工作",
    "相关",
    "有关",
    "进行",
    "落实",
    "及",
    "和",
    "的",
)
LEAST, SAME = 60, 80
MOST = 5


@dataclass(frozen=True)
class Duty:
    """A duty as it is compared. `things` are keys of what is sent."""

    name: str
    title: str
    content: str
    unit: str
    things: frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """How like one duty of the list is to the one asked for: 0 to 100, and why."""

    name: str
    score: int
    reasons: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether it is most likely the same duty."""
        return self.score >= SAME


def _core(text: str) -> str:
    core = squash(text)
    for word in _COMMON:
        core = core.replace(word, "")
    return core or squash(text)


def _alike(one: str, other: str) -> float:
    """0 to 100. A short name inside a long one counts, but less than the same name."""
    if not one or not other:
        return 0.0
    whole = fuzz.ratio(one, other)
    inside = fuzz.partial_ratio(one, other) * 0.85 if min(len(one), len(other)) >= 4 else 0.0
    return max(whole, inside)


def compare(asked: Duty, held: Duty) -> Likeness:
    """How like two duties are."""
    titles = _alike(_core(asked.title), _core(held.title))
    contents = max(
        _alike(_core(asked.content), _core(held.content)) if asked.content and held.content else 0.0,
        _alike(_core(asked.content), _core(held.title)) if asked.content else 0.0,
    )
    reasons = []
    score = max(titles, 0.75 * titles + 0.25 * contents)
    if titles >= LEAST:
        reasons.append(f"名称相近 {round(titles)}%")
    if contents >= LEAST:
        reasons.append("做的事相近")
    if score >= LEAST - 15:
        if asked.unit == held.unit:
            score += 10
            reasons.append("同一部门")
        if asked.things & held.things:
            score += 5
            reasons.append("下派的内容相同")
    return Likeness(held.name, min(100, round(score)), tuple(reasons))


def nearest(asked: Duty, held: Iterable[Duty]) -> list[Likeness]:
    """The duties most like it, the likest first; only those that are like enough."""
    found = (compare(asked, one) for one in held)
    return sorted((one for one in found if one.score >= LEAST), key=lambda one: (-one.score, one.name))[:MOST]
