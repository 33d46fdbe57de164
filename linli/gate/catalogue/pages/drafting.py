"""The forms with which a draft is begun, edited and published."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.gate.catalogue import actions, examples, forms, reading
from linli.gate.catalogue.examples import Example
from linli.gate.catalogue.models import Edition, Entry, Item
from linli.gate.catalogue.pages.shared import MANAGE, OfDraft, home_district
from linli.pages.views import EditPage
from linli.regions import names


class Start(EditPage):
    """/catalogue/editions/start/"""

    permission = MANAGE
    title = _("起草新的一版")
    form_class: Any = forms.StartForm
    submit_label = _("起草")
    success_message = _("已起草。草案只有社区办看得到，发布后公开。")

    @property
    def intro(self) -> str:
        """What the draft begins with."""
        if self._is_first:
            return str(_("本区还没有清单。"))
        n = reading.in_force(self._district).count()
        return str(_("草案从现行的 %(n)s 项开始，改好以后发布。") % {"n": n})

    @property
    def _district(self) -> str:
        return home_district(self.request.user)

    @property
    def _is_first(self) -> bool:
        return not Item.objects.of_catalogue(self._district).exists()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether there is a list to begin with."""
        return super().get_form_kwargs() | {"is_first": self._is_first}

    def get_initial(self) -> dict[str, Any]:
        """The name of the edition in force."""
        current = reading.current(self._district)
        return {"title": current.title if current else f"{names.title(self._district)}社区工作事项清单"}

    def cancel_url(self) -> str:
        """The list of editions."""
        return reverse("catalogue:editions")

    def perform(self, form: Any) -> Edition:
        """Begin."""
        user: Any = self.request.user
        data = dict(form.cleaned_data)
        example = data.pop("example", "")
        if example:
            return examples.draft_from_example(
                acting_user=user, region_code=self._district, example=Example(example), **data
            )
        return actions.start_draft(acting_user=user, region_code=self._district, **data)


class DraftForm(OfDraft, EditPage):
    """A form about a draft; afterwards back to it."""

    def get_object(self) -> Any:
        """None: the form is about the draft."""
        assert self.edition
        return None

    @property
    def subtitle(self) -> str:
        """Which draft."""
        return str(self.edition)

    def cancel_url(self) -> str:
        """The draft."""
        return self.edition.get_absolute_url()


class Describe(DraftForm):
    """/catalogue/editions/<id>/describe/"""

    title = _("名称和说明")
    form_class: Any = forms.DescribeForm

    def get_initial(self) -> dict[str, Any]:
        """As they are."""
        return {"title": self.edition.title, "note": self.edition.note}

    def perform(self, form: Any) -> Edition:
        """Change them."""
        return actions.describe_draft(
            acting_user=self.request.user, edition=self.edition, **form.cleaned_data
        )


class Discard(DraftForm):
    """/catalogue/editions/<id>/discard/"""

    title = _("放弃草案")
    form_class: Any = forms.ReasonForm
    intro = _("草案里的修改都会丢掉，现行清单不受影响。")
    submit_label = _("放弃")
    tone = "danger"
    success_message = _("已放弃草案，现行清单没有变化。")

    def perform(self, form: Any) -> str:
        """Give it up."""
        actions.discard_draft(acting_user=self.request.user, edition=self.edition, **form.cleaned_data)
        return reverse("catalogue:editions")


class AddEntry(DraftForm):
    """/catalogue/editions/<id>/add/"""

    title = _("新增事项")
    form_class: Any = forms.TermsForm
    success_message = _("已加到草案。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose departments and documents."""
        return super().get_form_kwargs() | {"edition": self.edition}

    def get_initial(self) -> dict[str, Any]:
        """Mostly so."""
        return {
            "category": self.request.GET.get("category", ""),
            "responsibility": "assist",
            "kind": "serve",
            "per": "year",
        }

    def perform(self, form: Any) -> Entry:
        """Add it."""
        return actions.add_entry(acting_user=self.request.user, edition=self.edition, **form.terms())


class EditEntry(EditPage):
    """/catalogue/entries/<id>/edit/"""

    permission = MANAGE
    model: Any = Entry
    title = _("修改事项")
    form_class: Any = forms.TermsForm
    success_message = _("草案已修改。")

    def get_queryset(self) -> QuerySet:
        """Entries of drafts that the user keeps."""
        drafts = Edition.objects.permitted(self.request.user, MANAGE).filter(published_at__isnull=True)
        return Entry.objects.filter(edition__in=drafts).select_related("edition")

    @property
    def subtitle(self) -> str:
        """Which."""
        return str(self.object or "")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The terms as they are."""
        return super().get_form_kwargs() | {"edition": self.object.edition, "terms": self.object}

    def perform(self, form: Any) -> Entry:
        """Change them."""
        return actions.change_entry(acting_user=self.request.user, entry=self.object, **form.terms())


class PickedForm(DraftForm):
    """A form about entries picked in the list (?pk=…)."""

    template_name = "catalogue/picked.html"

    @property
    def picked(self) -> list[int]:
        """Their numbers."""
        return [int(pk) for pk in self.request.GET.getlist("pk") if pk.isdecimal() and len(pk) < 19]

    @property
    def entries(self) -> QuerySet:
        """The entries of the draft among them."""
        return self.edition.entries.filter(pk__in=self.picked).select_related("unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the entries, so that one sees what it is about."""
        return super().get_context_data(entries=list(self.entries), **kwargs)


class LetGo(PickedForm):
    """/catalogue/editions/<id>/go/"""

    title = _("取消或转出")
    form_class: Any = forms.GoForm
    submit_label = _("确定")
    success_message = _("草案已修改。")

    def get_initial(self) -> dict[str, Any]:
        """Mostly cancelled."""
        return {"fate": "cancel"}

    def perform(self, form: Any) -> Edition:
        """Let them go."""
        actions.let_go(
            acting_user=self.request.user, edition=self.edition, entries=self.entries, **form.cleaned_data
        )
        return self.edition


class Merge(PickedForm):
    """/catalogue/editions/<id>/merge/"""

    title = _("合并事项")
    form_class: Any = forms.MergeForm
    submit_label = _("合并")
    intro = _("下面勾选的事项并入其中一项或者草案里的另一项。要改它的内容，合并以后再点开修改。")
    success_message = _("已合并。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """What may be merged into."""
        return super().get_form_kwargs() | {"edition": self.edition, "picked": self.picked}

    def perform(self, form: Any) -> Edition:
        """Merge them."""
        actions.merge_entries(
            acting_user=self.request.user, edition=self.edition, entries=self.entries, **form.cleaned_data
        )
        return self.edition


class RenameClass(DraftForm):
    """/catalogue/editions/<id>/class/"""

    title = _("改类名、并类")
    form_class: Any = forms.RenameForm
    success_message = _("草案已修改。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The classes of the draft."""
        return super().get_form_kwargs() | {"edition": self.edition}

    def perform(self, form: Any) -> Edition:
        """Rename it."""
        actions.rename_class(acting_user=self.request.user, edition=self.edition, **form.cleaned_data)
        return self.edition


class Publish(DraftForm):
    """/catalogue/editions/<id>/publish/"""

    title = _("发布")
    form_class: Any = forms.PublishForm
    template_name = "catalogue/publish.html"
    submit_label = _("发布")
    success_message = _("已发布，社区和部门都收到了消息。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it will change."""
        last = reading.published(self.edition.region_code)
        return super().get_context_data(
            edition=self.edition,
            comparison=reading.compare(last[0], self.edition) if last else None,
            items=reading.kept_entries(self.edition).count(),
            **kwargs,
        )

    def perform(self, form: Any) -> Edition:
        """Publish it."""
        return actions.publish(acting_user=self.request.user, edition=self.edition, **form.cleaned_data)
