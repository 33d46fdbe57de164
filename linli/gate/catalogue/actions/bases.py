"""The bases that items rest on: the carried-over articles of laws, and documents that an office adds."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from importlib import resources
from typing import Any

from linli.access.guard import require
from linli.access.roles import Permission
from linli.audit.recording import SYSTEM, RuleError, action
from linli.gate.catalogue.models import DISTRICT, Basis, BasisKind


def ensure_bases(*, acting_user: Any = SYSTEM) -> int:
    """Load the articles that name residents' committees, as carried over (`data/statutory_basis.csv`). Returns how many were
    new; safe to call again."""
    source = resources.files("linli.gate.catalogue") / "data" / "statutory_basis.csv"
    with source.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["status"] == "现行有效"]
    have = set(Basis.objects.filter(region_code="").values_list("title", "article", "effective_on"))
    fresh = [
        Basis(kind=BasisKind.LAW, title=row["law"], article=row["article"], text=row["text"], effective_on=on)
        for row in rows
        if (row["law"], row["article"], on := date.fromisoformat(row["law_effective"])) not in have
    ]
    if fresh:
        with action(acting_user, "catalogue.ensure_bases") as act:
            Basis.objects.bulk_create(fresh, ignore_conflicts=True)
            act.record(None, f"载入法律依据 {len(fresh)} 条")
    return len(fresh)


def add_document(
    *,
    acting_user: Any,
    region_code: str,
    title: str,
    effective_on: date,
    number: str = "",
    article: str = "",
    text: str = "",
    kind: str = BasisKind.DOCUMENT,
    ended_on: date | None = None,
) -> Basis:
    """A regulation or document of a region as a basis. It must be of the district or above.

    Raises RuleError for one of a street, without a title, or that is there already.
    """
    require(acting_user, Permission.MANAGE_CATALOGUE, region_code)
    if len(region_code) > DISTRICT:
        raise RuleError("依据要是区级以上的文件，街道的文件不能作为依据。", field="region_code")
    name, where = title.strip().strip("《》"), article.strip()
    if not name:
        raise RuleError("请填写文件名称。", field="title")
    if ended_on is not None and ended_on <= effective_on:
        raise RuleError("失效日期要晚于施行日期。", field="ended_on")
    if Basis.objects.filter(title=name, article=where, effective_on=effective_on).exists():
        raise RuleError(f"《{name}》{where}已经在依据里，直接选用即可。", field="title")
    with action(acting_user, "catalogue.add_document") as act:
        made = Basis.objects.create(
            region_code=region_code,
            kind=BasisKind(kind),
            title=name,
            number=number.strip(),
            article=where,
            text=text.strip(),
            effective_on=effective_on,
            ended_on=ended_on,
        )
        act.record(made, f"新增依据{made}")
    return made


def selectable(region_code: str) -> Any:
    """The bases that an item of a region's catalogue may rest on: of the whole country, of the regions around, its own."""
    around = ["", *(region_code[:n] for n in (2, 4, DISTRICT) if n <= len(region_code))]
    return Basis.objects.filter(region_code__in=around)


def bases_of(numbers: Iterable[int]) -> list[Basis]:
    """The bases by number, in the given order."""
    wanted = list(numbers)
    found = Basis.objects.in_bulk(wanted)
    return [found[one] for one in wanted if one in found]


def named(numbers: Iterable[int], note: str = "") -> str:
    """《…》第八条；《…》第四条；…, as a warrant quotes it."""
    return "；".join([*(str(one) for one in bases_of(numbers)), *([note] if note else [])])
