"""The department's pages of its tasks: the list, a task with its overlap, watching, merging, taking back."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, filters, forms, joint_reading, keeping, reading, rules, shapes
from linli.collecting.actions.handing_over import ROWS, SHEETS
from linli.collecting.jobs import MERGE
from linli.collecting.models import OPEN, FormPart, FormTask, Joint
from linli.collecting.rules import State
from linli.jobs import actions as jobs
from linli.ledgers import kept_values
from linli.ledgers.actions import words
from linli.ledgers.meaning.mapping import ELEMENT, NEVER, NUMBER, SERIAL, Mapping
from linli.ledgers.notes import TARGET_LABELS
from linli.ledgers.recognition import ROSTER, Recognition
from linli.pages import html
from linli.pages.tables import DateColumn, Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

VIEW, SEND = Permission.VIEW_GATE, Permission.SEND_TO_COMMUNITIES
STREET = KEY_LENGTH[Level.STREET]
MOST_LISTED = 240
MOST_OPTIONS = 12  # of a list that are told beside its column
TONES = {
    State.SENT: "warn",
    State.FILLING: "brand",
    State.CHECKING: "brand",
    State.JOINED: "brand",
    State.SIGNED: "ok",
    State.WITHDRAWN: "",
}


def crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Where one is."""
    return [(_("报表任务"), reverse("collecting:home")), *more]


class Home(Permitted, View):
    """/form-tasks/: to what waits for the community's people, to the tasks for others."""

    permission = VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go there."""
        user: Any = request.user
        if user.can(Permission.RECEIVE_FORMS):
            return redirect("collecting:parts")
        return redirect("collecting:tasks")


class TaskTable(Table):
    """Tasks."""

    title = TitleColumn(verbose_name=_("表名"))
    unit = tables.Column(verbose_name=_("要表单位"))
    due_on = DateColumn(verbose_name=_("截止日期"))
    progress = tables.Column(verbose_name=_("进展"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        model = FormTask
        fields: tuple[str, ...] = ()

    def render_title(self, record: FormTask) -> SafeString:
        """To the page: there is much on it."""
        return html.format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    def render_unit(self, record: FormTask) -> str:
        """Who asks; of a common form all of them."""
        return record.asker

    def render_progress(self, record: Any) -> SafeString:
        """How many sent, wait, are late."""
        if record.is_draft:
            return html.tag("草稿")
        parts = [
            (f"{record.signed} / {record.total} 已报送", "ok" if record.signed == record.total else "brand"),
            (f"{record.late} 超期", "danger") if record.late else None,
        ]
        return html.tags([one for one in parts if one]) if record.total else html.tag("已全部收回")


class TaskList(ListPage):
    """/form-tasks/tasks/"""

    model = FormTask
    permission = VIEW
    title = _("报表任务")
    subtitle = _("部门向社区要的报表：要什么、到哪天、报了几个")
    noun = _("份")
    filterset_class = filters.TaskFilters
    table_class = TaskTable
    create_url_name = "collecting:choose"
    create_label = _("下发报表")
    create_permission = SEND
    empty_title = _("没有报表任务")
    empty_hint = _("部门在准入事项下下发报表后，这里能看到。")

    def get_queryset(self) -> QuerySet:
        """Those that the user may see, counted."""
        return reading.counted(FormTask.objects.visible(self.request.user)).select_related("unit")


class TaskPage(HistoryTab, DetailPage):
    """/form-tasks/tasks/<id>/: a draft's overlap; once issued, every community's progress."""

    model = FormTask
    permission = VIEW
    template_name = "collecting/task.html"

    def get_queryset(self) -> QuerySet:
        """Those that the user may see."""
        rows = FormTask.objects.visible(self.request.user)
        return reading.counted(rows).select_related("unit", "warrant", "made_by", "joint")

    def get_tabs(self) -> list[Tab]:
        """Progress first, once there is any."""
        parts = Tab("parts", _("各社区"), "collecting/_parts.html")
        columns = Tab("columns", _("要哪些内容"), "collecting/_columns.html")
        self.tabs = (columns,) if self.object.is_draft else (parts, columns)
        return super().get_tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Overlap, progress, and what the user may do."""
        user: Any = self.request.user
        task: Any = self.object
        mine = reading.sends(user, task)
        parts = list(task.parts.select_related("submitted_by", "task", "joined_to").order_by("region_code"))
        if not mine:
            parts = [one for one in parts if user.can(VIEW, one.region_code)]
        names.learn(one.region_code for one in parts)
        recognition = task.recognition
        keys = [one.region_code for one in parts] if parts else None
        blocked = task.is_draft and not all(one.fillable for one in recognition.regions_of_form)
        tallies = rules.summed_tallies(one.by_list for one in parts if one.state == State.SIGNED)
        proposal = None if task.is_merged else joint_reading.proposal_of(task)
        may_join = not blocked and proposal is None and joint_reading.may_propose(user, task)
        return super().get_context_data(
            mine=mine,
            parts=[(one, names.title(one.region_code), TONES[State(one.state)]) for one in parts],
            people="；".join(
                dict.fromkeys(one.population_label for one in recognition.regions_of_form if one.subject)
            ),
            held=rules.held(recognition.all_mappings),
            same=[] if task.is_merged else reading.asked_elsewhere(task, keys, user),
            lists=[
                self.listed(number, name, one, can_be_changed=mine and task.is_draft)
                for number, (name, one) in enumerate(
                    zip(shapes.list_names(recognition), recognition.regions_of_form, strict=True)
                )
            ],
            blocked=blocked,
            proposal=proposal,
            may_join=may_join and bool(joint_reading.partners(task)),
            stands_for=[] if not task.is_merged else _stands_for(task),
            joint=task.joint
            if task.is_merged and Joint.objects.visible(user).filter(pk=task.joint_id)
            else None,
            may_remind=mine and task.waiting > 0,
            may_take_back=mine and task.waiting > 0,
            may_merge=mine and any(one.sendings_made for one in parts),
            amount=task.said_amount(tallies),
            by_list=[
                (name, task.said_of_list(number, one), one)
                for number, (name, one) in enumerate(
                    zip(shapes.list_names(recognition), tallies, strict=False)
                )
            ]
            if task.is_several
            else [],
            sheets=SHEETS,
            rows_way=ROWS,
            crumbs=crumbs((task.title, "")),
            **kwargs,
        )

    def listed(self, number: int, name: str, listed: Recognition, *, can_be_changed: bool) -> dict[str, Any]:
        """One list of the form: whom it lists, what each of its columns asks."""
        task = self.object
        return {
            "name": name,
            "people": listed.population_label,
            "is_roster": listed.kind == ROSTER,
            "held": rules.held(listed.mappings),
            "fillable": listed.fillable,
            "doubt": listed.population.doubt if listed.kind == ROSTER else "",
            "scope": reverse("collecting:scope", args=[task.pk, number] if number else [task.pk])
            if can_be_changed and shapes.subject_of(listed)
            else "",
            "columns": [
                self.column(task, listed, one, can_be_changed=can_be_changed)
                for one in listed.mappings[:MOST_LISTED]
            ],
            "unlisted": max(0, len(listed.mappings) - MOST_LISTED),
        }

    def column(
        self, task: FormTask, listed: Recognition, one: Mapping, *, can_be_changed: bool
    ) -> dict[str, Any]:
        """What one column (or cell) asks, and how its own options stand to ours."""
        terms = words()
        element = kept_values.element_of(one, listed, terms) if shapes.subject_of(listed) else None
        said = []
        if element is not None:
            said = kept_values.said_of(one, element, kept_values.group_words(terms))
        is_ours = can_be_changed and one.target != "declined"
        return {
            "label": one.label,
            "meant": one.element_label or TARGET_LABELS.get(one.target, one.target),
            "tone": _tone(one.target),
            "reasons": one.reasons,
            "url": reverse("collecting:column", args=[task.pk, one.key])
            if is_ours and (shapes.subject_of(listed) or one.number)
            else "",
            "options": said[:MOST_OPTIONS],
            "options_more": max(0, len(said) - MOST_OPTIONS),
            "unmatched": any(not ours for _word, ours in said),
            "valued": one.valued,
            "values": reverse("collecting:values", args=[task.pk, one.key])
            if is_ours and element is not None
            else "",
            "forget_values": reverse("collecting:values_forget", args=[task.pk, one.key])
            if is_ours and one.valued
            else "",
        }


def _stands_for(task: FormTask) -> list[FormTask]:
    """The forms that a common form is asked for."""
    return list(FormTask.objects.filter(pk__in=task.stands_for).select_related("unit").order_by("pk"))


def _tone(target: str) -> str:
    if target in (ELEMENT, NUMBER):
        return "ok"
    return "" if target in (SERIAL, NEVER) else "warn"


class _OfUnit(Permitted, View):
    """A deed on a task of the user's unit."""

    permission = SEND
    http_method_names = ["post"]

    def task(self) -> FormTask:
        """The task."""
        found = FormTask.objects.select_related("unit").filter(pk=self.kwargs["pk"]).first()
        if found is None or not reading.sends(self.request.user, found):
            raise Http404
        return found

    kwargs: dict[str, Any]


class Discard(_OfUnit):
    """/form-tasks/tasks/<id>/discard/"""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete the draft."""
        task = self.task()
        try:
            actions.discard(acting_user=request.user, task=task)
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(task.get_absolute_url())
        messages.success(request, _("草稿已删除。"))
        return redirect("collecting:tasks")


class ForgetValues(_OfUnit):
    """/form-tasks/tasks/<id>/columns/<column>/values/forget/"""

    def post(self, request: HttpRequest, pk: int, column: int) -> HttpResponse:
        """Forget, then back to the draft."""
        task = self.task()
        try:
            actions.forget_values(acting_user=request.user, task=task, column=column)
        except RuleError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("已撤销，这一列的选项重新按名称对照，以后同样的表也是。"))
        return HttpResponseRedirect(task.get_absolute_url())


class Remind(_OfUnit):
    """/form-tasks/tasks/<id>/remind/"""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remind those that wait."""
        task = self.task()
        try:
            done = actions.remind(acting_user=request.user, task=task)
            messages.success(request, _gettext("已提醒 %(n)s 个社区。") % {"n": done})
        except RuleError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(task.get_absolute_url())


class Merge(_OfUnit):
    """/form-tasks/tasks/<id>/merge/: one workbook of what was signed, as a job."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin."""
        task = self.task()
        way = SHEETS if request.POST.get("way") == SHEETS else ROWS
        if not FormPart.objects.filter(task=task, sendings_made__gt=0).exists():
            messages.error(request, _("还没有社区报送，没有可以合并的内容。"))
            return HttpResponseRedirect(task.get_absolute_url())
        job = jobs.start(
            acting_user=request.user,
            kind=MERGE,
            title=_gettext("合并：%(title)s") % {"title": task.title},
            region_code=task.region_code,
            task=task.pk,
            way=way,
        )
        return redirect("job", pk=job.pk)


class TakeBack(EditPage):
    """/form-tasks/tasks/<id>/take-back/"""

    permission = SEND
    form_class: Any = forms.TakeBackForm
    title = _("收回报表")
    intro = _("只能收回还没有报送的。收回后不再计入频次，社区会收到通知。")
    submit_label = _("收回")
    tone = "danger"
    success_message = _("已收回，社区已收到通知。")

    def get_object(self) -> FormTask:
        """A task of the user's unit with copies that wait."""
        found = FormTask.objects.select_related("unit").filter(pk=self.kwargs["pk"]).first()
        if found is None or not reading.sends(self.request.user, found):
            raise Http404
        self.offered = found.parts.filter(state__in=OPEN).order_by("region_code")
        if not self.offered:
            raise Http404
        self.subtitle = found.title
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"parts": self.offered}

    def get_initial(self) -> dict[str, Any]:
        return {"parts": [one.pk for one in self.offered]}

    def perform(self, form: Any) -> FormTask:
        """Take them back."""
        actions.take_back(acting_user=self.request.user, task=self.object, **form.cleaned_data)
        return self.object


class BlankFile(Permitted, View):
    """/form-tasks/tasks/<id>/form: the empty form as the department sent it."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file under its own name."""
        found = FormTask.objects.visible(request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        try:
            data = keeping.read(found.path)
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(found.get_absolute_url())
        return workbook_response(data, found.name)


def workbook_response(data: bytes, name: str) -> HttpResponse:
    """A workbook to take along."""
    from django.utils.http import content_disposition_header

    answer = HttpResponse(
        data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
