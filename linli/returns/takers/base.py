"""How rows about one subject come back: what its columns become, which record a row means, what would change, and the actions
that apply it. Each subject has one taker; reading cells, previewing and sending back are the same for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.access.sealed import SealedTextField
from linli.audit.recording import RuleError
from linli.facts.dictionary import Dictionary, Kind
from linli.kernel import citizen_number, phone
from linli.kernel.codelist import CodeList
from linli.regions.models import Region
from linli.returns import rules
from linli.returns.addresses import address_key
from linli.returns.models import Return
from linli.returns.placebook import PlaceBook
from linli.returns.reading import Column, Uncomputed, data_rows
from linli.returns.saying import Coded, Row, differs, masked, own_word, read, text, unit_and_door
from linli.returns.takers.holding import Holding

Parts = dict[str, dict[str, Any]]
Said = Sequence[tuple[Row, Parts]]
# A change that is shown and not made, because what is known is newer or more reliable.
HELD = "note"


@dataclass(frozen=True)
class Target:
    """What a column's cells become: a part (field, place, hukou, group …) and its detail."""

    part: str
    detail: str = ""
    more: str = ""


@dataclass(frozen=True)
class Option:
    """Something the user decides before applying: a tick, or with `choices` one of several."""

    key: str
    label: str
    default: Any = True
    choices: tuple[tuple[str, str], ...] = ()
    source: str = ""
    placeholder: str = ""


def day(value: Any) -> date | None:
    """A day as the plan keeps it."""
    return date.fromisoformat(value) if value else None


class Taker:
    """Takes the rows of one returned form for a user.

    `paths` say what dictionary paths become, "part.detail"; `left` why others of the subject's paths are only looked at; `lists`
    the words of fields that are choices; `telling` are the parts of which a form must have at least one column.
    """

    subject: ClassVar[str]
    noun: ClassVar[str]
    page: ClassVar[str]
    permission: ClassVar[Permission]
    paths: ClassVar[Mapping[str, str]] = {}
    left: ClassVar[Mapping[str, str]] = {}
    lists: ClassVar[Mapping[str, CodeList]] = {}
    telling: ClassVar[frozenset[str]] = frozenset()
    numbers: ClassVar[frozenset[str]] = frozenset()
    phones: ClassVar[frozenset[str]] = frozenset()
    hotlines: ClassVar[frozenset[str]] = frozenset()
    # Words that are of no list are refused at once, not compared with what is known first.
    strict: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, returned: Return, user: Any, words: Dictionary) -> None:
        self.returned, self.user, self.words = returned, user, words
        self.recognition = returned.recognition
        self.said_by = f"{returned.sender}《{returned}》"[:100]
        self.reason = _("名册入库：%(sender)s《%(title)s》") % {"sender": returned.sender, "title": returned}
        self.prepare()
        self.columns = [
            Column(one.column, one.label, one.element, meant, tuple(one.options), one.says, one.values)
            for one in self.recognition.mappings
            if one.target == "element" and (meant := self.target(one.element)) is not None
        ]

    def prepare(self) -> None:
        """What must be known before columns are understood."""

    # -- what columns become -------------------------------------------------------------------------------------

    def target(self, path: str) -> Target | None:
        """What an element path means when it is read back; None for what is only looked at."""
        return Target(*self.paths[path].split(".", 2)) if path in self.paths else None

    def why_left(self, path: str) -> str:
        """Why a recognised column is only looked at."""
        return self.left.get(path, _("由别的内容算出，不入库"))

    def choices(self) -> list[tuple[str, str]]:
        """What a column may be picked to mean, with its name."""
        found: dict[str, str] = {}
        for path in self.takeable():
            try:
                found.setdefault(self.words.label(self.subject, path), path)
            except (LookupError, KeyError):
                continue
        return [(path, label) for label, path in found.items()]

    def takeable(self) -> Iterable[str]:
        """Every path that is read back."""
        return self.paths

    def options(self) -> list[Option]:
        """What the user decides before applying."""
        return []

    @property
    def region(self) -> Region:
        """Where the form is for."""
        return Region.objects.get(region_code=self.returned.region_code)

    def chosen(self, key: str) -> Any:
        """What the user decided, or what is usual."""
        usual = next((one.default for one in self.options() if one.key == key), None)
        return self.returned.options.get(key, usual)

    # -- reading -------------------------------------------------------------------------------------------------

    def run(self, data: bytes) -> list[Row]:
        """Every row of the form, planned. Nothing is written."""
        self.places = PlaceBook(self.region)
        self.holding = Holding(self.returned)
        said = [self.read_row(*one) for one in data_rows(data, self.recognition, self.columns)]
        self.plan(said)
        return [row for row, _parts in said]

    def read_row(self, number: int, cells: dict[int, Any]) -> tuple[Row, Parts]:
        """A row's cells as parts: field → {name: …}, place → {text: …}, group → {code: {level_code: …}}."""
        row = Row(number)
        parts: Parts = {}
        for column in self.columns:
            raw = cells.get(column.column)
            if isinstance(raw, Uncomputed):
                row.wrong(column.label, raw.why)
                continue
            try:
                value = self.value(column, raw)
            except rules.Unreadable as error:
                row.wrong(column.label, str(error))
                continue
            if value in (None, "", []) and not (isinstance(value, Coded) and value.word):
                continue
            self.put(parts, column.target, value)
        return row, self.tidy(parts)

    def put(self, parts: Parts, target: Target, value: Any) -> None:
        """Of columns that mean the same the first speaks."""
        part = parts.setdefault(target.part, {})
        if target.more:
            part = part.setdefault(target.detail, {})
        part.setdefault(target.more or target.detail, value)

    def tidy(self, parts: Parts) -> Parts:
        """A row's parts, put right where columns are often mixed up."""
        return parts

    def value(self, column: Column, raw: Any) -> Any:
        """What a cell says, in the shape of what it becomes. Raises Unreadable."""
        target = column.target
        name = ".".join(one for one in (target.part, target.detail, target.more) if one)
        if name in self.numbers:
            return rules.read_number(raw)
        element = self.words.walk(self.subject, column.path)[2]
        listed = self.lists.get(name) or (element.codes if element.kind is Kind.CODE else None)
        raw, several = own_word(column, element, raw)
        if listed is not None:
            coded = Coded.read(listed, raw, column.options, several) if rules.plain(raw) else ""
            if isinstance(coded, Coded) and coded.error and name in self.strict:
                raise rules.Unreadable(coded.error)
            return coded
        value = read(element, raw)
        if value and name in self.phones:
            try:
                value = phone.normalise(str(value), service=name in self.hotlines)
            except phone.InvalidPhone as error:
                raise rules.Unreadable(str(error)) from None
        return value

    # -- planning ------------------------------------------------------------------------------------------------

    def plan(self, said: Said) -> None:
        """Which record each row means, and what would change."""
        raise NotImplementedError

    def is_second(self, row: Row, seen: dict[int, int]) -> bool:
        """Whether an earlier row means the same record; then this one is not used."""
        if row.record is None:
            return False
        if row.record in seen:
            row.kind = rules.WRONG
            row.wrong("", f"与第 {seen[row.record]} 行是同一{self.measure_word}，只取前一行。")
            return True
        seen[row.record] = row.row
        return False

    measure_word: ClassVar[str] = "条记录"

    def home_of(self, place: Mapping[str, Any]) -> int | None:
        """The home that a row names, by its parts or as one text."""
        unit, door = unit_and_door_of(place)
        found = self.places.by_parts(str(place.get("estate", "")), str(place.get("building", "")), unit, door)
        if found is None and (address := str(place.get("text", ""))):
            found = self.places.by_text(address)
        return found

    def settle_kind(self, row: Row) -> None:
        """What became of a row whose record is known."""
        if row.kind != rules.SAME:
            return
        if any(word == "" for *_rest, word in row.changes):
            row.kind = rules.CHANGED
        elif row.changes:
            row.kind = rules.CONFLICT
        elif row.problems:
            row.kind = rules.WRONG

    def propose(self, row: Row, part: str, record: models.Model, said: Mapping[str, Any]) -> None:
        """What a row says of a record's fields against what is known: taken where nothing is known, where the source is more
        reliable, or as reliable and no older (`sources.rules`); else shown and left, unless the user said to take it."""
        for name, value in said.items():
            field: Any = record._meta.get_field(name)
            label, have = str(field.verbose_name), getattr(record, name)
            if isinstance(value, Coded):
                if value.says(str(have)):
                    continue
                if value.error:
                    row.wrong(label, value.error)
                    continue
                value = str(value)
            value = field.to_python(value)
            if name in ADDRESSES and same_address(str(have), str(value)):
                continue
            if not differs(have, value):
                continue
            shown = [in_words(field, one) for one in (have, value)]
            if self.holding.takes(record, name) or self.chosen("override"):
                row.do.setdefault(part, {})[name] = text(value)
                row.change(label, shown[0], shown[1])
            else:
                row.change(label, shown[0], shown[1], HELD)

    def new_values(self, row: Row, part: str, model: type[models.Model], said: Mapping[str, Any]) -> None:
        """What a row says of a record that is to be made."""
        blank = model()
        for name, value in said.items():
            field: Any = model._meta.get_field(name)
            if isinstance(value, Coded):
                if value.error:
                    row.wrong(str(field.verbose_name), value.error)
                    continue
                value = str(value)
            value = field.to_python(value)
            if differs(getattr(blank, name), value):
                row.do.setdefault(part, {})[name] = text(value)
                row.change(str(field.verbose_name), "", in_words(field, value))

    # -- applying ------------------------------------------------------------------------------------------------

    def ordered(self, rows: Sequence[Row]) -> list[Row]:
        """The rows in the order in which they are applied."""
        return list(rows)

    def apply(self, row: Row) -> None:
        """Do what the row says, each thing by the action that knows how; what one refuses is put among the row's problems and
        does not stop the others."""
        if not row.do and row.kind != rules.NEW:
            return
        if row.kind == rules.NEW:
            self.step(row, _("登记"), self.register, row.do)
        if row.record is None:
            return
        for key, label, action in self.steps():
            if row.do.get(key):
                self.step(row, label, action, row.do[key])

    def step(self, row: Row, label: str, action: Callable[[Row, Any], None], said: Any) -> None:
        """One action of a row, in a transaction of its own."""
        try:
            with transaction.atomic():
                action(row, said)
        except RuleError as error:
            row.wrong(label, error.message)
        except Http404:
            row.wrong(label, _("您没有办理这一项的权限，没有入库。"))

    def register(self, row: Row, said: dict[str, Any]) -> None:
        """Make the record of a row that is new; what is done with it leaves `said`."""
        raise NotImplementedError

    def steps(self) -> Sequence[tuple[str, str, Callable[[Row, Any], None]]]:
        """(part, what it is called, the action) in the order in which they are done."""
        raise NotImplementedError


# Addresses are the same when one ends in the other: forms write the divisions in front, the base does not.
ADDRESSES = frozenset(("address", "registered_address", "owner_address"))


def same_address(one: str, other: str) -> bool:
    """Whether two ways of writing an address say the same."""
    a, b = address_key(one), address_key(other)
    return bool(a and b) and (a.endswith(b) or b.endswith(a))


def unit_and_door_of(place: Mapping[str, Any]) -> tuple[str, str]:
    """The unit and the door that a row names, apart or together."""
    unit, door = str(place.get("unit", "")), str(place.get("door", ""))
    if not door and (both := str(place.get("unit_door", ""))):
        return unit_and_door(both)
    return unit, door


def spoken(place: Mapping[str, Any]) -> str:
    """A place as the row says it."""
    return str(
        place.get("text") or "".join(str(place.get(k, "")) for k in ("estate", "building", "unit", "door"))
    )


def values_of(model: type[models.Model], said: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a plan as the model's fields take them."""
    found = {}
    for name, value in said.items():
        field: Any = model._meta.get_field(name)
        found[name] = field.to_python(value)
    return found


def in_words(field: Any, value: Any) -> str:
    """A field's value for the preview; numbers masked."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(field, SealedTextField):
        return phone.mask(str(value)) if field.name.endswith("phone") else hidden_number(str(value))
    choices = dict(field.flatchoices or ())
    return str(choices.get(value, value))


def hidden_number(value: str) -> str:
    """A citizen number or another document's, masked."""
    return citizen_number.mask(value) if citizen_number.is_valid(value) else masked(value)
