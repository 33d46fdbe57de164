"""The sidebar's numbers are counted once in a while, and after every deed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.access.testing import characters
from linli.notices import actions as notices
from linli.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_kept_for_a_while_and_counted_anew_after_a_deed(settings: Any) -> None:
    settings.LINLI_BADGE_SECONDS = 600
    worker = characters().worker
    client = Client()
    client.force_login(worker)

    def shown() -> Any:
        page = client.get(reverse("search"))
        entries = [entry for section in page.context["shell_nav"] for entry in section.entries]
        return next(one.badge for one in entries if one.url == reverse("notices")), page.context[
            "shell_bell"
        ]["count"]

    notices.send(worker, "一")
    assert shown() == (1, 1)
    notices.send(worker, "二")
    assert shown() == (1, 1)
    client.post(reverse("notice_done", args=[Notice.objects.filter(title="一").get().pk]))
    assert shown() == (1, 1)
    notices.send(worker, "三")
    client.post(reverse("notices_read"))
    assert shown() == (0, 0)
    settings.LINLI_BADGE_SECONDS = 0
    notices.send(worker, "四")
    assert shown() == (1, 1)
