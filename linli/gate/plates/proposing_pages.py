"""Proposing a plate through the gate, and the kinds that a district allows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.flow.models import Warrant
from linli.gate.plates import actions, forms
from linli.gate.plates.models import PlateKind
from linli.gate.plates.pages import (
    DECIDE,
    DISTRICT,
    SEND,
    STREET,
    VIEW,
)
from linli.gate.plates.rules import ALLOWED
from linli.pages.views import EditPage, Permitted
from linli.regions import names
from linli.regions.models import Level, Region


def own_warrants(user: Any) -> QuerySet[Warrant]:
    """The warrants of the user's units that let plates be put up and have not run out."""
    return Warrant.objects.filter(
        Q(period__endswith__isnull=True) | Q(period__endswith__gt=timezone.localdate()),
        issuer__in=user.unit_ids,
        things__contains=["plate"],
    ).select_related("issuer")


class Choose(Permitted, TemplateView):
    """/plates/propose/: under which of one's items that allow plates."""

    permission = SEND
    template_name = "plates/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items."""
        found = own_warrants(self.request.user)
        return super().get_context_data(
            title=_("申请挂牌、设机构"),
            items=[(one, one.terms, names.title(one.region_code)) for one in found],
            allowed="、".join(ALLOWED),
            crumbs=[(str(_("机构牌子")), reverse("plates:home")), (str(_("申请挂牌、设机构")), "")],
            **kwargs,
        )


class Propose(EditPage):
    """/plates/propose/<warrant>/?street="""

    permission = SEND
    template_name = "plates/propose.html"
    title = _("申请挂牌、设机构")
    form_class: Any = forms.ProposeForm
    submit_label = _("提交申请")
    success_message = _("已提交，街道会回复。")

    def get_object(self) -> Warrant:
        """The warrant: one of the user's units'."""
        found = own_warrants(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.subtitle = f"{found.title} · {found.terms.frequency}"
        user: Any = self.request.user
        if len(found.region_code) >= STREET:
            self.streets = [(found.region_code[:STREET], names.title(found.region_code[:STREET]))]
        else:
            rows = Region.objects.filter(
                level=Level.STREET, region_code__startswith=found.region_code, valid_to__isnull=True
            ).order_by("region_code")
            self.streets = [(one.region_code, one.title) for one in rows if user.can(SEND, one.region_code)]
        keys = [key for key, _name in self.streets]
        asked = self.request.GET.get("street", "")
        self.street = asked if asked in keys else (keys or [""])[0]
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """The communities of the street."""
        within = max(self.street, self.object.region_code, key=len)
        rows = Region.objects.filter(
            level=Level.COMMUNITY, region_code__startswith=within, valid_to__isnull=True
        ).order_by("region_code")
        return super().get_form_kwargs() | {"communities": [(one.region_code, one.title) for one in rows]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The streets to choose from."""
        return super().get_context_data(streets=self.streets, street=self.street, **kwargs)

    def cancel_url(self) -> str:
        """Back to the choice."""
        return reverse("plates:choose")

    def perform(self, form: Any) -> str:
        """Propose."""
        made = actions.propose(acting_user=self.request.user, warrant=self.object, **form.cleaned_data)
        return made[0].get_absolute_url() if len(made) == 1 else f"{reverse('plates:list')}?state=proposed"


class Kinds(Permitted, TemplateView):
    """/plates/kinds/: which plates may hang, for everybody whom it binds."""

    permission = VIEW
    template_name = "plates/kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """By district; the usual three where a district has settled nothing."""
        user: Any = self.request.user
        districts = sorted(
            {scope.low[:DISTRICT] for scope in user.scopes(VIEW) if len(scope.low) >= DISTRICT}
        )
        held = list(PlateKind.objects.filter(region_code__in=districts))
        return super().get_context_data(
            title=_("允许悬挂的牌子"),
            districts=[
                (
                    code,
                    names.title(code),
                    [one for one in held if one.region_code == code],
                    user.can(DECIDE, code),
                )
                for code in districts
            ],
            usual=ALLOWED,
            crumbs=[(str(_("机构牌子")), reverse("plates:home")), (str(_("允许悬挂的牌子")), "")],
            **kwargs,
        )


class SetKind(EditPage):
    """/plates/kinds/<district>/?name="""

    permission = DECIDE
    title = _("牌子种类")
    form_class: Any = forms.KindForm

    def get_object(self) -> None:
        """A district in which the user decides."""
        user: Any = self.request.user
        code = self.kwargs["region_code"]
        if len(code) != DISTRICT or not user.can(DECIDE, code) or names.title(code) == code:
            raise Http404
        self.subtitle = names.title(code)

    def get_initial(self) -> dict[str, Any]:
        """That of the link."""
        asked = self.request.GET.get("name", "")
        found = PlateKind.objects.filter(region_code=self.kwargs["region_code"], name=asked).first()
        if found is None:
            return {"name": asked, "is_allowed": True}
        return {"name": found.name, "is_allowed": found.is_allowed, "basis": found.basis}

    def cancel_url(self) -> str:
        """Back to the kinds."""
        return reverse("plates:kinds")

    def perform(self, form: Any) -> str:
        """Keep it."""
        actions.set_kind(
            acting_user=self.request.user, region_code=self.kwargs["region_code"], **form.cleaned_data
        )
        return reverse("plates:kinds")
