"""Rows of a roster added and left out on the page: of people whom the base holds, with the reason where its conditions say otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils import timezone

from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError, action
from linli.collecting import keeping, rules
from linli.collecting.actions.answering import open_to
from linli.collecting.actions.cells import called, keep_grids, list_of, trace
from linli.collecting.models import FormPart
from linli.collecting.rules import Difference, Grid, GridRow
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import picture
from linli.ledgers.filling.looking import look
from linli.ledgers.recognition import ROSTER, Recognition
from linli.registry.people.models import Person
from linli.registry.people.sealing import id_columns


def _rostered(acting_user: Any, part: FormPart, which: int) -> tuple[FormPart, Recognition, list[Grid]]:
    kept = open_to(acting_user, part.pk)
    listed = list_of(kept, which)
    if listed.kind != ROSTER or not kept.grid:
        raise RuleError("只有填好的花名册能加行、删行。")
    return kept, listed, keeping.grids_of(kept)


def _person(acting_user: Any, community: str, who: str) -> Person:
    """The one of the community who is called so, or has the number."""
    said = "".join(who.split())
    if not said:
        raise RuleError("请写姓名或身份证号。", field="who")
    rows = Person.objects.permitted(acting_user, Permission.VIEW_PEOPLE).in_region(community)
    digest = id_columns(said.upper())["id_digest"] if len(said) in (15, 18) else None
    found = list((rows.filter(id_digest=digest) if digest else rows.filter(name=said)).order_by("pk")[:2])
    if not found:
        raise RuleError(
            "登记库里本社区没有这个人。请先在“居民”里登记，再回来加；登记库里有了，别的表也就有了。",
            field="who",
        )
    if len(found) > 1:
        raise RuleError("本社区有几个人叫这个名字，请写身份证号。", field="who")
    return found[0]


def add_row(*, acting_user: Any, part: FormPart, who: str, why: str = "", which: int = 0) -> FormPart:
    """Add somebody of the community to a roster (list `which` of the form): filled from the base like the others. Whoever does not meet
    its conditions is only added with the reason, which the head reads before signing.

    Raises RuleError (fields who, why) for people whom the base does not hold, who are on it, or whose reason is missing.
    """
    with action(acting_user, "collecting.add_row", reason=why.strip()) as act:
        kept, listed, grids = _rostered(acting_user, part, which)
        task, grid = kept.task, grids[which]
        if listed.subject != "person":
            raise RuleError(
                "这张表登记的不是人。少了的，请先在登记库里登记，再请要表单位收回后重新下发。", field="who"
            )
        person = _person(acting_user, kept.region_code, who)
        if person.pk in grid.ids:
            raise RuleError(f"{person.name}已经在表里了。", field="who")
        cells = cells_of(kept, listed, person.pk, acting_user)
        if cells is None:
            if not why.strip():
                raise RuleError(
                    f"{person.name}在登记库里不符合“{listed.population_label}”。登记错了的，请先改登记库；"
                    "确实要列的，写明原因。",
                    field="why",
                )
            cells = cells_of(kept, anybody(listed), person.pk, acting_user)
        if cells is None:
            raise RuleError(f"{person.name}在 {task.on:%Y-%m-%d} 不在本社区，不能列在这张表里。", field="who")
        grid.rows.append(GridRow(0, person.pk, cells, why=why.strip()))
        _rewrite(grid)
        keep_grids(kept, grids)
        trace(
            kept,
            acting_user.pk,
            [Difference(len(grid.rows), person.name, "", "", why.strip(), "added")],
            "page",
            which,
        )
        audit.disclose(
            acting_user=acting_user,
            person_ids=[person.pk],
            elements=task.told_elements,
            purpose=f"填报：{task.title}（{task.asker}）",
            channel=Channel.FORM,
            region_code=kept.region_code,
        )
        act.record(kept, f"在《{task.title}》里加一行", record=person.pk, listed=which)
    return kept


def remove_row(*, acting_user: Any, part: FormPart, row: int, why: str, which: int = 0) -> FormPart:
    """Leave a row out of a roster (list `which` of the form). Raises RuleError (field why) without a reason."""
    if not why.strip():
        raise RuleError("请写明为什么删，例如“10 月已去世”“不住在这里了”。", field="why")
    with action(acting_user, "collecting.remove_row", reason=why.strip()) as act:
        kept, listed, grids = _rostered(acting_user, part, which)
        grid = grids[which]
        if not 0 <= row < len(grid.rows):
            raise RuleError("没有这一行，请刷新页面后再试。")
        name, gone = called(grid, row, listed), grid.rows[row]
        del grid.rows[row]
        _rewrite(grid)
        keep_grids(kept, grids)
        trace(
            kept, acting_user.pk, [Difference(row + 1, name, "", why.strip(), "", "removed")], "page", which
        )
        act.record(kept, f"在《{kept.task.title}》里删一行", record=gone.id, listed=which)
    return kept


def _rewrite(grid: Grid) -> None:
    """From now on the workbook is written anew from the cells."""
    grid.is_rewritten = True
    grid.edits = {}


def anybody(recognition: Recognition) -> Recognition:
    """The form without its conditions: whom it lists is known already."""
    return replace(recognition, population=replace(recognition.population, conditions=[], filters=[]))


def cells_of(part: FormPart, recognition: Recognition, person: int, user: Any) -> list[Any] | None:
    """What would stand in the row of a person; None where the form does not list them."""
    sheet = keeping.blank_book(part.task)[recognition.sheet]
    found = look(
        recognition,
        words(),
        picture(sheet),
        region_code=part.region_code,
        on=part.task.on or timezone.localdate(),
        user=user,
        ids=[person],
    )
    return [rules.plain(value) for value in found.rows[0][1]] if found.rows else None
