"""A column of the workbooks that are filled in and imported."""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.kernel.codes import CodeList


@dataclass(frozen=True)
class Column:
    """One column. `need` is *必填*, 条件 (needed in some rows) or "". `most` characters at most. `width` as Excel counts."""

    key: str
    heading: str
    need: str = ""
    note: str = ""
    codes: CodeList | None = None
    most: int = 60
    width: int = 12
    also: tuple[str, ...] = field(default_factory=tuple)
    example: str = ""
    of_person: bool = True
