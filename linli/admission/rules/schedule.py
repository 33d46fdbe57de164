"""Money promised as a schedule: which instalments fall due when, how a payment is shared out, when lateness suspends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from linli.flow.rules.warrants import Per, stretch

FEN = Decimal("0.01")
PAYABLE = (Per.ONCE, Per.YEAR, Per.HALF, Per.QUARTER, Per.MONTH)


@dataclass(frozen=True)
class Due:
    """One instalment of one community: for the days [since, until), to be paid by `due_on`, in 元."""

    since: date
    until: date
    due_on: date
    amount: Decimal


def instalments(since: date, until: date, per: Per, amount: Decimal, within_days: int) -> list[Due]:
    """The instalments of one community for the days [since, until): `amount` for each whole stretch, of a stretch that is cut
    the share of its days. Due `within_days` days after each begins.

    Raises ValueError for a stretch that money is not paid by.
    """
    if per not in PAYABLE:
        raise ValueError(per)
    if until <= since or amount <= 0:
        return []
    within = timedelta(days=within_days)
    if per is Per.ONCE:
        return [Due(since, until, since + within, amount)]
    made, day = [], since
    while day < until:
        first, end = stretch(per, day, since)
        assert end is not None
        begins, ends = max(first, since), min(end, until)
        part = amount * (ends - begins).days / (end - first).days
        part = part.quantize(FEN, ROUND_HALF_UP)
        if part > 0:
            made.append(Due(begins, ends, begins + within, part))
        day = end
    return made


def cut(amount: Decimal, since: date, until: date, on: date) -> Decimal:
    """What is owed for the days [since, on) of an instalment for [since, until): the share of the days, at least a fen."""
    part = amount * (on - since).days / (until - since).days
    return max(part.quantize(FEN, ROUND_HALF_UP), FEN)


def share(total: Decimal, rests: Sequence[Decimal]) -> list[Decimal]:
    """A payment shared out over what rests of several instalments, in proportion and to the fen; the sum is the payment.

    Raises ValueError when it is more than rests in all.
    """
    rest = sum(rests, Decimal(0))
    if total > rest:
        raise ValueError("more than rests")
    if not rest:
        return [Decimal(0) for _one in rests]
    parts = [(total * one / rest).quantize(FEN, ROUND_DOWN) for one in rests]
    left = total - sum(parts, Decimal(0))
    for index, one in enumerate(rests):
        more = min(left, one - parts[index], FEN)
        if more > 0:
            parts[index] += more
            left -= more
    return parts


def suspends(working_days_late: int, grace: int) -> bool:
    """Whether an unpaid instalment suspends its item: more than `grace` working days after it fell due."""
    return working_days_late > grace
