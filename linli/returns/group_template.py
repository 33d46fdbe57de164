"""The roster of a group to be filled in: its headings are the names that the dictionary has for what the group asks, so that it comes
back like any department's roster (ADR 0045)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Final

from linli.facts.dictionary import Dictionary, Element
from linli.kernel.codelist import Code, CodeList
from linli.registry.groups import detail_rules
from linli.registry.groups.detail_facts import key_of
from linli.registry.groups.models import Category, Group
from linli.registry.intake.column import Column
from linli.registry.intake.sheets import write_template

_YES_NO: Final = CodeList("yes_no", "是否", "本系统", (Code("1", "是"), Code("0", "否")))
_SAYS: Final = (
    "一行写一个人。红底带 * 的列必须填。不要改动列名；用不到的列可以删去，列的先后没有关系。",
    "库里有的人按证件号码认；没有证件号码的，按姓名、电话和住址认，拿不准的会退回请您补证件号码。",
    "空着的格子不会改动库里已有的内容，所以可以只填要补充的列，反复交回。",
    "填好后到“名册入库”上传，先看会改什么，确认了才会改。",
)
# Groups whose members get money by the month.
_PAID: Final = frozenset({Category.AID, Category.HONOUR, Category.CARE, Category.FAMILY, Category.DISABILITY})
_KINDS: Final = {
    detail_rules.DATE: "如 2024-05-01。",
    detail_rules.MONEY: "元。",
    detail_rules.NUMBER: "整数。",
}


def columns(group: Group, words: Dictionary) -> list[tuple[str, Column]]:
    """(path in the dictionary, column) of what the group's roster asks."""
    person = words.subject("person")
    found = [
        ("name", Column("name", "姓名", "必填", width=10, example="王建国")),
        (
            "id_number",
            Column("id_number", "公民身份号码", "必填", "18 位。", width=21, example="11010519491231002X"),
        ),
        ("phone", Column("phone", "手机号码", width=15)),
        ("address", Column("address", "现住地址", "", "小区、楼、单元、门牌。", width=28)),
    ]

    def add(path: str, heading: str, need: str = "", note: str = "", element: Element | None = None) -> None:
        options = element.codes if element is not None else None
        found.append((path, Column(path, heading, need, note, options, width=max(11, 2 * len(heading) + 2))))

    for field, options in (("class", group.classes), ("level", group.levels)):
        if options:
            element = person.elements[f"{group.code}_{field}"]
            add(element.key, element.label, "必填", "从下拉中选。", element)
    if group.needs_certificate:
        add(f"{group.code}.certificate", f"{group.name}证号", "必填")
    add(f"{group.code}.from_date", "认定日期", "", "新加入的填；空着的按交回的那天。")
    if group.category in _PAID:
        add(f"{group.code}.amount", "月补助金额", "", "元。")
    add(f"{group.code}.evidence", "认定依据", "", group.evidence)
    for detail in group.asks:
        element = person.elements[key_of(group.code, detail)]
        add(element.key, element.label, "", _KINDS.get(detail.kind, ""), element)
        if detail.kind == detail_rules.FLAG:
            path, column = found.pop()
            found.append((path, Column(column.key, column.heading, "", "", _YES_NO, width=column.width)))
    return found


def title(group: Group) -> str:
    """What the roster is called; by this it is recognised as the group's."""
    return f"{group.name}名册"


def write(target: Path | BinaryIO, group: Group, words: Dictionary) -> None:
    """The template of a group."""
    asked: list[Any] = [column for _path, column in columns(group, words)]
    write_template(target, columns=asked, name=title(group)[:31], says=_SAYS, title=title(group))
