"""Official lists become regions with dated codes; loading again changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from linli.audit.recording import SYSTEM
from linli.regions import loading, lookup, names, rules
from linli.regions.models import Level, OfficialCode, Region
from linli.regions.rules import Division

LIST = [Division("11", "北京市"), Division("1101", "市辖区"), Division("110119", "延庆区")]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("东外社区居委会", "东外社区"),
        ("解放街村委会", "解放街村"),
        ("和平居民委员会", "和平社区"),
        ("香水园街道", ""),
        ("某某村村民委员会", "某某村"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert rules.short_name(name) == short


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("110119002", "street"),
        ("110119100", "town"),
        ("110119002001", "residents"),
        ("110119100200", "villagers"),
    ],
)
def test_kinds_follow_the_digits(code: str, kind: str) -> None:
    assert rules.kind_of(code) == kind


def test_segments_run_out_with_a_sentence() -> None:
    assert rules.next_segment({"01", "02"}, 2) == "03"
    with pytest.raises(ValueError, match="已用完"):
        rules.next_segment({str(n).zfill(2) for n in range(1, 100)}, 2)


@pytest.mark.django_db
def test_the_carried_lists_load_once() -> None:
    first = loading.load_carried(SYSTEM)
    assert first.regions > 6000
    street = Region.objects.get(region_code="110119002")
    assert street.name == "香水园街道"
    assert street.children.count() == 16
    assert street.parent is not None
    assert street.parent.name == "延庆区"
    assert {c.source for c in street.codes.all()} == {loading.NBS, loading.MCA}
    assert loading.load_carried(SYSTEM) == loading.Loaded(0, 0)
    assert names.path("110119002001") == "延庆区香水园街道东外社区"
    again = loading.load(SYSTEM, loading.carried_divisions(), source=loading.NBS, version=loading.NBS_VERSION)
    assert again == loading.Loaded(0, 0)


@pytest.mark.django_db
def test_streets_whose_codes_disagree_are_matched_by_name() -> None:
    loading.load_carried(SYSTEM)
    street = Region.objects.get(name="涟滨街道", region_code__startswith="431302")
    codes = dict(street.codes.values_list("source", "code"))
    assert codes[loading.NBS] != codes[loading.MCA]


@pytest.mark.django_db
def test_a_newer_version_adds_codes_and_keeps_keys() -> None:
    loading.load(SYSTEM, LIST, source="甲", version=date(2023, 1, 1))
    newer = [*LIST[:2], Division("110129", "延庆区"), Division("110119", "新设区")]
    loading.load(SYSTEM, newer, source="乙", version=date(2026, 1, 1))
    assert Region.objects.get(name="延庆区").region_code == "110119"
    assert {c.code for c in Region.objects.get(name="延庆区").codes.all()} == {"110119", "110129"}
    new = Region.objects.get(name="新设区")
    assert new.region_code != "110119"
    assert new.region_code.startswith("1101")
    assert lookup.by_code("110129").name == "延庆区"
    assert OfficialCode.objects.filter(code="110119").count() == 2


@pytest.mark.django_db
def test_all_of_china_from_a_package_folder(tmp_path: Path) -> None:
    lists = tmp_path / "dist"
    lists.mkdir()
    (lists / "provinces.csv").write_text('code,name\n11,"北京市"\n', "utf-8")
    (lists / "cities.csv").write_text('code,name,provinceCode\n1101,"市辖区",11\n', "utf-8")
    (lists / "areas.csv").write_text('code,name,cityCode\n110119,"延庆区",1101\n', "utf-8")
    (lists / "streets.csv").write_text('code,name,areaCode\n110119002,"香水园街道",110119\n', "utf-8")
    with pytest.raises(FileNotFoundError, match=r"villages\.csv"):
        list(loading.package_divisions(tmp_path))
    (lists / "villages.csv").write_text('code,name\n110119002001,"东外社区居委会"\n', "utf-8")
    loading.load(SYSTEM, loading.package_divisions(tmp_path), source="甲", version=date(2023, 6, 30))
    assert Region.objects.get(level=Level.COMMUNITY).title == "东外社区"


@pytest.mark.django_db
def test_unknown_code_says_what_to_type() -> None:
    with pytest.raises(lookup.RegionNotFound, match="12 位社区代码"):
        lookup.by_code("999")
