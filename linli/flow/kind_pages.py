"""The kinds of cases: each as one readable table, its editions, and how administrators change the limits."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.flow import actions
from linli.flow.actions.kinds import current_edition
from linli.flow.models import CaseKind, KindEdition
from linli.flow.rules import kinds as rules
from linli.flow.rules.clocks import Measure
from linli.pages.views import EditPage, Permitted

MEASURES = [(one.value, one.label) for one in Measure]


class KindList(Permitted, TemplateView):
    """/cases/kinds/: for everybody, as rules are."""

    template_name = "flow/kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The kinds with the edition in force."""
        found = [current_edition(kind.key) for kind in CaseKind.objects.all()]
        return super().get_context_data(editions=found, **kwargs)


def _found(key: str) -> CaseKind:
    kind = CaseKind.objects.filter(key=key).first()
    if kind is None:
        raise Http404
    return kind


class KindPage(Permitted, TemplateView):
    """/cases/kinds/<key>/: for everybody, as rules are."""

    template_name = "flow/kind.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table in force, the draft and what it would change, and the earlier editions."""
        kind = _found(self.kwargs["key"])
        user: Any = self.request.user
        editions = list(kind.editions.all())
        current = current_edition(kind.key)
        draft = next((one for one in editions if one.published_at is None), None)
        published = [one for one in editions if one.published_at is not None]
        return super().get_context_data(
            kind=kind,
            current=current,
            table=current.rules,
            draft=draft,
            draft_changes=rules.changes(current.rules, draft.rules) if draft else [],
            past=[
                (one, rules.changes(before.rules, one.rules) if before else [])
                for one, before in zip(published, [*published[1:], None], strict=True)
            ],
            may_edit=user.can(Permission.MANAGE_SYSTEM),
            crumbs=[
                (str(_("办件")), reverse("flow:inbox")),
                (str(_("办件种类")), reverse("flow:kinds")),
                (kind.name, ""),
            ],
            **kwargs,
        )


class LimitsForm(forms.Form):
    """The limits of a table and whether its steps need a reason."""

    def __init__(self, *args: Any, table: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit("whole", _("全程期限"), table["limit"])
        for state in table["states"]:
            if not state["ends"]:
                self._limit(
                    f"state_{state['key']}", _("“%(name)s”期限") % {"name": state["name"]}, state["limit"]
                )
        for step in table["steps"]:
            self.fields[f"reason_{step['key']}"] = forms.BooleanField(
                label=_("“%(name)s”要写理由") % {"name": step["name"]}, required=False, initial=step["reason"]
            )
        self.fields["note"] = forms.CharField(
            label=_("修改说明"), max_length=300, help_text=_("依据和原因，会随版次公布。")
        )

    def _limit(self, name: str, label: Any, limit: dict[str, Any] | None) -> None:
        self.fields[f"{name}_amount"] = forms.IntegerField(
            label=label,
            required=False,
            min_value=1,
            max_value=3650,
            initial=limit["amount"] if limit else None,
            help_text=_("不填就是不限"),
        )
        self.fields[f"{name}_measure"] = forms.ChoiceField(
            label=_("按什么算"), choices=MEASURES, initial=limit["measure"] if limit else MEASURES[0][0]
        )

    def table(self, table: dict[str, Any]) -> dict[str, Any]:
        """The table with what was typed."""
        found = deepcopy(table)
        found["limit"] = self._typed("whole")
        for state in found["states"]:
            if not state["ends"]:
                state["limit"] = self._typed(f"state_{state['key']}")
        for step in found["steps"]:
            step["reason"] = self.cleaned_data[f"reason_{step['key']}"]
        return found

    def _typed(self, name: str) -> dict[str, Any] | None:
        amount = self.cleaned_data[f"{name}_amount"]
        return {"amount": amount, "measure": self.cleaned_data[f"{name}_measure"]} if amount else None


class EditLimits(EditPage):
    """/cases/kinds/<key>/limits/: the next edition's draft."""

    permission = Permission.MANAGE_SYSTEM
    title = _("修改期限")
    form_class = LimitsForm
    intro = _("改动先存为草稿，发布后只对新办件生效；在办的按原来的版次办完。")
    submit_label = _("存为草稿")

    def get_object(self) -> CaseKind:
        """The kind."""
        return _found(self.kwargs["key"])

    def _table(self) -> dict[str, Any]:
        newest = KindEdition.objects.filter(kind=self.object).order_by("-number").first()
        assert newest is not None
        return dict(newest.table)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The draft's table, else that in force."""
        return super().get_form_kwargs() | {"table": self._table()}

    def perform(self, form: Any) -> CaseKind:
        """Keep the draft."""
        actions.draft_edition(
            acting_user=self.request.user,
            kind=self.object,
            table=form.table(self._table()),
            note=form.cleaned_data["note"],
        )
        return self.object


class Publish(EditPage):
    """/cases/kinds/<key>/publish/"""

    permission = Permission.MANAGE_SYSTEM
    title = _("发布新版")
    form_class = forms.Form
    intro = _("发布后不能再改，新办件按新版办理。")
    submit_label = _("发布")
    success_message = _("已发布。")

    def get_object(self) -> CaseKind:
        """The kind; it must have a draft."""
        kind = _found(self.kwargs["key"])
        found = kind.editions.filter(published_at__isnull=True).first()
        if found is None:
            raise Http404
        self.draft: KindEdition = found
        return kind

    def perform(self, form: Any) -> CaseKind:
        """Publish the draft."""
        actions.publish_edition(acting_user=self.request.user, edition=self.draft)
        return self.object
