"""Papers as PDF/A, set by typst from templates of this room; fonts come with the package, none of the system's are asked for."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst

from linli.certificates.rules import wording

FONT: Final = "Noto Serif SC"
_FONTS: Final = "pylopdf_fonts_zh_cn"
_PAPERS: Final = Path(__file__).parent / "papers"


@cache
def _font_folder() -> str:
    found = importlib.util.find_spec(_FONTS)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"{_FONTS} is not installed")
    return str(next(iter(found.submodule_search_locations)))


def qr(text: str) -> str:
    """A QR code as SVG, error correction M, with its quiet zone left to the template."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, scale=4)
    return out.getvalue().decode()


def pdf(template: str, data: Mapping[str, Any], *, code: str = "") -> bytes:
    """A paper of `papers/<template>.typ`; `code` is what its QR code leads to."""
    inputs = {"data": json.dumps({**data, "font": FONT}, ensure_ascii=False)}
    if code:
        inputs["qr"] = qr(code)
    made: Any = typst.compile(
        str(_PAPERS / f"{template}.typ"),
        root=str(_PAPERS),
        font_paths=[_font_folder()],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format="pdf",
        pdf_standards=["a-2b"],
    )
    return bytes(made)


def certificate(
    *,
    title: str,
    number: str,
    body: str,
    issuer: str,
    day: str,
    notes: Sequence[tuple[str, str]],
    how: str,
    code: str,
) -> bytes:
    """A certificate: title, number, text, issuer and day, and how to check it."""
    data = {
        "title": title,
        "number": number,
        "body": wording.paragraphs(body),
        "issuer": issuer,
        "day": day,
        "notes": list(notes),
        "how": how,
    }
    return pdf("certificate", data, code=code)


def refusal(
    *,
    number: str,
    addressee: str,
    body: Sequence[str],
    instead: str,
    bring: str,
    desks: Sequence[tuple[str, str, str]],
    basis: str,
    issuer: str,
    day: str,
) -> bytes:
    """A slip of refusal."""
    data = {
        "title": "不予出具证明告知单",
        "number": number,
        "addressee": addressee,
        "body": list(body),
        "instead": instead,
        "bring": bring,
        "desks": [list(one) for one in desks],
        "closing": "需要帮助的，本社区可以代为联系上述单位。",
        "issuer": issuer,
        "day": day,
        "basis": basis,
    }
    return pdf("refusal", data)
