"""What ties people on returned rosters to others: their household, groups and kin; and what ends them: deaths and departures."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from linli.access.sealed import digest
from linli.kernel import codes
from linli.registry.groups import detail_rules, seeing
from linli.registry.groups.models import Group, Membership
from linli.registry.people.models import HEAD, HouseholdMember, Kinship, Person, Relation, Residence
from linli.returns.saying import Coded, Row, differs, masked, text
from linli.returns.takers.base import Option, Taker, Target

DETAIL = "detail:"


class PeopleTies(Taker):
    """Plans what a row of a person says of household, groups and kin. `groups` are those that the user may see, `implied` those
    whose roster it is."""

    groups: dict[str, Group]
    whole: list[str]
    implied: list[str]

    def load_ties(self, ids: Iterable[int]) -> None:
        """Where these people live, their hukou, household with its head, groups and kin, with one query each."""
        people = list(ids)
        self.living: dict[int, Residence] = {}
        self.hukou: dict[int, Residence] = {}
        rows = Residence.objects.select_related("home").filter(
            person__in=people, period__endswith__isnull=True, period__isempty=False
        )
        for one in rows:
            (self.living if one.kind == "living" else self.hukou)[one.person_id] = one
        current_members = HouseholdMember.objects.filter(period__endswith__isnull=True, period__isempty=False)
        self.members = {
            one.person_id: one
            for one in current_members.select_related("household").filter(person__in=people)
        }
        self.heads = {
            one.household_id: one.person
            for one in current_members.select_related("person").filter(
                relation=HEAD, household__in={one.household_id for one in self.members.values()}
            )
        }
        self.memberships: dict[tuple[int, str], Membership] = {}
        current: QuerySet[Membership] = seeing.current(seeing.memberships(self.user))
        for member in current.select_related("group").filter(person__in=people):
            self.memberships[member.person_id, member.group.code] = member
        self.kin = {
            (one.person_id, one.relation): one
            for one in Kinship.objects.select_related("relative").filter(
                person__in=people, period__endswith__isnull=True
            )
        }

    def group_target(self, path: str) -> Target | None:
        """Groups, their classes, levels and what they ask besides, as data has them."""
        for code, group in self.groups.items():
            if not path.startswith(f"{code}_"):
                continue
            rest = path.removeprefix(f"{code}_")
            if any(one.code == rest for one in group.asks):
                return Target("group", code, f"{DETAIL}{rest}")
        return None

    def detail_paths(self) -> list[str]:
        """The paths of everything that the groups ask besides."""
        return [f"{code}_{one.code}" for code, group in sorted(self.groups.items()) for one in group.asks]

    def _household(self, row: Row, household: dict[str, Any], person: Person | None) -> None:
        number = "".join(str(household.get("number", "")).split()).upper()
        coded = household.get("relation", "")
        relation = str(coded)
        now = self.members.get(person.pk) if person is not None else None
        if now is not None:
            self._same_household(row, household, now, number)
            return
        head, head_number = str(household.get("head", "")), str(household.get("head_number", ""))
        if isinstance(coded, Coded) and coded.word and coded.error:
            row.wrong(_t("与户主关系"), coded.error)
            return
        label = codes.KINSHIP.label
        if number and relation:
            row.do["household"] = {"number": number, "relation": relation}
            row.change(_t("户号"), "", f"{number}（{label(relation)}）")
            return
        if not self.chosen("family"):
            return
        is_self = bool(head) and not differs(head, row.who)
        if not relation and is_self:
            relation = HEAD
        if relation == HEAD and head and not is_self:
            row.wrong(_t("与户主关系"), _t("写的是户主，但户主姓名是“%(name)s”，请核对。") % {"name": head})
            return
        if relation == HEAD:
            row.do["household"] = {"number": number, "relation": HEAD}
            row.change(_t("家庭户"), "", _t("立户，任户主"))
        elif relation and (head or head_number):
            row.do["household"] = {
                "number": number,
                "relation": relation,
                "head": head,
                "head_number": head_number,
            }
            row.change(
                _t("家庭户"),
                "",
                _t("加入%(head)s的户（%(relation)s）")
                % {"head": head or masked(head_number), "relation": label(relation)},
            )

    def _same_household(self, row: Row, household: dict[str, Any], now: HouseholdMember, number: str) -> None:
        """What a row says of the household that somebody is in: nothing of it moves anybody."""
        coded = household.get("relation", "")
        head, known = str(household.get("head", "")), self.heads.get(now.household_id)
        label = codes.KINSHIP.label
        if number and number != now.household.number:
            row.change(_t("户号"), now.household.number, number, "note")
            return
        if head and known is not None and differs(head, known.name):
            row.change(_t("户主"), known.name, head, "note")
            return
        if isinstance(coded, Coded) and coded.word and not coded.says(now.relation):
            if coded.error:
                row.wrong(_t("与户主关系"), coded.error)
                return
            is_head = HEAD in (str(coded), now.relation)
            row.change(_t("与户主关系"), label(now.relation), label(str(coded)), "note" if is_head else "")
            if not is_head:
                row.do["household"] = {"number": now.household.number, "relation": str(coded)}

    def household_of_head(self, row: Row, said: dict[str, str], person: Person) -> int | None:
        """The household, as it is now, whose head a row names: by the head's number, else by name among those who live with the
        person or were meant by this roster in the same home."""
        heads = HouseholdMember.objects.filter(
            relation=HEAD, period__endswith__isnull=True, period__isempty=False
        )
        if number := said.get("head_number", ""):
            found = heads.filter(person__id_digest=digest(number, "id_number"))
        else:
            homes = Residence.objects.filter(
                person=person, period__endswith__isnull=True, period__isempty=False, home__isnull=False
            ).values("home")
            found = heads.filter(
                person__name=said.get("head", ""),
                person__residences__home__in=homes,
                person__residences__period__endswith__isnull=True,
                person__residences__period__isempty=False,
            )
        listed = list(found.values_list("household", flat=True).distinct()[:2])
        return listed[0] if len(listed) == 1 else None

    def _group_parts(self, row: Row, parts: dict[str, Any], person: Person | None) -> None:
        wanted: dict[str, dict[str, Any]] = {code: {} for code in self.implied}
        for code, details in parts.get("group", {}).items():
            yes = details.get("is")
            rest = {key: value for key, value in details.items() if key != "is"}
            if yes is False and not rest:
                if person is not None and (person.pk, code) in self.memberships and code not in self.implied:
                    row.change(self.groups[code].name, "在册", "否", "note")
                continue
            wanted.setdefault(code, {}).update(rest)
        names = {name: one.code for one in self.groups.values() for name in (one.name, *one.also)}
        for word in parts.get("groups", {}).get("", []):
            if word in names:
                wanted.setdefault(names[word], {})
            else:
                row.wrong("人群", f"没有名为“{word[:20]}”的人群，或您不能查看。")
        made: dict[str, Any] = {}
        for code, details in wanted.items():
            group = self.groups[code]
            if person is not None and not seeing.may_edit(self.user, group, person.region_code):
                row.wrong(group.name, "您没有修改这个人群的权限，这一项没有入库。")
                continue
            now = self.memberships.get((person.pk, code)) if person is not None else None
            if now is None:
                details = self._of_kind(group, parts, person) | details
            details = self._understood(row, group, now, details)
            changed = {
                key: text(str(value) if isinstance(value, Coded) else value)
                for key, value in details.items()
                if now is None or (key != "since" and not _agrees(_have(now, key), value))
            }
            if now is None:
                made[code] = changed
                row.change("人群", "", _in_words(group, details))
            elif changed:
                made[code] = changed
                row.change(group.name, _in_words(group, _of(now)), _in_words(group, _of(now) | details))
        if made:
            row.do["group"] = made

    def kinds_asked(self) -> list[Option]:
        """What is to be chosen for the whole roster: class and level of groups that ask for them, where no column says them."""
        said = {(one.target.detail, one.target.more) for one in self.columns if one.target.part == "group"}
        found = []
        for code in self.whole:
            group = self.groups[code]
            for field, label, options in (
                ("class_code", _t("没有写类别的，按"), group.classes),
                ("level_code", _t("没有写等级的，按"), group.levels),
            ):
                if options and (code, field) not in said:
                    choices = (
                        ("", _t("不加入，退回补填")),
                        *((one["code"], f"{group.name}：{one['label']}") for one in options),
                    )
                    found.append(Option(f"{field}_{code}", label, "", choices))
        return found

    def _of_kind(self, group: Group, parts: dict[str, Any], person: Person | None) -> dict[str, Any]:
        """Class and level of somebody new in a group, as chosen for the roster; a party member's follows from 政治面貌."""
        found = {}
        for field, options in (("class_code", group.classes), ("level_code", group.levels)):
            chosen = str(self.chosen(f"{field}_{group.code}") or "")
            if any(one["code"] == chosen for one in options):
                found[field] = chosen
        if group.code == "party" and (kind := _party_class(parts, person)):
            found["class_code"] = kind
        return found

    def _understood(
        self, row: Row, group: Group, now: Membership | None, details: dict[str, Any]
    ) -> dict[str, Any]:
        """Without the answers to what the group asks besides that are none of its options; they are told."""
        found = dict(details)
        for one in group.asks:
            value = details.get(f"{DETAIL}{one.code}")
            kept = now.details.get(one.code) if now is not None else None
            if isinstance(value, Coded) and value.error and not value.says(str(kept or "")):
                row.wrong(one.label, value.error)
                del found[f"{DETAIL}{one.code}"]
        return found

    def _kin_parts(self, row: Row, kin: dict[str, dict[str, Any]], person: Person | None) -> None:
        for relation, said in kin.items():
            now = self.kin.get((person.pk, relation)) if person is not None else None
            label = str(Relation(relation).label)
            name = str(said.get("name", ""))
            if not name and not said.get("number"):
                continue
            how = said.pop("how", "")
            if isinstance(how, Coded) and how.error:
                row.wrong(label, how.error)
            elif how not in ("", "01", HEAD):
                said["how"] = str(how)
            if relation == Relation.CONTACT and self._known_contact(person, name):
                continue
            if now is not None:
                have = now.relative.name if now.relative is not None else now.relative_name
                if name and name != have:
                    row.change(label, have, name, "note")
                continue
            row.do.setdefault("kin", {})[relation] = {key: text(value) for key, value in said.items()}
            row.change(label, "", name or masked(str(said.get("number", ""))))

    def _known_contact(self, person: Person | None, name: str) -> bool:
        """Whether a roster only gives back the relative whom it was told for want of a contact."""
        if person is None or (person.pk, "contact") in self.kin:
            return False
        ties = [self.kin.get((person.pk, one)) for one in ("guardian", "spouse", "father", "mother")]
        return name in [
            one.relative.name if one.relative is not None else one.relative_name for one in ties if one
        ]

    def _events(self, row: Row, said: dict[str, Any], person: Person | None) -> None:
        """Deaths and departures: shown, and done only when the user says so, for they end residence and household."""
        if person is None:
            return
        word = "" if self.chosen("event") else "note"
        died = said.get("died")
        if (said.get("is_dead") or died) and person.death_date is None:
            row.change(_t("死亡"), "", f"{died:%Y-%m-%d}" if died else _t("是，没有写日期"), word)
            if died and not word:
                row.do["death"] = {"died": text(died)}
            return
        left = said.get("left")
        if (
            (said.get("has_left") or left)
            and self.living.get(person.pk) is not None
            and person.death_date is None
        ):
            where = str(said.get("went_to", ""))
            row.change(
                _t("迁出"), "", f"{left:%Y-%m-%d} {where}".strip() if left else _t("是，没有写日期"), word
            )
            if left and not word:
                row.do["departure"] = {"on": text(left), "went_to": where}


# 政治面貌 (GB/T 4762) that tells which sort of party member somebody is: a full one, or one on probation.
_PARTY: Final = {"01": "1", "02": "2"}


def _party_class(parts: dict[str, Any], person: Person | None) -> str:
    said = str(parts.get("field", {}).get("political", "")) or (
        person.political if person is not None else ""
    )
    return _PARTY.get(said, "")


def _have(member: Membership, key: str) -> Any:
    return member.details.get(key.removeprefix(DETAIL)) if key.startswith(DETAIL) else getattr(member, key)


def _agrees(have: Any, value: Any) -> bool:
    if isinstance(value, Coded):
        return value.says(str(have)) or bool(value.error)
    if isinstance(value, Decimal) and isinstance(have, str):
        have = Decimal(have)  # money is kept with two decimals as text
        return not differs(have, value)
    return not differs("" if have is None and isinstance(value, str) else have, text(value))


def _of(member: Membership) -> dict[str, Any]:
    fixed = {
        key: value
        for key in ("class_code", "level_code", "certificate", "amount")
        if (value := getattr(member, key)) not in ("", None)
    }
    return fixed | {f"{DETAIL}{code}": value for code, value in member.details.items()}


def _in_words(group: Group, details: dict[str, Any]) -> str:
    found = [
        group.class_label(str(details["class_code"])) if details.get("class_code") else "",
        group.level_label(str(details["level_code"])) if details.get("level_code") else "",
        f"证号 {masked(str(details['certificate']))}" if details.get("certificate") else "",
        f"{details['amount']} 元" if details.get("amount") else "",
        *(
            f"{one.label} {detail_rules.shown(one, text(details[key]))}"
            for one in group.asks
            if (key := f"{DETAIL}{one.code}") in details
        ),
    ]
    inside = "，".join(one for one in found if one)
    return f"{group.name}（{inside}）" if inside else group.name
