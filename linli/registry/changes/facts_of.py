"""Which facts and deeds can be proposed, how a proposed value is read, shown and written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from linli.audit.recording import RuleError
from linli.facts.dictionary import dictionary
from linli.kernel import citizen_number
from linli.kernel import phone as phones
from linli.registry.changes import deeds
from linli.registry.changes.models import About
from linli.registry.organisations.models import Organisation
from linli.registry.people.models import Person
from linli.registry.places.models import Home
from linli.registry.sources import knowing

ELEMENTS: dict[str, tuple[str, ...]] = {
    About.PERSON: tuple(one for one in knowing.ELEMENTS if one != "id_kind"),
    About.HOME: (
        "use",
        "tenure",
        "area",
        "rooms",
        "certificate",
        "owner_name",
        "owner_phone",
        "owner_address",
    ),
    About.ORGANISATION: (
        "name",
        "credit_code",
        "industry",
        "address",
        "legal_person",
        "contact",
        "contact_phone",
        "staff",
    ),
}
MODELS: dict[str, Any] = {About.PERSON: Person, About.HOME: Home, About.ORGANISATION: Organisation}
SEALED = frozenset({"id_number", "phone", "landline", "owner_phone", "contact_phone"})
_DATES = frozenset({"birth_date", "started_work_on"})
_NUMBERS = frozenset({"area", "rooms", "staff", "school_since", "height"})


def label(about: str, element: str) -> str:
    """What a fact or deed is called."""
    if deed := deeds.find(about, element):
        return str(deed.label)
    return str(MODELS[about]._meta.get_field(element).verbose_name)


def known(about: str, element: str) -> bool:
    """Whether that can be proposed."""
    return element in ELEMENTS[about] or element in deeds.DEEDS[about]


def choices(about: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be proposed to change: what is put right by a value, and what the owner of the facts does."""
    return [
        (_("登记的内容"), [(element, label(about, element)) for element in ELEMENTS[about]]),
        (_("要由社区办的"), [(code, str(deed.label)) for code, deed in deeds.DEEDS[about].items()]),
    ]


def as_text(about: str, record: Any, element: str) -> str:
    """A fact as proposals keep it; what the record tells of a deed."""
    if deed := deeds.find(about, element):
        return deed.now(record) if deed.now is not None else ""
    value = getattr(record, element)
    if value in (None, ""):
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if element == "sex" and value == "0" else str(value)


def read(about: str, element: str, text: str) -> str:
    """What somebody typed, in the shape in which it is kept. Raises RuleError (field after)."""
    text = " ".join(text.split())
    if not text:
        raise RuleError(_("请填写应改成什么。"), field="after")
    if deeds.find(about, element):
        return _short(text)
    field = MODELS[about]._meta.get_field(element)
    if field.flatchoices:
        by_label = {str(name): str(code) for code, name in field.flatchoices}
        found = by_label.get(text) or (text if text in dict(field.flatchoices) else "")
        if not found and about == About.PERSON:
            codes = dictionary.subject("person").elements[element].codes
            found = (codes.match(text) or "") if codes is not None else ""
        if not found:
            listed = "、".join(list(by_label)[:12])
            raise RuleError(
                _("“%(text)s”不在选项里，可以填：%(listed)s。") % {"text": text[:20], "listed": listed},
                field="after",
            )
        return found
    if element in _DATES:
        try:
            return f"{date.fromisoformat(text):%Y-%m-%d}"
        except ValueError:
            raise RuleError(_("日期请写成 2026-11-22 的样子。"), field="after") from None
    if element in _NUMBERS:
        try:
            return f"{Decimal(text).normalize():f}"
        except InvalidOperation:
            raise RuleError(_("请填数字。"), field="after") from None
    if element == "id_number":
        return citizen_number.normalise(text)
    if element in SEALED:
        try:
            return phones.normalise(text, service=element == "contact_phone")
        except phones.InvalidPhone as error:
            raise RuleError(str(error), field="after") from error
    return _short(text)


def _short(text: str) -> str:
    if len(text) > 200:
        raise RuleError(_("最多 200 个字，请缩短。"), field="after")
    return text


def shown(about: str, element: str, text: str) -> str:
    """A value in words; numbers masked."""
    if not text or deeds.find(about, element):
        return text
    if element == "id_number":
        return citizen_number.mask(text)
    if element in SEALED:
        return phones.mask(text)
    choices_of = dict(MODELS[about]._meta.get_field(element).flatchoices or ())
    return str(choices_of.get(text, text))


def as_value(element: str, text: str) -> Any:
    """A kept value as the actions take it."""
    if element in _DATES:
        return date.fromisoformat(text)
    if element in ("rooms", "staff", "school_since", "height"):
        return int(Decimal(text))
    return Decimal(text) if element in _NUMBERS else text
