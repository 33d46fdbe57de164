"""Code lists: complete, without collisions, and understanding what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.codelist import Code, CodeList, _fold
from linli.kernel.codes import ALL, ETHNIC, KINSHIP, resolve_kinship

LISTS = list(ALL.values())


@pytest.mark.parametrize("codes", LISTS, ids=list(ALL))
def test_every_label_synonym_and_code_means_its_own_entry(codes: CodeList) -> None:
    for item in codes:
        for text in (item.code, item.label, *item.also, f" {item.label} ", f"{item.code}-{item.label}"):
            assert codes.match(text) == item.code, text
        assert codes.label(item.code) == item.label


@pytest.mark.parametrize("codes", LISTS, ids=list(ALL))
def test_no_word_stands_for_two_entries(codes: CodeList) -> None:
    seen: dict[str, str] = {}
    for item in codes:
        for word in (item.label, *item.also):
            assert seen.setdefault(_fold(word), item.code) == item.code, word


@pytest.mark.parametrize("codes", LISTS, ids=list(ALL))
def test_lists_say_what_they_are(codes: CodeList) -> None:
    assert codes.title
    assert codes.standard
    assert codes.choices == [(item.code, item.label) for item in codes.items]
    assert len(codes) == len(codes.items) > 1
    assert codes.items[0].code in codes
    assert codes.match("这不是任何代码") is None
    assert codes.match("") is codes.match(None) is codes.match("  ") is None


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("ethnic", "汉", "01"),
        ("ethnic", "汉族", "01"),
        ("ethnic", "1", "01"),
        ("ethnic", "1.0", "01"),
        ("ethnic", "０５", "05"),
        ("ethnic", "05-维吾尔族", "05"),
        ("ethnic", "05维吾尔", "05"),
        ("ethnic", "毛难族", "36"),
        ("sex", "男性", "1"),
        ("sex", "１", "1"),
        ("sex", "女 ", "2"),
        ("kinship", "120-子", "20"),
        ("kinship", "102-户主", "02"),
        ("kinship", "外孙（女）", "40"),
        ("kinship", "外孙女", "44"),
        ("kinship", "儿媳妇", "38"),
        ("kinship", "子女", None),
        ("education", "大专", "31"),
        ("education", "初中文化", "71"),
        ("education", "博士", "11"),
        ("education", "文盲", "91"),
        ("education", "高中/中专", None),
        ("employment", "退（离）休人员", "80"),
        ("employment", "个体工商户", "54"),
        ("political", "党员", "01"),
        ("political", "中国共产主义青年团团员", "03"),
        ("marital", "离异", "40"),
        ("dwelling_type", "租赁房屋", "02"),
        ("inflow_reason", "务工经商", "01"),
        ("building_use", "商住两用", "06"),
        ("hukou_nature", "非农", "1"),
        ("hukou_nature", "农业集体户口", "2"),
        ("hukou_kind", "农业集体户口", "2"),
        ("disability_class", "语言残疾", "3"),
        ("disability_level", "肆级", "4"),
        ("disability_level", "二级残疾", "2"),
        ("disability_level", "肢体残疾（二级）", "2"),
        ("disability_class", "肢体残疾（二级）", "4"),
        ("disability_class", "一级精残", "6"),
        ("disability_level", "Ⅲ级", "3"),
        ("disability_level", "3级", "3"),
        ("kinship", "外祖父母", "60"),
        ("inflow_reason", "37-保姆", "01"),
        ("dwelling_type", "24-学校", "99"),
        ("blood_type", "O型rh阴性", "8"),
        ("blood_type", "ＡＢ", "4"),
        ("health", "高血压", "31"),
        ("id_kind", "户口薄", "02"),
        ("permit", "暂住证", "03"),
        ("hazard", "无", "00"),
    ],
)
def test_what_people_write(key: str, text: str, code: str | None) -> None:
    assert ALL[key].match(text) == code


def test_the_label_decides_when_the_number_is_of_another_system() -> None:
    assert KINSHIP.match("03-亲属") == "97"
    assert KINSHIP.match("03-没有这种关系") is None


@pytest.mark.parametrize(
    ("word", "sex", "code"),
    [
        ("子女", "1", "20"),
        ("子女", "2", "30"),
        ("配偶", "2", "12"),
        ("配偶", None, "10"),
        ("父母", "1", "51"),
        ("外孙（女）", "2", "44"),
        ("孙子(女)", "1", "41"),
        ("长女", "2", "32"),
        ("子女", None, None),
    ],
)
def test_sex_decides_open_words(word: str, sex: str | None, code: str | None) -> None:
    assert resolve_kinship(word, sex) == code


def test_the_standards_are_complete() -> None:
    assert [item.code for item in ETHNIC][:56] == [f"{n:02}" for n in range(1, 57)]
    assert len({item.label for item in ETHNIC}) == 58
    codes = {item.code for item in KINSHIP}
    expected = {1, 2, 10, 11, 12, *range(20, 98), 99}
    assert {int(code) for code in codes} == expected
    assert [code for code, _ in ALL["political"].choices] == [f"{n:02}" for n in range(1, 14)]


@given(st.text(max_size=12), st.sampled_from(LISTS))
def test_any_text_is_a_code_or_nothing(text: str, codes: CodeList) -> None:
    found = codes.match(text)
    assert found is None or found in codes


def test_unknown_codes_show_themselves_and_double_codes_are_refused() -> None:
    assert ETHNIC.label("77") == "77"
    with pytest.raises(ValueError):
        CodeList("x", "重复", "", [Code("1", "甲"), Code("1", "乙")])
