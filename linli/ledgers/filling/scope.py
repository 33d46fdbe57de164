"""Whose rows a form may show: the user's scopes, the wish behind a population, and what forbids filling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.facts import plan, sight
from linli.facts.dictionary import Dictionary
from linli.facts.figures import Narrowing, narrowed
from linli.kernel.scope import Scope, within
from linli.ledgers.meaning.mapping import ELEMENT, Mapping
from linli.ledgers.recognition import Recognition


def permitted_scopes(user: Any, region_code: str) -> tuple[Scope, ...]:
    """Where in the region the user may fill forms. Raises RuleError when nowhere."""
    scopes = within(user.scopes(Permission.FILL_FORMS), region_code)
    if not scopes:
        raise RuleError("您没有为该区域填表的权限，请选择自己负责的社区。", field="region")
    return scopes


def wish_for(
    recognition: Recognition,
    mappings: Sequence[Mapping],
    words: Dictionary,
    scopes: Sequence[Scope],
    on: date,
) -> plan.Wish:
    """The one wish behind a roster or the people of a card."""
    population = recognition.population
    wish = plan.Wish(
        subject=population.subject,
        scopes=scopes,
        on=on,
        elements=list(dict.fromkeys(mapping.element for mapping in mappings)),
        conditions=tuple(population.conditions),
    )
    return narrowed(wish, [narrowing_of(path, codes) for path, codes in population.filters], words)


def narrowing_of(path: str, codes: Sequence[Any]) -> Narrowing:
    """By values; of days of birth by the first and the last, either of which may be open."""
    if path == "birth_date":
        low, high = codes
        return Narrowing(path, low=low or None, high=high or None)
    return Narrowing(path, tuple(codes))


def check_fillable(recognition: Recognition) -> None:
    """Raises RuleError, saying what to do, when the form cannot be filled as recognised."""
    if recognition.declined:
        raise RuleError(
            f"这张表涉及“{recognition.declined}”，系统按设计不收集这类信息，不代填；名单由{recognition.keeper}掌握，请向其索取。"
        )
    if recognition.why_not:
        raise RuleError(recognition.why_not)
    if recognition.kind == "aggregate":
        return
    if not recognition.subject:
        reason = (
            recognition.population.reasons[0] if recognition.population.reasons else "没有认出每行列的是什么"
        )
        raise RuleError(f"{reason}，不能自动填写。")
    if recognition.population.doubt and recognition.kind == "roster" and not recognition.given:
        raise RuleError(
            f"不能确定这张表要填哪些人或物（“{recognition.population.doubt}”），请先选择填报范围。",
            field="scope",
        )
    if not recognition.count(ELEMENT):
        raise RuleError("没有一列能从登记库填写，请先更正列的对应关系。")


def refuse_sensitive(recognition: Recognition, user: Any, scopes: Sequence[Scope], words: Dictionary) -> None:
    """Raises RuleError when the form lists a group that the user may not see there."""
    population = recognition.population
    asked = [path for path, _codes in population.filters]
    if sight.withheld(
        population.subject, user, scopes, paths=asked, conditions=population.conditions, words=words
    ):
        raise RuleError("这张表列的是敏感人群，您没有查看的权限，请由有权限的同事填写。")


def usable(
    mappings: Sequence[Mapping], subject: str, user: Any, scopes: Sequence[Scope], words: Dictionary
) -> tuple[list[Mapping], dict[int, str]]:
    """The mappings that may be read, and by position what keeps the others from the user."""
    used, hidden = [], {}
    for place, mapping in enumerate(mappings):
        if mapping.target != ELEMENT:
            continue
        found = sight.withheld(subject, user, scopes, paths=[mapping.element], words=words)
        if found:
            hidden[place] = found[0]
        else:
            used.append(mapping)
    return used, hidden
