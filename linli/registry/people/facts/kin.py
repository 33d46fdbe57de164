"""What can be asked of kin: guardians and parents, in the base or not."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Sensitivity, Subject, dictionary
from linli.registry.places.facts import PERSONAL_PHONE, SENSITIVE_NUMBER

kin = dictionary.add(
    Subject(
        "kin",
        "亲属",
        table="people_kinship",
        region="region_code",
        permission=Permission.VIEW_PEOPLE,
        note="监护人、父母；可不在册。",
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
    "id_number",
    "公民身份号码",
    also=("身份证号", "身份证号码", "证件号码", "身份证"),
    sql="{>person}.id_number",
    **SENSITIVE_NUMBER,
)
