"""The pages: upload, confirm, correct, choose, fill, download; nobody sees another's forms."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from linli.access.models import User
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET, Characters
from linli.audit.models import Event
from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.forms import FillForm
from linli.ledgers.models import ColumnChoice, FilledForm, FormUpload
from linli.ledgers.tests.own_forms import laid
from linli.ledgers.tests.sheets import as_bytes, elderly, plain
from linli.ledgers.tests.street import Street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def client(user: User) -> Client:
    made = Client()
    made.force_login(user)
    return made


def send(user: User, data: bytes, name: str = "老人.xlsx") -> object:
    return client(user).post(reverse("forms"), {"file": SimpleUploadedFile(name, data)})


def uploaded(user: User, data: bytes) -> FormUpload:
    answer = send(user, data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return FormUpload.objects.latest("pk")


def test_a_table_s_totals_are_told_on_its_page(street: Street, cast: Characters) -> None:
    rows: list[list[str | None]] = [[name, None, None, None] for name in ("合计", "0-17岁", "60岁及以上")]
    table = laid([["常住人口年龄统计表", None, None, None], ["年龄段", "合计", "男", "女"], *rows], "A1:D1")
    upload = uploaded(cast.worker, as_bytes(table))
    assert "由公式算出" not in client(cast.worker).get(reverse("form", args=[upload.pk])).content.decode()
    table.worksheets[0]["B4"] = "=C4+D4"
    upload = uploaded(cast.worker, as_bytes(table))
    browser = client(cast.worker)
    assert "由公式算出" in browser.get(reverse("form", args=[upload.pk])).content.decode()
    answer = browser.post(reverse("form", args=[upload.pk]), {"region": COMMUNITY, "on": "2026-11-01"})
    shown = browser.get(answer["Location"]).content.decode()
    assert "合计和各项之和不一样的" in shown
    assert "C3（合计·男）填的是" in shown


def test_from_upload_to_download(street: Street, cast: Characters) -> None:
    upload = uploaded(cast.worker, as_bytes(elderly()))
    browser = client(cast.worker)
    page = browser.get(reverse("form", args=[upload.pk])).content.decode()
    assert "60岁以上老年人花名册" in page
    assert "60岁及以上" in page
    assert "宗教信仰" in page
    answer = browser.post(
        reverse("form", args=[upload.pk]), {"region": COMMUNITY, "on": "2026-11-01", "notes": "on"}
    )
    made = FilledForm.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("filled_form", args=[made.pk])
    shown = browser.get(answer["Location"]).content.decode()
    assert "郭老汉" in shown
    assert "13900000001" not in shown
    file = browser.get(reverse("filled_file", args=[made.pk]))
    assert "attachment" in file["Content-Disposition"]
    book = load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    assert book.worksheets[0]["B5"].value == "郭老汉"
    assert made.row_ids == [street.head.pk, street.wife.pk]
    assert (made.rows, made.region_code) == (2, COMMUNITY)
    assert browser.get(reverse("forms")).content.decode().count("60岁以上老年人花名册") >= 2
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"ledgers.upload_form", "ledgers.fill_form"} <= verbs


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空的"),
        (b"hello", "不是 Excel"),
        (b"PK\x05\x06" + b"\0" * 18, "不是 Excel"),
        (b"PK\x03\x04 nothing", "损坏"),
    ],
)
def test_bad_files_get_a_sentence(data: bytes, says: str, cast: Characters) -> None:
    answer = send(cast.worker, data)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not FormUpload.objects.exists()


def test_nobody_else_sees_a_form(street: Street, cast: Characters) -> None:
    upload = uploaded(cast.worker, as_bytes(elderly()))
    client(cast.worker).post(reverse("form", args=[upload.pk]), {"region": COMMUNITY, "on": "2026-11-01"})
    made = FilledForm.objects.get()
    addresses = [
        reverse("form", args=[upload.pk]),
        reverse("form_column", args=[upload.pk, 2]),
        reverse("form_scope", args=[upload.pk]),
        reverse("filled_form", args=[made.pk]),
        reverse("filled_file", args=[made.pk]),
    ]
    for user in (cast.officer, cast.neighbour):
        for address in addresses:
            assert client(user).get(address).status_code == 404, address
    for user in (cast.department, cast.administrator, cast.stranger):
        for address in [*addresses, reverse("forms")]:
            assert client(user).get(address).status_code == 403, address
    for address in addresses:
        assert Client().get(address).status_code == 302


def test_a_community_outside_one_s_area_is_not_offered(street: Street, cast: Characters) -> None:
    upload = uploaded(cast.worker, as_bytes(elderly()))
    answer = client(cast.worker).post(
        reverse("form", args=[upload.pk]), {"region": NEIGHBOUR, "on": "2026-11-01"}
    )
    assert answer.status_code == 422
    assert not FilledForm.objects.exists()


def test_a_correction_is_remembered_for_the_same_form(street: Street, cast: Characters) -> None:
    form = plain(["姓名", "身份证号", "传呼机"], "老年人名单")
    upload = uploaded(cast.worker, as_bytes(form))
    assert upload.recognition.mappings[2].target != "element"
    browser = client(cast.worker)
    address = reverse("form_column", args=[upload.pk, 3])
    page = browser.get(address).content.decode()
    assert "sjhm" in page
    answer = browser.post(address, {"meaning": "element:phone"})
    assert answer.status_code == 302
    upload.refresh_from_db()
    assert upload.recognition.mappings[2].element == "phone"
    assert ColumnChoice.objects.get().element == "phone"
    again = uploaded(cast.officer, as_bytes(form))
    assert again.recognition.mappings[2].element == "phone"
    assert "陈小静" in again.recognition.mappings[2].reasons[0]


def test_a_wrong_correction_is_refused(cast: Characters, street: Street) -> None:
    upload = uploaded(cast.worker, as_bytes(elderly()))
    browser = client(cast.worker)
    address = reverse("form_column", args=[upload.pk, 2])
    assert browser.post(address, {"meaning": "element:nothing.here"}).status_code == 422
    assert browser.post(address, {}).status_code == 422
    assert browser.get(reverse("form_column", args=[upload.pk, 99])).status_code == 404
    declined = reverse("form_column", args=[upload.pk, 12])
    assert "按设计不收集" in browser.post(declined, {"meaning": "element:name"}).content.decode()


def test_an_unknown_population_is_asked_then_remembered(street: Street, cast: Characters) -> None:
    form = plain(["姓名", "身份证号"], "滑翔伞爱好者登记表")
    upload = uploaded(cast.worker, as_bytes(form))
    browser = client(cast.worker)
    address = reverse("form", args=[upload.pk])
    refused = browser.post(address, {"region": COMMUNITY, "on": "2026-11-01"})
    assert refused.status_code == 422
    assert "填报范围" in refused.content.decode()
    assert (
        browser.post(reverse("form_scope", args=[upload.pk]), {"conditions": ["aged_60"]}).status_code == 302
    )
    assert browser.post(address, {"region": COMMUNITY, "on": "2026-11-01"}).status_code == 302
    assert FilledForm.objects.get().rows == 2
    again = uploaded(cast.worker, as_bytes(form))
    assert again.recognition.population.conditions == ["aged_60"]
    assert not again.recognition.population.doubt


def test_a_declined_form_says_who_keeps_the_list(cast: Characters, street: Street) -> None:
    upload = uploaded(cast.worker, as_bytes(plain(["姓名", "身份证号"], "社区矫正对象登记表")))
    page = client(cast.worker).get(reverse("form", args=[upload.pk])).content.decode()
    assert "司法所" in page
    assert client(cast.worker).get(reverse("form_scope", args=[upload.pk])).status_code == 404


def test_days_to_come_are_refused(street: Street, cast: Characters) -> None:
    upload = uploaded(cast.worker, as_bytes(elderly()))
    answer = client(cast.worker).post(
        reverse("form", args=[upload.pk]), {"region": COMMUNITY, "on": "2999-01-01"}
    )
    assert answer.status_code == 422
    assert "数据日期" in answer.content.decode()


def test_pages_carry_no_inline_styles_or_scripts(street: Street, cast: Characters) -> None:
    upload = uploaded(cast.worker, as_bytes(elderly()))
    browser = client(cast.worker)
    browser.post(reverse("form", args=[upload.pk]), {"region": COMMUNITY, "on": "2026-11-01"})
    for address in (
        reverse("forms"),
        reverse("form", args=[upload.pk]),
        reverse("filled_form", args=[FilledForm.objects.get().pk]),
    ):
        page = browser.get(address).content.decode()
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<style" not in page


def test_a_long_roster_is_filled_by_a_job(
    street: Street, cast: Characters, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.jobs.models import Job
    from linli.jobs.testing import run_now
    from linli.ledgers import pages

    monkeypatch.setattr(pages, "AT_ONCE", 1)
    upload = uploaded(cast.worker, as_bytes(elderly()))
    answer = client(cast.worker).post(
        reverse("form", args=[upload.pk]), {"region": COMMUNITY, "on": "2026-11-01", "notes": "on"}
    )
    job = Job.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert not FilledForm.objects.exists()
    done = run_now(job)
    assert "2 行" in done.message, done.message
    assert FilledForm.objects.get().rows == 2
    run_now(job)
    assert FilledForm.objects.count() == 1


def test_the_region_starts_at_ones_own_post(street: Street, cast: Characters) -> None:
    for user, region, label in (
        (cast.worker, COMMUNITY, "香水园街道东外社区"),
        (cast.officer, STREET, "香水园街道（全部社区）"),
    ):
        form = FillForm(user=user)
        assert form["region"].initial == region
        assert dict(form.fields["region"].choices)[region] == label  # type: ignore[attr-defined]
        assert label in str(form.fields["region"].help_text)


def test_a_remembered_correction_is_shown_and_can_be_forgotten(street: Street, cast: Characters) -> None:
    headings = ["序号", "姓名", "身份证号", "性别", "情况甲"]
    first = uploaded(cast.worker, as_bytes(plain(headings, "老年人名单")))
    browser = client(cast.worker)
    drawer = browser.get(reverse("form_column", args=[first.pk, 5])).content.decode()
    assert "无论谁上传同样结构的表" in drawer
    assert "输入几个字查找，例如：联系电话" in drawer
    browser.post(reverse("form_column", args=[first.pk, 5]), {"meaning": "element:phone"})
    again = uploaded(cast.officer, as_bytes(plain(headings, "老年人名单")))
    assert again.recognition.mappings[4].element == "phone"
    other = client(cast.officer)
    page = other.get(reverse("form", args=[again.pk])).content.decode()
    assert f"记住的更正：{cast.worker.name}" in page
    forget = reverse("form_column_forget", args=[again.pk, 5])
    assert forget in page
    assert other.get(forget).status_code == 405
    assert browser.post(forget).status_code == 404
    assert other.post(forget).status_code == 302
    again.refresh_from_db()
    assert again.recognition.mappings[4].target != "element"
    assert not ColumnChoice.objects.exists()
    assert Event.objects.filter(verb="ledgers.forget_mapping", user_id=cast.officer.pk).exists()
    third = uploaded(cast.worker, as_bytes(plain(headings, "老年人名单")))
    assert third.recognition.mappings[4].target != "element"
    answer = other.post(forget, follow=True).content.decode()
    assert "没有记住的更正" in answer


def test_columns_that_the_registry_lacks_count_as_blank(street: Street, cast: Characters) -> None:
    upload = uploaded(
        cast.worker, as_bytes(plain(["姓名", "身份证号", "鞋码", "袖长", "备注"], "60岁以上老年人名单"))
    )
    browser = client(cast.worker)
    browser.post(reverse("form", args=[upload.pk]), {"region": COMMUNITY, "on": "2026-11-01"})
    made = FilledForm.objects.get()
    assert (made.rows, made.filled_cells, made.blank_cells) == (2, 4, 4)
    page = browser.get(reverse("filled_form", args=[made.pk])).content.decode()
    assert "50%" in page
    assert "整列空白" in page
    assert "另有 1 列由人填写" in page


def test_an_aggregate_is_filled_with_counts(street: Street, cast: Characters) -> None:
    upload = uploaded(cast.worker, as_bytes(plain(["序号", "社区", "总人口", "男", "女"], "人口情况统计表")))
    assert upload.recognition.kind == "aggregate"
    browser = client(cast.worker)
    address = reverse("form", args=[upload.pk])
    assert browser.get(address).status_code == 200
    answer = browser.post(address, {"region": COMMUNITY, "on": "2026-11-01"})
    made = FilledForm.objects.get()
    assert answer.url == reverse("filled_form", args=[made.pk])
    page = load_workbook(made.file).worksheets[0]
    assert [page.cell(3, column).value for column in range(1, 6)] == [1, "东外社区", 4, 2, 2]
    assert "东外社区" in browser.get(answer.url).content.decode()


def test_an_aggregate_of_what_nobody_knows_is_declined_in_words(street: Street, cast: Characters) -> None:
    upload = uploaded(
        cast.worker, as_bytes(plain(["社区", "案件数", "调解数", "会议次数"], "矛盾纠纷统计表"))
    )
    assert upload.recognition.kind == "aggregate"
    browser = client(cast.worker)
    address = reverse("form", args=[upload.pk])
    assert "登记库里都没有对应的" in browser.get(address).content.decode()
    assert browser.post(address, {"region": COMMUNITY, "on": "2026-11-01"}).status_code == 422
    assert not FilledForm.objects.exists()


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["社区", "总人口", "男", "女"], "aggregate"),
        (["社区名称", "户数", "总人口", "60岁以上", "低保", "残疾人"], "aggregate"),
        (["街道（乡镇）", "常住人口数", "流动人口数", "备注"], "aggregate"),
        (["社区", "姓名", "性别", "年龄"], "roster"),
        (["社区名称", "姓名", "性别", "身份证号"], "roster"),
        (["小区名称", "地址", "户数", "物业公司"], "roster"),
        (["单位", "法定代表人", "联系电话"], "roster"),
    ],
)
def test_numbers_by_region_are_no_roster(headings: list[str], kind: str, street: Street) -> None:
    assert recognise_bytes(as_bytes(plain(headings, "情况表")), "表.xlsx", words()).kind == kind
