"""Rows in order: one judged by those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from linli.registry.intake.columns import BY_KEY, Headings
from linli.registry.intake.rules.examiner import Examiner
from linli.registry.intake.rules.facts import Context, Examined, HomeFacts, HomeSaid, PersonFacts, Wrong

_HOME_LABELS: Final = {
    "grid": "网格",
    "floor": "所在层",
    "use": "房屋用途",
    "tenure": "居住方式",
    "area": "建筑面积",
    "owner_name": "房主姓名",
    "owner_phone": "房主电话",
}


class RowReader(Examiner):
    """Reads rows one after another, remembering what earlier rows said about the same homes and people.

    `enter` takes rows that were examined, here or elsewhere, and must be given them in the order of the sheet.
    """

    def __init__(self, context: Context, headings: Headings) -> None:
        super().__init__(context, headings)
        self.homes: dict[tuple[str, str, str, str, str], HomeFacts] = {}
        self.households: dict[tuple[str, str], int] = {}
        self.household_kinds: dict[int, str] = {}
        self.household_homes: dict[int, int] = {}
        self._headed: set[int] = set()
        self.pending: set[tuple[str, str]] = set()
        self._ids: dict[bytes, int] = {}
        self._people: dict[tuple[int, str, int], tuple[int, bool]] = {}
        self._home_entered: HomeSaid | None = None
        self._kept: HomeFacts | None = None

    def read(
        self, row: int, cells: Sequence[Any], errors: Mapping[int, str] | None = None
    ) -> PersonFacts | HomeFacts | list[Wrong]:
        """The person of a row (with the home noted), the home alone where nobody is named, or what is wrong."""
        examined = self.examine(row, cells, errors)
        found = self.enter(examined)
        if isinstance(found, list):
            return found
        person: PersonFacts | None = examined[-1]
        if person is None:
            return self.homes[examined[2][0]]
        person.home, person.household = found
        return person

    def enter(self, examined: Examined) -> tuple[int, int] | list[Wrong]:
        """The numbers of a row's home and household (0: none), or what is wrong with it."""
        row, faults, home, household, kind, head, id_digest, name, born, person = examined
        if faults:
            if household is not None:
                self.pending.add(household)
            return [Wrong(key, reason) for key, reason in faults]
        wrong: list[Wrong] = []
        same = home is self._home_entered  # as the row before said
        kept = self._kept if same else self.homes.get(home[0])
        if kept is not None and not same:
            self._home_clashes(kept, home, wrong)
        if person is not None:
            self._person_clashes(kept, id_digest, name, born, wrong)
        if wrong:
            if household is not None:
                self.pending.add(household)
            return wrong
        if kept is None or not same:
            kept = self._keep_home(row, kept, home)
            self._home_entered, self._kept = home, kept
        number = 0
        if household is not None:
            number = self.households.get(household) or 0
            if not number:
                number = self.households[household] = len(self.households) + 1
                self.household_homes[number] = kept.number
            if kind and number not in self.household_kinds:
                self.household_kinds[number] = kind
            if head and number not in self._headed:
                self._headed.add(number)
                self.household_homes[number] = kept.number
        if id_digest is not None:
            self._ids[id_digest] = row
        if born is not None:
            self._people[kept.number, name, born] = (row, id_digest is not None)
        return kept.number, number

    def _keep_home(self, row: int, kept: HomeFacts | None, home: HomeSaid) -> HomeFacts:
        if kept is None:
            key, grid, floor, use, tenure, area, owner, phone, further = home
            kept = HomeFacts(
                len(self.homes) + 1,
                row,
                key[0],
                grid,
                *key[1:],
                floor,
                use,
                tenure,
                area,
                owner,
                phone,
                dict(further),
            )
            self.homes[home[0]] = kept
            return kept
        for name, new in zip(_HOME_LABELS, home[1:-1], strict=True):
            if getattr(kept, name) in ("", None):
                setattr(kept, name, new)
        kept.further = home[-1] | kept.further
        return kept

    def _home_clashes(self, kept: HomeFacts, home: HomeSaid, wrong: list[Wrong]) -> None:
        """Say where the row contradicts what an earlier row said about the same home."""
        said = [
            (name, label, getattr(kept, name), new)
            for (name, label), new in zip(_HOME_LABELS.items(), home[1:-1], strict=True)
        ]
        said += [(name, BY_KEY[name].heading, kept.further.get(name), new) for name, new in home[-1].items()]
        for name, label, old, new in said:
            if new not in ("", None) and old not in ("", None) and new != old:
                wrong.append(
                    Wrong(name, f"同一套房屋的{label}与第 {kept.row + 1} 行写的不一样，请改成一致。")
                )

    def _person_clashes(
        self, kept: HomeFacts | None, id_digest: bytes | None, name: str, born: int | None, wrong: list[Wrong]
    ) -> None:
        if id_digest is not None and (first := self._ids.get(id_digest)):
            wrong.append(Wrong("id_number", f"与第 {first + 1} 行的证件号码相同，是同一个人，请删去一行。"))
        if kept is None or born is None:
            return
        if same := self._people.get((kept.number, name, born)):
            first, had_id = same
            if not had_id or id_digest is None:
                wrong.append(
                    Wrong(
                        "name", f"与第 {first + 1} 行的姓名、出生日期和住址都相同，是同一个人，请删去一行。"
                    )
                )
