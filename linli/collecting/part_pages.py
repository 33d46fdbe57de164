"""A community's pages: the list of what is asked of it, its copy with every row, correcting, uploading, submitting, signing."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, filters, forms, keeping, reading, rules, shapes
from linli.collecting.actions.cells import called, name_place
from linli.collecting.jobs import PRINT_PART
from linli.collecting.models import OPEN, CellChange, FormPart, Sending
from linli.collecting.models.answers import WRITES
from linli.collecting.rules import Grid, QuestionState, State
from linli.collecting.task_pages import TONES, VIEW, crumbs, workbook_response
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import picture
from linli.ledgers.drawing import Drawing, draw
from linli.ledgers.meaning.mapping import ELEMENT
from linli.ledgers.meaning.wording import who_knows
from linli.ledgers.recognition import AGGREGATE, CARD, ROSTER
from linli.pages import html
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names

RECEIVE, SIGN = Permission.RECEIVE_FORMS, Permission.SIGN_FORMS
ROWS_A_PAGE = 50
MOST_CHANGES = 200


class PartTable(Table):
    """Copies."""

    title = TitleColumn(verbose_name=_("表名"), accessor="task__title")
    region_code = tables.Column(verbose_name=_("社区"))
    unit = tables.Column(verbose_name=_("要表单位"), accessor="task__unit__name")
    due_on = tables.Column(verbose_name=_("截止日期"), accessor="task__due_on")
    state = TagColumn(verbose_name=_("状态"), tones=TONES)
    blanks = tables.Column(verbose_name=_("空白"), attrs={"th": {"class": "num"}, "td": {"class": "num"}})

    class Meta(Table.Meta):
        model = FormPart
        fields: tuple[str, ...] = ()

    def render_title(self, record: FormPart) -> SafeString:
        """To the page: there is much on it."""
        return html.format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.task.title)

    def render_region_code(self, value: str) -> str:
        """Its spoken name."""
        return names.title(value)

    def render_due_on(self, value: Any, record: FormPart) -> SafeString:
        """Marked when it is late."""
        shown = f"{value:%Y-%m-%d}"
        return html.format_html("{} {}", shown, html.tag("超期", "danger") if record.is_late else "")

    def render_blanks(self, record: FormPart) -> str:
        """How many cells are empty, once it is filled."""
        return html.thousands(record.blanks) if record.book else html.DASH


class PartList(ListPage):
    """/form-tasks/parts/"""

    model = FormPart
    permission = VIEW
    title = _("要填的报表")
    subtitle = _("部门要的报表，系统先填好，社区核对、补空、签字报送")
    noun = _("份")
    filterset_class = filters.PartFilters
    table_class = PartTable
    empty_title = _("没有要填的报表")
    empty_hint = _("部门经准入下发的报表会出现在这里。没有经过准入的表，可以不填。")

    def get_queryset(self) -> QuerySet:
        """Those of communities that the user sees."""
        return (
            FormPart.objects.permitted(self.request.user, VIEW)
            .select_related("task__unit")
            .annotate(waits=Case(When(state__in=OPEN, then=0), default=1, output_field=IntegerField()))
            .order_by("waits", "task__due_on", "-pk")
        )


@dataclass(frozen=True)
class Cell:
    """A cell of a copy as the page shows it."""

    text: str
    is_blank: bool


def shown_rows(part: FormPart, grid: Grid, numbers: list[int]) -> list[dict[str, Any]]:
    """The rows as they are shown: personal numbers masked, blanks that are asked marked."""
    recognition, terms = part.task.recognition, words()
    asked = set(keeping.asked_places(recognition.mappings))
    name = name_place(recognition)
    found = []
    for number in numbers:
        row = grid.rows[number]
        called = [Cell(row.name, False)] if row.name else []
        cells = [
            Cell(
                forms.masked("" if value is None else str(value), mapping, terms, recognition.subject),
                place in asked and grid.is_blank(number, place),
            )
            for place, (value, mapping) in enumerate(zip(row.cells, recognition.mappings, strict=True))
        ]
        found.append(
            {
                "number": number + 1,
                "name": row.name or (cells[name].text if name is not None else str(number + 1)),
                "cells": [*called, *cells],
                "blanks": sum(one.is_blank for one in cells),
                "url": reverse("collecting:row", args=[part.pk, number]),
                "new": row.id is None,
                "why": row.why,
            }
        )
    return found


def why_blank(target: str, about: dict[str, Any]) -> str:
    """Why cells of a column are empty: the base lacks the column, has not recorded it of everybody, or the form's list lacks it."""
    if target != ELEMENT:
        return str(about.get("explanation", ""))
    said = [f"{text}（{times} 格）" for text, times in dict(about.get("problems") or {}).items()]
    return "；".join(said) or _gettext("登记库里还没有登记")


def missing_columns(part: FormPart, grid: Grid) -> list[dict[str, Any]]:
    """The columns with empty cells: how many, why, who can know."""
    recognition = part.task.recognition
    account = {(one.get("row") or 0, one["column"]): one for one in part.account}
    blanks = grid.blanks(keeping.asked_places(recognition.mappings))
    found = []
    for place, n in blanks.items():
        mapping = recognition.mappings[place]
        if not n:
            continue
        about = account.get((mapping.row, mapping.column), {})
        found.append(
            {
                "place": place,
                "label": mapping.label,
                "n": n,
                "all": n == len(grid.rows) and not part.task.is_table,
                "why": why_blank(mapping.target, about),
                "who": about.get("who_knows") or mapping.who or who_knows(mapping.label),
            }
        )
    return sorted(found, key=lambda one: -one["n"])


def shown_changes(part: FormPart, rows: QuerySet) -> list[dict[str, Any]]:
    """The trace as it is shown: personal numbers masked."""
    recognition, terms = part.task.recognition, words()
    by_label = {one.label: one for one in recognition.mappings}
    found = []
    for one in rows.select_related("by")[:MOST_CHANGES]:
        row, name, before, after = json.loads(one.said)
        mapping = by_label.get(one.column)
        if mapping is not None:
            before = forms.masked(before, mapping, terms, recognition.subject)
            after = forms.masked(after, mapping, terms, recognition.subject)
        found.append({"change": one, "row": row, "name": name, "before": before, "after": after})
    return found


def asked_of(part: FormPart) -> dict[str, Any]:
    """How far the asking on the spot is for a copy: how many blanks wait, were answered, could not be found out and why."""
    states = Counter(part.askings.values_list("question__state", flat=True))
    given_up = part.askings.filter(question__state=QuestionState.GIVEN_UP).select_related("question")
    return {
        "waiting": states[QuestionState.OPEN.value],
        "answered": states[QuestionState.ANSWERED.value] + states[QuestionState.DROPPED.value],
        "given_up": [(one.question.label, one.question.why) for one in given_up[:20]],
    }


def drawn_copy(part: FormPart, grid: Grid) -> Drawing | None:
    """A table as its sheet looks, with the numbers of the copy; None when its file is gone."""
    recognition = part.task.recognition
    try:
        book = keeping.blank_book(part.task)
    except RuleError:
        return None
    sheet = book[recognition.sheet]
    shapes.put_cells(sheet, grid, 0, keeping.asked_places(recognition.mappings))
    made = draw(picture(sheet), recognition)
    asked = {
        recognition.mappings[place].where: grid.is_blank(0, place)
        for place in keeping.asked_places(recognition.mappings)
    }
    for row in made.rows:
        for cell in row.cells:
            is_blank = cell.head and asked.get(cell.letter, False)
            cell.tone = "asked" if is_blank else ""
            if is_blank:
                cell.text = _gettext("空")
    return made


class PartPage(HistoryTab, DetailPage):
    """/form-tasks/parts/<id>/?blank=&page=: what is asked, every row, what is missing and who can know, what was sent."""

    model = FormPart
    permission = VIEW
    template_name = "collecting/part.html"

    def get_queryset(self) -> QuerySet:
        """Those that the user may see."""
        return FormPart.objects.visible(self.request.user).select_related(
            "task__unit", "task__warrant", "received_by", "submitted_by"
        )

    def get_tabs(self) -> list[Tab]:
        """Rows for the community's people; what was sent and changed also for the department."""
        user: Any = self.request.user
        part = self.object
        ours, theirs = reading.receives(user, part), reading.sends(user, part.task)
        found = [Tab("about", _("任务"), "collecting/_about.html")]
        if ours and part.book:
            found = [
                Tab(
                    "rows",
                    {AGGREGATE: _("核对"), CARD: _("逐张核对")}.get(part.task.kind, _("逐行核对")),
                    "collecting/_table.html" if part.task.is_table else "collecting/_rows.html",
                    None if part.task.is_table else part.rows,
                ),
                Tab("missing", _("缺什么，找谁"), "collecting/_missing.html"),
                *found,
            ]
        if part.sendings_made and (ours or theirs):
            found.append(Tab("sent", _("报送"), "collecting/_sent.html", part.sendings_made))
        if ours or (theirs and part.sendings_made):
            found.append(Tab("changes", _("改动"), "collecting/_changes.html"))
        self.tabs = tuple(found)
        return super().get_tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands on the tab, and what the user may do."""
        user: Any = self.request.user
        part = self.object
        ours, theirs = reading.receives(user, part), reading.sends(user, part.task)
        signs = reading.signs(user, part)
        state = State(part.state)
        made = super().get_context_data(
            ours=ours,
            theirs=theirs,
            place=names.title(part.region_code),
            tone=TONES[state],
            held=rules.held(part.task.recognition.mappings),
            job=Job.objects.filter(pk=part.job_id, user=user).first() if ours and not part.book else None,
            may_receive=ours and not part.book and state in (State.SENT, State.FILLING),
            may_correct=ours
            and bool(part.book)
            and (state == State.FILLING or (signs and state == State.CHECKING)),
            may_ask=ours and bool(part.book) and state == State.FILLING and part.task.subject in WRITES,
            may_add=ours
            and bool(part.book)
            and state == State.FILLING
            and part.task.kind == ROSTER
            and part.task.subject == "person",
            may_submit=ours and bool(part.book) and state == State.FILLING,
            may_sign=signs and state == State.CHECKING,
            may_keep=ours
            and part.task.kind == ROSTER
            and bool(part.book)
            and user.can(Permission.IMPORT_REGISTRY, part.region_code)
            and part.changes.exists(),
            may_reopen=(ours or theirs) and state == State.SIGNED,
            steps=[_("签收"), _("填报"), _("审核签字"), _("报送")],
            step={State.SENT: 1, State.FILLING: 2, State.CHECKING: 3}.get(state, 5),
            crumbs=crumbs(
                (part.task.title, part.task.get_absolute_url()), (names.title(part.region_code), "")
            ),
            **kwargs,
        )
        current = made["current_tab"].key if made["current_tab"] else ""
        if ours and part.book and current in ("rows", "missing"):
            made |= self.rows(part)
        if current == "sent":
            made["sendings"] = list(part.sendings.select_related("signed_by"))
        if current == "changes":
            rows = CellChange.objects.filter(part=part)
            # The department sees what was changed after it had been sent, and only once that was signed too.
            if not ours:
                rows = rows.filter(sending__gt=1, sending__lte=part.sendings_made)
            made["changes"] = shown_changes(part, rows)
            made["more"] = max(0, rows.count() - MOST_CHANGES)
        return made

    def rows(self, part: FormPart) -> dict[str, Any]:
        """A page of rows, all or those with blanks, and the columns with blanks."""
        try:
            grid = keeping.grid_of(part)
        except RuleError as error:
            return {"gone": error.message}
        places = keeping.asked_places(part.task.recognition.mappings)
        asked = self.request.GET.get("blank", "")
        wanted = places
        if asked.isdecimal() and int(asked) in places:
            wanted = [int(asked)]
        numbers = list(range(len(grid.rows)))
        if asked:
            numbers = [n for n in numbers if any(grid.is_blank(n, place) for place in wanted)]
        page = Paginator(numbers, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        missing = missing_columns(part, grid)
        named = any(row.name for row in grid.rows)
        by_office: dict[str, list[dict[str, Any]]] = {}
        for one in missing:
            by_office.setdefault(one["who"], []).append(one)
        return {
            "headings": [
                *([_("社区") if part.task.kind == AGGREGATE else _("填的是谁")] if named else []),
                *(one.label for one in part.task.recognition.mappings),
            ],
            "drawing": drawn_copy(part, grid) if part.task.is_table else None,
            "rows": shown_rows(part, grid, list(page.object_list)),
            "page": page,
            "blank": asked,
            "with_blanks": sum(
                any(grid.is_blank(row, place) for place in places) for row in range(len(grid.rows))
            ),
            "missing": missing,
            "asked": asked_of(part),
            "by_office": sorted(by_office.items(), key=lambda item: -sum(one["n"] for one in item[1])),
        }


class _Ours(Permitted):
    """A copy of the user's community."""

    permission: Any = RECEIVE
    kwargs: dict[str, Any]

    def part(self) -> FormPart:
        """The copy named in the address, where the user holds the page's permission."""
        found = (
            FormPart.objects.permitted(self.request.user, self.permission)
            .select_related("task__unit")
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if found is None:
            raise Http404
        return found


class Receive(_Ours, View):
    """/form-tasks/parts/<id>/receive/: receive it, and have it filled."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the job that fills it."""
        part = self.part()
        try:
            job = actions.receive(acting_user=request.user, part=part)
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(part.get_absolute_url())
        return redirect("job", pk=job.pk)


class _Correct(_Ours, EditPage):
    """A form about a copy that may be corrected."""

    permission: Any = RECEIVE

    def get_object(self) -> FormPart:
        """The copy, while it is open to the user."""
        found = self.part()
        user: Any = self.request.user
        is_open = found.state == State.FILLING or (
            found.state == State.CHECKING and reading.signs(user, found)
        )
        if not is_open:
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        return found


class CorrectRow(_Correct):
    """/form-tasks/parts/<id>/rows/<n>/"""

    template_name = "collecting/row.html"
    form_class: Any = forms.RowForm
    title: Any = _("核对一行")
    submit_label = _("保存")
    success_message = _("已保存，改动已记下。")

    def get_object(self) -> FormPart:
        """The copy with the row."""
        found = super().get_object()
        if not found.book:
            raise Http404
        try:
            self.grid = keeping.grid_of(found)
        except RuleError:
            raise Http404 from None
        if self.kwargs["row"] >= len(self.grid.rows):
            raise Http404
        self.recognition = found.task.recognition
        row = self.grid.rows[self.kwargs["row"]]
        place = name_place(self.recognition)
        called = row.name or (str(row.cells[place] or "") if place is not None else "")
        if found.task.is_table:
            self.title = _gettext("改表里的数")
        elif found.task.kind == CARD:
            self.title = _gettext("%(name)s的一张") % {"name": called}
        else:
            self.title = _gettext("第 %(n)s 行 %(name)s") % {"n": self.kwargs["row"] + 1, "name": called}
        self.intro = _("空白的排在前面。这里改的是这张报表；登记库里的要另外更正。")
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "recognition": self.recognition,
            "words": words(),
            "grid": self.grid,
            "row": self.kwargs["row"],
            "places": keeping.asked_places(self.recognition.mappings),
        }

    def perform(self, form: Any) -> FormPart:
        """Write it."""
        return actions.correct_row(
            acting_user=self.request.user, part=self.object, row=self.kwargs["row"], values=form.values()
        )


class AddRow(_Correct):
    """/form-tasks/parts/<id>/rows/add/: somebody whom the roster lacks."""

    form_class: Any = forms.AddRowForm
    title = _("加一个人")
    intro = _("名单按登记库列。少了人，多半是登记库里没有登记，或者登记错了：请先登记、更正，再来加。")
    submit_label = _("加上")
    success_message = _("已加上，内容按登记库填好了。")

    def get_object(self) -> FormPart:
        """A roster of people."""
        found = super().get_object()
        if found.task.kind != ROSTER or found.task.subject != "person" or not found.book:
            raise Http404
        return found

    def perform(self, form: Any) -> FormPart:
        """Add."""
        return actions.add_row(acting_user=self.request.user, part=self.object, **form.cleaned_data)


class RemoveRow(_Correct):
    """/form-tasks/parts/<id>/rows/<n>/remove/"""

    form_class: Any = forms.RemoveRowForm
    title: Any = _("删一行")
    intro = _("只从这张表里删。人去世、搬走的，请在登记库里办，下次的表就不会再有。")
    submit_label = _("删除")
    tone = "danger"
    success_message = _("已删除，记在改动里。")

    def get_object(self) -> FormPart:
        """A roster with the row."""
        found = super().get_object()
        if found.task.kind != ROSTER or not found.book:
            raise Http404
        try:
            grid = keeping.grid_of(found)
        except RuleError:
            raise Http404 from None
        if self.kwargs["row"] >= len(grid.rows):
            raise Http404
        name = called(grid, self.kwargs["row"], found.task.recognition)
        self.title = _gettext("删第 %(n)s 行 %(name)s") % {"n": self.kwargs["row"] + 1, "name": name}
        return found

    def perform(self, form: Any) -> FormPart:
        """Leave it out."""
        return actions.remove_row(
            acting_user=self.request.user, part=self.object, row=self.kwargs["row"], **form.cleaned_data
        )


class Upload(_Correct):
    """/form-tasks/parts/<id>/upload/"""

    form_class: Any = forms.UploadForm
    title = _("上传填好的表")
    intro = _(
        "请先下载这份表，在它上面补填，再传回来。可以加行、删行，不要改表头。和现在不一样的每一格都会记下来。"
    )
    submit_label = _("上传")
    success_message = _("已收下，改动已记下。请再核对一遍空白的地方。")

    def perform(self, form: Any) -> FormPart:
        """Take it."""
        file = form.cleaned_data["file"]
        actions.take_workbook(
            acting_user=self.request.user, part=self.object, name=file.name, data=file.read()
        )
        return self.object


class PartFile(_Ours, View):
    """/form-tasks/parts/<id>/file: the copy's workbook as it stands, for the community's people."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file."""
        part = self.part()
        try:
            data, name = actions.download(acting_user=request.user, part=part)
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(part.get_absolute_url())
        return workbook_response(data, name)


class PartPaper(_Ours, View):
    """/form-tasks/parts/<id>/paper: the copy as a PDF to be printed, as a job."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin."""
        part = self.part()
        job = jobs.start(
            acting_user=request.user,
            kind=PRINT_PART,
            title=_gettext("打印：%(title)s") % {"title": part.task.title},
            region_code=part.region_code,
            part=part.pk,
        )
        return redirect("job", pk=job.pk)


class ToBase(_Ours, View):
    """/form-tasks/parts/<id>/to-base/: what was completed goes to the intake of filled rosters."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the roster's page, where it is looked at and applied."""
        part = self.part()
        try:
            made = actions.to_base(acting_user=request.user, part=part)
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(part.get_absolute_url())
        return HttpResponseRedirect(made.get_absolute_url())


class Submit(_Ours, EditPage):
    """/form-tasks/parts/<id>/submit/"""

    form_class: Any = forms.SubmitForm
    title = _("提交审核")
    submit_label = _("提交")
    success_message = _("已提交，等负责人审核签字。")

    def get_object(self) -> FormPart:
        """A copy that is being filled."""
        found = self.part()
        if found.state != State.FILLING or not found.book:
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        said = _gettext("共 %(amount)s，%(blanks)s 格空白。") % {
            "amount": found.amount,
            "blanks": found.blanks,
        }
        self.intro = f"{said}{_gettext('提交后由社区书记、主任审核签字，再报给要表单位。')}"
        return found

    def get_initial(self) -> dict[str, Any]:
        return {"note": self.object.note}

    def perform(self, form: Any) -> FormPart:
        """Submit."""
        return actions.submit(acting_user=self.request.user, part=self.object, note=form.cleaned_data["note"])


class SendBack(_Ours, EditPage):
    """/form-tasks/parts/<id>/send-back/"""

    permission: Any = SIGN
    form_class: Any = forms.ReasonForm
    title = _("退回修改")
    submit_label = _("退回")
    success_message = _("已退回，填报的同事会收到通知。")

    def get_object(self) -> FormPart:
        """A copy that waits for the signature."""
        found = self.part()
        if found.state != State.CHECKING:
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        return found

    def perform(self, form: Any) -> FormPart:
        """Give it back."""
        return actions.send_back(
            acting_user=self.request.user, part=self.object, reason=form.cleaned_data["reason"]
        )


class Sign(_Ours, View):
    """/form-tasks/parts/<id>/sign/"""

    permission: Any = SIGN
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign and send."""
        part = self.part()
        try:
            actions.sign(acting_user=request.user, part=part)
            messages.success(request, _gettext("已签字，报给%(unit)s。") % {"unit": part.task.unit.name})
        except RuleError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(part.get_absolute_url())


class Reopen(EditPage):
    """/form-tasks/parts/<id>/reopen/: what was sent is corrected, on the community's or the department's word."""

    permission = VIEW
    form_class: Any = forms.ReasonForm
    title = _("更正已报送的内容")
    intro = _(
        "更正后要重新审核签字。要表单位手里仍是上次报的那份，直到更正的签字报出；改了哪些格，双方都看得到。"
    )
    submit_label = _("重新打开")
    success_message = _("已重新打开，可以更正了。")

    def get_object(self) -> FormPart:
        """A copy that was sent, of the user's community or unit."""
        user: Any = self.request.user
        found = (
            FormPart.objects.visible(user).select_related("task__unit").filter(pk=self.kwargs["pk"]).first()
        )
        if (
            found is None
            or found.state != State.SIGNED
            or not (reading.receives(user, found) or reading.sends(user, found.task))
        ):
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        return found

    def perform(self, form: Any) -> FormPart:
        """Open it again."""
        return actions.reopen(
            acting_user=self.request.user, part=self.object, reason=form.cleaned_data["reason"]
        )


class SentFile(Permitted, View):
    """/form-tasks/parts/<id>/sent/<n>/: a signed workbook, for the department that asked and the community."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """The file; the disclosure is recorded."""
        found = (
            Sending.objects.filter(part__in=FormPart.objects.visible(request.user), part_id=pk, number=number)
            .select_related("part__task__unit")
            .first()
        )
        if found is None:
            raise Http404
        try:
            data, name = actions.hand_over(acting_user=request.user, sending=found)
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(found.part.get_absolute_url())
        return workbook_response(data, name)
