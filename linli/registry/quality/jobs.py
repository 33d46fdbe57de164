"""The scores are counted each night, so that there is a trend."""

from __future__ import annotations

from datetime import date

from linli.jobs.daily import daily
from linli.registry.quality import measuring


@daily("quality.measure")
def measure_all(on: date) -> str:
    """All communities."""
    return f"计算了 {len(measuring.keep('', on))} 个社区的数据质量。"
