"""Rules of organisations. No Django, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from linli.kernel import credit_code as codes

LONGEST_NAME = 100
MOST_STAFF = 1_000_000


class Refused(ValueError):
    """A rule says no: one Chinese sentence, and the field that it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def name(text: str) -> str:
    """A name: something, at most 100 characters.

    Raises Refused.
    """
    found = " ".join(text.split())
    if not found:
        raise Refused("请填写单位名称。", "name")
    if len(found) > LONGEST_NAME:
        raise Refused(f"单位名称最多 {LONGEST_NAME} 个字。", "name")
    return found


def credit_code(text: str) -> str:
    """A unified social credit code (GB 32100) in its one way of writing; "" for none.

    Raises Refused.
    """
    if not text.strip():
        return ""
    try:
        return codes.parse(text).number
    except codes.InvalidCreditCode as error:
        raise Refused(str(error), "credit_code") from error


def life(founded_on: date | None, closed_on: date | None, today: date) -> None:
    """Founded not after today, closed not before founded nor after today.

    Raises Refused.
    """
    if founded_on and founded_on > today:
        raise Refused("成立日期不能晚于今天。", "founded_on")
    if closed_on and closed_on > today:
        raise Refused("注销日期不能晚于今天。", "closed_on")
    if founded_on and closed_on and closed_on < founded_on:
        raise Refused("注销日期不能早于成立日期。", "closed_on")


def staff(value: int | None) -> int | None:
    """How many work there.

    Raises Refused.
    """
    if value is not None and not 0 <= value <= MOST_STAFF:
        raise Refused(f"从业人数应在 0 到 {MOST_STAFF:,} 之间。", "staff")
    return value


# Which kind has which of the fields that not all have; what a kind does not have stays empty.
_BUSINESS = frozenset(
    [
        "ownership",
        "legal_form",
        "capital",
        "business_scope",
        "registered_address",
        "valid_until",
        "is_key",
        "fire_grade",
    ]
)
_SOCIAL = frozenset(
    [
        "registration",
        "registration_number",
        "registered_on",
        "valid_until",
        "social_class",
        "members",
        "party_members",
        "duties",
        "term_from",
        "term_until",
    ]
)
FIELDS_OF: Mapping[str, frozenset[str]] = {
    "resident_unit": _BUSINESS | {"party_members", "opening_hours"},
    "shop": _BUSINESS | {"is_outlet", "opening_hours"},
    "social": _SOCIAL | {"fire_grade", "is_key"},
    "property": _BUSINESS,
    "owners": frozenset(
        [
            "registration",
            "registration_number",
            "registered_on",
            "term_from",
            "term_until",
            "seats",
            "party_members",
            "duties",
        ]
    ),
    "vendor": _BUSINESS | {"opening_hours"},
    "department": frozenset(["duties", "opening_hours"]),
}
KIND_FIELDS = frozenset().union(*FIELDS_OF.values())
# Days that make a check fall due: field → kind of check.
AUTOMATIC = {"term_until": "election", "valid_until": "licence"}
# How often things are checked unless said otherwise, in months: 企业信息公示暂行条例 (年报), 消防法 leaves the rest to places.
USUAL_MONTHS = {"annual": 12, "safety": 3, "fire": 12}
# Positions that one person holds at a time.
SINGLE = frozenset(["legal_person", "party_secretary", "chair", "president", "secretary"])
# Positions of each kind of organisation beyond those that all have.
_EVERYWHERE = (
    "legal_person",
    "head",
    "contact",
    "security_head",
    "fire_head",
    "party_secretary",
    "engineer",
    "clerk",
    "guard",
    "long_term",
    "short_term",
    "other",
)
_OWN_ROLES: Mapping[str, tuple[str, ...]] = {
    "owners": ("chair", "vice_chair", "committee", "party_secretary", "contact", "other"),
    "property": ("project_manager", *_EVERYWHERE),
    "social": ("president", "secretary", *_EVERYWHERE),
}
# Those who lead: their names stand on the page for all who see the organisation.
LEADING = frozenset(
    [
        "legal_person",
        "head",
        "security_head",
        "fire_head",
        "party_secretary",
        "chair",
        "vice_chair",
        "committee",
        "project_manager",
        "president",
        "secretary",
        "contact",
    ]
)


def roles_of(kind: str) -> tuple[str, ...]:
    """The positions that an organisation of a kind has, the leading ones first."""
    return _OWN_ROLES.get(kind, _EVERYWHERE)


def kind_fields(kind: str, values: Mapping[str, Any]) -> None:
    """What a kind does not have is empty, and the numbers and days make sense.

    Raises Refused.
    """
    own = FIELDS_OF.get(kind, frozenset())
    for name in KIND_FIELDS - own:
        if values.get(name):
            raise Refused("这类单位没有这一项，请留空或改单位类别。", name)
    for name, label in (("members", "成员数"), ("party_members", "党员人数")):
        value = values.get(name)
        if value is not None and not 0 <= value <= MOST_STAFF:
            raise Refused(f"{label}应在 0 到 {MOST_STAFF:,} 之间。", name)
    members, party = values.get("members"), values.get("party_members")
    if members is not None and party is not None and party > members:
        raise Refused("党员人数不能多于成员数。", "party_members")
    capital = values.get("capital")
    if capital is not None and not Decimal(0) <= capital < Decimal(10) ** 12:
        raise Refused("注册资本应在 0 到 1 万亿（万元）之间，请核对单位。", "capital")
    seats = values.get("seats")
    if seats is not None and not 3 <= seats <= 21:
        raise Refused("业主委员会委员一般为 5 到 11 人，这里可填 3 到 21。", "seats")
    first, last = values.get("term_from"), values.get("term_until")
    if first and last and last <= first:
        raise Refused("任期届满应晚于任期开始。", "term_until")
    registered, valid = values.get("registered_on"), values.get("valid_until")
    if registered and valid and valid < registered:
        raise Refused("有效期不能早于登记或备案日期。", "valid_until")


def spell(since: date | None, until: date | None, today: date) -> None:
    """A spell begins not after today and lasts at least a day.

    Raises Refused.
    """
    if since and since > today:
        raise Refused(f"开始日期 {since} 还没有到，请填写今天或以前的日期。", "since")
    if since and until and until <= since:
        raise Refused(f"结束日期 {until} 应晚于开始日期 {since}。", "until")


def role(kind: str, wanted: str) -> None:
    """A position that organisations of the kind have.

    Raises Refused.
    """
    if wanted not in roles_of(kind):
        raise Refused("这类单位没有这个职务，请从列表中选择。", "role")


def single(wanted: str, holders: Iterable[str]) -> None:
    """One person at a time where a position is one person's.

    Raises Refused, naming who holds it.
    """
    held = next(iter(holders), "")
    if wanted in SINGLE and held:
        raise Refused(f"这段时间已由{held}担任，请先给前任填写离任日期。", "role")


def next_due(due_on: date, every_months: int, done_on: date) -> date | None:
    """When a check of a period is due again: counted from the day it was due, and past the day it was done; None for once.

    On the last day of shorter months.
    """
    if not every_months:
        return None
    found, steps = due_on, 0
    while found <= max(due_on, done_on):
        steps += every_months
        month = due_on.year * 12 + due_on.month - 1 + steps
        year, number = divmod(month, 12)
        first_after = date(year + (number == 11), (number + 1) % 12 + 1, 1)
        last = date.fromordinal(first_after.toordinal() - 1).day
        found = date(year, number + 1, min(due_on.day, last))
    return found


def every(months: int) -> int:
    """A period of a check in months.

    Raises Refused.
    """
    if not 0 <= months <= 120:
        raise Refused("周期应在 0 到 120 个月之间，0 表示只办一次。", "every_months")
    return months
