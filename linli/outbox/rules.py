"""When a user is reached outside the system, and with which words. The words name nobody and no matter: who reads a phone's
screen is not known, so they say how much waits and until when, and that one should log in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Wish(StrEnum):
    """What a user wants to be told of outside."""

    NOTHING = "nothing"
    URGENT = "urgent"
    TODOS = "todos"


@dataclass(frozen=True)
class Waiting:
    """What matters of a notice here."""

    is_todo: bool
    is_urgent: bool
    due_on: date | None = None


QUIET_FROM = time(21)
QUIET_UNTIL = time(7, 30)
# After the first attempt, the second, the third …; then it is given up.
AGAIN_AFTER = (timedelta(minutes=10), timedelta(minutes=40), timedelta(hours=3))


def wanted(wish: str, notice: Waiting) -> bool:
    """Whether a notice is told outside to somebody who wishes so."""
    if wish == Wish.TODOS:
        return notice.is_todo or notice.is_urgent
    return wish == Wish.URGENT and notice.is_urgent


def words(notices: Iterable[Waiting]) -> str:
    """The one message for what has come together: 您有 2 项待办（其中 1 项紧急），最早 12月1日到期，请登录邻里查看。"""
    found = list(notices)
    urgent = sum(one.is_urgent for one in found)
    todos = sum(one.is_todo for one in found)
    said = [f"{todos} 项待办"] if todos else []
    if news := len(found) - todos:
        said.append(f"{news} 条消息")
    text = "您有" + " ".join(["", "、".join(said)])
    if urgent:
        text += f"（其中 {urgent} 项紧急）" if urgent < len(found) else "（紧急）"
    due = min((one.due_on for one in found if one.due_on), default=None)
    if due is not None:
        text += f"，最早 {due.month}月{due.day}日到期"
    return text + "，请登录邻里查看。"


def not_before(now: datetime, *, urgent: bool) -> datetime:
    """When a message may leave: at once by day and when urgent, else in the morning. `now` in local time."""
    if urgent or QUIET_UNTIL <= now.time() < QUIET_FROM:
        return now
    day = now.date() + timedelta(days=now.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, now.tzinfo)


def again_at(now: datetime, tries: int) -> datetime | None:
    """When to try again after so many attempts; None when it is given up."""
    return now + AGAIN_AFTER[tries - 1] if tries <= len(AGAIN_AFTER) else None
