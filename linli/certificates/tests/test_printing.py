"""Papers: drawn without any font of the system, whole, and with every character."""

from __future__ import annotations

import re

import pytest

from linli.audit.recording import RuleError
from linli.certificates import printing

PAPER = {
    "title": "居住情况证明",
    "number": "东外社区证字〔2026〕第0012号",
    "issuer": "北京市延庆区香水园街道东外社区居民委员会",
    "day": "2026年11月26日",
    "notes": [("用途", "子女入学报名")],
    "how": "扫码核验。",
    "code": "https://linli.example/c/ABCDEFGHJKLMNPQRSTUVWXYZ23",
}


def test_a_paper_is_one_page_of_pdf_a_with_the_font_inside() -> None:
    made = printing.certificate(**PAPER, body="兹证明㛃𬭎·䶮住在这里。")
    assert made.startswith(b"%PDF-1.7")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) <= 1
    assert b"pdfaid" in made or b"/OutputIntents" in made
    assert b"NotoSerifSC" in made


def test_rare_characters_are_drawn_and_private_ones_refused() -> None:
    assert printing.not_drawn("王㛃𬭎䶮堃·买买提（〔2026〕）“a”") == ""
    assert printing.not_drawn("王\ue123\ue123") == "\ue123"
    with pytest.raises(RuleError, match="打印不出来"):
        printing.certificate(**PAPER, body="兹证明王\ue123住在这里。")


def test_a_long_text_goes_on_to_a_second_page_and_keeps_its_foot() -> None:
    short = printing.certificate(**PAPER, body="兹证明王建国住在这里。")
    long = printing.certificate(**PAPER, body="兹证明王建国住在这里。" * 120)
    assert len(long) > len(short)


def test_the_qr_code_is_a_drawing() -> None:
    drawn = printing.qr("https://linli.example/c/ABC")
    assert drawn.startswith("<svg")
    assert "script" not in drawn
