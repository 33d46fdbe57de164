"""The agenda in one's own calendar program: the address, and what is read at it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from linli.access.guard import NotPermitted
from linli.access.models import Post, UnitKind, scopes_q
from linli.access.roles import GRANTS
from linli.gate.agenda import actions, ics
from linli.gate.agenda.actions.feeding import TooOften
from linli.gate.agenda.models import Feed, State, Visit
from linli.gate.agenda.pages import VIEW
from linli.kernel.scope import Scope
from linli.pages.views import Permitted
from linli.regions import names

MOST_ENTRIES = 1000
WEEK = timedelta(days=7)


class Feeds(Permitted, TemplateView):
    """/agenda/feeds/: the addresses of one's posts; a new one is shown once."""

    permission = VIEW
    template_name = "agenda/feeds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One's posts that see the agenda, with what is known of their address."""
        user: Any = self.request.user
        posts = [one for one in user.current_posts if VIEW in GRANTS[one.role]]
        held = {one.post_id: one for one in Feed.objects.filter(post__in=posts)}
        return super().get_context_data(
            title=_("手机日历订阅"),
            posts=[
                {
                    "post": one,
                    "role": one.get_role_display(),
                    "where": one.unit.name if _of_department(one) else names.title(one.region_code),
                    "feed": held.get(one.pk),
                }
                for one in posts
            ],
            crumbs=[(str(_("检查会议日程")), reverse("agenda:home")), (str(_("手机日历订阅")), "")],
            **kwargs,
        )


def _of_department(post: Post) -> bool:
    return post.unit is not None and post.unit.kind == UnitKind.DEPARTMENT


class _OnPost(Permitted, View):
    """A button about one's own post."""

    permission = VIEW
    http_method_names = ["post"]


class RenewFeed(_OnPost):
    """/agenda/feeds/<post>/renew/: a new address, shown on the page that answers and nowhere else."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it."""
        try:
            token = actions.renew_feed(acting_user=request.user, post_id=pk)
        except NotPermitted:
            raise Http404 from None
        page = Feeds()
        page.setup(request)
        address = request.build_absolute_uri(reverse("agenda:feed", args=[token]))
        return page.render_to_response(page.get_context_data(address=address, fresh=pk))


class RevokeFeed(_OnPost):
    """/agenda/feeds/<post>/revoke/"""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it away."""
        try:
            actions.revoke_feed(acting_user=request.user, post_id=pk)
        except NotPermitted:
            raise Http404 from None
        messages.success(request, str(_("已停用，原来的地址打不开了。")))
        return HttpResponseRedirect(reverse("agenda:feeds"))


@method_decorator(never_cache, name="dispatch")
class ReadFeed(View):
    """/agenda/feed/<token>.ics: what a calendar program reads, from four weeks ago to half a year ahead, without logging in."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The file; 404 for what opens nothing."""
        try:
            post = actions.read_feed(token)
        except TooOften as problem:
            return HttpResponse(
                problem.message,
                status=429,
                content_type="text/plain; charset=utf-8",
                headers={"Retry-After": str(problem.seconds)},
            )
        if post is None:
            raise Http404
        today = timezone.localdate()
        rows = Visit.objects.filter(
            Q(unit=post.unit) if _of_department(post) else Q(),
            scopes_q("region_code", [Scope.of(post.region_code)]),
            day__gte=today - 4 * WEEK,
            day__lte=today + 26 * WEEK,
            state__in=[State.PROPOSED, State.FIXED, State.DONE],
        )
        name = (
            post.unit.name
            if post.unit is not None and _of_department(post)
            else names.title(post.region_code)
        )
        visits = rows.select_related("unit", "joint__lead").order_by("-day")[:MOST_ENTRIES]
        return HttpResponse(
            ics.write(name, visits, timezone.now()),
            content_type="text/calendar; charset=utf-8",
            headers={"X-Robots-Tag": "noindex"},
        )
