"""The rules on plain data."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.admission.rules import asking, columns, findings, likeness, off_limits, schedule
from linli.admission.rules.findings import Document, DocumentLevel, Ground, Load, Tone
from linli.flow.rules.warrants import Per, Thing

DAY = date(2026, 11, 26)
MONEY = st.integers(1, 5_000_000).map(lambda fen: Decimal(fen) / 100)


@given(st.lists(MONEY, min_size=1, max_size=40), st.integers(0, 100))
def test_a_payment_is_shared_out_to_the_fen_and_never_beyond_what_rests(
    rests: list[Decimal], percent: int
) -> None:
    total = (sum(rests, Decimal(0)) * percent / 100).quantize(Decimal("0.01"))
    parts = schedule.share(total, rests)
    assert sum(parts) == total
    assert all(0 <= part <= rest for part, rest in zip(parts, rests, strict=True))


def test_more_than_rests_is_refused() -> None:
    with pytest.raises(ValueError):
        schedule.share(Decimal("10.01"), [Decimal(4), Decimal(6)])


@given(
    st.integers(0, 800), st.integers(1, 900), st.sampled_from([Per.YEAR, Per.HALF, Per.QUARTER, Per.MONTH])
)
def test_instalments_cover_the_days_once_and_whole_stretches_cost_the_whole(
    start: int, length: int, per: Per
) -> None:
    since = date(2026, 1, 1) + timedelta(days=start)
    until = since + timedelta(days=length)
    made = schedule.instalments(since, until, per, Decimal("300.00"), 30)
    day = since
    for one in made:
        assert one.since == day
        assert one.due_on == one.since + timedelta(days=30)
        assert 0 < one.amount <= 300
        day = one.until
    assert day == until
    assert all(one.amount == 300 for one in made[1:-1])


def test_one_payment_for_the_whole_time() -> None:
    made = schedule.instalments(DAY, DAY + timedelta(days=100), Per.ONCE, Decimal(500), 10)
    assert [(one.amount, one.due_on) for one in made] == [(Decimal(500), DAY + timedelta(days=10))]


def test_a_basis_must_be_in_force_and_of_the_district() -> None:
    good = Ground("《老年人权益保障法》第七条", True)
    assert findings.basis([good], None, DAY).tone is Tone.FINE
    assert findings.basis([], None, DAY).tone is Tone.STOP
    assert findings.basis([Ground("旧法", False)], None, DAY).tone is Tone.STOP
    assert findings.basis([good, Ground("旧法", False)], None, DAY).tone is Tone.WARN
    for level, until, paper, tone in (
        (DocumentLevel.DISTRICT, None, True, Tone.FINE),
        (DocumentLevel.STATE, DAY + timedelta(days=1), True, Tone.FINE),
        (DocumentLevel.DISTRICT, DAY, True, Tone.STOP),
        (DocumentLevel.DISTRICT, None, False, Tone.STOP),
        (DocumentLevel.DEPARTMENT, None, True, Tone.STOP),
        (DocumentLevel.STREET, None, True, Tone.STOP),
    ):
        found = findings.basis([], Document("《方案》", level, until, paper), DAY)
        assert found.tone is tone, (level, until, paper)


def test_money_and_cost() -> None:
    load = Load(Decimal(6), 4, 16, Decimal(2400), Decimal(50))
    assert load.hours_all == 384
    assert load.worth_each == 1200
    assert findings.money(load).tone is Tone.FINE
    assert "每年 384 小时" in findings.cost(load).text
    poor = Load(Decimal(6), 4, 16, Decimal(800), Decimal(50))
    assert "少 400.00 元" in findings.money(poor).text
    none = findings.money(Load(Decimal(6), 4, 16, Decimal(0), None))
    assert none.tone is Tone.STOP
    assert "第四十三条" in none.text


def test_ahead_by_working_days() -> None:
    assert findings.ahead(30, 30, DAY).tone is Tone.FINE
    assert "至少提前 30 个工作日" in findings.ahead(29, 30, DAY).text


def test_columns_are_counted() -> None:
    found = columns.summarise(
        [columns.Column("序号", "serial"), columns.Column("姓名", "element", "person.name")]
        + [columns.Column(f"列{n}", "element", f"person.e{n}") for n in range(29)]
        + [
            columns.Column("手环编号", "unknown"),
            columns.Column("步数", "unknown"),
            columns.Column("状况", "asked"),
        ]
        + [columns.Column("签字", "never")]
    )
    assert (found.total, found.held, found.by_hand) == (34, 31, 1)
    assert found.sentence.startswith(
        "34 列中 31 列底数里已有，从底数填；2 列是新的：手环编号、步数；1 列要人确认：状况"
    )
    assert columns.Summary.from_json(found.as_json()) == found
    said = findings.forms([("登记表", found, [])], sends_forms=True)
    assert said.tone is Tone.WARN
    assert "31 列底数里已有，3 列是新的" in said.text


def test_forms_that_ask_the_same() -> None:
    one = [f"person.{n}" for n in range(10)]
    assert columns.asks_the_same(one, [*one[:8], "x", "y", "z"]) == 0.8
    assert columns.asks_the_same(one, one[:4]) == 0.0
    assert columns.asks_the_same(one, [f"other.{n}" for n in range(10)]) == 0.0


def duty(
    title: str, unit: str = "1", content: str = "", things: frozenset[str] = frozenset({"form"})
) -> likeness.Duty:
    return likeness.Duty(title, title, content, unit, things)


def test_the_same_duty_is_found_under_another_name() -> None:
    held = [
        duty("协助开展高龄津贴资格认证工作", content="核对高龄老人健在情况"),
        duty("社区戒毒社区康复工作", "2", "帮教"),
        duty("流动人口信息登记", "3", "登记来京人员"),
        duty("养犬登记年检", "4"),
    ]
    found = likeness.nearest(duty("高龄津贴资格年审", content="核对高龄老人是否健在"), held)
    assert [one.name for one in found] == ["协助开展高龄津贴资格认证工作"]
    assert "同一部门" in found[0].reasons
    same = likeness.nearest(duty("做好流动人口信息登记工作", "3"), held)
    assert same[0].is_same
    assert findings.overlap(same).tone is Tone.WARN


@pytest.mark.parametrize(
    ("text", "forbids"),
    [
        ("协助完成招商引资任务", True),
        ("为企业出具无犯罪记录证明", True),
        ("登记宗教信仰情况", True),
        ("建立健全老年人台账", False),
        ("社区为第一责任人", False),
    ],
)
def test_what_must_not_be_asked(text: str, forbids: bool) -> None:
    found = off_limits.find(text)
    assert len(found) == 1
    assert findings.off_limits(found).tone is (Tone.STOP if forbids else Tone.WARN)


@pytest.mark.parametrize("text", ["上门看望高龄老人", "社区不作为责任主体", "不要求建立台账"])
def test_what_may_be_asked_or_is_denied(text: str) -> None:
    assert off_limits.find(text) == []


def terms(**more: object) -> asking.Terms:
    values = {
        "things": frozenset({Thing.FORM, Thing.MEETING}),
        "times": 4,
        "per": Per.YEAR,
        "expected": None,
        "since": DAY,
        "until": DAY + timedelta(days=365),
        "hours": Decimal(6),
    }
    return asking.Terms(**{**values, **more})


@pytest.mark.parametrize(
    ("granted", "says"),
    [
        ({}, ""),
        ({"times": 2}, ""),
        ({"times": 1, "per": Per.QUARTER}, ""),
        ({"times": 2, "per": Per.QUARTER}, "次数不能超过"),
        ({"times": 1, "per": Per.MONTH}, "次数不能超过"),
        ({"times": None}, "不能改为不限"),
        ({"until": DAY + timedelta(days=366)}, "不能晚于"),
        ({"until": DAY}, "晚于起始"),
        ({"things": frozenset({Thing.PLATE})}, "没有申请下派机构牌子"),
    ],
)
def test_no_more_is_granted_than_was_asked(granted: dict, says: str) -> None:
    said = asking.wider(terms(), terms(**granted))
    assert says in said
    assert bool(said) == bool(says)


def test_what_was_changed_is_said() -> None:
    said = asking.changes(terms(), terms(times=2, things=frozenset({Thing.FORM})))
    assert said == ["不准下派会议", "频次由每年 4 次改为每年 2 次"]
    assert asking.changes(terms(), terms()) == []
    assert asking.same_but_dates(terms(), terms(until=DAY + timedelta(days=999)))
    assert not asking.same_but_dates(terms(), terms(times=3))
