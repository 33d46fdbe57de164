"""What groups ask of their members as elements of the dictionary: `<group>_<detail>` of a person, and of the household that the
person is in. On a list of the group a form says 申请时间; elsewhere it says 低保申请时间, or a name that tells by itself: 入党时间."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from linli.access.roles import Permission
from linli.facts.dictionary import Element, Kind, Seen, Sensitivity, Subject
from linli.kernel.codes import Code, CodeList
from linli.registry.groups import detail_rules
from linli.registry.groups.detail_rules import Detail

_KINDS: Final = {
    detail_rules.TEXT: Kind.TEXT,
    detail_rules.DATE: Kind.DATE,
    detail_rules.CODE: Kind.CODE,
    detail_rules.MONEY: Kind.MONEY,
    detail_rules.NUMBER: Kind.INTEGER,
    detail_rules.FLAG: Kind.BOOLEAN,
}
_CASTS: Final = {
    detail_rules.DATE: "::date",
    detail_rules.MONEY: "::numeric",
    detail_rules.NUMBER: "::int",
    detail_rules.FLAG: "::boolean",
}


def key_of(group_code: str, detail: Detail) -> str:
    """The key of the element."""
    return f"{group_code}_{detail.code}"


def _code_list(key: str, detail: Detail) -> CodeList:
    return CodeList(
        key,
        detail.label,
        "",
        tuple(Code(one["code"], one["label"], tuple(one.get("also", ()))) for one in detail.options),
    )


def details_as_terms(
    subject: Subject,
    group: Any,
    sensitivity: Sensitivity,
    permissions: tuple[Permission, ...],
    seen: Seen,
) -> list[str]:
    """Declare the details of an active group as elements; the subject has a link called like the group. Their keys."""
    words = (group.name, *group.also)
    keys = []
    for detail in group.asks:
        key = key_of(group.code, detail)
        prefixed = tuple(
            name if name.startswith(word) else f"{word}{name}" for word in words for name in detail.names
        )
        own = f"{group.name}{detail.label}"
        label = detail.label if detail.alone or detail.label.startswith(words) else own
        subject.elements[key] = Element(
            key,
            label,
            tuple(dict.fromkeys((own, *prefixed, *(detail.names if detail.alone else ())))),
            sql=f"({{>{group.code}}}.details ->> '{detail.code}'){_CASTS.get(detail.kind, '')}",
            kind=_KINDS[detail.kind],
            codes=_code_list(key, detail) if detail.kind == detail_rules.CODE else None,
            unit=detail.unit or ("元" if detail.kind == detail_rules.MONEY else ""),
            sensitivity=sensitivity,
            permissions=permissions,
            seen=seen,
            note=f"随“{group.name}”登记。",
        )
        keys.append(key)
    return keys


def settle_names(subject: Subject, keys: Iterable[str]) -> None:
    """Of these elements, give up names that another element has too, or that several groups' details claim: what stood under
    them would be a guess."""
    holders: dict[str, set[str]] = {}
    for key, element in subject.elements.items():
        for name in element.names:
            holders.setdefault(name, set()).add(key)
    for key in keys:
        element = subject.elements[key]
        subject.elements[key] = replace(
            element, also=tuple(name for name in element.also if holders[name] == {key})
        )
