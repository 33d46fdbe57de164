"""Certificates and a slip of refusal."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access.testing import COMMUNITY, Characters
from linli.certificates import actions as certificates
from linli.certificates.models import Office, Seal
from linli.registry.people.models import Person


def certified(people: Characters, person: Person) -> dict[str, Any]:
    """A certificate that is issued, one that waits for the head to say so, and a slip of refusal."""
    certificates.ensure_list()
    seal = Seal.objects.create(region_code=COMMUNITY, name="测试公章", keeper="测试人")
    asked = {
        "acting_user": people.worker,
        "person_id": person.pk,
        "as_of": timezone.localdate(),
        "asker_kind": "self",
        "asker_paper": "居民身份证原件",
        "purpose": "测试",
        "receiver": "测试学校",
    }
    made = certificates.prepare(code="residence", **asked)
    issued = certificates.issue(
        acting_user=people.worker,
        certificate_id=made.pk,
        seal_id=seal.pk,
        hand="测试人",
        base_url="http://testserver/",
    )
    answers = {
        "法院": "测试法院",
        "案由": "测试",
        "代理人姓名": "测试人乙",
        "代理人号码": "11010519491231002X",
    }
    return {
        "certified": person,
        "seal_use": issued.seal_uses.get(),
        "office": Office.objects.create(region_code=COMMUNITY, kind="police", name="测试派出所", phone="110"),
        "seal": seal,
        "certificate": issued,
        "prepared": certificates.prepare(code="litigation_agent", answers=answers, **asked),
        "refusal": certificates.refuse(
            acting_user=people.worker,
            region_code=COMMUNITY,
            asked="亲属关系证明",
            asker="测试银行",
            why="not_allowed",
            code="kinship",
            name="测试人",
        ),
    }
