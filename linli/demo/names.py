"""Tables from which made-up people get their names: surnames by how common they are in the north, given names by sex and
the years in which they were in fashion. Nobody in the demonstration is a real person."""

from __future__ import annotations

from random import Random
from typing import Final

from linli.demo.chances import Chances

# Share per thousand people in northern China, rounded; the long tail is cut.
SURNAMES: Final = Chances.read("""
    王 98 张 88 李 86 刘 72 赵 40 杨 30 陈 24 孙 23 高 20 郭 19 马 17 吴 14 徐 13 郑 11 胡 11 朱 11 周 11 于 11 韩 13
    宋 12 田 11 董 10 林 7 何 7 梁 8 许 7 贾 10 冯 9 程 6 曹 8 袁 6 邓 4 傅 3 沈 4 曾 2 彭 3 吕 6 苏 6 卢 5 蒋 4 蔡 4
    魏 8 丁 5 薛 5 任 6 姜 6 范 7 方 4 石 8 姚 5 谭 3 金 5 邹 3 熊 2 陆 3 郝 7 孔 4 白 7 崔 7 康 7 毛 3 邱 3 秦 6 江 2
    史 6 顾 3 侯 7 邵 4 孟 7 龙 2 万 3 段 5 雷 4 钱 2 汤 3 尹 5 黎 1 易 1 常 5 武 6 乔 5 贺 4 赖 1 龚 2 文 2 庞 3 樊 4
    殷 3 施 2 陶 3 洪 2 翟 4 安 5 颜 2 倪 2 严 3 牛 5 温 4 芦 3 季 2 俞 1 章 2 鲁 3 葛 4 毕 3 聂 4 焦 4 向 1 柳 3 邢 5
    路 3 岳 4 齐 5 梅 2 莫 1 庄 2 辛 3 管 3 祝 2 左 3 谷 4 时 2 舒 1 耿 5 卜 1 肖 5 詹 1 关 4 苗 3 凌 1 费 1 纪 4 靳 4
    盛 2 童 2 欧阳 1 甄 2 项 1 曲 3 成 2 游 1 阳 1 裴 3 席 2 卫 3 查 1 屈 2 鲍 2 位 1 覃 1 霍 4 翁 1 隋 2 蔺 3 闫 7 解 3
    晏 1 池 2 郎 3 宗 2 付 6 连 3 祁 4 卓 1 沙 2 佟 2 单 2 司马 1 佘 1 鹿 1 鞠 1 国 1 巩 2 阚 1 荆 2 郤 1
""")

# Surnames that go with an ethnic group when the table above does not serve.
ETHNIC_SURNAMES: Final = {
    "02": Chances.read("包 20 白 20 何 10 王 15 李 10 张 10 吴 8 韩 8 海 4 云 3"),
    "03": Chances.read("马 40 杨 12 金 10 白 8 丁 6 沙 5 张 10 王 8 李 8 刘 5 哈 2 回 1"),
    "10": Chances.read("金 35 李 25 朴 18 崔 12 郑 6 韩 4"),
    "11": Chances.read("佟 6 关 10 赵 12 王 12 张 12 刘 10 那 3 郎 4 富 2 李 10 金 5 杨 6 高 5"),
}

# (first year, words for boys, words for girls). "甲|乙" combines any of 甲 with any of 乙; other words are given names.
_COHORTS: Final = (
    (
        1900,
        "德国世长永福广天文成玉金宝振万庆景占连凤树殿 | 才山林贵福海义和发祥忠明生财禄海堂有春田增顺臣元魁亮",
        "秀淑桂玉凤素兰春金翠文月书敬 | 英兰珍芝荣华琴云清芳花香莲贤娥兰梅枝琴荣珠",
    ),
    (
        1950,
        "建国志永卫振文新爱玉长德福宝万春庆金凤维立学俊希跃连 | 国军民华明平生林海山义成忠富贵东利才福友兴旺全田来保安祥胜",
        "秀桂淑玉素凤春爱月金翠丽惠翠书荣文亚俊敏国建 | 英兰珍芳华荣云琴霞芝香莲凤平玲萍敏梅清环娥茹琴贤花红芬",
    ),
    (
        1966,
        "建志海永卫文国春红立宏晓振学长东俊金玉新庆宝洪占保连成 | 军强伟勇刚东平明华国斌杰峰林涛民生利忠海江波辉龙兵宇亮成清山",
        "丽秀红海春晓艳玉桂淑文爱亚小建雪立永金俊凤雅志燕 | 红丽燕霞梅玲敏英华平芳萍艳兰静云娟琴荣凤杰秀花娥青辉香利",
    ),
    (
        1980,
        "晓海志文建小永春俊宏立长鹏国雪东少金振旭亚林红子佳新玉 | 磊鹏超伟涛亮强龙刚峰辉杰斌勇飞宇明军洋波东坤帅凯林旭雷森伦",
        "晓丽海雪艳春亚小红文玉佳立婷雅静燕志秋金永思国 | 静娜丹婷燕艳丽颖雪敏娟莹琳霞洁玲蕾芳杰楠红梅云芬佳欣倩",
    ),
    (
        1995,
        "子浩宇文思俊天佳嘉家志晨梓一明泽雨博鑫旭海瑞少睿 | 轩涵宇豪杰航阳鑫龙博浩然晨凯琪鹏瑞源飞洋哲辰旭康霖铭毅",
        "雨思佳子梦欣嘉雅诗紫静晓文馨梓一若心怡慧语雪可 | 涵婷怡萱琪欣彤雯琳瑶妍涵洁蕊颖悦佳莹然晴璇宁薇蕾畅",
    ),
    (
        2010,
        "梓浩子宇一奕沐泽俊铭博嘉昊景睿皓亦辰星瑾知承彦书 | 轩宸泽睿霖辰涵阳航洋熙淇源乐凡哲逸铄安远恒朗行舟",
        "梓欣一诗雨沐可若语思佳子依艺芷清婉书知锦晗念安 | 涵萱妍怡琪彤妍桐瑶宁悦溪瑾禾玥晴汐苒诺然伊雯乔菲",
    ),
)
_SINGLE: Final = {
    1900: ("福贵禄祥义荣顺忠", "兰英珍芝"),
    1950: ("军民国华山义忠福海林", "英华荣兰珍敏萍芳"),
    1966: ("军伟强勇刚涛斌杰峰辉波平林", "静敏丽艳红燕霞玲娟萍芳颖"),
    1980: ("磊鹏超伟涛亮强刚峰辉杰斌飞宇洋帅凯旭雷森楠", "静娜丹婷燕艳颖雪敏莹琳洁蕾楠倩欣鑫"),
    1995: ("鑫杰宇浩航阳博轩晨凯硕彤铭", "雪欣悦婷颖琪瑶彤晴妍"),
    2010: ("宸睿诺然辰铄", "妍玥诺苒彤"),
}
_SINGLE_SHARE: Final = {1900: 0.05, 1950: 0.16, 1966: 0.34, 1980: 0.42, 1995: 0.2, 2010: 0.06}

# Well-known people's names that the tables could form by accident.
_KNOWN: Final = frozenset(
    [
        "李强",
        "李娜",
        "刘翔",
        "李宁",
        "李铁",
        "孙杨",
        "雷军",
        "王菲",
        "李鹏",
        "刘涛",
        "刘欢",
        "孙俪",
        "王军",
        "杨洋",
        "陈龙",
        "王毅",
        "韩红",
        "王磊",
        "孙楠",
        "周涛",
        "周迅",
        "张杰",
        "何洁",
        "李宇春",
        "王宝强",
        "李连杰",
        "张海",
        "王小平",
        "李冰冰",
        "黄晓明",
        "李晓霞",
        "张继科",
        "张怡宁",
        "王楠",
        "马龙",
        "马琳",
        "丁宁",
        "刘诗雯",
        "王丽萍",
        "赵丽",
        "张国立",
        "王志文",
        "陈建斌",
        "李文华",
        "张文宏",
        "李天一",
        "王思聪",
        "刘强东",
        "王建军",
        "张国清",
        "王小川",
    ]
)


def _cohort(year: int) -> int:
    return max(first for first, _, _ in _COHORTS if first <= max(year, 1900))


def _split(words: str) -> tuple[str, str]:
    first, second = words.split(" | ")
    return first, second


_PAIRS: Final = {first: (_split(boys), _split(girls)) for first, boys, girls in _COHORTS}


def surname(rng: Random, ethnic: str = "01") -> str:
    """A surname, as common as it is among that ethnic group (GB/T 3304)."""
    return ETHNIC_SURNAMES.get(ethnic, SURNAMES).pick(rng)


def full_name(rng: Random, family: str, sex: str, year: int) -> str:
    """A name for a person of that sex (GB/T 2261.1) born in that year."""
    cohort = _cohort(year)
    column = 0 if sex == "1" else 1
    while True:
        if rng.random() < _SINGLE_SHARE[cohort]:
            name = family + rng.choice(_SINGLE[cohort][column])
        else:
            first, second = _PAIRS[cohort][column]
            a, b = rng.choice(first), rng.choice(second)
            if a == b and rng.random() < 0.7:
                continue
            name = family + a + b
        if name not in _KNOWN and family not in name[len(family) :]:
            return name
