"""What may come of a report that something was asked off the list, in plain words."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

ANSWER_DAYS = 5  # working days; as streets answer their communities in practice, no law says so


class Outcome(StrEnum):
    """What the street or the community office found."""

    STOPPED = "stopped"
    APPLY = "apply"
    LISTED = "listed"
    NOT = "not"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            Outcome.STOPPED: "属实，已要求停止",
            Outcome.APPLY: "属实，请部门先申请准入",
            Outcome.LISTED: "在清单内，社区应当办",
            Outcome.NOT: "不算对社区的要求",
        }[self]

    @property
    def tone(self) -> str:
        """How it looks."""
        return "danger" if self in CONFIRMED else ""


CONFIRMED = (Outcome.STOPPED, Outcome.APPLY)


def standing(outcome: str, withdrawn: bool, due_on: date, today: date) -> tuple[str, str]:
    """How a report stands, as a word and its tone."""
    if withdrawn:
        return "社区已撤回", ""
    if outcome:
        return Outcome(outcome).label, Outcome(outcome).tone or "ok"
    return ("答复已逾期", "danger") if due_on < today else ("待答复", "warn")
