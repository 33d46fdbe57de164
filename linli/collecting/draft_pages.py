"""A draft of a task, the department's: under which item, the empty form, what each column asks, of whom, and issuing it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.collecting import actions, forms, reading, rules, shapes
from linli.collecting.models import FormTask
from linli.collecting.task_pages import SEND, STREET, crumbs
from linli.flow.models import Warrant
from linli.ledgers.actions import words
from linli.ledgers.forms import ColumnForm, ScopeForm, ValuesForm
from linli.ledgers.meaning.mapping import ELEMENT, NEVER, NUMBER, SERIAL
from linli.ledgers.pages import ValuesPage
from linli.pages.views import EditPage, Permitted
from linli.regions import names


class Choose(Permitted, TemplateView):
    """/form-tasks/new/: under which of one's admitted items."""

    permission = SEND
    template_name = "collecting/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items of the user's units that let forms through."""
        found = [
            (one, one.terms, names.title(one.region_code)) for one in reading.own_warrants(self.request.user)
        ]
        return super().get_context_data(
            title=_("下发报表"), items=found, crumbs=crumbs((_("下发报表"), "")), **kwargs
        )


class Draft(EditPage):
    """/form-tasks/new/<warrant>/: upload the empty form."""

    permission = SEND
    form_class: Any = forms.UploadForm
    title = _("下发报表：先上传空表")
    intro = _("上传后先看：哪些列登记库已经有、哪些是新要的、别的部门是不是也在要。这一步还不会发给社区。")
    submit_label = _("上传")
    success_message: Any = _("已上传。请核对每一列，再下发。")

    def get_object(self) -> Warrant:
        """The warrant: one of the user's units'."""
        found = reading.own_warrants(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.subtitle = f"{found.title} · {found.terms.frequency}"
        return found

    def cancel_url(self) -> str:
        """Back to the choice."""
        return reverse("collecting:choose")

    def perform(self, form: Any) -> FormTask:
        """Keep and recognise it."""
        file = form.cleaned_data["file"]
        made = actions.draft(
            acting_user=self.request.user, warrant=self.object, name=file.name, data=file.read()
        )
        if made.is_several:
            self.success_message = _gettext(
                "已上传，认出 %(n)s 张表，一起下发、一起报回。请逐张核对，再下发。"
            ) % {"n": len(made.kinds)}
        return made


class _OfDraft(EditPage):
    """Something about a draft of the user's unit."""

    permission: Any = SEND

    def get_object(self) -> FormTask:
        """The draft."""
        user: Any = self.request.user
        found = (
            FormTask.objects.filter(pk=self.kwargs["pk"], issued_at=None)
            .select_related("unit", "warrant")
            .first()
        )
        if found is None or not reading.sends(user, found):
            raise Http404
        self.recognition = found.recognition
        self.subtitle = found.title
        return found


class SetColumn(_OfDraft):
    """/form-tasks/tasks/<id>/columns/<column>/"""

    form_class: Any = ColumnForm
    title: Any = _("这一列要什么")
    submit_label = _("确定")
    success_message = _("已更正。")

    def get_object(self) -> FormTask:
        """The draft with the column."""
        found = super().get_object()
        listed = self.recognition.region_of(self.kwargs["column"])
        if listed is None:
            raise Http404
        self.recognition = listed
        self.mapping = next(m for m in listed.mappings if m.key == self.kwargs["column"])
        self.title = _gettext("“%(label)s”要什么") % {"label": self.mapping.label}
        why = "；".join(self.mapping.reasons)
        self.intro = f"{why}。" if why else ""
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "words": words(),
            "recognition": self.recognition,
            "mapping": self.mapping,
        }

    def get_form(self, form_class: Any = None) -> Any:
        """The ledgers' form; what is said here holds for this task alone."""
        form = super().get_form(form_class)
        form.fields["meaning"].help_text = _(
            "点开列表选一项，或输入几个字、拼音首字母查找。只对这份报表有效。"
        )
        return form

    def get_initial(self) -> dict[str, Any]:
        if self.mapping.target == ELEMENT:
            return {"meaning": f"element:{self.mapping.element}"}
        if self.mapping.number:
            return {"meaning": NUMBER}
        return {"meaning": self.mapping.target if self.mapping.target in (SERIAL, NEVER) else ""}

    def perform(self, form: Any) -> FormTask:
        """Set it."""
        target, element = form.chosen()
        return actions.set_column(
            acting_user=self.request.user,
            task=self.object,
            column=self.kwargs["column"],
            target=target,
            element=element,
        )


class ChooseValues(_OfDraft, ValuesPage):
    """/form-tasks/tasks/<id>/columns/<column>/values/: which word of the file's own list is written for each of our values."""

    form_class: Any = ValuesForm

    def get_object(self) -> FormTask:
        """The draft with the column."""
        found = super().get_object()
        self.look_at(self.recognition, self.kwargs["column"])
        return found

    def perform(self, form: Any) -> FormTask:
        """Set it."""
        return actions.set_values(
            acting_user=self.request.user,
            task=self.object,
            column=self.kwargs["column"],
            values=form.chosen(),
        )


class ChooseScope(_OfDraft):
    """/form-tasks/tasks/<id>/scope/[<n>/]: whom a list of a draft lists."""

    form_class: Any = ScopeForm
    title = _("这张表登记哪些人或物")
    submit_label = _("确定")
    success_message = _("填报范围已更改。")

    def get_object(self) -> FormTask:
        """The draft with the list."""
        found = super().get_object()
        regions, self.which = self.recognition.regions_of_form, self.kwargs.get("which", 0)
        if self.which >= len(regions) or not shapes.subject_of(regions[self.which]):
            raise Http404
        self.subtitle = shapes.list_names(self.recognition)[self.which]
        self.recognition = regions[self.which]
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "words": words(), "subject": self.recognition.subject}

    def get_initial(self) -> dict[str, Any]:
        return {"conditions": self.recognition.population.conditions}

    def perform(self, form: Any) -> FormTask:
        """Choose it."""
        return actions.choose_scope(
            acting_user=self.request.user,
            task=self.object,
            conditions=form.cleaned_data["conditions"],
            which=self.which,
        )


class Issue(_OfDraft):
    """/form-tasks/tasks/<id>/issue/?street=: to which communities, until when."""

    template_name = "collecting/issue.html"
    form_class: Any = forms.IssueForm
    title = _("下发报表")
    submit_label = _("下发")
    success_message = _("已下发，社区已收到通知。")

    def offered(self) -> dict[str, list[tuple[str, str]]]:
        """The communities by street."""
        found: dict[str, list[tuple[str, str]]] = {}
        for one in reading.communities(self.request.user, self.object.warrant.region_code):
            found.setdefault(one.region_code[:STREET], []).append((one.region_code, one.title))
        return found

    def street(self, offered: dict[str, Any]) -> str:
        """The street chosen, else the first."""
        asked = self.request.GET.get("street", "")
        return asked if asked in offered else next(iter(offered), "")

    def get_form_kwargs(self) -> dict[str, Any]:
        """What may be chosen."""
        offered = self.offered()
        street = self.street(offered)
        names.learn(offered)
        self.streets = [(key, names.title(key)) for key in offered]
        self.chosen_street = street
        self.same = reading.asked_elsewhere(self.object, user=self.request.user)
        return super().get_form_kwargs() | {
            "streets": [(key, f"{title}（{len(offered[key])} 个）") for key, title in self.streets],
            "communities": offered.get(street, []),
            "again": bool(self.same),
            "street": names.title(street) if len(offered) > 1 else "",
        }

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The overlap, said once more."""
        made = super().get_context_data(
            crumbs=crumbs((self.object.title, self.object.get_absolute_url()), (_("下发"), "")), **kwargs
        )
        return made | {
            "held": rules.held(self.recognition.all_mappings),
            "same": self.same,
            "streets": self.streets,
            "street": self.chosen_street,
        }

    def perform(self, form: Any) -> FormTask:
        """Issue it through the gate."""
        data = form.cleaned_data
        offered = self.offered()
        keys = {key for street in data.get("streets", ()) for key, _title in offered.get(street, ())}
        return actions.issue(
            acting_user=self.request.user,
            task=self.object,
            communities=keys | set(data["communities"]),
            purpose=data["purpose"],
            on=data["on"],
            working_days=data["working_days"],
            why_again=data.get("why_again", ""),
        )
