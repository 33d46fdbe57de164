"""What a proposal must say, and when the fact has changed under it."""

from __future__ import annotations

LEAST_REASON = 4


def reason_problem(reason: str) -> str:
    """A proposal says why."""
    if len(reason.strip()) < LEAST_REASON:
        return "请写明理由，例如“本人持新身份证到窗口说明”。"
    return ""


def answer_problem(accepted: bool, answer: str) -> str:
    """A refusal says why; an acceptance may."""
    return "" if accepted or len(answer.strip()) >= LEAST_REASON else "不采纳的，请写明原因，提出人会看到。"


def overtaken(before: str, now: str, after: str) -> bool:
    """Whether the fact was changed since the proposal, to something else than it asks for."""
    return now not in (before, after)
