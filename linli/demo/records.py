"""The made-up street as plain data, before anything is written: places, people and their spells.

Numbers (`id`) count from 1 within each kind; writing moves them to where the database's own counting stands.
A period is (from, until), half open; None is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Period = tuple[date | None, date | None]


@dataclass(slots=True, eq=False)
class Grid:
    """A grid of a community and its worker's name."""

    region: str
    name: str
    worker: str


@dataclass(slots=True, eq=False)
class Management:
    """A spell of an estate's management."""

    way: str
    period: Period
    company: str = ""
    phone: str = ""
    fee: Decimal | None = None
    contract_until: date | None = None
    note: str = ""


@dataclass(slots=True, eq=False)
class Estate:
    """An estate (小区)."""

    id: int
    region: str
    name: str
    address: str
    management: str
    company: str
    phone: str
    built: int
    buildings: list[Building] = field(default_factory=list)
    managements: list[Management] = field(default_factory=list)
    outline: list[list[float]] | None = None


@dataclass(slots=True, eq=False)
class Building:
    """A building of an estate, in a grid."""

    id: int
    region: str
    estate: Estate
    name: str
    number: str
    position: int
    kind: str
    floors: int
    lifts: int
    built: int
    has_gas: bool | None
    structure: str
    longitude: Decimal | None
    latitude: Decimal | None
    heating: str = ""
    lifts_since: int | None = None
    lifts_checked_until: date | None = None
    outline: list[list[float]] | None = None
    units: list[Unit] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Unit:
    """A unit (单元) of a building."""

    id: int
    building: Building
    name: str
    position: int


@dataclass(slots=True, eq=False)
class Home:
    """A home (户室), or a shop on the ground floor."""

    id: int
    building: Building
    unit: Unit | None
    door: str
    floor: int
    position: int
    use: str
    area: Decimal | None
    rooms: int | None
    tenure: str = "unknown"
    layout: str = ""
    origin: str = ""
    certificate_on: date | None = None
    land_paper: str = ""
    owner_kind: str = ""
    owner_paper: str = ""
    public_kind: str = ""
    deed: str = ""
    certificate: str = ""
    owner_name: str = ""
    owner_phone: str = ""
    owner_id_number: str = ""
    letting_use: str = ""
    let_from: date | None = None
    let_until: date | None = None
    rent: Decimal | None = None
    hazard: str = ""
    note: str = ""
    families: list[Family] = field(default_factory=list)
    since: date | None = None

    @property
    def region(self) -> str:
        return self.building.region


@dataclass(slots=True, eq=False)
class Residence:
    """A residence spell: living or hukou."""

    kind: str
    region: str
    home: Home | None
    period: Period
    address: str = ""
    reason: str = ""
    dwelling: str = ""
    nature: str = ""
    came_from: str = ""
    went_to: str = ""
    permit: str = ""
    permit_kind: str = ""
    permit_on: date | None = None
    permit_until: date | None = None
    permit_place: str = ""
    station: str = ""


@dataclass(slots=True, eq=False)
class Person:
    """One made-up human being."""

    id: int
    sex: str
    birth: date
    name: str = ""
    county: str = ""
    death: date | None = None
    id_number: str = ""
    ethnic: str = "01"
    former_name: str = ""
    native_place: str = ""
    marital: str = ""
    political: str = ""
    education: str = ""
    employment: str = ""
    occupation: str = ""
    employer: str = ""
    phone: str = ""
    landline: str = ""
    email: str = ""
    blood_type: str = ""
    health: str = ""
    skills: str = ""
    started_work_on: date | None = None
    birth_place: str = ""
    schooling: str = ""
    school_since: int | None = None
    self_care: str = ""
    labour: str = ""
    medical_insurance: str = ""
    pension_insurance: str = ""
    verified_on: date | None = None
    source: str = ""
    note: str = ""
    region: str = ""
    standing: str = ""
    married_on: date | None = None
    away: bool = False
    spouse: Person | None = None
    father: Person | None = None
    mother: Person | None = None
    children: list[Person] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)
    family: Family | None = None
    relation: str = ""

    def at(self, kind: str, on: date) -> Residence | None:
        """The residence of a kind in force on a day."""
        for spell in self.residences:
            start, end = spell.period
            if spell.kind == kind and (start is None or start <= on) and (end is None or on < end):
                return spell
        return None

    def entered_on(self, on: date) -> date:
        """When the base came to know of them: when they came, though not before 2015, when it was set up."""
        known = [r.period[0] for r in self.residences if r.period[0] is not None and r.home is not None]
        return min(on, max(date(2015, 3, 2), min(known, default=date(2015, 3, 2))))

    def age(self, on: date) -> int:
        """Full years on a day."""
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))


@dataclass(slots=True, eq=False)
class Family:
    """People who live together, or belong to one hukou book. `sort` says where their hukou is."""

    shape: str
    people: list[Person]
    head: Person
    sort: str = "registered"
    household: Household | None = None
    home: Home | None = None
    since: date | None = None


@dataclass(slots=True, eq=False)
class Household:
    """A household (户) with its number."""

    id: int
    region: str
    number: str
    kind: str
    home: Home | None


@dataclass(slots=True, eq=False)
class Member:
    """A person's spell in a household."""

    household: Household
    person: Person
    relation: str
    period: Period


@dataclass(slots=True, eq=False)
class Kin:
    """A kinship row: to a person of the base, or to somebody outside by name and phone."""

    person: Person
    relation: str
    period: Period
    relative: Person | None = None
    name: str = ""
    phone: str = ""
    how: str = ""


@dataclass(slots=True, eq=False)
class Membership:
    """A person's spell in a group."""

    group: str
    person: Person
    period: Period
    class_code: str = ""
    level_code: str = ""
    certificate: str = ""
    evidence: str = ""
    amount: Decimal | None = None
    review_on: date | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Letting:
    """A letting of a home; what the home itself says of rent, use and the contract's end holds for it."""

    home: Home
    period: Period
    kind: str
    landlord: str
    phone: str
    tenant: Person | None
    record: str
    signed: bool | None
    grade: str
    checked_on: date | None
    reason: str = ""


@dataclass(slots=True, eq=False)
class Hazard:
    """A hazard found in a home."""

    home: Home
    kind: str
    severity: str
    description: str
    found_on: date
    fixed_on: date | None
    measure: str


@dataclass(slots=True, eq=False)
class NetworkPost:
    """A door head's or group leader's post, and the staircases it looks after; a police officer's, who is no resident."""

    kind: str
    region: str
    person: Person | None
    period: Period
    group: str
    stairs: list[tuple[Building, Unit | None]]
    name: str = ""
    phone: str = ""
    unit: str = ""


@dataclass(slots=True, eq=False)
class BackStreet:
    """A back street with the buildings along it; metres."""

    region: str
    name: str
    course: str
    length: int
    width: float
    condition: str
    renewal: str
    renewed_on: date | None
    buildings: list[Building]


@dataclass(slots=True, eq=False)
class Organisation:
    """An organisation present in a community."""

    region: str
    name: str
    kind: str
    credit_code: str = ""
    industry: str = ""
    address: str = ""
    premises: Home | None = None
    legal_person: str = ""
    contact: str = ""
    phone: str = ""
    staff: int | None = None
    founded_on: date | None = None


@dataclass(slots=True, eq=False)
class Street:
    """All of it."""

    on: date
    grids: list[Grid] = field(default_factory=list)
    estates: list[Estate] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    kin: list[Kin] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    posts: list[NetworkPost] = field(default_factory=list)
    back_streets: list[BackStreet] = field(default_factory=list)
    outlines: dict[str, list[list[float]]] = field(default_factory=dict)
    lettings: list[Letting] = field(default_factory=list)
    hazards: list[Hazard] = field(default_factory=list)
