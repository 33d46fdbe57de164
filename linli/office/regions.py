"""The tree of regions: browsing, searching, one region's page. Divisions are public facts; figures of a region are not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import Post, scopes_q
from linli.access.roles import Permission
from linli.facts.plan import Wish, total
from linli.kernel.scope import Scope
from linli.office import actions, region_lives
from linli.pages import html
from linli.pages.filtering import FilterSet
from linli.pages.parts import Kpi
from linli.pages.search import Hit
from linli.pages.tables import Table
from linli.pages.views import EditPage, ListPage, Permitted
from linli.regions import lookup, names
from linli.regions.models import KEY_LENGTH, Level, OfficialCode, Region, Setting

# What a region's page counts: subject, measure, icon.
FIGURES = (
    ("person", "residents", "users"),
    ("household", "households", "home"),
    ("building", "buildings", "building"),
    ("home", "homes", "door"),
    ("organisation", "organisations", "building-store"),
)


def region_choices(
    scopes: Iterable[Scope], *, levels: tuple[Level, ...], limit: int = 1000
) -> list[tuple[str, str]]:
    """Regions of these levels in the scopes, for a combobox: order key and path of names."""
    rows = Region.objects.filter(scopes_q("region_code", scopes), level__in=levels)
    found = list(rows.order_by("region_code")[:limit])
    names.learn(region.region_code for region in found)
    return [
        (
            region.region_code,
            names.path(region.region_code, since=Level.DISTRICT, joint=" › ") or region.title,
        )
        for region in found
    ]


def _below(on: date) -> Count:
    """How many divisions a division has below it on a day."""
    gone = Q(children__valid_from__gt=on) | Q(children__valid_to__lte=on)
    return Count("children", filter=~gone)


def region_url(region: Region) -> str:
    """The page of a region."""
    return reverse("region", args=[region.region_code])


def hits(user: Any, query: str, limit: int) -> list[Hit]:
    """Regions for the global search, those of the user's own area first."""
    if not user.can(Permission.VIEW_REGIONS):
        return []
    scopes = user.scopes(Permission.VIEW_REGIONS)
    own = list(lookup.search(query, scopes)[:limit])
    found = own + [r for r in lookup.search(query)[:limit] if r not in own]
    return [
        Hit(
            r.title,
            names.path(r.region_code, since=Level.PROVINCE, until=Level(r.level), joint=" › "),
            region_url(r),
            "map-pin",
        )
        for r in found[:limit]
    ]


def more_url(query: str) -> str:
    """The list page with the query."""
    from urllib.parse import urlencode

    return f"{reverse('regions')}?{urlencode({'q': query})}"


class RegionFilters(FilterSet):
    """By name, pinyin or code; by level; inside one region."""

    q = django_filters.CharFilter(label=_("名称、拼音或代码"), method="search")
    level = django_filters.ChoiceFilter(label=_("层级"), choices=Level.choices, empty_label=_("全部"))
    inside = django_filters.CharFilter(label=_("上级代码"), method="within")

    setting = django_filters.ChoiceFilter(
        label=_("城乡分类"), choices=[one for one in Setting.choices if one[0]], empty_label=_("全部")
    )

    def search(self, rows: QuerySet[Region], name: str, value: str) -> QuerySet[Region]:
        return rows.filter(pk__in=lookup.search(value).values("pk"))

    def within(self, rows: QuerySet[Region], name: str, value: str) -> QuerySet[Region]:
        return rows.filter(scopes_q("region_code", [Scope.of(value.strip())]))


class RegionTable(Table):
    """Regions."""

    name = tables.Column(verbose_name=_("名称"), attrs={"td": {"class": "title"}})
    level = tables.Column(verbose_name=_("层级"))
    kind = tables.Column(verbose_name=_("类别"))
    codes = tables.Column(verbose_name=_("官方代码"), orderable=False, empty_values=())
    parent = tables.Column(verbose_name=_("上级"), accessor="region_code", orderable=False, empty_values=())
    below = tables.Column(verbose_name=_("下级数"), attrs={"th": {"class": "num"}, "td": {"class": "num"}})

    class Meta(Table.Meta):
        pass

    def render_name(self, record: Region) -> SafeString:
        return html.format_html('<a href="{}">{}</a>', region_url(record), record.name)

    def render_kind(self, record: Region) -> str:
        said = [record.get_kind_display()] if record.kind else []
        if record.setting:
            said.append(record.get_setting_display())
        return " · ".join(said) or html.DASH

    def render_codes(self, record: Any) -> str:
        return "、".join(sorted({code.code for code in record.codes.all()}))

    def render_parent(self, record: Region) -> str:
        return (
            names.path(record.region_code[:-1], since=Level.PROVINCE, joint=" › ") if record.parent_id else ""
        )


class RegionList(ListPage):
    """All divisions, searched by name, pinyin and code."""

    permission = Permission.VIEW_REGIONS
    model = Region
    dated = True
    as_of_says = _("列出的是那一天设着的区划；名称和代码是现在登记的。")
    title = _("区划")
    noun = _("个区划")
    filterset_class = RegionFilters
    table_class = RegionTable
    empty_title = _("没有找到区划")
    empty_hint = _("换个名称、拼音首字母或代码再试。")

    def get_queryset(self) -> QuerySet[Region]:
        rows = Region.objects.annotate(below=_below(self.on)).prefetch_related("codes")
        rows = rows.exclude(valid_from__gt=self.on).exclude(valid_to__lte=self.on)
        if self.request.GET.get("q") or self.request.GET.get("inside"):
            return rows.order_by("level", "region_code")
        user: Any = self.request.user
        mine = scopes_q("region_code", user.scopes(Permission.VIEW_REGIONS))
        return rows.filter(mine).order_by("region_code")


class RegionPage(Permitted, TemplateView):
    """One region: its codes, what is in it, and its figures where one may see them."""

    permission = Permission.VIEW_REGIONS
    template_name = "office/region.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        code = self.kwargs["region_code"]
        region = (
            Region.objects.filter(region_code=code)
            .prefetch_related(Prefetch("codes", OfficialCode.objects.order_by("source", "-version")))
            .first()
        )
        if region is None:
            raise Http404
        today = timezone.localdate()
        crumbs = [
            (names.title(code[:length]), reverse("region", args=[code[:length]]))
            for length in KEY_LENGTH.values()
            if length < len(code)
        ]
        figures = []
        if region.level >= Level.STREET and user.can(Permission.VIEW_STATISTICS, code):
            from linli.facts.dictionary import dictionary

            for subject, measure, icon in FIGURES:
                declared = dictionary.subject(subject).measures[measure]
                value = total(Wish(subject, [region.scope], today), measure)
                figures.append(Kpi(declared.label, value, icon, declared.unit))
        posts = (
            [
                p
                for p in Post.objects.filter(region_code=code).select_related("user", "unit")
                if p.in_force(today)
            ]
            if user.can(Permission.VIEW_REGIONS, code)
            else []
        )
        return super().get_context_data(
            region=region,
            crumbs=crumbs,
            children=region.children.exclude(valid_to__lte=today)
            .annotate(below=_below(today))
            .order_by("region_code"),
            former=region.children.filter(valid_to__lte=today).order_by("-valid_to", "region_code"),
            life=region_lives.of_region(region, user, today),
            is_closed=region.valid_to is not None and region.valid_to <= today,
            figures=figures,
            posts=posts,
            may_edit=user.can(Permission.EDIT_REGIONS, code),
            may_add_grid=region.level == Level.COMMUNITY
            and not (region.valid_to is not None and region.valid_to <= today)
            and user.can(Permission.EDIT_REGIONS, code),
            may_close=region.level == Level.GRID
            and region.valid_to is None
            and user.can(Permission.EDIT_REGIONS, code),
            links=region_lives.links_of(region, user),
            **kwargs,
        )


class _OneRegion(Permitted):
    """The region of the address, where the user may edit regions."""

    permission = Permission.EDIT_REGIONS

    def get_object(self) -> Region:
        user: Any = self.request.user
        code = self.kwargs["region_code"]  # type: ignore[attr-defined]
        found = Region.objects.filter(region_code=code).first()
        if found is None or not user.can(Permission.EDIT_REGIONS, code):
            raise Http404
        return found

    def cancel_url(self) -> str:
        return reverse("region", args=[self.kwargs["region_code"]])  # type: ignore[attr-defined]


class RegionForm(forms.Form):
    """What may be changed of a region; official names come from the official lists."""

    name = forms.CharField(label=_("名称"), max_length=50)
    setting = forms.ChoiceField(
        label=_("城乡分类"),
        choices=Setting.choices,
        required=False,
        help_text=_("按统计用城乡划分：街道的城区、镇的镇区，其余是乡村；列为农村社区建设试点的选最后一项。"),
    )
    address = forms.CharField(label=_("办公地址"), required=False, max_length=200)
    phone = forms.CharField(label=_("办公电话"), required=False, max_length=30)
    postcode = forms.RegexField(
        label=_("邮政编码"),
        regex=r"^\d{6}$",
        required=False,
        error_messages={"invalid": _("邮政编码是 6 位数字。")},
    )


class EditRegion(_OneRegion, EditPage):
    """Change a region's contact facts, and a grid's name."""

    form_class = RegionForm
    title = _("修改区划基本情况")

    def get_initial(self) -> dict[str, Any]:
        return {
            field: getattr(self.object, field)
            for field in ("name", "setting", "address", "phone", "postcode")
        }

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.object.level != Level.COMMUNITY:
            del form.fields["setting"]
        if self.object.level != Level.GRID:
            form.fields["name"].disabled = True
            form.fields["name"].help_text = _("官方名称随区划代码更新，不在这里改。")
        return form

    def perform(self, form: Any) -> str:
        actions.update_region(acting_user=self.request.user, region=self.object, **form.cleaned_data)
        return self.cancel_url()


class CloseGridForm(forms.Form):
    """Why a grid is given up."""

    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如：并入东外第二网格。"))


class CloseGrid(_OneRegion, EditPage):
    """Give a grid up."""

    form_class = CloseGridForm
    title = _("停用网格")
    intro = _("网格里的楼栋要先划到别的网格。停用以后不能再选这个网格，以前的记录都保留。")
    submit_label = _("停用")
    tone = "danger"
    success_message = _("网格已停用。")

    def get_object(self) -> Region:
        """A grid; anything else is not found."""
        found = super().get_object()
        if found.level != Level.GRID:
            raise Http404
        return found

    @property
    def subtitle(self) -> str:
        """Which grid."""
        return self.object.title

    def perform(self, form: Any) -> str:
        """Close it."""
        actions.close_grid(acting_user=self.request.user, grid=self.object, **form.cleaned_data)
        return self.cancel_url()


class GridForm(forms.Form):
    """A grid's name."""

    name = forms.CharField(label=_("网格名称"), max_length=50, help_text=_("例如：东外第五网格。"))


class AddGrid(_OneRegion, EditPage):
    """Add a grid to a community."""

    form_class = GridForm
    title = _("新增网格")

    def perform(self, form: Any) -> str:
        grid = actions.add_grid(acting_user=self.request.user, community=self.object, **form.cleaned_data)
        return region_url(grid)
