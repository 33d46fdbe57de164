"""Saying what a form's own list of codes means, and forgetting it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.ledgers.actions import as_plain, own_upload, recognise_bytes, remember, set_meaning, words
from linli.ledgers.kept_values import asked_path, element_of, group_words, list_print, settle, words_of
from linli.ledgers.meaning.mapping import ELEMENT, Mapping
from linli.ledgers.models import FormUpload, ValueChoice
from linli.ledgers.recognised import Recognition


def put_values(
    recognition: Recognition, place: int, values: dict[str, Any], *, acting_user: Any, sender: str = ""
) -> ValueChoice:
    """Set which words of a column's list stand for which values, and remember it for forms of the same structure (and sender)
    and for the same list elsewhere. To be called inside an action. Raises RuleError."""
    terms, mapping = words(), recognition.mappings[place]
    element, groups = element_of(mapping, recognition, terms), group_words(terms)
    if element is None:
        raise RuleError("这一列没有可以对照的选项，请先更正这一列填什么。")
    try:
        kept = settle(mapping, element, values, groups)
    except ValueError:
        raise RuleError("请从表上的选项里选，至少对上一项。") from None
    path, now = asked_path(mapping), timezone.now()
    if mapping.target != ELEMENT:
        set_meaning(recognition, mapping.key, ELEMENT, path, by=acting_user.name, at=now)
        mapping.remembered = ""
    choice, _made = ValueChoice.objects.update_or_create(
        fingerprint=recognition.fingerprint,
        subject=recognition.subject,
        position=place,
        sender=sender,
        defaults={
            "heading": mapping.label,
            "element": path,
            "list_print": list_print(mapping),
            "offered": [list(one) for one in words_of(mapping)],
            "values": kept,
            "decided_by_id": acting_user.pk,
            "decided_at": now,
        },
    )
    mapping.values = kept
    mapping.valued = f"{acting_user.name} {timezone.localtime(now):%Y-%m-%d}"
    mapping.reasons = [f"选项按 {mapping.valued} 的对照"]
    return choice


def column_of(recognition: Recognition, column: int) -> tuple[Recognition, int, Mapping]:
    """The region, place and mapping of a column. Raises RuleError."""
    region = recognition.region_of(column)
    if region is None:
        raise RuleError("表里没有这一列，请刷新页面后再试。")
    place = next(n for n, m in enumerate(region.mappings) if m.key == column)
    return region, place, region.mappings[place]


def set_values(*, acting_user: Any, upload: FormUpload, column: int, values: dict[str, Any]) -> FormUpload:
    """Say which word of the form's own list is written for each value (a key of `values`; "*" for the rest); what is left out
    stays blank. Remembered for everybody's forms of the same structure and for the same list elsewhere. Raises RuleError."""
    with audit.action(acting_user, "ledgers.set_values") as act:
        upload = own_upload(acting_user, upload.pk, lock=True)
        recognition = upload.recognition
        region, place, mapping = column_of(recognition, column)
        put_values(region, place, values, acting_user=acting_user)
        upload.recognised = as_plain(recognition)
        upload.save(update_fields=["recognised"])
        act.record(upload, f"《{upload.title}》的“{mapping.label}”对好选项", values=len(mapping.values))
    return upload


def forget_values(*, acting_user: Any, upload: FormUpload, column: int) -> FormUpload:
    """Forget what was said of a column's list on forms like this one, for everybody; on this form it is recognised anew.

    Raises RuleError when nothing is remembered or the form's file is gone.
    """
    with audit.action(acting_user, "ledgers.forget_values") as act:
        upload = own_upload(acting_user, upload.pk, lock=True)
        recognition = upload.recognition
        _region, _place, mapping = column_of(recognition, column)
        try:
            with upload.file.open("rb") as stored:
                sent = stored.read()
        except OSError:
            raise RuleError("上传的表格已不在，请重新上传。", field="file") from None
        drop_values(recognition, column, lambda: recognise_bytes(sent, upload.name, words()))
        upload.recognised = as_plain(recognition)
        upload.save(update_fields=["recognised"])
        act.record(upload, f"《{upload.title}》的“{mapping.label}”不再按 {mapping.valued} 的选项对照")
    return upload


def drop_values(recognition: Recognition, column: int, recognise: Callable[[], Recognition]) -> None:
    """Forget what was said of a column's list, for everybody, and take the column as it is recognised anew. To be called inside an action.
    Raises RuleError when nothing is remembered."""
    region, place, mapping = column_of(recognition, column)
    if not mapping.valued:
        raise RuleError("这一列没有记住的对照，请刷新页面后再看。")
    ValueChoice.objects.filter(
        subject=region.subject, element=mapping.element, list_print=list_print(mapping), sender=""
    ).delete()
    anew = recognise()
    remember(anew, words())
    region.mappings[place] = next((m for m in anew.all_mappings if m.key == column), mapping)


__all__ = ["column_of", "drop_values", "forget_values", "put_values", "set_values"]
