"""What can be asked of households and of memberships in them."""

# ruff: noqa: S608  the SQL is put together from constants

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.kernel import codes
from linli.registry.people.facts.words import HUKOU_BOOK, KNOWN_MEMBER
from linli.registry.places.facts import add_region_elements

household = dictionary.add(
    Subject(
        "household",
        "家庭户",
        table="people_household",
        region="region_code",
        also=("户", "住户", "家庭"),
        default="inhabited",
        permission=Permission.VIEW_PEOPLE,
        page="people:household",
        columns=("number", "head.name", "size", "address"),
        undated=("number", "kind", "home_id", "note"),
        history="people_householdevent",
        region_then="region_then",
        order="{past}coalesce({>home}.region_code, {/past}{t}.region_code{past}){/past}, {t}.number",
    )
)
_MEMBERS = (
    "SELECT 1 FROM people_householdmember m WHERE m.household_id = {t}.id AND m.period @> {on} AND "
    + KNOWN_MEMBER
)
household.condition("inhabited", "在册", sql=f"EXISTS ({_MEMBERS})")
household.condition("family", "家庭户", sql="{t}.kind = 'family'", also=("户籍户",))
household.condition("collective", "集体户", sql="{t}.kind = 'collective'")
household.link("home", "房屋", to="home", also=("住房",), on="{r}.id = {t}.home_id")
household.link(
    "head",
    "户主",
    to="person",
    lateral="SELECT p.* FROM people_householdmember m JOIN {=person} p ON p.id = m.person_id "
    "WHERE m.household_id = {t}.id AND m.relation = '02' AND m.period @> {on} AND "
    + KNOWN_MEMBER
    + " LIMIT 1",
)
add_region_elements(household)
household.element("region_then", "当时的区域序码", sql="coalesce({>home}.region_code, {t}.region_code)")
household.element("number", "户号", also=("户编号", "家庭编号", "户口号", "家庭户号"), sql="{t}.number")
household.element(
    "kind", "户类型", also=("户别", "户口类别"), sql="{t}.kind", kind=Kind.CODE, codes=HUKOU_BOOK
)
household.element("address", "家庭住址", also=("住址", "地址", "家庭地址"), path="home.address")
household.element(
    "size",
    "家庭人口数",
    also=("家庭人口", "户内人数", "人口数", "家庭成员数", "家庭总人口", "全家人口", "家庭人数"),
    sql="nullif((SELECT count(*) FROM people_householdmember m WHERE m.household_id = {t}.id AND m.period @> {on} AND "
    + KNOWN_MEMBER
    + "), 0)",
    kind=Kind.INTEGER,
    unit="人",
)
household.element(
    "landline", "家庭电话", also=("住宅电话", "固定电话", "家庭固定电话", "座机"), path="head.landline"
)
household.measure("households", "户数", also=("家庭户数", "总户数"), unit="户")

member = dictionary.add(
    Subject(
        "member",
        "家庭成员",
        table="people_householdmember",
        region="region_code",
        permission=Permission.VIEW_PEOPLE,
        note="某人在某户，按日期。",
    )
)
member.element("region_code", "区域序码", sql="{t}.region_code")
member.element(
    "relation",
    "与户主关系",
    sql="{t}.relation",
    kind=Kind.CODE,
    codes=codes.KINSHIP,
    standard="GB/T 4761",
)
