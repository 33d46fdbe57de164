"""What a code list is, and how it reads what people write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

_DROP = re.compile(
    r"[\s\u200b-\u200f\u2060\ufeff()\[\]【】〔〕{}<>《》、,，.。;；:：/\\|_\-—–~·•*'\"“”‘’√☑✓]+"
)
_GLUED = re.compile(r"^[(\[【〔]?\s*\d{1,3}\s*[)\]】〕]?\s*[-—–_.、:：．)]?\s*(?=\D)(.+)$", re.DOTALL)
_NUMBER = re.compile(r"(\d{1,3})(?:\.0)?")


@lru_cache(maxsize=16384)
def _fold(text: str) -> str:
    """The wording alone; 外孙（女） keeps its "or", so that it is not taken for 外孙女."""
    return _DROP.sub("", unicodedata.normalize("NFKC", text).replace("(女)", "或女")).lower()


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list."""

    code: str
    label: str
    also: tuple[str, ...] = ()
    """Other words that mean the same, as found in forms."""


class CodeList:
    """A list of codes with their Chinese labels; never changed after it is made.

    :param key: short English name, the key in :data:`linli.kernel.codes.ALL`.
    :param label: what the list is called in Chinese, kept as ``title``.
    :param standard: the standard it follows.
    :param items: the entries in the standard's order.
    :param endings: endings that may be missing or added without changing the meaning (``族``).
    """

    def __init__(
        self, key: str, label: str, standard: str, items: Iterable[Code], endings: tuple[str, ...] = ()
    ) -> None:
        self.key = key
        self.title = label
        self.standard = standard
        self.items: tuple[Code, ...] = tuple(items)
        self.endings = endings
        if len({item.code for item in self.items}) != len(self.items):
            raise ValueError(f"代码表“{label}”中有重复的代码。")

    def __repr__(self) -> str:
        return f"CodeList({self.key!r}, {self.title!r})"

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {item.code: item.label for item in self.items}

    @cached_property
    def _words(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for item in self.items:
            words.setdefault(_fold(item.label), item.code)
        for item in self.items:
            for word in item.also:
                words.setdefault(_fold(word), item.code)
        for word, code in list(words.items()):
            for ending in self.endings:
                words.setdefault(word + ending, code)
                if word.endswith(ending) and len(word) > len(ending):
                    words.setdefault(word.removesuffix(ending), code)
        return words

    def label(self, code: str) -> str:
        """The Chinese label of a code; an unknown code is given back as it is, an empty one empty."""
        return self._labels.get(code, code)

    def match(self, text: object) -> str | None:
        """The code somebody meant, or ``None`` when it cannot be told.

        Understands the exact label, its synonyms, the code itself (``1``, ``01``, ``1.0``), labels with a
        code glued in front (``05-维吾尔族``; the label decides, since other systems number differently), any
        width of characters, and blanks or punctuation anywhere.
        """
        raw = unicodedata.normalize("NFKC", str(text)).strip() if text is not None else ""
        if not raw:
            return None
        code = self._words.get(_fold(raw))
        if code is not None:
            return code
        if number := _NUMBER.fullmatch(raw):
            return self._by_number(number.group(1))
        if glued := _GLUED.match(raw):
            return self._words.get(_fold(glued.group(1)))
        return None

    def _by_number(self, digits: str) -> str | None:
        if digits in self._labels:
            return digits
        for code in (digits.zfill(2), digits.lstrip("0") or "0"):
            if code in self._labels:
                return code
        return None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Pairs of code and label, as form fields want them."""
        return [(item.code, item.label) for item in self.items]

    def __contains__(self, code: object) -> bool:
        return code in self._labels

    def __iter__(self) -> Iterator[Code]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def read_codes(table: str) -> tuple[Code, ...]:
    """Entries from lines of ``code label synonym synonym …``; a line that begins with ``|`` goes on."""
    rows: list[list[str]] = []
    for line in table.strip().splitlines():
        words = line.split()
        if words[0] == "|":
            rows[-1].extend(words[1:])
        else:
            rows.append(words)
    return tuple(Code(code, label, tuple(also)) for code, label, *also in rows)
