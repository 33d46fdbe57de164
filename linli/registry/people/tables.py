"""The lists of people and households."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from linli.pages import asof, html
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.registry.people import describing
from linli.registry.people.describing import Shown
from linli.registry.people.models import Household, Person


class PeopleTable(Table):
    """Residents, masked. The page puts `shown` beside each record: address and tags."""

    name = TitleColumn(verbose_name=_("姓名"), order_by=("initials", "id"))
    age = tables.Column(
        verbose_name=_("性别 / 年龄"), accessor="birth_date", order_by=("-birth_date", "id"), empty_values=()
    )
    number = tables.Column(verbose_name=_("证件号码"), accessor="id_number", orderable=False)
    phone = tables.Column(verbose_name=_("手机"), orderable=False)
    place = tables.Column(verbose_name=_("住址"), accessor="pk", orderable=False)
    region_code = tables.Column(verbose_name=_("社区"), order_by=("region_code", "id"))
    standing = TagColumn(verbose_name=_("类型"), tones=describing.TONES)
    tags = tables.Column(verbose_name=_("标签"), accessor="pk", orderable=False)
    verified_on = tables.Column(verbose_name=_("最近核实"), order_by=("verified_on", "id"))

    class Meta(Table.Meta):
        model = Person
        fields: tuple[str, ...] = ()

    def render_age(self, record: Person) -> str:
        """Sex and age together."""
        return (
            describing.sex_and_age(record, _shown(record).on).replace(" · ", " / ").replace(" 岁", "")
            or html.DASH
        )

    def render_number(self, record: Person) -> str:
        """Masked."""
        return describing.masked_number(record)

    def render_phone(self, record: Person) -> str:
        """Masked."""
        return describing.masked_phone(record.phone)

    @cached_property
    def _areas(self) -> dict[str, str]:
        return {}

    def render_region_code(self, value: str) -> str:
        """The community's spoken name, and the grid's; a page of people lies in few of them."""
        if value not in self._areas:
            self._areas[value] = describing.area(value)
        return self._areas[value]

    def render_place(self, record: Person) -> str:
        """The address."""
        return _shown(record).place or html.DASH

    def render_tags(self, record: Person) -> Any:
        """Groups."""
        found = _shown(record).tags
        return html.tags(found) if found else ""

    def render_verified_on(self, value: Any) -> str:
        """The day."""
        return f"{value:%Y-%m-%d}"


class PeopleTableThen(PeopleTable):
    """Residents on a past day, sorted by the community of that day."""

    region_code = tables.Column(verbose_name=_("社区"), order_by=("region_on", "id"))
    verified_on = tables.Column(verbose_name=_("最近核实"), orderable=False)

    class Meta(PeopleTable.Meta):
        pass


def _shown(record: Any) -> Shown:
    return getattr(record, "shown", None) or Shown()


class HouseholdTable(Table):
    """Households with head and size, which the page puts beside each record."""

    number = tables.Column(verbose_name=_("户号"), attrs={"td": {"class": "title"}})
    head = tables.Column(verbose_name=_("户主"), accessor="pk", orderable=False)
    size = tables.Column(
        verbose_name=_("人口"),
        accessor="pk",
        orderable=False,
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    home = tables.Column(verbose_name=_("地址"), accessor="home__full_address", orderable=False)
    region_code = tables.Column(verbose_name=_("社区"))
    kind = tables.Column(verbose_name=_("户类型"), orderable=False)

    class Meta(Table.Meta):
        model = Household
        fields: tuple[str, ...] = ()

    def render_number(self, record: Household, table: Any) -> SafeString | str:
        """A link to the household, where it may be opened."""
        if not getattr(record, "may_open", True):
            return record.number
        url = asof.carry(record.get_absolute_url(), getattr(table, "request", None))
        return format_html('<a href="{}" data-drawer>{}</a>', url, record.number)

    def render_head(self, record: Any) -> str:
        """The head's name."""
        return getattr(record, "head_name", "") or html.DASH

    def render_size(self, record: Any) -> str:
        """How many belong to it today."""
        return html.thousands(getattr(record, "size", 0))

    def render_region_code(self, value: str) -> str:
        """The community's spoken name."""
        return describing.area(value)


class HouseholdTableThen(HouseholdTable):
    """Households on a past day, sorted by the community of that day."""

    home = tables.Column(verbose_name=_("地址"), accessor="home__full_address", orderable=False)
    region_code = tables.Column(verbose_name=_("社区"), order_by=("region_on", "id"))

    class Meta(HouseholdTable.Meta):
        pass
