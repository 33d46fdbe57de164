"""Uploading a form, correcting what was recognised, filling it."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from openpyxl.workbook.workbook import Workbook

from linli.access.guard import NotPermitted
from linli.access.models import Permission
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError
from linli.facts.dictionary import Dictionary, Sensitivity, UnknownTerm, dictionary
from linli.ledgers import notes as notes_sheet
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import BadWorkbook, open_workbook, pictures
from linli.ledgers.filling import Account, chosen_ids, fill
from linli.ledgers.filling.packing import fill_packed, many_ids
from linli.ledgers.kept_values import take_values
from linli.ledgers.likeness import precedents
from linli.ledgers.meaning import own_lists
from linli.ledgers.meaning.lexicon import lexicons_of
from linli.ledgers.meaning.manner import Manner, manner_for
from linli.ledgers.meaning.mapping import ASKED, ELEMENT, FORMULA, NEVER, NUMBER, SERIAL, UNKNOWN, Mapping
from linli.ledgers.meaning.population import describe
from linli.ledgers.models import ColumnChoice, FilledForm, FormUpload, ScopeChoice
from linli.ledgers.printing import Printed, print_form
from linli.ledgers.recognition import ROSTER, Recognition, recognise
from linli.regions import names

CHOICES = {ELEMENT, NUMBER, SERIAL, NEVER, UNKNOWN}

# Columns (of a table of numbers: cells) of the first rows that are kept to be looked at.
MOST_SHOWN = 120


def words() -> Dictionary:
    """The dictionary with its data-driven terms up to date."""
    return dictionary.refresh()


def as_plain(recognition: Recognition) -> dict[str, Any]:
    """The recognition as plain JSON."""
    made: dict[str, Any] = json.loads(json.dumps(recognition.as_json(), ensure_ascii=False, default=str))
    return made


def recognise_bytes(data: bytes, name: str, terms: Dictionary) -> Recognition:
    """Recognise a workbook's bytes. Raises RuleError with the sentence for the user when it cannot be read."""
    try:
        return recognise(pictures(open_workbook(data)), terms, name)
    except BadWorkbook as problem:
        raise RuleError(str(problem), field="file") from None


def upload_form(*, acting_user: Any, name: str, data: bytes) -> FormUpload:
    """Keep a form and recognise it; what was confirmed on a look-alike before is taken over.

    Raises RuleError when the workbook cannot be read, NotPermitted for users who may not fill forms.
    """
    if not acting_user.can(Permission.FILL_FORMS):
        raise NotPermitted(Permission.FILL_FORMS)
    terms = words()
    short = PurePosixPath(name.replace("\\", "/")).name[:200] or "表格.xlsx"
    recognition = recognise_bytes(data, short, terms)
    post = next(
        (
            p
            for p in getattr(acting_user, "current_posts", [])
            if acting_user.can(Permission.FILL_FORMS, p.region_code)
        ),
        None,
    )
    with audit.action(acting_user, "ledgers.upload_form") as act:
        remember(recognition, terms)
        upload = FormUpload(
            name=short,
            sha256=hashlib.sha256(data).hexdigest(),
            title=recognition.title or PurePosixPath(short).stem,
            region_code=post.region_code if post is not None else "",
            uploaded_by=acting_user,
            recognised=as_plain(recognition),
            fingerprint=recognition.fingerprint,
        )
        upload.file.save("form.xlsx", ContentFile(data), save=False)
        upload.save()
        act.record(upload, f"上传表格《{upload.title}》", columns=len(recognition.mappings))
    return upload


def remember(recognition: Recognition, terms: Dictionary, sender: str = "") -> None:
    """Take over what people decided on forms of the same structure, region by region, and offer what was decided on look-alikes.
    `sender` is who gave a roster that came back."""
    for region in recognition.regions_of_form:
        _remember_region(region, terms)
        take_values(region, terms, sender)


def _remember_region(recognition: Recognition, terms: Dictionary) -> None:
    scope = ScopeChoice.objects.filter(fingerprint=recognition.fingerprint, title=recognition.title).first()
    if scope is not None and scope.subject == recognition.population.subject and not recognition.declined:
        population = recognition.population
        population.conditions, population.doubt = list(scope.conditions), ""
        population.filters = []
        population.reasons.append(
            f"填报范围按 {scope.decided_by.name} {timezone.localdate(scope.decided_at)} 的选择"
        )
        _describe(recognition, terms)
    kept = ColumnChoice.objects.filter(
        fingerprint=recognition.fingerprint, subject=recognition.population.subject
    ).select_related("decided_by")
    by_position = {choice.position: choice for choice in kept}
    for position, mapping in enumerate(recognition.mappings):
        choice = by_position.get(position)
        if choice is None or mapping.target == "declined":
            continue
        try:
            _assign(mapping, recognition, terms, choice.target, choice.element)
        except UnknownTerm:
            continue
        _note_choice(mapping, choice.decided_by.name, choice.decided_at)
    _offer_precedents(recognition, terms)


def _offer_precedents(recognition: Recognition, terms: Dictionary) -> None:
    """What was decided on look-alike forms: taken over where the headings are the same ones in another order, else asked."""
    if not recognition.subject or recognition.declined or recognition.kind != ROSTER:
        return
    for place, found in precedents(recognition).items():
        mapping, choice = recognition.mappings[place], found.choice
        same = mapping.target == choice.target and mapping.element == choice.element
        if mapping.remembered or same or mapping.target == "declined":
            continue
        held = (mapping.element, mapping.element_label)
        try:
            _assign(mapping, recognition, terms, choice.target, choice.element)
        except UnknownTerm:
            continue
        meant = (mapping.element, mapping.element_label)
        if found.whole:
            _note_choice(mapping, choice.decided_by.name, choice.decided_at)
            mapping.reasons = [found.said()]
            continue
        if not meant[0]:
            meant = ("", "留空")
        mapping.suggestions = [one for one in (meant, held) if one[0]]
        mapping.target, mapping.confidence, mapping.element, mapping.element_label = ASKED, 0.6, "", ""
        mapping.manner = {}
        mapping.reasons = [f"{found.said()}为“{meant[1]}”，请确认"]


def _note_choice(mapping: Mapping, name: str, at: datetime) -> None:
    """Say on the mapping whose choice it is."""
    mapping.remembered = f"{name} {timezone.localtime(at):%Y-%m-%d}"
    mapping.reasons = [f"按 {mapping.remembered} 的更正"]


def _describe(recognition: Recognition, terms: Dictionary) -> None:
    population = recognition.population
    subject = terms.subject(population.subject)
    population.conditions = [key for key in population.conditions if key in subject.conditions]
    population.sensitive = any(
        subject.conditions[key].sensitivity >= Sensitivity.SENSITIVE for key in population.conditions
    )
    recognition.population_label = describe(lexicons_of(terms), population)


def _assign(mapping: Mapping, recognition: Recognition, terms: Dictionary, target: str, element: str) -> None:
    """Set what a column asks. Raises UnknownTerm for an element that does not exist."""
    mapping.suggestions = []
    mapping.confidence = 1.0
    mapping.target = target
    if mapping.form == FORMULA:
        raise UnknownTerm("这一格由表里的公式算出")
    if target == NUMBER and mapping.number:
        return
    if target == NUMBER:
        raise UnknownTerm("没有可填的数")
    if target != ELEMENT:
        mapping.element = mapping.element_label = ""
        mapping.manner = {}
        return
    meant = terms.walk(recognition.subject, element)[2]
    if mapping.element != element:
        mapping.values, mapping.valued = {}, ""
    mapping.element = element
    mapping.element_label = terms.label(recognition.subject, element)
    if not mapping.manner:
        made: Manner = manner_for(meant, "".join(mapping.path), "", "", "", mapping.options)
        mapping.manner = own_lists.dressed(made, meant, mapping.options, mapping.says).as_json()


def set_meaning(
    recognition: Recognition, column: int, target: str, element: str, *, by: str, at: datetime
) -> tuple[int, Mapping]:
    """Set what a column asks as somebody says; returns its place and the mapping. Raises RuleError."""
    region = recognition.region_of(column)
    if region is None or target not in CHOICES:
        raise RuleError("没有这一列，请刷新页面后再试。")
    recognition = region
    place = next(n for n, m in enumerate(region.mappings) if m.key == column)
    mapping = region.mappings[place]
    if mapping.target == "declined":
        raise RuleError(f"“{mapping.label}”按设计不收集，不能改为自动填写。")
    try:
        _assign(mapping, recognition, words(), target, element)
    except UnknownTerm:
        raise RuleError("请从数据字典的列表中选择一项。", field="element") from None
    _note_choice(mapping, by, at)
    return place, mapping


def set_scope(recognition: Recognition, conditions: list[str], *, by: str) -> None:
    """Set whom a form lists as somebody says. Raises RuleError."""
    if recognition.declined or not recognition.subject:
        raise RuleError("这张表不能选择填报范围。")
    terms = words()
    known = terms.subject(recognition.subject).conditions
    if any(key not in known for key in conditions):
        raise RuleError("请从列表中选择填报范围。", field="conditions")
    population = recognition.population
    population.conditions = list(dict.fromkeys(conditions))
    population.filters, population.doubt = [], ""
    population.reasons = [f"填报范围由{by}选择"]
    _describe(recognition, terms)


def own_upload(acting_user: Any, pk: int, *, lock: bool = False) -> FormUpload:
    """The user's own upload. Raises NotPermitted when there is none."""
    rows = FormUpload.objects.select_for_update(of=("self",)) if lock else FormUpload.objects
    upload = rows.filter(pk=pk, uploaded_by_id=acting_user.pk or 0).first()
    if upload is None or not acting_user.can(Permission.FILL_FORMS):
        raise NotPermitted(Permission.FILL_FORMS)
    return upload


def own_filled(acting_user: Any, pk: int) -> FilledForm:
    """The user's own filled form, where they still may fill forms. Raises NotPermitted when there is none."""
    rows = FilledForm.objects.permitted(acting_user, Permission.FILL_FORMS).select_related("upload")
    found = rows.filter(pk=pk, made_by_id=acting_user.pk or 0).first()
    if found is None:
        raise NotPermitted(Permission.FILL_FORMS)
    return found


def print_filled(*, acting_user: Any, filled: FilledForm) -> Printed:
    """A filled form as PDF, without what Linli put beside it. Who is in it was recorded when it was filled.

    Raises RuleError when the file is gone.
    """
    kept = own_filled(acting_user, filled.pk)
    try:
        with kept.file.open("rb") as stored, kept.upload.file.open("rb") as empty:
            data, blank = stored.read(), empty.read()
    except OSError:
        raise RuleError("文件已清理，请重新填写。") from None
    return print_form(data, kept.upload.recognition, blank)


def correct_mapping(
    *, acting_user: Any, upload: FormUpload, column: int, target: str, element: str = ""
) -> FormUpload:
    """Say what a column asks; remembered for everybody's forms of the same structure until it is forgotten.

    `target` is element, serial, never or unknown (leave blank). Raises RuleError.
    """
    with audit.action(acting_user, "ledgers.correct_mapping") as act:
        upload = own_upload(acting_user, upload.pk, lock=True)
        recognition = upload.recognition
        now = timezone.now()
        place, mapping = set_meaning(recognition, column, target, element, by=acting_user.name, at=now)
        upload.recognised = as_plain(recognition)
        upload.save(update_fields=["recognised"])
        region = recognition.region_of(column) or recognition
        ColumnChoice.objects.update_or_create(
            fingerprint=region.fingerprint,
            subject=region.subject,
            position=place,
            defaults={
                "heading": mapping.label,
                "target": target,
                "element": mapping.element,
                "decided_by_id": acting_user.pk,
                "decided_at": now,
            },
        )
        meant = mapping.element_label or {"serial": "顺序号", "never": "由人填写"}.get(target, "留空")
        act.record(upload, f"《{upload.title}》的“{mapping.label}”改为“{meant}”")
    return upload


def forget_mapping(*, acting_user: Any, upload: FormUpload, column: int) -> FormUpload:
    """Forget what was decided on a column of forms like this one: for everybody, and on this form it is recognised anew.

    Raises RuleError when nothing is remembered of the column or the form's file is gone.
    """
    with audit.action(acting_user, "ledgers.forget_mapping") as act:
        upload = own_upload(acting_user, upload.pk, lock=True)
        recognition = upload.recognition
        region = recognition.region_of(column)
        place = next((n for n, m in enumerate(region.mappings) if m.key == column), 0) if region else 0
        if region is None or not region.mappings[place].remembered:
            raise RuleError("这一列没有记住的更正，请刷新页面后再看。")
        old = region.mappings[place]
        try:
            with upload.file.open("rb") as stored:
                anew = recognise_bytes(stored.read(), upload.name, words())
        except OSError:
            raise RuleError("上传的表格已不在，请重新上传。", field="file") from None
        ColumnChoice.objects.filter(
            fingerprint=region.fingerprint, subject=region.subject, position=place
        ).delete()
        region.mappings[place] = next((m for m in anew.all_mappings if m.key == column), old)
        upload.recognised = as_plain(recognition)
        upload.save(update_fields=["recognised"])
        act.record(upload, f"《{upload.title}》的“{old.label}”不再按 {old.remembered} 的更正")
    return upload


def choose_scope(*, acting_user: Any, upload: FormUpload, conditions: list[str], part: int = 0) -> FormUpload:
    """Say whom the form (or a further region of it) lists: conditions of its subject (none: everybody of its default). Remembered."""
    with audit.action(acting_user, "ledgers.choose_scope") as act:
        upload = own_upload(acting_user, upload.pk, lock=True)
        whole = upload.recognition
        if not 0 <= part < len(whole.regions_of_form):
            raise RuleError("表里没有这一块，请刷新页面后再试。")
        recognition = whole.regions_of_form[part]
        set_scope(recognition, conditions, by=acting_user.name)
        population = recognition.population
        upload.recognised = as_plain(whole)
        upload.save(update_fields=["recognised"])
        ScopeChoice.objects.update_or_create(
            fingerprint=recognition.fingerprint,
            title=recognition.title,
            defaults={
                "subject": recognition.subject,
                "conditions": population.conditions,
                "decided_by_id": acting_user.pk,
                "decided_at": timezone.now(),
            },
        )
        act.record(upload, f"《{upload.title}》的填报范围选为“{recognition.population_label}”")
    return upload


def fill_form(
    *,
    acting_user: Any,
    upload: FormUpload,
    region_code: str,
    on: date,
    notes: bool = True,
    highlight: bool = False,
    who: str = "",
) -> FilledForm:
    """Fill the form for a region as of a date and keep it as a snapshot; the disclosure is recorded. `who` names the
    people of a card, apart by commas; without it there is a sheet for everybody of its scope.

    Raises RuleError when the form cannot be filled as it is, or the user may not fill there.
    """
    if on.year < 1950 or on > timezone.localdate():
        raise RuleError("数据日期应在 1950 年以后且不晚于今天，请重新选择。", field="on")
    with audit.action(acting_user, "ledgers.fill_form", reason=f"填表：{upload.title}") as act:
        upload = own_upload(acting_user, upload.pk, lock=True)
        recognition = upload.recognition
        terms = words()
        try:
            with upload.file.open("rb") as stored:
                sent = stored.read()
            book = open_workbook(sent)
        except (BadWorkbook, OSError):
            raise RuleError("上传的表格已不在，请重新上传。", field="file") from None
        where: dict[str, Any] = {"region_code": region_code, "on": on, "user": acting_user}

        def finish(made: Workbook, told: Account) -> None:
            if notes:
                notes_sheet.add_notes(
                    made, recognition, told, region=names.path(region_code), on=on, user=acting_user.name
                )

        ids = chosen_ids(recognition, terms, who, **where)
        many = many_ids(recognition, terms, **where) if ids is None else []
        if many:
            content, account = fill_packed(
                sent, recognition, terms, many, title=upload.title, finish=finish, **where
            )
        else:
            account = fill(book, recognition, terms, highlight=highlight, ids=ids, **where)
            finish(book, account)
            data = io.BytesIO()
            save(book, data)
            content = data.getvalue()
        filled = FilledForm(
            upload=upload,
            region_code=region_code,
            on=on,
            made_by=acting_user,
            subject=recognition.subject,
            conditions=recognition.population.conditions,
            rows=sum(one.rows for one in account.everywhere),
            filled_cells=account.filled,
            blank_cells=account.blank,
            asked_columns=account.asked,
            account=account_json(account, recognition),
            row_ids=account.ids,
        )
        filled.file.save("filled.xlsx", ContentFile(content), save=False)
        told = list(zip(recognition.regions_of_form, account.everywhere, strict=True))
        shown = audit.disclose(
            acting_user=acting_user,
            person_ids=list(dict.fromkeys(n for r, a in told if r.subject == "person" for n in a.ids)),
            elements=list(dict.fromkeys(f"{r.subject}.{path}" for r, a in told for path in a.elements)),
            purpose=f"填表：{upload.title}",
            channel=Channel.FORM,
            region_code=region_code,
        )
        filled.disclosure_id = shown.pk
        filled.save()
        upload.confirmed_at = timezone.now()
        upload.save(update_fields=["confirmed_at"])
        act.record(
            filled,
            f"填写《{upload.title}》{filled.rows} 行，数据日期 {on:%Y-%m-%d}",
            rows=filled.rows,
            filled=account.filled,
            blank=account.blank,
        )
    return filled


def account_json(account: Account, recognition: Recognition) -> dict[str, Any]:
    """The account as it is kept: columns with their explanation, the masked first rows, headings."""
    columns = []
    for column in account.all_columns:
        columns.append(
            {
                **asdict(column),
                "explanation": notes_sheet.explanation(column),
                "who_knows": notes_sheet.who_can_know(column),
                "target_label": notes_sheet.TARGET_LABELS.get(column.target, column.target),
            }
        )
    return {
        "columns": columns,
        "preview": [row[:MOST_SHOWN] for row in account.preview],
        "headings": [mapping.label for mapping in recognition.mappings][:MOST_SHOWN],
        "unit_cells": account.unit_cells,
        "population": "；".join(dict.fromkeys(r.population_label for r in recognition.regions_of_form)),
        "first_row": account.first_row,
        "continued": account.continued[:MOST_SHOWN],
        "workbooks": account.workbooks,
        "checked": sum(one.checked for one in account.everywhere),
        "relations": account.relations[:MOST_SHOWN],
        "formulas": sum(one.formulas for one in account.everywhere),
        "other_formulas": [told for one in account.everywhere for told in one.other_formulas][:MOST_SHOWN],
        "differing": [told for one in account.everywhere for told in one.differing][:MOST_SHOWN],
        "regions": [
            {
                "title": region.title or region.sheet,
                "place": region.place,
                "rows": one.rows,
                "problem": one.problem,
            }
            for region, one in zip(recognition.regions_of_form, account.everywhere, strict=True)
        ]
        if recognition.parts
        else [],
    }
