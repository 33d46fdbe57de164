"""Editions: the list of them, one with its entries, and the comparison of two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from linli.gate.catalogue import actions, filters, reading, sheets
from linli.gate.catalogue.models import Edition, Entry
from linli.gate.catalogue.pages.shared import (
    MANAGE,
    TONES,
    VIEW,
    OfEdition,
    TermsTable,
    home_district,
    keeps,
)
from linli.gate.catalogue.rules.comparison import Comparison, Turn
from linli.gate.catalogue.rules.terms import Fate
from linli.pages import html
from linli.pages.tables import Table
from linli.pages.views import BatchAction, DetailPage, ListPage, Permitted
from linli.regions import names


class EditionList(Permitted, TemplateView):
    """/catalogue/editions/"""

    permission = VIEW
    template_name = "catalogue/editions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The user's districts' editions with what each changed."""
        user: Any = self.request.user
        district = home_district(user)
        rows = list(Edition.objects.readable(user).filter(region_code=district))
        before = {one.number: one for one in rows}
        shown = []
        for one in rows:
            last = before.get(one.number - 1)
            kept = one.entries.filter(fate=Fate.KEEP.value)
            shown.append(
                {
                    "edition": one,
                    "last": last,
                    "items": kept.count(),
                    "classes": kept.order_by().values("category").distinct().count(),
                    "summary": reading.compare(last, one).summary if last is not None else "",
                }
            )
        return super().get_context_data(
            shown=shown,
            district=district,
            area=names.title(district) if district else "",
            may_keep=bool(district) and keeps(user, district),
            has_draft=any(one.is_draft for one in rows),
            current=reading.current(district) if district else None,
            crumbs=[(str(_("社区事项清单")), reverse("catalogue:items")), (str(_("版次")), "")],
            **kwargs,
        )


class EntryTable(TermsTable):
    """Entries of an edition."""

    class Meta(Table.Meta):
        pass

    def mark(self, record: Any) -> SafeString | str:
        """What is new or goes is marked."""
        if record.fate == Fate.KEEP.value:
            is_new = record.item_id is None or getattr(record, "is_new", False)
            return html.tag(_("新增"), "ok") if is_new else ""
        return html.tag(record.get_fate_display(), TONES[record.fate])


class EditionPage(OfEdition, ListPage):
    """/catalogue/editions/<id>/: its entries; a draft is edited here."""

    template_name = "catalogue/edition.html"
    noun = _("项")
    filterset_class = filters.EntryFilters
    table_class = EntryTable
    exact_count = True
    per_page = 100
    batch_actions = (
        BatchAction("go", _("取消或转出"), "transfer-out", MANAGE),
        BatchAction("merge", _("合并"), "git-merge", MANAGE),
        BatchAction("back", _("恢复"), "arrow-back-up", MANAGE),
    )
    empty_title = _("这一版还没有事项")
    empty_hint = _("点“新增事项”，一项一项加。")

    @property
    def title(self) -> str:
        """The edition's name."""
        return str(self.edition)

    @property
    def subtitle(self) -> str:
        """Where, and since when."""
        one = self.edition
        where = names.title(one.region_code)
        if one.is_draft:
            return f"{where} · 草案"
        return f"{where} · {one.since} 起施行" + ("" if one.applied_at else "（还没有到日期）")

    def get_queryset(self) -> QuerySet:
        """With department, and whether an item came with this edition."""
        edition = self.edition
        rows = edition.entries.select_related("unit", "item", "into")
        return rows.annotate(is_new=_came_with(edition))

    def allowed_batch_actions(self) -> list[BatchAction]:
        """Drafts are edited by those who keep the catalogue."""
        user: Any = self.request.user
        edition = self.edition
        return list(self.batch_actions) if edition.is_draft and keeps(user, edition.region_code) else []

    @property
    def export_url(self) -> str:
        """The whole edition."""
        return reverse("catalogue:edition_file", args=[self.edition.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it changes against the edition before it, and what can be done."""
        edition = self.edition
        user: Any = self.request.user
        last = _before(edition)
        found = reading.compare(last, edition) if last is not None else None
        kept = edition.entries.filter(fate=Fate.KEEP.value)
        return super().get_context_data(
            edition=edition,
            last=last,
            comparison=found,
            turns=_turns(found) if found else [],
            items=kept.count(),
            classes=kept.order_by().values("category").distinct().count(),
            hours=sum((one.yearly_hours for one in kept), 0),
            is_current=reading.current(edition.region_code) == edition,
            may_edit=edition.is_draft and keeps(user, edition.region_code),
            crumbs=[
                (str(_("社区事项清单")), reverse("catalogue:items")),
                (str(_("版次")), reverse("catalogue:editions")),
                (str(edition), ""),
            ],
            **kwargs,
        )

    def batch_go(self, rows: QuerySet) -> HttpResponse:
        """On to the form."""
        return self._on_to("catalogue:go", rows)

    def batch_merge(self, rows: QuerySet) -> HttpResponse:
        """On to the form."""
        return self._on_to("catalogue:merge", rows)

    def batch_back(self, rows: QuerySet) -> str:
        """Bring them back."""
        n = actions.bring_back(acting_user=self.request.user, edition=self.edition, entries=rows)
        return str(_("已恢复 %(n)s 项。") % {"n": n})

    def _on_to(self, name: str, rows: QuerySet) -> HttpResponse:
        query = QueryDict(mutable=True)
        query.setlist("pk", [str(pk) for pk in rows.values_list("pk", flat=True)])
        return HttpResponseRedirect(f"{reverse(name, args=[self.edition.pk])}?{query.urlencode()}")


def _before(edition: Edition) -> Edition | None:
    return (
        Edition.objects.filter(region_code=edition.region_code, number__lt=edition.number)
        .order_by("-number")
        .first()
    )


def _came_with(edition: Edition) -> Any:
    """Whether an entry's item was not in the edition before."""
    last = _before(edition)
    if last is None:
        return Value(False)
    there = Entry.objects.filter(edition=last, item=OuterRef("item"), fate=Fate.KEEP.value)
    return Q(item=None) | ~Exists(there)


def _turns(found: Comparison) -> list[tuple[Turn, int]]:
    return [(turn, found.count(turn)) for turn in Turn if found.count(turn)]


class EditionFile(OfEdition, View):
    """/catalogue/editions/<id>/file/"""

    def get(self, request: Any, **kwargs: Any) -> HttpResponse:
        """Excel."""
        edition = self.edition
        rows = list(edition.entries.select_related("unit", "into").order_by("position", "pk"))
        return sheets.answer(sheets.write_edition(edition, rows), f"{edition}.xlsx")


class EntryPage(DetailPage):
    """/catalogue/entries/<id>/"""

    permission = VIEW
    model: Any = Entry
    template_name = "catalogue/entry.html"

    def get_queryset(self) -> QuerySet:
        """Entries of editions that the user may read."""
        editions = Edition.objects.readable(self.request.user)
        return Entry.objects.filter(edition__in=editions).select_related("edition", "unit", "item", "into")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The terms, what differs from the edition before, and what was merged into it."""
        entry: Entry = self.object
        user: Any = self.request.user
        edition = entry.edition
        last = _before(edition)
        earlier = (
            last.entries.filter(item=entry.item, fate=Fate.KEEP.value).select_related("unit").first()
            if last is not None and entry.item_id is not None
            else None
        )
        return super().get_context_data(
            one=entry,
            edition=edition,
            bases=actions.bases_of(entry.bases),
            earlier=earlier,
            differences=reading.differences(earlier, entry) if earlier else [],
            merged=list(entry.merged.all()),
            may_edit=edition.is_draft and keeps(user, edition.region_code),
            crumbs=[
                (str(_("版次")), reverse("catalogue:editions")),
                (str(edition), edition.get_absolute_url()),
                (entry.title, ""),
            ],
            **kwargs,
        )


class Compared(Permitted):
    """Two editions of a district, named by their numbers in the address."""

    permission = VIEW
    kwargs: dict[str, Any]
    request: Any

    @property
    def editions(self) -> tuple[Edition, Edition]:
        """The earlier and the later one, among those that the user may read."""
        rows = Edition.objects.readable(self.request.user)
        found = [rows.filter(pk=self.kwargs[name]).first() for name in ("before", "after")]
        first, second = found
        if first is None or second is None or first == second or first.region_code != second.region_code:
            raise Http404
        return (first, second) if first.number < second.number else (second, first)


class ComparePage(Compared, TemplateView):
    """/catalogue/compare/<id>/<id>/"""

    template_name = "catalogue/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, the classes, and the rows that a figure opens into."""
        before, after = self.editions
        n = reading.communities(after.region_code)
        context = comparison_context(reading.compare(before, after), self.request, n)
        own = {"before": before, "after": after}
        return super().get_context_data(
            area=names.title(after.region_code),
            file_url=reverse("catalogue:compare_file", args=[before.pk, after.pk]),
            others=[one for one in reading.published(after.region_code) if one not in (before, after)],
            crumbs=[
                (str(_("社区事项清单")), reverse("catalogue:items")),
                (str(_("版次")), reverse("catalogue:editions")),
                (str(_("对照")), ""),
            ],
            **context,
            **(kwargs | own),
        )


class CompareFile(Compared, View):
    """/catalogue/compare/<id>/<id>/file/"""

    def get(self, request: Any, **kwargs: Any) -> HttpResponse:
        """Excel."""
        before, after = self.editions
        book = sheets.write_comparison(before, after, reading.compare(before, after))
        return sheets.answer(book, f"{after.title}第{before.number}版和第{after.number}版对照.xlsx")


def comparison_context(found: Comparison, request: Any, communities: int) -> dict[str, Any]:
    """A comparison for a page: ?turn=, ?category= and ?side= narrow its rows; `communities` are the district's."""
    turn = request.GET.get("turn", "")
    category = request.GET.get("category", "")
    side = request.GET.get("side", "")
    rows = [
        one
        for one in found.changes
        if (not turn or one.turn.value == turn)
        and (not side or (one.before if side == "before" else one.after) is not None)
        and (
            not category
            or any(
                line is not None and line.category == category
                for line in (
                    (one.before,)
                    if side == "before"
                    else (one.after,)
                    if side == "after"
                    else (one.before, one.after)
                )
            )
        )
    ]
    known = {one.value: one.label for one in Turn}
    shown = [one for one in Turn if found.count(one) and one not in (Turn.SAME, Turn.CHANGED)]
    return {
        "comparison": found,
        "turns": _turns(found),
        "shown_turns": shown,
        "rows": rows,
        "narrowed": bool(turn or category or side),
        "turn": turn,
        "narrowed_to": " · ".join(
            part
            for part in (
                known.get(turn, ""),
                category,
                {"before": str(_("原清单里的")), "after": str(_("新清单里的"))}.get(side, ""),
            )
            if part
        ),
        "communities": communities,
        "district_before": found.hours_before * communities,
        "district_after": found.hours_after * communities,
        "class_rows": _class_rows(found, shown),
        "total_cells": [(found.count(one), urlencode({"turn": one.value})) for one in shown],
    }


def _class_rows(found: Comparison, shown: Sequence[Turn]) -> list[dict[str, Any]]:
    """The classes' figures, each with the address of its rows."""
    return [
        {
            "name": row.name,
            "before": row.before,
            "after": row.after,
            "hours_before": row.hours_before,
            "hours_after": row.hours_after,
            "query_before": urlencode({"category": row.name, "side": "before"}),
            "query_after": urlencode({"category": row.name, "side": "after"}),
            "cells": [
                (
                    row.turns.get(turn, 0),
                    urlencode(
                        {
                            "category": row.name,
                            "turn": turn.value,
                            "side": "after" if turn is Turn.NEW else "before",
                        }
                    ),
                )
                for turn in shown
            ],
        }
        for row in found.classes
    ]
