"""入户采集 on the phone: whom to ask, what, one record after the other; every answer is sent by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, keeping, reading, shapes
from linli.collecting.models import FormPart, Question
from linli.collecting.models.answers import WRITES
from linli.collecting.part_view import missing_columns
from linli.collecting.rules import QuestionState, State
from linli.facts import plan
from linli.facts.dictionary import Dictionary, Kind
from linli.ledgers.actions import words
from linli.pages.views import EditPage, Permitted
from linli.pages.widgets import DateInput
from linli.regions import names

RECORDS_A_PAGE = 40
MOST_CHOICES = 15
# By what a record is told to somebody who goes there: what it is called, where it is.
TOLD = {
    "person": ("name", "address"),
    "household": ("head.name", "address"),
    "home": ("address", "address"),
    "building": ("name", "estate"),
    "estate": ("name", "address"),
    "organisation": ("name", "address"),
    "position": ("person.name", "organisation.name"),
}


@dataclass
class Stop:
    """One record with what is to be asked of it."""

    subject: str
    record: int
    name: str = ""
    where: str = ""
    area: str = ""
    labels: list[str] = field(default_factory=list)
    hand: str = ""
    due_on: date | None = None
    is_mine: bool = False

    @property
    def url(self) -> str:
        """The page on which it is asked."""
        return reverse("collecting:ask", args=[self.subject, self.record])


def _told(subject: str, records: Sequence[int], user: Any, terms: Dictionary) -> dict[int, tuple[str, str]]:
    """What records are called, and where they are."""
    known = terms.subject(subject)
    paths = []
    for path in TOLD.get(subject, ()):
        try:
            terms.walk(subject, path)
        except LookupError:
            continue
        paths.append(path)
    wish = plan.Wish(
        subject=subject,
        scopes=user.scopes(WRITES[subject]),
        on=timezone.localdate(),
        elements=paths,
        ids=records,
        conditions=(),
    )
    found = {}
    for pk, values in plan.rows(wish, terms):
        said = [str(one or "") for one in values]
        found[pk] = (
            said[0] if said else known.label,
            said[1] if len(said) > 1 and said[1] != said[0] else "",
        )
    return found


def stops(user: Any) -> list[Stop]:
    """The records that wait, near ones together."""
    rows = Question.objects.for_user(user).waiting().select_related("assigned_to")
    found: dict[tuple[str, int], Stop] = {}
    for one in rows:
        stop = found.setdefault(
            (one.subject, one.record),
            Stop(
                one.subject,
                one.record,
                area=one.region_code,
                hand=str(one.assigned_to.name) if one.assigned_to else "",
            ),
        )
        stop.labels.append(one.label)
        stop.is_mine = stop.is_mine or one.assigned_to_id in (None, user.pk)
        if one.due_on and (stop.due_on is None or one.due_on < stop.due_on):
            stop.due_on = one.due_on
    terms = words()
    for subject in {subject for subject, _record in found}:
        told = _told(subject, [record for kind, record in found if kind == subject], user, terms)
        for record, (name, where) in told.items():
            found[subject, record].name, found[subject, record].where = name, where
    for stop in found.values():
        stop.name = stop.name or _gettext("已不在本社区的记录")
    return sorted(found.values(), key=lambda one: (one.area, one.where, one.name, one.record))


class _Ask(Permitted):
    """For those who write down what residents say."""

    permission: Any = Permission.EDIT_PEOPLE
    request: HttpRequest
    kwargs: dict[str, Any]

    def question(self) -> Question:
        """The question of the address, in the user's area."""
        found = (
            Question.objects.for_user(self.request.user)
            .select_related("answered_by")
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if found is None:
            raise Http404
        return found


class Asks(_Ask, TemplateView):
    """/form-tasks/asks/?all=: whom to ask, near ones together."""

    template_name = "collecting/asks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of records."""
        everything = self.request.GET.get("all") == "1"
        whole = stops(self.request.user)
        found = whole if everything else [one for one in whole if one.is_mine]
        names.learn({one.area[:12] for one in found})
        page = Paginator(found, RECORDS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            title=_("入户采集"),
            found=found,
            page=page,
            blanks=sum(len(one.labels) for one in found),
            everything=everything,
            others=len(whole) - len(found),
            today=timezone.localdate(),
            **kwargs,
        )


class Ask(_Ask, TemplateView):
    """/form-tasks/asks/<subject>/<record>/: the blanks of one record, and the way to the next."""

    template_name = "collecting/ask.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The questions, the record, its neighbours on the round."""
        user: Any = self.request.user
        subject, record = self.kwargs["subject"], self.kwargs["record"]
        rows = list(
            Question.objects.for_user(user)
            .filter(subject=subject, record=record)
            .exclude(state=QuestionState.DROPPED)
            .select_related("answered_by")
            .order_by("pk")
        )
        if not rows:
            raise Http404
        terms = words()
        told = _told(subject, [record], user, terms)
        name, where = told.get(record, (_gettext("已不在本社区的记录"), ""))
        whole = stops(user)
        mine = [one for one in whole if one.is_mine]
        here = any((one.subject, one.record) == (subject, record) for one in mine)
        round_ = mine if here or mine else whole
        following = _next(round_, subject, record)
        return super().get_context_data(
            title=name,
            where=where,
            asked=[shown(one, terms) for one in rows],
            waiting=sum(one.state == QuestionState.OPEN for one in rows),
            left=len([one for one in round_ if (one.subject, one.record) != (subject, record)]),
            following=following,
            page_url=_page_of(subject, record, terms),
            crumbs=[(_("入户采集"), reverse("collecting:asks")), (name, "")],
            **kwargs,
        )


def _next(round_: Sequence[Stop], subject: str, record: int) -> Stop | None:
    """The record after this one on the round, from its beginning again after the last."""
    others = [one for one in round_ if (one.subject, one.record) != (subject, record)]
    place = next((n for n, one in enumerate(round_) if (one.subject, one.record) == (subject, record)), None)
    if not others:
        return None
    return others[place % len(others)] if place is not None else others[0]


def _page_of(subject: str, record: int, terms: Dictionary) -> str:
    known = terms.subject(subject)
    if not known.page or known.page_by not in ("", "id"):
        return ""
    return reverse(known.page, args=[record])


@dataclass(frozen=True)
class Shown:
    """A question as its card shows it."""

    question: Question
    choices: tuple[str, ...]
    kind: str
    value: str = ""
    error: str = ""

    @property
    def field_id(self) -> str:
        """The id of what one writes into."""
        return f"ask-{self.question.pk}"


def shown(question: Question, terms: Dictionary, *, value: str = "", error: str = "") -> Shown:
    """How a question is asked: the form's own options, else the words of its code list, yes or no, a date, a number, a text."""
    if question.options:
        return Shown(question, tuple(question.options), "choice", value, error)
    kind, choices = "text", tuple[str, ...]()
    if question.element:
        try:
            element = terms.walk(question.subject, question.element)[2]
        except LookupError:
            return Shown(question, (), kind, value, error)
        if element.kind is Kind.BOOLEAN:
            return Shown(question, ("是", "否"), "choice", value, error)
        if element.codes is not None and len(element.codes.items) <= MOST_CHOICES:
            choices = tuple(item.label for item in element.codes.items)
        kind = {Kind.DATE: "date", Kind.INTEGER: "number", Kind.DECIMAL: "number", Kind.MONEY: "number"}.get(
            element.kind, "tel" if element.key.endswith(("phone", "landline")) else "text"
        )
    return Shown(question, choices, "choice" if choices else kind, value, error)


class _One(_Ask, View):
    """One question, sent by itself: its card comes back to a script, the record's page to others."""

    http_method_names = ["post"]

    def back(self, one: Shown) -> HttpResponse:
        """The card, or the page."""
        request = self.request
        if request.headers.get("HX-Request"):
            return render(
                request, "collecting/_question.html", {"one": one}, status=422 if one.error else 200
            )
        if one.error:
            messages.error(request, one.error)
        return HttpResponseRedirect(f"{one.question.get_absolute_url()}#q{one.question.pk}")


class AnswerOne(_One):
    """/form-tasks/asks/<id>/answer/"""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write it down."""
        question, value = self.question(), request.POST.get("value", "")
        try:
            question = actions.answer(acting_user=request.user, question=question, value=value)
        except RuleError as error:
            return self.back(shown(self.question(), words(), value=value, error=error.message))
        return self.back(shown(question, words()))


class GiveUp(_One):
    """/form-tasks/asks/<id>/give-up/"""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that it cannot be found out."""
        question = self.question()
        try:
            question = actions.give_up(
                acting_user=request.user, question=question, why=request.POST.get("why", "")
            )
        except RuleError as error:
            return self.back(shown(self.question(), words(), error=error.message))
        return self.back(shown(question, words()))


class AskForm(django_forms.Form):
    """Which blanks are asked on the spot, until when."""

    places = django_forms.MultipleChoiceField(
        label=_("去问哪几项"),
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一项。")},
    )
    due_on = django_forms.DateField(
        label=_("哪天以前问完"), required=False, widget=DateInput(), help_text=_("不填就按报表的截止日期")
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: Any = self.fields["places"]
        found.choices = places


def _value(column: dict[str, Any]) -> str:
    return f"{column['listed']}-{column['place']}"


def _place(value: str) -> tuple[int, int]:
    listed, _dash, place = value.partition("-")
    return int(listed), int(place)


class AskMissing(EditPage):
    """/form-tasks/parts/<id>/ask/: the blanks of a copy become questions on the phones of the grid workers."""

    permission: Any = Permission.RECEIVE_FORMS
    form_class: Any = AskForm
    title = _("空白转入户采集")
    intro = _(
        "选中的空白会出现在网格员的手机上，问到一处，登记库和这张表就填一处。别的表也在等同一处的，只问一次；以前问过的，直接填上。"
    )
    submit_label = _("转给网格员")
    success_message: Any = _("已转入户采集。")

    def get_object(self) -> FormPart:
        """A copy that is being filled, with blanks."""
        found = (
            FormPart.objects.permitted(self.request.user, self.permission)
            .select_related("task__unit")
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if (
            found is None
            or found.state != State.FILLING
            or not found.grid
            or not reading.receives(self.request.user, found)
        ):
            raise Http404
        try:
            self.missing = [one for one in missing_columns(found, keeping.grids_of(found)) if one["askable"]]
        except RuleError:
            raise Http404 from None
        if not any(shapes.subject_of(one) in WRITES for one in found.task.recognition.regions_of_form):
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "places": [
                (
                    _value(one),
                    f"{one['called'] and one['called'] + '：'}{one['label']}（{one['n']} 处，{one['who']}）",
                )
                for one in self.missing
            ]
        }

    def get_initial(self) -> dict[str, Any]:
        """What a person at home can say; what an office keeps is asked there."""
        return {"places": [_value(one) for one in self.missing if "本人" in one["who"]]}

    def perform(self, form: Any) -> FormPart:
        """Ask."""
        done = actions.ask_missing(
            acting_user=self.request.user,
            part=self.object,
            places=[_place(one) for one in form.cleaned_data["places"]],
            due_on=form.cleaned_data["due_on"],
        )
        said = [_gettext("%(n)s 处转给网格员") % {"n": done.new}] if done.new else []
        if done.waiting:
            said.append(_gettext("%(n)s 处别的表已经在问，问到会一起填") % {"n": done.waiting})
        if done.known:
            said.append(_gettext("%(n)s 处以前问过，已填上") % {"n": done.known})
        self.success_message = "，".join(said) + "。"
        return self.object
