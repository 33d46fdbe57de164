"""The pages of the composite assessment: years, a year's plan with its results, scores, and the list that is cleared."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms as django_forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.gate.assessment import actions, forms, measures, rules
from linli.gate.assessment.models import (
    Contest,
    Fate,
    Objection,
    ObjectionState,
    Part,
    Plan,
    PlanState,
    Score,
)
from linli.gate.assessment.rules import Way
from linli.pages import html
from linli.pages.filtering import FilterSet
from linli.pages.parts import Kpi
from linli.pages.tables import NumberColumn, Table, TagColumn
from linli.pages.views import EditPage, ListPage, Permitted
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region

VIEW, MANAGE = Permission.VIEW_GATE, Permission.MANAGE_ASSESSMENT
DISTRICT, STREET = KEY_LENGTH[Level.DISTRICT], KEY_LENGTH[Level.STREET]
STATES = {PlanState.DRAFT: "warn", PlanState.PUBLISHED: "brand", PlanState.CLOSED: "ok"}
FATES = {Fate.OPEN: "warn", Fate.KEPT: "brand", Fate.MERGED: "ok", Fate.CANCELLED: ""}


def districts(user: Any) -> list[tuple[str, str]]:
    """The districts whose assessment the user manages."""
    rows = Region.objects.filter(
        scopes_q("region_code", user.scopes(MANAGE)), level=Level.DISTRICT, valid_to__isnull=True
    )
    return [(one.region_code, one.title) for one in rows.order_by("region_code")]


def crumbs(*more: tuple[Any, str]) -> list[tuple[str, str]]:
    """The way to a page of this room."""
    return [(str(_("综合考核")), reverse("assessment:home")), *((str(text), url) for text, url in more)]


class Home(Permitted, TemplateView):
    """/assessment/: a plan a year, and what has been cleared."""

    permission = VIEW
    template_name = "assessment/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The plans that the user may see; drafts only for those who make them."""
        user: Any = self.request.user
        plans = [
            one
            for one in Plan.objects.visible(user).annotate(n=Count("parts"))
            if one.state != PlanState.DRAFT or user.can(MANAGE, one.region_code)
        ]
        contests = Contest.objects.visible(user)
        counted = contests.aggregate(
            all=Count("pk"),
            **{str(fate): Count("pk", filter=Q(fate=fate)) for fate in Fate.values},
        )
        listed = reverse("assessment:contests")
        return super().get_context_data(
            title=_("综合考核"),
            plans=[(one, names.title(one.region_code), STATES[PlanState(one.state)]) for one in plans],
            may_manage=user.can(MANAGE),
            kpis=[
                Kpi(_("原有考核评比"), counted["all"], "list-details", _("项"), url=listed),
                Kpi(_("已取消"), counted["cancelled"], "circle-x", _("项"), url=f"{listed}?fate=cancelled"),
                Kpi(
                    _("并入综合考核"), counted["merged"], "arrow-merge", _("项"), url=f"{listed}?fate=merged"
                ),
                Kpi(
                    _("每个社区一年少花"),
                    round(actions.hours_saved(contests)),
                    "clock",
                    _("小时"),
                    under=f"保留 {counted['kept']} 项，待清理 {counted['open']} 项",
                ),
            ],
            **kwargs,
        )


class AddPlan(EditPage):
    """/assessment/add/"""

    permission = MANAGE
    title = _("起草年度方案")
    intro = _("一个区一年只有一个方案，公布后不能再改。")
    form_class: Any = forms.PlanForm
    submit_label = _("起草")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The districts to choose from."""
        return super().get_form_kwargs() | {"districts": districts(self.request.user)}

    def get_initial(self) -> dict[str, Any]:
        """This year's."""
        year = timezone.localdate().year
        return {"year": year, "title": f"{year} 年社区综合考核方案"}

    def cancel_url(self) -> str:
        """Back."""
        return reverse("assessment:home")

    def perform(self, form: Any) -> Plan:
        """Draft it."""
        return actions.draft_plan(acting_user=self.request.user, **form.cleaned_data)


def plan_or_404(user: Any, pk: int) -> Plan:
    """A plan that the user may see."""
    found = Plan.objects.visible(user).filter(pk=pk).first()
    if found is None or (found.state == PlanState.DRAFT and not user.can(MANAGE, found.region_code)):
        raise Http404
    return found


class PlanPage(Permitted, TemplateView):
    """/assessment/<id>/?street=: the parts with what they take in, and the communities' results."""

    permission = VIEW
    template_name = "assessment/plan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Places are given within the street and within the district."""
        user: Any = self.request.user
        plan = plan_or_404(user, self.kwargs["pk"])
        parts = list(plan.parts.prefetch_related("contests"))
        plain = [one.plain for one in parts]
        weight = sum(one.weight for one in parts)
        points: dict[str, dict[int, Decimal | None]] = {}
        given: dict[str, dict[int, Score]] = {}
        for score in Score.objects.filter(part__plan=plan):
            points.setdefault(score.region_code, {})[score.part_id] = score.points
            given.setdefault(score.region_code, {})[score.part_id] = score
        totals = {code: rules.total(plain, found) for code, found in points.items()}
        in_district = rules.places(totals)
        mine = Region.objects.filter(
            scopes_q("region_code", user.scopes(VIEW)),
            level=Level.COMMUNITY,
            region_code__startswith=plan.region_code,
            valid_to__isnull=True,
        ).order_by("region_code")
        codes = list(mine.values_list("region_code", flat=True))
        streets = sorted({code[:STREET] for code in codes})
        # Where most has been scored.
        scored = Counter(code[:STREET] for code, found in points.items() for _one in found)
        asked = self.request.GET.get("street", "")
        street = asked if asked in streets else max(streets, key=lambda one: scored[one], default="")
        shown = [code for code in codes if code.startswith(street)] if street else []
        in_street = rules.places({code: one for code, one in totals.items() if code[:STREET] == street})
        rows = [
            (
                code,
                names.title(code),
                [(one.title, given.get(code, {}).get(one.pk)) for one in parts],
                totals.get(code),
                rules.counted(plain, points.get(code, {})),
                in_street.get(code),
                in_district.get(code),
            )
            for code in shown
        ]
        rows.sort(key=lambda row: (row[5] is None, row[5] or 0, row[0]))
        manages = user.can(MANAGE, plan.region_code)
        return super().get_context_data(
            title=plan.title,
            plan=plan,
            tone=STATES[PlanState(plan.state)],
            area=names.title(plan.region_code),
            parts=[
                (
                    one,
                    measures.label(one.measure) if one.measure else "",
                    measures.label(one.per) if one.per else "",
                    list(one.contests.all()),
                )
                for one in parts
            ],
            weight=weight,
            problem=rules.plan_problem(plain, plan.least_satisfaction)
            if plan.state == PlanState.DRAFT
            else "",
            rows=rows,
            unrecorded=any(row[4] < weight for row in rows),
            streets=[(code, names.title(code)) for code in streets],
            street=street,
            is_draft=manages and plan.state == PlanState.DRAFT,
            is_open=manages and plan.state == PlanState.PUBLISHED,
            objections=list(
                Objection.objects.permitted(user, VIEW)
                .filter(score__part__plan=plan, state=ObjectionState.OPEN)
                .select_related("score__part")[:50]
            ),
            has_measured=any(one.way == Way.MEASURED for one in parts),
            crumbs=crumbs((plan.title, "")),
            **kwargs,
        )


class OnPlan(EditPage):
    """A form about a plan that the user manages."""

    permission = MANAGE
    state = PlanState.DRAFT

    def get_object(self) -> Plan:
        """The plan, in the state in which this is done."""
        user: Any = self.request.user
        found = plan_or_404(user, self.kwargs["pk"])
        if not user.can(MANAGE, found.region_code) or found.state != self.state:
            raise Http404
        self.subtitle = found.title
        return found


class AddPart(OnPlan):
    """/assessment/<id>/parts/"""

    title = _("增加考核内容")
    form_class: Any = forms.PartForm

    def perform(self, form: Any) -> Plan:
        """Add it."""
        actions.set_part(acting_user=self.request.user, plan=self.object, **form.cleaned_data)
        return self.object


class _OnPart(OnPlan):
    """A form about a part."""

    def get_object(self) -> Plan:
        """The part's plan."""
        self.part = Part.objects.select_related("plan").filter(pk=self.kwargs["part"]).first()
        found = super().get_object()
        if self.part is None or self.part.plan_id != found.pk:
            raise Http404
        return found


class EditPart(_OnPart):
    """/assessment/<id>/parts/<part>/"""

    title = _("修改考核内容")
    form_class: Any = forms.PartForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.part, name) for name in forms.PartForm.base_fields}

    def perform(self, form: Any) -> Plan:
        """Change it."""
        actions.set_part(acting_user=self.request.user, plan=self.object, part=self.part, **form.cleaned_data)
        return self.object


class Scores(_OnPart):
    """/assessment/<id>/parts/<part>/scores/?street=: the points of a street's communities for one part."""

    state = PlanState.PUBLISHED
    title = _("录入得分")
    intro = _("满分 100，没有评的先空着。")
    form_class: Any = forms.ScoresForm
    success_message = _("已录入。")

    def get_object(self) -> Plan:
        """Not of measured parts."""
        found = super().get_object()
        assert self.part is not None
        if self.part.way == Way.MEASURED:
            raise Http404
        asked = self.request.GET.get("street", "")
        within = asked if asked.startswith(found.region_code) and asked.isdecimal() else found.region_code
        self.codes = actions.communities_of(within)[:200]
        self.subtitle = f"{self.part.title} · {names.title(within)}"
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """The communities."""
        return super().get_form_kwargs() | {"communities": [(code, names.title(code)) for code in self.codes]}

    def get_initial(self) -> dict[str, Any]:
        """What was entered before."""
        held = Score.objects.filter(part=self.part, region_code__in=self.codes)
        return {f"c{one.region_code}": one.points for one in held}

    def perform(self, form: Any) -> str:
        """Keep them."""
        assert self.part is not None
        actions.enter(
            acting_user=self.request.user,
            part=self.part,
            scores=form.scores(),
            note=form.cleaned_data["note"],
        )
        return f"{self.object.get_absolute_url()}?street={self.request.GET.get('street', '')}"


class Act(Permitted, View):
    """/assessment/<id>/do/: publish, compute, close, or drop a part."""

    permission = MANAGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        user: Any = request.user
        plan = plan_or_404(user, pk)
        if not user.can(MANAGE, plan.region_code):
            raise Http404
        wanted = request.POST.get("do", "")
        try:
            if wanted == "publish":
                actions.publish(acting_user=user, plan=plan)
                messages.success(request, _("已公布，可以评分了。"))
            elif wanted == "compute":
                n = actions.compute(acting_user=user, plan=plan)
                messages.success(request, f"已算出 {n} 个得分。")
            elif wanted == "close":
                actions.close(acting_user=user, plan=plan)
                messages.success(request, _("已结束。"))
            elif wanted.startswith("drop-") and wanted[5:].isdecimal():
                part = plan.parts.filter(pk=int(wanted[5:])).first()
                if part is None:
                    raise Http404
                actions.drop_part(acting_user=user, part=part)
                messages.success(request, _("已删去。"))
            else:
                raise Http404
        except RuleError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(plan.get_absolute_url())


class ContestFilters(FilterSet):
    """Search first, then what became of it."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=django_forms.TextInput(attrs={"placeholder": _("项目、部门")}),
    )
    fate = django_filters.ChoiceFilter(label=_("清理结果"), choices=Fate.choices, empty_label=_("全部"))

    class Meta:
        model = Contest
        fields = ["q", "fate"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By title and unit."""
        text = value.strip()
        return rows.filter(Q(title__icontains=text) | Q(unit__name__icontains=text)) if text else rows


class ContestTable(Table):
    """Old contests."""

    title = tables.Column(verbose_name=_("项目"), attrs={"td": {"class": "title"}})
    unit = tables.Column(verbose_name=_("部门"))
    times = NumberColumn(verbose_name=_("每年几次"))
    fate = TagColumn(verbose_name=_("清理结果"), tones=FATES)
    decided_on = tables.Column(verbose_name=_("日期"))
    reason = tables.Column(verbose_name=_("理由"), orderable=False, attrs={"td": {"class": "says"}})

    class Meta(Table.Meta):
        model = Contest
        fields: tuple[str, ...] = ()

    def render_title(self, record: Contest, table: Any) -> Any:
        """To the decision, for those who make it."""
        user = table.request.user
        if not user.can(MANAGE, record.region_code):
            return record.title
        return html.drawer_link(record.get_absolute_url(), record.title)

    def render_times(self, value: Decimal) -> str:
        """Without needless noughts."""
        return f"{value.normalize():f}"

    def render_decided_on(self, value: Any) -> str:
        """The day."""
        return f"{value:%Y-%m-%d}"

    def render_reason(self, record: Contest) -> str:
        """With the part that took it in."""
        return f"并入“{record.part.title}”。{record.reason}" if record.part else record.reason


class ContestList(ListPage):
    """/assessment/contests/: the old contests, cancelled, taken in or kept."""

    model = Contest
    permission = VIEW
    title = _("取消社区考核评比清单")
    subtitle = _("面向社区的达标、检查评比和示范创建：取消、并入综合考核，或保留")
    noun = _("项")
    filterset_class = ContestFilters
    table_class = ContestTable
    create_url_name = "assessment:contest_add"
    create_label = _("列入一项")
    create_permission = MANAGE
    empty_title = _("清单还是空的")
    empty_hint = _("把各部门面向社区的考核评比都列进来，逐项清理。")

    def get_queryset(self) -> QuerySet:
        """Of the districts that concern the user."""
        return Contest.objects.visible(self.request.user).select_related("unit", "part")


class AddContest(EditPage):
    """/assessment/contests/add/"""

    permission = MANAGE
    title = _("列入一项考核评比")
    form_class: Any = forms.ContestForm

    def get_object(self) -> None:
        """The district that the user manages."""
        found = districts(self.request.user)
        if not found:
            raise Http404
        self.district, self.subtitle = found[0]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its departments."""
        return super().get_form_kwargs() | {"district": self.district}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("assessment:contests")

    def perform(self, form: Any) -> str:
        """List it."""
        actions.add_contest(acting_user=self.request.user, region_code=self.district, **form.cleaned_data)
        return reverse("assessment:contests")


class Decide(EditPage):
    """/assessment/contests/<id>/"""

    model = Contest
    permission = MANAGE
    title = _("清理一项考核评比")
    intro = _("市级以上明确要求的才保留；其他的取消，或并入每年一次的综合考核。")
    form_class: Any = forms.DecideForm

    def get_object(self) -> Contest:
        """The contest."""
        found: Contest = super().get_object()
        self.subtitle = f"{found.title}" + (f" · {found.unit}" if found.unit else "")
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """The parts that may take it in."""
        return super().get_form_kwargs() | {"contest": self.object}

    def get_initial(self) -> dict[str, Any]:
        """What was decided before."""
        one: Contest = self.object
        fate = one.fate if one.fate != Fate.OPEN else Fate.CANCELLED
        return {"fate": fate, "reason": one.reason, "part": one.part_id} | (
            {"on": one.decided_on} if one.decided_on else {}
        )

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("assessment:contests")

    def perform(self, form: Any) -> str:
        """Decide."""
        actions.decide(acting_user=self.request.user, contest=self.object, **form.cleaned_data)
        return reverse("assessment:contests")
