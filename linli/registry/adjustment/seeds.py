"""The norms that the sources of this project name, as first rows. They can be changed and ended on the page of norms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from linli.audit.recording import ActingUser, action
from linli.registry.adjustment.models import Norm, NormKind

LOUXING, HAISHU, HOHHOT = "431302", "330203", "1501"
_PLAN: Final = "《“十四五”城乡社区服务体系建设规划》（国办发〔2021〕56号）"
_LAW: Final = "《城市居民委员会组织法》（2026年1月1日施行）"

NORMS: Final[tuple[dict[str, Any], ...]] = (
    {
        "kind": NormKind.HOUSEHOLDS,
        "low": 1000,
        "high": 3000,
        "source": f"{_LAW}第三条",
        "basis": "居民委员会……一般在一千户至三千户的范围内设立，也可以根据实际需要，在适当范围内设立。",
        "valid_from": date(2026, 1, 1),
    },
    {
        "kind": NormKind.HOUSEHOLDS,
        "region_code": HOHHOT,
        "low": 2400,
        "high": 3600,
        "source": "呼和浩特市社区建设调研报告（2014年）",
        "basis": "以3000户左右为标准，按照全覆盖、无缝隙的原则。“左右”按上下两成计。",
        "valid_from": date(2014, 1, 1),
    },
    {
        "kind": NormKind.REPRESENTATIVES,
        "low": 20,
        "high": 50,
        "source": f"{_LAW}第十三条",
        "basis": "居民代表由居民小组一般按每二十户至五十户推选一人产生，也可以根据实际需要在适当范围内推选产生。",
        "valid_from": date(2026, 1, 1),
    },
    {
        "kind": NormKind.STAFF,
        "region_code": HAISHU,
        "high": 250,
        "source": "海曙区社区建设报告（2018年）",
        "basis": "每250户居民配备1名社工。",
        "valid_from": date(2018, 1, 1),
    },
    {
        "kind": NormKind.STAFF_LEAST,
        "region_code": HAISHU,
        "low": 6,
        "below": 1500,
        "source": "海曙区社区建设报告（2018年）",
        "basis": "1500户以下社区至少配备6名。",
        "valid_from": date(2018, 1, 1),
    },
    {
        "kind": NormKind.STAFF_PER_PEOPLE,
        "low": 18,
        "source": _PLAN,
        "basis": "每万城镇常住人口拥有社区工作者18人。",
        "valid_from": date(2021, 12, 27),
    },
    {
        "kind": NormKind.LEADERS,
        "region_code": HOHHOT,
        "high": 50,
        "source": "呼和浩特市社区建设调研报告（2014年）",
        "basis": "按照每50户1名的标准，选齐配强居民小组长、楼院门栋长。",
        "valid_from": date(2014, 1, 1),
    },
    {
        "kind": NormKind.ROOMS,
        "region_code": LOUXING,
        "low": 300,
        "source": "娄星区社区建设调研报告（2013年）",
        "basis": "社区办公用房面积省里规定300平方米的标准。",
        "valid_from": date(2013, 1, 1),
    },
    {
        "kind": NormKind.ROOMS_PER_100,
        "low": 30,
        "source": _PLAN,
        "basis": "每百户居民拥有社区综合服务设施面积不低于30平方米。",
        "valid_from": date(2021, 12, 27),
    },
    {
        "kind": NormKind.MONEY,
        "region_code": LOUXING,
        "low": 100_000,
        "source": "娄星区社区建设调研报告（2013年）",
        "basis": "运转经费保障标准由2003年的年均3万元提高到现在的10万元；建议提高至年均15万元。",
        "valid_from": date(2013, 1, 1),
    },
    {
        "kind": NormKind.MONEY,
        "region_code": HOHHOT,
        "low": 100_000,
        "source": "呼和浩特市社区建设调研报告（2014年）",
        "basis": "社区工作经费从2011年的4万元，提高到目前的10万元。",
        "valid_from": date(2014, 1, 1),
    },
)


def ensure_norms(*, acting_user: ActingUser) -> int:
    """Put the first norms into a base that has none. Returns how many were made."""
    if Norm.objects.exists():
        return 0
    with action(acting_user, "adjustment.first_norms") as act:
        made = Norm.objects.bulk_create(
            [
                Norm(
                    **{key: Decimal(value) if key in ("low", "high") else value for key, value in row.items()}
                )
                for row in NORMS
            ]
        )
        act.record(None, f"载入社区设置标准 {len(made)} 条", norms=len(made))
    return len(made)
