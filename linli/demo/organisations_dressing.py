"""What the street's organisations are beyond their names: terms, filings, opening hours, people, premises, contracts, checks.

Drawn by a lot of its own, so that the rest of the street stays as it is. Runs on the written rows.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Final

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from linli.demo import names
from linli.demo.chances import day_between, years_before
from linli.kernel import hanzi
from linli.kernel.ages import birthday_in
from linli.registry.organisations.models import (
    Check,
    ManagedEstate,
    Organisation,
    Position,
    Tie,
)
from linli.registry.people.models import Person
from linli.registry.places.models import EstateManagement

_OUTLETS: Final = ("便民超市", "水果店", "药店", "理发店", "早点铺", "洗衣店", "家电维修部", "五金店")
_HOURS: Final = ("每天 6:00–21:00", "每天 7:00–22:00", "每天 8:00–20:00", "周一至周六 8:30–18:30")
_SOCIAL: Final = {
    "合唱团": "culture",
    "书画社": "culture",
    "太极拳队": "culture",
    "乒乓球协会": "culture",
    "互助会": "livelihood",
    "志愿服务队": "welfare",
    "助残社": "charity",
    "手工坊": "culture",
}
_VENDORS: Final = (
    ("夏都康宁居家养老服务中心", "居家养老、助餐助浴"),
    ("妫川家政服务部", "保洁、陪护、搬运"),
    ("缙阳电梯维保服务部", "住宅电梯维护保养"),
    ("海坨便民维修服务部", "水电暖维修、开锁"),
)


def dress(on: date) -> None:
    """Fill in what the written organisations are; the same for the same street and day."""
    rng = Random(f"linli organisations {Organisation.objects.count()}")
    _vendors(rng, on)
    listed = list(Organisation.objects.order_by("pk"))
    for one in listed:
        _own_facts(one, rng, on)
    fields = (
        "ownership legal_form capital business_scope is_key fire_grade is_outlet opening_hours registration "
        "registration_number registered_on valid_until social_class members party_members duties term_from term_until "
        "seats supervisor landline"
    )
    Organisation.objects.bulk_update(listed, fields.split(), batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisations_premises (region_code, organisation_id, home_id, use, period) "
            "SELECT region_code, id, premises_id, 'main', daterange(founded_on, NULL) FROM organisations_organisation "
            "WHERE premises_id IS NOT NULL"
        )
    _managed()
    _positions(listed, rng, on)
    _contracts(listed, rng, on)
    _checks(listed, rng, on)
    rosters(on)


def _vendors(rng: Random, on: date) -> None:
    homes = Organisation.objects.filter(kind="property").order_by("pk")[: len(_VENDORS)]
    for (name, scope), near in zip(_VENDORS, homes, strict=False):
        person = names.full_name(rng, names.surname(rng), rng.choice("12"), 1978)
        Organisation.objects.create(
            region_code=near.region_code,
            name=name,
            initials=hanzi.initials(name),
            kind="vendor",
            industry="居民服务、修理和其他服务业",
            address=near.address,
            legal_person=person,
            contact=person,
            staff=rng.randint(6, 40),
            founded_on=day_between(rng, date(2012, 1, 1), years_before(on, 1)),
            business_scope=scope,
        )


def _own_facts(one: Organisation, rng: Random, on: date) -> None:
    if one.kind in ("resident_unit", "shop", "property", "vendor"):
        first = one.credit_code[:2]
        if first in ("11", "12"):
            one.ownership, one.supervisor = (
                "institution",
                "延庆区教育委员会" if one.industry == "教育" else "",
            )
        elif first == "92" or one.kind == "shop":
            one.ownership, one.legal_form = "individual", "individual"
        elif any(word in one.name for word in ("供热", "自来水", "邮政", "燃气", "公共交通")):
            one.ownership, one.legal_form = "state", "limited"
        else:
            one.ownership, one.legal_form = "private", "limited"
            one.capital = rng.choice((50, 100, 200, 500, 1000))
        one.business_scope = one.business_scope or one.industry
        one.is_key = one.kind == "resident_unit" and any(
            word in one.name for word in ("小学", "中学", "幼儿园", "宾馆", "燃气", "养老", "超市")
        )
        if one.is_key:
            one.fire_grade = rng.choice((1, 2, 2, 3))
        if rng.random() < 0.35:
            one.valid_until = on + timedelta(days=rng.randint(-40, 1400))
    if one.kind == "shop":
        one.is_outlet = any(word in one.name for word in _OUTLETS) and rng.random() < 0.7
        one.opening_hours = rng.choice(_HOURS)
    if one.kind == "social":
        one.registration = "registered" if one.credit_code else "filed"
        number = f"{rng.randrange(10**4):04d}"
        one.registration_number = f"京延民社证字第{number}号" if one.credit_code else f"香水园备{number}"
        one.registered_on = one.founded_on
        one.supervisor = "香水园街道办事处"
        one.social_class = next((kind for word, kind in _SOCIAL.items() if word in one.name), "welfare")
        one.members = one.staff or rng.randint(12, 60)
        one.party_members = rng.randint(0, one.members // 3)
        one.duties = "组织居民开展日常活动，参与社区志愿服务。"
    if one.kind == "owners":
        since = max(one.founded_on or years_before(on, 4), years_before(on, rng.uniform(0.5, 5.2)))
        one.term_from, one.term_until = since, birthday_in(since, since.year + 5)
        one.registration, one.registered_on, one.seats = "filed", since, rng.choice((5, 5, 7, 9))
        one.registration_number = f"延建备{rng.randrange(10**4):04d}"


def _managed() -> None:
    companies = {one.name: one for one in Organisation.objects.filter(kind="property")}
    rows = EstateManagement.objects.filter(way="property", company__in=companies).order_by("pk")
    ManagedEstate.objects.bulk_create(
        ManagedEstate(region_code=row.region_code, organisation=companies[row.company], management_id=row.pk)
        for row in rows
    )


def _position(one: Organisation, role: str, since: date | None, **more: Any) -> Position:
    return Position(
        region_code=one.region_code, organisation=one, role=role, period=DateRange(since, None), **more
    )


def _positions(listed: list[Organisation], rng: Random, on: date) -> None:
    found: list[Position] = []
    able = list(
        Person.objects.filter(standing__in=("registered", "here_only"), death_date=None)
        .filter(birth_date__range=(years_before(on, 68), years_before(on, 30)))
        .order_by("pk")
        .only("pk", "region_code", "name")[:20_000:7]
    )
    by_community: dict[str, list[Person]] = {}
    for person in able:
        by_community.setdefault(person.region_code[:12], []).append(person)
    for one in listed:
        near = by_community.get(one.region_code[:12]) or able
        if not near:
            continue
        if one.kind == "owners":
            chosen = rng.sample(near, min(len(near), one.seats or 5))
            roles = ["chair", "vice_chair", *["committee"] * len(chosen)]
            found += [
                _position(one, role, one.term_from, person=person)
                for role, person in zip(roles, chosen, strict=False)
            ]
            one.legal_person = one.contact = chosen[0].name
        elif one.legal_person and one.kind != "social":
            found.append(_position(one, "legal_person", one.founded_on, name=one.legal_person))
        if one.kind == "social":
            found.append(_position(one, "president", one.founded_on, person=rng.choice(near)))
        if one.kind == "property":
            manager = names.full_name(rng, names.surname(rng), rng.choice("12"), 1984)
            found.append(
                _position(one, "project_manager", years_before(on, rng.uniform(0.3, 4)), name=manager)
            )
        if one.is_key:
            found.append(
                _position(one, "fire_head", one.founded_on, name=one.legal_person or one.contact or "未登记")
            )
        if one.kind in ("shop", "resident_unit") and rng.random() < 0.25:
            for person in rng.sample(near, min(len(near), rng.randint(1, 3))):
                found.append(_position(one, "clerk", years_before(on, rng.uniform(0.2, 6)), person=person))
    Position.objects.bulk_create(found, batch_size=1000)
    Organisation.objects.bulk_update(
        [one for one in listed if one.kind == "owners"], ["legal_person", "contact"]
    )


def _contracts(listed: list[Organisation], rng: Random, on: date) -> None:
    companies = [one for one in listed if one.kind == "property"]
    by_estate = {
        row.management.estate.name: row.organisation
        for row in ManagedEstate.objects.select_related("management__estate", "organisation")
    }
    ties = []
    for one in listed:
        if one.kind != "owners":
            continue
        company = by_estate.get(one.name.removesuffix("业主委员会")) or (
            rng.choice(companies) if companies else None
        )
        if company is not None:
            since = one.term_from or years_before(on, 2)
            ties.append(
                Tie(
                    region_code=one.region_code,
                    organisation=one,
                    other=company,
                    kind="service",
                    contract=f"WY{since.year}{rng.randrange(10**3):03d}",
                    contract_until=on + timedelta(days=rng.randint(-60, 700)),
                    period=DateRange(since, None),
                )
            )
    Tie.objects.bulk_create(ties)


def _checks(listed: list[Organisation], rng: Random, on: date) -> None:
    found: list[Check] = []

    def add(one: Organisation, kind: str, due_on: date, **more: Any) -> None:
        found.append(Check(region_code=one.region_code, organisation=one, kind=kind, due_on=due_on, **more))

    for one in listed:
        for field, kind in (("term_until", "election"), ("valid_until", "licence")):
            if (day := getattr(one, field)) is not None:
                add(one, kind, day, source=field)
        if one.legal_form in ("limited", "shares"):
            last = date(on.year if on >= date(on.year, 6, 30) else on.year - 1, 6, 30)
            add(one, "annual", last, every_months=12, result="passed", done_on=last, said="已报送年报")
            add(one, "annual", date(last.year + 1, 6, 30), every_months=12)
        if one.kind == "shop" and rng.random() < 0.5:
            done = on - timedelta(days=rng.randint(20, 110))
            passed = rng.random() < 0.85
            add(
                one,
                "safety",
                done,
                every_months=3,
                result="passed" if passed else "mend",
                done_on=done,
                said="" if passed else rng.choice(("灭火器过期", "疏散通道堆放货物", "电线老化")),
            )
            add(one, "safety", done + timedelta(days=91 if passed else 30), every_months=3)
        if one.is_key:
            add(one, "fire", on + timedelta(days=rng.randint(-20, 330)), every_months=12)
    for tie in Tie.objects.exclude(contract_until=None).select_related("organisation"):
        add(tie.organisation, "contract", tie.contract_until, source=f"tie:{tie.pk}")  # type: ignore[arg-type]
    Check.objects.bulk_create(found, batch_size=1000)


_UNNOTICED = """
DELETE FROM groups_membership m USING groups_group g
WHERE g.id = m.group_id AND g.code = 'elderly_alone' AND m.person_id %% 37 = 0
"""
_OUT_OF_DATE = """
INSERT INTO groups_membership (region_code, group_id, person_id, class_code, level_code, certificate, evidence, period,
    review_on, source, note, updated_at)
SELECT p.region_code, g.id, p.id, '', '', '', %(evidence)s, daterange(%(since)s, NULL), %(review)s, '', '', now()
FROM people_person p JOIN groups_group g ON g.code = 'elderly_alone'
JOIN people_residence r ON r.person_id = p.id AND r.kind = 'living' AND upper_inf(r.period) AND lower(r.period) < %(since)s
WHERE p.birth_date < %(born)s AND p.death_date IS NULL AND p.id %% 61 = 0
    AND (SELECT count(*) FROM people_residence o WHERE o.home_id = r.home_id AND o.kind = 'living'
        AND upper_inf(o.period)) > 2
    AND NOT EXISTS (SELECT 1 FROM groups_membership x WHERE x.person_id = p.id AND x.group_id = g.id)
"""


def rosters(on: date) -> None:
    """What rosters of a real base have: some whom nobody noticed yet, some who do not belong any more, aid that ends."""
    since = years_before(on, 2)
    given: dict[str, Any] = {
        "since": since,
        "born": years_before(on, 72),
        "review": on + timedelta(days=20),
        "evidence": f"{since} 入户核实",
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNNOTICED, {})
        cursor.execute(_OUT_OF_DATE, given)
        cursor.execute(
            "UPDATE groups_membership m SET period = daterange(lower(m.period), (lower(m.period) + 365)) "
            "FROM groups_group g WHERE g.id = m.group_id AND g.code = 'aided' AND upper_inf(m.period)"
        )
