"""Papers that a membership rests on: a scan of the certificate, the decision of the street. Kept sealed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.access import sealed_files
from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError
from linli.registry.groups import actions, seeing
from linli.registry.groups.models import EvidenceFile, Membership

MOST = 10
FOLDER = "evidence"


def add_file(*, acting_user: Any, membership_id: int, upload: Any) -> EvidenceFile:
    """Keep a paper with a membership.

    Raises RuleError for what is no PDF, JPG or PNG, over 10 MB, or the eleventh.
    """
    with audit.action(acting_user, "groups.add_file") as act:
        membership = actions.locked_membership(acting_user, membership_id)
        if membership.files.count() >= MOST:
            raise RuleError(_("一项资格最多存 %(n)d 份材料，请先删去不用的。") % {"n": MOST}, field="file")
        kept = sealed_files.keep(upload, folder=FOLDER)
        try:
            with transaction.atomic():
                made = EvidenceFile.objects.create(
                    membership=membership, added_by_id=acting_user.pk or None, **vars(kept)
                )
                actions.record(act, membership, _("%(name)s 的%(group)s：上传依据材料"))
        except BaseException:
            sealed_files.drop(kept.path)
            raise
    return made


def join_with_paper(*, acting_user: Any, upload: Any, **membership: Any) -> Membership:
    """Somebody joins a group (`actions.add_membership`), and the paper for it is kept with them; both or neither."""
    with transaction.atomic():
        made = actions.add_membership(acting_user=acting_user, **membership)
        if upload is not None:
            add_file(acting_user=acting_user, membership_id=made.pk, upload=upload)
    return made


def remove_file(*, acting_user: Any, file_id: int, reason: str) -> None:
    """Delete a paper, for a stated reason; its bytes are gone once that is committed."""
    if len(reason.strip()) < 2:
        raise RuleError(_("请写明删除的原因，例如“传错了人”。"), field="reason")
    with audit.action(acting_user, "groups.remove_file", reason=reason.strip()) as act:
        file = EvidenceFile.objects.filter(pk=file_id).first()
        if file is None:
            raise NotPermitted(actions.EDIT)
        membership = actions.locked_membership(acting_user, file.membership_id)
        actions.record(act, membership, _("%(name)s 的%(group)s：删除依据材料"))
        path = file.path
        file.delete()
        transaction.on_commit(lambda: sealed_files.drop(path))


def open_file(*, acting_user: Any, file_id: int, purpose: str) -> tuple[EvidenceFile, bytes]:
    """A paper in full, for a purpose; the disclosure is recorded before anything is shown.

    Raises NotPermitted for those who may not see the group there or may not see numbers in full.
    """
    file = EvidenceFile.objects.select_related("membership__group").filter(pk=file_id).first()
    if file is None:
        raise NotPermitted(Permission.REVEAL_PEOPLE)
    membership = file.membership
    if not acting_user.can(Permission.REVEAL_PEOPLE, membership.region_code) or not seeing.sees(
        acting_user, membership.group, membership.region_code
    ):
        raise NotPermitted(Permission.REVEAL_PEOPLE)
    audit.disclose(
        acting_user=acting_user,
        person_ids=[membership.person_id],
        elements=[f"evidence:{membership.group.code}"],
        purpose=purpose.strip()[:200] or _("查看依据材料"),
        channel=Channel.PAGE,
        region_code=membership.region_code,
    )
    return file, sealed_files.read(file.path)
