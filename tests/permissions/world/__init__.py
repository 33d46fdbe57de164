"""A small world: one of everything in the worker's community, for the permission table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.access.models import Post
from linli.access.models import Unit as Office
from linli.access.testing import COMMUNITY, STREET, Characters, characters
from linli.access.units import own_unit
from linli.audit.recording import SYSTEM
from linli.flow import actions as flow
from linli.flow.tests.example import WHISTLE
from linli.jobs.models import Job
from linli.kernel import citizen_number
from linli.ledgers.models import FilledForm, FormUpload
from linli.lists.actions import save_list
from linli.lists.rules import Definition
from linli.notices.models import Notice
from linli.regions import loading
from linli.registry.adjustment.actions import open_plan
from linli.registry.adjustment.models import Norm
from linli.registry.changes.actions import propose_change
from linli.registry.groups.models import EvidenceFile, Group, Membership
from linli.registry.groups.seeds import ensure_groups
from linli.registry.lettings.models import Hazard, Letting
from linli.registry.matching.models import Merge, Pair
from linli.registry.networks.models import NetworkPost
from linli.registry.organisations.models import (
    Check,
    ManagedEstate,
    Organisation,
    Position,
    Premises,
    Tie,
)
from linli.registry.people import standing
from linli.registry.people.models import Household, HouseholdMember, Kinship, Person, Residence
from linli.registry.people.sealing import id_columns, phone_columns
from linli.registry.places.addresses import full_address
from linli.registry.places.models import (
    Building,
    Estate,
    EstateManagement,
    Home,
    Lift,
    Unit,
)
from linli.registry.sources import knowing
from tests.permissions.world.admission import applications
from tests.permissions.world.certificates import certified
from tests.permissions.world.forms import filled_form, form_tasks, returned_roster
from tests.permissions.world.gate import asked_off_the_list, assessed, catalogue, plates_of, visits
from tests.permissions.world.places import around
from tests.permissions.world.sharing import shared


@dataclass
class World:
    """The characters, and one record of each kind that all lie in the worker's community."""

    people: Characters
    estate: Estate
    building: Building
    unit: Unit
    home: Home
    person: Person
    household: Household
    group: Group
    membership: Membership
    evidence: EvidenceFile
    organisation: Organisation
    premises: Premises
    position: Position
    tie: Tie
    managed: ManagedEstate
    check: Check
    residence: Residence
    kinship: Kinship
    job: Job
    form: FormUpload
    filled: FilledForm
    extra: dict[str, Any]


def together(*parts: dict[str, Any]) -> dict[str, Any]:
    """The records of all rooms; two of one name would hide one another."""
    found: dict[str, Any] = {}
    for part in parts:
        twice = found.keys() & part.keys()
        assert not twice, f"two rooms call a record {sorted(twice)}"
        found |= part
    return found


def make() -> World:
    """Build the world in the test's database."""
    loading.load_carried(SYSTEM)
    ensure_groups(acting_user=SYSTEM)
    people = characters()
    since = date(2015, 3, 1)
    estate = Estate.objects.create(region_code=COMMUNITY, name="东外小区")
    building = Building.objects.create(
        region_code=COMMUNITY, estate=estate, name="1号楼", number="1", floors=6
    )
    unit = Unit.objects.create(region_code=COMMUNITY, building=building, name="1单元")
    home = Home.objects.create(
        region_code=COMMUNITY,
        building=building,
        unit=unit,
        door="101",
        floor=1,
        full_address=full_address("东外小区", "1号楼", "1单元", "101"),
    )
    number = "11011919500315002"
    number += citizen_number.checksum(number)
    person = Person.objects.create(
        region_code=COMMUNITY,
        name="测试人甲",
        sex="2",
        birth_date=date(1950, 3, 15),
        id_kind="01",
        id_number=number,
        phone="13800001234",
        **id_columns(number),
        **phone_columns("13800001234"),
    )
    household = Household.objects.create(region_code=COMMUNITY, number="110119002001-0001", home=home)
    HouseholdMember.objects.create(
        region_code=COMMUNITY, household=household, person=person, relation="02", period=(since, None)
    )
    residence = Residence.objects.create(
        region_code=COMMUNITY, person=person, kind="living", home=home, period=(since, None)
    )
    Residence.objects.create(
        region_code=COMMUNITY, person=person, kind="hukou", home=home, period=(since, None)
    )
    standing.refresh([person.pk])
    group = Group.objects.get(code="low_income")
    membership = Membership.objects.create(
        region_code=COMMUNITY, group=group, person=person, period=(since, None)
    )
    evidence = EvidenceFile.objects.create(
        membership=membership,
        path="evidence/none",
        name="低保证.jpg",
        media_type="image/jpeg",
        size=1,
        sha256="",
    )
    organisation = Organisation.objects.create(
        region_code=COMMUNITY, name="东外社区卫生服务站", kind="resident_unit"
    )
    premises = Premises.objects.create(
        region_code=COMMUNITY, organisation=organisation, home=home, period=(since, None)
    )
    position = Position.objects.create(
        region_code=COMMUNITY, organisation=organisation, name="赵站长", role="head", period=(since, None)
    )
    company = Organisation.objects.create(region_code=COMMUNITY, name="东外物业", kind="property")
    tie = Tie.objects.create(
        region_code=COMMUNITY, organisation=organisation, other=company, kind="service", period=(since, None)
    )
    management = EstateManagement.objects.create(
        region_code=COMMUNITY,
        estate=Estate.objects.create(region_code=COMMUNITY, name="东外东里"),
        way="property",
        company="东外物业",
        period=(since, None),
    )
    managed = ManagedEstate.objects.create(region_code=COMMUNITY, organisation=company, management=management)
    check = Check.objects.create(
        region_code=COMMUNITY, organisation=organisation, kind="safety", due_on=date(2026, 11, 30)
    )
    kinship = Kinship.objects.create(
        region_code=COMMUNITY,
        person=person,
        relation="guardian",
        relative_name="测试亲属",
        period=(since, None),
    )
    job = Job.objects.create(kind="nothing", title="测试任务", user=people.worker, region_code=COMMUNITY)
    form, filled = filled_form(people)
    plan = open_plan(acting_user=people.officer, region_code=STREET, name="测试方案")
    norm = Norm.objects.create(region_code=STREET, kind="households", low=800, high=3000, source="测试标准")
    notice = Notice.objects.create(user=people.worker, title="测试消息")
    post = Post.objects.get(user=people.worker)
    second = Person.objects.create(region_code=COMMUNITY, name="测试人甲", birth_date=date(1950, 3, 15))
    pair = Pair.objects.create(
        subject="person", left=person.pk, right=second.pk, region_code=COMMUNITY, score=55
    )
    merge = Merge.objects.create(
        subject="person",
        survivor=person.pk,
        merged=10**9,
        region_code=COMMUNITY,
        name="测试人甲",
        made_by="x",
    )
    street_unit, department = own_unit(STREET), Office.objects.get(name="延庆区民政局")
    assert street_unit is not None
    flow.ensure_kind(WHISTLE)
    case = flow.open_case(
        acting_user=people.worker,
        kind=WHISTLE.key,
        title="测试积水",
        region_code=COMMUNITY,
        coordinator=street_unit,
        give=[street_unit],
    )
    flow.add_units(acting_user=people.officer, case=case, units=[department], task="到场")
    kept = save_list(acting_user=people.worker, definition=Definition("person"), name="全部居民")
    seen = visits(people)
    return World(
        people,
        estate,
        building,
        unit,
        home,
        person,
        household,
        group,
        membership,
        evidence,
        organisation,
        premises,
        position,
        tie,
        managed,
        check,
        residence,
        kinship,
        job,
        form,
        filled,
        together(
            {
                "notice": notice,
                "post": post,
                "number": number,
                "pair": pair,
                "merge": merge,
                "list": kept,
                "case": case,
                "clock": case.clocks.get(scope="whole"),
                "lead": case.assignments.get(unit=street_unit),
                "support": case.assignments.get(unit=department),
                "plan": plan,
                "norm": norm,
            },
            shared(people),
            seen,
            asked_off_the_list(people, seen["warrant"]),
            plates_of(people),
            assessed(),
            around(estate),
            {
                "lift": Lift.objects.create(region_code=COMMUNITY, building=building, name="1号梯"),
            },
            catalogue(department),
            {
                "letting": Letting.objects.create(
                    region_code=COMMUNITY, home=home, landlord_name="测试房东", period=(since, None)
                ),
                "hazard": Hazard.objects.create(region_code=COMMUNITY, home=home, kind="01", found_on=since),
                "network_post": NetworkPost.objects.create(
                    region_code=COMMUNITY,
                    kind="door_head",
                    person=person,
                    name=person.name,
                    period=(since, None),
                ),
            },
            certified(people, person),
            applications(people),
            form_tasks(people),
            {
                "source_kind": knowing.kind("civil"),
                "returned": returned_roster(people),
                "change": propose_change(
                    acting_user=people.department,
                    about="home",
                    target_id=home.pk,
                    element="tenure",
                    after="出租",
                    reason="房东到窗口登记",
                ),
            },
        ),
    )
