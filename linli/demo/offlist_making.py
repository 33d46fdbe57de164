"""What was asked of the demonstration street off the list: reports in every standing, and two sendings that the gate refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from linli.access.models import Unit, User
from linli.audit.recording import RuleError
from linli.collecting.reading import own_warrants
from linli.demo.drawing import png
from linli.demo.places_making import STREET
from linli.flow import actions as flow
from linli.flow.rules.warrants import Thing
from linli.gate.offlist import actions
from linli.gate.offlist.models import Report

# Who reports, which department asked what, how, how many days ago, hours that it took, with a picture or not.
_REPORTS: Final = (
    ("dongwai", "延庆区卫生健康委", "三天内报齐65岁以上老人流感疫苗接种底册", "form", "chat", 12, "9", True),
    ("dongwai", "延庆区城管委", "每晚八点在群里报垃圾桶站值守照片", "other", "chat", 9, "5", True),
    ("chuanbei", "延庆区应急管理局", "补齐去年安全生产检查台账", "form", "paper", 6, "12", True),
    ("dongwai", "延庆区消防救援支队", "组织居民下载消防学习应用并上报人数", "other", "phone", 2, "3", False),
    ("chuanbei", "延庆区文明办", "周末派十名志愿者到主干道站岗", "other", "face", 1, None, False),
)
# What the street answered: which report (by its place above), the outcome, the words.
_ANSWERS: Final = (
    (0, "stopped", "已与区卫生健康委核实，接种底册由社区卫生服务中心从接种系统导出，不再要社区报。"),
    (1, "apply", "区城管委在群里直接布置，没有准入。已请其先申请，批准前社区可以不报。"),
)


def make_offlist() -> list[Report]:
    """Made by the demonstration's own accounts; nothing where these are not there."""
    people = {
        one.username: one
        for one in User.objects.filter(username__in=("dongwai", "chuanbei", "jiedao", "minzheng"))
    }
    if len(people) < 4:
        return []
    today = timezone.localdate()
    made = []
    for who, unit, title, thing, by, days, hours, seen in _REPORTS:
        made.append(
            actions.report(
                acting_user=people[who],
                region_code=f"{STREET}{'001' if who == 'dongwai' else '002'}",
                title=title,
                thing=thing,
                by=by,
                asked_on=today - timedelta(days=days),
                unit=Unit.objects.filter(name=unit).order_by("pk").first(),
                unit_name=unit,
                is_done=hours is not None,
                hours=Decimal(hours) if hours else None,
                papers=[_screenshot()] if seen else [],
            )
        )
    for place, outcome, words in _ANSWERS:
        actions.answer(acting_user=people["jiedao"], report=made[place], outcome=outcome, answer=words)
    _refused(people["minzheng"])
    return made


def _screenshot() -> Any:
    """A chat with three messages, as it looks on a phone from afar."""

    def colour(x: int, y: int) -> bytes:
        if y < 24:
            return b"\x12\x60\x7b"
        left, right = (20, 180) if y < 170 else (80, 220)
        bubble = left <= x < right and (y - 24) % 70 >= 20
        line = bubble and (y - 24) % 70 in (30, 31, 42, 43, 54, 55) and left + 10 <= x < right - 20
        return b"\x9a\xa6\xac" if line else b"\xff\xff\xff" if bubble else b"\xed\xf1\xf2"

    return SimpleUploadedFile("群通知截图.png", png(240, 240, colour), content_type="image/png")


def _refused(user: User) -> None:
    """A form under an item that lets no such thing through, and a plate under one for forms: the gate keeps both attempts."""
    warrant = own_warrants(user).filter(suspended="").order_by("pk").first()
    if warrant is None:
        return
    for thing, title in ((Thing.CONTEST, "敬老文明社区评比"), (Thing.PLATE, "助老服务站牌子")):
        if thing.value in warrant.things:
            continue
        with suppress(RuleError):
            flow.dispatch(
                acting_user=user,
                warrant=warrant,
                thing=thing,
                communities=[f"{STREET}001", f"{STREET}002"],
                title=title,
                sender=warrant.issuer,
            )
