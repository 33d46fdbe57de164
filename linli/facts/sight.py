"""Which terms of the dictionary a user may not see: whoever runs a wish for a user asks here first.

Scopes say which rows a user sees. Some terms ask for more than their subject does (who is on 低保, who is disabled), and say
where they may be seen by `seen`. A term is withheld unless it may be seen in the whole of the area asked about, so that a list
never mixes rows with and rows without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from linli.facts.dictionary import Dictionary, Seen, dictionary
from linli.facts.plan import Wish
from linli.kernel.scope import Scope


def along(words: Dictionary, subject: str, path: str) -> Iterator[tuple[str, Seen]]:
    """Every term that a dotted path touches, aliases included."""
    here = words.subject(subject)
    *steps, last = path.split(".")
    for step in steps:
        link = here.links[step]
        yield link.label, link.seen
        if link.path:
            yield from _links(words, here.key, link.path)
        here = words.follow(here.key, [step])[1]
    element = words.element(here.key, last)
    yield element.label, element.seen
    if element.path:
        yield from along(words, here.key, element.path)


def _links(words: Dictionary, subject: str, path: str) -> Iterator[tuple[str, Seen]]:
    here = words.subject(subject)
    for step in path.split("."):
        link = here.links[step]
        yield link.label, link.seen
        if link.path:
            yield from _links(words, here.key, link.path)
        here = words.follow(here.key, [step])[1]


def guards(
    subject: str,
    *,
    paths: Iterable[str] = (),
    conditions: Iterable[str] = (),
    measure: str = "",
    words: Dictionary = dictionary,
) -> list[tuple[str, Seen]]:
    """What the terms of a question ask beyond permissions: label and where a user may see it. Terms that ask nothing are left
    out. Raises UnknownTerm or KeyError for terms that the dictionary does not have."""
    here = words.subject(subject)
    found: list[tuple[str, Seen]] = [(here.label, here.seen)]
    for path in paths:
        found.extend(along(words, subject, path))
    for key in [*conditions, *(here.measures[measure].where if measure else ())]:
        found.append((here.conditions[key].label, here.conditions[key].seen))
    return [(label, seen) for label, seen in found if seen is not None]


class Sight:
    """What one user may see of guarded terms; each guard is asked once."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self._scopes: dict[int, Sequence[Scope]] = {}

    def scopes(self, seen: Seen) -> Sequence[Scope]:
        """Where the user may see what a guard keeps."""
        assert seen is not None
        if id(seen) not in self._scopes:
            self._scopes[id(seen)] = seen(self.user)
        return self._scopes[id(seen)]

    def opens(self, seen: Seen) -> bool:
        """Whether a guard shows the user anything; no guard does."""
        return seen is None or bool(self.scopes(seen))

    def somewhere(
        self, subject: str, *, path: str = "", condition: str = "", words: Dictionary = dictionary
    ) -> bool:
        """Whether the user may see an element or use a condition anywhere."""
        asked = guards(
            subject,
            paths=[path] if path else (),
            conditions=[condition] if condition else (),
            words=words,
        )
        return all(self.scopes(seen) for _label, seen in asked)


def withheld(
    subject: str,
    user: Any,
    scopes: Sequence[Scope],
    *,
    paths: Iterable[str] = (),
    conditions: Iterable[str] = (),
    measure: str = "",
    words: Dictionary = dictionary,
) -> list[str]:
    """The labels of those terms that the user may not see in all of the scopes, each once, in order.

    Raises UnknownTerm or KeyError for terms that the dictionary does not have.
    """
    sight = Sight(user)
    asked = guards(subject, paths=paths, conditions=conditions, measure=measure, words=words)
    found = [
        label
        for label, seen in asked
        if not all(any(mine.covers(scope) for mine in sight.scopes(seen)) for scope in scopes)
    ]
    return list(dict.fromkeys(found))


def withheld_of(wish: Wish, user: Any, measure: str = "", words: Dictionary = dictionary) -> list[str]:
    """The same of a whole wish."""
    return withheld(
        wish.subject,
        user,
        wish.scopes,
        paths=wish.elements,
        conditions=wish.conditions,
        measure=measure,
        words=words,
    )
