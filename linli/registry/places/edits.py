"""The forms of places as pages: each hands its clean data to one action."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages.views import EditPage
from linli.regions.models import KEY_LENGTH, Level
from linli.registry.places import actions, forms
from linli.registry.places.models import Building, Estate, Home, Unit

EDIT = Permission.EDIT_PLACES


class PlaceEdit(EditPage):
    """A form about a place that the user may edit."""

    permission = EDIT

    @property
    def subtitle(self) -> str:
        """Which place it is about."""
        return str(self.object) if self.object is not None else ""

    def initial_of(self, form_class: Any) -> dict[str, Any]:
        """What the record holds now, for the form's fields; sealed numbers are never put into a form."""
        found: dict[str, Any] = {}
        for name, field in form_class.base_fields.items():
            if hasattr(self.object, name) and not isinstance(field, forms.SealedField):
                value = getattr(self.object, name)
                found[name] = value
                if isinstance(field, django_forms.TypedChoiceField) and isinstance(value, bool):
                    found[name] = "true" if value else "false"
        return found


class EstateAdd(PlaceEdit):
    """/places/estates/add/"""

    title = _("新增小区")
    form_class: Any = forms.EstateForm
    success_message = _("已新增小区。接着新增楼栋吧。")

    def get_initial(self) -> dict[str, Any]:
        """Who works in one community adds estates there."""
        user: Any = self.request.user
        own = user.main_post.region_code if user.main_post else ""
        return {"region_code": own} if len(own) >= KEY_LENGTH[Level.COMMUNITY] else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The regions depend on the user."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("places:estates")

    def perform(self, form: Any) -> Estate:
        """Add it."""
        return actions.add_estate(acting_user=self.request.user, **form.cleaned_data)


class EstateEdit(PlaceEdit):
    """/places/estates/<id>/edit/"""

    model = Estate
    title = _("修改小区")
    form_class: Any = forms.EstateForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return self.initial_of(forms.EstateForm)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The regions depend on the user."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def perform(self, form: Any) -> Estate:
        """Change it."""
        return actions.update_estate(acting_user=self.request.user, estate=self.object, **form.cleaned_data)


class BuildingAdd(PlaceEdit):
    """/places/estates/<id>/buildings/add/"""

    model = Estate
    title = _("新增楼栋")
    form_class: Any = forms.BuildingForm
    success_message = _("已新增楼栋。接着排出楼盘表吧。")

    def get_initial(self) -> dict[str, Any]:
        """Where the estate lies."""
        return {"region_code": self.object.region_code, "built_year": self.object.built_year}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The community of the estate and its grids."""
        within = self.object.region_code[: actions.COMMUNITY]
        return super().get_form_kwargs() | {"user": self.request.user, "within": within}

    def perform(self, form: Any) -> str:
        """Add it; next its homes."""
        made = actions.add_building(acting_user=self.request.user, estate=self.object, **form.cleaned_data)
        return reverse("places:building_layout", args=[made.pk])


class BuildingEdit(PlaceEdit):
    """/places/buildings/<id>/edit/"""

    model = Building
    title = _("修改楼栋")
    form_class: Any = forms.BuildingForm

    def get_queryset(self) -> Any:
        """With the estate."""
        return super().get_queryset().select_related("estate")

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return self.initial_of(forms.BuildingForm)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The community of the estate and its grids."""
        within = self.object.region_code[: actions.COMMUNITY]
        return super().get_form_kwargs() | {"user": self.request.user, "within": within}

    def perform(self, form: Any) -> Building:
        """Change it."""
        return actions.update_building(
            acting_user=self.request.user, building=self.object, **form.cleaned_data
        )


class BuildingLayout(BuildingEdit):
    """/places/buildings/<id>/layout/"""

    title = _("排出楼盘表")
    intro = _("按单元、层数和每层户数，一次生成整栋楼的房屋。已经有的房屋不受影响。")
    form_class: Any = forms.LayoutForm
    submit_label = _("生成房屋")
    success_message = _("楼盘表已生成。")

    def get_initial(self) -> dict[str, Any]:
        """The floors that are known."""
        return {"floors": self.object.floors, "pattern": "per_unit", "first_floor": 1}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Nothing more."""
        return super(BuildingEdit, self).get_form_kwargs()

    def perform(self, form: Any) -> Building:
        """Lay it out."""
        building: Building = self.object
        actions.lay_out_building(acting_user=self.request.user, building=building, layout=form.layout())
        return building


class HomesAdd(BuildingEdit):
    """/places/buildings/<id>/homes/add/"""

    title = _("新增房屋")
    form_class: Any = forms.HomesForm
    success_message = _("已新增房屋。")

    def get_initial(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units of the building."""
        return super(BuildingEdit, self).get_form_kwargs() | {"building": self.object}

    def perform(self, form: Any) -> Building:
        """Add the homes, and the unit when a new one is named."""
        building: Building = self.object
        data = form.cleaned_data
        actions.add_homes(
            acting_user=self.request.user,
            building=building,
            doors=data["doors"],
            unit=data["unit"],
            new_unit=data["new_unit"],
        )
        return building


class UnitEdit(PlaceEdit):
    """/places/units/<id>/edit/"""

    model = Unit
    title = _("单元改名")

    form_class: Any = forms.UnitForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name": self.object.name}

    def cancel_url(self) -> str:
        """Back to the units."""
        return reverse("places:building_facts", args=[self.object.building_id]) + "?tab=units"

    def perform(self, form: Any) -> str:
        """Rename it."""
        actions.rename_unit(acting_user=self.request.user, unit=self.object, **form.cleaned_data)
        return self.cancel_url()


class HomeEdit(PlaceEdit):
    """/places/homes/<id>/edit/"""

    model = Home
    title = _("修改房屋")
    form_class: Any = forms.HomeForm

    def get_queryset(self) -> Any:
        """With building, estate and unit."""
        return super().get_queryset().select_related("building__estate", "unit")

    def get_initial(self) -> dict[str, Any]:
        """As it is; no sealed number."""
        return self.initial_of(forms.HomeForm)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units of its building."""
        return super().get_form_kwargs() | {"home": self.object}

    def perform(self, form: Any) -> Home:
        """Change it."""
        data = forms.sealed_changes(form.cleaned_data, actions.REVEALED)
        return actions.update_home(acting_user=self.request.user, home=self.object, **data)


class RevealOwner(HomeEdit):
    """/places/homes/<id>/owner/: the owner's numbers in full, for a stated purpose."""

    permission = Permission.REVEAL_PEOPLE
    title = _("查看房主号码")
    intro = _("房主的电话和证件号码平时隐去中间几位。请填写用途，查看会被记录。")
    form_class: Any = forms.PurposeForm
    submit_label = _("查看")

    def get_object(self) -> Any:
        """A home that the user may also look at."""
        found = super().get_object()
        user: Any = self.request.user
        if not user.can(Permission.VIEW_PLACES, found.region_code):
            raise Http404
        return found

    def get_initial(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Nothing more."""
        return super(HomeEdit, self).get_form_kwargs()

    def form_valid(self, form: Any) -> HttpResponse:
        """Record, then show."""
        home = actions.reveal_owner(
            acting_user=self.request.user, home=self.object, purpose=form.cleaned_data["purpose"]
        )
        context = self.get_context_data(form=form) | {"home": home, "title": home.full_address}
        self.template_name = "places/owner.html"
        return self.render_to_response(context)


class Remove(PlaceEdit):
    """Takes away what was recorded by mistake, with a reason."""

    form_class: Any = forms.ReasonForm
    submit_label = _("删除")
    tone = "danger"
    success_message = _("已删除。")


class HomeRemove(Remove):
    """/places/homes/<id>/remove/"""

    model = Home
    title = _("删除房屋")
    intro = _("只能删除录错的、从来没有登记过住户的房屋。")

    def perform(self, form: Any) -> str:
        """Back to the chart."""
        actions.remove_home(acting_user=self.request.user, home=self.object, **form.cleaned_data)
        return reverse("places:building", args=[self.object.building_id])


class UnitRemove(Remove):
    """/places/units/<id>/remove/"""

    model = Unit
    title = _("删除单元")
    intro = _("只能删除没有房屋的单元。")

    def cancel_url(self) -> str:
        """Back to the units."""
        return reverse("places:building_facts", args=[self.object.building_id]) + "?tab=units"

    def perform(self, form: Any) -> str:
        """Back to the units."""
        actions.remove_unit(acting_user=self.request.user, unit=self.object, **form.cleaned_data)
        return self.cancel_url()


class BuildingRemove(Remove):
    """/places/buildings/<id>/remove/"""

    model = Building
    title = _("删除楼栋")
    intro = _("只能删除没有单元和房屋的楼栋。")

    def perform(self, form: Any) -> str:
        """Back to the estate."""
        actions.remove_building(acting_user=self.request.user, building=self.object, **form.cleaned_data)
        return reverse("places:estate", args=[self.object.estate_id])


class EstateRemove(Remove):
    """/places/estates/<id>/remove/"""

    model = Estate
    title = _("删除小区")
    intro = _("只能删除没有楼栋的小区。")

    def perform(self, form: Any) -> str:
        """Back to the list."""
        actions.remove_estate(acting_user=self.request.user, estate=self.object, **form.cleaned_data)
        return reverse("places:estates")
