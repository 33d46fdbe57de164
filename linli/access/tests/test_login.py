"""Logging in: lock-out, and what is recorded."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linli.access import actions
from linli.access.testing import PASSWORD, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError

pytestmark = pytest.mark.django_db


def _try(password: str) -> str:
    try:
        return actions.check_login(username="worker", password=password).username
    except actions.LoginRefused as refused:
        return str(refused)


def test_right_password_logs_in_and_is_recorded() -> None:
    characters()
    assert _try(PASSWORD) == "worker"
    assert Event.objects.filter(verb="access.log_in").count() == 1


def test_five_failures_lock_even_for_the_right_password() -> None:
    characters()
    said = [_try("wrong") for _ in range(5)]
    assert all("不正确" in text for text in said[:4])
    assert "锁定 15 分钟" in said[4]
    assert "请 15 分钟后再试" in _try(PASSWORD)


def test_lock_ends_and_count_starts_again() -> None:
    user = characters().worker
    for _ in range(5):
        _try("wrong")
    type(user).objects.filter(pk=user.pk).update(locked_until=timezone.now())
    assert _try(PASSWORD) == "worker"
    assert "不正确" in _try("wrong")


def test_unknown_name_gets_the_same_sentence() -> None:
    characters()
    with pytest.raises(actions.LoginRefused) as unknown:
        actions.check_login(username="nobody", password="x")
    assert str(unknown.value) == _try("wrong")


def test_disabled_account_is_refused() -> None:
    user = characters().worker
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert "不正确" in _try(PASSWORD)


@pytest.mark.parametrize("password", ["short1A!", "alllowercase", "worker-2026-A", "1234567890"])
def test_weak_passwords_are_refused(password: str) -> None:
    user = characters().worker
    with pytest.raises(RuleError):
        actions.change_own_password(acting_user=user, current=PASSWORD, new=password)
