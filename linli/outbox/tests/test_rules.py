"""When and with which words; without a database."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from linli.outbox.rules import Waiting, Wish, again_at, not_before, wanted, words

HERE = ZoneInfo("Asia/Shanghai")
TODO, NEWS = Waiting(True, False), Waiting(False, False)


@pytest.mark.parametrize(
    ("wish", "notice", "told"),
    [
        (Wish.NOTHING, Waiting(True, True), False),
        (Wish.URGENT, TODO, False),
        (Wish.URGENT, Waiting(False, True), True),
        (Wish.TODOS, TODO, True),
        (Wish.TODOS, NEWS, False),
        (Wish.TODOS, Waiting(False, True), True),
    ],
)
def test_only_what_was_asked_for(wish: Wish, notice: Waiting, told: bool) -> None:
    assert wanted(wish, notice) is told


def test_words_say_how_much_and_until_when() -> None:
    assert words([TODO]) == "您有 1 项待办，请登录邻里查看。"
    assert (
        words([Waiting(True, True, date(2026, 12, 1))])
        == "您有 1 项待办（紧急），最早 12月1日到期，请登录邻里查看。"
    )
    several = [
        Waiting(True, True, date(2026, 12, 3)),
        Waiting(True, False, date(2026, 12, 1)),
        Waiting(False, True),
    ]
    assert words(several) == "您有 2 项待办、1 条消息（其中 2 项紧急），最早 12月1日到期，请登录邻里查看。"


@pytest.mark.parametrize(
    ("at", "urgent", "leaves"),
    [
        ((2026, 11, 26, 10, 0), False, (2026, 11, 26, 10, 0)),
        ((2026, 11, 26, 21, 0), False, (2026, 11, 27, 7, 30)),
        ((2026, 11, 26, 3, 0), False, (2026, 11, 26, 7, 30)),
        ((2026, 12, 31, 23, 59), False, (2027, 1, 1, 7, 30)),
        ((2026, 11, 26, 23, 0), True, (2026, 11, 26, 23, 0)),
    ],
)
def test_nights_are_quiet(at: tuple[int, ...], urgent: bool, leaves: tuple[int, ...]) -> None:
    assert not_before(datetime(*at, tzinfo=HERE), urgent=urgent) == datetime(*leaves, tzinfo=HERE)  # type: ignore[misc,arg-type]


def test_it_is_tried_four_times() -> None:
    now = datetime(2026, 11, 26, 10, tzinfo=HERE)
    found = [again_at(now, tries) for tries in (1, 2, 3, 4)]
    assert found[:3] == sorted(one for one in found[:3] if one)
    assert found[3] is None
