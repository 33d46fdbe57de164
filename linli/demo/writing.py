"""Putting the made-up street into the database: one COPY for each table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from linli.access.sealed import vault
from linli.demo.records import Home, Period, Person, Street
from linli.kernel import hanzi
from linli.registry.groups.models import Group
from linli.registry.people.sealing import id_columns, phone_columns
from linli.registry.places.addresses import full_address

_BEIJING = ZoneInfo("Asia/Shanghai")


def seal(text: str, purpose: str) -> bytes:
    """A value as sealed columns keep it."""
    return vault().seal(text, purpose=purpose) if text else b""


def period_text(period: Period) -> str:
    """A half-open range as PostgreSQL reads it."""
    start, end = period
    return f"[{start.isoformat() if start else ''},{end.isoformat() if end else ''})"


def reserve(table: str, count: int) -> int:
    """Take so many numbers from a table's counter; returns the number before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"SELECT nextval('{sequence}') - 1")
        before = int(cursor.fetchone()[0])
        cursor.execute("SELECT setval(%s, %s)", [sequence, max(1, before + count)])
    return before


def copy(table: str, columns: str, rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a table; returns how many."""
    count = 0
    with connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(c) for c in columns.split())
        with cursor.copy(f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN") as out:
            for row in rows:
                out.write_row(row)
                count += 1
    return count


class Writer:
    """Writes a street; keeps what to add to its numbers to get the database's."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.now = timezone.now()
        self._before = {
            "estate": reserve("places_estate", len(street.estates)),
            "building": reserve("places_building", len(street.buildings)),
            "unit": reserve("places_unit", len(street.units)),
            "home": reserve("places_home", len(street.homes)),
            "person": reserve("people_person", len(street.people)),
            "household": reserve("people_household", len(street.households)),
        }

    def number(self, kind: str, own: int) -> int:
        return self._before[kind] + own

    def write(self) -> None:
        """Everything, in the order that references need."""
        self._places()
        self._people()
        self._ties()
        self._networks()
        self._lettings()

    # -- places -------------------------------------------------------------------------------------------

    def _places(self) -> None:
        street, n = self.street, self.number
        copy(
            "places_estate",
            "id region_code name initials address built_year developer heating safety_officer safety_phone outline note updated_at",
            (
                (
                    n("estate", e.id), e.region, e.name, hanzi.initials(e.name), e.address, e.built, "", "", "", "", _json(e.outline),
                    "", self.now,
                )
                for e in street.estates
            ),
        )  # fmt: skip
        copy(
            "places_estatemanagement",
            "region_code estate_id way company phone fee contract_until period note",
            (
                (
                    e.region, n("estate", e.id), m.way, m.company, m.phone, m.fee, m.contract_until, period_text(m.period),
                    m.note,
                )
                for e in street.estates
                for m in e.managements
            ),
        )  # fmt: skip
        copy(
            "places_building",
            "id region_code estate_id name number position kind floors lifts lifts_since lifts_checked_until built_year has_gas heating "
            "structure area address longitude latitude outline note updated_at",
            (
                (
                    n("building", b.id), b.region, n("estate", b.estate.id), b.name, b.number, b.position, b.kind,
                    b.floors, b.lifts, b.lifts_since, b.lifts_checked_until, b.built, b.has_gas, b.heating, b.structure,
                    sum(h.area for h in b.homes if h.area is not None) or None,
                    "", b.longitude, b.latitude, _json(b.outline), "", self.now,
                )
                for b in street.buildings
            ),
        )  # fmt: skip
        copy(
            "places_unit",
            "id region_code building_id name position",
            (
                (n("unit", u.id), u.building.region, n("building", u.building.id), u.name, u.position)
                for u in street.units
            ),
        )
        copy(
            "places_home",
            "id region_code building_id unit_id door floor position full_address use tenure area rooms ownership category layout origin "
            "certificate certificate_on land_paper owner_kind owner_paper public_kind deed owner_name owner_phone owner_id_number note updated_at",
            map(self._home, street.homes),
        )

    def _home(self, h: Home) -> Sequence[Any]:
        unit = h.unit
        address = full_address(h.building.estate.name, h.building.name, unit.name if unit else "", h.door)
        return (
            self.number("home", h.id), h.region, self.number("building", h.building.id),
            None if unit is None else self.number("unit", unit.id), h.door, h.floor, h.position, address, h.use,
            h.tenure, h.area, h.rooms, "", "", h.layout, h.origin, h.certificate, h.certificate_on, h.land_paper, h.owner_kind,
            h.owner_paper, h.public_kind, h.deed, h.owner_name,
            seal(h.owner_phone, "phone"),
            seal(h.owner_id_number, "id_number"), h.note,
            self.now,
        )  # fmt: skip

    # -- people -------------------------------------------------------------------------------------------

    def _people(self) -> None:
        street, n = self.street, self.number
        copy(
            "people_person",
            "id region_code name initials former_name sex birth_date death_date id_kind id_number id_digest id_tail "
            "ethnic native_place marital political education employment occupation employer phone phone_digest "
            "phone_tail landline email blood_type health skills started_work_on birth_place schooling school_since self_care labour "
            "medical_insurance pension_insurance standing verified_on source note created_at updated_at",
            map(self._person, street.people),
        )
        copy(
            "people_household",
            "id region_code number kind home_id note updated_at",
            (
                (
                    n("household", h.id), h.region, h.number, h.kind,
                    None if h.home is None else n("home", h.home.id), "", self.now,
                )
                for h in street.households
            ),
        )  # fmt: skip

    def _person(self, p: Person) -> Sequence[Any]:
        ids, phones = id_columns(p.id_number), phone_columns(p.phone)
        return (
            self.number("person", p.id), p.region, p.name, hanzi.name_initials(p.name), p.former_name, p.sex, p.birth,
            p.death, "01" if p.id_number else "", seal(p.id_number, "id_number"), ids["id_digest"], ids["id_tail"],
            p.ethnic, p.native_place, p.marital, p.political, p.education, p.employment, p.occupation, p.employer,
            seal(p.phone, "phone"), phones["phone_digest"], phones["phone_tail"], seal(p.landline, "phone"), p.email,
            p.blood_type, p.health, p.skills, p.started_work_on, p.birth_place, p.schooling, p.school_since, p.self_care, p.labour,
            p.medical_insurance, p.pension_insurance, p.standing, p.verified_on, p.source, p.note,
            _morning(p.entered_on(self.street.on)), self.now,
        )  # fmt: skip

    def _ties(self) -> None:
        street, n = self.street, self.number
        with connection.cursor() as cursor:
            # Every household of the street is made with its head.
            cursor.execute("SELECT set_config('linli.heads_checked', 'yes', true)")
        copy(
            "people_householdmember",
            "region_code household_id person_id relation period",
            (
                (
                    m.person.region, n("household", m.household.id), n("person", m.person.id), m.relation,
                    period_text(m.period),
                )
                for m in street.members
            ),
        )  # fmt: skip
        copy(
            "people_residence",
            "region_code person_id kind home_id address period reason dwelling hukou_nature came_from went_to "
            "permit_kind permit_number permit_on permit_until permit_place station",
            self._residences(),
        )
        copy(
            "people_kinship",
            "region_code person_id relation relative_id relative_name relative_phone how period",
            (
                (
                    k.person.region, n("person", k.person.id), k.relation,
                    None if k.relative is None else n("person", k.relative.id), k.name, seal(k.phone, "phone"),
                    k.how, period_text(k.period),
                )
                for k in street.kin
            ),
        )  # fmt: skip
        groups = dict(Group.objects.values_list("code", "id"))
        copy(
            "groups_membership",
            "region_code group_id person_id class_code level_code certificate evidence amount period review_on source "
            "note updated_at details",
            (
                (
                    m.person.region, groups[m.group], n("person", m.person.id), m.class_code, m.level_code,
                    seal(m.certificate, "certificate"), m.evidence, m.amount, period_text(m.period), m.review_on, "",
                    "", self.now, json.dumps(m.details, ensure_ascii=False),
                )
                for m in street.memberships
            ),
        )  # fmt: skip
        copy(
            "organisations_organisation",
            "region_code name initials credit_code kind industry address premises_id legal_person contact contact_phone "
            "staff founded_on note updated_at",
            (
                (
                    o.region, o.name, hanzi.initials(o.name), o.credit_code, o.kind, o.industry, o.address,
                    None if o.premises is None else n("home", o.premises.id), o.legal_person, o.contact,
                    seal(o.phone, "phone"), o.staff, o.founded_on, "", self.now,
                )
                for o in street.organisations
            ),
        )  # fmt: skip

    def _networks(self) -> None:
        """Posts with what they look after, and back streets with the buildings along them."""
        street, n = self.street, self.number
        first = reserve("networks_networkpost", len(street.posts))
        copy(
            "networks_networkpost",
            'id region_code kind person_id name phone group unit period reason note',
            (
                (
                    first + number, p.region, p.kind, None if p.person is None else n("person", p.person.id),
                    p.name if p.person is None else p.person.name, seal(p.phone, "phone"), p.group, p.unit,
                    period_text(p.period), "", "",
                )
                for number, p in enumerate(street.posts, 1)
            ),
        )  # fmt: skip
        copy(
            "networks_cover",
            "post_id building_id unit_id home_id",
            (
                (
                    first + number,
                    n("building", building.id),
                    None if unit is None else n("unit", unit.id),
                    None,
                )
                for number, p in enumerate(street.posts, 1)
                for building, unit in p.stairs
            ),
        )
        lanes = reserve("places_backstreet", len(street.back_streets))
        copy(
            "places_backstreet",
            "id region_code name initials course facing length width condition renewal renewed_on keeper note updated_at",
            (
                (
                    lanes + number, s.region, s.name, hanzi.initials(s.name), s.course, "", s.length, s.width, s.condition,
                    s.renewal, s.renewed_on, "", "", self.now,
                )
                for number, s in enumerate(street.back_streets, 1)
            ),
        )  # fmt: skip
        copy(
            "places_backstreet_buildings",
            "backstreet_id building_id",
            (
                (lanes + number, n("building", building.id))
                for number, s in enumerate(street.back_streets, 1)
                for building in s.buildings
            ),
        )

    def _lettings(self) -> None:
        """What homes that are let say of their letting, and hazards found."""
        street, n = self.street, self.number
        copy(
            "lettings_letting",
            "region_code home_id landlord_id landlord_kind landlord_name landlord_phone landlord_number tenant_id tenant_name "
            "tenant_phone use rooms most rent agreed_until record_number safety_signed safe_exit fire_lane grade checked_on period "
            "reason note",
            (
                (
                    one.home.region, n("home", one.home.id), None, one.kind, one.landlord, seal(one.phone, "phone"), b"",
                    None if one.tenant is None else n("person", one.tenant.id), "" if one.tenant is None else one.tenant.name,
                    b"", one.home.letting_use, None, None, one.home.rent, one.home.let_until, one.record, one.signed, None, None,
                    one.grade, one.checked_on, period_text(one.period), one.reason, "",
                )
                for one in street.lettings
            ),
        )  # fmt: skip
        copy(
            "lettings_hazard",
            "region_code home_id kind severity description found_on fixed_on measure",
            (
                (
                    h.home.region, n("home", h.home.id), h.kind, h.severity, h.description, h.found_on, h.fixed_on,
                    h.measure,
                )
                for h in street.hazards
            ),
        )  # fmt: skip

    def _residences(self) -> Iterator[Sequence[Any]]:
        for person in self.street.people:
            number = self.number("person", person.id)
            for r in person.residences:
                yield (
                    r.region, number, r.kind, None if r.home is None else self.number("home", r.home.id), r.address,
                    period_text(r.period), r.reason, r.dwelling, r.nature, r.came_from, r.went_to,
                    r.permit_kind, seal(r.permit, "permit"), r.permit_on, r.permit_until,
                    r.permit_place, r.station,
                )  # fmt: skip


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=_BEIJING)
