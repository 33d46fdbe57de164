"""The open pages, without a login: the list in force, what changed, and the older editions. They name no person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.gate.catalogue import reading
from linli.gate.catalogue.models import Basis, Edition
from linli.gate.catalogue.pages.editions import comparison_context
from linli.gate.catalogue.pages.shared import responsibility_tag
from linli.gate.catalogue.rules.terms import Fate, Responsibility
from linli.pages import html
from linli.regions import names


class FindForm(forms.Form):
    """By word, class and responsibility."""

    q = forms.CharField(
        label=_("关键字"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("例如：救助、走访、消防")}),
    )
    category = forms.ChoiceField(label=_("类"), required=False)
    responsibility = forms.ChoiceField(
        label=_("职责"),
        required=False,
        choices=[("", _("全部")), *((one.value, one.label) for one in Responsibility)],
    )

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [("", _("全部类")), *((one, one) for one in categories)]


class PublicPage(TemplateView):
    """An open page of a district's catalogue."""

    page = ""

    @property
    def region_code(self) -> str:
        """The district of the address."""
        return str(self.kwargs["region"])

    def current(self) -> Edition:
        """The edition in force; 404 where nothing is published."""
        found = reading.current(self.region_code)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where, and the ways to the other pages."""
        return super().get_context_data(
            area=names.title(self.region_code),
            region_code=self.region_code,
            editions=[one for one in reading.published(self.region_code) if one.applied_at],
            page=self.page,
            **kwargs,
        )

    def listed(self, rows: list[Any]) -> dict[str, Any]:
        """Rows as the form asks for them, by class, each with its bases in words."""
        form = FindForm(self.request.GET, categories=list(dict.fromkeys(one.category for one in rows)))
        asked = form.cleaned_data if form.is_valid() else {}
        for word in asked.get("q", "").split():
            rows = [
                one for one in rows if word in f"{one.title} {one.content} {one.category} {one.unit.name}"
            ]
        for name in ("category", "responsibility"):
            if asked.get(name):
                rows = [one for one in rows if getattr(one, name) == asked[name]]
        bases = Basis.objects.in_bulk({n for one in rows for n in one.bases})
        for one in rows:
            known = [str(bases[n]) for n in one.bases if n in bases]
            one.quoted = "；".join([*known, *([one.basis_note] if one.basis_note else [])])
            one.mark = responsibility_tag(one)
            if getattr(one, "suspended", ""):
                one.mark += html.tag(_("已暂停"), "danger")
        return {
            "form": form,
            "classes": reading.by_class(rows),
            "found": len(rows),
            "asked": any(asked.values()),
        }


class PublicIndex(TemplateView):
    """/catalogue/open/"""

    template_name = "catalogue/public_index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The districts that have a list in force."""
        rows = Edition.objects.filter(applied_at__isnull=False).order_by("region_code", "-number")
        newest: dict[str, Edition] = {}
        for one in rows:
            newest.setdefault(one.region_code, one)
        return super().get_context_data(
            title=_("社区事项清单"),
            districts=[(names.path(code), one) for code, one in newest.items()],
            **kwargs,
        )


class PublicCurrent(PublicPage):
    """/catalogue/open/<district>/"""

    template_name = "catalogue/public_list.html"
    page = "current"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items in force in the order of the edition, and what happened since it was published."""
        edition = self.current()
        place = dict(
            edition.entries.filter(fate=Fate.KEEP.value, item__isnull=False).values_list(
                "item_id", "position"
            )
        )
        items = sorted(
            reading.in_force(self.region_code), key=lambda one: (place.get(one.pk, 1 << 30), one.code)
        )
        since = reading.compare_with_today(edition)
        changed = since.summary if since.changes and since.summary != "没有变化" else ""
        return super().get_context_data(
            title=edition.title,
            under=_("第 %(n)s 版，%(day)s 起施行") % {"n": edition.number, "day": edition.since},
            since_then=changed,
            note=edition.note,
            **self.listed(items),
            **kwargs,
        )


class PublicEdition(PublicPage):
    """/catalogue/open/<district>/<number>/"""

    template_name = "catalogue/public_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The edition as it was published."""
        edition = Edition.objects.filter(
            region_code=self.region_code, number=self.kwargs["number"], applied_at__isnull=False
        ).first()
        if edition is None:
            raise Http404
        gone = edition.entries.exclude(fate=Fate.KEEP.value).select_related("unit", "into")
        return super().get_context_data(
            title=str(edition),
            under=_("%(day)s 起施行") % {"day": edition.since},
            note=edition.note,
            shown_number=edition.number,
            gone=list(gone),
            **self.listed(list(reading.kept_entries(edition))),
            **kwargs,
        )


class PublicChanges(PublicPage):
    """/catalogue/open/<district>/changes/: the edition in force beside the one before."""

    template_name = "catalogue/public_changes.html"
    page = "changes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures and the rows behind them."""
        after = self.current()
        before = (
            Edition.objects.filter(
                region_code=self.region_code, number__lt=after.number, applied_at__isnull=False
            )
            .order_by("-number")
            .first()
        )
        found = (
            comparison_context(
                reading.compare(before, after), self.request, reading.communities(after.region_code)
            )
            if before
            else {}
        )
        return super().get_context_data(
            title=_("改了什么"), under=after.title, before=before, after=after, **found, **kwargs
        )
