"""Recognising a form: what it is, whom it lists, and what every column asks. Rules only: no network, no model, no database."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from linli.facts.dictionary import Dictionary
from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import BadWorkbook, Picture
from linli.ledgers.meaning.cards import card_layout, match_card
from linli.ledgers.meaning.doubts import doubt
from linli.ledgers.meaning.lexicon import Lexicons, lexicons_of
from linli.ledgers.meaning.mapping import ASKED, DECLINED, ELEMENT, NEVER, NUMBER, SERIAL, UNKNOWN, Mapping
from linli.ledgers.meaning.matching import match_columns
from linli.ledgers.meaning.numbers import NumberReader, reader_of
from linli.ledgers.meaning.population import Population, describe, find_population, title_scope
from linli.ledgers.meaning.tables import (
    match_matrix,
    match_one_row,
    match_regions,
    match_scattered,
)
from linli.ledgers.meaning.wording import DECLINED as DECLINED_TOPICS
from linli.ledgers.meaning.wording import declined as declined_topic
from linli.ledgers.recognised import AGGREGATE, CARD, KIND_LABELS, ROSTER, Recognition
from linli.ledgers.sheet import regions
from linli.ledgers.sheet.cards import CardSheet, Place, read_card
from linli.ledgers.sheet.layout import (
    Column,
    Layout,
    find_layout,
    given_rows,
    is_unit_row,
    notes_of,
    title_of,
)
from linli.ledgers.sheet.matrix import Matrix, find_matrix, region_level, region_matrix
from linli.ledgers.sheet.repeats import repeated
from linli.ledgers.sheet.unitline import find_blanks
from linli.ledgers.sheet.writing_places import INLINE


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
    if counts and layout.last_row == layout.first_row:
        # One line of numbers: every heading counts, or names a part of what another counts.
        reader = reader_of(lexicons)
        told = [column for column in layout.columns if not re.match(r"^(?:备注|说明)$", squash(column.leaf))]
        if all(_is_count(column) or _divides(column, reader) for column in told):
            return AGGREGATE
    return ROSTER


def _geometry(
    picture: Picture, layout: Layout | None, lexicons: Lexicons
) -> tuple[str, CardSheet, Matrix | None]:
    """How a sheet is laid out: "card" (labels and blanks here and there), "matrix" (labels left and on top), "regions"
    (a row for each area), or "roster"."""
    card = read_card(picture)
    wide = layout is not None and _open_below(layout, picture)
    if card.interleaved >= 2 and not wide:
        return "card", card, None
    if layout is not None:
        regions = region_matrix(layout, picture)
        if regions is not None and _counts_mostly(layout, lexicons):
            return "regions", card, regions
    matrix = find_matrix(picture)
    if matrix is not None and len([row for row in matrix.rows if row.path and not row.section]) >= 3:
        return "matrix", card, matrix
    inside = sum(1 for place in card.places if place.manner == INLINE)
    if len(card.places) >= 4 and card.lone + inside >= 4 and not wide and (layout is None or not card.lists):
        personal = sum(1 for place in card.places if lexicons.known(place.path[-1]))
        if personal >= 3 and personal * 2 >= len(card.places):
            return "card", card, None
    return "roster", card, None


def _open_below(layout: Layout, picture: Picture) -> bool:
    """Whether nothing but footers stands below a row of many headings: a list, whatever stands above it."""
    known = [column for column in layout.columns if column.leaf]
    below = [row for row in picture.by_row if row > layout.header_bottom and row not in layout.hint_rows]
    if layout.footer_row:
        below = [row for row in below if row < layout.footer_row]
    texts = [v for row in below for v in picture.by_row[row].values() if isinstance(v, str) and len(v) > 2]
    return len(known) >= 8 and len(texts) <= 2


def _counts_mostly(layout: Layout, lexicons: Lexicons) -> bool:
    """Whether most columns behind the area's name are numbers of it."""
    columns = [
        c for c in layout.columns if c.leaf and not re.match(r"^(?:序号|编号|备注|说明)$", squash(c.leaf))
    ][1:]
    reader = reader_of(lexicons)
    counted = sum(1 for column in columns if _is_count(column) or _divides(column, reader))
    own = sum(
        1
        for c in columns
        if re.match(r"^(?:姓名|身份证.*|性别|出生.*|联系电话|手机.*|.*地址)$", squash(c.leaf))
    )
    return bool(columns) and counted * 5 >= len(columns) * 3 and own == 0


def _divides(column: Column, reader: NumberReader) -> bool:
    """Whether a heading names a part of the people or things counted, and nothing else: 视力, 36至59岁, 少数民族."""
    reading = reader.read(column.leaf, reader.groups_of(column.groups))
    return bool(reading.terms or reading.ages) and not reading.rest


def _is_count(column: Column) -> bool:
    texts = [squash(part) for part in column.path]
    return any(
        _COUNT.search(t) or _MEASURE.match(t) or re.search(r"岁|标准|水平|支出|资金", t) for t in texts
    )


def recognise(pictures: list[Picture], words: Dictionary, name: str = "") -> Recognition:
    """Recognise a form from its pictures; `name` is the file's name.

    Raises BadWorkbook when no sheet holds anything like headings.
    """
    lexicons = lexicons_of(words)
    main = _recognise_region(pictures, lexicons, name)
    if main.declined:
        return main
    found: list[Recognition] = []
    for picture in pictures:
        if picture.hidden or (picture.name != main.sheet and _ASIDE.search(picture.name)):
            continue
        others = [one for one in pictures if one.hidden]
        if picture.name == main.sheet:
            found.extend(
                _regions_of_sheet(main, picture, [p for p in pictures if p is not picture], lexicons, name)
            )
        elif len(picture.values) >= 3:
            try:
                alone = _recognise_region([picture, *others], lexicons, "")
            except BadWorkbook:
                continue
            found.extend(
                r for r in _regions_of_sheet(alone, picture, others, lexicons, "") if _worth(r, picture)
            )
    first = next((r for r in found if r.sheet == main.sheet), main)
    for number, region in enumerate(r for r in found if r is not first):
        for mapping in [*region.mappings, *(m for one in region.lists for m in one.mappings)]:
            mapping.part = number + 1
        region.place = f"工作表“{region.sheet}”" + (
            f"第 {region.header_rows[0]} 行起" if region.header_rows[0] else ""
        )
        first.parts.append(region)
    return first


# Sheets that explain, show an example or hold the lists behind drop-downs.
_ASIDE = re.compile(r"示例|样例|样表|范例|说明|须知|字典|代码|选项|下拉|参数|码表|数据源|目录|封面|附注")


def _worth(region: Recognition, picture: Picture) -> bool:
    """Whether a sheet beside the main one is to be filled as well: enough of it is understood, and it is empty."""
    if region.declined:
        return True
    if region.kind == ROSTER:
        below = [
            value
            for (row, _column), value in picture.values.items()
            if row >= region.first_row
            and (not region.footer_row or row < region.footer_row)
            and isinstance(value, str)
        ]
        return bool(region.subject) and region.count(ELEMENT) >= 2 and len(below) <= len(region.mappings)
    return region.count(ELEMENT, NUMBER) >= (2 if region.kind == AGGREGATE else 4)


def _regions_of_sheet(
    whole: Recognition, picture: Picture, others: list[Picture], lexicons: Lexicons, name: str
) -> list[Recognition]:
    """The regions of one sheet, read as a whole before: itself, or several below one another and side by side."""
    if whole.kind == CARD and any(mapping.row for mapping in whole.mappings):
        return [whole]
    found = find_layout([picture], lexicons.known, name)
    if found is None:
        return [whole]
    windows = regions.below_one_another(picture, found[0])
    made: list[Recognition] = []
    for place, window in enumerate(windows):
        seen = regions.seen_through(picture, window) if len(windows) > 1 else picture
        try:
            region = _recognise_region([seen, *others], lexicons, name) if len(windows) > 1 else whole
        except BadWorkbook:
            continue
        if place and not region.count(ELEMENT, NUMBER) and not region.declined:
            continue
        if place + 1 < len(windows):
            _end_above(region, windows[place + 1].top)
        if place:
            region.blanks = [blank for blank in region.blanks if window.holds(blank.row, blank.column)]
        made.extend(_beside(region, seen, window, others, lexicons))
    told = sum(region.count(ELEMENT, NUMBER) for region in made)
    # A table whose sections have headings of their own may tell more when it is read as one.
    return made if made and (len(windows) == 1 or told > whole.count(ELEMENT, NUMBER)) else [whole]


def _end_above(region: Recognition, row: int) -> None:
    """What begins at a row ends the region above it: its rows push that one down."""
    if region.kind == ROSTER and (not region.footer_row or region.footer_row > row):
        region.footer_row = row
        region.last_row = min(region.last_row, row - 1)
    elif region.regions is not None and not region.regions.footer_row:
        region.regions.footer_row = row


def _beside(
    region: Recognition, seen: Picture, window: regions.Window, others: list[Picture], lexicons: Lexicons
) -> list[Recognition]:
    """A list, or the lists side by side that it turns out to be; of one list in halves the first, with how far the others are."""
    if region.kind != ROSTER or region.declined:
        return [region]
    found = find_layout([seen], lexicons.known, "")
    blocks = regions.side_by_side(seen, found[0], lexicons.known) if found is not None else []
    if not blocks:
        return [region]
    parts = []
    for number, narrow in enumerate(regions.windows_of(blocks, window)):
        half = regions.seen_through(seen, narrow)
        one = _recognise_region([half, *others], lexicons, "")
        if number == 0 or not one.title:
            one.blanks = region.blanks if number == 0 else []
        parts.append(one)
        if regions.alike(blocks) and not any(column.groups for block in blocks for column in block):
            one.shifts = [block[0].index - blocks[0][0].index for block in blocks[1:]]
            one.title, one.title_from = region.title, region.title_from
            one.population, one.population_label = region.population, region.population_label
            layout = find_layout([half], lexicons.known, "")
            if layout is not None and one.population.subject:
                layout[0].instructions = found[0].instructions if found else ""
                one.mappings = match_columns(layout[0], half, lexicons, one.population)
            one.footer_row, one.last_row = region.footer_row, region.last_row
            one.fingerprint = region.fingerprint
            return [one]
    if not all(part.subject and part.count(ELEMENT) >= 2 for part in parts):
        return [region]
    for one in parts:
        one.footer_row = one.footer_row or region.footer_row
    return parts


def _recognise_region(pictures: list[Picture], lexicons: Lexicons, name: str) -> Recognition:
    """Recognise the one region that the pictures show. Raises BadWorkbook as `recognise` does."""
    found = find_layout(pictures, lexicons.known, name)
    layout, picture = found if found is not None else (None, None)
    if picture is None:
        picture = next((one for one in pictures if not one.hidden and len(one.values) >= 3), None)
        if picture is None:
            raise BadWorkbook("没有在工作簿里找到表头，不像一张待填的表；请检查上传的是不是空表。")
    if layout is not None and (given := given_rows(picture, layout)):
        blank = _without(picture, given)
        found = find_layout([blank, *(one for one in pictures if one is not picture)], lexicons.known, name)
        if found is not None and found[1] is blank and found[0].header_bottom == layout.header_bottom:
            made = _recognise_region([blank if one is picture else one for one in pictures], lexicons, name)
            if made.kind == ROSTER:
                made.given, made.footer_row = given, layout.footer_row
                return made
    if (again := _repeated_card(picture, pictures, lexicons, name)) is not None:
        return again
    shape, card, matrix = _geometry(picture, layout, lexicons)
    if shape != "roster":
        return _recognise_other(shape, card, matrix, picture, layout, pictures, lexicons, name)
    if layout is None:
        raise BadWorkbook("没有在工作簿里找到表头，不像一张待填的表；请检查上传的是不是空表。")
    return _recognise_roster(layout, picture, pictures, lexicons)


def _repeated_card(
    picture: Picture, pictures: list[Picture], lexicons: Lexicons, name: str
) -> Recognition | None:
    """The card that stands several times on one sheet, with how far the others are; None where it is no card."""
    found = repeated(picture)
    if found is None:
        return None
    window, copies = found
    seen = regions.seen_through(picture, window)
    try:
        made = _recognise_region([seen if one is picture else one for one in pictures], lexicons, name)
    except BadWorkbook:
        return None
    if made.kind != CARD or made.count(ELEMENT) < 2 or made.sheet != picture.name:
        return None
    made.copies = copies
    own = [
        blank
        for blank in made.blanks
        if blank.sheet == picture.name and window.holds(blank.row, blank.column)
    ]
    others = [
        replace(blank, row=blank.row + down, column=blank.column + right)
        for down, right in copies
        for blank in own
    ]
    made.blanks = [*(blank for blank in made.blanks if blank.sheet != picture.name), *own, *others]
    return made


def _without(picture: Picture, rows: list[int]) -> Picture:
    """The picture as it was before rows were filled in."""
    gone = set(rows)
    return replace(
        picture,
        values={place: value for place, value in picture.values.items() if place[0] not in gone},
        formulas={place: one for place, one in picture.formulas.items() if place[0] not in gone},
    )


def _recognise_other(
    shape: str,
    card: CardSheet,
    matrix: Matrix | None,
    picture: Picture,
    layout: Layout | None,
    pictures: list[Picture],
    lexicons: Lexicons,
    name: str,
) -> Recognition:
    """A card or a table of numbers."""
    labels = [place.path[-1] for place in card.places]
    if matrix is not None and shape == "matrix":
        labels = [row.path[-1] for row in matrix.rows if row.path]
    personal = sum(1 for label in labels if lexicons.known(label))
    summary = sum(1 for label in labels if _COUNT.search(squash(label)))
    first = matrix.header_top if matrix is not None else min((place.row for place in card.places), default=1)
    title, title_from = title_of(picture, max(first, 1), pictures, name)
    is_card = (
        shape != "regions"
        and not _all_counted(matrix)
        and personal >= 2
        and personal >= summary
        and personal * 4 >= len(labels)
    )
    shaped = card_layout(card, picture, title, title_from, notes_of(pictures, picture))
    made = Recognition(
        kind=CARD if is_card else AGGREGATE,
        sheet=picture.name,
        title=" ".join(title.split()),
        title_from=title_from,
        first_row=first,
        last_row=picture.rows,
        header_rows=(layout.header_top, layout.header_bottom)
        if layout and shape != "card"
        else (first, first),
        footer_row=layout.footer_row if layout and shape == "regions" else 0,
        fingerprint=_labels_print([*labels, *(place.path[-1] for place in card.places)]),
    )
    if not is_card:
        made.blanks = find_blanks(pictures, picture.name, first)
    topic = declined_topic(f"{title} {picture.name}")
    if topic is not None:
        made.declined, made.keeper = topic.topic, topic.keeper
        return made
    if is_card:
        places = card if shape == "card" else _column_card(matrix, card)
        made.population = find_population(
            card_layout(places, picture, title, title_from, shaped.instructions), lexicons
        )
        _applicants(made.population, title)
        made.mappings, made.lists, made.blanks = match_card(
            places, picture, shaped, lexicons, made.population
        )
        made.population_label = describe(lexicons, made.population)
        return made
    made.population = title_scope(shaped, lexicons)
    if shape == "regions" and matrix is not None and layout is not None:
        head = next(c.path[0] for c in layout.columns if c.index == matrix.region_column)
        meant = match_regions(matrix, lexicons, made.population, region_level(head), matrix.footer_row)
        made.mappings, made.regions = meant.mappings, meant.regions
    elif matrix is not None:
        made.mappings = match_matrix(matrix, lexicons, made.population).mappings
    else:
        made.mappings = match_scattered([p for p in card.places if not _said(p)], lexicons, made.population)
    doubt(made.mappings, made.population, title)
    made.population_label = describe(lexicons, made.population)
    return made


def _all_counted(matrix: Matrix | None) -> bool:
    """Whether the rows are counts by their own unit column: 人, 户, 个; then known words in their labels make no card."""
    rows = [row for row in matrix.rows if row.path and not row.section] if matrix is not None else []
    counted = sum(
        1
        for row in rows
        if row.unit.strip("()（）") in ("人", "户", "个", "套", "栋", "幢", "家", "所", "名")
    )
    told = any(re.search(r"姓名|身份证|地址|名称$", squash(row.path[-1])) for row in rows)
    return len(rows) >= 3 and counted * 5 >= len(rows) * 3 and not told


def _applicants(population: Population, title: str) -> None:
    """Who applies for something is not in the group yet: an application is filled for anybody."""
    if re.search(r"申请|审批|申报|认定", title) and any(c.startswith("in_") for c in population.conditions):
        population.topics = [c for c in population.conditions if c.startswith("in_")]
        population.conditions = [c for c in population.conditions if not c.startswith("in_")]
        population.filters, population.sensitive = [], False
        population.reasons.append("是申请、认定用的表，填表的人还不在册，不限定人群")


def _said(place: Place) -> bool:
    """Whether a place belongs to the unit line or a signature rather than to the table."""
    return (
        bool(re.search(r"单位|日期|月份|季度|年度|负责人|填表人|签发|审核|备注|电话", squash(place.path[-1])))
        and place.manner == "inline"
    )


def _column_card(matrix: Matrix | None, card: CardSheet) -> CardSheet:
    """A card written as one column of blanks beside its labels: indicator, code, unit, value."""
    if matrix is None:
        return card
    made = CardSheet(lists=[])
    column = matrix.columns[0].index
    for row in matrix.rows:
        if (row.index, column) in matrix.cells - matrix.computed:
            made.places.append(Place(row.index, column, row.path))
    outside = {place for place in card.places if place.row < matrix.first_row or place.row > matrix.last_row}
    made.places.extend(sorted(outside, key=lambda place: (place.row, place.column)))
    return made


def _labels_print(labels: list[str]) -> str:
    return hashlib.sha256("\n".join(squash(label) for label in labels).encode()).hexdigest()


def _recognise_roster(
    layout: Layout, picture: Picture, pictures: list[Picture], lexicons: Lexicons
) -> Recognition:
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
        made.population = title_scope(layout, lexicons)
        made.population_label = describe(lexicons, made.population)
        made.mappings = match_one_row(layout, lexicons, made.population)
        doubt(made.mappings, made.population, layout.title)
    elif made.kind == CARD:
        # Labels stand here and there, but not so that their blanks could be told: nothing is guessed.
        made.mappings = [
            Mapping(column.index, column.path, UNKNOWN, reasons=["看不出这一格填的是什么"])
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
    topic = declined_topic(f"{layout.title} {layout.sheet}")
    if topic is not None:
        return topic.topic, topic.keeper
    for topic in DECLINED_TOPICS:
        hits = [column for column in layout.columns if topic.words.search(squash("".join(column.path)))]
        if topic.whole_form and len(hits) >= 2:
            return topic.topic, topic.keeper
    return None


__all__ = [
    "AGGREGATE",
    "ASKED",
    "CARD",
    "DECLINED",
    "ELEMENT",
    "KIND_LABELS",
    "NEVER",
    "ROSTER",
    "SERIAL",
    "UNKNOWN",
    "Mapping",
    "Recognition",
    "recognise",
]
