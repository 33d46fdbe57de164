"""A department's system with a confirmed entitlement (and no key), and lists that the street's colleagues share."""

from __future__ import annotations

from typing import Final

from linli.access.models import Unit, User
from linli.demo.places_making import STREET
from linli.lists.actions import save_list
from linli.lists.rules import Definition
from linli.sharing import actions
from linli.sharing.models import Client

CLIENT: Final = "低保对象核对系统"
LISTS: Final = (
    (
        "80岁以上独自居住的老人",
        "上门走访用，按年龄从大到小。",
        (
            ("subject", "person"),
            ("c", "aged_80"),
            ("c", "lives_alone"),
            *(("col", path) for path in ("name", "sex", "age", "place", "community", "phone")),
            ("sort", "-age"),
        ),
    ),
    (
        "各社区人口年龄结构",
        "",
        (("subject", "person"), ("rows", "region:community"), ("across", "band:age:age_usual")),
    ),
)


def make_sharing() -> None:
    """Made by the demonstration's own accounts; nothing where they are not there, or it is there already."""
    people = {one.username: one for one in User.objects.filter(username__in=["guanli", "quji", "jiedao"])}
    if len(people) < 3 or Client.objects.exists():
        return
    unit = Unit.objects.filter(region_code=STREET[:6], name="延庆区民政局").first()
    if unit is not None:
        client = actions.save_client(
            acting_user=people["guanli"],
            region_code=STREET[:6],
            unit=unit,
            values={
                "name": CLIENT,
                "responsible": "郭晓峰",
                "phone": "010-69100000",
                "note": "复核低保资格时查询家庭成员和住址，不再让社区填表。",
            },
        )
        granted = actions.grant(
            acting_user=people["guanli"],
            client_id=client.pk,
            subject="person",
            region_code=STREET,
            operations=["lookup", "batch", "changes"],
            purposes=["低保资格复核", "特困人员认定"],
            basis="《社会救助暂行办法》第五十八条",
            elements=["name", "sex", "birth_date", "id_number", "address", "standing", "is_dead"],
        )
        actions.confirm(acting_user=people["quji"], entitlement_id=granted.pk)
        actions.grant(
            acting_user=people["guanli"],
            client_id=client.pk,
            subject="home",
            region_code=STREET,
            operations=["counts"],
            purposes=["公租房需求测算"],
            basis="《公共租赁住房管理办法》",
            measures=["homes", "homes_let", "homes_empty"],
        )
    for name, note, pairs in LISTS:
        save_list(
            acting_user=people["jiedao"],
            definition=Definition.read(pairs),
            name=name,
            note=note,
            share_in=STREET,
        )
