"""What the catalogue's pages share."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.flow.rules.warrants import Thing
from linli.gate.catalogue.models import DISTRICT, Edition, Item
from linli.gate.catalogue.rules.terms import Fate, Responsibility
from linli.pages import html
from linli.pages.tables import NumberColumn, Table, TitleColumn
from linli.pages.views import Permitted

VIEW, MANAGE = Permission.VIEW_REGIONS, Permission.MANAGE_CATALOGUE
TONES = {Fate.CANCEL.value: "", Fate.MOVE.value: "warn", Fate.MERGE.value: "brand"}


def responsibility_tag(one: Any) -> SafeString:
    """依法履行 in the brand's colour, 依法协助 in grey."""
    return html.tag(
        one.get_responsibility_display(),
        "brand" if one.responsibility == Responsibility.PERFORM.value else "",
    )


class TermsTable(Table):
    """The columns that items and entries share."""

    title = TitleColumn(verbose_name=_("事项"), attrs={"td": {"class": "title wrap"}})
    responsibility = tables.Column(verbose_name=_("职责"))
    unit = tables.Column(verbose_name=_("责任部门"), order_by="unit__name")
    things = tables.Column(verbose_name=_("可下派"), orderable=False, attrs={"td": {"class": "wrap"}})
    frequency = tables.Column(
        verbose_name=_("频次"), order_by="yearly_times", attrs={"td": {"class": "wrap"}}
    )
    yearly_hours = NumberColumn(verbose_name=_("全年工时"))

    class Meta(Table.Meta):
        pass

    def mark(self, record: Any) -> SafeString | str:
        """A tag beside the title, for what is not as most are."""
        return ""

    def render_title(self, record: Any, value: str) -> SafeString:
        """To the drawer, with the class beneath."""
        link = html.drawer_link(record.get_absolute_url(), value)
        return format_html(
            '<div>{} {}<small class="muted">{}</small></div>', link, self.mark(record), record.category
        )

    def render_responsibility(self, record: Any) -> SafeString:
        """A tag."""
        return responsibility_tag(record)

    def render_things(self, value: list[str]) -> str:
        """Words."""
        return "、".join(one.label for one in Thing if one.value in value) or html.DASH

    def render_yearly_hours(self, value: Any) -> str:
        """Without a needless decimal."""
        return html.thousands(int(value) if value == int(value) else value)


def keeps(user: Any, region_code: str) -> bool:
    """Whether the user keeps the catalogue of the district."""
    return bool(user.can(MANAGE, region_code))


def home_district(user: Any) -> str:
    """The district that the user's first post lies in; "" for one above districts."""
    for scope in user.scopes(VIEW):
        if len(scope.low) >= DISTRICT:
            return str(scope.low[:DISTRICT])
    return ""


class ItemsVisible(Permitted):
    """Items of the user's districts."""

    permission = VIEW
    model: Any = Item

    def get_queryset(self) -> QuerySet:
        """With what their pages show."""
        return Item.objects.visible(self.request.user).select_related("unit", "warrant")


class ItemsKept(ItemsVisible):
    """Items of the districts whose catalogue the user keeps."""

    permission = MANAGE

    def get_queryset(self) -> QuerySet:
        """Only those."""
        return Item.objects.permitted(self.request.user, MANAGE).select_related("unit", "warrant")


class OfEdition(Permitted):
    """A page about the edition that the address names."""

    permission = VIEW
    drafts_only = False
    request: HttpRequest
    kwargs: dict[str, Any]

    @property
    def edition(self) -> Edition:
        """The edition, among those that the user may read; a draft to change only where the user keeps the catalogue."""
        if not hasattr(self, "_edition"):
            user: Any = self.request.user
            rows = Edition.objects.readable(user)
            if self.drafts_only:
                rows = rows.permitted(user, MANAGE).filter(published_at__isnull=True)
            found = rows.filter(pk=self.kwargs["pk"]).first()
            if found is None:
                raise Http404
            self._edition = found
        return self._edition


class OfDraft(OfEdition):
    """A page that changes a draft."""

    permission = MANAGE
    drafts_only = True
