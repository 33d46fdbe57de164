"""A community's agenda as an iCalendar file (RFC 5545), for the calendar of a phone or of Outlook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from linli.gate.agenda.models import State, Visit
from linli.regions import names


def _escaped(text: str) -> str:
    return (
        text.replace("\\", "\\\\")
        .replace(";", "\\;")
        .replace(",", "\\,")
        .replace("\n", "\\n")
        .replace("\r", "")
    )


def _folded(line: str) -> str:
    """Lines of at most 75 octets, the rest on lines that begin with a space (3.1)."""
    parts: list[str] = []
    part = ""
    for sign in line:
        if len((part + sign).encode()) > (75 if not parts else 74):
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part])


def write(name: str, visits: Iterable[Visit], now: datetime) -> str:
    """The file: what is fixed as events, what is proposed as tentative ones. Titles, who comes, where; nobody's data."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Linli//agenda//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}检查会议",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    for one in visits:
        lines += [
            "BEGIN:VEVENT",
            f"UID:visit-{one.pk}@linli",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        ]
        if one.starts_at is None:
            lines += [
                f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
                f"DTEND;VALUE=DATE:{one.last_day + timedelta(days=1):%Y%m%d}",
            ]
        else:
            begins = datetime.combine(one.day, one.starts_at)
            ends = begins + timedelta(hours=float(one.joint.hours if one.joint else one.hours))
            lines += [
                f"DTSTART;TZID=Asia/Shanghai:{begins:%Y%m%dT%H%M%S}",
                f"DTEND;TZID=Asia/Shanghai:{ends:%Y%m%dT%H%M%S}",
            ]
        lines += [
            f"SUMMARY:{_escaped(f'{one.who} {one.title}'.strip())}",
            f"LOCATION:{_escaped(names.title(one.region_code))}",
            f"STATUS:{'TENTATIVE' if one.state == State.PROPOSED else 'CONFIRMED'}",
            f"CATEGORIES:{one.get_thing_display()}",
            "END:VEVENT",
        ]
    return "\r\n".join(_folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"
