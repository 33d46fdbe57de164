"""Importing a workbook of residents and homes: all of it in one transaction, so that a death on the way leaves nothing."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.access.sealed import open_sealed
from linli.audit import recording as audit
from linli.audit.models import Event
from linli.regions.models import Level, Region
from linli.registry.intake import checks, merging, staging
from linli.registry.intake.columns import Headings
from linli.registry.intake.context import read_context
from linli.registry.intake.examining import Reading
from linli.registry.intake.merging import Step
from linli.registry.intake.reading import BadWorkbook, Sheet, check
from linli.registry.intake.rules import RowReader, Wrong
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
_ANALYZE_FROM = 2_000  # rows in a file from which the planner's figures are renewed on the way


# Writes the refused rows: the headings, (row number, cells) and what is wrong with them.
GiveBack = Callable[[Headings, Iterable[tuple[int, Sequence[Any]]], Mapping[int, list[Wrong]]], Any]


class Listener:
    """Hears how far an import is; a job's `Running` is one."""

    def stage(self, text: str, total: int = 0, *, unit: str | None = None) -> None:
        """A step begins."""

    def progress(self, done: int, total: int | None = None) -> None:
        """So many units of it are done."""


@dataclass
class Outcome:
    """What an import did. `wrong` maps row numbers (from 0) to what is wrong with them."""

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0
    estates: int = 0
    buildings: int = 0
    homes: int = 0
    homes_updated: int = 0
    households: int = 0
    headless: int = 0
    wrong: dict[int, list[Wrong]] = field(default_factory=dict)
    seconds: float = 0.0
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        return len(self.wrong)

    @property
    def changed_nothing(self) -> bool:
        return not any(
            (
                self.new,
                self.updated,
                self.estates,
                self.buildings,
                self.homes,
                self.homes_updated,
                self.households,
            )
        )

    def sentence(self) -> str:
        """The result in one sentence."""
        said = _("新增 %(new)s 人，更新 %(updated)s 人，无变化 %(unchanged)s 人，退回 %(rejected)s 行") % {
            "new": f"{self.new:,}",
            "updated": f"{self.updated:,}",
            "unchanged": f"{self.unchanged:,}",
            "rejected": f"{self.rejected:,}",
        }
        if self.homes or self.homes_updated:
            said += _("；新增房屋 %(new)s 套，更新 %(updated)s 套") % {
                "new": f"{self.homes:,}",
                "updated": f"{self.homes_updated:,}",
            }
        return said + "。"

    def notes(self) -> list[str]:
        """What the user should know besides."""
        said = []
        if self.estates or self.buildings or self.households:
            said.append(
                _("新增小区 %(estates)s 个、楼栋 %(buildings)s 栋、家庭户 %(households)s 户。")
                % {"estates": self.estates, "buildings": self.buildings, "households": self.households}
            )
        if self.moved:
            said.append(
                _("其中 %(n)s 人原来登记住在别处，已按迁居办理：原住处的居住记录到迁入那天为止。")
                % {"n": self.moved}
            )
        if self.headless:
            said.append(
                _("有 %(n)s 户的户主行被退回，这几户暂时没有户主；改正后重新上传退回的表，会自动补齐。")
                % {"n": self.headless}
            )
        if self.rejected:
            said.append(
                _(
                    "退回的行在下面的表里，标了颜色的格子就是有问题的地方，原因写在最后一列；改好后直接上传这张表即可。"
                )
            )
        return said


def may_import(user: Any, region: Region) -> None:
    """Refuse regions that are no community or street, and those where the user may not import.

    Raises RuleError.
    """
    if region.level not in (Level.STREET, Level.COMMUNITY):
        raise audit.RuleError(_("请选择一个社区或街道（乡镇）导入。"), field="region")
    scopes = user.scopes(Permission.IMPORT_REGISTRY)
    inside = any(region.region_code in scope or region.scope.covers(scope) for scope in scopes)
    if not inside:
        raise audit.RuleError(_("您没有在“%(name)s”导入的权限。") % {"name": region.title}, field="region")


def import_workbook(
    *,
    acting_user: Any,
    path: Path,
    region: Region,
    name: str = "",
    listener: Listener | None = None,
    give_back: GiveBack | None = None,
) -> Outcome:
    """Read, check and merge a workbook. Importing it again changes nothing.

    Rows with faults are left out, told in the outcome, and handed to `give_back` when there are any, as soon as the others are in.
    Raises RuleError when the file as a whole cannot be used.
    """
    may_import(acting_user, region)
    heard = listener or Listener()
    begun = time.monotonic()
    try:
        heard.stage(_("检查文件"))
        sheet = check(path, name)
        for attempt in (1, 2):
            heard.stage(_("打开文件"))
            run = _Import(acting_user, region, path, sheet, heard)
            with contextlib.closing(run.reading) as reading:
                try:
                    outcome = run.run()
                except IntegrityError:
                    # Somebody has registered one of the people while we were at it; the second look sees them.
                    if attempt == 1:
                        continue
                    raise audit.RuleError(
                        _("导入时有人正在登记同一些居民，没有导入。请稍后重新上传。"), field="file"
                    ) from None
                if give_back is not None and outcome.wrong:
                    give_back(sheet.headings, reading.cells(outcome.wrong), outcome.wrong)
            outcome.seconds = time.monotonic() - begun
            return outcome
    except BadWorkbook as error:
        raise audit.RuleError(str(error), field="file") from None
    raise AssertionError


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


class _Import:
    """One run."""

    def __init__(
        self,
        user: Any,
        region: Region,
        path: Path,
        sheet: Sheet,
        heard: Listener,
    ) -> None:
        """Opens the workbook. Raises BadWorkbook."""
        self.user, self.region, self.heard = user, region, heard
        self.today = timezone.localdate()
        self.context = read_context(user, region)
        self.reader = RowReader(self.context, sheet.headings)
        self.outcome = Outcome()
        self.alone: set[int] = set()
        self.source = _("导入 %(day)s") % {"day": f"{self.today:%Y-%m-%d}"}
        self.params: dict[str, Any] = {"today": self.today, "source": self.source}
        self._clock = time.monotonic()
        self._steps = 0
        self.reading = Reading(path, sheet, self.reader)
        self._tick("open")

    def run(self) -> Outcome:
        outcome = self.outcome
        with audit.action(self.user, "intake.import") as act, connection.cursor() as cursor:
            self.cursor = cursor
            cursor.execute(staging.SETTINGS)
            cursor.execute(staging.CLEAR)
            cursor.execute(staging.TABLES)
            self._read()
            self._wait_for_others()
            every = (
                merging.PLACES,
                merging.PEOPLE,
                merging.RESIDENCES,
                merging.HOUSEHOLDS,
                merging.MEMBERS,
                merging.TAGS,
            )
            self.heard.stage(_("核对"), sum(map(len, every)) + 4, unit=_("步"))
            self._check()
            self._places()
            self._acquaint("places_building", "places_unit", "places_home")
            for step in merging.PEOPLE:
                self._do(step)
            self._acquaint("people_person")
            for step in (*merging.RESIDENCES, *merging.HOUSEHOLDS):
                self._do(step)
            self._acquaint("people_residence", "people_household")
            self._pass_on_heads()
            for step in (*merging.MEMBERS, *merging.TAGS):
                self._do(step)
            self._acquaint("people_householdmember", "groups_membership")
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
        self.heard.stage(_("读取和检查"), self.reading.total, unit=_("行"))
        tags: list[str] = []
        with _no_collecting(), self.cursor.copy(staging.ROW_COPY) as copy:
            for lines in self._people(tags):
                copy.write(lines)
        self._copy(staging.TAG_COPY, iter(tags))
        reader = self.reader
        seal = self.context.seal
        self._copy(
            staging.HOME_COPY,
            (
                staging.home_line(
                    home,
                    home.number in self.alone,
                    seal(home.owner_phone, "phone") if home.owner_phone else b"",
                )
                for home in reader.homes.values()
            ),
        )
        self._copy(
            staging.HOUSEHOLD_COPY,
            (
                f"{number}\t{reader.household_homes[number]}\t{staging.escape(key[1]) if key[0] == 'number' else ''}\t"
                f"{reader.household_kinds.get(number, '')}\t{'t' if key in reader.pending else 'f'}\n"
                for key, number in reader.households.items()
            ),
        )
        self._tick("read")
        for table in (
            "row (row, home, household, relation, id_digest)",
            "home (no, community, estate, building, unit, door)",
            "household (no, home, number)",
        ):
            self.cursor.execute(f"ANALYZE intake_{table}")

    def _people(self, tags: list[str]) -> Iterator[str]:
        """Lines of COPY, a block at a time; those of tags are put into `tags`."""
        enter, wrong, heard, reading = self.reader.enter, self.outcome.wrong, self.heard, self.reading
        count = 0

        def tick() -> None:
            heard.progress(count)

        for block in reading.blocks(tick):
            lines: list[str] = []
            for examined in block:
                row, said = examined[0], examined[-1]
                found = enter(examined)
                if isinstance(found, list):
                    wrong[row] = found
                elif said is None:
                    self.alone.add(found[0])
                else:
                    words, tagged = said
                    lines.append(f"{row}\t{found[0]}\t{found[1]}\t{words}")
                    if tagged:
                        tags.extend(staging.tag_lines(row, tagged))
            count += len(block)
            heard.progress(count, reading.total)
            yield "".join(lines)
        self.outcome.rows = count

    def _copy(self, statement: str, lines: Iterator[str]) -> None:
        with self.cursor.copy(statement) as copy:
            for line in lines:
                copy.write(line)

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
        self.cursor.execute("SELECT row, key, reason FROM intake_wrong ORDER BY row")
        for row, key, reason in self.cursor.fetchall():
            self.outcome.wrong.setdefault(row, []).append(Wrong(key, reason))
        self.cursor.execute(checks.DROP_WRONG)
        self._progress("check")

    # -- merging ---------------------------------------------------------------------------------------------

    def _do(self, step: Step) -> None:
        for statement in step.statements:
            self.cursor.execute(statement, self.params)
        if step.counter:
            setattr(self.outcome, step.counter, self.cursor.rowcount)
        self._progress(step.title)

    def _acquaint(self, *tables: str) -> None:
        """Tell the planner what this transaction has written, else the steps that follow, and the checks of foreign keys at
        commit, are planned for the tables as they were: in a new base, empty."""
        if self.outcome.rows >= _ANALYZE_FROM:
            for table in tables:
                self.cursor.execute(f"ANALYZE {table} ({_PLANNED_BY[table]})")

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
        self.heard.progress(self._steps)

    def _tick(self, title: str) -> None:
        now = time.monotonic()
        self.outcome.timings[title] = round(now - self._clock, 2)
        self._clock = now
