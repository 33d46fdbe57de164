"""Made-up numbers that pass the standards' checks: citizen numbers, phones, disability cards, credit codes."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from stdnum.cn import uscc

from linli import regions
from linli.demo.chances import Chances
from linli.kernel import citizen_number
from linli.regions.rules import NAMELESS

DATA: Final = Path(regions.__file__).parent / "data"
# Yanqing was a county with the code 110229 until it became a district at the end of 2015.
YANQING_COUNTY: Final = "110229"
YANQING_DISTRICT: Final = "110119"
_MOBILE_STARTS: Final = [
    "130",
    "131",
    "132",
    "133",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "153",
    "156",
    "158",
    "159",
    "166",
    "173",
    "176",
    "177",
    "180",
    "181",
    "185",
    "186",
    "187",
    "188",
    "189",
    "191",
    "199",
]
_NOT_COUNTIES: Final = ("开发区", "管理区", "高新", "园区", "新区", "示范区")
_PROVINCES: Final = Chances.read("""
    13 42 41 11 37 8 14 8 15 6 23 6 34 5 21 4 22 4 62 3 42 3 61 3 51 3 36 2 43 2 32 2 50 1 33 1 35 1 45 1 52 1 12 1
""")
# Counties next door, which send most of the newcomers from Hebei.
_NEXT_DOOR: Final = ("130730", "130732", "130731", "130705", "130722", "130724", "130728", "130723")


@cache
def places() -> dict[str, str]:
    """Names of the provinces, prefectures and counties by their codes."""
    with (DATA / "counties.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def counties(province: str) -> tuple[str, ...]:
    """Codes of a province's counties."""
    return tuple(
        code
        for code, name in places().items()
        if len(code) == 6 and code.startswith(province) and not any(word in name for word in _NOT_COUNTIES)
    )


@cache
def place_name(code: str) -> str:
    """A county as spoken: 河北省张家口市怀来县, 北京市海淀区."""
    names = places()
    words = [names.get(code[:2], ""), names.get(code[:4], ""), names.get(code, "")]
    return "".join(word for word in words if word and word not in NAMELESS)


@cache
def native_place(code: str) -> str:
    """A place of origin as it is written on forms: 河北怀来, 北京延庆."""
    if code in (YANQING_COUNTY, YANQING_DISTRICT):
        return "北京延庆"
    names = places()
    province, county = names.get(code[:2], ""), names.get(code, "")
    for ending in ("维吾尔自治区", "回族自治区", "壮族自治区", "自治区", "省", "市"):
        province = province.removesuffix(ending)
    for ending in ("自治县", "县", "市", "区"):
        if len(county) > 2 and county.endswith(ending):
            county = county.removesuffix(ending)
            break
    return province + county


def county_elsewhere(rng: Random) -> str:
    """A county outside Beijing, as newcomers of Yanqing come from them."""
    province = _PROVINCES.pick(rng)
    if province == "13" and rng.random() < 0.6:
        return rng.choice(_NEXT_DOOR)
    return rng.choice(counties(province))


def district_of_beijing(rng: Random) -> str:
    """Another district of Beijing."""
    return rng.choice([code for code in counties("11") if code != YANQING_DISTRICT])


class Numbers:
    """Gives numbers out, none twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def keep(self, *given: str) -> None:
        """Note numbers that are in use: citizen numbers, mobiles, the bodies of organisation codes."""
        self._given.update(number[:17] if len(number) == 18 else number for number in given)

    def citizen(self, county: str, birth: date, sex: str) -> str:
        """A citizen number (GB 11643) of that county, birth date and sex. 延庆 has its old code until 2015.

        Raises ValueError when nearly all five hundred of that day are given.
        """
        if county == YANQING_DISTRICT and birth < date(2015, 12, 1):
            county = YANQING_COUNTY
        head = f"{county}{birth:%Y%m%d}"
        for attempt in range(4000):
            last = 400 if attempt < 40 else 1000
            sequence = self._rng.randrange(1 if sex == "1" else 2, last, 2)
            first17 = f"{head}{sequence:03d}"
            if first17 not in self._given:
                self._given.add(first17)
                return first17 + citizen_number.checksum(first17)
        raise ValueError(f"{county} has no number left for {birth}")

    def mobile(self) -> str:
        """A mobile number."""
        while True:
            number = self._rng.choice(_MOBILE_STARTS) + f"{self._rng.randrange(10**8):08d}"
            if number not in self._given:
                self._given.add(number)
                return number

    def landline(self) -> str:
        """A fixed line of Yanqing's exchanges."""
        return f"010-691{self._rng.randrange(10**5):05d}"

    def permit(self) -> str:
        """A residence permit number (made-up shape: district, year, serial)."""
        return f"110119{self._rng.randint(2019, 2025)}{self._rng.randrange(10**7):07d}"

    def credit(self, department: str, kind: str) -> str:
        """A unified social credit code (GB 32100) registered in Yanqing, its organisation code valid by GB 11714."""
        letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        while True:
            body = "MA" + "".join(self._rng.choice(letters) for _ in range(6))
            if body not in self._given:
                self._given.add(body)
                break
        first17 = f"{department}{kind}{YANQING_DISTRICT}{body}{_organisation_check(body)}"
        return first17 + uscc.calc_check_digit(first17)


def _organisation_check(body: str) -> str:
    """The ninth character of an organisation code (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    left = 11 - sum(w * int(c, 36) for w, c in zip(weights, body, strict=True)) % 11
    return "0" if left == 11 else "X" if left == 10 else str(left)


def disability_card(citizen: str, class_code: str, level_code: str) -> str:
    """The twenty characters of a disability card (残疾人证): citizen number, class, level."""
    return f"{citizen}{class_code}{level_code}"
