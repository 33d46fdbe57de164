"""ChangeRequests to change a fact of somebody else's area."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedQuerySet, User, scopes_q
from linli.access.roles import Permission
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.regions.fields import RegionCodeField
from linli.registry.organisations.models import Organisation
from linli.registry.people.models import Person
from linli.registry.places.models import Home
from linli.registry.sources.models import SourceKind


class About(models.TextChoices):
    """What a proposal is about."""

    PERSON = "person", _("居民")
    HOME = "home", _("房屋")
    ORGANISATION = "organisation", _("单位")


EDITS = {
    About.PERSON: Permission.EDIT_PEOPLE,
    About.HOME: Permission.EDIT_PLACES,
    About.ORGANISATION: Permission.EDIT_ORGANISATIONS,
}


class AskedVia(models.TextChoices):
    """How a resident's wish for a correction came to the worker who enters it."""

    COUNTER = "counter", _("窗口")
    PHONE = "phone", _("电话")
    VISIT = "visit", _("入户")
    CHAT = "chat", _("微信群")
    LETTER = "letter", _("信件")
    OTHER = "other", _("其他")


class State(models.TextChoices):
    """Where a proposal stands."""

    OPEN = "open", _("待处理")
    ACCEPTED = "accepted", _("已采纳")
    REFUSED = "refused", _("未采纳")
    WITHDRAWN = "withdrawn", _("已撤回")


class ChangeRequestQuerySet(PermittedQuerySet):
    """ChangeRequests; their authors see them, and those who may edit what they are about."""

    def to_decide(self, user: Any) -> ChangeRequestQuerySet:
        """Those about facts that the user may edit."""
        return self.filter(self._to_decide(user))

    @staticmethod
    def _to_decide(user: Any) -> Q:
        wanted = Q(pk__in=[])
        if getattr(user, "is_authenticated", False):
            for about, permission in EDITS.items():
                wanted |= Q(about=about) & scopes_q("region_code", user.scopes(permission))
        return wanted

    def of(self, user: Any) -> ChangeRequestQuerySet:
        """Those the user may see."""
        mine = Q(author_id=user.pk) if getattr(user, "is_authenticated", False) else Q(pk__in=[])
        return self.filter(mine | self._to_decide(user))


@tracked()
class ChangeRequest(models.Model):
    """Somebody without the right to edit says that a fact should be another. `before` is what it was then, so that a change in
    between is noticed. Numbers stand sealed in `sealed` as "before<newline>after". Entered by a worker for a resident, it says who
    asked (`asked_by`), how they are reached and how the wish came; then the source is the resident's own word."""

    region_follows = "person"
    history_hidden = ("sealed", "asked_phone")

    region_code = RegionCodeField()
    about = models.TextField(_("类别"), choices=About.choices)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="change_requests", verbose_name=_("居民")
    )
    home = models.ForeignKey(
        Home, models.CASCADE, null=True, related_name="change_requests", verbose_name=_("房屋")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, related_name="change_requests", verbose_name=_("单位")
    )
    element = models.TextField(_("数据项"))
    before = models.TextField(_("原来的"), blank=True, default="")
    after = models.TextField(_("应改为"), blank=True, default="")
    sealed = SealedTextField(_("号码"), purpose="proposal")
    reason = models.TextField(_("理由"))
    evidence = models.TextField(blank=True, default="")
    evidence_name = models.TextField(_("材料"), blank=True, default="")
    evidence_type = models.TextField(blank=True, default="")
    source = models.ForeignKey(SourceKind, models.PROTECT, related_name="+", verbose_name=_("来源"))
    author = models.ForeignKey(User, models.PROTECT, related_name="change_requests", verbose_name=_("提出人"))
    unit = models.TextField(_("提出单位"), blank=True, default="")
    asked_by = models.TextField(_("反映人"), blank=True, default="", db_default="")
    asked_phone = SealedTextField(_("反映人电话"), purpose="phone")
    asked_via = models.TextField(
        _("反映方式"), choices=AskedVia.choices, blank=True, default="", db_default=""
    )
    made_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    state = models.TextField(_("状态"), choices=State.choices, default=State.OPEN)
    answer = models.TextField(_("答复"), blank=True, default="")
    decided_by = models.TextField(_("处理人"), blank=True, default="")
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(ChangeRequestQuerySet)()

    class Meta:
        verbose_name = _("更正申请")
        verbose_name_plural = _("更正申请")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(about="person", person__isnull=False)
                | Q(about="home", home__isnull=False)
                | Q(about="organisation", organisation__isnull=False),
                name="change_about_something",
            )
        ]
        indexes = [
            models.Index(fields=["region_code", "state", "-id"], name="change_region"),
            models.Index(fields=["author", "-id"], name="change_author"),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.element}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("changes:proposal", args=[self.pk])

    @property
    def target(self) -> Any:
        """The record that it is about."""
        return getattr(self, self.about)

    @property
    def values(self) -> tuple[str, str]:
        """What it was and what it should be, in plain."""
        if self.sealed:
            old, _line, new = self.sealed.partition("\n")
            return old, new
        return self.before, self.after
