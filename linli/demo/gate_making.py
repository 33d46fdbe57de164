"""What comes into the communities of the demonstration street: a month with collisions, a year before the reform; plates before and
after; the yearly composite assessment."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from django.utils import timezone

from linli.access import sealed_files
from linli.access.models import Unit, User
from linli.audit.recording import SYSTEM
from linli.demo.drawing import png
from linli.demo.places_making import COMMUNITY_NAMES, STREET
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.agenda import actions as agenda
from linli.gate.agenda import reading, touring
from linli.gate.agenda.models import State, Visit
from linli.gate.assessment import actions as assessment
from linli.gate.assessment.models import Fate, Score
from linli.gate.assessment.rules import Way
from linli.gate.catalogue.models import Entry
from linli.gate.plates.models import Form, PhotoKind, Plate, PlatePhoto, Walk
from linli.gate.plates.models import PlateKind as Kind
from linli.gate.plates.rules import ALLOWED
from linli.gate.plates.rules import State as Stands
from linli.office.calendar import current as current_calendar

DISTRICT: Final = STREET[:6]
# What came before the reform: which department, what, how often a year to one community, hours.
_BEFORE: Final = (
    ("延庆区城管委", "inspection", "垃圾分类桶站检查", 9, 2),
    ("延庆区应急管理局", "inspection", "安全生产台账检查", 6, 3),
    ("延庆区卫生健康委", "contest", "健康社区示范验收", 2, 8),
    ("延庆区文明办", "inspection", "文明创建实地测评", 6, 4),
    ("延庆区委政法委", "contest", "平安社区示范创建", 2, 6),
    ("延庆区消防救援支队", "inspection", "九小场所消防抽查", 6, 2),
    ("延庆区委组织部", "meeting", "党建工作推进会", 22, 2),
    ("延庆区民政局", "meeting", "社区工作例会", 24, 2),
    ("延庆区城管委", "meeting", "垃圾分类调度会", 24, 2),
    ("延庆区公安分局", "meeting", "治安形势分析会", 24, 1),
    ("延庆区卫生健康委", "meeting", "公共卫生工作部署会", 18, 2),
    ("延庆区住房城乡建设委", "meeting", "物业管理联席会", 16, 2),
    ("延庆区文明办", "meeting", "创建工作动员会", 20, 2),
)
# What came this month without asking: whose community, what, which department, hours, what was said of it.
_CAME: Final = (
    (
        "dongwai",
        Thing.INSPECTION,
        "应急疏散演练抽查",
        "延庆区应急管理局",
        "2.5",
        "当天早上电话通知，抽查了三号楼的疏散通道，一处灭火器过期已更换。",
    ),
    ("chuanbei", Thing.MEETING, "治安形势碰头会", "延庆区公安分局", "1.5", "下午临时通知，一人参加。"),
)
# Bodies and plates that departments had asked for.
_PLATES: Final = (
    ("综合治理工作站", "延庆区委政法委", Form.BOTH, "一楼大门右侧"),
    ("平安建设领导小组", "延庆区委政法委", Form.BODY, ""),
    ("人民调解委员会", "延庆区司法局", Form.BOTH, "一楼调解室"),
    ("法律援助联络点", "延庆区司法局", Form.BOARD, "一楼调解室"),
    ("普法工作站", "延庆区司法局", Form.BOARD, "二楼走廊"),
    ("社区矫正工作站", "延庆区司法局", Form.BOARD, "二楼走廊"),
    ("安全生产领导小组", "延庆区应急管理局", Form.BODY, ""),
    ("防灾减灾工作站", "延庆区应急管理局", Form.BOTH, "一楼值班室"),
    ("微型消防站", "延庆区消防救援支队", Form.BOTH, "门卫室外墙"),
    ("爱国卫生运动委员会", "延庆区卫生健康委", Form.BODY, ""),
    ("计划生育协会", "延庆区卫生健康委", Form.BOTH, "二楼办公室"),
    ("健康教育活动室", "延庆区卫生健康委", Form.BOARD, "二楼活动室"),
    ("妇女之家", "延庆区妇联", Form.BOARD, "二楼活动室"),
    ("家庭教育指导站", "延庆区妇联", Form.BOARD, "二楼活动室"),
    ("青年汇", "共青团延庆区委", Form.BOARD, "二楼活动室"),
    ("残疾人协会", "延庆区残联", Form.BOTH, "一楼服务厅"),
    ("温馨家园", "延庆区残联", Form.BOARD, "一楼服务厅"),
    ("科普工作站", "延庆区科协", Form.BOARD, "二楼走廊"),
    ("劳动保障工作站", "延庆区人力社保局", Form.BOARD, "一楼服务厅"),
    ("退役军人服务站", "延庆区退役军人局", Form.BOTH, "一楼服务厅"),
    ("统计工作站", "延庆区统计局", Form.BOARD, "二楼办公室"),
    ("环境保护工作站", "延庆区生态环境局", Form.BOARD, "二楼走廊"),
    ("垃圾分类工作领导小组", "延庆区城管委", Form.BODY, ""),
    ("城管工作站", "延庆区城管执法局", Form.BOARD, "一楼大门右侧"),
    ("新时代文明实践站", "延庆区文明办", Form.BOTH, "一楼大门左侧"),
    ("志愿服务站", "延庆区文明办", Form.BOARD, "一楼服务厅"),
    ("文化活动中心", "延庆区文化旅游局", Form.BOARD, "二楼活动室"),
    ("红十字工作站", "延庆区红十字会", Form.BOARD, "二楼办公室"),
    ("健康社区示范点", "延庆区卫生健康委", Form.PLAQUE, "一楼大厅墙上"),
    ("平安示范社区", "延庆区委政法委", Form.PLAQUE, "一楼大厅墙上"),
)
_PARTS: Final = (
    ("党建引领和居民自治", 15, Way.ENTERED, "街道按党组织活动、居民代表会议和居务公开的记录评分。"),
    ("服务居民和走访", 15, Way.ENTERED, "看走访记录和居民诉求办理，不看台账。"),
    ("平安和应急", 15, Way.ENTERED, "看隐患发现和处置，不看会议和文件。"),
    ("环境和物业", 10, Way.ENTERED, "街道季度评价的平均。"),
    ("牌子清理", 5, Way.MEASURED, "现有牌子越接近三块，得分越高。"),
    ("居民满意度", 40, Way.SATISFACTION, "区里委托第三方入户和电话调查。"),
)


def make_gate(on: date) -> None:
    """All of it; nothing where the street's communities are not there."""
    communities = [STREET + suffix for suffix in COMMUNITY_NAMES]
    units = {one.name: one for one in Unit.objects.filter(region_code=DISTRICT)}
    _past_year(communities, units, on)
    _month(communities)
    _unlisted(units)
    _plates(communities, units, on)
    _assessment(communities, units, on)


def _past_year(communities: list[str], units: dict[str, Unit], on: date) -> None:
    """What came from the first of January until the list was reformed (the first of this month): none of it through the gate."""
    rng = Random("linli agenda before")
    since, until = date(on.year, 1, 1), on.replace(day=1)
    days = [
        day
        for day in (since + timedelta(days=n) for n in range((until - since).days))
        if current_calendar().is_working_day(day)
    ]
    rows = []
    for community in communities:
        for unit, thing, title, times, hours in _BEFORE:
            n = round(times * len(days) / 250)
            for day in rng.sample(days, min(n, len(days))):
                spent = Decimal(hours) + Decimal(rng.randint(0, 4)) / 2
                rows.append(
                    Visit(
                        region_code=community,
                        thing=thing,
                        title=title,
                        unit=units.get(unit),
                        unit_name="" if unit in units else unit,
                        day=day,
                        last_day=day,
                        hours=spent,
                        state=State.DONE,
                        is_unlisted=True,
                        spent_hours=spent,
                        spent_people=rng.randint(1, 4),
                        done_at=timezone.now(),
                    )
                )
    Visit.objects.bulk_create(rows, batch_size=1000)


def _warrant(title: str, thing: Thing) -> Warrant | None:
    found = Warrant.objects.filter(
        region_code=DISTRICT, title__contains=title, things__contains=[thing.value], suspended=""
    )
    return found.filter(period__contains=timezone.localdate()).order_by("-pk").first()


def _workday(n: int) -> date:
    return current_calendar().add_working_days(timezone.localdate(), n)


def _propose(
    warrant: Warrant | None,
    thing: Thing,
    communities: list[str],
    *,
    first: int,
    last: int = 0,
    hours: str = "2",
    **more: Any,
) -> Any:
    if warrant is None:
        return None
    return agenda.propose(
        acting_user=SYSTEM,
        warrant=warrant,
        thing=thing,
        communities=communities,
        first_day=_workday(first),
        last_day=_workday(last) if last else None,
        spread=bool(last),
        hours=Decimal(hours),
        **more,
    )


def _month(communities: list[str]) -> None:
    """Fire inspections spread and fixed, a meeting that took place, others that collide with them or could come together."""
    officer = User.objects.filter(username="jiedao").first() or SYSTEM
    fire = _propose(
        _warrant("防火安全", Thing.INSPECTION),
        Thing.INSPECTION,
        communities,
        first=4,
        last=16,
        per_day=2,
        title="冬季防火安全检查",
        purpose="检查楼道堆物、电动自行车充电和消防通道，当场告诉物业和居民怎么改。",
        asks="请一名网格员带路，不用准备材料。",
        comers="消防救援站两人，街道安全科一人",
        people=3,
        starts_at=time(9, 30),
    )
    if fire is not None:
        agenda.fix(acting_user=SYSTEM, proposal=fire)
    drill = _propose(
        _warrant("应急知识宣传", Thing.MEETING),
        Thing.MEETING,
        communities[:6],
        first=5,
        hours="2.5",
        title="冬季应急演练",
        purpose="在小区里练一次疏散和灭火器使用。",
        prep_hours=Decimal(1),
        starts_at=time(14, 0),
    )
    if drill is not None:
        if _has_trouble(list(drill.visits.all())):
            agenda.consent(
                acting_user=officer, visits=drill.visits.all(), reason="演练要赶在供暖高峰前，时间不长。"
            )
        agenda.fix(acting_user=SYSTEM, proposal=drill)
    law = _propose(
        _warrant("法治宣传", Thing.MEETING),
        Thing.MEETING,
        communities[:10],
        first=6,
        hours="3",
        title="宪法宣传周宣讲",
        purpose="讲物业纠纷和反诈骗案例，现场答疑。",
        asks="请安排一间能坐三十人的房间，通知居民代表。",
        prep_hours=Decimal(2),
        starts_at=time(9, 0),
    )
    _propose(
        _warrant("生活垃圾分类", Thing.MEETING),
        Thing.MEETING,
        communities,
        first=8,
        hours="1.5",
        title="垃圾分类桶站撤并说明会",
        purpose="听居民意见，定下撤并的位置。",
        starts_at=time(14, 30),
    )
    _propose(
        _warrant("社区综合评价", Thing.INSPECTION),
        Thing.INSPECTION,
        communities[:8],
        first=5,
        hours="3",
        title="年度社区综合评价实地核验",
        purpose="核对系统里的数据，不查台账；入户听十户居民的意见。",
        comers="区委社会工作部、街道各一人",
        people=2,
        starts_at=time(9, 0),
    )
    _tour(communities[10:14], officer)
    if law is not None:
        fixed = list(law.visits.order_by("region_code"))[1:]
        if _has_trouble(fixed):
            agenda.consent(
                acting_user=officer, visits=fixed, reason="宪法宣传周只有这几天，居民代表已经约好。"
            )
        agenda.fix(acting_user=SYSTEM, proposal=law, visits=fixed)
        first = law.visits.order_by("region_code").first()
        worker = User.objects.filter(username="dongwai").first()
        if first is not None and worker is not None:
            agenda.answer(
                acting_user=worker,
                visit=first,
                wish_day=_workday(10),
                wish="这天上午有居民代表会议，人手和会议室都不够。",
            )


def _tour(communities: list[str], officer: Any) -> None:
    """The evaluation comes to some communities together with the fire inspection: one plan of the street, each community its day."""
    second = _propose(
        _warrant("社区综合评价", Thing.INSPECTION),
        Thing.INSPECTION,
        communities,
        first=9,
        hours="3",
        title="年度社区综合评价实地核验（第二批）",
        purpose="核对系统里的数据，不查台账；入户听十户居民的意见。",
        comers="区委社会工作部、街道各一人",
        people=2,
        starts_at=time(9, 0),
    )
    if second is None:
        return
    open_ones = Visit.objects.filter(region_code__in=communities).select_related("unit", "joint", "proposal")
    found = touring.tourable(open_ones.order_by("region_code", "day"), timezone.localdate())
    stops = [
        one for one in touring.stops(found, hours=Decimal(3), per_day=2) if one.visits and not one.must_move
    ]
    if not stops:
        return
    agenda.join_tour(
        acting_user=officer,
        stops=[agenda.Together(one.visits, one.day, one.starts_at) for one in stops],
        hours=Decimal(3),
        lead=second.unit,
        title="年末联合检查：综合评价和防火安全",
        reason="两家一起来，社区只接待一次；年底前要看完。",
    )
    together = second.visits.filter(joint__isnull=False)
    agenda.fix(acting_user=SYSTEM, proposal=second, visits=list(together))


def _has_trouble(visits: list[Visit]) -> bool:
    return any(one.open for one in reading.look(visits, better=False))


def _unlisted(units: dict[str, Unit]) -> None:
    """What came this month without asking, told afterwards by the communities themselves."""
    day = current_calendar().add_working_days(timezone.localdate(), -2)
    for username, thing, title, unit, hours, remark in _CAME:
        worker = User.objects.filter(username=username).first()
        if worker is None:
            continue
        agenda.record_unlisted(
            acting_user=worker,
            region_code=worker.posts.get().region_code[:12],
            thing=thing,
            title=title,
            unit=units.get(unit),
            unit_name="" if unit in units else unit,
            day=day,
            spent_hours=Decimal(hours),
            spent_people=2,
            remark=remark,
        )


def _picture(with_board: bool) -> bytes:
    """A small PNG: a wall, and on it a board or the mark that it left."""
    wall, board, mark, edge = b"\xd9\xd4\xc8", b"\xf5\xe9\xb8", b"\xcf\xc9\xba", b"\x8a\x2d\x22"

    def colour(x: int, y: int) -> bytes:
        if not (50 <= x < 190 and 50 <= y < 100):
            return wall
        if not with_board:
            return mark
        return board if 54 <= x < 186 and 54 <= y < 96 else edge

    return png(240, 160, colour)


def _plates(communities: list[str], units: dict[str, Unit], on: date) -> None:
    """More than thirty in every community before; the three allowed ones stay, most others are gone, some are late."""
    rng = Random("linli plates")
    kinds = [
        Kind.objects.get_or_create(region_code=DISTRICT, name=name, defaults={"basis": "对外只悬挂三块牌子"})[
            0
        ]
        for name in ALLOWED
    ]
    written = ("社区党委", "社区居民委员会", "社区服务站")
    rows: list[Plate] = []
    for suffix, community in zip(COMMUNITY_NAMES, communities, strict=True):
        name = COMMUNITY_NAMES[suffix]
        for kind, words in zip(kinds, written, strict=True):
            rows.append(
                Plate(
                    region_code=community,
                    name=f"{name}{words}",
                    kind=kind,
                    place="大门左侧",
                    since=date(2013, 5, 1),
                    state=Stands.ALLOWED.value,
                    seen_on=on,
                )
            )
        for words, unit, form, place in _PLATES:
            asked = units.get(unit)
            chance = rng.random()
            state = Stands.REMOVED if chance < 0.74 else Stands.REMOVING if chance < 0.92 else Stands.FOUND
            late = state is Stands.REMOVING and rng.random() < 0.25
            rows.append(
                Plate(
                    region_code=community,
                    name=words,
                    form=form,
                    unit=asked,
                    unit_name="" if asked else unit,
                    place=place,
                    since=date(rng.randint(2012, 2022), rng.randint(1, 12), 1),
                    state=state.value,
                    seen_on=on,
                    reason="" if state is Stands.FOUND else "不在允许悬挂的牌子之内，也没有准入。",
                    remove_by=None
                    if state is Stands.FOUND
                    else on - timedelta(days=12)
                    if late
                    else on + timedelta(days=30),
                    payer=None if state is Stands.FOUND else asked,
                    cost=Decimal(rng.choice((80, 120, 200))) if form != Form.BODY else None,
                    removed_on=on - timedelta(days=rng.randint(3, 25)) if state is Stands.REMOVED else None,
                )
            )
    made = Plate.objects.bulk_create(rows, batch_size=500)
    _photographs([one for one in made if one.region_code == communities[0] and one.has_board][:14])
    Walk.objects.bulk_create(
        [
            Walk(
                region_code=community,
                on=on,
                hanging=sum(
                    one.region_code == community and one.state != Stands.REMOVED.value for one in made
                ),
                gone=sum(one.region_code == community and one.state == Stands.REMOVED.value for one in made),
            )
            for community in communities
        ]
    )


def _photographs(plates: list[Plate]) -> None:
    pictures = {PhotoKind.BEFORE: _picture(True), PhotoKind.AFTER: _picture(False)}
    rows = []
    for plate in plates:
        for kind, data in pictures.items():
            if kind is PhotoKind.AFTER and plate.state != Stands.REMOVED.value:
                continue
            rows.append(
                PlatePhoto(
                    plate=plate,
                    kind=kind,
                    path=sealed_files.keep_data(data, folder="plates"),
                    name=f"{kind.label}.png",
                    media_type="image/png",
                    size=len(data),
                    sha256="",
                )
            )
    PlatePhoto.objects.bulk_create(rows)


def _assessment(communities: list[str], units: dict[str, Unit], on: date) -> None:
    """This year's plan with its scores, and the old contests with what became of them, as the catalogue's reform says."""
    plan = assessment.draft_plan(
        acting_user=SYSTEM,
        region_code=DISTRICT,
        year=on.year,
        title=f"{on.year} 年社区综合考核方案",
        note="各部门不再单独组织面向社区的考核评比，统一纳入每年一次的综合考核。",
    )
    parts = {}
    for title, weight, way, how in _PARTS:
        measured = way is Way.MEASURED
        parts[title] = assessment.set_part(
            acting_user=SYSTEM,
            plan=plan,
            title=title,
            weight=weight,
            way=way,
            how=how,
            measure="plate.plates" if measured else "",
            zero_at=Decimal(30) if measured else None,
            full_at=Decimal(3) if measured else None,
        )
    _contests(units, parts, on)
    assessment.publish(acting_user=SYSTEM, plan=plan)
    rng = Random("linli assessment")
    for part in parts.values():
        if part.way != Way.MEASURED:
            assessment.enter(
                acting_user=SYSTEM,
                part=part,
                scores={key: Decimal(rng.randint(1480, 1960)) / 20 for key in communities},
            )
    assessment.compute(acting_user=SYSTEM, plan=plan, on=on)
    _objections(parts)


def _objections(parts: dict[str, Any]) -> None:
    """Two communities object: one is answered with a changed score, one waits."""
    for username, title, reason, answer in (
        (
            "chuanbei",
            "服务居民和走访",
            "十月走访的十二户记在系统里，评分时没有算进去。",
            "已核对走访记录，十二户属实，补算后改分。",
        ),
        ("dongwai", "平安和应急", "楼道堆物当天发现、当天清走，处置记录和照片都在，评分写的是“未处置”。", ""),
    ):
        worker = User.objects.filter(username=username).first()
        if worker is None:
            continue
        community = worker.posts.get().region_code[:12]
        score = Score.objects.filter(part=parts[title], region_code=community).first()
        if score is None or score.points is None:
            continue
        made = assessment.object_to(
            acting_user=worker, score=score, reason=reason, wanted=min(score.points + 3, Decimal(100))
        )
        if answer:
            assessment.answer_objection(
                acting_user=SYSTEM, objection=made, answer=answer, points=min(score.points + 2, Decimal(100))
            )


def _contests(units: dict[str, Unit], parts: dict[str, Any], on: date) -> None:
    plaques = {"健康社区示范验收": "健康社区示范点", "平安社区示范创建": "平安示范社区"}
    takes = {
        "平安": "平安和应急",
        "安全": "平安和应急",
        "健康": "服务居民和走访",
        "环境": "环境和物业",
        "垃圾": "环境和物业",
    }
    newest = Entry.objects.filter(edition__region_code=DISTRICT).order_by("-edition__number").first()
    if newest is None:
        return
    for entry in Entry.objects.filter(edition=newest.edition_id, things__contains=["contest"]).select_related(
        "unit"
    ):
        contest = assessment.add_contest(
            acting_user=SYSTEM,
            region_code=DISTRICT,
            title=entry.title,
            unit=entry.unit,
            times=Decimal(entry.yearly_times or 1),
            hours=min(entry.hours, Decimal(999)),
            plaque=plaques.get(entry.title, ""),
        )
        into = next((parts[part] for word, part in takes.items() if word in entry.title), None)
        fate = Fate.KEPT if entry.fate == "keep" else Fate.MERGED if into is not None else Fate.CANCELLED
        assessment.decide(
            acting_user=SYSTEM,
            contest=contest,
            fate=fate,
            reason=entry.reason or "市委、市政府明确要求，全区每年只此一次。",
            on=on.replace(day=1),
            part=into,
        )
