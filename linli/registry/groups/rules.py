"""Decisions about memberships of groups on plain data. Each `*_problem` answers "" when all is well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from linli.kernel import ages

SHORTEST_EVIDENCE = 2
MOST_MONEY = Decimal("9999999.99")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a group asks of its members: the codes of its classes and levels, a certificate, a review every so many months."""

    name: str
    classes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    needs_certificate: bool = False
    review_months: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Whom a group is for: full years on the day of joining, from `youngest` (`youngest_woman` for women where it differs) to
    below `below`; `here`: alive, and living here or with hukou here."""

    youngest: int = 0
    youngest_woman: int | None = None
    below: int = 0
    here: bool = False


# By the code of the group; the others ask for nothing. 老年人权益保障法 says old is 60; 高龄津贴 is paid from 80;
# 社会救助暂行办法 and the rules on children in need say who is aided where; “4050” is women of 40, men of 50.
LIMITS = {
    "elderly_alone": Limits(60, here=True),
    "empty_nest": Limits(60, here=True),
    "home_care": Limits(60, here=True),
    "old_age_allowance": Limits(80, here=True),
    "low_income": Limits(here=True),
    "low_income_edge": Limits(here=True),
    "destitute": Limits(here=True),
    "orphan": Limits(below=18, here=True),
    "left_behind_child": Limits(below=16, here=True),
    "age_4050": Limits(50, 40),
    "party": Limits(18),
}


def limits_problem(
    code: str, name: str, *, sex: str, born: date | None, is_here: bool, died: date | None, on: date
) -> str:
    """Whether somebody may be in the group of that code from a day on; `sex` as in GB/T 2261.1, `is_here`: living here or with
    hukou here. A spell that ended with a death may still be recorded."""
    limits = LIMITS.get(code)
    if limits is None:
        return ""
    if limits.here and not is_here and died is None:
        return f"这位居民已不住在本辖区，户籍也不在，不能加入“{name}”；情况有变的，请先办理迁入或登记户籍。"
    if not limits.youngest and not limits.below:
        return ""
    if born is None:
        return f"加入“{name}”要核对年龄，请先补登这位居民的证件号码或出生日期。"
    if limits.youngest_woman is not None and sex not in ("1", "2"):
        return f"加入“{name}”要核对性别和年龄，请先补登这位居民的性别。"
    age = ages.age_on(born, on) if born <= on else 0
    by_sex = limits.youngest_woman is not None
    youngest = limits.youngest_woman if by_sex and sex == "2" else limits.youngest
    who = ("女性" if sex == "2" else "男性") if by_sex else ""
    if youngest and age < youngest:
        return f"“{name}”要求{who}年满 {youngest} 周岁，这位居民在 {on} 是 {age} 岁，请核对。"
    if limits.below and age >= limits.below:
        return f"“{name}”要求未满 {limits.below} 周岁，这位居民在 {on} 是 {age} 岁，请核对。"
    return ""


def class_problem(kind: Kind, class_code: str) -> str:
    """The class is one of the group's; a group with classes asks for one."""
    if not kind.classes:
        return f"“{kind.name}”不分类别，请留空。" if class_code else ""
    if not class_code:
        return f"请选择“{kind.name}”的类别。"
    return "" if class_code in kind.classes else f"“{kind.name}”没有这个类别，请从列表中选择。"


def level_problem(kind: Kind, level_code: str) -> str:
    """The level is one of the group's; a group with levels asks for one."""
    if not kind.levels:
        return f"“{kind.name}”不分等级，请留空。" if level_code else ""
    if not level_code:
        return f"请选择“{kind.name}”的等级。"
    return "" if level_code in kind.levels else f"“{kind.name}”没有这个等级，请从列表中选择。"


def evidence_problem(evidence: str) -> str:
    """Nobody is put into a group without saying on what ground."""
    if len(evidence.strip()) < SHORTEST_EVIDENCE:
        return "请写明认定依据，例如“入户核实”或文书名称和编号。"
    return "认定依据最多 200 个字。" if len(evidence) > 200 else ""


def certificate_problem(kind: Kind, certificate: str) -> str:
    """A group with certificates asks for the number."""
    if kind.needs_certificate and not certificate.strip():
        return f"请填写“{kind.name}”的证件号。"
    return "证件号最多 40 个字符。" if len(certificate) > 40 else ""


def amount_problem(amount: Decimal | None) -> str:
    """A monthly amount in 元 is not negative."""
    if amount is not None and not Decimal(0) <= amount <= MOST_MONEY:
        return "月补助金额应在 0 到 9,999,999.99 元之间。"
    return ""


def since_problem(since: date, *, born: date | None, died: date | None, today: date) -> str:
    """A membership begins in life and not in the future."""
    if since > today:
        return f"认定日期 {since} 还没有到，请填写今天或以前的日期。"
    if born and since < born:
        return f"认定日期 {since} 早于出生日期 {born}，请核对。"
    if died and since >= died:
        return f"这位居民已于 {died} 去世，认定日期应早于这一天。"
    return ""


def until_problem(since: date | None, until: date | None) -> str:
    """A membership lasts at least a day."""
    if since and until and until <= since:
        return f"到期日期 {until} 应晚于认定日期 {since}，请核对。"
    return ""


def overlap_problem(
    kind: Kind,
    since: date | None,
    until: date | None,
    others: Iterable[tuple[date | None, date | None]],
) -> str:
    """Once in a group at a time."""
    for start, end in others:
        if (until is None or start is None or start < until) and (
            end is None or since is None or since < end
        ):
            return f"这段时间已在“{kind.name}”中，不用重复加入。"
    return ""


def next_review(kind: Kind, on: date, until: date | None = None) -> date | None:
    """When a membership confirmed on a day is to be reviewed: after the group's months, on the last day of a shorter month,
    and not after it ends. None for groups without review."""
    if not kind.review_months:
        return None
    months = on.year * 12 + on.month - 1 + kind.review_months
    year, month = divmod(months, 12)
    month += 1
    after = date(year + (month == 12), month % 12 + 1, 1)
    last = date.fromordinal(after.toordinal() - 1).day
    due = date(year, month, min(on.day, last))
    return min(due, until) if until else due


@dataclass(frozen=True, slots=True)
class Due:
    """How a membership stands: `tone` for the tag, `text` for the clerk."""

    tone: str
    text: str


def due(today: date, *, until: date | None, review_on: date | None, soon_days: int = 30) -> Due | None:
    """What is due: the end or the review of a membership, within `soon_days`; None when nothing is."""
    if until is not None and until <= today:
        return Due("", f"已于 {until} 结束")
    dates: Sequence[tuple[date | None, str]] = ((review_on, "复核"), (until, "到期"))
    for day, what in dates:
        if day is None:
            continue
        left = (day - today).days
        if left < 0:
            return Due("danger", f"{what}已逾期 {-left} 天")
        if left == 0:
            return Due("danger", f"今天{what}")
        if left <= soon_days:
            return Due("warn", f"{left} 天后{what}")
    return None


# Lists that Linli does not keep, by design: the reports do not ask communities for them, the Personal Information Protection
# Law makes them sensitive, and the offices named keep them themselves.
DECLINED = (
    (("社区矫正", "矫正对象", "刑满释放", "刑释"), "司法所"),
    (("吸毒", "戒毒", "涉毒"), "公安机关"),
    (("艾滋", "性病"), "卫生健康部门"),
    (("信教", "宗教", "教徒"), "宗教事务部门"),
    (("精神障碍", "精神病", "肇事肇祸"), "卫生健康部门和公安机关"),
    (("上访", "信访人员"), "信访部门"),
)
MOST_OPTIONS = 60


def group_name_problem(name: str, also: Iterable[str], taken: Iterable[str]) -> str:
    """A group has a name of its own, and is none of those that are left out by design."""
    if not name:
        return "请填写人群名称。"
    if len(name) > 30:
        return "人群名称最多 30 个字。"
    names = [name, *also]
    for words, keeper in DECLINED:
        if any(word in one for one in names for word in words):
            return f"“{name}”这类名单由{keeper}掌握，系统按设计不收集。"
    clash = next((one for one in names if one in set(taken)), "")
    return f"“{clash}”已经是另一类人群的名称或别名，请换一个。" if clash else ""


def read_options(text: str, kept: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The options of a class or level from lines of "编码 名称" or "名称": a code keeps its members when its label changes, a
    label without a code keeps the code it has or gets the next number. Synonyms of kept codes stay.

    Raises ValueError with a Chinese sentence.
    """
    by_code = {one["code"]: one for one in kept}
    by_label = {one["label"]: one for one in kept}
    found: list[dict[str, Any]] = []
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_OPTIONS:
        raise ValueError(f"最多 {MOST_OPTIONS} 项。")
    parsed = []
    for line in lines:
        code, _space, label = line.partition(" ")
        if not label or not (code.isascii() and code.isalnum() and len(code) <= 4):
            code, label = by_label.get(line, {}).get("code", ""), line
        parsed.append((code, label))
    used = {code for code, _label in parsed if code} | set(by_code)
    numbers = (str(n) for n in range(1, 10_000) if str(n) not in used)
    for code, label in parsed:
        if len(label) > 30:
            raise ValueError(f"“{label[:10]}…”太长，每项最多 30 个字。")
        code = code or next(numbers)
        if any(code == one["code"] or label == one["label"] for one in found):
            raise ValueError(f"“{label}”写了两遍，请删去一行。")
        also = by_code.get(code, {}).get("also", [])
        found.append({"code": code, "label": label, **({"also": also} if also else {})})
    return found


def written_options(options: Sequence[dict[str, Any]]) -> str:
    """The lines that `read_options` reads."""
    return "\n".join(f"{one['code']} {one['label']}" for one in options)
