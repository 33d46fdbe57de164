"""A small street for other rooms' tests: the same making, two communities, a few hundred homes, in a second or two."""

from __future__ import annotations

from datetime import date
from time import monotonic

from django.utils import timezone

from linli.audit.recording import SYSTEM, ActingUser
from linli.demo.street import Summary, make, write


def build_small(
    communities: int = 2,
    homes: int = 200,
    *,
    acting_user: ActingUser = SYSTEM,
    on: date | None = None,
    seed: int | str = 4,
) -> Summary:
    """Write a small street into the test's empty base: the first `communities` of 香水园街道 (东外, 川北东, …) with about
    so many homes in all, people in proportion, the demonstration's accounts of those regions.

    Raises RuleError when there are people already.
    """
    began = monotonic()
    street = make(seed=seed, on=on or timezone.localdate(), communities=communities, homes=homes)
    return write(street, acting_user=acting_user, began=began)
