"""What is known of people's facts, by whose word; read for many people with few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from linli.audit.columns import column
from linli.kernel import citizen_number
from linli.kernel import phone as phones
from linli.registry.people.actions.registering import DATES, FIELDS, WHOLE
from linli.registry.people.models import Person
from linli.registry.people.rules.details import HEALTH_FACTS
from linli.registry.sources import rules
from linli.registry.sources.models import Claim, ClaimState, SourceKind
from linli.registry.sources.rules import Known

# What sources may speak of: the fields of a person's form that are facts.
ELEMENTS = tuple(field for field in FIELDS if field not in ("source", "note"))
SEALED = frozenset({"id_number", "phone", "landline"})
SENSITIVE = HEALTH_FACTS | {"blood_type"}
IMPORTED = "导入"


def kinds() -> dict[str, SourceKind]:
    """The kinds of sources by code, made with their ranks at the first asking."""
    found = {one.code: one for one in SourceKind.objects.all()}
    missing = [
        SourceKind(code=code, name=name, rank=rank) for code, name, rank in rules.RANKS if code not in found
    ]
    if missing:
        SourceKind.objects.bulk_create(missing, ignore_conflicts=True)
        found = {one.code: one for one in SourceKind.objects.all()}
    return found


def kind(code: str) -> SourceKind:
    """One kind. Raises KeyError for a code there is not."""
    return kinds()[code]


def as_text(element: str, value: Any) -> str:
    """A value as claims keep it."""
    if value in (None, ""):
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, (date, datetime)) else str(value)


def as_value(element: str, text: str) -> Any:
    """A claim's text as the person's field takes it."""
    if element in DATES:
        return date.fromisoformat(text) if text else None
    if element in WHOLE:
        return int(text) if text else None
    return text


def value_of(claim: Claim) -> str:
    """What was said, in plain."""
    return claim.sealed if claim.element in SEALED else claim.value


def shown(element: str, text: str) -> str:
    """A value in words; numbers masked."""
    if not text:
        return ""
    if element == "id_number":
        return citizen_number.mask(text)
    if element in SEALED:
        return phones.mask(text)
    choices = dict(column(Person, element).flatchoices or ())
    return str(choices.get(text, text))


def label(element: str) -> str:
    """What a fact is called."""
    return str(column(Person, element).verbose_name)


def _without_claim(person: Person, element: str, value: str, ranks: Mapping[str, SourceKind]) -> Known:
    """By whose word a fact holds of which no source is on record: the citizen number's, the import's, the clerk's."""
    if element in ("sex", "birth_date") and citizen_number.is_valid(person.id_number):
        return Known(value, rules.NUMBER_RANK, None)
    changed = timezone.localdate(person.updated_at)
    if person.source.startswith(IMPORTED) and person.verified_on is None:
        return Known(value, ranks["ledger"].rank, changed)
    return Known(value, ranks["visit"].rank, person.verified_on or changed)


def known_of(people: Sequence[Person], elements: Iterable[str]) -> dict[tuple[int, str], Known]:
    """(person, element) → what is known, for many people with two queries."""
    wanted = list(elements)
    ranks = kinds()
    claims: dict[tuple[int, str], list[Claim]] = {}
    rows = Claim.objects.filter(
        person__in=[one.pk for one in people],
        element__in=wanted,
        state__in=[ClaimState.TAKEN, ClaimState.AGREED],
    ).select_related("source")
    for claim in rows.order_by("pk"):
        claims.setdefault((claim.person_id, claim.element), []).append(claim)
    found = {}
    for person in people:
        for element in wanted:
            value = as_text(element, getattr(person, element))
            if value == "0" and element == "sex":
                value = ""
            holding = [one for one in claims.get((person.pk, element), []) if value_of(one) == value]
            if holding and value:
                best = max(holding, key=lambda one: (one.source.rank, one.on))
                found[person.pk, element] = Known(value, best.source.rank, best.on)
            else:
                found[person.pk, element] = _without_claim(person, element, value, ranks)
    return found
