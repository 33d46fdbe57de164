"""Labels of form headings brought to one shape, so that the same question is recognised in every form.

Headings come padded, broken over lines, written one character a line, with stars for "required", colons,
brackets of every width, and numbers glued to them (``05身份证号码``, ``A.2.5 身份证号``, ``一、姓名``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad_]+")
_BRACKETS = str.maketrans("〔〕[]【】{}〈〉《》「」『』﹙﹚", "()()()()()()()()()")
_MARKS = re.compile(r"[*∗⁎✱＊※★☆:：。;；!！\"'“”‘’]+")
_EMPTY_BRACKETS = re.compile(r"\(\)")
_OUTLINE = re.compile(
    r"^(?:"
    r"[a-z](?:\.\d+)+[.、)]*"  # A.2.5
    r"|\d+(?:\.\d+)+[.、)]*(?=[^\d])"  # 1.2.3
    r"|[(]?[一二三四五六七八九十]{1,3}[)]?[、.]"  # 一、
    r"|[(][一二三四五六七八九十]{1,3}[)]"  # (一)
    r"|[(]\d{1,3}[)][、.]?"  # (1)
    r"|\d{1,3}[.、)](?!\d)"  # 1. 1、 1)
    r"|[a-z][.、)]"  # a.
    r"|第[一二三四五六七八九十\d]{1,3}[条项款][、.]?"
    r")(?=.)"
)
_PADDED = re.compile(r"^0\d(?=\D)[\-—–]?")
_PLAIN = re.compile(r"^\d{1,2}[\-—–]?(?=[\u4e00-\u9fff])")
_COUNTED = re.compile(
    r"^\d{1,2}(?!户籍|户主|户号|户口|户别|人员|人口|人户|年龄|日期|时间|时段|单位|单元|分类|分值|级别|名称|"
    r"间数|层数|层次|号码|号牌|楼层|楼栋|楼号|楼宇|楼盘|栋号|室号|个人|项目|种类|类别|类型|至今|到期|周岁数|季度末)"
    r"[岁周年月日时分秒个人户元万亿千百十级至到多余名间层栋幢号室楼单次项类种位条季度期米平天孩胎]"
)


@lru_cache(maxsize=8192)
def squash(label: str) -> str:
    """The bare wording of a heading.

    NFKC, no blanks or line breaks, ASCII letters in lower case, brackets all as ``()``, no stars, colons or
    quotation marks, and no outline number in front. Numbers that belong to the wording stay
    (``60岁及以上``, ``4050人员``, ``1月``).
    """
    text = unicodedata.normalize("NFKC", label or "")
    text = _INVISIBLE.sub("", text).translate(_BRACKETS).lower()
    text = _EMPTY_BRACKETS.sub("", _MARKS.sub("", text))
    stripped = _OUTLINE.sub("", text, count=1)
    if stripped != text:
        text = stripped
    elif _PADDED.match(text):
        text = _PADDED.sub("", text, count=1)
    elif not _COUNTED.match(text):
        text = _PLAIN.sub("", text, count=1)
    return text.strip(".,、，-—–/|")


def split_note(label: str) -> tuple[str, str]:
    """A squashed heading in two: its wording and what its last bracket adds, ``("身高", "cm")``."""
    text = squash(label)
    match = re.fullmatch(r"(.+?)\(([^()]*)\)", text)
    return (match.group(1), match.group(2)) if match else (text, "")
