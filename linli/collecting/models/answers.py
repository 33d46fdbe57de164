"""What is asked on the spot (入户采集): one blank of one record, once, whatever forms wait for it; and what was answered."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedQuerySet, User
from linli.access.roles import Permission
from linli.access.sealed import SealedTextField
from linli.collecting import triggers
from linli.collecting.models.tasks import FormPart
from linli.collecting.rules import QuestionState
from linli.regions.fields import RegionCodeField

# By which permission what is said of a subject's record is written down.
WRITES = {
    "person": Permission.EDIT_PEOPLE,
    "household": Permission.EDIT_PEOPLE,
    "home": Permission.EDIT_PLACES,
    "building": Permission.EDIT_PLACES,
    "estate": Permission.EDIT_PLACES,
    "organisation": Permission.EDIT_ORGANISATIONS,
    "position": Permission.EDIT_ORGANISATIONS,
}


class QuestionQuerySet(PermittedQuerySet):
    """Questions, and whose they are."""

    def waiting(self) -> Self:
        """Not answered, and not given up."""
        return self.filter(state=QuestionState.OPEN)

    def for_user(self, user: Any) -> Self:
        """Those of regions where the user may write down what the subject's records say."""
        found = self.none()
        for subject, permission in WRITES.items():
            found |= self.permitted(user, permission).filter(subject=subject)
        return found


class Question(models.Model):
    """One blank of one record that somebody is to ask about: `key` is the dictionary's path where the base has a place for the answer
    (`element`), else the heading, squashed. There is one open question for a record and key, however many forms wait for it.

    `who` is who can know; `options` are the answers that the form offers; `why` says why it could not be found out, or why the base
    did not take the answer.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    subject = models.TextField(_("主题"))
    record = models.BigIntegerField(_("记录编号"))
    key = models.TextField(_("问的是什么"), db_collation="C")
    element = models.TextField(_("数据元"), blank=True, default="")
    label = models.TextField(_("表头"))
    options = models.JSONField(_("可选的答案"), default=list)
    who = models.TextField(_("谁知道"), blank=True, default="")
    state = models.TextField(
        _("状态"), choices=[(one.value, one.label) for one in QuestionState], default=QuestionState.OPEN.value
    )
    assigned_to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("去问的人")
    )
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("谁要问"))
    asked_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    in_base = models.BooleanField(_("已入登记库"), default=False)
    why = models.TextField(_("问不到的原因"), blank=True, default="")

    objects = models.Manager.from_queryset(QuestionQuerySet)()

    class Meta:
        verbose_name = _("入户采集")
        verbose_name_plural = _("入户采集")
        ordering = ["region_code", "subject", "record", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "record", "key"], condition=Q(state="open"), name="question_once"
            )
        ]
        indexes = [
            models.Index(fields=["region_code"], condition=Q(state="open"), name="question_waiting"),
            models.Index(fields=["assigned_to"], condition=Q(state="open"), name="question_of_user"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """The page of the record's questions."""
        return reverse("collecting:ask", args=[self.subject, self.record])


class Asking(models.Model):
    """That a copy waits for a question's answer, in which list of the form, and in which place of its mappings."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="askings", verbose_name=_("入户采集"))
    part = models.ForeignKey(FormPart, models.CASCADE, related_name="askings", verbose_name=_("社区填报"))
    listed = models.SmallIntegerField(_("第几张"), default=0)
    place = models.IntegerField(_("第几项"))

    class Meta:
        verbose_name = _("等答复的表")
        verbose_name_plural = _("等答复的表")
        constraints = [
            models.UniqueConstraint(fields=["part", "question", "listed", "place"], name="asking_of_list")
        ]

    def __str__(self) -> str:
        return f"{self.part}：{self.question}"


class Answer(models.Model):
    """What was said of a record that the base has no place for (补充内容): remembered by the heading, so that the next form that has
    it is filled. Rows are added, never changed: the latest of a day holds on that day, an empty value takes an earlier one back."""

    region_follows = "region"

    region_code = RegionCodeField()
    subject = models.TextField(_("主题"))
    record = models.BigIntegerField(_("记录编号"))
    key = models.TextField(_("问的是什么"), db_collation="C")
    label = models.TextField(_("表头"))
    value = SealedTextField(_("答复"), purpose="collecting.answer")
    on = models.DateField(_("哪天的情况"))
    source = models.TextField(_("从哪来"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))
    at = models.DateTimeField(_("记录时间"), default=timezone.now)

    class Meta:
        verbose_name = _("补充内容")
        verbose_name_plural = _("补充内容")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["subject", "record", "key", "-on", "-id"], name="answer_of_record")]
        triggers = [triggers.kept_where_it_lies("answer")]

    def __str__(self) -> str:
        return self.label
