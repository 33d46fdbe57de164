"""A community's pages: the list of what is asked of it, its copy with every row, receiving it, taking it along."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, filters, keeping, reading, rules, shapes
from linli.collecting.jobs import PRINT_PART
from linli.collecting.models import OPEN, CellChange, FormPart
from linli.collecting.models.answers import WRITES
from linli.collecting.part_view import (
    MOST_CHANGES,
    asked_of,
    drawn_copy,
    lists_of,
    missing_columns,
    row_url,
    shown_changes,
    shown_rows,
)
from linli.collecting.rules import State
from linli.collecting.task_pages import TONES, VIEW, crumbs, workbook_response
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.ledgers.recognition import AGGREGATE, CARD, ROSTER, Recognition
from linli.pages import html
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.pages.views import DetailPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names

RECEIVE, SIGN = Permission.RECEIVE_FORMS, Permission.SIGN_FORMS
ROWS_A_PAGE = 50


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

    def render_unit(self, record: FormPart) -> str:
        """Who asks; of a common form all of them."""
        return record.task.asker

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
            .to_fill()
            .select_related("task__unit")
            .annotate(waits=Case(When(state__in=OPEN, then=0), default=1, output_field=IntegerField()))
            .order_by("waits", "task__due_on", "-pk")
        )


class PartPage(HistoryTab, DetailPage):
    """/form-tasks/parts/<id>/?list=&blank=&page=: what is asked, every row, what is missing and who can know, what was sent."""

    model = FormPart
    permission = VIEW
    template_name = "collecting/part.html"

    def get_queryset(self) -> QuerySet:
        """Those that the user may see."""
        return FormPart.objects.visible(self.request.user).select_related(
            "task__unit", "task__warrant", "received_by", "submitted_by", "joined_to__task"
        )

    @property
    def which(self) -> int:
        """The list that is looked at."""
        asked = self.request.GET.get("list", "")
        return int(asked) if asked.isdecimal() and int(asked) < len(self.object.task.kinds) else 0

    def get_tabs(self) -> list[Tab]:
        """Rows for the community's people; what was sent and changed also for the department."""
        user: Any = self.request.user
        part = self.object
        task = part.task
        ours, theirs = reading.receives(user, part), reading.sends(user, task)
        found = [Tab("about", _("任务"), "collecting/_about.html")]
        if ours and part.book:
            kind = "" if task.is_several else task.kind
            found = [
                Tab(
                    "rows",
                    {AGGREGATE: _("核对"), CARD: _("逐张核对"), "": _("核对")}.get(kind, _("逐行核对")),
                    "collecting/_rows.html",
                    None if task.is_table or task.is_several else part.rows,
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
        recognition = part.task.recognition
        regions = recognition.regions_of_form
        listed, filled = regions[self.which], ours and bool(part.book)
        made = super().get_context_data(
            ours=ours,
            theirs=theirs,
            place=names.title(part.region_code),
            tone=TONES[state],
            common=part.common,
            stands_for=_stands_for(part) if part.task.is_merged else [],
            held=rules.held(recognition.all_mappings),
            asked_lists=[
                {"name": name, "people": one.population_label, "held": rules.held(one.mappings)}
                for name, one in zip(shapes.list_names(recognition), regions, strict=True)
            ],
            lists=lists_of(part, self.which) if part.task.is_several else [],
            list_query=f"&list={self.which}" if self.which else "",
            job=Job.objects.filter(pk=part.job_id, user=user).first() if ours and not part.book else None,
            may_receive=ours and not part.book and state in (State.SENT, State.FILLING),
            may_correct=filled and (state == State.FILLING or (signs and state == State.CHECKING)),
            may_ask=filled
            and state == State.FILLING
            and any(shapes.subject_of(one) in WRITES for one in regions),
            may_add=filled
            and state == State.FILLING
            and listed.kind == ROSTER
            and listed.subject == "person",
            add_url=row_url("add_row", part.pk, self.which),
            table_url=row_url("row", part.pk, self.which, 0),
            may_submit=filled and state == State.FILLING,
            may_sign=signs and state == State.CHECKING,
            to_keep=self.to_keep(part) if filled else [],
            may_reopen=(ours or theirs) and state == State.SIGNED,
            steps=[_("签收"), _("填报"), _("审核签字"), _("报送")],
            step={State.SENT: 1, State.FILLING: 2, State.CHECKING: 3}.get(state, 5),
            crumbs=crumbs(
                (part.task.title, part.task.get_absolute_url()), (names.title(part.region_code), "")
            ),
            **kwargs,
        )
        current = made["current_tab"].key if made["current_tab"] else ""
        if filled and current in ("rows", "missing"):
            made |= self.rows(part, listed)
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

    def to_keep(self, part: FormPart) -> list[tuple[int, str]]:
        """The rosters with something that people wrote, which may go into the registry."""
        user: Any = self.request.user
        if not user.can(Permission.IMPORT_REGISTRY, part.region_code):
            return []
        recognition = part.task.recognition
        names_of = shapes.list_names(recognition)
        written = CellChange.objects.filter(part=part).order_by().values_list("listed", flat=True).distinct()
        return [
            (number, names_of[number])
            for number in sorted(written)
            if recognition.regions_of_form[number].kind == ROSTER
        ]

    def rows(self, part: FormPart, listed: Recognition) -> dict[str, Any]:
        """A page of rows of one list, all or those with blanks, and the columns with blanks of all lists."""
        try:
            grids = keeping.grids_of(part)
        except RuleError as error:
            return {"gone": error.message}
        grid = grids[self.which]
        is_table = listed.kind == AGGREGATE and listed.regions is None
        places = keeping.asked_places(listed.mappings)
        asked = self.request.GET.get("blank", "")
        wanted = places
        if asked.isdecimal() and int(asked) in places:
            wanted = [int(asked)]
        numbers = list(range(len(grid.rows)))
        if asked:
            numbers = [n for n in numbers if any(grid.is_blank(n, place) for place in wanted)]
        page = Paginator(numbers, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        missing = missing_columns(part, grids)
        named = any(row.name for row in grid.rows)
        by_office: dict[str, list[dict[str, Any]]] = {}
        for one in missing:
            by_office.setdefault(one["who"], []).append(one)
        return {
            "headings": [
                *([_("社区") if listed.kind == AGGREGATE else _("填的是谁")] if named else []),
                *(one.label for one in listed.mappings),
            ],
            "is_drawn": is_table,
            "drawing": drawn_copy(part, listed, grid) if is_table and grid.rows else None,
            "problem": part.by_list[self.which].problem if part.by_list else "",
            "n_rows": len(grid.rows),
            "rows": shown_rows(part, listed, self.which, grid, list(page.object_list)),
            "page": page,
            "blank": asked,
            "with_blanks": sum(
                any(grid.is_blank(row, place) for place in places) for row in range(len(grid.rows))
            ),
            "missing": missing,
            "asked": asked_of(part),
            "by_office": sorted(by_office.items(), key=lambda item: -sum(one["n"] for one in item[1])),
        }


def _stands_for(part: FormPart) -> list[tuple[FormPart, list[str]]]:
    """The departments' own copies that a common one stands for, each with the columns that it gets."""
    asked = [
        (mapping.label, {form for form, _listed, _place in needs})
        for listed, columns in zip(part.task.recognition.regions_of_form, part.task.sources, strict=True)
        for mapping, needs in zip(listed.mappings, columns, strict=True)
    ]
    rows = (
        part.members.exclude(state=State.WITHDRAWN)
        .select_related("task__unit", "task__warrant")
        .order_by("pk")
    )
    return [
        (one, list(dict.fromkeys(label for label, forms in asked if one.task_id in forms))) for one in rows
    ]


class OfCommunity(Permitted):
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


class Receive(OfCommunity, View):
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


class PartFile(OfCommunity, View):
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


class PartPaper(OfCommunity, View):
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
