"""Carrying a plan out: one set-based re-keying of buildings and of everything that follows them (ADR 0019).

Called inside an action. Nothing here asks for permission or records events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Q

from linli.access.models import Post
from linli.access.units import own_unit
from linli.audit.recording import RuleError
from linli.facts.dictionary import dictionary
from linli.kernel import hanzi
from linli.kernel.scope import Scope
from linli.regions import names
from linli.regions.following import Way, ways
from linli.regions.models import (
    KEY_LENGTH,
    NOWHERE,
    FormerRegion,
    Level,
    OfficialCode,
    Recut,
    Region,
    RegionKind,
)
from linli.regions.rules import next_segment
from linli.registry.adjustment.rules import Base, Block, Community, Draft
from linli.registry.people import standing
from linli.registry.places.actions.rekeying import rekey
from linli.registry.places.models import Estate

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
STREET = KEY_LENGTH[Level.STREET]
PROPOSED = "街道拟定"
_HAN = "零一二三四五六七八九十"
_REGIONS = "regions_region"


@dataclass
class Done:
    """What carrying out did: rows re-keyed by table, and the regions opened and closed (their keys)."""

    rows: dict[str, int] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    grids: int = 0
    posts: int = 0
    buildings: int = 0


class Carrying:
    """One carrying out, of a draft over a base, from a day on."""

    def __init__(self, base: Base, draft: Draft, region_code: str, on: date, title: str) -> None:
        self.base, self.draft, self.on = base, draft, on
        self.area, self.title = region_code, title
        self.changes = draft.changes(base)
        self.done = Done(buildings=len(self.changes))
        self.keys: dict[str, str] = {key: key for key in base.communities}  # plan's key → region key
        self.grid_of: dict[tuple[str, str], str] = {}  # (old key, target community) → new key
        self.whole: dict[str, str] = {}  # grid that moved as a whole → its new key
        self.closed: dict[str, str] = {}  # community given up → successor's region key

    def run(self) -> Done:
        """Do it.

        Raises RuleError when the area was adjusted on or after the day already.
        """
        self._after_the_last()
        self._open_communities()
        self.closed = {key: self.keys[into] for key, into in self.draft.merged.items()}
        self._open_grids()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE adjustment_recut (held text, row_id bigint, old text, new text, "
                "PRIMARY KEY (held, row_id)) ON COMMIT DROP"
            )
        self._note_named()
        self._buildings()
        self._inside("places_building")
        self._inside("places_estate")
        self._loose()
        self._persons()
        self._named()
        self._remember()
        self._close()
        self._posts()
        self._drop()
        Recut.objects.create(region_code=self.area, on=self.on, title=self.title)
        names.forget()
        return self.done

    def _after_the_last(self) -> None:
        area = Scope.of(self.area)
        for cut in Recut.objects.filter(on__gte=self.on):
            other = Scope.of(cut.region_code)
            if area.covers(other) or other.covers(area):
                raise RuleError(
                    f"这个范围在 {cut.on:%Y-%m-%d} 已执行“{cut.title}”，生效日期要晚于这一天。",
                    field="effective_on",
                )

    # -- regions ---------------------------------------------------------------------------------------------

    def _into(self, key: str) -> list[Block]:
        return [self.base.blocks[pk] for pk, to in self.changes.items() if to == key]

    def _donor(self, key: str) -> str:
        """The community of today that most households of a new one come from; "" when none."""
        weight: Counter[str] = Counter()
        for block in self._into(key):
            weight[block.community] += block.households + 1
        return max(sorted(weight), key=lambda k: weight[k]) if weight else ""

    def _open_communities(self) -> None:
        for one in self.draft.founded:
            donor = self._donor(one.key)
            source = Region.objects.filter(region_code=donor).first()
            street = Region.objects.select_for_update().get(region_code=(donor or self.area)[:STREET])
            region = Region.objects.create(
                region_code=self._key_for(one, street),
                parent=street,
                level=Level.COMMUNITY,
                kind=RegionKind.RESIDENTS,
                setting=source.setting if source else "",
                name=one.name if one.name.endswith("居委会") else f"{one.name}居委会",
                short_name=one.name,
                initials=hanzi.initials(one.name),
                pinyin="".join(hanzi.pinyin(one.name).split()),
                postcode=source.postcode if source else "",
                valid_from=self.on,
            )
            self.keys[one.key] = region.region_code
            self.done.opened.append(region.region_code)
            former = OfficialCode.objects.filter(region=source, valid_to__isnull=True)
            OfficialCode.objects.create(
                region=region,
                code=one.code or region.region_code,
                source=PROPOSED,
                version=self.on,
                valid_from=self.on,
                predecessor=former.order_by("-version").first(),
            )
            self._came_from(region, donor)

    def _key_for(self, one: Community, street: Region) -> str:
        """The proposed code where it is free and of this street, else the lowest free number."""
        taken = set(
            Region.objects.filter(
                region_code__startswith=street.region_code, level=Level.COMMUNITY
            ).values_list("region_code", flat=True)
        )
        if one.code and one.code.startswith(street.region_code) and one.code not in taken:
            return one.code
        return street.region_code + next_segment({key[-3:] for key in taken}, 3)

    def _came_from(self, region: Region, donor: str) -> None:
        """Before the day the whole key reads as the donor's, and before the donor was there as what that came from."""
        if not donor:
            return
        last: date | None = None
        source = Region.objects.filter(region_code=donor).first()
        earlier = (
            FormerRegion.objects.filter(held=_REGIONS, row_id=source.pk)
            if source
            else FormerRegion.objects.none()
        )
        for spell in sorted(earlier, key=lambda s: s.period.upper):
            FormerRegion.objects.create(
                held=_REGIONS, row_id=region.pk, region_code=spell.region_code, period=spell.period
            )
            last = spell.period.upper
        if last is None or last < self.on:
            FormerRegion.objects.create(
                held=_REGIONS, row_id=region.pk, region_code=donor, period=(last, self.on)
            )

    def _open_grids(self) -> None:
        """For every grid that gives buildings away, a grid in each community that takes them; a grid that goes to one
        community with all its buildings has moved as a whole."""
        takes: dict[str, set[str]] = {}
        stays: set[str] = set()
        for block in self.base.blocks.values():
            if block.grid and block.id in self.changes:
                takes.setdefault(block.grid, set()).add(self.changes[block.id])
            elif block.grid:
                stays.add(block.grid)
        for grid in sorted(takes):
            for target in sorted(takes[grid]):
                made = self._open_grid(grid, self.keys[target])
                self.grid_of[grid, target] = made
                if len(takes[grid]) == 1 and grid not in stays:
                    self.whole[grid] = made

    def _open_grid(self, old: str, community: str) -> str:
        parent = Region.objects.select_for_update().get(region_code=community)
        taken = {key[-3:] for key in parent.children.values_list("region_code", flat=True)}
        live = set(parent.children.filter(valid_to__isnull=True).values_list("name", flat=True))
        stem = parent.title.removesuffix("社区")
        number = next(n for n in range(1, 1000) if f"{stem}第{_han(n)}网格" not in live)
        name = f"{stem}第{_han(number)}网格"
        made = Region.objects.create(
            region_code=community + next_segment(taken, 3),
            parent=parent,
            level=Level.GRID,
            name=name,
            initials=hanzi.initials(name),
            pinyin="".join(hanzi.pinyin(name).split()),
            postcode=parent.postcode,
            valid_from=self.on,
        )
        self._came_from(made, old)
        self.done.grids += 1
        return made.region_code

    def _close(self) -> None:
        gone = [*self.closed, *self.whole]
        if not gone:
            return
        for key in self.closed:
            gone += Region.objects.filter(region_code__startswith=key).values_list("region_code", flat=True)
        Region.objects.filter(region_code__in=gone, valid_to__isnull=True).update(valid_to=self.on)
        ids = list(Region.objects.filter(region_code__in=list(self.closed)).values_list("pk", flat=True))
        OfficialCode.objects.filter(region_id__in=ids, valid_to__isnull=True).filter(
            Q(valid_from__isnull=True) | Q(valid_from__lt=self.on)
        ).update(valid_to=self.on)
        self.done.closed = sorted(self.closed)

    def _posts(self) -> None:
        """Posts of what is closed go on in its successor; where the person has the same post there, it ends."""
        for key, new in sorted({**self.closed, **self.whole}.items()):
            inside = Post.objects.filter(region_code__startswith=key)
            for post in inside.select_related("user").order_by("pk"):
                if post.valid_to is not None and post.valid_to <= self.on:
                    continue
                target = self.whole.get(post.region_code, new)
                self._pass_on(post, target)

    def _pass_on(self, post: Post, target: str) -> None:
        self.done.posts += 1
        have = Post.objects.filter(user=post.user, role=post.role, region_code=target, valid_to__isnull=True)
        unit = post.unit
        if unit is not None and unit.region_code == post.region_code[:COMMUNITY] and unit.kind == "community":
            unit = own_unit(target)
        if post.valid_from >= self.on:
            if not have.exists():
                post.region_code, post.unit = target, unit
                post.save(update_fields=["region_code", "unit"])
            return
        until = post.valid_to
        post.valid_to = self.on
        post.save(update_fields=["valid_to"])
        if not have.exists():
            Post.objects.create(
                user=post.user,
                role=post.role,
                region_code=target,
                unit=unit,
                valid_from=self.on,
                valid_to=until,
            )

    # -- rows ------------------------------------------------------------------------------------------------

    def _new_key(self, block: Block, target: str) -> str:
        return self.grid_of.get((block.grid, target)) or self.keys[target]

    def _buildings(self) -> None:
        """Put the buildings elsewhere; what was there before is kept on the list."""
        rows = {
            pk: self._new_key(self.base.blocks[pk], target) for pk, target in sorted(self.changes.items())
        }
        touched = {self.base.blocks[pk].estate for pk in rows}
        names_of = set(Estate.objects.filter(pk__in=touched).values_list("name", flat=True))
        before = dict(Estate.objects.filter(name__in=names_of).values_list("pk", "region_code"))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO adjustment_recut SELECT 'places_building', b.id, b.region_code, n.key "
                "FROM unnest(%s::bigint[], %s::text[]) n(id, key) JOIN places_building b ON b.id = n.id",
                [list(rows), list(rows.values())],
            )
        self._people_of()
        moved = rekey(rows)
        self._count("places_building", moved.buildings)
        self._count("places_home", moved.homes)
        after = dict(Estate.objects.filter(name__in=names_of).values_list("pk", "region_code"))
        self._estates(before, after)

    def _estates(self, before: dict[int, str], after: dict[int, str]) -> None:
        """Estates that went along are on the list; a part that was made by the new border lay nowhere before."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO adjustment_recut VALUES ('places_estate', %s, %s, %s)",
                [
                    (pk, before[pk], region)
                    for pk, region in after.items()
                    if pk in before and before[pk] != region
                ],
            )
        made = [pk for pk in after if pk not in before]
        FormerRegion.objects.bulk_create(
            [
                FormerRegion(held="places_estate", row_id=pk, region_code=NOWHERE, period=(None, self.on))
                for pk in made
            ]
        )

    def _count(self, table: str, rows: int) -> None:
        if rows > 0:
            self.done.rows[table] = self.done.rows.get(table, 0) + rows

    def _inside(self, holder: str) -> None:
        """Rows that hang on a holder of the list follow it; those kept at the community stay as coarse as they were."""
        for way in ways().values():
            if way.kind == "inside" and way.holder == holder:
                self._follow(way)

    def _follow(self, way: Way) -> None:
        joins, holder_id = way.joins("y", "w")
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {way.table} x SET region_code = s.new FROM (SELECT y.id, "  # noqa: S608
                f"CASE WHEN length(y.region_code) <= {COMMUNITY} THEN left(r.new, {COMMUNITY}) ELSE r.new END AS new "
                f"FROM {way.table} y{joins} JOIN adjustment_recut r ON r.held = %s AND r.row_id = {holder_id}) s "
                "WHERE s.id = x.id AND x.region_code <> s.new",
                [way.holder],
            )
            self._count(way.table, cursor.rowcount)

    def _loose(self) -> None:
        """What hangs on no building goes with its grid when that moved as a whole, and to the successor of a closed
        community. Persons follow their residence; the records named by region only are not counted in figures."""
        pairs = self._loose_keys()
        if not pairs:
            return
        for way in ways().values():
            if way.holder == "people_person":
                continue
            with connection.cursor() as cursor:
                if way.name_once:
                    self._tell_apart(way.table, pairs)
                if way.kind != "region":
                    cursor.execute(
                        f"INSERT INTO adjustment_recut SELECT %s, x.id, x.region_code, n.new FROM {way.table} x "  # noqa: S608
                        "JOIN unnest(%s::text[], %s::text[]) n(old, new) ON n.old = x.region_code "
                        "ON CONFLICT DO NOTHING",
                        [way.table, *pairs],
                    )
                cursor.execute(
                    f"UPDATE {way.table} x SET region_code = n.new FROM unnest(%s::text[], %s::text[]) n(old, new) "  # noqa: S608
                    "WHERE n.old = x.region_code",
                    pairs,
                )
                self._count(way.table, cursor.rowcount)

    def _tell_apart(self, table: str, pairs: list[list[str]]) -> None:
        """Rows of one name that come together in a community: the newcomers say where they came from."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH n AS (SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) n(old, new, title)) "  # noqa: S608
                f"UPDATE {table} x SET name = x.name || '（原' || n.title || '）' FROM n "
                f"WHERE n.old = x.region_code AND EXISTS (SELECT 1 FROM {table} o LEFT JOIN n m ON m.old = o.region_code "
                "WHERE o.id <> x.id AND o.name = x.name AND (o.region_code = n.new OR m.new = n.new))",
                [*pairs, [names.title(key[:COMMUNITY]) for key in pairs[0]]],
            )

    def _loose_keys(self) -> list[list[str]]:
        """Two columns: keys that end, and the keys that rows of theirs take."""
        pairs = dict(self.whole)
        for key, successor in self.closed.items():
            for (old,) in Region.objects.filter(region_code__startswith=key).values_list("region_code"):
                pairs.setdefault(old, successor)
        return [list(pairs), list(pairs.values())] if pairs else []

    def _note_named(self) -> None:
        """Note where the rows lie that are named by their region alone and that the dictionary counts: rooms may move them along
        with buildings."""
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE adjustment_named (held text, row_id bigint, region_code text) ON COMMIT DROP"
            )
            for table in self._named_tables():
                cursor.execute(
                    f"INSERT INTO adjustment_named SELECT %s, x.id, x.region_code FROM {table} x "  # noqa: S608
                    "WHERE x.region_code >= %s AND x.region_code < %s",
                    [table, *Scope.of(self.area)],
                )

    def _named_tables(self) -> list[str]:
        counted = {subject.table for subject in dictionary.subjects()}
        return [way.table for way in ways().values() if way.kind == "region" and way.table in counted]

    def _named(self) -> None:
        """Those of them that lie elsewhere now."""
        with connection.cursor() as cursor:
            for table in self._named_tables():
                moved = f"adjustment_named a JOIN {table} x ON x.id = a.row_id"
                cursor.execute(
                    "INSERT INTO adjustment_recut SELECT a.held, a.row_id, a.region_code, x.region_code FROM "  # noqa: S608
                    + moved
                    + " WHERE a.held = %s AND x.region_code <> a.region_code",
                    [table],
                )

    def _people_of(self) -> None:
        """Note everybody who may come to count elsewhere, and where they count now."""
        pairs = self._loose_keys()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE adjustment_people ON COMMIT DROP AS SELECT p.id, p.region_code FROM people_person p "
                "WHERE p.region_code = ANY(%(keys)s) OR p.id IN ("
                "SELECT s.person_id FROM people_residence s JOIN places_home h ON h.id = s.home_id "
                "JOIN adjustment_recut r ON r.held = 'places_building' AND r.row_id = h.building_id "
                "UNION SELECT s.person_id FROM people_residence s WHERE s.region_code = ANY(%(keys)s))",
                {"keys": pairs[0] if pairs else []},
            )

    def _persons(self) -> None:
        """The people of what was re-keyed: region and standing follow their spells, and what hangs on them follows them."""
        pairs = self._loose_keys()
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM adjustment_people")
            people = [pk for (pk,) in cursor.fetchall()]
        standing.refresh(people)
        with connection.cursor() as cursor:
            if pairs:  # somebody without any spell stays where they were recorded
                cursor.execute(
                    "UPDATE people_person p SET region_code = n.new FROM unnest(%s::text[], %s::text[]) n(old, new) "
                    "WHERE n.old = p.region_code",
                    pairs,
                )
            cursor.execute(
                "INSERT INTO adjustment_recut SELECT 'people_person', p.id, a.region_code, p.region_code "
                "FROM adjustment_people a JOIN people_person p ON p.id = a.id WHERE p.region_code <> a.region_code"
            )
            self._count("people_person", cursor.rowcount)
        self._inside("people_person")

    def _remember(self) -> None:
        """Keep where everything on the list lay until now."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO regions_formerregion (held, row_id, region_code, period) "
                "SELECT r.held, r.row_id, r.old, daterange(max(upper(f.period)), %s) FROM adjustment_recut r "
                "LEFT JOIN regions_formerregion f ON f.held = r.held AND f.row_id = r.row_id "
                "WHERE r.old <> r.new GROUP BY 1, 2, 3",
                [self.on],
            )

    def _drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE adjustment_recut, adjustment_people, adjustment_named")


def left_behind(keys: Iterable[str]) -> dict[str, int]:
    """Rows that still lie in closed regions, by table: there must be none."""
    wanted = list(keys)
    found: dict[str, int] = {}
    for way in ways().values():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {way.table} x WHERE EXISTS (SELECT 1 FROM unnest(%s::text[]) k "  # noqa: S608
                "WHERE x.region_code >= k AND x.region_code < k || ':')",
                [wanted],
            )
            if count := cursor.fetchone()[0]:
                found[way.table] = count
    return found


def _han(number: int) -> str:
    """一 to 九十九, as grids are counted; larger ones in digits."""
    if number <= 10:
        return _HAN[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{'' if tens == 1 else _HAN[tens]}十{_HAN[ones] if ones else ''}"
    return str(number)
