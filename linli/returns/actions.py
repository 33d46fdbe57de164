"""Taking a filled form into the base: upload, say what its columns mean, look at what it would change, apply."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access import sealed_files
from linli.access.guard import NotPermitted
from linli.access.models import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.facts.dictionary import Dictionary, UnknownTerm, dictionary
from linli.ledgers.actions import remember
from linli.ledgers.kept_values import take_values
from linli.ledgers.meaning.mapping import ELEMENT, UNKNOWN
from linli.ledgers.meaning.mapping import Mapping as ColumnMapping
from linli.ledgers.recognition import Recognition
from linli.ledgers.value_actions import put_values
from linli.regions.models import Region
from linli.registry.intake.actions import may_import
from linli.registry.sources import knowing
from linli.registry.sources.models import SourceKind
from linli.registry.sources.rules import date_problem
from linli.returns import reading, rules, sending_back
from linli.returns.models import Return, SenderColumn, State
from linli.returns.saying import Row
from linli.returns.takers import TAKERS, Taker, taker_for

IMPORT = Permission.IMPORT_REGISTRY
FOLDER = "returns"
Progress = Callable[[int], None]


def words() -> Dictionary:
    """The dictionary with its data-driven terms up to date."""
    return dictionary.refresh()


def _clean(recognition: Recognition) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(recognition.as_json(), ensure_ascii=False, default=str))
    return made


def upload_return(
    *,
    acting_user: Any,
    name: str,
    data: bytes,
    region: Region,
    sender: str,
    source: SourceKind,
    on: date,
) -> Return:
    """Keep a filled form and recognise it; what the sender's columns mean is taken over from the last time.

    Raises RuleError when the workbook cannot be read or is no roster, when the user may not import there, and for a day in the
    future.
    """
    sender = _sender(acting_user, region, sender, on)
    terms, short = words(), _short(name)
    recognition = reading.recognise_filled(data, short, terms, TAKERS)
    with audit.action(acting_user, "returns.upload") as act:
        return _keep(act, recognition, terms, acting_user, short, data, region, sender, source, on)


def upload_workbook(
    *,
    acting_user: Any,
    name: str,
    data: bytes,
    region: Region,
    sender: str,
    source: SourceKind,
    on: date,
) -> tuple[list[Return], list[str]]:
    """Keep every roster of a workbook, each sheet as one of its own; with the sheets that hold rows and are no roster.

    Raises RuleError like `upload_return`.
    """
    sender = _sender(acting_user, region, sender, on)
    terms, short = words(), _short(name)
    rosters, left = reading.recognise_sheets(data, short, terms, TAKERS)
    at = timezone.now()
    with audit.action(acting_user, "returns.upload") as act:
        made = [
            _keep(act, one, terms, acting_user, short, data, region, sender, source, on, at=at)
            for one in rosters
        ]
    return made, left


def together(returned: Return) -> list[Return]:
    """The rosters that came in the same workbook, in the order of its sheets; the roster itself is among them."""
    return list(
        Return.objects.filter(
            uploaded_by_id=returned.uploaded_by_id, uploaded_at=returned.uploaded_at, name=returned.name
        ).order_by("pk")
    )


def _sender(acting_user: Any, region: Region, sender: str, on: date) -> str:
    """Who gave the roster, after all that can be said before it is read. Raises RuleError."""
    may_import(acting_user, region)
    sender = " ".join(sender.split())[:60]
    if len(sender) < 2:
        raise RuleError(_("请填写这份名册是谁给的，例如“延庆区民政局”。"), field="sender")
    if problem := date_problem(on, timezone.localdate()):
        raise RuleError(problem, field="on")
    return sender


def _short(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name[:100] or "名册.xlsx"


def _keep(
    act: Any,
    recognition: Recognition,
    terms: Dictionary,
    acting_user: Any,
    name: str,
    data: bytes,
    region: Region,
    sender: str,
    source: SourceKind,
    on: date,
    *,
    at: datetime | None = None,
) -> Return:
    remember(recognition, terms, sender)
    _take_over(recognition, terms, sender)
    made = Return.objects.create(
        region_code=region.region_code,
        name=name,
        title=recognition.title or PurePosixPath(name).stem,
        sender=sender,
        source=source,
        on=on,
        uploaded_by=acting_user,
        uploaded_at=at or timezone.now(),
        recognised=_clean(recognition),
        fingerprint=recognition.fingerprint,
        options={},
        file=sealed_files.keep_data(data, folder=FOLDER),
    )
    act.record(
        made,
        _("上传名册《%(title)s》（%(sender)s）") % {"title": made.title, "sender": sender},
        columns=len(recognition.mappings),
    )
    return made


def _take_over(recognition: Recognition, terms: Dictionary, sender: str) -> None:
    """What was picked on the same sender's form of the same structure."""
    kept = {
        one.position: one
        for one in SenderColumn.objects.filter(sender=sender, fingerprint=recognition.fingerprint)
    }
    for position, mapping in enumerate(recognition.mappings):
        if (one := kept.get(position)) is not None:
            try:
                _assign(mapping, recognition, terms, one.element)
            except UnknownTerm:
                continue
            mapping.remembered = f"{one.decided_by} {timezone.localtime(one.decided_at):%Y-%m-%d}"
    take_values(recognition, terms, sender)


def _assign(mapping: ColumnMapping, recognition: Recognition, terms: Dictionary, element: str) -> None:
    """Set what a column means; "" leaves it alone. Raises UnknownTerm."""
    if not element:
        mapping.target, mapping.element, mapping.element_label = UNKNOWN, "", ""
        return
    terms.walk(recognition.subject, element)
    mapping.target, mapping.element, mapping.confidence = ELEMENT, element, 1.0
    mapping.element_label = terms.label(recognition.subject, element)


def own_return(acting_user: Any, pk: int, *, lock: bool = False) -> Return:
    """The user's own roster. Raises NotPermitted."""
    rows = Return.objects.select_for_update(of=("self",)) if lock else Return.objects
    found = rows.filter(pk=pk, uploaded_by_id=acting_user.pk or 0).first()
    if found is None or not acting_user.can(IMPORT):
        raise NotPermitted(IMPORT)
    return found


def _refuse_applied(returned: Return) -> None:
    if returned.state == State.APPLIED:
        raise RuleError(_("这份名册已经入库，不能再改；有补充请另传一份。"))


def pick_column(*, acting_user: Any, return_id: int, column: int, element: str) -> Return:
    """Say what a column means ("" leaves it alone); remembered for this sender's forms of this structure."""
    with audit.action(acting_user, "returns.pick_column") as act:
        returned = own_return(acting_user, return_id, lock=True)
        _refuse_applied(returned)
        recognition = returned.recognition
        place = next((n for n, m in enumerate(recognition.mappings) if m.column == column), None)
        if place is None or recognition.mappings[place].target == "declined":
            raise RuleError(_("这一列不能更改，请刷新页面后再试。"))
        mapping = recognition.mappings[place]
        try:
            _assign(mapping, recognition, words(), element)
        except UnknownTerm:
            raise RuleError(_("请从数据字典的列表中选择一项。"), field="element") from None
        mapping.remembered = f"{acting_user.name} {timezone.localdate():%Y-%m-%d}"
        returned.recognised, returned.state = _clean(recognition), State.MAPPED
        returned.save(update_fields=["recognised", "state"])
        SenderColumn.objects.update_or_create(
            sender=returned.sender,
            fingerprint=returned.fingerprint,
            position=place,
            defaults={
                "heading": mapping.label,
                "element": element,
                "decided_by": acting_user.name,
                "decided_at": timezone.now(),
            },
        )
        act.record(
            returned,
            _("名册《%(title)s》的“%(column)s”定为“%(meant)s”")
            % {
                "title": returned.title,
                "column": mapping.label,
                "meant": mapping.element_label or _("不入库"),
            },
        )
    return returned


def pick_values(*, acting_user: Any, return_id: int, column: int, values: Mapping[str, Any]) -> Return:
    """Say which word of the form's own list stands for each value (`ledgers.meaning.own_lists`); remembered for this sender's
    forms of this structure and for the same list elsewhere. Raises RuleError."""
    with audit.action(acting_user, "returns.values") as act:
        returned = own_return(acting_user, return_id, lock=True)
        _refuse_applied(returned)
        recognition = returned.recognition
        place = next((n for n, m in enumerate(recognition.mappings) if m.column == column), None)
        if place is None:
            raise RuleError(_("这一列不能更改，请刷新页面后再试。"))
        put_values(recognition, place, dict(values), acting_user=acting_user, sender=returned.sender)
        returned.recognised, returned.state = _clean(recognition), State.MAPPED
        returned.save(update_fields=["recognised", "state"])
        act.record(
            returned,
            _("名册《%(title)s》的“%(column)s”对好选项")
            % {"title": returned.title, "column": recognition.mappings[place].label},
        )
    return returned


def choose_options(*, acting_user: Any, return_id: int, chosen: Mapping[str, Any]) -> Return:
    """Say what is to be done with rows that are new, live elsewhere or differ: by the keys of the taker's options. Those that are not
    named are off. Raises RuleError for a choice that there is not."""
    with audit.action(acting_user, "returns.choose") as act:
        returned = own_return(acting_user, return_id, lock=True)
        _refuse_applied(returned)
        wanted: dict[str, Any] = {}
        for option in taker_for(returned, acting_user, words()).options():
            given = chosen.get(option.key, "")
            if not option.choices:
                wanted[option.key] = bool(given)
            elif str(given) in dict(option.choices):
                wanted[option.key] = str(given)
            else:
                raise RuleError(_("请从列表中选择一项。"), field=option.key)
        if wanted == returned.options:
            act.nothing_to_record()
            return returned
        returned.options, returned.state = wanted, State.MAPPED
        returned.save(update_fields=["options", "state"])
        act.record(returned, _("更改名册《%(title)s》的入库选项") % {"title": returned.title})
    return returned


def _plan(returned: Return, user: Any) -> tuple[bytes, Taker, list[Row]]:
    try:
        data = sealed_files.read(returned.file)
    except FileNotFoundError:
        raise RuleError(_("上传的名册已不在，请重新上传。"), field="file") from None
    taker = taker_for(returned, user, words())
    if not any(column.target.part in taker.telling for column in taker.columns):
        raise RuleError(_("没有一列能入库，请先选定列的含义。"))
    return data, taker, taker.run(data)


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    return dict(Counter(row.kind for row in rows))


def preview_return(*, acting_user: Any, return_id: int, progress: Progress = lambda _n: None) -> Return:
    """Try every row for real, keep what would change and what would be refused, and take all of it back."""
    returned = own_return(acting_user, return_id)
    _refuse_applied(returned)
    _data, taker, rows = _plan(returned, acting_user)
    plain = [json.dumps(row.as_json(), ensure_ascii=False) for row in rows]
    with transaction.atomic():
        for number, row in enumerate(taker.ordered(rows), 1):
            taker.apply(row)
            progress(number)
        transaction.set_rollback(True)
    tried = []
    for text, row in zip(plain, rows, strict=True):
        kept = Row(**json.loads(text))
        kept.problems = row.problems
        if row.problems and kept.kind in (rules.NEW, rules.CHANGED) and _nothing_done(taker, kept, row):
            kept.kind = rules.WRONG
        tried.append(kept)
    with audit.action(acting_user, "returns.preview") as act:
        returned = own_return(acting_user, return_id, lock=True)
        _refuse_applied(returned)
        old = returned.plan
        returned.plan = sealed_files.keep_data(
            json.dumps([row.as_json() for row in tried], ensure_ascii=False).encode(), folder=FOLDER
        )
        returned.counts, returned.state = _counts(tried), State.PREVIEWED
        returned.save(update_fields=["plan", "counts", "state"])
        act.record(returned, _("预览名册《%(title)s》") % {"title": returned.title}, counts=returned.counts)
    if old:
        sealed_files.drop(old)
    return returned


def _nothing_done(taker: Taker, planned: Row, tried: Row) -> bool:
    """Whether every step of a row was refused."""
    if planned.kind == rules.NEW:
        return tried.record is None
    steps = sum(1 for key, _label, _action in taker.steps() if planned.do.get(key))
    return len(tried.problems) - len(planned.problems) >= steps > 0


def apply_return(*, acting_user: Any, return_id: int, progress: Progress = lambda _n: None) -> Return:
    """Write what the rows say, each row by itself, against the base as it is now; rows that cannot be used are kept as a workbook
    to send back. Safe to run twice: what is in already changes nothing."""
    returned = own_return(acting_user, return_id)
    if returned.state == State.APPLIED:
        return returned
    if returned.state != State.PREVIEWED:
        raise RuleError(_("请先预览，看过会改什么，再入库。"))
    data, taker, rows = _plan(returned, acting_user)
    for number, row in enumerate(taker.ordered(rows), 1):
        planned = replace(row, problems=list(row.problems), do=dict(row.do))
        with transaction.atomic():
            taker.apply(row)
        if row.kind in (rules.NEW, rules.CHANGED) and _nothing_done(taker, planned, row):
            row.kind = rules.WRONG
        progress(number)
    back = [row for row in rows if row.problems]
    with audit.action(acting_user, "returns.apply", reason=taker.reason) as act:
        returned = own_return(acting_user, return_id, lock=True)
        if returned.state == State.APPLIED:
            act.nothing_to_record()
            return returned
        if back:
            out = io.BytesIO()
            sending_back.write_back(data, returned.recognition, {row.row: row.problems for row in back}, out)
            returned.sent_back = sealed_files.keep_data(out.getvalue(), folder=FOLDER)
        if returned.plan:
            sealed_files.drop(returned.plan)
        returned.plan = sealed_files.keep_data(
            json.dumps([row.as_json() for row in rows], ensure_ascii=False).encode(), folder=FOLDER
        )
        returned.counts = _counts(rows) | {"back": len(back)}
        returned.state, returned.applied_at = State.APPLIED, timezone.now()
        returned.save(update_fields=["sent_back", "plan", "counts", "state", "applied_at"])
        act.record(
            returned,
            _("名册《%(title)s》（%(sender)s）入库：%(said)s")
            % {"title": returned.title, "sender": returned.sender, "said": sentence(returned)},
            counts=returned.counts,
        )
    return returned


def upload_organisations(*, acting_user: Any, name: str, data: bytes, region: Region) -> Return:
    """Take the template of organisations in, to be imported without a preview: what it says is the community's own word.

    Raises RuleError when it is no roster of organisations.
    """
    with transaction.atomic():
        made = upload_return(
            acting_user=acting_user,
            name=name,
            data=data,
            region=region,
            sender=_own_name(acting_user),
            source=knowing.kind("visit"),
            on=timezone.localdate(),
        )
        if made.recognition.subject != "organisation":
            raise RuleError(
                _("这不是单位表。请下载模板填写，表头里要有“单位名称”。居民和房屋请用“导入居民与房屋”。"),
                field="file",
            )
        chosen = {"register": "on", "override": "on", "kind": "resident_unit"}
        return choose_options(acting_user=acting_user, return_id=made.pk, chosen=chosen)


def _own_name(user: Any) -> str:
    post = getattr(user, "main_post", None)
    unit = str(getattr(post, "unit", "") or "") if post is not None else ""
    return unit if len(unit) >= 2 else f"{user.name}整理"


def import_return(*, acting_user: Any, return_id: int, progress: Progress = lambda _n: None) -> Return:
    """Apply a roster without a preview. Run again it changes nothing."""
    returned = own_return(acting_user, return_id)
    if returned.state == State.MAPPED:
        Return.objects.filter(pk=returned.pk).update(state=State.PREVIEWED)
    return apply_return(acting_user=acting_user, return_id=return_id, progress=progress)


def sentence(returned: Return) -> str:
    """What came of it, in one sentence."""
    counts = returned.counts
    said = "，".join(f"{label} {counts[kind]:,} 行" for kind, label in rules.KINDS if counts.get(kind))
    return said or _("没有数据行")


def count_rows(returned: Return) -> int:
    """How many rows a roster has. Raises RuleError when its file is gone."""
    try:
        data = sealed_files.read(returned.file)
    except FileNotFoundError:
        raise RuleError(_("上传的名册已不在，请重新上传。"), field="file") from None
    columns = taker_for(returned, returned.uploaded_by, words()).columns
    return sum(1 for _row in reading.data_rows(data, returned.recognition, columns))
