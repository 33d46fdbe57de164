"""What headings ask on a list of one group of people: that group's own facts first, and whom a word for a person means there."""

from __future__ import annotations

import re

from linli.kernel.textnorm import squash
from linli.ledgers.meaning.lexicon import Match
from linli.ledgers.meaning.neighbours import PERSONAL, Neighbours
from linli.ledgers.meaning.wording import NAMED_GROUP, SELVES, canonical
from linli.ledgers.sheet.layout import Layout

# Whom a list of aided households names first.
APPLICANT = frozenset(
    canonical(word) for word in ("申请人", "申请人姓名", "保障对象", "救助对象", "受助人", "享受人姓名")
)

# The money that a list of one group is about.
_MONEY = re.compile(
    r"(?:每?月|定期|抚恤|优待|保障|救助|补助|补贴|津贴|供养|扶助|享受|领取|发放)+(?:金额|金标准|金|标准)"
)

_OWN_CLASS = re.compile(r"(?:待遇|享受|扶助|保障|补助|补贴|服务|供养)(?:类[别型]|等级)")

SELF = re.compile(rf"^(?:{SELVES})(?:的)?(?=..)")


class OwnGroups(Neighbours):
    """The part of the matcher that knows of which group the list is."""

    layout: Layout

    def _own_group(self, leaf: str, own: list[Match]) -> list[Match]:
        """What another group asks by that name, and the list's own group as well: the list's own. 供养方式 of 特困 is its class."""
        about = [*self.population.conditions, *self.population.topics]
        groups = [c.removeprefix("in_") for c in about if c.startswith("in_")]
        if not groups or not own or own[0].path.partition("_")[0] in groups:
            return own
        subject = self.lexicon.subject
        others = [c.removeprefix("in_") for c in subject.conditions if c.startswith("in_")]
        if not any(own[0].path.startswith(f"{group}_") for group in others if group not in groups):
            return own
        same = self.lexicon.alike.get(canonical(leaf), [])
        for group in groups:
            for key in same:
                if key.startswith(f"{group}_"):
                    return [Match(key, 0.86, f"名单上的人都属这一类，指“{self.lexicon.label(key)}”")]
            classes = subject.elements.get(f"{group}_class")
            stem = re.sub(r"(?:方式|形式|类[别型]|情况)$", "", leaf)
            if (
                classes is not None
                and classes.codes is not None
                and len(stem) >= 2
                and all(stem in item.label for item in classes.codes)
            ):
                return [Match(classes.key, 0.86, f"“{classes.label}”各类都是“{stem}”的方式")]
        return own

    def _is_meant(self, word: str) -> bool:
        """Whether a word for a person can be the row's own here: 志愿者电话 on a list of the elderly is somebody else's."""
        word = word.removesuffix("的")
        if not NAMED_GROUP.fullmatch(word):
            return True
        conditions = self.lexicon.subject.conditions
        about = [conditions[c] for c in self.population.conditions if c in conditions]
        return word in squash(f"{self.layout.title}{self.layout.sheet}") or any(
            word[:2] in squash(name) for one in about for name in one.names
        )

    def _of_no_group(self, match: Match) -> bool:
        """Whether a reading goes by a group that the list is not of: 志愿者电话 is not the own phone of whoever is a volunteer."""
        steps = match.path.split(".")
        group = f"in_{steps[0]}"
        return (
            self.population.subject == "person"
            and len(steps) == 3
            and steps[1] == "person"
            and group in self.lexicon.subject.conditions
            and group not in self.population.conditions
        )

    def _self_said(self, leaf: str) -> list[Match]:
        """残疾人身份证号 on a list of disabled people is the row's own, not that of somebody linked to it."""
        match = SELF.match(leaf)
        if self.population.subject != "person":
            return []
        if match is not None and self._is_meant(match.group(0)):
            said = match.group(0)
        elif not (said := self._group_said(leaf)):
            return []
        bare = leaf.removeprefix(said)
        if canonical(bare) not in PERSONAL or (match is not None and self.lexicon.knows(leaf)):
            return []
        return [
            Match(m.path, 0.88, f"“{said}”就是这一行的人，{m.reason}")
            for m in self.lexicon.own(bare)
            if m.confidence > 0.9
        ][:1]

    def _group_said(self, leaf: str) -> str:
        """家属 of 家属姓名 on a list of 军人家属: the end of the group's name by which its people go."""
        conditions = self.lexicon.subject.conditions
        title = squash(f"{self.layout.title}{self.layout.sheet}")
        for key in self.population.conditions:
            for name in map(
                squash, conditions[key].names if key.startswith("in_") and key in conditions else ()
            ):
                for start in range(len(name) - 1):
                    if name in title and len(leaf) > len(name[start:]) and leaf.startswith(name[start:]):
                        return name[start:]
        return ""

    def _has_it(self, leaf: str) -> list[Match]:
        """是否享受高龄津贴, 是否留守: whether one is in the group so named; of several the one that belongs to the list's own."""
        match = re.fullmatch(r"是否(?:已|正在|在)?(?:享受|领取|纳入|属于|属|办理|参加)?(.{2,10})", leaf)
        if match is None or self.population.subject != "person":
            return []
        word = match.group(1)
        found = []
        for key, condition in self.lexicon.subject.conditions.items():
            names = [squash(name) for name in condition.names] if key.startswith("in_") else []
            if any(
                name.endswith(word) or name in (f"{word}儿童", f"{word}老人", f"{word}人员", f"{word}对象")
                for name in names
            ):
                found.append(key.removeprefix("in_"))
        own = [c.removeprefix("in_") for c in self.population.conditions if c.startswith("in_")]
        related = [one for one in found if any(one.startswith(f"{group}_") for group in own)]
        chosen = related if len(related) == 1 else found
        if len(chosen) != 1 or f"is_{chosen[0]}" not in self.lexicon.subject.elements:
            return []
        return [Match(f"is_{chosen[0]}", 0.85, f"指“{self.lexicon.label(f'is_{chosen[0]}')}”")]

    def _by_population(self, leaf: str) -> list[Match]:
        """On a list of 低保 people, 领取金额 is the amount of their 低保."""
        for condition in self.population.conditions:
            group = condition.removeprefix("in_")
            link = self.lexicon.subject.links.get(group)
            if link is None or not condition.startswith("in_"):
                continue
            if own := self.lexicon.own(squash(link.label) + leaf):
                return [
                    Match(
                        own[0].path, 0.86, f"名单限定为“{link.label}”，指“{self.lexicon.label(own[0].path)}”"
                    )
                ]
            there = self.lexicons.of(link.to)
            if (
                self.population.subject == "household"
                and canonical(leaf) in APPLICANT
                and "person" in there.subject.links
            ):
                return [
                    Match(f"{group}.person.name", 0.84, f"一户一行的“{link.label}”名单，指在册的保障对象")
                ]
            home = self.lexicon.subject.links.get("household")
            if home is not None:
                whole = self.lexicons.of("household")
                for name in link.names:
                    if kept := [m for m in whole.own(squash(name) + leaf) if m.confidence > 0.9]:
                        return [
                            Match(
                                f"household.{kept[0].path}",
                                0.84,
                                f"名单限定为“{link.label}”，指全户的“{whole.label(kept[0].path)}”",
                            )
                        ]
            money = f"{group}_amount"
            if money in self.lexicon.subject.elements and (
                _MONEY.fullmatch(leaf) or any(m.path == "amount" for m in there.own(leaf))
            ):
                return [
                    Match(money, 0.84, f"名单限定为“{link.label}”，指全户的“{self.lexicon.label(money)}”")
                ]
            if _MONEY.fullmatch(leaf) and "amount" in there.subject.elements:
                return [
                    Match(f"{group}.amount", 0.82, f"名单限定为“{link.label}”，指其“{there.label('amount')}”")
                ]
            for words in (leaf, *self._without(leaf, link.names)):
                found = [m for m in there.own(words) if words]
                if found:
                    return [
                        m.under(group, f"名单限定为“{link.label}”，指其“{there.label(m.path)}”")
                        for m in found
                    ]
            for field_key in (f"{group}_class", f"{group}_level"):
                element = self.lexicon.subject.elements.get(field_key)
                tail = "类别" if field_key.endswith("class") else "等级"
                if (
                    element is not None
                    and canonical(leaf).endswith(canonical(tail))
                    and (leaf[:2] in squash(link.label) or _OWN_CLASS.fullmatch(leaf))
                ):
                    return [Match(field_key, 0.85, f"名单限定为“{link.label}”")]
        return []

    @staticmethod
    def _without(leaf: str, names: tuple[str, ...]) -> list[str]:
        """A heading without the group's own words: 失业登记时间 → 登记时间, 登记证号 stays."""
        found = []
        for name in names:
            bare = re.sub(r"(?:人员|对象|家庭|户)$", "", squash(name))
            for words in (squash(name), bare):
                if len(words) >= 2 and words in leaf:
                    found.append(leaf.replace(words, ""))
        return [one for one in dict.fromkeys(found) if one]


__all__ = ["APPLICANT", "SELF", "OwnGroups"]
