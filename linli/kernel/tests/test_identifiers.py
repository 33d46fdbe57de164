"""Credit codes and telephone numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import credit_code, phone
from linli.kernel.credit_code import InvalidCreditCode
from linli.kernel.phone import InvalidPhone

CODE = "91110000600037341L"


@pytest.mark.parametrize(
    "written", [CODE, "91110000600037341l", "９１１１００００６０００３７３４１Ｌ", " 9111 0000-600037341L"]
)
def test_credit_codes_are_read(written: str) -> None:
    read = credit_code.parse(written)
    assert (read.number, read.department, read.county_code, read.organisation_code) == (
        CODE,
        "9",
        "110000",
        "600037341",
    )


@given(st.sampled_from("123456789ANY"), st.from_regex(r"[0-9]{7}[0-9A-H]{9}", fullmatch=True))
def test_every_department_gives_codes(department: str, rest: str) -> None:
    body = department + rest
    fitting = [c for c in credit_code.ALPHABET if credit_code.is_valid(body + c)]
    assert len(fitting) == 1
    assert credit_code.parse(body + fitting[0]).department == department


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "为空"),
        (CODE[:-1], "现在是 17 位"),
        (CODE[:-1] + "1", "最后一位应为“L”"),
        ("9111000O600037341L", "不使用字母 I、O、S、V、Z"),
        ("91A10000600037341L", "第 3 位是“A”，应为数字"),
        ("D1110000600037341L", "首位“D”"),
    ],
)
def test_what_is_wrong_with_a_credit_code_is_said(text: str, part: str) -> None:
    with pytest.raises(InvalidCreditCode) as refusal:
        credit_code.parse(text)
    assert part in str(refusal.value)
    assert str(refusal.value).endswith("。")


@given(st.integers(0, 17), st.sampled_from(credit_code.ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_found(place: int, character: str) -> None:
    wrong = CODE[:place] + character + CODE[place + 1 :]
    assert credit_code.is_valid(wrong) == (wrong == CODE)


@pytest.mark.parametrize(
    ("written", "kept", "masked"),
    [
        ("13912348017", "13912348017", "139****8017"),
        ("+86 139-1234-8017", "13912348017", "139****8017"),
        ("0086 13912348017", "13912348017", "139****8017"),
        ("１３９１２３４８０１７", "13912348017", "139****8017"),
        ("13912348017.0", "13912348017", "139****8017"),
        ("013912348017", "13912348017", "139****8017"),
        ("01069141234", "010-69141234", "010-****1234"),
        ("(0515)8391 2345", "0515-83912345", "0515-****2345"),
        ("0515—83912345转802", "0515-83912345-802", "0515-****2345-802"),
        ("0515-83912345-802", "0515-83912345-802", "0515-****2345-802"),
        ("69141234", "69141234", "****1234"),
        ("400-123-4567", "4001234567", "******4567"),
    ],
)
def test_phones(written: str, kept: str, masked: str) -> None:
    assert phone.normalise(written) == kept
    assert phone.normalise(kept) == kept
    assert phone.mask(written) == masked


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "为空"),
        ("1391234801", "应为 11 位，现在是 10 位"),
        ("12912348017", "没有以“129”开头的手机号段"),
        ("无", "数字以外的内容"),
        ("13912348017/13812348018", "两个号码"),
        ("021-6914123", "不是有效的联系电话"),
        ("123", "应为 11 位，现在是 3 位"),
        ("691412", "太短"),
        ("110", "“110”是服务热线"),
        ("12345", "“12345”是服务热线"),
        ("95588", "“95588”是服务热线"),
    ],
)
def test_what_is_wrong_with_a_phone_is_said(text: str, part: str) -> None:
    with pytest.raises(InvalidPhone) as refusal:
        phone.normalise(text)
    assert part in str(refusal.value)
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize("number", ["110", "119", "120", "12345", "10086", "96156", "95588"])
def test_an_organisation_may_have_a_service_number(number: str) -> None:
    assert phone.normalise(number, service=True) == number
    assert phone.mask(number) == number
    assert not phone.is_valid(number)


@pytest.mark.parametrize("number", ["123", "199", "13000", "9558", "691412"])
def test_not_every_short_number_is_a_service_number(number: str) -> None:
    with pytest.raises(InvalidPhone, match=r"应为 11 位|太短"):
        phone.normalise(number, service=True)


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True).filter(str.isascii))
def test_every_mobile_keeps_four_digits_hidden(number: str) -> None:
    assert phone.is_mobile(number)
    assert phone.mask(number) == number[:3] + "****" + number[7:]


@given(st.text(max_size=20))
def test_any_text_is_a_phone_or_refused(text: str) -> None:
    if phone.is_valid(text):
        kept = phone.normalise(text)
        assert phone.normalise(kept) == kept
        assert kept.isascii()
    else:
        with pytest.raises(InvalidPhone, match=r"。$"):
            phone.normalise(text)
    assert len(phone.mask(text)) <= len(text) + 2


@given(st.text("0123456789-()转+ ", max_size=18))
def test_what_looks_like_a_phone_keeps_its_shape(text: str) -> None:
    if phone.is_valid(text):
        assert phone.normalise(phone.normalise(text)) == phone.normalise(text)
