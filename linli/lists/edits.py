"""The forms of lists as pages: save, take away, schedule, delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.lists import actions
from linli.lists.asking import Question
from linli.lists.forms import ExportForm, SaveForm, ScheduleForm
from linli.lists.models import Every, SavedList, Schedule
from linli.lists.pages import Lists
from linli.pages.views import EditPage


class _Edit(Lists, EditPage):
    """A form of lists; the definition stands in the address."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("crumbs", self.crumbs((self.title, "")))
        return super().get_context_data(**kwargs)


class Save(_Edit):
    """/lists/save"""

    title = _("保存名单")
    form_class = SaveForm
    template_name = "lists/edit.html"

    def get_initial(self) -> dict[str, Any]:
        kept = self.origin
        if kept is None:
            return {}
        return {"name": kept.name, "note": kept.note, "share_in": kept.region_code if kept.is_shared else ""}

    def get_form_kwargs(self) -> dict[str, Any]:
        user: Any = self.request.user
        asked = self.asked
        assert asked.subject.permission is not None
        regions = [scope.low for scope in user.scopes(asked.subject.permission)]
        if self.origin is not None and self.origin.is_shared and self.origin.region_code not in regions:
            regions.append(self.origin.region_code)
        return super().get_form_kwargs() | {"regions": regions}

    def perform(self, form: Any) -> SavedList:
        return actions.save_list(
            acting_user=self.request.user,
            definition=self.definition,
            list_id=self.origin.pk if self.origin is not None else None,
            **form.cleaned_data,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(said=self.asked.said, back=self.home(), **kwargs)


class Export(_Edit):
    """/lists/export: state the purpose, start the job."""

    title = _("导出 Excel")
    form_class = ExportForm
    template_name = "lists/edit.html"
    submit_label = _("开始导出")
    success_message = _("已开始生成，完成后会在消息里通知您。")

    def get_form(self, form_class: Any = None) -> Any:
        """What is not about people needs no purpose."""
        form = super().get_form(form_class)
        _fit(form, self.asked, self.request.user)
        return form

    @property
    def name(self) -> str:
        """The name of the kept list that is taken away, if one may read it."""
        number = self.request.GET.get("name", "")
        if not number.isdecimal() or len(number) > 18:
            return self.asked.short
        kept = SavedList.objects.readable(self.request.user).filter(pk=int(number)).first()
        return kept.name if kept is not None else self.asked.short

    def perform(self, form: Any) -> Any:
        return actions.export_list(
            acting_user=self.request.user,
            definition=self.definition,
            title=self.name,
            purpose=form.cleaned_data.get("purpose", ""),
            unmask=form.cleaned_data.get("unmask", False),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            said=self.asked.said, back=self.home(), may=_may_take(self.asked, self.request.user), **kwargs
        )


def _may_take(asked: Question, user: Any) -> bool:
    return not asked.is_about_people or user.can(Permission.EXPORT_PEOPLE)


def _fit(form: Any, asked: Question, user: Any) -> None:
    numbers_only = asked.definition.is_table
    if not asked.is_about_people or numbers_only:
        del form.fields["purpose"]
    if (
        numbers_only
        or not any(one.is_hidden for one in asked.columns)
        or not user.can(Permission.REVEAL_PEOPLE)
    ):
        del form.fields["unmask"]


class _Kept(_Edit):
    """A form about one kept list."""

    def get_object(self) -> SavedList:
        found = SavedList.objects.readable(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found


class Send(_Kept):
    """/lists/<pk>/schedule"""

    title = _("定时送到消息")
    form_class = ScheduleForm
    submit_label = _("开始定时")
    success_message = _("已设好，到时会在消息里通知您。")
    intro = _("到那一天早上，系统按当天的数据生成 Excel，放进您的消息和任务。遇休息日顺延。")

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        asked = Question(self.object.read(), self.request.user)
        _fit(form, asked, self.request.user)
        return form

    def get_initial(self) -> dict[str, Any]:
        old = Schedule.objects.filter(saved_list=self.object, user_id=self.request.user.pk or 0).first()
        if old is None:
            return {"every": Every.WEEKLY, "weekday": "1", "day": 1}
        found = {"every": old.every, "purpose": old.purpose, "unmask": old.unmask}
        return found | ({"weekday": str(old.day)} if old.every == Every.WEEKLY else {"day": old.day})

    def perform(self, form: Any) -> SavedList:
        data = form.cleaned_data
        every = data["every"]
        day = int(data["weekday"] or 1) if every == Every.WEEKLY else data["day"] or 1
        actions.schedule_list(
            acting_user=self.request.user,
            saved_list=self.object,
            every=every,
            day=day,
            purpose=data.get("purpose", ""),
            unmask=data.get("unmask", False),
        )
        kept: SavedList = self.object
        return kept


class _Button(Lists, View):
    """A button on a kept list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it and say so."""
        kept = SavedList.objects.readable(request.user).filter(pk=pk).first()
        if kept is None:
            raise Http404
        try:
            messages.success(request, self.perform(kept))
        except RuleError as problem:
            messages.error(request, problem.message)
        return HttpResponseRedirect(reverse("lists:index"))

    def perform(self, kept: SavedList) -> str:
        """The deed; returns what was done."""
        raise NotImplementedError


class Delete(_Button):
    """/lists/<pk>/delete: one's own."""

    def perform(self, kept: SavedList) -> str:
        actions.delete_list(acting_user=self.request.user, list_id=kept.pk)
        return _t("已删除名单“%(name)s”。") % {"name": kept.name}


class Stop(_Button):
    """/lists/<pk>/unschedule"""

    def perform(self, kept: SavedList) -> str:
        actions.unschedule_list(acting_user=self.request.user, saved_list=kept)
        return _t("已停止定时。")
