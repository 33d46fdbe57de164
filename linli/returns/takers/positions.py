"""Organisations' staff on returned rosters (从业人员导入表): who works where as what, from when until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.access.sealed import digest
from linli.registry.matching.rules import bare_name
from linli.registry.organisations import dealings
from linli.registry.organisations.models import Organisation, Position, PositionRole
from linli.registry.people.models import Person
from linli.registry.sources import actions as sources
from linli.registry.sources import knowing
from linli.returns import rules
from linli.returns.saying import Coded, Row
from linli.returns.takers.base import Option, Parts, Said, Taker, day
from linli.returns.takers.people import propose_facts

EDIT = Permission.EDIT_ORGANISATIONS


class PositionTaker(Taker):
    """Rows of an organisation's people: of one organisation that the user names, or with the organisation in a column."""

    subject = "position"
    noun = "从业人员"
    page = "organisations:organisation"
    permission = EDIT
    measure_word = "个任职"
    paths: ClassVar[Mapping[str, str]] = {
        "name": "who.name",
        "id_number": "who.number",
        "phone": "who.phone",
        "organisation.name": "where.name",
        "organisation.credit_code": "where.code",
        "role": "post.role",
        "title": "post.title",
        "since": "post.since",
        "until": "post.until",
    }
    left: ClassVar[Mapping[str, str]] = {"address": "住在哪里由居民的居住登记说明，请用居民名册"}
    numbers = frozenset(("who.number",))
    phones = frozenset(("who.phone",))
    telling = frozenset(("who",))

    def options(self) -> list[Option]:
        """Whose staff it is, and whether those who are not on record are taken."""
        return [
            Option(
                "organisation",
                _("这份名册是哪个单位的（表里有单位名称一列的不用选）"),
                "",
                self._organisations(),
            ),
            Option("register", _("库里没有的，登记任职")),
        ]

    def _organisations(self) -> tuple[tuple[str, str], ...]:
        rows = Organisation.objects.permitted(self.user, EDIT).in_region(self.returned.region_code)
        listed = rows.filter(closed_on=None).order_by("name").values_list("pk", "name")[:2000]
        return (("", _("按表里的单位名称")), *((str(pk), name) for pk, name in listed))

    def plan(self, said: Said) -> None:
        """Whose position each row is, and what would change."""
        self._load(said)
        seen: dict[tuple[int, int | str, str], int] = {}
        for row, parts in said:
            row.who = str(parts.get("who", {}).get("name", ""))
            firm = self._firm_of(row, parts.get("where", {}))
            if firm is None:
                continue
            person = self.people.get(str(parts.get("who", {}).get("number", "")))
            if person is not None:
                row.who = person.name
            elif not row.who:
                row.kind = rules.WRONG
                row.wrong("", "没有姓名，也没有库里有的证件号码，不知道是谁。")
                continue
            role = parts.get("post", {}).get("role", "")
            if isinstance(role, Coded) and role.error:
                row.wrong(_("职务"), role.error)
            key = (firm.pk, person.pk if person is not None else row.who, str(role))
            if key in seen:
                row.kind = rules.WRONG
                row.wrong("", f"与第 {seen[key]} 行是同一{self.measure_word}，只取前一行。")
                continue
            seen[key] = row.row
            row.record = firm.pk
            self._plan_one(row, parts, firm, person)
            self.settle_kind(row)

    def _load(self, said: Said) -> None:
        rows = Organisation.objects.permitted(self.user, EDIT).in_region(self.returned.region_code)
        self.firms = {one.pk: one for one in rows.filter(closed_on=None)}
        self.by_name: dict[str, list[Organisation]] = {}
        for one in self.firms.values():
            self.by_name.setdefault(bare_name(one.name), []).append(one)
        numbers = {
            number: digest(number, "id_number")
            for _row, parts in said
            if (number := str(parts.get("who", {}).get("number", "")))
        }
        found = {
            bytes(one.id_digest or b""): one
            for one in Person.objects.permitted(self.user, Permission.VIEW_PEOPLE).filter(
                id_digest__in=set(numbers.values())
            )
        }
        self.people = {number: found[key] for number, key in numbers.items() if key in found}
        self.known = knowing.known_of(list(found.values()), ["phone"])
        self.positions: dict[int, list[Position]] = {}
        for position in Position.objects.select_related("person").filter(organisation__in=self.firms):
            if not position.period.isempty:
                self.positions.setdefault(position.organisation_id, []).append(position)

    def _firm_of(self, row: Row, where: Mapping[str, Any]) -> Organisation | None:
        name, code = str(where.get("name", "")), str(where.get("code", "")).upper()
        chosen = str(self.chosen("organisation") or "")
        found: list[Organisation] = []
        if code:
            found = [one for one in self.firms.values() if one.credit_code == code]
        if not found and name:
            found = self.by_name.get(bare_name(name), [])
            found = [one for one in found if one.name == name] or found
        if not found and not (code or name) and chosen.isdecimal():
            found = [one] if (one := self.firms.get(int(chosen))) is not None else []
        if len(found) == 1:
            return found[0]
        row.kind = rules.UNKNOWN
        if name or code:
            row.wrong("", f"库里没有名为“{name[:30] or code}”的在册单位，请核对，或先登记单位。")
        else:
            row.wrong("", "不知道是哪个单位的，请在“入库选项”里选定单位。")
        return None

    def _plan_one(self, row: Row, parts: Parts, firm: Organisation, person: Person | None) -> None:
        who, post = parts.get("who", {}), parts.get("post", {})
        role = str(post.get("role", ""))
        since, until = post.get("since"), post.get("until")
        said = who.get("phone")
        if person is not None and said and self.user.can(Permission.EDIT_PEOPLE, person.region_code):
            propose_facts(self, row, "field", {"phone": said}, person, self.known)
            row.do["of"] = person.pk
        held = [one for one in self.positions.get(firm.pk, []) if self._is_of(one, person, row.who)]
        same = [one for one in held if not role or one.role == role]
        now = next((one for one in same if one.period.upper is None), None)
        if now is None and any(_served(one, since, until) for one in same):
            return
        if now is not None:
            self._compare(row, now, since, until)
            return
        other = next((one for one in held if one.period.upper is None), None)
        label = str(PositionRole(role).label) if role else ""
        if other is not None:
            row.change(_("职务"), other.get_role_display(), label, _("职务变动请在单位的人员里办理"))
            return
        if not self.chosen("register"):
            row.kind = rules.UNKNOWN
            row.wrong("", f"“{firm.name}”没有这个人的任职，这次没有选登记任职。")
            return
        row.do["post"] = {
            "person": person.pk if person is not None else None,
            "phone": "" if person is not None else str(who.get("phone", "")),
            "role": role or str(PositionRole.OTHER),
            "title": str(post.get("title", "")),
            "since": f"{since:%Y-%m-%d}" if since else "",
            "until": f"{until:%Y-%m-%d}" if until else "",
        }
        days = f"{since or ''}—{until or ''}" if since or until else ""
        told = "，".join(one for one in (label or str(PositionRole.OTHER.label), days) if one)
        row.change(_("任职"), "", f"{firm.name}（{told}）")

    def _compare(self, row: Row, now: Position, since: date | None, until: date | None) -> None:
        if since and now.period.lower != since:
            row.change(_("入职时间"), f"{now.period.lower or ''}", f"{since}", "note")
        if until:
            row.do["leave"] = {"position": now.pk, "on": f"{until:%Y-%m-%d}"}
            row.change(_("离职时间"), "", f"{until:%Y-%m-%d}")

    @staticmethod
    def _is_of(position: Position, person: Person | None, name: str) -> bool:
        if person is not None:
            return position.person_id == person.pk
        return position.who == name

    # -- applying ------------------------------------------------------------------------------------------------

    def steps(self) -> Sequence[tuple[str, str, Callable[[Row, Any], None]]]:
        """The person's telephone, the position, its end."""
        return (
            ("field", _("电话"), self._hear),
            ("post", _("任职"), self._appoint),
            ("leave", _("离职"), self._end),
        )

    def _hear(self, row: Row, said: dict[str, str]) -> None:
        sources.hear(
            acting_user=self.user,
            person_id=row.do["of"],
            values=said,
            source=self.returned.source,
            said_by=self.said_by,
            on=self.returned.on,
            reason=self.reason,
        )

    def _appoint(self, row: Row, said: dict[str, Any]) -> None:
        dealings.add_position(
            acting_user=self.user,
            organisation_id=row.record or 0,
            person_id=said["person"],
            name=row.who,
            phone=said["phone"],
            role=said["role"],
            title=said["title"],
            since=day(said["since"]),
            until=day(said["until"]),
            note=self.said_by,
            reason=self.reason,
        )

    def _end(self, row: Row, said: dict[str, Any]) -> None:
        on = day(said["on"])
        if on is not None:
            dealings.end_position(
                acting_user=self.user, position_id=said["position"], on=on, reason=self.reason
            )


def _served(one: Position, since: date | None, until: date | None) -> bool:
    """Whether a row speaks of a position that is over and on record."""
    return one.period.upper is not None and until == one.period.upper and since in (None, one.period.lower)
