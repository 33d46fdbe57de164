"""What a text in a cell leaves open: choices to tick, boxes, a date or an address to complete, blanks after labels.

Plain text only. A text is read into its pieces (label, what stands open after it) and put together again with values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CELL, INLINE, CHOICES, DIGITS, BOXES, TEMPLATE = "cell", "inline", "choices", "digits", "boxes", "template"

BOX = "□☐◻▢"
_OPEN = rf"[{BOX}]|[（(][\s　]*[）)]|○"
_DATE = r"(?:\d{2})?[\s　_＿Xx]*年[\s　_＿Xx]*月(?:[\s　_＿Xx]*日)?"
_UNITS = (
    r"区\s*[（(]县[)）]|县\s*[（(]区[)）]|街\s*[（(]镇[)）]|街道\s*[（(]镇[)）]|街道\s*[（(]乡镇[)）]|乡镇\s*[（(]街道[)）]|"
    r"居\s*[（(]村[)）]委会|村\s*[（(]居[)）]委会|社区\s*[（(]村[)）]|村\s*[（(]社区[)）]|街道办事处|居委会|村委会|街道|社区|小区|"
    r"元\s*/\s*(?:㎡|平方米|平米)(?:\s*[·.、/]?\s*月)?|元\s*/\s*[月年]|地上|平方米|平米|部|辆|层|省|市|县|区|镇|乡|村|组|路|街|巷|弄|号楼|号|幢|栋|楼|单元|室|层|元|万元|人|户|间|岁|周岁|㎡|年|月|日|天|次"
)
_TEMPLATE = re.compile(rf"^(?:[\s　_＿]|(?:19|20)(?=[\s　_＿]*年)|{_UNITS})+$")
_NUMBERED = re.compile(r"(?:^|[\s/：:])(\d{1,2})[\s.、]*([^\d\s□/.、][^\s□]*)")
_LABEL = r"[^\s：:，,；;。、\d□（()）][^：:，,；;。□\n]{0,24}?"
_PIECE = re.compile(rf"({_LABEL})[:：]([\s　_＿]*)")


def is_boxes(text: str) -> bool:
    """Whether a text holds nothing but boxes for single characters: □□□□年□□月□□日."""
    bare = re.sub(r"[\s　年月日/\-—.]", "", text)
    return len(bare) >= 2 and set(bare) <= set(BOX)


def is_digits(text: str) -> bool:
    """Whether a text lists numbered options and a box for the number: 1 男 2 女  □."""
    return bool(re.search(rf"[{BOX}](?:\s*/\s*[{BOX}])*\s*$", text)) and len(numbered(text)) >= 2


def is_choices(text: str) -> bool:
    """Whether a text offers options to tick: □未婚 □已婚, 健康（ ）残疾（ ）."""
    if is_boxes(text) or is_digits(text):
        return False
    if re.search(rf"[{BOX}○]\s*[\w“\"'（(]", text):
        return True
    return len(re.findall(r"\w\s*[（(][\s　]*[）)]", text)) >= 2


def is_template(text: str) -> bool:
    """Whether a text only holds units around open places: 年 月 日, 区(县) 街(镇), 平方米."""
    bare = text.strip()
    return (
        bool(bare)
        and bool(_TEMPLATE.match(text))
        and (
            text != bare
            or bool(re.search(r"[\s_＿]", bare))
            or bare in ("元", "万元", "人", "户", "间", "岁", "平方米", "㎡", "次", "个")
        )
    )


def manner_of(text: str) -> str:
    """How a text that is no label leaves a place open; "" for a label."""
    if not text.strip():
        return CELL
    if is_boxes(text):
        return BOXES
    if is_digits(text):
        return DIGITS
    if is_choices(text) and not re.match(r"^[^□（(：:\n]{2,16}[:：]", text.strip()):
        return CHOICES
    if is_template(text):
        return TEMPLATE
    return ""


@dataclass(frozen=True)
class Option:
    """One option of a text: its words, and where its mark goes (start and end within the text)."""

    words: str
    start: int
    end: int


def options(text: str) -> list[Option]:
    """The options of a text of choices. The mark stands before its words (□未婚) or behind them (未婚（ ））."""
    found: list[Option] = []
    if re.search(rf"[{BOX}○]", text):
        marks = list(re.finditer(rf"[{BOX}○]", text))
        after = all(
            not text[: m.start()].strip() or re.search(r"[\s；;，,：:）)\n]$", text[: m.start()])
            for m in marks[:1]
        )
        for number, mark in enumerate(marks):
            if after:
                until = marks[number + 1].start() if number + 1 < len(marks) else len(text)
                words = text[mark.end() : until]
            else:
                since = marks[number - 1].end() if number else 0
                words = text[since : mark.start()]
            found.append(Option(_bare(words), mark.start(), mark.end()))
        return found
    since = 0
    for mark in re.finditer(r"[（(][\s　]*[）)]", text):
        found.append(Option(_bare(text[since : mark.start()]), mark.start(), mark.end()))
        since = mark.end()
    return found


def _bare(words: str) -> str:
    return re.sub(r"^[\s；;，,、/。.\d]+|[\s；;，,、/。]+$", "", words.split("\n\n")[0]).strip()


def ticked(text: str, chosen: list[Option]) -> str:
    """The text with the marks of the chosen options ticked."""
    made = text
    for option in sorted(chosen, key=lambda one: -one.start):
        mark = text[option.start : option.end]
        new = "☑" if mark in BOX else "●" if mark == "○" else f"{mark[0]}√{mark[-1]}"
        made = made[: option.start] + new + made[option.end :]
    return made


def numbered(text: str) -> dict[str, str]:
    """Numbered options of a text: number → words; the first list counts where a text holds two."""
    found: dict[str, str] = {}
    for number, words in _NUMBERED.findall(re.sub(rf"[{BOX}].*$", "", text, flags=re.S)):
        found.setdefault(number, words.strip("；;，,、。."))
    return found


def with_digit(text: str, digit: str) -> str:
    """The text with the number in its first box."""
    return re.sub(rf"[{BOX}]", digit, text, count=1)


def boxed(text: str, characters: str) -> str:
    """The text with one character in each box; unchanged when there are fewer boxes than characters."""
    marks = [match.start() for match in re.finditer(rf"[{BOX}]", text)]
    if len(marks) != len(characters):
        return text
    made = list(text)
    for place, character in zip(marks, characters, strict=True):
        made[place] = character
    return "".join(made)


@dataclass(frozen=True)
class Piece:
    """A label within a text and what stands open after it. `start`–`end` is the open part."""

    label: str
    start: int
    end: int
    text: str

    @property
    def manner(self) -> str:
        return manner_of(self.text) or CELL


def pieces(text: str) -> list[Piece]:
    """The labels with a colon in a text, each with the open part up to the next label or mark: 该户保障人口：  ，保障类别：  ."""
    found = list(_PIECE.finditer(text))
    made: list[Piece] = []
    for number, match in enumerate(found):
        until = found[number + 1].start() if number + 1 < len(found) else len(text)
        rest = text[match.start(2) : until]
        stop = re.search(r"[，,；;。\n]", rest)
        if stop and not re.search(rf"{_OPEN}", rest[stop.end() :]):
            rest = rest[: stop.start()]
        open_part = rest.rstrip("\n")
        if open_part.strip(" 　_＿") and not (manner_of(open_part) or re.search(_OPEN, open_part)):
            continue
        made.append(Piece(match.group(1).strip(), match.start(2), match.start(2) + len(open_part), open_part))
    return made
