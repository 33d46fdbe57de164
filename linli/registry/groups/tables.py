"""A group's roster."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from linli.pages import html
from linli.pages.tables import Table
from linli.registry.groups import rules
from linli.registry.groups.models import Membership
from linli.registry.people import describing


def masked(certificate: str) -> str:
    """A certificate number with all but its ends hidden."""
    if len(certificate) <= 4:
        return "*" * len(certificate)
    shown = 4 if len(certificate) > 8 else 2
    return certificate[:shown] + "*" * min(len(certificate) - 2 * shown, 8) + certificate[-shown:]


def due_of(membership: Membership, on: date | None = None) -> rules.Due | None:
    """What is due of a membership on a day (today)."""
    return rules.due(
        on or timezone.localdate(), until=membership.period.upper, review_on=membership.review_on
    )


class RosterTable(Table):
    """The members of a group."""

    name = tables.Column(
        verbose_name=_("姓名"),
        accessor="person__name",
        order_by=("person__initials", "id"),
        attrs={"td": {"class": "title"}},
    )
    age = tables.Column(
        verbose_name=_("性别 / 年龄"),
        accessor="person__birth_date",
        order_by=("-person__birth_date", "id"),
        empty_values=(),
    )
    class_code = tables.Column(verbose_name=_("类别"))
    level_code = tables.Column(verbose_name=_("等级"))
    certificate = tables.Column(verbose_name=_("证件号"), orderable=False)
    period = tables.Column(verbose_name=_("起止"), order_by=("period", "id"))
    due = tables.Column(verbose_name=_("到期与复核"), accessor="pk", order_by=("review_on", "id"))
    place = tables.Column(verbose_name=_("住址"), accessor="pk", orderable=False)
    region_code = tables.Column(verbose_name=_("社区"), order_by=("region_code", "id"))
    doing = tables.Column(verbose_name=_("操作"), accessor="pk", orderable=False)

    class Meta(Table.Meta):
        model = Membership
        fields: tuple[str, ...] = ()

    def render_name(self, record: Membership) -> SafeString:
        """A link to the membership."""
        return html.drawer_link(reverse("groups:membership", args=[record.pk]), record.person.name)

    def render_age(self, record: Membership) -> str:
        """Sex and age together."""
        on = getattr(record, "on", None)
        return describing.sex_and_age(record.person, on).replace(" · ", " / ").replace(" 岁", "") or html.DASH

    def render_class_code(self, record: Membership) -> str:
        """Its label."""
        return record.group.class_label(record.class_code)

    def render_level_code(self, record: Membership) -> str:
        """Its label."""
        return record.group.level_label(record.level_code)

    def render_certificate(self, value: str) -> str:
        """Masked."""
        return masked(value)

    def render_period(self, value: Any) -> str:
        """From when, until when."""
        since = f"{value.lower:%Y-%m-%d}" if value.lower else "…"
        return f"{since} 至 {value.upper:%Y-%m-%d}" if value.upper else f"{since} 起"

    def render_due(self, record: Membership) -> Any:
        """What is due, as a tag; else the day of the review."""
        due = due_of(record, getattr(record, "on", None))
        if due is not None:
            return html.tag(due.text, due.tone)
        return f"{record.review_on:%Y-%m-%d} 复核" if record.review_on else html.DASH

    def render_region_code(self, value: str) -> str:
        """The community's spoken name."""
        return describing.area(value)

    def render_place(self, record: Any) -> str:
        """The address, which the page puts beside the record."""
        return getattr(record, "place", "") or html.DASH

    def render_doing(self, record: Any) -> Any:
        """What can be done with it."""
        if not getattr(record, "editable", False):
            return html.DASH
        return format_html(
            '<a href="{}" data-drawer>{}</a> <a href="{}" data-drawer>{}</a> <a href="{}" data-drawer>{}</a>',
            reverse("groups:edit", args=[record.pk]),
            _("更正"),
            reverse("groups:confirm", args=[record.pk]),
            _("复核"),
            reverse("groups:end", args=[record.pk]),
            _("退出"),
        )
