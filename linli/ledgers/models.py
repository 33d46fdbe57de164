"""Uploaded forms, the confirmed meanings of their columns, and forms filled."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.facts.dictionary import dictionary
from linli.ledgers.recognised import Recognition
from linli.regions.fields import RegionCodeField


def upload_path(upload: FormUpload, _name: str) -> str:
    """Where an uploaded form is kept: by its contents, never by its name."""
    return f"forms/{upload.sha256[:2]}/{upload.sha256}.xlsx"


def filled_path(filled: FilledForm, _name: str) -> str:
    """Where a filled form is kept."""
    return f"filled/{filled.made_at:%Y/%m}/{filled.upload.sha256[:12]}-{filled.made_at:%d%H%M%S%f}{filled.suffix}"


class FormUpload(models.Model):
    """A form as a department sent it, with what was recognised. Only its uploader sees it; `region_code` is theirs."""

    region_follows = "region"

    file = models.FileField(_("文件"), upload_to=upload_path)
    name = models.TextField(_("文件名"))
    sha256 = models.TextField(_("摘要"), db_collation="C")
    title = models.TextField(_("表名"), blank=True)
    region_code = RegionCodeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="form_uploads", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    recognised = models.JSONField(_("识别结果"), default=dict)
    fingerprint = models.TextField(_("结构指纹"), db_collation="C", blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("待填表格")
        verbose_name_plural = _("待填表格")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [
            models.Index(fields=["uploaded_by", "-uploaded_at"], name="form_upload_mine"),
            models.Index(fields=["fingerprint"], name="form_upload_structure"),
        ]

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def recognition(self) -> Recognition:
        """What was recognised, corrections included."""
        return Recognition.from_json(self.recognised)


class ColumnChoice(models.Model):
    """A person's decision on one column, remembered by the form's structure: offered when a look-alike comes.

    `target` and `element` as in a mapping; `position` is the column's place among the headings.
    """

    fingerprint = models.TextField(_("结构指纹"), db_collation="C")
    position = models.IntegerField(_("列"))
    heading = models.TextField(_("表头"))
    subject = models.TextField(_("主题"))
    target = models.TextField(_("处理方式"))
    element = models.TextField(_("数据元"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("确认人")
    )
    decided_at = models.DateTimeField(_("确认时间"), default=timezone.now)

    class Meta:
        verbose_name = _("列的确认")
        verbose_name_plural = _("列的确认")
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "subject", "position"], name="column_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.element or self.target}"


class ValueChoice(models.Model):
    """What a form's own list of codes means, said once by a person: which of its words is written for each value of an element.

    Remembered by the form's structure and, where a roster came back, by who gave it (`sender`, "" for forms to be filled); the
    same list on another form is known by `list_print`. `offered` are its words in order, each with what it means; `values` as in
    `meaning.own_lists`.
    """

    fingerprint = models.TextField(_("结构指纹"), db_collation="C")
    subject = models.TextField(_("主题"))
    position = models.IntegerField(_("列"))
    sender = models.TextField(_("提供单位或人"), blank=True)
    heading = models.TextField(_("表头"))
    element = models.TextField(_("数据元"))
    list_print = models.TextField(_("选项指纹"), db_collation="C")
    offered = models.JSONField(_("表上的选项"), default=list)
    values = models.JSONField(_("选项对照"), default=dict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("确认人")
    )
    decided_at = models.DateTimeField(_("确认时间"), default=timezone.now)

    class Meta:
        verbose_name = _("选项的对照")
        verbose_name_plural = _("选项的对照")
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "subject", "position", "sender"], name="value_choice_once"
            )
        ]
        indexes = [models.Index(fields=["subject", "element", "list_print"], name="value_choice_list")]

    def __str__(self) -> str:
        return self.heading


class ScopeChoice(models.Model):
    """A person's decision on whom a form lists, remembered by the form's structure and title."""

    fingerprint = models.TextField(_("结构指纹"), db_collation="C")
    title = models.TextField(_("表名"))
    subject = models.TextField(_("主题"))
    conditions = models.JSONField(_("口径"), default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("确认人")
    )
    decided_at = models.DateTimeField(_("确认时间"), default=timezone.now)

    class Meta:
        verbose_name = _("填报范围的确认")
        verbose_name_plural = _("填报范围的确认")
        constraints = [models.UniqueConstraint(fields=["fingerprint", "title"], name="scope_choice_once")]

    def __str__(self) -> str:
        return self.title


class FilledForm(models.Model):
    """A filled form: a snapshot with its as-of date, its region, its account and the rows behind it."""

    region_follows = "region"

    upload = models.ForeignKey(FormUpload, models.PROTECT, related_name="filled", verbose_name=_("表格"))
    region_code = RegionCodeField()
    on = models.DateField(_("数据日期"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="filled_forms", verbose_name=_("填表人")
    )
    made_at = models.DateTimeField(_("填表时间"), default=timezone.now)
    file = models.FileField(_("文件"), upload_to=filled_path)
    subject = models.TextField(_("主题"))
    conditions = models.JSONField(_("口径"), default=list)
    rows = models.IntegerField(_("行数"), default=0)
    filled_cells = models.IntegerField(_("已填格数"), default=0)
    blank_cells = models.IntegerField(_("空白格数"), default=0)
    asked_columns = models.IntegerField(_("待定列数"), default=0)
    account = models.JSONField(_("填报说明"), default=dict)
    row_ids = models.JSONField(_("各行的记录编号"), default=list)
    disclosure_id = models.BigIntegerField(_("查看记录编号"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("已填表格")
        verbose_name_plural = _("已填表格")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["made_by", "-made_at"], name="filled_form_mine"),
            models.Index(fields=["region_code", "-made_at"], name="filled_form_region"),
        ]

    def __str__(self) -> str:
        return f"{self.upload}（{self.on:%Y-%m-%d}）"

    @property
    def suffix(self) -> str:
        """How the file's name ends: a workbook, or a zip of several."""
        return ".zip" if self.account.get("workbooks", 1) > 1 else ".xlsx"

    @property
    def download_name(self) -> str:
        """What the file is called when taken away."""
        return f"{self.upload.name.rsplit('.', 1)[0]}（已填）{self.suffix}"

    @property
    def subject_label(self) -> str:
        """The subject's Chinese name."""
        return dictionary.subject(self.subject).label if self.subject else ""

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The account per column."""
        return list(self.account.get("columns", ()))
