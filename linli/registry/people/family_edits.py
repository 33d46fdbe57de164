"""The forms of households as pages."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel import codes
from linli.registry.people import actions, describing, filters, forms
from linli.registry.people.edits import EDIT, PeopleEdit
from linli.registry.people.models import HEAD, Household, HouseholdMember
from linli.registry.people.rules import family as family_rules


class HouseholdEdit(PeopleEdit):
    """A form about one household."""

    model = Household

    def members(self) -> list[HouseholdMember]:
        """Who belongs to it today, the head first."""
        found = HouseholdMember.objects.select_related("person").filter(
            household=self.object, period__contains=timezone.localdate()
        )
        return sorted(found, key=lambda one: (one.relation != HEAD, one.relation))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which."""
        home = self.object.home
        number = _t("户 %(number)s") % {"number": self.object.number}
        self.subtitle = f"{number} · {home.full_address}" if home is not None else number
        return super().get_context_data(**kwargs)


class HouseholdUpdate(HouseholdEdit):
    """/people/households/<id>/edit/"""

    title = _("修改户信息")
    form_class: Any = forms.HouseholdForm
    intro = _("这里只改户本身的登记。人搬了家，请用“整户迁移”。")

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.object
        return {"number": one.number, "kind": one.kind, "home": one.home_id, "note": one.note}

    def perform(self, form: Any) -> Household:
        """Change what differs."""
        data = form.cleaned_data
        return actions.update_household(
            acting_user=self.request.user,
            household_id=self.object.pk,
            number=data["number"],
            kind=data["kind"],
            home_id=data["home"],
            note=data["note"],
        )


class ChangeHead(HouseholdEdit):
    """/people/households/<id>/head/"""

    title = _("变更户主")
    form_class: Any = forms.HeadForm
    submit_label = _("变更")
    success_message = _("户主已变更。")
    intro = _("选好新户主后，其他人与新户主的关系由系统按原关系推算；推算不准的，在下面直接选。")

    def get_initial(self) -> dict[str, Any]:
        """Today, and who would follow by the rules."""
        members = [
            family_rules.Member(one.person_id, one.relation, one.person.sex, one.person.birth_date)
            for one in self.members()
        ]
        following = family_rules.successor(members, timezone.localdate())
        return {"on": timezone.localdate(), "new_head": str(following.person_id) if following else ""}

    def get_form(self, form_class: Any = None) -> Any:
        """The members to choose from, and a relation for each."""
        form = super().get_form(form_class)
        members = self.members()
        form.fields["new_head"].choices = [
            (
                str(one.person_id),
                f"{one.person.name}（{one.get_relation_display()}，{describing.sex_and_age(one.person)}）",
            )
            for one in members
            if one.relation != HEAD
        ]
        form.fields["new_head"].error_messages["required"] = _t("请选择新户主。")
        relations = [("", _t("由系统推算")), *forms.RELATIONS[1:]]
        for one in members:
            form.fields[f"relation_{one.person_id}"] = django_forms.ChoiceField(
                label=_t("%(name)s与新户主关系") % {"name": one.person.name},
                choices=relations,
                required=False,
            )
        return form

    def perform(self, form: Any) -> Household:
        """Change."""
        data = form.cleaned_data
        new_head = int(data["new_head"])
        said = {
            int(name.removeprefix("relation_")): code
            for name, code in data.items()
            if name.startswith("relation_") and code
        }
        said.pop(new_head, None)
        return actions.change_head(
            acting_user=self.request.user,
            household_id=self.object.pk,
            new_head_id=new_head,
            on=data["on"],
            relations=said,
            reason=data["reason"],
        )


class MoveHousehold(HouseholdEdit):
    """/people/households/<id>/move/"""

    title = _("整户迁移")
    form_class: Any = forms.MoveHouseholdForm
    submit_label = _("迁移")
    success_message = _("已整户迁移。")

    def get_initial(self) -> dict[str, Any]:
        """Today, everybody who lives in the area; who lives elsewhere is not moved unless picked."""
        today = timezone.localdate()
        here = set(
            filters.living_on(today, person__in=[one.person_id for one in self.members()])
            .filter(home__isnull=False)
            .values_list("person_id", flat=True)
        )
        return {
            "on": today,
            "people": [str(one.person_id) for one in self.members() if one.person_id in here],
        }

    def get_form(self, form_class: Any = None) -> Any:
        """The members to choose from: those whom the user may edit."""
        user: Any = self.request.user
        form = super().get_form(form_class)
        form.fields["people"].choices = [
            (
                str(one.person_id),
                f"{one.person.name}（{codes.KINSHIP.label(one.relation)}，{describing.sex_and_age(one.person)}）",
            )
            for one in self.members()
            if user.can(EDIT, one.person.region_code)
        ]
        form.fields["people"].error_messages["required"] = _t("请至少选择一名随迁成员。")
        return form

    def perform(self, form: Any) -> Household:
        """Move."""
        data = form.cleaned_data
        return actions.move_household(
            acting_user=self.request.user,
            household_id=self.object.pk,
            home_id=data["home"],
            on=data["on"],
            person_ids=[int(pk) for pk in data["people"]],
            with_hukou=data["with_hukou"],
            reason=data["reason"],
            share_home=data["share_home"],
        )


class RelationForm(django_forms.Form):
    """A member's relation to the head."""

    relation = django_forms.ChoiceField(label=_("与户主关系"), choices=forms.RELATIONS)


class SetRelation(HouseholdEdit):
    """/people/households/<id>/members/<person>/"""

    title = _("更正与户主关系")
    form_class: Any = RelationForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        mine = next((one for one in self.members() if one.person_id == self.kwargs["person"]), None)
        return {"relation": mine.relation if mine is not None else ""}

    def perform(self, form: Any) -> Household:
        """Put right."""
        actions.set_relation(
            acting_user=self.request.user,
            household_id=self.object.pk,
            person_id=self.kwargs["person"],
            relation=form.cleaned_data["relation"],
        )
        return self.object
