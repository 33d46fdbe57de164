"""What can be asked of lifts."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.registry.places.facts.regions import add_region_elements

lift = dictionary.add(
    Subject(
        "lift",
        "电梯",
        table="places_lift",
        region="region_code",
        also=("电梯设备", "住宅电梯"),
        permission=Permission.VIEW_PLACES,
        page="places:building_facts",
        page_by="building_id",
        columns=("place", "name", "number", "checked_on", "due_on"),
        order="{t}.region_code, {t}.building_id, {t}.name",
    )
)
lift.link("building", "所在楼栋", to="building", on="{r}.id = {t}.building_id")
add_region_elements(lift)
lift.element("building_id", "楼栋编号", sql="{t}.building_id", kind=Kind.INTEGER)
lift.element(
    "place",
    "所在楼栋",
    also=("安装地点", "电梯位置", "设备使用地点"),
    sql="(SELECT e.name || b.name FROM places_building b JOIN places_estate e ON e.id = b.estate_id WHERE b.id = {t}.building_id)",
)
lift.element("name", "电梯名称", also=("电梯编号", "单位内编号", "梯号"), sql="{t}.name")
lift.element(
    "number",
    "设备代码或登记证编号",
    also=("设备代码", "设备注册代码", "使用登记证编号", "电梯注册代码"),
    sql="{t}.number",
)
lift.element("maker", "制造单位", also=("电梯制造单位", "电梯品牌", "制造厂家"), sql="{t}.maker")
lift.element(
    "since", "投用年份", also=("电梯投用时间", "投入使用年份"), sql="{t}.since", kind=Kind.INTEGER, unit="年"
)
lift.element("upkeep", "维保单位", also=("电梯维保单位", "维护保养单位"), sql="{t}.upkeep")
lift.element("upkeep_phone", "维保电话", also=("维保单位电话", "电梯维保电话"), sql="{t}.upkeep_phone")
lift.element(
    "checked_on",
    "最近检验日期",
    also=("电梯检验日期", "上次检验日期"),
    sql="{t}.checked_on",
    kind=Kind.DATE,
    standard="特种设备安全法",
)
lift.element(
    "due_on",
    "下次检验日期",
    also=("检验有效期", "电梯检验有效期", "下次检验时间"),
    sql="{t}.due_on",
    kind=Kind.DATE,
    standard="特种设备安全法",
)
lift.condition("overdue", "检验超期", also=("超期未检",), sql="{t}.due_on < {on}")
lift.condition("due", "检验 30 天内到期", sql="{t}.due_on >= {on} AND {t}.due_on < {on} + 30")
lift.condition("never_checked", "没有登记检验", sql="{t}.due_on IS NULL")
lift.measure("lifts_recorded", "逐部登记的电梯数", unit="部")
lift.measure("lifts_overdue", "检验超期的电梯数", where=("overdue",), unit="部")
