"""The catalogue of groups for administrators: which there are, who may see them, and the rules that propose members."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.access.models import Role
from linli.access.roles import Permission
from linli.facts.dictionary import Sensitivity
from linli.jobs import actions as jobs
from linli.pages import html
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Tab
from linli.pages.widgets import Combobox
from linli.registry.groups import defining, detail_rules, proposals, rules
from linli.registry.groups.models import Category, Group, GroupRule, Move
from linli.registry.people.pickers import text

MANAGE = Permission.MANAGE_SYSTEM
MOST_CONDITIONS = 3


class KindTable(Table):
    """The catalogue."""

    name = TitleColumn(verbose_name=_("人群"), accessor="name", order_by=("name",))
    category = tables.Column(verbose_name=_("类别"), order_by=("category", "id"))
    sensitivity = TagColumn(
        verbose_name=_("敏感程度"),
        tones={int(Sensitivity.SENSITIVE): "danger", int(Sensitivity.PERSONAL): "warn"},
    )
    viewers = tables.Column(verbose_name=_("谁能看"), orderable=False, empty_values=())
    review_months = tables.Column(verbose_name=_("复核"))
    rules_number = tables.Column(verbose_name=_("规则"))
    is_active = tables.Column(verbose_name=_("状态"))

    class Meta(Table.Meta):
        model = Group
        fields: tuple[str, ...] = ()

    def render_name(self, record: Group) -> Any:
        """A link to its settings."""
        return html.drawer_link(reverse("groups:kind", args=[record.pk]), record.name, wide=True)

    def render_viewers(self, record: Group) -> str:
        """The roles."""
        return viewers_of(record)

    def render_review_months(self, value: int) -> str:
        """In words."""
        return _t("每 %(n)d 个月") % {"n": value} if value else html.DASH

    def render_rules_number(self, value: int) -> str:
        """How many rules propose."""
        return _t("%(n)d 条") % {"n": value} if value else html.DASH

    def render_is_active(self, value: bool) -> Any:
        """启用 or 停用."""
        return html.tag(_("启用"), "ok") if value else html.tag(_("停用"))


def viewers_of(group: Group) -> str:
    """Who may see who is in it, in words."""
    if group.viewers:
        labels = dict(Role.choices)
        return "、".join(str(labels.get(role, role)) for role in group.viewers)
    return str(_("能看敏感人群的岗位") if group.is_sensitive else _("能看人群的岗位"))


class KindList(ListPage):
    """/groups/kinds/"""

    model = Group
    permission = MANAGE
    title = _("人群目录")
    subtitle = _("有哪些人群、要填什么、谁能看、按什么规则提建议")
    noun = _("类")
    table_class = KindTable
    create_url_name = "groups:kind_add"
    create_label = _("新增人群")
    create_permission = MANAGE
    empty_title = _("还没有人群")
    empty_hint = _("新增一类人群，社区就可以登记成员。")

    def get_queryset(self) -> QuerySet:
        """All groups: they belong to the whole installation."""
        return Group.objects.annotate(rules_number=Count("rules", filter=Q(rules__is_active=True))).order_by(
            "category", "id"
        )


class GroupForm(forms.Form):
    """A group."""

    name = text(_("名称"), most=30, required=True)
    also = forms.CharField(
        label=_("别名"),
        max_length=300,
        required=False,
        help_text=_("各部门表格里的叫法，用顿号隔开；自动填表按它认列"),
    )
    category = forms.ChoiceField(label=_("类别"), choices=[("", _("请选择")), *Category.choices])
    sensitivity = forms.TypedChoiceField(
        label=_("敏感程度"),
        coerce=int,
        choices=[(int(one), one.label) for one in Sensitivity],
        initial=int(Sensitivity.PERSONAL),
        help_text=_("“敏感个人信息”的名单，只有能看敏感人群的岗位看得到"),
    )
    viewers = forms.MultipleChoiceField(
        label=_("只给这些岗位看"),
        choices=[(role.value, role.label) for role in defining.VIEWERS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("都不勾，就是有查看权限的岗位都能看"),
    )
    evidence = text(_("认定依据"), most=200, help_text=_("登记成员时提示要什么依据，例如：残疾人证"))
    keeper = text(_("主管部门"), most=40)
    review_months = forms.IntegerField(
        label=_("复核周期（月）"), initial=0, min_value=0, max_value=120, help_text=_("0 表示不用复核")
    )
    classes = forms.CharField(
        label=_("类别选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("一行一项；没有就空着。前面的编号不要改，改名称不影响已有成员"),
    )
    levels = forms.CharField(
        label=_("等级选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一项；没有就空着"),
    )
    needs_certificate = forms.BooleanField(label=_("要填证件号"), required=False)
    shown_on_chart = forms.BooleanField(label=_("在楼盘表上提示关爱"), required=False)
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, kept: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def clean_also(self) -> list[str]:
        """The synonyms one by one."""
        parts = self.cleaned_data["also"].replace("，", "、").replace(",", "、").split("、")
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def _options(self, field: str) -> list[dict[str, Any]]:
        kept = getattr(self.kept, field) if self.kept is not None else []
        try:
            return rules.read_options(self.cleaned_data[field], kept)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_classes(self) -> list[dict[str, Any]]:
        """The classes with their codes."""
        return self._options("classes")

    def clean_levels(self) -> list[dict[str, Any]]:
        """The levels with their codes."""
        return self._options("levels")


class KindPage(HistoryTab, DetailPage):
    """/groups/kinds/<id>/"""

    model = Group
    permission = MANAGE
    template_name = "groups/kind.html"
    tabs = (
        Tab("facts", _("设置"), "groups/_kind.html"),
        Tab("details", _("登记项目"), "groups/_details.html"),
        Tab("rules", _("规则"), "groups/_rules.html"),
    )

    def get_queryset(self) -> QuerySet:
        """All groups."""
        return Group.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Viewers and rules in words."""
        group: Group = self.object
        return super().get_context_data(
            viewers=viewers_of(group),
            details=[{"detail": one, "kind": dict(detail_rules.KINDS)[one.kind]} for one in group.asks],
            rules=[
                {"rule": rule, "says": proposals.in_words(rule)}
                for rule in group.rules.filter(is_active=True)
            ],
            crumbs=[(_t("人群目录"), reverse("groups:kinds")), (group.name, "")],
            **kwargs,
        )


class KindEdit(EditPage):
    """/groups/kinds/<id>/edit/"""

    model = Group
    permission = MANAGE
    title = _("修改人群")
    form_class: Any = GroupForm

    def get_queryset(self) -> QuerySet:
        """All groups."""
        return Group.objects.all()

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        if self.object is None:
            return {}
        values = {name: getattr(self.object, name) for name in defining.FIELDS}
        return values | {
            "also": "、".join(self.object.also),
            "classes": rules.written_options(self.object.classes),
            "levels": rules.written_options(self.object.levels),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is kept, for its codes."""
        return super().get_form_kwargs() | {"kept": self.object}

    def cancel_url(self) -> str:
        """Back to its settings."""
        return reverse("groups:kind", args=[self.object.pk])

    def perform(self, form: Any) -> str:
        """Change it."""
        defining.update_group(acting_user=self.request.user, group_id=self.object.pk, **form.cleaned_data)
        return self.cancel_url()


class KindAdd(KindEdit):
    """/groups/kinds/add/"""

    title = _("新增人群")
    submit_label = _("新增")
    success_message = _("已新增。社区现在就可以登记成员，自动填表也认得它了。")

    def cancel_url(self) -> str:
        """Back to the catalogue."""
        return reverse("groups:kinds")

    def perform(self, form: Any) -> str:
        """Add it."""
        made = defining.add_group(acting_user=self.request.user, **form.cleaned_data)
        return reverse("groups:kind", args=[made.pk])


class RuleForm(forms.Form):
    """A rule: up to three conditions that hold, up to two that do not."""

    move = forms.ChoiceField(
        label=_("建议"), choices=Move.choices, widget=forms.RadioSelect, initial=Move.JOIN
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = proposals.conditions()
        choices = [
            ("", ""),
            *sorted(((key, one.label) for key, one in known.items()), key=lambda one: one[1]),
        ]
        fields: dict[str, Any] = self.fields
        for number in range(1, MOST_CONDITIONS + 1):
            fields[f"when{number}"] = forms.ChoiceField(
                label=_("符合的条件") if number == 1 else _("并且符合"),
                choices=choices,
                required=False,
                widget=Combobox(placeholder=_("输入口径名称，如：80岁")),
            )
        for number in (1, 2):
            fields[f"unless{number}"] = forms.ChoiceField(
                label=_("不符合的条件") if number == 1 else _("并且不符合"),
                choices=choices,
                required=False,
                widget=Combobox(placeholder=_("输入口径名称")),
            )

    def chosen(self, stem: str) -> list[str]:
        """The conditions chosen, each once."""
        found = [value for key, value in self.cleaned_data.items() if key.startswith(stem) and value]
        return list(dict.fromkeys(found))


class RuleAdd(KindEdit):
    """/groups/kinds/<id>/rules/add/"""

    title = _("新增规则")
    intro = _("所有条件都对的人，系统提出建议，由社区确认后才加入或退出。")
    form_class: Any = RuleForm
    submit_label = _("新增")
    success_message = _("已新增规则，正在核对一遍；有新的建议会列在“人群建议”里。")

    def get_initial(self) -> dict[str, Any]:
        """Nothing is chosen."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form needs no more."""
        found = super().get_form_kwargs()
        del found["kept"]
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say of which group."""
        self.subtitle = self.object.name
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the rules."""
        return f"{reverse('groups:kind', args=[self.object.pk])}?tab=rules"

    def perform(self, form: Any) -> str:
        """Add it, and let it propose."""
        defining.add_rule(
            acting_user=self.request.user,
            group_id=self.object.pk,
            move=form.cleaned_data["move"],
            when=form.chosen("when"),
            unless=form.chosen("unless"),
        )
        jobs.start(
            acting_user=self.request.user,
            kind="groups.propose",
            title=_t("按规则核对：%(group)s") % {"group": self.object.name},
            unit="条",
            group=self.object.pk,
        )
        return self.cancel_url()


class RuleStop(EditPage):
    """/groups/rules/<id>/stop/"""

    model = GroupRule
    permission = MANAGE
    title = _("停用规则")
    intro = _("停用后不再提建议；还没有处理的建议在当晚失效。")
    form_class: Any = forms.Form
    submit_label = _("停用")
    success_message = _("已停用。")
    tone = "danger"

    def get_queryset(self) -> QuerySet:
        """All rules."""
        return GroupRule.objects.select_related("group")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which."""
        self.subtitle = f"{self.object.group.name}：{proposals.in_words(self.object)}"
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the rules."""
        return f"{reverse('groups:kind', args=[self.object.group_id])}?tab=rules"

    def perform(self, form: Any) -> str:
        """Stop it."""
        defining.stop_rule(acting_user=self.request.user, rule_id=self.object.pk)
        return self.cancel_url()
