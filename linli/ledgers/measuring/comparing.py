"""Whether what stands in a cell says what the registry holds. Lenient about the manner, strict about the meaning."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from linli.facts.dictionary import Element, Kind
from linli.kernel.textnorm import squash

_YES = frozenset(("是", "有", "1", "√", "☑", "■", "y", "yes", "true", "已"))
# Other names of the groups, by name; set for the length of a measurement.
OTHER_NAMES: dict[str, list[str]] = {}
# Lists in which forms are finer than the standard, so that its synonyms are narrower kinds: 高血压 and 冠心病 for 心血管病.
FINER = frozenset(("education", "health", "inflow_reason", "dwelling_type", "employment", "hazard"))
_NO = frozenset(("否", "无", "0", "", "不是", "n", "no", "false", "×", "未"))


def is_blank(cell: Any) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def dates_of(cell: Any) -> set[str]:
    """The dates a cell may mean, as YYYYMMDD, YYYYMM or YYYY."""
    if isinstance(cell, datetime | date):
        return {f"{cell:%Y%m%d}"}
    found = re.findall(r"\d+", str(cell))
    if len(found) == 1 and len(found[0]) in (4, 6, 8):
        return {found[0]}
    if found and len(found[0]) == 4:
        return {found[0] + "".join(part.zfill(2) for part in found[1:3])}
    if len(found) > 3 and all(len(part) == 1 for part in found):
        return {"".join(found)}
    return set()


def as_number(cell: Any) -> Decimal | None:
    """The number in a cell; None when it holds none."""
    if isinstance(cell, bool) or cell is None:
        return None
    text = str(cell).replace(",", "").strip().rstrip("%岁人户元个间套栋层件")
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def says_code(cell: Any, code: str, element: Element, options: tuple[str, ...]) -> bool:
    """Whether a cell names a code: by its label, a synonym, or (of a form's own list) the class that holds it."""
    codes = element.codes
    text = str(cell)
    if codes is None:
        return squash(text) == squash(code)
    if squash(text) == squash(codes.label(code)) or codes.match(text) == code:
        return True
    bare = re.sub(r"^\s*[(（]?\w{1,4}[)）]?\s*[-—–.、:：]\s*(?=\D)", "", text)
    if squash(bare) in {
        squash(word) for item in codes.items if item.code == code for word in (item.label, *item.also)
    }:
        return True
    pieces = [piece for piece in re.split(r"[\\/／、，,或及和()（）]|以及", bare) if piece]
    meant = [found for piece in (bare, *pieces) if (found := codes.match(piece))]
    if code in meant:
        return True
    if codes.key == "political" and squash(bare) in ("民主党派", "其他党派", "其它党派"):
        return "04" <= code <= "11"
    if len(code) < 2 or codes.key not in ("education", "marital", "health", "employment", "kinship"):
        return False
    if codes.key == "kinship" and re.search("子女|儿女", bare):
        return code[:1] in "23" and code not in ("28", "38")
    if codes.key == "education":
        return (code[:1] != "9" and any(one[:1] == code[:1] for one in meant)) or _within_range(
            codes, code, bare
        )
    return f"{code[:1]}0" in meant


_RANK = ["9", "8", "7", "64", "3", "2", "1"]


def _within_range(codes: Any, code: str, option: str) -> bool:
    """Whether 大专及以上 takes in a level of schooling."""
    match = re.search(r"^(.+?)(?:\(含\))?(及以上|以上|及以下|以下)$", option)
    edge = codes.match(match.group(1)) if match else None
    if match is None or not edge or code == "90":
        return False
    if code[:1] == "9":
        # Who never went to school, or not yet, is below any level.
        return "下" in match.group(2)
    rank = {letter: place for place, letters in enumerate(_RANK) for letter in letters}
    high, low = rank[code[:1]], rank.get(edge[:1], 0)
    return high >= low if "上" in match.group(2) else high <= low


def same_group(option: str, name: str) -> bool:
    """Whether an option names a group: the same words but for 人员, 对象, 家庭, 户 behind them."""
    bare = re.sub(r"^\w{1,4}[-.、](?=\D)", "", option)
    return re.sub(r"(?:人员|对象|家庭|户)$", "", bare) == re.sub(r"(?:人员|对象|家庭|户)$", "", name)


def agrees(cell: Any, value: Any, element: Element, options: tuple[str, ...] = ()) -> bool:
    """Whether a filled cell says the value."""
    if element.kind is Kind.DATE:
        told = dates_of(cell)
        return any(f"{value:%Y%m%d}".startswith(one) or one.startswith(f"{value:%Y%m%d}") for one in told)
    if element.kind is Kind.BOOLEAN:
        return squash(str(cell)) in (_YES if value else _NO)
    if element.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY):
        number = as_number(cell)
        wanted = Decimal(str(value))
        return number is not None and any(
            abs(number - wanted * factor) <= Decimal("0.005") * (1 if factor == 1 else factor)
            for factor in (Decimal(1), Decimal("0.0001"))
        )
    if element.kind is Kind.CODE:
        return says_code(cell, str(value), element, options)
    if element.kind is Kind.CODES:
        held = {squash(element.codes.label(str(one)) if element.codes else str(one)) for one in value}
        if options:
            held |= {squash(word) for one in list(held) for word in OTHER_NAMES.get(one, ())}
        parts = {squash(part) for part in re.split(r"[,，、;；/]", str(cell)) if part.strip()}
        if options:
            return bool(parts) and all(any(same_group(part, one) for one in held) for part in parts)
        return parts == held
    said, wanted_text = squash(str(cell)), squash(str(value))
    if said == wanted_text:
        return True
    if options:
        stem = re.sub(
            r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市|区|县)$", "", wanted_text
        )
        bare = re.sub(r"^\w{1,4}[-.、](?=\D)", "", said)
        return (len(stem) >= 2 and bare == stem) or bare == wanted_text
    return False


def offered(value: Any, element: Element, options: tuple[str, ...]) -> bool:
    """Whether a drop-down has just one entry that says the value; without a drop-down everything is."""
    if not options or value is None:
        return True
    saying = [option for option in options if agrees(option, value, element, options)]
    if len(saying) < 2 or element.kind is not Kind.CODE or element.codes is None:
        return bool(saying)
    # Several options within one of our codes: the form asks more finely than is held, unless one has its very name.
    label = squash(element.codes.label(str(value)))
    return element.codes.key not in FINER or any(squash(option).endswith(label) for option in saying)
