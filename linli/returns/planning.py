"""What a filled form would change: every row against the base, read in bulk, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from linli.access.models import Permission
from linli.access.sealed import digest
from linli.facts.dictionary import Dictionary, Kind
from linli.kernel import citizen_number, codes, phone
from linli.regions.models import Region
from linli.registry.groups import seeing
from linli.registry.groups.models import Group, Membership
from linli.registry.matching import candidates
from linli.registry.people.actions.steps import place_text
from linli.registry.people.models import HouseholdMember, Kinship, Person, Residence
from linli.registry.places.models import Home
from linli.registry.sources import knowing
from linli.registry.sources import rules as words_of
from linli.registry.sources.rules import Known
from linli.returns import rules
from linli.returns.models import Return
from linli.returns.placebook import PlaceBook
from linli.returns.reading import Column, columns, data_rows
from linli.returns.saying import Coded, Row, bad_number, differs, masked, read, split, text, unit_and_door
from linli.returns.writable import PERSON, implied_groups

EDIT = Permission.EDIT_PEOPLE
# Coded details that are compared with what is known in the form's own words.
_COMPARED = frozenset(
    {*knowing.ELEMENTS, "relation", "reason", "dwelling", "nature", "class_code", "level_code"}
)
# Name and birth date agree with one person of the base: on a roster of their own community that is enough.
_MEANT = 55


class Planner:
    """Plans all rows of a returned form."""

    def __init__(self, returned: Return, user: Any, words: Dictionary) -> None:
        self.returned, self.user, self.words = returned, user, words
        self.recognition = returned.recognition
        self.groups = {group.code: group for group in seeing.groups(user)}
        codes_of = frozenset(self.groups)
        self.columns = columns(self.recognition, codes_of)
        self.implied = (
            implied_groups(list(self.recognition.population.conditions), codes_of)
            if returned.options.get("group", True)
            else []
        )
        region = Region.objects.get(region_code=returned.region_code)
        self.places = PlaceBook(region)

    def run(self, data: bytes) -> list[Row]:
        """Every row of the form."""
        said = [
            self._read(number, cells) for number, cells in data_rows(data, self.recognition, self.columns)
        ]
        if self.recognition.subject == PERSON:
            self._plan_people(said)
        else:
            self._plan_homes(said)
        return [row for row, _parts in said]

    # -- cells ---------------------------------------------------------------------------------------------------

    def _read(self, number: int, cells: dict[int, Any]) -> tuple[Row, dict[str, dict[str, Any]]]:
        """A row's cells as parts: field → {name: …}, place → {text: …}, group → {code: {level_code: …}}."""
        row = Row(number)
        parts: dict[str, dict[str, Any]] = {}
        for column in self.columns:
            raw = cells.get(column.column)
            try:
                value = self._value(column, raw)
            except rules.Unreadable as error:
                row.wrong(column.label, str(error))
                continue
            if value in (None, "", []) and not (isinstance(value, Coded) and value.word):
                continue
            target = column.target
            if target.part == "group":
                parts.setdefault("group", {}).setdefault(target.detail, {})[target.more] = value
            elif target.part == "kin":
                parts.setdefault("kin", {}).setdefault(target.detail, {})[target.more] = value
            else:
                part = parts.setdefault(target.part, {})
                if target.detail in part and target.detail == "phone" and part["phone"] != value:
                    part.setdefault("landline" if not phone.is_mobile(str(value)) else "second", value)
                else:
                    part.setdefault(target.detail, value)
        phones = parts.get("field", {})
        if (mobile := phones.get("phone")) and not phone.is_mobile(str(mobile)):
            # A number with an area code in the column of mobiles.
            phones.setdefault("landline", mobile)
            phones.pop("phone")
            if second := phones.pop("second", ""):
                phones["phone"] = second
        phones.pop("second", None)
        return row, parts

    def _value(self, column: Column, raw: Any) -> Any:
        target = column.target
        if target.part == "groups":
            return [word for word in split(rules.plain(raw)) if word]
        if target.detail == "id_number" or target.more == "number":
            return rules.read_number(raw)
        element = self.words.walk(self.recognition.subject, column.path)[2]
        if target.part == "group" and target.more in ("class_code", "level_code") and element.codes is None:
            return self._option(target.detail, target.more, rules.plain(raw))
        if element.kind is Kind.CODE and element.codes is not None and rules.plain(raw):
            coded = Coded.read(element.codes, raw, column.options)
            if coded in ("01", "0") and target.detail in ("relation", "sex"):
                return ""
            if coded.error and (target.part == "home" or target.detail not in _COMPARED):
                raise rules.Unreadable(coded.error)
            return coded
        value = read(element, raw)
        if value and (target.detail in ("phone", "landline", "owner_phone") or target.more == "phone"):
            try:
                value = phone.normalise(str(value))
            except phone.InvalidPhone as error:
                raise rules.Unreadable(str(error)) from None
        return value

    def _option(self, code: str, which: str, word: str) -> str:
        group = self.groups[code]
        for option in group.classes if which == "class_code" else group.levels:
            if word in (option["code"], option["label"], *option.get("also", ())):
                return str(option["code"])
        if word:
            raise rules.Unreadable(f"“{word[:20]}”不是“{group.name}”的选项，请核对。")
        return ""

    # -- people --------------------------------------------------------------------------------------------------

    def _plan_people(self, said: Sequence[tuple[Row, dict[str, Any]]]) -> None:
        self._find(said)
        people = {row.person for row, _parts in said if row.person is not None}
        known = {one.pk: one for one in Person.objects.filter(pk__in=people)}
        elements = {column.target.detail for column in self.columns if column.target.part == "field"}
        self.known = knowing.known_of(list(known.values()), elements)
        self._load_ties(list(known))
        seen: dict[int, int] = {}
        for row, parts in said:
            if row.person is not None and row.person in seen:
                row.wrong("", f"与第 {seen[row.person]} 行是同一个人，只取前一行。")
                row.kind = rules.WRONG
                continue
            if row.person is not None:
                seen[row.person] = row.row
            if row.kind in (rules.UNSURE, rules.UNKNOWN, rules.WRONG):
                continue
            self._plan_person(row, parts, known.get(row.person or 0))

    def _find(self, said: Sequence[tuple[Row, dict[str, Any]]]) -> None:
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
            number = facts.get("id_number", "")
            holder = holders.get(numbers[number]) if number else None
            if holder is not None:
                if self.user.can(EDIT, holder[1]):
                    row.person = holder[0]
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
        home = self._home_of(parts)
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
            row.person = meant
        elif doubtful:
            row.kind = rules.UNSURE
            row.hits = [[hit.pk, hit.name, hit.said] for hit in hits]
            row.wrong("", f"可能是库里的{hits[0].name}（{hits[0].said}），请核对后补上证件号码再传。")
        elif number and (said := bad_number(number, str(facts.get("id_kind", "")))):
            row.kind = rules.WRONG
            row.wrong(knowing.label("id_number"), said)
        elif home is None or not (number or born) or not self.returned.options.get("register", True):
            row.kind = rules.UNKNOWN
            row.wrong(
                "",
                "库里没有这个人。"
                + (
                    "要登记的话，请写明证件号码（或出生日期）和现住房屋的地址（小区、楼、单元、门牌）。"
                    if self.returned.options.get("register", True)
                    else "这次没有选“登记新来的人”。"
                ),
            )
        else:
            row.kind, row.home = rules.NEW, home

    def _seen(self, pk: int) -> Person | None:
        found = Person.objects.filter(pk=pk).only("pk", "name", "region_code").first()
        return found if found is not None and self.user.can(EDIT, found.region_code) else None

    def _home_of(self, parts: dict[str, Any]) -> int | None:
        place = parts.get("place", {})
        unit, door = str(place.get("unit", "")), str(place.get("door", ""))
        if not door and (both := str(place.get("unit_door", ""))):
            unit, door = unit_and_door(both)
        found = self.places.by_parts(str(place.get("estate", "")), str(place.get("building", "")), unit, door)
        if found is None and (address := str(place.get("text", ""))):
            found = self.places.by_text(address)
        return found

    def _load_ties(self, ids: Sequence[int]) -> None:
        """Where these people live, their hukou, household, groups and kin, with one query each."""
        self.living: dict[int, Residence] = {}
        self.hukou: dict[int, Residence] = {}
        rows = Residence.objects.select_related("home").filter(
            person__in=ids, period__endswith__isnull=True, period__isempty=False
        )
        for one in rows:
            (self.living if one.kind == "living" else self.hukou)[one.person_id] = one
        self.members = {
            one.person_id: one
            for one in HouseholdMember.objects.select_related("household").filter(
                person__in=ids, period__endswith__isnull=True, period__isempty=False
            )
        }
        self.memberships: dict[tuple[int, str], Membership] = {}
        current: QuerySet[Membership] = seeing.current(seeing.memberships(self.user))
        for member in current.select_related("group").filter(person__in=ids):
            self.memberships[member.person_id, member.group.code] = member
        self.kin = {
            (one.person_id, one.relation): one
            for one in Kinship.objects.select_related("relative").filter(
                person__in=ids, period__endswith__isnull=True
            )
        }

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
        if row.kind == rules.NEW:
            return
        if any(word == "" for *_rest, word in row.changes):
            row.kind = rules.CHANGED
        elif row.changes:
            row.kind = rules.CONFLICT
        elif row.problems:
            row.kind = rules.WRONG

    def _fields(self, row: Row, facts: dict[str, Any], person: Person | None) -> None:
        kept: dict[str, Any] = {}
        source, on = self.returned.source, self.returned.on
        for element, value in facts.items():
            if element == "id_number" and person is not None and person.id_number == value:
                continue
            if isinstance(value, Coded):
                if person is not None and value.says(str(self.known[person.pk, element].value or "")):
                    value = str(self.known[person.pk, element].value)
                elif value.error:
                    row.wrong(knowing.label(element), value.error)
                    continue
            said = knowing.as_text(element, _bare(element, value))
            kept[element] = said
            if person is None:
                row.change(knowing.label(element), "", knowing.shown(element, said))
                continue
            now = self.known[person.pk, element]
            word = words_of.decide(element, now, Known(said, source.rank, on))
            if word != words_of.AGREE:
                row.change(
                    knowing.label(element),
                    knowing.shown(element, str(now.value or "")),
                    knowing.shown(element, said),
                    "conflict" if word == words_of.CONFLICT else "",
                )
        if kept:
            row.do["field"] = kept

    def _place(self, row: Row, parts: dict[str, Any], person: Person | None) -> None:
        place = parts.get("place", {})
        if not place:
            return
        home = self._home_of(parts)
        since = place.get("since")
        spoken = str(
            place.get("text")
            or "".join(str(place.get(k, "")) for k in ("estate", "building", "unit", "door"))
        )
        if person is None:
            row.do["place"] = {"home": home, "since": text(since)}
            row.change("现住址", "", spoken)
            return
        now = self.living.get(person.pk)
        if home is None:
            if (
                spoken
                and (now is None or place_text(now) != spoken)
                and any(key in place for key in ("door", "unit_door", "text"))
            ):
                row.change("现住址", place_text(now) if now else "", spoken, "note")
            return
        if now is not None and now.home_id == home:
            return
        if now is None or self.returned.options.get("move"):
            row.do["place"] = {"home": home, "since": text(since)}
            row.change("现住址", place_text(now) if now else "", spoken)
        else:
            row.change("现住址", place_text(now), spoken, "note")

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
                names = {"reason": "流入原因", "dwelling": "住所类型"}
                code_list = {"reason": codes.INFLOW_REASON, "dwelling": codes.DWELLING_TYPE}.get(key)
                row.change(
                    names.get(key, "居住证"),
                    code_list.label(str(have)) if code_list else "",
                    code_list.label(str(value)) if code_list else masked(str(value)),
                )
        if wanted and (now is not None or person is None):
            row.do["living"] = wanted

    def _hukou(self, row: Row, hukou: dict[str, Any], person: Person | None) -> None:
        address = str(hukou.get("address", ""))
        named = [str(hukou.get(key, "")) for key in ("province", "city", "district")]
        division = self.places.division(named) or (
            self.places.division([str(hukou["division"])]) if hukou.get("division") else ""
        )
        coded = hukou.get("nature", "")
        nature = str(coded)
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
                    row.do["hukou"] = {
                        "home": now.home_id,
                        "region": now.region_code,
                        "address": now.address,
                        "nature": nature,
                        "correction": True,
                    }
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
        }
        row.change("户籍地", "", str(hukou.get("address") or "".join(part for part in named if part)))

    def _household(self, row: Row, household: dict[str, Any], person: Person | None) -> None:
        number = "".join(str(household.get("number", "")).split()).upper()
        coded = household.get("relation", "")
        relation = str(coded)
        now = self.members.get(person.pk) if person is not None else None
        label = codes.KINSHIP.label
        if now is not None:
            if number and number != now.household.number:
                row.change("户号", now.household.number, number, "note")
            elif isinstance(coded, Coded) and coded.word and not coded.says(now.relation):
                if coded.error:
                    row.wrong("与户主关系", coded.error)
                    return
                head = "02" in (relation, now.relation)
                row.change("与户主关系", label(now.relation), label(relation), "note" if head else "")
                if not head:
                    row.do["household"] = {"number": now.household.number, "relation": relation}
            return
        if number and relation:
            row.do["household"] = {"number": number, "relation": relation}
            row.change("户号", "", f"{number}（{label(relation)}）")

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
            changed = {
                key: text(str(value) if isinstance(value, Coded) else value)
                for key, value in details.items()
                if now is None or (key != "since" and not _agrees(getattr(now, key), value))
            }
            if now is None:
                made[code] = changed
                row.change("人群", "", _in_words(group, details))
            elif changed:
                made[code] = changed
                row.change(group.name, _in_words(group, _of(now)), _in_words(group, _of(now) | details))
        if made:
            row.do["group"] = made

    def _kin_parts(self, row: Row, kin: dict[str, dict[str, Any]], person: Person | None) -> None:
        for relation, said in kin.items():
            now = self.kin.get((person.pk, relation)) if person is not None else None
            label = {"guardian": "监护人", "spouse": "配偶"}[relation]
            name = str(said.get("name", ""))
            if not name and not said.get("number"):
                continue
            if now is not None:
                have = now.relative.name if now.relative is not None else now.relative_name
                if name and name != have:
                    row.change(label, have, name, "note")
                continue
            row.do.setdefault("kin", {})[relation] = {key: text(value) for key, value in said.items()}
            row.change(label, "", name or masked(str(said.get("number", ""))))

    # -- homes ---------------------------------------------------------------------------------------------------

    def _plan_homes(self, said: Sequence[tuple[Row, dict[str, Any]]]) -> None:
        for row, parts in said:
            row.home = self._home_of(parts)
            place = parts.get("place", {})
            row.who = str(
                place.get("text")
                or "".join(str(place.get(k, "")) for k in ("estate", "building", "unit", "door"))
            )
            if row.home is None:
                row.kind = rules.UNKNOWN
                row.wrong("", f"库里没有“{row.who[:40]}”这套房屋，请核对地址，或先在楼盘表里登记。")
        homes = {
            one.pk: one for one in Home.objects.filter(pk__in=[row.home for row, _parts in said if row.home])
        }
        seen: dict[int, int] = {}
        for row, parts in said:
            home = homes.get(row.home or 0)
            if home is None:
                continue
            if home.pk in seen:
                row.kind = rules.WRONG
                row.wrong("", f"与第 {seen[home.pk]} 行是同一套房屋，只取前一行。")
                continue
            seen[home.pk] = row.row
            if not self.user.can(Permission.EDIT_PLACES, home.region_code):
                row.kind = rules.UNKNOWN
                row.wrong("", "这套房屋不在您负责的区域。")
                continue
            self._plan_home(row, parts.get("home", {}), home)

    def _plan_home(self, row: Row, said: dict[str, Any], home: Home) -> None:
        is_let = said.pop("is_let", None)
        if is_let is True:
            said.setdefault("tenure", "let")
        elif is_let is False and home.tenure == "let":
            row.change("是否出租", "是", "否", "note")
        wanted: dict[str, Any] = {}
        for name, value in said.items():
            model_field: Any = Home._meta.get_field(name)
            if name == "rooms":
                value = int(value)
            elif name == "owner_phone":
                value = phone.normalise(str(value))
            elif name == "owner_id_number":
                value = citizen_number.normalise(str(value))
            have = getattr(home, name)
            if not differs(have, value):
                continue
            wanted[name] = text(value)
            shown = [_home_word(name, model_field, one) for one in (have, value)]
            row.change(str(model_field.verbose_name), shown[0], shown[1])
        if wanted:
            row.do["home"] = wanted
            row.kind = rules.CHANGED
        elif row.changes:
            row.kind = rules.CONFLICT
        elif row.problems:
            row.kind = rules.WRONG


def _bare(element: str, value: Any) -> Any:
    if element in ("phone", "landline"):
        return phone.normalise(str(value))
    if element == "name":
        return "".join(str(value).split()) if not str(value).isascii() else str(value)
    return value


def _agrees(have: Any, value: Any) -> bool:
    if isinstance(value, Coded):
        return value.says(str(have)) or bool(value.error)
    return not differs(have, value)


def _of(member: Membership) -> dict[str, Any]:
    return {
        key: value
        for key in ("class_code", "level_code", "certificate", "amount")
        if (value := getattr(member, key)) not in ("", None)
    }


def _in_words(group: Group, details: dict[str, Any]) -> str:
    found = [
        group.class_label(str(details["class_code"])) if details.get("class_code") else "",
        group.level_label(str(details["level_code"])) if details.get("level_code") else "",
        f"证号 {masked(str(details['certificate']))}" if details.get("certificate") else "",
        f"{details['amount']} 元" if details.get("amount") else "",
    ]
    inside = "，".join(one for one in found if one)
    return f"{group.name}（{inside}）" if inside else group.name


def _home_word(name: str, model_field: Any, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "owner_phone":
        return phone.mask(str(value))
    if name == "owner_id_number":
        return citizen_number.mask(str(value))
    return str(dict(model_field.flatchoices or ()).get(value, value))
