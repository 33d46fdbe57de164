"""An example form, as departments attach them: for the demonstration, the tests and the measuring of speed."""

from __future__ import annotations

from typing import Final

# Columns of a form about the elderly that the base holds, in a department's own words.
HELD: Final = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "公民身份号码",
    "出生日期",
    "年龄",
    "文化程度",
    "政治面貌",
    "婚姻状况",
    "联系电话",
    "户籍地址",
    "现住址",
    "与户主关系",
    "户主姓名",
    "所属社区",
    "曾用名",
    "籍贯",
    "职业",
    "工作单位",
    "从业状况",
    "户口性质",
    "小区名称",
    "楼号",
    "单元",
    "门牌号",
    "是否残疾人",
    "残疾类别",
    "残疾等级",
    "是否党员",
    "是否独居",
)
