"""Plain rosters in the words of many offices: one row of headings each, what is asked in the order of the headings."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, asked, book, of

_FORMS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("162慰问党员", "社区党员走访慰问名单", of("person", "in_party"),
     "序号=serial 党员姓名=name 性别=sex 年龄=age 党龄=unknown 现住地址=address 联系方式=phone 困难情况=aid_groups|unknown 慰问金额（元）=unknown 领取人签名=never"),
    ("163特扶家庭", "计划生育特别扶助对象信息表", of("person", "in_bereaved"),
     "序号=serial 姓名=name 身份证号=id_number 户籍性质=hukou_nature 婚姻状况=marital 扶助类别=bereaved_class 扶助金额=bereaved.amount 起始时间=bereaved.from_date|unknown "
     "户籍地=hukou_address 居住地=address 手机=phone 银行卡号=unknown"),
    ("164网格员", "网格员信息统计表", of("network_post", "grid_worker"),
     "序号=serial 所属社区=community 网格名称=grid 网格员姓名=name 联系电话=phone 负责户数=households 上任时间=since|unknown"),
    ("165外出人员", "外出务工人员信息登记表", of("person"),
     "姓名=name 性别=sex 身份证号=id_number 户籍地址=hukou_address 外出地址=away_address 务工单位=unknown 联系电话=phone 外出时间=unknown"),
    ("166九小场所", "九小场所消防安全排查台账", of("organisation"),
     "序号=serial 场所名称=name 场所类型=kind 场所地址=address 经营者姓名=unknown|legal_person 联系电话=phone 建筑面积=unknown 灭火器数量=unknown 安全出口=unknown "
     "存在隐患=unknown 整改情况=unknown 检查人=never|unknown"),
    ("167经济单位", "辖区单位清查登记册", of("organisation", "resident_unit"),
     "序号=serial 统一社会信用代码=credit_code 单位详细名称=name 法定代表人（负责人）=legal_person 单位所在地详细地址=address 固定电话=landline 移动电话=phone 主要业务活动=unknown|business_scope "
     "从业人员期末人数=staff 开业时间=founded_on"),
    ("168空置房", "空置房屋排查登记表", of("home", "empty"),
     "序号=serial 小区名称=estate_name 楼栋号=building_name|building.number 单元号=unit 门牌号=door 建筑面积（平方米）=area 产权人=owner_name 产权人电话=owner_phone 空置原因=unknown 空置时间=unknown"),
    ("170学前儿童", "7周岁以下儿童健康管理花名册", of("person", "under_7"),
     "编号=serial 儿童姓名=name 性别=sex 出生日期=birth_date 母亲姓名=mother.name 母亲身份证号=mother.id_number 家庭住址=address 联系电话=unknown|phone 接种本编号=unknown 体检日期=unknown"),
    ("171少数民族", "少数民族人口登记表", of("person", "minority"),
     "序号=serial 户主=head_name 姓名=name 与户主关系=relation 民族=ethnic 性别=sex 身份证号码=id_number 文化程度=education 职业=occupation|employment 工作单位及职务=unknown 现居住地=address"),
    ("173残疾儿童", "0-17岁残疾儿童康复救助登记表", of("person", "in_disabled", "under_18"),
     "序号=serial 姓名=name 性别=sex 身份证号=id_number 残疾类别=disabled_class 残疾等级=disabled_level 监护人=guardian.name 监护人电话=guardian.phone 康复机构=unknown 补助金额=disabled.amount|unknown"),
    ("175青壮年", "18-35周岁青年人口摸底表", of("person", age={"from": 18, "to": 35}),
     "序号=serial 姓名=name 性别=sex 年龄=age 婚姻状况=marital 学历=education 现工作单位=employer 联系电话=phone"),
    ("174电话本", "居民联系电话一览表", of("person"),
     "楼号=building 单元=unit 房号=door 姓名=name 身份证号=id_number 手机号=phone 微信号=unknown 备用电话=unknown"),
)  # fmt: skip


def _made(title: str, heads: list[str]) -> Workbook:
    return book([[title, *[None] * (len(heads) - 1)], heads], f"A1:{chr(64 + len(heads))}1", empty=5)


def _form(name: str, title: str, scope: dict[str, Any], told: str) -> Unseen:
    pairs = [one.partition("=") for one in told.split()]
    heads = [head for head, _sign, _path in pairs]
    return Unseen(
        name,
        lambda: _made(title, heads),
        {"scope": scope, "columns": asked(*(path for _h, _s, path in pairs))},
    )


MORE: tuple[Unseen, ...] = tuple(_form(*one) for one in _FORMS)
