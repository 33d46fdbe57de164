"""The dictionary seen from the words of forms: from a heading's wording to paths of elements, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz import fuzz

from linli.facts.dictionary import Dictionary, Element, Link, Subject, UnknownTerm
from linli.kernel.textnorm import squash
from linli.ledgers.meaning.wording import canonical, wording

EXACT, ANOTHER_NAME, QUALIFIED, ALIKE, QUALIFIED_ALIKE, NAMED_LINK = 1.0, 0.99, 0.96, 0.92, 0.88, 0.9
FUZZY_FROM = 72


@dataclass(frozen=True)
class Match:
    """One reading of a heading: an element path of the subject, how sure, and why."""

    path: str
    confidence: float
    reason: str

    def under(self, prefix: str, reason: str = "") -> Match:
        """The same reading at the end of a chain of links."""
        return replace(self, path=f"{prefix}.{self.path}", reason=reason or self.reason)


class Lexicon:
    """The names of one subject's elements and links. Built once per dictionary state; see `Lexicons`."""

    def __init__(self, words: Dictionary, subject: Subject, family: Lexicons) -> None:
        self.words = words
        self.subject = subject
        self.family = family
        self.exact: dict[str, list[str]] = {}
        self.alike: dict[str, list[str]] = {}
        for element in subject.elements.values():
            for name in element.names:
                self._add(self.exact, squash(name), element.key)
                self._add(self.alike, canonical(name), element.key)

    @staticmethod
    def _add(index: dict[str, list[str]], name: str, key: str) -> None:
        keys = index.setdefault(name, [])
        if key not in keys:
            keys.append(key)

    @cached_property
    def link_names(self) -> list[tuple[str, str, Link]]:
        """(exact name, canonical name, link), longest first."""
        found = [
            (squash(name), canonical(name), link)
            for link in self.subject.links.values()
            for name in link.names
        ]
        return sorted(found, key=lambda entry: -len(entry[0]))

    def element(self, path: str) -> Element:
        """The element whose value a path yields, aliases followed."""
        return self.words.walk(self.subject.key, path)[2]

    def label(self, path: str) -> str:
        return self.words.label(self.subject.key, path)

    def knows(self, label: str) -> bool:
        return squash(label) in self.exact or canonical(label) in self.alike

    def link_called(self, label: str) -> Link | None:
        """The link that a word names by itself: 男方信息 → 配偶, 户籍地 → 户籍."""
        plain, alike = squash(label), canonical(label)
        for tail in ("", "信息", "基本信息", "情况", "资料", "基本情况"):
            for exact, same, link in self.link_names:
                if plain in (exact + tail, exact) or (alike in (same + tail, same) and len(alike) >= 2):
                    return link
        return None

    def own(self, label: str) -> list[Match]:
        """Readings by this subject's own names."""
        plain, alike = squash(label), canonical(label)
        found: list[Match] = []
        for key in self.exact.get(plain, ()):
            element = self.subject.elements[key]
            why = (
                f"与数据元“{element.label}”同名"
                if plain == squash(element.label)
                else f"是“{element.label}”的另一种叫法"
            )
            found.append(Match(key, EXACT if plain == squash(element.label) else ANOTHER_NAME, why))
        if not found and alike:
            keys = self.alike.get(alike, ())
            for key in keys:
                element = self.subject.elements[key]
                sure = ALIKE if len(keys) == 1 else ALIKE - 0.1
                found.append(Match(key, sure, f"用词与“{element.label}”相近"))
        return found

    def find(self, label: str, depth: int = 2) -> list[Match]:
        """Every reading of a heading, best first: own names, then 户主/监护人/配偶… plus a name of theirs."""
        found = self.own(label)
        if not found and depth:
            found = self.qualified(label, depth)
        return sorted(found, key=lambda match: -match.confidence)

    def qualified(self, label: str, depth: int = 2) -> list[Match]:
        """Readings as a link's word followed by one of its elements' names."""
        plain, alike = squash(label), canonical(label)
        found: list[Match] = []
        for exact, same, link in self.link_names:
            if not exact:
                continue
            there = self.family.of(link.to)
            if plain == exact:
                if "name" in there.subject.elements:
                    found.append(Match(f"{link.key}.name", NAMED_LINK, f"“{link.label}”一栏填其姓名"))
                continue
            for text, word, sure in ((plain, exact, QUALIFIED), (alike, same, QUALIFIED_ALIKE)):
                if word and text.startswith(word) and len(text) > len(word):
                    rest = text[len(word) :].removeprefix("的").removeprefix("之")
                    if rest[0] in "/、或和及":
                        continue
                    inner = there.own(rest) or (there.qualified(rest, depth - 1) if depth > 1 else [])
                    if not inner and "person" in there.subject.links:
                        inner = [m.under("person") for m in self.family.of("person").own(rest)]
                    found.extend(
                        Match(
                            f"{link.key}.{match.path}",
                            min(sure, match.confidence),
                            f"“{link.label}”的“{there.label(match.path)}”",
                        )
                        for match in inner
                    )
                    if inner:
                        break
            if found:
                break
        return found

    def speaks_of(self, label: str) -> Link | None:
        """The link whose word the heading starts with, even where nothing of it is known to be asked."""
        plain = squash(label)
        for exact, _same, link in self.link_names:
            if (
                len(exact) >= 2
                and plain.startswith(exact)
                and self.family.of(link.to).subject.elements.get("name")
            ):
                return link
        return None

    def suggestions(self, label: str, limit: int = 3) -> list[Match]:
        """What the heading may mean: never filled without being confirmed."""
        alike = canonical(label)
        if len(alike) < 2:
            return []
        scored: dict[str, float] = {}
        for name, keys in self.alike.items():
            score = max(
                fuzz.ratio(alike, name), fuzz.partial_ratio(alike, name) - 12 if len(name) >= 3 else 0
            )
            if score >= FUZZY_FROM:
                for key in keys:
                    scored[key] = max(scored.get(key, 0.0), score)
        best = sorted(scored.items(), key=lambda item: -item[1])[:limit]
        return [
            Match(
                key, round(score / 100 * 0.65, 2), f"与“{self.subject.elements[key].label}”的写法相似，请确认"
            )
            for key, score in best
        ]


class Lexicons:
    """The lexicons of all subjects of a dictionary."""

    def __init__(self, words: Dictionary) -> None:
        self.words = words
        self._made: dict[str, Lexicon] = {}

    def of(self, subject: str) -> Lexicon:
        """The lexicon of a subject. Raises UnknownTerm."""
        if subject not in self._made:
            self._made[subject] = Lexicon(self.words, self.words.subject(subject), self)
        return self._made[subject]

    @cached_property
    def counted(self) -> list[Subject]:
        """The subjects that a table of numbers may count."""
        return [subject for subject in self.words.subjects() if subject.measures]

    @cached_property
    def rosterable(self) -> list[Subject]:
        """The subjects that a roster may list: those that are counted, and those of whom a row tells a name."""
        return [
            subject
            for subject in self.words.subjects()
            if subject.measures or (subject.columns and "name" in subject.elements)
        ]

    def known(self, label: str) -> bool:
        """Whether any subject has an element of that name."""
        leaf = wording(label)[0] or label
        return any(self.of(subject.key).knows(leaf) for subject in self.rosterable)


_kept: list[tuple[Dictionary, tuple[object, ...], Lexicons]] = []


def lexicons_of(words: Dictionary) -> Lexicons:
    """The lexicons of a dictionary as it is now. They are made anew only when a name in it has changed: groups, their classes and
    details come from the base, the rest never changes while the program runs."""
    stamp = _stamp(words)
    if _kept and _kept[0][0] is words and _kept[0][1] == stamp:
        return _kept[0][2]
    made = Lexicons(words)
    _kept[:] = [(words, stamp, made)]
    return made


def _stamp(words: Dictionary) -> tuple[object, ...]:
    """Everything of a dictionary that lexicons and the readers of tables keep."""
    return tuple(
        (
            subject.key,
            tuple(
                (e.key, e.label, e.also, e.path, e.kind, e.codes.items if e.codes is not None else None)
                for e in subject.elements.values()
            ),
            tuple((c.key, c.label, c.also) for c in subject.conditions.values()),
            tuple((m.key, m.label, m.also, m.sql, m.where) for m in subject.measures.values()),
            tuple((link.key, link.label, link.also, link.to) for link in subject.links.values()),
        )
        for subject in words.subjects()
    )


def expand(words: Dictionary, subject: str, path: str) -> str:
    """The path with element aliases written out: hukou_address → hukou.full_address."""
    *steps, last = path.split(".")
    try:
        _links, here = words.follow(subject, steps)
    except UnknownTerm:
        return path
    element = here.elements.get(last)
    if element is None or not element.path:
        return path
    return ".".join([*steps, *expand(words, here.key, element.path).split(".")])
