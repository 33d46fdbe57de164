"""People on returned rosters: who is meant, and what would change of their facts, home, hukou, household, groups and kin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _t

from linli.access.models import Permission
from linli.access.sealed import digest
from linli.kernel import citizen_number, codes, phone
from linli.registry.groups import seeing
from linli.registry.matching import candidates
from linli.registry.people.actions.steps import place_text
from linli.registry.people.models import Person, Residence
from linli.registry.places.models import Home
from linli.registry.sources import knowing
from linli.registry.sources import rules as words_of
from linli.registry.sources.rules import Known
from linli.returns import rules
from linli.returns.placebook import PlaceBook
from linli.returns.reading import Column
from linli.returns.saying import Coded, Row, bad_number, masked, split, text
from linli.returns.takers.base import Option, Parts, Said, Taker, Target, spoken
from linli.returns.takers.people_ties import DETAIL, PeopleTies
from linli.returns.writable import MEMBERSHIP, PEOPLE, implied_groups

EDIT = Permission.EDIT_PEOPLE
# Coded details that are compared with what is known in the form's own words.
_COMPARED = frozenset(
    {*knowing.ELEMENTS, "relation", "reason", "dwelling", "permit_kind", "nature", "class_code", "level_code"}
)
# Name and birth date agree with one person of the base: on a roster of their own community that is enough.
_MEANT = 55


class PeoplePlans(PeopleTies):
    """Plans rows of people."""

    subject = "person"
    noun = "居民"
    page = "people:person"
    permission = EDIT
    measure_word = "个人"
    paths = PEOPLE
    telling = frozenset(("field", "place"))
    left: ClassVar[Mapping[str, str]] = {
        "grid": "网格跟着住的楼栋走",
        "community": "社区跟着住的房屋走",
        "standing": "由户籍和居住情况算出",
        "is_separated": "由户籍地和现住地算出",
    }

    def prepare(self) -> None:
        """The groups the user may see, and those whose roster this is."""
        self.groups = {group.code: group for group in seeing.groups(self.user)}
        self.whole = implied_groups(list(self.recognition.population.conditions), frozenset(self.groups))
        self.implied = self.whole if self.returned.options.get("group", True) else []

    def target(self, path: str) -> Target | None:
        """Fields and places by their paths; groups, their classes and details as data has them."""
        if path in self.paths:
            return super().target(path)
        if path.startswith("is_") and path[3:] in self.groups:
            return Target("group", path[3:], "is")
        head, _dot, rest = path.partition(".")
        if head in self.groups and rest in MEMBERSHIP:
            return Target("group", head, MEMBERSHIP[rest])
        for ending, detail in (("_class", "class_code"), ("_level", "level_code")):
            if path.endswith(ending) and path.removesuffix(ending) in self.groups:
                return Target("group", path.removesuffix(ending), detail)
        return self.group_target(path)

    def takeable(self) -> Iterable[str]:
        """With the groups of the moment."""
        codes_of = sorted(self.groups)
        return [
            *self.paths,
            *(f"is_{code}" for code in codes_of),
            *(f"{code}.{key}" for code in codes_of for key in MEMBERSHIP if key != "class_code"),
            *(f"{code}_{key}" for code in codes_of for key in ("class", "level")),
            *self.detail_paths(),
        ]

    def options(self) -> list[Option]:
        """Newcomers, those who live elsewhere, the group whose list it is, deaths and departures."""
        found = [
            Option("register", _t("库里没有、又写明了证件号码和现住房屋的，登记为新居民")),
            Option("move", _t("现住址与库里不同的，按迁居办理"), False),
        ]
        if self.whole:
            names = "、".join(self.groups[code].name for code in self.whole)
            found.append(Option("group", _t("名册上的人都加入“%(names)s”") % {"names": names}))
            found += self.kinds_asked()
        if {column.target.detail for column in self.columns if column.target.part == "household"} & {
            "relation",
            "head",
        }:
            found.append(Option("family", _t("写明户主和与户主关系、现在没有户的人，按名册立户、入户")))
        if any(column.target.part == "event" for column in self.columns):
            found.append(Option("event", _t("写明已去世、已迁出的，按死亡、迁出办理"), False))
        return found

    # -- cells ---------------------------------------------------------------------------------------------------

    def put(self, parts: Parts, target: Target, value: Any) -> None:
        """A second telephone is the landline."""
        part = parts.setdefault(target.part, {})
        if target.part != "field" or target.detail != "phone" or part.get("phone", value) == value:
            super().put(parts, target, value)
            return
        part.setdefault("landline" if not phone.is_mobile(str(value)) else "second", value)

    def tidy(self, parts: Parts) -> Parts:
        """A number with an area code in the column of mobiles is the landline."""
        phones = parts.get("field", {})
        if (mobile := phones.get("phone")) and not phone.is_mobile(str(mobile)):
            phones.setdefault("landline", mobile)
            phones.pop("phone")
            if second := phones.pop("second", ""):
                phones["phone"] = second
        phones.pop("second", None)
        return parts

    numbers = frozenset(
        ("field.id_number", "household.head_number", "kin.guardian.number", "kin.spouse.number")
    )
    phones = frozenset(("field.phone", "field.landline", "kin.guardian.phone", "kin.spouse.phone"))

    def value(self, column: Column, raw: Any) -> Any:
        """Groups by their names, and by the options that each has."""
        target = column.target
        if target.part == "groups":
            return [word for word in split(rules.plain(raw)) if word]
        if target.part == "group" and target.more in ("class_code", "level_code"):
            element = self.words.walk(self.subject, column.path)[2]
            if element.codes is None:
                return self._option(target.detail, target.more, rules.plain(raw))
        found = super().value(column, raw)
        if isinstance(found, Coded):
            if found in ("01", "0") and target.detail in ("relation", "sex"):
                return ""
            compared = target.more.startswith(DETAIL) or (target.more or target.detail) in _COMPARED
            if found.error and not compared:
                raise rules.Unreadable(found.error)
        return found

    def _option(self, code: str, which: str, word: str) -> str:
        group = self.groups[code]
        for option in group.classes if which == "class_code" else group.levels:
            if word in (option["code"], option["label"], *option.get("also", ())):
                return str(option["code"])
        if word:
            raise rules.Unreadable(f"“{word[:20]}”不是“{group.name}”的选项，请核对。")
        return ""

    # -- people --------------------------------------------------------------------------------------------------

    def plan(self, said: Said) -> None:
        """Whom each row means, and what would change of them."""
        self._find(said)
        people = {row.record for row, _parts in said if row.record is not None}
        known = {one.pk: one for one in Person.objects.filter(pk__in=people)}
        elements = {column.target.detail for column in self.columns if column.target.part == "field"}
        if elements & {"phone", "landline"}:  # a number is told by its form, whatever column it stands in
            elements |= {"phone", "landline"}
        self.known = knowing.known_of(list(known.values()), elements)
        self.load_ties(known)
        seen: dict[int, int] = {}
        for row, parts in said:
            if self.is_second(row, seen):
                continue
            if row.kind in (rules.UNSURE, rules.UNKNOWN, rules.WRONG):
                continue
            self._plan_person(row, parts, known.get(row.record or 0))

    def _find(self, said: Said) -> None:
        """Whom each row means: by the number, else by everything else that it says, all hits weighed."""
        numbers = {
            number: digest(number, "id_number")
            for _row, parts in said
            if (number := parts.get("field", {}).get("id_number", ""))
        }
        holders = {
            bytes(found or b""): (pk, region)
            for pk, found, region in Person.objects.filter(id_digest__in=set(numbers.values())).values_list(
                "pk", "id_digest", "region_code"
            )
        }
        for row, parts in said:
            facts = parts.get("field", {})
            row.who = str(facts.get("name", ""))
            if row.record is not None:
                continue
            number = facts.get("id_number", "")
            holder = holders.get(numbers[number]) if number else None
            if holder is not None:
                if self.user.can(EDIT, holder[1]):
                    row.record = holder[0]
                else:
                    row.kind = rules.UNKNOWN
                    row.wrong("", "这个号码已在您负责的区域以外登记，请交给那里更新。")
                continue
            if not row.who:
                row.kind = rules.WRONG
                row.wrong("", "没有姓名，也没有库里有的证件号码，不知道是谁。")
                continue
            self._find_by_the_rest(row, parts)

    def _find_by_the_rest(self, row: Row, parts: dict[str, Any]) -> None:
        facts = parts.get("field", {})
        number = facts.get("id_number", "")
        home = self.home_of(parts.get("place", {}))
        born = facts.get("birth_date")
        if number and born is None and citizen_number.is_valid(number):
            born = citizen_number.parse(number).birth_date
        party = candidates.party_from(
            name=row.who,
            number=number,
            sex=str(facts.get("sex") or "0"),
            born=born,
            phone=phone.normalise(str(facts.get("phone", ""))) if facts.get("phone") else "",
            former_name=str(facts.get("former_name", "")),
            homes=[home] if home is not None else [],
        )
        hits = [
            rules.Hit(
                one.pk, one.name, score, "、".join(reason.said for reason in reasons if reason.points > 0)
            )
            for (pk, score, reasons) in candidates.candidates_for(party)[:6]
            if (one := self._seen(pk)) is not None
        ]
        meant, doubtful = rules.who_is_meant(hits, likely=_MEANT, number_given=bool(number))
        if meant is not None:
            row.record = meant
        elif doubtful:
            row.kind = rules.UNSURE
            row.hits = [[hit.pk, hit.name, hit.said] for hit in hits]
            row.wrong("", f"可能是库里的{hits[0].name}（{hits[0].said}），请核对后补上证件号码再传。")
        elif number and (said := bad_number(number, str(facts.get("id_kind", "")))):
            row.kind = rules.WRONG
            row.wrong(knowing.label("id_number"), said)
        elif self._number_spoilt(row):
            row.kind = rules.WRONG
        elif home is None or not (number or born) or not self.chosen("register"):
            row.kind = rules.UNKNOWN
            row.wrong("", "库里没有这个人。" + self._not_registered(parts.get("place", {}), number or born))
        else:
            row.kind, row.home = rules.NEW, home

    def _number_spoilt(self, row: Row) -> bool:
        """Whether the row writes a citizen number that cannot be read: somebody new is not registered without it."""
        headings = {
            one.label
            for one in self.columns
            if (one.target.part, one.target.detail) == ("field", "id_number")
        }
        return any(label in headings for label, _said in row.problems)

    def _not_registered(self, place: Mapping[str, Any], identified: Any) -> str:
        """Why somebody whom the base does not have is not registered, and what to do."""
        if not self.chosen("register"):
            return "这次没有选“登记为新居民”。"
        if identified and any(key in place for key in ("door", "unit_door", "text")):
            return (
                f"写的现住房屋“{spoken(place)}”不在楼盘表里，请核对小区、楼、单元、门牌；"
                "确有这套房屋的，先在楼盘表里登记。"
            )
        return "要登记的话，请写明证件号码（或出生日期）和现住房屋的地址（小区、楼、单元、门牌）。"

    def _seen(self, pk: int) -> Person | None:
        found = Person.objects.filter(pk=pk).only("pk", "name", "region_code").first()
        return found if found is not None and self.user.can(EDIT, found.region_code) else None

    def _plan_person(self, row: Row, parts: dict[str, Any], person: Person | None) -> None:
        if person is not None:
            row.who = person.name
        self._fields(row, parts.get("field", {}), person)
        self._place(row, parts, person)
        self._living(row, parts.get("living", {}), person)
        self._hukou(row, parts.get("hukou", {}), person)
        self._household(row, parts.get("household", {}), person)
        self._group_parts(row, parts, person)
        self._kin_parts(row, parts.get("kin", {}), person)
        self._events(row, parts.get("event", {}), person)
        self.settle_kind(row)

    def _fields(self, row: Row, facts: dict[str, Any], person: Person | None) -> None:
        propose_facts(self, row, "field", facts, person, self.known)

    def _place(self, row: Row, parts: dict[str, Any], person: Person | None) -> None:
        place = parts.get("place", {})
        if not place:
            return
        home = self.home_of(parts.get("place", {}))
        since = place.get("since")
        told = spoken(place)
        if person is None:
            row.do["place"] = {"home": home, "since": text(since)}
            row.change("现住址", "", told)
            return
        now = self.living.get(person.pk)
        if home is None and now is not None and now.home is not None and _is_part_of(place, now.home):
            return
        if home is None:
            if (
                told
                and (now is None or place_text(now) != told)
                and any(key in place for key in ("door", "unit_door", "text"))
            ):
                row.change("现住址", place_text(now) if now else "", told, "note")
            return
        if now is not None and now.home_id == home:
            return
        if now is None or self.chosen("move"):
            row.do["place"] = {"home": home, "since": text(since)}
            row.change("现住址", place_text(now) if now else "", told)
        else:
            row.change("现住址", place_text(now), told, "note")

    def _living(self, row: Row, living: dict[str, Any], person: Person | None) -> None:
        if not living:
            return
        now = self.living.get(person.pk) if person is not None else None
        wanted = {}
        for key, value in living.items():
            have = getattr(now, key, "") if now is not None else ""
            if isinstance(value, Coded):
                if value.says(str(have)):
                    continue
                if value.error:
                    row.wrong("居住情况", value.error)
                    continue
                value = str(value)
            if have != value:
                wanted[key] = text(value)
                names = {
                    "reason": "流入原因",
                    "dwelling": "住所类型",
                    "permit_kind": "居住登记证件种类",
                    "permit_on": "居住证发证日期",
                    "permit_until": "居住证有效期至",
                    "permit_place": "居住证登记地",
                }
                code_list = {
                    "reason": codes.INFLOW_REASON,
                    "dwelling": codes.DWELLING_TYPE,
                    "permit_kind": codes.PERMIT,
                }.get(key)
                row.change(
                    names.get(key, "居住证"),
                    code_list.label(str(have)) if code_list else str(have or "") if key in names else "",
                    code_list.label(str(value))
                    if code_list
                    else str(value)
                    if key in names
                    else masked(str(value)),
                )
        if wanted and (now is not None or person is None):
            row.do["living"] = wanted

    @staticmethod
    def _put_right(now: Residence) -> dict[str, Any]:
        """A hukou that stays where it is, of which more is said."""
        return {
            "home": now.home_id,
            "region": now.region_code,
            "address": now.address,
            "nature": "",
            "correction": True,
        }

    def _hukou(self, row: Row, hukou: dict[str, Any], person: Person | None) -> None:
        address = str(hukou.get("address", ""))
        named = [str(hukou.get(key, "")) for key in ("province", "city", "district")]
        division = self.places.division(named) or (
            self.places.division([str(hukou["division"])]) if hukou.get("division") else ""
        )
        coded = hukou.get("nature", "")
        nature, station = str(coded), "".join(str(hukou.get("station", "")).split())
        now = self.hukou.get(person.pk) if person is not None else None
        if now is not None:
            home = self.places.by_text(address) if address else None
            same_home = home is not None and now.home_id == home
            inside = now.region_code.startswith(division) or division.startswith(now.region_code)
            if division and now.region_code and not inside and not same_home:
                row.change("户籍地", place_text(now), "".join(part for part in named if part), "note")
            if nature and not (isinstance(coded, Coded) and coded.says(now.hukou_nature)):
                row.change(
                    "户口性质",
                    codes.HUKOU_NATURE.label(now.hukou_nature),
                    codes.HUKOU_NATURE.label(nature),
                    "" if not now.hukou_nature else "note",
                )
                if not now.hukou_nature:
                    row.do["hukou"] = self._put_right(now) | {"nature": nature}
            if station and station != now.station:
                row.change("户籍派出所", now.station, station, "note" if now.station else "")
                if not now.station:
                    row.do["hukou"] = {**self._put_right(now), **row.do.get("hukou", {}), "station": station}
            return
        home = self.places.by_text(address) if address else None
        if home is None and not division and address:
            division, address = self.places.division_before(address)
        if home is None and not division:
            return
        row.do["hukou"] = {
            "home": home,
            "region": "" if home is not None else division,
            "address": "" if home is not None else address,
            "nature": nature,
            "station": station,
        }
        row.change("户籍地", "", str(hukou.get("address") or "".join(part for part in named if part)))


def propose_facts(
    taker: Taker,
    row: Row,
    part: str,
    facts: Mapping[str, Any],
    person: Person | None,
    known: Mapping[tuple[int, str], Known],
    whose: str = "",
) -> None:
    """What a row says of a person's facts, by whose word holds (`sources.rules.decide`); None: of somebody who is to be registered.
    `whose` stands in front of their names where the row is about something else: 户主."""
    kept: dict[str, Any] = {}
    source, on = taker.returned.source, taker.returned.on
    for element, value in facts.items():
        label = f"{whose}{knowing.label(element)}"
        if element == "id_number" and person is not None and person.id_number == value:
            continue
        if isinstance(value, Coded):
            if person is not None and value.says(str(known[person.pk, element].value or "")):
                value = str(known[person.pk, element].value)
            elif value.error:
                row.wrong(label, value.error)
                continue
        said = knowing.as_text(element, _bare(element, value))
        kept[element] = said
        if person is None:
            row.change(label, "", knowing.shown(element, said))
            continue
        now = known[person.pk, element]
        word = words_of.decide(element, now, Known(said, source.rank, on))
        if word != words_of.AGREE:
            row.change(
                label,
                knowing.shown(element, str(now.value or "")),
                knowing.shown(element, said),
                "conflict" if word == words_of.CONFLICT else "",
            )
    if kept:
        row.do[part] = kept


def _is_part_of(place: Mapping[str, Any], home: Home) -> bool:
    """Whether a row that does not tell the whole of a home tells nothing but parts of this one: 新兴小区, 3单元501室."""
    said = [
        str(place[key]) for key in ("estate", "building", "unit", "door", "unit_door", "text") if key in place
    ]
    whole = PlaceBook.key(home.full_address)
    return bool(said) and all(PlaceBook.key(one) in whole for one in said)


def _bare(element: str, value: Any) -> Any:
    if element in ("phone", "landline"):
        return phone.normalise(str(value))
    if element == "name":
        return "".join(str(value).split()) if not str(value).isascii() else str(value)
    return value
