"""The pages of organisations."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import phone
from linli.pages.tables import NumberColumn, Table, TagColumn, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Tab
from linli.pages.widgets import Combobox, DateInput
from linli.registry.organisations import actions, filters
from linli.registry.organisations.models import Organisation, OrganisationKind
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
    region_code = tables.Column(verbose_name=_("社区"))
    credit_code = tables.Column(verbose_name=_("统一社会信用代码"))
    address = tables.Column(verbose_name=_("地址"))
    contact = tables.Column(verbose_name=_("联系人"))
    staff = NumberColumn(verbose_name=_("从业人数"))
    closed_on = tables.Column(verbose_name=_("状态"), empty_values=())

    class Meta(Table.Meta):
        model = Organisation
        fields: tuple[str, ...] = ()

    def render_region_code(self, value: str) -> str:
        """The community."""
        return areas.community_of(value)

    def render_closed_on(self, value: Any) -> Any:
        """在册, or since when it is not."""
        return f"{value:%Y-%m-%d} 注销" if value else _("在册")


class OrganisationList(ListPage):
    """/organisations/"""

    model = Organisation
    permission = VIEW
    title = _("单位")
    subtitle = _("驻区单位、商户、社会组织、物业公司和业委会")
    noun = _("个")
    filterset_class = filters.OrganisationFilters
    table_class = OrganisationTable
    create_url_name = "organisations:add"
    create_label = _("登记单位")
    create_permission = EDIT
    empty_title = _("还没有登记单位")
    empty_hint = _("逐个登记，或从 Excel 名册导入。")


class OrganisationPage(HistoryTab, DetailPage):
    """/organisations/<id>/"""

    model = Organisation
    permission = VIEW
    template_name = "organisations/organisation.html"
    tabs = (Tab("facts", _("单位信息"), "organisations/_facts.html"),)

    def get_queryset(self) -> Any:
        """With the premises."""
        return super().get_queryset().select_related("premises")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The masked phone, and what the user may do."""
        one: Organisation = self.object
        user: Any = self.request.user
        premises = one.premises
        return super().get_context_data(
            area=areas.community_of(one.region_code),
            contact_phone=phone.mask(one.contact_phone) if one.contact_phone else "",
            sees_premises=premises is not None and user.can(Permission.VIEW_PLACES, premises.region_code),
            can_edit=user.can(EDIT, one.region_code),
            can_reveal=user.can(Permission.REVEAL_PEOPLE, one.region_code),
            crumbs=[(str(_("单位")), reverse("organisations:organisations")), (one.name, "")],
            **kwargs,
        )


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
    note = forms.CharField(
        label=_("备注"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, user: Any, one: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        homes = Home.objects.permitted(user, Permission.VIEW_PLACES)
        premises: Any = self.fields["premises"]
        premises.queryset = homes
        # Only the chosen home stands in the page; the others come as they are typed.
        chosen = str((self.data.get("premises") if self.is_bound else one.premises_id if one else "") or "")
        shown = homes.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else homes.none()
        premises.widget.choices = [("", ""), *((home.pk, home.full_address) for home in shown)]
        contact_phone: Any = self.fields["contact_phone"]
        contact_phone.kept(phone.mask(one.contact_phone) if one and one.contact_phone else "")


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
