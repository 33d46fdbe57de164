"""Homes on returned rosters (房屋信息登记表, 出租房登记表): the home, its owner, its letting, and the hazards found in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.registry.lettings import actions as lettings
from linli.registry.lettings.models import Hazard, LandlordKind, Letting
from linli.registry.places import actions as places
from linli.registry.places.models import Building, Home
from linli.returns import rules
from linli.returns.saying import Row
from linli.returns.takers import lists
from linli.returns.takers.base import (
    HELD,
    Option,
    Parts,
    Said,
    Taker,
    day,
    spoken,
    unit_and_door_of,
    values_of,
)
from linli.returns.takers.letting_rows import LettingRows

EDIT = Permission.EDIT_PLACES
_FIELDS = (
    "use",
    "tenure",
    "area",
    "rooms",
    "ownership",
    "category",
    "layout",
    "origin",
    "certificate",
    "certificate_on",
    "land_paper",
    "land_certificate",
    "land_certificate_on",
    "deed",
    "public_kind",
    "owner_kind",
    "owner_paper",
    "owner_name",
    "owner_phone",
    "owner_id_number",
    "owner_address",
    "note",
)
_LETTING: Final = {
    "landlord_name": "landlord_name",
    "landlord_phone": "landlord_phone",
    "landlord_id_number": "landlord_number",
    "landlord_kind": "landlord_kind",
    "landlord_paper": "landlord_paper",
    "landlord_address": "landlord_address",
    "tenant_name": "tenant_name",
    "letting_use": "use",
    "let_from": "since",
    "let_until": "agreed_until",
    "rent": "rent",
    "rooms_let": "rooms",
    "most": "most",
    "record_number": "record_number",
    "safety_signed": "safety_signed",
    "safe_exit": "safe_exit",
    "fire_lane": "fire_lane",
    "grade": "grade",
}
_OF_BUILDING = "记在楼栋上，请用楼栋名册或在楼栋页面修改"
_OF_ESTATE = "记在小区上，请在小区页面修改"


class HomeTaker(LettingRows, Taker):
    """Rows of homes, matched by estate, building, unit and door, however they are written."""

    subject = "home"
    noun = "房屋"
    page = "places:home"
    permission = EDIT
    measure_word = "套房屋"
    paths: ClassVar[Mapping[str, str]] = {
        "address": "place.text",
        "estate_name": "place.estate",
        "estate.name": "place.estate",
        "building_name": "place.building",
        "building.name": "place.building",
        "building.number": "place.building",
        "unit": "place.unit",
        "door": "place.door",
        "unit_door": "place.unit_door",
        **{field: f"home.{field}" for field in _FIELDS},
        "is_let": "home.is_let",
        **{path: f"letting.{field}" for path, field in _LETTING.items()},
        "hazard": "hazard.kind",
        "hazard_level": "hazard.level",
        "hazard_told": "hazard.told",
    }
    left: ClassVar[Mapping[str, str]] = {
        "structure": _OF_BUILDING,
        "built_year": _OF_BUILDING,
        "building.structure": _OF_BUILDING,
        "property_company": _OF_ESTATE,
        "grid": "网格跟着楼栋走",
        "community": "社区跟着楼栋走",
        "residents": "由住在这里的居民算出",
        "is_empty": "由住在这里的居民算出",
        "floor": "由门牌号推算，要改请在房屋页面改",
    }
    lists = lists.HOME
    numbers = frozenset(("home.owner_id_number", "letting.landlord_number"))
    phones = frozenset(("home.owner_phone", "letting.landlord_phone"))
    strict = frozenset(("hazard.level", "hazard.kind"))
    telling = frozenset(("place",))

    def options(self) -> list[Option]:
        """New doors in buildings that are known, and taking what is held."""
        return [
            Option("register", _("库里没有、所在楼栋在册的，新增房屋")),
            Option("override", _("与库里不同的，都按名册改"), False),
        ]

    # -- planning ------------------------------------------------------------------------------------------------

    def plan(self, said: Said) -> None:
        """Which home each row means; its owner's facts, its letting and hazards."""
        for row, parts in said:
            self._find(row, parts)
        homes = {
            one.pk: one
            for one in Home.objects.filter(pk__in=[row.record for row, _parts in said if row.record])
        }
        self.holding.load(Home, homes)
        self.load_lettings(list(homes))
        seen: dict[int, int] = {}
        for row, parts in said:
            if self.is_second(row, seen):
                continue
            home = homes.get(row.record or 0)
            if home is None:
                continue
            if not self.user.can(EDIT, home.region_code):
                row.kind, row.record = rules.UNKNOWN, None
                row.wrong("", "这套房屋不在您负责的区域。")
                continue
            self._plan_home(row, parts, home)
            self.settle_kind(row)

    def _find(self, row: Row, parts: Parts) -> None:
        place = parts.get("place", {})
        row.who = spoken(place)
        if row.record is not None:
            return
        row.record = self.home_of(place)
        if row.record is not None:
            return
        unit, door = unit_and_door_of(place)
        door_there = self.places.door_of(
            str(place.get("estate", "")), str(place.get("building", "")), unit, door
        ) or self.places.door_in(str(place.get("text", "")))
        if door_there is not None and self.chosen("register"):
            building, unit, door = door_there
            if self.user.can(EDIT, self.places.building_regions[building]):
                self._plan_new(row, parts, building, unit, door)
                return
        row.kind = rules.UNKNOWN
        row.wrong("", f"库里没有“{row.who[:40]}”这套房屋，请核对地址，或先在楼盘表里登记。")

    def _plan_new(self, row: Row, parts: Parts, building: int, unit: str, door: str) -> None:
        row.kind = rules.NEW
        row.do["at"] = {"building": building, "unit": unit, "door": door}
        row.change(_("房屋"), "", f"{unit}{door}")
        home = {key: value for key, value in parts.get("home", {}).items() if key != "is_let"}
        letting = dict(parts.get("letting", {}))
        if address := letting.pop("landlord_address", ""):
            home.setdefault("owner_address", address)
        if parts.get("home", {}).get("is_let") is True:
            home.setdefault("tenure", "let")
        self.new_values(row, "home", Home, home)
        self.plan_new_letting(row, letting, str(home.get("owner_name", "")))
        self.plan_hazard(row, parts.get("hazard", {}), None)

    def _plan_home(self, row: Row, parts: Parts, home: Home) -> None:
        row.who = home.full_address
        said = dict(parts.get("home", {}))
        is_let = said.pop("is_let", None)
        if is_let is True:
            said.setdefault("tenure", "let")
        elif is_let is False and home.tenure == "let":
            row.change(_("是否出租"), _("是"), _("否"), HELD)
        letting = dict(parts.get("letting", {}))
        # The owner's address is kept with the home; of another landlord none is kept.
        address = letting.pop("landlord_address", "")
        if address and all(one.landlord_kind == LandlordKind.OWNER for one in self.running.get(home.pk, [])):
            said.setdefault("owner_address", address)
        self.propose(row, "home", home, said)
        self.plan_letting(
            row,
            letting,
            home,
            is_let=is_let is True or home.tenure == "let",
            owner=home.owner_name or str(said.get("owner_name", "")),
        )
        self.plan_hazard(row, parts.get("hazard", {}), home)

    # -- applying ------------------------------------------------------------------------------------------------

    def register(self, row: Row, said: dict[str, Any]) -> None:
        """A door in a building that is known, in its unit, which is made when the building has none of that name."""
        at = said.pop("at")
        building = Building.objects.select_related("estate").get(pk=at["building"])
        unit = None
        if at["unit"]:
            unit = building.units.filter(name=at["unit"]).first() or places.add_unit(
                acting_user=self.user, building=building, name=at["unit"]
            )
        made = places.add_home(
            acting_user=self.user,
            building=building,
            unit=unit,
            door=at["door"],
            reason=self.reason,
            **values_of(Home, said.pop("home", {})),
        )
        row.record, row.who = made.pk, made.full_address

    def steps(self) -> Sequence[tuple[str, str, Callable[[Row, Any], None]]]:
        """The home, its letting, its hazards."""
        return (
            ("home", _("房屋"), self._update),
            ("letting", _("租约"), self._let),
            ("hazard", _("隐患"), self._report),
        )

    def _update(self, row: Row, said: dict[str, Any]) -> None:
        home = Home.objects.get(pk=row.record or 0)
        places.update_home(acting_user=self.user, home=home, reason=self.reason, **values_of(Home, said))

    def _let(self, row: Row, said: dict[str, Any]) -> None:
        given = dict(said)
        letting, since = given.pop("letting", None), day(given.pop("since", None))
        if letting is None:
            lettings.let(
                acting_user=self.user,
                home=Home.objects.get(pk=row.record or 0),
                since=since,
                reason=self.reason,
                **values_of(Letting, given),
            )
            return
        kept = Letting.objects.get(pk=letting)
        lettings.update_letting(
            acting_user=self.user,
            letting=kept,
            landlord_id=kept.landlord_id,
            tenant_id=kept.tenant_id,
            reason=self.reason,
            **values_of(Letting, given),
        )

    def _report(self, row: Row, said: dict[str, Any]) -> None:
        given = dict(said)
        hazard = given.pop("hazard", None)
        if hazard is not None:
            lettings.update_hazard(
                acting_user=self.user,
                hazard=Hazard.objects.get(pk=hazard),
                reason=self.reason,
                **values_of(Hazard, given),
            )
            return
        lettings.report_hazard(
            acting_user=self.user,
            home=Home.objects.get(pk=row.record or 0),
            reason=self.reason,
            **values_of(Hazard, given),
        )
