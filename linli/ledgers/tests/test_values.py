"""A department's own code lists: asked, set against our values once, remembered, offered to look-alikes, used when filling."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from linli.access.testing import COMMUNITY, Characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.ledgers.actions import correct_mapping, fill_form, upload_form
from linli.ledgers.meaning.mapping import Mapping
from linli.ledgers.models import FilledForm, FormUpload, ValueChoice
from linli.ledgers.tests.sheets import as_bytes, choices, plain
from linli.ledgers.tests.street import ON, Street
from linli.ledgers.value_actions import forget_values, set_values

pytestmark = pytest.mark.django_db

HEADS = ["序号", "姓名", "身份证号", "政治面貌", "现住址"]
OWN = '"甲类,乙类,丙类"'


@pytest.fixture(autouse=True)
def files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def form(heads: list[str] = HEADS, title: str = "居民信息表", listed: str = OWN, at: str = "D") -> Workbook:
    made = plain(heads, title)
    if listed:
        choices(made.active, at, listed, 3, 60)
    return made


def sent(cast: Characters, book: Workbook, name: str = "居民.xlsx") -> FormUpload:
    return upload_form(acting_user=cast.worker, name=name, data=as_bytes(book))


def column(upload: FormUpload, heading: str = "政治面貌") -> Mapping:
    return next(m for m in upload.recognition.mappings if m.label.startswith(heading))


def filled(cast: Characters, upload: FormUpload, at: int = 4) -> dict[str, Any]:
    """What stands in a column, by name."""
    made: FilledForm = fill_form(acting_user=cast.worker, upload=upload, region_code=COMMUNITY, on=ON)
    with made.file.open("rb") as stored:
        page = load_workbook(io.BytesIO(stored.read())).worksheets[0]
    return {row[1]: row[at - 1] for row in page.iter_rows(min_row=3, values_only=True) if row[1]}


def test_an_own_list_is_asked_set_once_and_used(street: Street, cast: Characters) -> None:
    upload = sent(cast, form())
    asked = column(upload)
    assert (asked.target, asked.suggestions[0][0]) == ("asked", "political")
    assert "对选项" in asked.reasons[0]

    set_values(acting_user=cast.worker, upload=upload, column=asked.key, values={"01": "甲类", "13": "丙类"})
    upload.refresh_from_db()
    assert (column(upload).target, column(upload).element) == ("element", "political")
    event = Event.objects.filter(verb="ledgers.set_values").latest("pk")
    assert "对好选项" in event.summary
    told = filled(cast, upload)
    people = {street.head.name: "甲类", street.wife.name: "丙类", street.son.name: "丙类"}
    assert {name: told[name] for name in people} == people
    assert told[street.lodger.name] is None, "a code without a counterpart leaves the blank open"
    line = next(c for c in FilledForm.objects.latest("pk").columns if c["label"] == "政治面貌")
    assert "没有和" in line["explanation"]

    again = sent(cast, form())
    assert column(again).target == "element"
    assert cast.worker.name in column(again).valued
    other = sent(cast, form(["序号", "姓名", "政治面貌", "联系电话"], "党建摸底表", at="C"))
    assert column(other).values == {"01": "甲类", "13": "丙类"}
    assert "照用" in column(other).reasons[-1]
    longer = sent(cast, form(listed='"甲类,乙类,丙类,丁类"'))
    assert column(longer).target == "asked", "another list is asked again"

    forget_values(acting_user=cast.worker, upload=again, column=column(again).key)
    assert not ValueChoice.objects.exists()
    assert column(sent(cast, form())).target == "asked"


def test_the_rest_is_written_with_one_word(street: Street, cast: Characters) -> None:
    upload = sent(cast, form())
    set_values(
        acting_user=cast.worker, upload=upload, column=column(upload).key, values={"01": "甲类", "*": "乙类"}
    )
    upload.refresh_from_db()
    told = filled(cast, upload)
    assert told[street.head.name] == "甲类"
    assert told[street.lodger.name] == told[street.wife.name] == "乙类"


def test_words_that_are_not_the_list_s_are_refused(street: Street, cast: Characters) -> None:
    upload = sent(cast, form())
    key = column(upload).key
    for wrong in ({"01": "戊类"}, {}, {"77": "甲类"}):
        with pytest.raises(RuleError):
            set_values(acting_user=cast.worker, upload=upload, column=key, values=wrong)
    with pytest.raises(RuleError):
        set_values(acting_user=cast.worker, upload=upload, column=2, values={"1": "甲类"})
    assert not ValueChoice.objects.exists()


def test_a_legend_in_the_heading_is_filled_in_its_codes(street: Street, cast: Characters) -> None:
    heads = ["序号", "姓名", "身份证号", "政治面貌（1.党员 2.团员 3.群众）", "现住址"]
    upload = sent(cast, form(heads, listed=""))
    assert column(upload).says == {"1": "党员", "2": "团员", "3": "群众"}
    told = filled(cast, upload)
    assert told[street.head.name] == "1"
    assert told[street.lodger.name] == "2"
    assert told[street.wife.name] == "3"


def test_codes_of_a_hidden_sheet_mean_what_stands_beside_them(street: Street, cast: Characters) -> None:
    book = form(listed="=代码!$A$2:$A$4")
    page = book.create_sheet("代码")
    page.sheet_state = "hidden"
    for line in (["代码", "名称"], ["01", "群众"], ["02", "共青团员"], ["03", "中共党员"]):
        page.append(line)
    told = filled(cast, sent(cast, book))
    assert [told[p.name] for p in (street.head, street.wife, street.lodger)] == ["03", "01", "02"]


def test_yes_and_no_in_the_form_s_words(street: Street, cast: Characters) -> None:
    heads = ["序号", "姓名", "身份证号", "是否党员", "现住址"]
    listed = form(heads, listed='"A 是,B 否"')
    told = filled(cast, sent(cast, listed))
    assert set(told.values()) <= {"A 是", "B 否"}
    assert told[street.wife.name] == "B 否"


def test_a_corrected_column_s_list_is_set_on_its_page(street: Street, cast: Characters) -> None:
    upload = sent(cast, form(["序号", "姓名", "身份证号", "人员状态", "现住址"]))
    key = column(upload, "人员状态").key
    browser = Client()
    browser.force_login(cast.worker)
    address = reverse("form_values", args=[upload.pk, key])
    assert browser.get(address).status_code == 404
    correct_mapping(acting_user=cast.worker, upload=upload, column=key, target="element", element="political")
    page = browser.get(reverse("form", args=[upload.pk])).content.decode()
    assert address in page
    assert "表上的选项还没有对过" in page
    shown = browser.get(address).content.decode()
    assert "中共党员" in shown
    assert "甲类、乙类、丙类" in shown
    empty = browser.post(address, {})
    assert empty.status_code == 422
    assert "至少对上一项" in empty.content.decode()
    assert browser.post(address, {"value_01": "甲类", "value_13": "乙类"}).status_code == 302
    assert filled(cast, upload)[street.wife.name] == "乙类"
    page = browser.get(reverse("form", args=[upload.pk])).content.decode()
    assert "没有对上的选项" in page
    assert "丙类" in page
    assert browser.post(reverse("form_values_forget", args=[upload.pk, key])).status_code == 302
    assert not ValueChoice.objects.exists()


def test_of_many_values_those_that_the_base_has_come_first(street: Street, cast: Characters) -> None:
    upload = sent(cast, form(["序号", "姓名", "身份证号", "文化程度", "现住址"]))
    address = reverse("form_values", args=[upload.pk, column(upload, "文化程度").key])
    browser = Client()
    browser.force_login(cast.worker)
    page = browser.get(address)
    labels = [str(one.label) for name, one in page.context["form"].fields.items() if name != "value_*"]
    assert "标着“现在没有”的可以先不管" in page.content.decode()
    here = [label for label in labels if "现在没有" not in label]
    assert here == labels[: len(here)]
    assert {"初级中学教育", "大学本科"} <= set(here)
    assert "博士研究生（现在没有）" in labels
    # who answers for a whole district is not made to wait for the count
    cast.worker.posts.update(region_code=COMMUNITY[:6])
    browser.force_login(type(cast.worker).objects.get(pk=cast.worker.pk))
    again = browser.get(address)
    assert "现在没有" not in again.content.decode()
