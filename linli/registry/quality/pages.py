"""数据质量: the score of each community and of its parts, and its faults by part, each with the way to the records that have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.audit.recording import RuleError
from linli.facts import kept
from linli.jobs import actions as jobs
from linli.pages.asof import Dated, carry
from linli.pages.parts import Kpi, chart
from linli.pages.views import Permitted
from linli.regions import names
from linli.registry.quality import actions, measuring, rules, sight
from linli.registry.quality.jobs import MEASURE
from linli.registry.quality.models import QualityScore
from linli.registry.quality.regions import VIEW, InRegion


def _area(user: Any) -> str:
    """The region that the user's scopes have in common: the first of them."""
    return min((scope.low for scope in user.scopes(VIEW)), key=len)


def _parts(judged: Mapping[str, tuple[int, float]], counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The parts of the base with share, records, score and faults; a part without records has no score."""
    found = []
    for part in rules.PARTS:
        records, lost = judged.get(part.key, (0, 0.0))
        points = rules.score(records, lost) if records else None
        found.append(
            {
                "key": part.key,
                "label": part.label,
                "share": part.share,
                "records": records,
                "score": points,
                "tone": rules.tone(points) if points is not None else "",
                "faults": sum(counts.get(c.key, 0) for c in rules.EVERY if c.about.part == part.key),
            }
        )
    return found


def _checks_by_part() -> list[tuple[rules.Part, list[rules.Check]]]:
    return [(part, [c for c in rules.EVERY if c.about.part == part.key]) for part in rules.PARTS]


class Overview(Dated, Permitted, TemplateView):
    """/quality/: the communities of one's area, today or as they were counted by another day."""

    permission = VIEW
    dated = True
    as_of_says = _("得分是那一天或之前最近一次算的；点开的名单是现在还没改好的。")
    template_name = "quality/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The newest scores, summed, and by month."""
        user: Any = self.request.user
        mine = QualityScore.objects.permitted(user, VIEW)
        scores = measuring.latest(mine.filter(on__lte=self.on))
        judged, points, counts = measuring.summed(scores)
        people = judged.get("people", (0, 0.0))[0]
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
                        sum(counts.get(c.key, 0) for c in rules.EVERY if c.category == key),
                        icon,
                        _("条"),
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
                        sum(one.counts.get(c.key, 0) for c in rules.EVERY if c.category == key)
                        for key, _label in rules.CLASSES
                    ],
                }
                for one in sorted(scores, key=lambda one: one.score)
            ],
            classes=[label for _key, label in rules.CLASSES],
            parts=_parts(judged, counts),
            checks_by_part=_checks_by_part(),
            trend=chart("line", [m for m, _v in months], {"得分": [v for _m, v in months]}, "分")
            if len(months) > 1
            else None,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Count anew; of more than a street as a job."""
        user: Any = request.user
        if kept.is_wide(user.scopes(VIEW)):
            region = _area(user)
            job = jobs.start(
                acting_user=user,
                kind=MEASURE,
                title=_t("计算数据质量（%(where)s）") % {"where": names.title(region)},
                region_code=region,
                unit="",
                region=region,
            )
            return HttpResponseRedirect(job.get_absolute_url())
        done = actions.measure(acting_user=request.user, region_code=_area(request.user))
        messages.success(request, _t("已重新计算 %(n)s 个社区。") % {"n": done})
        return HttpResponseRedirect(reverse("quality:overview"))


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
        judged, points, counts = measuring.summed(scores)
        parts = self._with_faults(_parts(judged, counts), counts, region)
        return super().get_context_data(
            page_view=self,
            as_of=self.as_of,
            title=_t("%(name)s的数据质量") % {"name": names.title(region)},
            score=points if judged else None,
            tone=rules.tone(points),
            people=judged.get("people", (0, 0.0))[0],
            on=max((one.on for one in scores), default=None),
            parts=parts,
            nothing=not any(part["checks"] for part in parts),
            can_edit=any(user.can(one, region) for one in sight.EDIT.values()) and not self.past,
            crumbs=[
                (_t("数据质量"), carry(reverse("quality:overview"), self.request)),
                (names.title(region), ""),
            ],
            **kwargs,
        )

    def _with_faults(
        self, parts: list[dict[str, Any]], counts: dict[str, int], region: str
    ) -> list[dict[str, Any]]:
        """The parts with their faults, the gravest kinds first: of people as counted last, of the rest as they were found."""
        user: Any = self.request.user
        found = {check.key: counts.get(check.key, 0) for check in rules.CHECKS}
        found |= self._numbers(sight.visible(user, region, self.on))
        aside = self._numbers(sight.set_aside(user, region, self.on))
        order = [key for key, _label in rules.CLASSES]
        labels = dict(rules.CLASSES)
        for part in parts:
            part["checks"] = [
                {
                    "check": check,
                    "category": labels[check.category],
                    "count": found.get(check.key, 0),
                    "aside": aside.get(check.key, 0),
                    "can_edit": user.can(sight.EDIT[check.subject], region),
                    "url": reverse("quality:check", args=[region, check.key]),
                }
                for check in sorted(rules.EVERY, key=lambda one: order.index(one.category))
                if check.about.part == part["key"] and (found.get(check.key) or aside.get(check.key))
            ]
        return parts

    @staticmethod
    def _numbers(rows: Any) -> dict[str, int]:
        return dict(rows.order_by().values_list("fault").annotate(n=Count("pk")))

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
