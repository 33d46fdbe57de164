"""`linli forms measure FOLDER [--expect DIR]`: how much of a folder of forms is filled right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from linli.audit.recording import RuleError
from linli.facts.dictionary import dictionary
from linli.kernel.textnorm import squash
from linli.ledgers.measuring.comparing import OTHER_NAMES
from linli.ledgers.measuring.expectations import find
from linli.ledgers.measuring.forms import FormResult, measure_form
from linli.ledgers.measuring.made_up import build
from linli.ledgers.measuring.outcomes import (
    ASKED,
    BLANK,
    DECLINED,
    HELD,
    LEFT_OUT,
    NO_VALUE,
    NOT_HELD,
    RIGHT,
    TOLD,
    UNTESTED,
    WRONG,
    tally,
)

Say = Callable[[str], None]
LABELS = {
    RIGHT: "对",
    WRONG: "错",
    BLANK: "应填未填",
    ASKED: "待确认",
    DECLINED: "不代填",
    UNTESTED: "无数据可比",
}


def measure(folder: Path, expect: Path | None = None, *, only: tuple[str, ...] = ()) -> list[FormResult]:
    """Measure every workbook of a folder of which something is expected. Nothing stays in the database."""
    found: list[FormResult] = []
    with transaction.atomic():
        build()
        words = dictionary.refresh()
        OTHER_NAMES.update(
            (squash(c.label), list(c.also))
            for c in words.subject("person").conditions.values()
            if c.key.startswith("in_")
        )
        for path in sorted(folder.glob("*.xlsx")):
            if path.name.startswith("~") or (only and not any(path.stem.startswith(one) for one in only)):
                continue
            expected = find(path, expect)
            if expected is not None:
                found.append(measure_form(path, expected, words))
        transaction.set_rollback(True)
    dictionary.refresh()
    return found


def measure_command(
    folder: Path,
    expect: Path | None = None,
    *,
    only: tuple[str, ...] = (),
    details: bool = False,
    say: Say = print,
) -> int:
    """Measure and print: per form and over all how many blanks are right, wrong, blank though answerable, asked."""
    if not folder.is_dir():
        say(f"没有“{folder}”这个文件夹，请检查路径。")
        return 1
    try:
        results = measure(folder, expect, only=only)
    except RuleError as problem:
        say(str(problem))
        return 1
    if not results:
        say("这个文件夹里没有带说明（expect）的表格。")
        return 1
    say("表　　对　错　应填未填　待确认　｜　库里没有：留空　误填　误问　｜　不代填　无数据可比　识别用时")
    for result in results:
        counted = tally(result.blanks)
        held = "　".join(f"{counted[HELD, one]:>4}" for one in TOLD)
        free = "　".join(f"{n:>4}" for n in _not_held(counted))
        rest = "　".join(
            f"{sum(n for (kind, _o), n in counted.items() if kind == one):>4}" for one in (LEFT_OUT, NO_VALUE)
        )
        tail = f"　{result.seconds:.2f} 秒" + (f"　{result.problem}" if result.problem else "")
        if result.rows[0] != result.rows[1]:
            tail += f"　应有 {result.rows[0]} 行，填了 {result.rows[1]} 行"
        say(f"{result.name}　{held}　｜　{free}　｜　{rest}{tail}")
        if details:
            for one in result.blanks:
                if one.outcome in (WRONG, BLANK, ASKED):
                    cells = "，".join(f"{LABELS[k]} {n}" for k, n in one.cells.items())
                    say(
                        f"    {one.place:<4} {one.label}　[{one.answerable}] {LABELS[one.outcome]}　{cells}　{one.note}"
                    )
    summary(results, say)
    return 0


def summary(results: list[FormResult], say: Say) -> None:
    """The shares over all forms, by what the descriptions say is answerable. The share that counts is that of the blanks whose
    facts the registry holds; the others, where staying blank is all that can be right, are told apart and never counted in."""
    for may, name in (
        ("yes", "能答的空（yes）"),
        ("partly", "部分能答（partly）"),
        ("no", "不能答（no）"),
        ("", "全部"),
    ):
        blanks = [b for r in results for b in r.blanks if not may or b.answerable == may]
        if blanks:
            _summary(name, tally(blanks), len(blanks), say)


def _not_held(counted: Counter[tuple[str, str]]) -> tuple[int, int, int]:
    """Of the blanks that the registry does not hold: left blank, filled all the same, asked."""
    wrong, asked = counted[NOT_HELD, WRONG], counted[NOT_HELD, ASKED]
    return sum(n for (kind, _o), n in counted.items() if kind == NOT_HELD) - wrong - asked, wrong, asked


def _summary(name: str, counted: Counter[tuple[str, str]], number: int, say: Say) -> None:
    tested = sum(counted[HELD, one] for one in TOLD)
    say(
        f"{name}：{number} 空，登记库里有而且比过的 {tested} 空"
        + (f"：{'，'.join(_share(one, counted[HELD, one], tested) for one in TOLD)}" if tested else "")
    )
    left, wrong, asked = _not_held(counted)
    if left or wrong or asked:
        say(
            f"　　登记库里没有的（或本来不该填的）{left + wrong + asked} 空，不算在内：留空 {left}，误填 {wrong}，误问 {asked}"
        )
    if untested := sum(n for (kind, _o), n in counted.items() if kind == NO_VALUE):
        say(f"　　登记库里有、但编造的街里没有值可比的 {untested} 空，不算在内")
    if declined := sum(n for (kind, _o), n in counted.items() if kind == LEFT_OUT):
        say(f"　　按设计不登记的 {declined} 空，不算在内：误填 {counted[LEFT_OUT, WRONG]}")


def _share(outcome: str, number: int, tested: int) -> str:
    return f"{LABELS[outcome]} {number}（{number / tested:.1%}）"
