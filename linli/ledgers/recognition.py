"""Recognising a form: what it is, whom it lists, and what every column asks. Rules only: no network, no model, no database."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, field
from typing import Any

from linli.facts.dictionary import Dictionary
from linli.kernel.textnorm import squash
from linli.ledgers.layout import Layout, find_layout, is_unit_row
from linli.ledgers.lexicon import Lexicons
from linli.ledgers.mapping import ASKED, DECLINED, ELEMENT, NEVER, SERIAL, UNKNOWN, Mapping
from linli.ledgers.matching import match_columns
from linli.ledgers.population import Population, describe, find_population
from linli.ledgers.unitline import Blank, find_blanks
from linli.ledgers.wording import DECLINED as DECLINED_TOPICS
from linli.ledgers.wording import declined
from linli.ledgers.workbook import BadWorkbook, Picture

ROSTER, AGGREGATE, CARD = "roster", "aggregate", "card"
KIND_LABELS = {ROSTER: "花名册（逐行登记）", AGGREGATE: "汇总表", CARD: "一人（户）一表"}


@dataclass
class Recognition:
    """All that was recognised of a form; kept as JSON beside the uploaded file."""

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
    blanks: list[Blank] = field(default_factory=list)
    declined: str = ""
    keeper: str = ""
    fingerprint: str = ""

    @property
    def subject(self) -> str:
        return self.population.subject

    @property
    def kind_label(self) -> str:
        return KIND_LABELS.get(self.kind, self.kind)

    @property
    def why_not(self) -> str:
        """The sentence that declines a form of another kind than a roster; "" for rosters."""
        if self.kind == AGGREGATE:
            return "这是一张汇总表，格子里要的是数，不是名单。汇总表的自动填写以后提供，目前只能自动填写逐行登记的花名册。"
        if self.kind == CARD:
            return "这是一人（户）一张的表。这种表的自动填写以后提供，目前只能自动填写逐行登记的花名册。"
        return ""

    def count(self, *targets: str) -> int:
        """How many columns have one of the targets."""
        return sum(1 for mapping in self.mappings if mapping.target in targets)

    @property
    def fillable(self) -> bool:
        """Whether the form can be filled as it stands: a roster of a known subject, not declined, scope understood."""
        return bool(
            self.kind == ROSTER
            and not self.declined
            and self.subject
            and not self.population.doubt
            and self.count(ELEMENT)
        )

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
        return cls(
            **{
                **data,
                "population": population,
                "header_rows": tuple(data["header_rows"]),
                "mappings": [Mapping.from_json(mapping) for mapping in data["mappings"]],
                "blanks": [Blank(**blank) for blank in data["blanks"]],
            }
        )


def fingerprint(layout: Layout) -> str:
    """What stays the same when the same form comes again: its headings in order, not its title, dates or file."""
    text = "\n".join("/".join(squash(part) for part in column.path) for column in layout.columns)
    return hashlib.sha256(text.encode()).hexdigest()


_TOTALS = re.compile(r"^(?:合计|总计|小计|其中|栏次|甲|乙|指标|项目|指标名称|代码|计量单位)$")
_SUMMARY = re.compile(r"统计|汇总|报表|月报|季报|年报|(?:排查|整治|工作)情况表")
_COUNT = re.compile(
    r"数$|数量|人次|户次|比例|[率额]$|合计|累计|本月|上月|件$|个$|^计$|同比|增减|支出|\((?:人|户|件|个|次|起|元|万元|名)\)$"
)


def _known_outside(layout: Layout, picture: Picture, lexicons: Lexicons) -> int:
    """How many headings of known facts stand outside the heading block: many on a card, none on a roster."""
    found = 0
    for row, cells in picture.by_row.items():
        if layout.header_top <= row < layout.first_row or is_unit_row(picture, row):
            continue
        found += sum(1 for v in cells.values() if isinstance(v, str) and len(v) <= 20 and lexicons.known(v))
    return found


_REGION_HEAD = re.compile(
    r"^(?:(?:所属|填报|上报|统计|各)?(?:社区|村|居委会|街道|乡镇|镇街|区县|县区|单位|地区|区域|辖区|网格)"
    r"(?:\(.{1,6}\)|[/、](?:社区|村|居委会|街道|乡镇))*(?:名称|名)?|.{0,6}行政区划(?:名称)?)$"
)
_MEASURE = re.compile(
    r"^(?:总|合计|其中|现有|实有|户籍|常住|流动|外来|辖区|居民)*(?:人口|户数?|人数|家庭|男|女|男性|女性|男女比例|面积|小计|计)"
    r"(?:总数|数量|数|人口)?$|^\d+(?:岁|周岁)?(?:[-—~至]\d+)?(?:周?岁)?(?:以上|以下|及以上|及以下)?(?:人口|人数|人|老人|老年人)?数?$"
)


def _counts_by_region(layout: Layout, lexicons: Lexicons) -> bool:
    """Whether every row is a region and every other column a number of it: 社区、总人口、男、女."""
    columns = [
        column
        for column in layout.columns
        if column.leaf and not re.match(r"^(?:序号|编号|备注|说明)$", squash(column.leaf))
    ]
    if len(columns) < 3 or not _REGION_HEAD.match(squash(columns[0].path[0])):
        return False
    named = {
        squash(name)
        for subject in lexicons.words.subjects()
        for condition in subject.conditions.values()
        for name in condition.names
    }

    def counted(text: str) -> bool:
        plain = squash(text)
        bare = re.sub(r"(?:人数|户数|总数|数量|数|人口)$", "", plain)
        return bool(_COUNT.search(plain) or _MEASURE.match(plain)) or plain in named or bare in named

    return all(counted(column.leaf) or any(map(counted, column.groups)) for column in columns[1:])


def _kind(layout: Layout, picture: Picture, lexicons: Lexicons) -> str:
    """Roster, aggregate or card, by where blanks and labels stand."""
    below = {
        (row, column): value
        for (row, column), value in picture.values.items()
        if row >= layout.first_row
        and (not layout.footer_row or row < layout.footer_row)
        and isinstance(value, str)
        and re.search(r"[\u4e00-\u9fff]", value)
    }
    rows = {row for row, _column in below}
    summary = bool(_SUMMARY.search(squash(layout.title)))
    if _counts_by_region(layout, lexicons):
        return AGGREGATE
    if _known_outside(layout, picture, lexicons) >= 3:
        return AGGREGATE if summary else CARD
    leaves = [column.leaf for column in layout.columns]
    first = min((column.index for column in layout.columns), default=1)
    in_first = sum(1 for _row, column in below if column <= first + 1)
    own = sum(1 for leaf in leaves if lexicons.known(leaf))
    counts = sum(1 for leaf in leaves if _COUNT.search(squash(leaf)))
    if len(rows) >= 3 and in_first >= 3 and len(below) > in_first * 1.6 and own < len(leaves):
        return AGGREGATE if summary else CARD
    if len(rows) >= 3 and in_first >= 3:
        return AGGREGATE
    if counts * 2 > len(leaves) and own * 3 < len(leaves):
        return AGGREGATE
    if any(_TOTALS.match(squash(leaf)) for leaf in leaves) and counts * 3 > len(leaves):
        return AGGREGATE
    return ROSTER


def recognise(pictures: list[Picture], words: Dictionary, name: str = "") -> Recognition:
    """Recognise a form from its pictures; `name` is the file's name.

    Raises BadWorkbook when no sheet holds anything like headings.
    """
    lexicons = Lexicons(words)
    found = find_layout(pictures, lexicons.known, name)
    if found is None:
        raise BadWorkbook("没有在工作簿里找到表头，不像一张待填的表；请检查上传的是不是空表。")
    layout, picture = found
    made = Recognition(
        kind=_kind(layout, picture, lexicons),
        sheet=layout.sheet,
        title=" ".join(layout.title.split()),
        title_from=layout.title_from,
        header_rows=(layout.header_top, layout.header_bottom),
        first_row=layout.first_row,
        last_row=layout.last_row,
        footer_row=layout.footer_row,
        hint_rows=layout.hint_rows,
        delete_hints=layout.delete_hints,
        blanks=find_blanks(pictures, layout.sheet, layout.header_top),
        fingerprint=fingerprint(layout),
    )
    topic = _declined_form(layout)
    if topic is not None:
        made.declined, made.keeper = topic
        made.mappings = [
            Mapping(
                column.index,
                column.path,
                DECLINED,
                reasons=[f"整张表涉及“{made.declined}”，不代填"],
                who=made.keeper,
            )
            for column in layout.columns
        ]
        return made
    made.population = find_population(layout, lexicons)
    made.population_label = describe(lexicons, made.population)
    if made.kind == AGGREGATE:
        made.mappings = [
            Mapping(column.index, column.path, UNKNOWN, reasons=["汇总表的数以后提供"])
            for column in layout.columns
        ]
    elif made.population.subject:
        made.mappings = match_columns(layout, picture, lexicons, made.population)
    else:
        made.mappings = [
            Mapping(column.index, column.path, UNKNOWN, reasons=["不知道每行列的是什么，无法对应"])
            for column in layout.columns
        ]
    return made


def _declined_form(layout: Layout) -> tuple[str, str] | None:
    """The topic and its keeper when the form as a whole asks for what is left out by design."""
    topic = declined(f"{layout.title} {layout.sheet}")
    if topic is not None:
        return topic.topic, topic.keeper
    for topic in DECLINED_TOPICS:
        hits = [column for column in layout.columns if topic.words.search(squash("".join(column.path)))]
        if topic.whole_form and len(hits) >= 2:
            return topic.topic, topic.keeper
    return None


__all__ = [
    "ASKED",
    "DECLINED",
    "ELEMENT",
    "NEVER",
    "SERIAL",
    "UNKNOWN",
    "Mapping",
    "Recognition",
    "recognise",
]
