"""Merged askings (合并下发): what could be asked as one and what that saves, proposing it, saying something to it, deciding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, filters, forms, joint_reading, reading
from linli.collecting.joint_reading import Outlook, Partner
from linli.collecting.models import FormTask, Joined, Joint
from linli.collecting.rules import JointState, Stance
from linli.collecting.task_pages import STREET, crumbs
from linli.pages import html
from linli.pages.tables import DateColumn, Table, TagColumn, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names

SEND, COORDINATE = Permission.SEND_TO_COMMUNITIES, Permission.COORDINATE_AGENDA
JOINT_TONES = {JointState.PROPOSED: "warn", JointState.CARRIED_OUT: "ok", JointState.REFUSED: ""}
STANCE_TONES = {Stance.WAITING: "warn", Stance.AGREED: "ok", Stance.DECLINED: ""}


class JointTable(Table):
    """Merged askings."""

    title = TitleColumn(verbose_name=_("合并下发"))
    units = tables.Column(verbose_name=_("哪些单位"), empty_values=(), orderable=False)
    region_code = tables.Column(verbose_name=_("范围"))
    proposed_at = DateColumn(verbose_name=_("提议日期"))
    state = TagColumn(verbose_name=_("结果"), tones=JOINT_TONES)

    class Meta(Table.Meta):
        model = Joint
        fields: tuple[str, ...] = ()

    def render_title(self, record: Joint) -> SafeString:
        """To the page: there is much on it."""
        return html.format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    def render_units(self, record: Joint) -> str:
        """Whose forms take part."""
        return "、".join(dict.fromkeys(one.task.unit.name for one in record.members.all()))

    def render_region_code(self, value: str) -> str:
        """Its spoken name."""
        return names.title(value)


class JointList(ListPage):
    """/form-tasks/joints/"""

    model = Joint
    permission = SEND
    title = _("合并下发")
    subtitle = _("几个单位向同一批人要差不多的内容，合成一张表，社区只填一次，各单位收到的仍是自己的表")
    noun = _("份")
    filterset_class = filters.JointFilters
    table_class = JointTable
    empty_title = _("没有合并下发的提议")
    empty_hint = _("报表任务里有能合并的，在那份报表的页面上点“合并下发”。")

    def get_queryset(self) -> QuerySet:
        """Those that the user may see."""
        return joint_reading.listed(self.request.user)


def shown_outlook(made: Outlook, tasks: list[FormTask]) -> dict[str, Any]:
    """A merged asking as its page shows it: every column with who needs it, the communities by which forms come together there."""
    who = {one.pk: one for one in tasks}
    names.learn(made.communities)
    return {
        "outlook": made,
        "saving": made.saving,
        "n_columns": len(made.common),
        "lists": [
            {
                "title": listed.title,
                "columns": [
                    {
                        "label": one.label,
                        "held": one.is_held,
                        "units": list(
                            dict.fromkeys(
                                who[form].unit.name for form, _listed, _place in one.needs if form in who
                            )
                        ),
                        "shared": len(one.needs) > 1,
                    }
                    for one in listed.columns
                ],
            }
            for listed in made.lists
        ],
        "groups": [
            {
                "units": list(dict.fromkeys(who[form].unit.name for form in sorted(forms) if form in who)),
                "n": len(keys),
                "names": [names.title(key) for key in keys],
            }
            for forms, keys in made.groups.items()
        ],
    }


class JointPage(HistoryTab, DetailPage):
    """/form-tasks/joints/<id>/: which forms, what is asked once, what that saves, who says what; once carried out, how far it is."""

    model = Joint
    permission = SEND
    template_name = "collecting/joint.html"

    def get_queryset(self) -> QuerySet:
        """Those that the user may see."""
        return Joint.objects.visible(self.request.user).select_related("proposed_by", "decided_by")

    def get_tabs(self) -> list[Tab]:
        """The forms first."""
        self.tabs = (
            Tab("members", _("哪些报表"), "collecting/_joint_members.html"),
            Tab("columns", _("合并后要什么"), "collecting/_joint_columns.html"),
        )
        return super().get_tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it comes to, and what the user may do."""
        user: Any = self.request.user
        joint = self.object
        members = joint_reading.members_of(joint)
        tasks = [one.task for one in members if one.stance != Stance.DECLINED]
        if joint.state == JointState.CARRIED_OUT:
            asked = _carried(joint)
        else:
            asked = joint_reading.asked_by(members)
        day = joint.on or joint_reading.latest(members)
        made = joint_reading.outlook(tasks, asked, day, user)
        mine = [one for one in members if joint_reading.speaks_for(user, one)]
        proposed = joint.is_proposed
        return super().get_context_data(
            members=[
                {
                    "member": one,
                    "tone": STANCE_TONES[Stance(one.stance)]
                    if proposed or one.stance == Stance.AGREED
                    else "",
                    "n": len(one.communities),
                    "seen": proposed and one.task.is_draft and one not in mine,
                    "state": _gettext("草稿，随合并一起下发") if one.task.is_draft else _gettext("已下发"),
                }
                for one in members
            ],
            place=names.title(joint.region_code),
            tone=JOINT_TONES[JointState(joint.state)],
            day=day,
            due_on=joint.due_on
            or joint_reading.earliest(
                [one for one in members if one.stance != Stance.DECLINED] or members, timezone.localdate()
            ),
            may_agree=proposed and any(one.stance != Stance.AGREED for one in mine),
            may_decline=proposed and any(one.stance != Stance.DECLINED for one in mine),
            may_decide=proposed and joint_reading.decides(user, joint),
            commons=[
                (one, list(one.parts.order_by("region_code")))
                for one in joint.tasks.order_by("pk").prefetch_related("parts")
            ],
            crumbs=crumbs((_("合并下发"), reverse("collecting:joints")), (joint.title, "")),
            **shown_outlook(made, tasks),
            **kwargs,
        )


def _carried(joint: Joint) -> dict[int, list[str]]:
    """Which forms were asked together in which communities."""
    asked: dict[int, list[str]] = {}
    for task in joint.tasks.prefetch_related("parts"):
        keys = [one.region_code for one in task.parts.all()]
        for form in task.stands_for:
            asked.setdefault(form, []).extend(keys)
    return asked


class Propose(EditPage):
    """/form-tasks/tasks/<id>/join/?street=: what a form could be asked together with, and proposing it."""

    permission = SEND
    template_name = "collecting/joint_propose.html"
    title = _("合并下发")
    submit_label = _("提议合并")
    success_message = _("已提议。各单位同意，或街道定下以后，就合成一份发给社区。")

    def get_object(self) -> FormTask:
        """A draft of the user's unit, or an issued form of theirs or of the communities that they coordinate, with partners."""
        user: Any = self.request.user
        found = (
            FormTask.objects.select_related("unit", "warrant")
            .filter(pk=self.kwargs["pk"], joint=None)
            .first()
        )
        if found is None or not joint_reading.may_propose(user, found):
            raise Http404
        self.subtitle = found.title
        self.partners: list[Partner] = joint_reading.partners(found)
        self.own = (
            []
            if found.is_draft
            else [
                key
                for key in joint_reading.open_communities([found])[found.pk]
                if reading.sends(user, found) or user.can(COORDINATE, key)
            ]
        )
        return found

    def get_form_class(self) -> Any:
        """A draft's terms are asked too."""
        return forms.ProposeForm if self.object.is_draft else forms.ProposeReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of a draft: what may be chosen."""
        made = super().get_form_kwargs()
        self.streets: list[tuple[str, str]] = []
        self.chosen_street = ""
        if not self.object.is_draft:
            return made
        offered: dict[str, list[tuple[str, str]]] = {}
        for one in reading.communities(self.request.user, self.object.warrant.region_code):
            offered.setdefault(one.region_code[:STREET], []).append((one.region_code, one.title))
        self.offered = offered
        meeting = [key for one in self.partners for key in one.communities]
        usual = next((key[:STREET] for key in meeting if key[:STREET] in offered), next(iter(offered), ""))
        asked = self.request.GET.get("street", "")
        self.chosen_street = asked if asked in offered else usual
        names.learn(offered)
        self.streets = [(key, names.title(key)) for key in offered]
        return made | {
            "streets": [(key, f"{title}（{len(offered[key])} 个）") for key, title in self.streets],
            "communities": offered.get(self.chosen_street, []),
            "again": False,
            "street": names.title(self.chosen_street) if len(offered) > 1 else "",
        }

    def get_initial(self) -> dict[str, Any]:
        """The communities of the others, today."""
        meeting = {key for one in self.partners for key in one.communities}
        return {"on": timezone.localdate(), "communities": sorted(meeting)} if self.object.is_draft else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it would come to."""
        task = self.object
        tasks = [task, *(one.task for one in self.partners)]
        own = self.own
        if task.is_draft:
            own = sorted({key for one in self.partners for key in one.communities})
        asked = {task.pk: own, **{one.task.pk: list(one.communities) for one in self.partners}}
        made = joint_reading.outlook(tasks, asked, timezone.localdate(), self.request.user)
        shown = super().get_context_data(
            partners=self.partners,
            joint=next((one.joint for one in self.partners if one.joint is not None), None),
            task=task,
            crumbs=crumbs((task.title, task.get_absolute_url()), (_("合并下发"), "")),
            **shown_outlook(made, tasks),
            **kwargs,
        )
        return shown | {"streets": self.streets, "street": self.chosen_street}

    def perform(self, form: Any) -> Joint:
        """Propose."""
        data = dict(form.cleaned_data)
        if self.object.is_draft:
            streets = data.pop("streets", ())
            whole = {key for street in streets for key, _title in self.offered.get(street, ())}
            data["communities"] = whole | set(data["communities"])
        return actions.propose(acting_user=self.request.user, task=self.object, **data)


class Agree(Permitted, View):
    """/form-tasks/joints/<id>/agree/"""

    permission = SEND
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Agree for one's unit."""
        joint = Joint.objects.visible(request.user).filter(pk=pk).first()
        if joint is None:
            raise Http404
        try:
            made = actions.agree(acting_user=request.user, joint=joint)
            said = _("都同意了，已合并下发。") if made.state == JointState.CARRIED_OUT else _("已同意。")
            messages.success(request, said)
        except RuleError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(joint.get_absolute_url())


class _Say(EditPage):
    """A word on a proposal, with its reason."""

    permission = SEND
    form_class: Any = forms.ReasonForm
    act: Callable[..., Joint]

    def allowed(self, joint: Joint) -> bool:
        """Whether it is for the user to say."""
        return joint_reading.decides(self.request.user, joint)

    def get_object(self) -> Joint:
        """A proposal that waits."""
        found = Joint.objects.visible(self.request.user).proposed().filter(pk=self.kwargs["pk"]).first()
        if found is None or not self.allowed(found):
            raise Http404
        self.subtitle = found.title
        return found

    def perform(self, form: Any) -> Joint:
        """Say it."""
        act = type(self).act
        return act(acting_user=self.request.user, joint=self.object, reason=form.cleaned_data["reason"])


class Decline(_Say):
    """/form-tasks/joints/<id>/decline/"""

    title = _("不参加合并")
    intro = _("本单位的报表不和别的合在一起，草稿可以另行下发。其他单位看得到原因。")
    submit_label = _("不参加")
    success_message = _("已表态：不参加。")
    act = actions.decline

    def allowed(self, joint: Joint) -> bool:
        """Whoever's form takes part."""
        rows = Joined.objects.filter(joint=joint).exclude(stance=Stance.DECLINED).select_related("task__unit")
        return any(joint_reading.speaks_for(self.request.user, one) for one in rows)


class Accept(_Say):
    """/form-tasks/joints/<id>/accept/"""

    title = _("合并下发")
    intro = _(
        "定下以后，草稿一起下发，社区只收到合并的一份；还没表态的单位也按合并办，说了不参加的不合。参与的单位看得到理由。"
    )
    submit_label = _("合并下发")
    success_message = _("已合并下发，社区和各单位已收到通知。")
    act = actions.accept


class Refuse(_Say):
    """/form-tasks/joints/<id>/refuse/"""

    title = _("不合并")
    intro = _("各单位的报表分开办。参与的单位看得到理由。")
    submit_label = _("不合并")
    tone = "danger"
    success_message = _("已定：不合并。各单位已收到通知。")
    act = actions.refuse
