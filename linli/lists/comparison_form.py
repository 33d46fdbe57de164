"""The form that compares an element: one choice of operator, each with its own inputs, without a script."""

from __future__ import annotations

import re
from typing import Any

from linli.audit.recording import RuleError
from linli.facts import comparing
from linli.facts.comparing import BadComparison, Comparison
from linli.facts.dictionary import Element, Kind
from linli.lists.asking import Question
from linli.lists.rules import Filter

HIDDEN = frozenset(("band",))  # made by tables only
WORDS = {
    Kind.DATE: {"between": "在两个日期之间（含当天，可只填一个）"},
    Kind.INTEGER: {"between": "在两个数之间（含两端，可只填一个）"},
    Kind.DECIMAL: {"between": "在两个数之间（含两端，可只填一个）"},
    Kind.MONEY: {"between": "在两个数之间（含两端，可只填一个）"},
}
_MORE = {
    "next_days": "从截至日期起，今后若干天内",
    "last_days": "到截至日期止，最近若干天内",
    "in_month": "在某个月份（不论年份），例如生日",
    "one_of": "是勾选的任何一项",
    "none_of": "不是勾选的任何一项",
    "contains": "文字里包含",
    "starts": "文字开头是",
    "is": "文字正好是",
}


def operator_rows(element: Element, data: Any, old: Filter | None) -> list[dict[str, Any]]:
    """The operators with their inputs as the template shows them; `data` is what was sent before, `old` what was compared."""
    keys = [key for key in comparing.operators(element) if key not in HIDDEN]
    chosen = data.get("op") or (old.operator if old is not None else keys[0])
    if chosen not in keys:
        chosen = keys[0]
    rows = []
    for key in keys:
        takes = comparing.LABELS[key][1]
        given = list(old.values) if old is not None and old.operator == key else []
        sent = data.getlist(f"{key}_v") if hasattr(data, "getlist") else []
        values = sent or given
        label = WORDS.get(element.kind, {}).get(key) or _MORE.get(key) or comparing.LABELS[key][0]
        shape = "date" if element.kind is Kind.DATE else "number"
        rows.append(
            {
                "key": key,
                "label": label,
                "takes": takes,
                "shape": shape,
                "checked": key == chosen,
                "values": [*values, "", ""][:2] if takes != "many" else values,
                "text": "、".join(values),
                "codes": [
                    {"code": one.code, "label": one.label, "checked": one.code in values}
                    for one in (element.codes.items if element.codes is not None else ())
                ]
                if takes == "many"
                else [],
            }
        )
    return rows


def _meant(element: Element, data: Any) -> str:
    """The operator chosen; where its inputs are empty and those of exactly one other are filled, that one."""
    key = str(data.get("op", ""))
    if comparing.LABELS.get(key, ("", "none"))[1] == "none" or any(data.getlist(f"{key}_v")):
        return key
    filled = [one for one in comparing.operators(element) if any(data.getlist(f"{one}_v"))]
    return filled[0] if len(filled) == 1 else key


def read_comparison(asked: Question, path: str, data: Any) -> Filter:
    """The comparison that the form sent. Raises RuleError."""
    element = asked.element(path)
    key = _meant(element, data)
    values = [value.replace("\x00", "").strip() for value in data.getlist(f"{key}_v")]
    takes = comparing.LABELS.get(key, ("", ""))[1]
    if takes == "many" and element.codes is None:
        values = [part for value in values for part in re.split(r"[\s,，、;；]+", value) if part]
    found = Filter(path, key, tuple(values[:2] if takes == "range" else values))
    try:
        comparing.parse(element, Comparison(path, key, found.values))
    except BadComparison as bad:
        raise RuleError(str(bad)) from None
    return found
