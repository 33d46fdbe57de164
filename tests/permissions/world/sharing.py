"""A department's system."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access.models import Unit as Office
from linli.access.testing import COMMUNITY, DISTRICT, Characters
from linli.sharing import actions as sharing


def shared(people: Characters) -> dict[str, Any]:
    """A department's system with a key and an entitlement that waits."""
    unit = Office.objects.get_or_create(region_code=DISTRICT, name="延庆区民政局", kind="department")[0]
    client = sharing.save_client(
        acting_user=people.administrator,
        region_code=DISTRICT,
        unit=unit,
        values={"name": "测试系统", "responsible": "测试人"},
    )
    key, _text = sharing.issue_key(
        acting_user=people.administrator, client_id=client.pk, expires_on=timezone.localdate()
    )
    entitlement = sharing.grant(
        acting_user=people.administrator,
        client_id=client.pk,
        subject="person",
        region_code=COMMUNITY,
        operations=["lookup"],
        purposes=["测试"],
        basis="测试",
        elements=["name"],
    )
    return {"key": key, "entitlement": entitlement}
