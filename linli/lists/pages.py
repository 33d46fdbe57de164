"""Making a list, step by step, each step a plain page; seeing it, and seeing it as a table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.lists import presets, rules, tables, terms
from linli.lists.asking import Question, is_number, shown, words
from linli.lists.comparison_form import operator_rows, read_comparison
from linli.lists.forms import RangeForm
from linli.lists.models import Bands, SavedList, Schedule
from linli.lists.rules import ALL, ANY, NONE, AxisChoice, Clause, Definition
from linli.lists.sheets import about_table, write_table
from linli.pages.paging import CappedPaginator
from linli.pages.views import Permitted, asks_for
from linli.regions import names

PERMISSION = Permission.VIEW_STATISTICS
PER_PAGE = 50
Crumbs = list[tuple[Any, str]]


class Refused(Exception):
    """The page cannot be shown; the text says why and what to do."""


class Rows(Sequence[Any]):
    """The rows of a question as a list of which only the page shown is read."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked

    @cached_property
    def _count(self) -> int:
        return int(plan.total(self.asked.wish(), words=self.asked.words))

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, which: Any) -> Any:
        if not isinstance(which, slice):
            raise TypeError("pages are slices")
        start, stop = which.start or 0, which.stop if which.stop is not None else self._count
        columns, subject = self.asked.columns, self.asked.subject
        paths = [*(one.path for one in columns), subject.page_by]
        wish = self.asked.wish(elements=paths, limit=max(stop - start, 0), offset=start)
        return [self._shown(values) for _pk, values in plan.rows(wish, self.asked.words)]

    def _shown(self, found: list[Any]) -> dict[str, Any]:
        columns = self.asked.columns
        *values, key = found
        return {
            "url": reverse(self.asked.subject.page, args=[key]),
            "cells": [
                {"column": column, "text": shown(column.element, value)}
                for column, value in zip(columns, values, strict=True)
            ],
        }


def page_of_rows(asked: Question, number: Any) -> Any:
    """One page of rows, paged as every list."""
    return CappedPaginator(Rows(asked), PER_PAGE).page(number or "1")


class Lists(Permitted):
    """Pages of those who may look at anything that can be listed."""

    kwargs: dict[str, Any]
    permission = PERMISSION

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What cannot be asked is said in one sentence on a page of its own."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Refused, rules.BadDefinition) as problem:
            said = str(problem)
        except RuleError as problem:
            said = problem.message
        context = {"says": said, "crumbs": self.crumbs((_t("不能打开"), ""))}
        return render(request, "lists/refused.html", context, status=422)

    def crumbs(self, *more: tuple[Any, str]) -> Crumbs:
        """Where one is."""
        return [(_("名单与统计"), reverse("lists:index") if more else ""), *more]

    @cached_property
    def definition(self) -> Definition:
        """The definition in the address. Raises rules.BadDefinition."""
        pairs = [(key, value) for key, values in self.request.GET.lists() for value in values]
        return Definition.read(pairs)

    @cached_property
    def asked(self) -> Question:
        """The question of the address. Raises RuleError."""
        return Question(self.definition, self.request.user)

    @cached_property
    def origin(self) -> SavedList | None:
        """One's own kept list that is being changed."""
        number = self.request.GET.get("from", "")
        if not number.isdecimal() or len(number) > 18:
            return None
        return SavedList.objects.filter(pk=int(number), owner_id=self.request.user.pk).first()

    def address(self, name: str, wanted: Definition | None = None, **more: Any) -> str:
        """The address of a step with a definition; the list being changed goes along."""
        pairs = (wanted if wanted is not None else self.definition).pairs()
        if self.origin is not None:
            pairs.append(("from", str(self.origin.pk)))
        pairs += [(key, str(value)) for key, value in more.items()]
        return f"{reverse(f'lists:{name}')}?{urlencode(pairs)}"

    def home(self, wanted: Definition | None = None) -> str:
        """The page that shows what is being made: list or table."""
        wanted = wanted if wanted is not None else self.definition
        return self.address("table" if wanted.is_table else "make", wanted)

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """The pairs that a form of the page carries along, without those that it asks."""
        pairs = [pair for pair in self.definition.pairs() if pair[0] not in without]
        return [*pairs, ("from", str(self.origin.pk))] if self.origin is not None else pairs


class Index(Lists, TemplateView):
    """/lists/: one's own lists, those that colleagues share, and how to begin."""

    template_name = "lists/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        found = list(SavedList.objects.readable(user))
        sent = {one.saved_list_id: one for one in Schedule.objects.filter(user=user)}
        subjects = terms.listable(words(), user)
        named = {one.key: one.label for one in subjects}
        for one in found:
            one.schedule = sent.get(one.pk)  # type: ignore[attr-defined]
            one.subject_label = named.get(one.subject, "")  # type: ignore[attr-defined]
            one.where = names.title(one.region_code) if one.region_code else ""  # type: ignore[attr-defined]
        return super().get_context_data(
            mine=[one for one in found if one.owner_id == user.pk],
            shared=[one for one in found if one.owner_id != user.pk],
            subjects=[
                {"subject": one, "url": f"{reverse('lists:make')}?subject={one.key}"} for one in subjects
            ],
            presets=presets.offered(user),
            **kwargs,
        )


class Maker(Lists, TemplateView):
    """What list and table have in common: the conditions, the range, saving."""

    def parts(self) -> dict[str, Any]:
        """Chips of the conditions and the form of region and day."""
        wanted, asked, user = self.definition, self.asked, self.request.user
        chips = [
            {
                "text": asked.clause_words(one),
                "url": self.home(wanted.but(clauses=tuple(c for c in wanted.clauses if c != one))),
            }
            for one in wanted.clauses
        ] + [
            {
                "text": asked.filter_words(one),
                "url": self.home(wanted.but(filters=tuple(f for f in wanted.filters if f != one))),
                "edit": self.address("compare", path=one.path, old=one.text()),
            }
            for one in wanted.filters
        ]
        return {
            "asked": asked,
            "chips": chips,
            "population": asked.population,
            "add_condition": self.address("pick", kind="condition"),
            "range_form": RangeForm.of(wanted, asked, user),
            "kept": self.kept("region", "on", "sort", "before"),
            "save_url": self.address("save"),
            "origin": self.origin,
        }


class Make(Maker):
    """/lists/new: choose a subject; then conditions, columns, range, and the rows below."""

    def get_template_names(self) -> list[str]:
        if not self.request.GET.get("subject"):
            return ["lists/subjects.html"]
        return ["lists/_rows.html" if asks_for(self.request, "rows") else "lists/make.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.request.GET.get("subject"):
            return super().get_context_data(
                subjects=[
                    {"subject": one, "url": f"{reverse('lists:make')}?subject={one.key}"}
                    for one in terms.listable(words(), self.request.user)
                ],
                crumbs=self.crumbs((_t("新建名单"), "")),
                **kwargs,
            )
        wanted = self.definition.but(rows=None, across=None)
        self.definition = wanted
        asked = self.asked
        page = page_of_rows(asked, self.request.GET.get("page"))
        return super().get_context_data(
            **self.parts(),
            page=page,
            columns=self.columns(asked),
            add_column=self.address("pick", kind="column"),
            table_url=self.address("table", wanted.but(rows=AxisChoice("region", "community"))),
            export_url=self.address("export"),
            crumbs=self.crumbs((self.origin or asked.subject.label, "")),
            **kwargs,
        )

    def columns(self, asked: Question) -> list[dict[str, Any]]:
        """Columns with the ways to move them and to take them out."""
        paths = [one.path for one in asked.columns]

        def moved(place: int, by: int) -> str:
            made = list(paths)
            made[place], made[place + by] = made[place + by], made[place]
            return self.home(self.definition.but(columns=tuple(made)))

        def without(place: int) -> str:
            made = paths[:place] + paths[place + 1 :]
            return self.home(self.definition.but(columns=tuple(made))) if made else ""

        return [
            {
                "column": column,
                "left": moved(place, -1) if place else "",
                "right": moved(place, 1) if place + 1 < len(paths) else "",
                "url": without(place),
            }
            for place, column in enumerate(asked.columns)
        ]


class TablePage(Maker):
    """/lists/table: counts by two dimensions; every cell leads to its rows."""

    template_name = "lists/table.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.definition
        counted = tables.count(self.asked) if wanted.is_table else None
        axes = []
        for key, label, choice in (("rows", _t("每行"), wanted.rows), ("across", _t("每列"), wanted.across)):
            axes.append(
                {
                    "label": label,
                    "division": tables.Division(self.asked, choice) if choice is not None else None,
                    "pick": self.address("pick", kind=key),
                    "drop": self.address("table", wanted.but(**{key: None})) if choice is not None else "",
                }
            )
        return super().get_context_data(
            **self.parts(),
            counted=counted,
            axes=axes,
            turned=self.address("table", wanted.but(rows=wanted.across, across=wanted.rows)),
            number=self.asked.label(wanted.number) if wanted.number else "",
            pick_number=self.address("pick", kind="number"),
            drop_number=self.address("table", wanted.but(number="", mean=False)),
            mean_url=self.address("table", wanted.but(mean=not wanted.mean)),
            list_url=self.address("make", wanted.but(rows=None, across=None, number="", before=None)),
            sheet_url=self.address("table_file"),
            make_url=reverse("lists:make"),
            crumbs=self.crumbs((self.origin or _t("统计表"), "")),
            **kwargs,
        )


class TableFile(Lists, View):
    """/lists/table.xlsx: the table as a workbook; it holds numbers only."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        counted = tables.count(self.asked)
        target = io.BytesIO()
        write_table(target, counted, about_table(self.asked, request.user))
        target.seek(0)
        name = f"统计表-{self.asked.subject.label}-{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(target, as_attachment=True, filename=name)


class Pick(Lists, TemplateView):
    """/lists/pick: find a condition, columns, an axis or a number by any of their names, or by initials."""

    template_name = "lists/pick.html"
    titles = {
        "condition": _("添加条件"),
        "column": _("添加列"),
        "rows": _("每行是什么"),
        "across": _("每列是什么"),
        "number": _("要求和的数字"),
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The terms; or, when some were picked, the list with them."""
        self.kind = request.GET.get("kind", "")
        if self.kind not in self.titles:
            raise Http404
        if picked := request.GET.getlist("pick"):
            return HttpResponseRedirect(self.home(self.with_picked(picked)))
        return super().get(request, *args, **kwargs)

    def with_picked(self, picked: list[str]) -> Definition:
        """The definition with what was picked. Checked before one goes on."""
        wanted, how = self.definition, self.request.GET.get("how", ALL)
        if self.kind == "condition":
            more = (
                [Clause(tuple(picked), how if len(picked) > 1 or how == NONE else ALL)]
                if how in (ANY, NONE)
                else [Clause((key,)) for key in picked]
            )
            made = wanted.but(clauses=tuple(dict.fromkeys((*wanted.clauses, *more))))
        elif self.kind == "column":
            columns = tuple(one.path for one in self.asked.columns)
            made = wanted.but(columns=tuple(dict.fromkeys((*columns, *picked))))
        elif self.kind == "number":
            made = wanted.but(number=picked[0])
        else:
            chosen = (
                AxisChoice("conditions", "|".join(picked)) if len(picked) > 1 else AxisChoice.read(picked[0])
            )
            made = wanted.but(**{self.kind: chosen})
        made = Definition.read(made.pairs())
        Question(made, self.request.user)
        return made

    def get_template_names(self) -> list[str]:
        return ["lists/_terms.html" if asks_for(self.request, "terms") else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, user = self.asked, self.request.user
        mine = terms.held(user)
        query = self.request.GET.get("q", "").strip()[:30]
        found: list[Any]
        if self.kind in ("rows", "across"):
            found = list[Any](terms.axes(asked.words, asked.subject, mine, asked.sight, Bands.objects.all()))
        elif self.kind == "condition":
            found = [
                *terms.conditions(asked.words, asked.subject, mine, asked.sight),
                *terms.elements(asked.words, asked.subject, mine, asked.sight),
            ]
        else:
            found = list(terms.elements(asked.words, asked.subject, mine, asked.sight))
        if self.kind == "number":
            found = [one for one in found if is_number(one.element)]
        listed: list[Any] = terms.find(found, query) if query else found
        sections = terms.sections(listed)
        if query and listed:
            sections = [terms.Section(_t("找到的"), listed)]
        have = {one.path for one in asked.columns} if self.kind == "column" else set()
        return super().get_context_data(
            kind=self.kind,
            title=self.titles[self.kind],
            query=query,
            sections=[
                {"title": one.title, "terms": [self.entry(term, have) for term in one.terms]}
                for one in sections
            ],
            checks=self.kind in ("condition", "column"),
            kept=self.kept(),
            back=self.home(),
            crumbs=self.crumbs((self.asked.subject.label, self.home()), (self.titles[self.kind], "")),
            **kwargs,
        )

    def entry(self, term: Any, have: set[str]) -> dict[str, Any]:
        """How a term is offered: a box to tick, or a link that leads on."""
        is_condition = getattr(term, "kind", "") == terms.CONDITION
        url = ""
        if self.kind == "condition" and not is_condition:
            url = self.address("compare", path=term.key)
        elif self.kind in ("rows", "across", "number"):
            url = self.address("pick", kind=self.kind, pick=term.key)
        return {"term": term, "url": url, "have": term.key in have, "is_condition": is_condition}


class Compare(Lists, TemplateView):
    """/lists/compare: what the value of one element must be."""

    template_name = "lists/compare.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; sent, the list with the comparison in place of the old one."""
        self.path = request.GET.get("path", "")
        made = Definition.read([("subject", self.definition.subject), ("col", self.path)])
        if not made.columns:
            raise Http404
        Question(made, request.user)
        if "op" not in request.GET:
            return super().get(request, *args, **kwargs)
        try:
            one = read_comparison(self.asked, self.path, request.GET)
        except RuleError as problem:
            context = self.get_context_data(error=problem.message)
            return self.render_to_response(context, status=422)
        filters = tuple(f for f in self.definition.filters if f.text() != request.GET.get("old"))
        return HttpResponseRedirect(self.home(self.definition.but(filters=(*filters, one))))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked
        label = asked.label(self.path)
        old = next((f for f in self.definition.filters if f.text() == self.request.GET.get("old")), None)
        element = asked.element(self.path)
        return super().get_context_data(
            label=label,
            element=element,
            operators=operator_rows(element, self.request.GET, old),
            kept=[*self.kept(), ("path", self.path), *([("old", old.text())] if old else [])],
            back=self.home(),
            crumbs=self.crumbs((asked.subject.label, self.home()), (label, "")),
            **kwargs,
        )


class KeptList(Lists, TemplateView):
    """/lists/<pk>/: a kept list as it is today, or on another day, in one's own area."""

    def get_template_names(self) -> list[str]:
        return ["lists/_rows.html" if asks_for(self.request, "rows") else "lists/kept.html"]

    @cached_property
    def saved(self) -> SavedList:
        """The list, if one may read it."""
        found = SavedList.objects.readable(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        saved, user = self.saved, self.request.user
        wanted = saved.read()
        if day := self.request.GET.get("on", ""):
            wanted = Definition.read([*(pair for pair in wanted.pairs() if pair[0] != "on"), ("on", day)])
        asked = Question(wanted, user)
        query = wanted.query()
        mine = saved.owner_id == user.pk
        context: dict[str, Any] = {
            "saved": saved,
            "asked": asked,
            "mine": mine,
            "where": names.title(saved.region_code) if saved.region_code else "",
            "schedule": Schedule.objects.filter(saved_list=saved, user_id=user.pk or 0).first(),
            "edit_url": f"{reverse('lists:table' if saved.is_table else 'lists:make')}?{query}"
            + (f"&from={saved.pk}" if mine else ""),
            "export_url": f"{reverse('lists:export')}?{query}&name={saved.pk}",
            "sheet_url": f"{reverse('lists:table_file')}?{query}",
            "make_url": reverse("lists:make"),
            "crumbs": self.crumbs((saved.name, "")),
            "on": asked.on,
            "today": date.today(),
        }
        if saved.is_table:
            context["counted"] = tables.count(asked)
        else:
            context["page"] = page_of_rows(asked, self.request.GET.get("page"))
            context["columns"] = [{"column": column} for column in asked.columns]
        return super().get_context_data(**context, **kwargs)
