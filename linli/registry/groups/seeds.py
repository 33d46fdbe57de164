"""The groups that every installation starts with; an administrator may add more. Left out by design: community
correction, drug rehabilitation, AIDS, religion, and mental disorders under watch — the reports do not ask for them and the
Personal Information Protection Law makes them sensitive; the police, justice and health offices keep such lists."""

from __future__ import annotations

from typing import Any

from linli.audit.recording import ActingUser, action
from linli.facts.dictionary import Sensitivity
from linli.kernel.codes import DISABILITY_CLASS, DISABILITY_LEVEL, CodeList
from linli.registry.groups import detail_seeds
from linli.registry.groups.models import Category, Group, GroupRule, Move

P, S, I = Sensitivity.PERSONAL, Sensitivity.SENSITIVE, Sensitivity.INTERNAL  # noqa: E741


def _options(code_list: CodeList) -> list[dict[str, Any]]:
    return [{"code": c.code, "label": c.label, "also": list(c.also)} for c in code_list.items]


def _plain(*labels: str) -> list[dict[str, Any]]:
    return [{"code": str(number), "label": label} for number, label in enumerate(labels, 1)]


def _group(code: str, name: str, category: Category, sensitivity: Sensitivity, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "category": category,
        "sensitivity": int(sensitivity),
        "details": detail_seeds.of(code),
        **more,
    }


SEEDS: tuple[dict[str, Any], ...] = (
    _group(
        "elderly_alone",
        "独居老人",
        Category.CARE,
        P,
        also=["独居老年人", "孤寡老人", "空巢独居老人"],
        evidence="入户核实：60周岁及以上，独自居住。",
        review_months=6,
        keeper="民政",
        shown_on_chart=True,
    ),
    _group(
        "empty_nest",
        "空巢老人",
        Category.CARE,
        P,
        also=["空巢老年人"],
        evidence="入户核实：子女不在身边的60周岁及以上老年夫妇。",
        review_months=12,
        keeper="民政",
        shown_on_chart=True,
    ),
    _group(
        "home_care",
        "居家养老服务对象",
        Category.CARE,
        P,
        also=["居家养老", "居家养老服务"],
        classes=_plain("政府购买服务", "自费服务"),
        evidence="居家养老服务申请审批表。",
        review_months=12,
        keeper="民政",
    ),
    _group(
        "old_age_allowance",
        "高龄津贴",
        Category.CARE,
        P,
        also=["高龄补贴", "高龄津贴对象"],
        evidence="年满80周岁并经街道审核。",
        keeper="民政",
    ),
    _group(
        "care_allowance",
        "老年人护理补贴",
        Category.CARE,
        P,
        also=["护理补贴", "养老护理补贴", "失能老人护理补贴"],
        evidence="老年人能力评估报告和护理补贴审批表。",
        review_months=12,
        keeper="民政",
    ),
    _group(
        "service_allowance",
        "养老服务补贴",
        Category.CARE,
        P,
        also=["老年人养老服务补贴", "居家养老服务补贴"],
        evidence="养老服务补贴审批表。",
        review_months=12,
        keeper="民政",
    ),
    _group(
        "combined_allowance",
        "老年人综合补贴",
        Category.CARE,
        P,
        also=["综合补贴", "养老综合补贴"],
        evidence="老年人综合补贴审批表。",
        review_months=12,
        keeper="民政",
    ),
    _group(
        "disabled_living_allowance",
        "困难残疾人生活补贴",
        Category.DISABILITY,
        S,
        also=["残疾人生活补贴", "残疾人困难生活补贴"],
        evidence="困难残疾人生活补贴审批表。",
        review_months=12,
        keeper="民政",
    ),
    _group(
        "disabled_care_allowance",
        "重度残疾人护理补贴",
        Category.DISABILITY,
        S,
        also=["残疾人护理补贴", "重残护理补贴"],
        evidence="重度残疾人护理补贴审批表。",
        review_months=12,
        keeper="民政",
    ),
    _group(
        "disabled",
        "残疾人",
        Category.DISABILITY,
        S,
        also=["残疾", "持证残疾人", "残障人士"],
        classes=_options(DISABILITY_CLASS),
        levels=_options(DISABILITY_LEVEL),
        needs_certificate=True,
        evidence="《中华人民共和国残疾人证》。",
        keeper="残联",
        shown_on_chart=True,
    ),
    _group(
        "low_income",
        "低保",
        Category.AID,
        S,
        also=["低保对象", "最低生活保障", "城市低保", "低保户", "享受低保", "低保家庭", "城市低保对象"],
        classes=_plain("A类", "B类", "C类"),
        needs_certificate=True,
        evidence="最低生活保障确认文书。",
        review_months=12,
        keeper="民政",
        shown_on_chart=True,
    ),
    _group(
        "low_income_edge",
        "低保边缘",
        Category.AID,
        S,
        also=["低收入家庭", "低保边缘家庭", "低收入"],
        evidence="低保边缘家庭认定文书。",
        review_months=12,
        keeper="民政",
    ),
    _group(
        "destitute",
        "特困人员",
        Category.AID,
        S,
        also=["特困", "特困供养", "三无人员", "特困供养人员"],
        classes=_plain("分散供养", "集中供养"),
        evidence="特困人员救助供养确认文书。",
        review_months=12,
        keeper="民政",
        shown_on_chart=True,
    ),
    _group(
        "aided",
        "临时救助",
        Category.AID,
        S,
        also=["救助对象", "社会救助", "困难救助", "需要救助人员"],
        evidence="临时救助审批表。",
        keeper="民政",
    ),
    _group(
        "orphan",
        "孤儿",
        Category.CARE,
        S,
        also=["困境儿童", "事实无人抚养儿童"],
        evidence="孤儿、困境儿童认定文书。",
        review_months=12,
        keeper="民政",
        shown_on_chart=True,
    ),
    _group(
        "left_behind_child",
        "留守儿童",
        Category.CARE,
        S,
        also=["农村留守儿童"],
        evidence="入户核实：父母双方外出或一方外出另一方无监护能力，未满16周岁。",
        review_months=6,
        keeper="民政",
    ),
    _group(
        "bereaved",
        "计划生育特别扶助",
        Category.FAMILY,
        S,
        also=["特扶", "失独", "失独家庭", "计生特扶", "特别扶助"],
        classes=_plain("独生子女死亡", "独生子女伤残"),
        evidence="特别扶助对象确认文书。",
        review_months=12,
        keeper="卫生健康",
    ),
    _group(
        "entitled",
        "优抚对象",
        Category.HONOUR,
        P,
        also=["优抚", "重点优抚对象"],
        classes=_plain(
            "烈属",
            "因公牺牲军人遗属",
            "病故军人遗属",
            "残疾军人",
            "复员军人",
            "带病回乡退伍军人",
            "参战退役人员",
        ),
        needs_certificate=True,
        evidence="优抚对象证件。",
        keeper="退役军人事务",
    ),
    _group(
        "veteran",
        "退役军人",
        Category.HONOUR,
        P,
        also=["退伍军人", "复退军人", "军转干部"],
        evidence="退役证件。",
        keeper="退役军人事务",
    ),
    _group(
        "military_family",
        "军属",
        Category.HONOUR,
        P,
        also=["现役军人家属", "军人家属"],
        evidence="现役军人的配偶、父母、未成年子女，凭部队证明或优待证。",
        keeper="退役军人事务",
    ),
    _group(
        "retired",
        "社会化管理退休人员",
        Category.EMPLOYMENT,
        P,
        also=["退休人员", "企业退休人员", "离退休人员", "社会化退休人员"],
        evidence="退休证或退休人员移交名册。",
        keeper="人力资源社会保障",
    ),
    _group(
        "unemployed",
        "登记失业人员",
        Category.EMPLOYMENT,
        P,
        also=["失业人员", "失业登记", "失业", "下岗失业人员"],
        evidence="失业登记。",
        needs_certificate=True,
        review_months=6,
        keeper="人力资源社会保障",
    ),
    _group(
        "age_4050",
        "“4050”人员",
        Category.EMPLOYMENT,
        P,
        also=["4050人员", "4050"],
        evidence="女满40周岁、男满50周岁的就业困难人员认定。",
        review_months=12,
        keeper="人力资源社会保障",
    ),
    _group(
        "hard_to_employ",
        "就业困难人员",
        Category.EMPLOYMENT,
        P,
        also=["就业困难", "就业援助对象"],
        evidence="就业困难人员认定表。",
        review_months=12,
        keeper="人力资源社会保障",
    ),
    _group(
        "party",
        "社区党员",
        Category.PARTY,
        P,
        also=["党员", "中共党员", "党员信息", "在册党员"],
        classes=_plain("正式党员", "预备党员"),
        evidence="党组织关系在本社区。",
        keeper="组织",
    ),
    _group(
        "volunteer",
        "志愿者",
        Category.VOLUNTEER,
        I,
        also=["注册志愿者", "社会志愿者", "社区志愿者", "红袖标", "红袖套"],
        evidence="志愿者注册。",
        keeper="民政",
    ),
    _group(
        "representative", "居民代表", Category.PARTY, I, also=[], evidence="居民会议选举。", keeper="民政"
    ),
    _group(
        "group_leader",
        "居民小组长",
        Category.PARTY,
        I,
        also=["小组长"],
        evidence="居民小组推选。",
        keeper="民政",
    ),
    _group(
        "door_head",
        "楼门长",
        Category.PARTY,
        I,
        also=["楼长", "楼栋长", "楼门栋长"],
        evidence="楼门居民推选。",
        keeper="民政",
    ),
    _group(
        "family_doctor",
        "家庭医生签约居民",
        Category.CARE,
        P,
        also=[
            "家庭医生签约",
            "家医签约",
            "签约居民",
            "签约家庭医生",
            "家庭医生签约服务对象",
            "家庭医生签约服务居民",
        ],
        evidence="家庭医生签约服务协议书。",
        review_months=12,
        keeper="卫生健康",
    ),
)


# When membership, or its end, is proposed: (when all hold, unless one holds). Every group's members are proposed to leave when
# they are gone for good.
_JOIN: dict[str, tuple[tuple[list[str], list[str]], ...]] = {
    "elderly_alone": ((["elderly_alone"], []),),
    "empty_nest": ((["elderly_couple"], []),),
    "old_age_allowance": ((["aged_80", "registered"], []),),
    "age_4050": ((["in_unemployed", "age_of_4050"], []),),
}
_END: dict[str, tuple[tuple[list[str], list[str]], ...]] = {
    "elderly_alone": (([], ["elderly_alone"]),),
    "empty_nest": (([], ["elderly_couple"]),),
    "old_age_allowance": (([], ["registered"]),),
    "orphan": ((["reached_18"], []),),
    "left_behind_child": ((["reached_16"], []),),
    "age_4050": (([], ["age_of_4050"]),),
    "unemployed": (([], ["working_age"]),),
    "representative": (([], ["present"]),),
    "group_leader": (([], ["present"]),),
    "door_head": (([], ["present"]),),
}
_GONE: tuple[tuple[list[str], list[str]], ...] = ((["moved_away"], []), (["deceased"], []))


def _rules(group: Group) -> list[GroupRule]:
    joins = [(Move.JOIN, *one) for one in _JOIN.get(group.code, ())]
    own = _END.get(group.code, ())
    ends = [(Move.END, *one) for one in (*own, *(() if any(not when for when, _ in own) else _GONE))]
    return [
        GroupRule(group=group, move=move, when=when, unless=unless) for move, when, unless in joins + ends
    ]


def _ask_details(have: set[str]) -> None:
    """A base from before there were details gets those of the starting groups that it has."""
    if Group.objects.exclude(details=[]).exists():
        return
    listed = [group for group in Group.objects.filter(code__in=have) if detail_seeds.of(group.code)]
    for group in listed:
        group.details = detail_seeds.of(group.code)
    Group.objects.bulk_update(listed, ["details"])


def ensure_groups(*, acting_user: ActingUser) -> int:
    """Add the starting groups that are not there yet, with their rules; those that are stay as they are. A base from before
    there were rules, or details, gets them. Returns how many were added."""
    with action(acting_user, "groups.ensure") as act:
        have = set(Group.objects.values_list("code", flat=True))
        made = [Group(**seed) for seed in SEEDS if seed["code"] not in have]
        Group.objects.bulk_create(made)
        _ask_details(have)
        first = not GroupRule.objects.exists()
        seeded = {seed["code"] for seed in SEEDS}
        ruled = list(Group.objects.filter(code__in=seeded).order_by("pk")) if first else made
        rules = [rule for group in ruled for rule in _rules(group)]
        GroupRule.objects.bulk_create(rules)
        if made or rules:
            act.record(
                None,
                f"新增 {len(made)} 类人群、{len(rules)} 条建议规则",
                codes=[g.code for g in made],
            )
        else:
            act.nothing_to_record()
    return len(made)
