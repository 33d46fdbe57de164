"""The template by which organisations are imported: the dictionary's own names as headings, so that it is read like any roster."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final

from linli.facts.dictionary import dictionary
from linli.kernel.codelist import Code, CodeList
from linli.registry.intake.column import Column
from linli.registry.intake.sheets import write_template
from linli.returns.takers import lists

SHEET: Final = "单位"
_YES_NO: Final = CodeList("yes_no", "是否", "本系统", (Code("1", "是"), Code("0", "否")))
# Path, need, what to write, an example.
_COLUMNS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("name", "必填", "与营业执照或登记证一致。", "妫水便民超市"),
    ("kind", "条件", "新登记的单位要写；从下拉中选。", "商户网点"),
    ("credit_code", "", "18 位。同一个代码是同一个单位；没有的按名称和地址认。", ""),
    ("community", "条件", "按社区导入可不填；按街道导入，新登记的单位必须写社区或网格。", ""),
    ("grid", "", "社区下已有网格的名称；不知道就空着。", ""),
    ("address", "", "在楼盘表里的房屋写 小区、楼、单元、门牌，会自动关联到房屋。", "新兴小区12号楼底商3"),
    ("legal_person", "", "", "王建国"),
    ("contact", "", "", "王建国"),
    ("phone", "", "手机号码，或带区号的固定电话。", "13912348017"),
    ("landline", "", "", ""),
    ("staff", "", "整数。", "4"),
    ("founded_on", "", "如 2015-06-01。", "2015-06-01"),
    ("industry", "", "", "零售"),
    ("supervisor", "", "", ""),
    ("ownership", "", "", "个体工商户"),
    ("legal_form", "", "", ""),
    ("capital", "", "万元。", ""),
    ("business_scope", "", "", ""),
    ("registered_address", "", "与经营地址不同的才填。", ""),
    ("is_key", "", "治安、消防重点单位填是。", "否"),
    ("fire_grade", "", "", ""),
    ("security_head", "", "写姓名；以前登记过别人的不改。", ""),
    ("fire_head", "", "写姓名；以前登记过别人的不改。", ""),
    ("is_outlet", "", "便民服务网点填是。", "是"),
    ("opening_hours", "", "", "每天 7:00–21:00"),
    ("registration", "", "社会组织、业委会填写。", ""),
    ("registration_number", "", "社会组织、业委会填写。", ""),
    ("registered_on", "", "社会组织、业委会填写。", ""),
    ("valid_until", "", "到期前 30 天提醒。", ""),
    ("social_class", "", "社会组织填写。", ""),
    ("members", "", "社会组织的成员数，整数。", ""),
    ("party_members", "", "整数。", ""),
    ("duties", "", "", ""),
    ("term_from", "", "社会组织、业委会本届任期。", ""),
    ("term_until", "", "届满前 30 天提醒换届。", ""),
    ("seats", "", "业主委员会填写。", ""),
)
_SAYS: Final = (
    "一行写一个单位：驻区单位、商户、社会组织、物业公司、业主委员会、服务商、政府部门。",
    "红底带 * 的列必须填。不要改动列名；用不到的列可以删去，列的先后没有关系。",
    "空着的格子不会改动库里已有的内容，所以可以只填要补充的列，反复导入。",
    "同一个统一社会信用代码是同一个单位；没有代码的按登记证号，再按名称和地址认；拿不准的不改，会退回请您补代码。",
    "单位名称不由导入改；换法定代表人（已登记任职的）、注销、迁出请在单位页面办理。",
    "有错的行不会导入，会连同原因退回；改好后直接上传退回的表即可。",
)


def columns() -> list[Column]:
    """The template's columns, named as the dictionary names them."""
    found = []
    for path, need, note, example in _COLUMNS:
        element: Any = dictionary.subject("organisation").elements[path]
        codes = lists.FIRM.get(f"firm.{path}") or element.codes
        if codes is None and path.startswith("is_"):
            codes = _YES_NO
        label = f"{element.label}（万元）" if path == "capital" else element.label
        found.append(
            Column(
                path,
                label,
                need,
                note,
                codes,
                width=22 if path in ("name", "address", "credit_code", "business_scope", "duties") else 13,
                example=example,
            )
        )
    return found


def write(target: Path | BinaryIO, communities: Iterable[str] = ()) -> None:
    """The template with the communities of the moment."""
    write_template(target, communities=communities, columns=columns(), name=SHEET, says=_SAYS)
