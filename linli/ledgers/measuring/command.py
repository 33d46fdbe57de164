"""`linli forms measure FOLDER [--expect DIR]`: how much of a folder of forms is filled right."""

from __future__ import annotations

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
from linli.ledgers.measuring.outcomes import ASKED, BLANK, DECLINED, OUTCOMES, RIGHT, UNTESTED, WRONG

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
    say("表　　" + "　".join(LABELS[one] for one in OUTCOMES) + "　识别用时")
    for result in results:
        counts = "　".join(f"{result.count(one):>4}" for one in OUTCOMES)
        tail = f"　{result.seconds:.2f} 秒" + (f"　{result.problem}" if result.problem else "")
        if result.rows[0] != result.rows[1]:
            tail += f"　应有 {result.rows[0]} 行，填了 {result.rows[1]} 行"
        say(f"{result.name}　{counts}{tail}")
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
    """The shares over all forms, by what the descriptions say is answerable."""
    for may, name in (
        ("yes", "能答的空（yes）"),
        ("partly", "部分能答（partly）"),
        ("no", "不能答（no）"),
        ("", "全部"),
    ):
        blanks = [b for r in results for b in r.blanks if not may or b.answerable == may]
        if not blanks:
            continue
        say(
            f"{name}：{len(blanks)} 空，"
            + "，".join(f"{LABELS[one]} {sum(1 for b in blanks if b.outcome == one)}" for one in OUTCOMES)
        )
        known = [b for b in blanks if b.known]
        if known and may:
            good = sum(1 for b in known if b.outcome in (RIGHT, DECLINED))
            bad = sum(1 for b in known if b.outcome == WRONG)
            tested = sum(1 for b in known if b.outcome != UNTESTED)
            say(
                f"　　其中字典里有的 {len(known)} 空（可比 {tested}）：对 {good / max(tested, 1):.1%}，"
                f"错 {bad / max(tested, 1):.1%}"
            )
