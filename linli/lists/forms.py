"""The forms of lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.lists.asking import Question
from linli.lists.models import Every
from linli.lists.rules import Definition
from linli.pages.widgets import Combobox, DateInput
from linli.regions import names
from linli.registry.places import areas

WEEKDAYS = [(str(n), f"周{name}") for n, name in enumerate("一二三四五六日", 1)]


class RangeForm(forms.Form):
    """Where, as of when, in which order. Sent with GET: it changes nothing."""

    region = forms.ChoiceField(
        label=_("社区或网格"), required=False, widget=Combobox(placeholder=_("输入名称查找"))
    )
    on = forms.DateField(label=_("截至日期"), required=False, widget=DateInput())
    before = forms.DateField(label=_("对比日期"), required=False, widget=DateInput())
    sort = forms.ChoiceField(label=_("排序"), required=False)

    @classmethod
    def of(cls, wanted: Definition, asked: Question, user: Any) -> RangeForm:
        """The form as the definition has it."""
        form = cls(
            initial={"region": wanted.region, "on": wanted.on, "before": wanted.before, "sort": wanted.sort}
        )
        assert asked.subject.permission is not None
        choices = list(areas.filter_choices(user, asked.subject.permission))
        if wanted.region and wanted.region not in dict(choices):
            choices.insert(0, (wanted.region, names.title(wanted.region)))
        form.fields["region"].choices = [("", _("全部")), *choices]  # type: ignore[attr-defined]
        form.fields["on"].help_text = _("不填就是看的当天。")
        if wanted.is_table:
            del form.fields["sort"]
            form.fields["before"].help_text = _("填了就把两天的数放在一起比。")
        else:
            del form.fields["before"]
            sortable = [one for one in asked.columns if one.element.decode is None]
            listed: list[tuple[str, Any]] = [
                ("", _("按住址（默认）") if asked.subject.key == "person" else _("默认"))
            ]
            for one in sortable:
                listed += [(one.path, f"{one.label} 从小到大"), (f"-{one.path}", f"{one.label} 从大到小")]
            if wanted.sort and wanted.sort not in dict(listed):
                listed.append((wanted.sort, asked.label(wanted.sort.removeprefix("-"))))
            form.fields["sort"].choices = listed  # type: ignore[attr-defined]
        return form


class SaveForm(forms.Form):
    """A name, a word about it, and whether colleagues find it."""

    name = forms.CharField(label=_("名称"), max_length=60)
    note = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    share_in = forms.ChoiceField(
        label=_("谁能用"),
        required=False,
        help_text=_("共用的是名单的定义。同事打开后，只看到自己权限和区域内的人和房。"),
    )

    def __init__(self, *args: Any, regions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = [(key, _("%(where)s的同事") % {"where": names.title(key) or _("全国")}) for key in regions]
        self.fields["share_in"].choices = [("", _("只有我自己")), *shared]  # type: ignore[attr-defined]


class ExportForm(forms.Form):
    """Why it is taken away, and whether numbers are in full."""

    purpose = forms.CharField(
        label=_("用途"),
        max_length=200,
        help_text=_("例如“重阳节慰问”。用途会记录在案，居民可以查询。"),
    )
    unmask = forms.BooleanField(label=_("号码写全（不隐去中间几位）"), required=False)


class ScheduleForm(forms.Form):
    """How often, on which day."""

    every = forms.ChoiceField(label=_("多久一次"), choices=Every.choices)
    weekday = forms.ChoiceField(label=_("每周的哪一天"), choices=WEEKDAYS, required=False)
    day = forms.IntegerField(
        label=_("每月的几日"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("当月没有这一天的，按月底。遇休息日顺延到下一个工作日。"),
    )
    purpose = forms.CharField(label=_("用途"), max_length=200)
    unmask = forms.BooleanField(label=_("号码写全（不隐去中间几位）"), required=False)

    def clean(self) -> dict[str, Any]:
        """The day of the month is needed for monthly lists."""
        found = super().clean() or {}
        if found.get("every") == Every.MONTHLY and not found.get("day") and "day" not in self.errors:
            self.add_error("day", _("请填每月的几日，例如 5。"))
        return found
