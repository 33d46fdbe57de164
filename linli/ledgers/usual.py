"""Forms that come again and again: what somebody filled before is filled once more by one press, with today's facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from linli.audit.recording import RuleError
from linli.ledgers.actions import fill_form
from linli.ledgers.models import FilledForm, FormUpload
from linli.ledgers.recognition import CARD

# Forms offered to be filled again, and how far back they are looked for.
MOST, LOOKED_AT = 12, 120


@dataclass(frozen=True)
class Usual:
    """A form that was filled before: its latest upload that was filled, and that filling."""

    upload: FormUpload
    last: FilledForm
    times: int


def usual_forms(user: Any) -> list[Usual]:
    """The forms that the user filled, each once however often it was uploaded, the latest first; cards are left out, for it is
    chosen each time for whom they are."""
    found: dict[tuple[str, str], Usual] = {}
    rows = FilledForm.objects.filter(made_by=user).select_related("upload")
    for one in rows[:LOOKED_AT]:
        if one.upload.recognised.get("kind") == CARD:
            continue
        key = (one.upload.fingerprint, one.upload.title)
        known = found.get(key)
        found[key] = (
            Usual(one.upload, one, 1) if known is None else Usual(known.upload, known.last, known.times + 1)
        )
    return list(found.values())[:MOST]


def last_filling(user: Any, upload: FormUpload) -> FilledForm | None:
    """The user's last filling of a form of the same structure and title, of whatever upload; None for forms that are new to them, and
    for cards."""
    if upload.recognised.get("kind") == CARD or not upload.fingerprint:
        return None
    rows = FilledForm.objects.filter(
        made_by_id=user.pk, upload__fingerprint=upload.fingerprint, upload__title=upload.title
    )
    return rows.first()


def fill_again(*, acting_user: Any, upload: FormUpload) -> FilledForm:
    """Fill a form for the region of the last time as of today. Raises RuleError when it was never filled, or cannot be filled now."""
    last = last_filling(acting_user, upload)
    if last is None:
        raise RuleError("这张表还没有填过，请先核对每一列再填写。")
    return fill_form(
        acting_user=acting_user,
        upload=upload,
        region_code=last.region_code,
        on=timezone.localdate(),
    )
