"""People on returned rosters, applied: each thing a row says by the action that knows how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from linli.access.sealed import digest
from linli.audit.recording import RuleError
from linli.registry.groups import actions as groups
from linli.registry.groups import seeing
from linli.registry.groups.models import Membership
from linli.registry.people import actions as people
from linli.registry.people.actions import Place
from linli.registry.people.models import HEAD, Household, HouseholdKind, Person, Residence
from linli.registry.sources import actions as sources
from linli.registry.sources import knowing
from linli.returns.saying import Row
from linli.returns.takers.base import day
from linli.returns.takers.people import PeoplePlans
from linli.returns.takers.people_ties import DETAIL


class PeopleTaker(PeoplePlans):
    """Plans and applies rows of people."""

    def steps(self) -> Sequence[tuple[str, str, Callable[[Row, Any], None]]]:
        """Facts first, then where they live, then what depends on it."""
        return (
            ("field", _("基本信息"), self._hear),
            ("place", _("现住址"), self._settle),
            ("living", _("居住情况"), self._say_living),
            ("hukou", _("户籍地"), self._set_hukou),
            ("household", _("家庭户"), self._enter_household),
            ("group", _("人群"), self._enter_groups),
            ("kin", _("亲属"), self._set_kin),
            ("death", _("死亡"), self._record_death),
            ("departure", _("迁出"), self._record_departure),
        )

    def register(self, row: Row, said: dict[str, Any]) -> None:
        """Somebody who is not in the base: with the place and hukou that the row names. Those are done then."""
        facts = {key: knowing.as_value(key, value) for key, value in said.get("field", {}).items()}
        place, living = said.pop("place", None) or {}, said.pop("living", None) or {}
        hukou = said.pop("hukou", None)
        made = people.register_person(
            acting_user=self.user,
            values=facts | {"source": _("名册 %(sender)s") % {"sender": self.returned.sender[:40]}},
            home_id=row.home,
            since=day(place.get("since")),
            reason=living.get("reason", ""),
            dwelling=living.get("dwelling", ""),
            hukou=Place(hukou["home"], hukou["region"], hukou["address"]) if hukou else None,
            hukou_nature=hukou["nature"] if hukou else "",
            hukou_station=hukou.get("station", "") if hukou else "",
            share_home=True,
        )
        row.record = made.pk

    def _hear(self, row: Row, said: dict[str, str]) -> None:
        sources.hear(
            acting_user=self.user,
            person_id=row.record or 0,
            values={key: knowing.as_value(key, value) for key, value in said.items()},
            source=self.returned.source,
            said_by=self.said_by,
            on=self.returned.on,
            reason=self.reason,
        )

    def _settle(self, row: Row, said: dict[str, Any]) -> None:
        now = Residence.objects.filter(
            person=row.record, kind="living", period__endswith__isnull=True, period__isempty=False
        ).first()
        on = day(said.get("since")) or self.returned.on
        if now is None or now.home_id is None:
            people.move_in(
                acting_user=self.user,
                person_id=row.record or 0,
                home_id=said["home"],
                on=on,
                share_home=True,
            )
            return
        people.move_within(
            acting_user=self.user,
            person_id=row.record or 0,
            home_id=said["home"],
            on=on,
            reason=self.reason,
            share_home=True,
        )

    def _say_living(self, row: Row, said: dict[str, Any]) -> None:
        people.update_living(
            acting_user=self.user,
            person_id=row.record or 0,
            reason=said.get("reason"),
            dwelling=said.get("dwelling"),
            permit_kind=said.get("permit_kind"),
            permit_number=said.get("permit_number"),
            permit_place=said.get("permit_place"),
            **{key: day(said[key]) for key in ("permit_on", "permit_until") if key in said},
        )

    def _set_hukou(self, row: Row, said: dict[str, Any]) -> None:
        people.set_hukou(
            acting_user=self.user,
            person_id=row.record or 0,
            place=Place(said["home"], said["region"], said["address"]),
            nature=said["nature"],
            station=said.get("station"),
            correction=said.get("correction", False),
            reason=self.reason,
        )

    def _enter_household(self, row: Row, said: dict[str, str]) -> None:
        household = Household.objects.filter(number=said["number"]).first() if said["number"] else None
        person = Person.objects.get(pk=row.record or 0)
        member = person.memberships.filter(period__endswith__isnull=True, period__isempty=False).first()
        if household is not None and member is not None and member.household_id == household.pk:
            people.set_relation(
                acting_user=self.user,
                household_id=household.pk,
                person_id=person.pk,
                relation=said["relation"],
            )
            return
        if household is not None:
            people.join_household(
                acting_user=self.user,
                person_id=person.pk,
                household_id=household.pk,
                relation=said["relation"],
            )
            return
        if said["relation"] != HEAD and (said.get("head") or said.get("head_number")):
            self._join_head(row, said, person)
            return
        if said["relation"] != HEAD:
            raise RuleError(
                _("库里还没有户号 %(number)s，请让户主那一行先入库，再传这一行。")
                % {"number": said["number"]}
            )
        living = Residence.objects.filter(
            person=person, period__endswith__isnull=True, home__isnull=False
        ).order_by("-kind")
        home = living.values_list("home", flat=True).first()
        if home is None:
            raise RuleError(_("户主没有现住房屋，不能立户。"))
        at_home = Residence.objects.filter(
            person=person, kind="hukou", home=home, period__endswith__isnull=True, period__isempty=False
        ).exists()
        people.found_household(
            acting_user=self.user,
            head_id=person.pk,
            home_id=home,
            number=said["number"],
            kind=HouseholdKind.FAMILY if said["number"] or at_home else HouseholdKind.LIVING,
        )

    def _join_head(self, row: Row, said: dict[str, str], person: Person) -> None:
        found = self.household_of_head(row, said, person)
        if found is None:
            raise RuleError(
                _(
                    "没有找到户主%(head)s的户。请确认户主那一行也在名册里，并且写明同一套房屋或户主的证件号码。"
                )
                % {"head": said.get("head") or ""}
            )
        people.join_household(
            acting_user=self.user, person_id=person.pk, household_id=found, relation=said["relation"]
        )

    def ordered(self, rows: Sequence[Row]) -> list[Row]:
        """Heads first: their households must be there for the others to enter."""
        return sorted(rows, key=lambda row: row.do.get("household", {}).get("relation") != HEAD)

    def _enter_groups(self, row: Row, said: dict[str, dict[str, Any]]) -> None:
        for code, details in said.items():
            given = dict(details)
            since = day(given.pop("since", None))
            amount = given.pop("amount", None)
            if amount is not None:
                given["amount"] = Decimal(amount)
            told = {key: given.pop(key) for key in list(given) if key.startswith(DETAIL)}
            if told:
                given["details"] = {key.removeprefix(DETAIL): value for key, value in told.items()}
            now = seeing.current(Membership.objects.filter(person=row.record, group__code=code)).first()
            if now is not None:
                groups.update_membership(acting_user=self.user, membership_id=now.pk, **given)
                continue
            evidence = str(given.pop("evidence", "")) or self.said_by
            groups.add_membership(
                acting_user=self.user,
                person_id=row.record or 0,
                group_code=code,
                since=since,
                evidence=evidence,
                source=self.returned.source.name,
                **given,
            )

    def _set_kin(self, row: Row, said: dict[str, dict[str, str]]) -> None:
        for relation, one in said.items():
            number = one.get("number", "")
            relative = (
                Person.objects.filter(id_digest=digest(number, "id_number")).first() if number else None
            )
            if relative is not None and relative.pk == row.record:
                raise RuleError(_("亲属的证件号码与本人相同，请核对。"))
            people.set_kin(
                acting_user=self.user,
                person_id=row.record or 0,
                relation=relation,
                relative_id=relative.pk if relative is not None else None,
                relative_name="" if relative is not None else one.get("name", ""),
                relative_phone="" if relative is not None else one.get("phone", ""),
                how=one.get("how", ""),
            )

    def _record_death(self, row: Row, said: dict[str, Any]) -> None:
        died = day(said["died"])
        if died is not None:
            people.record_death(
                acting_user=self.user, person_id=row.record or 0, died=died, reason=self.reason
            )

    def _record_departure(self, row: Row, said: dict[str, Any]) -> None:
        on = day(said["on"])
        if on is not None:
            people.move_out(
                acting_user=self.user,
                person_id=row.record or 0,
                on=on,
                went_to=Place(None, "", said["went_to"]) if said.get("went_to") else None,
                reason=self.reason,
            )
