"""A copy goes its way: submitted, sent back, signed and sent, corrected later; what was completed goes into the base."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, forms, reading
from linli.collecting.models import FormPart, Sending
from linli.collecting.part_pages import OfCommunity
from linli.collecting.rules import State
from linli.collecting.task_pages import VIEW, workbook_response
from linli.pages.views import EditPage, Permitted
from linli.regions import names

RECEIVE, SIGN = Permission.RECEIVE_FORMS, Permission.SIGN_FORMS


class ToBase(OfCommunity, View):
    """/form-tasks/parts/<id>/to-base/: what was completed goes to the intake of filled rosters."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the roster's page, where it is looked at and applied."""
        part = self.part()
        try:
            which = request.POST.get("list", "")
            made = actions.to_base(
                acting_user=request.user, part=part, which=int(which) if which.isdecimal() else 0
            )
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(part.get_absolute_url())
        return HttpResponseRedirect(made.get_absolute_url())


class Submit(OfCommunity, EditPage):
    """/form-tasks/parts/<id>/submit/"""

    form_class: Any = forms.SubmitForm
    title = _("提交审核")
    submit_label = _("提交")
    success_message = _("已提交，等负责人审核签字。")

    def get_object(self) -> FormPart:
        """A copy that is being filled."""
        found = self.part()
        if found.state != State.FILLING or not found.book:
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        said = _gettext("共 %(amount)s，%(blanks)s 格空白。") % {
            "amount": found.amount,
            "blanks": found.blanks,
        }
        self.intro = f"{said}{_gettext('提交后由社区书记、主任审核签字，再报给要表单位。')}"
        return found

    def get_initial(self) -> dict[str, Any]:
        return {"note": self.object.note}

    def perform(self, form: Any) -> FormPart:
        """Submit."""
        return actions.submit(acting_user=self.request.user, part=self.object, note=form.cleaned_data["note"])


class SendBack(OfCommunity, EditPage):
    """/form-tasks/parts/<id>/send-back/"""

    permission: Any = SIGN
    form_class: Any = forms.ReasonForm
    title = _("退回修改")
    submit_label = _("退回")
    success_message = _("已退回，填报的同事会收到通知。")

    def get_object(self) -> FormPart:
        """A copy that waits for the signature."""
        found = self.part()
        if found.state != State.CHECKING:
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        return found

    def perform(self, form: Any) -> FormPart:
        """Give it back."""
        return actions.send_back(
            acting_user=self.request.user, part=self.object, reason=form.cleaned_data["reason"]
        )


class Sign(OfCommunity, View):
    """/form-tasks/parts/<id>/sign/"""

    permission: Any = SIGN
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign and send."""
        part = self.part()
        try:
            actions.sign(acting_user=request.user, part=part)
            messages.success(request, _gettext("已签字，报给%(unit)s。") % {"unit": part.task.asker})
        except RuleError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(part.get_absolute_url())


class Reopen(EditPage):
    """/form-tasks/parts/<id>/reopen/: what was sent is corrected, on the community's or the department's word."""

    permission = VIEW
    form_class: Any = forms.ReasonForm
    title = _("更正已报送的内容")
    intro = _(
        "更正后要重新审核签字。要表单位手里仍是上次报的那份，直到更正的签字报出；改了哪些格，双方都看得到。"
    )
    submit_label = _("重新打开")
    success_message = _("已重新打开，可以更正了。")

    def get_object(self) -> FormPart:
        """A copy that was sent, of the user's community or unit."""
        user: Any = self.request.user
        found = (
            FormPart.objects.visible(user).select_related("task__unit").filter(pk=self.kwargs["pk"]).first()
        )
        if (
            found is None
            or found.state != State.SIGNED
            or not (reading.receives(user, found) or reading.sends(user, found.task))
        ):
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        return found

    def perform(self, form: Any) -> FormPart:
        """Open it again."""
        return actions.reopen(
            acting_user=self.request.user, part=self.object, reason=form.cleaned_data["reason"]
        )


class SentFile(Permitted, View):
    """/form-tasks/parts/<id>/sent/<n>/: a signed workbook, for the department that asked and the community."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """The file; the disclosure is recorded."""
        found = (
            Sending.objects.filter(part__in=FormPart.objects.visible(request.user), part_id=pk, number=number)
            .select_related("part__task__unit")
            .first()
        )
        if found is None:
            raise Http404
        try:
            data, name = actions.hand_over(acting_user=request.user, sending=found)
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(found.part.get_absolute_url())
        return workbook_response(data, name)
