"""What was recognised of a form: kept as JSON beside the uploaded file, read by pages, filling and tasks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from linli.ledgers.meaning.cards import MemberList
from linli.ledgers.meaning.mapping import ELEMENT, NUMBER, Mapping
from linli.ledgers.meaning.population import Population
from linli.ledgers.meaning.tables import RegionRows
from linli.ledgers.sheet.unitline import Blank

ROSTER, AGGREGATE, CARD = "roster", "aggregate", "card"
KIND_LABELS = {ROSTER: "花名册（逐行登记）", AGGREGATE: "汇总表", CARD: "一人（户）一表"}


@dataclass
class Recognition:
    """All that was recognised of a form; kept as JSON beside the uploaded file. Of a roster `mappings` has one entry a
    column, of a table of numbers one a cell (a column where the rows are `regions`), of a card one a blank. `given` are
    the rows that the department has named already, to be completed; `parts` are
    further regions of the workbook (other lists on the sheet, other sheets), `shifts` how many columns further the same list
    goes on beside itself, `place` where a region of several stands, `copies` how many rows and columns from a card the same
    card stands again on its sheet."""

    kind: str = ROSTER
    sheet: str = ""
    title: str = ""
    title_from: str = ""
    header_rows: tuple[int, int] = (0, 0)
    first_row: int = 0
    last_row: int = 0
    footer_row: int = 0
    hint_rows: list[int] = field(default_factory=list)
    delete_hints: bool = False
    population: Population = field(default_factory=Population)
    population_label: str = ""
    mappings: list[Mapping] = field(default_factory=list)
    lists: list[MemberList] = field(default_factory=list)
    regions: RegionRows | None = None
    blanks: list[Blank] = field(default_factory=list)
    declined: str = ""
    keeper: str = ""
    fingerprint: str = ""
    given: list[int] = field(default_factory=list)
    parts: list[Recognition] = field(default_factory=list)
    shifts: list[int] = field(default_factory=list)
    place: str = ""
    copies: list[tuple[int, int]] = field(default_factory=list)

    @property
    def regions_of_form(self) -> list[Recognition]:
        """This region and all further ones of the workbook, in reading order."""
        return [self, *self.parts]

    @property
    def all_mappings(self) -> list[Mapping]:
        """The mappings of every region."""
        return [mapping for region in self.regions_of_form for mapping in region.mappings]

    def region_of(self, key: int) -> Recognition | None:
        """The region that holds the mapping of that key (see `Mapping.key`)."""
        return next((r for r in self.regions_of_form if any(m.key == key for m in r.mappings)), None)

    @property
    def subject(self) -> str:
        return self.population.subject

    @property
    def kind_label(self) -> str:
        return KIND_LABELS.get(self.kind, self.kind)

    @property
    def why_not(self) -> str:
        """The sentence that says why nothing of the form can be filled; "" when something can."""
        if self.kind == AGGREGATE and not self.count(NUMBER):
            return "这是一张汇总表，表里要的数登记库里都没有对应的，不能自动填写。"
        if self.kind == CARD and not self.count(ELEMENT):
            return "这是一人（户）一张的表，没有一格能从登记库填写。"
        return ""

    def count(self, *targets: str) -> int:
        """How many columns (cells, blanks) have one of the targets."""
        return sum(1 for mapping in self.mappings if mapping.target in targets)

    @property
    def fillable(self) -> bool:
        """Whether the form can be filled as it stands: known subject, not declined, scope understood."""
        if self.declined:
            return False
        if self.kind == AGGREGATE:
            return bool(self.count(NUMBER))
        if self.kind == CARD:
            return bool(self.subject and self.count(ELEMENT))
        return bool(self.subject and not self.population.doubt and self.count(ELEMENT))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Recognition:
        """The recognition back from `as_json` (through JSON)."""
        population = Population(
            **{
                **data["population"],
                "filters": [(path, tuple(codes)) for path, codes in data["population"]["filters"]],
            }
        )
        regions = data.get("regions")
        return cls(
            **{
                **data,
                "population": population,
                "header_rows": tuple(data["header_rows"]),
                "mappings": [Mapping.from_json(mapping) for mapping in data["mappings"]],
                "lists": [MemberList.from_json(one) for one in data.get("lists", ())],
                "parts": [cls.from_json(one) for one in data.get("parts", ())],
                "regions": RegionRows(**regions) if regions else None,
                "blanks": [Blank(**blank) for blank in data["blanks"]],
                "copies": [(rows, columns) for rows, columns in data.get("copies", ())],
            }
        )
