"""People and households as of a day (ADR 0013): who counted where, how they stood, which households there were.

What is dated is read from the spells. What is not (name, phone, political status …) is read as it was recorded at the end of the
day, from the history, for people who were in the base by then; for others it is today's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Left, Length

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.pages.asof import end_of, is_past
from linli.registry.people.models import (
    Household,
    HouseholdMember,
    Person,
    Residence,
    ResidenceKind,
    Standing,
)
from linli.registry.people.standing import INSIDE
from linli.registry.places.models import Home

# What of a person has no date of its own and is read from the history.
RECORDED = (
    "name",
    "former_name",
    "initials",
    "sex",
    "birth_date",
    "id_kind",
    "id_number",
    "id_digest",
    "id_tail",
    "ethnic",
    "native_place",
    "marital",
    "political",
    "education",
    "employment",
    "occupation",
    "employer",
    "phone",
    "phone_digest",
    "phone_tail",
    "landline",
    "email",
    "blood_type",
    "health",
    "skills",
    "started_work_on",
    "birth_place",
    "schooling",
    "self_care",
    "labour",
    "medical_insurance",
    "pension_insurance",
    "school_since",
    "height",
    "other_address",
    "verified_on",
    "note",
)
_EVENTS = Person.pgh_event_model  # type: ignore[attr-defined]
_HOUSEHOLD_EVENTS = Household.pgh_event_model  # type: ignore[attr-defined]


PLACE = TextField(db_collation="C")


def fields(on: date) -> tuple[str, str]:
    """The names under which `people` and `households` know region and standing on that day."""
    return ("region_on", "standing_on") if is_past(on) else ("region_code", "standing")


def _spell(kind: str, on: date) -> FilteredRelation:
    """The spell of a kind that holds on a day."""
    return FilteredRelation("residences", condition=Q(residences__kind=kind, residences__period__contains=on))


def _since_known(on: date, person: str = "") -> Q:
    """That a spell whose beginning is not known holds on a day: its person was in the base by then, or is known to have lived or
    been registered somewhere by then."""
    there = Residence.objects.filter(person=OuterRef(f"{person}pk"), period__startswith__lte=on)
    return Q(**{f"{person}created_at__lt": end_of(on)}) | Q(Exists(there))


def people(user: Any, permission: Permission, on: date) -> QuerySet[Any]:
    """The people who counted, on that day, in the user's area; today's are `Person.objects.permitted`.

    On a past day each has `region_on` and `standing_on`.
    """
    if not is_past(on):
        return Person.objects.permitted(user, permission)
    scopes = user.scopes(permission) if getattr(user, "is_authenticated", False) else ()
    # Whoever counted in the area had a spell there; this narrows by the index before anything is derived.
    was_there = Residence.objects.filter(scopes_q("region_code", scopes)).exclude(period__startswith__gt=on)
    rows = then(Person.objects.filter(pk__in=was_there.order_by().values("person_id")), on)
    return rows.filter(scopes_q("region_on", scopes)).order_by("region_on", "pk")


def then(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """These people with `region_on` and `standing_on` on a day, by the rules of `people.standing`; the region is None before
    they were born or came."""
    before = (
        Residence.objects.annotate(depth=Length("region_code"))
        .filter(person=OuterRef("pk"), depth__gte=INSIDE)
        .exclude(period__startswith__gt=on)
        .filter(Q(period__startswith__isnull=False) | Q(person__created_at__lt=end_of(on)))
        .order_by(F("period__endswith").desc(nulls_first=True))
        .values("region_code")[:1]
    )
    lived, hukou = "living_then__region_code", "hukou_then__region_code"
    since_known = _since_known(on)

    def depth(relation: str) -> Any:
        """How deep the place is known, 0 where there is none."""
        holds = Q(**{f"{relation}__period__startswith__isnull": False}) | Q(
            since_known, **{f"{relation}__pk__isnull": False}
        )
        return Case(When(holds, then=Length(f"{relation}__region_code")), default=Value(0))

    of_resident = Case(
        When(hukou_deep=0, then=Value(Standing.NEWCOMER)),
        When(lived_community=Left(hukou, 12), then=Value(Standing.REGISTERED)),
        When(lived_county=Left(hukou, 6), then=Value(Standing.HERE_ONLY)),
        default=Value(Standing.FLOATING),
        output_field=TextField(),
    )
    deep = {"lives_deep": depth("living_then"), "hukou_deep": depth("hukou_then")}
    return (
        rows.alias(
            living_then=_spell(ResidenceKind.LIVING, on),
            hukou_then=_spell(ResidenceKind.HUKOU, on),
        )
        .alias(**deep, lived_community=Left(lived, 12), lived_county=Left(lived, 6))
        .annotate(
            region_on=Case(
                When(birth_date__gt=on, then=Value(None)),
                When(lives_deep__gte=INSIDE, then=F(lived)),
                When(hukou_deep__gte=INSIDE, then=F(hukou)),
                default=Subquery(before),
                output_field=PLACE,
            ),
            standing_on=Case(
                When(death_date__lte=on, then=Value(Standing.DEAD)),
                When(lives_deep__gte=INSIDE, then=of_resident),
                When(hukou_deep__gte=INSIDE, then=Value(Standing.HUKOU_ONLY)),
                default=Value(Standing.GONE),
                output_field=TextField(),
            ),
        )
    )


def recorded(rows: QuerySet[Any], on: date, field: str) -> QuerySet[Any]:
    """These people with `<field>_on`: the field as it was recorded at the end of the day."""
    if not is_past(on):
        return rows.annotate(**{f"{field}_on": F(field)})
    changed = _first_change(_EVENTS, on).filter(pgh_obj__created_at__lt=end_of(on))
    return rows.annotate(
        **{
            f"{field}_on": Case(
                When(Exists(changed), then=Subquery(changed.values(field)[:1])), default=F(field)
            )
        }
    )


def _first_change(events: Any, on: date) -> QuerySet:
    """The first state kept after the day: what a row was at its end."""
    return events.objects.filter(pgh_obj_id=OuterRef("pk"), pgh_created_at__gte=end_of(on)).order_by(
        "pgh_created_at", "pgh_id"
    )


def set_back(found: Iterable[Any], on: date) -> None:
    """Give the people of a page the values that were recorded of them on that day; for reading only, with one query."""
    by_pk = {one.pk: one for one in found}
    if not is_past(on) or not by_pk:
        return
    events = (
        _EVENTS.objects.filter(
            pgh_obj_id__in=by_pk, pgh_created_at__gte=end_of(on), pgh_obj__created_at__lt=end_of(on)
        )
        .order_by("pgh_obj_id", "pgh_created_at", "pgh_id")
        .distinct("pgh_obj_id")
    )
    for event in events:
        person = by_pk[event.pgh_obj_id]
        for field in RECORDED:
            setattr(person, field, getattr(event, field))
    for person in by_pk.values():
        if hasattr(person, "region_on"):
            person.region_code, person.standing = person.region_on or "", person.standing_on
        if person.death_date is not None and person.death_date > on:
            person.death_date = None


def one(person: Person, on: date) -> Any:
    """A person as they were on that day: for reading only. A day before they came leaves region and standing as they are."""
    if not is_past(on):
        return person
    found = then(Person.objects.filter(pk=person.pk), on).first()
    if found is None:
        return person
    known_then = found.region_on is not None
    region, standing = person.region_code, person.standing
    set_back([found], on)
    if not known_then:
        found.region_code, found.standing = region, standing
    return found


def households(user: Any, permission: Permission, on: date) -> QuerySet[Any]:
    """The households that stood in the user's area on that day; each has `home_on` and `region_on` on a past day."""
    if not is_past(on):
        return Household.objects.permitted(user, permission)
    scopes = user.scopes(permission) if getattr(user, "is_authenticated", False) else ()
    changed = _first_change(_HOUSEHOLD_EVENTS, on)
    rows = (
        Household.objects.alias(moved=Exists(changed))
        .filter(scopes_q("region_code", scopes) | Q(moved=True))
        .annotate(
            home_on=Case(
                When(moved=True, then=Subquery(changed.values("home_id")[:1])),
                default=F("home_id"),
                output_field=BigIntegerField(),
            )
        )
        .annotate(
            region_on=Coalesce(
                Subquery(Home.objects.filter(pk=OuterRef("home_on")).values("region_code")[:1]),
                F("region_code"),
                output_field=PLACE,
            )
        )
    )
    return rows.filter(scopes_q("region_on", scopes)).order_by("region_on", "number")


def memberships(on: date, **where: Any) -> QuerySet[HouseholdMember]:
    """The memberships of households that hold on a day; see `_since_known`."""
    held = HouseholdMember.objects.filter(period__contains=on, **where)
    if not is_past(on):
        return held
    return held.filter(Q(period__startswith__isnull=False) | _since_known(on, "person__"))


def residences(on: date, **where: Any) -> QuerySet[Residence]:
    """The residence spells that hold on a day, likewise."""
    held = Residence.objects.filter(period__contains=on, **where)
    if not is_past(on):
        return held
    return held.filter(Q(period__startswith__isnull=False) | _since_known(on, "person__"))
