"""What falls due of memberships, a membership's own page, and its papers."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
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
from linli.pages.views import BatchAction, DetailPage, EditPage, HistoryTab, ListPage, Tab
from linli.pages.widgets import Combobox
from linli.registry.groups import actions, confirming, papers, reviews, rules, seeing
from linli.registry.groups.forms import paper_field
from linli.registry.groups.models import EvidenceFile, Matter, Membership
from linli.registry.groups.pages import GroupEdit, MembershipEdit
from linli.registry.groups.tables import masked
from linli.registry.people import describing
from linli.registry.people.forms import PurposeForm
from linli.registry.people.models import describe_period
from linli.registry.people.pickers import day, text
from linli.registry.places import areas

EDIT, VIEW = Permission.EDIT_GROUPS, Permission.VIEW_GROUPS
PICKED = "groups_due_picked"


class DueFilters(FilterSet):
    """What is due, narrowed."""

    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )
    group = django_filters.ChoiceFilter(label=_("人群"), method="of_group", empty_label=_("全部"))
    matter = django_filters.ChoiceFilter(
        label=_("事项"), method="by_matter", choices=Matter.choices, empty_label=_("复核和到期")
    )
    late = django_filters.ChoiceFilter(
        label=_("时间"), method="by_late", choices=[("1", _("已逾期"))], empty_label=_("已逾期和 30 天内")
    )

    class Meta:
        model = Membership
        fields = ["region", "group", "matter", "late"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        user: Any = self.request.user
        mine.filters["region"].extra["choices"] = areas.filter_choices(user, EDIT)
        mine.filters["group"].extra["choices"] = [(one.code, one.name) for one in seeing.groups(user)]

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))

    def of_group(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """One group."""
        return rows.filter(group__code=value)

    def by_matter(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Reviews or ends."""
        return rows.filter(matter=value)

    def by_late(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        """Overdue ones."""
        return rows.filter(due_on__lt=timezone.localdate())


class DueTable(Table):
    """What is due."""

    name = tables.Column(
        verbose_name=_("姓名"),
        accessor="person__name",
        order_by=("person__initials", "id"),
        attrs={"td": {"class": "title"}},
    )
    group = tables.Column(verbose_name=_("人群"), order_by=("group_id", "id"))
    due_on = tables.Column(verbose_name=_("应办"), order_by=("due_on", "id"))
    doing = tables.Column(verbose_name=_("办理"), accessor="pk", orderable=False)
    place = tables.Column(verbose_name=_("住址"), accessor="pk", orderable=False)
    region_code = tables.Column(verbose_name=_("社区"), order_by=("region_code", "id"))
    evidence = tables.Column(verbose_name=_("认定依据"), orderable=False)

    class Meta(Table.Meta):
        model = Membership
        fields: tuple[str, ...] = ()

    def render_name(self, record: Membership) -> Any:
        """A link to the membership."""
        return html.drawer_link(reverse("groups:membership", args=[record.pk]), record.person.name)

    def render_group(self, record: Membership) -> str:
        """With class and level."""
        return actions.in_words(record)

    def render_due_on(self, record: Any) -> Any:
        """The day, and how far it is."""
        left = (record.due_on - timezone.localdate()).days
        what = Matter(record.matter).label
        if left < 0:
            said = html.tag(_t("%(what)s逾期 %(n)d 天") % {"what": what, "n": -left}, "danger")
        elif left == 0:
            said = html.tag(_t("今天%(what)s") % {"what": what}, "danger")
        else:
            said = html.tag(_t("%(n)d 天后%(what)s") % {"what": what, "n": left}, "warn")
        return format_html("{} {}", f"{record.due_on:%Y-%m-%d}", said)

    def render_place(self, record: Any) -> str:
        """The address, which the page puts beside the record."""
        return getattr(record, "place", "") or html.DASH

    def render_region_code(self, value: str) -> str:
        """The community's spoken name."""
        return describing.area(value)

    def render_doing(self, record: Any) -> Any:
        """The three ends that what is due can have."""
        links: tuple[tuple[str, Any], ...] = (
            (reverse("groups:confirm", args=[record.pk]), _("继续")),
            (reverse("groups:end", args=[record.pk]), _("退出")),
            (f"{reverse('groups:set_aside', args=[record.pk])}?matter={record.matter}", _("不适用")),
        )
        if record.matter == Matter.EXPIRY and record.due_on <= timezone.localdate():
            links = (links[0], links[2])
        return format_html(
            " ".join(['<a href="{}" data-drawer>{}</a>'] * len(links)),
            *[part for one in links for part in one],
        )


class DueList(ListPage):
    """/groups/due/"""

    model = Membership
    permission = EDIT
    title = _("到期与复核")
    subtitle = _("逾期没有办的，和 30 天内要办的；每一项办成“继续”“退出”或“不适用”")
    noun = _("项")
    filterset_class = DueFilters
    table_class = DueTable
    batch_actions = (BatchAction("confirm", _("继续（复核）"), "circle-check"),)
    empty_title = _("没有到期和要复核的")
    empty_hint = _("快到复核日期或到期日期的人，会提前 30 天列在这里。")

    def get_queryset(self) -> QuerySet:
        """What is due and the user's to deal with."""
        rows: Any = reviews.visible(self.request.user, timezone.localdate())
        return rows.select_related("person", "group").order_by("due_on", "id")

    def get_table(self, rows: QuerySet) -> Any:
        """With addresses."""
        table = super().get_table(rows)
        listed: list[Any] = [row.record for row in table.paginated_rows]
        places = describing.addresses([one.person_id for one in listed])
        for one in listed:
            one.place = places.get(one.person_id, "")
        return table

    def batch_confirm(self, rows: QuerySet) -> HttpResponse:
        """To the form that reviews all of them."""
        ids = list(rows.order_by().values_list("pk", flat=True)[: confirming.MOST + 1])
        if not ids:
            raise RuleError(_t("请先勾选要复核的人。"))
        if len(ids) > confirming.MOST:
            raise RuleError(_t("一次最多办理 %(n)d 项，请用条件分批选择。") % {"n": confirming.MOST})
        self.request.session[PICKED] = ids
        return HttpResponseRedirect(reverse("groups:due_confirm"))


class ConfirmReviewsForm(forms.Form):
    """How and when it was verified."""

    how = text(
        _("核实情况"),
        most=200,
        required=True,
        help_text=_("写明怎样核实的，例如：入户核实，情况没有变化。每个人的认定依据不变"),
    )
    on = day(_("核实日期"), initial=timezone.localdate, help_text=_("下一次复核从这一天推算"))


class ConfirmReviews(EditPage):
    """/groups/due/confirm/: the picked ones still belong."""

    permission: Permission | None = EDIT
    title = _("复核：仍符合条件")
    form_class: Any = ConfirmReviewsForm
    submit_label = _("复核通过")

    def picked(self) -> list[int]:
        """Their numbers."""
        return [pk for pk in self.request.session.get(PICKED, []) if isinstance(pk, int)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say how many of what."""
        due: Any = reviews.visible(self.request.user, timezone.localdate())
        counted = Counter(due.filter(pk__in=self.picked()).values_list("group__name", flat=True))
        self.subtitle = "、".join(
            _t("%(what)s %(n)d 人") % {"what": what, "n": n} for what, n in counted.items()
        )
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("groups:due")

    def perform(self, form: Any) -> str:
        """Review them."""
        done, problems = confirming.confirm_reviews(
            acting_user=self.request.user, membership_ids=self.picked(), **form.cleaned_data
        )
        self.success_message = _t("已复核 %(n)d 人。") % {"n": done}
        if problems:
            self.success_message += _t("另有 %(n)d 项没有办成：") % {"n": len(problems)} + "；".join(
                problems[:5]
            )
        return self.cancel_url()


class SetAsideForm(forms.Form):
    """Why it does not apply."""

    reason = text(_("不适用的理由"), most=200, required=True, help_text=_("例如：终身残疾，不用年审"))


class SetAside(MembershipEdit):
    """/groups/members/<id>/set-aside/?matter="""

    form_class: Any = SetAsideForm
    submit_label = _("不适用")
    success_message = _("已记下。")

    @property
    def matter(self) -> str:
        """What is set aside."""
        asked = self.request.GET.get("matter", "")
        return asked if asked in Matter.values else Matter.REVIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what."""
        review = self.matter == Matter.REVIEW
        self.title = _t("复核不适用") if review else _t("到期不适用")
        self.intro = (
            _t("记下理由后，不再提醒复核。") if review else _t("记下理由后，这次到期不再提醒；到期日期不变。")
        )
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> str:
        """Set it aside."""
        actions.set_aside(
            acting_user=self.request.user,
            membership_id=self.object.pk,
            matter=self.matter,
            reason=form.cleaned_data["reason"],
        )
        return self.cancel_url()


class MembershipPage(HistoryTab, DetailPage):
    """/groups/members/<id>/"""

    model = Membership
    permission = VIEW
    template_name = "groups/membership.html"
    tabs = (Tab("facts", _("资格"), "groups/_membership.html"),)

    def get_queryset(self) -> QuerySet:
        """Those the user may see."""
        return seeing.memberships(self.request.user).select_related("group", "person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With reviews and papers."""
        one: Membership = self.object
        user: Any = self.request.user
        today = timezone.localdate()
        open_ended = one.period.upper is None or one.period.upper > today
        return super().get_context_data(
            membership=one,
            in_words=actions.in_words(one),
            when=describe_period(one.period),
            due=rules.due(today, until=one.period.upper, review_on=one.review_on),
            certificate=masked(one.certificate) if one.certificate else "",
            reviews=reviews.of([one.pk]).get(one.pk, []),
            files=list(one.files.select_related("added_by")),
            can_edit=seeing.may_edit(user, one.group, one.region_code),
            can_end=open_ended,
            can_reveal=user.can(Permission.REVEAL_PEOPLE, one.region_code),
            area=describing.area(one.region_code),
            crumbs=[
                (_t("人群"), reverse("groups:list")),
                (one.group.name, one.group.get_absolute_url()),
                (one.person.name, ""),
            ],
            **kwargs,
        )


class FileForm(forms.Form):
    """One paper."""

    file = paper_field()


class AddFile(MembershipEdit):
    """/groups/members/<id>/files/add/"""

    title = _("上传依据材料")
    form_class: Any = FileForm
    submit_label = _("上传")
    success_message = _("已上传。")

    def cancel_url(self) -> str:
        """Back to the membership."""
        return reverse("groups:membership", args=[self.object.pk])

    def perform(self, form: Any) -> str:
        """Keep it."""
        papers.add_file(
            acting_user=self.request.user, membership_id=self.object.pk, upload=form.cleaned_data["file"]
        )
        return self.cancel_url()


class ReasonForm(forms.Form):
    """Why a paper is deleted."""

    reason = text(_("删除的原因"), most=100, required=True, help_text=_("例如：传错了人"))


class RemoveFile(GroupEdit):
    """/groups/files/<id>/remove/"""

    model = EvidenceFile
    title = _("删除依据材料")
    intro = _("删除后不能找回。")
    form_class: Any = ReasonForm
    submit_label = _("删除")
    success_message = _("已删除。")
    tone = "danger"

    def get_queryset(self) -> QuerySet:
        """Papers of memberships the user may change."""
        user: Any = self.request.user
        rows: Any = seeing.memberships(user) & Membership.objects.permitted(user, EDIT)
        return EvidenceFile.objects.filter(membership__in=rows.order_by().values("pk"))

    def cancel_url(self) -> str:
        """Back to the membership."""
        return reverse("groups:membership", args=[self.object.membership_id])

    def perform(self, form: Any) -> str:
        """Delete it."""
        papers.remove_file(acting_user=self.request.user, file_id=self.object.pk, **form.cleaned_data)
        return self.cancel_url()


class OpenFile(GroupEdit):
    """/groups/files/<id>/: a paper as a download, for a stated purpose; that it was looked at is recorded."""

    model = EvidenceFile
    permission = Permission.REVEAL_PEOPLE
    title = _("下载依据材料")
    intro = _("材料里有个人信息。请填写用途，下载会被记录。")
    form_class: Any = PurposeForm
    submit_label = _("下载")

    def get_queryset(self) -> QuerySet:
        """Papers of memberships the user may see, where they may see numbers."""
        user: Any = self.request.user
        rows: Any = seeing.memberships(user) & Membership.objects.permitted(user, Permission.REVEAL_PEOPLE)
        return EvidenceFile.objects.filter(membership__in=rows.order_by().values("pk"))

    def cancel_url(self) -> str:
        """Back to the membership."""
        return reverse("groups:membership", args=[self.object.membership_id])

    def perform(self, form: Any) -> HttpResponse:
        """Send it as a download: it never runs in the page."""
        file, data = papers.open_file(
            acting_user=self.request.user, file_id=self.object.pk, purpose=form.cleaned_data["purpose"]
        )
        response: Any = FileResponse(
            BytesIO(data), as_attachment=True, filename=file.name, content_type=file.media_type
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
