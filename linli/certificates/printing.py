"""Papers as PDF/A, set by typst from templates of this room; fonts come with the package, none of the system's are asked for."""

from __future__ import annotations

import importlib.util
import io
import json
import struct
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst
from django.utils.translation import gettext as _

from linli.audit.recording import RuleError
from linli.certificates.rules import wording

FONT: Final = "Noto Serif SC"
_FONTS: Final = "pylopdf_fonts_zh_cn"
_FONT_FILE: Final = "NotoSerifSC-Regular.otf"
_PAPERS: Final = Path(__file__).parent / "papers"


@cache
def _font_folder() -> str:
    found = importlib.util.find_spec(_FONTS)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"{_FONTS} is not installed")
    return str(next(iter(found.submodule_search_locations)))


@cache
def _spans() -> tuple[tuple[int, int], ...]:
    """The ranges of characters that the font draws: its cmap sub-table of format 12 (OpenType)."""
    data = (Path(_font_folder()) / _FONT_FILE).read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    for n in range(tables):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", data, 12 + 16 * n)
        if tag != b"cmap":
            continue
        (count,) = struct.unpack_from(">H", data, start + 2)
        for m in range(count):
            _platform, _encoding, at = struct.unpack_from(">HHI", data, start + 4 + 8 * m)
            (form,) = struct.unpack_from(">H", data, start + at)
            if form == 12:
                (groups,) = struct.unpack_from(">I", data, start + at + 12)
                wide = struct.iter_unpack(">III", data[start + at + 16 : start + at + 16 + 12 * groups])
                return tuple((first, last) for first, last, _glyph in wide)
    raise RuntimeError(f"{_FONT_FILE} has no table of characters")


def not_drawn(text: str) -> str:
    """The characters of a text that the font cannot draw, each once: on paper they would be empty boxes."""
    return "".join(
        one
        for one in dict.fromkeys(text)
        if not one.isspace() and not any(first <= ord(one) <= last for first, last in _spans())
    )


def qr(text: str) -> str:
    """A QR code as SVG, error correction M, with its quiet zone left to the template."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, scale=4)
    return out.getvalue().decode()


def pdf(template: str, data: Mapping[str, Any], *, code: str = "") -> bytes:
    """A paper of `papers/<template>.typ`; `code` is what its QR code leads to. Raises RuleError for characters that no font draws."""
    if missing := not_drawn(json.dumps(data, ensure_ascii=False, default=str)):
        raise RuleError(
            _("“%(missing)s”这个字打印不出来，请改用标准字库里的字（看身份证的机读姓名），再出具。")
            % {"missing": missing}
        )
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
