"""Verifying the chain of events."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from linli.audit import sql


@dataclass(frozen=True)
class ChainReport:
    """`sound` when every sealed event follows from the one before it and the head is the last; else what is wrong."""

    sound: bool
    events: int
    message: str


def verify() -> ChainReport:
    """Recompute every link. Reads the whole event table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(seq), 0) FROM audit_event WHERE seq IS NOT NULL")
        events, last = cursor.fetchone()
        cursor.execute(sql.VERIFY)
        broken = cursor.fetchone()
        if broken:
            identity, seq, kind = broken
            what = "之前有记录缺失" if kind == "gap" else "与校验值不符，可能被改动"
            return ChainReport(False, events, f"第 {seq} 号操作记录（编号 {identity}）{what}。")
        cursor.execute(
            "SELECT h.seq = %s AND h.hash = coalesce((SELECT hash FROM audit_event WHERE seq = %s), '') "
            "FROM audit_chainhead h WHERE h.id = 1",
            [last, last],
        )
        head = cursor.fetchone()
        holds = head[0] if head else events == 0
        if not holds:
            return ChainReport(False, events, f"末尾的操作记录缺失：校验链记到的条数与现存 {events} 条不符。")
    return ChainReport(True, events, f"共 {events} 条操作记录，逐条校验无误。")
