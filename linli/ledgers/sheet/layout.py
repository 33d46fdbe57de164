"""Where things stand on a sheet: title, unit line, heading block, hint rows, first empty row, footers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Box, Picture

HEAD_ROWS = 30
MAX_LABEL = 60

_INSTRUCTIONS = re.compile(r"注意事项|填写说明|填表说明|填报说明|^说明[:：]|^注[:：]|^\d[.、]")
_FOOTER = re.compile(
    r"^(?:合\s*计|总\s*计|小\s*计|共\s*计|填\s*表\s*人|填\s*报\s*人|制\s*表\s*人?|审\s*核\s*人?|负\s*责\s*人|单位负责人|"
    r"经\s*办\s*人|统计负责人|社区(?:主任|书记)|联系电话|填(?:表|报)(?:日期|时间|单位)|日\s*期|报送|上报|注\s*[:：]|说\s*明|备\s*注\s*[:：]|"
    r"填表说明|填报说明|盖\s*章|签\s*字|签\s*章|单位[（(]盖章)"
)
_UNIT_LINE = re.compile(
    r"(?:填报|填表|报送|上报|发生|制表|编制|统计|申报|报告|录入)(?:单位|机构|部门|日期|时间|人)|单位[（(]?(?:盖章|公章|章)|^单位[:：]|"
    r"^(?:所属)?(?:街道|乡镇|社区|村)[（(]?.{0,6}[)）]?[:：]|^日期[:：]|^\s*年\s*月\s*日$|^社区名称|截止(?:日期|时间)[:：]|统计时点"
)
_HINT = re.compile(
    r"必填|可选|选填|非必填|^如[:：]?|例[如:：]|yyyy|格式|填写|[01]\s*=\s*[是否有无]|[是否有无]\s*=\s*[01]|分隔|下拉|自动|"
    r"^[\u4e00-\u9fff]{1,6}(?:/[\u4e00-\u9fff]{1,8})+等?$|位数字|选择|数字$|^文本$|^日期$",
    re.IGNORECASE,
)
_SAMPLE = re.compile(r"^(?:示例|样例|例|例如|范例|模板示例)[:：]?\d*$|张三|李四|王五|赵六|某某")
_DELETE = re.compile(
    r"删除.{0,12}(?:注释|提示|说明|示例|样例|第\s*[二三23]\s*行|此行|该行|本行)|(?:注释|提示|示例).{0,8}删除"
)
_ORDINALS = frozenset("甲乙丙丁戊己庚辛壬癸")


_AFTER_FOOTER = re.compile(
    r"^(?:$|[:：\s　(（_＿.、/]|(?:意见|签字|签名|签章|盖章|单位|部门|日期|时间|人数|户数|金额|数)(?:$|[:：\s(（]))"
)


def is_footer(text: str) -> bool:
    """Whether a text closes a list: 合计, 填表人：, 注：…; not a name or a place that merely begins so (审核亮, 小计庄)."""
    plain = text.strip()
    match = _FOOTER.match(plain)
    return match is not None and (
        match.group(0)[-1] in ":：" or bool(_AFTER_FOOTER.match(plain[match.end() :]))
    )


@dataclass
class Column:
    """One column of a roster: its letters' index, the raw headings from the top group down to the leaf, the hint. A blank of
    a card is one as well: its `row` is where it stands."""

    index: int
    path: tuple[str, ...]
    hint: str = ""
    row: int = 0

    @property
    def leaf(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def groups(self) -> tuple[str, ...]:
        return self.path[:-1]


@dataclass
class Layout:
    """What was found on the sheet that carries the headings. Rows count from 1."""

    sheet: str
    header_top: int
    header_bottom: int
    first_row: int
    last_row: int
    columns: list[Column] = field(default_factory=list)
    title: str = ""
    title_from: str = ""
    hint_rows: list[int] = field(default_factory=list)
    delete_hints: bool = False
    footer_row: int = 0
    instructions: str = ""
    serials: dict[int, int] = field(default_factory=dict)


def _texts(row: dict[int, object]) -> dict[int, str]:
    return {
        column: str(value).strip()
        for column, value in row.items()
        if isinstance(value, str) and value.strip()
    }


def _is_label(text: str) -> bool:
    plain = squash(text)
    if not plain or len(plain) > MAX_LABEL or not re.search(r"[\u4e00-\u9fffa-z]", plain):
        return False
    return not (len(text) > 40 and _INSTRUCTIONS.search(text))


def is_unit_row(picture: Picture, row: int) -> bool:
    """Whether a row is a unit line: 填报单位, 填表日期 …"""
    texts = list(_texts(picture.by_row.get(row, {})).values())
    if len(texts) >= 3 and squash(texts[0]) == "社区名称":
        # Without a colon and among other labels it is the heading of a column.
        return False
    spoken = [bool(_UNIT_LINE.search(text)) for text in texts]
    return bool(texts) and (spoken[0] or sum(spoken) * 3 >= len(texts))


def _anchor(picture: Picture, known: Callable[[str], bool]) -> tuple[int, float]:
    """The row that looks most like the headings, with its score."""
    best, best_score = 0, 0.0
    for row in list(picture.by_row)[:HEAD_ROWS]:
        if row > HEAD_ROWS + 20:
            break
        texts = _texts(picture.by_row[row])
        labels = [text for text in texts.values() if _is_label(text)]
        if len(labels) < 2 or is_unit_row(picture, row):
            continue
        hints = sum(1 for text in labels if _HINT.search(text))
        if hints * 2 > len(labels) or any(_SAMPLE.search(text) for text in labels):
            continue
        hits = sum(1 for text in labels if known(text))
        score = hits * 3 + len(set(labels)) - hints - row * 0.05
        if score > best_score:
            best, best_score = row, score
    return best, best_score


def _header_block(picture: Picture, anchor: int) -> tuple[int, int]:
    """The rows of headings around the anchor: as far as merges reach, groups above and sub-headings below included."""
    top = bottom = anchor
    for _round in range(4):
        grown_top, grown_bottom = top, bottom
        for box in picture.boxes:
            if (
                box.height <= 4
                and box.top <= bottom
                and box.bottom >= top
                and (box.top, box.left) in picture.values
            ):
                if box.width > 1 and box.height > 1 and box.top < top:
                    continue
                grown_top, grown_bottom = min(grown_top, box.top), max(grown_bottom, box.bottom)
        if (grown_top, grown_bottom) == (top, bottom):
            break
        top, bottom = grown_top, grown_bottom
    top = _groups_above(picture, top)
    return top, _leaves_below(picture, top, bottom)


def _groups_above(picture: Picture, top: int) -> int:
    """Rows above that hold groups: two or more headings, at least one merged over several columns."""
    while top > 1 and _texts(picture.by_row.get(top - 1, {})):
        row = top - 1
        texts = _texts(picture.by_row[row])
        boxes = [picture.box(row, column) for column in texts]
        if is_unit_row(picture, row) or any(len(text) > 30 for text in texts.values()):
            break
        below = list(picture.by_row.get(top, {}))
        if len(texts) < 2 or not below:
            break
        wide = sum(1 for box in boxes if box.width > 1)
        span = sum(box.width for box in boxes)
        if not wide or span < len(below) * 0.5:
            break
        top = row
    return top


def _leaves_below(picture: Picture, top: int, bottom: int) -> int:
    """One more row when it only holds sub-headings under groups of the block (vertical merges are often left out)."""
    texts = _texts(picture.by_row.get(bottom + 1, {}))
    if not texts or len(texts) < 2:
        return bottom
    grouped: set[int] = set()
    labels = set(picture.by_row.get(bottom, {}))
    for column in labels:
        box = picture.box(bottom, column)
        if box.width > 1 and isinstance(picture.values.get((bottom, column)), str):
            grouped.update(range(box.left, box.right + 1))
    if (
        grouped
        and set(texts) <= grouped
        and all(_is_label(text) and len(text) <= 20 for text in texts.values())
    ):
        return bottom + 1
    return bottom


def _columns(picture: Picture, top: int, bottom: int) -> list[Column]:
    """Every column with its path of headings; a group counts for all columns that its merge covers."""
    spans: dict[int, list[str]] = {}
    last = 0
    for row in range(top, bottom + 1):
        for column, value in picture.by_row.get(row, {}).items():
            box = picture.box(row, column)
            right = box.right
            if right - box.left > 200:
                right = picture.columns
            for covered in range(box.left, right + 1):
                spans.setdefault(covered, []).append(str(value).strip())
                last = max(last, covered)
    # A group heading that is not merged reaches over the empty cells to its right while there are leaves below them.
    for row in range(top, bottom):
        cells = picture.by_row.get(row, {})
        for column in sorted(cells):
            box = picture.box(row, column)
            if box.width > 1 or (row + 1, column) not in picture.values:
                continue
            follower = column + 1
            while follower <= last and follower not in cells and (row + 1, follower) in picture.values:
                if (
                    picture.covering(row, follower).top != row
                    or picture.covering(row, follower).left != follower
                ):
                    break
                spans.setdefault(follower, []).insert(0, str(cells[column]).strip())
                follower += 1
    return [Column(index, tuple(dict.fromkeys(path))) for index, path in sorted(spans.items())]


def _after_header(picture: Picture, layout: Layout) -> None:
    """Rows of column numbers and of hints below the headings, prefilled serials, and the footer."""
    row = layout.header_bottom + 1
    while row <= picture.rows:
        cells = picture.by_row.get(row, {})
        values = [str(value).strip() for value in cells.values()]
        if not values:
            break
        if (
            len(values) >= 3 and (_is_number_row(values) or _is_units_row(values) or _is_code_row(values))
        ) or (_is_sample_row(values) and not _is_filled_row(picture, row + 1)):
            layout.hint_rows.append(row)
        elif len(values) >= 2 and _is_hint_row(values):
            layout.hint_rows.append(row)
            for column in layout.columns:
                column.hint = column.hint or picture.text(row, column.index)
        else:
            break
        row += 1
    layout.first_row = row
    _find_footer(picture, layout)


def _is_number_row(values: list[str]) -> bool:
    # 3=1+2: the number of a line and what it is said to be the sum of.
    plain = [re.split("[=＝]", value)[0].strip("()（） ") for value in values]
    if all(value in _ORDINALS or value.isdigit() or value == "栏次" for value in plain):
        numbers = [int(value) for value in plain if value.isdigit()]
        return numbers == sorted(set(numbers)) and len(numbers) >= 2
    return False


def _is_code_row(values: list[str]) -> bool:
    """Whether a row holds the names of a system's fields: XM, XB, SFZH, zhengjian_hm."""
    return all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]{0,39}", value) for value in values)


_UNIT_VALUE = re.compile(
    r"^[（(]?(?:万?元(?:/.{1,4})?|万?人|人次|户|个|件|起|次|套|间|栋|幢|%|％|名|家|平方米|㎡|亩|公里|—+|岁)[)）]?$"
)


def _is_units_row(values: list[str]) -> bool:
    return all(_UNIT_VALUE.match(value) for value in values)


def _is_sample_row(values: list[str]) -> bool:
    """Whether a row is an example of how to fill: 例, 张三, 男 …"""
    return len(values) >= 3 and any(_SAMPLE.search(value) for value in values)


def _is_filled_row(picture: Picture, row: int) -> bool:
    """Whether a row holds data already: then the row above it is no example but data as well."""
    return len(picture.by_row.get(row, {})) >= 3


_KEY_HEAD = re.compile(
    r"(?:姓名|户主|身份证|证件号|身份号码|信用代码|单位名称|企业名称|场所名称|房屋地址|详细地址|住址)"
)
_NAMED = re.compile(r"^(?:[\u4e00-\u9fff·]{2,15}|\d{17}[\dXx]|[0-9A-Z]{18}|.{4,40}[号室层])$")


def given_rows(picture: Picture, layout: Layout) -> list[int]:
    """The rows below the headings that already name somebody: a list to be completed, not to be made."""
    keys = [column.index for column in layout.columns if _KEY_HEAD.search(squash(column.leaf))]
    indices = {column.index for column in layout.columns}
    found = []
    for row, cells in picture.by_row.items():
        if row < layout.first_row or (layout.footer_row and row >= layout.footer_row):
            continue
        values = {c: str(v).strip() for c, v in cells.items() if c in indices}
        named = any(_NAMED.match(values.get(key, "")) for key in keys)
        if named and len(values) >= 2 and not any(_SAMPLE.search(v) for v in values.values()):
            found.append(row)
    return (
        found if len(layout.columns) >= 3 and len(found) * 5 >= 3 * _rows_with_text(picture, layout) else []
    )


def _rows_with_text(picture: Picture, layout: Layout) -> int:
    """How many rows below the headings hold more than a serial number."""
    return sum(
        1
        for row, cells in picture.by_row.items()
        if row >= layout.first_row
        and not (layout.footer_row and row >= layout.footer_row)
        and any(isinstance(value, str) and not value.strip().isdigit() for value in cells.values())
    )


def _is_hint_row(values: list[str]) -> bool:
    hints = sum(1 for value in values if _HINT.search(value))
    return hints * 5 >= len(values) * 2


_TOTALLING = re.compile(r"\b(?:SUM|COUNTA?|AVERAGE|SUBTOTAL)\s*\(([^()]*)\)", re.IGNORECASE)
_ROW = re.compile(r"\$?[A-Z]{1,3}\$?(\d{1,7})\b", re.IGNORECASE)


def totals_rows(formula: str, first: int, row: int) -> bool:
    """Whether a formula in `row` totals rows from `first` on above it, as the last row of a list does; a sum across its own
    row does not, nor a number that counts on."""
    named = [
        int(one)
        for match in _TOTALLING.finditer(formula)
        if ":" in match.group(1)
        for one in _ROW.findall(match.group(1))
    ]
    return bool(named) and first <= min(named) and max(named) < row


def _find_footer(picture: Picture, layout: Layout) -> None:
    indices = {column.index for column in layout.columns}
    first_column = min(indices, default=1)
    last_serial = layout.first_row - 1
    totals = {
        row
        for (row, column), one in picture.formulas.items()
        if column in indices and totals_rows(one, layout.first_row, row)
    }
    for row in sorted(r for r in {*picture.by_row, *totals} if r >= layout.first_row):
        if row in totals:
            layout.footer_row = row
            break
        cells = picture.by_row[row]
        values = {c: v for c, v in cells.items() if c in indices}
        if not values:
            continue
        lone = len(values) == 1 and first_column in values
        if lone and _as_int(values[first_column]) is not None and row - last_serial <= 2:
            layout.serials[row] = _as_int(values[first_column]) or 0
            last_serial = row
            continue
        texts = [str(value).strip() for value in values.values() if isinstance(value, str)]
        first_text = texts[0] if texts else ""
        footer = is_footer(first_text) or (
            len(texts) >= 1
            and any(is_footer(text) for text in texts)
            and len(values) < max(3, len(indices) // 2)
        )
        merged_wide = (
            bool(texts) and picture.box(row, min(values)).width * 2 > len(indices) and len(indices) > 2
        )
        if footer or merged_wide:
            layout.footer_row = row
            break
    styled = [
        r
        for r in picture.styled_rows
        if r >= layout.first_row and (not layout.footer_row or r < layout.footer_row)
    ]
    ends = [layout.footer_row - 1] if layout.footer_row else [*styled, *layout.serials, layout.first_row]
    layout.last_row = max([end for end in ends if end >= layout.first_row], default=layout.first_row - 1)


def _as_int(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and float(value).is_integer():
        return int(value)
    if isinstance(value, str) and value.strip().isdigit():
        return int(value)
    return None


_PLAIN_SHEET = re.compile(r"^(?:sheet|工作表|表|person|building|data|table)\s*\d*$", re.IGNORECASE)


def _title(picture: Picture, layout: Layout, others: list[Picture], name: str) -> tuple[str, str]:
    """The form's title and where it was found."""

    def above(sheet: Picture, until: int) -> str:
        best, best_score = "", 0.0
        for (row, column), value in sheet.values.items():
            if (
                row >= until
                or not isinstance(value, str)
                or _UNIT_LINE.search(value)
                or _INSTRUCTIONS.search(value)
            ):
                continue
            text = re.sub(r"\s+", "", value)
            if (
                not 2 <= len(text) <= 60
                or not re.search(r"[\u4e00-\u9fff]{2}", text)
                or re.match(r"^附[件表]", text)
            ):
                continue
            if len(text) <= 8 and text.endswith("*"):
                continue
            box = sheet.box(row, column)
            score = sheet.sizes.get((row, column), 11) + min(box.width, 12) * 1.5 - row * 2
            if re.search(r"[表册账单]$|名单|台账|登记|统计|汇总|信息", text):
                score += 10
            if (
                row > 1
                and re.match(r"[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．]", text)
                and len(text) <= 20
            ):
                score += 25
            if score > best_score:
                best, best_score = value.strip(), score
        return best

    if title := above(picture, layout.header_top):
        return title, "表头上方"
    if not _PLAIN_SHEET.match(picture.name.strip()):
        return picture.name.strip(), "工作表名称"
    for other in others:
        if other.hidden or other.columns > 15:
            continue
        title = above(other, 3)
        if (
            title
            and "事项" not in title
            and len(title) <= 30
            and re.search(r"[表册账单]$|登记|名单|模板", title)
        ):
            return title, f"工作表“{other.name}”"
    stem = re.sub(r"\.(?:xlsx|xlsm)$", "", name, flags=re.IGNORECASE)
    stem = re.sub(r"^[\d_\-\s.、（()）]+", "", stem).strip()
    if re.search(r"[\u4e00-\u9fff]{2}", stem):
        return stem, "文件名"
    return "", ""


_TITLE_WORDS = re.compile(r"[表册账单卡]$|登记|申请|审批|统计|汇总|名单|台账|报表")


def title_of(picture: Picture, until: int, pictures: list[Picture], name: str = "") -> tuple[str, str]:
    """The title of a card or a table whose first label stands in row `until`; it may stand among the first labels."""
    shaped = Layout(picture.name, until, until, until, until)
    others = [other for other in pictures if other is not picture]
    found = _title(picture, shaped, others, name)
    if found[1] == "表头上方":
        return found
    inside = [
        (picture.sizes.get(place, 11) + min(picture.box(*place).width, 12), str(value).strip())
        for place, value in picture.values.items()
        if place[0] <= 4
        and isinstance(value, str)
        and len(value) <= 60
        and _TITLE_WORDS.search(re.sub(r"[\s（(].*$", "", value.strip()))
    ]
    return (max(inside)[1], "表内") if inside else found


def notes_of(pictures: list[Picture], picture: Picture) -> str:
    """The notes of a workbook: long texts that tell how to fill."""
    return "\n".join(
        str(value)
        for other in pictures
        if not other.hidden
        for value in other.values.values()
        if isinstance(value, str) and len(value) > 25 and "□" not in value
    )


def find_layout(
    pictures: list[Picture], known: Callable[[str], bool], name: str = ""
) -> tuple[Layout, Picture] | None:
    """The sheet that carries a table's headings, and its layout; None when no sheet looks like a form.

    `known` tells whether a heading's wording occurs in the dictionary; `name` is the file's name.
    """
    best: tuple[float, Picture, int] | None = None
    for picture in pictures:
        if picture.hidden:
            continue
        anchor, score = _anchor(picture, known)
        if anchor and (best is None or score > best[0]):
            best = (score, picture, anchor)
    if best is None:
        return None
    _score, picture, anchor = best
    top, bottom = _header_block(picture, anchor)
    columns = _columns(picture, top, bottom)
    layout = Layout(picture.name, top, bottom, bottom + 1, bottom, columns)
    _after_header(picture, layout)
    others = [other for other in pictures if other is not picture]
    layout.title, layout.title_from = _title(picture, layout, others, name)
    notes = [
        str(value)
        for other in pictures
        if not other.hidden
        for (row, _column), value in other.values.items()
        if isinstance(value, str)
        and (other is not picture or row < top or (layout.footer_row and row >= layout.footer_row))
    ]
    layout.instructions = "\n".join(note for note in notes if len(note) > 8)
    layout.delete_hints = bool(layout.hint_rows) and bool(_DELETE.search(layout.instructions))
    return layout, picture


__all__ = ["Box", "Column", "Layout", "find_layout"]
