"""What the cells of a filled form say. Plain functions on plain data; a blank cell says nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from linli.kernel import citizen_number
from linli.kernel.codelist import CodeList

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_EMPTY: Final = frozenset(
    {"", "无", "/", "-", "—", "——", "暂无", "不详", "未知", "空", "null", "none", "n/a"}
)
_DATE: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*日?|月?)?(?:\s+0?0:00(?::00)?)?"
)
_EIGHT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SIX: Final = re.compile(r"(\d{4})(\d{2})")
_YES: Final = frozenset({"是", "有", "1", "y", "yes", "√", "✓", "✔", "■", "☑", "true", "对"})
_NO: Final = frozenset({"否", "无", "0", "n", "no", "×", "✗", "□", "false", "不是", "没有"})
_MASKED: Final = re.compile(r"\*{2,}")
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_NUMBERISH: Final = re.compile(r"-?\d+(?:\.\d+)?")
_SHOWN: Final = 12


class Unreadable(ValueError):
    """A cell says something that cannot be read; the text is one Chinese sentence."""


def plain(value: Any) -> str:
    """A cell as one line of text; words for "nothing" are nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = _CONTROL.sub(" ", str(value).replace("\xa0", " ").replace("\u3000", " ")).strip()
    return "" if unicodedata.normalize("NFKC", text).lower() in _EMPTY else text


def read_date(value: Any) -> date | None:
    """A day as forms write it: 2026-11-22, 20261122, 2026.11, 2026年11月 (the first of the month), a serial of Excel.

    Raises Unreadable.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = plain(value)
    if not text:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 3_000 < float(value) < 80_000:
        return _EXCEL_EPOCH + timedelta(days=int(value))
    folded = unicodedata.normalize("NFKC", text)
    match = _EIGHT.fullmatch(folded) or _DATE.fullmatch(folded) or _SIX.fullmatch(folded)
    if match is None:
        raise Unreadable(f"日期“{text[:20]}”看不懂，请写成 2026-11-22 的样子。")
    parts = [int(part) for part in match.groups() if part]
    try:
        return date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    except ValueError:
        raise Unreadable(f"日期“{text[:20]}”不存在，请核对。") from None


def read_code(codes: CodeList, value: Any) -> str:
    """The code that a word means; "" for nothing. Raises Unreadable."""
    text = plain(value)
    if not text:
        return ""
    found = codes.match(text)
    if found is None:
        raise Unreadable(f"“{text[:20]}”不在“{codes.title}”的选项里，可以填：{_some(codes)}。")
    return found


def _some(codes: CodeList) -> str:
    """The options of a list, the first of a long one."""
    labels = [item.label for item in codes.items if len(item.label) <= 12]
    return "、".join(labels[:_SHOWN]) + ("等" if len(labels) > _SHOWN else "")


def read_yes(value: Any) -> bool | None:
    """Yes, no, or nothing. Raises Unreadable."""
    raw = "" if value is None else str(value).strip().lower()
    if raw in _YES or value is True:
        return True
    if raw in _NO or value is False:
        return False
    if not plain(value):
        return None
    raise Unreadable(f"“{raw[:20]}”看不懂，请填是或否。")


def read_amount(value: Any) -> Decimal | None:
    """An amount or count; units behind it are no matter. Raises Unreadable."""
    text = plain(value).replace(",", "").replace("，", "")
    if not text:
        return None
    match = _NUMBERISH.match(unicodedata.normalize("NFKC", text))
    if match is None:
        raise Unreadable(f"“{text[:20]}”不是数字，请改成数字。")
    try:
        return Decimal(match.group(0))
    except InvalidOperation:
        raise Unreadable(f"“{text[:20]}”不是数字，请改成数字。") from None


def is_masked(text: str) -> bool:
    """Whether a text has stars where characters were."""
    return bool(_MASKED.search(text))


def read_number(value: Any) -> str:
    """A citizen number in its one shape, old numbers brought up to date; other certificates as they are.

    Raises Unreadable for masked numbers and for numbers that spreadsheets have spoilt.
    """
    text = plain(value)
    if not text:
        return ""
    if _MASKED.search(text):
        raise Unreadable("证件号码打了星号，认不出是谁，请填完整的号码。")
    number = citizen_number.normalise(text)
    if len(number) == 15 and number.isdigit():
        try:
            return citizen_number.upgrade_15(number)
        except citizen_number.InvalidCitizenNumber as error:
            raise Unreadable(str(error)) from None
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number):
        raise Unreadable("证件号码被表格软件存成了数字，末几位已经丢失，请把单元格设为文本后重新填写。")
    return number


# What a description of a hazard speaks of → its kind (GB/T 31000 隐患类型).
_HAZARDS: Final = (
    ("04", re.compile(r"危化|危险化学|汽油|酒精|液化气站|化学品|易燃易爆")),
    (
        "01",
        re.compile(
            r"火|电线|线路|电动车|充电|燃气|液化气|煤气|消防|疏散|通道|堵塞|飞线|插座|明火|灭火器|彩钢"
        ),
    ),
    ("05", re.compile(r"传染|疫|病媒|老鼠|蟑螂|卫生")),
    ("03", re.compile(r"矛盾|纠纷|噪声|噪音|扰民|漏水")),
    ("02", re.compile(r"治安|盗|赌|门锁|门禁|群租|防盗|未登记|无证")),
)


def hazard_kind(told: str) -> str:
    """The kind of a hazard by the words in which it is described; 其他 where they do not tell."""
    return next((code for code, words in _HAZARDS if words.search(told)), "99")


NEW, CHANGED, SAME, CONFLICT, UNSURE, UNKNOWN, WRONG = (
    "new",
    "changed",
    "same",
    "conflict",
    "unsure",
    "unknown",
    "wrong",
)
KINDS: Final = (
    (NEW, "新登记"),
    (CHANGED, "有变化"),
    (CONFLICT, "有冲突"),
    (UNSURE, "拿不准是哪一个"),
    (UNKNOWN, "库里没有"),
    (WRONG, "填写有误"),
    (SAME, "没有变化"),
)
# What goes into the workbook that is sent back.
SENT_BACK: Final = frozenset({UNSURE, UNKNOWN, WRONG})


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody in the base who may be meant: number, name, score."""

    pk: int
    name: str
    score: int
    said: str


def who_is_meant(hits: Sequence[Hit], *, likely: int, number_given: bool) -> tuple[int | None, bool]:
    """(person, whether it is doubtful) from all hits, never only the first: one that stands out is meant; several, or one that
    is only possible, are for a person to decide. A row with a number that nobody has is never taken for somebody unseen."""
    if not hits:
        return None, False
    strong = [hit for hit in hits if hit.score >= likely]
    if len(strong) == 1 and not number_given and (len(hits) == 1 or hits[1].score + 20 <= strong[0].score):
        return strong[0].pk, False
    return None, True
