"""Households on returned rosters (one row a household): found by number, by the head's number, or by the head's name and the
home; the head's facts are the head's, number and kind the household's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.access.sealed import digest
from linli.registry.people import actions as people
from linli.registry.people.models import HEAD, Household, HouseholdMember, Person
from linli.registry.sources import actions as sources
from linli.registry.sources import knowing
from linli.returns import rules
from linli.returns.saying import Row, differs
from linli.returns.takers.base import HELD, Option, Parts, Said, Taker, spoken
from linli.returns.takers.people import propose_facts

EDIT = Permission.EDIT_PEOPLE


class HouseholdTaker(Taker):
    """Rows of households. New ones are not founded here: a household needs its members, which the row does not name."""

    subject = "household"
    noun = "家庭户"
    page = "people:household"
    permission = EDIT
    measure_word = "户"
    paths: ClassVar[Mapping[str, str]] = {
        "number": "household.number",
        "kind": "household.kind",
        "address": "place.text",
        "home.address": "place.text",
        "home.estate_name": "place.estate",
        "home.building_name": "place.building",
        "home.unit": "place.unit",
        "home.door": "place.door",
        "home.unit_door": "place.unit_door",
        "landline": "head.landline",
        **{f"head.{element}": f"head.{element}" for element in knowing.ELEMENTS},
    }
    left: ClassVar[Mapping[str, str]] = {
        "size": "由在册的成员算出",
        "community": "社区跟着住的房屋走",
        "grid": "网格跟着住的楼栋走",
    }
    numbers = frozenset(("head.id_number",))
    phones = frozenset(("head.phone", "head.landline"))
    telling = frozenset(("household", "head"))

    def options(self) -> list[Option]:
        """Taking what is held."""
        return [Option("override", _("户号、户类型与库里不同的，按名册改"), False)]

    def tidy(self, parts: Parts) -> Parts:
        """Household numbers in their one way of writing."""
        household = parts.get("household", {})
        if "number" in household:
            household["number"] = "".join(str(household["number"]).split()).upper()
        return parts

    def plan(self, said: Said) -> None:
        """Which household each row means, and what would change of it and of its head."""
        self._find(said)
        known = {
            one.pk: one
            for one in Household.objects.select_related("home").filter(
                pk__in=[row.record for row, _parts in said if row.record]
            )
        }
        self.holding.load(Household, known)
        heads = {
            one.household_id: one.person
            for one in HouseholdMember.objects.select_related("person").filter(
                household__in=known, relation=HEAD, period__endswith__isnull=True, period__isempty=False
            )
        }
        elements = {column.target.detail for column in self.columns if column.target.part == "head"}
        facts = knowing.known_of(list(heads.values()), elements)
        seen: dict[int, int] = {}
        for row, parts in said:
            if self.is_second(row, seen) or row.record is None:
                continue
            household, head = known[row.record], heads.get(row.record)
            if not self.user.can(EDIT, household.region_code):
                row.kind, row.record = rules.UNKNOWN, None
                row.wrong("", "这一户不在您负责的区域。")
                continue
            self.propose(row, "household", household, parts.get("household", {}))
            self._plan_home(row, parts.get("place", {}), household)
            self._plan_head(row, parts.get("head", {}), head, facts)
            self.settle_kind(row)

    def _find(self, said: Said) -> None:
        numbers = {str(parts.get("household", {}).get("number", "")) for _row, parts in said} - {""}
        by_number: dict[str, int] = dict(
            Household.objects.filter(number__in=numbers).values_list("number", "pk")
        )
        heads = {
            number: digest(number, "id_number")
            for _row, parts in said
            if (number := str(parts.get("head", {}).get("id_number", "")))
        }
        rows = HouseholdMember.objects.filter(
            relation=HEAD, period__endswith__isnull=True, period__isempty=False
        )
        by_head = {
            bytes(found or b""): pk
            for found, pk in rows.filter(person__id_digest__in=set(heads.values())).values_list(
                "person__id_digest", "household_id"
            )
        }
        names = {str(parts.get("head", {}).get("name", "")) for _row, parts in said} - {""}
        by_name: dict[tuple[str, int | None], list[int]] = {}
        here = rows.filter(person__name__in=names).filter(
            household__in=Household.objects.in_region(self.returned.region_code)
        )
        for name, home, pk in here.values_list("person__name", "household__home_id", "household_id"):
            by_name.setdefault((name, home), []).append(pk)
        for row, parts in said:
            head = parts.get("head", {})
            number = str(parts.get("household", {}).get("number", ""))
            row.who = str(head.get("name", "")) or number
            if row.record is not None:
                continue
            digested = heads.get(str(head.get("id_number", "")))
            by_its_head = by_head.get(digested) if digested else None
            row.record = by_number.get(number, by_its_head)
            where = self.home_of(parts.get("place", {}))
            if row.record is None and where is not None:
                found = by_name.get((str(head.get("name", "")), where), [])
                row.record = found[0] if len(found) == 1 else None
            if row.record is None:
                row.kind = rules.UNKNOWN
                row.wrong(
                    "",
                    "库里没有这一户。一户一行的名册不写成员，不能立户，请用居民名册，或在居民页面办理立户。",
                )

    def _plan_home(self, row: Row, place: Mapping[str, Any], household: Household) -> None:
        home = self.home_of(place)
        if home is not None and home != household.home_id:
            row.change(_("家庭住址"), str(household.home or ""), spoken(place), _("迁居请在户的页面办理"))

    def _plan_head(
        self, row: Row, said: dict[str, Any], head: Person | None, known: Mapping[tuple[int, str], Any]
    ) -> None:
        if head is None or not said:
            return
        number, name = str(said.get("id_number", "")), str(said.get("name", ""))
        another = number and head.id_number and number != head.id_number
        if another or (name and differs(head.name, name)):
            row.change(_("户主"), head.name, name or _("证件号码不同"), HELD)
            return
        propose_facts(self, row, "head", said, head, known, _("户主"))
        row.do.setdefault("of", head.pk)

    # -- applying ------------------------------------------------------------------------------------------------

    def steps(self) -> Sequence[tuple[str, str, Callable[[Row, Any], None]]]:
        """The household, and its head."""
        return (("household", _("家庭户"), self._update), ("head", _("户主"), self._hear))

    def _update(self, row: Row, said: dict[str, Any]) -> None:
        kept = Household.objects.get(pk=row.record or 0)
        people.update_household(
            acting_user=self.user,
            household_id=kept.pk,
            number=said.get("number", kept.number),
            kind=said.get("kind", kept.kind),
            home_id=kept.home_id,
            note=kept.note,
            reason=self.reason,
        )

    def _hear(self, row: Row, said: dict[str, str]) -> None:
        sources.hear(
            acting_user=self.user,
            person_id=row.do["of"],
            values={key: knowing.as_value(key, value) for key, value in said.items()},
            source=self.returned.source,
            said_by=self.said_by,
            on=self.returned.on,
            reason=self.reason,
        )
