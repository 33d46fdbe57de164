"""Finding the dictionary's terms without knowing it: what a user may use of a subject, by name, synonym or initials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from linli.access.roles import Permission
from linli.facts.dictionary import Dictionary, Element, Kind, Link, Sensitivity, Subject, UnknownTerm
from linli.facts.sight import Sight, along
from linli.kernel import hanzi
from linli.lists.rules import AxisChoice

# Not facts that anybody lists by.
LEFT_OUT = frozenset(("region_code", "kept_region", "id"))
# Element aliases of links that lead back to people end here: their own links are not followed.
DEEPEST = 2
# What lists are made of most often stands first.
FIRST = ("person", "household", "home", "building", "estate", "organisation")
CONDITION, ELEMENT = "condition", "element"
_SEPARATOR = " · "


@dataclass(frozen=True)
class Term:
    """A condition (`key` is its key) or an element (`key` is its path) of a subject. `group` is the heading it stands under."""

    kind: str
    key: str
    label: str
    group: str
    also: tuple[str, ...] = ()
    note: str = ""
    replaces_default: bool = False
    element: Element | None = None
    permissions: frozenset[Permission] = frozenset()

    @property
    def sensitivity(self) -> Sensitivity:
        return self.element.sensitivity if self.element is not None else Sensitivity.INTERNAL

    @property
    def is_sensitive(self) -> bool:
        return self.sensitivity >= Sensitivity.SENSITIVE

    def rank(self, text: str) -> int:
        """How well the term answers a search, 0 not at all; `text` in lower case."""
        best = 0
        for number, name in enumerate((self.label.rpartition(_SEPARATOR)[2], self.label, *self.also)):
            folded = name.lower()
            if folded == text:
                score = 100
            elif folded.startswith(text):
                score = 80
            elif text in folded:
                score = 60
            elif text.isascii() and initials(name).startswith(text):
                score = 70
            elif len(text) > 1 and text.isascii() and text in initials(name):
                score = 50
            else:
                continue
            best = max(best, score - (5 if number > 1 else 0))
        return best - (10 if best and _SEPARATOR in self.label else 0)


@lru_cache(maxsize=8192)
def initials(text: str) -> str:
    """The pinyin initials of a name in small letters."""
    return hanzi.initials(text).lower()


def listable(words: Dictionary, user: Any) -> list[Subject]:
    """The subjects of which the user may make lists: those with pages of their own that they may see somewhere."""
    found = [
        one
        for one in words.subjects()
        if one.page and one.permission is not None and user.can(one.permission)
    ]
    return sorted(found, key=lambda one: FIRST.index(one.key) if one.key in FIRST else len(FIRST))


def held(user: Any) -> frozenset[Permission]:
    """The permissions that the user holds anywhere."""
    return frozenset(one for one in Permission if user.can(one))


def conditions(words: Dictionary, subject: Subject, mine: frozenset[Permission], sight: Sight) -> list[Term]:
    """The subject's conditions that may be used with these permissions, and that their guards show the user somewhere."""
    found = []
    for one in subject.conditions.values():
        if one.key == subject.default or not mine.issuperset(one.permissions):
            continue
        if not sight.opens(one.seen):
            continue
        group = "人群" if one.key.startswith("in_") and one.permissions else "口径"
        if one.replaces_default:
            group = "统计口径"
        found.append(
            Term(
                CONDITION,
                one.key,
                one.label,
                group,
                one.also,
                one.note,
                one.replaces_default,
                permissions=frozenset(one.permissions),
            )
        )
    return found


def elements(
    words: Dictionary, subject: Subject, mine: frozenset[Permission], sight: Sight
) -> Iterator[Term]:
    """The elements of the subject and of what it leads to."""
    yield from _elements(words, subject, mine, sight, "", subject.label, 0)


def _elements(
    words: Dictionary,
    here: Subject,
    mine: frozenset[Permission],
    sight: Sight,
    before: str,
    heading: str,
    depth: int,
) -> Iterator[Term]:
    if here.permission is None or here.permission not in mine:
        return
    prefix = "" if depth == 0 else heading + _SEPARATOR
    for one in here.elements.values():
        if one.key in LEFT_OUT:
            continue
        try:
            needed = words.permissions(here.key, one.key)
            target = words.walk(here.key, one.key)[2]
        except UnknownTerm:
            continue
        guarded = any(not sight.opens(seen) for _label, seen in along(words, here.key, one.key))
        if mine.issuperset(needed) and not guarded:
            yield Term(
                ELEMENT,
                before + one.key,
                prefix + one.label,
                heading,
                one.also,
                one.note or target.note,
                element=target,
                permissions=needed,
            )
    if depth < DEEPEST:
        for link in here.links.values():
            if (
                mine.issuperset(link.permissions)
                and sight.opens(link.seen)
                and not _returns(words, here, link, depth)
            ):
                title = prefix + link.label
                to = words.subject(link.to)
                yield from _elements(words, to, mine, sight, f"{before}{link.key}.", title, _after(to, depth))


def _returns(words: Dictionary, here: Subject, link: Link, depth: int) -> bool:
    """Whether following the link would only say again what stands nearer."""
    return depth > 0 and link.to in ("person", "household", here.key)


def _after(to: Subject, depth: int) -> int:
    """People and households at the end of a way are not followed further: 户主的配偶的户主 helps nobody."""
    return DEEPEST if to.key in ("person", "household") else depth + 1


def find(terms: Iterable[Any], text: str, most: int = 60) -> list[Any]:
    """The terms that answer a search, best first."""
    wanted = "".join(text.split()).lower()[:30]
    ranked = [(one.rank(wanted), number, one) for number, one in enumerate(terms)]
    ranked = [one for one in ranked if one[0] > 0]
    ranked.sort(key=lambda one: (-one[0], one[1]))
    return [one for _rank, _number, one in ranked[:most]]


@dataclass
class Section:
    """A heading with its terms."""

    title: str
    terms: list[Term] = field(default_factory=list)


def sections(terms: Iterable[Term]) -> list[Section]:
    """Terms under their headings, in the order in which they come."""
    found: dict[str, Section] = {}
    for one in terms:
        found.setdefault(one.group, Section(one.group)).terms.append(one)
    return list(found.values())


REGIONS = (
    ("community", "各社区", 12),
    ("grid", "各网格", 15),
    ("street", "各街道", 9),
    ("district", "各区县", 6),
)


@dataclass(frozen=True)
class AxisTerm:
    """A way to divide a table."""

    choice: AxisChoice
    label: str
    group: str
    also: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.choice.text()

    def rank(self, text: str) -> int:
        """As a term's."""
        return Term(ELEMENT, "", self.label, "", self.also).rank(text)


def axes(
    words: Dictionary,
    subject: Subject,
    mine: frozenset[Permission],
    sight: Sight,
    bands: Iterable[Any],
) -> list[AxisTerm]:
    """The ways in which a subject's rows can be divided: regions, bands, coded elements, dates, yes or no."""
    found = [AxisTerm(AxisChoice("region", key), label, "区域") for key, label, _length in REGIONS]
    reachable = list(elements(words, subject, mine, sight))
    by_key = {term.key: term for term in reachable}
    for band in bands:
        if band.subject == subject.key and band.path in by_key:
            found.append(
                AxisTerm(AxisChoice("band", band.path, band.key), band.name, "分段", by_key[band.path].also)
            )
    groups = [one for one in conditions(words, subject, mine, sight) if one.group == "人群"]
    if groups:
        keys = "|".join(one.key for one in groups)
        found.append(AxisTerm(AxisChoice("conditions", keys), "全部人群", "人群"))
    for term in reachable:
        element = term.element
        assert element is not None
        if element.decode is not None:
            continue
        if element.kind in (Kind.CODE, Kind.BOOLEAN, Kind.CODES):
            found.append(AxisTerm(AxisChoice("element", term.key), term.label, term.group, term.also))
        elif element.kind is Kind.DATE:
            for part, name in (("year", "按年"), ("month", "按月")):
                found.append(
                    AxisTerm(
                        AxisChoice("date", term.key, part), f"{term.label}（{name}）", term.group, term.also
                    )
                )
        elif element.kind is Kind.TEXT and element.sensitivity <= Sensitivity.INTERNAL:
            found.append(AxisTerm(AxisChoice("element", term.key), term.label, term.group, term.also))
    for one in conditions(words, subject, mine, sight):
        if not one.replaces_default:
            found.append(AxisTerm(AxisChoice("conditions", one.key), f"是否{one.label}", "口径", one.also))
    return found
