"""Tables of numbers: by age and sex, by community, by indicator, with what nobody holds among them."""

from __future__ import annotations

from typing import Any

from linli.ledgers.tests.unseen.build import count
from linli.ledgers.tests.unseen.sight.drawing import areas, laid


def aged(low: int, high: int | None, *where: str, **more: Any) -> dict[str, Any]:
    """People of an age from `low` to `high` years."""
    return count(
        "person", *where, age={"from": low, "to": high} if high is not None else {"from": low}, **more
    )


_BANDS = (("a", 60, 69), ("b", 70, 79), ("c", 80, 89), ("d", 90, 99), ("e", 100, None))
_ELDERLY = {
    f"{key}{letter}": aged(low, high, *where)
    for key, low, high in (*_BANDS, ("t", 60, None))
    for letter, where in (
        ("t", ()),
        ("m", ("male",)),
        ("f", ("female",)),
        ("o", ("in_elderly_alone",)),
        ("k", ("in_empty_nest",)),
    )
} | {f"{key}z": aged(low, high, self_care=["2", "3"]) for key, low, high in (*_BANDS, ("t", 60, None))}
_AGES = (("a", 0, 15), ("b", 16, 35), ("c", 36, 59), ("d", 60, None))
_FLOATING = {
    f"{key}{letter}": aged(low, high, "floating", *where)
    for key, low, high in _AGES
    for letter, where in (("t", ()), ("m", ("male",)), ("f", ("female",)))
} | {
    "tt": count("person", "floating"),
    "tm": count("person", "floating", "male"),
    "tf": count("person", "floating", "female"),
}
_CHILDREN = {
    f"{key}{letter}": aged(low, high, *where)
    for key, low, high in (("a", 0, 2), ("b", 3, 5), ("c", 6, 11), ("d", 12, 14), ("t", 0, 14))
    for letter, where in (
        ("t", ()),
        ("m", ("male",)),
        ("f", ("female",)),
        ("l", ("floating",)),
    )
}
_MARITAL = {
    f"{key}{letter}": count("person", *where, marital=values)
    for key, values in (
        ("w", ["10"]),
        ("y", ["20", "21", "22", "23"]),
        ("s", ["30"]),
        ("l", ["40"]),
    )
    for letter, where in (("t", ()), ("m", ("male",)), ("f", ("female",)))
} | {"tt": count(), "tm": count("person", "male"), "tf": count("person", "female")}

NUMBERS = (
    laid(
        "251老年人口年龄结构",
        "老年人口年龄结构统计表",
        """
        填报单位（盖章）：|<|<|统计时间：   年  月  日|<|<|单位：人
        年龄段|合计|性别|<|独居老人|空巢老人|失能半失能老人
        ^|^|男|女|^|^|^
        60—69岁|_at|_am|_af|_ao|_ak|_az
        70—79岁|_bt|_bm|_bf|_bo|_bk|_bz
        80—89岁|_ct|_cm|_cf|_co|_ck|_cz
        90—99岁|_dt|_dm|_df|_do|_dk|_dz
        100岁及以上|_et|_em|_ef|_eo|_ek|_ez
        总计|_tt|_tm|_tf|_to|_tk|_tz
        填表人：|<|审核人：|<|<|联系电话：|<
        """,
        numbers=_ELDERLY,
        bare=(1, 10),
    ),
    laid(
        "252户籍人口年报",
        "户籍人口情况年报表",
        """
        表号：SR101表|<|<|<
        综合机关名称：|<|2026年|<
        指标名称|计量单位|代码|数量
        甲|乙|丙|1
        一、年末总户数|户|01|_unknown|
        二、年末总人口|人|02|_all
        按性别分：男|人|03|_m
        　　　　　女|人|04|_f
        按年龄分：0—17岁|人|05|_a
        　　　　　18—34岁|人|06|_b
        　　　　　35—59岁|人|07|_c
        　　　　　60岁及以上|人|08|_d
        三、本年出生人数|人|09|_unknown
        四、本年死亡人数|人|10|_unknown
        五、本年迁入人数|人|11|_unknown
        六、本年迁出人数|人|12|_unknown
        单位负责人：|统计负责人：|填表人：|报出日期：
        """.replace("_unknown|\n", "_unknown\n"),
        numbers={
            "all": count("person", "registered"),
            "m": count("person", "registered", "male"),
            "f": count("person", "registered", "female"),
            "a": aged(0, 17, "registered"),
            "b": aged(18, 34, "registered"),
            "c": aged(35, 59, "registered"),
            "d": aged(60, None, "registered"),
        },
        bare=(1, 2, 17),
    ),
    laid(
        "253流动人口年龄",
        "流动人口年龄性别构成情况统计表",
        """
        年龄组|人数|其中|<
        ^|^|男性|女性
        0-15岁|_at|_am|_af
        16-35岁|_bt|_bm|_bf
        36-59岁|_ct|_cm|_cf
        60岁以上|_dt|_dm|_df
        合  计|_tt|_tm|_tf
        """,
        numbers=_FLOATING,
    ),
    areas(
        "254各社区残疾人分类",
        "各社区持证残疾人分类情况统计表",
        """
        序号 = serial
        社区 = region
        持证残疾人总数 = t
        残疾类别 > 视力 = a
        残疾类别 > 听力 = b
        残疾类别 > 言语 = c
        残疾类别 > 肢体 = d
        残疾类别 > 智力 = e
        残疾类别 > 精神 = f
        残疾类别 > 多重 = g
        残疾等级 > 一、二级 = h
        残疾等级 > 三、四级 = i
        其中：低保残疾人 = j
        0—17岁残疾儿童 = k
        备注 = never
        """,
        {
            "t": count("person", "in_disabled"),
            **{
                letter: count("person", "in_disabled", disabled_class=[str(number)])
                for number, letter in enumerate("abcdefg", 1)
            },
            "h": count("person", "in_disabled", disabled_level=["1", "2"]),
            "i": count("person", "in_disabled", disabled_level=["3", "4"]),
            "j": count("person", "in_disabled", "in_low_income"),
            "k": aged(0, 17, "in_disabled"),
        },
        above=("填报单位：                                        单位：人",),
    ),
    areas(
        "255社会救助季报",
        "社会救助工作季度统计表",
        """
        社区名称 = region
        最低生活保障 > 户数（户） = a
        最低生活保障 > 人数（人） = b
        特困供养 > 分散供养（人） = c
        特困供养 > 集中供养（人） = d
        低保边缘（人） = e
        临时救助人次 = unknown
        临时救助资金（元） = unknown
        孤儿（人） = unknown|f
        """.replace("unknown|f", "f"),
        {
            "a": count("household", "in_low_income"),
            "b": count("person", "in_low_income"),
            "c": count("person", "in_destitute", destitute_class=["1"]),
            "d": count("person", "in_destitute", destitute_class=["2"]),
            "e": count("person", "in_low_income_edge"),
            "f": count("person", "in_orphan"),
        },
        under=(["甲", "1", "2", "3", "4", "5", "6", "7", "8"],),
    ),
    areas(
        "256各社区房屋",
        "各社区房屋及出租屋情况汇总表",
        """
        序号 = serial
        社区名称 = region
        小区数 = a
        楼栋数 = b
        房屋总套数 = c
        其中：出租房屋 = d
        其中：空置房屋 = e
        有安全隐患的房屋 = f
        常住人口 = g
        流动人口 = h
        网格员人数 = i
        """,
        {
            "a": count("estate"),
            "b": count("building"),
            "c": count("home"),
            "d": count("home", "let"),
            "e": count("home", "empty"),
            "f": count("home", "hazardous"),
            "g": count(),
            "h": count("person", "floating"),
            "i": count("network_post", "grid_worker"),
        },
    ),
    areas(
        "257党员结构",
        "街道党员队伍基本情况统计表",
        """
        党组织 = region
        党员总数 = a
        预备党员 = b
        女 = c
        少数民族 = d
        年龄 > 35岁及以下 = e
        年龄 > 36至59岁 = f
        年龄 > 60岁及以上 = g
        学历 > 大专及以上 = h
        学历 > 高中、中专及以下 = i
        """.replace("党组织 =", "社区 ="),
        {
            "a": count("person", "in_party"),
            "b": count("person", "in_party", party_class=["2"]),
            "c": count("person", "in_party", "female"),
            "d": count("person", "in_party", "minority"),
            "e": count("person", "in_party", age={"to": 35}),
            "f": aged(36, 59, "in_party"),
            "g": aged(60, None, "in_party"),
            "h": count(
                "person",
                "in_party",
                education=[
                    "10",
                    "11",
                    "12",
                    "13",
                    "14",
                    "15",
                    "16",
                    "17",
                    "18",
                    "19",
                    "20",
                    "21",
                    "22",
                    "23",
                    "28",
                    "30",
                    "31",
                    "32",
                    "33",
                ],
            ),
            "i": count(
                "person",
                "in_party",
                education=[
                    *map(str, (*range(40, 50), *range(60, 64), 70, 71, 73, 80, 81, 83)),
                    "91",
                ],
            ),
        },
    ),
    laid(
        "258儿童分年龄",
        "0—14岁儿童情况统计表",
        """
        年龄|总数|男|女|其中：流动儿童|备注
        0-2岁（婴幼儿）|_at|_am|_af|_al|_never
        3-5岁（学前）|_bt|_bm|_bf|_bl|_never
        6-11岁（小学）|_ct|_cm|_cf|_cl|_never
        12-14岁（初中）|_dt|_dm|_df|_dl|_never
        合计|_tt|_tm|_tf|_tl|_never
        """,
        numbers=_CHILDREN,
    ),
    laid(
        "259婚姻状况",
        "辖区常住人口婚姻状况统计表",
        """
        婚姻状况|人数|男|女
        未婚|_wt|_wm|_wf
        已婚|_yt|_ym|_yf
        丧偶|_st|_sm|_sf
        离婚|_lt|_lm|_lf
        总计|_tt|_tm|_tf
        """,
        numbers=_MARITAL,
    ),
    laid(
        "260社区概况一览",
        "社区基本情况一览表",
        """
        社区面积（平方公里）|_unknown|网格数（个）|_unknown|总户数|_hh
        常住人口|_p|户籍人口|_r|流动人口|_f
        60岁以上老人|_o|80岁以上老人|_oo|残疾人|_d
        低保户数|_lh|低保人数|_lp|退役军人|_v
        党员人数|_party|党支部数|_unknown|社区志愿者人数|_vol
        驻区单位（个）|_ru|商户（家）|_shop|社会组织（个）|_soc
        居民小区（个）|_est|居民楼（栋）|_b|出租房屋（套）|_let
        社区工作者（人）|_unknown|办公用房面积（㎡）|_unknown|服务热线|_unknown
        """,
        numbers={
            "hh": count("household"),
            "p": count(),
            "r": count("person", "registered"),
            "f": count("person", "floating"),
            "o": count("person", "aged_60"),
            "oo": count("person", "aged_80"),
            "d": count("person", "in_disabled"),
            "lh": count("household", "in_low_income"),
            "lp": count("person", "in_low_income"),
            "v": count("person", "in_veteran"),
            "party": count("person", "in_party"),
            "vol": count("person", "in_volunteer"),
            "ru": count("organisation", "resident_unit"),
            "shop": count("organisation", "shop"),
            "soc": count("organisation", "social"),
            "est": count("estate"),
            "b": count("building"),
            "let": count("home", "let"),
        },
    ),
    laid(
        "261失业人员结构",
        "登记失业人员年龄和文化程度情况表",
        """
        项目|行次|人数
        登记失业人员总数|1|_t
        其中：女性|2|_f
        其中：少数民族|3|_mi
        按年龄分|<|<
        16-24岁|4|_a
        25-45岁|5|_b
        46岁及以上|6|_c
        按文化程度分|<|<
        研究生|7|_ya
        大学本科|8|_bk
        高中|9|_gz
        初中|10|_cz
        """,
        numbers={
            "t": count("person", "in_unemployed"),
            "f": count("person", "in_unemployed", "female"),
            "mi": count("person", "in_unemployed", "minority"),
            "a": aged(16, 24, "in_unemployed"),
            "b": aged(25, 45, "in_unemployed"),
            "c": aged(46, None, "in_unemployed"),
            "ya": count(
                "person",
                "in_unemployed",
                education=["10", "11", "12", "13", "14", "15", "16", "17", "18", "19"],
            ),
            "bk": count("person", "in_unemployed", education=["20", "21", "22", "23", "28"]),
            "gz": count("person", "in_unemployed", education=["60", "61", "62", "63"]),
            "cz": count("person", "in_unemployed", education=["70", "71", "73"]),
        },
    ),
    laid(
        "262垃圾分类月报",
        "生活垃圾分类工作月报表",
        """
        小区数（个）|居民户数（户）|投放点（个）|督导员（人）|厨余垃圾（吨）|可回收物（吨）
        _est|_hh|_unknown|_unknown|_unknown|_unknown
        """,
        numbers={"est": count("estate"), "hh": count("household")},
    ),
)
