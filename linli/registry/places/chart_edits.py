"""The building chart in edit: homes are ticked on the chart itself, and what is done with them goes to one action."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.audit.recording import RuleError
from linli.pages import html
from linli.pages.views import Permitted
from linli.registry.places import actions, areas, chart, chart_forms, forms, occupancy
from linli.registry.places.edits import EDIT, PlaceEdit
from linli.registry.places.models import Building, Home, HomeUse, Tenure
from linli.registry.places.pages import crumbs

GOES = {
    "merge": "places:homes_merge",
    "split": "places:home_split",
    "doors": "places:homes_doors",
    "end": "places:homes_end",
}


def edit_url(building_id: int, ticked: Iterable[int] = ()) -> str:
    """The chart in edit, with these homes ticked."""
    query = ",".join(map(str, ticked))
    return reverse("places:chart_edit", args=[building_id]) + (f"?homes={query}" if query else "")


def _numbers(text: str) -> list[int]:
    """The homes of an address: 12,13,14."""
    return [int(one) for one in text.split(",") if one.isdecimal() and len(one) < 19][:3000]


def _cell(cell: chart.Cell | None, ticked: Collection[int]) -> SafeString:
    """A home to be ticked."""
    if cell is None:
        return SafeString("")
    home, people = cell.home, cell.known.people
    return SafeString(
        f'<label class="home pick {cell.state.key}"><span class="line"><span><input type="checkbox" name="pk" value="{home.pk}"{" checked" if home.pk in ticked else ""}> '
        f"<b>{escape(home.door)}</b></span>{f'<span>{people} 人</span>' if people else ''}</span>"
        f'<span class="line"><span class="says">{html.icon(cell.state.icon)}<span>{escape(cell.says)}</span></span></span></label>'
    )


class ChartEdit(Permitted, View):
    """/places/buildings/<id>/chart/"""

    model = Building
    permission = EDIT

    def _building(self) -> Building:
        return get_object_or_404(self.get_queryset().select_related("estate"), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The chart with boxes."""
        building = self._building()
        made = chart.make(building, timezone.localdate(), request.user)
        ticked = set(_numbers(request.GET.get("homes", "")))
        rows = [
            (row.label, [[_cell(one, ticked) for one in group] for group in row.groups]) for row in made.rows
        ]
        return render(
            request,
            "places/chart_edit.html",
            {
                "title": f"编辑楼盘表 · {building}",
                "building": building,
                "area": areas.community_of(building.region_code),
                "chart": made,
                "rows": rows,
                "loose": [_cell(one, ticked) for one in made.loose],
                "tenures": Tenure.choices,
                "uses": HomeUse.choices,
                "crumbs": crumbs(building.estate, building, str(_("编辑楼盘表"))),
            },
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or go where more is asked."""
        building = self._building()
        deed = request.POST.get("do", "")
        ids = [int(one) for one in request.POST.getlist("pk") if one.isdecimal() and len(one) < 19]
        ids = list(building.homes.filter(pk__in=ids, ended_on=None).values_list("pk", flat=True))
        needed = {"merge": 2, "doors": 0}.get(deed, 1)
        if len(ids) < needed:
            messages.error(request, _("请先在楼盘表上勾选至少 %(n)d 套房屋。") % {"n": needed})
            return HttpResponseRedirect(edit_url(pk, ids))
        if deed == "split" and len(ids) > 1:
            messages.error(request, _("一次只能拆分一套房屋，请只勾选一套。"))
            return HttpResponseRedirect(edit_url(pk, ids))
        if deed == "split":
            return HttpResponseRedirect(reverse(GOES[deed], args=[ids[0]]))
        if deed in GOES:
            query = urlencode({"homes": ",".join(map(str, ids))}) if ids else ""
            return HttpResponseRedirect(reverse(GOES[deed], args=[pk]) + (f"?{query}" if query else ""))
        try:
            said = self._set(request, deed, ids)
        except RuleError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(edit_url(pk, ids))
        messages.success(request, said)
        return HttpResponseRedirect(edit_url(pk))

    def _set(self, request: HttpRequest, deed: str, ids: list[int]) -> str:
        user: Any = request.user
        if deed == "tenure":
            value = request.POST.get("tenure", "")
            done = actions.set_tenure(acting_user=user, home_ids=ids, tenure=value)
            return f"已把 {done} 套房屋的居住方式改为“{Tenure(value).label}”。"
        if deed == "use":
            value = request.POST.get("use", "")
            done = actions.set_use(acting_user=user, home_ids=ids, use=value)
            return f"已把 {done} 套房屋的用途改为“{HomeUse(value).label}”。"
        raise Http404


class BuildingEditing(PlaceEdit):
    """A form about the chart of a building; it leads back to the chart in edit."""

    model: Any = Building

    def get_queryset(self) -> Any:
        """With the estate."""
        return super().get_queryset().select_related("estate")

    def cancel_url(self) -> str:
        """Back to the chart, with what was ticked."""
        return edit_url(self.object.pk, _numbers(self.request.GET.get("homes", "")))

    def homes(self) -> QuerySet[Home]:
        """The homes ticked, of those that are there; all where none were."""
        wanted = _numbers(self.request.GET.get("homes", ""))
        rows = self.object.homes.filter(ended_on=None).select_related("unit")
        rows = rows.filter(pk__in=wanted) if wanted else rows
        return rows.order_by("unit__position", "floor", "position", "pk")


class FloorAdd(BuildingEditing):
    """/places/buildings/<id>/floors/add/"""

    title = _("加一层")
    form_class: Any = chart_forms.FloorForm
    submit_label = _("加上这一层")

    def get_initial(self) -> dict[str, Any]:
        """The next one up."""
        top = self.object.homes.filter(ended_on=None).order_by("-floor").values_list("floor", flat=True)
        return {"floor": (next((one for one in top if one), 0) or 0) + 1}

    def perform(self, form: Any) -> str:
        """Add it."""
        made = actions.add_floor(acting_user=self.request.user, building=self.object, **form.cleaned_data)
        self.success_message = f"已加第 {form.cleaned_data['floor']} 层，新增 {len(made)} 户。"
        return edit_url(self.object.pk)


class UnitAdd(BuildingEditing):
    """/places/buildings/<id>/units/add/"""

    title = _("加单元")
    form_class: Any = chart_forms.NewUnitForm

    def perform(self, form: Any) -> str:
        """Add it, with its homes where they are given."""
        data = form.cleaned_data
        if data["doors"]:
            actions.add_homes(
                acting_user=self.request.user,
                building=self.object,
                doors=data["doors"],
                new_unit=data["name"],
            )
        else:
            actions.add_unit(acting_user=self.request.user, building=self.object, name=data["name"])
        return edit_url(self.object.pk)


class HomeSplit(PlaceEdit):
    """/places/homes/<id>/split/: first into which doors, then in which of them everybody is."""

    model = Home
    title = _("拆分房屋")
    success_message = _("房屋已拆分。")

    def get_queryset(self) -> Any:
        """Of those that are there."""
        rows = super().get_queryset().filter(ended_on=None)
        return rows.select_related("building__estate", "unit")

    def cancel_url(self) -> str:
        """Back to the chart."""
        return edit_url(self.object.building_id)

    def get_initial(self) -> dict[str, Any]:
        """Two parts, named as doors mostly are."""
        door = self.object.door
        return {"doors": f"{door}A、{door}B"} if self.parts() is None else {}

    def parts(self) -> Any:
        """What was said in the first step, where it was; None for the first step."""
        if "doors" not in self.request.GET:
            return None
        first = chart_forms.SplitForm(self.request.GET)
        return first.cleaned_data if first.is_valid() else None

    @property
    def intro(self) -> str:
        """What this step asks."""
        if self.parts() is None:
            return "拆分后，原来的门牌、面积可以一起改。住在里面的人下一步逐个选择分到哪一户。"
        return "请为住在或户口在这里的每一位选择分到哪一户。"

    @property
    def submit_label(self) -> str:
        """What the button says."""
        return "下一步" if self.parts() is None else "拆分"

    def get_form_class(self) -> Any:
        """By step."""
        return chart_forms.SplitForm if self.parts() is None else chart_forms.AssignForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The second step knows who is there."""
        found = super().get_form_kwargs()
        parts = self.parts()
        if parts is not None:
            found |= {
                "occupants": occupancy.occupants([self.object.pk], self.request.user),
                "doors": parts["doors"],
            }
        return found

    def perform(self, form: Any) -> Any:
        """Split, or ask on."""
        parts, goes = self.parts(), {}
        if parts is None:
            parts = form.cleaned_data
            if occupancy.occupants([self.object.pk], self.request.user):
                query = urlencode({name: form.data.get(name, "") for name in ("doors", "areas", "on")})
                return HttpResponseRedirect(f"{self.request.path}?{query}")
        else:
            goes = form.cleaned_data
        areas_given = parts["areas"] or [None] * len(parts["doors"])
        actions.split_home(
            acting_user=self.request.user,
            home=self.object,
            parts=[actions.Part(door, area) for door, area in zip(parts["doors"], areas_given, strict=True)],
            on=parts["on"],
            goes=goes,
        )
        return edit_url(self.object.building_id)


class HomesMerge(BuildingEditing):
    """/places/buildings/<id>/merge/?homes=1,2"""

    title = _("合并房屋")
    form_class: Any = chart_forms.MergeForm
    template_name = "places/homes_merge.html"
    submit_label = _("合并")
    success_message = _("房屋已合并。")

    def get_initial(self) -> dict[str, Any]:
        """The first of them, and all areas together."""
        homes = list(self.homes())
        known = [one.area for one in homes if one.area is not None]
        return {
            "into": homes[0].pk if homes else None,
            "door": homes[0].door if homes else "",
            "area": sum(known) if homes and len(known) == len(homes) else None,
        }

    def people(self) -> list[occupancy.Occupant]:
        """Everybody in the homes, whichever is kept."""
        return occupancy.occupants([one.pk for one in self.homes()], self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The homes ticked; at least two."""
        if len(self.homes()) < 2 or "homes" not in self.request.GET:
            raise Http404
        return super().get_form_kwargs() | {"homes": self.homes(), "occupants": self.people()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who is in which home."""
        doors = {one.pk: f"{one.unit.name if one.unit else ''}{one.door}" for one in self.homes()}
        return super().get_context_data(
            people=[(doors[one.home_id], one.label) for one in self.people()], **kwargs
        )

    def perform(self, form: Any) -> str:
        """Merge them."""
        data = form.cleaned_data
        into: Home = data["into"]
        keys = {one.key for one in self.people() if one.home_id != into.pk}
        seen = set(filter(None, data["seen"].split(",")))
        if seen != {one.key for one in self.people()}:
            raise RuleError("这几套房屋的住户刚刚有变化，请核对后再合并。")
        actions.merge_homes(
            acting_user=self.request.user,
            building=self.object,
            home_ids=[one.pk for one in self.homes()],
            into=into.pk,
            door=data["door"],
            area=data["area"],
            on=data["on"],
            seen=keys,
        )
        return edit_url(self.object.pk)


class HomesDoors(BuildingEditing):
    """/places/buildings/<id>/doors/?homes=…"""

    title = _("改门牌")
    intro = _("只改门牌号，户里的人和记录不变，地址一起改。两套互换门牌也可以。")
    form_class: Any = chart_forms.DoorsForm
    success_message = _("门牌已改。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The homes ticked, or all."""
        return super().get_form_kwargs() | {"homes": self.homes()}

    def perform(self, form: Any) -> str:
        """Renumber them."""
        actions.renumber(acting_user=self.request.user, building=self.object, doors=form.doors())
        return edit_url(self.object.pk)


class HomesEnd(BuildingEditing):
    """/places/buildings/<id>/end/?homes=…"""

    title = _("注销房屋")
    form_class: Any = chart_forms.EndForm
    submit_label = _("注销")
    tone = "danger"
    success_message = _("房屋已注销，以前的记录仍可查。")

    @property
    def intro(self) -> str:
        """Which homes."""
        doors = [f"{one.unit.name if one.unit else ''}{one.door}" for one in self.homes()]
        return f"注销后这些房屋不再出现在楼盘表上：{'、'.join(doors)}。还登记着住户的不能注销。"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only what was ticked."""
        if "homes" not in self.request.GET:
            raise Http404
        return super().get_form_kwargs()

    def perform(self, form: Any) -> str:
        """End them."""
        actions.end_homes(
            acting_user=self.request.user,
            building=self.object,
            home_ids=[one.pk for one in self.homes()],
            **form.cleaned_data,
        )
        return edit_url(self.object.pk)


class HomeReopen(PlaceEdit):
    """/places/homes/<id>/reopen/"""

    model = Home
    title = _("恢复房屋")
    intro = _("注销错了的房屋可以恢复。门牌已经给了别的房屋的，要先改门牌。")
    form_class: Any = forms.ReasonForm
    submit_label = _("恢复")
    success_message = _("房屋已恢复。")

    def perform(self, form: Any) -> Home:
        """It is there again."""
        return actions.reopen_home(acting_user=self.request.user, home=self.object, **form.cleaned_data)
