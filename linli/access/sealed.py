"""Model fields for values that are encrypted at rest, and the keyed digests by which they are found.

The key lies outside the database, in LINLI_HOME (`secrets/data-key`); see ADR 0007.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.db import models

from linli.kernel.secrets import Vault


@lru_cache(maxsize=1)
def vault() -> Vault:
    """The installation's vault. LINLI_CIPHER chooses AES-GCM (default) or SM4-GCM."""
    cipher: Any = settings.LINLI_CIPHER
    text = settings.HOME.secret("data-key", 32)
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        key = b""
    if len(key) != 32:
        key = hashlib.sha256(text.encode()).digest()
    return Vault({1: key}, cipher=cipher)


def digest(value: str, purpose: str) -> bytes:
    """The keyed digest under which a value of that purpose is stored and looked up; b"" for nothing."""
    return vault().digest(value, purpose=purpose) if value else b""


class SealedTextField(models.Field):
    """Text that lies encrypted in the database; in Python it is plain. Never filter on it: use its digest."""

    empty_values = [None, ""]

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["purpose"] = self.purpose
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> bytes:
        if isinstance(value, bytes):
            return value
        text = "" if value is None else str(value)
        return vault().seal(text, purpose=self.purpose) if text else b""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return open_sealed(value, self.purpose)

    def to_python(self, value: Any) -> str:
        return "" if value is None else str(value)

    def value_to_string(self, obj: Any) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(form_class=forms.CharField, **kwargs)


def open_sealed(value: Any, purpose: str) -> str:
    """The plain text of a sealed column's value; "" for nothing."""
    return vault().open(bytes(value), purpose=purpose) if value else ""
