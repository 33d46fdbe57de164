"""What was decided about forms' own lists of codes: taken over by structure and sender, else where the very same list comes again."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils import timezone

from linli.access.roles import Permission
from linli.facts import cross, sight
from linli.facts.dictionary import Dictionary, Element, UnknownTerm
from linli.facts.plan import Wish
from linli.kernel.textnorm import squash
from linli.ledgers.meaning import own_lists
from linli.ledgers.meaning.mapping import ASKED, ELEMENT, Mapping
from linli.ledgers.models import ValueChoice
from linli.ledgers.recognised import Recognition

STREET = 9  # characters of a street's region key


def group_words(terms: Dictionary) -> dict[str, list[str]]:
    """The names of each group of people, its own first, by its own name."""
    conditions = terms.subject("person").conditions.values()
    return {squash(c.label): [c.label, *c.also] for c in conditions if c.key.startswith("in_")}


def words_of(mapping: Mapping) -> list[tuple[str, str]]:
    """The words of a column's own list in order, each with what it means."""
    return list(own_lists.meanings(mapping.options, mapping.says).items())


def list_print(mapping: Mapping) -> str:
    """What makes a list the same one wherever it comes: its words and what they mean, in any order."""
    text = "\n".join(sorted(f"{squash(one)}={squash(word)}" for one, word in words_of(mapping)))
    return hashlib.sha256(text.encode()).hexdigest()


def asked_path(mapping: Mapping) -> str:
    """The element that a column's list is about: its own, or the one that its heading means while the list is open; "" without
    one."""
    if mapping.target == ELEMENT:
        return mapping.element
    return mapping.suggestions[0][0] if mapping.target == ASKED and mapping.open_list else ""


def element_of(mapping: Mapping, recognition: Recognition, terms: Dictionary) -> Element | None:
    """The element whose values a column's list is to be set against; None where there is no such list."""
    path = asked_path(mapping)
    if not path or not recognition.subject:
        return None
    try:
        element: Element = terms.walk(recognition.subject, path)[2]
    except UnknownTerm:
        return None
    return element if own_lists.usable(element, mapping.options, mapping.says) else None


def in_use(mapping: Mapping, recognition: Recognition, terms: Dictionary, user: Any) -> frozenset[str]:
    """The values that the base has of a column's element where the user fills forms, today; none where that is more than a street
    (too many rows to count for a hint), or where it is not the user's to know."""
    path, scopes = asked_path(mapping), user.scopes(Permission.FILL_FORMS)
    if not scopes or any(len(one.low) < STREET for one in scopes):
        return frozenset()
    if sight.withheld(recognition.subject, user, scopes, paths=[path], words=terms):
        return frozenset()
    wish = Wish(recognition.subject, scopes, timezone.localdate(), elements=[path])
    found = cross.table(wish, cross.Axis(path=path), cross.Axis(), terms)
    return frozenset(key for key in found.rows if key)


def unused(mapping: Mapping, element: Element, groups: dict[str, list[str]]) -> list[str]:
    """The words of a column's list that are written for none of our values, by what was decided, else by the names."""
    said = mapping.values or own_lists.counterparts(element, mapping.options, mapping.says, groups)
    return [
        one if squash(one).endswith(squash(word)) else f"{one} {word}"
        for one, word in words_of(mapping)
        if one not in said.values()
    ]


def said_of(mapping: Mapping, element: Element, groups: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """The words of a column's list in order, each with those of our values for which it is written, by what was decided, else by the
    names; a word without any stands for none of ours."""
    said = mapping.values or own_lists.counterparts(element, mapping.options, mapping.says, groups)
    every = own_lists.values_of(element, groups)
    found: dict[str, list[str]] = {one: [] for one, _word in words_of(mapping)}
    for key, word in said.items():
        if word in found and key in every:
            found[word].append(every[key])
    rest = said.get(own_lists.REST, "")
    if rest in found:
        found[rest].append("其余的")
    return [
        (one if squash(one).endswith(squash(word)) else f"{one} {word}", found[one])
        for one, word in words_of(mapping)
    ]


def take_values(recognition: Recognition, terms: Dictionary, sender: str = "") -> None:
    """Take over what was decided about the lists of a form of the same structure (the sender's own first); where the very same
    list is met for the same element on another form, too, with whose decision it was."""
    if not recognition.subject or recognition.declined:
        return
    listed = [
        (place, mapping)
        for place, mapping in enumerate(recognition.mappings)
        if element_of(mapping, recognition, terms) is not None
    ]
    if not listed:
        return
    choices = ValueChoice.objects.filter(subject=recognition.subject).select_related("decided_by")
    here = list(choices.filter(fingerprint=recognition.fingerprint, sender__in={sender, ""}))
    same = list(
        choices.filter(
            element__in={asked_path(m) for _p, m in listed},
            list_print__in={list_print(m) for _p, m in listed},
        ).order_by("decided_at")
    )
    for place, mapping in listed:
        path, printed = asked_path(mapping), list_print(mapping)
        own = [c for c in here if c.position == place and c.element == path and c.list_print == printed]
        alike = [c for c in same if c.element == path and c.list_print == printed]
        found = (
            next((c for c in own if c.sender == sender), None)
            or next(iter(own), None)
            or next((c for c in reversed(alike) if c.sender == sender), None)
            or next(reversed(alike), None)
        )
        if found is not None:
            _take(mapping, found, terms, recognition, structure=found in own)


def _take(
    mapping: Mapping, found: ValueChoice, terms: Dictionary, recognition: Recognition, *, structure: bool
) -> None:
    mapping.values = dict(found.values)
    mapping.valued = f"{found.decided_by.name} {timezone.localtime(found.decided_at):%Y-%m-%d}"
    why = f"选项按 {mapping.valued} 的对照"
    if not structure:
        why = f"这份选项 {mapping.valued} 在“{found.heading}”一列对过，照用"
    if mapping.target == ASKED:
        # The heading was known; only the list was open.
        mapping.target, mapping.confidence, mapping.element = ELEMENT, 0.9, found.element
        mapping.element_label = terms.label(recognition.subject, found.element)
        mapping.suggestions, mapping.reasons = [], []
    mapping.reasons = [*[one for one in mapping.reasons if not one.startswith(("选项按", "这份选项"))], why]


def settle(
    mapping: Mapping, element: Element, values: dict[str, Any], groups: dict[str, list[str]]
) -> dict[str, str]:
    """The values as they are kept, words of the list only. Raises ValueError when a word is none of them, or nothing is said."""
    words = {one for one, _word in words_of(mapping)}
    every = {*own_lists.values_of(element, groups), own_lists.REST}
    kept = {key: str(word) for key, word in values.items() if key in every and word}
    if not kept or any(word not in words for word in kept.values()):
        raise ValueError
    return kept
