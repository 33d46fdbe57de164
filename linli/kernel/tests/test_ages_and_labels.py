"""Ages, age bands and heading labels; and that the kernel stays plain."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import linli.kernel
from linli.kernel import ages
from linli.kernel.textnorm import split_note, squash

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS, DAYS)
def test_age_grows_by_one_on_birthdays_only(birth: date, on: date) -> None:
    grown = ages.age_on(birth, on) - ages.age_on(birth, on - timedelta(days=1))
    assert grown == (on == ages.birthday_in(birth, on.year))


@given(DAYS)
def test_age_is_nought_at_birth(birth: date) -> None:
    assert ages.age_on(birth, birth) == 0
    assert ages.age_in_law(birth, birth) == -1


@given(DAYS, st.integers(0, 120), st.integers(-800, 800))
def test_the_limit_of_an_age_parts_old_from_young(on: date, years: int, away: int) -> None:
    limit = ages.born_on_or_before(on, years)
    birth = limit + timedelta(days=away)
    assert (ages.age_on(birth, on) >= years) == (birth <= limit)
    assert ages.born_after(on, years) == limit + timedelta(days=1)


def test_leaplings_have_their_birthday_on_the_last_of_february() -> None:
    birth = date(2004, 2, 29)
    assert ages.age_on(birth, date(2022, 2, 27)) == 17
    assert ages.age_on(birth, date(2022, 2, 28)) == 18
    assert ages.age_on(birth, date(2024, 2, 28)) == 19
    assert ages.age_on(birth, date(2024, 2, 29)) == 20
    assert ages.age_in_law(birth, date(2022, 2, 28)) == 17
    assert ages.age_in_law(birth, date(2022, 3, 1)) == 18


@pytest.mark.parametrize(
    ("age", "shown"), [(-1, "未出生"), (0, "0–2岁"), (59, "35–59岁"), (60, "60–69岁"), (104, "100岁及以上")]
)
def test_bands(age: int, shown: str) -> None:
    assert ages.band(age) == shown


def test_bands_of_ones_own() -> None:
    assert ages.band(17, [18, 60]) == "18岁以下"
    assert ages.band(18, [18, 19]) == "18岁"
    assert ages.band(61, [18, 60]) == "60岁及以上"


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("姓 名 *", "姓名"),
        ("*出租人", "出租人"),
        ("姓\n名", "姓名"),
        ("05身份证号码", "身份证号码"),
        ("A.2.5 身份证号", "身份证号"),
        ("2户籍地址", "户籍地址"),
        ("05户籍地址", "户籍地址"),
        ("1、姓名", "姓名"),
        ("5.其他", "其他"),
        ("（一）姓名", "姓名"),
        ("一、姓名：", "姓名"),
        ("①姓名", "姓名"),
        ("(1)姓名", "姓名"),
        ("身高（CM）", "身高(cm)"),
        ("联系电话【手机】", "联系电话(手机)"),
        ("婚否（  ）", "婚否"),
        ("隐患程度\n(出租房时有效)", "隐患程度(出租房时有效)"),
        ("60岁及以上", "60岁及以上"),
        ("3岁以下", "3岁以下"),
        ("14-25周岁青少年", "14-25周岁青少年"),
        ("4050人员", "4050人员"),
        ("1月", "1月"),
        ("2020年收入", "2020年收入"),
        ("12345热线", "12345热线"),
        ("一孩", "一孩"),
        ("1", "1"),
        ("", ""),
        ("＊＊", ""),
    ],
)
def test_headings_come_to_one_shape(label: str, bare: str) -> None:
    assert squash(label) == bare


@given(st.text(max_size=20))
def test_squashing_leaves_no_blanks_and_never_fails(label: str) -> None:
    assert not any(c.isspace() for c in squash(label))


@given(st.text("姓名户籍地址联系电话", min_size=1, max_size=8), st.sampled_from([" ", "\n", "　", "*", "："]))
def test_padding_changes_nothing(label: str, noise: str) -> None:
    assume(squash(label) == label)
    assert squash(noise.join(["", *label, ""])) == label


def test_the_last_bracket_is_a_note() -> None:
    assert split_note("收入（万元）") == ("收入", "万元")
    assert split_note("姓名") == ("姓名", "")


def test_the_kernel_does_not_know_django() -> None:
    modules = sorted(path.stem for path in Path(linli.kernel.__file__).parent.glob("*.py"))
    assert "citizen_number" in modules
    program = "import sys\n" + "".join(
        f"import linli.kernel.{name}\n" for name in modules if name != "__init__"
    )
    program += "assert not any(m.split('.')[0] == 'django' for m in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
