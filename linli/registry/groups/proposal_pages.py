"""What rules propose: the list, confirming and refusing those picked."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.kernel.scope import Scope
from linli.pages import html
from linli.pages.filtering import FilterSet
from linli.pages.tables import Table
from linli.pages.views import BatchAction, EditPage, ListPage
from linli.pages.widgets import Combobox
from linli.registry.groups import deciding, proposals, seeing
from linli.registry.groups.models import GroupRule, Membership, Move, Proposal, ProposalState
from linli.registry.people import describing
from linli.registry.people.filters import find_people
from linli.registry.people.models import Person
from linli.registry.people.pickers import day, text
from linli.registry.places import areas

EDIT = Permission.EDIT_GROUPS
PICKED = "groups_proposals_picked"
TONES = {Move.JOIN: "brand", Move.END: "warn"}
STATES = {ProposalState.OPEN: "warn", ProposalState.CONFIRMED: "ok"}


class ProposalFilters(FilterSet):
    """Those that wait, unless others are asked for."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("姓名、拼音、号码后四位、住址"), "maxlength": "60"}),
    )
    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )
    group = django_filters.ChoiceFilter(label=_("人群"), method="of_group", empty_label=_("全部"))
    move = django_filters.ChoiceFilter(label=_("建议"), choices=Move.choices, empty_label=_("加入和退出"))
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[one for one in ProposalState.choices if one[0] != ProposalState.OPEN],
        empty_label=ProposalState.OPEN.label,
    )

    class Meta:
        model = Proposal
        fields = ["q", "region", "group", "move", "state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        user: Any = self.request.user
        mine.filters["region"].extra["choices"] = areas.filter_choices(user, EDIT)
        mine.filters["group"].extra["choices"] = [(one.code, one.name) for one in seeing.groups(user)]

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        """The open ones, unless asked for others."""
        found = super().filter_queryset(rows)
        return found if self.form.cleaned_data.get("state") else found.filter(state=ProposalState.OPEN)

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By what finds people."""
        people = find_people(Person.objects.permitted(self.request.user, EDIT), value)
        return rows.filter(person__in=people.order_by().values("pk"))

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))

    def of_group(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """One group."""
        return rows.filter(group__code=value)

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Decided or lapsed ones."""
        return rows.filter(state=value)


class ProposalTable(Table):
    """The proposals."""

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
    move = tables.Column(verbose_name=_("建议"), order_by=("move", "group_id", "id"))
    why = tables.Column(verbose_name=_("依据的规则"), accessor="rule_id", orderable=False)
    place = tables.Column(verbose_name=_("住址"), accessor="pk", orderable=False)
    region_code = tables.Column(verbose_name=_("社区"), order_by=("region_code", "id"))
    made_on = tables.DateColumn(verbose_name=_("提出日期"), format="Y-m-d")
    state = tables.Column(verbose_name=_("处理"), orderable=False)

    class Meta(Table.Meta):
        model = Proposal
        fields: tuple[str, ...] = ()

    def render_name(self, record: Proposal) -> Any:
        """A link to the person's groups."""
        return html.drawer_link(f"{record.person.get_absolute_url()}?tab=groups", record.person.name)

    def render_age(self, record: Proposal) -> str:
        """Sex and age together."""
        return describing.sex_and_age(record.person).replace(" · ", " / ").replace(" 岁", "") or html.DASH

    def render_move(self, record: Proposal) -> Any:
        """加入 or 退出, and of which group."""
        return format_html(
            "{} {}", html.tag(record.get_move_display(), TONES[Move(record.move)]), record.group.name
        )

    def render_why(self, record: Any) -> str:
        """The rule in words, which the page puts beside the record."""
        return getattr(record, "why", "")

    def render_place(self, record: Any) -> str:
        """The address, which the page puts beside the record."""
        return getattr(record, "place", "") or html.DASH

    def render_region_code(self, value: str) -> str:
        """The community's spoken name."""
        return describing.area(value)

    def render_state(self, record: Any) -> Any:
        """What can be done one by one, or what was decided."""
        if record.state == ProposalState.OPEN:
            if record.move == Move.JOIN:
                url = f"{reverse('groups:add', args=[record.group.code])}?person={record.person_id}"
                return format_html('<a href="{}" data-drawer>{}</a>', url, _("加入"))
            membership = getattr(record, "membership_id", None)
            if membership is None:
                return html.DASH
            return format_html(
                '<a href="{}" data-drawer>{}</a>', reverse("groups:end", args=[membership]), _("退出")
            )
        said = html.tag(record.get_state_display(), STATES.get(ProposalState(record.state), ""))
        who = (
            f"{record.decided_by.name} {timezone.localtime(record.decided_at):%Y-%m-%d}"
            if record.decided_by
            else ""
        )
        return format_html("{} <small>{} {}</small>", said, who, record.reason)


class ProposalList(ListPage):
    """/groups/proposals/"""

    model = Proposal
    permission = EDIT
    title = _("人群建议")
    subtitle = _("系统按规则提出，由您确认；不采纳的，情况不变就不再提")
    noun = _("条")
    filterset_class = ProposalFilters
    table_class = ProposalTable
    shown_filters = 4
    batch_actions = (
        BatchAction("confirm", _("确认"), "circle-check"),
        BatchAction("refuse", _("不采纳"), "circle-x"),
    )
    empty_title = _("没有等您确认的建议")
    empty_hint = _("每天凌晨按规则核对一次：满 80 岁、开始独居、已经迁出……有变化就会列在这里。")

    def get_queryset(self) -> QuerySet:
        """Those that the user may decide."""
        return (
            proposals.visible(self.request.user)
            .select_related("person", "group", "decided_by")
            .order_by("region_code", "group_id", "id")
        )

    def get_table(self, rows: QuerySet) -> Any:
        """The table with addresses, rules in words, and the memberships that are to end."""
        table = super().get_table(rows)
        listed: list[Any] = [row.record for row in table.paginated_rows]
        places = describing.addresses([one.person_id for one in listed])
        known = GroupRule.objects.in_bulk({one.rule_id for one in listed})
        words = {pk: proposals.in_words(rule) for pk, rule in known.items()}
        ending = {
            (person, group): pk
            for pk, person, group in Membership.objects.filter(
                person__in=[one.person_id for one in listed if one.move == Move.END],
                period__contains=timezone.localdate(),
            ).values_list("pk", "person_id", "group_id")
        }
        for one in listed:
            one.place, one.why = places.get(one.person_id, ""), words.get(one.rule_id, "")
            one.membership_id = ending.get((one.person_id, one.group_id))
        return table

    def _go(self, rows: QuerySet, name: str) -> HttpResponse:
        ids = list(
            rows.filter(state=ProposalState.OPEN).order_by().values_list("pk", flat=True)[: deciding.MOST + 1]
        )
        if not ids:
            raise RuleError(_t("请先勾选还没有处理的建议。"))
        if len(ids) > deciding.MOST:
            raise RuleError(_t("一次最多处理 %(n)d 条，请用条件分批选择。") % {"n": deciding.MOST})
        self.request.session[PICKED] = ids
        return HttpResponseRedirect(reverse(name))

    def batch_confirm(self, rows: QuerySet) -> HttpResponse:
        """To the form that confirms."""
        return self._go(rows, "groups:proposals_confirm")

    def batch_refuse(self, rows: QuerySet) -> HttpResponse:
        """To the form that refuses."""
        return self._go(rows, "groups:proposals_refuse")


class ConfirmForm(forms.Form):
    """On what ground, and from when."""

    evidence = text(
        _("核实情况"),
        most=200,
        required=True,
        help_text=_("写明怎样核实的，例如：入户核实、电话核实、审批表"),
    )
    on = day(_("生效日期"), initial=timezone.localdate, help_text=_("加入的认定日期，或退出日期"))


class RefuseForm(forms.Form):
    """Why not."""

    reason = text(
        _("不采纳的理由"),
        most=200,
        required=True,
        help_text=_("例如：子女同住，只是没有登记；情况不变就不再提"),
    )


class Picked(EditPage):
    """A form about the proposals picked in the list."""

    permission: Permission | None = EDIT

    def picked(self) -> list[int]:
        """Their numbers."""
        return [pk for pk in self.request.session.get(PICKED, []) if isinstance(pk, int)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say how many of what."""
        found = proposals.visible(self.request.user).filter(pk__in=self.picked(), state=ProposalState.OPEN)
        counted: dict[str, int] = {}
        for move, name in found.values_list("move", "group__name"):
            said = f"{Move(move).label}{name}"
            counted[said] = counted.get(said, 0) + 1
        self.subtitle = "、".join(
            _t("%(what)s %(n)d 人") % {"what": what, "n": n} for what, n in counted.items()
        )
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("groups:proposals")


class ConfirmProposals(Picked):
    """/groups/proposals/confirm/"""

    title = _("确认人群建议")
    form_class: Any = ConfirmForm
    submit_label = _("确认并办理")

    def perform(self, form: Any) -> str:
        """Carry them out."""
        done, problems = deciding.confirm(
            acting_user=self.request.user, proposal_ids=self.picked(), **form.cleaned_data
        )
        self.success_message = _t("已办理 %(n)d 条。") % {"n": done}
        if problems:
            self.success_message += _t("另有 %(n)d 条没有办成：") % {"n": len(problems)} + "；".join(
                problems[:5]
            )
        return self.cancel_url()


class RefuseProposals(Picked):
    """/groups/proposals/refuse/"""

    title = _("不采纳人群建议")
    form_class: Any = RefuseForm
    submit_label = _("不采纳")

    def perform(self, form: Any) -> str:
        """Refuse them."""
        n = deciding.refuse(acting_user=self.request.user, proposal_ids=self.picked(), **form.cleaned_data)
        self.success_message = _t("已记下 %(n)d 条不采纳。") % {"n": n}
        return self.cancel_url()
