"""Groups of care and concern (A5): the kinds are data, the memberships dated and evidenced."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, Role, User
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.facts.dictionary import Sensitivity
from linli.regions.fields import RegionCodeField
from linli.registry.groups import detail_rules
from linli.registry.groups.detail_rules import Detail
from linli.registry.people.models import Person


class Upper(Func):
    """The end of a range."""

    function = "upper"
    output_field = models.DateField()


class Category(models.TextChoices):
    """What a group is about."""

    CARE = "care", _("关爱")
    AID = "aid", _("救助")
    DISABILITY = "disability", _("残疾")
    HONOUR = "honour", _("优抚")
    EMPLOYMENT = "employment", _("就业")
    FAMILY = "family", _("计生与家庭")
    PARTY = "party", _("党群")
    VOLUNTEER = "volunteer", _("志愿")


@tracked()
class Group(models.Model):
    """A kind of group. `classes` and `levels` are lists of {"code", "label"}; `details` are what else it asks of its members
    (`detail_rules.Detail`, ADR 0043); `review_months` 0 means no review.

    `viewers` are the roles that may see who is in it, none for all that hold the permission: see `seeing`.
    """

    code = models.TextField(_("编码"), unique=True)
    name = models.TextField(_("名称"))
    also = ArrayField(models.TextField(), verbose_name=_("别名"), default=list, blank=True)
    category = models.TextField(_("类别"), choices=Category.choices)
    sensitivity = models.SmallIntegerField(
        _("敏感程度"), choices=[(int(s), s.label) for s in Sensitivity], default=int(Sensitivity.PERSONAL)
    )
    classes = models.JSONField(_("类别选项"), default=list, blank=True)
    levels = models.JSONField(_("等级选项"), default=list, blank=True)
    details = models.JSONField(_("登记项目"), default=list, blank=True)
    evidence = models.TextField(_("认定依据"), blank=True)
    needs_certificate = models.BooleanField(_("有证件号"), default=False)
    review_months = models.SmallIntegerField(_("复核周期（月）"), default=0)
    keeper = models.TextField(_("主管部门"), blank=True)
    shown_on_chart = models.BooleanField(_("在楼盘表提示关爱"), default=False)
    viewers = ArrayField(
        models.TextField(choices=Role.choices), verbose_name=_("可查看的岗位"), default=list, blank=True
    )
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("人群")
        verbose_name_plural = _("人群")
        ordering = ["category", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The roster."""
        return reverse("groups:roster", args=[self.code])

    @property
    def is_sensitive(self) -> bool:
        return self.sensitivity >= Sensitivity.SENSITIVE

    @property
    def is_guarded(self) -> bool:
        """Whether not all who see a person may know that they are in it; then events of people do not name it."""
        return self.is_sensitive or bool(self.viewers)

    @property
    def asks(self) -> tuple[Detail, ...]:
        """What it asks of its members besides class, level, certificate and money."""
        return detail_rules.read(self.details)

    def class_label(self, code: str) -> str:
        return next((c["label"] for c in self.classes if c["code"] == code), code)

    def level_label(self, code: str) -> str:
        return next((c["label"] for c in self.levels if c["code"] == code), code)


@tracked(exclude=["created_at", "updated_at"])
class Membership(models.Model):
    """A person's spell in a group, with class, level, certificate and evidence. `details` hold what the group asks besides, by
    code, in the shapes of `detail_rules`. `created_at` is when it came into the base, unknown for those from before this was noted.
    """

    history_hidden = ("certificate",)

    region_code = RegionCodeField()
    group = models.ForeignKey(
        Group, models.PROTECT, related_name="memberships", db_index=False, verbose_name=_("人群")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="groups", verbose_name=_("居民"))
    class_code = models.TextField(_("类别"), blank=True, default="")
    level_code = models.TextField(_("等级"), blank=True, default="")
    certificate = SealedTextField(_("证件号"), purpose="certificate")
    evidence = models.TextField(_("认定依据"), blank=True, default="")
    amount = models.DecimalField(_("月补助金额（元）"), max_digits=9, decimal_places=2, null=True, blank=True)
    details = models.JSONField(
        _("登记内容"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )
    period = DateRangeField(_("起止日期"))
    review_on = models.DateField(_("复核日期"), null=True, blank=True)
    source = models.TextField(_("来源"), blank=True, default="")
    note = models.TextField(_("备注"), blank=True, default="")
    created_at = models.DateTimeField(null=True, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("人群成员")
        verbose_name_plural = _("人群成员")
        constraints = [
            ExclusionConstraint(
                name="once_in_a_group_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            models.Index(fields=["region_code", "group"], name="membership_region"),
            models.Index(fields=["group", "person"], name="membership_group"),
            models.Index(
                fields=["review_on"], condition=models.Q(review_on__isnull=False), name="membership_review"
            ),
            models.Index(
                Upper("period"), condition=models.Q(period__upper_inf=False), name="membership_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}/{self.person_id}"

    @property
    def told(self) -> list[tuple[str, str]]:
        """(label, value in words) of the details that are known."""
        return detail_rules.in_words(self.group.asks, self.details)

    @staticmethod
    def describe_value(field: str, value: Any) -> str | None:
        """Details in words, for the history of changes; their names are those of any group that has the code."""
        if field != "details":
            return None
        known: dict[str, Detail] = {}
        for group in Group.objects.exclude(details=[]).only("details"):
            for one in group.asks:
                known.setdefault(one.code, one)
        return (
            "；".join(
                f"{known[code].label} {detail_rules.shown(known[code], one)}"
                for code, one in value.items()
                if code in known
            )
            or "（空）"
        )


class Move(models.TextChoices):
    """What a rule proposes."""

    JOIN = "join", _("加入")
    END = "end", _("退出")


@tracked()
class GroupRule(models.Model):
    """When a membership, or its end, is proposed: all conditions `when` of the dictionary hold, and none of `unless`.

    Conditions are keys of the subject person. Several rules of one group are alternatives.
    """

    group = models.ForeignKey(Group, models.CASCADE, related_name="rules", verbose_name=_("人群"))
    move = models.TextField(_("建议"), choices=Move.choices)
    when = ArrayField(models.TextField(), verbose_name=_("符合全部条件"), default=list, blank=True)
    unless = ArrayField(models.TextField(), verbose_name=_("且不符合"), default=list, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("建议规则")
        verbose_name_plural = _("建议规则")
        ordering = ["group_id", "-move", "id"]

    def __str__(self) -> str:
        return f"{self.group_id} {self.move}"


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    OPEN = "open", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("不采纳")
    LAPSED = "lapsed", _("已失效")


class Proposal(models.Model):
    """A rule found that somebody should join a group or leave it; a person confirms or refuses.

    `facts` are the facts it rests on (birth, sex, the spells of living and hukou, the household), so that a refused one is
    not made again until they change. It lapses when the rule does not find the person any more.
    """

    region_code = RegionCodeField()
    group = models.ForeignKey(Group, models.CASCADE, related_name="proposals", verbose_name=_("人群"))
    rule = models.ForeignKey(GroupRule, models.CASCADE, related_name="proposals", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="proposals", verbose_name=_("居民"))
    move = models.TextField(_("建议"), choices=Move.choices)
    facts = models.TextField(db_collation="C")
    state = models.TextField(_("状态"), choices=ProposalState.choices, default=ProposalState.OPEN)
    made_on = models.DateField(_("提出日期"))
    reason = models.TextField(_("理由"), blank=True, default="")
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("处理人")
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("人群建议")
        verbose_name_plural = _("人群建议")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group", "move"],
                condition=models.Q(state="open"),
                name="one_open_proposal",
            )
        ]
        indexes = [
            models.Index(
                fields=["region_code", "group"], condition=models.Q(state="open"), name="proposal_open"
            ),
            models.Index(fields=["rule", "person"], name="proposal_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}/{self.person_id}/{self.move}"


class Matter(models.TextChoices):
    """What falls due of a membership."""

    REVIEW = "review", _("复核")
    EXPIRY = "expiry", _("到期")


class Outcome(models.TextChoices):
    """How what fell due was carried to its end."""

    RENEWED = "renewed", _("继续")
    ENDED = "ended", _("退出")
    NOT_APPLICABLE = "not_applicable", _("不适用")


@tracked()
class Review(models.Model):
    """What became of a review or an expiry that fell due on a day: the membership went on, ended, or it did not apply."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="reviews")
    matter = models.TextField(_("事项"), choices=Matter.choices)
    due_on = models.DateField(_("应办日期"))
    outcome = models.TextField(_("结果"), choices=Outcome.choices)
    reason = models.TextField(_("说明"), blank=True, default="")
    decided_on = models.DateField(_("办理日期"))
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("办理人")
    )

    class Meta:
        verbose_name = _("复核记录")
        verbose_name_plural = _("复核记录")
        ordering = ["-decided_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "matter", "due_on"], name="one_outcome_of_what_was_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.due_on}"


class EvidenceFile(models.Model):
    """A paper that a membership rests on, kept sealed (`access.sealed_files`)."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="files")
    path = models.TextField(unique=True)
    name = models.TextField(_("文件名"))
    media_type = models.TextField()
    size = models.IntegerField(_("大小"))
    sha256 = models.TextField()
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("依据材料")
        verbose_name_plural = _("依据材料")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
