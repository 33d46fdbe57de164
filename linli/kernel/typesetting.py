"""Setting PDF with typst, with the Chinese font that comes with the package: no font of the system is asked for."""

from __future__ import annotations

import importlib.util
import json
import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

FONT: Final = "Noto Serif SC"
_FONTS: Final = "pylopdf_fonts_zh_cn"
_FONT_FILE: Final = "NotoSerifSC-Regular.otf"


@cache
def font_folder() -> str:
    """The folder of the font. Raises RuntimeError when its package is not installed."""
    found = importlib.util.find_spec(_FONTS)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"{_FONTS} is not installed")
    return str(next(iter(found.submodule_search_locations)))


@cache
def _spans() -> tuple[tuple[int, int], ...]:
    """The ranges of characters that the font draws: its cmap sub-table of format 12 (OpenType)."""
    data = (Path(font_folder()) / _FONT_FILE).read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    for n in range(tables):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", data, 12 + 16 * n)
        if tag != b"cmap":
            continue
        (count,) = struct.unpack_from(">H", data, start + 2)
        for m in range(count):
            _platform, _encoding, at = struct.unpack_from(">HHI", data, start + 4 + 8 * m)
            (form,) = struct.unpack_from(">H", data, start + at)
            if form == 12:
                (groups,) = struct.unpack_from(">I", data, start + at + 12)
                wide = struct.iter_unpack(">III", data[start + at + 16 : start + at + 16 + 12 * groups])
                return tuple((first, last) for first, last, _glyph in wide)
    raise RuntimeError(f"{_FONT_FILE} has no table of characters")


def not_drawn(text: str) -> str:
    """The characters of a text that the font cannot draw, each once: on paper they would be empty boxes."""
    return "".join(one for one in dict.fromkeys(text) if not one.isspace() and not _is_drawn(one))


@cache
def _is_drawn(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _spans())


def compiled(
    template: Path,
    data: Mapping[str, Any],
    *,
    inputs: Mapping[str, str] | None = None,
    archival: bool = False,
    tagged: bool = True,
) -> bytes:
    """A template as PDF; it reads `data` (and the font's name in it) from `sys.inputs.data`; `archival` for PDF/A-2b, `tagged`
    with its structure for screen readers. Raises typst.TypstError."""
    made: Any = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**data, "font": FONT}, ensure_ascii=False), **(inputs or {})},
        format="pdf",
        pdf_tags=tagged,
        pdf_standards=["a-2b"] if archival else None,
    )
    return bytes(made)
