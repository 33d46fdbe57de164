"""What every measurement stands on: a base with the demonstration street, and ways of timing and printing."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


def prepare(*, scale: bool = True) -> None:
    """Migrate, and make the district for measuring (or only the demonstration street) when there is nobody yet."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from linli.demo import scale as district
    from linli.demo import street

    if not street.is_empty():
        return
    if scale:
        print(district.build(say=lambda text: print(text, flush=True)))
        district.tidy()
        return
    begin = time.perf_counter()
    street.build()
    line("示范街道", f"{time.perf_counter() - begin:.1f} 秒", "标准 60 秒以内")


def line(what: str, found: str, bar: str = "") -> None:
    """Print one figure with its bar."""
    print(f"{what}　{found}{'　（' + bar + '）' if bar else ''}", flush=True)


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


@dataclass(frozen=True)
class Pair:
    """Medians in seconds of the thing and of its baseline, and the median of their ratios pair by pair."""

    ours: float
    baseline: float
    ratio: float


def pair(
    ours: Callable[[], object], baseline: Callable[[], object], *, runs: int = 15, warm: int = 3
) -> Pair:
    """Time two pieces of work in turn, A B A B …, so that a drifting machine slows both."""
    for _number in range(warm):
        ours()
        baseline()
    times = [(seconds(ours), seconds(baseline)) for _number in range(runs)]
    return Pair(
        statistics.median(a for a, _b in times),
        statistics.median(b for _a, b in times),
        statistics.median(a / b for a, b in times),
    )


def peak_megabytes(who: int = resource.RUSAGE_SELF) -> float:
    """The largest memory so far of this process, or of the largest of its ended children, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024
