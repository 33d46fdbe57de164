"""Choosing to be reached; and, for administrators, what has left."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.outbox import actions, gateways
from linli.outbox.models import WISHES, Message, Reach
from linli.outbox.rules import Wish
from linli.pages.filtering import FilterSet
from linli.pages.html import tag
from linli.pages.tables import Table
from linli.pages.views import EditPage, ListPage, Permitted

TONES = {"sent": "ok", "waiting": "brand", "sending": "brand", "given_up": "danger"}


class ReachForm(forms.Form):
    """When one is told by text message."""

    sms = forms.ChoiceField(
        label=_("短信提醒"),
        choices=WISHES,
        widget=forms.RadioSelect,
        help_text=_(
            "短信只说有几件事、最早哪天到期，不写事情的内容和任何人的名字。几件事合成一条；晚上九点到早上七点半只发紧急的。"
        ),
    )


class EditReach(EditPage):
    """/me/reach: how one wants to be reached."""

    form_class = ReachForm
    title = _("短信提醒")
    success_message = _("已保存。")

    @property
    def intro(self) -> Any:
        user: Any = self.request.user
        if not gateways.configured():
            return _("这里还没有接通短信网关，设置后要等管理员接通才会收到短信。")
        number = actions.mobile(user)
        return _("短信发到 %(number)s。") % {"number": number} if number else ""

    def get_initial(self) -> dict[str, Any]:
        """What was chosen."""
        found = Reach.objects.filter(user=self.request.user.pk).first()
        return {"sms": found.sms if found else Wish.NOTHING.value}

    def perform(self, form: Any) -> str:
        """Keep it."""
        actions.choose(acting_user=self.request.user, sms=form.cleaned_data["sms"])
        return reverse("profile")

    def cancel_url(self) -> str:
        """Back to the account."""
        return reverse("profile")


class MessageFilters(FilterSet):
    """By whom it is for and how far it is."""

    q = django_filters.CharFilter(label=_("收件人"), field_name="user__name", lookup_expr="contains")
    state = django_filters.ChoiceFilter(label=_("状态"), choices=Message.State.choices, empty_label=_("全部"))


class MessageTable(Table):
    """Messages, newest first."""

    created_at = tables.DateTimeColumn(verbose_name=_("生成时间"), format="Y-m-d H:i", orderable=False)
    user = tables.Column(verbose_name=_("收件人"), orderable=False, attrs={"td": {"class": "title"}})
    text = tables.Column(verbose_name=_("内容"), orderable=False)
    state = tables.Column(verbose_name=_("状态"), orderable=False)
    tries = tables.Column(verbose_name=_("尝试"), orderable=False)
    error = tables.Column(verbose_name=_("原因"), orderable=False)
    again = tables.TemplateColumn(
        verbose_name="", orderable=False, template_name="outbox/_again.html", exclude_from_export=True
    )

    def render_state(self, record: Message) -> Any:
        """As a coloured word."""
        return tag(record.get_state_display(), TONES.get(record.state, ""))


class MessageList(ListPage):
    """/outbox: what was sent outside to the users one administers."""

    title = _("外发提醒")
    noun = _("条")
    model = Message
    permission = Permission.MANAGE_SYSTEM
    table_class = MessageTable
    filterset_class = MessageFilters
    empty_title = _("还没有发过短信提醒")
    empty_hint = _("用户在“我的账号”里选了短信提醒，有新的待办时才会发。")

    @property
    def subtitle(self) -> Any:
        """Whether anything can leave at all."""
        if gateways.configured():
            return _("短信网关已接通，每十分钟发一次。")
        return _("还没有接通短信网关：设置 LINLI_SMS_URL 和 LINLI_SMS_KEY 后重新启动，见使用说明。")

    def get_queryset(self) -> QuerySet[Message]:
        """Those of one's areas."""
        return actions.manageable(self.request.user).select_related("user")


class TryAgain(Permitted, View):
    """/outbox/<pk>/again."""

    http_method_names = ["post"]
    permission = Permission.MANAGE_SYSTEM

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let it be tried once more."""
        found = actions.manageable(request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        try:
            actions.try_again(acting_user=request.user, message=found)
        except RuleError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已重新排队，十分钟内再发。"))
        return redirect("outbox")
