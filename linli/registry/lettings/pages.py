"""The pages of rented homes."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import citizen_number
from linli.kernel import phone as phones
from linli.pages import html
from linli.pages.tables import MoneyColumn, Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Tab
from linli.registry.lettings import actions, filters, forms
from linli.registry.lettings.models import Hazard, Letting
from linli.registry.people.models import describe_period
from linli.registry.places import areas
from linli.registry.places.forms import PurposeForm, sealed_changes
from linli.registry.places.models import Home

VIEW, EDIT = Permission.VIEW_PEOPLE, Permission.EDIT_PLACES


class LettingTable(Table):
    """Lettings."""

    home = TitleColumn(verbose_name=_("房屋"), order_by=("home__building", "home__floor", "home__position"))
    region_code = tables.Column(verbose_name=_("社区"))
    landlord_name = tables.Column(verbose_name=_("出租人"))
    tenant_name = tables.Column(verbose_name=_("承租人"))
    rent = MoneyColumn(verbose_name=_("月租金（元）"))
    agreed_until = tables.Column(verbose_name=_("租约到期"))
    hazards = tables.Column(verbose_name=_("隐患"), empty_values=())

    class Meta(Table.Meta):
        model = Letting
        fields: tuple[str, ...] = ()

    def render_home(self, record: Letting) -> SafeString:
        """The address, to the letting's drawer."""
        return html.drawer_link(record.get_absolute_url(), record.home.full_address)

    def render_region_code(self, value: str) -> str:
        """Its spoken name."""
        return areas.community_of(value)

    def render_agreed_until(self, value: Any, record: Letting) -> SafeString:
        """Marked when it has passed, or is near, while the letting runs."""
        left = (value - timezone.localdate()).days
        shown = f"{value:%Y-%m-%d}"
        if record.period.upper is not None or left >= 30:
            return SafeString(shown)
        return html.tag(f"{shown} 到期未续", "danger") if left < 0 else html.tag(f"{shown} 快到期", "warn")

    def render_hazards(self, record: Any) -> SafeString:
        """Open hazards, else whether anybody has looked."""
        if record.hazards:
            return html.tag(f"{record.hazards} 处未整改", "danger")
        return html.tag("安全", "ok") if record.checked_on else html.tag("未检查")


class LettingList(ListPage):
    """/lettings/"""

    model = Letting
    permission = VIEW
    dated = True
    as_of_says = _("列出的是那一天在租的租约；隐患是现在没有整改的。")
    title = _("出租房")
    subtitle = _("谁出租、谁承租、几时到期、有没有隐患")
    noun = _("份租约")
    filterset_class = filters.LettingFilters
    table_class = LettingTable
    empty_title = _("还没有登记租约")
    empty_hint = _("打开一套房屋，在“出租”里点“登记租约”。")

    def get_queryset(self) -> QuerySet:
        """With homes and the number of open hazards."""
        open_ones: Any = Hazard.objects.filter(home=OuterRef("home"), fixed_on=None).order_by()
        counted = open_ones.values("home").annotate(n=Count("pk")).values("n")
        rows = super().get_queryset().select_related("home")
        return rows.annotate(hazards=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


class LettingPage(HistoryTab, DetailPage):
    """/lettings/<id>/"""

    model = Letting
    permission = VIEW
    template_name = "lettings/letting.html"
    tabs = (Tab("facts", _("租约"), "lettings/_letting.html"),)

    def get_queryset(self) -> QuerySet:
        """With the home and the people."""
        return super().get_queryset().select_related("home", "landlord", "tenant")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Masked numbers, and the home's hazards."""
        user: Any = self.request.user
        one: Letting = self.object
        landlord = one.landlord_phone or (one.landlord.phone if one.landlord else "")
        tenant = one.tenant_phone or (one.tenant.phone if one.tenant else "")
        return super().get_context_data(
            area=areas.community_of(one.region_code),
            period=describe_period(one.period),
            running=one.period.upper is None,
            landlord_phone=phones.mask(landlord) if landlord else "",
            tenant_phone=phones.mask(tenant) if tenant else "",
            landlord_number=citizen_number.mask(one.landlord_number) if one.landlord_number else "",
            hazards=list(one.home.hazards.all()),
            today=timezone.localdate(),
            crumbs=[(str(_("出租房")), reverse("lettings:list")), (one.home.full_address, "")],
            can_edit=user.can(EDIT, one.region_code),
            can_reveal=user.can(Permission.REVEAL_PEOPLE, one.region_code),
            **kwargs,
        )


class HomeForm(EditPage):
    """A form about a home."""

    model: Any = Home
    permission = EDIT

    @property
    def subtitle(self) -> str:
        """Which."""
        return str(self.object) if self.object is not None else ""


class AddLetting(HomeForm):
    """/lettings/home/<home id>/add/"""

    title = _("登记租约")
    form_class: Any = forms.LettingForm
    success_message = _("已登记租约。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """People are picked among those the user may see."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """The owner lets, mostly."""
        return {"landlord_name": self.object.owner_name, "use": "02"}

    def perform(self, form: Any) -> Letting:
        """Let it."""
        data = sealed_changes(form.cleaned_data, actions.REVEALED)
        return actions.let(
            acting_user=self.request.user,
            home=self.object,
            landlord_id=data.pop("landlord"),
            tenant_id=data.pop("tenant"),
            **data,
        )


class LettingForm(EditPage):
    """A form about a letting."""

    model: Any = Letting
    permission = EDIT

    def get_queryset(self) -> Any:
        """With the home."""
        return super().get_queryset().select_related("home")

    @property
    def subtitle(self) -> str:
        """Which."""
        return str(self.object.home) if self.object is not None else ""


class EditLetting(LettingForm):
    """/lettings/<id>/edit/"""

    title = _("修改租约")
    form_class: Any = forms.LettingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """People are picked among those the user may see."""
        return super().get_form_kwargs() | {"user": self.request.user, "letting": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return forms.initial_of(self.object, forms.LettingForm)

    def perform(self, form: Any) -> Letting:
        """Change it."""
        data = sealed_changes(form.cleaned_data, actions.REVEALED)
        return actions.update_letting(
            acting_user=self.request.user,
            letting=self.object,
            landlord_id=data.pop("landlord"),
            tenant_id=data.pop("tenant"),
            **data,
        )


class EndLetting(LettingForm):
    """/lettings/<id>/end/"""

    title = _("办理退租")
    intro = _("退租后，住在里面的人请另外办理迁出。")
    form_class: Any = forms.EndForm
    submit_label = _("退租")
    success_message = _("已办理退租。")

    def perform(self, form: Any) -> Letting:
        """End it."""
        return actions.end_letting(acting_user=self.request.user, letting=self.object, **form.cleaned_data)


class RevealLetting(LettingForm):
    """/lettings/<id>/numbers/: phones and numbers in full, for a stated purpose."""

    permission = Permission.REVEAL_PEOPLE
    title = _("查看号码")
    intro = _("电话和证件号码平时隐去中间几位。请填写用途，查看会被记录。")
    form_class: Any = PurposeForm
    submit_label = _("查看")

    def get_object(self) -> Any:
        """A letting that the user may also look at."""
        found = super().get_object()
        user: Any = self.request.user
        if not user.can(VIEW, found.region_code):
            raise Http404
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        """Record, then show."""
        letting = actions.reveal(
            acting_user=self.request.user, letting=self.object, purpose=form.cleaned_data["purpose"]
        )
        self.template_name = "lettings/numbers.html"
        return self.render_to_response(self.get_context_data(form=form) | {"letting": letting})


class ReportHazard(HomeForm):
    """/lettings/home/<home id>/hazard/"""

    title = _("登记隐患")
    form_class: Any = forms.HazardForm

    def get_initial(self) -> dict[str, Any]:
        """Ordinary, mostly."""
        return {"severity": "ordinary"}

    def perform(self, form: Any) -> Hazard:
        """Report it."""
        return actions.report_hazard(acting_user=self.request.user, home=self.object, **form.cleaned_data)


class EditHazard(EditPage):
    """/lettings/hazards/<id>/edit/"""

    model = Hazard
    permission = EDIT
    title = _("整改隐患")
    form_class: Any = forms.HazardForm

    @property
    def subtitle(self) -> str:
        """Which."""
        return str(self.object.home) if self.object is not None else ""

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return forms.initial_of(self.object, forms.HazardForm)

    def perform(self, form: Any) -> Hazard:
        """Change it."""
        return actions.update_hazard(acting_user=self.request.user, hazard=self.object, **form.cleaned_data)
