"""Values of elements as a column or blank wants them written."""

from __future__ import annotations

from datetime import date
from typing import Any

from linli.facts.dictionary import Dictionary, Element, Kind, Sensitivity
from linli.kernel.textnorm import squash
from linli.ledgers.book.dropdowns import Choices
from linli.ledgers.meaning import own_lists
from linli.ledgers.meaning.manner import Manner, fit_code, fit_group, fit_text, write_date, write_number
from linli.ledgers.meaning.mapping import ELEMENT, Mapping
from linli.ledgers.meaning.matching import hinted_options

PLACES = frozenset(("province", "city", "district", "street", "community"))


class ColumnWriter:
    """Turns one element's values into what the column wants."""

    def __init__(
        self, mapping: Mapping, element: Element, choices: Choices | None, words: Words, hint: str
    ) -> None:
        self.mapping, self.element, self.choices = mapping, element, choices
        self.manner = Manner(**mapping.manner) if mapping.manner else Manner()
        self.words = words
        self.soft = hinted_options(hint)
        self.memo: dict[Any, tuple[Any, str]] = {}
        self.seen: dict[Any, tuple[Any, str]] = {}
        # Texts without a drop-down go as they are; dates, numbers and yes or no are many times the same.
        self.as_is = element.kind is Kind.TEXT and choices is None
        self.once = element.kind in (Kind.DATE, Kind.BOOLEAN, Kind.INTEGER)
        key = mapping.element.rpartition(".")[2]
        self.place = key in PLACES or key.rpartition("_")[2] in PLACES

    def __call__(self, value: Any, written: dict[int, Any]) -> tuple[Any, str]:
        """(cell value or None, problem)."""
        if value is None or value == "" or value == []:
            return None, ""
        if self.as_is:
            return (value if type(value) is str else str(value)), ""
        if not self.once:
            return self._written(value, written)
        found = self.seen.get(value)
        if found is None:
            found = self.seen[value] = self._written(value, written)
        return found

    def _written(self, value: Any, written: dict[int, Any]) -> tuple[Any, str]:
        kind = self.element.kind
        if self.mapping.values and kind in own_lists.LISTED:
            return self._decided(value)
        if kind is Kind.DATE:
            return write_date(value, self.manner.date), ""
        if kind is Kind.BOOLEAN:
            return (self.manner.yes if value else self.manner.no) or None, ""
        if kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY):
            return write_number(value, self.manner.factor), ""
        if kind is Kind.CODES:
            return self._several(list(value))
        options = self._options(written)
        key = (value, options)
        if key not in self.memo:
            self.memo[key] = (
                self._code(str(value), options) if kind is Kind.CODE else self._text(str(value), options)
            )
        return self.memo[key]

    def _decided(self, value: Any) -> tuple[Any, str]:
        """What somebody decided is written for a value of the form's own list; what has no counterpart stays open."""
        codes = self.element.codes
        held = list(value) if self.element.kind is Kind.CODES else [value]
        names = []
        for one in held:
            key = own_lists.key_of(one)
            if self.element.kind is Kind.CODES and codes is None:
                key = self.words.group_words(key)[0]
            if word := own_lists.decided(self.mapping.values, key):
                return word, ""
            names.append(
                ("是" if one else "否") if isinstance(one, bool) else codes.label(key) if codes else key
            )
        return None, f"表上没有和“{'、'.join(names)}”相当的选项"

    def _options(self, written: dict[int, Any]) -> tuple[str, ...]:
        if self.choices is None:
            return ()
        if self.choices.depends_on:
            return self.choices.given(written.get(self.choices.depends_on))
        return self.choices.options

    def _code(self, code: str, options: tuple[str, ...]) -> tuple[Any, str]:
        codes = self.element.codes
        label = codes.label(code) if codes is not None else code
        if codes is None:
            return self._text(label, options)
        if options or self.mapping.says:
            meant = own_lists.meanings(options, self.mapping.says)
            words = {word: one for one, word in reversed(list(meant.items()))}
            found = fit_code(codes, code, tuple(words))
            where = "下拉选项中" if options else "表上的代码里"
            return (words[found], "") if found is not None else (None, f"{where}没有“{label}”")
        if self.soft:
            return fit_code(codes, code, self.soft) or label, ""
        return label, ""

    def _text(self, text: str, options: tuple[str, ...]) -> tuple[Any, str]:
        if not options:
            if self.choices is not None and self.choices.depends_on and self.place:
                return text, f"下拉选项中没有“{text}”，按现行区划名称填写"
            return text, ""
        found = fit_text(text, options)
        if found is not None:
            return found, ""
        if self.place:
            return text, f"下拉选项中没有“{text}”，按现行区划名称填写"
        return None, f"下拉选项中没有“{text}”"

    def _several(self, values: list[Any]) -> tuple[Any, str]:
        codes = self.element.codes
        labels = [codes.label(str(value)) if codes is not None else str(value) for value in values]
        options = self.choices.options if self.choices is not None else ()
        if not options:
            return self.manner.joint.join(labels), ""
        for label in labels:
            for name in self.words.group_words(label):
                if (found := fit_group(name, options)) is not None:
                    return found, ""
        return None, f"下拉选项中没有“{'、'.join(labels)}”"


class Words:
    """The dictionary with what the writers ask of it."""

    def __init__(self, dictionary: Dictionary, subject: str) -> None:
        self.dictionary, self.subject = dictionary, dictionary.subject(subject)
        self._groups = {
            squash(c.label): [c.label, *c.also]
            for c in self.subject.conditions.values()
            if c.key.startswith("in_")
        }

    def group_words(self, label: str) -> list[str]:
        """A group's name and its synonyms."""
        return self._groups.get(squash(label), [label])


def shown(value: Any, mapping: Mapping, knowledge: Words) -> str:
    """A cell of the preview: personal data masked."""
    if value is None:
        return ""
    text = f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
    if mapping.target != ELEMENT:
        return text
    element = knowledge.dictionary.walk(knowledge.subject.key, mapping.element)[2]
    if element.mask is not None:
        return element.mask(text)
    if element.sensitivity >= Sensitivity.SENSITIVE and element.kind is Kind.TEXT:
        return "••••"
    return text
