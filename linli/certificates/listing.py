"""The list in force for a place: of editions of the same kind the deepest place speaks; what must not be issued anywhere stays so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from linli.certificates.carried.not_allowed import OFFICES
from linli.certificates.models import Edition, Office, Standing
from linli.certificates.rules import finding
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region


def upwards(region_code: str) -> list[str]:
    """The keys of a region and everything above it, the whole country ("") last."""
    lengths = sorted({KEY_LENGTH[level] for level in Level}, reverse=True)
    return [*(region_code[:n] for n in lengths if n <= len(region_code)), ""]


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
        if above is not None and above.standing == Standing.NOT_ALLOWED and above.kind.region_code == "":
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
    kept = Office.objects.filter(Q(region_code__in=above), kind__in=wanted)
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
