"""Forms about an estate beyond its own facts: who manages it, its gates."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.registry.places import actions, forms
from linli.registry.places.edits import PlaceEdit, Remove
from linli.registry.places.models import Entrance, Estate, EstateManagement


def _managed_url(estate_id: int) -> str:
    return reverse("places:estate", args=[estate_id]) + "?tab=managed"


class SetManagement(PlaceEdit):
    """/places/estates/<id>/management/"""

    model = Estate
    title = _("登记管理情况")
    intro = _("换物业、弃管、接管都在这里登记：从开始那天起改变，以前的情况照样保留。")
    form_class: Any = forms.ManagementForm

    def cancel_url(self) -> str:
        """Back to the managements."""
        return _managed_url(self.object.pk)

    def perform(self, form: Any) -> str:
        """Begin the spell."""
        actions.set_management(acting_user=self.request.user, estate=self.object, **form.cleaned_data)
        return self.cancel_url()


class CorrectManagement(PlaceEdit):
    """/places/managements/<id>/edit/"""

    model = EstateManagement
    title = _("更正管理情况")
    intro = _("只改登记错的内容，起止日期不变。换了物业或弃管，请用“登记变化”。")
    form_class: Any = forms.CorrectManagementForm

    def get_queryset(self) -> Any:
        """With the estate."""
        return super().get_queryset().select_related("estate")

    @property
    def subtitle(self) -> str:
        """Which estate."""
        return self.object.estate.name if self.object is not None else ""

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return self.initial_of(forms.CorrectManagementForm)

    def cancel_url(self) -> str:
        """Back to the managements."""
        return _managed_url(self.object.estate_id)

    def perform(self, form: Any) -> str:
        """Put it right."""
        actions.correct_management(acting_user=self.request.user, management=self.object, **form.cleaned_data)
        return self.cancel_url()


class AddEntrance(PlaceEdit):
    """/places/estates/<id>/entrances/add/"""

    model = Estate
    title = _("新增出入口")
    form_class: Any = forms.EntranceForm

    def get_initial(self) -> dict[str, Any]:
        """A gate for cars, mostly."""
        return {"for_cars": True}

    def cancel_url(self) -> str:
        """Back to the estate's facts."""
        return reverse("places:estate", args=[self.object.pk]) + "?tab=facts"

    def perform(self, form: Any) -> str:
        """Add it."""
        actions.add_entrance(acting_user=self.request.user, estate=self.object, **form.cleaned_data)
        return self.cancel_url()


class EditEntrance(PlaceEdit):
    """/places/entrances/<id>/edit/"""

    model = Entrance
    title = _("修改出入口")
    form_class: Any = forms.EntranceForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return self.initial_of(forms.EntranceForm)

    def cancel_url(self) -> str:
        """Back to the estate's facts."""
        return reverse("places:estate", args=[self.object.estate_id]) + "?tab=facts"

    def perform(self, form: Any) -> str:
        """Change it."""
        actions.update_entrance(acting_user=self.request.user, entrance=self.object, **form.cleaned_data)
        return self.cancel_url()


class RemoveEntrance(Remove):
    """/places/entrances/<id>/remove/"""

    model = Entrance
    title = _("删除出入口")

    def cancel_url(self) -> str:
        """Back to the estate's facts."""
        return reverse("places:estate", args=[self.object.estate_id]) + "?tab=facts"

    def perform(self, form: Any) -> str:
        """Take it away."""
        url = self.cancel_url()
        actions.remove_entrance(acting_user=self.request.user, entrance=self.object, **form.cleaned_data)
        return url
