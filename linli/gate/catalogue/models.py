"""The duty catalogue: legal bases, items with the terms in force, and editions whose entries are frozen when published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, DecimalField, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce, Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedQuerySet, Unit, User, scopes_q
from linli.access.roles import Permission
from linli.audit.history import tracked
from linli.flow.models import THINGS, Warrant
from linli.flow.rules.warrants import Per, Thing
from linli.gate.catalogue import triggers
from linli.gate.catalogue.rules import terms
from linli.gate.catalogue.rules.terms import Fate, Kind, Responsibility
from linli.regions.fields import RegionCodeField
from linli.regions.models import KEY_LENGTH, Level

DISTRICT = KEY_LENGTH[Level.DISTRICT]


class BasisKind(models.TextChoices):
    """What a basis is."""

    LAW = "law", _("法律")
    REGULATION = "regulation", _("法规规章")
    DOCUMENT = "document", _("政策文件")


class Basis(models.Model):
    """What an item rests on (依据): an article of a law, or a document of the district or above, with its text.

    `region_code` is "" for the whole country, else the region whose document it is. `ended_on` is the first day it no longer
    holds.
    """

    region_follows = "never"

    region_code = RegionCodeField(blank=True, default="")
    kind = models.TextField(_("类别"), choices=BasisKind.choices, default=BasisKind.LAW)
    title = models.TextField(_("名称"))
    number = models.TextField(_("文号"), blank=True, default="")
    article = models.TextField(_("条款"), blank=True, default="")
    text = models.TextField(_("原文"), blank=True, default="")
    effective_on = models.DateField(_("施行日期"))
    ended_on = models.DateField(_("失效日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("依据")
        verbose_name_plural = _("依据")
        ordering = ["kind", "title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "title", "article", "effective_on"], name="basis_once"
            )
        ]
        triggers = [triggers.kept()]

    def __str__(self) -> str:
        """《人民调解法》第八条."""
        return f"《{self.title.removeprefix('中华人民共和国')}》{self.article}"

    def in_force(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.effective_on <= on and (self.ended_on is None or on < self.ended_on)


def _choices(kinds: Any) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kinds]


def _yearly_times() -> Any:
    by_per = [When(per=per.value, then=F("times") * Value(times)) for per, times in terms.YEARLY.items()]
    return Case(
        When(times__isnull=True, then=Coalesce(F("expected"), Value(0))),
        *by_per,
        output_field=IntegerField(),
    )


class Terms(models.Model):
    """What an item says. `bases` are numbers of `Basis` rows. `hours` are what one occurrence takes in one community, `money`
    what the department pays a community in a year (元). `times` None: as often as needed, about `expected` times a year.
    `until` is the first day it no longer holds.
    """

    title = models.TextField(_("事项名称"))
    category = models.TextField(_("类"))
    content = models.TextField(_("社区做什么"), blank=True, default="")
    responsibility = models.TextField(_("职责"), choices=_choices(Responsibility))
    kind = models.TextField(_("方式"), choices=_choices(Kind))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="catalogue_%(class)ss", verbose_name=_("责任部门")
    )
    things = ArrayField(
        models.TextField(choices=THINGS), default=list, blank=True, verbose_name=_("可下派的内容")
    )
    times = models.SmallIntegerField(_("次数上限"), null=True, blank=True)
    per = models.TextField(_("频次单位"), choices=_choices(Per), default=Per.YEAR.value)
    expected = models.SmallIntegerField(_("每年约几次"), null=True, blank=True)
    hours = models.DecimalField(_("每次工时（小时）"), max_digits=6, decimal_places=1)
    money = models.DecimalField(
        _("经费（元／年·社区）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    evidence = models.TextField(_("要求的材料"), blank=True, default="")
    bases = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("依据"))
    basis_note = models.TextField(_("其他依据"), blank=True, default="")
    until = models.DateField(_("有效期至"), null=True, blank=True)
    yearly_times = models.GeneratedField(
        expression=_yearly_times(), output_field=IntegerField(), db_persist=True, verbose_name=_("每年次数")
    )
    yearly_hours = models.GeneratedField(
        expression=F("hours") * _yearly_times(),
        output_field=DecimalField(max_digits=10, decimal_places=1),
        db_persist=True,
        verbose_name=_("每年工时（小时）"),
    )

    FIELDS = (
        "title",
        "category",
        "content",
        "responsibility",
        "kind",
        "unit_id",
        "things",
        "times",
        "per",
        "expected",
        "hours",
        "money",
        "evidence",
        "bases",
        "basis_note",
        "until",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def values(self) -> dict[str, Any]:
        """The terms by field name."""
        return {name: getattr(self, name) for name in self.FIELDS}

    @property
    def frequency(self) -> str:
        """每季度 1 次."""
        return terms.frequency(self.times, Per(self.per), self.expected)

    @property
    def thing_labels(self) -> list[str]:
        """The words for what may be sent."""
        return [one.label for one in Thing if one.value in self.things]


class AroundQuerySet(PermittedQuerySet):
    """Rows of a district, seen by all who work in it or in a part of it."""

    def visible(self, user: Any) -> Self:
        """Those of the regions that the user works in, and of the regions around them."""
        scopes = user.scopes(Permission.VIEW_REGIONS) if getattr(user, "is_authenticated", False) else ()
        return self.filter(_above(scopes) | scopes_q("region_code", scopes))


class ItemQuerySet(AroundQuerySet):
    """Items by day and by place."""

    def in_force(self, on: date | None = None) -> Self:
        """Those that hold on a day (today)."""
        day = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    def of_catalogue(self, region_code: str) -> Self:
        """Those of the catalogue of the district that a region lies in."""
        return self.in_region(region_code[:DISTRICT])

    def for_community(self, region_code: str) -> Self:
        """Those that hold for a community."""
        return self.filter(region_code__in=[region_code[:n] for n in range(2, len(region_code) + 1)])


def _above(scopes: Iterable[Any]) -> Q:
    around = {scope.low[:n] for scope in scopes for n in (2, 4, DISTRICT, 9, 12) if n < len(scope.low)}
    return Q(region_code__in=around)


@tracked(exclude=["yearly_times", "yearly_hours"])
class Item(Terms):
    """A duty item (事项) of a district's catalogue: the terms in force, or the last ones.

    `region_code` is where it holds: the district, or a part of it. It holds from `since` until `until`; `ended_how`,
    `ended_why` and `successor` tell what became of it. `warrant` lets its department send things; an item under which nothing
    is sent has none.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    code = models.TextField(_("编号"), db_collation="C")
    since = models.DateField(_("生效日期"))
    warrant = models.OneToOneField(
        Warrant, models.PROTECT, null=True, blank=True, related_name="item", verbose_name=_("下派依据")
    )
    ended_how = models.TextField(_("去向"), choices=_choices(Fate), blank=True, default="")
    ended_why = models.TextField(_("退出原因"), blank=True, default="")
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("并入")
    )

    objects = models.Manager.from_queryset(ItemQuerySet)()

    class Meta:
        verbose_name = _("社区事项")
        verbose_name_plural = _("社区事项")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(Left("region_code", DISTRICT), "code", name="item_code_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="item_period"
            ),
            models.CheckConstraint(condition=Q(hours__gte=0), name="item_hours"),
        ]
        indexes = [models.Index(fields=["region_code", "unit"], name="item_region")]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("catalogue:item", args=[self.pk])

    @staticmethod
    def describe_value(name: str, value: Any) -> str | None:
        """How the history says a field's value, where its plain form would say nothing to a reader."""
        if name == "bases":
            found = Basis.objects.in_bulk(value)
            return "；".join(str(found[one]) for one in value if one in found) or "（空）"
        if name == "things":
            return "、".join(Thing(one).label for one in value) or "（空）"
        if name == "unit":
            return str(Unit.objects.filter(pk=value).first() or value)
        return None

    def in_force(self, on: date | None = None) -> bool:
        """Whether it holds on a day (today)."""
        day = on or timezone.localdate()
        return self.since <= day and (self.until is None or day < self.until)

    def in_force_or_coming(self) -> bool:
        """Whether it has not ended."""
        return self.until is None or self.until > timezone.localdate()

    @property
    def suspended(self) -> str:
        """Why it rests; "" while it does not."""
        return self.warrant.suspended if self.warrant_id is not None and self.warrant is not None else ""


class EditionQuerySet(AroundQuerySet):
    """Editions, and who may see them."""

    def readable(self, user: Any) -> Self:
        """The published ones of the user's districts, and the drafts of the districts whose catalogue the user keeps."""
        drafts = scopes_q("region_code", user.scopes(Permission.MANAGE_CATALOGUE))
        return self.visible(user).filter(Q(published_at__isnull=False) | drafts)


class Edition(models.Model):
    """An edition (版) of a district's catalogue: a draft, then frozen. `since` is the day it takes effect; `applied_at` when it
    was carried out on items and warrants. The newest applied one is in force, the others are superseded.
    """

    region_follows = "never"  # a district's: adjusting communities does not touch it

    region_code = RegionCodeField()
    number = models.SmallIntegerField(_("版次"))
    title = models.TextField(_("名称"))
    note = models.TextField(_("说明"), blank=True, default="")
    made_at = models.DateTimeField(_("起草时间"), default=timezone.now, editable=False)
    since = models.DateField(_("生效日期"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布人")
    )
    applied_at = models.DateTimeField(_("实施时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(EditionQuerySet)()

    class Meta:
        verbose_name = _("清单版次")
        verbose_name_plural = _("清单版次")
        ordering = ["region_code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["region_code", "number"], name="catalogue_edition_once"),
            models.UniqueConstraint(
                fields=["region_code"],
                condition=Q(published_at__isnull=True),
                name="catalogue_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(since__isnull=False), name="catalogue_dated"
            ),
        ]
        triggers = [triggers.edition_frozen()]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.number} 版）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("catalogue:edition", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it may still be edited."""
        return self.published_at is None


class Entry(Terms):
    """An item's terms in an edition, and what becomes of it there. A new one has no `item` until the edition is published.

    `into` is the entry it is merged into, `reason` why it goes.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="entries", verbose_name=_("清单版次"))
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("事项")
    )
    position = models.IntegerField(_("序号"), default=0)
    fate = models.TextField(_("处理"), choices=_choices(Fate), default=Fate.KEEP.value)
    into = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="merged", verbose_name=_("并入")
    )
    reason = models.TextField(_("原因"), blank=True, default="")

    class Meta:
        verbose_name = _("清单条目")
        verbose_name_plural = _("清单条目")
        ordering = ["edition", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "item"], name="entry_item_once"),
            models.CheckConstraint(
                condition=Q(fate="merge", into__isnull=False) | (~Q(fate="merge") & Q(into__isnull=True)),
                name="entry_merged_into",
            ),
            models.CheckConstraint(condition=Q(fate="keep") | ~Q(reason=""), name="entry_goes_for_a_reason"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="entry_hours"),
        ]
        triggers = [triggers.entry_frozen()]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("catalogue:entry", args=[self.pk])


class Duty(models.Model):
    """An item in one community where it holds: what lists, tables and forms ask about (a view of the database, `catalogue_duty`).

    One row for each item and community, so that what a community has to do adds up to what a district asks. The terms are those of the
    item; `opened` and `closed` are from when until when the community is there.
    """

    region_follows = "never"  # worked out from items and regions

    region_code = RegionCodeField()
    item = models.ForeignKey(Item, models.DO_NOTHING, related_name="+", verbose_name=_("社区事项"))
    opened = models.DateField(_("社区启用日期"), null=True)
    closed = models.DateField(_("社区停用日期"), null=True)

    class Meta:
        managed = False
        db_table = "catalogue_duty"
        verbose_name = _("社区的事项")
        verbose_name_plural = _("社区的事项")
        ordering = ["region_code", "item"]

    def __str__(self) -> str:
        return f"{self.region_code} {self.item_id}"
