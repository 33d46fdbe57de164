"""Editions: drafted, frozen, carried out, compared; the reform of report 002 replayed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import DISTRICT
from linli.audit.recording import SYSTEM, RuleError
from linli.flow.models import Warrant
from linli.gate.catalogue import actions, examples, reading
from linli.gate.catalogue.examples import Example
from linli.gate.catalogue.models import Edition, Entry, Item
from linli.gate.catalogue.rules.comparison import Turn
from linli.gate.catalogue.rules.terms import Fate
from linli.gate.catalogue.tests.conftest import Office
from linli.notices.models import Notice

TODAY = timezone.localdate()
OLD, REFORM = date(2024, 1, 1), date(2026, 1, 1)


def drafted(office: Office, title: str = "清单") -> Edition:
    return actions.start_draft(acting_user=office.officer, region_code=DISTRICT, title=title)


def entry_of(edition: Edition, title: str) -> Entry:
    return edition.entries.get(title=title)


def published(office: Office, edition: Edition, on: date = TODAY) -> Edition:
    return actions.publish(acting_user=office.officer, edition=edition, on=on)


@pytest.fixture
def three(office: Office) -> Edition:
    """A first edition of three items, in force."""
    for title in ("低保走访", "临时救助", "献血宣传"):
        office.admit(title, things=[] if title == "献血宣传" else ["form"])
    return published(office, drafted(office))


def test_the_reform_of_the_report_is_replayed_and_its_figures_come_out(office: Office) -> None:
    officer = office.officer
    first = examples.draft_from_example(
        acting_user=officer, region_code=DISTRICT, example=Example.BEFORE, title="社区工作事项清单"
    )
    first = actions.publish(acting_user=officer, edition=first, on=OLD)
    assert (reading.in_force(DISTRICT).count(), first.applied_at is not None) == (246, True)
    sending = Warrant.objects.filter(period__contains=TODAY).count()
    assert sending == Item.objects.exclude(things=[]).count() > 200

    second = actions.start_draft(acting_user=officer, region_code=DISTRICT, title="社区工作事项清单")
    examples.carry_out_reform(acting_user=officer, edition=second)
    second = actions.publish(acting_user=officer, edition=second, on=REFORM)

    found = reading.compare(second, first)
    assert (found.before, found.classes_before, found.after, found.classes_after) == (246, 42, 80, 20)
    turns = {turn: found.count(turn) for turn in Turn}
    assert turns == {
        Turn.CANCELLED: 139,
        Turn.MOVED: 17,
        Turn.MERGED: 14,
        Turn.ENDED: 0,
        Turn.NEW: 4,
        Turn.CHANGED: 76,
        Turn.SAME: 0,
    }
    assert found.summary == "取消 139 项、转出购买服务 17 项、合并 14 项、新增 4 项、保留并调整 76 项"
    assert found.hours_after < found.hours_before / 5
    assert all(one.into is not None for one in found.of(Turn.MERGED))
    assert all(one.reason for one in found.of(Turn.CANCELLED))
    assert sum(row.before for row in found.classes) == 246
    items = reading.in_force(DISTRICT)
    assert items.count() == 80
    alive = Warrant.objects.filter(period__contains=TODAY)
    assert set(alive.values_list("pk", flat=True)) == {
        one.warrant_id for one in items if one.warrant_id is not None
    }
    assert {one.item.title for one in alive.select_related("item")} == {
        one.title for one in items if one.things
    }
    for one in items.exclude(warrant=None):
        assert one.warrant.terms.times == one.times
        assert set(one.warrant.things) == set(one.things)
    assert reading.current(DISTRICT) == second
    assert reading.compare_with_today(second).count(Turn.SAME) == 80


def test_the_examples_are_sound() -> None:
    old, new = examples.read(Example.BEFORE), examples.read(Example.REFORMED)
    assert len({one.title for one in old}) == len(old) == 246
    assert len({one.title for one in new}) == len(new) == 80
    assert all(one.reason for one in old if one.fate is not Fate.KEEP)
    assert all(one.bases or one.terms["basis_note"] for one in (*old, *new))
    assert all(one.terms["content"] for one in new)
    kept = {one.into for one in old if one.fate in (Fate.KEEP, Fate.MERGE)}
    assert kept <= {one.title for one in new}
    assert not [one.title for one in new if one.terms["times"] is None and not one.terms["expected"]]


def test_items_that_stay_keep_their_warrant_and_those_that_go_lose_it(office: Office, three: Edition) -> None:
    before = {one.title: one.warrant_id for one in Item.objects.all()}
    draft = drafted(office)
    actions.change_entry(acting_user=office.officer, entry=entry_of(draft, "低保走访"), times=1, per="year")
    actions.change_entry(acting_user=office.officer, entry=entry_of(draft, "献血宣传"), things=["form"])
    actions.let_go(
        acting_user=office.officer,
        edition=draft,
        entries=[entry_of(draft, "临时救助")],
        fate="move",
        reason="交给社会组织",
    )
    actions.add_entry(
        acting_user=office.officer,
        edition=draft,
        **{**entry_of(draft, "低保走访").values, "title": "新的事项", "category": "新类"},
    )
    on = TODAY + timedelta(days=30)
    published(office, draft, on)
    stays, gone, gets = (Item.objects.get(title=t) for t in ("低保走访", "临时救助", "献血宣传"))
    assert (stays.times, gets.warrant, gone.until, gone.ended_how) == (2, None, on, "move")
    assert Warrant.objects.get(pk=before["临时救助"]).period.upper == on
    assert Item.objects.get(title="新的事项").since == on
    assert {one.title for one in reading.in_force(DISTRICT)} == {"低保走访", "临时救助", "献血宣传"}
    with pytest.raises(RuleError, match="还没有到施行日期"):
        actions.take_effect(draft)
    with pytest.raises(RuleError, match="施行后再发布"):
        published(office, drafted(office), on + timedelta(days=9))
    assert actions.apply_due(TODAY) == 0


def test_on_its_day_an_edition_is_carried_out_once(
    office: Office, three: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    warrants = {one.title: one.warrant_id for one in Item.objects.all()}
    draft = drafted(office)
    actions.change_entry(acting_user=office.officer, entry=entry_of(draft, "低保走访"), times=1, per="year")
    actions.change_entry(acting_user=office.officer, entry=entry_of(draft, "临时救助"), things=[])
    actions.change_entry(acting_user=office.officer, entry=entry_of(draft, "献血宣传"), things=["form"])
    on = TODAY + timedelta(days=30)
    draft = published(office, draft, on)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: on)
    assert actions.apply_due(on) == 1
    assert actions.apply_due(on) == 0
    draft.refresh_from_db()
    assert draft.applied_at is not None
    stays, stops, gets = (Item.objects.get(title=t) for t in ("低保走访", "临时救助", "献血宣传"))
    assert stays.warrant is not None
    assert (stays.warrant_id, stays.warrant.times, stays.warrant.per) == (warrants["低保走访"], 1, "year")
    assert stops.warrant is None
    assert Warrant.objects.get(pk=warrants["临时救助"]).period.upper == on
    assert gets.warrant is not None
    assert gets.warrant.period.lower == on


def test_a_published_edition_is_frozen_by_actions_and_by_the_database(office: Office, three: Edition) -> None:
    entry = three.entries.first()
    assert entry is not None
    with pytest.raises(RuleError, match="已经发布，不能再改"):
        actions.change_entry(acting_user=office.officer, entry=entry, title="改名")
    with pytest.raises(RuleError, match="已经发布，不能再改"):
        actions.discard_draft(acting_user=office.officer, edition=three)
    tries: list[Any] = [
        lambda: Entry.objects.filter(pk=entry.pk).update(title="改名"),
        lambda: Entry.objects.bulk_create([Entry(edition=three, **entry.values)]),
        lambda: Entry.objects.filter(pk=entry.pk).delete(),
        lambda: Edition.objects.filter(pk=three.pk).update(note="改"),
        lambda: Edition.objects.filter(pk=three.pk).update(published_at=None),
        lambda: Edition.objects.filter(pk=three.pk).update(applied_at=None),
        lambda: three.delete(),
    ]
    for attempt in tries:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert three.entries.count() == 3
    draft = drafted(office)
    with pytest.raises(DatabaseError), transaction.atomic():
        draft.entries.update(edition=three)


def test_merging_flattens_and_bringing_back_undoes(office: Office, three: Edition) -> None:
    draft = drafted(office)
    a, b, c = (entry_of(draft, t) for t in ("低保走访", "临时救助", "献血宣传"))

    def merge(entries: list[Entry], into: Entry) -> None:
        actions.merge_entries(
            acting_user=office.officer, edition=draft, entries=entries, into=into, reason="同一次入户"
        )

    merge([a], b)
    merge([b], c)
    assert set(draft.entries.filter(into=c)) == {a, b}
    with pytest.raises(RuleError, match="没有保留"):
        merge([c], a)
    with pytest.raises(RuleError, match="至少一项"):
        merge([c], c)
    with pytest.raises(RuleError, match="请先恢复它"):
        actions.let_go(acting_user=office.officer, edition=draft, entries=[c], fate="cancel", reason="试")
    found = reading.compare(three, draft)
    assert {(one.line.title, one.into.title if one.into else "") for one in found.of(Turn.MERGED)} == {
        ("低保走访", "献血宣传"),
        ("临时救助", "献血宣传"),
    }
    actions.bring_back(acting_user=office.officer, edition=draft, entries=[a, b])
    assert reading.compare(three, draft).count(Turn.SAME) == 3


def test_a_new_entry_that_goes_again_leaves_no_trace_in_the_draft(office: Office, three: Edition) -> None:
    draft = drafted(office)
    a = entry_of(draft, "低保走访")
    new = actions.add_entry(acting_user=office.officer, edition=draft, **{**a.values, "title": "新的"})
    with pytest.raises(RuleError, match="草案里已经有"):
        actions.add_entry(acting_user=office.officer, edition=draft, **{**a.values, "title": "新的"})
    assert reading.compare(three, draft).count(Turn.NEW) == 1
    actions.let_go(acting_user=office.officer, edition=draft, entries=[new], fate="cancel", reason="不要了")
    assert not draft.entries.filter(title="新的").exists()


def test_a_draft_follows_what_happens_to_single_items_meanwhile(office: Office, three: Edition) -> None:
    draft = drafted(office)
    later = office.admit("起草以后准入的", until=TODAY + timedelta(days=50))
    actions.renew(acting_user=office.officer, item=later, until=TODAY + timedelta(days=90), reason="延期")
    gone = Item.objects.get(title="低保走访")
    actions.revoke(acting_user=office.officer, item=gone, reason="居民不同意")
    assert entry_of(draft, "起草以后准入的").until == TODAY + timedelta(days=90)
    assert (entry_of(draft, "低保走访").fate, entry_of(draft, "低保走访").reason) == ("cancel", "居民不同意")
    draft = published(office, draft, TODAY + timedelta(days=1))
    found = reading.compare(three, draft)
    assert found.summary == "取消 1 项、新增 1 项"
    assert reading.compare_with_today(three).summary == "取消 1 项、新增 1 项"


def test_an_item_that_ran_out_is_told_apart(office: Office) -> None:
    item = office.admit("试行", until=TODAY + timedelta(days=5))
    office.admit("长期")
    edition = published(office, drafted(office))
    found = reading.compare_with_today(edition, item.until)
    assert [one.line.title for one in found.of(Turn.ENDED)] == ["试行"]


def test_what_publishing_refuses(office: Office, three: Edition) -> None:
    draft = drafted(office)
    with pytest.raises(RuleError, match="已经有一份草案"):
        drafted(office)
    with pytest.raises(RuleError, match="晚于上一版"):
        published(office, draft, TODAY)
    actions.let_go(
        acting_user=office.officer, edition=draft, entries=draft.entries.all(), fate="cancel", reason="试"
    )
    with pytest.raises(RuleError, match="没有保留的事项"):
        published(office, draft, TODAY + timedelta(days=1))
    actions.discard_draft(acting_user=office.officer, edition=draft)
    assert Edition.objects.count() == 1
    assert reading.in_force(DISTRICT).count() == 3
    with pytest.raises(RuleError, match="已经有清单"):
        examples.draft_from_example(
            acting_user=office.officer, region_code=DISTRICT, example=Example.REFORMED, title="清单"
        )


def test_classes_are_renamed_and_joined(office: Office, three: Edition) -> None:
    draft = drafted(office)
    actions.change_entry(acting_user=office.officer, entry=entry_of(draft, "献血宣传"), category="卫生")
    assert actions.rename_class(acting_user=office.officer, edition=draft, old="社会救助", new="救助") == 2
    found = reading.compare(three, draft)
    assert [(row.name, row.before, row.after) for row in found.classes] == [
        ("社会救助", 3, 0),
        ("救助", 0, 2),
        ("卫生", 0, 1),
    ]
    with pytest.raises(RuleError, match="没有“没有的类”"):
        actions.rename_class(acting_user=office.officer, edition=draft, old="没有的类", new="救助")


def test_everybody_of_the_district_hears_of_a_new_edition(office: Office, three: Edition) -> None:
    told = set(
        Notice.objects.filter(key=f"catalogue.edition.{three.pk}").values_list("user__username", flat=True)
    )
    assert told == {"worker", "officer", "department", "neighbour", "administrator"}


def test_only_the_community_office_drafts(office: Office, three: Edition) -> None:
    draft = drafted(office)
    for user in office.people.all().values():
        with pytest.raises(NotPermitted):
            actions.start_draft(acting_user=user, region_code=DISTRICT, title="清单")
        with pytest.raises(NotPermitted):
            actions.publish(acting_user=user, edition=draft, on=TODAY + timedelta(days=1))
        with pytest.raises(NotPermitted):
            actions.let_go(
                acting_user=user, edition=draft, entries=draft.entries.all(), fate="cancel", reason="试"
            )
    with pytest.raises(RuleError, match="请选择区"):
        actions.start_draft(acting_user=SYSTEM, region_code=DISTRICT + "002", title="清单")


def test_hours_are_counted_alike_by_rule_and_by_database(office: Office) -> None:
    from linli.flow.rules.warrants import Per
    from linli.gate.catalogue.rules import terms

    for number, per in enumerate(Per):
        for times, expected in ((None, 7), (None, None), (3, None)):
            item = office.admit(
                f"{per}{times}{expected}", times=times, per=per, expected=expected, hours=Decimal("1.5")
            )
            item.refresh_from_db()
            assert item.yearly_hours == terms.yearly_hours(times, per, expected, Decimal("1.5")), number
