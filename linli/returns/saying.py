"""What a row of a form says: the row on its way into the base, and codes in the form's own words."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from linli.facts.dictionary import Element, Kind
from linli.kernel import citizen_number
from linli.kernel.codelist import CodeList
from linli.ledgers.meaning import own_lists
from linli.ledgers.meaning.manner import fit_code
from linli.registry.people.rules.details import CITIZEN_KINDS
from linli.returns import rules
from linli.returns.reading import Column


@dataclass
class Row:
    """A row of the form: what it is about, what it would change, and what it says in the shape in which it is applied.

    `record` is the number of what it means, `home` the home in which somebody new is to be registered. `changes` are (label, before, after, word) for the preview, numbers masked; word is "", "conflict" or "note" (shown
    and left as it is).
    """

    row: int
    kind: str = rules.SAME
    who: str = ""
    record: int | None = None
    home: int | None = None
    problems: list[list[str]] = field(default_factory=list)
    hits: list[list[Any]] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)
    do: dict[str, Any] = field(default_factory=dict)

    def wrong(self, label: str, said: str) -> None:
        """Something in the row cannot be used."""
        self.problems.append([label, said])

    def change(self, label: str, before: str, after: str, word: str = "") -> None:
        """Something would change, or contradicts. Where hiding the middle of a number hides the difference too, that is said."""
        if before == after and "*" in after:
            after = f"{after}（隐去的几位不同）"
        self.changes.append([label, before, after, word])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def text(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


class Coded(str):
    """A code with the word of the form that it was read from. Forms' lists are coarser than the standards': a word that the form
    would also write for what is known says the same and changes nothing. `error` says why the word is no code by itself."""

    word: str
    codes: CodeList
    options: tuple[str, ...]
    error: str
    several: tuple[str, ...]

    @classmethod
    def read(
        cls, code_list: CodeList, raw: Any, options: tuple[str, ...], several: tuple[str, ...] = ()
    ) -> Coded:
        """A cell of a coded element; "" where the word is not in the list, or where it stands for `several` codes."""
        error, code = "", ""
        try:
            code = "" if several else rules.read_code(code_list, raw)
        except rules.Unreadable as problem:
            error = str(problem)
        if several:
            names = "、".join(code_list.label(one) for one in several[:4])
            error = f"“{rules.plain(raw)}”在登记库里分成{names}等几种，请写清是哪一种。"
        made = cls(code)
        made.word, made.codes, made.options, made.error = rules.plain(raw), code_list, options, error
        made.several = several
        return made

    def says(self, known: str) -> bool:
        """Whether the word is what the form would write for the code that is known."""
        if not known or not self.word:
            return False
        if known == str(self) or known in self.several:
            return True
        if self.several:
            return False
        # 初中 is what forms call 初级中学教育; elsewhere a finer word (初婚 for 已婚) says something new.
        finer = (
            self.codes.key != "education"
            and len(known) > 1
            and known.endswith("0")
            and str(self)[:-1] == known[:-1]
        )
        if not self.options and finer:
            return False
        return fit_code(self.codes, known, self.options or (self.word,)) == self.word

    def used(self, label: str) -> str:
        """The code to be written. Raises Unreadable when the word is none."""
        if self.error:
            raise rules.Unreadable(f"{label}：{self.error}" if label else self.error)
        return str(self)


def own_word(column: Column, element: Element, raw: Any) -> tuple[Any, tuple[str, ...]]:
    """A cell in the dictionary's words where the form has a list of its own, and the codes between which its word leaves open.

    Raises Unreadable for a code that is none of the form's.
    """
    word = rules.plain(raw)
    if not word or not (column.values or column.says):
        return raw, ()
    if column.values:
        every = own_lists.values_of(element, {})
        keys = own_lists.meant_by(word, column.values, column.says, every)
        if len(keys) == 1:
            return (every[keys[0]] if element.kind is Kind.BOOLEAN else keys[0]), ()
        if keys and element.kind is Kind.CODE:
            return raw, tuple(keys)
    if not column.says:
        return raw, ()
    if word not in column.says and word.isascii() and word.isalnum() and len(word) <= 4:
        raise rules.Unreadable(f"“{word}”不在表上的代码里，请改成其中一个。")
    return own_lists.meanings((), column.says).get(word, raw), ()


def split(words: str) -> list[str]:
    """The words of a cell that lists several."""
    for mark in "，,;；|/\n":
        words = words.replace(mark, "、")
    return [word.strip() for word in words.split("、")]


def masked(value: str) -> str:
    """A number with its middle hidden."""
    return value if len(value) < 5 else f"{value[:2]}{'*' * (len(value) - 4)}{value[-2:]}"


def unit_and_door(both: str) -> tuple[str, str]:
    """3单元501室, 3-501: the unit and the door."""
    for mark in ("单元", "-", "－", "—"):
        if mark in both:
            unit, door = both.split(mark, 1)
            return unit, door
    return "", both


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def differs(have: Any, value: Any) -> bool:
    """Whether two values are not the same; blanks and the width of characters in texts, and the zeros of amounts, are no
    matter."""
    if isinstance(have, Decimal) or isinstance(value, Decimal):
        return have is None or Decimal(str(have)) != Decimal(str(value))
    if isinstance(have, str) and isinstance(value, str):
        return _bare(have) != _bare(value)
    return bool(have != value)


def read(element: Element, value: Any) -> Any:
    """A cell as the element's kind has it: codes as codes, dates as dates; "" or None for nothing.

    Raises Unreadable.
    """
    if element.kind is Kind.DATE:
        return rules.read_date(value)
    if element.kind is Kind.CODE and element.codes is not None:
        return rules.read_code(element.codes, value)
    if element.kind is Kind.BOOLEAN:
        return rules.read_yes(value)
    if element.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY):
        return rules.read_amount(value)
    text = rules.plain(value)
    if rules.is_masked(text):
        raise rules.Unreadable("内容打了星号，不是完整的，请填完整的，或清空这一格。")
    return text


def bad_number(number: str, id_kind: str) -> str:
    """What is wrong with a citizen number that nobody has; "" for good ones and for other certificates."""
    if id_kind not in CITIZEN_KINDS or not number[:6].isdigit():
        return ""
    try:
        citizen_number.parse(number)
    except citizen_number.InvalidCitizenNumber as error:
        return str(error)
    return ""
