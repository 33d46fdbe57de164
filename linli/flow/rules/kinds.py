"""A kind of case as one readable table: its states, the steps between them, who takes them, and until when.

Kinds are data. An edition that is published is frozen; a change makes the next edition, and cases go on under the edition they
began with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from linli.flow.rules.clocks import Limit


class Actor(StrEnum):
    """Who may take a step."""

    LEAD = "lead"
    MEMBER = "member"
    ORIGIN = "origin"
    COORDINATOR = "coordinator"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """As the table of a kind says it."""
        return {
            Actor.LEAD: "主办单位",
            Actor.MEMBER: "任一承办单位",
            Actor.ORIGIN: "发起单位",
            Actor.COORDINATOR: "统筹单位",
            Actor.SYSTEM: "系统",
        }[self]


class Gives(StrEnum):
    """To whom a step hands the case."""

    NOBODY = "nobody"
    KEEP = "keep"
    COORDINATOR = "coordinator"
    ORIGIN = "origin"
    CHOSEN = "chosen"

    @property
    def label(self) -> str:
        """As the table of a kind says it."""
        return {
            Gives.NOBODY: "不再派办",
            Gives.KEEP: "原承办单位",
            Gives.COORDINATOR: "统筹单位",
            Gives.ORIGIN: "发起单位",
            Gives.CHOSEN: "经办人选定的单位",
        }[self]


class KindProblem(ValueError):
    """The table of a kind does not hold together; `problems` are Chinese sentences."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True)
class State:
    """A state of a case. `limit` is the time it may last; in a `pauses` state the clock of the whole stands still; an `ends`
    state closes the case, with `outcome` the word for how."""

    key: str
    name: str
    limit: Limit | None = None
    task: str = ""
    pauses: bool = False
    ends: bool = False
    outcome: str = ""


@dataclass(frozen=True)
class Step:
    """A step from some states to another. `gives` says who holds the case after it; `reason` and `paper` whether it needs a
    reason, an attached paper; `waits` that all other units must be done first. `tone` is that of its button."""

    key: str
    name: str
    sources: tuple[str, ...]
    target: str
    by: tuple[Actor, ...]
    gives: Gives = Gives.KEEP
    reason: bool = False
    paper: bool = False
    waits: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Kind:
    """The whole table. The first state is where cases begin; `limit` is for the whole way. `prefix` begins the numbers.

    `thing` names what a community is asked when a case of the kind is given to it (see `rules.warrants`).
    """

    key: str
    name: str
    prefix: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    limit: Limit | None = None
    thing: str = "case"
    _by_key: dict[str, State] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_key.update({state.key: state for state in self.states})

    def state(self, key: str) -> State:
        """The state of that key; KeyError when the table has none."""
        return self._by_key[key]

    @property
    def first(self) -> State:
        """Where cases begin."""
        return self.states[0]

    def step(self, key: str) -> Step | None:
        """The step of that key."""
        return next((step for step in self.steps if step.key == key), None)

    @property
    def rows(self) -> list[tuple[State, list[tuple[Step, State]]]]:
        """The table to be read: each state with the steps out of it and where they lead."""
        return [
            (state, [(step, self.state(step.target)) for step in self.steps_from(state.key)])
            for state in self.states
        ]

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """The steps that lead out of a state, in the table's order."""
        return tuple(step for step in self.steps if state in step.sources)


def from_json(data: dict[str, Any]) -> Kind:
    """Read the table kept in an edition. Raises KindProblem."""
    try:
        kind = Kind(
            key=data["key"],
            name=data["name"],
            prefix=data["prefix"],
            limit=Limit.from_json(data.get("limit")),
            thing=data.get("thing", "case"),
            states=tuple(
                State(**{**one, "limit": Limit.from_json(one.get("limit"))}) for one in data["states"]
            ),
            steps=tuple(
                Step(
                    **{
                        **one,
                        "sources": tuple(one["sources"]),
                        "by": tuple(Actor(who) for who in one["by"]),
                        "gives": Gives(one.get("gives", "keep")),
                    }
                )
                for one in data["steps"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise KindProblem([f"流程表不完整：{error}"]) from error
    check(kind)
    return kind


def to_json(kind: Kind) -> dict[str, Any]:
    """As `from_json` reads it."""
    return {
        "key": kind.key,
        "name": kind.name,
        "prefix": kind.prefix,
        "thing": kind.thing,
        "limit": kind.limit.to_json() if kind.limit else None,
        "states": [
            {
                "key": one.key,
                "name": one.name,
                "task": one.task,
                "limit": one.limit.to_json() if one.limit else None,
                "pauses": one.pauses,
                "ends": one.ends,
                "outcome": one.outcome,
            }
            for one in kind.states
        ],
        "steps": [
            {
                "key": one.key,
                "name": one.name,
                "sources": list(one.sources),
                "target": one.target,
                "by": [str(who) for who in one.by],
                "gives": str(one.gives),
                "reason": one.reason,
                "paper": one.paper,
                "waits": one.waits,
                "tone": one.tone,
            }
            for one in kind.steps
        ],
    }


def check(kind: Kind) -> None:
    """Whether the table holds together: every state can be reached and left, names are single, ends end.

    Raises KindProblem with all that is wrong.
    """
    problems = []
    keys = [state.key for state in kind.states]
    if not kind.states:
        raise KindProblem(["流程至少要有一个状态。"])
    if len(set(keys)) != len(keys):
        problems.append("状态的标识有重复。")
    if len({step.key for step in kind.steps}) != len(kind.steps):
        problems.append("步骤的标识有重复。")
    known = set(keys)
    for step in kind.steps:
        for key in (*step.sources, step.target):
            if key not in known:
                problems.append(f"步骤“{step.name}”指向没有的状态“{key}”。")
        if not step.sources or not step.by:
            problems.append(f"步骤“{step.name}”没有写从哪里来、由谁办。")
        for key in step.sources:
            if key in known and kind.state(key).ends and step.key != "reopen":
                problems.append(f"步骤“{step.name}”从已办结的状态出发；只有“重新办理”可以。")
    if problems:
        raise KindProblem(problems)
    reached = {kind.first.key}
    while more := {
        step.target for step in kind.steps if set(step.sources) & reached and step.target not in reached
    }:
        reached |= more
    for state in kind.states:
        if state.key not in reached:
            problems.append(f"状态“{state.name}”到不了。")
        if not state.ends and not kind.steps_from(state.key):
            problems.append(f"状态“{state.name}”走不出去。")
        if state.ends and not state.outcome:
            problems.append(f"办结状态“{state.name}”没有写结果。")
    if not any(state.ends for state in kind.states):
        problems.append("流程没有办结的状态。")
    if problems:
        raise KindProblem(problems)


def changes(old: Kind, new: Kind) -> list[str]:
    """What a new edition changes, as sentences."""
    said = []
    if old.limit != new.limit:
        said.append(f"全程期限：{old.limit or '不限'} → {new.limit or '不限'}")
    before, after = {s.key: s for s in old.states}, {s.key: s for s in new.states}
    for key in before.keys() | after.keys():
        one, other = before.get(key), after.get(key)
        if one is None and other is not None:
            said.append(f"增加状态“{other.name}”")
        elif other is None and one is not None:
            said.append(f"取消状态“{one.name}”")
        elif one is not None and other is not None and one.limit != other.limit:
            said.append(f"“{other.name}”期限：{one.limit or '不限'} → {other.limit or '不限'}")
    steps_before, steps_after = {s.key: s for s in old.steps}, {s.key: s for s in new.steps}
    said += [f"增加步骤“{steps_after[key].name}”" for key in steps_after.keys() - steps_before.keys()]
    said += [f"取消步骤“{steps_before[key].name}”" for key in steps_before.keys() - steps_after.keys()]
    said += [
        f"步骤“{steps_after[key].name}”有修改"
        for key in steps_after.keys() & steps_before.keys()
        if steps_after[key] != steps_before[key]
    ]
    return sorted(said)
