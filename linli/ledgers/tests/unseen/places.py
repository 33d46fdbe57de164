"""Rosters of homes, buildings, estates, organisations and households."""

from __future__ import annotations

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, asked, book, of


def rented() -> Workbook:
    """Rented homes: house, landlord, tenant as groups; money in the heading."""
    return book(
        [
            ["租赁房屋安全管理台账"] + [None] * 14,
            [
                "序号",
                "房屋基本情况",
                None,
                None,
                None,
                "出租人",
                None,
                None,
                None,
                "承租人",
                None,
                "租赁情况",
                None,
                None,
                "备注",
            ],
            [
                None,
                "详细地址",
                "建筑面积（㎡）",
                "房屋结构",
                "间数",
                "姓名",
                "身份证号码",
                "联系电话",
                "现住址",
                "姓名",
                "居住人数",
                "月租金（元）",
                "起租日期",
                "到期日期",
                None,
            ],
        ],
        "A1:O1 A2:A3 B2:E2 F2:I2 J2:K2 L2:N2 O2:O3",
        empty=5,
    )


def shops() -> Workbook:
    """Shops along the street, as an emergency office lists them."""
    return book(
        [
            ["沿街商铺基本情况台账", *[None] * 9],
            [
                "序号",
                "商户名称",
                "统一社会信用代码",
                "经营地址",
                "经营范围",
                "负责人",
                "负责人联系电话",
                "从业人数",
                "是否使用瓶装液化气",
                "营业执照有效期至",
            ],
        ],
        "A1:J1",
        empty=5,
    )


def estates() -> Workbook:
    """Estates of the housing office; two parking columns under one group."""
    return book(
        [
            ["住宅小区物业管理情况统计表"] + [None] * 11,
            [
                "序号",
                "小区名称",
                "小区地址",
                "建成年份",
                "楼栋数\n（栋）",
                "总户数\n（户）",
                "物业服务企业",
                None,
                "物业费标准\n（元/㎡·月）",
                "车位数（个）",
                None,
                "是否成立业委会",
            ],
            [None] * 6 + ["企业名称", "联系电话", None, "地上", "地下", None],
        ],
        "A1:L1 " + " ".join(f"{c}2:{c}3" for c in "ABCDEFIL") + " G2:H2 J2:K2",
        empty=4,
    )


def towers() -> Workbook:
    """Buildings: storeys, units, homes, lifts; the untitled sheet is told by its name."""
    return book(
        [
            [
                "序号",
                "小区名称",
                "楼栋号",
                "楼栋地址",
                "建筑结构",
                "建成年份",
                "总层数",
                "单元数",
                "户数",
                "电梯数量（部）",
                "网格员",
                "楼长",
            ]
        ],
        title=False,
        empty=6,
        name="居民楼栋底册",
    )


def families() -> Workbook:
    """One row a household, placed by building, unit and door."""
    return book(
        [
            ["居民家庭基本情况台账"] + [None] * 10,
            [
                "序号",
                "楼栋",
                "单元",
                "门牌号",
                "户主姓名",
                "户主身份证号",
                "户主联系电话",
                "家庭人口数",
                "房屋使用情况",
                "是否低保户",
                "备注",
            ],
        ],
        "A1:K1",
        empty=6,
    )


def societies() -> Workbook:
    """Social organisations of a district, with chair and members."""
    return book(
        [
            ["社区社会组织备案登记汇总表"] + [None] * 9,
            [
                "序号",
                "组织名称",
                "组织类别",
                "负责人",
                "联系电话",
                "成员人数",
                "其中：党员人数",
                "活动场所地址",
                "备案时间",
                "业务主管单位",
            ],
        ],
        "A1:J1",
        empty=4,
    )


def staff() -> Workbook:
    """People who work in the organisations of the area."""
    return book(
        [
            ["辖区企业从业人员信息登记表"] + [None] * 7,
            ["序号", "单位名称", "姓名", "身份证号", "岗位", "联系电话", "居住地址", "入职时间"],
        ],
        "A1:H1",
        empty=4,
    )


PLACES: tuple[Unseen, ...] = (
    Unseen(
        "121租赁房屋台账",
        rented,
        {
            "scope": of("home", "let"),
            "columns": asked(
                "serial",
                "address",
                "area",
                "structure",
                "rooms",
                "landlord_name",
                "landlord_id_number",
                "landlord_phone",
                "landlord_address",
                "tenant_name",
                "residents",
                "rent",
                "let_from",
                "let_until",
                "never",
            ),
        },
    ),
    Unseen(
        "122沿街商铺台账",
        shops,
        {
            "scope": of("organisation", "shop"),
            "columns": asked(
                "serial",
                "name",
                "credit_code",
                "address",
                "business_scope",
                "legal_person",
                "phone",
                "staff",
                "unknown",
                "valid_until|unknown",
            ),
        },
    ),
    Unseen(
        "123小区物业情况",
        estates,
        {
            "scope": of("estate"),
            "columns": asked(
                "serial",
                "name",
                "address",
                "built_year",
                "buildings",
                "homes",
                "property_company",
                "property_phone",
                "property_fee",
                "parking_outdoor",
                "parking_indoor",
                "unknown",
            ),
        },
    ),
    Unseen(
        "124楼栋底册",
        towers,
        {
            "scope": of("building"),
            "columns": asked(
                "serial",
                "estate_name",
                "number|name",
                "address",
                "structure",
                "built_year",
                "floors",
                "units",
                "homes",
                "lifts",
                "grid_worker",
                "door_heads",
            ),
        },
    ),
    Unseen(
        "125居民家庭台账",
        families,
        {
            "scope": of("household"),
            "columns": asked(
                "serial",
                "home.building_name|home.building.number",
                "home.unit",
                "home.door",
                "head.name",
                "head.id_number",
                "head.phone",
                "size",
                "home.tenure",
                "unknown",
                "never",
            ),
        },
    ),
    Unseen(
        "126社会组织备案",
        societies,
        {
            "scope": of("organisation", "social"),
            "columns": asked(
                "serial",
                "name",
                "social_class",
                "legal_person",
                "phone",
                "members",
                "party_members",
                "address",
                "registered_on",
                "supervisor",
            ),
        },
    ),
    Unseen(
        "127从业人员",
        staff,
        {
            "scope": of("position"),
            "columns": asked(
                "serial", "organisation.name", "name", "id_number", "role", "phone", "address", "since"
            ),
        },
    ),
)
