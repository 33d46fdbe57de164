"""What can be asked of findings: how many records of places, households, organisations and groups have a fault on a day."""

from __future__ import annotations

from linli.access.roles import Permission
from linli.facts.dictionary import Kind, Subject, dictionary
from linli.registry.places.facts import add_region_elements
from linli.registry.quality import rules


def _words(column: str, pairs: list[tuple[str, str]]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{word}'" for key, word in pairs) + " END"


_CLASSES = dict(rules.CLASSES)

finding = dictionary.add(
    Subject(
        "finding",
        "数据问题",
        table="quality_finding",
        region="region_code",
        also=("数据质量问题",),
        default="waiting",
        permission=Permission.VIEW_PEOPLE,
        order="{t}.region_code, {t}.fault, {t}.row",
        note="房屋、楼栋、小区、租约、家庭户、单位和人群成员的登记有什么不对，从发现到改好。居民的问题在“数据质量”页面看。",
    )
)
finding.condition(
    "waiting",
    "待改正的数据问题",
    sql="{t}.period @> {on} AND ({t}.aside_on IS NULL OR {t}.aside_on > {on})",
)
finding.condition(
    "stands",
    "情况属实的数据问题",
    sql="{t}.period @> {on} AND {t}.aside_on <= {on}",
    replaces_default=True,
)
add_region_elements(finding)
finding.element("fault", "数据问题名称", sql=_words("{t}.fault", [(c.key, c.label) for c in rules.BASE]))
finding.element(
    "category",
    "数据问题分类",
    sql=_words("{t}.fault", [(c.key, _CLASSES[c.category]) for c in rules.BASE]),
)
finding.element(
    "subject", "数据问题对象", sql=_words("{t}.subject", [(s.key, s.label) for s in rules.SUBJECTS.values()])
)
finding.element("rests_on", "数据问题情况", sql="nullif({t}.rests_on, '')")
finding.element("since", "数据问题发现日期", sql="lower({t}.period)", kind=Kind.DATE)
finding.element("aside_reason", "情况属实的理由", sql="nullif({t}.aside_reason, '')")
finding.measure("findings", "待改正的数据问题数", unit="个")
finding.measure("findings_standing", "情况属实的数据问题数", where=("stands",), unit="个")
for _part in rules.PARTS[1:]:
    _subjects = ", ".join(f"'{one.key}'" for one in rules.SUBJECTS.values() if one.part == _part.key)
    finding.condition(_part.key, f"{_part.label}的数据问题", sql=f"{{t}}.subject IN ({_subjects})")
    finding.measure(f"findings_{_part.key}", f"{_part.label}的数据问题数", where=(_part.key,), unit="个")
