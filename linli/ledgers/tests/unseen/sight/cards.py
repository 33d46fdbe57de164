"""Cards: a person's health record, a household, applications, an estate, a building, a rented home, a unit's fire file."""

from __future__ import annotations

from linli.ledgers.tests.unseen.build import of
from linli.ledgers.tests.unseen.sight.drawing import laid

CARDS = (
    laid(
        "271健康档案基本信息",
        "居民健康档案个人基本信息表",
        """
        编号□□□-□□□□□|<|<|<|<|<
        姓名|_name|性别|1男  2女  □ @sex|出生日期|_birth_date
        身份证号|_id_number|<|<|工作单位|_employer
        本人电话|_phone|联系人姓名|_contact_name|联系人电话|_contact_phone
        常住类型|1户籍  2非户籍  □ @hukou_local|民族|1汉族  2少数民族  □ @ethnic|血型|1 A型  2 B型  3 O型  4 AB型  5 不详  □ @blood_type
        文化程度|1研究生  2大学本科  3大学专科  4中专  5高中  6初中  7小学  8文盲  □ @education|<|<|<|<
        婚姻状况|1未婚  2已婚  3丧偶  4离婚  □ @marital|<|<|<|<
        药物过敏史|1无  2青霉素  3磺胺  4链霉素  5其他  □ @unknown|<|<|<|<
        既往史|疾病|1无  2高血压  3糖尿病  4冠心病  □ @unknown|<|<|<
        家族史|_unknown|<|<|<|<
        """,
        scope=of("person"),
        bare=(1,),
    ),
    laid(
        "272居民户卡",
        "居民家庭情况登记卡",
        """
        户主姓名|_head.name|联系电话|_head.phone|户号|_number
        家庭住址|_address|<|<|家庭人口|_size
        住房面积|    平方米 @home.area|房屋产权人|_home.owner_name|户别|_kind
        家庭成员情况|<|<|<|<|<
        姓名|与户主关系|性别|出生年月|政治面貌|工作单位
        -|-|-|-|-|-
        -|-|-|-|-|-
        -|-|-|-|-|-
        -|-|-|-|-|-
        走访记录|_unknown|<|<|<|<
        登记人：|<|<|登记日期：|<|<
        """,
        scope=of("household"),
        members=(
            {
                "of": "members",
                "rows": [7, 10],
                "columns": {
                    "A 姓名": "name",
                    "B 关系": "relation",
                    "C 性别": "sex",
                    "D 出生年月": "birth_date",
                    "E 政治面貌": "political",
                    "F 工作单位": "employer",
                },
            },
        ),
        bare=(11,),
    ),
    laid(
        "273优待证申请",
        "退役军人优待证申领登记表",
        """
        姓 名|_name|性 别|_sex|民 族|_ethnic|照⏎片
        公民身份号码|_id_number|<|<|出生年月|_birth_date|^
        入伍时间|_veteran_joined_on|退役时间|_veteran_left_on|原服役部队|_veteran_served_in|^
        户籍地址|_hukou_address|<|<|<|<|<
        常住地址|_address|<|<|<|<|<
        手机号码|_phone|<|政治面貌|_political|婚姻状况|_marital
        健康状况|_health|就业情况|_employment|<|参保情况|_unknown/is_insured|
        申请人承诺：以上信息真实有效。申请人签名：        年   月   日|<|<|<|<|<|<
        乡镇（街道）退役军人服务站意见|（盖章）    年  月  日 @never|<|<|<|<|<
        """.replace("is_insured|\n", "is_insured\n"),
        scope=of("person", "in_veteran"),
    ),
    laid(
        "274小区信息卡",
        "住宅小区信息登记卡",
        """
        小区名称|_name|建成年份|_built_year
        小区地址|_address|<|<
        楼栋数|    栋 @buildings|总户数|    户 @homes
        管理方式|□物业管理 □居民自管 □单位代管 □无人管理 @management|<|<
        物业公司名称|_property_company|物业电话|_property_phone
        物业费标准|    元/㎡·月 @property_fee|供暖方式|_heating
        地上车位数|_parking_outdoor|地下车位数|_parking_indoor|
        出入口数量|_entrances|安全负责人|_safety_officer
        业委会主任|_unknown|业委会主任电话|_unknown
        """.replace("_parking_indoor|\n", "_parking_indoor\n"),
        scope=of("estate"),
    ),
    laid(
        "275楼栋信息卡",
        "楼栋信息采集卡",
        """
        所属小区|_estate_name|楼栋名称|_name
        楼栋地址|_address|<|<
        建筑结构|_structure|建成年代|_built_year
        层数|地上    层 @floors|单元数|_units
        户数|_homes|电梯数量|_lifts
        居住人数|_residents|网格员|_grid_worker
        楼栋长|_door_heads|楼栋长电话|_unknown
        外墙保温材料|_unknown|消防设施|_unknown
        """,
        scope=of("building"),
    ),
    laid(
        "276特困供养申请",
        "特困人员救助供养申请审批表",
        """
        申请人姓名|_name|性别|_sex|年龄|_age
        身份证号码|_id_number|<|<|联系电话|_phone
        户籍所在地|_hukou_address|<|<|户口性质|_hukou_nature
        现居住地址|_address|<|<|<|<
        婚姻状况|□未婚  □已婚  □离异  □丧偶 @marital|<|<|健康状况|_health
        供养方式|□集中供养   □分散供养 @unknown/destitute_class|<|<|自理能力|_self_care
        代理人姓名|_unknown|与申请人关系|_unknown|代理人电话|_unknown
        申请理由|_unknown|<|<|<|<
        村（居）民委员会评议意见|（盖章）   年  月  日 @never|<|<|<|<
        乡镇（街道）审核意见|（盖章）   年  月  日 @never|<|<|<|<
        县级民政部门审批意见|（盖章）   年  月  日 @never|<|<|<|<
        """,
        scope=of("person", "in_destitute"),
    ),
    laid(
        "277志愿者申请卡",
        "社区志愿者登记卡",
        """
        姓名|_name|性别|□男 □女 @sex|出生年月|     年   月 @birth_date
        民族|_ethnic|政治面貌|□党员 □团员 □群众 @political|学历|_education
        身份证号|_id_number|<|<|手机|_phone
        电子邮箱|_email|<|<|QQ/微信|_unknown
        工作单位/学校|_employer|<|<|特长|_skills
        家庭住址|_address|<|<|<|<
        服务时间|□周一至周五 □双休日 □节假日 @unknown|<|<|<|<
        志愿者承诺签名|_never|<|<|登记日期|_never
        """,
        scope=of("person", "in_volunteer"),
    ),
    laid(
        "278租赁登记核查",
        "出租房屋登记核查表",
        """
        房屋坐落：________________________ @address
        产权人姓名：____________  @owner_name
        出租人联系电话：______________ @landlord_phone
        承租人姓名：________________ @tenant_name
        租赁期限自____年__月__日至____年__月__日 @unknown|
        月租金：________元 @rent
        核查人（签名）：__________
        """.replace("@unknown|", "@unknown"),
        scope=of("home", "let"),
        bare=(1, 2, 3, 4, 5, 6, 7),
    ),
    laid(
        "279单位消防档案",
        "单位消防安全基本情况登记表",
        """
        单位名称|_name|<|统一社会信用代码|_credit_code
        单位地址|_address|<|单位性质|_ownership
        法定代表人|_legal_person|<|联系电话|_phone
        消防安全责任人|_fire_head|<|责任人电话|_unknown
        职工人数|    人 @staff|<|成立时间|   年   月   日 @founded_on
        消防设施|名称|数量|完好率|备注
        ^|_unknown|_unknown|_unknown|_unknown
        ^|_unknown|_unknown|_unknown|_unknown
        单位意见|_never|<|消防部门意见|_never
        """,
        scope=of("organisation"),
    ),
)
