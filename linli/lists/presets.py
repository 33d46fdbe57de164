"""Lists and tables that a neighbourhood asks for again and again, to begin from with one click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from linli.audit.recording import RuleError
from linli.lists.asking import Question
from linli.lists.rules import Definition


@dataclass(frozen=True)
class Preset:
    """A name and the pairs of its definition."""

    name: str
    pairs: tuple[tuple[str, str], ...]


def _of(name: str, subject: str, **pairs: str | tuple[str, ...]) -> Preset:
    listed = [("subject", subject)]
    for key, value in pairs.items():
        listed += [(key, one) for one in ((value,) if isinstance(value, str) else value)]
    return Preset(name, tuple(listed))


_PERSON = ("name", "sex", "age", "address", "phone")
PRESETS = (
    _of("80 岁以上独自居住的老人", "person", c=("aged_80", "lives_alone"), col=_PERSON, sort="-age"),
    _of(
        "低保或特困人员",
        "person",
        c="in_low_income|in_destitute",
        col=(*_PERSON, "household.number", "head.name"),
    ),
    _of(
        "居住证 60 天内到期",
        "person",
        f="permit_until,next_days,60",
        col=("name", "permit_until", "address", "phone"),
        sort="permit_until",
    ),
    _of(
        "没有登记手机号码的成年人",
        "person",
        f=("phone,empty", "age,between,18,"),
        col=("name", "age", "address"),
    ),
    _of(
        "出租房屋与房主",
        "home",
        c="let",
        col=("address", "residents", "owner_name", "owner_phone", "let_until"),
    ),
    _of("各社区人口年龄结构", "person", rows="region:community", across="band:age:age_usual"),
    _of("人口类型与年龄", "person", rows="band:age:age_usual", across="element:standing"),
    _of(
        "各社区各类人群",
        "person",
        rows="region:community",
        across="conditions:in_low_income|in_destitute|in_disabled",
    ),
    _of("各社区房屋使用情况", "home", rows="region:community", across="element:tenure"),
)


def offered(user: Any) -> list[dict[str, Any]]:
    """The presets that the user may use, lists and tables."""
    found = []
    for one in PRESETS:
        wanted = Definition.read(one.pairs)
        try:
            Question(wanted, user)
        except RuleError:
            continue
        page = "lists:table" if wanted.is_table else "lists:make"
        found.append(
            {"name": one.name, "url": f"{reverse(page)}?{wanted.query()}", "is_table": wanted.is_table}
        )
    return found
