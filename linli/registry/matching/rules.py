"""How alike two records are, with the reasons: plain functions on plain data.

Points are added up in the manner of Fellegi and Sunter: what agrees speaks for one human being, what clearly differs speaks
against. The weights are set so that people who must not be merged unseen (twins, father and son of one name, namesakes born
on one day) stay below a band, and are held by a test over made-up pairs. Nothing is ever merged by points alone: a pair goes
to a queue, and a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from linli.kernel import citizen_number

SURE: Final = 80
LIKELY: Final = 60
POSSIBLE: Final = 45
BANDS: Final = ((SURE, "几乎肯定"), (LIKELY, "很可能"), (POSSIBLE, "有可能"))


class Reason(NamedTuple):
    """One thing that speaks for (points above 0) or against two records being the same, in words."""

    rule: str
    points: int
    said: str


@dataclass(frozen=True, slots=True)
class Party:
    """A person as they are compared. Empty texts, None and empty sets say nothing; numbers are plain."""

    name: str = ""
    sound: str = ""
    former_name: str = ""
    sex: str = "0"
    born: date | None = None
    id_kind: str = ""
    number: str = ""
    phone: str = ""
    homes: frozenset[int] = frozenset()
    buildings: frozenset[int] = frozenset()


def band(score: int) -> str:
    """The score in a word; "" below the queue."""
    return next((word for least, word in BANDS if score >= least), "")


def total(reasons: Iterable[Reason]) -> int:
    """The score, from 0 to 100."""
    return max(0, min(100, sum(one.points for one in reasons)))


# -- numbers ---------------------------------------------------------------------------------------------------


def modern(number: str) -> str:
    """A citizen number in its eighteen characters; those of fifteen digits are brought up to date, others stay."""
    if len(number) == 15 and number.isascii() and number.isdigit():
        try:
            return citizen_number.upgrade_15(number)
        except citizen_number.InvalidCitizenNumber:
            return number
    return number


def _citizen_shape(number: str) -> bool:
    return len(number) == 18 and number[:17].isascii() and number[:17].isdigit()


def slip(left: str, right: str) -> str:
    """The slip of a pen that makes one eighteen-character number of the other; "" for none.

    The check character is left out of account: programs that compute it for a wrong number hide the slip.
    """
    if not (_citizen_shape(left) and _citizen_shape(right)):
        return ""
    places = [n for n in range(17) if left[n] != right[n]]
    if not places:
        return "只有校验位不同" if left[17] != right[17] else ""
    if len(places) == 1:
        return f"只有第 {places[0] + 1} 位不同"
    first, last = places[0], places[-1]
    if len(places) == 2 and last == first + 1 and left[first] == right[last] and left[last] == right[first]:
        return f"第 {first + 1}、{last + 1} 位颠倒"
    return ""


def number_reason(left: Party, right: Party) -> Reason | None:
    """What the certificate numbers say."""
    one, other = modern(left.number), modern(right.number)
    if not one or not other:
        return None
    if one == other:
        old = left.number != right.number
        return Reason("number", 100, "15 位旧号换成 18 位后相同" if old else "证件号码相同")
    if not (_citizen_shape(one) and _citizen_shape(other)):
        return None
    same_birth_and_county = one[:14] == other[:14]
    if same_birth_and_county and left.name != right.name:
        return Reason("number", -45, "证件号码顺序码不同，姓名也不同（像是双胞胎或同日登记的两人）")
    if found := slip(one, other):
        # Sequence numbers of one county and day lie close together: namesakes differ by a digit there as well.
        return Reason(
            "number", 15 if same_birth_and_county and one[:17] != other[:17] else 40, f"证件号码{found}"
        )
    if same_birth_and_county:
        return Reason("number", -30, "证件号码的顺序码不同")
    return Reason("number", -70, "证件号码明显不同")


# -- names, births, places -------------------------------------------------------------------------------------


def name_reason(left: Party, right: Party) -> Reason | None:
    """What the names say: the same, once the same, sounding the same, or one character off."""
    one, other = left.name, right.name
    if not one or not other:
        return None
    if one == other:
        return Reason("name", 30, "姓名相同")
    if one == right.former_name or other == left.former_name:
        return Reason("name", 24, "一方的姓名是另一方的曾用名")
    if left.sound and left.sound == right.sound:
        return Reason("name", 22, "姓名同音")
    differing = sum(a != b for a, b in zip(one, other, strict=False)) if len(one) == len(other) else 9
    if differing == 1 and len(one) >= 3 and one[0] == other[0]:
        return Reason("name", 8, "姓名只差一个字")
    if one[0] == other[0]:
        return Reason("name", -30, "同姓不同名")
    return Reason("name", -45, "姓名不同")


def birth_reason(left: Party, right: Party) -> Reason | None:
    """What the days of birth say."""
    one, other = left.born, right.born
    if one is None or other is None:
        return None
    if one == other:
        return Reason("birth", 25, "出生日期相同")
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return Reason("birth", 10, "出生月日颠倒")
    differing = sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True))
    if differing == 1:
        return Reason("birth", 10, "出生日期只差一位")
    return Reason("birth", -40, "出生日期不同")


def sex_reason(left: Party, right: Party) -> Reason | None:
    """Sexes that are known and differ."""
    known = {"1", "2"}
    if left.sex in known and right.sex in known and left.sex != right.sex:
        return Reason("sex", -25, "性别不同")
    return None


def phone_reason(left: Party, right: Party) -> Reason | None:
    """The same telephone; different ones say nothing, since people have several and families share one."""
    return Reason("phone", 20, "手机号码相同") if left.phone and left.phone == right.phone else None


def place_reason(left: Party, right: Party) -> Reason | None:
    """The same home, living or hukou; or the same building."""
    if left.homes & right.homes:
        return Reason("home", 20, "在同一套房屋")
    return Reason("home", 6, "在同一栋楼") if left.buildings & right.buildings else None


_RULES: Final = (name_reason, number_reason, birth_reason, sex_reason, phone_reason, place_reason)


def compare(left: Party, right: Party) -> list[Reason]:
    """Everything that speaks for and against two people being one, the weightiest first."""
    found = [reason for rule in _RULES if (reason := rule(left, right)) is not None]
    return sorted(found, key=lambda one: -abs(one.points))


# -- organisations and households ------------------------------------------------------------------------------

_FORMS: Final = re.compile(
    r"(?:股份)?有限(?:责任)?公司|个体工商户|（[^（）]*）|\([^()]*\)|分公司|门市部|营业部|经营部|总公司|集团|[\s·.,，。、\-—]"
)
_AREAS: Final = re.compile(r"^(?:[\u4e00-\u9fff]{2,3}(?:省|市|自治区))?(?:[\u4e00-\u9fff]{1,4}(?:市|区|县))?")


def bare_name(name: str) -> str:
    """An organisation's name without its legal form, brackets, blanks and the places in front of it."""
    plain = _FORMS.sub("", unicodedata.normalize("NFKC", name))
    return _AREAS.sub("", plain, count=1) or plain


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation as it is compared."""

    name: str = ""
    kind: str = ""
    credit_code: str = ""
    phone: str = ""
    home: int | None = None
    legal_person: str = ""


def compare_firms(left: Firm, right: Firm) -> list[Reason]:
    """What speaks for and against two organisations being one. Branches share a name, so a place has to agree as well."""
    found: list[Reason] = []
    if left.name == right.name:
        found.append(Reason("name", 45, "名称相同"))
    elif bare_name(left.name) == bare_name(right.name):
        found.append(Reason("name", 35, "名称去掉地名和公司形式后相同"))
    else:
        found.append(Reason("name", -30, "名称不同"))
    if left.credit_code and right.credit_code and left.credit_code != right.credit_code:
        near = sum(a != b for a, b in zip(left.credit_code, right.credit_code, strict=False)) <= 2
        found.append(
            Reason("code", 10, "统一社会信用代码只差一两位")
            if near
            else Reason("code", -60, "统一社会信用代码不同")
        )
    if left.phone and left.phone == right.phone:
        found.append(Reason("phone", 20, "联系电话相同"))
    if left.home is not None and left.home == right.home:
        found.append(Reason("home", 25, "在同一处房屋"))
    if left.legal_person and left.legal_person == right.legal_person:
        found.append(Reason("legal_person", 15, "法定代表人相同"))
    if left.kind and right.kind and left.kind != right.kind:
        found.append(Reason("kind", -10, "单位类别不同"))
    return sorted(found, key=lambda one: -abs(one.points))


@dataclass(frozen=True, slots=True)
class Family:
    """A household as it is compared: its home, number, head's name and the names of its members today."""

    home: int | None = None
    number: str = ""
    kind: str = ""
    head: str = ""
    members: frozenset[str] = frozenset()


def compare_families(left: Family, right: Family) -> list[Reason]:
    """What speaks for and against two households being one: the home they share, and their members' names."""
    found: list[Reason] = []
    if left.home is not None and left.home == right.home:
        found.append(Reason("home", 35, "在同一套房屋"))
    if left.head and left.head == right.head:
        found.append(Reason("head", 30, "户主姓名相同"))
    elif left.head and right.head:
        found.append(Reason("head", -15, "户主不同"))
    common = left.members & right.members
    if common:
        found.append(Reason("members", min(30, 15 * len(common)), f"有 {len(common)} 名成员同名"))
    if not left.members or not right.members:
        found.append(Reason("empty", 5, "其中一户没有成员"))
    if left.kind == right.kind == "family" and left.head != right.head:
        found.append(Reason("kind", -15, "是两本户口簿"))
    return sorted(found, key=lambda one: -abs(one.points))


# -- which value to keep ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A value of one record, and how well it is known: the rank of its source, and when it was said or verified."""

    value: object = ""
    rank: int = 0
    on: date | None = None

    @property
    def is_blank(self) -> bool:
        return self.value in ("", None, b"", "0")


def propose(left: Held, right: Held) -> str:
    """Which value a merge should keep, "left" or "right": one that is there, of the more reliable source, the newer."""
    if left.is_blank != right.is_blank:
        return "right" if left.is_blank else "left"
    if left.rank != right.rank:
        return "left" if left.rank > right.rank else "right"
    return "right" if (right.on or date.min) > (left.on or date.min) else "left"


def common_region(left: str, right: str, lengths: Sequence[int]) -> str:
    """The smallest region that holds both keys: who may see it may judge the pair. `lengths` are the keys' lengths."""
    shared = 0
    for one in sorted(lengths):
        if len(left) >= one and len(right) >= one and left[:one] == right[:one]:
            shared = one
    return left[:shared]


@dataclass
class Tally:
    """How well a threshold separates labelled pairs."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 1.0

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.false_alarms) if self.hits + self.false_alarms else 1.0


def measure(
    pairs: Iterable[tuple[Party, Party, bool]],
    least: int,
    scorer: Callable[[Party, Party], list[Reason]] = compare,
) -> Tally:
    """How a threshold does on labelled pairs (left, right, whether they are the same person)."""
    found = Tally()
    for left, right, same in pairs:
        reasons = scorer(left, right)
        said = total(reasons) >= least
        if said and same:
            found.hits += 1
        elif same:
            found.misses += 1
            found.notes.append("漏：" + "、".join(f"{one.said}{one.points:+d}" for one in reasons))
        elif said:
            found.false_alarms += 1
            found.notes.append("误：" + "、".join(f"{one.said}{one.points:+d}" for one in reasons))
    return found
