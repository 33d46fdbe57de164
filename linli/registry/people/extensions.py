"""What rooms above add to the pages of people: a filter and batch actions in the list, tabs on a person's page (tags beside
names go by `occupancy.register_tags`). They register in their AppConfig.ready(); people stand below them and may not import them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from linli.access.models import Permission
from linli.registry.people.models import Person


@dataclass(frozen=True)
class ListFilter:
    """A filter of the list: `choices(user)`, and `rows(queryset, value, user, on)` narrows to those of that day."""

    key: str
    label: Any
    choices: Callable[[Any], list[tuple[str, Any]]]
    rows: Callable[[QuerySet, str, Any, date], QuerySet]


@dataclass(frozen=True)
class PersonTab:
    """A tab of a person's page: `context(person, user)` gives what `template` needs, None where the user may not see it;
    its `count` stands beside the label. A value that is a function is found out only when the tab is the one shown."""

    key: str
    label: Any
    template: str
    context: Callable[[Person, Any], dict[str, Any] | None]
    order: int = 0


@dataclass(frozen=True)
class PickedAction:
    """A batch action of the list that leads to a page of another room, which reads the picked people by `picked()`."""

    key: str
    label: Any
    icon: str
    url_name: str
    permission: Permission


@dataclass(frozen=True)
class Likeness:
    """Somebody of the base who may be the person about to be registered: how sure (几乎肯定, 很可能, 有可能) and why, in words."""

    person_id: int
    sure: str
    why: str


# The words of which registering asks again.
LIKELY = ("几乎肯定", "很可能")
# Finds who may be meant by what is known: name, id_number, phone, birth_date, home (its number).
Finder = Callable[[dict[str, Any]], list[Likeness]]
_finders: list[Finder] = []
_filters: dict[str, ListFilter] = {}
_tabs: dict[str, PersonTab] = {}
_actions: dict[str, PickedAction] = {}
PICKED = "people_picked"
MOST_PICKED = 5_000


def register_filter(wanted: ListFilter) -> None:
    """Add a filter to the list."""
    _filters[wanted.key] = wanted


def register_tab(tab: PersonTab) -> None:
    """Add a tab to a person's page."""
    _tabs[tab.key] = tab


def register_action(action: PickedAction) -> None:
    """Add a batch action to the list."""
    _actions[action.key] = action


def register_finder(finder: Finder) -> None:
    """Add a way to find who may be meant before somebody is registered."""
    _finders.append(finder)


def alike(wanted: dict[str, Any]) -> list[Likeness]:
    """Who may be meant, the likeliest first; nobody twice."""
    found: dict[int, Likeness] = {}
    for finder in _finders:
        for one in finder(wanted):
            found.setdefault(one.person_id, one)
    return list(found.values())


def filters() -> list[ListFilter]:
    """The filters registered."""
    return list(_filters.values())


def tabs() -> list[PersonTab]:
    """The tabs registered, in order."""
    return sorted(_tabs.values(), key=lambda one: one.order)


def actions() -> list[PickedAction]:
    """The batch actions registered."""
    return list(_actions.values())


def picked(session: Any) -> list[int]:
    """The people last picked in the list."""
    return [pk for pk in session.get(PICKED, []) if isinstance(pk, int)]
