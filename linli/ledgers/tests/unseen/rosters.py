"""Rosters of people as other provinces and departments draw them, in the order of their numbers."""

from __future__ import annotations

from linli.ledgers.tests.unseen.aid import AID
from linli.ledgers.tests.unseen.build import Unseen
from linli.ledgers.tests.unseen.families import FAMILIES

ROSTERS: tuple[Unseen, ...] = tuple(sorted((*FAMILIES, *AID), key=lambda form: form.name))
