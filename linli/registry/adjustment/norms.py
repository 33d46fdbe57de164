"""Norms of communities as plain data: what is measured, what is allowed, what follows from a norm for so many households."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Measured(StrEnum):
    """What a norm is about."""

    HOUSEHOLDS = "households"
    STAFF = "staff"
    STAFF_LEAST = "staff_least"
    STAFF_PER_PEOPLE = "staff_per_people"
    LEADERS = "leaders"
    REPRESENTATIVES = "representatives"
    ROOMS = "rooms"
    ROOMS_PER_100 = "rooms_per_100"
    MONEY = "money"
    MONEY_PER_HOUSEHOLD = "money_per_household"


@dataclass(frozen=True)
class Rule:
    """One norm: `low` to `high` (either may be open), of what; `below` narrows it to communities with fewer households.

    HOUSEHOLDS: households of a community. STAFF: households for one worker. STAFF_LEAST: workers at least. STAFF_PER_PEOPLE:
    workers for 10,000 residents. LEADERS: households for one group leader. REPRESENTATIVES: households for one representative, from `low` to `high`. ROOMS: square
    metres. ROOMS_PER_100: square metres for 100 households. MONEY: 元 a year for a community. MONEY_PER_HOUSEHOLD: 元 a
    year for a household. `place` is the key of the region it holds for, "" for the country.
    """

    measured: str
    title: str
    source: str
    place: str = ""
    place_name: str = "全国"
    low: Decimal | None = None
    high: Decimal | None = None
    below: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    pk: int = 0

    def holds(self, region_code: str, on: date) -> bool:
        """Whether the norm is in force in a region on a day."""
        return (
            region_code.startswith(self.place)
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on < self.valid_to)
        )


@dataclass(frozen=True)
class Applied:
    """A norm that a place is measured by; `local` False: no norm of the kind holds there, another place's is referred to."""

    rule: Rule
    local: bool

    @property
    def said(self) -> str:
        """Where it holds, as a tag: 全国, 延庆区, 参照海曙区."""
        return self.rule.place_name if self.local else f"参照{self.rule.place_name}"


def in_force(rules: Iterable[Rule], region_code: str, on: date) -> list[Rule]:
    """The norms of a place on a day, the most local first, the newest first among those."""
    return _by_nearness(rule for rule in rules if rule.holds(region_code, on))


def applied(rules: Iterable[Rule], region_code: str, on: date) -> dict[str, list[Applied]]:
    """By kind, the norms that a place is measured by on a day: those that hold there, the foremost first; where there is none,
    those of other places for reference."""
    known = list(rules)
    here = in_force(known, region_code, on)
    found: dict[str, list[Applied]] = {}
    for rule in here:
        found.setdefault(rule.measured, []).append(Applied(rule, True))
    elsewhere = _by_nearness(rule for rule in known if rule.holds(rule.place, on))
    local = set(found)
    for rule in sorted(elsewhere, key=lambda r: -(r.valid_from or date.min).toordinal()):
        if rule.measured not in local:
            found.setdefault(rule.measured, []).append(Applied(rule, False))
    return found


def _by_nearness(rules: Iterable[Rule]) -> list[Rule]:
    return sorted(
        rules, key=lambda r: (r.measured, -len(r.place), -(r.valid_from or date.min).toordinal(), r.pk)
    )


def chosen(by_kind: dict[str, list[Applied]]) -> list[Rule]:
    """The foremost norm of each kind."""
    return [found[0].rule for found in by_kind.values() if found]


def first(rules: Iterable[Rule], measured: Measured) -> Rule | None:
    """The foremost norm of a kind among those in force."""
    return next((rule for rule in rules if rule.measured == measured), None)


@dataclass(frozen=True)
class Finding:
    """A community's size against one norm: tone "ok", "low" or "high", and by how many households it is out."""

    rule: Rule
    tone: str
    by: int = 0

    @property
    def text(self) -> str:
        """少 113 户, 多 40 户, 符合."""
        return {"low": f"少 {self.by:,} 户", "high": f"多 {self.by:,} 户"}.get(self.tone, "符合")


def judge(rule: Rule, households: int) -> Finding:
    """A number of households against a norm of sizes."""
    if rule.low is not None and households < rule.low:
        return Finding(rule, "low", int(rule.low) - households)
    if rule.high is not None and households > rule.high:
        return Finding(rule, "high", households - int(rule.high))
    return Finding(rule, "ok")


def _up(number: int, per: Decimal | None) -> int:
    return -(-number // int(per)) if per else 0


def staff_needed(rules: Iterable[Rule], households: int) -> int:
    """Workers that the norms ask for: one per so many households, and not fewer than the least for small communities."""
    found = list(rules)
    per = first(found, Measured.STAFF)
    needed = _up(households, per.high) if per else 0
    for rule in found:
        if rule.measured == Measured.STAFF_LEAST and (rule.below is None or households < rule.below):
            needed = max(needed, int(rule.low or 0))
            break
    return needed


def leaders_needed(rules: Iterable[Rule], households: int) -> int:
    """Group leaders that the norms ask for."""
    rule = first(rules, Measured.LEADERS)
    return _up(households, rule.high) if rule else 0


def representatives_wanted(rules: Iterable[Rule], households: int) -> tuple[int, int]:
    """From how many to how many residents' representatives: one per 20–50 households (Organic Law 2026, Art. 13)."""
    rule = first(rules, Measured.REPRESENTATIVES)
    return (_up(households, rule.high), households // int(rule.low or 1)) if rule else (0, 0)


def rooms_needed(rules: Iterable[Rule], households: int) -> int:
    """Square metres of service rooms: the larger of the norm for a community and that for its households."""
    found = list(rules)
    flat, per = first(found, Measured.ROOMS), first(found, Measured.ROOMS_PER_100)
    by_households = -(-households * int(per.low or 0) // 100) if per else 0
    return max(int(flat.low or 0) if flat else 0, by_households)


def money_by_standard(rules: Iterable[Rule], households: int) -> Decimal:
    """What a community is due a year, in 元: by community, and by household where there is such a standard."""
    found = list(rules)
    flat, per = first(found, Measured.MONEY), first(found, Measured.MONEY_PER_HOUSEHOLD)
    return ((flat.low or Decimal(0)) if flat else Decimal(0)) + (
        (per.low or Decimal(0)) * households if per else Decimal(0)
    )


def share_out(total: dict[str, Decimal], moved: dict[str, dict[str, int]]) -> dict[str, Decimal]:
    """Money that follows its households: each community's sum is divided over the communities its households go to, in
    whole cents, so that nothing is lost (largest remainder).

    `moved`: community today → community after → households. A sum without households stays with the first named.
    """
    found: dict[str, Decimal] = {}
    for key, amount in total.items():
        parts = moved.get(key) or {key: 1}
        weight = sum(parts.values())
        if not weight:
            parts = {next(iter(parts)): 1}
            weight = 1
        cents = int(amount * 100)
        shares = {to: cents * n // weight for to, n in parts.items()}
        left = cents - sum(shares.values())
        for to in sorted(parts, key=lambda t: (-(cents * parts[t] % weight), t))[:left]:
            shares[to] += 1
        for to, share in shares.items():
            found[to] = found.get(to, Decimal(0)) + Decimal(share) / 100
    return found
