"""What a group asks of its members besides class, level, certificate and money (ADR 0043): details, each of a kind, with options
where it is one of several. Plain functions on plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

TEXT, DATE, CODE, MONEY, NUMBER, FLAG = "text", "date", "code", "money", "number", "flag"
KINDS: Final = (
    (TEXT, "文字"),
    (DATE, "日期"),
    (CODE, "选项"),
    (MONEY, "金额（元）"),
    (NUMBER, "数"),
    (FLAG, "是或否"),
)
MOST_DETAILS = 30
MOST_TEXT = 100
MOST_MONEY = Decimal("9999999.99")
MOST_NUMBER = 999_999


class Wrong(ValueError):
    """A detail is wrong; `code` names it, the text says in one Chinese sentence what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that a group asks of its members.

    `also` are other names that forms give it; `alone` says that label and names tell by themselves what is meant (入党时间), so
    that a form need not be a list of the group; `options` are those of the kind CODE, as a group's classes are kept.
    """

    code: str
    label: str
    kind: str = TEXT
    also: tuple[str, ...] = ()
    options: tuple[dict[str, Any], ...] = ()
    unit: str = ""
    alone: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The label and every other name."""
        return (self.label, *self.also)

    def option_label(self, code: str) -> str:
        """The label of one of the options."""
        return next((one["label"] for one in self.options if one["code"] == code), code)

    def as_json(self) -> dict[str, Any]:
        """As a group keeps it."""
        found: dict[str, Any] = {"code": self.code, "label": self.label, "kind": self.kind}
        for key in ("also", "options"):
            if getattr(self, key):
                found[key] = list(getattr(self, key))
        if self.unit:
            found["unit"] = self.unit
        if self.alone:
            found["alone"] = True
        return found


def read(kept: Iterable[Mapping[str, Any]]) -> tuple[Detail, ...]:
    """A group's details as it keeps them."""
    return tuple(
        Detail(
            one["code"],
            one["label"],
            one.get("kind", TEXT),
            tuple(one.get("also", ())),
            tuple(one.get("options", ())),
            one.get("unit", ""),
            bool(one.get("alone", False)),
        )
        for one in kept
    )


def value_of(detail: Detail, given: Any) -> Any:
    """A value in the shape in which memberships keep it; None for nothing.

    Raises Wrong.
    """
    if isinstance(given, str):
        given = " ".join(given.replace("\x00", "").split())
    if given is None or given == "":
        return None
    return _SHAPES[detail.kind](detail, given)


def _text(detail: Detail, given: Any) -> str:
    if len(str(given)) > MOST_TEXT:
        raise Wrong(detail.code, f"“{detail.label}”最多 {MOST_TEXT} 个字。")
    return str(given)


def _date(detail: Detail, given: Any) -> str:
    if isinstance(given, date):
        return given.isoformat()
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError:
        raise Wrong(detail.code, f"“{detail.label}”请写成 2026-11-22 这样的日期。") from None


def _code(detail: Detail, given: Any) -> str:
    if all(str(given) != one["code"] for one in detail.options):
        raise Wrong(detail.code, f"“{detail.label}”没有“{str(given)[:20]}”这一项，请从列表中选择。")
    return str(given)


def _money(detail: Detail, given: Any) -> str:
    try:
        amount = Decimal(str(given)).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Wrong(detail.code, f"“{detail.label}”请填数字，单位是元。") from None
    if not Decimal(0) <= amount <= MOST_MONEY:
        raise Wrong(detail.code, f"“{detail.label}”应在 0 到 9,999,999.99 元之间。")
    return str(amount)


def _number(detail: Detail, given: Any) -> int:
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        raise Wrong(detail.code, f"“{detail.label}”请填整数。") from None
    if number != number.to_integral_value() or not 0 <= number <= MOST_NUMBER:
        raise Wrong(detail.code, f"“{detail.label}”应是 0 到 {MOST_NUMBER:,} 之间的整数。")
    return int(number)


_WORDS: Final = {
    "是": True,
    "有": True,
    "true": True,
    "1": True,
    "否": False,
    "无": False,
    "false": False,
    "0": False,
}


def _flag(detail: Detail, given: Any) -> bool:
    found = given if isinstance(given, bool) else _WORDS.get(str(given).lower())
    if found is None:
        raise Wrong(detail.code, f"“{detail.label}”请选是或否。")
    return found


_SHAPES: Final = {TEXT: _text, DATE: _date, CODE: _code, MONEY: _money, NUMBER: _number, FLAG: _flag}


def merged(
    details: Sequence[Detail],
    kept: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    born: date | None,
    today: date,
) -> dict[str, Any]:
    """What a membership holds after some details were given; a blank takes one away, what is not given stays.

    Raises Wrong for what is not the group's, for values that do not fit, and for days before birth.
    """
    by_code = {one.code: one for one in details}
    found = dict(kept)
    for code, raw in given.items():
        if code not in by_code:
            raise Wrong(code, "这类人群没有这一项，请刷新页面后再填。")
        detail = by_code[code]
        value = value_of(detail, raw)
        if value is None:
            found.pop(code, None)
            continue
        if detail.kind == DATE and born is not None and value < born.isoformat():
            raise Wrong(code, f"“{detail.label}”{value} 早于出生日期 {born}，请核对。")
        if detail.kind == DATE and int(value[:4]) > today.year + 100:
            raise Wrong(code, f"“{detail.label}”的年份 {value[:4]} 不对，请核对。")
        found[code] = value
    return found


def shown(detail: Detail, value: Any) -> str:
    """A kept value in words."""
    if value is None:
        return ""
    if detail.kind == CODE:
        return detail.option_label(str(value))
    if detail.kind == FLAG:
        return "是" if value else "否"
    if detail.kind == MONEY:
        return f"{Decimal(str(value)):,.2f} 元"
    if detail.kind == NUMBER:
        return f"{int(value):,}{' ' + detail.unit if detail.unit else ''}"
    return str(value)


def in_words(details: Sequence[Detail], kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, value in words) of what is known, in the group's order."""
    return [(one.label, shown(one, kept[one.code])) for one in details if one.code in kept]


def definition_problem(detail: Detail, others: Sequence[Detail]) -> str:
    """What is wrong with a detail beside the others of its group; "" when all is well."""
    if not detail.label:
        return "请填写名称。"
    if len(detail.label) > 20:
        return "名称最多 20 个字。"
    if detail.kind not in dict(KINDS):
        return "请选择填什么。"
    if detail.kind == CODE and len(detail.options) < 2:
        return "“选项”至少要有两项，一行写一项。"
    if detail.kind != CODE and detail.options:
        return "只有“选项”要写有哪些项，请清空。"
    taken = {name for one in others for name in one.names}
    clash = next((name for name in detail.names if name in taken), "")
    if clash:
        return f"这类人群已经有“{clash}”这一项。"
    return f"一类人群最多 {MOST_DETAILS} 项。" if len(others) >= MOST_DETAILS else ""


def next_code(details: Sequence[Detail]) -> str:
    """A code for a detail that an administrator adds; never one that was given before to another of the group."""
    numbers = [
        int(one.code[4:]) for one in details if one.code.startswith("own_") and one.code[4:].isdecimal()
    ]
    return f"own_{max(numbers, default=0) + 1}"
