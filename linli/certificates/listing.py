"""The list in force for a place: of editions of the same kind the deepest place speaks. What must not be issued anywhere stays so: a
place may say more exactly where to go instead, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from linli.audit.columns import column
from linli.certificates.carried.not_allowed import OFFICES
from linli.certificates.models import Edition, Office, Standing
from linli.certificates.rules import finding
from linli.certificates.rules.wording import CONDITIONS
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region


def upwards(region_code: str) -> list[str]:
    """The keys of a region and everything above it, the whole country ("") last."""
    lengths = sorted({KEY_LENGTH[level] for level in Level}, reverse=True)
    return [*(region_code[:n] for n in lengths if n <= len(region_code)), ""]


def forbidden_everywhere(edition: Edition) -> bool:
    """Whether the list of the whole country says that no community may issue the kind."""
    return edition.standing == Standing.NOT_ALLOWED and edition.kind.region_code == ""


def in_force(region_code: str = "", on: date | None = None) -> list[Edition]:
    """The editions that hold in a place on a day, allowed ones first, in the order of the list."""
    day = on or timezone.localdate()
    rows = (
        Edition.objects.select_related("kind")
        .filter(since__lte=day, kind__region_code__in=upwards(region_code))
        .order_by("kind_id", "-since", "-number")
        .distinct("kind_id")
    )
    chosen: dict[str, Edition] = {}
    for one in sorted(rows, key=lambda row: (len(row.kind.region_code), row.kind_id)):
        above = chosen.get(one.kind.code)
        if above is not None and forbidden_everywhere(above) and one.standing != Standing.NOT_ALLOWED:
            continue
        chosen[one.kind.code] = one
    order = {Standing.ALLOWED: 0, Standing.NOT_ALLOWED: 1, Standing.ENDED: 2}
    return sorted(chosen.values(), key=lambda one: (order[Standing(one.standing)], one.kind_id))


def allowed(region_code: str, on: date | None = None) -> list[Edition]:
    """What a community may issue."""
    return [one for one in in_force(region_code, on) if one.standing == Standing.ALLOWED]


def one_in_force(region_code: str, code: str, on: date | None = None) -> Edition | None:
    """The edition of a kind that holds in a place; None where the list does not know it."""
    return next((one for one in in_force(region_code, on) if one.kind.code == code), None)


def find(text: str, editions: Iterable[Edition]) -> list[Edition]:
    """Those that a text may mean, best first; all for an empty text."""
    by_pk = {one.pk: one for one in editions}
    named = [finding.Named(one.pk, one.title, tuple(one.also)) for one in by_pk.values()]
    return [by_pk[key] for key in finding.find(text, named)]


@dataclass(frozen=True)
class Desk:
    """An office as residents are told of it."""

    kind: str
    name: str
    address: str = ""
    phone: str = ""
    hours: str = ""

    @property
    def known(self) -> bool:
        """Whether more than its kind is known."""
        return bool(self.address or self.phone)

    def as_json(self) -> dict[str, str]:
        """For keeping with a slip."""
        return {
            "kind": self.kind,
            "name": self.name,
            "address": self.address,
            "phone": self.phone,
            "hours": self.hours,
        }


def desks(region_code: str, kinds: Iterable[str]) -> list[Desk]:
    """The offices of these kinds for somebody in a place: the nearest one kept; of others only what they are called."""
    wanted = list(kinds)
    above = upwards(region_code) if region_code else [""]
    kept = Office.objects.filter(region_code__in=above, kind__in=wanted, removed_on__isnull=True)
    nearest: dict[str, list[Office]] = {}
    for one in sorted(kept, key=lambda row: (-len(row.region_code), row.name)):
        held = nearest.setdefault(one.kind, [])
        if not held or held[0].region_code == one.region_code:
            held.append(one)
    found = []
    for kind in wanted:
        if nearest.get(kind):
            found += [Desk(kind, o.name, o.address, o.phone, o.hours) for o in nearest[kind]]
            continue
        street = names.at_level(region_code, Level.STREET) if kind == "street" else ""
        region = Region.objects.filter(region_code=street).first() if street else None
        if region is not None:
            found.append(Desk(kind, f"{region.title}办事处", region.address, region.phone))
        else:
            found.append(Desk(kind, OFFICES.get(kind, kind)))
    return found


def explained(edition: Edition, region_code: str) -> dict[str, Any]:
    """An edition with its offices, for the pages of the list."""
    return {
        "edition": edition,
        "code": edition.kind.code,
        "is_allowed": edition.standing == Standing.ALLOWED,
        "is_ended": edition.standing == Standing.ENDED,
        "desks": desks(region_code, edition.offices) if edition.offices else [],
    }


@dataclass(frozen=True)
class Change:
    """A field of an edition that is not as it was in the one before."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Dated:
    """An edition in the history of its kind: `until` is the last day on which it held, None while it does; `changes` against the one
    before it."""

    edition: Edition
    where: str
    until: date | None
    is_in_force: bool
    changes: tuple[Change, ...]


_TOLD = (
    "standing",
    "title",
    "also",
    "basis",
    "askers",
    "conditions",
    "wording",
    "inputs",
    "days",
    "needs_head",
    "purpose_hint",
    "instead",
    "offices",
    "bring",
    "source",
)


def _shown(edition: Edition, name: str) -> str:
    """A field in words; "" when it says nothing."""
    value = getattr(edition, name)
    if name == "standing":
        return str(edition.get_standing_display())
    if name == "askers":
        return "、".join(edition.asker_labels)
    if name == "offices":
        return "、".join(edition.office_labels)
    if name == "conditions":
        return "、".join(CONDITIONS.get(one, one) for one in value)
    if name == "inputs":
        return "、".join(one["label"] for one in value)
    if name == "days":
        return f"{value} 天" if value else ("长期" if edition.standing == Standing.ALLOWED else "")
    if name == "needs_head":
        return "要" if value else "不要"
    return "、".join(value) if isinstance(value, list) else str(value)


def changes_between(before: Edition, after: Edition) -> tuple[Change, ...]:
    """What a new edition says otherwise than the one before it."""
    found = []
    for name in _TOLD:
        old, new = _shown(before, name), _shown(after, name)
        if old != new:
            label = str(column(Edition, name).verbose_name)
            found.append(Change(label, old, new))
    return tuple(found)


def _where(edition: Edition) -> str:
    """Whose list an edition stands on."""
    if edition.kind.region_code:
        return names.title(edition.kind.region_code)
    return "国家清单" if edition.standing == Standing.NOT_ALLOWED else "系统自带"


def editions_of(code: str, regions: Iterable[str], on: date | None = None) -> list[Dated]:
    """The editions of a kind in some regions, the latest first: the dated record of what held, where, and what each changed."""
    day = on or timezone.localdate()
    rows = list(
        Edition.objects.select_related("kind")
        .filter(kind__code=code, kind__region_code__in=list(regions))
        .order_by("kind__region_code", "number")
    )
    country = [one for one in rows if one.kind.region_code == ""]
    found = []
    for number, one in enumerate(rows):
        own = [other for other in rows if other.kind_id == one.kind_id]
        place = own.index(one)
        # A later edition of the same day leaves nothing of the one before it.
        after = own[place + 1] if place + 1 < len(own) else None
        before = own[place - 1] if place else None
        if before is None and one.kind.region_code:
            before = next((other for other in reversed(country) if other.since <= one.since), None)
        until = after.since - timedelta(days=1) if after is not None else None
        found.append(
            (
                one.since,
                number,
                Dated(
                    one,
                    _where(one),
                    until,
                    one.since <= day and (until is None or until >= day),
                    changes_between(before, one) if before is not None else (),
                ),
            )
        )
    return [dated for _since, _number, dated in sorted(found, key=lambda row: row[:2], reverse=True)]
