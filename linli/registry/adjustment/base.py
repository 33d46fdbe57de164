"""What a plan starts from, read from the base: the communities of an area, their buildings, and figures per building."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from linli.access.models import Post, Role
from linli.facts.dictionary import Dictionary, dictionary
from linli.facts.plan import Wish, grouped
from linli.kernel.scope import Scope
from linli.regions.models import KEY_LENGTH, Level, Region, RegionKind
from linli.registry.adjustment.rules import Base, Block, Community, Draft
from linli.registry.groups.models import Category, Group
from linli.registry.places.models import Building

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
# Committees of residents; a village is adjusted by another law.
KINDS = (RegionKind.RESIDENTS, RegionKind.LIKE_RESIDENTS, RegionKind.ORDINARY)
STAFF = (Role.COMMUNITY_WORKER, Role.COMMUNITY_HEAD)


@dataclass(frozen=True)
class Figure:
    """A measure of the dictionary that a plan is judged by, and the way from its rows to their building."""

    subject: str
    measure: str
    building: str
    label: str = ""
    unit: str = ""

    @property
    def key(self) -> str:
        return f"{self.subject}.{self.measure}"


# The way from a subject's row to its building, for subjects and for those counted where their hukou is.
_WAYS = {
    "person": "living.building.id",
    "household": "home.building.id",
    "home": "building.id",
    "building": "id",
    "organisation": "home.building.id",
}
_BY_HUKOU = {"registered"}
_SHOWN = (
    ("household", "households"),
    ("person", "residents"),
    ("person", "registered"),
    ("person", "floating"),
    ("person", "elderly"),
    ("building", "buildings"),
    ("home", "homes"),
    ("organisation", "organisations"),
    ("person", "in_party"),
    ("person", "monthly_aid"),
)
_CARE = (Category.CARE, Category.AID, Category.DISABILITY, Category.HONOUR)


def figures(words: Dictionary = dictionary) -> list[Figure]:
    """The measures of the effect table: the fixed ones, then every active group of care."""
    words.refresh()
    wanted = [*_SHOWN]
    codes = Group.objects.filter(is_active=True, category__in=_CARE).values_list("code", flat=True)
    wanted += [("person", f"in_{code}") for code in codes]
    found = []
    for subject, measure in wanted:
        declared = words.subject(subject).measures.get(measure)
        if declared is not None:
            way = "hukou.building.id" if measure in _BY_HUKOU else _WAYS[subject]
            found.append(Figure(subject, measure, way, declared.label, declared.unit))
    return found


def communities_of(region_code: str, on: date) -> list[Region]:
    """The residents' communities in force in an area on a day."""
    return list(
        Region.objects.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_to__isnull=True) | Q(valid_to__gt=on),
            level=Level.COMMUNITY,
            kind__in=KINDS,
            region_code__startswith=region_code,
        ).order_by("region_code")
    )


def by_building(figure: Figure, region_code: str, on: date) -> dict[str, Any]:
    """A measure by building (its id as text); rows in no building are counted to their community's key."""
    wish = Wish(figure.subject, [Scope.of(region_code)], on)
    return grouped(wish, figure.measure, by_region_length=COMMUNITY, by=figure.building)


HOUSEHOLDS = Figure("household", "households", _WAYS["household"])
PEOPLE = Figure("person", "residents", _WAYS["person"])
HOMES = Figure("home", "homes", _WAYS["home"])


def read_base(region_code: str, on: date) -> Base:
    """The communities of an area with their buildings and sizes, as they are today."""
    dictionary.refresh()
    communities = {
        one.region_code: Community(one.region_code, one.title) for one in communities_of(region_code, on)
    }
    households, people, homes = (
        by_building(figure, region_code, on) for figure in (HOUSEHOLDS, PEOPLE, HOMES)
    )
    inside = Building.objects.filter(region_code__startswith=region_code).select_related("estate")
    blocks = {}
    for building in inside.order_by("region_code", "estate_id", "position", "id"):
        key = building.region_code[:COMMUNITY]
        if key not in communities and _is_village(key):
            continue
        text = str(building.pk)
        blocks[building.pk] = Block(
            id=building.pk,
            community=key if key in communities else "",
            estate=building.estate_id,
            estate_name=building.estate.name,
            name=building.name,
            households=int(households.get(text, 0)),
            people=int(people.get(text, 0)),
            homes=int(homes.get(text, 0)),
            position=building.position,
            place=(float(building.longitude), float(building.latitude))
            if building.longitude is not None and building.latitude is not None
            else None,
            grid=building.region_code if len(building.region_code) > COMMUNITY else "",
            address=building.address or building.estate.address,
        )
    return Base(communities, blocks)


def _is_village(key: str) -> bool:
    return Region.objects.filter(region_code=key, valid_to__isnull=True).exclude(kind__in=KINDS).exists()


@dataclass(frozen=True)
class Line:
    """One figure of the effect: by community today and after."""

    key: str
    label: str
    unit: str
    today: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def total_today(self) -> Any:
        return sum(self.today.values())

    @property
    def total_after(self) -> Any:
        return sum(self.after.values())


def effect(
    base: Base, draft: Draft, region_code: str, on: date, wanted: Iterable[Figure] | None = None
) -> list[Line]:
    """Figures by community, today and under a draft; rows in no building stay with their community or go to its successor.
    Totals are the same by construction."""
    assignment = draft.assignment(base)
    found = []
    for figure in figures() if wanted is None else wanted:
        today: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for key, value in by_building(figure, region_code, on).items():
            block = base.blocks.get(int(key)) if len(key) < COMMUNITY else None
            if block is not None:
                was, becomes = block.community, assignment[block.id]
            elif len(key) == COMMUNITY and key in base.communities:
                was, becomes = key, draft.merged.get(key, key)
            else:
                continue
            today[was] = today.get(was, 0) + value
            after[becomes] = after.get(becomes, 0) + value
        found.append(Line(figure.key, figure.label, figure.unit, today, after))
    return found


def staff_by_community(region_code: str, on: date) -> dict[str, int]:
    """People in post as community workers and heads, by community."""
    found: dict[str, set[int]] = {}
    posts = Post.objects.filter(region_code__startswith=region_code, role__in=STAFF, user__is_active=True)
    for post in posts:
        if post.in_force(on) and len(post.region_code) >= COMMUNITY:
            found.setdefault(post.region_code[:COMMUNITY], set()).add(post.user_id)
    return {key: len(users) for key, users in found.items()}
