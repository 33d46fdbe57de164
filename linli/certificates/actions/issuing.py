"""Issuing: the number, the paper, the seal; further copies; withdrawal."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access import sealed_files
from linli.audit.models import Channel
from linli.audit.recording import RuleError, action, disclose
from linli.certificates import knowing, printing
from linli.certificates.actions.preparing import ISSUE, MOST_COPIES, opened, reread_body
from linli.certificates.actions.seals import seal_for, write_line
from linli.certificates.actions.steps import CERTIFICATE, next_number, required
from linli.certificates.models import Certificate, State
from linli.certificates.rules import numbers
from linli.certificates.rules.wording import chinese_day
from linli.regions import names

FOLDER = "certificates"


def public_url(path: str, base_url: str) -> str:
    """An address of a public page as it is printed: LINLI_PUBLIC_URL where the installation says so, else as the user came."""
    return urljoin(settings.LINLI_PUBLIC_URL or base_url, path)


def issue(
    *, acting_user: Any, certificate_id: int, seal_id: int | None, hand: str, base_url: str
) -> Certificate:
    """Issue a prepared certificate: the next number of the community's series, the PDF frozen, the seal's use logged, and what
    was disclosed recorded.

    Raises RuleError when it waits for the head, when the base has changed since the preview, when there is no seal; NotPermitted.
    """
    kept = ""
    try:
        with action(acting_user, "certificates.issue") as act:
            found = opened(acting_user, certificate_id, ISSUE, State.DRAFT)
            if found.edition.needs_head and found.approved_at is None:
                raise RuleError(_("这项证明要先由社区书记或主任审批，请先提交审批。"))
            if reread_body(found) != found.body:
                raise RuleError(_("登记的情况在预览之后有了变动，请点“重新读取底数”，核对后再出具。"))
            community = found.region_code
            seal = seal_for(community, seal_id)
            now = timezone.localtime()
            found.state = State.ISSUED
            found.issued_at, found.issued_on, found.issued_by = now, now.date(), acting_user
            found.issuer_code, found.issuer_name = community, knowing.issuer_name(community)
            found.year = now.year
            found.valid_until = numbers.valid_until(now.date(), found.edition.days)
            found.token, found.check_word = numbers.token(), numbers.check_word()
            found.number = next_number(community, CERTIFICATE, now.year)
            found.number_text = numbers.number_text(names.title(community), "证", now.year, found.number)
            found.number_key = numbers.plain_number(found.number_text)
            found.text_digest = numbers.digest(found.text_of())
            data = _print(found, base_url)
            found.sha256 = hashlib.sha256(data).hexdigest()
            found.file = kept = sealed_files.keep_data(data, folder=FOLDER)
            found.save()
            write_line(
                community=community,
                seal=seal,
                paper=f"{found.edition.title}（{found.number_text}）",
                copies=found.copies,
                reason=found.purpose,
                requested_by=_applicant(found),
                approved_by=found.approved_by.name if found.approved_by else acting_user.name,
                hand=hand,
                certificate=found,
            )
            known = knowing.known(found.person, found.as_of, community)
            others = known.others if "{同住人员}" in found.edition.wording else ()
            disclose(
                acting_user=acting_user,
                person_ids=[found.person_id, *others],
                elements=knowing.elements_of(found.edition),
                purpose=_("出具%(title)s，交%(who)s，用途：%(why)s")
                % {"title": found.edition.title, "who": found.receiver.name, "why": found.purpose},
                channel=Channel.FORM,
                region_code=community,
            )
            act.record(
                found,
                _("出具%(title)s %(number)s，%(n)s 份")
                % {"title": found.edition.title, "number": found.number_text, "n": found.copies},
                sha256=found.sha256,
            )
    except BaseException:
        if kept:
            sealed_files.drop(kept)
        raise
    return found


def _applicant(certificate: Certificate) -> str:
    return certificate.asker_name or certificate.person.name


def _print(found: Certificate, base_url: str) -> bytes:
    until = chinese_day(found.valid_until) if found.valid_until else _("长期")
    code = found.text_digest[:16].upper()
    page = public_url(reverse("certificates:check"), base_url)
    return printing.certificate(
        title=found.edition.title,
        number=found.number_text,
        body=found.body,
        issuer=found.issuer_name,
        day=chinese_day(found.issued_on) if found.issued_on else "",
        notes=[
            ("接收单位", found.receiver.name),
            ("用途", _("%(why)s（仅限此用途使用）") % {"why": found.purpose}),
            ("有效期至", until),
            ("校验码", found.check_word),
            ("文本校验值", " ".join(code[n : n + 4] for n in range(0, 16, 4))),
        ],
        how=_("扫描右侧二维码，或在 %(page)s 输入编号和校验码，可核验真伪。") % {"page": page},
        code=public_url(reverse("certificates:checked", args=[found.token]), base_url),
    )


def add_copies(
    *, acting_user: Any, certificate_id: int, copies: int, seal_id: int | None, hand: str, reason: str
) -> Certificate:
    """Seal further copies of the same paper. Raises RuleError for one that is withdrawn or expired, NotPermitted."""
    if not 1 <= copies <= MOST_COPIES:
        raise RuleError(_("份数请填 1 到 %(most)s。") % {"most": MOST_COPIES}, field="copies")
    said = required(reason, "reason", _("请填写加印的原因。"))
    with action(acting_user, "certificates.add_copies", reason=said) as act:
        found = opened(acting_user, certificate_id, ISSUE, State.ISSUED)
        if found.standing() != "valid":
            raise RuleError(_("这份证明已过有效期，请重新开具。"))
        found.copies += copies
        found.save(update_fields=["copies"])
        write_line(
            community=found.region_code,
            seal=seal_for(found.region_code, seal_id),
            paper=f"{found.edition.title}（{found.number_text}）{_('加印')}",
            copies=copies,
            reason=said,
            requested_by=_applicant(found),
            approved_by=found.approved_by.name if found.approved_by else acting_user.name,
            hand=hand,
            certificate=found,
        )
        act.record(found, _("加印 %(n)s 份：%(number)s") % {"n": copies, "number": found.number_text})
    return found


def withdraw(*, acting_user: Any, certificate_id: int, reason: str) -> Certificate:
    """Withdraw an issued certificate: its check says so from now on; number and paper stay on record. Raises RuleError,
    NotPermitted."""
    said = required(reason, "reason", _("请写明作废的原因。"))
    with action(acting_user, "certificates.withdraw", reason=said) as act:
        found = opened(acting_user, certificate_id, ISSUE, State.ISSUED)
        found.state, found.withdrawn_why = State.WITHDRAWN, said
        found.withdrawn_at, found.withdrawn_by = timezone.now(), acting_user
        found.save(update_fields=["state", "withdrawn_why", "withdrawn_at", "withdrawn_by"])
        act.record(found, _("作废%(number)s") % {"number": found.number_text})
    return found


def preview(*, acting_user: Any, certificate: Certificate) -> bytes:
    """The paper as it would be, marked as a preview, without number and code; its disclosure recorded."""
    data = printing.certificate(
        title=certificate.edition.title,
        number=_("出具时编号"),
        body=certificate.body,
        issuer=knowing.issuer_name(certificate.region_code),
        day=_("出具日期"),
        notes=[
            ("接收单位", certificate.receiver.name),
            ("用途", _("%(why)s（仅限此用途使用）") % {"why": certificate.purpose}),
        ],
        how=_("本页为预览，没有编号、没有盖章，不作证明使用。"),
        code="",
    )
    _note_opening(acting_user, certificate, _("预览%(title)s") % {"title": certificate.edition.title})
    return data


def _note_opening(acting_user: Any, certificate: Certificate, purpose: str) -> None:
    disclose(
        acting_user=acting_user,
        person_ids=[certificate.person_id],
        elements=knowing.elements_of(certificate.edition),
        purpose=purpose,
        channel=Channel.PAGE,
        region_code=certificate.region_code,
    )


def open_paper(*, acting_user: Any, certificate: Certificate) -> bytes:
    """The frozen PDF, its disclosure recorded. Raises RuleError when the file is gone or not the one that was issued."""
    data = frozen(certificate.file, certificate.sha256)
    _note_opening(
        acting_user, certificate, _("查看或打印证明 %(number)s") % {"number": certificate.number_text}
    )
    return data


def frozen(path: str, sha256: str) -> bytes:
    """A kept paper, checked against its digest. Raises RuleError."""
    try:
        data = sealed_files.read(path)
    except FileNotFoundError:
        raise RuleError(_("找不到这份文件，请联系系统管理员从备份中恢复。")) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise RuleError(_("这份文件与出具时的不一致，请联系系统管理员。"))
    return data
