"""The units (机构) that users belong to and work is given to, for administrators."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access import units
from linli.access.models import Post, Unit, UnitKind
from linli.access.roles import Permission
from linli.office.users import region_field
from linli.pages.filtering import FilterSet
from linli.pages.tables import NumberColumn, Table, TagColumn, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Tab
from linli.regions import names

_ADDED = (UnitKind.DEPARTMENT, UnitKind.SECTION, UnitKind.OTHER)


class UnitFilters(FilterSet):
    """By a part of the name, and by kind."""

    q = django_filters.CharFilter(label=_("机构名称"), field_name="name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=UnitKind.choices, empty_label=_("全部"))


class UnitTable(Table):
    """Units."""

    name = TitleColumn(verbose_name=_("名称"))
    kind = TagColumn(verbose_name=_("类别"), tones={UnitKind.DEPARTMENT: "brand"})
    region_code = tables.Column(verbose_name=_("服务区域"))
    people = NumberColumn(verbose_name=_("在岗人数"))
    phone = tables.Column(verbose_name=_("值班电话"))
    is_active = tables.Column(verbose_name=_("状态"))

    class Meta(Table.Meta):
        pass

    def render_region_code(self, value: str) -> str:
        """The region's name."""
        return names.title(value)

    def render_is_active(self, value: bool) -> Any:
        """启用 or 停用."""
        return _("启用") if value else _("停用")


class UnitList(ListPage):
    """/units"""

    model = Unit
    permission = Permission.MANAGE_USERS
    title = _("机构")
    subtitle = _("部门、街道、科室和社区：办件派给机构，人员任职于机构")
    noun = _("个")
    filterset_class = UnitFilters
    table_class = UnitTable
    create_url_name = "unit_add"
    create_label = _("新增机构")
    exact_count = True
    empty_hint = _("街道和社区的机构在安排第一个岗位时自动建立；部门和科室在这里新增。")

    def get_queryset(self) -> QuerySet[Unit]:
        """With how many people hold a post there today."""
        today = timezone.localdate()
        held = Q(posts__valid_from__lte=today) & (
            Q(posts__valid_to__isnull=True) | Q(posts__valid_to__gt=today)
        )
        return super().get_queryset().annotate(people=Count("posts__user", filter=held, distinct=True))


class UnitPage(HistoryTab, DetailPage):
    """/units/<id>: the unit and its people."""

    model = Unit
    permission = Permission.MANAGE_USERS
    template_name = "office/unit.html"
    tabs = (Tab("people", _("人员"), "office/_unit_people.html"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The posts held today."""
        today = timezone.localdate()
        posts = Post.objects.filter(unit=self.object).select_related("user").order_by("user__name")
        return super().get_context_data(
            posts=[post for post in posts if post.in_force(today)],
            crumbs=[(str(_("机构")), reverse("units")), (self.object.name, "")],
            **kwargs,
        )


class UnitForm(forms.Form):
    """Name, phone, in use or not."""

    name = forms.CharField(label=_("名称"), max_length=100, help_text=_("用全称，例如：延庆区民政局。"))
    phone = forms.CharField(label=_("值班电话"), required=False, max_length=30)
    is_active = forms.BooleanField(label=_("启用"), required=False)


class EditUnit(EditPage):
    """/units/<id>/edit"""

    model = Unit
    permission = Permission.MANAGE_USERS
    title = _("修改机构")
    form_class: Any = UnitForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name": self.object.name, "phone": self.object.phone, "is_active": self.object.is_active}

    def perform(self, form: Any) -> Unit:
        """Change it."""
        acting: Any = self.request.user
        return units.update_unit(acting_user=acting, unit=self.object, **form.cleaned_data)


class AddUnitForm(forms.Form):
    """A new unit."""

    kind = forms.ChoiceField(label=_("类别"), choices=[(kind.value, kind.label) for kind in _ADDED])
    name = forms.CharField(label=_("名称"), max_length=100, help_text=_("用全称，例如：延庆区民政局。"))
    phone = forms.CharField(label=_("值班电话"), required=False, max_length=30)
    field_order = ("kind", "region_code", "name", "phone")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"] = region_field(user, label=_("服务区域"))
        self.order_fields(self.field_order)


class AddUnit(EditPage):
    """/units/new"""

    model = Unit
    permission = Permission.MANAGE_USERS
    title = _("新增机构")
    submit_label = _("新增")
    success_message = _("已新增机构。")
    form_class: Any = AddUnitForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user, whose area may be chosen from."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("units")

    def perform(self, form: Any) -> Unit:
        """Add it."""
        acting: Any = self.request.user
        return units.add_unit(acting_user=acting, **form.cleaned_data)
