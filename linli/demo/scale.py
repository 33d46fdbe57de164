"""A whole made-up district to measure speed on: more than a million residents and four hundred thousand homes.

The demonstration street stands in 16 of the communities of 延庆区; its places, families and groups are repeated, as other
people, in 24 times 16 further communities of the same district. People get other given names (of somebody of their sex and
age), birth dates up to four weeks earlier, and numbers and telephones of their own; all else is repeated inside the
database. Loading bare tables and indexing them afterwards takes minutes instead of an hour.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Any, Final

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from linli.access.sealed import open_sealed
from linli.audit.recording import SYSTEM, ActingUser, RuleError, action
from linli.demo import street
from linli.demo.numbers import Numbers
from linli.demo.places_making import STREET
from linli.demo.records import Street
from linli.demo.writing import seal
from linli.kernel import hanzi
from linli.regions import names as region_names
from linli.regions.fields import RegionCodeField
from linli.regions.models import Level, Region
from linli.registry.organisations.models import Organisation
from linli.registry.people.models import Household, Person
from linli.registry.people.sealing import id_columns, phone_columns
from linli.registry.places.models import Home
from linli.registry.quality import measuring

COPIES: Final = 24
_ROOMS: Final = ("places", "people", "organisations", "groups", "networks", "lettings")
_NOT_REPEATED: Final = {"groups.Group", "groups.GroupRule", "groups.EvidenceFile"}
_GRID: Final = re.compile(r"第.+网格$")
# Names that stand beside the person they are of; copies of that person are called otherwise.
_NAMED: Final = {
    ("networks.NetworkPost", "name"): "person",
    ("lettings.Letting", "landlord_name"): "landlord",
    ("lettings.Letting", "tenant_name"): "tenant",
}
_EARLIER: Final = 28  # days that a repeated person may be older than the first one

Say = Callable[[str], None]


def build(
    *, acting_user: ActingUser = SYSTEM, first: Street | None = None, copies: int = COPIES, say: Say = print
) -> str:
    """Make the demonstration street (or write `first`) and repeat it over the district. Returns what was made, in words.

    Raises RuleError when there are people in the base already.
    """
    began = monotonic()
    if not street.is_empty():
        raise RuleError(
            "这里已经有居民数据，不能建测速用的大区。请换一个空的数据文件夹，如 LINLI_HOME=/tmp/大区 linli demo --scale。"
        )
    say("正在建示范街道……")
    first = first or street.make(seed=street.SEED, on=timezone.localdate())
    street.write(first, acting_user=acting_user, began=began)
    with action(acting_user, "demo.scale") as act, connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL work_mem = '64MB'")
        repeated = [model for model in _models() if model.objects.exists()]
        cut = _Cut(copies)
        with _bare(cursor, [model._meta.db_table for model in repeated], say):
            people = _People(cursor, cut)
            tables = [_Table(cursor, model) for model in repeated]
            _note_owners_and_codes(cursor, copies)
            for copy in range(1, copies + 1):
                say(f"第 {copy} / {copies} 份……")
                cut.use(cursor, copy)
                people.write(copy)
                for table in tables:
                    if table.model is not Person:
                        table.repeat(copy)
            for table in tables:
                table.settle_sequence(copies)
        residents, homes = people.count * (copies + 1), Home.objects.count()
        said = f"建测速用的大区：{residents:,} 名登记居民（虚构）、{homes:,} 套房屋"
        act.record(None, said, region_code=STREET[:6], people=residents, homes=homes)
    say("正在算数据质量……")
    measuring.keep(STREET[:6], timezone.localdate())
    region_names.forget()
    return f"{said}，用了 {monotonic() - began:.0f} 秒。"


def tidy() -> None:
    """Let the planner know the tables, and index-only scans trust them. Outside any transaction."""
    with connection.cursor() as cursor:
        for model in _models():
            cursor.execute(f"VACUUM (ANALYZE) {_quote(model._meta.db_table)}")
        cursor.execute("ANALYZE regions_region")


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)


def _models() -> list[Any]:
    """The models of the registry whose rows are repeated: all but those that belong to no place, and histories."""
    return [
        model
        for room in _ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model") and model._meta.label not in _NOT_REPEATED
    ]


class _Cut:
    """Which community each copy of a community is: the district's others, in the order of their codes."""

    def __init__(self, copies: int) -> None:
        grids = Region.objects.filter(level=Level.GRID, region_code__startswith=STREET)
        self._grids = list(grids.order_by("region_code"))
        self._first = sorted({grid.region_code[:12] for grid in self._grids})
        district = Region.objects.filter(level=Level.COMMUNITY, region_code__startswith=STREET[:6])
        others = district.exclude(region_code__startswith=STREET).order_by("region_code")
        self._others = list(others[: copies * len(self._first)])
        if len(self._others) < copies * len(self._first):
            raise RuleError("这个区的社区不够多，请减少份数。")

    def use(self, cursor: Any, copy: int) -> None:
        """Make the grids of a copy, and the table that leads from the first street's codes to the copy's."""
        size = len(self._first)
        there = self._others[(copy - 1) * size : copy * size]
        target = dict(zip(self._first, there, strict=True))
        made = Region.objects.bulk_create(
            Region(
                region_code=target[grid.region_code[:12]].region_code + grid.region_code[12:],
                parent=target[grid.region_code[:12]],
                level=Level.GRID,
                name=(
                    name := target[grid.region_code[:12]].short_name.removesuffix("社区") + _ending(grid.name)
                ),
                initials=hanzi.initials(name),
                pinyin=hanzi.pinyin(name),
                postcode=grid.postcode,
            )
            for grid in self._grids
        )
        codes = {STREET: there[0].region_code[:9]}
        codes |= {first: other.region_code for first, other in target.items()}
        codes |= {grid.region_code: one.region_code for grid, one in zip(self._grids, made, strict=True)}
        self.codes = codes
        cursor.execute("DROP TABLE IF EXISTS pg_temp.scale_region")
        cursor.execute(
            'CREATE TEMP TABLE scale_region (old text COLLATE "C" PRIMARY KEY, new text COLLATE "C" NOT NULL) ON COMMIT DROP'
        )
        cursor.executemany("INSERT INTO scale_region VALUES (%s, %s)", list(codes.items()))
        cursor.execute("ANALYZE scale_region")


def _ending(name: str) -> str:
    found = _GRID.search(name)
    return found.group() if found else name


class _People:
    """The first street's people, and how they become others."""

    def __init__(self, cursor: Any, cut: _Cut) -> None:
        self._cursor, self._cut = cursor, cut
        self._columns = [str(field.column) for field in Person._meta.concrete_fields]
        cursor.execute(f"SELECT {', '.join(map(_quote, self._columns))} FROM people_person ORDER BY id")
        self._rows = [dict(zip(self._columns, row, strict=True)) for row in cursor.fetchall()]
        self.count = len(self._rows)
        self._offset = max(row["id"] for row in self._rows)
        self._random = Random("linli scale")
        self._numbers = Numbers(Random("linli scale numbers"))
        self._given: dict[tuple[str, int], list[str]] = defaultdict(list)
        for row in self._rows:
            row["number"] = open_sealed(row["id_number"], "id_number")
            self._numbers.keep(row["number"], open_sealed(row["phone"], "phone"))
            row["surname"], given = hanzi.split_name(row["name"])
            self._given[self._age(row)].append(given)

    @staticmethod
    def _age(row: dict[str, Any]) -> tuple[str, int]:
        return row["sex"], row["birth_date"].year // 10 if row["birth_date"] else 0

    def write(self, copy: int) -> None:
        """Write a copy of everybody."""
        names = ", ".join(map(_quote, self._columns))
        with self._cursor.copy(f"COPY people_person ({names}) FROM STDIN") as out:
            for row in self._rows:
                out.write_row(self._another(row, copy))

    def _another(self, row: dict[str, Any], copy: int) -> list[Any]:
        numbers, rng = self._numbers, self._random
        birth = row["birth_date"]
        if birth is not None:
            birth -= timedelta(days=rng.randrange(_EARLIER))
        number = (
            numbers.citizen(row["number"][:6], birth, row["sex"]) if row["id_kind"] == "01" and birth else ""
        )
        phone = numbers.mobile() if row["phone"] else ""
        name = row["surname"] + rng.choice(self._given[self._age(row)])
        said = {
            **row,
            "id": row["id"] + copy * self._offset,
            "region_code": self._cut.codes.get(row["region_code"], row["region_code"]),
            "name": name,
            "initials": hanzi.name_initials(name),
            "birth_date": birth,
            "id_number": seal(number, "id_number"),
            **id_columns(number),
            "phone": seal(phone, "phone"),
            **phone_columns(phone),
        }
        if "pinyin" in said:
            said["pinyin"] = hanzi.name_pinyin(name)
        return [said[column] for column in self._columns]


class _Table:
    """A table that is repeated inside the database: numbers are shifted, codes of regions led to the copy's."""

    def __init__(self, cursor: Any, model: Any) -> None:
        self.model = model
        self._cursor = cursor
        self._name = model._meta.db_table
        self._last = self._largest(self._name)

    def _largest(self, table: str) -> int:
        self._cursor.execute(f"SELECT coalesce(max(id), 0) FROM {_quote(table)}")
        return int(self._cursor.fetchone()[0])

    def repeat(self, copy: int) -> None:
        """Add a copy of the first street's rows."""
        fields = self.model._meta.concrete_fields
        columns = ", ".join(_quote(str(field.column)) for field in fields)
        joins: list[str] = []
        values = ", ".join(self._value(field, copy, joins) for field in fields)
        self._cursor.execute(
            f"INSERT INTO {_quote(self._name)} ({columns}) SELECT {values} FROM {_quote(self._name)} t "
            f"{' '.join(joins)} WHERE t.id <= {self._last} ORDER BY t.id"
        )

    def _value(self, field: models.Field, copy: int, joins: list[str]) -> str:
        column = f"t.{_quote(str(field.column))}"
        if field.primary_key:
            return f"{column} + {copy * self._last}"
        related = field.related_model if field.is_relation else None
        if (
            related is not None
            and related._meta.app_label in _ROOMS
            and related._meta.label not in _NOT_REPEATED
        ):
            return (
                f"{column} + {copy} * (SELECT last FROM scale_last WHERE name = '{related._meta.db_table}')"
            )
        if isinstance(field, RegionCodeField):
            alias = f"r{len(joins)}"
            joins.append(f"LEFT JOIN scale_region {alias} ON {alias}.old = {column}")
            return f"coalesce({alias}.new, {column})"
        if self.model is Household and field.name == "number":
            return f"'{copy:02d}' || {column}"
        holder = _NAMED.get((self.model._meta.label, field.name))
        if holder is not None:
            alias = f"n{len(joins)}"
            joins.append(
                f"LEFT JOIN people_person {alias} ON {alias}.id = t.{_quote(holder + '_id')} "
                f"+ {copy} * (SELECT last FROM scale_last WHERE name = 'people_person')"
            )
            return f"coalesce({alias}.name, {column})"
        if self.model is Organisation and field.name == "credit_code":
            joins.append(f"LEFT JOIN scale_credit k ON k.id = t.id AND k.copy = {copy}")
            return f"coalesce(k.code, {column})"
        if self.model is Home and field.name == "owner_name":
            joins.append(
                "LEFT JOIN scale_owner w ON w.home_id = t.id LEFT JOIN people_person q ON q.id = w.person_id "
                f"+ {copy} * (SELECT last FROM scale_last WHERE name = 'people_person')"
            )
            return f"coalesce(q.name, {column})"
        return column

    def settle_sequence(self, copies: int) -> None:
        """The table's counter goes on after the last copy."""
        self._cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [self._name, self._last * (copies + 1)]
        )


def _note_owners_and_codes(cursor: Any, copies: int) -> None:
    """Who of the first street owns which home, codes for the copies of organisations, and how many rows there were."""
    cursor.execute(
        "CREATE TEMP TABLE scale_last (name text PRIMARY KEY, last bigint NOT NULL) ON COMMIT DROP"
    )
    for model in _models():
        table = model._meta.db_table
        cursor.execute(
            f"INSERT INTO scale_last SELECT %s, coalesce(max(id), 0) FROM {_quote(table)}", [table]
        )
    cursor.execute(
        """
        CREATE TEMP TABLE scale_owner ON COMMIT DROP AS
        SELECT DISTINCT ON (h.id) h.id AS home_id, p.id AS person_id FROM places_home h
        JOIN people_residence r ON r.home_id = h.id JOIN people_person p ON p.id = r.person_id AND p.name = h.owner_name
        ORDER BY h.id, p.id
        """
    )
    cursor.execute(
        "CREATE TEMP TABLE scale_credit (copy integer, id bigint, code text, PRIMARY KEY (copy, id)) ON COMMIT DROP"
    )
    numbers = Numbers(Random("linli scale credit"))
    codes = list(Organisation.objects.exclude(credit_code="").values_list("pk", "credit_code"))
    for _pk, code in codes:
        numbers.keep(code[8:16])
    with cursor.copy("COPY scale_credit FROM STDIN") as out:
        for copy in range(1, copies + 1):
            for pk, code in codes:
                out.write_row((copy, pk, numbers.credit(code[0], code[1])))
    cursor.execute("ANALYZE scale_owner; ANALYZE scale_credit")


@contextmanager
def _bare(cursor: Any, tables: list[str], say: Say) -> Iterator[None]:
    """The tables without indexes (but the primary keys), constraints and triggers, all of which stand again afterwards; rows
    that break a constraint make that fail, and with it the whole."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x') ORDER BY contype = 'f', conname",
        [tables],
    )
    constraints = cursor.fetchall()
    for table, name, _definition in sorted(constraints, key=lambda one: not one[2].startswith("FOREIGN")):
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary ORDER BY 1",
        [tables],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {_quote(table)} DISABLE TRIGGER USER")
    yield
    say("正在建索引……")
    for table in tables:
        cursor.execute(f"ALTER TABLE {_quote(table)} ENABLE TRIGGER USER")
        cursor.execute(f"ANALYZE {_quote(table)}")
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
