"""事项经费: what is due and late, payments with their papers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.admission import actions, forms
from linli.admission.applying_pages import OnApplication, sent
from linli.admission.models import Admission, Application, Instalment, Payment
from linli.admission.money import grouped, payers
from linli.admission.pages import Visible
from linli.kernel.money import format_yuan
from linli.pages.views import EditPage, Permitted
from linli.regions import names

# Groups shown; more is a matter of the filters.
SHOWN = 200
STANDINGS = (("", _("全部")), ("late", _("已逾期")), ("open", _("没付清")), ("paid", _("已付清")))


class Dues(Permitted, TemplateView):
    """/admission/money/: what is owed to the communities in sight."""

    permission = Permission.VIEW_ADMISSION
    template_name = "admission/dues.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sums, the departments, the schedule."""
        user: Any = self.request.user
        rows: Any = Instalment.objects.visible(user)
        today = timezone.localdate()
        wanted = self.request.GET.get("standing", "")
        narrowed = rows
        if wanted == "late":
            narrowed = rows.late()
        elif wanted == "open":
            narrowed = rows.unpaid()
        elif wanted == "paid":
            narrowed = rows.filter(paid=F("amount"))
        else:
            wanted = ""
        sums = rows.aggregate(
            year=Sum("amount", filter=Q(due_on__year=today.year)),
            settled=Sum("paid", filter=Q(due_on__year=today.year)),
            late=Sum(F("amount") - F("paid"), filter=Q(due_on__lt=today, paid__lt=F("amount"))),
            items=Count("admission", filter=Q(admission__arrears_since__isnull=False), distinct=True),
        )
        groups = grouped(narrowed)
        resting = Admission.objects.filter(
            pk__in=rows.filter(admission__arrears_since__isnull=False).values("admission")
        )
        return super().get_context_data(
            sums={key: value or Decimal(0) for key, value in sums.items()},
            payers=payers(rows) if user.can(Permission.DECIDE_ADMISSION) else [],
            groups=groups[:SHOWN],
            more=max(0, len(groups) - SHOWN),
            standings=STANDINGS,
            standing=wanted,
            resting=resting.select_related("item__warrant", "application__unit"),
            year=today.year,
            **kwargs,
        )


class Pay(OnApplication, EditPage):
    """/admission/<id>/pay/"""

    right = "pay"
    title = _("登记拨付")
    form_class = forms.PayForm
    submit_label = _("登记")
    success_message = _("已登记。")

    def _owed(self) -> Any:
        return Instalment.objects.unpaid().filter(admission__application=self.object)

    def get_object(self) -> Application:
        """The application; where all is paid there is nothing to record."""
        found: Application = super().get_object()
        self.object = found
        self.owed = grouped(self._owed())
        self.subtitle = f"{found.title} · {found.unit}"
        if not self.owed:
            raise Http404
        return found

    def get_form(self, form_class: Any = None) -> Any:
        """What is still owed."""
        form = super().get_form(form_class)
        form.fields["due"].choices = [
            (
                f"{one.due_on}",
                f"{one.since} 至 {one.until}，{one.due_on} 前应付，{one.communities} 个社区欠 {format_yuan(one.rest)} 元",
            )
            for one in self.owed
        ]
        held = sorted(set(self._owed().values_list("region_code", flat=True)))
        form.fields["communities"].choices = [(key, names.title(key)) for key in held]
        return form

    def get_initial(self) -> dict[str, Any]:
        """The earliest day due, and all of it."""
        wanted = self.request.GET.get("due", "")
        first = next((one for one in self.owed if f"{one.due_on}" == wanted), self.owed[0])
        return {"due": f"{first.due_on}", "amount": first.rest, "paid_on": timezone.localdate()}

    def perform(self, form: Any) -> str:
        """Record it."""
        data = form.cleaned_data
        rows = self._owed().filter(due_on=date.fromisoformat(data["due"]))
        if data["communities"]:
            rows = rows.filter(region_code__in=data["communities"])
        actions.record_payment(
            acting_user=self.request.user,
            application=self.object,
            instalments=rows,
            amount=data["amount"],
            paid_on=data["paid_on"],
            upload=data["paper"],
            voucher=data["voucher"],
        )
        return f"{self.object.get_absolute_url()}?tab=money"


class CancelPayment(OnApplication, EditPage):
    """/admission/<id>/payments/<payment>/cancel/"""

    right = "pay"
    title = _("作废这笔拨付")
    intro = _("登记错了才作废；作废后这笔钱重新算作没付。")
    form_class = forms.ReasonForm
    submit_label = _("作废")
    success_message = _("已作废。")
    tone = "danger"

    def get_object(self) -> Application:
        """The application; its payment must hold."""
        found: Application = super().get_object()
        payment = found.payments.filter(pk=self.kwargs["payment"], cancelled_at__isnull=True).first()
        if payment is None:
            raise Http404
        self.payment: Payment = payment
        self.subtitle = f"{payment.paid_on} {format_yuan(payment.amount)} 元"
        return found

    def perform(self, form: Any) -> str:
        """Cancel it."""
        actions.cancel_payment(
            acting_user=self.request.user, payment=self.payment, reason=form.cleaned_data["reason"]
        )
        return f"{self.object.get_absolute_url()}?tab=money"


class PaymentFile(Visible, View):
    """/admission/<id>/payments/<payment>/: the paper that shows a payment."""

    def get(self, request: HttpRequest, pk: int, payment: int) -> FileResponse:
        """The paper."""
        application = self.get_queryset().filter(pk=pk).first()
        found = application.payments.filter(pk=payment).first() if application is not None else None
        if found is None:
            raise Http404
        return sent(found.path, found.name, found.media_type)
