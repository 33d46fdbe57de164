"""The words of forms: spellings brought together, what is never filled, what is declined and who keeps it.

Plain text only; nothing here knows the dictionary or a workbook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from linli.kernel.textnorm import squash

# Misspellings and variants that real forms contain, put right before anything is compared.
_SPELLINGS: tuple[tuple[str, str], ...] = (
    ("期未", "期末"),
    ("户口薄", "户口簿"),
    ("政策面貌", "政治面貌"),
    ("政治面目", "政治面貌"),
    ("帐", "账"),
    ("身份正", "身份证"),
    ("户藉", "户籍"),
    ("藉贯", "籍贯"),
    ("名族", "民族"),
    ("姓别", "性别"),
    ("年令", "年龄"),
    ("地扯", "地址"),
    ("其它", "其他"),
    ("生活处理能力", "生活自理能力"),
    ("住住址", "住址"),
    ("连系", "联系"),
    ("联糸", "联系"),
    ("反应", "反映"),
)

# Different words for one thing, in the order in which they are replaced.
_SAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"(?:公民|居民)*身份(?:证件?)?(?:号码|编号|号)|(?:公民|居民)*身份证", "身份证号"),
        (r"证件(?:号码|编号|号)", "证件号"),
        (r"号码", "号"),
        (r"(?:联系)?(?:手机|移动电话)(?:电话)?号?", "手机"),
        (r"(?:住宅|家庭|固定|座机|宅)电话|座机号?|固话", "固话"),
        (r"(?:联系|联络)(?:电话|方式|号)|电话号|通讯方式", "电话"),
        (r"(?:户籍|户口)所?在?地?(?=地址|住址|详|区划|省|市|区|县|街|乡|社|派|邮|门)", "户籍"),
        (r"户口所在地|户籍所在地|户籍地|户口地", "户籍地"),
        (r"户口", "户籍"),
        (r"(?:现|目前)居?住?所?在?地?(?=地址|住址|详|区划|省|市|区|县|街|乡|社|门|小)", "现住"),
        (r"现居住|现居|居住(?=地址|住址|详|地$|地[址区详])", "现住"),
        (r"(?:详细|具体)?(?:地址|住址)|详址|详细地址", "地址"),
        (r"地地址", "地址"),
        (r"出生年月日?|出生时间", "出生日期"),
        (r"时间|年月日", "日期"),
        (r"状况|状态", "情况"),
        (r"类型|种类", "类别"),
        (r"是否(?:属于|为|是|有)", "是否"),
        (r"教育程度|文化水平", "文化程度"),
        (r"邮政编码", "邮编"),
        (r"来(?:本[市区县镇村]|[沪穗京津渝蓉深杭宁汉郑苏甬厦青莞佛济昆])(?=[日原事时居地])", "来本地"),
        (r"与(?:儿童|孩子|未成年人|老年?人|残疾人|被监护人|患者|学生)(?:之间)?(?:的|之)?关系", "与本人关系"),
        (r"原因|事由", "原因"),
        (r"所在地(?=地址)", ""),
        (r"期末|年末", ""),
        (r"人员人数", "人员数"),
        (r"详细名称|全称", "名称"),
        (r"电子(?:邮箱|邮件|信箱)|邮箱|e-?mail", "电子邮箱"),
        (r"年月$", "日期"),
        (r"(?:失业|退休|离退休|下岗)前(?:的?工作)?单位|原(?:工作)?单位", "原单位"),
        (
            r"(?:参加)?(?:城乡|城镇)?(?:居民|职工)?(?:基本)?(?:医疗保险|医保)(?:参保)?(?:险种|类别|情况)$",
            "医疗保险",
        ),
        (
            r"(?:参加)?(?:社会|城乡|城镇)?(?:居民|职工)?(?:基本)?(?:养老保险)(?:参保)?(?:险种|类别|情况)$",
            "养老保险",
        ),
        (r"(?:员工|职工|从业人员|工作人员)(?:总数|人数|总人数|数量|数)$", "从业人数"),
        (r"(?<=办公|经营)(?:地点|场所)$", "地址"),
        (r"^从业人员$", "从业人数"),
        (r"经营(?:项目|内容|业务|品类)$", "经营范围"),
        (r"所在地?(?=地址$)", ""),
        (r"(?:房屋|使用|房屋使用)用途|使用性质", "用途"),
        (r"(?<!党)支部", "党支部"),
        (r"租客|租户|承租户|租住人", "承租人"),
    )
)


@lru_cache(maxsize=16384)
def canonical(label: str) -> str:
    """A heading's wording with spellings and synonymous words brought together; for comparing, never for showing."""
    text = squash(label)
    for wrong, right in _SPELLINGS:
        text = text.replace(wrong, right)
    for pattern, word in _SAME:
        text = pattern.sub(word, text)
    return text


_REQUIRED = re.compile(r"[*＊∗]")
_BRACKET = re.compile(r"\(([^()]*)\)")
_UNIT = re.compile(
    r"^(?:元|万元?|元/[^()]{1,6}|rmb|cm|厘米|kg|公斤|㎡|m2|平方米|平米|岁|周岁|人|户|间|套|栋|个|年|月|日|次|小时|"
    r"必填|可选|选填|可多选|单选|是/否|男/女|有/无|.*(?:有效|必填|填写|如实|如有|例如|格式|yyyy|选择).*|\d+位.*|"
    r"乡、?镇|乡镇|镇|村|市|区|县|女|男|本人|选项|打√|√|周|公章)$"
)


def required(label: str) -> bool:
    """Whether the heading carries a star for "must be filled"."""
    return bool(_REQUIRED.search(label))


# The English that some forms put behind the Chinese: 姓名 Name, 证件号码 ID No.
_LATIN_TAIL = re.compile(r"(?<=[\u4e00-\u9fff)])[/:：·\s]*\(?[a-z][a-z.'’&/\-]{1,}\)?$")
_OF_WHICH = re.compile(r"^其中[:：,，]?(?=.)")


def wording(label: str) -> tuple[str, str]:
    """A heading's wording without brackets that only tell units or manners, and the bracket that says more, if any; the
    English behind the Chinese and a leading 其中 are left out too."""
    text = _OF_WHICH.sub("", _LATIN_TAIL.sub("", squash(label)))
    extra = ""
    for note in _BRACKET.findall(text):
        if _UNIT.match(note):
            text = text.replace(f"({note})", "")
        elif not extra and text.endswith(f"({note})"):
            extra = note
            text = text[: -len(note) - 2]
    return text, extra


_SERIAL = frozenset(
    squash(word)
    for word in ("序号", "序", "行号", "顺序号", "流水号", "No", "NO.", "№", "#", "入库数据名称", "序列号")
)
_NUMBERED = frozenset(squash(word) for word in ("编号", "号", "序 列"))


def is_serial(label: str, *, first: bool) -> bool:
    """Whether the heading asks for a running number; 编号 only as the first column."""
    text = squash(label)
    return text in _SERIAL or (first and text in _NUMBERED)


_NEVER = re.compile(
    r"签字|签名|签章|盖章|公章|手印|照片|相片|粘贴|^备注|备注$|^说明$|审核意见|审批意见|意见$|审核人|审批人|审核情况|"
    r"创建人|修改人|创建时间|修改时间|表号|制表机关|批准文号|id$|^操作$|上传|附件|填表说明|"
    r"^简介$|近况描述|获得荣誉"
)


def is_never(label: str) -> bool:
    """Whether the place is left to people or to the department's own system: signatures, stamps, opinions, remarks."""
    return bool(_NEVER.search(squash(label)))


@dataclass(frozen=True)
class Declined:
    """A topic that Linli leaves out by design, and the office that keeps such lists."""

    topic: str
    words: re.Pattern[str]
    keeper: str
    whole_form: bool = True


DECLINED: tuple[Declined, ...] = (
    Declined(
        "易肇事肇祸精神障碍患者",
        re.compile(r"肇事肇祸|肇祸|重性精神|严重精神障碍|精神病(?:人|患者)"),
        "公安机关和卫生健康部门（严重精神障碍患者管理治疗网络）",
    ),
    Declined(
        "社区矫正对象",
        re.compile(r"社区矫正|矫正(?:人员|对象)|刑法执行|刑罚执行|监外执行"),
        "司法所（社区矫正机构）",
    ),
    Declined("刑满释放人员", re.compile(r"刑满|刑释|安置帮教|释放人员|解教"), "司法所（安置帮教）"),
    Declined("涉毒人员", re.compile(r"吸毒|戒毒|涉毒|禁毒对象|美沙酮"), "公安机关禁毒部门和街道禁毒办"),
    Declined("艾滋病感染者", re.compile(r"艾滋|hiv|aids", re.IGNORECASE), "疾病预防控制机构"),
    Declined("宗教信仰", re.compile(r"宗教|信教|教徒|信众"), "民族宗教事务部门", whole_form=False),
    Declined("涉邪教人员", re.compile(r"邪教|法轮"), "政法委、公安机关"),
    Declined(
        "信访重点人员",
        re.compile(r"上访(?:人员|老户)|信访(?:重点|老户|人员)|非访|维稳对象|重点人管控"),
        "信访部门",
    ),
)


def declined(text: str) -> Declined | None:
    """The topic a title or heading asks about that is left out by design, if any."""
    plain = squash(text)
    return next((topic for topic in DECLINED if topic.words.search(plain)), None)


# Labels that speak of one dealing rather than of a person, a home or an organisation.
_EVENT = re.compile(
    r"诉求|事件|事项(?!类)|发生(?:时间|日期|地点|网格)|处理(?:结果|情况|时限)|办理(?:结果|情况|过程)|办结|受理|调解|纠纷|"
    r"活动(?:主题|时间|日期|类型|类别|人数|地点|内容|负责人|名称)|走访(?:时间|日期|内容)|巡查(?:时间|日期|内容|情况)|"
    r"检查(?:日期|内容|人员|结果)|整改(?:时限|期限)|会议|参会|登记单位|反映(?:群体|问题|人)|来访"
)


def speaks_of_dealing(label: str) -> bool:
    """Whether a heading belongs to a ledger of dealings (appeals, disputes, activities, visits)."""
    return bool(_EVENT.search(canonical(label)))


# Words that open a person's own part of a row although the base does not know that person.
_OTHER_PERSON = re.compile(
    r"(?:经办|负责|联系|责任|登记|填表|审核|办理|服务|管理|操作|采集|填报|调查|走访|陪护|护理|紧急联系|介绍|推荐|代理|委托|承租|"
    r"监管|监督|帮扶|祖父|祖母|外祖|爷爷|奶奶|外公|外婆|担保|证明|房屋责任|网格|家属|亲属|子女|赡养|抚养|包保|联络|带队|介绍|报告|举报|组织|安全|治安)[\u4e00-\u9fff]{0,3}(?:人|员|长|者|民警|干部|责任人|联系人|负责人)?"
    r"(?:姓名|名字)?$"
)


def names_other_person(label: str) -> bool:
    """Whether a heading names a person other than the row's subject (经办人, 负责人, 责任民警姓名)."""
    text = squash(label)
    if not re.search(r"(?:人|员|长|者|警|干部)(?:姓名|名字)?$|姓名$", text):
        return False
    return bool(_OTHER_PERSON.search(text))


# Words by which lists call the person of the row.
SELVES = (
    r"老年?人|残疾人|残疾者|儿童|孩子|幼儿|婴幼儿|学生|党员|志愿者|申请人|居民|救助对象|帮扶对象|结对对象|慰问对象|关爱对象|走访对象|探访对象|服务对象|保障对象|优抚对象|退役军人|失业人员|"
    r"被监护人|妇女|孕妇|患者|当事人|该同志|人员|本人|死者|死亡人员|已故人员|参保人员?|签约居民|独居老人|空巢老人|孤儿|代表"
)
# Those of them that are only some people: the row's own where the list is of them.
NAMED_GROUP = re.compile(
    r"党员|志愿者|退役军人|失业人员|残疾人|残疾者|学生|孕妇|患者|代表|优抚对象|孤儿|独居老人|空巢老人|死者|死亡人员|已故人员"
)
_A_SELF = re.compile(rf"(?:{SELVES})(?:本人)?")


def is_self(group: str) -> bool:
    """Whether a group of headings names the row's own person: 儿童基本情况, 死者."""
    stem = re.sub(r"(?:基本|主要|详细|具体|有关|相关)?(?:情况|信息|资料|内容|概况)$", "", squash(group))
    return bool(_A_SELF.fullmatch(stem))


def role_of(group: str) -> bool:
    """Whether a group of headings names somebody by their part: 出租人信息, 包保干部, 被监护方."""
    stem = re.sub(r"(?:基本|主要)?(?:信息|情况|资料)$", "", squash(group))
    return bool(
        re.search(r"(?:人|方|者|员|长|干部|民警|医生|教师|家属|亲属|子女|经理|书记|主任|户主)$", stem)
    )


_KNOWERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), office)
    for pattern, office in (
        (r"派出所|民警|户籍注销|注销|暂住证|登记证", "公安派出所"),
        (r"残疾|康复", "残联"),
        (r"低保|救助|特困|困难|养老服务|高龄|补贴|致贫", "民政部门"),
        (r"党|转正|支部", "社区党组织"),
        (r"退役|优抚|军|兵役", "退役军人服务站"),
        (r"失业|就业|技能|培训|职称|技术等级|求职", "人力资源社会保障所"),
        (r"医保|医疗保|养老保|社保|保险|退休金|参保", "医保、社保经办机构"),
        (r"婚育|生育|避孕|独生|初婚|再婚|怀孕", "卫生健康（计生）部门"),
        (r"学校|年级|班级|学籍", "学校、教育部门"),
        (r"产权|房产|不动产|权证|土地", "不动产登记部门、产权人"),
        (r"隐患|消防|安全", "应急、消防部门，现场检查"),
        (r"银行|卡号|账号", "本人，发放单位"),
        (r"执照|注册资本|经营范围|经济性质|法人", "市场监管部门、单位本身"),
        (r"积分|志愿|活动", "志愿服务平台"),
        (r"经办|申请时间|状态|审批|评估", "受理窗口的经办人"),
    )
)


def who_knows(label: str) -> str:
    """Who can supply what a heading asks and the base lacks."""
    plain = squash(label)
    return next((office for pattern, office in _KNOWERS if pattern.search(plain)), "本人，入户核实")
