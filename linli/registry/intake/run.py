"""One run of an import, in one transaction.

Rows come in batches, from another process where that pays. Of each batch the families that are new altogether are registered
while the next rows are still being read (`settled`); what is left (rows with a counterpart in the registry, families that lie
across two batches, whatever wants judging by all rows) is checked and merged at the end. A sheet of one batch is merged at the
end as a whole.
"""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.access.sealed import open_sealed
from linli.audit import recording as audit
from linli.audit.models import Event
from linli.regions.models import Region
from linli.registry.intake import checks, merging, settled, staging
from linli.registry.intake.context import read_context
from linli.registry.intake.examining import Reading
from linli.registry.intake.further import SEALED
from linli.registry.intake.merging import Step
from linli.registry.intake.outcome import Listener, Outcome
from linli.registry.intake.reading import Sheet
from linli.registry.intake.rules.facts import HomeFacts, Wrong
from linli.registry.intake.rules.further import seal as sealed_json
from linli.registry.intake.rules.reader import RowReader
from linli.registry.people import standing
from linli.registry.people.actions import steps as people
from linli.registry.people.models import Household
from linli.registry.people.rules import family
from linli.registry.places import occupancy

# Two imports at once would find the same people missing; the second waits.
_LOCK = 0x4C4A494E
# So many moves are recorded one by one, on each person; beyond, only with the import as a whole.
MOST_MOVE_EVENTS = 2_000
# The columns that joins and checks of foreign keys are planned by.
_PLANNED_BY = {
    "places_building": "id, estate_id, region_code",
    "places_unit": "id, building_id",
    "places_home": "id, building_id, unit_id, region_code",
    "people_person": "id, region_code",
    "people_residence": "person_id, home_id, kind, region_code",
    "people_household": "id, region_code, number, home_id",
    "people_householdmember": "person_id, household_id, relation, region_code",
    "groups_membership": "person_id, group_id, region_code",
}
_ANALYZE_FROM = 2_000  # rows in a batch from which the planner's figures are renewed on the way
BATCH: Final = 20_000  # rows
FIRST_BATCH: Final = 8_000  # so that writing begins soon
WORTH_IT: Final = 0.5  # share of a batch that must be new, else the rest is left to the end


@contextlib.contextmanager
def _no_collecting() -> Iterator[None]:
    """Without the garbage collector, which would walk over what all rows have left, again and again (a sixth of the time);
    reading makes no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


# Where sealed further numbers are staged, which they are, and what is known of whom they belong to.
_SEALED_ANEW: Final = (
    (
        "intake_row",
        "landline",
        "SELECT r.row, p.landline, decode(r.further->>'landline', 'hex') FROM intake_row r "
        "JOIN intake_match m ON m.row = r.row JOIN people_person p ON p.id = m.person_id WHERE r.further->>'landline' IS NOT NULL",
    ),
    (
        "intake_row",
        "permit_number",
        "SELECT r.row, s.permit_number, decode(r.further->>'permit_number', 'hex') FROM intake_row r "
        "JOIN intake_match m ON m.row = r.row JOIN people_residence s ON s.person_id = m.person_id AND s.kind = 'living' "
        "AND upper_inf(s.period) AND NOT isempty(s.period) WHERE r.further->>'permit_number' IS NOT NULL",
    ),
    (
        "intake_row",
        "contact_phone",
        "SELECT r.row, k.relative_phone, decode(r.further->>'contact_phone', 'hex') FROM intake_row r "
        "JOIN intake_match m ON m.row = r.row JOIN people_kinship k ON k.person_id = m.person_id AND k.relation = 'contact' "
        "AND upper_inf(k.period) AND NOT isempty(k.period) WHERE r.further->>'contact_phone' IS NOT NULL",
    ),
    (
        "intake_home",
        "owner_id_number",
        "SELECT i.no, h.owner_id_number, decode(i.further->>'owner_id_number', 'hex') FROM intake_home i "
        "JOIN places_home h ON h.id = i.id WHERE i.further->>'owner_id_number' IS NOT NULL",
    ),
)


class Run:
    """One run."""

    def __init__(self, user: Any, region: Region, path: Path, sheet: Sheet, heard: Listener) -> None:
        """Opens the workbook. Raises BadWorkbook."""
        self.user, self.region, self.heard = user, region, heard
        self.today = timezone.localdate()
        self.context = read_context(user, region)
        self.reader = RowReader(self.context, sheet.headings)
        self.outcome = Outcome()
        self.alone: set[int] = set()
        self.source = _("导入 %(day)s") % {"day": f"{self.today:%Y-%m-%d}"}
        self.params: dict[str, Any] = {"today": self.today, "source": self.source}
        self._lines: list[str] = []
        self._tags: list[str] = []
        self._homes: set[int] = set()
        self._households: set[int] = set()
        self._earlier = True  # new families are registered before the last row is read
        self._batches = 0
        self._reading = True
        self._clock = time.monotonic()
        self._steps = 0
        self.reading = Reading(path, sheet, self.reader)
        self._tick("open")

    def run(self) -> Outcome:
        """Read all rows and bring them into the registry. Raises BadWorkbook and IntegrityError; nothing is in then."""
        outcome = self.outcome
        with audit.action(self.user, "intake.import") as act, connection.cursor() as cursor:
            self.cursor = cursor
            cursor.execute(staging.SETTINGS)
            cursor.execute(staging.CLEAR)
            cursor.execute(staging.TABLES)
            self._read()
            self._wait_for_others()
            self._stage_the_rest()
            self.heard.stage(_("核对"), sum(map(len, merging.EVERY)) + 4, unit=_("步"))
            self._steps = 0
            self._reading = False
            self._check()
            self._merge(acquaint=outcome.rows >= _ANALYZE_FROM)
            self._settle()
            cursor.execute(staging.TIDY)
            self._progress("search")
            self._count()
            if outcome.changed_nothing:
                act.nothing_to_record()
            else:
                act.record(
                    None,
                    _("导入居民与房屋（%(region)s）：%(said)s")
                    % {"region": self.region.title, "said": outcome.sentence()},
                    region_code=self.region.region_code,
                    new=outcome.new,
                    updated=outcome.updated,
                    moved=outcome.moved,
                    homes=outcome.homes,
                    rejected=outcome.rejected,
                )
                self._record_moves(act)
        return outcome

    # -- reading ---------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """Enter all rows; register new families on the way, batch after batch."""
        heard, reading = self.heard, self.reading
        heard.stage(_("读取和登记"), reading.total, unit=_("行"))

        def tick() -> None:
            heard.progress(self.outcome.rows)

        with _no_collecting():
            for block in reading.blocks(tick):
                self._enter(block)
                self.outcome.rows += len(block)
                heard.progress(self.outcome.rows, reading.total)
                if len(self._lines) >= (BATCH if self._batches else FIRST_BATCH):
                    self._batch()
        self._tick("read")

    def _enter(self, block: list[Any]) -> None:
        enter, wrong = self.reader.enter, self.outcome.wrong
        lines, homes, households = self._lines, self._homes, self._households
        for examined in block:
            row, said = examined[0], examined[-1]
            found = enter(examined)
            if isinstance(found, list):
                wrong[row] = found
            elif said is None:
                self.alone.add(found[0])
            else:
                home, household = found
                words, tagged = said
                lines.append(f"{row}\t{home}\t{household}\t{words}")
                homes.add(home)
                households.add(household)
                if tagged:
                    self._tags.extend(staging.tag_lines(row, tagged))

    def _batch(self) -> None:
        """Register the families of these rows that are new altogether; keep the others for the end."""
        self._tick("read")
        self._wait_for_others()
        self._batches += 1
        rows = len(self._lines)
        if self._earlier:
            self._stage()
            self.cursor.execute(checks.MATCH_HOMES)
            self.cursor.execute(settled.SET_ASIDE)
            self.cursor.execute("SELECT count(*) FROM intake_row")
            self._earlier = self.cursor.fetchone()[0] >= rows * WORTH_IT
            self._progress("set aside")
            self._merge(acquaint=self._batches == 1)
            self.cursor.execute(settled.REMEMBER)
        else:
            self._copy(staging.ROW_COPY.replace("intake_row", "intake_later"), self._lines)
            self._copy(staging.TAG_COPY.replace("intake_tag", "intake_later_tag"), self._tags)
        self._lines, self._tags = [], []
        self._homes, self._households = set(), set()

    def _stage(self) -> None:
        """Put the rows read since the last time, with their homes and households, into the staging tables."""
        self._copy(staging.ROW_COPY, self._lines)
        self._copy(staging.TAG_COPY, self._tags)
        self._stage_homes(self._homes, self._households)

    def _stage_the_rest(self) -> None:
        self._copy(staging.ROW_COPY, self._lines)
        self._copy(staging.TAG_COPY, self._tags)
        homes, households = self._homes | self.alone, self._households
        if self._batches:
            self.cursor.execute(settled.TAKE_BACK)
            self.cursor.execute("SELECT DISTINCT home, household FROM intake_row")
            for home, household in self.cursor.fetchall():
                homes.add(home)
                households.add(household)
        self._stage_homes(homes, households)
        self._tick("stage")

    def _stage_homes(self, homes: Collection[int], households: Collection[int]) -> None:
        reader, seal = self.reader, self.context.seal
        every: list[HomeFacts] = list(reader.homes.values())
        self._copy(
            staging.HOME_COPY,
            (
                staging.home_line(
                    home,
                    number in self.alone,
                    seal(home.owner_phone, "phone") if home.owner_phone else b"",
                    sealed_json(home.further, seal),
                )
                for number in sorted(homes)
                for home in (every[number - 1],)
            ),
        )
        self._copy(
            staging.HOUSEHOLD_COPY,
            (
                f"{number}\t{reader.household_homes[number]}\t{staging.escape(key[1]) if key[0] == 'number' else ''}\t"
                f"{reader.household_kinds.get(number, '')}\t{'t' if key in reader.pending else 'f'}\n"
                for key, number in reader.households.items()
                if number in households
            ),
        )
        for table in (
            "row (row, home, household, relation, id_digest)",
            "home (no, community, estate, building, unit, door)",
            "household (no, home, number)",
        ):
            self.cursor.execute(f"ANALYZE intake_{table}")

    def _copy(self, statement: str, lines: Iterable[str]) -> None:
        with self.cursor.copy(statement) as copy:
            block: list[str] = []
            for line in lines:
                block.append(line)
                if len(block) == 500:
                    copy.write("".join(block))
                    block.clear()
            copy.write("".join(block))

    def _wait_for_others(self) -> None:
        while True:
            self.cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if self.cursor.fetchone()[0]:
                return
            self.heard.stage(_("等待另一个导入完成"))
            time.sleep(0.5)

    # -- checking --------------------------------------------------------------------------------------------

    def _check(self) -> None:
        self.cursor.execute(checks.MATCH_HOMES)
        self.cursor.execute(settled.KNOWN_HOUSEHOLDS)
        self.cursor.execute(checks.MATCH_PEOPLE)
        self.cursor.execute("ANALYZE intake_match")
        self.cursor.execute(checks.MATCH_HOUSEHOLDS)
        self._progress("match")
        scopes = self.user.scopes(Permission.IMPORT_REGISTRY)
        allowed = " OR ".join("o.region_code >= %s AND o.region_code < %s" for _scope in scopes) or "FALSE"
        bounds = [bound for scope in scopes for bound in scope]
        for statement in checks.WRONGS:
            if "{allowed}" in statement:
                self.cursor.execute(statement.replace("{allowed}", allowed), bounds)
            else:
                self.cursor.execute(statement)
        self.cursor.execute("SELECT row, key, reason FROM intake_wrong ORDER BY row, key, reason")
        for row, key, reason in self.cursor.fetchall():
            self.outcome.wrong.setdefault(row, []).append(Wrong(key, reason))
        self.cursor.execute(checks.DROP_WRONG)
        self._progress("check")

    # -- merging ---------------------------------------------------------------------------------------------

    def _do(self, step: Step) -> None:
        for statement in step.statements:
            self.cursor.execute(statement, self.params)
        if step.counter:
            done = getattr(self.outcome, step.counter) + self.cursor.rowcount
            setattr(self.outcome, step.counter, done)
        self._progress(step.title)

    def _merge(self, *, acquaint: bool) -> None:
        """From the staging tables into the registry.

        `acquaint` tells the planner what was written, else the steps that follow, and the checks of foreign keys at commit, are
        planned for the tables as they were: in a new base, empty."""

        def planned(*tables: str) -> None:
            for table in tables if acquaint else ():
                self.cursor.execute(f"ANALYZE {table} ({_PLANNED_BY[table]})")

        self._keep_same_numbers()
        self._places()
        planned("places_building", "places_unit", "places_home")
        for step in merging.PEOPLE:
            self._do(step)
        planned("people_person")
        for step in (*merging.RESIDENCES, *merging.CONTACTS, *merging.HOUSEHOLDS):
            self._do(step)
        planned("people_residence", "people_household")
        self._pass_on_heads()
        for step in (*merging.MEMBERS, *merging.TAGS):
            self._do(step)
        planned("people_householdmember", "groups_membership")

    def _places(self) -> None:
        self._keep_same_phones()
        self.cursor.execute(
            "SELECT i.id FROM intake_home i JOIN places_home h ON h.id = i.id WHERE i.grid NOT IN ('', h.region_code)"
        )
        regrouped = [pk for (pk,) in self.cursor.fetchall()]
        for step in merging.PLACES:
            self._do(step)
        if regrouped:
            self.cursor.execute(
                "UPDATE intake_home i SET region_code = h.region_code FROM places_home h WHERE h.id = i.id AND i.id = ANY(%s)",
                [regrouped],
            )
            occupancy.followed(regrouped)

    def _keep_same_phones(self) -> None:
        """Sealed anew, a phone looks changed: those that are the same are taken out."""
        said = {home.number: home.owner_phone for home in self.reader.homes.values() if home.owner_phone}
        if not said:
            return
        self.cursor.execute(
            "SELECT i.no, h.owner_phone FROM intake_home i JOIN places_home h ON h.id = i.id "
            "WHERE i.owner_phone <> '' AND h.owner_phone <> ''"
        )
        same = [no for no, sealed in self.cursor.fetchall() if open_sealed(sealed, "phone") == said[no]]
        self.cursor.execute("UPDATE intake_home SET owner_phone = '' WHERE no = ANY(%s)", [same])

    def _keep_same_numbers(self) -> None:
        """Sealed anew, a further number looks changed: those that say what is known already are taken out."""
        for staged, key, known in _SEALED_ANEW:
            self.cursor.execute(known)
            same = [
                one
                for one, held, said in self.cursor.fetchall()
                if held and open_sealed(held, SEALED[key]) == open_sealed(said, SEALED[key])
            ]
            if same:
                name = "no" if staged == "intake_home" else "row"
                self.cursor.execute(
                    f"UPDATE {staged} SET further = further - %s WHERE {name} = ANY(%s)",  # noqa: S608
                    [key, same],
                )

    def _pass_on_heads(self) -> None:
        """Households whose head joins another one while others stay get their successor, as when one moves out by hand."""
        self.cursor.execute(merging.LOST_HEADS)
        lost = self.cursor.fetchall()
        if not lost:
            return
        self.cursor.execute(merging.GOING, [[household for household, _person in lost]])
        going = set(self.cursor.fetchall())
        for household in Household.objects.filter(pk__in=[pk for pk, _person in lost]):
            members = people.members_of(household)
            staying = [one for one in members if (household.pk, one.person_id) not in going]
            successor = family.successor(people.as_members(staying), self.today)
            if successor is not None:
                people.say_relations_anew(household, successor.person_id, self.today)

    def _settle(self) -> None:
        """What is derived from the spells follows for everybody in the file; those just made are right already."""
        self.cursor.execute(
            "SELECT person_id FROM intake_who WHERE NOT is_new UNION SELECT person_id FROM intake_touched t "
            "WHERE NOT EXISTS (SELECT 1 FROM intake_who w WHERE w.person_id = t.person_id AND w.is_new)"
        )
        known = [pk for (pk,) in self.cursor.fetchall()]
        if known:
            standing.refresh(known, on=self.today)
        self._progress("standing")

    def _count(self) -> None:
        outcome, cursor = self.outcome, self.cursor
        cursor.execute(
            "SELECT count(DISTINCT person_id) FROM intake_touched "
            "WHERE person_id NOT IN (SELECT person_id FROM intake_who WHERE is_new)"
        )
        outcome.updated = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM intake_who WHERE NOT is_new")
        outcome.unchanged = max(0, cursor.fetchone()[0] - outcome.updated)
        cursor.execute("SELECT count(*) FROM intake_moved")
        outcome.moved = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM intake_household g WHERE NOT EXISTS (SELECT 1 FROM people_householdmember s "
            "WHERE s.household_id = g.id AND s.relation = '02' AND upper_inf(s.period) AND NOT isempty(s.period))"
        )
        outcome.headless = cursor.fetchone()[0]

    def _record_moves(self, act: audit.Act) -> None:
        if not 0 < self.outcome.moved <= MOST_MOVE_EVENTS:
            return
        self.cursor.execute(
            "SELECT m.person_id, p.name, p.region_code, h.full_address FROM intake_moved m "
            "JOIN people_person p ON p.id = m.person_id JOIN intake_who w ON w.row = m.row JOIN places_home h ON h.id = w.home_id"
        )
        Event.objects.bulk_create(
            Event(
                user_id=self.user.pk or 0,
                user_name=self.user.name,
                verb=act.verb,
                target_type="people.person",
                target_id=pk,
                region_code=code,
                summary=_("%(name)s 迁入 %(home)s（按导入的表）") % {"name": name, "home": home},
            )
            for pk, name, code, home in self.cursor.fetchall()
        )

    # -- telling ---------------------------------------------------------------------------------------------

    def _progress(self, title: str) -> None:
        self._tick(title)
        self._steps += 1
        self.heard.progress(self.outcome.rows if self._reading else self._steps)

    def _tick(self, title: str) -> None:
        now = time.monotonic()
        timings = self.outcome.timings
        timings[title] = round(timings.get(title, 0.0) + now - self._clock, 2)
        self._clock = now
