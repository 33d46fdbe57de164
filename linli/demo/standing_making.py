"""Region and standing of made-up people, by the same rules as `people.standing`, so that nothing changes when it looks."""

from __future__ import annotations

from datetime import date

from linli.demo.records import Person
from linli.registry.people.standing import INSIDE


def derive(person: Person, on: date) -> tuple[str, str]:
    """The region in which a person counts on a day, and their standing."""
    living, hukou = person.at("living", on), person.at("hukou", on)
    here = living is not None and len(living.region) >= INSIDE
    hukou_here = hukou is not None and len(hukou.region) >= INSIDE
    if living is not None and here:
        region = living.region
    elif hukou is not None and hukou_here:
        region = hukou.region
    else:
        last = [r for r in person.residences if len(r.region) >= INSIDE]
        region = max(last, key=lambda r: r.period[1] or date.max).region
    if person.death is not None and person.death <= on:
        return region, "dead"
    if not here:
        return region, "hukou_only" if hukou_here else "gone"
    assert living is not None
    if hukou is None:
        return region, "newcomer"
    if living.region[:12] == hukou.region[:12]:
        return region, "registered"
    return region, "here_only" if living.region[:6] == hukou.region[:6] else "floating"
