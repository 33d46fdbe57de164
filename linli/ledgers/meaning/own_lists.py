"""A form's own lists of codes: what it offers to choose from, what its codes mean, and which of our values each stands for.

A drop-down or a legend (1.党员 2.团员 3.群众) may use words or codes that are not the dictionary's. `says` is what is written to
what it means; `values` is our value to what is written, as somebody decided ("*" for all that are not named).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from linli.facts.dictionary import Element, Kind
from linli.kernel.textnorm import squash
from linli.ledgers.meaning.manner import Manner, bare_option, fit_code, fit_group, yes_no

REST = "*"
LISTED = frozenset((Kind.CODE, Kind.CODES, Kind.BOOLEAN))
MOST_ENTRIES = 40
MOST_VALUES = 120

_MARK = re.compile(r"(?<![0-9A-Za-z.])(\d{1,2}|[A-Za-z])(\s*[.．、:：=＝)）—–-]\s*|\s*)(?=[\u4e00-\u9fff])")
_TAIL = re.compile(r"[\s,，;；、/／|。.)）\]】”\"]+$")
_LEAD = re.compile(r"[(（\[【]?\s*$")


def _place(code: str) -> int:
    return int(code) if code.isdigit() else ord(code.upper()) - ord("A") + 1


def _runs(text: str) -> Iterable[list[re.Match[str]]]:
    """The marks of a text that count on from 0, 1 or A: each run is a list."""
    found = list(_MARK.finditer(text))
    at = 0
    while at < len(found):
        first = found[at].group(1)
        run = [found[at]]
        for one in found[at + 1 :]:
            code = one.group(1)
            same = code.isdigit() == first.isdigit()
            other = code in ("9", "99", "90") and text[one.end() :].startswith(("其", "不", "未"))
            if not same or not (_place(code) == _place(run[-1].group(1)) + 1 or other):
                break
            run.append(one)
        if _place(first) in (0, 1) and len(run) >= 2:
            yield run
        at += len(run)


def _entry(text: str) -> str:
    """What stands behind a mark, as far as it names something."""
    return _TAIL.sub("", re.split(r"[;；。\n]", text)[0]).strip()


def legends(text: str) -> list[tuple[int, int, dict[str, str]]]:
    """The legends of a text with where each begins and ends: 1.党员 2.团员 3.群众. Numbered sentences are none."""
    made = []
    for run in _runs(text):
        ends = [*(one.start() for one in run[1:]), len(text)]
        said = {one.group(1): _entry(text[one.end() : end]) for one, end in zip(run, ends, strict=True)}
        words = list(said.values())
        glued = not any(one.group(2) for one in run) and len(run) < 3 and yes_no(words) is None
        if glued or not all(0 < len(word) <= 14 for word in words) or len(set(words)) < len(words):
            continue
        if any(re.search(r"填写|填报|本表|应当|必须|不得|请", word) for word in words):
            continue
        start = run[0].start() - len(m.group(0)) if (m := _LEAD.search(text[: run[0].start()])) else 0
        last = text[run[-1].end() :]
        stop = run[-1].end() + last.find(words[-1]) + len(words[-1])
        closing = re.match(r"\s*[)）\]】]", text[stop:])
        made.append((start, stop + (closing.end() if closing else 0), said))
    return made


def legend_in(text: str) -> tuple[dict[str, str], str]:
    """The one legend of a heading or a hint, and the text without it."""
    found = legends(text)
    if len(found) != 1:
        return {}, text
    start, stop, said = found[0]
    return said, (text[:start] + text[stop:]).strip()


_SAID_OF = re.compile(r"[\s“”\"'‘’（(【\[：:，,一栏列项中里的按照请应填写录入选择用代码为是]*$")


def legend_of(leaf: str, instructions: str) -> dict[str, str]:
    """The legend that the instructions give for a heading: its name stands right before it."""
    plain = squash(leaf)
    if len(plain) < 2:
        return {}
    for line in instructions.splitlines():
        for start, _stop, said in legends(line):
            if squash(_SAID_OF.sub("", line[:start])).endswith(plain):
                return said
    return {}


def unnamed_legends(instructions: str) -> list[dict[str, str]]:
    """The legends of the instructions, whatever they are of."""
    return [said for line in instructions.splitlines() for _s, _e, said in legends(line)]


def meanings(options: Iterable[str], says: Mapping[str, str]) -> dict[str, str]:
    """What may be written → what it means, without the codes in front of options: A 享受 → 享受."""
    offered = list(options) or list(says)
    plain = {one: says.get(one, "") or bare_option(one) for one in offered}
    if says:
        return plain
    marks = [re.fullmatch(r"\s*(\d{1,2}|[A-Za-z])(\s*)(\D.*)", one) for one in offered]
    if all(marks) and len(marks) >= 2:
        codes = [_place(one.group(1)) for one in marks if one]
        rests = [one.group(3).strip() for one in marks if one]
        if len(set(rests)) == len(rests) and all(b == a + 1 for a, b in pairwise(codes)) and codes[0] <= 1:
            return dict(zip(offered, map(squash, rests), strict=True))
    return plain


def values_of(element: Element, groups: Mapping[str, list[str]]) -> dict[str, str]:
    """The values that an element may have, with their names; none for elements that are no choices."""
    if element.kind is Kind.BOOLEAN:
        return {"1": "是", "0": "否"}
    if element.kind is Kind.CODE and element.codes is not None:
        return {item.code: item.label for item in element.codes}
    if element.kind is Kind.CODES:
        if element.codes is not None:
            return {item.code: item.label for item in element.codes}
        return {names[0]: names[0] for names in groups.values()}
    return {}


def key_of(value: object) -> str:
    """The key of one value: 1 and 0 for yes and no."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def counterpart(element: Element, key: str, meant: Mapping[str, str], groups: Mapping[str, list[str]]) -> str:
    """What is written for a value by the names alone; "" when none says the same."""
    if element.kind is Kind.BOOLEAN:
        pair = yes_no(meant.values())
        wanted = pair[0 if key == "1" else 1] if pair else ("是" if key == "1" else "否")
        return next((one for one, word in meant.items() if squash(word) == wanted), "")
    words = {word: one for one, word in reversed(list(meant.items()))}
    found = None
    if element.codes is not None:
        found = fit_code(element.codes, key, tuple(words))
    else:
        for name in groups.get(squash(key), [key]):
            found = found or fit_group(name, tuple(words))
    return words[found] if found is not None else ""


def counterparts(
    element: Element, options: Iterable[str], says: Mapping[str, str], groups: Mapping[str, list[str]]
) -> dict[str, str]:
    """Each of our values → what is written for it by the names alone, "" where nothing says the same."""
    meant = meanings(options, says)
    return {key: counterpart(element, key, meant, groups) for key in values_of(element, groups)}


def decided(values: Mapping[str, str], key: str) -> str:
    """What somebody decided is written for a value; "" when the blank stays open."""
    return values.get(key) or values.get(REST, "")


def meant_by(
    written: str, values: Mapping[str, str], says: Mapping[str, str], every: Iterable[str]
) -> list[str]:
    """The values that a word of the form may mean, by what was decided; none when it is not one of its words."""
    plain = squash(written)
    words = {one for one in values.values() if one}
    word = next((one for one in words if plain in (squash(one), squash(says.get(one, "")) or None)), "")
    return [key for key in every if word and decided(values, key) == word]


_CODE = re.compile(r"[0-9A-Za-z]{1,4}")


def is_coded(options: Iterable[str], says: Mapping[str, str]) -> bool:
    """Whether a list is one of codes: bare ones, or codes in front of words."""
    offered = list(options)
    if says or all(_CODE.fullmatch(one.strip()) for one in offered):
        return True
    meant = meanings(offered, says)
    return all(squash(one) != squash(word) for one, word in meant.items())


def dressed(manner: Manner, element: Element, options: Iterable[str], says: Mapping[str, str]) -> Manner:
    """The manner of a yes or no with the words that a list of codes has for them."""
    offered = list(options)
    if element.kind is not Kind.BOOLEAN or not (offered or says) or not is_coded(offered, says):
        return manner
    meant = meanings(offered, says)
    yes, no = (counterpart(element, key, meant, {}) for key in "10")
    return replace(manner, yes=yes, no=no) if yes or no else manner


def usable(element: Element, options: Iterable[str], says: Mapping[str, str]) -> bool:
    """Whether a list is one whose entries can be set against the element's values."""
    return element.kind in LISTED and 2 <= len(list(options) or says) <= MOST_ENTRIES


__all__ = [
    "REST",
    "counterpart",
    "counterparts",
    "decided",
    "dressed",
    "is_coded",
    "key_of",
    "legend_in",
    "legend_of",
    "legends",
    "meanings",
    "meant_by",
    "unnamed_legends",
    "usable",
    "values_of",
    "yes_no",
]
