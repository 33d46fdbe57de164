"""Exports in the template's columns: what goes out can come in again. Masked unless a purpose is stated and recorded."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.access.sealed import open_sealed
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.facts.dictionary import dictionary
from linli.facts.plan import table_then
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.kernel import citizen_number
from linli.kernel import phone as phones
from linli.pages.asof import end_of
from linli.regions.models import Level, Region
from linli.regions.rules import NAMELESS
from linli.registry.groups import seeing
from linli.registry.groups.models import Group
from linli.registry.intake import writing
from linli.registry.intake.column import Column
from linli.registry.intake.columns import BY_KEY, EVERY, SAME_PLACE
from linli.registry.intake.further import CONTACT, HEALTH, HOME_KEYS, HUKOU, LIVING, OF_PERSON, SEALED
from linli.registry.intake.further_sql import column_of
from linli.registry.people import as_of
from linli.registry.people.describing import masked_permit
from linli.registry.people.models import Person
from linli.registry.places.models import Home

MOST = 300_000
_FETCH = 2_000  # rows at a time
APART_FROM = 5_000  # rows from which a second process pays
# What is shown with its middle hidden, and for what purpose it is sealed.
SECRET = {"id_number": "id_number", "phone": "phone", "owner_phone": "phone", **SEALED}

_HOME = """h.id AS home_id, h.region_code, e.name AS estate, b.name AS building, u.name AS unit, h.door, h.floor, h.use, h.tenure,
    h.area, h.owner_name, h.owner_phone"""
_PLACES = """LEFT JOIN places_building b ON b.id = h.building_id LEFT JOIN places_estate e ON e.id = b.estate_id
    LEFT JOIN places_unit u ON u.id = h.unit_id"""
_PEOPLE = """
SELECT {home}, p.id AS person_id, coalesce(h.region_code, p.region_code) AS place, o.number AS household, o.kind AS household_kind,
    m.relation, p.name, p.id_kind, p.id_number, p.sex, p.birth_date, p.ethnic, p.marital, p.political, p.education, p.employment,
    p.employer, p.phone{further}, lower(r.period) AS moved_in, k.id AS hukou_id, k.home_id AS hukou_home, k.region_code AS hukou_region,
    coalesce(kh.full_address, k.address) AS hukou_address, k.hukou_nature, r.reason, p.note,
    (SELECT json_agg(json_build_array(g.name, g.sensitivity, g.classes, t.class_code, g.levels, t.level_code) ORDER BY g.id)
        FROM {membership} t JOIN groups_group g ON g.id = t.group_id WHERE t.person_id = p.id AND {t}) AS groups
{people}
"""
# Whose rows, and in which order: by home, the head of the household first.
_WHOSE = """FROM {person} p
LEFT JOIN {residence} r ON r.person_id = p.id AND r.kind = 'living' AND {r}
LEFT JOIN people_residence k ON k.person_id = p.id AND k.kind = 'hukou' AND {k}
LEFT JOIN places_home h ON h.id = r.home_id {places}
LEFT JOIN places_home kh ON kh.id = k.home_id
LEFT JOIN people_householdmember m ON m.person_id = p.id AND {m}
LEFT JOIN people_household o ON o.id = m.household_id
WHERE p.id = ANY(%(ids)s)
ORDER BY h.region_code, e.id, b.position, u.position, h.position, h.id, o.id, m.relation <> '02', p.id
"""


def people_sql(keys: Container[str], on: date | None) -> str:
    """The rows of people today, or as they lived, belonged and were recorded on a day, with what these columns want of them; facts
    of homes are today's."""
    further = "".join(
        [
            *(f", p.{key}" for key in OF_PERSON if key in keys),
            *(f", r.{key}" for key in LIVING if key in keys),
            *(", k.station AS hukou_station" for _key in HUKOU if _key in keys),
            *(f", {_contact(key, on)} AS {key}" for key in CONTACT if key in keys),
        ]
    )
    membership = table_then(dictionary.subject("membership")) if on else "groups_membership"
    return _PEOPLE.format(
        people=_whose(on), further=further, home=_home(keys), membership=membership, t=_holds("t", on)
    )


def _contact(key: str, on: date | None) -> str:
    """What was said of whom to call; of somebody of the base, name and telephone are the base's."""
    told = {
        "contact_name": "coalesce(q.name, c.relative_name)",
        "contact_relation": "c.how",
        "contact_phone": "CASE WHEN octet_length(q.phone) > 0 THEN q.phone ELSE c.relative_phone END",
    }[key]
    return (
        f"(SELECT {told} FROM people_kinship c LEFT JOIN people_person q ON q.id = c.relative_id "  # noqa: S608
        f"WHERE c.person_id = p.id AND c.relation = 'contact' AND {_holds('c', on)} LIMIT 1)"
    )


def _whose(on: date | None) -> str:
    person = table_then(dictionary.subject("person")) if on else "people_person"
    residence = table_then(dictionary.subject("residence")) if on else "people_residence"
    holds = {one: _holds(one, on) for one in ("r", "k", "m")}
    return _WHOSE.format(person=person, residence=residence, places=_PLACES, **holds)


def _holds(spell: str, on: date | None) -> str:
    if on:
        return f"{spell}.period @> %(on)s::date"
    return f"upper_inf({spell}.period) AND NOT isempty({spell}.period)"


_HOMES = """
SELECT {home}, h.region_code AS place FROM places_home h {places} WHERE h.id = ANY(%(ids)s)
ORDER BY h.region_code, e.id, b.position, u.position, h.position, h.id
"""


def _home(keys: Container[str]) -> str:
    further = (f"h.{column_of(key)} AS {key}" for key in HOME_KEYS if key in keys)
    return ", ".join([_HOME, *further])


def homes_sql(keys: Container[str]) -> str:
    """The rows of homes, with what these columns want of them."""
    return _HOMES.format(home=_home(keys), places=_PLACES)


def export_people(
    *,
    acting_user: Any,
    people: QuerySet[Person],
    columns: Sequence[str] | None = None,
    unmask: bool = False,
    purpose: str = "",
    on: date | None = None,
) -> Job:
    """Start a job that writes these people to a workbook. `people` is a queryset; what the user may not see is left out. `on` a past
    day: as they lived, belonged and were recorded then.

    `columns` are keys of `columns.COLUMNS` (all when not given). Unmasked numbers and phones need the permission to export
    and a purpose, and are recorded as a disclosure. Raises RuleError.
    """
    wanted = _wanted(columns)
    rows = as_of.people(acting_user, Permission.VIEW_PEOPLE, on or timezone.localdate())
    ids = _numbers(people.filter(pk__in=rows.order_by().values("pk")), _("人"))
    if unmask:
        if not purpose.strip():
            raise audit.RuleError(_("请填写导出完整证件号码和电话的用途。"), field="purpose")
        if not acting_user.can(Permission.EXPORT_PEOPLE):
            raise audit.RuleError(_("您没有导出完整证件号码和电话的权限，可以导出隐去中间几位的。"))
    return jobs.start(
        acting_user=acting_user,
        kind="intake.export_people",
        title=_("导出居民 %(n)s 人%(on)s")
        % {"n": f"{len(ids):,}", "on": _("（%(day)s）") % {"day": on} if on else ""},
        unit=_("人"),
        ids=ids,
        columns=wanted,
        unmask=unmask,
        purpose=purpose.strip(),
        on=on.isoformat() if on else "",
    )


def export_homes(
    *,
    acting_user: Any,
    homes: QuerySet[Home],
    columns: Sequence[str] | None = None,
) -> Job:
    """Start a job that writes these homes to a workbook, one a row, the owners' phones masked. Raises RuleError."""
    rows = homes.model.objects.permitted(acting_user, Permission.VIEW_PLACES)
    ids = _numbers(homes.filter(pk__in=rows.values("pk")), _("套"))
    own = [key for key in _wanted(columns) if not BY_KEY[key].of_person]
    return jobs.start(
        acting_user=acting_user,
        kind="intake.export_homes",
        title=_("导出房屋 %(n)s 套") % {"n": f"{len(ids):,}"},
        unit=_("套"),
        ids=ids,
        columns=own,
    )


def _wanted(columns: Sequence[str] | None) -> list[str]:
    wanted = [c.key for c in EVERY if columns is None or c.key in columns]
    if not wanted:
        raise audit.RuleError(_("请至少选择一列导出。"), field="columns")
    return wanted


def _numbers(rows: QuerySet[Any], unit: str) -> list[int]:
    ids = list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise audit.RuleError(_("没有可以导出的内容，请检查筛选条件。"))
    if len(ids) > MOST:
        raise audit.RuleError(_("一次最多导出 %(n)s %(unit)s，请先筛选。") % {"n": f"{MOST:,}", "unit": unit})
    return list(dict.fromkeys(ids))


_MASKS: Final[dict[str, Callable[[str], str]]] = {
    "id_number": citizen_number.mask,
    "phone": phones.mask,
    "permit": masked_permit,
}


class Writer:
    """Turns rows of the registry into rows of the sheet, for one user."""

    def __init__(self, user: Any, keys: Sequence[str], *, unmask: bool = False) -> None:
        self.user = user
        self.columns: list[Column] = [BY_KEY[key] for key in keys]
        self.unmask = unmask
        self._sealed = [key for key in SECRET if key in keys]
        self._health = dict.fromkeys(HEALTH.intersection(keys), "")
        # Where each group may be seen; sensitive ones stand only in exports for which a purpose is given.
        self.groups = {
            group.pk: () if group.is_sensitive and not unmask else seeing.scopes(user, group)
            for group in Group.objects.all()
        }
        self._regions: dict[str, Region] = {}
        self._divisions: dict[str, str] = {}
        self._labels = {c.key: {i.code: i.label for i in c.codes.items} for c in self.columns if c.codes}

    def write(
        self, path: Path, blocks: Iterable[list[dict[str, Any]]], heard: Any, *, apart: bool = False
    ) -> tuple[int, list[int]]:
        """Write the workbook; returns how many rows, and whose unmasked numbers are in it. Raises RuleError."""
        shown: list[int] = []
        count = 0

        def lines() -> Iterator[list[writing.Line]]:
            nonlocal count
            cells = [(at, column.key, self._labels.get(column.key)) for at, column in enumerate(self.columns)]
            prepare, unmask = self._prepare, self.unmask
            for block in blocks:
                self._acquaint(block)
                made: list[writing.Line] = []
                for row in block:
                    prepare(row)
                    made.append(
                        [
                            (at, labels.get(value, value) if labels else str(value))
                            for at, key, labels in cells
                            if (value := row.get(key)) is not None and value != ""
                        ]
                    )
                    if unmask and row.get("person_id"):
                        shown.append(row["person_id"])
                count += len(made)
                yield made
                heard.progress(count)

        try:
            writing.write(path, self.columns, lines(), apart=apart)
        except writing.Interrupted:
            raise audit.RuleError(_("写表格时出了意外，没有写完。请重新导出。")) from None
        return count, shown

    def _prepare(self, row: dict[str, Any]) -> None:
        place = row["place"] or ""
        row["community"] = self._name(place[:12])
        row["grid"] = self._name(place[:15]) if len(place) >= 15 else ""
        open_one = self.unmask and self.user.can(Permission.EXPORT_PEOPLE, place)
        for key in self._sealed:
            sealed = row.get(key)
            row[key] = ""
            if sealed:
                text = open_sealed(sealed, SECRET[key])
                row[key] = text if open_one else _MASKS[SECRET[key]](text)
        if self._health and not (self.unmask and self.user.can(Permission.VIEW_SENSITIVE_GROUPS, place)):
            row.update(self._health)
        if row.get("sex") == "0":
            row["sex"] = ""
        if row.get("hukou_id") is not None:
            if row["hukou_home"] is not None and row["hukou_home"] == row["home_id"]:
                row["hukou_place"], row["hukou_address"] = SAME_PLACE, ""
            else:
                row["hukou_place"] = self._division(row["hukou_region"])
        if row.get("groups"):
            row["groups"] = "、".join(self._tags(row["groups"], place))

    def _tags(self, tags: list[list[Any]], place: str) -> Iterator[str]:
        for name, group, classes, class_code, levels, level_code in tags:
            if not any(place in scope for scope in self.groups.get(group, ())):
                continue
            detail = next((c["label"] for c in classes if c["code"] == class_code), "")
            detail += next((c["label"] for c in levels if c["code"] == level_code), "")
            yield f"{name}（{detail}）" if detail else name

    def _acquaint(self, block: list[dict[str, Any]]) -> None:
        """Look up the names of the regions that these rows are the first to mention, all at once."""
        keys: set[str] = set()
        for row in block:
            keys.add(row["place"] or "")
            keys.add(row.get("hukou_region") or "")
        new = {key[:n] for key in keys for n in (2, 4, 6, 9, 12, 15) if n <= len(key)} - self._regions.keys()
        if new:
            self._regions.update((one.region_code, one) for one in Region.objects.filter(region_code__in=new))

    def _name(self, key: str) -> str:
        found = self._regions.get(key)
        return found.title if found else ""

    def _division(self, key: str) -> str:
        if key not in self._divisions:
            chain = [self._regions.get(key[:n]) for n in (2, 4, 6, 9, 12) if n <= len(key)]
            self._divisions[key] = "".join(one.name for one in chain if one and one.name not in NAMELESS)
        return self._divisions[key]


def read_homes(ids: list[int], keys: Container[str]) -> Iterator[list[dict[str, Any]]]:
    """The rows of homes, a block at a time; the next block is fetched while one is used."""
    with transaction.atomic(), connection.chunked_cursor() as cursor, ThreadPoolExecutor(1) as ahead:
        cursor.execute(homes_sql(keys), {"ids": ids})
        coming = ahead.submit(cursor.fetchmany, _FETCH)
        while rows := coming.result():
            coming = ahead.submit(cursor.fetchmany, _FETCH)
            names = [column[0] for column in cursor.description or ()]
            yield [dict(zip(names, row, strict=True)) for row in rows]


def read_people(
    ids: list[int], keys: Container[str], on: date | None = None
) -> Iterator[list[dict[str, Any]]]:
    """The rows of people, a block at a time: who comes when is found out first, so that the first block need not wait for what is
    known of the last."""
    params = {"on": on, "after": end_of(on) if on else None}
    statement = people_sql(keys, on)
    with transaction.atomic(), connection.cursor() as cursor, ThreadPoolExecutor(1) as ahead:
        cursor.execute(f"SELECT p.id {_whose(on)}", params | {"ids": ids})
        ordered = [pk for (pk,) in cursor.fetchall()]

        def fetch(start: int) -> list[dict[str, Any]]:
            cursor.execute(statement, params | {"ids": ordered[start : start + _FETCH]})
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        coming = ahead.submit(fetch, 0)
        for start in range(_FETCH, len(ordered) + _FETCH, _FETCH):
            rows = coming.result()
            coming = ahead.submit(fetch, start)
            yield rows


def write_people(
    user: Any,
    ids: list[int],
    keys: list[str],
    path: Path,
    heard: Any,
    *,
    unmask: bool,
    purpose: str,
    on: date | None = None,
) -> int:
    """Write the people whom the user may still see; records the disclosure of unmasked ones. Returns how many."""
    allowed = set(
        as_of.people(user, Permission.VIEW_PEOPLE, on or timezone.localdate())
        .filter(pk__in=ids)
        .order_by()
        .values_list("pk", flat=True)
    )
    writer = Writer(user, keys, unmask=unmask)
    wanted = [pk for pk in ids if pk in allowed]
    found = read_people(wanted, keys, on)
    count, shown = writer.write(path, found, heard, apart=len(wanted) >= APART_FROM)
    if unmask and shown:
        audit.disclose(
            acting_user=user,
            person_ids=shown,
            elements=[key for key in keys if key in SECRET],
            purpose=purpose,
            channel=Channel.EXPORT,
            region_code=_common(user),
        )
    return count


def write_homes(user: Any, ids: list[int], keys: list[str], path: Path, heard: Any) -> int:
    """Write the homes that the user may still see. Returns how many."""
    allowed = set(
        Home.objects.permitted(user, Permission.VIEW_PLACES).filter(pk__in=ids).values_list("pk", flat=True)
    )
    wanted = [pk for pk in ids if pk in allowed]
    return Writer(user, keys).write(path, read_homes(wanted, keys), heard, apart=len(wanted) >= APART_FROM)[0]


def _common(user: Any) -> str:
    post = getattr(user, "main_post", None)
    return str(post.region_code) if post else ""


def communities_for(user: Any) -> list[str]:
    """Names of the communities in which the user may import, for the template's drop-down."""
    return [
        one.title
        for one in Region.objects.filter(level=Level.COMMUNITY, valid_to__isnull=True)
        if user.can(Permission.IMPORT_REGISTRY, one.region_code)
    ][:500]
