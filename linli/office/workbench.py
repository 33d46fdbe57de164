"""The workbench (工作台): the figures of one's area, what waits, and where to start."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish, grouped
from linli.kernel.scope import Scope
from linli.notices.models import Notice, NoticeKind
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
BANDS = ("0–6", "7–15", "16–34", "35–59", "60–79", "80+")
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
    """The figures of an area on a day, from the cache when they are fresh."""
    key = f"workbench:{on}:{','.join(scope.low for scope in scopes)}"
    found = cache.get(key)
    if found is None:
        begun = time.monotonic()
        found = _compute(scopes, on)
        cache.set(key, found, max(KEPT, KEPT_TIMES * (time.monotonic() - begun)))
    return found


def _compute(scopes: tuple[Scope, ...], on: date) -> dict[str, Any]:
    ages = {
        sex: grouped(Wish("person", scopes, on, conditions=[sex]), by="age") for sex in ("male", "female")
    }
    bands = {sex: [0] * len(BANDS) for sex in ages}
    for sex, counts in ages.items():
        for age, number in counts.items():
            if age is not None:
                bands[sex][next(i for i, top in enumerate((7, 16, 35, 60, 80, 999)) if age < top)] += number
    length = min((len(scope.low) for scope in scopes), default=0)
    below = _next_length(length)
    parts: dict[str, dict[str, int]] = {}
    for subject, measure, column in (
        ("person", "residents", "residents"),
        ("household", "households", "households"),
        ("person", "elderly", "elderly"),
        ("person", "floating", "floating"),
        ("home", "homes_let", "let"),
        ("home", "homes_empty", "empty"),
    ):
        for code, number in grouped(Wish(subject, scopes, on), measure, by_region_length=below).items():
            parts.setdefault(code, {})[column] = number
    # Counts of an area are the sums of its parts' (the district is the sum of its communities).
    numbers = {
        f"{subject}.{measure}": sum(part.get(measure, 0) for part in parts.values())
        for subject, measure, _icon, _name, _query in FIGURES
    }
    return {"numbers": numbers, "bands": bands, "parts": parts, "below": below}


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
            context["ages"] = chart(
                "bar", list(BANDS), {"男": found["bands"]["male"], "女": found["bands"]["female"]}, "人"
            )
            level = LEVEL_BY_LENGTH[found["below"]]
            context["parts_label"] = {
                Level.COMMUNITY: _("各社区"),
                Level.GRID: _("各网格"),
                Level.STREET: _("各街道"),
            }.get(level, _("各下级"))
            context["parts"] = [
                {"name": names.title(code), "code": code, **numbers}
                for code, numbers in sorted(found["parts"].items())
            ]
        return super().get_context_data(**context, **kwargs)
