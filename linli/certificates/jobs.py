"""What is done once a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from linli.certificates.actions import checking
from linli.jobs.daily import daily


@daily("certificates.tries")
def forget_tries(on: date) -> str:
    """Forget what was counted for the limits of the public checks."""
    return f"清理 {checking.forget_tries(timezone.now() - timedelta(days=1))} 条"
