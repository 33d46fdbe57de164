"""Papers as PDF/A, set by typst from templates of this room; fonts come with the package, none of the system's are asked for."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import segno
from django.utils.translation import gettext as _

from linli.audit.recording import RuleError
from linli.certificates.rules import wording
from linli.kernel.typesetting import compiled, not_drawn

_PAPERS: Final = Path(__file__).parent / "papers"


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
    return compiled(
        _PAPERS / f"{template}.typ",
        data,
        inputs={"qr": qr(code)} if code else None,
        archival=True,
    )


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
