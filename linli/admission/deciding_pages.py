"""The community office at work: asking for opinions, sending back, deciding, ending trials, revoking, setting the rules."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.admission import actions, forms
from linli.admission.actions.deciding import Grant, streets_of
from linli.admission.actions.trials import asked_about, was_extended
from linli.admission.applying_pages import OnApplication
from linli.admission.models import DISTRICT, Application, Outcome
from linli.admission.pages import trial_of
from linli.admission.rules.asking import Terms
from linli.admission.settings import setting_of
from linli.flow.rules.warrants import Per, Thing
from linli.pages.views import EditPage
from linli.regions import names

DECIDE = Permission.DECIDE_ADMISSION


class _Deciding(OnApplication, EditPage):
    """A form of the community office about an application."""

    permission = DECIDE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which application it is about."""
        self.subtitle = f"{self.object.title} · {self.object.unit}"
        return super().get_context_data(**kwargs)


class Consult(_Deciding):
    """/admission/<id>/consult/"""

    right = "consult"
    title = _("受理并征求意见")
    form_class = forms.RemarkForm
    submit_label = _("受理并征求意见")
    success_message = _("已受理，街道会收到待办，社区会收到通知。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who is asked until when."""
        streets = [names.title(key) for key in streets_of(self.object)]
        days = setting_of(self.object.region_code).opinion_days
        self.intro = (
            f"向 {len(streets)} 个街道（{'、'.join(streets[:8])}{' 等' if len(streets) > 8 else ''}）征求意见，"
            f"{days} 个工作日内反馈；所辖社区会收到通知，可以提意见，不算社区的任务。"
        )
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> Application:
        """Ask."""
        return actions.consult(
            acting_user=self.request.user, application=self.object, text=form.cleaned_data["text"]
        )


class SendBack(_Deciding):
    """/admission/<id>/send-back/"""

    right = "send_back"
    title = _("退回补正")
    intro = _("写明要补什么、改什么。补正期间不计入审定期限。")
    form_class = forms.ReasonForm
    submit_label = _("退回补正")
    success_message = _("已退回，申请部门会收到待办。")

    def perform(self, form: Any) -> Application:
        """Send it back."""
        return actions.send_back(
            acting_user=self.request.user, application=self.object, reason=form.cleaned_data["reason"]
        )


class Decide(_Deciding):
    """/admission/<id>/decide/"""

    right = "decide"
    template_name = "admission/decide.html"
    title = _("审定")
    form_class = forms.DecideForm
    submit_label = _("审定")
    success_message = _("已审定，申请部门会收到通知。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The application, which says what can be granted."""
        return super().get_form_kwargs() | {"application": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it was asked."""
        asked: Application = self.object
        return {"things": asked.things, "times": asked.times, "per": asked.per, "until": asked.until}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was found, what was said."""
        application: Application = self.object
        return super().get_context_data(
            report=application.reports.first(),
            opinions=application.opinions.select_related("unit").order_by("region_code"),
            **kwargs,
        )

    def perform(self, form: Any) -> Application:
        """Decide."""
        data = form.cleaned_data
        asked: Application = self.object
        grant = None
        if data["outcome"] != Outcome.REFUSED:
            terms = asked.terms
            grant = Grant(
                Terms(
                    frozenset(Thing(one) for one in data["things"]) if "things" in data else terms.things,
                    data.get("times", terms.times),
                    Per(data.get("per") or terms.per),
                    terms.expected,
                    terms.since,
                    data.get("until") or terms.until,
                    terms.hours,
                ),
                data.get("trial_until") if data["outcome"] == Outcome.TRIAL else None,
            )
        return actions.decide(
            acting_user=self.request.user,
            application=asked,
            outcome=data["outcome"],
            reason=data["reason"],
            grant=grant,
        )


class SettleTrial(_Deciding):
    """/admission/<id>/trial/"""

    right = "settle"
    template_name = "admission/settle.html"
    title = _("审定试行")
    form_class = forms.SettleForm
    submit_label = _("审定")
    success_message = _("已审定。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether it can be prolonged."""
        return super().get_form_kwargs() | {"extended": was_extended(self.object)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How the trial went: what was sent, what was said."""
        application: Application = self.object
        opinions = application.opinions.filter(round=application.opinion_round, round__gt=0)
        return super().get_context_data(
            trial=trial_of(application),
            asked=asked_about(application),
            opinions=opinions.select_related("unit").order_by("region_code"),
            **kwargs,
        )

    def perform(self, form: Any) -> Application:
        """Decide on the trial."""
        return actions.settle_trial(
            acting_user=self.request.user, application=self.object, **form.cleaned_data
        )


class ConsultOnTrial(_Deciding):
    """/admission/<id>/trial/consult/"""

    right = "ask_trial"
    title = _("就试行征求意见")
    form_class = Form
    submit_label = _("征求意见")
    success_message = _("街道会收到待办，社区会收到通知。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who is asked until when."""
        days = setting_of(self.object.region_code).opinion_days
        self.intro = f"请街道在 {days} 个工作日内说说试行的情况；所辖社区会收到通知，提不提由社区自己定。意见收齐或期限到了再审定。"
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> Application:
        """Ask."""
        return actions.consult_on_trial(acting_user=self.request.user, application=self.object)


class Revoke(_Deciding):
    """/admission/<id>/revoke/"""

    right = "revoke"
    title = _("撤销准入")
    intro = _("从这一天起退出清单，不再下派；这一天以后的经费不再应付。")
    form_class = forms.RevokeForm
    submit_label = _("撤销准入")
    success_message = _("已撤销，部门会收到通知。")
    tone = "danger"

    def perform(self, form: Any) -> Application:
        """Revoke it."""
        return actions.revoke(acting_user=self.request.user, application=self.object, **form.cleaned_data)


class EditSetting(EditPage):
    """/admission/rules/"""

    permission = DECIDE
    title = _("准入规则")
    subtitle = _("期限、折算和社区办由各区自己定；审定期限在“流程和期限”里改")
    form_class = forms.SettingForm
    success_message = _("已保存，以后的检查和提醒按新的规则。")

    def get_object(self) -> Any:
        """The setting of the user's district."""
        user: Any = self.request.user
        scopes = user.scopes(DECIDE)
        if not scopes or len(scopes[0].low) < DISTRICT:
            raise Http404
        return setting_of(scopes[0].low)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its units."""
        return super().get_form_kwargs() | {"district": self.object.region_code}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in forms.SettingForm.base_fields}

    def cancel_url(self) -> str:
        """Back to the applications."""
        return reverse("admission:applications")

    def perform(self, form: Any) -> str:
        """Change it."""
        actions.change_setting(
            acting_user=self.request.user, region_code=self.object.region_code, **form.cleaned_data
        )
        return reverse("admission:applications")
