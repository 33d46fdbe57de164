"""What a check finds in a region today."""

from __future__ import annotations

from django.utils import timezone

from linli.access.testing import COMMUNITY
from linli.registry.quality import measuring, rules, scanning


def found(key: str, region_code: str = COMMUNITY) -> dict[int, str]:
    """By the number of the record, what the finding rests on."""
    today = timezone.localdate()
    scanning.scan(region_code, today, [rules.BY_KEY[key]])
    rows = measuring.findings(region_code, today).filter(fault=key)
    return dict(rows.values_list("row", "rests_on"))
