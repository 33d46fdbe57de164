"""Standing ledgers: always current, as they were on any day, with what the base has no place for kept with its history."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.audit.models import Disclosure
from linli.audit.recording import RuleError
from linli.collecting import actions, rules
from linli.collecting.actions import standing
from linli.collecting.models import Answer, Ledger
from linli.collecting.tests.conftest import Cast, Issue, elderly, filled
from linli.collecting.tests.test_shapes import table
from linli.ledgers.actions import upload_form
from linli.notices.models import Notice
from linli.registry.people.models import Person

pytestmark = pytest.mark.django_db


def kept(cast: Cast, data: bytes | None = None, **more: Any) -> Ledger:
    upload = upload_form(acting_user=cast.people.worker, name="老人.xlsx", data=data or elderly())
    return actions.keep_ledger(
        acting_user=cast.people.worker, upload=upload, **({"region_code": COMMUNITY} | more)
    )


def client(user: User) -> Client:
    made = Client()
    made.force_login(user)
    return made


def exported(cast: Cast, ledger: Ledger, on: date | None = None) -> Any:
    data, _name = actions.export_ledger(
        acting_user=cast.people.worker, ledger=ledger, on=on or timezone.localdate()
    )
    return load_workbook(BytesIO(data)).worksheets[0]


def row_of(sheet: Any, name: str) -> list[Any]:
    return next([cell.value for cell in row] for row in sheet.iter_rows(3) if row[1].value == name)


def meals(ledger: Ledger) -> int:
    return [one.label for one in ledger.recognition.mappings].index("助餐需求")


def test_a_ledger_is_always_what_the_base_says(cast: Cast) -> None:
    ledger = kept(cast)
    assert (ledger.subject, ledger.keeper) == ("person", cast.people.worker)
    assert ledger.review_due == rules.months_after(timezone.localdate(), 3)
    assert row_of(exported(cast, ledger), "郭老汉")[4] == "13900000001"
    Person.objects.filter(pk=cast.street.head.pk).update(phone="13911112222")
    assert row_of(exported(cast, ledger), "郭老汉")[4] == "13911112222"
    told = Disclosure.objects.latest("pk")
    assert told.purpose == f"导出台账：{ledger.title}"
    assert told.persons == 2


def test_what_the_base_lacks_is_kept_with_its_history(cast: Cast) -> None:
    ledger, head, today = kept(cast), cast.street.head, timezone.localdate()
    place = meals(ledger)
    write = {"acting_user": cast.people.worker, "ledger": ledger, "record": head.pk}
    assert actions.write_ledger(values={place: "每天"}, **write) == 1
    assert actions.write_ledger(values={place: "每天"}, **write) == 0
    standing.remember_answer(
        cast.people.worker, "person", head.pk, "助餐需求", "助餐需求", "不要", COMMUNITY, "旧台账",
        today - timedelta(days=30),
    )  # fmt: skip
    assert row_of(exported(cast, ledger), "郭老汉")[5] == "每天"
    assert row_of(exported(cast, ledger, today - timedelta(days=10)), "郭老汉")[5] == "不要"
    assert row_of(exported(cast, ledger, today - timedelta(days=40)), "郭老汉")[5] is None
    actions.write_ledger(values={place: ""}, **write)
    assert row_of(exported(cast, ledger), "郭老汉")[5] is None
    assert Answer.objects.count() == 3
    with pytest.raises(RuleError, match="以后"):
        exported(cast, ledger, today + timedelta(days=1))


def test_what_a_ledger_holds_fills_a_departments_form(cast: Cast, issue: Issue) -> None:
    ledger = kept(cast)
    actions.write_ledger(
        acting_user=cast.people.worker,
        ledger=ledger,
        record=cast.street.head.pk,
        values={meals(ledger): "每天"},
    )
    part = filled(cast, issue())
    browser = client(cast.people.worker)
    assert "每天" in browser.get(part.get_absolute_url() + "?tab=rows").content.decode()


def test_a_region_keeps_a_form_once_and_only_where_one_fills_forms(cast: Cast) -> None:
    ledger = kept(cast)
    with pytest.raises(RuleError, match="已经有台账"):
        kept(cast)
    with pytest.raises(NotPermitted):
        kept(cast, region_code=NEIGHBOUR)
    with pytest.raises(NotPermitted):
        actions.review_ledger(acting_user=cast.people.neighbour, ledger=ledger)
    with pytest.raises(NotPermitted):
        actions.export_ledger(acting_user=cast.people.department, ledger=ledger, on=timezone.localdate())


def test_the_keeper_is_reminded_and_says_when_it_was_looked_through(cast: Cast) -> None:
    ledger = kept(cast, review_every=1)
    assert actions.tell_reviews(timezone.localdate()) == 0
    Ledger.objects.filter(pk=ledger.pk).update(review_due=timezone.localdate())
    assert actions.tell_reviews(timezone.localdate()) == 1
    waiting = Notice.objects.filter(key=f"collecting.ledger:{ledger.pk}", done_at=None)
    assert [one.user for one in waiting] == [cast.people.worker]
    done = actions.review_ledger(acting_user=cast.people.worker, ledger=ledger)
    assert done.reviewed_on == timezone.localdate()
    assert not waiting.all().exists()
    changed = actions.change_ledger(
        acting_user=cast.people.worker, ledger=ledger, title="老人台账", review_every=12, keeper=cast.head
    )
    assert changed.review_due == rules.months_after(timezone.localdate(), 12)
    actions.close_ledger(acting_user=cast.people.worker, ledger=ledger, reason="合并到别的台账")
    with pytest.raises(RuleError, match="停用"):
        actions.review_ledger(acting_user=cast.people.worker, ledger=ledger)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 26), 3, date(2027, 2, 26)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_later(day: date, months: int, then: date) -> None:
    assert rules.months_after(day, months) == then


def test_the_pages(cast: Cast) -> None:
    worker = cast.people.worker
    upload = upload_form(acting_user=worker, name="老人.xlsx", data=elderly())
    browser = client(worker)
    assert (
        reverse("collecting:keep_ledger", args=[upload.pk])
        in browser.get(reverse("form", args=[upload.pk])).content.decode()
    )
    answer = browser.post(
        reverse("collecting:keep_ledger", args=[upload.pk]),
        {"title": "老人台账", "region": COMMUNITY, "review_every": "3"},
    )
    ledger = Ledger.objects.get()
    assert answer["Location"] == ledger.get_absolute_url()
    page = browser.get(ledger.get_absolute_url()).content.decode()
    assert "郭老汉" in page
    assert "110229194910010016" not in page
    row = reverse("collecting:ledger_row", args=[ledger.pk, cast.street.head.pk])
    assert row in page
    assert browser.post(row, {f"c{meals(ledger)}": "每天"}).status_code == 302
    assert "每天" in browser.get(ledger.get_absolute_url()).content.decode()
    assert "每天" in browser.get(row).content.decode()
    past = browser.get(ledger.get_absolute_url(), {"on": "2026-10-01"}).content.decode()
    assert "每天" not in past
    assert row not in past
    listed = browser.get(reverse("collecting:ledgers")).content.decode()
    assert "老人台账" in listed
    file = browser.get(reverse("collecting:ledger_file", args=[ledger.pk]))
    assert "attachment" in file["Content-Disposition"]
    strange = reverse("collecting:ledger_row", args=[ledger.pk, 99999999])
    assert browser.get(strange).status_code == 404


def test_a_table_of_numbers_as_a_ledger(cast: Cast) -> None:
    ledger = kept(cast, table())
    page = client(cast.people.worker).get(ledger.get_absolute_url()).content.decode()
    assert "60岁及以上" in page
    assert exported(cast, ledger)["B7"].value == 2


def two_lists() -> bytes:
    """A workbook of two sheets: the elderly, and all residents."""
    book = load_workbook(BytesIO(elderly()))
    page: Any = book.create_sheet("居民")
    page.append(["居民花名册"])
    page.append(["序号", "姓名", "身份证号", "出生日期"])
    for _ in range(4):
        page.append([None] * 4)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_list_of_a_workbook_is_shown_and_told(cast: Cast) -> None:
    ledger = kept(cast, two_lists())
    assert len(ledger.recognition.regions_of_form) == 2
    browser = client(cast.people.worker)

    def shown(**query: Any) -> str:
        return browser.get(ledger.get_absolute_url(), query).content.decode()

    son = cast.street.son.name
    assert "居民花名册" in shown()
    assert son not in shown()
    assert son in shown(region=1), shown(region=1)
    assert "助餐需求" not in shown(region=1)
    for wrong in ("7", "x"):
        assert "助餐需求" in shown(region=wrong)
    exported(cast, ledger)
    assert Disclosure.objects.latest("pk").persons > 2
