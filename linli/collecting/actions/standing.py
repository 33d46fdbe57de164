"""Standing ledgers: a form that is kept, looked through by its keeper every few months, and taken along as of any day."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted, require
from linli.access.holders import nearest_holders
from linli.access.models import User
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError, action
from linli.collecting import keeping, rules, shapes
from linli.collecting.actions.asking import key_of, known_answers, overlay, remember_answer
from linli.collecting.models import Ledger
from linli.collecting.models.answers import WRITES
from linli.ledgers.actions import own_upload, words
from linli.ledgers.book.workbook import BadWorkbook, open_workbook
from linli.ledgers.filling import check_fillable, fill
from linli.ledgers.meaning.mapping import ELEMENT, NUMBER
from linli.ledgers.models import FormUpload
from linli.ledgers.printing import Printed, print_form
from linli.ledgers.recognition import AGGREGATE
from linli.notices import actions as notices
from linli.regions import names

FILL = Permission.FILL_FORMS
EVERY = (1, 3, 6, 12)
NOTICE = "collecting.ledger"


def _locked(user: Any, pk: int) -> Ledger:
    found = Ledger.objects.select_for_update(of=("self",)).select_related("keeper").filter(pk=pk).first()
    if found is None or not user.can(FILL, found.region_code):
        raise NotPermitted(FILL)
    if found.closed_on is not None:
        raise RuleError("这本台账已经停用，不能再改。")
    return found


def keepers(region_code: str) -> list[User]:
    """Who can keep a ledger there: the people who fill forms nearest to the region."""
    return nearest_holders(FILL, region_code)


def _one_at_a_time(what: str) -> None:
    """Two who keep the same at once come one after the other. Not a unique constraint: communities that become one may each have
    had such a ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ledger/{what}"])


def keep_ledger(
    *,
    acting_user: Any,
    upload: FormUpload,
    region_code: str,
    title: str = "",
    review_every: int = 3,
    keeper: User | None = None,
) -> Ledger:
    """Keep an uploaded form as a standing ledger of a region; who keeps it is whoever makes it, unless somebody is named.

    Raises RuleError when it cannot be filled as recognised, or the region keeps it already.
    """
    require(acting_user, FILL, region_code)
    if review_every not in EVERY:
        raise RuleError("请从列表中选择几个月核对一次。", field="review_every")
    with action(acting_user, "collecting.keep_ledger") as act:
        kept = own_upload(acting_user, upload.pk)
        recognition = kept.recognition
        check_fillable(recognition)
        called = " ".join(title.split())[:120] or kept.title
        _one_at_a_time(f"{region_code}/{kept.fingerprint}/{called}")
        if Ledger.objects.filter(
            region_code=region_code, fingerprint=kept.fingerprint, title=called, closed_on=None
        ).exists():
            raise RuleError(
                f"{names.title(region_code)}已经有台账“{called}”，请打开那一本，或换个名称。", field="title"
            )
        try:
            with kept.file.open("rb") as stored:
                data = stored.read()
            open_workbook(data)
        except (OSError, BadWorkbook):
            raise RuleError("上传的表格已不在，请重新上传。") from None
        today = timezone.localdate()
        made = Ledger.objects.create(
            region_code=region_code,
            title=called,
            name=kept.name,
            path=keeping.keep(data),
            fingerprint=kept.fingerprint,
            recognised=kept.recognised,
            subject="" if recognition.kind == AGGREGATE else recognition.subject,
            keeper=keeper or acting_user,
            review_every=review_every,
            review_due=rules.months_after(today, review_every),
            made_by=acting_user,
        )
        act.record(made, f"建立台账“{called}”，{review_every} 个月核对一次")
    return made


def review_ledger(*, acting_user: Any, ledger: Ledger, note: str = "") -> Ledger:
    """Say that the ledger was looked through today; the next time is counted from now."""
    with action(acting_user, "collecting.review_ledger", reason=note.strip()) as act:
        kept = _locked(acting_user, ledger.pk)
        today = timezone.localdate()
        kept.reviewed_on, kept.reviewed_by = today, acting_user
        kept.review_due = rules.months_after(today, kept.review_every)
        kept.save(update_fields=["reviewed_on", "reviewed_by", "review_due"])
        _todo(kept, today)
        act.record(kept, f"核对台账“{kept.title}”，下次 {kept.review_due}")
    return kept


def change_ledger(*, acting_user: Any, ledger: Ledger, title: str, review_every: int, keeper: User) -> Ledger:
    """Change what it is called, how often it is looked through, who keeps it. Raises RuleError."""
    called = " ".join(title.split())[:120]
    with action(acting_user, "collecting.change_ledger") as act:
        kept = _locked(acting_user, ledger.pk)
        if not called:
            raise RuleError("请填写台账名称。", field="title")
        if keeper not in keepers(kept.region_code):
            raise RuleError("请选择在这里填表的同事。", field="keeper")
        if (called, review_every, keeper.pk) == (kept.title, kept.review_every, kept.keeper_id):
            act.nothing_to_record()
            return kept
        start = kept.reviewed_on or timezone.localtime(kept.made_at).date()
        kept.title, kept.review_every, kept.keeper = called, review_every, keeper
        kept.review_due = rules.months_after(start, review_every)
        kept.save(update_fields=["title", "review_every", "keeper", "review_due"])
        _todo(kept, timezone.localdate())
        act.record(kept, f"更改台账“{called}”：{keeper.name}管，{review_every} 个月核对一次")
    return kept


def close_ledger(*, acting_user: Any, ledger: Ledger, reason: str) -> Ledger:
    """Give a ledger up; what it said on past days can still be looked at. Raises RuleError without a reason."""
    if not reason.strip():
        raise RuleError("请写明为什么停用。", field="reason")
    with action(acting_user, "collecting.close_ledger", reason=reason.strip()) as act:
        kept = _locked(acting_user, ledger.pk)
        kept.closed_on = timezone.localdate()
        kept.save(update_fields=["closed_on"])
        notices.keep_todo(f"{NOTICE}:{kept.pk}", [], kept.title)
        act.record(kept, f"停用台账“{kept.title}”")
    return kept


def own_places(ledger: Ledger) -> list[int]:
    """The places of columns that the base has no place for: they are kept by the ledger itself."""
    mappings = ledger.recognition.mappings
    return [
        place for place in keeping.asked_places(mappings) if mappings[place].target not in (ELEMENT, NUMBER)
    ]


def write_ledger(*, acting_user: Any, ledger: Ledger, record: int, values: MappingOf[int, str]) -> int:
    """Write what the base has no place for of one record, as of today. Returns how many cells changed.

    Raises RuleError for what is not among the form's options (field c<place>).
    """
    with action(acting_user, "collecting.write_ledger") as act:
        kept = _locked(acting_user, ledger.pk)
        require(acting_user, WRITES.get(kept.subject, FILL), kept.region_code)
        mappings = kept.recognition.mappings
        places = [place for place in own_places(kept) if place in values]
        known = current(kept, [record], timezone.localdate())
        changed = []
        for place in places:
            mapping, said = mappings[place], " ".join(values[place].split())[:500]
            if said == known.get((record, key_of(mapping)), ""):
                continue
            if mapping.options and said and said not in mapping.options:
                raise RuleError(f"请从选项里选：{'、'.join(mapping.options[:12])}。", field=f"c{place}")
            remember_answer(
                acting_user,
                kept.subject,
                record,
                key_of(mapping),
                mapping.label,
                said,
                kept.region_code,
                f"台账“{kept.title}”",
            )
            changed.append(mapping.label)
        if not changed:
            act.nothing_to_record()
            return 0
        act.record(kept, f"记台账“{kept.title}”{len(changed)} 格", columns=changed, record=record)
    return len(changed)


def current(ledger: Ledger, records: list[int], on: date) -> dict[tuple[int, str], str]:
    """What the ledger itself holds of records on a day, by record and key."""
    mappings = ledger.recognition.mappings
    keys = {key_of(mappings[place]) for place in own_places(ledger)}
    return {place: one.value for place, one in known_answers(ledger.subject, records, keys, on).items()}


def export_ledger(*, acting_user: Any, ledger: Ledger, on: date) -> tuple[bytes, str]:
    """The ledger in the form's own shape as of a day, and what the file is called; the disclosure is recorded.

    Raises RuleError for days to come, and as filling does.
    """
    if on > timezone.localdate():
        raise RuleError("不能导出以后的台账，请选今天或以前的一天。", field="on")
    if not acting_user.can(FILL, ledger.region_code):
        raise NotPermitted(FILL)
    recognition = ledger.recognition
    data = keeping.read(ledger.path)
    book, blank = open_workbook(data), open_workbook(data)
    account = fill(book, recognition, words(), region_code=ledger.region_code, on=on, user=acting_user)
    grid = shapes.read(book, recognition, account, blank)
    if ledger.subject:
        overlay(ledger.subject, recognition.mappings, grid, on)
    shapes.put_edits(book, recognition, grid)
    told = list(zip(recognition.regions_of_form, account.everywhere, strict=True))
    people = [pk for region, one in told if region.subject == "person" for pk in one.ids]
    with transaction.atomic():
        audit.disclose(
            acting_user=acting_user,
            person_ids=list(dict.fromkeys([*(grid.ids if ledger.subject == "person" else ()), *people])),
            elements=list(
                dict.fromkeys(
                    f"{region.subject}.{path}"
                    for region, one in told
                    if region.kind != AGGREGATE
                    for path in one.elements
                )
            ),
            purpose=f"导出台账：{ledger.title}",
            channel=Channel.FORM,
            region_code=ledger.region_code,
        )
    stem = ledger.name.rsplit(".", 1)[0]
    return keeping.as_bytes(book), f"{stem}（{names.title(ledger.region_code)} {on:%Y-%m-%d}）.xlsx"


def print_ledger(*, acting_user: Any, ledger: Ledger, on: date) -> tuple[Printed, str]:
    """The ledger as of a day as PDF, and what its workbook is called; the disclosure is recorded. Raises RuleError as `export_ledger` does."""
    data, name = export_ledger(acting_user=acting_user, ledger=ledger, on=on)
    return print_form(data, ledger.recognition, keeping.read(ledger.path)), name


def _todo(ledger: Ledger, on: date) -> None:
    due = ledger.is_due(on)
    notices.keep_todo(
        f"{NOTICE}:{ledger.pk}",
        [ledger.keeper_id] if due else [],
        f"台账该核对了：{ledger.title}",
        body=names.title(ledger.region_code),
        url=reverse("collecting:ledger", args=[ledger.pk]),
        due_on=ledger.review_due,
    )


def tell_reviews(on: date) -> int:
    """Ask the keepers of ledgers that are due to look through them. Returns how many are due."""
    due = Ledger.objects.filter(closed_on=None, review_due__lte=on)
    for one in due:
        _todo(one, on)
    return len(due)
