"""Correcting a copy: cells of a row, rows added and left out, a workbook that was completed outside."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, forms, keeping, reading
from linli.collecting.actions.cells import called, name_place
from linli.collecting.models import FormPart
from linli.collecting.part_pages import OfCommunity
from linli.collecting.rules import State
from linli.ledgers.actions import words
from linli.ledgers.recognition import CARD, ROSTER
from linli.pages.views import EditPage
from linli.regions import names

RECEIVE, SIGN = Permission.RECEIVE_FORMS, Permission.SIGN_FORMS


class _Correct(OfCommunity, EditPage):
    """A form about a copy that may be corrected."""

    permission: Any = RECEIVE

    def get_object(self) -> FormPart:
        """The copy, while it is open to the user."""
        found = self.part()
        user: Any = self.request.user
        is_open = found.state == State.FILLING or (
            found.state == State.CHECKING and reading.signs(user, found)
        )
        if not is_open:
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        return found


class CorrectRow(_Correct):
    """/form-tasks/parts/<id>/rows/<n>/"""

    template_name = "collecting/row.html"
    form_class: Any = forms.RowForm
    title: Any = _("核对一行")
    submit_label = _("保存")
    success_message = _("已保存，改动已记下。")

    def get_object(self) -> FormPart:
        """The copy with the row."""
        found = super().get_object()
        if not found.book:
            raise Http404
        try:
            self.grid = keeping.grid_of(found)
        except RuleError:
            raise Http404 from None
        if self.kwargs["row"] >= len(self.grid.rows):
            raise Http404
        self.recognition = found.task.recognition
        row = self.grid.rows[self.kwargs["row"]]
        place = name_place(self.recognition)
        called = row.name or (str(row.cells[place] or "") if place is not None else "")
        if found.task.is_table:
            self.title = _gettext("改表里的数")
        elif found.task.kind == CARD:
            self.title = _gettext("%(name)s的一张") % {"name": called}
        else:
            self.title = _gettext("第 %(n)s 行 %(name)s") % {"n": self.kwargs["row"] + 1, "name": called}
        self.intro = _("空白的排在前面。这里改的是这张报表；登记库里的要另外更正。")
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "recognition": self.recognition,
            "words": words(),
            "grid": self.grid,
            "row": self.kwargs["row"],
            "places": keeping.asked_places(self.recognition.mappings),
        }

    def perform(self, form: Any) -> FormPart:
        """Write it."""
        return actions.correct_row(
            acting_user=self.request.user, part=self.object, row=self.kwargs["row"], values=form.values()
        )


class AddRow(_Correct):
    """/form-tasks/parts/<id>/rows/add/: somebody whom the roster lacks."""

    form_class: Any = forms.AddRowForm
    title = _("加一个人")
    intro = _("名单按登记库列。少了人，多半是登记库里没有登记，或者登记错了：请先登记、更正，再来加。")
    submit_label = _("加上")
    success_message = _("已加上，内容按登记库填好了。")

    def get_object(self) -> FormPart:
        """A roster of people."""
        found = super().get_object()
        if found.task.kind != ROSTER or found.task.subject != "person" or not found.book:
            raise Http404
        return found

    def perform(self, form: Any) -> FormPart:
        """Add."""
        return actions.add_row(acting_user=self.request.user, part=self.object, **form.cleaned_data)


class RemoveRow(_Correct):
    """/form-tasks/parts/<id>/rows/<n>/remove/"""

    form_class: Any = forms.RemoveRowForm
    title: Any = _("删一行")
    intro = _("只从这张表里删。人去世、搬走的，请在登记库里办，下次的表就不会再有。")
    submit_label = _("删除")
    tone = "danger"
    success_message = _("已删除，记在改动里。")

    def get_object(self) -> FormPart:
        """A roster with the row."""
        found = super().get_object()
        if found.task.kind != ROSTER or not found.book:
            raise Http404
        try:
            grid = keeping.grid_of(found)
        except RuleError:
            raise Http404 from None
        if self.kwargs["row"] >= len(grid.rows):
            raise Http404
        name = called(grid, self.kwargs["row"], found.task.recognition)
        self.title = _gettext("删第 %(n)s 行 %(name)s") % {"n": self.kwargs["row"] + 1, "name": name}
        return found

    def perform(self, form: Any) -> FormPart:
        """Leave it out."""
        return actions.remove_row(
            acting_user=self.request.user, part=self.object, row=self.kwargs["row"], **form.cleaned_data
        )


class Upload(_Correct):
    """/form-tasks/parts/<id>/upload/"""

    form_class: Any = forms.UploadForm
    title = _("上传填好的表")
    intro = _(
        "请先下载这份表，在它上面补填，再传回来。可以加行、删行，不要改表头。和现在不一样的每一格都会记下来。"
    )
    submit_label = _("上传")
    success_message = _("已收下，改动已记下。请再核对一遍空白的地方。")

    def perform(self, form: Any) -> FormPart:
        """Take it."""
        file = form.cleaned_data["file"]
        actions.take_workbook(
            acting_user=self.request.user, part=self.object, name=file.name, data=file.read()
        )
        return self.object
