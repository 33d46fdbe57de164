"""The bell's page: one's to-dos and news."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from linli.notices import actions
from linli.notices.models import Notice, NoticeKind
from linli.pages.paging import CappedPaginator
from linli.pages.views import Permitted


def _own(user: Any) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user)


class NoticeList(Permitted, TemplateView):
    """Open notices first, or with ?all=1 those of the past too."""

    template_name = "notices/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        everything = self.request.GET.get("all") == "1"
        found = _own(self.request.user)
        if not everything:
            found = found.filter(done_at__isnull=True)
        page = CappedPaginator(found.order_by("-kind", "-is_urgent", "-id"), 50).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(page=page, everything=everything, **kwargs)


class OpenNotice(Permitted, View):
    """Follow a notice to where it leads; news counts as read."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = _own(request.user).filter(pk=pk).first()
        if notice is None:
            raise Http404
        if notice.kind == NoticeKind.NEWS:
            actions.settle(notice)
        safe = url_has_allowed_host_and_scheme(notice.url, {request.get_host()})
        return redirect(notice.url if notice.url and safe else "notices")


class SettleNotice(Permitted, View):
    """Mark one notice read or done."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = _own(request.user).filter(pk=pk).first()
        if notice is None:
            raise Http404
        actions.settle(notice)
        return redirect("notices")


class SettleAll(Permitted, View):
    """Mark all news read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        number = actions.settle_news(request.user)  # type: ignore[arg-type]
        messages.success(request, _("已把 %(n)s 条消息标为已读。") % {"n": number})
        return redirect("notices")
