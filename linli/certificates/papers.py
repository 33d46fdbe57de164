"""Papers shown in the browser, and the buttons of a certificate's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.audit.recording import RuleError
from linli.certificates import actions
from linli.certificates.actions.issuing import frozen, open_paper
from linli.certificates.models import Certificate, Refusal, State
from linli.certificates.pages import APPROVE, ISSUE, REVEAL, VIEW
from linli.pages.views import Permitted


class _Pdf(Permitted, View):
    """A PDF shown in the browser; kept nowhere on the way."""

    def answer(self, data: bytes, name: str) -> HttpResponse:
        """The file."""
        return HttpResponse(
            data,
            content_type="application/pdf",
            headers={
                "Content-Disposition": content_disposition_header(False, f"{name}.pdf") or "",
                "Cache-Control": "no-store",
            },
        )


class Paper(_Pdf):
    """/certificates/<id>/paper: the frozen PDF, or the preview of what is prepared; either is recorded as a disclosure."""

    model = Certificate
    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF."""
        user: Any = request.user
        found = (
            self.get_queryset()
            .select_related("edition", "person", "receiver", "approved_by")
            .filter(pk=pk)
            .first()
        )
        if found is None or not user.can(REVEAL, found.region_code) or found.state == State.DROPPED:
            raise Http404
        try:
            if found.number is None:
                return self.answer(
                    actions.preview(acting_user=user, certificate=found), f"{found.edition.title}预览"
                )
            return self.answer(open_paper(acting_user=user, certificate=found), found.number_text)
        except RuleError as problem:
            messages.error(request, problem.message)
            return HttpResponseRedirect(found.get_absolute_url())


class Slip(_Pdf):
    """/certificates/refusals/<id>/paper"""

    model = Refusal
    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF."""
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        try:
            return self.answer(frozen(found.file, found.sha256), found.number_text)
        except RuleError as problem:
            messages.error(request, problem.message)
            return HttpResponseRedirect(found.get_absolute_url())


class _Button(Permitted, View):
    """A button on a certificate's page: do it, say so, come back."""

    http_method_names = ["post"]
    permission = ISSUE
    said: Any = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        back = reverse("certificates:certificate", args=[pk])
        try:
            self.perform(pk)
            messages.success(request, str(self.said))
        except RuleError as problem:
            messages.error(request, problem.message)
        return HttpResponseRedirect(back)

    def perform(self, pk: int) -> None:
        """The deed."""
        raise NotImplementedError


class Submit(_Button):
    """/certificates/<id>/submit"""

    said = _("已提交，社区书记、主任会在消息里看到。")

    def perform(self, pk: int) -> None:
        actions.submit(acting_user=self.request.user, certificate_id=pk)


class Approve(_Button):
    """/certificates/<id>/approve"""

    permission = APPROVE
    said = _("已审批，可以出具了。")

    def perform(self, pk: int) -> None:
        actions.approve(acting_user=self.request.user, certificate_id=pk)


class Reread(_Button):
    """/certificates/<id>/reread"""

    said = _("已按现在的登记重新读取，请核对。")

    def perform(self, pk: int) -> None:
        actions.reread(acting_user=self.request.user, certificate_id=pk)
