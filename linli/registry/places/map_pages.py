"""The overview map of a street or community, the drawing of borders and grids, and where a building stands."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.kernel.scope import Scope
from linli.pages.asof import Dated
from linli.pages.views import EditPage, Permitted
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.places import actions, areas, forms, mapping, occupancy
from linli.registry.places.edits import PlaceEdit
from linli.registry.places.models import Building, Estate

VIEW, EDIT = Permission.VIEW_PLACES, Permission.EDIT_PLACES
TONES = 5  # colours of grids, taken in turn


class MapPage(Dated, Permitted, TemplateView):
    """/places/map/?region=&by=&on=: a street or community from above, today or on another day."""

    permission = VIEW
    dated = True
    as_of_says = _("户、居住的人、网络岗位和管理方式是那一天的；楼栋的位置和网格的边界是现在登记的。")
    template_name = "places/map.html"

    def region(self, choices: list[tuple[str, str]]) -> str:
        """The region asked for, among those the user may see; else that of the user's own post; else the first."""
        user: Any = self.request.user
        wanted = self.request.GET.get("region", "")
        if wanted:
            if not user.can(VIEW, wanted) or not Region.objects.filter(region_code=wanted).exists():
                raise Http404
            return wanted
        own = user.main_post.region_code if user.main_post else ""
        allowed = [code for code, _label in choices]
        return own if own in allowed else (allowed[0] if allowed else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheet, and what it may be coloured by."""
        user: Any = self.request.user
        choices = areas.map_choices(user, VIEW)
        region = self.region(choices)
        layers = [(one.key, one.label) for one in occupancy.map_layers(user)]
        layers.append(("management", _("小区管理方式")))
        by = self.request.GET.get("by", layers[0][0])
        by = by if by in dict(layers) else layers[0][0]
        sheet = mapping.draw(region, user, by, self.on) if region else mapping.Sheet()
        community = (
            region[: KEY_LENGTH[Level.COMMUNITY]] if len(region) >= KEY_LENGTH[Level.COMMUNITY] else ""
        )
        layer = occupancy.map_layer(by)
        return super().get_context_data(
            page_view=self,
            as_of=self.as_of,
            title=f"{names.title(region)}地图" if region else _("地图"),
            sheet=sheet,
            region=region,
            choices=choices if region in dict(choices) else [(region, names.title(region)), *choices],
            by=by,
            layers=layers,
            layer=layer,
            community=community,
            street=region[: KEY_LENGTH[Level.STREET]] if community else "",
            can_draw=bool(community) and user.can(EDIT, community) and not self.past,
            **kwargs,
        )


def _shape(building: Building) -> dict[str, Any] | None:
    """A building for the map's script; None where nobody knows where it stands."""
    if building.outline:
        return {"shape": building.outline}
    if building.longitude is not None and building.latitude is not None:
        return {"point": [float(building.longitude), float(building.latitude)]}
    return None


class GridsPage(Permitted, View):
    """/places/map/grids/<community>/: which grid each building lies in; draw a border or tick buildings, and put them under a grid."""

    permission = EDIT

    def community(self) -> Region:
        """The community of the address, where the user may edit places."""
        user: Any = self.request.user
        code = self.kwargs["region_code"]
        found = Region.objects.filter(region_code=code, level=Level.COMMUNITY, valid_to__isnull=True).first()
        if found is None or not user.can(EDIT, code):
            raise Http404
        return found

    def grids(self, community: Region) -> list[Region]:
        """Its grids in force."""
        return list(
            Region.objects.filter(parent=community, level=Level.GRID, valid_to__isnull=True).order_by(
                "region_code"
            )
        )

    def get(self, request: HttpRequest, region_code: str) -> HttpResponse:
        """The map, and the list that does the same."""
        return self.shown(self.community())

    def shown(self, community: Region, status: int = 200, **kept: Any) -> HttpResponse:
        """The page; `kept` is what was ticked and drawn."""
        user: Any = self.request.user
        grids = self.grids(community)
        buildings = list(
            Building.objects.permitted(user, EDIT)
            .filter(scopes_q("region_code", [Scope.of(community.region_code)]))
            .select_related("estate")
            .order_by("estate__name", "position", "pk")
        )
        tone = {grid.region_code: number % TONES + 1 for number, grid in enumerate(grids)}
        drawn = [
            {"id": one.pk, "label": str(one), "tone": tone.get(one.region_code, 0), **shape}
            for one in buildings
            if (shape := _shape(one)) is not None
        ]
        borders = [
            {"shape": grid.outline, "label": grid.title, "tone": tone[grid.region_code]}
            for grid in grids
            if grid.outline
        ]
        listed: dict[str, list[Building]] = {}
        for one in buildings:
            listed.setdefault(one.region_code, []).append(one)
        parts = [(grid.region_code, grid.title, listed.get(grid.region_code, [])) for grid in grids]
        parts.append((community.region_code, str(_("还没有划入网格")), listed.get(community.region_code, [])))
        context = {
            "title": f"{community.title}的网格",
            "community": community,
            "grids": grids,
            "parts": parts,
            "ticked": kept.get("ticked", set()),
            "outline": kept.get("outline", ""),
            "grid": kept.get("grid", ""),
            "data": {"mode": "grids", "areas": borders, "buildings": drawn, **mapping.tiles()},
            "unplaced": len(buildings) - len(drawn),
            "crumbs": [
                (str(_("地图")), f"{reverse('places:map')}?region={community.region_code}"),
                (str(_("网格")), ""),
            ],
            "may_add": user.can(Permission.EDIT_REGIONS, community.region_code),
        }
        return render(self.request, "places/grids.html", context, status=status)

    def post(self, request: HttpRequest, region_code: str) -> HttpResponse:
        """Put the ticked buildings under the grid, and keep the border that was drawn."""
        community = self.community()
        ids = [int(one) for one in request.POST.getlist("buildings") if one.isdecimal() and len(one) < 19]
        grid, text = request.POST.get("grid", ""), request.POST.get("outline", "")
        allowed = {community.region_code, *(one.region_code for one in self.grids(community))}
        try:
            if grid not in allowed:
                raise RuleError("请选择要划入的网格。", field="grid")
            if not ids and not text:
                raise RuleError("请先在地图上画出范围，或勾选楼栋。", field="buildings")
            done = actions.draw_grid(
                acting_user=request.user, region_code=grid, outline=_corners(text), building_ids=ids
            )
        except RuleError as error:
            messages.error(request, error.message)
            return self.shown(community, 422, ticked=set(ids), outline=text, grid=grid)
        said = f"已把 {done.buildings} 栋楼、{done.homes} 户划入{names.title(grid)}。" if done else "已保存。"
        messages.success(request, said)
        return HttpResponseRedirect(request.path)


def _corners(text: str) -> Any:
    """What the map's script wrote into the form; the rules judge it."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return "?"


class PositionEdit(PlaceEdit):
    """Where a place stands: drawn on the map, or typed."""

    template_name = "places/position.html"
    intro = _("点“画轮廓”，在图上依次点出各个角，再点“画完”。知道经纬度的也可以直接填写。")

    def neighbours(self) -> list[Building]:
        """The buildings around, as the base."""
        community = self.object.region_code[: KEY_LENGTH[Level.COMMUNITY]]
        return list(Building.objects.filter(region_code__startswith=community).select_related("estate"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The map's data: the neighbours, and the borders of grids."""
        community = self.object.region_code[: KEY_LENGTH[Level.COMMUNITY]]
        drawn = [
            {"id": one.pk, "label": str(one), "tone": 1 if one == self.object else 0, **shape}
            for one in self.neighbours()
            if (shape := _shape(one)) is not None
        ]
        borders = [
            {"shape": one.outline, "label": "", "tone": 0}
            for one in Region.objects.filter(region_code__startswith=community, outline__isnull=False)
            if one.outline
        ]
        return super().get_context_data(
            data={"mode": "outline", "areas": borders, "buildings": drawn, **mapping.tiles()}, **kwargs
        )


class BuildingPosition(PositionEdit):
    """/places/buildings/<id>/position/"""

    model = Building
    title = _("楼栋位置")
    form_class: Any = forms.PositionForm

    def get_queryset(self) -> Any:
        """With the estate."""
        return super().get_queryset().select_related("estate")

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {
            "longitude": self.object.longitude,
            "latitude": self.object.latitude,
            "outline": json.dumps(self.object.outline) if self.object.outline else "",
        }

    def cancel_url(self) -> str:
        """Back to the building's facts."""
        return reverse("places:building_facts", args=[self.object.pk])

    def perform(self, form: Any) -> str:
        """Keep it."""
        actions.update_building(acting_user=self.request.user, building=self.object, **form.cleaned_data)
        return self.cancel_url()


class EstateOutline(PositionEdit):
    """/places/estates/<id>/outline/"""

    model = Estate
    title = _("小区范围")
    form_class: Any = forms.OutlineForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"outline": json.dumps(self.object.outline) if self.object.outline else ""}

    def perform(self, form: Any) -> Estate:
        """Keep it."""
        return actions.update_estate(acting_user=self.request.user, estate=self.object, **form.cleaned_data)


class CommunityBorder(EditPage):
    """/places/map/border/<community>/: the border of a community, drawn over the buildings of its street."""

    permission = Permission.EDIT_REGIONS
    template_name = "places/position.html"
    title = _("社区边界")
    intro = _(
        "点“画轮廓”，沿社区的边界依次点出各个角，再点“画完”。深色的是这个社区的楼栋。边界只画在图上；楼栋要划给别的社区，请用“社区调整”。"
    )
    form_class: Any = forms.OutlineForm
    success_message = _("已保存社区边界。")

    def get_object(self) -> Region:
        """The community of the address, where the user may edit regions."""
        user: Any = self.request.user
        code = self.kwargs["region_code"]
        found = Region.objects.filter(region_code=code, level=Level.COMMUNITY, valid_to__isnull=True).first()
        if found is None or not user.can(Permission.EDIT_REGIONS, code):
            raise Http404
        return found

    @property
    def subtitle(self) -> str:
        """Which community."""
        return str(self.object.title)

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"outline": json.dumps(self.object.outline) if self.object.outline else ""}

    def cancel_url(self) -> str:
        """Back to the division's page."""
        return reverse("region", args=[self.object.region_code])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The buildings of the street, and the borders of the other communities."""
        own = self.object.region_code
        street = own[: KEY_LENGTH[Level.STREET]]
        seen = Building.objects.permitted(self.request.user, VIEW)
        buildings = seen.filter(region_code__startswith=street).select_related("estate")
        drawn = [
            {"id": one.pk, "label": str(one), "tone": int(one.region_code.startswith(own)), **shape}
            for one in buildings[: mapping.MOST]
            if (shape := _shape(one)) is not None
        ]
        others = Region.objects.filter(
            region_code__startswith=street,
            level=Level.COMMUNITY,
            valid_to__isnull=True,
            outline__isnull=False,
        ).exclude(region_code=own)
        borders = [{"shape": one.outline, "label": one.title, "tone": 0} for one in others if one.outline]
        return super().get_context_data(
            data={"mode": "outline", "areas": borders, "buildings": drawn, **mapping.tiles()}, **kwargs
        )

    def perform(self, form: Any) -> str:
        """Keep it."""
        actions.draw_border(
            acting_user=self.request.user, region_code=self.object.region_code, **form.cleaned_data
        )
        return self.cancel_url()
