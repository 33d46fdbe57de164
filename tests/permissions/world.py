"""A small world: one of everything in the worker's community, for the permission table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from linli.access.models import Post, User
from linli.access.models import Unit as Office
from linli.access.testing import COMMUNITY, DISTRICT, STREET, Characters, characters
from linli.access.units import own_unit
from linli.admission import actions as admission
from linli.audit.recording import SYSTEM
from linli.certificates import actions as certificates
from linli.certificates.models import Seal
from linli.collecting import actions as collecting
from linli.flow import actions as flow
from linli.flow.rules.warrants import Thing
from linli.flow.tests.example import WHISTLE
from linli.gate.agenda import actions as agenda
from linli.gate.assessment import actions as assessment
from linli.gate.assessment.rules import Way
from linli.gate.catalogue.models import Edition, Entry, Item
from linli.gate.plates import actions as plates
from linli.jobs.actions import perform_inline
from linli.jobs.models import Job
from linli.kernel import citizen_number
from linli.ledgers.actions import fill_form, upload_form
from linli.ledgers.models import FilledForm, FormUpload
from linli.lists.actions import save_list
from linli.lists.rules import Definition
from linli.notices.models import Notice
from linli.regions import loading
from linli.regions.models import Region
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
    BackStreet,
    Building,
    Entrance,
    Estate,
    EstateManagement,
    Home,
    Lift,
    Unit,
)
from linli.registry.sources import knowing
from linli.returns.actions import upload_return
from linli.returns.models import Return
from linli.sharing import actions as sharing


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


def _form(people: Characters) -> tuple[FormUpload, FilledForm]:
    """A small roster, uploaded and filled by the worker."""
    book = Workbook()
    page = book.active
    page.append(["序号", "姓名", "性别", "出生日期", "现住地址"])
    data = BytesIO()
    book.save(data)
    form = upload_form(acting_user=people.worker, name="居民花名册.xlsx", data=data.getvalue())
    return form, fill_form(
        acting_user=people.worker, upload=form, region_code=COMMUNITY, on=date(2026, 11, 22)
    )


def _more_places(estate: Estate) -> dict[str, Any]:
    """What stands around an estate."""
    return {
        "management": EstateManagement.objects.create(
            region_code=COMMUNITY, estate=estate, way="self", period=(None, None)
        ),
        "entrance": Entrance.objects.create(region_code=COMMUNITY, estate=estate, name="东门"),
        "back_street": BackStreet.objects.create(region_code=COMMUNITY, name="东外胡同"),
    }


def _returned(people: Characters) -> Return:
    """A filled roster that the worker uploaded."""
    book = Workbook()
    page = book.active
    page.append(["姓名", "身份证号", "文化程度"])
    page.append(["测试人甲", "", "高中"])
    data = BytesIO()
    book.save(data)
    return upload_return(
        acting_user=people.worker,
        name="名册.xlsx",
        data=data.getvalue(),
        region=Region.objects.get(region_code=COMMUNITY),
        sender="延庆区民政局",
        source=knowing.kind("civil"),
        on=date(2026, 11, 22),
    )


def _roster() -> bytes:
    """An empty roster of residents."""
    book = Workbook()
    book.active.append(["序号", "姓名", "身份证号", "文化程度", "助餐需求"])
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _form_tasks(people: Characters) -> dict[str, Any]:
    """A form that a department asks of the worker's community, received and filled, and a draft."""
    warrant = flow.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="测试报表",
        issuer=Office.objects.get(name="延庆区民政局"),
        things=[Thing.FORM],
        since=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=30),
    )
    drafts = [
        collecting.draft(
            acting_user=people.department, warrant=warrant, name="居民花名册.xlsx", data=_roster()
        )
        for _ in range(2)
    ]
    task = collecting.issue(
        acting_user=people.department,
        task=drafts[0],
        communities=[COMMUNITY],
        purpose="测试",
        on=timezone.localdate(),
        working_days=3,
    )
    part = task.parts.get()
    perform_inline(collecting.receive(acting_user=people.worker, part=part))
    return {"form_warrant": warrant, "form_task": task, "form_draft": drafts[1], "form_part": part}


def _certificates(people: Characters, person: Person) -> dict[str, Any]:
    """A certificate that is issued, one that waits for the head to say so, and a slip of refusal."""
    certificates.ensure_list()
    seal = Seal.objects.create(region_code=COMMUNITY, name="测试公章", keeper="测试人")
    asked = {
        "acting_user": people.worker,
        "person_id": person.pk,
        "as_of": timezone.localdate(),
        "asker_kind": "self",
        "asker_paper": "居民身份证原件",
        "purpose": "测试",
        "receiver": "测试学校",
    }
    made = certificates.prepare(code="residence", **asked)
    issued = certificates.issue(
        acting_user=people.worker,
        certificate_id=made.pk,
        seal_id=seal.pk,
        hand="测试人",
        base_url="http://testserver/",
    )
    answers = {
        "法院": "测试法院",
        "案由": "测试",
        "代理人姓名": "测试人乙",
        "代理人号码": "11010519491231002X",
    }
    return {
        "certified": person,
        "seal": seal,
        "certificate": issued,
        "prepared": certificates.prepare(code="litigation_agent", answers=answers, **asked),
        "refusal": certificates.refuse(
            acting_user=people.worker,
            region_code=COMMUNITY,
            asked="亲属关系证明",
            asker="测试银行",
            why="not_allowed",
            code="kinship",
            name="测试人",
        ),
    }


def _catalogue(unit: Office) -> dict[str, Any]:
    """An item of the district's list, the edition it came with, and a draft with the same."""
    terms = {
        "title": "测试事项",
        "category": "测试类",
        "responsibility": "assist",
        "kind": "serve",
        "unit": unit,
        "times": 1,
        "hours": 2,
        "basis_note": "测试",
    }
    since = date(2026, 1, 1)
    item = Item.objects.create(region_code=DISTRICT, code="0001", since=since, **terms)
    found: dict[str, Any] = {"item": item}
    for number, name in ((1, "edition"), (2, "draft")):
        edition = Edition.objects.create(region_code=DISTRICT, number=number, title="测试清单")
        found[f"{name}_entry"] = Entry.objects.create(edition=edition, item=item, **terms)
        found[name] = edition
        if name == "edition":
            now = timezone.now()
            edition.since, edition.published_at, edition.applied_at = since, now, now
            edition.save()
    return found


def _sharing(people: Characters) -> dict[str, Any]:
    """A department's system with a key and an entitlement that waits."""
    unit = Office.objects.get_or_create(region_code=DISTRICT, name="延庆区民政局", kind="department")[0]
    client = sharing.save_client(
        acting_user=people.administrator,
        region_code=DISTRICT,
        unit=unit,
        values={"name": "测试系统", "responsible": "测试人"},
    )
    key, _text = sharing.issue_key(
        acting_user=people.administrator, client_id=client.pk, expires_on=timezone.localdate()
    )
    entitlement = sharing.grant(
        acting_user=people.administrator,
        client_id=client.pk,
        subject="person",
        region_code=COMMUNITY,
        operations=["lookup"],
        purposes=["测试"],
        basis="测试",
        elements=["name"],
    )
    return {"key": key, "entitlement": entitlement}


def _agenda(people: Characters) -> dict[str, Any]:
    """An inspection that a department proposes in the worker's community for tomorrow, and one that came without the gate."""
    warrant = flow.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="测试检查",
        issuer=Office.objects.get(name="延庆区民政局"),
        things=[Thing.INSPECTION],
        since=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=30),
    )
    proposal = agenda.propose(
        acting_user=people.department,
        warrant=warrant,
        thing=Thing.INSPECTION,
        title="测试检查",
        purpose="测试",
        communities=[COMMUNITY],
        first_day=timezone.localdate() + timedelta(days=1),
        hours=Decimal(1),
    )
    unlisted = agenda.record_unlisted(
        acting_user=people.worker,
        region_code=COMMUNITY,
        thing=Thing.MEETING,
        title="测试会议",
        unit_name="测试单位",
        day=timezone.localdate(),
        spent_hours=Decimal(1),
    )
    return {
        "warrant": warrant,
        "proposal": proposal,
        "visit": proposal.visits.get(),
        "unlisted": unlisted,
    }


def _form_file() -> bytes:
    """A small empty form."""
    book = Workbook()
    page = book.active
    page.append(["序号", "姓名", "性别", "手环编号"])
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _admission(people: Characters) -> dict[str, Any]:
    """The department's applications for the worker's community: a draft, one on which opinions are asked, one admitted with a
    payment; an emergency that is over, an objection. They are decided by an officer of the district who is no character."""
    office = Office.objects.get_or_create(
        region_code=DISTRICT, name="延庆区委社会工作部", defaults={"kind": "department"}
    )[0]
    decider = User.objects.create(username="decider", name="马区办", password="!")
    Post.objects.create(
        user=decider, role="district_officer", region_code=DISTRICT, unit=office, valid_from=date(2020, 1, 1)
    )
    unit = Office.objects.get(name="延庆区民政局")
    today = timezone.localdate()
    made = {}
    for key in ("draft", "asked", "admitted"):
        one = admission.save_draft(
            acting_user=people.department,
            unit=unit,
            areas=[COMMUNITY],
            title=f"测试事项{key}",
            content="测试",
            things=["form"],
            times=2,
            since=today,
            until=today + timedelta(days=300),
            hours=Decimal(1),
            document_title="测试文件",
            document_level="district",
            money=Decimal(100),
            responsible="测试人",
            phone="010-69100000" if key != "draft" else "",
        )
        admission.keep_document(acting_user=people.department, application=one, upload=_paper())
        form = admission.attach_form(
            acting_user=people.department, application=one, name=f"{key}.xlsx", data=_form_file()
        )
        made[f"application_{key}"], made[f"application_{key}_form"] = one, form
        if key != "draft":
            one = admission.submit(acting_user=people.department, application=one)
            made[f"application_{key}"] = admission.consult(acting_user=decider, application=one)
    one = made["application_admitted"]
    admission.give_opinion(
        acting_user=people.officer,
        application=one,
        unit=Office.objects.get(region_code=STREET, kind="street"),
        stance="agree",
    )
    admission.decide(acting_user=decider, application=one, outcome="admitted")
    brought = one.admissions.get()
    owed = brought.instalments.first()
    made["payment"] = admission.record_payment(
        acting_user=people.department,
        application=one,
        instalments=[owed],
        amount=Decimal(1),
        paid_on=today,
        upload=_paper(),
    )
    emergency = admission.approve_emergency(
        acting_user=decider,
        region_code=COMMUNITY,
        unit=unit,
        title="测试应急",
        reason="测试",
        things=["form"],
        until=today + timedelta(days=3),
    )
    made["emergency"] = admission.end_emergency(acting_user=decider, emergency=emergency, reason="测试完")
    made["objection"] = admission.raise_objection(
        acting_user=people.worker, region_code=COMMUNITY, item=brought.item, text="测试异议"
    )
    return made


def _paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("测试.pdf", b"%PDF-1.4 test")


def _plates(people: Characters) -> dict[str, Any]:
    """A plate that the worker found, and one that a department proposes, under an item that allows plates."""
    warrant = flow.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="测试挂牌",
        issuer=Office.objects.get(name="延庆区民政局"),
        things=[Thing.PLATE],
        since=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=30),
    )
    proposed = plates.propose(
        acting_user=people.department, warrant=warrant, communities=[COMMUNITY], name="测试站", purpose="测试"
    )
    found = plates.register(acting_user=people.worker, region_code=COMMUNITY, name="测试领导小组")
    return {"plate_warrant": warrant, "plate": found, "proposed_plate": proposed[0]}


def _assessment() -> dict[str, Any]:
    """This year's plan, published, and an old contest."""
    plan = assessment.draft_plan(acting_user=SYSTEM, region_code=DISTRICT, year=2026, title="测试考核")
    part = assessment.set_part(
        acting_user=SYSTEM, plan=plan, title="居民满意度", weight=100, way=Way.SATISFACTION
    )
    contest = assessment.add_contest(acting_user=SYSTEM, region_code=DISTRICT, title="测试评比")
    return {"year_plan": assessment.publish(acting_user=SYSTEM, plan=plan), "part": part, "contest": contest}


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
    form, filled = _form(people)
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
            **_sharing(people),
            **_agenda(people),
            **_plates(people),
            **_assessment(),
            **_more_places(estate),
            "lift": Lift.objects.create(region_code=COMMUNITY, building=building, name="1号梯"),
            **_catalogue(department),
            "letting": Letting.objects.create(
                region_code=COMMUNITY, home=home, landlord_name="测试房东", period=(since, None)
            ),
            "hazard": Hazard.objects.create(region_code=COMMUNITY, home=home, kind="01", found_on=since),
            "network_post": NetworkPost.objects.create(
                region_code=COMMUNITY, kind="door_head", person=person, name=person.name, period=(since, None)
            ),
            **_certificates(people, person),
            **_admission(people),
            **_form_tasks(people),
            "source_kind": knowing.kind("civil"),
            "returned": _returned(people),
            "change": propose_change(
                acting_user=people.department,
                about="home",
                target_id=home.pk,
                element="tenure",
                after="出租",
                reason="房东到窗口登记",
            ),
        },
    )
