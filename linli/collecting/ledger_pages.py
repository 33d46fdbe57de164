"""Standing ledgers: the list, one with its rows as of a day, keeping, writing, reviewing, taking along."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.models import User
from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, keeping, rules
from linli.collecting.actions import standing
from linli.collecting.actions.asking import key_of
from linli.collecting.actions.cells import name_place
from linli.collecting.forms import MOST_CHOICES, ReasonForm, masked
from linli.collecting.jobs import PRINT_LEDGER
from linli.collecting.models import Answer, Ledger
from linli.collecting.part_view import Cell
from linli.collecting.task_pages import workbook_response
from linli.jobs import actions as jobs
from linli.ledgers.actions import own_upload, words
from linli.ledgers.book.workbook import BadWorkbook, open_workbook, picture
from linli.ledgers.drawing import Drawing, draw
from linli.ledgers.filling import fill
from linli.ledgers.filling.looking import look
from linli.ledgers.forms import own_region, region_choices
from linli.ledgers.models import FormUpload
from linli.ledgers.recognition import AGGREGATE, Recognition
from linli.pages import html
from linli.pages.asof import day_of
from linli.pages.filtering import FilterSet
from linli.pages.tables import DateColumn, Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names

FILL = Permission.FILL_FORMS
ROWS_A_PAGE = 50
EVERY = [(1, _("每月")), (3, _("每季度")), (6, _("每半年")), (12, _("每年"))]


def crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Where one is."""
    return [(_("台账"), reverse("collecting:ledgers")), *more]


class LedgerFilters(FilterSet):
    """Search first, then where, then what is due."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=django_forms.TextInput(attrs={"placeholder": _("台账名称、管理人")}),
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[("mine", _("我管的")), ("due", _("该核对的")), ("closed", _("已停用的"))],
        empty_label=_("在用的"),
    )

    class Meta:
        model = Ledger
        fields = ["q", "state"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By title and keeper."""
        text = value.strip()
        return rows.filter(title__icontains=text) | rows.filter(keeper__name__icontains=text)

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """One's own, due, given up."""
        if value == "closed":
            return rows.filter(closed_on__isnull=False)
        if value == "due":
            return rows.filter(closed_on=None, review_due__lte=timezone.localdate())
        return rows.filter(closed_on=None, keeper=getattr(self.request, "user", None))


class LedgerTable(Table):
    """Ledgers."""

    title = TitleColumn(verbose_name=_("台账"))
    region_code = tables.Column(verbose_name=_("社区"))
    keeper = tables.Column(verbose_name=_("谁管"), accessor="keeper__name")
    reviewed_on = DateColumn(verbose_name=_("上次核对"))
    review_due = tables.Column(verbose_name=_("下次核对"))
    take = tables.Column(
        verbose_name=_("今天的"), accessor="pk", orderable=False, attrs={"td": {"class": "actions"}}
    )

    class Meta(Table.Meta):
        model = Ledger
        fields: tuple[str, ...] = ()

    def render_title(self, record: Ledger) -> SafeString:
        """To the page: there is much on it."""
        return html.format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    def render_region_code(self, value: str) -> str:
        """Its spoken name."""
        return names.title(value)

    def render_review_due(self, value: date, record: Ledger) -> SafeString:
        """Marked when it is due."""
        due = record.is_due(timezone.localdate())
        return html.format_html("{} {}", f"{value:%Y-%m-%d}", html.tag("该核对了", "warn") if due else "")

    def render_take(self, record: Ledger) -> SafeString:
        """One press: the file as of today."""
        return html.format_html(
            '<a class="button small" href="{}">下载<span class="visually-hidden">{}</span></a>',
            reverse("collecting:ledger_file", args=[record.pk]),
            record.title,
        )


class LedgerList(ListPage):
    """/form-tasks/ledgers/"""

    model = Ledger
    permission = FILL
    title = _("台账")
    subtitle = _("长期要用的表：总是最新的，也能看过去任何一天的，随时按原样导出")
    noun = _("本")
    filterset_class = LedgerFilters
    table_class = LedgerTable
    create_url_name = "forms"
    create_label = _("新建：上传空表")
    create_permission = FILL
    empty_title = _("还没有台账")
    empty_hint = _("在“填表”里上传一张空表，核对以后点“留作台账”。")
    today_because = _("台账的名单是现在的；打开一本，可以看过去的某一天。")

    def get_queryset(self) -> QuerySet:
        """Those of regions where the user fills forms; in use, unless others are asked for."""
        rows = Ledger.objects.permitted(self.request.user, FILL).select_related("keeper")
        return rows if self.request.GET.get("state") else rows.filter(closed_on=None)


def drawn_ledger(ledger: Ledger, region: Recognition, on: date, user: Any) -> Drawing:
    """A table of numbers as its sheet looks on a day. Raises RuleError as filling does."""
    book = open_workbook(keeping.read(ledger.path))
    fill(book, ledger.recognition, words(), region_code=ledger.region_code, on=on, user=user)
    made = draw(picture(book[region.sheet]), region)
    for row in made.rows:
        for cell in row.cells:
            cell.tone = ""
    return made


class LedgerPage(HistoryTab, DetailPage):
    """/form-tasks/ledgers/<id>/?on=&region=&page=: its rows as of a day, what it is, its deeds; of a workbook with several lists or
    tables each of them."""

    model = Ledger
    permission = FILL
    dated = True
    as_of_says = _("登记库按这一天的情况；登记库没有的列，是这一天以前记下的。")
    template_name = "collecting/ledger.html"

    def get_queryset(self) -> QuerySet:
        """Those of regions where the user fills forms."""
        return Ledger.objects.permitted(self.request.user, FILL).select_related(
            "keeper", "reviewed_by", "made_by"
        )

    def get_tabs(self) -> list[Tab]:
        """Rows, what it is."""
        self.tabs = (
            Tab("rows", _("内容"), "collecting/_ledger_rows.html"),
            Tab("about", _("说明"), "collecting/_ledger_about.html"),
        )
        return super().get_tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands on the tab."""
        ledger: Any = self.object
        made = super().get_context_data(
            place=names.title(ledger.region_code),
            today=timezone.localdate(),
            due=ledger.is_due(timezone.localdate()),
            held=rules.held(ledger.recognition.all_mappings),
            is_open=ledger.closed_on is None,
            crumbs=crumbs((ledger.title, "")),
            **kwargs,
        )
        if made["current_tab"] is not None and made["current_tab"].key == "rows":
            made |= self.rows(ledger)
        return made

    def rows(self, ledger: Ledger) -> dict[str, Any]:
        """A page of rows, or the table drawn, of the region asked for."""
        user: Any = self.request.user
        regions = ledger.recognition.regions_of_form
        asked = self.request.GET.get("region", "")
        which = int(asked) if asked.isdecimal() and int(asked) < len(regions) else 0
        region = regions[which]
        made: dict[str, Any] = {"which": which}
        if len(regions) > 1:
            made["regions"] = [(n, _called(n, one), n == which) for n, one in enumerate(regions)]
        try:
            if region.kind == AGGREGATE:
                return made | {"drawing": drawn_ledger(ledger, region, self.on, user)}
            return made | self.listed(ledger, region, is_first=which == 0)
        except (RuleError, BadWorkbook) as error:
            return made | {"gone": getattr(error, "message", str(error))}

    def listed(self, ledger: Ledger, recognition: Recognition, *, is_first: bool) -> dict[str, Any]:
        """A page of rows. What the base has no place for is written down in the first region."""
        user: Any = self.request.user
        terms = words()
        number = self.request.GET.get("page", "1")
        page_number = int(number) if number.isdecimal() and 0 < int(number) < 100_000 else 1
        drawn = picture(open_workbook(keeping.read(ledger.path))[recognition.sheet])
        found = look(
            recognition,
            terms,
            drawn,
            region_code=ledger.region_code,
            on=self.on,
            user=user,
            limit=ROWS_A_PAGE,
            offset=(page_number - 1) * ROWS_A_PAGE,
        )
        own = standing.own_places(ledger) if is_first else []
        said = standing.current(ledger, [pk for pk, _cells in found.rows], self.on) if is_first else {}
        rows = []
        for number_, (pk, cells) in enumerate(found.rows, start=(page_number - 1) * ROWS_A_PAGE + 1):
            shown = []
            for place, mapping in enumerate(recognition.mappings):
                value = number_ if mapping.target == "serial" else cells[place]
                if place in own:
                    value = said.get((pk, key_of(mapping)))
                text = "" if value is None else str(rules.plain(value))
                shown.append(
                    Cell(masked(text, mapping, terms, recognition.subject), place in own and not text)
                )
            rows.append(
                {
                    "number": number_,
                    "cells": shown,
                    "url": reverse("collecting:ledger_row", args=[ledger.pk, pk]),
                }
            )
        return {
            "headings": [one.label for one in recognition.mappings],
            "rows": rows,
            "total": found.total,
            "own": [recognition.mappings[place].label for place in own],
            "may_write": bool(own) and ledger.closed_on is None and self.on == timezone.localdate(),
            "page": Paginator(range(found.total), ROWS_A_PAGE).get_page(page_number),
        }


def _called(number: int, region: Recognition) -> str:
    """What a region of a workbook is called: its title, else its sheet, else its number."""
    return region.title or region.place or region.sheet or _gettext("第 %(n)s 张") % {"n": number + 1}


class KeepForm(django_forms.Form):
    """What a ledger is called, where, and how often it is looked through."""

    title = django_forms.CharField(label=_("台账名称"), max_length=120)
    region = django_forms.ChoiceField(label=_("哪里的台账"))
    review_every = django_forms.TypedChoiceField(
        label=_("多久核对一次"), choices=EVERY, coerce=int, initial=3, help_text=_("到期提醒管这本台账的人")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [one for one in region_choices(user)[0] if len(one[0]) in (9, 12)]
        field: Any = self.fields["region"]
        field.choices = choices
        if choices:
            self.initial.setdefault("region", own_region(user, choices)[0])


class KeepLedger(EditPage):
    """/form-tasks/ledgers/new/<upload>/: keep an uploaded form as a standing ledger."""

    permission = FILL
    form_class: Any = KeepForm
    title = _("留作台账")
    intro = _("以后不用再填：登记库里有的列总是最新的，登记库没有的列在台账里记。")
    submit_label = _("建立台账")
    success_message = _("台账已建立。")

    def get_object(self) -> FormUpload:
        """The user's own upload."""
        found = own_upload(self.request.user, self.kwargs["upload"])
        if not found.recognition.fillable:
            raise Http404
        self.subtitle = found.title
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.object.title}

    def cancel_url(self) -> str:
        """Back to the form."""
        return reverse("form", args=[self.object.pk])

    def perform(self, form: Any) -> Ledger:
        """Keep it."""
        data = form.cleaned_data
        return actions.keep_ledger(
            acting_user=self.request.user,
            upload=self.object,
            region_code=data["region"],
            title=data["title"],
            review_every=data["review_every"],
        )


class _OfLedger(EditPage):
    """Something about a ledger in use."""

    permission: Any = FILL

    def get_object(self) -> Ledger:
        """The ledger."""
        found = (
            Ledger.objects.permitted(self.request.user, FILL)
            .select_related("keeper")
            .filter(pk=self.kwargs["pk"], closed_on=None)
            .first()
        )
        if found is None:
            raise Http404
        self.subtitle = f"{found.title} · {names.title(found.region_code)}"
        return found


class RowForm(django_forms.Form):
    """What the base has no place for, of one record."""

    def __init__(self, *args: Any, ledger: Ledger, said: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mappings = ledger.recognition.mappings
        for place in standing.own_places(ledger):
            mapping, text = mappings[place], said.get(place, "")
            options = mapping.options if 0 < len(mapping.options) <= MOST_CHOICES else ()
            if options:
                extra = [text] if text and text not in options else []
                self.fields[f"c{place}"] = django_forms.ChoiceField(
                    label=mapping.label,
                    required=False,
                    initial=text,
                    choices=[("", "—"), *[(one, one) for one in (*extra, *options)]],
                )
            else:
                self.fields[f"c{place}"] = django_forms.CharField(
                    label=mapping.label, required=False, max_length=500, initial=text
                )


class WriteRow(_OfLedger):
    """/form-tasks/ledgers/<id>/rows/<record>/: what the ledger itself holds of one record, and what it held before."""

    form_class: Any = RowForm
    template_name = "collecting/ledger_row.html"
    title: Any = _("记一行")
    intro = _("这里只记登记库没有的列；别的列在登记库里改，台账会跟着变。")
    success_message = _("已记下，以前的也留着。")

    def get_object(self) -> Ledger:
        """The ledger with the record, which must be on it today."""
        found = super().get_object()
        if found.kind == AGGREGATE or not standing.own_places(found):
            raise Http404
        user: Any = self.request.user
        recognition = found.recognition
        try:
            drawn = picture(open_workbook(keeping.read(found.path))[recognition.sheet])
            looked = look(
                recognition,
                words(),
                drawn,
                region_code=found.region_code,
                on=timezone.localdate(),
                user=user,
                ids=[self.kwargs["record"]],
            )
        except (RuleError, BadWorkbook):
            raise Http404 from None
        if not looked.rows:
            raise Http404
        place = name_place(recognition)
        self.title = str(looked.rows[0][1][place] or "") if place is not None else self.title
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        record = self.kwargs["record"]
        said = standing.current(self.object, [record], timezone.localdate())
        mappings = self.object.recognition.mappings
        return super().get_form_kwargs() | {
            "ledger": self.object,
            "said": {
                place: said.get((record, key_of(mappings[place])), "")
                for place in standing.own_places(self.object)
            },
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what was written before."""
        mappings = self.object.recognition.mappings
        keys = [key_of(mappings[place]) for place in standing.own_places(self.object)]
        before = Answer.objects.filter(
            subject=self.object.subject, record=self.kwargs["record"], key__in=keys
        ).select_related("by")
        return super().get_context_data(before=list(before[:60]), **kwargs)

    def perform(self, form: Any) -> Ledger:
        """Write it."""
        actions.write_ledger(
            acting_user=self.request.user,
            ledger=self.object,
            record=self.kwargs["record"],
            values={int(name[1:]): value for name, value in form.cleaned_data.items()},
        )
        return self.object


class ChangeForm(django_forms.Form):
    """What a ledger is called, who keeps it, how often it is looked through."""

    title = django_forms.CharField(label=_("台账名称"), max_length=120)
    keeper = django_forms.ModelChoiceField(label=_("谁管"), queryset=User.objects.none())
    review_every = django_forms.TypedChoiceField(label=_("多久核对一次"), choices=EVERY, coerce=int)

    def __init__(self, *args: Any, keepers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["keeper"]
        field.queryset = User.objects.filter(pk__in=[one.pk for one in keepers]).order_by("pk")
        field.label_from_instance = lambda one: one.name


class ChangeLedger(_OfLedger):
    """/form-tasks/ledgers/<id>/edit/"""

    form_class: Any = ChangeForm
    title = _("更改台账")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"keepers": standing.keepers(self.object.region_code)}

    def get_initial(self) -> dict[str, Any]:
        one = self.object
        return {"title": one.title, "keeper": one.keeper_id, "review_every": one.review_every}

    def perform(self, form: Any) -> Ledger:
        """Change it."""
        return actions.change_ledger(acting_user=self.request.user, ledger=self.object, **form.cleaned_data)


class CloseLedger(_OfLedger):
    """/form-tasks/ledgers/<id>/close/"""

    form_class: Any = ReasonForm
    title = _("停用台账")
    intro = _("停用以后不再提醒核对，也不能再记；过去的还能看、能导出。")
    submit_label = _("停用")
    tone = "danger"
    success_message = _("已停用。")

    def perform(self, form: Any) -> Ledger:
        """Give it up."""
        return actions.close_ledger(
            acting_user=self.request.user, ledger=self.object, reason=form.cleaned_data["reason"]
        )


class _Press(Permitted, View):
    """A deed on a ledger, or its file."""

    permission = FILL
    kwargs: dict[str, Any]

    def ledger(self) -> Ledger:
        """The ledger of the address."""
        found = Ledger.objects.permitted(self.request.user, FILL).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found


class ReviewLedger(_Press):
    """/form-tasks/ledgers/<id>/review/"""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """It was looked through."""
        ledger = self.ledger()
        try:
            done = actions.review_ledger(acting_user=request.user, ledger=ledger)
            messages.success(
                request, _gettext("已记下今天核对过，下次 %(due)s。") % {"due": f"{done.review_due:%Y-%m-%d}"}
            )
        except RuleError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(ledger.get_absolute_url())


class LedgerFile(_Press):
    """/form-tasks/ledgers/<id>/file?on=: the ledger in the form's own shape."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file; the disclosure is recorded."""
        ledger = self.ledger()
        try:
            data, name = actions.export_ledger(acting_user=request.user, ledger=ledger, on=day_of(request))
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(ledger.get_absolute_url())
        return workbook_response(data, name)


class LedgerPaper(_Press):
    """/form-tasks/ledgers/<id>/paper: the ledger of the day looked at as a PDF to be printed, as a job."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin."""
        ledger = self.ledger()
        job = jobs.start(
            acting_user=request.user,
            kind=PRINT_LEDGER,
            title=_gettext("打印：%(title)s") % {"title": ledger.title},
            region_code=ledger.region_code,
            ledger=ledger.pk,
            on=f"{day_of(request):%Y-%m-%d}",
        )
        return redirect("job", pk=job.pk)
