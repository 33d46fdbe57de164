"""The bands that every installation begins with."""

from __future__ import annotations

from linli.lists.models import Bands

# key, name, subject, element path, lower edges, what they follow
BANDS: tuple[tuple[str, str, str, str, tuple[float, ...], str], ...] = (
    ("age_usual", "年龄（常用）", "person", "age", (0, 3, 7, 16, 18, 35, 60, 70, 80, 90, 100), "社区常用"),
    ("age_three", "年龄（少年、成年、老年）", "person", "age", (0, 15, 60, 65), "人口普查公报"),
    ("age_five", "年龄（每五岁）", "person", "age", tuple(range(0, 101, 5)), "人口普查"),
    ("age_ten", "年龄（每十岁）", "person", "age", tuple(range(0, 101, 10)), ""),
    ("age_school", "年龄（学段）", "person", "age", (0, 3, 6, 12, 15, 18), "义务教育法"),
    ("age_elderly", "老年人年龄", "person", "age", (60, 65, 70, 75, 80, 85, 90, 95, 100), "老龄工作"),
    ("household_size", "家庭人口数", "household", "size", (1, 2, 3, 4, 5, 6), "人口普查"),
    ("home_residents", "居住人数", "home", "residents", (0, 1, 2, 3, 4, 5, 6, 10), ""),
    ("home_area", "建筑面积", "home", "area", (0, 40, 60, 90, 120, 144), ""),
    ("home_rent", "月租金", "home", "rent", (0, 1000, 2000, 3000, 5000), ""),
    ("building_floors", "楼层数", "building", "floors", (1, 4, 7, 10, 19, 34), "建筑设计防火规范"),
    ("building_year", "楼栋建成年份", "building", "built_year", (1980, 1990, 2000, 2010, 2020), ""),
    ("estate_year", "小区建成年份", "estate", "built_year", (1980, 1990, 2000, 2010, 2020), ""),
    (
        "organisation_staff",
        "从业人数",
        "organisation",
        "staff",
        (0, 10, 50, 100, 300),
        "统计上大中小微型企业划分办法",
    ),
)


def ensure_bands() -> int:
    """Add the bands that are not there yet; those that are stay as they are. Returns how many were added."""
    have = set(Bands.objects.values_list("key", flat=True))
    made = [
        Bands(key=key, name=name, subject=subject, path=path, edges=list(edges), source=source)
        for key, name, subject, path, edges, source in BANDS
        if key not in have
    ]
    Bands.objects.bulk_create(made)
    return len(made)
