"""How a person's numbers are stored: sealed, with digests of the whole and of the last four characters."""

from __future__ import annotations

from typing import TypedDict

from linli.access.sealed import digest


class IdColumns(TypedDict):
    """Columns derived from a certificate number."""

    id_digest: bytes | None
    id_tail: bytes | None


class PhoneColumns(TypedDict):
    """Columns derived from a phone number."""

    phone_digest: bytes | None
    phone_tail: bytes | None


def id_columns(number: str) -> IdColumns:
    """The digests of a normalised certificate number; None for an empty one, so that empty ones do not collide."""
    if not number:
        return {"id_digest": None, "id_tail": None}
    return {"id_digest": digest(number, "id_number"), "id_tail": digest(number[-4:], "id_tail")}


def phone_columns(number: str) -> PhoneColumns:
    """The digests of a normalised phone number."""
    if not number:
        return {"phone_digest": None, "phone_tail": None}
    return {"phone_digest": digest(number, "phone"), "phone_tail": digest(number[-4:], "phone_tail")}
