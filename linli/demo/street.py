"""The demonstration street: 香水园街道 with its real communities and made-up people, the same at every making.

Totals follow a study of 2012 (report 004 of the project's sources): 302 residential buildings, about 15,000 households,
45,000 residents, 1,687 party members in the communities (新兴西社区 438), 99 resident units, 13,000 women of
child-bearing age, more than 200 workers of the “4050” kind. How eleven communities of then became sixteen:
`places_making`. Nobody in it lives or has lived; likenesses are chance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from time import monotonic
from typing import Final

from django.db import connection
from django.utils import timezone

from linli.audit.recording import SYSTEM, ActingUser, RuleError, action
from linli.demo import organisations_dressing
from linli.demo.accounts import ACCOUNTS, Account, make_accounts
from linli.demo.adjustment_making import make_plan
from linli.demo.admission_making import make_admission
from linli.demo.asked_making import make_asked
from linli.demo.catalogue_making import make_catalogue
from linli.demo.certificates_making import make_certificates
from linli.demo.departments_making import make_departments
from linli.demo.details_making import make_details
from linli.demo.doubts_making import make_doubts
from linli.demo.estates_making import make_estates
from linli.demo.faults_making import make_faults
from linli.demo.form_tasks_making import make_form_tasks
from linli.demo.gate_making import make_gate
from linli.demo.groups_making import Groups
from linli.demo.kin_making import link_grown_children, make_kin
from linli.demo.layout_making import place_buildings
from linli.demo.lettings_making import make_lettings
from linli.demo.lifts_making import make_lifts
from linli.demo.networks_making import make_networks
from linli.demo.numbers import Numbers
from linli.demo.offlist_making import make_offlist
from linli.demo.organisations_making import make_organisations
from linli.demo.places_making import COMMUNITIES, COMMUNITY_NAMES, STREET, make_places
from linli.demo.records import Street
from linli.demo.settling import Settling
from linli.demo.sharing_making import make_sharing
from linli.demo.standing_making import derive
from linli.demo.writing import Writer
from linli.jobs import daily
from linli.kernel import hanzi
from linli.regions import names as region_names
from linli.regions.loading import load_carried
from linli.regions.models import Level, Region, Setting
from linli.registry.groups.seeds import ensure_groups
from linli.registry.people import standing
from linli.registry.people.models import Person

__all__ = ["ACCOUNTS", "Account", "Summary", "build", "is_empty", "make"]

SEED: Final = 4  # the street that everybody sees
RESIDENTS: Final = 45_000
HOMES: Final = 16_200  # about as many as the whole street has; smaller streets are measured by it
_TABLES: Final = [
    "regions_region",
    "places_estate",
    "places_building",
    "places_unit",
    "places_home",
    "people_person",
    "people_household",
    "people_householdmember",
    "people_residence",
    "people_kinship",
    "groups_membership",
    "organisations_organisation",
    "lettings_letting",
    "lettings_hazard",
    "networks_networkpost",
    "networks_cover",
    "places_lift",
    "organisations_position",
    "organisations_check",
]


@dataclass(frozen=True)
class Line:
    """One figure: what the study says, and what was made."""

    label: str
    wanted: str
    made: int


@dataclass(frozen=True)
class Summary:
    """What was made, beside what the study says; `str()` is a small table in Chinese."""

    lines: tuple[Line, ...]
    seconds: float
    counts: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        rows = [f"  {line.label}：{line.made:,}（研究报告 2012 年：{line.wanted}）" for line in self.lines]
        return "\n".join(
            [f"示范街道已建好，用了 {self.seconds:.0f} 秒。居民、电话、证件号码都是编的。", *rows]
        )


def make(*, seed: int | str, on: date, communities: int = 16, homes: int | None = None) -> Street:
    """The street in memory; the same for the same arguments. `homes` makes a smaller one, with residents in proportion."""
    rng = Random(f"linli {seed}")
    street = Street(on)
    numbers = Numbers(Random(f"linli numbers {seed}"))
    make_places(street, rng, numbers, communities=communities, homes=homes)
    living = sum(1 for home in street.homes if home.use == "living")
    whole = homes is None and communities == len(COMMUNITIES)
    Settling(street, rng, numbers).fill(RESIDENTS if whole else round(living * 2.77))
    for person in street.people:
        person.region, person.standing = derive(person, on)
    scale = 1.0 if whole else living / HOMES
    link_grown_children(street, rng)
    in_need = Groups(street, rng, scale=scale).make()
    make_kin(street, rng, numbers, in_need)
    make_details(street, seed=seed, scale=scale)
    make_organisations(street, rng, numbers, scale=scale)
    make_estates(street, seed=seed)
    make_networks(street, seed=seed)
    make_asked(street, seed=seed)
    place_buildings(street)
    make_lettings(street, seed=seed)
    return street


def is_empty() -> bool:
    """Whether nobody is in the base yet."""
    return not Person.objects.exists()


def build(*, acting_user: ActingUser = SYSTEM, on: date | None = None, seed: int | str = SEED) -> Summary:
    """Make the whole demonstration street and write it.

    Raises RuleError when there are people in the base already.
    """
    began = monotonic()
    _refuse_unless_empty()
    street = make(seed=seed, on=on or timezone.localdate())
    summary = write(street, acting_user=acting_user, began=began)
    make_plan(street.on)
    make_catalogue(STREET[:6], street.on)
    make_admission(timezone.localdate())  # its deeds are of today, whatever day the street is as of
    make_form_tasks(street.on)
    make_gate(street.on)
    make_offlist()
    return summary


def _refuse_unless_empty() -> None:
    if not is_empty():
        raise RuleError(
            "这里已经有居民数据，不能再建示范街道。要看示范，请换一个空的数据文件夹（LINLI_HOME）。"
        )


def write(street: Street, *, acting_user: ActingUser, began: float) -> Summary:
    """Write a made street into an empty base, as one deed."""
    _refuse_unless_empty()
    load_carried(acting_user)
    ensure_groups(acting_user=acting_user)
    with action(acting_user, "demo.build") as act:
        _make_regions(street)
        Writer(street).write()
        organisations_dressing.dress(street.on)
        make_lifts(street.on)
        make_faults()
        make_departments(STREET[:6])
        make_accounts(
            street.grids, {r for g in street.grids for r in (g.region, g.region[:12], STREET, STREET[:6])}
        )
        make_sharing()
        _acquaint()
        standing.refresh(None, on=street.on)
        make_certificates()
        summary = summarise(street, monotonic() - began)
        act.record(
            None,
            f"建示范街道：{summary.counts['residents']} 名常住居民（虚构）",
            region_code=STREET,
            **summary.counts,
        )
    region_names.forget()
    make_doubts(STREET, street.on)
    daily.run_all(street.on)
    return summary


def _acquaint() -> None:
    """Let the planner know what was written: the tables were empty when it last looked, and nobody else looks before the commit."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def _make_regions(street: Street) -> None:
    """Grids of the street, and postcodes, offices and telephones of street and communities."""
    rng = Random(f"linli offices {len(street.grids)}")
    communities = {grid.region[:12] for grid in street.grids}
    held = {r.region_code: r for r in Region.objects.filter(region_code__in=[*communities, STREET])}
    for key, region in held.items():
        region.postcode = "102100"
        region.phone = f"010-691{rng.randrange(10**5):05d}"
        if key == STREET:
            region.address = "北京市延庆区妫水北街26号"
        else:
            estate = next(e for e in street.estates if e.region == key)
            region.address = f"{estate.address}{estate.name}社区服务站"
            region.setting = Setting.CITY
        region.outline = street.outlines.get(key)
    Region.objects.bulk_update(held.values(), ["postcode", "phone", "address", "outline", "setting"])
    have = set(Region.objects.filter(level=Level.GRID).values_list("region_code", flat=True))
    Region.objects.bulk_create(
        [
            Region(
                region_code=grid.region,
                parent=held[grid.region[:12]],
                level=Level.GRID,
                name=grid.name,
                initials=hanzi.initials(grid.name),
                pinyin=hanzi.pinyin(grid.name),
                postcode="102100",
                outline=street.outlines.get(grid.region),
            )
            for grid in street.grids
            if grid.region not in have
        ]
    )


def summarise(street: Street, seconds: float) -> Summary:
    """The made figures beside the study's."""
    on = street.on
    here = [p for p in street.people if (spell := p.at("living", on)) is not None and spell.home is not None]
    households = {m.household.id for m in street.members if m.period[1] is None or m.period[1] > on}
    members = [m for m in street.memberships if m.period[1] is None]
    party = [m for m in members if m.group == "party"]
    biggest = f"{STREET}011"
    women = sum(1 for p in here if p.sex == "2" and 15 <= p.age(on) < 50)
    units = sum(1 for o in street.organisations if o.kind == "resident_unit")
    workers = sum(1 for m in members if m.group == "age_4050")
    lines = (
        Line("居民楼", "302 栋", len(street.buildings)),
        Line("户", "约 15,000 户", len(households)),
        Line("常住居民", "45,000 人", len(here)),
        Line("社区党员", "1,687 人", len(party)),
        Line(
            f"其中{COMMUNITY_NAMES['011']}社区",
            "438 人",
            sum(1 for m in party if m.person.region.startswith(biggest)),
        ),
        Line("驻区单位", "99 家", units),
        Line("育龄妇女", "约 13,000 人", women),
        Line("“4050”人员", "200 多人", workers),
    )
    counts = {
        "buildings": len(street.buildings),
        "homes": len(street.homes),
        "households": len(households),
        "residents": len(here),
        "people": len(street.people),
        "party": len(party),
        "units": units,
        "women": women,
        "age_4050": workers,
    }
    return Summary(lines, seconds, counts)
