"""A community's copy and a standing ledger on paper."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from linli.access.models import User
from linli.audit.models import Disclosure
from linli.collecting import actions
from linli.collecting.actions.handing_over import ROWS, SHEETS
from linli.collecting.tests.conftest import Cast, Issue, filled, signed
from linli.collecting.tests.test_standing import kept
from linli.jobs import actions as jobs
from linli.jobs.models import Job, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def drawn_by_linli(settings: Any) -> None:
    settings.LINLI_OFFICE = "none"


def press(user: User, where: str, settings: Any) -> tuple[Job, bytes]:
    """What a press on 打印 comes to."""
    browser = Client()
    browser.force_login(user)
    answer = browser.post(where)
    job = Job.objects.latest("pk")
    assert answer["Location"] == reverse("job", args=[job.pk])
    done = jobs.perform_inline(job)
    assert done.state == State.DONE, done.message
    return done, (Path(settings.MEDIA_ROOT) / done.result_file).read_bytes()


def test_a_copy_is_printed_and_the_disclosure_recorded(cast: Cast, issue: Issue, settings: Any) -> None:
    part = filled(cast, issue())
    before = Disclosure.objects.count()
    where = reverse("collecting:paper", args=[part.pk])
    done, data = press(cast.people.worker, where, settings)
    assert data.startswith(b"%PDF-")
    assert done.result_name == "老年人（已填）.pdf"
    assert Disclosure.objects.count() == before + 1
    browser = Client()
    browser.force_login(cast.people.worker)
    assert where in browser.get(part.get_absolute_url()).content.decode()
    browser.force_login(cast.people.department)
    assert where not in browser.get(part.get_absolute_url()).content.decode()


def test_an_empty_form_is_printed_before_it_is_filled(cast: Cast, issue: Issue, settings: Any) -> None:
    part = issue().parts.get()
    done, data = press(cast.people.worker, reverse("collecting:paper", args=[part.pk]), settings)
    assert data.startswith(b"%PDF-")
    assert done.result_name == "老年人.pdf"


@pytest.mark.parametrize("way", [ROWS, SHEETS])
def test_what_a_department_merges_has_its_headings_on_every_page(cast: Cast, issue: Issue, way: str) -> None:
    part = signed(cast, issue())
    made = actions.merged(acting_user=cast.people.department, task=part.task, way=way)
    sheet = load_workbook(BytesIO(made.data)).worksheets[0]
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.page_setup.fitToWidth == 1


def test_a_ledger_is_printed_as_of_the_day_looked_at(cast: Cast, settings: Any) -> None:
    ledger = kept(cast)
    day = timezone.localdate() - timedelta(days=30)
    where = reverse("collecting:ledger_paper", args=[ledger.pk])
    done, data = press(cast.people.worker, f"{where}?on={day:%Y-%m-%d}", settings)
    assert data.startswith(b"%PDF-")
    assert f"{day:%Y-%m-%d}" in done.result_name
    browser = Client()
    browser.force_login(cast.people.worker)
    shown = browser.get(ledger.get_absolute_url(), {"on": f"{day:%Y-%m-%d}"}).content.decode()
    assert f"{where}?on={day:%Y-%m-%d}" in shown
