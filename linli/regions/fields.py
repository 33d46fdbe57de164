"""The field that places a row in the tree of regions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionCodeField(models.TextField):
    """A region order key, compared byte by byte (COLLATE "C"), so that a region and all in it is one range."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_collation", "C")
        if not args:
            kwargs.setdefault("verbose_name", _("所属区域"))
        super().__init__(*args, **kwargs)
