"""The workbench (工作台): the figures of one's area, what waits, and where to start."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from linli.access.roles import Permission
from linli.facts import kept
from linli.facts.dictionary import dictionary
from linli.kernel.scope import Scope
from linli.notices.models import Notice, NoticeKind
from linli.office import actions, counting
from linli.pages.asof import Dated, carry
from linli.pages.parts import Kpi, chart
from linli.pages.views import Permitted
from linli.regions import names
from linli.regions.models import KEY_LENGTH, LEVEL_BY_LENGTH, Level

# Subject, measure, icon, list page and its query.
FIGURES = (
    ("person", "residents", "users", "people:list", "standing=living"),
    ("household", "households", "home", "people:households", ""),
    ("person", "elderly", "old", "people:list", "standing=living&age=60"),
    ("person", "floating", "arrows-exchange", "people:list", "standing=floating"),
)
# Seconds for which the figures of an area are kept; the pages behind them are always live.
KEPT = 120
# Those of a whole district take seconds to count, and are kept for so many times longer.
KEPT_TIMES = 100

START = (
    (
        _("给部门表格自动填数"),
        _("上传 Excel，认出每一列，用底数填好。"),
        "forms",
        "file-spreadsheet",
        Permission.FILL_FORMS,
    ),
    (
        _("登记居民"),
        _("先查重，再登记，一人只建一份。"),
        "people:register",
        "user-plus",
        Permission.EDIT_PEOPLE,
    ),
    (
        _("楼盘表"),
        _("一栋楼谁在住、谁出租、谁空置。"),
        "places:buildings",
        "building",
        Permission.VIEW_PLACES,
    ),
    (
        _("批量导入"),
        _("用 Excel 导入居民和房屋，错行标明原因。"),
        "intake:import",
        "table-import",
        Permission.IMPORT_REGISTRY,
    ),
    (_("用户与岗位"), _("给同事开账号、安排岗位、解锁。"), "users", "user-cog", Permission.MANAGE_USERS),
    (_("操作记录"), _("谁在什么时候做了什么，逐条可校验。"), "events", "history", Permission.VIEW_AUDIT),
)


def _url(name: str, query: str = "") -> str:
    try:
        return reverse(name) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""


def figures_of(scopes: tuple[Scope, ...], on: date) -> dict[str, Any]:
    """The figures of an area on a day: today's of more than a street as they were kept, else from the cache while fresh."""
    held = kept.latest(counting.KEY, scopes, on)
    if held is not None:
        return _from(held, scopes)
    key = f"workbench:{on}:{','.join(scope.low for scope in scopes)}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        begun = time.monotonic()
        found = _from(kept.Found(counting.count(scopes, on, _below(scopes))), scopes)
        cache.set(key, found, max(KEPT, KEPT_TIMES * (time.monotonic() - begun)))
    return found


def _from(found: kept.Found, scopes: tuple[Scope, ...]) -> dict[str, Any]:
    below = _below(scopes)
    parts = kept.summed(found.numbers, below)
    # Counts of an area are the sums of its parts' (the district is the sum of its communities).
    whole = kept.summed(parts, 0).get("", {})
    return {
        "numbers": {
            f"{subject}.{measure}": whole.get(measure, 0)
            for subject, measure, _icon, _name, _query in FIGURES
        },
        "bands": counting.bands(whole),
        "parts": parts,
        "below": below,
        "at": found.at,
    }


def _below(scopes: tuple[Scope, ...]) -> int:
    return _next_length(min((len(scope.low) for scope in scopes), default=0))


def _next_length(length: int) -> int:
    lengths = sorted(KEY_LENGTH.values())
    return next((one for one in lengths if one > length), lengths[-1])


class Workbench(Dated, Permitted, TemplateView):
    """The first page after logging in; its figures can be asked for of a day (?on=)."""

    dated = True
    as_of_says = _("人口、户数和人群是那一天的；房屋是现在登记的。待办不受影响。")

    template_name = "office/workbench.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        today = timezone.localdate()
        scopes = user.scopes(Permission.VIEW_STATISTICS)
        post = user.main_post
        context: dict[str, Any] = {
            "title": f"{names.title(post.region_code)}工作台" if post else _("工作台"),
            "today": today,
            "page_view": self,
            "as_of": self.as_of if scopes else None,
            "start": [
                {"label": label, "says": says, "icon": icon, "url": _url(name)}
                for label, says, name, icon, permission in START
                if user.can(permission) and _url(name)
            ],
            "todos": Notice.objects.filter(user=user, done_at__isnull=True).order_by(
                "-kind", "-is_urgent", "-id"
            )[:7],
            "todo_count": Notice.objects.filter(
                user=user, done_at__isnull=True, kind=NoticeKind.TODO
            ).count(),
        }
        if scopes:
            dictionary.refresh()
            found = figures_of(scopes, self.on)
            context["kpis"] = [
                Kpi(
                    dictionary.subject(subject).measures[measure].label,
                    found["numbers"][f"{subject}.{measure}"],
                    icon,
                    dictionary.subject(subject).measures[measure].unit,
                    url=carry(_url(name, query), self.request) if user.can(Permission.VIEW_PEOPLE) else "",
                )
                for subject, measure, icon, name, query in FIGURES
            ]
            context["counted"] = found["at"]
            context["ages"] = chart(
                "bar",
                [name for name, _first, _after in counting.BANDS],
                {"男": found["bands"]["male"], "女": found["bands"]["female"]},
                "人",
            )
            level = LEVEL_BY_LENGTH[found["below"]]
            context["parts_label"] = {
                Level.COMMUNITY: _("各社区"),
                Level.GRID: _("各网格"),
                Level.STREET: _("各街道"),
            }.get(level, _("各下级"))
            named = names.titles(found["parts"])
            context["parts"] = [
                {"name": named[code], "code": code, **numbers}
                for code, numbers in sorted(found["parts"].items())
                if code
            ]
        return super().get_context_data(**context, **kwargs)


class Recount(Permitted, View):
    """/counts/again: have the figures of a wide area counted anew; leads to the job."""

    permission = Permission.VIEW_STATISTICS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start it."""
        return redirect(actions.recount(acting_user=request.user).get_absolute_url())
