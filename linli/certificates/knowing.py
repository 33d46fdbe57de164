"""What the base knows of a person on a day, as the places of a wording and the conditions of a kind ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.certificates.models import Edition
from linli.certificates.rules import wording
from linli.certificates.rules.numbers import last_four
from linli.certificates.rules.wording import Fact, Obstacle, chinese_day
from linli.kernel import ages, codes
from linli.regions import names
from linli.regions.models import Level, Region
from linli.registry.people import as_of
from linli.registry.people.actions.steps import place_text
from linli.registry.people.models import HEAD, HouseholdMember, Person, Residence, ResidenceKind

# Elements of the dictionary that stand behind each place, for the record of what was disclosed.
ELEMENTS: dict[str, tuple[str, ...]] = {
    "姓名": ("name",),
    "性别": ("sex",),
    "出生日期": ("birth_date",),
    "证件类型": ("id_kind",),
    "证件号码": ("id_number",),
    "现住址": ("address",),
    "入住日期": ("address",),
    "户籍地址": ("hukou_address",),
    "登记地址": ("address",),
    "户号": ("household_number",),
    "与户主关系": ("relation",),
    "同住人员": ("family",),
}
# The registry's own pages that put a thing right, each with the person's number.
FIXES = {
    "alive": "people:person",
    "lives_here": "people:move_in",
    "belongs_here": "people:move_in",
    "hukou_here": "people:hukou",
    "hukou_elsewhere": "people:hukou",
    "in_household": "people:join",
    "of_age": "people:edit",
}
_PLAIN = "居民身份证"


@dataclass(frozen=True)
class Known:
    """The facts and conditions of a person on a day. `others` are the people whose names stand in the facts besides."""

    facts: dict[str, Fact]
    holds: dict[str, bool]
    others: tuple[int, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def obstacles(self, edition: Edition) -> list[Obstacle]:
        """What stands in the way of a kind."""
        return wording.obstacles(edition.wording, edition.conditions, self.facts, self.holds, FIXES)

    def body(self, edition: Edition, answers: dict[str, str]) -> str:
        """The text, once there are no obstacles."""
        return wording.fill(edition.wording, self.facts, answers)


def issuer_name(community: str) -> str:
    """北京市延庆区香水园街道东外社区居民委员会: the full name that stands under a paper."""
    region = Region.objects.filter(region_code=community).first()
    if region is None:
        return names.title(community)
    name = region.name.replace("居委会", "居民委员会").replace("村委会", "村民委员会")
    if not name.endswith("委员会"):
        name = f"{name}居民委员会"
    return names.path(community, since=Level.PROVINCE, until=Level.STREET) + name


def _address(spell: Residence | None) -> str:
    if spell is None:
        return ""
    if spell.home is None:
        return place_text(spell)
    above = names.path(spell.home.region_code, since=Level.PROVINCE, until=Level.STREET)
    full = str(spell.home.full_address)
    return full if full.startswith(above[:3]) else above + full


def _together(member: HouseholdMember | None, living: Residence | None, on: date) -> list[HouseholdMember]:
    """The members of the household who live in the same home on that day, the head first."""
    if member is None or living is None or living.home_id is None:
        return []
    there = as_of.residences(on, kind=ResidenceKind.LIVING, home_id=living.home_id).values("person_id")
    rows = as_of.memberships(on, household_id=member.household_id, person_id__in=there).select_related(
        "person"
    )
    return sorted(
        rows, key=lambda one: (one.relation != HEAD, one.relation, one.person.birth_date or date.max, one.pk)
    )


def known(person: Person, on: date, community: str) -> Known:
    """What is recorded of a person on a day, seen from a community."""
    then: Any = as_of.one(person, on)
    spells = {one.kind: one for one in as_of.residences(on, person_id=person.pk).select_related("home")}
    living, hukou = spells.get(ResidenceKind.LIVING), spells.get(ResidenceKind.HUKOU)
    member = as_of.memberships(on, person_id=person.pk).select_related("household").first()
    here = living is not None and living.home_id is not None and living.region_code.startswith(community)
    hukou_here = hukou is not None and hukou.home_id is not None and hukou.region_code.startswith(community)
    together = _together(member, living, on) if here else []
    dead = then.death_date is not None and then.death_date <= on
    age = ages.age_on(then.birth_date, on) if then.birth_date and then.birth_date <= on else None
    since = living.period.lower if living is not None else None
    lives, registered = _address(living) if here else "", _address(hukou)
    id_kind = codes.ID_KIND.label(then.id_kind) if then.id_kind else ""
    values: dict[str, tuple[str, str, str]] = {
        "姓名": (then.name, "people:edit", ""),
        "性别": (codes.SEX.label(then.sex) if then.sex in ("1", "2") else "", "people:edit", ""),
        "出生日期": (chinese_day(then.birth_date) if then.birth_date else "", "people:edit", ""),
        "证件类型": (id_kind or (_PLAIN if then.id_number else ""), "people:edit", "没有登记证件类型。"),
        "证件号码": (then.id_number, "people:edit", "没有登记证件号码，请看原件后补登。"),
        "现住址": (lives, "people:move_in", "没有登记本社区的居住房屋。"),
        "入住日期": (
            chinese_day(since) if here and since is not None else "",
            "people:correct_living" if here else "people:move_in",
            "没有登记从哪天起住在这里，请核实后更正居住记录。" if here else "",
        ),
        "户籍地址": (registered, "people:hukou", "没有登记户籍地址。"),
        "登记地址": (lives or (registered if hukou_here else ""), "people:move_in", ""),
        "户号": (member.household.number if member else "", "people:join", "没有登记所在的户。"),
        "与户主关系": (
            codes.KINSHIP.label(member.relation) if member else "",
            "people:join",
            "没有登记所在的户。",
        ),
        "同住人员": ("、".join(_named(one) for one in together), "people:join", "没有登记同住的户内成员。"),
        "社区": (names.title(community), "", ""),
        "截止日期": (chinese_day(on), "", ""),
    }
    holds = {
        "alive": not dead,
        "lives_here": here,
        "belongs_here": here or hukou_here,
        "hukou_here": hukou_here,
        "hukou_elsewhere": hukou is not None and (living is None or hukou.home_id != living.home_id),
        "in_household": bool(together),
        "of_age": age is not None and age >= 18,
    }
    warnings = []
    if here and then.verified_on is None:
        warnings.append("这位居民的信息还没有核实过，请先当面核对。")
    return Known(
        {key: Fact(key, text, fix, why) for key, (text, fix, why) in values.items()},
        holds,
        tuple(one.person_id for one in together if one.person_id != person.pk),
        tuple(warnings),
    )


def _named(member: HouseholdMember) -> str:
    person = member.person
    tail = last_four(person.id_number)
    said = "户主" if member.relation == HEAD else f"户主的{codes.KINSHIP.label(member.relation)}"
    return f"{person.name}（{said}{f'，证件号码末四位{tail}' if tail else ''}）"


def elements_of(edition: Edition) -> list[str]:
    """The elements that a certificate of this kind shows."""
    found = [one for place in wording.places(edition.wording) for one in ELEMENTS.get(place, ())]
    return list(dict.fromkeys(found))
