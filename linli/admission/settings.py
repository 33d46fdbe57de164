"""How a district admits: its setting, or the defaults where none was made; and the unit that is its community office."""

from __future__ import annotations

from linli.access.models import Post, Unit
from linli.access.roles import GRANTS, Permission
from linli.admission.models import DISTRICT, Setting
from linli.audit.recording import RuleError

_DECIDERS = [str(role) for role, granted in GRANTS.items() if Permission.DECIDE_ADMISSION in granted]


def setting_of(region_code: str) -> Setting:
    """The setting of the district that a region lies in; an unsaved one with the defaults where there is none."""
    district = region_code[:DISTRICT]
    found = Setting.objects.filter(region_code=district).select_related("office").first()
    return found or Setting(region_code=district)


def office_of(region_code: str) -> Unit:
    """The community office (社区办): the unit that was set, else the one whose people decide in the district.

    Raises RuleError when there is none.
    """
    setting = setting_of(region_code)
    if setting.office is not None:
        return setting.office
    post = (
        Post.objects.filter(
            role__in=_DECIDERS, region_code=setting.region_code, unit__isnull=False, valid_to__isnull=True
        )
        .select_related("unit")
        .order_by("pk")
        .first()
    )
    if post is None or post.unit is None:
        raise RuleError("区里还没有社区办的岗位，请联系管理员设置后再提交。")
    return post.unit
