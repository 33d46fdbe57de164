"""Rules of organisations. No Django, no database."""

from __future__ import annotations

from datetime import date

from linli.kernel import credit_code as codes

LONGEST_NAME = 100
MOST_STAFF = 1_000_000


class Refused(ValueError):
    """A rule says no: one Chinese sentence, and the field that it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def name(text: str) -> str:
    """A name: something, at most 100 characters.

    Raises Refused.
    """
    found = " ".join(text.split())
    if not found:
        raise Refused("请填写单位名称。", "name")
    if len(found) > LONGEST_NAME:
        raise Refused(f"单位名称最多 {LONGEST_NAME} 个字。", "name")
    return found


def credit_code(text: str) -> str:
    """A unified social credit code (GB 32100) in its one way of writing; "" for none.

    Raises Refused.
    """
    if not text.strip():
        return ""
    try:
        return codes.parse(text).number
    except codes.InvalidCreditCode as error:
        raise Refused(str(error), "credit_code") from error


def life(founded_on: date | None, closed_on: date | None, today: date) -> None:
    """Founded not after today, closed not before founded nor after today.

    Raises Refused.
    """
    if founded_on and founded_on > today:
        raise Refused("成立日期不能晚于今天。", "founded_on")
    if closed_on and closed_on > today:
        raise Refused("注销日期不能晚于今天。", "closed_on")
    if founded_on and closed_on and closed_on < founded_on:
        raise Refused("注销日期不能早于成立日期。", "closed_on")


def staff(value: int | None) -> int | None:
    """How many work there.

    Raises Refused.
    """
    if value is not None and not 0 <= value <= MOST_STAFF:
        raise Refused(f"从业人数应在 0 到 {MOST_STAFF:,} 之间。", "staff")
    return value
