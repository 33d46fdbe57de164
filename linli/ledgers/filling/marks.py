"""A value put into a card's cell: the whole cell, after a label, ticked, as a digit, in boxes, among printed words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from linli.facts.dictionary import Element, Kind
from linli.kernel.textnorm import squash
from linli.ledgers.meaning import own_lists
from linli.ledgers.meaning.manner import fit_code, fit_text
from linli.ledgers.sheet import writing_places as places
from linli.ledgers.sheet.writing_places import Option

_YES = ("是", "有", "已", "能", "会")
_NO = ("否", "无", "不是", "没有", "未", "不能")
_LOW_HIGH = re.compile(r"(\d{1,3})\s*(?:周?岁)?\s*[-—~～至]\s*(\d{1,3})")


def band_of(number: int, words: list[str]) -> int | None:
    """Which of the bands (80岁以下, 80-89岁, 100岁及以上) holds a number; None when none or several do."""
    found = [place for place, word in enumerate(words) if _in_band(number, squash(word))]
    return found[0] if len(found) == 1 else None


def _in_band(number: int, word: str) -> bool:
    if match := _LOW_HIGH.search(word):
        return int(match.group(1)) <= number <= int(match.group(2))
    match = re.search(r"(\d{1,3})", word)
    if match is None:
        return False
    edge = int(match.group(1))
    if re.search(r"以上|及以上|起", word):
        return number >= edge
    if re.search(r"及以下|\(含\)以下", word):
        return number <= edge
    if re.search(r"以下|未满|不满", word):
        return number < edge
    return number == edge


def chosen(
    value: Any,
    element: Element,
    words: list[str],
    group_words: dict[str, list[str]],
    values: Mapping[str, str] | None = None,
) -> list[int]:
    """Which options say a value; empty when none does for certain. `values` is what somebody decided of them."""
    if values and element.kind in own_lists.LISTED:
        held = list(value) if element.kind is Kind.CODES else [value]
        keys = [
            group_words.get(squash(str(one)), [str(one)])[0]
            if element.kind is Kind.CODES and element.codes is None
            else own_lists.key_of(one)
            for one in held
        ]
        told = {own_lists.decided(values, key) for key in keys}
        return [place for place, word in enumerate(words) if word and word in told]
    if element.kind is Kind.BOOLEAN:
        wanted = _YES if value else _NO
        return [place for place, word in enumerate(words) if squash(word) in wanted][:1]
    if element.kind is Kind.INTEGER:
        place = band_of(int(value), words)
        return [] if place is None else [place]
    if element.kind is Kind.CODE and element.codes is not None:
        if element.codes.key == "ethnic" and len(words) == 2 and "少数民族" in "".join(words):
            return [next(p for p, word in enumerate(words) if ("少数" in word) == (str(value) != "01"))]
        option = fit_code(element.codes, str(value), tuple(words))
        return [words.index(option)] if option is not None else []
    if element.kind is Kind.CODES:
        found: list[int] = []
        for one in value:
            names = group_words.get(squash(str(one)), [str(one)])
            hits = [
                p
                for p, word in enumerate(words)
                if any(len(n) >= 2 and squash(n) in squash(word) for n in names)
            ]
            found.extend(hit for hit in hits if "边缘" not in words[hit] or "边缘" in str(one))
        return list(dict.fromkeys(found))
    if element.kind is Kind.TEXT:
        option = fit_text(str(value), tuple(words))
        return [words.index(option)] if option is not None else []
    return []


def date_in(text: str, day: date) -> str:
    """A date put into 年 月 日 with blanks, or into boxes."""
    if places.is_boxes(text):
        count = sum(1 for letter in text if letter in places.BOX)
        shape = {8: f"{day:%Y%m%d}", 6: f"{day:%Y%m}", 4: f"{day:%Y}"}.get(count, "")
        return places.boxed(text, shape) if shape else text
    if "日" in text:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月" if "月" in text else f"{day:%Y-%m-%d}"


def into(
    text: str,
    value: Any,
    plain: str,
    element: Element,
    group_words: dict[str, list[str]],
    values: Mapping[str, str] | None = None,
) -> str | None:
    """The open part of a text with a value in it; None when the value cannot be said there. `plain` is the value as a
    cell of its own would hold it."""
    manner = places.manner_of(text)
    if manner == places.CHOICES:
        offered: list[Option] = places.options(text)
        hits = chosen(value, element, [option.words for option in offered], group_words, values)
        return places.ticked(text, [offered[hit] for hit in hits]) if hits else None
    if manner == places.DIGITS:
        numbered = places.numbered(text)
        keys = list(numbered)
        hits = chosen(value, element, [numbered[key] for key in keys], group_words, values)
        return places.with_digit(text, keys[hits[0]]) if len(hits) == 1 else None
    if manner == places.BOXES:
        if element.kind is Kind.DATE:
            made = date_in(text, value)
            return made if made != text else None
        made = places.boxed(text, plain)
        return made if made != text else None
    if manner == places.TEMPLATE:
        if element.kind is Kind.DATE:
            return date_in(text, value)
        bare = text.strip()
        if re.fullmatch(r"(?:元|万元|人|户|间|岁|平方米|㎡|次|个|层)", bare):
            return f"{plain}{bare}"
        return plain
    return plain
