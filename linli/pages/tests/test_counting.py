"""A list is counted anew after every deed, and not otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from linli.access.models import User
from linli.audit.models import ChainHead
from linli.pages import counting
from linli.pages.paging import CappedPaginator


@pytest.fixture(autouse=True)
def _kept(settings: Any) -> Any:
    settings.LINLI_COUNT_SECONDS = 600
    counting._kept.forget()
    yield
    counting._kept.forget()


def _deed() -> None:
    head, _made = ChainHead.objects.get_or_create(defaults={"seq": 0})
    head.seq += 1
    head.save()


def _people(number: int) -> None:
    User.objects.bulk_create(User(username=f"u{number}{n}", name="李") for n in range(number))


def _count(name: str = "李") -> int:
    return CappedPaginator(User.objects.filter(name=name).order_by("pk"), 2).count


@pytest.mark.django_db(transaction=True)
def test_a_deed_makes_a_list_be_counted_anew() -> None:
    _people(3)
    assert _count() == 3
    _people(4)
    assert _count() == 3, "nothing was done in the chain: the count is kept"
    _deed()
    assert _count() == 7


@pytest.mark.django_db(transaction=True)
def test_each_question_has_its_own_count() -> None:
    _people(3)
    assert (_count(), _count("王")) == (3, 0)


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_nothing_is_held() -> None:
    _people(3)
    assert _count() == 3
    with transaction.atomic():
        _people(4)
        assert _count() == 7, "what was just written is counted before its deed has a number"


@pytest.mark.django_db(transaction=True)
def test_an_empty_question_is_not_asked() -> None:
    assert CappedPaginator(User.objects.none(), 2).count == 0
