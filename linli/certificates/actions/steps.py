"""What the actions of this room share: numbers in series, names of organisations, communities."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from linli.audit.recording import RuleError
from linli.certificates.models import Asker
from linli.regions import names
from linli.regions.models import Level

CERTIFICATE: Final = "certificate"
REFUSAL: Final = "refusal"
SEAL: Final = "seal"

_NEXT = """
INSERT INTO certificates_series AS s (issuer_code, sort, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (issuer_code, sort, year) DO UPDATE SET last = s.last + 1 RETURNING last
"""


def next_number(issuer_code: str, sort: str, year: int) -> int:
    """The next number of a series. The series stays locked until the transaction ends, so that a number given back by a rollback
    is the next one's."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [issuer_code, sort, year])
        row = cursor.fetchone()
    return int(row[0])


def community_of(region_code: str) -> str:
    """The community that a region lies in. Raises RuleError above communities."""
    community = names.at_level(region_code, Level.COMMUNITY)
    if not community:
        raise RuleError(_("证明由社区出具，请选择一个社区。"), field="region_code")
    return community


def plain(text: str) -> str:
    """A name in one spelling: full-width letters made plain, without spaces at the ends or between Chinese characters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def asker_named(name: str, region_code: str, field: str) -> Asker:
    """The organisation of that name in the district, made when it is first heard of. Raises RuleError for no name."""
    wanted = plain(name)
    if not wanted:
        raise RuleError(_("请填写单位名称，例如“中国工商银行延庆支行”。"), field=field)
    if len(wanted) > 60:
        raise RuleError(_("单位名称太长，请写 60 个字以内的全称。"), field=field)
    district = names.at_level(region_code, Level.DISTRICT)
    return Asker.objects.get_or_create(region_code=district, name=wanted)[0]


def required(value: str, field: str, message: str, most: int = 200) -> str:
    """A text that must be there and not too long. Raises RuleError."""
    kept = " ".join(value.replace("\x00", "").split())
    if not kept:
        raise RuleError(message, field=field)
    if len(kept) > most:
        raise RuleError(_("请写在 %(most)s 个字以内。") % {"most": most}, field=field)
    return kept
