"""What can be asked of the networks, and what they say of buildings, homes and people."""

# ruff: noqa: S608  the SQL is put together from constants of this file, never from what a user typed
from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind as Shape
from linli.facts.dictionary import Sensitivity, Subject, dictionary
from linli.registry.networks.models import OF_GRIDS, Kind
from linli.registry.places.facts import PERSONAL_PHONE, add_region_elements

_KIND = "CASE {t}.kind " + " ".join(f"WHEN '{k.value}' THEN '{k.label}'" for k in Kind) + " END"
_PLACES = (
    "(SELECT string_agg(e.name || b.name || coalesce(u.name, '') || coalesce(h.door, ''), '、' ORDER BY e.name, b.position, u.position) "
    "FROM networks_cover c JOIN places_building b ON b.id = c.building_id JOIN places_estate e ON e.id = b.estate_id "
    "LEFT JOIN places_unit u ON u.id = c.unit_id LEFT JOIN places_home h ON h.id = c.home_id WHERE c.post_id = {t}.id)"
)

post = dictionary.add(
    Subject(
        "network_post",
        "网络岗位",
        table="networks_networkpost",
        region="region_code",
        also=("网格员", "楼门长", "居民小组长", "网格队伍"),
        default="in_force",
        permission=Permission.VIEW_PEOPLE,
        order="{t}.region_code, {t}.kind, {t}.id",
        note="网格长、网格员、居民小组长、楼门栋长、责任民警，按日期。",
    )
)
post.condition("in_force", "现任", sql="{t}.period @> {on}")
post.link("person", "任职人", to="person", also=("本人",), on="{r}.id = {t}.person_id")
add_region_elements(post)
post.element("kind", "岗位", also=("职务", "岗位名称", "身份"), sql=_KIND)
post.element(
    "name",
    "姓名",
    also=("网格员姓名", "楼门长姓名", "楼长姓名", "小组长姓名"),
    sql="{t}.name",
    sensitivity=Sensitivity.PERSONAL,
)
post.element(
    "phone",
    "联系电话",
    also=("电话", "手机", "联系方式"),
    sql="CASE WHEN octet_length({t}.phone) > 0 THEN {t}.phone ELSE {>person}.phone END",
    **PERSONAL_PHONE,
)
post.element("group", "居民小组", also=("小组名称", "居民小组名称"), sql="nullif({t}.\"group\", '')")
post.element("unit", "所在单位", also=("单位", "所属单位", "派驻单位"), sql="nullif({t}.unit, '')")
post.element(
    "places",
    "负责范围",
    also=("负责楼栋", "负责楼门", "包片范围", "负责区域", "管辖范围", "负责网格", "所负责网格", "所辖网格"),
    sql=_PLACES,
)
post.element(
    "since", "任职日期", also=("任职时间", "聘任时间", "上任时间"), sql="lower({t}.period)", kind=Shape.DATE
)
post.element(
    "households",
    "负责户数",
    also=("联系户数", "管辖户数", "户数", "网格内户数", "网格户数", "所辖户数"),
    sql="(SELECT count(DISTINCT o.id) FROM networks_cover c JOIN places_home h ON h.building_id = c.building_id "
    "AND (c.unit_id IS NULL OR h.unit_id = c.unit_id) AND (c.home_id IS NULL OR h.id = c.home_id) "
    "JOIN people_household o ON o.home_id = h.id WHERE c.post_id = {t}.id AND EXISTS (SELECT 1 FROM people_householdmember m "
    "WHERE m.household_id = o.id AND m.period @> {on}))",
    kind=Shape.INTEGER,
    unit="户",
)
_CALLED: dict[Kind, tuple[str, ...]] = {
    Kind.GROUP_LEADER: ("小组长",),
    Kind.DOOR_HEAD: ("楼门长", "楼长", "楼栋长"),
}
for _kind, _measure, _label, _also in (
    (Kind.GRID_WORKER, "grid_workers_named", "登记网格员人数", ("网格员数", "网格员人数")),
    (Kind.GRID_HEAD, "grid_heads", "网格长人数", ("网格长数",)),
    (Kind.GROUP_LEADER, "group_leaders", "居民小组长人数", ("小组长人数", "居民小组数", "居民小组长数")),
    (Kind.DOOR_HEAD, "door_heads", "楼门栋长人数", ("楼门长人数", "楼长人数", "楼栋长人数", "楼门长数")),
    (Kind.POLICE, "police_officers", "责任民警人数", ("社区民警人数", "民警人数", "社区民警数")),
):
    post.condition(
        _kind.value, str(_kind.label), also=_CALLED.get(_kind, ()), sql="{t}.kind = '" + _kind.value + "'"
    )
    post.measure(_measure, _label, also=_also, where=(_kind.value,), unit="人")


# What can be said of the holders of a post: their names, and the telephone, which is told only where one alone holds it: beside
# two names it would be anybody's.
_NAMES = "string_agg(DISTINCT p.name, '、')"
_ONE_PHONE = (
    "CASE WHEN count(DISTINCT p.id) = 1 THEN (array_agg(CASE WHEN octet_length(p.phone) > 0 THEN p.phone ELSE "
    "(SELECT q.phone FROM people_person q WHERE q.id = p.person_id AND octet_length(q.phone) > 0) END))[1] END"
)


def _of_home(kind: str, row: str, what: str = _NAMES) -> str:
    """SQL for something of who holds a post of a kind over a home (`row`: its alias)."""
    return (
        f"(SELECT {what} FROM networks_cover c JOIN networks_networkpost p ON p.id = c.post_id "
        f"WHERE p.kind = '{kind}' AND p.period @> {{on}} AND c.building_id = {row}.building_id "
        f"AND (c.unit_id IS NULL OR c.unit_id = {row}.unit_id) AND (c.home_id IS NULL OR c.home_id = {row}.id))"
    )


def _of_building(kind: str, what: str) -> str:
    """The same over any part of a building."""
    return (
        f"(SELECT {what} FROM networks_cover c JOIN networks_networkpost p ON p.id = c.post_id "
        f"WHERE p.kind = '{kind}' AND p.period @> {{on}} AND c.building_id = {{t}}.id)"
    )


def _of_grid(kind: str, what: str) -> str:
    """The same over the grid of a row."""
    return (
        f"(SELECT {what} FROM networks_networkpost p WHERE p.kind = '{kind}' AND p.region_code = {{t}}.region_code "
        "AND p.period @> {on})"
    )


_GRID_WORKER = (
    "coalesce((SELECT string_agg(DISTINCT p.name, '、') FROM networks_networkpost p WHERE p.kind = 'grid_worker' "
    "AND p.region_code = {t}.region_code AND p.period @> {on}), (SELECT string_agg(DISTINCT w.name, '、') FROM access_post a "
    "JOIN access_user w ON w.id = a.user_id WHERE a.role = 'grid_worker' AND a.region_code = {t}.region_code "
    "AND a.valid_from <= {on} AND (a.valid_to IS NULL OR a.valid_to > {on})))"
)


def _police(what: str, region: str) -> str:
    """SQL for something of the police officers of a place: of its grid where one is named there, else of its community."""
    return (
        f"(SELECT {what} FROM networks_networkpost p WHERE p.kind = 'police' AND p.period @> {{on}} AND p.region_code = coalesce("
        "(SELECT g.region_code FROM networks_networkpost g WHERE g.kind = 'police' AND g.period @> {on} "
        f"AND g.region_code = left({region}, 15) LIMIT 1), left({region}, 12)))"
    )


_PHONE = "(array_agg(p.phone ORDER BY p.id) FILTER (WHERE octet_length(p.phone) > 0))[1]"
_STATION = "(array_agg(p.unit ORDER BY p.id) FILTER (WHERE p.unit <> ''))[1]"
for _key, _region in (
    ("home", "{t}.region_code"),
    ("building", "{t}.region_code"),
    ("organisation", "{t}.region_code"),
    ("person", "{>living}.region_code"),
):
    _subject = dictionary.subject(_key)
    _subject.element(
        "police_officer",
        "责任民警",
        also=(
            "社区民警",
            "责任民警姓名",
            "社区民警姓名",
            "管片民警",
            "片区民警",
            "片警",
            "包片民警",
            "辖区民警",
        ),
        sql=_police("string_agg(p.name, '、' ORDER BY p.id)", _region),
        note="网格有民警的是网格的，没有的是社区的。",
    )
    _subject.element(
        "police_phone",
        "责任民警电话",
        also=("责任民警联系电话", "社区民警电话", "民警电话", "民警联系电话", "片警电话", "社区民警联系电话"),
        sql=_police(_PHONE, _region),
        **PERSONAL_PHONE,
    )
    _subject.element(
        "police_station",
        "管辖派出所",
        also=("辖区派出所", "所属派出所", "派出所", "居住地派出所", "所在派出所", "管片派出所"),
        sql=_police(_STATION, _region),
    )
dictionary.subject("person").element(
    "hukou_station",
    "户籍派出所",
    also=(
        "户籍所在派出所",
        "户籍地派出所",
        "户口所在派出所",
        "户口所在地派出所",
        "户籍所在地派出所",
        "户籍登记派出所",
        "户口登记派出所",
        "落户派出所",
    ),
    sql="coalesce(nullif({>hukou}.station, ''), CASE WHEN length({>hukou}.region_code) >= 12 THEN "
    + _police(_STATION, "{>hukou}.region_code")
    + " END)",
    note="登记了的取登记的；户籍在辖区内又没有登记的，取那个社区的管辖派出所。",
)
home = dictionary.subject("home")
home.element(
    "door_head",
    "楼门栋长",
    also=("楼门长", "楼长", "楼栋长", "单元长", "楼组长"),
    sql=_of_home("door_head", "{t}"),
    permissions=(Permission.VIEW_PEOPLE,),
)
home.element(
    "group_leader",
    "居民小组长",
    also=("小组长",),
    sql=_of_home("group_leader", "{t}"),
    permissions=(Permission.VIEW_PEOPLE,),
)
home.element("grid_worker", "网格员", also=("网格员姓名", "责任网格员", "包片网格员"), sql=_GRID_WORKER)
building = dictionary.subject("building")
building.element(
    "door_heads",
    "楼门栋长",
    also=("楼门长", "楼长", "楼栋长", "楼组长", "负责人"),
    sql="(SELECT string_agg(DISTINCT p.name, '、') FROM networks_cover c JOIN networks_networkpost p ON p.id = c.post_id "
    "WHERE p.kind = 'door_head' AND p.period @> {on} AND c.building_id = {t}.id)",
    permissions=(Permission.VIEW_PEOPLE,),
)
building.element("grid_worker", "网格员", also=("网格员姓名", "责任网格员"), sql=_GRID_WORKER)
person = dictionary.subject("person")
for _kind, _also in (
    (Kind.GROUP_LEADER, ("小组长",)),
    (Kind.DOOR_HEAD, ("楼门长", "楼长", "楼栋长")),
):
    person.condition(
        f"is_{_kind.value}",
        f"{_kind.label}（网络岗位）",
        also=(str(_kind.label), *_also),
        note="在“网格与楼门”里登记了岗位、这一天在任的；同名的人群是在“人群”里登记的名册。",
        sql="EXISTS (SELECT 1 FROM networks_networkpost n WHERE n.person_id = {t}.id AND n.kind = '"
        + _kind.value
        + "' AND n.period @> {on})",
    )

# --- how to reach them ----------------------------------------------------------------------------------------------------
# By post: the key of the element, its name, other names, the names of its telephone.
_CALLED_BY: dict[Kind, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    Kind.DOOR_HEAD: (
        "door_head",
        "楼门栋长",
        ("楼门长", "楼长", "楼栋长", "单元长", "楼组长", "楼门长姓名", "楼长姓名", "楼栋长姓名"),
        (
            "楼门长电话",
            "楼长电话",
            "楼栋长电话",
            "单元长电话",
            "楼门长联系电话",
            "楼长联系电话",
            "楼栋长联系电话",
        ),
    ),
    Kind.GROUP_LEADER: (
        "group_leader",
        "居民小组长",
        ("小组长", "小组长姓名"),
        ("小组长电话", "居民小组长联系电话", "小组长联系电话"),
    ),
    Kind.GRID_WORKER: (
        "grid_worker",
        "网格员",
        ("网格员姓名", "责任网格员", "包片网格员", "所属网格员", "专职网格员"),
        ("网格员联系电话", "网格员手机", "责任网格员电话", "网格员联系方式", "网格员手机号"),
    ),
    Kind.GRID_HEAD: (
        "grid_head",
        "网格长",
        ("网格长姓名",),
        ("网格长联系电话", "网格长手机", "网格长联系方式"),
    ),
}
_SEEN = {"permissions": (Permission.VIEW_PEOPLE,)}
organisation = dictionary.subject("organisation")
for _kind, (_key, _label, _names, _phones) in _CALLED_BY.items():
    _gridly = _kind in OF_GRIDS
    _phone = {
        "also": _phones,
        "note": f"{_label}只有一人时填；几个人的，不知道该写谁的，留空。",
        **PERSONAL_PHONE,
    }
    home.element(
        f"{_key}_phone",
        f"{_label}电话",
        sql=_of_grid(_kind.value, _ONE_PHONE) if _gridly else _of_home(_kind.value, "{t}", _ONE_PHONE),
        **_phone,
        **_SEEN,
    )
    building.element(
        f"{_key}_phone",
        f"{_label}电话",
        sql=_of_grid(_kind.value, _ONE_PHONE) if _gridly else _of_building(_kind.value, _ONE_PHONE),
        **_phone,
        **_SEEN,
    )
    if _kind == Kind.GRID_HEAD:
        for _subject in (home, building):
            _subject.element(_key, _label, also=_names, sql=_of_grid(_kind.value, _NAMES))
    if _gridly:
        organisation.element(
            _key,
            _label,
            also=_names,
            sql=_GRID_WORKER if _kind == Kind.GRID_WORKER else _of_grid(_kind.value, _NAMES),
        )
        organisation.element(
            f"{_key}_phone", f"{_label}电话", sql=_of_grid(_kind.value, _ONE_PHONE), **_phone, **_SEEN
        )
    # Of a person: of the home in which they live.
    person.element(_key, _label, also=_names, path=f"home.{_key}", note="住的地方的。", **_SEEN)
    person.element(
        f"{_key}_phone", f"{_label}电话", also=_phones, path=f"home.{_key}_phone", note="住的地方的。"
    )
building.element(
    "group_leader",
    "居民小组长",
    also=("小组长",),
    sql=_of_building("group_leader", _NAMES),
    **_SEEN,
)
