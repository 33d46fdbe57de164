"""Lettings of the homes that are let, and hazards found in homes: from what the homes say, with chances of their own."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final

from linli.demo.records import Hazard, Letting, Street

_HAZARDS: Final = {
    "01": (
        ("电动自行车在楼道充电", "已移至楼下车棚"),
        ("私拉电线，插座过载", "已拆除私拉电线"),
        ("楼道堆放杂物", "已清理"),
        ("液化气瓶放在卧室", "已移走气瓶"),
    ),
    "03": (("与楼下因漏水争吵", "社区已调解"), ("夜间噪声，邻居多次反映", "已上门劝说")),
    "99": (("隔断间住人", "已拆除隔断"), ("窗台花盆未固定", "已取下")),
}


def make_lettings(street: Street, *, seed: int | str) -> None:
    """One running letting a home that is let, now and then one before it; a home with a hazard has it found."""
    rng = Random(f"linli lettings {seed}")
    for home in street.homes:
        if home.tenure == "let" and home.families:
            head = home.families[0].head
            kind = "subletter" if rng.random() < 0.05 else "agent" if rng.random() < 0.08 else "owner"
            begun = home.let_from or home.since
            checked = (
                street.on - timedelta(days=rng.randint(5, 500)) if home.hazard or rng.random() < 0.5 else None
            )
            record = (
                f"延租备{rng.randint(2021, 2025)}{rng.randrange(10**5):05d}" if rng.random() < 0.55 else ""
            )
            signed = None if rng.random() < 0.2 else rng.random() < 0.8
            grade = rng.choice(("first", "second", "second", "third", ""))
            name = home.owner_name or "房主（姓名待补）"
            street.lettings.append(
                Letting(
                    home, (begun, None), kind, name, home.owner_phone, head, record, signed, grade, checked
                )
            )
        if home.hazard in _HAZARDS:
            told, done = rng.choice(_HAZARDS[home.hazard])
            found = street.on - timedelta(days=rng.randint(3, 400))
            fixed = found + timedelta(days=rng.randint(1, 30)) if rng.random() < 0.45 else None
            if fixed is not None and fixed > street.on:
                fixed = None
            severity = "severe" if rng.random() < 0.25 else "ordinary"
            street.hazards.append(
                Hazard(home, home.hazard, severity, told, found, fixed, done if fixed else "")
            )
