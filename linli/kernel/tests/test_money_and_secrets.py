"""Money and sealing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import money
from linli.kernel.money import InvalidMoney, Yuan
from linli.kernel.secrets import DIGEST_BYTES, CipherName, SecretUnreadable, Vault

CIPHERS: list[CipherName] = ["AES-GCM", "SM4-GCM"]
OLD, NEW = bytes(range(32)), bytes(range(32, 64))


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [
        ("1.2万元", "元", "12000.00"),
        ("￥3,400.50", "元", "3400.50"),
        ("¥3，400", "元", "3400.00"),
        ("人民币100元整", "元", "100.00"),
        ("３４００", "元", "3400.00"),
        ("3元5角", "元", "3.50"),
        ("5万3千元", "元", "53000.00"),
        ("1.2", "万元", "12000.00"),
        ("500元", "万元", "500.00"),
        ("-200", "元", "-200.00"),
        ("（200）", "元", "-200.00"),
        ("1E5", "元", "100000.00"),
        (0.1, "元", "0.10"),
        (15, "元", "15.00"),
        (Decimal("1.005"), "元", "1.01"),
    ],
)
def test_money_is_read(text: str, unit: str, yuan: str) -> None:
    assert str(money.parse(text, unit=unit)) == yuan


@pytest.mark.parametrize(
    "text", ["", "无", "1.2.3", "12元万", "5角3元", "1e40", "9" * 17, "nan", "inf", "--5x"]
)
def test_what_is_no_money_is_refused(text: str) -> None:
    with pytest.raises(InvalidMoney, match=r"。$"):
        money.parse(text)


@given(st.text(max_size=16))
def test_any_text_is_money_or_refused(text: str) -> None:
    try:
        amount = money.parse(text)
    except InvalidMoney:
        return
    assert amount == amount.quantize(Decimal("0.01"))


@given(st.integers(-(10**14), 10**14))
def test_fen_survive_writing_and_reading(fen: int) -> None:
    assert Yuan.parse(Yuan(fen).format()).fen == fen
    assert Yuan.parse(Yuan(fen).format(symbol="￥")).fen == fen
    assert money.to_fen(money.from_fen(fen)) == fen


def test_money_is_written() -> None:
    assert money.format_yuan(Decimal("3400.5")) == "3,400.50"
    assert money.format_yuan(Decimal("-3400.5"), symbol="￥") == "-￥3,400.50"
    assert money.format_wan(12000) == "1.2万元"
    assert money.format_wan(Decimal("-1")) == "0万元"
    assert money.format_wan(123456789) == "12,345.68万元"
    assert str(Yuan.of(1) + Yuan.of(2) * 3 - Yuan(50)) == "6.50"


@pytest.mark.parametrize("cipher", CIPHERS)
@given(text=st.text(max_size=40), purpose=st.text(min_size=1, max_size=10))
def test_what_is_sealed_opens(cipher: CipherName, text: str, purpose: str) -> None:
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text + purpose):
        return
    vault = Vault({1: OLD}, cipher)
    sealed = vault.seal(text, purpose=purpose)
    assert vault.open(sealed, purpose=purpose) == text
    assert vault.open(memoryview(sealed), purpose=purpose) == text
    assert vault.seal(text, purpose=purpose) != sealed
    with pytest.raises(SecretUnreadable):
        vault.open(sealed, purpose=purpose + "x")


@pytest.mark.parametrize("cipher", CIPHERS)
def test_every_byte_is_protected(cipher: CipherName) -> None:
    vault = Vault({1: OLD, 2: NEW}, cipher)
    sealed = vault.seal("11010519491231002X", purpose="person.id_number")
    assert b"1101" not in sealed
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 3
        with pytest.raises(SecretUnreadable):
            vault.open(bytes(broken), purpose="person.id_number")
    for length in (0, 5, len(sealed) - 1):
        with pytest.raises(SecretUnreadable):
            vault.open(sealed[:length], purpose="person.id_number")


@pytest.mark.parametrize("cipher", CIPHERS)
def test_keys_rotate(cipher: CipherName) -> None:
    before, after = Vault({1: OLD}, cipher), Vault({1: OLD, 2: NEW}, cipher)
    sealed = before.seal("13912348017", purpose="phone")
    assert after.open(sealed, purpose="phone") == "13912348017"
    assert after.needs_resealing(sealed)
    fresh = after.seal("13912348017", purpose="phone")
    assert not after.needs_resealing(fresh)
    with pytest.raises(SecretUnreadable, match="缺少编号 2 的密钥"):
        before.open(fresh, purpose="phone")
    assert before.digest("13912348017", purpose="phone") == after.digest("13912348017", purpose="phone")
    moved = Vault({1: OLD, 2: NEW}, cipher, digest_key=2)
    assert moved.digest("13912348017", purpose="phone") != after.digest("13912348017", purpose="phone")


def test_a_vault_opens_what_the_other_cipher_sealed() -> None:
    sealed = Vault({1: OLD}, "AES-GCM").seal("秘密", purpose="p")
    assert Vault({1: OLD}, "SM4-GCM").open(sealed, purpose="p") == "秘密"


@pytest.mark.parametrize("cipher", CIPHERS)
def test_digests_find_equal_texts_of_one_purpose(cipher: CipherName) -> None:
    vault = Vault({1: OLD}, cipher)
    found = vault.digest("a", purpose="p")
    assert len(found) == DIGEST_BYTES
    assert found == Vault({1: OLD}, cipher).digest("a", purpose="p")
    others = [vault.digest("b", purpose="p"), vault.digest("a", purpose="q"), vault.digest("", purpose="pa")]
    assert len({found, *others, Vault({1: NEW}, cipher).digest("a", purpose="p")}) == 5


def test_vaults_refuse_bad_keys_and_show_none() -> None:
    for keys in ({}, {1: b"short"}, {256: OLD}):
        with pytest.raises(ValueError):
            Vault(keys)
    with pytest.raises(ValueError):
        Vault({1: OLD}, "DES")  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        Vault({1: OLD}, digest_key=7)
    assert repr(Vault({3: OLD})) == "Vault(keys=[3], cipher='AES-GCM')"
    assert len(Vault.generate_key()) == 32
    assert Vault.generate_key() != Vault.generate_key()
