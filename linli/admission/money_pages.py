"""事项经费: what is due and late, payments with their papers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.admission import actions, forms
from linli.admission.actions.receiving import may_say
from linli.admission.applying_pages import OnApplication
from linli.admission.models import Admission, Application, Instalment, Payment, Receipt
from linli.admission.money import Payer, grouped, payers, places
from linli.admission.pages import Visible
from linli.kernel.money import format_yuan
from linli.pages.files import SealedFile
from linli.pages.views import EditPage, Permitted
from linli.regions import names

# Groups shown; more is a matter of the filters.
SHOWN = 200
DIFFERING = 100
STANDINGS = (
    ("", _("全部")),
    ("late", _("已逾期")),
    ("open", _("没付清")),
    ("paid", _("已付清")),
    ("unsaid", _("待社区核对")),
    ("disputed", _("对不上")),
)


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
        elif wanted == "unsaid":
            narrowed = rows.unsaid()
        elif wanted == "disputed":
            narrowed = rows.disputed()
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
            tables=self._tables(rows),
            differing=self._differing(rows),
            speaks=any(one.only is not None and may_say(user, one.only.region_code) for one in groups),
            groups=groups[:SHOWN],
            more=max(0, len(groups) - SHOWN),
            standings=STANDINGS,
            standing=wanted,
            resting=resting.select_related("item__warrant", "application__unit"),
            year=today.year,
            **kwargs,
        )

    def _tables(self, rows: Any) -> list[tuple[Any, Any, list[Payer]]]:
        """By department and by place, for those who see several."""
        user: Any = self.request.user
        if not user.can(Permission.DECIDE_ADMISSION):
            return []
        found = [(_("各部门付款情况"), _("部门"), payers(rows)), (_("各地到账情况"), _("地方"), places(rows))]
        return [one for one in found if one[2]]

    def _differing(self, rows: Any) -> list[tuple[Instalment, str, str]]:
        """What communities say otherwise than departments, with the place and the last remark."""
        found = rows.disputed().select_related("admission__application__unit").prefetch_related("receipts")
        held = list(found.order_by("due_on", "region_code")[:DIFFERING])
        names.learn(one.region_code for one in held)
        return [
            (
                one,
                names.title(one.region_code),
                next((said.remark for said in one.receipts.all() if said.cancelled_at is None), ""),
            )
            for one in held
        ]


class Receive(EditPage):
    """/admission/money/<instalment>/receive/: a community says what has come."""

    permission = Permission.GIVE_OPINIONS
    template_name = "admission/receive.html"
    title = _("核对到账")
    intro = _("查一查社区的账，收到多少登记多少。与部门登记的不一样，会请部门和社区办核对。")
    form_class = forms.ReceiptForm
    submit_label = _("登记")
    success_message = _("已登记。")

    def get_object(self) -> Instalment:
        """An instalment of one's own community."""
        user: Any = self.request.user
        found = (
            Instalment.objects.visible(user)
            .select_related("admission__application__unit")
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if found is None or not may_say(user, found.region_code):
            raise Http404
        self.subtitle = (
            f"{found.admission.application.title} · {found.admission.application.unit} · {found.since} 至 {found.until}"
            f" · 应付 {format_yuan(found.amount)} 元，部门登记已付 {format_yuan(found.paid)} 元"
        )
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was said before."""
        said = self.object.receipts.filter(cancelled_at__isnull=True).select_related("user")
        return super().get_context_data(said=said, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """What the department says it paid, less what has come."""
        return {
            "amount": max(self.object.paid - self.object.received, Decimal(0)),
            "received_on": timezone.localdate(),
        }

    def cancel_url(self) -> str:
        """Back to the money."""
        return reverse("admission:dues")

    def perform(self, form: Any) -> str:
        """Record it."""
        actions.record_receipt(acting_user=self.request.user, instalment=self.object, **form.cleaned_data)
        return reverse("admission:dues")


class CancelReceipt(EditPage):
    """/admission/money/receipts/<id>/cancel/"""

    permission = Permission.GIVE_OPINIONS
    title = _("作废这次登记")
    form_class = forms.ReasonForm
    submit_label = _("作废")
    success_message = _("已作废，请重新登记。")
    tone = "danger"

    def get_object(self) -> Receipt:
        """One of one's own community that holds."""
        user: Any = self.request.user
        found = (
            Receipt.objects.filter(
                pk=self.kwargs["pk"],
                cancelled_at__isnull=True,
                instalment__in=Instalment.objects.visible(user),
            )
            .select_related("instalment")
            .first()
        )
        if found is None or not may_say(user, found.instalment.region_code):
            raise Http404
        self.subtitle = f"{found.received_on} {format_yuan(found.amount)} 元"
        return found

    def cancel_url(self) -> str:
        """Back to the form."""
        return reverse("admission:receive", args=[self.object.instalment_id])

    def perform(self, form: Any) -> str:
        """Cancel it."""
        actions.cancel_receipt(
            acting_user=self.request.user, receipt=self.object, reason=form.cleaned_data["reason"]
        )
        return reverse("admission:receive", args=[self.object.instalment_id])


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


class PaymentFile(Visible, SealedFile):
    """/admission/<id>/payments/<file>/: the paper that shows a payment."""

    files = "payments"
