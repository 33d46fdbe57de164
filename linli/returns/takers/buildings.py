"""Buildings and estates on returned rosters (楼宇信息登记表, 小区台账): their facts and who manages the estate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.registry.places import actions as places
from linli.registry.places.models import Building, Estate, EstateManagement
from linli.returns import rules
from linli.returns.saying import Coded, Row, differs
from linli.returns.takers import lists
from linli.returns.takers.base import Option, Parts, Said, Taker, day, same_address, values_of

EDIT = Permission.EDIT_PLACES
_ESTATE: Final = ("developer", "parking_indoor", "parking_outdoor", "safety_officer", "safety_phone")
_MANAGEMENT: Final = {
    "property_company": "company",
    "property_phone": "phone",
    "property_fee": "fee",
    "contract_until": "contract_until",
    "managed_since": "since",
    "management": "way",
}
# What a row about a whole estate may say with the columns of buildings.
_OF_BOTH: Final = ("address", "built_year", "heating")


class EstateRows(Taker):
    """What is said of estates: their facts and their management."""

    permission = EDIT

    def load_estates(self, ids: Sequence[int]) -> dict[int, Estate]:
        """Estates by number, with who manages them now."""
        found = {one.pk: one for one in Estate.objects.filter(pk__in=ids)}
        rows = EstateManagement.objects.filter(
            estate__in=found, period__endswith__isnull=True, period__isempty=False
        )
        self.managed = {one.estate_id: one for one in rows}
        self.holding.load(Estate, found)
        self.holding.load(EstateManagement, [one.pk for one in self.managed.values()])
        return found

    def plan_estate(self, row: Row, parts: Parts, estate: Estate) -> None:
        """What would change of an estate."""
        self.propose(row, "estate", estate, parts.get("estate", {}))
        self._plan_management(row, dict(parts.get("management", {})), estate)

    def _plan_management(self, row: Row, said: dict[str, Any], estate: Estate) -> None:
        """Details of the company that is there are put right; another company takes over on a day, on the estate's page."""
        now = self.managed.get(estate.pk)
        since = said.pop("since", None)
        way = said.pop("way", "")
        if isinstance(way, Coded) and way.error:
            row.wrong(_("管理方式"), way.error)
            way = ""
        if now is None:
            if said.get("company") or way:
                self.new_values(row, "management", EstateManagement, {"way": str(way) or "property"} | said)
                if since:
                    row.do["management"]["since"] = f"{since:%Y-%m-%d}"
            return
        company = str(said.pop("company", ""))
        if (company and differs(now.company, company)) or (way and str(way) != now.way):
            shown = company or lists.ESTATE["management.way"].label(str(way))
            row.change(_("物业管理"), now.tells, shown, _("换物业要写明日期，请到小区页面办理"))
            return
        before = len(row.do)
        self.propose(row, "management", now, said)
        if len(row.do) > before:
            row.do["management"]["management"] = now.pk

    def do_estate(self, estate: Estate, said: dict[str, Any]) -> None:
        """Change an estate."""
        places.update_estate(
            acting_user=self.user, estate=estate, reason=self.reason, **values_of(Estate, said)
        )

    def do_management(self, estate: Estate, said: dict[str, Any]) -> None:
        """Put right who manages an estate, or say so for the first time."""
        given = dict(said)
        number, since = given.pop("management", None), day(given.pop("since", None))
        values = values_of(EstateManagement, given)
        if number is None:
            places.set_management(
                acting_user=self.user, estate=estate, since=since, reason=self.reason, **values
            )
            return
        places.correct_management(
            acting_user=self.user,
            management=EstateManagement.objects.get(pk=number),
            reason=self.reason,
            **values,
        )


class EstateTaker(EstateRows):
    """Rows of estates, matched by name."""

    subject = "estate"
    noun = "小区"
    page = "places:estate"
    measure_word = "个小区"
    paths: ClassVar[Mapping[str, str]] = {
        "name": "place.estate",
        **{field: f"estate.{field}" for field in ("address", "built_year", "heating", *_ESTATE)},
        **{path: f"management.{field}" for path, field in _MANAGEMENT.items()},
    }
    left: ClassVar[Mapping[str, str]] = {
        "buildings": "由楼栋算出",
        "homes": "由楼盘表算出",
        "residents": "由居住在这里的居民算出",
        "entrances": "由登记的出入口算出",
    }
    lists = lists.ESTATE
    phones = hotlines = frozenset(("estate.safety_phone", "management.phone"))
    telling = frozenset(("place",))

    def options(self) -> list[Option]:
        """New estates where the form is a community's, and taking what is held."""
        return [
            Option("register", _("库里没有的小区，新增小区")),
            Option("override", _("与库里不同的，都按名册改"), False),
        ]

    def plan(self, said: Said) -> None:
        """Which estate each row means, and what would change."""
        for row, parts in said:
            row.who = str(parts.get("place", {}).get("estate", ""))
            row.record = self.places.estates.get(self.places.key(row.who)) if row.who else None
        estates = self.load_estates([row.record for row, _parts in said if row.record])
        seen: dict[int, int] = {}
        for row, parts in said:
            if self.is_second(row, seen):
                continue
            estate = estates.get(row.record or 0)
            if estate is not None and self.user.can(EDIT, estate.region_code):
                self.plan_estate(row, parts, estate)
                self.settle_kind(row)
            elif (
                estate is None
                and row.who
                and self.chosen("register")
                and len(self.returned.region_code) >= 12
            ):
                row.kind = rules.NEW
                row.change(_("小区"), "", row.who)
                self.new_values(row, "estate", Estate, parts.get("estate", {}))
                self._plan_management(row, dict(parts.get("management", {})), Estate())
            else:
                row.kind, row.record = rules.UNKNOWN, None
                row.wrong("", f"库里没有“{row.who[:40]}”这个小区，请核对名称；新小区请选一个社区再传。")

    def register(self, row: Row, said: dict[str, Any]) -> None:
        """An estate of the community for which the form is."""
        made = places.add_estate(
            acting_user=self.user,
            region_code=self.returned.region_code,
            name=row.who,
            reason=self.reason,
            **values_of(Estate, said.pop("estate", {})),
        )
        row.record = made.pk

    def steps(self) -> Sequence[tuple[str, str, Callable[[Row, Any], None]]]:
        """The estate, and who manages it."""
        return (
            ("estate", _("小区"), lambda row, said: self.do_estate(Estate.objects.get(pk=row.record), said)),
            (
                "management",
                _("物业管理"),
                lambda row, said: self.do_management(Estate.objects.get(pk=row.record), said),
            ),
        )


class BuildingTaker(EstateRows):
    """Rows of buildings, matched by estate and name; a row may be about a whole estate (小区/建筑名称)."""

    subject = "building"
    noun = "楼栋"
    page = "places:building"
    measure_word = "栋楼"
    paths: ClassVar[Mapping[str, str]] = {
        "name": "place.name",
        "number": "place.number",
        "estate.name": "place.estate",
        "estate_name": "place.estate",
        **{
            field: f"building.{field}"
            for field in (
                "address",
                "kind",
                "floors",
                "basements",
                "lifts",
                "lifts_since",
                "lifts_checked_until",
                "built_year",
                "has_gas",
                "heating",
                "structure",
                "area",
                "longitude",
                "latitude",
            )
        },
        **{f"estate.{field}": f"estate.{field}" for field in _ESTATE},
        **{
            f"{before}{path}": f"management.{_MANAGEMENT[path]}"
            for before in ("", "estate.")
            for path in ("property_company", "property_phone", "property_fee")
        },
    }
    left: ClassVar[Mapping[str, str]] = {
        "grid": "楼栋划到别的网格请在楼栋页面改，住户跟着走",
        "homes": "由楼盘表算出",
        "units": "由楼盘表算出",
        "residents": "由居住在这里的居民算出",
        "shops": "由楼里的商铺算出",
        "estate.buildings": "由楼栋算出",
        "door_heads": "楼门栋长在“网格与楼门”里任免",
    }
    lists: ClassVar[Any] = lists.BUILDING | lists.ESTATE
    phones = hotlines = frozenset(("estate.safety_phone", "management.phone"))
    telling = frozenset(("place",))

    def options(self) -> list[Option]:
        """New buildings of estates that are known, and taking what is held."""
        return [
            Option("register", _("库里没有、所在小区在册的，新增楼栋")),
            Option("override", _("与库里不同的，都按名册改"), False),
        ]

    def plan(self, said: Said) -> None:
        """Which building, or estate, each row means, and what would change."""
        whole: dict[int, int] = {}
        for number, (row, parts) in enumerate(said):
            estate = self._find(row, parts.get("place", {}))
            if estate is not None:
                whole[number] = estate
        buildings = {
            one.pk: one
            for one in Building.objects.select_related("estate").filter(
                pk__in=[row.record for row, _parts in said if row.record]
            )
        }
        self.holding.load(Building, buildings)
        estates = self.load_estates([*whole.values(), *{one.estate_id for one in buildings.values()}])
        seen: dict[int, int] = {}
        for number, (row, parts) in enumerate(said):
            if self.is_second(row, seen):
                continue
            building = buildings.get(row.record or 0)
            if building is not None:
                if not self.user.can(EDIT, building.region_code):
                    row.kind, row.record = rules.UNKNOWN, None
                    row.wrong("", "这栋楼不在您负责的区域。")
                    continue
                self._plan_building(row, parts, building, estates[building.estate_id])
            elif number in whole and self.user.can(EDIT, estates[whole[number]].region_code):
                self._plan_whole(row, parts, estates[whole[number]])
            elif row.kind == rules.NEW:
                self.new_values(row, "building", Building, parts.get("building", {}))
            else:
                row.kind = rules.UNKNOWN
                row.wrong("", f"库里没有“{row.who[:40]}”这栋楼，请核对小区和楼栋名称，或先登记小区。")

    def _find(self, row: Row, place: Mapping[str, Any]) -> int | None:
        """The building a row means, as its record; or the estate, given back."""
        name, estate = str(place.get("name", "")), str(place.get("estate", ""))
        row.who = name or f"{estate}{place.get('number', '')}"
        row.record = (
            self.places.building(estate, name)
            or self.places.building(estate, str(place.get("number", "")))
            or (self.places.building_at_end_of(name) if name else None)
        )
        if row.record is not None:
            return None
        whole = self.places.estates.get(self.places.key(name)) if name else None
        if whole is not None and not place.get("number"):
            return whole
        key = self.places.key(name)
        found = self.places.estates.get(self.places.key(estate)) if estate else None
        rest = name or str(place.get("number", ""))
        if found is None:
            named = next(
                (one for one in sorted(self.places.estates, key=len, reverse=True) if key.startswith(one)), ""
            )
            found, rest = self.places.estates.get(named), name[len(named) :] if named else ""
        if found is not None and rest and self.chosen("register"):
            row.kind = rules.NEW
            row.do["at"] = {"estate": found, "name": rest}
            row.change(_("楼栋"), "", rest)
        return None

    def _plan_building(self, row: Row, parts: Parts, building: Building, estate: Estate) -> None:
        row.who = str(building)
        said = dict(parts.get("building", {}))
        # A building without an address or heating of its own has its estate's.
        if not building.address and same_address(estate.address, str(said.get("address", ""))):
            said.pop("address")
        if not building.heating and "heating" in said and said["heating"] == estate.heating:
            said.pop("heating")
        self.propose(row, "building", building, said)
        self.plan_estate(row, parts, estate)
        if {"estate", "management"} & set(row.do):
            row.do["of"] = estate.pk
        self.settle_kind(row)

    def _plan_whole(self, row: Row, parts: Parts, estate: Estate) -> None:
        row.who = estate.name
        said = parts.get("building", {})
        own = {key: value for key, value in said.items() if key in _OF_BOTH}
        for name in said.keys() - own.keys() - {"kind"}:
            field: Any = Building._meta.get_field(name)
            row.change(str(field.verbose_name), "", str(said[name]), _("这一行是整个小区，请按楼栋填"))
        self.plan_estate(row, {**parts, "estate": own | parts.get("estate", {})}, estate)
        row.do["of"] = estate.pk
        self.settle_kind(row)
        if row.kind in (rules.SAME, rules.CONFLICT):
            row.do.clear()

    # -- applying ------------------------------------------------------------------------------------------------

    def apply(self, row: Row) -> None:
        """New buildings first get what the row says besides their estate."""
        if row.kind == rules.NEW:
            self.step(row, _("登记"), self.register, row.do)
            return
        for key, label, action in self.steps():
            if row.do.get(key):
                self.step(row, label, action, row.do[key])

    def register(self, row: Row, said: dict[str, Any]) -> None:
        """A building of an estate that is known."""
        at = said["at"]
        made = places.add_building(
            acting_user=self.user,
            estate=Estate.objects.get(pk=at["estate"]),
            name=at["name"],
            reason=self.reason,
            **values_of(Building, said.get("building", {})),
        )
        row.record, row.who = made.pk, str(made)

    def steps(self) -> Sequence[tuple[str, str, Callable[[Row, Any], None]]]:
        """The building, its estate, and who manages that."""
        return (
            ("building", _("楼栋"), self._update),
            ("estate", _("小区"), lambda row, said: self.do_estate(self._estate(row), said)),
            ("management", _("物业管理"), lambda row, said: self.do_management(self._estate(row), said)),
        )

    def _estate(self, row: Row) -> Estate:
        return Estate.objects.get(pk=row.do["of"])

    def _update(self, row: Row, said: dict[str, Any]) -> None:
        places.update_building(
            acting_user=self.user,
            building=Building.objects.get(pk=row.record or 0),
            reason=self.reason,
            **values_of(Building, said),
        )
