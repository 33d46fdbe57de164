"""The pages of places: lists of estates, buildings and homes, the building chart, the page of a home, and their forms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_tables2 as tables
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.kernel import citizen_number, phone
from linli.pages import html
from linli.pages.asof import day_of
from linli.pages.tables import DateColumn, NumberColumn, Table, TagColumn, TitleColumn
from linli.pages.views import BatchAction, DetailPage, HistoryTab, ListPage, Permitted, Tab, asks_for
from linli.registry.places import actions, areas, chart, filters, occupancy
from linli.registry.places.models import Building, Estate, EstateManagement, Home, Management, Tenure, Unit

VIEW, EDIT = Permission.VIEW_PLACES, Permission.EDIT_PLACES
TENURE_TONES = {Tenure.OWNED: "brand", Tenure.LET: "warn"}
OPTIONS = 20
MOST_AT_ONCE = 5_000
"""So many homes are changed in one deed; each is an event of its own."""
LIFT_SOON = 30
"""Days before an inspection runs out from which it is marked."""


def _number_of(model: type[Building] | type[Home] | type[Unit], field: str, on: date | None = None) -> Any:
    """A column that counts the rows of `model` that point here; of homes, those that stand on the day."""
    rows: Any = model.objects.filter(**{field: OuterRef("pk")})
    if model is Home:
        rows = rows.filter(Home.standing(on or timezone.localdate()))
    counted = rows.order_by().values(field).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def _managed(field: str, on: date) -> Any:
    """A column of the management of a day."""
    now = EstateManagement.objects.filter(estate=OuterRef("pk"), period__contains=on)
    return Subquery(now.values(field)[:1])


class AreaColumn(tables.Column):
    """The community, and the grid where there is one."""

    def __init__(self) -> None:
        super().__init__(verbose_name=_("社区"), accessor="region_code")

    def render(self, value: str) -> str:
        """Its spoken name."""
        return areas.community_of(value)


class PageColumn(tables.Column):
    """The column that names the row and leads to its page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={"td": {"class": "title"}}, **kwargs)

    def render(self, record: Any) -> SafeString:
        """A plain link."""
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record)


class EstateTable(Table):
    """The list of estates."""

    name = PageColumn(verbose_name=_("小区"))
    region_code = AreaColumn()
    buildings_count = NumberColumn(verbose_name=_("楼栋"))
    homes_count = NumberColumn(verbose_name=_("户数"))
    way = TagColumn(
        verbose_name=_("管理方式"), tones={"abandoned": "danger", "property": "brand"}, empty_values=()
    )
    company = tables.Column(verbose_name=_("物业公司"))
    contract_until = DateColumn(verbose_name=_("合同到期"))
    built_year = tables.Column(verbose_name=_("建成年份"))

    class Meta(Table.Meta):
        model = Estate
        fields: tuple[str, ...] = ()

    def render_way(self, value: str | None) -> SafeString:
        """As a tag; what nobody recorded is a dash."""
        tones = {"abandoned": "danger", "property": "brand"}
        return html.tag(Management(value).label, tones.get(value, "")) if value else SafeString(html.DASH)

    def render_contract_until(self, value: date) -> SafeString:
        """The day, marked when it has passed or is near."""
        left = (value - timezone.localdate()).days
        shown = f"{value:%Y-%m-%d}"
        if left < 0:
            return html.tag(f"{shown} 已到期", "danger")
        return html.tag(f"{shown} 还有 {left} 天", "warn") if left < 90 else SafeString(shown)


class EstateList(ListPage):
    """/places/"""

    model = Estate
    permission = VIEW
    dated = True
    as_of_says = _("管理方式、物业公司、合同和户数是那一天的；其他是现在登记的。")
    title = _("小区")
    subtitle = _("小区、楼栋、单元、房屋，一层一层往下看")
    noun = _("个小区")
    export_url_name = "places:estates_export"
    filterset_class = filters.EstateFilters
    table_class = EstateTable
    create_url_name = "places:estate_add"
    create_label = _("新增小区")
    create_permission = EDIT
    empty_title = _("还没有小区")
    empty_hint = _("先新增小区，再在小区里新增楼栋、排出楼盘表；也可以从 Excel 导入。")

    def get_queryset(self) -> QuerySet:
        """With the number of buildings and homes."""
        return (
            super()
            .get_queryset()
            .annotate(
                buildings_count=_number_of(Building, "estate"),
                homes_count=_number_of(Home, "building__estate", self.on),
                way=_managed("way", self.on),
                company=_managed("company", self.on),
                contract_until=_managed("contract_until", self.on),
            )
        )


class EstatePage(HistoryTab, DetailPage):
    """/places/estates/<id>/"""

    model = Estate
    permission = VIEW
    template_name = "places/estate.html"
    tabs = (
        Tab("buildings", _("楼栋"), "places/_estate_buildings.html"),
        Tab("facts", _("小区信息"), "places/_estate_facts.html"),
        Tab("managed", _("管理情况"), "places/_estate_managed.html"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its buildings with their numbers."""
        user: Any = self.request.user
        buildings = list(
            Building.objects.permitted(user, VIEW)
            .filter(estate=self.object)
            .annotate(units_count=_number_of(Unit, "building"), homes_count=_number_of(Home, "building"))
            .order_by("position", "name")
        )
        return super().get_context_data(
            area=areas.community_of(self.object.region_code),
            buildings=buildings,
            homes=sum(one.homes_count for one in buildings),
            managements=list(self.object.managements.order_by(F("period").desc())),
            entrances=list(self.object.entrances.all()),
            today=timezone.localdate(),
            crumbs=crumbs(self.object.name),
            can_edit=user.can(EDIT, self.object.region_code),
            **kwargs,
        )


class BuildingTable(Table):
    """The list of buildings."""

    name = PageColumn(verbose_name=_("楼栋"), order_by=("estate__name", "position", "name"))
    region_code = AreaColumn()
    kind = TagColumn(verbose_name=_("类型"))
    units_count = NumberColumn(verbose_name=_("单元"), empty_values=(None, "", 0))
    floors = NumberColumn(verbose_name=_("层数"))
    homes_count = NumberColumn(verbose_name=_("户数"))
    lifts = NumberColumn(verbose_name=_("电梯"))
    built_year = tables.Column(verbose_name=_("建成年份"))

    class Meta(Table.Meta):
        model = Building
        fields: tuple[str, ...] = ()


class BuildingList(ListPage):
    """/places/buildings/"""

    model = Building
    permission = VIEW
    dated = True
    as_of_says = _("户数是那一天有的房屋；楼栋和电梯是现在登记的。")
    title = _("楼盘表")
    subtitle = _("点楼栋名称，看每一户住了谁、怎么住、还缺什么")
    noun = _("栋")
    export_url_name = "places:buildings_export"
    filterset_class = filters.BuildingFilters
    table_class = BuildingTable
    empty_title = _("还没有楼栋")
    empty_hint = _("请先到“小区”里新增小区和楼栋。")

    def get_queryset(self) -> QuerySet:
        """With estates and numbers."""
        rows = super().get_queryset().select_related("estate")
        return rows.annotate(
            units_count=_number_of(Unit, "building"), homes_count=_number_of(Home, "building", self.on)
        )


class HomeTable(Table):
    """The list of homes."""

    full_address = TitleColumn(
        verbose_name=_("地址"), order_by=("region_code", "building", "floor", "position")
    )
    region_code = AreaColumn()
    use = tables.Column(verbose_name=_("房屋用途"))
    tenure = TagColumn(verbose_name=_("居住方式"), tones=TENURE_TONES)
    area = NumberColumn(verbose_name=_("建筑面积（平方米）"))
    owner_name = tables.Column(verbose_name=_("房主"), orderable=False)

    class Meta(Table.Meta):
        model = Home
        fields: tuple[str, ...] = ()

    def render_owner_name(self, value: str, record: Home) -> str:
        """Only for those who may see people there."""
        user: Any = self.request.user
        return value if user.can(Permission.VIEW_PEOPLE, record.region_code) else html.DASH


class HomeList(ListPage):
    """/places/homes/"""

    model = Home
    permission = VIEW
    dated = True
    as_of_says = _("列出的是那一天有的房屋；居住方式、面积和房主是现在登记的。")
    title = _("房屋")
    noun = _("套")
    export_url_name = "places:homes_export"
    filterset_class = filters.HomeFilters
    table_class = HomeTable
    empty_title = _("还没有房屋")
    empty_hint = _("请先新增小区和楼栋，再排出楼盘表。")
    batch_actions = (
        BatchAction(
            "owned",
            _("设为自住"),
            "home",
            EDIT,
            confirm=_("把所选房屋的居住方式改为“自住”？"),
        ),
        BatchAction("let", _("设为出租"), "key", EDIT, confirm=_("把所选房屋的居住方式改为“出租”？")),
    )

    def batch_owned(self, rows: QuerySet) -> str:
        """Make them owner-occupied."""
        return self._set(rows, Tenure.OWNED)

    def batch_let(self, rows: QuerySet) -> str:
        """Make them let."""
        return self._set(rows, Tenure.LET)

    def _set(self, rows: QuerySet, tenure: Tenure) -> str:
        ids = list(rows.order_by().values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            raise RuleError(
                _("一次最多改 %(n)s 套房屋的居住方式，请先按小区或楼栋筛选，分几次改。")
                % {"n": f"{MOST_AT_ONCE:,}"}
            )
        number = actions.set_tenure(acting_user=self.request.user, home_ids=ids, tenure=tenure)
        return f"已把 {number:,} 套房屋改为“{tenure.label}”。"


def crumbs(*places: Estate | Building | str) -> list[tuple[str, str]]:
    """The way down to a page: 小区 / 新兴小区 / 12号楼; the last is where one is."""
    found = [(str(_("小区")), reverse("places:estates"))]
    found += [(one, "") if isinstance(one, str) else (one.name, one.get_absolute_url()) for one in places]
    return found


class Cells:
    """Renders the homes of a chart as links; by hand, for a building may have hundreds."""

    def __init__(self, query: str, show: str) -> None:
        self.show = show
        before, after = reverse("places:home", args=[0]).rsplit("0", 1)
        self.before, self.after = before, f"{after}{query}"
        self.icons = {mark.key: html.icon(mark.icon) for mark in chart.STATES}
        self.care = html.icon(chart.CARE.icon, "is-care")
        self.missing = html.icon(chart.MISSING.icon, "is-missing")

    def __call__(self, cell: chart.Cell | None) -> SafeString:
        """One home; other homes than those shown are dimmed."""
        if cell is None:
            return SafeString("")
        known, tells = cell.known, escape(cell.tells)
        classes = f"home {cell.state.key}{' care' if known.care else ''}"
        if self.show and self.show not in cell.keys:
            classes += " dim"
        return SafeString(
            f'<a class="{classes}" href="{self.before}{cell.home.pk}{self.after}" data-drawer title="{tells}">'
            f'<span class="line"><b>{escape(cell.home.door)}</b><span class="marks">'
            f"{self.missing if cell.missing else ''}{f'{known.people} 人' if known.people else ''}</span></span>"
            f'<span class="line"><span class="says">{self.icons[cell.state.key]}<span>{escape(cell.says)}</span></span>'
            f"{self.care if known.care else ''}</span>"
            f'<span class="visually-hidden">{tells}</span></a>'
        )


class BuildingPage(Permitted, View):
    """/places/buildings/<id>/: the building chart; htmx gets the chart alone.

    ?on= is the day, ?show= an entry of the legend: the other homes stand back.
    """

    model = Building
    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The chart."""
        building = get_object_or_404(self.get_queryset().select_related("estate"), pk=pk)
        user: Any = request.user
        on = day_of(request)
        made = chart.make(building, on, user)
        show = request.GET.get("show", "")
        show = show if made.counts[show] else ""
        today = timezone.localdate()
        query = f"?on={on}" if on != today else ""
        cell = Cells(query, show)
        rows = [(row.label, [[cell(one) for one in group] for group in row.groups]) for row in made.rows]
        context = {
            "title": str(building),
            "building": building,
            "chart": made,
            "area": areas.community_of(building.region_code),
            "rows": rows,
            "loose": [cell(one) for one in made.loose],
            "legend": made.legend,
            "show": show,
            "on": on,
            "is_past": on != today,
            "today": today,
            "clear_url": reverse("people:clear_building", args=[building.pk])
            if user.can(Permission.EDIT_PEOPLE, building.region_code) and on == today
            else "",
            "can_edit": user.can(EDIT, building.region_code),
            "crumbs": crumbs(building.estate, building.name),
            **self._neighbours(building),
        }
        fragment = asks_for(request, "rows")
        return render(request, "places/_chart.html" if fragment else "places/building.html", context)

    def _neighbours(self, building: Building) -> dict[str, Any]:
        """The buildings before and after it in its estate."""
        there = list(
            self.get_queryset()
            .filter(estate_id=building.estate_id)
            .order_by("position", "name")
            .values_list("pk", "name")
        )
        at = next((index for index, (pk, _name) in enumerate(there) if pk == building.pk), 0)
        return {
            "before": there[at - 1] if at > 0 else None,
            "after": there[at + 1] if at + 1 < len(there) else None,
            "siblings": there,
        }


class BuildingFacts(HistoryTab, DetailPage):
    """/places/buildings/<id>/facts/: what is recorded of the building itself, and its history."""

    model = Building
    permission = VIEW
    template_name = "places/building_facts.html"
    tabs = (
        Tab("facts", _("楼栋信息"), "places/_building_facts.html"),
        Tab("units", _("单元"), "places/_units.html"),
    )

    def get_queryset(self) -> QuerySet:
        """With the estate."""
        return super().get_queryset().select_related("estate")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its units with their numbers of homes."""
        user: Any = self.request.user
        return super().get_context_data(
            area=areas.community_of(self.object.region_code),
            crumbs=crumbs(self.object.estate, self.object, str(_("楼栋信息"))),
            lifts=list(self.object.lift_records.all()),
            units=self.object.units.annotate(homes_count=_number_of(Home, "unit")),
            today=timezone.localdate(),
            soon=timezone.localdate() + timedelta(days=LIFT_SOON),
            can_edit=user.can(EDIT, self.object.region_code),
            **kwargs,
        )


class HomePage(HistoryTab, DetailPage):
    """/places/homes/<id>/: who lives there and did, what is recorded of the home, its history. Also the chart's drawer."""

    model = Home
    permission = VIEW
    template_name = "places/home.html"
    tabs = (Tab("who", _("住户与房屋"), "places/_home.html"),)

    def get_queryset(self) -> QuerySet:
        """With building, estate and unit."""
        return super().get_queryset().select_related("building__estate", "unit", "became")

    def history_context(self) -> dict[str, Any]:
        """Changes of the owner only for those who may see people."""
        found = super().history_context()
        user: Any = self.request.user
        if not user.can(Permission.VIEW_PEOPLE, self.object.region_code):
            found["changes"] = [one for one in found["changes"] if not one.label.startswith("房主")]
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The panels of the rooms above, the masked numbers, and what is missing."""
        home: Home = self.object
        user: Any = self.request.user
        on = day_of(self.request)
        found = super().get_context_data(**kwargs)
        if found["current_tab"] is not self.tabs[0]:
            panels, known = [], occupancy.NOBODY
        else:
            known = occupancy.occupancy([home.pk], on, user).get(home.pk, occupancy.NOBODY)
            panels = [
                {"label": panel.label, "template": panel.template, "data": data}
                for panel in occupancy.panels()
                if (data := panel.context(home, on, user)) is not None
            ]
        return found | {
            "area": areas.community_of(home.region_code),
            "crumbs": crumbs(
                home.building.estate, home.building, f"{home.unit.name if home.unit else ''}{home.door}"
            ),
            "on": on,
            "is_past": on != timezone.localdate(),
            "known": known,
            "state": chart.state_of(home, known.people),
            "missing": chart.missing_of(home, known),
            "panels": panels,
            "owner_phone": phone.mask(home.owner_phone) if home.owner_phone else "",
            "owner_id_number": citizen_number.mask(home.owner_id_number) if home.owner_id_number else "",
            "sees_owner": user.can(Permission.VIEW_PEOPLE, home.region_code),
            "can_edit": user.can(EDIT, home.region_code),
            "can_reveal": user.can(Permission.REVEAL_PEOPLE, home.region_code),
        }


class HomeOptions(Permitted, View):
    """/places/homes/options/?q=: homes for a combobox, as JSON {"results": [{value, label, hint}]}.

    Finds by address, short address (xxxq12-3-501) and initials, among the homes the user may see.
    """

    model = Home
    permission = VIEW

    def get(self, request: HttpRequest) -> JsonResponse:
        """At most 20 homes."""
        text = request.GET.get("q", "")[:60]
        there = self.get_queryset().filter(ended_on=None)
        rows = filters.find_homes(there, text) if text.strip() else there.none()
        found = rows.order_by("region_code", "building_id", "unit__position", "floor", "position")
        return JsonResponse(
            {
                "results": [
                    {"value": str(pk), "label": address, "hint": areas.community_of(region)}
                    for pk, address, region in found.values_list("pk", "full_address", "region_code")[
                        :OPTIONS
                    ]
                ]
            }
        )
