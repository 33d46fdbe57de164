"""Long work of lists: writing a workbook, asked for or by schedule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.jobs.daily import daily
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.lists import rules, tables
from linli.lists.actions import EXPORT, TABLE, start_due, taking
from linli.lists.asking import Question
from linli.lists.rules import Definition
from linli.lists.sheets import about_table, write_list, write_table

MOST = 500_000


def people_paths(asked: Question, disclosed: Iterable[str]) -> list[str]:
    """Paths of the numbers of the people whose data the disclosed elements are: the row's own, the head's, the spouse's …"""
    found = {"id"} if asked.subject.key == "person" else set()
    for path in disclosed:
        steps = path.split(".")[:-1]
        for length in range(len(steps), 0, -1):
            _links, there = asked.words.follow(asked.subject.key, steps[:length])
            if there.key == "person":
                found.add(".".join([*steps[:length], "id"]))
                break
    return sorted(found)


@handler(EXPORT, title="导出名单")
def run_export(
    running: Running,
    *,
    definition: list[list[str]],
    name: str,
    purpose: str = "",
    unmask: bool = False,
) -> None:
    """Write the rows that the user may see and take away now. What is told in clear is recorded as a disclosure."""
    try:
        wanted = Definition.read(definition)
    except rules.BadDefinition as bad:
        raise RuleError(str(bad)) from None
    asked = Question(wanted, running.user)
    more = taking(asked, unmask=unmask)
    count = plan.total(asked.wish(*more), words=asked.words)
    if count > MOST:
        raise RuleError(
            _("名单有 %(n)s 行，一次最多导出 %(most)s 行，请加条件或分区域导出。")
            % {"n": f"{count:,}", "most": f"{MOST:,}"}
        )
    running.stage(_("写入表格"), count, unit=_("行"))
    hidden = [one.path for one in asked.columns if one.is_hidden] if unmask else []
    disclosed = [*hidden, *(key for key in asked.tells_sensitive if key not in hidden)]
    people = people_paths(asked, [path for path in disclosed if path not in asked.subject.conditions])
    shown_columns = len(asked.columns)
    wish = asked.wish(*more, elements=[*(one.path for one in asked.columns), *people])
    seen: set[int] = set()

    def rows() -> Iterator[tuple[int, list[Any]]]:
        for identity, values in plan.rows(wish, asked.words):
            seen.update(value for value in values[shown_columns:] if value is not None)
            yield identity, values[:shown_columns]

    def about(written: int) -> list[tuple[str, str]]:
        return [
            ("名单", name),
            ("条件", asked.said),
            ("截至日期", f"{asked.on:%Y-%m-%d}"),
            ("行数", f"{written:,}"),
            ("导出人", running.user.name),
            ("导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M}"),
            ("用途", purpose or "—"),
            ("号码", "完整" if hidden else "已隐去"),
        ]

    file = running.folder() / "list.xlsx"
    written = write_list(file, asked, rows(), about, running.progress, unmask=unmask)
    if disclosed and written:
        audit.disclose(
            acting_user=running.user,
            person_ids=sorted(seen),
            elements=[f"{asked.subject.key}.{key}" for key in disclosed],
            purpose=purpose,
            channel=Channel.EXPORT,
            region_code=wanted.region or _region_of(running.user),
        )
    running.finish(
        _("已导出 %(n)s 行。") % {"n": f"{written:,}"},
        file=file,
        name=f"{name}-{timezone.localdate():%Y%m%d}.xlsx",
    )


@handler(TABLE, title="生成统计表")
def run_table(running: Running, *, definition: list[list[str]], name: str) -> None:
    """Count as the user may see it now, and write the table."""
    try:
        wanted = Definition.read(definition)
    except rules.BadDefinition as bad:
        raise RuleError(str(bad)) from None
    asked = Question(wanted, running.user)
    running.stage(_("统计"), 1, unit=_("份"))
    counted = tables.count(asked)
    file = running.folder() / "table.xlsx"
    write_table(file, counted, about_table(asked, running.user))
    running.finish(
        _("已生成统计表，%(n)s 行，合计 %(total)s。")
        % {"n": f"{len(counted.lines):,}", "total": f"{counted.foot.total.value or 0:,}"},
        file=file,
        name=f"{name}-{timezone.localdate():%Y%m%d}.xlsx",
    )


@daily("lists.due")
def send_due(on: date) -> str:
    """Start the lists that are due, before offices open."""
    return _("开始生成 %(n)s 份定时名单。") % {"n": start_due(on)}


def _region_of(user: Any) -> str:
    post = getattr(user, "main_post", None)
    return str(post.region_code) if post else ""
