"""What can be asked of kin: guardians and parents, in the base or not."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Sensitivity, Subject, dictionary
from linli.kernel import codes
from linli.registry.places.facts import PERSONAL_PHONE, SENSITIVE_NUMBER

# What a relative is to the person: as it was said, else as kinship has it, of guardians and contacts also by another tie of the two.
_OTHER_TIE = (
    "(SELECT CASE o.relation WHEN 'spouse' THEN CASE {>person}.sex WHEN '2' THEN '12' ELSE '11' END WHEN 'father' THEN '51' "
    "ELSE '52' END FROM people_kinship o WHERE o.person_id = {t}.person_id AND o.relative_id = {t}.relative_id "
    "AND o.relation IN ('spouse', 'father', 'mother') AND o.period @> {on} LIMIT 1)"
)
_CHILD = (
    "(SELECT CASE {>person}.sex WHEN '2' THEN '30' ELSE '20' END FROM people_kinship c WHERE c.person_id = {t}.relative_id "
    "AND c.relative_id = {t}.person_id AND c.relation IN ('father', 'mother') AND c.period @> {on} LIMIT 1)"
)
RELATION = (
    "CASE WHEN {t}.how <> '' THEN {t}.how WHEN {t}.relation = 'father' THEN '51' WHEN {t}.relation = 'mother' THEN '52' "
    "WHEN {t}.relation = 'spouse' THEN CASE {>person}.sex WHEN '1' THEN '11' WHEN '2' THEN '12' ELSE '10' END "
    f"ELSE coalesce({_OTHER_TIE}, {_CHILD}) END"
)

kin = dictionary.add(
    Subject(
        "kin",
        "亲属",
        table="people_kinship",
        region="region_code",
        permission=Permission.VIEW_PEOPLE,
        note="监护人、父母、紧急联系人；可不在册。",
    )
)
kin.link("person", "本人", to="person", on="{r}.id = {t}.relative_id")
kin.element("region_code", "区域序码", sql="{t}.region_code")
kin.element(
    "name",
    "姓名",
    sql="coalesce({>person}.name, nullif({t}.relative_name, ''))",
    sensitivity=Sensitivity.PERSONAL,
)
kin.element(
    "phone",
    "联系电话",
    also=("电话", "手机", "手机号码", "联系方式", "联系手机"),
    sql="coalesce(nullif({>person}.phone, ''), {t}.relative_phone)",
    **PERSONAL_PHONE,
)
kin.element(
    "relation",
    "与本人关系",
    also=("关系", "与其关系", "与本人的关系", "与本人之间关系"),
    sql=RELATION,
    kind=Kind.CODE,
    codes=codes.KINSHIP,
    standard="GB/T 4761",
    note="登记了的取登记的；没有登记的，配偶、父母和子女由亲属关系推算。",
)
kin.element(
    "id_number",
    "公民身份号码",
    also=("身份证号", "身份证号码", "证件号码", "身份证"),
    sql="{>person}.id_number",
    **SENSITIVE_NUMBER,
)
