"""The household and kin of a person, and with whom they live."""

from __future__ import annotations

from linli.facts.dictionary import Kind
from linli.registry.people.facts.persons import person
from linli.registry.people.facts.words import ALONE, LIVING_ARRANGEMENT

person.element(
    "relation",
    "与户主关系",
    also=("户主关系", "家庭关系", "与户主的关系", "与其他人员关系", "与户主之间的关系"),
    path="membership.relation",
)
person.element("is_head", "是否户主", sql="coalesce({>membership}.relation = '02', false)", kind=Kind.BOOLEAN)
person.element(
    "household_number",
    "户号",
    also=("户编号", "家庭编号", "户口簿号", "户口号", "户籍号"),
    path="household.number",
)
person.element("household_kind", "户别", also=("户类型",), path="household.kind")
person.element(
    "household_size",
    "家庭人口数",
    also=("家庭人口", "户内人数", "家庭人数", "家庭总人口"),
    path="household.size",
)
person.element("head_name", "户主姓名", also=("户主", "户主名"), path="household.head.name")
person.element(
    "head_id_number",
    "户主身份证号",
    also=("户主身份证号码", "户主证件号码", "户主公民身份号码"),
    path="household.head.id_number",
)
person.element(
    "head_phone",
    "户主电话",
    also=("户主联系电话", "户主手机", "户主联系方式", "户主联系手机"),
    path="household.head.phone",
)
person.element(
    "guardian_name",
    "监护人姓名",
    also=("监护人", "监护人名", "监护人（联系人）姓名", "监护人（姓名）"),
    path="guardian.name",
)
person.element(
    "guardian_phone",
    "监护人电话",
    also=("监护人联系电话", "监护人联系方式", "监护人手机"),
    path="guardian.phone",
)
person.element(
    "guardian_id_number",
    "监护人证件号码",
    also=("监护人身份证号", "监护人身份证号码"),
    path="guardian.id_number",
)
person.element("father_name", "父亲姓名", also=("父亲",), path="father.name")
person.element("mother_name", "母亲姓名", also=("母亲",), path="mother.name")
person.element(
    "spouse_name", "配偶姓名", also=("丈夫姓名", "妻子姓名", "男方姓名", "爱人姓名"), path="spouse.name"
)
person.element(
    "living_arrangement",
    "居住情况",
    also=("居住状况", "居住方式", "是否独居", "居住形式", "居住", "居住状态", "居住类别", "居住安排"),
    sql=f"CASE WHEN {{>living}}.id IS NULL THEN NULL WHEN {ALONE} THEN 'alone' WHEN EXISTS (SELECT 1 FROM people_kinship k "  # noqa: S608
    "JOIN people_residence o ON o.person_id = k.relative_id AND o.kind = 'living' AND o.period @> {on} "
    "WHERE k.person_id = {t}.id AND k.relation = 'spouse' AND k.period @> {on} AND o.home_id = {>living}.home_id "
    "AND 2 = (SELECT count(*) FROM people_residence a WHERE a.home_id = o.home_id AND a.kind = 'living' "
    "AND a.period @> {on})) THEN 'couple' WHEN {>membership}.id IS NOT NULL THEN 'family' ELSE 'shared' END",
    kind=Kind.CODE,
    codes=LIVING_ARRANGEMENT,
)
person.element("lives_alone", "是否独居", also=("独居",), sql=f"coalesce({ALONE}, false)", kind=Kind.BOOLEAN)
person.element(
    "report_month",
    "上报年月",
    also=("填报年月", "报送年月", "统计年月", "报表月份", "上报月份", "填表年月"),
    sql="{on}",
    kind=Kind.DATE,
    note="数据截至的那个月。",
)
person.element(
    "registered_on",
    "登记时间",
    also=("登记日期", "建档时间", "建档日期"),
    sql="({t}.created_at AT TIME ZONE 'Asia/Shanghai')::date",
    kind=Kind.DATE,
)
