"""Applying one row: each thing it says by the action that knows how; what one of them refuses does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from linli.access.sealed import digest
from linli.audit.recording import RuleError
from linli.registry.groups import actions as groups
from linli.registry.groups.models import Membership
from linli.registry.people import actions as people
from linli.registry.people.actions import Place
from linli.registry.people.models import Household, HouseholdKind, Person, Residence
from linli.registry.places import actions as places
from linli.registry.places.models import Home
from linli.registry.sources import actions as sources
from linli.registry.sources import knowing
from linli.returns.models import Return
from linli.returns.saying import Row


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


class Applier:
    """Applies the rows of a returned form for a user."""

    def __init__(self, returned: Return, user: Any) -> None:
        self.returned, self.user = returned, user
        self.said_by = f"{returned.sender}《{returned}》"[:100]
        self.reason = _("名册入库：%(sender)s《%(title)s》") % {"sender": returned.sender, "title": returned}

    def apply(self, row: Row) -> None:
        """Do what the row says; what is refused is put among its problems."""
        if not row.do and row.kind != "new":
            return
        if row.home is not None and row.person is None and row.kind != "new":
            self._step(row, _("房屋"), self._home, row.do.get("home", {}))
            return
        if row.kind == "new":
            self._step(row, _("登记"), self._register, row.do)
        if row.person is None:
            return
        steps: tuple[tuple[str, str, Callable[[Row, Any], None]], ...] = (
            ("field", _("基本信息"), self._fields),
            ("place", _("现住址"), self._place),
            ("living", _("居住情况"), self._living),
            ("hukou", _("户籍地"), self._hukou),
            ("household", _("家庭户"), self._household),
            ("group", _("人群"), self._groups),
            ("kin", _("亲属"), self._kin),
        )
        for key, label, step in steps:
            if row.do.get(key):
                self._step(row, label, step, row.do[key])

    def _step(self, row: Row, label: str, step: Callable[[Row, Any], None], said: Any) -> None:
        try:
            with transaction.atomic():
                step(row, said)
        except RuleError as error:
            row.wrong(label, error.message)
        except Http404:
            row.wrong(label, _("您没有办理这一项的权限，没有入库。"))

    def _register(self, row: Row, said: dict[str, Any]) -> None:
        """Somebody who is not in the base: with the place and hukou that the row names. Those are done then."""
        facts = {key: knowing.as_value(key, value) for key, value in said.get("field", {}).items()}
        place, living = said.pop("place", None) or {}, said.pop("living", None) or {}
        hukou = said.pop("hukou", None)
        made = people.register_person(
            acting_user=self.user,
            values=facts | {"source": _("名册 %(sender)s") % {"sender": self.returned.sender[:40]}},
            home_id=row.home,
            since=_day(place.get("since")),
            reason=living.get("reason", ""),
            dwelling=living.get("dwelling", ""),
            hukou=Place(hukou["home"], hukou["region"], hukou["address"]) if hukou else None,
            hukou_nature=hukou["nature"] if hukou else "",
            share_home=True,
        )
        row.person = made.pk

    def _fields(self, row: Row, said: dict[str, str]) -> None:
        sources.hear(
            acting_user=self.user,
            person_id=row.person or 0,
            values={key: knowing.as_value(key, value) for key, value in said.items()},
            source=self.returned.source,
            said_by=self.said_by,
            on=self.returned.on,
            reason=self.reason,
        )

    def _place(self, row: Row, said: dict[str, Any]) -> None:
        now = Residence.objects.filter(
            person=row.person, kind="living", period__endswith__isnull=True, period__isempty=False
        ).first()
        on = _day(said.get("since")) or self.returned.on
        if now is None or now.home_id is None:
            people.move_in(
                acting_user=self.user,
                person_id=row.person or 0,
                home_id=said["home"],
                on=on,
                share_home=True,
            )
            return
        people.move_within(
            acting_user=self.user,
            person_id=row.person or 0,
            home_id=said["home"],
            on=on,
            reason=self.reason,
            share_home=True,
        )

    def _living(self, row: Row, said: dict[str, Any]) -> None:
        people.update_living(
            acting_user=self.user,
            person_id=row.person or 0,
            reason=said.get("reason"),
            dwelling=said.get("dwelling"),
            permit_number=said.get("permit_number"),
            permit_until=_day(said.get("permit_until")),
        )

    def _hukou(self, row: Row, said: dict[str, Any]) -> None:
        people.set_hukou(
            acting_user=self.user,
            person_id=row.person or 0,
            place=Place(said["home"], said["region"], said["address"]),
            nature=said["nature"],
            correction=said.get("correction", False),
            reason=self.reason,
        )

    def _household(self, row: Row, said: dict[str, str]) -> None:
        household = Household.objects.filter(number=said["number"]).first()
        person = Person.objects.get(pk=row.person or 0)
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
        if said["relation"] != "02":
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
        people.found_household(
            acting_user=self.user,
            head_id=person.pk,
            home_id=home,
            number=said["number"],
            kind=HouseholdKind.FAMILY,
        )

    def _groups(self, row: Row, said: dict[str, dict[str, Any]]) -> None:
        for code, details in said.items():
            given = dict(details)
            since = _day(given.pop("since", None))
            amount = given.pop("amount", None)
            if amount is not None:
                given["amount"] = Decimal(amount)
            now = Membership.objects.filter(
                person=row.person, group__code=code, period__contains=self.returned.on
            ).first()
            if now is not None:
                groups.update_membership(acting_user=self.user, membership_id=now.pk, **given)
                continue
            evidence = str(given.pop("evidence", "")) or self.said_by
            groups.add_membership(
                acting_user=self.user,
                person_id=row.person or 0,
                group_code=code,
                since=since,
                evidence=evidence,
                source=self.returned.source.name,
                **given,
            )

    def _kin(self, row: Row, said: dict[str, dict[str, str]]) -> None:
        for relation, one in said.items():
            number = one.get("number", "")
            relative = (
                Person.objects.filter(id_digest=digest(number, "id_number")).first() if number else None
            )
            if relative is not None and relative.pk == row.person:
                raise RuleError(_("亲属的证件号码与本人相同，请核对。"))
            people.set_kin(
                acting_user=self.user,
                person_id=row.person or 0,
                relation=relation,
                relative_id=relative.pk if relative is not None else None,
                relative_name="" if relative is not None else one.get("name", ""),
                relative_phone="" if relative is not None else one.get("phone", ""),
            )

    def _home(self, row: Row, said: dict[str, Any]) -> None:
        home = Home.objects.get(pk=row.home or 0)
        given = dict(said)
        if "area" in given:
            given["area"] = Decimal(given["area"])
        places.update_home(acting_user=self.user, home=home, reason=self.reason, **given)
