"""What forms ask of people and of members of groups, and the groups that only such forms know: a pass of its own with its own
chances, so that what was made before stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from linli.demo.chances import Chances, day_between, years_after, years_before
from linli.demo.groups_making import evidence_for, turned
from linli.demo.names import full_name, surname
from linli.demo.numbers import native_place
from linli.demo.records import Membership, Person, Street

_SKILLS: Final = (
    "书法",
    "太极拳",
    "合唱",
    "剪纸",
    "摄影",
    "理发",
    "水电维修",
    "家电维修",
    "烹饪",
    "面点",
    "缝纫",
    "针灸推拿",
    "法律咨询",
    "辅导功课",
    "电脑操作",
    "驾驶",
    "花艺",
    "急救",
)
_CAUSES_OF_DISABILITY: Final = Chances.read("1 17 2 46 3 2 4 15 5 5 6 11 9 4")
_CAUSES_OF_AID: Final = Chances.read("1 38 2 31 3 9 4 12 5 4 6 1 7 4 9 1")
_WORKS: Final = (
    "延庆县机械厂",
    "延庆县水泥厂",
    "北京市延庆棉麻厂",
    "延庆县供销社",
    "延庆县粮食局",
    "延庆县邮电局",
    "延庆县第一中学",
    "延庆县医院",
    "延庆县建筑公司",
    "八达岭林场",
    "延庆县运输公司",
)
_ARMY: Final = (
    "某部步兵团",
    "某部炮兵团",
    "某部通信营",
    "某部工兵团",
    "某部汽车团",
    "某部警卫连",
    "武警某支队",
)
_POSTS: Final = ("书记", "副书记", "组织委员", "宣传委员", "纪检委员")
_TEAMS: Final = (
    ("治安巡防队", "治安巡防队伍", "治安巡逻"),
    ("环境保洁队", "其他", "环境卫生"),
    ("为老服务队", "其他", "助老助残"),
    ("文明劝导队", "交通道路安全队伍", "交通劝导"),
    ("消防宣传队", "消防安全队伍", "消防安全"),
    ("邻里调解队", "矛盾化解队伍", "矛盾调解"),
)
_FREE: Final = ("周末全天", "工作日上午", "工作日下午", "晚上", "节假日", "随叫随到")
_NATURES: Final = ("国有企业", "集体企业", "私营企业", "个体工商户", "事业单位")
_LEFT_WORK: Final = ("合同期满未续签", "单位裁员", "单位关停", "本人辞职", "毕业后未就业", "家庭原因离职")


def make_details(street: Street, *, seed: int | str, scale: float = 1.0) -> None:
    """Give the street's people what forms ask of them, its members what their groups ask, and the groups of allowances, military
    families and retired people their members."""
    rng = Random(f"linli details {seed}")
    handlers = [full_name(rng, surname(rng), rng.choice("12"), 1985) for _ in range(6)]
    _particulars(street, rng)
    _homes(street, rng)
    _more_groups(street, rng, scale)
    branches: dict[str, int] = {}
    for one in street.memberships:
        told = _TOLD.get(one.group)
        if told is not None:
            one.details = _plain(told(rng, one, street.on, handlers, branches))


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in told.items()
        if value not in ("", None)
    }


# -- people ----------------------------------------------------------------------------------------------------


def _particulars(street: Street, rng: Random) -> None:
    in_groups: dict[int, set[str]] = {}
    levels: dict[int, str] = {}
    for one in street.memberships:
        if one.period[1] is None:
            in_groups.setdefault(one.person.id, set()).add(one.group)
            if one.group == "disabled":
                levels[one.person.id] = one.level_code
    for person in street.people:
        age = person.age(street.on)
        if rng.random() < 0.7:
            person.birth_place = native_place(person.county) if person.county else ""
        _schooling(person, age)
        groups = in_groups.get(person.id, set())
        if age >= 16 and rng.random() < (0.9 if "volunteer" in groups else 0.12):
            person.skills = rng.choice(_SKILLS)
        if person.employment not in ("", "31", "70") and age >= 18 and rng.random() < 0.8:
            first = 16 if age > 55 else 18 if person.education[:1] > "3" else 22
            started = date(
                person.birth.year + first + rng.randint(0, 3), rng.randint(1, 12), rng.choice((1, 15))
            )
            person.started_work_on = started if started < street.on else None
        _insurance(person, rng, age)
        _ability(person, rng, age, levels.get(person.id, ""), groups)


def _schooling(person: Person, age: int) -> None:
    if 3 <= age < 6:
        person.schooling = "1"
    elif 6 <= age < 12:
        person.schooling = "2"
    elif 12 <= age < 15:
        person.schooling = "3"
    elif person.employment == "31":
        person.schooling = "4" if age < 18 else "7" if age < 23 else "8"


def _homes(street: Street, rng: Random) -> None:
    """Layouts by the number of rooms, how homes were come by, and when their certificates were given."""
    for home in street.homes:
        if home.use != "living":
            continue
        built = home.building.built
        if home.rooms and rng.random() < 0.75:
            halls = 1 if built < 1995 or home.rooms == 1 else 2 if home.rooms > 2 else 1
            home.layout = f"{'一两三四五六七八九'[min(home.rooms, 9) - 1]}室{'一二'[halls - 1]}厅"
        if home.tenure == "public":
            home.origin = "public"
        elif home.building.kind == "bungalow":
            home.origin = "built"
        elif rng.random() < 0.7:
            home.origin = "reform" if built < 1996 else "affordable" if rng.random() < 0.12 else "bought"
        if home.certificate:
            home.owner_kind = "unit" if home.tenure in ("public", "dormitory") else "person"
            home.land_paper = "collective" if home.building.kind == "bungalow" else "state"
        if home.certificate and rng.random() < 0.9:
            told = re.search(r"（(\d{4})）", home.certificate)
            first, last = (int(told[1]),) * 2 if told else (max(built, 1999), max(built + 1, 2015))
            home.certificate_on = min(day_between(rng, date(first, 1, 1), date(last, 12, 31)), street.on)


def _insurance(person: Person, rng: Random, age: int) -> None:
    if rng.random() < 0.12:
        return
    works = person.employment in ("11", "13", "17", "21", "24")
    retired = person.employment == "80"
    person.medical_insurance = "1" if works or (retired and rng.random() < 0.8) else "2"
    if rng.random() < 0.015:
        person.medical_insurance = "9"
    if age >= 16 and person.employment != "31":
        person.pension_insurance = (
            ("2" if person.employment == "11" else "1") if works or (retired and rng.random() < 0.8) else "3"
        )
        if not works and rng.random() < 0.04:
            person.pension_insurance = "9"


def _ability(person: Person, rng: Random, age: int, level: str, groups: set[str]) -> None:
    if level in ("1", "2"):
        person.self_care = "3" if level == "1" and rng.random() < 0.6 else "2"
        person.labour = "3"
    elif level:
        person.self_care, person.labour = "1", "2"
    elif age >= 80:
        person.self_care = rng.choices(("1", "2", "3"), (62, 29, 9))[0]
        person.labour = "3"
    elif age >= 60 and rng.random() < 0.8:
        person.self_care = "1"
    if not person.labour and groups & {"low_income", "low_income_edge", "destitute", "entitled", "aided"}:
        person.labour = "1" if 16 <= age < 60 else "3"


# -- groups that were not made before --------------------------------------------------------------------------


def _more_groups(street: Street, rng: Random, scale: float) -> None:
    by_group: dict[str, list[Membership]] = {}
    for one in street.memberships:
        if one.period[1] is None:
            by_group.setdefault(one.group, []).append(one)
    poor = {one.person.id for one in by_group.get("low_income", [])}

    def add(group: str, person: Person, since: date, review: int = 0, amount: int | None = None) -> None:
        since = max(since, person.birth)
        street.memberships.append(
            Membership(
                group,
                person,
                (since, None),
                evidence=evidence_for(group, since),
                amount=None if amount is None else Decimal(amount),
                review_on=street.on + timedelta(days=rng.randint(-20, review * 30)) if review else None,
            )
        )

    for one in by_group.get("disabled", []):
        if one.level_code in ("1", "2") and rng.random() < 0.9:
            since = day_between(rng, max(one.period[0] or street.on, date(2016, 1, 1)), street.on)
            add("disabled_care_allowance", one.person, since, 12, 300 if one.level_code == "1" else 180)
        if one.person.id in poor:
            since = day_between(rng, max(one.period[0] or street.on, date(2016, 1, 1)), street.on)
            add("disabled_living_allowance", one.person, since, 12, 400)
    for person in street.people:
        if person.standing not in ("registered", "here_only") or person.age(street.on) < 60:
            continue
        if person.self_care == "3" and rng.random() < 0.8:
            since = day_between(rng, max(turned(person, 60), date(2019, 10, 1)), street.on)
            add("care_allowance", person, since, 12, 600)
        elif person.id in poor and rng.random() < 0.7:
            since = day_between(rng, max(turned(person, 60), date(2019, 10, 1)), street.on)
            add("service_allowance", person, since, 12, 300)
    retired = [
        p
        for p in street.people
        if p.employment == "80" and p.standing in ("registered", "here_only") and p.age(street.on) >= 55
    ]
    for person in rng.sample(retired, min(len(retired), max(1, round(1_900 * scale)))):
        since = max(turned(person, 55 if person.sex == "2" else 60), date(2003, 9, 1))
        add("retired", person, min(since, street.on))
    soldiers = [p for p in street.people if p.employment == "37"]
    for soldier in soldiers:
        near = [soldier.spouse, soldier.father, soldier.mother]
        for one_near in near:
            if (
                one_near is not None
                and one_near.death is None
                and one_near.standing in ("registered", "here_only")
            ):
                add("military_family", one_near, years_after(soldier.birth, 19))


# -- what groups ask -------------------------------------------------------------------------------------------

Told = Callable[[Random, Membership, date, list[str], dict[str, int]], dict[str, Any]]


def _since(one: Membership, on: date) -> date:
    return one.period[0] or years_before(on, 1)


def _applied(rng: Random, one: Membership, on: date) -> date:
    return max(_since(one, on) - timedelta(days=rng.randint(15, 40)), one.person.birth)


_INBORN, _ILLNESS, _ACCIDENT, _WORK, _OLD_AGE = "1", "2", "4", "5", "6"


def _disabled(
    rng: Random, one: Membership, on: date, handlers: list[str], _b: dict[str, int]
) -> dict[str, Any]:
    since = _since(one, on)
    onset = day_between(rng, max(one.person.birth, years_before(since, 12)), since)
    cause = _cause(_CAUSES_OF_DISABILITY.pick(rng), onset.year - one.person.birth.year)
    return {
        "cause": cause,
        "onset": one.person.birth if cause == _INBORN else onset,
        "issued_on": _renewed(since, on),
        "valid_until": years_after(_renewed(since, on), 10),
        "applied_on": _applied(rng, one, on),
        "handler": rng.choice(handlers),
    }


def _cause(picked: str, age: int) -> str:
    """A cause that goes with the age at which it began: children are not hurt at work, nor do the young fail with age."""
    if picked == _OLD_AGE and age < 60:
        return _ILLNESS
    return _ACCIDENT if picked == _WORK and not 18 <= age < 60 else picked


def _renewed(issued: date, on: date) -> date:
    """A card holds ten years and is then renewed; a few are late with it."""
    late = issued.toordinal() % 40 == 0
    while (again := years_after(issued, 10)) <= on and not (late and years_after(again, 10) > on):
        issued = again
    return issued


def _aid(rng: Random, one: Membership, on: date, handlers: list[str], _b: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "cause": _CAUSES_OF_AID.pick(rng),
        "applied_on": _applied(rng, one, on),
        "handler": rng.choice(handlers),
    }
    if one.group in ("low_income", "low_income_edge", "aided"):
        found["income"] = f"{rng.randint(0, 24) * 50}.00"
    if one.group == "low_income":
        found["issued_on"] = _since(one, on)
    if one.group in ("low_income", "destitute"):
        found["paid_on"] = on.replace(day=1)
    if one.group == "aided":
        found["paid_on"] = min(on, _since(one, on) + timedelta(days=rng.randint(5, 20)))
        if found["cause"] == "1":
            found["illness"] = rng.choice(("恶性肿瘤", "尿毒症", "脑梗死", "心脏搭桥术后", "白血病"))
    return found


def _home_care(
    rng: Random, one: Membership, on: date, handlers: list[str], _b: dict[str, int]
) -> dict[str, Any]:
    grade = {"1": "01", "2": "123", "3": "34"}.get(one.person.self_care, "0")
    return {
        "grade": rng.choice(grade),
        "applied_on": _applied(rng, one, on),
        "handler": rng.choice(handlers),
    }


def _bereaved(
    rng: Random, one: Membership, on: date, handlers: list[str], _b: dict[str, int]
) -> dict[str, Any]:
    return {"applied_on": _applied(rng, one, on), "handler": rng.choice(handlers)}


def _veteran(rng: Random, one: Membership, on: date, _h: list[str], _b: dict[str, int]) -> dict[str, Any]:
    left = _since(one, on)
    return {
        "left_on": left,
        "joined_on": years_before(left, rng.choice((2, 3, 3, 5, 8))),
        "served_in": rng.choice(_ARMY),
        "own_choice": rng.random() < 0.06,
    }


def _unemployed(rng: Random, one: Membership, on: date, _h: list[str], _b: dict[str, int]) -> dict[str, Any]:
    return {
        "cause": rng.choice(_LEFT_WORK),
        "last_employer": rng.choice(_WORKS).replace("延庆县", "延庆"),
        "last_nature": rng.choice(_NATURES),
        "skill_level": rng.choices(("1", "2", "3", "9"), (18, 10, 4, 68))[0],
    }


def _retired(rng: Random, one: Membership, on: date, _h: list[str], _b: dict[str, int]) -> dict[str, Any]:
    age = 50 if one.person.sex == "2" else 60
    return {
        "last_employer": rng.choice(_WORKS),
        "retired_on": min(turned(one.person, age), on),
        "last_post": rng.choice(("工人", "工人", "班组长", "技术员", "会计", "教师", "科员")),
        "pension": f"{rng.randint(36, 82) * 100}.00",
    }


def _party(rng: Random, one: Membership, on: date, _h: list[str], branches: dict[str, int]) -> dict[str, Any]:
    community = one.person.region[:12]
    number = branches.get(community, 0)
    branches[community] = number + 1
    joined = min(years_after(one.person.birth, rng.uniform(20, 40)), _since(one, on))
    if one.class_code == "2":
        joined = _since(one, on)
    full = years_after(joined, 1)
    return {
        "branch": f"第{'一二三四五六七八九'[number // 45 % 9]}党支部",
        "joined_on": joined,
        "full_on": full if one.class_code == "1" and full < on else None,
        "became_full": "1" if one.class_code == "1" else "4",
        "branch_since": _since(one, on),
        "post": _POSTS[number % 45] if number % 45 < len(_POSTS) and one.class_code == "1" else "",
        "floating_card": False,
    }


def _volunteer(
    rng: Random, one: Membership, on: date, _h: list[str], branches: dict[str, int]
) -> dict[str, Any]:
    team, kind, services = rng.choice(_TEAMS)
    key = f"{one.person.region[:12]}{team}"
    number = branches.get(key, 0)
    branches[key] = number + 1
    return {
        "team": team,
        "team_kind": kind,
        "duty": "1" if number == 0 else "2" if number == 1 else "3",
        "services": services,
        "free_time": rng.choice(_FREE),
    }


def _entitled(rng: Random, one: Membership, on: date, _h: list[str], _b: dict[str, int]) -> dict[str, Any]:
    return {
        "support": rng.choices(("1", "2", "3"), (70, 26, 4))[0],
        "living_cost": f"{rng.randint(12, 40) * 50}.00",
    }


def _hard(rng: Random, one: Membership, on: date, _h: list[str], _b: dict[str, int]) -> dict[str, Any]:
    return {"applied_on": _applied(rng, one, on)}


def _left_behind(rng: Random, one: Membership, on: date, _h: list[str], _b: dict[str, int]) -> dict[str, Any]:
    return {"boards": rng.random() < 0.3}


_TOLD: Final[dict[str, Told]] = {
    "disabled": _disabled,
    **dict.fromkeys(("low_income", "low_income_edge", "destitute", "aided"), _aid),
    "home_care": _home_care,
    "bereaved": _bereaved,
    "veteran": _veteran,
    "unemployed": _unemployed,
    "retired": _retired,
    "party": _party,
    "volunteer": _volunteer,
    "entitled": _entitled,
    "hard_to_employ": _hard,
    "left_behind_child": _left_behind,
}
