"""导入单位: the template is read by its own headings, rows with faults come back marked, and importing twice changes nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from linli.access.testing import COMMUNITY, Characters, characters
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.ledgers.tests import sheets
from linli.ledgers.tests.street import GRID, Street, build
from linli.regions import names
from linli.regions.models import Region
from linli.registry.matching.tests.test_merging import everything
from linli.registry.organisations.models import Organisation, Position
from linli.returns import actions, organisation_template
from linli.returns.models import Return, State
from linli.returns.tests.test_returns import aside
from linli.returns.tests.test_takers import valid_code

URL = "/returns/organisations/"


@pytest.fixture
def street(db: Any) -> Street:
    made = build()
    names.forget()
    return made


@pytest.fixture
def who(street: Street) -> Characters:
    return characters()


@pytest.fixture
def client(who: Characters) -> Client:
    made = Client()
    made.force_login(who.worker)
    return made


def template(client: Client) -> Workbook:
    answer = client.get(f"{URL}template")
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def filled(client: Client, *rows: dict[str, Any]) -> bytes:
    book = template(client)
    sheet = book["单位"]
    places = {column.key: at for at, column in enumerate(organisation_template.columns(), 1)}
    for number, row in enumerate(rows, 2):
        for key, value in row.items():
            sheet.cell(number, places[key], value)
    return sheets.as_bytes(book)


def send(client: Client, data: bytes) -> Job:
    answer = client.post(URL, {"region": COMMUNITY, "file": SimpleUploadedFile("单位.xlsx", data)})
    assert answer.status_code == 302, answer.content.decode()
    return jobs.perform_inline(Job.objects.latest("pk"))


ROWS = (
    {"name": "延庆小吃店", "kind": "商户网点", "credit_code": "", "staff": 4, "is_outlet": "是"},
    {
        "name": "夕阳红合唱团",
        "kind": "社会组织",
        "grid": "东外第一网格",
        "registration": "备案",
        "social_class": "文体类",
        "members": 20,
        "term_until": "2027-06-01",
    },
    {
        "name": "妫水物业有限公司",
        "kind": "物业公司",
        "phone": "13912340000",
        "fire_head": "李安全",
        "capital": 300,
    },
    {"name": "去年开的店", "kind": "商户网点", "founded_on": "去年"},
    {"name": "", "kind": "商户网点", "staff": 3},
)


def test_every_heading_of_the_template_is_understood_as_itself(client: Client, who: Characters) -> None:
    made = actions.upload_organisations(
        acting_user=who.worker,
        name="单位.xlsx",
        data=filled(client, ROWS[0]),
        region=Region.objects.get(region_code=COMMUNITY),
    )
    meant = [mapping.element for mapping in made.recognition.mappings]
    assert meant == [column.key for column in organisation_template.columns()]


def test_a_template_is_imported_and_faults_come_back(client: Client, street: Street) -> None:
    job = send(client, filled(client, *ROWS))
    assert job.state == "done", job.message
    shop = Organisation.objects.get(name="延庆小吃店")
    assert (shop.staff, shop.is_outlet) == (4, True)
    choir = Organisation.objects.get(name="夕阳红合唱团")
    assert (choir.kind, choir.region_code, choir.registration, choir.members) == ("social", GRID, "filed", 20)
    firm = Organisation.objects.get(name="妫水物业有限公司")
    assert (firm.kind, firm.contact_phone, int(firm.capital or 0)) == ("property", "13912340000", 300)
    assert Position.objects.get(organisation=firm).name == "李安全"
    returned = Return.objects.get()
    assert returned.state == State.APPLIED
    back = load_workbook(Path(settings.MEDIA_ROOT) / job.result_file)["单位"]
    texts = [
        [cell.value for cell in row] for row in back.iter_rows(min_row=2) if any(cell.value for cell in row)
    ]
    assert [row[0] for row in texts] == ["去年开的店", None]
    assert "看不懂" in texts[0][-1]
    assert "没有单位名称" in texts[1][-1]
    # Put right, it goes in as it is.
    back.cell(
        2, [column.key for column in organisation_template.columns()].index("founded_on") + 1, "2020-01-01"
    )
    back.cell(3, 1, "妫水书屋")
    assert send(client, sheets.as_bytes(back.parent)).state == "done"
    assert Organisation.objects.filter(name__in=["去年开的店", "妫水书屋"]).count() == 2


def test_importing_twice_changes_nothing(client: Client, street: Street) -> None:
    data = filled(client, *ROWS[:3])
    send(client, data)
    before = {
        key: rows
        for key, rows in aside(everything()).items()
        if not key.startswith(("jobs_", "audit_", "notices_"))
    }
    send(client, data)
    after = {
        key: rows
        for key, rows in aside(everything()).items()
        if not key.startswith(("jobs_", "audit_", "notices_"))
    }
    assert after == before


def test_what_the_list_exports_comes_back_unchanged(client: Client, street: Street) -> None:
    code = valid_code()
    Organisation.objects.filter(name="延庆小吃店").update(
        credit_code=code, ownership="individual", is_outlet=True
    )
    answer = client.get("/organisations/export/")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    job = send(client, data)
    assert job.state == "done"
    assert [row["kind"] for row in Return.objects.get().rows] == ["same"], Return.objects.get().rows


def test_other_sheets_are_refused(client: Client, who: Characters) -> None:
    book = sheets.plain(["姓名", "身份证号"], "居民名册")
    answer = client.post(
        URL, {"region": COMMUNITY, "file": SimpleUploadedFile("x.xlsx", sheets.as_bytes(book))}
    )
    assert answer.status_code == 422
    assert "这不是单位表" in answer.content.decode()
    assert not Return.objects.exists()
    client.force_login(who.department)
    assert client.get(URL).status_code == 403


def test_the_list_of_organisations_leads_there(client: Client, street: Street) -> None:
    assert f'href="{URL}"' in client.get("/organisations/").content.decode()
