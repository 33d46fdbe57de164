"""What the blanks of a card ask: one person, household, home or organisation a sheet, and the small lists of their family."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from linli.facts.dictionary import Element, Kind
from linli.facts.gatherings import Gathering, of_subject
from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture
from linli.ledgers.meaning.lexicon import Lexicon, Lexicons, Match
from linli.ledgers.meaning.mapping import ASKED, ELEMENT, NEVER, RELATION, SURE, UNKNOWN, Mapping
from linli.ledgers.meaning.matching import _NEUTRAL, Matcher
from linli.ledgers.meaning.neighbours import PERSONAL
from linli.ledgers.meaning.population import Population
from linli.ledgers.meaning.wording import canonical, names_other_person, wording
from linli.ledgers.sheet import writing_places as places
from linli.ledgers.sheet.cards import CardSheet, ListBlock, Place
from linli.ledgers.sheet.layout import Column, Layout
from linli.ledgers.sheet.unitline import Blank, meaning_of

_NEVER = re.compile(
    r"照片|相片|签名|签字|签章|盖章|意见$|意见[（(]|审核|审批|评议|核实情况|^.{0,2}编号$|^编号|表号|调查人|检查人|复核人|填表人|填报人|制表人|经办人|制定机关|批准机关|"
    r"单位负责人|统计负责人|证明材料|^备注|备注$|承诺|声明|评估结论|评估日期|评估类别|有效期至|批准文号|公示"
)
_RELATION = re.compile(r"^(?:与?.{0,6}(?:的|之)?关系|称谓|关系|与本人关系)$")
_BAND = re.compile(r"\d{1,3}\s*(?:周?岁)?\s*(?:[-—~至]\s*\d{1,3}|以上|以下|及以上|及以下|周?岁)")
GROUP_ELEMENT = "care_groups"


@dataclass
class MemberList:
    """A small list on a card: rows `first_row`–`last_row` for the members of a gathering ("" when it is not known whose)."""

    gathering: str
    label: str
    first_row: int
    last_row: int
    mappings: list[Mapping] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> MemberList:
        """Back from `as_json`."""
        return cls(**{**data, "mappings": [Mapping.from_json(one) for one in data["mappings"]]})


class CardMatcher(Matcher):
    """The matcher of columns walking the blanks of a card in reading order."""

    def __init__(
        self, layout: Layout, picture: Picture, lexicons: Lexicons, population: Population, found: list[Place]
    ) -> None:
        super().__init__(layout, picture, lexicons, population)
        self.row = self.role_row = 0
        self.sticky = ""
        self.places = {id(column): place for column, place in zip(layout.columns, found, strict=True)}

    def _offered(self, column: Column) -> tuple[str, ...]:
        place = self.places[id(column)]
        text = open_text(place)
        manner = places.manner_of(text)
        if manner == places.CHOICES:
            return tuple(option.words for option in places.options(text) if option.words)
        if manner == places.DIGITS:
            return tuple(places.numbered(text).values())
        return super()._offered(column)

    def _readings(self, column: Column, leaf: str, note: str) -> list[Match]:
        found = self._owner_in_group(column, leaf) or super()._readings(column, leaf, note)
        if found or self.population.subject not in ("household", "home"):
            return found
        if self.population.subject == "household" and (
            canonical(leaf) in PERSONAL or self.lexicons.of("person").knows(leaf)
        ):
            there = self.lexicons.of("person")
            return [
                m.under("head", f"一户一张的表，“{leaf}”指户主的“{there.label(m.path)}”")
                for m in there.own(leaf)
                if m.confidence > 0.9
            ][:1]
        return found

    def _grouped(self, column: Column, leaf: str) -> list[Match] | None:
        """Where a row's and a column's label meet, the row's must be understood: nobody else's facts are taken."""
        if self.places[id(column)].crossed and not self._chain(column.groups)[0]:
            nearest = wording(column.groups[-1])[0]
            return [m for m in self.lexicon.find(nearest + leaf) if m.confidence >= SURE]
        return super()._grouped(column, leaf)

    def _by_neighbour(self, leaf: str, own: list[Match]) -> list[Match]:
        """On a card a label that comes again belongs to whoever was named since: never to the card's own person."""
        if own and own[0].path in self.used and own[0].path != "name":
            if found := self._sibling(leaf, own):
                return found
            if self.role:
                return self._of_role(leaf)
            if self.sticky:
                return []
        if own and self.role and self.role_row != self.row and own[0].path not in self.used:
            _links, other = self.lexicons.words.follow(self.population.subject, self.role.split("."))
            if not self.lexicons.of(other.key).own(leaf):
                return own
        if own and self.role and canonical(leaf) in PERSONAL and self.role_row == self.row:
            return self._of_role(leaf) or own
        return super()._by_neighbour(leaf, own)

    def _of_role(self, leaf: str) -> list[Match]:
        links, subject = self.lexicons.words.follow(self.population.subject, self.role.split("."))
        label = links[-1].label if links else self.role
        for way, key in ((self.role, subject.key), (f"{self.role}.person", "person")):
            if way != self.role and "person" not in subject.links:
                continue
            there = self.lexicons.of(key)
            if found := there.own(leaf):
                why = f"紧跟在{label}之后，指{label}的“{there.label(found[0].path)}”"
                return [Match(f"{way}.{found[0].path}", 0.86, why)]
        return []

    def _one(self, column: Column, *, first: bool) -> Mapping:
        self.row = column.row
        return super()._one(column, first=first)

    def _remember(self, mapping: Mapping, column: Column) -> None:
        role = self.role
        super()._remember(mapping, column)
        if self.role and self.role != role:
            self.role_row, self.sticky = column.row, ""
        leaf = wording(column.leaf)[0]
        if mapping.target != ELEMENT and names_other_person(leaf):
            self.sticky = leaf
        elif mapping.element == "name":
            self.sticky = ""
        # What belongs to the one named before keeps them in mind: 监护人关系, a blank of theirs that is not known.
        if role and not self.role and not self.sticky:
            stem = role.split(".")[0]
            if mapping.element.startswith((f"{stem}.", f"{stem}_")) or mapping.target != ELEMENT:
                self.role = role

    def _choose_by_options(self, mapping: Mapping, matches: list[Match], column: Column) -> list[Match]:
        place = self.places[id(column)]
        if place.manner in (places.CHOICES, places.DIGITS, places.INLINE) and mapping.options:
            if matches and self._by_bands(matches[0], mapping.options):
                return matches
            told = super()._choose_by_options(mapping, matches, column)
            if told and told[0].confidence >= SURE and self._all_fit(told[0], mapping.options):
                # 正式党员 and 预备党员 are classes of one group.
                return told
            group = self._by_groups(mapping.options)
            return told if group is None else [group]
        return super()._choose_by_options(mapping, matches, column)

    def _all_fit(self, match: Match, options: tuple[str, ...]) -> bool:
        """Whether every option is a code of what the heading asks."""
        codes = self.lexicon.element(match.path).codes
        return codes is not None and all(codes.match(option) for option in options)

    def _owner_in_group(self, column: Column, leaf: str) -> list[Match]:
        """房屋责任人情况 / 责任人姓名, 身份证号码: a group that names the owner of a linked home."""
        if not column.groups:
            return []
        stem = re.sub(r"(?:基本)?(?:情况|信息|资料)$", "", wording(column.groups[-1])[0])
        for prefix, lexicon in self._homes():
            keys = [key for key in lexicon.exact.get(squash(stem), []) if key.endswith("_name")]
            if len(keys) != 1:
                continue
            base = keys[0].removesuffix("name")
            plain = canonical(leaf)
            tail = (
                "name"
                if plain.endswith("姓名")
                else "id_number"
                if plain in ("身份证号", "证件号")
                else "phone"
                if plain in ("电话", "手机")
                else ""
            )
            path = f"{base}{tail}"
            if tail and path in lexicon.subject.elements:
                return [Match(f"{prefix}{path}", 0.9, f"“{stem}”的“{lexicon.label(path)}”")]
            if leaf.startswith(("房屋", "住房")) and len(own := lexicon.exact.get(squash(leaf), [])) == 1:
                return [
                    Match(f"{prefix}{own[0]}", 0.86, f"取{lexicon.subject.label}的“{lexicon.label(own[0])}”")
                ]
        return []

    def _homes(self) -> list[tuple[str, Lexicon]]:
        if self.population.subject == "home":
            return [("", self.lexicon)]
        return [("home.", self.lexicons.of("home"))] if "home" in self.lexicon.subject.links else []

    def _by_bands(self, match: Match, options: tuple[str, ...]) -> bool:
        element: Element = self.lexicon.element(match.path)
        return element.kind is Kind.INTEGER and sum(1 for o in options if _BAND.search(o)) * 2 >= len(options)

    def _by_groups(self, options: tuple[str, ...]) -> Match | None:
        """Options that name groups of care and aid: ticked for the groups that the person is in."""
        if self.population.subject != "person":
            return None
        named = [o for o in options if any(word in squash(o) for word in self.group_names if len(word) >= 2)]
        if len(named) >= 2 and len(named) * 2 >= len([o for o in options if not o.startswith("其他")]):
            return Match(GROUP_ELEMENT, 0.85, f"选项说的是人群：{'、'.join(named[:4])}")
        return None


def open_text(place: Place) -> str:
    """The open part of a place's text."""
    if place.manner == places.INLINE:
        found = places.pieces(place.text)
        return found[place.piece].text if place.piece < len(found) else ""
    return place.text


def _columns(found: list[Place], lexicons: Lexicons, subject: str) -> list[Column]:
    lexicon = lexicons.of(subject) if subject else None
    made = []
    for place in found:
        groups = []
        for group in place.path[:-1]:
            plain = wording(group)[0]
            if place.crossed:
                groups.append(group)
                continue
            if plain in _NEUTRAL or lexicon is None:
                continue
            link = lexicon.link_called(plain)
            stem = re.sub(r"(?:基本)?(?:情况|信息|资料)$", "", plain)
            if (link is not None and link.to not in ("household", "membership")) or names_other_person(stem):
                groups.append(group)
        made.append(Column(place.column, (*groups, place.path[-1]), "", place.row))
    return made


def card_layout(sheet: CardSheet, picture: Picture, title: str, title_from: str, instructions: str) -> Layout:
    """The card as a layout, for what reads titles and headings."""
    columns = [Column(place.column, place.path, "", place.row) for place in sheet.places]
    first = min((place.row for place in sheet.places), default=1)
    return Layout(
        picture.name, first, first, first, picture.rows, columns, title, title_from, instructions=instructions
    )


def match_card(
    sheet: CardSheet, picture: Picture, layout: Layout, lexicons: Lexicons, population: Population
) -> tuple[list[Mapping], list[MemberList], list[Blank]]:
    """The mapping of every blank, the lists, and the blanks of the unit line."""
    unit: list[Blank] = []
    kept: list[Place] = []
    for place in sheet.places:
        what = meaning_of(place.path[-1])
        if what and not place.ordinal:
            unit.append(
                Blank(
                    picture.name,
                    place.row,
                    place.column,
                    what,
                    place.path[-1].strip(),
                    place.manner == places.INLINE,
                )
            )
        else:
            kept.append(place)
    if not population.subject:
        return [_plain(place) for place in kept], [], unit
    columns = _columns(kept, lexicons, population.subject)
    shaped = Layout(
        layout.sheet,
        layout.header_top,
        layout.header_bottom,
        layout.first_row,
        layout.last_row,
        columns,
        layout.title,
        instructions=layout.instructions,
    )
    matcher = CardMatcher(shaped, picture, lexicons, population, kept)
    mappings = matcher.run()
    for mapping, place in zip(mappings, kept, strict=True):
        _dress(mapping, place)
        label = squash(place.path[-1])
        if place.ordinal and mapping.target == ELEMENT:
            mapping.target, mapping.element, mapping.element_label = UNKNOWN, "", ""
            mapping.reasons = ["同一项的第二格，登记库只有一个"]
        if mapping.element == "registered_on" and re.match(r"登记(?:日期|时间)$", label):
            # On a card it is the day on which the card is made out.
            mapping.confidence, label = 0.9, f"{label}签字"
        if _NEVER.search(label) and not (mapping.target == ELEMENT and mapping.confidence >= 1.0):
            mapping.target, mapping.element, mapping.element_label, mapping.confidence = NEVER, "", "", 1.0
            mapping.reasons = ["签字、盖章、意见、编号等由人填写，不自动填"]
            mapping.suggestions = []
    lists = [_list(block, picture, lexicons, population, layout) for block in sheet.lists]
    return mappings, lists, unit


def _plain(place: Place) -> Mapping:
    mapping = Mapping(place.column, place.path, UNKNOWN, reasons=["不知道这张表填的是谁，无法对应"])
    _dress(mapping, place)
    return mapping


def _dress(mapping: Mapping, place: Place) -> None:
    mapping.row, mapping.form, mapping.text = place.row, place.manner, place.text
    mapping.piece, mapping.ordinal = place.piece, place.ordinal
    mapping.path = place.path


def _gathering(block: ListBlock, population: Population, headings: list[str]) -> tuple[Gathering | None, str]:
    """Whose list it is, from its group's name."""
    group = squash(block.group)
    choices = of_subject(population.subject)
    for one in choices:
        for name in sorted(one.names, key=len, reverse=True):
            if squash(name) in group or (group and group in squash(name) and len(group) >= 2):
                return one, f"“{' '.join(block.group.split())}”列的是{one.label}"
    if any(_RELATION.match(squash(heading)) for heading in headings) and choices and not group:
        return choices[0], f"有“关系”一栏，列的是{choices[0].label}"
    return None, "不知道这几行列的是谁"


def _list(
    block: ListBlock, picture: Picture, lexicons: Lexicons, population: Population, layout: Layout
) -> MemberList:
    headings = [column.path[-1] for column in block.columns]
    one, why = _gathering(block, population, headings)
    made = MemberList(
        one.key if one else "", one.label if one else "", block.first_row, block.last_row, reasons=[why]
    )
    columns = [Column(place.column, (place.path[-1],), "", block.first_row) for place in block.columns]
    if one is None:
        made.mappings = [
            Mapping(c.index, c.path, UNKNOWN, reasons=[why], row=block.first_row) for c in columns
        ]
        return made
    inner = Population(one.to, 1.0)
    shaped = Layout(
        layout.sheet,
        block.first_row - 1,
        block.first_row - 1,
        block.first_row,
        block.last_row,
        columns,
        "",
        instructions=layout.instructions,
    )
    made.mappings = Matcher(shaped, picture, lexicons, inner).run()
    for mapping in made.mappings:
        mapping.row, mapping.form = block.first_row, places.CELL
        if _RELATION.match(squash(mapping.path[-1])):
            mapping.target, mapping.element, mapping.confidence = RELATION, "", 1.0
            mapping.element_label, mapping.reasons = "与本人关系", [f"{one.label}与本人的关系"]
            mapping.suggestions = []
        elif mapping.target in (UNKNOWN, ASKED) and _STATE.match(squash(mapping.path[-1])):
            _take_state(mapping, lexicons.of(one.to), layout.title)
    return made


_STATE = re.compile(r"^(?:目前|现在|当前|现)(?:状况|情况|状态|状)$")


def _take_state(mapping: Mapping, lexicon: Lexicon, title: str) -> None:
    """目前状况 of the family on a form about work is what each of them does: at work, at school, retired, without work."""
    if not re.search(r"就业|失业|再就业|求职", title) or "employment" not in lexicon.subject.elements:
        return
    mapping.target, mapping.element, mapping.confidence = ELEMENT, "employment", 0.8
    mapping.element_label = lexicon.label("employment")
    mapping.reasons = [f"表是关于就业的，家人的“{mapping.path[-1].strip()}”指“{mapping.element_label}”"]
    mapping.suggestions = []
