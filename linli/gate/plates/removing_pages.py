"""One plate: accepted, refused, ordered away, removed, with its photographs."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.gate.plates import actions, forms
from linli.gate.plates.models import Plate
from linli.gate.plates.pages import (
    DECIDE,
    DISTRICT,
    EDIT,
    VIEW,
)
from linli.gate.plates.rules import EVER, HANGING, State, may_be_ordered_away
from linli.pages.files import SealedFile
from linli.pages.views import EditPage
from linli.regions import names


class _OnPlate(EditPage):
    """A form about a plate; only in these states."""

    model = Plate
    permission: Any = DECIDE
    states: tuple[State, ...] = ()

    def get_object(self) -> Plate:
        """The plate."""
        found: Plate = super().get_object()
        if self.states and State(found.state) not in self.states:
            raise Http404
        self.subtitle = f"{names.title(found.region_code)} · {found.name}"
        return found


class Accept(_OnPlate):
    """/plates/one/<id>/accept/"""

    title = _("同意挂牌")
    intro = _("只有准入了“机构牌子”、在有效期内的事项才能挂牌；次数用完的也不行。")
    form_class: Any = forms.AcceptForm
    submit_label = _("同意")
    states = (State.PROPOSED, State.FOUND, State.REMOVING)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The item of the proposal, else those to choose from."""
        return super().get_form_kwargs() | {"plate": self.object}

    def perform(self, form: Any) -> Plate:
        """Accept."""
        return actions.accept(acting_user=self.request.user, plate=self.object, **form.cleaned_data)


class Refuse(_OnPlate):
    """/plates/one/<id>/refuse/"""

    title = _("不同意挂牌")
    form_class: Any = forms.ReasonForm
    submit_label = _("不同意")
    tone = "danger"
    states = (State.PROPOSED,)

    def perform(self, form: Any) -> Plate:
        """Refuse."""
        return actions.refuse(acting_user=self.request.user, plate=self.object, **form.cleaned_data)


class Removal(EditPage):
    """/plates/removal/?pk=…: several at once are to be gone by a day."""

    permission = DECIDE
    title = _("限期摘除")
    form_class: Any = forms.RemovalForm
    submit_label = _("限期摘除")
    success_message = _("已定下期限，社区会收到通知；到期没摘会提醒。")

    def get_object(self) -> None:
        """The plates picked, of those the user may decide on."""
        picked = [int(one) for one in self.request.GET.getlist("pk") if one.isdecimal() and len(one) < 19]
        rows = Plate.objects.permitted(self.request.user, DECIDE).filter(pk__in=picked)
        self.found = [one for one in rows.select_related("unit") if may_be_ordered_away(State(one.state))]
        if not self.found:
            raise Http404
        shown = "、".join(f"“{one.name}”" for one in self.found[:5])
        self.subtitle = f"{len(self.found)} 块：{shown}" + ("等" if len(self.found) > 5 else "")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units of the district."""
        return super().get_form_kwargs() | {"district": self.found[0].region_code[:DISTRICT]}

    def get_initial(self) -> dict[str, Any]:
        """The department that wanted them pays, where it is one."""
        units = {one.unit_id for one in self.found}
        return {"payer": units.pop()} if len(units) == 1 else {}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("plates:list")

    def perform(self, form: Any) -> str:
        """Order it."""
        done = actions.order_removal(acting_user=self.request.user, plates=self.found, **form.cleaned_data)
        return done[0].get_absolute_url() if len(done) == 1 else f"{reverse('plates:list')}?state=removing"


class Remove(_OnPlate):
    """/plates/one/<id>/remove/: it is gone."""

    permission = EDIT
    title = _("登记已摘除")
    form_class: Any = forms.RemoveForm
    submit_label = _("已摘除")
    success_message = _("已登记摘除。")
    states = HANGING

    def perform(self, form: Any) -> Plate:
        """Say so."""
        return actions.remove(acting_user=self.request.user, plate=self.object, **form.cleaned_data)


class AddPhoto(_OnPlate):
    """/plates/one/<id>/photos/"""

    permission = EDIT
    title = _("添加照片")
    form_class: Any = forms.PhotoForm
    states = EVER

    def perform(self, form: Any) -> Plate:
        """Add them."""
        return actions.add_photo(acting_user=self.request.user, plate=self.object, **form.cleaned_data)


class Photo(SealedFile):
    """/plates/one/<id>/photos/<file>/: a photograph or paper of a plate that the user may see."""

    model = Plate
    permission = VIEW
    files = "photos"
