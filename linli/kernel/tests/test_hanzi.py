"""Pinyin of names and the grams of searching."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import hanzi


@pytest.mark.parametrize(
    ("name", "spelled", "initials"),
    [
        ("曾国强", "zengguoqiang", "zgq"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("仇英", "qiuying", "qy"),
        ("区伟", "ouwei", "ow"),
        ("查良", "zhaliang", "zl"),
        ("任正", "renzheng", "rz"),
        ("华山", "huashan", "hs"),
        ("朴明", "piaoming", "pm"),
        ("乐毅", "yueyi", "yy"),
        ("翟天", "zhaitian", "zt"),
        ("盖明", "geming", "gm"),
        ("缪晟", "miaosheng", "ms"),
        ("晟明", "chengming", "cm"),
        ("覃茜", "qinqian", "qq"),
        ("员强", "yunqiang", "yq"),
        ("种师道", "chongshidao", "csd"),
        ("秘荣", "birong", "br"),
        ("召明", "shaoming", "sm"),
        ("燕青", "yanqing", "yq"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("尉健", "weijian", "wj"),
        ("万俟雅", "moqiya", "mqy"),
        ("长孙安", "zhangsunan", "zsa"),
        ("欧阳锋", "ouyangfeng", "oyf"),
        ("欧阳", "ouyang", "oy"),
        ("单于", "shanyu", "sy"),
        ("吕绿", "lvlv", "ll"),
        ("黄曾", "huangzeng", "hz"),
        (" 王 小 明 ", "wangxiaoming", "wxm"),
        ("买买提·吐尔逊", "maimaitituerxun", "mmttex"),
        ("单买提·阿布都", "danmaitiabudu", "dmtabd"),
        ("", "", ""),
    ],
)
def test_names(name: str, spelled: str, initials: str) -> None:
    assert hanzi.name_pinyin(name) == spelled
    assert hanzi.name_initials(name) == initials
    assert hanzi.name_keys(name) == (spelled, initials)


def test_every_surname_of_the_table_is_used() -> None:
    for surname, syllable in hanzi.SURNAMES.items():
        assert hanzi.name_pinyin(surname + "明") == syllable + "ming"
        assert hanzi.reading(surname) != syllable
    for surname, syllables in hanzi.COMPOUND_SURNAMES.items():
        assert len(surname) == len(syllables) == 2
        assert hanzi.split_name(surname + "明") == (surname, "明")
        assert hanzi.name_pinyin(surname + "明") == "".join(syllables) + "ming"


def test_texts() -> None:
    assert hanzi.initials("香水园街道") == "xsyjd"
    assert hanzi.initials("阳光100小区Ａ座") == "yg100xqaz"
    assert hanzi.pinyin("阳光100") == "yangguang100"
    assert hanzi.pinyin("重庆路3号") == "chongqinglu3hao"
    assert hanzi.pinyin("重点人员") == "zhongdianrenyuan"
    assert hanzi.initials("长安街银行大厦B座") == "cajyhdsbz"
    assert hanzi.pinyin("绿苑") == "lvyuan"


@given(st.text(max_size=12))
def test_keys_are_ascii_and_never_fail(text: str) -> None:
    for key in (hanzi.pinyin(text), hanzi.initials(text), *hanzi.name_keys(text)):
        assert all(c.isalnum() and not c.isupper() for c in key)


def test_grams() -> None:
    assert hanzi.grams("香水园 Ａ座") == ["香水", "水园", "园a", "a座"]
    assert hanzi.grams("王") == ["王"]
    assert hanzi.grams("\u3000 \n") == []
    assert hanzi.grams("哈哈哈") == ["哈哈", "哈哈"]


@given(st.text(max_size=10), st.text(min_size=1, max_size=6), st.text(max_size=10))
def test_what_contains_a_text_contains_its_grams(before: str, wanted: str, after: str) -> None:
    whole, part = hanzi.normalise(before + wanted + after), hanzi.normalise(wanted)
    if len(part) >= 2 and part in whole:
        assert set(hanzi.grams(part)) <= set(hanzi.grams(whole))


@given(st.text(max_size=20))
def test_normalising_changes_ascii_case_only(text: str) -> None:
    normal = hanzi.normalise(text)
    assert not any("A" <= c <= "Z" or c in " \t\n\r\u3000" for c in normal)
    assert "Ä" in hanzi.normalise("Ä")


def test_the_sql_says_what_the_planner_may_trust() -> None:
    for promise in ("IMMUTABLE", "PARALLEL SAFE", 'COLLATE "C"', "RETURNS text[]", "linli_grams(value text)"):
        assert promise in hanzi.SQL_GRAMS
    assert "%" not in hanzi.SQL_GRAMS
