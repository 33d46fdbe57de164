"""What a bare 联系电话 or 邮编 belongs to: the columns before it decide."""

from __future__ import annotations

from linli.kernel.textnorm import squash
from linli.ledgers.meaning.lexicon import Lexicon, Lexicons, Match, expand
from linli.ledgers.meaning.mapping import ASKED, ELEMENT, Mapping
from linli.ledgers.meaning.population import Population
from linli.ledgers.meaning.wording import canonical, names_other_person, wording
from linli.ledgers.sheet.layout import Column

# Bare headings that belong to whoever was named just before.
PERSONAL = frozenset(
    canonical(word)
    for word in (
        "姓名",
        "性别",
        "联系电话",
        "手机号码",
        "联系手机",
        "身份证号",
        "证件号码",
        "证件类型",
        "年龄",
        "出生日期",
        "民族",
        "职业",
        "工作单位",
        "文化程度",
        "政治面貌",
        "地址",
        "家庭住址",
        "联系地址",
        "住址",
        "邮编",
        "固定电话",
        "婚姻状况",
        "健康状况",
    )
)
CONTACTS = frozenset(
    canonical(word)
    for word in ("联系电话", "手机号码", "证件号码", "身份证号", "家庭住址", "地址", "联系地址", "邮编")
)
VAGUE = frozenset(
    canonical(word)
    for word in (
        "省",
        "市",
        "区县",
        "县",
        "区",
        "街道",
        "社区",
        "名称",
        "时间",
        "日期",
        "编号",
        "类别",
        "类型",
        "等级",
        "金额",
        "人数",
        "地址",
        "单位",
        "其他",
        "情况",
        "数量",
        "面积",
        "电话",
        "姓名",
        "级别",
    )
)


class Neighbours:
    """Walks along with the columns and remembers whose part of the row it is in.

    `role` is the path of the link whose person was named just before, `stranger` the heading that named somebody the
    base does not know, `role_words` the words by which the person named goes (房东, 出租人).
    """

    def __init__(self, lexicons: Lexicons, population: Population) -> None:
        self.lexicons = lexicons
        self.population = population
        self.lexicon: Lexicon = lexicons.of(population.subject)
        self.used: dict[str, int] = {}
        self.role = ""
        self.stranger = ""
        self.role_words: tuple[str, ...] = ()
        self.named_self = False
        self.previous: Mapping | None = None
        self.bridged = False

    def _move_on(self, mapping: Mapping) -> None:
        """Go to the next column. 紧急联系人, 与本人关系, 联系电话: the relation is passed over, the phone is still theirs."""
        before = self.previous
        label = canonical(mapping.path[-1]) if mapping.path else ""
        self.bridged = (
            before is not None
            and before.element.endswith("_name")
            and (mapping.target != ELEMENT or mapping.element == "guardian_relation")
            and not before.element.startswith("guardian")
            and label.startswith("与")
            and label.endswith("关系")
        )
        if not self.bridged:
            self.previous = mapping

    def _sibling(self, leaf: str, own: list[Match]) -> list[Match]:
        """紧急联系人, then once more 联系电话: theirs, where the dictionary has the name and the phone side by side."""
        before = self.previous
        if before is None or not before.element.endswith("_name") or self.role or not own:
            return []
        if own[0].path not in self.used and not self.bridged:
            return []
        path = before.element.removesuffix("name") + own[0].path
        if "." in path or path not in self.lexicon.subject.elements:
            return []
        return [Match(path, 0.86, f"紧跟在“{before.label}”之后，指“{self.lexicon.label(path)}”")]

    def _by_neighbour(self, leaf: str, own: list[Match]) -> list[Match]:
        if found := self._sibling(leaf, own):
            return found
        plain = canonical(leaf)
        if plain == canonical("邮编") and self.previous is not None:
            return self._postcode(own)
        if not own and self.role and plain in PERSONAL and self.population.subject == "household":
            _links, subject = self.lexicons.words.follow(self.population.subject, self.role.split("."))
            there = self.lexicons.of(subject.key)
            return [m.under(self.role, f"指前面那位的“{there.label(m.path)}”") for m in there.own(leaf)][:1]
        if (
            not own
            and plain in PERSONAL
            and self.population.subject == "household"
            and "head.name" in self.used
            and not self.stranger
        ):
            there = self.lexicons.of("person")
            return [
                Match(f"head.{m.path}", 0.8, f"一户一行的表，“{leaf}”指户主的“{there.label(m.path)}”")
                for m in there.own(leaf)
                if m.confidence > 0.9
            ][:1]
        if plain not in PERSONAL or not own:
            return own
        if self.stranger and self.named_self and plain in CONTACTS:
            return [Match(m.path, 0.5, f"紧跟在“{self.stranger}”之后，可能是其信息，请确认") for m in own]
        taken = own[0].path in self.used
        if self.role and self.named_self and (taken or (plain in CONTACTS and self._contact_role())):
            links, subject = self.lexicons.words.follow(self.population.subject, self.role.split("."))
            there = self.lexicons.of(subject.key)
            found = there.own(leaf)
            label = links[-1].label if links else self.role
            sure = 0.86 if taken else 0.76
            if found:
                why = f"紧跟在{label}之后" + ("，本人的同名栏前面已有" if taken else "")
                return [m.under(self.role, f"{why}，指{label}的“{there.label(m.path)}”") for m in found][
                    :1
                ] and [
                    Match(
                        f"{self.role}.{found[0].path}",
                        sure,
                        f"{why}，指{label}的“{there.label(found[0].path)}”",
                    )
                ]
            return []
        return own

    def _by_named_role(self, leaf: str) -> list[Match]:
        """After 房东姓名, a bare 身份证号码 is the landlord's: sought as 房东 + 身份证号码."""
        if canonical(leaf) not in PERSONAL:
            return []
        for stem in self.role_words:
            found = self.lexicon.own(stem + leaf)
            if found:
                why = f"紧跟在“{stem}”之后，指{self.lexicon.label(found[0].path)}"
                return [Match(found[0].path, min(found[0].confidence, 0.86), why)]
        return []

    def _by_place(self, leaf: str) -> list[Match]:
        """What the building, the estate or the household of the row knows by that very name."""
        if canonical(leaf) in VAGUE or canonical(leaf) in PERSONAL:
            return []
        for link in self.lexicon.subject.links.values():
            if link.to not in ("building", "estate", "home", "household"):
                continue
            there = self.lexicons.of(link.to)
            keys = there.exact.get(squash(leaf), [])
            if len(keys) == 1 and keys[0] in self.lexicon.subject.elements:
                # The row knows the same of itself: 常住人数 of a home, not of its building.
                label = self.lexicon.label(keys[0])
                return [Match(keys[0], 0.84, f"指“{label}”")]
            if len(keys) == 1 and keys[0] not in ("name", "number", "kind", "use"):
                label = there.label(keys[0])
                return [Match(f"{link.key}.{keys[0]}", 0.84, f"取{link.label}的“{label}”")]
        return []

    def _by_holder(self, leaf: str) -> list[Match]:
        """性别 or 年龄 on a list of posts: of the person who holds the post."""
        link = self.lexicon.subject.links.get("person")
        if self.population.subject not in ("network_post", "position") or link is None:
            return []
        return [
            Match(f"person.{m.path}", 0.84, f"任职人的“{self.lexicons.of('person').label(m.path)}”")
            for m in self.lexicons.of("person").own(leaf)
            if m.confidence > 0.9
        ][:1]

    def _contact_role(self) -> bool:
        return self.role.split(".")[-1] in ("guardian", "father", "mother")

    def _postcode(self, own: list[Match]) -> list[Match]:
        """邮编 belongs to the address before it."""
        before = self.previous
        if before is None or before.target != ELEMENT or not before.element:
            if before is not None and self.lexicon.speaks_of(before.path[-1]) is not None:
                return []
            return own
        full = expand(self.lexicons.words, self.population.subject, before.element)
        steps = full.split(".")[:-1]
        while steps:
            _links, there = self.lexicons.words.follow(self.population.subject, steps)
            if "postcode" in there.elements:
                path = ".".join([*steps, "postcode"])
                return [Match(path, 0.92, f"紧跟在“{before.label}”之后，指该地址的邮编")]
            steps = steps[:-1]
        return own

    def _somebody_else(self, leaf: str, note: str) -> bool:
        return names_other_person(leaf) or bool(note and names_other_person(note))

    def _remember(self, mapping: Mapping, column: Column) -> None:
        leaf, _note = wording(column.leaf)
        self._remember_words(mapping, leaf)
        if mapping.target == ELEMENT:
            self.used.setdefault(mapping.element, mapping.column)
            if mapping.element == "name":
                self.named_self = True
                self.role = self.stranger = ""
                return
            full = expand(self.lexicons.words, self.population.subject, mapping.element)
            steps = full.split(".")
            links = self.lexicon.subject.links
            if len(steps) >= 2 and steps[-1] == "name":
                role = ".".join(steps[:-1])
                _links, there = self.lexicons.words.follow(self.population.subject, steps[:-1])
                if {"phone", "id_number"} & set(there.elements) and steps[0] in links:
                    self.role, self.stranger = role, ""
                    return
            stem = self.role.split(".")[0]
            if self.role and (full.startswith((f"{stem}.", f"{stem}_")) or canonical(leaf) in PERSONAL):
                return
            if self.role and mapping.element.startswith((f"{stem}.", f"{stem}_")):
                return
        elif (
            (link := self.lexicon.speaks_of(leaf)) is not None and self.role.split(".")[-1] == link.key
        ) or (self.role and canonical(leaf).startswith("与") and "关系" in leaf):
            return
        if names_other_person(leaf) and mapping.target != ELEMENT:
            self.role, self.stranger = "", " ".join(column.leaf.split())
            return
        if self.stranger and mapping.target in (ASKED, ELEMENT) and canonical(leaf) in PERSONAL:
            return
        self.role = self.stranger = ""

    def _remember_words(self, mapping: Mapping, leaf: str) -> None:
        """The words of a named person while their columns run: from an element such as 房主姓名."""
        if mapping.target == ELEMENT and mapping.element.endswith("_name") and "." not in mapping.element:
            names = self.lexicon.subject.elements[mapping.element].names
            stems = [squash(name).removesuffix("姓名") for name in (leaf, *names)]
            self.role_words = tuple(dict.fromkeys(stem for stem in stems if stem))
        elif canonical(leaf) not in PERSONAL and not any(leaf.startswith(word) for word in self.role_words):
            keep = mapping.target == ELEMENT and mapping.element.partition("_")[0] in ("address", "owner")
            if not keep and "地址" not in leaf:
                self.role_words = ()
