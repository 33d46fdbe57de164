"""Uploaded papers (scans, photos): checked for what they are, encrypted at rest, never served by their place on disk.

They lie under MEDIA_ROOT in a room's own folder, under names that say nothing, and are read only through a page that has asked
for permission. The key is the one of the sealed columns (ADR 0007); `linli backup` takes the files along.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.access.sealed import vault
from linli.audit.recording import RuleError

MOST_BYTES: Final = 10 << 20
ACCEPT: Final = ".pdf,.jpg,.jpeg,.png"
# How a file of each kind begins.
_BEGINNINGS: Final = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}


@dataclass(frozen=True)
class Kept:
    """A kept file: where under MEDIA_ROOT, its own name, its media type, its size in bytes and its SHA-256."""

    path: str
    name: str
    media_type: str
    size: int
    sha256: str


class SealedFile(models.Model):
    """The record of a kept file; a room's own model says what it belongs to."""

    path = models.TextField(editable=False)
    name = models.TextField(gettext_lazy("文件名"))
    media_type = models.TextField(gettext_lazy("类型"))
    size = models.IntegerField(gettext_lazy("大小（字节）"))
    sha256 = models.TextField(db_collation="C")

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether it can be shown on the page."""
        return self.media_type.startswith("image/")


def _place(path: str) -> Path:
    root = Path(settings.MEDIA_ROOT).resolve()
    place = (root / path).resolve()
    if root not in place.parents:
        raise ValueError(path)
    return place


def keep(upload: Any, *, folder: str, field: str = "file") -> Kept:
    """Check and keep an uploaded file (Django's UploadedFile).

    Raises RuleError for files that are too large, empty, or neither PDF nor JPG nor PNG by their contents.
    """
    if upload.size > MOST_BYTES:
        raise RuleError(_("文件超过 10 MB，请压缩或分页扫描后再上传。"), field=field)
    data = upload.read()
    kind = next((kind for kind, start in _BEGINNINGS.items() if data.startswith(start)), "")
    if not kind:
        raise RuleError(_("只能上传 PDF、JPG 或 PNG 文件，请把材料扫描或拍照后再上传。"), field=field)
    name = os.path.basename(str(upload.name).replace("\\", "/")).replace("\x00", "")[-100:] or _("材料")
    path = keep_data(data, folder=folder)
    return Kept(path, name, kind, len(data), hashlib.sha256(data).hexdigest())


def keep_data(data: bytes, *, folder: str) -> str:
    """Keep bytes of any kind encrypted; returns where under MEDIA_ROOT. For what a room has checked itself."""
    path = f"{folder}/{secrets.token_hex(16)}"
    place = _place(path)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(vault().seal_bytes(data, purpose=f"file:{path}"))
    half.replace(place)
    return path


def read(path: str) -> bytes:
    """The plain bytes of a kept file. Raises FileNotFoundError, and SecretUnreadable when it was changed on disk."""
    return vault().open_bytes(_place(path).read_bytes(), purpose=f"file:{path}")


def drop(path: str) -> None:
    """Delete a kept file; nothing happens when it is gone already."""
    _place(path).unlink(missing_ok=True)
