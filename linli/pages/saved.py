"""Pages that save and forget views of lists."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.audit.recording import RuleError
from linli.pages import actions
from linli.pages.models import SavedView


def _back(request: HttpRequest, query: str | None = None) -> HttpResponse:
    path = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None) or not path.startswith("/"):
        path = "/"
    return HttpResponseRedirect(path if query is None else f"{path}?{query}")


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the list's filters under the name given, then show the list so."""
    query = request.POST.get("query", "")[:4000]
    try:
        view = actions.save_view(
            acting_user=request.user,
            page=request.POST.get("page", "")[:200].replace("\x00", ""),
            name=request.POST.get("name", "")[:200],
            query=query,
        )
    except RuleError as error:
        messages.error(request, error.message)
        return _back(request, query)
    messages.success(request, _("已保存视图“%(name)s”。") % {"name": view.name})
    return _back(request, view.query)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of the user's own views; another's answers 404."""
    view = get_object_or_404(SavedView, pk=pk, user_id=request.user.pk)
    actions.delete_view(acting_user=request.user, view=view)
    messages.success(request, _("已删除视图。"))
    return _back(request)
