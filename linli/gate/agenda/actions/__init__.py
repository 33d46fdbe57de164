"""Every write of the agenda.

All raise `RuleError` for what the rules or the gate refuse, and `NotPermitted` for what the acting user may not do there.
"""

from linli.gate.agenda.actions.feeding import read_feed, renew_feed, revoke_feed
from linli.gate.agenda.actions.joining import Together, join, join_tour
from linli.gate.agenda.actions.outcome import record_findings, record_hours, record_unlisted
from linli.gate.agenda.actions.proposing import propose
from linli.gate.agenda.actions.ruling import set_ceiling
from linli.gate.agenda.actions.settling import answer, cancel, consent, fix, move, refuse
from linli.gate.agenda.actions.telling import settle, tell_hours

__all__ = [
    "Together",
    "answer",
    "cancel",
    "consent",
    "fix",
    "join",
    "join_tour",
    "move",
    "propose",
    "read_feed",
    "record_findings",
    "record_hours",
    "record_unlisted",
    "refuse",
    "renew_feed",
    "revoke_feed",
    "set_ceiling",
    "settle",
    "tell_hours",
]
