"""The sidebar: each room registers its entries in its AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import Permission

# The headings of the sidebar.
PEOPLE = _("居民")
PLACES = _("房屋与单位")
CHECKING = _("导入与核对")
SETTING = _("社区设置")
GATE = _("准入减负")
DATA = _("数据")
SYSTEM = _("系统管理")


@dataclass(frozen=True)
class NavItem:
    """One entry. `section` is the heading it stands under ("" for none); lower `order` comes first.

    `permission` hides the entry from users who hold it nowhere. `badge` counts what waits for the user, 0 for nothing.
    """

    section: Any
    label: Any
    url_name: str
    icon: str
    permission: Permission | None = None
    order: int = 0
    badge: Callable[[Any], int] | None = None


@dataclass
class Entry:
    """An entry as the sidebar shows it to one user on one page."""

    label: Any
    url: str
    icon: str
    current: bool = False
    badge: int = 0


@dataclass
class Section:
    """A heading of the sidebar with its entries."""

    title: str
    entries: list[Entry] = field(default_factory=list)


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add an entry to the sidebar; an entry of the same address is replaced."""
    _items[item.url_name] = item


def registered() -> tuple[NavItem, ...]:
    """Every entry, in the order of the sidebar."""
    return tuple(sorted(_items.values(), key=lambda item: item.order))


def nav_for(
    user: Any,
    path: str = "",
    items: Iterable[NavItem] | None = None,
    count: Callable[[str, Callable[[Any], int]], int] | None = None,
) -> list[Section]:
    """The sidebar of a user; the entry whose address is the longest beginning of `path` is current.

    `count(name, badge)` gives the number of an entry, when it is not to be asked for right now.
    """
    sections: dict[str, Section] = {}
    best: Entry | None = None
    for item in registered() if items is None else items:
        if item.permission is not None and not user.can(item.permission):
            continue
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        badge = 0
        if item.badge is not None:
            badge = count(item.url_name, item.badge) if count is not None else item.badge(user)
        entry = Entry(item.label, url, item.icon, badge=badge)
        sections.setdefault(str(item.section), Section(str(item.section))).entries.append(entry)
        inside = path == url or (url != "/" and path.startswith(url if url.endswith("/") else url + "/"))
        if inside and (best is None or len(entry.url) > len(best.url)):
            best = entry
    if best is not None:
        best.current = True
    return list(sections.values())
