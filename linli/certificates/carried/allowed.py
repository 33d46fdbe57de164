"""The certificates that the system starts with: each with a basis in law, and only about what a community knows.

What a district's own list says goes before: a district ends one of these, words it anew or adds its own.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Input(NamedTuple):
    """What is asked at the counter because the base cannot know it: the place in the wording, its label, the longest text."""

    key: str
    label: str
    most: int = 60


class Allowed(NamedTuple):
    """A certificate of the list. `conditions` are keys of `rules.CONDITIONS`; `days` of validity; `checked`, what of the basis was
    read."""

    code: str
    title: str
    also: tuple[str, ...]
    basis: str
    askers: tuple[str, ...]
    conditions: tuple[str, ...]
    wording: str
    days: int
    needs_head: bool
    purpose_hint: str
    inputs: tuple[Input, ...] = ()
    checked: str = ""


ALL_ASKERS: Final = ("self", "guardian", "family", "agent")

ALLOWED: Final = (
    Allowed(
        "residence",
        "居住情况证明",
        ("居住证明", "住址证明", "实际居住证明", "在住证明", "常住证明", "暂住证明", "经常居住地证明"),
        "《民法典》第二十五条；《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四条",
        ALL_ASKERS,
        ("alive", "lives_here"),
        "兹证明{姓名}（{性别}，{证件类型}号码：{证件号码}），自{入住日期}起居住在{现住址}，截至{截止日期}仍居住在该处。",
        30,
        False,
        "如：子女入学、诉讼确定管辖、办理公用事业业务",
    ),
    Allowed(
        "living_together",
        "共同居住情况证明",
        ("同住证明", "共同生活证明", "同户居住证明", "一起居住证明"),
        "《民法典》第一千零四十五条第三款；《最低生活保障审核确认办法》（民发〔2021〕57号）关于共同生活家庭成员的规定",
        ALL_ASKERS,
        ("alive", "lives_here", "in_household"),
        "兹证明截至{截止日期}，下列人员共同居住在{现住址}：{同住人员}。以上与户主的关系按本社区登记的户内情况填写，本证明不作为亲属关系的证明。",
        30,
        False,
        "如：社会救助、公租房申请",
    ),
    Allowed(
        "apart",
        "人户分离居住情况证明",
        ("人户分离证明", "户籍与居住地不一致证明", "人在户不在证明"),
        "《民法典》第二十五条；《城市居民委员会组织法》第十六条",
        ALL_ASKERS,
        ("alive", "lives_here", "hukou_elsewhere"),
        "兹证明{姓名}（{性别}，{证件类型}号码：{证件号码}），户籍登记在{户籍地址}，自{入住日期}起实际居住在{现住址}，截至{截止日期}仍居住在该处。",
        30,
        False,
        "如：异地就医、参加居委会选举登记",
        checked="《城市居民委员会组织法》第十六条（2026年1月1日起施行）已逐字核对；《民法典》第二十五条没有逐条核对",
    ),
    Allowed(
        "litigation_agent",
        "诉讼代理人推荐证明",
        ("公民代理推荐信", "公民代理证明", "社区推荐信", "诉讼代理推荐函", "推荐公民代理"),
        "《民事诉讼法》第六十一条第二款第三项；《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第八十八条第五项；《行政诉讼法》第三十一条第二款第三项",
        ("self", "guardian"),
        ("alive", "belongs_here"),
        "{法院}：\n{姓名}（{性别}，{证件类型}号码：{证件号码}）是本社区居民，登记地址为{登记地址}。现推荐{代理人姓名}（公民身份号码：{代理人号码}）担任{姓名}在{案由}一案中的诉讼代理人，请依法审查。\n特此推荐。",
        180,
        True,
        "如：民事诉讼、行政诉讼",
        (
            Input("法院", "受理的人民法院全称", 60),
            Input("案由", "案由（不写“一案”）", 60),
            Input("代理人姓名", "代理人姓名", 30),
            Input("代理人号码", "代理人公民身份号码", 18),
        ),
    ),
    Allowed(
        "guardian_designation",
        "指定监护人证明",
        ("监护人证明", "监护证明", "监护关系证明", "指定监护证明"),
        "《民法典》第三十一条",
        ("guardian", "family", "agent", "self"),
        ("alive", "belongs_here"),
        "因对{姓名}（{性别}，{证件类型}号码：{证件号码}，登记地址：{登记地址}）监护人的确定有争议，本居民委员会于{决定日期}依法作出决定，指定{监护人姓名}（公民身份号码：{监护人号码}）为{姓名}的监护人。有关当事人对指定不服的，可以向人民法院申请指定监护人。",
        365,
        True,
        "只用于居民委员会已经依法作出指定决定的；没有争议的，凭户口簿、出生医学证明等证明监护关系",
        (
            Input("决定日期", "作出指定决定的日期（如2026年11月3日）", 20),
            Input("监护人姓名", "被指定的监护人姓名", 30),
            Input("监护人号码", "监护人公民身份号码", 18),
        ),
        "《民法典》第三十一条已对照公布的条文",
    ),
)
