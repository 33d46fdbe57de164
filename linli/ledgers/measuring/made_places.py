"""The estates, homes, lettings and organisations of the made-up street."""

from __future__ import annotations

from itertools import cycle

from linli.kernel import codes
from linli.ledgers.measuring.made_street import MadeUp, age_of, choice, id_number, pick
from linli.registry.lettings.models import Grade, Hazard, LandlordKind, Letting
from linli.registry.organisations.models import (
    LegalForm,
    Organisation,
    OrganisationKind,
    Position,
    PositionRole,
    SocialClass,
)
from linli.registry.organisations.models import Ownership as UnitOwnership
from linli.registry.people.models import Person
from linli.registry.places.models import (
    Building,
    Deed,
    Estate,
    EstateManagement,
    Home,
    HomeCategory,
    HomeOrigin,
    LandPaper,
    OwnerKind,
    OwnerPaper,
    Ownership,
    PublicHousing,
    Unit,
)


def estate(made: MadeUp, community: str, place: int) -> list[Home]:
    """Two estates with three buildings of twelve homes."""
    homes: list[Home] = []
    for which in (1, 2):
        grid = f"{community}{which:03d}"
        number = made.next()
        estate = Estate.objects.create(
            region_code=grid,
            name=f"锦{'绣和平安康'[place + which]}苑{number}号",
            address=f"建设路{number}号",
            built_year=1999,
            developer=f"宏远置业{number}公司",
            parking_indoor=number % 83 + 110,
            parking_outdoor=number % 47 + 21,
            safety_officer=made.name(),
            safety_phone=made.phone(),
        )
        EstateManagement.objects.create(
            region_code=grid,
            estate=estate,
            way="property",
            company=f"安居物业{number}公司",
            phone=f"010-8100{number:04d}",
            fee=f"{1 + number % 3}.{number % 9 + 1}0",
            period=made.since(2020),
        )
        for tower in (1, 2):
            number = made.next()
            building = Building.objects.create(
                region_code=grid,
                estate=estate,
                name=f"{number}号楼",
                number=str(number),
                floors=6 + tower,
                lifts=tower,
                built_year=1980 + number % 40,
                structure=pick(codes.STRUCTURE, number),
                area=f"{5000 + number}.50",
                address=f"建设路{number}号院",
                has_gas=bool(tower - 1),
                position=tower,
                longitude=f"115.9{number:04d}",
                latitude=f"40.4{number:04d}",
            )
            unit = Unit.objects.create(region_code=grid, building=building, name=f"{tower + 2}单元")
            for door in range(1, 7):
                number = made.next()
                let = door >= 5
                flat = f"{door}{number % 90 + 10}"
                homes.append(
                    Home(
                        region_code=grid,
                        building=building,
                        unit=unit,
                        door=flat,
                        floor=door,
                        full_address=f"{estate.name}{building.name}{unit.name}{flat}室",
                        tenure="let" if let else "owned",
                        area=f"{60 + number % 80}.{number % 9 + 1}0",
                        rooms=number % 4 + 1,
                        ownership=choice(Ownership, number),
                        category=choice(HomeCategory, number + 1),
                        layout=f"{number % 4 + 1}室{number % 2 + 1}厅{number % 3 + 1}卫",
                        origin=choice(HomeOrigin, number),
                        certificate=f"京房权证延字第{number:06d}号",
                        certificate_on=made.day(2002 + number % 15),
                        land_paper=choice(LandPaper, number),
                        land_certificate=f"京延国用第{number:06d}号",
                        land_certificate_on=made.day(2001 + number % 13),
                        deed=choice(Deed, number),
                        public_kind=choice(PublicHousing, number),
                        owner_kind=choice(OwnerKind, number),
                        owner_paper=choice(OwnerPaper, number + 2),
                        owner_name=made.name(),
                        owner_phone=made.phone(),
                        owner_id_number=id_number(made),
                    )
                )
    Home.objects.bulk_create(homes)
    _let(made, homes)
    return homes


def _let(made: MadeUp, homes: list[Home]) -> None:
    """A running letting, and a hazard, for every home that is let."""
    for home in homes:
        if home.tenure != "let":
            continue
        number = made.next()
        Letting.objects.create(
            region_code=home.region_code,
            home=home,
            landlord_kind=choice(LandlordKind, number),
            landlord_name=home.owner_name if number % 2 else made.name(),
            landlord_phone=home.owner_phone if number % 2 else made.phone(),
            landlord_paper=choice(OwnerPaper, number),
            landlord_number=home.owner_id_number if number % 2 else id_number(made),
            rent=f"{1500 + number}.00",
            rooms=number % 5 + 2,
            most=number % 7 + 9,
            use="02",
            record_number=f"延租备{number:06d}",
            safety_signed=number % 2 == 0,
            safe_exit=number % 3 == 0,
            fire_lane=number % 5 < 3,
            grade=choice(Grade, number),
            agreed_until=made.day(2028),
            period=made.since(2023),
        )
        Hazard.objects.create(
            region_code=home.region_code,
            home=home,
            kind="01",
            description=f"隐患{number}",
            found_on=made.day(2025),
        )


def organisations(made: MadeUp, community: str, homes: list[Home]) -> None:
    """Two organisations of every kind, each with two people of the base and one known by name only in a post."""
    grown = [one for one in made.people if one.region_code.startswith(community) and age_of(one) >= 20]
    staff = cycle(grown)
    for place, kind in enumerate(OrganisationKind):
        for again in (0, 1):
            number = made.next()
            is_social = kind is OrganisationKind.SOCIAL
            organisation = Organisation.objects.create(
                region_code=f"{community}{again + 1:03d}",
                name=f"{kind.label}第{number}号",
                credit_code=f"91110229MA{number:07d}X",
                kind=kind.value,
                industry=f"行业{number}",
                address=f"建设路{number}号底商",
                legal_person=made.name(),
                contact=made.name(),
                contact_phone=made.phone(),
                landline=f"010-6918{number:04d}",
                staff=number % 90 + 3,
                founded_on=made.day(2012),
                premises=homes[place] if again else None,
                ownership=choice(UnitOwnership, number),
                supervisor=f"主管局{number}处",
                is_key=again == 1,
                fire_grade=number % 4 + 1,
                legal_form=choice(LegalForm, number),
                capital=f"{number * 3}.50",
                business_scope=f"经营项目{number}",
                registered_address=f"登记大街{number}号",
                registration_number=f"延社证字第{number:05d}号",
                registered_on=made.day(2014),
                valid_until=made.day(2029),
                social_class=choice(SocialClass, number) if is_social else "",
                members=number % 60 + 100 if is_social else None,
                party_members=number % 20 + 5 if is_social else None,
                duties=f"职责{number}" if is_social else "",
            )
            _posts(made, organisation, [next(staff), next(staff)])


def _posts(made: MadeUp, organisation: Organisation, people: list[Person]) -> None:
    roles = (PositionRole.SECURITY_HEAD, PositionRole.CLERK, PositionRole.GUARD)
    for role, person in zip(roles, (*people, None), strict=True):
        Position.objects.create(
            region_code=organisation.region_code,
            organisation=organisation,
            person=person,
            name="" if person else made.name(),
            phone=None if person else made.phone(),
            role=role,
            period=made.since(2022),
        )
