"""Checks by anybody, without an account: what they are told, counted and limited.

What is kept is the check, not who made it; the limit knows an address only by a keyed digest of the day.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.sealed import digest
from linli.audit.recording import RuleError
from linli.certificates.models import Certificate, Check, CheckWay, Tries
from linli.certificates.rules import numbers

WINDOW: Final = timedelta(minutes=10)
# Tries of one address in a window: by the code of a paper in hand, and by number and check word, which could be guessed.
MOST: Final = {CheckWay.CODE: 60, CheckWay.NUMBER: 12, CheckWay.FILE: 12}
_PURPOSE: Final = "certificate-check"


class TooOften(RuleError):
    """The address has tried too often; `seconds` until it may again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(_("核验次数太多，请过 %(n)s 分钟再试。") % {"n": max(1, round(seconds / 60))})
        self.seconds = seconds


@dataclass(frozen=True)
class Told:
    """All that somebody outside learns of a certificate. `standing` is valid, expired or withdrawn; `intact` says whether what is
    kept still agrees with what was issued; `text_code` is printed on the paper, to compare."""

    number: str
    kind: str
    issuer: str
    issued_on: date
    valid_until: date | None
    standing: str
    withdrawn_on: date | None
    holder: str
    tail: str
    intact: bool
    text_code: str
    checks: int
    same_file: bool | None = None


def _limit(address: str, way: str) -> None:
    now = timezone.now()
    seconds = int(WINDOW.total_seconds())
    since = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
    who = digest(f"{timezone.localdate()}/{way}/{address}", _PURPOSE).hex()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO certificates_tries AS t (who, since, used) VALUES (%s, %s, 1) "
            "ON CONFLICT (who, since) DO UPDATE SET used = t.used + 1 RETURNING used",
            [who, since],
        )
        used = cursor.fetchone()[0]
    if used > MOST[CheckWay(way)]:
        raise TooOften(int((since + WINDOW - now).total_seconds()))


def _tell(found: Certificate, way: str, *, same_file: bool | None = None) -> Told:
    standing = found.standing()
    intact = hmac.compare_digest(numbers.digest(found.text_of()), found.text_digest)
    with transaction.atomic():
        Check.objects.create(certificate=found, way=way, told=standing if intact else "changed")
        Certificate.objects.filter(pk=found.pk).update(checks=F("checks") + 1)
    code = found.text_digest[:16].upper()
    if found.issued_on is None:
        raise TypeError("an issued certificate has its day")
    return Told(
        number=found.number_text,
        kind=found.edition.title,
        issuer=found.issuer_name,
        issued_on=found.issued_on,
        valid_until=found.valid_until,
        standing=standing,
        withdrawn_on=timezone.localdate(found.withdrawn_at) if found.withdrawn_at else None,
        holder=found.holder_masked,
        tail=found.holder_tail,
        intact=intact,
        text_code=" ".join(code[n : n + 4] for n in range(0, 16, 4)),
        checks=found.checks + 1,
        same_file=same_file,
    )


def check_by_token(*, token: str, address: str) -> Told | None:
    """Check by the QR code's address; None for one that never was. Raises TooOften."""
    _limit(address, CheckWay.CODE)
    if len(token) != numbers.TOKEN_LENGTH:
        return None
    found = Certificate.objects.filter(token=token).select_related("edition").first()
    return _tell(found, CheckWay.CODE) if found is not None else None


def _by_number(number: str, word: str) -> Certificate | None:
    given = numbers.plain_word(word)
    rows = Certificate.objects.filter(number_key=numbers.plain_number(number), number__isnull=False)
    match = None
    for one in rows.select_related("edition"):
        if hmac.compare_digest(one.check_word.encode(), given.encode()):
            match = one
    return match


def check_by_number(*, number: str, word: str, address: str) -> Told | None:
    """Check by number and check word; None when they do not belong together, whichever of them is wrong. Raises TooOften."""
    _limit(address, CheckWay.NUMBER)
    found = _by_number(number, word)
    return _tell(found, CheckWay.NUMBER) if found is not None else None


def check_by_file(*, number: str, word: str, data: bytes, address: str) -> Told | None:
    """The same, and whether a file is the very one that was issued. The file is not kept. Raises TooOften."""
    _limit(address, CheckWay.FILE)
    found = _by_number(number, word)
    if found is None:
        return None
    same = hmac.compare_digest(hashlib.sha256(data).hexdigest(), found.sha256)
    return _tell(found, CheckWay.FILE, same_file=same)


def forget_tries(before: datetime) -> int:
    """Delete what was counted for limits long past."""
    gone, _each = Tries.objects.filter(since__lt=before).delete()
    return gone
