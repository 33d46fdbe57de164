"""Marriage, birth and adoption as rules on plain data (Civil Code arts. 1041–1118; GB/T 2261.2, GB/T 4761)."""

from __future__ import annotations

from datetime import date

from linli.kernel.ages import age_on
from linli.registry.people.rules import family

UNMARRIED, MARRIED, FIRST, AGAIN, TO_THE_SAME = "10", "20", "21", "22", "23"
WIDOWED, DIVORCED = "30", "40"
HAS_SPOUSE = frozenset({MARRIED, FIRST, AGAIN, TO_THE_SAME})
SINGLE = frozenset({UNMARRIED, WIDOWED, DIVORCED})
# Nobody has been able to marry younger since the Marriage Law of 1950.
YOUNGEST = 18


def marriage_problem(
    sexes: tuple[str, str], born: tuple[date | None, date | None], on: date | None, *, near_kin: bool
) -> str:
    """A marriage joins one man and one woman of age, not lineal kin."""
    if sexes[0] == sexes[1] and sexes[0] in ("1", "2"):
        return "两人的性别相同，请核对性别，或核对选的人。"
    if near_kin:
        return "两人登记为父母子女，不能登记为夫妻，请核对。"
    for one in born:
        if one is not None and on is not None and age_on(one, on) < YOUNGEST:
            return f"结婚时有一方不满 {YOUNGEST} 周岁，请核对结婚日期和出生日期。"
    return ""


def marital_after_marriage(before: str, *, to_the_same: bool) -> str:
    """The code after a marriage: 初婚 for those who were unmarried, 再婚 or 复婚 for the widowed and divorced, 已婚 where it was not
    known."""
    if to_the_same:
        return TO_THE_SAME
    if before == UNMARRIED:
        return FIRST
    return AGAIN if before in (WIDOWED, DIVORCED) else MARRIED


def marital_problem(wanted: str, *, has_spouse: bool) -> str:
    """Who has a spouse is not single; the end of a marriage is a deed of its own."""
    if has_spouse and wanted in SINGLE:
        return "这位居民登记有配偶。离婚请办理“离婚”，配偶去世请给配偶办理“登记去世”。"
    return ""


def parent_problem(child_born: date | None, parent_born: date | None) -> str:
    """A parent is at least twelve years older."""
    if child_born is None or parent_born is None:
        return ""
    if parent_born >= child_born:
        return "父母应比本人年长，请核对出生日期。"
    if child_born.year - parent_born.year < 12:
        return "父母只比子女大不到 12 岁，请核对出生日期，或核对选的人。"
    return ""


def child_of(parent_relation: str, parent_sex: str, child_sex: str, *, adopted: bool = False) -> str:
    """A child's relation to the head, from their parent's relation (GB/T 4761)."""
    boy = child_sex != "2"
    if parent_relation in {family.HEAD} | family.SPOUSE:
        if adopted:
            return "27" if boy else "37"
        return "20" if boy else "30"
    if parent_relation in family.CHILD | family.CHILD_IN_LAW:
        daughters = parent_relation.startswith("3") != (parent_relation in family.CHILD_IN_LAW)
        if daughters:
            return "43" if boy else "44"
        return "41" if boy else "42"
    if parent_relation in family.PARENT:
        return "73" if boy else "77"
    return family.NOT_KIN if parent_relation == family.NOT_KIN else family.OTHER_KIN
