"""Blanks are asked on the spot: one question for a record and blank, whatever forms wait; the answer goes into the base where it has a
place, and from there into every form that waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.holders import nearest_holders
from linli.access.models import User
from linli.access.roles import Permission
from linli.audit.recording import SYSTEM, RuleError, action
from linli.collecting import keeping, rules, shapes
from linli.collecting.actions.cells import called, keep_grids, trace
from linli.collecting.actions.working import RECEIVE, locked_part, require_state
from linli.collecting.models import Answer, Asking, FormPart, Question
from linli.collecting.models.answers import WRITES
from linli.collecting.rules import Difference, Grid, QuestionState, State
from linli.facts import plan
from linli.facts.dictionary import Dictionary
from linli.kernel.scope import Scope
from linli.kernel.textnorm import squash
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import picture
from linli.ledgers.filling.values import ColumnWriter, Words
from linli.ledgers.meaning.mapping import ELEMENT, Mapping
from linli.ledgers.recognition import Recognition
from linli.notices import actions as notices
from linli.returns.answering import take_answer

NOTICE = "collecting.ask"
MOST_AT_ONCE = 2000


@dataclass(frozen=True)
class Asked:
    """What came of asking: new questions, blanks whose question was asked already, blanks that were known."""

    new: int = 0
    waiting: int = 0
    known: int = 0


def key_of(mapping: Mapping) -> str:
    """By what two forms ask the same of a record: the dictionary's path, else the heading."""
    return mapping.element if mapping.target == ELEMENT else squash(mapping.label)


def known_answers(
    subject: str, records: Iterable[int], keys: Iterable[str], on: date, *, since: date | None = None
) -> dict[tuple[int, str], Answer]:
    """The answers that hold on a day, by record and key; with `since` only those said of that day or later."""
    rows = Answer.objects.filter(
        subject=subject, record__in=list(records), key__in=list(keys), on__lte=on
    ).order_by("record", "key", "-on", "-id")
    found = {(one.record, one.key): one for one in rows.distinct("record", "key")}
    return {place: one for place, one in found.items() if one.value and (since is None or one.on >= since)}


def ask_missing(
    *, acting_user: Any, part: FormPart, places: Sequence[tuple[int, int]], due_on: date | None = None
) -> Asked:
    """Have the blanks of these columns, each as (list, place), asked on the spot, by the grid workers of where the records lie. What was
    answered before is written into the copy at once; what is being asked already is only waited for.

    Raises RuleError for tables of numbers, when nothing is blank there, and when it is too much to be asked of people.
    """
    with action(acting_user, "collecting.ask_missing") as act:
        kept = locked_part(acting_user, part.pk, RECEIVE)
        require_state(kept, State.FILLING)
        regions, grids = kept.task.recognition.regions_of_form, keeping.grids_of(kept)
        if not any(shapes.subject_of(one) in WRITES for one in regions):
            raise RuleError("汇总表里的数不能入户去问，请在登记库里补齐，数会自己变。")
        blanks = {
            number: _blanks(listed, grids[number], {place for which, place in places if which == number})
            for number, listed in enumerate(regions)
        }
        n = sum(map(len, blanks.values()))
        if not n:
            raise RuleError("这几项没有空白，不用去问。", field="places")
        if n > MOST_AT_ONCE:
            raise RuleError(
                f"一次要问 {n:,} 处，太多了。请先问有单位掌握的，或者少选几项（一次最多 {MOST_AT_ONCE:,} 处）。",
                field="places",
            )
        known = overlay_known(kept, grids)
        if known:
            keep_grids(kept, grids)
        new: list[Question] = []
        waiting = 0
        for number, found in blanks.items():
            left = [one for one in found if grids[number].is_blank(*one)]
            made, also = _make_questions(kept, number, grids[number], left, acting_user, due_on)
            new.extend(made)
            waiting += also
        act.record(
            kept,
            f"《{kept.task.title}》的 {n} 处空白转入户采集",
            new=len(new),
            waiting=waiting,
            known=known,
            columns=[regions[number].mappings[place].label for number, place in places],
        )
        tell(
            {one.assigned_to_id for one in new},
            {one.region_code for one in new if one.assigned_to_id is None},
        )
    return Asked(len(new), waiting, known)


def _blanks(listed: Recognition, grid: Grid, places: set[int]) -> list[tuple[int, int]]:
    """The blank cells of a list's records in these places, as (row, place)."""
    if shapes.subject_of(listed) not in WRITES:
        return []
    wanted = [place for place in keeping.asked_places(listed.mappings) if place in places]
    return [
        (row, place)
        for row, line in enumerate(grid.rows)
        for place in wanted
        if line.id is not None and grid.is_blank(row, place)
    ]


def _make_questions(
    part: FormPart, which: int, grid: Grid, blanks: Sequence[tuple[int, int]], user: Any, due_on: date | None
) -> tuple[list[Question], int]:
    task = part.task
    listed = task.recognition.regions_of_form[which]
    mappings, subject = listed.mappings, listed.subject
    account = accounts_of(part, which)
    records = sorted({grid.rows[row].id or 0 for row, _place in blanks})
    open_now = {
        (one.record, one.key): one
        for one in Question.objects.select_for_update().waiting().filter(subject=subject, record__in=records)
    }
    regions = regions_of(subject, records, part.region_code)
    hands: dict[str, User | None] = {}
    made: dict[tuple[int, str], Question] = {}
    askings = []
    waiting = 0
    for row, place in blanks:
        mapping, record = mappings[place], grid.rows[row].id or 0
        key = key_of(mapping)
        found = open_now.get((record, key)) or made.get((record, key))
        if found is None:
            region = regions.get(record, part.region_code)
            if region not in hands:
                hands[region] = _hand(subject, region)
            about = account.get((mapping.row, mapping.column), {})
            found = made[record, key] = Question(
                region_code=region,
                subject=subject,
                record=record,
                key=key,
                element=mapping.element if mapping.target == ELEMENT else "",
                label=mapping.label,
                options=list(mapping.options[:40]),
                who=about.get("who_knows") or mapping.who,
                assigned_to=hands[region],
                due_on=due_on or task.due_on,
                asked_by_id=user.pk or None,
            )
        elif found.pk:
            waiting += 1
        askings.append((found, place))
    Question.objects.bulk_create(made.values())
    Asking.objects.bulk_create(
        [Asking(question=question, part=part, listed=which, place=place) for question, place in askings],
        ignore_conflicts=True,
    )
    return list(made.values()), waiting


def accounts_of(part: FormPart, which: int) -> dict[tuple[int, int], dict[str, Any]]:
    """What became of each column or cell of a list when it was filled, by its row and column in the empty form."""
    return {
        (one.get("row") or 0, one["column"]): one for one in part.account if (one.get("part") or 0) == which
    }


def regions_of(subject: str, records: Sequence[int], usual: str) -> dict[int, str]:
    """Where records lie, down to the grid where it is known."""
    terms = words()
    wish = plan.Wish(
        subject=subject,
        scopes=(Scope.of(usual),),
        on=timezone.localdate(),
        elements=[terms.subject(subject).region],
        ids=records,
    )
    return {pk: str(values[0]) for pk, values in plan.rows(wish, terms) if values[0]}


def _hand(subject: str, region_code: str) -> User | None:
    """Who goes and asks: the grid's own worker where there is exactly one, else whoever of the community has the time (None)."""
    found = nearest_holders(WRITES[subject], region_code)
    return found[0] if len(found) == 1 else None


def link_waiting(part: FormPart, grids: Sequence[Grid]) -> int:
    """Let a copy that was just filled wait for questions that are being asked already, whoever asked them. Returns how many."""
    found: list[Asking] = []
    for number, (listed, grid) in enumerate(zip(part.task.recognition.regions_of_form, grids, strict=True)):
        subject, mappings = shapes.subject_of(listed), listed.mappings
        if subject not in WRITES:
            continue
        open_now = {
            (one.record, one.key): one.pk
            for one in Question.objects.waiting().filter(subject=subject, record__in=grid.ids)
        }
        found.extend(
            Asking(
                question_id=open_now[record, key_of(mappings[place])], part=part, listed=number, place=place
            )
            for row, line in enumerate(grid.rows)
            if (record := line.id) is not None
            for place in keeping.asked_places(mappings)
            if (record, key_of(mappings[place])) in open_now and grid.is_blank(row, place)
        )
    Asking.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def overlay_known(part: FormPart, grids: Sequence[Grid]) -> int:
    """Write into the blanks of a copy what was answered before and has no place in the base: the latest that is known, for a form that
    asks for a day of last week is not asked anew. Returns how many."""
    today = timezone.localdate()
    since = today - timedelta(days=rules.ANSWER_HOLDS)
    return sum(
        overlay(listed.subject, listed.mappings, grid, today, since=since)
        for listed, grid in zip(part.task.recognition.regions_of_form, grids, strict=True)
        if shapes.subject_of(listed) in WRITES
    )


def overlay(
    subject: str, mappings: Sequence[Mapping], grid: Grid, on: date, *, since: date | None = None
) -> int:
    """Write into the blanks of a grid what was answered by a day. Returns how many."""
    places = keeping.asked_places(mappings)
    known = known_answers(subject, grid.ids, {key_of(mappings[place]) for place in places}, on, since=since)
    count = 0
    for row, line in enumerate(grid.rows):
        for place in places:
            found = known.get((line.id or 0, key_of(mappings[place])))
            if found is not None and grid.is_blank(row, place):
                line.cells[place] = grid.edits[row, place] = as_kept(grid, place, found.value)
                count += 1
    return count


def as_kept(grid: Grid, place: int, text: str) -> Any:
    """An answer as the grid keeps it; what does not fit the column's kind stays a text."""
    try:
        return rules.typed(text, grid.kinds[place])
    except ValueError:
        return text


def _locked(user: Any, pk: int) -> Question:
    found = Question.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None or not user.can(WRITES[found.subject], found.region_code):
        raise NotPermitted(Permission.EDIT_PEOPLE)
    return found


def _require_open(question: Question) -> None:
    if question.state == QuestionState.OPEN:
        return
    who = f"{question.answered_by.name}已经答过" if question.answered_by else "已经不用问"
    raise RuleError(f"“{question.label}”{who}了，请看下一项。", field="value")


def answer(*, acting_user: Any, question: Question, value: str) -> Question:
    """Write down what was said: into the base where it has a place, else as an answer that is remembered; and from there into every copy
    that waits.

    Raises RuleError (field value) for nothing, for what is not among the form's options, and for what the base refuses.
    """
    said = " ".join(value.split())[:500]
    with action(acting_user, "collecting.answer", reason="入户采集") as act:
        kept = _locked(acting_user, question.pk)
        _require_open(kept)
        if not said:
            raise RuleError("请填写问到的内容；问不到的，点“问不到”。", field="value")
        if kept.options and not kept.element and said not in kept.options:
            raise RuleError(f"请从选项里选：{'、'.join(kept.options[:12])}。", field="value")
        today = timezone.localdate()
        kept.in_base = bool(kept.element) and take_answer(
            acting_user=acting_user,
            subject=kept.subject,
            record=kept.record,
            element=kept.element,
            value=said,
            region_code=kept.region_code[:12],
            on=today,
            options=kept.options,
        )
        if not kept.in_base:
            remember_answer(
                acting_user,
                kept.subject,
                kept.record,
                kept.key,
                kept.label,
                said,
                kept.region_code,
                "入户采集",
            )
        _settle(kept, QuestionState.ANSWERED, acting_user)
        told = _deliver(kept, said, acting_user)
        act.record(
            kept,
            f"入户采集“{kept.label}”，{'已入登记库' if kept.in_base else '已记下'}，填进 {told} 份报表",
            subject=kept.subject,
            record=kept.record,
            in_base=kept.in_base,
        )
    return kept


def remember_answer(
    user: Any,
    subject: str,
    record: int,
    key: str,
    label: str,
    value: str,
    region_code: str,
    source: str,
    on: date | None = None,
) -> Answer:
    """Remember what was said of a record that the base has no place for."""
    return Answer.objects.create(
        region_code=region_code,
        subject=subject,
        record=record,
        key=key,
        label=label,
        value=value,
        on=on or timezone.localdate(),
        source=source,
        by_id=user.pk,
    )


def _settle(question: Question, state: QuestionState, user: Any) -> None:
    question.state = state.value
    question.answered_by_id, question.answered_at = user.pk or None, timezone.now()
    question.save(update_fields=["state", "in_base", "answered_by", "answered_at", "why"])
    transaction.on_commit(lambda: _todo(question.assigned_to_id, question.region_code))


def give_up(*, acting_user: Any, question: Question, why: str) -> Question:
    """Say that it cannot be found out, and why; the forms' fillers see it. Raises RuleError without a reason."""
    said = " ".join(why.split())[:200]
    with action(acting_user, "collecting.give_up", reason=said) as act:
        kept = _locked(acting_user, question.pk)
        _require_open(kept)
        if not said:
            raise RuleError("请写明为什么问不到，例如“三次上门没有人”。", field="why")
        kept.why = said
        _settle(kept, QuestionState.GIVEN_UP, acting_user)
        act.record(kept, f"入户采集“{kept.label}”问不到：{said}")
    return kept


def _deliver(question: Question, said: str, user: Any) -> int:
    """Write the answer into the copies that wait and are open. Returns into how many."""
    count = 0
    waiting = (
        FormPart.objects.select_for_update(of=("self",))
        .filter(askings__question=question, state=State.FILLING)
        .exclude(grid="")
        .select_related("task__unit")
    )
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in question.askings.all():
        places[one.part_id].append((one.listed, one.place))
    terms = words()
    for part in waiting:
        grids, regions = keeping.grids_of(part), part.task.recognition.regions_of_form
        written = 0
        for which, place in places[part.pk]:
            grid, listed = grids[which], regions[which]
            row = next((n for n, line in enumerate(grid.rows) if line.id == question.record), None)
            if row is None or not grid.is_blank(row, place):
                continue
            mapping = listed.mappings[place]
            value = _in_manner(part, listed, mapping, question, terms) if question.in_base else None
            plain = rules.plain(value) if value is not None else as_kept(grid, place, said)
            grid.rows[row].cells[place] = grid.edits[row, place] = plain
            changed = Difference(row + 1, called(grid, row, listed), mapping.label, "", str(plain))
            by = user.pk or part.received_by_id or part.task.made_by_id or 0
            written += trace(part, by, [changed], "visit", which)
        if written:
            keep_grids(part, grids)
            count += 1
    return count


def _in_manner(
    part: FormPart, listed: Recognition, mapping: Mapping, question: Question, terms: Dictionary
) -> Any:
    """What the base says now, written as the form wants it; None where the form's own list lacks it."""
    wish = plan.Wish(
        subject=question.subject,
        scopes=(Scope.of(part.region_code),),
        on=timezone.localdate(),
        elements=[question.element],
        ids=[question.record],
    )
    found = next((values[0] for _pk, values in plan.rows(wish, terms)), None)
    sheet = keeping.blank_book(part.task)[listed.sheet]
    choices = picture(sheet).options(mapping.row or listed.first_row, mapping.column)
    element = terms.walk(question.subject, question.element)[2]
    value, _problem = ColumnWriter(mapping, element, choices, Words(terms, question.subject), "")(found, {})
    return value


def tell(users: Iterable[int | None], regions: Iterable[str]) -> None:
    """Keep the to-dos of those who are to ask."""
    for user in {one for one in users if one is not None}:
        _todo(user, "")
    for region in {one[:12] for one in regions}:
        _todo(None, region)


def _todo(user_id: int | None, region_code: str) -> None:
    waiting = Question.objects.waiting()
    url = reverse("collecting:asks")
    if user_id is not None:
        n = waiting.filter(assigned_to=user_id).count()
        notices.keep_todo(f"{NOTICE}:{user_id}", [user_id] if n else [], f"有 {n} 处要入户问", url=url)
        return
    community = region_code[:12]
    n = waiting.filter(assigned_to=None, region_code__startswith=community).count()
    people = nearest_holders(RECEIVE, community) if n else []
    notices.keep_todo(f"{NOTICE}:{community}", [one.pk for one in people], f"社区有 {n} 处要入户问", url=url)


def drop_known(on: date) -> int:
    """Questions that the base answers by now, by whatever way, need not be asked; their forms get what it says. Returns how many."""
    terms = words()
    dropped = 0
    by_element: dict[tuple[str, str], list[Question]] = defaultdict(list)
    for one in Question.objects.waiting().exclude(element=""):
        by_element[one.subject, one.element].append(one)
    for (subject, element), questions in by_element.items():
        wish = plan.Wish(
            subject=subject,
            scopes=(Scope.of(""),),
            on=on,
            elements=[element],
            ids=[one.record for one in questions],
        )
        held = {pk for pk, values in plan.rows(wish, terms) if values[0] not in (None, "", [])}
        for question in questions:
            if question.record in held:
                _drop(question)
                dropped += 1
    return dropped


def _drop(question: Question) -> None:
    with action(SYSTEM, "collecting.drop_question") as act:
        kept = Question.objects.select_for_update().get(pk=question.pk)
        if kept.state != QuestionState.OPEN:
            act.nothing_to_record()
            return
        kept.in_base = True
        kept.why = "登记库里已经有了"
        _settle(kept, QuestionState.DROPPED, SYSTEM)
        _deliver(kept, "", SYSTEM)
        act.record(kept, f"入户采集“{kept.label}”不用再问，登记库里已经有了")
