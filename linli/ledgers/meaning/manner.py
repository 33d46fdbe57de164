"""A form's own manner of writing: date shapes, yes and no, several values in one cell, drop-down options."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from linli.facts.dictionary import Element, Kind
from linli.kernel.codes import CodeList
from linli.kernel.textnorm import squash

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), shape)
    for pattern, shape in (
        (r"yyyy\s*-\s*mm\s*-\s*dd|\d{4}-\d{1,2}-\d{1,2}|年\s*-\s*月\s*-\s*日", "YYYY-MM-DD"),
        (r"yyyy\s*/\s*mm\s*/\s*dd|\d{4}/\d{1,2}/\d{1,2}", "YYYY/MM/DD"),
        (r"yyyy\.mm\.dd|\d{4}\.\d{1,2}\.\d{1,2}", "YYYY.MM.DD"),
        (r"yyyymmdd|(?<!\d)(?:19|20)\d{6}(?!\d)|8\s*位数字", "YYYYMMDD"),
        (r"yyyy年mm?月dd?日|\d{4}年\d{1,2}月\d{1,2}日", "YYYY年M月D日"),
        (r"yyyy-mm(?!-)|\d{4}-\d{2}(?![-\d])", "YYYY-MM"),
        (r"yyyymm(?!d)|(?<!\d)(?:19|20)\d{4}(?!\d)", "YYYYMM"),
        (r"yyyy\.mm(?!\.)|\d{4}\.\d{2}(?![.\d])", "YYYY.MM"),
        (r"\d{4}年\d{1,2}月(?!\d)", "YYYY年M月"),
    )
)
_NUMBER_FORMAT_DATE = re.compile(r"[yde]|年|月", re.IGNORECASE)
_YES_NO: tuple[tuple[str, str], ...] = (
    ("是", "否"),
    ("有", "无"),
    ("1", "0"),
    ("√", ""),
    ("y", "n"),
    ("是", "不是"),
)


@dataclass(frozen=True)
class Manner:
    """How one column wants its values. `date` is a shape, or "cell" for a real date in the cell's own format."""

    date: str = "YYYY-MM-DD"
    yes: str = "是"
    no: str = "否"
    joint: str = "、"
    factor: str = "1"
    as_number: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def date_shape(text: str) -> str:
    """The date shape that a hint or instruction speaks of, "" if none."""
    return next((shape for pattern, shape in _SHAPES if pattern.search(text or "")), "")


def manner_for(
    element: Element, label: str, hint: str, instructions: str, number_format: str, options: tuple[str, ...]
) -> Manner:
    """How a column wants its values, from its hint, its heading, the cells' number format and the instructions."""
    date_style = ""
    if element.kind is Kind.DATE:
        date_style = date_shape(hint) or date_shape(label)
        if (
            not date_style
            and number_format not in ("", "General", "@")
            and _NUMBER_FORMAT_DATE.search(number_format)
        ):
            date_style = "cell"
        if not date_style and re.search(r"年月(?!日)", squash(label)):
            date_style = "YYYY-MM"
        if not date_style:
            lines = [line for line in instructions.splitlines() if re.search(r"日期|时间", line)]
            date_style = next((shape for line in lines if (shape := date_shape(line))), "")
    yes, no = "是", "否"
    if element.kind is Kind.BOOLEAN:
        yes, no = _yes_no(hint, label, options)
    joint = "、"
    if match := re.search(r"用\s*[“\"'‘]?([;；,，、/|])[”\"'’]?\s*(?:分隔|隔开|分开)", hint):
        joint = match.group(1)
    factor = "1"
    if element.kind in (Kind.MONEY, Kind.DECIMAL) and re.search(r"[(（]\s*万元?\s*[)）]", label):
        factor = "0.0001"
    return Manner(date_style or "YYYY-MM-DD", yes, no, joint, factor)


_NEGATIONS = ("未", "不", "无", "非", "没有", "没")
_YES_NO_WORDS = frozenset(
    (("是", "否"), ("有", "无"), ("已", "未"), ("能", "否"), ("会", "否"), ("对", "错"))
)


def yes_no(words: Iterable[str]) -> tuple[str, str] | None:
    """Of two words the one that says yes and the one that says no: 享受 and 未享受, 已参保 and 未参保; None for others."""
    pair = [squash(word) for word in words]
    if len(pair) != 2:
        return None
    for yes, no in (pair, pair[::-1]):
        if (yes, no) in _YES_NO_WORDS or any(
            no in (f"{word}{yes}", f"{word}{yes.removeprefix('已')}", f"{word}{yes.removeprefix('有')}")
            for word in _NEGATIONS
            if yes not in ("已", "有")
        ):
            return yes, no
    return None


def _yes_no(hint: str, label: str, options: tuple[str, ...]) -> tuple[str, str]:
    plain = [squash(option) for option in options]
    for yes, no in _YES_NO:
        if yes in plain and no in plain:
            return options[plain.index(yes)], options[plain.index(no)]
    if (pair := yes_no(plain)) is not None:
        return options[plain.index(pair[0])], options[plain.index(pair[1])]
    if match := re.search(r"([^\s=，,；;、（(]{1,2})\s*=\s*(?:是|有)", hint):
        yes = match.group(1)
        other = re.search(r"([^\s=，,；;、（(]{1,2})\s*=\s*(?:否|无|不是)", hint)
        return yes, other.group(1) if other else ""
    if "√" in hint or "√" in label:
        return "√", ""
    if squash(label).startswith("有无"):
        return "有", "无"
    return "是", "否"


_DATE_WRITERS: dict[str, Callable[[date], Any]] = {
    "cell": lambda day: datetime(day.year, day.month, day.day),
    "YYYY-MM-DD": date.isoformat,
    "YYYY/MM/DD": lambda day: f"{day.year}/{day.month}/{day.day}",
    "YYYY.MM.DD": lambda day: day.isoformat().replace("-", "."),
    "YYYYMMDD": lambda day: day.isoformat().replace("-", ""),
    "YYYY年M月D日": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "YYYY-MM": lambda day: day.isoformat()[:7],
    "YYYYMM": lambda day: day.isoformat()[:7].replace("-", ""),
    "YYYY.MM": lambda day: day.isoformat()[:7].replace("-", "."),
    "YYYY年M月": lambda day: f"{day.year}年{day.month}月",
}


def write_date(value: date, shape: str) -> Any:
    """A date in a shape; "cell" gives a real date for the cell's own format."""
    return _DATE_WRITERS.get(shape, date.isoformat)(value)


# Coarser words for kinship, tried when a form's list is coarser than GB/T 4761: the longest prefix decides alone, so
# that a daughter-in-law never becomes a child.
_GRAND = ("孙子(女)", "孙子女", "孙子、孙女", "孙子、孙女或外孙子、外孙女")
_OUTER_GRAND = ("外孙(女)", "外孙子女", "外孙子、外孙女", "孙子、孙女或外孙子、外孙女")
_IN_LAW = ("其他亲属", "非直系亲属")
_COARSER: dict[str, tuple[str, ...]] = {
    "01": ("本人", "户主"),
    "02": ("户主", "本人"),
    "1": ("配偶", "夫妻"),
    "2": ("子", "儿子", "子女", "儿女"),
    "28": ("女婿", *_IN_LAW),
    "3": ("女", "女儿", "子女", "儿女"),
    "38": ("儿媳", *_IN_LAW),
    "41": _GRAND,
    "42": _GRAND,
    "43": _OUTER_GRAND,
    "44": _OUTER_GRAND,
    "45": _IN_LAW,
    "46": _IN_LAW,
    "47": ("曾孙子(女)", *_IN_LAW),
    "48": ("曾孙子(女)", *_IN_LAW),
    "49": _IN_LAW,
    "5": ("父母",),
    "53": ("配偶父母", "公婆", *_IN_LAW),
    "54": ("配偶父母", "公婆", *_IN_LAW),
    "55": ("配偶父母", "岳父母", *_IN_LAW),
    "56": ("配偶父母", "岳父母", *_IN_LAW),
    "59": ("配偶父母", *_IN_LAW),
    "61": ("祖父母", "祖父母或外祖父母"),
    "62": ("祖父母", "祖父母或外祖父母"),
    "63": ("外祖父母", "祖父母或外祖父母"),
    "64": ("外祖父母", "祖父母或外祖父母"),
    "66": ("曾祖父母", *_IN_LAW),
    "67": ("曾祖父母", *_IN_LAW),
    "7": ("兄弟姐妹", "兄、弟、姐、妹"),
    "72": _IN_LAW,
    "74": _IN_LAW,
    "76": _IN_LAW,
    "78": _IN_LAW,
    "8": _IN_LAW,
    "9": _IN_LAW,
    "99": ("非亲属",),
}
_OPTION_CODE = re.compile(r"^\s*[(（]?\w{1,4}[)）]?\s*[-—–.、:：]\s*(?=\D)")
_SPLIT = re.compile(r"[\\/／、，,或及和]|以及")


def bare_option(option: str) -> str:
    """An option without the code in front of it: 102-户主 → 户主."""
    return squash(_OPTION_CODE.sub("", option))


# Lists whose synonyms serve reading: many are narrower kinds (冠心病 for 心血管病), which must never be written.
_READING = frozenset(
    (
        "inflow_reason",
        "dwelling_type",
        "employment",
        "health",
        "hazard",
        "letting_use",
        "building_use",
        "permit",
    )
)


# Lists whose codes ending in 0 are classes of those after them; in others (nationalities, parties) 11 is no kind of 10.
_CLASSED = frozenset(("education", "marital", "health"))

# Options of forms that say the same as one of our codes in other words, and nothing narrower.
_SAME: dict[tuple[str, str], tuple[str, ...]] = {
    **{
        ("political", f"{code:02}"): ("民主党派", "民主党派成员", "民主党派人士", "各民主党派", "其他党派")
        for code in range(4, 12)
    },
    ("dwelling_type", "04"): ("居民家中", "亲友家", "亲友家中"),
    ("dwelling_type", "05"): ("单位内部", "企事业单位内部", "集体宿舍", "员工宿舍"),
    ("dwelling_type", "06"): ("工地场所", "临时工棚", "工棚", "工地"),
    ("employment", "70"): ("无业", "未就业", "无工作", "无职业"),
    ("inflow_reason", "05"): ("夫妻投靠", "投靠配偶", "婚姻嫁娶", "婚嫁投靠"),
    ("inflow_reason", "04"): ("求学入托", "求学", "寄读、借读", "寄读借读", "就学", "上学"),
}


def _alike(option: str, label: str) -> bool:
    """Whether an option is another way of writing a standard's label, not a narrower kind of it: 大专 for 大学专科,
    but not 冠心病 for 心血管病."""
    if option in label or label in option:
        return min(len(option), len(label)) * 5 >= max(len(option), len(label))
    shared = len(set(option) & set(label))
    shorter, longer = sorted((len(set(option)), len(set(label))))
    return shared * 10 >= shorter * 7 and shared * 4 >= longer


_RANKS = {"9": 0, "8": 1, "7": 2, "6": 3, "4": 3, "3": 4, "2": 5, "1": 6}


def _ranged(codes: CodeList, code: str, bare: dict[str, str]) -> str | None:
    """The option that takes in a level of schooling: 大专及以上, 初中及以下."""
    own = _RANKS.get(code[:1])
    for option, word in bare.items():
        match = re.search(r"^(.+?)(?:\(含\))?(及以上|以上|及以下|以下)$", word)
        if match is None or own is None or code == "90":
            continue
        edge = _RANKS.get((codes.match(match.group(1)) or "")[:1])
        if edge is not None and (own >= edge if "上" in match.group(2) else own <= edge):
            return option
    return None


def fit_code(codes: CodeList, code: str, options: tuple[str, ...]) -> str | None:
    """The form's option for one of our codes; None when none says the same. Never an approximation upwards to 其他."""
    label = squash(codes.label(code))
    bare = {option: bare_option(option) for option in options}
    for option, word in bare.items():
        if word == label:
            return option
    for same in _SAME.get((codes.key, code), ()):
        for option, word in bare.items():
            if word == squash(same):
                return option
    item = next((item for item in codes if item.code == code), None)
    words = [squash(word) for word in item.also] if item is not None else []
    meant = [option for option, word in bare.items() if word in words or codes.match(word) == code]
    if codes.key in _READING:
        meant = [option for option in meant if _alike(bare[option], label)]
    if meant and (codes.key not in _READING or len(meant) == 1):
        return meant[0]
    if codes.key == "kinship":
        coarser = _COARSER.get(code, _COARSER.get(code[:1], ()))
        for wanted in coarser:
            for option, word in bare.items():
                if word == squash(wanted):
                    return option
        return None
    parts = [(option, [squash(part) for part in _SPLIT.split(word) if part]) for option, word in bare.items()]
    for option, pieces in parts:
        if (
            len(pieces) > 1
            and codes.key not in _READING
            and any(codes.match(piece) == code or piece == label for piece in pieces)
        ):
            return option
    if codes.key == "education" and code[:1] != "9":
        # 高中\\中专 takes in every school of that rank: 职业高中, 技工学校.
        for option, pieces in parts:
            if len(pieces) > 1 and any((codes.match(piece) or "")[:1] == code[:1] for piece in pieces):
                return option
    if codes.key == "education" and (ranged := _ranged(codes, code, bare)) is not None:
        return ranged
    if codes.key not in _CLASSED:
        return None
    if len(code) > 1 and code.endswith("0"):
        # Ours is the class (初级中学教育); the form's list has exactly one entry within it (初中).
        within = [option for option, word in bare.items() if (codes.match(word) or "")[:-1] == code[:-1]]
        if len(within) == 1:
            return within[0]
    wider = code[:-1] + "0" if len(code) > 1 else ""
    if wider and wider != code and wider in codes and codes.label(wider) not in ("其他", "其它"):
        return fit_code(codes, wider, options)
    return None


_PLACE_TAILS = re.compile(r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市|区|县)$")


def fit_text(text: str, options: tuple[str, ...]) -> str | None:
    """The option that says the same as a text: equal, or a place name without its ending (北京 for 北京市)."""
    plain = squash(text)
    for option in options:
        if bare_option(option) == plain:
            return option
    stem = _PLACE_TAILS.sub("", plain)
    if len(stem) >= 2:
        for option in options:
            if bare_option(option) == stem:
                return option
    return None


_GROUP_TAILS = re.compile(r"(?:人员|对象|家庭|户)$")


def fit_group(name: str, options: tuple[str, ...]) -> str | None:
    """The option that names a group: equal, or but for 人员, 对象, 家庭, 户 behind it (低保 and 低保户)."""
    found = fit_text(name, options)
    stem = _GROUP_TAILS.sub("", squash(name))
    if found is not None or len(stem) < 2:
        return found
    return next((o for o in options if _GROUP_TAILS.sub("", bare_option(o)) == stem), None)


def fits(
    element: Element, options: tuple[str, ...], group_names: frozenset[str] = frozenset()
) -> float | None:
    """How well a drop-down's options suit an element, 0–1; None when the options say nothing about it."""
    if not options:
        return None
    plain = [bare_option(option) for option in options]
    boolean = len(plain) <= 3 and any(yes in plain and no in plain for yes, no in _YES_NO if no)
    boolean = boolean or yes_no(plain) is not None
    if element.kind is Kind.BOOLEAN:
        return 1.0 if boolean else 0.0
    if element.kind in (Kind.DATE, Kind.INTEGER, Kind.DECIMAL, Kind.MONEY):
        return 0.0
    codes = element.codes if element.kind is Kind.CODE else None
    if boolean and not (codes is not None and all(codes.match(word) is not None for word in plain)):
        return 0.0
    if element.kind is Kind.CODE and element.codes is not None:
        known = [item.code for item in element.codes]
        hits = sum(1 for word in plain if element.codes.match(word) is not None)
        reached = sum(1 for code in known if fit_code(element.codes, code, options) is not None)
        return max(hits / len(plain), reached / max(len(known), 1))
    if element.kind is Kind.CODES:
        return sum(1 for word in plain if word in group_names) / len(plain)
    return None


def write_number(value: Any, factor: str) -> Any:
    """A number in the form's unit; whole numbers without decimals."""
    number = Decimal(str(value)) * Decimal(factor)
    return int(number) if number == number.to_integral_value() else float(number)
