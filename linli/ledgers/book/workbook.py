"""Opening a department's workbook safely, and seeing its sheets as pictures: values, merges, widths, drop-downs.

No Django here. Whatever is not a readable .xlsx raises BadWorkbook with one clear Chinese sentence.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from linli.ledgers.book.dropdowns import Choices, read_choices, restore_extended

# Limits on what a form may be: bytes as sent, bytes unpacked, packing ratio, cells, merged cells, sheets.
MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 20 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_CELLS = 1_500_000
MAX_MERGED = 300_000
MAX_SHEETS = 200

_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell[^>]*?\bref="([A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)"')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class BadWorkbook(Exception):
    """The file cannot be read as a form. The text is one Chinese sentence: what is wrong and what to do."""


@dataclass(frozen=True)
class Box:
    """A merged range; rows and columns count from 1, ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        return self.right - self.left + 1


@dataclass
class Picture:
    """One sheet as it looks: `values` by (row, column) without empty cells, merged boxes, widths, drop-downs.

    `formulas` are the cells that compute themselves: they hold no value, so that none is read as a label or as data, and they
    are no blanks either.
    """

    name: str
    hidden: bool
    values: dict[tuple[int, int], Any]
    boxes: list[Box]
    widths: dict[int, float] = field(default_factory=dict)
    choices: dict[int, list[Choices]] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    sizes: dict[tuple[int, int], float] = field(default_factory=dict)
    styled_rows: set[int] = field(default_factory=set)
    bordered: set[tuple[int, int]] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> int:
        """The last row with a value."""
        return max((row for row, _column in self.values), default=0)

    @cached_property
    def columns(self) -> int:
        """The last column with a value."""
        return max((column for _row, column in self.values), default=0)

    @cached_property
    def by_row(self) -> dict[int, dict[int, Any]]:
        """The values of each row by column."""
        found: dict[int, dict[int, Any]] = {}
        for (row, column), value in sorted(self.values.items()):
            found.setdefault(row, {})[column] = value
        return found

    @cached_property
    def _corner(self) -> dict[tuple[int, int], Box]:
        return {(box.top, box.left): box for box in self.boxes}

    def text(self, row: int, column: int) -> str:
        """The cell's text, "" when empty."""
        value = self.values.get((row, column))
        return "" if value is None else str(value).strip()

    def box(self, row: int, column: int) -> Box:
        """The merged box that starts at the cell, or the cell itself as a box."""
        return self._corner.get((row, column)) or Box(row, column, row, column)

    def covering(self, row: int, column: int) -> Box:
        """The merged box that covers the cell, or the cell itself."""
        for box in self.boxes:
            if box.top <= row <= box.bottom and box.left <= column <= box.right:
                return box
        return Box(row, column, row, column)

    def options(self, row: int, column: int) -> Choices | None:
        """The drop-down in force at a cell, if any."""
        for choices in self.choices.get(column, ()):
            if choices.first_row <= row <= choices.last_row:
                return choices
        return None


def _inspect(data: BinaryIO) -> None:
    """Look at the package's directory before anything is unpacked; raises BadWorkbook."""
    data.seek(0, io.SEEK_END)
    size = data.tell()
    data.seek(0)
    head = data.read(4096)
    data.seek(0)
    if not size:
        raise BadWorkbook("文件是空的，请重新选择要填的表格。")
    if size > MAX_BYTES:
        raise BadWorkbook(f"文件有 {size // 1024 // 1024} MB，超过 30 MB，不像一张待填的空表；请只上传空表。")
    if head.startswith(_OLE):
        data.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in data.read():
            raise BadWorkbook("工作簿设有打开密码，无法读取；请在 Excel 中去掉密码后再上传。")
        raise BadWorkbook("这是旧版 Excel 格式（.xls），请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")
    if head.startswith(b"%PDF"):
        raise BadWorkbook("这是 PDF 文件，不是 Excel 表格；请向来文单位索取 .xlsx 格式的空表。")
    if not head.startswith(b"PK"):
        raise BadWorkbook("这不是 Excel 工作簿（.xlsx），请检查文件；网页或文本格式的表格请先另存为 .xlsx。")
    try:
        package = zipfile.ZipFile(data)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BadWorkbook("文件已损坏，无法打开；请重新下载或另存一份后再上传。") from None
    with package:
        _inspect_package(package, size)


def _inspect_package(package: zipfile.ZipFile, size: int) -> None:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise BadWorkbook("文件展开后过大，为安全起见没有打开；请另存一份干净的空表后再上传。")
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * size:
        raise BadWorkbook("文件的压缩比异常，为安全起见没有打开；请另存一份干净的空表后再上传。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadWorkbook("工作簿设有打开密码，无法读取；请在 Excel 中去掉密码后再上传。")
    if any(name.startswith("word/") for name in names):
        raise BadWorkbook(
            "这是 Word 文档改了扩展名，不是 Excel 工作簿；请把其中的表格复制到 Excel 后再上传。"
        )
    if any(name.startswith("ppt/") for name in names):
        raise BadWorkbook("这是 PowerPoint 文档，不是 Excel 工作簿；请上传 .xlsx 格式的空表。")
    if "xl/workbook.bin" in names:
        raise BadWorkbook("这是二进制工作簿（.xlsb），请在 Excel 中另存为 .xlsx 后再上传。")
    if "xl/workbook.xml" not in names:
        raise BadWorkbook("这个压缩包不是 Excel 工作簿（.xlsx），请检查文件。")
    sheets = [entry for entry in entries if re.match(r"xl/worksheets/[^/]+\.xml$", entry.filename)]
    if len(sheets) > MAX_SHEETS:
        raise BadWorkbook("工作簿的工作表太多，不像一张待填的空表；请只留需要填的工作表后再上传。")
    cells = merged = 0
    for entry in sheets:
        try:
            with package.open(entry) as stream:
                tail = b""
                while block := stream.read(1 << 20):
                    text = tail + block
                    cut = text.rfind(b"<")
                    text, tail = text[:cut], text[cut:]
                    cells += len(_CELL.findall(text))
                    for found in _MERGE.finditer(text):
                        left, top, right, bottom = range_boundaries(found.group(1).decode("ascii"))
                        merged += (right - left + 1) * (bottom - top + 1)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
            raise BadWorkbook("文件已损坏，无法打开；请重新下载或另存一份后再上传。") from None
        except Exception as error:  # zlib.error has no common base
            if type(error).__module__ == "zlib":
                raise BadWorkbook("文件已损坏，无法打开；请重新下载或另存一份后再上传。") from None
            raise
    if cells > MAX_CELLS:
        raise BadWorkbook("表格单元格太多，不像一张待填的空表；请删去已有数据和多余的空行后再上传。")
    if merged > MAX_MERGED:
        raise BadWorkbook("合并单元格的范围过大，请在 Excel 中取消整列或整表的合并后再上传。")


def open_workbook(source: str | Path | bytes | BinaryIO) -> Workbook:
    """The workbook with everything that openpyxl keeps; formulas as formulas. Raises BadWorkbook."""
    if isinstance(source, str | Path):
        try:
            if Path(source).stat().st_size > MAX_BYTES:
                raise BadWorkbook("文件超过 30 MB，不像一张待填的空表；请只上传空表。")
            data: BinaryIO = io.BytesIO(Path(source).read_bytes())
        except OSError:
            raise BadWorkbook(f"找不到或读不了文件“{source}”，请检查路径。") from None
    else:
        data = io.BytesIO(source) if isinstance(source, bytes) else source
    _inspect(data)
    data.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(data)
        data.seek(0)
        with zipfile.ZipFile(data) as package:
            restore_extended(book, package)
    except BadWorkbook:
        raise
    except InvalidFileException:
        raise BadWorkbook("这不是 Excel 工作簿（.xlsx），请检查文件。") from None
    except RecursionError:
        raise BadWorkbook("文件结构异常，无法读取；请在 Excel 中另存一份后再上传。") from None
    except (
        Exception
    ):  # openpyxl raises whatever its parser meets: KeyError, ValueError, ParseError, zlib.error …
        raise BadWorkbook("文件内容有损坏，无法读取；请用 Excel 或 WPS 打开后另存一份再上传。") from None
    if not book.worksheets:
        raise BadWorkbook("工作簿里没有工作表，请检查文件。")
    return book


def formula_of(cell: Any) -> str:
    """The formula of a cell, array formulas included; "" when it does not compute itself."""
    value = cell.value
    if isinstance(value, str):
        return value if value.startswith("=") and len(value) > 1 else ""
    if isinstance(value, ArrayFormula):
        return value.text or "="
    return "=" if isinstance(value, DataTableFormula) else ""


def _bordered(cell: Any) -> bool:
    sides = (cell.border.bottom, cell.border.left, cell.border.top) if cell.border else ()
    return any(side is not None and side.style for side in sides)


def picture(sheet: Worksheet) -> Picture:
    """The sheet as a picture."""
    values: dict[tuple[int, int], Any] = {}
    formats: dict[tuple[int, int], str] = {}
    sizes: dict[tuple[int, int], float] = {}
    styled: set[int] = set()
    bordered: set[tuple[int, int]] = set()
    formulas: dict[tuple[int, int], str] = {}
    borders: dict[int, bool] = {}
    for (row, column), cell in sheet._cells.items():
        value = cell.value
        if formula := formula_of(cell):
            formulas[row, column] = formula
        elif value is not None and not (isinstance(value, str) and not value.strip()):
            values[row, column] = value
            if cell.has_style and cell.font and cell.font.sz:
                sizes[row, column] = float(cell.font.sz)
        if cell.has_style:
            look = cell._style.borderId
            if look not in borders:
                borders[look] = _bordered(cell)
            if borders[look]:
                styled.add(row)
                bordered.add((row, column))
            if cell.number_format not in ("General", "@"):
                formats[row, column] = cell.number_format
    boxes = [Box(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges]
    widths = {
        column: dimension.width
        for letter, dimension in sheet.column_dimensions.items()
        if dimension.width
        for column in [range_boundaries(f"{letter}1")[0]]
    }
    return Picture(
        name=sheet.title,
        hidden=sheet.sheet_state != "visible",
        values=values,
        boxes=sorted(boxes, key=lambda box: (box.top, box.left)),
        widths=widths,
        choices=read_choices(sheet),
        formats=formats,
        sizes=sizes,
        styled_rows=styled,
        bordered=bordered,
        formulas=formulas,
    )


def pictures(book: Workbook) -> list[Picture]:
    """Every worksheet as a picture, hidden ones too (they often hold the lists behind drop-downs)."""
    return [picture(sheet) for sheet in book.worksheets]
