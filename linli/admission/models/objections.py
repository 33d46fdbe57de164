"""Objections of communities and residents to items."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedQuerySet, User, scopes_q
from linli.access.roles import Permission
from linli.flow.models import Case
from linli.gate.catalogue.models import Item
from linli.regions.fields import RegionCodeField


class ObjectionQuerySet(PermittedQuerySet):
    """Objections, and who may see them."""

    def visible(self, user: Any) -> Self:
        """Those of one's area, and those about one's own department's items."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen = user.scopes(Permission.DECIDE_ADMISSION) + user.scopes(Permission.GIVE_OPINIONS)
        own = Q(item__unit__in=user.unit_ids) if user.can(Permission.APPLY_ADMISSION) else Q(pk__in=[])
        return self.filter(own | scopes_q("region_code", seen))


class Objection(models.Model):
    """A resident's or a community's objection (异议) to an item; a worker enters a resident's. It names no resident.

    Its `case` carries the limit within which the community office answers with a reason.
    """

    class By(models.TextChoices):
        """Who objects."""

        RESIDENT = "resident", _("居民")
        COMMUNITY = "community", _("社区")

    region_follows = "region"

    region_code = RegionCodeField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="objections", verbose_name=_("社区事项"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="objection", verbose_name=_("办件"))
    by = models.TextField(_("谁提出的"), choices=By.choices, default=By.COMMUNITY)
    text = models.TextField(_("异议内容"))
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("录入人"))
    at = models.DateTimeField(_("提出时间"), default=timezone.now)
    answer = models.TextField(_("答复"), blank=True, default="")
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(ObjectionQuerySet)()

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ["-id"]
        indexes = [models.Index(fields=["region_code", "-id"], name="admission_objection_region")]

    def __str__(self) -> str:
        return f"对“{self.item.title}”的异议"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("admission:objection", args=[self.pk])
