"""Which legend of a form says what the codes of a column mean: beside its list, in its heading, its prompt, the instructions."""

from __future__ import annotations

from collections.abc import Sequence

from linli.facts.dictionary import Kind
from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture
from linli.ledgers.meaning import own_lists
from linli.ledgers.meaning.lexicon import Lexicon
from linli.ledgers.meaning.manner import fits
from linli.ledgers.meaning.mapping import ELEMENT, Mapping
from linli.ledgers.meaning.wording import wording
from linli.ledgers.sheet.layout import Column, Layout


def of_column(
    picture: Picture, layout: Layout, mapping: Mapping, column: Column
) -> tuple[dict[str, str], str]:
    """What the form says that the codes of a column mean, and its heading without that."""
    choices = picture.options(column.row or layout.first_row, column.index)
    said, heading = own_lists.legend_in(column.leaf)
    if not wording(heading)[0]:
        return {}, column.leaf
    found = (
        (choices.says if choices is not None else {})
        or said
        or own_lists.legend_in(column.hint)[0]
        or (own_lists.legend_in(choices.prompt)[0] if choices is not None else {})
        or own_lists.legend_of(wording(heading)[0], layout.instructions)
    )
    told = not mapping.options or all(one in found for one in mapping.options)
    return (found if told else {}), heading


def bare(heading: str) -> str:
    """A heading without its legend."""
    return own_lists.legend_in(heading)[1]


def take_unnamed(
    said: dict[str, str], mappings: Sequence[Mapping], lexicon: Lexicon, group_names: frozenset[str]
) -> None:
    """填写说明：A 享受 B 未享受: a legend that names no column is that of the only one whose words it has."""
    pair = own_lists.yes_no(said.values())
    found = []
    for mapping in mappings:
        if mapping.target != ELEMENT or mapping.options or mapping.says == said:
            continue
        element = lexicon.element(mapping.element)
        if element.kind is Kind.BOOLEAN:
            if pair is not None and (len(pair[0]) == 1 or pair[0][-2:] in squash(mapping.path[-1])):
                found.append(mapping)
        elif element.kind is Kind.CODE and fits(element, tuple(said.values()), group_names) == 1.0:
            found.append(mapping)
    if len(found) != 1 or found[0].says:
        return
    found[0].says = dict(said)
    element = lexicon.element(found[0].element)
    if element.kind is Kind.BOOLEAN:
        yes, no = (own_lists.counterpart(element, key, said, {}) for key in "10")
        found[0].manner = {**found[0].manner, "yes": yes, "no": no}
