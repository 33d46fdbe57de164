"""Citizen numbers, GB 11643."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import citizen_number
from linli.kernel.citizen_number import InvalidCitizenNumber, parse

ON = date(2026, 6, 1)
SAMPLE = "11010519491231002X"  # the example of the standard itself


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str, date, int]:
    county = draw(st.sampled_from(["110119", "320981", "510104", "810000", "830000", "652201"]))
    birth = draw(st.dates(date(1900, 1, 1), ON))
    sequence = draw(st.integers(0, 999))
    body = f"{county}{birth:%Y%m%d}{sequence:03}"
    return body + _reference_check(body), county, birth, sequence


def _reference_check(body: str) -> str:
    """ISO 7064 MOD 11-2 by its recursive definition, not by the weights."""
    product = 0
    for digit in body:
        product = (product + int(digit)) * 2 % 11
    return "0123456789X"[(12 - product) % 11]


@given(numbers())
def test_every_well_made_number_is_read(made: tuple[str, str, date, int]) -> None:
    number, county, birth, sequence = made
    read = parse(number, on=ON)
    assert (read.number, read.county_code, read.birth_date) == (number, county, birth)
    assert read.sex == ("1" if sequence % 2 else "2")
    assert read.is_permit == county.startswith(("81", "82", "83"))
    assert citizen_number.checksum(number[:17]) == number[17]


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(made: tuple[str, str, date, int], place: int, step: int) -> None:
    number = made[0]
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert not citizen_number.is_valid(wrong, on=ON)


@given(numbers(), st.integers(0, 15))
def test_two_neighbours_swapped_are_found(made: tuple[str, str, date, int], place: int) -> None:
    number = made[0]
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (swapped == number) == citizen_number.is_valid(swapped, on=ON)


@given(st.text(max_size=24))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    sentence = _refusal(text)
    assert sentence is None or (sentence.endswith("。") and "\n" not in sentence)


@given(st.text("0123456789Xx'’ １", min_size=14, max_size=20))
def test_nearly_numbers_are_refused_with_a_sentence_too(text: str) -> None:
    sentence = _refusal(text)
    assert sentence is None or (sentence.endswith("。") and sentence.count("。") == 1)


def _refusal(text: str) -> str | None:
    try:
        parse(text, on=ON)
    except InvalidCitizenNumber as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        "'11010519491231002X",
        "‘11010519491231002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "110105\u30001949\u200b1231002x\n",
        "110105194912 31002Ｘ",
    ],
)
def test_the_ways_it_is_written(written: str) -> None:
    assert parse(written, on=ON).number == SAMPLE


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "身份证号为空，请填写 18 位身份证号。"),
        ("11010519491231002", "身份证号应为 18 位，现在是 17 位，请核对后重新填写。"),
        ("110105194912310O2X", "身份证号第 16 位是“O”，应为数字，请对照证件修改。"),
        ("11010519491231002Y", "身份证号第 18 位是“Y”，应为数字或字母 X，请对照证件修改。"),
        ("110105194902300021", "身份证号第 7 至 14 位“19490230”不是真实存在的日期，请对照证件核对出生日期。"),
        (
            "110105194912310021",
            "身份证号校验不通过：按前 17 位推算，最后一位应为“X”，现在是“1”，请对照证件逐位核对。",
        ),
        ("110105491231002", "这是 15 位的旧身份证号，请填写现在使用的 18 位号码。"),
    ],
)
def test_what_is_wrong_is_said(text: str, sentence: str) -> None:
    with pytest.raises(InvalidCitizenNumber) as refusal:
        parse(text, on=ON)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("spoiled", ["1.10105E+17", 1.10105194912310e17, "110105194912310000"])
def test_numbers_spoiled_by_spreadsheets_are_recognised(spoiled: object) -> None:
    with pytest.raises(InvalidCitizenNumber, match="表格软件"):
        parse(spoiled, on=ON)  # type: ignore[arg-type]


def test_a_birth_after_the_day_is_refused_and_on_the_day_accepted() -> None:
    body = "110119" + "20260601" + "001"
    number = body + citizen_number.checksum(body)
    assert parse(number, on=ON).birth_date == ON
    with pytest.raises(InvalidCitizenNumber, match="晚于 2026 年 5 月 31 日"):
        parse(number, on=ON - timedelta(days=1))


def test_without_a_day_today_counts() -> None:
    tomorrow = date.today() + timedelta(days=2)
    body = f"110119{tomorrow:%Y%m%d}001"
    assert not citizen_number.is_valid(body + citizen_number.checksum(body))


def test_old_numbers_are_upgraded() -> None:
    assert citizen_number.upgrade_15("110105491231002") == SAMPLE
    for wrong in ("11010549123100", "110105490230002", "11010549123100X"):
        with pytest.raises(InvalidCitizenNumber):
            citizen_number.upgrade_15(wrong)


def test_an_unknown_county_is_only_a_warning() -> None:
    known = {"110105"}.__contains__
    assert citizen_number.county_warning(SAMPLE, known) is None
    warning = citizen_number.county_warning("110119" + SAMPLE[6:], known)
    assert warning is not None
    assert "110119" in warning
    assert citizen_number.county_warning("810000199001010015", known) is None


def test_mask_hides_the_birth_date() -> None:
    assert citizen_number.mask(SAMPLE) == "110105********002X"
    assert citizen_number.mask("12345") == "1****"
    assert citizen_number.mask("") == ""


@pytest.mark.parametrize("body", ["", "1", "1101051949123100X", "１１０１０５１９４９１２３１００２"])
def test_checksum_wants_seventeen_digits(body: str) -> None:
    with pytest.raises(ValueError):
        citizen_number.checksum(body)
