"""`linli fill` from end to end."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from linli.access.testing import COMMUNITY, Characters
from linli.audit.models import Disclosure, Event
from linli.ledgers.command import fill_command
from linli.ledgers.tests.sheets import elderly, plain
from linli.ledgers.tests.street import Street

pytestmark = pytest.mark.django_db


def run(form: Path, out: Path, **more: object) -> tuple[int, str]:
    said: list[str] = []
    more = {"region": COMMUNITY, "on": "2026-11-01", **more}
    return fill_command(form=form, out=out, say=said.append, **more), "\n".join(said)  # type: ignore[arg-type]


def test_it_says_what_it_recognised_and_writes_the_file(street: Street, tmp_path: Path) -> None:
    form, out = tmp_path / "老人.xlsx", tmp_path / "done" / "老人.xlsx"
    elderly().save(form)
    code, said = run(form, out)
    assert code == 0
    assert "60岁以上老年人花名册" in said
    assert "姓 名*" in said
    assert "共 2 行" in said
    assert load_workbook(out).worksheets[0]["B6"].value == "韩玉梅"
    assert Disclosure.objects.get().persons == 2
    assert Event.objects.filter(verb="ledgers.fill_command").exists()


def test_what_is_wrong_is_one_sentence(street: Street, cast: Characters, tmp_path: Path) -> None:
    form, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    elderly().save(form)
    assert run(form, out, region="999999999999")[0] == 1
    assert "没有代码" in run(form, out, region="999999999999")[1]
    assert "日期" in run(form, out, on="昨天")[1]
    assert "没有名为" in run(form, out, user="nobody")[1]
    assert "权限" in run(form, out, user="neighbour")[1]
    assert "覆盖" in run(form, form)[1]
    assert "找不到" in run(tmp_path / "none.xlsx", out)[1]
    (tmp_path / "text.xlsx").write_text("姓名")
    assert "不是 Excel" in run(tmp_path / "text.xlsx", out)[1]
    assert not out.exists()


def test_a_scope_can_be_named(street: Street, tmp_path: Path) -> None:
    form, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    plain(["姓名", "身份证号"], "滑翔伞爱好者登记表").save(form)
    assert run(form, out)[0] == 1
    assert run(form, out, scope="老年人")[0] == 0
    assert "口径" in run(form, out, scope="宇航员")[1]


def test_without_notes_the_form_s_sheets_are_all(street: Street, tmp_path: Path) -> None:
    form, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    elderly().save(form)
    assert run(form, out, notes=False)[0] == 0
    assert load_workbook(out).sheetnames == ["老人名册", "省份"]


def test_further_lists_of_a_sheet_are_told_and_disclosed(street: Street, tmp_path: Path) -> None:
    form, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = plain(["序号", "姓名", "身份证号码"], "60岁以上老年人花名册", rows=3)
    page = book.worksheets[0]
    page.append([])
    page.append(["本社区居民花名册"])
    page.append(["序号", "姓名", "联系电话"])
    book.save(form)
    code, said = run(form, out)
    assert code == 0, said
    filled = [
        row[1].value for row in load_workbook(out).worksheets[0].iter_rows() if row[0].value in range(1, 99)
    ]
    assert f"共 {len(filled)} 行" in said
    assert "本社区居民花名册：" in said
    assert Disclosure.objects.get().persons == len(set(filled)) > 2
