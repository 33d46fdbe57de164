"""Rules of lettings and hazards. No Django, no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def letting_problem(
    *,
    landlord: str,
    since: date | None,
    agreed_until: date | None,
    rent: Decimal | None,
    rooms: int | None,
    most: int | None,
    today: date,
) -> tuple[str, str]:
    """What stands against a letting, and the field it is about; two empty strings for nothing."""
    if not landlord:
        return "请选择或填写出租人。", "landlord_name"
    if since is not None and since > today:
        return "起租日期还没有到，请到那天再登记。", "since"
    if since and agreed_until and agreed_until <= since:
        return "租约到期日应晚于起租日期。", "agreed_until"
    if rent is not None and not 0 <= rent <= 1_000_000:
        return "月租金应在 0 到 1,000,000 元之间。", "rent"
    if rooms is not None and not 1 <= rooms <= 99:
        return "出租间数应在 1 到 99 之间。", "rooms"
    if most is not None and not 1 <= most <= 200:
        return "限住人数应在 1 到 200 之间。", "most"
    return "", ""


def end_problem(since: date | None, on: date, today: date) -> str:
    """A letting ends after it began, and not in the future."""
    if on > today:
        return "退租日期还没有到，请填写今天或以前的日期。"
    if since is not None and on <= since:
        return f"退租日期应晚于起租日期 {since}。"
    return ""


def hazard_problem(found_on: date, fixed_on: date | None, today: date) -> tuple[str, str]:
    """A hazard is found by today and fixed no earlier than it was found."""
    if found_on > today:
        return "发现日期还没有到，请核对。", "found_on"
    if fixed_on is not None and fixed_on > today:
        return "整改日期还没有到，请核对。", "fixed_on"
    if fixed_on is not None and fixed_on < found_on:
        return "整改日期不能早于发现日期。", "fixed_on"
    return "", ""
