"""The dictionary: one description of every fact that Linli holds.

A *subject* (person, home, household …) is a table; its *elements* (数据元) are what can be read of one row, its
*conditions* (口径) narrow the rows, its *measures* count or add them up, its *links* lead to one row of another
subject (a person's household, the household's head). All are SQL fragments over named aliases, so that one plan
(`linli.facts.plan`) turns any wish into one query, as of any date.

In a fragment `{t}` is the alias of the subject's own row, `{r}` (links only) the alias of the linked row, `{on}` the
as-of date, `{after}` the first moment after it (what was recorded before was known that day), `{=person}` (laterals only)
the table of a subject as it was that day, `{=person p}` (elsewhere) the same under a name of its own. Rooms declare what they know in their `facts.py`; nobody else writes queries about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

from linli.access.roles import Permission
from linli.kernel.codes import CodeList
from linli.kernel.scope import Scope

# Where a user may see what a term says; None where a term asks for no more than its subject does.
Seen = Callable[[Any], Sequence[Scope]] | None


class Sensitivity(IntEnum):
    """How much care a fact needs; from PERSONAL on it is masked until asked for, and every look is recorded."""

    PUBLIC = 0
    INTERNAL = 1
    PERSONAL = 2
    SENSITIVE = 3

    @property
    def label(self) -> str:
        return {0: "公开", 1: "内部", 2: "个人信息", 3: "敏感个人信息"}[int(self)]


class Kind(Enum):
    """The shape of an element's value as a plan returns it."""

    TEXT = "文本"
    DATE = "日期"
    INTEGER = "整数"
    DECIMAL = "小数"
    MONEY = "金额（元）"
    BOOLEAN = "是否"
    CODE = "代码"
    CODES = "多个代码"


class UnknownTerm(LookupError):
    """A path names no element, condition, measure or link of the dictionary."""


@dataclass(frozen=True)
class Element:
    """One thing that can be read of a subject's row.

    `sql` yields the value; or `path` leads to an element of a linked subject (`living.home.door`).
    `decode` turns the database's value into the plain one (opens a sealed number). For CODE(S) the value is the code;
    `codes.label()` gives the standard's name. `sort` is the SQL by which rows are ordered where the value itself would
    not do (names by their initials). `permissions` are asked beyond the subject's own.
    """

    key: str
    label: str
    also: tuple[str, ...] = ()
    sql: str = ""
    path: str = ""
    kind: Kind = Kind.TEXT
    codes: CodeList | None = None
    unit: str = ""
    standard: str = ""
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    decode: Callable[[Any], Any] | None = None
    mask: Callable[[str], str] | None = None
    note: str = ""
    sort: str = ""
    permissions: tuple[Permission, ...] = ()
    seen: Seen = None

    @property
    def names(self) -> tuple[str, ...]:
        """The label and every synonym."""
        return (self.label, *self.also)


@dataclass(frozen=True)
class Condition:
    """A named narrowing of a subject's rows (口径). `region` replaces the subject's region path where the condition
    changes which place a row counts for (户籍人口 count where the hukou is, not where they live)."""

    key: str
    label: str
    also: tuple[str, ...] = ()
    sql: str = ""
    region: str = ""
    replaces_default: bool = False
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    note: str = ""
    permissions: tuple[Permission, ...] = ()
    seen: Seen = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.label, *self.also)


@dataclass(frozen=True)
class Measure:
    """A number over a subject's rows: `sql` is an aggregate (count(*) unless given) under the conditions `where`."""

    key: str
    label: str
    also: tuple[str, ...] = ()
    sql: str = "count(*)"
    where: tuple[str, ...] = ()
    unit: str = ""
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.label, *self.also)


@dataclass(frozen=True)
class Link:
    """The way from a subject's row to at most one row of another subject.

    One of `on` (a join condition to the target's table as `{r}`), `lateral` (a sub-query that yields that row) or
    `path` (a way over other links: household.head).
    `also` are the words by which forms speak of it: 户主, 监护人, 配偶 …
    """

    key: str
    label: str
    to: str
    also: tuple[str, ...] = ()
    on: str = ""
    lateral: str = ""
    path: str = ""
    note: str = ""
    permissions: tuple[Permission, ...] = ()
    seen: Seen = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.label, *self.also)


@dataclass
class Subject:
    """A kind of thing that facts are about. `region` is the element path whose value is the region order key that
    permission is decided on; `default` the condition that holds when a wish names no population of its own;
    `order` the SQL in which rosters run; `permission` what one must hold to see its rows (None: only the system reads
    them); `page` the URL name of a row's page, whose
    address holds the value at `page_by`; `columns` the element paths by which a row is usually told.

    `undated` are the columns without a date of their own: for a past day the plan reads them from `history` (the table of kept
    states, ADR 0003) as they were recorded at its end; `created` is the column that says since when a row has been in the base,
    and rows that came later show what is known today. `region_then` replaces `region` for a past day."""

    key: str
    label: str
    table: str
    region: str
    also: tuple[str, ...] = ()
    default: str = ""
    order: str = "{t}.id"
    note: str = ""
    permission: Permission | None = None
    page: str = ""
    page_by: str = "id"
    columns: tuple[str, ...] = ()
    seen: Seen = None
    undated: tuple[str, ...] = ()
    history: str = ""
    created: str = ""
    region_then: str = ""
    elements: dict[str, Element] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)

    def element(self, key: str, label: str, *, also: Iterable[str] = (), **kwargs: Any) -> Element:
        """Declare an element; a second declaration of the key is an error."""
        if key in self.elements:
            raise ValueError(f"{self.key}.{key} declared twice")
        made = Element(key, label, tuple(also), **kwargs)
        self.elements[key] = made
        return made

    def condition(self, key: str, label: str, *, also: Iterable[str] = (), **kwargs: Any) -> Condition:
        """Declare a condition."""
        if key in self.conditions:
            raise ValueError(f"{self.key}.{key} declared twice")
        made = Condition(key, label, tuple(also), **kwargs)
        self.conditions[key] = made
        return made

    def measure(
        self, key: str, label: str, *, also: Iterable[str] = (), where: Iterable[str] = (), **kwargs: Any
    ) -> Measure:
        """Declare a measure."""
        made = Measure(key, label, tuple(also), where=tuple(where), **kwargs)
        self.measures[key] = made
        return made

    def link(self, key: str, label: str, *, to: str, also: Iterable[str] = (), **kwargs: Any) -> Link:
        """Declare a link to another subject (named by key, so that rooms may point at each other)."""
        made = Link(key, label, to, tuple(also), **kwargs)
        self.links[key] = made
        return made


# Every subject's row has a number; `head.id` is the number of the row at the end of a way. Never shown.
IDENTITY = Element("id", "编号", sql="{t}.id", kind=Kind.INTEGER)


class Dictionary:
    """All subjects. `providers` add what is data rather than code (the groups of care and concern) at each reading."""

    def __init__(self) -> None:
        self._subjects: dict[str, Subject] = {}
        self._providers: list[Callable[[Dictionary], None]] = []

    def add(self, subject: Subject) -> Subject:
        """Register a subject; keys are unique."""
        if subject.key in self._subjects:
            raise ValueError(f"subject {subject.key} declared twice")
        self._subjects[subject.key] = subject
        return subject

    def provider(self, function: Callable[[Dictionary], None]) -> Callable[[Dictionary], None]:
        """Register a function that (re)declares data-driven terms when `refresh` is called."""
        self._providers.append(function)
        return function

    def refresh(self) -> Dictionary:
        """Let every provider bring its terms up to date; returns the dictionary itself."""
        for function in self._providers:
            function(self)
        return self

    def subject(self, key: str) -> Subject:
        try:
            return self._subjects[key]
        except KeyError:
            raise UnknownTerm(f"没有名为“{key}”的主题") from None

    def subjects(self) -> Iterator[Subject]:
        return iter(self._subjects.values())

    def walk(self, subject: str, path: str) -> tuple[tuple[Link, ...], Subject, Element]:
        """The links, the subject arrived at and the element of a dotted path; element aliases are followed.

        Raises UnknownTerm when a part does not exist.
        """
        *steps, last = path.split(".")
        links, here = self.follow(subject, steps)
        element = here.elements.get(last) or (IDENTITY if last == IDENTITY.key else None)
        if element is None:
            raise UnknownTerm(f"“{here.label}”没有名为“{last}”的数据元")
        if element.path:
            more, there, target = self.walk(here.key, element.path)
            return (*links, *more), there, target
        return links, here, element

    def follow(self, subject: str, steps: Iterable[str]) -> tuple[tuple[Link, ...], Subject]:
        """The plain links (aliases resolved) along `steps` and the subject they lead to."""
        here = self.subject(subject)
        links: list[Link] = []
        for step in steps:
            link = here.links.get(step)
            if link is None:
                raise UnknownTerm(f"“{here.label}”没有名为“{step}”的关联")
            if link.path:
                more, there = self.follow(here.key, link.path.split("."))
                links.extend(more)
                here = there
            else:
                links.append(link)
                here = self.subject(link.to)
        return tuple(links), here

    def permissions(self, subject: str, path: str) -> frozenset[Permission]:
        """What one must hold to read a path: of each subject on the way, and what links and the element ask beyond.

        Raises UnknownTerm, also for subjects that only the system reads.
        """
        *steps, last = path.split(".")
        here = self.subject(subject)
        needed = set(self._own(here))
        for step in steps:
            link = here.links.get(step)
            if link is None:
                raise UnknownTerm(f"“{here.label}”没有名为“{step}”的关联")
            needed.update(link.permissions)
            if link.path:
                needed |= self.permissions(here.key, f"{link.path}.{IDENTITY.key}")
            here = self.subject(link.to)
            needed |= self._own(here)
        element = self.element(here.key, last)
        needed.update(element.permissions)
        if element.path:
            needed |= self.permissions(here.key, element.path)
        return frozenset(needed)

    def _own(self, subject: Subject) -> frozenset[Permission]:
        if subject.permission is None:
            raise UnknownTerm(f"“{subject.label}”不能查询")
        return frozenset((subject.permission,))

    def element(self, subject: str, path: str) -> Element:
        """The element at a path as it should be named and masked (an alias keeps its own label)."""
        *steps, last = path.split(".")
        _links, here = self.follow(subject, steps)
        found = here.elements.get(last) or (IDENTITY if last == IDENTITY.key else None)
        if found is None:
            raise UnknownTerm(f"“{here.label}”没有名为“{last}”的数据元")
        return found

    def label(self, subject: str, path: str) -> str:
        """The Chinese name of a path: 户主 · 姓名."""
        here = self.subject(subject)
        parts = []
        *steps, last = path.split(".")
        for step in steps:
            link = here.links[step]
            parts.append(link.label)
            here = self.subject(link.to)
        parts.append(here.elements[last].label)
        return " · ".join(parts)


dictionary = Dictionary()
