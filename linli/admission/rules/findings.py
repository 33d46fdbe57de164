"""What the system finds when it checks an application, as sentences that a person reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from linli.admission.rules.columns import Summary
from linli.admission.rules.likeness import Likeness
from linli.kernel.money import format_yuan


class Tone(StrEnum):
    """How a finding weighs: STOP forbids admission as it stands, WARN is to be weighed, FINE is in order."""

    FINE = "fine"
    WARN = "warn"
    STOP = "stop"


class DocumentLevel(StrEnum):
    """Who issued a document. Only what the district or a level above it issued is a basis (report 002)."""

    STATE = "state"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    DEPARTMENT = "department"
    STREET = "street"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            DocumentLevel.STATE: "国家级",
            DocumentLevel.PROVINCE: "省、自治区、直辖市级",
            DocumentLevel.CITY: "地市级",
            DocumentLevel.DISTRICT: "区县级（区委、区政府及其办公室）",
            DocumentLevel.DEPARTMENT: "区级部门自行发文",
            DocumentLevel.STREET: "街道（乡镇）发文",
        }[self]

    @property
    def is_enough(self) -> bool:
        """Whether it is of the district or above."""
        return self not in (DocumentLevel.DEPARTMENT, DocumentLevel.STREET)


@dataclass(frozen=True)
class Finding:
    """One thing found. `rows` are the details below the sentence."""

    key: str
    title: str
    tone: Tone
    text: str
    rows: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the application."""
        return asdict(self) | {"rows": list(self.rows)}


@dataclass(frozen=True)
class Ground:
    """A legal basis: its name, and whether it holds on the day from which the item is to hold."""

    name: str
    in_force: bool


@dataclass(frozen=True)
class Document:
    """A document as a basis: its name with number, its level, the first day it no longer holds, whether the paper is attached."""

    name: str
    level: DocumentLevel
    until: date | None
    has_paper: bool


def basis(grounds: Sequence[Ground], document: Document | None, on: date) -> Finding:
    """Whether there is a basis in force of the district or above."""
    rows, good = [], 0
    for ground in grounds:
        good += ground.in_force
        rows.append(f"{ground.name}：{'现行有效' if ground.in_force else f'{on} 已不是现行有效'}")
    if document is not None:
        ended = document.until is not None and document.until <= on
        said = "已失效" if ended else document.level.label
        if not document.has_paper:
            said += "，没有附原件"
        good += document.level.is_enough and not ended and document.has_paper
        rows.append(f"{document.name}：{said}")
    title = "依据"
    if not rows:
        return Finding("basis", title, Tone.STOP, "没有写依据。请选择法律法规条文，或附上区级以上文件。", ())
    if not good:
        return Finding(
            "basis",
            title,
            Tone.STOP,
            "没有一项是现行有效的法律法规，或附有原件的区级以上文件，不能作为准入的依据。",
            tuple(rows),
        )
    if good < len(rows):
        return Finding(
            "basis",
            title,
            Tone.WARN,
            f"{len(rows)} 项依据中有 {good} 项可以作为依据，其余请核对。",
            tuple(rows),
        )
    return Finding("basis", title, Tone.FINE, "依据现行有效，层级够。", tuple(rows))


def ahead(working_days: int, needed: int, since: date) -> Finding:
    """Whether it was applied for early enough; `working_days` from the day of applying to `since`."""
    title = "提前申请"
    if working_days >= needed:
        return Finding(
            "ahead", title, Tone.FINE, f"距离开始日期 {since} 还有 {working_days} 个工作日，符合规定。"
        )
    said = f"距离开始日期 {since} 只有 {max(working_days, 0)} 个工作日，规定至少提前 {needed} 个工作日申请。"
    return Finding("ahead", title, Tone.WARN, said + "确有紧急情况的，走应急通道。")


def powers(given: str) -> Finding:
    """Whether powers go with the work (权随责走)."""
    title = "权随责走"
    if given.strip():
        return Finding("powers", title, Tone.FINE, f"随事项交给社区的权限：{given.strip()}")
    return Finding(
        "powers",
        title,
        Tone.WARN,
        "没有写随事项交给社区什么权限。社区没有权限的事，只能协助，不能作为责任主体。",
    )


@dataclass(frozen=True)
class Load:
    """What an item costs a year: hours of one occurrence, occurrences, communities; the promised money of one community and
    the wage an hour is reckoned with (元), where there is one."""

    hours: Decimal
    times: int
    communities: int
    money: Decimal
    wage: Decimal | None

    @property
    def hours_each(self) -> Decimal:
        """Hours a year in one community."""
        return self.hours * self.times

    @property
    def hours_all(self) -> Decimal:
        """Hours a year in all of them."""
        return self.hours_each * self.communities

    @property
    def worth_each(self) -> Decimal | None:
        """What the work of one community is worth a year; None without a wage."""
        return None if self.wage is None else self.hours_each * self.wage


def cost(load: Load) -> Finding:
    """How much work it makes."""
    text = (
        f"每次 {_plain(load.hours)} 小时 × 每年约 {load.times} 次 × {load.communities} 个社区"
        f" = 每年 {_plain(load.hours_all)} 小时，每个社区每年 {_plain(load.hours_each)} 小时。"
    )
    rows = []
    if load.worth_each is not None and load.wage is not None:
        rows.append(
            f"按每小时 {format_yuan(load.wage)} 元折算，每个社区每年 {format_yuan(load.worth_each)} 元，"
            f"合计 {format_yuan(load.worth_each * load.communities)} 元。"
        )
    if not load.times or not load.hours:
        return Finding("cost", "工作量", Tone.WARN, "没有写清次数或每次用时，算不出工作量。")
    return Finding("cost", "工作量", Tone.FINE, text, tuple(rows))


def money(load: Load) -> Finding:
    """Whether money goes with the work (费随事转; Organic Law of the Residents' Committees, Art. 43)."""
    title = "费随事转"
    if load.money <= 0:
        return Finding(
            "money",
            title,
            Tone.STOP,
            "没有经费。《城市居民委员会组织法》第四十三条：委托居民委员会协助开展工作的，所需经费由委托部门承担。",
        )
    said = f"每个社区每年 {format_yuan(load.money)} 元，合计每年 {format_yuan(load.money * load.communities)} 元。"
    if load.worth_each is not None and load.money < load.worth_each:
        short = load.worth_each - load.money
        return Finding(
            "money", title, Tone.WARN, said + f"比折算的工作量每个社区少 {format_yuan(short)} 元，请核对。"
        )
    return Finding("money", title, Tone.FINE, said)


def overlap(found: Sequence[Likeness]) -> Finding:
    """Whether the list already holds something like it."""
    title = "与现有事项重复"
    if not found:
        return Finding("overlap", title, Tone.FINE, "清单里没有相近的事项。")
    rows = tuple(f"{one.name}：{'；'.join(one.reasons)}（相近 {one.score}%）" for one in found)
    surely = [one for one in found if one.is_same]
    text = (
        f"清单里有 {len(found)} 项相近的事项，其中 {len(surely)} 项很可能是同一件事，应并入已有事项。"
        if surely
        else f"清单里有 {len(found)} 项相近的事项，请核对能否并入。"
    )
    return Finding("overlap", title, Tone.WARN, text, rows)


def off_limits(found: Sequence[tuple[str, str, str, bool]]) -> Finding:
    """Whether it asks what communities must not be asked; each found is (word, why, source, whether it forbids)."""
    title = "不得要求社区的内容"
    if not found:
        return Finding("off_limits", title, Tone.FINE, "没有发现不得要求社区承担的内容。")
    rows = tuple(f"“{word}”：{why}（{source}）" for word, why, source, _forbids in found)
    forbidden = any(forbids for *_rest, forbids in found)
    return Finding(
        "off_limits",
        title,
        Tone.STOP if forbidden else Tone.WARN,
        "有不得要求社区承担的内容，请删去后再报。" if forbidden else "有可能不得要求社区承担的内容，请核对。",
        rows,
    )


def forms(found: Sequence[tuple[str, Summary, Sequence[str]]], *, sends_forms: bool) -> Finding:
    """What the attached forms ask that the base holds; each found is (title, summary, forms like it)."""
    title = "报表"
    if not found:
        if sends_forms:
            return Finding(
                "forms", title, Tone.WARN, "申请了下派报表，但没有附空表，看不出要填什么。请附上空表。"
            )
        return Finding("forms", title, Tone.FINE, "不下派报表。")
    rows, held, total = [], 0, 0
    for name, summary, alike in found:
        rows.append(f"《{name}》：{summary.sentence}")
        rows += [f"《{name}》与{one}" for one in alike]
        held, total = held + summary.held, total + summary.total
    declined = any(summary.declined for _name, summary, _alike in found)
    new = total - held
    if declined:
        tone, said = Tone.STOP, "有按规定不收集的列，请删去。"
    elif new == 0:
        tone, said = Tone.WARN, "所有列底数里都有，不用下派，请从底数直接取用。"
    elif held:
        tone, said = Tone.WARN, "已有的列从底数填，只向社区要新的。"
    else:
        tone, said = Tone.FINE, "所要的列底数里都没有。"
    return Finding(
        "forms",
        title,
        tone,
        f"{len(found)} 张表共 {total} 列，{held} 列底数里已有，{new} 列是新的。{said}",
        tuple(rows),
    )


def _plain(number: Decimal) -> str:
    """1,280 or 1.5: no zeros behind the point."""
    shown = f"{number:,.2f}".rstrip("0").rstrip(".")
    return shown or "0"
