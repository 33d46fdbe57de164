"""Forms about the lifts of a building."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.registry.places import actions, forms
from linli.registry.places.edits import PlaceEdit, Remove
from linli.registry.places.models import Building, Lift


def _facts_url(building_id: int) -> str:
    return reverse("places:building_facts", args=[building_id])


class AddLift(PlaceEdit):
    """/places/buildings/<id>/lifts/add/"""

    model = Building
    title = _("登记电梯")
    form_class: Any = forms.LiftForm

    def get_queryset(self) -> Any:
        """With the estate."""
        return super().get_queryset().select_related("estate")

    def cancel_url(self) -> str:
        """Back to the building's facts."""
        return _facts_url(self.object.pk)

    def perform(self, form: Any) -> str:
        """Add it."""
        actions.add_lift(acting_user=self.request.user, building=self.object, **form.cleaned_data)
        return self.cancel_url()


class EditLift(PlaceEdit):
    """/places/lifts/<id>/edit/"""

    model = Lift
    title = _("修改电梯、登记检验")
    form_class: Any = forms.LiftForm

    def get_queryset(self) -> Any:
        """With the building."""
        return super().get_queryset().select_related("building__estate")

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return self.initial_of(forms.LiftForm)

    def cancel_url(self) -> str:
        """Back to the building's facts."""
        return _facts_url(self.object.building_id)

    def perform(self, form: Any) -> str:
        """Change it."""
        actions.update_lift(acting_user=self.request.user, lift=self.object, **form.cleaned_data)
        return self.cancel_url()


class RemoveLift(Remove):
    """/places/lifts/<id>/remove/"""

    model = Lift
    title = _("删除电梯")

    def cancel_url(self) -> str:
        """Back to the building's facts."""
        return _facts_url(self.object.building_id)

    def perform(self, form: Any) -> str:
        """Take it away."""
        url = self.cancel_url()
        actions.remove_lift(acting_user=self.request.user, lift=self.object, **form.cleaned_data)
        return url
