"""The forms of this room as pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.certificates import actions, knowing, listing
from linli.certificates.forms import (
    AnswerForm,
    CopiesForm,
    IssueForm,
    LogForm,
    PickForm,
    PrepareForm,
    ReasonForm,
    RefuseForm,
    SealForm,
    communities,
)
from linli.certificates.models import Asker, Certificate, Edition, Seal, Standing, State, Why
from linli.certificates.rules import wording
from linli.kernel import citizen_number
from linli.pages.views import EditPage
from linli.regions.models import KEY_LENGTH, Level
from linli.registry.people.models import Person

ISSUE, APPROVE = Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES
MANAGE = Permission.MANAGE_CERTIFICATES
DISTRICT = KEY_LENGTH[Level.DISTRICT]
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]


class Pick(EditPage):
    """/certificates/pick/<code>: about whom?"""

    permission = ISSUE
    title = _("证明开给谁")
    submit_label = _("下一步")
    success_message = ""
    form_class: Any = PickForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def cancel_url(self) -> str:
        return reverse("certificates:counter")

    def perform(self, form: Any) -> Any:
        user: Any = self.request.user
        person = Person.objects.permitted(user, ISSUE).filter(pk=form.cleaned_data["person"]).first()
        if person is None:
            raise RuleError(_t("没有找到这位居民，请重新选择。"), field="person")
        return HttpResponseRedirect(reverse("certificates:prepare", args=[person.pk, self.kwargs["code"]]))


class Prepare(EditPage):
    """/certificates/people/<id>/<code>: what the base says stands there as it is; only the rest is asked."""

    model = Person
    permission = ISSUE
    template_name = "certificates/prepare.html"
    submit_label = _("下一步：核对正文")
    success_message = _("请核对正文，无误后出具。")
    form_class: Any = PrepareForm

    @property
    def edition(self) -> Edition:
        """The kind, as it holds where the person is. Raises Http404."""
        found = listing.one_in_force(self.object.region_code[:COMMUNITY], self.kwargs["code"])
        if found is None or found.standing != Standing.ALLOWED:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "edition": self.edition,
            "district": self.object.region_code[:DISTRICT],
        }

    def cancel_url(self) -> str:
        return reverse("certificates:of_person", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edition = self.edition
        person = self.object
        self.title = edition.title
        known = knowing.known(person, timezone.localdate(), person.region_code[:COMMUNITY])
        shown = []
        for place in wording.places(edition.wording):
            fact = known.facts.get(place)
            if fact is None or place == "截止日期":
                continue
            text = citizen_number.mask(fact.text) if place == "证件号码" and fact.text else fact.text
            shown.append(
                {"label": place, "text": text, "url": reverse(fact.fix, args=[person.pk]) if fact.fix else ""}
            )
        obstacles = [
            {"text": one.text, "url": reverse(one.fix, args=[person.pk]) if one.fix else ""}
            for one in known.obstacles(edition)
        ]
        return super().get_context_data(
            person=person,
            edition=edition,
            shown=shown,
            obstacles=obstacles,
            warnings=known.warnings,
            refuse_url=f"{reverse('certificates:refuse')}?code={edition.kind.code}&person={person.pk}&why={Why.FACTS}",
            crumbs=[
                (_t("证明用印"), reverse("certificates:list")),
                (person.name, reverse("certificates:of_person", args=[person.pk])),
                (edition.title, ""),
            ],
            **kwargs,
        )

    def perform(self, form: Any) -> Certificate:
        data = form.cleaned_data
        return actions.prepare(
            acting_user=self.request.user,
            person_id=self.object.pk,
            code=self.kwargs["code"],
            as_of=data["as_of"],
            asker_kind=data["asker_kind"],
            asker_name=data["asker_name"],
            asker_paper=data["asker_paper"],
            purpose=data["purpose"],
            receiver=data["receiver"],
            answers=form.answers,
            copies=data["copies"],
        )


class _OnCertificate(EditPage):
    """A form about a certificate."""

    model = Certificate
    permission = ISSUE
    states: tuple[str, ...] = ()

    def get_object(self) -> Any:
        """One in the right state; others are sent to their page by the action's words."""
        found = super().get_object()
        if self.states and found.state not in self.states:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which certificate it is."""
        one: Certificate = self.object
        self.subtitle = f"{one.number_text or one.edition.title} · {one.person.name}"
        return super().get_context_data(**kwargs)


class Issue(_OnCertificate):
    """/certificates/<id>/issue"""

    states = (State.DRAFT,)
    title = _("出具并用印")
    intro = _("出具后编号、正文和文件都不能再改；写错了只能作废重开。")
    submit_label = _("出具")
    success_message = _("已出具，请打印、盖章后交给居民。")
    form_class: Any = IssueForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"community": self.object.region_code}

    def perform(self, form: Any) -> Certificate:
        seal = form.cleaned_data["seal"]
        return actions.issue(
            acting_user=self.request.user,
            certificate_id=self.object.pk,
            seal_id=int(seal) if seal else None,
            hand=form.cleaned_data["hand"],
            base_url=self.request.build_absolute_uri("/"),
        )


class Copies(_OnCertificate):
    """/certificates/<id>/copies"""

    states = (State.ISSUED,)
    title = _("加印")
    intro = _("内容与原件完全一样，在用印登记里另记一行。")
    submit_label = _("加印")
    success_message = _("已登记，请打印、盖章。")
    form_class: Any = CopiesForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"community": self.object.region_code}

    def perform(self, form: Any) -> Certificate:
        data = form.cleaned_data
        return actions.add_copies(
            acting_user=self.request.user,
            certificate_id=self.object.pk,
            copies=data["copies"],
            seal_id=int(data["seal"]) if data["seal"] else None,
            hand=data["hand"],
            reason=data["reason"],
        )


class Withdraw(_OnCertificate):
    """/certificates/<id>/withdraw"""

    states = (State.ISSUED,)
    title = _("作废证明")
    intro = _("作废后扫码核验会显示“已作废”。请尽量收回原件。编号不会再用。")
    tone = "danger"
    submit_label = _("作废")
    success_message = _("已作废。")
    form_class: Any = ReasonForm

    def perform(self, form: Any) -> Certificate:
        return actions.withdraw(
            acting_user=self.request.user,
            certificate_id=self.object.pk,
            reason=form.cleaned_data["reason"],
        )


class Drop(_OnCertificate):
    """/certificates/<id>/drop"""

    states = (State.DRAFT, State.WAITING)
    title = _("不出具了")
    intro = _("还没有编号，放弃后不占编号。")
    submit_label = _("放弃")
    success_message = _("已放弃。")
    form_class: Any = ReasonForm

    def perform(self, form: Any) -> Certificate:
        return actions.drop(
            acting_user=self.request.user,
            certificate_id=self.object.pk,
            reason=form.cleaned_data["reason"],
        )


class SendBack(_OnCertificate):
    """/certificates/<id>/return"""

    permission = APPROVE
    states = (State.WAITING,)
    title = _("退回经办人")
    submit_label = _("退回")
    success_message = _("已退回。")
    form_class: Any = ReasonForm

    def perform(self, form: Any) -> Certificate:
        return actions.send_back(
            acting_user=self.request.user,
            certificate_id=self.object.pk,
            reason=form.cleaned_data["reason"],
        )


class Refuse(EditPage):
    """/certificates/refusals/add?code=&asked=&person=&why="""

    permission = ISSUE
    title = _("开不予出具告知单")
    intro = _("告知单写明理由、到哪里办、带什么，打印一份交给居民。")
    submit_label = _("开告知单")
    success_message = _("已开好，请打印一份交给居民。")
    template_name = "certificates/refuse.html"
    form_class: Any = RefuseForm

    def _edition(self) -> Edition | None:
        mine = communities(self.request.user)
        code = self.request.GET.get("code", "")
        return listing.one_in_force(mine[0][0] if mine else "", code) if code else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        found = self._edition()
        asked = self.request.GET.get("asked", "").strip()[:60]
        person = self.request.GET.get("person", "")
        why = self.request.GET.get("why", "")
        if why not in Why.values:
            why = (
                Why.NOT_ALLOWED
                if found is not None and found.standing != Standing.ALLOWED
                else Why.NOT_LISTED
            )
        return {
            "asked": asked or (found.title if found else ""),
            "person": person if person.isdecimal() else "",
            "why": why,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(edition=self._edition(), **kwargs)

    def cancel_url(self) -> str:
        return reverse("certificates:counter")

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        found = self._edition()
        return actions.refuse(
            acting_user=self.request.user,
            region_code=data["region_code"],
            asked=data["asked"],
            asker=data["asker"],
            why=data["why"],
            reason=data["reason"],
            code=found.kind.code if found else "",
            person_id=data["person"],
            name=data["name"],
            purpose=data["purpose"],
        )


class SealLogAdd(EditPage):
    """/certificates/seals/log"""

    permission = ISSUE
    title = _("登记其他用印")
    intro = _("在本系统出具的证明已自动登记，这里登记其他文件。登记后不能改写，写错了另记一行说明。")
    submit_label = _("登记")
    success_message = _("已登记。")
    form_class: Any = LogForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def cancel_url(self) -> str:
        return reverse("certificates:seals")

    def perform(self, form: Any) -> str:
        data = dict(form.cleaned_data)
        seal = data.pop("seal")
        actions.log_use(acting_user=self.request.user, seal_id=int(seal) if seal else None, **data)
        return reverse("certificates:seals")


class SealAdd(EditPage):
    """/certificates/seals/add"""

    model = Seal
    permission = APPROVE
    title = _("登记印章")
    form_class: Any = SealForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def cancel_url(self) -> str:
        return reverse("certificates:seals")

    def perform(self, form: Any) -> str:
        actions.save_seal(acting_user=self.request.user, **form.cleaned_data)
        return reverse("certificates:seals")


class SealEdit(SealAdd):
    """/certificates/seals/<id>/edit"""

    title = _("修改印章")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("region_code", "name", "keeper", "in_use")}

    def perform(self, form: Any) -> str:
        actions.save_seal(acting_user=self.request.user, seal_id=self.object.pk, **form.cleaned_data)
        return reverse("certificates:seals")


class Answer(EditPage):
    """/certificates/askers/<id>/answer"""

    model = Asker
    permission = MANAGE
    title = _("登记交涉结果")
    form_class: Any = AnswerForm

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.object.answer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.subtitle = self.object.name
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        return reverse("certificates:askers")

    def perform(self, form: Any) -> str:
        actions.answer_asker(
            acting_user=self.request.user, asker_id=self.object.pk, answer=form.cleaned_data["answer"]
        )
        return reverse("certificates:askers")
