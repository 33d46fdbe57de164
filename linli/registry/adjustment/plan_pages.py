"""The pages of one plan: communities beside today, picking buildings, the effect, approval, both cuts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish, grouped
from linli.jobs import actions as jobs
from linli.kernel.scope import Scope
from linli.pages.views import DetailPage, EditPage, HistoryTab, Permitted, Tab
from linli.regions import names
from linli.registry.adjustment import actions, mapping, reasons, rules, sheets, showing
from linli.registry.adjustment.base import (
    COMMUNITY,
    Figure,
    communities_of,
    effect,
    figures,
    read_base,
)
from linli.registry.adjustment.forms import (
    ApproveForm,
    CommunityForm,
    MergeForm,
    NothingForm,
    ProposeForm,
    ReasonForm,
)
from linli.registry.adjustment.jobs import CARRY_OUT, PROPOSE
from linli.registry.adjustment.models import Norm, Plan, PlanState
from linli.registry.adjustment.rules import Base, Block
from linli.registry.adjustment.tables import describe
from linli.registry.groups.models import Group
from linli.registry.places.mapping import tiles

PLAN, APPROVE = Permission.PLAN_ADJUSTMENT, Permission.APPROVE_ADJUSTMENT


class _OfPlan(Permitted):
    """A plan in the user's area, and the base it is drawn over."""

    model = Plan
    permission = PLAN
    kwargs: dict[str, Any]
    object: Any

    @cached_property
    def base(self) -> Base:
        """The communities and buildings of today."""
        return read_base(self.object.region_code, timezone.localdate())


def visible_figures(user: Any, region_code: str) -> list[Figure]:
    """The figures that a user may see there: counts of sensitive groups only with the permission for them."""
    sensitive = {
        f"in_{code}" for code, level in Group.objects.values_list("code", "sensitivity") if level >= 3
    }
    allowed = user.can(Permission.VIEW_SENSITIVE_GROUPS, region_code)
    return [one for one in figures() if allowed or one.measure not in sensitive]


class PlanPage(_OfPlan, HistoryTab, DetailPage):
    """/adjustment/plans/<id>/"""

    template_name = "adjustment/plan.html"
    tabs = (
        Tab("communities", _("社区"), "adjustment/_communities.html"),
        Tab("map", _("地图"), "adjustment/_map.html"),
        Tab("effect", _("影响"), "adjustment/_effect.html"),
        Tab("words", _("说明"), "adjustment/_words.html"),
    )

    def get_tabs(self) -> list[Tab]:
        """One that is carried out shows both cuts instead of a draft."""
        tabs = super().get_tabs()
        if self.object.state == PlanState.DONE:
            cuts = Tab("cuts", _("新旧口径"), "adjustment/_cuts.html")
            done = Tab("words", _("执行结果"), "adjustment/_done.html")
            return [done, cuts, *tabs[len(self.tabs) :]]
        return tabs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the tab needs."""
        plan: Plan = self.object
        user: Any = self.request.user
        today = timezone.localdate()
        context = super().get_context_data(
            crumbs=[(str(_("社区调整方案")), reverse("adjustment:plans")), (plan.name, "")],
            area=names.title(plan.region_code),
            may_edit=plan.is_open,
            may_approve=user.can(APPROVE, plan.region_code),
            is_due=plan.effective_on is not None and plan.effective_on <= today,
            last=plan.steps.first() if plan.is_open else None,
            **kwargs,
        )
        tab = context["current_tab"].key
        if plan.state == PlanState.DONE:
            moved = plan.result.get("rows", {}).get("people_person", 0)
            return context | {"moved_people": moved} | (self._cuts() if tab == "cuts" else {})
        if tab == "history":
            return context
        draft = plan.draft
        context |= {
            "problems": rules.problems(draft, self.base),
            "is_empty": draft.is_empty,
            "is_stale": rules.tidied(draft, self.base) != draft,
        }
        on = plan.effective_on or today
        if tab == "words":
            return context | {
                "words": rules.explain(draft, self.base),
                "reasons": reasons.of_rows(showing.plan_rows(self.base, draft, plan.region_code, on)),
                "scattered": reasons.scattered(self.base, draft),
                "steps": list(plan.steps.all()[:30]),
            }
        if tab == "map":
            before, after = mapping.sheets(self.base, draft)
            return context | {
                "today": before,
                "after": after,
                "today_said": _t("现在"),
                "after_said": _t("调整后"),
                "unplaced": mapping.unplaced(self.base),
            }
        rows = showing.plan_rows(self.base, draft, plan.region_code, on)
        by_kind = showing.rules_for(plan.region_code, on)
        context |= {
            "rows": rows,
            "totals": showing.totals(rows),
            "size_norms": [
                (one, describe(one.rule.low, one.rule.high, None)) for one in showing.size_norms(by_kind)
            ],
            "norms": {kind: found[0] for kind, found in by_kind.items()},
        }
        return context | (self._effect() if tab == "effect" else {})

    def _effect(self) -> dict[str, Any]:
        """One figure by community; ?figure= picks it."""
        plan: Plan = self.object
        shown = visible_figures(self.request.user, plan.region_code)
        wanted = self.request.GET.get("figure", "")
        figure = next((one for one in shown if one.key == wanted), shown[0])
        (line,) = effect(self.base, plan.draft, plan.region_code, timezone.localdate(), [figure])
        lines = [
            (
                one,
                line.today.get(key, 0),
                line.after.get(key, 0),
                line.after.get(key, 0) - line.today.get(key, 0),
            )
            for key, one in plan.draft.communities(self.base).items()
        ]
        return {"figures": shown, "figure": figure, "line": line, "lines": lines}

    def _cuts(self) -> dict[str, Any]:
        """One figure as of a date before, in the communities of then and of now."""
        plan: Plan = self.object
        shown = visible_figures(self.request.user, plan.region_code)
        wanted = self.request.GET.get("figure", "")
        figure = next((one for one in shown if one.key == wanted), shown[0])
        last = (plan.effective_on or timezone.localdate()) - timedelta(days=1)
        try:
            on = date.fromisoformat(self.request.GET.get("on", ""))
        except ValueError:
            on = last
        on = min(on, timezone.localdate())
        dictionary.refresh()
        scope = [Scope.of(plan.region_code)]
        then, now = (
            grouped(Wish(figure.subject, scope, on, cut=cut), figure.measure, by_region_length=COMMUNITY)
            for cut in ("then", "now")
        )
        keys = {
            one.region_code
            for day in (on, timezone.localdate())
            for one in communities_of(plan.region_code, day)
        }
        cuts = [
            (names.title(key), then.get(key, 0), now.get(key, 0))
            for key in sorted(keys | set(then) | set(now))
        ]
        return {
            "figures": shown,
            "figure": figure,
            "on": on,
            "cuts": cuts,
            "sums": (sum(then.values()), sum(now.values())),
        }


class PlanExport(_OfPlan, View):
    """/adjustment/plans/<id>/export/: the plan as a workbook, for those who have no account here."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file; one that is carried out has become the base itself and is not found."""
        self.object = get_object_or_404(self.get_queryset().exclude(state=PlanState.DONE), pk=pk)
        plan: Plan = self.object
        on = plan.effective_on or timezone.localdate()
        made = BytesIO()
        rows = showing.plan_rows(self.base, plan.draft, plan.region_code, on)
        sheets.write(self.base, plan.draft, rows, made)
        made.seek(0)
        return FileResponse(made, as_attachment=True, filename=f"{plan.name}.xlsx")


# -- picking buildings -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EstateRows:
    """The buildings of an estate that the filters leave, with where they go."""

    name: str
    community: str
    blocks: list[tuple[Block, str, bool]]

    @property
    def households(self) -> int:
        return sum(block.households for block, _target, _moved in self.blocks)


class PickBuildings(_OfPlan, TemplateView):
    """/adjustment/plans/<id>/buildings/: find buildings, pick some, put them into a community of the plan, or set one up."""

    template_name = "adjustment/buildings.html"

    def get_plan(self) -> Plan:
        """The plan, 404 outside the user's area."""
        self.object = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The buildings by estate."""
        plan = self.get_plan()
        draft = plan.draft
        communities = draft.communities(self.base)
        query = self.request.GET
        chosen, q, only = query.get("community", ""), query.get("q", "").strip(), query.get("moved", "")
        groups: dict[tuple[str, int], list[tuple[Block, str, bool]]] = {}
        for block in self.base.blocks.values():
            target = draft.target(block)
            if chosen and chosen not in (block.community, target):
                continue
            if q and q not in block.title and q not in block.address:
                continue
            if only and target == block.community:
                continue
            name = communities[target].name if target in communities else "—"
            groups.setdefault((block.community, block.estate), []).append(
                (block, name, target != block.community)
            )
        estates = [
            EstateRows(
                blocks[0][0].estate_name,
                communities[key].name if key in communities else _t("未定社区"),
                sorted(blocks, key=lambda one: (one[0].position, one[0].id)),
            )
            for (key, _estate), blocks in groups.items()
        ]
        return super().get_context_data(
            plan=plan,
            estates=estates,
            shown=sum(len(one.blocks) for one in estates),
            map=mapping.picking(
                self.base, draft, [block.id for one in estates for block, _target, _moved in one.blocks]
            )
            | tiles(),
            unplaced=mapping.unplaced(self.base),
            communities=communities.values(),
            staying=draft.staying(self.base).values(),
            chosen=chosen,
            q=q,
            only=only,
            crumbs=[
                (str(_("社区调整方案")), reverse("adjustment:plans")),
                (plan.name, plan.get_absolute_url()),
                (str(_("选楼栋")), ""),
            ],
            last=plan.steps.first(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move what was picked, or set a community up out of it."""
        plan = self.get_plan()
        ids = _numbers(request.POST.getlist("pk"))
        try:
            if request.POST.get("do") == "found":
                actions.found_community(
                    acting_user=request.user,
                    plan=plan,
                    name=request.POST.get("name", ""),
                    code=request.POST.get("code", ""),
                    ids=ids,
                )
                messages.success(request, _t("已新设社区，并划入所选楼栋。"))
            else:
                actions.move_buildings(
                    acting_user=request.user, plan=plan, ids=ids, to=request.POST.get("to", "")
                )
                messages.success(request, _t("已划转所选楼栋。"))
        except RuleError as error:
            messages.error(request, error.message)
            kept = {name: request.POST.get(name, "") for name in ("to", "name")}
            return self.render_to_response(self.get_context_data(ticked=set(ids), kept=kept), status=422)
        return HttpResponseRedirect(request.get_full_path())


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(one) for one in texts if one.isdecimal() and len(one) < 19]


# -- small edits -----------------------------------------------------------------------------------------------------


class _PlanForm(_OfPlan, EditPage):
    """A form about a plan."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way back."""
        return super().get_context_data(
            crumbs=[
                (str(_("社区调整方案")), reverse("adjustment:plans")),
                (self.object.name, self.object.get_absolute_url()),
                (str(self.title), ""),
            ],
            **kwargs,
        )


class FoundCommunity(_PlanForm):
    """/adjustment/plans/<id>/found/"""

    title = _("新设社区")
    intro = _("先设社区，再到“选楼栋”里把楼栋划进来。")
    form_class = CommunityForm
    submit_label = _("新设")
    success_message = _("已在方案中新设社区。")

    def perform(self, form: Any) -> str:
        """Set it up, and on to its buildings."""
        actions.found_community(acting_user=self.request.user, plan=self.object, **form.cleaned_data)
        return reverse("adjustment:buildings", args=[self.object.pk])


class RenameCommunity(_PlanForm):
    """/adjustment/plans/<id>/rename/<key>/"""

    title = _("修改新设社区")
    form_class = CommunityForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        found = next((o for o in self.object.draft.founded if o.key == self.kwargs["key"]), None)
        return {"name": found.name, "code": found.code} if found else {}

    def perform(self, form: Any) -> Plan:
        """Rename it."""
        return actions.rename_community(
            acting_user=self.request.user, plan=self.object, key=self.kwargs["key"], **form.cleaned_data
        )


class MergeCommunity(_PlanForm):
    """/adjustment/plans/<id>/merge/"""

    title = _("撤并社区")
    intro = _("撤销的社区里，没有另外划走的楼栋、没有落到楼栋的记录和工作人员的岗位，都并入另一个社区。")
    form_class = MergeForm
    submit_label = _("撤并")
    success_message = _("已在方案中撤并社区。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The plan with its base."""
        return super().get_form_kwargs() | {"plan": self.object, "base": self.base}

    def perform(self, form: Any) -> Plan:
        """Merge them."""
        return actions.merge_community(acting_user=self.request.user, plan=self.object, **form.cleaned_data)


class QuickEdit(_PlanForm):
    """/adjustment/plans/<id>/edit/: the buttons undo, tidy and keep (`key`)."""

    http_method_names = ["post"]
    form_class = NothingForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says and go back where it stood."""
        self.object = self.get_object()
        user: Any = request.user
        do = request.POST.get("do")
        try:
            if do == "undo":
                actions.undo(acting_user=user, plan=self.object)
            elif do == "tidy":
                actions.tidy_draft(acting_user=user, plan=self.object)
            else:
                actions.keep_community(acting_user=user, plan=self.object, key=request.POST.get("key", ""))
            messages.success(request, _t("已修改方案。"))
        except RuleError as error:
            messages.error(request, error.message)
        back = request.POST.get("back", "")
        if back == "buildings":
            return HttpResponseRedirect(reverse("adjustment:buildings", args=[self.object.pk]))
        return HttpResponseRedirect(self.object.get_absolute_url())


class Propose(_PlanForm):
    """/adjustment/plans/<id>/propose/"""

    title = _("让系统拟定")
    intro = _(
        "系统按小区整体划分，让每个社区的户数都在标准之内，同时尽量少移动、各社区连片。"
        "拟定的方案会替换现在的草案内容，可以撤销，也可以再手工修改。"
    )
    form_class = ProposeForm
    submit_label = _("开始拟定")
    success_message = _("已开始拟定，做完会有消息提醒。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The norms of sizes that the place is measured by; all of them where none holds."""
        on = self.object.effective_on or timezone.localdate()
        found = showing.size_norms(showing.rules_for(self.object.region_code, on))
        choices = [
            (
                str(one.rule.pk),
                f"{describe(one.rule.low, one.rule.high, None)} 户（{one.said}，{one.rule.source}）",
            )
            for one in found
        ]
        return super().get_form_kwargs() | {"choices": choices}

    def perform(self, form: Any) -> str:
        """Start the work."""
        if not self.object.is_open:
            raise RuleError("只有草案可以拟定。已提交的方案请先退回为草案。")
        norm = Norm.objects.get(pk=int(form.cleaned_data["norm"]))
        job = jobs.start(
            acting_user=self.request.user,
            kind=PROPOSE,
            title=f"拟定“{self.object.name}”",
            region_code=self.object.region_code,
            unit="轮",
            plan=self.object.pk,
            norm=norm.pk,
        )
        return reverse("job", args=[job.pk])


class Submit(_PlanForm):
    """/adjustment/plans/<id>/submit/"""

    title = _("提交方案")
    intro = _(
        "依照《城市居民委员会组织法》第三条，居民委员会的设立、撤销和规模调整由街道提出，报区（市）人民政府批准。提交后不能再修改，可以退回为草案。"
    )
    form_class = NothingForm
    submit_label = _("提交")
    success_message = _("已提交，等待登记批准文号。")

    def perform(self, form: Any) -> Plan:
        """Hand it in."""
        return actions.submit(acting_user=self.request.user, plan=self.object)


class Withdraw(_PlanForm):
    """/adjustment/plans/<id>/withdraw/"""

    title = _("退回为草案")
    form_class = ReasonForm
    submit_label = _("退回")
    success_message = _("已退回为草案。")

    def perform(self, form: Any) -> Plan:
        """Take it back."""
        return actions.withdraw(acting_user=self.request.user, plan=self.object, **form.cleaned_data)


class Discard(_PlanForm):
    """/adjustment/plans/<id>/discard/"""

    title = _("作废方案")
    intro = _("作废后不能再修改，记录会保留。")
    form_class = ReasonForm
    submit_label = _("作废")
    tone = "danger"
    success_message = _("方案已作废。")

    def perform(self, form: Any) -> Plan:
        """Put it aside."""
        return actions.discard(acting_user=self.request.user, plan=self.object, **form.cleaned_data)


class Approve(_PlanForm):
    """/adjustment/plans/<id>/approve/"""

    permission = APPROVE
    title = _("登记批准")
    intro = _(
        "填写区（市）人民政府的批准文号和生效日期。生效日期是今天或以前的，批准后点“执行”；以后的，到那一天系统自动执行。"
    )
    form_class = ApproveForm
    submit_label = _("批准")
    success_message = _("已登记批准。")

    def perform(self, form: Any) -> Plan:
        """Approve it."""
        return actions.approve(acting_user=self.request.user, plan=self.object, **form.cleaned_data)


class CarryOut(_PlanForm):
    """/adjustment/plans/<id>/carry-out/"""

    permission = APPROVE
    title = _("执行方案")
    intro = _(
        "执行会把划转楼栋里的房屋、居民、家庭户、人群和单位一并转到新的社区，关闭撤销的社区，把工作人员的岗位接续过去。"
        "执行前后的人数、户数、房屋和金额自动核对，有一项对不上就整个撤回。以前的数据仍按当时的社区统计。"
    )
    form_class = NothingForm
    submit_label = _("执行")
    tone = "danger"
    success_message = _("已开始执行。")

    def perform(self, form: Any) -> str:
        """Start the work."""
        plan: Plan = self.object
        if plan.state != PlanState.APPROVED or plan.effective_on is None:
            raise RuleError("方案还没有批准，不能执行。")
        if plan.effective_on > timezone.localdate():
            raise RuleError(f"生效日期是 {plan.effective_on:%Y-%m-%d}，到时系统自动执行。")
        job = jobs.start(
            acting_user=self.request.user,
            kind=CARRY_OUT,
            title=f"执行“{plan.name}”",
            region_code=plan.region_code,
            plan=plan.pk,
        )
        return reverse("job", args=[job.pk])
