"""The forms of people as pages: each hands its clean data to one action."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.kernel import citizen_number
from linli.pages.views import EditPage, asks_for, error_texts, put_error
from linli.registry.people import actions, describing, extensions, filters, forms
from linli.registry.people.models import HEAD, Household, HouseholdKind, HouseholdMember, Kinship, Person
from linli.registry.people.pickers import OptionField
from linli.registry.people.rules import family as family_rules
from linli.registry.people.rules.details import HEALTH_FACTS
from linli.registry.places.forms import sealed_changes

VIEW, EDIT = Permission.VIEW_PEOPLE, Permission.EDIT_PEOPLE
SEALED = ("id_number", "phone", "landline")


class PeopleEdit(EditPage):
    """A form of this room: its pickers know who is asking."""

    permission: Permission | None = EDIT

    def get_form(self, form_class: Any = None) -> Any:
        """The form, its pickers bound to the user."""
        form = super().get_form(form_class)
        for field in form.fields.values():
            if isinstance(field, OptionField):
                field.user = self.request.user
        if not form.is_bound and isinstance(form, forms.SharedHomeForm):
            form.ask_sharing_only_if_needed()
        return form

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again; whether a home is shared is asked only where others live there."""
        if isinstance(form, forms.SharedHomeForm):
            form.ask_sharing_only_if_needed()
        return super().form_invalid(form)


class PersonEdit(PeopleEdit):
    """A form about one person whom the user may edit."""

    model = Person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say of whom."""
        person = self.object
        self.subtitle = " · ".join(
            part
            for part in (person.name, describing.sex_and_age(person), describing.area(person.region_code))
            if part
        )
        return super().get_context_data(**kwargs)

    def others_in_household(self) -> tuple[list[tuple[str, str]], int | None]:
        """When the person is head: the others of the household, and who would follow by the rules."""
        today = timezone.localdate()
        mine = HouseholdMember.objects.filter(
            person=self.object, relation=HEAD, period__contains=today
        ).first()
        if mine is None:
            return [], None
        members = list(
            HouseholdMember.objects.select_related("person").filter(
                household=mine.household_id, period__contains=today
            )
        )
        known = [
            family_rules.Member(one.person_id, one.relation, one.person.sex, one.person.birth_date)
            for one in members
        ]
        next_head = family_rules.successor(known, today)
        others = [
            (str(one.person_id), f"{one.person.name}（{one.get_relation_display()}）")
            for one in members
            if one.person_id != self.object.pk
        ]
        return others, next_head.person_id if next_head is not None else None

    def get_form(self, form_class: Any = None) -> Any:
        """Where the person is head, ask who follows."""
        form = super().get_form(form_class)
        if hasattr(form, "offer_heads"):
            form.offer_heads(*self.others_in_household())
        return form


class PersonUpdate(PersonEdit):
    """/people/<id>/edit/"""

    title = _("修改居民信息")
    form_class: Any = forms.PersonForm
    intro = _("证件号码和电话平时隐去，不改请留空。")
    success_message = _("已保存。")

    def get_initial(self) -> dict[str, Any]:
        """As it is; sealed numbers are never put into a form."""
        found = {
            name: getattr(self.object, name) for name in forms.PersonForm.base_fields if name not in SEALED
        }
        return found | {"sex": "" if found["sex"] == "0" else found["sex"]}

    def get_form(self, form_class: Any = None) -> Any:
        """Say what is kept, masked."""
        form = super().get_form(form_class)
        user: Any = self.request.user
        if not user.can(Permission.VIEW_SENSITIVE_GROUPS, self.object.region_code):
            for name in HEALTH_FACTS:
                del form.fields[name]
        form.fields["id_number"].kept(describing.masked_number(self.object))
        form.fields["phone"].kept(describing.masked_phone(self.object.phone))
        form.fields["landline"].kept(describing.masked_phone(self.object.landline))
        return form

    def perform(self, form: Any) -> Person:
        """Change what differs."""
        return actions.update_person(
            acting_user=self.request.user,
            person_id=self.object.pk,
            values=sealed_changes(form.cleaned_data, SEALED),
        )


class Register(PeopleEdit):
    """/people/register/: find first, then register. Numbers are only ever posted, never part of an address."""

    permission = EDIT
    template_name = "people/register.html"
    title = _("登记居民")
    form_class: Any = forms.RegisterForm
    submit_label = _("登记")
    success_message = _("已登记。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question: is the person here already?"""
        return self._show(find=forms.FindForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """`step`: find (look), new (the form, prefilled), save."""
        step = request.POST.get("step")
        if step == "save":
            form = self._bind(request.POST)
            if not form.is_valid():
                return self.form_invalid(form)
            return self._unseen(form) or self.form_valid(form)
        find = forms.FindForm(request.POST)
        if not find.is_valid():
            return self._show(find=find, status=422)
        wanted = find.cleaned_data
        found, elsewhere, likely_elsewhere = self._find(wanted)
        if step == "new" or not (found or elsewhere or likely_elsewhere):
            checked = self._ids(request.POST.get("checked", ""))
            return self._show(form=self._fresh(wanted), looked=step != "new", checked=checked)
        return self._show(
            find=find,
            found=found,
            elsewhere=elsewhere,
            likely_elsewhere=likely_elsewhere,
            wanted={
                key: f"{value:%Y-%m-%d}" if isinstance(value, date) else value or ""
                for key, value in wanted.items()
            },
        )

    @staticmethod
    def _ids(text: str) -> list[int]:
        return [int(one) for one in text.split(",") if one.isdecimal() and len(one) < 19][:50]

    def _unseen(self, form: Any) -> HttpResponse | None:
        """Before somebody is registered: those who are likely the same and have not been shown yet, with the form as it is; None
        when there are none."""
        data = form.cleaned_data
        known = {key: data.get(key) for key in ("name", "id_number", "phone", "birth_date", "home")}
        checked = set(self._ids(self.request.POST.get("checked", "")))
        likely = {
            one.person_id: one
            for one in extensions.alike(known)
            if one.sure in extensions.LIKELY and one.person_id not in checked
        }
        if not likely:
            return None
        mine = Person.objects.permitted(self.request.user, VIEW).filter(pk__in=likely)
        found = sorted(mine, key=lambda one: list(likely).index(one.pk))
        return self._show(
            form=form,
            found=found,
            why=likely,
            likely_elsewhere=len(found) < len(likely),
            checked=[*checked, *likely],
            status=422,
        )

    def _bind(self, data: Any = None, initial: dict[str, Any] | None = None) -> Any:
        form = forms.RegisterForm(data, initial=initial)
        for field in form.fields.values():
            if isinstance(field, OptionField):
                field.user = self.request.user
        if not form.is_bound:
            form.ask_sharing_only_if_needed()
        return form

    def _fresh(self, wanted: dict[str, Any]) -> Any:
        initial = {key: value for key, value in wanted.items() if value}
        try:
            read = citizen_number.parse(wanted.get("id_number") or "")
            initial |= {
                "sex": read.sex,
                "birth_date": read.birth_date,
                "id_kind": "08" if read.is_permit else "01",
            }
        except citizen_number.InvalidCitizenNumber:
            pass
        home = self.request.GET.get("home", "")
        if home.isdecimal() and len(home) < 19:
            initial["home"] = home
        household = self.request.GET.get("household", "")
        if household.isdecimal() and len(household) < 19:
            initial |= {"household": household, "family": "join"}
        elif "home" in initial:
            initial |= self._family_of(int(initial["home"]))
        return self._bind(initial=initial)

    def _family_of(self, home_id: int) -> dict[str, Any]:
        """What is likeliest in a home: joining the household that has members there, a new one where there is none. Where the home
        is not known yet, nothing is chosen beforehand."""
        there = list(
            Household.objects.permitted(self.request.user, VIEW)
            .filter(home=home_id, members__period__contains=timezone.localdate())
            .distinct()
            .values_list("pk", flat=True)[:2]
        )
        if not there:
            return {"family": "new"}
        return {"family": "join"} | ({"household": str(there[0])} if len(there) == 1 else {})

    def _find(self, wanted: dict[str, Any]) -> tuple[list[Person], bool, bool]:
        """Who it may be in the user's area, the surest first; whether the number is taken elsewhere; whether somebody elsewhere is
        likely the same."""
        mine = Person.objects.permitted(self.request.user, VIEW)
        found: dict[int, Person] = {}
        elsewhere = False
        for text in (wanted.get("id_number"), wanted.get("phone")):
            numbered = filters.by_number(mine, text) if text else None
            if numbered is not None:
                found |= {one.pk: one for one in numbered[:10]}
        number = citizen_number.normalise(wanted.get("id_number") or "")
        if number and not found:
            everyone = filters.by_number(Person.objects.all(), number) if len(number) == 18 else None
            elsewhere = everyone is not None and everyone.exists()
        home = self.request.GET.get("home", "")
        known = wanted | {"home": int(home) if home.isdecimal() and len(home) < 19 else None}
        self.why = {one.person_id: one for one in extensions.alike(known)}
        alike = {one.pk: one for one in mine.filter(pk__in=self.why)}
        found = {pk: alike[pk] for pk in self.why if pk in alike} | found
        likely = [pk for pk, one in self.why.items() if one.sure in extensions.LIKELY]
        likely_elsewhere = not elsewhere and any(pk not in alike for pk in likely)
        if wanted.get("name") and not found:
            found |= {one.pk: one for one in mine.filter(name=wanted["name"].strip())[:20]}
        return list(found.values()), elsewhere, likely_elsewhere

    def _show(self, *, status: int = 200, **kwargs: Any) -> HttpResponse:
        found = kwargs.get("found") or []
        why = kwargs.pop("why", None) or getattr(self, "why", {})
        kwargs.setdefault("checked", [one.pk for one in found])
        places = describing.addresses([one.pk for one in found])
        kwargs["found"] = [
            {
                "person": one,
                "about": describing.sex_and_age(one),
                "number": describing.masked_number(one),
                "phone": describing.masked_phone(one.phone),
                "place": places.get(one.pk, ""),
                "standing": one.get_standing_display(),
                "tone": describing.TONES[one.standing],
                "likeness": why.get(one.pk),
            }
            for one in found
        ]
        return self.render_to_response(self.get_context_data(**kwargs), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """No form is made here: the step says which one there is."""
        kwargs.setdefault("form", None)
        return super().get_context_data(**kwargs) | {
            "crumbs": [(_t("居民"), reverse("people:list")), (_t("登记居民"), "")]
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again with its errors."""
        form.ask_sharing_only_if_needed()
        for name in form.fields:
            if name in form.errors:
                form.fields[name].widget.attrs["autofocus"] = True
                break
        return self._show(form=form, status=422)

    def perform(self, form: Any) -> Person:
        """Register."""
        data = form.cleaned_data
        fields = forms.PersonForm.base_fields
        hukou = form.wanted_hukou(data["home"])
        kind = HouseholdKind.FAMILY if data["hukou"] in ("same", "home") else HouseholdKind.LIVING
        return actions.register_person(
            acting_user=self.request.user,
            values={name: data[name] for name in fields} | {"source": _t("窗口登记")},
            home_id=data["home"],
            since=data["since"],
            reason=data["reason"],
            dwelling=data["dwelling"],
            came_from=data["came_from"],
            hukou=hukou,
            hukou_nature=data["hukou_nature"] if hukou is not None else "",
            hukou_station=data["hukou_station"] if hukou is not None else "",
            family=form.wanted_family(kind),
            share_home=data["share_home"],
        )


class Death(PersonEdit):
    """/people/<id>/death/"""

    title = _("登记去世")
    form_class: Any = forms.DeathForm
    submit_label = _("登记去世")
    success_message = _("已登记。")
    tone = "danger"
    intro = _("登记后，居住、户籍、家庭和人群资格从这一天起结束。")

    def perform(self, form: Any) -> Person:
        """Record."""
        data = form.cleaned_data
        return actions.record_death(
            acting_user=self.request.user,
            person_id=self.object.pk,
            died=data["died"],
            new_head_id=form.new_head_id(),
            reason=data["reason"],
        )


class WithdrawDeath(PersonEdit):
    """/people/<id>/withdraw-death/"""

    title = _("撤销去世登记")
    form_class: Any = forms.ReasonForm
    submit_label = _("撤销")
    success_message = _("已撤销。请重新办理入户和人群。")
    tone = "danger"
    intro = _("撤销后，因去世而结束的居住和户籍恢复；家庭和人群需要重新办理。")

    def perform(self, form: Any) -> Person:
        """Take back."""
        return actions.withdraw_death(
            acting_user=self.request.user,
            person_id=self.object.pk,
            reason=form.cleaned_data["reason"],
        )


class Join(PersonEdit):
    """/people/<id>/join/"""

    title = _("加入家庭户")
    form_class: Any = forms.JoinForm
    submit_label = _("加入")
    success_message = _("已加入。")

    def get_initial(self) -> dict[str, Any]:
        """Today; the household of the home's page, if one came from there."""
        wanted = self.request.GET.get("household", "")
        picked = wanted if wanted.isdecimal() and len(wanted) < 19 else ""
        return {"on": timezone.localdate(), "household": picked}

    def perform(self, form: Any) -> Person:
        """Join."""
        data = form.cleaned_data
        actions.join_household(
            acting_user=self.request.user,
            person_id=self.object.pk,
            household_id=data["household"],
            relation=data["relation"],
            on=data["on"],
            new_head_id=form.new_head_id(),
        )
        return self.object


class Found(PersonEdit):
    """/people/<id>/found-household/"""

    title = _("立户")
    form_class: Any = forms.FoundForm
    submit_label = _("立户")
    success_message = _("已立户。")

    def get_initial(self) -> dict[str, Any]:
        """Today, where the person lives."""
        living = filters.living_on(timezone.localdate(), person=self.object).first()
        return {"on": timezone.localdate(), "home": living.home_id if living is not None else None}

    def perform(self, form: Any) -> Any:
        """Found it."""
        data = form.cleaned_data
        return actions.found_household(
            acting_user=self.request.user,
            head_id=self.object.pk,
            home_id=data["home"],
            on=data["on"],
            number=data["number"],
            kind=data["kind"],
            new_head_id=form.new_head_id(),
        )


class Leave(PersonEdit):
    """/people/<id>/leave-household/"""

    title = _("退出家庭户")
    form_class: Any = forms.LeaveForm
    submit_label = _("退出")
    success_message = _("已退出。")

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": timezone.localdate()}

    def perform(self, form: Any) -> Person:
        """Leave."""
        data = form.cleaned_data
        return actions.leave_household(
            acting_user=self.request.user,
            person_id=self.object.pk,
            on=data["on"],
            new_head_id=form.new_head_id(),
            reason=data["reason"],
        )


class SetKin(PersonEdit):
    """/people/<id>/kin/"""

    title = _("登记亲属和紧急联系人")
    form_class: Any = forms.KinForm
    success_message = _("已登记。")

    def perform(self, form: Any) -> str:
        """Set."""
        data = form.cleaned_data
        actions.set_kin(
            acting_user=self.request.user,
            person_id=self.object.pk,
            relation=data["relation"],
            relative_id=data["relative"],
            relative_name=data["relative_name"],
            relative_phone=data["relative_phone"],
            how=data["how"],
            since=data["since"],
        )
        return f"{self.object.get_absolute_url()}?tab=family"


class EndKin(PeopleEdit):
    """/people/kin/<id>/end/"""

    model = Kinship
    title = _("结束亲属关系")
    form_class: Any = forms.EndForm
    submit_label = _("结束")
    success_message = _("已结束。")

    def cancel_url(self) -> str:
        """Back to the family."""
        return f"{self.object.person.get_absolute_url()}?tab=family"

    def perform(self, form: Any) -> str:
        """End."""
        data = form.cleaned_data
        actions.end_kin(
            acting_user=self.request.user,
            kinship_id=self.object.pk,
            on=data["on"],
            reason=data["reason"],
        )
        return self.cancel_url()


class Reveal(PersonEdit):
    """/people/<id>/reveal/: the numbers in full, for a stated purpose."""

    permission = Permission.REVEAL_PEOPLE
    title = _("申请查看号码")
    form_class: Any = forms.PurposeForm
    submit_label = _("查看")

    def get_object(self) -> Any:
        """Somebody whom the user may also look at."""
        found = super().get_object()
        user: Any = self.request.user
        if not user.can(VIEW, found.region_code):
            raise Http404
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        """Record, then show."""
        try:
            shown = actions.reveal_person(
                acting_user=self.request.user,
                person_id=self.object.pk,
                purpose=form.cleaned_data["purpose"],
            )
        except (RuleError, ValidationError) as error:
            put_error(form, error)
            return self.form_invalid(form)
        in_drawer = asks_for(self.request, "drawer-body")
        context = {
            "object": self.object,
            "person": self.object,
            "shown": shown,
            "in_drawer": in_drawer,
            "frame": "pages/_drawer.html" if in_drawer else "pages/detail.html",
            "form": form,
        }
        return render(self.request, "people/revealed.html", context)


class Verify(PersonEdit):
    """/people/<id>/verify/: one button."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Verify, then show the person again."""
        person = self.get_object()
        try:
            actions.verify_person(acting_user=request.user, person_id=person.pk)
            messages.success(request, _t("已记为今天核实。"))
        except RuleError as error:
            for said in error_texts(error):
                messages.error(request, said)
        return HttpResponseRedirect(person.get_absolute_url())
