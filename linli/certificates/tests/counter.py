"""What the tests of certificates share: a family in a home, a seal, and a clerk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from linli.access.testing import COMMUNITY, Characters
from linli.certificates import actions
from linli.certificates.models import Certificate, Seal

BASE = "https://linli.example/"
ANSWERS = {
    "法院": "北京市延庆区人民法院",
    "案由": "物业服务合同纠纷",
    "代理人姓名": "赵明理",
    "代理人号码": "11010519491231002X",
}


def seal(community: str = COMMUNITY) -> Seal:
    """A community's seal."""
    return Seal.objects.create(region_code=community, name="居民委员会公章", keeper="王建华")


def prepared(user: Any, person_id: int, code: str = "residence", **more: Any) -> Certificate:
    """A certificate that the person themselves asked for."""
    values: dict[str, Any] = {
        "as_of": timezone.localdate(),
        "asker_kind": "self",
        "asker_paper": "居民身份证原件",
        "purpose": "子女入学报名",
        "receiver": "延庆区第一小学",
        **more,
    }
    return actions.prepare(acting_user=user, person_id=person_id, code=code, **values)


def issued(who: Characters, person_id: int, **more: Any) -> Certificate:
    """An issued one."""
    made = prepared(who.worker, person_id, **more)
    used = Seal.objects.filter(region_code=made.region_code).first() or seal(made.region_code)
    return actions.issue(
        acting_user=who.worker, certificate_id=made.pk, seal_id=used.pk, hand="王建华", base_url=BASE
    )


LONG_AGO = date(2000, 1, 1)
