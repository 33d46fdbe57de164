"""Every column to what it asks: an element of the dictionary, a serial number, never filled, declined, or not known.

Neighbours decide what a bare 联系电话 or 邮编 belongs to; drop-downs and hints decide between readings.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from linli.facts.dictionary import Element, Kind
from linli.kernel.textnorm import squash
from linli.ledgers.layout import Column, Layout
from linli.ledgers.lexicon import Lexicon, Lexicons, Match, expand
from linli.ledgers.manner import Manner, fits, manner_for
from linli.ledgers.population import Population
from linli.ledgers.wording import (
    canonical,
    declined,
    is_never,
    is_serial,
    names_other_person,
    required,
    wording,
)
from linli.ledgers.workbook import Picture

# From here on a mapping is filled without asking.
SURE = 0.7

ELEMENT, SERIAL, NEVER, DECLINED, ASKED, UNKNOWN = (
    "element",
    "serial",
    "never",
    "declined",
    "asked",
    "unknown",
)


@dataclass
class Mapping:
    """What one column asks. `path` are its headings; `element` the path in the dictionary when `target` is one."""

    column: int
    path: tuple[str, ...]
    target: str = UNKNOWN
    element: str = ""
    element_label: str = ""
    confidence: float = 0.0
    reasons: list[str] = field(default_factory=list)
    required: bool = False
    options: tuple[str, ...] = ()
    manner: dict[str, Any] = field(default_factory=dict)
    suggestions: list[tuple[str, str]] = field(default_factory=list)
    who: str = ""

    @property
    def label(self) -> str:
        """The heading as one line: 户籍地 / 省."""
        return " / ".join(" ".join(part.split()) for part in self.path)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Mapping:
        """The mapping back from `as_json`."""
        return cls(
            **{
                **data,
                "path": tuple(data["path"]),
                "options": tuple(data["options"]),
                "suggestions": [(key, label) for key, label in data["suggestions"]],
            }
        )


# Groups that say nothing but "the person themself".
_NEUTRAL = frozenset(
    (
        "基本信息",
        "个人信息",
        "基本情况",
        "个人情况",
        "人员信息",
        "本人信息",
        "本人",
        "居民信息",
        "申请人",
        "申请人信息",
        "人员基本信息",
        "申请人情况",
        "个人基本情况",
        "个人基本信息",
        "主要信息",
        "女方信息",
        "房屋信息",
        "单位信息",
        "户籍信息",
        "身份信息",
        "登记信息",
        "本人情况",
        "申请人基本情况",
        "对象信息",
        "服务对象",
        "老人信息",
        "老年人信息",
        "残疾人信息",
        "党员信息",
        "志愿者信息",
        "联系信息",
    )
)
# Bare headings that belong to whoever was named just before.
_PERSONAL = frozenset(
    canonical(word)
    for word in (
        "姓名",
        "性别",
        "联系电话",
        "手机号码",
        "联系手机",
        "身份证号",
        "证件号码",
        "证件类型",
        "年龄",
        "出生日期",
        "民族",
        "职业",
        "工作单位",
        "文化程度",
        "政治面貌",
        "地址",
        "家庭住址",
        "联系地址",
        "住址",
        "邮编",
        "固定电话",
        "婚姻状况",
        "健康状况",
    )
)
_CONTACTS = frozenset(
    canonical(word)
    for word in ("联系电话", "手机号码", "证件号码", "身份证号", "家庭住址", "地址", "联系地址", "邮编")
)
_VAGUE = frozenset(
    canonical(word)
    for word in (
        "省",
        "市",
        "区县",
        "县",
        "区",
        "街道",
        "社区",
        "名称",
        "时间",
        "日期",
        "编号",
        "类别",
        "类型",
        "等级",
        "金额",
        "人数",
        "地址",
        "单位",
        "其他",
        "情况",
        "数量",
        "面积",
        "电话",
        "姓名",
        "级别",
    )
)


class Matcher:
    """Walks the columns of one layout from left to right."""

    def __init__(self, layout: Layout, picture: Picture, lexicons: Lexicons, population: Population) -> None:
        self.layout = layout
        self.picture = picture
        self.lexicons = lexicons
        self.population = population
        self.lexicon: Lexicon = lexicons.of(population.subject)
        self.group_names = self._group_names()
        self.used: dict[str, int] = {}
        self.role = ""  # a link's path while its own columns run
        self.stranger = ""  # the heading that named somebody the base does not know
        self.role_words: tuple[str, ...] = ()  # by which the person named just before goes: 房东, 出租人 …
        self.named_self = False
        self.previous: Mapping | None = None

    def _group_names(self) -> frozenset[str]:
        conditions = self.lexicon.subject.conditions.values()
        return frozenset(squash(name) for c in conditions if c.key.startswith("in_") for name in c.names)

    def run(self) -> list[Mapping]:
        """The mapping of every column."""
        mappings = []
        for position, column in enumerate(self.layout.columns):
            mapping = self._one(column, first=position == 0)
            mappings.append(mapping)
            self._remember(mapping, column)
            self.previous = mapping
        return mappings

    # --- one column -------------------------------------------------------------------------------------------
    def _one(self, column: Column, *, first: bool) -> Mapping:
        mapping = Mapping(column.index, column.path, required=any(required(part) for part in column.path))
        choices = self.picture.options(self.layout.first_row, column.index)
        mapping.options = choices.options if choices is not None else ()
        leaf, note = wording(column.leaf)
        if not leaf:
            mapping.reasons = ["没有表头"]
            return mapping
        if self._special(mapping, column, leaf, first=first):
            return mapping
        matches = self._readings(column, leaf, note)
        matches = self._choose_by_options(mapping, matches, column)
        if matches:
            best = matches[0]
            self._settle(mapping, best, column)
            return mapping
        if not mapping.reasons:
            mapping.reasons = ["登记库里没有这一项"]
        suggestions = (
            self.lexicon.suggestions(leaf) if not column.groups or self._chain(column.groups)[1] else []
        )
        if suggestions and mapping.target == UNKNOWN and not self._somebody_else(leaf, note):
            mapping.suggestions = [(match.path, self.lexicon.label(match.path)) for match in suggestions]
            mapping.target, mapping.confidence = ASKED, suggestions[0].confidence
            mapping.reasons.append(suggestions[0].reason)
        return mapping

    def _special(self, mapping: Mapping, column: Column, leaf: str, *, first: bool) -> bool:
        whole = "".join(column.path)
        if topic := declined(whole):
            mapping.target, mapping.confidence = DECLINED, 1.0
            mapping.reasons = [f"“{topic.topic}”按设计不收集，此列留空"]
            mapping.who = topic.keeper
        elif is_serial(leaf, first=first):
            mapping.target, mapping.confidence, mapping.reasons = SERIAL, 1.0, ["按行编号"]
            if leaf not in ("序号", "编号"):
                mapping.reasons = [f"“{column.leaf.strip()}”一列是顺序号"]
        elif is_never(leaf):
            mapping.target, mapping.confidence = NEVER, 1.0
            mapping.reasons = ["备注、签字、盖章、意见等由人填写，不自动填"]
        else:
            return False
        return True

    def _chain(self, groups: tuple[str, ...]) -> tuple[list[str], bool, list[str]]:
        """The links that the groups name, whether all groups are understood, and the reasons."""
        chain: list[str] = []
        understood, reasons = True, []
        here = self.lexicon
        for group in groups:
            plain = wording(group)[0]
            link = here.link_called(plain)
            # 女方信息 on a list of women is the person herself.
            if link is not None and plain.startswith("女") and self._women():
                link = None
            if link is not None:
                chain.append(link.key)
                reasons.append(f"“{' '.join(group.split())}”指{link.label}")
                here = self.lexicons.of(link.to)
            elif plain not in _NEUTRAL and not (plain.startswith("女方") and self._women()):
                understood = False
        return chain, understood, reasons

    def _women(self) -> bool:
        return bool({"child_bearing", "female"} & set(self.population.conditions))

    def _readings(self, column: Column, leaf: str, note: str) -> list[Match]:
        if column.groups:
            grouped = self._grouped(column, leaf)
            if grouped is not None:
                return grouped
        if note:
            return self._noted(leaf, note)
        own = self.lexicon.find(leaf)
        if not own and self._boolean(column):
            own = [
                m
                for m in self.lexicon.own(f"是否{leaf}")
                if self.lexicon.element(m.path).kind is Kind.BOOLEAN
            ]
        if not own:
            own = self._by_population(leaf)
        own = self._by_neighbour(leaf, own)
        if not own:
            own = self._by_named_role(leaf) or self._by_place(leaf)
        if not own and (link := self.lexicon.speaks_of(leaf)) is not None and squash(link.label) != leaf:
            return []
        return own

    def _boolean(self, column: Column) -> bool:
        choices = self.picture.options(self.layout.first_row, column.index)
        plain = {squash(option) for option in (choices.options if choices else ())}
        return bool(plain) and plain <= {"是", "否", "有", "无", "1", "0"}

    def _grouped(self, column: Column, leaf: str) -> list[Match] | None:
        """Readings of a leaf under groups; None when the groups say nothing."""
        chain, understood, reasons = self._chain(column.groups)
        nearest = wording(column.groups[-1])[0]
        joined: list[Match] = []
        for words in (
            nearest + leaf,
            nearest.removesuffix("信息").removesuffix("情况").removesuffix("地") + leaf,
        ):
            joined = joined or [m for m in self.lexicon.find(words) if m.confidence >= SURE]
        if joined and (not chain or len(chain) == 1):
            return [Match(m.path, m.confidence, f"“{nearest}”下的“{leaf}”{m.reason}") for m in joined]
        if chain:
            there = self.lexicon
            for step in chain:
                there = self.lexicons.of(there.subject.links[step].to)
            prefix = ".".join(chain)
            found = [m.under(prefix, "；".join([*reasons, m.reason])) for m in there.find(leaf)]
            if not found:
                found = self._deeper(prefix, there, leaf, reasons)
            return found
        if understood:
            return None
        if canonical(leaf) in _VAGUE or self.lexicon.knows(nearest):
            return []
        return [Match(m.path, min(m.confidence, 0.72), m.reason) for m in self.lexicon.find(leaf)]

    def _deeper(self, prefix: str, there: Lexicon, leaf: str, reasons: list[str]) -> list[Match]:
        """A leaf that a link's own links know: 现居住地址 / 幢 → the building of the home lived in."""
        found = []
        for link in there.subject.links.values():
            further = self.lexicons.of(link.to)
            for match in further.own(leaf):
                why = "；".join([*reasons, f"“{link.label}”的“{further.label(match.path)}”"])
                found.append(Match(f"{prefix}.{link.key}.{match.path}", min(match.confidence, 0.9), why))
        return found[:1]

    def _noted(self, leaf: str, note: str) -> list[Match]:
        """Headings with a bracket that says whose or of what: 联系电话（监护人）."""
        whole = self.lexicon.own(f"{leaf}({note})")
        if whole:
            return whole
        link = self.lexicon.link_called(note)
        if link is not None:
            there = self.lexicons.of(link.to)
            return [m.under(link.key, f"“{link.label}”的“{leaf}”") for m in there.find(leaf)]
        if names_other_person(note) or note.endswith(("人", "员", "者", "方", "长")):
            return []
        return [
            Match(m.path, min(m.confidence, 0.75), f"{m.reason}（括号中的“{note}”请核对）")
            for m in self.lexicon.find(leaf)
        ]

    def _by_population(self, leaf: str) -> list[Match]:
        """On a list of 低保 people, 领取金额 is the amount of their 低保."""
        for condition in self.population.conditions:
            group = condition.removeprefix("in_")
            link = self.lexicon.subject.links.get(group)
            if link is None or not condition.startswith("in_"):
                continue
            if own := self.lexicon.own(squash(link.label) + leaf):
                return [
                    Match(
                        own[0].path, 0.86, f"名单限定为“{link.label}”，指“{self.lexicon.label(own[0].path)}”"
                    )
                ]
            there = self.lexicons.of(link.to)
            for words in (leaf, leaf.replace(squash(link.label), "")):
                found = [m for m in there.own(words) if words]
                if found:
                    return [
                        m.under(group, f"名单限定为“{link.label}”，指其“{there.label(m.path)}”")
                        for m in found
                    ]
            for field_key in (f"{group}_class", f"{group}_level"):
                element = self.lexicon.subject.elements.get(field_key)
                tail = "类别" if field_key.endswith("class") else "等级"
                if (
                    element is not None
                    and canonical(leaf).endswith(canonical(tail))
                    and leaf[:2] in squash(link.label)
                ):
                    return [Match(field_key, 0.85, f"名单限定为“{link.label}”")]
        return []

    # --- neighbours -------------------------------------------------------------------------------------------
    def _by_neighbour(self, leaf: str, own: list[Match]) -> list[Match]:
        plain = canonical(leaf)
        if plain == canonical("邮编") and self.previous is not None:
            return self._postcode(own)
        if plain not in _PERSONAL or not own:
            return own
        if self.stranger and self.named_self and plain in _CONTACTS:
            return [Match(m.path, 0.5, f"紧跟在“{self.stranger}”之后，可能是其信息，请确认") for m in own]
        taken = own[0].path in self.used
        if self.role and self.named_self and (taken or (plain in _CONTACTS and self._contact_role())):
            links, subject = self.lexicons.words.follow(self.population.subject, self.role.split("."))
            there = self.lexicons.of(subject.key)
            found = there.own(leaf)
            label = links[-1].label if links else self.role
            sure = 0.86 if taken else 0.76
            if found:
                why = f"紧跟在{label}之后" + ("，本人的同名栏前面已有" if taken else "")
                return [m.under(self.role, f"{why}，指{label}的“{there.label(m.path)}”") for m in found][
                    :1
                ] and [
                    Match(
                        f"{self.role}.{found[0].path}",
                        sure,
                        f"{why}，指{label}的“{there.label(found[0].path)}”",
                    )
                ]
            return []
        return own

    def _by_named_role(self, leaf: str) -> list[Match]:
        """After 房东姓名, a bare 身份证号码 is the landlord's: sought as 房东 + 身份证号码."""
        if canonical(leaf) not in _PERSONAL:
            return []
        for stem in self.role_words:
            found = self.lexicon.own(stem + leaf)
            if found:
                why = f"紧跟在“{stem}”之后，指{self.lexicon.label(found[0].path)}"
                return [Match(found[0].path, min(found[0].confidence, 0.86), why)]
        return []

    def _by_place(self, leaf: str) -> list[Match]:
        """What the building, the estate or the household of the row knows by that very name."""
        if canonical(leaf) in _VAGUE or canonical(leaf) in _PERSONAL:
            return []
        for link in self.lexicon.subject.links.values():
            if link.to not in ("building", "estate", "home", "household"):
                continue
            there = self.lexicons.of(link.to)
            keys = there.exact.get(squash(leaf), [])
            if len(keys) == 1 and keys[0] not in ("name", "number", "kind", "use"):
                label = there.label(keys[0])
                return [Match(f"{link.key}.{keys[0]}", 0.84, f"取{link.label}的“{label}”")]
        return []

    def _contact_role(self) -> bool:
        return self.role.split(".")[-1] in ("guardian", "father", "mother")

    def _postcode(self, own: list[Match]) -> list[Match]:
        """邮编 belongs to the address before it."""
        before = self.previous
        if before is None or before.target != ELEMENT or not before.element:
            if before is not None and self.lexicon.speaks_of(before.path[-1]) is not None:
                return []
            return own
        full = expand(self.lexicons.words, self.population.subject, before.element)
        steps = full.split(".")[:-1]
        while steps:
            _links, there = self.lexicons.words.follow(self.population.subject, steps)
            if "postcode" in there.elements:
                path = ".".join([*steps, "postcode"])
                return [Match(path, 0.92, f"紧跟在“{before.label}”之后，指该地址的邮编")]
            steps = steps[:-1]
        return own

    # --- drop-downs and settling ------------------------------------------------------------------------------
    def _choose_by_options(self, mapping: Mapping, matches: list[Match], column: Column) -> list[Match]:
        """Readings that the drop-down does not contradict, the best fitting first."""
        options = mapping.options or self._hinted_options(column)
        if not options or not matches:
            return matches
        kept: list[tuple[float, Match]] = []
        for match in matches:
            fit = fits(self.lexicon.element(match.path), options, self.group_names)
            if fit is None:
                kept.append((match.confidence, match))
            elif fit > 0.12 or (not mapping.options and fit >= 0.0):
                sure = match.confidence * (0.85 + 0.15 * min(1.0, fit * 1.5))
                reason = f"{match.reason}；选项相符" if fit >= 0.5 else match.reason
                kept.append((match.confidence + fit, Match(match.path, round(sure, 3), reason)))
        if not kept and mapping.options:
            shown = "、".join(mapping.options[:4])
            mapping.reasons = [f"选项（{shown}…）与“{self.lexicon.label(matches[0].path)}”对不上，不能代填"]
        return [match for _score, match in sorted(kept, key=lambda entry: -entry[0])]

    def _hinted_options(self, column: Column) -> tuple[str, ...]:
        """Options told by a hint: 常住人口/流动人口."""
        return hinted_options(column.hint)

    def _settle(self, mapping: Mapping, match: Match, column: Column) -> None:
        element: Element = self.lexicon.element(match.path)
        mapping.confidence = round(match.confidence, 2)
        mapping.reasons = [match.reason]
        mapping.element, mapping.element_label = match.path, self.lexicon.label(match.path)
        if match.confidence < SURE:
            mapping.target = ASKED
            mapping.suggestions = [(match.path, mapping.element_label)]
            mapping.element = mapping.element_label = ""
            return
        mapping.target = ELEMENT
        mapping.manner = self._manner(element, mapping, column).as_json()

    def _manner(self, element: Element, mapping: Mapping, column: Column) -> Manner:
        number_format = self.picture.formats.get((self.layout.first_row, column.index), "")
        label = "".join(column.path)
        return manner_for(
            element, label, column.hint, self.layout.instructions, number_format, mapping.options
        )

    # --- what later columns need to know ----------------------------------------------------------------------
    def _somebody_else(self, leaf: str, note: str) -> bool:
        return names_other_person(leaf) or bool(note and names_other_person(note))

    def _remember(self, mapping: Mapping, column: Column) -> None:
        leaf, _note = wording(column.leaf)
        self._remember_words(mapping, leaf)
        if mapping.target == ELEMENT:
            self.used.setdefault(mapping.element, mapping.column)
            if mapping.element == "name":
                self.named_self = True
                self.role = self.stranger = ""
                return
            full = expand(self.lexicons.words, self.population.subject, mapping.element)
            steps = full.split(".")
            links = self.lexicon.subject.links
            if len(steps) >= 2 and steps[-1] == "name":
                role = ".".join(steps[:-1])
                _links, there = self.lexicons.words.follow(self.population.subject, steps[:-1])
                if {"phone", "id_number"} & set(there.elements) and steps[0] in links:
                    self.role, self.stranger = role, ""
                    return
            if self.role and (full.startswith(self.role + ".") or canonical(leaf) in _PERSONAL):
                return
        elif (
            (link := self.lexicon.speaks_of(leaf)) is not None and self.role.split(".")[-1] == link.key
        ) or (self.role and canonical(leaf).startswith("与") and "关系" in leaf):
            return
        if names_other_person(leaf) and mapping.target != ELEMENT:
            self.role, self.stranger = "", " ".join(column.leaf.split())
            return
        if self.stranger and mapping.target in (ASKED, ELEMENT) and canonical(leaf) in _PERSONAL:
            return
        self.role = self.stranger = ""

    def _remember_words(self, mapping: Mapping, leaf: str) -> None:
        """The words of a named person while their columns run: from an element such as 房主姓名."""
        if mapping.target == ELEMENT and mapping.element.endswith("_name") and "." not in mapping.element:
            names = self.lexicon.subject.elements[mapping.element].names
            stems = [squash(name).removesuffix("姓名") for name in (leaf, *names)]
            self.role_words = tuple(dict.fromkeys(stem for stem in stems if stem))
        elif canonical(leaf) not in _PERSONAL and not any(leaf.startswith(word) for word in self.role_words):
            keep = mapping.target == ELEMENT and mapping.element.partition("_")[0] in ("address", "owner")
            if not keep and "地址" not in leaf:
                self.role_words = ()


def hinted_options(hint: str) -> tuple[str, ...]:
    """The options that a hint lists: 常住人口/流动人口; nothing for a mere example."""
    text = hint.strip()
    for lead in ("必填，", "可选，", "选填，", "必填,", "可选,"):
        text = text.removeprefix(lead)
    text = text.removesuffix("等")
    if text.startswith("如") or "=" in text or "/" not in text:
        return ()
    parts = tuple(part.strip() for part in text.split("/") if part.strip())
    if len(parts) < 2 or any(len(part) > 10 or not ("\u4e00" <= part[0] <= "\u9fff") for part in parts):
        return ()
    return parts


def match_columns(
    layout: Layout, picture: Picture, lexicons: Lexicons, population: Population
) -> list[Mapping]:
    """The mapping of every column of a roster. The population must have a subject."""
    return Matcher(layout, picture, lexicons, population).run()
