"""Steps that the actions are made of. They ask the rules and write; permission and recording are the actions' own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted, locked, require
from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.regions import names
from linli.regions.models import Level
from linli.registry.people import standing
from linli.registry.people.models import (
    HEAD,
    Household,
    HouseholdKind,
    HouseholdMember,
    Person,
    Residence,
    ResidenceKind,
)
from linli.registry.people.rules import family, spells
from linli.registry.people.rules.spells import Spell
from linli.registry.places.models import Home

EDIT = Permission.EDIT_PEOPLE


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives or has their hukou: a home of the base, or a region as deep as it is known, with the address
    that no home says. All empty: not known."""

    home_id: int | None = None
    region_code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """The household somebody joins with which relation to its head; without `household_id` a new one that they head."""

    household_id: int | None = None
    relation: str = HEAD
    number: str = ""
    kind: str = HouseholdKind.LIVING


def today() -> date:
    """Today in the installation's time zone."""
    return timezone.localdate()


def label(model: type[models.Model], field: str) -> str:
    """What a field is called."""
    return str(getattr(model._meta.get_field(field), "verbose_name", field))


def refuse(problem: str, field: str = "") -> None:
    """Raise RuleError when there is a problem."""
    if problem:
        raise RuleError(problem, field=field)


def spell_of(period: Any) -> Spell:
    """A stored range as the rules know it."""
    return Spell(period.lower, period.upper)


def lock_person(user: Any, person_id: int) -> Person:
    """The person, locked, if the user may edit them there; NotPermitted otherwise."""
    return locked(Person, person_id, user, EDIT)


def lock_people(user: Any, person_ids: Iterable[int]) -> list[Person]:
    """Several people, locked in the order of their numbers; NotPermitted when one may not be edited."""
    ids = sorted(set(person_ids))
    found = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if len(found) != len(ids) or any(not user.can(EDIT, person.region_code) for person in found):
        raise NotPermitted(EDIT)
    return found


def lock_household(user: Any, household_id: int) -> Household:
    """The household, locked, if the user may edit people there. Households are locked before people."""
    return locked(Household, household_id, user, EDIT)


def lock_with_households(user: Any, person_ids: Iterable[int], *more: int | None) -> list[Person]:
    """The people, locked, after the households they are in and those they go to; who may edit the person may see them out
    of a household elsewhere. Raises RuleError when somebody else has just moved one of them."""
    ids = sorted(set(person_ids))
    now = HouseholdMember.objects.filter(person_id__in=ids, period__endswith__isnull=True).exclude(
        period__isempty=True
    )
    households = set(now.values_list("household_id", flat=True))
    wanted = sorted(households | {one for one in more if one is not None})
    list(Household.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    people = lock_people(user, ids)
    if set(now.all().values_list("household_id", flat=True)) - set(wanted):
        raise RuleError(_("这位居民的家庭关系刚刚被他人修改，请刷新后重试。"))
    return people


def home_for(user: Any, home_id: int) -> Home:
    """A home in which the user may edit people; NotPermitted otherwise."""
    home = Home.objects.filter(pk=home_id).first()
    if home is None:
        raise NotPermitted(EDIT)
    require(user, EDIT, home.region_code)
    if home.ended_on is not None:
        raise RuleError(_("%(home)s已经注销，请选择现有的房屋。") % {"home": home.full_address}, field="home")
    return home


def refuse_unsaid_sharing(
    user: Any,
    home: Home,
    share_home: bool,
    *,
    besides: Iterable[int] = (),
    households: Iterable[int | None] = (),
) -> None:
    """Nobody is put among strangers by a slip: who moves into a home where others live says that they share it. Going to live
    with one's own household says so already. `besides` are the people who move; `households` those they belong to or join.

    Raises RuleError (field share_home) that says how many live there, and who, where the user may see people.
    """
    if share_home:
        return
    living = (
        Person.objects.filter(
            residences__home=home,
            residences__kind=ResidenceKind.LIVING,
            residences__period__endswith__isnull=True,
            residences__period__isempty=False,
        )
        .exclude(pk__in=list(besides))
        .order_by("birth_date", "pk")
    )
    there = dict(living.values_list("pk", "name"))
    if not there:
        return
    own = [pk for pk in households if pk is not None]
    if HouseholdMember.objects.filter(
        household__in=own, person__in=there, period__endswith__isnull=True, period__isempty=False
    ).exists():
        return
    names_there = list(there.values()) if user.can(Permission.VIEW_PEOPLE, home.region_code) else []
    who = "、".join(names_there[:3]) + ("…" if len(names_there) > 3 else "")
    raise RuleError(
        _("%(home)s现住 %(n)d 人%(who)s。确认是同住，请勾选“与现住的人同住”；不是的，请核对房屋。")
        % {"home": home.full_address, "n": len(there), "who": f"（{who}）" if who else ""},
        field="share_home",
    )


def alive(person: Person) -> None:
    """Refuse what cannot be done for the dead."""
    if person.death_date is not None:
        raise RuleError(_("%(name)s 已登记去世，不能再办理这项业务。") % {"name": person.name})


def day_of(what: str, person: Person, on: date | None, field: str = "on") -> None:
    """Refuse a day before birth, after death or in the future."""
    refuse(spells.day_problem(what, on, born=person.birth_date, died=person.death_date, today=today()), field)


def running(person: Person, kind: str) -> Residence | None:
    """The residence spell of a kind that has no end yet."""
    return (
        Residence.objects.select_related("home")
        .filter(person=person, kind=kind, period__endswith__isnull=True)
        .exclude(period__isempty=True)
        .first()
    )


def place_text(place: Place | Residence, home: Home | None = None) -> str:
    """A place in words: 东外社区新兴小区12号楼3单元501室, 河北省张家口市怀来县，沙城镇."""
    found = home or (place.home if isinstance(place, Residence) else None)
    if found is not None:
        return f"{names.title_at(found.region_code, Level.COMMUNITY)}{found.full_address}"
    region = names.path(place.region_code, since=Level.PROVINCE) if place.region_code else ""
    return f"{region}{place.address}" or _("（地址不详）")


def end_residence(residence: Residence, on: date, *, went_to: str = "") -> None:
    """Close a spell on a day."""
    what = _("现居住") if residence.kind == ResidenceKind.LIVING else _("户籍")
    refuse(spells.end_problem(what, spell_of(residence.period), on), "on")
    residence.period = DateRange(residence.period.lower, on)
    residence.went_to = went_to or residence.went_to
    residence.save(update_fields=["period", "went_to"])


class Kept(Enum):
    """That a day stays as it is, where None would clear it."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT
STATION_LONGEST = 40


def permit_of(spell: Residence) -> dict[str, Any]:
    """What is known of the residence permit of a living spell: it goes with the person to another home of the area."""
    return {
        key: getattr(spell, key)
        for key in ("permit_kind", "permit_number", "permit_on", "permit_until", "permit_place")
    }


def station(text: str) -> str:
    """The name of a police station as it is kept. Raises RuleError."""
    name = "".join(text.split())
    if len(name) > STATION_LONGEST:
        raise RuleError(_("派出所名称最多 %(n)d 个字。") % {"n": STATION_LONGEST}, field="station")
    return name


def begin_residence(
    person: Person, kind: str, place: Place, since: date | None, *, home: Home | None = None, **details: Any
) -> Residence:
    """Open a spell; refuses one that overlaps another of the kind."""
    what = _("现居住记录") if kind == ResidenceKind.LIVING else _("户籍记录")
    others = [
        spell_of(period)
        for period in Residence.objects.filter(person=person, kind=kind).values_list("period", flat=True)
        if not period.isempty
    ]
    refuse(spells.overlap_problem(what, Spell(since), others), "on")
    return Residence.objects.create(
        person=person,
        kind=kind,
        home=home,
        region_code=home.region_code if home is not None else place.region_code,
        address="" if home is not None else place.address.strip(),
        period=DateRange(since, None),
        **details,
    )


def membership_of(person: Person) -> HouseholdMember | None:
    """The person's running membership of a household."""
    return (
        HouseholdMember.objects.select_related("household")
        .filter(person=person, period__endswith__isnull=True)
        .exclude(period__isempty=True)
        .first()
    )


def members_of(household: Household) -> list[HouseholdMember]:
    """The running memberships of a household, the head first."""
    found = (
        HouseholdMember.objects.select_related("person")
        .filter(household=household, period__endswith__isnull=True)
        .exclude(period__isempty=True)
        .order_by("id")
    )
    return sorted(found, key=lambda member: member.relation != HEAD)


def as_members(members: Iterable[HouseholdMember]) -> list[family.Member]:
    """Memberships as the rules know them."""
    return [
        family.Member(one.person_id, one.relation, one.person.sex, one.person.birth_date) for one in members
    ]


def end_membership(member: HouseholdMember, on: date) -> None:
    """Close a membership on a day; one that began on or after that day is taken away, since it never held."""
    since = member.period.lower
    if since is not None and since >= on:
        member.delete()
        return
    member.period = DateRange(since, on)
    member.save(update_fields=["period"])


def say_relations_anew(
    household: Household, new_head_id: int, on: date, relations: dict[int, str] | None = None
) -> Person:
    """Make a member the head from a day on, and say everybody's relation to them; `relations` overrides what the rules
    infer. Returns the new head.

    A spell in the household keeps one relation, so those whose relation changes get a new spell.
    """
    members = members_of(household)
    found = next((one for one in members if one.person_id == new_head_id), None)
    if found is None:
        raise RuleError(_("新户主必须是本户现有成员。"), field="new_head")
    if found.period.lower and found.period.lower > on:
        raise RuleError(
            _("%(name)s 在 %(day)s 才加入本户，接任日期不能更早。")
            % {"name": found.person.name, "day": found.period.lower},
            field="on",
        )
    before = next((one for one in members if one.relation == HEAD), None)
    if before is not None and before.period.lower is not None and before.period.lower > on:
        raise RuleError(
            _("%(name)s 从 %(day)s 起任户主，日期请不要早于这一天。")
            % {"name": before.person.name, "day": before.period.lower},
            field="on",
        )
    wanted = family.relations_to(new_head_id, as_members(members)) | (relations or {})
    wanted[new_head_id] = HEAD
    refuse(family.head_problem([wanted[one.person_id] for one in members]), "new_head")
    changed = [one for one in members if wanted[one.person_id] != one.relation]
    for one in changed:
        refuse(family.relation_problem(wanted[one.person_id]), "new_head")
    # The old head steps down before the new one rises: one head at a time is a constraint.
    for one in sorted(changed, key=lambda m: wanted[m.person_id] == HEAD):
        since = one.period.lower
        if since is not None and since >= on:
            one.relation = wanted[one.person_id]
            one.save(update_fields=["relation"])
            continue
        one.period = DateRange(since, on)
        one.save(update_fields=["period"])
        HouseholdMember.objects.create(
            region_code=one.region_code,
            household=household,
            person_id=one.person_id,
            relation=wanted[one.person_id],
            period=DateRange(on, None),
        )
    return found.person


def headed_since(household: Household) -> date | None:
    """Since when, without a gap until now, a household has had a head; None for always (or for a beginning not known)."""
    heads = HouseholdMember.objects.filter(household=household, relation=HEAD).exclude(period__isempty=True)
    since: date | None = None
    for period in sorted(
        heads.values_list("period", flat=True), key=lambda one: one.upper or date.max, reverse=True
    ):
        if period.upper is not None and period.upper != since:
            break
        since = period.lower
        if since is None:
            break
    return since


def refuse_members_after(household: Household, on: date) -> None:
    """The last ones leave a household on a day on which nobody else was in it any more: else those would have had no head."""
    later = HouseholdMember.objects.filter(household=household, period__endswith__gt=on)
    last = max((one.upper for one in later.values_list("period", flat=True) if one.upper), default=None)
    if last is not None:
        raise RuleError(
            _("户 %(number)s 到 %(day)s 还有成员，日期请不要早于这一天。")
            % {"number": household.number, "day": last},
            field="on",
        )


def leave(person: Person, on: date, *, new_head_id: int | None = None) -> str:
    """Take a person out of their household, if any; a head who leaves others behind is followed by `new_head_id`.

    The household is to be locked. Returns what was done in words, "" for nothing.
    """
    member = membership_of(person)
    if member is None:
        return ""
    household = member.household
    rest = [one for one in members_of(household) if one.person_id != person.pk]
    said = _("退出户 %(number)s") % {"number": household.number}
    if member.relation == HEAD and rest:
        if new_head_id is None or new_head_id not in {one.person_id for one in rest}:
            raise RuleError(
                _("%(name)s 是户主，户内还有 %(n)d 人，请选择由谁接任户主。")
                % {"name": person.name, "n": len(rest)},
                field="new_head",
            )
        head = say_relations_anew(household, new_head_id, on)
        said += _("，户主改为%(name)s") % {"name": head.name}
        member = membership_of(person)
        if member is None:
            return said
    if not rest:
        refuse_members_after(household, on)
    end_membership(member, on)
    return said


def join(person: Person, household: Household, relation: str, since: date | None) -> str:
    """Put a person into a household with a relation to its head. Returns what was done in words."""
    refuse(family.relation_problem(relation), "relation")
    others = [one.relation for one in members_of(household)]
    refuse(family.head_problem([*others, relation]), "relation")
    spans = HouseholdMember.objects.filter(person=person).values_list("period", flat=True)
    refuse(
        spells.overlap_problem(_("所在的户"), Spell(since), [spell_of(p) for p in spans if not p.isempty]),
        "on",
    )
    headed = headed_since(household) if others else None
    if since is not None and headed is not None and since < headed:
        raise RuleError(
            _("户 %(number)s 从 %(day)s 起才有户主，入户日期请不要早于这一天。")
            % {"number": household.number, "day": headed},
            field="on",
        )
    if relation == HEAD:
        led = HouseholdMember.objects.filter(household=household, relation=HEAD).values_list(
            "period", flat=True
        )
        refuse(
            spells.overlap_problem(_("户主"), Spell(since), [spell_of(p) for p in led if not p.isempty]), "on"
        )
    HouseholdMember.objects.create(
        region_code=person.region_code,
        household=household,
        person=person,
        relation=relation,
        period=DateRange(since, None),
    )
    return _("加入户 %(number)s") % {"number": household.number}


def open_household(home: Home | None, region_code: str, *, number: str = "", kind: str) -> Household:
    """A new, empty household; without a number it gets one: the community's code and a serial."""
    number = "".join(number.split()).upper()
    if number and Household.objects.filter(number=number).exists():
        raise RuleError(
            _("户号 %(number)s 已经有了，请核对。") % {"number": number}, field="household_number"
        )
    if len(number) > 30:
        raise RuleError(_("户号最多 30 个字符，请核对。"), field="household_number")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_household', 'id'))")
        serial = cursor.fetchone()[0]
    region = home.region_code if home is not None else region_code
    return Household.objects.create(
        id=serial, region_code=region, number=number or f"{region[:12]}-{serial}", kind=kind, home=home
    )


def enter_family(user: Any, person: Person, wanted: Family, home: Home | None, since: date | None) -> str:
    """Join the household wanted, or open one. Returns what was done in words."""
    if wanted.household_id is not None:
        return join(person, lock_household(user, wanted.household_id), wanted.relation, since)
    region = home.region_code if home is not None else person.region_code
    require(user, EDIT, region)
    made = open_household(home, region, number=wanted.number, kind=wanted.kind)
    join(person, made, HEAD, since)
    return _("新立户 %(number)s，任户主") % {"number": made.number}


def settle(user: Any, people: Iterable[Person], *, check: bool = True) -> None:
    """Derive region and standing anew for these people and ask once more whether the user may edit them there.

    `check=False` for those who have left: where they count now may lie outside the user's area.
    """
    listed = list(people)
    standing.refresh([person.pk for person in listed])
    for person in listed:
        person.refresh_from_db(fields=["region_code", "standing"])
        if check:
            require(user, EDIT, person.region_code)
