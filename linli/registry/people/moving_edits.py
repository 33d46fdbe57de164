"""The forms of moving as pages: in, out, within the area, and the hukou."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.audit.recording import RuleError
from linli.registry.people import actions, describing, forms
from linli.registry.people.actions import Place
from linli.registry.people.edits import VIEW, PersonEdit
from linli.registry.people.models import Person, Residence, ResidenceKind
from linli.registry.places.forms import sealed_changes


class MoveIn(PersonEdit):
    """/people/<id>/move-in/"""

    title = _("办理迁入")
    form_class: Any = forms.MoveInForm
    submit_label = _("迁入")
    success_message = _("已办理迁入。")

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": timezone.localdate()}

    def perform(self, form: Any) -> Person:
        """Move in."""
        data = form.cleaned_data
        return actions.move_in(
            acting_user=self.request.user,
            person_id=self.object.pk,
            home_id=data["home"],
            on=data["on"],
            reason=data["inflow"],
            dwelling=data["dwelling"],
            came_from=data["came_from"],
            family=form.wanted_family(),
            new_head_id=form.new_head_id(),
            share_home=data["share_home"],
        )


class MoveWithin(PersonEdit):
    """/people/<id>/move-within/"""

    title = _("辖区内移动")
    form_class: Any = forms.MoveWithinForm
    submit_label = _("确认移动")
    success_message = _("已办理移动。")

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": timezone.localdate()}

    def perform(self, form: Any) -> Person:
        """Move."""
        data = form.cleaned_data
        return actions.move_within(
            acting_user=self.request.user,
            person_id=self.object.pk,
            home_id=data["home"],
            on=data["on"],
            dwelling=data["dwelling"],
            family=form.wanted_family(),
            new_head_id=form.new_head_id(),
            share_home=data["share_home"],
        )


class MoveOut(PersonEdit):
    """/people/<id>/move-out/"""

    title = _("办理迁出")
    form_class: Any = forms.MoveOutForm
    submit_label = _("迁出")
    success_message = _("已办理迁出。")
    intro = _("只是人搬走、户口还在本辖区的，不要勾选“户口一并迁出”，系统会记为“户在人不在”。")

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": timezone.localdate()}

    def perform(self, form: Any) -> Person | str:
        """Move out; who left for good may not be the user's to see any more."""
        data = form.cleaned_data
        person = actions.move_out(
            acting_user=self.request.user,
            person_id=self.object.pk,
            on=data["on"],
            went_to=Place(region_code=data["went_region"], address=data["went_address"]),
            with_hukou=data["with_hukou"],
            new_head_id=form.new_head_id(),
            reason=data["reason"],
        )
        user: Any = self.request.user
        return person if user.can(VIEW, person.region_code) else reverse("people:list")


class SetHukou(PersonEdit):
    """/people/<id>/hukou/"""

    title = _("登记或迁移户籍")
    form_class: Any = forms.HukouForm
    success_message = _("户籍已登记。")

    def get_initial(self) -> dict[str, Any]:
        """Somewhere else is the likeliest; ?correct=1 brings what is recorded, to be put right."""
        now = self.running() if self.request.GET.get("correct") else None
        if now is None:
            return {"hukou": "away"}
        place = (
            {"hukou": "home", "hukou_home": now.home_id}
            if now.home_id is not None
            else {"hukou": "away", "hukou_region": now.region_code, "hukou_address": now.address}
        )
        return place | {
            "hukou_nature": now.hukou_nature,
            "hukou_station": now.station,
            "on": now.period.lower,
            "correction": True,
        }

    def running(self) -> Residence | None:
        """The present hukou."""
        return Residence.objects.filter(
            person=self.object, kind=ResidenceKind.HUKOU, period__contains=timezone.localdate()
        ).first()

    def perform(self, form: Any) -> Person:
        """Set it."""
        data = form.cleaned_data
        place = form.wanted_hukou()
        if place is None:
            raise RuleError(_t("请选择户籍在哪里。"), field="hukou")
        return actions.set_hukou(
            acting_user=self.request.user,
            person_id=self.object.pk,
            place=place,
            on=data["on"],
            nature=data["hukou_nature"],
            station=data["hukou_station"] or None,
            correction=data["correction"],
        )


class UpdateLiving(PersonEdit):
    """/people/<id>/living/"""

    title = _("居住证和流入信息")
    form_class: Any = forms.LivingForm
    intro = _("居住证号平时隐去，不改请留空；换发、续签后改有效期。")

    def living(self) -> Residence | None:
        """The present living spell."""
        found: Residence | None = (
            Residence.objects.filter(
                person=self.object, kind=ResidenceKind.LIVING, period__contains=timezone.localdate()
            )
            .exclude(home=None)
            .first()
        )
        return found

    def get_initial(self) -> dict[str, Any]:
        """As it is; the number is never put into a form."""
        living = self.living()
        if living is None:
            return {}
        kept = ("reason", "dwelling", "permit_kind", "permit_on", "permit_until", "permit_place")
        return {key: getattr(living, key) for key in kept}

    def get_form(self, form_class: Any = None) -> Any:
        """Say which number is kept, masked."""
        form = super().get_form(form_class)
        living = self.living()
        if living is not None:
            form.fields["permit_number"].kept(describing.masked_permit(living.permit_number))
        return form

    def perform(self, form: Any) -> Person:
        """Change what differs."""
        return actions.update_living(
            acting_user=self.request.user,
            person_id=self.object.pk,
            **sealed_changes(form.cleaned_data, ("permit_number",)),
        )


class CorrectLiving(PersonEdit):
    """/people/<id>/correct-living/"""

    title = _("更正现住址")
    form_class: Any = forms.CorrectLivingForm
    intro = _("只用于原来登记错了。人真的搬了家，请用“辖区内移动”。")
    submit_label = _("更正")
    success_message = _("已更正。")

    def perform(self, form: Any) -> Person:
        """Correct."""
        data = form.cleaned_data
        return actions.correct_living(
            acting_user=self.request.user,
            person_id=self.object.pk,
            home_id=data["home"],
            since=data["since"],
            reason=data["reason"],
        )
