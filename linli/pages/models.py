"""What the kit keeps: the views of lists that users have named."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.audit.unchanged import Unchanged


class SavedView(models.Model):
    """A list's filters, sorting and page size under a name of the user's own. `page` is the list's URL name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.TextField(_("页面"))
    name = models.TextField(_("名称"))
    query = models.TextField(_("条件"), blank=True)

    class Meta:
        verbose_name = _("常用视图")
        verbose_name_plural = _("常用视图")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


_kept: Unchanged[list[SavedView]] = Unchanged(most=2_000)


def saved_views(user: Any, page: str) -> list[SavedView]:
    """The user's views of a list, by name; for reading only."""
    if user.pk is None:
        return []
    return _kept.get((user.pk, page), lambda: list(SavedView.objects.filter(user_id=user.pk, page=page)))
