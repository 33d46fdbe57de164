"""What the starting groups ask of their members besides class, level, certificate and money: the columns that departments' own
rosters of these groups have (残疾人登记表, 党员信息登记表, 救助人员登记表 …), and nothing that no such roster asks.

Bank accounts are left out by design: aid is paid by the departments, and a community needs no account number.
"""

from __future__ import annotations

from typing import Any, Final

from linli.kernel.codelist import read_codes
from linli.registry.groups.detail_rules import CODE, DATE, FLAG, MONEY, TEXT, Detail


def _detail(
    code: str, label: str, kind: str = TEXT, *also: str, alone: bool = False, options: str = ""
) -> Detail:
    listed: list[dict[str, Any]] = [
        {"code": one.code, "label": one.label, **({"also": list(one.also)} if one.also else {})}
        for one in (read_codes(options) if options else ())
    ]
    return Detail(code, label, kind, also, tuple(listed), alone=alone)


APPLIED = _detail("applied_on", "申请日期", DATE, "申请时间")
HANDLER = _detail("handler", "经办人", TEXT, "承办人", "经办人员")
PAID = _detail("paid_on", "发放日期", DATE, "发放时间", "领取时间", "领取日期")
INCOME = _detail(
    "income", "月收入", MONEY, "个人月收入", "月均收入", "月收入（元）", "月综合收入", "月总收入"
)

# 《社会救助暂行办法》 and the rosters of aid name these grounds; the finer words of one form are synonyms here.
_CAUSES = """
    1 因病 疾病 患病 无劳力（因病） 劳力不全（因病） 医疗支出过大 大病
    2 因残 残疾 无劳力（因残） 劳力不全（因残）
    3 失业 未就业 未充分就业 下岗失业 无业
    4 缺少劳动力 缺劳力 无劳力 无劳力（孤老） 无劳力（孤幼） 孤老 孤幼 年老体弱
    5 因学 教育支出过大 子女上学 就学
    6 因灾 受灾 灾害 突发性事件 意外事故 突发事件
    7 单亲 单亲抚养 离异单亲
    9 其他 其它
"""
CAUSE = _detail(
    "cause",
    "困难原因",
    CODE,
    "致贫原因",
    "救助原因",
    "致困原因",
    "贫困原因",
    "主要致贫原因",
    options=_CAUSES,
)

# 《军人抚恤优待条例》: ten grades of injury, and whether it came of war, of duty or of illness.
INJURY: Final = (
    _detail(
        "injury_level",
        "伤残等级",
        CODE,
        "伤残军人等级",
        "残疾军人等级",
        "军人残疾等级",
        "评残等级",
        alone=True,
        options="""
            1 一级 1级 壹级 一等
            2 二级 2级 贰级
            3 三级 3级 叁级
            4 四级 4级 肆级
            5 五级 5级 伍级
            6 六级 6级 陆级
            7 七级 7级 柒级
            8 八级 8级 捌级
            9 九级 9级 玖级
            10 十级 10级 拾级
        """,
    ),
    _detail(
        "injury_nature",
        "残疾性质",
        CODE,
        "伤残性质",
        "致残性质",
        "评残性质",
        options="""
            1 因战 战伤 因战致残
            2 因公 公伤 因公致残
            3 因病 因病致残
        """,
    ),
)

DETAILS: Final[dict[str, tuple[Detail, ...]]] = {
    "family_doctor": (
        _detail(
            "doctor",
            "家庭医生",
            TEXT,
            "签约医生",
            "签约家庭医生",
            "家庭医生姓名",
            "签约医生姓名",
            "责任医生",
            alone=True,
        ),
        _detail(
            "doctor_phone",
            "家庭医生电话",
            TEXT,
            "签约医生电话",
            "家庭医生联系电话",
            "签约医生联系电话",
            "家庭医生联系方式",
            alone=True,
        ),
        _detail("team", "家庭医生团队", TEXT, "签约团队", "签约医生团队", "家医团队", alone=True),
        _detail(
            "institution",
            "签约机构",
            TEXT,
            "签约医疗机构",
            "签约医院",
            "家庭医生签约机构",
            "签约社区卫生服务机构",
            alone=True,
        ),
        _detail("signed_on", "签约日期", DATE, "签约时间", "签订日期", "协议签订日期", alone=True),
        _detail(
            "valid_until", "签约到期日期", DATE, "签约有效期至", "协议到期日期", "签约服务到期日", alone=True
        ),
        _detail("package", "签约服务包", TEXT, "服务包", "服务包类型", "签约服务包类型", "签约服务内容"),
    ),
    "disabled": (
        _detail(
            "valid_until",
            "残疾证有效期至",
            DATE,
            "残疾证有效期",
            "残疾证有效期限",
            "残疾证到期日期",
            "残疾证到期时间",
            "残疾人证有效期",
            "残疾人证有效期至",
            "残疾人证有效期限",
            alone=True,
        ),
        _detail(
            "cause",
            "致残原因",
            CODE,
            "残疾原因",
            "主要致残原因",
            alone=True,
            options="""
                1 先天或遗传 先天 遗传 先天性 发育缺陷
                2 疾病 因病 后天疾病 慢性病
                3 药物中毒 中毒 药物
                4 意外伤害 创伤 意外 事故 外伤 创伤或意外损伤 交通事故
                5 工伤 职业病 工伤事故
                6 年老退行 老年性 退行性病变 衰老
                9 其他 其它 不详 原因不明
            """,
        ),
        _detail("onset", "致残日期", DATE, "残疾时间", "致残时间", "残疾日期", alone=True),
        _detail(
            "issued_on",
            "残疾证发证日期",
            DATE,
            "残疾证发放时间",
            "残疾证发证时间",
            "残疾证签发日期",
            "发证日期",
            "发证时间",
        ),
        APPLIED,
        HANDLER,
    ),
    "low_income": (
        CAUSE,
        INCOME,
        APPLIED,
        HANDLER,
        _detail(
            "issued_on", "低保证发证日期", DATE, "低保证签发日期", "低保证发放时间", "发证日期", "签发日期"
        ),
        PAID,
    ),
    "low_income_edge": (CAUSE, INCOME, APPLIED, HANDLER),
    "destitute": (CAUSE, APPLIED, HANDLER, PAID),
    "aided": (
        CAUSE,
        INCOME,
        APPLIED,
        HANDLER,
        PAID,
        _detail("illness", "患大病名称", TEXT, "患大重病名称", "大病病种", "患病名称"),
    ),
    "home_care": (
        _detail(
            "grade",
            "能力评估等级",
            CODE,
            "评估等级",
            "失能等级",
            "护理等级",
            "老年人能力等级",
            options="""
                0 能力完好 完好 能力完好老年人
                1 轻度失能 轻度
                2 中度失能 中度
                3 重度失能 重度
                4 完全失能 完全
            """,
        ),
        APPLIED,
        HANDLER,
    ),
    "bereaved": (APPLIED, HANDLER),
    "left_behind_child": (
        _detail("boards", "是否寄宿", FLAG, "是否学校寄宿", "是否住校", "是否在校寄宿", alone=True),
    ),
    "entitled": (
        _detail(
            "support",
            "供养情况",
            CODE,
            "供养方式",
            alone=True,
            options="""
                1 自理 自己生活 自给
                2 子女供养 子女赡养 子女
                3 分散供养 分散
                4 集体供养 集中供养 集中
                9 其他 其它
            """,
        ),
        _detail("living_cost", "月生活费", MONEY, "每月生活费", "生活费"),
        *INJURY,
    ),
    "veteran": (
        _detail("left_on", "退役日期", DATE, "退役时间", "退伍时间", "复员时间", "转业时间", alone=True),
        _detail("joined_on", "入伍日期", DATE, "入伍时间", "参军时间", alone=True),
        _detail("served_in", "原服役部队", TEXT, "服役部队", "原部队", alone=True),
        _detail("own_choice", "是否自主择业", FLAG, "自主择业", alone=True),
    ),
    "unemployed": (
        _detail("cause", "失业原因", TEXT, "下岗原因", alone=True),
        _detail("last_employer", "原工作单位", TEXT, "原单位", "失业前单位", alone=True),
        _detail("last_nature", "原单位性质", TEXT, "失业前单位性质", alone=True),
        _detail("title", "职称", TEXT, "专业技术职称", alone=True),
        _detail(
            "skill_level",
            "技术等级",
            CODE,
            "职业技能等级",
            "技能等级",
            alone=True,
            options="""
                1 初级工 初级技工 初级
                2 中级工 中级技工 中级
                3 高级工 高级技工 高级
                4 技师 初级技师
                5 高级技师
                6 初级专业技术职务 初级职称
                7 中级专业技术职务 中级专业技术 中级职称
                8 高级专业技术职务 高级专业技术 高级职称
                9 无 没有
            """,
        ),
    ),
    "hard_to_employ": (_detail("applied_on", "申请日期", DATE, "申请时间", "本人申请日期"),),
    "retired": (
        _detail("last_employer", "退休单位", TEXT, "离退休单位", "退休前单位", alone=True),
        _detail("retired_on", "退休日期", DATE, "离退休日期", "离退休时间", "退休时间", alone=True),
        _detail(
            "last_post", "退休前职务", TEXT, "离退休单位的职务", "退休前的职务", "离退休前职务", alone=True
        ),
        _detail("pension", "月退休金", MONEY, "退休金", "养老金", "退休工资", alone=True),
    ),
    "party": (
        _detail(
            "branch",
            "所在党支部",
            TEXT,
            "党支部",
            "所属党支部",
            "编入党支部",
            "党组织名称",
            "所在党组织",
            "所属党组织",
            alone=True,
        ),
        _detail("joined_on", "入党日期", DATE, "入党时间", "入党年月", "加入党组织日期", alone=True),
        _detail("full_on", "转正日期", DATE, "转正时间", "转为正式党员日期", alone=True),
        _detail(
            "became_full",
            "转正情况",
            CODE,
            alone=True,
            options="""
                1 按期转正 按期
                2 延长预备期 延长
                3 取消预备党员资格 取消预备期 取消
                4 尚未转正 未转正 预备期内
                9 其他 其它 未知
            """,
        ),
        _detail("branch_since", "进入党支部日期", DATE, "进入党支部时间", "转入支部日期", alone=True),
        _detail("first_branch", "入党时所在党支部", TEXT, "入党时支部", "入党时党支部", alone=True),
        _detail("post", "党内职务", TEXT, "党内主要职务", "党内任职", "支部职务", alone=True),
        _detail("post_since", "党内任职日期", DATE, "任职日期", "任职时间", "党内职务任职时间"),
        _detail("settled_on", "组织关系落实日期", DATE, "组织关系落实时间", "组织关系转入日期", alone=True),
        _detail("floating_card", "是否持流动党员证", FLAG, "持有流动党员证", "是否流动党员", alone=True),
    ),
    "volunteer": (
        _detail("team", "服务队", TEXT, "服务队伍", "队伍名称", "所属队伍", "志愿服务队", "详细名称"),
        _detail("team_kind", "队伍类型", TEXT, "服务队类型", "志愿者队伍类型"),
        _detail(
            "duty",
            "队内职务",
            CODE,
            "职务",
            "职位",
            "队伍职务",
            options="""
                1 队长 组长 负责人
                2 副队长 副组长
                3 队员 成员 组员
            """,
        ),
        _detail("services", "服务类别", TEXT, "志愿服务类别", "服务意向", "服务项目"),
        _detail("free_time", "可服务时间", TEXT, "服务时间", "可参加时间", alone=True),
    ),
}


def of(code: str) -> list[dict[str, Any]]:
    """The details of a starting group as it keeps them."""
    return [one.as_json() for one in DETAILS.get(code, ())]
