"""Registering new families while the rest is still being read leaves the same registry, and returns the same rows."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import connection, transaction

from linli.access.testing import COMMUNITY
from linli.audit.recording import SYSTEM
from linli.regions.lookup import by_code
from linli.registry.groups.seeds import ensure_groups
from linli.registry.intake import examining, run
from linli.registry.intake.actions import Outcome, import_workbook
from linli.registry.intake.columns import COLUMNS, PLACE_OF
from linli.registry.intake.tests.test_import import make_regions
from tests.bench.import_rows import make_rows

# What is in the registry, without the keys and moments that differ from run to run.
STATE = {
    "homes": "SELECT full_address, region_code, floor, use, tenure, area, owner_name FROM places_home ORDER BY 1",
    "people": "SELECT id_digest, name, birth_date, region_code, standing, ethnic, phone_digest, note FROM people_person "
    "ORDER BY 1, 2, 3, 4",
    "residences": "SELECT p.id_digest, p.name, p.birth_date, r.kind, r.region_code, h.full_address, r.address, r.period, r.reason, "
    "r.hukou_nature FROM people_residence r JOIN people_person p ON p.id = r.person_id LEFT JOIN places_home h ON h.id = r.home_id "
    "ORDER BY 1, 2, 3, 4, 8",
    "households": "SELECT CASE WHEN o.number LIKE '%-%' THEN h.full_address ELSE o.number END, o.kind, h.full_address "
    "FROM people_household o LEFT JOIN places_home h ON h.id = o.home_id ORDER BY 1, 2",
    "members": "SELECT p.id_digest, p.name, p.birth_date, h.full_address, m.relation, m.period FROM people_householdmember m "
    "JOIN people_person p ON p.id = m.person_id JOIN people_household o ON o.id = m.household_id "
    "LEFT JOIN places_home h ON h.id = o.home_id ORDER BY 1, 2, 3, 4, 6",
    "groups": "SELECT p.id_digest, p.name, g.group_id, g.class_code FROM groups_membership g JOIN people_person p ON p.id = g.person_id "
    "ORDER BY 1, 2, 3",
}


def write(path: Path, rows: list[list[Any]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("居民与房屋")
    sheet.write_row(0, 0, [column.heading for column in COLUMNS])
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if value != "":
                sheet.write(number, at, value)
    book.close()
    return path


def state() -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for key, statement in STATE.items():
            cursor.execute(statement)
            found[key] = [
                tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
                for row in cursor.fetchall()
            ]
    return found


def imported(
    monkeypatch: pytest.MonkeyPatch, paths: list[Path], batch: int
) -> tuple[dict[str, list[Any]], list[Outcome]]:
    """The registry after the workbooks, and the outcomes; everything is taken back."""
    with monkeypatch.context() as patch, transaction.atomic():
        patch.setattr(run, "BATCH", batch)
        patch.setattr(run, "FIRST_BATCH", batch)
        patch.setattr(examining, "BLOCK", min(batch, examining.BLOCK))
        outcomes = [
            import_workbook(acting_user=SYSTEM, path=path, region=by_code(COMMUNITY)) for path in paths
        ]
        found = state()
        transaction.set_rollback(True)
    return found, outcomes


def shuffled(rows: list[list[Any]], seed: int) -> list[list[Any]]:
    """Rows out of order here and there: families torn apart, heads after their people, second heads, twice the same person,
    facts of a home that only a later row tells, homes without anybody, numbers of households left out."""
    r = random.Random(seed)
    rows = [list(row) for row in rows]
    for row in rows:
        if r.random() < 0.1:
            row[PLACE_OF["area"]] = ""
    for _n in range(len(rows) // 12):
        rows.insert(r.randrange(len(rows)), rows.pop(r.randrange(len(rows))))
    for _n in range(len(rows) // 40):
        one = list(r.choice(rows))
        change = r.randrange(4)
        if change == 0:
            pass
        elif change == 1:
            one[PLACE_OF["relation"]] = "户主"
            one[PLACE_OF["id_number"]] = ""
            one[PLACE_OF["name"]] = "赵另一"
        elif change == 2:
            for place in range(PLACE_OF["household"], len(one)):
                one[place] = ""
        else:
            one[PLACE_OF["id_number"]] = ""
            one[PLACE_OF["name"]] = "钱无证"
            one[PLACE_OF["relation"]] = "其他"
        rows.insert(r.randrange(len(rows)), one)
    for row in rows:
        if r.random() < 0.03:
            row[PLACE_OF["household"]] = ""
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    make_regions()
    ensure_groups(acting_user=SYSTEM)
    made, _expected = make_rows(420, broken=24)
    first = write(tmp_path / "first.xlsx", shuffled(made, seed))
    # A second file: half of the families known, with new phones, others new, and some who have moved.
    more, _expected = make_rows(700, broken=20)
    r = random.Random(seed)
    for row in more[:420]:
        if r.random() < 0.2:
            row[PLACE_OF["phone"]] = "13800000000"
        if r.random() < 0.05:
            row[PLACE_OF["door"]] = "999"
    second = write(tmp_path / "second.xlsx", shuffled(more[200:], seed + 10))
    whole, whole_outcomes = imported(monkeypatch, [first, second, second], 10**9)
    assert whole_outcomes[0].new > 200
    assert whole_outcomes[0].rejected >= 20
    assert whole_outcomes[1].new > 100
    for batch in (200, 60, 7):
        found, outcomes = imported(monkeypatch, [first, second, second], batch)
        for key, rows in whole.items():
            assert found[key] == rows, key
        for one, other in zip(whole_outcomes, outcomes, strict=True):
            assert other.wrong == one.wrong
            said = (
                "rows",
                "new",
                "updated",
                "unchanged",
                "moved",
                "estates",
                "buildings",
                "homes",
                "households",
                "headless",
            )
            assert {key: getattr(other, key) for key in said} == {key: getattr(one, key) for key in said}
