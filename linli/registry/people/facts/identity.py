"""Who a person is: the elements of GB/T 31000 that are their own."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Sensitivity
from linli.kernel import codes, schooling
from linli.registry.people.facts.persons import person
from linli.registry.places.facts import PERSONAL_PHONE, SENSITIVE_NUMBER

person.element(
    "name",
    "姓名",
    also=(
        "居民姓名",
        "人员姓名",
        "本人姓名",
        "申请人姓名",
        "申请人",
        "老人姓名",
        "残疾人姓名",
        "党员姓名",
        "志愿者姓名",
    ),
    sql="{t}.name",
    sort="{t}.initials",
    standard="GB/T 31000",
)
person.element(
    "former_name",
    "曾用名",
    also=("曾用名（别名）", "曾用名/别名", "别名"),
    sql="nullif({t}.former_name, '')",
    standard="GB/T 31000",
)
person.element("sex", "性别", sql="{t}.sex", kind=Kind.CODE, codes=codes.SEX, standard="GB/T 2261.1")
person.element(
    "birth_date",
    "出生日期",
    also=("出生年月日", "生日", "出生年月", "出生时间"),
    sql="{t}.birth_date",
    kind=Kind.DATE,
)
person.element(
    "age",
    "年龄",
    also=("周岁", "实足年龄", "年龄（周岁）", "年龄（岁）"),
    sql="extract(year from age({on}, {t}.birth_date))::int",
    kind=Kind.INTEGER,
    unit="岁",
)
person.element(
    "id_kind",
    "证件类型",
    also=("证件种类", "证件名称", "有效证件类型"),
    sql="nullif({t}.id_kind, '')",
    kind=Kind.CODE,
    codes=codes.ID_KIND,
    standard="GB/T 31000",
)
person.element(
    "id_number",
    "公民身份号码",
    also=(
        "身份证号码",
        "身份证号",
        "证件号码",
        "公民身份证号",
        "公民身份证号码",
        "身份证",
        "证件号",
        "居民身份证号码",
        "身份号码",
        "本人身份证号",
        "居民身份证号",
        "身份证件号码",
        "公民身份证",
    ),
    sql="{t}.id_number",
    **SENSITIVE_NUMBER,
)
person.element(
    "ethnic", "民族", sql="nullif({t}.ethnic, '')", kind=Kind.CODE, codes=codes.ETHNIC, standard="GB/T 3304"
)
person.element("native_place", "籍贯", sql="nullif({t}.native_place, '')", standard="GB/T 31000")
person.element(
    "marital",
    "婚姻状况",
    also=("婚姻", "婚姻情况", "婚否", "婚姻状态"),
    sql="nullif({t}.marital, '')",
    kind=Kind.CODE,
    codes=codes.MARITAL,
    standard="GB/T 2261.2",
)
person.element(
    "political",
    "政治面貌",
    also=("政策面貌", "政治身份", "政治面目"),
    sql="nullif({t}.political, '')",
    kind=Kind.CODE,
    codes=codes.POLITICAL,
    standard="GB/T 4762",
)
person.element(
    "education",
    "文化程度",
    also=("学历", "受教育程度", "最高学历", "教育程度", "学历情况"),
    sql="nullif({t}.education, '')",
    kind=Kind.CODE,
    codes=codes.EDUCATION,
    standard="GB/T 4658",
)
person.element(
    "employment",
    "从业状况",
    also=("就业状况", "就业情况", "工作学习情况", "工作状况", "从业情况", "工作情况"),
    sql="nullif({t}.employment, '')",
    kind=Kind.CODE,
    codes=codes.EMPLOYMENT,
    standard="GB/T 2261.4",
)
person.element(
    "occupation",
    "职业",
    also=("职业类别", "从事职业", "从事工作"),
    sql="coalesce(nullif({t}.occupation, ''), CASE {t}.employment WHEN '31' THEN '学生' WHEN '27' THEN '农民' "
    "WHEN '37' THEN '军人' END)",
)
person.element(
    "employer",
    "工作单位",
    also=(
        "单位名称",
        "服务处所",
        "就业单位",
        "工作单位（学校）",
        "单位",
        "工作单位名称",
        "工作单位或就读学校",
        "工作/学习单位",
        "工作学习单位",
        "工作单位/就读学校",
        "工作处所",
    ),
    sql="nullif({t}.employer, '')",
)
person.element(
    "phone",
    "手机号码",
    also=(
        "联系手机",
        "手机",
        "手机号",
        "联系电话",
        "联系方式",
        "电话",
        "电话号码",
        "本人电话",
        "移动电话",
        "联系电话（手机）",
    ),
    sql="{t}.phone",
    **PERSONAL_PHONE,
)
person.element(
    "landline",
    "固定电话",
    also=("座机", "住宅电话", "家庭电话", "固话"),
    sql="{t}.landline",
    **PERSONAL_PHONE,
)
person.element(
    "email",
    "电子邮箱",
    also=("电子邮件", "邮箱", "E-mail", "Email"),
    sql="nullif({t}.email, '')",
    sensitivity=Sensitivity.PERSONAL,
)
person.element(
    "blood_type",
    "血型",
    sql="nullif({t}.blood_type, '')",
    kind=Kind.CODE,
    codes=codes.BLOOD_TYPE,
    sensitivity=Sensitivity.SENSITIVE,
    permissions=(Permission.VIEW_SENSITIVE_GROUPS,),
)
person.element(
    "health",
    "健康状况",
    also=("身体状况", "身体健康状况", "健康情况"),
    sql="nullif({t}.health, '')",
    kind=Kind.CODE,
    codes=codes.HEALTH,
    standard="GB/T 2261.3",
    sensitivity=Sensitivity.SENSITIVE,
    permissions=(Permission.VIEW_SENSITIVE_GROUPS,),
)
for _key, _label, _also, _codes in (
    (
        "self_care",
        "生活自理能力",
        ("自理能力", "生活能力", "生活处理能力", "自理情况", "生活自理情况", "自理程度"),
        codes.SELF_CARE,
    ),
    ("labour", "劳动能力", ("劳动能力情况", "劳动能力状况", "有无劳动能力", "劳力情况"), codes.LABOUR),
):
    person.element(
        _key,
        _label,
        also=_also,
        sql=f"nullif({{t}}.{_key}, '')",
        kind=Kind.CODE,
        codes=_codes,
        sensitivity=Sensitivity.SENSITIVE,
        permissions=(Permission.VIEW_SENSITIVE_GROUPS,),
    )
person.element(
    "medical_insurance",
    "医疗保险",
    also=(
        "医疗保障类型",
        "医疗保险类型",
        "享受医疗保障",
        "医保类型",
        "医疗保障",
        "参加医疗保险情况",
        "医疗保险情况",
        "医保情况",
    ),
    sql="nullif({t}.medical_insurance, '')",
    kind=Kind.CODE,
    codes=codes.MEDICAL_INSURANCE,
    sensitivity=Sensitivity.PERSONAL,
)
person.element(
    "pension_insurance",
    "养老保险",
    also=(
        "享受养老保障",
        "养老保险类型",
        "养老保障类型",
        "养老保障",
        "社保类型",
        "参加养老保险情况",
        "养老保险情况",
    ),
    sql="nullif({t}.pension_insurance, '')",
    kind=Kind.CODE,
    codes=codes.PENSION_INSURANCE,
    sensitivity=Sensitivity.PERSONAL,
)
person.element(
    "is_insured",
    "是否参加保险",
    also=("是否参保", "参保情况", "是否参加社会保险", "有无保险", "是否参加社保"),
    sql="CASE WHEN {t}.medical_insurance || {t}.pension_insurance <> '' THEN "
    "{t}.medical_insurance NOT IN ('', '9') OR {t}.pension_insurance NOT IN ('', '9') END",
    kind=Kind.BOOLEAN,
    sensitivity=Sensitivity.PERSONAL,
    note="医疗保险、养老保险参加了任一项。",
)
person.element(
    "skills",
    "特长",
    also=("技能特长", "专长", "特长爱好", "技能", "爱好特长", "个人特长"),
    sql="nullif({t}.skills, '')",
)
person.element(
    "started_work_on",
    "参加工作日期",
    also=("参加工作时间", "参加工作年月", "参工时间"),
    sql="{t}.started_work_on",
    kind=Kind.DATE,
)
person.element(
    "birth_place", "出生地", also=("出生地点", "出生地址", "出生所在地"), sql="nullif({t}.birth_place, '')"
)
person.element(
    "schooling",
    "就读学段",
    also=("学习阶段", "学段", "就学阶段", "在读学段", "就读阶段", "就学情况", "就读情况"),
    sql="nullif({t}.schooling, '')",
    kind=Kind.CODE,
    codes=codes.SCHOOLING,
)
person.element(
    "school_since",
    "入学年份",
    also=("入学年度", "入学年", "升学年份"),
    sql="{t}.school_since",
    kind=Kind.INTEGER,
    unit="年",
    note="升入现在这个学段的年份。",
)
person.element(
    "grade",
    "年级",
    also=("就读年级", "所在年级", "在读年级", "现读年级"),
    sql=schooling.grade_sql("{t}.schooling", "{t}.school_since", "{on}"),
    kind=Kind.CODE,
    codes=schooling.GRADE,
    note="由就读学段和入学年份推算，每年 9 月升一级；学段读完后留空，等登记新的学段。",
)
person.element(
    "height",
    "身高",
    also=("身高（厘米）", "身高（CM）", "身高（cm）"),
    sql="{t}.height",
    kind=Kind.INTEGER,
    unit="厘米",
    standard="GA/T 2000",
    sensitivity=Sensitivity.PERSONAL,
)
person.element(
    "other_address",
    "其他地址",
    also=("其它地址", "其他住址", "其它住址", "其他联系地址", "另一住址"),
    sql="nullif({t}.other_address, '')",
    sensitivity=Sensitivity.PERSONAL,
    note="现住地址、户籍地址以外还能找到本人的地方。",
)
person.element(
    "school",
    "就读学校",
    also=("所在学校", "学校名称", "学校", "就学学校", "在读学校", "就读学校名称"),
    sql="CASE WHEN {t}.schooling <> '' OR {t}.employment = '31' THEN nullif({t}.employer, '') END",
    note="在校学生的学校，登记在“工作单位”里。",
)
person.element(
    "is_dead",
    "是否已死亡",
    also=("是否死亡", "死亡标识"),
    sql="coalesce({t}.death_date <= {on}, false)",
    kind=Kind.BOOLEAN,
)
person.element(
    "death_date",
    "死亡日期",
    also=("死亡时间",),
    sql="CASE WHEN {t}.death_date <= {on} THEN {t}.death_date END",
    kind=Kind.DATE,
)
person.element(
    "verified_on",
    "核实日期",
    also=("核实时间", "采集时间", "采集日期", "核查时间"),
    sql="{t}.verified_on",
    kind=Kind.DATE,
)
