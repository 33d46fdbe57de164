"""Form tasks (报表任务): what a department asks of communities, each community's copy, what was sent, and what was changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedQuerySet, Unit, User, scopes_q
from linli.access.roles import Permission
from linli.access.sealed import SealedTextField
from linli.collecting import rules, triggers
from linli.collecting.rules import State, Tally
from linli.flow.models import Dispatch, Warrant
from linli.ledgers.recognition import AGGREGATE, CARD, ROSTER, Recognition
from linli.regions.fields import RegionCodeField

STATES = [(one.value, one.label) for one in State]
OPEN = [one.value for one in rules.OPEN]


class TaskQuerySet(models.QuerySet):
    """Tasks, and who may see them."""

    def visible(self, user: Any) -> Self:
        """Those of the user's units, and issued ones that reach a community the user sees."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen = scopes_q("region_code", user.scopes(Permission.VIEW_GATE))
        here = FormPart.objects.filter(seen, task=OuterRef("pk"))
        mine = user.unit_ids if user.can(Permission.SEND_TO_COMMUNITIES) else ()
        return self.filter(Q(unit__in=mine) | Exists(here))

    def open(self) -> Self:
        """Issued, and not over."""
        return self.filter(issued_at__isnull=False, closed_at__isnull=True)


class FormTask(models.Model):
    """A file that a department asks of communities under its warrant; a draft until it is issued. It holds one list or several: rosters,
    tables of numbers, cards (`lists`).

    The empty form lies sealed under `path`. `left_out` names the lists of the file that are not asked, because nothing tells what
    their rows are.

    A task of a merged asking (`joint`) is what communities fill instead of several departments' forms: drawn by Linli, nobody's own;
    `sources` says for each list and each place of its mappings which forms need it, as [task, list, place] there.
    """

    region_follows = "never"  # asked then, of the communities of then

    region_code = RegionCodeField()
    warrant = models.ForeignKey(
        Warrant, models.PROTECT, related_name="form_tasks", verbose_name=_("准入事项")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="form_tasks", verbose_name=_("要表单位"))
    title = models.TextField(_("表名"))
    name = models.TextField(_("文件名"))
    path = models.TextField(editable=False)
    fingerprint = models.TextField(_("结构指纹"), db_collation="C")
    recognised = models.JSONField(_("识别结果"))
    left_out = ArrayField(models.TextField(), verbose_name=_("不要的表"), default=list, blank=True)
    joint = models.ForeignKey(
        "collecting.Joint",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("合并下发"),
    )
    sources = models.JSONField(_("每一列谁要"), default=list)
    askers = models.TextField(_("合并的要表单位"), blank=True, default="")
    purpose = models.TextField(_("用途"), blank=True, default="")
    why_again = models.TextField(_("重复要的原因"), blank=True, default="")
    on = models.DateField(_("数据日期"), null=True, blank=True)
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))
    made_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    issued_at = models.DateTimeField(_("下发时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(TaskQuerySet)()

    class Meta:
        verbose_name = _("报表任务")
        verbose_name_plural = _("报表任务")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["unit", "-id"], name="form_task_unit"),
            models.Index(fields=["id"], condition=Q(closed_at__isnull=True), name="form_task_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(on__isnull=False, due_on__isnull=False),
                name="form_task_issued_whole",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("collecting:task", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it has not been issued."""
        return self.issued_at is None

    @property
    def is_merged(self) -> bool:
        """Whether it is the common form of a merged asking: no department's own."""
        return self.joint_id is not None

    @property
    def asker(self) -> str:
        """Who asks, in words: the department, or those whose forms are asked as one."""
        return self.askers or self.unit.name

    @property
    def asking_units(self) -> list[Unit]:
        """The departments that it is for: its own, or those of the forms that are asked as one."""
        if not self.is_merged:
            return [self.unit]
        return list(Unit.objects.filter(form_tasks__in=self.stands_for).distinct().order_by("pk"))

    @property
    def stands_for(self) -> set[int]:
        """Of a common form: the tasks in whose place it is filled."""
        return {form for columns in self.sources for needs in columns for form, _listed, _place in needs}

    @property
    def recognition(self) -> Recognition:
        """What was recognised of the form, corrections included."""
        return Recognition.from_json(self.recognised)

    @property
    def _plain_lists(self) -> list[dict[str, Any]]:
        return [self.recognised, *self.recognised.get("parts", ())]

    @property
    def kinds(self) -> list[str]:
        """Of each list: roster, aggregate (a table of numbers) or card."""
        return [str(one.get("kind", ROSTER)) for one in self._plain_lists]

    @property
    def kind(self) -> str:
        """What its first list is."""
        return self.kinds[0]

    @property
    def is_several(self) -> bool:
        """Whether the file holds several lists."""
        return len(self._plain_lists) > 1

    @property
    def is_table(self) -> bool:
        """Whether it is nothing but a table of numbers whose labels stand left and on top: it has cells, not rows."""
        return not self.is_several and _is_table(self.recognised)

    def said_amount(self, tallies: Sequence[Tally]) -> str:
        """How much a copy holds, list by list, as it is counted: 12 行, 5 张、48 格."""
        counted: Counter[str] = Counter()
        for plain, tally in zip(self._plain_lists, tallies, strict=False):
            counted[_unit(plain)] += _amount(plain, tally)
        return "、".join(f"{n:,} {unit}" for unit, n in counted.items())

    def said_of_list(self, number: int, tally: Tally) -> str:
        """How much of one list a copy holds."""
        plain = self._plain_lists[number]
        return f"{_amount(plain, tally):,} {_unit(plain)}"

    @property
    def told_elements(self) -> list[str]:
        """What its copies tell of people, for the record of disclosures; tables of numbers tell nothing of anybody."""
        return list(
            dict.fromkeys(
                f"{one.subject}.{asked.element}"
                for one in self.recognition.regions_of_form
                if one.kind != AGGREGATE
                for asked in rules.held(one.mappings).held
            )
        )


def _is_table(plain: dict[str, Any]) -> bool:
    return plain.get("kind") == AGGREGATE and not plain.get("regions")


def _unit(plain: dict[str, Any]) -> str:
    return "格" if _is_table(plain) else "张" if plain.get("kind") == CARD else "行"


def _amount(plain: dict[str, Any], tally: Tally) -> int:
    return tally.cells if _is_table(plain) else tally.rows


class FormList(models.Model):
    """One list of a task's file, `number` from 0 in the order of the file: what it is about (`subject`, "" of tables of numbers), what
    its columns ask in the dictionary's terms (`elements`), and the headings that nothing in the dictionary answers to (`new_labels`,
    squashed). By them tasks that ask the same are found."""

    task = models.ForeignKey(FormTask, models.CASCADE, related_name="lists", verbose_name=_("任务"))
    number = models.SmallIntegerField(_("第几张"))
    title = models.TextField(_("表名"))
    kind = models.TextField(_("样式"))
    subject = models.TextField(_("主题"))
    elements = ArrayField(models.TextField(), verbose_name=_("数据元"), default=list)
    new_labels = ArrayField(models.TextField(), verbose_name=_("新要的列"), default=list)

    class Meta:
        verbose_name = _("报表里的一张")
        verbose_name_plural = _("报表里的一张")
        ordering = ["task", "number"]
        indexes = [models.Index(fields=["subject"], name="form_list_subject")]
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="form_list_once")]

    def __str__(self) -> str:
        return self.title


class PartQuerySet(PermittedQuerySet):
    """Copies, and who may see that they are there (not what is in them)."""

    def visible(self, user: Any) -> Self:
        """Those of the user's units' tasks, and those of communities that the user sees."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        mine = user.unit_ids if user.can(Permission.SEND_TO_COMMUNITIES) else ()
        return self.filter(
            Q(task__unit__in=mine) | scopes_q("region_code", user.scopes(Permission.VIEW_GATE))
        )

    def to_fill(self) -> Self:
        """Without those that are filled with a community's common copy."""
        return self.filter(Q(joined_to__isnull=True) | Q(joined_to__state=State.WITHDRAWN))

    def late(self, today: date) -> Self:
        """Not sent though the last day is over."""
        return self.filter(state__in=OPEN, task__due_on__lt=today)


class FormPart(models.Model):
    """One community's copy of a task. `book` and `grid` are where the workbook and its rows lie sealed; "" until it is filled.

    `rows`, `cells` and `blanks` count all lists of the file, `tallies` each by itself (see `rules.Tally`); `blanks` are the cells that
    are asked and empty. `why` is why it came back or was taken back. A copy that is asked together
    with others is `joined_to` the community's common one, and filled from it; that one rests on their dispatches and has none itself.
    """

    region_follows = "never"  # asked of the community of then

    region_code = RegionCodeField()
    task = models.ForeignKey(FormTask, models.PROTECT, related_name="parts", verbose_name=_("任务"))
    dispatch = models.OneToOneField(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="form_part", verbose_name=_("下派")
    )
    joined_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("并入的填报"),
    )
    state = models.TextField(_("状态"), choices=STATES, default=State.SENT.value)
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("签收人")
    )
    received_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    job_id = models.BigIntegerField(_("填表任务编号"), null=True, blank=True)
    filled_at = models.DateTimeField(_("填表时间"), null=True, blank=True)
    rows = models.IntegerField(_("行数"), default=0)
    cells = models.IntegerField(_("应填格数"), default=0)
    blanks = models.IntegerField(_("空白格数"), default=0)
    tallies = models.JSONField(_("逐张的格数"), default=list)
    account = models.JSONField(_("填报说明"), default=list)
    book = models.TextField(editable=False, default="")
    grid = models.TextField(editable=False, default="")
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("填报人")
    )
    submitted_at = models.DateTimeField(_("填报时间"), null=True, blank=True)
    signed_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    sendings_made = models.SmallIntegerField(_("报送次数"), default=0)
    reminded_at = models.DateTimeField(_("催办时间"), null=True, blank=True)
    note = models.TextField(_("填报说明"), blank=True, default="")
    why = models.TextField(_("退回或收回的原因"), blank=True, default="")

    objects = models.Manager.from_queryset(PartQuerySet)()

    class Meta:
        verbose_name = _("社区填报")
        verbose_name_plural = _("社区填报")
        ordering = ["task", "region_code"]
        indexes = [models.Index(fields=["region_code", "state"], name="form_part_region")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "region_code"],
                condition=~Q(state="withdrawn"),
                name="form_part_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checking", "signed"]) | ~Q(book=""), name="form_part_with_book"
            ),
        ]
        triggers = [triggers.part_guarded()]

    def __str__(self) -> str:
        return self.task.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("collecting:part", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the community."""
        return self.state in OPEN

    @property
    def common(self) -> FormPart | None:
        """The common copy that is filled instead of this one; None where it is filled by itself."""
        found = self.joined_to
        return found if found is not None and found.state != State.WITHDRAWN else None

    @property
    def is_late(self) -> bool:
        """Whether it is (or came) after the last day."""
        signed = timezone.localtime(self.signed_at).date() if self.signed_at else None
        return rules.is_late(self.state, self.task.due_on, timezone.localdate(), signed)

    @property
    def amount(self) -> str:
        """How much it holds: 12 行, 48 格, 5 张."""
        return self.task.said_amount(self.by_list)

    @property
    def by_list(self) -> list[Tally]:
        """How much of each list stands in it; nothing until it is filled."""
        return rules.tallies(self.tallies)

    @property
    def percent(self) -> int:
        """How much of what is asked stands there, rounded down."""
        return (self.cells - self.blanks) * 100 // self.cells if self.cells else 0


class Sending(models.Model):
    """What a community sent (报送): the signed workbook and its rows, kept as they were; a correction is a further one."""

    part = models.ForeignKey(FormPart, models.PROTECT, related_name="sendings", verbose_name=_("社区填报"))
    number = models.SmallIntegerField(_("第几次"))
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("审核签字"))
    signed_at = models.DateTimeField(_("签字时间"), default=timezone.now)
    rows = models.IntegerField(_("行数"))
    blanks = models.IntegerField(_("空白格数"))
    changed = models.IntegerField(_("比上次改动"), default=0)
    tallies = models.JSONField(_("逐张的格数"), default=list)
    note = models.TextField(_("说明"), blank=True, default="")
    book = models.TextField(editable=False)
    grid = models.TextField(editable=False)
    disclosure_id = models.BigIntegerField(_("查看记录编号"), null=True, blank=True)

    class Meta:
        verbose_name = _("报送")
        verbose_name_plural = _("报送")
        ordering = ["part", "-number"]
        constraints = [models.UniqueConstraint(fields=["part", "number"], name="sending_number_once")]
        triggers = [triggers.kept_as_it_was("sending")]

    def __str__(self) -> str:
        return f"{self.part} 第{self.number}次"

    @property
    def amount(self) -> str:
        """How much was sent."""
        return self.part.task.said_amount(self.by_list)

    @property
    def by_list(self) -> list[Tally]:
        """How much of each list was sent. Sendings from before tasks had several lists are of one, and are never rewritten."""
        return rules.tallies(self.tallies) or [Tally(self.rows, self.part.cells, self.blanks)]


class CellChange(models.Model):
    """One cell, or row, that people changed in a copy: the trace. `sending` is the number of the sending it went into.

    `listed` is the list of the file. Whose row, and what stood there before and after, is sealed (`said`, JSON: row, name, before,
    after)."""

    part = models.ForeignKey(FormPart, models.PROTECT, related_name="changes", verbose_name=_("社区填报"))
    sending = models.SmallIntegerField(_("第几次报送"))
    what = models.TextField(
        _("改动"), choices=[("changed", _("改")), ("added", _("加一行")), ("removed", _("删一行"))]
    )
    way = models.TextField(
        _("方式"),
        choices=[
            ("page", _("页面")),
            ("upload", _("上传")),
            ("visit", _("入户采集")),
            ("common", _("合并填报")),
        ],
    )
    listed = models.SmallIntegerField(_("第几张"), default=0)
    column = models.TextField(_("列"), blank=True, default="")
    said = SealedTextField(_("前后"), purpose="collecting.change")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("改的人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("填报改动")
        verbose_name_plural = _("填报改动")
        ordering = ["-id"]
        indexes = [models.Index(fields=["part", "-id"], name="cell_change_part")]
        triggers = [triggers.kept_as_it_was("cell_change")]

    def __str__(self) -> str:
        return f"{self.part_id} {self.column}"
