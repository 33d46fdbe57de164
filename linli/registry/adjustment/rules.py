"""A plan of adjustment as plain data: which building goes to which community, without a database.

A plan never says what each building is; it says what changes. Every building has exactly one community at any moment, because
the plan is a function: where it says nothing, a building stays, and with a community that is merged it goes along. So there
can be neither gap nor overlap, except where the base itself has one; `problems` tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

NEW = "new"  # keys of communities to be set up: new1, new2 …
NAME_LONGEST = 30


class Refused(Exception):
    """The plan does not allow it; the text is a Chinese sentence for the user, `field` the form's."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass(frozen=True)
class Block:
    """A building as the planner sees it. `community` is its key today, "" where it lies in no community."""

    id: int
    community: str
    estate: int
    estate_name: str
    name: str
    households: int = 0
    people: int = 0
    homes: int = 0
    position: int = 0
    place: tuple[float, float] | None = None
    grid: str = ""
    address: str = ""

    @property
    def title(self) -> str:
        """新兴小区12号楼."""
        return self.estate_name + self.name


@dataclass(frozen=True)
class Community:
    """A community of a plan: one of today's, or a new one with its proposed official code. `into` names the community that
    one which is given up is merged into."""

    key: str
    name: str
    code: str = ""
    into: str = ""

    @property
    def is_new(self) -> bool:
        return self.key.startswith(NEW)


@dataclass(frozen=True)
class Base:
    """What a plan starts from: the communities of the area and their buildings."""

    communities: Mapping[str, Community]
    blocks: Mapping[int, Block]

    def of(self, key: str) -> list[Block]:
        """The buildings of a community today."""
        return [block for block in self.blocks.values() if block.community == key]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a plan. One that is `grave` keeps it from being handed in."""

    text: str
    grave: bool = True


@dataclass(frozen=True)
class Draft:
    """What a plan changes: communities set up (`founded`) or given up (`merged`: key → successor), and buildings moved
    (`moves`: building → community; `seen`: where it lay when it was moved)."""

    founded: tuple[Community, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[int, str] = field(default_factory=dict)
    seen: Mapping[int, str] = field(default_factory=dict)

    def communities(self, base: Base) -> dict[str, Community]:
        """All communities of the plan, today's first; those given up name their successor."""
        today = {key: replace(one, into=self.merged.get(key, "")) for key, one in base.communities.items()}
        return today | {one.key: one for one in self.founded}

    def staying(self, base: Base) -> dict[str, Community]:
        """The communities there are when the plan is carried out."""
        return {key: one for key, one in self.communities(base).items() if not one.into}

    def target(self, block: Block) -> str:
        """The community of a building under the plan."""
        moved = self.moves.get(block.id)
        if moved is not None:
            return moved
        return self.merged.get(block.community, block.community)

    def assignment(self, base: Base) -> dict[int, str]:
        """Every building's community under the plan."""
        return {block.id: self.target(block) for block in base.blocks.values()}

    def changes(self, base: Base) -> dict[int, str]:
        """The buildings whose community changes, and to which."""
        return {
            block.id: target
            for block in base.blocks.values()
            if (target := self.target(block)) != block.community
        }

    @property
    def is_empty(self) -> bool:
        return not (self.founded or self.merged or self.moves)

    # -- editing; every function returns another draft or refuses -------------------------------------------

    def move(self, base: Base, ids: Iterable[int], to: str) -> Draft:
        """Put buildings into a community. Back where they lie today takes the move back."""
        target = self._staying(base, to)
        wanted = [base.blocks[pk] for pk in dict.fromkeys(ids) if pk in base.blocks]
        if not wanted:
            raise Refused("请先选择要划转的楼栋。", field="pk")
        moves, seen = dict(self.moves), dict(self.seen)
        for block in wanted:
            if block.community == target.key:
                moves.pop(block.id, None)
                seen.pop(block.id, None)
            else:
                moves[block.id], seen[block.id] = target.key, block.community
        if moves == self.moves:
            raise Refused(f"所选楼栋已经在{target.name}。", field="to")
        return replace(self, moves=moves, seen=seen)

    def found(self, base: Base, name: str, code: str = "") -> tuple[Draft, str]:
        """Set up a community without buildings yet. Returns the draft and the new key."""
        taken = {one.key for one in self.founded}
        key = next(f"{NEW}{n}" for n in range(1, len(taken) + 2) if f"{NEW}{n}" not in taken)
        made = self._named(base, Community(key, name, code.strip()))
        return replace(self, founded=(*self.founded, made)), key

    def split(self, base: Base, ids: Iterable[int], name: str, code: str = "") -> Draft:
        """Set up a community out of these buildings."""
        made, key = self.found(base, name, code)
        return made.move(base, ids, key)

    def rename(self, base: Base, key: str, name: str, code: str) -> Draft:
        """Another name or proposed code for a community to be set up."""
        if key not in {one.key for one in self.founded}:
            raise Refused("只有方案中新设的社区可以在这里改名。", field="name")
        made = self._named(base, Community(key, name, code.strip()))
        return replace(self, founded=tuple(made if one.key == key else one for one in self.founded))

    def drop(self, key: str) -> Draft:
        """Do without a community to be set up; its buildings go back where they lie today."""
        moves = {pk: to for pk, to in self.moves.items() if to != key}
        return replace(
            self,
            founded=tuple(one for one in self.founded if one.key != key),
            merged={one: into for one, into in self.merged.items() if into != key},
            moves=moves,
            seen={pk: was for pk, was in self.seen.items() if pk in moves},
        )

    def merge(self, base: Base, key: str, into: str) -> Draft:
        """Give a community up; what is not moved elsewhere goes into another. Moves into it are taken along."""
        if key not in base.communities or key in self.merged:
            raise Refused("请选择要撤并的现有社区。", field="key")
        target = self._staying(base, into)
        if target.key == key:
            raise Refused("不能并入自己，请选择另一个社区。", field="into")
        merged = {one: target.key if to == key else to for one, to in self.merged.items()} | {key: target.key}
        moves = {pk: target.key if to == key else to for pk, to in self.moves.items()}
        return replace(self, merged=merged, moves=moves)

    def restore(self, key: str) -> Draft:
        """Keep a community that was to be given up."""
        return replace(self, merged={one: into for one, into in self.merged.items() if one != key})

    def _staying(self, base: Base, key: str) -> Community:
        found = self.staying(base).get(key)
        if found is None:
            raise Refused("请选择方案中保留或新设的社区。", field="to")
        return found

    def _named(self, base: Base, one: Community) -> Community:
        name = "".join(one.name.split())
        if not name:
            raise Refused("请填写新社区的名称，例如“新兴南社区”。", field="name")
        if len(name) > NAME_LONGEST:
            raise Refused(f"社区名称最多 {NAME_LONGEST} 个字。", field="name")
        others = [o for o in self.communities(base).values() if o.key != one.key]
        if any(name == o.name for o in others):
            raise Refused(f"本方案范围内已有“{name}”，请换一个名称。", field="name")
        if one.code:
            check_code(one.code)
            if any(one.code in (o.code, o.key) for o in others):
                raise Refused(f"代码 {one.code} 已有社区使用，请换一个。", field="code")
        return replace(one, name=name)

    # -- as JSON -----------------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """Plain data for the database."""
        return {
            "founded": [{"key": o.key, "name": o.name, "code": o.code} for o in self.founded],
            "merged": dict(self.merged),
            "moves": {str(pk): to for pk, to in self.moves.items()},
            "seen": {str(pk): was for pk, was in self.seen.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Draft:
        """Back from the database."""
        return cls(
            tuple(Community(**one) for one in data.get("founded", ())),
            dict(data.get("merged", {})),
            {int(pk): to for pk, to in data.get("moves", {}).items()},
            {int(pk): was for pk, was in data.get("seen", {}).items()},
        )


def check_code(code: str) -> None:
    """A proposed official code of a residents' committee: 12 digits, the last three 001–199 (GB/T 10114 practice).

    Raises Refused.
    """
    if not (code.isascii() and code.isdigit() and len(code) == 12):
        raise Refused("拟用代码是 12 位数字：街道代码 9 位加社区顺序码 3 位。", field="code")
    if not 1 <= int(code[9:]) <= 199:
        raise Refused("居委会的顺序码（最后三位）在 001 至 199 之间。", field="code")


def problems(draft: Draft, base: Base) -> list[Problem]:
    """Everything that speaks against carrying a draft out as it stands."""
    found: list[Problem] = []
    communities = draft.communities(base)
    staying = draft.staying(base)
    without = [block for block in base.blocks.values() if not block.community and block.id not in draft.moves]
    if without:
        named = "、".join(block.title for block in without[:3])
        found.append(Problem(f"有 {len(without)} 栋楼不属于任何现行社区：{named}。请划入一个社区。"))
    gone = [pk for pk in draft.moves if pk not in base.blocks]
    if gone:
        found.append(Problem(f"方案里有 {len(gone)} 栋楼已不在本范围，请用“按现状整理”去掉。"))
    drifted = [
        base.blocks[pk]
        for pk, was in draft.seen.items()
        if pk in base.blocks and base.blocks[pk].community != was
    ]
    if drifted:
        named = "、".join(block.title for block in drifted[:3])
        found.append(
            Problem(f"有 {len(drifted)} 栋楼在方案拟定后换了社区：{named}。请用“按现状整理”后再核对。")
        )
    for pk, to in draft.moves.items():
        if pk in base.blocks and to not in staying:
            found.append(Problem(f"{base.blocks[pk].title}要划入的社区已不在方案中，请重新划定。"))
    ended = [key for key in draft.merged if key not in base.communities]
    if ended:
        found.append(Problem(f"方案要撤销的社区里有 {len(ended)} 个已经不是现行社区，请用“按现状整理”去掉。"))
    for key, into in draft.merged.items():
        if key in base.communities and into not in staying:
            found.append(Problem(f"{communities[key].name}要并入的社区已不在方案中，请重新选择。"))
    count = Counter(draft.assignment(base).values())
    for key, one in staying.items():
        if not count[key] and (one.is_new or base.of(key)):
            found.append(Problem(f"{one.name}没有楼栋：请划入楼栋，或撤去这个社区。"))
    found += [
        Problem(f"{one.name}还没有拟用代码：执行时会按顺序自动编。", grave=False)
        for one in draft.founded
        if not one.code
    ]
    return found


def tidied(draft: Draft, base: Base) -> Draft:
    """The draft brought up to the base of today: moves of buildings that are gone or already there fall away."""
    staying = draft.staying(base)
    merged = {k: into for k, into in draft.merged.items() if k in base.communities and into in staying}
    kept = replace(draft, merged=merged)
    moves = {
        pk: to
        for pk, to in draft.moves.items()
        if pk in base.blocks and to in staying and base.blocks[pk].community != to
    }
    return replace(kept, moves=moves, seen={pk: base.blocks[pk].community for pk in moves})


@dataclass(frozen=True)
class Size:
    """How large a community is."""

    buildings: int = 0
    households: int = 0
    people: int = 0
    homes: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            self.buildings + other.buildings,
            self.households + other.households,
            self.people + other.people,
            self.homes + other.homes,
        )


def sizes(base: Base, assignment: Mapping[int, str]) -> dict[str, Size]:
    """The size of every community under an assignment."""
    found: dict[str, Size] = {}
    for pk, key in assignment.items():
        block = base.blocks[pk]
        found[key] = found.get(key, Size()) + Size(1, block.households, block.people, block.homes)
    return found


def cut_estates(base: Base, assignment: Mapping[int, str]) -> dict[int, set[str]]:
    """Estates that lie in more than one community under an assignment."""
    lie: dict[int, set[str]] = {}
    for pk, key in assignment.items():
        lie.setdefault(base.blocks[pk].estate, set()).add(key)
    return {estate: keys for estate, keys in lie.items() if len(keys) > 1}


def explain(draft: Draft, base: Base) -> list[str]:
    """A plan in words, one sentence for each thing it does: “东外小区 9 栋、412 户由东外社区划入川北东社区。”"""
    communities = draft.communities(base)

    def name(key: str) -> str:
        return communities[key].name if key in communities else key

    said = []
    for one in draft.founded:
        into = [base.blocks[pk] for pk, to in draft.changes(base).items() if to == one.key]
        households = sum(block.households for block in into)
        said.append(
            f"新设{one.name}{f'（拟用代码 {one.code}）' if one.code else ''}：{len(into)} 栋、{households:,} 户。"
        )
    for key, into_key in draft.merged.items():
        along = [b for b in base.of(key) if b.id not in draft.moves]
        households = sum(block.households for block in along)
        said.append(
            f"撤销{name(key)}，{len(along)} 栋、{households:,} 户并入{name(into_key)}。"
            if along
            else f"撤销{name(key)}，未落楼栋的记录并入{name(into_key)}。"
        )
    flows: dict[tuple[int, str, str], list[Block]] = {}
    for pk, to in draft.moves.items():
        block = base.blocks.get(pk)
        if block is not None:
            flows.setdefault((block.estate, block.community, to), []).append(block)
    for (estate, was, to), blocks in sorted(flows.items(), key=lambda one: (one[0][1], one[0][2], one[0][0])):
        whole = len(blocks) == sum(1 for b in base.blocks.values() if b.estate == estate)
        what = blocks[0].estate_name + ("" if whole else "（" + _names(blocks) + "）")
        households = sum(block.households for block in blocks)
        said.append(
            f"{what} {len(blocks)} 栋、{households:,} 户由{name(was) if was else '未定社区'}划入{name(to)}。"
        )
    return said


def _names(blocks: list[Block]) -> str:
    """1–3号楼、7号楼 as one would say it, at most a few."""
    ordered = sorted(blocks, key=lambda block: (block.position, block.id))
    names = [block.name for block in ordered]
    return "、".join(names) if len(names) <= 6 else "、".join(names[:5]) + f"等 {len(names)} 栋"
