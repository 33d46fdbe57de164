"""Writes of lists: keeping, sharing, scheduling, taking away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.lists import rules
from linli.lists.asking import Question
from linli.lists.models import Every, SavedList, Schedule
from linli.lists.rules import Definition
from linli.notices import actions as notices
from linli.office import calendar
from linli.regions import names

EXPORT, TABLE = "lists.export", "lists.table"
MOST_LISTS, MOST_SCHEDULES = 200, 50


def question(definition: Definition, user: Any) -> Question:
    """The question, asked for a user. Raises RuleError."""
    return Question(definition, user)


def _own(user: Any, pk: int) -> SavedList:
    found = SavedList.objects.select_for_update(of=("self",)).filter(pk=pk, owner_id=user.pk).first()
    if found is None:
        raise NotPermitted(Permission.VIEW_STATISTICS)
    return found


def save_list(
    *,
    acting_user: Any,
    definition: Definition,
    name: str,
    note: str = "",
    share_in: str = "",
    list_id: int | None = None,
) -> SavedList:
    """Keep a definition under a name; `list_id` changes one's own list of before. `share_in` is the region in which
    colleagues find it, "" keeps it to oneself.

    Raises RuleError for a name in use, an area that is not one's own, or a definition that one may not use.
    """
    name = " ".join(name.replace("\x00", "").split())[:60]
    if not name:
        raise RuleError(_("请给名单起个名字。"), field="name")
    asked = Question(definition, acting_user)
    main = asked.subject.permission
    assert main is not None
    if share_in and not acting_user.can(main, share_in):
        raise RuleError(_("只能在自己负责的区域内共用，请重新选择。"), field="share_in")
    with audit.action(acting_user, "lists.save") as act:
        mine = SavedList.objects.filter(owner_id=acting_user.pk)
        if list_id is None and mine.count() >= MOST_LISTS:
            raise RuleError(_("每人最多保存 200 个名单，请先删除不用的。"), field="name")
        same = mine.filter(name=name)
        if (same.exclude(pk=list_id) if list_id is not None else same).exists():
            raise RuleError(_("您已经有叫这个名字的名单，请换一个名字。"), field="name")
        kept = _own(acting_user, list_id) if list_id is not None else SavedList(owner=acting_user)
        kept.name, kept.note = name, note.replace("\x00", "").strip()[:500]
        kept.subject, kept.definition = definition.subject, [list(pair) for pair in definition.pairs()]
        kept.is_table = definition.is_table
        kept.needs = sorted(one.value for one in asked.needs)
        kept.main_permission = main.value
        kept.is_shared, kept.region_code = bool(share_in), share_in
        kept.updated_at = timezone.now()
        kept.save()
        said = _("保存名单“%(name)s”，在%(where)s共用") if share_in else _("保存名单“%(name)s”")
        act.record(
            kept,
            said % {"name": name, "where": names.title(share_in)},
            region_code=share_in,
            said=asked.said,
        )
    return kept


def delete_list(*, acting_user: Any, list_id: int) -> None:
    """Forget one's own list with its schedules. What was made of it stays. Raises NotPermitted."""
    with audit.action(acting_user, "lists.delete") as act:
        kept = _own(acting_user, list_id)
        act.record(kept, _("删除名单“%(name)s”") % {"name": kept.name})
        kept.delete()


def _check_taking(asked: Question, user: Any, purpose: str, unmask: bool) -> None:
    if not asked.is_about_people or asked.definition.is_table:
        return
    if not user.can(Permission.EXPORT_PEOPLE):
        raise RuleError(_("您没有导出居民信息的权限，可以在页面上查看。"))
    if not purpose.strip():
        raise RuleError(_("请填写导出用途，例如“重阳节慰问”。"), field="purpose")
    if unmask and not user.can(Permission.REVEAL_PEOPLE):
        raise RuleError(_("您没有查看完整号码的权限，请选择隐去号码。"), field="unmask")


def export_list(
    *,
    acting_user: Any,
    definition: Definition,
    title: str,
    purpose: str = "",
    unmask: bool = False,
) -> Job:
    """Start a job that writes the list to a workbook. Lists of people need EXPORT_PEOPLE and a purpose.

    Raises RuleError.
    """
    asked = Question(definition, acting_user)
    _check_taking(asked, acting_user, purpose, unmask)
    asked.scopes(*taking(asked, unmask=unmask))
    return jobs.start(
        acting_user=acting_user,
        kind=EXPORT,
        title=_("名单：%(title)s") % {"title": title or asked.subject.label},
        region_code=definition.region,
        definition=[list(pair) for pair in definition.pairs()],
        name=title or asked.subject.label,
        purpose=purpose.strip(),
        unmask=unmask and asked.is_about_people,
    )


def make_table(*, acting_user: Any, definition: Definition, title: str) -> Job:
    """Start a job that writes a table to a workbook. It holds numbers only, and asks for no purpose. Raises RuleError."""
    asked = Question(definition, acting_user)
    return jobs.start(
        acting_user=acting_user,
        kind=TABLE,
        title=_("统计表：%(title)s") % {"title": title or asked.subject.label},
        region_code=definition.region,
        definition=[list(pair) for pair in definition.pairs()],
        name=title or asked.subject.label,
    )


def taking(asked: Question, *, unmask: bool) -> tuple[Permission, ...]:
    """What must be held beyond the question's own needs where the rows lie, to take them away."""
    if not asked.is_about_people:
        return ()
    return (Permission.EXPORT_PEOPLE, *((Permission.REVEAL_PEOPLE,) if unmask else ()))


def schedule_list(
    *,
    acting_user: Any,
    saved_list: SavedList,
    every: str,
    day: int,
    purpose: str = "",
    unmask: bool = False,
    today: date | None = None,
) -> Schedule:
    """Have a list or table that one may read sent to oneself: every working day, on a weekday (1–7), or a day of the month (1–31).

    Raises RuleError.
    """
    if every not in Every.values or not 1 <= day <= (7 if every == Every.WEEKLY else 31):
        raise RuleError(_("请选择哪一天。"), field="day")
    with audit.action(acting_user, "lists.schedule") as act:
        kept = SavedList.objects.readable(acting_user).filter(pk=saved_list.pk).first()
        if kept is None:
            raise NotPermitted(Permission.VIEW_STATISTICS)
        asked = Question(_read(kept), acting_user)
        _check_taking(asked, acting_user, purpose, unmask)
        mine = Schedule.objects.filter(user_id=acting_user.pk)
        if mine.exclude(saved_list=kept).count() >= MOST_SCHEDULES:
            raise RuleError(_("每人最多设 50 个定时名单，请先停掉不用的。"))
        made, _new = Schedule.objects.update_or_create(
            saved_list=kept,
            user_id=acting_user.pk,
            defaults={
                "every": every,
                "day": day,
                "purpose": purpose.strip(),
                "unmask": unmask and asked.is_about_people and not kept.is_table,
                "next_on": rules.next_run(every, day, today or timezone.localdate(), calendar.current()),
            },
        )
        act.record(
            kept,
            _("定时生成名单“%(name)s”：%(when)s") % {"name": kept.name, "when": made.words},
            purpose=purpose.strip(),
        )
    return made


def unschedule_list(*, acting_user: Any, saved_list: SavedList) -> None:
    """Stop one's own schedule of a list. Raises RuleError when there is none."""
    with audit.action(acting_user, "lists.unschedule") as act:
        gone, _each = Schedule.objects.filter(saved_list=saved_list, user_id=acting_user.pk).delete()
        if not gone:
            raise RuleError(_("这个名单没有设定时。"))
        act.record(saved_list, _("停止定时生成名单“%(name)s”") % {"name": saved_list.name})


def _read(kept: SavedList) -> Definition:
    try:
        return kept.read()
    except rules.BadDefinition as bad:
        raise RuleError(str(bad)) from None


def start_due(today: date | None = None) -> int:
    """Start a job for every schedule that is due, each in its own transaction, and set its next day. Returns how many.

    Safe to call at any time and several times at once: a schedule that another run holds is left to it. A receiver who may
    no longer read the list is told so, once, and the schedule ends.
    """
    on = today or timezone.localdate()
    working = calendar.current()
    started = 0
    while True:
        with transaction.atomic():
            due = (
                Schedule.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("saved_list", "user")
                .filter(next_on__lte=on)
                .order_by("next_on", "id")
                .first()
            )
            if due is None:
                return started
            due.next_on = rules.next_run(due.every, due.day, on, working)
            due.last_at = timezone.now()
            due.save(update_fields=["next_on", "last_at"])
            started += _start(due)


def _start(due: Schedule) -> int:
    user, kept = due.user, due.saved_list
    try:
        if not user.is_active or not SavedList.objects.readable(user).filter(pk=kept.pk).exists():
            raise RuleError(_("您已不能使用这个名单，定时生成已停止。"))
        title = f"{kept.name}（{due.words}）"
        with transaction.atomic():
            if kept.is_table:
                make_table(acting_user=user, definition=_read(kept), title=title)
            else:
                export_list(
                    acting_user=user,
                    definition=_read(kept),
                    title=title,
                    purpose=due.purpose,
                    unmask=due.unmask,
                )
    except RuleError as problem:
        notices.send(
            user, _("名单“%(name)s”没有生成") % {"name": kept.name}, body=problem.message, is_urgent=True
        )
        due.delete()
        return 0
    return 1
