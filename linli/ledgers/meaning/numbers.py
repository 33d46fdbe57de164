"""What a number of a table counts: from the labels of its row and its column to a measure under conditions.

Labels are read word by word against the dictionary: conditions, codes of classifying elements, age bands, units. What
stays unexplained makes the number unknown; a guess is never filled.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

from linli.facts.dictionary import Kind, Subject
from linli.kernel.textnorm import squash
from linli.ledgers.meaning.lexicon import Lexicons
from linli.ledgers.meaning.number_words import NumberWords, Term

COUNT, SUM, SHARE, AVERAGE = "count", "sum", "share", "avg"
NOW, ADDED, ENDED = "now", "added", "ended"

AGE = re.compile(
    r"(?P<low>\d{1,3})(?:周?岁)?(?:[-—–~～至到])(?P<high>\d{1,3})周?岁|(?P<over>\d{1,3})周?岁(?:\(含\))?(?:及以上|以上|\(含\)以上)|"
    r"(?P<under>\d{1,3})周?岁(?P<with>\(含\)|及)?以下|(?:未满|不满)(?P<below>\d{1,3})周?岁|满(?P<reached>\d{1,3})周?岁"
)
_UNIT = re.compile(
    r"\(单位[:：]?([^()]{1,4})\)|\(((?:万)?元(?:/[^()]{1,4})?|万?人|人次|户|个|件|套|间|栋|幢|%|名|处|家|平方米|㎡)\)"
)
_SUBJECT_OF_UNIT = {
    "人": "person",
    "名": "person",
    "万人": "person",
    "户": "household",
    "套": "home",
    "间": "home",
    "栋": "building",
    "幢": "building",
    "座": "building",
    "家": "organisation",
}
_MONEY = ("元", "万元", "元/月")
_COUNTED_IN = frozenset(("个", "套", "间", "栋", "幢", "家", "部", "处"))
_POSTS = frozenset(("network_post", "position"))
_HEADS: tuple[tuple[str, str, str], ...] = (
    (r"户数|家庭数|家庭户数|总户数|户$", "household", COUNT),
    (r"人口数|人数|人口总数|总人数|总人口|人口|人员数|人$", "person", COUNT),
    (r"金额|资金|发放额|补助额|支出|款$|金$", "", SUM),
    (r"套数|房屋数|住房数|户室数", "home", COUNT),
    (r"栋数|楼栋数|幢数|楼房数", "building", COUNT),
)
_ADDED = re.compile(r"(?:当月|本月|当期|本期|本年|年内|当年)?(?:新增加?|新纳入|新申请|增加|新审批)")
_ENDED = re.compile(r"(?:当月|本月|当期|本期|本年|年内|当年)?(?:退出|减少|停发|取消|清退|注销)")
_YEAR = re.compile(r"本年|年内|当年|全年|累计")
_SHARE = re.compile(r"占(?:总人口|常住人口|比|比例)*(?:比|比例|比重)?$|比例$|比重$|占比")
_NOISE = re.compile(
    r"保障金|补助金|救助金|资金|发放|支出|金额|款项|享受|领取|属于|符合|纳入|保障|登记|在册|现有|实有|辖区内?|本社区|本村|全社区|人员|人群|对象|居民|其中|合计|总计|小计|共计|总数|总量|数量|个数|"
    r"重点人群|重点人员|特殊人群|特殊群体|服务群体|群体|现状|概况|状况|构成|统计|分布|"
    r"当月|本月|当期|本期|期末|月末|年末|年底|截至|截止|目前|情况|内容|指标|名称|类别|类型|基本|按|等|的|之|和|及|与|有|数|总|计|人|户|个|名|共|金|款|"
    r"[\d\s:：.、,，;；()\-—/%％]"
)
_TOTAL = re.compile(
    r"^(?:(?:19|20)\d\d年度?|合计|总计|小计|共计|总数|数量|数值|计|总况|本期|本期数|本月|本月数|期末数|村居|社区|本社区|全社区)$"
)
_WHOLE_POPULATION = re.compile(
    r"总人口|人口总数|常住人口|户籍人口|辖区人口|农业人口|非农人口|实有人口|总户数|家庭总户数"
)
_MEAN = re.compile(r"人均|平均每人|户均")
_OUTSIDE = re.compile(
    r"累计|上月|上年|上期|同期|去年|同比|环比|增长|增减|预计|计划|目标|任务|本年|全年|年平均"
)


# Headings of sections that only say of what kind the numbers under them are.
_SECTION = re.compile(
    r"^(?:(?:困难|弱势|特殊|重点|服务)(?:群体|人群|对象)|(?:党建|党群|民政|计生|综治|卫健|人口|房屋|住房|单位|组织|人员))"
    r"(?:工作|情况|信息|基本情况)?$"
)


@dataclass
class NumberMeaning:
    """What a number is. `narrow` holds (path, values, low, high); `factor` divides money and persons into the form's
    unit; `titled` says that the title's group was added, `either` that it may hold beside the group named; `period` tells new and ended ones of the month (`of_year`: of the year so far)."""

    subject: str = ""
    conditions: list[str] = field(default_factory=list)
    narrow: list[tuple[str, tuple[str, ...], int | None, int | None]] = field(default_factory=list)
    aggregate: str = COUNT
    element: str = ""
    factor: str = "1"
    period: str = NOW
    of_year: bool = False
    month: int = 0
    region: str = ""
    reasons: list[str] = field(default_factory=list)
    unexplained: str = ""
    titled: bool = False
    either: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> NumberMeaning:
        """Back from `as_json`."""
        narrow = [(path, tuple(values), low, high) for path, values, low, high in data["narrow"]]
        return cls(**{**data, "narrow": narrow})


@dataclass
class _Reading:
    """What one label tells."""

    terms: list[Term] = field(default_factory=list)
    ages: list[tuple[int | None, int | None]] = field(default_factory=list)
    subject: str = ""
    aggregate: str = ""
    unit: str = ""
    period: str = ""
    of_year: bool = False
    month: int = 0
    outside: str = ""
    down_to_none: str = ""
    rest: str = ""

    @property
    def divides(self) -> bool:
        """Whether the label only divides what another one names: 男, 60–69岁."""
        return (
            bool(self.ages or self.terms)
            and all(_of_sex(term) for term in self.terms)
            and not self.rest
            and not self.subject
        )

    @property
    def by_sex(self) -> bool:
        """Whether the label only names a sex."""
        return self.divides and not self.ages


def _of_sex(term: Term) -> bool:
    return term.path == "sex" or term.condition in ("male", "female")


# How many labels a reader keeps: it lives as long as the dictionary's names stay the same.
_MOST_READ = 20_000


class NumberReader(NumberWords):
    """Reads the labels of a table's numbers."""

    def __init__(self, lexicons: Lexicons) -> None:
        super().__init__(lexicons)
        self._read: dict[tuple[str, frozenset[str]], _Reading] = {}

    # --- one label ------------------------------------------------------------------------------------------
    def read(self, label: str, groups: frozenset[str]) -> _Reading:
        """What one label tells. `groups` are the conditions named elsewhere: they decide whose class 一级 is. A table says each
        label once for every cell of its row or column: what was read is kept."""
        key = (label, groups)
        found = self._read.get(key)
        if found is None:
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            found = self._read[key] = self._reading(label, groups)
        return found

    def _reading(self, label: str, groups: frozenset[str]) -> _Reading:
        made = _Reading()
        # 一、二级 is no numbering: both levels are meant.
        text = squash(re.sub(r"([一二三四五六])[、,，和]([一二三四五六])级", r"\1级\2级", label))
        text = re.sub(r"^其中[:：,，]?", "", text)
        text = re.sub(
            r"^[\(（]?(?:[一二三四五六七八九十]+|\d{1,2}|[ivx]{1,4}|[a-z])[\)）]?[、.．:：\s]", "", text
        )
        text = re.sub(r"^(?:[ivx]{1,4}|[a-z])(?=[\u4e00-\u9fff])(?![类级型档]$)", "", text)
        if match := _UNIT.search(text):
            made.unit = (match.group(1) or match.group(2) or "").strip()
            text = text.replace(match.group(0), "")
        # 按性别分：男 divides by what it names; only what stands behind the colon counts.
        text = re.sub(r"^按.{1,8}分(?:组|类)?[:：]?(?=.)", "", text)
        if match := re.fullmatch(r"(\d{1,2})月份?", text):
            made.month = int(match.group(1))
            return made
        if _TOTAL.match(text):
            return made
        for match in list(AGE.finditer(text)):
            made.ages.append(band(match))
            text = text.replace(match.group(0), "·")
        made.of_year = bool(_YEAR.search(text))
        for moment, period in ((_ADDED, ADDED), (_ENDED, ENDED)):
            if moment.search(text):
                made.period, text = period, moment.sub("·", text)
        if not made.period and (match := _OUTSIDE.search(text)):
            made.outside = match.group(0)
        if _MEAN.search(text):
            text = re.sub(
                r"(?:每?月|年)?(?:人均|户均|平均每人)(?:补助|补差|救助|保障|补贴)?(?:水平|标准|金额|额)?",
                "",
                text,
            )
        text = re.sub(r"^(?:当月|本月)平均$", "", text)
        if _SHARE.search(text):
            made.aggregate, text = SHARE, _SHARE.sub("", text)
        if re.fullmatch(self.axis_names, re.sub(r"^按|分(?:类|组|布)?$|构成$|结构$|情况$|状况$", "", text)):
            return made
        if text in self.measures:
            made.subject, where = self.measures[text]
            made.aggregate = COUNT
            made.terms.extend(Term(made.subject, text, condition=key) for key in where)
            return made
        if text.endswith(("户数", "家庭数")):
            # 低保户数: 低保户 is no other word for its people here.
            made.subject, made.aggregate = "household", COUNT
            text = re.sub(r"(?:户|家庭)数$", "", text)
        text = re.sub(r"(?:有|存在)?安全隐患", "有隐患", text)
        text = self._schooling(made, text)
        text = self._terms(made, text, groups)
        if any(term.subject == "home" for term in made.terms):
            text = re.sub(r"房屋|住房|房|屋", "", text)
        text = self._things(made, text)
        for pattern, subject, aggregate in _HEADS:
            if re.search(pattern, text):
                made.subject = made.subject or subject
                made.aggregate = made.aggregate or aggregate
                text = re.sub(pattern, "", text)
                break
        made.rest = _NOISE.sub("", text).replace("·", "")
        made.rest = re.sub(r"[^\u4e00-\u9fffa-z]", "", made.rest)
        return made

    def _schooling(self, made: _Reading, text: str) -> str:
        """大专及以上: every level of schooling from that one up; 高中及以下: down to those without any. 以下 alone stays unexplained:
        it is not told whether that level counts."""
        match = re.search(
            r"([\u4e00-\u9fff]{2,6}?)(?:学历|文化程度)?(?:\(含\))?(及?以上|及?以下)(?:学历|文化程度)?", text
        )
        element = self.words.subject("person").elements.get("education")
        codes = element.codes if element is not None else None
        edge = codes.match(match.group(1)) if match and codes is not None else None
        if match is None or codes is None or not edge or edge[:1] not in _RISING:
            return text
        rank = _RISING[edge[:1]]
        if match.group(2) == "以下":
            made.outside = match.group(0)
            return text.replace(match.group(0), "·")
        if match.group(2) == "及以下":
            made.down_to_none = match.group(0)
            found = tuple(
                o.code for o in codes if o.code == _NO_SCHOOL or 0 < _RISING.get(o.code[:1], 0) <= rank
            )
        else:
            found = tuple(one.code for one in codes if _RISING.get(one.code[:1], -1) >= rank)
        made.terms.append(Term("person", match.group(0), path="education", codes=found))
        return text.replace(match.group(0), "·")

    def _things(self, made: _Reading, text: str) -> str:
        """A label that is nothing but the name of something countable: 居民小区（个）, 房屋总套数, 楼栋数."""
        if made.subject or made.terms:
            return text
        for tail in (r"总?(?:数量?|个数|量)$", r"总?(?:套数|栋数|幢数|户数)$"):
            bare = re.sub(tail, "", text)
            if bare == text and made.unit not in _COUNTED_IN:
                continue
            plain = re.sub(r"^(?:辖区内?|本社区|现有|实有)", "", bare)
            for words in (plain, re.sub(r"^(?:居民|住宅)", "", plain)):
                if words in self.things:
                    made.subject, made.aggregate = self.things[words], COUNT
                    return ""
        return text

    def _terms(self, made: _Reading, text: str, groups: frozenset[str]) -> str:
        whole = re.sub(r"(?:人数|人口数|户数|人口|数|人|户)$", "", text)
        for phrase, _term in self.book:
            if len(phrase) < 2 and phrase != whole:
                continue
            if phrase not in text:
                continue
            if phrase in ("人口", "人数", "户数", "家庭"):
                continue
            named = [term for other, term in self.book if other == phrase]
            chosen = self._choose(named, groups)
            if not chosen:
                continue
            made.terms.extend(chosen)
            text = text.replace(phrase, "·", 1)
        return text

    def _choose(self, named: list[Term], groups: frozenset[str]) -> list[Term]:
        """The terms a phrase means: the same condition of several subjects, or the class of the group spoken of."""
        conditions = [term for term in named if term.condition]
        if conditions:
            return conditions
        classes = [term for term in named if term.path.rpartition("_")[0] in groups]
        if classes:
            return classes[:1]
        plain = [term for term in named if not term.path.endswith(("_class", "_level"))]
        paths = {term.path for term in plain}
        return plain if len(paths) == 1 else []

    def groups_of(self, labels: tuple[str, ...]) -> frozenset[str]:
        """The groups of people that labels speak of, by name or by the name of their class: 残疾类别, 低保."""
        found = {
            term.condition.removeprefix("in_")
            for label in labels
            for term in self.read(label, frozenset()).terms
            if term.condition.startswith("in_")
        }
        person = self.words.subject("person")
        for key, element in person.elements.items():
            group, _sign, tail = key.rpartition("_")
            if tail in ("class", "level") and {squash(label) for label in labels} & {
                squash(name) for name in element.names
            }:
                found.add(group)
        return frozenset(found)

    # --- a cell ---------------------------------------------------------------------------------------------
    def meaning(
        self,
        row: tuple[str, ...],
        column: tuple[str, ...],
        *,
        unit: str = "",
        title_conditions: tuple[str, ...] = (),
        title_subject: str = "",
        inherited: tuple[str, ...] = (),
    ) -> NumberMeaning:
        """What the number at a row and a column is. `inherited` are labels of the row above that an 其中 row divides."""
        labels = [*inherited, *row, *column]
        groups = {condition.removeprefix("in_") for condition in title_conditions}
        for label in labels:
            for term in self.read(label, frozenset()).terms:
                if term.condition.startswith("in_"):
                    groups.add(term.condition.removeprefix("in_"))
        counted = {row[-1]: f"{row[-1]}（{unit}）"} if row and squash(unit) in _COUNTED_IN else {}
        ends = (*row[-1:], *column[-1:])
        readings = [
            (label, self.read(counted.get(label, label), frozenset(groups)))
            for label in labels
            if label in ends or not _SECTION.match(squash(label))
        ]
        made = NumberMeaning()
        self._gather(made, readings, unit, title_conditions, title_subject)
        return made

    def _gather(
        self,
        made: NumberMeaning,
        readings: list[tuple[str, _Reading]],
        unit: str,
        title_conditions: tuple[str, ...],
        title_subject: str,
    ) -> None:
        last = _named(readings[-1][1]) if readings else set()
        rest = "、".join(
            " ".join(label.split())
            for place, (label, one) in enumerate(readings)
            if one.rest and not (place < len(readings) - 1 and last & _named(one))
        )
        outside = "、".join(one.outside for _label, one in readings if one.outside)
        units = [unit, *[one.unit for _label, one in readings if one.unit]]
        said = next((u for u in units if u), "")
        aggregate = next(
            (one.aggregate for _label, one in reversed(readings) if one.aggregate in (SUM, SHARE)), ""
        )
        money = squash(said) in _MONEY or (aggregate == SUM and not said)
        subjects = [one.subject for _label, one in readings if one.subject]
        made.aggregate = SHARE if aggregate == SHARE or said in ("%", "％") else SUM if money else COUNT
        made.subject = _SUBJECT_OF_UNIT.get(squash(said)) or next(iter(reversed(subjects)), "")
        terms = [term for _label, one in readings for term in one.terms]
        if not made.subject:
            own = {term.subject for term in terms}
            made.subject = (
                title_subject
                if title_subject and (not own or title_subject in own)
                else next(
                    (
                        key
                        for key in (
                            "person",
                            "household",
                            "home",
                            "organisation",
                            "building",
                            "estate",
                            "community",
                        )
                        if key in own
                    ),
                    "",
                )
            )
        posts = {term.subject for term in terms} & _POSTS
        if made.subject == "person" and posts and not any(term.subject == "person" for term in terms):
            # 网格员人数 counts posts, though it speaks of people.
            made.subject = posts.pop()
        if made.aggregate in (SUM, SHARE) and made.subject not in ("household",):
            made.subject = "person"
        made.subject = made.subject or title_subject or "person"
        if any(_MEAN.search(squash(label)) for label, _one in readings) and made.aggregate == SUM:
            made.aggregate = AVERAGE
        made.factor = {"万元": "0.0001", "万人": "0.0001"}.get(squash(said), "1")
        made.period = next((one.period for _label, one in readings if one.period), NOW)
        made.of_year = any(one.of_year for _label, one in readings) and made.period != NOW
        made.month = next((one.month for _label, one in readings if one.month), 0)
        for _label, one in readings:
            self._place_terms(made, one.terms)
        for _label, one in readings:
            for low, high in one.ages:
                made.narrow.append(("age", (), low, high))
        lows = [low for path, _values, low, _high in made.narrow if path == "age" and low is not None]
        highs = [high for path, _values, _low, high in made.narrow if path == "age" and high is not None]
        if lows and highs and max(lows) > min(highs):
            made.unexplained = "几个互相不重叠的年龄段"
        whole = any(_WHOLE_POPULATION.search(squash(label)) for label, _one in readings)
        said_which = any(re.search(r"常住|户籍|实有|流动", squash(label)) for label, _one in readings)
        if not whole:
            inside = any(squash(label).startswith("其中") for label, _one in readings)
            self._title(made, title_conditions, inside=inside)
        elif "registered" in title_conditions and not said_which:
            self._title(made, ("registered",))
        self._money(made)
        self._settle(made, rest, outside, readings)

    def _place_terms(self, made: NumberMeaning, terms: list[Term]) -> None:
        subject = self.words.subject(made.subject)
        strangers = []
        alternatives: dict[str, list[str]] = {}
        by_words: dict[str, list[Term]] = {}
        for term in terms:
            by_words.setdefault(term.words, []).append(term)
        for words, same in by_words.items():
            own = next((t for t in same if t.subject == made.subject), None)
            if own is None and same[0].condition in subject.conditions:
                own = replace(same[0], subject=made.subject)
            if own is None:
                strangers.append(words)
            elif own.condition:
                if own.condition not in made.conditions and own.condition != subject.default:
                    made.conditions.append(own.condition)
            else:
                alternatives.setdefault(own.path, []).extend(own.codes)
        for path, codes in alternatives.items():
            made.narrow.append((path, tuple(dict.fromkeys(codes)), None, None))
        if strangers:
            made.unexplained = "、".join(filter(None, (made.unexplained, *strangers)))

    def _title(self, made: NumberMeaning, title_conditions: tuple[str, ...], *, inside: bool = False) -> None:
        """The title's own group holds for every number, unless the labels name one of their own; for what stands under 其中 it
        holds as well."""
        subject = self.words.subject(made.subject)
        if "registered" in title_conditions and made.subject == "household":
            made.unexplained = made.unexplained or "户籍户数"
        named = any(key.startswith("in_") for key in made.conditions) and not inside
        groups = [key for key in title_conditions if key.startswith("in_") and key in subject.conditions]
        made.either = named and len(groups) == 1 and groups[0] not in made.conditions
        for key in title_conditions:
            if (
                key in subject.conditions
                and key not in made.conditions
                and not (named and key.startswith("in_"))
            ):
                made.conditions.append(key)
                made.titled = made.titled or key.startswith("in_")

    def _money(self, made: NumberMeaning) -> None:
        if made.aggregate not in (SUM, AVERAGE):
            return
        subject = self.words.subject(made.subject)
        groups = [key.removeprefix("in_") for key in made.conditions if key.startswith("in_")]
        for group in groups:
            path = f"{group}_amount" if made.subject == "household" else f"{group}.amount"
            if path in subject.elements or (group in subject.links and made.subject == "person"):
                made.element = path
                return
        made.unexplained = made.unexplained or "金额"

    def _settle(
        self, made: NumberMeaning, rest: str, outside: str, readings: list[tuple[str, _Reading]]
    ) -> None:
        subject: Subject = self.words.subject(made.subject)
        # Of people among whom there are small children it is not told whether those not yet at school count.
        down = "" if _grown(made) else "、".join(one.down_to_none for _l, one in readings if one.down_to_none)
        made.unexplained = "、".join(filter(None, (made.unexplained, rest, outside, down)))
        if made.period != NOW:
            groups = [key for key in made.conditions if key.startswith("in_")]
            if len(groups) != 1 or made.aggregate != COUNT:
                made.unexplained = made.unexplained or "新增、退出的期间"
        said = [subject.conditions[key].label for key in made.conditions if key in subject.conditions]
        for path, values, low, high in made.narrow:
            element = self.words.walk(made.subject, path)[2]
            if values:
                codes = element.codes
                said.append("、".join(codes.label(v) if codes else v for v in values))
            elif element.kind is Kind.INTEGER:
                said.append(element.label + _bounds(low, high, element.unit))
        what = {COUNT: "数", SUM: "金额合计", SHARE: "所占百分比", AVERAGE: "平均"}[made.aggregate]
        made.reasons = [f"{subject.label}{'·' + '·'.join(said) if said else ''}的{what}"]


def _bounds(low: int | None, high: int | None, unit: str) -> str:
    """60岁及以上, 18–59岁."""
    if high is None:
        return f"{low}{unit}及以上"
    if low is None:
        return f"{high}{unit}及以下"
    return f"{low}{unit}" if low == high else f"{low}–{high}{unit}"


def _named(reading: _Reading) -> set[str]:
    """What a label names, by condition where it has one: 流动人口 and 流动人口数 name the same."""
    return {term.condition or term.words for term in reading.terms}


_NO_SCHOOL = "91"
_GROWN = frozenset(
    ("in_party", "in_veteran", "in_unemployed", "in_hard_to_employ", "in_age_4050", "in_retired", "in_representative",
     "child_bearing", "working_age", "reached_16", "reached_18", "aged_60", "aged_65", "aged_70", "aged_80", "aged_90")
)  # fmt: skip
_SCHOOL_AGE = 7


def _grown(made: NumberMeaning) -> bool:
    """Whether those counted are all of an age to have gone to school."""
    return bool(_GROWN & set(made.conditions)) or any(
        path == "age" and (low or 0) >= _SCHOOL_AGE for path, _values, low, _high in made.narrow
    )


# First digits of GB/T 4658 by height: primary, lower secondary, upper secondary (general and vocational), college, university.
_RISING = {"8": 1, "7": 2, "6": 3, "4": 3, "3": 4, "2": 5, "1": 6}


def band(match: re.Match[str]) -> tuple[int | None, int | None]:
    groups = match.groupdict()
    if groups["low"]:
        return int(groups["low"]), int(groups["high"])
    if groups["over"]:
        return int(groups["over"]), None
    if groups["reached"]:
        return int(groups["reached"]), None
    if groups["under"]:
        return None, int(groups["under"]) - (0 if groups["with"] else 1)
    return None, int(groups["below"]) - 1


def explained(made: NumberMeaning) -> bool:
    """Whether every word of the labels is understood."""
    return not made.unexplained


@lru_cache(maxsize=4)
def reader_of(lexicons: Lexicons) -> NumberReader:
    """The reader of a dictionary's words; it keeps what it has read."""
    return NumberReader(lexicons)


__all__ = [
    "ADDED",
    "COUNT",
    "ENDED",
    "NOW",
    "SHARE",
    "SUM",
    "NumberMeaning",
    "NumberReader",
    "explained",
    "reader_of",
]
