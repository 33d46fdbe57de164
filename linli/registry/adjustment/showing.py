"""What the pages show of a plan: each community beside today, measured by the norms of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linli.registry.adjustment import norms
from linli.registry.adjustment.base import staff_by_community
from linli.registry.adjustment.models import Norm
from linli.registry.adjustment.norms import Applied, Finding, Measured
from linli.registry.adjustment.rules import Base, Community, Draft, Size, sizes


@dataclass(frozen=True)
class Needs:
    """What so many households and people ask for by the norms."""

    staff: int
    leaders: int
    representatives: tuple[int, int]
    rooms: int


@dataclass(frozen=True)
class CommunityRow:
    """A community of a plan beside today. `staff` are people in post; `money` follows the households."""

    community: Community
    today: Size
    after: Size
    findings_today: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    needs_today: Needs
    needs: Needs
    staff_today: int
    staff: int
    money_today: Decimal
    money: Decimal
    standard: Decimal

    @property
    def households_change(self) -> int:
        return self.after.households - self.today.households

    @property
    def people_change(self) -> int:
        return self.after.people - self.today.people

    @property
    def is_out(self) -> bool:
        """Whether the foremost norm of sizes is missed under the plan."""
        return bool(self.findings) and self.findings[0].tone != "ok"

    @property
    def was_out(self) -> bool:
        return bool(self.findings_today) and self.findings_today[0].tone != "ok"

    @property
    def is_changed(self) -> bool:
        return self.today != self.after

    @property
    def staff_gap(self) -> int:
        """Workers that are missing under the plan; 0 when there are enough."""
        return max(0, self.needs.staff - self.staff)


def rules_for(region_code: str, on: date) -> dict[str, list[Applied]]:
    """The norms that a place is measured by on a day, by kind."""
    return norms.applied([norm.rule for norm in Norm.objects.all()], region_code, on)


def size_norms(by_kind: dict[str, list[Applied]]) -> list[Applied]:
    """The norms of sizes, the foremost first."""
    return by_kind.get(Measured.HOUSEHOLDS, [])


def needs_of(by_kind: dict[str, list[Applied]], size: Size) -> Needs:
    """What a community of that size needs."""
    chosen = norms.chosen(by_kind)
    return Needs(
        norms.staff_needed(chosen, size.households),
        norms.leaders_needed(chosen, size.households),
        norms.representatives_wanted(chosen, size.households),
        norms.rooms_needed(chosen, size.households),
    )


def findings_of(by_kind: dict[str, list[Applied]], size: Size) -> tuple[Finding, ...]:
    """A size against every norm of sizes that is shown."""
    return tuple(norms.judge(one.rule, size.households) for one in size_norms(by_kind))


def plan_rows(base: Base, draft: Draft, region_code: str, on: date) -> list[CommunityRow]:
    """Every community of a plan, those given up included, in the order of today, new ones last."""
    by_kind = rules_for(region_code, on)
    chosen = norms.chosen(by_kind)
    assignment = draft.assignment(base)
    today = sizes(base, {block.id: block.community for block in base.blocks.values()})
    after = sizes(base, assignment)
    staff_today = staff_by_community(region_code, on)
    staff: Counter[str] = Counter()
    for key, count in staff_today.items():
        staff[draft.merged.get(key, key)] += count
    due = {
        key: norms.money_by_standard(chosen, today.get(key, Size()).households) for key in base.communities
    }
    money = norms.share_out(due, _flows(base, draft, assignment))
    rows = []
    for key, one in draft.communities(base).items():
        was, becomes = today.get(key, Size()), after.get(key, Size())
        gone = bool(one.into)
        rows.append(
            CommunityRow(
                one,
                was,
                becomes,
                findings_of(by_kind, was) if not one.is_new else (),
                () if gone else findings_of(by_kind, becomes),
                needs_of(by_kind, was) if not one.is_new else Needs(0, 0, (0, 0), 0),
                Needs(0, 0, (0, 0), 0) if gone else needs_of(by_kind, becomes),
                staff_today.get(key, 0),
                staff.get(key, 0),
                due.get(key, Decimal(0)),
                money.get(key, Decimal(0)),
                Decimal(0) if gone else norms.money_by_standard(chosen, becomes.households),
            )
        )
    return rows


def _flows(base: Base, draft: Draft, assignment: dict[int, str]) -> dict[str, dict[str, int]]:
    """Where the households of each community of today are under the plan."""
    found: dict[str, dict[str, int]] = {}
    for block in base.blocks.values():
        if block.community:
            to = found.setdefault(block.community, {})
            to[assignment[block.id]] = to.get(assignment[block.id], 0) + block.households
    for key in base.communities:
        found.setdefault(key, {draft.merged.get(key, key): 0})
    return found


@dataclass(frozen=True)
class Totals:
    """The sums under the table: what must stay and what changes with the number of communities."""

    today: Size
    after: Size
    staff_today: int
    staff: int
    needed_today: int
    needed: int
    money_today: Decimal
    money: Decimal
    standard: Decimal
    rooms_today: int
    rooms: int
    out_today: int
    out: int
    communities_today: int
    communities: int


def totals(rows: Sequence[CommunityRow]) -> Totals:
    """The sums over the communities of a plan."""
    nothing = Size()
    return Totals(
        sum((row.today for row in rows), nothing),
        sum((row.after for row in rows), nothing),
        sum(row.staff_today for row in rows),
        sum(row.staff for row in rows),
        sum(row.needs_today.staff for row in rows),
        sum(row.needs.staff for row in rows),
        sum((row.money_today for row in rows), Decimal(0)),
        sum((row.money for row in rows), Decimal(0)),
        sum((row.standard for row in rows), Decimal(0)),
        sum(row.needs_today.rooms for row in rows),
        sum(row.needs.rooms for row in rows),
        sum(row.was_out for row in rows),
        sum(row.is_out for row in rows),
        sum(not row.community.is_new for row in rows),
        sum(not row.community.into for row in rows),
    )
