"""Thirty more, by another writer, after two rounds of mending and again before the engine was tried on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from linli.ledgers.tests.unseen.build import count, of
from linli.ledgers.tests.unseen.sight.drawing import areas, laid, listed, nobody


def aged(low: int, high: int | None, *where: str) -> dict[str, Any]:
    """People of an age from `low` to `high` years."""
    return count("person", *where, age={"from": low, "to": high} if high is not None else {"from": low})


_BANDS = [(low, low + 4) for low in range(0, 85, 5)]
_PYRAMID_ROWS = "\n".join(f"{low}-{high}岁|_t{low}|_m{low}|_f{low}" for low, high in _BANDS)
_PYRAMID: dict[str, Any] = {
    f"{letter}{low}": aged(low, high, "registered", *where)
    for low, high in [*_BANDS, (85, None)]
    for letter, where in (("t", ()), ("m", ("male",)), ("f", ("female",)))
}
_PEOPLES = {
    f"{key}{letter}": count("person", *where, **narrow)
    for key, narrow in (
        ("h", {"ethnic": ["01"]}),
        ("m", {"ethnic": ["11"]}),
        ("u", {"ethnic": ["03"]}),
        ("g", {"ethnic": ["02"]}),
    )
    for letter, where in (("r", ("registered",)), ("f", ("floating",)))
}
_AID = {
    f"{group}{letter}": count("person", f"in_{group}", *where)
    for group in ("low_income", "low_income_edge", "destitute", "orphan")
    for letter, where in (
        ("t", ()),
        ("f", ("female",)),
        ("o", ("aged_60",)),
        ("y", ("under_18",)),
        ("d", ("in_disabled",)),
    )
}
_CLASSES = {
    f"{letter}{number}": count("person", "in_low_income", *where, low_income_class=[str(number)])
    for number in (1, 2, 3)
    for letter, where in (
        ("t", ()),
        ("m", ("male",)),
        ("f", ("female",)),
        ("o", ("aged_60",)),
        ("d", ("in_disabled",)),
    )
} | {
    f"{letter}0": count("person", "in_low_income", *where)
    for letter, where in (
        ("t", ()),
        ("m", ("male",)),
        ("f", ("female",)),
        ("o", ("aged_60",)),
        ("d", ("in_disabled",)),
    )
}

THIRD = (
    listed(
        "401养老服务需求",
        "60周岁以上老年人居家养老服务需求摸底表",
        of("person", "aged_60"),
        """
        序号 = serial
        村（社区） = community
        老人姓名 = name
        性别 = sex
        年龄（周岁） = age
        身份证号码 = id_number
        居住状况（独居、与配偶同住、与子女同住） = living_arrangement|unknown
        自理能力 = self_care
        主要经济来源 = unknown
        月均收入（元） = unknown
        助餐需求 = unknown
        助浴需求 = unknown
        家庭住址 = address
        子女或亲属联系电话 = relative_phone|contact_phone|unknown
        """,
        above=(["乡镇（街道）：", None, "填报人：", None, "联系电话："],),
    ),
    nobody(
        "402光荣在党五十年",
        "“光荣在党50年”纪念章颁发对象花名册",
        """
        序号 = x
        姓名 = x
        性别 = x
        出生年月 = x
        入党时间 = x
        转正时间 = x
        党龄 = x
        所在党支部 = x
        身体状况 = x
        联系电话 = x
        """,
    ),
    listed(
        "403妇女两癌筛查",
        "35—64岁妇女“两癌”免费筛查登记表",
        of("person", "female", age={"from": 35, "to": 64}),
        """
        序号 = serial
        姓名 = name
        年龄 = age
        身份证号 = id_number
        民族 = ethnic
        文化程度 = education
        婚姻状况 = marital
        是否低保 = is_low_income
        户籍地址 = hukou_address
        现住址 = address
        联系电话 = phone
        末次筛查时间 = unknown
        预约检查日期 = unknown
        本人签名 = never
        """,
        below=("注：三年内已参加免费筛查的不再登记。",),
    ),
    listed(
        "404按出生日期体检",
        "1951年1月1日至1960年12月31日出生居民免费体检登记表",
        of("person", birth_date={"from": date(1951, 1, 1), "to": date(1960, 12, 31)}),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        出生日期 = birth_date
        身份证号码 = id_number
        现居住地址 = address
        手机号 = phone
        是否有慢性病 = unknown
        上次体检时间 = unknown
        体检时间安排 = unknown
        """,
    ),
    listed(
        "405八一慰问军属",
        "“八一”慰问现役军人家属花名册",
        of("person", "in_military_family"),
        """
        序号 = serial
        家属姓名 = name
        性别 = sex
        身份证号 = id_number
        与军人关系 = unknown
        军人姓名 = unknown
        服役单位 = unknown
        入伍时间 = unknown
        家庭住址 = address
        联系电话 = phone
        慰问金额（元） = unknown
        领取人签字 = never
        """,
    ),
    listed(
        "406百岁老人",
        "百岁老人基本情况统计表",
        of("person", "aged_100"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        民族 = ethnic
        出生年月日 = birth_date
        身份证号码 = id_number
        户籍所在地 = hukou_address
        实际居住地 = address
        文化程度 = education
        配偶是否健在 = unknown
        子女数 = children|unknown
        身体健康状况 = health
        月享受长寿保健金（元） = unknown
        监护人（赡养人）姓名 = guardian.name|unknown
        监护人（赡养人）电话 = guardian.phone|unknown
        """,
        under=(["1", *[str(n) for n in range(2, 16)]],),
    ),
    listed(
        "407低保家庭住房",
        "低保家庭住房状况摸底表",
        of("household", "in_low_income"),
        """
        序号 = serial
        户主姓名 = head.name
        身份证号码 = head.id_number
        家庭人口（人） = size
        住房地址 = home.address|address
        住房 > 建筑面积（㎡） = home.area
        住房 > 房屋结构 = home.structure
        住房 > 建成年代 = home.built_year
        住房 > 产权人 = home.owner_name
        人均住房面积（㎡） = unknown
        是否申请公租房 = unknown
        联系电话 = head.phone
        备注 = never
        """,
        above=("填报单位（盖章）：                                  填报时间：    年   月   日",),
    ),
    listed(
        "408空巢老人结对",
        "空巢老人结对帮扶登记表",
        of("person", "in_empty_nest"),
        """
        序号 = serial
        帮扶对象 > 姓名 = name
        帮扶对象 > 性别 = sex
        帮扶对象 > 年龄 = age
        帮扶对象 > 住址 = address
        帮扶对象 > 电话 = phone
        帮扶对象 > 身体状况 = health
        结对志愿者 > 姓名 = unknown
        结对志愿者 > 单位 = unknown
        结对志愿者 > 电话 = unknown
        帮扶内容 = unknown
        结对时间 = unknown
        """,
    ),
    listed(
        "409未成年人底数",
        "辖区未成年人基本信息登记表",
        of("person", "under_18"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        出生年月 = birth_date
        身份证号 = id_number
        就读学校 = school
        就读年级 = grade
        监护人 > 姓名 = guardian.name
        监护人 > 与未成年人关系 = guardian_relation
        监护人 > 联系电话 = guardian.phone
        是否残疾 = is_disabled
        是否留守 = is_left_behind_child
        是否困境儿童 = is_orphan
        家庭住址 = address
        """,
    ),
    listed(
        "410选民登记册",
        "年满18周岁居民选民登记册",
        of("person", "reached_18"),
        """
        选民编号 = unknown
        姓名 = name
        性别 = sex
        出生日期 = birth_date
        民族 = ethnic
        户籍地址 = hukou_address
        现住址 = address
        所属居民小组 = unknown
        与户主关系 = relation
        登记方式 = unknown
        选民证发放 > 领取人 = never|unknown
        选民证发放 > 领取日期 = unknown
        """,
        above=(["选区名称：", None, "登记员：", None, "第   页"],),
    ),
    listed(
        "411人在户不在",
        "人在户不在人员清查登记表",
        of("person", "here_only"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        公民身份号码 = id_number
        户口登记地 = hukou_address
        居住地详细地址 = address
        何时来本地居住 = moved_in_on
        居住处所（自购/租赁/借住） = unknown|dwelling
        从事工作 = occupation|employment
        联系电话 = phone
        核查民警 = unknown|police_officer
        核查日期 = unknown
        """,
    ),
    nobody(
        "412群租房整治",
        "群租房排查整治登记台账",
        """
        序号 = x
        房屋地址 = x
        房东姓名 = x
        房东联系电话 = x
        建筑面积（㎡） = x
        隔断间数 = x
        实际居住人数 = x
        存在隐患 = x
        整改措施 = x
        整改时限 = x
        """,
    ),
    listed(
        "413空置房清单",
        "空置房屋登记清单",
        of("home", "empty"),
        """
        序号 = serial
        小区名称 = estate_name|building.estate_name
        楼号 = building_name|building.number
        单元 = unit
        门牌号 = door
        面积（平方米） = area
        房主姓名 = owner_name
        房主联系方式 = owner_phone
        空置起始时间 = unknown
        空置原因 = unknown
        水电是否关闭 = unknown
        """,
    ),
    listed(
        "414门前三包",
        "临街商户“门前三包”责任书签订台账",
        of("organisation", "shop"),
        """
        序号 = serial
        商户名称 = name
        统一社会信用代码 = credit_code
        经营地址 = address
        经营类别 = industry|business_scope
        负责人 = legal_person|contact|unknown
        联系电话 = phone
        签订日期 = unknown
        是否张贴公示牌 = unknown
        责任路段长度（米） = unknown
        网格员 = unknown
        """,
    ),
    listed(
        "415驻区单位资源",
        "驻区单位共驻共建资源清单",
        of("organisation", "resident_unit"),
        """
        序号 = serial
        单位名称 = name
        单位性质 = ownership
        单位地址 = address
        职工人数 = staff
        主要负责人 = legal_person|unknown
        联系人 = contact
        联系人电话 = phone|unknown
        可开放场地资源 = unknown
        可提供服务项目 = unknown
        需社区协助事项 = unknown
        """,
    ),
    listed(
        "416居民楼消防设施",
        "居民楼消防设施摸底登记表",
        of("building"),
        """
        序号 = serial
        所在小区 = estate_name
        楼栋名称 = name
        地上层数 = floors
        地下层数 = basements
        建筑面积（㎡） = area
        单元数 = units
        住户数 = homes
        建成时间 = built_year
        电梯数量 = lifts
        室内消火栓（个） = unknown
        灭火器（具） = unknown
        物业服务单位 = property_company
        物业联系电话 = property_phone
        """,
    ),
    listed(
        "417网格员信息",
        "社区专兼职网格员信息登记表",
        of("network_post", "grid_worker"),
        """
        序号 = serial
        姓名 = name
        性别 = person.sex
        身份证号码 = person.id_number
        政治面貌 = person.political
        文化程度 = person.education
        所负责网格 = places|grid
        网格内户数 = households
        任职时间 = since
        联系电话 = phone
        月补贴（元） = unknown
        """,
    ),
    listed(
        "418社保补贴4050",
        "“4050”人员灵活就业社会保险补贴花名册",
        of("person", "in_age_4050"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        年龄 = age
        身份证号码 = id_number
        就业失业登记证号 = unknown|unemployed.certificate
        灵活就业形式 = unknown
        补贴险种 = unknown
        补贴起止时间 = unknown
        补贴金额（元） = unknown
        家庭住址 = address
        联系电话 = phone
        本人签字 = never
        """,
    ),
    nobody(
        "419奖励扶助年审",
        "农村部分计划生育家庭奖励扶助对象年审花名册",
        """
        序号 = x
        姓名 = x
        性别 = x
        身份证号 = x
        婚姻状况 = x
        现有子女数 = x
        户籍地 = x
        发放标准 = x
        年审结果 = x
        """,
    ),
    listed(
        "420视力残疾人",
        "视力残疾人基本服务状况登记表",
        of("person", "in_disabled", disabled_class=["1"]),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        残疾人证号 = disabled.certificate
        残疾等级 = disabled_level
        致残原因 = disabled_cause
        文化程度 = education
        就业状况 = employment
        婚姻状况 = marital
        监护人 = guardian.name
        监护人联系电话 = guardian.phone
        是否享受护理补贴 = is_disabled_care_allowance
        需要何种辅具 = unknown
        家庭住址 = address
        """,
    ),
    listed(
        "421高龄老年人巡访",
        "80周岁以上高龄老年人巡访关爱台账",
        of("person", "aged_80"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        年龄 = age
        住址 = address
        联系电话 = phone
        是否独居 = lives_alone
        是否享受高龄津贴 = is_old_age_allowance
        健康状况 = health
        紧急联系人 = contact_name
        紧急联系电话 = contact_phone
        巡访人 = unknown|never
        巡访时间 = unknown
        巡访情况 = unknown
        """,
    ),
    nobody(
        "422归侨侨眷",
        "归侨侨眷基本情况登记表",
        """
        序号 = x
        姓名 = x
        性别 = x
        出生年月 = x
        身份证号 = x
        侨别 = x
        侨居国 = x
        工作单位 = x
        家庭住址 = x
        联系电话 = x
        """,
    ),
    listed(
        "423临时救助公示",
        "临时救助对象公示名单",
        of("person", "in_aided"),
        """
        序号 = serial
        所在社区 = community
        姓名 = name
        家庭人口 = household_size
        救助原因 = aided_cause
        救助金额（元） = unknown|aided.amount
        发放时间 = aided_paid_on|unknown
        监督电话 = unknown
        """,
    ),
    areas(
        "431一老一小",
        "各社区“一老一小”人口情况统计表",
        """
        序号 = serial
        社区名称 = region
        老年人口（人） > 60岁以上 = a
        老年人口（人） > 其中：80岁以上 = b
        老年人口（人） > 独居老人 = c
        老年人口（人） > 空巢老人 = d
        儿童（人） > 0-2岁 = e
        儿童（人） > 3-6岁 = f
        儿童（人） > 留守儿童 = g
        养老机构床位数（张） = unknown
        托育机构托位数（个） = unknown
        备注 = never
        """,
        {
            "a": count("person", "aged_60"),
            "b": count("person", "aged_80"),
            "c": count("person", "in_elderly_alone"),
            "d": count("person", "in_empty_nest"),
            "e": aged(0, 2),
            "f": aged(3, 6),
            "g": count("person", "in_left_behind_child"),
        },
        below=(["单位负责人：", None, "填表人：", None, "填表日期："],),
    ),
    laid(
        "432户籍人口五岁组",
        "户籍人口分年龄、性别统计表",
        f"""
        制表单位：|<|计量单位：人|<
        年龄组|合计|男|女
        {_PYRAMID_ROWS}
        85岁及以上|_t85|_m85|_f85
        """,
        numbers=_PYRAMID,
        bare=(1,),
    ),
    laid(
        "433民族构成",
        "人口民族构成情况统计表",
        """
        民族|户籍人口（人）|流动人口（人）|备注
        汉族|_hr|_hf|_never
        满族|_mr|_mf|_never
        回族|_ur|_uf|_never
        蒙古族|_gr|_gf|_never
        """,
        numbers=_PEOPLES,
    ),
    laid(
        "434低保分类施保",
        "低保对象分类施保情况表",
        """
        类别|保障人数|其中|<|<|<|月保障金额（元）
        ^|^|男|女|60岁以上|残疾人|^
        A类|_t1|_m1|_f1|_o1|_d1|_unknown
        B类|_t2|_m2|_f2|_o2|_d2|_unknown
        C类|_t3|_m3|_f3|_o3|_d3|_unknown
        合计|_t0|_m0|_f0|_o0|_d0|_unknown
        """,
        numbers=_CLASSES,
    ),
    laid(
        "435困难群众救助月报",
        "困难群众基本生活救助情况月报表",
        """
        填报单位：|<|<|2026年  月|<|<|单位：人|<
        项目|期末人数|其中：女性|其中：老年人|其中：未成年人|其中：残疾人|本月新增|本月退出
        最低生活保障|_low_incomet|_low_incomef|_low_incomeo|_low_incomey|_low_incomed|-|-
        低保边缘|_low_income_edget|_low_income_edgef|_low_income_edgeo|_low_income_edgey|_low_income_edged|-|-
        特困人员|_destitutet|_destitutef|_destituteo|_destitutey|_destituted|-|-
        孤儿|_orphant|_orphanf|_orphano|_orphany|_orphand|-|-
        负责人：|<|<|填表人：|<|<|报出日期：|<
        """,
        numbers=_AID,
        bare=(1, 7),
    ),
    areas(
        "436流动人口出租房月报",
        "流动人口及出租房屋管理情况月报表",
        """
        社区 = region
        流动人口 > 总数 = a
        流动人口 > 男 = b
        流动人口 > 女 = c
        流动人口 > 16周岁以下 = d
        流动人口 > 少数民族 = e
        流动人口 > 本月新登记 = unknown
        流动人口 > 本月注销 = unknown
        出租房屋 > 总数（套） = f
        出租房屋 > 本月检查数 = unknown
        出租房屋 > 有隐患的 = g
        """,
        {
            "a": count("person", "floating"),
            "b": count("person", "floating", "male"),
            "c": count("person", "floating", "female"),
            "d": aged(0, 15, "floating"),
            "e": count("person", "floating", "minority"),
            "f": count("home", "let"),
            "g": count("home", "let", "hazardous"),
        },
        above=("填报单位：                        报送时间：每月25日前",),
    ),
    laid(
        "441高龄津贴申请",
        "高龄津贴申请审批表",
        """
        申请人姓名|_name|性别|_sex|民族|_ethnic
        出生日期|_birth_date|年龄|_age|联系电话|_phone
        身份证号码|_id_number|<|<|户口性质|_hukou_nature
        户籍地址|_hukou_address|<|<|<|<
        现居住地址|_address|<|<|<|<
        代理人姓名|_unknown|与申请人关系|_unknown|代理人电话|_unknown
        开户银行|_unknown|<|银行账号|_unknown|<
        申领类别|□80-89周岁 □90-99周岁 □100周岁以上 @unknown/age|<|<|<|<
        本人（代理人）签字：        年  月  日|<|<|<|<|<
        村（社区）意见|（公章）   年  月  日 @never|<|<|<|<
        """,
        scope=of("person"),
    ),
    laid(
        "442商户信息卡",
        "沿街商户信息登记卡",
        """
        商户名称|_name|<|<
        统一社会信用代码|_credit_code|行业类别|_industry
        经营地址|_address|<|<
        法定代表人|_legal_person|联系电话|_phone
        从业人数|    人 @staff|营业时间|_opening_hours
        经营面积|    ㎡ @unknown|开业时间|_founded_on/unknown
        经营范围|_business_scope|<|<
        是否使用液化气|□是 □否 @unknown|消防安全责任人|_fire_head
        检查记录|_unknown|<|<
        """,
        scope=of("organisation", "shop"),
    ),
    laid(
        "443党员信息卡",
        "党员基本信息采集卡",
        """
        姓名|_name|性别|_sex|出生年月|_birth_date|照片
        民族|_ethnic|籍贯|_native_place|学历|_education|^
        身份证号|_id_number|<|<|婚姻状况|_marital|^
        参加工作时间|_started_work_on|入党时间|_party_joined_on|转正时间|_party_full_on|-
        所在党支部|_party_branch|<|<|党内职务|_party_post|<
        工作单位及职务|_unknown/employer|<|<|手机号码|_phone|<
        家庭住址|_address|<|<|<|<|<
        党员类别|□正式党员  □预备党员 @party_class|<|<|是否流动党员|□是  □否 @party_floating_card/unknown|<
        奖惩情况|_unknown|<|<|<|<|<
        """,
        scope=of("person", "in_party"),
    ),
    laid(
        "444房屋信息卡",
        "房屋基本信息采集卡",
        """
        房屋坐落|_address|<|<
        所属小区|_estate_name/building.estate_name|楼栋|_building_name/building.number
        单元|_unit|房号|_door
        建筑面积|_area|户型|_layout
        房屋结构|_structure|建成年份|_built_year
        房屋用途|_use|居住人数|_residents
        产权人姓名|_owner_name|产权人电话|_owner_phone
        是否出租|□是  □否 @is_let|租户姓名|_tenant_name
        采集人：|<|采集时间：|<
        """,
        scope=of("home"),
        bare=(9,),
    ),
)
