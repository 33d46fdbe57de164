"""What can be asked of a residence spell."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Sensitivity, Subject, dictionary
from linli.kernel import codes
from linli.registry.places.facts import add_region_elements, opened, region_path_sql

residence = dictionary.add(
    Subject(
        "residence",
        "居住记录",
        table="people_residence",
        region="region_code",
        permission=Permission.VIEW_PEOPLE,
        undated=(
            "reason",
            "dwelling",
            "hukou_nature",
            "permit_kind",
            "permit_number",
            "permit_on",
            "permit_until",
            "permit_place",
            "station",
        ),
        history="people_residenceevent",
        note="现居住或户籍所在，按日期。",
    )
)
residence.link("home", "房屋", to="home", on="{r}.id = {t}.home_id")
residence.link("estate", "小区", to="estate", path="home.building.estate")
residence.link("building", "楼栋", to="building", path="home.building")
add_region_elements(residence)
_PLACE = "coalesce(nullif({>home}.full_address, ''), {t}.address)"
residence.element("place", "详址", also=("详细地址", "门牌详址"), sql=_PLACE)
residence.element(
    "full_address",
    "地址",
    also=("住址", "详细地址"),
    sql=f"nullif(concat({region_path_sql('{t}.region_code', 2, 9)}, {_PLACE}), '')",
)
residence.element("from_date", "起始日期", sql="lower({t}.period)", kind=Kind.DATE)
residence.element("until_date", "终止日期", sql="upper({t}.period)", kind=Kind.DATE)
residence.element(
    "reason", "流入原因", sql="nullif({t}.reason, '')", kind=Kind.CODE, codes=codes.INFLOW_REASON
)
residence.element(
    "dwelling", "住所类型", sql="nullif({t}.dwelling, '')", kind=Kind.CODE, codes=codes.DWELLING_TYPE
)
residence.element(
    "hukou_nature", "户口性质", sql="nullif({t}.hukou_nature, '')", kind=Kind.CODE, codes=codes.HUKOU_NATURE
)
residence.element("came_from", "迁自", sql="nullif({t}.came_from, '')")
residence.element("went_to", "迁往", sql="nullif({t}.went_to, '')")
residence.element(
    "permit_kind",
    "居住登记证件种类",
    sql="nullif({t}.permit_kind, '')",
    kind=Kind.CODE,
    codes=codes.PERMIT,
    standard="居住证暂行条例",
)
residence.element(
    "has_permit",
    "是否办理居住登记",
    sql="CASE WHEN {t}.permit_kind = '00' THEN false WHEN {t}.permit_kind <> '' OR octet_length({t}.permit_number) > 0 THEN true END",
    kind=Kind.BOOLEAN,
)
residence.element(
    "permit_number",
    "居住证号",
    sql="{t}.permit_number",
    sensitivity=Sensitivity.PERSONAL,
    decode=opened("permit"),
)
residence.element("permit_on", "居住证发证日期", sql="{t}.permit_on", kind=Kind.DATE)
residence.element("permit_place", "居住证登记地", sql="nullif({t}.permit_place, '')")
residence.element("station", "户籍派出所", also=("派出所",), sql="nullif({t}.station, '')")
residence.element("permit_until", "居住证有效期至", sql="{t}.permit_until", kind=Kind.DATE)
