"""Households: exactly one head, and how everybody's relation is said anew when the head changes (GB/T 4761)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linli.kernel.ages import age_on
from linli.kernel.codes import KINSHIP

HEAD = "02"
MAN, WOMAN = "1", "2"
OTHER_KIN, NOT_KIN = "97", "99"

SPOUSE = frozenset({"10", "11", "12"})
CHILD_IN_LAW = frozenset({"28", "38"})
CHILD = frozenset(f"{n}" for n in range(20, 40)) - CHILD_IN_LAW
GRANDCHILD = frozenset({"40", "41", "42", "43", "44"})
PARENT = frozenset({"50", "51", "52", "57", "58"})
PARENT_IN_LAW = frozenset({"53", "54", "55", "56", "59"})
GRANDPARENT = frozenset({"60", "61", "62", "63", "64"})
SIBLING = frozenset({"70", "71", "73", "75", "77", "79"})


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a household: `relation` to the head; sex by GB/T 2261.1."""

    person_id: int
    relation: str
    sex: str = "0"
    born: date | None = None


def head_problem(relations: Sequence[str]) -> str:
    """A household with members has exactly one head."""
    heads = sum(1 for relation in relations if relation == HEAD)
    if relations and heads == 0:
        return "一户必须有一名户主，请指定户主。"
    if heads > 1:
        return "一户只能有一名户主，请先变更户主。"
    return ""


def relation_problem(relation: str) -> str:
    """The relation is a code of GB/T 4761 that says something about two people."""
    if relation not in KINSHIP or relation == "01":
        return "请选择与户主的关系。"
    return ""


def successor(members: Sequence[Member], on: date) -> Member | None:
    """Who would follow the head: the spouse, else the eldest grown-up of the family, else the eldest of all."""
    rest = [member for member in members if member.relation != HEAD]
    if not rest:
        return None

    def rank(member: Member) -> tuple[bool, bool, bool, date]:
        grown = member.born is None or age_on(member.born, on) >= 18
        return (
            not grown,
            member.relation == NOT_KIN,
            member.relation not in SPOUSE,
            member.born or date.max,
        )

    return min(rest, key=rank)


def _by_sex(sex: str, man: str, woman: str, unknown: str) -> str:
    return man if sex == MAN else woman if sex == WOMAN else unknown


def _sibling(of: Member, who: Member) -> str:
    if of.born is None or who.born is None or of.born == who.born or who.sex not in (MAN, WOMAN):
        return "70"
    elder = who.born < of.born
    return ("71" if elder else "73") if who.sex == MAN else ("75" if elder else "77")


def _to_spouse(head: Member, new: Member, who: Member) -> str:
    """Relations to the old head's spouse."""
    if who.relation == HEAD:
        return _by_sex(who.sex, "11", "12", "10")
    if who.relation in CHILD | CHILD_IN_LAW | GRANDCHILD:
        return who.relation
    if who.relation in PARENT:
        if new.sex == WOMAN:
            return _by_sex(who.sex, "53", "54", "59")
        return _by_sex(who.sex, "55", "56", "59") if new.sex == MAN else "59"
    if who.relation in PARENT_IN_LAW:
        return _by_sex(who.sex, "51", "52", "50")
    return OTHER_KIN


def _to_child(head: Member, new: Member, who: Member, only: bool) -> str:
    """Relations to a child of the old head; `only` when no other child lives here, so that in-laws and grandchildren are
    the child's own."""
    if who.relation == HEAD or who.relation in SPOUSE:
        return _by_sex(who.sex, "51", "52", "50")
    if who.relation in CHILD:
        return _sibling(new, who)
    if who.relation in CHILD_IN_LAW:
        return _by_sex(who.sex, "11", "12", "10") if only and who.sex != new.sex else OTHER_KIN
    if who.relation in GRANDCHILD:
        return _by_sex(who.sex, "20", "30", OTHER_KIN) if only else OTHER_KIN
    fathers_side = (head.sex == MAN) == (who.relation in PARENT)
    if who.relation in PARENT | PARENT_IN_LAW and head.sex in (MAN, WOMAN):
        return _by_sex(who.sex, *(("61", "62") if fathers_side else ("63", "64")), "60")
    return OTHER_KIN


def _to_child_in_law(head: Member, new: Member, who: Member, only: bool) -> str:
    """Relations to a son's wife or a daughter's husband of the old head."""
    if who.relation == HEAD or who.relation in SPOUSE:
        man, woman = ("53", "54") if new.sex == WOMAN else ("55", "56")
        return _by_sex(who.sex, man, woman, "59")
    if only and who.relation in CHILD:
        return _by_sex(who.sex, "11", "12", "10")
    if only and who.relation in GRANDCHILD:
        return _by_sex(who.sex, "20", "30", OTHER_KIN)
    return OTHER_KIN


def _to_parent(head: Member, new: Member, who: Member) -> str:
    """Relations to a parent of the old head."""
    if who.relation == HEAD or who.relation in SIBLING:
        return _by_sex(who.sex, "20", "30", OTHER_KIN)
    if who.relation in SPOUSE:
        return _by_sex(who.sex, "28", "38", OTHER_KIN)
    if who.relation in CHILD:
        pair = ("41", "42") if head.sex == MAN else ("43", "44")
        return _by_sex(who.sex, *pair, "40") if head.sex in (MAN, WOMAN) else "40"
    if who.relation in PARENT:
        return _by_sex(who.sex, "11", "12", "10")
    return OTHER_KIN


def _to_grandchild(head: Member, new: Member, who: Member, only: bool) -> str:
    """Relations to a grandchild of the old head."""
    if who.relation == HEAD or who.relation in SPOUSE:
        mothers_side = new.relation in {"43", "44"}
        return _by_sex(who.sex, *(("63", "64") if mothers_side else ("61", "62")), "60")
    if only and who.relation in CHILD | CHILD_IN_LAW:
        return _by_sex(who.sex, "51", "52", "50")
    if only and who.relation in GRANDCHILD:
        return _sibling(new, who)
    return OTHER_KIN


def _to_sibling(head: Member, new: Member, who: Member) -> str:
    """Relations to a brother or sister of the old head."""
    if who.relation == HEAD or who.relation in SIBLING:
        return _sibling(new, who)
    return who.relation if who.relation in PARENT | GRANDPARENT else OTHER_KIN


def relations_to(new_head_id: int, members: Sequence[Member]) -> dict[int, str]:
    """Everybody's relation when this member becomes head: what follows from the old relations; 其他亲属 (97) where it cannot
    be told, 非亲属 (99) for those who were none. A clerk checks and corrects.

    Raises ValueError when the new head is not among the members.
    """
    new = next((member for member in members if member.person_id == new_head_id), None)
    if new is None:
        raise ValueError(new_head_id)
    head = next((member for member in members if member.relation == HEAD), None)
    children = [m for m in members if m.relation in CHILD]
    in_laws = [m for m in members if m.relation in CHILD_IN_LAW]
    only = len(children) <= 1 and len(in_laws) <= 1

    def relation(who: Member) -> str:
        if who.person_id == new.person_id:
            return HEAD
        if head is None or new.relation == HEAD:
            return who.relation
        if NOT_KIN in (who.relation, new.relation):
            return NOT_KIN
        if new.relation in SPOUSE:
            return _to_spouse(head, new, who)
        if new.relation in CHILD:
            return _to_child(head, new, who, only)
        if new.relation in CHILD_IN_LAW:
            return _to_child_in_law(head, new, who, only)
        if new.relation in PARENT:
            return _to_parent(head, new, who)
        if new.relation in GRANDCHILD:
            return _to_grandchild(head, new, who, only)
        if new.relation in SIBLING:
            return _to_sibling(head, new, who)
        return OTHER_KIN

    return {member.person_id: relation(member) for member in members}


_SEX_OF_RELATION = {
    MAN: {"11", "41", "43", "51", "53", "55", "57", "61", "63", "71", "73", "76", "78", "93", "95"}
    | {f"{n}" for n in range(20, 30)},
    WOMAN: {"12", "42", "44", "52", "54", "56", "58", "62", "64", "72", "74", "75", "77", "94", "96"}
    | {f"{n}" for n in range(30, 40)},
}


def relation_warnings(head: Member, who: Member, on: date) -> list[str]:
    """What looks odd about a relation: sex, or ages that do not fit. Warnings only; families differ."""
    found = []
    label = KINSHIP.label(who.relation)
    for sex, relations in _SEX_OF_RELATION.items():
        if who.relation in relations and who.sex in (MAN, WOMAN) and who.sex != sex:
            found.append(f"性别与关系“{label}”不符，请核对。")
    if who.relation == HEAD and who.born and age_on(who.born, on) < 16:
        found.append(f"户主只有 {age_on(who.born, on)} 岁，请核对。")
    if who.born is None or head.born is None or who.person_id == head.person_id:
        return found
    gap = who.born.year - head.born.year
    if who.relation in CHILD and gap < 14:
        found.append(
            f"与户主只差 {gap} 岁，却登记为“{label}”，请核对。"
            if gap >= 0
            else f"比户主年长，却登记为“{label}”，请核对。"
        )
    if who.relation in PARENT and gap > -14:
        found.append(f"与户主的年龄差不足 14 岁，却登记为“{label}”，请核对。")
    if who.relation in GRANDCHILD and gap < 28:
        found.append(f"与户主的年龄差不足 28 岁，却登记为“{label}”，请核对。")
    if who.relation in SPOUSE and age_on(who.born, on) < 20:
        found.append(f"配偶只有 {age_on(who.born, on)} 岁，请核对。")
    return found
