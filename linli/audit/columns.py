"""A model's own columns by their names."""

from __future__ import annotations

from typing import Any

from django.db import models


def column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The model's own column of that name. Raises FieldDoesNotExist when there is none, TypeError for a relation kept elsewhere."""
    found = model._meta.get_field(name)
    if not isinstance(found, models.Field):
        raise TypeError(f"{model.__name__}.{name} is no column")
    return found
