"""A row by itself: what it says, and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from linli.kernel import citizen_number, codes, hanzi
from linli.kernel import phone as phones
from linli.kernel.codelist import CodeList
from linli.kernel.kinship import resolve_kinship
from linli.registry.intake import further
from linli.registry.intake.columns import (
    BY_KEY,
    EVERY,
    HOME_USE,
    HOUSEHOLD_KIND,
    PERSON_KEYS,
    SAME_PLACE,
    TENURE,
    Headings,
)
from linli.registry.intake.rules.facts import Context, Examined, HomeSaid, PersonFacts, Tag
from linli.registry.intake.rules.further import FurtherReader
from linli.registry.intake.rules.words import building_key, building_name, door_name, plain, unit_name
from linli.registry.places import rules as places

HEAD: Final = "02"
EARLIEST: Final = date(1900, 1, 1)
MOST_AREA: Final = 100_000.0
_SAME_PLACE_WORDS: Final = frozenset(
    {
        SAME_PLACE,
        "同现住址",
        "与住址一致",
        "同住址",
        "本址",
        "本房",
        "一致",
        "人户一致",
        "同现居住地址",
        "与现居住地一致",
    }
)
_ERROR_TEXT: Final = re.compile(
    r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE
)
_NAME: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U000323afA-Za-z·•・.\-'’ ○〇]+")
_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_EIGHT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AREA: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(?:平方米|平米|平|㎡|m2|m²)?", re.IGNORECASE)
_FLOOR: Final = re.compile(r"(-?\d{1,4})\s*(?:层|楼|f)?", re.IGNORECASE)
_TAG_SPLIT: Final = re.compile(r"[、,，;；|/\n]+(?![^（(]*[）)])")
_TAG: Final = re.compile(r"([^（）()]+)(?:[（(]([^（）()]*)[）)])?")


class Examiner:
    """Examines rows each by itself: the costly part of reading, which needs no other row and may be done in any order."""

    def __init__(self, context: Context, headings: Headings) -> None:
        self.context = context
        self._codes: dict[str, dict[Any, str | None]] = {c.key: {} for c in EVERY if c.codes is not None}
        self._hukou: dict[str, str | None] = {}
        self._estates: dict[str, str] = {}
        self._buildings: dict[str, tuple[str, str]] = {}
        self._units: dict[str, str] = {}
        self._places = headings.places
        self._last = max(headings.places.values())
        self._wrong: list[tuple[str, str]] = []
        self._cells: Sequence[Any] = ()
        plan = [(key, place, BY_KEY[key].most) for key, place in headings.places.items()]
        self._plan_of_person = [one for one in plan if one[0] in PERSON_KEYS]
        self._plan_of_home = [one for one in plan if one[0] not in PERSON_KEYS]
        self._further_of_person = [key for key in further.PERSON_KEYS if key in headings.places]
        self._further_of_home = [key for key in further.HOME_KEYS if key in headings.places]
        self._tails: dict[tuple[str, str], bytes] = {}
        self._persons = [headings.places[key] for key in PERSON_KEYS if key in headings.places]
        self._further = FurtherReader(self)
        self._home_places = [place for key, place in headings.places.items() if key not in PERSON_KEYS]
        self._said_of_home: tuple[Any, ...] | None = None
        self._home_before: Any = None

    # -- the row ---------------------------------------------------------------------------------------------

    def examine(self, row: int, cells: Sequence[Any], errors: Mapping[int, str] | None = None) -> Examined:
        """What a row says, and what is wrong with it by itself. `errors` are its cells that hold a spreadsheet error."""
        wrong = self._wrong = []
        if len(cells) <= self._last:
            cells = [*cells, *[""] * (self._last + 1 - len(cells))]
        self._cells = cells
        values: dict[str, str] = {}
        self._take(values, cells, self._plan_of_person)
        # Rows of one home mostly stand together and say the same of it.
        said = tuple([cells[place] for place in self._home_places])
        same = said == self._said_of_home
        if not same:
            self._take(values, cells, self._plan_of_home)
        if errors:
            self._error_cells(errors)
        home: HomeSaid
        if same:
            home = self._home_before
        else:
            home = self._home(values)
            self._said_of_home, self._home_before = (None if wrong else said), home
        if not any(cells[place] != "" for place in self._persons):
            return (row, wrong, home, None, "", False, None, "", None, None)
        person = self._person(row, values)
        household = self._household_key(values, home[0])
        if wrong:
            return (row, wrong, home, household, "", False, None, "", None, None)
        kind = ""
        if household is not None and (word := values.get("household_kind")):
            kind = self._match("household_kind", word, HOUSEHOLD_KIND) or ""
        born = person.birth.toordinal() if person.birth is not None else None
        head = person.relation == HEAD
        return (row, wrong, home, household, kind, head, person.id_digest, person.name, born, person)

    def _take(self, values: dict[str, str], cells: Sequence[Any], plan: list[tuple[str, int, int]]) -> None:
        """Put the texts of the planned cells that are not empty into `values`."""
        for key, place, most in plan:
            value = cells[place]
            if value == "":
                continue
            text = value.strip() if type(value) is str and value.isprintable() else plain(value)
            if text:
                values[key] = text
                if len(text) > most or text[0] == "#":
                    self._unfit(values, key, text)

    def _unfit(self, values: dict[str, str], key: str, text: str) -> None:
        """A text that is too long, or the word for a spreadsheet error."""
        column = BY_KEY[key]
        if _ERROR_TEXT.match(text):
            self._say(key, f"“{column.heading}”是表格公式的出错结果 {text[:12]}，请改成实际内容或清空。")
            del values[key]
        elif len(text) > column.most:
            self._say(key, f"“{column.heading}”有 {len(text)} 个字，最多 {column.most} 个，请缩短。")
            del values[key]

    def _say(self, key: str, reason: str) -> None:
        self._wrong.append((key, reason))

    def _error_cells(self, errors: Mapping[int, str]) -> None:
        for key, place in self._places.items():
            if place in errors:
                self._say(
                    key,
                    f"“{BY_KEY[key].heading}”是表格公式的出错结果 {errors[place]}，请改成实际内容或清空。",
                )

    # -- the home --------------------------------------------------------------------------------------------

    def _home(self, values: dict[str, str]) -> HomeSaid:
        community = self._community(values)
        grid = ""
        if name := values.get("grid", ""):
            found = self.context.grids.get((community, name)) if community else ""
            if found is None:
                self._say("grid", f"这个社区没有名为“{name}”的网格，请写已有网格的名称，或先空着。")
            grid = found or ""
        estate = values.get("estate", "")
        building = values.get("building", "")
        unit = values.get("unit", "")
        door = values.get("door", "")
        if not estate:
            self._say("estate", "没有填小区，请填写小区或街巷的名称。")
        if not building:
            self._say("building", "没有填楼栋，请填写楼号，如 12号楼；平房写排或院的名称。")
        if not door:
            self._say("door", "没有填门牌号，请填写，如 501。")
        estate = self._estates.get(estate) or self._estates.setdefault(
            estate, unicodedata.normalize("NFKC", estate).replace(" ", "")
        )
        keys = self._buildings.get(building)
        if keys is None:
            keys = self._buildings[building] = (building_key(building), building_name(building))
        known = self.context.buildings.get((community, estate, keys[0]))
        floors = known[1] if known else None
        name = known[0] if known else keys[1]
        if unit:
            unit = self._units.get(unit) or self._units.setdefault(unit, unit_name(unit))
        if door and not (door := door_name(door)):
            self._say("door", f"门牌号不对，请填写如 501 的门牌号，最多 {places.LONGEST_DOOR} 个字。")
        return (
            (community, estate, name, unit, door),
            grid,
            self._floor(values, floors),
            self._code(values, "use", HOME_USE),
            self._code(values, "tenure", TENURE),
            self._area(values),
            values.get("owner_name", ""),
            self._phone(values, "owner_phone"),
            self._further.read(values, self._further_of_home) if self._further_of_home else {},
        )

    def _community(self, values: dict[str, str]) -> str:
        context = self.context
        name = values.get("community", "")
        if not name:
            if context.only:
                return context.only
            self._say("community", "没有填社区，请填写社区名称或 12 位社区代码。")
            return ""
        found = context.communities.get(name)
        if found is None:
            if name in context.outside:
                self._say("community", f"“{name}”不在您负责的区域内，请核对社区，或交给那个社区导入。")
            else:
                self._say(
                    "community", f"没有名为“{name}”的社区，请写全称，如“东外社区”，或写 12 位社区代码。"
                )
            return ""
        if context.only and found != context.only:
            self._say(
                "community",
                f"这份表是为{context.region_title}导入的，这一行写的是“{name}”，请核对，或按街道导入。",
            )
            return ""
        return found

    def _floor(self, values: dict[str, str], floors: int | None) -> int | None:
        text = values.get("floor", "")
        if not text:
            return None
        match = _FLOOR.fullmatch(text)
        if not match:
            self._say("floor", f"所在层“{text[:20]}”应为整数，如 5；地下一层写 -1。")
            return None
        floor = int(match.group(1))
        if not places.LOWEST_FLOOR <= floor <= places.HIGHEST_FLOOR or floor == 0:
            self._say("floor", f"所在层“{text[:20]}”不可能，应在 1 到 200 之间，地下层写 -1 到 -9，请核对。")
            return None
        if floors is not None and floor > floors:
            self._say("floor", f"这栋楼登记为地上 {floors} 层，没有第 {floor} 层，请核对楼栋和所在层。")
            return None
        return floor

    def _area(self, values: dict[str, str]) -> str | None:
        text = values.get("area", "")
        if not text:
            return None
        match = _AREA.fullmatch(text)
        if not match:
            if text.startswith("-"):
                self._say("area", f"建筑面积“{text[:20]}”不能是负数，请填平方米数，如 86.5。")
            else:
                self._say("area", f"建筑面积“{text[:20]}”不是数字，请填平方米数，如 86.5。")
            return None
        area = float(match.group(1))
        if not 0 < area <= MOST_AREA:
            self._say("area", f"建筑面积“{text[:20]}”不合理，请填平方米数，如 86.5。")
            return None
        return f"{area:.2f}"

    # -- the person ------------------------------------------------------------------------------------------

    def _person(self, row: int, values: dict[str, str]) -> PersonFacts:
        context = self.context
        name = self._name(values)
        id_kind, number, born, sex_of_number = self._number(values)
        sex = self._code(values, "sex", codes.SEX)
        if sex_of_number:
            if sex in ("1", "2") and sex != sex_of_number:
                said, should = ("男", "女") if sex == "1" else ("女", "男")
                self._say("sex", f"性别填的是“{said}”，按身份证号应为“{should}”，请核对哪一个写错了。")
            sex = sex_of_number
        birth = self._date(values, "birth_date")
        if birth is not None and born is not None and birth != born:
            self._say("birth_date", f"出生日期 {birth} 与身份证号中的 {born} 不一致，请核对哪一个写错了。")
        birth = born or birth
        if (
            not number
            and birth is None
            and not any(key in ("id_number", "birth_date") for key, _ in self._wrong)
        ):
            self._say("id_number", "证件号码和出生日期都没有填，至少填一项。")
        moved_in = self._date(values, "moved_in")
        if moved_in and birth and moved_in < birth:
            self._say("moved_in", f"入住日期 {moved_in} 早于出生日期 {birth}，请核对。")
            moved_in = None
        relation = self._relation(values, sex)
        phone = self._phone(values, "phone")
        hukou, region, address = self._hukou_of(values)
        more = (
            self._further.of_person(values, self._further_of_person, birth) if self._further_of_person else {}
        )
        wrong = bool(self._wrong)  # no need to seal what is refused
        return PersonFacts(
            row,
            0,
            0,
            relation,
            name,
            hanzi.name_initials(name) if name and not wrong else "",
            id_kind,
            context.seal(number, "id_number") if number and not wrong else b"",
            context.digest(number, "id_number") if number else None,
            self._tail(number, "id_tail") if number and not wrong else None,
            sex,
            birth,
            self._code(values, "ethnic", codes.ETHNIC),
            self._code(values, "marital", codes.MARITAL),
            self._code(values, "political", codes.POLITICAL),
            self._code(values, "education", codes.EDUCATION),
            self._code(values, "employment", codes.EMPLOYMENT),
            values.get("employer", ""),
            context.seal(phone, "phone") if phone and not wrong else b"",
            context.digest(phone, "phone") if phone else None,
            self._tail(phone, "phone_tail") if phone and not wrong else None,
            moved_in,
            hukou,
            region,
            address,
            self._code(values, "hukou_nature", codes.HUKOU_NATURE),
            self._code(values, "reason", codes.INFLOW_REASON),
            values.get("note", ""),
            self._tags(values),
            self._further.sealed(more) if more and not wrong else "",
        )

    def _tail(self, text: str, purpose: str) -> bytes:
        """The digest of the last four characters; there are few of them."""
        key = (text[-4:], purpose)
        found = self._tails.get(key)
        if found is None:
            found = self._tails[key] = self.context.digest(*key)
        return found

    def _name(self, values: dict[str, str]) -> str:
        name = values.get("name", "").replace(" ", "")
        if not name:
            if not any(key == "name" for key, _ in self._wrong):
                self._say("name", "没有填姓名，请填写；如果只登记空房，请把这一行的人口各列都清空。")
            return ""
        if _NAME.fullmatch(name) is None:
            if any(c.isdigit() for c in name):
                self._say("name", f"姓名“{name[:20]}”里有数字，请核对是不是填错了列。")
            else:
                self._say("name", f"姓名“{name[:20]}”里有不能用在姓名中的符号，请核对。")
        elif len(name) < 2:
            self._say("name", f"姓名“{name}”只有一个字，请填写全名。")
        return name

    def _number(self, values: dict[str, str]) -> tuple[str, str, date | None, str]:
        kind = self._code(values, "id_kind", codes.ID_KIND)
        if "id_number" not in values:
            return kind, "", None, ""
        raw = self._cells[self._places["id_number"]]
        text = values.get("id_number", "")
        if not text or "*" in text or "＊" in text:  # a masked number says nothing
            return kind, "", None, ""
        if type(raw) is float and raw >= 1e15:
            self._say(
                "id_number",
                "证件号码被表格软件存成了数字，末几位已经丢失，请把单元格设为文本后按证件重新填写。",
            )
            return kind, "", None, ""
        number = citizen_number.normalise(text)
        if kind in ("", "01", "08", "09") or (kind == "02" and len(number) == 18):
            try:
                parsed = citizen_number.parse(number, on=self.context.today)
            except citizen_number.InvalidCitizenNumber as error:
                self._say("id_number", str(error))
                return kind, "", None, ""
            if not kind:
                kind = "08" if parsed.is_permit else "09" if number[0] == "9" else "01"
            return kind, parsed.number, parsed.birth_date, parsed.sex
        bare = number.replace("-", "").replace("(", "").replace(")", "")
        if not (bare.isalnum() and 4 <= len(bare) <= 25):
            self._say(
                "id_number",
                f"证件号码“{text[:25]}”不像{codes.ID_KIND.label(kind)}的号码，请核对证件类型和号码。",
            )
            return kind, "", None, ""
        return kind, number, None, ""

    def _relation(self, values: dict[str, str], sex: str) -> str:
        text = values.get("relation", "")
        if not text:
            if "household" in values and not any(key == "relation" for key, _ in self._wrong):
                self._say("relation", "填了户号，没有填与户主关系，请填写，如“户主”“配偶”“儿子”。")
            return ""
        cache = self._codes["relation"]
        key = (text, sex)
        if key in cache:
            code = cache[key]
        else:
            code = cache[key] = resolve_kinship(text, sex)
        if code is None:
            self._say("relation", f"不认识的与户主关系“{text[:20]}”，请从下拉中选，如“户主”“配偶”“儿子”。")
            return ""
        return HEAD if code == "01" else code

    def _household_key(self, values: dict[str, str], home: tuple[str, ...]) -> tuple[str, str] | None:
        number = "".join(values.get("household", "").split()).upper()
        if number:
            return ("number", number)
        if "relation" in values:
            return ("home", "|".join(home))
        return None

    def _hukou_of(self, values: dict[str, str]) -> tuple[str, str, str]:
        """("home" | "place" | "", region key, address)."""
        place = values.get("hukou_place", "")
        address = values.get("hukou_address", "")
        if not place and not address:
            return "", "", ""
        if place in _SAME_PLACE_WORDS:
            return "home", "", ""
        if place in self._hukou:
            region = self._hukou[place]
        else:
            region = self._hukou[place] = self.context.hukou(place) if place else ""
        if region is None:
            self._say(
                "hukou_place",
                f"不认识的户籍地区划“{place[:30]}”，请写到区县，如“河南省周口市川汇区”，或写 6 位区划代码。",
            )
            return "", "", ""
        if not place:
            self._say(
                "hukou_place", f"填了户籍详址，没有填户籍地区划，请写到区县；就在本房的写“{SAME_PLACE}”。"
            )
            return "", "", ""
        return "place", region, address

    def _tags(self, values: dict[str, str]) -> tuple[tuple[int, str, str], ...]:
        text = values.get("groups", "")
        if not text:
            return ()
        found: dict[int, tuple[int, str, str]] = {}
        for part in _TAG_SPLIT.split(text):
            match = _TAG.fullmatch(part.strip())
            if not match:
                if part.strip():
                    self._say(
                        "groups",
                        f"看不懂人群标签“{part.strip()[:30]}”，请写成“残疾人（肢体二级）、独居老人”的样子。",
                    )
                continue
            tag = self.context.tags.get(match.group(1).strip())
            if tag is None:
                self._say(
                    "groups", f"没有名为“{match.group(1).strip()[:20]}”的人群标签，请对照填写说明里的名称。"
                )
                continue
            if not tag.allowed:
                self._say("groups", f"您没有登记“{tag.name}”的权限，请删去这个标签，或请有权限的人导入。")
                continue
            class_code, level_code, rest = _detail(tag, match.group(2) or "")
            if rest:
                self._say("groups", f"“{tag.name}”没有名为“{rest[:20]}”的类别或等级，请核对。")
            found[tag.pk] = (tag.pk, class_code, level_code)
        return tuple(found.values())

    # -- kinds of cells --------------------------------------------------------------------------------------

    def _code(self, values: dict[str, str], key: str, code_list: CodeList) -> str:
        text = values.get(key)
        if text is None:
            return ""
        code = self._codes[key].get(text) or self._match(key, text, code_list)
        if code is None:
            choices = "、".join(c.label for c in code_list.items[:6])
            self._say(key, f"不认识的{BY_KEY[key].heading}“{text[:20]}”，请从下拉中选，如{choices}。")
            return ""
        return code

    def _match(self, key: str, text: str, code_list: CodeList) -> str | None:
        cache = self._codes[key]
        if text in cache:
            return cache[text]
        code = cache[text] = code_list.match(text)
        return code

    def _phone(self, values: dict[str, str], key: str) -> str:
        text = values.get(key)
        if text is None or "*" in text or "＊" in text:
            return ""
        if len(text) == 11 and text.isdigit() and text.isascii() and text[0] == "1" and text[1] >= "3":
            return text
        try:
            return phones.normalise(text)
        except phones.InvalidPhone as error:
            self._say(key, str(error))
            return ""

    def _date(self, values: dict[str, str], key: str, *, until: date | None = None) -> date | None:
        text = values.get(key)
        if text is None:
            return None
        value = self._cells[self._places[key]]
        label = BY_KEY[key].heading
        if isinstance(value, datetime):
            day = value.date()
        elif isinstance(value, date):
            day = value
        else:
            if "*" in text:
                return None
            match = _DATE.fullmatch(text) or _EIGHT.fullmatch(text)
            if not match:
                if type(value) in (float, int) or text.isdecimal():
                    self._say(
                        key,
                        f"{label}“{text[:20]}”是表格软件的日期序号或不完整的日期，请写成 1980-01-31 的样子。",
                    )
                else:
                    self._say(key, f"{label}“{text[:20]}”不是日期，请写成 1980-01-31 的样子。")
                return None
            try:
                day = date(*map(int, match.groups()))
            except ValueError:
                self._say(key, f"{label}“{text[:20]}”不是真实存在的日期，请核对年、月、日。")
                return None
        if day > (until or self.context.today):
            self._say(key, f"{label} {day} 晚于{'可能的日期' if until else '今天'}，请核对。")
            return None
        if day < EARLIEST:
            self._say(key, f"{label} {day} 早于 1900 年，多半是表格软件弄错了，请按证件重新填写。")
            return None
        return day


def _detail(tag: Tag, text: str) -> tuple[str, str, str]:
    """Class and level codes from what stands in a tag's brackets (肢体二级), and what could not be understood."""
    said = unicodedata.normalize("NFKC", text)
    of_class = next(
        (word for word in sorted(tag.classes, key=len, reverse=True) if word and word in said), ""
    )
    of_level = next((word for word in sorted(tag.levels, key=len, reverse=True) if word and word in said), "")
    class_code, level_code = tag.classes.get(of_class, ""), tag.levels.get(of_level, "")
    # A word for a level may hold the class as well (肢体二级).
    rest = said.replace(of_level, "", 1) if of_level else said
    rest = rest.replace(of_class, "", 1) if of_class else rest
    return class_code, level_code, re.sub(r"[\s、,，/;；·\-]|残疾", "", rest)
