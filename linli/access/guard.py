"""Asking for permission inside actions."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model
from django.http import Http404

from linli.access.roles import Permission

M = TypeVar("M", bound=Model)


class NotPermitted(Http404):
    """The acting user may not do this there. On pages it is a 404: what is outside one's area does not exist."""

    def __init__(self, permission: Permission) -> None:
        super().__init__("没有找到这项内容，或您没有相应的权限。")
        self.permission = permission


def require(user: Any, permission: Permission, region_code: str) -> None:
    """Raise NotPermitted unless the user holds the permission in the region."""
    if not user.can(permission, region_code):
        raise NotPermitted(permission)


def locked(model: type[M], pk: Any, user: Any, permission: Permission) -> M:
    """The row, locked for this transaction, if it lies where the user holds the permission.

    Raises NotPermitted when there is none; whether it exists elsewhere cannot be told.
    """
    found = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    field = getattr(model, "region_field", "region_code")
    if found is None or not user.can(permission, getattr(found, field)):
        raise NotPermitted(permission)
    return found
