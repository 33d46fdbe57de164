"""Scores one by one: where each comes from, objections to it and their answers; all of a year as a workbook, out and in."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.gate.assessment import actions, forms, measures, sheets
from linli.gate.assessment.models import Objection, ObjectionState, Part, Plan, PlanState, Score
from linli.gate.assessment.pages import MANAGE, VIEW, OnPlan, crumbs, plan_or_404
from linli.gate.assessment.rules import Way
from linli.pages.views import DetailPage, EditPage, HistoryTab, Permitted, Tab
from linli.regions import names

OBJECT = Permission.RECEIVE_AGENDA
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OBJECTION_TONES = {
    ObjectionState.OPEN: "warn",
    ObjectionState.UPHELD: "ok",
    ObjectionState.REJECTED: "",
    ObjectionState.WITHDRAWN: "",
}


def _workbook(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(True, f"{name}.xlsx") or ""},
    )


class ScorePage(HistoryTab, DetailPage):
    """/assessment/scores/<id>/: the points of a community for a part, how they come about, and what was objected."""

    model = Score
    permission = VIEW
    template_name = "assessment/score.html"
    tabs = (Tab("score", _("得分"), "assessment/_score.html"),)

    def get_queryset(self) -> QuerySet:
        """Of the communities that the user may see."""
        return super().get_queryset().select_related("part__plan")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it was computed from, the objections, what the user may do."""
        user: Any = self.request.user
        score: Score = self.object
        part, plan = score.part, score.part.plan
        day = score.as_of or timezone.localtime(score.at).date()
        query = measures.rows_query(part.measure, score.region_code, day) if part.measure else ""
        per = measures.rows_query(part.per, score.region_code, day) if part.per else ""
        mine = user.can(OBJECT, score.region_code)
        found = list(score.objections.select_related("made_by", "answered_by"))
        open_one = next((one for one in found if one.state == ObjectionState.OPEN), None)
        return super().get_context_data(
            part=part,
            plan=plan,
            area=names.title(score.region_code),
            is_measured=part.way == Way.MEASURED,
            measure=measures.label(part.measure) if part.measure else "",
            subject=measures.subject_label(part.measure) if part.measure else "",
            per=measures.label(part.per) if part.per else "",
            day=day,
            rows_url=f"{reverse('lists:make')}?{query}" if query else "",
            per_url=f"{reverse('lists:make')}?{per}" if per else "",
            objections=[(one, OBJECTION_TONES[ObjectionState(one.state)]) for one in found],
            open_one=open_one,
            last_day=actions.last_day(score),
            may_object=mine and actions.may_object(score),
            may_withdraw=mine and open_one is not None and actions.may_withdraw(user, open_one),
            may_answer=user.can(MANAGE, plan.region_code) and open_one is not None,
            crumbs=crumbs((plan.title, plan.get_absolute_url()), (part.title, "")),
            **kwargs,
        )


class ObjectTo(EditPage):
    """/assessment/scores/<id>/object/"""

    model = Score
    permission = OBJECT
    title = _("对得分申诉")
    form_class: Any = forms.ObjectionForm
    submit_label = _("提交申诉")
    success_message = _("已提交，区里会在期限内答复。")

    def get_object(self) -> Score:
        """A score of the user's community that may be objected to."""
        found: Score = super().get_object()
        if not actions.may_object(found):
            raise Http404
        self.subtitle = f"{found.part.title} · {found.said}"
        self.intro = f"申诉期到 {actions.last_day(found):%Y-%m-%d}。区里在 {found.part.plan.answer_days} 个工作日内答复。"
        return found

    def get_queryset(self) -> QuerySet:
        """With part and plan."""
        return super().get_queryset().select_related("part__plan")

    def perform(self, form: Any) -> Score:
        """Object."""
        actions.object_to(acting_user=self.request.user, score=self.object, **form.cleaned_data)
        found: Score = self.object
        return found


class AnswerObjection(EditPage):
    """/assessment/objections/<id>/answer/"""

    permission = MANAGE
    title = _("答复申诉")
    form_class: Any = forms.AnswerForm
    submit_label = _("答复")
    success_message = _("已答复，社区能看到了。")

    def get_object(self) -> Objection:
        """An open one of a district that the user manages."""
        user: Any = self.request.user
        found = (
            Objection.objects.select_related("score__part__plan")
            .filter(pk=self.kwargs["pk"], state=ObjectionState.OPEN)
            .first()
        )
        if found is None or not user.can(MANAGE, found.score.part.plan.region_code):
            raise Http404
        self.subtitle = f"{names.title(found.region_code)} · {found.score.part.title} · {found.said_then}"
        self.intro = f"申诉理由：{found.reason}" + (
            f"（认为应得 {found.wanted} 分）" if found.wanted is not None else ""
        )
        return found

    def perform(self, form: Any) -> Score:
        """Answer."""
        done = actions.answer_objection(
            acting_user=self.request.user, objection=self.object, **form.cleaned_data
        )
        return done.score


class WithdrawObjection(Permitted, View):
    """/assessment/objections/<id>/withdraw/"""

    permission = OBJECT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        found = (
            Objection.objects.permitted(request.user, OBJECT).select_related("score").filter(pk=pk).first()
        )
        if found is None:
            raise Http404
        try:
            actions.withdraw_objection(acting_user=request.user, objection=found)
            messages.success(request, str(_("已撤回。")))
        except RuleError as problem:
            messages.error(request, problem.message)
        return HttpResponseRedirect(found.get_absolute_url())


def _sheet_parts(plan: Plan) -> list[Part]:
    return list(plan.parts.all())


class ScoresFile(Permitted, View):
    """/assessment/<id>/scores.xlsx: the template, filled with what is there, for those who enter points."""

    permission = MANAGE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The workbook."""
        user: Any = request.user
        plan = plan_or_404(user, pk)
        if not user.can(MANAGE, plan.region_code) or plan.state == PlanState.DRAFT:
            raise Http404
        points: dict[str, dict[int, Any]] = {}
        for one in Score.objects.filter(part__plan=plan):
            points.setdefault(one.region_code, {})[one.part_id] = one.points
        codes = actions.communities_of(plan.region_code)
        told = names.titles(codes)
        data = sheets.write(
            f"{plan.title}得分表", _sheet_parts(plan), [(code, told[code]) for code in codes], points
        )
        return _workbook(data, f"{plan.title}得分表")


class UploadScores(OnPlan):
    """/assessment/<id>/upload/: points from the workbook; all lines or none, the wrong ones told one by one."""

    state = PlanState.PUBLISHED
    title = _("用表格录入得分")
    intro = _("先下载得分表，填好再传。有一行不对就都不录入，哪行错、错在哪里会列出来。")
    template_name = "assessment/upload.html"
    form_class: Any = forms.SheetForm
    submit_label = _("上传并录入")
    success_message = _("已录入。")
    wrong: list[tuple[int, str]]
    kept = ""

    def get_object(self) -> Plan:
        """The plan."""
        self.wrong = []
        return super().get_object()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is wrong with the lines."""
        return super().get_context_data(
            wrong=self.wrong[:100], many=len(self.wrong), kept=self.kept, **kwargs
        )

    def perform(self, form: Any) -> Plan:
        """Read and enter."""
        plan: Plan = self.object
        lines = sheets.lines_of(form.cleaned_data["file"])
        codes = actions.communities_of(plan.region_code)
        found = sheets.read(lines, _sheet_parts(plan), names.titles(codes))
        if found.wrong:
            self.wrong = [(number + 1, says) for number, says in sorted(found.wrong.items())]
            self.kept = json.dumps(
                {"lines": found.lines, "wrong": {str(key): says for key, says in found.wrong.items()}},
                ensure_ascii=False,
            )
            raise RuleError(f"有 {len(found.wrong)} 行不对，一行也没有录入。请改好再传。", field="file")
        actions.enter_many(
            acting_user=self.request.user, plan=plan, scores=found.scores, note=form.cleaned_data["note"]
        )
        return plan


class MarkedScores(OnPlan):
    """/assessment/<id>/marked/: the workbook that was sent, with its wrong lines coloured."""

    state = PlanState.PUBLISHED
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Made of what the page before held; nothing is kept."""
        plan = self.get_object()
        try:
            given = json.loads(request.POST.get("kept", ""))
            lines = [[str(cell) for cell in line] for line in given["lines"]]
            wrong = {int(key): str(says) for key, says in given["wrong"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Http404 from None
        if len(lines) > sheets.MOST_ROWS or any(len(line) > sheets.MOST_COLUMNS for line in lines):
            raise Http404
        return _workbook(sheets.marked(lines, wrong), f"{plan.title}得分表（有错已标出）")
