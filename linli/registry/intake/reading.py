"""Opening an uploaded workbook safely: every kind of wrong file is told from the others, and nothing explodes."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError  # only the names of types; parsing is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from linli.registry.intake.columns import Headings, find_headings

MOST_UNPACKED: Final = 1_200 * 1024 * 1024  # bytes of all parts together
MOST_PART: Final = 900 * 1024 * 1024  # bytes of one part
MOST_ROWS: Final = 300_000
MOST_COLUMNS: Final = 130  # up to DZ
SHEET: Final = "居民与房屋"
LOOK_AT_ROWS: Final = 12  # headings stand within the first rows

_BLOCK: Final = 4 * 1024 * 1024
_TAG: Final = 4096  # bytes that a row's tag may take
_SHARED: Final = "xl/sharedStrings.xml"
# What a workbook of a part needs besides the sheet.
_COPIED: Final = {
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    "xl/workbook.xml",
    "xl/styles.xml",
    _SHARED,
}

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REL_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# A cell with a value that lies too far right or down.
_FAR = re.compile(rb' r="(?:([A-Z]{3,}|[E-Z][A-Z])\d+|[A-Z]{1,3}(\d{6,}))"(?:[^<>]*[^/<>])?>')
_DATA = re.compile(rb"<((?:\w+:)?)sheetData\s*>")
_ROW = re.compile(rb'<(?:\w+:)?row\s(?:[^<>]*?\s)?r="\d+"')
_ERROR = re.compile(
    rb'<c\s(?=[^<>]*?\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d+)"[^<>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)'
)


class BadWorkbook(ValueError):
    """The file cannot be read as a workbook of residents and homes; ``str()`` is one Chinese sentence."""


class Unreadable(BadWorkbook):
    """The sheet's text is not what it should be."""


@dataclass(frozen=True)
class Sheet:
    """The sheet to read: its place among the workbook's sheets, name, part within the file, headings, and bytes of text."""

    index: int
    name: str
    part: str
    headings: Headings
    size: int


def check(path: Path, name: str = "") -> Sheet:
    """Look at a file without reading it whole: what it is, and where its headings stand.

    Raises BadWorkbook with one sentence that says what is wrong and what to do.
    """
    with open(path, "rb") as file:
        start = file.read(8)
    if not start:
        raise BadWorkbook("文件是空的，请选择填好的居民与房屋表。")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if name.lower().endswith(".xls"):
            raise BadWorkbook("这是旧格式的 .xls 文件，请在 Excel 或 WPS 里另存为 .xlsx 再上传。")
        raise BadWorkbook("文件加了密码，或是改了名的旧格式文件。请去掉打开密码，另存为 .xlsx 再上传。")
    if not start.startswith(b"PK"):
        raise BadWorkbook(
            "这不是 Excel 文件（.xlsx）。请下载模板填写，或在 Excel、WPS 里另存为 .xlsx 再上传。"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            return _look(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, KeyError):
        raise BadWorkbook("文件损坏了，打不开。请用 Excel 或 WPS 打开检查，另存一份再上传。") from None
    except (ParseError, DefusedXmlException, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, BadWorkbook):
            raise
        raise BadWorkbook(
            "文件的内容不合规范，读不出来。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
        ) from None


_OTHER_SHAPES = "部门的表、自己设计的表（有大标题、合并的表头、地址写在一栏），请从“名册入库”上传。"


def _look(archive: zipfile.ZipFile) -> Sheet:
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if len(infos) > 5_000 or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise BadWorkbook("文件解压后太大，不像正常的表格。请只留居民与房屋一张表，另存一份再上传。")
    if any(info.flag_bits & 1 for info in infos):
        raise BadWorkbook("文件加了密码。请去掉密码再上传。")
    if "xl/workbook.bin" in names:
        raise BadWorkbook("这是 .xlsb 文件，请在 Excel 或 WPS 里另存为 .xlsx 再上传。")
    if "xl/workbook.xml" not in names:
        if any(one.startswith("word/") for one in names):
            raise BadWorkbook("这是 Word 文档，不是 Excel 表。请上传填好的居民与房屋表（.xlsx）。")
        if any(one.startswith("ppt/") for one in names):
            raise BadWorkbook("这是 PPT 演示文稿，不是 Excel 表。请上传填好的居民与房屋表（.xlsx）。")
        raise BadWorkbook("这是压缩包，不是 Excel 表。请解压后上传里面的 .xlsx 文件。")
    found: list[Sheet] = []
    nearest: list[str] = []
    for index, (title, part) in enumerate(_sheets(archive)):
        if part not in names:
            continue
        headings = find_headings(_first_rows(archive, part))
        if headings is None:
            continue
        if headings.missing:
            nearest = nearest or headings.missing
            continue
        found.append(Sheet(index, title, part, headings, archive.getinfo(part).file_size))
    if found:
        return next((one for one in found if one.name == SHEET), found[0])
    if nearest:
        listed = "、".join(f"“{one}”" for one in nearest)
        raise BadWorkbook(
            f"表里缺少这些列：{listed}。请对照模板补上列名（写在表头一行）再上传。{_OTHER_SHAPES}"
        )
    raise BadWorkbook("没有找到表头。请下载模板，把内容填进去，不要改动列名，再上传。" + _OTHER_SHAPES)


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Names of the sheets and their parts, in order."""
    targets: dict[str, str] = {}
    for element in _elements(archive, "xl/_rels/workbook.xml.rels"):
        if element.tag.endswith("Relationship"):
            target = element.get("Target", "")
            targets[element.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return [
        (element.get("name", ""), targets.get(element.get(_REL) or element.get(_REL_STRICT) or "", ""))
        for element in _elements(archive, "xl/workbook.xml")
        if element.tag in (f"{_MAIN}sheet", f"{_STRICT}sheet")
    ]


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[Element]:
    with archive.open(part) as file:
        for _event, element in iterparse(file, forbid_dtd=True):
            yield element


def _first_rows(archive: zipfile.ZipFile, part: str) -> list[list[str]]:
    """The texts of a sheet's first rows, read without the rest of it."""
    rows: list[list[str]] = []
    wanted: dict[int, list[tuple[int, int]]] = {}
    for element in _elements(archive, part):
        if not element.tag.endswith("}row"):
            continue
        number = int(element.get("r") or len(rows) + 1)
        if number > LOOK_AT_ROWS:
            break
        while len(rows) < number - 1:
            rows.append([])
        cells: list[str] = []
        for cell in element:
            place = _column(cell.get("r", "")) if cell.get("r") else len(cells)
            if place > 300:
                break
            cells.extend([""] * (place + 1 - len(cells)))
            text = "".join(t.text or "" for t in cell.iter() if t.tag.endswith(("}t", "}v")))
            if cell.get("t") == "s" and text.isdecimal() and len(text) < 9:
                wanted.setdefault(int(text), []).append((len(rows), place))
                text = ""
            cells[place] = text
        rows.append(cells)
        if number >= LOOK_AT_ROWS:
            break
    if wanted:
        _fill_shared(archive, rows, wanted)
    return rows


def _fill_shared(
    archive: zipfile.ZipFile, rows: list[list[str]], wanted: dict[int, list[tuple[int, int]]]
) -> None:
    last, count = max(wanted), 0
    for element in _elements(archive, "xl/sharedStrings.xml"):
        if not element.tag.endswith("}si"):
            continue
        if count in wanted:
            text = "".join(t.text or "" for t in element.iter() if t.tag.endswith("}t"))
            for row, place in wanted[count]:
                rows[row][place] = text[:200]
        count += 1
        element.clear()
        if count > last:
            return


def _column(reference: str) -> int:
    number = 0
    for character in reference:
        if not ("A" <= character <= "Z"):
            break
        number = number * 26 + ord(character) - 64
    return number - 1


class _Looker:
    """Looks through a sheet's text as it is unpacked: refuses what would not fit in memory, and finds the cells that hold an
    error, {row: {column: "#REF!"}}, both counted from 0."""

    def __init__(self) -> None:
        self.errors: dict[int, dict[int, str]] = {}
        self._kept = b""

    def look(self, block: bytes) -> None:
        """Raises BadWorkbook."""
        text = self._kept + block
        for match in _FAR.finditer(text):
            if match.group(1) is not None:
                raise BadWorkbook(
                    f"表格右边很远的地方（{match.group(1).decode()} 列）还有内容。请删去第 {MOST_COLUMNS} 列以后的内容再上传。"
                )
            if int(match.group(2)) > MOST_ROWS + LOOK_AT_ROWS:
                raise BadWorkbook(
                    f"一张表最多 {MOST_ROWS:,} 行。请分成几个文件，或删去下面多余的内容再上传。"
                )
        if b't="e"' in text:
            for column, row, value in _ERROR.findall(text):
                self.errors.setdefault(int(row) - 1, {})[_column(column.decode())] = value.decode()
        self._kept = text[-512:]


class Part(NamedTuple):
    """Which rows of the sheet: those that begin from `low` to `high` per cent of its text."""

    low: int = 0
    high: int = 100


WHOLE: Final = Part()


class NoCut(Exception):
    """No row begins in this part: the one before holds the rest."""


class Rows:
    """The rows of a sheet, or of one part of it, below the headings; read with calamine. Iterate as often as needed."""

    def __init__(self, path: Path, sheet: Sheet, part: Part = WHOLE) -> None:
        """Unpacks and looks through the part before it is read. Raises BadWorkbook; NoCut when no row begins in it."""
        import python_calamine

        looker = _Looker()
        try:
            if part == WHOLE:
                _look_through(path, sheet, looker)
                self._book = python_calamine.CalamineWorkbook.from_path(str(path))
            else:
                self._book = _open_part(path, sheet, part, looker)
            self._sheet = self._book.get_sheet_by_index(sheet.index)
        except (BadWorkbook, NoCut):
            raise
        except Exception as error:
            if part != WHOLE and isinstance(error, OSError):
                raise NoCut from None  # no room for the part, say
            raise Unreadable(
                "文件的内容不合规范，读不出来。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
            ) from None
        self.errors = looker.errors
        start = self._sheet.start
        # calamine gives rows from the first of the sheet on, but columns from the first that holds something.
        self.left: list[Any] = [""] * (start[1] if start else 0)
        self._first = max(sheet.headings.row + 1, start[0] if start else 0)
        self.last = self._sheet.total_height

    def __iter__(self) -> Iterator[tuple[int, list[Any]]]:
        """(row number from 0, cells from column A on); empty rows are left out."""
        left = self.left
        for number, row in self.every():
            if any(cell != "" for cell in row):
                yield number, left + row

    def every(self) -> Iterator[tuple[int, list[Any]]]:
        """All rows as they are: empty ones too, and without the columns `left` of the first that holds something."""
        return islice(enumerate(self._sheet.iter_rows()), self._first, None)

    @property
    def count(self) -> int:
        """How many rows there are, empty ones included."""
        return max(0, self.last + 1 - self._first)

    def begin_after(self, row: int) -> None:
        """Leave out the rows up to that one."""
        self._first = max(self._first, row + 1)


def _unpacked(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member's text, block by block. Raises BadWorkbook when it is too long."""
    size = 0
    with archive.open(name) as file:
        while block := file.read(_BLOCK):
            size += len(block)
            if size > MOST_PART:
                raise BadWorkbook("文件解压后太大，不像正常的表格。请只留居民与房屋一张表，另存一份再上传。")
            yield block


def _look_through(path: Path, sheet: Sheet, looker: _Looker) -> None:
    with zipfile.ZipFile(path) as archive:
        if _SHARED in archive.namelist():
            for _block in _unpacked(archive, _SHARED):
                pass
        for block in _unpacked(archive, sheet.part):
            looker.look(block)


def _open_part(path: Path, sheet: Sheet, part: Part, looker: _Looker) -> Any:
    """The part as a workbook of its own, in a file without a name: calamine asks for one, so it gets a link."""
    import python_calamine

    with tempfile.TemporaryFile() as file, tempfile.TemporaryDirectory() as folder:
        _write_part(path, sheet, part, file, looker)
        file.flush()
        link = Path(folder) / "part.xlsx"
        link.symlink_to(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        return python_calamine.CalamineWorkbook.from_path(str(link))


def _write_part(path: Path, sheet: Sheet, part: Part, target: IO[bytes], looker: _Looker) -> None:
    """Write a workbook of the rows that begin in the part."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for name in _COPIED & set(archive.namelist()):
            with made.open(name, "w", force_zip64=True) as copy:
                for block in _unpacked(archive, name):
                    copy.write(block)
        size = archive.getinfo(sheet.part).file_size
        text = _Text(_unpacked(archive, sheet.part))
        data = _DATA.search(text.here)
        if data is None:
            raise Unreadable
        with made.open(sheet.part, "w", force_zip64=True) as copy:

            def keep(piece: bytes) -> None:
                looker.look(piece)
                copy.write(piece)

            if part.low:
                copy.write(text.here[: data.end()])
                if not text.go(size * part.low // 100, lambda _piece: None):
                    raise NoCut
            if part.high >= 100:
                text.go(size + _TAG, keep)
            elif text.go(size * part.high // 100, keep):
                prefix = data.group(1)
                copy.write(b"</%ssheetData></%sworksheet>" % (prefix, prefix))


class _Text:
    """A sheet's text, gone through piece by piece. `here` is what lies before us."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self.here = next(blocks, b"")
        self._passed = 0

    def go(self, at: int, take: Callable[[bytes], object]) -> bool:
        """Go on to the first row that begins at or past a place, and give what lies before it to `take`; False when no row
        begins there, and all the rest was taken."""
        while (cut := _ROW.search(self.here, max(0, at - self._passed))) is None:
            # A tag may lie across two blocks: the end of each is looked at again with the next.
            block = next(self._blocks, b"")
            if not block:
                take(self.here)
                self.here = b""
                return False
            self._pass(len(self.here) - _TAG, take)
            self.here += block
        self._pass(cut.start(), take)
        return True

    def _pass(self, count: int, take: Callable[[bytes], object]) -> None:
        if count > 0:
            take(self.here[:count])
            self.here = self.here[count:]
            self._passed += count
