"""更正申请: propose, see, decide."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.access import sealed_files
from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.kernel import phone
from linli.pages import html
from linli.pages.filtering import FilterSet
from linli.pages.tables import DateColumn, Table, TagColumn
from linli.pages.views import EditPage, ListPage, Permitted
from linli.pages.widgets import FileDrop
from linli.registry.changes import actions, deeds, facts_of
from linli.registry.changes.models import About, AskedVia, ChangeRequest, State
from linli.registry.people import describing

PROPOSE = Permission.PROPOSE_CHANGES
ASKED = ("asked_by", "asked_phone", "asked_via")
TONES = {State.OPEN: "warn", State.ACCEPTED: "ok", State.REFUSED: "", State.WITHDRAWN: ""}


class ChangeRequestFilters(FilterSet):
    """Without a state, those that wait."""

    whose = django_filters.ChoiceFilter(
        label=_("范围"),
        method="by_whose",
        choices=[("decide", _("待我处理")), ("mine", _("我提出的"))],
        empty_label=_("全部"),
    )
    about = django_filters.ChoiceFilter(label=_("类别"), choices=About.choices, empty_label=_("全部"))
    state = django_filters.ChoiceFilter(label=_("状态"), choices=State.choices, empty_label=_("全部"))

    class Meta:
        model = ChangeRequest
        fields = ["whose", "about", "state"]

    def by_whose(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """One's own, or those to decide."""
        if value == "mine":
            return rows.filter(author_id=self.request.user.pk)
        waiting = ChangeRequest.objects.to_decide(self.request.user).filter(state=State.OPEN)
        return rows.filter(pk__in=waiting.order_by().values("pk"))


class ChangeRequestTable(Table):
    """ChangeRequests."""

    target = tables.Column(verbose_name=_("对象"), accessor="pk", orderable=False)
    element = tables.Column(verbose_name=_("更正什么"), orderable=False)
    after = tables.Column(verbose_name=_("应改为"), accessor="pk", orderable=False)
    author = tables.Column(verbose_name=_("提出人"), orderable=False)
    made_at = DateColumn(verbose_name=_("提出日期"))
    region_code = tables.Column(verbose_name=_("社区"))
    state = TagColumn(verbose_name=_("状态"), tones=TONES)

    class Meta(Table.Meta):
        model = ChangeRequest
        fields: tuple[str, ...] = ()

    def render_target(self, record: ChangeRequest) -> Any:
        """A link to the proposal."""
        return html.drawer_link(record.get_absolute_url(), str(record.target))

    def render_element(self, record: ChangeRequest) -> str:
        """What the fact is called."""
        return facts_of.label(record.about, record.element)

    def render_after(self, record: ChangeRequest) -> str:
        """The value wanted, masked."""
        return facts_of.shown(record.about, record.element, record.values[1])

    def render_author(self, record: ChangeRequest) -> str:
        """Who, and of which unit; for a resident, who that is."""
        who = f"{record.unit} {record.author.name}".strip()
        return (
            _t("居民%(name)s（%(who)s代填）") % {"name": record.asked_by, "who": who}
            if record.asked_by
            else who
        )

    def render_region_code(self, value: str) -> str:
        """The community."""
        return describing.area(value)


class ChangeRequestList(ListPage):
    """/changes/"""

    permission = PROPOSE
    title = _("更正申请")
    subtitle = _("发现登记得不对、自己又没有修改权限的，提出来由社区核实")
    noun = _("份")
    filterset_class = ChangeRequestFilters
    table_class = ChangeRequestTable
    create_url_name = "changes:propose_by_number"
    create_label = _("提出更正")
    empty_title = _("没有更正申请")
    empty_hint = _("在居民、房屋、单位的页面上也可以提出；居民来反映的，由您代填。")

    def get_queryset(self) -> QuerySet:
        """One's own, and those one may decide."""
        return ChangeRequest.objects.of(self.request.user).select_related(
            "person", "home", "organisation", "author"
        )


class ProposeForm(forms.Form):
    """What should be another, and why."""

    element = forms.ChoiceField(label=_("更正什么"))
    after = forms.CharField(
        label=_("应改为"),
        max_length=200,
        help_text=_("日期写成 2026-11-22；有选项的写选项的名称，如 已婚；搬家、换户等用一句话写清楚。"),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("怎么知道的，例如 本人持新身份证到窗口说明"),
    )
    file = forms.FileField(
        label=_("材料"),
        required=False,
        widget=FileDrop(limit=sealed_files.MOST_BYTES, says=_("PDF、JPG 或 PNG，没有可以不传")),
    )

    asked_by = forms.CharField(
        label=_("替哪位居民提的"),
        required=False,
        max_length=40,
        help_text=_("居民来反映、由您代填的，写他的姓名；是您自己发现的，这三项空着。"),
    )
    asked_phone = forms.CharField(label=_("居民的电话"), required=False, max_length=30)
    asked_via = forms.ChoiceField(
        label=_("居民是怎么反映的"), required=False, choices=[("", _("请选择")), *AskedVia.choices]
    )

    def __init__(self, *args: Any, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        element: Any = self.fields["element"]
        element.choices = [("", _("请选择")), *facts_of.choices(about)]


class ByNumberForm(ProposeForm):
    """The same of a person named by number and name."""

    field_order = ("name", "number", "element", "after", "reason", "file", "asked_by")
    name = forms.CharField(label=_("居民姓名"), max_length=50)
    number = forms.CharField(
        label=_("证件号码"), max_length=30, help_text=_("姓名和号码都对得上，才会送到他所在的社区。")
    )


class Propose(EditPage):
    """/changes/propose/<about>/<id>/"""

    permission = PROPOSE
    form_class: Any = ProposeForm
    title = _("提出更正")
    intro = _("社区核实后采纳或答复，结果会通知您；在那之前登记的内容不变。")
    submit_label = _("提出")
    success_message = _("已提出，社区处理后会通知您。")
    about = ""

    def get_queryset(self) -> QuerySet:
        """What the user may see."""
        self.about = self.kwargs.get("about", About.PERSON)
        if self.about not in About.values:
            raise Http404
        return actions.may_see_to_propose(self.request.user, self.about)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What it is about."""
        return super().get_form_kwargs() | {"about": self.kwargs.get("about", About.PERSON)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say of what."""
        self.subtitle = str(self.object) if self.object is not None else ""
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> ChangeRequest:
        """Propose it."""
        data = form.cleaned_data
        return actions.propose_change(
            acting_user=self.request.user,
            about=self.about,
            target_id=self.object.pk,
            element=data["element"],
            after=data["after"],
            reason=data["reason"],
            file=data["file"],
            **{key: data[key] for key in ASKED},
        )


class ProposeByNumber(Propose):
    """/changes/propose/: of a person named by number and name."""

    form_class = ByNumberForm
    subtitle = _("按姓名和证件号码")

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("changes:list")

    def perform(self, form: Any) -> ChangeRequest:
        """Find the person, and propose."""
        data = form.cleaned_data
        person = actions.find_by_number(self.request.user, data["name"], data["number"])
        return actions.propose_change(
            acting_user=self.request.user,
            about=About.PERSON,
            target_id=person.pk,
            element=data["element"],
            after=data["after"],
            reason=data["reason"],
            file=data["file"],
            by_number=True,
            **{key: data[key] for key in ASKED},
        )


class DecideForm(forms.Form):
    """Accept or refuse."""

    answer = forms.CharField(
        label=_("答复"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不采纳的必须写原因，提出人会看到。"),
    )
    anyway = forms.BooleanField(label=_("已核对：提出之后改过的内容，仍按申请改"), required=False)


class ChangeRequestPage(EditPage):
    """/changes/<id>/: what is proposed; those who may edit the fact decide."""

    permission = PROPOSE
    template_name = "changes/proposal.html"
    form_class = DecideForm
    title = _("更正申请")
    success_message = _("已处理，提出人会收到通知。")

    def get_queryset(self) -> QuerySet:
        """One's own, and those one may decide."""
        return ChangeRequest.objects.of(self.request.user).select_related(
            "person", "home", "organisation", "author", "source"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Values masked; what it is now only for those who may see it."""
        one: ChangeRequest = self.object
        user: Any = self.request.user
        before, after = one.values
        now = facts_of.as_text(one.about, one.target, one.element)
        deed = deeds.find(one.about, one.element)
        may_decide = ChangeRequest.objects.to_decide(user).filter(pk=one.pk).exists()
        sees = may_decide or user.can(actions.VIEWS[About(one.about)], one.region_code)
        return super().get_context_data(
            label=facts_of.label(one.about, one.element),
            before=facts_of.shown(one.about, one.element, before) if sees else "",
            after=facts_of.shown(one.about, one.element, after),
            now=facts_of.shown(one.about, one.element, now) if sees else "",
            deed=deed,
            done=deed is not None and now != before,
            overtaken=deed is None and one.state == State.OPEN and sees and now not in (before, after),
            sees=sees,
            area=describing.area(one.region_code),
            asked_phone=phone.mask(one.asked_phone) if sees and one.asked_phone else "",
            may_decide=may_decide and one.state == State.OPEN,
            is_mine=one.author_id == user.pk and one.state == State.OPEN,
            crumbs=[(_t("更正申请"), reverse("changes:list")), (str(one.target), "")],
            **kwargs,
        )

    def perform(self, form: Any) -> ChangeRequest:
        """`decision`: accept, refuse or withdraw."""
        decision = self.request.POST.get("decision", "")
        if decision == "withdraw":
            return actions.withdraw_change(acting_user=self.request.user, proposal_id=self.object.pk)
        if decision not in ("accept", "refuse"):
            raise RuleError(_t("请选择采纳或不采纳。"))
        return actions.decide_change(
            acting_user=self.request.user,
            proposal_id=self.object.pk,
            accept=decision == "accept",
            answer=form.cleaned_data["answer"],
            anyway=form.cleaned_data["anyway"],
        )


class Evidence(Permitted, View):
    """/changes/<id>/file: the paper that came with a proposal."""

    permission = PROPOSE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file, shown by the browser as what it is."""
        one = ChangeRequest.objects.of(request.user).filter(pk=pk).exclude(evidence="").first()
        if one is None:
            raise Http404
        answer = HttpResponse(sealed_files.read(one.evidence), content_type=one.evidence_type)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer
