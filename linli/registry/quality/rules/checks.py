"""What a check is: a fault that records of one subject may have, how grave it is, what to do about it, and the SQL that finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

IMPOSSIBLE, DOUBLE, MISSING, STALE = "impossible", "double", "missing", "stale"
CLASSES: Final = (
    (IMPOSSIBLE, "不合情理"),
    (DOUBLE, "重复和冲突"),
    (MISSING, "缺项"),
    (STALE, "过期没更新"),
)


@dataclass(frozen=True)
class Subject:
    """What records a check is about: its name, the word they are counted with, and the part of the base it belongs to."""

    key: str
    label: str
    unit: str
    part: str


@dataclass(frozen=True)
class Part:
    """A part of the base with its share in the score of a community, in percent."""

    key: str
    label: str
    share: int


PEOPLE, PLACES, HOUSEHOLDS, ORGANISATIONS, GROUPS = (
    "people",
    "places",
    "households",
    "organisations",
    "groups",
)
PARTS: Final = (
    Part(PEOPLE, "居民", 50),
    Part(PLACES, "房屋和楼栋", 20),
    Part(HOUSEHOLDS, "家庭户", 15),
    Part(ORGANISATIONS, "单位", 10),
    Part(GROUPS, "人群", 5),
)
SUBJECTS: Final = {
    one.key: one
    for one in (
        Subject("person", "居民", "人", PEOPLE),
        Subject("home", "房屋", "套", PLACES),
        Subject("building", "楼栋", "栋", PLACES),
        Subject("estate", "小区", "个", PLACES),
        Subject("letting", "租约", "份", PLACES),
        Subject("household", "家庭户", "户", HOUSEHOLDS),
        Subject("organisation", "单位", "家", ORGANISATIONS),
        Subject("membership", "人群成员", "人次", GROUPS),
    )
}


@dataclass(frozen=True)
class Check:
    """A fault that a record may have.

    `weight`: what part of a record's worth it takes from the score of its part. `fix` is the page that mends it (with the record's
    number, unless it is a list), `tab` the tab of the record's page where it is mended.

    Of people, `where` is a condition on `p`. Of every other subject, `rows` is a SELECT of (number, region key, what it rests on in
    words): of rows `t` of the region from %(low)s to before %(high)s on the day %(today)s; it may look beyond the region for what
    they are compared with. `may_stand`: it can be so and right, and be set aside with a reason; it comes up again when what it rests on
    changes. `source`: the norm or law behind a figure.
    """

    key: str
    label: str
    category: str
    weight: float
    where: str
    says: str
    fix: str = ""
    tab: str = ""
    subject: str = "person"
    rows: str = ""
    may_stand: bool = False
    source: str = ""

    @property
    def about(self) -> Subject:
        """The records it is about."""
        return SUBJECTS[self.subject]


HERE: Final = "t.region_code >= %(low)s AND t.region_code < %(high)s"
"""That a row lies in the region that is looked through."""


def base(
    subject: str, key: str, label: str, category: str, weight: float, says: str, rows: str, **more: object
) -> Check:
    """A check of another subject than people."""
    return Check(key, label, category, weight, "", says, subject=subject, rows=rows, **more)  # type: ignore[arg-type]
