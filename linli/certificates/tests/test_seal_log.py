"""The seal log is taken away whole: every line that the page shows, at once or by a job, or a word that it is too long."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from linli.access.testing import COMMUNITY, Characters, characters
from linli.certificates import actions, log_pages
from linli.certificates.tests.counter import seal
from linli.jobs import actions as jobs
from linli.jobs.models import Job

pytestmark = pytest.mark.django_db
EXPORT = "certificates:seals_export"
PAPERS = ["活动室借用函", "居民小组会议纪要", "消防检查整改单"]


@pytest.fixture
def who() -> Characters:
    made, used = characters(), seal()
    for paper in PAPERS:
        actions.log_use(
            acting_user=made.worker,
            region_code=COMMUNITY,
            seal_id=used.pk,
            paper=paper,
            copies=2,
            reason="工作需要",
            requested_by="王建国",
            approved_by="李建民",
            hand="陈小静",
        )
    return made


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def papers(source: Any) -> list[str]:
    heads, *lines = load_workbook(source).active.iter_rows(values_only=True)
    return [line[heads.index("文件")] for line in lines]


def test_a_short_log_is_a_file_and_a_long_one_a_job_with_the_same_lines(
    who: Characters, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(who.worker)
    assert papers(io.BytesIO(client.get(reverse(EXPORT)).content)) == PAPERS
    assert papers(io.BytesIO(client.get(reverse(EXPORT), {"q": "消防"}).content)) == PAPERS[2:]
    monkeypatch.setattr(log_pages, "AT_ONCE", 2)
    answer = client.get(reverse(EXPORT))
    job = Job.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    done = jobs.perform_inline(job)
    assert done.state == "done", done.message
    assert papers(Path(settings.MEDIA_ROOT) / done.result_file) == PAPERS


def test_a_log_longer_than_a_workbook_is_said_and_nothing_is_left_out_silently(
    who: Characters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_pages, "MOST", 2)
    client = client_of(who.worker)
    answer = client.get(reverse(EXPORT), {"q": "工作"}, follow=True)
    assert "一次最多导出 2 条" in answer.content.decode()
    assert answer.request["QUERY_STRING"].startswith("q=")
    assert not Job.objects.exists()
