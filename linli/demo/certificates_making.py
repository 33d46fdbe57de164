"""Certificates of the demonstration: seals, offices, some issued, one withdrawn, one waiting for the head, some refused."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from linli.access.models import User
from linli.certificates import actions, listing
from linli.certificates.models import Asker, Certificate, Seal
from linli.demo.places_making import COMMUNITY_NAMES, STREET
from linli.registry.people.models import Person, ResidenceKind, Standing

_CLERKS: Final = {"001": "dongwai", "002": "chuanbei", "011": "xinxing"}
HEAD: Final = "dongwai.wang"
BASE: Final = "http://127.0.0.1:8000/"
_DISTRICT: Final = STREET[:6]
OFFICES: Final = (
    (
        STREET,
        "police",
        "香水园派出所",
        "北京市延庆区香水园街道妫水北街",
        "010-69100101",
        "周一至周五 9:00–17:00",
    ),
    (_DISTRICT, "notary", "延庆区公证处", "北京市延庆区东外大街", "010-69100102", "周一至周五 9:00–17:00"),
    (
        _DISTRICT,
        "marriage",
        "延庆区民政局婚姻登记处",
        "北京市延庆区高塔街",
        "010-69100103",
        "周一至周六 9:00–16:30",
    ),
    (_DISTRICT, "social_insurance", "延庆区社会保险基金管理中心", "北京市延庆区新城街", "010-69100104", ""),
    (
        _DISTRICT,
        "hospital",
        "香水园社区卫生服务中心",
        "北京市延庆区湖北西路",
        "010-69100105",
        "每天 8:00–17:00",
    ),
    (_DISTRICT, "employment", "延庆区公共就业服务中心", "北京市延庆区新城街", "010-69100104", ""),
    (_DISTRICT, "disabled_federation", "延庆区残疾人联合会", "北京市延庆区庆园街", "010-69100106", ""),
    (_DISTRICT, "real_estate", "延庆区不动产登记中心", "北京市延庆区百泉街", "010-69100107", ""),
)
# What a new edition takes over from the one before where nothing is said.
_KEPT: Final = (
    "standing",
    "title",
    "also",
    "basis",
    "source",
    "askers",
    "conditions",
    "wording",
    "inputs",
    "days",
    "needs_head",
    "purpose_hint",
    "instead",
    "offices",
    "bring",
)
# kind, for whom among the residents of the community, receiver, purpose
ISSUED: Final = (
    ("001", "residence", 3, "延庆区第一小学", "子女入学报名", 1),
    ("001", "residence", 8, "国网北京延庆供电公司", "办理用电过户", 1),
    ("001", "living_together", 15, "延庆区住房保障事务中心", "公租房申请", 2),
    ("001", "residence", 21, "北京市延庆区人民法院", "诉讼确定管辖", 1),
    ("001", "residence", 34, "延庆区第一小学", "子女入学报名", 1),
    ("002", "residence", 5, "延庆区第二小学", "子女入学报名", 1),
    ("002", "living_together", 12, "延庆区民政局", "临时救助申请", 1),
    ("011", "residence", 7, "北京银行延庆支行", "个人住房贷款面签", 1),
)
# community, resident, what is asked for, kind on the list, organisation, what for
REFUSED: Final = (
    ("001", 40, "母女关系证明", "kinship", "中国工商银行延庆支行", "支取去世老人存款"),
    ("001", 44, "亲属关系证明", "kinship", "中国工商银行延庆支行", "代取存款"),
    ("002", 41, "亲子关系证明", "kinship", "中国工商银行延庆支行", "支取存款"),
    ("001", 52, "无犯罪记录证明", "no_crime", "妫川物业服务有限公司", "入职"),
    ("002", 46, "无犯罪记录证明", "no_crime", "妫川物业服务有限公司", "入职"),
    ("001", 61, "健在证明", "alive", "某省社会保险经办中心", "异地领取养老金"),
    ("011", 44, "生存证明", "alive", "某省社会保险经办中心", "异地领取养老金"),
    ("011", 51, "单身证明", "marital", "恒信房地产经纪公司", "购房签约"),
    ("001", 70, "燃气本丢失证明", "lost_papers", "延庆燃气服务站", "补办燃气本"),
    ("002", 55, "收入困难证明", "", "育才培训学校", "学费减免"),
)


def _residents(community: str) -> list[Person]:
    """People of full facts who live in a community, in the order in which they were written."""
    rows = (
        Person.objects.filter(
            region_code__startswith=community,
            standing=Standing.REGISTERED,
            id_digest__isnull=False,
            residences__kind=ResidenceKind.LIVING,
            residences__home__isnull=False,
            residences__period__startswith__isnull=False,
            residences__period__upper_inf=True,
            memberships__period__upper_inf=True,
        )
        .exclude(id_kind="")
        .filter(residences__region_code__startswith=community)
        .annotate(since=F("residences__period__startswith"))
        .order_by("pk")
    )
    return list(rows[:90])


def make_certificates() -> None:
    """By the demonstration's own accounts; nothing where they are not there, or it is there already."""
    users = {one.username: one for one in User.objects.filter(username__in=[*_CLERKS.values(), "quji", HEAD])}
    if len(users) < len(_CLERKS) + 2 or Seal.objects.exists():
        return
    actions.ensure_list()
    for region, kind, name, address, phone, hours in OFFICES:
        actions.save_office(
            acting_user=users["quji"],
            region_code=region,
            values={"kind": kind, "name": name, "address": address, "phone": phone, "hours": hours},
        )
    _own_list(users["quji"])
    seals = {
        short: Seal.objects.create(
            region_code=f"{STREET}{short}",
            name=f"{COMMUNITY_NAMES[short]}社区居民委员会公章",
            keeper=users[HEAD].name if short == "001" else users[clerk].name,
        )
        for short, clerk in _CLERKS.items()
    }
    residents = {short: _residents(f"{STREET}{short}") for short in _CLERKS}
    made = [_issue(users, seals, residents, *row) for row in ISSUED]
    done = [one for one in made if one is not None]
    if done:
        actions.withdraw(
            acting_user=users["dongwai"],
            certificate_id=done[1].pk,
            reason="居民改用不动产权证办理，原件已收回",
        )
    _waiting(users, residents["001"])
    for short, place, asked, code, asker, purpose in REFUSED:
        if place < len(residents[short]):
            actions.refuse(
                acting_user=users[_CLERKS[short]],
                region_code=f"{STREET}{short}",
                asked=asked,
                asker=asker,
                why="not_allowed" if code else "not_listed",
                code=code,
                person_id=residents[short][place].pk,
                purpose=purpose,
            )
    first = _asker("妫川物业服务有限公司")
    if first is not None:
        actions.answer_asker(
            acting_user=users["quji"],
            asker_id=first,
            answer="已函告，答复改由本人到派出所网上查询，不再要求社区证明",
        )


def _own_list(officer: User) -> None:
    """The district words two kinds for itself: one holds longer, one says which window."""
    for code, changed, reason in (
        ("residence", {"days": 60}, "居民反映三十天办不完入学手续，延长到六十天"),
        (
            "dog",
            {
                "instead": "先给犬只接种狂犬病疫苗，凭免疫证明到居住地派出所办理养犬登记；每年按通知年检。",
                "basis": "《动物防疫法》第三十条；《北京市养犬管理规定》",
            },
            "写明本市的登记机关",
        ),
    ):
        held = listing.one_in_force(_DISTRICT, code)
        if held is not None:
            kept = {name: getattr(held, name) for name in _KEPT}
            actions.publish(
                acting_user=officer,
                region_code=_DISTRICT,
                code=code,
                values={**kept, **changed},
                reason=reason,
            )


def _asker(name: str) -> int | None:
    return Asker.objects.filter(region_code=_DISTRICT, name=name).values_list("pk", flat=True).first()


def _issue(
    users: dict[str, Any],
    seals: dict[str, Seal],
    residents: dict[str, list[Person]],
    short: str,
    code: str,
    place: int,
    receiver: str,
    purpose: str,
    copies: int,
) -> Certificate | None:
    if place >= len(residents[short]):
        return None
    clerk = users[_CLERKS[short]]
    made = actions.prepare(
        acting_user=clerk,
        person_id=residents[short][place].pk,
        code=code,
        as_of=timezone.localdate(),
        asker_kind="self",
        asker_paper="居民身份证原件",
        purpose=purpose,
        receiver=receiver,
        copies=copies,
    )
    return actions.issue(
        acting_user=clerk,
        certificate_id=made.pk,
        seal_id=seals[short].pk,
        hand=seals[short].keeper,
        base_url=BASE,
    )


def _waiting(users: dict[str, Any], residents: list[Person]) -> None:
    if len(residents) < 30:
        return
    made = actions.prepare(
        acting_user=users["dongwai"],
        person_id=residents[28].pk,
        code="litigation_agent",
        as_of=timezone.localdate(),
        asker_kind="self",
        asker_paper="居民身份证原件、受理通知书",
        purpose="民事诉讼",
        receiver="北京市延庆区人民法院",
        answers={
            "法院": "北京市延庆区人民法院",
            "案由": "物业服务合同纠纷",
            "代理人姓名": "赵明理",
            "代理人号码": "11010519491231002X",
        },
    )
    actions.submit(acting_user=users["dongwai"], certificate_id=made.pk)
