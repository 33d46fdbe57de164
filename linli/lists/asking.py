"""A definition asked for a user: what it needs, in which area, the wish behind it, and it all in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.facts import comparing, plan
from linli.facts.comparing import BadComparison, Comparison
from linli.facts.dictionary import (
    Dictionary,
    Element,
    Kind,
    Seen,
    Sensitivity,
    Subject,
    UnknownTerm,
    dictionary,
)
from linli.facts.sight import Sight, guards
from linli.kernel.scope import Scope, common, within
from linli.lists import rules
from linli.lists.rules import ANY, NONE, Clause, Definition, Filter
from linli.regions import names

PEOPLE = frozenset((Permission.VIEW_PEOPLE, Permission.VIEW_GROUPS, Permission.VIEW_SENSITIVE_GROUPS))


def words() -> Dictionary:
    """The dictionary with its data-driven terms up to date."""
    return dictionary.refresh()


def is_hidden(element: Element) -> bool:
    """Whether the element's text is shown with stars until it is asked for with a purpose."""
    return element.decode is not None or (
        element.kind is Kind.TEXT and element.sensitivity >= Sensitivity.PERSONAL
    )


def is_number(element: Element) -> bool:
    """Whether the values can be added up."""
    return element.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)


def masked(element: Element, value: Any) -> str:
    """A hidden value with its middle, or all but its first character, as stars."""
    text = str(value)
    if element.mask is not None:
        return element.mask(text)
    if len(text) > 8:
        return f"{text[:2]}{'*' * (len(text) - 4)}{text[-2:]}"
    return text[:1] + "*" * (len(text) - 1)


def shown(element: Element, value: Any, *, unmask: bool = False) -> str:
    """A value as pages and workbooks write it."""
    if value is None or value == "" or value == []:
        return ""
    if is_hidden(element) and not unmask:
        return masked(element, value)
    kind = element.kind
    if kind is Kind.DATE:
        return f"{value:%Y-%m-%d}"
    if kind is Kind.BOOLEAN:
        return "是" if value else "否"
    if kind is Kind.CODE and element.codes is not None:
        return element.codes.label(str(value))
    if kind is Kind.CODES:
        codes = element.codes
        return "、".join(codes.label(str(one)) if codes is not None else str(one) for one in value)
    if kind is Kind.MONEY:
        return f"{value:,.2f}"
    if kind is Kind.DECIMAL:
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else str(value)
    return str(value)


@dataclass(frozen=True)
class Column:
    """A column: its path, what it is called, its element (of the target, where the path is an alias)."""

    path: str
    label: str
    element: Element

    @property
    def is_number(self) -> bool:
        return is_number(self.element)

    @property
    def is_hidden(self) -> bool:
        return is_hidden(self.element)


class Question:
    """A definition in the mouth of a user. Everything that it names must be in the dictionary and permitted.

    Raises RuleError with one sentence where it is not.
    """

    def __init__(self, definition: Definition, user: Any, *, today: date | None = None) -> None:
        self.definition, self.user = definition, user
        self.words = words()
        self.on: date = definition.on or today or timezone.localdate()
        try:
            self.subject: Subject = self.words.subject(definition.subject)
            self.needs = self._needs()
        except UnknownTerm as unknown:
            raise RuleError(_("%(what)s，可能已停用。请去掉它再试。") % {"what": str(unknown)}) from None
        if self.subject.permission is None or not self.subject.page:
            raise RuleError(_("不能按“%(name)s”做名单。") % {"name": self.subject.label})
        missing = [one for one in self.needs if not user.can(one)]
        if missing:
            raise RuleError(_("名单里有您没有权限查看的内容，不能打开。"))
        self.sight = Sight(user)
        if not all(self.sight.scopes(seen) for seen in self._guards()):
            raise RuleError(_("名单里有您没有权限查看的内容，不能打开。"))
        self._check()

    def _needs(self) -> frozenset[Permission]:
        wanted = self.definition
        found = set(self.words.permissions(wanted.subject, "id"))
        for key in self._keys():
            condition = self.subject.conditions.get(key)
            if condition is None:
                raise UnknownTerm(f"“{self.subject.label}”没有名为“{key}”的口径")
            found.update(condition.permissions)
        for path in self._paths():
            found |= self.words.permissions(wanted.subject, path)
        return frozenset(found)

    def _keys(self) -> list[str]:
        """Every condition named."""
        wanted = self.definition
        found = [key for clause in wanted.clauses for key in clause.keys]
        for axis in (wanted.rows, wanted.across):
            if axis is not None and axis.kind == "conditions":
                found += axis.value.split("|")
        return found

    def _paths(self) -> list[str]:
        """Every path named."""
        wanted = self.definition
        found = [
            *wanted.columns,
            *(one.path for one in wanted.filters),
            wanted.sort.removeprefix("-"),
            wanted.number,
        ]
        for axis in (wanted.rows, wanted.across):
            if axis is not None and axis.kind not in ("conditions", "region"):
                found.append(axis.value)
        return [path for path in found if path]

    def _guards(self) -> list[Seen]:
        """What its terms ask beyond permissions."""
        paths = [path for path in self._paths() if path != "id"]
        asked = guards(self.definition.subject, paths=paths, conditions=self._keys(), words=self.words)
        return [seen for _label, seen in asked]

    def _check(self) -> None:
        wanted = self.definition
        for one in wanted.filters:
            try:
                comparing.parse(self.element(one.path), self.compared(one))
            except BadComparison as bad:
                raise RuleError(str(bad)) from None
        for clause in wanted.clauses:
            if clause.how == ANY and any(
                self.subject.conditions[key].replaces_default for key in clause.keys
            ):
                raise RuleError(_("统计口径（户籍、常住等）只能单独选，不能与其他条件“任一满足”。"))
        if wanted.sort and self.element(wanted.sort.removeprefix("-")).decode is not None:
            raise RuleError(_("加密存储的号码不能用来排序，请换一列。"))
        if wanted.number and not is_number(self.element(wanted.number)):
            raise RuleError(_("只有数字可以求和，请重新选择。"))

    # -- what the dictionary says ----------------------------------------------------------------------------

    def element(self, path: str) -> Element:
        """The element at the end of a path (of the target, for an alias)."""
        return self.words.walk(self.definition.subject, path)[2]

    def label(self, path: str) -> str:
        """What a path is called: 户主 · 姓名."""
        return self.words.label(self.definition.subject, path)

    @staticmethod
    def compared(one: Filter) -> Comparison:
        """A filter as the plan takes it."""
        return Comparison(one.path, one.operator, one.values)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns wished, or the subject's usual ones that the user may see."""
        paths = self.definition.columns or self.usual
        return [Column(path, self.label(path), self.element(path)) for path in paths]

    @cached_property
    def usual(self) -> tuple[str, ...]:
        """The subject's usual columns, as far as the user may see them."""
        subject = self.definition.subject
        return tuple(
            path
            for path in self.subject.columns
            if all(self.user.can(one) for one in self.words.permissions(subject, path))
            and self.sight.somewhere(subject, path=path, words=self.words)
        )

    # -- where -----------------------------------------------------------------------------------------------

    def scopes(self, *more: Permission) -> tuple[Scope, ...]:
        """Where the user holds every permission needed, and `more`, within the region wished. Raises RuleError when nowhere."""
        found: tuple[Scope, ...] | None = None
        for one in (*sorted(self.needs), *more):
            mine = self.user.scopes(one)
            found = tuple(mine) if found is None else common(found, mine)
        assert found is not None
        for seen in self._guards():
            found = common(found, self.sight.scopes(seen))
        if self.definition.region:
            found = within(found, self.definition.region)
        if not found:
            raise RuleError(_("这个区域不在您的权限范围内，请重新选择区域。"), field="region")
        return found

    @property
    def is_about_people(self) -> bool:
        """Whether taking it away is taking people's data away."""
        return bool(self.needs & PEOPLE) or any(one.is_hidden for one in self.columns)

    @property
    def tells_sensitive(self) -> list[str]:
        """The sensitive facts that it tells in clear: keys of elements and conditions."""
        found = [
            one.path
            for one in self.columns
            if one.element.sensitivity >= Sensitivity.SENSITIVE and not one.is_hidden
        ]
        for clause in self.definition.clauses:
            found += [
                key
                for key in clause.keys
                if clause.how != NONE and self.subject.conditions[key].sensitivity >= Sensitivity.SENSITIVE
            ]
        for one in self.definition.filters:
            if self.element(one.path).sensitivity >= Sensitivity.SENSITIVE:
                found.append(one.path)
        return list(dict.fromkeys(found))

    # -- the wish --------------------------------------------------------------------------------------------

    def wish(self, *more: Permission, **changes: Any) -> plan.Wish:
        """The one wish behind it, in the user's own area."""
        wanted = self.definition
        conditions: list[str] = []
        any_of: list[tuple[str, ...]] = []
        none_of: list[str] = []
        for clause in wanted.clauses:
            if clause.how == NONE:
                none_of += clause.keys
            elif clause.how == ANY:
                any_of.append(clause.keys)
            else:
                conditions += clause.keys
        sort = [(wanted.sort.removeprefix("-"), wanted.sort.startswith("-"))] if wanted.sort else []
        made: dict[str, Any] = {
            "subject": wanted.subject,
            "scopes": self.scopes(*more),
            "on": self.on,
            "conditions": conditions,
            "any_of": any_of,
            "none_of": none_of,
            "comparisons": [self.compared(one) for one in wanted.filters],
            "elements": [one.path for one in self.columns],
            "sort": sort,
        }
        return plan.Wish(**(made | changes))

    # -- in words --------------------------------------------------------------------------------------------

    def clause_words(self, clause: Clause) -> str:
        """A clause in Chinese."""
        said = [self.subject.conditions[key].label for key in clause.keys]
        if clause.how == NONE:
            return f"不是{'、'.join(said)}"
        return " 或 ".join(said)

    def filter_words(self, one: Filter) -> str:
        """A comparison in Chinese: 年龄 60–79岁."""
        return f"{self.label(one.path)} {comparing.words(self.element(one.path), self.compared(one))}"

    @property
    def population(self) -> str:
        """What is counted where nothing else is said: 常住."""
        if not self.subject.default:
            return ""
        chosen = [key for clause in self.definition.clauses if clause.how == rules.ALL for key in clause.keys]
        if any(self.subject.conditions[key].replaces_default for key in chosen):
            return ""
        return self.subject.conditions[self.subject.default].label

    @property
    def short(self) -> str:
        """A name for the list by what narrows it: 80岁及以上、独自居住; the subject where nothing does."""
        kept = [
            self.clause_words(one)
            for one in self.definition.clauses
            if not any(self.subject.conditions[key].replaces_default for key in one.keys)
        ]
        name = "、".join(kept[:3])
        return name[:40] or self.subject.label

    @property
    def said(self) -> str:
        """The whole in one line: 居民：常住、80岁及以上、不是低保；东外社区；2026-11-22."""
        parts = [
            self.population,
            *(self.clause_words(one) for one in self.definition.clauses),
            *(self.filter_words(one) for one in self.definition.filters),
        ]
        where = names.title(self.definition.region) if self.definition.region else "本人负责的区域"
        what = "，".join(part for part in parts if part)
        return f"{self.subject.label}：{what or '全部'}；{where}；{self.on:%Y-%m-%d}"
