"""The chain of events: sealed at commit, verified, and broken by any tampering."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from linli.audit import chain, sql
from linli.audit.models import Channel, DisclosedPerson, Event
from linli.audit.recording import SYSTEM, RuleError, UntracedAction, action, disclose


def _deed(text: str) -> None:
    with action(SYSTEM, "test.deed") as act:
        act.record(None, text, region_code="11", n=1)


def _undone() -> None:
    with transaction.atomic():
        _deed("四")
        raise RuleError("撤销")


@pytest.fixture
def chained(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_chainhead (id, seq, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING")
        cursor.execute("UPDATE audit_chainhead SET seq = 0, hash = ''")


def _tamper(statement: str) -> None:
    """Do what only somebody with the database's own rights could: switch the guard off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER event_keep")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER event_keep")


def test_events_are_numbered_without_gaps_and_verify(chained: None) -> None:
    for text in ("一", "二", "三"):
        _deed(text)
    with pytest.raises(RuleError):
        _undone()
    _deed("五")
    assert list(Event.objects.order_by("seq").values_list("seq", "summary")) == [
        (1, "一"),
        (2, "二"),
        (3, "三"),
        (4, "五"),
    ]
    report = chain.verify()
    assert report.sound
    assert report.events == 4


def test_several_events_of_one_transaction_are_chained_in_order(chained: None) -> None:
    with transaction.atomic():
        for number in range(5):
            _deed(str(number))
    assert [e.summary for e in Event.objects.order_by("seq")] == ["0", "1", "2", "3", "4"]
    assert chain.verify().sound


def test_raw_inserts_are_chained_too(chained: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, user_id, user_name, verb, target_type, region_code, summary, reason, data) "
            "VALUES (now(), 0, '某人', 'x.y', '', '', '手工写入', '', '{}')"
        )
    assert Event.objects.get().seq == 1
    assert chain.verify().sound


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit_event SET summary = '改过' WHERE seq = 2", "第 2 号"),
        ("UPDATE audit_event SET at = at - interval '1 day' WHERE seq = 1", "第 1 号"),
        ("DELETE FROM audit_event WHERE seq = 2", "缺失"),
        ("DELETE FROM audit_event WHERE seq = 3", "末尾"),
        ("DELETE FROM audit_event", "末尾"),
        ("DELETE FROM audit_chainhead", "末尾"),
    ],
)
def test_tampering_shows(chained: None, statement: str, says: str) -> None:
    for text in ("一", "二", "三"):
        _deed(text)
    _tamper(statement)
    report = chain.verify()
    assert not report.sound
    assert says in report.message


def test_the_database_refuses_changes_to_events(chained: None) -> None:
    _deed("一")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(summary="改过")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all().delete()


def test_an_action_without_a_trace_is_rolled_back(chained: None) -> None:
    with pytest.raises(UntracedAction), action(SYSTEM, "test.silent"):
        pass


def test_verification_reads_the_same_hash_in_python(chained: None) -> None:
    import hashlib

    _deed("一")
    event = Event.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text, (extract(epoch from at) * 1000000)::bigint FROM audit_event")
        data, micros = cursor.fetchone()
    parts = ["", "1", str(micros), "0", "系统", "test.deed", "", "", "11", "一", "", data]
    assert event.hash == hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    assert "audit_event" in sql.CHAIN


def test_disclosure_needs_a_purpose_and_names_everyone(db: None) -> None:
    with pytest.raises(RuleError):
        disclose(acting_user=SYSTEM, person_ids=[1], elements=["手机号码"], purpose=" ", channel=Channel.PAGE)
    made = disclose(
        acting_user=SYSTEM, person_ids=[3, 1, 3], elements=["手机号码"], purpose="核实", channel=Channel.PAGE
    )
    assert made.persons == 2
    assert set(DisclosedPerson.objects.values_list("person_id", flat=True)) == {1, 3}
