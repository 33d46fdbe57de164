"""数据质量: the score of each community, its faults, and the people who have one, each with the way to mend it."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.kernel.scope import Scope, within
from linli.pages import html
from linli.pages.asof import Dated, carry
from linli.pages.parts import Kpi, chart
from linli.pages.tables import Table, TitleColumn
from linli.pages.views import ListPage, Permitted
from linli.regions import names
from linli.registry.people import describing
from linli.registry.people.models import Person
from linli.registry.quality import actions, measuring, rules
from linli.registry.quality.models import QualityScore

VIEW, EDIT = Permission.VIEW_PEOPLE, Permission.EDIT_PEOPLE


def _area(user: Any) -> str:
    """The region that the user's scopes have in common: the first of them."""
    return min((scope.low for scope in user.scopes(VIEW)), key=len)


class Overview(Dated, Permitted, TemplateView):
    """/quality/: the communities of one's area, today or as they were counted by another day."""

    permission = VIEW
    dated = True
    as_of_says = _("得分是那一天或之前最近一次算的；点开的名单是现在还没改好的人。")
    template_name = "quality/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The newest scores, summed, and by month."""
        user: Any = self.request.user
        mine = QualityScore.objects.permitted(user, VIEW)
        scores = measuring.latest(mine.filter(on__lte=self.on))
        people, points, counts = measuring.summed(scores)
        named = names.titles(one.region_code for one in scores)
        months = measuring.trend(mine, self.on)
        return super().get_context_data(
            page_view=self,
            as_of=self.as_of,
            title=_("数据质量"),
            kpis=[
                Kpi(
                    _("得分"),
                    points,
                    "gauge",
                    _("分"),
                    under=_t("在册居民 %(n)s 人") % {"n": f"{people:,}"},
                    tone="danger" if rules.tone(points) == "danger" else "",
                ),
                *(
                    Kpi(
                        label,
                        sum(counts.get(c.key, 0) for c in rules.CHECKS if c.category == key),
                        icon,
                        _("人次"),
                    )
                    for (key, label), icon in zip(
                        rules.CLASSES, ("alert-triangle", "git-merge", "forms", "clock"), strict=True
                    )
                ),
            ]
            if scores
            else [],
            communities=[
                {
                    "name": named[one.region_code],
                    "url": one.get_absolute_url(),
                    "score": one.score,
                    "tone": rules.tone(float(one.score)),
                    "people": one.people,
                    "on": one.on,
                    "classes": [
                        sum(one.counts.get(c.key, 0) for c in rules.CHECKS if c.category == key)
                        for key, _label in rules.CLASSES
                    ],
                }
                for one in sorted(scores, key=lambda one: one.score)
            ],
            classes=[label for _key, label in rules.CLASSES],
            checks=rules.CHECKS,
            trend=chart("line", [m for m, _v in months], {"得分": [v for _m, v in months]}, "分")
            if len(months) > 1
            else None,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Count anew."""
        done = actions.measure(acting_user=request.user, region_code=_area(request.user))
        messages.success(request, _t("已重新计算 %(n)s 个社区。") % {"n": done})
        return HttpResponseRedirect(reverse("quality:overview"))


class InRegion(Permitted):
    """Pages of a region in the user's area."""

    permission = VIEW
    kwargs: dict[str, Any]

    def region(self) -> str:
        """The region named in the address; 404 outside the user's area."""
        wanted = str(self.kwargs["region"])
        user: Any = self.request.user
        if not wanted.isdecimal() or within(user.scopes(VIEW), wanted) != (Scope.of(wanted),):
            raise Http404
        return wanted


class Community(Dated, InRegion, TemplateView):
    """/quality/<region>/: its faults, the gravest first."""

    dated = True
    as_of_says = Overview.as_of_says

    template_name = "quality/community.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counted when last measured."""
        region = self.region()
        user: Any = self.request.user
        scores = measuring.latest(
            QualityScore.objects.permitted(user, VIEW).in_region(region).filter(on__lte=self.on)
        )
        people, points, counts = measuring.summed(scores)
        return super().get_context_data(
            page_view=self,
            as_of=self.as_of,
            title=_t("%(name)s的数据质量") % {"name": names.title(region)},
            score=points,
            tone=rules.tone(points),
            people=people,
            on=max((one.on for one in scores), default=None),
            faults=[
                {
                    "check": check,
                    "category": dict(rules.CLASSES)[check.category],
                    "count": counts[check.key],
                    "url": reverse("quality:check", args=[region, check.key]),
                }
                for check in rules.CHECKS
                if counts.get(check.key)
            ],
            can_edit=user.can(EDIT, region) and not self.past,
            crumbs=[
                (_t("数据质量"), carry(reverse("quality:overview"), self.request)),
                (names.title(region), ""),
            ],
            **kwargs,
        )

    def post(self, request: HttpRequest, region: str) -> HttpResponse:
        """Turn a fault into to-dos."""
        here = self.region()
        try:
            told = actions.make_todo(
                acting_user=request.user, region_code=here, check=request.POST.get("check", "")
            )
        except RuleError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _t("已转为 %(n)s 位同事的待办。") % {"n": told})
        return HttpResponseRedirect(reverse("quality:community", args=[here]))


class FaultTable(Table):
    """People with a fault, each with the way to mend it."""

    name = TitleColumn(verbose_name=_("姓名"), order_by=("initials", "id"))
    age = tables.Column(
        verbose_name=_("性别 / 年龄"), accessor="birth_date", empty_values=(), orderable=False
    )
    region_code = tables.Column(verbose_name=_("社区或网格"))
    standing = tables.Column(verbose_name=_("类型"), orderable=False)
    mend = tables.Column(verbose_name=_("怎么改"), accessor="pk", orderable=False)

    class Meta(Table.Meta):
        model = Person
        fields: tuple[str, ...] = ()

    def render_age(self, record: Person) -> str:
        """Sex and age together."""
        return describing.sex_and_age(record) or html.DASH

    def render_region_code(self, value: str) -> str:
        """The community and grid."""
        return describing.area(value)

    def render_mend(self, record: Any) -> Any:
        """A link to the form that mends it."""
        url = getattr(record, "mend_url", "")
        return format_html('<a href="{}">{}</a>', url, _("去改")) if url else html.DASH


class CheckPage(InRegion, ListPage):
    """/quality/<region>/<check>/"""

    model = Person
    noun = _("人")
    today_because = _("这里列的是现在还没改好的人。")
    table_class = FaultTable
    empty_title = _("没有这种问题了")
    empty_hint = _("改好的不再列出。看别的问题，回到“数据质量”。")

    def _check(self) -> rules.Check:
        found = rules.BY_KEY.get(self.kwargs["check"])
        if found is None:
            raise Http404
        return found

    @property
    def title(self) -> str:
        """The fault."""
        return self._check().label

    @property
    def subtitle(self) -> str:
        """What to do."""
        return f"{names.title(self.region())} · {self._check().says}"

    def get_queryset(self) -> QuerySet:
        """The people of the region who have it now."""
        rows = Person.objects.permitted(self.request.user, VIEW).in_region(self.region())
        return measuring.people_with(rows, self._check().key, timezone.localdate())

    def get_table(self, rows: QuerySet) -> Any:
        """With the way to mend each."""
        table = super().get_table(rows)
        check = self._check()
        user: Any = self.request.user
        for row in table.paginated_rows:
            person = row.record
            if check.fix.startswith("people:") and user.can(EDIT, person.region_code):
                person.mend_url = reverse(check.fix, args=[person.pk])
            elif check.fix and not check.fix.startswith("people:"):
                person.mend_url = reverse(check.fix) if user.can(EDIT, person.region_code) else ""
            else:
                person.mend_url = person.get_absolute_url() + (f"?tab={check.tab}" if check.tab else "")
        return table
