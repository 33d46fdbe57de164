"""Lists to choose from that many pages share: the regions of a filter bar, hundreds of them on every list; its bands of age."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.utils.choices import BaseChoiceIterator
from django.utils.translation import get_language

from linli.pages.html import text


class Offered(BaseChoiceIterator):
    """Pairs (value, label) that do not change: form fields share them instead of copying them, and their markup is made once for
    each language. Values are text."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        self.pairs = tuple(pairs)
        self._made: dict[str | None, tuple[dict[str, str], str]] = {}

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __deepcopy__(self, _memo: dict[int, Any]) -> Offered:
        return self

    def _options(self) -> tuple[dict[str, str], str]:
        """The markup of each option, none of them selected, and all of it."""
        language = get_language()
        if language not in self._made:
            options = {
                value: f'\n  <option value="{text(value)}">{text(label)}</option>'
                for value, label in self.pairs
            }
            self._made[language] = options, "".join(options.values())
        return self._made[language]

    def markup(self, chosen: Container[str] = ()) -> str:
        """The options of a select, as Django writes them; those of the `chosen` values are selected."""
        options, whole = self._options()
        picked = [value for value in options if value in chosen] if chosen else []
        if not picked:
            return whole
        marked = {value: options[value].replace('">', '" selected>', 1) for value in picked}
        return "".join((options | marked).values())


@lru_cache(maxsize=500)
def shared(pairs: tuple[tuple[str, str], ...]) -> Offered:
    """The list of these pairs, one for all who offer the same."""
    return Offered(pairs)
