"""The list in force, an item with its way, and what the community office does with it."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.flow.models import Dispatch
from linli.flow.rules import warrants as warrant_rules
from linli.flow.rules.warrants import Per
from linli.gate.catalogue import actions, filters, forms, reading, sheets
from linli.gate.catalogue.models import Basis, Item
from linli.gate.catalogue.pages.shared import (
    MANAGE,
    VIEW,
    ItemsKept,
    ItemsVisible,
    TermsTable,
    home_district,
    keeps,
)
from linli.pages import html
from linli.pages.tables import DateColumn, Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Tab
from linli.regions import names


class ItemTable(TermsTable):
    """Items."""

    class Meta(Table.Meta):
        pass

    def mark(self, record: Any) -> SafeString | str:
        """What is not simply in force is marked."""
        return "" if record.in_force() and not record.suspended else state_tag(record)


def state_tag(item: Item) -> SafeString:
    """In force, resting, coming or gone."""
    today = timezone.localdate()
    if item.since > today:
        return html.tag(_("%(day)s 生效") % {"day": item.since}, "brand")
    if not item.in_force(today):
        return html.tag(item.get_ended_how_display() or _("已到期"))
    if item.suspended:
        return html.tag(_("已暂停"), "danger")
    return html.tag(_("在清单内"), "ok")


class ItemList(ItemsVisible, ListPage):
    """/catalogue/"""

    template_name = "catalogue/items.html"
    title = _("社区事项清单")
    subtitle = _("部门可以要社区做什么，依据是什么，多久一次。清单外的事项，社区可以不接。")
    noun = _("项")
    filterset_class = filters.ItemFilters
    table_class = ItemTable
    exact_count = True
    per_page = 100
    export_url_name = "catalogue:items_file"
    empty_title = _("本区还没有社区事项清单")
    empty_hint = _("社区办在“版次”里起草，可以从示范清单开始。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The edition in force and the ways to the others."""
        user: Any = self.request.user
        district = home_district(user)
        return super().get_context_data(
            edition=reading.current(district) if district else None,
            draft=reading.draft(district) if district and keeps(user, district) else None,
            may_keep=bool(district) and keeps(user, district),
            district=district,
            **kwargs,
        )


class ItemsFile(ItemsVisible, View):
    """/catalogue/file/: the list as the filters leave it."""

    def get(self, request: Any) -> HttpResponse:
        """Excel."""
        found = filters.ItemFilters(request.GET, queryset=self.get_queryset(), request=request)
        return sheets.answer(
            sheets.write_items(list(found.qs), _("社区事项清单")),
            f"社区事项清单{timezone.localdate():%Y%m%d}.xlsx",
        )


class ItemPage(HistoryTab, ItemsVisible, DetailPage):
    """/catalogue/items/<id>/"""

    template_name = "catalogue/item.html"
    tabs = (
        Tab("terms", _("内容"), "catalogue/_terms.html"),
        Tab("sent", _("下派情况"), "catalogue/_sent.html"),
        Tab("editions", _("历次清单"), "catalogue/_entries.html"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The terms with the articles' text, what was sent, the editions it stands in."""
        item: Item = self.object
        user: Any = self.request.user
        today = timezone.localdate()
        context = super().get_context_data(
            one=item,
            state=state_tag(item),
            bases=actions.bases_of(item.bases),
            today=today,
            area=names.path(item.region_code),
            may_keep=keeps(user, item.region_code) and item.in_force_or_coming(),
            crumbs=[(str(_("社区事项清单")), reverse("catalogue:items")), (item.title, "")],
            **kwargs,
        )
        key = context["current_tab"].key
        if key == "sent":
            context |= _sent(item, user)
        if key == "editions":
            context["entries"] = (
                item.entries.filter(edition__published_at__isnull=False)
                .select_related("edition", "into", "unit")
                .order_by("-edition__number")
            )
        return context


def _sent(item: Item, user: Any) -> dict[str, Any]:
    """What was sent under the item in the stretch of its frequency, by community, and the latest sendings."""
    if item.warrant is None:
        return {"rows": [], "latest": []}
    since, until = warrant_rules.stretch(Per(item.per), timezone.localdate(), item.since)
    seen = Dispatch.objects.filter(warrant=item.warrant, cancelled_at__isnull=True).permitted(user, VIEW)
    running = seen.filter(day__gte=since)
    if until is not None:
        running = running.filter(day__lt=until)
    counted = running.values("region_code").annotate(n=Count("pk")).order_by("-n", "region_code")
    return {
        "rows": [(names.title(one["region_code"]), one["n"]) for one in counted],
        "latest": seen.select_related("sender").order_by("-day", "-pk")[:30],
        "since": since,
        "until": until,
    }


class ItemForm(ItemsKept, EditPage):
    """A form about an item."""

    form_class: Any = forms.ReasonForm

    @property
    def subtitle(self) -> str:
        """Which."""
        return str(self.object or "")


class Suspend(ItemForm):
    """/catalogue/items/<id>/suspend/"""

    title = _("暂停事项")
    intro = _("暂停以后，责任部门不能再按这一项下派。已经下派的照常办理。")
    submit_label = _("暂停")
    success_message = _("已暂停。")

    def perform(self, form: Any) -> Item:
        """Let it rest."""
        return actions.suspend(acting_user=self.request.user, item=self.object, **form.cleaned_data)


class Resume(ItemForm):
    """/catalogue/items/<id>/resume/"""

    title = _("恢复事项")
    submit_label = _("恢复")
    success_message = _("已恢复，责任部门可以下派了。")

    @property
    def intro(self) -> str:
        """Why it rests."""
        return str(_("暂停原因：%(why)s") % {"why": self.object.suspended}) if self.object else ""

    def perform(self, form: Any) -> Item:
        """Let it go on."""
        return actions.resume(acting_user=self.request.user, item=self.object, **form.cleaned_data)


class Renew(ItemForm):
    """/catalogue/items/<id>/renew/"""

    title = _("延长有效期")
    form_class: Any = forms.RenewForm
    success_message = _("已延长有效期。")

    @property
    def intro(self) -> str:
        """Until when it holds now."""
        return (
            str(_("现在的有效期到 %(day)s。") % {"day": self.object.until or _("长期")})
            if self.object
            else ""
        )

    def perform(self, form: Any) -> Item:
        """Let it hold longer."""
        return actions.renew(acting_user=self.request.user, item=self.object, **form.cleaned_data)


class Revoke(ItemForm):
    """/catalogue/items/<id>/revoke/"""

    title = _("撤销事项")
    form_class: Any = forms.RevokeForm
    intro = _("撤销以后，这一项退出清单，责任部门不能再下派。撤销后不能恢复，要再做需重新准入。")
    submit_label = _("撤销")
    tone = "danger"
    success_message = _("已撤销。")

    def perform(self, form: Any) -> Item:
        """Take it from the list."""
        return actions.revoke(acting_user=self.request.user, item=self.object, **form.cleaned_data)


class BasisTable(Table):
    """Bases."""

    title = TitleColumn(verbose_name=_("名称"))
    article = tables.Column(verbose_name=_("条款"))
    number = tables.Column(verbose_name=_("文号"))
    kind = tables.Column(verbose_name=_("类别"))
    text = tables.Column(verbose_name=_("原文"), orderable=False, attrs={"td": {"class": "wrap"}})
    effective_on = DateColumn(verbose_name=_("施行"))
    state = tables.Column(verbose_name=_("状态"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        pass

    def render_title(self, value: str) -> str:
        """The name; a basis has no page of its own."""
        return f"《{value.removeprefix('中华人民共和国')}》"

    def render_state(self, record: Basis) -> SafeString:
        """Whether it holds today."""
        return (
            html.tag(_("施行中"), "ok") if record.in_force(timezone.localdate()) else html.tag(_("没有施行"))
        )


class BasisList(ListPage):
    """/catalogue/bases/"""

    permission = VIEW
    model: Any = Basis
    title = _("依据")
    subtitle = _("提到居民委员会的法律条文，和本区补充的文件。起草清单和申请准入时从这里选。")
    noun = _("条")
    filterset_class = filters.BasisFilters
    table_class = BasisTable
    exact_count = True
    create_url_name = "catalogue:basis_add"
    create_label = _("补充文件")
    create_permission = MANAGE

    def get_queryset(self) -> QuerySet:
        """Those of the country and of the user's regions."""
        user: Any = self.request.user
        return actions.selectable(home_district(user))


class BasisAdd(EditPage):
    """/catalogue/bases/add/"""

    permission = MANAGE
    title = _("补充文件")
    intro = _("只收区级以上的文件。街道、部门科室的通知不能作为依据。")
    form_class: Any = forms.DocumentForm
    success_message = _("已补充，起草和申请时可以选用。")

    def cancel_url(self) -> str:
        """The list."""
        return reverse("catalogue:bases")

    def perform(self, form: Any) -> str:
        """Add it."""
        user: Any = self.request.user
        actions.add_document(acting_user=user, region_code=home_district(user), **form.cleaned_data)
        return reverse("catalogue:bases")
