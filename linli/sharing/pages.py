"""Pages of those who run sharing: clients, what they may, what they asked; and the documentation of the API."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.facts.dictionary import dictionary
from linli.pages import html
from linli.pages.filtering import FilterSet
from linli.pages.tables import NumberColumn, Table, TitleColumn
from linli.pages.views import DetailPage, HistoryTab, ListPage, Tab
from linli.pages.widgets import DateInput
from linli.regions import names
from linli.sharing import manual
from linli.sharing.models import Call, Client, Operation

VIEW, MANAGE, CONFIRM = (
    Permission.VIEW_SHARING,
    Permission.MANAGE_SHARING,
    Permission.CONFIRM_SHARING,
)
RECENT = 20


class ClientTable(Table):
    """Clients."""

    name = TitleColumn(verbose_name=_("系统名称"))
    unit = tables.Column(verbose_name=_("使用单位"), order_by=("unit__name", "id"))
    responsible = tables.Column(verbose_name=_("责任人"))
    region_code = tables.Column(verbose_name=_("范围"))
    state = tables.Column(verbose_name=_("状态"), accessor="pk", orderable=False)
    valid_to = tables.Column(verbose_name=_("停用日期"))

    class Meta(Table.Meta):
        model = Client
        fields: tuple[str, ...] = ()

    def render_region_code(self, value: str) -> str:
        """The region's name."""
        return names.title(value)

    def render_state(self, record: Client) -> Any:
        """Whether it may call today."""
        if record.in_force(timezone.localdate()):
            return html.tag(_("启用"), "ok")
        return html.tag(_("停用"))

    def render_valid_to(self, value: Any) -> str:
        """The day."""
        return f"{value:%Y-%m-%d}"


class ClientList(ListPage):
    """/sharing/"""

    model = Client
    permission = VIEW
    template_name = "sharing/clients.html"
    title = _("数据共享")
    subtitle = _("部门系统按授权查询，不再让社区重复填报；查了谁、做什么用，都有记录。")
    noun = _("个系统")
    table_class = ClientTable
    create_url_name = "sharing:client_add"
    create_label = _("登记接入方")
    create_permission = MANAGE
    empty_title = _("还没有接入的系统")
    empty_hint = _("先登记接入方，再录入授权并由另一人确认，最后发放密钥。")

    def get_queryset(self) -> QuerySet:
        """With units."""
        return super().get_queryset().select_related("unit")


class ClientPage(HistoryTab, DetailPage):
    """/sharing/<id>/"""

    model = Client
    permission = VIEW
    template_name = "sharing/client.html"
    tabs = (
        Tab("entitlements", _("授权"), "sharing/_entitlements.html"),
        Tab("keys", _("密钥"), "sharing/_keys.html"),
        Tab("calls", _("调用"), "sharing/_calls.html"),
    )

    def get_queryset(self) -> QuerySet:
        """With the unit."""
        return super().get_queryset().select_related("unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Entitlements, keys and the last calls."""
        client: Client = self.object
        user: Any = self.request.user
        today = timezone.localdate()
        dictionary.refresh()
        return super().get_context_data(
            entitlements=list(
                client.entitlements.select_related("granted_by", "confirmed_by").order_by("-id")
            ),
            keys=[
                {"key": one, "usable": one.usable(today)} for one in client.keys.select_related("created_by")
            ],
            calls=list(client.calls.all()[:RECENT]),
            operations=dict(Operation.choices),
            subjects=[
                {"key": one.key, "label": one.label}
                for one in dictionary.subjects()
                if one.page and one.measures
            ],
            in_force=client.in_force(today),
            where=names.title(client.region_code),
            can_manage=user.can(MANAGE, client.region_code),
            can_confirm=user.can(CONFIRM, client.region_code),
            me=user.pk,
            crumbs=[(str(_("数据共享")), reverse("sharing:clients")), (client.name, "")],
            **kwargs,
        )


class CallFilters(FilterSet):
    """By client, purpose and day."""

    purpose = django_filters.CharFilter(label=_("用途"), lookup_expr="contains")
    client = django_filters.ModelChoiceFilter(
        label=_("接入方"), queryset=Client.objects.none(), empty_label=_("全部")
    )
    since = django_filters.DateFilter(
        label=_("开始日期"), field_name="at", lookup_expr="date__gte", widget=DateInput()
    )
    until = django_filters.DateFilter(
        label=_("截止日期"), field_name="at", lookup_expr="date__lte", widget=DateInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        mine.filters["client"].queryset = Client.objects.permitted(self.request.user, VIEW)


class CallTable(Table):
    """Calls."""

    at = tables.DateTimeColumn(verbose_name=_("时间"), format="Y-m-d H:i:s")
    client = tables.Column(verbose_name=_("接入方"), attrs={"td": {"class": "title"}})
    operation = tables.Column(verbose_name=_("用法"))
    purpose = tables.Column(verbose_name=_("用途"))
    asked = NumberColumn(verbose_name=_("查询人数"))
    found = NumberColumn(verbose_name=_("查到人数"))
    status = NumberColumn(verbose_name=_("结果"))
    milliseconds = NumberColumn(verbose_name=_("用时（毫秒）"))
    address = tables.Column(verbose_name=_("来源地址"))

    class Meta(Table.Meta):
        model = Call
        fields: tuple[str, ...] = ()

    def render_operation(self, value: str) -> str:
        """In words."""
        return str(dict(Operation.choices).get(value, _("查看授权") if value == "entitlements" else value))


class CallList(ListPage):
    """/sharing/calls: who asked what, about how many people, what for."""

    model = Call
    permission = VIEW
    title = _("接口调用记录")
    subtitle = _("哪个系统、什么时候、为什么、查了多少人。")
    noun = _("次")
    filterset_class = CallFilters
    table_class = CallTable
    empty_title = _("还没有调用")
    empty_hint = _("接入方每调用一次，记一条：谁、查了什么、为了什么。")

    def get_queryset(self) -> QuerySet:
        """With clients."""
        return super().get_queryset().select_related("client")


class Documentation(TemplateView):
    """/sharing/docs: the API in Chinese, written from its own description; for everybody, it tells nothing of anybody."""

    template_name = "sharing/docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The operations."""
        return super().get_context_data(
            title=_t("数据共享接口"),
            operations=manual.operations(self.request.build_absolute_uri("/").rstrip("/")),
            schema_url=reverse("sharing:api_schema"),
            **kwargs,
        )
