"""Tables of numbers: labels down the left, labels along the top, blanks where they meet."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture
from linli.ledgers.sheet.layout import Layout, is_unit_row
from linli.ledgers.sheet.tiles import Tile, Tiles

UNITS = frozenset(
    [
        "人",
        "户",
        "个",
        "件",
        "元",
        "万元",
        "万人",
        "人次",
        "户次",
        "起",
        "次",
        "场",
        "处",
        "间",
        "套",
        "栋",
        "幢",
        "座",
        "辆",
        "%",
        "％",
        "名",
        "对",
        "家",
        "所",
        "亩",
        "公里",
        "平方米",
        "万平方米",
        "㎡",
        "元/月",
        "元/年人",
        "元/人",
        "元/人·月",
        "百分比",
        "——",
        "—",
        "--",
        "/",
        "只",
        "台",
        "小时",
        "天",
        "岁",
        "张",
        "份",
        "条",
        "吨",
        "千克",
        "户/人",
        "元/户",
    ]
)
_SERIAL_HEAD = re.compile(r"^(?:序号?|编号|代码|行次|栏次|序列|指标代码|行号|№|no)$")
_UNIT_HEAD = re.compile(r"^(?:计量)?单位$")
_NUMBERING = frozenset("甲乙丙丁戊己庚辛")
_FOOT = re.compile(
    r"^(?:注|说明|备注|填表说明|列间关系|审核关系|填\s*表\s*人|制\s*表\s*人|审\s*核|负\s*责\s*人|单位负责人|统计负责人|签发人|报出日期|填报日期)"
)


@dataclass(frozen=True)
class Line:
    """One row or column of numbers: its number, its labels from the outer group inwards, its unit, whether it is only
    a heading of those after it."""

    index: int
    path: tuple[str, ...]
    unit: str = ""
    section: bool = False


@dataclass
class Matrix:
    """A table of numbers; `computed` are those of its cells that a formula of the form fills. With `regions` the rows carry no
    labels: each is one region, named in `region_column`."""

    rows: list[Line] = field(default_factory=list)
    columns: list[Line] = field(default_factory=list)
    cells: set[tuple[int, int]] = field(default_factory=set)
    computed: set[tuple[int, int]] = field(default_factory=set)
    first_row: int = 0
    last_row: int = 0
    header_top: int = 0
    region_column: int = 0
    serial_column: int = 0
    total_row: int = 0
    footer_row: int = 0


def _is_unit(text: str) -> bool:
    return squash(text).strip("()") in UNITS or text.strip() in UNITS


def _plain_rows(tiles: Tiles) -> dict[int, int]:
    """For each row whose labels stand on the left only: the first blank column behind them."""
    found: dict[int, int] = {}
    for row in range(1, tiles.rows + 1):
        line = tiles.row(row)
        blanks = [tile for tile in line if tile.empty and tile.framed]
        texts = [tile for tile in line if not tile.empty]
        if (
            not texts
            or not blanks
            or any(
                tile.box.width > 1 and tile.box.left == 1 and tile.box.right >= tiles.columns
                for tile in texts
            )
        ):
            continue
        last_text = max(tile.box.right for tile in texts)
        first_blank = min((tile.box.left for tile in blanks if tile.box.left > last_text), default=0)
        if not first_blank:
            continue
        if _FOOT.match(squash(texts[0].text)) or is_unit_row(tiles.picture, row):
            continue
        found[row] = first_blank
    return found


def find_matrix(picture: Picture) -> Matrix | None:
    """The table of numbers on a sheet whose rows are labelled; None when there is none."""
    tiles = Tiles(picture)
    starts = _plain_rows(tiles)
    if len(starts) < 2:
        return None
    common = Counter(starts.values()).most_common(1)[0][0]
    rows = sorted(row for row, start in starts.items() if start <= common)
    sections = _sections(tiles, rows)
    rows = [row for row in _longest_run(sorted({*rows, *sections})) if row not in sections or row > rows[0]]
    while rows and rows[-1] in sections:
        rows.pop()
    under = ""
    labelled = [row for row in rows if starts.get(row) == common]
    if len(labelled) < 2:
        return None
    made = Matrix(first_row=rows[0], last_row=rows[-1])
    header = _header_rows(tiles, rows[0], common)
    made.header_top = header[0] if header else rows[0]
    unit_column, skipped = _special_columns(tiles, [r for r in rows if r not in sections], header, common)
    for column in range(common, tiles.columns + 1):
        path, unit = _column_labels(tiles, header, column)
        if all(_blank(tiles, row, column) for row in labelled):
            made.columns.append(Line(column, path, unit))
    for row in rows:
        if row in sections:
            under = sections[row]
            continue
        unit = ""
        if unit_column:
            tile = tiles.at(row, unit_column)
            unit = tile.text.strip() if tile is not None else ""
        path = _row_labels(tiles, row, common, skipped)
        if under and path:
            path = (under, *path)
        section = bool(unit_column) and not unit and starts[row] < common
        made.rows.append(Line(row, path, unit, section))
    for line in made.rows:
        if not line.section and line.path:
            made.cells.update(
                (line.index, column.index)
                for column in made.columns
                if _blank(tiles, line.index, column.index)
            )
    made.computed = made.cells & picture.formulas.keys()
    return made if made.columns and made.cells > made.computed else None


def _sections(tiles: Tiles, rows: list[int]) -> dict[int, str]:
    """Rows between those of numbers that hold one text over the whole width: 按年龄分, 二、残疾人."""
    found: dict[int, str] = {}
    for row in range(rows[0] + 1, rows[-1]) if rows else ():
        texts = [tile for tile in tiles.row(row) if not tile.empty]
        if (
            row not in rows
            and len(texts) == 1
            and texts[0].box.left == 1
            and texts[0].box.right >= tiles.columns
        ):
            found[row] = texts[0].text
    return found


def _longest_run(rows: list[int]) -> list[int]:
    best: list[int] = []
    here: list[int] = []
    for row in rows:
        if here and row != here[-1] + 1:
            here = []
        here.append(row)
        if len(here) > len(best):
            best = list(here)
    return best


def _blank(tiles: Tiles, row: int, column: int) -> bool:
    tile = tiles.at(row, column)
    return tile is not None and tile.empty and tile.box.left == column and tile.box.top == row


def _header_rows(tiles: Tiles, first_row: int, common: int) -> list[int]:
    """The rows of headings above the numbers, title and unit lines left out."""
    found: list[int] = []
    for row in range(first_row - 1, 0, -1):
        line = [tile for tile in tiles.row(row) if not tile.empty]
        if not line or is_unit_row(tiles.picture, row):
            break
        if len(line) == 1 and line[0].box.width * 10 >= tiles.columns * 6:
            break
        if not any(tile.box.right >= common for tile in line):
            break
        found.append(row)
    return sorted(found)


def _numbering_row(tiles: Tiles, row: int) -> bool:
    texts = [tile.text.strip("()（） ") for tile in tiles.row(row) if not tile.empty]
    return bool(texts) and all(
        re.fullmatch(r"\d+(?:[=＝][\d+\-*/()＋－]+)?", squash(text))
        or text in _NUMBERING
        or squash(text) in ("栏次", "行次")
        for text in texts
    )


def _unit_row(tiles: Tiles, row: int) -> bool:
    texts = [tile.text for tile in tiles.row(row) if not tile.empty]
    return len(texts) >= 2 and all(_is_unit(text) for text in texts)


def _column_labels(tiles: Tiles, header: list[int], column: int) -> tuple[tuple[str, ...], str]:
    path: list[str] = []
    unit = ""
    for row in header:
        tile = tiles.at(row, column)
        if tile is None or tile.empty or _numbering_row(tiles, row):
            continue
        if _unit_row(tiles, row):
            unit = tile.text.strip()
            continue
        if tile.box.top == row and tile.text not in path:
            path.append(tile.text)
    return tuple(path), unit


def _special_columns(tiles: Tiles, rows: list[int], header: list[int], common: int) -> tuple[int, set[int]]:
    """The column of units, and the label columns that only number the rows."""
    unit_column, skipped = 0, set()
    for column in range(1, common):
        head = next(
            (
                squash(tile.text)
                for row in header
                if (tile := tiles.at(row, column)) is not None and tile.box.width == 1 and not tile.empty
            ),
            "",
        )
        texts = [
            tile.text.strip()
            for row in rows
            if (tile := tiles.at(row, column)) is not None and not tile.empty and tile.box.left == column
        ]
        if not texts:
            continue
        if _UNIT_HEAD.match(head) or (len(texts) >= 2 and all(_is_unit(text) for text in texts)):
            unit_column = column
            skipped.add(column)
        elif _SERIAL_HEAD.match(head) or all(re.fullmatch(r"[A-Za-z]?\d{1,8}", text) for text in texts):
            skipped.add(column)
    return unit_column, skipped


def _row_labels(tiles: Tiles, row: int, common: int, skipped: set[int]) -> tuple[str, ...]:
    path: list[Tile] = []
    column = 1
    while column < common:
        tile = tiles.at(row, column)
        if tile is None:
            break
        if not tile.empty and tile.box.left not in skipped and tile not in path:
            path.append(tile)
        column = tile.box.right + 1
    return tuple(tile.text for tile in path)


_REGION_HEAD = re.compile(
    r"^(?:(?:所属|填报|上报|统计|各)?(?:社区|村|居委会|街道|乡镇|乡\(镇\)|镇街|区县|县区|单位|地区|区域|辖区|网格)"
    r"(?:\(.{1,6}\)|[/、](?:社区|村|居委会|街道|乡镇))*(?:名称|名)?|.{0,6}行政区划(?:名称)?)$"
)
_SERIALS = re.compile(r"^(?:序号?|编号|№|no\.?)$")


def region_level(head: str) -> str:
    """The level that a heading of a table's first column names: street, community, grid, or any."""
    plain = squash(head)
    for words, level in (
        ("网格", "grid"),
        ("社区|村|居委会", "community"),
        ("街道|乡|镇", "street"),
        ("区县|县区|县", "district"),
    ):
        if re.search(words, plain):
            return level
    return "any"


def is_region_head(text: str) -> bool:
    """Whether the heading of a column asks for the name of an area."""
    return bool(_REGION_HEAD.match(squash(text)))


def region_matrix(layout: Layout, picture: Picture) -> Matrix | None:
    """A table whose empty rows are regions: first a column for the area's name, then numbers; None when it is none."""
    columns = [column for column in layout.columns if column.leaf]
    serial = 0
    if columns and _SERIALS.match(squash(columns[0].leaf)):
        serial = columns[0].index
        columns = columns[1:]
    if len(columns) < 3 or not is_region_head(columns[0].path[0]):
        return None
    tiles = Tiles(picture)
    header = list(range(layout.header_top, layout.first_row))
    made = Matrix(
        first_row=layout.first_row,
        header_top=layout.header_top,
        region_column=columns[0].index,
        serial_column=serial,
    )
    for column in columns[1:]:
        if re.match(r"^(?:备注|说明)$", squash(column.leaf)):
            continue
        _path, unit = _column_labels(tiles, header, column.index)
        made.columns.append(Line(column.index, column.path, unit))
    last = layout.last_row
    for row in range(layout.first_row, max(last, layout.first_row) + 2):
        name = squash(picture.text(row, columns[0].index)) or squash(
            picture.text(row, serial or columns[0].index)
        )
        if re.match(r"^(?:合计|总计|小计|共计)$", name):
            made.total_row = row
    if layout.footer_row and re.match(
        r"^(?:合计|总计|小计|共计)",
        squash(picture.text(layout.footer_row, columns[0].index) or picture.text(layout.footer_row, 1)),
    ):
        made.total_row = layout.footer_row
    made.footer_row = next(
        (
            row
            for row in sorted(picture.by_row)
            if row > max(layout.first_row, made.total_row if made.total_row == layout.first_row else 0)
            and row != made.total_row
            and any(isinstance(value, str) and len(value) > 3 for value in picture.by_row[row].values())
        ),
        0,
    )
    made.last_row = max(last, layout.first_row, made.total_row if made.total_row == layout.first_row else 0)
    return made
