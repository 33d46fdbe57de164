"""The pages of back streets (背街小巷)."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.pages.tables import NumberColumn, Table, TagColumn
from linli.pages.views import DetailPage, HistoryTab, ListPage, Tab
from linli.registry.places import actions, areas, filters, forms
from linli.registry.places.edits import PlaceEdit, Remove
from linli.registry.places.models import BackStreet
from linli.registry.places.pages import EDIT, VIEW, AreaColumn, PageColumn


class BackStreetTable(Table):
    """The list of back streets."""

    name = PageColumn(verbose_name=_("街巷名称"))
    region_code = AreaColumn()
    course = tables.Column(verbose_name=_("起止点"))
    length = NumberColumn(verbose_name=_("长度（米）"))
    condition = TagColumn(verbose_name=_("现状"), tones={"poor": "danger", "fair": "warn", "good": "ok"})
    renewal = TagColumn(
        verbose_name=_("整治情况"), tones={"done": "ok", "under_way": "brand", "planned": "warn"}
    )
    along = NumberColumn(verbose_name=_("沿线楼栋"))

    class Meta(Table.Meta):
        model = BackStreet
        fields: tuple[str, ...] = ()


class BackStreetList(ListPage):
    """/places/streets/"""

    model = BackStreet
    permission = VIEW
    today_because = _("街巷的现状和整治情况只登记现在的；哪天改的、改了什么，见每条街巷的“记录”。")
    title = _("背街小巷")
    subtitle = _("街巷多长、什么样、整治到哪一步")
    noun = _("条")
    filterset_class = filters.BackStreetFilters
    table_class = BackStreetTable
    create_url_name = "places:back_street_add"
    create_label = _("新增街巷")
    create_permission = EDIT
    export_url_name = "places:back_streets_export"
    empty_title = _("还没有登记背街小巷")
    empty_hint = _("点“新增街巷”，填写名称、起止点和长度。")

    def get_queryset(self) -> QuerySet:
        """With the number of buildings along."""
        return super().get_queryset().annotate(along=Count("buildings"))


class BackStreetPage(HistoryTab, DetailPage):
    """/places/streets/<id>/"""

    model = BackStreet
    permission = VIEW
    template_name = "places/back_street.html"
    tabs = (Tab("facts", _("街巷信息"), "places/_back_street.html"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The buildings along it that the user may see."""
        user: Any = self.request.user
        street: BackStreet = self.object
        along = street.buildings.select_related("estate").order_by("estate__name", "position")
        return super().get_context_data(
            area=areas.community_of(street.region_code),
            crumbs=[(str(_("背街小巷")), reverse("places:back_streets")), (street.name, "")],
            along=[one for one in along if user.can(VIEW, one.region_code)],
            can_edit=user.can(EDIT, street.region_code),
            **kwargs,
        )


class BackStreetAdd(PlaceEdit):
    """/places/streets/add/"""

    title = _("新增街巷")
    form_class: Any = forms.BackStreetForm
    success_message = _("已新增街巷。可以接着选沿线的楼栋。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The regions depend on the user."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("places:back_streets")

    def perform(self, form: Any) -> BackStreet:
        """Add it."""
        return actions.add_back_street(acting_user=self.request.user, **form.cleaned_data)


class BackStreetEdit(PlaceEdit):
    """/places/streets/<id>/edit/"""

    model = BackStreet
    title = _("修改街巷")
    form_class: Any = forms.BackStreetForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return self.initial_of(forms.BackStreetForm) | {
            "buildings": self.object.buildings.values_list("pk", flat=True)
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """The buildings of its community."""
        within = self.object.region_code[: actions.COMMUNITY]
        return super().get_form_kwargs() | {"user": self.request.user, "within": within}

    def perform(self, form: Any) -> BackStreet:
        """Change it."""
        data = dict(form.cleaned_data)
        along = [one.pk for one in data.pop("buildings")]
        return actions.update_back_street(
            acting_user=self.request.user, street=self.object, building_ids=along, **data
        )


class BackStreetRemove(Remove):
    """/places/streets/<id>/remove/"""

    model = BackStreet
    title = _("删除街巷")
    intro = _("只删除录错的。整治完成的街巷请修改“整治情况”。")

    def perform(self, form: Any) -> str:
        """Back to the list."""
        actions.remove_back_street(acting_user=self.request.user, street=self.object, **form.cleaned_data)
        return reverse("places:back_streets")
