"""A department's application: drafted, its papers and forms attached, handed in, corrected, withdrawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.utils import timezone

from linli.access import sealed_files
from linli.access.guard import NotPermitted
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.admission import checking
from linli.admission.actions.finding import own
from linli.admission.kinds import ADMISSION, ROOM
from linli.admission.models import DISTRICT, Application, Area, AttachedForm, Report
from linli.admission.rules import asking, columns
from linli.admission.rules.completeness import lacking
from linli.admission.settings import office_of
from linli.audit.recording import RuleError, action
from linli.flow import actions as flow
from linli.gate.catalogue import actions as catalogue
from linli.kernel.scope import Scope, merge
from linli.ledgers.actions import recognise_bytes, words
from linli.regions.models import Region

FIELDS = [
    "title",
    "category",
    "content",
    "evidence",
    "responsibility",
    "kind",
    "things",
    "times",
    "per",
    "expected",
    "since",
    "until",
    "hours",
    "powers",
    "bases",
    "document_title",
    "document_number",
    "document_level",
    "document_until",
    "money",
    "money_per",
    "pay_within",
    "money_source",
    "responsible",
    "phone",
]
MOST_FORMS = 10
# What a renewal may change: the dates, the money, and who answers for it.
RENEWABLE = frozenset({"until", "money", "money_per", "pay_within", "money_source", "responsible", "phone"})


def save_draft(*, acting_user: Any, unit: Unit, areas: Iterable[str] = (), **values: Any) -> Application:
    """Begin an application of one's own department; only the title is needed. Raises RuleError for what makes no sense."""
    if acting_user.pk and (
        unit.pk not in acting_user.unit_ids
        or not acting_user.can(Permission.APPLY_ADMISSION, unit.region_code)
    ):
        raise NotPermitted(Permission.APPLY_ADMISSION)
    if len(unit.region_code) < DISTRICT:
        raise RuleError("准入按区办理，请由区里的部门申请。", field="unit")
    with action(acting_user, "admission.save_draft") as act:
        made = Application(
            region_code=unit.region_code[:DISTRICT], unit=unit, made_by_id=acting_user.pk or None
        )
        _set(made, values)
        made.save()
        _place(made, areas)
        act.record(made, f"起草准入申请“{made.title}”")
    return made


def change_draft(
    *, acting_user: Any, application: Application, areas: Iterable[str] | None = None, **values: Any
) -> Application:
    """Change an application that is a draft or was sent back to be corrected."""
    with action(acting_user, "admission.change_draft") as act:
        kept = _editable(application, acting_user)
        if kept.renews_id is not None:
            _only_renewable(kept, values, areas)
        _set(kept, values)
        kept.save()
        if areas is not None:
            _place(kept, areas)
        act.record(kept, f"修改准入申请“{kept.title}”")
    return kept


def _editable(application: Application, user: Any) -> Application:
    kept = own(application, user)
    if not kept.editable:
        raise RuleError(f"申请现在是“{kept.state_name}”，不能修改。")
    return kept


def _set(application: Application, values: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(application, name, value.strip() if isinstance(value, str) else value)
    application.things = sorted(set(application.things))
    if not application.title:
        raise RuleError("请填写事项名称。", field="title")
    for name, most, says in (("times", 999, "次数上限"), ("expected", 9999, "每年约几次")):
        number = getattr(application, name)
        if number is not None and not 1 <= number <= most:
            raise RuleError(f"{says}要在 1 到 {most} 之间；不填就留空。", field=name)
    if application.hours is not None and not 0 < application.hours <= 2000:
        raise RuleError("每次工时要大于 0，不超过 2000 小时。", field="hours")
    if application.money is not None and application.money < 0:
        raise RuleError("经费不能是负数。", field="money")
    if not 0 <= application.pay_within <= 366:
        raise RuleError("付款天数要在 0 到 366 之间。", field="pay_within")
    since, until = application.since, application.until
    if since and until and until <= since:
        raise RuleError("结束日期要晚于开始日期。", field="until")


def _only_renewable(kept: Application, values: dict[str, Any], areas: Iterable[str] | None) -> None:
    for name in FIELDS:
        if name in values and name not in RENEWABLE and values[name] != getattr(kept, name):
            label: Any = kept._meta.get_field(name)
            raise RuleError(
                f"续期只能改结束日期、经费和责任人；要改“{label.verbose_name}”，请另提申请。", field=name
            )
    if areas is not None and set(areas) != {one.region_code for one in kept.areas.all()}:
        raise RuleError("续期不能改实施范围；要改请另提申请。", field="areas")


def _place(application: Application, areas: Iterable[str]) -> None:
    """Keep the areas, without those that lie in another. Raises RuleError for one outside the district."""
    wanted = [scope.low for scope in merge(Scope.of(key) for key in areas)]
    known = set(Region.objects.filter(region_code__in=wanted).values_list("region_code", flat=True))
    for key in wanted:
        if key not in known or not key.startswith(application.region_code) or len(key) > 12:
            raise RuleError("实施范围要选本区、区内的街道或社区。", field="areas")
    application.areas.exclude(region_code__in=wanted).delete()
    have = set(application.areas.values_list("region_code", flat=True))
    Area.objects.bulk_create(
        [Area(application=application, region_code=key) for key in wanted if key not in have]
    )


def keep_document(*, acting_user: Any, application: Application, upload: Any) -> Application:
    """Keep the paper of the document that the application rests on. Raises RuleError for what is no paper."""
    with action(acting_user, "admission.keep_document") as act:
        kept = _editable(application, acting_user)
        paper = sealed_files.keep(upload, folder="admission", field="document")
        kept.document_path, kept.document_name = paper.path, paper.name
        kept.save(update_fields=["document_path", "document_name"])
        act.record(kept, f"准入申请“{kept.title}”附文件原件“{paper.name}”")
    return kept


def attach_form(*, acting_user: Any, application: Application, name: str, data: bytes) -> AttachedForm:
    """Attach an empty form (.xlsx) and run its columns through the dictionary.

    Raises RuleError when it cannot be read, is too large, is attached already, or there are ten.
    """
    short = PurePosixPath(name.replace("\\", "/")).name[:200] or "表格.xlsx"
    if len(data) > settings.LINLI_UPLOAD_MAX_BYTES:
        raise RuleError("文件太大，不像一张空表；请只上传空表。", field="file")
    with action(acting_user, "admission.attach_form") as act:
        kept = _editable(application, acting_user)
        digest = hashlib.sha256(data).hexdigest()
        if kept.forms.filter(sha256=digest).exists():
            raise RuleError("这张表已经附上了。", field="file")
        if kept.forms.count() >= MOST_FORMS:
            raise RuleError(f"一份申请最多附 {MOST_FORMS} 张表。", field="file")
        recognition = recognise_bytes(data, short, words())
        summary = columns.summarise(
            columns.Column(one.label, one.target, f"{region.subject}.{one.element}" if one.element else "")
            for region in recognition.regions_of_form
            for one in region.mappings
        )
        made = AttachedForm.objects.create(
            application=kept,
            path=sealed_files.keep_data(data, folder="admission"),
            name=short,
            title=recognition.title or PurePosixPath(short).stem,
            sha256=digest,
            fingerprint=recognition.fingerprint,
            subject=recognition.subject,
            recognised=_plain(recognition.as_json()),
            summary=_plain(summary.as_json()),
        )
        act.record(kept, f"准入申请“{kept.title}”附表《{made}》：{summary.sentence}")
    return made


def _plain(data: Any) -> Any:
    return json.loads(json.dumps(data, ensure_ascii=False, default=str))


def remove_form(*, acting_user: Any, form: AttachedForm) -> None:
    """Take an attached form off an application that may still be changed."""
    with action(acting_user, "admission.remove_form") as act:
        kept = _editable(form.application, acting_user)
        act.record(kept, f"准入申请“{kept.title}”去掉附表《{form}》")
        form.delete()


def discard(*, acting_user: Any, application: Application) -> None:
    """Throw a draft away that was never handed in."""
    with action(acting_user, "admission.discard") as act:
        kept = own(application, acting_user)
        if kept.case_id is not None:
            raise RuleError("已经提交过的申请不能删除，可以撤回。")
        act.record(None, f"删除准入申请草稿“{kept.title}”", region_code=kept.region_code)
        kept.delete()


def make_report(application: Application) -> Report:
    """Check an application and keep what was found."""
    found, load = checking.check(application)
    return Report.objects.create(
        application=application,
        findings=[one.as_json() for one in found],
        hours_year=load.hours_all,
        communities=load.communities,
    )


def submit(*, acting_user: Any, application: Application) -> Application:
    """Hand an application in, or again after it was corrected: it is checked, and the community office gets it.

    Raises RuleError that names what is still missing.
    """
    with action(acting_user, "admission.submit") as act:
        kept = _editable(application, acting_user)
        values = {name: getattr(kept, name) for name in FIELDS}
        areas = [one.region_code for one in kept.areas.all()]
        if missing := lacking(values | {"areas": areas}):
            raise RuleError("还不能提交，请先补上：" + "；".join(says for _name, says in missing) + "。")
        if kept.renews is not None and not asking.same_but_dates(kept.renews.terms, kept.terms):
            raise RuleError("续期的内容与原来的事项不同，请另提申请。")
        report = make_report(kept)
        kept.submitted_at = timezone.now()
        if kept.case is None:
            office = office_of(kept.region_code)
            flow.ensure_kind(ADMISSION)
            kept.case = flow.open_case(
                acting_user=acting_user,
                kind=ADMISSION.key,
                title=f"{'续期：' if kept.renews_id else ''}{kept.title}",
                body=kept.content,
                region_code=kept.region_code,
                origin=kept.unit,
                coordinator=office,
                give=[office],
            )
        else:
            flow.move(acting_user=acting_user, case=kept.case, step="resubmit", room=ROOM)
        kept.save(update_fields=["case", "submitted_at"])
        stops = report.count("stop")
        act.record(kept, f"提交准入申请“{kept.title}”，系统检查有 {stops} 项不符合")
    return kept


def withdraw(*, acting_user: Any, application: Application, reason: str) -> Application:
    """Take an application back before it is decided, with a reason."""
    with action(acting_user, "admission.withdraw", reason=reason) as act:
        kept = own(application, acting_user)
        if kept.case is None:
            raise RuleError("还没有提交，直接删除草稿即可。")
        flow.move(acting_user=acting_user, case=kept.case, step="withdraw", reason=reason, room=ROOM)
        act.record(kept, f"撤回准入申请“{kept.title}”")
    return kept


def begin_renewal(*, acting_user: Any, application: Application) -> Application:
    """A draft that asks for the same to hold longer; one that is there already is returned.

    Raises RuleError when nothing was admitted under the application, or it is no longer in force.
    """
    with action(acting_user, "admission.begin_renewal") as act:
        kept = own(application, acting_user)
        admitted = list(kept.admissions.select_related("item"))
        if not admitted or not all(one.item.in_force() for one in admitted):
            raise RuleError("只有还在有效期内的事项可以续期；已经到期的请另提申请。")
        open_one = kept.renewals.filter(case__isnull=True).first() or kept.renewals.pending().first()
        if open_one is not None:
            act.nothing_to_record()
            return open_one
        made = Application(
            region_code=kept.region_code,
            unit=kept.unit,
            renews=kept,
            made_by_id=acting_user.pk or None,
            document_path=kept.document_path,
            document_name=kept.document_name,
            **{name: getattr(kept, name) for name in FIELDS},
        )
        made.since, made.until = max(one.until for one in admitted), None
        made.save()
        _place(made, [one.region_code for one in admitted])
        for form in kept.forms.all():
            form.pk, form.application = None, made
            form.save()
        act.record(made, f"起草续期申请“{made.title}”")
    return made


def named_bases(application: Application) -> list[str]:
    """The names of the laws it rests on."""
    return [str(one) for one in catalogue.bases_of(application.bases)]
