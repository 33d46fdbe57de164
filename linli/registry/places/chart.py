"""The building chart 楼盘表: floors by units, and in each cell who lives there, how, and what has not been recorded.

Two queries of its own (units; homes) and one for each source of `places.occupancy`, however large the building.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.registry.places import occupancy, rules
from linli.registry.places.models import Building, Home, HomeUse, Tenure, Unit
from linli.registry.places.occupancy import NOBODY, Occupancy


@dataclass(frozen=True)
class Mark:
    """An entry of the legend: how cells of a state are called, and their icon."""

    key: str
    label: Any
    icon: str


OWNED, LET, EMPTY = (
    Mark("owned", _("自住"), "home"),
    Mark("let", _("出租"), "key"),
    Mark("empty", _("空置"), "home-off"),
)
OTHER, UNKNOWN, SHOP = (
    Mark("other", _("借住等"), "door"),
    Mark("unknown", _("未登记"), "help-circle"),
    Mark("shop", _("商用"), "building-store"),
)
CARE, MISSING = Mark("care", _("重点关爱"), "heart"), Mark("missing", _("待补信息"), "alert-circle")
STATES = (OWNED, LET, OTHER, UNKNOWN, SHOP, EMPTY)
LEGEND = (*STATES, CARE, MISSING)
# More homes than this on a single floor do not stand in a row of the chart but flow over several lines.
FLOWS_FROM = 13
TIGHT_FROM = 9


@dataclass(frozen=True)
class Cell:
    """One home on the chart."""

    home: Home
    state: Mark
    known: Occupancy
    missing: tuple[str, ...]

    @property
    def keys(self) -> set[str]:
        """The legend's entries that hold for it."""
        found = {self.state.key}
        if self.known.care:
            found.add(CARE.key)
        if self.missing:
            found.add(MISSING.key)
        return found

    @property
    def says(self) -> str:
        """The second line of the cell: the head's or shop's name, else what the home is."""
        if self.known.name:
            return self.known.name
        if self.state is SHOP:
            return str(self.home.get_use_display())
        if self.known.people:
            return str(self.state.label)
        if self.state is EMPTY and self.home.tenure == Tenure.UNKNOWN:
            return str(_("未登记"))
        return str(self.state.label)

    @property
    def tells(self) -> str:
        """All of it in words, for the tooltip and screen readers."""
        parts = [str(self.state.label)]
        if self.known.care:
            parts.append("关爱：" + "、".join(self.known.care))
        if self.missing:
            parts.append("待补：" + "、".join(self.missing))
        return "；".join(parts)


@dataclass
class Column:
    """A unit on the chart: its name and how many homes stand side by side at most."""

    unit: Unit | None
    width: int = 0
    notes: list[occupancy.UnitNote] = field(default_factory=list)


@dataclass
class Row:
    """A floor: for every unit, in order, its cells, filled with None up to the unit's width."""

    floor: int | None
    groups: list[list[Cell | None]] = field(default_factory=list)

    @property
    def label(self) -> str:
        """11 层, 地下 1 层, 层数不详."""
        if self.floor is None:
            return "未填楼层"
        return f"{self.floor} 层" if self.floor > 0 else f"地下 {-self.floor} 层"


@dataclass
class Chart:
    """A building on one day."""

    building: Building
    on: date
    cells: list[Cell]
    columns: list[Column]
    rows: list[Row]
    loose: list[Cell]
    counts: Counter[str]
    people: int

    @property
    def legend(self) -> list[tuple[Mark, int]]:
        """The states that occur, with their numbers; care and what is missing always."""
        return [
            (mark, self.counts[mark.key])
            for mark in LEGEND
            if self.counts[mark.key] or mark in (CARE, MISSING)
        ]

    @property
    def tight(self) -> bool:
        """Whether so many homes stand side by side that the cells must be narrow."""
        return sum(column.width for column in self.columns) > TIGHT_FROM

    @property
    def floors(self) -> int:
        """How many floors the chart shows."""
        return len([row for row in self.rows if row.floor is not None])


def state_of(home: Home, people: int) -> Mark:
    """What a home is on the chart. Nobody in a home that is not let means empty (see `facts`: 空置)."""
    if home.use != HomeUse.LIVING:
        return SHOP
    if home.tenure == Tenure.LET:
        return LET
    if not people:
        return EMPTY
    if home.tenure == Tenure.OWNED:
        return OWNED
    return UNKNOWN if home.tenure == Tenure.UNKNOWN else OTHER


def missing_of(home: Home, known: Occupancy) -> tuple[str, ...]:
    """What has not been recorded of a home, in words; what the people lack comes from their own room."""
    found = []
    if home.use == HomeUse.LIVING:
        if home.tenure == Tenure.UNKNOWN:
            found.append("居住方式")
        if home.tenure == Tenure.LET and not known.people:
            found.append("租住人员")
        if home.tenure == Tenure.LET and not home.owner_phone:
            found.append("房主电话")
    elif not known.name:
        found.append("经营单位")
    if home.area is None:
        found.append("建筑面积")
    return (*found, *known.missing)


def make(building: Building, on: date, user: Any) -> Chart:
    """The chart of a building as it was on a day, with what the user may know of its people."""
    units = list(building.units.all())
    by_unit = {unit.pk: unit for unit in units}
    homes = list(building.homes.defer("owner_id_number", "note").order_by("pk"))
    homes, gone = [one for one in homes if one.stands(on)], [one for one in homes if not one.stands(on)]
    # A unit all of whose homes are gone stands on the charts of the days before; one that never had any is new.
    emptied = {one.unit_id for one in gone} - {one.unit_id for one in homes}
    units = [unit for unit in units if unit.pk not in emptied]
    homes.sort(key=lambda home: (rules.natural(home.door), home.door))
    known = occupancy.occupancy([home.pk for home in homes], on, user)
    cells = []
    for home in homes:
        home.building = building
        if home.unit_id:
            home.unit = by_unit.get(home.unit_id)
        of_home = known.get(home.pk, NOBODY)
        cells.append(Cell(home, state_of(home, of_home.people), of_home, missing_of(home, of_home)))
    columns, rows, loose = _arrange(units, cells)
    building.unit_ids = [unit.pk for unit in units]  # type: ignore[attr-defined]
    notes = occupancy.unit_notes(building, on, user) if cells else {}
    for column in columns:
        column.notes = notes.get(column.unit.pk if column.unit else None, [])
    counts: Counter[str] = Counter()
    for cell in cells:
        counts.update(cell.keys)
    return Chart(building, on, cells, columns, rows, loose, counts, sum(cell.known.people for cell in cells))


def _arrange(units: list[Unit], cells: list[Cell]) -> tuple[list[Column], list[Row], list[Cell]]:
    """Cells by floor and unit. Homes outside the units of a building that has them, and long single rows, are loose."""
    by_place: dict[tuple[int | None, int | None], list[Cell]] = {}
    for cell in cells:
        by_place.setdefault((cell.home.floor, cell.home.unit_id), []).append(cell)
    floors = {floor for floor, _unit in by_place}
    outside = sum(len(found) for (_floor, unit), found in by_place.items() if unit is None)
    if (units and outside) or (len(floors) <= 1 and outside >= FLOWS_FROM):
        loose = [cell for cell in cells if cell.home.unit_id is None]
        by_place = {place: found for place, found in by_place.items() if place[1] is not None}
    else:
        loose = []
    columns = [Column(unit) for unit in units]
    if not units and by_place:
        columns = [Column(None)]
    for column in columns:
        key = column.unit.pk if column.unit else None
        column.width = max(
            [len(found) for (_floor, unit), found in by_place.items() if unit == key], default=1
        )
    rows = []
    for floor in sorted({floor for floor, _unit in by_place}, key=lambda f: (f is None, -(f or 0))):
        row = Row(floor)
        for column in columns:
            found: list[Cell | None] = [*by_place.get((floor, column.unit.pk if column.unit else None), [])]
            row.groups.append(found + [None] * (column.width - len(found)))
        rows.append(row)
    return columns, rows, loose
