"""The words by which labels of tables speak of conditions, classes and things that are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from linli.kernel.codes import CodeList
from linli.kernel.textnorm import squash
from linli.ledgers.meaning.lexicon import Lexicons

# Elements whose codes forms use to divide people and homes into classes.
_CLASSIFYING = {
    "person": (
        "education",
        "marital",
        "ethnic",
        "political",
        "sex",
        "standing",
        "living_arrangement",
        "hukou_nature",
        "military",
        "self_care",
        "area_kind",
    ),
    "household": ("area_kind",),
    "home": ("letting_use", "hazard"),
}

_THINGS = frozenset(("estate", "building", "home", "organisation", "lift"))


@dataclass(frozen=True)
class Term:
    """One thing that words name: a condition, or codes of a classifying element."""

    subject: str
    words: str
    condition: str = ""
    path: str = ""
    codes: tuple[str, ...] = ()
    region: str = ""


class NumberWords:
    """The dictionary's phrases with what they name. Built once per dictionary state."""

    def __init__(self, lexicons: Lexicons) -> None:
        self.lexicons = lexicons
        self.words = lexicons.words

    @cached_property
    def book(self) -> list[tuple[str, Term]]:
        """Every phrase with what it names, longest first."""
        found: list[tuple[str, Term]] = []
        for subject in self.lexicons.counted:
            for condition in subject.conditions.values():
                for name in condition.names:
                    # 城市低保 is 低保 in a town: the area is a word of its own.
                    if re.match(r"城市|城镇|农村", name):
                        continue
                    found.append((squash(name), Term(subject.key, name, condition=condition.key)))
            for path in _CLASSIFYING.get(subject.key, ()):
                element = subject.elements.get(path)
                if element is None:
                    continue
                codes = self.words.walk(subject.key, path)[2].codes
                if codes is None:
                    continue
                for item in codes:
                    for word in (item.label, *item.also):
                        if path == "hukou_nature" and re.match(r"城|农村", word):
                            continue
                        if item.label not in ("其他", "其它") and word not in (
                            "其他",
                            "其它",
                            "不详",
                            "未知",
                        ):
                            found.append(
                                (
                                    squash(word),
                                    Term(subject.key, word, path=path, codes=_within(codes, item.code)),
                                )
                            )
        found.extend(self._classes())
        return sorted(
            {(phrase, term) for phrase, term in found if phrase},
            key=lambda e: (-len(e[0]), e[1].words, e[1].condition),
        )

    @cached_property
    def measures(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Names of declared counts: 家庭户数 is the number of households, not of 家庭户 as against 集体户."""
        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        for subject in self.lexicons.counted:
            for measure in subject.measures.values():
                if measure.sql == "count(*)":
                    for name in measure.names:
                        found.setdefault(squash(name), (subject.key, measure.where))
        return found

    @cached_property
    def axis_names(self) -> re.Pattern[str]:
        """The names of what divides people: 文化程度, 年龄段, 性别; as the label of a group they count nothing."""
        named = {"年龄", "年龄段", "年龄层次", "级别", "等级", "性别", "数量", "层级"}
        for subject, paths in _CLASSIFYING.items():
            for path in paths:
                element = self.words.subject(subject).elements.get(path)
                named.update(squash(name) for name in element.names) if element is not None else None
        person = self.words.subject("person")
        for key, element in person.elements.items():
            if key.endswith(("_class", "_level")):
                named.update(squash(name) for name in element.names)
        return re.compile("|".join(re.escape(name) for name in sorted(named, key=len, reverse=True)))

    def _classes(self) -> list[tuple[str, Term]]:
        person = self.words.subject("person")
        found = []
        for key, element in person.elements.items():
            if not (key.endswith(("_class", "_level")) and element.codes is not None):
                continue
            for item in element.codes:
                for word in (item.label, *item.also):
                    if len(word) >= 2:
                        found.append((squash(word), Term("person", word, path=key, codes=(item.code,))))
        return found

    @cached_property
    def things(self) -> dict[str, str]:
        """The names of what may be counted, with the subject: 小区, 居民楼, 网格员."""
        return {
            squash(name): subject.key
            for subject in self.lexicons.counted
            for name in (subject.label, *subject.also)
            if len(name) >= 2 and subject.key in _THINGS
        }


# Lists whose two-digit codes make classes: 小学 takes in every code of its class, 已婚 every kind of marriage.
_WHOLE = {
    "education": ("20", "21", "30", "31", "40", "60", "61", "70", "71", "80", "81", "10"),
    "marital": ("20",),
}


def _within(listed: CodeList, code: str) -> tuple[str, ...]:
    """A code with those that it takes in."""
    if code in _WHOLE.get(listed.key, ()):
        return tuple(item.code for item in listed if item.code[:1] == code[:1])
    return (code,)


__all__ = ["NumberWords", "Term"]
