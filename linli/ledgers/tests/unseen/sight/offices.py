"""Lists of police, veterans, labour, housing, fire, market and party offices."""

from __future__ import annotations

from linli.ledgers.tests.unseen.build import of
from linli.ledgers.tests.unseen.sight.drawing import listed, nobody

OFFICES = (
    listed(
        "221流动人口登记台账",
        "流动人口登记台账",
        of("person", "floating"),
        """
        序号 = serial
        姓　　名 = name
        性　别 = sex
        民　族 = ethnic
        出　生⏎日　期 = birth_date
        公民身份号码 = id_number
        户籍地详址 = hukou_address
        现居住地址 = address
        流入日期 = moved_in_on
        流入原因 = inflow_reason
        从事职业 = occupation
        服务处所 = employer
        居住证编号 = permit_number
        房东 > 姓名 = home.landlord_name|home.owner_name
        房东 > 联系电话 = home.landlord_phone|home.owner_phone
        拟居住期限 = unknown
        本人联系电话 = phone
        登记人 = never|unknown
        """,
        above=(["派出所：", "社区（村）：", "登记日期："],),
    ),
    listed(
        "222出租屋及承租人",
        "",
        of("home", "let"),
        """
        序号 = serial
        出租屋信息 > 门牌地址 = address
        出租屋信息 > 房屋用途 = use|letting_use
        出租屋信息 > 面积（㎡） = area
        出租屋信息 > 出租间数 = rooms_let
        出租屋信息 > 消防通道是否畅通 = unknown|fire_lane
        出租人信息 > 姓名 = landlord_name
        出租人信息 > 身份证号 = landlord_id_number
        出租人信息 > 联系电话 = landlord_phone
        承租人信息 > 姓名 = tenant_name
        承租人信息 > 身份证号 = unknown
        承租人信息 > 联系电话 = unknown
        承租人信息 > 起租时间 = let_from
        承租人信息 > 租期至 = let_until
        """,
        sheet="出租屋信息登记表",
    ),
    listed(
        "223优抚对象优待证",
        "重点优抚对象信息核对表",
        of("person", "in_entitled"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        身份证号码 = id_number
        优抚对象类别 = entitled_class
        抚恤补助标准（元/月） = entitled.amount
        伤残等级 = entitled_injury_level
        户籍地 = hukou_address
        现住址 = address
        健康状况 = health
        生活自理能力 = self_care
        参加医保类型 = medical_insurance
        家庭人口 = household_size
        住房情况 = unknown
        联系电话 = phone
        本人签名 = never
        """,
    ),
    listed(
        "224失业人员帮扶",
        "城镇登记失业人员就业帮扶台账",
        of("person", "in_unemployed"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        公民身份号码 = id_number
        文化程度 = education
        户口性质 = hukou_nature
        失业时间 = unemployed.from_date|unknown
        失业原因 = unemployed_cause
        失业前工作单位 = unemployed_last_employer
        职业技能等级 = unemployed_skill_level
        培训意愿 = unknown
        求职意向 > 工种 = unknown
        求职意向 > 期望月薪（元） = unknown
        联系方式 = phone
        帮扶责任人 = unknown
        帮扶责任人联系方式 = unknown
        帮扶措施 = unknown
        """,
    ),
    listed(
        "225退休人员社会化管理",
        "企业退休人员社会化管理服务信息登记表",
        of("person", "in_retired"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        身份证号 = id_number
        退休时间 = retired_retired_on
        原工作单位 = retired_last_employer
        月养老金（元） = retired_pension
        政治面貌 = political
        健康状况 = health
        特长爱好 = skills|unknown
        居住地址 = address
        联系电话 = phone
        是否独居 = lives_alone
        紧急联系人 > 姓名 = contact_name
        紧急联系人 > 与本人关系 = contact_relation|contact.relation
        紧急联系人 > 联系电话 = contact_phone
        """,
    ),
    listed(
        "226单位清查底册",
        "单位清查摸底底册",
        of("organisation"),
        """
        普查小区代码 = unknown
        建筑物编号 = unknown
        底册顺序码 = unknown
        统一社会信用代码 = credit_code
        单位详细名称 = name
        单位所在地详细地址 = address
        法定代表人⏎（单位负责人） = legal_person
        联系电话 = phone
        行业类别 = industry
        期末从业人员数（人） = staff
        营业状态 = unknown
        """,
        under=(["甲", "乙", "丙", "01", "02", "03", "04", "05", "06", "07", "08"],),
        above=("表    号：清查1表                         制定机关：国务院经济普查领导小组办公室",),
    ),
    listed(
        "227沿街门店消防检查",
        "沿街门店消防安全检查登记表",
        of("organisation", "shop"),
        """
        序号 = serial
        门店名称 = name
        经营地址 = address
        经营项目 = business_scope
        经营者 = legal_person|unknown
        电话 = phone
        从业人员（人） = staff
        检查内容 > 是否违规住人 = unknown
        检查内容 > 是否配备灭火器 = unknown
        检查内容 > 安全出口是否畅通 = unknown
        检查内容 > 电气线路 = unknown
        存在问题 = unknown
        整改期限 = unknown
        检查人签名 = never
        被检查单位签名 = never
        """,
    ),
    listed(
        "228加装电梯意愿",
        "既有多层住宅加装电梯意愿摸底表",
        of("building"),
        """
        序号 = serial
        小区名称 = estate_name
        楼栋号 = number|name
        建成年份 = built_year
        总层数 = floors
        单元数（个） = units
        总户数（户） = homes
        60岁以上老人数（人） = unknown
        已装电梯数（部） = lifts
        同意加装户数（户） = unknown
        不同意户数（户） = unknown
        联系人 = unknown
        联系电话 = unknown
        """,
    ),
    listed(
        "229老旧小区摸底",
        "城镇老旧小区基本情况摸底调查表",
        of("estate", "old"),
        """
        序号 = serial
        小区名称 = name
        具体位置 = address
        建成年代 = built_year
        楼栋数（栋） = buildings
        居民户数（户） = homes
        总建筑面积（万㎡） = unknown
        物业管理 > 管理方式 = management
        物业管理 > 物业服务企业名称 = property_company
        物业管理 > 收费标准（元/㎡·月） = property_fee
        基础设施 > 供暖方式 = heating
        基础设施 > 是否通燃气 = unknown
        基础设施 > 停车位（个） = unknown
        拟改造年份 = unknown
        """,
    ),
    listed(
        "230业主信息登记",
        "业主信息登记表",
        of("home"),
        """
        楼号 = building.number|building_name
        单元 = unit
        房号 = door
        业主姓名 = owner_name
        业主身份证号 = owner_id_number
        业主联系电话 = owner_phone
        建筑面积（㎡） = area
        房屋用途 = use
        是否出租 = is_let
        租户姓名 = tenant_name
        租户联系电话 = unknown
        车位号 = unknown
        车牌号 = unknown
        常住人数 = residents
        """,
    ),
    listed(
        "231党员组织关系排查",
        "党员组织关系排查登记表",
        of("person", "in_party"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        民族 = ethnic
        出生年月 = birth_date
        学历 = education
        入党时间 = party_joined_on
        转正时间 = party_full_on
        所在支部 = party_branch
        党内职务 = party_post
        是否流动党员 = party_floating_card|unknown
        流动去向 = unknown|away_address
        党费缴至年月 = unknown
        失联情况 = unknown
        联系电话 = phone
        户籍所在地 = hukou_address
        """,
        above=(["党组织名称：", "党组织书记：", "填表日期："],),
        under=(["1", *[str(n) for n in range(2, 17)]],),
    ),
    listed(
        "232文明创建志愿者",
        "文明城市创建志愿者信息登记表",
        of("person", "in_volunteer"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        年龄 = age
        政治面貌 = political
        文化程度 = education
        工作单位及职务 = unknown|employer
        有何特长 = skills
        意向服务项目 = volunteer_services
        可参加服务时间 = volunteer_free_time
        手机 = phone
        微信号 = unknown
        志愿服务编号 = volunteer.certificate|unknown
        累计服务时长（小时） = unknown
        """,
    ),
    listed(
        "233兵役登记",
        "18至22周岁男性公民兵役登记花名册",
        of("person", "male", age={"from": 18, "to": 22}),
        """
        序号 = serial
        姓名 = name
        公民身份号码 = id_number
        出生年月 = birth_date
        民族 = ethnic
        政治面貌 = political
        文化程度 = education
        就读学校或工作单位 = unknown|school|employer
        户籍所在地 = hukou_address
        身高（厘米） = unknown
        视力 > 左 = unknown
        视力 > 右 = unknown
        是否独生子女 = unknown
        家长姓名 = unknown|father.name|guardian.name
        家长联系电话 = unknown|father.phone|guardian.phone
        本人联系电话 = phone
        """,
    ),
    listed(
        "234房屋隐患台账",
        "房屋安全隐患排查整治台账",
        of("home", "hazardous"),
        """
        序号 = serial
        房屋地址 = address
        产权人 = owner_name
        产权人电话 = owner_phone
        建成年份 = built_year
        结构类型 = structure
        建筑面积（平方米） = area
        使用用途 = use
        隐患类型 = hazard
        隐患程度 = hazard_level
        隐患描述 = hazard_told
        整改措施 = unknown
        完成时限 = unknown
        责任人 = unknown
        责任人电话 = unknown
        """,
    ),
    listed(
        "235防汛转移名册",
        "防汛避险转移人员名册",
        of("household"),
        """
        序号 = serial
        户主姓名 = head.name
        家庭住址 = address
        家庭人口 = size
        其中老弱病残人数 = unknown
        联系电话 = head.phone
        转移责任人 > 姓名 = unknown
        转移责任人 > 职务 = unknown
        转移责任人 > 电话 = unknown
        安置点名称 = unknown
        安置点负责人 = unknown
        安置点负责人电话 = unknown
        转移路线 = unknown
        """,
    ),
    listed(
        "236在用电梯台账",
        "在用电梯安全管理台账",
        of("lift"),
        """
        序号 = serial
        设备代码 = number
        所在楼栋 = place
        制造单位 = maker
        投入使用年份 = since
        维保单位 = upkeep
        维保单位联系电话 = upkeep_phone
        上次检验日期 = checked_on
        下次检验日期 = due_on
        使用单位安全管理员 = unknown
        安全管理员电话 = unknown
        """,
    ),
    listed(
        "237业委会基本情况",
        "业主委员会基本情况汇总表",
        of("organisation", "owners"),
        """
        序号 = serial
        业委会名称 = name
        成立时间 = founded_on
        本届任期起始时间 = term_from
        任期届满时间 = term_until
        主任姓名 = chair
        主任联系电话 = phone|unknown
        委员人数 = seats
        其中党员人数 = party_members
        备案时间 = registered_on
        办公地点 = address
        """,
    ),
    listed(
        "238物业服务企业",
        "物业服务企业及项目经理信息表",
        of("organisation", "property"),
        """
        序号 = serial
        物业企业名称 = name
        统一社会信用代码 = credit_code
        法定代表人 > 姓名 = legal_person
        法定代表人 > 联系电话 = unknown|phone
        服务项目（小区）名称 = estates_managed|unknown
        项目经理 > 姓名 = project_manager
        项目经理 > 联系电话 = unknown
        员工总数 = staff
        合同到期日 = unknown
        """,
    ),
    listed(
        "239背街小巷公示",
        "背街小巷街巷长名单公示表",
        of("back_street"),
        """
        序号 = serial
        街巷名称 = name
        起止位置 = course
        长度（米） = length
        宽度（米） = width
        街巷长 = keeper
        街巷长电话 = unknown
        保洁单位 = unknown
        监督电话 = unknown
        """,
    ),
    listed(
        "240楼栋长名册",
        "楼栋长信息登记名册",
        of("network_post", "door_head"),
        """
        序号 = serial
        姓名 = name
        性别 = person.sex
        年龄 = person.age
        政治面貌 = person.political
        文化程度 = person.education
        负责楼栋 = places
        负责户数 = households
        联系电话 = phone
        任职时间 = since
        """,
    ),
    listed(
        "241少数民族流动人口",
        "少数民族流动人口服务管理台账",
        of("person", "minority", "floating"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        民族 = ethnic
        身份证号 = id_number
        宗教信仰 = declined|unknown
        户籍所在地 = hukou_address
        现居住地 = address
        从业情况 = employment|unknown
        经营场所名称 = unknown
        随行人员 = unknown
        联系电话 = phone
        """,
    ),
    listed(
        "242常住人口代码行",
        "常住人口基础信息采集表",
        of("person"),
        """
        社区代码 = unknown|community
        网格名称 = grid
        姓  名 = name
        性  别 = sex
        证件类型 = id_kind
        证件号码 = id_number
        出生日期 = birth_date
        民  族 = ethnic
        政治面貌 = political
        学  历 = education
        婚姻状况 = marital
        户籍详细地址 = hukou_address
        现居住详细地址 = address
        联系方式 = phone
        数据状态 = never|unknown
        """,
        under=(
            [
                "SQDM",
                "WGMC",
                "XM",
                "XB",
                "ZJLX",
                "ZJHM",
                "CSRQ",
                "MZ",
                "ZZMM",
                "XL",
                "HYZK",
                "HJDZ",
                "XZZ",
                "LXFS",
                "SJZT",
            ],
        ),
        menus={"D": "1-男,2-女", "E": "111-居民身份证,414-普通护照,516-港澳居民来往内地通行证"},
        hidden="O",
    ),
    listed(
        "243户在人不在",
        "户在人不在人员登记表",
        of("person", "hukou_only"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        身份证号码 = id_number
        户籍地址 = hukou_address
        实际居住地址 = separated_address
        离开时间 = away_since|unknown
        离开原因 = away_reason|unknown
        联系电话 = phone
        """,
    ),
    listed(
        "244居民代表名册",
        "社区居民代表名册",
        of("person", "in_representative"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        出生年月 = birth_date
        民族 = ethnic
        政治面貌 = political
        文化程度 = education
        所在居民小组 = unknown
        代表户数 = unknown
        推选时间 = representative.from_date|unknown
        联系方式 = phone
        """,
    ),
    nobody(
        "245安置帮教",
        "刑满释放人员安置帮教台账",
        """
        序号 = x
        姓名 = x
        身份证号 = x
        释放时间 = x
        罪名 = x
        现住址 = x
        帮教责任人 = x
        """,
        why="declined",
    ),
    nobody(
        "246电动自行车",
        "电动自行车登记台账",
        """
        序号 = x
        车主姓名 = x
        车牌号 = x
        品牌型号 = x
        充电方式 = x
        停放位置 = x
        联系电话 = x
        """,
    ),
    nobody(
        "247孕产妇",
        "孕产妇健康管理登记册",
        """
        序号 = x
        孕妇姓名 = x
        年龄 = x
        末次月经 = x
        预产期 = x
        建册孕周 = x
        丈夫姓名 = x
        联系电话 = x
        现住址 = x
        """,
    ),
    nobody(
        "248养犬登记",
        "居民养犬情况登记表",
        """
        序号 = x
        犬主姓名 = x
        身份证号 = x
        住址 = x
        犬种 = x
        犬只数量 = x
        免疫证号 = x
        联系电话 = x
        """,
    ),
    nobody(
        "249在职党员报到",
        "在职党员到社区报到登记表",
        """
        序号 = x
        姓名 = x
        性别 = x
        工作单位 = x
        入党时间 = x
        居住地址 = x
        联系电话 = x
        报到时间 = x
        服务意向 = x
        """,
    ),
    nobody(
        "250高校毕业生",
        "2026届离校未就业高校毕业生实名登记表",
        """
        序号 = x
        姓名 = x
        性别 = x
        身份证号 = x
        毕业院校 = x
        专业 = x
        毕业时间 = x
        学历 = x
        就业意向 = x
        联系电话 = x
        """,
    ),
)
