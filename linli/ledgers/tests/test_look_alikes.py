"""A form with the same headings in another order takes over what was decided; one that is mostly the same asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.access.testing import Characters
from linli.ledgers.actions import correct_mapping, upload_form
from linli.ledgers.likeness import likeness
from linli.ledgers.meaning.mapping import Mapping
from linli.ledgers.models import FormUpload
from linli.ledgers.tests.sheets import as_bytes, plain
from linli.ledgers.tests.street import Street

pytestmark = pytest.mark.django_db

HEADS = ["序号", "姓名", "性别", "身份证号", "单位情况", "现住址"]


@pytest.fixture(autouse=True)
def files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def sent(cast: Characters, heads: list[str], title: str) -> FormUpload:
    data = as_bytes(plain(heads, title))
    return upload_form(acting_user=cast.worker, name=f"{title}.xlsx", data=data)


def column(upload: FormUpload, heading: str) -> Mapping:
    return next(m for m in upload.recognition.mappings if m.label == heading)


def test_what_was_decided_is_offered_to_look_alikes(street: Street, cast: Characters) -> None:
    first = sent(cast, HEADS, "60岁以上老年人花名册")
    place = next(m for m in first.recognition.mappings if m.label == "单位情况")
    assert place.element != "employer"
    correct_mapping(
        acting_user=cast.worker, upload=first, column=place.key, target="element", element="employer"
    )

    turned = sent(cast, [*HEADS[:2], *reversed(HEADS[2:])], "老年人核查表")
    taken = column(turned, "单位情况")
    assert (taken.target, taken.element) == ("element", "employer")
    assert "表头相同" in taken.reasons[0]
    assert cast.worker.name in taken.remembered

    grown = sent(cast, [*HEADS, "民族"], "高龄老人信息表")
    asked = column(grown, "单位情况")
    assert asked.target == "asked"
    assert asked.suggestions[0][0] == "employer"
    assert "7 个表头里有 6 个相同" in asked.reasons[0]

    other = sent(cast, ["序号", "姓名", "单位情况", "出生日期", "民族", "文化程度", "联系电话"], "居民信息表")
    assert column(other, "单位情况").element != "employer"
    assert "相似" not in "".join(column(other, "单位情况").reasons)


def test_likeness_counts_headings_whatever_their_order_and_spacing() -> None:
    assert likeness(["姓 名", "性别"], ["性别", "姓名*"]) == (2, 2)
    assert likeness(["姓名"], ["性别"]) == (0, 2)
