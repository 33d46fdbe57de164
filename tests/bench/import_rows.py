"""How fast a workbook of residents and homes is imported, and how much memory that takes.

`make_workbook` writes made-up people, the same ones every time; with `broken` rows spoilt in every way of `SPOILS`.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from linli.kernel.citizen_number import checksum
from linli.registry.intake.columns import COLUMNS, PLACE_OF, SAME_PLACE

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英建华文玉梅海燕春生志红国庆雪晨宇欣怡子涵浩然梓萱一诺思远"
)
ETHNIC = ("汉族",) * 46 + ("满族", "回族", "蒙古族", "朝鲜族")
EDUCATION = ("小学", "初中", "高中", "中专", "大专", "大学本科", "硕士研究生")
EMPLOYMENT = ("职员", "工人", "自由职业者", "个体经营者", "退休", "无业人员", "专业技术人员")
HOMES_ELSEWHERE = (
    "河南省周口市川汇区",
    "河北省张家口市怀来县",
    "山东省菏泽市牡丹区",
    "北京市海淀区",
    "四川省南充市顺庆区",
)
TODAY = date(2026, 1, 1)


class Street:
    """Rows of made-up households, home after home."""

    def __init__(self, community: str = "", seed: int = 7) -> None:
        self.random = random.Random(seed)
        self.community = community
        self.sequences: dict[str, int] = {}
        self.serial = 0

    def number(self, birth: date, sex: str) -> str:
        """A valid number nobody has: 110119 is the county, the sequence tells the sex."""
        for county in ("110119", "110229", "110105", "130730", "411602", "110101", "110102", "110106"):
            key = f"{county}{birth:%Y%m%d}{sex}"
            used = self.sequences.get(key, 0)
            if used < 499:
                self.sequences[key] = used + 1
                sequence = used * 2 + (1 if sex == "男" else 2)
                body = f"{county}{birth:%Y%m%d}{sequence:03d}"
                return body + checksum(body)
        raise RuntimeError("too many births on one day")

    def name(self, surname: str = "") -> str:
        given = "".join(self.random.choices(GIVEN, k=2 if self.random.random() < 0.8 else 1))
        return (surname or self.random.choice(SURNAMES)) + given

    def born(self, low: int, high: int) -> date:
        return TODAY - timedelta(days=self.random.randrange(low * 365, high * 365))

    def row(
        self, home: dict[str, str], household: str, relation: str, sex: str, birth: date, surname: str
    ) -> list[str]:
        r = self.random
        name = self.name(surname)
        floating = home["tenure"] == "出租"
        values = {
            **home,
            "community": self.community,
            "household": household,
            "household_kind": "居住户" if floating else "家庭户",
            "relation": relation,
            "name": name,
            "id_kind": "居民身份证",
            "id_number": self.number(birth, sex),
            "sex": sex,
            "birth_date": birth.isoformat(),
            "ethnic": r.choice(ETHNIC),
            "marital": "已婚" if relation in ("户主", "配偶") else "未婚",
            "political": "群众" if r.random() < 0.9 else "中共党员",
            "education": r.choice(EDUCATION),
            "employment": r.choice(EMPLOYMENT),
            "employer": "延庆区某单位" if r.random() < 0.3 else "",
            "phone": f"1{r.choice('3589')}{r.randrange(10**9):09d}",
            "moved_in": (TODAY - timedelta(days=r.randrange(1, 3000))).isoformat()
            if birth < date(2010, 1, 1)
            else "",
            "hukou_place": r.choice(HOMES_ELSEWHERE) if floating else SAME_PLACE,
            "hukou_address": "某乡某村" if floating else "",
            "hukou_nature": "居民户口",
            "reason": "务工" if floating else "",
            "groups": "志愿者" if r.random() < 0.05 else "",
        }
        return [values.get(column.key, "") for column in COLUMNS]

    def rows(self, count: int) -> list[list[str]]:
        made: list[list[str]] = []
        r = self.random
        estate = building = 0
        while len(made) < count:
            estate += 1
            for building in range(1, 21):
                for unit in range(1, 5):
                    for floor in range(1, 7):
                        for door in (1, 2, 3):
                            if len(made) >= count:
                                return made[:count]
                            made += self.family(estate, building, unit, floor, door, r)
        return made[:count]

    def family(
        self, estate: int, building: int, unit: int, floor: int, door: int, r: random.Random
    ) -> list[list[str]]:
        self.serial += 1
        surname = r.choice(SURNAMES)
        home = {
            "estate": f"和平{estate}里",
            "building": f"{building}号楼",
            "unit": f"{unit}单元",
            "door": f"{floor}{door:02d}",
            "floor": str(floor),
            "use": "住宅",
            "tenure": "出租" if r.random() < 0.2 else "自住",
            "area": f"{50 + r.randrange(700) / 10:.1f}",
            "owner_name": self.name(surname),
            "owner_phone": f"139{r.randrange(10**8):08d}",
        }
        household = f"119002{self.serial:07d}"
        people = [self.row(home, household, "户主", "男", self.born(28, 75), surname)]
        if r.random() < 0.8:
            people.append(self.row(home, household, "配偶", "女", self.born(26, 72), ""))
        for _n in range(r.choice((0, 0, 1, 1, 2))):
            sex = r.choice("男女")
            people.append(
                self.row(home, household, "儿子" if sex == "男" else "女儿", sex, self.born(1, 25), surname)
            )
        if r.random() < 0.25:
            people.append(self.row(home, household, "母亲", "女", self.born(60, 95), ""))
        return people


def _set(key: str, value: Any) -> Callable[[list[Any]], None]:
    def spoil(row: list[Any]) -> None:
        row[PLACE_OF[key]] = value

    return spoil


def _change(key: str, how: Callable[[str], Any]) -> Callable[[list[Any]], None]:
    def spoil(row: list[Any]) -> None:
        row[PLACE_OF[key]] = how(row[PLACE_OF[key]])

    return spoil


def _wrong_check(number: str) -> str:
    return number[:17] + ("0" if number[17] != "0" else "1")


# Twenty ways to spoil a row, each with a word of the sentence that must come back.
SPOILS: tuple[tuple[str, Callable[[list[Any]], None], str], ...] = (
    ("checksum", _change("id_number", _wrong_check), "最后一位应为"),
    ("letter in number", _change("id_number", lambda n: n[:5] + "O" + n[6:]), "第 6 位是“O”"),
    ("17 digits", _change("id_number", lambda n: n[:17]), "应为 18 位"),
    ("birth date ≠ number", _set("birth_date", "1990-02-03"), "与身份证号中的"),
    ("sex ≠ number", _change("sex", lambda s: "女" if s == "男" else "男"), "按身份证号应为"),
    ("future date", _set("moved_in", "2199-01-01"), "晚于今天"),
    ("1899", _set("moved_in", "1899-12-30"), "早于 1900 年"),
    ("serial number", _set("birth_date", 29221), "日期序号"),
    ("unknown community", _set("community", "月球社区"), "没有名为“月球社区”的社区"),
    ("unknown grid", _set("grid", "第九十九网格"), "没有名为“第九十九网格”的网格"),
    ("no name", _set("name", ""), "没有填姓名"),
    ("no door", _set("door", ""), "没有填门牌号"),
    ("unknown relation", _set("relation", "邻居家的猫"), "不认识的与户主关系"),
    ("unknown ethnic", _set("ethnic", "火星族"), "不认识的民族"),
    ("unknown marital", _set("marital", "说不清"), "不认识的婚姻状况"),
    ("bad phone", _set("phone", "1391234"), "手机号码应为 11 位"),
    ("area not a number", _set("area", "很大"), "建筑面积“很大”不是数字"),
    ("floor impossible", _set("floor", "999"), "不可能"),
    ("name with digits", _change("name", lambda n: n + "123"), "里有数字"),
    ("error cell", _set("employer", "#REF!"), "公式的出错结果"),
    ("unknown tag", _set("groups", "飞行员协会"), "没有名为“飞行员协会”的人群标签"),
    ("unknown division", _set("hukou_place", "亚特兰蒂斯省"), "不认识的户籍地区划"),
)


def make_rows(count: int, *, broken: int = 0, community: str = "") -> tuple[list[list[Any]], dict[int, str]]:
    """Rows, and for the spoilt ones (counted from 0) the word of the sentence that must come back."""
    rows: list[list[Any]] = list(Street(community).rows(count))
    expected: dict[int, str] = {}
    step = count // broken if broken else 0
    for n in range(broken):
        at = n * step + n % max(1, step)
        _name, spoil, word = SPOILS[n % len(SPOILS)]
        spoil(rows[at])
        expected[at] = word
    return rows, expected


def make_workbook(
    path: Path, count: int = 100_000, *, broken: int = 0, community: str = ""
) -> dict[int, str]:
    """Write the workbook; returns the sheet's rows (from 0, the headings being row 0) that are spoilt, with their words."""
    rows, expected = make_rows(count, broken=broken, community=community)
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("居民与房屋")
    sheet.write_row(0, 0, [column.heading for column in COLUMNS])
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if value != "":
                sheet.write(number, at, value)
    book.close()
    return {at + 1: word for at, word in expected.items()}


TABLES = (
    "places_estate",
    "places_building",
    "places_unit",
    "places_home",
    "people_person",
    "people_household",
    "people_householdmember",
    "people_residence",
    "groups_membership",
)


def _made_elsewhere(path: Path, count: int, broken: int) -> dict[int, str]:
    """Make the workbook in a process that counts neither as this one nor as its child, so that the memory is the import's."""
    made = subprocess.run(
        ["sh", "-c", '"$0" -m tests.bench.import_rows "$@" &', sys.executable, path, str(count), str(broken)],
        capture_output=True,
        text=True,
        check=True,
    )
    return {int(row): word for row, word in json.loads(made.stdout).items()}


def run(count: int = 100_000, broken: int = 1_000) -> None:
    """Import a made workbook, then COPY the same rows raw into the same indexed tables; both are rolled back."""
    import resource
    import tempfile
    import time
    from functools import partial

    from django.db import connection, transaction

    from linli.audit.recording import SYSTEM
    from linli.regions.lookup import by_code
    from linli.registry.intake.actions import import_workbook
    from linli.registry.intake.sheets import write_marked
    from tests.bench.ground import line, peak_megabytes

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        expected = _made_elsewhere(path, count, broken)
        raw: dict[str, bytes] = {}
        with transaction.atomic(), connection.cursor() as cursor:
            last = {}
            for table in TABLES:
                cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
                last[table] = cursor.fetchone()[0]
            begin = time.perf_counter()
            outcome = import_workbook(
                acting_user=SYSTEM,
                path=path,
                region=by_code("110119002001"),
                give_back=partial(write_marked, Path(folder) / "refused.xlsx"),
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            ours = time.perf_counter() - begin
            used = peak_megabytes(), peak_megabytes(resource.RUSAGE_CHILDREN)
            for table in TABLES:
                with cursor.copy(f"COPY (SELECT * FROM {table} WHERE id > {last[table]}) TO STDOUT") as copy:
                    raw[table] = b"".join(bytes(block) for block in copy)
            transaction.set_rollback(True)
        with transaction.atomic(), connection.cursor() as cursor:
            # As the import does: heads are looked at once, not row by row. Else the baseline would be slower than it need be.
            cursor.execute("SELECT set_config('linli.heads_checked', 'yes', true)")
            begin = time.perf_counter()
            for table in TABLES:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(raw[table])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            baseline = time.perf_counter() - begin
            transaction.set_rollback(True)
    marked = sum(any(word in w.reason for w in outcome.wrong.get(row, ())) for row, word in expected.items())
    line("导入", f"{count:,} 行 {ours:.1f} 秒，每秒 {count / ours:,.0f} 行", "标准每秒 5,000 行")
    line("导入与直接 COPY 同样的行相比", f"{baseline / ours:.2f}", "标准不低于 0.33")
    line(
        "导入用的内存",
        f"主进程 {used[0]:.0f} MB，读表的子进程 {used[1]:.0f} MB，合计 {sum(used):.0f} MB",
        "标准 600 MB 以内",
    )
    line("有错的行连同原因退回", f"{marked:,} / {len(expected):,}，进库 {outcome.new:,} 人", "标准全部")


if __name__ == "__main__":
    print(
        json.dumps(
            make_workbook(Path(sys.argv[1]), int(sys.argv[2]), broken=int(sys.argv[3]), community="东外社区")
        )
    )
