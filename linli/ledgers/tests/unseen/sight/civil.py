"""Lists of civil affairs, women's and disabled persons' federations, health and family planning, education."""

from __future__ import annotations

from linli.ledgers.tests.unseen.build import of
from linli.ledgers.tests.unseen.sight.drawing import listed

CIVIL = (
    listed(
        "201高龄津贴花名册",
        "XX镇（街道）2026年第三季度高龄津贴发放花名册",
        of("person", "in_old_age_allowance"),
        """
        序号 = serial
        村（社区） = community
        组别 = unknown
        姓　名 = name
        性⏎别 = sex
        出生年月日 = birth_date
        年龄⏎（周岁） = age
        身份证号码 = id_number
        补贴标准⏎（元/月） = old_age_allowance.amount
        发放月数 = unknown
        补贴金额⏎（元） = unknown
        “一卡通”账号 = unknown
        开户银行 = unknown
        联系电话 = phone
        备注 = never
        """,
        above=(["填报单位（公章）：", None, "填报时间：   年   月   日", None],),
        below=(
            ["合计", None, None],
            ["分管领导：", "审核人：", "制表人："],
            "注：此表一式三份，镇（街道）、县民政局、发放银行各一份。",
        ),
    ),
    listed(
        "202特困供养台账",
        "城乡特困人员救助供养对象台账",
        of("person", "in_destitute"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        公民身份号码 = id_number
        民族 = ethnic
        户籍地址 = hukou_address
        现居住地 = address
        供养方式（分散/集中） = destitute_class
        认定时间 = destitute.from_date
        生活自理能力⏎（全自理、半自理、全护理） = self_care
        照料护理人 > 姓名 = unknown
        照料护理人 > 与特困人员关系 = unknown
        照料护理人 > 联系电话 = unknown
        基本生活标准（元/月） = destitute.amount|unknown
        照料护理标准（元/月） = unknown
        备注 = never
        """,
        above=("填报单位：              填报人：              联系电话：              填报日期：",),
    ),
    listed(
        "203事实无人抚养儿童",
        "事实无人抚养儿童信息统计表",
        of("person", "in_orphan"),
        """
        序号 = serial
        儿童基本情况 > 姓名 = name
        儿童基本情况 > 性别 = sex
        儿童基本情况 > 出生年月 = birth_date
        儿童基本情况 > 身份证号码 = id_number
        儿童基本情况 > 户籍地址 = hukou_address
        父亲情况 > 姓名 = father.name
        父亲情况 > 身份证号码 = father.id_number
        父亲情况 > 现状（死亡、失踪、服刑、重残、重病） = unknown
        母亲情况 > 姓名 = mother.name
        母亲情况 > 身份证号码 = mother.id_number
        母亲情况 > 现状（死亡、失踪、服刑、重残、重病） = unknown
        监护人情况 > 姓名 = guardian.name
        监护人情况 > 与儿童关系 = guardian_relation
        监护人情况 > 联系电话 = guardian.phone
        就读学校 = school
        年级 = grade
        """,
        above=("附件3", "县（市、区）        乡镇（街道）        村（社区）"),
    ),
    listed(
        "204无障碍改造摸底",
        "2027年困难重度残疾人家庭无障碍改造需求摸底表",
        of("person", "in_disabled"),
        """
        序号 = serial
        残疾人姓名 = name
        性别 = sex
        年龄 = age
        残疾类别 = disabled_class
        残疾等级 = disabled_level
        残疾人证号 = disabled.certificate
        家庭住址 = address
        是否低保 = lives_on_low_income
        房屋性质（自有/租住） = unknown|home.tenure
        联系人 = contact_name|unknown
        联系电话 = contact_phone|phone
        改造需求（打√） > 出入口坡化 = unknown
        改造需求（打√） > 卫生间扶手 = unknown
        改造需求（打√） > 闪光门铃 = unknown
        改造需求（打√） > 其他 = unknown
        """,
        below=("说明：1.残疾类别按残疾人证填写；2.改造需求可多选。",),
    ),
    listed(
        "205老年人体检花名册",
        "65岁及以上老年人健康体检花名册",
        of("person", "aged_65"),
        """
        编号 = serial
        姓名 = name
        性别 = sex
        年龄 = age
        身份证号 = id_number
        健康档案编号 = unknown
        现住址 = address
        本人电话 = phone
        紧急联系人 = contact_name
        紧急联系人电话 = contact_phone
        血型 = blood_type
        体检情况 > 体检日期 = unknown
        体检情况 > 身高（cm） = unknown
        体检情况 > 体重（kg） = unknown
        体检情况 > 血压（mmHg） > 收缩压 = unknown
        体检情况 > 血压（mmHg） > 舒张压 = unknown
        体检情况 > 空腹血糖（mmol/L） = unknown
        本人签字 = never
        """,
    ),
    listed(
        "206家医签约花名册",
        "家庭医生签约服务居民花名册",
        of("person", "in_family_doctor"),
        """
        序号 = serial
        户主姓名 = head_name
        签约居民姓名 = name
        与户主关系 = relation
        性别 = sex
        出生日期 = birth_date
        身份证号码 = id_number
        人群分类 = care_groups|unknown
        签约医生 = family_doctor_doctor
        签约日期 = family_doctor_signed_on
        服务包类型 = family_doctor_package
        联系电话 = phone
        家庭住址 = address
        """,
        above=(["签约机构：", "家庭医生团队：", "统计截止日期："],),
    ),
    listed(
        "207居民医保参保登记",
        "2027年度城乡居民基本医疗保险参保缴费登记表",
        of("person"),
        """
        序号 = serial
        户主姓名 = head_name
        参保人姓名 = name
        与户主关系 = relation
        参保人身份证号码 = id_number
        性别 = sex
        民族 = ethnic
        户口性质 = hukou_nature
        参保身份类别 = unknown|aid_groups
        缴费档次 = unknown
        缴费金额（元） = unknown
        缴费日期 = unknown
        联系电话 = phone
        经办人签字 = never
        """,
        above=("乡镇（街道）：            村（居）委会：            单位：元、人",),
    ),
    listed(
        "208留守儿童关爱台账",
        "农村留守儿童关爱服务台账",
        of("person", "in_left_behind_child"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        出生年月 = birth_date
        身份证号 = id_number
        就读学校及班级 = school|unknown
        是否寄宿 = left_behind_child_boards
        健康状况 = health
        父亲 > 姓名 = father.name
        父亲 > 务工地点 = unknown
        父亲 > 联系电话 = father.phone
        母亲 > 姓名 = mother.name
        母亲 > 务工地点 = unknown
        母亲 > 联系电话 = mother.phone
        受委托监护人 > 姓名 = guardian.name
        受委托监护人 > 与儿童关系 = guardian_relation
        受委托监护人 > 电话 = guardian.phone
        “爱心妈妈”姓名 = unknown
        “爱心妈妈”电话 = unknown
        """,
    ),
    listed(
        "209一年级入学摸底",
        "2027年秋季小学一年级适龄儿童摸底登记表",
        of("person", birth_date={"from": "2020-09-01", "to": "2021-08-31"}),
        """
        序号 = serial
        儿童姓名 = name
        性别 = sex
        出生日期 = birth_date
        儿童身份证号 = id_number
        户籍地址 = hukou_address
        现住址 = address
        父亲（监护人） > 姓名 = father.name|unknown
        父亲（监护人） > 工作单位 = father.person.employer|unknown
        父亲（监护人） > 手机号码 = father.phone|unknown
        母亲（监护人） > 姓名 = mother.name|unknown
        母亲（监护人） > 工作单位 = mother.person.employer|unknown
        母亲（监护人） > 手机号码 = mother.phone|unknown
        房产证号 = home.certificate|unknown
        是否随迁子女 = unknown
        拟就读学校 = unknown
        """,
        above=("（2020年9月1日至2021年8月31日出生的儿童）",),
    ),
    listed(
        "210独居老人包保",
        "独居老人包保联系台账",
        of("person", "in_elderly_alone"),
        """
        序号 = serial
        独居老人姓名 = name
        年龄 = age
        住址 = address
        联系电话 = phone
        身体状况 = health
        子女姓名 = unknown|contact_name
        子女联系方式 = unknown|relative_phone
        包保干部 > 姓名 = unknown
        包保干部 > 职务 = unknown
        包保干部 > 联系电话 = unknown
        走访频次 = unknown
        最近一次走访时间 = unknown
        """,
    ),
    listed(
        "211已故人员信息",
        "死亡人员信息登记表",
        of("person", "deceased"),
        """
        序号 = serial
        死亡人员姓名 = name
        性别 = sex
        身份证号码 = id_number
        死亡时间 = death_date
        户籍地址 = hukou_address
        死亡原因 = unknown
        是否火化 = unknown
        家属姓名 = unknown|contact_name
        家属联系电话 = relative_phone|contact_phone|unknown
        生前享受待遇 = unknown|aid_groups
        """,
    ),
    listed(
        "212低保家庭花名册",
        "城市居民最低生活保障家庭花名册",
        of("household", "in_low_income"),
        """
        序号 = serial
        户主姓名 = head.name
        户主身份证号码 = head.id_number
        家庭⏎人口 = size
        保障⏎人口 = low_income_persons
        保障类别 = low_income_class
        月保障金额（元） = low_income_amount
        家庭住址 = address
        联系电话 = head.phone
        致贫原因 = low_income_cause
        审批时间 = unknown|low_income.from_date
        银行账号 = unknown
        备注 = never
        """,
        below=(["单位负责人：", "民政干事：", "填表人："],),
    ),
    listed(
        "213康复需求",
        "持证残疾人基本状况调查表",
        of("person", "in_disabled"),
        """
        1.姓名 = name
        2.性别 = sex
        3.残疾人证号 = disabled.certificate
        4.残疾类别 = disabled_class
        5.残疾等级 = disabled_level
        6.婚姻状况 = marital
        7.受教育程度 = education
        8.是否就业 = unknown|employment
        9.参加社会养老保险情况 = pension_insurance|unknown
        10.参加医疗保险情况 = medical_insurance|unknown
        11.监护人（联系人） = guardian.name|contact_name|unknown
        12.联系电话 = phone|guardian.phone|contact_phone|unknown
        13.康复服务需求 = unknown
        """,
    ),
)
