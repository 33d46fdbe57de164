"""The columns beyond the usual ones: facts of people and homes that only some communities keep. They stand on the template with
all columns, and are read wherever their headings are found."""

from __future__ import annotations

from typing import Final

from linli.kernel import codes
from linli.kernel.codes import CodeList
from linli.registry.intake.column import Column
from linli.registry.places import words

# What a contact is to somebody: nobody is their own, and being a head is no relation.
TIE: Final = CodeList(
    "contact_relation",
    "与本人关系",
    "GB/T 4761",
    tuple(one for one in codes.KINSHIP.items if one.code not in ("01", "02")),
)
PERSON: Final[tuple[Column, ...]] = (
    Column("former_name", "曾用名", most=50, width=10, example=""),
    Column("native_place", "籍贯", "", "如 河北省怀来县。", width=16, also=("籍贯地",)),
    Column("birth_place", "出生地", "", "如 北京市延庆区。", width=16, also=("出生地点",)),
    Column("occupation", "职业", most=50, width=14, also=("从事职业", "职业名称"), example="中学教师"),
    Column("landline", "固定电话", "", "带区号，如 010-69101234。", width=15, also=("座机", "家庭电话")),
    Column("email", "电子邮箱", most=100, width=22, also=("邮箱", "电子邮件")),
    Column("blood_type", "血型", "", "", codes.BLOOD_TYPE, width=8),
    Column(
        "health", "健康状况", "", "有查看敏感人群权限的才能填写。", codes.HEALTH, width=14, also=("身体状况",)
    ),
    Column(
        "self_care",
        "生活自理能力",
        "",
        "有查看敏感人群权限的才能填写。",
        codes.SELF_CARE,
        width=14,
        also=("自理能力", "生活自理情况"),
    ),
    Column(
        "labour",
        "劳动能力",
        "",
        "有查看敏感人群权限的才能填写。",
        codes.LABOUR,
        width=12,
        also=("有无劳动能力", "劳动能力情况"),
    ),
    Column("skills", "特长", most=100, width=16, also=("技能特长", "专业特长", "技能"), example="书法"),
    Column("schooling", "就读学段", "", "在校学生填写。", codes.SCHOOLING, width=12, also=("在读学段",)),
    Column(
        "school_since",
        "入学年份",
        "",
        "升入现在这个学段的年份，如 2024。",
        width=9,
        also=("入学年度", "入学年"),
    ),
    Column(
        "started_work_on",
        "参加工作日期",
        "",
        "如 1995-07-01。",
        width=13,
        also=("参加工作时间",),
        example="1995-07-01",
    ),
    Column(
        "medical_insurance",
        "医疗保险",
        "",
        "",
        codes.MEDICAL_INSURANCE,
        width=16,
        also=("参加医疗保险", "医保类型", "医疗保险类型"),
    ),
    Column(
        "pension_insurance",
        "养老保险",
        "",
        "",
        codes.PENSION_INSURANCE,
        width=16,
        also=("参加养老保险", "养老保险类型"),
    ),
    Column("height", "身高", "", "厘米，如 172。", width=7, also=("身高（厘米）", "身高（CM）")),
    Column(
        "other_address",
        "其他地址",
        "",
        "现住址、户籍地以外的地址。",
        most=120,
        width=22,
        also=("其它地址", "其他住址"),
    ),
    Column(
        "contact_name",
        "紧急联系人",
        "",
        "本人指定的，可以不在册。",
        most=50,
        width=11,
        also=("紧急联系人姓名", "紧急联络人"),
        example="王建军",
    ),
    Column(
        "contact_relation",
        "紧急联系人与本人关系",
        "",
        "对方是本人的什么人；邻居、朋友写“非亲属”。",
        TIE,
        width=14,
        also=("紧急联系人关系",),
    ),
    Column(
        "contact_phone",
        "紧急联系人电话",
        "",
        "手机号码，或带区号的固定电话。",
        width=16,
        also=("紧急联系电话", "紧急联系人手机", "紧急联系人联系电话"),
    ),
    Column(
        "hukou_station",
        "户籍派出所",
        "",
        "户籍在本社区的可以空着。",
        most=40,
        width=18,
        also=("户籍所在派出所", "户籍地派出所", "户口所在派出所"),
        example="川汇分局人和派出所",
    ),
    Column(
        "dwelling",
        "住所类型",
        "",
        "流动人口填写。",
        codes.DWELLING_TYPE,
        width=12,
        also=("居住处所", "住所类别", "居住处所类型"),
    ),
    Column(
        "permit_kind",
        "居住登记证件种类",
        "",
        "流动人口填写。",
        codes.PERMIT,
        width=16,
        also=("居住证种类", "居住证类型", "居住证类别", "居住登记种类"),
    ),
    Column(
        "permit_number",
        "居住证号",
        "",
        "数字和字母。",
        most=40,
        width=18,
        also=("居住证号码", "居住证编号", "暂住证号"),
    ),
    Column(
        "permit_on",
        "居住证发证日期",
        "",
        "如 2026-03-01。",
        width=14,
        also=("居住证签发日期", "居住证办理日期", "暂住证发证日期"),
    ),
    Column(
        "permit_place",
        "居住证登记地",
        "",
        "在哪里办的。",
        width=18,
        also=("居住证办理地", "居住证签发地"),
    ),
    Column(
        "permit_until",
        "居住证有效期至",
        "",
        "如 2027-06-30。",
        width=14,
        also=("居住证到期日期", "居住证有效期", "暂住证有效期"),
    ),
)
HOME: Final[tuple[Column, ...]] = (
    Column("rooms", "间数", "", "整数。", width=7, also=("房间数", "房屋间数"), of_person=False),
    Column(
        "layout",
        "户型",
        "",
        "如 两室一厅。",
        most=20,
        width=11,
        also=("房屋户型", "居室类型"),
        of_person=False,
    ),
    Column(
        "ownership", "产权性质", "", "", words.OWNERSHIP, width=11, also=("房屋产权性质",), of_person=False
    ),
    Column("category", "房屋类别", "", "", words.CATEGORY, width=10, of_person=False),
    Column(
        "origin",
        "房屋取得方式",
        "",
        "",
        words.ORIGIN,
        width=16,
        also=("取得方式", "房屋取得形式"),
        of_person=False,
    ),
    Column(
        "certificate",
        "产权证号",
        most=60,
        width=22,
        also=("不动产权证号", "房产证号", "房屋权证号"),
        of_person=False,
    ),
    Column(
        "certificate_on",
        "产权证发证日期",
        "",
        "如 2008-05-20。",
        width=14,
        also=("房屋权证发证时间", "不动产权证发证日期"),
        of_person=False,
    ),
    Column(
        "land_paper", "土地凭证", "", "", words.LAND_PAPER, width=18, also=("土地证种类",), of_person=False
    ),
    Column(
        "land_certificate",
        "土地权证号",
        "",
        "不动产权证已写明土地的不用填。",
        most=60,
        width=22,
        also=("土地使用权证号", "土地使用证号", "土地证号"),
        of_person=False,
    ),
    Column(
        "land_certificate_on",
        "土地权证发证日期",
        "",
        "如 2003-05-06。",
        width=15,
        also=("土地权证发证时间", "土地证发证日期"),
        of_person=False,
    ),
    Column(
        "public_kind",
        "公房种类",
        "",
        "公房、公租房填写。",
        words.PUBLIC_HOUSING,
        width=14,
        also=("公房类型", "公房类别"),
        of_person=False,
    ),
    Column(
        "deed", "房屋凭证", "", "", words.DEED, width=14, also=("房屋凭证种类", "产权证种类"), of_person=False
    ),
    Column(
        "owner_paper",
        "产权人证件类型",
        "",
        "",
        words.OWNER_PAPER,
        width=16,
        also=("房主证件类型", "业主证件类型"),
        of_person=False,
    ),
    Column(
        "owner_kind",
        "产权人类型",
        "",
        "",
        words.OWNER_KIND,
        width=11,
        also=("房主类型", "业主类型", "产权人性质"),
        of_person=False,
    ),
    Column(
        "owner_id_number",
        "房主证件号码",
        "",
        "个人写身份证号；单位写统一社会信用代码。",
        most=30,
        width=21,
        also=("房主身份证号", "产权人证件号码", "业主身份证号"),
        of_person=False,
    ),
    Column(
        "owner_address",
        "房主住址",
        "",
        "房主不住这里的，写他现在住哪里。",
        most=120,
        width=24,
        also=("产权人住址", "业主住址"),
        of_person=False,
    ),
    Column("home_note", "房屋备注", most=500, width=20, of_person=False),
)
FURTHER: Final = (*PERSON, *HOME)
PERSON_KEYS: Final = tuple(one.key for one in PERSON)
HOME_KEYS: Final = tuple(one.key for one in HOME)
CODED: Final = {one.key: one.codes for one in FURTHER if one.codes is not None}
DATES: Final = frozenset(
    {"started_work_on", "permit_on", "permit_until", "certificate_on", "land_certificate_on"}
)
WHOLE: Final = frozenset({"rooms", "school_since", "height"})
# What is sealed, and for what purpose; in staging it stands as hexadecimal digits.
SEALED: Final = {
    "landline": "phone",
    "contact_phone": "phone",
    "permit_number": "permit",
    "owner_id_number": "id_number",
}
PHONES: Final = frozenset({"landline", "contact_phone"})
HEALTH: Final = frozenset({"health", "self_care", "labour"})
# What goes with where somebody lives, not with themselves.
LIVING: Final = (
    "dwelling",
    "permit_kind",
    "permit_number",
    "permit_on",
    "permit_place",
    "permit_until",
)
# What goes with the hukou, and with whom to call.
HUKOU: Final = ("hukou_station",)
CONTACT: Final = ("contact_name", "contact_relation", "contact_phone")
UNREGISTERED: Final = "00"
MOST_ROOMS: Final = 99
OF_PERSON: Final = tuple(one for one in PERSON_KEYS if one not in (*LIVING, *HUKOU, *CONTACT))
