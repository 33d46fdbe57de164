"""Taking the people of a list away: from the list's own button, masked unless a purpose is given, as of the day of the list."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from linli.access.testing import Characters, characters
from linli.audit.models import Disclosure
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.ledgers.tests.street import Street, build
from linli.regions import names
from linli.registry.groups.models import Membership
from linli.registry.intake import exporting
from linli.registry.intake.columns import match_heading
from linli.registry.people import actions as people
from linli.registry.people.models import Person

URL = "/intake/export/people/"
COLUMNS = ["name", "id_number", "phone", "estate", "door", "education"]


@pytest.fixture
def street(db: Any) -> Street:
    made = build()
    names.forget()
    return made


@pytest.fixture
def who(street: Street) -> Characters:
    return characters()


def rows(job: Job) -> list[dict[str, Any]]:
    done = jobs.perform_inline(job)
    assert done.state == "done", done.message
    book = load_workbook(Path(settings.MEDIA_ROOT) / done.result_file)
    heads, *rest = [[cell.value for cell in row] for row in book.active.iter_rows()]
    keys = [match_heading(head) or "" for head in heads]
    return [dict(zip(keys, row, strict=True)) for row in rest]


def test_the_list_has_its_button_and_the_export_its_rows(who: Characters, street: Street) -> None:
    client = Client()
    client.force_login(who.worker)
    page = client.get("/people/", {"q": "郭"}).content.decode()
    assert f"{URL}?q=" in page
    assert "2 人" in client.get(URL, {"q": "郭"}).content.decode()
    answer = client.post(f"{URL}?q=郭", {"columns": COLUMNS})
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    found = rows(job)
    assert {row["name"] for row in found} == {"郭老汉", "郭建军"}
    assert all("*" in row["id_number"] and "*" in row["phone"] for row in found)
    assert not Disclosure.objects.exists()


def test_full_numbers_need_a_purpose_and_are_recorded(who: Characters, street: Street) -> None:
    client = Client()
    client.force_login(who.worker)
    answer = client.post(URL, {"columns": COLUMNS, "unmask": "on"})
    assert answer.status_code == 422
    assert "用途" in answer.content.decode()
    client.post(URL, {"columns": COLUMNS, "unmask": "on", "purpose": "核对养老补贴"})
    found = rows(Job.objects.get())
    assert street.son.id_number in {row["id_number"] for row in found}
    assert Disclosure.objects.get().purpose == "核对养老补贴"


def test_of_a_past_day_as_it_was(who: Characters, street: Street) -> None:
    today = timezone.localdate()
    on = today - timedelta(days=1)
    type(street.son).objects.update(created_at=timezone.now() - timedelta(days=30))
    people.move_within(
        acting_user=who.worker, person_id=street.son.pk, home_id=street.let.pk, on=today, share_home=True
    )
    people.update_person(acting_user=who.worker, person_id=street.son.pk, values={"education": "60"})
    client = Client()
    client.force_login(who.worker)
    address = f"{URL}?q=郭建军&on={on}"
    assert f"按 {on} 的情况" in client.get(address).content.decode()
    client.post(address, {"columns": COLUMNS})
    (then,) = rows(Job.objects.get())
    assert (then["door"], then["education"]) == ("501", "大学专科")
    Job.objects.all().delete()
    client.post(f"{URL}?q=郭建军", {"columns": COLUMNS})
    (now,) = rows(Job.objects.get())
    assert (now["door"], now["education"] != then["education"]) == ("602", True)


def test_those_who_may_not_export_do_not(who: Characters, street: Street) -> None:
    for user, status in ((who.department, 403), (who.stranger, 403), (who.neighbour, 200)):
        client = Client()
        client.force_login(user)
        assert client.get(URL).status_code == status
    client.post(URL, {"columns": COLUMNS})
    assert not Job.objects.exists(), "nobody of this community is in the neighbour's list"


def test_the_groups_of_a_past_day_are_told_with_the_level_of_then(who: Characters, street: Street) -> None:
    today = timezone.localdate()
    member = Membership.objects.filter(group__code="disabled", period__contains=today).first()
    assert member is not None
    level = member.level_code
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE groups_membership SET created_at = %s WHERE id = %s",
            [timezone.now() - timedelta(days=400), member.pk],
        )
    Membership.objects.filter(pk=member.pk).update(level_code="1" if level != "1" else "2")
    member.refresh_from_db()
    then = max(today - timedelta(days=30), member.period.lower or today - timedelta(days=30))
    for on, said in ((then, level), (None, member.level_code)):
        ((row,),) = list(exporting.read_people([member.person_id], (), on))
        (told,) = [tag for tag in row["groups"] if tag[0] == "残疾人"]
        assert told[-1] == said


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_people_come_in_one_order_however_many_are_fetched_at_a_time(
    street: Street, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    everybody = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    whole = [row["person_id"] for block in exporting.read_people(everybody, ()) for row in block]
    assert sorted(whole) == everybody
    monkeypatch.setattr(exporting, "_FETCH", size)
    blocks = list(exporting.read_people(everybody, ()))
    assert [row["person_id"] for block in blocks for row in block] == whole
    assert all(0 < len(block) <= size for block in blocks)
    assert list(exporting.read_people([], ())) == []
