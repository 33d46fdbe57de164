"""What the page of an organisation shows of its life: people, premises, checks, dealings, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.access.roles import Permission
from linli.kernel import phone
from linli.pages import html
from linli.registry.organisations import rules
from linli.registry.organisations.models import Check, ManagedEstate, Organisation, Position, Premises, Tie


def span(period: Any) -> str:
    """2024-03-01 起; 2020-01-01 至 2024-03-01; 至 2024-03-01."""
    since, until = period.lower, period.upper
    if since and until:
        return f"{since:%Y-%m-%d} 至 {until:%Y-%m-%d}"
    if until:
        return f"至 {until:%Y-%m-%d}"
    return f"{since:%Y-%m-%d} 起" if since else "起始日期不详"


def own_facts(one: Organisation) -> list[tuple[str, Any, bool]]:
    """What only this kind of organisation has: label, value in words, whether it wants the whole width."""
    found = []
    own = rules.FIELDS_OF.get(one.kind, frozenset())
    for field in Organisation._meta.concrete_fields:
        if field.name not in own:
            continue
        value = getattr(one, field.name)
        display = getattr(one, f"get_{field.name}_display", None)
        if display is not None:
            value = display()
        elif isinstance(value, bool):
            value = "是" if value else "否"
        elif isinstance(value, date):
            value = f"{value:%Y-%m-%d}"
        elif field.name == "capital":
            value = html.money(value)
        label = str(field.verbose_name)
        found.append(
            (
                label,
                value if value not in (None, "") else html.DASH,
                field.name in ("business_scope", "duties"),
            )
        )
    return found


@dataclass(frozen=True)
class Moment:
    """One moment of the timeline."""

    on: date | None
    title: str
    text: str = ""


def _now(period: Any, today: date) -> bool:
    return (period.lower is None or period.lower <= today) and (period.upper is None or period.upper > today)


class Parts:
    """The parts of one organisation as far as a user may see them."""

    def __init__(self, one: Organisation, user: Any) -> None:
        self.one, self.user = one, user
        self.today = timezone.localdate()
        self.sees_staff = user.can(Permission.VIEW_PEOPLE, one.region_code)

    @cached_property
    def positions(self) -> list[Any]:
        """Who is or was what: those who lead for everybody, employees where people may be seen."""
        rows = Position.objects.filter(organisation=self.one).select_related("person")
        if not self.sees_staff:
            rows = rows.filter(role__in=rules.LEADING)
        order = {role: n for n, role in enumerate(rules.roles_of(self.one.kind))}
        found: list[Any] = sorted(
            (row for row in rows if not row.period.isempty),
            key=lambda row: (order.get(row.role, 99), row.period.lower or date.min),
        )
        people = Permission.VIEW_PEOPLE
        for row in found:
            row.when = span(row.period)
            row.now = _now(row.period, self.today)
            person = row.person
            row.url = (
                person.get_absolute_url()
                if person is not None and self.user.can(people, person.region_code)
                else ""
            )
            number = (person.phone if person is not None else row.phone) or ""
            row.shown_phone = phone.mask(number) if number else ""
        return found

    @cached_property
    def current_positions(self) -> list[Any]:
        return [row for row in self.positions if row.now]

    @property
    def past_positions(self) -> list[Any]:
        return [row for row in self.positions if not row.now]

    @cached_property
    def premises(self) -> list[Any]:
        """Where it is and was."""
        found: list[Any] = [
            row
            for row in Premises.objects.filter(organisation=self.one).select_related("home")
            if not row.period.isempty
        ]
        for row in found:
            row.when, row.now = span(row.period), _now(row.period, self.today)
            row.seen = self.user.can(Permission.VIEW_PLACES, row.home.region_code)
        return found

    @cached_property
    def current_premises(self) -> list[Any]:
        return [row for row in self.premises if row.now]

    @property
    def past_premises(self) -> list[Any]:
        return [row for row in self.premises if not row.now]

    @cached_property
    def checks(self) -> list[Any]:
        """What fell or falls due."""
        found: list[Any] = list(Check.objects.filter(organisation=self.one).select_related("done_by"))
        for row in found:
            left = (row.due_on - self.today).days
            row.tone = "" if row.result or left > 30 else "danger" if left < 0 else "warn"
            row.left = f"逾期 {-left} 天" if left < 0 else "今天" if left == 0 else f"还有 {left} 天"
        return found

    @cached_property
    def open_checks(self) -> list[Any]:
        return [row for row in self.checks if not row.result]

    @property
    def done_checks(self) -> list[Any]:
        return sorted((row for row in self.checks if row.result), key=lambda row: row.done_on, reverse=True)

    @cached_property
    def ties(self) -> list[Any]:
        """Relations from here and to here, with organisations that the user may see."""
        seen: QuerySet[Organisation] = Organisation.objects.permitted(
            self.user, Permission.VIEW_ORGANISATIONS
        )
        rows = (
            Tie.objects.filter(Q(organisation=self.one) | Q(other=self.one))
            .filter(organisation__in=seen, other__in=seen)
            .select_related("organisation", "other")
        )
        found: list[Any] = [row for row in rows if not row.period.isempty]
        for row in found:
            row.ours = row.organisation_id == self.one.pk
            row.party = row.other if row.ours else row.organisation
            row.says = row.get_kind_display() if row.ours else _BACK[row.kind]
            row.when, row.now = span(row.period), _now(row.period, self.today)
        return found

    @cached_property
    def managed(self) -> list[Any]:
        """The estates it manages or managed."""
        rows = ManagedEstate.objects.permitted(self.user, Permission.VIEW_PLACES).filter(
            organisation=self.one
        )
        found: list[Any] = list(rows.select_related("management__estate"))
        for row in found:
            row.when = span(row.management.period)
        return found

    @property
    def dealings_number(self) -> int:
        return len(self.ties) + len(self.managed)

    @property
    def timeline(self) -> list[Moment]:
        """Its life, newest first."""
        one = self.one
        found = [Moment(one.founded_on, "成立")] if one.founded_on else []
        if one.registered_on:
            found.append(
                Moment(one.registered_on, one.get_registration_display() or "登记", one.registration_number)
            )
        if one.closed_on:
            found.append(Moment(one.closed_on, "注销或迁出"))
        for row in self.premises:
            found += _both(row.period, "进驻", "退出", f"{row.home.full_address}（{row.get_use_display()}）")
        for row in self.positions:
            if row.role in rules.LEADING:
                found += _both(row.period, "任职", "离任", f"{row.get_role_display()} {row.who}")
        for row in self.ties:
            found += _both(row.period, "建立关系", "结束关系", f"{row.says}：{row.party.name}")
        for row in self.managed:
            found += _both(row.management.period, "接管小区", "退出小区", row.management.estate.name)
        for row in self.done_checks:
            text = f"{row.get_result_display()}{'：' + row.said if row.said else ''}"
            found.append(Moment(row.done_on, row.get_kind_display(), text))
        return sorted(found, key=lambda moment: moment.on or date.min, reverse=True)


_BACK = {
    "parent": "下级单位",
    "guidance": "受其业务指导",
    "service": "为其提供物业服务",
    "purchase": "为其提供服务",
    "joint": "共建单位",
}


def _both(period: Any, begins: str, ends: str, text: str) -> list[Moment]:
    found = [
        Moment(day, title, text)
        for day, title in ((period.lower, begins), (period.upper, ends))
        if day is not None
    ]
    return found if period.lower is not None else [*found, Moment(None, f"{begins}（日期不详）", text)]
