"""Wording: a template with places in braces, filled from what is recorded; what it needs, and what stands in its way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

_PLACE: Final = re.compile(r"\{([^{}]*)\}")

# The places that the base fills. What else stands in braces is asked at the counter.
FACTS: Final = (
    "姓名",
    "性别",
    "出生日期",
    "证件类型",
    "证件号码",
    "现住址",
    "入住日期",
    "户籍地址",
    "登记地址",
    "户号",
    "与户主关系",
    "同住人员",
    "社区",
    "截止日期",
)
CONDITIONS: Final = {
    "alive": "本人健在",
    "lives_here": "现在居住在本社区",
    "belongs_here": "居住或户籍在本社区",
    "hukou_here": "户籍在本社区",
    "hukou_elsewhere": "人户分离（户籍不在现住址）",
    "in_household": "在本社区登记了所在的户",
    "of_age": "年满 18 周岁",
}
ASKERS: Final = {
    "self": "本人",
    "guardian": "监护人",
    "family": "同住家庭成员",
    "agent": "受委托人",
}


@dataclass(frozen=True)
class Fact:
    """One place of a wording as the base has it. `text` "" is missing; `fix` names the page of the registry where it is put right
    (a URL name), `why` says what is missing in words."""

    key: str
    text: str
    fix: str = ""
    why: str = ""

    @property
    def missing(self) -> bool:
        """Whether the base does not know it."""
        return not self.text


@dataclass(frozen=True)
class Obstacle:
    """Why a certificate cannot be issued as things are recorded; `fix` as in `Fact`."""

    text: str
    fix: str = ""


def places(template: str) -> list[str]:
    """The names in braces, in order, each once."""
    return list(dict.fromkeys(name.strip() for name in _PLACE.findall(template)))


def problems(template: str, inputs: Collection[str]) -> list[str]:
    """What is wrong with a template, in words; none when it can be published."""
    found = []
    if not template.strip():
        return ["请填写证明的正文。"]
    if template.count("{") != template.count("}") or "{" in _PLACE.sub("", template):
        found.append("正文里的花括号没有成对，请检查。")
    unknown = [name for name in places(template) if name not in FACTS and name not in inputs]
    if unknown:
        found.append(
            f"正文里的“{'、'.join(unknown)}”既不是底数里有的，也没有列在“窗口询问项”里，请改正或补上询问项。"
        )
    unused = [name for name in inputs if name not in places(template)]
    if unused:
        found.append(f"窗口询问项“{'、'.join(unused)}”没有用在正文里，请删掉或写进正文。")
    clash = [name for name in inputs if name in FACTS]
    if clash:
        found.append(f"“{'、'.join(clash)}”由底数带出，不能列为询问项。")
    return found


def fill(template: str, facts: Mapping[str, Fact], inputs: Mapping[str, str]) -> str:
    """The body of the certificate.

    Raises KeyError for a place that is neither known nor answered: callers ask `obstacles` first.
    """

    def one(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        text = inputs[name] if name in inputs else facts[name].text
        if not text:
            raise KeyError(name)
        return text

    return _PLACE.sub(one, template)


def obstacles(
    template: str,
    conditions: Iterable[str],
    facts: Mapping[str, Fact],
    holds: Mapping[str, bool],
    fixes: Mapping[str, str],
) -> list[Obstacle]:
    """Everything that stands in the way: conditions that do not hold, then facts that are not recorded."""
    found = [
        Obstacle(f"按登记的情况，不符合“{CONDITIONS[key]}”。", fixes.get(key, ""))
        for key in conditions
        if not holds.get(key, False)
    ]
    for name in places(template):
        fact = facts.get(name)
        if fact is not None and fact.missing:
            found.append(Obstacle(fact.why or f"没有登记{name}。", fact.fix))
    return found


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a paper, 特此证明 at the end where the wording has no ending of its own (特此推荐)."""
    found = [part.strip() for part in body.splitlines() if part.strip()]
    if found and not found[-1].startswith("特此"):
        found.append("特此证明。")
    return found


def chinese_day(day: date) -> str:
    """2026年11月26日."""
    return f"{day.year}年{day.month}月{day.day}日"
