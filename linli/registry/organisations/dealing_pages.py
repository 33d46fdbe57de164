"""The forms of what belongs to an organisation, and the list of what falls due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.kernel.scope import Scope
from linli.pages import html
from linli.pages.filtering import FilterSet
from linli.pages.tables import Table
from linli.pages.views import EditPage, ListPage, Permitted
from linli.pages.widgets import Combobox, DateInput
from linli.registry.organisations import dealings, filters, rules, telling
from linli.registry.organisations.models import (
    Check,
    CheckKind,
    CheckResult,
    ManagedEstate,
    Organisation,
    Position,
    PositionRole,
    Premises,
    PremisesUse,
    Tie,
    TieKind,
)
from linli.registry.organisations.pages import OrganisationList
from linli.registry.people.pickers import HomeField, OptionField, PersonField, day
from linli.registry.places import areas
from linli.registry.places.exports import Export
from linli.registry.places.models import EstateManagement, Home

VIEW, EDIT = Permission.VIEW_ORGANISATIONS, Permission.EDIT_ORGANISATIONS


class OrganisationField(OptionField):
    """An organisation, picked by name, initials or credit code."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            source=reverse_lazy("organisations:options"),
            placeholder=_("名称、拼音首字母或信用代码"),
            **kwargs,
        )

    def options_of(self, value: Any) -> list[tuple[str, str]]:
        """Its name."""
        if self.user is None or not str(value).isdecimal():
            return []
        found = Organisation.objects.permitted(self.user, VIEW).filter(pk=value).first()
        return [(str(found.pk), found.name)] if found is not None else []


class Options(Permitted, View):
    """/organisations/options/?q=: what the picker offers."""

    permission = VIEW

    def get(self, request: HttpRequest) -> JsonResponse:
        """Ten of them."""
        query = request.GET.get("q", "").strip()[:40]
        everything = Organisation.objects.permitted(request.user, VIEW)
        rows = filters.find(everything, query) if query else everything.none()
        return JsonResponse(
            {
                "results": [
                    {"value": str(one.pk), "label": one.name, "hint": areas.community_of(one.region_code)}
                    for one in rows[:10]
                ]
            }
        )


class Bound(EditPage):
    """A form of this room: its pickers know who is asking."""

    permission: Permission | None = EDIT
    tab = "facts"

    @property
    def one(self) -> Organisation:
        """The organisation it is about."""
        found: Organisation = (
            self.object if isinstance(self.object, Organisation) else self.object.organisation
        )
        return found

    def get_form(self, form_class: Any = None) -> Any:
        """The form, its pickers bound to the user."""
        form = super().get_form(form_class)
        for field in form.fields.values():
            if isinstance(field, OptionField):
                field.user = self.request.user
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say of which organisation."""
        self.subtitle = self.subtitle or self.one.name
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the part of the organisation's page."""
        return f"{self.one.get_absolute_url()}?tab={self.tab}"


class OfOrganisation(Bound):
    """A form about an organisation."""

    model = Organisation


class EndForm(forms.Form):
    """When it ended."""

    on = day(_("结束日期"), initial=timezone.localdate)


class PremisesForm(forms.Form):
    """Where, for what, since when."""

    home = HomeField()
    use = forms.ChoiceField(label=_("用途"), choices=PremisesUse.choices)
    since = day(_("开始日期"), required=False, help_text=_("不知道的留空"))


class AddPremises(OfOrganisation):
    """/organisations/<id>/premises/add/"""

    title = _("登记场所")
    form_class: Any = PremisesForm
    tab = "premises"

    def perform(self, form: Any) -> str:
        """Add it."""
        data = dict(form.cleaned_data)
        home = (
            Home.objects.permitted(self.request.user, Permission.VIEW_PLACES).filter(pk=data["home"]).first()
        )
        if home is None:
            raise dealings.RuleError(_t("没有找到这套房屋，请重新查找。"), field="home")
        dealings.add_premises(
            acting_user=self.request.user, organisation_id=self.object.pk, **(data | {"home": home})
        )
        return self.cancel_url()


class EndPremises(Bound):
    """/organisations/premises/<id>/end/"""

    model = Premises
    title = _("退出场所")
    form_class: Any = EndForm
    submit_label = _("退出")
    tab = "premises"

    def perform(self, form: Any) -> str:
        """End it."""
        dealings.end_premises(
            acting_user=self.request.user, premises_id=self.object.pk, on=form.cleaned_data["on"]
        )
        return self.cancel_url()


class PositionForm(forms.Form):
    """Who is what."""

    role = forms.ChoiceField(label=_("职务类别"))
    person_id = PersonField(
        _("居民"), required=False, help_text=_("在册居民在这里查找；不在册的留空，填下面的姓名")
    )
    name = forms.CharField(label=_("姓名（不在册的）"), required=False, max_length=40)
    phone = forms.CharField(
        label=_("电话（不在册的）"),
        required=False,
        max_length=30,
        help_text=_("在册居民用登记的电话，不用填"),
    )
    title = forms.CharField(
        label=_("职务名称"), required=False, max_length=40, help_text=_("例如：副经理、领班")
    )
    since = day(_("任职日期"), required=False, help_text=_("不知道的留空"))
    note = forms.CharField(label=_("备注"), required=False, max_length=200)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(PositionRole.choices)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [("", _("请选择")), *((role, labels[role]) for role in rules.roles_of(kind))]


class AddPosition(OfOrganisation):
    """/organisations/<id>/positions/add/"""

    title = _("登记任职")
    form_class: Any = PositionForm
    tab = "people"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The kind says which positions."""
        return super().get_form_kwargs() | {"kind": self.object.kind}

    def perform(self, form: Any) -> str:
        """Add it."""
        dealings.add_position(
            acting_user=self.request.user, organisation_id=self.object.pk, **form.cleaned_data
        )
        return self.cancel_url()


class EndPosition(Bound):
    """/organisations/positions/<id>/end/"""

    model = Position
    title = _("登记离任")
    form_class: Any = EndForm
    submit_label = _("离任")
    tab = "people"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whose."""
        self.subtitle = f"{self.one.name} · {self.object.get_role_display()} {self.object.who}"
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> str:
        """End it."""
        dealings.end_position(
            acting_user=self.request.user, position_id=self.object.pk, on=form.cleaned_data["on"]
        )
        return self.cancel_url()


class TieForm(forms.Form):
    """How it stands to another."""

    kind = forms.ChoiceField(label=_("关系"), choices=[("", _("请选择")), *TieKind.choices])
    other_id = OrganisationField(_("对方单位"))
    since = day(_("开始日期"), required=False, help_text=_("不知道的留空"))
    contract = forms.CharField(label=_("合同编号"), required=False, max_length=60)
    contract_until = day(_("合同到期日"), required=False, help_text=_("合同关系才填；到期前 30 天提醒"))


class AddTie(OfOrganisation):
    """/organisations/<id>/ties/add/"""

    title = _("登记往来关系")
    form_class: Any = TieForm
    tab = "dealings"

    def perform(self, form: Any) -> str:
        """Add it."""
        dealings.add_tie(acting_user=self.request.user, organisation_id=self.object.pk, **form.cleaned_data)
        return self.cancel_url()


class EndTie(Bound):
    """/organisations/ties/<id>/end/"""

    model = Tie
    title = _("结束关系")
    form_class: Any = EndForm
    submit_label = _("结束")
    tab = "dealings"

    def perform(self, form: Any) -> str:
        """End it."""
        dealings.end_tie(acting_user=self.request.user, tie_id=self.object.pk, on=form.cleaned_data["on"])
        return self.cancel_url()


class ManagementForm(forms.Form):
    """Which estate's management."""

    management = forms.ChoiceField(label=_("小区的管理记录"), widget=Combobox(placeholder=_("输入小区名称")))


class AddManagement(OfOrganisation):
    """/organisations/<id>/estates/add/: the estates whose contract names a company but which are tied to none yet."""

    title = _("关联管理的小区")
    intro = _("小区的物业合同在小区页面登记；这里把合同和物业公司对上。名称相同的排在前面。")
    form_class: Any = ManagementForm
    tab = "dealings"

    def get_form(self, form_class: Any = None) -> Any:
        """The spells of management by a company, those of this name first."""
        form = super().get_form(form_class)
        user: Any = self.request.user
        rows = (
            EstateManagement.objects.permitted(user, Permission.VIEW_PLACES)
            .filter(way="property", organisation_tie=None)
            .select_related("estate")
        )
        found = sorted(rows[:2000], key=lambda one: (one.company != self.object.name, one.estate.name))
        form.fields["management"].choices = [
            ("", ""),
            *((str(one.pk), f"{one.estate.name}（{one.company or _t('未登记公司')}）") for one in found),
        ]
        return form

    def perform(self, form: Any) -> str:
        """Tie it."""
        dealings.tie_management(
            acting_user=self.request.user,
            organisation_id=self.object.pk,
            management_id=int(form.cleaned_data["management"]),
        )
        return self.cancel_url()


class RemoveManagement(Bound):
    """/organisations/estates/<id>/remove/"""

    model = ManagedEstate
    title = _("解除关联")
    intro = _("只解除和物业公司的关联，小区的合同记录不变。")
    form_class: Any = forms.Form
    submit_label = _("解除")
    tab = "dealings"

    def perform(self, form: Any) -> str:
        """Untie it."""
        url = self.cancel_url()
        dealings.untie_management(acting_user=self.request.user, tie_id=self.object.pk)
        return url


class CheckForm(forms.Form):
    """What falls due when."""

    kind = forms.ChoiceField(
        label=_("事项"),
        choices=[
            ("", _("请选择")),
            *(
                one
                for one in CheckKind.choices
                if one[0] not in rules.AUTOMATIC.values() and one[0] != "contract"
            ),
        ],
        help_text=_("换届、证照和合同到期按登记的日期自动列出，不用在这里加"),
    )
    due_on = forms.DateField(label=_("应办日期"), widget=DateInput())
    every_months = forms.IntegerField(
        label=_("周期（月）"),
        initial=12,
        min_value=0,
        max_value=120,
        help_text=_("办完自动排下一次；0 表示只办一次"),
    )


class AddCheck(OfOrganisation):
    """/organisations/<id>/checks/add/"""

    title = _("安排检查")
    form_class: Any = CheckForm
    tab = "checks"

    def perform(self, form: Any) -> str:
        """Add it."""
        dealings.add_check(acting_user=self.request.user, organisation_id=self.object.pk, **form.cleaned_data)
        return self.cancel_url()


class FinishForm(forms.Form):
    """What came of it."""

    result = forms.ChoiceField(label=_("结果"), choices=CheckResult.choices, widget=forms.RadioSelect)
    on = day(_("办理日期"), initial=timezone.localdate)
    said = forms.CharField(
        label=_("情况说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("需整改、不合格、不适用的必须写明"),
    )
    again_on = day(_("复查日期"), required=False, help_text=_("需整改的填写"))


class FinishCheck(Bound):
    """/organisations/checks/<id>/finish/"""

    model = Check
    form_class: Any = FinishForm
    submit_label = _("办结")
    success_message = _("已办结。")
    tab = "checks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what."""
        self.title = _t("办理：%(what)s") % {"what": self.object.get_kind_display()}
        self.subtitle = f"{self.one.name} · {_t('应办日期')} {self.object.due_on:%Y-%m-%d}"
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> str:
        """Finish it."""
        dealings.finish_check(acting_user=self.request.user, check_id=self.object.pk, **form.cleaned_data)
        return self.cancel_url()


class CheckFilters(FilterSet):
    """What falls due, narrowed. Open ones unless done ones are asked for."""

    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )
    kind = django_filters.ChoiceFilter(label=_("事项"), choices=CheckKind.choices, empty_label=_("全部"))
    when = django_filters.ChoiceFilter(
        label=_("时间"),
        method="by_when",
        choices=[("late", _("已逾期")), ("later", _("全部未办"))],
        empty_label=_("已逾期和 30 天内"),
    )
    result = django_filters.ChoiceFilter(
        label=_("结果"), method="by_result", choices=CheckResult.choices, empty_label=_("还没有办的")
    )

    class Meta:
        model = Check
        fields = ["region", "kind", "when", "result"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        mine.filters["region"].extra["choices"] = areas.filter_choices(self.request.user, VIEW)

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        """What waits within thirty days, unless asked otherwise."""
        found = super().filter_queryset(rows)
        if self.form.cleaned_data.get("result"):
            return found
        found = found.filter(result="")
        if self.form.cleaned_data.get("when"):
            return found
        return found.filter(due_on__lte=timezone.localdate() + timedelta(days=telling.SOON_DAYS))

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))

    def by_when(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Overdue ones, or all."""
        return rows.filter(due_on__lt=timezone.localdate()) if value == "late" else rows

    def by_result(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Done ones."""
        return rows.filter(result=value)


class CheckTable(Table):
    """What falls due."""

    organisation = tables.Column(
        verbose_name=_("单位"), order_by=("organisation__initials", "id"), attrs={"td": {"class": "title"}}
    )
    kind = tables.Column(verbose_name=_("事项"))
    due_on = tables.Column(verbose_name=_("应办日期"), order_by=("due_on", "id"))
    region_code = tables.Column(verbose_name=_("社区"))
    result = tables.Column(verbose_name=_("办理"), order_by=("result", "id"), empty_values=())

    class Meta(Table.Meta):
        model = Check
        fields: tuple[str, ...] = ()

    def render_organisation(self, record: Check) -> Any:
        """A link to its checks."""
        url = f"{record.organisation.get_absolute_url()}?tab=checks"
        return html.drawer_link(url, record.organisation.name)

    def render_due_on(self, record: Check) -> Any:
        """The day, and how far it is."""
        if record.result:
            return f"{record.due_on:%Y-%m-%d}"
        left = (record.due_on - timezone.localdate()).days
        said = _t("逾期 %(n)d 天") % {"n": -left} if left < 0 else _t("还有 %(n)d 天") % {"n": left}
        tone = "danger" if left < 0 else "warn" if left <= telling.SOON_DAYS else ""
        return format_html("{} {}", f"{record.due_on:%Y-%m-%d}", html.tag(said, tone))

    def render_region_code(self, value: str) -> str:
        """The community."""
        return areas.community_of(value)

    def render_result(self, record: Any) -> Any:
        """What came of it, or the way to deal with it."""
        if record.result:
            tone = {"passed": "ok", "failed": "danger", "mend": "warn"}.get(record.result, "")
            return format_html(
                "{} <small>{} {}</small>",
                html.tag(record.get_result_display(), tone),
                f"{record.done_on:%Y-%m-%d}" if record.done_on else "",
                record.said,
            )
        if not getattr(record, "editable", False):
            return html.DASH
        return format_html(
            '<a href="{}" data-drawer>{}</a>',
            reverse("organisations:check_finish", args=[record.pk]),
            _("办理"),
        )


class CheckList(ListPage):
    """/organisations/checks/"""

    model = Check
    permission = VIEW
    title = _("单位检查与到期")
    subtitle = _("年检年报、换届、安全和消防检查、合同和证照到期")
    noun = _("项")
    filterset_class = CheckFilters
    table_class = CheckTable
    empty_title = _("没有要办的检查")
    empty_hint = _("在单位页面的“检查与到期”里安排；换届、证照、合同按登记的日期自动列出。")

    def get_queryset(self) -> QuerySet:
        """With their organisations, of those still there."""
        rows: Any = super().get_queryset()
        return rows.select_related("organisation").order_by("due_on", "id")

    def get_table(self, rows: QuerySet) -> Any:
        """Mark those that the user may deal with."""
        table = super().get_table(rows)
        user: Any = self.request.user
        for row in table.paginated_rows:
            row.record.editable = user.can(EDIT, row.record.region_code)
        return table


class OrganisationsExport(Export):
    """/organisations/export/"""

    model = Organisation
    permission = VIEW
    subject = "organisation"

    list_page = OrganisationList
