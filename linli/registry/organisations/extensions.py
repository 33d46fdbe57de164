"""What rooms above add to an organisation's page. They register in their AppConfig.ready(); organisations stand below them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linli.registry.organisations.models import Organisation


@dataclass(frozen=True)
class OrganisationTab:
    """A tab: `context(organisation, user)` gives what `template` needs (as `panel`), None where the user may not see it; its
    `count` stands beside the label."""

    key: str
    label: Any
    template: str
    context: Callable[[Organisation, Any], dict[str, Any] | None]
    order: int = 0


_tabs: dict[str, OrganisationTab] = {}


def register_tab(tab: OrganisationTab) -> None:
    """Add a tab."""
    _tabs[tab.key] = tab


def tabs() -> list[OrganisationTab]:
    """The tabs registered, in order."""
    return sorted(_tabs.values(), key=lambda one: one.order)
