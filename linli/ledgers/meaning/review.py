"""A second look at the columns of a list when all of them are known: what one alone could not tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linli.kernel.textnorm import squash
from linli.ledgers.meaning.lexicon import Lexicon
from linli.ledgers.meaning.mapping import ASKED, ELEMENT, UNKNOWN, Mapping
from linli.ledgers.meaning.wording import canonical, wording

_PARTS = tuple(
    f"hukou_{part}" for part in ("province", "city", "district", "street", "community", "division")
)
_MONTHS = re.compile(r"月数|几个月|起止|(?:发放|补贴|补助)(?:时段|期间|期限)")
_PAID = re.compile(r"金额|总额|合计|小计|资金|实发|应发")
_LONG_PERIOD = re.compile(r"季度?|半年|年度|全年|[12]?\d[-—至~]\d{1,2}月")


def review(mappings: list[Mapping], lexicon: Lexicon, title: str) -> None:
    """Put right, or turn into questions, what the other columns of the list contradict."""
    _own_names(mappings)
    for mapping in mappings:
        if mapping.target != ELEMENT:
            continue
        if lexicon.subject.key == "person":
            _whole_address(mapping, mappings, lexicon)
        _door_alone(mapping, mappings, lexicon)
        _money_of_a_period(mapping, mappings, title)
        _relation(mapping, mappings)
        _half(mapping, lexicon)


def ask(mapping: Mapping, why: str) -> None:
    """Turn a reading into a question."""
    mapping.suggestions = [(mapping.element, mapping.element_label)]
    mapping.target, mapping.confidence, mapping.reasons = ASKED, 0.5, [why]
    mapping.element = mapping.element_label = ""
    mapping.manner = {}


def _drop(mapping: Mapping, why: str) -> None:
    """Take a reading back."""
    mapping.target, mapping.confidence, mapping.reasons = UNKNOWN, 0.0, [why]
    mapping.element = mapping.element_label = ""
    mapping.manner = {}


def _own_names(mappings: list[Mapping]) -> None:
    """监护人 beside 监护人姓名 asks something else than the name."""
    for mapping in mappings:
        if (
            mapping.target != ELEMENT
            or not mapping.element.endswith("name")
            or "姓名" in squash(mapping.path[-1])
        ):
            continue
        twin = next(
            (
                m
                for m in mappings
                if m.element == mapping.element and m is not mapping and "姓名" in squash(m.path[-1])
            ),
            None,
        )
        if twin is not None and squash(twin.path[-1]).startswith(squash(mapping.path[-1])):
            ask(mapping, f"另有“{twin.label}”一栏，这一栏可能另有所指，请确认")


def _whole_address(mapping: Mapping, mappings: Sequence[Mapping], lexicon: Lexicon) -> None:
    """户籍地详址 on a list without columns for province, city and district is the whole address."""
    if mapping.element != "hukou_place" or any(m.element in _PARTS for m in mappings):
        return
    mapping.element, mapping.element_label = "hukou_address", lexicon.label("hukou_address")
    mapping.reasons = [f"没有省、市、区县的栏，指完整的“{mapping.element_label}”"]


def _door_alone(mapping: Mapping, mappings: Sequence[Mapping], lexicon: Lexicon) -> None:
    """门牌地址 where nothing else tells the building is the whole address, not the number on the door."""
    leaf = squash(mapping.path[-1])
    if lexicon.subject.key != "home" or mapping.element != "door" or not leaf.endswith(("地址", "住址")):
        return
    told = ("address", "building", "building_name", "building.number", "building.name", "estate_name")
    if not any(m.element in told for m in mappings):
        mapping.element, mapping.element_label = "address", lexicon.label("address")
        mapping.reasons = ["没有楼栋的栏，指完整的地址"]


def _money_of_a_period(mapping: Mapping, mappings: Sequence[Mapping], title: str) -> None:
    """The base holds what is paid each month: beside a rate, or on a list of a quarter, 金额 is what was paid in all."""
    leaf = squash(mapping.path[-1])
    if not mapping.element.endswith("amount") or not _PAID.search(leaf) or "月" in leaf or "标准" in leaf:
        return
    beside = any(
        m is not mapping
        and (
            _MONTHS.search(squash("".join(m.path)))
            or (m.element == mapping.element and "标准" in squash(m.path[-1]))
        )
        for m in mappings
    )
    if beside or _LONG_PERIOD.search(squash(title)):
        _drop(mapping, "登记库里是每月的金额，这里要的是一段时间发放的总额")


def _relation(mapping: Mapping, mappings: Sequence[Mapping]) -> None:
    """与本人关系 is the guardian's only where the guardian is spoken of."""
    if mapping.element != "guardian_relation" or "监护" in squash("".join(mapping.path)):
        return
    place = mappings.index(mapping)
    for before in reversed(mappings[:place]):
        if before.element.startswith("guardian"):
            return
        if before.element.endswith("name") or before.target != ELEMENT:
            break
    later = mappings[place + 1] if place + 1 < len(mappings) else None
    if later is None or not later.element.startswith("guardian") or len(mapping.path) > 1:
        _drop(mapping, "这里问的不是监护人与本人的关系")


_BOTH = re.compile(r".[及和与、]|类[别型]等级")


def _half(mapping: Mapping, lexicon: Lexicon) -> None:
    """残疾类别及等级 asks two things: one of them is not the answer."""
    leaf = wording(mapping.path[-1])[0]
    if not _BOTH.search(leaf) or lexicon.knows(leaf):
        return
    known = {squash(name) for name in lexicon.element(mapping.element).names}
    parts = [canonical(part) for part in re.split(r"[及和与、]", leaf)]
    if (
        len(parts) > 1
        and squash(leaf) not in known
        and not all(part in {canonical(n) for n in known} for part in parts)
    ):
        ask(mapping, "这一栏像是同时问两样，请确认")


__all__ = ["ask", "review"]
