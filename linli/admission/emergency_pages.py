"""应急通道: the approvals, approving, ending, looking back; and what the public sees of it."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.admission import actions, forms
from linli.admission.models import Emergency, around
from linli.flow.models import Dispatch
from linli.pages import html
from linli.pages.tables import Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, ListPage, Permitted
from linli.regions import names

APPROVE = Permission.APPROVE_EMERGENCY
PUBLIC_ROWS = 200


def standing(one: Emergency) -> tuple[Any, str]:
    """How an emergency stands, as a word and its tone."""
    if not one.is_over:
        return _("有效"), "warn"
    if one.reviewed_at is None:
        return _("待复盘"), "danger"
    return _("已复盘"), "ok"


class Visible(Permitted):
    """Emergencies in whose area the user works, and of regions around it."""

    permission: Permission | None = Permission.VIEW_ADMISSION
    model = Emergency

    def get_queryset(self) -> QuerySet[Emergency]:
        """With what their pages show."""
        user: Any = self.request.user
        scopes = user.scopes(Permission.VIEW_ADMISSION)
        return Emergency.objects.filter(
            scopes_q("region_code", scopes) | Q(region_code__in=around(scopes))
        ).select_related("unit", "approved_by", "warrant", "reviewed_by")


class EmergencyTable(Table):
    """Emergencies."""

    title = TitleColumn(verbose_name=_("应急事项"))
    unit = tables.Column(verbose_name=_("提出部门"))
    region_code = tables.Column(verbose_name=_("在哪里"))
    approved_by = tables.Column(verbose_name=_("批准人"))
    approved_at = tables.DateTimeColumn(verbose_name=_("批准时间"), format="Y-m-d H:i")
    until = tables.DateColumn(verbose_name=_("自动失效"), format="Y-m-d")
    standing = tables.Column(verbose_name=_("状态"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        pass

    def render_region_code(self, value: str) -> str:
        """The region's name."""
        return names.title(value)

    def render_standing(self, record: Emergency) -> Any:
        """Whether it holds, waits for its review, or is over."""
        return html.tag(*standing(record))


class EmergencyList(Visible, ListPage):
    """/admission/emergencies/"""

    template_name = "admission/emergencies.html"
    title = _("应急通道")
    subtitle = _("来不及走准入的，由批准人临时放行，到期自动失效，事后复盘，按月公开")
    noun = _("项")
    table_class = EmergencyTable
    exact_count = True
    create_url_name = "admission:emergency_new"
    create_label = _("批准应急事项")
    create_permission = APPROVE
    empty_title = _("没有用过应急通道")
    empty_hint = _("突发事件来不及申请准入的，由批准人限时放行，事后复盘。")


class EmergencyPage(Visible, DetailPage):
    """/admission/emergencies/<id>/"""

    template_name = "admission/emergency.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was sent under it, and what can be done."""
        one: Emergency = self.object
        user: Any = self.request.user
        own = one.unit_id in user.unit_ids
        approves = user.can(APPROVE, one.region_code)
        sent = Dispatch.objects.filter(warrant=one.warrant, cancelled_at__isnull=True)
        word, tone = standing(one)
        return super().get_context_data(
            area=names.title(one.region_code),
            things=[thing.label for thing in one.warrant.terms.things],
            sent=sent.count(),
            places=sent.values("region_code").distinct().count(),
            word=word,
            tone=tone,
            may_end=approves and not one.is_over,
            may_review=(own or approves) and one.is_over and one.reviewed_at is None,
            crumbs=[(str(_("应急通道")), reverse("admission:emergencies")), (one.title, "")],
            **kwargs,
        )


class NewEmergency(EditPage):
    """/admission/emergencies/new/"""

    permission = APPROVE
    title = _("批准应急事项")
    intro = _("您的姓名会记为批准人。批准后部门马上可以下派，到期自动失效；按部门和月份在网上公开。")
    form_class = forms.EmergencyForm
    submit_label = _("批准")
    success_message = _("已批准，部门会收到通知。")
    tone = "danger"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The approver's district."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("admission:emergencies")

    def perform(self, form: Any) -> Emergency:
        """Approve it."""
        return actions.approve_emergency(acting_user=self.request.user, **form.cleaned_data)


class EndEmergency(Visible, EditPage):
    """/admission/emergencies/<id>/end/"""

    permission = APPROVE
    title = _("提前结束应急事项")
    form_class = forms.ReasonForm
    submit_label = _("提前结束")
    success_message = _("已结束，不能再下派。请部门写复盘。")

    def get_object(self) -> Emergency:
        """One that still holds."""
        found: Emergency = super().get_object()
        if found.is_over:
            raise Http404
        self.subtitle = found.title
        return found

    def perform(self, form: Any) -> Emergency:
        """End it."""
        return actions.end_emergency(
            acting_user=self.request.user, emergency=self.object, reason=form.cleaned_data["reason"]
        )


class ReviewEmergency(Visible, EditPage):
    """/admission/emergencies/<id>/review/"""

    title = _("事后复盘")
    form_class = forms.ReviewForm
    submit_label = _("提交复盘")
    success_message = _("已复盘。")

    def get_object(self) -> Emergency:
        """One that is over, not looked back on, and the user's to look back on."""
        found: Emergency = super().get_object()
        user: Any = self.request.user
        if not found.is_over or found.reviewed_at is not None:
            raise Http404
        if found.unit_id not in user.unit_ids and not user.can(APPROVE, found.region_code):
            raise Http404
        self.subtitle = found.title
        return found

    def perform(self, form: Any) -> Emergency:
        """Keep it."""
        return actions.review_emergency(
            acting_user=self.request.user, emergency=self.object, text=form.cleaned_data["text"]
        )


class PublicEmergencies(TemplateView):
    """/public/emergencies/: counted by department and month, for anybody; no person is named."""

    template_name = "admission/public_emergencies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """This year's counts, and the newest."""
        today = timezone.localdate()
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= today.year else today.year
        rows = Emergency.objects.filter(approved_at__year=year)
        months: dict[int, dict[str, int]] = {}
        for one in (
            rows.order_by()
            .annotate(month=TruncMonth("approved_at"))
            .values("month", "unit__name")
            .annotate(n=Count("pk"))
        ):
            months.setdefault(one["month"].month, {})[one["unit__name"]] = one["n"]
        units = sorted({name for found in months.values() for name in found})
        table = [(name, [months.get(month, {}).get(name, 0) for month in range(1, 13)]) for name in units]
        newest = rows.select_related("unit").order_by("-approved_at")[:PUBLIC_ROWS]
        return super().get_context_data(
            title=_("社区应急事项公开"),
            under=_("来不及走准入、临时交给社区的事，按部门和月份公开；到期自动失效，事后要复盘。"),
            area=_("应急通道"),
            year=year,
            years=sorted(
                {found.year for found in Emergency.objects.dates("approved_at", "year")} | {today.year}
            ),
            months=range(1, 13),
            table=[(name, counts, sum(counts)) for name, counts in table],
            total=sum(sum(counts) for _name, counts in table),
            rows=[(one, names.path(one.region_code), *standing(one)) for one in newest],
            **kwargs,
        )
