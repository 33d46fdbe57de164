"""The dictionary's measures over a whole district: each is one statement of SQL, however many people there are."""

from __future__ import annotations

from tests.bench.ground import line, seconds

SLOWEST = 8
BAR = 5.0


def run() -> None:
    """Ask for every measure of the district, once warm, and print the slowest."""
    from django.utils import timezone

    from linli.demo.places_making import STREET
    from linli.facts import plan
    from linli.facts.dictionary import dictionary
    from linli.kernel.scope import Scope

    found: list[tuple[float, str]] = []
    for subject in dictionary.subjects():
        wish = plan.Wish(subject.key, [Scope.of(STREET[:6])], timezone.localdate())
        for measure in subject.measures.values():

            def ask(wish: plan.Wish = wish, key: str = measure.key) -> object:
                return plan.total(wish, key)

            ask()
            found.append((seconds(ask), f"{subject.label}：{measure.label}"))
    found.sort(reverse=True)
    for taken, name in found[:SLOWEST]:
        line(f"全区{name}", f"{taken:.2f} 秒", f"标准 {BAR:.0f} 秒以内")
    line("全区全部指标", f"{len(found)} 个，共 {sum(taken for taken, _name in found):.1f} 秒")
