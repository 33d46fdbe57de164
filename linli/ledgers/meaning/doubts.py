"""Numbers of a table that its title, or the other numbers, make doubtful: asked or left open."""

from __future__ import annotations

import re

from linli.kernel.textnorm import squash
from linli.ledgers.meaning.mapping import ASKED, NUMBER, UNKNOWN, Mapping
from linli.ledgers.meaning.numbers import SUM
from linli.ledgers.meaning.population import Population

# What stands there whatever a table is about; meetings, papers and other happenings are those that its title speaks of.
_STANDING = frozenset(("person", "household", "home", "building", "estate", "organisation", "community"))


def doubt(mappings: list[Mapping], population: Population, title: str) -> None:
    """Turn doubtful numbers into questions, or leave them open."""
    doubt_title(mappings, population, title)
    _doubt_either(mappings)
    _money_of_a_period(mappings, title)


_WORK = re.compile(
    r"工作(?:情况|开展情况|进展|进度)?(?:统计|汇总)?(?:月|季|半?年|周|日)?(?:报表?|统计表|汇总表|进度表|表)$"
)
_ALL = re.compile(
    r"^(?:总|居民|家庭|常住)+(?:总?户数|户)$|^(?:总|常住|户籍|实有)人口(?:总?数)?$|^(?:居民|住宅)?小区(?:总?数|个数)$|^(?:居民)?楼[栋宇](?:总?数|栋数)$"
)


def _stands_by_itself(mapping: Mapping) -> bool:
    """Whether a label names all there are of something: 小区数 and 居民户数 in a report of any work are those of the place."""
    return bool(_ALL.match(re.sub(r"\([^()]{1,3}\)$", "", squash(mapping.path[-1]))))


def doubt_title(mappings: list[Mapping], population: Population, title: str = "") -> None:
    """Where the title speaks of something unknown, numbers that name no group of their own are asked, not filled."""
    if not population.doubt:
        return
    work = bool(_WORK.search(squash(title)))
    for mapping in mappings:
        named = mapping.number.get("subject") in _STANDING and (
            mapping.number.get("conditions") or mapping.number.get("narrow")
        )
        if mapping.target == NUMBER and not named and not (work and _stands_by_itself(mapping)):
            mapping.target, mapping.confidence = ASKED, 0.5
            mapping.reasons = [
                f"标题中的“{population.doubt}”不是登记库认识的口径，{mapping.element_label}请确认"
            ]


def _doubt_either(mappings: list[Mapping]) -> None:
    """党员 in a table of veterans that also has their number in all: party members among them, or all of them? Asked."""
    if not any(mapping.number.get("titled") for mapping in mappings):
        return
    for mapping in mappings:
        if mapping.target == NUMBER and mapping.number.get("either"):
            mapping.target, mapping.confidence = ASKED, 0.6
            mapping.reasons = [f"可能是{mapping.element_label}，也可能只数标题说的那一类，请确认"]


def _money_of_a_period(mappings: list[Mapping], title: str) -> None:
    """The base holds what is paid each month; what a quarter or a year cost is not told by it."""
    if not re.search(r"季度?|半年|年度|年报", squash(title)):
        return
    for mapping in mappings:
        if mapping.number.get("aggregate") == SUM and not re.search(
            r"月|标准", squash("".join(mapping.path))
        ):
            mapping.target, mapping.number, mapping.element_label = UNKNOWN, {}, ""
            mapping.reasons = ["登记库里是每月的金额，这里要的是一段时间的总额"]


__all__ = ["doubt", "doubt_title"]
