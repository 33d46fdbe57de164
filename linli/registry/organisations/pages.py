"""The pages of organisations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import phone
from linli.pages import html
from linli.pages.tables import NumberColumn, Table, TagColumn, TitleColumn
from linli.pages.views import HISTORY_TAB, DetailPage, EditPage, HistoryTab, ListPage, Tab
from linli.pages.widgets import Combobox, DateInput
from linli.registry.organisations import actions, describing, extensions, filters, rules, telling
from linli.registry.organisations.models import (
    Check,
    LegalForm,
    Organisation,
    OrganisationKind,
    Ownership,
    Registration,
    SocialClass,
)
from linli.registry.people.pages import url_or_nothing
from linli.registry.places import areas
from linli.registry.places.forms import PurposeForm, ReasonForm, RegionForm, SealedField, sealed_changes
from linli.registry.places.models import Home

VIEW, EDIT = Permission.VIEW_ORGANISATIONS, Permission.EDIT_ORGANISATIONS
SEALED = ("contact_phone",)


class OrganisationTable(Table):
    """The list."""

    name = TitleColumn(verbose_name=_("单位名称"))
    kind = TagColumn(
        verbose_name=_("类别"), tones={OrganisationKind.SHOP: "ok", OrganisationKind.SOCIAL: "brand"}
    )
    due = tables.Column(verbose_name=_("最近要办"), accessor="pk", orderable=False)
    region_code = tables.Column(verbose_name=_("社区"))
    address = tables.Column(verbose_name=_("地址"))
    contact = tables.Column(verbose_name=_("联系人"))
    staff = NumberColumn(verbose_name=_("从业人数"))
    closed_on = tables.Column(verbose_name=_("状态"), empty_values=())
    credit_code = tables.Column(verbose_name=_("统一社会信用代码"))

    class Meta(Table.Meta):
        model = Organisation
        fields: tuple[str, ...] = ()

    def render_region_code(self, value: str) -> str:
        """The community."""
        return areas.community_of(value)

    def render_due(self, record: Any) -> Any:
        """What falls due next, which the page puts beside the record."""
        check = getattr(record, "due", None)
        if check is None:
            return html.DASH
        late = check.due_on < timezone.localdate()
        return html.tag(f"{check.get_kind_display()} {check.due_on:%Y-%m-%d}", "danger" if late else "warn")

    def render_closed_on(self, value: Any, record: Any) -> Any:
        """在册, or since when it is not, as of the day the page speaks of."""
        gone = value and value <= getattr(record, "on", value)
        return f"{value:%Y-%m-%d} 注销" if gone else _("在册")


class OrganisationList(ListPage):
    """/organisations/"""

    model = Organisation
    permission = VIEW
    dated = True
    as_of_says = _("列出这一天已经成立的单位和当时是否在册；其他内容按现在登记的显示。")
    title = _("单位")
    template_name = "organisations/list.html"
    subtitle = _("驻区单位、商户、社会组织、物业公司和业委会")
    noun = _("个")
    filterset_class = filters.OrganisationFilters
    table_class = OrganisationTable
    create_url_name = "organisations:add"
    create_label = _("登记单位")
    create_permission = EDIT
    empty_title = _("还没有登记单位")
    empty_hint = _("从 Excel 表导入最快；也可以点“登记单位”逐个登记。")
    export_url_name = "organisations:export"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way to the import, where the room that does it is there."""
        user: Any = self.request.user
        may_import = user.can(Permission.IMPORT_REGISTRY) and user.can(EDIT)
        url = url_or_nothing("returns:organisations") if may_import else ""
        return super().get_context_data(import_url=url, **kwargs)

    def get_queryset(self) -> Any:
        """Those that were there on the day the page speaks of, or before."""
        rows = super().get_queryset()
        return rows.exclude(founded_on__gt=self.on) if self.past else rows

    def get_table(self, rows: Any) -> Any:
        """With what falls due next of each."""
        table = super().get_table(rows)
        for row in table.paginated_rows:
            row.record.on = self.on
        listed: dict[int, Any] = {row.record.pk: row.record for row in table.paginated_rows}
        soon = timezone.localdate() + timedelta(days=telling.SOON_DAYS)
        checks = Check.objects.filter(organisation__in=listed, result="", due_on__lte=soon)
        for check in checks.order_by("-due_on"):
            listed[check.organisation_id].due = check
        return table


class OrganisationPage(HistoryTab, DetailPage):
    """/organisations/<id>/"""

    model = Organisation
    permission = VIEW
    template_name = "organisations/organisation.html"

    def get_queryset(self) -> Any:
        """With the premises."""
        return super().get_queryset().select_related("premises")

    def get_tabs(self) -> list[Tab]:
        """The life of an organisation, part by part."""
        parts = self.parts
        found = [
            Tab("facts", _("单位信息"), "organisations/_facts.html"),
            Tab("people", _("人员"), "organisations/_people.html", len(parts.current_positions)),
            Tab("premises", _("场所"), "organisations/_premises.html", len(parts.current_premises)),
            Tab("checks", _("检查与到期"), "organisations/_checks.html", len(parts.open_checks)),
            Tab("dealings", _("往来"), "organisations/_dealings.html", parts.dealings_number),
            Tab("timeline", _("历程"), "organisations/_timeline.html"),
        ]
        self.extra: dict[str, dict[str, Any]] = {}
        for one in extensions.tabs():
            context = one.context(self.object, self.request.user)
            if context is not None:
                self.extra[one.key] = context
                found.append(Tab(one.key, one.label, one.template, context.get("count")))
        return [*found, HISTORY_TAB]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The masked phone, the parts, and what the user may do."""
        kwargs["parts"] = parts = describing.Parts(self.object, self.request.user)
        self.parts = parts
        one: Organisation = self.object
        user: Any = self.request.user
        premises = one.premises
        found = super().get_context_data(
            area=areas.community_of(one.region_code),
            contact_phone=phone.mask(one.contact_phone) if one.contact_phone else "",
            sees_premises=premises is not None and user.can(Permission.VIEW_PLACES, premises.region_code),
            can_edit=user.can(EDIT, one.region_code),
            own_facts=describing.own_facts(one),
            sees_people=user.can(Permission.VIEW_PEOPLE, one.region_code),
            can_reveal=user.can(Permission.REVEAL_PEOPLE, one.region_code),
            crumbs=[(str(_("单位")), reverse("organisations:organisations")), (one.name, "")],
            **kwargs,
        )
        tab = found["current_tab"]
        return found | {"panel": self.extra.get(tab.key) if tab is not None else None}


class PremisesField(forms.ModelChoiceField):
    """A home, found by typing a part of its address."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Home.objects.none(),
            label=_("所在房屋"),
            required=False,
            empty_label="",
            widget=Combobox(
                source="places:home_options", placeholder=_("输入地址查找，如：新兴小区12-3-501")
            ),
            help_text=_("在楼盘表里的房屋；选了以后，楼盘表上会显示这个单位"),
            error_messages={"invalid_choice": _("没有找到这套房屋，请重新查找。")},
        )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("未登记")), *choices.choices])


def _long(label: Any, most: int) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": 3})
    )


class OrganisationForm(RegionForm):
    """An organisation."""

    edit_permission = EDIT
    field_order = ("name", "kind", "region_code")
    name = forms.CharField(label=_("单位名称"), max_length=100, help_text=_("与营业执照或登记证一致"))
    kind = forms.ChoiceField(label=_("单位类别"), choices=[("", _("请选择")), *OrganisationKind.choices])
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), required=False, max_length=40, help_text=_("18 位，没有可以不填")
    )
    industry = forms.CharField(label=_("行业"), required=False, max_length=60)
    premises = PremisesField()
    address = forms.CharField(
        label=_("地址"), required=False, max_length=200, help_text=_("不填就用所在房屋的地址")
    )
    legal_person = forms.CharField(label=_("法定代表人"), required=False, max_length=60)
    contact = forms.CharField(label=_("联系人"), required=False, max_length=60)
    contact_phone = SealedField(label=_("联系电话"))
    staff = forms.IntegerField(label=_("从业人数"), required=False)
    founded_on = forms.DateField(label=_("成立日期"), required=False, widget=DateInput())
    landline = forms.CharField(label=_("固定电话"), required=False, max_length=30)
    supervisor = forms.CharField(label=_("主管部门"), required=False, max_length=60)
    ownership = _choice(_("单位性质"), Ownership)
    legal_form = _choice(_("经济性质"), LegalForm)
    capital = forms.DecimalField(
        label=_("注册资本（万元）"), required=False, max_digits=14, decimal_places=2, min_value=0
    )
    business_scope = _long(_("经营范围"), 500)
    registered_address = forms.CharField(
        label=_("注册地址"), required=False, max_length=200, help_text=_("与经营地址不同的才填")
    )
    is_key = forms.BooleanField(label=_("重点单位（治安、消防）"), required=False)
    fire_grade = forms.TypedChoiceField(
        label=_("消防等级"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("未定级")), *((n, f"{word}级") for n, word in enumerate("一二三四", 1))],
    )
    is_outlet = forms.BooleanField(label=_("便民网点"), required=False)
    opening_hours = forms.CharField(
        label=_("营业时间"), required=False, max_length=60, help_text=_("例如：每天 7:00–21:00")
    )
    registration = _choice(_("登记或备案"), Registration)
    registration_number = forms.CharField(label=_("登记证号或备案号"), required=False, max_length=40)
    registered_on = forms.DateField(label=_("登记或备案日期"), required=False, widget=DateInput())
    valid_until = forms.DateField(
        label=_("证照有效期至"), required=False, widget=DateInput(), help_text=_("到期前 30 天提醒")
    )
    social_class = _choice(_("组织类别"), SocialClass)
    members = forms.IntegerField(label=_("成员数"), required=False, min_value=0)
    party_members = forms.IntegerField(label=_("党员人数"), required=False, min_value=0)
    seats = forms.IntegerField(label=_("委员人数"), required=False, min_value=0)
    term_from = forms.DateField(label=_("本届任期开始"), required=False, widget=DateInput())
    term_until = forms.DateField(
        label=_("本届任期届满"), required=False, widget=DateInput(), help_text=_("届满前 30 天提醒换届")
    )
    duties = _long(_("主要职责"), 500)
    note = _long(_("备注"), 500)

    def __init__(
        self, *args: Any, user: Any, one: Organisation | None = None, kind: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        own: dict[str, Any] = self.fields
        kind = one.kind if one is not None else str(self.data.get("kind") or kind)
        for name in rules.KIND_FIELDS - rules.FIELDS_OF.get(kind, frozenset()):
            del own[name]
        if one is None and not kind:
            own["kind"].help_text = _("登记以后再补充这类单位特有的内容，例如任期、备案、营业时间")
        homes = Home.objects.permitted(user, Permission.VIEW_PLACES)
        premises: Any = self.fields["premises"]
        premises.queryset = homes
        # Only the chosen home stands in the page; the others come as they are typed.
        chosen = str((self.data.get("premises") if self.is_bound else one.premises_id if one else "") or "")
        shown = homes.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else homes.none()
        premises.widget.choices = [("", ""), *((home.pk, home.full_address) for home in shown)]
        contact_phone: Any = self.fields["contact_phone"]
        contact_phone.kept(phone.mask(one.contact_phone) if one and one.contact_phone else "")

    def clean(self) -> dict[str, Any]:
        """When the kind is changed, what the new one does not have is left to the action to empty."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind = data.get("kind", "")
        return {
            k: v for k, v in data.items() if k not in rules.KIND_FIELDS or k in rules.FIELDS_OF.get(kind, ())
        }


class OrganisationEdit(EditPage):
    """/organisations/<id>/edit/"""

    model = Organisation
    permission = EDIT
    title = _("修改单位")
    form_class: Any = OrganisationForm

    def get_initial(self) -> dict[str, Any]:
        """As it is; no sealed number."""
        if self.object is None:
            return {}
        names = [name for name in self.form_class.base_fields if name not in SEALED]
        return {name: getattr(self.object, name) for name in names}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user and the record."""
        return super().get_form_kwargs() | {"user": self.request.user, "one": self.object}

    def perform(self, form: Any) -> Organisation:
        """Change it."""
        data = sealed_changes(form.cleaned_data, SEALED)
        return actions.update_organisation(acting_user=self.request.user, organisation=self.object, **data)


class OrganisationAdd(OrganisationEdit):
    """/organisations/add/"""

    title = _("登记单位")
    submit_label = _("登记")
    success_message = _("已登记单位。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """?kind= says which fields."""
        return super().get_form_kwargs() | {"kind": self.request.GET.get("kind", "")}

    def get_initial(self) -> dict[str, Any]:
        """The kind asked for."""
        return {"kind": self.request.GET.get("kind", "")}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("organisations:organisations")

    def perform(self, form: Any) -> Organisation:
        """Add it."""
        data = sealed_changes(form.cleaned_data, SEALED)
        return actions.add_organisation(acting_user=self.request.user, **data)


class CloseForm(ReasonForm):
    """When and why it ended."""

    field_order = ("closed_on", "reason")
    closed_on = forms.DateField(label=_("注销或迁出日期"), widget=DateInput(), initial=timezone.localdate)


class OrganisationClose(EditPage):
    """/organisations/<id>/close/"""

    model = Organisation
    permission = EDIT
    title = _("注销单位")
    intro = _("单位注销或迁出后，不再出现在现有单位里；它的记录会保留。")
    form_class = CloseForm
    submit_label = _("注销")
    tone = "danger"

    def perform(self, form: Any) -> Organisation:
        """Close it."""
        return actions.close_organisation(
            acting_user=self.request.user, organisation=self.object, **form.cleaned_data
        )


class OrganisationReopen(EditPage):
    """/organisations/<id>/reopen/"""

    model = Organisation
    permission = EDIT
    title = _("恢复单位")
    intro = _("注销登记错了的，可以恢复。")
    form_class = ReasonForm
    submit_label = _("恢复")

    def perform(self, form: Any) -> Organisation:
        """Take the closing back."""
        return actions.reopen_organisation(
            acting_user=self.request.user, organisation=self.object, **form.cleaned_data
        )


class RevealContact(EditPage):
    """/organisations/<id>/contact/: the contact's phone in full, for a stated purpose."""

    model = Organisation
    permission = Permission.REVEAL_PEOPLE
    title = _("查看联系电话")
    intro = _("联系电话平时隐去中间几位。请填写用途，查看会被记录。")
    form_class = PurposeForm
    submit_label = _("查看")

    def form_valid(self, form: Any) -> HttpResponse:
        """Record, then show."""
        one = actions.reveal_contact(
            acting_user=self.request.user, organisation=self.object, purpose=form.cleaned_data["purpose"]
        )
        context = self.get_context_data(form=form) | {"one": one, "title": one.name}
        self.template_name = "organisations/contact.html"
        return self.render_to_response(context)
