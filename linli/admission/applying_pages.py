"""A department at work on its application: the form, the attached forms, handing in, opinions, withdrawing, renewing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.models import Unit
from linli.access.roles import Permission
from linli.admission import actions, forms, rights
from linli.admission.models import Application
from linli.admission.pages import Visible
from linli.audit.recording import RuleError
from linli.pages.files import SealedFile, sent
from linli.pages.views import EditPage

APPLY = Permission.APPLY_ADMISSION


class _ApplicationForm(EditPage):
    """The whole form: kept as a draft, then looked at."""

    template_name = "admission/application_edit.html"
    form_class = forms.ApplicationForm
    permission: Permission | None = APPLY
    submit_label = _("保存")
    success_message = _("已保存为草稿。看一下系统检查的结果，再提交。")

    def units(self) -> Any:
        """The user's units that may apply."""
        user: Any = self.request.user
        return Unit.objects.filter(pk__in=user.unit_ids, is_active=True)

    def _papers(self, form: Any, application: Application) -> Application:
        upload = form.cleaned_data.get("document")
        if upload is not None:
            actions.keep_document(acting_user=self.request.user, application=application, upload=upload)
        return application


class NewApplication(_ApplicationForm):
    """/admission/new/"""

    title = _("新的准入申请")
    subtitle = _("先填，随时可以存草稿；提交前系统会检查一遍")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The user's units and their district. Users without a unit cannot apply."""
        units = self.units()
        first = units.first()
        if first is None:
            raise Http404
        return super().get_form_kwargs() | {"units": units, "district": first.region_code[:6]}

    def perform(self, form: Any) -> Application:
        """Keep a draft."""
        unit = form.cleaned_data.get("unit") or self.units().first()
        made = actions.save_draft(acting_user=self.request.user, unit=unit, **form.values())
        return self._papers(form, made)

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("admission:applications")


class OnApplication(Visible):
    """A page of an application for those with one of its `Rights`."""

    right = ""

    def get_object(self) -> Application:
        """The application; where the user may not do this, it is not there."""
        found: Application | None = self.get_queryset().filter(pk=self.kwargs["pk"]).first()  # type: ignore[attr-defined]
        if found is None or not getattr(rights.look(found, self.request.user), self.right):
            raise Http404
        return found


class EditApplication(OnApplication, _ApplicationForm):
    """/admission/<id>/edit/"""

    permission = APPLY
    right = "edit"
    title = _("修改准入申请")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The application's district."""
        application: Application = self.object
        return super().get_form_kwargs() | {
            "units": self.units(),
            "district": application.region_code,
            "application": application,
        }

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return forms.ApplicationForm.initial_of(self.object)

    def perform(self, form: Any) -> Application:
        """Change it."""
        kept = actions.change_draft(acting_user=self.request.user, application=self.object, **form.values())
        return self._papers(form, kept)


class AttachForm(OnApplication, EditPage):
    """/admission/<id>/forms/: an empty form, recognised at once."""

    permission = APPLY
    right = "edit"
    title = _("附上要填的空表")
    intro = _("系统会逐列对照底数：已有的列不用再让社区填，只要新的。")
    form_class = forms.AttachForm
    submit_label = _("上传并对照")
    success_message = _("已对照，结果在下面。")

    def perform(self, form: Any) -> str:
        """Attach it."""
        upload = form.cleaned_data["file"]
        actions.attach_form(
            acting_user=self.request.user, application=self.object, name=upload.name, data=upload.read()
        )
        return f"{self.object.get_absolute_url()}?tab=checks"


class _Do(OnApplication, View):
    """A button of an application's page."""

    permission = APPLY
    said: Any = ""

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        """Do it; what is refused is said on the page."""
        application = self.get_object()
        try:
            url = self.do(application)
            messages.success(request, self.said)
        except RuleError as error:
            messages.error(request, error.message)
            url = application.get_absolute_url()
        return HttpResponseRedirect(url)

    def do(self, application: Application) -> str:
        """Call the action; returns where to go."""
        raise NotImplementedError


class RemoveForm(_Do):
    """/admission/<id>/forms/<form>/remove/"""

    right = "edit"
    said = _("已去掉。")

    def do(self, application: Application) -> str:
        """Take the form off."""
        form = application.forms.filter(pk=self.kwargs["form"]).first()
        if form is None:
            raise Http404
        actions.remove_form(acting_user=self.request.user, form=form)
        return application.get_absolute_url()


class Submit(_Do):
    """/admission/<id>/submit/"""

    right = "submit"
    said = _("已提交，系统已检查，社区办会受理。")

    def do(self, application: Application) -> str:
        """Hand it in."""
        actions.submit(acting_user=self.request.user, application=application)
        return f"{application.get_absolute_url()}?tab=checks"


class Discard(_Do):
    """/admission/<id>/discard/"""

    right = "discard"
    said = _("草稿已删除。")

    def do(self, application: Application) -> str:
        """Throw it away."""
        actions.discard(acting_user=self.request.user, application=application)
        return reverse("admission:applications")


class Renew(_Do):
    """/admission/<id>/renew/"""

    right = "renew"
    said = _("已按原来的内容起草续期申请，请填新的结束日期。")

    def do(self, application: Application) -> str:
        """Begin the renewal."""
        made = actions.begin_renewal(acting_user=self.request.user, application=application)
        return (
            reverse("admission:application_edit", args=[made.pk])
            if made.editable
            else made.get_absolute_url()
        )


class Withdraw(OnApplication, EditPage):
    """/admission/<id>/withdraw/"""

    permission = APPLY
    right = "withdraw"
    title = _("撤回准入申请")
    form_class = forms.ReasonForm
    submit_label = _("撤回")
    success_message = _("已撤回。")
    tone = "danger"

    def perform(self, form: Any) -> Application:
        """Take it back."""
        return actions.withdraw(
            acting_user=self.request.user, application=self.object, reason=form.cleaned_data["reason"]
        )


class GiveOpinion(OnApplication, EditPage):
    """/admission/<id>/opinion/"""

    permission = Permission.GIVE_OPINIONS
    right = "opinion"
    title = _("提意见")
    form_class = forms.OpinionForm
    submit_label = _("提交意见")
    success_message = _("意见已提交，截止以前可以再改。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units for which the user speaks."""
        self.subtitle = self.object.title
        units = rights.look(self.object, self.request.user).speaks_for
        return super().get_form_kwargs() | {"units": units}

    def get_initial(self) -> dict[str, Any]:
        """What was said before."""
        user: Any = self.request.user
        said = self.object.opinions.filter(unit__in=user.unit_ids).first()
        return {"unit": said.unit, "stance": said.stance, "text": said.text} if said else {}

    def perform(self, form: Any) -> str:
        """Say it."""
        actions.give_opinion(acting_user=self.request.user, application=self.object, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}?tab=opinions"


class FormFile(Visible, SealedFile):
    """/admission/<id>/forms/<file>/: an empty form as it was attached."""

    files = "forms"


class DocumentFile(Visible, View):
    """/admission/<id>/document/"""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The document that it rests on."""
        found = self.get_queryset().filter(pk=pk).exclude(document_path="").first()
        if found is None:
            raise Http404
        return sent(found.document_path, found.document_name, "application/octet-stream")
