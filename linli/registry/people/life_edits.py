"""Pages of marriages, births, adoptions, and of households divided and joined."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.audit.recording import RuleError
from linli.registry.people import actions, as_of, describing, life_forms
from linli.registry.people.actions import Destination, Place
from linli.registry.people.edits import EDIT, PeopleEdit, PersonEdit
from linli.registry.people.family_edits import HouseholdEdit
from linli.registry.people.models import Person, ResidenceKind
from linli.registry.places.models import Building, Home

MOST_HOMES = 400


class Marry(PersonEdit):
    """/people/<id>/marry/"""

    title = _("登记结婚")
    form_class: Any = life_forms.MarryForm
    submit_label = _("登记")
    success_message = _("已登记结婚。")
    intro = _("双方互为配偶，婚姻状况一并改好。要搬到一起住、并到一户的，请再办理移动和入户。")

    def perform(self, form: Any) -> str:
        """Record."""
        data = form.cleaned_data
        actions.marry(
            acting_user=self.request.user,
            person_id=self.object.pk,
            on=data["on"],
            spouse_id=data["spouse"],
            spouse_name=data["spouse_name"],
        )
        return f"{self.object.get_absolute_url()}?tab=family"


class Divorce(PersonEdit):
    """/people/<id>/divorce/"""

    title = _("登记离婚")
    form_class: Any = life_forms.DivorceForm
    submit_label = _("登记")
    success_message = _("已登记离婚。")
    intro = _("双方的婚姻状况改为离婚，户不变。要分户的，请在这一户办理“分户”。")

    def perform(self, form: Any) -> str:
        """Record."""
        actions.divorce(acting_user=self.request.user, person_id=self.object.pk, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}?tab=family"


class Birth(PersonEdit):
    """/people/<id>/birth/: a child of this person."""

    title = _("登记出生")
    form_class: Any = life_forms.BirthForm
    submit_label = _("登记")
    success_message = _("已登记。")
    intro = _("孩子从出生那天起住在父母的住处，记入父母的户，父母子女关系一并登记。")

    def perform(self, form: Any) -> Person:
        """Record."""
        data = form.cleaned_data
        mine, other = self.object.pk, data["other"]
        mother, father = (other, mine) if self.object.sex == "1" else (mine, other)
        return actions.record_birth(
            acting_user=self.request.user,
            values={key: data[key] for key in ("name", "sex", "birth_date", "id_number")},
            mother_id=mother,
            father_id=father,
            hukou_with=data["hukou_with"],
        )


class Adopt(PersonEdit):
    """/people/<id>/adopt/: this person is adopted."""

    title = _("登记收养")
    form_class: Any = life_forms.AdoptForm
    submit_label = _("登记")
    success_message = _("已登记收养。")
    intro = _("从这一天起收养人是父母，原来登记的父母关系结束。住处要变的，请再办理移动。")

    def perform(self, form: Any) -> str:
        """Record."""
        data = form.cleaned_data
        actions.adopt(
            acting_user=self.request.user,
            person_id=self.object.pk,
            on=data["on"],
            mother_id=data["mother"],
            father_id=data["father"],
            join_household=data["join_household"],
            new_head_id=form.new_head_id(),
            reason=data["reason"],
        )
        return f"{self.object.get_absolute_url()}?tab=family"


class Split(HouseholdEdit):
    """/people/households/<id>/split/"""

    title = _("分户")
    form_class: Any = life_forms.SplitForm
    submit_label = _("分户")
    success_message = _("已分户。")
    intro = _("选中的人从这一户分出去，另立一户。这里只分户，不改变住在哪里。")

    def get_form(self, form_class: Any = None) -> Any:
        """The members to choose from."""
        user: Any = self.request.user
        form = super().get_form(form_class)
        choices = [
            (
                str(one.person_id),
                f"{one.person.name}（{one.get_relation_display()}，{describing.sex_and_age(one.person)}）",
            )
            for one in self.members()
            if user.can(EDIT, one.person.region_code)
        ]
        form.fields["people"].choices = choices
        form.fields["head"].choices = [("", _t("请选择")), *choices]
        form.fields["new_head"].choices = [("", _t("不变")), *choices]
        return form

    def perform(self, form: Any) -> Any:
        """Divide."""
        data = form.cleaned_data
        return actions.split_household(
            acting_user=self.request.user,
            household_id=self.object.pk,
            person_ids=[int(pk) for pk in data["people"]],
            head_id=int(data["head"]),
            new_head_id=int(data["new_head"]) if data["new_head"] else None,
            on=data["on"],
            home_id=data["home"],
            number=data["number"],
            reason=data["reason"],
        )


class Merge(HouseholdEdit):
    """/people/households/<id>/merge/"""

    title = _("并户")
    form_class: Any = life_forms.MergeForm
    submit_label = _("并户")
    success_message = _("已并户。")
    intro = _("这一户的人全部转入另一户，请逐人选好与新户主的关系。")

    def get_form(self, form_class: Any = None) -> Any:
        """A relation for each member."""
        form = super().get_form(form_class)
        for one in self.members():
            form.add_member(one.person_id, one.person.name)
        return form

    def perform(self, form: Any) -> Any:
        """Join."""
        data = form.cleaned_data
        return actions.merge_households(
            acting_user=self.request.user,
            household_id=self.object.pk,
            into_id=data["into"],
            on=data["on"],
            relations=form.relations(),
            reason=data["reason"],
        )


class Clear(PeopleEdit):
    """/people/buildings/<id>/clear/: the families of a building move at once."""

    model = Building
    permission = EDIT
    title = _("整楼搬迁")
    form_class: Any = life_forms.ClearForm
    submit_label = _("全部搬迁")
    tone = "danger"
    intro = _("选中房屋里的人在同一天搬走：另选了房屋的搬到那里，其余的去统一去处。一户有问题，全部不动。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which."""
        self.subtitle = str(self.object)
        return super().get_context_data(**kwargs)

    def homes(self) -> list[tuple[Home, int]]:
        """The homes with people in them, and how many."""
        today = describing.timezone.localdate()
        counts: dict[int, int] = {}
        living = as_of.residences(today, home__building=self.object, kind=ResidenceKind.LIVING)
        for home_id in living.values_list("home_id", flat=True):
            counts[home_id] = counts.get(home_id, 0) + 1
        found = Home.objects.filter(pk__in=counts).order_by("unit__position", "floor", "position", "pk")[
            : MOST_HOMES + 1
        ]
        if len(found) > MOST_HOMES:
            raise Http404
        return [(one, counts[one.pk]) for one in found]

    def get_form(self, form_class: Any = None) -> Any:
        """A box and a destination for each home."""
        form = super().get_form(form_class)
        homes = self.homes()
        form.fields["homes"].choices = [
            (str(one.pk), _t("%(home)s（%(n)d 人）") % {"home": one.full_address, "n": n}) for one, n in homes
        ]
        form.fields["homes"].error_messages["required"] = _t("请至少选择一套房屋。")
        form.initial.setdefault("homes", [str(one.pk) for one, _n in homes])
        for one, _n in homes:
            form.add_home(one.pk, one.full_address, self.request.user)
        return form

    def perform(self, form: Any) -> str:
        """Move them."""
        data = form.cleaned_data
        outside = Place(region_code=data["region"] or "", address=data["address"].strip())
        if len(outside.region_code) >= 12:
            raise RuleError(
                _t("统一去处请选外地的县区；去处在本辖区的，请在下面逐户选房屋。"), field="region"
            )
        moves = {
            int(pk): Destination(home_id=data[f"to_{pk}"])
            if data.get(f"to_{pk}")
            else Destination(outside=outside)
            for pk in data["homes"]
        }
        moved = actions.clear_homes(
            acting_user=self.request.user,
            moves=moves,
            on=data["on"],
            with_hukou=data["with_hukou"],
            reason=data["reason"],
        )
        self.success_message = _t("已搬迁 %(n)d 人。") % {"n": moved}
        url: str = self.object.get_absolute_url()
        return url
