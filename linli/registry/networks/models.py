"""Posts of the networks as dated spells, and the places that they look after."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.regions.fields import RegionCodeField
from linli.regions.models import Level
from linli.registry.people.models import Person
from linli.registry.places.models import Building, Home, Unit


class Kind(models.TextChoices):
    """The posts of the networks below the committee, and the police officer of a community or grid (社区民警)."""

    GRID_HEAD = "grid_head", _("网格长")
    GRID_WORKER = "grid_worker", _("网格员")
    GROUP_LEADER = "group_leader", _("居民小组长")
    DOOR_HEAD = "door_head", _("楼门栋长")
    POLICE = "police", _("责任民警")


OF_GRIDS = (Kind.GRID_HEAD, Kind.GRID_WORKER)
OF_PLACES = (Kind.GROUP_LEADER, Kind.DOOR_HEAD)


def levels_of(kind: str) -> tuple[Level, ...]:
    """Where a post of a kind lies: at a grid, at a community, or at either."""
    if kind == Kind.POLICE:
        return Level.COMMUNITY, Level.GRID
    return (Level.GRID,) if kind in OF_GRIDS else (Level.COMMUNITY,)


@tracked()
class NetworkPost(models.Model):
    """Somebody's post in a network, from a day until a day.

    A grid's post lies at the grid (`region_code`); a leader or door head looks after the places of `covers`, all in one
    community. Who holds it is a resident (`person`), or, for staff from elsewhere, a name and a phone. `group` is what a
    leader's households are called: 第三居民小组; `unit` is whose staff they are: 香水园派出所.
    """

    region_follows = "region"
    history_hidden = ("phone",)

    region_code = RegionCodeField()
    kind = models.TextField(_("岗位"), choices=Kind.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="network_posts", verbose_name=_("居民")
    )
    name = models.TextField(_("姓名"))
    phone = SealedTextField(_("电话"), purpose="phone")
    group = models.TextField(_("居民小组"), blank=True)
    unit = models.TextField(_("所在单位"), blank=True, default="", db_default="")
    period = DateRangeField(_("起止日期"))
    reason = models.TextField(_("卸任原因"), blank=True)
    note = models.TextField(_("备注"), blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("网络岗位")
        verbose_name_plural = _("网络岗位")
        ordering = ["region_code", "kind", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="network_post_named")]
        indexes = [models.Index(fields=["region_code", "kind"], name="network_post_region")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("networks:post", args=[self.pk])

    def in_force(self, on: Any) -> bool:
        """Whether it is held on a day."""
        return on in self.period


class Cover(models.Model):
    """A place that a post looks after: the whole building, one of its units, or one home."""

    post = models.ForeignKey(NetworkPost, models.CASCADE, related_name="covers", verbose_name=_("岗位"))
    building = models.ForeignKey(
        Building, models.PROTECT, related_name="network_covers", verbose_name=_("楼栋")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="network_covers", verbose_name=_("单元")
    )
    home = models.ForeignKey(
        Home, models.PROTECT, null=True, blank=True, related_name="network_covers", verbose_name=_("房屋")
    )

    class Meta:
        verbose_name = _("负责范围")
        verbose_name_plural = _("负责范围")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "building", "unit", "home"], name="cover_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        if self.home_id:
            return str(self.home)
        return str(self.unit) if self.unit_id else str(self.building)
