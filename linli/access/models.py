"""Users, and the posts that say what each may do where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from linli.access.roles import GRANTS, Permission, Role
from linli.kernel.scope import Scope, merge
from linli.regions.fields import RegionCodeField

__all__ = ["Permission", "PermittedManager", "PermittedQuerySet", "Post", "Role", "Unit", "UnitKind", "User"]


def scopes_q(field: str, scopes: Iterable[Scope]) -> Q:
    """Rows whose region order key lies in any of the scopes; none when there are no scopes."""
    wanted = Q()
    for scope in scopes:
        wanted |= Q(**{f"{field}__gte": scope.low, f"{field}__lt": scope.high})
    return wanted or Q(pk__in=[])


class PermittedQuerySet(models.QuerySet):
    """A queryset that starts from what a user may see. The model names its region key in `region_field`."""

    def permitted(self, user: Any, permission: Permission) -> Self:
        """The rows in the regions where the user holds the permission; nothing for a stranger."""
        field = getattr(self.model, "region_field", "region_code")
        scopes = user.scopes(permission) if getattr(user, "is_authenticated", False) else ()
        return self.filter(scopes_q(field, scopes))

    def in_region(self, key: str) -> Self:
        """The rows of a region and everything in it."""
        field = getattr(self.model, "region_field", "region_code")
        return self.filter(scopes_q(field, [Scope.of(key)]))


PermittedManager = models.Manager.from_queryset(PermittedQuerySet)


class UserManager(BaseUserManager["User"]):
    """Accounts are made by `access.actions.create_user`; this serves Django's own machinery."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who works with Linli. What they may do comes only from their posts."""

    username = models.TextField(_("用户名"), unique=True)
    name = models.TextField(_("姓名"))
    phone = models.TextField(_("联系电话"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    failed_logins = models.SmallIntegerField(_("连续登录失败次数"), default=0)
    locked_until = models.DateTimeField(_("锁定至"), null=True, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("username"), name="user_username_ci"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_locked(self) -> bool:
        """Whether failed logins keep the account locked now."""
        return self.locked_until is not None and self.locked_until > timezone.now()

    def get_full_name(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("user", args=[self.pk])

    @cached_property
    def current_posts(self) -> list[Post]:
        """The posts in force today, read once per request."""
        today = timezone.localdate()
        return [post for post in self.posts.all() if post.in_force(today)]

    @cached_property
    def unit_ids(self) -> frozenset[int]:
        """The units whose people the user is one of today."""
        if not self.is_active:
            return frozenset()
        return frozenset(post.unit_id for post in self.current_posts if post.unit_id is not None)

    def scopes(self, permission: Permission) -> tuple[Scope, ...]:
        """The regions, as ranges of order keys, in which the user holds the permission."""
        if not self.is_active:
            return ()
        if permission not in self._merged:
            self._merged[permission] = merge(
                Scope.of(post.region_code) for post in self.current_posts if permission in GRANTS[post.role]
            )
        return self._merged[permission]

    @cached_property
    def _merged(self) -> dict[Permission, tuple[Scope, ...]]:
        """The scopes found so far: a page asks for the same ones a hundred times."""
        return {}

    def can(self, permission: Permission, region_code: str | None = None) -> bool:
        """Whether the user holds the permission in that region, or (without one) anywhere."""
        scopes = self.scopes(permission)
        return bool(scopes) if region_code is None else any(region_code in scope for scope in scopes)

    @property
    def main_post(self) -> Post | None:
        """The first post in force: whose name and region the shell shows."""
        return self.current_posts[0] if self.current_posts else None


class UnitKind(models.TextChoices):
    """What an office is."""

    DEPARTMENT = "department", _("政府部门")
    STREET = "street", _("街道办事处、乡镇政府")
    SECTION = "section", _("街道科室、站所")
    COMMUNITY = "community", _("社区（村）居民委员会")
    OTHER = "other", _("其他单位")


class Unit(models.Model):
    """An office (机构) that work is given to: a district's department, a street office and its sections, a community.

    `region_code` is the region it serves. Every community and street has one unit of its own; see `access.units`.
    """

    region_follows = "never"  # a community's unit ends with it

    region_code = RegionCodeField()
    kind = models.TextField(_("类别"), choices=UnitKind.choices)
    name = models.TextField(_("名称"))
    phone = models.TextField(_("值班电话"), blank=True, default="")
    is_active = models.BooleanField(_("启用"), default=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        ordering = ["region_code", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["region_code", "name"], name="unit_name_once_in_region"),
            models.UniqueConstraint(
                fields=["region_code", "kind"],
                condition=Q(kind__in=["street", "community"]),
                name="unit_one_own_of_a_region",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("unit", args=[self.pk])


class Post(models.Model):
    """A post (岗位): a user holds a role in a region for a time, as one of a unit's people."""

    region_follows = "never"  # ended and given anew, so that the old post stays on record

    user = models.ForeignKey(User, models.CASCADE, related_name="posts")
    role = models.TextField(_("角色"), choices=Role.choices)
    region_code = RegionCodeField()
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("机构")
    )
    valid_from = models.DateField(_("任职日期"), default=timezone.localdate)
    valid_to = models.DateField(_("离任日期"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        ordering = ["pk"]
        indexes = [models.Index(fields=["region_code", "role"], name="post_region_role")]

    def __str__(self) -> str:
        return f"{self.user.name} {self.get_role_display()}"

    def in_force(self, on: date) -> bool:
        """Whether the post is held on that day (`valid_to` is the first day it is not)."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
