"""Every column to what it asks: an element of the dictionary, a serial number, never filled, declined, or not known.

Neighbours decide what a bare 联系电话 or 邮编 belongs to; drop-downs and hints decide between readings.
"""

from __future__ import annotations

import re

from linli.facts.dictionary import Element, Kind
from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture
from linli.ledgers.meaning import legends, own_lists
from linli.ledgers.meaning.lexicon import Lexicon, Lexicons, Match
from linli.ledgers.meaning.manner import Manner, bare_option, fits, manner_for
from linli.ledgers.meaning.mapping import ASKED, DECLINED, ELEMENT, NEVER, SERIAL, SURE, UNKNOWN, Mapping
from linli.ledgers.meaning.neighbours import PERSONAL, VAGUE
from linli.ledgers.meaning.own_groups import SELF, OwnGroups
from linli.ledgers.meaning.population import Population, titled
from linli.ledgers.meaning.review import ask, review
from linli.ledgers.meaning.wording import (
    canonical,
    declined,
    is_never,
    is_self,
    is_serial,
    names_other_person,
    required,
    role_of,
    wording,
)
from linli.ledgers.sheet.layout import Column, Layout
from linli.ledgers.sheet.matrix import is_region_head, region_level

# What is done before a class or level is given, and what lists of one group call its classes.
_PROCEDURE = re.compile(r"^(?:申请|申报|评定|认定|鉴定|核定|办理|现|拟)+")

# Words before a heading that say no more than "now" or "each month", and those that name the row's own person.
# What a doctor measures on the day is not what the base has on record: 体检情况 > 身高.
_MEASURED = re.compile(r"体检(?:情况|结果|项目|信息|内容)|体格检查|检查结果|检测结果|生命体征")
_NOW = re.compile(r"^(?:现在?|目前|当前|月|每月|按月|有何|有什么|可参加|意向)(?=..)")
_MIDDLE_NOTE = re.compile(r"\([^()]{1,12}\)(?=.)")
# Groups that only say of what kind the facts below them are: 地址 over 户籍所在地 and 现居住地.
_KINDS = frozenset(
    canonical(word)
    for word in (
        "地址",
        "住址",
        "联系方式",
        "联系电话",
        "电话",
        "电话号码",
        "通讯方式",
        "单位信息",
        "住所",
        "地点",
        "身份",
        "证件",
        "户籍",
    )
)
_SUM_OF_GROUP = frozenset(("小计", "合计", "总数", "总计", "计", "总人数", "数量"))
_NAME_OF_GROUP = frozenset(("名称", "企业名称", "单位名称", "公司名称", "姓名", "名字"))

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


class Matcher(OwnGroups):
    """Walks the columns of one layout from left to right."""

    def __init__(self, layout: Layout, picture: Picture, lexicons: Lexicons, population: Population) -> None:
        super().__init__(lexicons, population)
        self.layout = layout
        self.picture = picture
        self.group_names = self._group_names()
        self.own_words = self._own_words()

    def _own_words(self) -> frozenset[str]:
        """What the rows of this list go by: the subject's names, and those of the conditions that the list is under."""
        subject = self.lexicon.subject
        named = [*subject.conditions.values()]
        words = {squash(word) for word in (subject.label, *subject.also)}
        words |= {squash(n) for c in named if c.key in self.population.conditions for n in c.names}
        for word in list(words):
            words.add(re.sub(r"(?:房屋|房|人员|对象|户|数)$", "", word))
        return frozenset(words | {"租赁", "出租"} if subject.key == "home" else words)

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
            self._move_on(mapping)
        review(mappings, self.lexicon, self.layout.title)
        for said in own_lists.unnamed_legends(self.layout.instructions):
            legends.take_unnamed(said, mappings, self.lexicon, self.group_names)
        return mappings

    # --- one column -------------------------------------------------------------------------------------------
    def _one(self, column: Column, *, first: bool) -> Mapping:
        mapping = Mapping(column.index, column.path, required=any(required(part) for part in column.path))
        mapping.options = self._offered(column)
        mapping.says, heading = legends.of_column(self.picture, self.layout, mapping, column)
        leaf, note = wording(heading)
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

    def _offered(self, column: Column) -> tuple[str, ...]:
        """What the form offers to choose from at a column or blank."""
        choices = self.picture.options(column.row or self.layout.first_row, column.index)
        return choices.options if choices is not None else ()

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
            elif not self._neutral(plain) and not (plain.startswith("女方") and self._women()):
                understood = False
        return chain, understood, reasons

    def _neutral(self, group: str) -> bool:
        """Whether a group says nothing but what the rows are about: 房屋基本情况, 租赁情况 on a list of rented homes."""
        if group in _NEUTRAL:
            return True
        stem = re.sub(r"(?:基本|主要|详细|具体|有关|相关)?(?:情况|信息|资料|内容|概况)$", "", group)
        if self.population.subject == "person" and is_self(group):
            return True
        return stem != group and (not stem or stem in self.own_words or titled(stem) in self.own_words)

    def _women(self) -> bool:
        return bool({"child_bearing", "female"} & set(self.population.conditions))

    def _readings(self, column: Column, leaf: str, note: str) -> list[Match]:
        if any(_MEASURED.search(squash(group)) for group in column.groups):
            return []
        if self._women() and leaf.startswith(("女方", "妇女")) and len(leaf) > 3:
            leaf = leaf[2:]
        if column.groups:
            grouped = self._grouped(column, leaf)
            if grouped is not None:
                return grouped
        if note:
            return self._own_group(leaf, self._noted(leaf, note) or self._area(column))
        own = self._self_said(leaf) or [m for m in self.lexicon.find(leaf) if not self._of_no_group(m)]
        if not own and self._boolean(column):
            own = [
                m
                for m in self.lexicon.own(f"是否{leaf}")
                if self.lexicon.element(m.path).kind is Kind.BOOLEAN
            ]
        if not own:
            own = (
                self._by_population(leaf)
                or self._of_procedure(leaf)
                or self._by_class_options(column)
                or self._has_it(leaf)
            )
        own = own or self._stripped(leaf)
        own = self._own_group(leaf, own)
        own = self._by_certificate(leaf, own)
        own = self._by_neighbour(leaf, own)
        if not own:
            own = (
                self._by_named_role(leaf)
                or self._by_place(leaf)
                or self._by_kind(leaf)
                or self._by_holder(leaf)
            )
        if not own and (link := self.lexicon.speaks_of(leaf)) is not None and squash(link.label) != leaf:
            return []
        return own

    def _stripped(self, leaf: str) -> list[Match]:
        """The heading without words that add nothing: 现工作单位, 月保障金额, 老人电话."""
        for pattern, why in ((_NOW, "除去“{}”"), (SELF, "“{}”就是这一行的人")):
            if pattern is SELF and self.population.subject != "person":
                continue
            bare = pattern.sub("", leaf)
            if bare == leaf or (pattern is SELF and not self._is_meant(leaf.removesuffix(bare))):
                continue
            found = [m for m in self.lexicon.own(bare) if m.confidence > 0.9] or [
                m for m in self._by_population(bare) if m.confidence >= 0.84
            ]
            if found:
                told = why.format(leaf.removesuffix(bare))
                return [Match(m.path, min(m.confidence, 0.88), f"{told}，{m.reason}") for m in found]
        if (day := re.sub(r"(?:时间|日期)$", "", leaf)) != leaf and len(day) >= 4:
            found = [m for m in self.lexicon.own(day) if self.lexicon.element(m.path).kind is Kind.DATE]
            return [Match(m.path, min(m.confidence, 0.88), m.reason) for m in found]
        if (bare := _MIDDLE_NOTE.sub("", leaf)) != leaf:
            return [Match(m.path, min(m.confidence, 0.8), m.reason) for m in self.lexicon.find(bare)]
        return []

    def _by_kind(self, leaf: str) -> list[Match]:
        """业委会名称 on a list of owners' committees: the name of what the rows are."""
        if not leaf.endswith("名称") or "name" not in self.lexicon.subject.elements:
            return []
        stem = titled(leaf.removesuffix("名称"))
        known = stem in self.own_words or any(
            len(stem) >= 2 and word.startswith(stem) for word in self.own_words
        )
        return [Match("name", 0.86, f"每行就是一个“{stem}”")] if known else []

    def _area(self, column: Column) -> list[Match]:
        """村（社区）, 乡镇（街道）: the area of that level in which the row lies."""
        if not is_region_head(column.leaf):
            return []
        level = region_level(column.leaf)
        if level not in self.lexicon.subject.elements:
            return []
        return [Match(level, 0.86, f"指所在的“{self.lexicon.label(level)}”")]

    def _by_certificate(self, leaf: str, own: list[Match]) -> list[Match]:
        """证件编号 where the citizen number has a column of its own: on a group's list the group's certificate, else asked."""
        if not own or own[0].path != "id_number" or "身份" in leaf:
            return own
        numbered = self.used.get("id_number") or any(
            canonical(wording(column.leaf)[0]) == "身份证号" for column in self.layout.columns
        )
        if not numbered:
            return own
        for condition in self.population.conditions:
            group = condition.removeprefix("in_")
            link = self.lexicon.subject.links.get(group)
            if condition.startswith("in_") and link is not None:
                return [
                    Match(f"{group}.certificate", 0.85, f"身份证号另有一栏，这里指“{link.label}”的证件号")
                ]
        return [Match(m.path, 0.5, "身份证号另有一栏，这里可能指别的证件，请确认") for m in own]

    def _boolean(self, column: Column) -> bool:
        plain = {squash(option) for option in self._offered(column)}
        return bool(plain) and plain <= {"是", "否", "有", "无", "1", "0"}

    def _grouped(self, column: Column, leaf: str) -> list[Match] | None:
        """Readings of a leaf under groups; None when the groups say nothing."""
        chain, understood, reasons = self._chain(column.groups)
        nearest = wording(column.groups[-1])[0]
        if leaf in _SUM_OF_GROUP and not chain:
            above = Column(column.index, column.groups, column.hint, column.row)
            return self._readings(above, nearest, wording(column.groups[-1])[1])
        if nearest.startswith("女") and self._women():
            return None
        joined: list[Match] = []
        if len(chain) == 1 and leaf.startswith("与"):
            label = squash(self.lexicon.subject.links[chain[0]].label)
            joined = [m for m in self.lexicon.own(label + leaf) if m.confidence >= SURE]
        stem = nearest.removesuffix("信息").removesuffix("情况").removesuffix("地")
        bare = re.sub(r"^(?:现有|现)", "", nearest)
        for words in (nearest + leaf, stem + leaf, bare + leaf, leaf + nearest, leaf + bare):
            joined = joined or [m for m in self.lexicon.find(words) if m.confidence >= SURE]
        if joined and (not chain or len(chain) == 1):
            return [Match(m.path, m.confidence, f"“{nearest}”下的“{leaf}”{m.reason}") for m in joined]
        if not chain and (home := self._of_place(nearest + leaf)):
            return home
        if chain:
            there = self.lexicon
            for step in chain:
                there = self.lexicons.of(there.subject.links[step].to)
            prefix = ".".join(chain)
            found = [m.under(prefix, "；".join([*reasons, m.reason])) for m in there.find(leaf)]
            if not found:
                found = self._deeper(prefix, there, leaf, reasons)
            return found
        if understood or all(canonical(wording(group)[0]) in _KINDS for group in column.groups):
            return None
        if found := self._of_named_group(nearest, leaf):
            return found
        if role_of(nearest) and canonical(leaf) in PERSONAL:
            return []
        own = self.lexicon.own(leaf)
        if own and own[0].confidence > 0.9 and canonical(leaf) not in VAGUE | PERSONAL:
            # 承租人 over 居住人数: what is said of the row itself stands beside a person's name.
            named = self.lexicon.own(nearest)
            if named and named[0].path.endswith("_name"):
                return [Match(m.path, 0.8, f"“{nearest}”一组里的“{leaf}”，{m.reason}") for m in own]
        if canonical(leaf) in VAGUE or self.lexicon.knows(nearest):
            return []
        return [Match(m.path, min(m.confidence, 0.72), m.reason) for m in self.lexicon.find(leaf)]

    def _of_place(self, words: str) -> list[Match]:
        """房东 over 姓名 on a list of people: what the home lived in knows by both words together."""
        for link in self.lexicon.subject.links.values():
            if link.to == "home" and (found := self.lexicons.of("home").own(words)):
                return [
                    m.under(link.key, f"取{link.label}的“{m.path}”") for m in found if m.confidence > 0.9
                ][:1]
        return []

    def _of_named_group(self, nearest: str, leaf: str) -> list[Match]:
        """A group that is an element itself: 物业服务企业 over 企业名称 and 联系电话 (which is sought as 物业联系电话)."""
        if not self.lexicon.knows(nearest):
            return []
        if leaf in _NAME_OF_GROUP:
            return [Match(m.path, 0.9, f"“{nearest}”的名称，{m.reason}") for m in self.lexicon.own(nearest)][
                :1
            ]
        for end in range(len(nearest) - 1, 1, -1):
            keys = self.lexicon.exact.get(squash(nearest[:end] + leaf), [])
            if len(keys) == 1:
                return [Match(keys[0], 0.85, f"“{nearest}”下的“{leaf}”，指“{self.lexicon.label(keys[0])}”")]
        return []

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
        both = {m.path for m in self.lexicon.own(note)}
        if shared := [m for m in self.lexicon.own(leaf) if m.path in both]:
            # 法定代表人（负责人）: two names of one thing.
            return shared
        if names_other_person(note) or note.endswith(("人", "员", "者", "方", "长")):
            return []
        return [
            Match(m.path, min(m.confidence, 0.75), f"{m.reason}（括号中的“{note}”请核对）")
            for m in self.lexicon.find(leaf)
        ]

    def _by_class_options(self, column: Column) -> list[Match]:
        """A drop-down of nothing but the classes of the list's own group: 正式党员、预备党员 on a list of party members."""
        options = self._offered(column)
        if len(options) < 2:
            return []
        for condition in self.population.conditions:
            for tail in ("class", "level"):
                key = f"{condition.removeprefix('in_')}_{tail}"
                element = self.lexicon.subject.elements.get(key)
                codes = element.codes if element is not None and condition.startswith("in_") else None
                if codes is not None and all(codes.match(bare_option(option)) for option in options):
                    return [Match(key, 0.86, f"选项都是“{self.lexicon.label(key)}”的类")]
        return []

    def _of_procedure(self, leaf: str) -> list[Match]:
        """申请评定残疾类别 asks the 残疾类别: words of the procedure before the name of a coded element."""
        bare = _PROCEDURE.sub("", leaf)
        if bare == leaf:
            return []
        return [
            Match(m.path, 0.86, f"除去“{leaf.removesuffix(bare)}”，{m.reason}")
            for m in self.lexicon.own(bare)
            if m.confidence > 0.9 and self.lexicon.element(m.path).kind is Kind.CODE
        ]

    # --- drop-downs and settling ------------------------------------------------------------------------------
    def _choose_by_options(self, mapping: Mapping, matches: list[Match], column: Column) -> list[Match]:
        """Readings that the drop-down does not contradict, the best fitting first."""
        options = mapping.options or self._hinted_options(column)
        if mapping.options or mapping.says:
            options = tuple(own_lists.meanings(mapping.options, mapping.says).values())
        if not options or not matches:
            return matches
        kept: list[tuple[float, Match]] = []
        for match in matches:
            fit = fits(self.lexicon.element(match.path), options, self.group_names)
            if fit is None:
                kept.append((match.confidence, match))
            elif fit > 0.12 or (not mapping.options and not mapping.says and fit >= 0.0):
                sure = match.confidence * (0.85 + 0.15 * min(1.0, fit * 1.5))
                reason = f"{match.reason}；选项相符" if fit >= 0.5 else match.reason
                kept.append((match.confidence + fit, Match(match.path, round(sure, 3), reason)))
        if not kept and (mapping.options or mapping.says):
            self._ask_values(mapping, matches[0], column, options)
        return [match for _score, match in sorted(kept, key=lambda entry: -entry[0])]

    def _ask_values(self, mapping: Mapping, match: Match, column: Column, words: tuple[str, ...]) -> None:
        """The heading is known, the form's list is its own: which of our values each entry stands for is asked. Not where a
        list of quite other words under a mere synonym tells that something else is meant."""
        shown = "、".join(list(mapping.options)[:4] or [f"{c} {w}" for c, w in mapping.says.items()][:4])
        label = self.lexicon.label(match.path)
        element = self.lexicon.element(match.path)
        mapping.reasons = [f"选项（{shown}…）与“{label}”对不上，不能代填"]
        own = squash(wording(legends.bare(column.leaf))[0]) == squash(element.label)
        coded = own_lists.is_coded(mapping.options, mapping.says)
        if (
            match.confidence >= SURE
            and own_lists.usable(element, mapping.options, mapping.says)
            and (own or coded or (fits(element, words, self.group_names) or 0) > 0)
        ):
            mapping.target, mapping.confidence, mapping.open_list = ASKED, 0.6, True
            mapping.suggestions = [(match.path, label)]
            mapping.reasons = [f"表上的选项（{shown}…）和登记库“{label}”的说法不同，请对选项：各相当于哪一项"]

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
        before = self.previous
        if element.kind is Kind.DATE and before is not None and before.target in (UNKNOWN, ASKED):
            stem, other = canonical(column.leaf)[:2], canonical(before.path[-1])
            if stem == other[:2] and not other.endswith(("人", "员", "单位")):
                ask(mapping, f"紧跟在“{before.label}”之后，可能是它的日期，请确认")
                return
        mapping.target = ELEMENT
        if element.kind not in own_lists.LISTED:
            mapping.says = {}
        mapping.manner = self._manner(element, mapping, column).as_json()

    def _manner(self, element: Element, mapping: Mapping, column: Column) -> Manner:
        number_format = self.picture.formats.get((column.row or self.layout.first_row, column.index), "")
        label = "".join(column.path)
        made = manner_for(
            element, label, column.hint, self.layout.instructions, number_format, mapping.options
        )
        return own_lists.dressed(made, element, mapping.options, mapping.says)


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
