"""One visit to one community: its page, the community's word, another day, hours and results, what came unlisted, joining."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.flow.rules.warrants import Thing
from linli.gate.agenda import actions, calendars, filters, forms, reading, rules
from linli.gate.agenda.actions.joining import joinable
from linli.gate.agenda.models import COUNTED, OPEN, State, Visit
from linli.gate.agenda.pages import COMMUNITY, COORDINATE, SEND, TONES, VIEW
from linli.pages import html
from linli.pages.files import SealedFile
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Tab
from linli.regions import names

RECEIVE = Permission.RECEIVE_AGENDA


def community_or_404(user: Any, code: str, permission: Permission) -> str:
    """The key of a community in which the user holds the permission."""
    if len(code) != COMMUNITY or not user.can(permission, code) or names.title(code) == code:
        raise Http404
    return code


class VisitTable(Table):
    """Visits."""

    day = tables.Column(verbose_name=_("日期"))
    title = TitleColumn(verbose_name=_("名称"))
    thing = tables.Column(verbose_name=_("类型"))
    who = tables.Column(verbose_name=_("来的单位"), order_by=("unit__name", "unit_name"))
    region_code = tables.Column(verbose_name=_("社区"))
    hours = tables.Column(
        verbose_name=_("小时"), empty_values=(), attrs={"th": {"class": "num"}, "td": {"class": "num"}}
    )
    state = TagColumn(verbose_name=_("状态"), tones=TONES)

    class Meta(Table.Meta):
        model = Visit
        fields: tuple[str, ...] = ()

    def render_day(self, value: date) -> str:
        """With the day of the week."""
        return f"{value:%Y-%m-%d} 周{rules.WEEKDAYS[value.weekday()]}"

    def render_title(self, value: str, record: Visit) -> SafeString:
        """Marked when it came without the gate."""
        link = html.drawer_link(record.get_absolute_url(), value)
        return format_html("{} {}", link, html.tag("未经准入", "danger")) if record.is_unlisted else link

    def render_region_code(self, value: str) -> str:
        """Its spoken name."""
        return names.title(value)

    def render_hours(self, record: Visit) -> str:
        """What it took, else what is planned."""
        found = record.spent_hours if record.spent_hours is not None else record.total_hours
        return f"{found.normalize():f}"


class VisitList(ListPage):
    """/agenda/visits/"""

    model = Visit
    permission = VIEW
    title = _("检查、评比和会议")
    subtitle = _("进到各社区的每一项，已定的、已完成的和未经准入的")
    noun = _("项")
    filterset_class = filters.VisitFilters
    table_class = VisitTable
    empty_title = _("还没有安排")
    empty_hint = _("部门申请并确定以后，这里能看到。")

    def get_queryset(self) -> QuerySet:
        """With the unit; the latest first."""
        return super().get_queryset().select_related("unit").order_by("-day", "-pk")


class VisitPage(HistoryTab, DetailPage):
    """/agenda/visits/<id>/"""

    model = Visit
    permission = VIEW
    template_name = "agenda/visit.html"
    tabs = (Tab("facts", _("安排"), "agenda/_visit.html"),)

    def get_queryset(self) -> QuerySet:
        """With what it belongs to."""
        return super().get_queryset().select_related("unit", "joint__lead", "proposal__warrant")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands in the way, what came of it, what the user may do."""
        user: Any = self.request.user
        visit: Visit = self.object
        (seen,) = reading.look([visit])
        receives = user.can(RECEIVE, visit.region_code)
        mine = visit.unit_id in user.unit_ids and not visit.is_unlisted
        past = visit.day <= timezone.localdate()
        counted = visit.state in COUNTED and not visit.is_unlisted
        return super().get_context_data(
            area=names.title(visit.region_code),
            look=seen,
            tone=TONES[State(visit.state)],
            when=rules.said(visit.day)
            + (f"至{rules.said(visit.last_day)}" if visit.last_day > visit.day else ""),
            level=calendars.Level(seen.week_hours, seen.ceiling.week_hours),
            files=list(visit.files.all()),
            others=list(visit.joint.visits.exclude(pk=visit.pk).select_related("unit"))
            if visit.joint
            else [],
            may_answer=receives and visit.state == State.PROPOSED,
            may_move=mine and visit.state in OPEN,
            may_record=receives and visit.state in COUNTED and past,
            may_find=mine and counted and past,
            crumbs=[
                (str(_("检查会议日程")), reverse("agenda:home")),
                (names.title(visit.region_code), reverse("agenda:month", args=[visit.region_code])),
                (visit.title, ""),
            ],
            **kwargs,
        )


class _OnVisit(EditPage):
    """A form about a visit; `may(user, visit)` says whose it is."""

    model = Visit
    permission: Any = VIEW

    def get_queryset(self) -> QuerySet:
        """Those that the user may see."""
        return Visit.objects.permitted(self.request.user, VIEW).select_related("unit", "joint")

    def may(self, user: Any, visit: Visit) -> bool:
        """Whether the user may."""
        return bool(user.can(RECEIVE, visit.region_code))

    def get_object(self) -> Visit:
        """The visit."""
        found: Visit = super().get_object()
        if not self.may(self.request.user, found):
            raise Http404
        self.subtitle = f"{names.title(found.region_code)} · {rules.said(found.day)} {found.title}"
        return found


class Answer(_OnVisit):
    """/agenda/visits/<id>/answer/: the community's word."""

    permission = RECEIVE
    title = _("提意见")
    intro = _("部门和街道会看到。哪天更合适，请写上。")
    form_class: Any = forms.AnswerForm
    submit_label = _("提交")
    success_message = _("已告诉部门和街道。")

    def may(self, user: Any, visit: Visit) -> bool:
        """While it is proposed."""
        return super().may(user, visit) and visit.state == State.PROPOSED

    def get_initial(self) -> dict[str, Any]:
        """What was said before, else the best day."""
        (seen,) = reading.look([self.object])
        better = seen.better[0].day if seen.better else None
        return {"wish_day": self.object.wish_day or better, "wish": self.object.wish}

    def perform(self, form: Any) -> Visit:
        """Answer."""
        return actions.answer(acting_user=self.request.user, visit=self.object, **form.cleaned_data)


class Move(_OnVisit):
    """/agenda/visits/<id>/move/?day="""

    permission = SEND
    title = _("改期")
    form_class: Any = forms.MoveForm
    submit_label = _("改期")
    success_message = _("已改期。")

    def may(self, user: Any, visit: Visit) -> bool:
        """The department's own."""
        return visit.unit_id in user.unit_ids and visit.state in OPEN and not visit.is_unlisted

    def get_initial(self) -> dict[str, Any]:
        """The day of the link, the community's wish."""
        return {"day": self.request.GET.get("day") or self.object.wish_day or ""}

    def perform(self, form: Any) -> Any:
        """Move it."""
        done = actions.move(acting_user=self.request.user, visit=self.object, **form.cleaned_data)
        return done.proposal


class Hours(_OnVisit):
    """/agenda/visits/<id>/hours/: what it took."""

    permission = RECEIVE
    title = _("登记实际用时")
    form_class: Any = forms.HoursForm
    success_message = _("已登记。")

    def may(self, user: Any, visit: Visit) -> bool:
        """After the day has come."""
        return super().may(user, visit) and visit.state in COUNTED and visit.day <= timezone.localdate()

    def get_initial(self) -> dict[str, Any]:
        """What was recorded, else what was planned."""
        one: Visit = self.object
        return {
            "spent_hours": one.spent_hours if one.spent_hours is not None else one.total_hours,
            "spent_people": one.spent_people,
            "remark": one.remark,
        }

    def perform(self, form: Any) -> Visit:
        """Record it."""
        return actions.record_hours(acting_user=self.request.user, visit=self.object, **form.cleaned_data)


class Findings(_OnVisit):
    """/agenda/visits/<id>/findings/: what came of it."""

    permission = SEND
    title = _("登记结果")
    intro = _("社区能看到结果。要整改的，写明整改什么、到哪天。")
    form_class: Any = forms.FindingsForm
    success_message = _("已登记，社区能看到了。")

    def may(self, user: Any, visit: Visit) -> bool:
        """The department's own, after the day has come."""
        past = visit.state in COUNTED and visit.day <= timezone.localdate()
        return visit.unit_id in user.unit_ids and past and not visit.is_unlisted

    def get_initial(self) -> dict[str, Any]:
        """What was said before."""
        return {"findings": self.object.findings}

    def perform(self, form: Any) -> Visit:
        """Record it."""
        return actions.record_findings(acting_user=self.request.user, visit=self.object, **form.cleaned_data)


class File(SealedFile):
    """/agenda/visits/<id>/files/<file>/: a paper of a visit that the user may see."""

    model = Visit
    permission = VIEW


class Unlisted(EditPage):
    """/agenda/<region>/unlisted/: what came without the gate, told afterwards."""

    permission = RECEIVE
    title = _("登记未经准入的检查、会议")
    intro = _("没有经过准入、直接找上门的检查、评比和会议，事后在这里登记，街道和区里会看到并统计。")
    form_class: Any = forms.UnlistedForm
    submit_label = _("登记")
    success_message = _("已登记，已告诉街道。")

    def get_object(self) -> None:
        """The community must be the user's."""
        self.code = community_or_404(self.request.user, self.kwargs["region_code"], RECEIVE)
        self.subtitle = names.title(self.code)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units of the district."""
        return super().get_form_kwargs() | {"district": self.code[:6]}

    def cancel_url(self) -> str:
        """Back to the month."""
        return reverse("agenda:month", args=[self.kwargs["region_code"]])

    def perform(self, form: Any) -> Visit:
        """Record it."""
        data = dict(form.cleaned_data)
        return actions.record_unlisted(
            acting_user=self.request.user, region_code=self.code, thing=Thing(data.pop("thing")), **data
        )


class Join(EditPage):
    """/agenda/<region>/join/?week=: several departments' inspections of a week become one visit."""

    permission = COORDINATE
    title = _("合并为联合检查")
    intro = _("几个部门同一天一起来，社区只接待一次，时间只算一次。合并后会通知各部门和社区。")
    form_class: Any = forms.JoinForm
    submit_label = _("合并")
    success_message = _("已合并为联合检查。")

    def get_object(self) -> None:
        """A community and week with something to join."""
        self.code = community_or_404(self.request.user, self.kwargs["region_code"], COORDINATE)
        try:
            asked = date.fromisoformat(self.request.GET.get("week", ""))
        except ValueError:
            raise Http404 from None
        self.monday = rules.week_of(asked)
        visits = reading.visits_between([self.code], self.monday, self.monday + timedelta(days=6))
        self.found = joinable(visits, timezone.localdate()).get((self.code, self.monday), [])
        if not self.found:
            raise Http404
        self.subtitle = f"{names.title(self.code)} · {rules.said(self.monday)}起的一周"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The inspections of the week."""
        rows = Visit.objects.filter(pk__in=[one.pk for one in self.found]).select_related("unit")
        return super().get_form_kwargs() | {"visits": rows.order_by("day")}

    def get_initial(self) -> dict[str, Any]:
        """All of them, on the day of the longest; as long as that."""
        longest = max(self.found, key=lambda one: one.hours)
        return {
            "visits": [one.pk for one in self.found],
            "day": longest.day,
            "starts_at": longest.starts_at,
            "hours": longest.hours,
            "lead": longest.unit_id,
        }

    def cancel_url(self) -> str:
        """Back to the week."""
        return f"{reverse('agenda:week', args=[self.kwargs['region_code']])}?day={self.request.GET.get('week', '')}"

    def perform(self, form: Any) -> str:
        """Join them."""
        joint = actions.join(acting_user=self.request.user, **form.cleaned_data)
        return f"{reverse('agenda:week', args=[self.code])}?day={joint.day.isoformat()}"
